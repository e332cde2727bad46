//! The engine on this disk. The only room that names tantivy.

mod again;
mod alike;
mod check;
mod collect;
mod compile;
mod counts;
mod deadline;
mod directory;
mod disk;
mod expand;
mod fields;
mod forms;
mod kept;
mod lists;
mod optimize;
mod postings;
#[cfg(test)]
mod power;
mod pull;
mod range;
mod segment;
mod sets;
mod share;
mod sketches;
mod store;
mod stored;
mod windows;
mod write;

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use serde::Deserialize;
use tantivy::Directory;
use tantivy::collector::DocSetCollector;
use tantivy::directory::INDEX_WRITER_LOCK;
use tantivy::directory::error::{LockError, OpenDirectoryError, OpenReadError};
use tantivy::query::TermSetQuery;
use tantivy::store::Compressor;
use tantivy::{
    DocAddress, Index, IndexReader, IndexSettings, ReloadPolicy, Searcher, TantivyError, Term,
};

use self::alike::Groups;
use self::collect::Ranked;
use self::compile::Scan;
use self::deadline::Deadline;
use self::directory::SafeDirectory;
use self::fields::Fields;
use self::kept::Kept;
use self::pull::{Pull, Reading};
use self::stored::Unpacker;
use super::guard::guarded;
use super::{Answer, Duplicates, Engine, EngineError, Request, Status};
use crate::article::Article;
use crate::hit::{Hit, Place};
use crate::ledger::Ledger;
use crate::passage::{self, Sought};
use crate::query::Query;
use crate::schema::{BUNDLED, Schema};
use crate::spans::Late;

pub use self::check::{Checked, Damage};
pub use self::write::WriterOptions;

/// The file of an index that holds the declaration of fields it was built with.
const DECLARATION: &str = "article.toml";
/// The folder of an index that is tantivy's.
const TANTIVY: &str = "tantivy";
/// In that folder, tantivy's note of the last commit.
const META: &str = "meta.json";

/// How many bytes of stored articles tantivy keeps together. A hit reads one such block.
const BLOCK: usize = 2_048;

/// An index on this disk.
pub struct Local {
    place: PathBuf,
    schema: Schema,
    fields: Fields,
    index: Index,
    directory: SafeDirectory,
    reader: IndexReader,
    /// How long a search may take.
    limit: Option<Duration>,
    /// What is kept of the segments of the last searcher.
    kept: Mutex<Option<Arc<Kept>>>,
}

