//! Counts of what matches by facet: made segment by segment, a block of documents at a time, and
//! added up by labels that are numbered in one row over all segments.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::RangeFrom;
use std::sync::Arc;

use rustc_hash::FxHashMap;
use tantivy::columnar::{Cardinality, Column, StrColumn};
use tantivy::error::DataCorruption;
use tantivy::{DocId, SegmentOrdinal, TantivyError};

use super::kept::Kept;
use crate::article::from_day_number;
use crate::engine::{Facet, Tally};
use crate::words::fold_label;

/// How many documents are counted together.
pub(super) const BLOCK: usize = 512;
/// No calendar of fiche has more years.
const MOST_YEARS: i64 = 25_000;
/// To read the names of all labels, or all ids, costs about as much as to look for one in so many
/// of them.
pub(super) const DEAR: usize = 16;

/// The counts of one facet in one segment.
pub(super) struct Counts {
    kind: Kind,
    none: u64,
}

enum Kind {
    Labels {
        column: Option<StrColumn>,
        counts: Vec<u64>,
    },
    Years {
        /// The year that comes first.
        first: i64,
        /// The first day of each year, and of the one after the last.
        starts: Vec<i64>,
        counts: Vec<u64>,
    },
    /// By the first and the last day.
    Dates {
        last: Column<i64>,
        counts: FxHashMap<(i64, i64), u64>,
    },
}

/// What each article has of a facet, read once for many searches.
pub(super) struct Known {
    /// How many values there are.
    of: usize,
    /// Whether the values are years; else they are places of [`Labels`].
    of_years: bool,
    /// The first year.
    first: i64,
    /// The values that stand together in articles that have several, each such set once.
    sets: Vec<Box<[u32]>>,
    segments: Vec<Rows>,
}

/// What each article of a segment has: a value, or [`Known::of`] where it has none, or what is
/// above by one and more for a set of several.
enum Rows {
    /// All have the same.
    Alike(u32),
    /// As small as it can be: what is read of matches that lie far apart is waited for.
    Bytes(Vec<u8>),
    Shorts(Vec<u16>),
    Words(Vec<u32>),
}

impl Known {
    /// Reads what each article has of a facet; `None` for dates.
    pub fn read(facet: Facet, kept: &Kept) -> tantivy::Result<Option<Self>> {
        match facet {
            Facet::Date => Ok(None),
            Facet::Year => Self::read_years(kept).map(Some),
            _ => Self::read_labels(facet, kept),
        }
    }

    fn read_labels(facet: Facet, kept: &Kept) -> tantivy::Result<Option<Self>> {
        let Some(labels) = kept.labels(facet, true)? else { return Ok(None) };
        let of = labels.names.len();
        let mut sets: FxHashMap<Box<[u32]>, u32> = FxHashMap::default();
        let mut several: Vec<u32> = Vec::new();
        let mut segments = Vec::new();
        for (segment, places) in (0..).zip(&labels.places) {
            let column = kept.column(segment, facet)?;
            let mut value = |doc| {
                let ords = column.into_iter().flat_map(|column| column.term_ords(doc));
                let mut own = ords.filter_map(|ord| places.get(ord as usize)).copied();
                let (first, second) = (own.next(), own.next());
                let (Some(first), Some(second)) = (first, second) else {
                    return first.unwrap_or(of as u32);
                };
                several.clear();
                several.extend([first, second]);
                several.extend(own);
                if let Some(set) = sets.get(&several[..]) {
                    return *set;
                }
                let set = (of + 1 + sets.len()) as u32;
                sets.insert(several[..].into(), set);
                set
            };
            segments.push((0..kept.documents(segment)).map(&mut value).collect());
        }
        let mut sets: Vec<(Box<[u32]>, u32)> = sets.into_iter().collect();
        sets.sort_unstable_by_key(|(_, set)| *set);
        let sets = sets.into_iter().map(|(values, _)| values).collect();
        Ok(Some(Self::of(of, None, sets, segments)))
    }

