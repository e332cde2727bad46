//! The kinds of file that fiche reads. A format reports what a file says and decides nothing.

pub mod html;
pub mod plain;

use crate::draft::Draft;
use thiserror::Error;

/// What a format is given to read.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The decoded text of the file.
    pub text: &'a str,
}

/// Why a file, or one record of it, gave no draft.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// One record of a file cannot be read; those around it can.
    #[error("{place}: {why}")]
    Record { place: String, why: String },
    /// The file as a whole cannot be read.
    #[error("{0}")]
    File(String),
}

/// One kind of file.
pub trait Format: Sync {
    /// Its name, as `--format` and summaries print it.
    fn name(&self) -> &'static str;
    /// The endings of its files, lower case, without the dot.
    fn extensions(&self) -> &'static [&'static str];
    /// Reads the articles of one file, in order, and hands each to `found`.
    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>));
}
