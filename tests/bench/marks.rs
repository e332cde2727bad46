//! The first marks: building beside a bare tantivy writer, a cold search, and a run over files that
//! have not changed.
//!
//! `cargo bench --bench marks [-- ARTICLES [CORPUS.jsonl]]`; see tests/bench/README.md.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

mod bare;
mod cost;
mod made;

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use crate::cost::{Cost, measure};

const THREADS: usize = 2;
const MEMORY: usize = 256 << 20;
/// Of more articles an index is built once, and not three times.
const MANY: u64 = 500_000;

fn fiche() -> Command {
    Command::new(env!("CARGO_BIN_EXE_fiche"))
}

/// Seconds that a bare tantivy writer takes, its words not stemmed.
fn bare(corpus: &Path, place: &Path) -> f64 {
    let begun = Instant::now();
    bare::build(corpus, place, "default", THREADS, MEMORY);
    begun.elapsed().as_secs_f64()
}

fn indexed(corpus: &Path, place: &Path) -> Cost {
    let mut command = fiche();
    command.args(["index", "--quiet", "--jobs", &THREADS.to_string(), "--index"]);
    measure(command.args([place, corpus])).unwrap()
}

fn bytes_of(folder: &Path) -> u64 {
    let files = walkdir::WalkDir::new(folder).into_iter().map(Result::unwrap);
    files.map(|file| file.metadata().unwrap()).filter(|m| m.is_file()).map(|m| m.len()).sum()
}

/// Two words of six letters and more that stand in the first article of a corpus.
fn two_words(corpus: &Path) -> String {
    let mut line = String::new();
    BufReader::new(File::open(corpus).unwrap()).read_line(&mut line).unwrap();
    let record: serde_json::Value = serde_json::from_str(&line).unwrap();
    let words = fiche::words::fold_words(record["body"].as_str().unwrap());
    let long: Vec<String> = words.into_iter().filter(|word| word.len() >= 6).take(2).collect();
    long.join(" ")
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let articles: u64 = args.next().map_or(20_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let corpus = args.next().map(PathBuf::from).unwrap_or_else(|| {
        let path = folder.path().join("made.jsonl");
        let mut out = BufWriter::new(File::create(&path).unwrap());
        made::write(&mut out, articles, 7).unwrap();
        path
    });
    let bytes = std::fs::metadata(&corpus).unwrap().len();
    println!("corpus: {articles} articles, {:.1} MB, {THREADS} threads", bytes as f64 / 1e6);

    // In turn, so that a machine that slows down slows both.
    let (mut ours, mut bares) = (Vec::new(), Vec::new());
    let rounds = if articles > MANY { 1 } else { 3 };
    for round in 0..rounds {
        bares.push(bare(&corpus, &folder.path().join(format!("bare-{round}"))));
        ours.push(indexed(&corpus, &folder.path().join(format!("fiche-{round}"))));
    }
    let index = folder.path().join("fiche-0");
    println!(
        "fiche: {:.1} s of processor time, {:.0} MB of memory at most, index {:.2} of the corpus",
        median(ours.iter().map(|cost| cost.cpu).collect()),
        median(ours.iter().map(|cost| cost.peak as f64 / 1e6).collect()),
        bytes_of(&index) as f64 / bytes as f64,
    );
    let (fiche_s, bare_s) = (median(ours.iter().map(|cost| cost.wall).collect()), median(bares));
    println!("index: fiche {fiche_s:.1} s, bare tantivy {bare_s:.1} s");
    println!("  documents a second, fiche to bare: {:.2}", bare_s / fiche_s);

    let words = two_words(&corpus);
    let cold: Vec<f64> = (0..30)
        .map(|_| {
            let begun = Instant::now();
            let output = fiche().args(["search", &words, "--index"]).arg(&index).output().unwrap();
            assert_eq!(output.status.code(), Some(0), "{output:?}");
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    println!("cold search of `{words}`, median of 30: {:.1} ms", median(cold));

    let files = folder.path().join("files");
    let count = (articles / 2).min(100_000);
    for number in 0..count {
        let sub = files.join(format!("{:03}", number / 1000));
        if number % 1000 == 0 {
            std::fs::create_dir_all(&sub).unwrap();
        }
        let text = made::plain(&made::article(number, 7));
        std::fs::write(sub.join(format!("{number}.txt")), text).unwrap();
    }
    let place = folder.path().join("files-index");
    let first = indexed(&files, &place).wall;
    println!("{count} text files: {first:.1} s, {:.0} a second", count as f64 / first);
    // What was written within the last two seconds is looked at again once.
    std::thread::sleep(std::time::Duration::from_secs(3));
    indexed(&files, &place);
    let again: Vec<f64> = (0..3).map(|_| indexed(&files, &place).wall).collect();
    println!("the same again, nothing changed: {:.2} s", median(again));
}
