//! The tokens of a page, read by html5gum and handed to the tree builder of html5ever, whose own tokenizer
//! took more than a third of the time that a page takes.
//!
//! Only what is used later is handed on: of a tag its known attributes, of a comment nothing but that it
//! stands there, and of programs and styles nothing.

use std::borrow::Cow;
use std::cell::Cell;
use std::convert::Infallible;

use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Doctype, Tag, TagKind, Token, TokenSinkResult};
use html5ever::{Attribute, LocalName, QualName, local_name, ns};
use html5gum::{Emitter, Error, Readable, Reader, State, Tokenizer};

/// Who builds a tree of tokens.
pub(super) trait Builder {
    /// A node of the tree.
    type Node;

    /// Takes the next token, and says how what follows it is to be read.
    fn take(&mut self, token: Token) -> TokenSinkResult<Self::Node>;

    /// Whether what follows may be a section of CDATA.
    fn is_foreign(&self) -> bool;

    /// Whether it wants no more.
    fn is_full(&self) -> bool;
}

/// Hands the tokens of a page to `builder`, until that is full; whether the page was read to its end.
pub(super) fn read(text: &str, builder: &mut impl Builder) -> bool {
    let at = Cell::new(0);
    let tokens = Tokens {
        text,
        at: &at,
        builder,
        characters: Vec::new(),
        start: None,
        last_start: Vec::new(),
        name: Vec::new(),
        closes_itself: false,
        attributes: Vec::new(),
        key: Vec::new(),
        valued: None,
        value: Vec::new(),
        doctype: Doctype::default(),
    };
    Tokenizer::new_with_emitter(Bytes { text: text.as_bytes(), at: &at }, tokens).next().is_none()
}

/// The name of an attribute that is looked at later, by fiche or by the tree builder.
pub(super) fn known(key: &[u8]) -> Option<LocalName> {
    Some(match key {
        b"aria-hidden" => local_name!("aria-hidden"),
        b"aria-label" => LocalName::from("aria-label"),
        b"class" => local_name!("class"),
        b"color" => local_name!("color"),
        b"content" => local_name!("content"),
        b"data-component" => LocalName::from("data-component"),
        b"data-qa" => LocalName::from("data-qa"),
        b"data-testid" => LocalName::from("data-testid"),
        b"datetime" => local_name!("datetime"),
        b"encoding" => local_name!("encoding"),
        b"face" => local_name!("face"),
        b"hidden" => local_name!("hidden"),
        b"href" => local_name!("href"),
        b"http-equiv" => local_name!("http-equiv"),
        b"id" => local_name!("id"),
        b"itemprop" => LocalName::from("itemprop"),
        b"itemtype" => LocalName::from("itemtype"),
        b"lang" => local_name!("lang"),
        b"name" => local_name!("name"),
        b"property" => LocalName::from("property"),
        b"rel" => local_name!("rel"),
        b"role" => local_name!("role"),
        b"size" => local_name!("size"),
        b"style" => local_name!("style"),
        b"title" => local_name!("title"),
        b"type" => local_name!("type"),
        b"typeof" => LocalName::from("typeof"),
        b"xml:lang" => local_name!("xml:lang"),
        _ => return None,
    })
}

/// The bytes of a page, from a place that who takes its tokens may move on.
struct Bytes<'a> {
    text: &'a [u8],
    at: &'a Cell<usize>,
}

impl Reader for Bytes<'_> {
    type Error = Infallible;

    #[inline(always)]
    fn read_byte(&mut self) -> Result<Option<u8>, Infallible> {
        let byte = self.text.get(self.at.get()).copied();
        self.at.set(self.at.get() + usize::from(byte.is_some()));
        Ok(byte)
    }

    #[inline(always)]
    fn try_read_string(&mut self, sought: &[u8], exact: bool) -> Result<bool, Infallible> {
        let at = self.at.get();
        let here = self.text.get(at..at + sought.len());
        let found =
            here.is_some_and(|here| here == sought || !exact && here.eq_ignore_ascii_case(sought));
        if found {
            self.at.set(at + sought.len());
        }
        Ok(found)
    }

    #[inline(always)]
    fn read_until<'b>(
        &'b mut self,
        needles: &[u8],
        room: &'b mut [u8; 4],
    ) -> Result<Option<&'b [u8]>, Infallible> {
        let rest = &self.text[self.at.get()..];
        let Some(read) = rest.to_reader().read_until(needles, room)?.map(<[u8]>::len) else {
            return Ok(None);
        };
        self.at.set(self.at.get() + read);
        Ok(Some(&rest[..read]))
    }
}

