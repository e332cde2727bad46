//! Cuts the article out of a page: which of its blocks are the text, and what the others are.

mod opinions;
mod signs;
mod trees;

use crate::draft::{Draft, Page, Slot};
use signs::Survey;

/// What is known of the article before its text is cut.
#[derive(Debug, Clone, Default)]
pub struct Clues {
    /// The headline, empty where it is not known.
    pub headline: String,
    /// The standfirst or description that the page declares.
    pub standfirst: String,
    /// The text that the page declares (JSON-LD `articleBody`): evidence, for it is often cut short.
    pub body: String,
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
    /// Captions of the pictures in and around the text.
    pub captions: Vec<String>,
    /// The lines in which the page points to other articles.
    pub teasers: Vec<String>,
    /// Why this is clearly no article, where it is none.
    pub reason: Option<&'static str>,
}

/// How sure the scorer must be of a block.
const LIMIT: f32 = 0.5;

/// Cuts the article out of a page.
pub fn cut(page: &Page, clues: &Clues) -> Cut {
    let survey = signs::survey(page, clues);
    let keep = choose(&survey);
    let mut cut = Cut { keep, ..Cut::default() };
    cut.write(page);
    cut
}

/// The signs of each block, for those who fit the weights.
#[doc(hidden)]
pub fn describe(page: &Page, clues: &Clues) -> Vec<(Vec<f32>, u32, u32, u64)> {
    let survey = signs::survey(page, clues);
    let rows = survey.signs.iter().map(|row| row.to_vec());
    let boxes = survey.homes.iter().zip(&survey.wider).zip(&survey.paths);
    rows.zip(boxes).map(|(row, ((home, wide), path))| (row, *home, *wide, *path)).collect()
}

/// Judges every block alone, then again among its neighbours.
fn choose(survey: &Survey) -> Vec<bool> {
    let [alone, among] = &*trees::STAGES;
    let opinions: Vec<f32> = survey.signs.iter().map(|row| alone.judge(row)).collect();
    opinions::rows(survey, &opinions).iter().map(|row| among.judge(row) > LIMIT).collect()
}

impl Cut {
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
}
