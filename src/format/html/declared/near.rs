//! What stands near the headline: bylines, dates, the standfirst; and microdata and breadcrumbs.

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashSet;

use super::element::{append, is_block, is_hidden, property, short, spaced, time};
use super::{Declared, Title, line};
use crate::draft::{CATEGORY_LINK, Draft, POST_TITLE, Rung, Slot, unmarked};
use crate::format::head::{has_year, opens_byline};
use crate::format::html::dom::{Dom, Id};

/// How many lines before and after the headline are looked at.
const BEFORE: usize = 14;
const AFTER: usize = 30;
/// How many long paragraphs may pass before the text has begun.
const PARAGRAPHS: usize = 2;
/// How many marked elements are looked at, and how many of those far from the headline.
const HINTS: usize = 2_000;
const FAR: usize = 100;
/// What is longer is a paragraph, no byline.
const LONG: usize = 200;

/// Reports what stands near the headline; gives the element that holds it.
pub(super) fn report(dom: &Dom, page: &Declared, draft: &mut Draft) -> Option<Id> {
    let scan = Scan::of(dom, page, dom.root(), anchor(dom, page));
    scan.headlines(dom, page, draft);
    scan.report(dom, page, draft);
    scan.anchor
}

/// Reports what stands in one of several stories of a page: `whole` holds it, under `heading`.
pub(in super::super) fn report_story(dom: &Dom, whole: Id, heading: Id, draft: &mut Draft) {
    let text = unmarked(&line(&short(dom, heading))).to_owned();
    let page = Declared { titles: vec![Title::of(&text)], ..Declared::default() };
    draft.note(Slot::Headline, Rung::Markup, dom.name(heading), text);
    Scan::of(dom, &page, whole, Some(heading)).report(dom, &page, draft);
}

/// A line of the page, as a reader sees it.
struct Line {
    text: String,
    /// The same with a bar where the source has an empty line: it may part names there.
    parted: Option<String>,
}

/// An element whose markup says what it is.
struct Hint {
    id: Id,
    kind: Kind,
    /// The number of the line that it begins in.
    line: usize,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// `rel=author`.
    Author,
    /// A link to an author's page.
    AuthorLink,
    /// A class such as `byline`.
    Byline,
    /// A `<time>`.
    Time,
    /// A class such as `publish-date`.
    Dated,
    /// An `itemprop` or `property`.
    Property,
    /// A list of breadcrumbs.
    Crumbs,
    /// A link to the page of a category.
    Category,
}

struct Scan {
    lines: Vec<Line>,
    hints: Vec<Hint>,
    /// The line of the headline.
    headline: Option<usize>,
    anchor: Option<Id>,
}

/// The text with bars in place of empty lines, where it has some.
fn parted(text: &str) -> Option<String> {
    let rows: Vec<&str> = text.trim().lines().map(str::trim).collect();
    let parts: Vec<String> = rows
        .split(|row| row.is_empty())
        .filter(|part| !part.is_empty())
        .map(|part| line(&part.join(" ")))
        .collect();
    (parts.len() > 1).then(|| parts.join(" | "))
}

/// The classes and ids of boxes that speak of other articles, or of no article.
fn is_aside(hints: &str) -> bool {
    static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?:^|[\s_-])(?:comments?|disqus|related|recommend\w*|recirc\w*|sidebar|footer|popular|trending|most-?read|teasers?|promo|newsletter|outbrain|taboola|navigation|navbar|menu|widget-?area|carousel|read-?more|more-?(?:stories|news|articles|from)|latest|cookie|modal|popup|gallery|caption|playlist)(?:$|[\s_-])",
        )
        .expect("the pattern is fixed")
    });
    // The foot of an entry tells of it as its head does.
    let foot = FEET.iter().any(|foot| hints.contains(foot));
    match foot {
        true => {
            let own = FEET.iter().fold(hints.to_owned(), |hints, foot| hints.replace(foot, ""));
            ASIDE.is_match(&own)
        }
        false => ASIDE.is_match(hints),
    }
}

const FEET: [&str; 3] = ["entry-footer", "post-footer", "article-footer"];

