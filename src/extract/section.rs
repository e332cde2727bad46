//! Chooses the section: by a vote of what a page declares, its breadcrumbs and its address.

use std::sync::LazyLock;

use rustc_hash::FxHashSet;

use super::byline::{self, Said};
use super::clean::{fold, line};
use crate::draft::{Block, CATEGORY_LINK, Draft, Remark, Rung, Slot};
use crate::site::{EVERYWHERE, Label};

/// The section, and the remark that it comes from.
pub(super) fn choose<'d>(
    draft: &'d Draft,
    url: &str,
    sites: &[String],
    headline: &str,
) -> Option<(String, &'d Remark)> {
    let remarks: Vec<&Remark> = draft.on(Slot::Section).take(64).collect();
    if let Some(record) = remarks.iter().find(|remark| remark.rung == Rung::Record) {
        return Some((path(&record.text), record));
    }
    let folders = folders(url);
    let headline = fold(headline);
    let mut said: Vec<(String, String, &Remark)> = remarks
        .iter()
        .copied()
        .map(|remark| {
            let name = first_of_list(&path(without_kind(&remark.text)));
            let key = fold(&name);
            (name, key, remark)
        })
        .filter(|(name, key, remark)| {
            !key.is_empty()
                && name.len() <= 80
                && *key != headline
                && !is_home(key)
                && !sites.iter().any(|site| fold(site) == *key)
                && !is_debris(name)
                && !(remark.place == CATEGORY_LINK && is_unfiled(key))
        })
        .collect();
    // A trail begins at the first page, whatever stands before that.
    let step = |remark: &Remark| remark.place.strip_prefix("breadcrumb ")?.parse::<u32>().ok();
    let named = |remark: &&&Remark| sites.iter().any(|site| fold(site) == fold(&remark.text));
    let home = remarks.iter().filter(named).filter_map(|remark| step(remark)).max();
    said.retain(|(_, _, remark)| step(remark) > home || step(remark).is_none());
    let mut best: Option<(i32, &(String, String, &Remark))> = None;
    for candidate in &said {
        let (_, key, _) = candidate;
        let mut kinds: Vec<Kind> = said
            .iter()
            .filter(|(_, other, _)| other == key)
            .map(|(_, _, remark)| kind(remark))
            .collect();
        kinds.sort_unstable();
        kinds.dedup();
        let votes: i32 = kinds.iter().map(|kind| *kind as i32).sum();
        let slug = ascii(&key.replace(' ', ""));
        let in_url = folders.iter().any(|folder| ascii(folder) == slug);
        let score = votes + if in_url { 3 } else { 0 } - if is_vague(key) { 4 } else { 0 };
        if best.is_none_or(|(other, _)| score > other) {
            best = Some((score, candidate));
        }
    }
    best.map(|(_, (name, _, remark))| (name.clone(), *remark))
}

/// Whether programs for blogs file under this what was filed under nothing.
fn is_unfiled(key: &str) -> bool {
    matches!(
        key,
        "uncategorized"
            | "uncategorised"
            | "unfiled"
            | "nicht kategorisiert"
            | "non classé"
            | "sin categoría"
            | "sem categoria"
            | "senza categoria"
            | "niet gecategoriseerd"
            | "без рубрики"
            | "未分类"
            | "未分類"
    )
}

/// Whether a name is an address, a way back, or a place of a template that nothing was put in.
fn is_debris(name: &str) -> bool {
    name.contains(":/") || name.contains("{{") || name.starts_with(['<', '←'])
}

/// How a section is told; the number is its weight in the vote.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    Other = 1,
    Breadcrumb = 2,
    Microdata = 3,
    Declared = 4,
    /// The member of JSON-LD that is made for it.
    Article = 5,
}

fn kind(remark: &Remark) -> Kind {
    match remark.rung {
        _ if remark.place.contains("breadcrumb") => Kind::Breadcrumb,
        Rung::JsonLd => Kind::Article,
        Rung::Record | Rung::Meta => Kind::Declared,
        Rung::Microdata => Kind::Microdata,
        _ => Kind::Other,
    }
}

