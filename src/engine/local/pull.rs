//! Reading the articles of a result: few at first, so that the first hits come at once, then more
//! and more of them together, in the order in which they lie in the index and by several threads.
//!
//! Stored articles that lie side by side are read from the disk together.

use std::collections::VecDeque;
use std::convert::Infallible;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use tantivy::DocAddress;

use super::deadline::Deadline;
use super::fields::Fields;
use super::kept::Kept;
use super::sets::WordsWeight;
use super::share;
use super::{also, explain, hit_of, note_others, placed};
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
/// How many bytes of texts are held; what is beyond is read one by one when its turn comes.
const HELD: usize = if cfg!(test) { 1 << 17 } else { 64 << 20 };
/// An article takes as long to be read as so many postings, ...
const ARTICLE: u64 = 1_000;
/// ... and with its snippets as so many.
const SNIPPETS: u64 = 3_500;

/// What is to be known to read a hit.
pub(super) struct Reading {
    pub place: std::path::PathBuf,
    pub kept: Arc<Kept>,
    pub fields: Fields,
    pub sought: Vec<Sought>,
    pub snippets: usize,
    pub width: usize,
    /// What tells of the parts of a score.
    pub reasons: Vec<WordsWeight>,
    /// Whether each place is a hit of its own.
    pub each: bool,
    /// Whether hits keep the texts of their articles.
    pub texts: bool,
    /// How long the snippets of a hit may take.
    pub limit: Option<Duration>,
}

