//! The ledger: which files an index knows, as they were when they were read.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

/// The number of a file in an index; never given twice.
pub type FileNumber = u64;

/// Every file that an index knows.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ledger {
    /// The number that the next file gets.
    pub next: FileNumber,
    /// The folders that were indexed, by their label.
    pub roots: BTreeMap<String, Root>,
}

/// One folder that was indexed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Root {
    /// Where it is, absolute.
    pub place: String,
    /// Its files, by their path below it, with `/` between the parts.
    pub files: BTreeMap<String, FileRecord>,
    /// What is known of its folders, as numbers; see the room `site`.
    pub known: BTreeMap<String, u64>,
}

/// One file as it was when it was read.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileRecord {
    /// Its number, by which its articles are known.
    pub number: FileNumber,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub changed: i64,
    /// Whether it was so young when it was read that a later change may not show in `changed`.
    pub young: bool,
    /// BLAKE3 of its bytes.
    pub digest: [u8; 32],
    /// The name of its format.
    pub format: String,
    /// How many articles it gave.
    pub articles: u64,
    /// What could not be read in it, or why nothing was.
    pub problems: Vec<Problem>,
    /// What was known of its folder and of the archive when it was read, as a number; 0 for
    /// nothing.
    pub site: u64,
    /// Whether it was read to its end; what an unfinished file gave is read again.
    pub finished: bool,
}

/// Something in a file that gave no article.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Problem {
    /// Where in the file, `""` for the whole of it.
    pub place: String,
    /// What kind of problem.
    pub kind: ProblemKind,
    /// One sentence without a full stop.
    pub why: String,
}

/// What a problem means for the archive.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub enum ProblemKind {
    /// It cannot be read.
    Unreadable,
    /// It is of a kind that fiche does not read.
    Unknown,
    /// There is no text in it.
    Empty,
    /// It is text, and no article.
    NotArticle,
    /// It was read, with something lost or doubtful.
    Doubtful,
}

impl Ledger {
    /// The number of files in all roots.
    pub fn files(&self) -> u64 {
        self.roots.values().map(|root| root.files.len() as u64).sum()
    }

    /// Gives out a number for a file.
    pub fn number(&mut self) -> FileNumber {
        self.next += 1;
        self.next
    }
}
