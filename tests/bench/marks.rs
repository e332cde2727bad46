//! The first marks: building beside a bare tantivy writer, a cold search, and a run over files that
//! have not changed.
//!
//! `cargo bench --bench marks [-- ARTICLES [CORPUS.jsonl]]`; see tests/bench/README.md.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

mod made;

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use tantivy::schema::{
    IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexSettings, TantivyDocument, doc};

const THREADS: usize = 2;
const MEMORY: usize = 256 << 20;

fn fiche() -> Command {
    Command::new(env!("CARGO_BIN_EXE_fiche"))
}

/// A tantivy writer with the fields of an article, its words not stemmed, its text stored.
fn bare(corpus: &Path, place: &Path) -> f64 {
    let begun = Instant::now();
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer("default")
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing);
    let headline = schema.add_text_field("headline", text.clone() | STORED);
    let body = schema.add_text_field("body", text | STORED);
    let fast = STRING | TextOptions::default().set_fast("raw") | STORED;
    let section = schema.add_text_field("section", fast.clone());
    let author = schema.add_text_field("author", fast.clone());
    let id = schema.add_text_field("id", fast);
    let day = schema.add_i64_field("day", NumericOptions::default().set_fast().set_stored());
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(3) }),
        ..IndexSettings::default()
    };
    std::fs::create_dir_all(place).unwrap();
    let index =
        Index::builder().schema(schema.build()).settings(settings).create_in_dir(place).unwrap();
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(THREADS, MEMORY).unwrap();
    for line in BufReader::with_capacity(1 << 20, File::open(corpus).unwrap()).lines() {
        let record: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = |name: &str| record[name].as_str().unwrap_or("").to_owned();
        let mut document = doc!(
            headline => text("headline"),
            body => text("body"),
            section => text("section"),
            id => record["id"].to_string(),
        );
        for name in record["authors"].as_array().into_iter().flatten() {
            document.add_text(author, name.as_str().unwrap_or(""));
        }
        if let Ok(date) = text("date").parse::<fiche::article::Date>() {
            document.add_i64(day, date.first_day());
        }
        writer.add_document(document).unwrap();
    }
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
    begun.elapsed().as_secs_f64()
}

fn indexed(corpus: &Path, place: &Path) -> f64 {
    let begun = Instant::now();
    let status = fiche()
        .args(["index", "--quiet", "--jobs", &THREADS.to_string(), "--index"])
        .args([place, corpus])
        .status()
        .unwrap();
    assert!(status.success());
    begun.elapsed().as_secs_f64()
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
    for round in 0..3 {
        bares.push(bare(&corpus, &folder.path().join(format!("bare-{round}"))));
        ours.push(indexed(&corpus, &folder.path().join(format!("fiche-{round}"))));
    }
    let (fiche_s, bare_s) = (median(ours), median(bares));
    println!("index: fiche {fiche_s:.1} s, bare tantivy {bare_s:.1} s");
    println!("  documents a second, fiche to bare: {:.2}", bare_s / fiche_s);

    let index = folder.path().join("fiche-0");
    let cold: Vec<f64> = (0..30)
        .map(|_| {
            let begun = Instant::now();
            let output =
                fiche().args(["search", "corden harbain", "--index"]).arg(&index).output().unwrap();
            assert_ne!(output.status.code(), Some(2), "{output:?}");
            begun.elapsed().as_secs_f64() * 1000.0
        })
        .collect();
    println!("cold search of two words, median of 30: {:.1} ms", median(cold));

    let files = folder.path().join("files");
    let count = (articles / 2).min(100_000);
    for number in 0..count {
        let sub = files.join(format!("{:03}", number / 1000));
        if number % 1000 == 0 {
            std::fs::create_dir_all(&sub).unwrap();
        }
        let made = made::article(number, 7);
        let text =
            format!("{}\n\nBy {}\n{}\n\n{}\n", made.headline, made.author, made.date, made.body);
        std::fs::write(sub.join(format!("{number}.txt")), text).unwrap();
    }
    let place = folder.path().join("files-index");
    let first = indexed(&files, &place);
    println!("{count} text files: {first:.1} s, {:.0} a second", count as f64 / first);
    // What was written within the last two seconds is looked at again once.
    std::thread::sleep(std::time::Duration::from_secs(3));
    indexed(&files, &place);
    let again: Vec<f64> = (0..3).map(|_| indexed(&files, &place)).collect();
    println!("the same again, nothing changed: {:.2} s", median(again));
}
