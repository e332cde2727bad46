//! A tree as a page: its blocks in reading order, and the boxes around them.

use super::dom::{Dom, Id};
use crate::draft::{Block, Container, Draft, Page, unmarked};
use crate::format::wrap::Wrap;

/// The most blocks that are read of a page.
const MOST_BLOCKS: usize = 50_000;

/// Reads the blocks of a page, and tells whether those were all; what is no text for a reader (scripts, forms' fields) is left out.
///
/// Every block-level element around a text becomes a box, the block's own element too. Hidden
/// elements are kept and marked: sites hide whole articles until a script has run.
///
/// Of an element within the page, `root`, only what it holds is read; `apart` is left out.
pub(super) fn page(dom: &Dom, root: Id, apart: &[Id]) -> (Page, bool) {
    let mut reader = Reader::new(dom);
    let whole = reader.walk(root, apart);
    (reader.page, whole)
}

/// Gives a draft the page that was read for it, and tells where that was not all.
pub(super) fn keep(page: Page, whole: bool, draft: &mut Draft) {
    if !whole {
        draft.cut(too_long());
    }
    draft.page = Some(page);
}

/// Why not all of a page was read.
pub(super) fn too_long() -> String {
    format!("it has more than {MOST_BLOCKS} paragraphs; the rest is not read")
}

/// Whether an element stands inside a line of text.
pub(super) fn is_inline(name: &str) -> bool {
    matches!(
        name,
        "a" | "abbr"
            | "acronym"
            | "b"
            | "bdi"
            | "bdo"
            | "big"
            | "cite"
            | "code"
            | "data"
            | "del"
            | "dfn"
            | "em"
            | "font"
            | "i"
            | "img"
            | "ins"
            | "kbd"
            | "label"
            | "mark"
            | "nobr"
            | "q"
            | "rp"
            | "rt"
            | "ruby"
            | "s"
            | "samp"
            | "small"
            | "span"
            | "strike"
            | "strong"
            | "sub"
            | "sup"
            | "time"
            | "tt"
            | "u"
            | "var"
            | "wbr"
            | "math"
            | "amp-img"
            | "g-emoji"
    )
}

/// Whether an element holds nothing that belongs to a text.
fn is_skipped(name: &str) -> bool {
    matches!(
        name,
        "head"
            | "script"
            | "style"
            | "template"
            | "noscript"
            | "svg"
            | "iframe"
            | "object"
            | "embed"
            | "select"
            | "button"
            | "input"
            | "textarea"
            | "canvas"
            | "audio"
            | "video"
            | "map"
            | "datalist"
            | "progress"
            | "meter"
            | "annotation"
            | "amp-ad"
            | "rp"
    )
}

/// Whether an element numbers the lines of a listing beside it, as programs that colour code do.
fn is_gutter(dom: &Dom, id: Id) -> bool {
    let named = |class: &str| {
        class.split_ascii_whitespace().any(|name| {
            let parts = ["gutter", "lineno", "line-number", "linenum", "crayon-num"];
            matches!(name, "ln" | "lnt") || parts.iter().any(|part| name.contains(part))
        })
    };
    if !matches!(dom.name(id), "td" | "pre" | "span" | "div" | "a")
        || !dom.attr(id, "class").is_some_and(named)
    {
        return false;
    }
    let mut texts = dom.below(id).filter_map(|inner| dom.own_text(inner));
    texts.all(|text| text.bytes().all(|byte| byte.is_ascii_digit() || byte.is_ascii_whitespace()))
}

/// Whether an element is the mark of a note, or leads back from one: a link within the page that says no more
/// than a number, a letter or a sign.
///
/// Such a mark is glued to the word before it, which nobody would find then.
fn is_note_mark(dom: &Dom, id: Id) -> bool {
    let within = |link: Id| {
        dom.name(link) == "a" && dom.attr(link, "href").is_some_and(|href| href.contains('#'))
    };
    let raised = |id: Id| dom.name(id) == "sup";
    let named = |key: &str| {
        let names = ["footnote", "endnote", "noteref"];
        dom.attr(id, key).is_some_and(|value| names.iter().any(|name| value.contains(name)))
    };
    let link = within(id);
    if !link && !raised(id) {
        return false;
    }
    let (mut text, mut links) = (String::new(), link);
    for (count, inner) in dom.below(id).enumerate() {
        let own = dom.own_text(inner).unwrap_or_default();
        if count > MOST_WITHIN || own.len() > 2 * LONGEST_MARK {
            return false;
        }
        text.push_str(own);
        links |= within(inner);
    }
    let said = text.trim();
    if !links || said.is_empty() || said.len() > LONGEST_MARK {
        return false;
    }
    if said.chars().all(|sign| BACK.contains(sign)) {
        return true;
    }
    let mark = |word: &str| match word.bytes().all(|byte| byte.is_ascii_digit()) {
        true => word.len() <= 3,
        false => word.chars().count() <= 4 && !word.contains(|sign: char| sign.is_ascii_digit()),
    };
    let marked = !link || dom.children(id).all(raised) || named("class") || named("role");
    marked && said.split(|sign: char| !sign.is_alphanumeric()).all(mark)
}

