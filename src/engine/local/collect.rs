//! One pass over what matches: the exact total, the counts by facet, and the best in order.

use std::cmp::Reverse;
use std::collections::binary_heap::PeekMut;
use std::collections::{BTreeMap, BinaryHeap};
use std::ops::Range;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::columnar::{Column, StrColumn};
use tantivy::fastfield::AliveBitSet;
use tantivy::query::{EnableScoring, Query, Scorer, Weight};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use super::alike::Member;
use super::counts::{BLOCK, Counted, Counts, DEAR, Sums};
use super::deadline::Deadline;
use super::kept::Kept;
use super::sets::{WordsQuery, WordsWeight};
use super::share;
use super::windows::{CountedWeight, CountedWords};
use crate::engine::{Duplicates, Facet, Sort};

/// A piece of a segment has at least so many documents.
const LEAST_PIECE: DocId = if cfg!(test) { 64 } else { 1 << 14 };

/// Collects the first `keep` of what matches.
pub(super) struct Ranked {
    pub sort: Sort,
    pub keep: usize,
    pub facets: Vec<Facet>,
    pub duplicates: Duplicates,
    pub kept: Arc<Kept>,
    /// Of exact copies, those of which one was counted: one is enough.
    pub counted: Arc<Mutex<FxHashSet<u32>>>,
    pub deadline: Arc<Deadline>,
}

/// What was collected.
pub(super) struct Found {
    pub total: u64,
    /// Where like articles count as one.
    pub groups: u64,
    pub ranked: Vec<(Score, DocAddress)>,
    /// By each facet, with the segment in which it was counted.
    pub counted: Vec<Vec<(SegmentOrdinal, Counted)>>,
}

/// The place of a document in the order within its segment: what is less comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    /// The score, turned round, or nothing.
    merit: u32,
    /// The day, newest or oldest first, the undated last.
    day: i64,
    /// The number of the id among the ids of the segment, in their order.
    id: u64,
    doc: DocId,
}

/// What is collected of a piece of a segment.
struct PieceRanked<'s> {
    segment: SegmentOrdinal,
    sort: Sort,
    keep: usize,
    total: u64,
    day: Column<i64>,
    id: Option<StrColumn>,
    best: BinaryHeap<Place>,
    /// What scores less is none of the best.
    least: Score,
    /// The most that `least` is in any piece, as bits, which are in the order of scores.
    bar: &'s AtomicU32,
    duplicates: Duplicates,
    kept: Arc<Kept>,
    counted: Arc<Mutex<FxHashSet<u32>>>,
    deadline: Arc<Deadline>,
    /// How many of them have others like them.
    members: u64,
    /// The groups that match, a bit for each.
    grouped: Vec<u64>,
    /// Those of which only the first is given, groups or copies, with the first of each.
    firsts: FxHashMap<u32, Place>,
    sums: &'s mut Sums,
    /// What counts by facets that the sums do not.
    others: Vec<Option<Counts>>,
    /// Room for the numbers of those that have others like them.
    several: Vec<usize>,
    /// Room for those that are to be counted by facet.
    counting: Vec<DocId>,
    /// What kept a block from being taken.
    failed: Option<TantivyError>,
}

/// What was collected of it.
struct PieceFound {
    segment: SegmentOrdinal,
    total: u64,
    alone: u64,
    grouped: Vec<u64>,
    ranked: Vec<Row>,
    /// The ids of the segment, by the numbers in the places.
    ids: Option<StrColumn>,
    counted: Vec<Option<Counted>>,
}

struct Row {
    place: Place,
    segment: SegmentOrdinal,
    /// The group or the copies that it is to stand for.
    group: Option<u32>,
}

