//! What a search gives: an article, how well it matches, and where.

use std::fmt;
use std::ops::Range;

use crate::article::{Article, Origin};

/// One article that matches.
#[derive(Debug, Clone, Default)]
pub struct Hit {
    /// Its place in the order of the answer, from 1.
    pub rank: usize,
    /// How well it matches; 0 where the order is not by relevance.
    pub score: f32,
    /// The short id that a terminal shows: eight hexadecimal digits or more.
    pub key: String,
    /// The article; without body, captions and teasers where they were not asked for.
    pub article: Article,
    /// The number of words in its body.
    pub words: u64,
    /// The passages of the text that show why it matches, in the order of the text.
    pub snippets: Vec<Snippet>,
    /// The places in the headline that match, in bytes.
    pub headline_marks: Vec<Range<usize>>,
    /// How many other articles of the index are nearly the same.
    pub near: u32,
    /// How many other places hold the very same article.
    pub copies: u32,
    /// These places, where they were asked for.
    pub also: Vec<Place>,
    /// What its score is made of, where that was asked for.
    pub reasons: Vec<Reason>,
}

impl Hit {
    /// The paths of all its places, each with its root where there are several roots.
    pub fn paths(&self) -> Vec<String> {
        let also = self.also.iter().map(|place| &place.origin);
        let mut places: Vec<&Origin> = also.chain([&self.article.origin]).collect();
        places.sort();
        let one = places.windows(2).all(|pair| pair[0].root == pair[1].root);
        let path = |origin: &Origin| {
            if one { origin.to_string() } else { format!("{}/{origin}", origin.root) }
        };
        places.into_iter().map(path).collect()
    }
}

/// Another place of the same article.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Place {
    /// Its short id.
    pub key: String,
    /// Where it is.
    pub origin: Origin,
}

/// What one part of a query adds to the score of an article, by BM25.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Reason {
    /// The part as the query says it: `headline:tax`.
    pub part: String,
    /// The words of the index that stand in the article for it, each with how often; empty for
    /// phrases, distances and words of one field.
    pub forms: Vec<(String, u32)>,
    /// How often it stands there, a headline counting more than once.
    pub times: f32,
    /// The length of the article in words, as the index keeps it: rounded.
    pub length: u32,
    /// The mean length.
    pub mean: f32,
    /// How much the query wants it: how often it says it, or what `--expand` gives it.
    pub weight: f32,
    /// How rare it is.
    pub idf: f32,
    /// What `times` comes to at that length.
    pub tf: f32,
    /// What it adds: weight x idf x tf.
    pub score: f32,
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:.4}  {}:", self.score, self.part)?;
        if self.weight != 1.0 {
            write!(f, " weight {:.3} ×", self.weight)?;
        }
        write!(f, " idf {:.3} × tf {:.3} (", self.idf, self.tf)?;
        for (number, (form, times)) in self.forms.iter().enumerate() {
            write!(f, "{}{form} {times}", if number > 0 { ", " } else { "" })?;
        }
        if self.forms.is_empty() {
            write!(f, "{} times", self.times)?;
        }
        write!(f, "; {} words, {:.0} on average)", self.length, self.mean)
    }
}

/// A passage of a text.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Snippet {
    /// The passage as it stands in the text.
    pub text: String,
    /// The places in it that match, in bytes, rising, not overlapping.
    pub marks: Vec<Range<usize>>,
    /// Where it stands in the body, in bytes; `None` where it is not of the body.
    pub place: Option<Range<usize>>,
    /// Whether text of the body stands before it that is not shown.
    pub cut_before: bool,
    /// Whether text of the body stands after it that is not shown.
    pub cut_after: bool,
}

impl Snippet {
    /// The passage in pieces, each with whether it matches.
    ///
    /// ```
    /// use fiche::hit::Snippet;
    ///
    /// let snippet = Snippet { text: "the old sea".into(), marks: vec![4..7], ..Default::default() };
    /// let pieces: Vec<_> = snippet.pieces().collect();
    /// assert_eq!(pieces, [("the ", false), ("old", true), (" sea", false)]);
    /// ```
    pub fn pieces(&self) -> impl Iterator<Item = (&str, bool)> {
        pieces(&self.text, &self.marks)
    }
}

/// A text in pieces, each with whether it lies in one of `marks`.
pub fn pieces<'t>(
    text: &'t str,
    marks: &'t [Range<usize>],
) -> impl Iterator<Item = (&'t str, bool)> {
    let mut at = 0;
    let mut found = Vec::new();
    for mark in marks {
        found.push((&text[at..mark.start], false));
        found.push((&text[mark.clone()], true));
        at = mark.end;
    }
    found.push((&text[at..], false));
    found.into_iter().filter(|(piece, _)| !piece.is_empty())
}
