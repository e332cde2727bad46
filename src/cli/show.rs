//! `fiche show`

use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::settings::{Global, Screen};
use super::{FOUND, NOTHING};
use crate::article::Origin;
use crate::engine::Engine;
use crate::engine::local::Local;
use crate::hit::Hit;
use crate::ledger::Ledger;
use crate::output::visible::{line, lines, wrap};
use crate::output::{self, Column, Look};

/// Read one article.
///
/// The id is the one that a search shows (its first four digits or more), or the article's own.
///
/// Exit status: 0 shown, 1 there is no such article, 2 failed or the id is not of one article.
#[derive(Debug, Args)]
pub(super) struct ShowArgs {
    /// The id of the article.
    #[arg(value_name = "ID")]
    id: String,

    /// Show its fields and not its text.
    #[arg(long)]
    meta: bool,

    /// Show only where its file is, and those that hold the very same.
    #[arg(long)]
    path: bool,

    /// Write it as one JSON object.
    #[arg(long)]
    json: bool,
}

pub(super) fn run(args: &ShowArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    let Some(hit) = one_article(&local, &args.id, screen)? else { return Ok(NOTHING) };
    let hit = &hit;
    let mut out = BufWriter::new(stdout().lock());
    if args.path {
        let ledger = local.ledger()?;
        let also = hit.also.iter().map(|place| &place.origin);
        for origin in std::iter::once(&hit.article.origin).chain(also) {
            let file = file_of(&ledger, origin).unwrap_or_else(|| PathBuf::from(&origin.path));
            writeln!(out, "{}", line(&file.display().to_string()))?;
        }
    } else if args.json {
        let columns = Column::ALL.iter().map(|(column, _)| *column).filter(|column| {
            !matches!(column, Column::Rank | Column::Score | Column::Query)
                && !column.needs_snippets()
        });
        let look = Look {
            query: String::new(),
            columns: columns.collect(),
            colour: false,
            width: None,
            ..Look::default()
        };
        let jsonl = output::by_name("jsonl").expect("it is in the list of outputs");
        let mut writer = (jsonl.open)(&mut out, look)?;
        writer.hit(hit)?;
        writer.finish()?;
    } else {
        write(hit, args.meta, screen, &mut out)?;
    }
    out.flush()?;
    Ok(FOUND)
}

/// The article of an id; it is told where there is none, and a failure where there are more.
pub(super) fn one_article(
    local: &Local,
    id: &str,
    screen: &Screen,
) -> Result<Option<Hit>, Failure> {
    let mut found = local.read(id)?;
    if found.len() > 1 {
        let mut failure = Failure::new(format!("{} articles have the id {id}", found.len()));
        for hit in found.iter().take(10) {
            failure = failure.hint(format!(
                "fiche show {}    {} ({})",
                hit.key, hit.article.headline, hit.article.origin
            ));
        }
        return Err(failure);
    }
    if found.is_empty() {
        screen.say(&format!("No article has the id {}.", line(id)));
    }
    Ok(found.pop())
}

/// The file that a place is in, where its root is known.
pub(super) fn file_of(ledger: &Ledger, origin: &Origin) -> Option<PathBuf> {
    let root = Path::new(&ledger.roots.get(&origin.root)?.place);
    // A root that is one file is its own path.
    Some(if root.is_file() { root.to_owned() } else { root.join(&origin.path) })
}

fn write(hit: &Hit, meta: bool, screen: &Screen, out: &mut dyn Write) -> Result<(), Failure> {
    let article = &hit.article;
    let bold = |text: &str| {
        if screen.colour { format!("\u{1b}[1m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    if !article.headline.is_empty() {
        writeln!(out, "{}", bold(&line(&article.headline)))?;
    }
    let names = [
        "kind",
        "section",
        "date",
        "modified",
        "captured",
        "authors",
        "organisations",
        "dateline",
        "source",
        "language",
        "topics",
        "words",
        "url",
        "path",
        "id",
        "key",
    ];
    for name in names {
        let Some(column) = Column::by_name(name) else { continue };
        let value = column.value(hit, "").flat();
        if !value.is_empty() {
            writeln!(out, "{name:<14}{}", line(&value))?;
        }
        if name == "path" && !hit.also.is_empty() {
            for (path, name) in
                hit.paths().iter().zip(std::iter::once("paths").chain(std::iter::repeat("")))
            {
                writeln!(out, "{name:<14}{}", line(path))?;
            }
        }
    }
    if meta {
        return Ok(());
    }
    let paragraphs = std::iter::once(&article.standfirst[..])
        .filter(|text| !text.is_empty() && !article.body.starts_with(text))
        .chain(article.body.split("\n\n"));
    for paragraph in paragraphs {
        writeln!(out)?;
        let Some(width) = screen.width else {
            writeln!(out, "{}", lines(paragraph))?;
            continue;
        };
        for text in paragraph.split('\n') {
            for row in wrap(&[(line(text), false)], width.min(100)) {
                let row: String = row.into_iter().map(|(text, _)| text).collect();
                writeln!(out, "{row}")?;
            }
        }
    }
    Ok(())
}
