//! Records in XML and SGML: feeds, exports of WordPress, NITF, NewsML, TREC, Reuters-21578; and documents
//! of libraries and journals.
//!
//! One tolerant scanner reads them all. It resolves the five entities of XML and numeric ones, and
//! nothing else; it never opens another file, whatever a document type asks for.

mod documents;

use std::borrow::Cow;
use std::collections::BTreeMap;

use super::html::{Fragment, fragment};
use super::{Format, FormatError, Input, written};
use crate::draft::{Draft, Rung, Slot};

/// Feeds, newspaper XML and the SGML of test collections.
pub struct Markup;

/// The most elements of one record that are kept.
const MOST_TEXTS: usize = 20_000;

/// Elements that hold one article, with whether a file may hold many.
const RECORDS: &[(&str, bool)] = &[
    ("item", true),
    ("entry", true),
    ("doc", true),
    ("reuters", true),
    ("nitf", false),
    ("newsitem", false),
];

/// What the elements of an article mean, in any of the dialects.
const FIELDS: &[(&str, Slot)] = &[
    ("title", Slot::Headline),
    ("headline", Slot::Headline),
    ("hl1", Slot::Headline),
    ("hl", Slot::Headline),
    ("head", Slot::Headline),
    ("hl2", Slot::Standfirst),
    ("pubdate", Slot::Published),
    ("published", Slot::Published),
    ("dc:date", Slot::Published),
    ("wp:post_date", Slot::Published),
    ("wp:post_type", Slot::Kind),
    ("date", Slot::Published),
    ("date1", Slot::Published),
    ("updated", Slot::Modified),
    ("dc:creator", Slot::Author),
    ("author", Slot::Author),
    ("byline", Slot::Author),
    ("category", Slot::Section),
    ("section", Slot::Section),
    ("topics", Slot::Section),
    ("dateline", Slot::Dateline),
    ("link", Slot::Url),
    ("guid", Slot::Id),
    ("id", Slot::Id),
    ("docno", Slot::Id),
    ("description", Slot::Standfirst),
    ("summary", Slot::Standfirst),
    ("content:encoded", Slot::Body),
    ("content", Slot::Body),
    ("text", Slot::Body),
    ("body", Slot::Body),
    ("body.content", Slot::Body),
];

impl Format for Markup {
    fn name(&self) -> &'static str {
        "xml"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["xml", "rss", "atom", "rdf", "nitf", "newsml", "sgm", "sgml", "trec"]
    }

    fn sniff(&self, head: &str) -> bool {
        let head = head.to_ascii_lowercase();
        let page = head.contains("<html");
        let known = [
            "<rss",
            "<feed",
            "<doc>",
            "<reuters",
            "<nitf",
            "<newsitem",
            "<!doctype lewis",
            "<tei ",
            "<tei>",
            "<alto",
        ];
        !page && head.starts_with('<') && known.iter().any(|tag| head.contains(tag))
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        let mut scanner = Scanner { rest: input.text, unclosed: None };
        if let Some(kind) = documents::kind(input.text) {
            documents::read(kind, &mut scanner, &mut |draft| found(Ok(draft)));
            return cut(&scanner, found);
        }
        let mut number = 0;
        let mut others: BTreeMap<String, u32> = BTreeMap::new();
        let mut outlet = String::new();
        while let Some(token) = scanner.next() {
            let Token::Open { name, attrs, empty } = token else { continue };
            if name == "title" && number == 0 && !empty {
                // The title of a feed stands before its first article.
                outlet = text_of(&mut scanner, &name);
                continue;
            }
            let Some((_, many)) = RECORDS.iter().find(|(record, _)| *record == name) else {
                continue;
            };
            if empty {
                continue;
            }
            number += 1;
            let mut record = Record::new(&name, (*many).then_some(number));
            record.opened(&attrs);
            record.fill(&mut scanner);
            if record.feed && !outlet.trim().is_empty() {
                record.draft.note(Slot::Source, Rung::Record, "title of the feed", outlet.clone());
            }
            match record.finish() {
                Ok(draft) => found(Ok(draft)),
                Err(kind) => *others.entry(kind).or_default() += 1,
            }
        }
        for (kind, count) in others {
            let records = if count == 1 { "record" } else { "records" };
            let why = format!("{count} {records} of the kind \"{kind}\": no posts");
            found(Err(FormatError::NoArticles(why)));
        }
        cut(&scanner, found);
        if number == 0 {
            let why = "no article in a form of XML or SGML that fiche knows".to_owned();
            found(Err(FormatError::File(why)));
        }
    }
}

