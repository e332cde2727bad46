//! Documents of one text each, of libraries and journals: TEI P5, JATS, and the pages of print that ALTO
//! holds. What an element means hangs on those around it.

use super::{Scanner, Token, attr};
use crate::draft::{Draft, Rung, Slot};

/// The kinds of document.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Tei,
    Jats,
    Alto,
}

/// What kind of document its first element makes it; `None` of any other markup.
pub(super) fn kind(text: &str) -> Option<Kind> {
    let mut scanner = Scanner { rest: text, unclosed: None };
    let (name, attrs) = scanner.find_map(|token| match token {
        Token::Open { name, attrs, .. } => Some((name, attrs)),
        _ => None,
    })?;
    match local(&name) {
        "tei" | "tei.2" => Some(Kind::Tei),
        "alto" => Some(Kind::Alto),
        "article" => {
            let told =
                ["article-type", "dtd-version"].iter().any(|key| attr(&attrs, key).is_some());
            let front = || text[..text.floor_char_boundary(4096)].contains("<front>");
            (told || front()).then_some(Kind::Jats)
        }
        _ => None,
    }
}

/// A name without the mark of its vocabulary: `p` of `tei:p`.
fn local(name: &str) -> &str {
    name.rsplit(':').next().unwrap_or(name)
}

/// Elements lie at most so deep.
const DEEPEST: usize = 256;

/// Reads the articles of a document: one, or those that a TEI parts as such.
pub(super) fn read(kind: Kind, scanner: &mut Scanner<'_>, found: &mut dyn FnMut(Draft)) {
    let (stack, texts) = (Vec::new(), Texts::default());
    let mut reader = Reader { kind, stack, texts, paper: None, number: 0, found };
    for token in scanner.by_ref() {
        match token {
            Token::Open { name, attrs, empty } => {
                let name = local(&name).to_owned();
                reader.opened(&name, &attrs);
                if !empty && reader.stack.len() < DEEPEST {
                    reader.stack.push((name, attrs));
                }
            }
            Token::Close(name) => {
                let name = local(&name);
                // What was never closed ends with what is around it.
                if let Some(at) = reader.stack.iter().rposition(|(open, _)| open == name) {
                    reader.closed(at);
                    reader.stack.truncate(at);
                }
            }
            Token::Text(text) => reader.text(&text),
        }
    }
    reader.finish();
}

/// So many things are kept that a document says of itself, since each article of a paper says them.
const MOST: usize = 1_000;

/// What is said of a text, each with the element that says it.
type Said = Vec<(Slot, &'static str, String)>;

/// What was read so far of one text.
#[derive(Default)]
struct Texts {
    /// What is said of it, with the element that says it; the surer first where one is said twice.
    said: Said,
    body: String,
    /// The text of the element that is being read.
    open: String,
    /// The parts of a name or a day.
    given: String,
    family: String,
    day: [String; 3],
    /// A word whose other half stood on the line above.
    halved: bool,
    /// Whether more was said than is kept.
    cut: bool,
}

struct Reader<'f> {
    kind: Kind,
    /// The elements around, with their attributes.
    stack: Vec<(String, String)>,
    texts: Texts,
    /// What is said of a paper, before the first of its articles, and whether that is not all.
    paper: Option<(Said, bool)>,
    /// How many articles are done.
    number: u32,
    found: &'f mut dyn FnMut(Draft),
}

