//! One query type for everything that is said in words: sets of words, unions of their postings,
//! and patterns over their positions.

use std::collections::BTreeMap;
use std::sync::{Arc, OnceLock};

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::{InvertedIndexReader, SegmentId};
use tantivy::postings::{Postings, SegmentPostings, TermInfo};
use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{DocId, DocSet, Score, Searcher, SegmentReader, TERMINATED, TantivyError, Term};

use super::deadline::Deadline;
use super::kept::Kept;
use super::lists::{CountScorer, Lists};
use super::share;
use crate::hit::Reason;
use crate::query::{Pattern, Scope};
use crate::spans;
use crate::words::{LEAD_WORDS, Region};

/// The words of an index that one word of a query stands for.
#[derive(Debug, Default)]
pub(super) struct WordSet {
    /// The words, folded, without repeats.
    pub words: Vec<String>,
    /// Whether the first of them counts a little more: it is the form that was typed.
    pub favoured: bool,
    /// Of each segment that has some of them, their numbers, rising, and where their postings are.
    terms: Vec<(SegmentId, Vec<(usize, TermInfo)>)>,
    /// How many articles hold one of the words, once that was counted.
    frequency: OnceLock<u64>,
}

/// Words of the index, each with where its postings are in the segments that have it.
pub(super) type Found = BTreeMap<String, Vec<(SegmentId, TermInfo)>>;

/// Notes where a word is in a segment, once.
pub(super) fn note(found: &mut Found, word: &str, segment: SegmentId, term: &TermInfo) {
    match found.get_mut(word) {
        // Segments come one after the other, so that one that is known is likely the last.
        Some(terms) if terms.iter().rev().any(|(known, _)| *known == segment) => {}
        Some(terms) => terms.push((segment, term.clone())),
        None => {
            found.insert(word.to_owned(), vec![(segment, term.clone())]);
        }
    }
}

