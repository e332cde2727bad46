//! Bad input: one clear sentence, the right exit status, and nothing lost.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use fiche::article::{Article, Origin};
use fiche::engine::Engine;
use fiche::engine::local::{Local, WriterOptions};
use fiche::ledger::Ledger;

use super::skip::skipped;
use super::{Desk, Ran, is_root, ran};

fn fault(desk: &Desk, args: &[&str]) -> String {
    let ran = desk.run(args);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert_eq!(ran.out, "", "an error is talk");
    assert!(!ran.err.contains("panicked"), "{}", ran.err);
    ran.err
}

#[test]
fn no_index_says_how_to_make_one() {
    let desk = Desk::new();
    let err = fault(&desk, &["search", "tax"]);
    assert!(err.contains("there is no index at"), "{err}");
    assert!(err.contains("hint: make one: fiche index FOLDER"), "{err}");
    assert!(!desk.index().exists(), "a search makes no index");
}

#[test]
fn a_folder_that_is_not_there_is_an_error() {
    let desk = Desk::new();
    let err = fault(&desk, &["index", "nowhere"]);
    assert!(err.contains("nowhere cannot be read: there is no such folder"), "{err}");
}

#[test]
fn faults_in_a_query_are_pointed_at() {
    let desk = Desk::with_sample();
    let cases = [
        ("auhtor:ruiz tax", "  auhtor:ruiz tax\n  ^^^^^^ did you mean"),
        ("(tax OR levy budget", "  (tax OR levy budget\n  ^"),
        ("tax \"council", "  tax \"council\n      ^"),
        ("date:03/04/2023 tax", "  date:03/04/2023 tax\n       ^^^^^^^^^^"),
        ("tax AND", "  tax AND\n      ^^^"),
        ("date:2023..2020", "ends before it begins"),
    ];
    for (query, shown) in cases {
        let err = fault(&desk, &["search", query]);
        assert!(err.contains(shown), "{query}: {err}");
    }
    let deep = format!("{}tax{}", "(".repeat(5000), ")".repeat(5000));
    assert!(fault(&desk, &["search", &deep]).contains("bytes long"));
    let deep = format!("{}tax{}", "(".repeat(100), ")".repeat(100));
    assert!(fault(&desk, &["search", &deep]).contains("more than 64 deep"));
}

#[test]
fn wrong_flags_are_errors_of_the_same_voice() {
    let desk = Desk::with_sample();
    let err = fault(&desk, &["search", "tax", "-n", "0"]);
    assert!(err.contains("it must be 1 or more"), "{err}");
    assert!(fault(&desk, &["search", "tax", "--format", "nonsense"]).contains("the formats are"));
    assert!(fault(&desk, &["search", "tax", "--since", "soon"]).contains("--since"));
}

#[test]
fn nothing_found_is_one() {
    let desk = Desk::with_sample();
    let ran = desk.run(&["search", "xyzzyplugh"]);
    assert_eq!(ran.code, Some(1), "{ran:?}");
    assert!(ran.out.contains("No articles match"), "{}", ran.out);
}

#[test]
fn bytes_that_are_no_letters_are_told_of_also_in_a_file_of_lines() {
    let desk = Desk::new();
    let line =
        format!("{{\"title\": \"Café\", \"text\": \"{}\"}}\n", "Zoë sat in the café. ".repeat(100));
    // More than is read as one piece, with a bad byte in the last line.
    let mut lines = line.repeat(1000).into_bytes();
    lines.extend(b"{\"title\": \"Last\", \"text\": \"The caf\xc3\xa9 was shut \xff again.\"}\n");
    desk.write("lines.jsonl", lines);
    let ran = desk.update();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let told = desk.run(&["status", "--problems"]);
    let told = [told.out, told.err].concat();
    assert!(told.contains("some bytes are not UTF-8 and were replaced"), "{told}");
}

