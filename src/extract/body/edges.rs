//! What stands between the headline and the text, and right below the text, and is neither: bylines,
//! dates, standfirsts, buttons.

use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashSet;

use super::signs::{self, Survey};
use super::{Clues, Cut};
use crate::draft::Page;
use crate::extract::asides::{is_aside, is_caption};
use crate::extract::clean::{fold, without_addresses};
use crate::extract::date::{self, Habit};
use crate::extract::{byline, byline::Said, lines};

/// So many kept blocks may stand before the first paragraph, or after the last, and be no text.
const REACH: usize = 12;

/// What is said of the writers below the text has so many blocks, with its heading.
const NOTE: usize = 4;

/// A block of so many words is a paragraph.
const PARAGRAPH: f32 = 25.0;

/// Below a headline stands a text of so many words, or what is kept above it may be the text.
const ENOUGH: f32 = 60.0;

/// Where so much of what is kept is the same paragraphs again, the text stands there twice.
const COPY: f32 = 0.3;

/// A longer line is no byline, date or button.
const SHORT: f32 = 20.0;

impl Cut {
    /// Leaves out what was kept above the headline, and what points to other articles: a heading that
    /// is a link, with the beginning of a text below it.
    pub(super) fn part(&mut self, page: &Page, survey: &Survey) {
        let heading =
            |n: usize| page.blocks[n].tag.len() == 2 && page.blocks[n].tag.starts_with('h');
        if let Some(at) = survey.headline.filter(|at| heading(*at)) {
            let kept = |n: &usize| self.keep[*n];
            let words = |n: usize| survey.looks[n].words;
            let above: f32 = (0..at).filter(kept).map(words).sum();
            let below: f32 = (at..page.blocks.len()).filter(kept).map(words).sum();
            if below >= above.max(ENOUGH) {
                self.keep[..at].fill(false);
            }
        }
        for n in 1..page.blocks.len() {
            let (above, look) = (&survey.looks[n - 1], &survey.looks[n]);
            let linked = heading(n - 1) && above.linked >= 0.8 && above.words >= 3.0;
            if linked && look.linked < 0.3 && look.words <= 70.0 && is_cut_off(&page.blocks[n].text)
            {
                self.keep[n - 1..=n].fill(false);
            }
        }
    }

    /// Keeps a heading between two paragraphs that are kept.
    pub(super) fn join(&mut self, page: &Page, survey: &Survey) {
        let looks = &survey.looks;
        for n in 1..page.blocks.len().saturating_sub(1) {
            let paragraph = |n: usize| self.keep[n] && looks[n].words >= 15.0;
            let heading = matches!(page.blocks[n].tag, "h2" | "h3" | "h4")
                && (2.0..=15.0).contains(&looks[n].words)
                && looks[n].linked < 0.3;
            if heading && survey.headline != Some(n) && paragraph(n - 1) && paragraph(n + 1) {
                self.keep[n] = true;
            }
        }
    }

    /// Leaves out what readers say below the text, and what stands around posts that are shown within it.
    fn leave_others(&mut self, page: &Page, survey: &Survey) {
        for (keep, block) in self.keep.iter_mut().zip(&page.blocks).filter(|(keep, _)| **keep) {
            let caption = is_caption(&block.text);
            if caption {
                self.captions.push(block.text.clone());
            }
            *keep = !caption && !is_aside(&block.text);
        }
        self.leave_copy(page, survey);
        let words = |n: usize| survey.looks[n].words;
        let first = (0..page.blocks.len()).find(|n| self.keep[*n] && words(*n) >= PARAGRAPH);
        let words = |n: usize| words(n) as u32;
        let (blocks, kept) = (&page.blocks, &self.keep);
        let comments = first.and_then(|first| lines::comments(blocks, kept, first, words));
        let off = first.and_then(|first| lines::broken_off(blocks, kept, first, words));
        if let Some(at) = comments.into_iter().chain(off).min() {
            self.keep[at..].fill(false);
        }
    }

    /// Leaves out the second copy of a text that stands twice on its page, once for the printer.
    fn leave_copy(&mut self, page: &Page, survey: &Survey) {
        let mut seen: FxHashSet<&str> = FxHashSet::default();
        let (mut copies, mut all, mut copied) = (Vec::new(), 0.0, 0.0);
        for n in (0..page.blocks.len()).filter(|n| self.keep[*n]) {
            let words = survey.looks[n].words;
            all += words;
            if words >= PARAGRAPH && !seen.insert(page.blocks[n].text.as_str()) {
                copies.push(n);
                copied += words;
            }
        }
        if copied > COPY * all {
            copies.into_iter().for_each(|n| self.keep[n] = false);
        }
    }

