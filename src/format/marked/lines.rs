//! Lines of Markdown that go on in the next: filled to a width, or with a link over several.

use std::borrow::Cow;

use super::{LINKS, heading, is_point, link};

/// Programs that make Markdown of pages fill lines to 72 signs and more, ...
const NARROWEST: usize = 68;
/// ... and to no more than so many.
const WIDEST: usize = 100;
/// Lines are filled if so many of them go on in the next as if they were, ...
const LEAST: usize = 4;
/// ... and so many of ten of all that go on.
const OF_TEN: usize = 7;

/// The lines of a text with links, each with the number of the first of those that it is made of, from
/// 0; `None` of any other text, whose lines are those of the file.
///
/// The words of a link that stand on several lines do so still.
pub fn lines(text: &str) -> Option<Vec<(u32, String)>> {
    let links = memchr::memmem::find_iter(text.as_bytes(), "](").take(LINKS).count();
    if links < LINKS {
        return None;
    }
    let filled = is_filled(text);
    let whole = whole_links(text);
    let mut lines: Vec<(u32, String)> = Vec::new();
    let mut above = "";
    for (line, number) in whole.lines().zip(0..) {
        match lines.last_mut() {
            Some((_, last)) if filled && goes_on(above, line) => {
                last.truncate(last.trim_end().len());
                last.push(' ');
                last.push_str(line.trim());
            }
            _ => lines.push((number, line.to_owned())),
        }
        above = line;
    }
    Some(lines)
}

/// Whether a line is of the same paragraph as the line above, by the rules of Markdown.
fn goes_on(above: &str, line: &str) -> bool {
    let block = |line: &str| {
        let line = line.trim_start();
        line.is_empty() || line.starts_with(['|', '`', '~'])
    };
    let begins = |line: &str| {
        let line = line.trim_start();
        is_point(line) || line.starts_with('>') || rule(line)
    };
    let broken = above.ends_with("  ") || above.ends_with('\\');
    // Programs fill headings, too.
    let headed = heading(above).is_some() && !is_full(above, line) || heading(line).is_some();
    !broken && !headed && !block(above) && !rule(above) && !block(line) && !begins(line)
}

/// Whether the first word of a line would not have had room in the line above.
fn is_full(above: &str, line: &str) -> bool {
    let chars = above.trim_end().chars().count();
    let word = line.split_whitespace().next().unwrap_or_default().chars().count();
    chars <= WIDEST && chars + 1 + word > NARROWEST
}

/// Whether a line is drawn, not written: `* * *`, `---`.
fn rule(line: &str) -> bool {
    !line.trim().is_empty() && line.chars().all(|c| c.is_whitespace() || "*-_=".contains(c))
}

/// Whether lines were filled to a width.
fn is_filled(text: &str) -> bool {
    let (mut full, mut all) = (0, 0);
    let mut above = "";
    for line in text.lines() {
        if goes_on(above, line) && !above.is_empty() {
            all += 1;
            full += usize::from(is_full(above, line));
        }
        above = line;
    }
    full >= LEAST && full * 10 >= all * OF_TEN
}

/// A text in which a link over several lines is the lines of its words.
fn whole_links(text: &str) -> Cow<'_, str> {
    let mut out = String::new();
    // What is copied, and what is looked through.
    let (mut copied, mut from) = (0, 0);
    while let Some(at) = memchr::memchr(b'[', &text.as_bytes()[from..]).map(|at| from + at) {
        from = at + 1;
        let Some((words, behind)) = link(&text[at..]) else { continue };
        let end = text.len() - behind.len();
        let breaks = |text: &str| text.matches('\n').count();
        let all = breaks(&text[at..end]);
        if all == 0 || text[at..end].contains("\n\n") {
            continue;
        }
        out.push_str(&text[copied..at]);
        out.push_str(words);
        // Lines keep their numbers.
        out.extend(std::iter::repeat_n('\n', all - breaks(words)));
        (copied, from) = (end, end);
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    out.push_str(&text[copied..]);
    Cow::Owned(out)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn filled_lines_and_broken_links_are_whole() {
        let filled = "* [News](https://a.example/news)\n* [Sport](https://a.example/sport)\n\n\
            The ferries to the islands will not sail before the end of the month, as\n\
            the [port](https://a.example/port) said, which has asked the owners of the\n\
            ships to wait until the ice that has closed the harbour since January is\n\
            gone, and to keep their crews on board, where there is [coal for\n\
            weeks](https://a.example/coal).\n";
        let lines = lines(filled).unwrap();
        assert_eq!(lines.len(), 4);
        assert_eq!(lines[3].0, 3);
        assert!(lines[3].1.ends_with("there is coal for weeks."), "{}", lines[3].1);
    }

    #[test]
    fn lines_of_a_card_stay_apart() {
        let card = "[a](/a) [b](/b)\n\n[About us\nWho we are](/about)\n\nText";
        let texts: Vec<String> = lines(card).unwrap().into_iter().map(|(_, line)| line).collect();
        assert_eq!(texts, ["[a](/a) [b](/b)", "", "About us", "Who we are", "", "Text"]);
        assert!(lines("No links at all").is_none());
    }
}
