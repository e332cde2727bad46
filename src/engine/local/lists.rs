//! Lists of postings without positions, read a block of documents at a time, and the lists of one
//! set of words as one.

use std::io;
use std::sync::Arc;

use tantivy::fieldnorm::FieldNormReader;
use tantivy::index::InvertedIndexReader;
use tantivy::postings::{BlockSegmentPostings, TermInfo};
use tantivy::query::Scorer;
use tantivy::schema::IndexRecordOption;
use tantivy::{DocId, DocSet, Score, TERMINATED};

use super::deadline::Deadline;

/// How many documents are looked at together.
pub(super) const WINDOW: usize = 4096;

/// A number for each document of a window, ...
pub(super) type Numbers = [f32; WINDOW];
/// ... and a bit.
pub(super) type Marks = [u64; WINDOW / 64];

/// Makes the scores of some documents of a window nought: those of the bits of one of its words.
pub(super) fn clear(mut bits: u64, word: usize, scores: &mut Numbers) {
    while bits != 0 {
        scores[(word * 64 + bits.trailing_zeros() as usize) % WINDOW] = 0.0;
        bits &= bits - 1;
    }
}

/// How much more the form that was typed counts than its other forms: enough to break a tie.
pub(super) const FAVOUR: f32 = 0.05;

/// One list of postings, and the document that it stands at.
struct List {
    blocks: BlockSegmentPostings,
    /// Where that document is in the block at hand.
    at: usize,
}

impl List {
    fn open(
        inverted: &InvertedIndexReader,
        term: &TermInfo,
        option: IndexRecordOption,
    ) -> io::Result<Self> {
        let blocks = inverted.read_block_postings_from_terminfo(term, option)?;
        Ok(Self { blocks, at: 0 })
    }

    fn doc(&self) -> DocId {
        self.blocks.doc(self.at)
    }

    /// How often the word stands in the document at hand.
    fn count(&self) -> u32 {
        self.blocks.freq(self.at)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        let doc = self.doc();
        if doc >= target {
            return doc;
        }
        // Most steps are short.
        if let Some(next) = self.blocks.docs().get(self.at + 1)
            && *next >= target
        {
            self.at += 1;
            return *next;
        }
        self.at = self.blocks.seek(target);
        self.doc()
    }

    /// Passes the documents before `end`, which are given with how often each has the word, some
    /// of them together.
    fn pass(&mut self, end: DocId, mut each: impl FnMut(&[DocId], &[u32])) {
        loop {
            let docs = &self.blocks.docs()[self.at.min(self.blocks.docs().len())..];
            let all = docs.len();
            let some = match docs.last() {
                Some(last) if *last >= end => docs.partition_point(|doc| *doc < end),
                Some(_) => all,
                None => return,
            };
            if some > 0 {
                let counts = self.blocks.freqs();
                // Where counts are not read, there are none.
                let counts = counts.get(self.at..).unwrap_or_default();
                each(&docs[..some], &counts[..some.min(counts.len())]);
            }
            self.at += some;
            if some < all {
                return;
            }
            if self.blocks.docs().len() < BLOCK {
                // The last block: what stands behind its documents says that there are no more.
                return;
            }
            self.blocks.advance();
            self.at = 0;
        }
    }
}

/// How many documents a block has, but for the last.
const BLOCK: usize = 128;

/// The lists of one set of words in one segment, as one list.
pub(super) struct Lists {
    lists: Vec<List>,
    /// Whether how often each document has the words is known, too.
    counted: bool,
    /// Whether the first list is that of the form that was typed.
    favoured: bool,
    doc: DocId,
}

