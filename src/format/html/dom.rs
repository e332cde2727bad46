//! A page as a tree: one parse, nodes in one table, no recursion however deep the page nests.

use std::borrow::Cow;
use std::cell::{Cell, Ref, RefCell};

use html5ever::interface::{ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::tokenizer::states::RawKind;
use html5ever::tokenizer::{Tag, TagKind, Token, TokenSink, TokenSinkResult};
use html5ever::tree_builder::TreeBuilder;
use html5ever::{Attribute, QualName, ns};

use super::tokens::{self, Builder};

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

/// The line on which a token stands is told for faults alone, and none are.
const LINE: u64 = 1;

/// The tree of a page.
pub(crate) struct Dom {
    nodes: Vec<Node>,
    /// Why the page was not parsed to its end.
    cut: Option<String>,
}

/// No node: the document itself is never a child or a sibling.
const NONE: Id = 0;

/// Takes a node out of its place.
fn detach(nodes: &mut [Node], id: Id) {
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
        let mut guard = Guard::default();
        let whole = tokens::read(text, &mut guard);
        if whole {
            guard.builder.end();
        }
        let cut = (!whole)
            .then(|| format!("it has more than {MOST_NODES} elements; the rest is not read"));
        Self { cut, ..guard.builder.sink.finish() }
    }

    /// Why the page was not parsed to its end, where it was not.
    pub(crate) fn cut(&self) -> Option<String> {
        self.cut.clone()
    }

    /// Takes an element out of the page, with all that it holds.
    pub(crate) fn remove(&mut self, id: Id) {
        detach(&mut self.nodes, id);
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

    /// The value of an attribute, entities resolved; it is one of those that [`tokens::known`] keeps.
    pub(crate) fn attr(&self, id: Id, key: &str) -> Option<&str> {
        debug_assert!(tokens::known(key.as_bytes()).is_some(), "{key} is not kept");
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

    /// The node that stands right before a node, within the same element, if there is one.
    pub(crate) fn previous(&self, id: Id) -> Option<Id> {
        Some(self.nodes[id as usize].previous).filter(|previous| *previous != NONE)
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

/// Stands between the tokens and the tree builder, and lays flat what nests too deep.
struct Guard {
    builder: TreeBuilder<Id, Sink>,
    /// Where flat elements are put, and the last of them, once the page is too deep.
    flat: Option<(Id, Id)>,
}

impl Default for Guard {
    fn default() -> Self {
        Self { builder: TreeBuilder::new(Sink::default(), Default::default()), flat: None }
    }
}

impl Builder for Guard {
    type Node = Id;

    fn take(&mut self, token: Token) -> TokenSinkResult<Id> {
        if let Some((body, last)) = self.flat {
            return self.lay(body, last, token);
        }
        let result = self.builder.process_token(token, LINE);
        if self.builder.sink.deep.get() {
            let body = self.builder.sink.body();
            self.flat = Some((body, body));
        }
        result
    }

    fn is_foreign(&self) -> bool {
        self.flat.is_none()
            && self.builder.adjusted_current_node_present_but_not_in_html_namespace()
    }

    fn is_full(&self) -> bool {
        self.builder.sink.size() > MOST_NODES
    }
}

impl Guard {
    /// Appends one token below `<body>`: an element for a start tag, the text to the last element.
    fn lay(&mut self, body: Id, last: Id, token: Token) -> TokenSinkResult<Id> {
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
                    self.flat = Some((body, id));
                }
                if let Some(raw) = raw {
                    return TokenSinkResult::RawData(raw);
                }
            }
            Token::TagToken(Tag { kind: TagKind::EndTag, name, .. })
                if !super::page::is_inline(&name) =>
            {
                self.flat = Some((body, body));
            }
            _ => {}
        }
        TokenSinkResult::Continue
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
        detach(&mut self.nodes.borrow_mut(), id);
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

    use html5ever::TokenizerResult;
    use html5ever::buffer_queue::BufferQueue;
    use html5ever::tokenizer::Tokenizer;
    use proptest::prelude::*;

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
            ("<STYLE>p { }</STYLE><style>p { }</StYlE ><p>yes", "yes"),
            ("<script type='application/ld+json'>{}</script><p>yes", "{}yes"),
            ("<script title='>'>no</script><p>yes", "yes"),
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

    /// The tokenizer of html5ever, told to hand on what ours does.
    struct Theirs(RefCell<Guard>);

    impl TokenSink for Theirs {
        type Handle = Id;

        fn process_token(&self, token: Token, _line: u64) -> TokenSinkResult<Id> {
            let token = match token {
                Token::TagToken(mut tag) => {
                    tag.attrs.retain(|one| tokens::known(one.name.local.as_bytes()).is_some());
                    Token::TagToken(tag)
                }
                Token::ParseError(_) => return TokenSinkResult::Continue,
                other => other,
            };
            self.0.borrow_mut().take(token)
        }

        fn adjusted_current_node_present_but_not_in_html_namespace(&self) -> bool {
            self.0.borrow().is_foreign()
        }
    }

    fn parsed_by_html5ever(text: &str) -> Dom {
        let tokenizer = Tokenizer::new(Theirs(RefCell::new(Guard::default())), Default::default());
        let queue = BufferQueue::default();
        queue.push_back(StrTendril::from_slice(text));
        while !matches!(tokenizer.feed(&queue), TokenizerResult::Done) {}
        tokenizer.end();
        tokenizer.sink.0.into_inner().builder.sink.finish()
    }

    /// All nodes, with their parents; of programs and styles nothing, since they are not read.
    fn nodes(dom: &Dom) -> Vec<(Id, String)> {
        let mut nodes = Vec::new();
        for id in dom.below(0) {
            let node = &dom.nodes[id as usize];
            let says = match &node.kind {
                Kind::Other => "other".to_owned(),
                Kind::Text(_) if matches!(dom.name(node.parent), "script" | "style") => continue,
                Kind::Text(text) => format!("{:?}", &**text),
                Kind::Element(name, attributes) => {
                    let own = |one: &Attribute| format!("{:?}={:?}", one.name, &*one.value);
                    let own: Vec<_> = attributes.iter().map(own).collect();
                    format!("{name:?} {own:?}")
                }
            };
            nodes.push((node.depth.into(), says));
        }
        nodes
    }

    #[test]
    fn trees_are_those_of_html5ever() {
        for page in [
            "<!DOCTYPE html PUBLIC 'a' \"b\"><p><table><p>x</table><!doctype>",
            "<P CLASS=a class='b' ID ID=\"c\" data-x='1>2' Title=d/>a\r\nb\rc\0d&amp;&notit;&#x41;&#0;&copy",
            "<svg><![CDATA[a<b>]]><title>t</title><p>x<![CDATA[no]]></svg>",
            "<textarea>\n<p>&lt;</textarea><title><b>é</title x>ü<pre>\n\nß",
            "<script type=application/json>{\"a\": \"</p>\"}</SCRIPT ><xmp><b></xmp><plaintext></p>",
            "a<!-- b --!>c<!--d--e-->f<!>g<?h>i</>j</ k>l<m",
            "<b><i><b><i><a href=x><a href=y><p></b></i>x<font color=red>y<math><mi>z",
            "<select><option>1<option>2<input type=hidden></select><noscript><p>n</noscript><iframe><p></iframe>",
            "<p title=\"never ends",
            "",
        ] {
            assert_eq!(nodes(&Dom::parse(page)), nodes(&parsed_by_html5ever(page)), "{page:?}");
        }
    }

    /// What pages are made of, and what ends it too early.
    const PIECES: &[&str] = &[
        "<p>",
        "</p>",
        "<div class=",
        "\"",
        "'",
        ">",
        "/>",
        "<",
        "</",
        "=",
        " ",
        "\n",
        "\r\n",
        "\r",
        "\0",
        "&",
        "&amp;",
        "&notin",
        "&#x2",
        "&#0;",
        "x",
        "é",
        "<b>",
        "</b>",
        "<a href=x>",
        "<table>",
        "<td>",
        "</table>",
        "<svg>",
        "</svg>",
        "<math>",
        "<![CDATA[",
        "]]>",
        "<!--",
        "-->",
        "--!>",
        "-",
        "<!",
        "<?",
        "<!doctype html>",
        "<title>",
        "</title>",
        "<textarea>",
        "</textarea>",
        "<script>",
        "<script type='x/json'>",
        "</script>",
        "<style>",
        "</style>",
        "<template>",
        "</template>",
        "<select>",
        "<option>",
        "<pre>",
        "<iframe>",
        "</iframe>",
        "ID=1 id=2",
        "<BODY Lang=de>",
        "<li>",
        "<font size=1>",
        "</SCRIPT",
        "<plaintext>",
    ];

    proptest! {
        #![proptest_config(ProptestConfig {
            failure_persistence: None,
            ..ProptestConfig::default()
        })]

        #[test]
        fn any_tree_is_that_of_html5ever(
            pieces in proptest::collection::vec(proptest::sample::select(PIECES), 0..40),
        ) {
            let page = pieces.concat();
            prop_assert_eq!(nodes(&Dom::parse(&page)), nodes(&parsed_by_html5ever(&page)));
        }
    }

    #[test]
    fn a_page_is_cut_where_it_is_too_large() {
        let page = "<p>x".repeat(MOST_NODES);
        let dom = Dom::parse(&page);
        assert!(dom.cut().is_some_and(|why| why.contains("more than")));
        assert!(dom.nodes.len() < MOST_NODES + 10);
        assert!(Dom::parse("<p>x").cut().is_none());
    }

    #[test]
    fn tags_of_many_attributes_take_linear_time() {
        let start = Instant::now();
        let many: String = (0..400_000).map(|n| format!(" a{n}='b'")).collect();
        let dom = Dom::parse(&format!("<p{many} class=c>x"));
        let p = dom.elements().find(|id| dom.name(*id) == "p").expect("it is there");
        assert_eq!(dom.attr(p, "class"), Some("c"));
        Dom::parse(&format!("<p{}>", " class='b'".repeat(400_000)));
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