/// The first `keep` rows of all segments.
///
/// Ids are read, which is dear, only where rows of several segments are equal in all else.
fn first_rows(
    mut rows: Vec<Row>,
    ids: &BTreeMap<SegmentOrdinal, StrColumn>,
    keep: usize,
) -> tantivy::Result<Vec<Row>> {
    let merit = |row: &Row| (row.place.merit, row.place.day);
    rows.sort_unstable_by_key(|row| (merit(row), row.segment, row.place));
    let all: usize = ids.values().map(|column| column.num_terms()).sum();
    let worth = rows.len().min(keep) > all / DEAR;
    let order = if worth && ids.len() > 1 { Some(IdOrder::of(ids)?) } else { None };
    let mut given: FxHashSet<u32> = FxHashSet::default();
    let mut first = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next().filter(|_| first.len() < keep) {
        let mut equal = vec![row];
        while let Some(next) = rows.next_if(|next| merit(next) == merit(&equal[0])) {
            equal.push(next);
        }
        let several = equal.iter().any(|row| row.segment != equal[0].segment);
        if let (true, Some(order)) = (several, &order) {
            equal.sort_unstable_by_key(|row| (order.place(row), row.segment, row.place.doc));
        } else if several {
            let mut named = Vec::with_capacity(equal.len());
            for row in equal {
                let mut id = String::new();
                if let Some(column) = ids.get(&row.segment)
                    && row.place.id != u64::MAX
                {
                    column.ord_to_str(row.place.id, &mut id)?;
                }
                named.push((id, row));
            }
            named.sort_by(|(a, one), (b, other)| {
                a.cmp(b).then_with(|| {
                    (one.segment, one.place.doc).cmp(&(other.segment, other.place.doc))
                })
            });
            equal = named.into_iter().map(|(_, row)| row).collect();
        }
        first.extend(equal.into_iter().filter(|row| row.group.is_none_or(|g| given.insert(g))));
    }
    first.truncate(keep);
    Ok(first)
}

/// The order of the ids of several segments.
struct IdOrder(BTreeMap<SegmentOrdinal, Vec<u32>>);

impl IdOrder {
    /// Reads all ids once, from the first to the last of all segments.
    fn of(ids: &BTreeMap<SegmentOrdinal, StrColumn>) -> tantivy::Result<Self> {
        let mut places: BTreeMap<SegmentOrdinal, Vec<u32>> = BTreeMap::new();
        let mut streams = Vec::new();
        let mut next = BinaryHeap::new();
        for (number, (segment, column)) in ids.iter().enumerate() {
            places.insert(*segment, Vec::with_capacity(column.num_terms()));
            let mut stream = column.dictionary().stream()?;
            if stream.advance() {
                next.push(Reverse((stream.key().to_vec(), number)));
            }
            streams.push(stream);
        }
        let (mut last, mut place) = (Vec::new(), 0);
        let mut places_by_number: Vec<&mut Vec<u32>> = places.values_mut().collect();
        while let Some(mut first) = next.peek_mut() {
            let Reverse((id, number)) = &mut *first;
            if place == 0 || *id != last {
                place += 1;
                last.clone_from(id);
            }
            places_by_number[*number].push(place);
            let stream = &mut streams[*number];
            if stream.advance() {
                id.clear();
                id.extend_from_slice(stream.key());
            } else {
                PeekMut::pop(first);
            }
        }
        Ok(Self(places))
    }

    /// The place of the id of a row, 0 where it has none.
    fn place(&self, row: &Row) -> u32 {
        let at = usize::try_from(row.place.id).ok();
        let place = self.0.get(&row.segment).zip(at).and_then(|(places, at)| places.get(at));
        place.copied().unwrap_or(0)
    }
}

