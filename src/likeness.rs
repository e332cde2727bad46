//! Which articles are nearly the same: a sketch of each body, likeness verified pair by pair, and
//! the groups that follow from it.
//!
//! A body becomes the set of its runs of five words, each a number. A sketch keeps the lowest of
//! these numbers, so that two sketches hold the same sample of what two bodies share: how much of
//! both (Broder's resemblance) and how much of the shorter (containment) can be read from them.
//! Groups are the connected parts of all verified pairs, and so the same in whatever order the
//! articles came.

use std::ops::Range;
use std::sync::atomic::{AtomicUsize, Ordering};

use serde::{Deserialize, Serialize};

use crate::article::Article;
use crate::words::{Words, number_of};

/// Words in a run.
const RUN: usize = 5;
/// One run in so many is kept ...
const RATE: u32 = 8;
/// ... and at least so many, where there are so many.
const LEAST: usize = 128;
/// The most that is kept of a very long text.
const MOST: usize = 1024;
/// Bodies with fewer runs are alike only where they are the same.
const SHORTEST: u32 = 12;
/// The bit of a number that says that the run stands in the opening of its body ...
const OPENING: u32 = 1;
/// ... and the one that says that it stands at the very start.
const START: u32 = 2;
/// What of a number tells the run itself.
const RUN_ITSELF: u32 = !(OPENING | START);
/// How many runs are the opening.
const OPENS: usize = 200;
/// How many are the start.
const STARTS: usize = 100;
/// The share of each opening that the other body must hold. What a site repeats on many pages
/// (comments, teasers, a notice) stands below the article; what makes it one does from its start.
const OPENED: f64 = 0.37;
/// The share of each start that the other body must hold, unless one body is within the other: the
/// text of another article set into a page is not that page's article.
const STARTED: f64 = 0.2;
/// The share of the shorter body that makes it lie within the other.
const WITHIN: f64 = 0.96;
/// The share of both bodies' runs that both must hold.
const ALIKE: f64 = 0.2;
/// Or the share of the shorter body's runs that the longer one holds ...
const CONTAINED: f64 = 0.9;
/// ... where the shorter has so many ...
const BLOCK: u32 = 196;
/// ... and the longer is at most so many times as long: a volume that holds a whole archive does
/// not make one article of it.
const VOLUME: u32 = 5;
/// Two openings that are so much the same ...
const SAME: f64 = 0.93;
/// ... on top of bodies of which the other does not even hold so much ...
const REST: f64 = 0.75;
/// ... though each goes on for so many runs, are the head of a site's pages and not
/// of one article.
const GOES_ON: u32 = 600;
/// How many of a sketch's numbers are looked up to find what may be alike.
const LOOKED_UP: usize = 32;
/// What of the expected share of those must be found: less is as good as impossible.
const LUCK: f64 = 0.4;
/// A number that more articles hold says little: of those only neighbours are compared.
const COMMON: usize = 12;
/// How many neighbours.
const NEIGHBOURS: usize = 3;
/// In how many slices pairs are collected.
const SLICES: usize = 16;

/// What is kept of a body to compare it by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sketch {
    /// All words of the headline and the body in one number: equal in exact copies.
    pub digest: u64,
    /// How many different runs the body has.
    runs: u32,
    /// The lowest numbers of runs, rising.
    #[serde(with = "narrow")]
    lowest: Vec<u32>,
}

/// The numbers of a sketch in as few bytes as may be without much ado: how far each run is from the
/// one before, with its two bits, in three bytes, or in seven where three are too few.
mod narrow {
    use serde::de::{Error, Visitor};
    use serde::{Deserializer, Serializer};

    use super::RUN_ITSELF;

    /// Says that four bytes follow.
    const WIDE: u32 = 0xff_ffff;

