//! Which articles are nearly the same: a sketch of each body, likeness verified pair by pair, and
//! the groups that follow from it.
//!
//! A body becomes the set of its runs of five words, each a number. A sketch keeps the lowest of
//! these numbers, so that two sketches hold the same sample of what two bodies share: how much of
//! both (Broder's resemblance) and how much of the shorter (containment) can be read from them.
//! Groups are the connected parts of all verified pairs, and so the same in whatever order the
//! articles came.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::words::Words;

/// Words in a run.
const RUN: usize = 5;
/// One run in so many is kept ...
const RATE: u32 = 8;
/// ... and at least so many, where there are so many.
const LEAST: usize = 64;
/// The most that is kept of a very long text.
const MOST: usize = 1024;
/// Bodies with fewer runs are alike only where they are the same.
const SHORTEST: u32 = 12;
/// The bit of a number that says that the run stands in the opening of its body.
const OPENING: u32 = 1;
/// How many runs are the opening.
const OPENS: usize = 200;
/// The share of each opening that the other body must hold. What a site repeats on many pages
/// (comments, teasers, a notice) stands below the article; what makes it one does from its start.
const OPENED: f64 = 0.4;
/// The share of both bodies' runs that both must hold.
const ALIKE: f64 = 0.18;
/// Or the share of the shorter body's runs that the longer one holds ...
const CONTAINED: f64 = 0.9;
/// ... where the shorter has so many ...
const BLOCK: u32 = 196;
/// ... and the longer is at most so many times as long: a volume that holds a whole archive does
/// not make one article of it.
const VOLUME: u32 = 5;
/// How many of a sketch's numbers are looked up to find what may be alike.
const LOOKED_UP: usize = 32;
/// A number that more articles hold says little: of those only neighbours are compared.
const COMMON: usize = 24;
/// How many neighbours.
const NEIGHBOURS: usize = 3;

/// What is kept of a body to compare it by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// All words of the headline and the body in one number: equal in exact copies.
    pub digest: u64,
    /// How many different runs the body has.
    runs: u32,
    /// The lowest numbers of runs, rising.
    lowest: Vec<u32>,
}

/// How much two bodies have in common, as far as their sketches tell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Likeness {
    /// Of all runs of both, the share that both hold.
    pub both: f64,
    /// Of the runs of the shorter, the share that the longer holds.
    pub contained: f64,
    /// Of the opening of each, the share that the other holds: the less of the two.
    pub opened: f64,
}

impl Sketch {
    /// The sketch of an article.
    pub fn of(article: &Article) -> Self {
        let mut digest = Digest::default();
        digest.add(&article.headline);
        digest.add(&article.body);
        let mut numbers = Vec::new();
        run_numbers(&article.body, &mut numbers);
        for number in numbers.iter_mut().take(OPENS) {
            *number |= OPENING;
        }
        // Of a run that stands in the opening and again further down, the first counts.
        numbers.sort_unstable_by_key(|number| (*number & !OPENING, !*number & OPENING));
        numbers.dedup_by_key(|number| *number & !OPENING);
        let runs = u32::try_from(numbers.len()).unwrap_or(u32::MAX);
        let sampled = numbers.partition_point(|number| *number < u32::MAX / RATE);
        numbers.truncate(sampled.clamp(LEAST, MOST));
        numbers.shrink_to_fit();
        Self { digest: digest.0, runs, lowest: numbers }
    }

    /// The number below or at which the sketch holds every run.
    fn reach(&self) -> u32 {
        match self.lowest.last() {
            Some(last) if self.lowest.len() < self.runs as usize => *last | OPENING,
            _ => u32::MAX,
        }
    }

    /// How much this body and another have in common.
    pub fn likeness(&self, other: &Self) -> Likeness {
        let reach = self.reach().min(other.reach());
        let of = |sketch: &Self| sketch.lowest.partition_point(|number| *number <= reach);
        let (mine, theirs) = (&self.lowest[..of(self)], &other.lowest[..of(other)]);
        let (mut here, mut there, mut shared) = (0, 0, 0usize);
        let mut opened = [0usize; 2];
        while here < mine.len() && there < theirs.len() {
            let (a, b) = (mine[here] & !OPENING, theirs[there] & !OPENING);
            if a == b {
                shared += 1;
                opened[0] += (mine[here] & OPENING) as usize;
                opened[1] += (theirs[there] & OPENING) as usize;
            }
            here += usize::from(a <= b);
            there += usize::from(b <= a);
        }
        let share = |part: usize, of: usize| if of == 0 { 0.0 } else { part as f64 / of as f64 };
        let openings = [mine, theirs].map(|s| s.iter().filter(|n| *n & OPENING > 0).count());
        let shorter = if self.runs <= other.runs { mine.len() } else { theirs.len() };
        let opened = [0, 1].map(|at| share(opened[at], openings[at]));
        Likeness {
            both: share(shared, mine.len() + theirs.len() - shared),
            contained: share(shared, shorter),
            opened: opened[0].min(opened[1]),
        }
    }