impl Ranked {
    /// Collects what a query finds, which reads so many postings.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    pub fn find(self, query: &dyn Query, postings: u64) -> tantivy::Result<Found> {
        let searcher = self.kept.searcher.clone();
        let scored = self.sort == Sort::Relevance && self.keep > 0;
        let scoring = if scored {
            EnableScoring::enabled_from_searcher(&searcher)
        } else {
            EnableScoring::disabled_from_searcher(&searcher)
        };
        let weight = Weighed::of(query, scoring)?;
        let pieces = self.pieces(postings);
        let many = pieces.len();
        let ranked = Arc::new(self);
        let (all, own) = (Arc::clone(&ranked), Arc::clone(&ranked));
        let sums = move || Sums::new(&own.facets, &own.kept);
        let bar = AtomicU32::new(0);
        let (found, sums) = share::shared_with(many, postings, sums, move |sums, number| {
            let (segment, range) = pieces[number].clone();
            let reader = searcher.segment_reader(segment);
            let mut collected = all.piece(segment, sums, &bar)?;
            let alive = reader.alive_bitset();
            weight.give(reader, range, scored, &mut |docs, scores| {
                collected.collect(docs, scores, alive);
            })?;
            collected.harvest()
        })?;
        ranked.merge(found, sums)
    }

    /// The segments, those cut that hold more than the share of a thread.
    fn pieces(&self, postings: u64) -> Vec<(SegmentOrdinal, Range<DocId>)> {
        let all: DocId = (0..self.kept.segments()).map(|s| self.kept.documents(s)).sum();
        let share = all.div_ceil(share::threads(postings) as DocId).max(LEAST_PIECE);
        let cut = |segment| {
            let documents = self.kept.documents(segment);
            let pieces = documents.div_ceil(share).max(1);
            let at = move |piece| (u64::from(documents) * piece / u64::from(pieces)) as DocId;
            (0..u64::from(pieces)).map(move |piece| (segment, at(piece)..at(piece + 1)))
        };
        (0..self.kept.segments()).flat_map(cut).collect()
    }

    fn piece<'s>(
        &self,
        segment: SegmentOrdinal,
        sums: &'s mut Sums,
        bar: &'s AtomicU32,
    ) -> tantivy::Result<PieceRanked<'s>> {
        let kept = &self.kept;
        Ok(PieceRanked {
            segment,
            sort: self.sort,
            keep: self.keep,
            total: 0,
            day: kept.day(segment)?.clone(),
            id: kept.id(segment)?.cloned(),
            best: BinaryHeap::new(),
            least: 0.0,
            bar,
            duplicates: self.duplicates,
            kept: Arc::clone(kept),
            counted: Arc::clone(&self.counted),
            deadline: Arc::clone(&self.deadline),
            members: 0,
            grouped: vec![0; kept.groups().count().div_ceil(64)],
            firsts: FxHashMap::default(),
            others: sums.others(&self.facets, kept, segment)?,
            sums,
            several: Vec::new(),
            counting: Vec::new(),
            failed: None,
        })
    }

    fn merge(&self, found: Vec<PieceFound>, sums: Vec<Sums>) -> tantivy::Result<Found> {
        let (mut total, mut alone) = (0, 0);
        let mut grouped: Vec<u64> = Vec::new();
        let (mut rows, mut ids) = (Vec::new(), BTreeMap::new());
        let mut counted: Vec<Vec<(SegmentOrdinal, Counted)>> =
            self.facets.iter().map(|_| Vec::new()).collect();
        for piece in found {
            total += piece.total;
            alone += piece.alone;
            grouped.resize(grouped.len().max(piece.grouped.len()), 0);
            grouped.iter_mut().zip(piece.grouped).for_each(|(all, own)| *all |= own);
            if let Some((row, column)) = piece.ranked.first().zip(piece.ids) {
                ids.insert(row.segment, column);
            }
            rows.extend(piece.ranked);
            for (all, own) in counted.iter_mut().zip(piece.counted) {
                all.extend(own.map(|own| (piece.segment, own)));
            }
        }
        for mut sums in sums {
            for (facet, all) in counted.iter_mut().enumerate() {
                // Of no segment: these are sums over several.
                all.extend(sums.counted(facet).map(|own| (0, own)));
            }
        }
        let ranked = first_rows(rows, &ids, self.keep)?
            .into_iter()
            .map(|row| {
                let score = match self.sort {
                    Sort::Relevance => f32::from_bits(u32::MAX - row.place.merit),
                    _ => 0.0,
                };
                (score, DocAddress::new(row.segment, row.place.doc))
            })
            .collect();
        let groups = alone + grouped.iter().map(|bits| u64::from(bits.count_ones())).sum::<u64>();
        Ok(Found { total, groups, ranked, counted })
    }
}

/// A query with what the whole index tells of it: such as are given many documents at a time, and
/// all others.
enum Weighed {
    Counted(CountedWeight),
    Placed(WordsWeight),
    Other(Box<dyn Weight>),
}

impl Weighed {
    fn of(query: &dyn Query, scoring: EnableScoring<'_>) -> tantivy::Result<Self> {
        if let Some(query) = query.downcast_ref::<CountedWords>() {
            return query.weighed_for(scoring).map(Self::Counted);
        }
        match query.downcast_ref::<WordsQuery>() {
            Some(query) if query.is_counted() => {
                let words = CountedWords::any_of(vec![query.clone()]);
                words.weighed_for(scoring).map(Self::Counted)
            }
            Some(query) => query.weighed_for(scoring).map(Self::Placed),
            None => query.weight(scoring).map(Self::Other),
        }
    }

