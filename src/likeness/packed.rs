//! Sketches in as few bytes as may be: how far each number is from the one before, by a Rice code
//! whose length follows from the number of runs, with where its run stands.
//!
//! What is looked up of a sketch stands first, with bytes of its own, and can be kept alone.

use super::find::Shelf;
use super::sketch::{
    BUCKET, FINE, FURTHER, LOOKED_UP, OPENING, OPENS, START, Sketch, bucket, is_opening, is_start,
};

/// The longest that a number is written as a row of ones; none that belongs to a body comes near.
const LONGEST: u32 = 1 << BUCKET;
/// So many bits are held when a number is read ...
const HELD: u32 = 55;
/// ... which is enough for a row of so many ones and all that follows.
const ROW: u32 = HELD - BUCKET - 2 - FINE;

/// What is looked up of a sketch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Brief {
    /// All words of the headline and the body in one number: equal in exact copies.
    pub digest: u64,
    /// How many different runs the body has.
    pub(super) runs: u32,
    keys: [u32; LOOKED_UP],
    count: usize,
}

impl Brief {
    /// Of a packed sketch the bytes that [`Brief::unpack`] reads; `None` where there are none.
    pub fn packed(bytes: &[u8]) -> Option<&[u8]> {
        let rest = Packed::of(bytes)?.rest;
        bytes.get(..bytes.len() - rest.len())
    }

    /// Reads it from the start of a packed sketch; `None` where the bytes are none.
    pub fn unpack(bytes: &[u8]) -> Option<Self> {
        let Packed { digest, runs, count, mut looked_up, .. } = Packed::of(bytes)?;
        let mut keys = [0; LOOKED_UP];
        let mut distances = Distances::of(opens(runs));
        for key in keys.get_mut(..count)? {
            *key = distances.fine(&mut looked_up)?;
        }
        Some(Self { digest, runs, keys, count })
    }

    /// The numbers by which others are found that may be like it.
    pub(super) fn keys(&self) -> &[u32] {
        &self.keys[..self.count]
    }
}

impl Sketch {
    /// Adds the sketch to `bytes`, to be read again by [`Sketch::unpack`].
    pub fn pack(&self, bytes: &mut Vec<u8>) {
        let opening = || self.numbers.iter().copied().filter(|number| is_opening(*number));
        let further = || self.numbers.iter().copied().filter(|number| !is_opening(*number));
        let count = opening().count();
        bytes.extend_from_slice(&self.digest.to_le_bytes());
        put_number(self.runs, bytes);
        bytes.extend([count.min(LOOKED_UP) as u8, 0]);
        let start = bytes.len();
        let mut bits = BitWriter { bytes, held: 0, count: 0 };
        let mut distances = Distances::of(opens(self.runs));
        for number in opening().take(LOOKED_UP) {
            distances.put(number, &mut bits);
            bits.put(number >> 2 & ((1 << FINE) - 1), FINE);
        }
        bits.end();
        // They are a few bytes each: their distances add up to one space of buckets.
        bytes[start - 1] = (bytes.len() - start) as u8;
        for number in [count.saturating_sub(LOOKED_UP), self.numbers.len() - count] {
            put_number(number as u32, bytes);
        }
        let mut bits = BitWriter { bytes, held: 0, count: 0 };
        opening().take(LOOKED_UP).for_each(|number| bits.put(u32::from(is_start(number)), 1));
        for number in opening().skip(LOOKED_UP) {
            distances.put(number, &mut bits);
            bits.put(u32::from(is_start(number)), 1);
        }
        let mut distances = Distances::of(self.runs - opens(self.runs));
        further().for_each(|number| distances.put(number, &mut bits));
        bits.end();
    }

    /// Becomes what [`Sketch::pack`] wrote; `None` where the bytes are something else.
    pub fn unpack(&mut self, bytes: &[u8]) -> Option<()> {
        let Packed { digest, runs, count, mut looked_up, mut rest } = Packed::of(bytes)?;
        (self.digest, self.runs) = (digest, runs);
        let [opening, further] = [number(&mut rest)?, number(&mut rest)?].map(|n| n as usize);
        // A number has one bit at least.
        if count + opening + further > rest.len() * 8 {
            return None;
        }
        let mut bits = BitReader::of(rest);
        bits.fill();
        let mut distances = Distances::of(opens(runs));
        let mut first = Vec::with_capacity(count + opening);
        for _ in 0..count {
            let number = distances.fine(&mut looked_up)?;
            first.push(number | stands(&mut bits)?);
        }
        for _ in 0..opening {
            let bucket = distances.bucket(&mut bits)?;
            first.push(bucket << (32 - BUCKET) | stands(&mut bits)?);
        }
        let mut distances = Distances::of(runs - opens(runs));
        let mut whole = true;
        let rest = (0..further).map(|_| {
            let number = distances.bucket(&mut bits);
            whole &= number.is_some();
            number.unwrap_or_default() << (32 - BUCKET) | FURTHER
        });
        self.merge(&first, rest);
        whole.then_some(())
    }
}