    /// Whether this and the other are one article, for all that can be told.
    pub fn is_like(&self, other: &Self) -> bool {
        let (short, long) = (self.runs.min(other.runs), self.runs.max(other.runs));
        if self.digest == other.digest && short > 0 {
            return true;
        }
        if short < SHORTEST {
            return false;
        }
        let likeness = self.likeness(other);
        let holds = short >= BLOCK
            && likeness.contained >= CONTAINED
            && long <= short.saturating_mul(VOLUME);
        likeness.opened >= OPENED && (likeness.both >= ALIKE || holds)
    }
}

/// The groups of like articles, each two or more numbers of `sketches`, rising.
///
/// The groups do not depend on the order of the sketches, only the numbers do.
pub fn groups(sketches: &[&Sketch]) -> Vec<Vec<usize>> {
    // Exact copies are one; what is compared is ordered by what it holds.
    let mut order: Vec<usize> = (0..sketches.len()).filter(|&at| sketches[at].runs > 0).collect();
    order.sort_unstable_by_key(|&at| (sketches[at].digest, &sketches[at].lowest));
    let mut parts = Parts::of(sketches.len());
    let mut firsts: Vec<usize> = Vec::with_capacity(order.len());
    for &at in &order {
        match firsts.last() {
            Some(&last) if sketches[last].digest == sketches[at].digest => parts.join(last, at),
            _ => firsts.push(at),
        }
    }
    let mut lists: Vec<(u32, u32)> = Vec::new();
    for (place, &at) in firsts.iter().enumerate() {
        if sketches[at].runs >= SHORTEST {
            let place = u32::try_from(place).unwrap_or(u32::MAX);
            lists.extend(sketches[at].lowest.iter().take(LOOKED_UP).map(|&n| (n, place)));
        }
    }
    lists.sort_unstable();
    let mut unlike: HashSet<(u32, u32), rustc_hash::FxBuildHasher> = HashSet::default();
    for list in lists.chunk_by(|a, b| a.0 == b.0) {
        let window = if list.len() > COMMON { NEIGHBOURS } else { list.len() };
        for (number, &(_, one)) in list.iter().enumerate() {
            for &(_, other) in list[number + 1..].iter().take(window) {
                let (a, b) = (firsts[one as usize], firsts[other as usize]);
                // A pair that is linked by others needs no look: the part stays the same.
                if parts.find(a) == parts.find(b) || unlike.contains(&(one, other)) {
                    continue;
                }
                if sketches[a].is_like(sketches[b]) {
                    parts.join(a, b);
                } else {
                    unlike.insert((one, other));
                }
            }
        }
    }
    parts.groups()
}

/// Parts of a whole that are joined step by step.
struct Parts {
    parent: Vec<usize>,
}

impl Parts {
    fn of(number: usize) -> Self {
        Self { parent: (0..number).collect() }
    }

    fn find(&mut self, mut at: usize) -> usize {
        while self.parent[at] != at {
            self.parent[at] = self.parent[self.parent[at]];
            at = self.parent[at];
        }
        at
    }

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b)] = a.min(b);
    }

    fn groups(mut self) -> Vec<Vec<usize>> {
        let mut rows: Vec<(usize, usize)> =
            (0..self.parent.len()).map(|at| (self.find(at), at)).collect();
        rows.sort_unstable();
        rows.chunk_by(|a, b| a.0 == b.0)
            .filter(|part| part.len() > 1)
            .map(|part| part.iter().map(|(_, at)| *at).collect())
            .collect()
    }
}

/// All words of a text in one number.
#[derive(Default)]
struct Digest(u64);

impl Digest {
    fn add(&mut self, text: &str) {
        let mut words = Words::new(text);
        while words.advance().is_some() {
            self.0 = mixed(self.0.rotate_left(5) ^ word_number(words.folded()));
        }
        self.0 = mixed(self.0 ^ 1);
    }
}

/// A word as a number: FNV-1a, which is the same on every machine and in every version.
fn word_number(word: &str) -> u64 {
    word.bytes().fold(0xcbf2_9ce4_8422_2325, |number, byte| {
        (number ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3)
    })
}

