//! Articles that have any or all of some words, labels and days, a window of documents at a time:
//! each list of postings is walked by itself and adds to the scores of the window, so that no list
//! is asked at each document where it stands.

use std::cell::RefCell;
use std::ops::{Range, RangeInclusive};
use std::sync::Arc;

use tantivy::columnar::Column;
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::Field;
use tantivy::{
    DocId, DocSet, Score, SegmentOrdinal, SegmentReader, TERMINATED, TantivyError, Term,
};

use super::kept::{DayOf, Kept, UNDATED};
use super::lists::{CountScorer, Lists, Marks, Numbers, WINDOW, clear};
use super::sets::{WordsQuery, WordsWeight};

/// How many after a leap, since who leaps once is likely to leap again; and always where there are
/// few in all.
const NARROW: usize = 128;
/// So many are few.
const FEW: u32 = 512;

/// Articles that have a word of any or of each of some sets, ranked by the sum of what each adds.
#[derive(Debug, Clone)]
pub(super) struct CountedWords {
    /// Each of them [`WordsQuery::is_counted`]; at least one.
    pub parts: Vec<WordsQuery>,
    /// Whether an article must have a word of each.
    pub each: bool,
    /// Labels each of which it must have; they add nothing to its score.
    pub labels: Vec<Term>,
    /// Its day must lie in each of these.
    pub days: Vec<Days>,
}

/// Days that an article may be of.
#[derive(Debug, Clone)]
pub(super) enum Days {
    /// It must begin on this day or later.
    From(i64),
    /// It must end on this day or earlier.
    To(i64),
}

impl Days {
    /// Those of the articles of a segment, and what they may be.
    fn of(&self, kept: &Kept, segment: SegmentOrdinal) -> tantivy::Result<DaysOf> {
        let (which, limits) = match *self {
            Self::From(day) => (DayOf::First, day..=i64::MAX),
            Self::To(day) => (DayOf::Last, i64::MIN..=day),
        };
        if let Some(days) = kept.days(segment, which)? {
            // No day that is kept is as far away as these ends.
            let end = |day: &i64| (*day).clamp(UNDATED as i64 + 1, i32::MAX as i64) as i32;
            return Ok(DaysOf::Plain(days, end(limits.start())..=end(limits.end())));
        }
        let column = match which {
            DayOf::First => kept.day(segment)?,
            DayOf::Last => kept.last_day(segment)?,
        };
        Ok(DaysOf::Stored(column.clone(), limits))
    }
}

/// The days of the articles of a segment, and what they may be.
enum DaysOf {
    /// As they are, [`UNDATED`] for none.
    Plain(Arc<[i32]>, RangeInclusive<i32>),
    Stored(Column<i64>, RangeInclusive<i64>),
}

impl Query for CountedWords {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.weighed_for(scoring)?))
    }
}

impl CountedWords {
    /// Those that have a word of each set.
    pub fn each_of(parts: Vec<WordsQuery>) -> Self {
        Self { parts, each: true, labels: Vec::new(), days: Vec::new() }
    }

    /// Those that have a word of any.
    pub fn any_of(parts: Vec<WordsQuery>) -> Self {
        Self { each: false, ..Self::each_of(parts) }
    }

