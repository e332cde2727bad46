//! An index that is not as it was written: `fiche check` finds it, a search tells it, and building
//! it anew mends it.

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

use fiche::engine::local::Local;
use fiche::engine::{Duplicates, Engine, Request, Sort};
use fiche::query;
use fiche::schema::Schema;

use super::Desk;

/// A desk whose index has every kind of file, that of deleted articles too.
fn desk() -> Desk {
    let desk = Desk::new();
    for number in 0..60 {
        let body = format!(
            "The council of ward {number} met. The ferry to island {} was late, said {}.",
            number * 7 % 31,
            ["Ana Ruiz", "Bob Lee", "Chi Wu"][number % 3],
        );
        desk.article(&format!("{number}.md"), &format!("Ward {number}"), &body);
    }
    desk.update();
    desk.article("3.md", "Ward three", "The council of ward three was dissolved.");
    assert_eq!(desk.update().code, Some(0));
    desk
}

/// One file of each kind, by its kind.
fn kinds(index: &Path) -> BTreeMap<String, PathBuf> {
    let mut kinds = BTreeMap::new();
    for entry in walkdir::WalkDir::new(index).sort_by_file_name() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_str().unwrap();
        if !entry.file_type().is_file() || name.ends_with(".lock") || name == "writer" {
            continue;
        }
        let kind = if name.ends_with(".json") || name.ends_with(".toml") {
            name
        } else {
            name.rsplit('.').next().unwrap().split('-').next().unwrap()
        };
        kinds.insert(kind.to_owned(), entry.path().strip_prefix(index).unwrap().to_owned());
    }
    kinds
}

fn copy(from: &Path, to: &Path) {
    for entry in walkdir::WalkDir::new(from) {
        let entry = entry.unwrap();
        let place = to.join(entry.path().strip_prefix(from).unwrap());
        if entry.file_type().is_dir() {
            fs::create_dir_all(place).unwrap();
        } else {
            fs::copy(entry.path(), place).unwrap();
        }
    }
}

/// Asks all that can be asked; what matters is that there is an answer, right or wrong.
fn ask(place: &Path) {
    let Ok(local) = Local::open(place) else { return };
    for text in ["council", "\"the ferry\"", "council ward NEAR/5 met", "ferr*", "*"] {
        let settings = query::Settings { today: "2026-11-25".parse().unwrap(), any: false };
        let Ok(parsed) = query::parse(text, &Schema::bundled(), settings) else { continue };
        let request = Request {
            query: parsed.query,
            sort: Sort::Relevance,
            offset: 0,
            limit: None,
            snippets: 2,
            width: 100,
            texts: true,
            facets: fiche::engine::Facet::ALL.to_vec(),
            duplicates: Duplicates::Group,
            expand: true,
            aside: Vec::new(),
            explain: true,
        };
        if let Ok(answer) = local.search(&request) {
            for hit in answer.hits {
                drop(hit);
            }
        }
    }
    drop(local.status());
    drop(local.ledger());
    drop(local.read("3.md"));
}

/// The damaged bytes, with what was done to them.
fn damages(bytes: &[u8], segment: bool) -> Vec<(String, Option<Vec<u8>>)> {
    // The end of a segment's file names the version of tantivy that wrote it; another number
    // there is no damage to anything.
    let end = if segment { bytes.len().saturating_sub(110).max(1) } else { bytes.len() };
    let mut all: Vec<(String, Option<Vec<u8>>)> = (1..=10_usize)
        .map(|seed| {
            let at = seed.wrapping_mul(2_654_435_761) % end;
            let mut other = bytes.to_vec();
            other[at] ^= 1 << (seed % 8);
            (format!("bit {} of byte {at}", seed % 8), Some(other))
        })
        .collect();
    for length in [0, 3.min(bytes.len() - 1), bytes.len() / 2, bytes.len() - 1] {
        all.push((format!("cut to {length} bytes"), Some(bytes[..length].to_vec())));
    }
    all.push(("gone".to_owned(), None));
    all
}

