//! Reading the articles of a result: few at first, so that the first hits come at once, then more
//! and more of them together, in the order in which they lie in the index and by several threads.
//!
//! Stored articles are packed in blocks of some ten, and a block is unpacked whole: to read a long
//! result in its own order unpacks most blocks once for each article in them.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::thread;

use tantivy::{DocAddress, Searcher};

use super::alike::Groups;
use super::fields::Fields;
use super::sets::WordsWeight;
use super::{also, article_at, explain, hit_of, note_others, placed};
use crate::engine::EngineError;
use crate::engine::guard::guarded;
use crate::hit::Hit;
use crate::passage::Sought;

/// How many hits are read together at first; each time that they are used up, so many times more.
const FIRST: usize = 16;
const MORE: usize = 4;
/// How many hits are held at most, where they hold the texts of their articles ...
const MOST: usize = 1 << 12;
/// ... and where they do not.
const MOST_WITHOUT: usize = 1 << 16;
/// Fewer are not worth a thread.
const WORTH_A_THREAD: usize = 128;

/// What is to be known to read a hit.
pub(super) struct Reading {
    pub place: std::path::PathBuf,
    pub searcher: Searcher,
    pub fields: Fields,
    pub members: Arc<Groups>,
    pub sought: Vec<Sought>,
    pub snippets: usize,
    pub width: usize,
    /// What tells of the parts of a score.
    pub reasons: Vec<WordsWeight>,
    /// Whether each place is a hit of its own.
    pub each: bool,
    /// Whether hits keep the texts of their articles.
    pub texts: bool,
}

impl Reading {
    fn hit(&self, rank: usize, score: f32, at: DocAddress) -> Result<Hit, EngineError> {
        guarded(&self.place, || {
            let article = article_at(&self.searcher, self.fields, at)
                .map_err(|error| placed(error, &self.place))?;
            let mut hit = hit_of(article, rank, score, &self.sought, self.snippets, self.width);
            note_others(&mut hit, &self.members);
            for part in &self.reasons {
                let reader = self.searcher.segment_reader(at.segment_ord);
                let reason = part.reason(reader, at.doc_id);
                hit.reasons.extend(reason.map_err(|error| explain(&self.place, error))?);
            }
            if !self.each {
                hit.also = also(&hit, &self.members, &self.searcher, self.fields)?;
            }
            if !self.texts {
                let article = &mut hit.article;
                article.body = String::new();
                article.captions = Vec::new();
                article.teasers = Vec::new();
            }
            Ok(hit)
        })
    }

    /// Reads hits that are in the order of their addresses; each comes with its place.
    fn hits(&self, wanted: &[Wanted]) -> Vec<(usize, Result<Hit, EngineError>)> {
        wanted
            .iter()
            .map(|wanted| (wanted.place, self.hit(wanted.rank, wanted.score, wanted.at)))
            .collect()
    }
}

/// A hit that is to be read.
struct Wanted {
    /// Where it stands among those that are read together.
    place: usize,
    rank: usize,
    score: f32,
    at: DocAddress,
}

/// The hits of a result, in their order.
pub(super) struct Pull<I> {
    reading: Reading,
    /// The rank, the score and the place of what was not read yet.
    left: I,
    together: usize,
    ready: VecDeque<Result<Hit, EngineError>>,
}

impl<I: Iterator<Item = (usize, f32, DocAddress)>> Pull<I> {
    pub fn new(reading: Reading, left: I) -> Self {
        Self { reading, left, together: FIRST, ready: VecDeque::new() }
    }

    fn read(&mut self) {
        let mut wanted: Vec<Wanted> = (self.left.by_ref().take(self.together))
            .enumerate()
            .map(|(place, (rank, score, at))| Wanted { place, rank, score, at })
            .collect();
        let most = if self.reading.texts { MOST } else { MOST_WITHOUT };
        self.together = (self.together * MORE).min(most);
        wanted.sort_unstable_by_key(|wanted| wanted.at);
        let threads = thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let threads = threads.min(wanted.len() / WORTH_A_THREAD).max(1);
        let reading = &self.reading;
        let share = wanted.len().div_ceil(threads).max(1);
        let mut read = thread::scope(|scope| {
            let mut shares = wanted.chunks(share);
            let own = shares.next().unwrap_or_default();
            let others: Vec<_> =
                shares.map(|share| scope.spawn(move || reading.hits(share))).collect();
            let mut read = reading.hits(own);
            for other in others {
                match other.join() {
                    Ok(more) => read.extend(more),
                    Err(fault) => std::panic::resume_unwind(fault),
                }
            }
            read
        });
        read.sort_unstable_by_key(|(place, _)| *place);
        self.ready.extend(read.into_iter().map(|(_, hit)| hit));
    }
}

impl<I: Iterator<Item = (usize, f32, DocAddress)>> Iterator for Pull<I> {
    type Item = Result<Hit, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            self.read();
        }
        self.ready.pop_front()
    }
}
