//! Chooses the headline among those that a page declares, and cuts the site's name off it.

use rustc_hash::FxHashSet;

use super::clean::{fold, line};
use crate::draft::{Draft, Remark, Rung, Slot};

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
            (without_site(&line(&remark.text), sites, &others), *remark)
        })
        .filter(|(text, _)| !text.is_empty() && !is_site(text, sites))
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
    let first_declared = || {
        declared.iter().copied().min_by_key(|(_, remark)| {
            (remark.rung, remark.rung == Rung::Meta && !remark.place.contains("og:"))
        })
    };
    best.map(|(_, candidate)| candidate)
        .or_else(first_declared)
        .or_else(|| cleaned.first())
        .map(|(text, remark)| (text.clone(), *remark))
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
        if short.len() >= 8 && short.len() < folded.len() {
            let around =
                folded.strip_prefix(short.as_str()).or_else(|| folded.strip_suffix(short.as_str()));
            if around.is_some_and(|rest| rest.starts_with(' ') || rest.ends_with(' ')) {
                for part in PARTS {
                    if let Some(at) = title.find(part).filter(|at| fold(&title[..*at]) == short) {
                        return title[..at].trim().to_owned();
                    }
                    if let Some(at) =
                        title.rfind(part).filter(|at| fold(&title[at + part.len()..]) == short)
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
    title.to_owned()
}

/// Whether a part of a title is the name of the site, or holds it and little else.
fn names_site(part: &str, sites: &[String]) -> bool {
    let part = joined(part);
    if part.len() < 2 {
        return false;
    }
    sites.iter().any(|site| {
        let site = joined(site);
        if site.len() < 3 {
            return part == site;
        }
        let bare = site.strip_prefix("the").unwrap_or(&site);
        part == site
            || part.strip_prefix("the").unwrap_or(&part) == bare
            || part.len() >= 4 && site.contains(&part)
            || bare.len() >= 4 && part.contains(bare) && part.len() <= bare.len() + 24
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
        ] {
            assert_eq!(without_site(title, &sites, &[]), headline, "{title}");
        }
        assert_eq!(
            without_site("Harbour frozen | World | Other", &sites, &["Harbour Frozen"]),
            "Harbour frozen"
        );
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
}
