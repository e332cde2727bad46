//! Finds what is alike among many sketches without comparing all of them: those that share some of
//! the numbers that are looked up are compared.
//!
//! What is compared is a matter of the sketches alone, not of the order in which they came.

use rustc_hash::FxHashSet;

use super::SHORTEST;
use super::packed::Brief;
use super::sketch::{LOOKED_UP, Sketch};

/// Of the numbers of the one that has fewer, two must share one in so many to be compared. Bodies at
/// the very edge of the rules share as many in the mean, whatever their lengths; most share more.
const ONE_IN: usize = 4;
/// Of the sketches that hold a number, in the order of their digests, each is compared with so many
/// that follow: a number that more of them hold says little.
pub(super) const NEIGHBOURS: usize = 6;
/// How many entries are sorted at once: so many that a processor keeps them close by.
const BATCH: usize = 1 << 10;
/// How many pairs are compared before it is asked again which of them are joined already.
const COMPARED: usize = 1 << 14;
/// In place of a rank: there is none.
const NONE: u32 = u32::MAX;

/// Sketches that lie somewhere, each at a place.
pub trait Shelf: Sync {
    /// Why one cannot be read.
    type Error: Send;

    /// The number below which all places are.
    fn len(&self) -> usize;

    /// Whether there is none.
    fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Shows what is looked up of each whose place is wanted, in any order of places that is always
    /// the same.
    ///
    /// # Errors
    ///
    /// Where one cannot be read.
    fn each(
        &self,
        wanted: &dyn Fn(u32) -> bool,
        see: &mut dyn FnMut(u32, &Brief),
    ) -> Result<(), Self::Error>;

    /// Makes `sketch` the one at a place.
    ///
    /// # Errors
    ///
    /// Where it cannot be read.
    fn read(&self, place: u32, sketch: &mut Sketch) -> Result<(), Self::Error>;

    /// Shows what is looked up of each that was there when groups were made before, and is not any
    /// more; it has a place of its own.
    ///
    /// # Errors
    ///
    /// Where one cannot be read.
    fn gone(&self, _see: &mut dyn FnMut(u32, &Brief)) -> Result<(), Self::Error> {
        Ok(())
    }

    /// Whether two places were there when groups were made before, and were in no group together.
    fn were_apart(&self, _one: u32, _other: u32) -> bool {
        false
    }
}

/// The groups of like articles, each two or more places, rising.
///
/// About `room` bytes are held beside 30 for each place. The groups depend on neither that nor the
/// order of the places nor the number of threads, nor on what was known before.
///
/// # Errors
///
/// Where a sketch cannot be read.
pub fn groups<S: Shelf>(shelf: &S, room: usize, threads: usize) -> Result<Vec<Vec<u32>>, S::Error> {
    let mut parts = Parts::of(shelf.len());
    let ranks = Ranks::of(shelf, &mut parts)?;
    let mut gone = FxHashSet::default();
    shelf.gone(&mut |_, brief| gone.extend(brief.keys()))?;
    let search = Search { shelf, ranks: &ranks, gone, room, threads: threads.max(1) };
    search.join(&mut parts)?;
    Ok(parts.groups())
}

/// Sketches in the order of their digests, exact copies once.
struct Ranks {
    /// The first place of each.
    places: Vec<u32>,
    /// How many numbers of each are looked up.
    keys: Vec<u8>,
    /// The rank of each place; `NONE` where there is nothing to compare.
    of: Vec<u32>,
    /// How many entries fall into each batch; their number is a power of two.
    batches: Vec<u32>,
}

impl Ranks {
    /// Ranks all sketches of a shelf and joins exact copies.
    fn of<S: Shelf>(shelf: &S, parts: &mut Parts) -> Result<Self, S::Error> {
        let all = shelf.len();
        let mut batches = vec![0; (all * LOOKED_UP / BATCH).next_power_of_two()];
        let mut order: Vec<(u64, u32, u8)> = Vec::with_capacity(all);
        shelf.each(&|_| true, &mut |place, brief| {
            if brief.runs > 0 {
                order.push((brief.digest, place, brief.keys().len() as u8));
            }
            if brief.runs >= SHORTEST {
                let mask = batches.len() - 1;
                brief.keys().iter().for_each(|key| batches[batch(*key, mask)] += 1);
            }
        })?;
        order.sort_unstable();
        let (mut places, mut keys, mut of) = (Vec::new(), Vec::new(), vec![NONE; all]);
        for same in order.chunk_by(|a, b| a.0 == b.0) {
            for (_, place, _) in same {
                of[*place as usize] = places.len() as u32;
                parts.join(same[0].1, *place);
            }
            places.push(same[0].1);
            keys.push(same[0].2);
        }
        Ok(Self { places, keys, of, batches })
    }

    /// Whether two that share so many of the numbers that are looked up may be alike.
    fn may_be(&self, one: u32, other: u32, shared: usize) -> bool {
        let keys = |rank: u32| self.keys[rank as usize];
        may_be(keys(one).min(keys(other)), shared)
    }
}

