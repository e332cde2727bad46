//! Stored articles: each packed by itself, with a dictionary that was made of the first articles of
//! the index.
//!
//! A hit unpacks one article and not what lies around it, and what articles of one archive have in
//! common is written once. The dictionary is a file of the commit; it is made once and stays as
//! long as the index.

use std::borrow::Cow;
use std::io;

use zstd::bulk::{Compressor, Decompressor};
use zstd::dict::{DecoderDictionary, EncoderDictionary};

use crate::article::Article;

/// Of so many bytes of articles a dictionary is made, and of fewer none: it takes a good part of a
/// second.
pub(super) const SAMPLE: usize = if cfg!(test) { 1 << 16 } else { 2 << 20 };
/// How many bytes a dictionary has at most.
const DICTIONARY: usize = 256 << 10;
/// How hard to pack, by zstd's levels: 5 takes twice as long and saves one byte in twenty.
const LEVEL: i32 = 3;

/// What a stored article begins with: it is written as it is, ...
const PLAIN: u8 = 0;
/// ... packed by itself, ...
const PACKED: u8 = 1;
/// ... or packed with the dictionary. Then comes how many bytes it is unpacked, in four bytes, the
/// least first.
const WITH_DICTIONARY: u8 = 2;

/// What the articles of an index have in common: a dictionary of zstd.
#[derive(Default)]
pub(super) struct Dictionary(pub Vec<u8>);

impl Dictionary {
    /// Makes one of the first articles; `None` where there are too few.
    pub fn of<'a>(articles: impl Iterator<Item = &'a Article>) -> Option<Self> {
        let (mut bytes, mut sizes) = (Vec::new(), Vec::new());
        for article in articles {
            let before = bytes.len();
            // An article that cannot be written is told of where it is stored.
            bytes = postcard::to_extend(article, bytes).unwrap_or_default();
            sizes.push(bytes.len().saturating_sub(before));
        }
        if bytes.len() < SAMPLE {
            return None;
        }
        let most = DICTIONARY.min(bytes.len() / 8);
        // Where zstd finds nothing in common there is no dictionary.
        zstd::dict::from_continuous(&bytes, &sizes, most).ok().map(Self)
    }
}

/// Packs articles.
pub(super) struct Packer<'d> {
    by: Compressor<'d>,
    /// What it does to them.
    kind: u8,
    room: Vec<u8>,
}

/// A dictionary made ready for packing.
pub(super) type Packing = EncoderDictionary<'static>;

/// Makes a dictionary ready for packing.
pub(super) fn packing(dictionary: &Dictionary) -> io::Result<Packing> {
    EncoderDictionary::try_copy(&dictionary.0, LEVEL)
}

impl<'d> Packer<'d> {
    pub fn new(dictionary: Option<&'d Packing>) -> io::Result<Self> {
        let (by, kind) = match dictionary {
            Some(dictionary) => {
                (Compressor::with_prepared_dictionary(dictionary)?, WITH_DICTIONARY)
            }
            None => (Compressor::new(LEVEL)?, PACKED),
        };
        Ok(Self { by, kind, room: Vec::new() })
    }

    /// What is stored of an article.
    pub fn pack(&mut self, article: &Article, into: &mut Vec<u8>) -> io::Result<()> {
        self.room.clear();
        let room = std::mem::take(&mut self.room);
        self.room = postcard::to_extend(article, room).map_err(io::Error::other)?;
        into.clear();
        let (Ok(length), false) = (u32::try_from(self.room.len()), self.room.is_empty()) else {
            into.push(PLAIN);
            into.extend_from_slice(&self.room);
            return Ok(());
        };
        const HEAD: usize = 5;
        into.resize(HEAD + zstd::zstd_safe::compress_bound(self.room.len()), 0);
        into[0] = self.kind;
        into[1..HEAD].copy_from_slice(&length.to_le_bytes());
        let packed = self.by.compress_to_buffer(&self.room[..], &mut into[HEAD..])?;
        into.truncate(HEAD + packed);
        Ok(())
    }
}

