//! The judgement of rows of signs by boosted trees: above 0, more likely than not.
//!
//! Several rows are asked at once, and no tree is walked: every node whose limit a row passes takes
//! the leaves that the row cannot come to any more out of a set of bits, and the first leaf left is
//! the tree's answer. That has no branches, and a processor does it for several rows in one step.

use std::cell::RefCell;

use super::wide;

/// So many rows are asked at once.
pub(super) const ABREAST: usize = 32;

/// One sign of rows that are asked at once.
pub(super) type Lanes = [f32; ABREAST];

/// Sign, limit, and the leaves that a row above the limit may still come to.
pub(super) type Node = (u8, f32, u32);

/// Trees that answer one question, of up to 32 leaves each.
pub(super) struct Forest {
    /// How many nodes each tree has.
    pub trees: &'static [u8],
    /// The nodes of all trees.
    pub nodes: &'static [Node],
    /// What each leaf adds: each tree has one more than it has nodes.
    pub leaves: &'static [f32],
    /// What is less sure is not said.
    pub least: f32,
}

/// Some of the trees of a forest.
#[derive(Clone, Copy)]
pub(super) struct Trees {
    pub sizes: &'static [u8],
    pub nodes: &'static [Node],
    /// What their leaves add, and those of the trees after them.
    pub leaves: &'static [f32],
}

impl Forest {
    /// Judges so many rows; after every so many trees, those that are this sure are not asked further.
    ///
    /// `fill` is told the first of some rows, and puts their signs; it may ask no trees itself.
    pub fn judge<const WIDTH: usize>(
        &self,
        rows: usize,
        (step, sure): (usize, f32),
        mut fill: impl FnMut(usize, &mut [Lanes; WIDTH]),
    ) -> Vec<f32> {
        let mut judged = vec![0.0; rows];
        let mut parts = self.parts(step);
        let Some(first) = parts.next() else { return judged };
        let last = first.sizes.len() == self.trees.len();
        let mut doubtful = Rows { rows: Vec::new(), signs: Vec::new() };
        SIGNS.with_borrow_mut(|signs| {
            if signs.len() < WIDTH {
                signs.resize(WIDTH, [0.0; ABREAST]);
            }
            let Some(signs) = signs.first_chunk_mut() else { return };
            for (number, judged) in judged.chunks_mut(ABREAST).enumerate() {
                let from = number * ABREAST;
                fill(from, signs);
                let sums = ask(first, signs, judged.len());
                for (lane, (judgement, sum)) in judged.iter_mut().zip(sums).enumerate() {
                    *judgement += sum;
                    if !last && judgement.abs() < sure {
                        doubtful.take(from + lane, signs, lane);
                    }
                }
            }
        });
        for trees in parts {
            doubtful.ask(trees, sure, &mut judged);
        }
        judged
    }

    /// The trees, so many at a time.
    fn parts(&self, step: usize) -> impl Iterator<Item = Trees> {
        let (mut nodes, mut leaves) = (self.nodes, self.leaves);
        self.trees.chunks(step).map(move |sizes| {
            let count: usize = sizes.iter().map(|size| usize::from(*size)).sum();
            let trees = Trees { sizes, nodes: &nodes[..count], leaves };
            (nodes, leaves) = (&nodes[count..], &leaves[count + sizes.len()..]);
            trees
        })
    }
}

thread_local! {
    /// The signs of the rows that are asked; what rows before had stays where there are fewer.
    static SIGNS: RefCell<Vec<Lanes>> = const { RefCell::new(Vec::new()) };
}

/// The rows that are not sure yet.
struct Rows<const WIDTH: usize> {
    /// Their numbers; [`SURE`] where a row has become sure.
    rows: Vec<usize>,
    signs: Vec<[Lanes; WIDTH]>,
}

/// Stands for a row that need not be asked further.
const SURE: usize = usize::MAX;

impl<const WIDTH: usize> Rows<WIDTH> {
    /// Adds a row, which is one of those in `signs`.
    fn take(&mut self, row: usize, signs: &[Lanes; WIDTH], lane: usize) {
        let place = self.rows.len() % ABREAST;
        if place == 0 {
            self.signs.push([[0.0; ABREAST]; WIDTH]);
        }
        self.rows.push(row);
        if let Some(own) = self.signs.last_mut() {
            for (own, signs) in own.iter_mut().zip(signs) {
                own[place] = signs[lane];
            }
        }
    }

