//! Articles as files in a folder: one text or one note each, and a table of them.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use super::table::plain;
use super::{Column, HitWriter, Look, cell, markdown};
use crate::hit::Hit;

/// The columns of the table where none are asked for; the name of the file stands before them.
const USUAL: &[Column] = &[
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
];

/// The table of a folder of texts.
const TABLE: &str = "metadata.csv";

struct Texts {
    folder: PathBuf,
    table: csv::Writer<File>,
    columns: Vec<Column>,
    query: String,
    excel_safe: bool,
}

struct Notes {
    folder: PathBuf,
}

pub(super) fn open_texts(folder: &Path, mut look: Look) -> io::Result<Box<dyn HitWriter>> {
    let mut table = File::create(folder.join(TABLE))?;
    if look.bom {
        table.write_all("\u{feff}".as_bytes())?;
    }
    let columns = look.columns_or(USUAL);
    let mut table = csv::Writer::from_writer(table);
    table
        .write_record(std::iter::once("file").chain(columns.iter().map(|c| c.name())))
        .map_err(plain)?;
    Ok(Box::new(Texts {
        folder: folder.to_owned(),
        table,
        columns,
        query: look.query,
        excel_safe: look.excel_safe,
    }))
}

pub(super) fn open_notes(folder: &Path, _look: Look) -> io::Result<Box<dyn HitWriter>> {
    Ok(Box::new(Notes { folder: folder.to_owned() }))
}

/// A name that any system takes: `2023-03-14_council-tax-vote_7f3a91c2.txt`.
fn name(hit: &Hit, ending: &str) -> String {
    let date = hit.article.published.map_or("undated".to_owned(), |date| date.to_string());
    let mut slug = String::new();
    for c in hit.article.headline.nfkd().filter(|c| !is_combining_mark(*c)) {
        if c.is_alphanumeric() {
            slug.extend(c.to_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        // Names are counted in bytes by some systems.
        if slug.len() >= 60 {
            break;
        }
    }
    format!("{date}_{}_{}.{ending}", slug.trim_matches('-'), hit.key)
}

impl HitWriter for Texts {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let name = name(hit, "txt");
        let mut out = BufWriter::new(File::create(self.folder.join(&name))?);
        let article = &hit.article;
        if !article.headline.is_empty() {
            writeln!(out, "{}\n", article.headline)?;
        }
        if !article.standfirst.is_empty() && !article.body.starts_with(&article.standfirst) {
            writeln!(out, "{}\n", article.standfirst)?;
        }
        writeln!(out, "{}", article.body)?;
        out.flush()?;
        let cells = self
            .columns
            .iter()
            .map(|column| cell(column.value(hit, &self.query).flat(), self.excel_safe));
        self.table.write_record(std::iter::once(name).chain(cells)).map_err(plain)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.table.flush()
    }
}

impl HitWriter for Notes {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let mut out = BufWriter::new(File::create(self.folder.join(name(hit, "md")))?);
        markdown::note(hit, &mut out)?;
        out.flush()
    }

    fn finish(&mut self) -> io::Result<()> {
        // An empty folder is one, too.
        fs::metadata(&self.folder).map(drop)
    }
}
