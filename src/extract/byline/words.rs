//! The words that stand around the names in a byline.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

/// A set of words or phrases in lower case.
pub(super) type Words = LazyLock<FxHashSet<&'static str>>;

macro_rules! words {
    ($list:literal) => {
        LazyLock::new(|| $list.split(',').map(str::trim).collect())
    };
}

/// What opens a byline.
pub(super) const LEAD: &str = r"(?xi)^\s*(?:
    (?: (?:words|story|text|report|reporting|reported|review|analysis|interview|written|posted|published
        |article|articles|view\s+all\s+posts|all\s+posts|posts|more|more\s+posts|see\s+all\s+articles|opinion|commentary|compiled|created|authored|submitted|contributed|a\s+guest\s+post|guest\s+post)
        \s+by
      | by | author(?:s|\(s\))? (?: \s+name )?
      | (?:(?:ein|eine)\s+)? (?:kommentar|analyse|gastbeitrag|interview|bericht|reportage|kolumne|essay|glosse|beitrag
        |rezension|artikel|text|protokoll|geschrieben|verfasst|veröffentlicht)\s+von
      | contributors?\s*: | von | autor(?:en|in|es|a|i)? | verfasser
      | (?:propos\s+recueillis|publié|rédigé|écrit|un\s+article|une\s+analyse|posté)\s+(?:par|de) | par | auteur(?:e|s)? | texte
      | (?:escrito|publicado|redactado)\s+por | por | texto
      | scritto\s+da | a\s+cura\s+di | articolo\s+di | autore
      | (?:geschreven|gepost)\s+door | door | tekst
      | skrevet\s+a[fv] | a[fv] (?:\s+journalist)? | av | skriven\s+av
      | kirjoittanut | írta | szerző | napsal[a]? | autorzy | przez | scris\s+de | yazan | oleh | penulis | ditulis\s+oleh | reporter
      | автор(?:ы|и)? | текст | пише | γράφει | του | بقلم | كتب | द्वारा
    ) (?: \s*[:：]\s* | \s+ )
  | (?:(?:show|see|view)\s+)? all\s+(?:articles|posts|stories)\s+(?:of|by) \b [\s|:]*
  | (?:show|see|view) \s+ all \s+ of \s+
  | view\s+orcid\s+profile \s+
  | (?:作者|記者|记者|撰文|文|執筆|作者名|編輯|责任编辑|責任編輯) \s* [:：/／\s] \s*
  | (?:text|words|story|report|interview|reportage|protokoll|bericht) \s*[:/]\s*
  )";

/// What parts one name from the next.
pub(super) const SEPARATOR: &str = r"(?xi)
    \s*[,;|/•·●、，；।\n＆／｜]\s*(?:(?:and|und|et|og|och|y|e|en|&)\s+)? | \s+[-–—]+\s+ | \s*[—]\s* | \s*&\s* | \s+\+\s+
  | \s+(?:and|und|et|og|och|y|e|ja|и|та|й|ve|és|și|und|with|mit|avec|και|dan|và|sowie|oraz|samt|a|i|en|och)\s+";

/// News agencies, folded.
pub(super) static AGENCIES: Words = words!(
    "reuters, thomson reuters, ap, the associated press, associated press, afp, \
    agence france presse, agence france-presse, dpa, deutsche presse agentur, apa, sda, \
    keystone sda, keystone, ats, ansa, adnkronos, agi, efe, europa press, lusa, belga, anp, \
    ritzau, ntb, tt, stt, upi, bloomberg, bloomberg news, pa, pa media, press association, \
    pti, press trust of india, ani, ians, uni, xinhua, 新华社, tass, тасс, ria novosti, \
    риа новости, интерфакс, interfax, kyodo, kyodo news, 共同, 共同通信, jiji, 時事, 時事通信, yonhap, \
    연합뉴스, cp, the canadian press, canadian press, aap, sid, kna, epd, dpa afx, dts, rtr, \
    aptn, cna, bernama, antara, agencia efe, agencias, agencies, agenturen, agences, agenzie, \
    wires, pap, čtk, ctk, tasr, mti, hina, tanjug, anadolu agency, anadolu ajansı, aa, dha, \
    iha, mena, wam, spa, zuma press, getty images, marketwatch, newswire, pr newswire, \
    prnewswire, business wire, globe newswire, globenewswire, storyful, satire, cnn, bbc, \
    abc, nbc, cbs, npr, wsj, the conversation, propublica, kaiser health news"
);

