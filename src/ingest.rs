//! A corpus into an index: many readers, one writer, and one commit for articles and ledger.

mod bounds;
mod inside;
mod plan;
mod read;
mod sites;
#[cfg(test)]
mod tests;

use std::collections::{HashMap, HashSet};
use std::num::NonZeroUsize;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

use crossbeam_channel::RecvTimeoutError;
use thiserror::Error;

use crate::article::Article;
use crate::corpus::Walked;
use crate::engine::{EngineError, Writer};
use crate::extract::Names;
use crate::format::record::Aliases;
use crate::ledger::{FileRecord, Ledger, Problem, ProblemKind, Root};
use plan::{Plan, Work};
use read::Message;

pub use read::{Found, LONGEST_LINE, drafts, inspect};
pub use sites::Sites;

/// How a corpus is read.
#[derive(Debug, Clone)]
pub struct Options {
    /// Threads that read files.
    pub readers: NonZeroUsize,
    /// What the keys of records mean.
    pub aliases: Aliases,
    /// What sections and sources are called in this archive.
    pub names: Names,
    /// The language that every article is in, where that is said and not to be told by its words.
    pub language: Option<String>,
    /// The largest file that is read whole, in bytes; files of lines may be larger.
    pub largest: u64,
    /// How long work may stay uncommitted.
    pub commit_every: Duration,
    /// Read every file again, also those that have not changed.
    pub again: bool,
    /// The rules of the archive, aliases and names, as a number; 0 for none. What was read under
    /// others is read again.
    pub rules: u64,
    /// Keep what is no article: index pages, stubs.
    pub keep_all: bool,
    /// Keep the articles of files that are no longer there.
    pub keep_missing: bool,
    /// Learn first what the pages of a folder have in common.
    pub priors: bool,
    /// What is known of folders already.
    pub sites: Sites,
}

impl Options {
    /// Gives an article what holds in the whole archive: its names, and its language.
    pub fn apply(&self, article: &mut Article) {
        self.names.apply(article);
        if let Some(language) = &self.language {
            article.language.clone_from(language);
        }
    }
}

/// What a run did.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Summary {
    /// Files found.
    pub files: u64,
    /// Bytes found.
    pub bytes: u64,
    /// Files that were not read because they have not changed.
    pub unchanged: u64,
    /// Files read for the first time.
    pub new: u64,
    /// Files read again because they changed.
    pub changed: u64,
    /// Of those, files whose bytes are the same: something else is known of their archive.
    pub again: u64,
    /// Files known by another path before.
    pub renamed: u64,
    /// Files that are no longer there; their articles were dropped.
    pub gone: u64,
    /// Files that are no longer there, of which the articles were kept.
    pub missing: u64,
    /// Articles put, by the name of the format.
    pub articles: std::collections::BTreeMap<String, u64>,
    /// What could not be read in this run, by kind.
    pub problems: std::collections::BTreeMap<ProblemKind, u64>,
    /// Places of the corpus that could not be looked at.
    pub blocked: u64,
    /// Files and folders left out by `.ficheignore`.
    pub ignored: u64,
    /// Hidden files and folders, which are not read.
    pub hidden: u64,
    /// Folders with the parts of saved pages, which are not read.
    pub parts: u64,
    /// Whether the run was stopped before its end.
    pub stopped: bool,
    /// Commits made.
    pub commits: u64,
}

impl Summary {
    /// Whether the run found the index as the corpus is.
    pub fn nothing_changed(&self) -> bool {
        self.new + self.changed + self.renamed + self.gone == 0
    }
}

/// Is told what happens while a corpus is read.
pub trait Observer {
    /// The walk is done; so many files and bytes will be read.
    fn planned(&mut self, files: u64, bytes: u64) {
        let _ = (files, bytes);
    }
    /// A file is done: its bytes, and the articles so far.
    fn read(&mut self, bytes: u64, articles: u64) {
        let _ = (bytes, articles);
    }
    /// Something gave no article.
    fn skipped(&mut self, path: &str, problem: &Problem) {
        let _ = (path, problem);
    }
    /// All that was read so far is lasting.
    fn committed(&mut self, articles: u64) {
        let _ = articles;
    }
}