/// A section as a path: `World > Asia`, `World/Asia` and `World » Asia` are `World/Asia`.
pub fn path(text: &str) -> String {
    let text = line(text);
    let parts: Vec<&str> = text
        .split(['>', '»', '›', '→', '/'])
        .map(|part| part.trim().trim_matches(['|', ',', '-', '"', '[', ']']).trim())
        .filter(|part| !part.is_empty())
        .collect();
    parts.join("/")
}

/// How many lines above a headline the label of a section may stand, and how many below: further down
/// stands what the writers do.
const BESIDE: (usize, usize) = (3, 1);

/// The lines around a headline that may be the label of a section, and how far below it each stands;
/// what nearly all pages of the site have where it stands here (`fixed`) is none.
pub(super) fn labels<'b>(
    lines: &[&'b str],
    fixed: Option<&[f32]>,
    headline: usize,
) -> Vec<(usize, (i16, &'b str))> {
    let around = headline.saturating_sub(BESIDE.0)..lines.len().min(headline + BESIDE.1 + 1);
    let everywhere = |at: usize| fixed.is_some_and(|fixed| fixed[at] >= EVERYWHERE);
    let around = around.filter(|at| *at != headline && !everywhere(*at));
    let around = around.map(|at| (at, (at as i16 - headline as i16, beside_day(lines[at].trim()))));
    around.filter(|(_, (_, text))| is_label(text)).collect()
}

/// What stands at the end of a line that has a day: `Posted on 2024-03-05 in World`, `March 5, 2024 | World`.
fn beside_day(line: &str) -> &str {
    const APART: [&str; 6] = [" | ", " · ", " • ", " / ", " In ", " in "];
    if line.len() > 120 || line.bytes().filter(u8::is_ascii_digit).count() < 4 {
        return line;
    }
    let pieces = APART.iter().filter_map(|apart| Some(line.rsplit_once(apart)?.1.trim()));
    pieces.min_by_key(|piece| piece.len()).unwrap_or(line)
}

/// The line that says what an article is filed under, and the label, where all that do agree: `Categorized as
/// World`, or `World` below `Posted`, its day, and `in`, each in a line of its own.
pub(super) fn categorized(blocks: &[Block]) -> Option<(usize, &str)> {
    let mut said: Option<(usize, &str)> = None;
    let mut count = 0;
    for (at, block) in blocks.iter().enumerate() {
        let day = |at: usize| blocks[at].text.bytes().filter(u8::is_ascii_digit).count() >= 4;
        let (at, labels) = match behind_words(block.text.trim_start_matches(['•', '*', ' '])) {
            None if block.text == "in" && at > 0 && day(at - 1) => {
                (at + 1, blocks.get(at + 1).map_or("", |below| &below.text))
            }
            None => continue,
            Some(labels) => (at, labels),
        };
        let labels = labels.split("Tagged").next().unwrap_or(labels);
        let label = labels.split([',', '|', ';', '/']).next().unwrap_or(labels).trim();
        if !is_label(label) {
            continue;
        }
        count += 1;
        if said.get_or_insert((at, label)).1 != label {
            return None;
        }
    }
    // Above a text and below; what says so more often lists others.
    said.filter(|_| count <= 2)
}

/// What stands behind the words of a line that say what follows is the section; `None` of any other line.
fn behind_words(text: &str) -> Option<&str> {
    /// With a label right behind them, ...
    const PHRASES: [&str; 4] = ["Categorized as", "Filed under", "Filed in", "Posted in"];
    /// ... or a colon.
    const WORDS: [&str; 10] = [
        "Category",
        "Categories",
        "Section",
        "Kategorie",
        "Kategorien",
        "Rubrik",
        "Ressort",
        "Catégorie",
        "Categoría",
        "Categoria",
    ];
    // Few lines begin so.
    if !text.starts_with(['C', 'F', 'K', 'P', 'R', 'S', 'T']) {
        return None;
    }
    if let Some(entry) = text.strip_prefix("This entry was posted in ") {
        let labels = entry.split(['.', ',']).next().unwrap_or(entry);
        return Some(labels.split(" and tagged ").next().unwrap_or(labels));
    }
    let behind = |words: &&str| text.strip_prefix(words);
    let rest = PHRASES.iter().find_map(behind);
    let colon = || WORDS.iter().find_map(behind).filter(|rest| !rest.starts_with(' '));
    let rest = rest.or_else(colon)?;
    rest.starts_with([':', ' ']).then(|| rest.trim_start_matches([':', ' ']))
}

/// The labels around a headline, for the site to learn.
pub(super) fn learned(labels: Vec<(usize, (i16, &str))>) -> Vec<Label> {
    let is_name = |text: &str| !byline::read(text, Said::Line, &[]).people.is_empty();
    let label = |(_, (below, text)): (usize, (i16, &str))| Label {
        below,
        text: text.to_owned(),
        is_name: is_name(text),
    };
    labels.into_iter().map(label).collect()
}

/// Whether a line has the form of one label: a few words without sign or number.
fn is_label(text: &str) -> bool {
    let sign = |c: char| c.is_numeric() || ".,;:!?@|#©()[]…".contains(c);
    let words = text.split_whitespace().count();
    (1..=4).contains(&words)
        && (3..=40).contains(&text.len())
        && text.starts_with(|c: char| c.is_uppercase() || c.is_alphabetic() && !c.is_lowercase())
        && !text.contains(sign)
        && !is_home(&fold(text))
        && (is_common(text) || super::kind::of(text).is_none() && !is_furniture(text))
        && !byline::opens(text)
}

/// What stands beside the kind in `Analysis | World`.
fn without_kind(text: &str) -> &str {
    match text.split_once('|') {
        Some((kind, rest)) if super::kind::of(kind).is_some() => rest,
        _ => text,
    }
}

/// The first name of a list: `World, Primary` is World, `Arts, Books & Music` stays whole.
fn first_of_list(name: &str) -> String {
    match name.split_once([',', ';', '|']) {
        Some((first, rest)) if !rest.contains(['&', '+']) && !rest.contains(" and ") => {
            first.trim().to_owned()
        }
        _ => name.to_owned(),
    }
}

fn ascii(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    text.replace("ß", "ss")
        .replace('ø', "o")
        .replace('æ', "ae")
        .nfd()
        .filter(char::is_ascii_alphanumeric)
        .collect::<String>()
        .replace("ae", "a")
        .replace("oe", "o")
        .replace("ue", "u")
}

/// The folders of an address, folded, without signs.
fn folders(url: &str) -> Vec<String> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let mut parts: Vec<&str> = path.split('/').skip(1).take(12).collect();
    parts.pop();
    parts
        .into_iter()
        .map(|part| fold(part).replace([' ', '_'], ""))
        .filter(|part| part.len() > 1 && !part.chars().all(|c| c.is_ascii_digit()))
        .collect()
}

