//! An inverted index in memory, made to be written as a segment of tantivy.
//!
//! tantivy 0.27 keeps a growing list of places for each word; most of a build's time goes into
//! finding the end of those lists in memory that no cache holds. Here a text is kept as the row of
//! the numbers of its words, four bytes a word, and sorted by word once, when it is written.

use std::collections::HashMap;
use std::io;

use tantivy::postings::FieldSerializer;

use super::fields::position;
use crate::words::{Region, number_of, number_of_packed, packed, unpacked};

/// Numbers for words, in the order in which they came.
#[derive(Debug)]
pub(super) struct Vocabulary {
    /// Not more than half of them are taken.
    slots: Vec<Slot>,
    /// Where each word ends in `bytes`.
    ends: Vec<u32>,
    bytes: Vec<u8>,
    /// Words that found no slot near the one that is theirs, of which only a text that was made
    /// for it has many.
    crowded: HashMap<Box<[u8]>, u32>,
}

/// All that is looked at to know a word: one line of a cache.
#[derive(Debug, Clone, Copy)]
#[repr(align(32))]
struct Slot {
    /// A short word [`packed`]; of a long one a number that others may have, too.
    key: u128,
    /// The first half of its hash.
    hash: u32,
    number: u32,
}

impl Slot {
    const FREE: Self = Self { key: 0, hash: 0, number: u32::MAX };

    fn is_free(&self) -> bool {
        self.number == u32::MAX
    }
}

/// What the key of a long word has that no packed word has.
const LONG: u128 = 0xff << 120;
/// How many slots are looked at for one word.
const NEAR: usize = 64;

impl Default for Vocabulary {
    fn default() -> Self {
        Self {
            slots: vec![Slot::FREE; 1 << 10],
            ends: Vec::new(),
            bytes: Vec::new(),
            crowded: HashMap::new(),
        }
    }
}

impl Vocabulary {
    /// The number of a word.
    pub fn number(&mut self, word: &str) -> u32 {
        match packed(word) {
            Some(packed) => self.short(packed, number_of_packed(packed)),
            None => {
                let hash = number_of(word);
                self.find(LONG | u128::from(hash), hash, word.as_bytes(), true)
            }
        }
    }

    /// The number of a word that is packed, of which the hash is known.
    #[inline]
    fn short(&mut self, packed: u128, hash: u64) -> u32 {
        // Nearly always it is the first one that is looked at.
        let slot = &self.slots[(hash >> 32) as usize & (self.slots.len() - 1)];
        if slot.key == packed && !slot.is_free() {
            return slot.number;
        }
        let (bytes, length) = unpacked(packed);
        self.find(packed, hash, &bytes[..length], false)
    }

    fn find(&mut self, key: u128, hash: u64, word: &[u8], long: bool) -> u32 {
        let hash = (hash >> 32) as u32;
        let mask = self.slots.len() - 1;
        for step in 0..NEAR {
            let at = (hash as usize + step) & mask;
            let slot = self.slots[at];
            if slot.is_free() {
                let number = self.add(word);
                self.slots[at] = Slot { key, hash, number };
                if self.ends.len() * 2 > self.slots.len() {
                    self.grow();
                }
                return number;
            }
            if slot.key == key && (!long || self.word(slot.number) == word) {
                return slot.number;
            }
        }
        if let Some(number) = self.crowded.get(word) {
            return *number;
        }
        let number = self.add(word);
        self.crowded.insert(word.into(), number);
        number
    }

    /// How many words there are.
    pub fn len(&self) -> usize {
        self.ends.len()
    }

    /// The bytes of memory that it holds.
    pub fn memory(&self) -> usize {
        self.slots.len() * size_of::<Slot>() + self.ends.capacity() * 4 + self.bytes.capacity()
    }

    /// The word of a number.
    fn word(&self, number: u32) -> &[u8] {
        let number = number as usize;
        let start = if number == 0 { 0 } else { self.ends[number - 1] as usize };
        &self.bytes[start..self.ends[number] as usize]
    }

    fn add(&mut self, word: &[u8]) -> u32 {
        let number = self.ends.len() as u32;
        self.bytes.extend_from_slice(word);
        self.ends.push(self.bytes.len() as u32);
        number
    }

