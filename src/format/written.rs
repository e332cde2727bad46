//! How a value of a record is written: plain, with the marks of HTML or of Markdown, or as a whole page
//! of either.

use std::borrow::Cow;

use super::html::{self, Fragment, Html};
use super::{Format, Input, marked, plain};
use crate::draft::{Draft, Rung, Slot};

/// The tags by which a piece of HTML is known.
const TAGS: &[&str] = &[
    "a",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "div",
    "em",
    "figcaption",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "li",
    "main",
    "ol",
    "p",
    "pre",
    "section",
    "small",
    "span",
    "strong",
    "sub",
    "sup",
    "table",
    "td",
    "tr",
    "u",
    "ul",
];

/// Reports what a record has as the text of an article.
pub(super) fn body(text: &str, place: &str, draft: &mut Draft) {
    if is_html_page(text) {
        return page(text, draft);
    }
    if marked::is_page(text) || is_flattened(text) {
        let page = plain::page(Input::whole(text), draft);
        draft.page = Some(page);
        return;
    }
    match fragment(text) {
        Some(fragment) => fragment.report(place, draft),
        None => draft.note(Slot::Body, Rung::Record, place, marked::without(text)),
    }
}

/// A value that is one line, without tags.
pub(super) fn words(text: &str) -> Cow<'_, str> {
    if !text.contains("</") || Tags::of(text).closing == 0 {
        return Cow::Borrowed(text);
    }
    Cow::Owned(html::fragment(text).text.replace('\n', " "))
}

/// A page begins with so many short lines, ...
const MENU: usize = 10;
/// ... and has so many below its text, ...
const LINKS: usize = 5;
/// ... among so many last ones; ...
const LAST: usize = 30;
/// ... or it begins with so many where it says at its foot who holds the rights, ...
const FEW: usize = 4;
/// ... which has so many lines.
const FOOT: usize = 15;

/// Whether a text is a whole page flattened to text, which has its menus above its text and its foot
/// below: many short lines, as no article has them. What only begins with some may be a recipe.
fn is_flattened(text: &str) -> bool {
    let closed = |line: &str| {
        line.ends_with(['.', '!', '?', ',', ';', ':', '"', '”', ')', '。', '」', '、'])
    };
    let words = |line: &str| line.split_whitespace().take(15).count();
    let is_short =
        |line: &&str| words(line) <= 4 && !closed(line) && line.chars().nth(30).is_none();
    let is_text = |line: &str| {
        let words = words(line);
        words >= 15 || words >= 8 && closed(line) || line.chars().nth(80).is_some()
    };
    let mut lines = text.lines().map(str::trim).filter(|line| !line.is_empty());
    let mut short = 0;
    loop {
        match lines.next() {
            None => return false,
            Some(line) if is_text(line) => break,
            Some(line) => short += usize::from(is_short(&line)),
        }
    }
    let foot = || {
        let mut last = lines.clone().rev().take(FOOT).filter(|line| line.len() < 400);
        let marks = ["©", "Copyright", "ights reserved", "ights Reserved"];
        last.any(|line| marks.iter().any(|mark| line.contains(mark)))
    };
    let links = || lines.clone().rev().take(LAST).filter(is_short).count();
    short >= MENU && links() >= LINKS || short >= FEW && foot()
}

/// Whether a value is a document of HTML, from its head to its end.
fn is_html_page(text: &str) -> bool {
    let head = text.trim_start();
    let head = head[..head.floor_char_boundary(512)].to_ascii_lowercase();
    head.starts_with('<') && (head.starts_with("<!doctype html") || head.contains("<html"))
}

/// Reads a whole page, of which the record says more than the page itself.
fn page(text: &str, draft: &mut Draft) {
    let mut first = None;
    let input = Input { alone: false, ..Input::whole(text) };
    Html.read(input, &mut |found| first = first.take().or(found.ok()));
    let Some(read) = first else { return };
    // What a record calls the title is often that of the page, with the name of the site.
    let of_page = |text: &str| {
        read.on(Slot::Headline).any(|one| one.rung == Rung::Title && one.text.trim() == text.trim())
    };
    draft.remarks.retain(|own| own.slot != Slot::Headline || !of_page(&own.text));
    draft.remarks.extend(read.remarks);
    draft.cuts.extend(read.cuts);
    draft.page = read.page;
}

/// The text of a piece of HTML; `None` of what is none.
fn fragment(text: &str) -> Option<Fragment> {
    let found = Tags::of(text);
    if found.all == 0 {
        // Feeds escape their texts, and who keeps them may have escaped them again.
        let escaped = ["&lt;p&gt;", "&lt;/p&gt;", "&lt;br"].iter().any(|tag| text.contains(tag));
        return escaped.then(|| html::fragment(&html::fragment(text).text));
    }
    // A text about HTML names some tags, too.
    let is = found.begins || found.links > 0 || found.closing > 0 && found.lines_of_ten >= 5;
    is.then(|| html::fragment(&paragraphed(text)))
}

