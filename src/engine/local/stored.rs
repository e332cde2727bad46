//! Stored articles: each packed by itself, with a dictionary that was made of the first articles of
//! the index.
//!
//! A hit unpacks one article and not what lies around it, and what articles of one archive have in
//! common is written once. An article is packed in two parts, its texts (body, captions, teasers)
//! and all that comes before them, so that a long list without texts unpacks none. The dictionary
//! is a file of the commit; it is made once and stays as long as the index.

use std::cell::RefCell;
use std::io;

use tantivy::directory::OwnedBytes;
use zstd::bulk::Compressor;
use zstd::dict::{DecoderDictionary, EncoderDictionary};
use zstd::zstd_safe::{CParameter, DCtx, DParameter, FrameFormat, compress_bound};
use zstd_sys::{
    ZDICT_fastCover_params_t, ZDICT_isError, ZDICT_params_t, ZDICT_trainFromBuffer_fastCover,
};

use crate::article::Article;

/// Of so many bytes of articles a dictionary is made, and of fewer none.
pub(super) const SAMPLE: usize = if cfg!(test) { 1 << 16 } else { 2 << 20 };
/// How many bytes a dictionary has at most.
const DICTIONARY: usize = 256 << 10;
/// What is chosen for a dictionary is chosen in pieces of so many bytes: of 50, 200 and 1,000 the
/// articles pack as well or up to 1 % worse.
const PIECE: u32 = 100;
/// How hard to pack, by zstd's levels: 5 takes twice as long and saves one byte in twenty.
const LEVEL: i32 = 4;

/// What a stored article begins with: it is packed by itself, ...
const PACKED: u8 = 1;
/// ... or with the dictionary. Then come how many bytes its head is unpacked and packed, and how
/// many its texts are unpacked, each a number in groups of seven bits; then the head and the texts,
/// as frames of zstd without the mark that all frames begin with.
const WITH_DICTIONARY: u8 = 2;

/// An empty body, no captions and no teasers, as they end an article in postcard.
const NO_TEXTS: [u8; 3] = [0; 3];

/// What the articles of an index have in common: a dictionary of zstd.
pub(super) struct Dictionary(pub Vec<u8>);

/// Articles of which a dictionary is made, one behind the other, and how many bytes each has.
pub(super) struct Sample {
    bytes: Vec<u8>,
    sizes: Vec<usize>,
}

impl Sample {
    /// Takes the first articles; `None` where there are too few.
    pub fn of<'a>(articles: impl Iterator<Item = &'a Article>) -> Option<Self> {
        let (mut bytes, mut sizes) = (Vec::new(), Vec::new());
        for article in articles {
            // One that cannot be written is an error where it is stored.
            let Ok(one) = postcard::to_allocvec(article) else { continue };
            let part = &one[..one.len().min(SAMPLE - bytes.len())];
            bytes.extend_from_slice(part);
            sizes.push(part.len());
            if bytes.len() == SAMPLE {
                break;
            }
        }
        (bytes.len() >= SAMPLE).then_some(Self { bytes, sizes })
    }

    /// Makes a dictionary; `None` where zstd finds nothing in common.
    ///
    /// `ZDICT_trainFromBuffer` tries five lengths of what is chosen in one piece, keeps the best by a
    /// part of the sample, and takes five times as long as one length by all of it.
    pub fn dictionary(&self) -> Option<Dictionary> {
        let mut dictionary = vec![0; DICTIONARY.min(self.bytes.len() / 8)];
        let count = u32::try_from(self.sizes.len()).ok()?;
        // All but the length, the part and the level as `ZDICT_trainFromBuffer` has them.
        let parameters = ZDICT_fastCover_params_t {
            k: PIECE,
            d: 8,
            f: 20,
            steps: 0,
            nbThreads: 1,
            splitPoint: 1.0,
            accel: 1,
            shrinkDict: 0,
            shrinkDictMaxRegression: 0,
            zParams: ZDICT_params_t { compressionLevel: LEVEL, notificationLevel: 0, dictID: 0 },
        };
        // SAFETY: `dictionary` is written no further than its length, and `sizes` are the lengths of
        // the articles that lie one behind the other in `bytes` and add up to its length.
        #[allow(unsafe_code, reason = "the crate of zstd has no door to this function of C")]
        let (written, failed) = unsafe {
            let written = ZDICT_trainFromBuffer_fastCover(
                dictionary.as_mut_ptr().cast(),
                dictionary.len(),
                self.bytes.as_ptr().cast(),
                self.sizes.as_ptr(),
                count,
                parameters,
            );
            (written, ZDICT_isError(written) != 0)
        };
        dictionary.truncate(written);
        (!failed).then_some(Dictionary(dictionary))
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
        let (mut by, kind) = match dictionary {
            Some(dictionary) => {
                (Compressor::with_prepared_dictionary(dictionary)?, WITH_DICTIONARY)
            }
            None => (Compressor::new(LEVEL)?, PACKED),
        };
        // What a frame says of itself is known, and would be a good part of a head.
        by.set_parameter(CParameter::Format(FrameFormat::Magicless))?;
        by.set_parameter(CParameter::ContentSizeFlag(false))?;
        by.set_parameter(CParameter::ChecksumFlag(false))?;
        by.set_parameter(CParameter::DictIdFlag(false))?;
        Ok(Self { by, kind, room: Vec::new() })
    }

    /// What is stored of an article.
    pub fn pack(&mut self, article: &Article, into: &mut Vec<u8>) -> io::Result<()> {
        let texts = (&article.body, &article.captions, &article.teasers);
        let texts = postcard::experimental::serialized_size(&texts).map_err(io::Error::other)?;
        self.room.clear();
        let room = std::mem::take(&mut self.room);
        self.room = postcard::to_extend(article, room).map_err(io::Error::other)?;
        let (head, texts) = self.room.split_at(self.room.len() - texts);
        into.clear();
        let packed = self.by.compress(head)?;
        into.push(self.kind);
        for number in [head.len(), packed.len(), texts.len()] {
            put(number, into);
        }
        into.extend_from_slice(&packed);
        let at = into.len();
        into.resize(at + compress_bound(texts.len()), 0);
        let packed = self.by.compress_to_buffer(texts, &mut into[at..])?;
        into.truncate(at + packed);
        Ok(())
    }
}