    /// Leaves out what was kept around the text and only says who wrote it, when, or how to share it.
    pub(super) fn trim(&mut self, page: &Page, survey: &Survey, clues: &Clues) {
        self.leave_others(page, survey);
        let count = page.blocks.len();
        let paragraph = |n: &usize| self.keep[*n] && survey.looks[*n].words >= PARAGRAPH;
        let Some(first) = (0..count).find(paragraph) else { return };
        let last = (0..count).rfind(paragraph).unwrap_or(first);
        let from = survey.headline.filter(|at| *at < first).unwrap_or(0);
        for n in (from..first).rev().filter(|n| self.keep[*n]).take(REACH).collect::<Vec<_>>() {
            let text = page.blocks[n].text.as_str();
            let short = survey.looks[n].words <= SHORT;
            if self.standfirst.is_none() && signs::is_standfirst(page, n) && !is_head(text, clues) {
                self.standfirst = Some(text.to_owned());
                self.keep[n] = false;
            } else if short && (is_head(text, clues) || is_button(text)) {
                self.keep[n] = false;
            } else if short && clues.authors.is_empty() && self.byline.is_none() {
                let rest = (n + 1..count).filter(|n| self.keep[*n]);
                let rest = rest.map(|n| page.blocks[n].text.as_str());
                // A name alone may be that of a shop or of a form, but for a day beside it.
                let beside = n.saturating_sub(2)..count.min(n + 3);
                let signed = byline::opens(text)
                    || page.blocks[beside].iter().any(|block| is_day(&block.text));
                if signed && names_its_writer(text, rest, clues) {
                    self.byline = Some(text.to_owned());
                    self.keep[n] = false;
                }
            }
        }
        for n in (last + 1..count).filter(|n| self.keep[*n]).take(REACH).collect::<Vec<_>>() {
            let text = page.blocks[n].text.as_str();
            if survey.looks[n].words <= SHORT && (is_head(text, clues) || is_button(text)) {
                self.keep[n] = false;
            }
        }
        // `Ada Nagy is the port correspondent.`
        let writers = || clues.authors.iter().map(String::as_str);
        let heads = |n: &usize| byline::heads_note(&page.blocks[*n].text, writers());
        let kept = (first + 1..count).rev().filter(|n| self.keep[*n]);
        if let Some(n) = kept.take(NOTE).find(heads) {
            self.keep[n..].fill(false);
        }
        let kept: Vec<usize> = (first + 1..count).rev().filter(|n| self.keep[*n]).collect();
        // A text on a writer may end in what they are.
        let known = |name: &str| kept.iter().skip(1).any(|n| page.blocks[*n].text.contains(name));
        let note = |(nth, n): &(usize, &usize)| {
            let text = &page.blocks[**n].text;
            byline::introduces(text, writers())
                || *nth == 0 && byline::introduces_a_writer(text).is_some_and(|name| !known(name))
        };
        for (_, n) in kept.iter().enumerate().take_while(note) {
            self.keep[*n] = false;
        }
    }
}

/// Whether byline or day stand right below a paragraph.
pub(super) fn signed_below(page: &Page, survey: &Survey, clues: &Clues, above: usize) -> bool {
    let blocks = page.blocks.iter().zip(&survey.looks).skip(above + 1).take(3);
    let short = blocks.take_while(|(_, look)| look.words <= SHORT);
    let mut texts = short.map(|(block, _)| &block.text[..]);
    texts.any(|text| is_byline(text, clues) || is_day(text))
}

/// Whether a text ends before its end: `in the harbour …`, `[...]`, `… Read more`.
fn is_cut_off(text: &str) -> bool {
    let text = text.trim_end_matches([']', ')', '"', '”', ' ', '»', '>']);
    let lower = text.get(text.ceil_char_boundary(text.len().saturating_sub(24))..);
    text.ends_with(['…'])
        || text.ends_with("...")
        || lower.is_some_and(|end| {
            let end = end.to_lowercase();
            ["read more", "continue reading", "weiterlesen", "lire la suite", "leer más"]
                .iter()
                .any(|words| end.ends_with(words))
        })
}

/// Whether a short line says what was said of the article elsewhere: its headline, who wrote it, when.
fn is_head(text: &str, clues: &Clues) -> bool {
    let folded = fold(text);
    folded.is_empty()
        || folded == fold(&clues.headline)
        || is_byline(text, clues)
        || is_day(text)
        || is_label(&folded, clues)
}

fn is_label(folded: &str, clues: &Clues) -> bool {
    clues.labels.iter().any(|label| fold(label) == *folded)
}

/// Whether a line is by, or of, the authors.
fn is_byline(text: &str, clues: &Clues) -> bool {
    // `Ada Nagy https://gazette.example/nagy (Gazette)`
    let text = &*without_addresses(text);
    let authors = signs::names(&clues.authors);
    let named = signs::named(text, &authors);
    let closed = text.ends_with(['.', '!', '?', '…']);
    if byline::opens(text) {
        let read = || byline::read(text, Said::Line, &[]);
        return named > 0.0 && !closed || named >= 0.4 || !closed && !read().people.is_empty();
    }
    // `Ada Nagy, port correspondent`.
    let name = text.split([',', '|', '–', '—', '•', '(', '/']).next().unwrap_or(text);
    named >= 0.6 || !closed && signs::named(name, &authors) >= 0.9
}