/// Why a corpus cannot be read at all.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum IngestError {
    /// The folder is not there or cannot be opened.
    #[error("{}: {why}", path.display())]
    Root {
        /// Which.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// The engine failed.
    #[error(transparent)]
    Engine(#[from] EngineError),
    /// A thread ended without a word.
    #[error("a reading thread ended before its work was done")]
    Thread,
}

/// The label of a root in the ledger: its folder's name, told apart where two have the same.
///
/// A folder that was moved keeps its label where the old place is gone.
pub fn label(ledger: &Ledger, place: &Path) -> String {
    let text = place.to_string_lossy();
    if let Some((label, _)) = ledger.roots.iter().find(|(_, root)| root.place == text) {
        return label.clone();
    }
    let name = place.file_name().map_or("root".into(), |name| name.to_string_lossy()).into_owned();
    let free = |label: &String| match ledger.roots.get(label) {
        None => true,
        Some(root) => !Path::new(&root.place).exists(),
    };
    std::iter::once(name.clone())
        .chain((2..).map(|number| format!("{name}-{number}")))
        .find(free)
        .unwrap_or(name)
}

/// The known root that `place` lies in, with the path below it (`""` for the root itself).
pub fn within(ledger: &Ledger, place: &Path) -> Option<(String, PathBuf)> {
    ledger.roots.iter().find_map(|(label, root)| {
        let below = place.strip_prefix(&root.place).ok()?;
        Some((label.clone(), below.to_owned()))
    })
}

/// Brings the index up to date with the folders `roots` (absolute), or with all that it knows.
///
/// A folder inside a known root is that root's: the whole of it is brought up to date. A folder
/// around known roots takes their files over.
///
/// `stop` is looked at between articles: once it is set, what is done is committed and the run
/// ends.
///
/// # Errors
///
/// Where a root cannot be opened, and where the index cannot be written. A file that cannot be
/// read is no error: the observer is told, and the ledger remembers.
pub fn ingest(
    roots: &[PathBuf],
    mut writer: Box<dyn Writer + '_>,
    options: &Options,
    stop: &AtomicBool,
    observer: &mut dyn Observer,
) -> Result<Summary, IngestError> {
    let mut ledger = writer.ledger().clone();
    let mut places: Vec<PathBuf> = roots.to_vec();
    if places.is_empty() {
        places = ledger.roots.values().map(|root| PathBuf::from(&root.place)).collect();
    }
    for place in &mut places {
        if let Some((label, _)) = within(&ledger, place) {
            *place = PathBuf::from(&ledger.roots[&label].place);
        }
    }
    places.sort();
    places.dedup();
    let mut walks: Vec<(String, Walked)> = Vec::new();
    for place in places {
        if let Err(error) = std::fs::metadata(&place) {
            return Err(IngestError::Root { path: place, why: error.to_string() });
        }
        let walked = crate::corpus::walk(&place);
        if let Some(blocked) = walked.blocked.iter().find(|blocked| blocked.path.is_empty()) {
            return Err(IngestError::Root { path: place, why: blocked.why.clone() });
        }
        let inner: Vec<String> = (ledger.roots.iter())
            .filter(|(_, root)| Path::new(&root.place) != place)
            .filter(|(_, root)| Path::new(&root.place).starts_with(&place))
            .map(|(label, _)| label.clone())
            .collect();
        walks.extend(inner.into_iter().map(|label| (label, Walked::default())));
        let label = label(&ledger, &place);
        let root = ledger.roots.entry(label.clone()).or_default();
        root.place = place.to_string_lossy().into_owned();
        walks.push((label, walked));
    }
    let mut summary = Summary::default();
    let mut options = options.clone();
    let plan = Plan::make(walks, &mut ledger, &mut options, &mut summary, observer);
    let options = &options;
    observer.planned(plan.work.len() as u64, plan.work.iter().map(|work| work.source.size).sum());

    for file in &plan.forget {
        writer.forget(*file)?;
    }
    let mut run = Run {
        writer: &mut *writer,
        ledger,
        work: &plan.work,
        open: HashMap::new(),
        renamed: Vec::new(),
        forgotten: HashSet::new(),
        articles: 0,
        uncommitted: !plan.forget.is_empty() || plan.dirty,
        last_commit: Instant::now(),
        options,
        summary: &mut summary,
        observer,
    };
    run.read_all(&plan, stop)?;
    // Those that were not found under another name are gone.
    for (root, path, record) in plan.gone {
        if run.summary.stopped {
            break;
        }
        let renamed = run.renamed.contains(&record.number);
        if options.keep_missing && !renamed {
            run.summary.missing += 1;
            continue;
        }
        if !renamed {
            run.writer.forget(record.number)?;
            run.summary.gone += 1;
        }
        if let Some(root) = run.ledger.roots.get_mut(&root) {
            root.files.remove(&path);
        }
        run.uncommitted = true;
    }
    let places: Vec<String> = run.ledger.roots.values().map(|root| root.place.clone()).collect();
    let taken_over = |root: &Root| {
        let inside =
            |other: &String| *other != root.place && Path::new(&root.place).starts_with(other);
        root.files.is_empty() && places.iter().any(inside)
    };
    run.ledger.roots.retain(|_, root| !taken_over(root));
    if run.uncommitted {
        run.commit()?;
    }
    writer.finish()?;
    Ok(summary)
}

/// A run under way.
struct Run<'r> {
    writer: &'r mut dyn Writer,
    ledger: Ledger,
    work: &'r [Work],
    /// Files of which articles came and the end did not.
    open: HashMap<usize, FileRecord>,
    /// The old numbers of files that were found under another name.
    renamed: Vec<u64>,
    /// Files whose articles of an earlier run were dropped.
    forgotten: HashSet<usize>,
    articles: u64,
    uncommitted: bool,
    last_commit: Instant,
    options: &'r Options,
    summary: &'r mut Summary,
    observer: &'r mut dyn Observer,
}

