//! `fiche export`

use std::fs::{self, File};
use std::io::{self, BufWriter, IsTerminal, Write, stdout};
use std::path::{Path, PathBuf};
use std::sync::Once;
use std::sync::atomic::{AtomicBool, Ordering};

use clap::Args;
use serde_json::{Map, Value};

use super::failure::Failure;
use super::search::{AskArgs, Asked, SNIPPET, Same, columns, known_format};
use super::settings::{Global, Screen, counted, moment_of, now};
use super::{FOUND, NOTHING};
use crate::engine::local::Local;
use crate::engine::{Answer, Engine, Request, Sort};
use crate::hit::Hit;
use crate::output::{self, Column, HitWriter, Look};

/// So many passages of a whole article have their matches marked.
const PASSAGES: usize = 1000;

/// Take all hits along: as a table, as references, or for other programs.
///
/// The same query, filters and order as search, and all hits unless --limit says otherwise. The
/// form follows from the ending of the file: .csv, .tsv, .jsonl, .json, .xlsx, .ris (Zotero,
/// EndNote), .bib, .csl.json, .atom, .html, .md, .trec. `--format txt` writes a folder of texts
/// with a table, and `--format md --full` a folder of notes. A file appears when it is whole.
///
/// Exit status: 0 written, 1 nothing was found (the file holds no hit), 2 failed, 130 stopped by
/// Ctrl-C.
#[derive(Debug, Args)]
pub(super) struct ExportArgs {
    /// What to look for.
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    asked: AskArgs,

    #[command(flatten)]
    write: WriteArgs,
}

/// How hits are written, and where.
#[derive(Debug, Clone, Args)]
pub(super) struct WriteArgs {
    /// Write to this file or folder [default: the standard output].
    #[arg(short, long, value_name = "FILE")]
    pub output: Option<PathBuf>,

    /// Write in this form, whatever the file is called.
    #[arg(long, value_name = "FORMAT", value_parser = known_form)]
    pub format: Option<String>,

    /// Write at most so many hits.
    #[arg(long, value_name = "NUM")]
    pub limit: Option<usize>,

    /// The columns to write, in this order: id,date,headline,body.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub fields: Vec<String>,

    /// Whole articles: a reading copy (html), or a folder of notes (md).
    #[arg(long)]
    pub full: bool,

    /// Begin with a byte order mark, which Excel wants for CSV.
    #[arg(long)]
    pub bom: bool,

    /// Put a ' before every cell that begins with =, +, - or @, not only where it would call
    /// something.
    #[arg(long)]
    pub excel_safe: bool,

    /// Whether of articles that are nearly the same each is written, the first, or they alone.
    #[arg(long, value_name = "WHICH", default_value = "show")]
    pub duplicates: Same,

    /// Write FILE.query.json, too: the query, the version, the index, the totals and the time.
    #[arg(long, requires = "output")]
    pub provenance: bool,
}

/// A form of a file or of a folder.
pub(super) fn known_form(text: &str) -> Result<String, String> {
    if let Some(folder) = output::folder_by_name(text, true) {
        return Ok(folder.name.to_owned());
    }
    known_format(text).map_err(|known| {
        let folders = output::FOLDERS.iter().filter(|folder| !folder.full);
        folders.fold(known, |known, folder| format!("{known}, {}", folder.name))
    })
}

pub(super) fn run(args: &ExportArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let asked = args.asked.read(&args.query)?;
    let local = global.open()?;
    let task = Task { asked, expand: args.asked.expand, usual: "csv", wanted: &|_| true };
    let written = deliver(&local, task, &args.write, screen)?.written;
    Ok(if written > 0 { FOUND } else { NOTHING })
}

/// What is to be written.
pub(super) struct Task<'t> {
    pub asked: Asked,
    pub expand: bool,
    /// The form where none is asked for.
    pub usual: &'t str,
    /// Which of the hits are written.
    pub wanted: &'t dyn Fn(&Hit) -> bool,
}

/// What was written.
pub(super) struct Delivered {
    /// All articles that match.
    pub total: u64,
    /// Those that were written.
    pub written: u64,
}

