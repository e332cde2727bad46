//! A date that may be known only to the month or the year.

use std::fmt;
use std::str::FromStr;

use jiff::civil;
use serde::{Deserialize, Deserializer, Serialize, Serializer};
use thiserror::Error;

/// A day, a month or a year of the proleptic Gregorian calendar, years 1 to 9999.
///
/// ```
/// use fiche::article::Date;
///
/// let month: Date = "1650-03".parse()?;
/// assert_eq!(month.to_string(), "1650-03");
/// assert_eq!(month.first_day() + 30, month.last_day());
/// # Ok::<(), fiche::article::DateError>(())
/// ```
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Date {
    year: i16,
    /// 0 where not known.
    month: i8,
    /// 0 where not known.
    day: i8,
}

/// A text or a set of numbers that is no date.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("`{0}` is not a date: write YYYY, YYYY-MM or YYYY-MM-DD")]
pub struct DateError(pub String);

impl Date {
    /// A whole day; `None` where the calendar has no such day.
    pub fn day(year: i16, month: i8, day: i8) -> Option<Self> {
        (year >= 1).then(|| civil::Date::new(year, month, day).ok())??;
        Some(Self { year, month, day })
    }

    /// A month; `None` outside of 1 to 12.
    pub fn month(year: i16, month: i8) -> Option<Self> {
        Self::day(year, month, 1).map(|date| Self { day: 0, ..date })
    }

    /// A year; `None` outside of 1 to 9999.
    pub fn year(year: i16) -> Option<Self> {
        Self::day(year, 1, 1).map(|date| Self { month: 0, day: 0, ..date })
    }

    /// Year, month and day, as far as they are known.
    pub fn parts(self) -> (i16, Option<i8>, Option<i8>) {
        (self.year, (self.month > 0).then_some(self.month), (self.day > 0).then_some(self.day))
    }

    /// The first day of the period, in days since 1970-01-01 (negative before).
    pub fn first_day(self) -> i64 {
        day_number(civil::date(self.year, self.month.max(1), self.day.max(1)))
    }

    /// The last day of the period, in days since 1970-01-01.
    pub fn last_day(self) -> i64 {
        let first = civil::date(self.year, self.month.max(1), self.day.max(1));
        day_number(match (self.month, self.day) {
            (0, _) => civil::date(self.year, 12, 31),
            (_, 0) => first.last_of_month(),
            _ => first,
        })
    }
}

/// Days from 1970-01-01 to `date`.
pub fn day_number(date: civil::Date) -> i64 {
    let epoch = civil::date(1970, 1, 1);
    i64::from(date.duration_since(epoch).as_hours() as i32 / 24)
}

/// The day that lies `number` days after 1970-01-01, where the calendar reaches that far.
pub fn from_day_number(number: i64) -> Option<Date> {
    let date = civil::date(1970, 1, 1)
        .checked_add(jiff::SignedDuration::from_hours(number.checked_mul(24)?));
    let date = date.ok()?;
    Date::day(date.year(), date.month(), date.day())
}

impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}", self.year)?;
        if self.month > 0 {
            write!(f, "-{:02}", self.month)?;
        }
        if self.day > 0 {
            write!(f, "-{:02}", self.day)?;
        }
        Ok(())
    }
}

impl FromStr for Date {
    type Err = DateError;

    /// Reads `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, and nothing else.
    fn from_str(text: &str) -> Result<Self, DateError> {
        let fault = || DateError(text.to_owned());
        let digits = |part: &str, len: usize| {
            (part.len() == len && part.bytes().all(|b| b.is_ascii_digit()))
                .then(|| part.parse::<i16>().ok())
                .flatten()
                .ok_or_else(fault)
        };
        let parts: Vec<&str> = text.split('-').collect();
        match parts[..] {
            [year] => Self::year(digits(year, 4)?),
            [year, month] => Self::month(digits(year, 4)?, digits(month, 2)? as i8),
            [year, month, day] => {
                Self::day(digits(year, 4)?, digits(month, 2)? as i8, digits(day, 2)? as i8)
            }
            _ => None,
        }
        .ok_or_else(fault)
    }
}

impl Serialize for Date {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Date {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        String::deserialize(deserializer)?.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn periods_keep_their_bounds_in_any_century() {
        for (text, first, last) in [
            ("1970-01-01", 0, 0),
            ("1650-01-01", -116_877, -116_877),
            ("2300", 120_530, 120_894),
            ("2024-02", 19_754, 19_782),
            ("0001-01-01", -719_162, -719_162),
        ] {
            let date: Date = text.parse().unwrap();
            assert_eq!((date.first_day(), date.last_day()), (first, last), "{text}");
            assert_eq!(date.to_string(), text);
            if text.len() == 10 {
                assert_eq!(from_day_number(first), Some(date));
            }
        }
    }

    #[test]
    fn what_is_no_date_is_refused() {
        for text in ["", "2023-13", "2023-02-30", "0000", "23", "2023-1-1", "2023-01-01T00:00"] {
            assert!(text.parse::<Date>().is_err(), "{text}");
        }
    }
}
