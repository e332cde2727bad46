//! What stands above the body: headline, standfirst, kicker, byline and date.

use super::features::{Look, Sight};
use super::{Cut, cues, remark};
use crate::draft::{Block, Slot};

/// How far above the body the head may begin.
const REACH: usize = 40;

/// Finds the lines of the head, and takes them out of the kept ones.
pub(super) fn find(blocks: &[Block], sight: &Sight, kept: &mut [bool], cut: &mut Cut) {
    let Some(first) = first_paragraph(sight, kept) else { return };
    let Some(title) = headline(blocks, sight, first) else {
        beside(blocks, sight, kept, first.saturating_sub(8)..first, cut);
        return;
    };
    kept[..=title].fill(false);
    cut.remarks.push(remark(Slot::Headline, &blocks[title], &blocks[title].text));
    standfirst(blocks, sight, title, kept, cut);
    // What was taken for the first paragraph may have been the standfirst.
    let first = (title + 1..kept.len())
        .find(|&at| kept[at] && sight.looks[at].running())
        .unwrap_or(first.max(title + 1))
        .min(title + REACH)
        .min(blocks.len());
    kickers(blocks, sight, title, first, kept, cut);
    beside(blocks, sight, kept, title.saturating_sub(5)..(first + 2).min(blocks.len()), cut);
}

/// The first line kept that is a paragraph.
fn first_paragraph(sight: &Sight, kept: &[bool]) -> Option<usize> {
    let looks = &sight.looks;
    let long = |at: &usize| kept[*at] && looks[*at].running();
    (0..kept.len()).find(long).or_else(|| {
        let start = (0..kept.len()).find(|&at| kept[at])?;
        Some((start + 1).min(kept.len() - 1))
    })
}

/// The line above the first paragraph that looks most like its headline.
fn headline(blocks: &[Block], sight: &Sight, first: usize) -> Option<usize> {
    let mut best = (1.5, None);
    for at in first.saturating_sub(REACH)..first {
        let look = &sight.looks[at];
        let wide = look.wide >= 6;
        if look.words < 2 && !wide || look.words > 32 || look.bullet || look.chars > 240 {
            continue;
        }
        let text = blocks[at].text.as_str();
        if dated(look) && look.words <= 8 || opens_byline(text) || look.colon {
            continue;
        }
        let mut worth = (look.words.min(9)) as f32 * 0.35;
        worth += 4.0 * sight.likeness(at).min(0.7);
        worth -= 6.0 * look.cue_words as f32 / look.words.max(1) as f32;
        worth -= 0.10 * (first - at) as f32;
        worth += if blocks[at].gap > 0 { 0.8 } else { 0.0 };
        worth += if blocks.get(at + 1).is_some_and(|next| next.gap > 0) { 0.8 } else { 0.0 };
        worth += if sight.echo[at].iter().any(|&far| far < 60.0) { 0.6 } else { 0.0 };
        worth -= if look.closed && !look.question { 2.0 } else { 0.0 };
        worth -= if look.lower_start { 1.5 } else { 0.0 };
        worth -= if look.running() { 1.5 } else { 0.0 };
        worth -= if look.bars > 0 || look.address { 1.5 } else { 0.0 };
        if worth > best.0 {
            best = (worth, Some(at));
        }
    }
    // A line that stands where a headline would but is full of function words is a standfirst:
    // the headline is the line above it.
    best.1
}

/// `Analysis | Global Crises`, beside the headline or between it and the body.
fn kickers(
    blocks: &[Block],
    sight: &Sight,
    title: usize,
    first: usize,
    kept: &mut [bool],
    cut: &mut Cut,
) {
    for at in (title + 1..first).chain((title.saturating_sub(3)..title).rev()) {
        let look = &sight.looks[at];
        let text = blocks[at].text.as_str();
        let plain = look.words >= 1 && look.words <= 6 && !look.closed && look.digits == 0;
        if !plain || text.len() > 60 || look.address || furniture(look) {
            continue;
        }
        let mut parts = text.split(" | ");
        if let (Some(kind), Some(section), None) = (parts.next(), parts.next(), parts.next()) {
            cut.remarks.push(remark(Slot::Kind, &blocks[at], kind));
            cut.remarks.push(remark(Slot::Section, &blocks[at], section));
            kept[at] = false;
            return;
        }
        // A short line just above the headline is its kicker.
        if at + 1 == title && !look.bullet && look.words <= 3 && !text.contains(['_', '.', '/']) {
            cut.remarks.push(remark(Slot::Section, &blocks[at], text));
            return;
        }
    }
}

