//! Whatever comes through a door, it holds: property tests, and the seeds that the fuzz targets of
//! `tests/fuzz` keep.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

#[path = "support/doors.rs"]
mod doors;

use std::fs;
use std::path::{Path, PathBuf};

use fiche::format::FORMATS;
use proptest::prelude::*;

/// Pieces that mean something to a parser, strung together with pieces that do not.
fn pieces(known: &'static [&'static str], most: usize) -> impl Strategy<Value = String> {
    let known = proptest::sample::select(known).prop_map(str::to_owned);
    let other = any::<String>().prop_map(|text| text.chars().take(6).collect());
    let number = any::<u32>().prop_map(|number| number.to_string());
    proptest::collection::vec(prop_oneof![6 => known, 2 => other, 1 => number], 0..most)
        .prop_map(|pieces| pieces.concat())
}

const ARCHIVES: &[&[u8]] = &[
    b"",
    b"PK\x03\x04",
    b"WARC/1.0\r\n",
    b"PK\x05\x06",
    b"From: <Saved by Blink>\nSubject: a\nContent-Type: multipart/related; boundary=a\n\n--a\nContent-Type: text/html\n\n",
    b"From a\nSubject: =?utf-8?q?x?=\nContent-Type: multipart/mixed; boundary=a\n\n--a\n",
];
const ENCODINGS: &[&[u8]] =
    &[b"", b"\xff\xfe", b"\xfe\xff", b"\xef\xbb\xbf", b"<meta charset=\"shift_jis\">"];

const QUERY: &[&str] = &[
    "tax",
    "council ",
    " ",
    "\"",
    "(",
    ")",
    " AND ",
    " OR ",
    " NOT ",
    "-",
    "+",
    "*",
    "?",
    "~",
    "~2",
    " NEAR/5 ",
    " PRE/3 ",
    "headline:",
    "by:",
    "date:",
    "2023",
    "2023-02-30",
    "..",
    ">",
    "<",
    "<=",
    "/re.*/",
    "section:",
    "[1 TO 2]",
    "^",
    "ATLEAST/2(",
    "\u{301}",
    "𝔘",
    "\u{202e}",
    "\\",
    "&&",
    "||",
    "{",
    "}",
    ",",
    ";",
    "published:30d",
    "year:",
    "len:>100",
    "has:",
    "none:",
];

const DATES: &[&str] = &[
    "0000",
    "9999",
    "10000",
    "-1",
    "1900",
    "2024",
    "02",
    "29",
    "30",
    "31",
    "-",
    "/",
    ".",
    " ",
    ",",
    "T",
    "Z",
    ":",
    "March",
    "févr.",
    "Dec",
    "BC",
    "AD",
    "1e9",
    "99999999999",
    "Mon",
    "am",
    "GMT",
];

