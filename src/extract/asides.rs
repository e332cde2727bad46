//! Lines that stand among those of a text and are none of it: what is put around posts and pictures, links to
//! other articles, buttons, clocks of films, captions of pictures with their credits.

use std::sync::LazyLock;

use regex::Regex;

/// No aside has more bytes.
const LONGEST: usize = 500;

/// Whether a line is no text of the article it stands in, and no caption either.
pub(super) fn is_aside(text: &str) -> bool {
    let text = text.trim();
    !text.is_empty()
        && text.len() <= LONGEST
        && (is_embed(text)
            || is_notice(text)
            || is_button(text)
            || is_clock(text)
            || is_cut_short(text)
            || is_report(text)
            || leads_on(text))
}

/// Whether a line is what a program puts around a post that is shown within a text: `View this post on
/// Instagram`, `A post shared by Ada Nagy (@ada)`.
fn is_embed(text: &str) -> bool {
    const OPENS: [&str; 20] = [
        "a post shared by ",
        "view this post on instagram",
        "this content is imported from ",
        "ein beitrag geteilt von ",
        "sieh dir diesen beitrag auf instagram an",
        "diesen beitrag auf instagram ansehen",
        "une publication partagée par ",
        "voir cette publication sur instagram",
        "una publicación compartida por ",
        "una publicación compartida de ",
        "ver esta publicación en instagram",
        "un post condiviso da ",
        "visualizza questo post su instagram",
        "uma publicação compartilhada por ",
        "uma publicação partilhada por ",
        "ver essa foto no instagram",
        "een bericht gedeeld door ",
        "dit bericht op instagram bekijken",
        "et opslag delt af ",
        "et innlegg delt av ",
    ];
    const LONGEST: usize = 400;
    let text = text.trim();
    // No other line opens so; most are told by their first letter.
    text.len() <= LONGEST && text.starts_with(['A', 'V', 'T', 'E', 'S', 'D', 'U']) && {
        let start = text[..text.floor_char_boundary(48)].to_lowercase();
        OPENS.iter().any(|opens| start.starts_with(opens))
    }
}

/// Whether a line asks to let another site show something (`An dieser Stelle finden Sie externen Inhalt`), says
/// that the page is paid for what its readers buy, thanks for an address of mail, asks whether the page was of
/// use, or tells that the rest is for subscribers.
fn is_notice(text: &str) -> bool {
    const SAYS: [&str; 26] = [
        "personenbezogene daten an dritt",
        "externen inhalt",
        "externe inhalte angezeigt",
        "externer inhalt",
        "redaktioneller inhalt",
        "bitte aktivieren sie javascript",
        "inhalte von youtube angezeigt",
        "enable javascript to",
        "please enable javascript",
        "contenu externe",
        "contenu bloqué",
        "accepter les cookies",
        "activer javascript",
        "contenido externo",
        "contenuto esterno",
        "accept cookies to",
        "accept third-party cookies",
        "externe inhoud",
        "earn an affiliate commission",
        "earn affiliate commission",
        "earn a commission",
        "earn us a commission",
        "may earn commission",
        "may be compensated when",
        "contains affiliate links",
        "enthält affiliate-links",
    ];
    // A sentence of an article may say so too, but it says more.
    const SAYS_ALONE: [&str; 32] = [
        "thanks for signing up",
        "thank you for signing up",
        "thank you for subscribing",
        "welcome email is on",
        "be in your inbox",
        "it in your inbox",
        "delivered to your inbox",
        "straight to your inbox",
        "sent to your inbox",
        "directly to your inbox",
        "right to your inbox",
        "check your junk",
        "check your spam",
        "found this article helpful",
        "found this page helpful",
        "was this article helpful",
        "was this page helpful",
        "was this post helpful",
        "was this information helpful",
        "was this article useful",
        "was this page useful",
        "click a star",
        "click on a star",
        "votes - average",
        "reserved for subscribers",
        "for subscribers only",
        "by registering for free",
        "article réservé aux abonnés",
        "est réservée aux abonnés",
        "nur für abonnenten",
        "会員限定の",
        "有料記事",
    ];
    const ALONE: usize = 240;
    // Few lines have a part of any.
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        let parts = "xtern|avaScript|avascript|ookies|ontenu|ersonenbezogene|edaktioneller|Tube\
                     |ffiliate|ommission|ompensated|nbox|signing up|ubscrib|SUBSCRIB|helpful|useful\
                     |elcome email|junk|spam|a star|average|registering|bonn|会員|有料";
        Regex::new(parts).expect("the pattern is sound")
    });
    PARTS.is_match(text) && {
        let lower = text.to_lowercase();
        let says = |all: &[&str]| all.iter().any(|says| lower.contains(says));
        says(&SAYS) || text.len() <= ALONE && says(&SAYS_ALONE)
    }
}

