//! The groups of articles that are nearly the same, as a search asks for them: a file of a commit,
//! beside the ledger.

use rustc_hash::{FxHashMap, FxHashSet};
use serde::{Deserialize, Serialize};

/// The groups of a commit, set down so that a search can ask for an article without making
/// anything of the others.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Groups {
    /// The numbers of origins: one group after the other, the largest first, and in a group those
    /// of the same article side by side.
    #[serde(with = "eights")]
    origins: Vec<u64>,
    /// The place of the first origin with the same article, where there is another; else `ALONE`.
    #[serde(with = "fours")]
    same: Vec<u32>,
    /// The group of each origin.
    #[serde(with = "fours")]
    group: Vec<u32>,
    /// Where each group ends in `origins`.
    #[serde(with = "fours")]
    ends: Vec<u32>,
    /// How many different articles each group has.
    #[serde(with = "fours")]
    sizes: Vec<u32>,
    /// Places of origins by the first bits of their numbers, which are as good as drawn by lot;
    /// `ALONE` where there is none. A power of two, at most half full.
    #[serde(with = "fours")]
    slots: Vec<u32>,
    /// A bit for each eighth of a place, set where an origin falls on it: most articles have none
    /// like them, and are told by this alone.
    #[serde(with = "eights")]
    bits: Vec<u64>,
}

/// In place of a place: there is none.
const ALONE: u32 = u32::MAX;

impl Groups {
    /// Sets down groups of origins, each with the number of its article's content.
    pub fn of(mut groups: Vec<Vec<(u64, u64)>>) -> Self {
        let least = |group: &[(u64, u64)]| group.iter().map(|(origin, _)| *origin).min();
        groups.sort_by_cached_key(|group| (std::cmp::Reverse(group.len()), least(group)));
        let mut set = Self::default();
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
                let (word, bit) = set.bit(*origin);
                set.bits[word] |= bit;
                let mut at = set.slot(*origin);
                while set.slots[at] != ALONE {
                    at = (at + 1) % set.slots.len();
                }
                set.slots[at] = place;
            }
        }
        set
    }

    /// Puts groups in the place of those that hold some of these origins.
    pub fn with(&self, touched: impl Iterator<Item = u64>, groups: Vec<Vec<(u64, u64)>>) -> Self {
        let touched: FxHashSet<u32> =
            touched.filter_map(|origin| self.member(origin)).map(|member| member.group).collect();
        let kept = (0..self.ends.len() as u32).filter(|group| !touched.contains(group));
        Self::of(kept.map(|group| self.contents(group as usize)).chain(groups).collect())
    }

    /// The origins of a group, each with a number that those of the same article share.
    fn contents(&self, group: usize) -> Vec<(u64, u64)> {
        let end = self.ends[group] as usize;
        let start = end - self.group(group).len();
        let content = |at: usize| match self.same[at] {
            ALONE => at as u64,
            first => u64::from(first),
        };
        (start..end).map(|at| (self.origins[at], content(at))).collect()
    }

    /// The first slot in which an origin may be.
    fn slot(&self, origin: u64) -> usize {
        ((u128::from(origin) * self.slots.len() as u128) >> 64) as usize
    }

    /// The word and the bit in it that an origin falls on; there are some.
    fn bit(&self, origin: u64) -> (usize, u64) {
        // Other bits of it than those that choose the slot.
        let turned = origin.rotate_left(32);
        let at = (u128::from(turned) * (self.bits.len() as u128 * 64)) >> 64;
        (at as usize / 64, 1 << (at % 64))
    }

    /// Whether its parts fit together, as those of a file that was read must.
    pub fn is_sound(&self) -> bool {
        let all = self.origins.len();
        let places = |list: &[u32]| list.iter().all(|at| *at == ALONE || (*at as usize) < all);
        let free = self.slots.iter().filter(|at| **at == ALONE).count();
        (self.same.len(), self.group.len(), self.sizes.len()) == (all, all, self.ends.len())
            && places(&self.same)
            && places(&self.slots)
            && self.group.iter().all(|group| (*group as usize) < self.ends.len())
            && self.ends.is_sorted()
            && self.ends.last().map_or(0, |end| *end as usize) == all
            && (all == 0 || free > 0 && !self.bits.is_empty())
    }

    fn place(&self, origin: u64) -> Option<usize> {
        if self.slots.is_empty() {
            return None;
        }
        let (word, bit) = self.bit(origin);
        if self.bits[word] & bit == 0 {
            return None;
        }
        let mut at = self.slot(origin);
        loop {
            let place = self.slots[at];
            if place == ALONE {
                return None;
            }
            if self.origins[place as usize] == origin {
                return Some(place as usize);
            }
            at = (at + 1) % self.slots.len();
        }
    }

    pub fn is_empty(&self) -> bool {
        self.origins.is_empty()
    }

    /// Where an origin belongs; `None` for an article without others like it.
    pub fn member(&self, origin: u64) -> Option<Member> {
        Some(self.member_at(self.place(origin)?))
    }

    fn member_at(&self, place: usize) -> Member {
        let same = self.same[place];
        // No group has these numbers.
        let same = (same != ALONE).then(|| self.ends.len() as u32 + same);
        Member { group: self.group[place], same }
    }

    /// How many other articles are nearly the same as that of an origin.
    pub fn near(&self, origin: u64) -> u32 {
        let member = self.member(origin);
        member.map_or(0, |member| self.sizes[member.group as usize].saturating_sub(1))
    }

    /// All places of an article that has several.
    pub fn places(&self, origin: u64) -> &[u64] {
        let first = self.place(origin).map_or(ALONE, |place| self.same[place]);
        let Some(same) = self.same.get(first as usize..) else { return &[] };
        let count = same.iter().take_while(|other| **other == first).count();
        &self.origins[first as usize..first as usize + count]
    }

    /// How many places hold what another place holds, too.
    pub fn copies(&self) -> u64 {
        let others =
            self.same.iter().zip(0..).filter(|(first, at)| **first < ALONE && *first != at);
        others.count() as u64
    }

    /// How many groups of different articles there are, and how many articles are in them.
    pub fn totals(&self) -> (u64, u64) {
        let sizes = self.sizes.iter().filter(|size| **size > 1);
        (sizes.clone().count() as u64, sizes.map(|size| u64::from(*size)).sum())
    }

    /// The origins of the group of an origin.
    pub fn like(&self, origin: u64) -> Option<&[u64]> {
        Some(self.group(self.member(origin)?.group as usize))
    }

    fn group(&self, number: usize) -> &[u64] {
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.origins[start..self.ends[number] as usize]
    }

    /// The origins of each group, the largest group first.
    pub fn groups(&self) -> impl ExactSizeIterator<Item = &[u64]> {
        (0..self.ends.len()).map(|number| self.group(number))
    }
}

