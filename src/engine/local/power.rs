//! Power cuts: every step that is done to the files of an index is kept in a journal, and what a
//! disk might hold is rebuilt at each of them.

use std::collections::{BTreeMap, HashMap, HashSet};
use std::fs;
use std::hash::BuildHasher;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};

use rustc_hash::FxBuildHasher;

use super::disk::Step;
use super::{Local, WriterOptions};
use crate::article::{Article, Origin};
use crate::engine::{Engine, EngineError, Request, Sort};
use crate::ledger::{FileRecord, Ledger, Root};
use crate::query::Query;

/// The folder that is looked on, and what was done below it.
static JOURNAL: Mutex<Option<(PathBuf, Vec<Entry>)>> = Mutex::new(None);

#[derive(Debug, Clone)]
enum Entry {
    Step(Step),
    /// The commit of that number was told to be lasting.
    Told(u64),
}

fn paths(step: &Step) -> &Path {
    match step {
        Step::Folder(path)
        | Step::Make(path)
        | Step::Write(path, _)
        | Step::Sync(path)
        | Step::Rename(path, _)
        | Step::Remove(path)
        | Step::SyncFolder(path) => path,
    }
}

pub(super) fn note(step: impl FnOnce() -> Step) {
    let mut journal = JOURNAL.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some((root, entries)) = &mut *journal {
        let step = step();
        if paths(&step).starts_with(root) {
            entries.push(Entry::Step(step));
        }
    }
}

fn told(generation: u64) {
    if let Some((_, entries)) = &mut *JOURNAL.lock().unwrap() {
        entries.push(Entry::Told(generation));
    }
}

/// Numbers that look like chance and are the same in every run.
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % bound.max(1) as u64) as usize
    }
}

/// What of the steps that nobody asked to be made lasting is on the disk all the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Model {
    /// Nothing.
    Strict,
    /// Everything, as after a kill.
    All,
    /// Those of names up to one of them, in their order, and of each file's bytes the first ones.
    Ordered,
    /// Any of them.
    Unordered,
}

/// Models with how often each is tried, as chance has a part in the last two.
const MODELS: [(Model, u64); 4] =
    [(Model::Strict, 1), (Model::All, 1), (Model::Ordered, 3), (Model::Unordered, 3)];

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Node {
    Folder,
    File(usize),
}

/// A change of names in one folder.
#[derive(Debug, Clone)]
enum Change {
    Link(PathBuf, Node),
    Unlink(PathBuf),
    Rename(PathBuf, PathBuf, Node),
}

type Names = BTreeMap<PathBuf, Node>;

fn apply(change: &Change, names: &mut Names) {
    match change {
        Change::Link(path, node) => {
            names.insert(path.clone(), *node);
        }
        Change::Unlink(path) => {
            names.remove(path);
        }
        Change::Rename(from, to, node) => {
            names.remove(from);
            names.insert(to.clone(), *node);
        }
    }
}

/// A disk, and what of it would outlast a power cut.
#[derive(Default)]
struct Disk {
    /// What each file holds, and how much of it is lasting.
    files: Vec<(Vec<u8>, usize)>,
    names: Names,
    lasting: Names,
    pending: Vec<Change>,
}

impl Disk {
    fn change(&mut self, change: Change) {
        apply(&change, &mut self.names);
        self.pending.push(change);
    }

    fn file(&mut self, path: &Path) -> &mut (Vec<u8>, usize) {
        match self.names.get(path) {
            Some(Node::File(file)) => &mut self.files[*file],
            other => panic!("{} is {other:?}", path.display()),
        }
    }

    fn take(&mut self, step: &Step) {
        match step {
            Step::Folder(path) => self.change(Change::Link(path.clone(), Node::Folder)),
            Step::Make(path) => {
                self.files.push((Vec::new(), 0));
                self.change(Change::Link(path.clone(), Node::File(self.files.len() - 1)));
            }
            Step::Write(path, bytes) => self.file(path).0.extend_from_slice(bytes),
            Step::Sync(path) => {
                let file = self.file(path);
                file.1 = file.0.len();
            }
            Step::Rename(from, to) => {
                let node = self.names[from];
                self.change(Change::Rename(from.clone(), to.clone(), node));
            }
            Step::Remove(path) => self.change(Change::Unlink(path.clone())),
            Step::SyncFolder(folder) => {
                let within = |change: &Change| {
                    let (Change::Link(path, _) | Change::Unlink(path) | Change::Rename(path, ..)) =
                        change;
                    path.parent() == Some(folder)
                };
                let lasting = &mut self.lasting;
                self.pending.retain(|change| {
                    let now = within(change);
                    if now {
                        apply(change, lasting);
                    }
                    !now
                });
            }
        }
    }