impl Local {
    /// Opens the index at `place`.
    ///
    /// # Errors
    ///
    /// Where there is none, where it has another version, and where it cannot be read.
    pub fn open(place: &Path) -> Result<Self, EngineError> {
        let declaration = place.join(DECLARATION);
        let text = match fs::read(&declaration) {
            Ok(text) => text,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                if store::Rebuild::begun(place).is_some() {
                    return Err(EngineError::Unfinished { path: place.to_owned() });
                }
                if store::has_commit(place) {
                    return Err(damaged(place, format!("{DECLARATION} is missing")));
                }
                return Err(EngineError::NoIndex { path: place.to_owned() });
            }
            Err(error) => return Err(damaged(place, format!("{DECLARATION}: {error}"))),
        };
        let unreadable = || damaged(place, format!("{DECLARATION} cannot be read"));
        let schema = if text == BUNDLED.as_bytes() {
            Schema::bundled()
        } else {
            let declared = std::str::from_utf8(&text).map_err(|_| unreadable())?;
            // The version comes first: what else stands there may be of another time.
            let found = Schema::version_of(declared).ok_or_else(unreadable)?;
            let wanted = Schema::bundled().version;
            if found != wanted {
                return Err(EngineError::OtherVersion { path: place.to_owned(), found, wanted });
            }
            Schema::parse(declared).map_err(|_| unreadable())?
        };
        let local = guarded(place, || {
            let failed = |error| explain(place, error);
            let directory = SafeDirectory::open(&place.join(TANTIVY)).map_err(failed)?;
            let index = Index::open(directory.clone()).map_err(failed)?;
            Self::with(place, schema, index, directory)
        })?;
        let sum = local.payload()?.declaration;
        if sum != 0 && sum != crc32fast::hash(&text) {
            return Err(damaged(place, format!("{DECLARATION} is not as it was written")));
        }
        Ok(local)
    }

    /// Opens the index at `place`, or makes an empty one where there is none.
    ///
    /// # Errors
    ///
    /// As [`Local::open`], and where nothing can be written there.
    pub fn open_or_create(place: &Path) -> Result<Self, EngineError> {
        match Self::open(place) {
            Err(EngineError::NoIndex { .. }) => Self::create(place),
            Err(EngineError::Unfinished { .. })
                if store::Rebuild::begun(place).is_some_and(|begun| begun.removed) =>
            {
                Self::create(place)
            }
            other => other,
        }
    }

    fn create(place: &Path) -> Result<Self, EngineError> {
        let unwritable = |error: std::io::Error| cannot_write(place, &error);
        let tantivy = place.join(TANTIVY);
        disk::make_folder(&tantivy).map_err(unwritable)?;
        let schema = Schema::bundled();
        let failed = |error| explain(place, error);
        let settings = IndexSettings {
            // Each is packed by itself.
            docstore_compression: Compressor::None,
            docstore_blocksize: BLOCK,
            ..IndexSettings::default()
        };
        let directory = SafeDirectory::open(&tantivy).map_err(failed)?;
        let index = Index::builder()
            .schema(Fields::declare().1)
            .settings(settings)
            .open_or_create(directory.clone())
            .map_err(failed)?;
        // The declaration comes last: a folder without it is not an index yet.
        disk::write_lasting(&place.join(DECLARATION), BUNDLED.as_bytes()).map_err(unwritable)?;
        Self::with(place, schema, index, directory)
    }

    fn with(
        place: &Path,
        schema: Schema,
        index: Index,
        directory: SafeDirectory,
    ) -> Result<Self, EngineError> {
        let reader = index
            .reader_builder()
            .reload_policy(ReloadPolicy::Manual)
            .try_into()
            .map_err(|error| explain(place, error))?;
        Ok(Self {
            place: place.to_owned(),
            schema,
            fields: Fields::declare().0,
            index,
            directory,
            reader,
            limit: None,
            kept: Mutex::default(),
        })
    }

    /// The folders that the index at `place` was built from, also where it can no longer be
    /// searched; empty where even that cannot be read.
    pub fn roots_of(place: &Path) -> Vec<PathBuf> {
        let known: Vec<PathBuf> = store::last_ledger(place)
            .map(|ledger| ledger.roots.values().map(|root| PathBuf::from(&root.place)).collect())
            .unwrap_or_default();
        if known.is_empty() {
            store::Rebuild::begun(place).map(|begun| begun.roots).unwrap_or_default()
        } else {
            known
        }
    }

    /// Removes the index at `place`, and nothing else that may lie there, and begins an empty one
    /// that is to be built from `roots`.
    ///
    /// That it was begun is kept beside the index until [`Local::built_anew`], so that
    /// [`Local::go_on_anew`] can go on after a run that was killed.
    ///
    /// # Errors
    ///
    /// Where another process writes, and where something cannot be removed or written.
    pub fn begin_anew(place: &Path, roots: &[PathBuf]) -> Result<Self, EngineError> {
        let unwritable = |error: std::io::Error| cannot_write(place, &error);
        let lock = write_lock(place)?;
        disk::make_folder(place).map_err(unwritable)?;
        let mut rebuild = store::Rebuild { roots: roots.to_owned(), removed: false };
        rebuild.keep(place).map_err(unwritable)?;
        store::remove(place).map_err(unwritable)?;
        rebuild.removed = true;
        rebuild.keep(place).map_err(unwritable)?;
        drop(lock);
        Self::open_or_create(place)
    }

    /// Goes on with an index that was begun anew, from the beginning where it is of no use.
    ///
    /// # Errors
    ///
    /// As [`Local::begin_anew`].
    pub fn go_on_anew(place: &Path, roots: &[PathBuf]) -> Result<Self, EngineError> {
        let removed = store::Rebuild::begun(place).is_some_and(|begun| begun.removed);
        match Self::open_or_create(place) {
            Ok(local) if removed => Ok(local),
            _ => Self::begin_anew(place, roots),
        }
    }

    /// The folders of an index that was begun anew, where that was not finished.
    pub fn to_build_anew(place: &Path) -> Option<Vec<PathBuf>> {
        store::Rebuild::begun(place).map(|begun| begun.roots)
    }

    /// Forgets that the index was begun anew, once it knows its folders itself.
    ///
    /// # Errors
    ///
    /// Where the index can be neither read nor written.
    pub fn built_anew(&self) -> Result<(), EngineError> {
        if store::Rebuild::begun(&self.place).is_some() && !self.ledger()?.roots.is_empty() {
            store::Rebuild::end(&self.place).map_err(|error| cannot_write(&self.place, &error))?;
        }
        Ok(())
    }

    /// Gives each search so long from now on; one that would take longer is an error.
    pub fn limited_to(self, limit: Option<Duration>) -> Self {
        Self { limit, ..self }
    }

    /// Looks again at the last commit.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    pub fn reload(&self) -> Result<(), EngineError> {
        self.reader.reload().map_err(|error| self.failed(error))
    }

    /// Commits so far: the number that names a state of the index.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    pub fn generation(&self) -> Result<u64, EngineError> {
        Ok(self.payload()?.generation)
    }

    /// When the last commit was made, where the system tells.
    pub fn committed(&self) -> Option<std::time::SystemTime> {
        fs::metadata(self.place.join(TANTIVY).join(META)).ok()?.modified().ok()
    }

    /// The articles that are nearly the same as that of a short id, itself among them; none for an
    /// article without others like it.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    pub fn like(&self, key: &str) -> Result<Vec<Hit>, EngineError> {
        let kept = self.kept()?;
        let number = u64::from_str_radix(key, 16).ok();
        match number.and_then(|number| kept.groups().like(number)) {
            Some(group) => guarded(&self.place, || self.group(&group, &kept)),
            None => Ok(Vec::new()),
        }
    }

    /// Where the index is.
    pub fn place(&self) -> &Path {
        &self.place
    }

    fn failed(&self, error: TantivyError) -> EngineError {
        if self.directory.is_full() { disk_full(&self.place) } else { explain(&self.place, error) }
    }

    /// The groups of the last commit, and what unpacks its articles.
    fn groups_and_unpacker(&self) -> Result<(Groups, Unpacker), EngineError> {
        let (groups, dictionary) = self.beside(|payload| {
            let groups = payload.groups.mapped(&self.place, &self.directory)?;
            Ok((groups, payload.dictionary.mapped(&self.place, &self.directory)?))
        })?;
        let groups = Groups::read(groups)
            .ok_or_else(|| damaged(&self.place, "its groups do not fit together"))?;
        let unpacker = Unpacker::new(dictionary);
        Ok((groups, unpacker.map_err(|error| damaged(&self.place, error.to_string()))?))
    }

    /// What is kept of the segments that are searched now.
    fn kept(&self) -> Result<Arc<Kept>, EngineError> {
        let searcher = self.reader.searcher();
        let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.as_ref().filter(|kept| kept.is_of(&searcher)) {
            return Ok(Arc::clone(kept));
        }
        let (groups, unpacker) = self.groups_and_unpacker()?;
        let new = Arc::new(Kept::of(searcher, Arc::new(groups), Arc::new(unpacker)));
        *kept = Some(Arc::clone(&new));
        Ok(new)
    }

    /// Reads a file of the last commit, once more where another process committed meanwhile and
    /// removed it.
    fn beside<T>(
        &self,
        read: impl Fn(&store::Payload) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        loop {
            let payload = self.payload()?;
            match read(&payload) {
                Err(_) if self.payload()? != payload => {}
                done => return done,
            }
        }
    }

    /// The note of the last commit. `Index::load_metas` reads all else that stands beside it, which
    /// takes three times as long.
    fn payload(&self) -> Result<store::Payload, EngineError> {
        let meta = self.directory.atomic_read(Path::new(META));
        let meta = meta.map_err(|error| self.failed(error.into()))?;
        let noted: Noted = serde_json::from_slice(&meta)
            .map_err(|_| damaged(&self.place, format!("{META} cannot be read")))?;
        store::Payload::parse(noted.payload.as_deref()).map_err(|why| damaged(&self.place, why))
    }
}

