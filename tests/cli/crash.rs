//! A run that is stopped or killed: what was committed is there, and the next run finishes.

use std::fmt::Write;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fiche::engine::local::Local;

use super::Desk;

/// A corpus that takes a while to read: files of lines, so that a run commits between them.
fn corpus(desk: &Desk, files: usize, lines: usize) {
    let mut text = String::new();
    for file in 0..files {
        text.clear();
        for line in 0..lines {
            let body = "The council met about the tax, the ferry and the school. ".repeat(8);
            writeln!(
                text,
                "{{\"id\":\"{file}-{line}\",\"title\":\"Meeting {line}\",\"text\":\"{body}\"}}"
            )
            .unwrap();
        }
        desk.write(&format!("{file:03}.jsonl"), &text);
    }
}

fn clean(files: usize, lines: usize) -> Vec<String> {
    let desk = Desk::new();
    corpus(&desk, files, lines);
    desk.update();
    desk.ids(&["*"])
}

/// Kills a run after `delay`, and gives whether it was still going.
fn interrupted(desk: &Desk, args: &[&str], delay: Duration, signal: &str) -> (bool, Option<i32>) {
    let mut child = desk
        .command(&[&["index", "--quiet"], args].concat())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    sleep(delay);
    let going = child.try_wait().unwrap().is_none();
    if going {
        let pid = child.id().to_string();
        std::process::Command::new("kill").args([signal, &pid]).status().unwrap();
    }
    (going, child.wait().unwrap().code())
}

fn kill_loop(rounds: u64) {
    let (files, lines) = (40, 60);
    let whole = clean(files, lines);
    let desk = Desk::new();
    corpus(&desk, files, lines);
    let begun = Instant::now();
    desk.update();
    let run = begun.elapsed();
    let folder = desk.corpus();
    let folder = folder.to_str().unwrap();
    let mut killed = 0;
    for round in 0..rounds {
        // Runs of all kinds: a first one, one that updates, one that builds the index anew.
        let anew = round % 4 == 3;
        if round % 4 == 0 {
            std::fs::remove_dir_all(desk.index()).ok();
        } else {
            // Every file is another one, so that articles are dropped and put.
            corpus(&desk, files, lines + usize::try_from(round % 2).unwrap());
        }
        let delay = run.mul_f64(((round * 7919) % 100) as f64 / 100.0);
        let args: &[&str] = if anew { &["--rebuild"] } else { &[folder] };
        killed += u64::from(interrupted(&desk, args, delay, "-KILL").0);
        if desk.index().join("article.toml").exists() {
            let ran = desk.run(&["search", "council"]);
            assert_ne!(ran.code, Some(2), "round {round}: {ran:?}");
        }
        corpus(&desk, files, lines);
        // What was begun anew is finished without its folders being named again.
        let ran = if anew { desk.run(&["index"]) } else { desk.update() };
        assert_eq!(ran.code, Some(0), "round {round}: {ran:?}");
        assert_eq!(desk.ids(&["*"]), whole, "round {round}");
        let ran = desk.run(&["check"]);
        assert_eq!(ran.code, Some(0), "round {round}: {ran:?}");
    }
    assert!(killed * 3 >= rounds, "only {killed} of {rounds} runs were killed while they ran");
}

#[test]
fn r01_kill_at_any_point_then_resume() {
    kill_loop(50);
}

#[test]
fn r01_a_run_killed_before_its_index_was_declared_is_begun_anew() {
    let desk = Desk::with_sample();
    let whole = desk.ids(&["*"]);
    // What such a run leaves: tantivy's first, empty commit, and no declaration of fields.
    let declaration = desk.index().join("article.toml");
    let other = Desk::new();
    Local::open_or_create(&other.index()).unwrap();
    std::fs::remove_file(&declaration).unwrap();
    let tantivy = desk.index().join("tantivy");
    let err = desk.run(&["search", "tax"]).err;
    assert!(err.contains("article.toml is missing"), "a commit was there: {err}");
    std::fs::remove_dir_all(&tantivy).unwrap();
    std::fs::rename(other.index().join("tantivy"), &tantivy).unwrap();
    let ran = desk.run(&["index", super::sample().to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(desk.ids(&["*"]), whole);
}

#[test]
fn r01_building_anew_is_finished_from_wherever_it_was_killed() {
    let desk = Desk::with_sample();
    let whole = desk.ids(&["*"]);
    let begun = |removed: bool| {
        let sample = super::sample().canonicalize().unwrap();
        let text = serde_json::json!({ "roots": [sample], "removed": removed }).to_string();
        std::fs::write(desk.index().join("rebuild.json"), text).unwrap();
    };
    let declaration = desk.index().join("article.toml");
    let meta = desk.index().join("tantivy/meta.json");
    let nothing = || {};
    let undeclared = || std::fs::remove_file(&declaration).unwrap();
    let half = || {
        std::fs::remove_file(&declaration).unwrap();
        std::fs::remove_file(&meta).unwrap();
        for entry in std::fs::read_dir(desk.index()).unwrap() {
            let path = entry.unwrap().path();
            if path.file_name().unwrap().to_str().unwrap().starts_with("ledger-") {
                std::fs::remove_file(path).unwrap();
            }
        }
    };
    let gone = || {
        std::fs::remove_file(&declaration).unwrap();
        std::fs::remove_dir_all(desk.index().join("tantivy")).unwrap();
    };
    let states: [(bool, &dyn Fn()); 5] =
        [(false, &nothing), (false, &undeclared), (false, &half), (true, &gone), (true, &nothing)];
    for (number, (removed, state)) in states.into_iter().enumerate() {
        begun(removed);
        state();
        if !declaration.exists() {
            let err = desk.run(&["search", "tax"]).err;
            assert!(err.contains("was not finished") && err.contains("hint: finish it"), "{err}");
        }
        let ran = desk.run(&["index"]);
        assert_eq!(ran.code, Some(0), "state {number}: {ran:?}");
        assert!(ran.err.contains("goes on with it"), "state {number}: {ran:?}");
        assert_eq!(desk.ids(&["*"]), whole, "state {number}");
        assert_eq!(desk.run(&["check"]).code, Some(0), "state {number}");
        assert!(!desk.index().join("rebuild.json").exists(), "state {number}");
    }
}

#[test]
#[ignore = "takes some minutes"]
fn r01_kill_at_any_point_then_resume_500_times() {
    kill_loop(500);
}

#[test]
fn r24_an_interrupted_run_keeps_what_is_done_and_goes_on_later() {
    let (files, lines) = (200, 100);
    let desk = Desk::new();
    corpus(&desk, files, lines);
    let folder = desk.corpus();
    let args = [folder.to_str().unwrap()];
    let (going, code) = interrupted(&desk, &args, Duration::from_millis(250), "-INT");
    assert!(!going || code == Some(130), "{code:?}");
    let ran = desk.update();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(desk.ids(&["*"]).len(), files * lines);
}
