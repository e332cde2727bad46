//! The groups of articles that are nearly the same, as a search asks for them: a file of a commit,
//! beside the ledger.

use std::io::{self, Write};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::directory::OwnedBytes;

/// The groups of a commit, set down so that a search can ask for an article without making
/// anything of the others: its lists are read where they lie in the file.
///
/// Where a file is damaged, what does not fit together belongs to no group.
#[derive(Debug, Default)]
pub(super) struct Groups {
    /// The numbers of origins: one group after the other, the largest first, and in a group those
    /// of the same article side by side.
    origins: Eights,
    /// The place of the first origin with the same article, where there is another; else `ALONE`.
    same: Fours,
    /// The group of each origin.
    group: Fours,
    /// Where each group ends in `origins`.
    ends: Fours,
    /// How many different articles each group has.
    sizes: Fours,
    /// Places of origins by the first bits of their numbers, which are as good as drawn by lot;
    /// `ALONE` where there is none. A power of two, at most half full.
    slots: Fours,
    /// A bit for each eighth of a place, set where an origin falls on it: most articles have none
    /// like them, and are told by this alone.
    bits: Eights,
}

/// The same before it is set down.
#[derive(Default)]
struct Made {
    origins: Vec<u64>,
    same: Vec<u32>,
    group: Vec<u32>,
    ends: Vec<u32>,
    sizes: Vec<u32>,
    slots: Vec<u32>,
    bits: Vec<u64>,
}

/// Numbers of four bytes each, the least first.
#[derive(Debug)]
struct Fours(OwnedBytes);

/// Numbers of eight bytes each.
#[derive(Debug)]
struct Eights(OwnedBytes);

macro_rules! numbers {
    ($name:ident, $number:ty) => {
        impl $name {
            const SIZE: usize = size_of::<$number>();

            fn of(numbers: &[$number]) -> Self {
                let bytes: Vec<u8> = numbers.iter().flat_map(|n| n.to_le_bytes()).collect();
                Self(OwnedBytes::new(bytes))
            }

            fn len(&self) -> usize {
                self.0.len() / Self::SIZE
            }

            fn get(&self, at: usize) -> Option<$number> {
                let bytes = self.0.get(at.checked_mul(Self::SIZE)?..)?.first_chunk()?;
                Some(<$number>::from_le_bytes(*bytes))
            }

            fn range(&self, from: usize, to: usize) -> impl Iterator<Item = $number> {
                (from..to).map_while(|at| self.get(at))
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self(OwnedBytes::empty())
            }
        }
    };
}

numbers!(Fours, u32);
numbers!(Eights, u64);

impl Fours {
    fn iter(&self) -> impl Iterator<Item = u32> {
        self.range(0, self.len())
    }
}

/// In place of a place: there is none.
const ALONE: u32 = u32::MAX;

impl Groups {
    /// Sets down groups of origins, each with the number of its article's content.
    pub fn of(mut groups: Vec<Vec<(u64, u64)>>) -> Self {
        let least = |group: &[(u64, u64)]| group.iter().map(|(origin, _)| *origin).min();
        groups.sort_by_cached_key(|group| (std::cmp::Reverse(group.len()), least(group)));
        let mut set = Made::default();
        for (mut group, number) in groups.into_iter().zip(0..) {
            // By the least of the origins with the same content, whatever that number is.
            let mut first: FxHashMap<u64, u64> = FxHashMap::default();
            for (origin, content) in &group {
                let known = first.entry(*content).or_insert(*origin);
                *known = (*known).min(*origin);
            }
            group.sort_unstable_by_key(|(origin, content)| (first[content], *origin));
            set.sizes.push(first.len() as u32);
            for same in group.chunk_by(|a, b| a.1 == b.1) {
                let place = set.origins.len() as u32;
                let place = if same.len() > 1 { place } else { ALONE };
                set.origins.extend(same.iter().map(|(origin, _)| *origin));
                set.same.extend(same.iter().map(|_| place));
                set.group.extend(same.iter().map(|_| number));
            }
            set.ends.push(set.origins.len() as u32);
        }
        if !set.origins.is_empty() {
            set.slots = vec![ALONE; (set.origins.len() * 2).next_power_of_two()];
            set.bits = vec![0; (set.origins.len() / 8).next_power_of_two()];
            for (origin, place) in set.origins.iter().zip(0..) {
                let (word, bit) = bit(*origin, set.bits.len());
                set.bits[word] |= bit;
                let mut at = slot(*origin, set.slots.len());
                while set.slots[at] != ALONE {
                    at = (at + 1) % set.slots.len();
                }
                set.slots[at] = place;
            }
        }
        Self {
            origins: Eights::of(&set.origins),
            same: Fours::of(&set.same),
            group: Fours::of(&set.group),
            ends: Fours::of(&set.ends),
            sizes: Fours::of(&set.sizes),
            slots: Fours::of(&set.slots),
            bits: Eights::of(&set.bits),
        }
    }

