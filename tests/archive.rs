//! What a person keeps an archive by: copies, captures, what is odd, lists of queries.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::fs;
use std::process::Command;

use serde_json::Value;

#[path = "support/desk.rs"]
mod desk;

use desk::Desk;

/// Words of no meaning, the same for the same seed.
fn prose(seed: u64, words: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = String::new();
    for number in 1..=words {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(&format!("w{}{}", state % 5000, if number % 12 == 0 { ". " } else { " " }));
    }
    text
}

fn note(headline: &str, body: &str) -> String {
    format!("# {headline}\n\n{body}\n")
}

/// The number of articles that a search told of.
fn total(told: &str) -> u64 {
    let row = told.lines().find(|row| row.contains("(showing")).unwrap_or("0");
    row.split(' ').next().unwrap().replace(',', "").parse().unwrap()
}

#[test]
fn an_exact_copy_is_kept_once_with_all_its_places() {
    let desk = Desk::empty();
    let text = note("Harbour frozen", &prose(1, 120));
    for place in ["b/x.md", "a/y.md", "c/deep/z.md"] {
        desk.write(&format!("corpus/{place}"), &text);
    }
    desk.write("corpus/d/other.md", &note("A bridge", &prose(2, 120)));
    let index = |desk: &Desk| {
        let run = desk.run(&["index", "corpus"]);
        assert!(run.status.success());
        String::from_utf8(run.stderr).unwrap()
    };
    let told = index(&desk);
    assert!(told.contains("same article found again        2   kept once"), "{told}");
    let told = desk.done(&["search", "*"]);
    assert_eq!(total(&told), 2, "{told}");
    assert!(told.contains("also at 2 places"), "{told}");
    let paths = |desk: &Desk, query: &str| -> Vec<Vec<String>> {
        let lines = desk.done(&["export", query, "--format", "jsonl", "--fields", "path,paths"]);
        lines
            .lines()
            .map(|line| serde_json::from_str::<Value>(line).unwrap())
            .map(|hit| serde_json::from_value(hit["paths"].clone()).unwrap())
            .collect()
    };
    let all = vec![vec!["a/y.md".to_owned(), "b/x.md".to_owned(), "c/deep/z.md".to_owned()]];
    assert_eq!(paths(&desk, "harbour"), all);
    for place in ["path:a", "path:b/x.md", "path:c/deep"] {
        assert_eq!(paths(&desk, place), all, "{place}");
    }
    // What is counted is counted once, wherever.
    let facets = desk.done(&["facets", "harbour", "--by", "language", "--format", "csv"]);
    assert_eq!(facets, "facet,value,articles\nlanguage,,1\n".to_owned());
    let shown = desk.done(&["show", "b/x.md", "--path"]);
    assert_eq!(shown.lines().count(), 3, "{shown}");
    assert_eq!(total(&desk.done(&["search", "*", "--duplicates", "each"])), 4);
    // One that goes leaves the others, whichever it was.
    fs::remove_file(desk.path("corpus/a/y.md")).unwrap();
    index(&desk);
    assert_eq!(paths(&desk, "harbour"), [["b/x.md", "c/deep/z.md"]]);
    fs::remove_file(desk.path("corpus/c/deep/z.md")).unwrap();
    index(&desk);
    assert_eq!(paths(&desk, "harbour"), [["b/x.md"]]);
    // And one that comes is no new article to a saved search.
    desk.done(&["save", "ice", "harbour"]);
    desk.write("corpus/a/again.md", &text);
    index(&desk);
    assert_eq!(desk.run(&["run", "ice", "--new"]).status.code(), Some(1));
}

