//! `fiche fields`

use std::io::{BufWriter, Write, stdout};

use clap::Args;

use super::FOUND;
use super::failure::Failure;
use crate::schema::{Kind, Schema};

/// List the fields that a query can ask for.
#[derive(Debug, Args)]
pub(super) struct FieldsArgs {}

pub(super) fn run(_args: &FieldsArgs) -> Result<u8, Failure> {
    let mut out = BufWriter::new(stdout().lock());
    for field in Schema::bundled().fields {
        let kind = match field.kind {
            Kind::Text => "words",
            Kind::Label => "value",
            Kind::Path => "path",
            Kind::Date => "date",
            Kind::Number => "number",
        };
        let also = if field.aliases.is_empty() {
            String::new()
        } else {
            format!(" (also {})", field.aliases.join(", "))
        };
        writeln!(out, "{:<10}{kind:<8}{}{also}", format!("{}:", field.name), field.doc)?;
    }
    out.flush()?;
    Ok(FOUND)
}