    fn read_years(kept: &Kept) -> tantivy::Result<Self> {
        let days: Vec<&Column<i64>> = (0..kept.segments())
            .map(|segment| kept.day(segment))
            .collect::<tantivy::Result<_>>()?;
        let some = || days.iter().filter(|days| days.values.num_vals() > 0);
        let first = some().map(|days| year_of(days.min_value())).min().unwrap_or(1970);
        let last = some().map(|days| year_of(days.max_value())).max().unwrap_or(1970);
        if last - first >= MOST_YEARS {
            return Err(corrupt(format!("days from {first} to {last}")));
        }
        let of = (last - first + 1) as usize;
        let segments = (0..).zip(days).map(|(segment, days)| {
            let value =
                |doc| days.first(doc).map_or(of as u32, |day| (year_of(day) - first) as u32);
            (0..kept.documents(segment)).map(value).collect()
        });
        Ok(Self::of(of, Some(first), Vec::new(), segments.collect()))
    }

    fn of(
        of: usize,
        first_year: Option<i64>,
        sets: Vec<Box<[u32]>>,
        segments: Vec<Vec<u32>>,
    ) -> Self {
        let most = of + sets.len();
        let rows = |values: Vec<u32>| match values.first() {
            Some(first) if values.iter().all(|value| value == first) => Rows::Alike(*first),
            _ if most <= usize::from(u8::MAX) => {
                Rows::Bytes(values.iter().map(|value| *value as u8).collect())
            }
            _ if most <= usize::from(u16::MAX) => {
                Rows::Shorts(values.iter().map(|value| *value as u16).collect())
            }
            _ => Rows::Words(values),
        };
        Self {
            of,
            of_years: first_year.is_some(),
            first: first_year.unwrap_or_default(),
            sets,
            segments: segments.into_iter().map(rows).collect(),
        }
    }

    /// How many values, none, and sets of several there are.
    fn kinds(&self) -> usize {
        self.of + 1 + self.sets.len()
    }

    /// How many counts each of them has.
    fn lanes(&self) -> usize {
        if self.kinds() <= FEW { LANES } else { 1 }
    }
}

impl Rows {
    /// What a document has.
    fn value(&self, doc: usize) -> u32 {
        match self {
            Self::Alike(value) => *value,
            Self::Bytes(values) => values[doc].into(),
            Self::Shorts(values) => values[doc].into(),
            Self::Words(values) => values[doc],
        }
    }

    /// Counts the values of some documents in rows of `LANES` counts a value, where there are few:
    /// to add to the same place at each step is to wait for the step before.
    fn count<const LANES: usize>(&self, docs: &[DocId], counts: &mut [u32]) {
        let add = |(number, value): (usize, usize)| counts[value * LANES + number % LANES] += 1;
        match self {
            Self::Alike(value) => counts[*value as usize * LANES] += docs.len() as u32,
            Self::Bytes(values) => {
                docs.iter().map(|doc| usize::from(values[*doc as usize])).enumerate().for_each(add);
            }
            Self::Shorts(values) => {
                docs.iter().map(|doc| usize::from(values[*doc as usize])).enumerate().for_each(add);
            }
            Self::Words(values) => {
                docs.iter().map(|doc| values[*doc as usize] as usize).enumerate().for_each(add);
            }
        }
    }
}

/// What each article has of several facets at once, by a number for each tuple of values that there
/// is: one look in place of several.
pub(super) struct Joint {
    /// The places in [`Facet::ALL`] of the facets.
    facets: Vec<usize>,
    /// The values of each tuple, as [`Rows`] have them, one tuple after the other.
    tuples: Vec<u32>,
    segments: Vec<Vec<u16>>,
}

/// How many tuples there may be, so that their counts lie in a cache.
const TUPLES: usize = 1 << 14;

impl Joint {
    /// Joins as many facets as do not make too many tuples, those with the fewest values first;
    /// `None` where that joins no two. `documents` is how many there are in each segment.
    pub fn of(known: &[Arc<Known>], documents: &[DocId]) -> Option<Self> {
        let mut order: Vec<usize> = (0..known.len()).collect();
        order.sort_by_key(|at| known[*at].kinds());
        let mut joint = Self {
            facets: Vec::new(),
            tuples: Vec::new(),
            segments: documents.iter().map(|count| vec![0; *count as usize]).collect(),
        };
        for at in order {
            let Some(more) = joint.with(at, &known[at]) else { break };
            joint = more;
        }
        (joint.facets.len() > 1).then_some(joint)
    }