    /// Gives the documents of a range, with their scores where they are `scored`.
    fn give(
        &self,
        reader: &SegmentReader,
        range: Range<DocId>,
        scored: bool,
        give: &mut impl FnMut(&[DocId], &[Score]),
    ) -> tantivy::Result<()> {
        match self {
            Self::Counted(weight) => weight.give(reader, range, give)?,
            Self::Placed(weight) => give_all(weight.open(reader, 1.0)?, range, scored, give),
            Self::Other(weight) => give_all(weight.scorer(reader, 1.0)?, range, scored, give),
        }
        Ok(())
    }
}

/// Gives the documents of a range, a block of them at a time.
fn give_all(
    mut scorer: impl Scorer,
    range: Range<DocId>,
    scored: bool,
    give: &mut impl FnMut(&[DocId], &[Score]),
) {
    let mut doc = scorer.doc();
    if doc < range.start {
        doc = scorer.seek(range.start);
    }
    let (mut docs, mut scores) = ([0; BLOCK], [0.0; BLOCK]);
    while doc < range.end {
        let mut count = 0;
        while doc < range.end && count < BLOCK {
            docs[count] = doc;
            scores[count] = if scored { scorer.score() } else { 0.0 };
            count += 1;
            doc = scorer.advance();
        }
        give(&docs[..count], &scores[..count]);
    }
}