/// A summary between the headline and the lines on who wrote it and when.
fn standfirst(blocks: &[Block], sight: &Sight, title: usize, kept: &mut [bool], cut: &mut Cut) {
    let at = title + 1;
    let Some(look) = sight.looks.get(at) else { return };
    if look.words < 7 || look.words > 60 || opens_byline(&blocks[at].text) || furniture(look) {
        return;
    }
    // Only where lines of the head stand below it: else it may be the first paragraph.
    let below = sight.looks.iter().enumerate().skip(at + 1).take(4);
    let mut between = 0;
    for (at, look) in below {
        if look.running() {
            break;
        }
        let head = dated(look)
            || opens_byline(&blocks[at].text)
            || look.bars > 0
            || look.cues & (cues::BYLINE | cues::SHARE) != 0
            || look.words <= 4 && !look.closed && !kept[at];
        between += usize::from(head);
    }
    if between > 0 {
        kept[at] = false;
        cut.remarks.push(remark(Slot::Standfirst, &blocks[at], &blocks[at].text));
    }
}

/// Bylines and dates near the headline; never those of captions, teasers or running text.
fn beside(
    blocks: &[Block],
    sight: &Sight,
    kept: &mut [bool],
    range: std::ops::Range<usize>,
    cut: &mut Cut,
) {
    for at in range {
        let look = &sight.looks[at];
        let text = blocks[at].text.as_str();
        if look.words == 0 || look.words > 16 || look.running() || text.len() > 160 {
            continue;
        }
        let by = opens_byline(text);
        let day = dated(look) && !(look.closed && look.words > 6);
        if by {
            cut.remarks.push(remark(Slot::Author, &blocks[at], text));
        } else if names_alone(text, look)
            && sight.looks.get(at + 1).is_some_and(|next| dated(next) && next.words <= 8)
        {
            let mut names = remark(Slot::Author, &blocks[at], text);
            names.place = format!("above a date, {}", names.place);
            cut.remarks.push(names);
            kept[at] = false;
        }
        if day && look.cues & cues::CREDIT == 0 {
            cut.remarks.push(remark(Slot::Published, &blocks[at], text));
        }
        if by || day {
            kept[at] = false;
        }
    }
}

/// Whether a line is nothing but names: capital words, and what joins them.
fn names_alone(text: &str, look: &Look) -> bool {
    let joins = |word: &str| matches!(word, "and" | "und" | "et" | "y" | "e" | "og" | "och" | "&");
    (2..=12).contains(&look.words)
        && look.digits == 0
        && !look.closed
        && text
            .split_whitespace()
            .all(|word| word.starts_with(char::is_uppercase) || joins(word) || word.len() <= 3)
}

fn furniture(look: &Look) -> bool {
    let page = cues::APPEAL | cues::SHARE | cues::MORE | cues::LEGAL | cues::REPLY;
    look.cues & page != 0 && look.words <= 12
}

/// Whether a line holds a day: a year with a month or with more digits, or `12.03.24`.
fn dated(look: &Look) -> bool {
    look.year && (look.cues & cues::MONTH != 0 || look.digits >= 5)
        || look.digits >= 6 && look.words <= 6
}

/// Whether a line begins as bylines do.
fn opens_byline(text: &str) -> bool {
    let start = text.trim_start_matches(['-', '–', '|', '•', '*', ' ']);
    let word = start.split([' ', ':', '\u{a0}']).next().unwrap_or_default().to_lowercase();
    let rest = start.get(word.len()..).unwrap_or_default().trim_start_matches([' ', ':', '\u{a0}']);
    let opens = matches!(
        word.as_str(),
        "by" | "von"
            | "par"
            | "por"
            | "door"
            | "av"
            | "af"
            | "di"
            | "autor"
            | "author"
            | "text"
            | "auteur"
    );
    opens
        && rest.chars().next().is_some_and(|c| c.is_uppercase() || c == '@')
        && start.split_whitespace().count() <= 16
}