impl Reader<'_> {
    fn within(&self, name: &str) -> bool {
        self.stack.iter().any(|(open, _)| open == name)
    }

    /// The element so many levels around the innermost.
    fn around(&self, levels: usize) -> &str {
        let at = self.stack.len().checked_sub(levels + 1);
        at.map_or("", |at| &self.stack[at].0)
    }

    fn say(&mut self, slot: Slot, place: &'static str, text: &str) {
        let text = text.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() && self.has_room() {
            self.texts.said.push((slot, place, text));
        }
    }

    /// Whether one more thing may be said.
    fn has_room(&mut self) -> bool {
        let room = self.texts.said.len() < MOST;
        self.texts.cut |= !room;
        room
    }

    /// Ends a paragraph.
    fn paragraph(&mut self) {
        let open = std::mem::take(&mut self.texts.open);
        let text = open.split_whitespace().collect::<Vec<_>>().join(" ");
        if !text.is_empty() {
            if !self.texts.body.is_empty() {
                self.texts.body.push_str("\n\n");
            }
            self.texts.body.push_str(&text);
        }
    }

    fn opened(&mut self, name: &str, attrs: &str) {
        let value = |key: &str| attr(attrs, key);
        match (self.kind, name) {
            (Kind::Alto, "string") => {
                let half = value("subs_type").unwrap_or_default();
                let whole = value("subs_content").filter(|_| !half.is_empty());
                let word = whole.or_else(|| value("content")).unwrap_or_default();
                // The second half is in the first.
                if half != "HypPart2" || !std::mem::take(&mut self.texts.halved) {
                    self.texts.open.push(' ');
                    self.texts.open.push_str(&word);
                }
                self.texts.halved |= half == "HypPart1";
            }
            (Kind::Alto, "textblock" | "composedblock") => self.paragraph(),
            (Kind::Tei, "div" | "div1" | "div2") => {
                self.paragraph();
                let article =
                    value("type").is_some_and(|kind| kind.eq_ignore_ascii_case("article"));
                if article && self.within("text") {
                    let before = std::mem::take(&mut self.texts);
                    // What is said of the paper is said of each.
                    let paper = || (before.said.clone(), before.cut);
                    let (said, cut) = self.paper.get_or_insert_with(paper);
                    (self.texts.said, self.texts.cut) = (said.clone(), *cut);
                    self.hand_over(before);
                }
            }
            (Kind::Tei, "language") => {
                if let Some(code) = value("ident") {
                    self.say(Slot::Language, "language@ident", &code);
                }
            }
            (Kind::Tei, "date") if self.within("teiheader") => {
                let day = value("when").or_else(|| value("from")).or_else(|| value("notbefore"));
                if let Some(day) = day {
                    self.dated(&day);
                }
                self.texts.open.clear();
            }
            // A word goes on behind the end of a line or a page.
            (Kind::Tei, "lb" | "pb" | "cb") => {
                if value("break").is_some_and(|parts| parts == "no") {
                    let text = self.texts.open.trim_end().trim_end_matches(['-', '\u{ad}']).len();
                    self.texts.open.truncate(text);
                } else {
                    self.texts.open.push(' ');
                }
            }
            (
                Kind::Tei | Kind::Jats,
                "p" | "head" | "title" | "l" | "ab" | "item" | "list-item",
            ) if self.is_body() => {
                self.paragraph();
            }
            _ if self.is_body() => {}
            (Kind::Tei, "surname") => {}
            _ if !is_inner(name) => self.texts.open.clear(),
            _ => {}
        }
    }

    /// Whether what stands here is the text of the document.
    fn is_body(&self) -> bool {
        match self.kind {
            Kind::Alto => true,
            Kind::Tei => self.within("text") && !self.within("teiheader") && !self.within("fw"),
            Kind::Jats => {
                self.within("body") && !self.within("caption") && !self.within("object-id")
            }
        }
    }

    fn text(&mut self, text: &str) {
        // In ALTO all words are attributes.
        if self.kind != Kind::Alto && !self.within("fw") {
            self.texts.open.push_str(text);
        }
    }

    /// Reports a day: that of the source before that of who made the file.
    fn dated(&mut self, day: &str) {
        let source = self.within("sourcedesc");
        if self.within("revisiondesc") || !source && !self.within("publicationstmt") {
            return;
        }
        let place = if source { "sourceDesc/date" } else { "publicationStmt/date" };
        let at = self.texts.said.iter().position(|(slot, place, _)| {
            source && *slot == Slot::Published && *place != "sourceDesc/date"
        });
        let day = (Slot::Published, place, day.trim().to_owned());
        if self.has_room() {
            self.texts.said.insert(at.unwrap_or(self.texts.said.len()), day);
        }
    }

    /// The element at a place of the stack ends.
    fn closed(&mut self, at: usize) {
        self.stack.truncate(at + 1);
        let (name, attrs) = self.stack[at].clone();
        let (parent, beyond) = (self.around(1).to_owned(), self.around(2).to_owned());
        let open = |reader: &mut Self| std::mem::take(&mut reader.texts.open);
        let rule = (self.kind, &name[..], &parent[..]);
        match rule {
            (Kind::Alto, "textblock" | "composedblock", _) => self.paragraph(),
            (Kind::Tei, "title", "titlestmt") => {
                let text = open(self);
                self.say(Slot::Headline, "titleStmt/title", &text);
            }
            (Kind::Tei, "title", _) if self.within("sourcedesc") => {
                let text = open(self);
                if attr(&attrs, "level").is_some_and(|level| level == "j") {
                    self.texts.said.retain(|(slot, ..)| *slot != Slot::Source);
                    self.say(Slot::Source, "sourceDesc/title", &text);
                }
            }
            (Kind::Tei, "author", "titlestmt") => {
                let text = open(self);
                self.say(Slot::Author, "titleStmt/author", &text);
            }
            (Kind::Tei, "publisher", "publicationstmt") => {
                let text = open(self);
                self.say(Slot::Source, "publicationStmt/publisher", &text);
            }
            (Kind::Tei, "date", _) if self.within("teiheader") => {
                let text = open(self);
                let told =
                    ["when", "from", "notbefore"].iter().any(|key| attr(&attrs, key).is_some());
                if !told && !text.trim().is_empty() {
                    self.dated(&text);
                }
            }
            (Kind::Tei, "term", _) if self.within("keywords") => {
                let text = open(self);
                self.say(Slot::Topic, "keywords/term", &text);
            }
            (Kind::Tei, "head", _) if self.is_body() && self.paper.is_some() => {
                // The first heading of an article in a newspaper is its headline.
                let own = |(slot, place, _): &(Slot, &str, String)| {
                    *slot == Slot::Headline && *place == "head"
                };
                if self.texts.body.is_empty() && !self.texts.said.iter().any(own) {
                    let text = open(self);
                    self.texts.said.retain(|(slot, ..)| *slot != Slot::Headline);
                    self.say(Slot::Headline, "head", &text);
                } else {
                    self.paragraph();
                }
            }
            (Kind::Jats, "article-title", "title-group") => {
                let text = open(self);
                self.say(Slot::Headline, "article-title", &text);
            }
            (Kind::Jats, "journal-title", _) => {
                let text = open(self);
                self.say(Slot::Source, "journal-title", &text);
            }
            (Kind::Jats, "subject", _) => {
                let text = open(self);
                let first = !self.texts.said.iter().any(|(slot, ..)| *slot == Slot::Section);
                self.say(if first { Slot::Section } else { Slot::Topic }, "subject", &text);
            }
            (Kind::Jats, "kwd", _) => {
                let text = open(self);
                self.say(Slot::Topic, "kwd", &text);
            }
            (Kind::Jats, "article-id", "article-meta") => {
                let text = open(self);
                if attr(&attrs, "pub-id-type").is_some_and(|kind| kind == "doi") {
                    self.say(Slot::Id, "article-id[doi]", &text);
                }
            }
            (Kind::Jats, "surname", "name") => self.texts.family = open(self),
            (Kind::Jats, "given-names", "name") => self.texts.given = open(self),
            (Kind::Jats, "name", "contrib") => {
                let name = format!("{} {}", self.texts.given.trim(), self.texts.family.trim());
                self.say(Slot::Author, "contrib/name", &name);
                (self.texts.given, self.texts.family) = Default::default();
            }
            (Kind::Jats, "collab", _) => {
                let text = open(self);
                self.say(Slot::Author, "collab", &text);
            }
            (Kind::Jats, "year" | "month" | "day", "pub-date") if beyond == "article-meta" => {
                let part = ["year", "month", "day"].iter().position(|part| *part == name);
                self.texts.day[part.unwrap_or_default()] = open(self).trim().to_owned();
            }
            (Kind::Jats, "pub-date", "article-meta") => {
                let parts = std::mem::take(&mut self.texts.day);
                self.say(Slot::Published, "pub-date", &day_of(parts));
            }
            (Kind::Jats, "label", _) => self.texts.open.push(' '),
            (Kind::Jats, "title", _) if self.within("abstract") => self.texts.open.clear(),
            (Kind::Jats, "abstract", _) => {
                let text = open(self);
                self.say(Slot::Standfirst, "abstract", &text);
            }
            (Kind::Jats, "caption", _) => {
                let text = open(self);
                self.say(Slot::Caption, "caption", &text);
            }
            (
                _,
                "p" | "head" | "title" | "l" | "ab" | "item" | "cell" | "td" | "th" | "div"
                | "div1" | "div2" | "sec" | "body" | "text",
                _,
            ) if self.is_body() => {
                self.paragraph();
            }
            _ => {}
        }
    }

    fn finish(mut self) {
        if self.kind == Kind::Alto || self.is_body() {
            self.paragraph();
        }
        let texts = std::mem::take(&mut self.texts);
        self.hand_over(texts);
    }

    /// Hands over one article; what stands before the first of several is the head of the paper, and
    /// no article unless it has a text.
    fn hand_over(&mut self, texts: Texts) {
        let several = self.paper.is_some();
        if several && texts.body.is_empty() {
            return;
        }
        self.number += 1;
        let mut draft = Draft { part: several.then_some(self.number), ..Draft::default() };
        for (slot, place, text) in texts.said {
            draft.note(slot, Rung::Record, place, text);
        }
        draft.note(Slot::Body, Rung::Record, "text", texts.body);
        if texts.cut {
            draft.cut(format!("it says more than {MOST} things of itself; the rest is left out"));
        }
        (self.found)(draft);
    }
}