impl PieceRanked<'_> {
    /// Collects documents, but for those that were deleted.
    fn collect(&mut self, docs: &[DocId], scores: &[Score], alive: Option<&AliveBitSet>) {
        if self.failed.is_some() {
            return;
        }
        let taken = match alive {
            None => self.take(docs, scores),
            Some(alive) => {
                let lives = |(doc, _): &(&DocId, &Score)| alive.is_alive(**doc);
                let (docs, scores): (Vec<_>, Vec<_>) =
                    docs.iter().zip(scores).filter(lives).unzip();
                self.take(&docs, &scores)
            }
        };
        self.failed = taken.err();
    }

    fn take(&mut self, docs: &[DocId], scores: &[Score]) -> tantivy::Result<()> {
        if self.deadline.passed_now() {
            return Ok(());
        }
        let kept = Arc::clone(&self.kept);
        kept.note_asked(docs.len() as u64);
        self.least = self.least.max(f32::from_bits(self.bar.load(Ordering::Relaxed)));
        let mut counting = std::mem::take(&mut self.counting);
        counting.clear();
        let alone = self.duplicates != Duplicates::Only;
        let groups = kept.groups();
        let mut counted: &[DocId] = if alone { docs } else { &[] };
        if groups.is_empty() {
            if alone {
                self.rank_all(docs, scores, |_| true);
            }
        } else if let Some(places) = kept.places(self.segment)? {
            if alone {
                self.rank_all(docs, scores, |doc| !places.is_grouped(doc));
            }
            // Found without a branch, which would be guessed wrong for every other of them.
            let mut grouped = std::mem::take(&mut self.several);
            grouped.resize(docs.len(), 0);
            let mut several = 0;
            for (number, doc) in docs.iter().enumerate() {
                grouped[several] = number;
                several += usize::from(places.is_grouped(*doc));
            }
            // Up to here `counting` has those that are counted, once one is not.
            let mut passed = 0;
            for &number in &grouped[..several] {
                let doc = docs[number];
                let is_counted = self.take_member(doc, scores[number], places.member(doc));
                if !alone && is_counted {
                    counting.push(doc);
                } else if alone && !is_counted {
                    counting.extend_from_slice(&docs[passed..number]);
                    passed = number + 1;
                }
            }
            self.several = grouped;
            if alone && passed > 0 {
                counting.extend_from_slice(&docs[passed..]);
            }
            if !alone || passed > 0 {
                counted = &counting;
            }
        } else {
            let mut numbers = vec![None; docs.len()];
            kept.numbers(self.segment)?.first_vals(docs, &mut numbers);
            for ((doc, score), number) in docs.iter().zip(scores).zip(numbers) {
                let is_counted = match number.and_then(|number| groups.member(number)) {
                    Some(member) => self.take_member(*doc, *score, member),
                    None => {
                        self.rank_all(&[*doc], &[*score], |_| alone);
                        alone
                    }
                };
                if is_counted {
                    counting.push(*doc);
                }
            }
            counted = &counting;
        }
        self.total += counted.len() as u64;
        self.sums.count(&mut self.others, counted, self.segment, &self.day);
        self.counting = counting;
        Ok(())
    }

    /// Keeps those that are among the first, if they are `wanted`.
    fn rank_all(&mut self, docs: &[DocId], scores: &[Score], wanted: impl Fn(DocId) -> bool) {
        for (doc, score) in docs.iter().zip(scores) {
            // Most are no better than what is there.
            if *score >= self.least && wanted(*doc) {
                self.rank_likely(*doc, *score, None);
            }
        }
    }

    /// Takes a document that has others like it, and tells whether it is counted.
    fn take_member(&mut self, doc: DocId, score: Score, Member { group, same }: Member) -> bool {
        let same = same.filter(|_| self.duplicates != Duplicates::Each);
        let is_counted = same.is_none_or(|same| self.is_first(same));
        if is_counted {
            self.members += 1;
            self.grouped[group as usize / 64] |= 1 << (group % 64);
        }
        let first = if self.duplicates == Duplicates::Group { Some(group) } else { same };
        self.rank(doc, score, first);
        is_counted
    }

    /// Keeps a document if it is one of the first; of a group or of copies, only the first.
    #[inline]
    fn rank(&mut self, doc: DocId, score: Score, of: Option<u32>) {
        // A group that so many others keep out of the first is none of them by this document.
        if score >= self.least {
            self.rank_likely(doc, score, of);
        }
    }

    fn rank_likely(&mut self, doc: DocId, score: Score, of: Option<u32>) {
        if self.keep == 0 {
            return;
        }
        let merit = match self.sort {
            // Scores are never below nought, so their bits are in their order.
            Sort::Relevance => u32::MAX - score.max(0.0).to_bits(),
            _ => 0,
        };
        let full = self.best.len() >= self.keep;
        if full && self.best.peek().is_none_or(|worst| merit > worst.merit) {
            return;
        }
        self.place(doc, merit, of, full);
        if self.sort == Sort::Relevance
            && self.best.len() >= self.keep
            && let Some(worst) = self.best.peek()
        {
            // So many are no worse, and in the end the first of all pieces are taken.
            let least = u32::MAX - worst.merit;
            self.least = self.least.max(f32::from_bits(least));
            self.bar.fetch_max(least, Ordering::Relaxed);
        }
    }

    fn place(&mut self, doc: DocId, merit: u32, of: Option<u32>, full: bool) {
        let day = match (self.day.first(doc), self.sort) {
            (None, _) => i64::MAX,
            (Some(day), Sort::Oldest) => day,
            (Some(day), _) => -day,
        };
        let id = self.id.as_ref().and_then(|id| id.ords().first(doc)).unwrap_or(u64::MAX);
        let place = Place { merit, day, id, doc };
        if let Some(group) = of {
            let kept = self.firsts.entry(group).or_insert(place);
            *kept = place.min(*kept);
        } else if !full {
            self.best.push(place);
        } else if let Some(mut worst) = self.best.peek_mut()
            && place < *worst
        {
            *worst = place;
        }
    }

    /// Whether no copy of this article was counted yet, in whatever segment.
    fn is_first(&self, same: u32) -> bool {
        // The set is whole also where another thread ended while it held the lock.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).insert(same)
    }
}

impl PieceRanked<'_> {
    fn harvest(self) -> tantivy::Result<PieceFound> {
        if let Some(error) = self.failed {
            return Err(error);
        }
        let firsts = self.firsts.into_iter().map(|(group, place)| (place, Some(group)));
        let mut places: Vec<(Place, Option<u32>)> =
            self.best.into_iter().map(|place| (place, None)).chain(firsts).collect();
        // A group that others of this segment keep out can come in by another segment alone.
        places.sort_unstable();
        places.truncate(self.keep);
        let segment = self.segment;
        let row = |(place, group)| Row { place, segment, group };
        let ranked = places.into_iter().map(row).collect();
        let counted = self.others.into_iter().map(|counts| counts.map(Counted::from)).collect();
        let (total, alone, ids) = (self.total, self.total - self.members, self.id);
        Ok(PieceFound { segment, total, alone, grouped: self.grouped, ranked, ids, counted })
    }
}