impl Scan {
    fn of(dom: &Dom, page: &Declared, root: Id, anchor: Option<Id>) -> Self {
        let mut above: FxHashSet<Id> = FxHashSet::default();
        let mut up = anchor;
        while let Some(id) = up {
            above.insert(id);
            up = dom.parent(id);
        }
        let mut scan = Self { lines: Vec::new(), hints: Vec::new(), headline: None, anchor };
        let mut gather =
            Gather { dom, above, scan: &mut scan, text: String::new(), hints: String::new() };
        gather.walk(root);
        gather.flush();
        if scan.anchor.is_none() {
            scan.headline = scan.lines.iter().position(|line| {
                (8..=300).contains(&line.text.len()) && is_title_of(page, &line.text)
            });
        }
        scan
    }

    /// Whether a line lies near the headline, before the text begins.
    fn window(&self) -> std::ops::Range<usize> {
        let Some(at) = self.headline else { return 0..0 };
        // A headline may stand behind the last line of a page.
        let mut end = (at + 1).min(self.lines.len());
        let mut long = 0;
        while end < self.lines.len() && end <= at + AFTER && long < PARAGRAPHS {
            long += usize::from(self.lines[end].text.len() > LONG);
            end += 1;
        }
        at.saturating_sub(BEFORE).min(end)..end
    }

    fn report(&self, dom: &Dom, page: &Declared, draft: &mut Draft) {
        self.hints(dom, draft);
        self.lines(page, draft);
        self.far(dom, draft);
    }

    fn headlines(&self, dom: &Dom, page: &Declared, draft: &mut Draft) {
        for id in page.headings.iter().take(8) {
            let text = line(&short(dom, *id));
            if text.len() <= 600 {
                draft.note(Slot::Headline, Rung::Markup, "h1", unmarked(&text));
            }
        }
        if let Some(id) = self.anchor.filter(|id| dom.name(*id) != "h1") {
            let text = line(&short(dom, id));
            let post =
                dom.attr(id, "class").is_some_and(is_post_title) && !is_title_of(page, &text);
            let place = if post { POST_TITLE } else { dom.name(id) };
            draft.note(Slot::Headline, Rung::Markup, place, unmarked(&text));
        }
    }

    /// Reports marked elements: microdata anywhere, the rest near the headline.
    fn hints(&self, dom: &Dom, draft: &mut Draft) {
        let window = self.window();
        // In the text and after it stand links to the authors of other articles.
        let headline = self.headline.map_or(0, |at| at + 1);
        let text_from = (headline..window.end)
            .find(|number| self.lines[*number].text.len() > LONG)
            .unwrap_or(window.end);
        let mut linked: Option<usize> = None;
        let mut crumbs = false;
        let beside = headline.saturating_sub(2)..text_from;
        self.category(dom, &beside, draft);
        for hint in self.hints.iter().take(HINTS) {
            let near = window.contains(&hint.line);
            let text = || line(&spaced(dom, hint.id));
            match hint.kind {
                Kind::Property => property(dom, hint.id, near, draft),
                Kind::Time if near => time(dom, hint.id, draft),
                // Those of one byline stand together; well above the headline are teasers.
                Kind::AuthorLink
                    if near
                        && beside.contains(&hint.line)
                        && linked.is_none_or(|last| hint.line <= last + 3) =>
                {
                    linked = Some(hint.line);
                    draft.note(Slot::Author, Rung::Markup, "link to an author", text())
                }
                Kind::Author if near => {
                    draft.note(Slot::Author, Rung::Markup, "rel=author", text())
                }
                Kind::Byline if near => {
                    let text = text();
                    if text.len() <= LONG {
                        draft.note(Slot::Author, Rung::Visible, "byline", text);
                    }
                }
                Kind::Dated if near => {
                    // The word that tells what the date is may stand before the element.
                    let whole = self.lines.get(hint.line).filter(|line| line.text.len() <= 120);
                    let text = whole.map_or_else(text, |line| line.text.clone());
                    if text.len() <= 120 && text.contains(|c: char| c.is_numeric()) {
                        draft.note(Slot::Published, Rung::Visible, "date line", text);
                    }
                }
                Kind::Crumbs if !crumbs => crumbs = self.crumbs(dom, hint.id, draft),
                _ => {}
            }
        }
    }