/// Words that make a name the name of an organisation.
pub(super) static ORGANISATION: Words = words!(
    "wg, crew, agency, agencies, agentur, presseagentur, agence, agencia, agenzia, newsroom, news, team, \
    staff, desk, editors, editorial, redaktion, redaktionen, onlineredaktion, redaktionsteam, \
    redaction, rédaction, redacción, redacao, redação, redazione, redactie, redakcja, \
    redakce, redaksi, toimitus, редакция, редакція, press, media, magazine, magazin, \
    newspaper, zeitung, journal, times, tribune, gazette, herald, network, networks, \
    broadcasting, radio, tv, television, online, digital, institute, institut, instituto, \
    university, universität, foundation, stiftung, inc, ltd, llc, gmbh, ag, corp, \
    corporation, company, organization, organisation, group, studio, studios, bureau, board, association, council, \
    committee, department, ministry, center, centre, society, service, services, solutions, \
    software, technologies, labs, llp, partners, community, collective, communications, \
    marketing, writers, contributors, reporters, correspondents, wire, newswire, reports, \
    publishing, publications, blog, editora, nachrichten, noticias, notizie, nouvelles, \
    nieuws, nyheter, nyheder, 新聞, 日報, 通信社, 編集部, 編輯部, 编辑部, 뉴스, 신문, 기자단, デジタル, ニュース, 新聞社, \
    भास्कर, डेस्क, новости, новини, project, bot, care, clinic, hospital"
);

/// Words for what somebody does.
pub(super) static ROLES: Words = words!(
    "writer, reporter, correspondent, editor, journalist, columnist, contributor, author, \
    producer, blogger, critic, photographer, anchor, host, freelancer, intern, researcher, \
    technologist, attorney, lawyer, counsel, lecturer, physician, analyst, specialist, strategist, consultant, director, manager, founder, co-founder, \
    cofounder, ceo, cto, cfo, coo, president, officer, engineer, developer, meteorologist, \
    committer, maintainer, creator, member, advocate, evangelist, architect, scientist, programmer, \
    designer, presenter, editor-in-chief, commentator, expert, advisor, adviser, historian, economist, \
    emeritus, redakteur, redakteurin, redaktor, redaktorin, chefredakteur, chefredakteurin, \
    korrespondent, korrespondentin, journalistin, reporterin, autorin, volontär, volontärin, \
    kolumnist, kolumnistin, politikredakteur, sportredakteur, journaliste, rédacteur, \
    rédactrice, correspondant, correspondante, envoyé, envoyée, chroniqueur, periodista, \
    redactor, redactora, corresponsal, colaborador, giornalista, redattore, corrispondente, \
    inviato, jornalista, repórter, verslaggever, redacteur, correspondente, reporterka, \
    dziennikarz, dziennikarka, redaktør, redaktör, journalister, toimittaja, muhabir, \
    muhabiri, корреспондент, журналист, кореспондент, журналіст, 記者, 记者, 기자, 특파원, 編集委員"
);

/// Words that stand before a role.
pub(super) static MODIFIERS: Words = words!(
    "senior, junior, chief, staff, deputy, managing, associate, assistant, executive, lead, \
    principal, head, political, politics, sports, sport, news, business, science, health, \
    technology, tech, culture, entertainment, environment, education, economics, economic, \
    financial, finance, foreign, national, international, world, legal, crime, investigative, \
    investigations, special, diplomatic, defence, defense, security, city, local, regional, \
    digital, online, web, social, media, features, feature, contributing, freelance, guest, \
    former, acting, the, a, an, our, is, us, uk, u.s., eu, white, house, capitol, court, \
    royal, money, consumer, property, travel, food, music, film, tv, arts, art, opinion, \
    audience, and, of, for, group, stv., stellvertretender, stellvertretende, leitender, \
    leitende, freier, freie, grand, vice, co, content, marketing, product, software, data, \
    pmc, research, platform, solutions, technical, engineering, core, relations, \
    congressional, supreme, general, assignment, breaking, video, photo, climate, energy, \
    transport, housing, home, affairs, hourly, weekend, night, morning, community, showbiz, \
    lifestyle, style, fashion, beauty, football, baseball, soccer, racing"
);

/// Titles that stand before a name.
pub(super) static TITLES: Words = words!(
    "dr, prof, professor, mr, mrs, ms, miss, herr, frau, mme, mlle, rev, fr, dipl, mag, ing, \
    sir, dame, lord, capt, col, gen, lt, sgt, sen, rep, gov, hon, phd, med, jur, phil, sr, \
    sra, señor, doctor, rechtsanwalt, rechtsanwältin"
);