/// Finds articles and writes them where they are wanted.
pub(super) fn deliver(
    local: &Local,
    task: Task<'_>,
    args: &WriteArgs,
    screen: &Screen,
) -> Result<Delivered, Failure> {
    let format = match (&args.format, &args.output) {
        (Some(format), _) => format.clone(),
        (None, None) => task.usual.to_owned(),
        (None, Some(file)) => by_ending(file)?,
    };
    let columns = columns(&args.fields)?;
    let needs = columns.is_empty() || columns.iter().any(|column| column.needs_snippets());
    let asked = task.asked;
    let read_as = asked.query.to_string();
    let request = Request {
        sort: asked.sort,
        snippets: match (needs, args.full) {
            (false, _) => 0,
            (true, false) => 1,
            (true, true) => PASSAGES,
        },
        width: SNIPPET,
        duplicates: args.duplicates.duplicates(),
        expand: task.expand,
        aside: asked.left_out,
        explain: columns.contains(&Column::Explain),
        texts: args.full || output::needs_texts(&format, &columns),
        ..Request::of(asked.query)
    };
    let generation = local.generation()?;
    let answer = local.search(&request)?;
    for note in &answer.notes {
        screen.say(&format!("note: {note}"));
    }
    for note in &asked.notes {
        if !note.only_if_nothing || answer.total == 0 {
            screen.say(&format!("note: {}", output::visible::line(&note.message)));
        }
    }
    let (total, groups) = (answer.total, answer.groups);
    let moment = now();
    let order = match asked.sort {
        Sort::Relevance => "relevance",
        Sort::Oldest => "date, the oldest first",
        Sort::Newest => "date, the newest first",
    };
    let about = [
        ("query", asked.text.clone()),
        ("read as", read_as),
        ("order", order.to_owned()),
        ("articles", total.to_string()),
        ("groups", groups.to_string()),
        ("duplicates", args.duplicates.name().to_owned()),
        ("index", local.place().display().to_string()),
        ("generation", generation.to_string()),
        ("fiche", env!("CARGO_PKG_VERSION").to_owned()),
        ("time", moment.clone()),
    ];
    let about: Vec<(String, String)> =
        about.into_iter().map(|(name, value)| (name.to_owned(), value)).collect();
    let to_screen = args.output.is_none();
    let look = Look {
        query: asked.text,
        columns,
        colour: to_screen && screen.colour,
        width: if to_screen { screen.width } else { None },
        bom: args.bom,
        excel_safe: args.excel_safe,
        full: args.full,
        about: about.clone(),
        moment,
        indexed: local.committed().map_or(String::new(), moment_of),
    };
    let folder = output::folder_by_name(&format, args.full);
    let limit = args.limit.unwrap_or(usize::MAX);
    let mut pass = Pass { answer, wanted: task.wanted, limit };
    let written = match (&args.output, folder) {
        (None, Some(folder)) => {
            return Err(Failure::new(format!("{} are files of a folder", folder.name))
                .hint("name it: -o FOLDER"));
        }
        (None, None) if matches!(&format[..], "xlsx" | "parquet") && stdout().is_terminal() => {
            return Err(Failure::new(format!("{format} is not for a terminal"))
                .hint(format!("-o hits.{format}")));
        }
        (None, None) => {
            let mut out = BufWriter::new(stdout().lock());
            let written = pass.stream(&format, look, &mut out)?;
            out.flush()?;
            written
        }
        (Some(place), Some(folder)) => {
            heed(screen);
            whole_folder(place, |beside| {
                let mut writer = (folder.open)(beside, look)?;
                pass.write(&mut *writer)
            })?
        }
        (Some(file), None) => {
            heed(screen);
            whole(file, |out| pass.stream(&format, look, out))?
        }
    };
    if let Some(place) = &args.output {
        if args.provenance {
            sidecar(place, &about, &format, written)?;
        }
        let articles = counted(written, "article", "articles");
        screen.say(&format!("Wrote {articles} to {}  ({format})", place.display()));
    }
    Ok(Delivered { total, written })
}

/// Lets Ctrl-C end a pass.
fn heed(screen: &Screen) {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        if let Err(error) = ctrlc::set_handler(|| STOP.store(true, Ordering::Relaxed)) {
            screen.say(&format!("note: Ctrl-C will leave a hidden file behind ({error})"));
        }
    });
}

/// One pass over the hits of an answer.
struct Pass<'p> {
    answer: Answer<'p>,
    wanted: &'p dyn Fn(&Hit) -> bool,
    limit: usize,
}

/// Set by Ctrl-C, so that what was begun is cleared away.
static STOP: AtomicBool = AtomicBool::new(false);

impl Pass<'_> {
    fn stream(&mut self, format: &str, look: Look, out: &mut dyn Write) -> Result<u64, Failure> {
        let output = output::by_name(format).expect("clap has looked at the name");
        let mut writer = (output.open)(out, look)?;
        self.write(&mut *writer)
    }

    fn write(&mut self, writer: &mut dyn HitWriter) -> Result<u64, Failure> {
        let mut written = 0;
        while written < self.limit {
            let Some(hit) = self.answer.hits.next() else { break };
            if STOP.load(Ordering::Relaxed) {
                return Err(Failure::Interrupted);
            }
            let mut hit = hit?;
            if (self.wanted)(&hit) {
                written += 1;
                hit.rank = written;
                writer.hit(&hit)?;
            }
        }
        writer.finish()?;
        // Past this the file is whole; an earlier Ctrl-C is still obeyed.
        if STOP.load(Ordering::Relaxed) { Err(Failure::Interrupted) } else { Ok(written as u64) }
    }
}

