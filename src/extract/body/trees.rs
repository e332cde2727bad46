//! Boosted trees: a table of weights fitted by `tests/fit/body.py`, and their sum for one row.

use std::sync::LazyLock;

/// Trees, flat, one after the other.
struct Trees {
    nodes: Vec<Node>,
    roots: Vec<u32>,
}

/// A question (`row[sign] <= limit`), or a leaf, whose `limit` is its value.
struct Node {
    sign: u16,
    /// How far ahead the branch for "no" stands; "yes" is the next node.
    no: u16,
    limit: f32,
}

const LEAF: u16 = u16::MAX;

/// A block of which so many trees are this sure is not asked further.
const SURE: (usize, f32) = (40, 2.0);

static TREES: LazyLock<Trees> = LazyLock::new(|| Trees::read(include_str!("trees.txt").lines()));

/// How sure the trees are that a block is text: above 0, more likely than not.
pub(super) fn judge(row: &[f32]) -> f32 {
    TREES.judge(row)
}

impl Trees {
    /// Reads a tree a line: its nodes from the root, `sign:limit:no` or the value of a leaf.
    fn read<'a>(lines: impl Iterator<Item = &'a str>) -> Self {
        let mut trees = Self { nodes: Vec::new(), roots: Vec::new() };
        for line in lines {
            trees.roots.push(trees.nodes.len() as u32);
            for (at, node) in line.split(' ').enumerate() {
                trees.nodes.push(Node::read(node, at).expect("the table is well formed"));
            }
        }
        trees
    }

    /// The sum of the leaves, as far as it matters.
    fn judge(&self, row: &[f32]) -> f32 {
        let mut sum: f32 = 0.0;
        for (asked, root) in self.roots.iter().enumerate() {
            if asked == SURE.0 && sum.abs() > SURE.1 {
                break;
            }
            let mut at = *root as usize;
            loop {
                let node = &self.nodes[at];
                if node.sign == LEAF {
                    sum += node.limit;
                    break;
                }
                at += if row[node.sign as usize] <= node.limit { 1 } else { node.no as usize };
            }
        }
        sum
    }
}

impl Node {
    fn read(text: &str, at: usize) -> Option<Self> {
        let mut parts = text.split(':');
        let first = parts.next()?;
        let Some(limit) = parts.next() else {
            return Some(Self { sign: LEAF, no: 0, limit: first.parse().ok()? });
        };
        let no = parts.next()?.parse::<usize>().ok()?.checked_sub(at)?;
        Some(Self {
            sign: first.parse().ok()?,
            no: u16::try_from(no).ok()?,
            limit: limit.parse().ok()?,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_walked_to_its_leaf() {
        let trees = Trees::read(["0:1.5:2 -20 1:0:4 20 0"].into_iter());
        let sure = |row: [f32; 2]| trees.judge(&row);
        assert_eq!([sure([1.0, 0.0]), sure([2.0, 0.0]), sure([2.0, 1.0])], [-20.0, 20.0, 0.0]);
    }

    #[test]
    fn the_table_is_well_formed() {
        assert!(!TREES.roots.is_empty());
    }
}
