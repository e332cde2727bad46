//! Plain-text scrapes: a page already flattened.

use super::{Format, FormatError, Input};
use crate::draft::{Block, Draft, Page};

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
        let mut page = Page::default();
        let mut gap = 0;
        for (line, number) in input.text.lines().zip(input.first_line..) {
            if line.trim().is_empty() {
                gap += 1;
                continue;
            }
            page.blocks.push(Block {
                text: line.trim().to_owned(),
                line: number,
                gap,
                ..Block::default()
            });
            gap = 0;
        }
        found(Ok(Draft { page: Some(page), ..Draft::default() }));
    }
}
