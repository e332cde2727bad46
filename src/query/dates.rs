//! The dates of a query: `2023-03`, `2023-01..2023-06`, `30d`, `last-month`.

use std::ops::Range;

use super::QueryError;
use super::lex::fault;
use crate::article::{Date, from_day_number};

/// The first and the last day that a text means, both included; `None` is without bound.
pub(super) type Days = (Option<i64>, Option<i64>);

/// Reads the value of `date:`.
pub(super) fn days(text: &str, today: Date, span: Range<usize>) -> Result<Days, QueryError> {
    let day = today.first_day();
    // Where a part of the text stands: a value in quotes has one before it and one behind.
    let place = |from: usize, to: usize| match span.len().checked_sub(text.len()) {
        Some(0) => span.start + from..span.start + to,
        Some(2) => span.start + 1 + from..span.start + 1 + to,
        _ => span.clone(),
    };
    for (sign, included) in [(">=", true), ("<=", true), (">", false), ("<", false)] {
        if let Some(rest) = text.strip_prefix(sign) {
            let rest_span = place(sign.len(), text.len());
            let date = period(rest, today).ok_or_else(|| not_a_date(rest, rest_span))?;
            return Ok(match (sign.starts_with('>'), included) {
                (true, true) => (Some(date.0), None),
                (true, false) => (Some(date.1 + 1), None),
                (false, true) => (None, Some(date.1)),
                (false, false) => (None, Some(date.0 - 1)),
            });
        }
    }
    let halves = text.split_once("..").or_else(|| {
        // `2023-01/2023-06`, but not `03/04/2023`
        text.split_once('/').filter(|(a, b)| a.len() >= 4 && b.len() >= 4)
    });
    let Some((from, to)) = halves else {
        return match period(text, today) {
            Some((first, last)) => Ok((Some(first), Some(last))),
            // `date:30d` is the last thirty days
            None => match back(text, day) {
                Some(first) => Ok((Some(first), Some(day))),
                None => Err(not_a_date(text, span)),
            },
        };
    };
    let to_span = place(text.len() - to.len(), text.len());
    let from_span = place(0, from.len());
    let first = match from {
        "" => None,
        _ => Some(period(from, today).ok_or_else(|| not_a_date(from, from_span))?.0),
    };
    let last = match to {
        "" => None,
        _ => Some(period(to, today).ok_or_else(|| not_a_date(to, to_span))?.1),
    };
    match (first, last) {
        (None, None) => Err(not_a_date(text, span)),
        (Some(first), Some(last)) if first > last => Err(fault(
            "backward_range",
            format!("this range ends before it begins: {from} is later than {to}"),
            span,
        )),
        both => Ok(both),
    }
}

/// Reads the value of `since:` (the first day) or `until:` (the last).
pub(super) fn bound(text: &str, today: Date, span: Range<usize>) -> Result<(i64, i64), QueryError> {
    period(text, today)
        .or_else(|| back(text, today.first_day()).map(|day| (day, day)))
        .ok_or_else(|| not_a_date(text, span))
}

/// The first and last day of a year, month, day or word such as `yesterday`.
pub fn period(text: &str, today: Date) -> Option<(i64, i64)> {
    let day = today.first_day();
    let (year, month, _) = today.parts();
    let of = |date: Option<Date>| date.map(|date| (date.first_day(), date.last_day()));
    match text.to_ascii_lowercase().as_str() {
        "today" => Some((day, day)),
        "yesterday" => Some((day - 1, day - 1)),
        "this-week" => Some((monday(day), monday(day) + 6)),
        "last-week" => Some((monday(day) - 7, monday(day) - 1)),
        "this-month" => of(Date::month(year, month?)),
        "last-month" => of(match month? {
            1 => Date::month(year - 1, 12),
            month => Date::month(year, month - 1),
        }),
        "this-year" => of(Date::year(year)),
        "last-year" => of(Date::year(year - 1)),
        _ => of(text.parse().ok()),
    }
}

/// 1970-01-01 was a Thursday.
fn monday(day: i64) -> i64 {
    day - (day + 3).rem_euclid(7)
}

/// `30d`, `2w`, `6m`, `1y` before today.
fn back(text: &str, today: i64) -> Option<i64> {
    let unit = text.chars().last()?;
    let number: i64 = text[..text.len() - unit.len_utf8()].parse().ok()?;
    if !(0..=100_000).contains(&number) {
        return None;
    }
    match unit.to_ascii_lowercase() {
        'd' => Some(today - number),
        'w' => Some(today - 7 * number),
        'm' | 'y' => {
            let (year, month, day) = from_day_number(today)?.parts();
            let months = if unit.eq_ignore_ascii_case(&'m') { number } else { 12 * number };
            let at = i64::from(year) * 12 + i64::from(month?) - 1 - months;
            let (year, month) = (at.div_euclid(12), at.rem_euclid(12) + 1);
            let month = Date::month(i16::try_from(year).ok()?, month as i8)?;
            Some((month.first_day() + i64::from(day?) - 1).min(month.last_day()))
        }
        _ => None,
    }
}

fn not_a_date(text: &str, span: Range<usize>) -> QueryError {
    let numbers: Vec<Option<i16>> =
        text.split(['/', '.', '-', ' ']).map(|part| part.parse().ok()).collect();
    if let [Some(a), Some(b), Some(year @ 1000..)] = numbers[..] {
        let (small_a, small_b) = (i8::try_from(a).unwrap_or(0), i8::try_from(b).unwrap_or(0));
        let day_first = Date::day(year, small_b, small_a);
        let month_first = Date::day(year, small_a, small_b);
        match (day_first, month_first) {
            (Some(x), Some(y)) if x != y => {
                let mut error =
                    fault("which_date", format!("cannot tell day from month in \"{text}\""), span);
                error.help.push(format!("write {x} or {y}"));
                error.suggestions = vec![x.to_string(), y.to_string()];
                return error;
            }
            (Some(x), _) | (_, Some(x)) => {
                let mut error =
                    fault("date_form", format!("\"{text}\" is not written as a date here"), span);
                error.help.push(format!("write {x}"));
                error.suggestions = vec![x.to_string()];
                return error;
            }
            _ => {}
        }
    }
    let mut error = fault("no_date", format!("\"{text}\" is not a date"), span);
    error.help.push(
        "write 2023, 2023-03, 2023-03-14, 2023-01..2023-06, yesterday, last-month or 30d"
            .to_owned(),
    );
    error
}
