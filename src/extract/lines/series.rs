//! A number for each line of a page, read for several lines at once, and for those around them.

use super::judge::{ABREAST, Lanes};

/// No sign looks further.
const ROOM: usize = 48;

/// A number for each line, with room before the first line and behind the last.
pub(super) struct Series(Vec<f32>);

impl Series {
    /// Room for so many lines, each and all around them with one value.
    pub fn new(lines: usize, value: f32) -> Self {
        Self(vec![value; 2 * ROOM + lines + 1 + ABREAST])
    }

    /// The numbers of lines; `none` stands where there is no line.
    pub fn of(values: impl Iterator<Item = f32>, none: f32) -> Self {
        let mut all = Vec::with_capacity(2 * ROOM + values.size_hint().0 + 1 + ABREAST);
        all.resize(ROOM, none);
        all.extend(values);
        all.resize(all.len() + ROOM + 1 + ABREAST, none);
        Self(all)
    }

    /// For each line the sum of those before it; behind the last line the sum of all.
    pub fn sums(values: impl Iterator<Item = f32>) -> Self {
        let mut all = Vec::with_capacity(2 * ROOM + values.size_hint().0 + 1 + ABREAST);
        all.resize(ROOM + 1, 0.0);
        let mut sum = 0.0;
        all.extend(values.map(|value| {
            sum += value;
            sum
        }));
        all.resize(all.len() + ROOM + ABREAST, sum);
        Self(all)
    }

    pub fn get(&self, at: usize) -> f32 {
        self.0[ROOM + at]
    }

    pub fn put(&mut self, at: usize, value: f32) {
        self.0[ROOM + at] = value;
    }

    /// The numbers of some lines, from one on.
    pub fn at(&self, from: usize) -> &Lanes {
        self.beside(from, 0)
    }

    /// The numbers of the lines that stand so many behind some lines.
    #[inline]
    pub fn beside(&self, from: usize, step: isize) -> &Lanes {
        let from = (ROOM + from).wrapping_add_signed(step);
        self.0[from..].first_chunk().expect("there is room behind the last line")
    }
}

/// Puts sign after sign.
pub(super) struct Put<'s> {
    pub signs: &'s mut [Lanes],
    pub next: usize,
}

impl Put<'_> {
    #[inline]
    pub fn lanes(&mut self, values: &Lanes) {
        self.signs[self.next] = *values;
        self.next += 1;
    }

    /// What a sum grows by from so many lines before a line to it, and from it to as many behind it,
    /// divided by `by`.
    #[inline]
    pub fn change(&mut self, sums: &Series, from: usize, reach: isize, by: f32) {
        let [before, after] = changes(sums, from, reach);
        self.lanes(&before.map(|change| change / by));
        self.lanes(&after.map(|change| change / by));
    }
}

/// What a sum grows by from so many lines before a line to it, and from it to as many behind it.
#[inline]
pub(super) fn changes(sums: &Series, from: usize, reach: isize) -> [Lanes; 2] {
    let before = each(sums.at(from), sums.beside(from, -reach), |to, from| to - from);
    let after = each(sums.beside(from, 1 + reach), sums.at(from + 1), |to, from| to - from);
    [before, after]
}

/// One number made of two, for each line.
#[inline]
pub(super) fn each(one: &Lanes, other: &Lanes, make: impl Fn(f32, f32) -> f32) -> Lanes {
    std::array::from_fn(|lane| make(one[lane], other[lane]))
}
