//! What an article is: plain data, free of files, engines and terminals.

mod date;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use date::{Date, DateError, day_number, from_day_number};

/// One article, settled: what every reader, engine and output agrees on.
///
/// An empty string or list means "not known"; nothing is ever invented.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Article {
    /// The record's own id (JSON `id`, DOCNO) where it has one, else the path, with `#n` in a
    /// file of many.
    pub id: String,
    /// Where the article was read from.
    pub origin: Origin,
    /// The headline, without the site's name.
    pub headline: String,
    /// The standfirst (deck, summary line) that the page prints under the headline.
    pub standfirst: String,
    /// The kind of article that its kicker names, as printed: `Analysis`, `Opinion`.
    pub kind: String,
    /// The section, as printed; parts of a hierarchy are joined by `/`: `World/Asia`.
    pub section: String,
    /// Topics, tags and keywords that the source gives.
    pub topics: Vec<String>,
    /// The day, month or year of publication.
    pub published: Option<Date>,
    /// When the article was last changed, by its own word.
    pub modified: Option<Date>,
    /// When this copy of it was made (never the date of publication).
    pub captured: Option<Date>,
    /// Who wrote it, in the order of the byline: the people that it names, or, where it names
    /// none, the organisations that sign.
    pub authors: Vec<String>,
    /// Organisations that stand in the byline: agencies, newsrooms. One that signs alone is an
    /// author too.
    pub organisations: Vec<String>,
    /// The place that opens the text: `LONDON`.
    pub dateline: String,
    /// The outlet: a site's or a paper's name, or the host.
    pub source: String,
    /// The language, as an ISO 639-1 code.
    pub language: String,
    /// The address, canonical where the page says so.
    pub url: String,
    /// The text: paragraphs parted by one blank line.
    pub body: String,
    /// Captions of pictures, apart from the body.
    pub captions: Vec<String>,
    /// Teasers of other articles that stood on the page, apart from the body.
    pub teasers: Vec<String>,
}

impl Article {
    /// The number of words in the body, by white space.
    pub fn words(&self) -> u64 {
        let bytes = self.body.as_bytes();
        let blank_at = |at: usize| self.body[at..].chars().next().is_some_and(char::is_whitespace);
        // The blanks that are not ASCII begin with one of these bytes.
        let mut others =
            memchr::memchr3_iter(0xc2, 0xe1, 0xe3, bytes).chain(memchr::memchr_iter(0xe2, bytes));
        if others.any(blank_at) {
            return self.body.split_whitespace().count() as u64;
        }
        let blank = |byte: u8| u8::from(byte == b' ') | u8::from(byte.wrapping_sub(9) < 5);
        let mut count = bytes.first().map_or(0, |&first| u64::from(1 - blank(first)));
        let (before, after) = (bytes, bytes.get(1..).unwrap_or_default());
        // So few that a byte can count them: the machine then takes many in one step.
        for (before, after) in before.chunks(128).zip(after.chunks(128)) {
            let begun =
                before.iter().zip(after).map(|(&one, &next)| blank(one) & (1 - blank(next)));
            count += u64::from(begun.sum::<u8>());
        }
        count
    }
}

/// Where an article stands: a root of the index, a path below it, and the part of that file.
#[derive(Debug, Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Origin {
    /// The root's label, empty where the path stands alone.
    pub root: String,
    /// The path below the root, with `/` between its parts.
    pub path: String,
    /// The number of the article in a file of many, from 1; `None` in a file of one.
    pub part: Option<u32>,
}

impl fmt::Display for Origin {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.path)?;
        self.part.map_or(Ok(()), |part| write!(f, "#{part}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_counted_by_white_space() {
        for body in [
            "",
            " ",
            "one",
            " one  two\n",
            "été\u{a0}à\u{2003}— “x”\u{85}",
            "東京\u{3000}2020",
            "\u{b}a\u{1c}b",
            &"a b ".repeat(300),
        ] {
            let article = Article { body: body.to_owned(), ..Article::default() };
            assert_eq!(article.words(), body.split_whitespace().count() as u64, "{body:?}");
        }
    }
}
