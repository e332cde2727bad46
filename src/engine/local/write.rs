//! Writing: one writer, one commit for articles and ledger together.

use std::path::PathBuf;

use tantivy::indexer::IndexWriterOptions;
use tantivy::{IndexWriter, TantivyError, Term};

use super::alike::Sketches;
use super::store::Beside;
use super::{Local, article_at, documents_of, fields, store};
use crate::article::Article;
use crate::engine::{EngineError, Writer};
use crate::ledger::{FileNumber, Ledger};
use crate::likeness::Sketch;

/// The least memory of one indexing thread, in bytes; tantivy refuses less than 15 MB.
const LEAST_MEMORY: usize = 16_000_000;

/// How much of the machine a writer may use.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct WriterOptions {
    /// Threads that build the index, 1 and up.
    pub threads: usize,
    /// Bytes that all of them may hold before they write, in sum.
    pub memory: usize,
}

struct LocalWriter<'l> {
    local: &'l Local,
    writer: IndexWriter,
    ledger: Ledger,
    /// What the last commit carried.
    payload: store::Payload,
    /// The sketches, once something of them changes.
    sketches: Option<Sketches>,
    place: PathBuf,
    threads: usize,
}

impl Local {
    /// Opens the one writer of the index.
    ///
    /// # Errors
    ///
    /// Where another process writes, and where nothing can be written.
    pub fn writer(&self, options: WriterOptions) -> Result<Box<dyn Writer + '_>, EngineError> {
        let (writer, payload) = self.opened(options)?;
        let ledger = store::read_ledger(&self.place, &payload)?;
        self.reload()?;
        Ok(Box::new(LocalWriter {
            local: self,
            writer,
            ledger,
            payload,
            sketches: None,
            place: self.place.clone(),
            threads: options.threads.clamp(1, 64),
        }))
    }

    /// tantivy's writer on a folder that was cleared of what a killed one left, and what the last
    /// commit carried.
    pub(super) fn opened(
        &self,
        options: WriterOptions,
    ) -> Result<(IndexWriter, store::Payload), EngineError> {
        let failed = |error| self.failed(error);
        let threads = options.threads.clamp(1, 64);
        let options = IndexWriterOptions::builder()
            .num_worker_threads(threads)
            .memory_budget_per_thread((options.memory / threads).max(LEAST_MEMORY))
            .num_merge_threads(threads.min(2))
            .build();
        self.directory.refill();
        let writer: IndexWriter = self.index.writer_with_options(options).map_err(failed)?;
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
            None => self.payload.sketches.read(&self.place)?,
        };
        Ok(self.sketches.insert(known))
    }
}

impl Writer for LocalWriter<'_> {
    fn ledger(&self) -> &Ledger {
        &self.ledger
    }

    fn put(
        &mut self,
        article: &Article,
        sketch: Sketch,
        file: FileNumber,
    ) -> Result<(), EngineError> {
        let (document, size) = self
            .local
            .fields
            .document(article, file)
            .map_err(|error| EngineError::Failed(Box::new(error)))?;
        self.local.afloat.add(size);
        self.writer.add_document(document).map_err(|error| self.failed(error))?;
        let number = fields::number(&article.origin);
        self.sketches()?.put(file, number, article, sketch);
        Ok(())
    }

    fn forget(&mut self, file: FileNumber) -> Result<(), EngineError> {
        self.writer.delete_term(Term::from_field_u64(self.local.fields.file, file));
        self.sketches()?.forget(file);
        Ok(())
    }

    fn articles(&self, file: FileNumber) -> Result<Vec<Article>, EngineError> {
        let searcher = self.local.reader.searcher();
        documents_of(&searcher, self.local.fields, file)
            .map_err(|error| self.failed(error))?
            .into_iter()
            .map(|at| article_at(&searcher, self.local.fields, at))
            .collect()
    }

    fn commit(&mut self, ledger: &Ledger) -> Result<(), EngineError> {
        let generation = self.payload.generation + 1;
        let (place, known, sketches) = (&self.place, &self.payload, self.sketches.as_ref());
        let threads = self.threads;
        let write = || -> std::io::Result<store::Payload> {
            let mut payload = store::write_ledger(place, ledger, generation)?;
            (payload.sketches, payload.groups) = match sketches {
                None => (known.sketches.clone(), known.groups.clone()),
                Some(sketches) => {
                    let groups = sketches.groups(threads);
                    let sketches = Beside::write(place, "sketches", generation, sketches)?;
                    (sketches, Beside::write(place, "groups", generation, &groups)?)
                }
            };
            payload.declaration = match known.declaration {
                0 => store::declaration_sum(place)?,
                known => known,
            };
            Ok(payload)
        };
        // What stands beside tantivy's files is written while tantivy writes its own.
        let writer = &mut self.writer;
        let (prepared, written) = std::thread::scope(|scope| {
            let written = scope.spawn(write);
            let prepared = writer.prepare_commit();
            let written = written.join().unwrap_or_else(|fault| std::panic::resume_unwind(fault));
            (prepared, written)
        });
        let local = self.local;
        let mut prepared = prepared.map_err(|error| local.failed(error))?;
        let payload = written.map_err(|error| super::cannot_write(place, &error))?;
        let text = serde_json::to_string(&payload)
            .map_err(|error| EngineError::Failed(Box::new(error)))?;
        prepared.set_payload(&text);
        prepared.commit().map_err(|error| local.failed(error))?;
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
