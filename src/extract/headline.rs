//! Chooses the headline among those that a page declares, and cuts the site's name off it.

use rustc_hash::FxHashSet;

use super::clean::{fold, line};
use crate::draft::{Block, Draft, POST_TITLE, Page, Remark, Rung, Slot};

/// The headline, and the remark that it comes from.
pub(super) fn choose<'d>(draft: &'d Draft, sites: &[String]) -> Option<(String, &'d Remark)> {
    let remarks: Vec<&Remark> = draft.on(Slot::Headline).take(64).collect();
    if let Some(record) = remarks.iter().find(|remark| remark.rung == Rung::Record) {
        return Some((line(&record.text), record));
    }
    let printed: Vec<&Remark> =
        remarks.iter().copied().filter(|remark| is_printed(remark)).collect();
    let cleaned: Vec<(String, &Remark)> = remarks
        .iter()
        .map(|remark| {
            let others: Vec<&str> = printed
                .iter()
                .chain(remarks.iter().filter(|other| other.rung == Rung::JsonLd))
                .filter(|other| !std::ptr::eq(**other, *remark))
                .map(|other| other.text.as_str())
                .collect();
            let mut text = without_site(&line(&remark.text), sites, &others);
            if remark.place != "h1" && remark.rung != Rung::JsonLd {
                text.truncate(without_last(&text).len());
            }
            (text, *remark)
        })
        .filter(|(text, remark)| {
            !text.is_empty() && !is_site(text, sites) && !is_site(&remark.text, sites)
        })
        .collect();
    // What the page declares of itself, best first.
    let declared: Vec<&(String, &Remark)> =
        cleaned.iter().filter(|(_, remark)| !is_printed(remark)).collect();
    let mut best: Option<(f32, &(String, &Remark))> = None;
    for candidate in cleaned.iter().filter(|(_, remark)| is_printed(remark)) {
        let near =
            declared.iter().map(|(text, _)| likeness(&candidate.0, text)).fold(0.0_f32, f32::max);
        if near >= 0.5 && best.is_none_or(|(score, _)| near > score) {
            best = Some((near, candidate));
        }
    }
    if let Some((_, (printed, from))) = best {
        if let Some((text, remark)) = declared.iter().find(|(text, remark)| {
            matches!(remark.rung, Rung::JsonLd | Rung::Meta) && is_kicked(printed, text)
        }) {
            return Some((text.clone(), *remark));
        }
        if let Some(tail) = declared.iter().find_map(|(text, _)| behind_kickers(printed, text)) {
            return Some((tail.to_owned(), *from));
        }
    }
    let first_declared = || {
        declared.iter().copied().min_by_key(|(_, remark)| {
            (remark.rung, remark.rung == Rung::Meta && !remark.place.contains("og:"))
        })
    };
    best.map(|(_, candidate)| candidate)
        .or_else(|| only_heading(&cleaned))
        .map(|printed| newsroom(&printed.0, &cleaned).unwrap_or(printed))
        .or_else(first_declared)
        .or_else(|| cleaned.first())
        .map(|(text, remark)| (text.clone(), *remark))
}

/// The heading right above the first running text of a page that declares no headline.
pub(super) fn above_text(page: &Page) -> Option<usize> {
    const RUNNING: usize = 20;
    const ABOVE: usize = 8;
    const NEXT: usize = 4;
    let words = |block: &Block| block.text.split_whitespace().count();
    let running =
        |block: &Block| words(block) >= RUNNING && (block.linked as usize) * 2 < block.text.len();
    let heading = |block: &Block| {
        let tag = matches!(block.tag, "h1" | "h2" | "h3" | "h4");
        tag && (2..=40).contains(&words(block))
    };
    let blocks = &page.blocks;
    let first = (0..blocks.len()).find(|&at| {
        let next = blocks[at + 1..].iter().take(NEXT);
        running(&blocks[at]) && next.into_iter().any(running)
    })?;
    (first.saturating_sub(ABOVE)..first).rev().find(|&at| heading(&blocks[at]))
}

