//! `fiche batch`

use std::fs;
use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;

use clap::{Args, ValueEnum};

use super::failure::{Failure, pointed};
use super::search::AskArgs;
use super::settings::{Global, Screen};
use super::{FOUND, NOTHING};
use crate::engine::{Engine, Request};
use crate::output::visible::line;
use crate::query;
use crate::schema::Schema;

/// Run a list of queries.
///
/// The list has a query a line: its name, a tab, and the query. A line without a tab is a query
/// named by its number. One that cannot be read as a query is read as plain words, and that is
/// told.
///
/// Exit status: 0 something was found, 1 nothing was found, 2 failed.
#[derive(Debug, Args)]
pub(super) struct BatchArgs {
    /// The list of queries.
    #[arg(long, value_name = "FILE")]
    queries: PathBuf,

    #[command(flatten)]
    asked: AskArgs,

    /// trec: a run file, `QUERY Q0 ID RANK SCORE fiche`; table: the number of hits of each.
    #[arg(long, value_name = "FORMAT", default_value = "table")]
    format: Form,

    /// Give at most so many hits a query.
    #[arg(short = 'n', long = "limit", value_name = "NUM", default_value_t = 1000)]
    limit: usize,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// A run file as trec_eval reads it.
    Trec,
    /// Tab separated: name, query, articles that match.
    Table,
}

pub(super) fn run(args: &BatchArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let text = fs::read_to_string(&args.queries).map_err(|error| {
        Failure::new(format!("{} cannot be read", args.queries.display())).because(&error)
    })?;
    let local = global.open()?;
    let schema = Schema::bundled();
    let mut out = BufWriter::new(stdout().lock());
    let mut any = false;
    if args.format == Form::Table {
        writeln!(out, "name\tquery\tarticles")?;
    }
    for (row, number) in text.lines().zip(1..) {
        if row.trim().is_empty() {
            continue;
        }
        let (name, typed) = match row.split_once('\t') {
            Some((name, typed)) => (name.trim().to_owned(), typed.trim()),
            None => (format!("{number}"), row.trim()),
        };
        let asked = match args.asked.read(&[typed.to_owned()]) {
            Ok(asked) => asked,
            Err(Failure::Query(error, text)) => {
                screen.say(&format!("note: {name}: {}; read as plain words", line(&error.message)));
                if screen.verbose {
                    screen.say(&pointed(&error, &text));
                }
                let mut asked = args.asked.read(&["*".to_owned()])?;
                asked.query = query::plain_words(typed, &schema);
                asked
            }
            Err(other) => return Err(other),
        };
        let request = Request {
            sort: asked.sort,
            limit: Some(if args.format == Form::Trec { args.limit } else { 0 }),
            expand: args.asked.expand,
            ..Request::of(asked.query)
        };
        let answer = local.search(&request)?;
        any |= answer.total > 0;
        if args.format == Form::Table {
            writeln!(out, "{}\t{}\t{}", line(&name), line(typed), answer.total)?;
            continue;
        }
        for hit in answer.hits {
            let hit = hit?;
            let id = hit.article.id.split_whitespace().collect::<Vec<_>>().join("_");
            writeln!(out, "{name} Q0 {id} {} {:.6} fiche", hit.rank, hit.score)?;
        }
    }
    out.flush()?;
    Ok(if any { FOUND } else { NOTHING })
}