    /// Reports the category to which links beside the headline lead (the lines of `beside`), or else those
    /// marked so below the text, or the only ones of the page. Of a menu of all categories it is none.
    fn category(&self, dom: &Dom, beside: &std::ops::Range<usize>, draft: &mut Draft) {
        const MOST: usize = 3;
        let links = self.hints.iter().filter(|hint| hint.kind == Kind::Category).take(HINTS);
        let (near, far): (Vec<&Hint>, Vec<&Hint>) =
            links.partition(|hint| beside.contains(&hint.line));
        let below = |hint: &&&Hint| hint.line >= beside.end && has_rel(dom, hint.id, "category");
        let marked: Vec<&Hint> = far.iter().filter(below).copied().collect();
        let only = near.is_empty() && marked.is_empty();
        let told = |hint: &Hint| {
            let href = dom.attr(hint.id, "href").unwrap_or_default().trim_end_matches('/');
            (href.to_owned(), line(&short(dom, hint.id)))
        };
        let links = [near, marked, far].into_iter().find(|links| !links.is_empty());
        let mut told: Vec<(String, String)> = links.into_iter().flatten().map(told).collect();
        let mut seen = FxHashSet::default();
        told.retain(|(address, _)| seen.insert(address.clone()));
        if told.len() > MOST {
            return;
        }
        let mut links = told.into_iter();
        let Some((mut address, mut path)) = links.next() else { return };
        for (inner, name) in links {
            // A category within a category has an address within the other's.
            if inner.strip_prefix(&address).is_some_and(|rest| rest.starts_with('/')) {
                (address, path) = (inner, format!("{path}/{name}"));
            } else if only {
                return;
            }
        }
        draft.note(Slot::Section, Rung::Markup, CATEGORY_LINK, path);
    }

    /// Reports lines near the headline that read like a byline or a date.
    fn lines(&self, page: &Declared, draft: &mut Draft) {
        let window = self.window();
        let mut lead: Option<String> = None;
        for number in window {
            let text = &self.lines[number].text;
            if Some(number) == self.headline {
                continue;
            }
            if let Some(lead) = lead.take()
                && text.len() <= 100
            {
                draft.note(
                    Slot::Author,
                    Rung::Visible,
                    format!("line {number}"),
                    format!("{lead} {text}"),
                );
            }
            if text.len() > 160 {
                continue;
            }
            let dated = has_year(text);
            let opens = opens_byline(text);
            let lone = opens
                && text.split_whitespace().count() <= 3
                && text.trim_end_matches(':').rsplit(' ').next().is_some_and(opens_byline);
            if lone {
                lead = Some(text.clone());
            } else if opens || dated && Some(number) > self.headline {
                let text = self.lines[number].parted.as_ref().unwrap_or(text);
                draft.note(Slot::Author, Rung::Visible, format!("line {number}"), text.clone());
            }
            if dated && text.len() <= 120 {
                draft.note(Slot::Published, Rung::Visible, format!("line {number}"), text.clone());
            }
        }
        self.first_publication(draft);
        self.standfirst(page, draft);
        self.kickers(draft);
    }

