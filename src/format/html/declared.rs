//! What a page declares of its article: JSON-LD, `<meta>`, microdata, and the markup and lines near
//! the headline. Reports everything, decides nothing.

mod element;
mod ld;
mod meta;
mod near;

use rustc_hash::FxHashSet;

use super::dom::{Dom, Id};
use super::page::each_word;
use crate::draft::{Draft, Rung, Slot};

/// The most titles that are kept to compare with.
const TITLES: usize = 12;

/// The most scripts of JSON-LD that are looked at.
const MOST_SCRIPTS: usize = 64;

pub(super) use element::short;
pub(super) use near::report_story;

/// Adds what the page declares to the draft; gives the element that holds the headline.
pub(super) fn report(dom: &Dom, draft: &mut Draft) -> Option<Id> {
    let mut page = Declared::default();
    for id in dom.elements() {
        page.element(dom, id, draft);
    }
    if let Some(title) = page.title.clone() {
        page.titles.push(Title::of(&title));
    }
    page.leave_mastheads(dom, draft);
    ld::report(&page.scripts, &page.titles, &page.url, draft);
    for remark in draft.on(Slot::Headline).filter(|remark| remark.rung == Rung::JsonLd) {
        page.titles.push(Title::of(&remark.text));
    }
    let headline = near::report(dom, &page, draft);
    if let Some(title) = page.title {
        draft.note(Slot::Headline, Rung::Title, "title", title);
    }
    headline
}

/// Adds what programs that save pages write into comments at the start of a file, or web archives at
/// its end: the address and the day of the capture. `text` is the source of the page.
pub(super) fn comments(text: &str, draft: &mut Draft) {
    let head = &text[..text.floor_char_boundary(4_000)];
    let mut rest = head;
    while let Some((_, after)) = rest.split_once("<!--") {
        let Some((comment, after)) = after.split_once("-->") else { break };
        rest = after;
        saved(comment, draft);
    }
    let end = &text[text.ceil_char_boundary(text.len().saturating_sub(4_000))..];
    // `FILE ARCHIVED ON 10:12:33 Mar 05, 2011 AND RETRIEVED FROM THE`
    if let Some((_, after)) = end.split_once("FILE ARCHIVED ON ")
        && let Some((day, _)) = after.split_once(" AND ")
    {
        let day = day.split_once(' ').map_or(day, |(_, day)| day);
        draft.note(Slot::Captured, Rung::Visible, "comment of a web archive", day);
    }
}

fn saved(comment: &str, draft: &mut Draft) {
    let value = |label: &str| {
        let (_, value) = comment.split_once(label)?;
        value.lines().next().map(str::trim)
    };
    if comment.contains("SingleFile") {
        if let Some(url) = value("url:") {
            draft.note(Slot::Url, Rung::Visible, "comment of SingleFile", url);
        }
        if let Some(date) = value("saved date:") {
            draft.note(Slot::Captured, Rung::Visible, "comment of SingleFile", date);
        }
    } else if let Some(url) = value("saved from url=") {
        // The number in brackets is the length of the address.
        let url = url.split_once(')').map_or(url, |(_, url)| url);
        draft.note(Slot::Url, Rung::Visible, "comment of a browser", url);
    } else if let (true, Some(date)) = (comment.contains("HTTrack"), value(", ")) {
        draft.note(Slot::Captured, Rung::Visible, "comment of HTTrack", date);
    }
}

/// What one pass over the elements gathers for the later ones.
#[derive(Default)]
struct Declared {
    /// The texts of the JSON-LD scripts.
    scripts: Vec<String>,
    /// What the page calls itself in `<meta>` and in its title.
    titles: Vec<Title>,
    /// The text of the `<title>`.
    title: Option<String>,
    /// Its address.
    url: String,
    /// What it says of itself in a description.
    descriptions: Vec<String>,
    /// The `<h1>` elements.
    headings: Vec<Id>,
    /// What `twitter:label1` and its like announce.
    labels: Vec<(String, String)>,
}

impl Declared {
    fn element(&mut self, dom: &Dom, id: Id, draft: &mut Draft) {
        match dom.name(id) {
            "meta" => self.meta(dom, id, draft),
            "script" => {
                let json = dom
                    .attr(id, "type")
                    .is_some_and(|kind| kind.to_ascii_lowercase().contains("ld+json"));
                if json && self.scripts.len() < MOST_SCRIPTS {
                    self.scripts.push(dom.text(id));
                } else if json {
                    let most = MOST_SCRIPTS;
                    draft.cut(format!("more than {most} scripts of JSON-LD; the rest is not read"));
                }
            }
            "title"
                // A drawing has titles too.
                if self.title.is_none()
                    && dom.parent(id).is_none_or(|parent| dom.name(parent) != "svg")
                => {
                    self.title =
                        Some(line(&element::short(dom, id))).filter(|title| !title.is_empty());
                }
            "h1" => self.headings.push(id),
            "html" => {
                if let Some(code) = dom.attr(id, "lang").or_else(|| dom.attr(id, "xml:lang")) {
                    draft.note(Slot::Language, Rung::Markup, "html[lang]", code);
                }
            }
            "link" => {
                let rel = dom.attr(id, "rel").unwrap_or_default();
                if rel.eq_ignore_ascii_case("canonical")
                    && let Some(href) = dom.attr(id, "href") {
                        draft.note(Slot::Url, Rung::Meta, "link[canonical]", href);
                        self.url = href.trim().to_owned();
                    }
            }
            _ => {}
        }
    }

