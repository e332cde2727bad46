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
use crate::engine::{Engine, Facet, Request};
use crate::output::markup::xml;
use crate::output::visible::line;
use crate::query::Query;

/// The most periods that are listed: a thousand years of days.
const MOST_PERIODS: usize = 400_000;

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

    /// text, csv, jsonl, or svg: a picture of the bars.
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
    /// A picture.
    Svg,
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
        let request = Request { facets: vec![Facet::Date], ..Request::counting(query) };
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
        Form::Svg => {
            let mut title = counted(total, "article", "articles");
            if !args.query.is_empty() {
                title = format!("{}: {title}", line(&asked.text));
            }
            chart(&rows, &title, &mut out)?;
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

/// Draws the bars as a picture that names every period to readers that cannot see it.
fn chart(rows: &[Row], title: &str, out: &mut dyn Write) -> std::io::Result<()> {
    const HEIGHT: f64 = 240.0;
    const LEFT: f64 = 60.0;
    const TOP: f64 = 40.0;
    let dated: Vec<&Row> = rows.iter().filter(|row| !row.from.is_empty()).collect();
    let undated: u64 = rows.iter().filter(|row| row.from.is_empty()).map(|row| row.count).sum();
    let size = |row: &Row| row.share().unwrap_or(row.count as f64);
    let most = dated.iter().map(|row| size(row)).fold(0.0, f64::max);
    let step = (840.0 / dated.len().max(1) as f64).clamp(1.0, 60.0);
    let wide = (LEFT + step * dated.len() as f64 + 20.0).max(320.0);
    let high = TOP + HEIGHT + 60.0;
    let title = xml(title);
    writeln!(
        out,
        "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"{wide:.0}\" height=\"{high:.0}\" \
         viewBox=\"0 0 {wide:.0} {high:.0}\" role=\"img\" font-family=\"sans-serif\" \
         font-size=\"12\">"
    )?;
    writeln!(out, "<title>{title}</title>")?;
    writeln!(out, "<rect width=\"100%\" height=\"100%\" fill=\"#ffffff\"/>")?;
    writeln!(out, "<text x=\"{LEFT}\" y=\"22\" font-size=\"14\">{title}</text>")?;
    let top = match dated.iter().any(|row| row.all.is_some()) {
        true => format!("{:.1}%", most * 100.0),
        false => grouped(most as u64),
    };
    let (label, base) = (LEFT - 6.0, TOP + HEIGHT);
    writeln!(out, "<text x=\"{label}\" y=\"{}\" text-anchor=\"end\">{top}</text>", TOP + 4.0)?;
    writeln!(out, "<text x=\"{label}\" y=\"{base}\" text-anchor=\"end\">0</text>")?;
    writeln!(
        out,
        "<path d=\"M{LEFT} {base}H{:.1}\" stroke=\"#767676\"/>",
        LEFT + step * dated.len() as f64
    )?;
    // As many labels as there is room for.
    let name = dated.first().map_or(4, |row| row.name.len()) as f64 * 8.0;
    let every = (name / step).ceil().max(1.0) as usize;
    for (number, row) in dated.iter().enumerate() {
        let x = LEFT + step * number as f64;
        let bar = if most > 0.0 { HEIGHT * size(row) / most } else { 0.0 };
        let share = row.share().map_or(String::new(), |share| format!(" ({:.2}%)", share * 100.0));
        writeln!(
            out,
            "<rect x=\"{x:.1}\" y=\"{:.1}\" width=\"{:.1}\" height=\"{bar:.1}\" \
             fill=\"#1f5f99\"><title>{}: {}{share}</title></rect>",
            base - bar,
            (step - 1.0).max(step * 0.8),
            row.name,
            grouped(row.count),
        )?;
        if number % every == 0 {
            let middle = x + step / 2.0;
            let below = base + 16.0;
            writeln!(
                out,
                "<text x=\"{middle:.1}\" y=\"{below}\" text-anchor=\"middle\">{}</text>",
                row.name
            )?;
        }
    }
    if undated > 0 {
        let (below, count) = (base + 40.0, grouped(undated));
        writeln!(out, "<text x=\"{LEFT}\" y=\"{below}\">undated: {count}</text>")?;
    }
    writeln!(out, "</svg>")
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
