//! Writing: one writer, one commit for articles and ledger together.

use std::io;
use std::panic::resume_unwind;
use std::path::PathBuf;
use std::sync::Arc;
use std::thread::{self, JoinHandle};

use rustc_hash::FxHashSet;
use tantivy::directory::OwnedBytes;
use tantivy::indexer::IndexWriterOptions;
use tantivy::merge_policy::LogMergePolicy;
use tantivy::{IndexWriter, TantivyError, Term};

use super::again::Again;
use super::alike::Groups;
use super::segment::{Builders, Plan};
use super::sketches::{Rows, Sketches};
use super::store::Beside;
use super::stored::{self, Dictionary, Packing, Sample};
use super::{Local, documents_of, store};
use crate::article::Article;
use crate::engine::{EngineError, Writer};
use crate::ledger::{FileNumber, Ledger};

/// The least memory of one building thread, in bytes: with 8 MB each article was a segment, since
/// an empty one takes most of that.
const LEAST_MEMORY: usize = 16_000_000;
/// The least room for sketches, in bytes.
const LEAST_ROOM: usize = 1_000_000;
/// How many segments of about one size are merged into one: more of them than tantivy merges by
/// itself, since each segment that is merged is written once more.
const TOGETHER: usize = 16;
/// So many bytes of bodies may wait for a dictionary.
const HELD: usize = 32 << 20;
/// What tantivy's own writer is told that it may use, in bytes; it is handed whole segments and
/// uses nothing of it.
const UNUSED_MEMORY: usize = 16_000_000;

/// How much of the machine a writer may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterOptions {
    /// Threads that build the index, 1 and up.
    pub threads: usize,
    /// Bytes that all of them may hold before they write, in sum.
    pub memory: usize,
}

/// Articles of which a dictionary is to be made before any of them is stored.
#[derive(Default)]
struct First {
    articles: Vec<(Box<Article>, FileNumber)>,
    /// How many bytes their bodies have.
    bytes: usize,
    /// What makes it meanwhile.
    making: Option<JoinHandle<Option<Dictionary>>>,
}

impl First {
    /// Adds an article, and tells whether those that are here are to be stored: the dictionary is
    /// made, or they have `most` bytes.
    fn put(&mut self, article: Box<Article>, file: FileNumber, most: usize) -> io::Result<bool> {
        self.bytes += article.body.len();
        self.articles.push((article, file));
        if let Some(making) = &self.making {
            return Ok(making.is_finished() || self.bytes >= most);
        }
        if self.bytes >= stored::SAMPLE
            && let Some(sample) = self.sample()
        {
            let making = thread::Builder::new().name("fiche-dictionary".to_owned());
            self.making = Some(making.spawn(move || sample.dictionary())?);
        }
        Ok(false)
    }

    fn sample(&self) -> Option<Sample> {
        Sample::of(self.articles.iter().map(|(article, _)| &**article))
    }

    /// The dictionary, once it is made.
    fn dictionary(&mut self) -> Option<Dictionary> {
        match self.making.take() {
            Some(making) => making.join().unwrap_or_else(|fault| resume_unwind(fault)),
            None => self.sample()?.dictionary(),
        }
    }
}

struct LocalWriter<'l> {
    local: &'l Local,
    writer: IndexWriter,
    plan: Plan,
    /// How many bytes of sketches are held, and how many may be used to find what is alike.
    room: usize,
    /// The threads that build, once there is an article for them.
    builders: Option<Builders>,
    /// The first articles of an index without a dictionary.
    first: Option<First>,
    /// The dictionary that was made since the last commit.
    dictionary: Option<Arc<Dictionary>>,
    /// The files of which articles were put since the last commit.
    fresh: FxHashSet<FileNumber>,
    /// The files that were forgotten since then.
    forgotten: FxHashSet<FileNumber>,
    ledger: Ledger,
    /// What the last commit carried.
    payload: store::Payload,
    /// The sketches, once something of them changes.
    sketches: Option<Sketches>,
    place: PathBuf,
}

