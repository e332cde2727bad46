//! A mix of queries such as people type, with snippets and counts by facet, beside a bare tantivy
//! index that stems, with its SnippetGenerator.

use std::collections::BTreeMap;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::time::Instant;

use fiche::article::Date;
use fiche::engine::local::Local;
use fiche::engine::{Engine, Facet, Request};
use fiche::query::{self, Settings};
use fiche::words::fold_words;
use serde::Deserialize;
use tantivy::collector::{Count, TopDocs};
use tantivy::query::{BooleanQuery, Occur, PhraseQuery, Query, RangeQuery, RegexQuery, TermQuery};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::snippet::SnippetGenerator;
use tantivy::{Index, Searcher, TantivyDocument, Term};

use crate::bare;
use crate::made::Random;

/// How many queries of a class are made, and how often each is asked after a first time.
const QUERIES: usize = 25;
const ROUNDS: usize = 5;

/// A query of the mix.
#[derive(Debug, Clone, Deserialize)]
struct Asked {
    #[serde(rename = "cls")]
    class: String,
    kind: Kind,
    terms: Vec<String>,
    section: Option<String>,
    from: Option<String>,
    to: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Kind {
    Term,
    And,
    Or,
    Phrase,
    Prefix,
}

impl Asked {
    /// In fiche's own language.
    fn text(&self) -> String {
        let words = match self.kind {
            Kind::Term | Kind::And => self.terms.join(" "),
            Kind::Or => format!("({})", self.terms.join(" OR ")),
            Kind::Phrase => format!("\"{}\"", self.terms.join(" ")),
            Kind::Prefix => format!("{}*", self.terms[0]),
        };
        let filter = |name: &str, value: &Option<String>| {
            value.as_ref().map_or(String::new(), |value| format!(" {name}:\"{value}\""))
        };
        [
            words,
            filter("section", &self.section),
            filter("since", &self.from),
            filter("until", &self.to),
        ]
        .concat()
    }

