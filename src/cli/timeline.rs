//! `fiche timeline`

use std::collections::BTreeMap;
use std::io::{BufWriter, Write, stdout};

use clap::{Args, ValueEnum};
use jiff::civil;
use serde_json::json;

use super::failure::Failure;
use super::search::AskArgs;
use super::settings::{Global, Screen, counted, grouped};
use super::{FOUND, NOTHING};
use crate::article::{Date, from_day_number};
use crate::engine::{Duplicates, Engine, Facet, Request, Sort};
use crate::output::visible::line;
use crate::query::Query;

/// The most periods that are listed: a century of days.
const MOST_PERIODS: usize = 40_000;

/// Count the articles that match by year, month, week or day.
///
/// Without a query all articles are counted. A period without an article is listed with 0. What has
/// no date, or one that is not known to the period (a month, where days are counted), is counted
/// apart, so that the sum is the number of all that match.
///
/// Exit status: 0 something was found, 1 nothing was found, 2 failed.
#[derive(Debug, Args)]
pub(super) struct TimelineArgs {
    /// What to look for.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    asked: AskArgs,

    /// Count by this.
    #[arg(long, value_name = "PERIOD", default_value = "year")]
    by: By,

    /// Give each count as a share of all articles of the period, too.
    #[arg(long)]
    relative: bool,

    /// text, csv or jsonl.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// A year.
    Year,
    /// A month.
    Month,
    /// A week from Monday to Sunday, numbered as in ISO 8601.
    Week,
    /// A day.
    Day,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading, with bars.
    Text,
    /// A table.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// A period by its first day.
type Counts = BTreeMap<civil::Date, u64>;

/// One row of the answer.
struct Row {
    name: String,
    from: String,
    to: String,
    count: u64,
    /// All articles of the period, where they were asked for.
    all: Option<u64>,
}

impl Row {
    fn share(&self) -> Option<f64> {
        let all = self.all?;
        Some(if all == 0 { 0.0 } else { self.count as f64 / all as f64 })
    }
}

pub(super) fn run(args: &TimelineArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let everything = ["*".to_owned()];
    let words = if args.query.is_empty() { &everything[..] } else { &args.query[..] };
    let asked = args.asked.read(words)?;
    let local = global.open()?;
    let count = |query: Query| -> Result<(Counts, u64, u64), Failure> {
        let request = Request {
            query,
            sort: Sort::Oldest,
            offset: 0,
            limit: Some(0),
            snippets: 0,
            width: 0,
            facets: vec![Facet::Date],
            expand: false,
            duplicates: Duplicates::Show,
        };
        let answer = local.search(&request)?;
        for note in &answer.notes {
            screen.say(&format!("note: {}", line(note)));
        }
        let mut counts = Counts::new();
        let mut undated = 0;
        for tally in &answer.tallies {
            undated += tally.none;
            for (label, number) in &tally.counts {
                match label.parse().ok().and_then(|date| args.by.start(date)) {
                    Some(start) => *counts.entry(start).or_default() += number,
                    None => undated += number,
                }
            }
        }
        Ok((counts, undated, answer.total))
    };
    let (counts, undated, total) = count(asked.query)?;
    let all = if args.relative { Some(count(Query::All)?) } else { None };
    let mut rows = Vec::new();
    let mut next = counts.keys().next().copied();
    let last = counts.keys().next_back().copied();
    while let (Some(start), Some(last)) = (next, last)
        && start <= last
    {
        if rows.len() == MOST_PERIODS {
            return Err(Failure::new(format!("there are more than {MOST_PERIODS} periods"))
                .hint("count by a longer one: --by month, or narrow the dates: since:1900"));
        }
        let after = args.by.after(start);
        let end = after.and_then(|after| after.yesterday().ok());
        rows.push(Row {
            name: args.by.name(start),
            from: start.to_string(),
            to: end.map_or(String::new(), |end| end.to_string()),
            count: counts.get(&start).copied().unwrap_or(0),
            all: all.as_ref().map(|(all, ..)| all.get(&start).copied().unwrap_or(0)),
        });
        next = after;
    }
    if undated > 0 {
        rows.push(Row {
            name: "undated".to_owned(),
            from: String::new(),
            to: String::new(),
            count: undated,
            all: all.as_ref().map(|(_, undated, _)| *undated),
        });
    }
    let mut out = BufWriter::new(stdout().lock());
    match args.format {
        Form::Text => {
            bars(&rows, screen, &mut out)?;
            writeln!(out, "{}", counted(total, "article", "articles"))?;
        }
        Form::Csv => table(&rows, args.relative, &mut out)?,
        Form::Jsonl => {
            for row in &rows {
                let mut object = json!({
                    "period": row.name, "from": row.from, "to": row.to, "articles": row.count,
                });
                if let (Some(all), Some(share)) = (row.all, row.share()) {
                    object["all"] = json!(all);
                    object["share"] = json!(share);
                }
                writeln!(out, "{object}")?;
            }
        }
    }
    out.flush()?;
    Ok(if total > 0 { FOUND } else { NOTHING })
}

impl By {
    /// The first day of the period that a date lies in, where it is known so far.
    fn start(self, date: Date) -> Option<civil::Date> {
        let (year, month, day) = date.parts();
        match self {
            By::Year => civil::Date::new(year, 1, 1).ok(),
            By::Month => civil::Date::new(year, month?, 1).ok(),
            By::Day => civil::Date::new(year, month?, day?).ok(),
            By::Week => {
                day?;
                // 1970-01-01 was a Thursday.
                let number = date.first_day();
                let monday = from_day_number(number - (number + 3).rem_euclid(7))?;
                By::Day.start(monday)
            }
        }
    }

