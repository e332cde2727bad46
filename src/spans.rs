//! Where a pattern stands in a row of words: phrases, distances, choices, over positions alone.

use crate::query::Pattern;

/// One place where a pattern stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The position of its first word.
    pub start: u32,
    /// The position of its last word.
    pub end: u32,
    /// The positions of the words that make it, rising.
    pub marks: Vec<u32>,
}

/// Tells whether to end at once; what was found until then is of no use.
pub type Late<'l> = &'l dyn Fn() -> bool;

/// Texts with more places of words than these are gone through in pieces.
const LONG: usize = 16_384;
/// How many positions a piece has.
const PIECE: u32 = 1024;

/// Finds every place where `pattern` stands.
///
/// `slots` gives the positions of each word of the pattern, in the order of
/// [`Pattern::words`], each list rising and without repeats.
///
/// A text that is nothing but words of the pattern has more places than any memory holds; those who
/// may meet one take [`pieces`].
pub fn spans(pattern: &Pattern, slots: &[Vec<u32>]) -> Vec<Span> {
    pieces(pattern, slots, &|| false).flatten().collect()
}

/// The places where `pattern` stands, as [`spans`] has them, those of a long text piece by piece.
pub fn pieces<'s>(
    pattern: &'s Pattern,
    slots: &'s [Vec<u32>],
    late: Late<'s>,
) -> Box<dyn Iterator<Item = Vec<Span>> + 's> {
    if slots.iter().map(Vec::len).sum::<usize>() <= LONG {
        return Box::new(std::iter::once_with(|| walk(pattern, slots, &mut 0, false, late)));
    }
    let mut kept: Vec<&[u32]> = slots.iter().map(Vec::as_slice).collect();
    // Whether there are enough of a word is asked of the whole text.
    let pattern = settled(pattern, &mut kept, &mut 0);
    let width = width(&pattern);
    let mut from = kept.iter().filter_map(|slot| slot.first()).min().copied();
    Box::new(std::iter::from_fn(move || {
        let start = from?;
        let end = start.saturating_add(PIECE);
        // What begins in the piece may end beyond it.
        let within: Vec<Vec<u32>> = (kept.iter())
            .map(|slot| {
                let first = slot.partition_point(|at| *at < start);
                let last = slot.partition_point(|at| *at < end.saturating_add(width));
                slot[first..last].to_vec()
            })
            .collect();
        let next = |slot: &&[u32]| slot.get(slot.partition_point(|at| *at < end)).copied();
        from = kept.iter().filter_map(next).min();
        let mut found = walk(&pattern, &within, &mut 0, false, late);
        found.retain(|span| span.start < end);
        Some(found)
    }))
}

/// How many positions a place of a pattern may reach over.
fn width(pattern: &Pattern) -> u32 {
    match pattern {
        Pattern::Word(_) | Pattern::AtLeast { .. } => 1,
        Pattern::Either(sides) => sides.iter().map(width).max().unwrap_or(1),
        Pattern::Near { sides, gap, .. } => {
            let gaps = gap.saturating_mul(sides.len() as u32);
            sides.iter().map(width).fold(gaps, u32::saturating_add)
        }
    }
}

/// A pattern that asks no more how often a word stands; of one that does not stand often enough
/// nothing is left in `slots`.
fn settled(pattern: &Pattern, slots: &mut [&[u32]], next: &mut usize) -> Pattern {
    let mut all = |sides: &[Pattern]| sides.iter().map(|side| settled(side, slots, next)).collect();
    match pattern {
        Pattern::Either(sides) => Pattern::Either(all(sides)),
        Pattern::Near { sides, gap, ordered } => {
            Pattern::Near { sides: all(sides), gap: *gap, ordered: *ordered }
        }
        Pattern::Word(word) => {
            *next += 1;
            Pattern::Word(word.clone())
        }
        Pattern::AtLeast { times, word } => {
            let slot = &mut slots[*next];
            *slot = at_least(slot, *times);
            *next += 1;
            Pattern::Word(word.clone())
        }
    }
}

/// Counts the places where `pattern` stands, without listing them where that can be spared; none is
/// looked for once there are `enough`, or once it is `late`.
pub fn count(pattern: &Pattern, slots: &[Vec<u32>], enough: usize, late: Late<'_>) -> usize {
    match pattern {
        Pattern::Word(_) => slots[0].len(),
        Pattern::AtLeast { times, .. } => at_least(&slots[0], *times).len(),
        _ if pattern.is_phrase() => phrase_starts(slots).count(),
        _ => {
            let mut found = 0;
            for piece in pieces(pattern, slots, late) {
                found += piece.len();
                if found >= enough || late() {
                    break;
                }
            }
            found
        }
    }
}

fn at_least(positions: &[u32], times: u32) -> &[u32] {
    if positions.len() >= times as usize { positions } else { &[] }
}

