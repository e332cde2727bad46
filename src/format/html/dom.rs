//! A page as a tree: one parse, nodes in one table, no recursion however deep the page nests.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::buffer_queue::BufferQueue;
use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult, Tokenizer};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{Attribute, QualName, local_name, ns};

/// A node: its place in the table of a [`Dom`].
pub(crate) type Id = u32;

/// Elements nested deeper than this are laid flat below `<body>`, as browsers do.
///
/// The tree builder looks through its open elements at nearly every tag, so that a page of nothing
/// but `<div>` would take time that grows with the square of its length (html5ever 0.40).
const DEPTH: u16 = 512;

/// Elements keep at most so many attributes when a later tag adds to them.
const ATTRIBUTES: usize = 64;

/// The most nodes of a page, and attributes of all of them; each costs some hundred bytes.
const MOST_NODES: usize = 600_000;

/// How much of a page is parsed at once, before it is looked how large the tree has become.
const PIECE: usize = 64 << 10;

/// The most attributes of one tag: html5ever 0.40 compares each with all before it, so that a tag of
/// nothing but attributes takes time that grows with their square.
const MOST_IN_TAG: usize = 20_000;

/// The tree of a page.
pub(crate) struct Dom {
    nodes: Vec<Node>,
    /// Why the page was not parsed to its end.
    cut: Option<String>,
}

/// No node: the document itself is never a child or a sibling.
const NONE: Id = 0;

struct Node {
    parent: Id,
    previous: Id,
    next: Id,
    first: Id,
    last: Id,
    depth: u16,
    kind: Kind,
}

enum Kind {
    /// The document, a comment, an instruction: nothing that a reader sees.
    Other,
    Text(StrTendril),
    Element(QualName, Vec<Attribute>),
}

impl Dom {
    /// Parses a page; any text gives some tree. The time is linear in the length of the text.
    pub(crate) fn parse(text: &str) -> Self {
        let guard = Guard {
            builder: TreeBuilder::new(Sink::default(), Default::default()),
            flat: Cell::new(None),
            tokens: Cell::new(0),
            unread: Cell::new(None),
        };
        let tokenizer = Tokenizer::new(guard, Default::default());
        let queue = BufferQueue::default();
        let mut rest = text;
        let mut cut = None;
        let mut long_tag: Option<LongTag> = None;
        while !rest.is_empty() {
            let (piece, after) = rest.split_at(next_piece(rest));
            rest = after;
            let tokens = tokenizer.sink.tokens.get();
            queue.push_back(StrTendril::from_slice(piece));
            // The tokenizer stops after each script, for a browser to run it.
            while !queue.is_empty() {
                match tokenizer.feed(&queue) {
                    html5ever::TokenizerResult::Done => break,
                    html5ever::TokenizerResult::Script(_)
                    | html5ever::TokenizerResult::EncodingIndicator(_) => {}
                }
            }
            if let Some(end) = tokenizer.sink.unread.get().filter(|_| queue.is_empty()) {
                rest = &rest[unread(rest, end)..];
            }
            // Where no token came out of the piece, all of it stands inside of one tag or comment.
            if tokens == tokenizer.sink.tokens.get() {
                let before = text.len() - rest.len() - piece.len();
                let tag = long_tag.get_or_insert_with(|| LongTag::begun(&text[..before]));
                if tag.attributes(piece) > MOST_IN_TAG {
                    let most = MOST_IN_TAG;
                    cut =
                        Some(format!("a tag of more than {most} attributes; the rest is not read"));
                    break;
                }
            } else {
                long_tag = None;
            }
            if tokenizer.sink.builder.sink.size() > MOST_NODES {
                cut = Some(format!("it has more than {MOST_NODES} elements; the rest is not read"));
                break;
            }
        }
        if cut.is_none() {
            tokenizer.end();
        }
        Self { cut, ..tokenizer.sink.builder.sink.finish() }
    }

    /// Why the page was not parsed to its end, where it was not.
    pub(crate) fn cut(&self) -> Option<String> {
        self.cut.clone()
    }

    /// The document, which holds `<html>`.
    pub(crate) fn root(&self) -> Id {
        0
    }

