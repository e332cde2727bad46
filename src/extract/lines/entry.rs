//! What a program for blogs prints below an entry, run together when it was flattened: what it is filed
//! under, who wrote it, its day, and its topics (`Local newsAda NagyMarch 5, 2024harbour, ferries`).

use super::look::Look;
use crate::draft::Block;
use crate::extract::date::{self, Habit};

/// What such a line says.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Entry<'t> {
    /// Which line it is.
    pub at: usize,
    /// What the entry is filed under; empty where it is not.
    pub label: &'t str,
    /// Who wrote it.
    pub writer: &'t str,
    /// The day, as it is written.
    pub day: &'t str,
    /// What follows the day.
    pub topics: &'t str,
}

/// Its own line, that of the entry before and that of the one after; where there are more, it is a list
/// of entries.
const MOST: usize = 3;

/// The longest such line, in bytes.
const LONGEST: usize = 2_000;

/// The first line from `from` on that says what an entry is filed under, who wrote it and when.
pub(super) fn find<'b>(blocks: &'b [Block], looks: &[Look], from: usize) -> Option<Entry<'b>> {
    let lines = blocks.iter().zip(looks).enumerate().skip(from);
    let glued = lines.filter(|(_, (_, look))| look.glued && look.digits >= 5);
    let mut found = glued.filter_map(|(at, (block, _))| read(at, block.text.trim()));
    let first = found.next()?;
    (found.count() < MOST).then_some(first)
}

fn read(at: usize, text: &str) -> Option<Entry<'_>> {
    if text.len() > LONGEST {
        return None;
    }
    let seams = seams(text);
    seams.iter().enumerate().find_map(|(number, &seam)| {
        let (day, topics) = day(&text[seam..])?;
        let begins = number.checked_sub(1).map_or(0, |before| seams[before]);
        let (label, writer) = (text[..begins].trim(), text[begins..seam].trim());
        // Without a seam beside it more it is a name before a day, as anywhere.
        let whole = topics.starts_with(char::is_alphabetic) || topics.is_empty() && begins > 0;
        (whole && is_writer(writer)).then_some(Entry { at, label, writer, day, topics })
    })
}

/// Where a capital follows a small letter: `newsAda`, and not `McDonald`.
fn seams(text: &str) -> Vec<usize> {
    let mut seams = Vec::new();
    let (mut word, mut last) = (0, ' ');
    for (at, c) in text.char_indices() {
        if c.is_uppercase() && last.is_lowercase() && !matches!(&text[word..at], "Mc" | "Mac") {
            seams.push(at);
        }
        if c.is_alphabetic() && (!last.is_alphabetic() || c.is_uppercase()) {
            word = at;
        }
        last = c;
    }
    seams
}

/// The day that a text begins with, to the end of its year, and what follows.
fn day(text: &str) -> Option<(&str, &str)> {
    let digit = |at: &usize| text.as_bytes()[*at].is_ascii_digit();
    let year =
        (0..text.len().saturating_sub(3).min(24)).find(|at| (*at..at + 4).all(|at| digit(&at)))?;
    let (day, rest) = text.split_at(year + 4);
    let found = date::find_all(day, Habit { day_first: None }, false);
    let whole = found.first().is_some_and(|one| one.range == (0..day.len()));
    whole.then_some((day, rest))
}

/// Whether a text may be the name of who wrote an entry: one word to four, each with a capital.
fn is_writer(name: &str) -> bool {
    let words = name.split(' ');
    let capital = |word: &str| word.starts_with(char::is_uppercase);
    name.len() <= 40
        && (1..=4).contains(&words.clone().count())
        && words.clone().all(capital)
        && name.chars().all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_parts_of_an_entry_are_told_apart() {
        let shown = |text: &str| {
            read(0, text).map(|one| [one.label, one.writer, one.day, one.topics].join("|"))
        };
        for (text, parts) in [
            (
                "Local newsAda NagyMarch 5, 2024harbour, ferries",
                "Local news|Ada Nagy|March 5, 2024|harbour, ferries",
            ),
            (
                "Ports, FerriesTom McDonaldMay 12, 2019boats",
                "Ports, Ferries|Tom McDonald|May 12, 2019|boats",
            ),
            ("slow travelAdaMarch 18, 2024", "slow travel|Ada|March 18, 2024|"),
            ("AdaMarch 18, 2024sea, ice", "|Ada|March 18, 2024|sea, ice"),
        ] {
            assert_eq!(shown(text).as_deref(), Some(parts), "{text}");
        }
        for text in [
            "Ada NagyMarch 5, 2024",
            "Ada Nagy, March 5, 2024",
            "The harbourIce came late in March 2024",
            "JavaScript was first shown in December 1995",
        ] {
            assert_eq!(shown(text), None, "{text}");
        }
    }
}