#[test]
fn captures_of_an_address_are_told_apart_by_their_words() {
    let desk = Desk::empty();
    let body = prose(3, 200);
    let record = |id: &str, headline: &str, captured: &str, body: &str| {
        format!(
            "{}\n",
            serde_json::json!({
                "id": id, "title": headline, "url": "https://www.gazette.example/mayor",
                "date": "2024-03-01", "captured": captured, "body": body,
            })
        )
    };
    let altered = body.replacen(' ', " never ", 1);
    let records = [
        record("c", "Mayor <resigns>", "2024-05-01", &prose(4, 200)),
        record("a", "Mayor to stay", "2024-03-02", &body),
        record("b", "Mayor to stay", "2024-04-01", &altered),
    ];
    desk.write("corpus/a.jsonl", &records.concat());
    desk.done(&["index", "corpus"]);
    let told: Value =
        serde_json::from_str(&desk.done(&["captures", "b", "--format", "json"])).unwrap();
    let ids: Vec<&str> =
        told["captures"].as_array().unwrap().iter().map(|c| c["id"].as_str().unwrap()).collect();
    assert_eq!(ids, ["a", "b", "c"]);
    assert_eq!(
        (&told["changes"][0]["words_in"], &told["changes"][0]["words_out"]),
        (&1.into(), &0.into())
    );
    let page = desk.done(&["captures", "a", "--format", "html"]);
    assert!(page.contains("<ins>never</ins>") && page.contains("Mayor &lt;resigns&gt;"), "{page}");
    let coloured = desk.done(&["captures", "a", "--color", "always"]);
    assert!(coloured.contains("\u{1b}[32mnever\u{1b}[0m"), "{coloured}");
    let changed = desk.done(&["changed", "--format", "json"]);
    assert_eq!(changed.lines().count(), 1);
    assert!(desk.done(&["changed", "--since", "2024-05"]).contains("1 article altered"));
    assert_eq!(desk.run(&["changed", "--since", "2024-06"]).status.code(), Some(1));
}

/// An archive in which each thing that `doctor` looks for is wrong.
fn ailing() -> Desk {
    let desk = Desk::empty();
    let mut rows = String::new();
    let mut add = |id: &str, row: Value| {
        let mut row = row;
        row["id"] = id.into();
        rows.push_str(&format!("{row}\n"));
    };
    for number in 0..20u64 {
        let section =
            ["Metro Desk", "metro desk", "Metro-Desk", "Arts & Culture", "Arts and Culture"];
        let words = if number == 7 { 20 } else { 300 };
        add(
            &format!("a{number}"),
            serde_json::json!({
                "title": format!("Story {number} of the town"), "source": "The \"Old\" Gazette",
                "author": "Ana Ruiz", "section": section[number as usize % 5],
                "date": "2024-05-05", "went_online": format!("2019-{:02}-11", 1 + number % 12),
                "body": prose(100 + number, words),
            }),
        );
    }
    for number in 0..25u64 {
        let date = match number {
            0 => "1970-01-01".to_owned(),
            1 => "2031-01-01".to_owned(),
            number => format!("2021-{:02}-02", 1 + number % 12),
        };
        let source = if number == 1 { "Bare Sheet" } else { "Daily Post" };
        add(
            &format!("b{number}"),
            serde_json::json!({
                "title": format!("Report {number}"), "source": source, "date": date,
                "author": "Bob Lee", "section": "World", "body": prose(200 + number, 100),
            }),
        );
    }
    add("c", serde_json::json!({"body": prose(300, 100)}));
    desk.write("corpus/a.jsonl", &rows);
    desk.write("corpus/empty.txt", "");
    desk.done(&["index", "corpus"]);
    desk
}

