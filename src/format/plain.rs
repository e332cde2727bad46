//! Plain-text scrapes: a page already flattened, or an export of many articles.

mod export;

use super::gutter;
use super::markdown::{self, Markdown};
use super::wrap::{Line, Wrap};
use super::{Format, FormatError, Input, marked, notes, pieces};
use crate::draft::{Block, Draft, Page, unmarked};

/// The most lines that are read of a page; a text that has more is no article, and each costs memory.
const MOST_LINES: usize = 200_000;

/// A line of a flattened page has about so many bytes.
const BYTES: usize = 64;

/// Plain text.
pub struct Plain;

impl Format for Plain {
    fn name(&self) -> &'static str {
        "text"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["txt", "text"]
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        if markdown::fetched(input.text).is_some() {
            return Markdown.read(input, found);
        }
        let documents = export::documents(input.text);
        for (number, lines) in (1..).zip(&documents) {
            found(Ok(export::draft(number, lines, input.first_line)));
        }
        if documents.is_empty() {
            let mut draft = Draft::default();
            draft.page = Some(page(input, &mut draft));
            found(Ok(draft));
        }
    }
}

/// The lines of a page; `draft` is told where there are too many.
pub(super) fn page(input: Input<'_>, draft: &mut Draft) -> Page {
    let mut page = Page::default();
    page.blocks.reserve(input.text.len() / BYTES);
    let marked = marked::lines(input.text);
    let own = marked.iter().flatten().map(|(number, line)| (&line[..], *number));
    let file = match marked {
        Some(_) => "",
        None => input.text,
    };
    let source = lines(file).zip(0..).chain(own);
    let wrap = Wrap::of(source.clone().map(|(line, _)| line));
    let mut above: Option<Line> = None;
    let mut gap = 0;
    for (line, number) in source {
        let text = unmarked(trim(line));
        if text.is_empty() {
            gap += 1;
            continue;
        }
        if let Some(wrap) = &wrap {
            let own = Line::of(line);
            let last = std::mem::replace(&mut above, own);
            if let (0, Some(last), Some(own)) = (gap, &last, &own)
                && let Some(block) = page.blocks.last_mut()
                && wrap.joins(last, own)
            {
                wrap.join(&mut block.text, last, own, text);
                continue;
            }
        }
        if page.blocks.len() == MOST_LINES {
            draft.cut(format!("it has more than {MOST_LINES} lines; the rest is not read"));
            break;
        }
        let indent = match line.starts_with(' ') {
            true => line.len() - line.trim_start_matches(' ').len(),
            false => 0,
        };
        page.blocks.push(Block {
            text: text.to_owned(),
            line: input.first_line.saturating_add(number),
            gap,
            indent: u32::try_from(indent).unwrap_or(u32::MAX),
            ..Block::default()
        });
        gap = 0;
    }
    if wrap.is_none() {
        pieces::join(&mut page.blocks);
    }
    marked::clear(&mut page.blocks);
    gutter::clear(&mut page.blocks);
    notes::clear(&mut page.blocks);
    page
}

/// As [`str::lines`], but many bytes are looked at in one step.
fn lines(text: &str) -> impl Iterator<Item = &str> + Clone {
    let mut from = 0;
    let last = (!text.is_empty() && !text.ends_with('\n')).then_some(text.len());
    memchr::memchr_iter(b'\n', text.as_bytes()).chain(last).map(move |end| {
        let line = &text[from..end];
        from = end + 1;
        match end < text.len() {
            true => line.strip_suffix('\r').unwrap_or(line),
            false => line,
        }
    })
}

/// As [`str::trim`], for lines that begin and end in blanks of ASCII or none.
fn trim(line: &str) -> &str {
    let line = line.trim_ascii();
    let mut letters = line.chars();
    let blank = |c: Option<char>| c.is_some_and(char::is_whitespace);
    match blank(letters.next()) || blank(letters.next_back()) {
        true => line.trim(),
        false => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_those_of_the_standard() {
        for text in ["", "\n", "a", "a\n", "a\r\nb", "a\n\nb\r", " \r\n\n", "\r\r\n ü"] {
            assert!(lines(text).eq(text.lines()), "{text:?}");
        }
        for text in ["", " a ", "\u{b}a", "a\u{a0}", "\u{3000} a", "•", "é b é", " \u{2003} \u{b}"]
        {
            assert_eq!(trim(text), text.trim(), "{text:?}");
        }
    }
}
