//! Saved HTML pages.

mod declared;
mod dom;
mod page;
mod stories;
mod tokens;

use super::{Format, FormatError, Input};
use crate::draft::{Block, Draft, Rung, Slot};
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

    fn sniff(&self, head: &str) -> bool {
        const OPENINGS: [&str; 12] = [
            "<head>", "<body", "<title", "<meta ", "<div", "<p>", "<p ", "<h1", "<article",
            "<section", "<main", "<table",
        ];
        let head = head.trim_start_matches('\u{feff}').to_ascii_lowercase();
        head.starts_with('<')
            && (head.contains("<!doctype html")
                || head.contains("<html")
                || OPENINGS.iter().any(|opening| head.starts_with(opening)))
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        let mut dom = Dom::parse(input.text);
        remove_banners(&mut dom, input.text);
        let mut draft = Draft::default();
        declared::comments(input.text, &mut draft);
        let headline = declared::report(&dom, &mut draft);
        // A page that was not read to its end is told as one.
        let alone = input.alone && dom.cut().is_none();
        let mut stories = if alone { stories::of(&dom) } else { Vec::new() };
        for (part, story) in (1..).zip(&stories) {
            if !headline.is_some_and(|id| story.holds(&dom, id)) {
                found(Ok(story.draft(&dom, part, &draft)));
            }
        }
        // What is left is the story that the page speaks of, if it speaks of one.
        let told = stories.len();
        stories.retain(|story| !headline.is_some_and(|id| story.holds(&dom, id)));
        let apart: Vec<_> = stories.iter().map(|story| story.whole).collect();
        let (page, whole) = page::page(&dom, dom.root(), &apart);
        if told > 0 && told == stories.len() && !stories::is_story(&page) {
            return;
        }
        if let Some(why) = dom.cut() {
            draft.cut(why);
        }
        page::keep(page, whole, &mut draft);
        found(Ok(draft));
    }
}

/// Takes out what web archives put on the pages that they show: their calendars and their own texts.
fn remove_banners(dom: &mut Dom, text: &str) {
    let stands = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    let (wayback, today) = (stands("wm-ipp"), stands("webpage capture"));
    if !wayback && !today {
        return;
    }
    let is_banner = |dom: &Dom, id| {
        let name = dom.attr(id, "id").unwrap_or_default();
        wayback && name.starts_with("wm-ipp") || today && name == "HEADER"
    };
    let banners: Vec<_> = dom.elements().filter(|id| is_banner(dom, *id)).collect();
    banners.into_iter().for_each(|id| dom.remove(id));
}

/// A piece of HTML that is nothing but an article.
#[derive(Default)]
pub(super) struct Fragment {
    /// Its blocks, parted by empty lines.
    pub text: String,
    /// What stands below its pictures.
    pub captions: Vec<String>,
    /// Why that is not all, where it is not.
    pub cuts: Vec<String>,
}

impl Fragment {
    /// Reports it as the text of an article.
    pub(super) fn report(self, place: &str, draft: &mut Draft) {
        draft.note(Slot::Body, Rung::Record, place, self.text);
        for caption in self.captions {
            draft.note(Slot::Caption, Rung::Record, place, caption);
        }
        self.cuts.into_iter().for_each(|why| draft.cut(why));
    }
}

/// Reads a piece of HTML that is nothing but an article.
pub(super) fn fragment(html: &str) -> Fragment {
    let dom = Dom::parse(html);
    let (page, whole) = page::page(&dom, dom.root(), &[]);
    let cuts = dom.cut().into_iter().chain((!whole).then(page::too_long)).collect();
    let below = |block: &&Block| page.around(block).any(|around| around.tag == "figcaption");
    let (captions, text): (Vec<&Block>, Vec<&Block>) = page.blocks.iter().partition(below);
    let texts = |blocks: Vec<&Block>| -> Vec<String> {
        blocks.into_iter().map(|block| block.text.clone()).collect()
    };
    Fragment { text: texts(text).join("\n\n"), captions: texts(captions), cuts }
}