/// The headline that a newsroom gives its article, where the page prints another one.
///
/// What is printed may be rewritten for search engines or for readers of the day. A `NewsArticle`
/// comes from the newsroom's own system, other types from programs that copy the `<title>`; so a
/// newsroom that repeats its `<title>`, where the page and its `og:title` agree, is not heard.
fn newsroom<'c, 'd>(
    printed: &str,
    cleaned: &'c [(String, &'d Remark)],
) -> Option<&'c (String, &'d Remark)> {
    let own = cleaned.iter().find(|(_, remark)| {
        remark.rung == Rung::JsonLd && remark.place.ends_with("[NewsArticle]")
    })?;
    let (printed, declared) = (fold(printed), fold(&own.0));
    let says = |is: &str, text: &str| {
        cleaned.iter().any(|(other, remark)| remark.place == is && fold(other) == text)
    };
    if declared.split(' ').count() < 3
        || says("title", &declared) && says("meta[og:title]", &printed)
    {
        return None;
    }
    // The same headline, cut short or with something added, unless it is told so twice.
    let parts = |whole: &str, part: &str| whole.starts_with(part) || whole.ends_with(part);
    let cut = own.0.chars().count() >= 100 || own.0.ends_with(['…', '.']);
    let same = parts(&printed, &declared) || parts(&declared, &printed);
    (!same || !cut && says("meta[og:title]", &declared)).then_some(own)
}

/// Whether what is printed is a declared headline with a kicker before it: `Culture : Ice art`.
fn is_kicked(printed: &str, declared: &str) -> bool {
    let (printed, declared) = (fold(printed), fold(declared));
    // `The` before a headline is no kicker.
    let kicker = printed.strip_suffix(&declared).map(str::trim).filter(|kicker| kicker.len() > 3);
    let words = kicker.map(|kicker| kicker.split_whitespace().count());
    words.is_some_and(|words| (1..=5).contains(&words)) && declared.split(' ').count() >= 3
}

/// What follows two different kickers: `Ice: harbours freeze` and `Winter - harbours freeze`.
fn behind_kickers<'t>(printed: &'t str, declared: &str) -> Option<&'t str> {
    const SIGNS: [&str; 5] = [": ", " - ", " – ", " | ", " / "];
    let behind = |text: &str| -> Option<usize> {
        let found = SIGNS.iter().filter_map(|sign| Some((text.find(sign)?, sign.len())));
        found.min().map(|(at, len)| at + len)
    };
    let (kicker, tail) = printed.split_at(behind(printed)?);
    let (other, end) = declared.split_at(behind(declared)?);
    // One headline in two wordings opens alike.
    let same = fold(tail) == fold(end)
        && likeness(kicker, other) < 0.3
        && [kicker, other].iter().all(|kicker| kicker.split_whitespace().count() <= 6);
    let tail = tail.trim();
    (same && tail.split_whitespace().count() >= 4).then_some(tail)
}

/// The one heading of a page that calls itself by other words: what is printed is the headline.
fn only_heading<'c, 'd>(cleaned: &'c [(String, &'d Remark)]) -> Option<&'c (String, &'d Remark)> {
    let mut headings = cleaned.iter().filter(|(text, remark)| {
        let heading = remark.place == "h1" || remark.place == POST_TITLE;
        remark.rung == Rung::Markup && heading && text.split(' ').count() >= 3
    });
    let first = headings.next()?;
    headings.all(|(text, _)| *text == first.0).then_some(first)
}

/// Whether a reader sees this headline on the page.
fn is_printed(remark: &Remark) -> bool {
    matches!(remark.rung, Rung::Markup | Rung::Visible) || remark.rung == Rung::Microdata
}

/// How many words two headlines share, from 0 to 1.
pub(super) fn likeness(one: &str, other: &str) -> f32 {
    let (one, other) = (fold(one), fold(other));
    if one == other {
        return 1.0;
    }
    let words = |text: &str| text.split(' ').map(str::to_owned).collect::<FxHashSet<_>>();
    let (one, other) = (words(&one), words(&other));
    let both = one.intersection(&other).count();
    2.0 * both as f32 / (one.len() + other.len()).max(1) as f32
}

fn joined(text: &str) -> String {
    fold(text).chars().filter(|c| c.is_alphanumeric()).collect()
}

/// A title without a short last part after a bar: sites put their names there.
fn without_last(title: &str) -> &str {
    match title.rsplit_once(" | ") {
        Some((rest, last))
            if last.split(' ').count() <= 3
                && rest.split(' ').count() >= 2
                && !last.contains(|c: char| c.is_ascii_digit()) =>
        {
            rest.trim_end()
        }
        _ => title,
    }
}

/// Whether a text is nothing but the name of the site.
fn is_site(text: &str, sites: &[String]) -> bool {
    let text = joined(text);
    sites.iter().any(|site| joined(site) == text)
}

const PARTS: [&str; 14] = [
    " | ", " - ", " – ", " — ", " · ", " :: ", " » ", " « ", " • ", " ― ", "｜", " ¦ ", " / ",
    " ~ ",
];

