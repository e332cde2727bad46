//! Hits as a workbook of Excel: a sheet of hits, and one that tells what was asked.

use std::io::{self, Seek, Write};

use rust_xlsxwriter::{ExcelDateTime, Format, Url, Workbook, XlsxError};

use super::citation::link;
use super::{Cell, Column, HitWriter, Look, TABLE};
use crate::hit::Hit;

/// The most rows of a sheet, the head among them.
const ROWS: u32 = 1_048_576;
/// The most characters of a cell, as Excel counts them: in units of UTF-16.
const CELL: usize = 32_767;
/// The most links of a sheet, and the longest.
const LINKS: u32 = 65_530;
const LINK: usize = 2_000;

struct Xlsx<'w> {
    out: &'w mut dyn Write,
    book: Workbook,
    columns: Vec<Column>,
    look: Look,
    /// The row that comes next in the sheet under way.
    row: u32,
    links: u32,
    sheets: usize,
    day: Format,
}

pub(super) fn open(out: &mut dyn Write, mut look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    let columns = look.columns_or(TABLE);
    let day = Format::new().set_num_format("yyyy-mm-dd");
    let book = Workbook::new();
    let mut xlsx = Xlsx { out, book, columns, look, row: 0, links: 0, sheets: 0, day };
    xlsx.begin_sheet().map_err(io::Error::other)?;
    Ok(Box::new(xlsx))
}

/// The text as far as a cell can hold it.
fn fitted(text: &str) -> &str {
    let mut units = 0;
    for (at, c) in text.char_indices() {
        units += c.len_utf16();
        if units > CELL {
            return &text[..at];
        }
    }
    text
}

impl Xlsx<'_> {
    /// Begins the next sheet of hits: each has its head and a filter.
    fn begin_sheet(&mut self) -> Result<(), XlsxError> {
        self.end_sheet()?;
        self.sheets += 1;
        let name =
            if self.sheets == 1 { "hits".to_owned() } else { format!("hits {}", self.sheets) };
        let head = Format::new().set_bold();
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name(name)?.set_freeze_panes(1, 0)?;
        for (column, at) in self.columns.iter().zip(0..) {
            sheet.write_with_format(0, at, column.name(), &head)?;
            let width = match column {
                Column::Headline | Column::Snippet | Column::Body => 60.0,
                Column::Rank | Column::Score | Column::Language | Column::Words => 9.0,
                Column::Date => 12.0,
                _ => 22.0,
            };
            sheet.set_column_width(at, width)?;
        }
        (self.row, self.links) = (1, 0);
        Ok(())
    }

    fn end_sheet(&mut self) -> Result<(), XlsxError> {
        if self.sheets > 0 {
            let last = u16::try_from(self.columns.len().saturating_sub(1)).unwrap_or(u16::MAX);
            let rows = self.row.saturating_sub(1);
            self.book.worksheet_from_index(self.sheets - 1)?.autofilter(0, 0, rows, last)?;
        }
        Ok(())
    }

    fn row(&mut self, hit: &Hit) -> Result<(), XlsxError> {
        if self.row == ROWS {
            self.begin_sheet()?;
        }
        let sheet = self.book.worksheet_from_index(self.sheets - 1)?;
        for (column, at) in self.columns.iter().zip(0..) {
            let date = column.date(hit);
            // Excel knows no day before 1900, and no month or year without a day.
            if let Some((year, Some(month), Some(day))) = date.map(crate::article::Date::parts)
                && year >= 1900
            {
                let day = ExcelDateTime::from_ymd(year as u16, month as u8, day as u8)?;
                sheet.write_with_format(self.row, at, &day, &self.day)?;
                continue;
            }
            match column.value(hit, &self.look.query) {
                Cell::Number(number) => sheet.write_number(self.row, at, number)?,
                cell => {
                    let text = cell.flat();
                    match link(&text) {
                        Some(url)
                            if *column == Column::Url
                                && self.links < LINKS
                                && url.len() <= LINK =>
                        {
                            self.links += 1;
                            let url = Url::new(url).set_text(fitted(&text));
                            sheet.write_url(self.row, at, url)?
                        }
                        // Never a formula: a text is written as one.
                        _ if text.is_empty() => continue,
                        _ => sheet.write_string(self.row, at, fitted(&text))?,
                    }
                }
            };
        }
        self.row += 1;
        Ok(())
    }

    fn end(&mut self, into: std::fs::File) -> Result<(), XlsxError> {
        self.end_sheet()?;
        let sheet = self.book.add_worksheet_with_constant_memory()?;
        sheet.set_name("query")?.set_column_width(0, 16)?.set_column_width(1, 80)?;
        for ((name, value), row) in self.look.about.iter().zip(0..) {
            sheet.write_string(row, 0, fitted(name))?;
            sheet.write_string(row, 1, fitted(value))?;
        }
        self.book.save_to_writer(into)
    }
}

impl HitWriter for Xlsx<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        self.row(hit).map_err(io::Error::other)
    }

    fn finish(&mut self) -> io::Result<()> {
        // The workbook is packed on disk, so that no more than a row is ever in memory.
        let mut packed = tempfile::tempfile()?;
        self.end(packed.try_clone()?).map_err(io::Error::other)?;
        packed.rewind()?;
        io::copy(&mut packed, &mut self.out).map(drop)
    }
}
