//! fiche beside what people would pick in its place, in turn and in one run: a bare tantivy writer,
//! SQLite FTS5, Xapian, recoll, ripgrep, DuckDB; those that are not installed are named.
//!
//! `cargo bench --bench peers [-- ARTICLES [CORPUS.jsonl]]`, or `-- likeness [CORPUS.jsonl]` for what
//! near-duplicates cost alone; see tests/bench/README.md.
#![allow(missing_docs, clippy::unwrap_used, clippy::print_stdout, reason = "a benchmark")]

mod bare;
mod cost;
mod made;

use std::fs::File;
use std::io::{BufRead, BufReader, BufWriter, Write};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::LazyLock;
use std::time::{Duration, Instant};

use fiche::likeness::{Pack, Shelf, Sketcher, groups};
use fiche::words::{Words, number_of};

use crate::cost::{Cost, measure};

const THREADS: usize = 2;
const MEMORY: usize = 256 << 20;
const ROUNDS: usize = 3;

/// SQLite FTS5 by Python's own module: words stemmed, text stored, no journal.
const FTS5: &str = r#"
import json, sqlite3, sys
base = sqlite3.connect(sys.argv[2])
base.execute("pragma journal_mode=off"); base.execute("pragma synchronous=off")
base.execute("create virtual table a using fts5(headline, body, section unindexed, author unindexed, date unindexed, id unindexed, tokenize='porter unicode61')")
def rows():
    for line in open(sys.argv[1], encoding="utf-8"):
        r = json.loads(line)
        yield r["headline"], r["body"], r["section"], "; ".join(r["authors"]), r["date"], str(r.get("id", ""))
base.executemany("insert into a values (?,?,?,?,?,?)", rows())
base.execute("insert into a(a) values ('optimize')")
base.commit()
"#;

/// Xapian by its Python module: words stemmed, with positions, text stored.
const XAPIAN: &str = r#"
import json, sys, xapian
base = xapian.WritableDatabase(sys.argv[2], xapian.DB_CREATE_OR_OVERWRITE)
terms = xapian.TermGenerator(); terms.set_stemmer(xapian.Stem("en"))
for line in open(sys.argv[1], encoding="utf-8"):
    r = json.loads(line)
    document = xapian.Document(); document.set_data(line)
    terms.set_document(document)
    terms.index_text(r["headline"]); terms.increase_termpos(); terms.index_text(r["body"])
    base.add_document(document)
base.commit()
"#;

/// DuckDB's full-text extension by its Python module.
const DUCKDB: &str = r#"
import duckdb, sys
base = duckdb.connect(sys.argv[2])
base.execute("install fts; load fts")
base.execute("create table a as select row_number() over () as n, headline, body, section, date from read_json(?)", [sys.argv[1]])
base.execute("pragma create_fts_index('a', 'n', 'headline', 'body')")
"#;

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn fiche() -> Command {
    Command::new(env!("CARGO_BIN_EXE_fiche"))
}

fn index(corpus: &Path, place: &Path, jobs: usize) -> Command {
    let mut command = fiche();
    command.args(["index", "--quiet", "--jobs", &jobs.to_string(), "--index"]);
    command.args([place, corpus]);
    command
}

/// The same on the first core alone.
fn on_one_core(command: &Command) -> Command {
    let mut bound = Command::new("taskset");
    bound.args(["-c", "0"]).arg(command.get_program()).args(command.get_args());
    bound
}

fn python(script: &str, corpus: &Path, place: &Path) -> Command {
    let mut command = Command::new("python3");
    command.args(["-c", script]).args([corpus, place]);
    command
}

fn has(command: &mut Command) -> bool {
    command.stdout(Stdio::null()).stderr(Stdio::null()).status().is_ok_and(|s| s.success())
}

fn has_module(name: &str) -> bool {
    has(Command::new("python3").args(["-c", &format!("import {name}")]))
}

/// Whether DuckDB has its full-text extension, which it may try to fetch from somewhere.
fn has_duckdb_search() -> bool {
    let script = "import duckdb; duckdb.connect().execute('install fts; load fts')";
    let quiet = Command::new("python3")
        .args(["-c", script])
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn();
    let Ok(mut child) = quiet else { return false };
    for _ in 0..200 {
        if let Ok(Some(status)) = child.try_wait() {
            return status.success();
        }
        std::thread::sleep(Duration::from_millis(100));
    }
    child.kill().and_then(|()| child.wait()).is_ok_and(|status| status.success())
}

fn bytes_of(place: &Path) -> u64 {
    walkdir::WalkDir::new(place)
        .into_iter()
        .filter_map(|entry| entry.ok()?.metadata().ok())
        .filter(|metadata| metadata.is_file())
        .map(|metadata| metadata.len())
        .sum()
}

