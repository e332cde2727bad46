//! Queries of each kind, warm, beside the same query on a bare tantivy index where it can say it.
//!
//! `cargo bench --bench queries [-- ARTICLES [CORPUS.jsonl [FOLDER [QUERIES.jsonl]]]]`; see
//! tests/bench/README.md.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

mod bare;
mod made;
mod mix;

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter};
use std::ops::Bound;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

use fiche::article::Date;
use fiche::engine::local::Local;
use fiche::engine::{Engine, Facet, Request, Sort};
use fiche::query::{self, Settings};
use fiche::words::fold_words;
use made::Random;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{
    BooleanQuery, FuzzyTermQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery,
};
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing,
    TextOptions,
};
use tantivy::snippet::SnippetGenerator;
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::{Index, IndexSettings, Order, Searcher, TantivyDocument, Term, doc};

const MEMORY: usize = 256 << 20;
/// How many queries of a kind are asked, and how often after a first time.
const QUERIES: usize = 50;
const ROUNDS: usize = 3;

/// A tantivy index with one text of headline and body, its words not stemmed.
struct Bare {
    searcher: Searcher,
    text: Field,
    section: Field,
    day: Field,
}

fn records(corpus: &Path) -> impl Iterator<Item = serde_json::Value> {
    let lines = BufReader::with_capacity(1 << 20, File::open(corpus).unwrap()).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

impl Bare {
    fn open(corpus: &Path, place: &Path) -> Self {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("default")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let indexed = TextOptions::default().set_indexing_options(indexing);
        let text = schema.add_text_field("text", indexed | STORED);
        let section = schema.add_text_field("section", STRING);
        let day = schema
            .add_i64_field("day", NumericOptions::default().set_fast().set_indexed().set_stored());
        let schema = schema.build();
        let there = place.join("meta.json").exists();
        std::fs::create_dir_all(place).unwrap();
        let index = if there {
            Index::open_in_dir(place).unwrap()
        } else {
            let settings = IndexSettings {
                docstore_compression: Compressor::Zstd(ZstdCompressor {
                    compression_level: Some(3),
                }),
                ..IndexSettings::default()
            };
            let index =
                Index::builder().schema(schema).settings(settings).create_in_dir(place).unwrap();
            let mut writer = index.writer_with_num_threads::<TantivyDocument>(2, MEMORY).unwrap();
            for record in records(corpus) {
                let of = |name: &str| record[name].as_str().unwrap_or("").to_owned();
                let mut document = doc!(
                    text => format!("{}\n\n{}", of("headline"), of("body")),
                    section => of("section").to_lowercase(),
                );
                if let Ok(date) = of("date").parse::<Date>() {
                    document.add_i64(day, date.first_day());
                }
                writer.add_document(document).unwrap();
            }
            writer.commit().unwrap();
            writer.wait_merging_threads().unwrap();
            index
        };
        let searcher = index.reader().unwrap().searcher();
        Self { searcher, text, section, day }
    }

    fn word(&self, word: &str) -> Box<dyn Query> {
        let term = Term::from_field_text(self.text, word);
        Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
    }

    fn words(&self, occur: Occur, words: &[&str]) -> Box<dyn Query> {
        let clauses = words.iter().map(|word| (occur, self.word(word)));
        Box::new(BooleanQuery::new(clauses.collect()))
    }

    fn phrase(&self, words: &[&str], slop: u32) -> Box<dyn Query> {
        let terms = words.iter().map(|word| Term::from_field_text(self.text, word));
        let mut query = PhraseQuery::new(terms.collect());
        query.set_slop(slop);
        Box::new(query)
    }

    fn both(&self, one: Box<dyn Query>, other: Box<dyn Query>) -> Box<dyn Query> {
        Box::new(BooleanQuery::new(vec![(Occur::Must, one), (Occur::Must, other)]))
    }

    fn since(&self, year: i16) -> Box<dyn Query> {
        let day = Date::year(year).unwrap().first_day();
        let from = Bound::Included(Term::from_field_i64(self.day, day));
        Box::new(RangeQuery::new(from, Bound::Unbounded))
    }
}

/// The same query for a bare index, of the same words.
type Bares<'b> = &'b dyn Fn(&[&str]) -> Box<dyn Query>;

/// What a bare index is asked for beside the query.
#[derive(Clone, Copy)]
enum Extra {
    None,
    ByDate,
    Snippets,
}

/// The words of an index by how many articles have them.
struct Vocabulary {
    common: Vec<String>,
    middling: Vec<String>,
    rare: Vec<String>,
    pairs: Vec<[String; 2]>,
}

fn vocabulary(bare: &Bare, corpus: &Path) -> Vocabulary {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    for reader in bare.searcher.segment_readers() {
        let inverted = reader.inverted_index(bare.text).unwrap();
        let mut stream = inverted.terms().stream().unwrap();
        while stream.advance() {
            let word = String::from_utf8_lossy(stream.key()).into_owned();
            if word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase()) {
                *counts.entry(word).or_default() += u64::from(stream.value().doc_freq);
            }
        }
    }
    let all = bare.searcher.num_docs() as f64;
    let between = |low: f64, high: f64| -> Vec<String> {
        let fits = |count: u64| (low..high).contains(&(count as f64 / all));
        counts.iter().filter(|(_, n)| fits(**n)).map(|(word, _)| word.clone()).collect()
    };
    let mut pairs = Vec::new();
    let step = (all as usize / 400).max(1);
    for record in records(corpus).step_by(step) {
        let words = fold_words(record["body"].as_str().unwrap_or(""));
        let at = words.len() / 3;
        let long = |word: &String| word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase());
        let pair = words[at..].windows(2).find(|pair| pair.iter().all(long));
        pairs.extend(pair.map(|pair| [pair[0].clone(), pair[1].clone()]));
    }
    Vocabulary {
        common: between(0.05, 0.5),
        middling: between(0.002, 0.02),
        rare: between(0.0, (4.0 / all).max(0.000_3)),
        pairs,
    }
}