    /// This query with what the whole index tells of it, where it is to be ranked.
    pub fn weighed_for(&self, scoring: EnableScoring<'_>) -> tantivy::Result<CountedWeight> {
        let parts = self.parts.iter().map(|part| Ok(Part::Words(part.weighed_for(scoring)?)));
        let parts = parts.collect::<tantivy::Result<Vec<_>>>()?;
        let labels = self.labels.iter().cloned().map(Part::Label);
        let (mut leads, mut rest) = (parts, labels.collect::<Vec<_>>());
        if self.each || leads.len() == 1 {
            // The rarest leads. It is the same one in each segment, so that scores, which hang on
            // the order in which they are added up, do not hang on how an index is parted.
            leads.append(&mut rest);
            let mut sized = Vec::with_capacity(leads.len());
            for part in leads {
                let postings = match &part {
                    Part::Words(words) => words.postings(),
                    Part::Label(term) => scoring.searcher().map_or(Ok(0), |s| s.doc_freq(term))?,
                };
                sized.push((postings, part));
            }
            sized.sort_by_key(|(postings, _)| *postings);
            let mut parts = sized.into_iter().map(|(_, part)| part);
            leads = parts.by_ref().take(1).collect();
            rest = parts.collect();
        }
        let kept = Arc::clone(&self.parts[0].kept);
        let text = self.parts[0].field;
        Ok(CountedWeight { text, leads, rest, days: self.days.clone(), kept })
    }
}

/// What an article may have.
enum Part {
    Words(WordsWeight),
    Label(Term),
}

/// [`CountedWords`] with what the whole index tells of it.
pub(super) struct CountedWeight {
    text: Field,
    /// It must have any of these ...
    leads: Vec<Part>,
    /// ... and each of these.
    rest: Vec<Part>,
    days: Vec<Days>,
    kept: Arc<Kept>,
}

impl CountedWeight {
    fn opened(
        &self,
        parts: &[Part],
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<Vec<CountScorer>> {
        let text = self.text;
        let open = |part: &Part| match part {
            Part::Words(words) => words.open_counted(reader, boost),
            Part::Label(term) => {
                let inverted = reader.inverted_index(term.field())?;
                let term = inverted.get_term_info(term)?;
                let lists = Lists::bare(term.iter(), &inverted)?;
                let lengths = reader.get_fieldnorms_reader(text)?;
                Ok(CountScorer::bare(lists, lengths))
            }
        };
        parts.iter().map(open).collect()
    }

    /// The documents of a segment from `start` on.
    fn open(&self, reader: &SegmentReader, boost: Score, start: DocId) -> tantivy::Result<Windows> {
        let mut leads = self.opened(&self.leads, reader, boost)?;
        for part in &mut leads {
            part.seek(start);
        }
        let rest = self.opened(&self.rest, reader, boost)?;
        let mut days = Vec::with_capacity(self.days.len());
        if let Some(segment) = self.kept.ordinal(reader.segment_id()) {
            for limit in &self.days {
                days.push(limit.of(&self.kept, segment)?);
            }
        }
        Ok(Windows::of(leads, rest, days))
    }

    /// Gives the documents of a range, with their scores.
    pub fn give(
        &self,
        reader: &SegmentReader,
        range: Range<DocId>,
        give: &mut impl FnMut(&[DocId], &[Score]),
    ) -> tantivy::Result<()> {
        if let [Part::Words(words)] = &self.leads[..]
            && self.rest.is_empty()
            && self.days.is_empty()
        {
            let mut scorer = words.open_counted(reader, 1.0)?;
            scorer.seek(range.start);
            if !scorer.give_one(range.end, give) {
                Windows::of(vec![scorer], Vec::new(), Vec::new()).give_all(range.end, give);
            }
            return Ok(());
        }
        self.open(reader, 1.0, range.start)?.give_all(range.end, give);
        Ok(())
    }
}

impl Weight for CountedWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(self.open(reader, boost, 0)?))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.open(reader, 1.0, doc)?;
        if scorer.seek(doc) != doc {
            let why = format!("document {doc} does not match");
            return Err(TantivyError::InvalidArgument(why));
        }
        Ok(Explanation::new("the sum of its words", scorer.score()))
    }
}

/// Room for the documents of a window.
struct Room {
    // All of these are nought between two windows.
    found: Box<Marks>,
    scores: Box<Numbers>,
    counts: Box<Numbers>,
    given: Box<Given>,
}

/// Those of a window that are given, with their scores.
struct Given {
    docs: [DocId; WINDOW],
    scores: Numbers,
}