impl Run<'_> {
    fn read_all(&mut self, plan: &Plan, stop: &AtomicBool) -> Result<(), IngestError> {
        if plan.work.is_empty() {
            return Ok(());
        }
        std::thread::scope(|scope| {
            let messages = read::start(scope, plan, self.options, stop);
            let mut left = plan.work.len();
            let mut told = Vec::new().into_iter();
            while left > 0 {
                if stop.load(Ordering::Relaxed) {
                    self.summary.stopped = true;
                    break;
                }
                if let Some(message) = told.next() {
                    left -= usize::from(self.take(message)?);
                } else {
                    match messages.recv_timeout(Duration::from_millis(100)) {
                        Ok(messages) => told = messages.into_iter(),
                        Err(RecvTimeoutError::Timeout) => {}
                        Err(RecvTimeoutError::Disconnected) => return Err(IngestError::Thread),
                    }
                }
                if self.uncommitted && self.last_commit.elapsed() >= self.options.commit_every {
                    self.commit()?;
                }
            }
            // The readers see that nobody listens and end.
            drop(messages);
            Ok(())
        })
    }

    /// Drops what a file gave in an earlier run, once it is certain that it gives something else.
    fn forget_old(&mut self, file: usize) -> Result<(), EngineError> {
        if let Some(known) = &self.work[file].known
            && self.forgotten.insert(file)
        {
            self.writer.forget(known.number)?;
            self.uncommitted = true;
        }
        Ok(())
    }

    /// Takes one message; whether a file came to its end.
    fn take(&mut self, message: Message) -> Result<bool, IngestError> {
        match message {
            Message::Article(file, article) => {
                self.forget_old(file)?;
                let number = self.work[file].number;
                self.writer.put(article, number)?;
                self.uncommitted = true;
                self.articles += 1;
                self.open.entry(file).or_default().articles += 1;
                Ok(false)
            }
            Message::Problem(file, problem) => {
                *self.summary.problems.entry(problem.kind).or_default() += 1;
                self.observer.skipped(&self.work[file].source.path, &problem);
                self.open.entry(file).or_default().problems.push(problem);
                Ok(false)
            }
            Message::Same(file) => {
                // Touched and not changed: only the ledger learns of it.
                let work = &self.work[file];
                if let Some(mut record) = work.known.clone() {
                    record.changed = work.source.changed;
                    record.young = work.young();
                    record.site = work.site;
                    self.note(file, record);
                }
                self.summary.unchanged += 1;
                self.observer.read(work.source.size, self.articles);
                Ok(true)
            }
            Message::Renamed(file, old_path, old) => {
                let work = &self.work[file];
                for mut article in self.writer.articles(old.number)? {
                    // What lies in an archive keeps its place in it.
                    let inside = article.origin.path.strip_prefix(&old_path[..]).unwrap_or("");
                    let path = format!("{}{inside}", work.source.path);
                    article.id = renamed_id(&article, &path);
                    article.origin.root.clone_from(&work.root);
                    article.origin.path = path;
                    self.writer.put(Box::new(article), work.number)?;
                }
                self.writer.forget(old.number)?;
                self.renamed.push(old.number);
                let record = FileRecord {
                    number: work.number,
                    changed: work.source.changed,
                    young: work.young(),
                    ..old
                };
                self.note(file, record);
                self.summary.renamed += 1;
                self.observer.read(work.source.size, self.articles);
                Ok(true)
            }
            Message::Done(file, digest, format) => {
                self.forget_old(file)?;
                let work = &self.work[file];
                let mut record = self.open.remove(&file).unwrap_or_default();
                record.number = work.number;
                record.size = work.source.size;
                record.changed = work.source.changed;
                record.young = work.young();
                record.site = work.site;
                record.digest = digest;
                record.format = format.to_owned();
                record.finished = true;
                record.problems.sort_by(|a, b| a.place.cmp(&b.place));
                if let Some(known) = &work.known {
                    self.summary.changed += 1;
                    self.summary.again += u64::from(known.digest == digest);
                } else {
                    self.summary.new += 1;
                }
                *self.summary.articles.entry(format.to_owned()).or_default() += record.articles;
                self.note(file, record);
                self.observer.read(work.source.size, self.articles);
                Ok(true)
            }
        }
    }

    fn note(&mut self, file: usize, record: FileRecord) {
        let work = &self.work[file];
        if let Some(root) = self.ledger.roots.get_mut(&work.root) {
            root.files.insert(work.source.path.clone(), record);
        }
        self.uncommitted = true;
    }

    fn commit(&mut self) -> Result<(), EngineError> {
        // What an unfinished file gave so far is in the index now; the next run must know its
        // number to drop it.
        let mut ledger = self.ledger.clone();
        for (file, record) in &self.open {
            let work = &self.work[*file];
            let record = FileRecord { number: work.number, finished: false, ..record.clone() };
            if let Some(root) = ledger.roots.get_mut(&work.root) {
                root.files.insert(work.source.path.clone(), record);
            }
        }
        self.writer.commit(&ledger)?;
        self.summary.commits += 1;
        self.observer.committed(self.articles);
        self.uncommitted = false;
        self.last_commit = Instant::now();
        Ok(())
    }
}

/// The id of an article under another path: an id of its own stays, one made of the path follows.
fn renamed_id(article: &Article, path: &str) -> String {
    if article.id == article.origin.to_string() {
        let origin = crate::article::Origin { path: path.to_owned(), ..article.origin.clone() };
        origin.to_string()
    } else {
        article.id.clone()
    }
}
