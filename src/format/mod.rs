//! The kinds of file that fiche reads. A format reports what a file says and decides nothing.

mod gutter;
mod head;
pub mod html;
pub mod json;
pub mod markdown;
mod marked;
pub mod markup;
mod notes;
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
    let of = |ending: String| {
        FORMATS.iter().copied().find(|format| format.extensions().contains(&&ending[..]))
    };
    endings(name).find_map(of)
}

/// The endings that a name may have, the surest first: programs that save pages keep what was asked of
/// a server (`index.html?page=2`), and browsers keep programs from being run (`a.js.download`).
fn endings(name: &str) -> impl Iterator<Item = String> {
    let asked = ['?', '@', '#'].into_iter().filter_map(|sign| Some(name.split_once(sign)?.0));
    let names = std::iter::once(name).chain(asked).chain(name.strip_suffix(".download"));
    names.filter_map(|name| Some(name.rsplit_once('.')?.1.to_ascii_lowercase()))
}

/// The format of a file of that name: by its ending, or by its look where that tells nothing. What is
/// called a text may be a page, rich text or a collection in SGML all the same.
pub fn of_file(name: &str, text: &str) -> &'static dyn Format {
    let Some(format) = by_name(name) else { return by_look(text) };
    let called_text = format.extensions().contains(&"txt");
    let marked = ["<!", "<html", "<HTML", "<?xml", "<DOC>", "{\\rtf"];
    if !called_text || !marked.iter().any(|mark| text.trim_start().starts_with(mark)) {
        return format;
    }
    let look = by_look(text);
    if matches!(look.name(), "html" | "xml" | "rtf") { look } else { format }
}

/// The format of a text, by what it looks like; plain text where nothing else fits.
pub fn by_look(text: &str) -> &'static dyn Format {
    let head = text.trim_start();
    let head = &head[..head.floor_char_boundary(2048)];
    FORMATS.iter().copied().find(|format| format.sniff(head)).unwrap_or(&plain::Plain)
}

/// Whether files of that name are known to hold no article: pictures, styles, programs, and what sites
/// tell to machines.
pub fn is_asset(name: &str) -> bool {
    const ASSETS: &[&str] = &[
        "7z",
        "apk",
        "avi",
        "avif",
        "bat",
        "bin",
        "bmp",
        "cfg",
        "class",
        "conf",
        "crdownload",
        "crx",
        "css",
        "db",
        "dll",
        "dmg",
        "doc",
        "dtd",
        "eot",
        "exe",
        "flac",
        "gif",
        "ico",
        "ics",
        "ini",
        "iso",
        "jar",
        "jpeg",
        "jpg",
        "js",
        "jsx",
        "less",
        "lnk",
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
        "msi",
        "ogg",
        "otf",
        "part",
        "pdf",
        "plist",
        "png",
        "ppt",
        "pptx",
        "psd",
        "py",
        "rar",
        "rs",
        "scss",
        "sh",
        "so",
        "sqlite",
        "svg",
        "swf",
        "swp",
        "tif",
        "tiff",
        "tmp",
        "torrent",
        "ts",
        "tsx",
        "ttf",
        "url",
        "wasm",
        "wav",
        "webloc",
        "webm",
        "webmanifest",
        "webp",
        "wmv",
        "woff",
        "woff2",
        "xls",
        "xlsx",
        "xsd",
        "xsl",
        "xslt",
    ];
    const NAMES: [&str; 5] = ["ads.txt", "app-ads.txt", "humans.txt", "robots.txt", "security.txt"];
    if by_name(name).is_some() {
        return NAMES.contains(&&name.rsplit('/').next().unwrap_or(name).to_ascii_lowercase()[..]);
    }
    endings(name).any(|ending| ASSETS.binary_search(&&ending[..]).is_ok())
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
        for name in ["a.js.download", "s.css?ver=5.1", "a.js@v=2", "b.PNG", "x/robots.txt"] {
            assert!(is_asset(name), "{name}");
        }
        for name in ["a.download", "What now?.html", "ada@home.txt", "a.css.html", "my robots.txt"]
        {
            assert!(!is_asset(name), "{name}");
        }
        assert_eq!(by_name("a/B.JSONL").map(|format| format.name()), Some("jsonl"));
        assert!(by_name("README").is_none());
        for name in ["index.html?page=2.1", "a.HTM@id=3", "b.html#top", "What now?.html"] {
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
        for (file, text, name) in [
            ("a.txt", "<!DOCTYPE html>\n<p>Ice", "html"),
            ("a.txt", "<DOC>\n<DOCNO>1</DOCNO>", "xml"),
            ("a.txt", "{\\rtf1 Ice}", "rtf"),
            ("a.txt", "<p> is a tag of HTML.", "text"),
            ("a.txt", "{\"title\": \"Ice\"}\nIt came.", "text"),
            ("a.md", "<!-- a note -->\n<html>", "markdown"),
            ("a", "<html>", "html"),
        ] {
            assert_eq!(of_file(file, text).name(), name, "{file} {text}");
        }
    }
}
