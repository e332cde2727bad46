//! The notes of a flattened text, and the marks in it that lead to them.
//!
//! Programs that make pages of Markdown end each note by an arrow that leads back (`↩`), and raise the number
//! of a note behind a word. Flattened, that number is glued to the word (`Sanskrit,1 or`, `variants2 of`), which
//! nobody would find then.

use std::collections::HashMap;
use std::ops::Range;

use crate::draft::Block;

/// The arrow that leads back, and how it may be shown.
const BACK: char = '↩';
const SHOWN: [char; 2] = ['\u{fe0e}', '\u{fe0f}'];

/// The most notes that a text has: each may be what any mark leads to. Where there are more, the marks stay.
const MOST: usize = 500;
/// So many numbers are looked at that may be marks.
const MOST_MARKS: usize = 5_000;

/// Takes the numbers and arrows of notes out of a text, and the marks that lead to them.
pub(super) fn clear(blocks: &mut [Block]) {
    let mut count = 0;
    let mut first = None;
    for (at, block) in blocks.iter_mut().enumerate() {
        let Some(note) = note(&block.text) else { continue };
        count += 1;
        first.get_or_insert(at);
        let number = format!("{count}. ");
        block.text = note.strip_prefix(&number[..]).unwrap_or(note).trim().to_owned();
    }
    let Some(first) = first.filter(|_| count <= MOST) else { return };
    let text = &mut blocks[..first];
    let marks = ascending(marks(text, count), count);
    if marks.len() * 2 >= count {
        // From the last to the first, so that all stand where they were found.
        for mark in marks.into_iter().rev() {
            text[mark.line].text.replace_range(mark.place, "");
        }
    }
}

/// A note without its arrows; `None` of any other line. One that is led to from several places has an arrow for
/// each: `↩ ↩2`.
fn note(text: &str) -> Option<&str> {
    if text.is_ascii() {
        return None;
    }
    let end = |c: char| c == BACK || SHOWN.contains(&c) || c == ' ' || c.is_ascii_digit();
    let at = text.find(BACK).filter(|at| text[*at..].chars().all(end))?;
    Some(text[..at].trim_end()).filter(|note| !note.is_empty())
}

/// A number that may be the mark of a note.
#[derive(Debug, Clone)]
struct Mark {
    line: usize,
    /// With the blank before it.
    place: Range<usize>,
    number: usize,
    /// Whether nothing stands between it and the word before it.
    glued: bool,
}

/// All numbers of a text that may be marks of so many notes, in its order.
fn marks(text: &[Block], count: usize) -> Vec<Mark> {
    // `conv1` and `conv2` are names.
    let mut stems: HashMap<&str, u32> = HashMap::new();
    let mut marks = Vec::new();
    for (line, block) in text.iter().enumerate() {
        let text = &block.text[..];
        let mut from = 0;
        while let Some(start) = text[from..].find(|sign: char| sign.is_ascii_digit()) {
            let start = from + start;
            let rest = text[start..].trim_start_matches(|sign: char| sign.is_ascii_digit());
            from = text.len() - rest.len();
            if let Some((stem, blank)) = stem(&text[..start]) {
                if blank == 0 {
                    *stems.entry(stem).or_default() += 1;
                }
                let number = text[start..from].parse().ok();
                let number = number.filter(|number| (1..=count).contains(number));
                let ends = !rest.starts_with(char::is_alphanumeric)
                    && !rest.starts_with(['_', '-', '/', '(', '[', '=', '$', '%', '@'])
                    && !["::", " )"].iter().any(|code| rest.starts_with(code));
                if let Some(number) = number.filter(|_| ends && marks.len() < MOST_MARKS) {
                    let place = start - blank..from;
                    marks.push((stem, Mark { line, place, number, glued: blank == 0 }));
                }
            }
        }
    }
    marks.retain(|(stem, mark)| !mark.glued || stem.ends_with(CLOSES) || stems[stem] == 1);
    marks.into_iter().map(|(_, mark)| mark).collect()
}

/// What ends a sentence or a part of it, before a mark.
const CLOSES: [char; 9] = ['.', ',', ';', ':', '!', '?', '…', '。', '，'];

