//! Cuts the article out of a page: which of its blocks are the text, and what the others are.

mod edges;
mod signs;
mod trees;

use std::sync::LazyLock;

use regex::Regex;

use super::lines;
use crate::draft::{Block, Draft, Page, Slot};
use signs::{Look, Survey, column};

/// At most so many teasers are kept of one page.
const TEASERS: usize = 100;

/// What is known of the article before its text is cut.
#[derive(Debug, Clone, Default)]
pub struct Clues {
    /// The headline, empty where it is not known.
    pub headline: String,
    /// The standfirst or description that the page declares.
    pub standfirst: String,
    /// The text that the page declares (JSON-LD `articleBody`): evidence, for it is often cut short.
    pub body: String,
    /// The authors, where they are known.
    pub authors: Vec<String>,
    /// Whether it is known when the article was published.
    pub dated: bool,
    /// What else may be printed above the text: section, kind, outlet.
    pub labels: Vec<String>,
    /// For each block of the page whether the archive knows it as the site's.
    pub site: Option<Vec<bool>>,
    /// For each such block the share of the site's pages that have it where it stands here.
    pub fixed: Option<Vec<f32>>,
}

impl Clues {
    /// Gathers what a draft says, the most trusted remark on each.
    pub fn of(draft: &Draft) -> Self {
        let best = |slot| {
            let remark = draft.on(slot).min_by_key(|remark| remark.rung);
            remark.map(|remark| remark.text.clone()).unwrap_or_default()
        };
        Self {
            headline: best(Slot::Headline),
            standfirst: best(Slot::Standfirst),
            body: best(Slot::Body),
            authors: Vec::new(),
            dated: false,
            labels: Vec::new(),
            site: None,
            fixed: None,
        }
    }
}

/// A page, cut.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// The text: paragraphs parted by one blank line.
    pub body: String,
    /// Whether each block of the page is in the body.
    pub keep: Vec<bool>,
    /// The standfirst, where the page prints one apart from the text.
    pub standfirst: Option<String>,
    /// A line above the text that names its writer, where none was known.
    pub byline: Option<String>,
    /// Captions of the pictures in and around the text.
    pub captions: Vec<String>,
    /// The lines in which the page points to other articles.
    pub teasers: Vec<String>,
    /// The block that holds the headline.
    pub headline: Option<usize>,
    /// Why this is clearly no article, where it is none.
    pub reason: Option<&'static str>,
}

/// The price of going into the text, or out of it.
const CHANGE: f32 = 0.15;

/// Where no block of an article is judged to be text, the surest of so many words, with less of it a link, ...
const SENTENCE: f32 = 12.0;
const LINKED: f32 = 0.3;

/// ... and judged higher than this, is taken to be as sure as that, and so are those like it.
const DOUBTFUL: f32 = -2.5;
const SURER: f32 = 0.5;

/// Cuts the article out of a page.
pub fn cut(page: &Page, clues: &Clues) -> Cut {
    let survey = signs::survey(page, clues, &[], &mut |_| {});
    let judged: Vec<f32> = survey.signs.iter().map(|row| trees::judge(row)).collect();
    cut_as(page, clues, &survey, &judged)
}