/// Of tantivy's note of a commit what is fiche's.
#[derive(Deserialize)]
struct Noted {
    payload: Option<String>,
}

fn damaged(place: &Path, why: impl Into<String>) -> EngineError {
    EngineError::Damaged { path: place.to_owned(), why: why.into() }
}

fn disk_full(place: &Path) -> EngineError {
    EngineError::DiskFull { path: place.to_owned(), commit: store::last_commit(place) }
}

/// Takes the lock of the one writer; `None` where there is nothing to write yet.
fn write_lock(place: &Path) -> Result<Option<tantivy::directory::DirectoryLock>, EngineError> {
    let tantivy = place.join(TANTIVY);
    if !tantivy.is_dir() {
        return Ok(None);
    }
    let failed = |error| explain(place, error);
    let directory = SafeDirectory::open(&tantivy).map_err(failed)?;
    let lock = directory
        .acquire_lock(&INDEX_WRITER_LOCK)
        .map_err(|error| failed(TantivyError::LockFailure(error, None)))?;
    Ok(Some(lock))
}

fn cannot_write(place: &Path, error: &std::io::Error) -> EngineError {
    if disk::is_full(error) {
        return disk_full(place);
    }
    EngineError::ReadOnly { path: place.to_owned(), why: error.to_string() }
}

