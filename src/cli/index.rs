//! `fiche index`

use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use clap::Args;

use super::config::Config;
use super::failure::Failure;
use super::progress::{Progress, kind_name};
use super::settings::{Global, Screen, counted, grouped, sized};
use super::{FAILED, FOUND, INTERRUPTED};
use crate::engine::local::{Local, WriterOptions};
use crate::engine::{Engine, EngineError, Writer};
use crate::format::record::Aliases;
use crate::ingest::{self, IngestError, Options, Sites, Summary};
use crate::ledger::ProblemKind;

/// Read articles and build or update the index.
///
/// Reads saved web pages, text, Markdown, documents, mail, feeds, records (JSON, CSV, XML) and web
/// archives, packed or not. A second run reads only what is new or changed. Without a folder, all
/// folders that the index knows are brought up to date. Nothing is ever written into the folders.
/// Files named in a `.ficheignore` (in the syntax of .gitignore) are left out, and so are hidden
/// ones and the parts of pages that a browser saved beside them.
///
/// Exit status: 0 done, 2 failed, 130 stopped by Ctrl-C; what was committed stays.
#[derive(Debug, Args)]
pub(super) struct IndexArgs {
    /// Folders (or files) to read.
    #[arg(value_name = "FOLDER")]
    pub folders: Vec<PathBuf>,

    #[command(flatten)]
    pub reading: ReadingArgs,

    /// Build the index anew, from the folders given or from those that it knows.
    #[arg(long)]
    pub rebuild: bool,

    /// Exit with 2 where a file could not be read.
    #[arg(long)]
    pub strict: bool,

    /// Wait for another fiche that writes this index.
    #[arg(long)]
    pub wait: bool,

    /// Keep the articles of files that are no longer there.
    #[arg(long)]
    pub keep_missing: bool,

    /// Go on until Ctrl-C, and read what changes soon after it did.
    #[cfg(feature = "watch")]
    #[arg(long)]
    pub watch: bool,
}

#[derive(Debug, Clone, Args)]
pub(super) struct ReadingArgs {
    /// Use so many threads [default: one for each core].
    #[arg(long, value_name = "NUM")]
    pub jobs: Option<NonZeroUsize>,

    /// Hold at most about so many MB of unwritten index in memory; 16 a thread at least.
    #[arg(long, value_name = "MB", default_value_t = 256)]
    pub memory: usize,

    /// Take a field from this key of records, before the usual ones: headline=hed.
    #[arg(long, value_name = "FIELD=KEY")]
    pub map: Vec<String>,

    /// Take what is read to be in this language (en, de, fr, ...), whatever its words say.
    #[arg(long, value_name = "CODE")]
    pub lang: Option<String>,

    /// Read files whole up to this size; files of lines may be larger.
    #[arg(long, value_name = "MB", default_value_t = 256)]
    pub max_file: u64,

    /// Keep pages that are no articles: index pages, stubs, errors.
    #[arg(long)]
    pub keep_all: bool,

    /// Read each page by itself, without what the pages of its folder have in common.
    #[arg(long)]
    pub no_archive_priors: bool,
}

impl ReadingArgs {
    /// Those of a command that has no flags of its own for them.
    pub fn usual() -> Self {
        Self {
            jobs: None,
            memory: 256,
            map: Vec::new(),
            lang: None,
            max_file: 256,
            keep_all: false,
            no_archive_priors: false,
        }
    }

    pub fn options(&self, config: &Config) -> Result<Options, Failure> {
        // The last rule is the strongest: a flag wins over a file.
        let mut rules = config.map();
        rules.extend(self.map.iter().cloned());
        let aliases = Aliases::with(&rules).map_err(Failure::new)?;
        Ok(Options {
            readers: self.jobs(),
            aliases,
            names: config.names(),
            language: self.lang.as_ref().map(|code| code.to_lowercase()),
            rules: config.rules(),
            largest: self.max_file.saturating_mul(1 << 20),
            commit_every: Duration::from_secs(60),
            again: false,
            keep_missing: false,
            keep_all: self.keep_all,
            priors: !self.no_archive_priors,
            sites: Sites::default(),
        })
    }

    fn jobs(&self) -> NonZeroUsize {
        self.jobs.or_else(|| std::thread::available_parallelism().ok()).unwrap_or(NonZeroUsize::MIN)
    }
}

