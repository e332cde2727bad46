//! A run that is stopped or killed: what was committed is there, and the next run finishes.

use std::fmt::Write;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use fiche::engine::local::{Local, WriterOptions};
use fiche::engine::{Engine, Request};

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
        .command(&[args, &["--quiet"]].concat())
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
        let args: &[&str] = if anew { &["index", "--rebuild"] } else { &["index", folder] };
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
    let args = ["index", folder.to_str().unwrap()];
    let (going, code) = interrupted(&desk, &args, Duration::from_millis(250), "-INT");
    assert!(!going || code == Some(130), "{code:?}");
    let ran = desk.update();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(desk.ids(&["*"]).len(), files * lines);
}

/// How many parts the index has.
fn parts(desk: &Desk) -> usize {
    Local::open(&desk.index()).unwrap().status().unwrap().segments
}

#[test]
fn many_small_updates_leave_few_parts_and_optimize_makes_one_of_them() {
    let desk = Desk::new();
    corpus(&desk, 30, 40);
    desk.update();
    for round in 0..40 {
        desk.article("often.md", "Herons", &format!("The herons came back {round} times."));
        assert_eq!(desk.update().code, Some(0));
        assert!(parts(&desk) <= 12, "{} parts after {round} updates", parts(&desk));
    }
    let search = ["search", "herons OR tax", "--format", "csv", "--fields", "id", "-n", "50"];
    let (all, best) = (desk.ids(&["*"]), desk.run(&search).out);
    assert!(parts(&desk) > 1, "else this shows nothing");
    // A reader that was there before goes on.
    let before = Local::open(&desk.index()).unwrap();
    let ran = desk.run(&["optimize"]);
    assert!(ran.code == Some(0) && ran.out.is_empty(), "{ran:?}");
    assert!(ran.err.starts_with("Before: ") && ran.err.contains("Now: 1 part, "), "{ran:?}");
    assert_eq!((parts(&desk), desk.ids(&["*"])), (1, all.clone()));
    assert_eq!(desk.run(&search).out, best);
    let request = Request::counting(fiche::query::Query::All);
    assert_eq!(before.search(&request).unwrap().total, all.len() as u64);
    assert_eq!(desk.run(&["check"]).code, Some(0));
    assert!(desk.run(&["optimize"]).err.contains("There is nothing to merge: 1 part"));
    assert!(desk.update().err.contains("Nothing changed in 31 files"));
    // What was replaced is dropped where there is one part, too.
    desk.article("often.md", "Herons", "The herons left.");
    desk.update();
    desk.run(&["optimize"]);
    assert_eq!((parts(&desk), desk.ids(&["*"])), (1, all));
}

#[test]
fn optimize_waits_for_no_one_and_may_be_stopped_anywhere() {
    let desk = Desk::new();
    corpus(&desk, 30, 60);
    desk.update();
    let whole = desk.ids(&["*"]).len();
    let mut stopped = 0;
    for round in 0..12_u64 {
        desk.article(&format!("{round}.md"), "Herons", &format!("The herons came {round} times."));
        desk.update();
        let (signal, delay) = (["-KILL", "-INT"][round as usize % 2], 5 + 17 * round % 60);
        let (going, code) = interrupted(&desk, &["optimize"], Duration::from_millis(delay), signal);
        stopped += u64::from(going);
        assert!(!going || matches!(code, Some(130 | 0) | None), "{code:?}");
        let ran = desk.run(&["check"]);
        assert_eq!(ran.code, Some(0), "round {round}: {ran:?}");
        assert_eq!(desk.ids(&["*"]).len(), whole + 1 + round as usize, "round {round}");
    }
    assert!(stopped > 0, "none was stopped while it ran");
    let local = Local::open(&desk.index()).unwrap();
    let options = WriterOptions { threads: 1, memory: 16_000_000 };
    let writer = local.writer(options).unwrap();
    let ran = desk.run(&["optimize"]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert!(ran.err.contains("is writing this index") && ran.err.contains("--wait"), "{ran:?}");
    drop(writer);
    assert_eq!(desk.run(&["optimize", "--wait"]).code, Some(0));
}