/// What an error of tantivy means to a person.
fn explain(place: &Path, error: TantivyError) -> EngineError {
    let damage = |error: &TantivyError| damaged(place, error.to_string());
    match &error {
        TantivyError::IoError(io) if disk::is_full(io) => disk_full(place),
        TantivyError::IoError(io) if directory::is_read_only(io) => cannot_write(place, io),
        TantivyError::OpenWriteError(tantivy::directory::error::OpenWriteError::IoError {
            io_error,
            ..
        }) => cannot_write(place, io_error),
        TantivyError::ErrorInThread(why) | TantivyError::InternalError(why)
            if why.contains("No space left") || why.contains("StorageFull") =>
        {
            disk_full(place)
        }
        TantivyError::LockFailure(LockError::LockBusy, _) => {
            EngineError::Busy { holder: store::holder(place) }
        }
        TantivyError::LockFailure(LockError::IoError(io), _) => cannot_write(place, io),
        TantivyError::OpenDirectoryError(OpenDirectoryError::DoesNotExist(_)) => {
            damaged(place, format!("its folder {TANTIVY} is missing"))
        }
        TantivyError::OpenReadError(OpenReadError::FileDoesNotExist(file)) => {
            damaged(place, format!("{} is missing", file.display()))
        }
        TantivyError::OpenReadError(OpenReadError::IoError { io_error, filepath }) => {
            damaged(place, format!("{}: {io_error}", filepath.display()))
        }
        TantivyError::DataCorruption(_)
        | TantivyError::OpenReadError(_)
        | TantivyError::IncompatibleIndex(_)
        | TantivyError::IoError(_)
        | TantivyError::SchemaError(_)
        | TantivyError::DeserializeError(_) => damage(&error),
        _ => EngineError::Failed(Box::new(error)),
    }
}

