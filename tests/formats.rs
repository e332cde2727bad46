//! Whole small files of every form, and the articles that must come out of them.
//!
//! A new form is a new folder in `tests/data/formats/`. Beside each file lies `FILE.expected.jsonl`:
//! the articles as `fiche inspect --format jsonl` gives them, without the evidence and without what
//! is empty, and at its end what was told of the file. `FICHE_BLESS=1 cargo test --test formats`
//! writes them anew; read the difference as a reviewer would.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::{Map, Value, json};

/// What `fiche inspect` gives of one file, one line an article, with its words on stderr last.
fn read(folder: &Path, name: &str) -> String {
    let output = Command::new(env!("CARGO_BIN_EXE_fiche"))
        .current_dir(folder)
        .args(["inspect", "--format", "jsonl", "--", name])
        .output()
        .unwrap();
    let mut lines: Vec<String> = Vec::new();
    for line in String::from_utf8(output.stdout).unwrap().lines() {
        let article: Map<String, Value> = serde_json::from_str(line).unwrap();
        let told: Map<String, Value> = article
            .into_iter()
            .filter(|(key, value)| key != "evidence" && !is_empty(value))
            .collect();
        lines.push(Value::Object(told).to_string());
    }
    for line in String::from_utf8(output.stderr).unwrap().lines() {
        lines.push(json!({ "told": line }).to_string());
    }
    lines.join("\n") + "\n"
}

fn is_empty(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.is_empty(),
        Value::Array(list) => list.is_empty(),
        _ => false,
    }
}

fn sorted(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    paths
}

#[test]
fn every_file_gives_the_articles_beside_it() {
    let bless = std::env::var_os("FICHE_BLESS").is_some();
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/data/formats");
    let (mut seen, mut wrong) = (0, Vec::new());
    for folder in sorted(&root) {
        for file in sorted(&folder) {
            let name = file.file_name().unwrap().to_str().unwrap();
            if name.ends_with(".expected.jsonl") {
                assert!(
                    folder.join(name.trim_end_matches(".expected.jsonl")).is_file(),
                    "{name} belongs to no file"
                );
                continue;
            }
            seen += 1;
            let found = read(&folder, name);
            let beside = folder.join(format!("{name}.expected.jsonl"));
            if bless {
                fs::write(&beside, &found).unwrap();
                continue;
            }
            let expected = fs::read_to_string(&beside)
                .unwrap_or_else(|_| panic!("there is no {}", beside.display()));
            if found != expected {
                let place = file.strip_prefix(&root).unwrap().display();
                wrong.push(format!("{place}\n--- expected\n{expected}--- found\n{found}"));
            }
        }
    }
    assert!(seen >= 20, "only {seen} files");
    assert!(wrong.is_empty(), "{} files differ:\n{}", wrong.len(), wrong.join("\n"));
}
