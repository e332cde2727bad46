//! Chooses the date of publication among those that a draft holds.

use super::{Habit, find_all, in_address, read, relative, stamped};
use crate::article::Date;
use crate::draft::{Draft, Remark, Rung, Slot};
use crate::extract::lines::unglued;

/// A date, and the remark that it was read from.
pub(in crate::extract) type Dated<'d> = Option<(Date, &'d Remark)>;

/// The dates of one article.
#[derive(Debug, Clone, Copy, Default)]
pub(in crate::extract) struct Dates<'d> {
    pub published: Dated<'d>,
    pub modified: Dated<'d>,
    pub captured: Dated<'d>,
}

/// Chooses the dates; `habit` is what the language and the host tell.
pub(in crate::extract) fn choose<'d>(draft: &'d Draft, habit: Habit) -> Dates<'d> {
    let habit = seen(draft, habit);
    let first = |slot: Slot| {
        let mut remarks: Vec<&Remark> = draft.on(slot).take(64).collect();
        remarks.sort_by_key(|remark| remark.rung);
        remarks.into_iter().find_map(|remark| Some((read(&remark.text, habit)?, remark)))
    };
    let captured = first(Slot::Captured);
    let mut modified = first(Slot::Modified);
    let possible = |date: Date, remark: &Remark| {
        // Clocks of two time zones may differ by a day.
        let early =
            captured.is_none_or(|(captured, _)| date.first_day() <= captured.last_day() + 1);
        early && (remark.rung == Rung::Record || !is_nothing(date))
    };
    let mut candidates: Vec<(Date, &Remark)> = Vec::new();
    for remark in draft.on(Slot::Published).take(128) {
        let date = match remark.rung {
            Rung::Visible => {
                // `5 March 20244 min read`
                let text = unglued(&remark.text);
                if is_prose(&text, habit) {
                    continue;
                }
                let line = stamped(&text, habit);
                if let (Some(date), None) = (line.modified, modified) {
                    modified = Some((date, remark));
                }
                line.published.or_else(|| {
                    let (captured, _) = captured?;
                    relative(&remark.text, captured)
                })
            }
            Rung::Address => in_address(&remark.text),
            _ => read(&remark.text, habit).or_else(|| relative(&remark.text, captured?.0)),
        };
        candidates.extend(date.filter(|date| possible(*date, remark)).map(|date| (date, remark)));
    }
    for remark in draft.on(Slot::Url) {
        if let Some(date) = in_address(&remark.text).filter(|date| possible(*date, remark)) {
            candidates.push((date, remark));
        }
    }
    Dates {
        published: as_shown(best(&candidates), &candidates),
        modified: modified.filter(|(date, remark)| possible(*date, remark)),
        captured,
    }
}

/// The best of the candidates: a whole day before a part of one, then by rung, then the first.
fn best<'d>(candidates: &[(Date, &'d Remark)]) -> Dated<'d> {
    let rank = |(date, remark): &(Date, &Remark)| {
        let partial = date.parts().2.is_none();
        let rung = match remark.rung {
            _ if remark.slot == Slot::Url => Rung::Address,
            // When a record was made is less than when an article was published.
            Rung::JsonLd if is_loose(remark) => Rung::Meta,
            rung => rung,
        };
        // A record means what it says, even where that is only a year.
        (
            partial && rung != Rung::Record,
            rung,
            is_loose(remark),
            remark.place != "first publication",
        )
    };
    candidates.iter().copied().min_by_key(rank)
}

/// Whether a line says more than a date line does: a caption, a teaser, running text.
fn is_prose(text: &str, habit: Habit) -> bool {
    let Some(found) = find_all(text, habit, false).into_iter().next() else { return false };
    let words =
        |text: &str| text.split(|c: char| !c.is_alphabetic()).filter(|word| word.len() > 1).count();
    let after = text[found.range.end..].trim_start();
    let listed = after.starts_with(['·', '-', '–', '—', '|', '•', ',', '/']);
    words(&text[..found.range.start]) > 6 || words(after) > 12 && !listed
}

/// Names that may mean any date of a page.
fn is_loose(remark: &Remark) -> bool {
    let loose = [
        "[date]",
        "[created]",
        "[dc.date]",
        "[dcterms.date]",
        "dateCreated",
        "uploadDate",
        "far from",
    ];
    loose.iter().any(|name| remark.place.contains(name))
}

/// The day that the page shows, where a clock in UTC says the day beside it.
fn as_shown<'d>(chosen: Dated<'d>, candidates: &[(Date, &'d Remark)]) -> Dated<'d> {
    let (date, remark) = chosen?;
    let text = remark.text.trim();
    let utc = matches!(remark.rung, Rung::JsonLd | Rung::Meta | Rung::Microdata | Rung::Markup)
        && ["Z", "+00:00", "+0000"].iter().any(|end| text.ends_with(end));
    let hour: Option<i64> = text.get(11..13).and_then(|hour| hour.parse().ok());
    let (true, Some(hour)) = (utc, hour) else { return chosen };
    let shown = candidates.iter().find(|(other, remark)| {
        let gap = other.first_day() - date.first_day();
        remark.rung == Rung::Visible
            && other.parts().2.is_some()
            && (gap == -1 && hour < 12 || gap == 1 && hour >= 10)
    });
    let same = |(other, remark): &(Date, &Remark)| *other == date && remark.rung == Rung::Visible;
    shown.filter(|_| !candidates.iter().any(same)).copied().or(chosen)
}

/// Dates that programs write where they know none.
fn is_nothing(date: Date) -> bool {
    matches!(
        date.parts(),
        (1970, Some(1), Some(1))
            | (1969, Some(12), Some(31))
            | (1900, Some(1), Some(1))
            | (2000, Some(1), Some(1))
    )
}

/// The habit that the other dates of the draft show: `25/12/2023` can be read one way only.
fn seen(draft: &Draft, habit: Habit) -> Habit {
    if habit.day_first.is_some() {
        return habit;
    }
    let mut votes = (false, false);
    let dated = [Slot::Published, Slot::Modified, Slot::Captured];
    for remark in draft.remarks.iter().filter(|remark| dated.contains(&remark.slot)).take(128) {
        let runs = remark.text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
        let numbers: Vec<u32> = runs.take(3).filter_map(|run| run.parse().ok()).collect();
        match numbers[..] {
            [13..=31, 1..=12, 1000..=9999] => votes.0 = true,
            [1..=12, 13..=31, 1000..=9999] => votes.1 = true,
            _ => {}
        }
    }
    Habit {
        day_first: match votes {
            (true, false) => Some(true),
            (false, true) => Some(false),
            _ => None,
        },
    }
}