    /// Takes the names of the site out of the headings, but for one that the page calls itself by.
    fn leave_mastheads(&mut self, dom: &Dom, draft: &mut Draft) {
        let Self { headings, titles, .. } = self;
        headings.retain(|id| {
            if !element::is_masthead(dom, *id) {
                return true;
            }
            let name = line(&element::short(dom, *id));
            let own = Title::of(&name);
            let kept = titles.iter().any(|title| title.is(&own));
            if !kept && !name.is_empty() {
                draft.note(Slot::Source, Rung::Markup, "h1 that leads home", name);
            }
            kept
        });
    }

    fn meta(&mut self, dom: &Dom, id: Id, draft: &mut Draft) {
        let Some(content) = dom.attr(id, "content") else { return };
        let Some(key) =
            ["property", "name", "itemprop", "http-equiv"].iter().find_map(|key| dom.attr(id, key))
        else {
            return;
        };
        if content.trim().is_empty() || content.len() > 20_000 {
            return;
        }
        let key = key.trim().to_ascii_lowercase();
        let place = || format!("meta[{key}]");
        if let Some(label) = key.strip_prefix("twitter:label") {
            self.labels.push((label.to_owned(), content.to_lowercase()));
        }
        if let Some(number) = key.strip_prefix("twitter:data") {
            let wrote = [
                "written by",
                "author",
                "von",
                "verfasst von",
                "écrit par",
                "escrito por",
                "автор",
            ];
            let is = |(label, text): &(String, String)| {
                label == number && wrote.iter().any(|word| text.trim() == *word)
            };
            if self.labels.iter().any(is) {
                draft.note(Slot::Author, Rung::Meta, place(), content);
            }
        }
        let Some(slot) = meta::slot(&key) else {
            if meta::DESCRIPTIONS.contains(&key.as_str()) {
                self.descriptions.push(line(content));
                draft.note(Slot::Standfirst, Rung::Meta, place(), content);
            }
            return;
        };
        if slot == Slot::Headline && self.titles.len() < TITLES {
            self.titles.push(Title::of(content));
        }
        if slot == Slot::Url && self.url.is_empty() {
            self.url = content.trim().to_owned();
        }
        draft.note(slot, Rung::Meta, place(), content);
    }
}

/// White space folded to single blanks.
pub(super) fn line(text: &str) -> String {
    let mut line = String::with_capacity(text.len());
    each_word(text, |word| {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    });
    line
}

/// A title as the set of its words, to compare it with others.
pub(super) struct Title(FxHashSet<String>);

impl Title {
    /// The words of a text, or of its start where it is no title, without case and signs.
    pub(super) fn of(text: &str) -> Self {
        let text = text[..text.floor_char_boundary(400)].to_lowercase();
        let words = text.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        Self(words.map(str::to_owned).collect())
    }

    /// Whether two titles are the same words, or one of them with a site's name added.
    pub(super) fn is(&self, other: &Self) -> bool {
        self.likeness(other) >= 0.8
    }

    /// The share of the shorter title's words that the longer one has too, less for what it adds.
    fn likeness(&self, other: &Self) -> f32 {
        if self.0.is_empty() || other.0.is_empty() {
            return 0.0;
        }
        let both = self.0.intersection(&other.0).count() as f32;
        let short = self.0.len().min(other.0.len()) as f32;
        let long = self.0.len().max(other.0.len()) as f32;
        both / (short * 0.75 + long * 0.25)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_saved_page_tells_its_address_and_the_day_of_the_capture() {
        let mut draft = Draft::default();
        let page = "<!DOCTYPE html> <html><!--\n Page saved with SingleFile \n url: https://a.org/ice \n \
                    saved date: Tue Mar 05 2024 10:00:00 GMT+0100 (CET)\n--><head>";
        comments(page, &mut draft);
        let said: Vec<_> =
            draft.remarks.iter().map(|remark| (remark.slot, remark.text.as_str())).collect();
        assert_eq!(
            said,
            [
                (Slot::Url, "https://a.org/ice"),
                (Slot::Captured, "Tue Mar 05 2024 10:00:00 GMT+0100 (CET)"),
            ]
        );
    }
}
