//! Markdown, with front matter in YAML or TOML or without.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd};
use serde_json::Value;

use super::{Format, FormatError, Input};
use crate::draft::{Draft, Rung, Slot};

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
        if let Some((front, rest)) = front_matter(input.text) {
            text = rest;
            match front.parse() {
                Ok(values) => input.aliases.report(&values, "front matter", &mut draft),
                Err(why) => {
                    let place = "front matter".to_owned();
                    found(Err(FormatError::Record { place, why }));
                }
            }
        }
        let prose = prose(text);
        if draft.on(Slot::Headline).next().is_none()
            && let Some(headline) = &prose.headline
        {
            draft.note(Slot::Headline, Rung::Record, "first heading", headline.clone());
        }
        for caption in prose.captions {
            draft.note(Slot::Caption, Rung::Record, "image", caption);
        }
        draft.note(Slot::Body, Rung::Record, "text", prose.body);
        found(Ok(draft));
    }
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
    body: String,
    captions: Vec<String>,
}

fn prose(text: &str) -> Prose {
    let mut prose = Prose::default();
    let mut paragraph = String::new();
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
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Start(Tag::Heading { level, .. }) => heading = Some(level),
            Event::Start(Tag::Image { .. }) => image = Some(String::new()),
            Event::End(TagEnd::Image) => {
                prose.captions.extend(image.take().filter(|text| !text.trim().is_empty()));
            }
            Event::End(TagEnd::Heading(_)) => {
                let first = prose.headline.is_none() && prose.body.is_empty();
                if first && heading == Some(HeadingLevel::H1) {
                    prose.headline = Some(paragraph.trim().to_owned());
                    paragraph.clear();
                }
                heading = None;
                close(&mut paragraph, &mut prose.body);
            }
            Event::End(
                TagEnd::Paragraph
                | TagEnd::Item
                | TagEnd::CodeBlock
                | TagEnd::TableRow
                | TagEnd::TableHead
                | TagEnd::BlockQuote(_),
            ) => close(&mut paragraph, &mut prose.body),
            Event::Start(Tag::List(_)) => close(&mut paragraph, &mut prose.body),
            Event::End(TagEnd::TableCell) => paragraph.push(' '),
            Event::Text(text) | Event::Code(text) => {
                image.as_mut().unwrap_or(&mut paragraph).push_str(&text);
            }
            Event::SoftBreak => image.as_mut().unwrap_or(&mut paragraph).push(' '),
            Event::HardBreak => paragraph.push('\n'),
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
    fn broken_front_matter_does_not_lose_the_text() {
        let said = said("---\ntitle: [\n---\nText");
        assert!(said.starts_with("front matter: ") && said.ends_with("Body=Text"), "{said}");
    }
}
