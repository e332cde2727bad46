//! Markdown, with front matter in YAML or TOML or without.

use std::collections::BTreeMap;

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use super::head::{has_year, opens_byline};
use super::record::title_of_page;
use super::{Format, FormatError, Input, marked, plain};
use crate::draft::{Draft, Remark, Rung, Slot};

/// Markdown.
pub struct Markdown;

impl Format for Markdown {
    fn name(&self) -> &'static str {
        "markdown"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["md", "markdown", "mdown", "mkd"]
    }

    fn sniff(&self, head: &str) -> bool {
        front_matter(head).is_some()
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        let mut draft = Draft::default();
        let mut text = input.text;
        let fetched = fetched(input.text);
        if let Some(fetched) = &fetched {
            text = fetched.text;
            fetched.report(input, &mut draft);
        } else if let Some((front, rest)) = front_matter(input.text) {
            text = rest;
            match front.parse() {
                Ok(values) => input.aliases.report(&values, "front matter", &mut draft),
                Err(why) => {
                    let place = "front matter".to_owned();
                    found(Err(FormatError::Record { place, why }));
                }
            }
        }
        // What has front matter is an article, unless its menus stand above its headline.
        let above = |headline| marked::is_menu(&text[..headline]);
        let page = match text.len() == input.text.len() || fetched.is_some() {
            true => marked::is_page(text),
            false => first_heading(text).is_some_and(above),
        };
        if page {
            let before = &input.text[..input.text.len() - text.len()];
            let lines = memchr::memchr_iter(b'\n', before.as_bytes()).count();
            let first_line = input.first_line + u32::try_from(lines).unwrap_or(u32::MAX / 2);
            let page = plain::page(Input { text, first_line, ..input }, &mut draft);
            draft.page = Some(page);
            title_of_page(&mut draft);
            return found(Ok(draft));
        }
        let read = &text[..text.floor_char_boundary(MOST_BYTES)];
        if read.len() < text.len() {
            draft.cut(format!("it has more than {} MB; the rest is not read", MOST_BYTES >> 20));
        }
        let prose = prose(read);
        let named = |said: &Remark| said.rung == Rung::Record;
        if !draft.on(Slot::Headline).any(named)
            && let Some(headline) = &prose.headline
        {
            draft.note(Slot::Headline, Rung::Record, "first heading", headline.clone());
        }
        let body = report_head(&prose, input, &mut draft).to_owned();
        for caption in &prose.captions {
            draft.note(Slot::Caption, Rung::Record, "image", caption.clone());
        }
        draft.note(Slot::Body, Rung::Record, "text", body);
        found(Ok(draft));
    }
}

/// A page as services that fetch one for a machine to read write it: lines with labels, then its text.
///
/// The form is that of <https://github.com/jina-ai/reader>.
pub(super) struct Fetched<'t> {
    head: &'t str,
    text: &'t str,
}

/// The page that such a service has fetched; `None` of any other text.
pub(super) fn fetched(text: &str) -> Option<Fetched<'_>> {
    const MARK: &str = "\nMarkdown Content:";
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    if !text.starts_with("Title:") {
        return None;
    }
    let at = text[..text.floor_char_boundary(4096)].find(MARK)?;
    let (head, text) = (&text[..at], &text[at + MARK.len()..]);
    head.contains("\nURL Source:").then_some(Fetched { head, text })
}

impl Fetched<'_> {
    fn report(&self, input: Input<'_>, draft: &mut Draft) {
        let number = input.first_line;
        for (line, number) in self.head.lines().zip(number..) {
            let Some((label, value)) = line.split_once(':') else { continue };
            let (slot, rung) = match label {
                // With the name of the site, as often as not.
                "Title" => (Slot::Headline, Rung::Title),
                "URL Source" => (Slot::Url, Rung::Record),
                "Published Time" => (Slot::Published, Rung::Record),
                _ => continue,
            };
            draft.note(slot, rung, format!("line {number}"), value.trim());
        }
    }
}

