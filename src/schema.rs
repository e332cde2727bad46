//! Which fields an article has: the declaration of `index-schema/article.toml`, read.

use std::sync::LazyLock;

use serde::Deserialize;
use thiserror::Error;

/// The declaration as it was when this program was built.
pub const BUNDLED: &str = include_str!("../index-schema/article.toml");

/// The fields of an article and how they rank.
#[derive(Debug, Clone, Deserialize)]
pub struct Schema {
    /// Raised when an index built before can no longer be read.
    pub version: u32,
    /// How words weigh.
    pub ranking: Ranking,
    /// The fields, in the order in which they are shown.
    #[serde(rename = "field")]
    pub fields: Vec<FieldSpec>,
}

/// The constants of BM25 and the weight of a headline.
#[derive(Debug, Clone, Deserialize)]
pub struct Ranking {
    /// How soon more of the same word stops to count; 0 and up.
    pub k1: f32,
    /// How much longer texts are held back, 0 to 1.
    pub b: f32,
    /// How often a word of the headline counts, 1 and up.
    pub headline: u32,
    /// Words that say nothing of what an article is about, folded; see [`Ranking::is_stop_word`].
    pub stop: Vec<String>,
}

impl Ranking {
    /// Whether a query of any words leaves this one out; the index holds it all the same.
    pub fn is_stop_word(&self, word: &str) -> bool {
        self.stop.iter().any(|stop| stop == word)
    }
}

/// One field.
#[derive(Debug, Clone, Deserialize)]
pub struct FieldSpec {
    /// Its name in queries and exports.
    pub name: String,
    /// Other names in queries.
    #[serde(default)]
    pub aliases: Vec<String>,
    /// What its values are.
    pub kind: Kind,
    /// One line for help.
    pub doc: String,
}

/// What the values of a field are, and so how it is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// Words in a part of the article.
    Text,
    /// A whole value, folded.
    Label,
    /// A whole value, folded, and each part of it before a `/`.
    Path,
    /// A day, a month or a year.
    Date,
    /// A whole number.
    Number,
}

/// A declaration that cannot be read.
#[derive(Debug, Error)]
#[error("the declaration of fields cannot be read")]
pub struct SchemaError(#[from] toml::de::Error);

impl Schema {
    /// Reads a declaration.
    ///
    /// # Errors
    ///
    /// Where the text is no TOML or lacks a member.
    pub fn parse(text: &str) -> Result<Self, SchemaError> {
        Ok(toml::from_str(text)?)
    }

    /// The version that a declaration tells, also one whose other members are not known here.
    pub fn version_of(text: &str) -> Option<u32> {
        let table: toml::Table = text.parse().ok()?;
        table.get("version")?.as_integer()?.try_into().ok()
    }

    /// The declaration that this program was built with.
    pub fn bundled() -> Self {
        static READ: LazyLock<Schema> =
            LazyLock::new(|| Schema::parse(BUNDLED).expect("a test reads the bundled declaration"));
        READ.clone()
    }

    /// The field of that name or alias, in any case.
    pub fn field(&self, name: &str) -> Option<&FieldSpec> {
        let is = |known: &String| known.eq_ignore_ascii_case(name);
        self.fields.iter().find(|field| is(&field.name) || field.aliases.iter().any(is))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_is_given_once() {
        let schema = Schema::bundled();
        let mut seen = std::collections::HashSet::new();
        for field in &schema.fields {
            for name in std::iter::once(&field.name).chain(&field.aliases) {
                assert!(seen.insert(name.clone()), "{name} twice");
                assert_eq!(schema.field(&name.to_uppercase()).unwrap().name, field.name);
            }
            assert!(!field.doc.is_empty());
        }
    }
}