const TEXT: &[&str] = &[
    "{\\rtf1 ",
    "\\par ",
    "\\'e9",
    "\\u-10179?",
    "\\bin9 ",
    "{\\fonttbl{\\f1\\fcharset128 a;}}",
    "\\f1 ",
    "{\\*\\x",
    "<TEI><teiHeader><titleStmt><title>",
    "<text><body><div type=\"article\">",
    "<lb break=\"no\"/>",
    "<alto><String SUBS_TYPE=\"HypPart1\" CONTENT=\"",
    "<article article-type=\"a\"><article-meta><pub-date><day>",
    "</day>",
    "[a](https://a.example)\n\n",
    "* [b](/b)\n",
    "[",
    "](",
    "![c\nd](e)",
    "# ",
    "© 2021 a\n",
    "Title: a\n\nURL Source: b\n\nMarkdown Content:\n",
    "Document 1 of 2\n",
    "Document 2 of 2\n",
    "Full text: ",
    "HD\t",
    "LP\t",
    "12 words\n",
    "Document COUR000020210210eh2a0001v\n",
    "id=\"wm-ipp\">",
    "https://web.archive.org/web/20110305101233/http://a.example/",
    "<p>",
    "</p>",
    "<div class=\"byline\">",
    "<b",
    ">",
    "<!--",
    "-->",
    "<script>",
    "</script>",
    "<script type=\"application/ld+json\">",
    "{\"@type\":\"NewsArticle\",\"headline\":\"",
    "\"}",
    "<meta property=\"article:published_time\" content=\"",
    "\">",
    "<time datetime=\"",
    "&amp;",
    "&#x",
    ";",
    "<table><td>",
    "<a href=\"",
    "<h1>",
    "</h1>",
    "<title>",
    "</title>",
    "<svg>",
    "By Ana Ruiz",
    "March 3, 1998",
    "2023-03-14T10:00:00Z",
    "\n",
    "\r\n",
    "\t",
    "LONDON — ",
    "{\"title\":\"",
    "\"text\":",
    "[",
    "]",
    "}",
    ",",
    ":",
    "null",
    "1e999",
    "---\n",
    "title: ",
    "+++\n",
    "# ",
    "* ",
    "![",
    "](",
    "<item>",
    "</item>",
    "<entry>",
    "<DOC>",
    "<REUTERS",
    "<TEXT>",
    "<![CDATA[",
    "]]>",
    "<!DOCTYPE ",
    "<nitf>",
    "<block class=\"full_text\">",
    "title,text\n",
    "\"",
    "\"\"",
    "|",
    "\0",
    "\u{feff}",
    "\u{fffd}",
    "\u{202e}",
    "\u{1b}[31m",
    "é",
    "𝔘",
    "\u{301}",
    "The council voted on the tax. ",
    "Advertisement",
    "Read more",
    "© 2023",
    "Updated 3 Mar",
];

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 400,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn r15_any_query_is_read_or_refused_in_its_place(text in pieces(QUERY, 24)) {
        doors::query(&text);
    }

    #[test]
    fn r23_r25_any_text_is_read_by_any_reader(
        format in 0..FORMATS.len(),
        text in pieces(TEXT, 60),
    ) {
        doors::reader(format, &text);
    }

    #[test]
    fn r23_any_date_is_read_or_left_out(
        text in pieces(DATES, 8),
        year in any::<i64>(),
        (month, day) in (0_u8..14, 0_u8..33),
    ) {
        doors::date(&text);
        doors::date(&format!("{year}-{month:02}-{day:02}"));
        doors::date(&format!("{:04}-{month:02}-{day:02}T24:60:60+14:00", year.rem_euclid(10_000)));
    }

    #[test]
    fn r12_any_bytes_are_a_container_or_none(
        kind in proptest::sample::select(&doors::KINDS[..]),
        bytes in proptest::collection::vec(any::<u8>(), 0..2000),
        head in proptest::sample::select(ARCHIVES),
    ) {
        doors::container(kind, &[head, &bytes].concat());
    }

    #[test]
    fn r10_any_bytes_become_text(
        bytes in proptest::collection::vec(any::<u8>(), 0..500),
        head in proptest::sample::select(ENCODINGS),
    ) {
        doors::decoding(&[head, &bytes].concat());
    }

    #[test]
    fn r16_snippets_are_of_the_text_and_show_no_control_character(
        text in pieces(TEXT, 40),
        asked in pieces(QUERY, 6),
        width in 0_usize..300,
    ) {
        doors::snippets(&text, &asked, width);
        doors::snippets(&text, &text.chars().take(8).collect::<String>(), width);
    }

    #[test]
    fn r17_csv_is_read_back_as_it_was(values in proptest::collection::vec(pieces(TEXT, 5), 4)) {
        let values: Vec<&str> = values.iter().map(String::as_str).collect();
        doors::csv_round_trip(&values);
    }
}

/// The files in which a fuzz target once found a fault, or that lead it on, and those of the forms
/// that it reads.
#[test]
fn r25_the_seeds_of_the_fuzz_targets_pass() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests");
    let mut passed = 0;
    for name in ["query", "container", "decode", "snippet", "csv"]
        .into_iter()
        .chain(FORMATS.iter().map(|format| format.name()))
    {
        let folders = [tests.join("fuzz/seeds").join(name), tests.join("data/formats").join(name)];
        for file in folders.into_iter().filter(|folder| folder.is_dir()).flat_map(files) {
            assert!(doors::door(name, &fs::read(file).unwrap()));
            passed += 1;
        }
    }
    assert!(passed >= 30, "{passed} seeds");
}

fn files(folder: PathBuf) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path());
    entries.filter(|path| path.is_file()).collect()
}