/// An error of [`Kept::article`] with the place of the index.
fn placed(error: EngineError, place: &Path) -> EngineError {
    match error {
        EngineError::Damaged { why, .. } => damaged(place, why),
        EngineError::Failed(source) => match source.downcast::<TantivyError>() {
            Ok(error) => explain(place, *error),
            Err(source) => EngineError::Failed(source),
        },
        other => other,
    }
}

impl Engine for Local {
    fn search(&self, request: &Request) -> Result<Answer<'_>, EngineError> {
        self.in_time(|deadline| self.found(request, deadline))
    }

    fn sought(&self, query: &Query) -> Result<Vec<Sought>, EngineError> {
        self.in_time(|deadline| {
            let kept = self.kept()?;
            Ok(compile::compile(query, &self.scan(&kept, deadline))?.sought)
        })
    }

    fn read(&self, id: &str) -> Result<Vec<Hit>, EngineError> {
        self.in_time(|deadline| self.named(id, deadline))
    }

    fn duplicates(&self) -> Result<super::Groups<'_>, EngineError> {
        let kept = self.kept()?;
        let groups: Vec<Vec<u64>> = kept.groups().groups().collect();
        Ok(Box::new(
            groups.into_iter().map(move |group| guarded(&self.place, || self.group(&group, &kept))),
        ))
    }

    fn ledger(&self) -> Result<Ledger, EngineError> {
        self.beside(|payload| store::read_ledger(&self.place, payload))
    }

    fn status(&self) -> Result<Status, EngineError> {
        self.in_time(|deadline| self.held(deadline))
    }
}

/// The work behind [`Engine`], which may find the files of the index other than they were.
impl Local {
    /// Does the work of a search, and makes nothing of what it found where that took too long.
    fn in_time<T>(
        &self,
        work: impl FnOnce(&Arc<Deadline>) -> Result<T, EngineError>,
    ) -> Result<T, EngineError> {
        let deadline = Deadline::after(self.limit);
        let done = guarded(&self.place, || work(&deadline));
        match self.limit {
            Some(limit) if deadline.missed() => Err(EngineError::OutOfTime { limit }),
            _ => done,
        }
    }