    pub fn serialize<S: Serializer>(numbers: &[u32], to: S) -> Result<S::Ok, S::Error> {
        let mut bytes = Vec::with_capacity(numbers.len() * 4);
        let mut before = 0;
        for number in numbers {
            let far = (number & RUN_ITSELF).wrapping_sub(before) | number & !RUN_ITSELF;
            before = number & RUN_ITSELF;
            bytes.extend_from_slice(&far.min(WIDE).to_le_bytes()[..3]);
            if far >= WIDE {
                bytes.extend_from_slice(&far.to_le_bytes());
            }
        }
        to.serialize_bytes(&bytes)
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(from: D) -> Result<Vec<u32>, D::Error> {
        struct Bytes;
        impl Visitor<'_> for Bytes {
            type Value = Vec<u32>;

            fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                to.write_str("the numbers of a sketch")
            }

            fn visit_bytes<E: Error>(self, mut bytes: &[u8]) -> Result<Vec<u32>, E> {
                let mut numbers = Vec::with_capacity(bytes.len() / 3);
                let mut before: u32 = 0;
                while let Some(([a, b, c], rest)) = bytes.split_first_chunk() {
                    let mut far = u32::from_le_bytes([*a, *b, *c, 0]);
                    bytes = rest;
                    if far == WIDE {
                        let cut = || E::invalid_length(rest.len(), &self);
                        let (four, rest) = bytes.split_first_chunk().ok_or_else(cut)?;
                        far = u32::from_le_bytes(*four);
                        bytes = rest;
                    }
                    before = before.wrapping_add(far & RUN_ITSELF);
                    numbers.push(before | far & !RUN_ITSELF);
                }
                if !bytes.is_empty() {
                    return Err(E::invalid_length(bytes.len(), &self));
                }
                numbers.shrink_to_fit();
                Ok(numbers)
            }
        }
        from.deserialize_bytes(Bytes)
    }
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
    /// The same of the start of each.
    pub started: f64,
}

impl Sketch {
    /// The sketch of an article.
    pub fn of(article: &Article) -> Self {
        let mut sketcher = Sketcher::default();
        let mut words = Words::new(&article.headline);
        while words.advance().is_some() {
            sketcher.headline(number_of(words.folded()));
        }
        let mut words = Words::new(&article.body);
        while words.advance().is_some() {
            sketcher.body(number_of(words.folded()));
        }
        sketcher.finish()
    }

    /// The number below or at which the sketch holds every run.
    fn reach(&self) -> u32 {
        match self.lowest.last() {
            Some(last) if self.lowest.len() < self.runs as usize => *last | !RUN_ITSELF,
            _ => u32::MAX,
        }
    }

    /// The numbers by which others are found that may be like it.
    fn looked_up(&self) -> &[u32] {
        &self.lowest[..self.lowest.len().min(LOOKED_UP)]
    }

    /// How much this body and another have in common.
    pub fn likeness(&self, other: &Self) -> Likeness {
        let shared = self.shared(other);
        Likeness {
            both: shared.both(),
            contained: shared.contained(),
            opened: shared.less(OPENING),
            started: shared.less(START),
        }
    }

    /// What this and the other both hold of what both sketches tell of.
    fn shared<'s>(&'s self, other: &'s Self) -> Shared<'s> {
        let reach = self.reach().min(other.reach());
        let told = |sketch: &'s Self| {
            &sketch.lowest[..sketch.lowest.partition_point(|number| *number <= reach)]
        };
        let (mine, theirs) = (told(self), told(other));
        let shorter = if self.runs <= other.runs { mine.len() } else { theirs.len() };
        let mut shared = Shared { sides: [mine, theirs], shorter, runs: Vec::new() };
        let (mut here, mut there) = (0, 0);
        while here < mine.len() && there < theirs.len() {
            let (a, b) = (mine[here] & RUN_ITSELF, theirs[there] & RUN_ITSELF);
            if a == b {
                shared.runs.push((mine[here], theirs[there]));
            }
            here += usize::from(a <= b);
            there += usize::from(b <= a);
        }
        shared
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
        let shared = self.shared(other);
        let contained = shared.contained();
        let holds =
            short >= BLOCK && contained >= CONTAINED && long <= short.saturating_mul(VOLUME);
        if shared.both() < ALIKE && !holds {
            return false;
        }
        let opened = shared.less(OPENING);
        let head_alone = opened >= SAME && contained < REST && short >= GOES_ON;
        let starts = || contained >= WITHIN || shared.less(START) >= STARTED;
        opened >= OPENED && !head_alone && starts()
    }
}