    /// The same with one facet more; `None` where that makes too many tuples.
    fn with(&self, at: usize, known: &Known) -> Option<Self> {
        let many = self.facets.len();
        let mut tuples = Vec::new();
        let mut ids: FxHashMap<(u16, u32), u16> = FxHashMap::default();
        let mut segments = Vec::with_capacity(self.segments.len());
        for (before, rows) in self.segments.iter().zip(&known.segments) {
            let mut own = Vec::with_capacity(before.len());
            for (doc, before) in before.iter().enumerate() {
                let value = rows.value(doc);
                let next = ids.len();
                let id = *ids.entry((*before, value)).or_insert_with(|| {
                    let from = usize::from(*before) * many;
                    tuples.extend_from_slice(&self.tuples[from..from + many]);
                    tuples.push(value);
                    next as u16
                });
                if ids.len() > TUPLES {
                    return None;
                }
                own.push(id);
            }
            segments.push(own);
        }
        let facets = self.facets.iter().copied().chain([at]).collect();
        Some(Self { facets, tuples, segments })
    }

    /// Counts the tuples of some documents.
    fn count(&self, docs: &[DocId], segment: SegmentOrdinal, counts: &mut [u32]) {
        let tuples = &self.segments[segment as usize];
        for doc in docs {
            counts[usize::from(tuples[*doc as usize])] += 1;
        }
    }
}

/// How many counts a value has where there are at most [`FEW`] of them, which are added up in the
/// end.
const LANES: usize = 4;
const FEW: usize = 256;

/// Room to read a block of values in.
#[derive(Default)]
pub(super) struct Room {
    docs: Vec<DocId>,
    rows: Vec<u32>,
    values: Vec<u64>,
    days: Vec<Option<i64>>,
    last: Vec<Option<i64>>,
}

impl Counts {
    pub fn open(facet: Facet, kept: &Kept, segment: SegmentOrdinal) -> tantivy::Result<Self> {
        let kind = match facet {
            Facet::Year => {
                let days = kept.day(segment)?;
                let empty = days.values.num_vals() == 0;
                let (first, last) = if empty {
                    (1970, 1970)
                } else {
                    (year_of(days.min_value()), year_of(days.max_value()))
                };
                let many = last - first + 1;
                if !(1..=MOST_YEARS).contains(&many) {
                    return Err(corrupt(format!("days from {first} to {last}")));
                }
                let starts = (first..=last + 1).map(first_day_of).collect();
                Kind::Years { first, starts, counts: vec![0; many as usize] }
            }
            Facet::Date => {
                let last = kept.last_day(segment)?.clone();
                Kind::Dates { last, counts: FxHashMap::default() }
            }
            _ => {
                let column = kept.column(segment, facet)?.cloned();
                let terms = column.as_ref().map_or(0, |column| column.num_terms());
                // A damaged column may tell of more labels than any memory holds; asking for that
                // much would end the program.
                let mut counts = Vec::new();
                counts
                    .try_reserve_exact(terms)
                    .map_err(|_| corrupt(format!("{terms} different labels")))?;
                counts.resize(terms, 0);
                Kind::Labels { column, counts }
            }
        };
        Ok(Self { kind, none: 0 })
    }

