//! How much single words speak for the body of a page or against it: `comments` against it, `said
//! that` for it. The weights are a table, `lexicon.txt`, made by `tests/fit/fit_lines.py`.

use super::cues::{self, Found};
use super::look::EDGES;

/// A line a word: how long the lines are that it was found in (0 to 2), its weight, the word; `^`
/// stands for the beginning of the line, `$` for its end.
const TABLE: &str = include_str!("lexicon.txt");

/// Weights in the table are so many times as large.
pub(super) const SCALE: f32 = 25.0;

/// Lines of so many words and fewer are short, or of middle length.
const LENGTHS: [u32; 2] = [3, 12];

/// Which of the three lengths a line of so many words has.
pub(super) fn length(words: u32) -> usize {
    LENGTHS.iter().filter(|most| words > **most).count()
}

/// The words of the table: hash, length of line, weight.
pub(super) fn entries() -> impl Iterator<Item = (u64, usize, i8)> {
    TABLE.lines().filter_map(|line| {
        let mut parts = line.splitn(3, ' ');
        let length = parts.next()?.parse::<usize>().ok().filter(|length| *length < 3)?;
        let weight = parts.next()?.parse().ok()?;
        let hash = parts.next()?.split(' ').map(|word| match word {
            "^" => EDGES.0,
            "$" => EDGES.1,
            word => cues::hash(word),
        });
        Some((hash.reduce(cues::pair)?, length, weight))
    })
}

/// The weights of the words of one line, for each length that the line may turn out to have.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Weights {
    sum: [i32; 3],
    most: [i8; 3],
    least: [i8; 3],
    count: [u16; 3],
}

impl Weights {
    pub fn add(&mut self, found: Found) {
        if found.weights == [0; 3] {
            return;
        }
        for (length, &weight) in found.weights.iter().enumerate().filter(|(_, w)| **w != 0) {
            self.sum[length] += i32::from(weight);
            self.most[length] = self.most[length].max(weight);
            self.least[length] = self.least[length].min(weight);
            self.count[length] += 1;
        }
    }

    /// Their sum, mean, greatest and least, and how many words had one.
    pub fn settle(&self, words: u32) -> [f32; 5] {
        let at = length(words);
        let sum = self.sum[at] as f32 / SCALE;
        let count = f32::from(self.count[at]);
        let most = f32::from(self.most[at]) / SCALE;
        [sum, sum / count.max(1.0), most, f32::from(self.least[at]) / SCALE, count]
    }
}