#[test]
fn r06_check_finds_every_damage_and_a_search_never_panics() {
    let desk = desk();
    let index = desk.index();
    let checked = Local::check(&index).unwrap();
    assert!(checked.damage.is_empty(), "{checked:?}");
    let kinds = kinds(&index);
    for kind in [
        "article.toml",
        "meta.json",
        ".managed.json",
        "ledger",
        "sketches",
        "gone",
        "groups",
        "del",
        "fast",
        "fieldnorm",
        "idx",
        "pos",
        "store",
        "term",
    ] {
        assert!(kinds.contains_key(kind), "there is no {kind} among {kinds:?}");
    }
    let scratch = tempfile::tempdir().unwrap();
    let other = scratch.path().join("index");
    copy(&index, &other);
    for (kind, path) in &kinds {
        let bytes = fs::read(index.join(path)).unwrap();
        for (what, damaged) in
            damages(&bytes, path.extension().is_some_and(|_| !kind.contains('.')))
        {
            match damaged {
                None => fs::remove_file(other.join(path)).unwrap(),
                Some(damaged) => fs::write(other.join(path), damaged).unwrap(),
            }
            match Local::check(&other) {
                // A number of the declaration may be the very one that was changed.
                Err(error) => assert_eq!(kind, "article.toml", "{what}: {error}"),
                Ok(checked) => {
                    let found = checked.damage.iter().any(|at| Path::new(&at.file) == path);
                    assert!(found, "{what} of {}: {checked:?}", path.display());
                }
            }
            ask(&other);
            fs::write(other.join(path), &bytes).unwrap();
        }
    }
}

#[test]
fn r06_a_damaged_index_is_told_of_by_the_program_and_built_anew() {
    let desk = desk();
    let whole = desk.ids(&["*"]);
    let kinds = kinds(&desk.index());
    for (kind, path) in &kinds {
        let kept = desk.folder.path().join("kept");
        copy(&desk.index(), &kept);
        let file = desk.index().join(path);
        let bytes = fs::read(&file).unwrap();
        fs::write(&file, &bytes[..bytes.len() / 2]).unwrap();
        let ran = desk.run(&["check"]);
        assert_eq!(ran.code, Some(2), "{kind}: {ran:?}");
        assert!(ran.out.contains(path.to_str().unwrap()) || ran.err.contains(kind), "{ran:?}");
        assert!(ran.err.contains("fiche index --rebuild"), "{ran:?}");
        let ran = desk.run(&["search", "council"]);
        assert!(matches!(ran.code, Some(0..=2)) && !ran.err.contains("panicked"), "{ran:?}");
        let ran = desk.run(&["index", "--rebuild"]);
        if kind == "ledger" {
            // Which folders it was built from was written there.
            assert!(ran.err.contains("fiche index --rebuild FOLDER"), "{ran:?}");
            let corpus = desk.corpus();
            let ran = desk.run(&["index", "--rebuild", corpus.to_str().unwrap()]);
            assert_eq!(ran.code, Some(0), "{kind}: {ran:?}");
        } else {
            assert_eq!(ran.code, Some(0), "{kind}: {ran:?}");
        }
        let ran = desk.run(&["check"]);
        assert_eq!(ran.code, Some(0), "{kind}: {ran:?}");
        assert_eq!(desk.ids(&["*"]), whole, "{kind}");
        fs::remove_dir_all(desk.index()).unwrap();
        fs::rename(&kept, desk.index()).unwrap();
    }
}

/// The rows T8 and T9: what tantivy's own check does not see.
#[test]
fn r06_a_lost_list_of_files_and_an_altered_meta_are_found() {
    let desk = desk();
    let tantivy = desk.index().join("tantivy");
    let managed = fs::read(tantivy.join(".managed.json")).unwrap();
    let empty = format!("[]\ncrc32 {:08x}\n", crc32fast::hash(b"[]"));
    for lost in [None, Some(empty)] {
        match lost {
            None => fs::remove_file(tantivy.join(".managed.json")).unwrap(),
            Some(empty) => fs::write(tantivy.join(".managed.json"), empty).unwrap(),
        }
        let ran = desk.run(&["check"]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
    }
    fs::write(tantivy.join(".managed.json"), managed).unwrap();
    let meta = fs::read_to_string(tantivy.join("meta.json")).unwrap();
    let (before, after) = meta.split_once("\"max_doc\": ").unwrap();
    let (documents, rest) = after.split_once(',').unwrap();
    let documents: u64 = documents.parse().unwrap();
    let altered = format!("{before}\"max_doc\": {},{rest}", documents + 4);
    fs::write(tantivy.join("meta.json"), altered).unwrap();
    for args in [&["check"][..], &["search", "council"], &["export", "*", "--format", "csv"]] {
        let ran = desk.run(args);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(!ran.err.contains("panicked"), "{ran:?}");
    }
    let ran = desk.run(&["search", "council"]);
    assert!(ran.err.contains("is damaged: meta.json: it is not as it was written"), "{ran:?}");
    assert!(ran.err.contains("hint: build it anew from the same folders"), "{ran:?}");
}
