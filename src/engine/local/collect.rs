//! One pass over what matches: the exact total, the counts by facet, and the best in order.

use std::collections::{BTreeMap, BinaryHeap};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use super::alike::Member;
use super::counts::{self, BLOCK, Counted, Counts, Room};
use super::deadline::Deadline;
use super::kept::Kept;
use crate::engine::{Duplicates, Facet, Sort};

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
    /// By each facet in each segment.
    pub counted: Vec<Vec<Counted>>,
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

pub(super) struct SegmentRanked {
    segment: SegmentOrdinal,
    sort: Sort,
    keep: usize,
    total: u64,
    day: Column<i64>,
    id: Option<StrColumn>,
    best: BinaryHeap<Place>,
    duplicates: Duplicates,
    kept: Arc<Kept>,
    counted: Arc<Mutex<FxHashSet<u32>>>,
    deadline: Arc<Deadline>,
    /// Articles without others like them.
    alone: u64,
    /// The groups that match, a bit for each.
    grouped: Vec<u64>,
    /// Those of which only the first is given, groups or copies, with the first of each.
    firsts: FxHashMap<u32, Place>,
    counts: Vec<Counts>,
    /// What was collected and not taken yet, with its scores.
    docs: Vec<DocId>,
    scores: Vec<Score>,
    /// Where they belong.
    members: Vec<Option<Member>>,
    /// Those that are to be counted by facet.
    counting: Vec<DocId>,
    room: Room,
    /// What kept a block from being taken.
    failed: Option<TantivyError>,
}

pub(super) struct SegmentFound {
    total: u64,
    alone: u64,
    grouped: Vec<u64>,
    ranked: Vec<Row>,
    /// The ids of the segment, by the numbers in the places.
    ids: Option<StrColumn>,
    counted: Vec<Counted>,
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
    let mut given: FxHashSet<u32> = FxHashSet::default();
    let mut first = Vec::new();
    let mut rows = rows.into_iter().peekable();
    while let Some(row) = rows.next().filter(|_| first.len() < keep) {
        let mut equal = vec![row];
        while let Some(next) = rows.next_if(|next| merit(next) == merit(&equal[0])) {
            equal.push(next);
        }
        if equal.iter().any(|row| row.segment != equal[0].segment) {
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

impl Collector for Ranked {
    type Fruit = Found;
    type Child = SegmentRanked;

    fn for_segment(
        &self,
        segment: SegmentOrdinal,
        _: &SegmentReader,
    ) -> tantivy::Result<SegmentRanked> {
        let kept = &self.kept;
        let counts = self.facets.iter().map(|facet| Counts::open(*facet, kept, segment));
        Ok(SegmentRanked {
            segment,
            sort: self.sort,
            keep: self.keep,
            total: 0,
            day: kept.day(segment)?.clone(),
            id: kept.id(segment)?.cloned(),
            best: BinaryHeap::new(),
            duplicates: self.duplicates,
            kept: Arc::clone(kept),
            counted: Arc::clone(&self.counted),
            deadline: Arc::clone(&self.deadline),
            alone: 0,
            grouped: vec![0; kept.groups().groups().len().div_ceil(64)],
            firsts: FxHashMap::default(),
            counts: counts.collect::<tantivy::Result<_>>()?,
            docs: Vec::new(),
            scores: Vec::new(),
            members: Vec::new(),
            counting: Vec::new(),
            room: Room::default(),
            failed: None,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, found: Vec<tantivy::Result<SegmentFound>>) -> tantivy::Result<Found> {
        let (mut total, mut alone) = (0, 0);
        let mut grouped: Vec<u64> = Vec::new();
        let (mut rows, mut ids) = (Vec::new(), BTreeMap::new());
        let mut counted: Vec<Vec<Counted>> = self.facets.iter().map(|_| Vec::new()).collect();
        for segment in found {
            let segment = segment?;
            total += segment.total;
            alone += segment.alone;
            grouped.resize(grouped.len().max(segment.grouped.len()), 0);
            grouped.iter_mut().zip(segment.grouped).for_each(|(all, own)| *all |= own);
            if let Some((row, column)) = segment.ranked.first().zip(segment.ids) {
                ids.insert(row.segment, column);
            }
            rows.extend(segment.ranked);
            for (all, own) in counted.iter_mut().zip(segment.counted) {
                all.push(own);
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

impl SegmentRanked {
    /// Takes the documents that wait, a block of them together.
    fn take(&mut self) -> tantivy::Result<()> {
        if self.deadline.passed_now() {
            self.docs.clear();
            self.scores.clear();
            return Ok(());
        }
        let (docs, scores) = (std::mem::take(&mut self.docs), std::mem::take(&mut self.scores));
        let mut members = std::mem::take(&mut self.members);
        self.kept.note_asked(docs.len() as u64);
        self.kept.members(self.segment, &docs, &mut members)?;
        let mut alone = 0;
        for ((doc, score), member) in docs.iter().zip(&scores).zip(&members) {
            match member {
                Some(member) => self.take_member(*doc, *score, *member),
                None if self.duplicates == Duplicates::Only => {}
                None => {
                    alone += 1;
                    self.counting.push(*doc);
                    self.rank(*doc, *score, None);
                }
            }
        }
        self.total += alone;
        self.alone += alone;
        counts::count(&mut self.counts, &self.counting, &self.day, &mut self.room);
        self.counting.clear();
        (self.docs, self.scores, self.members) = (docs, scores, members);
        self.docs.clear();
        self.scores.clear();
        Ok(())
    }

    /// Takes a document that has others like it.
    fn take_member(&mut self, doc: DocId, score: Score, Member { group, same }: Member) {
        let same = same.filter(|_| self.duplicates != Duplicates::Each);
        if same.is_none_or(|same| self.is_first(same)) {
            self.total += 1;
            self.counting.push(doc);
            self.grouped[group as usize / 64] |= 1 << (group % 64);
        }
        let first = if self.duplicates == Duplicates::Group { Some(group) } else { same };
        self.rank(doc, score, first);
    }

    /// Keeps a document if it is one of the first; of a group or of copies, only the first.
    fn rank(&mut self, doc: DocId, score: Score, of: Option<u32>) {
        let merit = match self.sort {
            // Scores are never below nought, so their bits are in their order.
            Sort::Relevance => u32::MAX - score.max(0.0).to_bits(),
            _ => 0,
        };
        let full = of.is_none() && self.best.len() >= self.keep;
        if full && self.best.peek().is_none_or(|worst| merit > worst.merit) {
            return;
        }
        if self.keep > 0 {
            self.place(doc, merit, of, full);
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

impl SegmentCollector for SegmentRanked {
    type Fruit = tantivy::Result<SegmentFound>;

    fn collect(&mut self, doc: DocId, score: Score) {
        self.docs.push(doc);
        self.scores.push(score);
        if self.docs.len() >= BLOCK && self.failed.is_none() {
            self.failed = self.take().err();
        }
    }

    fn harvest(mut self) -> tantivy::Result<SegmentFound> {
        self.take()?;
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
        let counted = self.counts.into_iter().map(Counted::from).collect();
        let (total, alone, ids) = (self.total, self.alone, self.id);
        Ok(SegmentFound { total, alone, grouped: self.grouped, ranked, ids, counted })
    }
}