/// What two sketches share, as far as both reach.
struct Shared<'s> {
    /// The numbers of each.
    sides: [&'s [u32]; 2],
    /// How many the shorter body has.
    shorter: usize,
    /// The runs that both have, as each of them keeps it.
    runs: Vec<(u32, u32)>,
}

impl Shared<'_> {
    fn both(&self) -> f64 {
        share(self.runs.len(), self.sides[0].len() + self.sides[1].len() - self.runs.len())
    }

    fn contained(&self) -> f64 {
        share(self.runs.len(), self.shorter)
    }

    /// The less of the two shares of what has a bit.
    fn less(&self, bit: u32) -> f64 {
        let of = |numbers: &[u32]| numbers.iter().filter(|number| **number & bit > 0).count();
        let mine = self.runs.iter().filter(|(mine, _)| mine & bit > 0).count();
        let theirs = self.runs.iter().filter(|(_, theirs)| theirs & bit > 0).count();
        share(mine, of(self.sides[0])).min(share(theirs, of(self.sides[1])))
    }
}

fn share(part: usize, of: usize) -> f64 {
    if of == 0 { 0.0 } else { part as f64 / of as f64 }
}

/// Makes a sketch while somebody else goes through the words of an article.
#[derive(Debug, Default)]
pub struct Sketcher {
    digest: Digest,
    /// Whether the headline was ended.
    ended: bool,
    runs: Runs,
}

impl Sketcher {
    /// Adds the next word of the headline, by its [`number_of`].
    pub fn headline(&mut self, word: u64) {
        self.digest.add(word);
    }

    /// Adds the next word of the body; the headline is at its end.
    pub fn body(&mut self, word: u64) {
        if !self.ended {
            self.end_of_headline();
        }
        self.digest.add(word);
        self.runs.add(word);
    }

    fn end_of_headline(&mut self) {
        self.digest.end();
        self.ended = true;
    }

    /// The sketch; the next one can be begun.
    pub fn finish(&mut self) -> Sketch {
        if !self.ended {
            self.end_of_headline();
        }
        self.digest.end();
        let digest = std::mem::take(&mut self.digest);
        self.ended = false;
        let numbers = &mut self.runs.numbers;
        for (number, at) in numbers.iter_mut().zip(0..OPENS) {
            *number |= if at < STARTS { OPENING | START } else { OPENING };
        }
        let all = numbers.len();
        let sampled = numbers.iter().filter(|number| **number < u32::MAX / RATE).count();
        let kept = sampled.clamp(LEAST, MOST).min(all);
        // Of a run that stands in the opening and again further down, the first counts.
        let order = |number: &u32| number ^ !RUN_ITSELF;
        if kept < all {
            numbers.select_nth_unstable_by_key(kept, order);
            numbers.truncate(kept);
        }
        numbers.sort_unstable_by_key(order);
        numbers.dedup_by_key(|number| *number & RUN_ITSELF);
        // As many of all runs are said once as of those that are kept.
        let runs = all * numbers.len() / kept.max(1);
        let runs = u32::try_from(runs).unwrap_or(u32::MAX);
        let sketch = Sketch { digest: digest.0, runs, lowest: numbers.clone() };
        self.runs.begin();
        sketch
    }
}

