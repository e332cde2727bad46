//! tantivy's folder on disk, made safe where version 0.27 leaves it open.

use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tantivy::directory::error::{DeleteError, LockError, OpenReadError, OpenWriteError};
use tantivy::directory::{
    AntiCallToken, DirectoryLock, FileHandle, Lock, META_LOCK, MmapDirectory, OwnedBytes,
    TerminatingWrite, WatchCallback, WatchHandle, WritePtr,
};
use tantivy::{Directory, TantivyError};

use super::disk::{self, Step, note};

/// An [`MmapDirectory`] that makes a commit lasting and that can be read without being written.
///
/// Seen in tantivy 0.27: after the rename of `meta.json` the folder is not synced, so that a power
/// cut can lose a commit that was told; `meta.json` and `.managed.json` have no checksum, so that
/// an altered one makes it panic; a reader takes a lock by making a file, so that an index on a
/// read-only disk cannot be opened; and of a full disk a writer often says only that it was killed.
#[derive(Debug, Clone)]
pub(super) struct SafeDirectory {
    inner: MmapDirectory,
    root: PathBuf,
    /// Whether a write failed because the disk is full.
    full: Arc<AtomicBool>,
}

impl SafeDirectory {
    pub fn open(path: &Path) -> Result<Self, TantivyError> {
        Ok(Self { inner: MmapDirectory::open(path)?, root: path.to_owned(), full: Arc::default() })
    }

    /// What is in a file that stands beside this folder, where it lies.
    pub fn beside(&self, name: &str) -> io::Result<OwnedBytes> {
        let handle = self.inner.get_file_handle(&Path::new("..").join(name));
        let handle = handle.map_err(io::Error::other)?;
        handle.read_bytes(0..handle.len())
    }

    /// Takes it that there is room again.
    pub fn refill(&self) {
        self.full.store(false, Ordering::Relaxed);
    }

    /// Whether a write failed because the disk is full.
    pub fn is_full(&self) -> bool {
        self.full.load(Ordering::Relaxed)
    }
}

/// Whether the system says that nothing can be written here.
pub(super) fn is_read_only(error: &io::Error) -> bool {
    matches!(error.kind(), io::ErrorKind::ReadOnlyFilesystem | io::ErrorKind::PermissionDenied)
}

/// What stands before the checksum in the last line of a sealed file.
const SEAL: &[u8] = b"\ncrc32 ";

/// Bytes with their CRC-32 as a last line.
pub(super) fn sealed(bytes: &[u8]) -> Vec<u8> {
    let crc = format!("{:08x}\n", crc32fast::hash(bytes));
    [bytes, SEAL, crc.as_bytes()].concat()
}

/// The bytes that were sealed; `None` where they are not as they were.
pub(super) fn unsealed(bytes: &[u8]) -> Option<&[u8]> {
    let (inner, seal) = bytes.split_at_checked(bytes.len().checked_sub(SEAL.len() + 9)?)?;
    let crc = seal.strip_prefix(SEAL)?.strip_suffix(b"\n")?;
    let same = format!("{:08x}", crc32fast::hash(inner)).as_bytes() == crc;
    same.then_some(inner)
}

impl Directory for SafeDirectory {
    fn get_file_handle(&self, path: &Path) -> Result<Arc<dyn FileHandle>, OpenReadError> {
        self.inner.get_file_handle(path)
    }

    fn delete(&self, path: &Path) -> Result<(), DeleteError> {
        self.inner.delete(path)?;
        note(|| Step::Remove(self.root.join(path)));
        Ok(())
    }

    fn exists(&self, path: &Path) -> Result<bool, OpenReadError> {
        self.inner.exists(path)
    }

    fn open_write(&self, path: &Path) -> Result<WritePtr, OpenWriteError> {
        let inner = self.inner.open_write(path)?;
        let path = self.root.join(path);
        note(|| Step::Make(path.clone()));
        let watched = Watched { inner, path, full: Arc::clone(&self.full) };
        Ok(WritePtr::new(Box::new(watched)))
    }

    fn atomic_read(&self, path: &Path) -> Result<Vec<u8>, OpenReadError> {
        let bytes = self.inner.atomic_read(path)?;
        match unsealed(&bytes) {
            Some(inner) => Ok(inner.to_vec()),
            None => {
                let why = "it is not as it was written";
                let error = io::Error::new(io::ErrorKind::InvalidData, why);
                Err(OpenReadError::wrap_io_error(error, path.to_owned()))
            }
        }
    }

    fn atomic_write(&self, path: &Path, data: &[u8]) -> io::Result<()> {
        disk::heeding(&self.full, || self.inner.atomic_write(path, &sealed(data)))?;
        let (beside, path) = (self.root.join(".tmp"), self.root.join(path));
        note(|| Step::Make(beside.clone()));
        note(|| Step::Write(beside.clone(), sealed(data)));
        note(|| Step::Sync(beside.clone()));
        note(|| Step::Rename(beside.clone(), path));
        self.sync_directory()
    }

    fn sync_directory(&self) -> io::Result<()> {
        self.inner.sync_directory()?;
        note(|| Step::SyncFolder(self.root.clone()));
        Ok(())
    }

    fn acquire_lock(&self, lock: &Lock) -> Result<DirectoryLock, LockError> {
        match self.inner.acquire_lock(lock) {
            // Where nothing can be written no writer can collect the files that are being opened.
            Err(LockError::IoError(error))
                if lock.filepath == META_LOCK.filepath && is_read_only(&error) =>
            {
                Ok(DirectoryLock::from(Box::new(PathBuf::new())))
            }
            other => other,
        }
    }

    fn watch(&self, callback: WatchCallback) -> tantivy::Result<WatchHandle> {
        self.inner.watch(callback)
    }
}

/// A file being written, of which it is kept whether the disk was full.
struct Watched {
    inner: WritePtr,
    path: PathBuf,
    full: Arc<AtomicBool>,
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = disk::heeding(&self.full, || self.inner.write(bytes))?;
        note(|| Step::Write(self.path.clone(), bytes[..written].to_vec()));
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        disk::heeding(&self.full, || self.inner.flush())
    }
}

impl TerminatingWrite for Watched {
    fn terminate_ref(&mut self, token: AntiCallToken) -> io::Result<()> {
        disk::heeding(&self.full, || self.inner.terminate_ref(token))?;
        note(|| Step::Sync(self.path.clone()));
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_seal_holds_only_what_was_sealed() {
        let file = sealed(b"{\"max_doc\":32}\n");
        assert_eq!(unsealed(&file), Some(&b"{\"max_doc\":32}\n"[..]));
        for at in 0..file.len() {
            let mut other = file.clone();
            other[at] ^= 1;
            assert_eq!(unsealed(&other), None, "byte {at}");
            assert_eq!(unsealed(&file[..at]), None, "cut at {at}");
        }
    }
}
