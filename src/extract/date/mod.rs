//! Reads days, months and years out of text, in many ways of writing them.
//!
//! What a date stands for (publication, change, capture) is for the caller to know.

mod choose;
mod months;
mod scan;

use std::ops::Range;

use crate::article::{Date, from_day_number};
pub(super) use choose::choose;
pub use scan::find_all;

/// What is known about how a text writes its dates.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Habit {
    /// Whether `03/04/2023` is the third of April; `None` where nothing tells.
    pub day_first: Option<bool>,
}

/// A date in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// The date.
    pub date: Date,
    /// Its bytes in the text.
    pub range: Range<usize>,
}

impl Habit {
    /// The habit of a language code such as `en-GB`, `de` or `en_US`, and of a host.
    ///
    /// Plain `en` leaves it open; everyone but the United States writes the day first.
    pub fn of(language: &str, host: &str) -> Self {
        let language = language.to_ascii_lowercase().replace('_', "-");
        let country = host.rsplit('.').next().unwrap_or_default();
        let day_first = match language.as_str() {
            "en-us" => Some(false),
            "" | "en" => match country {
                "uk" | "au" | "nz" | "ie" | "in" | "za" | "na" | "ke" | "ng" | "my" | "sg" => {
                    Some(true)
                }
                "gov" | "mil" => Some(false),
                _ => None,
            },
            _ => Some(true),
        };
        Self { day_first }
    }

    /// The habit that days in numbers show which can be read in one way only: `25/12/2023`.
    pub(super) fn told<'t>(texts: impl Iterator<Item = &'t str>) -> Self {
        /// `1/2/2023`: what has fewer digits tells nothing, and most lines have none.
        const LEAST: usize = 6;
        let (mut day, mut month) = (0, 0);
        let digits = |text: &str| text.bytes().filter(u8::is_ascii_digit).count();
        for text in texts.filter(|text| digits(text) >= LEAST) {
            // The last three parts between signs that are no digits.
            let mut three = [""; 3];
            for part in text.split(|c: char| !c.is_ascii_digit()) {
                three = [three[1], three[2], part];
                if part.len() != 4 {
                    continue;
                }
                let [Ok(first), Ok(second), Ok(year)] = three.map(str::parse::<u16>) else {
                    continue;
                };
                if (1900..2100).contains(&year) {
                    day += u32::from((13..32).contains(&first) && (1..13).contains(&second));
                    month += u32::from((13..32).contains(&second) && (1..13).contains(&first));
                }
            }
        }
        Self { day_first: (day != month).then_some(day > month) }
    }
}

/// A line that may be a day and little more has at most so many bytes.
pub(super) const SHORT: usize = 200;

/// The years that a date may have outside of a record: print is not older, plans do not reach
/// further.
const YEARS: std::ops::RangeInclusive<i16> = 1500..=2399;

/// Reads the date that a field holds: the field may say more, but only of one date.
///
/// Partial dates stay partial. What is not certain, such as `03/04/2023` with no habit known,
/// is no date.
pub fn read(text: &str, habit: Habit) -> Option<Date> {
    let text = text.trim().trim_matches(|c: char| matches!(c, '"' | '\'' | '[' | ']' | '(' | ')'));
    if text.len() > 400 {
        return None;
    }
    if !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit()) {
        return digits(text);
    }
    if let Some(found) = find_all(text, habit, true).into_iter().next() {
        return Some(found.date);
    }
    // `Spring 1912`, `c. 1912`: one year and no other number.
    let mut years = text.split(|c: char| !c.is_ascii_digit()).filter(|run| !run.is_empty());
    let (year, rest) = (years.next()?, years.next());
    if rest.is_some() || year.len() != 4 {
        return None;
    }
    year.parse().ok().filter(|year| YEARS.contains(year)).and_then(Date::year)
}

