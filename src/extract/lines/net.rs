//! A small network that judges a line by all that stands before and after it: above 0, more likely than not.
//!
//! It reads the signs of each line, and two rows of gated recurrent units (Cho et al. 2014), one
//! downwards and one upwards, carry on what it makes of them. Trees see so many lines around each; this
//! sees where a list of teasers began, however long it is.
//!
//! Every step is done for many units or lines alike, so that a processor may do several in one; what
//! comes out is the same whatever it has, to the last bit.

use std::sync::LazyLock;

use super::features::WIDTH;
use super::judge::{ABREAST, Lanes};
use super::net_table::TABLE;
use super::wide;

/// Units between the signs and the gates.
const UNITS: usize = 48;

/// Units that each direction carries from line to line.
const CARRIED: usize = 24;

/// The gates of each unit: reset, update, and what it would become.
const GATES: usize = 3 * CARRIED;

/// Scaled signs are cut off here.
const MOST: f32 = 4.0;

/// The weights of a table are so many parts of one.
const PARTS: f32 = 1024.0;

/// Of a longer text so many lines are gone through upwards at a time, as soon as it was read so many
/// lines further, which are gone through before them: it is not held as a whole.
const HELD: usize = 2048;
const SEEN: usize = 256;

/// A network as it was fitted; weights in parts of 1,024.
pub(super) struct Table {
    /// Whether the root of a sign is taken.
    pub root: [bool; WIDTH],
    /// What is taken from each sign, and by what it is multiplied then.
    pub mean: [f32; WIDTH],
    pub factor: [f32; WIDTH],
    pub input: [[i16; WIDTH]; UNITS],
    pub input_bias: [i16; UNITS],
    /// Downwards, upwards.
    pub directions: [Direction; 2],
    pub output: [i16; UNITS],
    pub output_carried: [[i16; CARRIED]; 2],
    pub output_bias: i16,
}

/// What one direction does at a line.
pub(super) struct Direction {
    /// What each gate takes from the units of the line.
    pub gates: [[i16; UNITS]; GATES],
    pub bias: [i16; GATES],
    /// What each unit carried gives to each gate.
    pub carried: [[i16; GATES]; CARRIED],
    pub carried_bias: [i16; CARRIED],
}

/// The weights of a [`Table`] as numbers to reckon with.
struct Weights {
    input: Vec<[f32; WIDTH]>,
    input_bias: [f32; UNITS],
    ways: [Way; 2],
    output: [f32; UNITS],
    output_bias: f32,
}

struct Way {
    gates: Vec<[f32; UNITS]>,
    bias: [f32; GATES],
    carried: [[f32; GATES]; CARRIED],
    carried_bias: [f32; CARRIED],
    output: [f32; CARRIED],
}

static WEIGHTS: LazyLock<Weights> = LazyLock::new(|| {
    let way = |at: usize| {
        let own = &TABLE.directions[at];
        Way {
            gates: own.gates.iter().map(real).collect(),
            bias: real(&own.bias),
            carried: own.carried.each_ref().map(real),
            carried_bias: real(&own.carried_bias),
            output: real(&TABLE.output_carried[at]),
        }
    };
    Weights {
        input: TABLE.input.iter().map(real).collect(),
        input_bias: real(&TABLE.input_bias),
        ways: [way(0), way(1)],
        output: real(&TABLE.output),
        output_bias: f32::from(TABLE.output_bias) / PARTS,
    }
});

fn real<const COUNT: usize>(parts: &[i16; COUNT]) -> [f32; COUNT] {
    parts.map(|part| f32::from(part) / PARTS)
}

/// The reading of one text, some lines after the others.
pub(super) struct Reading {
    weights: &'static Weights,
    /// How each line is judged, as far as that is known.
    judged: Vec<f32>,
    /// What is carried downwards.
    carried: [f32; CARRIED],
    /// What the gates upwards take from the last lines.
    held: Vec<[f32; GATES]>,
}

impl Reading {
    /// Begins a text of so many lines.
    pub fn new(lines: usize) -> Self {
        Self {
            weights: &WEIGHTS,
            judged: Vec::with_capacity(lines),
            carried: [0.0; CARRIED],
            held: Vec::with_capacity(lines.min(HELD + SEEN + ABREAST)),
        }
    }

    /// Reads on: so many lines of those whose signs are given.
    pub fn take(&mut self, signs: &[Lanes; WIDTH], lines: usize) {
        wide::widely(Lines { reading: self, signs, lines });
        if self.held.len() >= HELD + SEEN {
            self.turn_back(SEEN);
        }
    }

    /// How the lines are judged, once all were read.
    pub fn judged(mut self) -> Vec<f32> {
        self.turn_back(0);
        self.judged
    }

    /// Goes upwards through the lines that are held; the last `seen` are judged another time.
    fn turn_back(&mut self, seen: usize) {
        wide::widely(Back { reading: self, seen });
        self.held.drain(..self.held.len() - seen);
    }
}