impl Local {
    /// Opens the one writer of the index.
    ///
    /// # Errors
    ///
    /// Where another process writes, and where nothing can be written.
    pub fn writer(&self, options: WriterOptions) -> Result<Box<dyn Writer + '_>, EngineError> {
        let threads = options.threads.clamp(1, 64);
        let (writer, payload) = self.opened(threads)?;
        let ledger = store::read_ledger(&self.place, &payload)?;
        self.reload()?;
        let plan = Plan {
            index: self.index.clone(),
            fields: self.fields,
            headline: self.schema.ranking.headline.max(1),
            threads,
            memory: (options.memory / threads).max(LEAST_MEMORY),
            packing: if payload.dictionary.file.is_empty() {
                None
            } else {
                Some(self.packing(&Dictionary(payload.dictionary.bytes(&self.place)?))?)
            },
        };
        let first = plan.packing.is_none().then(First::default);
        Ok(Box::new(LocalWriter {
            local: self,
            writer,
            plan,
            room: (options.memory / 4).max(LEAST_ROOM),
            builders: None,
            first,
            dictionary: None,
            fresh: FxHashSet::default(),
            forgotten: FxHashSet::default(),
            ledger,
            payload,
            sketches: None,
            place: self.place.clone(),
        }))
    }

    /// A dictionary made ready for packing.
    fn packing(&self, dictionary: &Dictionary) -> Result<Arc<Packing>, EngineError> {
        let packing = stored::packing(dictionary);
        Ok(Arc::new(packing.map_err(|error| self.failed(TantivyError::from(error)))?))
    }

    /// tantivy's writer on a folder that was cleared of what a killed one left, and what the last
    /// commit carried; it merges with so many threads, two at most.
    pub(super) fn opened(
        &self,
        threads: usize,
    ) -> Result<(IndexWriter, store::Payload), EngineError> {
        let failed = |error| self.failed(error);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(1)
            .memory_budget_per_thread(UNUSED_MEMORY)
            .num_merge_threads(threads.min(2))
            .build();
        self.directory.refill();
        let writer: IndexWriter = self.index.writer_with_options(options).map_err(failed)?;
        let mut merging = LogMergePolicy::default();
        merging.set_min_num_segments(TOGETHER);
        writer.set_merge_policy(Box::new(merging));
        // A writer that was killed leaves files whose names the next one would use again:
        // seen in tantivy 0.27, where every later writer then fails.
        writer.garbage_collect_files().wait().map_err(failed)?;
        let payload = self.payload()?;
        store::sweep(&self.place, &payload);
        store::sign(&self.place).map_err(|error| super::cannot_write(&self.place, &error))?;
        Ok((writer, payload))
    }
}

impl LocalWriter<'_> {
    fn failed(&self, error: TantivyError) -> EngineError {
        self.local.failed(error)
    }

    fn sketches(&mut self) -> Result<&mut Sketches, EngineError> {
        let known = match self.sketches.take() {
            Some(known) => known,
            None => Sketches::open(&self.place, &self.payload, self.room)?,
        };
        Ok(self.sketches.insert(known))
    }

    /// Makes a dictionary of the first articles, where they are enough, and hands them to the
    /// threads that build.
    fn begin(&mut self) -> Result<(), EngineError> {
        let Some(mut first) = self.first.take() else { return Ok(()) };
        if let Some(dictionary) = first.dictionary() {
            self.plan.packing = Some(self.local.packing(&dictionary)?);
            self.dictionary = Some(Arc::new(dictionary));
        } else {
            // Perhaps of those that come.
            self.first = Some(First::default());
        }
        for (article, file) in first.articles {
            self.build(article, file)?;
        }
        Ok(())
    }

    /// Hands an article to the threads that build.
    fn build(&mut self, article: Box<Article>, file: FileNumber) -> Result<(), EngineError> {
        self.take_built()?;
        let builders = match self.builders.take() {
            Some(builders) => builders,
            None => Builders::start(&self.plan)
                .map_err(|error| self.failed(TantivyError::from(error)))?,
        };
        let taken = self.builders.insert(builders).put(article, file);
        if !taken {
            // The reason comes with what they built; without one, the article is not in the index.
            self.settle(|_| ())?;
            let why = "no thread builds any more".to_owned();
            return Err(self.failed(TantivyError::ErrorInThread(why)));
        }
        Ok(())
    }

    /// Takes over the segments that were built meanwhile.
    fn take_built(&mut self) -> Result<(), EngineError> {
        while let Some(built) = self.builders.as_ref().and_then(Builders::built) {
            let taken = built.and_then(|segment| self.writer.add_segment(segment));
            taken.map_err(|error| self.failed(error))?;
        }
        let Some(builders) = self.builders.take() else { return Ok(()) };
        let noted: Vec<Rows> = builders.noted().collect();
        self.builders = Some(builders);
        for rows in noted {
            self.sketches()?.put(rows)?;
        }
        Ok(())
    }

    /// Takes over all that was put; `meanwhile` is done while the last segments are written, with
    /// the sketches of all articles where any of them is another than at the last commit.
    fn settle<T>(
        &mut self,
        meanwhile: impl FnOnce(Option<&Sketches>) -> T + Send,
    ) -> Result<T, EngineError>
    where
        T: Send,
    {
        self.begin()?;
        self.take_built()?;
        let Some(builders) = self.builders.take() else {
            self.sketches.iter_mut().for_each(Sketches::settle);
            return Ok(meanwhile(self.sketches.as_ref()));
        };
        let ending = builders.end();
        let sketches = self.sketches()?;
        ending.noted().try_for_each(|rows| sketches.put(rows))?;
        sketches.settle();
        let sketches = Some(&*sketches);
        let (built, done) = std::thread::scope(|scope| {
            let done = scope.spawn(|| meanwhile(sketches));
            let built = ending.built();
            (built, done.join().unwrap_or_else(|fault| resume_unwind(fault)))
        });
        for segment in built.map_err(|error| self.failed(error))? {
            self.writer.add_segment(segment).map_err(|error| self.failed(error))?;
        }
        self.fresh.clear();
        Ok(done)
    }
}

