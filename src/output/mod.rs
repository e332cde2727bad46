//! Ways to write hits. An output knows hits and columns, and no engine.

mod atom;
mod bibtex;
mod cell;
mod citation;
mod csl;
mod folder;
mod html;
mod json;
mod markdown;
pub mod markup;
#[cfg(feature = "parquet")]
mod parquet;
mod ris;
mod table;
mod terminal;
mod trec;
pub mod visible;
#[cfg(feature = "xlsx")]
mod xlsx;

pub use cell::cell;
pub use html::{begin_page, end_page};

use std::io::{self, Write};
use std::path::Path;

use serde::{Serialize, Serializer};

use crate::article::Date;
use crate::hit::Hit;

/// Writes hits one by one.
pub trait HitWriter {
    /// Writes one hit.
    ///
    /// # Errors
    ///
    /// What the place written to says.
    fn hit(&mut self, hit: &Hit) -> io::Result<()>;

    /// Writes what comes after the last hit.
    ///
    /// # Errors
    ///
    /// What the place written to says.
    fn finish(&mut self) -> io::Result<()>;
}

/// How hits are to look.
#[derive(Debug, Clone, Default)]
pub struct Look {
    /// The query, as typed.
    pub query: String,
    /// The columns asked for; empty for those that the output shows by itself.
    pub columns: Vec<Column>,
    /// Whether matches and headlines are coloured.
    pub colour: bool,
    /// Columns of the screen; `None` where lines are not to be broken.
    pub width: Option<usize>,
    /// Begin with a byte order mark, for spreadsheets that want one.
    pub bom: bool,
    /// Guard all cells that begin as formulas, not only those that would do something.
    pub excel_safe: bool,
    /// Write whole articles, where the output can.
    pub full: bool,
    /// What was asked, of which index and when: names and values for outputs that show them.
    pub about: Vec<(String, String)>,
    /// The moment of writing: `2026-11-25T12:00:00Z`; empty where that is not to be told.
    pub moment: String,
    /// The moment at which the index was last written; empty where that is not known.
    pub indexed: String,
}

impl Look {
    /// The columns asked for, or the usual ones of the output.
    fn columns_or(&mut self, usual: &[Column]) -> Vec<Column> {
        if self.columns.is_empty() { usual.to_vec() } else { std::mem::take(&mut self.columns) }
    }
}

/// The columns of a table where none are asked for.
const TABLE: &[Column] = &[
    Column::Rank,
    Column::Score,
    Column::Id,
    Column::Date,
    Column::Headline,
    Column::Section,
    Column::Authors,
    Column::Source,
    Column::Language,
    Column::Words,
    Column::Url,
    Column::Path,
    Column::Snippet,
    Column::Query,
];

/// When an output writes the body, captions or teasers of an article.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Texts {
    /// Where one of its columns is of them.
    InColumns,
    /// With its usual columns, and where one of those asked for is of them.
    Usually,
    /// Whatever it is asked for.
    Always,
}

/// Whether a way to write hits needs the texts of articles, for these columns.
pub fn needs_texts(format: &str, columns: &[Column]) -> bool {
    let texts = by_name(format).map_or(Texts::Always, |output| output.texts);
    match texts {
        Texts::Always => true,
        Texts::Usually if columns.is_empty() => true,
        Texts::Usually | Texts::InColumns => columns.iter().any(|column| column.is_of_texts()),
    }
}

/// A way to write hits.
pub struct Output {
    /// Its name for `--format`, and the ending of its files.
    pub name: &'static str,
    /// One line for help.
    pub doc: &'static str,
    /// The texts of articles that it writes, where no columns are asked for.
    pub texts: Texts,
    /// Begins to write.
    pub open: for<'w> fn(&'w mut dyn Write, Look) -> io::Result<Box<dyn HitWriter + 'w>>,
}

/// Every way to write hits.
pub const OUTPUTS: &[Output] = &[
    Output { name: "text", texts: Texts::Always, doc: "for reading", open: terminal::open },
    Output {
        name: "jsonl",
        texts: Texts::Usually,
        doc: "one JSON object a line",
        open: json::open_lines,
    },
    Output { name: "json", texts: Texts::Usually, doc: "one JSON list", open: json::open_list },
    Output {
        name: "csv",
        texts: Texts::InColumns,
        doc: "a table, comma separated",
        open: table::open_csv,
    },
    Output {
        name: "tsv",
        texts: Texts::InColumns,
        doc: "a table, tab separated",
        open: table::open_tsv,
    },
    #[cfg(feature = "xlsx")]
    Output { name: "xlsx", texts: Texts::InColumns, doc: "a workbook of Excel", open: xlsx::open },
    #[cfg(feature = "parquet")]
    Output {
        name: "parquet",
        texts: Texts::InColumns,
        doc: "a table for pandas, polars and DuckDB",
        open: parquet::open,
    },
    Output {
        name: "ris",
        texts: Texts::InColumns,
        doc: "references, for Zotero and EndNote",
        open: ris::open,
    },
    Output {
        name: "bibtex",
        texts: Texts::InColumns,
        doc: "references, for LaTeX",
        open: bibtex::open_bibtex,
    },
    Output {
        name: "biblatex",
        texts: Texts::InColumns,
        doc: "references, for BibLaTeX",
        open: bibtex::open_biblatex,
    },
    Output { name: "csl", texts: Texts::InColumns, doc: "references as CSL-JSON", open: csl::open },
    Output { name: "atom", texts: Texts::Always, doc: "a feed", open: atom::open },
    Output {
        name: "html",
        texts: Texts::Always,
        doc: "one page; whole articles with --full",
        open: html::open,
    },
    Output { name: "md", texts: Texts::Always, doc: "a list in Markdown", open: markdown::open },
    Output {
        name: "trec",
        texts: Texts::InColumns,
        doc: "a run file for trec_eval",
        open: trec::open,
    },
];

