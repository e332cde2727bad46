//! Which articles of the index are nearly the same: the sketches that a writer keeps, and the
//! groups that a search asks for. Both are files of a commit, beside the ledger.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::ledger::FileNumber;
use crate::likeness::{self, Sketch};

/// The sketches of all articles, by the file they came from, each with the number of its origin.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Sketches {
    files: BTreeMap<FileNumber, Vec<(u64, Sketch)>>,
}

impl Sketches {
    pub fn put(&mut self, file: FileNumber, number: u64, sketch: Sketch) {
        self.files.entry(file).or_default().push((number, sketch));
    }

    pub fn forget(&mut self, file: FileNumber) {
        self.files.remove(&file);
    }

    /// The groups: the same whatever the order in which the articles came.
    pub fn groups(&self, threads: usize) -> Groups {
        let mut all: Vec<&(u64, Sketch)> = self.files.values().flatten().collect();
        all.sort_unstable_by_key(|(number, _)| *number);
        let sketches: Vec<&Sketch> = all.iter().map(|(_, sketch)| sketch).collect();
        let member = |at: usize| (all[at].0, all[at].1.digest);
        let mut groups: Vec<Vec<(u64, u64)>> = likeness::groups(&sketches, threads)
            .into_iter()
            .map(|group| group.into_iter().map(member).collect())
            .collect();
        groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0].0));
        Groups { groups }
    }
}

/// The groups of a commit: the numbers of origins, each with the digest of the article's words.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Groups {
    groups: Vec<Vec<(u64, u64)>>,
}

/// The groups, to be asked for one article.
#[derive(Debug, Default)]
pub(super) struct Members {
    groups: Groups,
    of: FxHashMap<u64, u32>,
}

impl Members {
    pub fn of(groups: Groups) -> Self {
        let mut of = FxHashMap::default();
        for (group, number) in groups.groups.iter().zip(0..) {
            of.extend(group.iter().map(|(origin, _)| (*origin, number)));
        }
        Self { groups, of }
    }

    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// The group of an origin.
    pub fn group(&self, origin: u64) -> Option<u32> {
        self.of.get(&origin).copied()
    }

    /// How many others are nearly the same as an origin, and how many hold the very same words.
    pub fn others(&self, origin: u64) -> (u32, u32) {
        let Some(group) = self.group(origin) else { return (0, 0) };
        let group = &self.groups.groups[group as usize];
        let digest = group.iter().find(|(number, _)| *number == origin).map(|(_, digest)| *digest);
        let same = group.iter().filter(|(_, other)| Some(*other) == digest).count();
        ((group.len() - same) as u32, same.saturating_sub(1) as u32)
    }

    /// The origins of each group, the largest group first.
    pub fn groups(&self) -> impl Iterator<Item = Vec<u64>> {
        self.groups.groups.iter().map(|group| group.iter().map(|(number, _)| *number).collect())
    }
}