    /// The elements of the page, in the order of their start tags.
    pub(crate) fn elements(&self) -> impl Iterator<Item = Id> + '_ {
        self.below(0).filter(|id| matches!(self.nodes[*id as usize].kind, Kind::Element(..)))
    }

    /// Everything inside a node (elements, texts, comments), in the order of the page.
    pub(crate) fn below(&self, id: Id) -> impl Iterator<Item = Id> + '_ {
        let mut at = id;
        std::iter::from_fn(move || {
            let node = &self.nodes[at as usize];
            if node.first != NONE {
                at = node.first;
                return Some(at);
            }
            while at != id {
                let node = &self.nodes[at as usize];
                if node.next != NONE {
                    at = node.next;
                    return Some(at);
                }
                at = node.parent;
            }
            None
        })
    }

    /// The local name of an element, lower case for HTML; `""` for what is no element.
    pub(crate) fn name(&self, id: Id) -> &str {
        match &self.nodes[id as usize].kind {
            Kind::Element(name, _) => &name.local,
            _ => "",
        }
    }

    /// The value of an attribute, entities resolved.
    pub(crate) fn attr(&self, id: Id, key: &str) -> Option<&str> {
        match &self.nodes[id as usize].kind {
            Kind::Element(_, attrs) => attrs
                .iter()
                .find(|attribute| &*attribute.name.local == key)
                .map(|attribute| &*attribute.value),
            _ => None,
        }
    }

    /// The element around a node; the document for `<html>`, `None` for the document.
    pub(crate) fn parent(&self, id: Id) -> Option<Id> {
        (id != 0).then(|| self.nodes[id as usize].parent)
    }

    /// The nodes directly inside a node.
    pub(crate) fn children(&self, id: Id) -> Children<'_> {
        let node = &self.nodes[id as usize];
        Children { dom: self, front: node.first, back: node.last }
    }

    /// The text of a text node, as it stands; `None` for every other node.
    pub(crate) fn own_text(&self, id: Id) -> Option<&str> {
        match &self.nodes[id as usize].kind {
            Kind::Text(text) => Some(text),
            _ => None,
        }
    }

    /// All the text inside a node, run together as it stands, scripts and styles too.
    pub(crate) fn text(&self, id: Id) -> String {
        let mut all = String::new();
        for text in self.below(id).filter_map(|inner| self.own_text(inner)) {
            all.push_str(text);
        }
        all
    }
}

/// The children of a node, from either end.
pub(crate) struct Children<'a> {
    dom: &'a Dom,
    front: Id,
    back: Id,
}

impl Iterator for Children<'_> {
    type Item = Id;

    fn next(&mut self) -> Option<Id> {
        let id = self.front;
        if id == NONE {
            return None;
        }
        if id == self.back {
            (self.front, self.back) = (NONE, NONE);
        } else {
            self.front = self.dom.nodes[id as usize].next;
        }
        Some(id)
    }
}

impl DoubleEndedIterator for Children<'_> {
    fn next_back(&mut self) -> Option<Id> {
        let id = self.back;
        if id == NONE {
            return None;
        }
        if id == self.front {
            (self.front, self.back) = (NONE, NONE);
        } else {
            self.back = self.dom.nodes[id as usize].previous;
        }
        Some(id)
    }
}

/// How much of a page is parsed next: up to the end of the next tag that may begin what is not read.
fn next_piece(rest: &str) -> usize {
    let bytes = &rest.as_bytes()[..PIECE.min(rest.len())];
    let begins =
        |at: &usize| bytes[*at..].starts_with(b"<script") || bytes[*at..].starts_with(b"<style");
    let tag = memchr::memmem::find_iter(bytes, b"<s").find(begins);
    let end = tag.and_then(|at| Some(at + 1 + memchr::memchr(b'>', &bytes[at..])?));
    end.unwrap_or(rest.ceil_char_boundary(bytes.len()))
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

/// Stands between the tokenizer and the tree builder, and lays flat what nests too deep.
struct Guard {
    builder: TreeBuilder<Id, Sink>,
    /// Where flat elements are put, and the last of them, once the page is too deep.
    flat: Cell<Option<(Id, Id)>>,
    /// Tokens so far.
    tokens: Cell<u64>,
    /// How the tag begins that ends what the last token began, where that is not read.
    unread: Cell<Option<&'static str>>,
}

impl TokenSink for Guard {
    type Handle = Id;

    fn process_token(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        self.tokens.set(self.tokens.get() + u64::from(!matches!(token, Token::ParseError(_))));
        let end = end_of_unread(&token);
        let result = self.pass(token, line);
        self.unread.set(end.filter(|_| matches!(result, TokenSinkResult::RawData(_))));
        result
    }

    fn end(&self) {
        self.builder.end();
    }

    fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
        self.flat.get().is_none()
            && self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }
}

