//! Ranges of numbers: tantivy's, kept from being asked for what lies behind them.
//!
//! In an exclusion tantivy 0.27 asks an intersection for documents before the one it stands at, and
//! the range inside subtracts past nought there (`fast_field_range_doc_set.rs:113`).

use std::ops::Bound;

use tantivy::query::{EnableScoring, Explanation, Query, RangeQuery, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SeekDangerResult, SegmentReader, Term};

/// Documents whose number lies between two bounds.
#[derive(Debug, Clone)]
pub(super) struct Numbers(RangeQuery);

impl Numbers {
    pub fn new(lower: Bound<Term>, upper: Bound<Term>) -> Self {
        Self(RangeQuery::new(lower, upper))
    }
}

impl Query for Numbers {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        Ok(Box::new(NumbersWeight(self.0.weight(scoring)?)))
    }
}

struct NumbersWeight(Box<dyn Weight>);

impl Weight for NumbersWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(NumbersScorer { inner: self.0.scorer(reader, boost)?, sought: 0 }))
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        self.0.explain(reader, doc)
    }
}

struct NumbersScorer {
    inner: Box<dyn Scorer>,
    /// The farthest document that was asked for.
    sought: DocId,
}

impl DocSet for NumbersScorer {
    fn advance(&mut self) -> DocId {
        self.inner.advance()
    }

    fn seek(&mut self, target: DocId) -> DocId {
        self.sought = self.sought.max(target);
        self.inner.seek(target)
    }

    fn seek_danger(&mut self, target: DocId) -> SeekDangerResult {
        if target < self.sought {
            return SeekDangerResult::SeekLowerBound(self.sought);
        }
        self.sought = target;
        self.inner.seek_danger(target)
    }

    fn doc(&self) -> DocId {
        self.inner.doc()
    }

    fn size_hint(&self) -> u32 {
        self.inner.size_hint()
    }

    fn cost(&self) -> u64 {
        self.inner.cost()
    }
}

impl Scorer for NumbersScorer {
    fn score(&mut self) -> Score {
        self.inner.score()
    }
}
