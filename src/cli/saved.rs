//! Saved searches: a query under a name, and which articles it had found at the last look.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};
use thiserror::Error;

/// The file of saved searches, in the folder of the index.
const FILE: &str = "searches.json";

/// The saved searches of an index, by their names.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Searches {
    /// Each search with its name.
    pub searches: BTreeMap<String, Search>,
}

/// One saved search.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub(super) struct Search {
    /// The query, as typed: its relative dates are read anew at each look.
    pub query: String,
    /// Its filters and its order, as flags: `--section=Politics`.
    pub options: Vec<String>,
    /// The moment of the last look.
    pub looked: String,
    /// The short ids of the articles that it found then.
    pub seen: BTreeSet<String>,
}

/// Why saved searches cannot be used.
#[derive(Debug, Error)]
#[non_exhaustive]
pub(super) enum SavedError {
    /// The file is there and cannot be read.
    #[error("the saved searches in {} cannot be read", path.display())]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// What the system or the reader says.
        #[source]
        source: io::Error,
    },
    /// The file cannot be written.
    #[error("the saved searches in {} cannot be written", path.display())]
    Unwritable {
        /// The file.
        path: PathBuf,
        /// What the system says.
        #[source]
        source: io::Error,
    },
}

impl Searches {
    /// Reads the saved searches of the index at `place`; none where nothing was saved.
    ///
    /// # Errors
    ///
    /// Where the file is there and cannot be read.
    pub fn read(place: &Path) -> Result<Self, SavedError> {
        let path = place.join(FILE);
        let read = match fs::read(&path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(Self::default()),
            Err(error) => Err(error),
            Ok(bytes) => serde_json::from_slice(&bytes).map_err(io::Error::from),
        };
        read.map_err(|source| SavedError::Unreadable { path, source })
    }

    /// Writes them: the file is as it was or as it is to be, and never between.
    ///
    /// # Errors
    ///
    /// Where the folder of the index cannot be written.
    pub fn write(&self, place: &Path) -> Result<(), SavedError> {
        let path = place.join(FILE);
        let write = || -> io::Result<()> {
            let beside = place.join(format!("{FILE}.{}.new", std::process::id()));
            let mut file = File::create(&beside)?;
            file.write_all(&serde_json::to_vec_pretty(self)?)?;
            file.sync_all()?;
            fs::rename(&beside, &path)
        };
        write().map_err(|source| SavedError::Unwritable { path: path.clone(), source })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let folder = tempfile::tempdir().unwrap();
        assert_eq!(Searches::read(folder.path()).unwrap(), Searches::default());
        let mut searches = Searches::default();
        let search = Search { query: "council \"tax\"".into(), ..Search::default() };
        searches.searches.insert("a".into(), search);
        searches.write(folder.path()).unwrap();
        assert_eq!(Searches::read(folder.path()).unwrap(), searches);
        fs::write(folder.path().join(FILE), "{").unwrap();
        assert!(matches!(Searches::read(folder.path()), Err(SavedError::Unreadable { .. })));
    }
}