    fn grow(&mut self) {
        let mask = self.slots.len() * 4 - 1;
        let old = std::mem::replace(&mut self.slots, vec![Slot::FREE; mask + 1]);
        for slot in old.into_iter().filter(|slot| !slot.is_free()) {
            let near = (0..NEAR).map(|step| (slot.hash as usize + step) & mask);
            match near.into_iter().find(|at| self.slots[*at].is_free()) {
                Some(at) => self.slots[at] = slot,
                None => {
                    let word = self.word(slot.number).into();
                    self.crowded.insert(word, slot.number);
                }
            }
        }
    }

    /// The numbers of all words, in the order of the words' bytes.
    fn sorted(&self) -> Vec<u32> {
        // Most are told apart by their first bytes.
        let first = |word: &[u8]| {
            let mut first = [0; 8];
            let length = word.len().min(8);
            first[..length].copy_from_slice(&word[..length]);
            u64::from_be_bytes(first)
        };
        let mut order: Vec<(u64, u32)> =
            (0..self.ends.len() as u32).map(|number| (first(self.word(number)), number)).collect();
        order.sort_unstable_by(|a, b| {
            a.0.cmp(&b.0).then_with(|| self.word(a.1).cmp(self.word(b.1)))
        });
        order.into_iter().map(|(_, number)| number).collect()
    }
}

/// How many numbers a piece of a [`Text`] has room for before another is begun.
const PIECE: usize = 1 << 18;

/// The words of texts, document by document.
#[derive(Debug, Default)]
pub(super) struct Text {
    words: Vocabulary,
    full: Vec<Piece>,
    last: Piece,
    /// Words that were added and not yet looked up: to go through many of them at once lets the
    /// machine wait for several pieces of memory at a time.
    waiting: Vec<(u128, u64)>,
}

/// Some documents, one after the other.
#[derive(Debug, Default)]
struct Piece {
    row: Vec<u32>,
    /// Where each region of each document ends.
    ends: Vec<[u32; Region::ALL.len()]>,
}

impl Text {
    /// Begins a document.
    pub fn begin(&mut self) {
        if self.last.row.len() >= PIECE {
            self.full.push(std::mem::take(&mut self.last));
        }
        self.last.ends.push([self.last.row.len() as u32; Region::ALL.len()]);
    }

    /// Adds the next word of the document and gives its [`number_of`].
    #[inline]
    pub fn add(&mut self, word: &str) -> u64 {
        if let Some(packed) = packed(word) {
            let hash = number_of_packed(packed);
            self.waiting.push((packed, hash));
            return hash;
        }
        self.look_up();
        let number = self.words.number(word);
        self.last.row.push(number);
        number_of(word)
    }

    fn look_up(&mut self) {
        let Self { words, last, waiting, .. } = self;
        last.row.extend(waiting.drain(..).map(|(packed, hash)| words.short(packed, hash)));
    }

    /// Ends a region, and says how many words it has; the regions come in their order.
    pub fn end(&mut self, region: Region) -> u32 {
        self.look_up();
        let end = self.last.row.len() as u32;
        let Some(ends) = self.last.ends.last_mut() else { return 0 };
        let start = ends[region as usize];
        ends[region as usize..].fill(end);
        end - start
    }

    /// The bytes of memory that it holds.
    pub fn memory(&self) -> usize {
        let size = |piece: &Piece| piece.row.capacity() * 4 + piece.ends.capacity() * 12;
        self.words.memory() + self.full.iter().chain([&self.last]).map(size).sum::<usize>()
    }

