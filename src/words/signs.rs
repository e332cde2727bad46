//! What the bytes of a text are to words, sixty-four at a time, a bit for each.

/// How many bytes are looked at together.
pub(super) const SIGNS: usize = 64;

/// What some bytes are to words, a bit for each; none of what is behind the end of a text.
#[derive(Debug, Default)]
pub(super) struct Signs {
    /// Letters and digits of ASCII.
    pub letters: u64,
    /// Those of them that are capitals.
    pub capitals: u64,
    /// Parts of longer characters.
    pub long: u64,
    /// Bytes that the words that are looked for may begin with.
    pub firsts: u64,
}

/// The bytes that words may begin with which are looked for, small: a few, or all there are.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Firsts {
    bytes: [u8; Self::MOST],
    count: usize,
}

impl Firsts {
    /// Of more different bytes none is left out.
    const MOST: usize = 4;

    /// Any byte.
    pub(super) const ALL: Self = Self { bytes: [0; Self::MOST], count: Self::MOST + 1 };

    /// The first bytes of some folded words.
    pub fn of<'w>(words: impl Iterator<Item = &'w str>) -> Self {
        let mut firsts = Self { bytes: [0; Self::MOST], count: 0 };
        // A word that begins with a longer character is looked for everywhere.
        for first in words.filter_map(|word| word.bytes().next()).filter(u8::is_ascii) {
            if firsts.known().contains(&first) {
                continue;
            }
            let Some(free) = firsts.bytes.get_mut(firsts.count) else { return Self::ALL };
            *free = first;
            firsts.count += 1;
        }
        firsts
    }

    fn known(&self) -> &[u8] {
        &self.bytes[..self.count.min(Self::MOST)]
    }

    fn are_all(&self) -> bool {
        self.count > Self::MOST
    }
}

impl Signs {
    pub fn of(bytes: &[u8], firsts: &Firsts) -> Self {
        if let Some(whole) = bytes.first_chunk() {
            return Self::of_all(whole, firsts);
        }
        let mut room = [0; SIGNS];
        room[..bytes.len()].copy_from_slice(bytes);
        Self::of_all(&room, firsts)
    }

    #[cfg(target_arch = "x86_64")]
    #[allow(unsafe_code, reason = "steps of sixteen bytes")]
    fn of_all(bytes: &[u8; SIGNS], firsts: &Firsts) -> Self {
        // SAFETY: SSE2, which is all that the function asks of a processor, is a part of x86-64.
        unsafe { sixteen::of_all(bytes, firsts) }
    }

    #[cfg(not(target_arch = "x86_64"))]
    fn of_all(bytes: &[u8; SIGNS], firsts: &Firsts) -> Self {
        eight::of_all(bytes, firsts)
    }
}

/// Sixteen bytes in one step, as every processor of this kind can.
#[cfg(target_arch = "x86_64")]
mod sixteen {
    use std::arch::x86_64::{
        __m128i, _mm_and_si128, _mm_andnot_si128, _mm_cmpeq_epi8, _mm_cmpgt_epi8, _mm_cmplt_epi8,
        _mm_movemask_epi8, _mm_or_si128, _mm_set_epi64x, _mm_set1_epi8,
    };

    use super::{Firsts, SIGNS, Signs};

    #[target_feature(enable = "sse2")]
    pub(super) fn of_all(bytes: &[u8; SIGNS], firsts: &Firsts) -> Signs {
        let (eights, _) = bytes.as_chunks::<8>();
        let part = |number: usize| {
            let [low, high] = [eights[2 * number], eights[2 * number + 1]];
            _mm_set_epi64x(i64::from_le_bytes(high), i64::from_le_bytes(low))
        };
        let parts: [__m128i; 4] = [part(0), part(1), part(2), part(3)];
        // The highest bit of each byte, side by side.
        let bits = |each: &dyn Fn(__m128i) -> __m128i| {
            parts.iter().rev().fold(0_u64, |bits, part| {
                bits << 16 | u64::from(_mm_movemask_epi8(each(*part)) as u32)
            })
        };
        let one = |byte: u8| _mm_set1_epi8(byte.cast_signed());
        // Bytes from 0x80 on are below all others here.
        let within = |part, first: u8, last: u8| {
            _mm_and_si128(_mm_cmpgt_epi8(part, one(first - 1)), _mm_cmplt_epi8(part, one(last + 1)))
        };
        let difference = one(0x20);
        let small = |part| _mm_or_si128(part, difference);
        let alphabetic = |part| within(small(part), b'a', b'z');
        let letters = |part| _mm_or_si128(alphabetic(part), within(part, b'0', b'9'));
        // Letters without the bit by which small ones differ from capitals.
        let capitals = |part| {
            let set = _mm_cmpeq_epi8(_mm_and_si128(part, difference), difference);
            _mm_andnot_si128(set, alphabetic(part))
        };
        let firsts = if firsts.are_all() {
            u64::MAX
        } else {
            firsts.known().iter().fold(0, |all, &first| {
                let first = one(first);
                all | bits(&|part| _mm_cmpeq_epi8(small(part), first))
            })
        };
        Signs {
            letters: bits(&letters),
            capitals: bits(&capitals),
            long: bits(&|part| part),
            firsts,
        }
    }
}