/// In bytes.
const LONGEST_MARK: usize = 16;

/// What has more elements and texts in it is no mark.
const MOST_WITHIN: usize = 24;

/// The signs of links that lead back from a note, and of how they are to be shown.
const BACK: &str = "↩↑⏎↵⤴⮐^\u{fe0e}\u{fe0f}";

/// The tags whose names a box keeps; any other is `div`.
const TAGS: &[&str] = &[
    "address",
    "article",
    "aside",
    "blockquote",
    "body",
    "caption",
    "center",
    "dd",
    "details",
    "dialog",
    "div",
    "dl",
    "dt",
    "fieldset",
    "figcaption",
    "figure",
    "footer",
    "form",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "header",
    "hr",
    "html",
    "li",
    "main",
    "menu",
    "nav",
    "ol",
    "p",
    "pre",
    "section",
    "summary",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "ul",
];

fn tag(name: &str) -> &'static str {
    TAGS.binary_search(&name).map_or("div", |at| TAGS[at])
}

/// Gives the words of a text, one by one.
pub(super) fn each_word(text: &str, mut give: impl FnMut(&str)) {
    // Blanks of ASCII are found byte by byte; U+000B is no blank there.
    if text.is_ascii() && !text.contains('\u{b}') {
        text.split_ascii_whitespace().for_each(&mut give);
    } else {
        text.split_whitespace().for_each(&mut give);
    }
}

/// What is open where the walk stands.
enum Step {
    In(Id),
    /// The end of a block-level element.
    Out,
    /// The end of a link.
    Unlink,
    /// The end of bold type.
    Unbold,
}

struct Reader<'a> {
    dom: &'a Dom,
    page: Page,
    /// The open block-level elements, and their boxes once a text needed them.
    open: Vec<(Id, Option<u32>)>,
    text: String,
    linked: u32,
    strong: u32,
    links: u32,
    bolds: u32,
    preformatted: u32,
    /// Line breaks since the last sign.
    breaks: u32,
    /// Whether white space stands between the last sign and the next.
    blank: bool,
}

impl<'a> Reader<'a> {
    fn new(dom: &'a Dom) -> Self {
        Self {
            dom,
            page: Page { markup: true, ..Page::default() },
            open: Vec::new(),
            text: String::new(),
            linked: 0,
            strong: 0,
            links: 0,
            bolds: 0,
            preformatted: 0,
            breaks: 0,
            blank: false,
        }
    }

    /// Whether the walk came to the end of the page.
    fn walk(&mut self, root: Id, apart: &[Id]) -> bool {
        let dom = self.dom;
        let mut steps = vec![Step::In(root)];
        while let Some(step) = steps.pop() {
            if self.page.blocks.len() >= MOST_BLOCKS {
                return false;
            }
            let id = match step {
                Step::In(id) => id,
                Step::Out => {
                    self.flush();
                    if let Some((id, _)) = self.open.pop() {
                        self.preformatted -= u32::from(dom.name(id) == "pre");
                    }
                    continue;
                }
                Step::Unlink => {
                    self.links -= 1;
                    continue;
                }
                Step::Unbold => {
                    self.bolds -= 1;
                    continue;
                }
            };
            if let Some(text) = dom.own_text(id) {
                self.push(text);
                continue;
            }
            let name = dom.name(id);
            match name {
                _ if is_skipped(name)
                    || apart.contains(&id)
                    || is_gutter(dom, id)
                    || is_note_mark(dom, id) =>
                {
                    continue;
                }
                "br" => {
                    self.line_break();
                    continue;
                }
                "" | "html" => {}
                "a" => {
                    self.links += 1;
                    steps.push(Step::Unlink);
                }
                "b" | "strong" => {
                    self.bolds += 1;
                    steps.push(Step::Unbold);
                }
                _ if is_inline(name) => {}
                _ => {
                    self.flush();
                    self.preformatted += u32::from(name == "pre");
                    self.open.push((id, None));
                    steps.push(Step::Out);
                }
            }
            steps.extend(dom.children(id).rev().map(Step::In));
        }
        self.flush();
        true
    }