impl Lists {
    /// Opens the lists of some words, with how often each document has them; the first may be
    /// that of the form that was typed.
    pub fn counted<'t>(
        terms: impl Iterator<Item = &'t TermInfo>,
        favoured: bool,
        inverted: &InvertedIndexReader,
    ) -> io::Result<Self> {
        Self::open(terms, favoured, inverted, IndexRecordOption::WithFreqs)
    }

    /// Opens the lists of some words, without how often each document has them.
    pub fn bare<'t>(
        terms: impl Iterator<Item = &'t TermInfo>,
        inverted: &InvertedIndexReader,
    ) -> io::Result<Self> {
        Self::open(terms, false, inverted, IndexRecordOption::Basic)
    }

    fn open<'t>(
        terms: impl Iterator<Item = &'t TermInfo>,
        favoured: bool,
        inverted: &InvertedIndexReader,
        option: IndexRecordOption,
    ) -> io::Result<Self> {
        let counted = option != IndexRecordOption::Basic;
        let lists = terms.map(|term| List::open(inverted, term, option));
        let lists = lists.collect::<io::Result<_>>()?;
        let mut lists = Self { lists, counted, favoured, doc: 0 };
        lists.doc = lists.least();
        Ok(lists)
    }

    fn least(&self) -> DocId {
        self.lists.iter().map(List::doc).min().unwrap_or(TERMINATED)
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.doc < target {
            let seek = |list: &mut List| list.seek(target);
            self.doc = self.lists.iter_mut().map(seek).min().unwrap_or(TERMINATED);
        }
        self.doc
    }

    fn count(&self) -> f32 {
        let here = self.lists.iter().filter(|list| list.doc() == self.doc);
        let count = here.map(List::count).sum::<u32>() as f32;
        match self.lists.first() {
            Some(typed) if self.favoured && typed.doc() == self.doc => {
                count + FAVOUR * typed.count() as f32
            }
            _ => count,
        }
    }

    /// Passes the documents before `end` and adds what [`Self::count`] says of each to `counts`,
    /// from that of `start` on, and marks them in `found`.
    fn add(&mut self, end: DocId, start: DocId, counts: &mut Numbers, found: &mut Marks) {
        // The form that was typed comes last: its favour is added to the whole count.
        for (number, list) in self.lists.iter_mut().enumerate().rev() {
            let favour = if self.favoured && number == 0 { FAVOUR } else { 0.0 };
            list.pass(end, |docs, times| {
                for (doc, times) in docs.iter().zip(times) {
                    let at = (doc - start) as usize % WINDOW;
                    let times = *times as f32;
                    counts[at] = counts[at] + times + favour * times;
                    found[at / 64] |= 1 << (at % 64);
                }
            });
        }
        self.doc = self.least();
    }

    /// Passes the documents before `end` and marks them in `found`, from that of `start` on.
    fn mark(&mut self, end: DocId, start: DocId, found: &mut Marks) {
        for list in &mut self.lists {
            list.pass(end, |docs, _| {
                for doc in docs {
                    let at = (doc - start) as usize % WINDOW;
                    found[at / 64] |= 1 << (at % 64);
                }
            });
        }
        self.doc = self.least();
    }

    /// How many documents there are, to the last.
    pub fn number(mut self, deadline: &Deadline) -> u64 {
        if let [list] = &self.lists[..] {
            return u64::from(list.blocks.doc_freq());
        }
        let mut found: Vec<u64> = Vec::new();
        for list in &mut self.lists {
            let mut end = 0;
            while end != TERMINATED && !deadline.passed() {
                end = list.doc().saturating_add(1 << 16).min(TERMINATED);
                list.pass(end, |docs, _| {
                    let last = docs.last().map_or(0, |doc| *doc as usize / 64);
                    if last >= found.len() {
                        found.resize(last + 1, 0);
                    }
                    for doc in docs {
                        found[*doc as usize / 64] |= 1 << (doc % 64);
                    }
                });
                if list.doc() == TERMINATED {
                    break;
                }
            }
        }
        found.iter().map(|word| u64::from(word.count_ones())).sum()
    }

    fn size(&self) -> u32 {
        self.lists.iter().map(|list| list.blocks.doc_freq()).fold(0, u32::saturating_add)
    }
}

/// The documents of one segment that have any word of a set, each with the score it gets for how
/// often it has them; none where that is not counted.
pub(super) struct CountScorer {
    lists: Lists,
    lengths: FieldNormReader,
    /// What the length of a document makes of a count, by the number of its length.
    norms: Arc<[f32; 256]>,
    /// What the score is multiplied by.
    factor: f32,
    deadline: Arc<Deadline>,
}

impl CountScorer {
    pub fn of(
        lists: Lists,
        lengths: FieldNormReader,
        norms: Arc<[f32; 256]>,
        factor: f32,
        deadline: Arc<Deadline>,
    ) -> Self {
        Self { lists, lengths, norms, factor, deadline }
    }

    /// Of lists that are not counted.
    pub fn bare(lists: Lists, lengths: FieldNormReader) -> Self {
        Self::of(lists, lengths, Arc::new([1.0; 256]), 0.0, Deadline::after(None))
    }

    /// The score of a document that has the words so often.
    fn score_of(&self, doc: DocId, count: f32) -> Score {
        let norm = self.norms[usize::from(self.lengths.fieldnorm_id(doc))];
        self.factor * count / (count + norm)
    }

    /// How often the document at hand has the words, the form that was typed a little more.
    pub fn times(&self) -> f32 {
        self.lists.count()
    }

    /// Whether the time of the search is over.
    pub fn is_late(&self) -> bool {
        self.deadline.passed()
    }

    /// Gives the documents before `end` with their scores, some at a time, where there is one list
    /// at most; nothing where there are more.
    pub fn give_one(&mut self, end: DocId, give: &mut impl FnMut(&[DocId], &[Score])) -> bool {
        let [_] = &self.lists.lists[..] else { return self.lists.lists.is_empty() };
        if !self.lists.counted {
            return false;
        }
        while self.lists.least() < end && !self.deadline.passed() {
            let near = self.lists.least().saturating_add(WINDOW as DocId).min(end);
            self.pass_one(near, &mut *give);
        }
        self.lists.doc = self.lists.least();
        true
    }

