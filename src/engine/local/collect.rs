//! One pass over what matches: the exact total, the counts by facet, and the best in order.

use std::collections::{BTreeMap, BinaryHeap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::{FxHashMap, FxHashSet};
use tantivy::collector::{Collector, SegmentCollector};
use tantivy::columnar::{Column, StrColumn};
use tantivy::error::DataCorruption;
use tantivy::{DocAddress, DocId, Score, SegmentOrdinal, SegmentReader, TantivyError};

use super::alike::Groups;
use super::deadline::Deadline;
use super::fields::NUMBER;
use crate::article::from_day_number;
use crate::engine::{Duplicates, Facet, Sort, Tally};
use crate::words::fold_label;

/// Collects the first `keep` of what matches.
pub(super) struct Ranked {
    pub sort: Sort,
    pub keep: usize,
    pub facets: Vec<Facet>,
    pub duplicates: Duplicates,
    pub members: Arc<Groups>,
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
    pub tallies: Vec<Tally>,
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
    members: Arc<Groups>,
    counted: Arc<Mutex<FxHashSet<u32>>>,
    deadline: Arc<Deadline>,
    /// The numbers of the origins, where there are groups.
    number: Option<Column<u64>>,
    /// Articles without others like them.
    alone: u64,
    /// The groups that match.
    grouped: FxHashSet<u32>,
    /// Those of which only the first is given, groups or copies, with the first of each.
    firsts: FxHashMap<u32, Place>,
    counts: Vec<Counts>,
}

/// The counts of one facet in one segment.
enum Counts {
    Labels {
        facet: Facet,
        column: Option<StrColumn>,
        counts: Vec<u64>,
        none: u64,
    },
    Years {
        counts: HashMap<i64, u64>,
        none: u64,
    },
    /// By the first and the last day.
    Dates {
        last: Column<i64>,
        counts: HashMap<(i64, i64), u64>,
        none: u64,
    },
}

pub(super) struct SegmentFound {
    total: u64,
    alone: u64,
    groups: Vec<u32>,
    ranked: Vec<Row>,
    /// The ids of the segment, by the numbers in the places.
    ids: Option<StrColumn>,
    tallies: Vec<(Facet, BTreeMap<String, u64>, u64)>,
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
        reader: &SegmentReader,
    ) -> tantivy::Result<SegmentRanked> {
        let fast = reader.fast_fields();
        let counts = self.facets.iter().map(|facet| {
            let column = match facet {
                Facet::Section => "section_shown",
                Facet::Source => "source_shown",
                Facet::Author => "author_shown",
                Facet::Language => "lang_shown",
                Facet::Year => return Ok(Counts::Years { counts: HashMap::new(), none: 0 }),
                Facet::Date => {
                    let last = fast.i64("day_last")?;
                    return Ok(Counts::Dates { last, counts: HashMap::new(), none: 0 });
                }
            };
            let column = fast.str(column)?;
            let terms = column.as_ref().map_or(0, |column| column.num_terms());
            // A damaged column may tell of more labels than any memory holds; asking for that much
            // would end the program.
            let mut counts = Vec::new();
            counts.try_reserve_exact(terms).map_err(|_| {
                TantivyError::DataCorruption(DataCorruption::comment_only(format!(
                    "{terms} different labels"
                )))
            })?;
            counts.resize(terms, 0);
            Ok(Counts::Labels { facet: *facet, column, counts, none: 0 })
        });
        Ok(SegmentRanked {
            segment,
            sort: self.sort,
            keep: self.keep,
            total: 0,
            day: fast.i64("day")?,
            id: fast.str("id_shown")?,
            best: BinaryHeap::new(),
            duplicates: self.duplicates,
            number: (!self.members.is_empty()).then(|| fast.u64(NUMBER)).transpose()?,
            members: Arc::clone(&self.members),
            counted: Arc::clone(&self.counted),
            deadline: Arc::clone(&self.deadline),
            alone: 0,
            grouped: FxHashSet::default(),
            firsts: FxHashMap::default(),
            counts: counts.collect::<tantivy::Result<_>>()?,
        })
    }

    fn requires_scoring(&self) -> bool {
        self.sort == Sort::Relevance && self.keep > 0
    }

    fn merge_fruits(&self, found: Vec<tantivy::Result<SegmentFound>>) -> tantivy::Result<Found> {
        let (mut total, mut alone) = (0, 0);
        let mut groups: FxHashSet<u32> = FxHashSet::default();
        let (mut rows, mut ids) = (Vec::new(), BTreeMap::new());
        let mut counted: BTreeMap<Facet, (BTreeMap<String, u64>, u64)> = BTreeMap::new();
        for segment in found {
            let segment = segment?;
            total += segment.total;
            alone += segment.alone;
            groups.extend(segment.groups);
            if let Some((row, column)) = segment.ranked.first().zip(segment.ids) {
                ids.insert(row.segment, column);
            }
            rows.extend(segment.ranked);
            for (facet, counts, none) in segment.tallies {
                let entry = counted.entry(facet).or_default();
                entry.1 += none;
                for (label, count) in counts {
                    *entry.0.entry(label).or_default() += count;
                }
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
        let tallies = self
            .facets
            .iter()
            .map(|facet| {
                let (counts, none) = counted.remove(facet).unwrap_or_default();
                tally(*facet, counts, none)
            })
            .collect();
        let groups = alone + groups.len() as u64;
        Ok(Found { total, groups, ranked, tallies })
    }
}

impl SegmentRanked {
    /// Whether no copy of this article was counted yet, in whatever segment.
    fn is_first(&self, same: u32) -> bool {
        // The set is whole also where another thread ended while it held the lock.
        self.counted.lock().unwrap_or_else(PoisonError::into_inner).insert(same)
    }
}

/// Joins labels that differ only in case and accents under their commonest spelling.
fn tally(facet: Facet, counts: BTreeMap<String, u64>, none: u64) -> Tally {
    if matches!(facet, Facet::Year | Facet::Date) {
        return Tally { facet, counts: counts.into_iter().collect(), none };
    }
    let mut joined: BTreeMap<String, (String, u64, u64)> = BTreeMap::new();
    for (label, count) in counts {
        let entry = joined.entry(fold_label(&label)).or_default();
        if count > entry.1 {
            entry.0 = label;
            entry.1 = count;
        }
        entry.2 += count;
    }
    let mut counts: Vec<(String, u64)> =
        joined.into_values().map(|(label, _, count)| (label, count)).collect();
    counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    Tally { facet, counts, none }
}

impl SegmentCollector for SegmentRanked {
    type Fruit = tantivy::Result<SegmentFound>;

    fn collect(&mut self, doc: DocId, score: Score) {
        if self.deadline.passed() {
            return;
        }
        let number = self.number.as_ref().and_then(|column| column.first(doc));
        let member = number.and_then(|number| self.members.member(number));
        let group = member.map(|member| member.group);
        if self.duplicates == Duplicates::Only && group.is_none() {
            return;
        }
        let same = match self.duplicates {
            Duplicates::Each => None,
            _ => member.and_then(|member| member.same),
        };
        if same.is_none_or(|same| self.is_first(same)) {
            self.total += 1;
            for counts in &mut self.counts {
                counts.count(doc, &self.day);
            }
            match group {
                None => self.alone += 1,
                Some(group) => {
                    self.grouped.insert(group);
                }
            }
        }
        if self.keep == 0 {
            return;
        }
        let merit = match self.sort {
            // Scores are never below nought, so their bits are in their order.
            Sort::Relevance => u32::MAX - score.max(0.0).to_bits(),
            _ => 0,
        };
        let first = if self.duplicates == Duplicates::Group { group } else { same };
        let full = first.is_none() && self.best.len() >= self.keep;
        if full && self.best.peek().is_some_and(|worst| merit > worst.merit) {
            return;
        }
        let day = match (self.day.first(doc), self.sort) {
            (None, _) => i64::MAX,
            (Some(day), Sort::Oldest) => day,
            (Some(day), _) => -day,
        };
        let id = self.id.as_ref().and_then(|id| id.ords().first(doc)).unwrap_or(u64::MAX);
        let place = Place { merit, day, id, doc };
        if let Some(group) = first {
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

    fn harvest(self) -> tantivy::Result<SegmentFound> {
        let groups: Vec<u32> = self.grouped.into_iter().collect();
        let firsts = self.firsts.into_iter().map(|(group, place)| (place, Some(group)));
        let mut places: Vec<(Place, Option<u32>)> =
            self.best.into_iter().map(|place| (place, None)).chain(firsts).collect();
        // A group that others of this segment keep out can come in by another segment alone.
        places.sort_unstable();
        places.truncate(self.keep);
        let segment = self.segment;
        let row = |(place, group)| Row { place, segment, group };
        let ranked = places.into_iter().map(row).collect();
        let tallies =
            self.counts.into_iter().map(Counts::harvest).collect::<tantivy::Result<_>>()?;
        let (total, alone, ids) = (self.total, self.alone, self.id);
        Ok(SegmentFound { total, alone, groups, ranked, ids, tallies })
    }
}

impl Counts {
    fn count(&mut self, doc: DocId, days: &Column<i64>) {
        match self {
            Counts::Labels { column: None, none, .. } => *none += 1,
            Counts::Labels { column: Some(column), counts, none, .. } => {
                let mut some = false;
                for ord in column.term_ords(doc) {
                    counts[ord as usize] += 1;
                    some = true;
                }
                *none += u64::from(!some);
            }
            Counts::Years { counts, none } => match days.first(doc) {
                Some(day) => *counts.entry(year_of(day)).or_default() += 1,
                None => *none += 1,
            },
            Counts::Dates { last, counts, none } => match (days.first(doc), last.first(doc)) {
                (Some(first), Some(last)) => *counts.entry((first, last)).or_default() += 1,
                _ => *none += 1,
            },
        }
    }

    fn harvest(self) -> tantivy::Result<(Facet, BTreeMap<String, u64>, u64)> {
        match self {
            Counts::Years { counts, none } => {
                let counts =
                    counts.into_iter().map(|(year, count)| (format!("{year:04}"), count)).collect();
                Ok((Facet::Year, counts, none))
            }
            Counts::Dates { counts, none, .. } => {
                let mut dates = BTreeMap::new();
                for ((first, last), count) in counts {
                    *dates.entry(date_of(first, last)).or_default() += count;
                }
                Ok((Facet::Date, dates, none))
            }
            Counts::Labels { facet, column, counts, none } => {
                let mut labels = BTreeMap::new();
                if let Some(column) = column {
                    for (ord, count) in counts.into_iter().enumerate().filter(|(_, n)| *n > 0) {
                        let mut label = String::new();
                        column.ord_to_str(ord as u64, &mut label)?;
                        labels.insert(label, count);
                    }
                }
                Ok((facet, labels, none))
            }
        }
    }
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
    let from_march = day + 719_468;
    let era = from_march.div_euclid(146_097);
    let in_era = from_march.rem_euclid(146_097);
    let year = (in_era - in_era / 1_460 + in_era / 36_524 - in_era / 146_096) / 365;
    let in_year = in_era - (365 * year + year / 4 - year / 100);
    let january = (5 * in_year + 2) / 153 >= 10;
    year + era * 400 + i64::from(january)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn years_are_those_of_the_calendar() {
        for day in (-700_000..700_000).step_by(97).chain(-800..800) {
            let date = from_day_number(day).unwrap();
            assert_eq!(year_of(day), i64::from(date.parts().0), "{date}");
        }
    }
}