    /// A sentence anywhere that tells when the article was first published.
    fn first_publication(&self, draft: &mut Draft) {
        static FIRST: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?ix) (?: (?:originally|first)\s(?:published|posted)(?:\son)?
                | zuerst\s(?:erschienen|veröffentlicht)(?:\sam)? | publié\sinitialement\sle
                | publicado\soriginalmente\sel ) \s .{6,24}",
            )
            .expect("the pattern is fixed")
        });
        let mut found =
            self.lines.iter().filter(|line| line.text.len() <= LONG * 2).filter_map(|line| {
                FIRST.find(&line.text).map(|found| found.as_str()).filter(|text| has_year(text))
            });
        // Two such sentences speak of two articles.
        if let (Some(text), None) = (found.next(), found.next()) {
            draft.note(Slot::Published, Rung::Visible, "first publication", text);
        }
    }

    /// The short lines above the headline, one of which may name the kind of article.
    fn kickers(&self, draft: &mut Draft) {
        let Some(at) = self.headline else { return };
        for number in (at.saturating_sub(2)..at).rev() {
            let text = &self.lines[number].text;
            if text.len() <= 60 && text.split_whitespace().count() <= 5 {
                draft.note(Slot::Kind, Rung::Visible, format!("line {number}"), text.clone());
            }
        }
    }

    /// A line under the headline that says what the page gives as its description.
    fn standfirst(&self, page: &Declared, draft: &mut Draft) {
        let Some(at) = self.headline else { return };
        for line in self.lines.iter().skip(at + 1).take(8) {
            let words = line.text.split_whitespace().count();
            let title = Title::of(&line.text);
            let is =
                |text: &String| line.text.len() <= text.len() + 40 && Title::of(text).is(&title);
            if words >= 5 && line.text.len() <= 600 && page.descriptions.iter().take(8).any(is) {
                draft.note(
                    Slot::Standfirst,
                    Rung::Visible,
                    "under the headline",
                    line.text.clone(),
                );
                return;
            }
        }
    }

    /// Reports authors that are marked far from the headline, as at the foot of a text.
    fn far(&self, dom: &Dom, draft: &mut Draft) {
        let window = self.window();
        let mut far: FxHashSet<String> = FxHashSet::default();
        let mut posts: FxHashSet<String> = FxHashSet::default();
        for hint in self.hints.iter().filter(|hint| !window.contains(&hint.line)).take(FAR) {
            let text = line(&spaced(dom, hint.id));
            match hint.kind {
                Kind::Author => {
                    draft.note(Slot::Author, Rung::Markup, "rel=author far from the headline", text)
                }
                Kind::Byline if text.len() <= 100 => {
                    draft.note(Slot::Author, Rung::Visible, "byline far from the headline", text)
                }
                Kind::Dated | Kind::Time => {
                    let line = self.lines.get(hint.line).filter(|line| line.text.len() <= 80);
                    let Some(line) = line.filter(|line| has_year(&line.text)) else { continue };
                    if says_published(&line.text) && matches!(hint.kind, Kind::Dated) {
                        far.insert(line.text.clone());
                    }
                    if dom.attr(hint.id, "class").is_some_and(is_day_of_post) {
                        posts.insert(line.text.clone());
                    }
                }
                _ => {}
            }
        }
        // One line of a page that says it was published then, or is marked so: at the foot of the text.
        let one = |far: &FxHashSet<String>| far.iter().next().filter(|_| far.len() == 1).cloned();
        if let Some(text) = one(&far).or_else(|| one(&posts)) {
            draft.note(Slot::Published, Rung::Visible, "date line far from the headline", text);
        }
    }

    fn crumbs(&self, dom: &Dom, id: Id, draft: &mut Draft) -> bool {
        let mut crumbs: Vec<String> = Vec::new();
        for inner in dom.below(id) {
            if dom.name(inner) == "a" {
                crumbs.push(line(&short(dom, inner)));
            }
        }
        crumbs.retain(|crumb| !crumb.is_empty() && crumb.len() <= 60);
        if crumbs.len() > 8 {
            return false;
        }
        for (at, crumb) in crumbs.iter().enumerate() {
            draft.note(
                Slot::Section,
                Rung::Markup,
                format!("breadcrumb {}", at + 1),
                crumb.clone(),
            );
        }
        !crumbs.is_empty()
    }
}

/// The element that holds the headline.
fn anchor(dom: &Dom, page: &Declared) -> Option<Id> {
    let score = |id: Id| {
        let text = line(&short(dom, id));
        let text = Title::of(&text);
        page.titles.iter().map(|title| title.likeness(&text)).fold(0.0_f32, f32::max)
    };
    let mut best: Option<(f32, Id)> = None;
    for id in page.headings.iter().copied().take(16) {
        let score = score(id);
        if best.is_none_or(|(other, _)| score > other) {
            best = Some((score, id));
        }
    }
    if let Some((_, id)) = best.filter(|(score, _)| *score >= 0.8) {
        return Some(id);
    }
    // A heading may be worded otherwise than the page's title; what follows it has headings of
    // its own. The name of a site is short.
    let likely = best
        .filter(|(score, id)| *score >= 0.4 && short(dom, *id).split_whitespace().count() >= 5)
        .map(|(_, id)| id);
    let mut seen = 0;
    let mut marked: Vec<Id> = Vec::new();
    for id in dom.elements() {
        if likely == Some(id) {
            return likely;
        }
        if dom.attr(id, "class").is_some_and(is_post_title) {
            marked.push(id);
        }
        if matches!(dom.name(id), "h2" | "h3" | "h4")
            || dom.name(id) != "body" && dom.attr(id, "class").is_some_and(is_title)
        {
            seen += 1;
            if seen > 200 {
                // So many are a list.
                marked.clear();
                break;
            }
            let text = line(&short(dom, id));
            if (8..=300).contains(&text.len()) && is_title_of(page, &text) {
                return Some(id);
            }
        }
    }
    // Where a page has no heading of the first level, one element may be marked as the title of a post; in a list
    // of posts each has its own.
    let is_short = |id: &Id| (4..=300).contains(&line(&short(dom, *id)).len());
    best.map(|(_, id)| id).or_else(|| match marked[..] {
        [id] => Some(id).filter(is_short),
        _ => None,
    })
}