    fn lists(&self) -> [&OwnedBytes; 7] {
        let Self { origins, same, group, ends, sizes, slots, bits } = self;
        [&origins.0, &same.0, &group.0, &ends.0, &sizes.0, &slots.0, &bits.0]
    }

    /// Writes the lists one after the other, and before them how many bytes each has.
    pub fn write(&self, to: &mut dyn Write) -> io::Result<()> {
        for list in self.lists() {
            to.write_all(&(list.len() as u64).to_le_bytes())?;
        }
        self.lists().into_iter().try_for_each(|list| to.write_all(list))
    }

    /// Reads what was written, nothing as no group; `None` where it is damaged.
    pub fn read(mut bytes: OwnedBytes) -> Option<Self> {
        if bytes.is_empty() {
            return Some(Self::default());
        }
        let mut lengths = [0; 7];
        for length in &mut lengths {
            let (own, rest) = bytes.split_first_chunk()?;
            *length = usize::try_from(u64::from_le_bytes(*own)).ok()?;
            bytes = bytes.slice(bytes.len() - rest.len()..bytes.len());
        }
        let mut next = 0;
        let mut list = |number: usize| -> Option<OwnedBytes> {
            let end = lengths[number].checked_add(next)?;
            let list = (end <= bytes.len()).then(|| bytes.slice(next..end));
            next = end;
            list
        };
        let groups = Self {
            origins: Eights(list(0)?),
            same: Fours(list(1)?),
            group: Fours(list(2)?),
            ends: Fours(list(3)?),
            sizes: Fours(list(4)?),
            slots: Fours(list(5)?),
            bits: Eights(list(6)?),
        };
        let all = groups.origins.len();
        let fits = (groups.same.len(), groups.group.len()) == (all, all)
            && groups.sizes.len() == groups.ends.len()
            && groups.reach(groups.count()).0 == all
            && (all == 0 || groups.slots.len() > all && groups.bits.len() > 0);
        (fits && next == bytes.len()).then_some(groups)
    }

    /// Puts groups in the place of those that hold some of these origins.
    pub fn with(&self, touched: impl Iterator<Item = u64>, groups: Vec<Vec<(u64, u64)>>) -> Self {
        let touched: FxHashSet<u32> =
            touched.filter_map(|origin| self.member(origin)).map(|member| member.group).collect();
        let kept = (0..self.count()).filter(|group| !touched.contains(&(*group as u32)));
        Self::of(kept.map(|group| self.contents(group)).chain(groups).collect())
    }

    /// The origins of a group, each with a number that those of the same article share.
    fn contents(&self, group: usize) -> Vec<(u64, u64)> {
        let (start, end) = self.reach(group);
        let content = |at: usize| match self.same.get(at) {
            None | Some(ALONE) => at as u64,
            Some(first) => u64::from(first),
        };
        self.origins.range(start, end).zip(start..).map(|(o, at)| (o, content(at))).collect()
    }

    fn place(&self, origin: u64) -> Option<usize> {
        let (word, bit) = bit(origin, self.bits.len());
        if self.bits.get(word)? & bit == 0 {
            return None;
        }
        let many = self.slots.len();
        let first = slot(origin, many);
        let places = (first..many).chain(0..first).map_while(|at| self.slots.get(at));
        let mut places = places.take_while(|place| *place != ALONE).map(|place| place as usize);
        places.find(|place| self.origins.get(*place) == Some(origin))
    }

    /// How many groups there are, exact copies alone among them.
    pub fn count(&self) -> usize {
        self.ends.len()
    }

    pub fn is_empty(&self) -> bool {
        self.origins.len() == 0
    }

    /// Where an origin belongs; `None` for an article without others like it.
    pub fn member(&self, origin: u64) -> Option<Member> {
        let place = self.place(origin)?;
        let same = self.same.get(place).filter(|same| *same != ALONE);
        let group = self.group.get(place).filter(|group| (*group as usize) < self.count())?;
        // No group has these numbers.
        Some(Member { group, same: same.map(|same| self.count() as u32 + same) })
    }