    /// In tantivy's.
    fn bare(&self, index: &Index, [body, section, day]: [Field; 3]) -> Box<dyn Query> {
        let mut stemmer = index.tokenizer_for_field(body).unwrap();
        let mut term = |word: &String| {
            let mut tokens = stemmer.token_stream(word);
            assert!(tokens.advance());
            Term::from_field_text(body, &tokens.token().text)
        };
        let word = |term| -> Box<dyn Query> {
            Box::new(TermQuery::new(term, IndexRecordOption::WithFreqs))
        };
        let words: Box<dyn Query> = match self.kind {
            Kind::Term => word(term(&self.terms[0])),
            Kind::Phrase => Box::new(PhraseQuery::new(self.terms.iter().map(term).collect())),
            Kind::Prefix => {
                Box::new(RegexQuery::from_pattern(&format!("{}.*", self.terms[0]), body).unwrap())
            }
            Kind::And | Kind::Or => {
                let occur = if self.kind == Kind::And { Occur::Must } else { Occur::Should };
                let clauses = self.terms.iter().map(|text| (occur, word(term(text))));
                Box::new(BooleanQuery::new(clauses.collect()))
            }
        };
        let mut clauses = vec![(Occur::Must, words)];
        if let Some(name) = &self.section {
            let name = Term::from_field_text(section, name);
            clauses.push((Occur::Must, Box::new(TermQuery::new(name, IndexRecordOption::Basic))));
        }
        if let (Some(from), Some(to)) = (&self.from, &self.to) {
            let at = |text: &str| {
                let date: Date = text.parse().unwrap();
                std::ops::Bound::Included(Term::from_field_i64(day, date.first_day()))
            };
            clauses.push((Occur::Must, Box::new(RangeQuery::new(at(from), at(to)))));
        }
        if clauses.len() == 1 { clauses.remove(0).1 } else { Box::new(BooleanQuery::new(clauses)) }
    }
}

fn records(corpus: &Path) -> impl Iterator<Item = serde_json::Value> {
    let lines = BufReader::with_capacity(1 << 20, File::open(corpus).unwrap()).lines();
    lines.map(|line| serde_json::from_str(&line.unwrap()).unwrap())
}

/// Queries of eight classes out of the words, sections and days of a corpus.
fn make(corpus: &Path) -> Vec<Asked> {
    let mut random = Random::new(42);
    let (mut counts, mut days, mut sections) = (BTreeMap::new(), Vec::new(), BTreeMap::new());
    let (mut texts, mut all) = (Vec::new(), 0_u64);
    for record in records(corpus) {
        let text = |name: &str| record[name].as_str().unwrap_or("").to_owned();
        all += 1;
        days.push(text("date"));
        *sections.entry(text("section")).or_insert(0_u64) += 1;
        if random.below(20) == 0 {
            let words: Vec<String> = fold_words(&text("body"));
            let mut own = words.clone();
            own.sort_unstable();
            own.dedup();
            for word in own {
                *counts.entry(word).or_insert(0_u64) += 1;
            }
            texts.push(words);
        }
    }
    days.sort_unstable();
    let of_twenty = texts.len() as u64;
    let long = |word: &str| word.len() > 3 && word.chars().all(|c| c.is_ascii_lowercase());
    let between = |low: u64, high: u64| -> Vec<String> {
        let fits = |n: u64| (low..=high).contains(&n);
        let found = counts.iter().filter(|(word, n)| long(word) && fits(**n));
        found.map(|(word, _)| word.clone()).collect()
    };
    let (rare, common) = (between(1, 3), between(of_twenty / 20, of_twenty / 2));
    let middling = between(of_twenty / 500, of_twenty / 30);
    let mut asked = Vec::new();
    let one = |random: &mut Random, list: &[String]| {
        vec![list[random.below(list.len() as u64) as usize].clone()]
    };
    // Words that one article has.
    let together = |random: &mut Random, many: usize| loop {
        let text = &texts[random.below(of_twenty) as usize];
        let known = |word: &&String| middling.contains(word) || common.contains(word);
        let mut words: Vec<String> = text.iter().filter(known).cloned().collect();
        words.sort_unstable();
        words.dedup();
        if words.len() >= many {
            let from = random.below((words.len() - many + 1) as u64) as usize;
            return words[from..from + many].to_vec();
        }
    };
    let phrase = |random: &mut Random| loop {
        let text = &texts[random.below(of_twenty) as usize];
        let at = random.below(text.len() as u64) as usize;
        if let Some(words) = text.get(at..at + 2)
            && words.iter().all(|word| long(word))
        {
            return words.to_vec();
        }
    };
    let names: Vec<&String> = sections.keys().collect();
    for class in ["rare", "common", "and", "or", "phrase", "prefix", "filter", "filter_or"] {
        for _ in 0..QUERIES {
            let many = 2 + random.below(2) as usize;
            let (kind, terms) = match class {
                "rare" => (Kind::Term, one(&mut random, &rare)),
                "common" => (Kind::Term, one(&mut random, &common)),
                "and" => (Kind::And, together(&mut random, many)),
                "or" => (Kind::Or, together(&mut random, many)),
                "phrase" => (Kind::Phrase, phrase(&mut random)),
                "prefix" => {
                    let word = &one(&mut random, &middling)[0];
                    (Kind::Prefix, vec![word[..(word.len() - 3).max(4)].to_owned()])
                }
                "filter" => (Kind::And, together(&mut random, 1)),
                _ => (Kind::Or, together(&mut random, 2)),
            };
            let filtered = class.starts_with("filter");
            let from = random.below(all * 4 / 5) as usize;
            let to = (from + all as usize / 5).min(days.len() - 1);
            let section = names[random.below(names.len() as u64) as usize];
            asked.push(Asked {
                class: class.to_owned(),
                kind,
                terms,
                section: (class == "filter").then(|| section.clone()),
                from: filtered.then(|| days[from].clone()),
                to: filtered.then(|| days[to].clone()),
            });
        }
    }
    asked
}

/// Reads the best ten with their snippets, and the counts by section, source, author, language and
/// year; how many there are in all.
fn ask(local: &Local, request: &Request) -> u64 {
    let answer = local.search(request).unwrap();
    assert!(answer.hits.map(Result::unwrap).count() <= 10);
    answer.total
}

/// Reads the best ten with their snippets.
fn ask_bare(searcher: &Searcher, query: &dyn Query, body: Field) -> usize {
    let top = TopDocs::with_limit(10).order_by_score();
    let (found, count) = searcher.search(query, &(top, Count)).unwrap();
    let snippets = SnippetGenerator::create(searcher, query, body).unwrap();
    for (_, at) in found {
        let document: TantivyDocument = searcher.doc(at).unwrap();
        drop(snippets.snippet_from_doc(&document));
    }
    count
}

/// Asks the queries of a file, or such as are made of the corpus, and prints p50 and p99.
///
/// Each line of the file is an object with `cls`, `kind` (`term`, `and`, `or`, `phrase`,
/// `prefix`), `terms`, and for filters `section`, `from`, `to`.
pub fn compare(corpus: &Path, place: &Path, stemmed: &Path, queries: Option<&Path>) {
    if !stemmed.join("meta.json").exists() {
        bare::build(corpus, stemmed, "en_stem", 2, 256 << 20);
    }
    let index = Index::open_in_dir(stemmed).unwrap();
    index.tokenizers().register("en_stem", bare::stemming());
    let fields = ["body", "section", "day"].map(|name| index.schema().get_field(name).unwrap());
    let searcher = index.reader().unwrap().searcher();
    let local = Local::open(place).unwrap();
    let mix: Vec<Asked> = match queries {
        Some(path) => records(path).map(|line| serde_json::from_value(line).unwrap()).collect(),
        None => make(corpus),
    };
    let schema = fiche::schema::Schema::bundled();
    let settings = Settings { today: "2026-11-25".parse().unwrap(), any: false };
    let mut classes: BTreeMap<&str, [Vec<f64>; 2]> = BTreeMap::new();
    let mut found = [0_u64; 2];
    for asked in &mix {
        let query = query::parse(&asked.text(), &schema, settings).unwrap().query;
        let facets = Facet::ALL.to_vec();
        let request =
            Request { limit: Some(10), snippets: 1, width: 240, facets, ..Request::of(query) };
        let bare = asked.bare(&index, fields);
        found[0] += ask(&local, &request);
        found[1] += ask_bare(&searcher, &*bare, fields[0]) as u64;
        let times = classes.entry(&asked.class).or_default();
        for _ in 0..ROUNDS {
            times[0].push(time(|| ask(&local, &request)));
            times[1].push(time(|| ask_bare(&searcher, &*bare, fields[0]) as u64));
        }
    }
    println!(
        "A mix of {} queries, {ROUNDS} times each, warm: the best ten with snippets; fiche also \
         counts by facet, bare tantivy stems. Microseconds, p50 / p99; {} and {} matches in all.",
        mix.len(),
        found[0],
        found[1],
    );
    println!("| class | fiche | bare tantivy | ratio |\n|---|---|---|---|");
    let whole = [0, 1].map(|side| classes.values().flat_map(|t| t[side].clone()).collect());
    for (class, times) in classes.into_iter().chain([("all", whole)]) {
        let [ours, theirs] = times.map(middle);
        let ratio = [ours.0 / theirs.0, ours.1 / theirs.1];
        println!(
            "| {class} | {:.0} / {:.0} | {:.0} / {:.0} | {:.2} / {:.2} |",
            ours.0, ours.1, theirs.0, theirs.1, ratio[0], ratio[1],
        );
    }
}

/// How long some work takes, in microseconds.
fn time(work: impl FnOnce() -> u64) -> f64 {
    let begun = Instant::now();
    std::hint::black_box(work());
    begun.elapsed().as_nanos() as f64 / 1e3
}

/// p50 and p99.
fn middle(mut times: Vec<f64>) -> (f64, f64) {
    times.sort_unstable_by(f64::total_cmp);
    (times[times.len() / 2], times[times.len() * 99 / 100])
}