/// Cuts the names of the site, and of its sections where the page says the same without them.
///
/// ```text
/// Harbour frozen - World - Daily Post   ->   Harbour frozen
/// ```
pub fn without_site(title: &str, sites: &[String], others: &[&str]) -> String {
    let mut title = title.trim();
    // The same headline stands elsewhere on the page, without more.
    let folded = fold(title);
    for other in others {
        let other = line(other);
        let short = fold(&other);
        if short.len() >= 8 && short.len() < folded.len() && !is_site(&other, sites) {
            let around =
                folded.strip_prefix(short.as_str()).or_else(|| folded.strip_suffix(short.as_str()));
            if around.is_some_and(|rest| rest.starts_with(' ') || rest.ends_with(' ')) {
                for part in PARTS {
                    if let Some(at) = title.find(part).filter(|at| fold(&title[..*at]) == short) {
                        return title[..at].trim().to_owned();
                    }
                    // A last part of a word or two is the name of the site, whoever else says it.
                    let whole =
                        |at: &usize| title.len() - at >= *at || short.split(' ').nth(2).is_some();
                    if let Some(at) = title
                        .rfind(part)
                        .filter(whole)
                        .filter(|at| fold(&title[at + part.len()..]) == short)
                    {
                        return title[at + part.len()..].trim().to_owned();
                    }
                }
            }
        }
    }
    for _ in 0..3 {
        let last = PARTS.iter().filter_map(|part| Some((title.rfind(part)?, part.len()))).max();
        let first = PARTS.iter().filter_map(|part| Some((title.find(part)?, part.len()))).min();
        match (last, first) {
            (Some((at, len)), _) if names_site(&title[at + len..], sites) => {
                title = title[..at].trim()
            }
            (_, Some((at, len))) if names_site(&title[..at], sites) => {
                title = title[at + len..].trim()
            }
            _ => break,
        }
    }
    without_channels(title).to_owned()
}

/// A Chinese title without the channel and the site that pages have behind it: `港口结冰了_社会频道_港口网`,
/// `港口结冰了--港口网`.
fn without_channels(title: &str) -> &str {
    let han = |text: &str| text.chars().filter(|c| ('\u{4e00}'..='\u{9fff}').contains(c)).count();
    let channel = title.split_once('_').map(|(headline, _)| headline);
    let site = || title.rsplit_once("--").filter(|(_, site)| site.ends_with(['网', '網', '站']));
    let headline = channel.or_else(|| site().map(|(headline, _)| headline));
    headline.map(str::trim).filter(|headline| han(headline) >= 4).unwrap_or(title)
}

