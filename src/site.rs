//! What an archive knows of a site and no page does: the lines that its pages share, the name that
//! its titles end in, where and how it prints its fields, and what only one capture of an article
//! has.
//!
//! It is learned from a sample of the pages of one folder, which depends on the names of the files
//! alone, so that neither the order of files nor their split over runs matters.

mod labels;

use std::collections::{BTreeMap, BTreeSet};
use std::ops::RangeInclusive;

use rustc_hash::{FxHashMap, FxHashSet};

use crate::draft::{Draft, Remark, Rung, Slot};
pub use labels::Label;
use labels::{Labels, Sections};

/// So many pages of a folder are looked at.
pub const SAMPLE: usize = 48;

/// With fewer pages, nothing is taken for the site's.
pub const FEWEST: u32 = 4;

/// A line on this share of the pages is the site's, and on this many at least.
const COMMON: (f32, u32) = (0.3, 3);

/// What so large a share of the pages has is of the site, and of no page.
pub const EVERYWHERE: f32 = 0.9;

/// A place is where the site has a field if it has so much of the votes of the pages, as F1 of how
/// much of a page's vote it has and how much each line there has.
const PLACED: f32 = 0.25;

/// What this share of the pages has above its text or below it, all have.
const MARGIN: f32 = 0.6;

/// So much is enough where nearly each page has one line: for headlines where no other page has it, for
/// writers where they change.
const LONE: f32 = 0.05;

/// Captures of texts with more long lines are not compared line by line, as each line is compared
/// with each; hardly an article has so many.
const MOST_LONG: usize = 200;
/// So many pages settle whether the site has days before months, if at most one in ten of them tell
/// otherwise.
const ORDERED: (u32, u32) = (3, 10);

/// The name of a site has at most so many bytes.
const LONGEST_NAME: usize = 60;

/// Names that stand in a row have so many words.
const ROW: RangeInclusive<usize> = 4..=24;

/// So many times those who stand beside known writers become known.
const ROUNDS: usize = 8;

/// What the sampled pages of one folder have in common.
#[derive(Debug, Clone, Default)]
pub struct Site {
    pages: u32,
    lines: FxHashMap<u64, u32>,
    /// Two lines in a row.
    pairs: FxHashMap<u64, u32>,
    titles: FxHashMap<String, u32>,
    /// Where pages have their fields; once that is settled, the one place where most have it.
    told: FxHashMap<Slot, Told>,
    places: BTreeMap<Slot, Spot>,
    /// Whether nearly each page has a line that names somebody where the site has its writers.
    signed: bool,
    writers: BTreeSet<String>,
    /// Whether names stand in rows with nothing between them.
    rows: bool,
    /// Where those stand that sign a page and are no person by their names.
    signers: BTreeMap<String, Vec<Vec<Spot>>>,
    /// Those of them who sign several pages.
    organisations: BTreeSet<String>,
    /// What pages have beside their headlines, and once that is settled, which of it are sections.
    labels: Labels,
    sections: Sections,
    /// How many pages have days before months, and how many after them; once that is settled, how the
    /// site has them.
    orders: (u32, u32),
    day_first: Option<bool>,
    /// How many lines pages have above their text and below it; once that is settled, how many most have.
    margined: [Vec<usize>; 2],
    margins: [usize; 2],
    /// The pages that were learned from, to know other captures of one article.
    seen: Vec<Seen>,
    /// By the hash of a page: its lines that no other capture of its article has.
    alone: FxHashMap<u64, FxHashSet<u64>>,
}

/// One page that was learned from.
#[derive(Debug, Clone)]
struct Seen {
    /// Which of the pages is the first capture of its article.
    first: usize,
    page: u64,
    lines: FxHashSet<u64>,
    /// Of those, the long ones, with their words.
    long: FxHashMap<u64, FxHashSet<u64>>,
}

/// Where a line stands, told in a way that holds for other pages of the site.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Spot {
    /// So many lines below the headline.
    Below(i16),
    /// So many lines below the first of the page.
    Top(i16),
    /// So many lines above the end of the page.
    Bottom(i16),
    /// Below a line of the site with this hash.
    After(u64),
    /// Above a line of the site with this hash.
    Before(u64),
    /// Its first word has this hash.
    Opens(u64),
}

