//! Where an article comes from: its address, the outlet and its names, the language, the dateline.

use super::clean::{fold, line};
use super::sorted;
use crate::article::Article;
use crate::draft::{Draft, Remark, Rung, Slot};

/// The address of the article. A canonical address that is only the site's own loses.
pub(super) fn address(draft: &Draft) -> Option<(String, &Remark)> {
    let mut best: Option<(bool, String, &Remark)> = None;
    for remark in sorted(draft, Slot::Url) {
        let url = remark.text.trim();
        let whole = url.starts_with("https://") || url.starts_with("http://");
        if url.len() > 4_000
            || url.contains(char::is_whitespace)
            || !whole && remark.rung != Rung::Record
        {
            continue;
        }
        let deep = url.splitn(4, '/').nth(3).is_some_and(|path| !path.is_empty());
        if best.as_ref().is_none_or(|(other, ..)| deep && !other) {
            best = Some((deep, url.to_owned(), remark));
        }
    }
    best.map(|(_, url, remark)| (url, remark))
}

/// The host of an address, empty where there is none.
pub(super) fn host(url: &str) -> &str {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let host = rest.split(['/', '?', '#', ':']).next().unwrap_or_default();
    host.rsplit('@').next().unwrap_or_default()
}

/// The outlet's name. A handle or an address is no name.
pub(super) fn outlet(draft: &Draft) -> Option<(String, &Remark)> {
    sorted(draft, Slot::Source).into_iter().map(|remark| (line(&remark.text), remark)).find(
        |(name, _)| {
            !name.is_empty()
                && name.len() <= 120
                && !name.starts_with('@')
                && !name.contains("://")
                && !is_headline(draft, name)
        },
    )
}

/// Every name that the outlet goes by: what it declares, its host, and the first part of that.
pub(super) fn names(draft: &Draft, article: &Article) -> Vec<String> {
    let mut names: Vec<String> = draft
        .on(Slot::Source)
        .take(16)
        .filter(|remark| !is_headline(draft, &remark.text))
        .map(|remark| line(&remark.text).trim_start_matches('@').to_owned())
        .filter(|name| (2..=120).contains(&name.len()) && !name.contains("://"))
        .collect();
    let host = host(&article.url);
    let host = host.strip_prefix("www.").unwrap_or(host);
    if !host.is_empty() {
        names.push(host.to_owned());
        let labels: Vec<&str> = host.split('.').collect();
        // `dailypost` of `dailypost.co.uk` and of `m.dailypost.com`.
        let own = match labels[..] {
            [.., name, second, top] if top.len() == 2 && second.len() <= 3 => Some(name),
            [.., name, _] => Some(name),
            _ => None,
        };
        names.extend(own.filter(|name| name.len() >= 3).map(str::to_owned));
    }
    names.sort();
    names.dedup();
    names
}

/// Whether the name of a site is no more than the headline of the page, as where a program fills in both.
fn is_headline(draft: &Draft, name: &str) -> bool {
    name.split_whitespace().nth(4).is_some()
        && draft.on(Slot::Headline).take(16).any(|remark| fold(&remark.text) == fold(name))
}

/// The ISO 639-1 code of `en_GB`, `de`, `fr-CA`, `English`.
pub(super) fn language(text: &str) -> Option<String> {
    let text = text.trim().to_ascii_lowercase();
    let code = text.split(['-', '_', ',', ';', ' ']).next()?;
    let code = match code {
        "english" | "eng" => "en",
        "german" | "deutsch" | "ger" | "deu" => "de",
        "french" | "français" | "fra" | "fre" => "fr",
        "spanish" | "español" | "spa" => "es",
        "italian" | "ita" => "it",
        "portuguese" | "por" => "pt",
        "dutch" | "nld" | "dut" => "nl",
        "chinese" | "zho" | "chi" | "cmn" => "zh",
        "japanese" | "jpn" => "ja",
        "russian" | "rus" => "ru",
        code => code,
    };
    (code.len() == 2 && code.bytes().all(|b| b.is_ascii_lowercase())).then(|| code.to_owned())
}

/// The language that a text is written in, where that is sure.
pub(super) fn spoken(body: &str) -> Option<String> {
    if let Some(code) = super::language::by_common_words(body) {
        return Some(code.to_owned());
    }
    let head = &body[..body.floor_char_boundary(1_500)];
    let info = whatlang::detect(head).filter(whatlang::Info::is_reliable)?;
    use whatlang::Lang;
    let code = match info.lang() {
        Lang::Eng => "en",
        Lang::Deu => "de",
        Lang::Fra => "fr",
        Lang::Spa => "es",
        Lang::Por => "pt",
        Lang::Ita => "it",
        Lang::Nld => "nl",
        Lang::Dan => "da",
        Lang::Swe => "sv",
        Lang::Nob => "no",
        Lang::Fin => "fi",
        Lang::Rus => "ru",
        Lang::Ukr => "uk",
        Lang::Pol => "pl",
        Lang::Ces => "cs",
        Lang::Slk => "sk",
        Lang::Hun => "hu",
        Lang::Ron => "ro",
        Lang::Hrv => "hr",
        Lang::Srp => "sr",
        Lang::Bul => "bg",
        Lang::Ell => "el",
        Lang::Tur => "tr",
        Lang::Cmn => "zh",
        Lang::Jpn => "ja",
        Lang::Kor => "ko",
        Lang::Ara => "ar",
        Lang::Heb => "he",
        Lang::Pes => "fa",
        Lang::Hin => "hi",
        Lang::Ben => "bn",
        Lang::Tam => "ta",
        Lang::Urd => "ur",
        Lang::Tha => "th",
        Lang::Vie => "vi",
        Lang::Ind => "id",
        Lang::Cat => "ca",
        Lang::Lit => "lt",
        Lang::Lav => "lv",
        Lang::Est => "et",
        Lang::Slv => "sl",
        Lang::Mkd => "mk",
        Lang::Lat => "la",
        Lang::Epo => "eo",
        _ => return None,
    };
    Some(code.to_owned())
}