impl Writer for LocalWriter<'_> {
    fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn put(&mut self, article: Box<Article>, file: FileNumber) -> Result<(), EngineError> {
        if self.forgotten.contains(&file) {
            // tantivy would drop it with what was forgotten.
            let why = format!("the number {file} of a file was used again");
            return Err(self.failed(TantivyError::InvalidArgument(why)));
        }
        self.fresh.insert(file);
        if let Some(first) = &mut self.first {
            let most = HELD.min(self.plan.memory * self.plan.threads);
            let is_ready = first.put(article, file, most);
            if is_ready.map_err(|error| self.failed(TantivyError::from(error)))? {
                self.begin()?;
            }
            return Ok(());
        }
        self.build(article, file)
    }

    fn forget(&mut self, file: FileNumber) -> Result<(), EngineError> {
        if self.fresh.contains(&file) {
            // What is forgotten are the documents of segments that are there.
            self.settle(|_| ())?;
        }
        self.forgotten.insert(file);
        self.writer.delete_term(Term::from_field_u64(self.local.fields.file, file));
        self.sketches()?.forget(file);
        Ok(())
    }

    fn articles(&self, file: FileNumber) -> Result<Vec<Article>, EngineError> {
        let kept = self.local.kept()?;
        documents_of(&kept.searcher, self.local.fields, file)
            .map_err(|error| self.failed(error))?
            .into_iter()
            .map(|at| kept.article(at))
            .collect()
    }

    fn commit(&mut self, ledger: &Ledger) -> Result<(), EngineError> {
        let generation = self.payload.generation + 1;
        let (place, known) = (self.place.clone(), self.payload.clone());
        let (room, threads) = (self.room, self.plan.threads);
        // It is made of what was put last, at the latest here.
        self.begin()?;
        let dictionary = self.dictionary.clone();
        let local = self.local;
        // What stands beside tantivy's files is written while those are.
        let payload = self.settle(|sketches| -> Result<store::Payload, EngineError> {
            let failed = |error| super::cannot_write(&place, &error);
            let mut payload = store::write_ledger(&place, ledger, generation).map_err(failed)?;
            (payload.sketches, payload.gone) = (known.sketches, known.gone);
            (payload.groups, payload.dictionary) = (known.groups, known.dictionary);
            if let Some(dictionary) = &dictionary {
                let name = format!("dictionary-{generation}");
                let written = Beside::write_by(&place, name, &mut |to| to.write_all(&dictionary.0));
                payload.dictionary = written.map_err(failed)?;
            }
            if let Some(sketches) = sketches {
                let known = Groups::read(OwnedBytes::new(payload.groups.bytes(&place)?));
                let known = known
                    .ok_or_else(|| super::damaged(&place, "its groups do not fit together"))?;
                let stored = Again::of(local);
                let groups = sketches.groups(known, &stored, room, threads)?;
                (payload.sketches, payload.gone) = sketches.write().map_err(failed)?;
                let name = format!("groups-{generation}");
                let groups = Beside::write_by(&place, name, &mut |to| groups.write(to));
                payload.groups = groups.map_err(failed)?;
            }
            payload.declaration = match known.declaration {
                0 => store::declaration_sum(&place).map_err(failed)?,
                known => known,
            };
            Ok(payload)
        })??;
        let mut prepared = self.writer.prepare_commit().map_err(|error| local.failed(error))?;
        let text = serde_json::to_string(&payload)
            .map_err(|error| EngineError::Failed(Box::new(error)))?;
        prepared.set_payload(&text);
        prepared.commit().map_err(|error| local.failed(error))?;
        self.forgotten.clear();
        (self.sketches, self.dictionary) = (None, None);
        self.ledger = ledger.clone();
        store::sweep(&self.place, &payload);
        self.payload = payload;
        Ok(())
    }

    fn finish(self: Box<Self>) -> Result<(), EngineError> {
        let local = self.local;
        self.writer.wait_merging_threads().map_err(|error| local.failed(error))?;
        local.reload()
    }
}