/// Cuts a page by the judgement of each of its blocks: above 0, more likely text than not.
fn cut_as(page: &Page, clues: &Clues, survey: &Survey, judged: &[f32]) -> Cut {
    let mut judged = judged.to_vec();
    if let (Some(site), Some(fixed)) = (&clues.site, &clues.fixed) {
        let words = |n: usize| survey.looks[n].words;
        if let Some(framed) = lines::stretch(&judged, site, Some(fixed), words) {
            let own = |n: &usize| !site[*n] && !is_apart(page, &page.blocks[*n]);
            let running = framed.text.clone().filter(|n| own(n) && words(*n) >= RUNNING);
            let whole = common_box(page, running);
            // Lists and code at its end lie in the box of the text.
            let below = framed.text.end..framed.all.end;
            let inside = |n: &usize| whole.is_some_and(|whole| holds(page, whole, *n));
            let below = below.take_while(inside).filter(|n| !is_note(page, *n, whole));
            let trusted: Vec<usize> = framed.text.chain(below).filter(own).collect();
            trusted.into_iter().for_each(|n| judged[n] += lines::TRUSTED);
        }
    }
    let looks = &survey.looks;
    let gains = |surer: f32| {
        let gain = move |(one, look): (&f32, &Look)| (one + surer) * lines::counts(look.words);
        judged.iter().zip(looks).map(gain)
    };
    let mut keep = lines::best_row(gains(0.0), CHANGE);
    // What has a writer and a day has a text.
    let article = clues.dated && !clues.authors.is_empty();
    let kept: f32 = (0..looks.len()).filter(|n| keep[*n]).map(|n| looks[n].words).sum();
    if kept >= FEW || kept > 0.0 && article {
        let text = judged.iter().zip(looks);
        let text = text.filter(|(_, look)| look.words >= RUNNING && look.linked < OWN_WORDS);
        let raise = lines::raise(text.map(|(one, look)| (*one, look.words)), SURE_TEXT);
        if raise > 0.0 {
            keep = lines::grown(&keep, lines::best_row(gains(raise), CHANGE));
        }
    } else if article {
        // Better some of the page's furniture than an article lost.
        let may = |n: &usize| {
            let look = &looks[*n];
            look.words >= SENTENCE && look.linked < LINKED && !is_apart(page, &page.blocks[*n])
        };
        let best = (0..looks.len()).filter(may).map(|n| judged[n]).max_by(f32::total_cmp);
        if let Some(best) = best.filter(|best| *best > DOUBTFUL) {
            keep = lines::best_row(gains(SURER - best), CHANGE);
        }
    }
    let mut cut = Cut { keep, headline: survey.headline, ..Cut::default() };
    cut.join(page, survey);
    cut.rule(page, survey, clues);
    cut.part(page, survey);
    cut.trim(page, survey, clues);
    if let Some(site) = &clues.site {
        cut.leave_out(site, survey);
    }
    cut.write(page);
    cut.sort(page, survey);
    cut.reason = cut.reason(survey, clues);
    cut
}

/// A page of which fewer words are kept may be none of an article.
const FEW: f32 = 40.0;

/// What is surely text of a page is this sure (see [`lines::raise`]); less than this part of it is links.
const SURE_TEXT: f32 = 3.0;
const OWN_WORDS: f32 = 0.5;

/// A line of a text has so many words.
const RUNNING: f32 = 8.0;

/// The innermost box that holds all of some blocks and is none of the parts of a text itself.
fn common_box(page: &Page, mut blocks: impl Iterator<Item = usize>) -> Option<u32> {
    let boxes = |block: usize| page.numbers_around(&page.blocks[block]);
    let mut common: Vec<u32> = boxes(blocks.next()?).collect();
    for block in blocks {
        // The ways to two blocks part once, seen from the outermost box.
        let around: Vec<u32> = boxes(block).collect();
        let ways = common.iter().rev().zip(around.iter().rev());
        let shared = ways.take_while(|(one, other)| one == other).count();
        common.drain(..common.len() - shared);
    }
    let part =
        |tag: &str| matches!(tag, "p" | "li" | "ul" | "ol" | "dl" | "pre" | "blockquote" | "table");
    common.into_iter().find(|one| !part(page.boxes[*one as usize].tag))
}

/// Whether a box holds a block.
fn holds(page: &Page, whole: u32, block: usize) -> bool {
    page.numbers_around(&page.blocks[block]).any(|one| one == whole)
}

