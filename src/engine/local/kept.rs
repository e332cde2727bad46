//! What is kept of the segments of a commit as long as they are searched: columns and stored
//! articles once they were opened, the names of labels, the days and some of the last articles
//! where many are asked for, and what is like what.

use std::collections::BTreeMap;
use std::fmt;
use std::path::Path;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, OnceLock, PoisonError};

use rustc_hash::FxHashMap;
use tantivy::columnar::{Column, StrColumn};
use tantivy::index::SegmentId;
use tantivy::store::StoreReader;
use tantivy::{DocAddress, DocId, Searcher, SegmentOrdinal, SegmentReader};

use super::alike::{Groups, Member};
use super::counts::{Joint, Known, Labels};
use super::damaged;
use super::fields::NUMBER;
use super::sets::WordSet;
use super::stored::{Unpacker, number};
use crate::article::Article;
use crate::engine::{EngineError, Facet};

/// How many blocks of stored articles, packed as they are, are kept for each segment.
const BLOCKS: usize = 50;

/// Of so many lists of postings it is kept what words stand for, some 100 bytes each.
const MOST_LISTS: usize = 200_000;

/// So many of the last articles that were read are kept as they are, ...
const ARTICLES: usize = 512;
/// ... each of them with so many bytes of texts at most.
const LONGEST: usize = 32 << 10;

/// An article that was read, with its place.
type Read = Mutex<Option<(DocAddress, Arc<Article>)>>;

/// What is kept of a searcher.
pub(super) struct Kept {
    pub searcher: Searcher,
    segments: Vec<Opened>,
    /// What words of queries stand for, by how they were written and the languages asked for, and
    /// how many lists of postings they have.
    sets: Mutex<(FxHashMap<String, Arc<WordSet>>, usize)>,
    labels: Mutex<BTreeMap<Facet, Arc<Labels>>>,
    groups: Arc<Groups>,
    unpacker: Arc<Unpacker>,
    /// How many matches were looked at: once there were more than there are articles, what is asked
    /// of each of them is worth being kept for all.
    asked: AtomicU64,
    /// The place in the groups of each article.
    places: OnceLock<Vec<Places>>,
    /// What each article has of a facet, where that can be kept.
    known: [OnceLock<Option<Arc<Known>>>; Facet::ALL.len()],
    /// What each has of several of them.
    joint: OnceLock<Option<Arc<Joint>>>,
    /// Some of the last articles that were read, each where its address says.
    articles: OnceLock<Box<[Read]>>,
}

/// Where the articles of a segment belong.
pub(super) struct Places {
    /// A bit for each, set where it has others like it: most have none, and all bits fit a cache.
    grouped: Vec<u64>,
    /// How many such bits are set before each 64.
    before: Vec<u32>,
    /// Where those belong that have others like them, one after the other.
    members: Vec<Member>,
}

impl Places {
    /// Whether an article has others like it.
    pub fn is_grouped(&self, doc: DocId) -> bool {
        self.grouped[doc as usize / 64] >> (doc % 64) & 1 != 0
    }

    /// Where an article belongs that has others like it.
    pub fn member(&self, doc: DocId) -> Member {
        let before = self.grouped[doc as usize / 64] & ((1 << (doc % 64)) - 1);
        self.members[(self.before[doc as usize / 64] + before.count_ones()) as usize]
    }
}

/// Which day of those that an article may be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum DayOf {
    First,
    Last,
}

/// The day of an article without one.
pub(super) const UNDATED: i32 = i32::MIN;

/// The columns of a segment, each opened when it is first needed.
struct Opened {
    reader: SegmentReader,
    day: OnceLock<Column<i64>>,
    last: OnceLock<Column<i64>>,
    /// The first and the last day of each article as they are, where they can be kept.
    days: [OnceLock<Option<Arc<[i32]>>>; 2],
    number: OnceLock<Column<u64>>,
    words: OnceLock<Column<u64>>,
    id: OnceLock<Option<StrColumn>>,
    labels: [OnceLock<Option<StrColumn>>; 4],
    store: OnceLock<StoreReader>,
}

fn once<T>(cell: &OnceLock<T>, open: impl FnOnce() -> tantivy::Result<T>) -> tantivy::Result<&T> {
    if let Some(opened) = cell.get() {
        return Ok(opened);
    }
    let opened = open()?;
    Ok(cell.get_or_init(|| opened))
}

