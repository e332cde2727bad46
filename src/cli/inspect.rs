//! `fiche inspect`

use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::Failure;
use super::index::ReadingArgs;
use super::progress::kind_name;
use super::settings::{Global, Screen};
use super::{FAILED, FOUND};
use crate::draft::{Rung, Slot};
use crate::extract::Settled;
use crate::ingest::{self, Found, Sites};
use crate::output::visible::{line, lines};

/// Show what is read from files, and where each field came from.
///
/// For each article its fields, the place in the file that gave each, and what was said there
/// besides. Nothing is indexed.
///
/// Exit status: 0 read, 2 a file could not be read.
#[derive(Debug, Args)]
pub(super) struct InspectArgs {
    /// The files to read.
    #[arg(required = true, value_name = "FILE")]
    files: Vec<PathBuf>,

    /// text, or jsonl: one object an article.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,

    #[command(flatten)]
    reading: ReadingArgs,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading.
    Text,
    /// One JSON object a line.
    Jsonl,
}

pub(super) fn run(args: &InspectArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let mut options = args.reading.options(&global.config)?;
    if options.priors {
        options.sites = Sites::beside(&args.files, &options);
    }
    let mut out = BufWriter::new(stdout().lock());
    let mut code = FOUND;
    for file in &args.files {
        let mut written = Ok(());
        let mut first = true;
        let read = ingest::inspect(file, &options, &mut |mut found| {
            if let Found::Article(settled) = &mut found {
                options.apply(&mut settled.article);
            }
            if written.is_ok() {
                written = match found {
                    Found::Problem(problem) => {
                        let place = if problem.place.is_empty() {
                            String::new()
                        } else {
                            format!(" {}:", problem.place)
                        };
                        let kind = kind_name(problem.kind);
                        screen.say(&line(&format!(
                            "{}:{place} {} ({kind})",
                            file.display(),
                            problem.why
                        )));
                        Ok(())
                    }
                    Found::Article(settled) if args.format == Form::Jsonl => {
                        object(&settled, &mut out)
                    }
                    Found::Article(settled) => {
                        let gap = if std::mem::replace(&mut first, false) { "" } else { "\n" };
                        write!(out, "{gap}").and_then(|()| text(&settled, screen, &mut out))
                    }
                };
            }
        });
        written?;
        if let Err(problem) = read {
            screen.say(&format!(
                "error: {}: {}",
                line(&file.display().to_string()),
                line(&problem.why)
            ));
            code = FAILED;
        }
    }
    out.flush()?;
    Ok(code)
}

fn object(settled: &Settled, out: &mut dyn Write) -> std::io::Result<()> {
    let article = &settled.article;
    let date = |date: Option<crate::article::Date>| date.map_or(String::new(), |d| d.to_string());
    let evidence: Vec<_> = settled
        .evidence
        .iter()
        .map(|evidence| {
            json!({
                "field": slot_name(evidence.slot),
                "value": evidence.value,
                "rung": rung_name(evidence.rung),
                "place": evidence.place,
                "lost": evidence.lost,
            })
        })
        .collect();
    let object = json!({
        "id": article.id,
        "headline": article.headline,
        "standfirst": article.standfirst,
        "kind": article.kind,
        "section": article.section,
        "topics": article.topics,
        "date": date(article.published),
        "modified": date(article.modified),
        "captured": date(article.captured),
        "authors": article.authors,
        "organisations": article.organisations,
        "dateline": article.dateline,
        "source": article.source,
        "language": article.language,
        "url": article.url,
        "path": article.origin.to_string(),
        "body": article.body,
        "captions": article.captions,
        "teasers": article.teasers,
        "rejected": settled.rejected,
        "evidence": evidence,
    });
    serde_json::to_writer(&mut *out, &object)?;
    out.write_all(b"\n")
}

fn text(settled: &Settled, screen: &Screen, out: &mut dyn Write) -> std::io::Result<()> {
    let article = &settled.article;
    let dim = |text: String| {
        if screen.colour { format!("\u{1b}[2m{text}\u{1b}[0m") } else { text }
    };
    writeln!(out, "{}", line(&article.origin.to_string()))?;
    if let Some(reason) = settled.rejected {
        writeln!(out, "  not an article: {reason}")?;
    }
    for evidence in &settled.evidence {
        if evidence.slot == Slot::Body {
            continue;
        }
        let name = if evidence.lost { "  not" } else { slot_name(evidence.slot) };
        let value = line(&evidence.value);
        let from = dim(format!("  [{}: {}]", rung_name(evidence.rung), line(&evidence.place)));
        writeln!(out, "  {name:<12}{value}{from}")?;
    }
    let words = article.words();
    writeln!(out, "  {:<12}{words} words", "body")?;
    for paragraph in article.body.split("\n\n") {
        writeln!(out, "    {}", lines(paragraph).replace('\n', "\n    "))?;
    }
    for (name, texts) in [("caption", &article.captions), ("teaser", &article.teasers)] {
        for text in texts {
            writeln!(out, "  {name:<12}{}", line(text))?;
        }
    }
    Ok(())
}

fn slot_name(slot: Slot) -> &'static str {
    match slot {
        Slot::Id => "id",
        Slot::Headline => "headline",
        Slot::Standfirst => "standfirst",
        Slot::Kind => "kind",
        Slot::Section => "section",
        Slot::Topic => "topic",
        Slot::Published => "date",
        Slot::Modified => "modified",
        Slot::Captured => "captured",
        Slot::Author => "author",
        Slot::Dateline => "dateline",
        Slot::Source => "source",
        Slot::Language => "language",
        Slot::Url => "url",
        Slot::Body => "body",
        Slot::Caption => "caption",
        Slot::Teaser => "teaser",
        Slot::Other => "other",
    }
}

fn rung_name(rung: Rung) -> &'static str {
    match rung {
        Rung::Record => "record",
        Rung::JsonLd => "json-ld",
        Rung::Meta => "meta",
        Rung::Microdata => "microdata",
        Rung::Markup => "markup",
        Rung::Title => "title",
        Rung::Address => "address",
        Rung::Visible => "visible",
        Rung::Path => "path",
    }
}
