//! The sketch of a body, and how it is made while somebody else goes through the words.

use super::Article;
use crate::words::{Words, number_of};

/// Words in a run.
const RUN: usize = 5;
/// One run in so many is kept ...
const RATE: u32 = 8;
/// ... and at least so many, where there are so many.
const LEAST: usize = 96;
/// The most that is kept of a very long text.
const MOST: usize = 1024;
/// How many runs are the opening.
pub(super) const OPENS: usize = 200;
/// How many are the start.
const STARTS: usize = 100;
/// How many of the numbers of a sketch's opening are looked up to find what may be alike; these are
/// told apart by 30 bits, the others by [`BUCKET`].
///
/// Of like bodies each holds a part of the other's opening, however much longer one of them is, and
/// what is copied from one article into another rarely stands in both openings.
pub(super) const LOOKED_UP: usize = 16;
/// The bits by which two sketches are compared: so few that they are short when written, and so
/// many that of the runs of two bodies of 500 one in a few hundred looks like another.
pub(super) const BUCKET: u32 = 18;
/// The bits of a number that is looked up below those of its bucket.
pub(super) const FINE: u32 = 12;
/// The lowest two bits of a number say where its run stands: at the very start of the body ...
pub(super) const START: u32 = 0;
/// ... in its opening ...
pub(super) const OPENING: u32 = 1;
/// ... or further down. Of a run that stands at two places the first is the lower number.
pub(super) const FURTHER: u32 = 2;
/// What of a number tells the run itself.
const RUN_ITSELF: u32 = !3;

/// The number of a run as two sketches compare it.
pub(super) fn bucket(number: u32) -> u32 {
    number >> (32 - BUCKET)
}

pub(super) fn is_start(number: u32) -> bool {
    number & !RUN_ITSELF == START
}

pub(super) fn is_opening(number: u32) -> bool {
    number & !RUN_ITSELF <= OPENING
}

/// What is kept of a body to compare it by.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sketch {
    /// All words of the headline and the body in one number: equal in exact copies.
    pub digest: u64,
    /// How many different runs the body has.
    pub(super) runs: u32,
    /// The lowest numbers of runs, rising.
    pub(super) numbers: Vec<u32>,
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

    /// Takes over the numbers of the opening and those of the rest, both rising.
    pub(super) fn merge(&mut self, opening: &[u32], rest: impl ExactSizeIterator<Item = u32>) {
        self.numbers.clear();
        self.numbers.reserve(opening.len() + rest.len());
        let mut opening = opening.iter().copied().peekable();
        for number in rest {
            while let Some(first) = opening.next_if(|first| bucket(*first) <= bucket(number)) {
                self.numbers.push(first);
            }
            self.numbers.push(number);
        }
        self.numbers.extend(opening);
    }

    /// The bucket at or below which the sketch holds every run.
    pub(super) fn reach(&self) -> u32 {
        match self.numbers.last() {
            Some(last) if self.numbers.len() < self.runs as usize => bucket(*last),
            _ => u32::MAX,
        }
    }
}

/// Makes a sketch while somebody else goes through the words of an article.
#[derive(Debug, Default)]
pub struct Sketcher {
    digest: Rolled,
    body: Vec<u64>,
    numbers: Vec<u32>,
}

impl Sketcher {
    /// Adds the next word of the headline, by its [`number_of`].
    pub fn headline(&mut self, word: u64) {
        self.digest.add(word);
    }

    /// Adds the next word of the body.
    pub fn body(&mut self, word: u64) {
        self.body.push(word);
    }