/// Whether a line is a button or the label of what a program puts into a text.
fn is_button(text: &str) -> bool {
    const BUTTONS: [&str; 48] = [
        "advert",
        "advertisement",
        "advertisement - story continues below",
        "story continues below",
        "story continues below advertisement",
        "article continues below",
        "article continues below advertisement",
        "article continues after advertisement",
        "article content",
        "annonce",
        "anzeige",
        "werbung",
        "werbung überspringen",
        "publicidad",
        "pubblicità",
        "publicité",
        "reklama",
        "reklame",
        "sponsored",
        "広告",
        "social sharing",
        "play video",
        "watch now",
        "watch live",
        "newsletter abonnieren",
        "newsletter sign-up",
        "newsletter signup",
        "jump to section",
        "back to gallery",
        "ähnliche nachrichten",
        "mehr ähnliche nachrichten",
        "leggi i commenti",
        "link zum youtube-inhalt",
        "inhalt entfernen",
        "loading",
        "read more",
        "czytaj więcej",
        "read full article",
        "detailansicht öffnen",
        "bild vergrößern",
        "enlarge this image",
        "enlarge image",
        "view image",
        "image caption",
        "toggle caption",
        "hide caption",
        "box aufklappen box zuklappen",
        "personen-box aufklappen personen-box zuklappen",
    ];
    const LONGEST: usize = 48;
    text.len() <= LONGEST && {
        let text = text.trim_end_matches(['.', ':', '…', '›', '»', '>', '→', ' ']);
        BUTTONS.contains(&&text.to_lowercase()[..])
    }
}

/// Whether a line is the summary of another article that ends in its button: `Nobody can tell. mehr`.
fn is_cut_short(text: &str) -> bool {
    const ENDS: [&str; 10] = [
        " mehr",
        " weiterlesen",
        " read more",
        " continue reading",
        " lire la suite",
        " leer más",
        " leggi tutto",
        " czytaj więcej",
        " läs mer",
        " lees meer",
    ];
    const WORDS: usize = 6;
    let text = text.trim_end_matches(['.', '…', '›', '»', '>', '→', ']', ' ']);
    let end = &text[text.ceil_char_boundary(text.len().saturating_sub(20))..];
    // Most lines end in other letters.
    end.ends_with(['r', 'n', 'e', 'g', 's', 'o', 'j', 'R', 'N', 'E', 'G', 'S', 'O']) && {
        let lower = end.to_lowercase();
        let before = ENDS.iter().find_map(|end| lower.strip_suffix(end));
        before
            .is_some_and(|before| before.trim_end().ends_with(['.', '!', '?', '…', '“', '”', '"']))
            && text.split_whitespace().nth(WORDS - 1).is_some()
    }
}

/// Whether a line names the reporters and editors of an agency: `Reporting by Ada Nagy; Editing by Tom Reed`.
fn is_report(text: &str) -> bool {
    // `Writing by Candlelight` may be a heading.
    const OPENS: [&str; 4] =
        ["Reporting by ", "Additional reporting by ", "(Writing by ", "(Editing by "];
    let text = text.trim_start_matches(['•', '*', ' ']);
    let rest = OPENS.iter().find_map(|opens| {
        text.strip_prefix(opens).or_else(|| text.strip_prefix('(')?.strip_prefix(opens))
    });
    rest.is_some_and(|rest| rest.starts_with(char::is_uppercase))
}

