//! `fiche status`

use std::collections::BTreeMap;
use std::io::{BufWriter, Write, stdout};

use clap::Args;

use super::FOUND;
use super::failure::Failure;
use super::progress::{kind_name, place_of};
use super::settings::{Global, Screen, counted, grouped, sized};
use crate::article::from_day_number;
use crate::engine::Engine;
use crate::ledger::{FileRecord, Ledger, ProblemKind};
use crate::output::visible::line;

/// Show what the index holds, and what it could not read.
///
/// Exit status: 0 done, 2 failed.
#[derive(Debug, Args)]
pub(super) struct StatusArgs {
    /// List every file, and every part of one, that gave no article, with the reason.
    #[arg(long)]
    problems: bool,

    /// List every file of which no article came, with the reason.
    #[arg(long, conflicts_with = "problems")]
    nothing: bool,
}

/// The files of which no article came, each with its root.
pub(super) fn without_article(ledger: &Ledger) -> impl Iterator<Item = (String, &FileRecord)> {
    ledger.roots.iter().flat_map(|(label, root)| {
        let none = root.files.iter().filter(|(_, file)| file.finished && file.articles == 0);
        none.map(move |(path, file)| (format!("{label}/{path}"), file))
    })
}

pub(super) fn run(args: &StatusArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    let ledger = local.ledger()?;
    let mut out = BufWriter::new(stdout().lock());
    if args.problems {
        for (label, root) in &ledger.roots {
            for (path, record) in &root.files {
                for problem in &record.problems {
                    let place = place_of(&format!("{label}/{path}"), problem);
                    let kind = kind_name(problem.kind);
                    writeln!(out, "{}\t{}\t{}", line(&place), kind, line(&problem.why))?;
                }
            }
        }
        out.flush()?;
        return Ok(FOUND);
    }
    if args.nothing {
        for (place, file) in without_article(&ledger) {
            let problem = file.problems.first();
            let (kind, why) = problem.map_or(("", ""), |p| (kind_name(p.kind), &p.why));
            writeln!(out, "{}\t{kind}\t{}", line(&place), line(why))?;
        }
        out.flush()?;
        return Ok(FOUND);
    }
    let status = local.status()?;
    let dim = |text: &str| {
        if screen.colour { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    writeln!(out, "{:<12}{}", "index", local.place().display())?;
    writeln!(
        out,
        "{:<12}{}  {}",
        "articles",
        grouped(status.articles),
        dim(&format!(
            "{}, {} segments, commit {}",
            sized(status.bytes),
            status.segments,
            status.generation
        ))
    )?;
    if status.copies > 0 {
        writeln!(out, "{:<12}{} at other places, too", "", grouped(status.copies))?;
    }
    if status.near > 0 {
        let groups = counted(status.groups, "group", "groups");
        writeln!(out, "{:<12}{} nearly the same, in {groups}", "", grouped(status.near))?;
    }
    writeln!(out, "{:<12}{}", "files", grouped(ledger.files()))?;
    for (label, root) in &ledger.roots {
        let articles: u64 = root.files.values().map(|file| file.articles).sum();
        let there =
            if std::path::Path::new(&root.place).exists() { "" } else { "  (not there now)" };
        writeln!(
            out,
            "{:<12}{}  {}: {} files, {} articles{there}",
            "root",
            line(label),
            line(&root.place),
            grouped(root.files.len() as u64),
            grouped(articles)
        )?;
    }
    let day = |number: i64| from_day_number(number).map_or(String::new(), |date| date.to_string());
    if let Some((first, last)) = status.days {
        writeln!(out, "{:<12}{} to {}", "dates", day(first), day(last))?;
    }
    for (name, count) in &status.coverage {
        let share = 100.0 * *count as f64 / (status.articles.max(1)) as f64;
        writeln!(out, "{:<12}{:>12} {:>6.1}%", format!("  {name}"), grouped(*count), share)?;
    }
    let mut kinds: BTreeMap<ProblemKind, u64> = BTreeMap::new();
    for file in ledger.roots.values().flat_map(|root| root.files.values()) {
        for problem in &file.problems {
            *kinds.entry(problem.kind).or_default() += 1;
        }
    }
    for (number, (kind, count)) in kinds.iter().enumerate() {
        let name = if number == 0 { "problems" } else { "" };
        writeln!(out, "{name:<12}{:>12} {}", grouped(*count), kind_name(*kind))?;
    }
    if !kinds.is_empty() {
        writeln!(out, "{}", dim("            each with its reason: fiche status --problems"))?;
    }
    out.flush()?;
    Ok(FOUND)
}
