//! `fiche duplicates`

use std::io::{BufWriter, Write, stdout};

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::settings::{Global, Screen, counted};
use super::{FOUND, NOTHING};
use crate::engine::Engine;
use crate::hit::Hit;
use crate::output::visible::line;

/// List the articles that are nearly the same: other captures, wire copy with edits, cut versions.
///
/// A group is found by the texts of its articles alone, not by what stands around them on a page.
/// The largest groups come first, and in each the oldest article.
///
/// Exit status: 0 there are some, 1 there are none, 2 failed.
#[derive(Debug, Args)]
pub(super) struct DuplicatesArgs {
    /// How to write them.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,

    /// Only groups in which a path begins so.
    #[arg(long, value_name = "PATH")]
    path: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading.
    Text,
    /// One group a line, ids separated by tabs.
    Groups,
    /// One JSON object a group.
    Jsonl,
}

pub(super) fn run(args: &DuplicatesArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    let mut out = BufWriter::new(stdout().lock());
    let (mut groups, mut articles) = (0, 0);
    for group in local.duplicates()? {
        let group = group?;
        let under =
            |path: &String| group.iter().any(|hit| hit.article.origin.path.starts_with(path));
        if args.path.as_ref().is_some_and(|path| !under(path)) {
            continue;
        }
        groups += 1;
        articles += group.len() as u64;
        match args.format {
            Form::Text => text(&group, screen, &mut out)?,
            Form::Groups => {
                // An id may hold what parts ids here.
                let ids: Vec<String> = group
                    .iter()
                    .map(|hit| hit.article.id.replace(['\t', '\n', '\r'], " "))
                    .collect();
                writeln!(out, "{}", ids.join("\t"))?;
            }
            Form::Jsonl => {
                let articles: Vec<serde_json::Value> = group.iter().map(object).collect();
                writeln!(out, "{}", serde_json::json!({ "articles": articles }))?;
            }
        }
    }
    if args.format == Form::Text {
        if groups == 0 {
            writeln!(out, "No two articles are nearly the same.")?;
        } else {
            let groups = counted(groups, "group", "groups");
            writeln!(out, "{groups} of {}", counted(articles, "article", "articles"))?;
        }
    }
    out.flush()?;
    Ok(if groups > 0 { FOUND } else { NOTHING })
}

fn text(group: &[Hit], screen: &Screen, out: &mut dyn Write) -> Result<(), Failure> {
    let dim = |text: &str| {
        if screen.colour { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text.to_owned() }
    };
    let headline = |hit: &Hit| match &hit.article.headline[..] {
        "" => "(no headline)".to_owned(),
        headline => line(headline),
    };
    writeln!(out, "{}", headline(&group[0]))?;
    for (number, hit) in group.iter().enumerate() {
        let article = &hit.article;
        let date = article.published.map_or("no date".to_owned(), |date| date.to_string());
        let mut about = vec![format!("  {}  {date:<10}", &hit.key[..8])];
        about.push(format!("{:>5} words", article.words()));
        about.push(line(&article.origin.to_string()));
        if number > 0 && article.headline != group[0].article.headline {
            about.push(dim(&headline(hit)));
        }
        writeln!(out, "{}", about.join("  "))?;
    }
    writeln!(out)?;
    Ok(())
}

/// What a program wants to know of an article of a group.
fn object(hit: &Hit) -> serde_json::Value {
    let article = &hit.article;
    let date = |date: Option<crate::article::Date>| date.map(|date| date.to_string());
    serde_json::json!({
        "id": article.id,
        "key": hit.key,
        "date": date(article.published),
        "captured": date(article.captured),
        "headline": article.headline,
        "source": article.source,
        "words": article.words(),
        "url": article.url,
        "path": article.origin.to_string(),
        "copies": hit.copies,
    })
}