/// Whether a line says that the rest of an article is not on its page: `Il vous reste 57 % de cet article à
/// lire`.
pub(super) fn leaves_off(text: &str) -> bool {
    const LONGEST: usize = 240;
    static LEAVES: LazyLock<Regex> = LazyLock::new(|| {
        let all = [
            "il vous reste .* à lire|la suite est réservée aux abonnés",
            "残り[0-9０-９]+文字|続きをお読み|会員限定の ?有料記事も|この記事は有料",
            "(?:subscribe|sign in|log in|register|create an account) to (?:continue|keep) reading",
            "to (?:continue|keep) reading,? (?:subscribe|sign|log|register|please)",
            "(?:subscribe|sign in|log in|register)[^.]{0,40} to read the (?:rest|full|whole)",
            "(?:um weiterzulesen|jetzt weiterlesen mit|weiterlesen mit)|mit .{2,30} weiterlesen$",
            "para seguir leyendo|sigue leyendo .*suscr|per continuare a leggere|per leggere l['’]articolo completo",
        ];
        Regex::new(&all.join("|")).expect("the pattern is sound")
    });
    // Few lines have a part of any.
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("reste|abonn|残り|続き|会員|有料|reading|the rest|the full|eiterl|the whole|leyendo|legger")
            .expect("the pattern is sound")
    });
    text.len() <= LONGEST && PARTS.is_match(text) && LEAVES.is_match(&text.to_lowercase())
}

/// Whether a line has nothing but how long a film is (`Duration 1:30`, `26.10.2025 | 2:43 min`), how long ago
/// something was (`14 hours ago`), or which of several pictures this is (`Image 1 of 5`).
fn is_clock(text: &str) -> bool {
    const LONGEST: usize = 40;
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
        let film = r"(?:(?:duration|dauer|durée|[0-9]{2}\.[0-9]{2}\.[0-9]{4}) [|•]? ?)[0-9]{1,2}(?::[0-9]{2}){1,2}(?: min)?";
        let short = r"[0-9]{1,2}:[0-9]{2} min";
        let ago = r"(?:[^ ]+ / )?[0-9]+ ?(?:h|hrs?|hours?|mins?|minutes?|days?|weeks?|months?) ago";
        let elsewhere =
            r"(?:vor|il y a|hace|há) [0-9]+ (?:min|stunde|tag|heure|jour|hora|d[ií]a)[^ ]*";
        let picture =
            r"(?:image|photo|foto|bild|slide|picture) [0-9]+ ?(?:/|of|von|de|sur) ?[0-9]+";
        let several = r"[0-9]+ (?:/|of|von|sur) [0-9]+";
        let all = [film, short, ago, elsewhere, picture, several].join("|");
        Regex::new(&format!("^(?:{all})$")).expect("the pattern is sound")
    });
    text.len() <= LONGEST && text.bytes().any(|byte| byte.is_ascii_digit()) && {
        let lower = text.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        CLOCK.is_match(&lower)
    }
}

/// Whether a line says no more than how long ago something was: `Harbour / 14 hours ago`.
pub(super) fn is_ago(text: &str) -> bool {
    const WORDS: [&str; 5] = ["ago", "vor ", "il y a ", "hace ", "há "];
    let text = text.trim();
    is_clock(text) && {
        let lower = text.to_lowercase();
        WORDS.iter().any(|word| lower.contains(word))
    }
}

/// Whether a line leads to another article: `Related: Ice in the harbour`, `Lire aussi : La glace`.
fn leads_on(text: &str) -> bool {
    const LABELS: [&str; 52] = [
        "related",
        "related post",
        "related posts",
        "related article",
        "related articles",
        "related story",
        "related stories",
        "related content",
        "related reading",
        "related link",
        "related links",
        "related news",
        "read more",
        "read also",
        "read next",
        "read this",
        "read",
        "see also",
        "also read",
        "also see",
        "watch",
        "listen",
        "watch more",
        "recommended",
        "recommended reading",
        "don't miss",
        "don’t miss",
        "keep reading",
        "continue reading",
        "lire aussi",
        "lire également",
        "à lire",
        "à lire aussi",
        "voir aussi",
        "lesen sie auch",
        "lesen sie mehr",
        "lesen sie dazu",
        "mehr zum thema",
        "mehr dazu",
        "auch interessant",
        "lee también",
        "lea también",
        "te puede interesar",
        "leia também",
        "leia mais",
        "veja também",
        "leggi anche",
        "czytaj także",
        "czytaj też",
        "читайте также",
        "lees ook",
        "läs också",
    ];
    /// In bytes: the longest label, and the longest such line.
    const LABEL: usize = 28;
    const LINE: usize = 240;
    // Most lines have no sign behind a label, and are told by that.
    let may = |byte: &u8| matches!(byte, b':' | b'|' | 0xbb | 0xef);
    if text.len() > LINE || !text.as_bytes().iter().take(2 * LABEL).any(may) {
        return false;
    }
    let text = text.trim_start_matches(|c: char| !c.is_alphanumeric());
    let head = &text[..text.floor_char_boundary(LABEL)];
    let Some(end) = head.find([':', '：', '|', '»']) else { return false };
    LABELS.contains(&&head[..end].trim().to_lowercase()[..])
}