/// A line that may have a field.
#[derive(Debug, Clone)]
pub struct Standing {
    /// What it says: the line, or the writers it names.
    pub says: Vec<String>,
    /// All that can be told of where it stands.
    pub spots: Vec<Spot>,
    /// How sure it is that the line has the field, as log-odds.
    pub sure: f32,
}

/// What the lines of a page tell of where its site has its fields.
#[derive(Debug, Clone, Default)]
pub struct Places {
    /// The lines that may have each field.
    pub fields: Vec<(Slot, Vec<Standing>)>,
    /// Who signs the page that is no person by its name, and where that stands.
    pub signers: Vec<(String, Vec<Spot>)>,
    /// What may be the label of its section, where its headline is known.
    pub labels: Option<Vec<Label>>,
    /// How many lines that are not the site's stand above its text and below it, where that is known.
    pub margins: Option<[usize; 2]>,
}

/// How many pages were asked where they have a field, and what they said.
#[derive(Debug, Clone, Default)]
struct Told {
    pages: u32,
    spots: BTreeMap<Spot, Votes>,
}

/// The votes of one spot, and how often each line stands there.
#[derive(Debug, Clone, Default)]
struct Votes {
    sum: f32,
    lines: BTreeMap<Vec<String>, u32>,
}

impl Votes {
    /// How many lines there are, and the share of those that stand there more than once.
    fn lines(&self) -> (u32, f32) {
        let all: u32 = self.lines.values().sum();
        let again: u32 = self.lines.values().filter(|count| **count > 1).sum();
        (all, again as f32 / all as f32)
    }

    /// How well the spot tells of a field on so many pages, as F1. One writer has many pages, a
    /// headline only one, but for its captures.
    fn share(&self, slot: Slot, pages: u32) -> f32 {
        let (lines, again) = self.lines();
        let f1 = 2.0 * self.sum / (pages + lines) as f32;
        f1 * match slot {
            Slot::Author => 1.0 + again,
            Slot::Headline => 1.0 - again / 2.0,
            _ => 1.0,
        }
    }

    /// Whether nearly each of so many pages has one line there, which stands there on no other, and most of them
    /// are no days.
    fn are_lone(&self, pages: u32) -> bool {
        let (lines, again) = self.lines();
        let digits = |line: &String| line.bytes().filter(u8::is_ascii_digit).count();
        let dated = self.lines.keys().filter(|says| says.iter().any(|line| digits(line) >= 6));
        is_each(lines, pages) && again <= 0.05 && dated.count() * 2 < self.lines.len()
    }

    /// Whether nearly each of so many pages has a line there that names somebody, and not always the same.
    fn are_signed(&self, pages: u32) -> bool {
        is_each(self.lines().0, pages) && self.lines.len() >= 3
    }
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
    (!name.is_empty()).then_some(name)
}

impl Site {
    /// Learns from one page.
    ///
    /// Another capture of an article that was learned from says nothing new of the site, and would
    /// make the article's own lines look like the site's; it is passed over.
    pub fn learn(&mut self, draft: &Draft) {
        let Some(page) = &draft.page else { return };
        let mut lines = FxHashSet::default();
        let mut pairs = FxHashSet::default();
        let mut long = FxHashMap::default();
        let mut before = 0;
        for block in &page.blocks {
            let line = hash(block.text.trim());
            lines.insert(line);
            pairs.insert(pair(before, line));
            before = line;
            if block.text.split_whitespace().nth(14).is_some() {
                let words = block.text.split_whitespace().map(hash);
                // Those of more lines are asked for by nothing.
                let most = if long.len() <= MOST_LONG { usize::MAX } else { 0 };
                long.insert(line, words.take(most).collect());
            }
        }
        let captured = |other: &Seen| {
            let both = long.keys().filter(|line| other.long.contains_key(*line)).count();
            both >= 3 && both * 2 > long.len().min(other.long.len())
        };
        let first = self.seen.iter().find(|other| captured(other)).map(|other| other.first);
        let own = self.seen.len();
        let page = of_page(page.blocks.iter().map(|block| hash(block.text.trim())));
        self.seen.push(Seen { first: first.unwrap_or(own), page, lines: lines.clone(), long });
        if first.is_some() {
            return;
        }
        self.pages += 1;
        for line in lines {
            *self.lines.entry(line).or_default() += 1;
        }
        for two in pairs {
            *self.pairs.entry(two).or_default() += 1;
        }
        let title = draft.on(Slot::Headline).find(|remark| remark.rung == Rung::Title);
        if let Some(Remark { text, .. }) = title {
            // What is the whole title of many pages is no headline of theirs, but where they say so elsewhere:
            // a column may have one headline for years.
            let said = draft.on(Slot::Headline).filter(|remark| remark.text == *text).count();
            let whole = Some(text.trim()).filter(|_| said == 1);
            let names = [ending(text), whole].into_iter().flatten();
            for name in names.filter(|name| name.len() <= LONGEST_NAME) {
                *self.titles.entry(name.to_owned()).or_default() += 1;
            }
        }
    }

