//! `fiche export`

use std::fs::File;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use clap::Args;

use super::failure::Failure;
use super::search::{AskArgs, SNIPPET, columns, known_format, write_hits};
use super::settings::{Global, Screen, counted};
use super::{FOUND, NOTHING};
use crate::engine::{Engine, Request};
use crate::output::Look;

/// Take all hits along: as a table, or for other programs.
///
/// The same query, filters and order as search, and all hits unless --limit says otherwise. The
/// form follows from the ending of the file: .csv, .tsv, .jsonl, .json.
///
/// Exit status: 0 written, 1 nothing was found (the file holds no hit), 2 failed.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// What to look for.
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    asked: AskArgs,

    /// Write to this file [default: the standard output].
    #[arg(short, long, value_name = "FILE")]
    output: Option<PathBuf>,

    /// Write in this form, whatever the file is called.
    #[arg(long, value_name = "FORMAT", value_parser = known_format)]
    format: Option<String>,

    /// Write at most so many hits.
    #[arg(long, value_name = "NUM")]
    limit: Option<usize>,

    /// The columns to write, in this order: id,date,headline,body.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    fields: Vec<String>,

    /// Begin with a byte order mark, which Excel wants for CSV.
    #[arg(long)]
    bom: bool,

    /// Put a ' before cells that a spreadsheet would take for formulas.
    #[arg(long)]
    excel_safe: bool,
}

pub(super) fn run(args: &ExportArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let format = match (&args.format, &args.output) {
        (Some(format), _) => format.clone(),
        (None, None) => "csv".to_owned(),
        (None, Some(file)) => by_ending(file)?,
    };
    let asked = args.asked.read(&args.query)?;
    let columns = columns(&args.fields)?;
    let local = global.open()?;
    let needs = columns.is_empty() || columns.iter().any(|column| column.needs_snippets());
    let request = Request {
        query: asked.query,
        sort: asked.sort,
        offset: 0,
        limit: args.limit,
        snippets: usize::from(needs),
        width: SNIPPET,
        facets: Vec::new(),
        expand: args.asked.expand,
    };
    let answer = local.search(&request)?;
    for note in &answer.notes {
        screen.say(&format!("note: {note}"));
    }
    let look = Look {
        query: asked.text,
        columns,
        colour: false,
        width: None,
        bom: args.bom,
        excel_safe: args.excel_safe,
    };
    let written = match &args.output {
        None => {
            let mut out = BufWriter::new(stdout().lock());
            let written = write_hits(answer, &format, look, &mut out)?;
            out.flush()?;
            written
        }
        Some(file) => {
            let written = whole(file, |out| write_hits(answer, &format, look, out))?;
            let articles = counted(written, "article", "articles");
            screen.say(&format!("Wrote {articles} to {}  ({format})", file.display()));
            written
        }
    };
    Ok(if written > 0 { FOUND } else { NOTHING })
}

fn by_ending(file: &Path) -> Result<String, Failure> {
    let ending = file.extension().map_or("".into(), |ending| ending.to_string_lossy());
    known_format(&ending).map_err(|known| {
        Failure::new(format!("no form of export is called \"{ending}\""))
            .hint(known)
            .hint("or say it: --format csv")
    })
}

/// Writes a file beside its place and moves it there at the end, so that no half of it ever looks
/// whole.
fn whole<T>(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let failed = |error: &std::io::Error| {
        Failure::new(format!("{} cannot be written", file.display())).because(error)
    };
    // A device or a pipe is written as it is.
    if file.exists() && !file.is_file() {
        let mut out = BufWriter::new(File::create(file).map_err(|error| failed(&error))?);
        let done = write(&mut out)?;
        out.flush().map_err(|error| failed(&error))?;
        return Ok(done);
    }
    let folder = match file.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    };
    let beside = tempfile::Builder::new()
        .prefix(".fiche-export-")
        .tempfile_in(folder)
        .map_err(|error| failed(&error))?;
    let mut out = BufWriter::new(beside);
    let done = write(&mut out)?;
    out.flush().map_err(|error| failed(&error))?;
    let beside = out.into_inner().map_err(|error| failed(error.error()))?;
    readable(beside.as_file()).map_err(|error| failed(&error))?;
    beside.persist(file).map_err(|error| failed(&error.error))?;
    Ok(done)
}

/// A temporary file is its owner's alone; what was asked for is as any other file.
fn readable(file: &File) -> std::io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(std::fs::Permissions::from_mode(0o644))?;
    }
    file.sync_all()
}