    /// Counts a block of documents.
    fn count(&mut self, docs: &[DocId], room: &mut Room) {
        match &mut self.kind {
            Kind::Labels { column: None, .. } => self.none += docs.len() as u64,
            Kind::Labels { column: Some(column), counts } => {
                let ords = column.ords();
                room.docs.clear();
                room.rows.clear();
                ords.row_ids_for_docs(docs, &mut room.docs, &mut room.rows);
                room.values.resize(room.rows.len(), 0);
                ords.values.get_vals(&room.rows, &mut room.values);
                for ord in &room.values {
                    counts[*ord as usize] += 1;
                }
                let some = match ords.get_cardinality() {
                    Cardinality::Multivalued => room.docs.chunk_by(|a, b| a == b).count(),
                    _ => room.docs.len(),
                };
                self.none += (docs.len() - some) as u64;
            }
            Kind::Years { starts, counts, .. } => {
                for day in &room.days {
                    let Some(day) = day else {
                        self.none += 1;
                        continue;
                    };
                    // No year is longer than 366 days, so this one or a later one.
                    let mut at = ((day - starts[0]).max(0) / 366) as usize;
                    while at + 1 < counts.len() && starts[at + 1] <= *day {
                        at += 1;
                    }
                    counts[at] += 1;
                }
            }
            Kind::Dates { last, counts } => {
                room.last.clear();
                room.last.resize(docs.len(), None);
                last.first_vals(docs, &mut room.last);
                for pair in room.days.iter().zip(&room.last) {
                    match pair {
                        (Some(first), Some(last)) => {
                            *counts.entry((*first, *last)).or_default() += 1
                        }
                        _ => self.none += 1,
                    }
                }
            }
        }
    }
}

/// What one thread counts in all pieces that it looks at, by facets of which it is kept what each
/// article has.
pub(super) struct Sums {
    /// By value; then how many have none. Nothing of a facet that is not kept.
    facets: Vec<Option<Sum>>,
    /// How many have each tuple of the facets that are counted together.
    joint: Option<(Arc<Joint>, Vec<u32>)>,
    room: Room,
}

/// Those of one facet.
struct Sum {
    known: Arc<Known>,
    /// Of each value, of none, and of each set of several.
    counts: Vec<u32>,
    /// Whether it is counted with others.
    joined: bool,
}

impl Sum {
    /// Of no article.
    fn of(known: Arc<Known>) -> Self {
        let counts = vec![0; known.kinds() * known.lanes()];
        Self { known, counts, joined: false }
    }

    fn count(&mut self, docs: &[DocId], segment: SegmentOrdinal) {
        let rows = &self.known.segments[segment as usize];
        match self.known.lanes() {
            LANES => rows.count::<LANES>(docs, &mut self.counts),
            _ => rows.count::<1>(docs, &mut self.counts),
        }
    }

    /// Of each value and of none, those of sets among them.
    fn counts(self) -> Vec<u32> {
        let rows = self.counts.chunks(self.known.lanes());
        let mut counts: Vec<u32> = rows.map(|row| row.iter().sum()).collect();
        let of_sets = counts.split_off(self.known.of + 1);
        for (values, count) in self.known.sets.iter().zip(of_sets) {
            if count > 0 {
                values.iter().for_each(|value| counts[*value as usize] += count);
            }
        }
        counts
    }
}

impl Sums {
    /// Of no article.
    pub fn new(facets: &[Facet], kept: &Kept) -> tantivy::Result<Self> {
        let sums = facets.iter().map(|facet| Ok(kept.known(*facet)?.map(Sum::of)));
        let mut sums: Vec<Option<Sum>> = sums.collect::<tantivy::Result<_>>()?;
        // Those that are counted together are counted for all of them.
        let joint = if facets == Facet::ALL { kept.joint()? } else { None };
        for at in joint.iter().flat_map(|joint| &joint.facets) {
            if let Some(sum) = &mut sums[*at] {
                sum.joined = true;
            }
        }
        let joint = joint.map(|joint| {
            let counts = vec![0; joint.tuples.len() / joint.facets.len()];
            (joint, counts)
        });
        Ok(Self { facets: sums, joint, room: Room::default() })
    }

    /// Opens what counts the other facets in a segment.
    pub fn others(
        &self,
        facets: &[Facet],
        kept: &Kept,
        segment: SegmentOrdinal,
    ) -> tantivy::Result<Vec<Option<Counts>>> {
        let other = |(facet, known): (&Facet, &Option<_>)| match known {
            Some(_) => Ok(None),
            None => Counts::open(*facet, kept, segment).map(Some),
        };
        facets.iter().zip(&self.facets).map(other).collect()
    }