/// Looks for a word in all segments, and notes where it is.
pub(super) fn look_for(
    word: &str,
    field: Field,
    searcher: &Searcher,
    found: &mut Found,
) -> tantivy::Result<()> {
    let term = Term::from_field_text(field, word);
    for reader in searcher.segment_readers() {
        if let Some(term) = reader.inverted_index(field)?.get_term_info(&term)? {
            note(found, word, reader.segment_id(), &term);
        }
    }
    Ok(())
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
    pub slots: Arc<Vec<Arc<WordSet>>>,
    /// How often the query holds it.
    pub boost: f32,
    pub deadline: Arc<Deadline>,
    /// What is kept of the segments in which it is sought.
    pub kept: Arc<Kept>,
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

    /// How many articles hold a word of its first set, those that were deleted and are still there
    /// among them.
    pub fn articles(&self, searcher: &Searcher) -> tantivy::Result<u64> {
        self.slots.first().map_or(Ok(0), |set| set.frequency(self.field, searcher, &self.deadline))
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
        for reader in searcher.segment_readers() {
            articles += u64::from(reader.max_doc());
            tokens += reader.inverted_index(self.field)?.total_num_tokens();
        }
        let frequency = (self.slots.iter())
            .map(|set| set.frequency(self.field, searcher, &self.deadline))
            .collect::<tantivy::Result<Vec<_>>>()?;
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
    /// Some of the words that were found.
    pub fn of(words: Vec<String>, favoured: bool, mut found: Found) -> Self {
        let mut terms: Vec<(SegmentId, Vec<(usize, TermInfo)>)> = Vec::new();
        for (number, word) in words.iter().enumerate() {
            for (segment, term) in found.remove(word).unwrap_or_default() {
                match terms.iter_mut().find(|(known, _)| *known == segment) {
                    Some((_, own)) => own.push((number, term)),
                    None => terms.push((segment, vec![(number, term)])),
                }
            }
        }
        Self { words, favoured, terms, frequency: OnceLock::new() }
    }

    /// The numbers of the words that a segment has, rising, and where their postings are.
    fn terms(&self, segment: SegmentId) -> &[(usize, TermInfo)] {
        let own = self.terms.iter().find(|(known, _)| *known == segment);
        own.map_or(&[], |(_, terms)| &terms[..])
    }

    /// How many lists of postings it has.
    pub fn lists(&self) -> usize {
        self.terms.iter().map(|(_, terms)| terms.len()).sum()
    }

    /// How many postings there are of its words.
    pub fn postings(&self) -> u64 {
        let terms = self.terms.iter().flat_map(|(_, terms)| terms);
        terms.map(|(_, term)| u64::from(term.doc_freq)).sum()
    }

    /// The number of documents that hold one of the words.
    fn frequency(
        self: &Arc<Self>,
        field: Field,
        searcher: &Searcher,
        deadline: &Arc<Deadline>,
    ) -> tantivy::Result<u64> {
        if self.words.len() < 2 {
            return Ok(self.postings());
        }
        if let Some(known) = self.frequency.get() {
            return Ok(*known);
        }
        let (set, all, until) = (Arc::clone(self), searcher.clone(), Arc::clone(deadline));
        let readers = searcher.segment_readers().len();
        let counted = share::shared(readers, self.postings(), move |at| {
            let reader = &all.segment_readers()[at];
            let terms = set.terms(reader.segment_id());
            let inverted = reader.inverted_index(field)?;
            let lists = Lists::bare(terms.iter().map(|(_, term)| term), &inverted)?;
            tantivy::Result::Ok(lists.number(&until))
        })?;
        let frequency = counted.into_iter().sum();
        // What a search that ran out of time counted is not all.
        if !deadline.missed() {
            return Ok(*self.frequency.get_or_init(|| frequency));
        }
        Ok(frequency)
    }
}

/// The postings of one set of words in one segment, as one list.
struct Slot {
    postings: Vec<SegmentPostings>,
    doc: DocId,
}

impl Slot {
    fn open(terms: &[(usize, TermInfo)], inverted: &InvertedIndexReader) -> std::io::Result<Self> {
        let open = |(_, term): &(usize, TermInfo)| {
            inverted.read_postings_from_terminfo(term, IndexRecordOption::WithFreqsAndPositions)
        };
        let postings = terms.iter().map(open).collect::<std::io::Result<_>>()?;
        let mut slot = Self { postings, doc: 0 };
        slot.doc = slot.least();
        Ok(slot)
    }

    fn least(&self) -> DocId {
        self.postings.iter().map(DocSet::doc).min().unwrap_or(TERMINATED)
    }

    /// About how many documents it has.
    fn size(&self) -> u32 {
        self.postings.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
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

/// Goes to the first document from `target` on that is in all slots, which are asked in an order.
fn seek_all(slots: &mut [Slot], order: &[usize], target: DocId) -> DocId {
    let mut target = target;
    'candidate: loop {
        for at in order {
            let doc = slots[*at].seek(target);
            if doc > target {
                if doc == TERMINATED {
                    return TERMINATED;
                }
                target = doc;
                continue 'candidate;
            }
        }
        return target;
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
                let (mine, others) = rest.split_at_mut(side.size());
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
                    let (mine, others) = rest.split_at_mut(side.size());
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
        let (score, times) = if query.is_counted() {
            let mut scorer = self.open_counted(reader, 1.0)?;
            if scorer.doc() > doc || scorer.seek(doc) != doc {
                return Ok(None);
            }
            (scorer.score(), scorer.times())
        } else {
            let mut scorer = self.open(reader, 1.0)?;
            if scorer.doc() > doc || scorer.seek(doc) != doc {
                return Ok(None);
            }
            (scorer.score(), scorer.count as f32)
        };
        let mut forms = Vec::new();
        // Of a word in one field only the places in it count, which the postings do not tell.
        if let [set] = &query.slots[..]
            && query.is_counted()
        {
            let inverted = reader.inverted_index(query.field)?;
            for (number, term) in set.terms(reader.segment_id()) {
                let option = IndexRecordOption::WithFreqs;
                let mut postings = inverted.read_postings_from_terminfo(term, option)?;
                if postings.doc() <= doc && postings.seek(doc) == doc {
                    forms.push((set.words[*number].clone(), postings.term_freq()));
                }
            }
        }
        let norm = reader.get_fieldnorms_reader(query.field)?.fieldnorm_id(doc);
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

    /// How many postings there are of its words.
    pub fn postings(&self) -> u64 {
        self.query.slots.iter().map(|set| set.postings()).sum()
    }

    fn factor(&self, boost: Score) -> f32 {
        boost * self.query.boost * self.idf * (self.query.k1 + 1.0)
    }

    /// The documents of a segment that hold it, where it [`WordsQuery::is_counted`].
    pub fn open_counted(
        &self,
        reader: &SegmentReader,
        boost: Score,
    ) -> tantivy::Result<CountScorer> {
        let inverted = reader.inverted_index(self.query.field)?;
        let set = &self.query.slots[0];
        let terms = set.terms(reader.segment_id());
        let favoured = set.favoured && terms.first().is_some_and(|(number, _)| *number == 0);
        let lists = Lists::counted(terms.iter().map(|(_, term)| term), favoured, &inverted)?;
        Ok(CountScorer::of(
            lists,
            reader.get_fieldnorms_reader(self.query.field)?,
            Arc::clone(&self.norms),
            self.factor(boost),
            Arc::clone(&self.query.deadline),
        ))
    }

    /// The documents of a segment that hold it.
    pub fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<WordsScorer> {
        let inverted = reader.inverted_index(self.query.field)?;
        let sets = self.query.slots.iter();
        let slots = sets
            .map(|set| Slot::open(set.terms(reader.segment_id()), &inverted))
            .collect::<std::io::Result<Vec<_>>>()?;
        let positions = vec![Vec::new(); slots.len()];
        let mut order: Vec<usize> = Vec::new();
        if self.query.pattern.is_phrase() {
            order.extend(0..slots.len());
            order.sort_by_key(|at| slots[*at].size());
        }
        let mut scorer = WordsScorer {
            order,
            pattern: Arc::clone(&self.query.pattern),
            scope: self.query.scope,
            slots,
            positions: positions.clone(),
            within: positions,
            doc: 0,
            count: 0,
            lengths: reader.get_fieldnorms_reader(self.query.field)?,
            norms: Arc::clone(&self.norms),
            factor: self.factor(boost),
            deadline: Arc::clone(&self.query.deadline),
        };
        scorer.go(0);
        Ok(scorer)
    }
}

impl Weight for WordsWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        if self.query.is_counted() {
            return Ok(Box::new(self.open_counted(reader, boost)?));
        }
        Ok(Box::new(self.open(reader, boost)?))
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
    slots: Vec<Slot>,
    /// Of a phrase, its words, the rarest first; else nothing.
    order: Vec<usize>,
    positions: Vec<Vec<u32>>,
    within: Vec<Vec<u32>>,
    doc: DocId,
    count: u32,
    lengths: FieldNormReader,
    norms: Arc<[f32; 256]>,
    factor: f32,
    deadline: Arc<Deadline>,
}

impl WordsScorer {
    /// Goes to the first match from `target` on.
    fn go(&mut self, target: DocId) -> DocId {
        let mut target = target;
        while !self.deadline.passed() {
            self.doc = if self.order.is_empty() {
                seek_pattern(&self.pattern, &mut self.slots, target)
            } else {
                seek_all(&mut self.slots, &self.order, target)
            };
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
        if !self.order.is_empty() {
            let last = self.order.len() as u32 - 1;
            let starts = spans::phrase_starts(&self.positions);
            let inside = starts.filter(|start| {
                ranges.iter().any(|range| range.contains(start) && start + last < range.end)
            });
            self.count = inside.count() as u32;
            return self.count > 0;
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
        let mut sizes = self.slots.iter().map(Slot::size);
        match *self.pattern {
            Pattern::Either(_) => all(&mut sizes),
            _ => sizes.min().unwrap_or(0),
        }
    }
}

impl Scorer for WordsScorer {
    fn score(&mut self) -> Score {
        let count = self.count as f32;
        let norm = self.norms[usize::from(self.lengths.fieldnorm_id(self.doc))];
        self.factor * count / (count + norm)
    }
}