/// Eight bytes in one step, on any processor: a byte of at most 0x7f that is in a range has its
/// highest bit set once its distance to 0x80 is added to the start, and not once it is added to the
/// end.
#[cfg(any(test, not(target_arch = "x86_64")))]
mod eight {
    use super::{Firsts, SIGNS, Signs};

    pub(super) fn of_all(bytes: &[u8; SIGNS], firsts: &Firsts) -> Signs {
        const EACH: u64 = 0x0101_0101_0101_0101;
        const HIGH: u64 = 0x80 * EACH;
        let within = |part: u64, first: u8, last: u8| {
            let from = part + u64::from(0x80 - first) * EACH;
            let past = part + u64::from(0x7f - last) * EACH;
            from & !past
        };
        // The highest bits of eight bytes, side by side.
        let bits = |high: u64| ((high & HIGH) >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56;
        let mut signs =
            Signs { firsts: if firsts.are_all() { u64::MAX } else { 0 }, ..Signs::default() };
        for (number, eight) in bytes.as_chunks::<8>().0.iter().enumerate() {
            let part = u64::from_le_bytes(*eight);
            let low = part & !HIGH;
            // With the bit set by which small letters differ from capitals.
            let letters = within(low | (0x20 * EACH), b'a', b'z') & !part;
            let digits = within(low, b'0', b'9') & !part;
            signs.letters |= bits(letters | digits) << (8 * number);
            signs.capitals |= bits(letters & !(low << 2)) << (8 * number);
            signs.long |= bits(part) << (8 * number);
            for first in firsts.known() {
                let part = (part | (0x20 * EACH)) ^ (u64::from(*first) * EACH);
                // A byte that is 0 has no bit that an addition could carry into its highest.
                let none = !(((part & !HIGH) + !HIGH) | part);
                signs.firsts |= bits(none) << (8 * number);
            }
        }
        signs
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn signs_are_what_their_bytes_are() {
        let firsts = Firsts::of(["tax", "2020", "time"].into_iter());
        for byte in 0..=255u8 {
            for at in 0..SIGNS {
                let mut bytes = [b'q'; SIGNS];
                bytes[at] = byte;
                let bit = |is: bool| u64::from(is) << at;
                for signs in [Signs::of(&bytes, &firsts), eight::of_all(&bytes, &firsts)] {
                    assert_eq!(signs.letters, !bit(true) | bit(byte.is_ascii_alphanumeric()));
                    assert_eq!(signs.capitals, bit(byte.is_ascii_uppercase()));
                    assert_eq!(signs.long, bit(!byte.is_ascii()));
                    let first = [b't', b'2'].contains(&(byte | 0x20));
                    assert_eq!(signs.firsts, bit(first), "{byte}");
                }
            }
        }
        for length in 0..SIGNS {
            assert_eq!(Signs::of(&[b'q'; SIGNS][..length], &firsts).letters, (1 << length) - 1);
        }
    }

    #[test]
    fn of_many_first_bytes_none_is_left_out() {
        let many = Firsts::of(["a", "b", "c", "d", "e"].into_iter());
        assert_eq!(many, Firsts::ALL);
        assert_eq!(Signs::of(b"xyz", &many).firsts, u64::MAX);
        assert_eq!(Signs::of(b"xyz", &Firsts::of([].into_iter())).firsts, 0);
    }
}