    /// The files that are there after a power cut.
    fn image(&self, model: Model, chance: &mut Chance) -> Image<'_> {
        let mut names = self.lasting.clone();
        let first = chance.below(self.pending.len() + 1);
        for (number, change) in self.pending.iter().enumerate() {
            let there = match model {
                Model::Strict => false,
                Model::All => true,
                Model::Ordered => number < first,
                Model::Unordered => chance.below(2) == 0,
            };
            if there {
                apply(change, &mut names);
            }
        }
        // A folder that is not there takes what is in it along.
        let reachable = |path: &Path| {
            let mut around = path.ancestors().skip(1).filter(|at| self.names.contains_key(*at));
            around.all(|folder| names.get(folder) == Some(&Node::Folder))
        };
        let mut kept = |(bytes, lasting): &(Vec<u8>, usize)| match model {
            Model::Strict => *lasting,
            Model::All => bytes.len(),
            Model::Ordered | Model::Unordered => lasting + chance.below(bytes.len() - lasting + 1),
        };
        let mut image = Vec::new();
        for (path, node) in names.iter().filter(|(path, _)| reachable(path)) {
            let bytes = match node {
                Node::Folder => None,
                Node::File(file) => {
                    let file = &self.files[*file];
                    Some(&file.0[..kept(file)])
                }
            };
            image.push((path.clone(), bytes));
        }
        image
    }
}

/// Folders and files, those around before those within.
type Image<'d> = Vec<(PathBuf, Option<&'d [u8]>)>;

/// What the index held at each commit: the articles' ids with their headlines.
type History = Vec<BTreeMap<String, String>>;

/// What was seen at all boundaries.
#[derive(Debug, Default)]
struct Seen {
    images: u64,
    different: usize,
    /// A commit was told and is not there, or something else is.
    lost: Vec<String>,
    unopenable: Vec<String>,
}

/// A folder in memory where the system has one: nothing here waits for a disk.
fn scratch() -> tempfile::TempDir {
    let memory = Path::new("/dev/shm");
    let made = if memory.is_dir() { tempfile::tempdir_in(memory) } else { tempfile::tempdir() };
    made.unwrap()
}

fn held(local: &Local) -> Result<(u64, BTreeMap<String, String>), EngineError> {
    let request = Request { sort: Sort::Oldest, ..Request::of(Query::All) };
    let mut articles = BTreeMap::new();
    for hit in local.search(&request)?.hits {
        let article = hit?.article;
        articles.insert(article.id, article.headline);
    }
    let files: u64 = local
        .ledger()?
        .roots
        .values()
        .flat_map(|root| root.files.values().map(|file| file.articles))
        .sum();
    assert_eq!(files, articles.len() as u64, "the ledger is of another commit");
    Ok((local.generation()?, articles))
}

/// Opens the index of an image and looks whether it is one of the states that may be there.
fn look(place: &Path, history: &History, told: u64, goes_on: bool) -> Result<(), String> {
    let local = match Local::open(place) {
        Err(EngineError::NoIndex { .. }) if told == 0 => {
            // It was being made: the next run makes it.
            Local::open_or_create(place).map_err(|error| format!("not made: {error}"))?
        }
        other => other.map_err(|error| format!("not opened: {error}"))?,
    };
    let (generation, articles) = held(&local).map_err(|error| format!("not read: {error}"))?;
    if generation < told {
        return Err(format!("lost: commit {generation} of {told}"));
    }
    if articles != history[generation as usize] {
        return Err(format!("lost: commit {generation} holds {articles:?}"));
    }
    if goes_on {
        let written = local.writer(WriterOptions { threads: 1, memory: 16_000_000 }).and_then(
            |mut writer| {
                let article = article(99, generation);
                writer.put(Box::new(article.clone()), 10_000 + generation)?;
                writer.forget(2)?;
                writer.commit(&Ledger::default())?;
                writer.finish()
            },
        );
        written.map_err(|error| format!("not written: {error}"))?;
        let checked = Local::check(place).map_err(|error| format!("not checked: {error}"))?;
        // The ledger that was just written tells of no file; that is the one thing to be found.
        if checked.damage.iter().any(|damage| !damage.why.starts_with("it tells of 0 articles")) {
            return Err(format!("damaged: {:?}", checked.damage));
        }
    }
    Ok(())
}

