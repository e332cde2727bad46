//! What the remarks of a draft mean: one article, and the evidence for each of its fields.

use crate::article::{Article, Origin};
use crate::draft::{Draft, Rung, Slot};

/// An article with the evidence for it.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// The article.
    pub article: Article,
    /// Where each field came from, and what lost.
    pub evidence: Vec<Evidence>,
    /// Why this is no article, where it is none: `an index page`, `no text`.
    pub rejected: Option<&'static str>,
}

/// The origin of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The field.
    pub slot: Slot,
    /// The value taken (or, where `lost`, left).
    pub value: String,
    /// How it was said.
    pub rung: Rung,
    /// Where.
    pub place: String,
    /// Whether another value was taken instead.
    pub lost: bool,
}

/// Settles what a draft says. Never fails: what is not known stays empty.
pub fn settle(_draft: &Draft, _origin: Origin) -> Settled {
    Settled::default()
}
