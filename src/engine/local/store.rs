//! What fiche keeps beside tantivy's files: the ledger of a commit, and who writes.

use std::fs;
use std::io::{self, BufWriter, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use tantivy::directory::OwnedBytes;

use super::disk::{self, write_lasting};
use super::{DECLARATION, TANTIVY, damaged, directory};
use crate::engine::EngineError;
use crate::ledger::Ledger;

/// What a commit of tantivy carries: the name of the ledger that belongs to it.
///
/// tantivy writes it into `meta.json`, whose rename is the commit. So the ledger becomes valid at
/// the very moment at which the articles do.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Payload {
    /// Commits so far.
    pub generation: u64,
    /// The file of the ledger, `""` before the first commit.
    pub ledger: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its CRC-32.
    pub crc: u32,
    /// The CRC-32 of the declaration of fields.
    pub declaration: u32,
    /// The sketches of all articles, by which groups are made, in parts.
    #[serde(default)]
    pub sketches: Vec<Beside>,
    /// The files of which sketches lie in those parts that do not count any more.
    #[serde(default)]
    pub gone: Beside,
    /// The articles that are nearly the same as others.
    #[serde(default)]
    pub groups: Beside,
    /// What articles are packed with.
    #[serde(default)]
    pub dictionary: Beside,
}

/// A file beside tantivy's that belongs to a commit.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Beside {
    /// Its name, `""` where there is none.
    pub file: String,
    /// Its size in bytes.
    pub bytes: u64,
    /// Its CRC-32.
    pub crc: u32,
}

impl Beside {
    /// Writes a value into a file of the commit that comes.
    pub fn write<T: Serialize>(
        place: &Path,
        kind: &str,
        generation: u64,
        value: &T,
    ) -> io::Result<Self> {
        Self::write_by(place, format!("{kind}-{generation}"), &mut |to| {
            postcard::to_io(value, to).map(|_| ()).map_err(io::Error::other)
        })
    }

    /// Writes such a file as [`disk::write_lasting`] does, piece by piece.
    pub fn write_by(
        place: &Path,
        file: String,
        write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
    ) -> io::Result<Self> {
        let (mut bytes, mut crc) = (0, 0);
        disk::write_by(&place.join(&file), &mut |to| {
            let summed = Summed { inner: to, bytes: 0, crc: crc32fast::Hasher::new() };
            let mut room = BufWriter::with_capacity(1 << 18, summed);
            write(&mut room)?;
            let summed = room.into_inner().map_err(io::IntoInnerError::into_error)?;
            (bytes, crc) = (summed.bytes, summed.crc.finalize());
            Ok(())
        })?;
        Ok(Self { file, bytes, crc })
    }

    /// Whether what is read is what was written.
    pub fn is_sound(&self, from: &mut dyn Read) -> io::Result<bool> {
        let mut summed = Summed { inner: io::sink(), bytes: 0, crc: crc32fast::Hasher::new() };
        io::copy(from, &mut summed)?;
        Ok(summed.bytes == self.bytes && summed.crc.finalize() == self.crc)
    }

    /// Reads a value back; the default where there is none.
    pub fn read<T: Default + serde::de::DeserializeOwned>(
        &self,
        place: &Path,
    ) -> Result<T, EngineError> {
        if self.file.is_empty() {
            return Ok(T::default());
        }
        postcard::from_bytes(&self.bytes(place)?)
            .map_err(|_| damaged(place, format!("{} cannot be read", self.file)))
    }

    /// What was written, where it lies; nothing where there is none.
    pub fn mapped(
        &self,
        place: &Path,
        directory: &directory::SafeDirectory,
    ) -> Result<OwnedBytes, EngineError> {
        if self.file.is_empty() {
            return Ok(OwnedBytes::empty());
        }
        self.checked(place, directory.beside(&self.file))
    }

    /// Reads what was written; nothing where there is none.
    pub fn bytes(&self, place: &Path) -> Result<Vec<u8>, EngineError> {
        if self.file.is_empty() {
            return Ok(Vec::new());
        }
        self.checked(place, fs::read(place.join(&self.file)))
    }