/// Whether two may be alike of which one has so few numbers that are looked up, and that share so
/// many of them.
pub(super) fn may_be(keys: u8, shared: usize) -> bool {
    shared * ONE_IN >= usize::from(keys)
}

/// The batch that a number belongs to.
fn batch(key: u32, mask: usize) -> usize {
    // The lowest bits of a number that are as good as drawn by lot.
    (key >> 2) as usize & mask
}

/// Looks for pairs that are alike.
struct Search<'s, S> {
    shelf: &'s S,
    ranks: &'s Ranks,
    /// The numbers that are looked up of what is gone.
    gone: FxHashSet<u32>,
    room: usize,
    threads: usize,
}

impl<S: Shelf> Search<'_, S> {
    /// Joins what is alike.
    ///
    /// Numbers that two share are counted for as many sketches at once as there is room for.
    fn join(&self, parts: &mut Parts) -> Result<(), S::Error> {
        let all = self.ranks.places.len();
        // Half of the room is for entries, half for pairs.
        let mut entries = Entries::of(self.ranks, self.room / 2 / size_of::<u64>());
        let mut counts = vec![0u32; all];
        entries.lists(self.shelf, self.ranks, &mut |list| {
            for (at, one) in list.iter().enumerate() {
                counts[*one as u32 as usize] += (list.len() - 1 - at).min(NEIGHBOURS) as u32;
            }
        })?;
        let most = self.room / 2 / size_of::<u32>();
        let mut first = 0;
        while first < all {
            let (mut end, mut sum) = (first, 0);
            while end < all && (end == first || sum + counts[end] as usize <= most) {
                sum += counts[end] as usize;
                end += 1;
            }
            if sum > 0 {
                self.join_some(first, &counts[first..end], sum, &mut entries, parts)?;
            }
            first = end;
        }
        Ok(())
    }

    /// Joins those from `first` on, of which `counts` tells with how many each shares a number,
    /// with what follows them.
    ///
    /// What stands near another in a list was no farther from it before, unless something has gone
    /// from that list. So two that were there, and share enough numbers of other lists, were
    /// compared before, and are not alike if they were in no group together.
    fn join_some(
        &self,
        first: usize,
        counts: &[u32],
        sum: usize,
        entries: &mut Entries,
        parts: &mut Parts,
    ) -> Result<(), S::Error> {
        let mut others = vec![0u32; sum];
        let mut ends: Vec<usize> = counts
            .iter()
            .scan(0, |end, count| Some(std::mem::replace(end, *end + *count as usize)))
            .collect();
        entries.lists(self.shelf, self.ranks, &mut |list| {
            let has_lost = self.gone.contains(&((list[0] >> 32) as u32));
            for (at, one) in list.iter().enumerate() {
                let Some(end) =
                    (*one as u32 as usize).checked_sub(first).and_then(|one| ends.get_mut(one))
                else {
                    continue;
                };
                for other in list[at + 1..].iter().take(NEIGHBOURS) {
                    others[*end] = (*other as u32) << 1 | u32::from(has_lost);
                    *end += 1;
                }
            }
        })?;
        let mut pairs = Vec::new();
        let mut start = 0;
        for (one, end) in (first as u32..).zip(ends) {
            let others = &mut others[start..end];
            others.sort_unstable();
            let place = |rank: u32| self.ranks.places[rank as usize];
            for same in others.chunk_by(|a, b| a >> 1 == b >> 1) {
                let other = same[0] >> 1;
                let pair = (place(one), place(other));
                let as_before = same.iter().filter(|shared| **shared & 1 == 0).count();
                let is_known = || {
                    self.shelf.were_apart(pair.0, pair.1)
                        && self.ranks.may_be(one, other, as_before)
                };
                if self.ranks.may_be(one, other, same.len()) && !is_known() {
                    pairs.push(pair);
                }
            }
            start = end;
            if pairs.len() >= COMPARED {
                compare(self.shelf, &mut pairs, parts, self.threads)?;
            }
        }
        compare(self.shelf, &mut pairs, parts, self.threads).map(|_| ())
    }
}

/// Compares pairs, joins those that are alike, and gives them; pairs that are joined already are
/// left out. None of `pairs` is left.
pub(super) fn compare<S: Shelf>(
    shelf: &S,
    pairs: &mut Vec<(u32, u32)>,
    parts: &mut Parts,
    threads: usize,
) -> Result<Vec<(u32, u32)>, S::Error> {
    pairs.retain(|(one, other)| parts.find(*one) != parts.find(*other));
    let share = pairs.len().div_ceil(threads).max(COMPARED / 16);
    let found = std::thread::scope(|scope| {
        let mut shares = pairs.chunks(share);
        let first = shares.next().unwrap_or_default();
        let others: Vec<_> = shares.map(|share| scope.spawn(move || alike(shelf, share))).collect();
        let mut found = alike(shelf, first)?;
        for other in others {
            match other.join() {
                Ok(more) => found.extend(more?),
                Err(fault) => std::panic::resume_unwind(fault),
            }
        }
        Ok(found)
    })?;
    found.iter().for_each(|(one, other)| parts.join(*one, *other));
    pairs.clear();
    Ok(found)
}