/// Where the next number of an opening stands.
fn stands(bits: &mut BitReader<'_>) -> Option<u32> {
    Some(if bits.take(1)? > 0 { START } else { OPENING })
}

/// Sketches one behind the other, in memory.
#[derive(Debug, Default)]
pub struct Pack {
    bytes: Vec<u8>,
    ends: Vec<usize>,
}

impl Pack {
    /// Adds a sketch.
    pub fn push(&mut self, sketch: &Sketch) {
        sketch.pack(&mut self.bytes);
        self.ends.push(self.bytes.len());
    }

    fn get(&self, at: u32) -> &[u8] {
        let at = at as usize;
        let start = if at == 0 { 0 } else { self.ends[at - 1] };
        &self.bytes[start..self.ends[at]]
    }
}

/// How many of so many runs are those of the opening.
fn opens(runs: u32) -> u32 {
    runs.min(OPENS as u32)
}

/// How far rising numbers are from each other: of each distance the lowest bits are written as they
/// are, and what is above them as a row of ones.
struct Distances {
    /// How many bits are written as they are: those of the middle distance, where the runs lie in
    /// the space of buckets by chance.
    low: u32,
    before: u32,
}

impl Distances {
    fn of(runs: u32) -> Self {
        let middle = (1u64 << BUCKET) * 69 / 100 / u64::from(runs.max(1));
        Self { low: middle.checked_ilog2().unwrap_or(0), before: 0 }
    }

    fn put(&mut self, number: u32, bits: &mut BitWriter<'_>) {
        let far = bucket(number) - self.before;
        self.before = bucket(number);
        let mut ones = far >> self.low;
        while ones > 30 {
            bits.put(u32::MAX >> 2, 30);
            ones -= 30;
        }
        bits.put((1 << ones) - 1, ones + 1);
        bits.put(far & ((1 << self.low) - 1), self.low);
    }

    /// The next bucket.
    #[inline(always)]
    fn bucket(&mut self, bits: &mut BitReader<'_>) -> Option<u32> {
        bits.fill();
        let far = bits.ones()? << self.low | bits.take(self.low)?;
        self.before = self.before.checked_add(far).filter(|bucket| bucket >> BUCKET == 0)?;
        Some(self.before)
    }

    /// The next number of those that are looked up.
    fn fine(&mut self, bits: &mut BitReader<'_>) -> Option<u32> {
        Some(self.bucket(bits)? << (32 - BUCKET) | bits.take(FINE)? << 2)
    }
}

/// A packed sketch of which the beginning was read.
struct Packed<'b> {
    digest: u64,
    runs: u32,
    /// How many numbers are looked up.
    count: usize,
    looked_up: BitReader<'b>,
    /// What is not looked up.
    rest: &'b [u8],
}

impl<'b> Packed<'b> {
    fn of(bytes: &'b [u8]) -> Option<Self> {
        let (digest, mut bytes) = bytes.split_first_chunk()?;
        let runs = number(&mut bytes)?;
        let ([count, length], bytes) = bytes.split_first_chunk()?;
        let (looked_up, rest) = bytes.split_at_checked(usize::from(*length))?;
        let (count, looked_up) = (usize::from(*count), BitReader::of(looked_up));
        Some(Self { digest: u64::from_le_bytes(*digest), runs, count, looked_up, rest })
    }
}

/// Adds a number in bytes of seven bits each, the lowest first.
fn put_number(mut number: u32, bytes: &mut Vec<u8>) {
    while number >= 0x80 {
        bytes.push(number as u8 | 0x80);
        number >>= 7;
    }
    bytes.push(number as u8);
}

/// Takes such a number from the start of `bytes`.
fn number(bytes: &mut &[u8]) -> Option<u32> {
    let mut number = 0;
    for shift in (0..32).step_by(7) {
        let (byte, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u32::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

impl<'s> FromIterator<&'s Sketch> for Pack {
    fn from_iter<I: IntoIterator<Item = &'s Sketch>>(sketches: I) -> Self {
        let mut pack = Self::default();
        sketches.into_iter().for_each(|sketch| pack.push(sketch));
        pack
    }
}

/// A pack holds what was packed, and nothing of it cannot be read.
impl Shelf for Pack {
    type Error = std::convert::Infallible;

    fn len(&self) -> usize {
        self.ends.len()
    }

    fn each(
        &self,
        wanted: &dyn Fn(u32) -> bool,
        see: &mut dyn FnMut(u32, &Brief),
    ) -> Result<(), Self::Error> {
        for at in (0..self.ends.len() as u32).filter(|at| wanted(*at)) {
            see(at, &Brief::unpack(self.get(at)).expect("it was packed"));
        }
        Ok(())
    }

    fn read(&self, place: u32, sketch: &mut Sketch) -> Result<(), Self::Error> {
        sketch.unpack(self.get(place)).expect("it was packed");
        Ok(())
    }
}

/// Bits behind bytes, the lowest of each first.
struct BitWriter<'b> {
    bytes: &'b mut Vec<u8>,
    held: u64,
    count: u32,
}

impl BitWriter<'_> {
    /// Adds the lowest bits of a number, at most 32.
    fn put(&mut self, number: u32, bits: u32) {
        self.held |= u64::from(number) << self.count;
        self.count += bits;
        if self.count >= 32 {
            self.bytes.extend_from_slice(&(self.held as u32).to_le_bytes());
            self.held >>= 32;
            self.count -= 32;
        }
    }

    fn end(self) {
        let bytes = self.count.div_ceil(8) as usize;
        self.bytes.extend_from_slice(&self.held.to_le_bytes()[..bytes]);
    }
}