/// Names that say where the page stands, not what it is of.
pub(super) fn is_home(key: &str) -> bool {
    matches!(
        key,
        "home"
            | "homepage"
            | "start"
            | "startseite"
            | "index"
            | "inicio"
            | "accueil"
            | "hjem"
            | "hem"
            | "forside"
            | "front page"
            | "frontpage"
            | "portada"
            | "www"
            | "none"
            | "null"
            | "undefined"
            | "default"
            | "главная"
            | "головна"
            | "ホーム"
            | "トップ"
            | "home page"
            | "you are here"
            | "etusivu"
            | "anasayfa"
            | "ana sayfa"
            | "strona główna"
            | "beranda"
            | "홈"
    )
}

/// Whether a name is one that newspapers in many countries give to their sections.
pub(super) fn is_common(name: &str) -> bool {
    static NAMES: LazyLock<FxHashSet<&'static str>> = LazyLock::new(|| {
        COMMON.split(',').map(str::trim).filter(|name| !name.is_empty()).collect()
    });
    name.len() <= LONGEST && NAMES.contains(fold(name).as_str())
}

/// Whether a label stands above articles and is the name of no section: of an advertisement, of a
/// way to hear the article, of the page's own tools.
pub(super) fn is_furniture(name: &str) -> bool {
    matches!(
        fold(name).as_str(),
        "ad" | "ads"
            | "advertisement"
            | "advertising"
            | "sponsored"
            | "anzeige"
            | "werbung"
            | "publicité"
            | "publicidad"
            | "publicidade"
            | "pubblicità"
            | "advertentie"
            | "annonce"
            | "annons"
            | "annonse"
            | "reklame"
            | "reklam"
            | "reklama"
            | "реклама"
            | "広告"
            | "광고"
            | "summary"
            | "listen"
            | "share"
            | "menu"
            | "search"
            | "suche"
            | "newsletter"
            | "newsletters"
            | "e paper"
            | "epaper"
            | "abo"
            | "login"
            | "log in"
            | "subscribe"
    )
}

