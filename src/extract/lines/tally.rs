//! What is kept for each of some hashes: a table that mixes them once and no more.

/// A value for each hash.
#[derive(Debug)]
pub(super) struct Tally<V> {
    /// Each hash and its value, in the order in which they came.
    kept: Vec<(u64, V)>,
    /// The number of each hash, from 1, at the place that its mixed bits say, or behind it; at most
    /// half of the places are taken.
    places: Vec<u32>,
    shift: u32,
}

impl<V: Copy + Default> Tally<V> {
    /// Room for so many hashes and no more.
    pub fn of(most: usize) -> Self {
        let size = (2 * most).next_power_of_two().max(2);
        let kept = Vec::with_capacity(most);
        Self { kept, places: vec![0; size], shift: 64 - size.trailing_zeros() }
    }

    /// The value of a hash, which it now has.
    #[inline]
    pub fn entry(&mut self, hash: u64) -> &mut V {
        let place = self.find(hash);
        if self.places[place] == 0 {
            self.kept.push((hash, V::default()));
            self.places[place] = self.kept.len() as u32;
        }
        &mut self.kept[self.places[place] as usize - 1].1
    }

    /// The value of a hash; that of none where it has none.
    #[inline]
    pub fn get(&self, hash: u64) -> V {
        match self.places[self.find(hash)] {
            0 => V::default(),
            number => self.kept[number as usize - 1].1,
        }
    }

    /// The place of a hash, or the free one where it would stand.
    #[inline]
    fn find(&self, hash: u64) -> usize {
        let mut place = (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize;
        while self.places[place] != 0 && self.kept[self.places[place] as usize - 1].0 != hash {
            place = (place + 1) & (self.places.len() - 1);
        }
        place
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_hash_has_its_own() {
        for most in [0, 1, 2, 100, 1000] {
            let mut tally: Tally<u32> = Tally::of(most);
            for hash in (0..most as u64).chain(0..most as u64 / 2) {
                *tally.entry(hash) += 1;
            }
            for hash in 0..most as u64 {
                assert_eq!(tally.get(hash), 1 + u32::from(hash < most as u64 / 2));
            }
            assert_eq!(tally.get(most as u64 + 7), 0);
        }
    }
}
