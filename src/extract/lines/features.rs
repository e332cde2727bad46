//! What is seen of a line before it is judged: the lines around it, and its place among them.

use rustc_hash::FxHashMap;

use super::cues;
use super::frame::Frame;
pub(super) use super::look::Look;
use crate::draft::Block;

/// How many signs a line is judged by.
pub(in super::super) const WIDTH: usize = OWN + super::frame::WIDTH;

/// How many of them come from here.
const OWN: usize = 81;

/// The signs that hold the mean weight of the words of a line, and the least.
pub(in super::super) const WEIGHT: usize = OWN + 1;
pub(in super::super) const LEAST: usize = OWN + 3;

/// The lines of a page, looked at together.
pub(super) struct Sight {
    pub looks: Vec<Look>,
    /// The run of text with the greatest sum.
    pub run: std::ops::Range<usize>,
    twins: Vec<f32>,
    /// Lines to the same line before, and to the same line after; 60 where there is none.
    pub echo: Vec<[f32; 2]>,
    alike: Vec<f32>,
    words: Vec<f32>,
    worth: Vec<f32>,
    /// What the words of each line weigh; see [`super::lexicon`].
    pub lexical: Vec<[f32; 5]>,
    /// The rarer words of all lines; each line knows its own.
    rare: Vec<u64>,
}

impl Sight {
    pub fn of(blocks: &[Block]) -> Self {
        Self::telling(blocks, &mut |_| {})
    }

    /// As [`Sight::of`]; `told` hears the words of each line, and a 0 at its end.
    pub fn telling(blocks: &[Block], told: &mut impl FnMut(u64)) -> Self {
        let mut rare = Vec::with_capacity(blocks.len() * 8);
        let mut looks = Vec::with_capacity(blocks.len());
        let mut lexical = Vec::with_capacity(blocks.len());
        for block in blocks {
            let (look, weights) = Look::at(&block.text, &mut rare, told);
            told(0);
            lexical.push(weights.settle(look.words));
            looks.push(look);
        }
        let words_of = |look: &Look| &rare[look.rare.start as usize..look.rare.end as usize];
        let (twins, echo) = echoes(&looks);
        let run = best_run(&looks);
        let count = looks[run.clone()].iter().map(|look| look.rare.len()).sum();
        let mut within: FxHashMap<u64, u32> = FxHashMap::default();
        within.reserve(count);
        for look in &looks[run.clone()] {
            for &word in words_of(look) {
                *within.entry(word).or_default() += 1;
            }
        }
        let likeness = |(at, look): (usize, &Look)| {
            let own = u32::from(run.contains(&at));
            let known = |word: &&u64| within.get(word).is_some_and(|&n| n > own);
            let words = words_of(look);
            let count = words.iter().filter(known).count();
            if words.is_empty() { 0.3 } else { count as f32 / words.len() as f32 }
        };
        let alike = looks.iter().enumerate().map(likeness).collect();
        let sums = |value: &dyn Fn(&Look) -> f32| {
            let mut sum = 0.0;
            let mut sums = vec![0.0];
            for look in &looks {
                sum += value(look);
                sums.push(sum);
            }
            sums
        };
        let words = sums(&|look| if look.running() { look.words as f32 } else { 0.0 });
        let worth = sums(&Look::worth);
        Self { run, twins, echo, alike, words, worth, lexical, rare, looks }
    }

    /// The rarer words of a line.
    pub fn rare(&self, at: usize) -> &[u64] {
        let range = &self.looks[at].rare;
        &self.rare[range.start as usize..range.end as usize]
    }

    /// The share of a line's rarer words that the run of text holds too.
    pub fn likeness(&self, at: usize) -> f32 {
        self.alike[at]
    }

    /// The signs of every line.
    pub fn signs(&self, blocks: &[Block]) -> Vec<[f32; WIDTH]> {
        let total = self.looks.len();
        let mut back = vec![[0.0; 5]; total];
        let mut since = [60.0f32; 5];
        for (at, look) in self.looks.iter().enumerate() {
            back[at] = since;
            since = since.map(|n| (n + 1.0).min(60.0));
            mark(&mut since, look, self.echo[at][1]);
        }
        let mut ahead = vec![[0.0; 5]; total];
        let mut until = [60.0f32; 5];
        for (at, look) in self.looks.iter().enumerate().rev() {
            ahead[at] = until;
            until = until.map(|n| (n + 1.0).min(60.0));
            mark(&mut until, look, self.echo[at][1]);
        }
        let frame = Frame::of(self, blocks);
        let row = |at: usize| {
            let mut row = [0.0; WIDTH];
            self.fill(&mut row, blocks, at, &back[at], &ahead[at]);
            frame.fill(&mut row[OWN..], self, at);
            row
        };
        (0..total).map(row).collect()
    }

