//! Whether an index is as it was written: every byte of it is read.

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

use tantivy::directory::OwnedBytes;
use tantivy::index::SegmentComponent;
use tantivy::{Index, SegmentMeta};

use super::alike::Groups;
use super::directory::{self, SafeDirectory};
use super::sketches::Sketches;
use super::store::Payload;
use super::{DECLARATION, Local, TANTIVY, explain, write_lock};
use crate::engine::guard::guarded;
use crate::engine::{Engine, EngineError};

/// What a look at every file of an index found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Checked {
    /// Files that were read.
    pub files: u64,
    /// Bytes that were read.
    pub bytes: u64,
    /// What is not as it was written.
    pub damage: Vec<Damage>,
}

/// Something of an index that is not as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Damage {
    /// The file, as a path inside of the index.
    pub file: String,
    /// What is wrong, without a full stop.
    pub why: String,
}

/// What is said of a file whose checksum is another one.
const OTHER: &str = "not as it was written";

impl Local {
    /// Reads every file of the last commit at `place` and compares it with its checksum.
    ///
    /// # Errors
    ///
    /// Where there is no index, where it has another version, and where another process writes.
    /// Damage is no error but what is looked for.
    pub fn check(place: &Path) -> Result<Checked, EngineError> {
        // What is damaged is found below, file by file.
        if let Err(
            error @ (EngineError::NoIndex { .. }
            | EngineError::OtherVersion { .. }
            | EngineError::Unfinished { .. }),
        ) = Self::open(place)
        {
            return Err(error);
        }
        let _lock = match write_lock(place) {
            Err(error @ EngineError::Busy { .. }) => return Err(error),
            // Where nothing can be written nobody writes.
            lock => lock.ok().flatten(),
        };
        let mut check = Check { place, checked: Checked::default() };
        if let Err(error) = guarded(place, || check.all()) {
            check.damage(TANTIVY, error.to_string());
        }
        Ok(check.checked)
    }
}

struct Check<'p> {
    place: &'p Path,
    checked: Checked,
}

impl Check<'_> {
    fn damage(&mut self, file: impl Into<String>, why: impl Into<String>) {
        self.checked.damage.push(Damage { file: file.into(), why: why.into() });
    }

    /// The bytes of a file; `None` where it cannot be read, which is damage.
    fn bytes(&mut self, file: &str) -> Option<Vec<u8>> {
        match fs::read(self.place.join(file)) {
            Ok(bytes) => {
                self.checked.files += 1;
                self.checked.bytes += bytes.len() as u64;
                Some(bytes)
            }
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                self.damage(file, "missing");
                None
            }
            Err(error) => {
                self.damage(file, error.to_string());
                None
            }
        }
    }

    fn all(&mut self) -> Result<(), EngineError> {
        let declaration = self.bytes(DECLARATION);
        let listed = self.sealed(".managed.json");
        if !self.sealed("meta.json") {
            // Without it nobody knows what belongs to the index.
            return Ok(());
        }
        let failed = |error| explain(self.place, error);
        let safe = SafeDirectory::open(&self.place.join(TANTIVY)).map_err(failed)?;
        let index = match Index::open(safe) {
            Ok(index) => index,
            // The list of its files may be what is damaged: that was told above.
            Err(_) if !listed => return Ok(()),
            Err(error) => return Err(failed(error)),
        };
        let metas = index.load_metas().map_err(failed)?;
        let listed = listed.then(|| index.directory().list_managed_files());
        for meta in &metas.segments {
            self.segment(meta, &index, listed.as_ref());
        }
        match Payload::parse(metas.payload.as_deref()) {
            Ok(payload) => self.beside(&payload, declaration.as_deref()),
            Err(why) => self.damage(format!("{TANTIVY}/meta.json"), why),
        }
        if self.checked.damage.is_empty() {
            self.counts()?;
        }
        Ok(())
    }

    /// Whether a file of tantivy's that is replaced as a whole is as it was written.
    fn sealed(&mut self, name: &str) -> bool {
        let file = format!("{TANTIVY}/{name}");
        let Some(bytes) = self.bytes(&file) else { return false };
        let sound = directory::unsealed(&bytes).is_some();
        if !sound {
            self.damage(file, OTHER);
        }
        sound
    }

    /// The files of a segment; `listed` are those that tantivy knows as its own.
    ///
    /// tantivy's own check looks at listed files alone, so that it finds nothing where the list is
    /// lost.
    fn segment(&mut self, meta: &SegmentMeta, index: &Index, listed: Option<&HashSet<PathBuf>>) {
        use SegmentComponent::{Delete, FastFields, FieldNorms, Positions, Postings, Store, Terms};
        let deletes = meta.has_deletes().then_some(Delete);
        let parts = [Terms, Postings, Positions, Store, FastFields, FieldNorms];
        for part in parts.into_iter().chain(deletes) {
            let path = meta.relative_path(part);
            let file = format!("{TANTIVY}/{}", path.display());
            if listed.is_some_and(|listed| !listed.contains(&path)) {
                self.damage(file.clone(), "not in the list of the files that belong to the index");
            }
            match fs::metadata(self.place.join(&file)) {
                Ok(metadata) => {
                    self.checked.files += 1;
                    self.checked.bytes += metadata.len();
                }
                Err(_) => {
                    self.damage(file, "missing");
                    continue;
                }
            }
            match index.directory().validate_checksum(&path) {
                Ok(true) => {}
                Ok(false) => self.damage(file, OTHER),
                Err(_) => self.damage(file, "cut off, or its end is not as it was written"),
            }
        }
    }

    /// What lies beside tantivy's files.
    fn beside(&mut self, payload: &Payload, declaration: Option<&[u8]>) {
        if let Some(text) = declaration
            && payload.declaration != 0
            && crc32fast::hash(text) != payload.declaration
        {
            self.damage(DECLARATION, OTHER);
        }
        for part in payload.files() {
            if let Some(bytes) = self.bytes(&part.file)
                && (bytes.len() as u64 != part.bytes || crc32fast::hash(&bytes) != part.crc)
            {
                self.damage(&part.file, OTHER);
            }
        }
    }

    /// What the files say of each other.
    fn counts(&mut self) -> Result<(), EngineError> {
        let local = Local::open(self.place)?;
        let payload = local.payload()?;
        let ledger = local.ledger()?;
        let sketched = Sketches::open(self.place, &payload, 0)?.check()?;
        if Groups::read(OwnedBytes::new(payload.groups.bytes(self.place)?)).is_none() {
            self.damage(&payload.groups.file, OTHER);
        }
        let files = ledger.roots.values().flat_map(|root| root.files.values());
        let told: u64 = files.map(|file| file.articles).sum();
        let held = local.reader.searcher().num_docs();
        if told != held {
            let why = format!("it tells of {told} articles, and the index holds {held}");
            self.damage(payload.ledger, why);
        }
        if sketched != held {
            let why =
                format!("there are sketches of {sketched} articles, and the index holds {held}");
            self.damage("sketches", why);
        }
        Ok(())
    }
}