/// Unpacks stored articles.
pub(super) struct Unpacker(Option<DecoderDictionary<'static>>);

impl Unpacker {
    /// With the dictionary of the index, where it has one.
    pub fn new(dictionary: &Dictionary) -> io::Result<Self> {
        let some = (!dictionary.0.is_empty()).then_some(&dictionary.0[..]);
        Ok(Self(some.map(DecoderDictionary::try_copy).transpose()?))
    }

    /// The article that was stored so; `None` where it is damaged.
    pub fn unpack(&self, stored: &[u8]) -> Option<Article> {
        let bytes = self.bytes(stored)?;
        postcard::from_bytes(&bytes).ok()
    }

    fn bytes<'s>(&self, stored: &'s [u8]) -> Option<Cow<'s, [u8]>> {
        let (kind, rest) = stored.split_first()?;
        if *kind == PLAIN {
            return Some(Cow::Borrowed(rest));
        }
        let (length, packed) = rest.split_first_chunk()?;
        let length = u32::from_le_bytes(*length) as usize;
        let mut by = match (*kind, &self.0) {
            (PACKED, _) => Decompressor::new().ok()?,
            (WITH_DICTIONARY, Some(dictionary)) => {
                Decompressor::with_prepared_dictionary(dictionary).ok()?
            }
            _ => return None,
        };
        // What is damaged may tell of more bytes than any memory holds.
        let mut bytes = Vec::new();
        bytes.try_reserve_exact(length).ok()?;
        by.decompress_to_buffer(packed, &mut bytes).ok()?;
        (bytes.len() == length).then_some(Cow::Owned(bytes))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Origin;
    use crate::engine::local::{Local, WriterOptions};
    use crate::engine::{Engine, Request, Sort};
    use crate::ledger::Ledger;
    use crate::query::Query;

    fn article(number: usize) -> Article {
        let body =
            format!("The council of ward {number} met again. Its members spoke of ferries. ")
                .repeat(number % 40);
        Article { headline: format!("Ward {number}"), body, ..Article::default() }
    }

    #[test]
    fn an_article_is_unpacked_as_it_was() {
        let articles: Vec<Article> = (0..400).map(article).collect();
        assert!(Dictionary::of(articles[..3].iter()).is_none());
        let dictionary = Dictionary::of(articles.iter()).unwrap();
        let packing = packing(&dictionary).unwrap();
        let mut sizes = [0; 2];
        for (with, size) in [None, Some(&packing)].into_iter().zip(&mut sizes) {
            let unpacker = match with {
                Some(_) => Unpacker::new(&dictionary),
                None => Unpacker::new(&Dictionary::default()),
            };
            let unpacker = unpacker.unwrap();
            let mut packer = Packer::new(with).unwrap();
            let mut stored = Vec::new();
            for article in &articles {
                packer.pack(article, &mut stored).unwrap();
                assert_eq!(unpacker.unpack(&stored).as_ref(), Some(article));
                *size += stored.len();
                for cut in 0..stored.len().min(20) {
                    assert_eq!(unpacker.unpack(&stored[..cut]), None);
                }
            }
            if with.is_some() {
                let without = Unpacker::new(&Dictionary::default()).unwrap();
                assert_eq!(without.unpack(&stored), None);
            }
        }
        assert!(sizes[1] < sizes[0], "{sizes:?}");
    }

    #[test]
    fn the_dictionary_of_an_index_is_made_once_and_stays() {
        let folder = tempfile::tempdir().unwrap();
        let place = folder.path().join("index");
        let local = Local::open_or_create(&place).unwrap();
        let put = |numbers: std::ops::Range<usize>| {
            let options = WriterOptions { threads: 2, memory: 16_000_000 };
            let mut writer = local.writer(options).unwrap();
            for number in numbers {
                let origin = Origin { path: format!("{number:03}.txt"), ..Origin::default() };
                let article = Article { id: origin.to_string(), origin, ..article(number) };
                writer.put(Box::new(article), number as u64 + 1).unwrap();
            }
            writer.commit(&Ledger::default()).unwrap();
            writer.finish().unwrap();
            local.payload().unwrap().dictionary
        };
        assert_eq!(put(0..3).file, "", "three articles are too few");
        let made = put(3..400);
        assert_eq!(made.file, "dictionary-2");
        assert_eq!(put(400..500), made);
        let asked = Request { sort: Sort::Oldest, ..Request::of(Query::All) };
        let all: Vec<_> = local.search(&asked).unwrap().hits.map(Result::unwrap).collect();
        assert_eq!(all.len(), 500);
        for (number, hit) in all.iter().enumerate() {
            assert_eq!(hit.article.body, article(number).body);
        }
        drop(local);
        std::fs::write(place.join(&made.file), "none").unwrap();
        let local = Local::open(&place).unwrap();
        assert!(local.search(&asked).is_err(), "it is not as it was written");
    }
}