/// Reads a run of digits: a year, `YYYYMMDD` with or without a time, or seconds since 1970.
fn digits(text: &str) -> Option<Date> {
    let part = |range: Range<usize>| text.get(range)?.parse::<i16>().ok();
    match text.len() {
        4 => part(0..4).and_then(Date::year),
        8 | 12 | 14 => {
            Date::day(part(0..4)?, i8::try_from(part(4..6)?).ok()?, part(6..8)?.try_into().ok()?)
                .filter(|date| YEARS.contains(&date.parts().0))
        }
        9 | 10 => from_day_number(text.parse::<i64>().ok()? / 86_400),
        13 => from_day_number(text.parse::<i64>().ok()? / 86_400_000),
        _ => None,
    }
}

/// Reads the date in an address: `/2023/03/14/`, `/2023-03-14-`, `-20230314`, `/2023/mar/14/`.
pub fn in_address(url: &str) -> Option<Date> {
    let path = url.split_once("://").map_or(url, |(_, rest)| rest);
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let path = path.replace("%2F", "/").replace("%2f", "/").replace("%2B", "+");
    let path = &path[path.find('/')?..];
    let parts: Vec<&str> =
        path.split(['/', '-', '_', '.', '+']).filter(|part| !part.is_empty()).take(64).collect();
    let number = |at: usize, len: usize| -> Option<i16> {
        let part = parts.get(at)?;
        (part.len() <= len && part.bytes().all(|b| b.is_ascii_digit()))
            .then(|| part.parse().ok())
            .flatten()
    };
    let modern = |year: &i16| (1900..=2099).contains(year);
    let mut month_only = None;
    for at in 0..parts.len() {
        let part = parts[at];
        if part.len() == 8
            && part.bytes().all(|b| b.is_ascii_digit())
            && let Some(date) = digits(part).filter(|date| modern(&date.parts().0))
        {
            return Some(date);
        }
        let Some(year) = number(at, 4).filter(modern) else { continue };
        let named = parts.get(at + 1).and_then(|name| months::number(&name.to_lowercase()));
        if let Some(month) = number(at + 1, 2).map(|month| month as i8).or(named) {
            if let Some(date) = number(at + 2, 2).and_then(|day| Date::day(year, month, day as i8))
            {
                return Some(date);
            }
            let folder = path.contains(&format!("/{year}/{}/", parts[at + 1]));
            if folder && month_only.is_none() {
                month_only = Date::month(year, month);
            }
        }
    }
    month_only
}

/// The dates of a line that a reader sees: when it was published, and when changed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Stamped {
    /// The date of publication.
    pub published: Option<Date>,
    /// The date of the last change, where the line calls it that.
    pub modified: Option<Date>,
}

/// Reads a date line such as `Published March 5, 2024 | Updated March 7, 2024`.
pub fn stamped(text: &str, habit: Habit) -> Stamped {
    labelled(text, &find_all(text, habit, false))
}

/// No label of a date has fewer bytes.
const SHORTEST: usize = 5;

/// What the words before the dates of a line say of them.
pub(super) fn labelled(text: &str, found: &[Found]) -> Stamped {
    let mut dates = Stamped::default();
    let mut end = 0;
    for found in found {
        let label = text[end..found.range.start].to_lowercase();
        end = found.range.end;
        if label.len() < SHORTEST {
            dates.published.get_or_insert(found.date);
            continue;
        }
        let changed = [
            "updat",
            "modif",
            "edited",
            "aktualis",
            "actuali",
            "mis à jour",
            "geändert",
            "aggiorn",
            "atualiza",
            "bijgewerkt",
            "opdater",
            "oppdater",
            "uppdater",
            "päivitetty",
            "zaktualiz",
            "обновлен",
            "оновлен",
            "güncel",
            "更新",
            "수정",
            "revised",
            "reviewed",
            "frissít",
            "redigeret",
            "stand:",
            "akt.:",
            "akt. ",
        ];
        let issued = ["publish", "publi", "posted", "veröffentlicht", "erstellt", "créé"];
        let at = |words: &[&str]| words.iter().filter_map(|word| label.rfind(word)).max();
        let slot =
            if at(&changed) > at(&issued) { &mut dates.modified } else { &mut dates.published };
        slot.get_or_insert(found.date);
    }
    dates
}