impl Opened {
    fn of(reader: &SegmentReader) -> Self {
        Self {
            reader: reader.clone(),
            day: OnceLock::new(),
            last: OnceLock::new(),
            days: Default::default(),
            number: OnceLock::new(),
            words: OnceLock::new(),
            id: OnceLock::new(),
            labels: Default::default(),
            store: OnceLock::new(),
        }
    }
}

impl fmt::Debug for Kept {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Kept").field("segments", &self.segments()).finish_non_exhaustive()
    }
}

impl Kept {
    /// What is to be kept of a searcher, beside the groups and the dictionary of the same commit.
    pub fn of(searcher: Searcher, groups: Arc<Groups>, unpacker: Arc<Unpacker>) -> Self {
        let segments = searcher.segment_readers().iter().map(Opened::of).collect();
        Self {
            searcher,
            sets: Mutex::default(),
            segments,
            labels: Mutex::default(),
            groups,
            unpacker,
            asked: AtomicU64::new(0),
            places: OnceLock::new(),
            known: Default::default(),
            joint: OnceLock::new(),
            articles: OnceLock::new(),
        }
    }

    /// The same, where no article is like another.
    pub fn without_groups(&self) -> Self {
        Self::of(self.searcher.clone(), Arc::default(), Arc::clone(&self.unpacker))
    }

    /// Whether it is that of a searcher.
    pub fn is_of(&self, searcher: &Searcher) -> bool {
        let generation = |searcher: &Searcher| searcher.generation().generation_id();
        generation(&self.searcher) == generation(searcher)
    }

    /// What a word stands for, where that was found before.
    pub fn set(&self, written: &str) -> Option<Arc<WordSet>> {
        self.sets.lock().unwrap_or_else(PoisonError::into_inner).0.get(written).map(Arc::clone)
    }

    /// Keeps what a word stands for.
    pub fn keep_set(&self, written: String, set: &Arc<WordSet>) {
        // What is kept is whole also where another thread ended while it held the lock.
        let mut sets = self.sets.lock().unwrap_or_else(PoisonError::into_inner);
        sets.1 += set.lists() + 1;
        if sets.1 > MOST_LISTS {
            *sets = (FxHashMap::default(), set.lists() + 1);
        }
        sets.0.insert(written, Arc::clone(set));
    }

    /// The number of a segment.
    pub fn ordinal(&self, id: SegmentId) -> Option<SegmentOrdinal> {
        let at = self.segments.iter().position(|opened| opened.reader.segment_id() == id);
        at.map(|at| at as SegmentOrdinal)
    }

    /// What is like what.
    pub fn groups(&self) -> &Groups {
        &self.groups
    }

    fn segment(&self, segment: SegmentOrdinal) -> &Opened {
        &self.segments[segment as usize]
    }

    /// The first day of each article of a segment.
    pub fn day(&self, segment: SegmentOrdinal) -> tantivy::Result<&Column<i64>> {
        let opened = self.segment(segment);
        once(&opened.day, || opened.reader.fast_fields().i64("day"))
    }

    /// The last day.
    pub fn last_day(&self, segment: SegmentOrdinal) -> tantivy::Result<&Column<i64>> {
        let opened = self.segment(segment);
        once(&opened.last, || opened.reader.fast_fields().i64("day_last"))
    }

    /// The first or the last day of each article of a segment, [`UNDATED`] where it has none, where
    /// these are kept or worth keeping.
    pub fn days(
        &self,
        segment: SegmentOrdinal,
        limit: DayOf,
    ) -> tantivy::Result<Option<Arc<[i32]>>> {
        let cell = &self.segment(segment).days[limit as usize];
        if cell.get().is_none() && !self.is_often_asked() {
            return Ok(None);
        }
        let read = || {
            let column = match limit {
                DayOf::First => self.day(segment)?,
                DayOf::Last => self.last_day(segment)?,
            };
            let plain = |doc| match column.first(doc).map(i32::try_from) {
                None => Some(UNDATED),
                // A damaged column may say anything.
                Some(day) => day.ok().filter(|day| day.unsigned_abs() < i32::MAX as u32),
            };
            Ok((0..self.documents(segment)).map(plain).collect())
        };
        Ok(once(cell, read)?.clone())
    }

