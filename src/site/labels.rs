//! The labels that a site files its articles under, where it has them beside its headlines.

use std::collections::{BTreeMap, BTreeSet};

/// So large a share of the pages has a label there.
const MOST: f32 = 0.6;

/// So large a share of these have one that another page has too: headlines and writers of one page
/// are its own.
const AGAIN: f32 = 0.8;

/// No label stands on a larger share of them: it would be the name of the site, or of all its pages.
const SAME: f32 = 0.8;

/// With fewer pages nothing is told.
const FEWEST: u32 = 6;

/// A line that may be a label, and how many lines below the headline it stands.
pub type Label = (i16, String);

/// What pages have beside their headlines.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    pages: u32,
    seen: BTreeMap<i16, BTreeMap<String, u32>>,
}

/// Where a site has the labels of its sections, and which it has.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Sections {
    pub below: i16,
    pub labels: BTreeSet<String>,
}

impl Labels {
    /// Learns what one page has.
    pub fn learn(&mut self, labels: Vec<Label>) {
        self.pages += 1;
        for (below, label) in labels {
            *self.seen.entry(below).or_default().entry(label).or_default() += 1;
        }
    }

    /// The place whose labels come again on other pages, but not on all; none where most of what
    /// stands there are names of writers.
    pub fn settle(self, writers: &BTreeSet<String>) -> Option<Sections> {
        let pages = self.pages;
        let mut best: Option<(u32, Sections)> = None;
        for (below, mut labels) in self.seen {
            let all: u32 = labels.values().sum();
            let signed: u32 =
                labels.iter().filter(|(name, _)| writers.contains(*name)).map(|(_, n)| n).sum();
            labels.retain(|label, count| *count > 1 && !writers.contains(label));
            let again: u32 = labels.values().sum();
            let most = labels.values().copied().max().unwrap_or_default();
            let usual = pages >= FEWEST
                && all as f32 >= MOST * pages as f32
                && again as f32 >= AGAIN * all as f32
                && most as f32 <= SAME * all as f32
                && signed == 0;
            let better = best
                .as_ref()
                .is_none_or(|(count, other)| (again, -below.abs()) > (*count, -other.below.abs()));
            if usual && better {
                best = Some((again, Sections { below, labels: labels.into_keys().collect() }));
            }
        }
        best.map(|(_, sections)| sections)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settle(pages: &[&[(i16, &str)]]) -> Option<(i16, Vec<String>)> {
        let mut labels = Labels::default();
        for page in pages {
            labels.learn(page.iter().map(|(below, label)| (*below, (*label).to_owned())).collect());
        }
        let sections = labels.settle(&BTreeSet::from(["Ada Nagy".to_owned()]))?;
        Some((sections.below, sections.labels.into_iter().collect()))
    }

    #[test]
    fn what_comes_again_beside_headlines_are_sections() {
        let pages: Vec<[(i16, &str); 3]> =
            ["World", "Sport", "World", "Sport", "Harbour", "Harbour"]
                .into_iter()
                .enumerate()
                .map(|(at, label)| {
                    [
                        (-2, "Gazette"),
                        (-1, label),
                        (1, ["Ice", "Tide", "Rain", "Eel", "Gull", "Quay"][at]),
                    ]
                })
                .collect();
        let pages: Vec<&[(i16, &str)]> = pages.iter().map(|page| &page[..]).collect();
        let labels = ["Harbour", "Sport", "World"].map(str::to_owned).to_vec();
        assert_eq!(settle(&pages), Some((-1, labels)));
        assert_eq!(settle(&pages[..4]), None, "too few to tell");
    }

    #[test]
    fn writers_are_no_sections() {
        let pages: [&[(i16, &str)]; 6] = [
            &[(1, "Ada Nagy")],
            &[(1, "Ada Nagy")],
            &[(1, "Tom Reed")],
            &[(1, "Tom Reed")],
            &[(1, "Ada Nagy")],
            &[(1, "Tom Reed")],
        ];
        assert_eq!(settle(&pages), None);
    }
}
