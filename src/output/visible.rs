//! Text of an archive for a terminal: nothing in it may move the cursor or turn the letters round.

use unicode_width::UnicodeWidthStr;

/// The text on one line, with control and bidi characters made visible.
///
/// ```
/// assert_eq!(fiche::output::visible::line("a\u{1b}[2J\nb"), "a\\u{1b}[2J b");
/// ```
pub fn line(text: &str) -> String {
    let mut shown = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '\n' | '\t' | '\r' => shown.push(' '),
            c if is_unsafe(c) => shown.extend(c.escape_unicode()),
            c => shown.push(c),
        }
    }
    shown
}

/// The text with its line ends, the rest as [`line()`].
pub fn lines(text: &str) -> String {
    text.split('\n').map(line).collect::<Vec<_>>().join("\n")
}

fn is_unsafe(c: char) -> bool {
    c.is_control()
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{2069}'
            | '\u{feff}' | '\u{e0000}'..='\u{e007f}' | '\u{fff9}'..='\u{fffb}')
}

/// The columns that a text takes on a screen.
pub fn columns(text: &str) -> usize {
    text.width()
}

/// Pieces of text, broken into lines of at most `width` columns at their blanks.
///
/// Each piece keeps its flag; a word longer than a line stands on one of its own.
pub fn wrap(pieces: &[(String, bool)], width: usize) -> Vec<Vec<(String, bool)>> {
    let mut lines: Vec<Vec<(String, bool)>> = vec![Vec::new()];
    let mut used = 0;
    // A word may be made of several pieces: `[tax]es`.
    let mut word: Vec<(String, bool)> = Vec::new();
    let mut flush = |word: &mut Vec<(String, bool)>, lines: &mut Vec<Vec<(String, bool)>>| {
        if word.is_empty() {
            return;
        }
        let size: usize = word.iter().map(|(text, _)| columns(text)).sum();
        if used > 0 && used + 1 + size > width {
            lines.push(Vec::new());
            used = 0;
        }
        if let Some(line) = lines.last_mut() {
            if used > 0 {
                line.push((" ".to_owned(), false));
                used += 1;
            }
            line.append(word);
        }
        used += size;
    };
    for (text, flag) in pieces {
        for (number, part) in text.split(' ').enumerate() {
            if number > 0 {
                flush(&mut word, &mut lines);
            }
            if !part.is_empty() {
                word.push((part.to_owned(), *flag));
            }
        }
    }
    flush(&mut word, &mut lines);
    lines
}
