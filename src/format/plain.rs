//! Plain-text scrapes: a page already flattened, or an export of many articles.

mod export;

use super::{Format, FormatError, Input};
use crate::draft::{Block, Draft, Page};

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
fn page(input: Input<'_>, draft: &mut Draft) -> Page {
    let mut page = Page::default();
    page.blocks.reserve(input.text.len() / BYTES);
    let mut gap = 0;
    for (line, number) in input.text.lines().zip(input.first_line..) {
        let text = line.trim();
        if text.is_empty() {
            gap += 1;
            continue;
        }
        if page.blocks.len() == MOST_LINES {
            draft.cut(format!("it has more than {MOST_LINES} lines; the rest is not read"));
            break;
        }
        let indent = line.len() - line.trim_start_matches(' ').len();
        page.blocks.push(Block {
            text: text.to_owned(),
            line: number,
            gap,
            indent: u32::try_from(indent).unwrap_or(u32::MAX),
            ..Block::default()
        });
        gap = 0;
    }
    page
}