    /// Counts a block of documents of a segment, by facets of which nothing is kept in `others`.
    pub fn count(
        &mut self,
        others: &mut [Option<Counts>],
        docs: &[DocId],
        segment: SegmentOrdinal,
        days: &Column<i64>,
    ) {
        let Self { facets, joint, room } = self;
        if let Some((joint, counts)) = joint {
            joint.count(docs, segment, counts);
        }
        room.days.clear();
        let by_day =
            |counts: &Counts| matches!(counts.kind, Kind::Years { .. } | Kind::Dates { .. });
        if others.iter().flatten().any(by_day) {
            room.days.resize(docs.len(), None);
            days.first_vals(docs, &mut room.days);
        }
        for (own, other) in facets.iter_mut().zip(others) {
            if let Some(own) = own {
                if !own.joined {
                    own.count(docs, segment);
                }
            } else if let Some(other) = other {
                other.count(docs, room);
            }
        }
    }

    /// Gives what was counted of tuples to their facets.
    fn part(&mut self) {
        let Some((joint, counts)) = self.joint.take() else { return };
        for (tuple, count) in joint.tuples.chunks(joint.facets.len()).zip(counts) {
            for (at, value) in joint.facets.iter().zip(tuple).filter(|_| count > 0) {
                if let Some(sum) = &mut self.facets[*at] {
                    sum.counts[*value as usize * sum.known.lanes()] += count;
                }
            }
        }
    }

    /// What was counted by the facet of this number, where it is kept.
    pub fn counted(&mut self, facet: usize) -> Option<Counted> {
        self.part();
        let sum = self.facets[facet].take()?;
        let known = Arc::clone(&sum.known);
        let mut counts = sum.counts();
        let none = u64::from(counts[known.of]);
        counts.truncate(known.of);
        if known.of_years {
            let counts = (known.first..).zip(counts).filter(|(_, count)| *count > 0);
            let counts = counts.map(|(year, count)| (year, u64::from(count))).collect();
            return Some(Counted::Years { counts, none });
        }
        Some(Counted::Places { counts, none })
    }
}

fn corrupt(why: String) -> TantivyError {
    TantivyError::DataCorruption(DataCorruption::comment_only(why))
}

/// The labels of a facet in all segments.
pub(super) struct Labels {
    /// By segment and by number in it, the place in `names`.
    places: Vec<Vec<u32>>,
    /// All of them, in their order.
    names: Vec<Arc<str>>,
    /// The place of the first name that differs in case and accents only.
    joined: Vec<u32>,
}

impl Labels {
    /// Reads the labels of the columns of all segments.
    pub fn read<'c>(
        columns: impl Iterator<Item = tantivy::Result<Option<&'c StrColumn>>>,
    ) -> tantivy::Result<Self> {
        let mut known: FxHashMap<Arc<str>, u32> = FxHashMap::default();
        let mut places = Vec::new();
        for column in columns {
            let mut own = Vec::new();
            if let Some(column) = column? {
                let mut stream = column.dictionary().stream()?;
                while stream.advance() {
                    let name = String::from_utf8_lossy(stream.key());
                    let number = known.get(&*name).copied().unwrap_or_else(|| {
                        let number = known.len() as u32;
                        known.insert(name.into(), number);
                        number
                    });
                    own.push(number);
                }
            }
            places.push(own);
        }
        let mut named: Vec<(Arc<str>, u32)> = known.into_iter().collect();
        named.sort_unstable();
        let mut place = vec![0; named.len()];
        for ((_, number), at) in named.iter().zip(0..) {
            place[*number as usize] = at;
        }
        for own in &mut places {
            own.iter_mut().for_each(|number| *number = place[*number as usize]);
        }
        let mut first: FxHashMap<String, u32> = FxHashMap::default();
        let names: Vec<Arc<str>> = named.into_iter().map(|(name, _)| name).collect();
        let joined = (names.iter().zip(0..))
            .map(|(name, at)| *first.entry(fold_label(name)).or_insert(at))
            .collect();
        Ok(Self { places, names, joined })
    }

    /// The counts of the pieces, added up, the most first.
    fn add(&self, pieces: &[(SegmentOrdinal, Counted)]) -> Vec<(Arc<str>, u64)> {
        let mut counts = vec![0_u64; self.names.len()];
        for (segment, counted) in pieces {
            if let Counted::Places { counts: own, .. } = counted {
                counts.iter_mut().zip(own).for_each(|(all, own)| *all += u64::from(*own));
            }
            for (ord, count) in counted.labels() {
                // A label that is not among them is of a damaged column.
                if let Some(place) = self.places[*segment as usize].get(*ord as usize) {
                    counts[*place as usize] += count;
                }
            }
        }
        let some = counts.into_iter().zip(0..).filter(|(count, _)| *count > 0);
        let mut some: Vec<(u32, u32, u64)> =
            some.map(|(count, at)| (self.joined[at as usize], at, count)).collect();
        // The sum of those that are joined, and the commonest spelling of them, of several the first.
        some.sort_by_key(|(joined, ..)| *joined);
        let sum = |joined: &[(u32, u32, u64)]| {
            let commonest = joined.iter().max_by_key(|(_, at, count)| (*count, Reverse(*at)));
            let count = joined.iter().map(|(.., count)| count).sum::<u64>();
            // As one number, which is sorted in half the time: the most first, then by name.
            u128::from(u64::MAX - count) << 32 | u128::from(commonest.map_or(0, |c| c.1))
        };
        let mut sums: Vec<u128> = some.chunk_by(|a, b| a.0 == b.0).map(sum).collect();
        sums.sort_unstable();
        let named = |sum: u128| {
            let count = u64::MAX - (sum >> 32) as u64;
            (self.names[(sum as u32) as usize].clone(), count)
        };
        sums.into_iter().map(named).collect()
    }
}

