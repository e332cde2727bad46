//! Articles that have any of some words, a window of documents at a time: each list of postings is
//! walked by itself and adds to the scores of the window, so that no list is asked at each document
//! where it stands.

use tantivy::query::{EnableScoring, Explanation, Query, Scorer, Weight};
use tantivy::{DocId, DocSet, Score, SegmentReader, TERMINATED, TantivyError};

use super::sets::{WordsQuery, WordsScorer, WordsWeight};

/// How many documents are looked at together.
pub(super) const WINDOW: usize = 4096;
/// How many after a leap, since who leaps once is likely to leap again; and always where there are
/// few in all, so that no more room is made for them.
const NARROW: usize = 128;
/// So many are few.
const FEW: u32 = 512;

/// Articles that have a word of any of some sets, ranked by the sum of what each adds.
#[derive(Debug, Clone)]
pub(super) struct AnyWords {
    /// Each of them [`WordsQuery::is_counted`].
    pub parts: Vec<WordsQuery>,
}

impl Query for AnyWords {
    fn weight(&self, scoring: EnableScoring<'_>) -> tantivy::Result<Box<dyn Weight>> {
        let parts = self.parts.iter().map(|part| part.weighed_for(scoring));
        Ok(Box::new(AnyWeight { parts: parts.collect::<tantivy::Result<_>>()? }))
    }
}

/// [`AnyWords`] with what the whole index tells of it.
struct AnyWeight {
    parts: Vec<WordsWeight>,
}

impl AnyWeight {
    fn open(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<AnyScorer> {
        let parts = self.parts.iter().map(|part| part.open(reader, boost));
        Ok(AnyScorer::of(parts.collect::<tantivy::Result<_>>()?))
    }
}

impl Weight for AnyWeight {
    fn scorer(&self, reader: &SegmentReader, boost: Score) -> tantivy::Result<Box<dyn Scorer>> {
        Ok(Box::new(self.open(reader, boost)?))
    }

    fn for_each(
        &self,
        reader: &SegmentReader,
        callback: &mut dyn FnMut(DocId, Score),
    ) -> tantivy::Result<()> {
        self.open(reader, 1.0)?.for_each(callback);
        Ok(())
    }

    fn explain(&self, reader: &SegmentReader, doc: DocId) -> tantivy::Result<Explanation> {
        let mut scorer = self.open(reader, 1.0)?;
        if scorer.doc() > doc || scorer.seek(doc) != doc {
            let why = format!("document {doc} does not match");
            return Err(TantivyError::InvalidArgument(why));
        }
        Ok(Explanation::new("the sum of its words", scorer.score()))
    }
}

/// The documents of one segment that have any of some words.
pub(super) struct AnyScorer {
    parts: Vec<WordsScorer>,
    /// The first document of the window.
    start: DocId,
    /// How many documents it has.
    width: usize,
    /// The documents of the window that are left, the one at hand among them.
    found: Box<[u64]>,
    /// Where in `found` the one at hand is.
    word: usize,
    doc: DocId,
    scores: Box<[f32]>,
    counts: Box<[f32]>,
}

impl AnyScorer {
    /// Of parts each of which [`WordsQuery::is_counted`].
    pub fn of(parts: Vec<WordsScorer>) -> Self {
        let many = parts.iter().map(DocSet::size_hint).fold(0, u32::saturating_add) > FEW;
        let widest = if many { WINDOW } else { NARROW };
        let room = || vec![0.0; widest].into_boxed_slice();
        let mut scorer = Self {
            parts,
            start: 0,
            width: 0,
            found: vec![0; widest / 64].into_boxed_slice(),
            word: 0,
            doc: 0,
            scores: room(),
            counts: room(),
        };
        scorer.fill(widest);
        scorer
    }

    /// Goes to the next document that is left, with a window of `width` documents.
    fn fill(&mut self, width: usize) {
        (self.word, self.width) = (0, width);
        self.start = self.parts.iter().map(WordsScorer::next_doc).min().unwrap_or(TERMINATED);
        if self.start == TERMINATED || self.parts.iter().any(WordsScorer::is_late) {
            self.doc = TERMINATED;
            return;
        }
        let end = self.start + width as DocId;
        for part in &mut self.parts {
            let (counts, scores) = (&mut self.counts, &mut self.scores);
            part.add_scores(end, self.start, counts, scores, &mut self.found);
        }
        self.doc = self.start;
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

    /// Gives each document that is left with its score.
    pub fn for_each(&mut self, callback: &mut dyn FnMut(DocId, Score)) {
        while self.doc != TERMINATED {
            for word in self.word..self.found.len() {
                let mut bits = std::mem::take(&mut self.found[word]);
                while bits != 0 {
                    let at = word * 64 + bits.trailing_zeros() as usize;
                    bits &= bits - 1;
                    callback(self.start + at as DocId, std::mem::take(&mut self.scores[at]));
                }
            }
            self.fill(self.scores.len());
        }
    }
}

impl DocSet for AnyScorer {
    fn advance(&mut self) -> DocId {
        if self.doc == TERMINATED {
            return TERMINATED;
        }
        self.leave();
        match self.next_in_window() {
            Some(doc) => self.doc = doc,
            None => self.fill(self.scores.len()),
        }
        self.doc
    }

    fn seek(&mut self, target: DocId) -> DocId {
        while self.doc < target {
            if (target - self.start) as usize >= self.width {
                self.found[..self.width.div_ceil(64)].fill(0);
                self.scores[..self.width].fill(0.0);
                self.parts.iter_mut().for_each(|part| part.pass(target));
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
        self.parts.iter().map(DocSet::size_hint).fold(0, u32::saturating_add)
    }
}

impl Scorer for AnyScorer {
    fn score(&mut self) -> Score {
        self.scores[(self.doc - self.start) as usize]
    }
}
