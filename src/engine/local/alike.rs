//! Which articles of the index are nearly the same: the sketches that a writer keeps, and the
//! groups that a search asks for. Both are files of a commit, beside the ledger.

use std::collections::BTreeMap;

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::ledger::FileNumber;
use crate::likeness::{self, Sketch};

/// The sketches of all articles, by the file they came from.
#[derive(Debug, Default, Serialize, Deserialize)]
pub(super) struct Sketches {
    files: BTreeMap<FileNumber, Vec<Row>>,
}

/// What is kept of one article.
#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Row {
    /// The number of its origin.
    number: u64,
    /// All of it but its place, as a number: equal in exact copies.
    content: u64,
    sketch: Sketch,
}

impl Row {
    /// What is kept of an article; `number` is that of its origin.
    pub fn of(article: &Article, number: u64, sketch: Sketch) -> Self {
        Self { number, content: content(article), sketch }
    }
}

impl Sketches {
    pub fn put(&mut self, file: FileNumber, row: Row) {
        self.files.entry(file).or_default().push(row);
    }

    pub fn forget(&mut self, file: FileNumber) {
        self.files.remove(&file);
    }

    /// The groups: the same whatever the order in which the articles came.
    pub fn groups(&self, threads: usize) -> Groups {
        let mut all: Vec<&Row> = self.files.values().flatten().collect();
        all.sort_unstable_by_key(|row| row.number);
        let sketches: Vec<&Sketch> = all.iter().map(|row| &row.sketch).collect();
        let member = |at: usize| (all[at].number, all[at].content);
        let mut groups: Vec<Vec<(u64, u64)>> = likeness::groups(&sketches, threads)
            .into_iter()
            .map(|group| group.into_iter().map(member).collect())
            .collect();
        groups.sort_by_key(|group| (std::cmp::Reverse(group.len()), group[0].0));
        Groups { groups }
    }
}

/// All of an article but its place and the day of the copy, as a number.
fn content(article: &Article) -> u64 {
    let Article {
        id,
        origin,
        headline,
        standfirst,
        kind,
        section,
        topics,
        published,
        modified,
        captured: _,
        authors,
        organisations,
        dateline,
        source,
        language,
        url,
        body,
        captions,
        teasers,
    } = article;
    let mut hasher = blake3::Hasher::new();
    let mut add = |text: &str| {
        hasher.update(&(text.len() as u64).to_le_bytes());
        hasher.update(text.as_bytes());
    };
    // A record's own id is part of it; one that was made of the place is not.
    add(if *id == origin.to_string() { "" } else { id });
    for text in [headline, standfirst, kind, section, dateline, source, language, url, body] {
        add(text);
    }
    for texts in [topics, authors, organisations, captions, teasers] {
        add(&texts.len().to_string());
        texts.iter().for_each(|text| add(text));
    }
    for date in [published, modified] {
        add(&date.map_or(String::new(), |date| date.to_string()));
    }
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    u64::from_be_bytes(first)
}

/// The groups of a commit: the numbers of origins, each with that of the article's content.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Groups {
    groups: Vec<Vec<(u64, u64)>>,
}

/// The groups, to be asked for one article.
#[derive(Debug, Default)]
pub(super) struct Members {
    groups: Groups,
    of: FxHashMap<u64, Member>,
    /// How many different articles each group has.
    sizes: Vec<u32>,
    /// The origins of exact copies, by a number that no group has.
    same: FxHashMap<u32, Vec<u64>>,
}

/// Where an article belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    /// Its group.
    pub group: u32,
    /// Its exact copies, where there are some.
    pub same: Option<u32>,
}

impl Members {
    pub fn of(groups: Groups) -> Self {
        let mut members = Self::default();
        let mut next = u32::try_from(groups.groups.len()).unwrap_or(u32::MAX);
        for (group, number) in groups.groups.iter().zip(0..) {
            let mut contents: FxHashMap<u64, Vec<u64>> = FxHashMap::default();
            for (origin, content) in group {
                contents.entry(*content).or_default().push(*origin);
            }
            members.sizes.push(contents.len() as u32);
            for origins in contents.into_values() {
                let same = (origins.len() > 1).then_some(next);
                let member = Member { group: number, same };
                members.of.extend(origins.iter().map(|origin| (*origin, member)));
                if same.is_some() {
                    members.same.insert(next, origins);
                    next = next.saturating_add(1);
                }
            }
        }
        Self { groups, ..members }
    }

    pub fn is_empty(&self) -> bool {
        self.of.is_empty()
    }

    /// Where an origin belongs; `None` for an article without others like it.
    pub fn member(&self, origin: u64) -> Option<Member> {
        self.of.get(&origin).copied()
    }

    /// How many other articles are nearly the same as that of an origin.
    pub fn near(&self, origin: u64) -> u32 {
        let member = self.member(origin);
        member.map_or(0, |member| self.sizes[member.group as usize].saturating_sub(1))
    }

    /// All places of an article that has several.
    pub fn places(&self, origin: u64) -> &[u64] {
        let same = self.member(origin).and_then(|member| member.same);
        same.and_then(|same| self.same.get(&same)).map_or(&[], Vec::as_slice)
    }

    /// How many places hold what another place holds, too.
    pub fn copies(&self) -> u64 {
        self.same.values().map(|origins| origins.len() as u64 - 1).sum()
    }

    /// How many groups of different articles there are, and how many articles are in them.
    pub fn totals(&self) -> (u64, u64) {
        let sizes = self.sizes.iter().filter(|size| **size > 1);
        (sizes.clone().count() as u64, sizes.map(|size| u64::from(*size)).sum())
    }

    /// The origins of the group of an origin.
    pub fn like(&self, origin: u64) -> Option<Vec<u64>> {
        let group = self.groups.groups.get(self.member(origin)?.group as usize)?;
        Some(group.iter().map(|(number, _)| *number).collect())
    }

    /// The origins of each group, the largest group first.
    pub fn groups(&self) -> impl Iterator<Item = Vec<u64>> {
        self.groups.groups.iter().map(|group| group.iter().map(|(number, _)| *number).collect())
    }
}