/// How the tag begins that ends what a token begins, where no reader sees that and nothing is read of it: a
/// style, a program that is no data.
fn end_of_unread(token: &Token) -> Option<&'static str> {
    let Token::TagToken(Tag { kind: TagKind::StartTag, name, attrs, .. }) = token else {
        return None;
    };
    let data = || {
        let kind = attrs.iter().find(|attribute| &*attribute.name.local == "type");
        kind.is_some_and(|kind| kind.value.to_ascii_lowercase().contains("json"))
    };
    if *name == local_name!("style") {
        Some("</style")
    } else if *name == local_name!("script") {
        (!data()).then_some("</script")
    } else {
        None
    }
}

impl Guard {
    /// Hands a token to the tree builder, or lays it flat.
    fn pass(&self, token: Token, line: u64) -> TokenSinkResult<Id> {
        if let Some((body, last)) = self.flat.get() {
            return self.lay(body, last, token);
        }
        let result = self.builder.process_token(token, line);
        if self.builder.sink.deep.get() {
            let body = self.builder.sink.body();
            self.flat.set(Some((body, body)));
        }
        result
    }

    /// Appends one token below `<body>`: an element for a start tag, the text to the last element.
    fn lay(&self, body: Id, last: Id, token: Token) -> TokenSinkResult<Id> {
        let sink = &self.builder.sink;
        match token {
            Token::CharacterTokens(text) => sink.append(&last, NodeOrText::AppendText(text)),
            Token::TagToken(Tag { kind: TagKind::StartTag, name, attrs, .. }) => {
                let raw = match &*name {
                    "script" => Some(RawKind::ScriptData),
                    "style" | "noscript" | "iframe" | "xmp" | "noembed" | "noframes" => {
                        Some(RawKind::Rawtext)
                    }
                    "textarea" | "title" => Some(RawKind::Rcdata),
                    _ => None,
                };
                let inline = super::page::is_inline(&name);
                if raw.is_some() || !inline {
                    let name = QualName::new(None, ns!(html), name);
                    let id = sink.create_element(name, attrs, ElementFlags::default());
                    sink.append(&body, NodeOrText::AppendNode(id));
                    self.flat.set(Some((body, id)));
                }
                if let Some(raw) = raw {
                    return TokenSinkResult::RawData(raw);
                }
            }
            Token::TagToken(Tag { kind: TagKind::EndTag, name, .. })
                if !super::page::is_inline(&name) =>
            {
                self.flat.set(Some((body, body)));
            }
            _ => {}
        }
        TokenSinkResult::Continue
    }
}

/// A tag that is longer than a piece of a page.
#[derive(Default)]
struct LongTag {
    comment: bool,
    /// The sign that ends the value that is open.
    quote: Option<u8>,
    /// The last sign that is no white space.
    last: u8,
    blank: bool,
    attributes: usize,
}

impl LongTag {
    /// The tag, or the comment, that is open at the end of `before`.
    fn begun(before: &str) -> Self {
        let after = before.rfind('>').map_or(0, |end| end + 1);
        let mut tag = Self::default();
        if let Some(start) = before[after..].find('<') {
            let open = &before[after + start..];
            tag.comment = open.starts_with("<!");
            tag.attributes(open);
        }
        tag
    }

    /// Reads on, and tells how many attributes there were so far, or a few more.
    fn attributes(&mut self, piece: &str) -> usize {
        for byte in piece.bytes().filter(|_| !self.comment) {
            match (self.quote, byte) {
                (Some(quote), _) if quote != byte => continue,
                (Some(_), _) => self.quote = None,
                (None, b'"' | b'\'') if self.last == b'=' => self.quote = Some(byte),
                (None, _) if byte.is_ascii_whitespace() => {
                    self.blank = true;
                    continue;
                }
                (None, _) => {
                    let begins = self.blank || matches!(self.last, b'/' | b'"' | b'\'');
                    self.attributes += usize::from(begins && byte != b'=');
                }
            }
            self.blank = false;
            self.last = byte;
        }
        self.attributes
    }
}