/// Where words that follow each other begin, rising: the rarest leads.
pub fn phrase_starts(slots: &[Vec<u32>]) -> impl Iterator<Item = u32> + '_ {
    let lead = (0..slots.len()).min_by_key(|at| slots[*at].len()).unwrap_or(0);
    let places = slots.get(lead).map_or(&[][..], Vec::as_slice);
    let starts = places.iter().filter_map(move |place| place.checked_sub(lead as u32));
    starts.filter(move |start| {
        let mut others = slots.iter().zip(*start..).enumerate().filter(|(at, _)| *at != lead);
        others.all(|(_, (slot, place))| slot.binary_search(&place).is_ok())
    })
}

/// The places of a part of the pattern; `nested` where it is itself one side of a distance.
fn walk(
    pattern: &Pattern,
    slots: &[Vec<u32>],
    next: &mut usize,
    nested: bool,
    late: Late<'_>,
) -> Vec<Span> {
    let single = |positions: &[u32]| {
        positions.iter().map(|&at| Span { start: at, end: at, marks: vec![at] }).collect()
    };
    match pattern {
        Pattern::Word(_) => {
            *next += 1;
            single(&slots[*next - 1])
        }
        Pattern::AtLeast { times, .. } => {
            *next += 1;
            single(at_least(&slots[*next - 1], *times))
        }
        Pattern::Either(sides) => {
            let mut found: Vec<Span> =
                sides.iter().flat_map(|side| walk(side, slots, next, nested, late)).collect();
            found.sort_by(|a, b| (a.start, a.end, &a.marks).cmp(&(b.start, b.end, &b.marks)));
            found.dedup();
            found
        }
        Pattern::Near { sides, .. } if pattern.is_phrase() => {
            let slots = &slots[*next..*next + sides.len()];
            *next += sides.len();
            let last = sides.len() as u32 - 1;
            phrase_starts(slots)
                .map(|start| Span {
                    start,
                    end: start + last,
                    marks: (start..=start + last).collect(),
                })
                .collect()
        }
        Pattern::Near { sides, gap, ordered: false } if sides.len() > 2 => {
            let slots = &slots[*next..*next + sides.len()];
            *next += sides.len();
            let slots: Vec<&[u32]> = slots.iter().map(Vec::as_slice).collect();
            if nested { all_gathered(&slots, *gap, late) } else { gathered(&slots, *gap, late) }
        }
        Pattern::Near { sides, gap, ordered } => {
            let mut found = walk(&sides[0], slots, next, true, late);
            for side in &sides[1..] {
                let right = walk(side, slots, next, true, late);
                found = pairs(&found, &right, *gap, *ordered, late);
            }
            found
        }
    }
}

/// Pairs of places that lie near each other.
fn pairs(left: &[Span], right: &[Span], gap: u32, ordered: bool, late: Late<'_>) -> Vec<Span> {
    let longest = right.iter().map(|span| span.end - span.start).max().unwrap_or(0);
    let mut found = Vec::new();
    let mut low = 0;
    for a in left {
        if late() {
            return Vec::new();
        }
        // `left` and `right` rise by their starts, so what lies too far behind stays behind.
        let reach = a.start.saturating_sub(gap + 1 + longest);
        while low < right.len() && right[low].start < reach && a.start >= right[low].start {
            low += 1;
        }
        for b in right[low..].iter().take_while(|b| b.start <= a.end.saturating_add(gap + 1)) {
            let between = if b.start > a.end {
                b.start - a.end - 1
            } else if a.start > b.end {
                if ordered {
                    continue;
                }
                a.start - b.end - 1
            } else {
                if ordered || a.marks.iter().any(|mark| b.marks.contains(mark)) {
                    continue;
                }
                0
            };
            if between <= gap {
                let mut marks = [&a.marks[..], &b.marks[..]].concat();
                marks.sort_unstable();
                marks.dedup();
                found.push(Span { start: a.start.min(b.start), end: a.end.max(b.end), marks });
            }
        }
    }
    found.sort_by(|a, b| (a.start, a.end, &a.marks).cmp(&(b.start, b.end, &b.marks)));
    found.dedup();
    found
}

/// The shortest windows that hold one word for each slot, in any order, with at most `gap` others.
fn gathered(slots: &[&[u32]], gap: u32, late: Late<'_>) -> Vec<Span> {
    let all = merged(slots);
    let width = slots.len() as u32 + gap;
    let mut found = Vec::new();
    for (number, &start) in all.iter().enumerate() {
        if late() {
            return Vec::new();
        }
        let inside: Vec<u32> =
            all[number..].iter().copied().take_while(|at| *at < start + width).collect();
        // The shortest window from here that holds them all, with a word of its own for each.
        let window = (slots.len()..=inside.len())
            .map(|length| &inside[..length])
            .find(|window| assigned(slots, window).is_some());
        if let Some(window) = window
            && !(window.len() > 1 && assigned(slots, &window[1..]).is_some())
        {
            let end = window[window.len() - 1];
            found.push(Span { start, end, marks: window.to_vec() });
        }
    }
    found
}