    /// Adds text to the open block, white space folded.
    fn push(&mut self, text: &str) {
        let before = self.text.len();
        if self.preformatted > 0 {
            self.text.push_str(text);
        } else {
            self.blank |= text.starts_with(char::is_whitespace);
            let mut any = false;
            each_word(text, |word| {
                if self.breaks > 0 {
                    if !self.text.is_empty() {
                        self.text.push('\n');
                    }
                } else if self.blank && !self.text.is_empty() {
                    self.text.push(' ');
                }
                (self.breaks, self.blank, any) = (0, true, true);
                self.text.push_str(word);
            });
            if any {
                self.blank = text.ends_with(char::is_whitespace);
            }
        }
        let added = (self.text.len() - before) as u32;
        if self.links > 0 {
            self.linked += added;
        }
        if self.bolds > 0 {
            self.strong += added;
        }
    }

    /// One break is a new line, two part paragraphs.
    fn line_break(&mut self) {
        if self.preformatted > 0 {
            self.text.push('\n');
            return;
        }
        self.breaks += 1;
        if self.breaks > 1 {
            self.flush();
        }
    }

    /// Ends the open block.
    fn flush(&mut self) {
        let text = std::mem::take(&mut self.text);
        let (linked, strong) = (self.linked, self.strong);
        (self.linked, self.strong, self.breaks, self.blank) = (0, 0, 0, false);
        let text = match self.preformatted {
            0 => text,
            _ => text.trim_matches('\n').trim_end().to_owned(),
        };
        if !text.chars().any(char::is_alphanumeric) {
            return;
        }
        let container = self.container();
        let tag = self.open.last().map_or("", |(id, _)| tag(self.dom.name(*id)));
        if self.preformatted > 0
            && linked as usize * 10 < text.len()
            && let Some(wrap) = Wrap::typed(&text)
        {
            // Prose, and no listing.
            let paragraphs = wrap.paragraphs(&text);
            if self.page.blocks.len() + paragraphs.len() < MOST_BLOCKS {
                let block = |text| Block { text, tag: "p", container, ..Block::default() };
                self.page.blocks.extend(paragraphs.into_iter().map(block));
                return;
            }
        }
        let heading = matches!(tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6");
        let text = if heading { unmarked(&text).to_owned() } else { text };
        self.page.blocks.push(Block { text, tag, linked, strong, container, ..Block::default() });
    }

    /// The box of the innermost open element, made now where it was not yet needed.
    fn container(&mut self) -> Option<u32> {
        let known = self.open.iter().rposition(|(_, made)| made.is_some());
        let mut parent = known.and_then(|at| self.open[at].1);
        for at in known.map_or(0, |at| at + 1)..self.open.len() {
            let id = self.open[at].0;
            let number = self.page.boxes.len() as u32;
            self.page.boxes.push(Container {
                tag: tag(self.dom.name(id)),
                parent,
                hints: hints(self.dom, id),
                hidden: is_hidden(self.dom, id),
            });
            self.open[at].1 = Some(number);
            parent = Some(number);
        }
        parent
    }
}

/// The attributes in which sites tell what a box is for.
const HINTS: &[&str] =
    &["class", "id", "role", "itemprop", "data-testid", "data-component", "data-qa", "aria-label"];

/// What an element says of itself: lower-cased, words of a `camelCase` parted by `-`.
fn hints(dom: &Dom, id: Id) -> String {
    let mut hints = String::new();
    for value in HINTS.iter().filter_map(|key| dom.attr(id, key)) {
        if !hints.is_empty() {
            hints.push(' ');
        }
        let mut small = false;
        for c in value.chars().take(200) {
            if c.is_ascii_uppercase() && small {
                hints.push('-');
            }
            small = c.is_ascii_lowercase();
            hints.push(if c.is_whitespace() { ' ' } else { c.to_ascii_lowercase() });
        }
    }
    hints
}

fn is_hidden(dom: &Dom, id: Id) -> bool {
    dom.attr(id, "hidden").is_some()
        || dom.attr(id, "aria-hidden").is_some_and(|value| value.eq_ignore_ascii_case("true"))
        || dom.attr(id, "style").is_some_and(|style| {
            let style: String = style
                .chars()
                .filter(|c| !c.is_whitespace())
                .collect::<String>()
                .to_ascii_lowercase();
            style.contains("display:none") || style.contains("visibility:hidden")
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn blocks(html: &str) -> Vec<(&'static str, String)> {
        let dom = Dom::parse(html);
        let (page, _) = page(&dom, dom.root(), &[]);
        page.blocks.into_iter().map(|block| (block.tag, block.text)).collect()
    }

    #[test]
    fn the_numbers_of_the_lines_of_a_listing_are_none_of_it() {
        for gutter in [
            "<td class=gutter><pre><span class=line>1</span><br><span class=line>2</span></pre></td>",
            "<td class=linenos><div class=linenodiv><pre>1\n2</pre></div></td>",
            "<td class=lntd><pre><code><span class=lnt>1\n</span><span class=lnt>2\n</span></code></pre></td>",
            "<td class='gutter gl'><pre class=lineno>1\n2\n</pre></td>",
        ] {
            let html = format!(
                "<p>See:<table><tr>{gutter}<td class=code><pre>let a = 1;\nlet b = 2;</pre></table>"
            );
            assert_eq!(
                blocks(&html),
                [("p", "See:".to_owned()), ("pre", "let a = 1;\nlet b = 2;".to_owned())],
                "{gutter}"
            );
        }
        let inline =
            "<pre><span class=ln>1</span>let a = 1;\n<span class=ln>2</span>let b = 2;</pre>";
        assert_eq!(blocks(inline), [("pre", "let a = 1;\nlet b = 2;".to_owned())]);
        let table = "<table><tr><td class=gutter>7 boats</td><td>17</td></tr></table>";
        assert_eq!(blocks(table).len(), 2);
    }

    #[test]
    fn the_marks_of_notes_are_no_text() {
        for (html, text) in [
            ("Ice<a href=#fn1 class=footnote-ref><sup>1</sup></a>, too.", "Ice, too."),
            ("Ice<sup id=fnref:1><a href=#fn:1>1</a></sup>, <i>too</i>.", "Ice, too."),
            ("Ice<sup><a href='#cite_note-2'><span>[</span>2<span>]</span></a></sup>.", "Ice."),
            ("Ice<sup>[<a href=#n1>a</a>, <a href=#n2>b</a>]</sup> came.", "Ice came."),
            ("Ice <a role=doc-noteref href=/ice/#note>*</a> came.", "Ice came."),
            ("It was thick. <a href=#fnref1>\u{21a9}\u{fe0e}</a>", "It was thick."),
            ("It was thick<sup><a href=https://a.example/>1</a></sup>", "It was thick1"),
            ("10<sup>6</sup>, as in <a href=#part-2>2</a>", "106, as in 2"),
            ("The ice<sup><a href=#ice>, which came early</a></sup>", "The ice, which came early"),
            ("<a href=#winter class=footnote>1912</a> was cold", "1912 was cold"),
        ] {
            assert_eq!(blocks(&format!("<p>{html}</p>")), [("p", text.to_owned())], "{html}");
        }
    }

    #[test]
    fn prose_as_it_was_typed_is_paragraphs() {
        let typed = "Ferry to stop for the winter\n\nThe council voted on Tuesday to close the ferry to\n\
                     Holm for the winter, after a meeting that lasted\nfive hours and ended with the gallery \
                     being cleared\nby stewards.\n\nThose who live on the island would be brought to the\n\
                     mainland by a smaller boat.\n";
        let all = blocks(&format!("<pre>\n{typed}</pre>"));
        assert_eq!(all.len(), 3, "{all:?}");
        assert!(all.iter().all(|(tag, text)| *tag == "p" && !text.contains('\n')), "{all:?}");
    }

    #[test]
    fn blocks_stand_in_reading_order() {
        for (html, expected) in [
            ("<p>One <b>two</b>three<p> four ", vec![("p", "One twothree"), ("p", "four")]),
            ("<div>a<p>b</p>c</div>", vec![("div", "a"), ("p", "b"), ("div", "c")]),
            ("<p>a<br>b<br> <br>c", vec![("p", "a\nb"), ("p", "c")]),
            ("<pre>\n  a\n    b\n</pre>", vec![("pre", "  a\n    b")]),
            ("<ul><li>a<li>b <script>x</script></ul>", vec![("li", "a"), ("li", "b")]),
            ("<p>a <a href=x>b</a>, c</p>", vec![("p", "a b, c")]),
            ("<p>* * *</p>", vec![]),
        ] {
            let found = blocks(html);
            let found: Vec<_> = found.iter().map(|(tag, text)| (*tag, text.as_str())).collect();
            assert_eq!(found, expected, "{html}");
        }
    }

    #[test]
    fn boxes_tell_what_they_are_for() {
        let dom =
            Dom::parse("<div class='ArticleBody x' id=M><div></div><p hidden>a<a>b</a> <strong>c");
        let (page, _) = page(&dom, dom.root(), &[]);
        let block = &page.blocks[0];
        assert_eq!((block.linked, block.strong), (1, 2));
        let own = &page.boxes[block.container.expect("it has a box") as usize];
        assert!(own.hidden && own.tag == "p");
        let outer = &page.boxes[own.parent.expect("it has a box") as usize];
        assert_eq!((outer.tag, outer.hints.as_str()), ("div", "article-body x m"));
    }
}
