//! What becomes of known groups when some articles come and others go, without looking at the
//! pairs of all the others.
//!
//! A pair is compared or not by its own numbers and by who stands between the two among those that
//! hold a number. So what changes touches itself, those that stand around it, and the groups of
//! all of them; everything else is as it was. Of what is touched, too, a pair is not alike that was
//! compared when the groups were made and belonged to two of them.

use rustc_hash::{FxHashMap, FxHashSet};

use super::find::{NEIGHBOURS, Parts, compare, may_be};
use super::{Brief, SHORTEST, Shelf};

/// A shelf of which groups are known, as it was before some sketches came and others went.
pub trait Grouped: Shelf {
    /// Whether the sketch at a place has come since then.
    fn is_new(&self, place: u32) -> bool;

    /// The known groups that hold some of these places: of each all that have not gone.
    ///
    /// # Errors
    ///
    /// Where they cannot be read.
    fn known(&self, places: &FxHashSet<u32>) -> Result<Vec<Vec<u32>>, Self::Error>;
}

/// Groups that take the place of known ones.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Regrouped {
    /// Known groups that hold one of these places are no more.
    pub touched: Vec<u32>,
    /// The groups in their stead, each two or more places, rising.
    pub groups: Vec<Vec<u32>>,
}

/// Groups a shelf anew where something changed; `None` where that touches more than `most` places.
///
/// With the known groups that are not touched, the result is that of [`groups`](super::groups).
///
/// # Errors
///
/// Where a sketch cannot be read.
pub fn regroup<S: Grouped>(
    shelf: &S,
    most: usize,
    threads: usize,
) -> Result<Option<Regrouped>, S::Error> {
    let Some(dirty) = dirty(shelf, most)? else { return Ok(None) };
    let mut parts = Parts::of(shelf.len());
    let mut sought = Sought::default();
    let mut digests = Vec::new();
    shelf.each(&|place| dirty.contains(&place), &mut |place, brief| {
        sought.add(brief);
        digests.push((brief.digest, place));
    })?;
    digests.sort_unstable();
    for same in digests.chunk_by(|a, b| a.0 == b.0) {
        same.iter().for_each(|(_, place)| parts.join(same[0].1, *place));
    }
    let mut found = sought.find(shelf)?;
    let mut gone = FxHashSet::default();
    shelf.gone(&mut |place, brief| {
        found.add(&sought, place, brief);
        gone.insert(place);
    })?;
    let is = |place: u32| !gone.contains(&place);
    let mut pairs = found.sorted().pairs(shelf, &is, &dirty);
    let beyond: FxHashSet<u32> = compare(shelf, &mut pairs, &mut parts, threads)?
        .into_iter()
        .flat_map(|(one, other)| [one, other])
        .filter(|place| !dirty.contains(place))
        .collect();
    let mut touched: FxHashSet<u32> = dirty;
    for group in shelf.known(&beyond)? {
        group.iter().for_each(|place| parts.join(group[0], *place));
        touched.extend(group);
    }
    touched.extend(beyond);
    let mut touched: Vec<u32> = touched.into_iter().collect();
    touched.sort_unstable();
    Ok(Some(Regrouped { touched, groups: parts.groups() }))
}

/// The places of which every pair must be looked at; with them, of any group all are.
fn dirty<S: Grouped>(shelf: &S, most: usize) -> Result<Option<FxHashSet<u32>>, S::Error> {
    let (mut dirty, mut gone) = (FxHashSet::default(), FxHashSet::default());
    let mut sought = Sought::default();
    shelf.each(&|place| shelf.is_new(place), &mut |place, brief| {
        dirty.insert(place);
        sought.add(brief);
    })?;
    shelf.gone(&mut |place, brief| {
        gone.insert(place);
        sought.add(brief);
    })?;
    if dirty.len() + gone.len() > most {
        return Ok(None);
    }
    let mut found = sought.find(shelf)?;
    shelf.gone(&mut |place, brief| found.add(&sought, place, brief))?;
    let found = found.sorted();
    let was = |place: u32| !shelf.is_new(place);
    let is = |place: u32| !gone.contains(&place);
    found.lists().for_each(|list| mark_around(&list, &was, &is, &mut dirty));
    dirty.extend(&found.copies);
    dirty.extend(&gone);
    dirty.extend(shelf.known(&dirty)?.into_iter().flatten());
    dirty.retain(|place| is(*place));
    Ok((dirty.len() <= most).then_some(dirty))
}

