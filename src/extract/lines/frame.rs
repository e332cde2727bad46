//! Where a line stands among the stretches of text of its page, and what its shape and its words
//! have in common with those around it.

use rustc_hash::FxHashMap;

use super::features::{Look, Sight};
use crate::draft::Block;

/// How many signs come from here.
pub(super) const WIDTH: usize = 55;

/// Text that furniture parts from other text.
#[derive(Debug, Clone, Copy, Default)]
struct Stretch {
    /// Words of its running lines, and of those of the stretches before it.
    words: f32,
    before: f32,
    /// Its first running line, and its last.
    first: usize,
    last: usize,
}

/// With so many words, a stretch may be an article.
const ENOUGH: f32 = 60.0;

/// What is seen of a page as a whole.
pub(super) struct Frame {
    stretches: Vec<Stretch>,
    /// The stretch of each line.
    of: Vec<usize>,
    /// The first stretch that may be an article, and the longest.
    opening: usize,
    longest: usize,
    /// How many may be articles.
    able: usize,
    /// Sums up to each line: what words weigh, lines of furniture, lines whose shape is repeated,
    /// running words, running lines.
    weight: Vec<f32>,
    bars: Vec<f32>,
    shaped: Vec<f32>,
    words: Vec<f32>,
    running: Vec<f32>,
    /// How many lines have the shape of a line, how far the next of them is, and how many end in the
    /// same word.
    shape: Vec<f32>,
    near: Vec<f32>,
    last: Vec<f32>,
    /// How far the running lines are indented, and how many empty lines stand before them.
    indent: f32,
    gap: f32,
    indents: Vec<f32>,
    gaps: Vec<f32>,
}

impl Frame {
    pub fn of(sight: &Sight, blocks: &[Block]) -> Self {
        let looks = &sight.looks;
        let lexical = &sight.lexical;
        let bar = |at: usize| looks[at].words <= 12 && lexical[at][1] < -0.8;
        let running: Vec<bool> = looks.iter().map(Look::running).collect();
        let (stretches, of) = stretches(looks, &running, bar);
        let most = |a: &usize, b: &usize| {
            let (a, b) = (stretches[*a].words, stretches[*b].words);
            a.total_cmp(&b)
        };
        // Of equals, the first.
        let longest = (0..stretches.len()).rev().max_by(most).unwrap_or(0);
        let may = |stretch: &&Stretch| stretch.words >= ENOUGH;
        let able = stretches.iter().filter(may).count();
        let opening = stretches.iter().position(|one| one.words >= ENOUGH).unwrap_or(longest);
        let (shape, near) = shapes(looks);
        let mut ends: FxHashMap<u64, u32> = FxHashMap::default();
        for look in looks.iter().filter(|look| look.last != 0) {
            *ends.entry(look.last).or_default() += 1;
        }
        let last = |look: &Look| match look.last {
            0 => 0.0,
            last => ends[&last].min(10) as f32,
        };
        let indents: Vec<f32> = blocks.iter().map(|block| block.indent.min(12) as f32).collect();
        let gaps: Vec<f32> = blocks.iter().map(|block| block.gap.min(3) as f32).collect();
        let sum = |value: &dyn Fn(usize) -> f32| {
            let mut total = 0.0;
            let mut sums = Vec::with_capacity(looks.len() + 1);
            sums.push(0.0);
            for at in 0..looks.len() {
                total += value(at);
                sums.push(total);
            }
            sums
        };
        let one = |on: bool| f32::from(u8::from(on));
        Self {
            opening,
            longest,
            able,
            weight: sum(&|at| lexical[at][0].clamp(-6.0, 6.0)),
            bars: sum(&|at| one(bar(at))),
            shaped: sum(&|at| one(shape[at] >= 3.0 && near[at] < 40.0)),
            words: sum(&|at| if running[at] { looks[at].words as f32 } else { 0.0 }),
            running: sum(&|at| one(running[at])),
            last: looks.iter().map(last).collect(),
            indent: commonest(&indents, &running),
            gap: commonest(&gaps, &running),
            stretches,
            of,
            shape,
            near,
            indents,
            gaps,
        }
    }