    fn scan<'s>(&'s self, kept: &'s Arc<Kept>, deadline: &'s Arc<Deadline>) -> Scan<'s> {
        Scan { kept, fields: self.fields, ranking: &self.schema.ranking, deadline }
    }

    fn found(
        &self,
        request: &Request,
        deadline: &Arc<Deadline>,
    ) -> Result<Answer<'_>, EngineError> {
        let kept = self.kept()?;
        let searcher = &kept.searcher;
        let scan = self.scan(&kept, deadline);
        let mut compiled = compile::compile(&request.query, &scan)?;
        if request.expand
            && let Some(wider) = expand::expand(&request.query, &scan, &kept)?
        {
            // Snippets show what was typed.
            let wider = compile::compile(&wider, &scan)?;
            (compiled.query, compiled.parts) = (wider.query, wider.parts);
            compiled.postings = wider.postings;
        }
        let reasons = if request.explain { &compiled.parts[..] } else { &[] }
            .iter()
            .map(|part| part.explained(searcher))
            .collect::<tantivy::Result<Vec<_>>>()
            .map_err(|error| self.failed(error))?;
        let most = usize::try_from(searcher.num_docs()).unwrap_or(usize::MAX);
        let keep = request
            .limit
            .map_or(usize::MAX, |limit| limit.saturating_add(request.offset))
            .min(most);
        let collector = Ranked {
            sort: request.sort,
            keep,
            facets: request.facets.clone(),
            duplicates: request.duplicates,
            kept: Arc::clone(&kept),
            counted: Arc::default(),
            deadline: Arc::clone(deadline),
        };
        let found = collector
            .find(&*compiled.query, compiled.postings)
            .map_err(|error| self.failed(error))?;
        let (total, groups) = (found.total, found.groups);
        let tallies = (request.facets.iter().zip(&found.counted))
            .map(|(facet, counted)| counts::tally(*facet, counted, &kept))
            .collect::<tantivy::Result<_>>()
            .map_err(|error| self.failed(error))?;
        let mut sought = compiled.sought;
        for word in &request.aside {
            let term = Term::from_field_text(self.fields.text, word);
            let holds = searcher.doc_freq(&term).map_err(|error| self.failed(error))?;
            let share = holds as f32 / searcher.num_docs().max(1) as f32;
            sought.push(Sought::aside(word, (1.0 - share).max(0.0)));
        }
        let reading = Reading {
            place: self.place.clone(),
            kept: Arc::clone(&kept),
            fields: self.fields,
            sought,
            snippets: request.snippets,
            width: request.width,
            reasons,
            each: request.duplicates == Duplicates::Each,
            texts: request.texts,
            limit: self.limit,
        };
        let left = (found.ranked.into_iter().enumerate())
            .skip(request.offset)
            .map(|(number, (score, at))| (number + 1, score, at));
        let hits = Pull::new(reading, left);
        Ok(Answer { total, groups, tallies, notes: compiled.notes, hits: Box::new(hits) })
    }

    fn named(&self, id: &str, deadline: &Arc<Deadline>) -> Result<Vec<Hit>, EngineError> {
        let kept = self.kept()?;
        let query = crate::query::Query::Label {
            field: "id".to_owned(),
            value: crate::words::fold_label(id),
            glob: false,
        };
        let compiled = compile::compile(&query, &self.scan(&kept, deadline))?;
        let collector = Ranked {
            sort: super::Sort::Oldest,
            keep: 100,
            facets: Vec::new(),
            // An id is of one place.
            duplicates: Duplicates::Each,
            kept: Arc::clone(&kept),
            counted: Arc::default(),
            deadline: Arc::clone(deadline),
        };
        let found = collector
            .find(&*compiled.query, compiled.postings)
            .map_err(|error| self.failed(error))?;
        found
            .ranked
            .into_iter()
            .enumerate()
            .map(|(number, (_, at))| {
                let mut hit = hit_of(kept.article(at)?, number + 1, 0.0, &[], 0, 0, &|| false);
                note_others(&mut hit, kept.groups());
                hit.also = also(&hit, &kept, self.fields)?;
                Ok(hit)
            })
            .collect()
    }

    /// The articles of a group, oldest first.
    fn group(&self, group: &[u64], kept: &Kept) -> Result<Vec<Hit>, EngineError> {
        let terms = group
            .iter()
            .map(|number| Term::from_field_text(self.fields.key, &fields::key_of(*number)));
        let found = (kept.searcher)
            .search(&TermSetQuery::new(terms), &DocSetCollector)
            .map_err(|error| self.failed(error))?;
        let mut hits: Vec<Hit> = found
            .into_iter()
            .map(|at| {
                let mut hit = hit_of(kept.article(at)?, 0, 0.0, &[], 0, 0, &|| false);
                note_others(&mut hit, kept.groups());
                Ok(hit)
            })
            .collect::<Result<_, EngineError>>()?;
        hits.sort_by(|a, b| order_of(a).cmp(&order_of(b)));
        for (hit, rank) in hits.iter_mut().zip(1..) {
            hit.rank = rank;
        }
        Ok(hits)
    }

    fn held(&self, deadline: &Arc<Deadline>) -> Result<Status, EngineError> {
        let kept = self.kept()?;
        let (searcher, members) = (&kept.searcher, kept.groups());
        let (groups, near) = members.totals();
        let mut status = Status {
            articles: searcher.num_docs().saturating_sub(members.copies()),
            copies: members.copies(),
            groups,
            near,
            segments: searcher.segment_readers().len(),
            bytes: store::size_of(&self.place),
            generation: self.payload()?.generation,
            ..Status::default()
        };
        let mut coverage: BTreeMap<String, u64> = BTreeMap::new();
        for reader in searcher.segment_readers() {
            let failed = |error: TantivyError| self.failed(error);
            let days = reader.fast_fields().i64("day").map_err(failed)?;
            for doc in reader.doc_ids_alive() {
                if let Some(day) = days.first(doc) {
                    let (first, last) = status.days.get_or_insert((day, day));
                    *first = day.min(*first);
                    *last = day.max(*last);
                }
            }
        }
        for name in ["headline", "date", "section", "author", "source", "lang", "url"] {
            let query = crate::query::Query::Has(name.to_owned());
            let compiled = compile::compile(&query, &self.scan(&kept, deadline))?;
            let collector = Ranked {
                sort: super::Sort::Oldest,
                keep: 0,
                facets: Vec::new(),
                duplicates: Duplicates::Show,
                kept: Arc::clone(&kept),
                counted: Arc::default(),
                deadline: Arc::clone(deadline),
            };
            let found = collector
                .find(&*compiled.query, compiled.postings)
                .map_err(|error| self.failed(error))?;
            coverage.insert(name.to_owned(), found.total);
        }
        status.coverage = coverage.into_iter().collect();
        Ok(status)
    }
}

