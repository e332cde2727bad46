//! What an archive knows of a site and no page does: the lines that its pages share, and the name
//! that its titles end in.
//!
//! It is learned from a sample of the pages of one folder, which depends on the names of the files
//! alone, so that neither the order of files nor their split over runs matters.

use std::collections::BTreeMap;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::draft::{Draft, Rung, Slot};

/// So many pages of a folder are looked at.
pub const SAMPLE: usize = 48;

/// With fewer pages, nothing is taken for the site's.
const FEWEST: u32 = 4;

/// A line on this share of the pages is the site's, and on this many at least.
const COMMON: (f32, u32) = (0.3, 3);

/// A place that this share of the pages have a field at is where the site has it, if lines there
/// are as sure as this in the mean, against what is sure enough to be said.
const PLACED: (f32, f32) = (0.5, -0.5);

/// What the sampled pages of one folder have in common.
#[derive(Debug, Clone, Default)]
pub struct Site {
    pages: u32,
    lines: FxHashMap<u64, u32>,
    titles: FxHashMap<String, u32>,
    /// Where pages have their fields; once that is settled, the one place where most have it.
    told: FxHashMap<Slot, Told>,
    places: BTreeMap<Slot, i16>,
    /// The long lines of each page, to know other captures of one article.
    long: Vec<FxHashSet<u64>>,
}

/// How many pages were asked where they have a field, and of each place, on how many they have it
/// and the sum of how sure that is.
#[derive(Debug, Clone, Default)]
struct Told {
    pages: u32,
    places: BTreeMap<i16, (u32, f32)>,
}

/// A stable hash of a text (FNV-1a, 64 bits).
pub fn hash(text: &str) -> u64 {
    text.bytes().fold(0xcbf2_9ce4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    })
}

/// The last part of a title after a bar or a dash, where sites put their names.
fn ending(title: &str) -> Option<&str> {
    let ends = [" | ", " - ", " – ", " — ", " · ", " :: ", " » "].iter();
    let at = ends.filter_map(|bar| title.rfind(bar).map(|at| at + bar.len())).max()?;
    let name = title[at..].trim();
    (!name.is_empty() && name.len() <= 60).then_some(name)
}

impl Site {
    /// Learns from one page.
    ///
    /// Another capture of an article that was learned from says nothing new of the site, and would
    /// make the article's own lines look like the site's; it is passed over.
    pub fn learn(&mut self, draft: &Draft) {
        let Some(page) = &draft.page else { return };
        let mut lines = FxHashSet::default();
        let mut long = FxHashSet::default();
        for block in &page.blocks {
            let hash = hash(block.text.trim());
            lines.insert(hash);
            if block.text.split_whitespace().nth(14).is_some() {
                long.insert(hash);
            }
        }
        let captured = |other: &FxHashSet<u64>| {
            let both = long.intersection(other).count();
            both >= 3 && both * 2 > long.len().min(other.len())
        };
        if self.long.iter().any(captured) {
            return;
        }
        self.pages += 1;
        for line in lines {
            *self.lines.entry(line).or_default() += 1;
        }
        self.long.push(long);
        let title = draft
            .on(Slot::Headline)
            .find(|remark| remark.rung == Rung::Title)
            .and_then(|remark| ending(&remark.text));
        if let Some(name) = title {
            *self.titles.entry(name.to_owned()).or_default() += 1;
        }
    }

    /// Lets go what is of no use once all pages were learned from.
    pub fn settle(&mut self) {
        self.long = Vec::new();
        let pages = self.pages;
        self.lines.retain(|_, count| common(*count, pages));
        self.titles.retain(|_, count| common(*count, pages));
    }

    /// Learns where a page of the site seems to have a field: how many lines below its headline (the
    /// headline: how many lines from the top), and by how much that is surer than what would be said.
    pub fn place(&mut self, slot: Slot, lines: &[(i16, f32)]) {
        let told = self.told.entry(slot).or_default();
        told.pages += 1;
        let mut surest: BTreeMap<i16, f32> = BTreeMap::new();
        for (below, sure) in lines {
            let best = surest.entry(*below).or_insert(*sure);
            *best = best.max(*sure);
        }
        for (below, sure) in surest {
            let place = told.places.entry(below).or_default();
            *place = (place.0 + 1, place.1 + sure);
        }
    }