thread_local! {
    /// What a search of this thread left, so that the next need not make it nought.
    static LEFT: RefCell<Option<Room>> = const { RefCell::new(None) };
}

impl Room {
    fn take() -> Self {
        let new = || Self {
            found: Box::new([0; WINDOW / 64]),
            scores: Box::new([0.0; WINDOW]),
            counts: Box::new([0.0; WINDOW]),
            given: Box::new(Given { docs: [0; WINDOW], scores: [0.0; WINDOW] }),
        };
        LEFT.take().unwrap_or_else(new)
    }
}

/// The documents of one segment that have any of some words, and more besides.
pub(super) struct Windows {
    /// They have any of these ...
    leads: Vec<CountScorer>,
    /// ... and each of these, ...
    rest: Vec<CountScorer>,
    /// ... and days within these limits.
    days: Vec<DaysOf>,
    /// The first document of the window.
    start: DocId,
    /// How many documents it has.
    width: usize,
    /// The documents of the window that are left, the one at hand among them.
    found: Box<Marks>,
    /// Where in `found` the one at hand is.
    word: usize,
    doc: DocId,
    scores: Box<Numbers>,
    counts: Box<Numbers>,
    given: Box<Given>,
    /// How many documents a window has where it does not follow a leap.
    widest: usize,
}

impl Windows {
    fn of(leads: Vec<CountScorer>, rest: Vec<CountScorer>, days: Vec<DaysOf>) -> Self {
        let size = leads.iter().map(DocSet::size_hint).fold(0, u32::saturating_add);
        let widest = if size > FEW { WINDOW } else { NARROW };
        let Room { found, scores, counts, given } = Room::take();
        let mut windows = Self {
            leads,
            rest,
            days,
            start: 0,
            width: 0,
            found,
            word: 0,
            doc: 0,
            scores,
            counts,
            given,
            widest,
        };
        windows.fill(widest);
        windows
    }

    /// Goes to the next document that is left, with a window of `width` documents.
    fn fill(&mut self, width: usize) {
        self.width = width;
        loop {
            self.word = 0;
            self.start = self.next_start(width);
            if self.start == TERMINATED || self.leads.iter().any(CountScorer::is_late) {
                self.doc = TERMINATED;
                return;
            }
            let end = self.start.saturating_add(width as DocId).min(TERMINATED);
            let found = &mut self.found;
            let (counts, scores) = (&mut self.counts, &mut self.scores);
            for part in &mut self.leads {
                part.add_scores(end, self.start, counts, scores, found);
            }
            for part in &mut self.rest {
                part.add_scores_of(end, self.start, counts, scores, found);
            }
            if !self.days.is_empty() {
                self.keep_days();
            }
            if let Some(doc) = self.next_in_window() {
                self.doc = doc;
                return;
            }
        }
    }

    /// The next document of those that lead from which on each other part has one in a window.
    fn next_start(&mut self, width: usize) -> DocId {
        loop {
            let start = self.leads.iter().map(DocSet::doc).min().unwrap_or(TERMINATED);
            if start == TERMINATED {
                return TERMINATED;
            }
            let rest = self.rest.iter_mut().map(|part| part.seek(start));
            let farthest = rest.max().unwrap_or(start);
            if farthest < start.saturating_add(width as DocId) {
                return start;
            }
            for part in &mut self.leads {
                part.seek(farthest);
            }
        }
    }

