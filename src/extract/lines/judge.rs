//! The judgement of lines by the trees: above 0, more likely body than not.
//!
//! Several lines go down a tree at once, step by step, without a branch: a processor takes such steps
//! side by side.

use super::features::WIDTH;
use super::trees::{NODES, TREES};

/// So many lines go down a tree at once.
const ABREAST: usize = 8;

/// After every so many trees, lines whose judgement is this sure are not asked further.
const SURE: (usize, f32) = (40, 1.6);

/// Judges all lines of a page.
pub(super) fn all(rows: &[[f32; WIDTH]]) -> Vec<f32> {
    let mut judged = vec![0.0; rows.len()];
    let mut asked: Vec<usize> = (0..rows.len()).collect();
    for trees in TREES.chunks(SURE.0) {
        for lines in asked.chunks(ABREAST) {
            // Where lines are too few, the last one goes more than once.
            let line = |n: usize| lines[n.min(lines.len() - 1)];
            let abreast: [&[f32; WIDTH]; ABREAST] = std::array::from_fn(|n| &rows[line(n)]);
            let sums = ask(trees, &abreast);
            for (line, sum) in lines.iter().zip(sums) {
                judged[*line] += sum;
            }
        }
        asked.retain(|&at| judged[at].abs() < SURE.1);
    }
    judged
}

/// What some trees say of some lines.
fn ask(trees: &[(u16, u8)], rows: &[&[f32; WIDTH]; ABREAST]) -> [f32; ABREAST] {
    let mut sums = [0.0; ABREAST];
    for &(root, depth) in trees {
        let mut at = [root; ABREAST];
        // A leaf leads to itself, so that all arrive after as many steps.
        for _ in 0..depth {
            for n in 0..ABREAST {
                let (limit, sign, ways) = NODES[usize::from(at[n])];
                at[n] = ways[usize::from(rows[n][usize::from(sign)] > limit)];
            }
        }
        for n in 0..ABREAST {
            sums[n] += NODES[usize::from(at[n])].0;
        }
    }
    sums
}