    /// Lets go what is of no use once all pages were learned from.
    pub fn settle(&mut self) {
        self.settle_captures();
        let pages = self.pages;
        self.lines.retain(|_, count| common(*count, pages));
        self.pairs.retain(|_, count| common(*count, pages));
        self.titles.retain(|_, count| common(*count, pages));
    }

    /// Finds the lines that only one of several captures of an article has.
    fn settle_captures(&mut self) {
        let seen = std::mem::take(&mut self.seen);
        let mut captures: BTreeMap<usize, Vec<&Seen>> = BTreeMap::new();
        for page in &seen {
            captures.entry(page.first).or_default().push(page);
        }
        let few = |page: &&Seen| page.long.len() <= MOST_LONG;
        for pages in captures.values().filter(|pages| pages.len() > 1 && pages.iter().all(few)) {
            let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
            for line in pages.iter().flat_map(|page| &page.lines) {
                *counts.entry(*line).or_default() += 1;
            }
            for page in pages {
                let others = || pages.iter().filter(|other| !std::ptr::eq(**other, *page));
                // What was altered is in the other captures as it was.
                let altered = |line: &u64| {
                    page.long.get(line).is_some_and(|words| {
                        others().flat_map(|other| other.long.values()).any(|other| {
                            let both = words.intersection(other).count();
                            both * 2 > words.len().max(other.len())
                        })
                    })
                };
                let alone = page.lines.iter().copied();
                let alone = alone.filter(|line| counts[line] == 1 && !altered(line));
                let alone: FxHashSet<u64> = alone.collect();
                if !alone.is_empty() {
                    self.alone.insert(page.page, alone);
                }
            }
        }
    }

    /// Learns whether a page has its days before its months.
    pub fn order(&mut self, day_first: bool) {
        let count = if day_first { &mut self.orders.0 } else { &mut self.orders.1 };
        *count += 1;
    }

    /// Whether the site has its days before its months, where its pages agree.
    pub fn day_first(&self) -> Option<bool> {
        self.day_first
    }

    /// Learns where a page of the site seems to have its fields.
    pub fn place(&mut self, places: Places) {
        places.fields.iter().for_each(|(slot, lines)| self.place_one(*slot, lines));
        for (name, spots) in places.signers {
            self.signers.entry(name).or_default().push(spots);
        }
        if let Some(labels) = places.labels {
            self.labels.learn(labels);
        }
        for (all, own) in self.margined.iter_mut().zip(places.margins.into_iter().flatten()) {
            all.push(own);
        }
    }

    /// Learns where a page seems to have one field.
    ///
    /// A page has one vote, which its lines share by how sure each is beside the others and beside
    /// the page having none.
    fn place_one(&mut self, slot: Slot, lines: &[Standing]) {
        let told = self.told.entry(slot).or_default();
        told.pages += 1;
        let all = 1.0 + lines.iter().map(|line| line.sure.exp()).sum::<f32>();
        for line in lines {
            for spot in &line.spots {
                let votes = told.spots.entry(*spot).or_default();
                votes.sum += line.sure.exp() / all;
                *votes.lines.entry(line.says.clone()).or_default() += 1;
            }
        }
    }