/// Whether a part of a title is the name of the site, or that and a word such as `Online`.
fn names_site(part: &str, sites: &[String]) -> bool {
    let part = joined(part);
    let part = part.strip_prefix("the").unwrap_or(&part);
    if part.len() < 2 {
        return false;
    }
    sites.iter().any(|site| {
        let site = joined(site);
        let site = site.strip_prefix("the").unwrap_or(&site);
        let added = [
            "online",
            "news",
            "blog",
            "com",
            "org",
            "net",
            "de",
            "magazine",
            "magazin",
            "uk",
            "us",
            "global",
            "international",
            "digital",
            "newspaper",
            "website",
            "official",
        ];
        let only = |rest: Option<&str>| rest.is_some_and(|rest| added.contains(&rest));
        part == site
            || site.len() >= 3 && (only(part.strip_prefix(site)) || only(part.strip_suffix(site)))
            || part.len() >= 4 && (only(site.strip_prefix(part)) || only(site.strip_suffix(part)))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_of_the_site_is_cut() {
        let sites = ["Daily Post".to_owned(), "dailypost.co.uk".to_owned()];
        for (title, headline) in [
            ("Harbour frozen - Daily Post", "Harbour frozen"),
            ("Harbour frozen | World | The Daily Post", "Harbour frozen | World"),
            ("Daily Post: the harbour is frozen", "Daily Post: the harbour is frozen"),
            ("DailyPost.co.uk – Harbour frozen", "Harbour frozen"),
            ("North - South talks fail", "North - South talks fail"),
            ("Ice - The Daily Post Retrospective", "Ice - The Daily Post Retrospective"),
            ("港口结冰了_社会频道_港口网", "港口结冰了"),
            ("港口结冰了--港口网", "港口结冰了"),
            ("snake_case and the harbour", "snake_case and the harbour"),
        ] {
            assert_eq!(without_site(title, &sites, &[]), headline, "{title}");
        }
        assert_eq!(
            without_site("Harbour frozen | World | Other", &sites, &["Harbour Frozen"]),
            "Harbour frozen"
        );
    }

    #[test]
    fn a_heading_above_the_text_is_the_headline_where_none_is_declared() {
        let block = |(tag, text): (&'static str, &str)| Block {
            tag,
            text: text.to_owned(),
            ..Block::default()
        };
        let text = "The ice came late, and the boats that had been laid up for the winter went out \
                    again before anybody had asked.";
        let page = |rows: &[(&'static str, &str)]| {
            let blocks = rows.iter().copied().map(block).collect();
            Page { markup: true, blocks, ..Page::default() }
        };
        let rows = [
            ("h2", "Most read"),
            ("p", "Harbour"),
            ("h2", "Ice comes late"),
            ("p", text),
            ("p", text),
        ];
        assert_eq!(above_text(&page(&rows)), Some(2));
        assert_eq!(above_text(&page(&rows[3..])), None);
    }

    #[test]
    fn the_printed_headline_that_is_declared_wins() {
        let mut draft = Draft::default();
        draft.note(Slot::Headline, Rung::Meta, "meta[og:title]", "Ice in the harbour | Daily Post");
        draft.note(Slot::Headline, Rung::Markup, "h1", "Daily Post");
        draft.note(Slot::Headline, Rung::Markup, "h1", "Ice in the old harbour");
        draft.note(Slot::Headline, Rung::Markup, "h1", "Most read");
        let (headline, remark) = choose(&draft, &["Daily Post".into()]).unwrap();
        assert_eq!((headline.as_str(), remark.place.as_str()), ("Ice in the old harbour", "h1"));
    }

    #[test]
    fn the_headline_is_the_one_that_the_newsroom_stands_by() {
        let (title, og, h1) = ("title", "meta[og:title]", "h1");
        let (news, page) = ("json-ld headline[NewsArticle]", "json-ld headline");
        let cases: [(&[(&str, &str)], &str); 9] = [
            // The page was reworded for search engines; the newsroom's record was not.
            (
                &[
                    (news, "Ice closes the old harbour"),
                    (og, "Harbour: This is why it froze"),
                    (h1, "Harbour: This is why it froze"),
                    (title, "Harbour: This is why it froze"),
                ],
                "Ice closes the old harbour",
            ),
            // A program that copies the title is no newsroom.
            (
                &[
                    (page, "The harbour ice guide for 2024"),
                    (og, "The harbour ice guide for 2024"),
                    (h1, "All that you must know of harbour ice in 2024"),
                    (title, "The harbour ice guide for 2024"),
                ],
                "All that you must know of harbour ice in 2024",
            ),
            // Nor is one whose words are those of the title, where readers are shown others.
            (
                &[
                    (news, "Harbour freezes: seven changes"),
                    (og, "A harbour that froze has seen seven changes"),
                    (h1, "A harbour that froze has seen seven changes"),
                    (title, "Harbour freezes: seven changes"),
                ],
                "A harbour that froze has seen seven changes",
            ),
            // What is cut off, or has its section behind it, is the same headline.
            (
                &[(news, "Ice closes the old"), (h1, "Ice closes the old harbour at noon")],
                "Ice closes the old harbour at noon",
            ),
            (
                &[
                    (news, "Ice closes the harbour | World"),
                    (og, "Ice closes the harbour"),
                    (h1, "Ice closes the harbour"),
                ],
                "Ice closes the harbour",
            ),
            // Unless the page says it so twice.
            (
                &[
                    (news, "Ice on Friday: Is the harbour closed?"),
                    (og, "Ice on Friday: Is the harbour closed?"),
                    (h1, "Ice on Friday: Is the harbour closed? Pilots know"),
                ],
                "Ice on Friday: Is the harbour closed?",
            ),
            // Two kickers before one headline.
            (
                &[
                    (og, "Winter in the north: the harbour is closed again"),
                    (h1, "Ice - the harbour is closed again"),
                ],
                "the harbour is closed again",
            ),
            // Two wordings of one headline have no kicker.
            (
                &[
                    (og, "I sell old ice - the right day could save you money"),
                    (h1, "I sell very old ice - the right day could save you money"),
                ],
                "I sell very old ice - the right day could save you money",
            ),
            // An article is no kicker.
            (
                &[(og, "Best harbours of the north"), (h1, "The best harbours of the north")],
                "The best harbours of the north",
            ),
        ];
        for (remarks, headline) in cases {
            let mut draft = Draft::default();
            for (place, text) in remarks {
                let rung = match *place {
                    "h1" => Rung::Markup,
                    "title" => Rung::Title,
                    place if place.starts_with("json-ld") => Rung::JsonLd,
                    _ => Rung::Meta,
                };
                draft.note(Slot::Headline, rung, *place, *text);
            }
            assert_eq!(choose(&draft, &[]).unwrap().0, headline, "{remarks:?}");
        }
    }
}
