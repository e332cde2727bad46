//! What is seen of a line before it is judged: the lines around it, and its place among them.

use super::cues;
use super::frame::{Frame, Neighbours};
use super::judge::{ABREAST, Lanes};
pub(super) use super::look::Look;
use super::look::Words;
use super::series::{Put, Series, each};
use super::tally::Tally;
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
    /// What the words of each line weigh; see [`super::lexicon`].
    pub lexical: Vec<[f32; 5]>,
    words: Words,
}

impl Sight {
    pub fn of(blocks: &[Block]) -> Self {
        Self::telling(blocks, &mut |_| {})
    }

    /// As [`Sight::of`]; `told` hears the words of each line, and a 0 at its end.
    pub fn telling(blocks: &[Block], told: &mut impl FnMut(u64)) -> Self {
        let bytes: usize = blocks.iter().map(|block| block.text.len()).sum();
        let mut words = Words {
            rare: Vec::with_capacity(bytes / 10),
            small: Vec::with_capacity(bytes / 8),
            capital: Vec::with_capacity(bytes / 20),
        };
        let mut looks = Vec::with_capacity(blocks.len());
        let mut lexical = Vec::with_capacity(blocks.len());
        for block in blocks {
            let (look, weights) = Look::at(&block.text, &mut words, told);
            told(0);
            lexical.push(weights.settle(look.words));
            looks.push(look);
        }
        let words_of = |look: &Look| &words.rare[look.rare.start as usize..look.rare.end as usize];
        let (twins, echo) = echoes(&looks);
        let run = best_run(&looks);
        let count = looks[run.clone()].iter().map(|look| look.rare.len()).sum();
        let mut within: Tally<u32> = Tally::of(count);
        for look in &looks[run.clone()] {
            for &word in words_of(look) {
                *within.entry(word) += 1;
            }
        }
        let likeness = |(at, look): (usize, &Look)| {
            let own = u32::from(run.contains(&at));
            let known = |word: &&u64| within.get(**word) > own;
            let words = words_of(look);
            let count = words.iter().filter(known).count();
            if words.is_empty() { 0.3 } else { count as f32 / words.len() as f32 }
        };
        let alike = looks.iter().enumerate().map(likeness).collect();
        Self { run, twins, echo, alike, lexical, words, looks }
    }

    /// The rarer words of a line.
    pub fn rare(&self, at: usize) -> &[u64] {
        let range = &self.looks[at].rare;
        &self.words.rare[range.start as usize..range.end as usize]
    }

    /// The words of the page that begin with a small letter, but for the shortest.
    pub fn small(&self) -> &[u64] {
        &self.words.small
    }

    /// Those of a line that begin with a capital.
    pub fn capital(&self, at: usize) -> &[u64] {
        let range = &self.looks[at].capital;
        &self.words.capital[range.start as usize..range.end as usize]
    }

    /// The share of a line's rarer words that the run of text holds too.
    pub fn likeness(&self, at: usize) -> f32 {
        self.alike[at]
    }

    /// The signs of every line, a row a line.
    pub fn rows(&self, blocks: &[Block]) -> Vec<[f32; WIDTH]> {
        let mut rows = vec![[0.0; WIDTH]; self.looks.len()];
        let around = self.around(blocks);
        let mut signs = [[0.0; ABREAST]; WIDTH];
        for (number, rows) in rows.chunks_mut(ABREAST).enumerate() {
            around.fill(number * ABREAST, &mut signs);
            for (lane, row) in rows.iter_mut().enumerate() {
                row.iter_mut().zip(&signs).for_each(|(sign, lanes)| *sign = lanes[lane]);
            }
        }
        rows
    }

    /// What is around each line, from which its signs are made.
    pub fn around(&self, blocks: &[Block]) -> Around<'_> {
        Around::of(self, blocks)
    }
}

/// What the lines around each line of a page have of what it is judged by.
pub(super) struct Around<'s> {
    sight: &'s Sight,
    frame: Frame,
    /// Of each line: words up to 60, running and closed, share of words that are cues, bullet.
    beside: [Series; 4],
    gaps: Series,
    twins: Series,
    alike: Series,
    /// Lines since the last of five sorts, and to the next one.
    since: [Series; 5],
    until: [Series; 5],
    /// Running words up to a line, and what the lines are worth.
    words: Series,
    worth: Series,
}