#[test]
fn each_finding_of_the_doctor_is_listed_by_its_command() {
    let desk = ailing();
    let found: Vec<Value> = desk
        .done(&["doctor", "--format", "jsonl"])
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let counts: Vec<(&str, u64)> = found
        .iter()
        .map(|finding| (finding["check"].as_str().unwrap(), finding["count"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        counts,
        [
            ("no-date", 1),
            ("no-author", 1),
            ("no-section", 1),
            ("no-headline", 1),
            ("future", 1),
            ("early", 1),
            ("one-date", 20),
            ("section-spelling", 8),
            ("section-spelling", 12),
            ("nothing-read", 1),
            ("short", 1),
        ]
    );
    let binary = std::path::Path::new(env!("CARGO_BIN_EXE_fiche"));
    for finding in &found {
        let see = finding["see"].as_str().unwrap();
        let pasted = Command::new("/bin/sh")
            .args(["-c", see])
            .current_dir(desk.folder.path())
            .env_clear()
            .env("PATH", binary.parent().unwrap())
            .env("FICHE_TODAY", "2026-11-25")
            .output()
            .unwrap();
        let told = String::from_utf8(pasted.stdout).unwrap();
        let listed =
            if see.contains("search") { total(&told) } else { told.lines().count() as u64 };
        assert_eq!(Some(listed), finding["count"].as_u64(), "{see}\n{told}");
        assert!(!finding["examples"].as_array().unwrap().is_empty(), "{see}");
    }
    let advice = found.iter().find(|finding| finding["check"] == "one-date").unwrap();
    assert!(advice["advice"][0].as_str().unwrap().starts_with("`went_online` has 12 dates in 20"));
    // What it advises helps: the files are read again by themselves.
    desk.write(
        "fiche.toml",
        "[map]\ndate = \"went_online\"\n[sections]\n\"Metro-Desk\" = \"Metro Desk\"\n",
    );
    let told = desk.run(&["index"]);
    let told = String::from_utf8(told.stderr).unwrap();
    assert!(told.contains("2 read again under other rules"), "{told}");
    let left = desk.done(&["doctor", "--format", "jsonl"]);
    assert!(!left.contains("\"one-date\"") && !left.contains("Metro-Desk"), "{left}");
    let again = desk.run(&["index"]);
    let told = String::from_utf8(again.stderr).unwrap();
    assert!(told.contains("Nothing changed in 2 files.  "), "{told}");
    assert!(desk.done(&["doctor"]).contains("see:  fiche search no:date"));
}

#[test]
fn a_list_of_queries_is_a_table_or_an_export_each() {
    let desk = Desk::new();
    desk.write("list.tsv", "tax\tcouncil tax\nnone/such\tzzzz\n\"open\n");
    let table = desk.done(&["batch", "--queries", "list.tsv"]);
    let rows: Vec<Vec<&str>> = table.lines().map(|row| row.split('\t').collect()).collect();
    assert_eq!(rows[0], ["name", "query", "articles", "first", "last"]);
    let hits = desk.done(&["export", "council tax", "--fields", "date", "--sort", "date"]);
    let dates: Vec<&str> =
        hits.lines().skip(1).filter(|date| !date.is_empty() && *date != "\"\"").collect();
    assert_eq!(rows[1][2], (hits.lines().count() - 1).to_string());
    assert_eq!(&rows[1][3..], [dates[0], dates[dates.len() - 1]]);
    assert_eq!(rows[2][2..], ["0", "", ""]);
    assert_eq!((rows[3][0], rows[3][1]), ("3", "\"open"));
    desk.done(&["batch", "--queries", "list.tsv", "--format", "ris", "-o", "out"]);
    let written = fs::read_to_string(desk.path("out/tax.ris")).unwrap();
    assert_eq!(written.matches("TY  - ").count().to_string(), rows[1][2]);
    assert!(desk.path("out/none_such.ris").exists());
    assert_eq!(
        desk.run(&["batch", "--queries", "list.tsv", "--format", "ris"]).status.code(),
        Some(2)
    );
}

#[test]
fn filters_hold_for_a_line_that_is_no_query() {
    let desk = Desk::new();
    desk.write("list.tsv", "tax\t\"council tax\n");
    let table = desk.done(&["batch", "--queries", "list.tsv", "--section", "politics"]);
    let found = table.lines().nth(1).and_then(|row| row.split('\t').nth(2)).unwrap();
    let count = |args: &[&str]| {
        let export = [&["export", "council OR tax", "--fields", "id"], args].concat();
        (desk.done(&export).lines().count() - 1).to_string()
    };
    assert_eq!(found, count(&["--section", "politics"]));
    assert_ne!(found, count(&[]));
}
