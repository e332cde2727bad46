//! Work done in the wide steps that a processor may have: trees asked for eight or sixteen rows in one.
//!
//! The only room of extraction with unsafe code: what a processor can do is known when the program
//! runs, and a function for it must not be called where it cannot. Half of the time of a flattened
//! page went into its trees without these steps (`tests/bench/README.md`).
#![cfg_attr(
    target_arch = "x86_64",
    allow(unsafe_code, reason = "steps that not all processors have")
)]

use super::judge::{Lanes, Trees};

/// Work that gains by wide steps, and comes to the same without them.
pub(super) trait Work {
    /// Does the work; to be inlined wherever it is done.
    fn run(self);
}

/// Does some work in the widest steps that the processor has.
#[inline]
pub(super) fn widely(work: impl Work) {
    #[cfg(target_arch = "x86_64")]
    if is_x86_feature_detected!("avx2") {
        // SAFETY: the processor has the steps, as was asked.
        return unsafe { x86::work_by_eight(work) };
    }
    work.run();
}

/// What some trees say of the first of some rows, given sign by sign; nothing where the processor
/// has no such steps, or a tree has more leaves than they take.
#[inline]
pub(super) fn ask(trees: Trees, signs: &[Lanes], rows: usize) -> Option<Lanes> {
    #[cfg(target_arch = "x86_64")]
    if trees.sizes.iter().all(|size| *size < 16) {
        return x86::ask(trees, signs, rows);
    }
    let _ = (trees, signs, rows);
    None
}

/// The answers by all kinds of step that the processor has, each for as many rows as it takes.
#[cfg(test)]
pub(super) fn all(trees: Trees, signs: &[Lanes]) -> Vec<Vec<f32>> {
    #[cfg(target_arch = "x86_64")]
    return x86::all(trees, signs);
    #[cfg(not(target_arch = "x86_64"))]
    Vec::new()
}

#[cfg(target_arch = "x86_64")]
mod x86 {
    use std::arch::x86_64::*;

    use super::super::judge::{ABREAST, Node};
    use super::{Lanes, Trees};