/// Tells what was never closed.
fn cut(scanner: &Scanner<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
    if let Some(what) = scanner.unclosed {
        let why = format!("{what} in it is never closed; what stands behind is not read");
        found(Err(FormatError::Cut(why)));
    }
}

/// The text up to the end of an element.
fn text_of(scanner: &mut Scanner<'_>, name: &str) -> String {
    let mut text = String::new();
    for token in scanner.by_ref() {
        match token {
            Token::Text(more) => text.push_str(&more),
            Token::Close(closed) if closed == name => break,
            _ => {}
        }
    }
    text
}

/// One article being read.
struct Record {
    name: String,
    feed: bool,
    draft: Draft,
    texts: Vec<(Slot, String, String)>,
    full_text: String,
    /// What it is, where that is no post.
    other: Option<String>,
}

impl Record {
    fn new(name: &str, part: Option<u32>) -> Self {
        Self {
            name: name.to_owned(),
            feed: matches!(name, "item" | "entry"),
            draft: Draft { part, ..Draft::default() },
            texts: Vec::new(),
            full_text: String::new(),
            other: None,
        }
    }

    fn note(&mut self, slot: Slot, place: &str, text: &str) {
        self.draft.note(slot, Rung::Record, place, text);
    }

    /// What the attributes of the record itself say.
    fn opened(&mut self, attrs: &str) {
        for (key, slot) in [
            ("newid", Slot::Id),
            ("itemid", Slot::Id),
            ("wp:post_type", Slot::Kind),
            ("date", Slot::Published),
            ("xml:lang", Slot::Language),
        ] {
            if let Some(value) = attr(attrs, key) {
                self.note(slot, &format!("{}@{key}", self.name.clone()), &value);
            }
        }
    }

    /// Reads up to the end of the record.
    fn fill(&mut self, scanner: &mut Scanner<'_>) {
        // The element whose text is taken, and the text so far.
        let mut open: Option<(Slot, String, String)> = None;
        let mut full = false;
        let mut full_depth = 0_u32;
        for token in scanner.by_ref() {
            match token {
                Token::Close(name) if name == self.name => break,
                Token::Text(text) => {
                    if let Some((_, _, so_far)) = &mut open {
                        so_far.push_str(&text);
                    }
                    if full {
                        self.full_text.push_str(&text);
                    }
                }
                Token::Open { name, attrs, empty } => {
                    self.attributes(&name, &attrs);
                    full_depth += u32::from(full && !empty && name == "block");
                    if name == "block" && attr(&attrs, "class").as_deref() == Some("full_text") {
                        full = !empty;
                    }
                    // In NITF these two hold the parts of the article.
                    let holder = self.name == "nitf" && matches!(&name[..], "head" | "body");
                    let slot = FIELDS.iter().find(|(field, _)| *field == name && !holder);
                    match &mut open {
                        Some((_, _, text)) if breaks(&name) => text.push_str("\n\n"),
                        // Topics of Reuters stand in elements of their own.
                        Some((_, _, text)) if name == "d" => text.push('\n'),
                        Some((slot, _, text)) if *slot == Slot::Author && name == "name" => {
                            text.clear();
                        }
                        // What is nested belongs to the outer one, but for the parts of a text.
                        Some((Slot::Body, place, _))
                            if self.name == "reuters" && place == "text" =>
                        {
                            open = slot
                                .filter(|_| !empty)
                                .map(|(field, slot)| (*slot, (*field).to_owned(), String::new()))
                                .or(open);
                        }
                        Some(_) => {}
                        None if !empty => {
                            open = slot.map(|(field, slot)| {
                                let topic = name == "category"
                                    && attr(&attrs, "domain").is_some_and(|d| d == "post_tag");
                                let slot = if topic { Slot::Topic } else { *slot };
                                (slot, (*field).to_owned(), String::new())
                            });
                        }
                        None => {}
                    }
                    if full && breaks(&name) {
                        self.full_text.push_str("\n\n");
                    }
                }
                Token::Close(name) => {
                    if name == "block" && full {
                        full = full_depth > 0;
                        full_depth = full_depth.saturating_sub(1);
                    }
                    if name == "name"
                        && let Some((Slot::Author, _, text)) = &mut open
                    {
                        let done = std::mem::take(text);
                        self.take(Slot::Author, "author", done);
                        open = Some((Slot::Author, "author".to_owned(), String::new()));
                    } else if matches!(&open, Some((_, field, _)) if *field == name) {
                        if let Some((slot, place, text)) = open.take() {
                            self.take(slot, &place, text);
                        }
                    } else if let Some((_, _, text)) = &mut open
                        && breaks(&name)
                    {
                        text.push_str("\n\n");
                    }
                }
            }
        }
        if let Some((slot, place, text)) = open {
            self.take(slot, &place, text);
        }
    }