/// Other names of outputs, and endings of their files.
const ALSO: &[(&str, &str)] = &[
    ("ndjson", "jsonl"),
    ("bib", "bibtex"),
    ("csl-json", "csl"),
    ("xml", "atom"),
    ("htm", "html"),
    ("markdown", "md"),
    ("run", "trec"),
];

/// The output of that name or file ending.
pub fn by_name(name: &str) -> Option<&'static Output> {
    let name = plain_name(name);
    OUTPUTS.iter().find(|output| output.name == name)
}

fn plain_name(name: &str) -> String {
    let name = name.to_ascii_lowercase();
    ALSO.iter().find(|(other, _)| *other == name).map_or(name, |(_, name)| (*name).to_owned())
}

/// A way to write articles as files of a folder.
pub struct Folder {
    /// Its name for `--format`.
    pub name: &'static str,
    /// One line for help.
    pub doc: &'static str,
    /// Whether it stands for the output of that name where whole articles are asked for.
    pub full: bool,
    /// Begins to write into an empty folder.
    pub open: fn(&Path, Look) -> io::Result<Box<dyn HitWriter>>,
}

/// Every way to write articles as files of a folder.
pub const FOLDERS: &[Folder] = &[
    Folder {
        name: "txt",
        doc: "a text each, and metadata.csv",
        full: false,
        open: folder::open_texts,
    },
    Folder {
        name: "md",
        doc: "a note each, with front matter",
        full: true,
        open: folder::open_notes,
    },
];

/// The folder of that name, for whole articles or not.
pub fn folder_by_name(name: &str, full: bool) -> Option<&'static Folder> {
    let name = plain_name(name);
    FOLDERS.iter().find(|folder| folder.name == name && (full || !folder.full))
}

/// A column of a table, or a member of a JSON object.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[expect(missing_docs, reason = "the names say it")]
pub enum Column {
    Rank,
    Score,
    Id,
    Key,
    Date,
    Headline,
    Standfirst,
    Section,
    Kind,
    Topics,
    Authors,
    Organisations,
    Source,
    Language,
    Words,
    Url,
    Root,
    Path,
    Paths,
    Modified,
    Captured,
    Dateline,
    Snippet,
    Body,
    Captions,
    Teasers,
    Fragments,
    Highlights,
    Near,
    Copies,
    Query,
    Explain,
}

impl Column {
    /// Every column with its name.
    pub const ALL: &[(Column, &str)] = &[
        (Column::Rank, "rank"),
        (Column::Score, "score"),
        (Column::Id, "id"),
        (Column::Key, "key"),
        (Column::Date, "date"),
        (Column::Headline, "headline"),
        (Column::Standfirst, "standfirst"),
        (Column::Section, "section"),
        (Column::Kind, "kind"),
        (Column::Topics, "topics"),
        (Column::Authors, "authors"),
        (Column::Organisations, "organisations"),
        (Column::Source, "source"),
        (Column::Language, "language"),
        (Column::Words, "words"),
        (Column::Url, "url"),
        (Column::Root, "root"),
        (Column::Path, "path"),
        (Column::Paths, "paths"),
        (Column::Modified, "modified"),
        (Column::Captured, "captured"),
        (Column::Dateline, "dateline"),
        (Column::Snippet, "snippet"),
        (Column::Body, "body"),
        (Column::Captions, "captions"),
        (Column::Teasers, "teasers"),
        (Column::Fragments, "fragments"),
        (Column::Highlights, "highlights"),
        (Column::Near, "near_duplicates"),
        (Column::Copies, "copies"),
        (Column::Query, "query"),
        (Column::Explain, "explain"),
    ];

    /// The column of that name.
    pub fn by_name(name: &str) -> Option<Self> {
        Self::ALL.iter().find(|(_, known)| *known == name).map(|(column, _)| *column)
    }

