//! `fiche save` and `fiche run`

use std::collections::BTreeSet;
use std::io::{BufWriter, Write, stdout};

use clap::{ArgMatches, Args, CommandFactory, Parser};

use super::export::{Task, WriteArgs, deliver};
use super::failure::Failure;
use super::saved::{Search, Searches};
use super::search::AskArgs;
use super::settings::{Global, Screen, counted, now};
use super::{FOUND, NOTHING};
use crate::engine::local::Local;
use crate::engine::{Duplicates, Engine, Request};
use crate::output::visible::line;

/// Remember a search under a name.
///
/// `fiche run NAME` runs it again, and `fiche run NAME --new` shows what came since. The query and
/// the filters are kept as typed, so `since:30d` stays thirty days. Searches lie in the folder of
/// the index and outlive a rebuild. Without a name, all are listed.
///
/// Exit status: 0 done, 1 nothing is saved, 2 failed.
#[derive(Debug, Args)]
pub(super) struct SaveArgs {
    /// The name to remember it by.
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// What to look for.
    #[arg(value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    asked: AskArgs,

    /// Forget the search of that name.
    #[arg(long, conflicts_with = "query", requires = "name")]
    remove: bool,

    /// The filters as they were typed.
    #[arg(skip)]
    pub typed: Vec<String>,
}

/// Run a saved search again.
///
/// With --new only what came since the last look: since it was saved, or since it was last run
/// with --new. Without a name, all searches are listed.
///
/// Exit status: 0 something was found, 1 nothing was found, 2 failed.
#[derive(Debug, Args)]
pub(super) struct RunArgs {
    /// The name it was saved under.
    #[arg(value_name = "NAME")]
    name: Option<String>,

    /// Only what came since the last look.
    #[arg(long, requires = "name")]
    new: bool,

    #[command(flatten)]
    write: WriteArgs,
}

/// The filters of a saved search, read again.
#[derive(Debug, Parser)]
#[command(no_binary_name = true)]
struct Kept {
    #[command(flatten)]
    asked: AskArgs,
}

/// The filters that were typed, as flags that can be read again.
pub(super) fn typed(matches: &ArgMatches) -> Vec<String> {
    let command = Kept::command();
    let mut flags = Vec::new();
    for arg in command.get_arguments() {
        let id = arg.get_id().as_str();
        let given = matches.try_contains_id(id).unwrap_or(false)
            && matches.value_source(id) == Some(clap::parser::ValueSource::CommandLine);
        let Some(long) = arg.get_long().filter(|_| given) else { continue };
        if !arg.get_action().takes_values() {
            flags.push(format!("--{long}"));
            continue;
        }
        for value in matches.get_raw(id).into_iter().flatten() {
            flags.push(format!("--{long}={}", value.to_string_lossy()));
        }
    }
    flags
}

pub(super) fn save(args: &SaveArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    let mut searches = Searches::read(local.place())?;
    let Some(name) = &args.name else { return list(&searches, screen) };
    if args.remove {
        let search = searches.searches.remove(name);
        search.ok_or_else(|| unknown(name, &searches))?;
        searches.write(local.place())?;
        screen.say(&format!("Forgot {}", line(name)));
        return Ok(FOUND);
    }
    if args.query.is_empty() {
        return Err(Failure::new("there is no query to remember").hint("fiche save NAME QUERY"));
    }
    let seen = keys(&local, &args.asked, &args.query)?;
    let articles = counted(seen.len() as u64, "article", "articles");
    let query = args.query.join(" ");
    let search = Search { query, options: args.typed.clone(), looked: now(), seen };
    let before = searches.searches.insert(name.clone(), search);
    searches.write(local.place())?;
    let done = if before.is_some() { "Saved anew" } else { "Saved" };
    screen.say(&format!("{done}: {}  ({articles} now)", line(name)));
    screen.say(&format!("Next:  fiche run {} --new", line(name)));
    Ok(FOUND)
}

pub(super) fn run(args: &RunArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    let mut searches = Searches::read(local.place())?;
    let Some(name) = &args.name else { return list(&searches, screen) };
    let search = searches.searches.get(name).cloned().ok_or_else(|| unknown(name, &searches))?;
    let kept = Kept::try_parse_from(&search.options).map_err(|error| {
        Failure::new(format!("the filters of {} cannot be read", line(name)))
            .because(&std::io::Error::other(error.kind().to_string()))
            .hint(format!("save it anew: fiche save {} QUERY", line(name)))
    })?;
    let words = [search.query.clone()];
    let found = if args.new { keys(&local, &kept.asked, &words)? } else { BTreeSet::new() };
    let seen = &search.seen;
    let task = Task {
        asked: kept.asked.read(&words)?,
        expand: kept.asked.expand,
        usual: "text",
        // Another copy of what was seen is not new.
        wanted: &|hit| {
            let mut keys = hit.also.iter().map(|place| &place.key).chain([&hit.key]);
            !args.new || !keys.any(|key| seen.contains(key))
        },
    };
    let delivered = deliver(&local, task, &args.write, screen)?;
    let what = if args.new {
        let day = search.looked.get(..10).unwrap_or("the last look");
        let articles = counted(delivered.written, "new article", "new articles");
        format!("{articles} since {day}, of {}", delivered.total)
    } else {
        counted(delivered.written, "article", "articles")
    };
    screen.say(&format!("{}: {what}", line(name)));
    if args.new {
        // Only what was shown to its end counts as seen.
        let search = Search { looked: now(), seen: found, ..search };
        searches.searches.insert(name.clone(), search);
        searches.write(local.place())?;
    }
    Ok(if delivered.written > 0 { FOUND } else { NOTHING })
}

/// The short ids of all articles that a search finds now.
fn keys(local: &Local, asked: &AskArgs, words: &[String]) -> Result<BTreeSet<String>, Failure> {
    let expand = asked.expand;
    let asked = asked.read(words)?;
    let duplicates = Duplicates::Each;
    let request = Request { sort: asked.sort, duplicates, expand, ..Request::of(asked.query) };
    let answer = local.search(&request)?;
    Ok(answer.hits.map(|hit| hit.map(|hit| hit.key)).collect::<Result<_, _>>()?)
}

fn unknown(name: &str, searches: &Searches) -> Failure {
    let failure = Failure::new(format!("no search is saved as \"{name}\""));
    let names: Vec<&str> = searches.searches.keys().map(|name| &name[..]).collect();
    if names.is_empty() {
        failure.hint("fiche save NAME QUERY")
    } else {
        failure.hint(format!("there are {}", names.join(", ")))
    }
}

fn list(searches: &Searches, screen: &Screen) -> Result<u8, Failure> {
    if searches.searches.is_empty() {
        screen.say("No search is saved.  fiche save NAME QUERY");
        return Ok(NOTHING);
    }
    let mut out = BufWriter::new(stdout().lock());
    for (name, search) in &searches.searches {
        let mut query = vec![search.query.clone()];
        query.extend(search.options.iter().cloned());
        let looked = search.looked.get(..10).unwrap_or_default();
        writeln!(out, "{}\t{}\t{looked}", line(name), line(&query.join(" ")))?;
    }
    out.flush()?;
    Ok(FOUND)
}