/// p50 and p99 in microseconds of what is done for each of some things.
fn timed<T>(things: &[T], mut run: impl FnMut(&T)) -> (u128, u128) {
    things.iter().for_each(&mut run);
    let mut times = Vec::new();
    for _ in 0..ROUNDS {
        for thing in things {
            let begun = Instant::now();
            run(thing);
            times.push(begun.elapsed().as_micros());
        }
    }
    times.sort_unstable();
    (times[times.len() / 2], times[times.len() * 99 / 100])
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| !arg.starts_with("--"));
    let articles: u64 = args.next().map_or(200_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let given = args.next().map(PathBuf::from);
    let kept = args.next().map_or_else(|| folder.path().to_owned(), PathBuf::from);
    std::fs::create_dir_all(&kept).unwrap();
    let corpus = given.unwrap_or_else(|| {
        let path = kept.join("made.jsonl");
        let mut out = BufWriter::new(File::create(&path).unwrap());
        made::write(&mut out, articles, 7).unwrap();
        path
    });
    let place = kept.join("fiche");
    if !place.exists() {
        let status = Command::new(env!("CARGO_BIN_EXE_fiche"))
            .args(["index", "--quiet", "--jobs", "2", "--index"])
            .args([&place, &corpus])
            .status()
            .unwrap();
        assert!(status.success());
    }
    let queries = args.next().map(PathBuf::from);
    mix::compare(&corpus, &place, &kept.join("stemmed"), queries.as_deref());
    if queries.is_some() {
        return;
    }
    let bare = Bare::open(&corpus, &kept.join("bare"));
    let local = Local::open(&place).unwrap();
    let words = vocabulary(&bare, &corpus);
    println!(
        "{} articles, fiche in {} segments, bare tantivy in {}; {QUERIES} queries of a kind, \
         {ROUNDS} times each, warm; p50 / p99 in microseconds of the first ten and the exact count",
        local.status().unwrap().articles,
        local.status().unwrap().segments,
        bare.searcher.segment_readers().len(),
    );
    println!("| query | fiche | bare tantivy |\n|---|---|---|");

    let schema = fiche::schema::Schema::bundled();
    let today = "2026-11-25".parse().unwrap();
    let ask = |text: &str, any: bool| {
        let settings = Settings { today, any };
        Request {
            limit: Some(10),
            ..Request::of(query::parse(text, &schema, settings).unwrap().query)
        }
    };
    let mut random = Random::new(3);
    let mut of = |list: &[String]| list[random.below(list.len() as u64) as usize].clone();
    let mut draw = |list: &[String], many: usize| -> Vec<Vec<String>> {
        (0..QUERIES).map(|_| (0..many).map(|_| of(list)).collect()).collect()
    };
    let rare = draw(&words.rare, 1);
    let middling = draw(&words.middling, 2);
    let common = draw(&words.common, 2);
    let pairs: Vec<Vec<String>> =
        words.pairs.iter().take(QUERIES).map(|pair| pair.to_vec()).collect();
    let longer: Vec<Vec<String>> =
        middling.iter().zip(&common).map(|(m, c)| [&m[..], &c[..]].concat()).collect();

    let run = |name: &str,
               things: &[Vec<String>],
               request: &dyn Fn(&[String]) -> Request,
               bares: Option<Bares<'_>>,
               extra: Extra| {
        let requests: Vec<Request> = things.iter().map(|words| request(words)).collect();
        let ours = timed(&requests, |request| {
            let answer = local.search(request).unwrap();
            if request.snippets > 0 {
                assert!(answer.hits.map(Result::unwrap).count() <= 10);
            }
        });
        let theirs = bares.map(|bares| {
            let queries: Vec<Box<dyn Query>> = things
                .iter()
                .map(|words| bares(&words.iter().map(String::as_str).collect::<Vec<_>>()))
                .collect();
            timed(&queries, |query| match extra {
                Extra::ByDate => {
                    let top =
                        TopDocs::with_limit(10).order_by_fast_field::<i64>("day", Order::Desc);
                    bare.searcher.search(query, &(top, Count)).unwrap();
                }
                Extra::None | Extra::Snippets => {
                    let top = TopDocs::with_limit(10).order_by_score();
                    let (found, _) = bare.searcher.search(query, &(top, Count)).unwrap();
                    if matches!(extra, Extra::Snippets) {
                        let snippets =
                            SnippetGenerator::create(&bare.searcher, query, bare.text).unwrap();
                        for (_, at) in found {
                            let document: TantivyDocument = bare.searcher.doc(at).unwrap();
                            drop(snippets.snippet_from_doc(&document));
                        }
                    }
                }
            })
        });
        let shown = theirs.map_or("-".to_owned(), |(p50, p99)| format!("{p50} / {p99}"));
        println!("| {name} | {} / {} | {shown} |", ours.0, ours.1);
    };
    let term: Bares<'_> = &|w| bare.word(w[0]);
    let exact = |w: &[String]| format!("={}", w[0]);

    run("rare word, all forms", &rare, &|w| ask(&w[0], false), Some(term), Extra::None);
    run("rare word, `=`", &rare, &|w| ask(&exact(w), false), Some(term), Extra::None);
    run("common word, all forms", &common, &|w| ask(&w[0], false), Some(term), Extra::None);
    run("common word, `=`", &common, &|w| ask(&exact(w), false), Some(term), Extra::None);
    let all: Bares<'_> = &|w| bare.words(Occur::Must, w);
    let any: Bares<'_> = &|w| bare.words(Occur::Should, w);
    run("two common words", &common, &|w| ask(&w.join(" "), false), Some(all), Extra::None);
    run("two words", &middling, &|w| ask(&w.join(" "), false), Some(all), Extra::None);
    run("either of two words", &middling, &|w| ask(&w.join(" OR "), false), Some(any), Extra::None);
    run("any of four words", &longer, &|w| ask(&w.join(" "), true), Some(any), Extra::None);
    run(
        "any of four words, --expand",
        &longer,
        &|w| Request { expand: true, ..ask(&w.join(" "), true) },
        None,
        Extra::None,
    );
    let quoted = |w: &[String]| format!("\"{}\"", w.join(" "));
    let phrase: Bares<'_> = &|w| bare.phrase(w, 0);
    run("phrase", &pairs, &|w| ask(&quoted(w), false), Some(phrase), Extra::None);
    let near = |w: &[String], by: &str| format!("{} {by}/5 {}", w[0], w[1]);
    let slop: Bares<'_> = &|w| bare.phrase(w, 4);
    run(
        "NEAR/5 (bare: slop 4)",
        &common,
        &|w| ask(&near(w, "NEAR"), false),
        Some(slop),
        Extra::None,
    );
    run("PRE/5", &common, &|w| ask(&near(w, "PRE"), false), None, Extra::None);
    let start = |w: &str| w.chars().take(5).collect::<String>();
    run(
        "wildcard `abcde*`",
        &middling,
        &|w| ask(&format!("{}*", start(&w[0])), false),
        Some(&|w| {
            let shape = format!("{}.*", start(w[0]));
            Box::new(RegexQuery::from_pattern(&shape, bare.text).unwrap())
        }),
        Extra::None,
    );
    let inner = |w: &str| format!("{}.*{}", &w[..2], &w[w.len() - 1..]);
    run(
        "regex `/ab.*z/`",
        &middling,
        &|w| ask(&format!("/{}/", inner(&w[0])), false),
        Some(&|w| Box::new(RegexQuery::from_pattern(&inner(w[0]), bare.text).unwrap())),
        Extra::None,
    );
    run(
        "fuzzy `word~1`",
        &middling,
        &|w| ask(&format!("{}~1", w[0]), false),
        Some(&|w| Box::new(FuzzyTermQuery::new(Term::from_field_text(bare.text, w[0]), 1, true))),
        Extra::None,
    );
    run(
        "headline:word",
        &middling,
        &|w| ask(&format!("headline:{}", w[0]), false),
        None,
        Extra::None,
    );
    run("lead:word", &common, &|w| ask(&format!("lead:{}", w[0]), false), None, Extra::None);
    run(
        "atleast3 word",
        &common,
        &|w| ask(&format!("atleast3 {}", w[0]), false),
        None,
        Extra::None,
    );
    run(
        "word in a section",
        &common,
        &|w| ask(&format!("{} section:world", w[0]), false),
        Some(&|w| {
            let term = Term::from_field_text(bare.section, "world");
            let section = TermQuery::new(term, IndexRecordOption::Basic);
            bare.both(bare.word(w[0]), Box::new(section))
        }),
        Extra::None,
    );
    run(
        "word since 2015",
        &common,
        &|w| ask(&format!("{} since:2015", w[0]), false),
        Some(&|w| bare.both(bare.word(w[0]), bare.since(2015))),
        Extra::None,
    );
    run(
        "word, newest first",
        &common,
        &|w| Request { sort: Sort::Newest, ..ask(&w[0], false) },
        Some(term),
        Extra::ByDate,
    );
    run(
        "word, with facets",
        &common,
        &|w| Request { facets: Facet::ALL.to_vec(), ..ask(&w[0], false) },
        None,
        Extra::None,
    );
    run(
        "timeline of a word",
        &common,
        &|w| Request { facets: vec![Facet::Date], ..ask(&w[0], false) },
        None,
        Extra::None,
    );
    run(
        "two words, with articles and snippets",
        &middling,
        &|w| Request { snippets: 1, width: 240, ..ask(&w.join(" "), false) },
        Some(all),
        Extra::Snippets,
    );
    run(
        "any of four words, with articles and snippets",
        &longer,
        &|w| Request { snippets: 1, width: 240, ..ask(&w.join(" "), true) },
        Some(any),
        Extra::Snippets,
    );
}