/// As [`gathered`], and the longer windows too: the far end of one may be what lies near something
/// else.
fn all_gathered(slots: &[&[u32]], gap: u32, late: Late<'_>) -> Vec<Span> {
    let all = merged(slots);
    let width = slots.len() as u32 + gap;
    let holds = |slot: usize, at: u32| slots[slot].binary_search(&at).is_ok();
    let mut found = Vec::new();
    for (number, &start) in all.iter().enumerate() {
        if late() {
            return Vec::new();
        }
        for (inner, &end) in all[number + 1..].iter().enumerate() {
            if end >= start + width {
                break;
            }
            let inside = &all[number + 1..=number + inner];
            let ends = (0..slots.len())
                .flat_map(|a| (0..slots.len()).map(move |b| (a, b)))
                .filter(|&(a, b)| a != b && holds(a, start) && holds(b, end));
            let marks = ends.into_iter().find_map(|(a, b)| {
                let others = slots.iter().enumerate().filter(|(n, _)| *n != a && *n != b);
                assigned(&others.map(|(_, slot)| *slot).collect::<Vec<_>>(), inside)
            });
            if let Some(mut marks) = marks {
                marks.extend([start, end]);
                marks.sort_unstable();
                found.push(Span { start, end, marks });
            }
        }
    }
    found
}

fn merged(slots: &[&[u32]]) -> Vec<u32> {
    let mut all: Vec<u32> = slots.concat();
    all.sort_unstable();
    all.dedup();
    all
}

/// A position of its own for each slot among `window`, where there is one (Kuhn's matching).
fn assigned(slots: &[&[u32]], window: &[u32]) -> Option<Vec<u32>> {
    fn place(
        slot: usize,
        slots: &[&[u32]],
        window: &[u32],
        taken: &mut [Option<usize>],
        tried: &mut [bool],
    ) -> bool {
        for (number, at) in window.iter().enumerate() {
            if tried[number] || slots[slot].binary_search(at).is_err() {
                continue;
            }
            tried[number] = true;
            let free = match taken[number] {
                None => true,
                Some(other) => place(other, slots, window, taken, tried),
            };
            if free {
                taken[number] = Some(slot);
                return true;
            }
        }
        false
    }
    let mut taken = vec![None; window.len()];
    let all = window.len() >= slots.len()
        && (0..slots.len())
            .all(|slot| place(slot, slots, window, &mut taken, &mut vec![false; window.len()]));
    let used = window.iter().zip(&taken).filter(|(_, slot)| slot.is_some());
    all.then(|| used.map(|(at, _)| *at).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Form, Word};

    fn word() -> Word {
        Word { form: Form::Plain("tax".to_owned()), exact: true }
    }

    fn near(sides: Vec<Pattern>, gap: u32, ordered: bool) -> Pattern {
        Pattern::Near { sides, gap, ordered }
    }

    /// Positions that are as good as drawn by lot, one of so many.
    fn some(one_of: u32, seed: u32) -> Vec<u32> {
        let drawn = |at: &u32| (at ^ seed).wrapping_mul(0x9e37_79b9) >> 7;
        (256..60_000).filter(|at| drawn(at).is_multiple_of(one_of)).collect()
    }

    #[test]
    fn a_long_text_is_the_sum_of_its_pieces() {
        let one = || Pattern::Word(word());
        let patterns = [
            one(),
            near(vec![one(), one()], 7, false),
            near(vec![one(), one()], 40, true),
            near(vec![one(), one(), one()], 5, false),
            near(vec![near(vec![one(), one()], 3, false), one()], 9, true),
            near(vec![Pattern::AtLeast { times: 30_000, word: word() }, one()], 7, false),
            near(vec![Pattern::AtLeast { times: 9_000, word: word() }, one()], 7, false),
            Pattern::Either(vec![one(), near(vec![one(), one()], 2, true)]),
        ];
        for pattern in &patterns {
            let slots: Vec<Vec<u32>> =
                pattern.words().iter().zip(0..).map(|(_, n)| some(2 + n * n * 3, n)).collect();
            assert!(slots.iter().map(Vec::len).sum::<usize>() > LONG);
            let whole = walk(pattern, &slots, &mut 0, false, &|| false);
            let pieces: Vec<Vec<Span>> = pieces(pattern, &slots, &|| false).collect();
            assert!(pieces.len() > 1 || whole.is_empty(), "{pattern}");
            assert_eq!(pieces.concat(), whole, "{pattern}");
        }
    }

    #[test]
    fn what_is_enough_is_not_gone_beyond() {
        let pattern = near(vec![Pattern::Word(word()), Pattern::Word(word())], 90, false);
        let dense: Vec<u32> = (256..2_000_000).collect();
        let found = count(&pattern, &[dense.clone(), dense], 1000, &|| false);
        assert!((1000..1_000_000).contains(&found), "{found}");
    }
}
