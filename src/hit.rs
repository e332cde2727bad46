//! What a search gives: an article, how well it matches, and where.

use std::ops::Range;

use crate::article::Article;

/// One article that matches.
#[derive(Debug, Clone, Default)]
pub struct Hit {
    /// Its place in the order of the answer, from 1.
    pub rank: usize,
    /// How well it matches; 0 where the order is not by relevance.
    pub score: f32,
    /// The short id that a terminal shows: eight hexadecimal digits or more.
    pub key: String,
    /// The article.
    pub article: Article,
    /// The passages of the text that show why it matches, in the order of the text.
    pub snippets: Vec<Snippet>,
    /// The places in the headline that match, in bytes.
    pub headline_marks: Vec<Range<usize>>,
    /// How many other articles of the index are nearly the same.
    pub near: u32,
    /// How many other places hold the very same words.
    pub copies: u32,
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