    /// Writes the places of all words; those of a headline count `headline` times.
    ///
    /// `room` is how many places may be held at once; a word alone that has more is held anyway.
    pub fn write(&self, headline: u32, room: usize, to: &mut FieldSerializer) -> io::Result<()> {
        let order = self.words.sorted();
        let mut ranks = vec![0u32; order.len()];
        for (number, rank) in order.iter().zip(0..) {
            ranks[*number as usize] = rank;
        }
        let mut counts = vec![0u32; order.len()];
        self.each(headline, &mut |number, _| counts[number as usize] += 1);
        let (mut places, mut deltas) = (Vec::new(), Vec::new());
        let mut first = 0;
        while first < order.len() {
            // Where the next place of each word goes.
            let mut heads: Vec<u32> = Vec::new();
            let mut held = 0usize;
            for number in &order[first..] {
                let count = counts[*number as usize];
                if held > 0 && held + count as usize > room {
                    break;
                }
                heads.push(held as u32);
                held += count as usize;
            }
            places.clear();
            places.resize(held, (0u32, 0u32));
            let from = first as u32;
            self.each(headline, &mut |number, place| {
                let at = ranks[number as usize].wrapping_sub(from) as usize;
                if let Some(head) = heads.get_mut(at) {
                    places[*head as usize] = place;
                    *head += 1;
                }
            });
            let mut start = 0;
            for (number, end) in order[first..].iter().zip(&heads) {
                let places = &places[start..*end as usize];
                start = *end as usize;
                let documents = places.chunk_by(|a, b| a.0 == b.0).count() as u32;
                to.new_term(self.words.word(*number), documents, true)?;
                for places in places.chunk_by(|a, b| a.0 == b.0) {
                    deltas.clear();
                    let mut before = 0;
                    deltas.extend(
                        places.iter().map(|&(_, at)| at - std::mem::replace(&mut before, at)),
                    );
                    to.write_doc(places[0].0, places.len() as u32, &deltas);
                }
                to.close_term()?;
            }
            first += heads.len();
        }
        Ok(())
    }

    /// Goes through all words in the order of documents and places: the number of the word, the
    /// document and the position in it.
    #[inline]
    fn each(&self, headline: u32, each: &mut impl FnMut(u32, (u32, u32))) {
        let mut document = 0;
        for piece in self.full.iter().chain([&self.last]) {
            let mut start = 0;
            for ends in &piece.ends {
                for (region, end) in Region::ALL.into_iter().zip(ends) {
                    let copies = if region == Region::Headline { headline } else { 1 };
                    let positions = region.positions();
                    for (number, at) in piece.row[start..*end as usize].iter().zip(0..) {
                        let place = (document, position(&positions, at));
                        for _ in 0..copies {
                            each(*number, place);
                        }
                    }
                    start = *end as usize;
                }
                document += 1;
            }
        }
    }
}

/// Labels, and the documents that have them.
#[derive(Debug, Default)]
pub(super) struct Labels {
    labels: Vocabulary,
    /// The number of a label, and a document.
    rows: Vec<(u32, u32)>,
}

impl Labels {
    /// Notes that a document has a label. The documents come in their order.
    pub fn add(&mut self, document: u32, label: &str) {
        let number = self.labels.number(label);
        self.rows.push((number, document));
    }

    /// How many were noted.
    pub fn total(&self) -> u64 {
        self.rows.len() as u64
    }

    /// The bytes of memory that they hold.
    pub fn memory(&self) -> usize {
        self.labels.memory() + self.rows.capacity() * 8
    }

    /// Writes which documents have each label.
    pub fn write(&self, to: &mut FieldSerializer) -> io::Result<()> {
        let mut heads = vec![0u32; self.labels.len() + 1];
        for (number, _) in &self.rows {
            heads[*number as usize + 1] += 1;
        }
        for at in 1..heads.len() {
            heads[at] += heads[at - 1];
        }
        let starts = heads.clone();
        let mut documents = vec![0u32; self.rows.len()];
        for (number, document) in &self.rows {
            let head = &mut heads[*number as usize];
            documents[*head as usize] = *document;
            *head += 1;
        }
        for number in self.labels.sorted() {
            to.new_term_without_freq(self.labels.word(number))?;
            let at = number as usize;
            let documents = &documents[starts[at] as usize..starts[at + 1] as usize];
            // A document may have a label twice.
            for same in documents.chunk_by(|a, b| a == b) {
                to.write_doc(same[0], 1, &[]);
            }
            to.close_term()?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_whose_hashes_are_the_same_are_told_apart() {
        let mut words = Vocabulary::default();
        let texts: Vec<String> = (0..3000).map(|number| format!("word{number}")).collect();
        for _ in 0..2 {
            for (text, number) in texts.iter().zip(0..) {
                let packed = packed(text).unwrap();
                assert_eq!(words.short(packed, 7 << 32), number, "{text}");
            }
        }
        assert!(words.crowded.len() > 2000, "{}", words.crowded.len());
    }

    #[test]
    fn long_words_with_the_same_hash_are_told_apart() {
        let mut words = Vocabulary::default();
        let texts = ["administrationally", "administrationals"];
        for _ in 0..2 {
            for (text, number) in texts.iter().zip(0..) {
                let found = words.find(LONG | 5, 7 << 32, text.as_bytes(), true);
                assert_eq!(found, number);
            }
        }
    }
}