/// No name of a section has more bytes, with what may stand around it.
const LONGEST: usize = 60;

/// Names of sections, folded.
const COMMON: &str = "\
    news, latest news, world, world news, international, foreign, europe, asia, africa, americas, \
    middle east, us, usa, u s, us news, uk, uk news, national, nation, local, local news, regional, \
    metro, city, state, politics, government, elections, economy, business, finance, markets, \
    money, companies, industry, technology, tech, science, health, environment, climate, energy, \
    education, culture, arts, books, music, film, movies, tv, television, theatre, entertainment, \
    celebrity, celebrities, showbiz, life, lifestyle, living, style, fashion, beauty, food, \
    recipes, drink, wine, travel, travel news, home, homes, garden, property, real estate, \
    sport, sports, football, soccer, cricket, rugby, tennis, golf, boxing, racing, formula 1, \
    opinion, comment, commentary, editorial, columnists, features, weather, crime, courts, law, \
    justice, obituaries, history, religion, society, community, media, gaming, games, cars, \
    motoring, family, parenting, wellness, investing, careers, jobs, military, defence, defense, \
    politik, innenpolitik, außenpolitik, inland, ausland, deutschland, österreich, schweiz, \
    europa, welt, wirtschaft, unternehmen, finanzen, börse, geld, karriere, digital, technik, \
    wissen, wissenschaft, gesundheit, umwelt, klima, kultur, feuilleton, kino, musik, bücher, \
    gesellschaft, panorama, vermischtes, leben, stil, mode, reise, reisen, essen, auto, mobilität, \
    fußball, fussball, bundesliga, meinung, kommentar, debatte, nachrichten, regionales, \
    lokales, region, bildung, medien, netzpolitik, ratgeber, wohnen, immobilien, verbraucher, \
    familie, geschichte, landespolitik, kriminalität, wetter, \
    politique, économie, monde, france, société, santé, sciences, planète, environnement, idées, \
    sports, culture, cinéma, livres, médias, tribunes, éducation, justice, faits divers, régions, \
    política, economía, economia, mundo, internacional, nacional, españa, sociedad, cultura, \
    deportes, deporte, fútbol, opinión, ciencia, salud, tecnología, educación, sucesos, gente, \
    viajes, locales, madrid, cataluña, andalucía, américa, méxico, argentina, brasil, \
    politica, cronaca, esteri, mondo, italia, società, salute, scienza, spettacoli, sportivo, \
    calcio, tecnologia, ambiente, viaggi, opinioni, motori, \
    esporte, esportes, futebol, saúde, ciência, educação, internacional, país, opinião, cotidiano, \
    politiek, binnenland, buitenland, economie, wetenschap, gezondheid, cultuur, sport, \
    samenleving, mening, \
    nyheter, inrikes, utrikes, ekonomi, näringsliv, kultur, nöje, sverige, ledare, debatt, \
    nyheder, indland, udland, økonomi, erhverv, samfund, debat, danmark, viden, \
    innenriks, utenriks, økonomi, norge, meninger, \
    kotimaa, ulkomaat, talous, urheilu, kulttuuri, mielipide, \
    polityka, kraj, świat, gospodarka, ekonomia, biznes, społeczeństwo, nauka, zdrowie, opinie, \
    kultura, wydarzenia, \
    politika, domácí, zahraničí, svět, ekonomika, společnost, zprávy, \
    политика, экономика, общество, мир, спорт, культура, наука, происшествия, россия, в мире, \
    політика, економіка, суспільство, світ, новини, \
    gündem, siyaset, ekonomi, dünya, spor, sağlık, teknoloji, kültür, \
    nasional, internasional, ekonomi, olahraga, hiburan, teknologi, kesehatan, malaysia, \
    政治, 経済, 社会, 国際, スポーツ, 科学, 文化, 国内, 经济, 国际, 体育, 정치, 경제, 사회, 국제, 스포츠, 문화";