/// Puts together what the tokenizer finds.
struct Tokens<'a, B> {
    text: &'a str,
    at: &'a Cell<usize>,
    builder: &'a mut B,
    characters: Vec<u8>,
    /// Whether the tag that is open is a start tag, where one is open.
    start: Option<bool>,
    /// The name of the last start tag, which ends what is read as it stands.
    last_start: Vec<u8>,
    name: Vec<u8>,
    closes_itself: bool,
    attributes: Vec<Attribute>,
    /// The name of the attribute that is open, as it is read.
    key: Vec<u8>,
    /// What it is called, once its value begins; its value is read only where it is known.
    valued: Option<Option<LocalName>>,
    value: Vec<u8>,
    doctype: Doctype,
}

/// What was read as text: whole letters, though the tokenizer may give them byte by byte. (Those of a doctype
/// may be lost; that it is called `html` is all that is asked of it.)
fn utf8(bytes: &[u8]) -> Cow<'_, str> {
    // The check of a text that is sound takes a third of the time of a reading that may be lossy.
    std::str::from_utf8(bytes).map_or_else(|_| String::from_utf8_lossy(bytes), Cow::Borrowed)
}

fn tendril(bytes: &[u8]) -> StrTendril {
    StrTendril::from_slice(&utf8(bytes))
}

impl<B: Builder> Tokens<'_, B> {
    /// Hands on a token that is no tag: only tags change how what follows is read.
    fn pass(&mut self, token: Token) {
        drop(self.builder.take(token));
    }

    /// Hands on the text that was read so far.
    fn flush(&mut self) {
        if self.characters.is_empty() {
            return;
        }
        let characters = std::mem::take(&mut self.characters);
        for (at, part) in characters.split(|byte| *byte == 0).enumerate() {
            if at > 0 {
                self.pass(Token::NullCharacterToken);
            }
            if !part.is_empty() {
                self.pass(Token::CharacterTokens(tendril(part)));
            }
        }
        self.characters = characters;
        self.characters.clear();
    }

    /// Begins a tag.
    fn begin(&mut self, start: bool) {
        self.start = Some(start);
        self.name.clear();
        self.closes_itself = false;
        self.attributes.clear();
    }

    /// Gives the attribute that is open to its tag, unless that has one of the name.
    fn end_attribute(&mut self) {
        let name = self.valued.take().unwrap_or_else(|| known(&self.key));
        if let Some(name) = name
            && self.attributes.iter().all(|one| one.name.local != name)
        {
            let name = QualName::new(None, ns!(), name);
            self.attributes.push(Attribute { name, value: tendril(&self.value) });
        }
        self.key.clear();
        self.value.clear();
    }
}

