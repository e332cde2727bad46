//! Hits as JSON: one object a line, or one list.

use std::io::{self, Write};

use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};

use super::{Column, HitWriter, Look};
use crate::hit::Hit;

/// The members of an object where none are asked for.
const USUAL: &[Column] = &[
    Column::Rank,
    Column::Score,
    Column::Id,
    Column::Key,
    Column::Date,
    Column::Headline,
    Column::Standfirst,
    Column::Section,
    Column::Kind,
    Column::Authors,
    Column::Source,
    Column::Language,
    Column::Words,
    Column::Url,
    Column::Path,
    Column::Paths,
    Column::Snippet,
    Column::Fragments,
    Column::Highlights,
    Column::Near,
    Column::Copies,
    Column::Query,
];

struct Json<'w> {
    out: &'w mut dyn Write,
    columns: Vec<Column>,
    query: String,
    list: bool,
    first: bool,
}

pub(super) fn open_lines(out: &mut dyn Write, look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    Ok(Box::new(open(out, look, false)))
}

pub(super) fn open_list(out: &mut dyn Write, look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    out.write_all(b"[")?;
    Ok(Box::new(open(out, look, true)))
}

fn open(out: &mut dyn Write, mut look: Look, list: bool) -> Json<'_> {
    let columns = look.columns_or(USUAL);
    Json { out, columns, query: look.query, list, first: true }
}

/// One hit as an object, its members in the order of the columns.
struct Object<'h> {
    hit: &'h Hit,
    columns: &'h [Column],
    query: &'h str,
}

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut map = serializer.serialize_map(None)?;
        for column in self.columns {
            map.serialize_entry(column.name(), &column.value(self.hit, self.query))?;
        }
        let explain = Column::Explain;
        if !self.hit.reasons.is_empty() && !self.columns.contains(&explain) {
            map.serialize_entry(explain.name(), &explain.value(self.hit, self.query))?;
        }
        map.end()
    }
}

impl HitWriter for Json<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        if self.list {
            self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        }
        self.first = false;
        let object = Object { hit, columns: &self.columns, query: &self.query };
        serde_json::to_writer(&mut *self.out, &object)?;
        if !self.list {
            self.out.write_all(b"\n")?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        if self.list { self.out.write_all(b"\n]\n") } else { Ok(()) }
    }
}