    /// Decides where and how the site has its fields, once all pages were asked.
    pub fn settle_places(&mut self) {
        let (day, month) = self.orders;
        let sure = day.max(month) >= ORDERED.0 && day.min(month) * ORDERED.1 <= day.max(month);
        self.day_first = sure.then_some(day > month);
        let signers = std::mem::take(&mut self.signers);
        for (slot, Told { pages, spots }) in std::mem::take(&mut self.told) {
            let usual = spots
                .into_iter()
                .filter(|(_, votes)| votes.lines().0 >= FEWEST)
                .map(|(spot, votes)| (votes.share(slot, pages), spot, votes))
                .max_by(|one, other| one.0.total_cmp(&other.0));
            let placed = |(share, _, votes): &(f32, Spot, Votes)| {
                let lone = slot == Slot::Headline && votes.are_lone(pages);
                let signed = slot == Slot::Author && votes.are_signed(pages);
                *share >= if lone || signed { LONE } else { PLACED }
            };
            if let Some((_, spot, votes)) = usual.filter(placed) {
                self.places.insert(slot, spot);
                if slot == Slot::Author {
                    self.signed = votes.are_signed(pages);
                    self.learn_organisations(&signers, spot);
                    self.learn_writers(votes.lines.into_keys().flatten().collect());
                }
            }
        }
        let labels = std::mem::take(&mut self.labels);
        self.sections = labels.settle(&self.writers).unwrap_or_default();
        self.margins = std::mem::take(&mut self.margined).map(|mut lines| {
            lines.sort_unstable();
            let most = lines.get((lines.len() as f32 * (1.0 - MARGIN)) as usize).copied();
            most.filter(|_| lines.len() >= FEWEST as usize).unwrap_or_default()
        });
    }

    /// How many lines most pages of the site have above their text that are not the same on all (writers,
    /// days, labels), and how many below it (topics, the headlines of the posts before and after).
    pub fn margins(&self) -> [usize; 2] {
        self.margins
    }

    /// Whether the site has the labels of its sections so many lines below its headlines, and a text is
    /// one of them.
    pub fn is_section(&self, (below, text): (i16, &str)) -> bool {
        self.sections.below == below && self.sections.labels.contains(text.trim())
    }

    /// Learns who signs several pages where the site has its writers.
    fn learn_organisations(&mut self, signers: &BTreeMap<String, Vec<Vec<Spot>>>, place: Spot) {
        for (name, stands) in signers {
            if stands.iter().filter(|spots| spots.contains(&place)).count() > 1 {
                self.organisations.insert(name.clone());
            }
        }
    }

    /// The organisations that sign pages of the site, as they are printed there.
    pub fn organisations(&self) -> impl Iterator<Item = &str> {
        self.organisations.iter().map(String::as_str)
    }

    /// Learns who signs pages of the site: who signs alone, and who stands in a row with those.
    fn learn_writers(&mut self, mut names: BTreeSet<String>) {
        for _ in 0..ROUNDS {
            let (told, rows): (BTreeSet<_>, BTreeSet<_>) =
                names.into_iter().partition(|name| is_one(name));
            if told.is_empty() {
                return;
            }
            self.writers.extend(told);
            names = BTreeSet::new();
            for row in rows {
                let apart = self.apart(&row);
                self.rows |= apart.is_some();
                names.extend(apart.unwrap_or(vec![row]));
            }
        }
    }

    /// Whether anybody is known who signs pages of the site.
    pub fn has_writers(&self) -> bool {
        !self.writers.is_empty()
    }

    /// Whether somebody signs pages of the site.
    pub fn has_writer(&self, name: &str) -> bool {
        self.writers.contains(name)
    }

    /// Tells names apart that stand in a row with nothing between them (`Ada Nagy Tom Reed`), where
    /// one of them signs pages of the site; `None` where the text is not such a row. Where nobody is
    /// known, names of two words each are told apart on a site that has such rows.
    pub fn apart(&self, row: &str) -> Option<Vec<String>> {
        let words: Vec<&str> = row.split_whitespace().collect();
        let capital = |word: &&str| word.trim_start_matches('(').starts_with(char::is_uppercase);
        if self.writers.is_empty() || !ROW.contains(&words.len()) || !words.iter().all(capital) {
            return None;
        }
        let name = |from: usize, end: usize| {
            let name = words[from..end].join(" ");
            // What stands in brackets at its end is no part of it.
            name.split(" (")
                .next()
                .filter(|_| name.ends_with(')'))
                .map_or(name.clone(), str::to_owned)
        };
        // Of so many of the words: the least price of names that are not known, and where the last
        // begins. Two names of three words are less likely than three of two.
        let price = |long: usize| [0, 0, 5, 8].get(long).copied();
        let mut best = vec![Some((0, 0))];
        for end in 1..=words.len() {
            let ways = (2..=4).filter_map(|long| {
                let from = end.checked_sub(long)?;
                let known = self.writers.contains(&name(from, end));
                // What nobody knows has two words or three.
                let price = if known { Some(0) } else { price(long) };
                Some((best[from]?.0 + price?, from))
            });
            best.push(ways.min());
        }
        let mut names = Vec::new();
        let mut end = words.len();
        while end > 0 {
            let from = best[end]?.1;
            names.push(name(from, end));
            end = from;
        }
        names.reverse();
        let known = names.iter().any(|name| self.writers.contains(name));
        let pairs = || {
            let two = |name: &String| name.split(' ').count() == 2;
            self.rows && names.iter().all(two) && !row.contains(['.', '(', ','])
        };
        (names.len() > 1 && (known || pairs())).then_some(names)
    }