    /// Passes the documents of the first list before `end`, which are given with their scores, some
    /// of them together.
    fn pass_one(&mut self, end: DocId, mut give: impl FnMut(&[DocId], &[Score])) {
        let favour = if self.lists.favoured { FAVOUR } else { 0.0 };
        let Self { lists, lengths, norms, factor, .. } = self;
        let mut scores = [0.0; BLOCK];
        lists.lists[0].pass(end, |docs, counts| {
            let scores = &mut scores[..docs.len()];
            for (doc, score) in docs.iter().zip(&mut *scores) {
                *score = norms[usize::from(lengths.fieldnorm_id(*doc))];
            }
            // Apart, so that several are divided at once.
            for (count, score) in counts.iter().zip(&mut *scores) {
                let count = *count as f32;
                let count = count + favour * count;
                *score = *factor * count / (count + *score);
            }
            give(docs, scores);
        });
    }

    /// Adds to `scores`, from that of `start` on, what each document before `end` gets of it, and
    /// marks them in `found`. `counts` is all nought, and so it is left.
    pub fn add_scores(
        &mut self,
        end: DocId,
        start: DocId,
        counts: &mut Numbers,
        scores: &mut Numbers,
        found: &mut Marks,
    ) {
        if !self.lists.counted {
            self.lists.mark(end, start, found);
            return;
        }
        if self.lists.lists.len() == 1 {
            self.pass_one(end, |docs, own| {
                for (doc, score) in docs.iter().zip(own) {
                    let at = (doc - start) as usize % WINDOW;
                    scores[at] += score;
                    found[at / 64] |= 1 << (at % 64);
                }
            });
            self.lists.doc = self.lists.least();
            return;
        }
        let mut own = [0_u64; WINDOW / 64];
        self.lists.add(end, start, counts, &mut own);
        for (word, (own, found)) in own.iter().zip(found).enumerate() {
            *found |= own;
            let mut bits = *own;
            while bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                let count = std::mem::take(&mut counts[at]);
                scores[at] += self.score_of(start + at as DocId, count);
            }
        }
    }

    /// Passes the documents before `end`, of which those that are marked in `found`, from that of
    /// `start` on, get their scores added; the marks of the others are taken away. `counts` is
    /// all nought, and so it is left.
    pub fn add_scores_of(
        &mut self,
        end: DocId,
        start: DocId,
        counts: &mut Numbers,
        scores: &mut Numbers,
        found: &mut Marks,
    ) {
        let marked: u32 = found.iter().map(|word| word.count_ones()).sum();
        // To seek a document takes about as long as to pass so many.
        const SEEK: u32 = 8;
        let documents = self.lengths.num_docs().max(1);
        let passed = u64::from(self.lists.size()) * u64::from(end - start) / u64::from(documents);
        if u64::from(marked * SEEK) < passed {
            for (word, found) in found.iter_mut().enumerate() {
                let mut bits = *found;
                while bits != 0 {
                    let bit = bits.trailing_zeros();
                    bits &= bits - 1;
                    let at = word * 64 + bit as usize;
                    let doc = start + at as DocId;
                    if self.lists.seek(doc) == doc {
                        if self.lists.counted {
                            scores[at] += self.score_of(doc, self.lists.count());
                        }
                    } else {
                        *found &= !(1 << bit);
                        scores[at] = 0.0;
                    }
                }
            }
            return;
        }
        self.lists.seek(start);
        let mut own = [0_u64; WINDOW / 64];
        let counted = self.lists.counted;
        if counted {
            self.lists.add(end, start, counts, &mut own);
        } else {
            self.lists.mark(end, start, &mut own);
        }
        for (word, (own, found)) in own.iter().zip(found).enumerate() {
            let (mut bits, gone) = (*own & *found, *found & !*own);
            *found = bits;
            while counted && bits != 0 {
                let at = word * 64 + bits.trailing_zeros() as usize;
                bits &= bits - 1;
                scores[at] += self.score_of(start + at as DocId, counts[at]);
            }
            clear(gone, word, scores);
        }
        if counted {
            counts[..(end - start) as usize].fill(0.0);
        }
    }
}

impl DocSet for CountScorer {
    fn advance(&mut self) -> DocId {
        if self.doc() == TERMINATED { TERMINATED } else { self.seek(self.doc() + 1) }
    }

    fn seek(&mut self, target: DocId) -> DocId {
        if self.deadline.passed() {
            self.lists.doc = TERMINATED;
            return TERMINATED;
        }
        self.lists.seek(target)
    }

    fn doc(&self) -> DocId {
        self.lists.doc
    }

    fn size_hint(&self) -> u32 {
        self.lists.size()
    }
}

impl Scorer for CountScorer {
    fn score(&mut self) -> Score {
        if self.lists.counted { self.score_of(self.doc(), self.times()) } else { 0.0 }
    }
}