    /// The signs of one line.
    pub fn fill(&self, row: &mut [f32], sight: &Sight, at: usize) {
        let total = self.of.len();
        let mut next = 0;
        let mut put = |value: f32| {
            row[next] = value;
            next += 1;
        };
        let beside = |step: isize| at.checked_add_signed(step).filter(|at| *at < total);
        let lexical = |step: isize| beside(step).map_or([0.0; 5], |at| sight.lexical[at]);
        sight.lexical[at].into_iter().for_each(&mut put);
        for step in [-2, -1, 1, 2] {
            let other = lexical(step);
            put(other[1]);
            put(other[3]);
        }
        // What changes from `from` lines before the line to it, and to `to` lines after it.
        let around = |sums: &[f32], reach: usize| {
            let (from, to) = (at.saturating_sub(reach), (at + 1 + reach).min(total));
            [sums[at] - sums[from], sums[to] - sums[at + 1]]
        };
        for reach in [5, 15, 40] {
            around(&self.weight, reach).into_iter().for_each(|sum| put(sum / reach as f32));
        }
        let own = &self.stretches[self.of[at]];
        let (opening, longest) = (&self.stretches[self.opening], &self.stretches[self.longest]);
        let all = self.words[total].max(1.0);
        let most = longest.words.max(1.0);
        let far = |to: usize| at as f32 - to as f32;
        put(own.words);
        put(own.words / most);
        put(self.of[at] as f32 - self.opening as f32);
        put((self.of[at] as f32 - self.longest as f32).clamp(-9.0, 9.0));
        put(own.before);
        put(own.before / all);
        put(f32::from(u8::from(own.last < at)));
        put(far(opening.first).clamp(-100.0, 300.0));
        put(far(opening.last).clamp(-200.0, 300.0));
        put(opening.words / most);
        put(self.able as f32);
        for place in [(opening.last + 1).min(total), opening.first.min(total)] {
            put((self.bars[at] - self.bars[place]).clamp(-40.0, 40.0));
        }
        put(self.bars[(at + 8).min(total)] - self.bars[at]);
        put(self.bars[at] - self.bars[at.saturating_sub(8)]);
        put(self.shape[at]);
        put(self.near[at]);
        for step in [-1, 1] {
            put(beside(step).map_or(0.0, |at| self.shape[at]));
        }
        for step in [-1, 1] {
            put(beside(step).map_or(0.0, |at| sight.twins(at)));
            put(beside(step).map_or(0.0, |at| sight.likeness(at)));
        }
        for reach in [6, 20] {
            around(&self.shaped, reach).into_iter().for_each(&mut put);
        }
        put(self.last[at]);
        put(self.indents[at]);
        put(self.indents[at] - self.indent);
        put(self.gaps[at] - self.gap);
        put(beside(1).map_or(3.0, |at| self.gaps[at]) - self.gap);
        let [words, lines] = [around(&self.words, 8), around(&self.running, 8)];
        put(words[0] / lines[0].max(1.0));
        put(words[1] / lines[1].max(1.0));
        lines.into_iter().for_each(&mut put);
        debug_assert_eq!(next, WIDTH);
    }
}

/// The stretches of text on a page, and for each line which of them it is in or below.
///
/// Two lines of furniture in a row, or eight lines that are no text, end one.
fn stretches(
    looks: &[Look],
    running: &[bool],
    bar: impl Fn(usize) -> bool,
) -> (Vec<Stretch>, Vec<usize>) {
    let none = Stretch { first: looks.len(), ..Stretch::default() };
    let mut stretches = vec![none];
    let mut of = Vec::with_capacity(looks.len());
    let (mut seen, mut bars, mut gap) = (false, 0, 0);
    for (at, look) in looks.iter().enumerate() {
        if running[at] && !bar(at) {
            if seen && (bars >= 2 || gap >= 8) {
                stretches.push(none);
            }
            (seen, bars, gap) = (true, 0, 0);
        } else {
            bars += u32::from(bar(at));
            gap += 1;
        }
        let number = stretches.len() - 1;
        if running[at] {
            let stretch = &mut stretches[number];
            stretch.words += look.words as f32;
            stretch.first = stretch.first.min(at);
            stretch.last = at;
        }
        of.push(number);
    }
    let mut before = 0.0;
    for stretch in &mut stretches {
        stretch.before = before;
        before += stretch.words;
    }
    (stretches, of)
}

/// How many lines have the shape of each line, 20 at most, and how far the nearest of them is.
fn shapes(looks: &[Look]) -> (Vec<f32>, Vec<f32>) {
    let mut near = vec![60.0_f32; looks.len()];
    let mut seen: FxHashMap<u64, (usize, u32)> = FxHashMap::default();
    for (at, look) in looks.iter().enumerate().filter(|(_, look)| look.shape != 0) {
        let (before, count) = seen.entry(look.shape).or_insert((at, 0));
        if *count > 0 {
            let far = (at - *before) as f32;
            near[at] = near[at].min(far);
            near[*before] = near[*before].min(far);
        }
        (*before, *count) = (at, *count + 1);
    }
    let count = |look: &Look| match look.shape {
        0 => 0.0,
        shape => seen[&shape].1.min(20) as f32,
    };
    (looks.iter().map(count).collect(), near)
}

/// The value that most running lines have.
fn commonest(values: &[f32], running: &[bool]) -> f32 {
    let mut counts = [0_u32; 16];
    for (value, _) in values.iter().zip(running).filter(|(_, running)| **running) {
        counts[*value as usize] += 1;
    }
    (0..counts.len()).rev().max_by_key(|at| counts[*at]).unwrap_or(0) as f32
}