/// Where the first heading of the first level begins.
fn first_heading(text: &str) -> Option<usize> {
    if text.starts_with("# ") {
        return Some(0);
    }
    text.find("\n# ")
}

/// So many bytes are read of a text, ...
const MOST_BYTES: usize = 16 << 20;
/// ... and so many at once, since a parser may need a hundred times their room.
const AT_ONCE: usize = 2 << 20;

/// A text in pieces that are read one by one, parted at an empty line where there is one.
fn pieces(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = text;
    std::iter::from_fn(move || {
        let most = rest.floor_char_boundary(AT_ONCE);
        let (piece, behind) = match rest.len() > most {
            true => {
                let read = &rest[..most];
                let gap = read.rfind("\n\n").map(|at| at + 2);
                let end = || read.rfind('\n').map(|at| at + 1);
                rest.split_at(gap.or_else(end).unwrap_or(most))
            }
            false => (rest, ""),
        };
        rest = behind;
        (!piece.is_empty()).then_some(piece)
    })
}

/// A paragraph of more bytes is text, no line of a head.
const LONG: usize = 160;
/// So many paragraphs may be of a head.
const HEAD: usize = 6;

/// Reports what the short paragraphs above the text say: `Author: Ada Nagy`, `By Ada Nagy`, `14
/// October 2019`. Gives the text without those whose lines are labelled as front matter is.
fn report_head<'b>(prose: &'b Prose, input: Input<'_>, draft: &mut Draft) -> &'b str {
    let labelled = |line: &str| {
        let (key, value) = line.split_once(':')?;
        let value = value.trim();
        let known = input.aliases.knows(key) && !value.is_empty();
        known.then(|| (key.to_owned(), Value::String(value.to_owned())))
    };
    let (mut left, mut above) = (&prose.body[..], true);
    for paragraph in &prose.head {
        above &= paragraph.lines().all(|line| labelled(line.trim()).is_some());
        if above {
            left = left.get(paragraph.len()..).unwrap_or_default().trim_start();
        }
        // By label, since one may come again.
        let mut values: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for line in paragraph.lines().map(str::trim) {
            if let Some((key, value)) = labelled(line) {
                values.entry(key).or_default().push(value);
                continue;
            }
            let dated = has_year(line);
            if dated || opens_byline(line) && line.contains(' ') {
                draft.note(Slot::Author, Rung::Visible, "above the text", line);
            }
            if dated {
                draft.note(Slot::Published, Rung::Visible, "above the text", line);
            }
        }
        let values = values.into_iter().map(|(key, all)| (key, Value::Array(all))).collect();
        input.aliases.report(&Value::Object(values), "above the text", draft);
    }
    left
}

/// The part of a file before its text.
struct FrontMatter<'t> {
    text: &'t str,
    toml: bool,
}

impl FrontMatter<'_> {
    fn parse(&self) -> Result<Value, String> {
        let one_line = |why: String| why.lines().next().unwrap_or("it cannot be read").to_owned();
        if self.toml {
            let table: toml::Table =
                toml::from_str(self.text).map_err(|error| one_line(error.message().to_owned()))?;
            return Ok(from_toml(toml::Value::Table(table)));
        }
        serde_norway::from_str(self.text).map_err(|error| one_line(error.to_string()))
    }
}

/// TOML has dates of its own, which become their text.
fn from_toml(value: toml::Value) -> Value {
    match value {
        toml::Value::String(text) => Value::String(text),
        toml::Value::Integer(number) => Value::from(number),
        toml::Value::Float(number) => Value::from(number),
        toml::Value::Boolean(truth) => Value::Bool(truth),
        toml::Value::Datetime(date) => Value::String(date.to_string()),
        toml::Value::Array(items) => items.into_iter().map(from_toml).collect(),
        toml::Value::Table(table) => {
            table.into_iter().map(|(key, value)| (key, from_toml(value))).collect()
        }
    }
}