/// A program that builds an index, by the place it is told to put it.
type Builder<'b> = (&'b str, Box<dyn Fn(&Path) -> Command + 'b>);

/// Lets each build in turn, some rounds, and prints what they took.
fn build_all(builders: &[Builder<'_>], folder: &Path, articles: u64, text: u64) {
    let mut costs: Vec<Vec<Cost>> = vec![Vec::new(); builders.len()];
    let mut sizes = vec![0; builders.len()];
    for round in 0..ROUNDS {
        for (number, (name, builder)) in builders.iter().enumerate() {
            let place = folder.join(format!("{number}-{round}"));
            match measure(&mut builder(&place)) {
                Some(cost) => costs[number].push(cost),
                None => println!("{name}: failed"),
            }
            sizes[number] = bytes_of(&place);
            if number > 0 || round > 0 {
                // Files and folders both; only the first index of fiche is used again.
                drop(std::fs::remove_dir_all(&place).or_else(|_| std::fs::remove_file(&place)));
            }
        }
    }
    println!("\n| | wall s | CPU s | articles / CPU s | fiche to it | peak MB | size / text |");
    println!("|---|---|---|---|---|---|---|");
    let cpu = |number: usize| median(costs[number].iter().map(|cost| cost.cpu));
    for (number, (name, _)) in builders.iter().enumerate() {
        if costs[number].is_empty() {
            continue;
        }
        let wall = median(costs[number].iter().map(|cost| cost.wall));
        let peak = costs[number].iter().map(|cost| cost.peak).max().unwrap_or(0);
        println!(
            "| {name} | {wall:.1} | {:.1} | {:.0} | {:.2} | {:.0} | {:.2} |",
            cpu(number),
            articles as f64 / cpu(number),
            cpu(number) / cpu(0),
            peak as f64 / 1e6,
            sizes[number] as f64 / text as f64,
        );
    }
}

/// What finding near-duplicates costs of a run, for the first articles of a corpus, one line of a
/// table for each number of them.
fn likeness_cost(corpus: &Path, folder: &Path, counts: &[usize]) {
    println!(
        "\n| articles | groups | sketches s | groups s | µs an article | share of a run's CPU |"
    );
    println!("|---|---|---|---|---|---|");
    for &count in counts {
        let (some, place) = (folder.join("some.jsonl"), folder.join("some.index"));
        let mut pack = Pack::default();
        let mut sketched = 0.0;
        let mut out = BufWriter::new(File::create(&some).unwrap());
        let file = BufReader::with_capacity(1 << 20, File::open(corpus).unwrap());
        let mut lines = file.lines().take(count).map(Result::unwrap).peekable();
        while lines.peek().is_some() {
            let batch: Vec<String> = lines.by_ref().take(1000).collect();
            let texts: Vec<[String; 2]> = batch.iter().map(|line| texts(line)).collect();
            sketched += sketch_cost(&texts, &mut pack);
            batch.iter().for_each(|line| writeln!(out, "{line}").unwrap());
        }
        out.flush().unwrap();
        let begun = thread_cpu();
        let found = groups(&pack, MEMORY / 4, 1).unwrap();
        let grouped = thread_cpu() - begun;
        let run = measure(&mut index(&some, &place, THREADS)).map_or(f64::NAN, |cost| cost.cpu);
        println!(
            "| {} | {} | {sketched:.2} | {grouped:.2} | {:.1} | {:.1} % |",
            pack.len(),
            found.len(),
            (sketched + grouped) * 1e6 / pack.len() as f64,
            (sketched + grouped) * 100.0 / run,
        );
        drop(std::fs::remove_dir_all(&place));
    }
}

/// The headline and the body of a record.
fn texts(line: &str) -> [String; 2] {
    let record: serde_json::Value = serde_json::from_str(line).unwrap();
    ["headline", "body"].map(|name| record[name].as_str().unwrap_or_default().to_owned())
}

/// Adds the sketches of articles, and gives the seconds that they took: those of a walk over all
/// words that makes them, without those of a walk that only makes the numbers of words.
fn sketch_cost(texts: &[[String; 2]], pack: &mut Pack) -> f64 {
    let walk = |text: &str, see: &mut dyn FnMut(u64)| {
        let mut words = Words::new(text);
        while words.advance().is_some() {
            see(number_of(words.folded()));
        }
    };
    let begun = thread_cpu();
    for text in texts.iter().flatten() {
        walk(text, &mut |word| {
            std::hint::black_box(word);
        });
    }
    let walked = thread_cpu();
    let mut sketcher = Sketcher::default();
    for [headline, body] in texts {
        walk(headline, &mut |word| sketcher.headline(word));
        walk(body, &mut |word| sketcher.body(word));
        pack.push(&sketcher.finish());
    }
    (thread_cpu() - walked) - (walked - begun)
}

/// Seconds of processor time of this thread, where the system tells; else of any clock.
fn thread_cpu() -> f64 {
    static BEGUN: LazyLock<Instant> = LazyLock::new(Instant::now);
    let stat = std::fs::read_to_string("/proc/thread-self/schedstat").ok();
    let nanoseconds = stat.and_then(|text| text.split(' ').next()?.parse::<f64>().ok());
    nanoseconds.map_or_else(|| BEGUN.elapsed().as_secs_f64(), |nanoseconds| nanoseconds / 1e9)
}

/// The time of one command, median of some runs, in milliseconds.
fn cold(mut command: impl FnMut() -> Command, runs: usize) -> Option<f64> {
    let walls: Option<Vec<f64>> =
        (0..runs).map(|_| Some(measure(&mut command())?.wall * 1000.0)).collect();
    Some(median(walls?.into_iter()))
}

/// Text files, and one search in them, beside recoll, which is too slow for many.
fn beside_recoll(folder: &Path, articles: u64) {
    let on_path = |name: &str| {
        let path = std::env::var_os("PATH").unwrap_or_default();
        std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
    };
    if !on_path("recollindex") || !on_path("recollq") {
        println!("recoll is not installed");
        return;
    }
    let count = articles.min(10_000);
    let (files, place, settings) =
        (folder.join("plain"), folder.join("plain-index"), folder.join("recoll"));
    made::write_plain(&files, count, 7).unwrap();
    std::fs::create_dir_all(&settings).unwrap();
    let topdirs = format!("topdirs = {}\n", files.display());
    std::fs::write(settings.join("recoll.conf"), topdirs).unwrap();
    let recoll = |name: &str, args: &[&str]| {
        let mut command = Command::new(name);
        command.arg("-c").arg(&settings).args(args);
        command
    };
    let ours = measure(&mut index(&files, &place, THREADS));
    let theirs = measure(&mut recoll("recollindex", &[]));
    if let (Some(ours), Some(theirs)) = (ours, theirs) {
        println!(
            "{count} text files, seconds of processor time: fiche {:.1}, recoll {:.1} ({:.0} x)",
            ours.cpu,
            theirs.cpu,
            theirs.cpu / ours.cpu
        );
    }
    let words = ["corden", "harbain"];
    let ours = || {
        let mut command = fiche();
        command.arg("search").args(words).arg("--index").arg(&place);
        command
    };
    let theirs = || recoll("recollq", &["-n", "10", "-A", words[0], words[1]]);
    if let (Some(ours), Some(theirs)) = (cold(ours, 20), cold(theirs, 20)) {
        println!("a search in them: fiche {ours:.1} ms, recollq {theirs:.1} ms");
    }
}

/// Shows that near-duplicates cost each article the same, however many there are.
fn likeness(corpus: Option<PathBuf>) {
    let counts = [50_000, 100_000, 200_000, 400_000];
    let folder = tempfile::tempdir().unwrap();
    let corpus = corpus.unwrap_or_else(|| {
        let path = folder.path().join("made.jsonl");
        made::write_copied(&mut BufWriter::new(File::create(&path).unwrap()), 400_000, 7).unwrap();
        path
    });
    likeness_cost(&corpus, folder.path(), &counts);
}

fn main() {
    let mut args = std::env::args().skip(1).filter(|arg| arg != "--bench");
    let first = args.next();
    if first.as_deref() == Some("--bare") {
        let [tokenizer, corpus, place] = [(); 3].map(|()| args.next().unwrap());
        bare::build(Path::new(&corpus), Path::new(&place), &tokenizer, THREADS, MEMORY);
        return;
    }
    if first.as_deref() == Some("likeness") {
        likeness(args.next().map(PathBuf::from));
        return;
    }
    let articles: u64 = first.map_or(20_000, |text| text.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let corpus = args.next().map(PathBuf::from).unwrap_or_else(|| {
        let path = folder.path().join("made.jsonl");
        made::write(&mut BufWriter::new(File::create(&path).unwrap()), articles, 7).unwrap();
        path
    });
    let text = std::fs::metadata(&corpus).unwrap().len();
    println!("{articles} articles, {:.1} MB of JSONL, {THREADS} threads", text as f64 / 1e6);

    let this = std::env::current_exe().unwrap();
    let bare = |tokenizer: &'static str| {
        let (this, corpus) = (&this, &corpus);
        Box::new(move |place: &Path| {
            let mut command = Command::new(this);
            command.args(["--bare", tokenizer]).args([corpus, place]);
            command
        })
    };
    let corpus = corpus.as_path();
    let mut builders: Vec<Builder<'_>> = vec![
        ("fiche", Box::new(|place| index(corpus, place, THREADS))),
        ("fiche, one thread", Box::new(|place| index(corpus, place, 1))),
        ("bare tantivy, words stemmed", bare("en_stem")),
        ("bare tantivy, words as they are", bare("default")),
        ("bare tantivy, words and their stems", bare("both")),
    ];
    if has(&mut on_one_core(&Command::new("true"))) {
        let on_one = |place: &Path| on_one_core(&index(corpus, place, 1));
        builders.insert(1, ("fiche, one core", Box::new(on_one)));
    } else {
        println!("taskset is not installed: nothing is built on one core");
    }
    if has_module("sqlite3") {
        builders
            .push(("SQLite FTS5, words stemmed", Box::new(|place| python(FTS5, corpus, place))));
    }
    if has_module("xapian") {
        builders.push(("Xapian, words stemmed", Box::new(|place| python(XAPIAN, corpus, place))));
    } else {
        println!("Xapian's module for Python is not installed");
    }
    if has_duckdb_search() {
        builders.push(("DuckDB FTS", Box::new(|place| python(DUCKDB, corpus, place))));
    } else {
        println!("DuckDB's module for Python or its extension for full text is not installed");
    }
    println!("\n## Building from JSONL");
    build_all(&builders, folder.path(), articles, text);
    let place = folder.path().join("0-0");

    println!("\n## Near-duplicates");
    let all = articles as usize;
    likeness_cost(corpus, folder.path(), &[all / 8, all / 4, all / 2, all]);

    println!("\n## Files");
    let count = articles.min(100_000);
    for (name, pages_only) in [("text, pages, Markdown and JSON", false), ("web pages", true)] {
        let files = folder.path().join(if pages_only { "pages" } else { "files" });
        made::write_folder(&files, count, 7, pages_only).unwrap();
        let place = files.with_extension("index");
        if let Some(cost) = measure(&mut index(&files, &place, THREADS)) {
            let each = count as f64 / cost.cpu;
            println!("{name}: {count} files, {:.1} s, {each:.0} / CPU s", cost.wall);
        }
        if pages_only {
            continue;
        }
        // What was written within the last two seconds is looked at again once.
        std::thread::sleep(Duration::from_secs(3));
        let again = || index(&files, &place, THREADS);
        // So the first of these is one too many.
        if let Some(ms) = measure(&mut again()).and_then(|_| cold(again, 3)) {
            println!("nothing changed: {:.2} s", ms / 1000.0);
        }
        for number in (0..count).step_by((count as usize / 100).max(1)).filter(|n| n % 4 == 0) {
            let path = files.join(format!("{:04}/{number}.txt", number / 1000));
            let changed = made::plain(&made::article(number + 5_000_000, 7));
            std::fs::write(path, changed).unwrap();
        }
        if let Some(cost) = measure(&mut again()) {
            println!("a hundred changed: {:.2} s", cost.wall);
        }
    }

    beside_recoll(folder.path(), articles);

    println!("\n## One search, from the start of the program to its end");
    let words = "corden harbain";
    let search = || {
        let mut command = fiche();
        command.args(["search", words, "--index"]).arg(&place);
        command
    };
    if let Some(ms) = cold(search, 50) {
        println!("fiche, {articles} articles: {ms:.1} ms");
    }
    let files = folder.path().join("files");
    let place = files.with_extension("index");
    let search = || {
        let mut command = fiche();
        command.args(["search", words, "--index"]).arg(&place);
        command
    };
    let ours = cold(search, 20);
    if has(Command::new("rg").arg("--version")) {
        let theirs = cold(
            || {
                let mut command = Command::new("rg");
                command.args(["-i", "-w", "-c", "corden|harbain"]).arg(&files);
                command
            },
            5,
        );
        if let (Some(ours), Some(theirs)) = (ours, theirs) {
            println!(
                "the same files: fiche {ours:.1} ms, ripgrep {theirs:.1} ms ({:.0} x)",
                theirs / ours
            );
        }
    } else {
        println!("ripgrep is not installed");
    }

    println!("\n## Handing over all hits");
    let place = folder.path().join("0-0");
    let export = || {
        let mut command = fiche();
        command
            .args(["export", "*", "--duplicates", "show", "--format", "csv", "--index"])
            .arg(&place);
        command.args(["--fields", "id,date,headline,section,authors"]);
        command
    };
    if let Some(cost) = measure(&mut export()) {
        let rate = articles as f64 / cost.wall;
        println!(
            "CSV: {:.2} s, {rate:.0} a second, peak {:.0} MB",
            cost.wall,
            cost.peak as f64 / 1e6
        );
    }
}
