//! The walls of the house: which room may import which, and that every room is in the table.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Each room with the rooms that it may import; a room stands above all that it imports.
///
/// `cli` is the roof and may import every room.
const ROOMS: &[(&str, &[&str])] = &[
    ("article", &[]),
    ("draft", &[]),
    ("ledger", &[]),
    ("decode", &[]),
    ("container", &["decode"]),
    ("corpus", &[]),
    ("schema", &[]),
    ("site", &["draft"]),
    ("words", &["article"]),
    ("hit", &["article"]),
    ("query", &["article", "schema", "words"]),
    ("spans", &["query"]),
    ("passage", &["article", "hit", "query", "spans", "words"]),
    ("likeness", &["article", "words"]),
    ("format", &["article", "draft"]),
    ("extract", &["article", "draft", "site", "words"]),
    (
        "engine",
        &["article", "hit", "ledger", "likeness", "passage", "query", "schema", "spans", "words"],
    ),
    ("output", &["article", "hit", "words"]),
    (
        "ingest",
        &[
            "article",
            "container",
            "corpus",
            "decode",
            "draft",
            "engine",
            "extract",
            "format",
            "ledger",
            "likeness",
            "site",
        ],
    ),
];

/// Crates that are guests of one room: nobody else names them.
const GUESTS: &[(&str, &str)] = &[
    ("tantivy", "engine"),
    ("clap", "cli"),
    ("indicatif", "cli"),
    ("html5ever", "format"),
    ("html5gum", "format"),
];

/// Every source file of the crate below `folder`.
fn sources(folder: &Path, found: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, found);
        } else if path.extension().is_some_and(|ending| ending == "rs") {
            found.push(path);
        }
    }
}

fn source_root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("src")
}

/// The room of a file: the first part of its path below `src`, without ending.
fn room(path: &Path) -> String {
    let first = path.strip_prefix(source_root()).unwrap().iter().next().unwrap().to_string_lossy();
    first.strip_suffix(".rs").unwrap_or(&first).to_owned()
}

/// A text without comments, so that prose names nothing.
fn code(text: &str) -> String {
    text.lines().map(|line| line.split("//").next().unwrap_or("")).collect::<Vec<_>>().join("\n")
}

/// The first names after each `crate::`, also those in braces over several lines.
fn imports(text: &str) -> BTreeSet<String> {
    let name = |text: &str| -> String {
        text.trim_start().chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
    };
    let mut found = BTreeSet::new();
    for (at, _) in text.match_indices("crate::") {
        // `other_crate::` is none of ours.
        if text[..at].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let rest = &text[at + "crate::".len()..];
        let Some(inner) = rest.strip_prefix('{') else {
            found.insert(name(rest));
            continue;
        };
        let mut depth = 0;
        let mut start = 0;
        for (end, c) in inner.char_indices() {
            match c {
                '{' => depth += 1,
                '}' if depth > 0 => depth -= 1,
                ',' | '}' if depth == 0 => {
                    found.insert(name(&inner[start..end]));
                    start = end + 1;
                    if c == '}' {
                        break;
                    }
                }
                _ => {}
            }
        }
    }
    found.remove("");
    found
}

#[test]
fn imports_are_read_over_lines_and_through_braces() {
    let text = "use crate::{\n    article::{Article, Date},\n    hit::Hit,\n};\nlet a = crate::words::fold(b);";
    let found: Vec<String> = imports(text).into_iter().collect();
    assert_eq!(found, ["article", "hit", "words"]);
}

#[test]
fn a_room_imports_only_what_stands_below_it() {
    let table: BTreeMap<&str, &[&str]> = ROOMS.iter().copied().collect();
    let mut files = Vec::new();
    sources(&source_root(), &mut files);
    let mut wrong = Vec::new();
    for path in files {
        let room = room(&path);
        if matches!(room.as_str(), "cli" | "lib" | "main") {
            continue;
        }
        let Some(allowed) = table.get(room.as_str()) else {
            wrong.push(format!("{room} is not in the table"));
            continue;
        };
        let text = code(&fs::read_to_string(&path).unwrap());
        for import in imports(&text) {
            if import != room && !allowed.contains(&import.as_str()) {
                wrong.push(format!("{}: {room} imports {import}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn the_table_has_no_ring() {
    let order: BTreeMap<&str, usize> =
        ROOMS.iter().enumerate().map(|(at, (room, _))| (*room, at)).collect();
    for (at, (room, below)) in ROOMS.iter().enumerate() {
        for other in *below {
            assert!(order[other] < at, "{room} stands below {other}, which it imports");
        }
    }
}

#[test]
fn a_guest_stays_in_its_room() {
    let mut files = Vec::new();
    sources(&source_root(), &mut files);
    for path in files {
        let room = room(&path);
        let text = code(&fs::read_to_string(&path).unwrap());
        for (guest, host) in GUESTS {
            let named = text.contains(&format!("use {guest}::"))
                || text.contains(&format!("= {guest}::"))
                || text.contains(&format!(" {guest}::"));
            assert!(!named || room == *host, "{}: {guest} belongs to {host}", path.display());
        }
    }
}

#[test]
fn every_room_of_the_table_is_told_of_in_the_architecture() {
    let text =
        fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("ARCHITECTURE.md")).unwrap();
    for (room, _) in ROOMS {
        if source_root().join(room).exists() || source_root().join(format!("{room}.rs")).exists() {
            assert!(text.contains(&format!("`{room}`")), "ARCHITECTURE.md does not name `{room}`");
        }
    }
}
