//! Texts that a program took from a page piece by piece, each on a line of its own, so that links and
//! emphasis cut sentences: `The council said` / `Ana Ruiz` / `, who leads it.`
//!
//! No other text has lines that begin with a comma or a full stop; where there are some, lines are
//! put together that cannot stand alone.

use super::head::opens_byline;
use crate::draft::Block;

/// So many lines that begin with what ends a clause are no chance.
const LEAST: usize = 2;
/// A link within a sentence has at most so many words, ...
const LINK: usize = 12;
/// ... and what stands before it in the sentence at least so many.
const BEFORE: usize = 3;
/// So many words are of a sentence.
const SENTENCE: usize = 10;

/// Puts the pieces of sentences together, where a text has some.
pub(super) fn join(blocks: &mut Vec<Block>) {
    // Programs have such lines, too, but no words before them.
    let cut = blocks.windows(2).filter(|two| {
        let [above, below] = two else { return false };
        below.gap == 0
            && closes(&below.text)
            && below.text.starts_with([',', '.', '’', '\''])
            && above.text.ends_with(char::is_alphanumeric)
    });
    if cut.count() < LEAST {
        return;
    }
    let mut pieces = std::mem::take(blocks).into_iter().peekable();
    while let Some(piece) = pieces.next() {
        let next = pieces.peek().filter(|next| next.gap == 0);
        match blocks.last_mut().filter(|_| piece.gap == 0) {
            Some(whole) if closes(&piece.text) => whole.text.push_str(&piece.text),
            Some(whole) if belongs(&whole.text, &piece.text, next.map(|next| &next.text[..])) => {
                if !opens(&whole.text) {
                    whole.text.push(' ');
                }
                whole.text.push_str(&piece.text);
            }
            _ => blocks.push(piece),
        }
    }
}

/// Whether a text ends in what stands right before a word. Some quotation marks open in one language
/// and close in another, but only the former stand behind a blank.
fn opens(text: &str) -> bool {
    let mut signs = text.chars().rev();
    match signs.next() {
        Some('(' | '[') => true,
        Some('"' | '“' | '„' | '«' | '»' | '‘' | '‚') => {
            signs.next().is_none_or(|c| c.is_whitespace() || c == '(')
        }
        _ => false,
    }
}

/// Whether a line begins with what ends a clause.
fn closes(text: &str) -> bool {
    let mut signs = text.chars();
    let (first, second) = (signs.next(), signs.next());
    match first {
        Some(',' | ';' | ')' | '”' | '»') => true,
        // No time of day, no number, no name of a file, and no dots in place of words.
        Some('.' | '!' | '?' | ':') => second.is_none_or(|c| c.is_whitespace() || c == '”'),
        Some('’' | '\'') => second == Some('s'),
        _ => false,
    }
}

/// Whether a line is of the sentence that another begins; `next` is the one behind it.
fn belongs(whole: &str, piece: &str, next: Option<&str>) -> bool {
    if opens(whole) {
        return true;
    }
    let ended = whole.ends_with([
        '.', '!', '?', '…', ':', ';', '"', '”', '“', '»', '«', '|', '>', '。', '！', '？',
    ]);
    if ended {
        return false;
    }
    let least = |text: &str, words: usize| text.split_whitespace().nth(words - 1).is_some();
    let small = |text: &str| text.starts_with(char::is_lowercase);
    if small(piece) && (least(whole, SENTENCE) || least(piece, SENTENCE)) {
        return true;
    }
    // Below a headline `by` stands alone, and the name behind it.
    let goes_on = |text: &str| {
        small(text)
            && (least(text, BEFORE + 1) || text.ends_with(['.', '!', '?']))
            && !opens_byline(text)
    };
    let link = !least(piece, LINK + 1) && !opens_byline(piece);
    least(whole, BEFORE)
        && (goes_on(piece) || link && next.is_some_and(|next| closes(next) || goes_on(next)))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        let mut gap = 0;
        let mut blocks = Vec::new();
        for line in text.lines() {
            if line.is_empty() {
                gap += 1;
            } else {
                blocks.push(Block { text: line.to_owned(), gap, ..Block::default() });
                gap = 0;
            }
        }
        join(&mut blocks);
        blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn sentences_cut_at_links_are_whole_again() {
        let text = "Home\nNews\nFerry to stop\nBy\nPer Lund\nThe committee for harbours, led by\nAna \
                    Ruiz\n, voted to close the ferry (as\nThe Gazette\nreported on Monday) for the \
                    winter.\nIt will sail again in\nApril\n.\nMore on this\nA bridge?\n";
        assert_eq!(
            joined(text),
            [
                "Home",
                "News",
                "Ferry to stop",
                "By",
                "Per Lund",
                "The committee for harbours, led by Ana Ruiz, voted to close the ferry (as The \
                 Gazette reported on Monday) for the winter.",
                "It will sail again in April.",
                "More on this",
                "A bridge?",
            ]
        );
    }

    #[test]
    fn other_texts_stay_as_they_are() {
        let text =
            "Ferry to stop\nthe week in pictures\nletters to the editor\n.htaccess\n:5 left\n";
        assert!(joined(text).iter().eq(text.lines()));
    }
}