impl Reading {
    fn hit(&self, rank: usize, score: f32, at: DocAddress) -> Result<Hit, EngineError> {
        guarded(&self.place, || {
            let failed = |error| placed(error, &self.place);
            // Snippets are made of the texts, and what counts the words of a body need not see it.
            let (article, words) = if self.texts || self.snippets > 0 {
                (self.kept.article_again(at).map_err(failed)?, None)
            } else {
                let (article, words) = self.kept.article_without_texts(at).map_err(failed)?;
                (article, Some(words))
            };
            let deadline = Deadline::after(self.limit.filter(|_| self.snippets > 0));
            let late = || deadline.passed();
            let (sought, snippets, width) = (&self.sought, self.snippets, self.width);
            let mut hit = hit_of(article, rank, score, sought, snippets, width, &late);
            hit.words = words.unwrap_or(hit.words);
            if let Some(limit) = self.limit.filter(|_| deadline.missed()) {
                return Err(EngineError::OutOfTime { limit });
            }
            note_others(&mut hit, self.kept.groups());
            for part in &self.reasons {
                let reader = self.kept.searcher.segment_reader(at.segment_ord);
                let reason = part.reason(reader, at.doc_id);
                hit.reasons.extend(reason.map_err(|error| explain(&self.place, error))?);
            }
            if !self.each {
                hit.also = also(&hit, &self.kept, self.fields)?;
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

    fn read(&self, wanted: &Wanted) -> Result<Hit, EngineError> {
        self.hit(wanted.rank, wanted.score, wanted.at)
    }

    /// Reads hits that are in the order of their addresses, as long as `held` is not too much; each
    /// comes with its place.
    fn hits(&self, wanted: &[Wanted], held: &AtomicUsize) -> Vec<(usize, Next)> {
        wanted
            .iter()
            .map(|wanted| {
                let place = wanted.place;
                if held.load(Ordering::Relaxed) >= HELD {
                    return (place, Next::Wanted(*wanted));
                }
                let hit = self.read(wanted);
                held.fetch_add(hit.as_ref().map_or(0, weight), Ordering::Relaxed);
                (place, Next::Hit(hit.map(Box::new)))
            })
            .collect()
    }
}

/// The bytes of the texts of a hit that may be long.
fn weight(hit: &Hit) -> usize {
    let article = &hit.article;
    let lists = [&article.topics, &article.authors, &article.captions, &article.teasers];
    let lists = lists.into_iter().flatten().map(String::len).sum::<usize>();
    article.body.len() + article.standfirst.len() + lists
}

/// A hit that comes next.
enum Next {
    Hit(Result<Box<Hit>, EngineError>),
    /// It is read when it is asked for.
    Wanted(Wanted),
}

/// A hit that is to be read.
#[derive(Clone, Copy)]
struct Wanted {
    /// Where it stands among those that are read together.
    place: usize,
    rank: usize,
    score: f32,
    at: DocAddress,
}

/// The hits of a result, in their order.
pub(super) struct Pull<I> {
    reading: Arc<Reading>,
    /// The rank, the score and the place of what was not read yet.
    left: I,
    together: usize,
    ready: VecDeque<Next>,
}

impl<I: Iterator<Item = (usize, f32, DocAddress)>> Pull<I> {
    pub fn new(reading: Reading, left: I) -> Self {
        Self { reading: Arc::new(reading), left, together: FIRST, ready: VecDeque::new() }
    }

    fn read(&mut self) {
        let mut wanted: Vec<Wanted> = (self.left.by_ref().take(self.together))
            .enumerate()
            .map(|(place, (rank, score, at))| Wanted { place, rank, score, at })
            .collect();
        let most = if self.reading.texts { MOST } else { MOST_WITHOUT };
        self.together = (self.together * MORE).min(most);
        wanted.sort_unstable_by_key(|wanted| wanted.at);
        let cost = if self.reading.snippets > 0 { SNIPPETS } else { ARTICLE };
        let postings = wanted.len() as u64 * cost;
        let (reading, held) = (Arc::clone(&self.reading), AtomicUsize::new(0));
        // Shares of what lies side by side, since each block is to be read once.
        let size = wanted.len().div_ceil(share::threads(postings)).max(1);
        let shares = wanted.len().div_ceil(size);
        // No share fails: each hit may, for itself.
        let work = move |at: usize| {
            let until = (at + 1) * size;
            let own = &wanted[at * size..until.min(wanted.len())];
            Ok::<_, Infallible>(reading.hits(own, &held))
        };
        let Ok(read) = share::shared(shares, postings, work);
        let mut read: Vec<(usize, Next)> = read.into_iter().flatten().collect();
        read.sort_unstable_by_key(|(place, _)| *place);
        self.ready.extend(read.into_iter().map(|(_, next)| next));
    }
}

impl<I: Iterator<Item = (usize, f32, DocAddress)>> Iterator for Pull<I> {
    type Item = Result<Hit, EngineError>;

    fn next(&mut self) -> Option<Self::Item> {
        if self.ready.is_empty() {
            self.read();
        }
        Some(match self.ready.pop_front()? {
            Next::Hit(hit) => hit.map(|hit| *hit),
            Next::Wanted(wanted) => self.reading.read(&wanted),
        })
    }
}

#[cfg(test)]
mod tests {
    use crate::article::{Article, Origin};
    use crate::engine::local::{Local, WriterOptions};
    use crate::engine::{Engine, Request, Sort};
    use crate::ledger::Ledger;
    use crate::query::Query;

    #[test]
    fn hits_come_in_their_order_however_many_are_held() {
        let folder = tempfile::tempdir().unwrap();
        let local = Local::open_or_create(&folder.path().join("index")).unwrap();
        let mut writer = local.writer(WriterOptions { threads: 2, memory: 16_000_000 }).unwrap();
        for number in 0..700_u64 {
            let origin = Origin { path: format!("{number}.txt"), ..Origin::default() };
            let article = Article {
                id: origin.to_string(),
                origin,
                // The order of days is not that in which they are put.
                published: Some(format!("20{:02}-01-01", number * 37 % 90 + 10).parse().unwrap()),
                body: format!("Ferry {number} left. ").repeat(50),
                ..Article::default()
            };
            writer.put(Box::new(article), number + 1).unwrap();
        }
        writer.commit(&Ledger::default()).unwrap();
        writer.finish().unwrap();
        let asked = Request { sort: Sort::Oldest, ..Request::of(Query::All) };
        let read = |request: &Request| -> Vec<_> {
            local.search(request).unwrap().hits.map(Result::unwrap).collect()
        };
        let whole = read(&asked);
        let without = read(&Request { texts: false, ..asked });
        assert_eq!((whole.len(), without.len()), (700, 700));
        for (number, (hit, bare)) in whole.iter().zip(&without).enumerate() {
            assert_eq!((hit.rank, bare.rank), (number + 1, number + 1));
            let own = hit.article.id.trim_end_matches(".txt");
            assert!(hit.article.body.starts_with(&format!("Ferry {own} left.")));
            assert_eq!((&bare.article.id, bare.words), (&hit.article.id, hit.article.words()));
            assert!(bare.article.body.is_empty());
        }
        let order = |hit: &crate::hit::Hit| (hit.article.published, hit.article.id.clone());
        assert!(whole.is_sorted_by_key(order));
    }
}