/// A piece of HTML, whose paragraphs may be parted by empty lines alone, as programs for blogs keep
/// them.
pub(super) fn paragraphed(text: &str) -> Cow<'_, str> {
    let blocks = ["<p>", "<p ", "<br", "<div", "<li", "<h2", "<h3"];
    if blocks.iter().any(|tag| text.contains(tag)) {
        return Cow::Borrowed(text);
    }
    Cow::Owned(text.replace("\r\n", "\n").replace("\n\n", "<p>").replace('\n', "<br>"))
}

/// What there is of known tags in a text.
#[derive(Default)]
struct Tags {
    all: usize,
    /// Those that end something.
    closing: usize,
    /// Links with an address.
    links: usize,
    /// Of ten lines with something in them so many have some.
    lines_of_ten: usize,
    /// Whether the text begins with one.
    begins: bool,
}

impl Tags {
    fn of(text: &str) -> Self {
        let mut tags = Self::default();
        let (mut lines, mut tagged) = (0, 0);
        for line in text.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let before = tags.all;
            for at in memchr::memchr_iter(b'<', line.as_bytes()) {
                tags.look(&line[..at], &line[at + 1..]);
            }
            tags.begins |= lines == 0 && line.starts_with('<') && tags.all > 0;
            lines += 1;
            tagged += usize::from(tags.all > before);
        }
        tags.lines_of_ten = 10 * tagged / lines.max(1);
        tags
    }

    /// Looks at what stands behind a `<`.
    fn look(&mut self, before: &str, behind: &str) {
        // `<p>` that is spoken of.
        if before.ends_with(['`', '"', '\'', '“', '‘', '„']) {
            return;
        }
        let closing = behind.starts_with('/');
        let name = behind.trim_start_matches('/');
        let end = name.find(|c: char| !c.is_ascii_alphanumeric()).unwrap_or(name.len());
        let ends = name[end..].starts_with(['>', ' ', '/', '\t']) || name.len() == end;
        let known = TAGS.binary_search(&&name[..end].to_ascii_lowercase()[..]).is_ok();
        if known && ends {
            self.all += 1;
            self.closing += usize::from(closing);
            let linked = &name[..end] == "a" && name[end..].trim_start().starts_with("href=");
            self.links += usize::from(linked);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let mut draft = Draft::default();
        body(text, "$", &mut draft);
        let remarks = draft.remarks.iter();
        let mut lines: Vec<String> =
            remarks.map(|said| format!("{:?}={}", said.slot, said.text)).collect();
        lines.extend(draft.page.map(|page| format!("a page of {}", page.blocks.len())));
        lines.join("\n")
    }

    #[test]
    fn pieces_of_html_become_their_text() {
        assert_eq!(said("<p>One &amp; two.</p><p>Three.</p>"), "Body=One & two.\n\nThree.");
        assert_eq!(
            said("<p>One.</p><figure><img><figcaption>A quay</figcaption></figure>"),
            "Body=One.\nCaption=A quay"
        );
        assert_eq!(
            said("One.\n\nSee <a href=\"https://a.example\">two</a>.\nThree."),
            "Body=One.\n\nSee two.\nThree."
        );
        assert_eq!(said("&lt;p&gt;One &amp;amp; two.&lt;/p&gt;"), "Body=One & two.");
        assert_eq!(words("The <em>ice</em> &#8211; again"), "The ice – again");
        assert_eq!(words("a <b and c"), "a <b and c");
    }

    #[test]
    fn what_speaks_of_tags_is_no_html() {
        for text in [
            "Write `<p>` and \"<br>\" for a break, then `</p>`.",
            "If a < b and c > d, then <3.",
            "An e-mail to <ada@a.example> helps.",
            "Ice came.\n\nSo did <b>snow</b>.\n\nAnd rain.\n\nAnd hail.",
        ] {
            assert_eq!(said(text), format!("Body={text}"));
        }
    }

    #[test]
    fn a_whole_page_is_read_as_one() {
        let page = "<!DOCTYPE html>\n<html><title>Ice | Courier</title><h1>Ice</h1><p>It came.";
        assert_eq!(said(page), "Headline=Ice\nHeadline=Ice | Courier\na page of 2");
        let links = "[a](/a)\n\n[b](/b)\n\n[c](/c)\n\n[d](/d)\n\n";
        let text = "The ice came in the night, as it had come in each of the winters before, and the quay was white, and so were the boats.";
        assert_eq!(said(&format!("{links}{text}")), "a page of 5");
        assert_eq!(said(text), format!("Body={text}"));
        let menu =
            "Home\nNews\nSport\nIslands\nLetters\nWeather\nTides\nShop\nAbout us\nSign in\n\n";
        let foot = "\n\nMost read\nTerms\nPrivacy\nContact\nAll tides";
        assert_eq!(said(&format!("{menu}{text}{foot}")), "a page of 16");
        assert_eq!(
            said(&format!("Home\nNews\nSport\nTides\n\n{text}\n\n© 2021 Courier")),
            "a page of 6"
        );
        // A list, a text that begins with few short lines, and one with a list above it, are whole.
        let few = format!("Ice\nSnow\nRain\n\n{text}{foot}");
        for text in [menu.trim_end().to_owned(), few, format!("{menu}{text}")] {
            assert_eq!(said(&text), format!("Body={text}"));
        }
    }
}