/// A number whose every bit hangs on every bit of another: the last step of MurmurHash3.
fn mixed(mut number: u64) -> u64 {
    number ^= number >> 33;
    number = number.wrapping_mul(0xff51_afd7_ed55_8ccd);
    number ^= number >> 33;
    number = number.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}

/// Adds the numbers of all runs of words in a text.
fn run_numbers(text: &str, numbers: &mut Vec<u32>) {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    let leaving = (0..RUN).fold(1u64, |product, _| product.wrapping_mul(BASE));
    let mut words = Words::new(text);
    let mut ring = [0u64; RUN];
    let (mut rolled, mut count) = (0u64, 0usize);
    while words.advance().is_some() {
        let word = word_number(words.folded());
        let old = std::mem::replace(&mut ring[count % RUN], word);
        rolled =
            rolled.wrapping_mul(BASE).wrapping_add(word).wrapping_sub(old.wrapping_mul(leaving));
        count += 1;
        if count >= RUN {
            numbers.push((mixed(rolled) >> 32) as u32 & !OPENING);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words of no meaning, the same for the same seed.
    fn prose(seed: u64, words: usize) -> String {
        let mut state = seed;
        let mut text = String::new();
        for _ in 0..words {
            state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
            text.push_str(&format!("w{} ", state % 3000));
        }
        text
    }

    fn sketch(body: &str) -> Sketch {
        Sketch::of(&Article { body: body.to_owned(), ..Article::default() })
    }

    #[test]
    fn likeness_is_near_the_exact_share() {
        let (common, one, other) = (prose(1, 400), prose(2, 400), prose(3, 400));
        let likeness =
            sketch(&format!("{common}{one}")).likeness(&sketch(&format!("{common}{other}")));
        assert!((likeness.both - 1.0 / 3.0).abs() < 0.12, "{likeness:?}");
        assert!((likeness.contained - 0.5).abs() < 0.15, "{likeness:?}");
        assert!(likeness.opened > 0.9, "{likeness:?}");
    }

    #[test]
    fn what_follows_an_article_does_not_make_it_another() {
        let (one, other, notice) = (prose(4, 200), prose(5, 200), prose(6, 300));
        let (a, b) = (sketch(&format!("{one}{notice}")), sketch(&format!("{other}{notice}")));
        assert!(a.likeness(&b).both > 0.4);
        assert!(!a.is_like(&b));
        assert!(a.is_like(&sketch(&one)));
    }

    #[test]
    fn a_cut_version_is_like_its_whole_and_not_like_a_volume_that_holds_it() {
        let whole = prose(7, 2000);
        let cut: String = whole.split_inclusive(' ').take(300).collect();
        assert!(
            sketch(&cut)
                .is_like(&sketch(&whole.split_inclusive(' ').take(1200).collect::<String>()))
        );
        assert!(!sketch(&cut).is_like(&sketch(&whole)));
    }

    #[test]
    fn short_bodies_are_alike_only_where_they_are_the_same() {
        assert!(
            sketch("The old sea froze over night.")
                .is_like(&sketch("The old sea froze, over night"))
        );
        assert!(
            !sketch("The old sea froze over night again")
                .is_like(&sketch("The old sea froze over night"))
        );
        assert!(!sketch("").is_like(&sketch("")));
    }

    #[test]
    fn groups_do_not_depend_on_the_order() {
        let mut bodies = Vec::new();
        for seed in 0..40 {
            let body = prose(seed, 300 + 10 * seed as usize);
            for version in 0..seed % 7 {
                // Far versions are linked by nearer ones alone.
                let skip = 40 * version as usize;
                let tail = prose(1000 + seed * 10 + version, 50);
                let kept: String = body.split_inclusive(' ').skip(skip).collect();
                bodies.push(format!("{kept}{tail}"));
            }
            bodies.push(body.clone());
            if seed % 5 == 0 {
                bodies.push(body);
            }
        }
        let grouped = |order: &[usize]| {
            let sketches: Vec<Sketch> = order.iter().map(|&at| sketch(&bodies[at])).collect();
            let found = groups(&sketches.iter().collect::<Vec<_>>());
            let mut named: Vec<Vec<usize>> = found
                .into_iter()
                .map(|group| {
                    let mut group: Vec<usize> = group.into_iter().map(|at| order[at]).collect();
                    group.sort_unstable();
                    group
                })
                .collect();
            named.sort();
            named
        };
        let mut order: Vec<usize> = (0..bodies.len()).collect();
        let expected = grouped(&order);
        assert!(expected.len() >= 30, "{}", expected.len());
        for seed in 1..6u64 {
            order.sort_by_key(|&at| mixed(at as u64 ^ (seed << 32)));
            assert_eq!(grouped(&order), expected);
        }
    }
}