/// Whether a text is what the page calls itself.
fn is_title_of(page: &Declared, text: &str) -> bool {
    let text = Title::of(text);
    page.titles.iter().any(|title| title.is(&text))
}

/// Whether a class is that of the title of a post: `post-title`, `entry-title`, `post-main-title`.
fn is_post_title(class: &str) -> bool {
    class.split_ascii_whitespace().any(|class| {
        let class = class.to_ascii_lowercase();
        let of = ["post", "entry", "article", "story"].iter().any(|what| class.starts_with(what));
        of && class.ends_with("title")
    })
}

/// Whether a class is that of the day of a post, as WordPress and hAtom name it.
fn is_day_of_post(class: &str) -> bool {
    const NAMES: [&str; 5] =
        ["wp-block-post-date", "entry-date", "post-date", "posted-on", "dt-published"];
    let has = |name: &&str| class.split_ascii_whitespace().any(|own| own == *name);
    NAMES.iter().any(has) && (has(&"published") || !has(&"updated"))
}

fn is_title(class: &str) -> bool {
    class.split_ascii_whitespace().any(|class| {
        let class = class.to_ascii_lowercase();
        class.contains("headline") || class.ends_with("title") && !class.contains("site")
    })
}

struct Gather<'d> {
    dom: &'d Dom,
    above: FxHashSet<Id>,
    scan: &'d mut Scan,
    text: String,
    hints: String,
}

impl Gather<'_> {
    fn flush(&mut self) {
        let text = line(&self.text);
        if !text.is_empty() {
            let parted = (text.len() <= LONG).then(|| parted(&self.text)).flatten();
            self.scan.lines.push(Line { text, parted });
        }
        self.text.clear();
    }

    /// Walks the elements in the order of the page, without recursion: pages may be deep.
    fn walk(&mut self, root: Id) {
        enum Step {
            In(Id, bool),
            Out(bool),
        }
        let mut steps = vec![Step::In(root, false)];
        while let Some(step) = steps.pop() {
            let (id, in_hint) = match step {
                Step::Out(block) => {
                    if block {
                        self.flush();
                    }
                    continue;
                }
                Step::In(id, in_hint) => (id, in_hint),
            };
            if let Some(text) = self.dom.own_text(id) {
                append(&mut self.text, text);
                continue;
            }
            let name = self.dom.name(id);
            if is_hidden(name) {
                continue;
            }
            let block = is_block(name);
            if block {
                self.flush();
            }
            let above = self.above.contains(&id);
            if self.scan.anchor == Some(id) {
                self.scan.headline = Some(self.scan.lines.len());
            }
            let mut hinted = in_hint;
            if !matches!(name, "" | "html" | "body") {
                let skip = self.look(id, name, above, &mut hinted);
                if skip {
                    continue;
                }
            }
            steps.push(Step::Out(block));
            for child in self.dom.children(id).rev() {
                steps.push(Step::In(child, hinted));
            }
        }
    }

    /// Looks at the marks of an element; whether it and all in it are to be left out.
    fn look(&mut self, id: Id, name: &str, above: bool, hinted: &mut bool) -> bool {
        let dom = self.dom;
        self.hints.clear();
        for key in ["class", "id", "role"] {
            if let Some(value) = dom.attr(id, key) {
                self.hints.push_str(value);
                self.hints.push(' ');
            }
        }
        self.hints.make_ascii_lowercase();
        let line = self.scan.lines.len();
        let mut hint = |kind| self.scan.hints.push(Hint { id, kind, line });
        if !above {
            let crumbs = self.hints.contains("breadcrumb")
                || dom
                    .attr(id, "aria-label")
                    .is_some_and(|label| label.to_ascii_lowercase().contains("breadcrumb"));
            if crumbs {
                hint(Kind::Crumbs);
                return true;
            }
            if matches!(name, "nav" | "figcaption" | "figure") || is_aside(&self.hints) {
                return true;
            }
        }
        let property = dom.attr(id, "itemprop").or_else(|| dom.attr(id, "property"));
        if property.is_some() && name != "meta" || dom.attr(id, "itemprop").is_some() {
            hint(Kind::Property);
        }
        if above || *hinted {
            return false;
        }
        if name == "time" {
            hint(Kind::Time);
        } else if has_rel(dom, id, "author") {
            hint(Kind::Author);
        } else if name == "a" && links_author(dom, id) {
            hint(Kind::AuthorLink);
        } else if name == "a" && links_category(dom, id) {
            hint(Kind::Category);
        } else if is_byline(&self.hints) {
            hint(Kind::Byline);
        } else if is_dated(&self.hints) {
            hint(Kind::Dated);
        }
        false
    }
}