#[test]
fn bad_files_are_skipped_and_good_ones_beside_them_found() {
    let desk = Desk::new();
    desk.article("good.md", "Good", "A good article about herons.");
    desk.write("empty.txt", "");
    desk.write("garbage.html", [0_u8, 159, 146, 150, 0, 1, 2, 3].repeat(100));
    desk.write("cut.json", "{\"title\": \"Herons");
    desk.write("bytes.txt", b"Herons\n\nThe herons \xff\xfe came back.\n");
    desk.write("lines.jsonl", "{\"title\":\"Herons\",\"text\":\"herons\"}\nnot json\n{\"title\":\"Herons again\",\"text\":\"herons\"}\n");
    let ran = desk.update();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(
        desk.ids(&["herons"]),
        ["bytes.txt", "good.md", "lines.jsonl#1", "lines.jsonl#3"],
        "{}",
        ran.err
    );
    let problems = desk.run(&["status", "--problems"]).out;
    for part in
        ["empty.txt\tno text", "garbage.html\tunreadable", "cut.json", "lines.jsonl, line 2"]
    {
        assert!(problems.contains(part), "{part} in {problems}");
    }
    fs::remove_dir_all(desk.index()).unwrap();
    let corpus = desk.corpus();
    let strict = desk.run(&["index", "--strict", corpus.to_str().unwrap()]);
    assert_eq!(strict.code, Some(2), "{strict:?}");
    assert_eq!(desk.ids(&["herons"]).len(), 4, "strict loses nothing");
}

#[test]
fn r07_what_may_not_be_read_is_told_and_no_pipe_is_waited_for() {
    let desk = Desk::new();
    desk.article("good.md", "Good", "herons");
    std::os::unix::fs::symlink("nowhere", desk.corpus().join("dangling.md")).unwrap();
    std::os::unix::fs::symlink(".", desk.corpus().join("loop")).unwrap();
    let fifo = desk.corpus().join("pipe.txt");
    let made = std::process::Command::new("mkfifo").arg(&fifo).status().unwrap();
    assert!(made.success());
    let closed = desk.corpus().join("closed.md");
    fs::write(&closed, "# Closed\n\nherons\n").unwrap();
    fs::set_permissions(&closed, fs::Permissions::from_mode(0o000)).unwrap();
    let ran = if is_root() {
        // Root may read what is closed to others, so somebody else runs it.
        let Some(ran) = as_nobody(&desk) else { return };
        ran
    } else {
        desk.update()
    };
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(desk.ids(&["herons"]), ["good.md"]);
    assert!(desk.run(&["status", "--problems"]).out.contains("closed.md\tunreadable"));
}

/// Brings the index up to date as a user without rights; `None` where that cannot be done here.
fn as_nobody(desk: &Desk) -> Option<Ran> {
    let open = |path: &std::path::Path| {
        fs::set_permissions(path, fs::Permissions::from_mode(0o777)).unwrap();
    };
    open(desk.folder.path());
    let setpriv = || {
        let mut command = std::process::Command::new("setpriv");
        command.args(["--reuid", "65534", "--regid", "65534", "--clear-groups"]);
        command
    };
    let program = env!("CARGO_BIN_EXE_fiche");
    let works = setpriv().args([program, "--version"]).output();
    if !works.is_ok_and(|output| output.status.success()) {
        skipped("root may read what is closed to others, and nobody cannot run fiche");
        return None;
    }
    let output = setpriv()
        .args([program, "index", desk.corpus().to_str().unwrap()])
        .current_dir(desk.folder.path())
        .env("FICHE_INDEX", desk.index())
        .env("HOME", desk.folder.path())
        .output();
    Some(ran(&output.unwrap()))
}

