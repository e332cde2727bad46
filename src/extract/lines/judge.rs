//! The judgement of rows of signs by boosted trees: above 0, more likely than not.
//!
//! Several rows are asked at once, and no tree is walked: every node whose limit a row passes takes
//! the leaves that the row cannot come to any more out of a set of bits, and the first leaf left is
//! the tree's answer. That has no branches, and a processor does it for several rows in one step.

/// So many rows are asked at once.
const ABREAST: usize = 16;

/// Some rows, sign by sign; a sign is a byte, so that any can be looked up.
type Columns = [[f32; ABREAST]; 256];

/// Trees that answer one question, of up to 32 leaves each.
pub(super) struct Forest {
    /// How many nodes each tree has.
    pub trees: &'static [u8],
    /// Sign, limit, and the leaves that a row above the limit may still come to.
    pub nodes: &'static [(u8, f32, u32)],
    /// What each leaf adds: each tree has one more than it has nodes.
    pub leaves: &'static [f32],
    /// What is less sure is not said.
    pub least: f32,
}

impl Forest {
    /// Judges all rows; after every so many trees, those that are this sure are not asked further.
    pub fn judge<'r, const WIDTH: usize>(
        &self,
        rows: impl Iterator<Item = &'r [f32; WIDTH]>,
        (step, sure): (usize, f32),
    ) -> Vec<f32> {
        let rows: Vec<&[f32; WIDTH]> = rows.collect();
        let mut judged = vec![0.0; rows.len()];
        let mut asked: Vec<usize> = (0..rows.len()).collect();
        let (mut nodes, mut leaves) = (self.nodes, self.leaves);
        let mut signs: Box<Columns> = Box::new([[0.0; ABREAST]; 256]);
        for trees in self.trees.chunks(step) {
            let count: usize = trees.iter().map(|size| usize::from(*size)).sum();
            let (own, others) = nodes.split_at(count);
            let (own_leaves, other_leaves) = leaves.split_at(count + trees.len());
            (nodes, leaves) = (others, other_leaves);
            for lines in asked.chunks(ABREAST) {
                for (number, line) in lines.iter().enumerate() {
                    for (column, sign) in signs.iter_mut().zip(rows[*line]) {
                        column[number] = *sign;
                    }
                }
                let sums = ask(trees, own, own_leaves, &signs);
                for (line, sum) in lines.iter().zip(sums) {
                    judged[*line] += sum;
                }
            }
            asked.retain(|&at| judged[at].abs() < sure);
        }
        judged
    }
}

/// What some trees say of some rows, given sign by sign.
fn ask(
    trees: &[u8],
    mut nodes: &[(u8, f32, u32)],
    mut leaves: &[f32],
    signs: &Columns,
) -> [f32; ABREAST] {
    let mut sums = [0.0; ABREAST];
    for &size in trees {
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
        assert_eq!(forest.judge(rows.iter(), (2, 9.0)), [-0.5, 2.5, 3.5, -1.0]);
        // The first two trees are one step each now, and what is sure after one stays as it is.
        assert_eq!(forest.judge(rows.iter(), (1, 1.5)), [-0.5, 2.0, 3.0, -1.0]);
        let many: Vec<[f32; 2]> = (0..20).map(|n| [1.0 + n as f32, 6.0]).collect();
        let judged = forest.judge(many.iter(), (2, 9.0));
        assert!(judged[0] == -0.5 && judged[1..].iter().all(|sum| *sum == 3.5), "{judged:?}");
    }
}