    /// What stands in attributes inside of the record.
    fn attributes(&mut self, name: &str, attrs: &str) {
        let value = |key: &str| attr(attrs, key);
        match name {
            "link" if value("rel").is_none_or(|rel| rel == "alternate") => {
                if let Some(href) = value("href") {
                    self.note(Slot::Url, "link@href", &href);
                }
            }
            "category" => {
                if let Some(term) = value("term") {
                    self.take(Slot::Section, "category@term", term);
                }
            }
            "pubdata" => {
                if let Some(date) = value("date.publication") {
                    self.note(Slot::Published, "pubdata@date.publication", &date);
                }
                if let Some(section) = value("position.section") {
                    self.take(Slot::Section, "pubdata@position.section", section);
                }
            }
            "meta" if self.name == "nitf" => {
                let section = value("name").is_some_and(|name| name == "online_sections");
                if let (true, Some(content)) = (section, value("content")) {
                    self.texts.insert(0, (Slot::Section, "meta[online_sections]".into(), content));
                }
            }
            "doc-id" => {
                if let Some(id) = value("id-string") {
                    self.note(Slot::Id, "doc-id@id-string", &id);
                }
            }
            "code" => {
                if let Some(code) = value("code") {
                    self.take(Slot::Topic, "codes", code);
                }
            }
            _ => {}
        }
    }

    /// The draft; for what an export holds besides articles, its kind.
    fn finish(mut self) -> Result<Draft, String> {
        let whole =
            self.texts.iter().any(|(slot, _, text)| *slot == Slot::Body && !text.trim().is_empty());
        if self.texts.iter().any(|(_, place, _)| matches!(&place[..], "headline" | "hl1" | "hl")) {
            self.texts.retain(|(_, place, _)| place != "title");
        }
        let full = std::mem::take(&mut self.full_text);
        let mut seen: Vec<Slot> = Vec::new();
        for (slot, place, text) in std::mem::take(&mut self.texts) {
            let text = text.trim();
            if text.is_empty() {
                continue;
            }
            if place == "wp:post_type" {
                self.other = (text != "post").then(|| beginning(text).to_owned());
                continue;
            }
            match slot {
                Slot::Body if !full.trim().is_empty() => {}
                Slot::Body if self.feed => readable(text).report(&place, &mut self.draft),
                Slot::Standfirst if self.feed && whole => {
                    self.note(slot, &place, &readable(text).text);
                }
                Slot::Standfirst if self.feed => readable(text).report(&place, &mut self.draft),
                Slot::Section => {
                    for (label, at) in text.split(['\n', ';']).zip(0..) {
                        let first = at == 0 && !seen.contains(&Slot::Section);
                        let slot = if first { Slot::Section } else { Slot::Topic };
                        self.note(slot, &place, label.trim());
                    }
                    seen.push(Slot::Section);
                }
                Slot::Topic | Slot::Author | Slot::Body => self.note(slot, &place, text),
                // The first one counts: an original byline, the day itself.
                slot if seen.contains(&slot) => {}
                slot => {
                    seen.push(slot);
                    self.note(slot, &place, text);
                }
            }
        }
        if !full.trim().is_empty() {
            self.note(Slot::Body, "block[full_text]", &full);
        }
        self.other.map_or(Ok(self.draft), Err)
    }

    /// Keeps what an element held, within bounds.
    fn take(&mut self, slot: Slot, place: &str, text: String) {
        if self.texts.len() < MOST_TEXTS {
            self.texts.push((slot, place.to_owned(), text));
        } else {
            let why = format!("it has more than {MOST_TEXTS} fields; the rest is left out");
            self.draft.cut(why);
        }
    }
}

/// The beginning of a text, for what is shown of it.
fn beginning(text: &str) -> &str {
    &text[..text.floor_char_boundary(40)]
}

/// A piece of HTML; plain text as it stands.
fn readable(text: &str) -> Fragment {
    if !text.contains('<') && !text.contains('&') {
        return Fragment { text: text.to_owned(), ..Fragment::default() };
    }
    fragment(&written::paragraphed(text))
}

fn breaks(name: &str) -> bool {
    matches!(name, "p" | "br" | "div" | "li" | "hl2" | "block")
}

/// The value of an attribute.
fn attr(attrs: &str, key: &str) -> Option<String> {
    let mut from = 0;
    while let Some(at) = attrs.get(from..)?.find(key) {
        let start = from + at;
        from = start + key.len();
        let before = attrs[..start].chars().next_back();
        if before.is_some_and(|c| !c.is_whitespace()) {
            continue;
        }
        let Some(value) = attrs[from..].trim_start().strip_prefix('=') else { continue };
        let value = value.trim_start();
        let quote = value.chars().next()?;
        let value = match quote {
            '"' | '\'' => value[1..].split(quote).next()?,
            _ => value.split_whitespace().next()?,
        };
        return Some(resolved(value).into_owned());
    }
    None
}