/// Whether a block lies in a box, within that of the text, that closes it: who wrote it, what it is
/// filed under, where to go on.
fn is_note(page: &Page, block: usize, whole: Option<u32>) -> bool {
    const NOTES: [&str; 12] = [
        "footer",
        "meta",
        "tag",
        "share",
        "social",
        "author",
        "byline",
        "bio",
        "pagination",
        "pager",
        "nav",
        "feedback",
    ];
    let boxes = page.numbers_around(&page.blocks[block]);
    boxes.take_while(|one| Some(*one) != whole).any(|one| {
        let one = &page.boxes[one as usize];
        matches!(one.tag, "footer" | "nav" | "aside" | "form")
            || one.hints.split(|c: char| !c.is_ascii_alphanumeric()).any(|word| {
                NOTES.iter().any(|note| word.strip_suffix('s').unwrap_or(word) == *note)
            })
    })
}

/// Whether a block lies in a box that says it holds what is said or shown below an article.
fn is_apart(page: &Page, block: &Block) -> bool {
    page.around(block).any(|one| APART.iter().any(|word| one.hints.contains(word)))
}

/// What names of such boxes hold.
const APART: [&str; 7] =
    ["comment", "related", "recommend", "respond", "teaser", "sidebar", "newsletter"];

/// The signs of each block, for those who fit the weights; see [`signs::survey`].
#[doc(hidden)]
pub fn describe(
    page: &Page,
    clues: &Clues,
    weights: &[[f32; 5]],
    told: &mut impl FnMut(u64),
) -> Vec<Vec<f32>> {
    let survey = signs::survey(page, clues, weights, told);
    survey.signs.iter().map(|row| row.to_vec()).collect()
}

/// Cuts a page as others judge its blocks, for those who try the rules that follow.
#[doc(hidden)]
pub fn cut_judged(page: &Page, clues: &Clues, judged: &[f32]) -> Cut {
    cut_as(page, clues, &signs::survey(page, clues, &[], &mut |_| {}), judged)
}

impl Cut {
    /// Takes headline and standfirst apart.
    fn rule(&mut self, page: &Page, survey: &Survey, clues: &Clues) {
        let mut taken = None;
        for (n, row) in survey.signs.iter().enumerate() {
            let block = &page.blocks[n];
            let words = survey.looks[n].words;
            if survey.headline == Some(n) && matches!(block.tag, "h1" | "h2") {
                self.keep[n] = false;
            }
            let heading = matches!(block.tag, "h2" | "h3" | "h4");
            if row[column::DESCRIBED] >= 0.7
                && (row[column::LEAD] > 0.0
                    || heading
                    || survey.headline.is_some_and(|at| at < n)
                        && edges::signed_below(page, survey, clues, n))
                && row[column::CAPTION] == 0.0
                && (1.0..=14.0).contains(&row[column::AFTER_HEADLINE])
                && (6.0..=160.0).contains(&words)
            {
                self.keep[n] = false;
                self.standfirst.get_or_insert_with(|| block.text.clone());
                taken = Some(n);
            }
        }
        // A text of one paragraph is no standfirst of nothing.
        if let Some(n) = taken.filter(|_| !self.keep.contains(&true)) {
            self.keep[n] = true;
            self.standfirst = None;
        }
    }

    /// Leaves out the lines of the site, but short ones inside the text: `Conclusion` is a heading of
    /// many articles.
    fn leave_out(&mut self, site: &[bool], survey: &Survey) {
        let own = |n: &usize| self.keep[*n] && !site[*n];
        let first = (0..site.len()).find(own).unwrap_or(site.len());
        let last = (0..site.len()).rfind(own).unwrap_or(0);
        for n in (0..site.len()).filter(|n| site[*n]) {
            let inside = (first..last).contains(&n);
            if !inside || survey.looks[n].words >= 6.0 {
                self.keep[n] = false;
            }
        }
    }

    /// Joins the kept blocks: items of a list and cells of a table by a line, others by a blank one.
    fn write(&mut self, page: &Page) {
        let mut before = "";
        for (block, _) in page.blocks.iter().zip(&self.keep).filter(|(_, keep)| **keep) {
            if !self.body.is_empty() {
                let row = |tag| matches!(tag, "li" | "td" | "th" | "dd" | "dt");
                self.body.push_str(if row(before) && row(block.tag) { "\n" } else { "\n\n" });
            }
            self.body.push_str(&block.text);
            before = block.tag;
        }
    }