/// Whether a line is a day, with a few words around it.
fn is_day(text: &str) -> bool {
    let found = date::find_all(text, Habit { day_first: Some(true) }, false);
    let Some(first) = found.first() else { return false };
    let mut rest = text[..first.range.start].to_owned();
    for pair in found.windows(2) {
        rest.push_str(&text[pair[0].range.end..pair[1].range.start]);
    }
    rest.push_str(&text[found[found.len() - 1].range.end..]);
    let words = rest.split(|c: char| !c.is_alphabetic()).filter(|word| word.chars().count() > 2);
    words.count() <= 4
}

/// Whether a line is a button or a note of the page: `Share`, `4 min read`, `Comments (3)`.
fn is_button(text: &str) -> bool {
    static BUTTON: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?ix)^\W*(?:
                (?:share|save|print|e-?mail|tweet|post|copy\ link|follow|listen|facebook|twitter|whatsapp|linkedin|x|bluesky|
                   teilen|drucken|merken|vorlesen|partager|imprimer|enregistrer|compartir|guardar|imprimir|condividi|stampa|
                   compartilhar|del|dela|delen|skriv\ ut|gift\ this\ article|add\ to\ favou?rites|bookmark)
                (?:\W+(?:this|the|article|story|post|page|on|via|it|by|to|facebook|twitter|x|email|e-?mail|whatsapp|linkedin|artikel|beitrag|l'article|artículo|print|save|share|link|copy|tweet|bluesky|pinterest|reddit|telegram))*
                | (?:reading\ time|lesezeit|temps\ de\ lecture|tiempo\ de\ lectura|tempo\ di\ lettura|leestijd|lästid|lesetid)\W*(?:ca\.?\ )?\d*\W*(?:min\w*)?
                | \d{1,3}\W?(?:min(?:s|ute|utes|uten|utos|uti)?)\.?(?:\ (?:read|lesezeit|de\ lecture|de\ lectura|di\ lettura|leestijd|reading\ time))?
                | (?:\d+\ )?(?:comments?|kommentare?|commentaires?|comentarios?|commenti|reacties)(?:\W*\d*)
                | advertisement | anzeige | werbung | publicité | publicidad | annonce | reklame? | pubblicità
            )\W*$",
        )
        .expect("the pattern is fixed")
    });
    text.len() <= 120 && BUTTON.is_match(text)
}

/// Whether a line is nothing but a name that neither headline nor text knows: of whoever wrote it.
fn names_its_writer<'t>(
    text: &str,
    rest: impl Iterator<Item = &'t str> + Clone,
    clues: &Clues,
) -> bool {
    let read = byline::read(text, Said::Line, &[]);
    let [name] = &read.people[..] else { return byline::opens(text) && !read.people.is_empty() };
    let last = name.rsplit(' ').next().unwrap_or(name);
    if clues.headline.contains(last) || rest.clone().any(|text| text.contains(last)) {
        return false;
    }
    if byline::opens(text) {
        return true;
    }
    // `Noise Removal`: the words of a name do not stand in the text in small letters.
    let words = || name.split(' ').map(str::to_lowercase);
    let small = |word: &String| {
        let apart = |text: &str| text.split(|c: char| !c.is_alphanumeric()).any(|one| one == word);
        rest.clone().any(apart)
    };
    fold(text) == fold(name)
        && name.contains(' ')
        && words().filter(small).count() * 2 < words().count()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bylines_days_and_buttons_are_no_text() {
        let clues = Clues {
            headline: "Ice in the harbour".into(),
            authors: vec!["Ada Nagy".into()],
            labels: vec!["Harbour".into()],
            ..Clues::default()
        };
        let out = |text: &str| is_head(text, &clues) || is_button(text);
        for text in [
            "Ice in the harbour",
            "By Ada Nagy",
            "Ada Nagy, port correspondent",
            "Ada Nagy https://gazette.example/nagy (Gazette)https://gazette.example",
            "By Ada Nagy at the old quay",
            "Monday 5 March 2024",
            "Published: 5 March 2024, 9:30",
            "Harbour",
            "Share",
            "Share this article",
            "4 min read",
            "Lesezeit: 3 Min.",
            "Comments (3)",
        ] {
            assert!(out(text), "{text}");
        }
        for text in [
            "By noon the ice had gone.",
            "The herons came back on 5 March 2024, and nobody had seen them come.",
            "Ada Nagy told the port that she would sail.",
            "Conclusion",
            "Share prices fell",
            "Herons 3, Stannick Forge 2",
        ] {
            assert!(!out(text), "{text}");
        }
    }

    #[test]
    fn a_text_is_cut_off() {
        assert!(is_cut_off("The ice came …") && is_cut_off("The ice came [...]"));
        assert!(is_cut_off("The ice came. Read more »") && !is_cut_off("The ice came."));
    }

    #[test]
    fn a_name_alone_is_the_writers_where_the_text_does_not_know_it() {
        let clues = Clues { headline: "Ice in the harbour".into(), ..Clues::default() };
        let names = |text: &str, rest: &str| names_its_writer(text, [rest].into_iter(), &clues);
        assert!(names("Ada Nagy", "The ice came."));
        assert!(!names("Ada Nagy", "Nagy sold the ice."));
        assert!(!names("The ice", "It came."));
        assert!(!names("Noise Removal", "How to take noise out of a picture."));
    }
}