    fn after(self, start: civil::Date) -> Option<civil::Date> {
        let span = match self {
            By::Year => jiff::Span::new().years(1),
            By::Month => jiff::Span::new().months(1),
            By::Week => jiff::Span::new().days(7),
            By::Day => jiff::Span::new().days(1),
        };
        start.checked_add(span).ok()
    }

    fn name(self, start: civil::Date) -> String {
        match self {
            By::Year => format!("{:04}", start.year()),
            By::Month => format!("{:04}-{:02}", start.year(), start.month()),
            By::Day => start.to_string(),
            By::Week => {
                let week = start.iso_week_date();
                format!("{:04}-W{:02}", week.year(), week.week())
            }
        }
    }
}

fn bars(rows: &[Row], screen: &Screen, out: &mut dyn Write) -> std::io::Result<()> {
    let width = screen.width.unwrap_or(80).saturating_sub(34).clamp(10, 60);
    let size = |row: &Row| row.share().unwrap_or(row.count as f64);
    let dated = || rows.iter().filter(|row| !row.from.is_empty());
    let most = dated().map(size).fold(0.0, f64::max);
    for row in rows {
        let share = row.share().map_or(String::new(), |share| format!("  {:>6.2}%", share * 100.0));
        write!(out, "{:<10} {:>9}{share}", row.name, grouped(row.count))?;
        if most > 0.0 && size(row) > 0.0 && !row.from.is_empty() {
            let eighths = (size(row) / most * (width * 8) as f64).round().max(1.0) as usize;
            let rest = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"][eighths % 8];
            write!(out, "  {}{rest}", "█".repeat(eighths / 8))?;
        }
        writeln!(out)?;
    }
    Ok(())
}

fn table(rows: &[Row], relative: bool, out: &mut dyn Write) -> Result<(), Failure> {
    let mut csv = csv::Writer::from_writer(out);
    let mut head = vec!["period", "from", "to", "articles"];
    if relative {
        head.extend(["all", "share"]);
    }
    csv.write_record(head).map_err(std::io::Error::from)?;
    for row in rows {
        let mut cells =
            vec![row.name.clone(), row.from.clone(), row.to.clone(), row.count.to_string()];
        if let (Some(all), Some(share)) = (row.all, row.share()) {
            cells.extend([all.to_string(), format!("{share:.6}")]);
        }
        csv.write_record(cells).map_err(std::io::Error::from)?;
    }
    csv.flush()?;
    Ok(())
}
