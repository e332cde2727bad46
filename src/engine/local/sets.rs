//! One query type for everything that is said in words: sets of words, unions of their postings,
//! and patterns over their positions.

use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{Postings, SegmentPostings};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use super::deadline::Deadline;
use super::union::{AnyScorer, WINDOW};
use crate::hit::Reason;
use crate::query::{Pattern, Scope};
use crate::spans;
use crate::words::{LEAD_WORDS, Region};

/// The words of an index that one word of a query stands for.
#[derive(Debug, Clone, Default)]
pub(super) struct WordSet {
    /// The words, folded, without repeats.
    pub words: Vec<String>,
    /// Whether the first of them counts a little more: it is the form that was typed.
    pub favoured: bool,
}

/// Articles in which a pattern stands, ranked by BM25.
#[derive(Debug, Clone)]
pub(super) struct WordsQuery {
    pub field: Field,
    /// See [`crate::schema::Ranking`].
    pub k1: f32,
    pub b: f32,
    pub scope: Scope,
    pub pattern: Arc<Pattern>,
    /// One set for each word of the pattern, in the order of [`Pattern::words`].
    pub slots: Arc<Vec<WordSet>>,
    /// How often the query holds it.
    pub boost: f32,
    pub deadline: Arc<Deadline>,
}

impl Query for WordsQuery {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(self.weighed_for(scoring)?))
    }
}

impl WordsQuery {
    /// What tells of an article which score this query gives it, and why.
    pub fn explained(&self, searcher: &Searcher) -> tantivy::Result<WordsWeight> {
        let (idf, average) = self.statistics(searcher)?;
        Ok(self.weighed(idf, average))
    }

    /// Whether the counts of the postings are enough, without positions.
    pub fn is_counted(&self) -> bool {
        matches!(*self.pattern, Pattern::Word(_)) && self.scope == Scope::Anywhere
    }

    /// This query with what the whole index tells of it, where it is to be ranked.
    pub fn weighed_for(&self, scoring: EnableScoring<'_>) -> tantivy::Result<WordsWeight> {
        let (idf, average) = match scoring {
            EnableScoring::Enabled { searcher, .. } => self.statistics(searcher)?,
            EnableScoring::Disabled { .. } => (0.0, 1.0),
        };
        Ok(self.weighed(idf, average))
    }

    fn weighed(&self, idf: f32, average: f32) -> WordsWeight {
        let norms = std::array::from_fn(|id| {
            let length = FieldNormReader::id_to_fieldnorm(id as u8) as f32;
            self.k1 * (1.0 - self.b + self.b * length / average)
        });
        WordsWeight { query: self.clone(), idf, average, norms: Arc::new(norms) }
    }

    /// The idf, and the mean length of a text in words.
    fn statistics(&self, searcher: &Searcher) -> tantivy::Result<(f32, f32)> {
        let mut articles = 0_u64;
        let mut tokens = 0_u64;
        let mut frequency = vec![0_u64; self.slots.len()];
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(self.field)?;
            articles += u64::from(reader.max_doc());
            tokens += inverted.total_num_tokens();
            for (slot, set) in self.slots.iter().enumerate() {
                frequency[slot] += set.frequency(self.field, &inverted, &self.deadline)?;
            }
        }
        let mut next = 0;
        let idf = idf_of(&self.pattern, &frequency, articles, &mut next);
        let average = (tokens as f32 / articles.max(1) as f32).max(1.0);
        Ok((idf, average))
    }
}

/// Robertson's idf, as Lucene writes it: never below nought.
fn idf(frequency: u64, articles: u64) -> f32 {
    let (n, all) = (frequency as f64, articles as f64);
    (1.0 + (all - n + 0.5) / (n + 0.5)).ln() as f32
}

fn idf_of(pattern: &Pattern, frequency: &[u64], articles: u64, next: &mut usize) -> f32 {
    match pattern {
        Pattern::Word(_) | Pattern::AtLeast { .. } => {
            *next += 1;
            idf(frequency[*next - 1], articles)
        }
        Pattern::Near { sides, .. } => {
            sides.iter().map(|side| idf_of(side, frequency, articles, next)).sum()
        }
        Pattern::Either(sides) => {
            // A choice is as rare as its commonest side.
            let of = |side| idf_of(side, frequency, articles, next);
            sides.iter().map(of).fold(f32::INFINITY, f32::min)
        }
    }
}