pub(super) fn run(args: &IndexArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let place = global.place();
    let roots = absolute(&args.folders)?;
    let mut options = args.reading.options(&global.config)?;
    let (local, roots) = if args.rebuild {
        anew(&place, roots)?
    } else if let Some(begun) = Local::to_build_anew(&place) {
        screen.say("Building the index anew was not finished; this goes on with it.");
        let mut all = begun;
        all.extend(roots.into_iter().filter(|root| !all.contains(root)).collect::<Vec<_>>());
        there(&all)?;
        (Local::go_on_anew(&place, &all)?, all)
    } else {
        if roots.is_empty() && matches!(Local::open(&place), Err(EngineError::NoIndex { .. })) {
            return Err(Failure::new("no folder to read").hint("fiche index FOLDER"));
        }
        (Local::open_or_create(&place)?, roots)
    };
    options.again = args.rebuild;
    options.keep_missing = args.keep_missing;
    let names: Vec<String> = if args.folders.is_empty() {
        local.ledger()?.roots.values().map(|root| root.place.clone()).collect()
    } else {
        args.folders.iter().map(|folder| folder.display().to_string()).collect()
    };
    screen.say(&format!("Reading {}  (index: {})", names.join(", "), place.display()));
    #[cfg(feature = "watch")]
    if args.watch {
        return super::watch::run(args, &local, &roots, options, screen);
    }
    let begun = Instant::now();
    let summary = update(&local, &roots, &options, &args.reading, args.wait, screen)?;
    report(&summary, &local, begun, screen)?;
    if summary.stopped {
        return Ok(INTERRUPTED);
    }
    let unreadable = summary.problems.get(&ProblemKind::Unreadable).copied().unwrap_or(0);
    let bad = unreadable + summary.blocked > 0;
    Ok(if args.strict && bad { FAILED } else { FOUND })
}

/// The folders of a damaged or outdated index are known by its ledger where that can be read.
fn anew(place: &Path, roots: Vec<PathBuf>) -> Result<(Local, Vec<PathBuf>), Failure> {
    let roots = if roots.is_empty() { Local::roots_of(place) } else { roots };
    there(&roots)?;
    Ok((Local::begin_anew(place, &roots)?, roots))
}

/// Makes sure of the folders before anything is removed.
fn there(roots: &[PathBuf]) -> Result<(), Failure> {
    if roots.is_empty() {
        return Err(Failure::new("the index does not tell which folders it was built from")
            .hint("name them: fiche index --rebuild FOLDER"));
    }
    for root in roots {
        if let Err(error) = std::fs::metadata(root) {
            return Err(Failure::new(format!("{} cannot be read", root.display())).because(&error));
        }
    }
    Ok(())
}

/// Folders as the ledger keeps them.
pub(super) fn absolute(folders: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    folders
        .iter()
        .map(|folder| {
            folder.canonicalize().map_err(|error| {
                let why = if error.kind() == std::io::ErrorKind::NotFound {
                    "there is no such folder".to_owned()
                } else {
                    error.to_string()
                };
                Failure::new(format!("{} cannot be read: {why}", folder.display()))
            })
        })
        .collect()
}

/// Brings an index up to date.
pub(super) fn update(
    local: &Local,
    roots: &[PathBuf],
    options: &Options,
    args: &ReadingArgs,
    wait: bool,
    screen: &Screen,
) -> Result<Summary, Failure> {
    update_until(local, roots, options, args, wait, &stopping(screen), screen)
}

/// What Ctrl-C sets; once in a run of the program.
pub(super) fn stopping(screen: &Screen) -> Arc<AtomicBool> {
    let stop = Arc::new(AtomicBool::new(false));
    let asked = Arc::clone(&stop);
    // A second Ctrl-C does not wait for the commit.
    let handler = ctrlc::set_handler(move || {
        if asked.swap(true, Ordering::Relaxed) {
            abort();
        }
    });
    if let Err(error) = handler {
        screen.say(&format!("note: Ctrl-C will not be waited for ({error})"));
    }
    stop
}

/// Brings an index up to date, unless `stop` is set.
pub(super) fn update_until(
    local: &Local,
    roots: &[PathBuf],
    options: &Options,
    args: &ReadingArgs,
    wait: bool,
    stop: &AtomicBool,
    screen: &Screen,
) -> Result<Summary, Failure> {
    let writer = writer(local, args, wait, screen)?;
    let mut progress = Progress::new(*screen);
    let summary = ingest::ingest(roots, writer, options, stop, &mut progress);
    progress.clear();
    if let Err(IngestError::Engine(EngineError::DiskFull { .. })) = &summary {
        // What was written and not committed takes the room that the next run needs. Opening a
        // writer clears it away; where even that fails, the next run tries again.
        drop(self::writer(local, args, wait, screen));
    }
    let summary = summary?;
    local.built_anew()?;
    Ok(summary)
}

/// Ends the program, whatever it does.
#[expect(clippy::exit, reason = "the person asked for it, and what is not committed is lost only")]
pub(super) fn abort() {
    std::process::exit(i32::from(INTERRUPTED));
}

fn writer<'l>(
    local: &'l Local,
    args: &ReadingArgs,
    wait: bool,
    screen: &Screen,
) -> Result<Box<dyn Writer + 'l>, Failure> {
    let options =
        WriterOptions { threads: args.jobs().get(), memory: args.memory.saturating_mul(1 << 20) };
    once_free(wait, screen, || local.writer(options))
}

/// Does what no other process may do meanwhile, and waits for one that does where that is wanted.
pub(super) fn once_free<T>(
    wait: bool,
    screen: &Screen,
    mut work: impl FnMut() -> Result<T, EngineError>,
) -> Result<T, Failure> {
    let mut told = false;
    loop {
        match work() {
            Err(error @ EngineError::Busy { .. }) if wait => {
                if !told {
                    screen.say(&format!("{error}; waiting"));
                    told = true;
                }
                std::thread::sleep(Duration::from_millis(300));
            }
            other => return Ok(other?),
        }
    }
}