/// Marks those that hold a number, and of which others stand nearer or farther than before.
fn mark_around(
    list: &[&[Entry]],
    was: &dyn Fn(u32) -> bool,
    is: &dyn Fn(u32) -> bool,
    dirty: &mut FxHashSet<u32>,
) {
    if list.len() <= NEIGHBOURS + 1 {
        return;
    }
    let is_changed = |copies: &[Entry]| {
        let any = |stands: &dyn Fn(u32) -> bool| copies.iter().any(|entry| stands(entry.place));
        any(was) != any(is)
    };
    let changed: Vec<usize> = (0..list.len()).filter(|&at| is_changed(list[at])).collect();
    let far = NEIGHBOURS + changed.len();
    for at in changed {
        let around = &list[at.saturating_sub(far)..list.len().min(at + far + 1)];
        dirty.extend(around.iter().flat_map(|copies| copies.iter()).map(|entry| entry.place));
    }
}

/// A number that a sketch holds, in the order in which those that hold it stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Entry {
    key: u32,
    digest: u64,
    place: u32,
    /// How many numbers of the sketch are looked up.
    keys: u8,
}

/// Numbers and digests that are looked for.
#[derive(Default)]
struct Sought {
    keys: FxHashSet<u32>,
    digests: FxHashSet<u64>,
}

impl Sought {
    fn add(&mut self, brief: &Brief) {
        if brief.runs >= SHORTEST {
            self.keys.extend(brief.keys());
        }
        if brief.runs > 0 {
            self.digests.insert(brief.digest);
        }
    }

    /// Finds what holds them.
    fn find<S: Shelf>(&self, shelf: &S) -> Result<Found, S::Error> {
        let mut found = Found::for_keys(&self.keys);
        shelf.each(&|_| true, &mut |place, brief| found.add(self, place, brief))?;
        Ok(found)
    }
}

/// What was found.
#[derive(Default)]
struct Found {
    /// Most numbers are none that is sought, and are told by a bit alone; a power of two.
    bits: Vec<u64>,
    /// Those with a digest that was sought.
    copies: Vec<u32>,
    /// Those with a number that was sought.
    entries: Vec<Entry>,
}

impl Found {
    fn for_keys(keys: &FxHashSet<u32>) -> Self {
        let bits = vec![0; (keys.len() / 4).next_power_of_two()];
        let mut found = Self { bits, ..Self::default() };
        for key in keys {
            let (word, bit) = found.bit(*key);
            found.bits[word] |= bit;
        }
        found
    }

    fn bit(&self, key: u32) -> (usize, u64) {
        ((key >> 8) as usize & (self.bits.len() - 1), 1 << (key >> 2 & 63))
    }

    /// Adds what is sought of a sketch.
    fn add(&mut self, sought: &Sought, place: u32, brief: &Brief) {
        if brief.runs > 0 && sought.digests.contains(&brief.digest) {
            self.copies.push(place);
        }
        if brief.runs < SHORTEST {
            return;
        }
        let keys = brief.keys().len() as u8;
        for key in brief.keys() {
            let (word, bit) = self.bit(*key);
            if self.bits[word] & bit > 0 && sought.keys.contains(key) {
                self.entries.push(Entry { key: *key, digest: brief.digest, place, keys });
            }
        }
    }

    fn sorted(mut self) -> Self {
        self.entries.sort_unstable();
        self
    }

    /// Of each number those that hold it, in the order of their digests, exact copies together.
    fn lists(&self) -> impl Iterator<Item = Vec<&[Entry]>> {
        let lists = self.entries.chunk_by(|a, b| a.key == b.key);
        lists.map(|list| list.chunk_by(|a, b| a.digest == b.digest).collect())
    }

    /// The pairs that may be alike, of which one is dirty and of which it is not known that they
    /// are not.
    fn pairs<S: Grouped>(
        &self,
        shelf: &S,
        is: &dyn Fn(u32) -> bool,
        dirty: &FxHashSet<u32>,
    ) -> Vec<(u32, u32)> {
        let was = |place: u32| !shelf.is_new(place);
        let (mut now, mut then) = (Near::default(), Near::default());
        for list in self.lists() {
            now.add(&list, is, dirty);
            then.add(&list, &was, dirty);
        }
        now.shared.sort_unstable();
        then.shared.sort_unstable();
        let were: FxHashSet<(u32, u32)> = then.pairs().collect();
        let are_apart = |one: u32, other: u32| {
            were.contains(&(one, other))
                && shelf.were_apart(then.standing(one), then.standing(other))
        };
        let mut pairs: Vec<(u32, u32)> = now
            .pairs()
            .filter(|(one, other)| !are_apart(*one, *other))
            .map(|(one, other)| (now.standing(one), now.standing(other)))
            .collect();
        pairs.sort_unstable();
        pairs
    }
}