/// What was counted by one facet in a piece of a segment.
pub(super) enum Counted {
    /// The numbers of the labels that some have, rising, with their counts; and of how many labels.
    Labels {
        column: Option<StrColumn>,
        counts: Vec<(u64, u64)>,
        of: usize,
        none: u64,
    },
    /// By the places of [`Labels`].
    Places {
        counts: Vec<u32>,
        none: u64,
    },
    Years {
        counts: BTreeMap<i64, u64>,
        none: u64,
    },
    Dates {
        counts: FxHashMap<(i64, i64), u64>,
        none: u64,
    },
}

impl From<Counts> for Counted {
    fn from(Counts { kind, none }: Counts) -> Self {
        match kind {
            Kind::Labels { column, counts } => {
                let of = counts.len();
                let counts = some(0, counts).collect();
                Counted::Labels { column, counts, of, none }
            }
            Kind::Years { first, counts, .. } => {
                Counted::Years { counts: some(first, counts).collect(), none }
            }
            Kind::Dates { counts, .. } => Counted::Dates { counts, none },
        }
    }
}

/// The counts that are not nought, with their numbers from `first` on.
fn some<N>(first: N, counts: Vec<u64>) -> impl Iterator<Item = (N, u64)>
where
    RangeFrom<N>: Iterator<Item = N>,
{
    (first..).zip(counts).filter(|(_, count)| *count > 0)
}

/// Adds up what was counted by a facet in pieces of segments.
pub(super) fn tally(
    facet: Facet,
    pieces: &[(SegmentOrdinal, Counted)],
    kept: &Kept,
) -> tantivy::Result<Tally> {
    let none = pieces.iter().map(|(_, counted)| counted.none()).sum();
    let counts = if matches!(facet, Facet::Year | Facet::Date) {
        dates(pieces)
    } else {
        let some: usize = pieces.iter().map(|(_, counted)| counted.labels().len()).sum();
        let all: usize = pieces.iter().map(|(_, counted)| counted.of()).sum();
        match kept.labels(facet, some.saturating_mul(DEAR) >= all)? {
            Some(labels) => labels.add(pieces),
            None => joined(names(pieces)?),
        }
    };
    Ok(Tally { facet, counts, none })
}

impl Counted {
    fn none(&self) -> u64 {
        let (Self::Labels { none, .. }
        | Self::Places { none, .. }
        | Self::Years { none, .. }
        | Self::Dates { none, .. }) = self;
        *none
    }

    fn labels(&self) -> &[(u64, u64)] {
        if let Self::Labels { counts, .. } = self { counts } else { &[] }
    }

