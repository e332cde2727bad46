//! What a person types, understood: fiche's own query language, with the place of every part.

mod dates;
mod lex;
mod parse;

use std::fmt;
use std::ops::Range;

use thiserror::Error;

pub use dates::period;
pub use parse::{Parsed, Settings, filter, parse, plain_words};

/// The longest query, in bytes.
pub const LONGEST_QUERY: usize = 4096;
/// The deepest nesting of brackets.
pub const DEEPEST: usize = 64;
/// The most words, phrases and filters in one query.
pub const MOST_CLAUSES: usize = 1024;

/// A query as understood.
#[derive(Debug, Clone, PartialEq)]
pub enum Query {
    /// Every article.
    All,
    /// Words in the text, ranked.
    Words {
        /// Where they must stand.
        scope: Scope,
        /// What must stand there.
        pattern: Pattern,
    },
    /// A whole value of a field of labels, folded.
    Label {
        /// The field's name in the schema.
        field: String,
        /// The value, folded.
        value: String,
        /// Whether `*` and `?` in it stand for other letters.
        glob: bool,
    },
    /// Published within these days, both included, in days since 1970-01-01.
    Days {
        /// The first day, where there is one.
        first: Option<i64>,
        /// The last day, where there is one.
        last: Option<i64>,
    },
    /// As many words in the text, both bounds included.
    Length {
        /// At least.
        min: u64,
        /// At most.
        max: u64,
    },
    /// The field has a value.
    Has(String),
    /// All of these.
    And(Vec<Query>),
    /// One of these or more.
    Or(Vec<Query>),
    /// Not this.
    Not(Box<Query>),
    /// One of these or more, each with the weight of its words.
    Weighted(Vec<(f32, Query)>),
}

/// The part of an article where words must stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Scope {
    /// Headline, byline or text.
    Anywhere,
    /// The headline.
    Headline,
    /// The headline or the first words of the text.
    Lead,
    /// The byline.
    Byline,
    /// The standfirst and the text.
    Body,
}

/// What must stand in a text.
#[derive(Debug, Clone, PartialEq)]
pub enum Pattern {
    /// One word.
    Word(Word),
    /// Parts near one another.
    Near {
        /// The parts, two or more.
        sides: Vec<Pattern>,
        /// How many other words may stand between the first and the last of them.
        gap: u32,
        /// Whether the order counts.
        ordered: bool,
    },
    /// One of these, at one place.
    Either(Vec<Pattern>),
    /// A word, so many times or more.
    AtLeast {
        /// How many times, 1 and up.
        times: u32,
        /// The word.
        word: Word,
    },
}

impl Pattern {
    /// Its words, from left to right: the order in which an engine numbers them.
    pub fn words(&self) -> Vec<&Word> {
        match self {
            Pattern::Word(word) | Pattern::AtLeast { word, .. } => vec![word],
            Pattern::Near { sides, .. } | Pattern::Either(sides) => {
                sides.iter().flat_map(Pattern::words).collect()
            }
        }
    }

    /// How many words it has.
    pub fn size(&self) -> usize {
        match self {
            Pattern::Word(_) | Pattern::AtLeast { .. } => 1,
            Pattern::Near { sides, .. } | Pattern::Either(sides) => {
                sides.iter().map(Pattern::size).sum()
            }
        }
    }

    /// Whether it is words that follow each other.
    pub fn is_phrase(&self) -> bool {
        let is_word = |side: &Pattern| matches!(side, Pattern::Word(_));
        matches!(self, Pattern::Near { sides, gap: 0, ordered: true } if sides.iter().all(is_word))
    }
}

/// One word of a query: itself, or a rule for words.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Word {
    /// What words it stands for.
    pub form: Form,
    /// Whether only the form as typed counts.
    pub exact: bool,
}

/// The words that a word of a query stands for.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Form {
    /// This one (and its other forms, unless exact), folded.
    Plain(String),
    /// Words of this shape: `*` any letters, `?` one.
    Wild(String),
    /// Words that differ in at most so many letters.
    Fuzzy(String, u8),
    /// Words that this regular expression matches whole.
    Regex(String),
}

/// What is wrong with a query, and where.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[error("{message}")]
pub struct QueryError {
    /// A name for programs: `unknown_field`.
    pub code: &'static str,
    /// One sentence.
    pub message: String,
    /// The place in the query, in bytes.
    pub span: Range<usize>,
    /// What to write instead.
    pub help: Vec<String>,
    /// Names that are close to what was typed.
    pub suggestions: Vec<String>,
}