    /// The ids.
    pub fn id(&self, segment: SegmentOrdinal) -> tantivy::Result<Option<&StrColumn>> {
        let opened = self.segment(segment);
        Ok(once(&opened.id, || opened.reader.fast_fields().str("id_shown"))?.as_ref())
    }

    /// The labels of a facet that has some: the name of its column, and the column where the
    /// segment has it.
    pub fn column(
        &self,
        segment: SegmentOrdinal,
        facet: Facet,
    ) -> tantivy::Result<Option<&StrColumn>> {
        let (at, name) = match facet {
            Facet::Section => (0, "section_shown"),
            Facet::Source => (1, "source_shown"),
            Facet::Author => (2, "author_shown"),
            Facet::Language => (3, "lang_shown"),
            Facet::Year | Facet::Date => return Ok(None),
        };
        let opened = self.segment(segment);
        Ok(once(&opened.labels[at], || opened.reader.fast_fields().str(name))?.as_ref())
    }

    /// The labels of a facet in all segments, where they are known or `worth` reading.
    pub fn labels(&self, facet: Facet, worth: bool) -> tantivy::Result<Option<Arc<Labels>>> {
        // What is kept is whole also where another thread ended while it held the lock.
        let mut kept = self.labels.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(labels) = kept.get(&facet) {
            return Ok(Some(Arc::clone(labels)));
        }
        if !worth {
            return Ok(None);
        }
        let columns = (0..self.segments()).map(|segment| self.column(segment, facet));
        let labels = Arc::new(Labels::read(columns)?);
        kept.insert(facet, Arc::clone(&labels));
        Ok(Some(labels))
    }

    /// Notes that so many more matches were looked at.
    pub fn note_asked(&self, matches: u64) {
        self.asked.fetch_add(matches, Ordering::Relaxed);
    }

    fn is_often_asked(&self) -> bool {
        self.asked.load(Ordering::Relaxed) > self.searcher.num_docs()
    }

    /// How many segments there are.
    pub fn segments(&self) -> SegmentOrdinal {
        self.segments.len() as SegmentOrdinal
    }

    /// How many documents a segment has, those that were deleted among them.
    pub fn documents(&self, segment: SegmentOrdinal) -> DocId {
        self.segment(segment).reader.max_doc()
    }

    /// What each article has of a facet, where that is kept or worth keeping.
    pub fn known(&self, facet: Facet) -> tantivy::Result<Option<Arc<Known>>> {
        let Some(at) = Facet::ALL.iter().position(|one| *one == facet) else { return Ok(None) };
        let cell = &self.known[at];
        if cell.get().is_none() && !self.is_often_asked() {
            return Ok(None);
        }
        Ok(once(cell, || Ok(Known::read(facet, self)?.map(Arc::new)))?.clone())
    }

    /// What each article has of several facets at once, where that is kept or worth keeping.
    pub fn joint(&self) -> tantivy::Result<Option<Arc<Joint>>> {
        if self.joint.get().is_none() && !self.is_often_asked() {
            return Ok(None);
        }
        let joint = || {
            let known = Facet::ALL.iter().map(|facet| self.known(*facet));
            let known = known.collect::<tantivy::Result<Option<Vec<Arc<Known>>>>>()?;
            let documents: Vec<DocId> = (0..self.segments()).map(|s| self.documents(s)).collect();
            Ok(known.and_then(|known| Joint::of(&known, &documents)).map(Arc::new))
        };
        Ok(once(&self.joint, joint)?.clone())
    }

    /// The places in the groups of the articles of a segment, where they are kept or worth keeping.
    pub fn places(&self, segment: SegmentOrdinal) -> tantivy::Result<Option<&Places>> {
        if self.places.get().is_none() && self.is_often_asked() {
            let places = (0..self.segments()).map(|segment| self.places_of(segment));
            let places = places.collect::<tantivy::Result<_>>()?;
            self.places.get_or_init(|| places);
        }
        Ok(self.places.get().map(|places| &places[segment as usize]))
    }