/// A day of year, month and day, as far as they are told: `2021-02-09`, `9 Feb 2021`.
fn day_of(parts: [String; 3]) -> String {
    let told: Vec<&String> = parts.iter().take_while(|part| !part.is_empty()).collect();
    if told.iter().all(|part| part.bytes().all(|byte| byte.is_ascii_digit())) {
        return told.iter().map(|part| format!("{part:0>2}")).collect::<Vec<_>>().join("-");
    }
    told.iter().rev().map(|part| &part[..]).collect::<Vec<_>>().join(" ")
}

/// Whether an element stands within a value, and does not begin one.
fn is_inner(name: &str) -> bool {
    const INNER: [&str; 16] = [
        "bold", "emph", "ext-link", "forename", "hi", "hyp", "italic", "name", "p", "persname",
        "ref", "sc", "sec", "sub", "sup", "xref",
    ];
    INNER.binary_search(&name).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(xml: &str) -> Vec<String> {
        let mut lines = Vec::new();
        let mut scanner = Scanner { rest: xml, unclosed: None };
        read(kind(xml).unwrap(), &mut scanner, &mut |draft| {
            let remarks = draft.remarks.iter();
            lines.push(
                remarks
                    .map(|one| format!("{:?}={}", one.slot, one.text))
                    .collect::<Vec<_>>()
                    .join("|"),
            );
        });
        lines
    }

    #[test]
    fn documents_are_known_by_their_first_element() {
        assert_eq!(kind("<?xml version='1.0'?><tei:TEI xmlns:tei='x'>"), Some(Kind::Tei));
        assert_eq!(kind("<alto xmlns='x'>"), Some(Kind::Alto));
        assert_eq!(kind("<article article-type=\"news\"><front/>"), Some(Kind::Jats));
        assert_eq!(kind("<article><p>Ice</p></article>"), None);
        assert_eq!(kind("<rss><channel/></rss>"), None);
        assert_eq!(kind("no markup"), None);
    }

    #[test]
    fn words_and_paragraphs_are_whole() {
        assert_eq!(
            said(
                "<alto><TextBlock><TextLine><String CONTENT=\"The\"/><SP/><String CONTENT=\"ice\" \
                 SUBS_TYPE=\"HypPart1\" SUBS_CONTENT=\"icebreaker\"/><HYP CONTENT=\"-\"/></TextLine>\
                 <TextLine><String CONTENT=\"breaker\" SUBS_TYPE=\"HypPart2\" \
                 SUBS_CONTENT=\"icebreaker\"/></TextLine></TextBlock><TextBlock><TextLine>\
                 <String CONTENT=\"came.\"/></TextLine></TextBlock></alto>"
            ),
            ["Body=The icebreaker\n\ncame."]
        );
        assert_eq!(
            said(
                "<TEI><teiHeader><title>x</title><revisionDesc><date when=\"2020\"/></revisionDesc>\
                 </teiHeader><text><body><p>An ice-<lb break=\"no\"/>breaker<lb/>came.</p><l>And\
                 </l><l>went.</l></body></text></TEI>"
            ),
            ["Body=An icebreaker came.\n\nAnd\n\nwent."]
        );
    }

    #[test]
    fn text_outside_of_paragraphs_and_days_in_words_are_read() {
        assert_eq!(
            said("<TEI><text><body><div>Ice came.</div><div>It went.</div></body></text></TEI>"),
            ["Body=Ice came.\n\nIt went."]
        );
        let jats = |month: &str| {
            let date = format!("<day>9</day><month>{month}</month><year>2021</year>");
            said(&format!(
                "<article article-type=\"news\"><article-meta><pub-date>{date}</pub-date></article-meta>\
                 <body>Ice.</body></article>"
            ))
        };
        assert_eq!(jats("2"), ["Published=2021-02-09|Body=Ice."]);
        assert_eq!(jats("Feb"), ["Published=9 Feb 2021|Body=Ice."]);
    }

    #[test]
    fn what_is_left_out_is_told() {
        let terms = "<term>ice</term>".repeat(MOST + 1);
        let head = format!("<TEI><teiHeader><keywords>{terms}</keywords></teiHeader><text><body>");
        let articles = "<div type=\"article\"><p>Ice.</p></div>".repeat(3);
        let mut scanner = Scanner { rest: &format!("{head}{articles}"), unclosed: None };
        let mut cuts = Vec::new();
        read(Kind::Tei, &mut scanner, &mut |draft| {
            assert_eq!(draft.remarks.len(), MOST + 1);
            cuts.extend(draft.cuts);
        });
        assert_eq!(cuts.len(), 3);
    }

    #[test]
    fn articles_of_a_newspaper_are_parted() {
        let article = |head: &str| {
            format!("<div type=\"article\"><head>{head}</head><p>Of {head}.</p></div>")
        };
        let paper = format!(
            "<TEI><teiHeader><titleStmt><title>Courier</title></titleStmt></teiHeader><text><body>{}{}",
            article("Ice"),
            article("Snow")
        );
        assert_eq!(said(&paper), ["Headline=Ice|Body=Of Ice.", "Headline=Snow|Body=Of Snow."]);
    }
}
