//! Saved HTML pages.

mod declared;
mod dom;
mod page;

use super::{Format, FormatError, Input};
use crate::draft::Draft;
use dom::Dom;

/// A saved page.
pub struct Html;

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml", "shtml"]
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        let dom = Dom::parse(input.text);
        let mut draft = Draft::default();
        declared::comments(input.text, &mut draft);
        declared::report(&dom, &mut draft);
        let (page, whole) = page::page(&dom);
        if let Some(why) = dom.cut() {
            draft.cut(why);
        }
        if !whole {
            let most = page::MOST_BLOCKS;
            draft.cut(format!("it has more than {most} paragraphs; the rest is not read"));
        }
        draft.page = Some(page);
        found(Ok(draft));
    }
}

/// The text of a piece of HTML that is nothing but an article: its blocks, parted by empty lines.
pub(super) fn prose(html: &str) -> String {
    let (page, _) = page::page(&Dom::parse(html));
    let blocks: Vec<&str> = page.blocks.iter().map(|block| block.text.as_str()).collect();
    blocks.join("\n\n")
}
