//! Where a line stands among the stretches of text of its page, and what its shape and its words
//! have in common with those around it.

use super::features::{Look, Sight};
use super::judge::{ABREAST, Lanes};
use super::series::{Put, Series, changes, each};
use super::tally::Tally;
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
    weight: Series,
    bars: Series,
    shaped: Series,
    words: Series,
    running: Series,
    /// Of what the words of each line weigh, what is read of other lines too: mean and least.
    mean: Series,
    least: Series,
    /// How many lines have the shape of a line, how far the next of them is, and how many end in the
    /// same word.
    shape: Series,
    near: Series,
    last: Series,
    /// How far the running lines are indented, and how many empty lines stand before them.
    indent: f32,
    gap: f32,
    indents: Series,
    gaps: Series,
    /// Sum, greatest weight and number of the words of each line that have one.
    weights: [Series; 3],
}

/// What the signs of other rooms have of each line, and these here of the lines beside it.
pub(super) struct Neighbours<'s> {
    pub twins: &'s Series,
    pub alike: &'s Series,
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
        let mut ends: Tally<u32> = Tally::of(looks.len());
        for look in looks.iter().filter(|look| look.last != 0) {
            *ends.entry(look.last) += 1;
        }
        let last = |look: &Look| match look.last {
            0 => 0.0,
            last => ends.get(last).min(10) as f32,
        };
        let indents: Vec<f32> = blocks.iter().map(|block| block.indent.min(12) as f32).collect();
        let gaps: Vec<f32> = blocks.iter().map(|block| block.gap.min(3) as f32).collect();
        let one = |on: bool| f32::from(u8::from(on));
        let lines = || 0..looks.len();
        let shaped = lines().map(|at| one(shape[at] >= 3.0 && near[at] < 40.0));
        let words = lines().map(|at| if running[at] { looks[at].words as f32 } else { 0.0 });
        let weights = |sort: usize| Series::of(lexical.iter().map(|own| own[sort]), 0.0);
        Self {
            opening,
            longest,
            able,
            weight: Series::sums(lexical.iter().map(|own| own[0].clamp(-6.0, 6.0))),
            bars: Series::sums(lines().map(|at| one(bar(at)))),
            shaped: Series::sums(shaped),
            words: Series::sums(words),
            running: Series::sums(running.iter().map(|running| one(*running))),
            mean: weights(1),
            least: weights(3),
            last: Series::of(looks.iter().map(last), 0.0),
            indent: commonest(&indents, &running),
            gap: commonest(&gaps, &running),
            stretches,
            of,
            shape: Series::of(shape.iter().copied(), 0.0),
            near: Series::of(near.iter().copied(), 0.0),
            indents: Series::of(indents.iter().copied(), 0.0),
            gaps: Series::of(gaps.iter().copied(), 3.0),
            weights: [0, 2, 4].map(weights),
        }
    }

    /// Puts the signs of some lines, from one on.
    pub fn fill(&self, from: usize, beside: &Neighbours<'_>, signs: &mut [Lanes]) {
        let total = self.of.len();
        let mut put = Put { signs, next: 0 };
        let [sum, most, count] = &self.weights;
        for weights in [sum, &self.mean, most, &self.least, count] {
            put.lanes(weights.at(from));
        }
        for step in [-2, -1, 1, 2] {
            put.lanes(self.mean.beside(from, step));
            put.lanes(self.least.beside(from, step));
        }
        for reach in [5, 15, 40] {
            put.change(&self.weight, from, reach, reach as f32);
        }
        let (opening, longest) = (&self.stretches[self.opening], &self.stretches[self.longest]);
        let all = self.words.get(total).max(1.0);
        let most = longest.words.max(1.0);
        // Of each line its stretch, and the number of that.
        let number: [usize; ABREAST] =
            std::array::from_fn(|lane| self.of.get(from + lane).copied().unwrap_or_default());
        let own = number.map(|number| self.stretches[number]);
        let at: [usize; ABREAST] = std::array::from_fn(|lane| from + lane);
        let far = |to: usize, least: f32| at.map(|at| (at as f32 - to as f32).clamp(least, 300.0));
        put.lanes(&own.map(|own| own.words));
        put.lanes(&own.map(|own| own.words / most));
        put.lanes(&number.map(|number| number as f32 - self.opening as f32));
        put.lanes(&number.map(|number| (number as f32 - self.longest as f32).clamp(-9.0, 9.0)));
        put.lanes(&own.map(|own| own.before));
        put.lanes(&own.map(|own| own.before / all));
        put.lanes(&std::array::from_fn(|lane| f32::from(u8::from(own[lane].last < at[lane]))));
        put.lanes(&far(opening.first, -100.0));
        put.lanes(&far(opening.last, -200.0));
        put.lanes(&[opening.words / most; ABREAST]);
        put.lanes(&[self.able as f32; ABREAST]);
        let bars = self.bars.at(from);
        for place in [(opening.last + 1).min(total), opening.first.min(total)] {
            let place = self.bars.get(place);
            put.lanes(&bars.map(|bars| (bars - place).clamp(-40.0, 40.0)));
        }
        put.lanes(&each(self.bars.beside(from, 8), bars, |to, from| to - from));
        put.lanes(&each(bars, self.bars.beside(from, -8), |to, from| to - from));
        put.lanes(self.shape.at(from));
        put.lanes(self.near.at(from));
        for step in [-1, 1] {
            put.lanes(self.shape.beside(from, step));
        }
        for step in [-1, 1] {
            put.lanes(beside.twins.beside(from, step));
            put.lanes(beside.alike.beside(from, step));
        }
        for reach in [6, 20] {
            changes(&self.shaped, from, reach).iter().for_each(|change| put.lanes(change));
        }
        put.lanes(self.last.at(from));
        let indents = self.indents.at(from);
        put.lanes(indents);
        put.lanes(&indents.map(|indent| indent - self.indent));
        for step in [0, 1] {
            put.lanes(&self.gaps.beside(from, step).map(|gap| gap - self.gap));
        }
        let [words, lines] = [changes(&self.words, from, 8), changes(&self.running, from, 8)];
        for (words, lines) in words.iter().zip(&lines) {
            put.lanes(&each(words, lines, |words, lines| words / lines.max(1.0)));
        }
        lines.iter().for_each(|lines| put.lanes(lines));
        debug_assert_eq!(put.next, WIDTH);
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
    // Of each shape where it stood last, and how often.
    let mut seen: Tally<(u32, u32)> = Tally::of(looks.len());
    for (at, look) in looks.iter().enumerate().filter(|(_, look)| look.shape != 0) {
        let (last, count) = seen.entry(look.shape);
        let before = *last as usize;
        if *count > 0 {
            let far = (at - before) as f32;
            near[at] = near[at].min(far);
            near[before] = near[before].min(far);
        }
        (*last, *count) = (at as u32, *count + 1);
    }
    let count = |look: &Look| match look.shape {
        0 => 0.0,
        shape => seen.get(shape).1.min(20) as f32,
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