    /// Where pages of the site have a field.
    pub fn place_of(&self, slot: Slot) -> Option<Spot> {
        self.places.get(&slot).copied()
    }

    /// Whether nearly each page has a line that names somebody where the site has its writers.
    pub fn is_signed(&self) -> bool {
        self.signed
    }

    /// How many pages were learned from.
    pub fn pages(&self) -> u32 {
        self.pages
    }

    /// Whether anything is known.
    pub fn knows(&self) -> bool {
        let common = !(self.lines.is_empty() && self.titles.is_empty());
        self.pages >= FEWEST && common
            || !self.alone.is_empty()
            || self.day_first.is_some()
            || !self.sections.labels.is_empty()
    }

    /// For each line of a page whether no other capture of its article has it; `None` where there is
    /// no other.
    pub fn alone<'p>(&self, lines: impl Iterator<Item = &'p str> + Clone) -> Option<Vec<bool>> {
        if self.alone.is_empty() {
            return None;
        }
        let hashes: Vec<u64> = lines.map(|line| hash(line.trim())).collect();
        let alone = self.alone.get(&of_page(hashes.iter().copied()))?;
        Some(hashes.iter().map(|line| alone.contains(line)).collect())
    }

    /// Whether a line is the site's.
    pub fn holds(&self, line: &str) -> bool {
        self.pages >= FEWEST && self.lines.contains_key(&hash(line.trim()))
    }

    /// For each line of a page whether it is the site's; `None` where the page is not of the site:
    /// fewer than one in ten of its lines are, and it lacks what nearly all pages have.
    pub fn lines_of<'p>(&self, lines: impl Iterator<Item = &'p str> + Clone) -> Option<Vec<bool>> {
        if !self.knows() {
            return None;
        }
        let held: Vec<bool> = lines.clone().map(|line| self.holds(line)).collect();
        let count = held.iter().filter(|held| **held).count();
        let own = || {
            let everywhere = |count: &u32| *count as f32 >= EVERYWHERE * self.pages as f32;
            let all = self.lines.values().filter(|count| everywhere(count)).count();
            let mut here: Vec<u64> = lines.clone().map(|line| hash(line.trim())).collect();
            here.sort_unstable();
            here.dedup();
            let here = here.iter().filter(|line| self.lines.get(line).is_some_and(everywhere));
            all >= 2 && here.count() * 4 >= all * 3
        };
        (count >= 2 && (count * 10 >= held.len() || own())).then_some(held)
    }

    /// For each line of a page on what share of the pages it stands beside the line that it stands
    /// beside here; 0 where that is not the site's, or the same line (a bullet above a bullet stands
    /// anywhere). The headline of one page may be the teaser of many.
    pub fn fixed<'p>(&self, lines: impl Iterator<Item = &'p str>, held: &[bool]) -> Vec<f32> {
        let hashes: Vec<u64> = lines.map(|line| hash(line.trim())).collect();
        let before = |at: usize| at.checked_sub(1).map_or(0, |at| hashes[at]);
        let after = |at: usize| {
            let line = hashes.get(at).filter(|line| **line != before(at));
            let two = line.map(|line| pair(before(at), *line));
            two.and_then(|two| self.pairs.get(&two)).copied().unwrap_or_default()
        };
        let share = |count: u32| count as f32 / self.pages as f32;
        let fixed = |at: usize| if held[at] { share(after(at).max(after(at + 1))) } else { 0.0 };
        (0..hashes.len()).map(fixed).collect()
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
        let pairs = self.pairs.keys().fold(lines, |sum, two| sum.wrapping_add(two.rotate_left(13)));
        let names = self.titles.keys().fold(pairs, |sum, name| sum.wrapping_add(hash(name)));
        let alone = self.alone.iter().flat_map(|(page, lines)| lines.iter().map(move |l| page ^ l));
        let alone = alone.fold(names, |sum, line| sum.wrapping_add(line.rotate_left(11)));
        let order = self.day_first.map_or(0, |day| hash(&format!("day first {day}")));
        let rows = order
            .wrapping_add(u64::from(self.rows))
            .wrapping_add(hash(&format!("{:?}", self.margins)));
        let writers = self.writers.iter().fold(rows, |sum, name| sum.wrapping_add(hash(name)));
        let all = self.organisations.iter();
        let all = all.fold(writers, |sum, name| sum.wrapping_add(hash(name).rotate_left(3)));
        let sections = self.sections.labels.iter();
        let all = sections.fold(all, |sum, label| {
            sum.wrapping_add(hash(label).rotate_left(5) ^ self.sections.below as u64)
        });
        let places = self.places.iter();
        places
            .fold(alone.wrapping_add(all), |sum, (slot, spot)| {
                sum.wrapping_add(hash(&format!("{slot:?} {spot:?}")))
            })
            .max(1)
    }
}

