//! fiche: a full-text search index for article archives.

pub mod article;
pub mod draft;
pub mod extract;
pub mod format;
