//! Pages that hold more than one full story, each in an `<article>` of its own.

use super::declared::{self, Title, line, short};
use super::dom::{Dom, Id};
use super::page;
use crate::draft::{Draft, Page, Slot};

/// A story has so many paragraphs, of so many letters and more.
const PARAGRAPHS: usize = 2;
const PARAGRAPH: usize = 80;

/// Its paragraphs have so many letters in all: a summary of an article has less.
const LETTERS: usize = 500;

/// So many stories are told apart; a page of more is an archive of a blog, and so are its stories.
const MOST: usize = 100;

/// One of the stories of a page.
pub(super) struct Story {
    /// Its `<article>`.
    pub whole: Id,
    /// The heading that it opens with.
    heading: Id,
}

impl Story {
    /// Whether an element of the page is part of it.
    pub fn holds(&self, dom: &Dom, id: Id) -> bool {
        std::iter::successors(Some(id), |id| dom.parent(*id)).any(|id| id == self.whole)
    }

    /// What is said of this story; of what the page says, only what is so of all that stands on it.
    pub fn draft(&self, dom: &Dom, part: u32, whole: &Draft) -> Draft {
        let mut draft = Draft { part: Some(part), ..Draft::default() };
        let common = [Slot::Language, Slot::Source, Slot::Captured];
        let said = whole.remarks.iter().filter(|remark| common.contains(&remark.slot));
        draft.remarks.extend(said.cloned());
        declared::report_story(dom, self.whole, self.heading, &mut draft);
        let (page, whole) = page::page(dom, self.whole, &[]);
        page::keep(page, whole, &mut draft);
        draft
    }
}

/// Whether what a page has beside its stories is text enough for another.
pub(super) fn is_story(page: &Page) -> bool {
    let own = page.blocks.iter().filter(|block| block.linked * 2 < block.text.len() as u32);
    let long = own.map(|block| block.text.len()).filter(|len| *len >= PARAGRAPH);
    let (count, letters) = long.fold((0, 0), |(count, sum), len| (count + 1, sum + len));
    count >= PARAGRAPHS && letters >= LETTERS
}

/// The stories of a page, in its order; none where there are not two.
///
/// The marks are clear where `<article>` elements stand beside each other, not one within another,
/// each with a heading of its own before its text, and each with text enough for an article.
pub(super) fn of(dom: &Dom) -> Vec<Story> {
    let articles: Vec<Id> =
        dom.elements().filter(|id| dom.name(*id) == "article").take(4 * MOST).collect();
    if articles.len() < 2 {
        return Vec::new();
    }
    let within = |id: Id| {
        std::iter::successors(dom.parent(id), |up| dom.parent(*up))
            .any(|up| dom.name(up) == "article" || is_aside(dom, up))
    };
    let mut titles: Vec<Title> = Vec::new();
    let mut stories = Vec::new();
    for whole in articles {
        if stories.len() < MOST
            && !within(whole)
            && !is_aside(dom, whole)
            && let Some(heading) = opening(dom, whole)
        {
            let title = Title::of(&line(&short(dom, heading)));
            // A story may be told twice, for wide screens and for narrow ones.
            if !titles.iter().any(|other| other.is(&title)) {
                titles.push(title);
                stories.push(Story { whole, heading });
            }
        }
    }
    if stories.len() < 2 { Vec::new() } else { stories }
}

/// Whether an element is made for comments or for what stands beside an article.
fn is_aside(dom: &Dom, id: Id) -> bool {
    let hinted = ["class", "id"].iter().filter_map(|key| dom.attr(id, key)).any(|hints| {
        let hints = hints.to_ascii_lowercase();
        ["comment", "related", "teaser", "sidebar", "reply"].iter().any(|word| hints.contains(word))
    });
    hinted || matches!(dom.name(id), "aside" | "nav" | "footer")
}

/// The heading that an article opens with, where text enough for a story follows it.
fn opening(dom: &Dom, whole: Id) -> Option<Id> {
    let mut heading = None;
    let (mut paragraphs, mut letters) = (0, 0);
    for id in dom.below(whole) {
        match dom.name(id) {
            "h1" | "h2" | "h3" if heading.is_none() => {
                let words = short(dom, id).split_whitespace().count();
                heading = (2..=40).contains(&words).then_some(id);
                heading?;
            }
            "p" => {
                let text = line(&dom.text(id));
                if text.len() >= PARAGRAPH {
                    // What stands above the first heading is no story told under it.
                    heading?;
                    paragraphs += 1;
                    letters += text.len();
                }
            }
            _ => {}
        }
    }
    heading.filter(|_| paragraphs >= PARAGRAPHS && letters >= LETTERS)
}

#[cfg(test)]
mod tests {
    use crate::draft::Slot;
    use crate::format::{Format, Input, html::Html};

    /// A draft: part, headlines, authors, how many blocks.
    type Told = (Option<u32>, Vec<String>, Vec<String>, usize);

    /// The drafts of a page.
    fn drafts(page: &str) -> Vec<Told> {
        let mut all = Vec::new();
        Html.read(Input::whole(page), &mut |draft| {
            let draft = draft.unwrap();
            let on = |slot| draft.on(slot).map(|remark| remark.text.clone()).collect::<Vec<_>>();
            let blocks = draft.page.as_ref().map_or(0, |page| page.blocks.len());
            all.push((draft.part, on(Slot::Headline), on(Slot::Author), blocks));
        });
        all
    }

    fn story(headline: &str, name: &str, sentence: &str) -> String {
        let text = format!("<p>{}</p>", sentence.repeat(8)).repeat(4);
        format!("<article><h2>{headline}</h2><p>By {name}</p>{text}</article>")
    }

    #[test]
    fn two_stories_are_two_articles() {
        let page = format!(
            "<html><title>Ice in the harbour</title><body><h1>The Gazette</h1>{}{}</body></html>",
            story("Ice in the harbour", "Ada Nagy", "The ice came in the night. "),
            story("Herons are back", "Tom Reed", "The herons came by day, as ever. "),
        );
        let mut all = drafts(&page);
        all.sort();
        let (own, other) = (&all[0], &all[1]);
        assert_eq!((all.len(), own.0, other.0), (2, None, Some(2)));
        assert!(own.1.contains(&"Ice in the harbour".to_owned()), "{own:?}");
        assert_eq!((&own.2[..], own.3), (&["By Ada Nagy".to_owned()][..], 7));
        assert_eq!(other.1, ["Herons are back"]);
        assert_eq!((&other.2[..], other.3), (&["By Tom Reed".to_owned()][..], 6));
    }

    #[test]
    fn comments_and_teasers_are_no_stories() {
        let long = story("Ice in the harbour", "Ada Nagy", "The ice came in the night. ");
        let teaser = "<article><h2>Herons are back</h2><p>They came by day.</p></article>";
        let comments = format!(
            "<div class=comments>{}</div>",
            story("Tom Reed says", "Tom Reed", "I saw the herons come, all of them. ")
        );
        let page = format!("<title>Ice in the harbour</title>{long}{teaser}{teaser}{comments}");
        assert_eq!(drafts(&page).len(), 1);
    }
}