/// Writes a number in groups of seven bits, the least first, the last of them marked.
fn put(mut number: usize, into: &mut Vec<u8>) {
    while number > 0x7f {
        into.push((number & 0x7f) as u8);
        number >>= 7;
    }
    into.push(number as u8 | 0x80);
}

/// Reads a number in groups of seven bits, and gives what comes after it.
pub(super) fn number(bytes: &[u8]) -> Option<(u64, &[u8])> {
    let mut number = 0;
    for (at, byte) in bytes.iter().enumerate().take(9) {
        number |= u64::from(byte & 0x7f) << (7 * at);
        if byte & 0x80 != 0 {
            return Some((number, &bytes[at + 1..]));
        }
    }
    None
}

self_cell::self_cell!(
    /// A dictionary made ready for unpacking, which points into what was read of it: a copy of its
    /// 256 KB is a good part of what a search from the command line costs.
    struct Unpacking {
        owner: OwnedBytes,
        #[covariant]
        dependent: DecoderDictionary,
    }
);

/// Unpacks stored articles.
pub(super) struct Unpacker(Option<Unpacking>);

thread_local! {
    /// What unpacks in this thread: some 100 KB that are dear to make anew for each article.
    static BY: RefCell<Option<DCtx<'static>>> = const { RefCell::new(None) };
}

impl Unpacker {
    /// With the dictionary of the index, where it has one.
    pub fn new(dictionary: OwnedBytes) -> io::Result<Self> {
        if dictionary.is_empty() {
            return Ok(Self(None));
        }
        let ready = Unpacking::try_new(dictionary, |bytes| DecoderDictionary::try_new(bytes))?;
        Ok(Self(Some(ready)))
    }

    /// The article that was stored so, without its texts where they are not asked for; `None`
    /// where it is damaged.
    pub fn unpack(&self, stored: &[u8], with_texts: bool) -> Option<Article> {
        let (kind, rest) = stored.split_first()?;
        let (head, rest) = number(rest)?;
        let (packed, rest) = number(rest)?;
        let (texts, rest) = number(rest)?;
        let (packed, rest) = rest.split_at_checked(usize::try_from(packed).ok()?)?;
        let mut bytes = Vec::new();
        let texts = if with_texts { texts } else { NO_TEXTS.len() as u64 };
        // What is damaged may tell of more bytes than any memory holds.
        bytes.try_reserve_exact(usize::try_from(head.checked_add(texts)?).ok()?).ok()?;
        self.add(*kind, packed, head, &mut bytes)?;
        if with_texts {
            self.add(*kind, rest, texts, &mut bytes)?;
        } else {
            bytes.extend(NO_TEXTS);
        }
        postcard::from_bytes(&bytes).ok()
    }

    /// Unpacks a part of so many bytes behind what is there.
    fn add(&self, kind: u8, packed: &[u8], length: u64, bytes: &mut Vec<u8>) -> Option<()> {
        BY.with_borrow_mut(|by| {
            if by.is_none() {
                let mut new = DCtx::try_create()?;
                new.set_parameter(DParameter::Format(FrameFormat::Magicless)).ok()?;
                *by = Some(new);
            }
            let by = by.as_mut()?;
            let at = bytes.len();
            bytes.resize(at + usize::try_from(length).ok()?, 0);
            let into = &mut bytes[at..];
            let count = match (kind, &self.0) {
                (PACKED, _) => by.decompress(into, packed).ok()?,
                (WITH_DICTIONARY, Some(dictionary)) => by
                    .decompress_using_ddict(into, packed, dictionary.borrow_dependent().as_ddict())
                    .ok()?,
                _ => return None,
            };
            (count as u64 == length).then_some(())
        })
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
        assert!(Sample::of(articles[..3].iter()).is_none());
        let dictionary = Sample::of(articles.iter()).unwrap().dictionary().unwrap();
        let packing = packing(&dictionary).unwrap();
        let mut sizes = [0; 2];
        for (with, size) in [None, Some(&packing)].into_iter().zip(&mut sizes) {
            let unpacker = match with {
                Some(_) => Unpacker::new(OwnedBytes::new(dictionary.0.clone())),
                None => Unpacker::new(OwnedBytes::empty()),
            };
            let unpacker = unpacker.unwrap();
            let mut packer = Packer::new(with).unwrap();
            let mut stored = Vec::new();
            for article in &articles {
                packer.pack(article, &mut stored).unwrap();
                assert_eq!(unpacker.unpack(&stored, true).as_ref(), Some(article));
                *size += stored.len();
                for cut in 0..stored.len().min(20) {
                    assert_eq!(unpacker.unpack(&stored[..cut], true), None);
                }
            }
            if with.is_some() {
                let without = Unpacker::new(OwnedBytes::empty()).unwrap();
                assert_eq!(without.unpack(&stored, true), None);
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
