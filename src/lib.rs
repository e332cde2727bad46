//! fiche: a full-text search index for article archives.
//!
//! One article walks one way: a file is found ([`corpus`]), its bytes become text ([`decode`]), a
//! format reports what the file says ([`mod@format`]), extraction settles what it means ([`extract`]),
//! an engine keeps it and finds it again ([`engine`]), an output shows it ([`output`]).

pub mod article;
pub mod cli;
pub mod container;
pub mod corpus;
pub mod decode;
pub mod draft;
pub mod engine;
pub mod extract;
pub mod format;
pub mod hit;
pub mod ingest;
pub mod ledger;
pub mod likeness;
pub mod output;
pub mod passage;
pub mod query;
pub mod schema;
pub mod site;
pub mod spans;
pub mod words;