    /// Decides where the site has its fields, once all pages were asked.
    pub fn settle_places(&mut self) {
        for (slot, Told { pages, places }) in std::mem::take(&mut self.told) {
            let usual = places
                .into_iter()
                .filter(|(_, (count, _))| {
                    *count >= FEWEST && *count as f32 >= PLACED.0 * pages as f32
                })
                .map(|(below, (count, sum))| (below, sum / count as f32))
                .max_by(|(_, one), (_, other)| one.total_cmp(other));
            if let Some((below, _)) = usual.filter(|(_, mean)| *mean >= PLACED.1) {
                self.places.insert(slot, below);
            }
        }
    }

    /// Where pages of the site have a field: so many lines below the headline; the headline, from the
    /// top.
    pub fn place_of(&self, slot: Slot) -> Option<i16> {
        self.places.get(&slot).copied()
    }

    /// How many pages were learned from.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// Whether anything is known.
    pub fn knows(&self) -> bool {
        self.pages >= FEWEST && !(self.lines.is_empty() && self.titles.is_empty())
    }

    /// Whether a line is the site's.
    pub fn holds(&self, line: &str) -> bool {
        self.pages >= FEWEST && self.lines.contains_key(&hash(line.trim()))
    }

    /// For each line of a page whether it is the site's; `None` where the page is not of the site:
    /// fewer than one in ten of its lines are.
    pub fn lines_of<'p>(&self, lines: impl Iterator<Item = &'p str>) -> Option<Vec<bool>> {
        if !self.knows() {
            return None;
        }
        let held: Vec<bool> = lines.map(|line| self.holds(line)).collect();
        let count = held.iter().filter(|held| **held).count();
        (count >= 2 && count * 10 >= held.len()).then_some(held)
    }

    /// The names that titles of the site end in.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        let known = self.pages >= FEWEST;
        self.titles.keys().filter(move |_| known).map(String::as_str)
    }

    /// A number that tells one knowledge from another.
    pub fn digest(&self) -> u64 {
        if !self.knows() {
            return 0;
        }
        let lines =
            self.lines.keys().fold(0_u64, |sum, line| sum.wrapping_add(line.rotate_left(7)));
        let names = self.titles.keys().fold(lines, |sum, name| sum.wrapping_add(hash(name)));
        let places = self.places.iter();
        places
            .fold(names, |sum, (slot, below)| sum.wrapping_add(hash(&format!("{slot:?} {below}"))))
            .max(1)
    }
}

fn common(count: u32, pages: u32) -> bool {
    count >= COMMON.1 && count as f32 >= COMMON.0 * pages as f32
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::{Block, Page};

    fn page(lines: &[&str]) -> Draft {
        let blocks =
            lines.iter().map(|line| Block { text: (*line).to_owned(), ..Block::default() });
        Draft {
            page: Some(Page { blocks: blocks.collect(), ..Page::default() }),
            ..Draft::default()
        }
    }

    #[test]
    fn lines_of_many_pages_are_the_sites() {
        let mut site = Site::default();
        for number in 0..6 {
            let own = format!("Story {number}");
            site.learn(&page(&["Home", "Donate now", &own]));
        }
        site.settle();
        assert_eq!(
            site.lines_of(["Home", "Donate now", "Story 9"].into_iter()),
            Some(vec![true, true, false])
        );
        assert_eq!(site.lines_of(["Start", "Story 9"].into_iter()), None, "of another site");
    }

    #[test]
    fn captures_of_one_article_are_one_page() {
        let long = |number: u32| {
            format!(
                "{number} a line of more than fifteen words is what an article has and a menu of a site has not, mostly"
            )
        };
        let body: Vec<String> = (0..4).map(long).collect();
        let lines: Vec<&str> = body.iter().map(String::as_str).collect();
        let mut site = Site::default();
        for _ in 0..6 {
            site.learn(&page(&lines));
        }
        assert_eq!(site.pages(), 1);
        site.settle();
        assert!(!site.holds(lines[0]));
    }

    #[test]
    fn a_field_has_its_place_where_most_pages_have_it() {
        let mut site = Site::default();
        for number in 0..6_i16 {
            site.place(Slot::Author, &[(number, 3.0), (2, 0.5), (9, -2.0)]);
            site.place(Slot::Published, &[(1, -2.0)]);
        }
        site.settle_places();
        assert_eq!(site.place_of(Slot::Author), Some(2));
        assert_eq!(site.place_of(Slot::Published), None, "never sure enough");
    }

    #[test]
    fn titles_end_in_the_name_of_the_site() {
        assert_eq!(ending("Harbour - a third week | The Gazette"), Some("The Gazette"));
        assert_eq!(ending("Harbour"), None);
    }
}