pub(super) fn report(
    summary: &Summary,
    local: &Local,
    begun: Instant,
    screen: &Screen,
) -> Result<(), Failure> {
    let took = format!("{:.1} s", begun.elapsed().as_secs_f64());
    let articles: u64 = summary.articles.values().sum();
    let mut lines: Vec<String> = Vec::new();
    let known =
        summary.unchanged + summary.changed + summary.renamed + summary.gone + summary.missing;
    if known > 0 {
        let mut parts = Vec::new();
        for (number, what) in [
            (summary.new, "new"),
            (summary.changed - summary.again, "changed"),
            (summary.again, "read again under other rules"),
            (summary.renamed, "renamed"),
            (summary.gone, "gone"),
            (summary.missing, "missing and kept"),
        ] {
            if number > 0 {
                parts.push(format!("{} {what}", grouped(number)));
            }
        }
        let rest = if parts.is_empty() { String::new() } else { format!("; {}", parts.join(", ")) };
        let files = counted(summary.unchanged, "file", "files");
        lines.push(format!("Nothing changed in {files}{rest}.  {took}"));
    }
    if articles > 0 {
        let formats: Vec<String> = summary
            .articles
            .iter()
            .filter(|(_, count)| **count > 0)
            .map(|(name, count)| format!("{name} {}", grouped(*count)))
            .collect();
        lines.push(format!(
            "Indexed  {}   ({})  {took}",
            counted(articles, "article", "articles"),
            formats.join(" · ")
        ));
    }
    let doubtful = summary.problems.get(&ProblemKind::Doubtful).copied().unwrap_or(0);
    let skipped: u64 = summary.problems.values().sum::<u64>() - doubtful + summary.blocked;
    if skipped > 0 {
        let mut kinds: Vec<String> = summary
            .problems
            .iter()
            .filter(|(kind, _)| **kind != ProblemKind::Doubtful)
            .map(|(kind, count)| format!("{} {}", grouped(*count), kind_name(*kind)))
            .collect();
        if summary.blocked > 0 {
            kinds.push(format!("{} not looked at", grouped(summary.blocked)));
        }
        lines.push(format!("  skipped  {}   {}", grouped(skipped), kinds.join(" · ")));
        lines.push("           each with its reason: fiche status --problems".to_owned());
    }
    if doubtful > 0 {
        lines.push(format!("  in doubt {}   bytes replaced or letters mended", grouped(doubtful)));
    }
    let left: Vec<String> = [
        (summary.ignored, "by .ficheignore"),
        (summary.hidden, "hidden"),
        (summary.parts, "with parts of saved pages"),
    ]
    .iter()
    .filter(|(count, _)| *count > 0)
    .map(|(count, why)| format!("{} {why}", grouped(*count)))
    .collect();
    if !left.is_empty() {
        lines.push(format!("  left out {}", left.join(" · ")));
    }
    if summary.stopped {
        lines.push("Stopped. What was done is kept; the next run goes on from there.".to_owned());
    } else if !summary.nothing_changed() || known == 0 {
        lines.extend(coverage(local)?);
    }
    for line in lines {
        screen.say(&line);
    }
    Ok(())
}

/// What the index holds, in a few lines.
fn coverage(local: &Local) -> Result<Vec<String>, Failure> {
    let status = local.status()?;
    if status.articles == 0 {
        return Ok(vec!["The index holds no article.".to_owned()]);
    }
    let mut lines = Vec::new();
    if status.copies > 0 {
        lines.push(format!(
            "  same article found again  {:>7}   kept once, all paths remembered",
            grouped(status.copies)
        ));
    }
    if status.near > 0 {
        lines.push(format!(
            "  near-duplicates grouped   {:>7}   in {}",
            grouped(status.near),
            counted(status.groups, "group", "groups")
        ));
    }
    let share = |name: &str| {
        let count = status.coverage.iter().find(|(known, _)| known == name).map_or(0, |(_, n)| *n);
        format!("{name} {:.1}%", 100.0 * count as f64 / status.articles as f64)
    };
    let names = ["headline", "date", "section", "author", "source"].map(share);
    lines.push(format!("Fields   {}", names.join("   ")));
    let day = |number: i64| {
        crate::article::from_day_number(number).map_or(String::new(), |date| date.to_string())
    };
    if let Some((first, last)) = status.days {
        lines.push(format!("         dates from {} to {}", day(first), day(last)));
    }
    let dated = status.coverage.iter().find(|(name, _)| name == "date").map_or(0, |(_, n)| *n);
    let undated = status.articles - dated;
    if undated > 0 {
        let has = if undated == 1 { "has" } else { "have" };
        lines.push(format!(
            "         {} {has} no date - see:  fiche search no:date",
            counted(undated, "article", "articles")
        ));
    }
    lines.push(format!(
        "Index    {}, {}",
        counted(status.articles, "article", "articles"),
        sized(status.bytes)
    ));
    lines.push("Next:    fiche search WORDS".to_owned());
    Ok(lines)
}