fn is_vague(key: &str) -> bool {
    matches!(
        key,
        "tags"
            | "tag"
            | "article"
            | "articles"
            | "artikel"
            | "story"
            | "stories"
            | "post"
            | "posts"
            | "uncategorized"
            | "allgemein"
            | "other"
            | "all"
            | "archive"
            | "blog"
            | "news"
            | "nachrichten"
            | "latest"
            | "general"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_are_voted_for() {
        let mut draft = Draft::default();
        draft.note(Slot::Section, Rung::JsonLd, "articleSection", "news");
        draft.note(Slot::Section, Rung::Meta, "meta[article:section]", "Économie");
        draft.note(Slot::Section, Rung::Markup, "breadcrumb", "Home");
        let chosen = choose(&draft, "https://a.org/economie/ice", &[], "").map(|(name, _)| name);
        assert_eq!(chosen.as_deref(), Some("Économie"));
    }

    #[test]
    fn a_trail_begins_at_the_first_page() {
        let mut draft = Draft::default();
        for (at, crumb) in ["Harbour Foundation", "Gazette", "Sport"].iter().enumerate() {
            draft.note(Slot::Section, Rung::Markup, format!("breadcrumb {}", at + 1), *crumb);
        }
        let chosen = choose(&draft, "", &["Gazette".to_owned()], "").map(|(name, _)| name);
        assert_eq!(chosen.as_deref(), Some("Sport"));
    }

    #[test]
    fn a_line_says_what_an_article_is_filed_under() {
        let said = |text: &str| {
            let block = |text: &str| Block { text: text.to_owned(), ..Block::default() };
            let blocks: Vec<Block> = text.lines().map(block).collect();
            categorized(&blocks).map(|(at, label)| (at, label.to_owned()))
        };
        for (text, at) in [
            ("Ice\nCategorized as World", 1),
            ("Posted in: World, Ice", 0),
            ("• Category: World", 0),
            ("Categorized as World Tagged ice, ships", 0),
            ("Posted in World | Permalink | 7 Comments", 0),
            ("This entry was posted in World and tagged ice. Bookmark it.", 0),
            ("Category: World\nIce\nFiled under World", 0),
            ("Posted\nMarch 5, 2024\nin\nWorld\nby\nAda Nagy", 3),
        ] {
            assert_eq!(said(text), Some((at, "World".to_owned())), "{text}");
        }
        for text in [
            "Categories\nWorld\nSport",
            "Posted in World\nPosted in Sport",
            "Posted in World\nPosted in World\nPosted in World",
            "Section 7",
            "Section of the harbour",
            "in\nWorld",
            "Posted in March 2024",
        ] {
            assert_eq!(said(text), None, "{text}");
        }
    }

    #[test]
    fn the_end_of_a_line_with_a_day_may_be_a_label() {
        for (text, label) in [
            ("Posted on 2024-03-05 Edited on 2024-03-06 In World", "World"),
            ("March 5, 2024 | Updated March 6, 2024 | World", "World"),
            ("World | Ice", "World | Ice"),
            ("March 5, 2024", "March 5, 2024"),
        ] {
            assert_eq!(beside_day(text), label);
        }
    }

    #[test]
    fn a_label_is_a_few_words() {
        for (text, label) in [
            ("World", true),
            ("Field notes", true),
            ("国际", true),
            ("By Ada Nagy", false),
            ("7 min", false),
            ("Analysis", false),
            ("• World", false),
            ("Home", false),
            ("The ice came.", false),
        ] {
            assert_eq!(is_label(text), label, "{text}");
        }
    }

    #[test]
    fn a_path_has_one_form() {
        for (text, section) in
            [("World > Asia", "World/Asia"), ("World/Asia", "World/Asia"), (" Sport ", "Sport")]
        {
            assert_eq!(path(text), section);
        }
    }
}