/// Reads a day that is told from the day of capture: `yesterday`, `3 days ago`, `vor 2 Stunden`.
pub fn relative(text: &str, captured: Date) -> Option<Date> {
    let text = text.trim().to_lowercase();
    if text.len() > 60 {
        return None;
    }
    let back = |days: i64| from_day_number(captured.first_day() - days);
    captured.parts().2?;
    if ["today", "heute", "hoy", "oggi", "aujourd'hui", "i dag", "idag", "vandaag", "hoje"]
        .contains(&text.as_str())
    {
        return back(0);
    }
    if ["yesterday", "gestern", "ayer", "ieri", "hier", "i går", "igår", "gisteren", "ontem"]
        .contains(&text.as_str())
    {
        return back(1);
    }
    let number: i64 =
        text.split(|c: char| !c.is_ascii_digit()).find(|run| !run.is_empty())?.parse().ok()?;
    let ago = ["ago", "vor ", "hace ", "il y a ", " fa", "há ", "sedan", "siden", "geleden"];
    if !ago.iter().any(|word| text.contains(word)) {
        return None;
    }
    let unit = |words: &[&str]| words.iter().any(|word| text.contains(word));
    if unit(&["day", "tag", "día", "jour", "giorn", "dia", "dag"]) && number < 60 {
        back(number)
    } else if unit(&["week", "woche", "semana", "semain", "settiman", "uge", "veck"]) && number < 9
    {
        back(number * 7)
    } else {
        // Hours and minutes may reach into the day before: not certain.
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day_first(day_first: bool) -> Habit {
        Habit { day_first: Some(day_first) }
    }

    fn shown(date: Option<Date>) -> String {
        date.map(|date| date.to_string()).unwrap_or_default()
    }

    #[test]
    fn dates_are_read_as_people_and_machines_write_them() {
        for (text, date) in [
            ("2024-03-05", "2024-03-05"),
            ("2024-03-05T23:30:00-08:00", "2024-03-05"),
            ("2024-03-05 10:00:00", "2024-03-05"),
            ("20240305", "2024-03-05"),
            ("20240305T101500Z", "2024-03-05"),
            ("1709600000", "2024-03-05"),
            ("1709600000000", "2024-03-05"),
            ("Tue, 05 Mar 2024 10:00:00 GMT", "2024-03-05"),
            ("Tue Mar  5 10:00:00 2024", "2024-03-05"),
            ("March 5, 1912", "1912-03-05"),
            ("Mar. 5th, 1912", "1912-03-05"),
            ("5th of March, 1912", "1912-03-05"),
            ("5-Mar-2024", "2024-03-05"),
            ("5 mar. 2024", "2024-03-05"),
            ("5. März 2024", "2024-03-05"),
            ("5 de marzo de 2024", "2024-03-05"),
            ("5 de março de 2024 às 10h30", "2024-03-05"),
            ("le 1er mars 2024", "2024-03-01"),
            ("1º de agosto de 2024", "2024-08-01"),
            ("5 maart 2024", "2024-03-05"),
            ("5. marts 2024", "2024-03-05"),
            ("5 marca 2024", "2024-03-05"),
            ("5. března 2024", "2024-03-05"),
            ("5 марта 2024 г.", "2024-03-05"),
            ("5 березня 2024", "2024-03-05"),
            ("5 Mart 2024", "2024-03-05"),
            ("2024. március 5.", "2024-03-05"),
            ("2024 m. kovo 5 d.", "2024-03-05"),
            ("5. maaliskuuta 2024", "2024-03-05"),
            ("5 Μαρτίου 2024", "2024-03-05"),
            ("5 مارس 2024", "2024-03-05"),
            ("٥ مارس ٢٠٢٤", "2024-03-05"),
            ("2024年3月5日", "2024-03-05"),
            ("2024年3月5日(火) 10時", "2024-03-05"),
            ("2024년 3월 5일", "2024-03-05"),
            ("２０２４年３月５日", "2024-03-05"),
            ("ngày 5 tháng 3 năm 2024", "2024-03-05"),
            ("05.03.2024", "2024-03-05"),
            ("05.03.2024, 10:15 Uhr", "2024-03-05"),
            ("2024. 03. 05.", "2024-03-05"),
            ("2024/3/5", "2024-03-05"),
            ("2024.03.05", "2024-03-05"),
            ("25/12/2023", "2023-12-25"),
            ("12/25/2023", "2023-12-25"),
            ("5.III.1912", "1912-03-05"),
            ("May 1650", "1650-05"),
            ("2024-03", "2024-03"),
            ("1912", "1912"),
            ("Spring 1912", "1912"),
            ("c. 1912", "1912"),
            ("March 5-6, 1912", "1912-03-05"),
            ("5 November 2299", "2299-11-05"),
            // Not certain, or not possible.
            ("03/04/2023", ""),
            ("31 February 2024", ""),
            ("2023-13-45", ""),
            ("1939-1945", ""),
            ("March 5", ""),
            ("10:15", ""),
            ("none", ""),
        ] {
            assert_eq!(shown(read(text, Habit::default())), date, "{text}");
        }
        assert_eq!(shown(read("03/04/2023", day_first(true))), "2023-04-03");
        assert_eq!(shown(read("03/04/2023", day_first(false))), "2023-03-04");
        assert_eq!(shown(read("05.03.24", Habit::default())), "2024-03-05");
    }

    #[test]
    fn a_short_year_is_one_in_a_short_line() {
        let all = |text: &str, habit: Habit| {
            let found = find_all(text, habit, false);
            found.iter().map(|one| one.date.to_string()).collect::<Vec<_>>().join(" ")
        };
        for (text, date) in [
            ("12/20/16 08:00 AM", "2016-12-20"),
            ("First Posted: 08-13-10 05:18 PM", "2010-08-13"),
            ("10.15.15", "2015-10-15"),
            ("20.12.16, 6:00", "2016-12-20"),
            // The order is not known, or it is something else.
            ("11.03.17", ""),
            ("9/11/13", ""),
            ("01.23.45.67.89", ""),
            ("version 4.14.20", ""),
            ("at 10.15.15.2", ""),
            ("31/12/77", ""),
        ] {
            assert_eq!(all(text, Habit::default()), date, "{text}");
        }
        assert_eq!(all("9/11/13", day_first(false)), "2013-09-11");
        assert_eq!(all("11.03.17", day_first(true)), "2017-03-11");
        let long = format!("{}12/20/16", "word ".repeat(30));
        assert_eq!(all(&long, Habit::default()), "");
    }

    #[test]
    fn an_address_tells_the_day() {
        for (url, date) in [
            ("https://a.org/2023/03/14/storm", "2023-03-14"),
            ("https://a.org/news/2023-03-14-storm.html", "2023-03-14"),
            ("https://a.org/storm-20230314.html", "2023-03-14"),
            ("https://a.org/world/2023/mar/14/storm", "2023-03-14"),
            ("https://a.org/2023/03/storm", "2023-03"),
            ("https://a.org/storm-2023-12345", ""),
            ("https://a.org/the-19-best-of-2023", ""),
        ] {
            assert_eq!(shown(in_address(url)), date, "{url}");
        }
    }

    #[test]
    fn a_line_tells_what_its_dates_are() {
        let line = stamped("Published March 5, 2024 | Updated March 7, 2024", Habit::default());
        assert_eq!(
            (shown(line.published), shown(line.modified)),
            ("2024-03-05".into(), "2024-03-07".into())
        );
        let line = stamped("Aktualisiert am 7. März 2024", Habit::default());
        assert_eq!((line.published, shown(line.modified)), (None, "2024-03-07".into()));
    }

    #[test]
    fn a_relative_day_needs_the_capture() {
        let captured = "2024-03-05".parse().unwrap();
        for (text, date) in [
            ("3 days ago", "2024-03-02"),
            ("Gestern", "2024-03-04"),
            ("2 hours ago", ""),
            ("soon", ""),
        ] {
            assert_eq!(shown(relative(text, captured)), date, "{text}");
        }
    }
}