/// Whether a line heads a list of other articles: `Most read in world news`, `Das könnte Sie auch interessieren`.
pub(super) fn heads_list(text: &str) -> bool {
    static HEADS: LazyLock<Regex> = LazyLock::new(|| {
        let all = [
            "more (?:great|top|from|in|on|stories|news|articles|to read|like this|reading)(?: .*)?",
            "(?:most (?:read|popular|viewed|shared)|related)(?: .*)?",
            "(?:popular|trending)(?: (?:now|articles|posts|stories))?|latest(?: (?:news|stories|articles|posts))?",
            "recommended(?: (?:for you|reading|stories|articles))?|top (?:stories|news)|further reading",
            "recent (?:posts|articles|stories)|other (?:news|stories|articles)|similar (?:articles|stories|posts)",
            "you (?:may|might) (?:also )?(?:like|enjoy|be interested).*",
            "don['’]?t miss|read (?:next|also|this next)|what to read next|see also|also read",
            "editors?['’]?s? (?:picks?|choice)|in case you missed it",
            "mehr (?:zum thema|aus|von|nachrichten).*|meistgelesen.*|lesen sie auch|auch interessant",
            "das könnte sie (?:auch )?interessieren.*|(?:verwandte|ähnliche|weitere) (?:artikel|themen|beiträge)",
            "(?:à )?lire aussi|voir aussi|sur le même (?:sujet|thème)|les plus lus|articles? (?:liés|similaires)",
            "(?:noticias|notícias) relacionadas|lea también|lo más (?:leído|visto)|te puede interesar",
            "leia também|veja (?:também|mais)|mais lidas|leggi anche|i più letti|articoli correlati",
            "lees ook|meest gelezen|(?:læs|les) også|mest (?:læste|lest|läst)|läs (?:också|även)",
            "czytaj (?:także|też)|zobacz (?:także|też)|najczęściej czytane|polecane",
            "читайте также|популярное|по теме|関連記事|おすすめ記事|あわせて読みたい|관련기사|인기기사",
        ];
        Regex::new(&format!("^(?:{})$", all.join("|"))).expect("the pattern is sound")
    });
    const LONGEST: usize = 60;
    text.len() <= LONGEST && {
        let text = text.trim_matches(|c: char| !c.is_alphanumeric());
        HEADS.is_match(&text.to_lowercase())
    }
}

/// Whether a line is the caption of a picture, told by the credit at its end (`The bridge on Monday. © Ada Nagy`,
/// `..., Foto: Ada Nagy`) or by its label (`Legende: ...`).
pub(super) fn is_caption(text: &str) -> bool {
    let text = text.trim();
    // Most lines have none of the signs before a credit at their end.
    let sign = |byte| matches!(byte, b':' | b'/' | b'|' | 0x9a | 0xa9);
    let may = || end_of(text).bytes().any(sign);
    text.len() <= LONGEST
        && (is_labelled(text)
            || is_old(text)
            || is_bracketed(text)
            || is_film(text)
            || ends_in_agency(text)
            || may() && (has_mark(text) || has_label(text) || has_agency(text) || names_both(text)))
}

