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

/// Finds every place where `pattern` stands.
///
/// `slots` gives the positions of each word of the pattern, in the order of
/// [`Pattern::words`], each list rising and without repeats.
pub fn spans(pattern: &Pattern, slots: &[Vec<u32>]) -> Vec<Span> {
    let mut next = 0;
    walk(pattern, slots, &mut next, false)
}

/// Counts the places where `pattern` stands, without listing them where that can be spared.
pub fn count(pattern: &Pattern, slots: &[Vec<u32>]) -> usize {
    match pattern {
        Pattern::Word(_) => slots[0].len(),
        Pattern::AtLeast { times, .. } => at_least(&slots[0], *times).len(),
        Pattern::Near { sides, gap: 0, ordered: true } if all_words(sides) => {
            phrase_starts(slots).count()
        }
        _ => spans(pattern, slots).len(),
    }
}

fn all_words(sides: &[Pattern]) -> bool {
    sides.iter().all(|side| matches!(side, Pattern::Word(_)))
}

fn at_least(positions: &[u32], times: u32) -> &[u32] {
    if positions.len() >= times as usize { positions } else { &[] }
}

fn phrase_starts(slots: &[Vec<u32>]) -> impl Iterator<Item = u32> + '_ {
    slots[0].iter().copied().filter(|start| {
        slots[1..].iter().zip(1..).all(|(slot, ahead)| slot.binary_search(&(start + ahead)).is_ok())
    })
}

/// The places of a part of the pattern; `nested` where it is itself one side of a distance.
fn walk(pattern: &Pattern, slots: &[Vec<u32>], next: &mut usize, nested: bool) -> Vec<Span> {
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
                sides.iter().flat_map(|side| walk(side, slots, next, nested)).collect();
            found.sort_by(|a, b| (a.start, a.end, &a.marks).cmp(&(b.start, b.end, &b.marks)));
            found.dedup();
            found
        }
        Pattern::Near { sides, gap: 0, ordered: true } if all_words(sides) => {
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
            if nested { all_gathered(&slots, *gap) } else { gathered(&slots, *gap) }
        }
        Pattern::Near { sides, gap, ordered } => {
            let mut found = walk(&sides[0], slots, next, true);
            for side in &sides[1..] {
                let right = walk(side, slots, next, true);
                found = pairs(&found, &right, *gap, *ordered);
            }
            found
        }
    }
}

/// Pairs of places that lie near each other.
fn pairs(left: &[Span], right: &[Span], gap: u32, ordered: bool) -> Vec<Span> {
    let longest = right.iter().map(|span| span.end - span.start).max().unwrap_or(0);
    let mut found = Vec::new();
    let mut low = 0;
    for a in left {
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
fn gathered(slots: &[&[u32]], gap: u32) -> Vec<Span> {
    let all = merged(slots);
    let width = slots.len() as u32 + gap;
    let mut found = Vec::new();
    for (number, &start) in all.iter().enumerate() {
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
fn all_gathered(slots: &[&[u32]], gap: u32) -> Vec<Span> {
    let all = merged(slots);
    let width = slots.len() as u32 + gap;
    let holds = |slot: usize, at: u32| slots[slot].binary_search(&at).is_ok();
    let mut found = Vec::new();
    for (number, &start) in all.iter().enumerate() {
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
