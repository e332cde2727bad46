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

/// A line that may be a label.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Label {
    /// How many lines below the headline it stands.
    pub below: i16,
    /// What it says.
    pub text: String,
    /// Whether that may be the name of a person.
    pub is_name: bool,
}

/// What pages have beside their headlines.
#[derive(Debug, Clone, Default)]
pub(super) struct Labels {
    pages: u32,
    /// Of each place, how many pages have which label there, and whether it may be a name.
    seen: BTreeMap<i16, BTreeMap<String, (u32, bool)>>,
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
        for Label { below, text, is_name } in labels {
            let (count, name) = self.seen.entry(below).or_default().entry(text).or_default();
            *count += 1;
            *name = is_name;
        }
    }

    /// The place whose labels come again on other pages, but not on all; none where writers stand, or
    /// where most labels may be names.
    pub fn settle(self, writers: &BTreeSet<String>) -> Option<Sections> {
        let pages = self.pages;
        let mut best: Option<(u32, Sections)> = None;
        for (below, mut labels) in self.seen {
            let sum = |labels: &BTreeMap<String, (u32, bool)>| -> u32 {
                labels.values().map(|(count, _)| count).sum()
            };
            let all = sum(&labels);
            let signed = labels.keys().any(|label| writers.contains(label));
            labels.retain(|_, (count, _)| *count > 1);
            let again = sum(&labels);
            let most = labels.values().map(|(count, _)| *count).max().unwrap_or_default();
            let names = labels.values().filter(|(_, name)| *name).count();
            let usual = pages >= FEWEST
                && all as f32 >= MOST * pages as f32
                && again as f32 >= AGAIN * all as f32
                && most as f32 <= SAME * all as f32
                && !signed
                && names * 2 <= labels.len();
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
            let label = |(below, text): &(i16, &str)| Label {
                below: *below,
                text: (*text).to_owned(),
                is_name: text.contains(' '),
            };
            labels.learn(page.iter().map(label).collect());
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
        let name = |name: &'static str| [(1, name)];
        let unknown = ["Tom Reed", "Ivo Prat", "Tom Reed", "Ivo Prat", "Mira Sand", "Mira Sand"];
        let pages = unknown.map(name);
        assert_eq!(settle(&pages.each_ref().map(|page| &page[..])), None, "whom nobody knows");
    }
}