    /// Asks more trees.
    fn ask(&mut self, trees: Trees, sure: f32, judged: &mut [f32]) {
        for (rows, signs) in self.rows.chunks_mut(ABREAST).zip(&self.signs) {
            if rows.iter().all(|row| *row == SURE) {
                continue;
            }
            let sums = ask(trees, signs, rows.len());
            for (row, sum) in rows.iter_mut().zip(sums).filter(|(row, _)| **row != SURE) {
                judged[*row] += sum;
                if judged[*row].abs() >= sure {
                    *row = SURE;
                }
            }
        }
        self.close();
    }

    /// Moves rows together where half of them have become sure.
    fn close(&mut self) {
        let open = self.rows.iter().filter(|row| **row != SURE).count();
        if open * 2 > self.rows.len() {
            return;
        }
        let (rows, signs) = (std::mem::take(&mut self.rows), std::mem::take(&mut self.signs));
        for (at, row) in rows.into_iter().enumerate().filter(|(_, row)| *row != SURE) {
            self.take(row, &signs[at / ABREAST], at % ABREAST);
        }
    }
}

/// What some trees say of the first of some rows, given sign by sign; of the others it may be
/// anything.
fn ask(trees: Trees, signs: &[Lanes], rows: usize) -> Lanes {
    wide::ask(trees, signs, rows).unwrap_or_else(|| ask_plainly(trees, signs))
}

/// As [`ask`], on any machine.
pub(super) fn ask_plainly(trees: Trees, signs: &[Lanes]) -> Lanes {
    let (mut nodes, mut leaves) = (trees.nodes, trees.leaves);
    let mut sums = [0.0; ABREAST];
    for &size in trees.sizes {
        let (own, others) = nodes.split_at(usize::from(size));
        let (values, other_leaves) = leaves.split_at(own.len() + 1);
        (nodes, leaves) = (others, other_leaves);
        let mut open = [u32::MAX; ABREAST];
        for &(sign, limit, mask) in own {
            let column = &signs[usize::from(sign)];
            for (open, sign) in open.iter_mut().zip(column) {
                // All bits where the limit is not passed; written so that no branch comes of it.
                *open &= mask | u32::from(*sign > limit).wrapping_sub(1);
            }
        }
        for (sum, open) in sums.iter_mut().zip(open) {
            *sum += values[open.trailing_zeros() as usize];
        }
    }
    sums
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Judges rows that are given one by one.
    fn judged<const WIDTH: usize>(
        forest: &Forest,
        rows: &[[f32; WIDTH]],
        sure: (usize, f32),
    ) -> Vec<f32> {
        forest.judge(rows.len(), sure, |from, signs: &mut [Lanes; WIDTH]| {
            for (lane, row) in rows[from..].iter().take(ABREAST).enumerate() {
                signs.iter_mut().zip(row).for_each(|(lanes, sign)| lanes[lane] = *sign);
            }
        })
    }

    #[test]
    fn each_row_comes_to_its_leaf() {
        // Up to 1: -1. Above it, by the other sign: 2 up to 5, else 3. A second tree adds to that.
        let forest = Forest {
            trees: &[2, 1],
            nodes: &[(0, 1.0, !0b1), (1, 5.0, !0b10), (1, 0.0, !0b1)],
            leaves: &[-1.0, 2.0, 3.0, 0.0, 0.5],
            least: 0.0,
        };
        let rows = [[1.0, 9.0], [1.5, 5.0], [1.5, 5.5], [0.0, 0.0]];
        assert_eq!(judged(&forest, &rows, (2, 9.0)), [-0.5, 2.5, 3.5, -1.0]);
        // The first two trees are one step each now, and what is sure after one stays as it is.
        assert_eq!(judged(&forest, &rows, (1, 1.5)), [-0.5, 2.0, 3.0, -1.0]);
        let many: Vec<[f32; 2]> = (0..40).map(|n| [1.0 + n as f32, 6.0]).collect();
        let judged = judged(&forest, &many, (2, 9.0));
        assert!(judged[0] == -0.5 && judged[1..].iter().all(|sum| *sum == 3.5), "{judged:?}");
    }

    #[test]
    fn wide_steps_say_what_plain_ones_say() {
        use super::super::{field_trees, trees};
        let mut seed = 7_u32;
        let mut chance = || {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 16) as f32 / 256.0
        };
        for forest in [&trees::BODY, &field_trees::HEADLINE, &field_trees::SECTION] {
            for trees in forest.parts(40) {
                let mut signs = [[0.0; ABREAST]; 256];
                signs.iter_mut().flatten().for_each(|sign| *sign = chance() - 20.0);
                signs[1][3] = f32::NAN;
                let plain = ask_plainly(trees, &signs);
                for wide in wide::all(trees, &signs) {
                    assert_eq!(wide, plain[..wide.len()]);
                }
            }
        }
    }
}
