//! Faults that no file of a corpus can be made to have: a reader that panics, a file that never
//! holds still.

use std::fs::{self, File};
use std::num::NonZeroUsize;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, SystemTime};

use super::read::read_still;
use super::{Observer, Options, Sites, Summary, ingest};
use crate::engine::Engine;
use crate::engine::local::{Local, WriterOptions};
use crate::extract::Names;
use crate::format::record::Aliases;
use crate::ledger::{Problem, ProblemKind};

#[derive(Default)]
struct Told(Vec<String>);

impl Observer for Told {
    fn skipped(&mut self, path: &str, problem: &Problem) {
        self.0.push(format!("{path} {}: {}", problem.place, problem.why));
    }
}

fn run(local: &Local, corpus: &Path) -> (Summary, Vec<String>) {
    let options = Options {
        readers: NonZeroUsize::MIN,
        aliases: Aliases::usual().clone(),
        names: Names::default(),
        language: None,
        rules: 0,
        largest: 1 << 20,
        commit_every: Duration::from_secs(60),
        again: false,
        keep_all: true,
        keep_missing: false,
        priors: true,
        sites: Sites::default(),
    };
    let writer = local.writer(WriterOptions { threads: 1, memory: 16_000_000 }).unwrap();
    let mut told = Told::default();
    let roots = [corpus.to_owned()];
    let summary = ingest(&roots, writer, &options, &AtomicBool::new(false), &mut told).unwrap();
    (summary, told.0)
}

#[test]
fn r25_a_reader_that_panics_is_a_skip_with_a_reason() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    fs::create_dir(&corpus).unwrap();
    for name in ["a.txt", "b.panics", "c.txt"] {
        fs::write(corpus.join(name), "The ferry was late again, said the harbour master.").unwrap();
    }
    // Packed, it is read by another way.
    let packed = zstd::encode_all(&b"The ferry was late."[..], 3).unwrap();
    fs::write(corpus.join("d.panics.zst"), packed).unwrap();
    let mut archive = zip::ZipWriter::new(File::create(corpus.join("e.zip")).unwrap());
    for name in ["in.panics", "in.txt"] {
        archive.start_file(name, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, b"The ferry was late.").unwrap();
    }
    archive.finish().unwrap();
    let local = Local::open_or_create(&folder.path().join("index")).unwrap();
    let (summary, told) = run(&local, &corpus);
    assert_eq!(summary.files, 5);
    assert_eq!(summary.problems[&ProblemKind::Unreadable], 3, "{told:?}");
    for file in ["b.panics", "d.panics.zst", "e.zip"] {
        let reason = format!("{file} : reading it failed inside fiche; this is a fault of fiche");
        assert!(told.contains(&reason), "{told:?}");
    }
    // What came before the fault is kept; the good files are all there.
    let held = local.status().unwrap();
    assert_eq!(held.articles + held.copies, 6);
    let (again, _) = run(&local, &corpus);
    assert!(again.nothing_changed(), "{again:?}");
}

#[test]
fn r08_a_file_that_changes_while_it_is_read_is_read_again_or_told() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a.txt");
    let mut text = "The ferry was late again.".to_owned();
    fs::write(&path, &text).unwrap();
    // It changes once: what is read is what it became.
    let mut times = 0;
    let read = read_still(&path, 1 << 20, || {
        times += 1;
        if times == 1 {
            text.push_str(" It left at noon.");
            fs::write(&path, &text).unwrap();
        }
    });
    assert_eq!((read.unwrap(), times), (text.into_bytes(), 2));
    // It never holds still, though its size stays.
    let mut tick = 0;
    let read = read_still(&path, 1 << 20, || {
        tick += 1;
        let time = SystemTime::UNIX_EPOCH + Duration::from_secs(tick);
        File::options().write(true).open(&path).unwrap().set_modified(time).unwrap();
    });
    assert_eq!(read.unwrap_err().why, "it changed while it was read; the next run reads it");
    // It is gone before it was read to its end.
    let read = read_still(&path, 1 << 20, || fs::remove_file(&path).unwrap());
    assert_eq!(read.unwrap_err().kind, ProblemKind::Unreadable);
}

#[test]
fn r08_what_changed_while_it_was_read_is_read_by_the_next_run() {
    let folder = tempfile::tempdir().unwrap();
    let corpus = folder.path().join("corpus");
    fs::create_dir(&corpus).unwrap();
    let path = corpus.join("a.txt");
    fs::write(&path, "The ferry was late again, said the harbour master. ".repeat(5000)).unwrap();
    fs::write(corpus.join("b.txt"), "The ferry was on time.").unwrap();
    let local = Local::open_or_create(&folder.path().join("index")).unwrap();
    let done = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            for tick in 0.. {
                let text = format!("The ferry of {tick} was late. ").repeat(5000);
                fs::write(&path, text).unwrap();
                if done.load(Ordering::Relaxed) {
                    break;
                }
            }
        });
        for _ in 0..5 {
            run(&local, &corpus);
        }
        done.store(true, Ordering::Relaxed);
    });
    fs::write(&path, "The ferry came in at last.").unwrap();
    let (_, told) = run(&local, &corpus);
    assert!(told.is_empty(), "{told:?}");
    let bodies: Vec<String> =
        ["a.txt", "b.txt"].map(|id| local.read(id).unwrap().remove(0).article.body).into();
    assert_eq!(bodies, ["The ferry came in at last.", "The ferry was on time."]);
}