/// Whether a line ends in how long a film is: `What the port says. 18.04.2024 | 0:21 min`.
fn is_film(text: &str) -> bool {
    const WORDS: usize = 6;
    let Some(clock) = text.trim_end_matches('.').strip_suffix("min") else { return false };
    let clock = clock.trim_end().rsplit(' ').next().unwrap_or_default();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    clock.split_once(':').is_some_and(|(minutes, seconds)| digits(minutes) && digits(seconds))
        && text.split_whitespace().nth(WORDS - 1).is_some()
}

/// Whether a line ends in a credit in brackets, in Korean, Japanese or Chinese: `[사진 = 김혜진 기자]`.
fn is_bracketed(text: &str) -> bool {
    const WORDS: [&str; 9] = ["사진", "출처", "제공", "写真", "撮影", "提供", "图源", "图片", "攝"];
    text.ends_with([']', ')', '）', '］', '】']) && {
        let end = end_of(text);
        let inner = end.rfind(['[', '(', '（', '［', '【']).map_or("", |at| &end[at..]);
        WORDS.iter().any(|word| inner.contains(word))
    }
}

/// Whether a line ends in a photographer and whose pictures they are: `(Ada Nagy/Gazette)`.
fn names_both(text: &str) -> bool {
    let Some(inner) = text.trim_end_matches('.').strip_suffix(')') else { return false };
    let Some((before, inner)) = inner.rsplit_once('(') else { return false };
    let name = |text: &str| {
        let capital = |word: &str| word.starts_with(char::is_uppercase);
        !text.is_empty() && text.split(' ').all(capital)
    };
    let Some((person, holder)) = inner.split_once('/') else { return false };
    let (person, holder) = (person.trim(), holder.trim());
    !before.is_empty()
        && (2..=4).contains(&person.split(' ').count())
        && name(person)
        && name(holder)
        && holder.split(' ').count() <= 4
        && !person.contains(|c: char| c.is_ascii_digit())
}

/// Whether a line of some words ends in the name of an agency that stands for itself: `... outside the house.
/// Getty Images`, `(AP Photo)`.
fn ends_in_agency(text: &str) -> bool {
    static ENDS: LazyLock<Regex> = LazyLock::new(|| {
        let agency = "(?:AP Photo|AP|Reuters|REUTERS|AFP|EPA|EFE|dpa|PA|AAP|ANI|PTI|Xinhua|Getty Images|Alamy|Shutterstock|iStock|Unsplash|Pexels)";
        let over = r#"[.!?…”"’)]"#;
        let all = [
            // What stands behind a sentence.
            format!(
                r"{over} (?:AP Photo|Getty(?: Images)?|Alamy|Shutterstock|iStock|Unsplash|Pexels|Handout|Supplied|Submitted)$"
            ),
            format!(r"{over} {agency} ?/ ?[^.]{{2,40}}$"),
            format!(r"{over} [^.]{{2,30}}/ ?{agency}$"),
            format!(r"\({agency}(?: Photo)?(?:/[^()]{{2,40}})?\)\.?$"),
            // These are no words of a sentence, whatever stands before them.
            "(?:via|AP Photo|EPA|EFE/|AFP/)(?: Getty Images)$|AP Photo$".to_owned(),
        ];
        Regex::new(&all.join("|")).expect("the pattern is sound")
    });
    const WORDS: usize = 8;
    let end = end_of(text);
    // Most lines end in a stop, and not in a bracket before it.
    let stops = text.ends_with(['.', '!', '?', ':', '"', '”', ',']) && !text.ends_with(").");
    !stops && ENDS.is_match(end) && text.split_whitespace().nth(WORDS - 1).is_some()
}

/// Whether a line begins with the label of captions.
fn is_labelled(text: &str) -> bool {
    const LABELS: [&str; 8] = [
        "Legende",
        "Légende",
        "Caption",
        "Bildunterschrift",
        "Bildtext",
        "Bildbeschreibung",
        "Pie de foto",
        "Didascalia",
    ];
    if !text.starts_with(['L', 'C', 'B', 'P', 'D', 'F']) {
        return false;
    }
    let label = text.split_once(':').map(|(label, _)| label.trim_end());
    // `Pictured at the back, from left, are Ada Nagy and Tom Reed.`
    let pictured = text.strip_prefix("Pictured ").is_some_and(|rest| rest.contains("left"));
    pictured
        || label.is_some_and(|label| LABELS.contains(&label))
        || text.starts_with("From left, ")
        || text.starts_with("From left: ")
}