impl<B: Builder> Emitter for Tokens<'_, B> {
    /// The builder is full.
    type Token = ();

    fn set_last_start_tag(&mut self, name: Option<&[u8]>) {
        self.last_start.clear();
        self.last_start.extend_from_slice(name.unwrap_or_default());
    }

    fn emit_eof(&mut self) {
        self.flush();
        self.pass(Token::EOFToken);
    }

    fn emit_error(&mut self, _error: Error) {}

    #[inline]
    fn should_emit_errors(&mut self) -> bool {
        false
    }

    #[inline]
    fn pop_token(&mut self) -> Option<()> {
        self.builder.is_full().then_some(())
    }

    #[inline]
    fn emit_string(&mut self, text: &[u8]) {
        self.characters.extend_from_slice(text);
    }

    fn init_start_tag(&mut self) {
        self.begin(true);
    }

    fn init_end_tag(&mut self) {
        self.begin(false);
    }

    fn init_comment(&mut self) {}

    fn emit_current_tag(&mut self) -> Option<State> {
        self.flush();
        self.end_attribute();
        let is_start = self.start.take() == Some(true);
        let attrs = std::mem::take(&mut self.attributes);
        let name = LocalName::from(&*utf8(&self.name));
        let end = if is_start {
            std::mem::swap(&mut self.last_start, &mut self.name);
            end_of_unread(&name, &attrs)
        } else {
            None
        };
        let kind = if is_start { TagKind::StartTag } else { TagKind::EndTag };
        let attrs = if is_start { attrs } else { Vec::new() };
        let tag = Tag {
            kind,
            name,
            self_closing: self.closes_itself,
            attrs,
            had_duplicate_attributes: false,
        };
        match self.builder.take(Token::TagToken(tag)) {
            TokenSinkResult::Plaintext => Some(State::PlainText),
            TokenSinkResult::RawData(kind) => {
                if let Some(end) = end {
                    self.at.set(self.at.get() + unread(&self.text[self.at.get()..], end));
                }
                Some(match kind {
                    RawKind::Rcdata => State::RcData,
                    RawKind::Rawtext => State::RawText,
                    RawKind::ScriptData | RawKind::ScriptDataEscaped(_) => State::ScriptData,
                })
            }
            TokenSinkResult::Continue
            | TokenSinkResult::Script(_)
            | TokenSinkResult::EncodingIndicator(_) => None,
        }
    }

    fn emit_current_comment(&mut self) {
        self.flush();
        self.pass(Token::CommentToken(StrTendril::new()));
    }

    fn emit_current_doctype(&mut self) {
        self.flush();
        let doctype = std::mem::take(&mut self.doctype);
        self.pass(Token::DoctypeToken(doctype));
    }

    fn set_self_closing(&mut self) {
        self.closes_itself = true;
    }

    fn set_force_quirks(&mut self) {
        self.doctype.force_quirks = true;
    }

    #[inline]
    fn push_tag_name(&mut self, part: &[u8]) {
        self.name.extend_from_slice(part);
    }

    fn push_comment(&mut self, _part: &[u8]) {}

    fn push_doctype_name(&mut self, part: &[u8]) {
        push(&mut self.doctype.name, part);
    }

    fn init_doctype(&mut self) {
        self.doctype = Doctype::default();
    }

    fn init_attribute(&mut self) {
        self.end_attribute();
    }

    #[inline]
    fn push_attribute_name(&mut self, part: &[u8]) {
        self.key.extend_from_slice(part);
    }

    fn init_attribute_value(&mut self) {
        self.valued = Some(known(&self.key));
    }

    #[inline]
    fn push_attribute_value(&mut self, part: &[u8]) {
        if !matches!(self.valued, Some(None)) {
            self.value.extend_from_slice(part);
        }
    }

    fn set_doctype_public_identifier(&mut self, value: &[u8]) {
        self.doctype.public_id = Some(tendril(value));
    }

    fn set_doctype_system_identifier(&mut self, value: &[u8]) {
        self.doctype.system_id = Some(tendril(value));
    }

    fn push_doctype_public_identifier(&mut self, part: &[u8]) {
        push(&mut self.doctype.public_id, part);
    }

    fn push_doctype_system_identifier(&mut self, part: &[u8]) {
        push(&mut self.doctype.system_id, part);
    }

    fn current_is_appropriate_end_tag_token(&mut self) -> bool {
        self.start == Some(false) && !self.name.is_empty() && self.name == self.last_start
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&mut self) -> bool {
        self.builder.is_foreign()
    }
}

/// Appends to what may not be there yet.
fn push(text: &mut Option<StrTendril>, part: &[u8]) {
    text.get_or_insert_default().push_slice(&utf8(part));
}

/// How the tag begins that ends what a tag begins, where no reader sees that and nothing is read of it: a
/// style, a program that is no data.
fn end_of_unread(name: &LocalName, attributes: &[Attribute]) -> Option<&'static str> {
    let is_data = || {
        let kind = attributes.iter().find(|attribute| attribute.name.local == local_name!("type"));
        kind.is_some_and(|kind| kind.value.to_ascii_lowercase().contains("json"))
    };
    match *name {
        local_name!("style") => Some("</style"),
        local_name!("script") if !is_data() => Some("</script"),
        _ => None,
    }
}

/// How much need not be read up to the tag that begins with `end`; nothing where a comment may hide that tag.
fn unread(rest: &str, end: &str) -> usize {
    let ends = |at: &usize| {
        let tag = rest.get(*at..at + end.len());
        let after = rest.as_bytes().get(at + end.len());
        tag.is_some_and(|tag| tag.eq_ignore_ascii_case(end))
            && after.is_some_and(|byte| byte.is_ascii_whitespace() || matches!(byte, b'>' | b'/'))
    };
    let all = memchr::memmem::find_iter(rest.as_bytes(), b"</").find(ends).unwrap_or(0);
    if rest[..all].contains("<!--") { 0 } else { all }
}
