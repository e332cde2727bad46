//! The kinds of file that fiche reads. A format reports what a file says and decides nothing.

mod head;
pub mod html;
pub mod json;
pub mod markdown;
mod marked;
pub mod markup;
mod pieces;
pub mod plain;
pub mod record;
pub mod rtf;
pub mod table;
mod wrap;
mod written;

use thiserror::Error;

use crate::draft::Draft;
use record::Aliases;

/// What a format is given to read.
#[derive(Debug, Clone, Copy)]
pub struct Input<'a> {
    /// The decoded text of the file, or of some lines of it.
    pub text: &'a str,
    /// The number of its first line in the file, from 1.
    pub first_line: u32,
    /// What the keys of records mean.
    pub aliases: &'a Aliases,
    /// Whether it is a file of its own, whose parts can be numbered.
    pub alone: bool,
}

impl<'a> Input<'a> {
    /// A whole text, with the aliases that everyone uses.
    pub fn whole(text: &'a str) -> Self {
        Self { text, first_line: 1, aliases: Aliases::usual(), alone: true }
    }
}

/// Why a file, or one record of it, gave no draft.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
#[non_exhaustive]
pub enum FormatError {
    /// One record of a file cannot be read; those around it can.
    #[error("{place}: {why}")]
    Record {
        /// Where in the file: `line 17`.
        place: String,
        /// What is wrong, without a full stop.
        why: String,
    },
    /// The file as a whole cannot be read.
    #[error("{0}")]
    File(String),
    /// Something of the file was left out, and the rest was read.
    #[error("{0}")]
    Cut(String),
    /// Records of the file that are no articles.
    #[error("{0}")]
    NoArticles(String),
}

/// One kind of file.
pub trait Format: Sync {
    /// Its name, as `--format` and summaries print it.
    fn name(&self) -> &'static str;

    /// The endings of its files, lower case, without the dot.
    fn extensions(&self) -> &'static [&'static str];

    /// Whether each line is a record of its own, so that a file may be read in pieces.
    fn by_line(&self) -> bool {
        false
    }

    /// Whether a file without a known ending looks like one of this kind, by its first bytes.
    fn sniff(&self, head: &str) -> bool {
        let _ = head;
        false
    }

    /// Reads the articles of one file, in order, and hands each to `found`.
    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>));
}

/// Every format, in the order in which they are asked to recognise a file.
pub const FORMATS: &[&dyn Format] = &[
    &markup::Markup,
    &html::Html,
    &json::JsonLines,
    &json::Json,
    &table::Table,
    &markdown::Markdown,
    &rtf::Rtf,
    &plain::Plain,
    #[cfg(test)]
    &tests::Panics,
];

/// The format of a file of that name (its compression cut off), by its ending.
pub fn by_name(name: &str) -> Option<&'static dyn Format> {
    let (_, ending) = name.rsplit_once('.')?;
    // Programs that save pages keep what was asked of a server: `index.html?page=2`.
    let ending = ending.split(['?', '@', '#', '&']).next()?.to_ascii_lowercase();
    FORMATS.iter().copied().find(|format| format.extensions().contains(&&ending[..]))
}

/// The format of a text, by what it looks like; plain text where nothing else fits.
pub fn by_look(text: &str) -> &'static dyn Format {
    let head = text.trim_start();
    let head = &head[..head.floor_char_boundary(2048)];
    FORMATS.iter().copied().find(|format| format.sniff(head)).unwrap_or(&plain::Plain)
}

/// Whether files of that name are known to hold no article: pictures, styles, programs.
pub fn is_asset(name: &str) -> bool {
    const ASSETS: &[&str] = &[
        "7z",
        "avi",
        "avif",
        "bin",
        "bmp",
        "class",
        "css",
        "db",
        "dll",
        "doc",
        "eot",
        "exe",
        "flac",
        "gif",
        "ico",
        "ics",
        "jar",
        "jpeg",
        "jpg",
        "js",
        "lock",
        "m4a",
        "m4v",
        "map",
        "mjs",
        "mkv",
        "mov",
        "mp3",
        "mp4",
        "mpeg",
        "ogg",
        "otf",
        "pdf",
        "png",
        "ppt",
        "pptx",
        "psd",
        "py",
        "rar",
        "rs",
        "so",
        "sqlite",
        "svg",
        "swf",
        "tif",
        "tiff",
        "ttf",
        "wasm",
        "wav",
        "webm",
        "webmanifest",
        "webp",
        "wmv",
        "woff",
        "woff2",
        "xls",
        "xlsx",
    ];
    // Browsers keep programs from being run: `a.js.download`.
    let name = name.strip_suffix(".download").unwrap_or(name);
    name.rsplit_once('.')
        .is_some_and(|(_, ending)| ASSETS.contains(&&ending.to_ascii_lowercase()[..]))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A reader with a fault: it is there in tests alone.
    pub struct Panics;

    impl Format for Panics {
        fn name(&self) -> &'static str {
            "panics"
        }

        fn extensions(&self) -> &'static [&'static str] {
            &["panics"]
        }

        fn read(&self, _: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
            let mut draft = Draft::default();
            draft.note(crate::draft::Slot::Body, crate::draft::Rung::Record, "", "half an article");
            found(Ok(draft));
            panic!("a fault in a reader");
        }
    }

    #[test]
    fn an_ending_belongs_to_one_format() {
        let mut seen = std::collections::HashSet::new();
        for format in FORMATS {
            for ending in format.extensions() {
                assert!(seen.insert(*ending), "{ending} twice");
                assert!(!is_asset(&format!("x.{ending}")));
            }
        }
        assert!(is_asset("a.js.download") && !is_asset("a.download"));
        assert_eq!(by_name("a/B.JSONL").map(|format| format.name()), Some("jsonl"));
        assert!(by_name("README").is_none());
        for name in ["index.html?page=2", "a.HTM@id=3", "b.html#top"] {
            assert_eq!(by_name(name).map(|format| format.name()), Some("html"), "{name}");
        }
    }

    #[test]
    fn a_page_is_known_by_its_look() {
        for (text, name) in [
            ("<!DOCTYPE html>\n<p>Ice", "html"),
            ("<!-- saved -->\n<HTML lang=en>", "html"),
            ("<?xml version=\"1.0\"?>\n<html xmlns=\"http://www.w3.org/1999/xhtml\">", "html"),
            ("  <div class=\"page\"><p>Ice", "html"),
            ("<rss version=\"2.0\"><channel>", "xml"),
            ("{\\rtf1 Ice}", "rtf"),
            ("{\"title\": \"Ice\"}", "jsonl"),
            ("---\ntitle: Ice\n---\nIt came.", "markdown"),
            ("Ice <html> came.", "text"),
            ("<3 for ice", "text"),
        ] {
            assert_eq!(by_look(text).name(), name, "{text}");
        }
    }
}