    fn of(&self) -> usize {
        if let Self::Labels { of, .. } = self { *of } else { 0 }
    }
}

/// Years or dates with their counts, rising.
fn dates(pieces: &[(SegmentOrdinal, Counted)]) -> Vec<(Arc<str>, u64)> {
    let mut days: FxHashMap<(i64, i64), u64> = FxHashMap::default();
    let mut sums: BTreeMap<String, u64> = BTreeMap::new();
    for (_, counted) in pieces {
        match counted {
            Counted::Years { counts, .. } => {
                for (year, count) in counts {
                    *sums.entry(format!("{year:04}")).or_default() += count;
                }
            }
            Counted::Dates { counts, .. } => {
                for (dates, count) in counts {
                    *days.entry(*dates).or_default() += count;
                }
            }
            Counted::Labels { .. } | Counted::Places { .. } => {}
        }
    }
    for ((first, last), count) in days {
        *sums.entry(date_of(first, last)).or_default() += count;
    }
    sums.into_iter().map(|(date, count)| (date.into(), count)).collect()
}

/// The names of what was counted, each read for itself.
fn names(pieces: &[(SegmentOrdinal, Counted)]) -> tantivy::Result<BTreeMap<String, u64>> {
    let mut named: BTreeMap<String, u64> = BTreeMap::new();
    for (_, counted) in pieces {
        let Counted::Labels { column: Some(column), counts, .. } = counted else { continue };
        let ords: Vec<u64> = counts.iter().map(|(ord, _)| *ord).collect();
        let mut counts = counts.iter().map(|(_, count)| *count);
        let whole = column.dictionary().sorted_ords_to_term_cb(&ords, |name| {
            let name = String::from_utf8_lossy(name).into_owned();
            *named.entry(name).or_default() += counts.next().unwrap_or(0);
        })?;
        if !whole {
            return Err(corrupt("a label is missing".to_owned()));
        }
    }
    Ok(named)
}

/// Joins labels that differ only in case and accents under their commonest spelling.
fn joined(counts: BTreeMap<String, u64>) -> Vec<(Arc<str>, u64)> {
    let mut joined: BTreeMap<String, (String, u64, u64)> = BTreeMap::new();
    for (label, count) in counts {
        let entry = joined.entry(fold_label(&label)).or_default();
        if count > entry.1 {
            entry.0 = label;
            entry.1 = count;
        }
        entry.2 += count;
    }
    let mut counts: Vec<(Arc<str>, u64)> =
        joined.into_values().map(|(label, _, count)| (label.into(), count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    counts
}

/// The day, month or year that lasts from one day to another, as it is written.
fn date_of(first: i64, last: i64) -> String {
    let date = from_day_number(first).map_or(String::new(), |date| date.to_string());
    let length = match last - first {
        0 => 10,
        ..=30 => 7,
        _ => 4,
    };
    date.get(..length).unwrap_or(&date).to_owned()
}

/// The year of a day since 1970-01-01, in the Gregorian calendar.
///
/// Days are counted from 0000-03-01 in eras of 400 years, as in Howard Hinnant's
/// "chrono-Compatible Low-Level Date Algorithms".
fn year_of(day: i64) -> i64 {
    // No date is so far away; a damaged column may say anything.
    let from_march = day.clamp(-1 << 40, 1 << 40) + 719_468;
    let era = from_march.div_euclid(146_097);
    let in_era = from_march.rem_euclid(146_097);
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let january = (5 * in_year + 2) / 153 >= 10;
    year + era * 400 + i64::from(january)
}

/// The first of January of a year, in days since 1970-01-01; see [`year_of`].
fn first_day_of(year: i64) -> i64 {
    let before = year - 1;
    365 * before + before.div_euclid(4) - before.div_euclid(100) + before.div_euclid(400) - 719_162
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_those_of_the_calendar() {
        for day in (-700_000..700_000).step_by(97).chain(-800..800) {
            let date = from_day_number(day).unwrap();
            let year = year_of(day);
            assert_eq!(year, i64::from(date.parts().0), "{date}");
            assert!((first_day_of(year)..first_day_of(year + 1)).contains(&day), "{date}");
        }
    }
}