impl<'s> Around<'s> {
    fn of(sight: &'s Sight, blocks: &[Block]) -> Self {
        let looks = &sight.looks;
        let total = looks.len();
        let flag = |on: bool| f32::from(u8::from(on));
        let marks: Vec<u8> =
            looks.iter().zip(&sight.echo).map(|(look, echo)| mark(look, echo[1])).collect();
        let mut since = std::array::from_fn(|_| Series::new(total, 60.0));
        let mut far = [60.0f32; 5];
        for (at, mark) in marks.iter().enumerate() {
            put_each(&mut since, at, far);
            step(&mut far, *mark);
        }
        let mut until = std::array::from_fn(|_| Series::new(total, 60.0));
        let mut far = [60.0f32; 5];
        for (at, mark) in marks.iter().enumerate().rev() {
            put_each(&mut until, at, far);
            step(&mut far, *mark);
        }
        let mut beside = std::array::from_fn(|_| Series::new(total, -1.0));
        for (at, look) in looks.iter().enumerate() {
            let share = look.cue_words as f32 / look.words.max(1) as f32;
            let kind = flag(look.running()) + flag(look.closed);
            let signs = [look.words.min(60) as f32, kind, share, flag(look.bullet)];
            put_each(&mut beside, at, signs);
        }
        let series = |values: &[f32]| Series::of(values.iter().copied(), 0.0);
        Self {
            beside,
            gaps: Series::of(blocks.iter().map(|block| block.gap.min(3) as f32), 3.0),
            twins: series(&sight.twins),
            alike: series(&sight.alike),
            since,
            until,
            words: Series::sums(
                looks.iter().map(|look| if look.running() { look.words as f32 } else { 0.0 }),
            ),
            worth: Series::sums(looks.iter().map(Look::worth)),
            frame: Frame::of(sight, blocks),
            sight,
        }
    }

    /// Puts the signs of some lines, from one on.
    pub fn fill(&self, from: usize, signs: &mut [Lanes; WIDTH]) {
        let (own, others) = signs.split_at_mut(OWN);
        self.fill_own(from, own);
        let neighbours = Neighbours { twins: &self.twins, alike: &self.alike };
        self.frame.fill(from, &neighbours, others);
    }