/// Those of some pairs that are alike.
fn alike<S: Shelf>(shelf: &S, pairs: &[(u32, u32)]) -> Result<Vec<(u32, u32)>, S::Error> {
    let (mut one, mut other) = (Sketch::default(), Sketch::default());
    let mut found = Vec::new();
    for same in pairs.chunk_by(|a, b| a.0 == b.0) {
        shelf.read(same[0].0, &mut one)?;
        for pair in same {
            shelf.read(pair.1, &mut other)?;
            if one.is_like(&other) {
                found.push(*pair);
            }
        }
    }
    Ok(found)
}

/// The numbers that are looked up, each with the rank that has it, in batches that are sorted; as
/// many batches at once as there is room for.
struct Entries {
    /// The batches of each slice.
    slices: Vec<std::ops::Range<usize>>,
    /// Which slice is there now.
    there: Option<usize>,
    /// A number above, its rank below.
    entries: Vec<u64>,
    /// Where each batch of the slice ends.
    ends: Vec<usize>,
}

impl Entries {
    fn of(ranks: &Ranks, most: usize) -> Self {
        let mut slices = Vec::new();
        let (mut start, mut sum) = (0, 0);
        for (batch, count) in ranks.batches.iter().enumerate() {
            if sum > 0 && sum + *count as usize > most {
                slices.push(start..batch);
                (start, sum) = (batch, 0);
            }
            sum += *count as usize;
        }
        slices.push(start..ranks.batches.len());
        Self { slices, there: None, entries: Vec::new(), ends: Vec::new() }
    }

    /// Shows, of each number that several sketches have, their ranks, rising: the lower half of
    /// each entry.
    fn lists<S: Shelf>(
        &mut self,
        shelf: &S,
        ranks: &Ranks,
        see: &mut dyn FnMut(&[u64]),
    ) -> Result<(), S::Error> {
        for slice in 0..self.slices.len() {
            if self.there != Some(slice) {
                self.load(slice, shelf, ranks)?;
            }
            for list in self.entries.chunk_by(|a, b| a >> 32 == b >> 32) {
                if list.len() > 1 {
                    see(list);
                }
            }
        }
        Ok(())
    }

    fn load<S: Shelf>(&mut self, slice: usize, shelf: &S, ranks: &Ranks) -> Result<(), S::Error> {
        let batches = self.slices[slice].clone();
        self.there = Some(slice);
        self.ends.clear();
        let mut sum = 0;
        for count in &ranks.batches[batches.clone()] {
            self.ends.push(sum);
            sum += *count as usize;
        }
        self.entries.clear();
        self.entries.resize(sum, 0);
        let (ends, entries) = (&mut self.ends, &mut self.entries);
        let mask = ranks.batches.len() - 1;
        shelf.each(&|_| true, &mut |place, brief| {
            if brief.runs < SHORTEST {
                return;
            }
            let rank = u64::from(ranks.of[place as usize]);
            for key in brief.keys() {
                let at = batch(*key, mask).wrapping_sub(batches.start);
                if let Some(end) = ends.get_mut(at) {
                    entries[*end] = u64::from(*key) << 32 | rank;
                    *end += 1;
                }
            }
        })?;
        let mut start = 0;
        for end in ends.iter() {
            entries[start..*end].sort_unstable();
            start = *end;
        }
        // Exact copies share all of their numbers, and are one.
        entries.dedup();
        Ok(())
    }
}

/// Parts of a whole that are joined step by step.
pub(super) struct Parts {
    parent: Vec<u32>,
}

impl Parts {
    pub fn of(number: usize) -> Self {
        Self { parent: (0..number as u32).collect() }
    }

    fn find(&mut self, mut at: u32) -> u32 {
        while self.parent[at as usize] != at {
            let above = self.parent[self.parent[at as usize] as usize];
            self.parent[at as usize] = above;
            at = above;
        }
        at
    }

    pub fn join(&mut self, a: u32, b: u32) {
        let (a, b) = (self.find(a), self.find(b));
        self.parent[a.max(b) as usize] = a.min(b);
    }

    pub fn groups(mut self) -> Vec<Vec<u32>> {
        let mut rows: Vec<(u32, u32)> = (0..self.parent.len() as u32)
            .map(|at| (self.find(at), at))
            .filter(|(first, at)| first != at)
            .collect();
        rows.sort_unstable();
        let others = rows.chunk_by(|a, b| a.0 == b.0);
        let group = |part: &[(u32, u32)]| {
            std::iter::once(part[0].0).chain(part.iter().map(|(_, at)| *at)).collect()
        };
        others.map(group).collect()
    }
}