    /// What was read of it, where that is what was written.
    fn checked<B: std::ops::Deref<Target = [u8]>>(
        &self,
        place: &Path,
        read: io::Result<B>,
    ) -> Result<B, EngineError> {
        let bytes = read.map_err(|error| damaged(place, format!("{}: {error}", self.file)))?;
        if bytes.len() as u64 != self.bytes || crc32fast::hash(&bytes) != self.crc {
            return Err(damaged(place, format!("{} is not as it was written", self.file)));
        }
        Ok(bytes)
    }
}

impl Payload {
    /// All its files.
    pub fn files(&self) -> impl Iterator<Item = Beside> {
        let others =
            [&self.gone, &self.groups, &self.dictionary].into_iter().chain(&self.sketches).cloned();
        others.chain([self.ledger_file()]).filter(|file| !file.file.is_empty())
    }

    /// The file of the ledger.
    pub fn ledger_file(&self) -> Beside {
        Beside { file: self.ledger.clone(), bytes: self.bytes, crc: self.crc }
    }

    pub fn parse(text: Option<&str>) -> Result<Self, String> {
        match text {
            None | Some("") => Ok(Self::default()),
            Some(text) => serde_json::from_str(text)
                .map_err(|_| "the note of its last commit cannot be read".to_owned()),
        }
    }
}

/// Counts and sums up what is written.
struct Summed<W> {
    inner: W,
    bytes: u64,
    crc: crc32fast::Hasher,
}

impl<W: Write> Write for Summed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.inner.write(bytes)?;
        self.bytes += written as u64;
        self.crc.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.inner.flush()
    }
}

/// The CRC-32 of the declaration of fields.
pub(super) fn declaration_sum(place: &Path) -> io::Result<u32> {
    Ok(crc32fast::hash(&fs::read(place.join(DECLARATION))?))
}

/// Writes the ledger of the commit that comes, and gives what the commit must carry.
pub(super) fn write_ledger(place: &Path, ledger: &Ledger, generation: u64) -> io::Result<Payload> {
    let Beside { file, bytes, crc } = Beside::write(place, "ledger", generation, ledger)?;
    Ok(Payload { generation, ledger: file, bytes, crc, ..Payload::default() })
}

pub(super) fn read_ledger(place: &Path, payload: &Payload) -> Result<Ledger, EngineError> {
    payload.ledger_file().read(place)
}

/// What tantivy's file of its last commit tells, read without tantivy.
#[derive(Deserialize)]
struct Commit {
    payload: Option<String>,
    segments: Vec<serde::de::IgnoredAny>,
}

/// The last commit; `None` where there is no file of it, an error where it cannot be read.
fn commit_of(place: &Path) -> Option<Result<Commit, ()>> {
    match fs::read(place.join(TANTIVY).join("meta.json")) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => None,
        Err(_) => Some(Err(())),
        Ok(bytes) => Some(
            directory::unsealed(&bytes)
                .and_then(|inner| serde_json::from_slice(inner).ok())
                .ok_or(()),
        ),
    }
}

/// Whether anything was ever committed at `place`.
///
/// A writer that was killed while it made the index leaves an empty commit. A file that cannot be
/// read counts as a commit, so that no damage passes for an empty folder.
pub(super) fn has_commit(place: &Path) -> bool {
    commit_of(place).is_some_and(|commit| {
        commit.map_or(true, |commit| commit.payload.is_some() || !commit.segments.is_empty())
    })
}

/// The number of the last commit, 0 where there is none or it cannot be read.
pub(super) fn last_commit(place: &Path) -> u64 {
    commit_of(place)
        .and_then(|commit| Payload::parse(commit.ok()?.payload.as_deref()).ok())
        .map_or(0, |payload| payload.generation)
}