/// Some lines that are read downwards.
struct Lines<'a> {
    reading: &'a mut Reading,
    signs: &'a [Lanes; WIDTH],
    lines: usize,
}

impl wide::Work for Lines<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { reading, signs, lines } = self;
        let weights = reading.weights;
        let scaled = scaled(signs);
        let mut units = [[0.0; ABREAST]; UNITS];
        dense(&weights.input, &weights.input_bias, &scaled, &mut units);
        units.iter_mut().flatten().for_each(|unit| *unit = unit.max(0.0));
        let mut sums = [weights.output_bias; ABREAST];
        for (unit, weight) in units.iter().zip(&weights.output) {
            sums.iter_mut().zip(unit).for_each(|(sum, unit)| *sum += unit * weight);
        }
        let mut gates = [[[0.0; ABREAST]; GATES]; 2];
        for (way, gates) in weights.ways.iter().zip(&mut gates) {
            dense(&way.gates, &way.bias, &units, gates);
        }
        let [down, up] = gates;
        for (line, sum) in sums.iter().enumerate().take(lines) {
            let own = down.each_ref().map(|gate| gate[line]);
            step(&weights.ways[0], &mut reading.carried, &own);
            reading.judged.push(sum + product(&weights.ways[0].output, &reading.carried));
            reading.held.push(up.each_ref().map(|gate| gate[line]));
        }
    }
}

/// The lines that are held, upwards.
struct Back<'a> {
    reading: &'a mut Reading,
    seen: usize,
}

impl wide::Work for Back<'_> {
    #[inline(always)]
    fn run(self) {
        let Self { reading, seen } = self;
        let way = &reading.weights.ways[1];
        let mut carried = [0.0; CARRIED];
        let told = reading.held.len() - seen;
        for (number, (gates, judged)) in
            reading.held.iter().rev().zip(reading.judged.iter_mut().rev()).enumerate()
        {
            step(way, &mut carried, gates);
            if number >= reading.held.len() - told {
                *judged += product(&way.output, &carried);
            }
        }
    }
}

/// The signs of some lines at one size.
#[inline(always)]
fn scaled(signs: &[Lanes; WIDTH]) -> [Lanes; WIDTH] {
    let mut scaled = *signs;
    for (at, lanes) in scaled.iter_mut().enumerate() {
        let (mean, factor) = (TABLE.mean[at], TABLE.factor[at]);
        if TABLE.root[at] {
            lanes.iter_mut().for_each(|sign| *sign = sign.abs().sqrt().copysign(*sign));
        }
        for sign in lanes {
            *sign = ((*sign - mean) * factor).clamp(-MOST, MOST);
        }
    }
    scaled
}

/// What each unit of a layer takes from those of the one before it, for some lines at once.
#[inline(always)]
fn dense<const FROM: usize, const TO: usize>(
    weights: &[[f32; FROM]],
    bias: &[f32; TO],
    from: &[Lanes; FROM],
    to: &mut [Lanes; TO],
) {
    // Two units at a time, so that what is read of a line serves both.
    for ((to, weights), bias) in
        to.chunks_exact_mut(2).zip(weights.chunks_exact(2)).zip(bias.chunks_exact(2))
    {
        let (mut one, mut other) = ([bias[0]; ABREAST], [bias[1]; ABREAST]);
        for ((from, weight), other_weight) in from.iter().zip(&weights[0]).zip(&weights[1]) {
            for lane in 0..ABREAST {
                one[lane] += from[lane] * weight;
                other[lane] += from[lane] * other_weight;
            }
        }
        (to[0], to[1]) = (one, other);
    }
}

/// Carries on to the next line.
#[inline(always)]
fn step(way: &Way, carried: &mut [f32; CARRIED], line: &[f32; GATES]) {
    let mut gates = [0.0; GATES];
    for (carried, weights) in carried.iter().zip(&way.carried) {
        gates.iter_mut().zip(weights).for_each(|(gate, weight)| *gate += carried * weight);
    }
    for unit in 0..CARRIED {
        let reset = sigmoid(line[unit] + gates[unit]);
        let update = sigmoid(line[CARRIED + unit] + gates[CARRIED + unit]);
        let last = 2 * CARRIED + unit;
        let new = tanh(line[last] + reset * (gates[last] + way.carried_bias[unit]));
        carried[unit] = new + update * (carried[unit] - new);
    }
}

/// The sum of products, by eights.
#[inline(always)]
fn product(one: &[f32; CARRIED], other: &[f32; CARRIED]) -> f32 {
    let mut sums = [0.0; 8];
    for (one, other) in one.chunks_exact(8).zip(other.chunks_exact(8)) {
        for lane in 0..8 {
            sums[lane] += one[lane] * other[lane];
        }
    }
    sums.iter().sum()
}

#[inline(always)]
fn sigmoid(x: f32) -> f32 {
    0.5 + 0.5 * tanh(0.5 * x)
}