    fn fill(
        &self,
        row: &mut [f32; WIDTH],
        blocks: &[Block],
        at: usize,
        since: &[f32; 5],
        until: &[f32; 5],
    ) {
        let total = self.looks.len();
        let look = &self.looks[at];
        let gap = |at: usize| blocks.get(at).map_or(3.0, |block| block.gap.min(3) as f32);
        let flag = |on: bool| f32::from(u8::from(on));
        let share = |part: u32, whole: u32| part as f32 / whole.max(1) as f32;
        let mut next = 0;
        let mut put = |value: f32| {
            row[next] = value;
            next += 1;
        };
        put((look.chars.min(600)) as f32);
        put(look.words.min(100) as f32);
        put(share(look.stops, look.words));
        put(share(look.capitals, look.words));
        put(share(look.digits, look.chars));
        put(share(look.wide, look.chars));
        put(look.commas.min(8) as f32);
        put(look.ends.min(8) as f32);
        put(look.bars.min(8) as f32);
        put(share(look.code, look.chars));
        put(look.quotes.min(6) as f32);
        put(look.cue_words.min(8) as f32);
        put(share(look.cue_words, look.words));
        for sort in 1..10 {
            put(flag(look.cues & (1 << sort) != 0));
        }
        put(flag(look.bullet));
        put(flag(look.numbered));
        put(flag(look.lower_start));
        put(flag(look.shouts));
        put(flag(look.closed) + flag(look.question));
        put(flag(look.colon));
        put(flag(look.cut_off));
        put(flag(look.address));
        put(flag(look.year));
        put(gap(at));
        put(gap(at + 1));
        put(self.twins[at]);
        put(self.alike[at]);
        put(self.echo[at][0]);
        put(self.echo[at][1]);
        // Where the line stands.
        put(at as f32 / total as f32);
        put(at.min(400) as f32);
        put((total - at).min(400) as f32);
        put(signed(at, self.run.start));
        put(signed(at, self.run.end));
        put(flag(self.run.contains(&at)));
        let all = self.words[total].max(1.0);
        put(self.words[at] / all);
        put((self.words[total] - self.words[at + 1]) / all);
        put(self.words[total].min(3000.0));
        let inside = self.words[self.run.end] - self.words[self.run.start];
        put(inside / all);
        for n in since.iter().chain(until) {
            put(*n);
        }
        // What stands around it.
        for step in [-2isize, -1, 1, 2] {
            let other = at.checked_add_signed(step).and_then(|at| self.looks.get(at));
            put(other.map_or(-1.0, |other| other.words.min(60) as f32));
            put(other.map_or(-1.0, |other| flag(other.running()) + flag(other.closed)));
            put(other.map_or(-1.0, |other| share(other.cue_words, other.words)));
            put(other.map_or(-1.0, |other| flag(other.bullet)));
        }
        for reach in [4, 12, 30] {
            let from = at.saturating_sub(reach);
            let to = (at + 1 + reach).min(total);
            put((self.worth[at] - self.worth[from]) / reach as f32);
            put((self.worth[to] - self.worth[at + 1]) / reach as f32);
        }
        let mean = |range: std::ops::Range<usize>| {
            let count = range.len().max(1) as f32;
            self.alike[range].iter().sum::<f32>() / count
        };
        put(mean(at.saturating_sub(4)..at));
        put(mean(at + 1..(at + 5).min(total).max(at + 1)));
        debug_assert_eq!(next, OWN);
    }

    /// How often the line stands on the page.
    pub fn twins(&self, at: usize) -> f32 {
        self.twins[at]
    }
}

/// Starts the count anew for what the line is.
fn mark(counts: &mut [f32; 5], look: &Look, echo: f32) {
    if look.running() {
        counts[0] = 0.0;
    }
    if look.cues & (cues::MORE | cues::REPLY) != 0 && look.words < 14 {
        counts[1] = 0.0;
    }
    if look.cues & (cues::SHARE | cues::APPEAL | cues::LEGAL) != 0 && look.words < 25 {
        counts[2] = 0.0;
    }
    if look.cues & cues::BYLINE != 0 && look.words < 14 {
        counts[3] = 0.0;
    }
    if echo <= 6.0 && look.words >= 4 {
        counts[4] = 0.0;
    }
}

/// How often each line stands on the page, and how far the same line stands before and after it.
fn echoes(looks: &[Look]) -> (Vec<f32>, Vec<[f32; 2]>) {
    let mut echoes = vec![[60.0f32; 2]; looks.len()];
    let mut last: FxHashMap<u64, (usize, u32)> = FxHashMap::default();
    last.reserve(looks.len());
    for (at, look) in looks.iter().enumerate() {
        let (before, count) = last.entry(look.hash).or_insert((at, 0));
        if *count > 0 {
            let far = ((at - *before) as f32).min(60.0);
            echoes[at][0] = far;
            echoes[*before][1] = far;
        }
        (*before, *count) = (at, *count + 1);
    }
    let twins = looks.iter().map(|look| last[&look.hash].1.min(5) as f32).collect();
    (twins, echoes)
}

fn signed(at: usize, to: usize) -> f32 {
    (at as f32 - to as f32).clamp(-100.0, 100.0)
}

/// The stretch of lines whose worth has the greatest sum.
fn best_run(looks: &[Look]) -> std::ops::Range<usize> {
    let (mut sum, mut start, mut most) = (0.0, 0, 0.0);
    let mut run = 0..0;
    for (at, look) in looks.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, at);
        }
        sum += look.worth();
        if sum > most {
            (most, run) = (sum, start..at + 1);
        }
    }
    run
}