fn by_ending(file: &Path) -> Result<String, Failure> {
    let name = file.file_name().map_or("".into(), |name| name.to_string_lossy());
    if name.to_ascii_lowercase().ends_with(".csl.json") {
        return Ok("csl".to_owned());
    }
    let ending = file.extension().map_or("".into(), |ending| ending.to_string_lossy());
    known_format(&ending).map_err(|known| {
        let failure = if ending.is_empty() {
            Failure::new(format!("{} does not tell its form", file.display()))
        } else {
            Failure::new(format!("no form of export is called \"{ending}\""))
        };
        failure.hint(known).hint("or say it: --format csv; a folder of texts: --format txt")
    })
}

/// Writes beside the export where it came from.
fn sidecar(
    place: &Path,
    about: &[(String, String)],
    format: &str,
    written: u64,
) -> Result<(), Failure> {
    let mut map = Map::new();
    for (name, value) in about {
        let number =
            matches!(&name[..], "articles" | "groups" | "generation").then(|| value.parse::<u64>());
        let value = match number {
            Some(Ok(number)) => Value::from(number),
            _ => Value::from(&value[..]),
        };
        map.insert(
            if name == "articles" { "total".to_owned() } else { name.replace(' ', "_") },
            value,
        );
    }
    map.insert("format".to_owned(), format.into());
    map.insert("written".to_owned(), written.into());
    map.insert("file".to_owned(), place.display().to_string().into());
    let mut name = place.file_name().unwrap_or_default().to_owned();
    name.push(".query.json");
    whole(&place.with_file_name(name), |out| {
        serde_json::to_writer_pretty(&mut *out, &map).map_err(io::Error::from)?;
        Ok(out.write_all(b"\n")?)
    })
}

fn unwritable(place: &Path) -> impl Fn(&io::Error) -> Failure {
    move |error| Failure::new(format!("{} cannot be written", place.display())).because(error)
}

/// The folder that a file or folder is to stand in.
fn parent(place: &Path) -> &Path {
    match place.parent() {
        Some(folder) if !folder.as_os_str().is_empty() => folder,
        _ => Path::new("."),
    }
}

/// Writes a file beside its place and moves it there at the end, so that no half of it ever looks
/// whole.
pub(super) fn whole<T>(
    file: &Path,
    write: impl FnOnce(&mut dyn Write) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let failed = unwritable(file);
    // A device or a pipe is written as it is.
    if file.exists() && !file.is_file() {
        let mut out = BufWriter::new(File::create(file).map_err(|error| failed(&error))?);
        let done = write(&mut out).map_err(|failure| failure.writing(file))?;
        out.flush().map_err(|error| failed(&error))?;
        return Ok(done);
    }
    let beside = tempfile::Builder::new()
        .prefix(".fiche-export-")
        .tempfile_in(parent(file))
        .map_err(|error| failed(&error))?;
    let mut out = BufWriter::new(beside);
    let done = write(&mut out).map_err(|failure| failure.writing(file))?;
    out.flush().map_err(|error| failed(&error))?;
    let beside = out.into_inner().map_err(|error| failed(error.error()))?;
    readable(beside.as_file()).map_err(|error| failed(&error))?;
    beside.persist(file).map_err(|error| failed(&error.error))?;
    Ok(done)
}

/// A temporary file is its owner's alone; what was asked for is as any other file.
fn readable(file: &File) -> io::Result<()> {
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        file.set_permissions(fs::Permissions::from_mode(0o644))?;
    }
    file.sync_all()
}

/// Writes a folder beside its place and moves it there at the end.
pub(super) fn whole_folder<T>(
    place: &Path,
    write: impl FnOnce(&Path) -> Result<T, Failure>,
) -> Result<T, Failure> {
    let failed = unwritable(place);
    let taken = match fs::read_dir(place) {
        Ok(mut entries) => entries.next().is_some(),
        Err(error) if error.kind() == io::ErrorKind::NotFound => false,
        Err(error) => return Err(failed(&error)),
    };
    if taken {
        return Err(Failure::new(format!("{} is not empty", place.display()))
            .hint("name a folder that is not there yet"));
    }
    let beside = tempfile::Builder::new()
        .prefix(".fiche-export-")
        .tempdir_in(parent(place))
        .map_err(|error| failed(&error))?;
    let done = write(beside.path()).map_err(|failure| failure.writing(place))?;
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(beside.path(), fs::Permissions::from_mode(0o755))
            .map_err(|error| failed(&error))?;
    }
    if place.exists() {
        fs::remove_dir(place).map_err(|error| failed(&error))?;
    }
    fs::rename(beside.path(), place).map_err(|error| failed(&error))?;
    Ok(done)
}