/// The groups of like articles, each two or more numbers of `sketches`, rising.
///
/// The groups do not depend on the order of the sketches nor on the number of threads, only the
/// numbers do.
pub fn groups(sketches: &[&Sketch], threads: usize) -> Vec<Vec<usize>> {
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
    let shelf = Shelf::of(firsts.iter().map(|&at| sketches[at]).collect());
    for (one, other) in shelf.alike(threads.max(1)) {
        parts.join(firsts[one as usize], firsts[other as usize]);
    }
    parts.groups()
}

/// Sketches, set up to find those that are alike.
struct Shelf<'s> {
    sketches: Vec<&'s Sketch>,
    /// How many runs each has.
    runs: Vec<u32>,
    /// The numbers that are looked up, each with the place of its sketch; sorted.
    entries: Vec<(u32, u32)>,
}

impl<'s> Shelf<'s> {
    fn of(sketches: Vec<&'s Sketch>) -> Self {
        let mut entries = Vec::new();
        for (sketch, place) in sketches.iter().zip(0u32..) {
            if sketch.runs >= SHORTEST {
                // Whether a run stands in the opening does not part it from its equals.
                entries.extend(sketch.looked_up().iter().map(|n| (n & RUN_ITSELF, place)));
            }
        }
        entries.sort_unstable();
        let runs = sketches.iter().map(|sketch| sketch.runs).collect();
        Self { sketches, runs, entries }
    }

    /// The pairs that are alike, each once.
    ///
    /// Pairs that share numbers are collected slice by slice, so that the memory they need is
    /// bounded, and each is looked at once, however many numbers it shares.
    fn alike(&self, threads: usize) -> Vec<(u32, u32)> {
        let slice = self.sketches.len().div_ceil(SLICES).max(1);
        let next = AtomicUsize::new(0);
        let work = || {
            let (mut found, mut pairs) = (Vec::new(), Vec::new());
            loop {
                let first = next.fetch_add(1, Ordering::Relaxed) * slice;
                if first >= self.sketches.len() {
                    return found;
                }
                self.pairs(first as u32..(first + slice) as u32, &mut pairs);
                for pair in pairs.chunk_by(|a, b| a == b) {
                    if self.may_be(pair[0], pair.len()) && self.are(pair[0]) {
                        found.push(pair[0]);
                    }
                }
            }
        };
        std::thread::scope(|scope| {
            let others: Vec<_> = (1..threads).map(|_| scope.spawn(work)).collect();
            let mut found = work();
            for other in others {
                match other.join() {
                    Ok(more) => found.extend(more),
                    Err(fault) => std::panic::resume_unwind(fault),
                }
            }
            found
        })
    }

    /// The pairs that share a number and whose first lies in a slice, once for each such number.
    fn pairs(&self, slice: Range<u32>, pairs: &mut Vec<(u32, u32)>) {
        pairs.clear();
        for list in self.entries.chunk_by(|a, b| a.0 == b.0) {
            if list.len() == 1 {
                continue;
            }
            let window = if list.len() > COMMON { NEIGHBOURS } else { list.len() };
            for (number, &(_, one)) in list.iter().enumerate() {
                if slice.contains(&one) {
                    let others = list[number + 1..].iter().take(window);
                    pairs.extend(others.map(|&(_, other)| (one, other)));
                }
            }
        }
        pairs.sort_unstable();
    }

    /// Whether two that share so many of the numbers that are looked up may be alike.
    ///
    /// Of the shorter's runs those are looked up that lie among the lowest of the longer, and of
    /// like bodies these hold at least the share that both rules ask for; the luck of the draw is
    /// allowed for.
    fn may_be(&self, (one, other): (u32, u32), shared: usize) -> bool {
        let (one, other) = (self.runs[one as usize], self.runs[other as usize]);
        let short = f64::from(one.min(other));
        let longer = f64::from(one.max(other)) / short;
        let least = (ALIKE / (1.0 + ALIKE) * (1.0 + longer)).min(CONTAINED);
        shared as f64 >= LUCK * least * short.min(LOOKED_UP as f64) / longer
    }