/// The ledger that an index was last built with, found without tantivy.
pub(super) fn last_ledger(place: &Path) -> Option<Ledger> {
    let mut files: Vec<(u64, PathBuf)> = fs::read_dir(place)
        .ok()?
        .filter_map(|entry| {
            let entry = entry.ok()?;
            let number = entry.file_name().to_str()?.strip_prefix("ledger-")?.parse().ok()?;
            Some((number, entry.path()))
        })
        .collect();
    files.sort();
    files.iter().rev().find_map(|(_, path)| postcard::from_bytes(&fs::read(path).ok()?).ok())
}

/// Removes the files of an index by their names, and nothing else that may lie there.
pub(super) fn remove(place: &Path) -> io::Result<()> {
    // The declaration goes first: without it the folder is no index.
    disk::remove(&place.join(DECLARATION))?;
    disk::sync_folder(place)?;
    match fs::remove_dir_all(place.join(TANTIVY)) {
        Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
        _ => {}
    }
    disk::remove(&holder_file(place))?;
    remove_where(place, &|name| of_a_commit(name) || name.ends_with(".new"));
    Ok(())
}

/// The file that tells of an index that is being built anew.
const REBUILD: &str = "rebuild.json";

/// A building anew that has begun.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Rebuild {
    /// The folders that it reads.
    pub roots: Vec<PathBuf>,
    /// Whether the old index is gone.
    pub removed: bool,
}

impl Rebuild {
    /// Keeps it, so that another run can finish what this one may not.
    pub fn keep(&self, place: &Path) -> io::Result<()> {
        let text = serde_json::to_vec(self).map_err(io::Error::other)?;
        write_lasting(&place.join(REBUILD), &text)
    }

    /// That which was begun at `place`; where it cannot be read, it begins from the beginning.
    pub fn begun(place: &Path) -> Option<Self> {
        let text = fs::read(place.join(REBUILD)).ok()?;
        Some(serde_json::from_slice(&text).unwrap_or_default())
    }

    /// Forgets it.
    pub fn end(place: &Path) -> io::Result<()> {
        disk::remove(&place.join(REBUILD))
    }
}

/// Removes the ledgers of other commits, and what a killed writer left half done.
///
/// # Errors
///
/// None: what cannot be removed is in nobody's way, and the next writer tries again.
pub(super) fn sweep(place: &Path, keep: &Payload) {
    let keep: Vec<String> = keep.files().map(|file| file.file).collect();
    let old = |name: &str| {
        (of_a_commit(name) && !keep.iter().any(|kept| kept == name)) || name.ends_with(".new")
    };
    remove_where(place, &old);
    remove_where(&place.join(TANTIVY), &|name| name.starts_with(".tmp"));
}

/// Whether a file of that name belongs to one commit.
fn of_a_commit(name: &str) -> bool {
    ["ledger-", "sketches-", "gone-", "groups-"].iter().any(|kind| name.starts_with(kind))
}

fn remove_where(folder: &Path, unwanted: &dyn Fn(&str) -> bool) {
    let Ok(entries) = fs::read_dir(folder) else { return };
    for entry in entries.flatten() {
        if entry.file_name().to_str().is_some_and(unwanted) {
            // See `sweep`: a file that stays does no harm.
            drop(disk::remove(&entry.path()));
        }
    }
}

fn holder_file(place: &Path) -> PathBuf {
    place.join("writer")
}

/// Notes that this process writes now.
pub(super) fn sign(place: &Path) -> io::Result<()> {
    let started = std::time::SystemTime::now()
        .duration_since(std::time::UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    let clock = format!("{:02}:{:02}", started / 3600 % 24, started / 60 % 60);
    fs::write(holder_file(place), format!("pid {}, started {clock} UTC", std::process::id()))
}

/// Who signed last.
pub(super) fn holder(place: &Path) -> Option<String> {
    let text = fs::read_to_string(holder_file(place)).ok()?;
    (!text.is_empty() && text.len() < 100).then_some(text)
}

/// The bytes of an index on disk.
pub(super) fn size_of(place: &Path) -> u64 {
    walkdir::WalkDir::new(place)
        .into_iter()
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .filter(fs::Metadata::is_file)
        .map(|metadata| metadata.len())
        .sum()
}