/// Something that a person may want to know of how a query was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Note {
    /// One sentence.
    pub message: String,
    /// Whether it matters only where nothing was found.
    pub only_if_nothing: bool,
}

impl Query {
    /// The languages that an article must be in, one of them, where the query says so.
    ///
    /// Words of the query then take their other forms from these alone.
    pub fn languages(&self) -> Vec<String> {
        match self {
            Query::Label { field, value, glob: false } if field == "lang" => vec![value.clone()],
            Query::And(parts) => {
                parts.iter().map(Query::languages).find(|some| !some.is_empty()).unwrap_or_default()
            }
            Query::Or(parts) => {
                let each: Vec<Vec<String>> = parts.iter().map(Query::languages).collect();
                if each.iter().any(Vec::is_empty) { Vec::new() } else { each.concat() }
            }
            _ => Vec::new(),
        }
    }

    /// All the patterns that an article may match, not those that it must not.
    pub fn patterns(&self) -> Vec<(Scope, &Pattern)> {
        match self {
            Query::Words { scope, pattern } => vec![(*scope, pattern)],
            Query::And(parts) | Query::Or(parts) => {
                parts.iter().flat_map(Query::patterns).collect()
            }
            _ => Vec::new(),
        }
    }
}

impl fmt::Display for Query {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Query::All => write!(f, "*"),
            Query::Words { scope: Scope::Anywhere, pattern } => write!(f, "{pattern}"),
            Query::Words { scope, pattern } => write!(f, "{}:{pattern}", scope.name()),
            Query::Label { field, value, .. } => write!(f, "{field}:{value:?}"),
            Query::Days { first, last } => {
                let day = |number: &Option<i64>| {
                    number
                        .and_then(crate::article::from_day_number)
                        .map_or(String::new(), |date| date.to_string())
                };
                write!(f, "date:{}..{}", day(first), day(last))
            }
            Query::Length { min, max: u64::MAX } => write!(f, "len:{min}.."),
            Query::Length { min, max } => write!(f, "len:{min}..{max}"),
            Query::Has(field) => write!(f, "has:{field}"),
            Query::And(parts) => joined(f, parts, " AND "),
            Query::Or(parts) => joined(f, parts, " OR "),
            Query::Not(inner) => write!(f, "NOT {inner}"),
            Query::Weighted(parts) => {
                let parts: Vec<String> =
                    parts.iter().map(|(weight, part)| format!("{weight:.3} × {part}")).collect();
                joined(f, &parts, " OR ")
            }
        }
    }
}

impl fmt::Display for Pattern {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Pattern::Word(word) => write!(f, "{word}"),
            Pattern::AtLeast { times, word } => write!(f, "atleast{times} {word}"),
            Pattern::Either(parts) => joined(f, parts, " OR "),
            Pattern::Near { sides, gap: 0, ordered: true } => {
                write!(f, "\"")?;
                for (number, side) in sides.iter().enumerate() {
                    let blank = if number > 0 { " " } else { "" };
                    match side {
                        Pattern::Word(word) => write!(f, "{blank}{}", word.form)?,
                        other => write!(f, "{blank}{other}")?,
                    }
                }
                write!(f, "\"")
            }
            Pattern::Near { sides, gap, ordered } => {
                let name = if *ordered { "PRE" } else { "NEAR" };
                joined(f, sides, &format!(" {name}/{} ", gap + 1))
            }
        }
    }
}

fn joined<T: fmt::Display>(f: &mut fmt::Formatter<'_>, parts: &[T], by: &str) -> fmt::Result {
    write!(f, "(")?;
    for (number, part) in parts.iter().enumerate() {
        if number > 0 {
            write!(f, "{by}")?;
        }
        write!(f, "{part}")?;
    }
    write!(f, ")")
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.form {
            Form::Plain(_) if self.exact => write!(f, "={}", self.form),
            form => write!(f, "{form}"),
        }
    }
}

impl fmt::Display for Form {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Form::Plain(text) | Form::Wild(text) => write!(f, "{text}"),
            Form::Fuzzy(text, distance) => write!(f, "{text}~{distance}"),
            Form::Regex(text) => write!(f, "/{text}/"),
        }
    }
}

impl Scope {
    /// The field that asks for it.
    pub fn name(self) -> &'static str {
        match self {
            Scope::Anywhere => "anywhere",
            Scope::Headline => "headline",
            Scope::Lead => "lead",
            Scope::Byline => "author",
            Scope::Body => "body",
        }
    }
}