    /// Finds the captions around the text and the lines that point to other articles.
    fn sort(&mut self, page: &Page, survey: &Survey) {
        let first = self.keep.iter().position(|keep| *keep).unwrap_or(0);
        let last = self.keep.iter().rposition(|keep| *keep).unwrap_or(0);
        // The picture above a text stands between headline and text.
        let first = survey.headline.map_or(first, |at| at.min(first));
        for (n, row) in survey.signs.iter().enumerate().filter(|(n, _)| !self.keep[*n]) {
            let (block, look) = (&page.blocks[n], &survey.looks[n]);
            let set = |column: usize| row[column] > 0.0;
            if set(column::HIDDEN) || set(column::COMMENTS) {
                continue;
            }
            let pictured = set(column::FIGURE) || (set(column::CAPTION) && !set(column::TEASER));
            if (4.0..=90.0).contains(&look.words) && look.linked < 0.5 && pictured {
                if (first..=last + 2).contains(&n) && !self.captions.contains(&block.text) {
                    self.captions.push(block.text.clone());
                }
            } else if (4.0..=40.0).contains(&look.words)
                && look.linked > 0.6
                && (set(column::RELATED) || set(column::TEASER) || row[column::SAYS] == 2.0)
                && self.teasers.len() < TEASERS
                && !self.teasers.contains(&block.text)
            {
                self.teasers.push(block.text.clone());
            }
        }
    }