/// Rebuilds every disk that a power cut could leave and opens what is on it.
fn replay(root: &Path, entries: &[Entry], history: &History) -> Seen {
    let mut disk = Disk::default();
    let mut seen = Seen::default();
    let mut chance = Chance(0x2545_f491_4f6c_dd1d);
    let mut known: HashSet<u64> = HashSet::new();
    let mut told = 0;
    for entry in entries {
        match entry {
            Entry::Told(generation) => told = *generation,
            Entry::Step(step) => disk.take(step),
        }
        for (model, times) in MODELS {
            for _ in 0..times {
                let image = disk.image(model, &mut chance);
                seen.images += 1;
                if !known.insert(FxBuildHasher.hash_one((&image, told))) {
                    continue;
                }
                let scratch = scratch();
                for (path, bytes) in &image {
                    let path = scratch.path().join(path.strip_prefix(root).unwrap());
                    match bytes {
                        None => fs::create_dir(path).unwrap(),
                        Some(bytes) => fs::write(path, bytes).unwrap(),
                    }
                }
                let goes_on = known.len().is_multiple_of(20);
                let found = look(&scratch.path().join("index"), history, told, goes_on);
                if let Err(why) = found {
                    let list =
                        if why.starts_with("lost") { &mut seen.lost } else { &mut seen.unopenable };
                    list.push(format!("{model:?} after {entry:.200?}: {why}"));
                }
            }
        }
    }
    seen.different = known.len();
    seen
}

fn article(file: u64, round: u64) -> Article {
    Article {
        id: format!("{file}-{round}"),
        origin: Origin { root: "r".into(), path: format!("{file}.txt"), part: Some(round as u32) },
        headline: format!("File {file} in round {round}"),
        body: format!("The council of {file} met {round} times about the ferry. ").repeat(20),
        ..Article::default()
    }
}

/// Makes an index, and changes it in rounds; half of the writers are left without a word.
fn rounds(place: &Path, count: u64) -> History {
    let mut history: History = vec![BTreeMap::new()];
    // By file: the number of its last reading, and its articles.
    let mut files: HashMap<u64, (u64, Vec<Article>)> = HashMap::new();
    let mut ledger = Ledger::default();
    let (mut round, mut last) = (0, 0);
    while round < count {
        let local = Local::open_or_create(place).unwrap();
        let options = WriterOptions { threads: 1, memory: 16_000_000 };
        let mut writer = local.writer(options).unwrap();
        for _ in 0..2 + round % 2 {
            round += 1;
            // One file comes, one is read again, and now and then one goes.
            for file in [round, round / 2 + 1] {
                if let Some((known, _)) = files.get(&file) {
                    writer.forget(*known).unwrap();
                }
                last += 1;
                let number = last;
                let articles: Vec<Article> = (0..2).map(|n| article(file, 2 * round + n)).collect();
                for article in &articles {
                    writer.put(Box::new(article.clone()), number).unwrap();
                }
                files.insert(file, (number, articles));
            }
            if round % 3 == 0
                && let Some((known, _)) = files.remove(&(round / 3))
            {
                writer.forget(known).unwrap();
            }
            let root = Root {
                place: "/corpus".into(),
                files: files
                    .iter()
                    .map(|(file, (number, articles))| {
                        let record = FileRecord {
                            number: *number,
                            articles: articles.len() as u64,
                            finished: true,
                            ..FileRecord::default()
                        };
                        (format!("{file}.txt"), record)
                    })
                    .collect(),
                ..Root::default()
            };
            ledger.roots.insert("r".into(), root);
            let articles = files.values().flat_map(|(_, articles)| articles);
            history.push(articles.map(|a| (a.id.clone(), a.headline.clone())).collect());
            writer.commit(&ledger).unwrap();
            told(round);
        }
        if round % 2 == 0 {
            writer.finish().unwrap();
        }
    }
    history
}

#[test]
fn r02_a_power_cut_at_any_step_loses_no_commit() {
    let folder = scratch();
    *JOURNAL.lock().unwrap() = Some((folder.path().to_owned(), Vec::new()));
    let history = rounds(&folder.path().join("index"), 8);
    let (root, entries) = JOURNAL.lock().unwrap().take().unwrap();

    let seen = replay(&root, &entries, &history);
    eprintln!("{} images, {} of them different", seen.images, seen.different);
    assert!(seen.images >= 4000, "{} images", seen.images);
    assert!(seen.lost.is_empty(), "{} of {}: {:#?}", seen.lost.len(), seen.images, seen.lost);
    assert!(seen.unopenable.is_empty(), "{:#?}", seen.unopenable);

    // Without what `SafeDirectory` adds to tantivy, commits are lost: the test can fail.
    let mut bare = Vec::new();
    let mut meta = false;
    for entry in entries {
        let sync = matches!(&entry, Entry::Step(Step::SyncFolder(_)));
        if !(sync && meta) {
            bare.push(entry.clone());
        }
        meta = matches!(&entry, Entry::Step(Step::Rename(_, to)) if to.ends_with("meta.json"));
    }
    let seen = replay(&root, &bare, &history);
    assert!(!seen.lost.is_empty(), "no commit was lost without the sync after its rename");
    assert!(!seen.unopenable.is_empty(), "no index was spoilt without that sync");
}