    /// Its name.
    pub fn name(self) -> &'static str {
        Self::ALL.iter().find(|(column, _)| *column == self).map_or("", |(_, name)| name)
    }

    /// Whether snippets must be made for it.
    pub fn needs_snippets(self) -> bool {
        matches!(self, Column::Snippet | Column::Fragments | Column::Highlights)
    }

    /// Whether its values are taken from the texts of the article.
    fn is_of_texts(self) -> bool {
        use Column::{Body, Captions, Fragments, Highlights, Teasers};
        matches!(self, Body | Captions | Teasers | Fragments | Highlights)
    }

    /// The date of a hit in this column; `None` in any that holds something else.
    fn date(self, hit: &Hit) -> Option<Date> {
        match self {
            Column::Date => hit.article.published,
            Column::Modified => hit.article.modified,
            Column::Captured => hit.article.captured,
            _ => None,
        }
    }

    /// The value of a hit in this column.
    pub fn value(self, hit: &Hit, query: &str) -> Cell {
        let article = &hit.article;
        let text = |text: &str| Cell::Text(text.to_owned());
        match self {
            Column::Rank => Cell::Number(hit.rank as f64),
            Column::Score => Cell::Number((f64::from(hit.score) * 1e4).round() / 1e4),
            Column::Id => text(&article.id),
            Column::Key => text(&hit.key),
            Column::Near => Cell::Number(f64::from(hit.near)),
            Column::Copies => Cell::Number(f64::from(hit.copies)),
            Column::Date | Column::Modified | Column::Captured => {
                Cell::Text(self.date(hit).map_or(String::new(), |date| date.to_string()))
            }
            Column::Headline => text(&article.headline),
            Column::Standfirst => text(&article.standfirst),
            Column::Section => text(&article.section),
            Column::Kind => text(&article.kind),
            Column::Topics => Cell::List(article.topics.clone()),
            Column::Authors => Cell::List(article.authors.clone()),
            Column::Organisations => Cell::List(article.organisations.clone()),
            Column::Source => text(&article.source),
            Column::Language => text(&article.language),
            Column::Words => Cell::Number(hit.words as f64),
            Column::Url => text(&article.url),
            Column::Root => text(&article.origin.root),
            Column::Path => text(&article.origin.to_string()),
            Column::Paths => Cell::List(hit.paths()),
            Column::Dateline => text(&article.dateline),
            Column::Body => text(&article.body),
            Column::Captions => Cell::List(article.captions.clone()),
            Column::Teasers => Cell::List(article.teasers.clone()),
            Column::Query => text(query),
            Column::Explain => Cell::List(hit.reasons.iter().map(ToString::to_string).collect()),
            Column::Snippet => {
                let parts: Vec<String> = hit
                    .snippets
                    .iter()
                    .map(|snippet| snippet.text.split_whitespace().collect::<Vec<_>>().join(" "))
                    .collect();
                Cell::Text(parts.join(" … "))
            }
            Column::Fragments => {
                let places = hit.snippets.iter().filter_map(|snippet| snippet.place.clone());
                Cell::Places(in_characters(&article.body, places.collect()))
            }
            Column::Highlights => {
                let places = hit.snippets.iter().filter_map(|snippet| {
                    let at = snippet.place.as_ref()?.start;
                    Some(snippet.marks.iter().map(move |mark| at + mark.start..at + mark.end))
                });
                Cell::Places(in_characters(&article.body, places.flatten().collect()))
            }
        }
    }
}

/// Places in bytes as places in characters.
fn in_characters(text: &str, places: Vec<std::ops::Range<usize>>) -> Vec<[usize; 2]> {
    let (mut at_byte, mut at_char) = (0, 0);
    let mut count = |byte: usize| {
        if byte < at_byte {
            (at_byte, at_char) = (0, 0);
        }
        at_char += text[at_byte..byte].chars().count();
        at_byte = byte;
        at_char
    };
    places.into_iter().map(|place| [count(place.start), count(place.end)]).collect()
}

/// One value.
#[derive(Debug, Clone, PartialEq)]
pub enum Cell {
    /// A text, `""` where not known.
    Text(String),
    /// A number.
    Number(f64),
    /// Texts.
    List(Vec<String>),
    /// Places in the body, each its first character and the one after its last.
    Places(Vec<[usize; 2]>),
}

impl Cell {
    /// The value in one cell of a table.
    pub fn flat(&self) -> String {
        match self {
            Cell::Text(text) => text.clone(),
            Cell::Number(number) => number.to_string(),
            Cell::List(items) => items.join("; "),
            Cell::Places(places) => {
                let places: Vec<String> =
                    places.iter().map(|[from, to]| format!("{from}-{to}")).collect();
                places.join(" ")
            }
        }
    }
}

impl Serialize for Cell {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        match self {
            Cell::Text(text) => serializer.serialize_str(text),
            Cell::Number(number) if number.fract() == 0.0 => {
                serializer.serialize_i64(*number as i64)
            }
            Cell::Number(number) => serializer.serialize_f64(*number),
            Cell::List(items) => items.serialize(serializer),
            Cell::Places(places) => places.serialize(serializer),
        }
    }
}