fn front_matter(text: &str) -> Option<(FrontMatter<'_>, &str)> {
    let toml = text.starts_with("+++");
    let fence = if toml { "+++" } else { "---" };
    let inner = text.strip_prefix(fence)?;
    let inner = inner.strip_prefix("\r\n").or_else(|| inner.strip_prefix('\n'))?;
    let mut at = 0;
    for line in inner.split_inclusive('\n') {
        let bare = line.trim_end();
        if bare == fence || (!toml && bare == "...") {
            return Some((FrontMatter { text: &inner[..at], toml }, &inner[at + line.len()..]));
        }
        at += line.len();
    }
    None
}

/// What is left of Markdown when it is read aloud.
#[derive(Default)]
struct Prose {
    headline: Option<String>,
    /// The paragraphs that the body begins with and that are no sentences, with their lines apart.
    head: Vec<String>,
    body: String,
    captions: Vec<String>,
}

fn prose(text: &str) -> Prose {
    let mut prose = Prose::default();
    let mut paragraph = String::new();
    // Where its lines end.
    let mut ends: Vec<usize> = Vec::new();
    let mut above = true;
    let mut heading = None;
    let mut image: Option<String> = None;
    let close = |paragraph: &mut String, body: &mut String| {
        let done = paragraph.trim();
        if !done.is_empty() {
            if !body.is_empty() {
                body.push_str("\n\n");
            }
            body.push_str(done);
        }
        paragraph.clear();
    };
    let options =
        Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH | Options::ENABLE_FOOTNOTES;
    for event in pieces(text).flat_map(|piece| Parser::new_ext(piece, options)) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some(level),
            Event::Start(Tag::Image { .. }) => image = Some(String::new()),
            Event::End(TagEnd::Image) => {
                prose.captions.extend(image.take().filter(|text| !text.trim().is_empty()));
            }
            Event::End(TagEnd::Heading(_)) => {
                // A logo or the name of a site may stand above it.
                let first = prose.headline.is_none() && prose.body.len() < LONG;
                if first && heading == Some(HeadingLevel::H1) {
                    prose.headline = Some(paragraph.trim().to_owned());
                    paragraph.clear();
                }
                above &= first && heading == Some(HeadingLevel::H1);
                heading = None;
                close(&mut paragraph, &mut prose.body);
                ends.clear();
            }
            Event::End(TagEnd::Paragraph) => {
                let text = paragraph.trim();
                above &= prose.head.len() < HEAD
                    && text.len() <= LONG
                    && !text.ends_with(['.', '!', '?', '…', '"', '”', '。']);
                if above && !text.is_empty() {
                    // A line ends in one sign, here and in the body; what stands before the text
                    // are ends of lines, too, such as those of pictures.
                    let before = paragraph.len() - paragraph.trim_start().len();
                    let ends = ends.iter().filter_map(|end| end.checked_sub(before));
                    let mut lines = text.to_owned();
                    for end in ends.filter(|end| *end < text.len()) {
                        lines.replace_range(end..end + 1, "\n");
                    }
                    prose.head.push(lines);
                }
                close(&mut paragraph, &mut prose.body);
                ends.clear();
            }
            Event::End(
                TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::BlockQuote(_),
            ) => close(&mut paragraph, &mut prose.body),
            Event::Start(Tag::List(_)) => {
                above = false;
                close(&mut paragraph, &mut prose.body);
            }
            Event::Start(Tag::BlockQuote(_) | Tag::CodeBlock(_) | Tag::Table(_)) => above = false,
            Event::End(TagEnd::TableCell) => paragraph.push(' '),
            Event::Text(text) | Event::Code(text) => {
                image.as_mut().unwrap_or(&mut paragraph).push_str(&text);
            }
            Event::SoftBreak => match &mut image {
                Some(image) => image.push(' '),
                None => {
                    ends.push(paragraph.len());
                    paragraph.push(' ');
                }
            },
            Event::HardBreak => {
                ends.push(paragraph.len());
                paragraph.push('\n');
            }
            _ => {}
        }
    }
    close(&mut paragraph, &mut prose.body);
    prose
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(text: &str) -> String {
        let mut lines = Vec::new();
        Markdown.read(Input::whole(text), &mut |found| match found {
            Ok(draft) => lines.extend(
                draft.remarks.iter().map(|remark| format!("{:?}={}", remark.slot, remark.text)),
            ),
            Err(error) => lines.push(error.to_string()),
        });
        lines.join("\n")
    }

    #[test]
    fn front_matter_and_text_are_told_apart() {
        assert_eq!(
            said(
                "---\ntitle: The ice\ndate: 1912-03\ntags: [ice, sea]\n---\n# Ice\n\nThe *old*\nsea.\n\n- one\n- two\n"
            ),
            "Headline=The ice\nTopic=ice\nTopic=sea\nPublished=1912-03\nBody=The old sea.\n\none\n\ntwo"
        );
        assert_eq!(
            said("+++\ntitle = \"The ice\"\ndate = 1912-03-05\n+++\nText"),
            "Headline=The ice\nPublished=1912-03-05\nBody=Text"
        );
        assert_eq!(said("# The ice\n\nText"), "Headline=The ice\nBody=Text");
    }

    #[test]
    fn notes_stand_where_they_are_written() {
        assert_eq!(
            said("The ice[^1] came.\n\n[^1]: Of the *sea*.\n\nIt froze[^2].\n"),
            "Body=The ice came.\n\nOf the sea.\n\nIt froze[^2]."
        );
    }

    #[test]
    fn lines_above_the_text_say_who_wrote_it_and_when() {
        assert_eq!(
            said("# The ice\n\n*By **Ada Nagy** \u{b7} 5 March 1912*\n\nThe sea froze in 1912."),
            "Headline=The ice\nAuthor=By Ada Nagy \u{b7} 5 March 1912\n\
             Published=By Ada Nagy \u{b7} 5 March 1912\n\
             Body=By Ada Nagy \u{b7} 5 March 1912\n\nThe sea froze in 1912."
        );
        assert_eq!(
            said("# The ice\n\nSource: https://a.example/ice\nAuthor: Ada Nagy\n\nIt came.\n"),
            "Headline=The ice\nAuthor=Ada Nagy\nUrl=https://a.example/ice\nBody=It came."
        );
        assert_eq!(said("Nothing\n\n- 1912\n- one"), "Body=Nothing\n\n1912\n\none");
        assert_eq!(
            said("# Is\n\nAuthor: Åsa\nAuthor: Ben\n\nIt came.\n"),
            "Headline=Is\nAuthor=Åsa\nAuthor=Ben\nBody=It came."
        );
        assert_eq!(
            said("![is](is.jpg)\nÅr 1912\n\nIt came.").lines().next(),
            Some("Author=År 1912")
        );
    }

    #[test]
    fn a_long_text_is_read_in_pieces() {
        let paragraph = "The ice came, and *with it* the snow.\n\n";
        let text = paragraph.repeat(7 * AT_ONCE / 2 / paragraph.len());
        assert_eq!(pieces(&text).count(), 4);
        assert_eq!(pieces(&text).collect::<String>(), text);
        assert!(pieces(&text).all(|piece| piece.ends_with("\n\n")));
        let body = prose(&text).body;
        let whole = "The ice came, and with it the snow.";
        assert!(body.split("\n\n").all(|one| one == whole));
        assert!(pieces(&"é".repeat(AT_ONCE)).count() == 2);
        let windows = "The ice came.\r\n\r\n".repeat(AT_ONCE / 10);
        assert!(pieces(&windows).all(|piece| piece.ends_with('\n')));
    }

    #[test]
    fn broken_front_matter_does_not_lose_the_text() {
        let said = said("---\ntitle: [\n---\nText");
        assert!(said.starts_with("front matter: ") && said.ends_with("Body=Text"), "{said}");
    }
}