/// The holder of the rights in a picture is named in so many bytes.
const HOLDER: usize = 72;

/// The end of a line that may hold a credit.
fn end_of(text: &str) -> &str {
    &text[text.ceil_char_boundary(text.len().saturating_sub(HOLDER))..]
}

/// Whether a line ends in `© Ada Nagy`, or is one with `©` at its start.
fn has_mark(text: &str) -> bool {
    end_of(text).rsplit_once('©').is_some_and(|(_, holder)| holder.trim().len() > 1)
}

/// Whether a line ends in a label and a name: `Bildrechte: Ada Nagy/Gazette`.
fn has_label(text: &str) -> bool {
    // Wherever they stand they are a credit's ...
    const SURE: [&str; 14] = [
        "Foto",
        "Fotos",
        "Credit",
        "Credits",
        "Crédit",
        "Crédits",
        "Crédito",
        "Créditos",
        "Bildrechte",
        "Фото",
        "Kuva",
        "Bildquelle",
        "Fotografie",
        "Zdjęcie",
    ];
    // ... these where a sentence is over.
    const OTHERS: [&str; 11] = [
        "Photo",
        "Photos",
        "Photograph",
        "Bild",
        "Bilder",
        "Image",
        "Images",
        "Picture",
        "Imagen",
        "Immagine",
        "Illustration",
    ];
    let end = end_of(text);
    let Some(at) = end.rfind([':', '：']) else { return false };
    let holder = end[at..].trim_start_matches([':', '：']).trim();
    let before = end[..at].trim_end().trim_end_matches(" by");
    let from = before.rfind([' ', '(', '[', '|']).map_or(0, |blank| blank + 1);
    let label = &before[from..];
    let over = before[..from].trim_end();
    let plain = holder.len() > 1 && !holder.trim_end_matches(['.', ')']).contains(". ");
    let starts = over.is_empty() && end.len() == text.len();
    let stops =
        over.ends_with(['.', '!', '?', ')', '"', '”', '’', '»', '|', ',', '(', '[', '–', '—']);
    plain && (SURE.contains(&label) || OTHERS.contains(&label) && (starts || stops))
}

/// Whether a line ends in `/ Reuters` or the like.
fn has_agency(text: &str) -> bool {
    const AGENCIES: [&str; 20] = [
        "Reuters",
        "REUTERS",
        "AFP",
        "AP",
        "EPA",
        "EFE",
        "dpa",
        "ANSA",
        "Getty",
        "Getty Images",
        "Shutterstock",
        "Belga",
        "Scanpix",
        "Keystone",
        "iStock",
        "Imago",
        "IMAGO",
        "Xinhua",
        "NurPhoto",
        "Alamy",
    ];
    let end = end_of(text).trim_end_matches([')', ']', '.', ' ']);
    let Some(at) = end.rfind(['/', '|']) else { return false };
    AGENCIES.contains(&end[at + 1..].trim())
}