/// The end of what stands before a mark, down to the last word, and how many blanks are between them; `None`
/// where no mark stands: behind `fig.`, `x`, `AssessJob`, or in a number.
fn stem(before: &str) -> Option<(&str, usize)> {
    let text = before.trim_end_matches(' ');
    let blank = before.len() - text.len();
    let closed = text.trim_end_matches(['”', '’', '"', '\'', '»', ')', ']']);
    let bare = closed.trim_end_matches(CLOSES);
    let word = bare.trim_end_matches(char::is_alphabetic).len();
    let letters = bare[word..].chars().count();
    let plain = !bare[word..].chars().skip(1).any(char::is_uppercase);
    let may = match bare.len() == text.len() {
        // Right behind a word.
        true => blank == 0 && plain && letters >= LETTERS,
        // Behind a sentence.
        false if blank > 0 => closed.len() > bare.len() && !closed.ends_with([',', ';']),
        false => plain && (letters >= LETTERS || letters >= 2 && !closed.ends_with('.')),
    };
    may.then_some((&text[word..], blank))
}

/// A word of fewer letters that runs into a number is a name, or cut short.
const LETTERS: usize = 4;

/// Of the numbers in a text the longest row that ascends; those that are glued to a word count twice.
fn ascending(marks: Vec<Mark>, count: usize) -> Vec<Mark> {
    // Of the rows that end in each number the best, and its last mark.
    let mut best: Vec<(u32, Option<usize>)> = vec![(0, None); count + 1];
    let mut before = Vec::with_capacity(marks.len());
    for (at, mark) in marks.iter().enumerate() {
        let (sum, last) = best[..mark.number]
            .iter()
            .rev()
            .max_by_key(|(sum, _)| *sum)
            .copied()
            .unwrap_or_default();
        before.push(last);
        let sum = sum + 1 + u32::from(mark.glued);
        if sum > best[mark.number].0 {
            best[mark.number] = (sum, Some(at));
        }
    }
    let mut last = best.iter().max_by_key(|(sum, _)| *sum).and_then(|(_, last)| *last);
    let mut row = Vec::new();
    while let Some(at) = last {
        row.push(marks[at].clone());
        last = before[at];
    }
    row.reverse();
    row
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleared(text: &str) -> String {
        let block = |text: &str| Block { text: text.to_owned(), ..Block::default() };
        let mut blocks: Vec<Block> = text.lines().map(block).collect();
        clear(&mut blocks);
        let texts: Vec<String> = blocks.into_iter().map(|block| block.text).collect();
        texts.join("\n")
    }

    #[test]
    fn marks_that_lead_to_notes_are_no_text() {
        assert_eq!(
            cleared(
                "The ferries1 of Holm, \u{201c}frozen,\u{201d}2 said Harbour. 3 Ships.\nIn fig.4 of 1914, x4 and \
                 harbour4.\n1. All. ↩\n2. Most of\nthem in 1912 ↩ ↩2\n3. Or so.↩\u{fe0e}\n4. Here. ↩"
            ),
            "The ferries of Holm, \u{201c}frozen,\u{201d} said Harbour. Ships.\nIn fig.4 of 1914, x4 and \
             harbour.\nAll.\n2. Most of\nthem in 1912\nOr so.\nHere."
        );
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            "The ferries1 of Holm.\n1. All.",
            "The ferries of Holm, 1 of 2, and 1912.\nAll. ↩ of them",
            "Berth1 ↩ or berth2",
        ] {
            assert_eq!(cleared(text), text);
        }
        assert_eq!(cleared("The ferry1 of Holm.\nA ↩\nB ↩\nC ↩"), "The ferry1 of Holm.\nA\nB\nC");
        assert_eq!(cleared("Ice.\n↩"), "Ice.\n↩");
        for text in
            ["The berth1 and the berth2.", "The berth1 and the berth1.", "The HarbourMaster1 said."]
        {
            assert_eq!(cleared(&format!("{text}\nA ↩\nB ↩")), format!("{text}\nA\nB"));
        }
    }
}