/// Pairs that stand near each other in the lists of numbers that both hold, exact copies as one.
#[derive(Default)]
struct Near {
    /// The first place of each, whether it stands or not, and how many numbers of the one that has
    /// fewer are looked up; once for each number that both hold.
    shared: Vec<(u32, u32, u8)>,
    /// By the first place of exact copies, the first that stands, where that is another.
    standing: FxHashMap<u32, u32>,
}

impl Near {
    /// Adds what a list says of those that `stands` lets stand, where one is dirty.
    fn add(&mut self, list: &[&[Entry]], stands: &dyn Fn(u32) -> bool, dirty: &FxHashSet<u32>) {
        let mut near = Vec::with_capacity(list.len());
        for copies in list {
            let Some(first) = copies.iter().find(|entry| stands(entry.place)) else { continue };
            if first.place != copies[0].place {
                self.standing.insert(copies[0].place, first.place);
            }
            near.push((copies[0], copies.iter().any(|entry| dirty.contains(&entry.place))));
        }
        for (at, (one, is_dirty)) in near.iter().enumerate() {
            for (other, other_is_dirty) in near[at + 1..].iter().take(NEIGHBOURS) {
                if *is_dirty || *other_is_dirty {
                    self.shared.push((one.place, other.place, one.keys.min(other.keys)));
                }
            }
        }
    }

    /// The pairs that may be alike by the numbers that they share.
    fn pairs(&self) -> impl Iterator<Item = (u32, u32)> {
        let counted = self.shared.chunk_by(|a, b| a == b);
        counted.filter(|same| may_be(same[0].2, same.len())).map(|same| (same[0].0, same[0].1))
    }