impl WordSet {
    /// The number of documents of a segment that hold one of the words.
    fn frequency(
        &self,
        field: Field,
        inverted: &InvertedIndexReader,
        deadline: &Deadline,
    ) -> tantivy::Result<u64> {
        if let [word] = &self.words[..] {
            return Ok(u64::from(inverted.doc_freq(&Term::from_field_text(field, word))?));
        }
        let slot = Slot::open(self, field, inverted, IndexRecordOption::Basic)?;
        let mut found: Vec<u64> = Vec::new();
        for mut postings in slot.postings {
            let mut doc = postings.doc();
            while doc != TERMINATED && !deadline.passed() {
                let word = doc as usize / 64;
                if word >= found.len() {
                    found.resize(word + 1, 0);
                }
                found[word] |= 1 << (doc % 64);
                doc = postings.advance();
            }
        }
        Ok(found.iter().map(|word| u64::from(word.count_ones())).sum())
    }
}

/// The postings of one set of words in one segment, as one list.
struct Slot {
    postings: Vec<SegmentPostings>,
    /// Whether the first list is that of the form that was typed.
    favoured: bool,
    doc: DocId,
}

/// How much more the form that was typed counts than its other forms: enough to break a tie.
const FAVOUR: f32 = 0.05;

impl Slot {
    fn open(
        set: &WordSet,
        field: Field,
        inverted: &InvertedIndexReader,
        option: IndexRecordOption,
    ) -> tantivy::Result<Self> {
        let mut postings = Vec::with_capacity(set.words.len());
        let mut favoured = false;
        for (number, word) in set.words.iter().enumerate() {
            if let Some(found) =
                inverted.read_postings(&Term::from_field_text(field, word), option)?
            {
                favoured |= number == 0 && set.favoured;
                postings.push(found);
            }
        }
        let mut slot = Self { postings, favoured, doc: 0 };
        slot.doc = slot.least();
        Ok(slot)
    }

    fn least(&self) -> DocId {
        self.postings.iter().map(DocSet::doc).min().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            let mut least = TERMINATED;
            for postings in &mut self.postings {
                let mut doc = postings.doc();
                if doc < target {
                    doc =
                        if doc + 1 == target { postings.advance() } else { postings.seek(target) };
                }
                least = least.min(doc);
            }
            self.doc = least;
        }
        self.doc
    }

    fn frequency(&self) -> f32 {
        let here = self.postings.iter().filter(|postings| postings.doc() == self.doc);
        let count = here.map(Postings::term_freq).sum::<u32>() as f32;
        match self.postings.first() {
            Some(typed) if self.favoured && typed.doc() == self.doc => {
                count + FAVOUR * typed.term_freq() as f32
            }
            _ => count,
        }
    }

    /// Adds what [`Self::frequency`] says of each document before `end` to `counts`, from that of
    /// `start` on, and marks those that have one in `found`.
    fn add_until(&mut self, end: DocId, start: DocId, counts: &mut [f32], found: &mut [u64]) {
        // The form that was typed comes last: its favour is added to the whole count.
        for (number, postings) in self.postings.iter_mut().enumerate().rev() {
            let favour = if self.favoured && number == 0 { FAVOUR } else { 0.0 };
            let mut doc = postings.doc();
            while doc < end {
                let at = (doc - start) as usize;
                let times = postings.term_freq() as f32;
                counts[at] = counts[at] + times + favour * times;
                found[at / 64] |= 1 << (at % 64);
                doc = postings.advance();
            }
        }
        self.doc = self.least();
    }

    /// The positions in the document at hand, rising and without repeats.
    fn positions(&mut self, found: &mut Vec<u32>) {
        found.clear();
        let mut lists = 0;
        for postings in &mut self.postings {
            if postings.doc() == self.doc {
                postings.append_positions_with_offset(0, found);
                lists += 1;
            }
        }
        if lists > 1 {
            found.sort_unstable();
        }
        found.dedup();
    }
}

/// Goes to the first document from `target` on that may hold the pattern.
fn seek_pattern(pattern: &Pattern, slots: &mut [Slot], target: DocId) -> DocId {
    match pattern {
        Pattern::Word(_) | Pattern::AtLeast { .. } => slots[0].seek(target),
        Pattern::Either(sides) => {
            let mut rest = slots;
            let mut least = TERMINATED;
            for side in sides {
                let (mine, others) = rest.split_at_mut(side.words().len());
                least = least.min(seek_pattern(side, mine, target));
                rest = others;
            }
            least
        }
        Pattern::Near { sides, .. } => {
            let mut target = target;
            'candidate: loop {
                let mut rest = &mut *slots;
                for side in sides {
                    let (mine, others) = rest.split_at_mut(side.words().len());
                    let doc = seek_pattern(side, mine, target);
                    if doc == TERMINATED {
                        return TERMINATED;
                    }
                    if doc > target {
                        target = doc;
                        continue 'candidate;
                    }
                    rest = others;
                }
                return target;
            }
        }
    }
}

/// A query with what the whole index tells of it.
pub(super) struct WordsWeight {
    query: WordsQuery,
    idf: f32,
    average: f32,
    norms: Arc<[f32; 256]>,
}