/// Whether nearly each of so many pages has one of so many lines.
fn is_each(lines: u32, pages: u32) -> bool {
    (pages * 9..=pages * 11).contains(&(lines * 10))
}

/// The hash of a page, from those of its lines.
fn of_page(lines: impl Iterator<Item = u64>) -> u64 {
    lines.fold(0, pair)
}

/// The hash of two lines in a row.
fn pair(before: u64, line: u64) -> u64 {
    (before.rotate_left(5) ^ line).wrapping_mul(0x0100_0000_01b3)
}

/// Whether a name is surely that of one person, and not of two with nothing between them.
fn is_one(name: &str) -> bool {
    (2..=3).contains(&name.split_whitespace().count())
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
    fn a_long_page_with_the_lines_of_all_is_of_the_site() {
        let mut site = Site::default();
        for number in 0..6 {
            let own = format!("Story {number}");
            site.learn(&page(&["Gazette", "Donate now", &own, "Contact"]));
        }
        site.settle();
        let own: Vec<String> = (0..90).map(|number| format!("{number} ships")).collect();
        let of = |lines: &[&'static str]| {
            let lines = lines.iter().copied().chain(own.iter().map(String::as_str));
            site.lines_of(lines.collect::<Vec<_>>().into_iter()).is_some()
        };
        assert!(of(&["Gazette", "Donate now", "Contact"]));
        assert!(!of(&["Gazette", "Contact"]));
    }

    #[test]
    fn what_many_pages_are_called_is_a_name_of_the_site() {
        let mut site = Site::default();
        for number in 0..6 {
            let mut page = page(&["Gazette", "Contact"]);
            let title =
                if number < 4 { "Gazette".into() } else { format!("Ice {number} | The Gazette") };
            page.note(Slot::Headline, Rung::Title, "title", title);
            site.learn(&page);
        }
        site.settle();
        assert_eq!(site.names().collect::<Vec<_>>(), ["Gazette"]);
        // The headline of a column.
        let mut site = Site::default();
        for _ in 0..6 {
            let mut page = page(&["Gazette", "Contact"]);
            page.note(Slot::Headline, Rung::Markup, "h1", "Letters to the editor");
            page.note(Slot::Headline, Rung::Title, "title", "Letters to the editor");
            site.learn(&page);
        }
        site.settle();
        assert_eq!(site.names().count(), 0);
    }

    #[test]
    fn where_each_page_has_a_line_of_its_own_stands_the_headline() {
        let place = |line: &dyn Fn(u32) -> String| {
            let mut site = Site::default();
            for number in 0..8 {
                let standing = |says: String, spot, sure| Standing {
                    says: vec![says],
                    spots: vec![spot],
                    sure,
                };
                let lines = vec![
                    standing(line(number), Spot::Top(3), -0.5),
                    standing(format!("Chapter {number}"), Spot::Top(20 + number as i16), 1.0),
                ];
                let fields = vec![(Slot::Headline, lines)];
                site.place(Places { fields, ..Places::default() });
            }
            site.settle_places();
            site.place_of(Slot::Headline)
        };
        assert_eq!(place(&|number| format!("Ice {number}")), Some(Spot::Top(3)));
        assert_eq!(place(&|number| format!("Ice {}", number / 2)), None, "labels");
        assert_eq!(place(&|number| format!("Posted on 2024-02-1{number}")), None, "days");
    }

    #[test]
    fn margins_are_those_of_most_pages() {
        let margins = |pages: &[[usize; 2]]| {
            let mut site = Site::default();
            for margins in pages {
                site.place(Places { margins: Some(*margins), ..Places::default() });
            }
            site.settle_places();
            site.margins()
        };
        assert_eq!(margins(&[[2, 0], [2, 1], [3, 2], [2, 2], [9, 2], [2, 7]]), [2, 2]);
        assert_eq!(margins(&[[2, 0], [2, 0], [0, 0], [0, 5], [0, 4], [0, 0]]), [0, 0]);
        assert_eq!(margins(&[[2, 2], [2, 2], [2, 2]]), [0, 0], "few pages");
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
    fn what_one_capture_has_is_told_from_what_all_have() {
        let long = |number: u32| {
            format!(
                "{number} a line of more than fifteen words is what an article has and a menu of a site has not, mostly"
            )
        };
        let mut captures: Vec<Vec<String>> = (7..10)
            .map(|own| (0..4).map(long).chain([format!("Teaser {own}")]).collect())
            .collect();
        // A paragraph that was altered is no other one.
        captures[1][3] += " or so it was";
        let lines = |at: usize| captures[at].iter().map(String::as_str);
        let mut site = Site::default();
        for at in [0, 1] {
            site.learn(&page(&lines(at).collect::<Vec<_>>()));
        }
        site.settle();
        assert_eq!(site.alone(lines(0)), Some(vec![false, false, false, false, true]));
        assert_eq!(site.alone(lines(1)), Some(vec![false, false, false, false, true]));
        assert_eq!(site.alone(lines(2)), None, "not learned from");
        assert_ne!(site.digest(), Site::default().digest());
    }

    #[test]
    fn captures_of_endless_texts_are_not_compared_line_by_line() {
        let line = |number: u32, own: u32| {
            format!(
                "{number} {own} words of a line that is as long as those of an article are, and as dull as all"
            )
        };
        let text = |own: u32| -> Vec<String> {
            // The larger part is shared, each other line is the capture's own.
            (0..150_000).map(|at| line(at, if at % 3 == 0 { own } else { 0 })).collect()
        };
        let mut site = Site::default();
        for own in [1, 2] {
            let lines = text(own);
            site.learn(&page(&lines.iter().map(String::as_str).collect::<Vec<_>>()));
        }
        site.settle();
        assert_eq!(site.alone(text(1).iter().map(String::as_str)), None);
    }

    #[test]
    fn a_line_of_many_pages_is_fixed_where_it_stands_beside_the_same() {
        let mut site = Site::default();
        for number in 0..8 {
            let story = |on: usize| format!("Story {}", (number + on) % 8);
            let (own, others) = (story(0), [story(1), story(3), story(5)]);
            let [one, two, three] = &others;
            site.learn(&page(&["Home", "News", &own, "By one", one, two, three]));
        }
        site.settle();
        let lines = ["Home", "News", "Story 1", "Ada", "Story 4"];
        let held = site.lines_of(lines.into_iter()).unwrap();
        assert_eq!(held, [true, true, true, false, true]);
        assert_eq!(site.fixed(lines.into_iter(), &held), [1.0, 1.0, 0.0, 0.0, 0.0]);
        let mut site = Site::default();
        for number in 0..6 {
            site.learn(&page(&["•", "•", &format!("Story {number}")]));
        }
        site.settle();
        let rows = ["Start", "•", "•", "Story 9"];
        let held = [false, true, true, false];
        assert_eq!(site.fixed(rows.into_iter(), &held), [0.0; 4], "bullets stand anywhere");
    }

    #[test]
    fn the_order_of_days_is_what_the_pages_agree_on() {
        let told = |days: u32, months: u32| {
            let mut site = Site::default();
            (0..days).for_each(|_| site.order(true));
            (0..months).for_each(|_| site.order(false));
            site.settle_places();
            site.day_first()
        };
        assert_eq!(told(3, 0), Some(true));
        assert_eq!(told(1, 20), Some(false));
        assert_eq!((told(2, 0), told(5, 3)), (None, None));
    }

    #[test]
    fn a_field_has_its_place_where_most_pages_have_it() {
        let mut site = Site::default();
        let line = |below: i16, top: i16, sure| Standing {
            says: vec![below.to_string()],
            spots: vec![Spot::Below(below), Spot::Top(top)],
            sure,
        };
        for number in 0..6_i16 {
            site.place_one(Slot::Author, &[line(2 + number, 4, 2.0), line(9, 9 + number, -2.0)]);
            site.place_one(Slot::Published, &[line(1, 1, -3.0)]);
        }
        site.settle_places();
        assert_eq!(site.place_of(Slot::Author), Some(Spot::Top(4)));
        assert_eq!(site.place_of(Slot::Published), None, "never sure enough");
    }

    #[test]
    fn headlines_stand_once_and_writers_again() {
        let mut site = Site::default();
        let line = |says: String, top: i16| Standing {
            says: vec![says],
            spots: vec![Spot::Top(top)],
            sure: 1.0,
        };
        for number in 0..6_i16 {
            let lines = [line("Most read".to_owned(), 2), line(format!("Story {number}"), 5)];
            site.place_one(Slot::Headline, &lines);
            let lines = [line("Ada Nagy".to_owned(), 6), line(format!("Place {number}"), 9)];
            site.place_one(Slot::Author, &lines);
        }
        site.settle_places();
        assert_eq!(site.place_of(Slot::Headline), Some(Spot::Top(5)));
        assert_eq!(site.place_of(Slot::Author), Some(Spot::Top(6)));
    }

    #[test]
    fn who_signs_several_pages_is_an_organisation() {
        let mut site = Site::default();
        let signer = |name: &str, top: i16| (name.to_owned(), vec![Spot::Top(top)]);
        let pages = [
            [signer("Release automation", 3), signer("Share widely", 9)],
            [signer("Release automation", 3), signer("Share widely", 9)],
            [signer("The undersigned", 3), signer("Release automation", 7)],
        ];
        for signers in pages {
            let says = vec!["Ada Nagy".to_owned()];
            let standing = Standing { says, spots: vec![Spot::Top(3)], sure: 1.0 };
            let fields = vec![(Slot::Author, vec![standing; 2])];
            site.place(Places { fields, signers: signers.into(), ..Places::default() });
        }
        site.settle_places();
        assert_eq!(site.organisations().collect::<Vec<_>>(), ["Release automation"]);
    }

    #[test]
    fn names_in_a_row_are_told_apart_by_those_of_the_site() {
        let mut site = Site::default();
        let bylines =
            ["Ada Nagy", "Tom Reed Ada Nagy", "Tom Reed Ruth M. Hale", "Maria Luz da Silva"];
        site.learn_writers(bylines.map(str::to_owned).into());
        let apart = |row: &str| site.apart(row).map(|names| names.join(", "));
        assert_eq!(apart("Ruth M. Hale Jan Kolar").as_deref(), Some("Ruth M. Hale, Jan Kolar"));
        assert_eq!(apart("Olaf (Ole) Berg Tom Reed").as_deref(), Some("Olaf (Ole) Berg, Tom Reed"));
        assert_eq!(apart("Olaf Berg (Ole) Tom Reed").as_deref(), Some("Olaf Berg, Tom Reed"));
        assert_eq!(apart("Ivo Prat Lena Moor").as_deref(), Some("Ivo Prat, Lena Moor"));
        assert_eq!(apart("Ivo Prat Lena Moor Ole"), None, "nobody knows them");
        let row = "Ivo Prat Lena Moor Mira Sand Ada Nagy";
        assert_eq!(apart(row).as_deref(), Some("Ivo Prat, Lena Moor, Mira Sand, Ada Nagy"));
        assert_eq!(apart("Ada Nagy"), None);
        assert_eq!(apart("Ada Nagy and others"), None);
        let mut without_rows = Site::default();
        without_rows.learn_writers(["Ada Nagy", "Tom Reed"].map(str::to_owned).into());
        assert_eq!(without_rows.apart("Ivo Prat Lena Moor"), None);
    }

    #[test]
    fn titles_end_in_the_name_of_the_site() {
        assert_eq!(ending("Harbour - a third week | The Gazette"), Some("The Gazette"));
        assert_eq!(ending("Harbour"), None);
    }
}
