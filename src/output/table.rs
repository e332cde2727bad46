//! Hits as a table: CSV (RFC 4180, lines ended by LF) and TSV.

use std::io::{self, Write};

use super::{Column, HitWriter, Look, TABLE, cell};
use crate::hit::Hit;

struct Table<'w> {
    out: csv::Writer<&'w mut dyn Write>,
    columns: Vec<Column>,
    query: String,
    excel_safe: bool,
}

pub(super) fn open_csv(out: &mut dyn Write, look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    open(out, look, b',')
}

pub(super) fn open_tsv(out: &mut dyn Write, look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    open(out, look, b'\t')
}

fn open(out: &mut dyn Write, mut look: Look, separator: u8) -> io::Result<Box<dyn HitWriter + '_>> {
    if look.bom {
        out.write_all("\u{feff}".as_bytes())?;
    }
    let columns = look.columns_or(TABLE);
    let mut out = csv::WriterBuilder::new().delimiter(separator).from_writer(out);
    out.write_record(columns.iter().map(|column| column.name())).map_err(plain)?;
    Ok(Box::new(Table { out, columns, query: look.query, excel_safe: look.excel_safe }))
}

/// The error of the system in one of the table's: a closed pipe must stay known as one.
pub(super) fn plain(error: csv::Error) -> io::Error {
    match error.into_kind() {
        csv::ErrorKind::Io(error) => error,
        other => io::Error::other(format!("{other:?}")),
    }
}

impl HitWriter for Table<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let cells = self
            .columns
            .iter()
            .map(|column| cell(column.value(hit, &self.query).flat(), self.excel_safe));
        self.out.write_record(cells).map_err(plain)
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}
