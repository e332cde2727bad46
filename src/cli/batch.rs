//! `fiche batch`

use std::fs;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use clap::Args;

use super::export::{Task, WriteArgs, deliver, known_form, whole};
use super::failure::{Failure, pointed};
use super::search::{AskArgs, Asked, Same};
use super::settings::{Global, Screen};
use super::{FOUND, NOTHING};
use crate::engine::local::Local;
use crate::engine::{Duplicates, Engine, Facet, Request};
use crate::output;
use crate::output::visible::line;

/// How many hits of each query a run file holds, unless it is said.
const RUN: usize = 1000;

/// Run a list of queries.
///
/// The list has a query a line: its name, a tab, and the query. A line without a tab is a query
/// named by its number. One that cannot be read as a query is read as plain words, and that is
/// told. The table has a row for each: name, query, articles, the first and the last date. Any
/// other form is an export for each, into the folder given by --output.
///
/// Exit status: 0 something was found, 1 nothing was found, 2 failed.
#[derive(Debug, Args)]
pub(super) struct BatchArgs {
    /// The list of queries.
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,

    #[command(flatten)]
    asked: AskArgs,

    /// table; trec, a run file `QUERY Q0 ID RANK SCORE fiche`; or a form of export: csv, ris.
    #[arg(long, value_name = "FORMAT", default_value = "table", value_parser = form)]
    format: String,

    /// Write to this file; of exports, to this folder, each named after its query.
    #[arg(short, long, value_name = "PLACE")]
    output: Option<PathBuf>,

    /// Give at most so many hits a query [default: all; 1000 in a run file].
    #[arg(short = 'n', long = "limit", value_name = "NUM")]
    limit: Option<usize>,
}

fn form(text: &str) -> Result<String, String> {
    if text == "table" {
        return Ok(text.to_owned());
    }
    known_form(text).map_err(|known| format!("{known}, table"))
}

/// One query of the list.
struct Row<'t> {
    name: String,
    typed: &'t str,
    asked: Asked,
}

pub(super) fn run(args: &BatchArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let text = fs::read_to_string(&args.queries).map_err(|error| {
        Failure::new(format!("{} cannot be read", args.queries.display())).because(&error)
    })?;
    let local = global.open()?;
    let mut rows = Vec::new();
    for (row, number) in text.lines().zip(1..).filter(|(row, _)| !row.trim().is_empty()) {
        let (name, typed) = match row.split_once('\t') {
            Some((name, typed)) => (name.trim().to_owned(), typed.trim()),
            None => (format!("{number}"), row.trim()),
        };
        let asked = read(args, &name, typed, screen)?;
        rows.push(Row { name, typed, asked });
    }
    let any = match (&args.format[..], &args.output) {
        ("table" | "trec", None) => {
            let mut out = BufWriter::new(stdout().lock());
            let any = one_file(args, rows, &local, &mut out)?;
            out.flush()?;
            any
        }
        ("table" | "trec", Some(file)) => whole(file, |out| one_file(args, rows, &local, out))?,
        (format, None) => {
            return Err(Failure::new(format!("{format} is a file for each query"))
                .hint("name a folder for them: -o FOLDER"));
        }
        (_, Some(folder)) => exports(args, rows, &local, folder, screen)?,
    };
    Ok(if any { FOUND } else { NOTHING })
}

/// The query of a line; one that cannot be read as such as plain words.
fn read(args: &BatchArgs, name: &str, typed: &str, screen: &Screen) -> Result<Asked, Failure> {
    match args.asked.read(&[typed.to_owned()]) {
        Err(Failure::Query(error, text)) => {
            screen.say(&format!("note: {name}: {}; read as plain words", line(&error.message)));
            if screen.verbose {
                screen.say(&pointed(&error, &text));
            }
            let asked = args.asked.read_plain(typed)?;
            for note in &asked.notes {
                screen.say(&format!("note: {name}: {}", note.message));
            }
            Ok(asked)
        }
        other => other,
    }
}

/// Writes a table or a run; whether anything was found.
fn one_file(
    args: &BatchArgs,
    rows: Vec<Row<'_>>,
    local: &Local,
    out: &mut dyn Write,
) -> Result<bool, Failure> {
    let trec = args.format == "trec";
    let mut any = false;
    if !trec {
        writeln!(out, "name\tquery\tarticles\tfirst\tlast")?;
    }
    for Row { name, typed, asked } in rows {
        let request = Request {
            sort: asked.sort,
            limit: Some(if trec { args.limit.unwrap_or(RUN) } else { 0 }),
            // In a run each document stands for itself.
            duplicates: if trec { Duplicates::Each } else { Duplicates::Show },
            facets: if trec { Vec::new() } else { vec![Facet::Date] },
            expand: args.asked.expand,
            ..Request::of(asked.query)
        };
        let answer = local.search(&request)?;
        any |= answer.total > 0;
        if !trec {
            let dates = answer.tallies.first().map_or(&[][..], |tally| &tally.counts);
            let date =
                |date: Option<&(Arc<str>, u64)>| date.map_or("", |(date, _)| date).to_owned();
            let (first, last) = (date(dates.first()), date(dates.last()));
            let (name, typed) = (line(&name), line(typed));
            writeln!(out, "{name}\t{typed}\t{}\t{first}\t{last}", answer.total)?;
            continue;
        }
        for hit in answer.hits {
            let hit = hit?;
            let id = hit.article.id.split_whitespace().collect::<Vec<_>>().join("_");
            writeln!(out, "{name} Q0 {id} {} {:.6} fiche", hit.rank, hit.score)?;
        }
    }
    Ok(any)
}

/// Writes an export for each query; whether anything was found.
fn exports(
    args: &BatchArgs,
    rows: Vec<Row<'_>>,
    local: &Local,
    folder: &Path,
    screen: &Screen,
) -> Result<bool, Failure> {
    fs::create_dir_all(folder).map_err(|error| {
        Failure::new(format!("{} cannot be made", folder.display())).because(&error)
    })?;
    let mut any = false;
    let mut given = std::collections::HashSet::new();
    for Row { name, asked, .. } in rows {
        // A name is a word of the list and not a path.
        let safe = |c: char| if c.is_alphanumeric() || "-_. ".contains(c) { c } else { '_' };
        let name: String = name.trim_start_matches('.').chars().map(safe).collect();
        let ending = match output::folder_by_name(&args.format, false) {
            Some(_) => String::new(),
            None => format!(".{}", args.format),
        };
        let place = folder.join(format!("{name}{ending}"));
        if !given.insert(place.clone()) {
            return Err(Failure::new(format!("two queries are called \"{name}\"")));
        }
        let write = WriteArgs {
            output: Some(place),
            format: Some(args.format.clone()),
            limit: args.limit,
            fields: Vec::new(),
            full: false,
            bom: false,
            excel_safe: false,
            duplicates: Same::Show,
            provenance: false,
        };
        let task =
            Task { asked, expand: args.asked.expand, usual: &args.format, wanted: &|_| true };
        any |= deliver(local, task, &write, screen)?.written > 0;
    }
    Ok(any)
}
