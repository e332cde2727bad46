//! The judgement of lines by the trees: above 0, more likely body than not.
//!
//! Every tree is asked of all lines before the next is: it then lies in the nearest cache, and the
//! steps of several lines are taken at once.

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
        for &(root, depth) in trees {
            for lines in asked.chunks(ABREAST) {
                descend(root, depth, rows, lines, &mut judged);
            }
        }
        asked.retain(|&at| judged[at].abs() < SURE.1);
    }
    judged
}

/// Adds what one tree says of some lines.
fn descend(root: u16, depth: u8, rows: &[[f32; WIDTH]], lines: &[usize], judged: &mut [f32]) {
    let mut at = [root; ABREAST];
    // A leaf leads to itself, so that all arrive after as many steps.
    for _ in 0..depth {
        for (at, line) in at.iter_mut().zip(lines) {
            let (limit, sign, low, high) = NODES[usize::from(*at)];
            *at = if rows[*line][usize::from(sign)] <= limit { low } else { high };
        }
    }
    for (at, line) in at.iter().zip(lines) {
        judged[*line] += NODES[usize::from(*at)].0;
    }
}