impl WordsWeight {
    /// What this query adds to the score of a document; `None` where it does not match.
    pub fn reason(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Option<Reason>> {
        let query = &self.query;
        let mut scorer = self.open(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            return Ok(None);
        }
        let mut forms = Vec::new();
        // Of a word in one field only the places in it count, which the postings do not tell.
        if let [set] = &query.slots[..]
            && scorer.by_count
        {
            let inverted = reader.inverted_index(query.field)?;
            for word in &set.words {
                let term = Term::from_field_text(query.field, word);
                let postings = inverted.read_postings(&term, IndexRecordOption::WithFreqs)?;
                if let Some(mut postings) = postings
                    && postings.doc() <= doc
                    && postings.seek(doc) == doc
                {
                    forms.push((word.clone(), postings.term_freq()));
                }
            }
        }
        let score = scorer.score();
        let norm = scorer.lengths.fieldnorm_id(doc);
        let times = scorer.times();
        Ok(Some(Reason {
            part: match query.scope {
                Scope::Anywhere => query.pattern.to_string(),
                scope => format!("{}:{}", scope.name(), query.pattern),
            },
            forms,
            times,
            length: FieldNormReader::id_to_fieldnorm(norm),
            mean: self.average,
            weight: query.boost,
            idf: self.idf,
            tf: times * (query.k1 + 1.0) / (times + self.norms[usize::from(norm)]),
            score,
        }))
    }

    pub fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<WordsScorer> {
        let inverted = reader.inverted_index(self.query.field)?;
        let by_count = self.query.is_counted();
        let option = if by_count {
            IndexRecordOption::WithFreqs
        } else {
            IndexRecordOption::WithFreqsAndPositions
        };
        let slots = self
            .query
            .slots
            .iter()
            .map(|set| Slot::open(set, self.query.field, &inverted, option))
            .collect::<tantivy::Result<Vec<_>>>()?;
        let positions = vec![Vec::new(); slots.len()];
        let mut scorer = WordsScorer {
            pattern: Arc::clone(&self.query.pattern),
            scope: self.query.scope,
            by_count,
            slots,
            positions: positions.clone(),
            within: positions,
            doc: 0,
            count: 0,
            lengths: reader.get_fieldnorms_reader(self.query.field)?,
            norms: Arc::clone(&self.norms),
            factor: boost * self.query.boost * self.idf * (self.query.k1 + 1.0),
            deadline: Arc::clone(&self.query.deadline),
        };
        scorer.go(0);
        Ok(scorer)
    }
}

impl Weight for WordsWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(self.open(reader, boost)?))
    }

    fn for_each(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        if self.query.is_counted() {
            let mut scorer = self.open(reader, 1.0)?;
            if !scorer.for_each_of_one(callback) {
                AnyScorer::of(vec![scorer]).for_each(callback);
            }
            return Ok(());
        }
        // The same as tantivy's, without a virtual call for each step.
        let mut scorer = self.open(reader, 1.0)?;
        while scorer.doc != TERMINATED {
            let score = scorer.score();
            callback(scorer.doc, score);
            scorer.advance();
        }
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        match self.reason(reader, doc)? {
            Some(reason) => Ok(Explanation::new_with_string(reason.to_string(), reason.score)),
            None => Err(TantivyError::InvalidArgument(format!("document {doc} does not match"))),
        }
    }
}

/// Places of one pattern in a document beyond which no more are counted: the score would not change.
const ENOUGH: usize = 10_000;

/// The documents of one segment in which a pattern stands.
pub(super) struct WordsScorer {
    pattern: Arc<Pattern>,
    scope: Scope,
    /// Whether the counts of the postings are enough, without positions.
    by_count: bool,
    slots: Vec<Slot>,
    positions: Vec<Vec<u32>>,
    within: Vec<Vec<u32>>,
    doc: DocId,
    count: u32,
    lengths: FieldNormReader,
    norms: Arc<[f32; 256]>,
    factor: f32,
    deadline: Arc<Deadline>,
}

/// A scorer of a query that [`WordsQuery::is_counted`], asked for many documents at once.
impl WordsScorer {
    /// The first document that was not passed.
    pub fn next_doc(&self) -> DocId {
        self.slots[0].doc
    }

    /// Passes all documents before `target`.
    pub fn pass(&mut self, target: DocId) {
        self.slots[0].seek(target);
    }

    /// Gives each document with its score, where there is one list of postings at most.
    fn for_each_of_one(&mut self, callback: &mut dyn FnMut(DocId, Score)) -> bool {
        let favour = if self.slots[0].favoured { FAVOUR } else { 0.0 };
        let [postings] = &mut self.slots[0].postings[..] else { return false };
        let mut doc = postings.doc();
        while doc != TERMINATED && !self.deadline.passed() {
            let times = postings.term_freq() as f32;
            let count = times + favour * times;
            let norm = self.norms[usize::from(self.lengths.fieldnorm_id(doc))];
            callback(doc, self.factor * count / (count + norm));
            doc = postings.advance();
        }
        true
    }