    pub(super) fn ask(trees: Trees, signs: &[Lanes], rows: usize) -> Option<Lanes> {
        if has_sixteen() {
            // SAFETY: the processor has the steps, as was asked.
            Some(unsafe {
                match rows {
                    ..=16 => by_sixteen::<1>(trees, signs),
                    _ => by_sixteen::<{ ABREAST / 16 }>(trees, signs),
                }
            })
        } else if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            Some(unsafe {
                match rows {
                    ..=8 => by_eight::<1>(trees, signs),
                    9..=16 => by_eight::<2>(trees, signs),
                    _ => by_eight::<{ ABREAST / 8 }>(trees, signs),
                }
            })
        } else {
            None
        }
    }

    #[target_feature(enable = "avx2")]
    pub(super) fn work_by_eight(work: impl super::Work) {
        work.run();
    }

    fn has_sixteen() -> bool {
        is_x86_feature_detected!("avx512f") && is_x86_feature_detected!("avx512cd")
    }

    #[cfg(test)]
    pub(super) fn all(trees: Trees, signs: &[Lanes]) -> Vec<Vec<f32>> {
        let mut all = Vec::new();
        if has_sixteen() {
            // SAFETY: the processor has the steps, as was asked.
            all.extend(unsafe {
                [
                    by_sixteen::<1>(trees, signs)[..16].to_vec(),
                    by_sixteen::<{ ABREAST / 16 }>(trees, signs).to_vec(),
                ]
            });
        }
        if is_x86_feature_detected!("avx2") {
            // SAFETY: as above.
            all.extend(unsafe {
                [
                    by_eight::<1>(trees, signs)[..8].to_vec(),
                    by_eight::<2>(trees, signs)[..16].to_vec(),
                    by_eight::<{ ABREAST / 8 }>(trees, signs).to_vec(),
                ]
            });
        }
        all
    }

    /// The trees one by one: the nodes of each, and what its leaves add, with room behind them.
    fn each(trees: Trees) -> impl Iterator<Item = (&'static [Node], [f32; 16])> {
        let (mut nodes, mut leaves) = (trees.nodes, trees.leaves);
        trees.sizes.iter().map(move |size| {
            let (own, others) = nodes.split_at(usize::from(*size));
            // The leaves of the next trees stand where a tree has fewer.
            let values = leaves.first_chunk().copied().unwrap_or_else(|| {
                let mut values = [0.0; 16];
                values[..leaves.len()].copy_from_slice(leaves);
                values
            });
            (nodes, leaves) = (others, &leaves[own.len() + 1..]);
            (own, values)
        })
    }

    /// Of the first `PARTS` times sixteen rows; of the others nothing.
    #[target_feature(enable = "avx512f,avx512cd")]
    fn by_sixteen<const PARTS: usize>(trees: Trees, signs: &[Lanes]) -> Lanes {
        let zero = _mm512_setzero_si512();
        let mut sums = [_mm512_setzero_ps(); PARTS];
        for (nodes, leaves) in each(trees) {
            let mut open = [_mm512_set1_epi32(-1); PARTS];
            for &(sign, limit, mask) in nodes {
                let column = signs[usize::from(sign)].as_chunks::<16>().0;
                let limit = _mm512_set1_ps(limit);
                let mask = _mm512_set1_epi32(mask.cast_signed());
                for (open, column) in open.iter_mut().zip(column) {
                    // SAFETY: sixteen numbers are read where there are sixteen.
                    let column = unsafe { _mm512_loadu_ps(column.as_ptr()) };
                    let passed = _mm512_cmp_ps_mask::<_CMP_GT_OQ>(column, limit);
                    *open = _mm512_mask_and_epi32(*open, passed, *open, mask);
                }
            }
            // SAFETY: as above.
            let leaves = unsafe { _mm512_loadu_ps(leaves.as_ptr()) };
            for (sum, open) in sums.iter_mut().zip(open) {
                let first = _mm512_and_si512(open, _mm512_sub_epi32(zero, open));
                // Noughts above the lowest bit: 31 less its number, of which four bits count.
                let at = _mm512_xor_si512(_mm512_lzcnt_epi32(first), _mm512_set1_epi32(31));
                *sum = _mm512_add_ps(*sum, _mm512_permutexvar_ps(at, leaves));
            }
        }
        let mut lanes = [0.0; ABREAST];
        for (part, sum) in lanes.as_chunks_mut::<16>().0.iter_mut().zip(sums) {
            // SAFETY: sixteen numbers are written where there is room for sixteen.
            unsafe { _mm512_storeu_ps(part.as_mut_ptr(), sum) };
        }
        lanes
    }

    /// Of the first `PARTS` times eight rows; of the others nothing.
    #[target_feature(enable = "avx2")]
    fn by_eight<const PARTS: usize>(trees: Trees, signs: &[Lanes]) -> Lanes {
        let zero = _mm256_setzero_si256();
        let mut sums = [_mm256_setzero_ps(); PARTS];
        for (nodes, leaves) in each(trees) {
            let mut open = [_mm256_set1_epi32(-1); PARTS];
            for &(sign, limit, mask) in nodes {
                let column = signs[usize::from(sign)].as_chunks::<8>().0;
                let limit = _mm256_set1_ps(limit);
                let mask = _mm256_set1_epi32(mask.cast_signed());
                for (open, column) in open.iter_mut().zip(column) {
                    // SAFETY: eight numbers are read where there are eight.
                    let column = unsafe { _mm256_loadu_ps(column.as_ptr()) };
                    // All bits where the limit is not passed.
                    let below = _mm256_cmp_ps::<_CMP_NGT_UQ>(column, limit);
                    let kept = _mm256_or_si256(_mm256_castps_si256(below), mask);
                    *open = _mm256_and_si256(*open, kept);
                }
            }
            // SAFETY: as above.
            let (low, high) = unsafe {
                (_mm256_loadu_ps(leaves[..8].as_ptr()), _mm256_loadu_ps(leaves[8..].as_ptr()))
            };
            for (sum, open) in sums.iter_mut().zip(open) {
                let first = _mm256_and_si256(open, _mm256_sub_epi32(zero, open));
                // As a number with an exponent, the lowest bit tells its place by that.
                let exponent =
                    _mm256_srli_epi32::<23>(_mm256_castps_si256(_mm256_cvtepi32_ps(first)));
                let at = _mm256_sub_epi32(exponent, _mm256_set1_epi32(127));
                // Of the place three bits count here, and the fourth tells the half.
                let (one, other) =
                    (_mm256_permutevar8x32_ps(low, at), _mm256_permutevar8x32_ps(high, at));
                let half = _mm256_castsi256_ps(_mm256_slli_epi32::<28>(at));
                *sum = _mm256_add_ps(*sum, _mm256_blendv_ps(one, other, half));
            }
        }
        let mut lanes = [0.0; ABREAST];
        for (part, sum) in lanes.as_chunks_mut::<8>().0.iter_mut().zip(sums) {
            // SAFETY: eight numbers are written where there is room for eight.
            unsafe { _mm256_storeu_ps(part.as_mut_ptr(), sum) };
        }
        lanes
    }
}