/// Notes in a hit how many others are like it.
fn note_others(hit: &mut Hit, members: &Groups) {
    let number = fields::number(&hit.article.origin);
    hit.near = members.near(number);
    hit.copies = members.places(number).len().saturating_sub(1) as u32;
}

/// The other places of a hit's article, in their order.
fn also(hit: &Hit, kept: &Kept, fields: Fields) -> Result<Vec<Place>, EngineError> {
    let own = fields::number(&hit.article.origin);
    let others: Vec<Term> = (kept.groups().places(own).iter())
        .filter(|number| **number != own)
        .map(|number| Term::from_field_text(fields.key, &fields::key_of(*number)))
        .collect();
    if others.is_empty() {
        return Ok(Vec::new());
    }
    let failed = |error: TantivyError| EngineError::Failed(Box::new(error));
    let found =
        (kept.searcher).search(&TermSetQuery::new(others), &DocSetCollector).map_err(failed)?;
    let mut places: Vec<Place> = found
        .into_iter()
        .map(|at| {
            let (article, _) = kept.article_without_texts(at)?;
            Ok(Place { key: fields::key(&article.origin), origin: article.origin })
        })
        .collect::<Result<_, EngineError>>()?;
    places.sort_by(|a, b| a.origin.cmp(&b.origin));
    Ok(places)
}

/// The order of like articles: by their day of publication, the undated last, then by id.
fn order_of(hit: &Hit) -> (i64, &str, &crate::article::Origin) {
    let day = hit.article.published.map_or(i64::MAX, |date| date.first_day());
    (day, &hit.article.id, &hit.article.origin)
}

/// The documents of a file.
fn documents_of(
    searcher: &Searcher,
    fields: Fields,
    file: crate::ledger::FileNumber,
) -> tantivy::Result<Vec<DocAddress>> {
    let terms = TermSetQuery::new([Term::from_field_u64(fields.file, file)]);
    let mut found: Vec<DocAddress> =
        searcher.search(&terms, &DocSetCollector)?.into_iter().collect();
    found.sort_unstable();
    Ok(found)
}

fn hit_of(
    article: Article,
    rank: usize,
    score: f32,
    sought: &[Sought],
    snippets: usize,
    width: usize,
    late: Late<'_>,
) -> Hit {
    let (snippets, headline_marks) = if snippets == 0 {
        (Vec::new(), Vec::new())
    } else {
        passage::show(&article, sought, snippets, width, late)
    };
    let key = fields::key(&article.origin);
    let words = article.words();
    Hit { rank, score, key, words, article, snippets, headline_marks, ..Hit::default() }
}