    /// Takes away the documents of the window that are of other days.
    fn keep_days(&mut self) {
        for limit in &self.days {
            let (column, limits) = match limit {
                DaysOf::Stored(column, limits) => (column, limits),
                DaysOf::Plain(days, limits) => {
                    let (first, last) = (*limits.start(), *limits.end());
                    for (word, found) in self.found.iter_mut().enumerate() {
                        let (mut bits, mut gone) = (*found, 0);
                        while bits != 0 {
                            let bit = bits.trailing_zeros();
                            bits &= bits - 1;
                            let day = days[self.start as usize + word * 64 + bit as usize];
                            // Without a branch, which would often be guessed wrong.
                            gone |= u64::from((day < first) | (day > last)) << bit;
                        }
                        *found &= !gone;
                        clear(gone, word, &mut self.scores);
                    }
                    continue;
                }
            };
            let mut docs = Vec::new();
            for (word, found) in self.found.iter().enumerate() {
                let mut bits = *found;
                while bits != 0 {
                    let at = word * 64 + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    docs.push(self.start + at as DocId);
                }
            }
            let mut their = vec![None; docs.len()];
            column.first_vals(&docs, &mut their);
            for (doc, day) in docs.iter().zip(&their) {
                if day.is_none_or(|day| !limits.contains(&day)) {
                    let at = (doc - self.start) as usize;
                    self.found[at / 64] &= !(1 << (at % 64));
                    self.scores[at] = 0.0;
                }
            }
        }
    }

    /// Leaves the document at hand.
    fn leave(&mut self) {
        let at = (self.doc - self.start) as usize;
        self.scores[at] = 0.0;
        self.found[self.word] &= self.found[self.word] - 1;
    }

    /// The next document of the window, without the one that was left.
    fn next_in_window(&mut self) -> Option<DocId> {
        while self.found[self.word] == 0 {
            self.word += 1;
            if self.word == self.found.len() {
                return None;
            }
        }
        let at = self.word * 64 + self.found[self.word].trailing_zeros() as usize;
        Some(self.start + at as DocId)
    }

    /// Gives all documents before `end`, as [`Self::give`] does, and leaves the room for the next.
    fn give_all(mut self, end: DocId, give: &mut impl FnMut(&[DocId], &[Score])) {
        self.give(end, give);
        let Self { mut found, mut scores, counts, given, .. } = self;
        for (scores, found) in scores.chunks_mut(64).zip(found.iter_mut()) {
            if std::mem::take(found) != 0 {
                scores.fill(0.0);
            }
        }
        LEFT.set(Some(Room { found, scores, counts, given }));
    }

    /// Gives the documents that are left before `end`, with their scores, those of a window together.
    fn give(&mut self, end: DocId, give: &mut impl FnMut(&[DocId], &[Score])) {
        while self.doc < end {
            let given = &mut *self.given;
            let mut many = 0;
            for (word, found) in self.found.iter_mut().enumerate().skip(self.word) {
                let mut bits = std::mem::take(found);
                while bits != 0 {
                    let at = (word * 64 + bits.trailing_zeros() as usize) % WINDOW;
                    bits &= bits - 1;
                    given.docs[many % WINDOW] = self.start + at as DocId;
                    given.scores[many % WINDOW] = std::mem::take(&mut self.scores[at]);
                    many += 1;
                }
            }
            let before = given.docs[..many].partition_point(|doc| *doc < end);
            give(&given.docs[..before], &given.scores[..before]);
            self.fill(self.widest);
        }
    }
}

impl DocSet for Windows {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.leave();
        match self.next_in_window() {
            Some(doc) => self.doc = doc,
            None => self.fill(self.widest),
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        while self.doc < target {
            if (target - self.start) as usize >= self.width {
                self.found[..self.width.div_ceil(64)].fill(0);
                self.scores[..self.width].fill(0.0);
                for part in &mut self.leads {
                    part.seek(target);
                }
                self.fill(NARROW);
            } else {
                self.advance();
            }
        }
        self.doc
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let size = self.leads.iter().map(DocSet::size_hint).fold(0, u32::saturating_add);
        self.rest.iter().map(DocSet::size_hint).fold(size, u32::min)
    }
}

impl Scorer for Windows {
    fn score(&mut self) -> Score {
        self.scores[(self.doc - self.start) as usize]
    }
}