#[test]
fn r05_a_reader_never_sees_half_a_commit() {
    let desk = Desk::new();
    let local = Local::open_or_create(&desk.index()).unwrap();
    let done = std::sync::atomic::AtomicBool::new(false);
    std::thread::scope(|scope| {
        let reads = scope.spawn(|| {
            let mut seen = std::collections::BTreeSet::new();
            while !done.load(std::sync::atomic::Ordering::Relaxed) {
                let reader = Local::open(&desk.index()).unwrap();
                let articles = reader.status().unwrap().articles;
                let ledger = reader.ledger().unwrap();
                assert_eq!(articles % 10, 0, "{articles} articles");
                assert!(ledger.next * 10 >= articles, "{} and {articles}", ledger.next);
                seen.insert(articles);
            }
            seen
        });
        let mut writer = local.writer(WriterOptions { threads: 2, memory: 32_000_000 }).unwrap();
        let mut ledger = Ledger::default();
        for batch in 1..=30 {
            for part in 1..=10 {
                let origin =
                    Origin { path: format!("{batch}"), part: Some(part), ..Origin::default() };
                let id = format!("{batch}-{part}");
                let body = "The herons came back to the harbour. ".repeat(50);
                let article = Article { id, origin, body, ..Article::default() };
                writer.put(Box::new(article.clone()), batch).unwrap();
            }
            ledger.next = batch;
            writer.commit(&ledger).unwrap();
        }
        writer.finish().unwrap();
        done.store(true, std::sync::atomic::Ordering::Relaxed);
        assert!(reads.join().unwrap().len() > 1);
    });
}

#[test]
fn an_index_of_another_version_is_refused_with_what_to_do() {
    let desk = Desk::with_sample();
    let path = desk.index().join("article.toml");
    // One of another time may declare otherwise, and be laid out otherwise.
    for (text, version) in [("version = 1\n", 1), ("version = 93\n[words]\nk1 = 1\n", 93)] {
        fs::write(&path, text).unwrap();
        fs::write(desk.index().join("tantivy/meta.json"), "{}").unwrap();
        for args in [&["search", "tax"][..], &["index"], &["check"], &["status"]] {
            let err = fault(&desk, args);
            assert!(err.contains(&format!("has format {version}, and this fiche")), "{err}");
            assert!(err.contains("fiche index --rebuild"), "{err}");
        }
    }
    assert_eq!(desk.run(&["index", "--rebuild"]).code, Some(0));
    assert_eq!(desk.run(&["search", "tax"]).code, Some(0));
}

#[test]
fn r06_a_damaged_index_is_an_error_and_is_built_anew() {
    let desk = Desk::with_sample();
    let whole = desk.ids(&["*"]);
    let meta = desk.index().join("tantivy/meta.json");
    for damage in ["", "{", "{\"segments\": []}"] {
        fs::write(&meta, damage).unwrap();
        let err = fault(&desk, &["search", "tax"]);
        assert!(err.contains("damaged") || err.contains("cannot be used"), "{damage}: {err}");
        assert_eq!(desk.run(&["index", "--rebuild"]).code, Some(0));
        assert_eq!(desk.ids(&["*"]), whole);
    }
}

#[test]
fn r04_a_read_only_index_can_be_searched_and_not_written() {
    if is_root() {
        skipped("root may write what is read-only");
        return;
    }
    let desk = Desk::with_sample();
    let set = |mode| {
        for entry in walkdir::WalkDir::new(desk.index()) {
            let entry = entry.unwrap();
            let mode = if entry.file_type().is_dir() { mode | 0o111 } else { mode };
            fs::set_permissions(entry.path(), fs::Permissions::from_mode(mode)).unwrap();
        }
    };
    set(0o444);
    let found = desk.run(&["search", "tax"]);
    let written = desk.run(&["index"]);
    set(0o644);
    assert_eq!(found.code, Some(0), "{found:?}");
    assert_eq!(written.code, Some(2), "{written:?}");
    assert!(written.err.contains("cannot be written"), "{}", written.err);
}

#[test]
fn r05_a_second_writer_is_told_who_holds_the_index() {
    let desk = Desk::with_sample();
    let local = Local::open(&desk.index()).unwrap();
    let writer = local.writer(WriterOptions { threads: 1, memory: 16_000_000 }).unwrap();
    let err = fault(&desk, &["index"]);
    let pid = format!("pid {}", std::process::id());
    assert!(err.contains(&pid) && err.contains("is writing this index"), "{err}");
    assert_eq!(desk.run(&["search", "tax"]).code, Some(0), "a reader need not wait");
    drop(writer);
    assert_eq!(desk.run(&["index"]).code, Some(0));
}

