//! `fiche facets`

use std::io::{BufWriter, Write, stdout};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::Failure;
use super::search::AskArgs;
use super::settings::{Global, Screen, counted, grouped};
use super::{FOUND, NOTHING};
use crate::engine::{Engine, Facet, Request, Tally};
use crate::output::cell;
use crate::output::visible::{columns, line};

/// Count the articles that match, by section, source, author, language or year.
///
/// Without a query all articles are counted.
///
/// Exit status: 0 something was found, 1 nothing was found, 2 failed.
#[derive(Debug, Args)]
pub(super) struct FacetsArgs {
    /// What to look for.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    asked: AskArgs,

    /// Count by this [default: all of them].
    #[arg(long, value_name = "FIELD")]
    by: Vec<By>,

    /// Show so many values of each; 0 for all.
    #[arg(short = 'n', long = "limit", value_name = "NUM", default_value_t = 20)]
    limit: usize,

    /// text, csv or jsonl; the last two give all values.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum By {
    /// The section.
    Section,
    /// The outlet.
    Source,
    /// Each author.
    Author,
    /// The language.
    Language,
    /// The year of publication.
    Year,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading.
    Text,
    /// A table: facet, value, articles.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

pub(super) fn run(args: &FacetsArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let everything = ["*".to_owned()];
    let words = if args.query.is_empty() { &everything[..] } else { &args.query[..] };
    let asked = args.asked.read(words)?;
    let facets = if args.by.is_empty() {
        Facet::ALL.to_vec()
    } else {
        args.by
            .iter()
            .map(|by| match by {
                By::Section => Facet::Section,
                By::Source => Facet::Source,
                By::Author => Facet::Author,
                By::Language => Facet::Language,
                By::Year => Facet::Year,
            })
            .collect()
    };
    let request = Request { sort: asked.sort, facets, ..Request::counting(asked.query) };
    let local = global.open()?;
    let answer = local.search(&request)?;
    for note in &answer.notes {
        screen.say(&format!("note: {}", line(note)));
    }
    let mut out = BufWriter::new(stdout().lock());
    match args.format {
        Form::Text => {
            for tally in &answer.tallies {
                table(tally, args.limit, &mut out)?;
            }
            writeln!(out, "{}", counted(answer.total, "article", "articles"))?;
        }
        Form::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            csv.write_record(["facet", "value", "articles"]).map_err(std::io::Error::from)?;
            for (facet, value, count) in rows(&answer.tallies) {
                csv.write_record([facet, &cell(value.to_owned(), false), &count.to_string()])
                    .map_err(std::io::Error::from)?;
            }
            csv.flush()?;
        }
        Form::Jsonl => {
            for (facet, value, count) in rows(&answer.tallies) {
                let row = json!({ "facet": facet, "value": value, "articles": count });
                writeln!(out, "{row}")?;
            }
        }
    }
    out.flush()?;
    Ok(if answer.total > 0 { FOUND } else { NOTHING })
}

/// Every value with its count; `""` is for the articles that have none.
fn rows(tallies: &[Tally]) -> impl Iterator<Item = (&'static str, &str, u64)> {
    tallies.iter().flat_map(|tally| {
        let some =
            tally.counts.iter().map(|(value, count)| (tally.facet.name(), &value[..], *count));
        some.chain((tally.none > 0).then_some((tally.facet.name(), "", tally.none)))
    })
}

fn table(tally: &Tally, limit: usize, out: &mut dyn Write) -> std::io::Result<()> {
    writeln!(out, "{}", tally.facet.name())?;
    let limit = if limit == 0 { usize::MAX } else { limit };
    let shown: Vec<(String, u64)> =
        tally.counts.iter().take(limit).map(|(label, count)| (line(label), *count)).collect();
    let wide = shown.iter().map(|(label, _)| columns(label)).max().unwrap_or(0).clamp(8, 50);
    for (label, count) in shown {
        let blanks = " ".repeat(wide.saturating_sub(columns(&label)));
        writeln!(out, "  {label}{blanks}  {:>9}", grouped(count))?;
    }
    let more = tally.counts.len().saturating_sub(limit);
    if more > 0 {
        writeln!(out, "  and {} more (-n 0 shows all)", grouped(more as u64))?;
    }
    if tally.none > 0 {
        writeln!(out, "  {:<wide$}  {:>9}", "(none)", grouped(tally.none))?;
    }
    writeln!(out)
}