    fn are(&self, (one, other): (u32, u32)) -> bool {
        self.sketches[one as usize].is_like(self.sketches[other as usize])
    }
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
#[derive(Debug, Default)]
struct Digest(u64);

impl Digest {
    fn add(&mut self, word: u64) {
        self.0 = mixed(self.0.rotate_left(5) ^ word);
    }

    /// Parts one text from the next.
    fn end(&mut self) {
        self.0 = mixed(self.0 ^ 1);
    }
}

/// A number whose every bit hangs on every bit of another: the last step of MurmurHash3.
fn mixed(mut number: u64) -> u64 {
    number ^= number >> 33;
    number = number.wrapping_mul(0xff51_afd7_ed55_8ccd);
    number ^= number >> 33;
    number = number.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}

/// The numbers of all runs of words in a text.
#[derive(Debug, Default)]
struct Runs {
    ring: [u64; RUN],
    rolled: u64,
    count: usize,
    numbers: Vec<u32>,
}

impl Runs {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    /// What a word weighs once it has left the run.
    const LEAVING: u64 = {
        let (mut product, mut at) = (1u64, 0);
        while at < RUN {
            product = product.wrapping_mul(Self::BASE);
            at += 1;
        }
        product
    };

    /// Begins another text.
    fn begin(&mut self) {
        let mut numbers = std::mem::take(&mut self.numbers);
        numbers.clear();
        *self = Self { numbers, ..Self::default() };
    }

    fn add(&mut self, word: u64) {
        let old = std::mem::replace(&mut self.ring[self.count % RUN], word);
        self.rolled = self
            .rolled
            .wrapping_mul(Self::BASE)
            .wrapping_add(word)
            .wrapping_sub(old.wrapping_mul(Self::LEAVING));
        self.count += 1;
        if self.count >= RUN {
            self.numbers.push((mixed(self.rolled) >> 32) as u32 & RUN_ITSELF);
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
    fn a_sketch_is_read_as_it_was_written() {
        let all = [0, 1, 3, 4, 0x03ff_fffd, 0x8000_0002, u32::MAX - 3, u32::MAX];
        for lowest in [&all[..], &[], &[u32::MAX]] {
            let sketch = Sketch { digest: 7, runs: 9, lowest: lowest.to_vec() };
            let bytes = postcard::to_allocvec(&sketch).unwrap();
            assert_eq!(postcard::from_bytes::<Sketch>(&bytes).unwrap(), sketch);
        }
        let sketch = sketch(&prose(1, 500));
        let bytes = postcard::to_allocvec(&sketch).unwrap();
        assert!(bytes.len() < sketch.lowest.len() * 4, "{}", bytes.len());
        assert_eq!(postcard::from_bytes::<Sketch>(&bytes).unwrap(), sketch);
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
        assert!(a.likeness(&b).both > 0.3);
        assert!(!a.is_like(&b));
        assert!(a.is_like(&sketch(&one)));
    }

    #[test]
    fn an_article_set_into_the_page_of_another_is_not_that_other() {
        let (own, page) = (prose(8, 90), prose(9, 400));
        let set_in = sketch(&format!("{own}{page}"));
        let other = sketch(&format!("{page}{}", prose(10, 60)));
        let likeness = set_in.likeness(&other);
        assert!(likeness.both > 0.5 && likeness.opened > 0.4, "{likeness:?}");
        assert!(!set_in.is_like(&other));
        // All of it with something before it is the same with more.
        assert!(set_in.is_like(&sketch(&page)));
    }

    #[test]
    fn what_heads_all_pages_of_a_site_makes_no_article_of_them() {
        let head = prose(11, 450);
        let page = |seed| sketch(&format!("{head}{}", prose(seed, 400)));
        assert!(page(12).likeness(&page(13)).both > ALIKE);
        assert!(!page(12).is_like(&page(13)));
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
            let found = groups(&sketches.iter().collect::<Vec<_>>(), 1 + order[0] % 3);
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