/// The place that opens a text: `LONDON, March 5 (Reuters) - The harbour …`.
pub(super) fn dateline(body: &str) -> Option<&str> {
    /// A place has so many words and no more.
    const WORDS: usize = 5;
    let first = body.lines().next()?;
    let in_name = |c: char| matches!(c, '.' | '\'' | '’' | '-');
    if !first.starts_with(char::is_uppercase) {
        return None;
    }
    let mut end = run(first, |c| c.is_uppercase() || in_name(c));
    // Where the place may end: behind each of its words.
    let mut ends = vec![end];
    while ends.len() < WORDS {
        let gap = run(&first[end..], |c| matches!(c, ' ' | '/' | ','));
        let word = &first[end + gap..];
        if gap == 0 || !word.starts_with(char::is_uppercase) {
            break;
        }
        end += gap + run(word, |c| c.is_alphabetic() || in_name(c));
        ends.push(end);
    }
    let place = ends.into_iter().rev().find_map(|end| {
        // `HARBOUR- The ice`: the dash is no part of the name.
        let shorter = first[..end].trim_end_matches('-').len();
        (shorter..=end).rev().find(|end| opens_text(&first[*end..])).map(|end| &first[..end])
    })?;
    let loud = place.split([' ', ',']).next()?;
    (loud.chars().filter(|c| c.is_alphabetic()).count() > 2 && place.len() <= 60).then_some(place)
}

/// How many bytes at the start are letters of a kind.
fn run(text: &str, of: impl Fn(char) -> bool) -> usize {
    text.find(|c| !of(c)).unwrap_or(text.len())
}

/// Whether what stands behind a place leads to the text: a day, an agency in brackets, a dash.
fn opens_text(rest: &str) -> bool {
    let day = |rest| {
        let rest = str::strip_prefix(rest, ',').unwrap_or(rest).strip_prefix(' ')?;
        let month = run(rest, char::is_alphabetic);
        let letters = rest[..month].chars().count();
        let rest = &rest[month..];
        let rest = rest.strip_prefix('.').unwrap_or(rest).strip_prefix(' ')?;
        let digits = run(rest, |c| c.is_ascii_digit());
        let rest = (3..=9).contains(&letters).then(|| rest.get(digits.min(2)..)).flatten()?;
        let year = rest.strip_prefix(", ").filter(|year| run(year, |c| c.is_ascii_digit()) >= 4);
        (digits > 0).then(|| year.map_or(rest, |year| &year[4..]))
    };
    let agency = |rest| {
        let rest = str::strip_prefix(rest, ' ').unwrap_or(rest).strip_prefix('(')?;
        let inner = |c: char| c.is_alphanumeric() || matches!(c, ' ' | '.' | '/' | '-');
        let (inside, rest) = rest.split_at(run(rest, inner));
        (2..=30).contains(&inside.chars().count()).then(|| rest.strip_prefix(')')).flatten()
    };
    let dash = |rest| {
        let rest: &str = str::strip_prefix(rest, ' ').unwrap_or(rest);
        let behind = rest.trim_start_matches(['-', '–', '—']);
        behind.len() < rest.len() && behind.starts_with(' ')
    };
    let days = [day(rest), Some(rest)].into_iter().flatten();
    days.flat_map(|rest| [agency(rest), Some(rest)]).flatten().any(dash)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dateline_opens_the_text() {
        for (text, place) in [
            ("LONDON (Reuters) - The harbour", Some("LONDON")),
            ("NEW YORK, March 5 (AP) — The harbour", Some("NEW YORK")),
            ("WASHINGTON, D.C. — The harbour", Some("WASHINGTON, D.C.")),
            ("HARBOUR- The ice", Some("HARBOUR")),
            ("PARIS, 5 March — The harbour", None),
            ("PARIS, Sept. 5, 2024 -- The harbour", Some("PARIS")),
            ("LONDON/NEW YORK, March 5 (Reuters/AP) - The harbour", Some("LONDON/NEW YORK")),
            ("LONDON and the harbour - a place", None),
            ("The harbour - a place", None),
            ("I - we", None),
        ] {
            assert_eq!(dateline(text), place, "{text}");
        }
    }

    #[test]
    fn the_headline_is_no_name_of_the_site() {
        let headline = "The harbour freezes over for the third year";
        let mut draft = Draft::default();
        draft.note(Slot::Headline, Rung::Meta, "meta[og:title]", headline);
        draft.note(Slot::Source, Rung::Meta, "meta[application-name]", headline);
        draft.note(Slot::Source, Rung::Meta, "meta[og:site_name]", "Daily Post");
        assert_eq!(outlet(&draft).map(|(name, _)| name).as_deref(), Some("Daily Post"));
        assert_eq!(names(&draft, &Article::default()), ["Daily Post"]);
    }

    #[test]
    fn a_canonical_address_that_is_only_the_site_loses() {
        let mut draft = Draft::default();
        draft.note(Slot::Url, Rung::Markup, "link[canonical]", "https://a.org/");
        draft.note(Slot::Url, Rung::Visible, "comment", "https://a.org/x");
        assert_eq!(address(&draft).map(|(url, _)| url).as_deref(), Some("https://a.org/x"));
    }
}
