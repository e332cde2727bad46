//! Something that keeps articles and finds them again.

pub mod guard;
pub mod local;

use std::error::Error;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Duration;

use thiserror::Error;

use crate::article::Article;
use crate::hit::Hit;
use crate::ledger::{FileNumber, Ledger};
use crate::passage::Sought;
use crate::query::Query;

/// Keeps articles and finds them again.
pub trait Engine: Send + Sync {
    /// Finds the articles that match, in order.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read, or the query asks too much of it.
    fn search(&self, request: &Request) -> Result<Answer<'_>, EngineError>;

    /// The parts of a query that an article may match, each with the words that the index has for
    /// it.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    fn sought(&self, query: &Query) -> Result<Vec<Sought>, EngineError>;

    /// The articles of that id, or whose short id begins so; more than one where ids clash.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    fn read(&self, id: &str) -> Result<Vec<Hit>, EngineError>;

    /// The files that the index knows.
    ///
    /// # Errors
    ///
    /// Where the ledger cannot be read.
    fn ledger(&self) -> Result<Ledger, EngineError>;

    /// The groups of articles that are nearly the same, each of two or more, oldest first.
    ///
    /// A group's articles are read from the index when the group is pulled.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    fn duplicates(&self) -> Result<Groups<'_>, EngineError>;

    /// What the index holds.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    fn status(&self) -> Result<Status, EngineError>;
}

/// Adds articles. Nothing is seen by a search before `commit`.
pub trait Writer {
    /// The ledger as of the last commit, with which this writer goes on.
    fn ledger(&self) -> &Ledger;

    /// Adds an article of a file.
    ///
    /// # Errors
    ///
    /// Where the index cannot be written.
    fn put(&mut self, article: Box<Article>, file: FileNumber) -> Result<(), EngineError>;

    /// Drops all articles of a file that were put before; its number is not used again.
    ///
    /// # Errors
    ///
    /// Where the index cannot be written.
    fn forget(&mut self, file: FileNumber) -> Result<(), EngineError>;

    /// The committed articles of a file, to put them again under another path.
    ///
    /// # Errors
    ///
    /// Where the index cannot be read.
    fn articles(&self, file: FileNumber) -> Result<Vec<Article>, EngineError>;

    /// Makes all that was put and forgotten lasting, with the ledger that tells of it, at once.
    ///
    /// # Errors
    ///
    /// Where the index cannot be written; it then holds what the last commit held.
    fn commit(&mut self, ledger: &Ledger) -> Result<(), EngineError>;

    /// Waits for work in the background and gives the index free.
    ///
    /// # Errors
    ///
    /// Where that work failed; what was committed stays.
    fn finish(self: Box<Self>) -> Result<(), EngineError>;
}

/// What to find, and how much of it.
#[derive(Debug, Clone)]
pub struct Request {
    /// What must match.
    pub query: Query,
    /// Words that were left out of it, folded: a passage that has them too shows more.
    pub aside: Vec<String>,
    /// In which order.
    pub sort: Sort,
    /// How many hits to pass over.
    pub offset: usize,
    /// How many to give at most; `None` for all.
    pub limit: Option<usize>,
    /// How many snippets a hit gets at most.
    pub snippets: usize,
    /// About how long a snippet is, in characters.
    pub width: usize,
    /// Whether hits are to bring body, captions and teasers of their articles.
    pub texts: bool,
    /// What to count the matching articles by.
    pub facets: Vec<Facet>,
    /// What to do with articles that are nearly the same.
    pub duplicates: Duplicates,
    /// Add the words that the best articles share, where the query is of loose words alone.
    pub expand: bool,
    /// Tell of each hit what its score is made of.
    pub explain: bool,
}

impl Request {
    /// All articles that match, the best first, without snippets and counts.
    pub fn of(query: Query) -> Self {
        Self {
            query,
            aside: Vec::new(),
            sort: Sort::Relevance,
            offset: 0,
            limit: None,
            snippets: 0,
            width: 0,
            texts: true,
            facets: Vec::new(),
            duplicates: Duplicates::Show,
            expand: false,
            explain: false,
        }
    }

    /// How many articles match, and none of them.
    pub fn counting(query: Query) -> Self {
        Self { limit: Some(0), ..Self::of(query) }
    }
}

/// What to do with articles that are nearly the same.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
pub enum Duplicates {
    /// Give the first of those that match.
    Group,
    /// Give each article, one that stands at several places once.
    #[default]
    Show,
    /// Give only articles that have such others, and each of them.
    Only,
    /// Give each place of each article.
    Each,
}

/// Groups of articles, one by one.
pub type Groups<'e> = Box<dyn Iterator<Item = Result<Vec<Hit>, EngineError>> + 'e>;