    /// Whether the time of the search is over.
    pub fn is_late(&self) -> bool {
        self.deadline.passed()
    }

    /// Adds to `scores`, from that of `start` on, what each document before `end` gets of it, and
    /// marks them in `found`. `counts` is all nought, and so it is left.
    pub fn add_scores(
        &mut self,
        end: DocId,
        start: DocId,
        counts: &mut [f32],
        scores: &mut [f32],
        found: &mut [u64],
    ) {
        let mut own = [0_u64; WINDOW / 64];
        self.slots[0].add_until(end, start, counts, &mut own);
        for (word, (own, found)) in own.iter().zip(found).enumerate() {
            *found |= own;
            let mut bits = *own;
            while bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let count = std::mem::take(&mut counts[at]);
                let norm = self.lengths.fieldnorm_id(start + at as DocId);
                scores[at] += self.factor * count / (count + self.norms[usize::from(norm)]);
            }
        }
    }
}

impl WordsScorer {
    /// How often the pattern stands in the document at hand.
    fn times(&self) -> f32 {
        if self.by_count { self.slots[0].frequency() } else { self.count as f32 }
    }

    /// Goes to the first match from `target` on.
    fn go(&mut self, target: DocId) -> DocId {
        if self.by_count && !self.deadline.missed() {
            self.doc = self.slots[0].seek(target);
            return self.doc;
        }
        let mut target = target;
        while !self.deadline.passed() {
            self.doc = seek_pattern(&self.pattern, &mut self.slots, target);
            if self.doc == TERMINATED || self.stands() {
                return self.doc;
            }
            target = self.doc + 1;
        }
        self.doc = TERMINATED;
        self.doc
    }

    /// Counts the places of the pattern in the document at hand.
    fn stands(&mut self) -> bool {
        for (slot, positions) in self.slots.iter_mut().zip(&mut self.positions) {
            positions.clear();
            // One side of a choice may lag behind, or have gone ahead.
            if slot.seek(self.doc) == self.doc {
                slot.positions(positions);
            }
        }
        let ranges = ranges_of(self.scope);
        if let Pattern::AtLeast { times, .. } = *self.pattern {
            let all = &self.positions[0];
            let inside = all.iter().filter(|at| ranges.iter().any(|range| range.contains(at)));
            self.count = inside.count() as u32;
            return self.count >= times;
        }
        self.count = ranges
            .iter()
            .map(|range| {
                for (all, within) in self.positions.iter().zip(&mut self.within) {
                    let from = all.partition_point(|at| *at < range.start);
                    let to = all.partition_point(|at| *at < range.end);
                    within.clear();
                    within.extend_from_slice(&all[from..to]);
                }
                let late = || self.deadline.passed();
                spans::count(&self.pattern, &self.within, ENOUGH, &late) as u32
            })
            .sum();
        self.count > 0
    }
}

/// The rows of positions of a scope, each searched for itself.
pub(super) fn ranges_of(scope: Scope) -> &'static [std::ops::Range<u32>] {
    const HEADLINE: std::ops::Range<u32> = Region::Headline.positions();
    const BYLINE: std::ops::Range<u32> = Region::Byline.positions();
    const BODY: std::ops::Range<u32> = Region::Body.positions();
    const LEAD: std::ops::Range<u32> = BODY.start..BODY.start + LEAD_WORDS;
    match scope {
        Scope::Anywhere => &[HEADLINE, BYLINE, BODY],
        Scope::Headline => &[HEADLINE],
        Scope::Byline => &[BYLINE],
        Scope::Lead => &[HEADLINE, LEAD],
        Scope::Body => &[BODY],
    }
}

impl DocSet for WordsScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED { TERMINATED } else { self.go(self.doc + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc >= target { self.doc } else { self.go(target) }
    }

    fn doc(&self) -> DocId {
        self.doc
    }

    fn size_hint(&self) -> u32 {
        let all = |sizes: &mut dyn Iterator<Item = u32>| sizes.fold(0, u32::saturating_add);
        let mut sizes =
            self.slots.iter().map(|slot| all(&mut slot.postings.iter().map(DocSet::size_hint)));
        match *self.pattern {
            Pattern::Either(_) => all(&mut sizes),
            _ => sizes.min().unwrap_or(0),
        }
    }
}

impl Scorer for WordsScorer {
    fn score(&mut self) -> Score {
        let count = self.times();
        let norm = self.norms[usize::from(self.lengths.fieldnorm_id(self.doc))];
        self.factor * count / (count + norm)
    }
}
