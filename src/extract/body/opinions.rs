//! What the first opinions on all blocks say around each one: the signs of the second stage.

use rustc_hash::FxHashMap;

use super::signs::{SIGNS, Survey};

/// The signs added for the second stage.
const MORE: usize = 23;

/// The rows of the second stage: the signs of a block, and the opinions around it.
///
/// `opinions` holds one number a block, 0 to 1; the sums are those of `second` in
/// `tests/fit/body.py` and must stay so.
pub(super) fn rows(survey: &Survey, opinions: &[f32]) -> Vec<[f32; SIGNS + MORE]> {
    let count = opinions.len();
    let weights: Vec<f32> = survey.looks.iter().map(|look| look.words.min(80.0) + 1.0).collect();
    let homes: Vec<u64> = survey.homes.iter().map(|id| u64::from(*id)).collect();
    let wider: Vec<u64> = survey.wider.iter().map(|id| u64::from(*id)).collect();
    let groups = [
        sums(&homes, opinions, &weights),
        sums(&wider, opinions, &weights),
        sums(&survey.paths, opinions, &weights),
    ];
    let total: f32 = weights.iter().zip(opinions).map(|(weight, opinion)| weight * opinion).sum();
    let run = best_run(opinions, &weights);
    let sure: Vec<bool> = opinions
        .iter()
        .zip(&weights)
        .map(|(opinion, weight)| *opinion > 0.5 && *weight > 10.0)
        .collect();
    let all_sure = sure.iter().filter(|sure| **sure).count();
    let (since, until) = (distances(opinions, false), distances(opinions, true));
    let (mut before, mut sure_before) = (0.0, 0);
    let mut rows = Vec::with_capacity(count);
    for n in 0..count {
        let mut row = [0f32; SIGNS + MORE];
        row[..SIGNS].copy_from_slice(&survey.signs[n]);
        let mut at = SIGNS;
        let mut put = |value: f32| {
            row[at] = value;
            at += 1;
        };
        put(opinions[n]);
        for step in [-4i64, -3, -2, -1, 1, 2, 3, 4] {
            let there = usize::try_from(n as i64 + step).ok().and_then(|at| opinions.get(at));
            put(there.copied().unwrap_or(-1.0));
        }
        for group in &groups {
            let (mean, size) = group[n];
            put(mean);
            put(size);
        }
        let good = weights[n] * opinions[n];
        put(before / total.max(1e-6));
        put((total - before - good) / total.max(1e-6));
        put(total);
        put(if n < run.start {
            n as f32 - run.start as f32
        } else if n >= run.end {
            (n + 1 - run.end) as f32
        } else {
            0.0
        });
        put(sure_before as f32);
        put((all_sure - sure_before - usize::from(sure[n])) as f32);
        put(since[n]);
        put(until[n]);
        before += good;
        sure_before += usize::from(sure[n]);
        rows.push(row);
    }
    rows
}

/// For each block: the mean opinion on the others of its group, and the size of the group.
fn sums(ids: &[u64], opinions: &[f32], weights: &[f32]) -> Vec<(f32, f32)> {
    let mut groups: FxHashMap<u64, (f32, f32, f32)> = FxHashMap::default();
    for ((id, opinion), weight) in ids.iter().zip(opinions).zip(weights) {
        let sum = groups.entry(*id).or_default();
        sum.0 += weight;
        sum.1 += weight * opinion;
        sum.2 += 1.0;
    }
    let mean = |((id, opinion), weight): ((&u64, &f32), &f32)| {
        let sum = groups[id];
        // A group of one knows no others.
        let rest = if sum.2 > 1.5 {
            (sum.1 - weight * opinion) / (sum.0 - weight).max(1e-6)
        } else {
            *opinion
        };
        (rest, sum.2)
    };
    ids.iter().zip(opinions).zip(weights).map(mean).collect()
}

/// The run of blocks that is worth most, a block being worth its weight by how sure it is.
fn best_run(opinions: &[f32], weights: &[f32]) -> std::ops::Range<usize> {
    let (mut best, mut run) = (0.0, 0..0);
    let (mut sum, mut start) = (0.0, 0);
    for (n, (opinion, weight)) in opinions.iter().zip(weights).enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, n);
        }
        sum += (opinion - 0.5) * weight;
        if sum > best {
            (best, run) = (sum, start..n + 1);
        }
    }
    run
}

/// How many blocks back (or ahead) the nearest stands that is likely text; at most 99.
fn distances(opinions: &[f32], ahead: bool) -> Vec<f32> {
    let count = opinions.len();
    let mut all = vec![99.0; count];
    let mut last: Option<usize> = None;
    for step in 0..count {
        let n = if ahead { count - 1 - step } else { step };
        if let Some(last) = last {
            all[n] = (last.abs_diff(n) as f32).min(99.0);
        }
        if opinions[n] > 0.5 {
            last = Some(n);
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_run_bridges_small_gaps() {
        let weights = [10.0; 6];
        assert_eq!(best_run(&[0.1, 0.9, 0.4, 0.9, 0.1, 0.6], &weights), 1..4);
        assert_eq!(best_run(&[0.1; 6], &weights), 0..0);
    }

    #[test]
    fn distances_are_counted_both_ways() {
        let opinions = [0.0, 1.0, 0.0, 0.0, 1.0];
        assert_eq!(distances(&opinions, false), [99.0, 99.0, 1.0, 2.0, 3.0]);
        assert_eq!(distances(&opinions, true), [1.0, 3.0, 2.0, 1.0, 99.0]);
    }
}