/// Fills the table while html5ever builds the tree.
struct Sink {
    nodes: RefCell<Vec<Node>>,
    attributes: Cell<usize>,
    deep: Cell<bool>,
}

impl Default for Sink {
    fn default() -> Self {
        let sink =
            Self { nodes: RefCell::default(), attributes: Cell::new(0), deep: Cell::new(false) };
        sink.new_node(Kind::Other);
        sink
    }
}

impl Sink {
    /// Nodes and attributes so far.
    fn size(&self) -> usize {
        self.nodes.borrow().len() + self.attributes.get()
    }

    fn new_node(&self, kind: Kind) -> Id {
        let mut nodes = self.nodes.borrow_mut();
        let id = Id::try_from(nodes.len()).expect("a page has fewer nodes than bytes, under 4 GB");
        nodes.push(Node {
            parent: NONE,
            previous: NONE,
            next: NONE,
            first: NONE,
            last: NONE,
            depth: 0,
            kind,
        });
        id
    }

    /// The `<body>`, or the document where there is none yet.
    fn body(&self) -> Id {
        let nodes = self.nodes.borrow();
        let named = |name: &str| {
            nodes
                .iter()
                .position(|node| matches!(&node.kind, Kind::Element(one, _) if &*one.local == name))
        };
        named("body").or_else(|| named("html")).unwrap_or(0) as Id
    }

    fn detach(&self, id: Id) {
        let mut nodes = self.nodes.borrow_mut();
        let Node { parent, previous, next, .. } = nodes[id as usize];
        if previous != NONE {
            nodes[previous as usize].next = next;
        } else if nodes[parent as usize].first == id {
            nodes[parent as usize].first = next;
        }
        if next != NONE {
            nodes[next as usize].previous = previous;
        } else if nodes[parent as usize].last == id {
            nodes[parent as usize].last = previous;
        }
        let node = &mut nodes[id as usize];
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
    }

    /// Puts a node into `parent` before `next`, or at the end where that is [`NONE`].
    fn insert(&self, parent: Id, next: Id, child: NodeOrText<Id>) {
        let before = |nodes: &[Node]| match next {
            NONE => nodes[parent as usize].last,
            _ => nodes[next as usize].previous,
        };
        let id = match child {
            NodeOrText::AppendNode(id) => {
                self.detach(id);
                id
            }
            NodeOrText::AppendText(text) => {
                {
                    let mut nodes = self.nodes.borrow_mut();
                    let previous = before(&nodes);
                    if previous != NONE
                        && let Kind::Text(old) = &mut nodes[previous as usize].kind
                    {
                        old.push_tendril(&text);
                        return;
                    }
                }
                self.new_node(Kind::Text(text))
            }
        };
        let mut nodes = self.nodes.borrow_mut();
        let previous = before(&nodes);
        let depth = nodes[parent as usize].depth.saturating_add(1);
        if depth > DEPTH {
            self.deep.set(true);
        }
        let node = &mut nodes[id as usize];
        (node.parent, node.previous, node.next, node.depth) = (parent, previous, next, depth);
        match previous {
            NONE => nodes[parent as usize].first = id,
            _ => nodes[previous as usize].next = id,
        }
        match next {
            NONE => nodes[parent as usize].last = id,
            _ => nodes[next as usize].previous = id,
        }
    }
}

impl TreeSink for Sink {
    type Handle = Id;
    type Output = Dom;
    type ElemName<'a> = Ref<'a, QualName>;

    fn finish(self) -> Dom {
        Dom { nodes: self.nodes.into_inner(), cut: None }
    }

    fn parse_error(&self, _message: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        0
    }

    fn elem_name<'a>(&'a self, target: &'a Id) -> Ref<'a, QualName> {
        Ref::map(self.nodes.borrow(), |nodes| match &nodes[*target as usize].kind {
            Kind::Element(name, _) => name,
            _ => unreachable!("the tree builder asks elements only"),
        })
    }