/// Whether a link says that of where it leads: `rel="category tag"`.
fn has_rel(dom: &Dom, id: Id, rel: &str) -> bool {
    dom.attr(id, "rel").is_some_and(|rels| rels.split_ascii_whitespace().any(|own| own == rel))
}

/// Whether a link is the name of a category and leads to its page: `/categories/world`.
fn links_category(dom: &Dom, id: Id) -> bool {
    const FOLDERS: &[&str] = &[
        "category",
        "categories",
        "categoria",
        "categorias",
        "categorie",
        "kategorie",
        "kategorien",
        "rubrik",
        "rubrique",
        "rubriques",
        "rubrica",
        "seccion",
    ];
    let path = path(dom, id).unwrap_or_default();
    let mut parts = path.trim_end_matches(".html").rsplit('/');
    let slug = parts.next().unwrap_or_default();
    let marked = has_rel(dom, id, "category");
    if !marked && !parts.take(3).any(|part| FOLDERS.contains(&part)) {
        return false;
    }
    // `All categories` leads there too.
    let text = line(&short(dom, id)).to_lowercase();
    let mut words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    (1..=60).contains(&text.len())
        && (marked || words.all(|word| !word.is_ascii() || slug.contains(word)))
}

/// The path of the address that a link leads to, in small letters and without a last stroke.
fn path(dom: &Dom, id: Id) -> Option<String> {
    let href = dom.attr(id, "href").filter(|href| href.len() <= 400)?;
    let path = href.split(['?', '#']).next().unwrap_or_default().to_lowercase();
    Some(path.trim_end_matches('/').to_owned())
}

/// Whether a link is the name of an author and leads to the author's page: `/author/ada-nagy`.
fn links_author(dom: &Dom, id: Id) -> bool {
    const FOLDERS: &[&str] = &[
        "author",
        "authors",
        "autor",
        "autoren",
        "autores",
        "auteur",
        "auteurs",
        "autore",
        "autori",
        "byline",
        "columnist",
        "columnists",
        "reporter",
        "reporters",
        "journalist",
        "journalists",
        "forfatter",
        "skribent",
        "by",
    ];
    let Some(path) = path(dom, id) else { return false };
    let mut parts = path.rsplit('/');
    let slug = parts.next().unwrap_or_default();
    if !parts.take(2).any(|part| FOLDERS.contains(&part)) {
        return false;
    }
    // `More by this author` leads there too.
    let text = line(&short(dom, id)).to_lowercase();
    text.split(|c: char| !c.is_alphanumeric()).any(|word| word.len() >= 3 && slug.contains(word))
}

fn is_byline(hints: &str) -> bool {
    static BYLINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[\s_-])(?:byline\w*|by-line|authors?|author-?names?|autor(?:en|es)?|auteurs?|autore|writer|postedby|posted-by|contributors?|vcard|creator)(?:$|[\s_-])")
            .expect("the pattern is fixed")
    });
    BYLINE.is_match(hints)
}

fn is_dated(hints: &str) -> bool {
    static DATED: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?:^|[\s_-])(?:date\w*|pub\w*date|published|publish\w*|posted|post-?meta|entry-?meta|timestamp|time|datum|fecha|datetime|dateline)(?:$|[\s_-])")
            .expect("the pattern is fixed")
    });
    // The day on which somebody was born or something began.
    let other = hints.split_whitespace().any(|class| matches!(class, "bday" | "dtstart"));
    !other && DATED.is_match(hints)
}

/// Whether a line calls its date that of publication.
fn says_published(text: &str) -> bool {
    let text = text.to_lowercase();
    [
        "published",
        "posted",
        "veröffentlicht",
        "publié",
        "publicado",
        "pubblicato",
        "gepubliceerd",
        "publicerad",
        "publisert",
        "udgivet",
        "опубликовано",
        "опубліковано",
        "opublikowano",
    ]
    .iter()
    .any(|word| text.contains(word))
}