/// A piece of markup.
enum Token<'t> {
    /// A start tag, its name in lower case, its attributes' names too.
    Open { name: String, attrs: String, empty: bool },
    /// An end tag.
    Close(String),
    /// Text, entities resolved.
    Text(Cow<'t, str>),
}

/// Reads markup from the left to the right, once.
struct Scanner<'t> {
    rest: &'t str,
    /// What never came to its end.
    unclosed: Option<&'static str>,
}

impl<'t> Scanner<'t> {
    /// What stands before `end`, which is passed over; all that is left where it never comes.
    fn until(&mut self, end: &str, what: &'static str) -> &'t str {
        let (before, after) = self.rest.split_once(end).unwrap_or_else(|| {
            self.unclosed = Some(what);
            (self.rest, "")
        });
        self.rest = after;
        before
    }
}

impl<'t> Iterator for Scanner<'t> {
    type Item = Token<'t>;

    fn next(&mut self) -> Option<Token<'t>> {
        loop {
            if self.rest.is_empty() {
                return None;
            }
            let Some(inner) = self.rest.strip_prefix('<') else {
                let end = self.rest.find('<').unwrap_or(self.rest.len());
                let (text, rest) = self.rest.split_at(end);
                self.rest = rest;
                return Some(Token::Text(resolved(text)));
            };
            if let Some(inner) = inner.strip_prefix("![CDATA[") {
                self.rest = inner;
                return Some(Token::Text(Cow::Borrowed(self.until("]]>", "a CDATA section"))));
            } else if inner.starts_with("!--") {
                self.until("-->", "a comment");
            } else if inner.starts_with('?') {
                self.until("?>", "an instruction");
            } else if inner.starts_with('!') {
                let end = inner.find(['[', '>']);
                // Entities declared in a document type are never used.
                let inside = end.is_some_and(|end| inner.as_bytes()[end] == b'[');
                self.until(if inside { "]>" } else { ">" }, "a document type");
            } else if inner.starts_with(|c: char| c.is_ascii_alphabetic() || c == '/') {
                self.rest = inner;
                let tag = self.until(">", "a tag");
                let tag = &tag[..tag.floor_char_boundary(16 << 10)];
                if let Some(name) = tag.strip_prefix('/') {
                    return Some(Token::Close(name.trim().to_ascii_lowercase()));
                }
                let empty = tag.ends_with('/');
                let tag = tag.trim_end_matches('/');
                let end = tag.find(char::is_whitespace).unwrap_or(tag.len());
                let (name, attrs) = tag.split_at(end);
                let attrs = names_lowered(attrs);
                return Some(Token::Open { name: name.to_ascii_lowercase(), attrs, empty });
            } else {
                self.rest = inner;
                return Some(Token::Text(Cow::Borrowed("<")));
            }
        }
    }
}

/// Attributes with their names in lower case, their values as they stand.
fn names_lowered(attrs: &str) -> String {
    let mut lowered = String::with_capacity(attrs.len());
    for (piece, number) in attrs.split('"').zip(0..) {
        if number > 0 {
            lowered.push('"');
        }
        if number % 2 == 0 {
            lowered.push_str(&piece.to_ascii_lowercase())
        } else {
            lowered.push_str(piece)
        }
    }
    lowered
}

/// Text with the entities of XML and numeric ones resolved; every other stays as it is.
fn resolved(text: &str) -> Cow<'_, str> {
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    let mut clean = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        clean.push_str(&rest[..at]);
        rest = &rest[at..];
        let end = rest.bytes().take(12).position(|byte| byte == b';');
        let known = end.and_then(|end| {
            let name = &rest[1..end];
            let one = match name {
                "amp" => '&',
                "lt" => '<',
                "gt" => '>',
                "quot" => '"',
                "apos" => '\'',
                _ => {
                    let number = name.strip_prefix('#')?;
                    let code = match number.strip_prefix(['x', 'X']) {
                        Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                        None => number.parse().ok()?,
                    };
                    // The end of a text in Reuters-21578 is marked by a control character.
                    char::from_u32(code)
                        .filter(|c| !c.is_control() || c.is_whitespace())
                        .unwrap_or(' ')
                }
            };
            Some((one, end + 1))
        });
        let (one, length) = known.unwrap_or(('&', 1));
        clean.push(one);
        rest = &rest[length..];
    }
    clean.push_str(rest);
    Cow::Owned(clean)
}