    fn create_element(&self, name: QualName, attrs: Vec<Attribute>, _flags: ElementFlags) -> Id {
        self.attributes.set(self.attributes.get() + attrs.len());
        self.new_node(Kind::Element(name, attrs))
    }

    fn create_comment(&self, _text: StrTendril) -> Id {
        self.new_node(Kind::Other)
    }

    fn create_pi(&self, _target: StrTendril, _data: StrTendril) -> Id {
        self.new_node(Kind::Other)
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.insert(*parent, NONE, child);
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        let parent = self.nodes.borrow()[*element as usize].parent;
        match parent {
            NONE => self.insert(*previous, NONE, child),
            _ => self.insert(parent, *element, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        *target
    }

    fn same_node(&self, one: &Id, other: &Id) -> bool {
        one == other
    }

    fn set_quirks_mode(&self, _mode: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        let parent = self.nodes.borrow()[*sibling as usize].parent;
        self.insert(parent, *sibling, child);
    }

    fn add_attrs_if_missing(&self, target: &Id, more: Vec<Attribute>) {
        if let Kind::Element(_, attrs) = &mut self.nodes.borrow_mut()[*target as usize].kind {
            for attribute in more {
                if attrs.len() < ATTRIBUTES && attrs.iter().all(|one| one.name != attribute.name) {
                    attrs.push(attribute);
                }
            }
        }
    }

    fn remove_from_parent(&self, target: &Id) {
        self.detach(*target);
    }

    fn reparent_children(&self, node: &Id, parent: &Id) {
        loop {
            let child = self.nodes.borrow()[*node as usize].first;
            if child == NONE {
                return;
            }
            self.insert(*parent, NONE, NodeOrText::AppendNode(child));
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_tree_can_be_walked() {
        let dom = Dom::parse("<p id=a>one <b>two</b></p><!-- x --><table>three<td>four");
        let names: Vec<_> = dom.elements().map(|id| dom.name(id)).collect();
        assert_eq!(names, ["html", "head", "body", "p", "b", "table", "tbody", "tr", "td"]);
        let p = dom.elements().find(|id| dom.attr(*id, "id") == Some("a")).expect("it is there");
        assert_eq!(dom.text(p), "one two");
        assert_eq!(dom.children(p).count(), 2);
        assert_eq!(dom.children(p).rev().map(|id| dom.name(id)).collect::<Vec<_>>(), ["b", ""]);
        assert_eq!(dom.text(dom.root()), "one twothreefour");
    }

    #[test]
    fn programs_and_styles_are_not_read() {
        let text = |page: &str| {
            let dom = Dom::parse(page);
            dom.text(dom.root())
        };
        for (page, says) in [
            ("<script>let a = '<p>no</p>';</script><p>yes", "yes"),
            ("<STYLE>p { }</STYLE><style>p { }</StYlE ><p>yes", "p { }yes"),
            ("<script type='application/ld+json'>{}</script><p>yes", "{}yes"),
            // Where it is not seen at which sign a tag ends, all is read.
            ("<script title='>'>no</script><p>yes", "noyes"),
            ("<!-- <script> --><p>yes</p><!-- </script> -->", "yes"),
            ("<textarea><script></textarea><p>yes", "<script>yes"),
            // Where a comment is open, a tag ends nothing.
            ("<script><!--<script>a</script>b--></script><p>yes", "<!--<script>a</script>b-->yes"),
            ("<script>all the rest", "all the rest"),
        ] {
            assert_eq!(text(page), says, "{page}");
        }
        let start = Instant::now();
        Dom::parse(&"<script>".repeat(200_000));
        Dom::parse(&"<script ".repeat(200_000));
        Dom::parse(&"<script></script".repeat(200_000));
        assert!(start.elapsed() < Duration::from_secs(5), "{:?}", start.elapsed());
    }

    #[test]
    fn deep_pages_take_linear_time_and_keep_their_text() {
        for (open, times) in [("<div>", 100_000), ("<a><b>", 100_000), ("<table><td>", 50_000)] {
            let start = Instant::now();
            let dom = Dom::parse(&format!("{}the end<script>x</script>", open.repeat(times)));
            assert!(start.elapsed() < Duration::from_secs(5), "{open} {:?}", start.elapsed());
            assert!(dom.text(dom.root()).contains("the end"), "{open}");
        }
    }
}