/// Degrees and the like that stand behind a name.
pub(super) static DEGREES: Words = words!(
    "phd, ph.d, ph.d., md, m.d., m.d, mba, ma, m.a., msc, m.sc., ba, b.a., bsc, rn, rd, rdn, \
    ms, m.s., cpa, cfa, cfp, esq, esq., jd, j.d., dds, dvm, dmd, do, np, mph, lcsw, pharmd, \
    edd, psyd, cfp®, pe, msw, lmft, facs, vmd, dacvb, lvt, obe, mbe, cbe, qc, kc, mp, mep, \
    scd, dphil, llm, llb, mfa, med, bcba, dc, dpt, cscs"
);

/// Words that are no one's name where they stand alone.
pub(super) static NOBODY: Words = words!(
    "staff, admin, administrator, editor, editors, author, authors, guest, unknown, anonymous, \
    null, none, n a, na, undefined, test, user, webmaster, root, wordpress, default, \
    contributor, contributors, guest author, guest contributor, guest post, guest writer, by, \
    von, par, por, home, about, share, more, read more, learn more, show more, see more, \
    full bio, see updates, pdf download, download pdf, view pdf, print article, back to top, \
    follow, comments, comment, subscribe, \
    various, various authors, multiple authors, others, et al, and others, false, true, name, \
    username, site, website, super user, superuser, super admin, sitemaster, facebook, \
    twitter, x, linkedin, instagram, email, e mail, autor, autorin, redakteur, \
    view all posts, view profile, see all, posts, profile, bio, updated, published, posted, \
    sponsored, advertisement, photos, video, posted by, written by, publisher, post author, \
    article author, blog author, no author, member, account, owner, publication, date posted, first posted, last posted, filed under, \
    chapter text, view orcid profile, show all articles of, user admin, copy link url copied, \
    region, category, topic, date, year, type, country, industry, role, subject, us, uk, usa, eu, \
    et, pt, ct, mt, est, edt, pst, pdt, cst, cdt, gmt, bst, utc, cet, cest, mez, mesz, ist"
);

/// Labels of parts that name someone else than the author.
pub(super) static OTHERS: Words = words!(
    "design, code, lesezeit, read, reading, min, minutes, foto, fotos, photo, photos, \
    photograph, photographs, photography, bild, bilder, image, images, video, videos, \
    illustration, illustrations, grafik, graphics, illustrated, edited, reviewed, medically, \
    translated, übersetzung, übersetzt, fact, fact-checked, checked, produced, kamera, \
    schnitt, photographie, photographies, fotografie, mitarbeit, traduction, traducción, \
    traduzione, updated, published, last, posted, aktualisiert, veröffentlicht, publié, \
    publicado, actualizado, mis, source, quelle, sources, quellen, bron, \
    fuente, fonte, źródło, kilde, källa"
);

/// Words that stand between a name and its day.
pub(super) static BEFORE_DAYS: Words = words!(
    "monday, tuesday, wednesday, thursday, friday, saturday, sunday, montag, dienstag, mittwoch, \
    donnerstag, freitag, samstag, sonntag, am, vom, veröffentlicht, aktualisiert, published, updated, \
    posted, publié, publicado, pubblicato"
);

/// Small words inside of names.
pub(super) static PARTICLES: Words = words!(
    "von, van, der, den, de, la, le, del, della, di, da, do, dos, das, du, des, ter, ten, te, \
    zu, zur, zum, vom, y, e, i, bin, ibn, al, el, af, av, dela, las, los, lo, und, het, op, \
    in, 't, ’t, st., bint, ben, degli, dei"
);

/// Words of headings and buttons that no name has.
pub(super) static COMMON: Words = words!(
    "the, this, that, share, story, read, more, sign, log, about, contact, privacy, policy, \
    terms, subscribe, newsletter, follow, us, your, our, all, new, how, why, what, when, who, \
    where, in, on, at, to, for, with, and, or, is, are, best, top, latest, home, page, menu, \
    search, site, skip, content, min, minutes, minute, today, monday, tuesday, wednesday, \
    thursday, friday, saturday, sunday, january, february, march, july, \
    september, october, november, december, updated, published, comments, comment, print, \
    email, facebook, twitter, world, sports, politics, business, opinion, local, health, \
    science, a, an, of, no, not, my, getty, images, free, guide, review, using, click, here, \
    artikel, teilen, drucken, weiterempfehlen, vorlesen, und, der, die, mehr, jetzt, anmelden, weitere, related, articles, posts, \
    previous, next, advertisement, sponsored, video, photos, image, credit, source, courtesy, \
    inc., rights, reserved, copyright"
);