#[test]
fn r16_an_article_cannot_write_to_the_terminal() {
    let desk = Desk::new();
    desk.write(
        "evil.jsonl",
        "{\"title\":\"A \\u001b]0;owned\\u0007 heron \\u202e\",\"text\":\"heron \\u001b[2J \\u009b31m\"}\n",
    );
    desk.update();
    for args in [&["search", "heron"][..], &["show", "evil.jsonl#1"], &["facets", "heron"]] {
        let ran = desk.run(args);
        assert_ne!(ran.code, Some(2), "{ran:?}");
        for bad in ['\u{1b}', '\u{7}', '\u{9b}', '\u{202e}'] {
            assert!(!ran.out.contains(bad), "{args:?} lets {bad:?} through: {:?}", ran.out);
        }
    }
}

#[test]
fn r15_a_search_out_of_time_gives_nothing_and_says_so() {
    let desk = Desk::with_sample();
    let queries = [
        "tax",
        "council tax",
        "\"no such phrase council tax\"",
        "ta*",
        "council~2",
        "/coun.*l/",
        "tax NEAR/5 council",
        "(tax OR vote) -ferry",
        "*",
        "since:1900",
        "section:politics",
        "section:pol*",
    ];
    for query in queries {
        let err = fault(&desk, &["search", query, "--time-limit", "0.000001"]);
        assert!(err.contains("the search took longer than 0.000001 s and was stopped"), "{err}");
        assert!(err.contains("hint: or give it more time: --time-limit"), "{err}");
        let (free, usual) = (
            desk.run(&["search", query, "--time-limit", "0", "--format", "csv"]),
            desk.run(&["search", query, "--format", "csv"]),
        );
        assert_eq!((free.code, free.out), (usual.code, usual.out), "{query}");
    }
    for args in [
        &["search", "tax", "--format", "jsonl"][..],
        &["search", "tax council", "--expand"],
        &["search", "tax", "--explain"],
        &["facets", "tax"],
        &["timeline", "tax"],
        &["kwic", "tax"],
        &["export", "tax"],
        &["export", "tax", "-o", "hits.csv"],
    ] {
        fault(&desk, &[args, &["--time-limit", "0.000001"]].concat());
    }
    assert!(!desk.folder.path().join("hits.csv").exists(), "half an answer looks whole");
    let err = fault(&desk, &["search", "tax", "--time-limit=-1"]);
    assert!(err.contains("0 or more seconds"), "{err}");
}

#[test]
fn r15_a_text_of_nothing_but_the_words_that_were_sought_holds_up_no_search() {
    let desk = Desk::new();
    let dense = "tax levy rates and more tax tax, ".repeat(20_000);
    desk.write("dense.txt", format!("Tax day\n\nBy Ann Lee\n2020-01-01\n\n{dense}\n"));
    desk.write("short.txt", "A short day\n\nThe council raised the tax and the levy.\n");
    desk.update();
    for query in ["tax", "\"tax tax\"", "tax NEAR/50 tax", "tax NEAR/90 levy NEAR/90 rates"] {
        let ran = desk.run(&["search", query]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        assert!(ran.out.contains("Tax day"), "{ran:?}");
    }
    // There are more places of this than any time allows for.
    let query = "(tax NEAR/60 levy NEAR/60 rates) NEAR/90 (more NEAR/60 tax NEAR/60 levy)";
    for command in ["search", "kwic"] {
        let begun = std::time::Instant::now();
        let err = fault(&desk, &[command, query, "--time-limit", "0.2"]);
        assert!(err.contains("the search took longer than 0.2 s"), "{err}");
        assert!(begun.elapsed().as_secs() < 60, "{:?}", begun.elapsed());
    }
}