    /// Why this is no article, where that is plain.
    fn reason(&self, survey: &Survey, clues: &Clues) -> Option<&'static str> {
        static FAULT: LazyLock<Regex> = LazyLock::new(|| {
            Regex::new(
                r"(?i)^\W*(?:(?:error )?(?:403|404|410|500|502|503)\W*(?:$|error|not found|forbidden|page)|page not found|not found$|access denied|just a moment|attention required|are you a robot|service unavailable|seite nicht gefunden|page introuvable)",
            )
            .expect("the pattern is fixed")
        });
        let words = |keep: bool| {
            let looks = survey.looks.iter().zip(&self.keep);
            looks.filter(|(_, kept)| **kept == keep).map(|(look, _)| look.words).sum::<f32>()
        };
        let kept = words(true);
        if survey.looks.is_empty() {
            return Some("no text");
        }
        if kept < 150.0 && FAULT.is_match(&clues.headline) {
            return Some("an error page");
        }
        let pointers = |look: &&Look| look.linked > 0.7 && look.words >= 5.0;
        if kept < FEW && survey.looks.iter().filter(pointers).count() >= 25 {
            return Some("an index page");
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Container;

    /// A page of a headline, navigation, three paragraphs and comments.
    fn page() -> Page {
        let boxes =
            [("body", None, ""), ("nav", Some(0), "menu"), ("article", Some(0), "article-body")];
        let boxes = boxes.map(|(tag, parent, hints)| Container {
            tag,
            parent,
            hints: hints.to_owned(),
            hidden: false,
        });
        let long = "The ice lay on the harbour for a third week, said the master of the port, and no \
                    ship has come in since Monday. Fishermen mend their nets, and wait for the thaw.";
        let lines = [
            ("li", "Home", true, 1),
            ("li", "World news", true, 1),
            ("h1", "Harbour frozen for a third week", false, 2),
            ("p", long, false, 2),
            ("p", &long.replace("ice", "snow"), false, 2),
            ("p", &long.replace("third", "fourth"), false, 2),
        ];
        let blocks = lines.map(|(tag, text, linked, container)| Block {
            text: text.to_owned(),
            tag,
            linked: if linked { text.len() as u32 } else { 0 },
            container: Some(container),
            ..Block::default()
        });
        Page { markup: true, blocks: blocks.into(), boxes: boxes.into() }
    }

    #[test]
    fn a_described_paragraph_above_the_byline_is_the_standfirst() {
        let mut page = page();
        let summary = "Nobody can tell when the ferries to the islands will sail again, now that the \
                       ice has closed the harbour for longer than in any of the last thirty years.";
        let of = |tag, text: &str| Block {
            text: text.to_owned(),
            tag,
            container: Some(2),
            ..Block::default()
        };
        page.blocks.insert(3, of("p", summary));
        let clues = Clues {
            headline: "Harbour frozen for a third week".into(),
            standfirst: summary.into(),
            ..Clues::default()
        };
        assert!(cut(&page, &clues).body.starts_with("Nobody"), "it may be the first paragraph");
        page.blocks.insert(4, of("p", "March 5, 1912"));
        let cut = cut(&page, &clues);
        assert_eq!(cut.standfirst.as_deref(), Some(summary));
        assert!(cut.body.starts_with("The ice lay"), "{}", cut.body);
    }

    #[test]
    fn a_described_paragraph_alone_is_the_text() {
        let mut page = page();
        page.blocks.truncate(4);
        let summary = page.blocks[3].text.clone();
        page.blocks.push(Block { text: "March 5, 1912".into(), ..page.blocks[3].clone() });
        let clues = Clues {
            headline: "Harbour frozen for a third week".into(),
            standfirst: summary.clone(),
            ..Clues::default()
        };
        let judged = [-3.0, -3.0, -1.0, 1.0, -3.0];
        let cut = cut_judged(&page, &clues, &judged);
        assert_eq!((cut.body, cut.standfirst), (summary, None));
    }

    #[test]
    fn a_text_that_stands_twice_is_kept_once() {
        let mut page = page();
        let again: Vec<Block> = page.blocks[3..].to_vec();
        page.blocks.extend(again);
        let judged = [-3.0, -3.0, -2.0, 2.0, 2.0, 2.0, 2.0, 2.0, 2.0];
        let keep = |page: &Page| cut_judged(page, &Clues::default(), &judged).keep;
        assert_eq!(keep(&page)[3..], [true, true, true, false, false, false]);
        // A refrain is no copy.
        page.blocks[6].text = page.blocks[6].text.replace("Fishermen", "Sailors");
        page.blocks[7].text = page.blocks[7].text.replace("Fishermen", "Sailors");
        assert_eq!(keep(&page)[3..], [true; 6]);
    }

    #[test]
    fn a_caption_among_the_text_is_kept_apart() {
        let mut page = page();
        page.blocks[4].text = "The bridge on Monday morning. © Ada Nagy | Gazette".into();
        let cut = cut_judged(&page, &Clues::default(), &[-3.0, -3.0, -2.0, 2.0, 2.0, 2.0]);
        assert_eq!(cut.keep[3..], [true, false, true]);
        assert_eq!(cut.captions, [page.blocks[4].text.clone()]);
    }

    #[test]
    fn what_has_a_writer_and_a_day_has_a_text() {
        let page = page();
        let mut clues =
            Clues { headline: "Harbour frozen for a third week".into(), ..Clues::default() };
        let judged = [-3.0, -3.0, -2.0, -0.5, -0.7, -0.9];
        assert_eq!(cut_judged(&page, &clues, &judged).body, "");
        clues.authors = vec!["Ada Nagy".into()];
        clues.dated = true;
        let cut = cut_judged(&page, &clues, &judged);
        assert_eq!(cut.keep, [false, false, false, true, true, true]);
    }

    #[test]
    fn a_list_at_the_end_of_a_text_lies_in_its_box() {
        let mut page = page();
        let of = |text: &str, container: u32| Block {
            text: text.to_owned(),
            tag: "li",
            linked: text.len() as u32,
            container: Some(container),
            ..Block::default()
        };
        let share = Container { tag: "div", parent: Some(2), hints: "share".into(), hidden: false };
        page.boxes.push(share);
        page.blocks.extend([
            of("3rd pier", 2),
            of("https://ice.example/7", 2),
            of("Share on Facebook", 3),
            of("Imprint", 1),
        ]);
        page.blocks.push(of("Contact", 1));
        let menu = ["Home", "World news", "Imprint", "Contact"];
        let fixed: Vec<f32> = page
            .blocks
            .iter()
            .map(|block| f32::from(u8::from(menu.contains(&&block.text[..]))))
            .collect();
        let headline: String = "Harbour frozen for a third week".into();
        let known = Clues {
            headline: headline.clone(),
            site: Some(fixed.iter().map(|share| *share > 0.0).collect()),
            fixed: Some(fixed),
            ..Clues::default()
        };
        let judged: Vec<f32> =
            (0..page.blocks.len()).map(|n| if (3..6).contains(&n) { 2.0 } else { -1.0 }).collect();
        let body = cut_judged(&page, &known, &judged).body;
        assert!(body.ends_with("3rd pier\nhttps://ice.example/7"), "{body}");
        let alone = cut_judged(&page, &Clues { headline, ..Clues::default() }, &judged).body;
        assert!(!alone.contains("ice.example"), "{alone}");
    }

    #[test]
    fn a_chapter_that_holds_the_words_of_the_headline_is_none() {
        let mut page = page();
        page.blocks[2].tag = "h2";
        let chapter = Block {
            text: "Why the Harbour frozen for a third week".to_owned(),
            tag: "h1",
            container: Some(2),
            ..Block::default()
        };
        page.blocks.insert(4, chapter);
        let headline = "Harbour frozen for a third week".to_owned();
        let body = cut(&page, &Clues { headline, ..Clues::default() }).body;
        assert!(body.starts_with("The ice lay"), "{body}");
    }

    #[test]
    fn paragraphs_are_kept_and_navigation_is_not() {
        let clues =
            Clues { headline: "Harbour frozen for a third week".into(), ..Clues::default() };
        let cut = cut(&page(), &clues);
        assert_eq!(cut.keep, [false, false, false, true, true, true]);
        assert_eq!(cut.body.split("\n\n").count(), 3);
        assert_eq!(cut.reason, None);
    }

    #[test]
    fn a_heading_between_paragraphs_is_kept() {
        let mut page = page();
        page.blocks[4] = Block { tag: "h3", text: "The thaw".into(), ..page.blocks[4].clone() };
        let cut = cut_judged(&page, &Clues::default(), &[-4.0, -4.0, -4.0, 4.0, -1.0, 4.0]);
        assert_eq!(cut.keep, [false, false, false, true, true, true]);
    }

    #[test]
    fn between_paragraphs_of_a_known_site_all_is_text_but_its_own_lines() {
        let mut page = page();
        page.blocks[4] = Block {
            tag: "pre",
            text: "for floe in pier.floes() print floe.width".into(),
            ..page.blocks[4].clone()
        };
        let judged = [-4.0, -4.0, -4.0, 4.0, -3.0, 4.0];
        let keep = |site: Option<[bool; 6]>, around: &str| {
            let mut page = page.clone();
            page.boxes.push(Container { hints: around.to_owned(), ..page.boxes[2].clone() });
            page.blocks[4].container = Some(3);
            let fixed = Some(vec![1.0; 6]);
            let site = site.map(Vec::from);
            cut_judged(&page, &Clues { site, fixed, ..Clues::default() }, &judged).keep
        };
        let own = [true, true, false, false, false, false];
        assert_eq!(keep(None, ""), [false, false, false, true, false, true]);
        assert_eq!(keep(Some(own), ""), [false, false, false, true, true, true]);
        assert_eq!(keep(Some(own), "related-posts"), [false, false, false, true, false, true]);
        let code = [true, true, false, false, true, false];
        assert_eq!(keep(Some(code), ""), [false, false, false, true, false, true]);
    }

    #[test]
    fn an_empty_page_is_no_article() {
        let cut = cut(&Page { markup: true, ..Page::default() }, &Clues::default());
        assert_eq!((cut.body.as_str(), cut.reason), ("", Some("no text")));
    }

    #[test]
    fn an_error_is_known_by_its_headline() {
        let clues = Clues { headline: "404 - Page not found".into(), ..Clues::default() };
        let mut page = page();
        page.blocks.truncate(4);
        assert_eq!(cut(&page, &clues).reason, Some("an error page"));
    }
}