/// Where an article belongs.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Member {
    /// Its group.
    pub group: u32,
    /// Its exact copies, where there are some, by a number that no group has.
    pub same: Option<u32>,
}

/// Lists of numbers as so many bytes each, which are read as fast as they are copied.
macro_rules! as_bytes {
    ($name:ident, $number:ty) => {
        mod $name {
            use serde::de::{Error, Visitor};
            use serde::{Deserializer, Serializer};

            const SIZE: usize = size_of::<$number>();

            pub fn serialize<S: Serializer>(numbers: &[$number], to: S) -> Result<S::Ok, S::Error> {
                let bytes: Vec<u8> =
                    numbers.iter().flat_map(|number| number.to_le_bytes()).collect();
                to.serialize_bytes(&bytes)
            }

            pub fn deserialize<'de, D: Deserializer<'de>>(
                from: D,
            ) -> Result<Vec<$number>, D::Error> {
                struct Bytes;
                impl Visitor<'_> for Bytes {
                    type Value = Vec<$number>;

                    fn expecting(&self, to: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                        to.write_str("the bytes of numbers")
                    }

                    fn visit_bytes<E: Error>(self, bytes: &[u8]) -> Result<Self::Value, E> {
                        let (numbers, rest) = bytes.as_chunks::<SIZE>();
                        if !rest.is_empty() {
                            return Err(E::invalid_length(bytes.len(), &self));
                        }
                        Ok(numbers.iter().map(|bytes| <$number>::from_le_bytes(*bytes)).collect())
                    }
                }
                from.deserialize_bytes(Bytes)
            }
        }
    };
}

as_bytes!(fours, u32);
as_bytes!(eights, u64);

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
        assert!(groups.is_sound() && !groups.is_empty());
        let bytes = postcard::to_allocvec(&groups).unwrap();
        assert_eq!(postcard::from_bytes::<Groups>(&bytes).unwrap(), groups);
        assert_eq!(groups.groups().map(<[u64]>::len).collect::<Vec<_>>(), [4, 2]);
        assert_eq!((groups.copies(), groups.totals()), (2, (2, 4)));
        for number in [5, 7, 9] {
            let mut places = groups.places(far(number)).to_vec();
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
        assert!(none.is_sound() && none.is_empty() && none.like(1).is_none());
    }
}
