//! What is kept for each of some hashes: a table that mixes them once and no more.

/// A value for each hash, in a table that is at most half full.
#[derive(Debug)]
pub(super) struct Tally<V> {
    /// Each hash at the place that its mixed bits say, or behind it; 0 where there is none.
    places: Vec<(u64, V)>,
    shift: u32,
}

impl<V: Copy + Default> Tally<V> {
    /// Room for so many hashes and no more.
    pub fn of(most: usize) -> Self {
        let size = (2 * most).next_power_of_two().max(2);
        Self { places: vec![(0, V::default()); size], shift: 64 - size.trailing_zeros() }
    }

    /// The value of a hash, which it now has.
    #[inline]
    pub fn entry(&mut self, hash: u64) -> &mut V {
        let hash = named(hash);
        let mut place = self.place(hash);
        while self.places[place].0 != hash && self.places[place].0 != 0 {
            place = self.behind(place);
        }
        let (known, value) = &mut self.places[place];
        *known = hash;
        value
    }

    /// The value of a hash; the least there is where it has none.
    #[inline]
    pub fn get(&self, hash: u64) -> V {
        let hash = named(hash);
        let mut place = self.place(hash);
        while self.places[place].0 != hash {
            if self.places[place].0 == 0 {
                return V::default();
            }
            place = self.behind(place);
        }
        self.places[place].1
    }

    fn place(&self, hash: u64) -> usize {
        (hash.wrapping_mul(0x9e37_79b9_7f4a_7c15) >> self.shift) as usize
    }

    fn behind(&self, place: usize) -> usize {
        (place + 1) & (self.places.len() - 1)
    }
}

/// A hash that is not 0.
fn named(hash: u64) -> u64 {
    if hash == 0 { 0x51ed } else { hash }
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