/// Lambert's continued fraction, to the seventh power: right to 1e-4.
#[inline(always)]
fn tanh(x: f32) -> f32 {
    let x = x.clamp(-4.97, 4.97);
    let s = x * x;
    x * (135_135.0 + s * (17_325.0 + s * (378.0 + s)))
        / (135_135.0 + s * (62_370.0 + s * (3_150.0 + s * 28.0)))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Signs of so many lines, drawn by chance.
    fn lines(count: usize) -> Vec<[Lanes; WIDTH]> {
        let mut seed = 7_u32;
        let mut chance = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as f32 / 6_553.6 - 1.0
        };
        let mut all = vec![[[0.0; ABREAST]; WIDTH]; count.div_ceil(ABREAST)];
        all.iter_mut().flatten().flatten().for_each(|sign| *sign = chance());
        all
    }

    fn judged(lines: &[[Lanes; WIDTH]], count: usize) -> Vec<f32> {
        let mut reading = Reading::new(count);
        for (number, signs) in lines.iter().enumerate() {
            reading.take(signs, ABREAST.min(count - number * ABREAST));
        }
        reading.judged()
    }

    /// The same, as the formulas have it: line by line, with the tanh of the library.
    fn plainly(lines: &[[Lanes; WIDTH]], count: usize) -> Vec<f64> {
        let real = |part: i16| f64::from(part) / 1024.0;
        let dot = |one: &[i16], other: &[f64]| -> f64 {
            one.iter().zip(other).map(|(one, other)| real(*one) * other).sum()
        };
        let sigmoid = |x: f64| 1.0 / (1.0 + (-x).exp());
        let units: Vec<Vec<f64>> = (0..count)
            .map(|line| {
                let sign = |at: usize| {
                    let sign = f64::from(lines[line / ABREAST][at][line % ABREAST]);
                    let sign = if TABLE.root[at] { sign.abs().sqrt().copysign(sign) } else { sign };
                    ((sign - f64::from(TABLE.mean[at])) * f64::from(TABLE.factor[at]))
                        .clamp(-4.0, 4.0)
                };
                let signs: Vec<f64> = (0..WIDTH).map(sign).collect();
                let unit = |at: usize| {
                    (dot(&TABLE.input[at], &signs) + real(TABLE.input_bias[at])).max(0.0)
                };
                (0..UNITS).map(unit).collect()
            })
            .collect();
        let own = |units: &Vec<f64>| dot(&TABLE.output, units) + real(TABLE.output_bias);
        let mut judged: Vec<f64> = units.iter().map(own).collect();
        for (at, way) in TABLE.directions.iter().enumerate() {
            let mut carried = [0.0; CARRIED];
            let order: Vec<usize> =
                if at == 0 { (0..count).collect() } else { (0..count).rev().collect() };
            for line in order {
                let gate = |gate: usize| dot(&way.gates[gate], &units[line]) + real(way.bias[gate]);
                let before = carried;
                let own = |gate: usize| -> f64 {
                    (0..CARRIED).map(|unit| real(way.carried[unit][gate]) * before[unit]).sum()
                };
                for unit in 0..CARRIED {
                    let reset = sigmoid(gate(unit) + own(unit));
                    let update = sigmoid(gate(CARRIED + unit) + own(CARRIED + unit));
                    let last = 2 * CARRIED + unit;
                    let bias = real(way.carried_bias[unit]);
                    let new = (gate(last) + reset * (own(last) + bias)).tanh();
                    carried[unit] = (1.0 - update) * new + update * before[unit];
                }
                judged[line] += dot(&TABLE.output_carried[at], &carried);
            }
        }
        judged
    }

    #[test]
    fn it_says_what_the_formulas_say() {
        for count in [1, 31, 32, 33, 100] {
            let lines = lines(count);
            let (own, plain) = (judged(&lines, count), plainly(&lines, count));
            assert_eq!(own.len(), count);
            for (own, plain) in own.iter().zip(plain) {
                assert!((f64::from(*own) - plain).abs() < 0.02, "{own} {plain}");
            }
        }
    }

    #[test]
    fn long_texts_are_judged_in_parts() {
        let count = 2 * HELD + 700;
        let lines = lines(count);
        let (own, plain) = (judged(&lines, count), plainly(&lines, count));
        assert_eq!(own.len(), count);
        let far = own.iter().zip(plain).map(|(own, plain)| (f64::from(*own) - plain).abs());
        assert!(far.fold(0.0, f64::max) < 0.05);
        assert!(Reading::new(0).judged().is_empty());
    }

    #[test]
    fn wide_steps_say_what_plain_ones_say() {
        let lines = lines(70);
        let all = judged(&lines, 70);
        let mut reading = Reading::new(70);
        for (number, signs) in lines.iter().enumerate() {
            let lines = ABREAST.min(70 - number * ABREAST);
            wide::Work::run(Lines { reading: &mut reading, signs, lines });
        }
        wide::Work::run(Back { reading: &mut reading, seen: 0 });
        assert_eq!(reading.judged, all);
    }
}