    fn standing(&self, first: u32) -> u32 {
        self.standing.get(&first).copied().unwrap_or(first)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;
    use std::convert::Infallible;

    use super::super::sketch::{Sketch, mixed};
    use super::super::{Pack, groups};
    use super::*;

    /// Sketches of which some were there when groups were made, and some are.
    struct Kept {
        pack: Pack,
        was: Vec<bool>,
        is: Vec<bool>,
        known: Vec<Vec<u32>>,
    }

    impl Shelf for Kept {
        type Error = Infallible;

        fn len(&self) -> usize {
            self.pack.len()
        }

        fn each(
            &self,
            wanted: &dyn Fn(u32) -> bool,
            see: &mut dyn FnMut(u32, &Brief),
        ) -> Result<(), Infallible> {
            self.pack.each(&|place| self.is[place as usize] && wanted(place), see)
        }

        fn read(&self, place: u32, sketch: &mut Sketch) -> Result<(), Infallible> {
            self.pack.read(place, sketch)
        }

        fn gone(&self, see: &mut dyn FnMut(u32, &Brief)) -> Result<(), Infallible> {
            self.pack.each(&|place| self.was[place as usize] && !self.is[place as usize], see)
        }

        fn were_apart(&self, one: u32, other: u32) -> bool {
            let group = |place| self.known.iter().position(|group| group.contains(&place));
            let was = |place: u32| self.was[place as usize];
            was(one) && was(other) && group(one).is_none_or(|one| group(other) != Some(one))
        }
    }

    impl Grouped for Kept {
        fn is_new(&self, place: u32) -> bool {
            !self.was[place as usize]
        }

        fn known(&self, places: &FxHashSet<u32>) -> Result<Vec<Vec<u32>>, Infallible> {
            let some = self.known.iter().filter(|group| group.iter().any(|at| places.contains(at)));
            let kept = |group: &Vec<u32>| {
                group.iter().copied().filter(|at| self.is[*at as usize]).collect::<Vec<_>>()
            };
            Ok(some.map(kept).filter(|group| !group.is_empty()).collect())
        }
    }

    /// Numbers that look like chance.
    fn chance(state: &mut u64, below: u64) -> u64 {
        *state = mixed(state.wrapping_add(0x9e37_79b9_7f4a_7c15));
        *state % below
    }

    /// A sketch of which some of the numbers are those of its family, and some are everybody's.
    fn sketch(state: &mut u64) -> Sketch {
        let family = chance(state, 30);
        let mut numbers: Vec<u32> = (0..20)
            .map(|number| match chance(state, 10) {
                0..5 => mixed(family * 100 + number) as u32,
                5..6 => mixed(number << 32) as u32,
                _ => chance(state, 1 << 32) as u32,
            })
            .map(|number| number & !3 | 1)
            .collect();
        numbers.sort_unstable();
        numbers.dedup();
        let digest = chance(state, 1500);
        let runs = if digest == 7 { 5 } else { 30 };
        Sketch { digest, runs, numbers }
    }

    #[test]
    fn groups_are_those_that_all_pairs_would_give() {
        let mut state = 1;
        let mut changes = 0;
        for _ in 0..200 {
            let mut sketches: Vec<Sketch> = (0..400).map(|_| sketch(&mut state)).collect();
            // Exact copies have the same numbers.
            sketches.sort_by_key(|sketch| sketch.digest);
            for at in 1..sketches.len() {
                if sketches[at].digest == sketches[at - 1].digest {
                    sketches[at] = sketches[at - 1].clone();
                }
            }
            sketches.sort_by_cached_key(|_| chance(&mut state, 1 << 40));
            let few = 1 + chance(&mut state, 12);
            let none = vec![false; sketches.len()];
            let mut kept = Kept {
                pack: sketches.iter().collect(),
                was: none.clone(),
                is: none.iter().map(|_| chance(&mut state, 4) > 0).collect(),
                known: Vec::new(),
            };
            let known = groups(&kept, 1 << 20, 1).unwrap();
            let was = kept.is.clone();
            for at in (0..few).map(|_| chance(&mut state, 400) as usize) {
                kept.is[at] = !kept.is[at];
            }
            let expected: BTreeSet<Vec<u32>> =
                groups(&kept, 1 << 20, 1).unwrap().into_iter().collect();
            (kept.was, kept.known) = (was, known);
            let again: BTreeSet<Vec<u32>> =
                groups(&kept, 1 << 20, 1).unwrap().into_iter().collect();
            assert_eq!(again, expected, "with what was known before");
            let Some(changed) = regroup(&kept, 200, 1).unwrap() else { continue };
            let gone = |at: &u32| kept.was[*at as usize] && !kept.is[*at as usize];
            let stays = |group: &&Vec<u32>| {
                !group.iter().any(|at| gone(at) || changed.touched.contains(at))
            };
            let mut found: BTreeSet<Vec<u32>> = kept.known.iter().filter(stays).cloned().collect();
            found.extend(changed.groups);
            assert_eq!(found, expected);
            changes += usize::from(expected.iter().ne(&kept.known));
        }
        assert!(changes > 50, "{changes} changed");
    }

    #[test]
    fn what_stands_nearer_or_farther_than_before_is_marked() {
        let mut state = 3;
        for _ in 0..2000 {
            let all = 2 + chance(&mut state, 30) as u32;
            // One in six has come or gone.
            let stands: Vec<(bool, bool)> = (0..all)
                .map(|_| match chance(&mut state, 12) {
                    0 => (true, false),
                    1 => (false, true),
                    _ => (true, true),
                })
                .collect();
            let entries: Vec<Entry> = (0..all)
                .map(|place| Entry { key: 0, digest: u64::from(place), place, keys: 16 })
                .collect();
            let list: Vec<&[Entry]> = entries.chunks(1).collect();
            let mut marked = FxHashSet::default();
            let was = |place: u32| stands[place as usize].0;
            let is = |place: u32| stands[place as usize].1;
            mark_around(&list, &was, &is, &mut marked);
            // Which are compared, of those that a test lets stand.
            let near = |there: &dyn Fn(u32) -> bool| -> BTreeSet<(u32, u32)> {
                let there: Vec<u32> = (0..all).filter(|place| there(*place)).collect();
                let pairs = there.iter().enumerate().flat_map(|(at, one)| {
                    let others = there[at + 1..].iter().take(NEIGHBOURS);
                    others.map(move |other| (*one, *other))
                });
                pairs.filter(|(a, b)| was(*a) && is(*a) && was(*b) && is(*b)).collect()
            };
            for (one, other) in near(&was).symmetric_difference(&near(&is)) {
                assert!(marked.contains(one) && marked.contains(other), "{stands:?}");
            }
        }
    }
}