    fn fill_own(&self, from: usize, signs: &mut [Lanes]) {
        let sight = self.sight;
        let total = sight.looks.len();
        let looks = &sight.looks[from..(from + ABREAST).min(total)];
        let flag = |on: bool| f32::from(u8::from(on));
        // What the shares are of.
        let (mut words, mut chars) = ([1.0; ABREAST], [1.0; ABREAST]);
        for (lane, look) in looks.iter().enumerate() {
            words[lane] = look.words.max(1) as f32;
            chars[lane] = look.chars.max(1) as f32;
            let echo = sight.echo[from + lane];
            let mut next = 0;
            let mut put = |value: f32| {
                signs[next][lane] = value;
                next += 1;
            };
            put((look.chars.min(600)) as f32);
            put(look.words.min(100) as f32);
            put(look.stops as f32);
            put(look.capitals as f32);
            put(look.digits as f32);
            put(look.wide as f32);
            put(look.commas.min(8) as f32);
            put(look.ends.min(8) as f32);
            put(look.bars.min(8) as f32);
            put(look.code as f32);
            put(look.quotes.min(6) as f32);
            put(look.cue_words.min(8) as f32);
            put(look.cue_words as f32);
            for sort in 1..10 {
                put(f32::from(look.cues >> sort & 1));
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
            put(echo[0]);
            put(echo[1]);
        }
        for share in [2, 3, 12] {
            signs[share] = each(&signs[share], &words, |part, whole| part / whole);
        }
        for share in [4, 5, 9] {
            signs[share] = each(&signs[share], &chars, |part, whole| part / whole);
        }
        let echo = [signs[31], signs[32]];
        let mut put = Put { signs, next: 31 };
        put.lanes(self.gaps.at(from));
        put.lanes(self.gaps.at(from + 1));
        put.lanes(self.twins.at(from));
        put.lanes(self.alike.at(from));
        put.lanes(&echo[0]);
        put.lanes(&echo[1]);
        // Where the lines stand.
        let at = |value: &dyn Fn(usize) -> f32| std::array::from_fn(|lane| value(from + lane));
        put.lanes(&at(&|at| at as f32 / total as f32));
        put.lanes(&at(&|at| at.min(400) as f32));
        put.lanes(&at(&|at| total.saturating_sub(at).min(400) as f32));
        put.lanes(&at(&|at| signed(at, sight.run.start)));
        put.lanes(&at(&|at| signed(at, sight.run.end)));
        put.lanes(&at(&|at| flag(sight.run.contains(&at))));
        let sum = self.words.get(total);
        let all = sum.max(1.0);
        put.lanes(&self.words.at(from).map(|words| words / all));
        put.lanes(&self.words.at(from + 1).map(|words| (sum - words) / all));
        put.lanes(&[sum.min(3000.0); ABREAST]);
        let inside = self.words.get(sight.run.end) - self.words.get(sight.run.start);
        put.lanes(&[inside / all; ABREAST]);
        for series in self.since.iter().chain(&self.until) {
            put.lanes(series.at(from));
        }
        // What stands around them.
        for step in [-2, -1, 1, 2] {
            for series in &self.beside {
                put.lanes(series.beside(from, step));
            }
        }
        for reach in [4, 12, 30] {
            put.change(&self.worth, from, reach, reach as f32);
        }
        let before = |step: isize| self.alike.beside(from, step);
        let mean = |steps: [isize; 4], count: &dyn Fn(usize) -> usize| -> Lanes {
            let [one, two, three, four] = steps.map(before);
            std::array::from_fn(|lane| {
                let sum = one[lane] + two[lane] + three[lane] + four[lane];
                sum / count(from + lane).max(1) as f32
            })
        };
        put.lanes(&mean([-4, -3, -2, -1], &|at| at.min(4)));
        put.lanes(&mean([1, 2, 3, 4], &|at| total.saturating_sub(at + 1).min(4)));
        debug_assert_eq!(put.next, OWN);
    }
}

/// Puts one value in each of some series.
fn put_each<const COUNT: usize>(series: &mut [Series; COUNT], at: usize, values: [f32; COUNT]) {
    for (series, value) in series.iter_mut().zip(values) {
        series.put(at, value);
    }
}

/// Which of five sorts a line is, as bits.
fn mark(look: &Look, echo: f32) -> u8 {
    let has = |cues: u16, most: u32| look.cues & cues != 0 && look.words < most;
    let sorts = [
        look.running(),
        has(cues::MORE | cues::REPLY, 14),
        has(cues::SHARE | cues::APPEAL | cues::LEGAL, 25),
        has(cues::BYLINE, 14),
        echo <= 6.0 && look.words >= 4,
    ];
    sorts.iter().rev().fold(0, |bits, sort| bits << 1 | u8::from(*sort))
}

/// Counts on from a line, anew for what it is.
fn step(counts: &mut [f32; 5], mark: u8) {
    for (sort, count) in counts.iter_mut().enumerate() {
        *count = if mark >> sort & 1 == 1 { 0.0 } else { (*count + 1.0).min(60.0) };
    }
}

/// How often each line stands on the page, and how far the same line stands before and after it.
fn echoes(looks: &[Look]) -> (Vec<f32>, Vec<[f32; 2]>) {
    let mut echoes = vec![[60.0f32; 2]; looks.len()];
    // Of each line where it stood last, and how often.
    let mut last: Tally<(u32, u32)> = Tally::of(looks.len());
    for (at, look) in looks.iter().enumerate() {
        let (before, count) = last.entry(look.hash);
        if *count > 0 {
            let far = ((at - *before as usize) as f32).min(60.0);
            echoes[at][0] = far;
            echoes[*before as usize][1] = far;
        }
        (*before, *count) = (at as u32, *count + 1);
    }
    let twins = looks.iter().map(|look| last.get(look.hash).1.min(5) as f32).collect();
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
