//! What fiche itself does to the files of an index, step by step, so that a test can look on and
//! see what a power cut would leave.

use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};

/// One thing done to the files of an index.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Step {
    /// A folder is made.
    Folder(PathBuf),
    /// An empty file is made, or an old one is emptied.
    Make(PathBuf),
    /// Bytes are put at the end of a file.
    Write(PathBuf, Vec<u8>),
    /// What a file holds is made lasting.
    Sync(PathBuf),
    /// A file gets another name.
    Rename(PathBuf, PathBuf),
    /// A file is removed.
    Remove(PathBuf),
    /// The names in a folder are made lasting.
    SyncFolder(PathBuf),
}

/// Tells a test of a step that was done; the program itself keeps none.
#[cfg(not(test))]
pub(super) fn note(_: impl FnOnce() -> Step) {}

#[cfg(test)]
pub(super) use super::power::note;

/// Whether the system says that there is no room left, for this user or for anyone.
pub(super) fn is_full(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded)
}

/// Does something and keeps whether it failed because the disk is full.
pub(super) fn heeding<T>(full: &AtomicBool, work: impl FnOnce() -> io::Result<T>) -> io::Result<T> {
    work().inspect_err(|error| {
        if is_full(error) {
            full.store(true, Ordering::Relaxed);
        }
    })
}

/// Writes a file so that it is whole or not there, also after a power cut.
pub(super) fn write_lasting(path: &Path, bytes: &[u8]) -> io::Result<()> {
    write_by(path, &mut |file| file.write_all(bytes))
}

/// Writes a file as [`write_lasting`] does, piece by piece.
pub(super) fn write_by(
    path: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let beside = path.with_extension("new");
    let written = written(&beside, write).and_then(|()| fs::rename(&beside, path));
    if let Err(error) = written {
        // What is left of it takes room that a full disk has not; the error is what counts.
        drop(fs::remove_file(&beside));
        return Err(error);
    }
    note(|| Step::Rename(beside.clone(), path.to_owned()));
    path.parent().map_or(Ok(()), sync_folder)
}

fn written(path: &Path, write: &mut dyn FnMut(&mut dyn Write) -> io::Result<()>) -> io::Result<()> {
    let mut file = Noted { file: File::create(path)?, path };
    note(|| Step::Make(path.to_owned()));
    write(&mut file)?;
    file.file.sync_all()?;
    note(|| Step::Sync(path.to_owned()));
    Ok(())
}

/// A file of which each writing is noted.
struct Noted<'p> {
    file: File,
    path: &'p Path,
}

impl Write for Noted<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.file.write(bytes)?;
        note(|| Step::Write(self.path.to_owned(), bytes[..written].to_vec()));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

/// Makes a folder and those around it, lasting.
pub(super) fn make_folder(path: &Path) -> io::Result<()> {
    if path.is_dir() {
        return Ok(());
    }
    let around = path.parent().filter(|around| !around.as_os_str().is_empty());
    if let Some(around) = around {
        make_folder(around)?;
    }
    match fs::create_dir(path) {
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists && path.is_dir() => {}
        made => made?,
    }
    note(|| Step::Folder(path.to_owned()));
    sync_folder(around.unwrap_or(Path::new(".")))
}

/// Removes a file, which need not be there.
pub(super) fn remove(path: &Path) -> io::Result<()> {
    match fs::remove_file(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        Err(error) => Err(error),
        Ok(()) => {
            note(|| Step::Remove(path.to_owned()));
            Ok(())
        }
    }
}

/// Makes the names in a folder lasting.
pub(super) fn sync_folder(folder: &Path) -> io::Result<()> {
    // Folders cannot be opened as files on Windows, where a rename is lasting by itself.
    if cfg!(unix) {
        File::open(folder)?.sync_all()?;
    }
    note(|| Step::SyncFolder(folder.to_owned()));
    Ok(())
}