    /// The sketch; the next one can be begun.
    pub fn finish(&mut self) -> Sketch {
        self.digest.end();
        self.body.iter().for_each(|word| self.digest.add(*word));
        self.digest.end();
        let digest = std::mem::take(&mut self.digest).0;
        let all = self.body.len().saturating_sub(RUN - 1);
        // Nearly always more than enough of them are low; else all are looked at.
        self.collect(low(all));
        if self.numbers.len() < LEAST.min(all) {
            self.collect(u32::MAX);
        }
        self.body.clear();
        let numbers = &mut self.numbers;
        numbers.sort_unstable();
        let sampled = numbers.partition_point(|number| *number < u32::MAX / RATE);
        let kept = sampled.clamp(LEAST, MOST).min(all);
        numbers.truncate(kept);
        numbers.dedup_by_key(|number| *number & RUN_ITSELF);
        // As many of all runs are said once as of those that are kept.
        let runs = all * numbers.len() / kept.max(1);
        let runs = u32::try_from(runs).unwrap_or(u32::MAX);
        let coarse = u32::MAX << (32 - BUCKET);
        let mut opening: Vec<u32> = Vec::with_capacity(numbers.len());
        opening.extend(numbers.iter().filter(|number| is_opening(**number)));
        opening.iter_mut().skip(LOOKED_UP).for_each(|number| *number &= !RUN_ITSELF | coarse);
        numbers.retain(|number| !is_opening(*number));
        numbers.iter_mut().for_each(|number| *number &= !RUN_ITSELF | coarse);
        let mut sketch = Sketch { digest, runs, numbers: Vec::new() };
        sketch.merge(&opening, numbers.iter().copied());
        sketch
    }

    /// Collects the numbers of runs that are not above `highest`.
    fn collect(&mut self, highest: u32) {
        let all = self.body.len().saturating_sub(RUN - 1);
        self.numbers.clear();
        self.numbers.resize(all, 0);
        let mut rolled = Rolled::default();
        self.body.iter().take(RUN - 1).for_each(|word| rolled.add(*word));
        let mut kept = 0;
        for (at, run) in self.body.windows(RUN).enumerate() {
            rolled.add(run[RUN - 1]);
            let number = rolled.spread() & RUN_ITSELF;
            let stands = u32::from(at >= STARTS) * OPENING + u32::from(at >= OPENS);
            self.numbers[kept] = number | stands;
            kept += usize::from(number <= highest);
            rolled.leave(run[0]);
        }
        self.numbers.truncate(kept);
    }
}

/// A number that hardly fewer than [`LEAST`] of so many runs, and those that the rate asks for, are
/// not above.
fn low(all: usize) -> u32 {
    let wanted = LEAST as f64 + 4.0 * (LEAST as f64).sqrt();
    let share = (wanted / all.max(1) as f64).max(1.0 / f64::from(RATE));
    (share * f64::from(u32::MAX)) as u32
}

/// Words in a row as one number.
#[derive(Debug, Default, Clone, Copy)]
struct Rolled(u64);

impl Rolled {
    const BASE: u64 = 0x9e37_79b9_7f4a_7c15;
    /// What the first word of a run weighs once all of it was added.
    const LEAVING: u64 = {
        let (mut product, mut at) = (1u64, 1);
        while at < RUN {
            product = product.wrapping_mul(Self::BASE);
            at += 1;
        }
        product
    };

    fn add(&mut self, word: u64) {
        self.0 = self.0.wrapping_mul(Self::BASE).wrapping_add(word);
    }

    /// Takes the first word of a run out.
    fn leave(&mut self, word: u64) {
        self.0 = self.0.wrapping_sub(word.wrapping_mul(Self::LEAVING));
    }

    /// A number whose every bit hangs on every bit of what was added.
    fn spread(self) -> u32 {
        ((self.0 ^ (self.0 >> 32)).wrapping_mul(0xff51_afd7_ed55_8ccd) >> 32) as u32
    }

    /// Parts one text from the next.
    fn end(&mut self) {
        self.0 = mixed(self.0 ^ 1);
    }
}

/// A number whose every bit hangs on every bit of another: the last step of MurmurHash3.
pub(super) fn mixed(mut number: u64) -> u64 {
    number ^= number >> 33;
    number = number.wrapping_mul(0xff51_afd7_ed55_8ccd);
    number ^= number >> 33;
    number = number.wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    number ^ (number >> 33)
}