/// Bits of bytes, the lowest of each first.
struct BitReader<'b> {
    bytes: &'b [u8],
    /// The next bits, with nothing above them.
    held: u64,
    count: u32,
}

impl<'b> BitReader<'b> {
    fn of(bytes: &'b [u8]) -> Self {
        Self { bytes, held: 0, count: 0 }
    }

    /// Holds [`HELD`] bits and more, as long as there are so many.
    #[inline(always)]
    fn fill(&mut self) {
        if let Some(eight) = self.bytes.first_chunk() {
            let more = (63 - self.count) / 8;
            self.held |= u64::from_le_bytes(*eight) << self.count;
            self.bytes = &self.bytes[more as usize..];
            self.count += more * 8;
            // What does not fill a byte comes again.
            self.held &= u64::MAX >> (64 - self.count);
            return;
        }
        while self.count <= HELD
            && let Some((byte, rest)) = self.bytes.split_first()
        {
            self.held |= u64::from(*byte) << self.count;
            self.count += 8;
            self.bytes = rest;
        }
    }

    /// Takes bits that are held; `None` where there are not so many.
    #[inline(always)]
    fn take(&mut self, bits: u32) -> Option<u32> {
        self.count = self.count.checked_sub(bits)?;
        let taken = self.held & ((1 << bits) - 1);
        self.held >>= bits;
        Some(taken as u32)
    }

    /// How many ones stand before the next zero, which is taken, too; a row of them goes on where
    /// there are more than fit.
    #[inline(always)]
    fn ones(&mut self) -> Option<u32> {
        let ones = self.held.trailing_ones();
        if ones < ROW && ones < self.count {
            self.held >>= ones + 1;
            self.count -= ones + 1;
            return Some(ones);
        }
        self.many_ones()
    }

    #[cold]
    fn many_ones(&mut self) -> Option<u32> {
        let mut all = 0;
        loop {
            let ones = self.held.trailing_ones();
            if ones < ROW && ones < self.count {
                self.held >>= ones + 1;
                self.count -= ones + 1;
                return Some(all + ones);
            }
            let ones = ones.min(ROW);
            if ones == 0 || all > LONGEST {
                return None;
            }
            all += ones;
            self.held >>= ones;
            self.count -= ones;
            self.fill();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read_again(sketch: &Sketch) -> usize {
        let mut bytes = Vec::new();
        sketch.pack(&mut bytes);
        let mut read = Sketch::default();
        read.unpack(&bytes).unwrap();
        assert_eq!(&read, sketch);
        let brief = Brief::unpack(&bytes).unwrap();
        assert_eq!((brief.digest, brief.runs), (sketch.digest, sketch.runs));
        let opening = sketch.numbers.iter().filter(|number| is_opening(**number));
        let keys: Vec<u32> = opening.take(LOOKED_UP).map(|number| number & !3).collect();
        assert_eq!(brief.keys(), keys);
        let alone = Brief::packed(&bytes).unwrap();
        assert_eq!(Brief::unpack(alone).unwrap(), brief);
        for end in 0..alone.len() {
            assert_eq!(Brief::unpack(&alone[..end]), None);
        }
        // Nothing that is cut is taken for whole, and nothing panics.
        for end in 0..bytes.len() {
            assert!(read.unpack(&bytes[..end]).is_none(), "{end} of {}", bytes.len());
        }
        bytes.len()
    }

    #[test]
    fn a_sketch_is_read_as_it_was_written() {
        let far = u32::MAX << (32 - BUCKET);
        for numbers in [vec![], vec![FURTHER], vec![START, far | 1, far | 2], vec![far | 0xffc]] {
            for runs in [0, 1, 300, u32::MAX] {
                read_again(&Sketch { digest: 7, runs, numbers: numbers.clone() });
            }
        }
        let body = |words: u64| -> String {
            (0..words).map(|word| format!("w{} ", word * word % 7919)).collect()
        };
        for words in [3, 20, 150, 500, 5000] {
            let article = crate::article::Article { body: body(words), ..Default::default() };
            let sketch = Sketch::of(&article);
            let bytes = read_again(&sketch);
            assert!(bytes <= 40 + sketch.numbers.len() * 2, "{words} words: {bytes} bytes");
        }
    }
}
