//! Hits as a table of Parquet: real dates, lists of authors, read by pandas, polars and DuckDB.

use std::io::{self, Seek, Write};
use std::sync::Arc;

use parquet::basic::{Compression, ConvertedType, LogicalType, Repetition, Type as Physical};
use parquet::data_type::{ByteArray, ByteArrayType, DoubleType, Int32Type, Int64Type};
use parquet::errors::ParquetError;
use parquet::file::properties::WriterProperties;
use parquet::file::writer::{SerializedColumnWriter, SerializedFileWriter};
use parquet::schema::types::{PrimitiveTypeBuilder, Type};

use super::{Cell, Column, HitWriter, Look, TABLE};
use crate::hit::Hit;

/// Rows that are held until they are written together ...
const ROWS: usize = 10_000;
/// ... or bytes of text.
const BYTES: usize = 32 << 20;

/// One column of the file, with its rows that wait to be written.
struct Field {
    column: Column,
    rows: Rows,
}

enum Rows {
    Texts(Vec<ByteArray>),
    Numbers(Vec<i64>),
    Scores(Vec<f64>),
    /// Days since 1970-01-01; the first of a month or a year.
    Days(Vec<Option<i32>>),
    /// How far a date is known: `day`, `month`, `year`.
    Known(Vec<Option<&'static str>>),
    Lists(Vec<Vec<ByteArray>>),
}

impl Rows {
    fn clear(&mut self) {
        match self {
            Rows::Texts(rows) => rows.clear(),
            Rows::Numbers(rows) => rows.clear(),
            Rows::Scores(rows) => rows.clear(),
            Rows::Days(rows) => rows.clear(),
            Rows::Known(rows) => rows.clear(),
            Rows::Lists(rows) => rows.clear(),
        }
    }
}

struct Parquet<'w> {
    out: &'w mut dyn Write,
    /// The table is written to disk first: its writer wants what can be sent to other threads.
    file: SerializedFileWriter<std::fs::File>,
    fields: Vec<Field>,
    query: String,
    rows: usize,
    bytes: usize,
}

pub(super) fn open(out: &mut dyn Write, mut look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    let mut fields = Vec::new();
    for column in look.columns_or(TABLE) {
        let rows = match column {
            Column::Rank | Column::Words | Column::Near | Column::Copies => {
                Rows::Numbers(Vec::new())
            }
            Column::Score => Rows::Scores(Vec::new()),
            Column::Date | Column::Modified | Column::Captured => {
                fields.push(Field { column, rows: Rows::Days(Vec::new()) });
                Rows::Known(Vec::new())
            }
            Column::Topics
            | Column::Authors
            | Column::Organisations
            | Column::Paths
            | Column::Captions
            | Column::Teasers => Rows::Lists(Vec::new()),
            _ => Rows::Texts(Vec::new()),
        };
        fields.push(Field { column, rows });
    }
    let file = begin(&fields).map_err(io::Error::other)?;
    Ok(Box::new(Parquet { out, file, fields, query: look.query, rows: 0, bytes: 0 }))
}

fn begin(fields: &[Field]) -> Result<SerializedFileWriter<std::fs::File>, ParquetError> {
    let types = fields.iter().map(type_of).collect::<Result<_, _>>()?;
    let schema = Type::group_type_builder("hits").with_fields(types).build()?;
    let properties = WriterProperties::builder()
        .set_compression(Compression::SNAPPY)
        .set_created_by(concat!("fiche ", env!("CARGO_PKG_VERSION")).to_owned());
    SerializedFileWriter::new(tempfile::tempfile()?, Arc::new(schema), Arc::new(properties.build()))
}

fn text(name: &str) -> PrimitiveTypeBuilder<'_> {
    Type::primitive_type_builder(name, Physical::BYTE_ARRAY)
        .with_logical_type(Some(LogicalType::String))
}

fn type_of(field: &Field) -> Result<Arc<Type>, ParquetError> {
    let name = field.column.name();
    let known = format!("{name}_known");
    let built = match &field.rows {
        Rows::Texts(_) => text(name).with_repetition(Repetition::REQUIRED).build()?,
        Rows::Numbers(_) => Type::primitive_type_builder(name, Physical::INT64)
            .with_repetition(Repetition::REQUIRED)
            .build()?,
        Rows::Scores(_) => Type::primitive_type_builder(name, Physical::DOUBLE)
            .with_repetition(Repetition::REQUIRED)
            .build()?,
        Rows::Days(_) => Type::primitive_type_builder(name, Physical::INT32)
            .with_logical_type(Some(LogicalType::Date))
            .with_repetition(Repetition::OPTIONAL)
            .build()?,
        Rows::Known(_) => text(&known).with_repetition(Repetition::OPTIONAL).build()?,
        Rows::Lists(_) => {
            let element = text("element").with_repetition(Repetition::REQUIRED).build()?;
            let list = Type::group_type_builder("list")
                .with_repetition(Repetition::REPEATED)
                .with_fields(vec![Arc::new(element)])
                .build()?;
            Type::group_type_builder(name)
                .with_logical_type(Some(LogicalType::List))
                .with_converted_type(ConvertedType::LIST)
                .with_repetition(Repetition::REQUIRED)
                .with_fields(vec![Arc::new(list)])
                .build()?
        }
    };
    Ok(Arc::new(built))
}