/// Whether a line says of itself that its picture is one out of the archive, or stands for others.
fn is_old(text: &str) -> bool {
    const WORDS: [&str; 8] = [
        "Archivbild",
        "Symbolbild",
        "Symbolfoto",
        "Archivfoto",
        "file photo",
        "File photo",
        "photo d’illustration",
        "photo d'illustration",
    ];
    let inner = text.trim_end_matches('.').strip_suffix(')').and_then(|text| text.rsplit_once('('));
    inner.is_some_and(|(_, inner)| WORDS.contains(&inner.trim()))
        || text.starts_with("FILE PHOTO")
        || text.starts_with("FILE - ")
        || text.starts_with("FILE – ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_post_is_known() {
        for text in
            ["A post shared by Ada Nagy (@ada) on Jun 16, 2019", "View this post on Instagram"]
        {
            assert!(is_embed(text), "{text}");
        }
        assert!(!is_embed("A post shared widely on Tuesday said that the ice had come."));
    }

    #[test]
    fn asides_are_no_text() {
        for (text, aside) in [
            ("Related: Ice in the harbour", true),
            ("* See also: A short history of ice", true),
            ("Lire aussi : La glace dans le port", true),
            ("Related links in the chain broke: nobody knows why", false),
            ("Advertisement", true),
            ("Advertisement pays for the ferry", false),
            ("We may earn a commission if you buy through our links.", true),
            ("The commission earned nothing, the council said.", false),
            ("14 hours ago", true),
            ("Harbour / 10 h ago", true),
            ("Duration 1:30", true),
            ("26.10.2025 | 2:43 min", true),
            ("Image 1 of 5", true),
            ("1 / 4", true),
            ("1/2", false),
            ("10:30", false),
            ("It was 14 hours ago", false),
            ("A welcome email is on its way to you.", true),
            ("The mail was delivered to the wrong house.", false),
            ("84% of people found this article helpful.", true),
            ("Nobody can tell when the ice will go. mehr", true),
            ("There will be more", false),
            ("Reporting by Ada Nagy; Editing by Tom Reed", true),
            ("Reporting by hand took all of the night.", false),
            ("(Editing by Tom Reed)", true),
            ("Writing by Candlelight", false),
            ("Detailansicht öffnen", true),
            ("Ich bin damit einverstanden, dass mir externe Inhalte angezeigt werden.", true),
            ("", false),
        ] {
            assert_eq!(is_aside(text), aside, "{text}");
        }
    }

    #[test]
    fn an_article_breaks_off_where_its_readers_are_to_pay() {
        for (text, off) in [
            (
                "Il vous reste 57.09% de cet article à lire. La suite est réservée aux abonnés.",
                true,
            ),
            ("残り1234文字", true),
            ("Subscribe to continue reading", true),
            ("Sign in or register to read the rest of this story", true),
            ("Click here to read the full story.", false),
            ("The rest of the story is well known.", false),
            ("She went on reading", false),
        ] {
            assert_eq!(leaves_off(text), off, "{text}");
        }
    }

    #[test]
    fn lists_of_other_articles_have_their_heads() {
        for (text, heads) in [
            ("More Great Harbour Stories", true),
            ("Most read in world news", true),
            ("RELATED COVERAGE", true),
            ("You may also like...", true),
            ("Das könnte Sie auch interessieren", true),
            ("Notícias Relacionadas", true),
            ("More ships than ice", false),
            ("Topics of the day", false),
            ("The most read book of the harbour", false),
            ("Top reasons to stay at home", false),
            ("Latest on the ice", false),
        ] {
            assert_eq!(heads_list(text), heads, "{text}");
        }
    }

    #[test]
    fn captions_end_in_their_credits() {
        for (text, caption) in [
            ("The bridge on Monday morning. © Ada Nagy | Gazette", true),
            ("Tom Reed bei der Eröffnung, Foto: Gazette", true),
            ("The bridge on Monday Credit: PA", true),
            ("Legende: Ada Nagy mit ihrem Boot. Gazette", true),
            ("The bridge on Monday @harbour via X / Reuters", true),
            ("The bridge on Monday. (Archivbild)", true),
            ("Ada Nagy says the harbour will close. (Tom Reed/Gazette)", true),
            ("The harbour will close (and/or the bridge)", false),
            ("The ice lies in front of the old harbour. Getty Images", true),
            ("The ice lies in front of the old harbour, says AFP", false),
            ("The ice lies in front of the old harbour. Reuters", false),
            ("The ice in front of the old harbour on Monday (AP Photo/Ada Nagy)", true),
            ("El hielo en el puerto viejo de la ciudad. EFE/ Ada Nagy", true),
            ("항구의 얼음 [사진 = 김혜진 기자]", true),
            ("Was der Hafen dazu sagt und die Stadt. 18.04.2024 | 0:21 min", true),
            ("Pictured at the back, from left, are Ada Nagy and Tom Reed", true),
            ("Pictured: Harbour Bridge", false),
            ("What he saw there was the big picture: a harbour", false),
            ("The bridge closes on Monday, Reuters reported", false),
            ("The fleet, the ice and the picture: what is known", false),
        ] {
            assert_eq!(is_caption(text), caption, "{text}");
        }
    }
}