    /// The numbers of the origins of a segment.
    pub fn numbers(&self, segment: SegmentOrdinal) -> tantivy::Result<&Column<u64>> {
        let opened = self.segment(segment);
        once(&opened.number, || opened.reader.fast_fields().u64(NUMBER))
    }

    fn places_of(&self, segment: SegmentOrdinal) -> tantivy::Result<Places> {
        let numbers = self.numbers(segment)?;
        let documents = self.documents(segment);
        let blocks = (documents as usize).div_ceil(64);
        let (mut grouped, mut before) = (vec![0_u64; blocks], Vec::with_capacity(blocks));
        let mut members = Vec::new();
        for doc in 0..documents {
            if doc % 64 == 0 {
                before.push(members.len() as u32);
            }
            let member = numbers.first(doc).and_then(|number| self.groups.member(number));
            grouped[doc as usize / 64] |= u64::from(member.is_some()) << (doc % 64);
            members.extend(member);
        }
        Ok(Places { grouped, before, members })
    }

    /// Reads an article; an error does not know the place of the index.
    pub fn article(&self, at: DocAddress) -> Result<Article, EngineError> {
        self.read(at, true)
    }

    /// The same of one that may be wanted again soon: it is kept where many are asked for.
    pub fn article_again(&self, at: DocAddress) -> Result<Article, EngineError> {
        if self.articles.get().is_none() && !self.is_often_asked() {
            return self.read(at, true);
        }
        let articles =
            self.articles.get_or_init(|| (0..ARTICLES).map(|_| Read::default()).collect());
        // Segments are spread, and neighbours lie side by side.
        let place = at.doc_id as usize + at.segment_ord as usize * (ARTICLES / 16 + 1);
        let place = &articles[place % ARTICLES];
        // What lies there is whole also where another thread ended while it held the lock.
        let known = place.lock().unwrap_or_else(PoisonError::into_inner).clone();
        if let Some((_, article)) = known.filter(|(known, _)| *known == at) {
            return Ok((*article).clone());
        }
        let article = self.read(at, true)?;
        let texts = [&article.captions, &article.teasers].into_iter().flatten();
        if article.body.len() + texts.map(String::len).sum::<usize>() <= LONGEST {
            let known = Some((at, Arc::new(article.clone())));
            *place.lock().unwrap_or_else(PoisonError::into_inner) = known;
        }
        Ok(article)
    }

    /// Reads an article without body, captions and teasers, and how many words its body has.
    pub fn article_without_texts(&self, at: DocAddress) -> Result<(Article, u64), EngineError> {
        let opened = self.segment(at.segment_ord);
        let words = once(&opened.words, || opened.reader.fast_fields().u64("words"))
            .map_err(|error| EngineError::Failed(Box::new(error)))?;
        let words = words.first(at.doc_id);
        let words = words.ok_or_else(|| damaged(Path::new(""), "a number of words is missing"))?;
        Ok((self.read(at, false)?, words))
    }

    fn read(&self, at: DocAddress, with_texts: bool) -> Result<Article, EngineError> {
        let failed = |error: tantivy::TantivyError| EngineError::Failed(Box::new(error));
        let damage = |why: &str| damaged(Path::new(""), why);
        let opened = self.segment(at.segment_ord);
        let store = once(&opened.store, || Ok(opened.reader.get_store_reader(BLOCKS)?));
        let document = store.and_then(|store| store.get_document_bytes(at.doc_id));
        let document = document.map_err(failed)?;
        let article = stored(&document).ok_or_else(|| damage("a stored article is missing"))?;
        let article = self.unpacker.unpack(article, with_texts);
        article.ok_or_else(|| damage("a stored article cannot be read"))
    }
}

/// The one value of a stored document, which tantivy would copy byte by byte: how many values there
/// are, the number of the field in four bytes, the kind of the value, its length, its bytes
/// (tantivy 0.27, `schema/document/se.rs`).
fn stored(document: &[u8]) -> Option<&[u8]> {
    /// What stands for a value of bytes.
    const BYTES: u8 = 4;
    let (count, rest) = number(document)?;
    let (kind, rest) = rest.get(4..)?.split_first()?;
    let (length, rest) = number(rest)?;
    let length = usize::try_from(length).ok()?;
    (count == 1 && *kind == BYTES && rest.len() == length).then_some(rest)
}