/// The order of an answer; what is equal in it is ordered by date, then by id.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Sort {
    /// The best first.
    Relevance,
    /// The oldest first, the undated last.
    Oldest,
    /// The newest first, the undated last.
    Newest,
}

/// What articles are counted by.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Facet {
    /// The section, in any case.
    Section,
    /// The outlet.
    Source,
    /// Each author.
    Author,
    /// The language.
    Language,
    /// The year of publication.
    Year,
    /// The date of publication as far as it is known: a day, a month or a year.
    Date,
}

impl Facet {
    /// The facets of a result, in the order in which help lists them.
    pub const ALL: [Facet; 5] =
        [Facet::Section, Facet::Source, Facet::Author, Facet::Language, Facet::Year];

    /// Its name on the command line and in exports.
    pub fn name(self) -> &'static str {
        match self {
            Facet::Section => "section",
            Facet::Source => "source",
            Facet::Author => "author",
            Facet::Language => "language",
            Facet::Year => "year",
            Facet::Date => "date",
        }
    }
}

/// How many of the matching articles have each value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Tally {
    /// What was counted.
    pub facet: Facet,
    /// The values with their counts: the most first, years rising.
    pub counts: Vec<(Arc<str>, u64)>,
    /// How many articles have none.
    pub none: u64,
}

/// What a search found. A hit is read from the index when it is pulled.
pub struct Answer<'e> {
    /// How many articles match, exactly.
    pub total: u64,
    /// How many there are where those that are nearly the same count as one.
    pub groups: u64,
    /// The counts that were asked for.
    pub tallies: Vec<Tally>,
    /// What a person should know of how the query was carried out.
    pub notes: Vec<String>,
    /// The hits, in order.
    pub hits: Box<dyn Iterator<Item = Result<Hit, EngineError>> + 'e>,
}

/// What an index holds.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Status {
    /// Articles, those that stand at several places once.
    pub articles: u64,
    /// Places that hold what another place holds, too.
    pub copies: u64,
    /// Groups of articles that are nearly the same.
    pub groups: u64,
    /// The articles in these groups.
    pub near: u64,
    /// Parts of the index that a search goes through one by one.
    pub segments: usize,
    /// Bytes on disk.
    pub bytes: u64,
    /// Commits so far.
    pub generation: u64,
    /// The first and last day of publication, in days since 1970-01-01.
    pub days: Option<(i64, i64)>,
    /// How many articles have each field.
    pub coverage: Vec<(String, u64)>,
}

/// What can go wrong with an engine.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum EngineError {
    /// There is no index at that place.
    #[error("there is no index at {}", path.display())]
    NoIndex {
        /// Where it was looked for.
        path: PathBuf,
    },
    /// The index was built with another declaration of fields.
    #[error("the index at {} has format {found}, and this fiche reads format {wanted}", path.display())]
    OtherVersion {
        /// Where it is.
        path: PathBuf,
        /// Its version.
        found: u32,
        /// The version that this program reads.
        wanted: u32,
    },
    /// Another process writes to the index.
    #[error("another fiche{} is writing this index", holder.as_ref().map(|h| format!(" ({h})")).unwrap_or_default())]
    Busy {
        /// Who, where that is known: `pid 4121, since 14:02`.
        holder: Option<String>,
    },
    /// The index can be read and not written.
    #[error("the index at {} cannot be written: {why}", path.display())]
    ReadOnly {
        /// Where it is.
        path: PathBuf,
        /// What the system says.
        why: String,
    },
    /// There is no room left on the disk.
    #[error(
        "the disk is full; the index at {} holds what it held at commit {commit}", path.display()
    )]
    DiskFull {
        /// Where the index is.
        path: PathBuf,
        /// The number of its last commit, 0 where nothing was committed yet.
        commit: u64,
    },
    /// A search took longer than it may; what it had found by then is not told.
    #[error("the search took longer than {} s and was stopped", limit.as_secs_f64())]
    OutOfTime {
        /// How long it may take.
        limit: Duration,
    },
    /// The index is being built anew, and that was not finished.
    #[error("the index at {} is being built anew, and that was not finished", path.display())]
    Unfinished {
        /// Where it is.
        path: PathBuf,
    },
    /// Reading the index made a part of the engine give up.
    #[error("reading the index at {} failed within: {why}", path.display())]
    GaveUp {
        /// Where it is.
        path: PathBuf,
        /// The last words of what gave up.
        why: String,
    },
    /// Something in the index is not as it was written.
    #[error("the index at {} is damaged: {why}", path.display())]
    Damaged {
        /// Where it is.
        path: PathBuf,
        /// What is wrong.
        why: String,
    },
    /// The engine itself failed.
    #[error("the index cannot be used")]
    Failed(#[source] Box<dyn Error + Send + Sync>),
}
