//! How many instructions a fixed piece of work takes, by valgrind's callgrind: a guard against
//! slow changes that no clock of a busy machine can be.
//!
//! `FICHE_BLESS=1 cargo test --test instructions` writes the figures anew.
#![allow(clippy::unwrap_used, clippy::print_stderr, reason = "tests")]

#[path = "bench/made.rs"]
mod made;
#[path = "support/skip.rs"]
mod skip;

use std::fs::File;
use std::path::{Path, PathBuf};
use std::process::Command;

use skip::skipped;

/// How far a figure may rise above the one that is kept.
const MORE: f64 = 1.05;

/// The figures, each a name and a number a line, below the compiler that they hold for.
fn kept() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/bench/instructions.txt")
}

fn compiler() -> Option<String> {
    let output = Command::new("rustc").arg("--version").output().ok()?;
    Some(String::from_utf8(output.stdout).ok()?.trim().to_owned())
}

/// The instructions of one run of the program.
fn instructions(args: &[&str]) -> u64 {
    let output = Command::new("valgrind")
        .args(["--tool=callgrind", "--callgrind-out-file=/dev/null"])
        .arg(env!("CARGO_BIN_EXE_fiche"))
        .args(args)
        .output()
        .unwrap();
    let err = String::from_utf8_lossy(&output.stderr).into_owned();
    assert!(output.status.success(), "{err}");
    let line = err.lines().find(|line| line.contains("Collected :")).unwrap_or_default();
    line.rsplit(' ').next().unwrap().parse().unwrap_or_else(|_| panic!("{err}"))
}

#[test]
fn a_fixed_job_takes_no_more_instructions_than_it_did() {
    if Command::new("valgrind").arg("--version").output().is_err() {
        skipped("valgrind is not installed");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("made.jsonl");
    made::write(&mut File::create(&corpus).unwrap(), 600, 7).unwrap();
    let pages = folder.path().join("pages");
    made::write_folder(&pages, 60, 7, true).unwrap();
    let [corpus, pages] = [&corpus, &pages].map(|path| path.to_str().unwrap());
    let [one, other] = ["one", "other"].map(|name| folder.path().join(name));
    let [one, other] = [&one, &other].map(|path| path.to_str().unwrap());
    let figures = [
        ("records", instructions(&["index", "-q", "--jobs", "1", "-i", one, corpus])),
        ("pages", instructions(&["index", "-q", "--jobs", "1", "-i", other, pages])),
        ("search", instructions(&["search", "-i", one, "said AND \"of the\" cor*"])),
    ];
    let mut text = format!("{}\n", compiler().unwrap_or_default());
    for (name, figure) in figures {
        text.push_str(&format!("{name} {figure}\n"));
    }
    if std::env::var_os("FICHE_BLESS").is_some() {
        std::fs::write(kept(), text).unwrap();
        return;
    }
    let known = std::fs::read_to_string(kept()).unwrap();
    if known.lines().next() != text.lines().next() {
        skipped(&format!("the figures are those of {}", known.lines().next().unwrap_or("")));
        return;
    }
    for ((name, figure), line) in figures.into_iter().zip(known.lines().skip(1)) {
        let (known_name, known) = line.split_once(' ').unwrap();
        assert_eq!(name, known_name);
        let known: f64 = known.parse().unwrap();
        let ratio = figure as f64 / known;
        assert!(ratio <= MORE, "{name}: {figure} instructions, {ratio:.3} of what it was");
    }
}