    /// How many other articles are nearly the same as that of an origin.
    pub fn near(&self, origin: u64) -> u32 {
        let size = self.member(origin).and_then(|member| self.sizes.get(member.group as usize));
        size.map_or(0, |size| size.saturating_sub(1))
    }

    /// All places of an article that has several.
    pub fn places(&self, origin: u64) -> Vec<u64> {
        let same = self.place(origin).and_then(|place| self.same.get(place));
        let Some(first) = same.filter(|same| *same != ALONE) else { return Vec::new() };
        let from = first as usize;
        let others = self.same.range(from, self.same.len());
        let count = others.take_while(|other| *other == first).count();
        self.origins.range(from, from + count).collect()
    }

    /// How many places hold what another place holds, too.
    pub fn copies(&self) -> u64 {
        let others = self.same.iter().zip(0..).filter(|(first, at)| *first < ALONE && first != at);
        others.count() as u64
    }

    /// How many groups of different articles there are, and how many articles are in them.
    pub fn totals(&self) -> (u64, u64) {
        let sizes = || self.sizes.iter().filter(|size| *size > 1);
        (sizes().count() as u64, sizes().map(u64::from).sum())
    }

    /// The origins of the group of an origin.
    pub fn like(&self, origin: u64) -> Option<Vec<u64>> {
        Some(self.group(self.member(origin)?.group as usize))
    }

    /// Where a group begins and ends among the origins.
    fn reach(&self, number: usize) -> (usize, usize) {
        let end = |number| self.ends.get(number).map_or(0, |end| end as usize);
        (number.checked_sub(1).map_or(0, end), end(number))
    }

    fn group(&self, number: usize) -> Vec<u64> {
        let (start, end) = self.reach(number);
        self.origins.range(start, end).collect()
    }

    /// The origins of each group, the largest group first.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = Vec<u64>> {
        (0..self.count()).map(|number| self.group(number))
    }
}

/// The first of so many slots in which an origin may be.
fn slot(origin: u64, slots: usize) -> usize {
    ((u128::from(origin) * slots as u128) >> 64) as usize
}

/// The word, of so many, and the bit in it that an origin falls on.
fn bit(origin: u64, words: usize) -> (usize, u64) {
    // Other bits of it than those that choose the slot.
    let turned = origin.rotate_left(32);
    let at = (u128::from(turned) * (words as u128 * 64)) >> 64;
    (at as usize / 64, 1 << (at % 64))
}

/// Where an article belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    /// Its group.
    pub group: u32,
    /// Its exact copies, where there are some, by a number that no group has.
    pub same: Option<u32>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_are_found_again_by_each_of_their_origins() {
        let far = |number: u64| number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        // The second group is the larger one; 5, 7 and 9 hold the same article.
        let given = vec![
            vec![(far(1), 10), (far(2), 20)],
            vec![(far(5), 30), (far(6), 40), (far(7), 30), (far(9), 30)],
        ];
        let groups = Groups::of(given);
        let mut bytes = Vec::new();
        groups.write(&mut bytes).unwrap();
        for cut in 1..bytes.len() {
            assert!(Groups::read(OwnedBytes::new(bytes[..cut].to_vec())).is_none(), "{cut}");
        }
        let groups = Groups::read(OwnedBytes::new(bytes)).unwrap();
        assert!(!groups.is_empty());
        assert_eq!(groups.groups().map(|group| group.len()).collect::<Vec<_>>(), [4, 2]);
        assert_eq!((groups.copies(), groups.totals()), (2, (2, 4)));
        for number in [5, 7, 9] {
            let mut places = groups.places(far(number));
            places.sort_unstable();
            let mut expected = [far(5), far(7), far(9)];
            expected.sort_unstable();
            assert_eq!(places, expected);
            assert_eq!(groups.near(far(number)), 1);
        }
        assert!(groups.places(far(6)).is_empty() && groups.places(far(3)).is_empty());
        assert_eq!(groups.member(far(2)), Some(Member { group: 1, same: None }));
        assert_eq!(groups.member(far(3)), None);
        assert_eq!(groups.like(far(1)).unwrap().len(), 2);
        let none = Groups::of(Vec::new());
        assert!(none.is_empty() && none.like(1).is_none());
    }
}