impl Parquet<'_> {
    /// Writes the rows that wait.
    fn group(&mut self) -> Result<(), ParquetError> {
        if self.rows == 0 {
            return Ok(());
        }
        let mut group = self.file.next_row_group()?;
        for field in &mut self.fields {
            let Some(mut column) = group.next_column()? else { break };
            write(&field.rows, &mut column)?;
            column.close()?;
            field.rows.clear();
        }
        group.close()?;
        (self.rows, self.bytes) = (0, 0);
        Ok(())
    }
}

fn write(rows: &Rows, column: &mut SerializedColumnWriter<'_>) -> Result<(), ParquetError> {
    match rows {
        Rows::Texts(rows) => column.typed::<ByteArrayType>().write_batch(rows, None, None),
        Rows::Numbers(rows) => column.typed::<Int64Type>().write_batch(rows, None, None),
        Rows::Scores(rows) => column.typed::<DoubleType>().write_batch(rows, None, None),
        Rows::Days(rows) => {
            let there: Vec<i16> = rows.iter().map(|row| i16::from(row.is_some())).collect();
            let days: Vec<i32> = rows.iter().flatten().copied().collect();
            column.typed::<Int32Type>().write_batch(&days, Some(&there), None)
        }
        Rows::Known(rows) => {
            let there: Vec<i16> = rows.iter().map(|row| i16::from(row.is_some())).collect();
            let words: Vec<ByteArray> =
                rows.iter().flatten().map(|word| ByteArray::from(*word)).collect();
            column.typed::<ByteArrayType>().write_batch(&words, Some(&there), None)
        }
        Rows::Lists(rows) => {
            // Levels, as Dremel has them: an empty list is one entry that is not there.
            let (mut there, mut inner, mut items) = (Vec::new(), Vec::new(), Vec::new());
            for row in rows {
                there.extend(row.iter().map(|_| 1));
                inner.extend((0..row.len()).map(|at| i16::from(at > 0)));
                if row.is_empty() {
                    there.push(0);
                    inner.push(0);
                }
                items.extend(row.iter().cloned());
            }
            column.typed::<ByteArrayType>().write_batch(&items, Some(&there), Some(&inner))
        }
    }?;
    Ok(())
}

impl HitWriter for Parquet<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        for field in &mut self.fields {
            let date = field.column.date(hit);
            let cell = field.column.value(hit, &self.query);
            let array = |text: &str| ByteArray::from(text.as_bytes().to_vec());
            match &mut field.rows {
                Rows::Texts(rows) => {
                    let text = cell.flat();
                    self.bytes += text.len();
                    rows.push(array(&text));
                }
                Rows::Numbers(rows) => {
                    rows.push(if let Cell::Number(number) = cell { number as i64 } else { 0 });
                }
                Rows::Scores(rows) => {
                    rows.push(if let Cell::Number(number) = cell { number } else { 0.0 });
                }
                Rows::Days(rows) => {
                    rows.push(date.and_then(|date| i32::try_from(date.first_day()).ok()));
                }
                Rows::Known(rows) => rows.push(date.map(|date| match date.parts() {
                    (_, _, Some(_)) => "day",
                    (_, Some(_), None) => "month",
                    _ => "year",
                })),
                Rows::Lists(rows) => {
                    let Cell::List(items) = cell else {
                        unreachable!("only lists are kept as lists")
                    };
                    self.bytes += items.iter().map(String::len).sum::<usize>();
                    rows.push(items.iter().map(|item| array(item)).collect());
                }
            }
        }
        self.rows += 1;
        if self.rows >= ROWS || self.bytes >= BYTES {
            self.group().map_err(io::Error::other)?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.group().map_err(io::Error::other)?;
        self.file.finish().map_err(io::Error::other)?;
        let mut packed = self.file.inner().try_clone()?;
        packed.rewind()?;
        io::copy(&mut packed, &mut self.out).map(drop)
    }
}
