//! Exports read back by someone else's reader, saved searches and settings: runs of the program on
//! the sample archive.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::process::Command;

use biblatex::{Bibliography, ChunksExt};
use serde_json::Value;

#[path = "support/desk.rs"]
mod desk;
#[path = "support/skip.rs"]
mod skip;

use desk::Desk;
use skip::skipped;

/// An article that means harm to every format.
const HOSTILE: &str = r#"{"id":"h 1","headline":"A {b} & 50% <i>c_d</i> ]]> \\ #1 $x ~ ^","authors":["Ána Rúiz","Smith and Wesson"],"date":"2023-03-14","section":"Arts*","source":"The <b> Gazette","url":"javascript:alert(1)","tags":["one*two","a, b"],"summary":"ER  - \r\nTY  - JOUR","body":"First line with <script>alert(1)</script>.\n\n=cmd|' /C calc'!A0 and more words of the article that make it one, so that it is kept and not passed over as a stub of a page."}
"#;

fn text<'v>(value: &'v Value, name: &str) -> &'v str {
    value[name].as_str().unwrap_or_default()
}

fn single(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The records of a RIS file: tags with their values, in order.
fn ris(text: &str) -> Vec<Vec<(String, String)>> {
    let mut records = Vec::new();
    let mut record: Option<Vec<(String, String)>> = None;
    for line in text.split("\r\n").filter(|line| !line.is_empty()) {
        assert!(!line.contains(['\r', '\n']), "{line:?}");
        assert_eq!(&line[2..6], "  - ", "{line:?}");
        let (tag, value) = (&line[..2], &line[6..]);
        match tag {
            "TY" => {
                assert!(record.is_none(), "a record in a record");
                record = Some(vec![(tag.to_owned(), value.to_owned())]);
            }
            "ER" => records.push(record.take().unwrap()),
            _ => record.as_mut().unwrap().push((tag.to_owned(), value.to_owned())),
        }
    }
    assert!(record.is_none());
    records
}

#[test]
fn every_form_holds_every_article() {
    let desk = Desk::new();
    desk.write("more/h.jsonl", HOSTILE);
    desk.done(&["index", "more"]);
    let articles = desk.articles();
    let total = articles.len();
    assert!(total > 90);
    let told = desk.done(&["search", "*"]);
    assert!(told.contains(&format!("{total} articles ")), "{told}");
    let table = desk.export("csv");
    assert_eq!(csv::Reader::from_reader(table.as_bytes()).records().count(), total);
    assert_eq!(desk.export("trec").lines().count(), total);

    let records = ris(&desk.export("ris"));
    assert_eq!(records.len(), total);
    for (record, article) in records.iter().zip(&articles) {
        let get = |tag: &str| -> Vec<&str> {
            let rows = record.iter().filter(|(known, _)| known == tag);
            rows.map(|(_, value)| &value[..]).collect()
        };
        let one = |tag: &str| get(tag).first().copied().unwrap_or_default();
        assert!(["NEWS", "MGZN", "ELEC"].contains(&one("TY")));
        assert_eq!(one("ID"), single(text(article, "id")));
        assert_eq!(one("TI"), single(text(article, "headline")));
        assert_eq!(one("SE"), single(text(article, "section")));
        assert_eq!(one("UR"), text(article, "url"));
        let people = article["authors"].as_array().unwrap();
        let names = get("AU");
        assert!(names.len() >= people.len());
        for (name, person) in names.iter().zip(people) {
            let parts: Vec<&str> = name.split(", ").collect();
            let shown = if parts.len() == 1 {
                parts[0].to_owned()
            } else {
                [&parts[1..2], &parts[..1], &parts[2..]].concat().join(" ")
            };
            assert_eq!(shown, person.as_str().unwrap());
        }
        let date = text(article, "date");
        let read: Vec<&str> = one("DA").split('/').filter(|part| !part.is_empty()).collect();
        assert_eq!(read.join("-"), date);
        assert_eq!(one("PY"), date.split('-').next().unwrap());
    }

    let csl: Vec<Value> = serde_json::from_str(&desk.export("csl")).unwrap();
    assert_eq!(csl.len(), total);
    // The variables of CSL that items may have, by its schema.
    const VARIABLES: [&str; 18] = [
        "id",
        "type",
        "title",
        "author",
        "container-title",
        "issued",
        "section",
        "URL",
        "language",
        "accessed",
        "keyword",
        "abstract",
        "archive",
        "archive_location",
        "page",
        "edition",
        "ISSN",
        "DOI",
    ];
    for (item, article) in csl.iter().zip(&articles) {
        for name in item.as_object().unwrap().keys() {
            assert!(VARIABLES.contains(&&name[..]), "{name}");
        }
        for name in item["author"].as_array().into_iter().flatten() {
            assert!(name["literal"].is_string() || name["family"].is_string(), "{name}");
        }
        for (name, ours) in [
            ("id", "id"),
            ("title", "headline"),
            ("container-title", "source"),
            ("section", "section"),
            ("URL", "url"),
            ("language", "language"),
        ] {
            assert_eq!(text(item, name), text(article, ours));
        }
        let parts: Vec<String> = item["issued"]["date-parts"][0]
            .as_array()
            .map(|parts| parts.iter().map(|n| format!("{:02}", n.as_i64().unwrap())).collect())
            .unwrap_or_default();
        assert_eq!(parts.join("-"), text(article, "date"));
        assert!(["article-newspaper", "article-magazine", "webpage"].contains(&text(item, "type")));
    }

    for format in ["bibtex", "biblatex"] {
        let written = desk.export(format);
        let read = Bibliography::parse(&written).unwrap_or_else(|error| panic!("{error}"));
        assert_eq!(read.len(), total, "{format}");
        for (entry, article) in read.iter().zip(&articles) {
            let of = |field: &str| entry.get(field).map(|chunks| chunks.format_verbatim());
            let title = of("title").unwrap_or_default();
            assert_eq!(single(&title), single(text(article, "headline")), "{format}");
            let (people, bodies) = (article["authors"].as_array().unwrap(), entry.author());
            assert!(bodies.unwrap_or_default().len() >= people.len());
            if let Some(url) = of("url") {
                assert_eq!(url, text(article, "url"));
            }
            let date = text(article, "date");
            if format == "biblatex" {
                assert_eq!(of("date").unwrap_or_default(), date);
            } else {
                assert_eq!(of("year").unwrap_or_default(), date.split('-').next().unwrap());
            }
        }
    }

    let feed = desk.export("atom");
    assert_eq!(feed.matches("<entry>").count(), total);
    let ids: std::collections::BTreeSet<&str> =
        feed.lines().filter(|line| line.starts_with("<id>")).collect();
    assert_eq!(ids.len(), total + 1);
}

#[test]
fn r18_a_page_runs_nothing_that_an_article_holds() {
    let desk = Desk::new();
    desk.write("more/h.jsonl", HOSTILE);
    desk.done(&["index", "more"]);
    let total = desk.articles().len();
    let page = desk.export("html");
    assert_eq!(page.matches("<article ").count(), total);
    assert!(page.contains("Content-Security-Policy\" content=\"default-src 'none'"));
    assert!(!page.contains("<script") && !page.contains("javascript:") && !page.contains("<i>c_d"));
    let full = desk.done(&["export", "*", "--format", "html", "--full"]);
    assert!(full.contains("&lt;script&gt;alert(1)&lt;/script&gt;") && !full.contains("<script"));
}

#[test]
fn r17_formulas_marks_and_columns_are_as_asked() {
    let desk = Desk::new();
    desk.write("more/h.jsonl", &HOSTILE.replace("A {b} &", "=1+1 {b} &"));
    desk.done(&["index", "more"]);
    let query = ["export", "calc", "--fields", "headline,date,body"];
    let plain = desk.done(&query);
    assert!(plain.starts_with("headline,date,body\n=1+1 "), "{plain}");
    let safe = desk.done(&[&query[..], &["--bom", "--excel-safe"]].concat());
    assert!(safe.starts_with("\u{feff}headline,date,body\n'=1+1 "), "{safe}");
    // The body would run a program; it is held wherever a table is written.
    let held = |table: &str| table.contains("'=cmd|") && !table.contains("\"=cmd|");
    desk.write(
        "more/i.jsonl",
        r#"{"title":"=cmd|' /C calc'!A0","section":"=cmd|' /C calc'!A0","text":"Herons."}"#,
    );
    desk.done(&["index", "more"]);
    for args in [
        &["export", "herons", "--format", "csv"][..],
        &["export", "herons", "--format", "tsv"],
        &["facets", "herons", "--format", "csv"],
        &["kwic", "herons", "--format", "csv"],
        &["search", "herons", "--format", "csv"],
    ] {
        let table = desk.done(args);
        assert!(held(&table), "{args:?} {table}");
    }
    desk.done(&["export", "herons", "--format", "txt", "-o", "texts"]);
    assert!(held(&std::fs::read_to_string(desk.path("texts/metadata.csv")).unwrap()));
    let bad = desk.run(&["export", "calc", "--fields", "nonsense"]);
    assert_eq!(bad.status.code(), Some(2));
}

#[test]
fn notes_are_read_again_as_the_articles_they_were() {
    let desk = Desk::new();
    let query = "date:1912..2025 has:headline has:author";
    desk.done(&["export", query, "--format", "md", "--full", "-o", "notes"]);
    let wanted: BTreeMap<String, Value> = desk
        .done(&["export", query, "--format", "jsonl"])
        .lines()
        .map(|line| serde_json::from_str::<Value>(line).unwrap())
        .map(|article| (text(&article, "id").to_owned(), article))
        .collect();
    desk.done(&["index", "notes", "--index", "again"]);
    let read = desk.done(&["export", "*", "--format", "jsonl", "--index", "again"]);
    assert_eq!(read.lines().count(), wanted.len());
    for line in read.lines() {
        let article: Value = serde_json::from_str(line).unwrap();
        let before = &wanted[text(&article, "id")];
        for name in ["date", "section", "url"] {
            assert_eq!(text(&article, name), text(before, name), "{line}");
        }
        assert_eq!(single(text(&article, "headline")), single(text(before, "headline")));
    }
}

#[test]
fn a_folder_of_texts_has_a_table() {
    let desk = Desk::new();
    desk.done(&["export", "council", "--format", "txt", "-o", "texts"]);
    let table = fs::read_to_string(desk.path("texts/metadata.csv")).unwrap();
    let mut rows = 0;
    for row in csv::Reader::from_reader(table.as_bytes()).records() {
        let row = row.unwrap();
        assert!(fs::metadata(desk.path("texts").join(&row[0])).unwrap().len() > 0);
        rows += 1;
    }
    assert_eq!(fs::read_dir(desk.path("texts")).unwrap().count(), rows + 1);
    // What is there already is left alone.
    let again = desk.run(&["export", "council", "--format", "txt", "-o", "texts"]);
    assert_eq!(again.status.code(), Some(2));
}

#[test]
fn where_it_came_from_lies_beside() {
    let desk = Desk::new();
    desk.done(&["export", "council", "--limit", "3", "-o", "hits.ris", "--provenance"]);
    let about = fs::read_to_string(desk.path("hits.ris.query.json")).unwrap();
    let about: Value = serde_json::from_str(&about).unwrap();
    assert_eq!(
        (text(&about, "query"), text(&about, "fiche")),
        ("council", env!("CARGO_PKG_VERSION"))
    );
    assert_eq!((about["written"].as_u64(), about["generation"].as_u64()), (Some(3), Some(1)));
    assert!(about["total"].as_u64() > Some(3));
}

#[cfg(unix)]
#[test]
fn what_cannot_be_written_leaves_nothing() {
    let desk = Desk::new();
    desk.write("hits.csv", "before");
    // A full disk: this device takes nothing.
    let full = desk.run(&["export", "*", "-o", "/dev/full", "--format", "csv"]);
    if Path::new("/dev/full").exists() {
        assert_eq!(full.status.code(), Some(2));
        assert!(String::from_utf8_lossy(&full.stderr).starts_with("error: "));
    }
    let none = desk.run(&["export", "*", "-o", "no/such/folder/hits.csv"]);
    assert_eq!(none.status.code(), Some(2));
    // A pipe that is closed after a line is no error.
    let script = format!(
        "'{}' export '*' | head -n 1; echo ${{PIPESTATUS[0]}}",
        env!("CARGO_BIN_EXE_fiche")
    );
    let piped = Command::new("bash").args(["-c", &script]).current_dir(desk.folder.path()).output();
    if let Ok(piped) = piped {
        assert!(String::from_utf8_lossy(&piped.stdout).ends_with("\n0\n"));
    }
    assert_eq!(fs::read_to_string(desk.path("hits.csv")).unwrap(), "before");
    let left: Vec<_> =
        fs::read_dir(desk.folder.path()).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("export")), "{left:?}");
}

#[test]
fn other_programs_read_what_is_written() {
    let desk = Desk::new();
    let total = desk.articles().len();
    for (module, file, script) in [
        (
            "openpyxl",
            "hits.xlsx",
            "b=openpyxl.load_workbook(f); s=b['hits']; assert s.freeze_panes=='A2'; \
             assert s.auto_filter.ref; print(s.max_row-1); assert b['query']['B1'].value=='*'",
        ),
        (
            "feedparser",
            "hits.atom",
            "d=feedparser.parse(f); assert not d.bozo, d.bozo_exception; print(len(d.entries))",
        ),
        (
            "rispy",
            "hits.ris",
            "r=rispy.load(open(f,encoding='utf-8')); \
             assert {e['type_of_reference'] for e in r} <= {'NEWS','MGZN','ELEC'}; \
             assert all(e['id'] and e['accession_number'] for e in r); print(len(r))",
        ),
        (
            "citeproc.source.json",
            "hits.csl.json",
            "import json, warnings; warnings.simplefilter('error', UserWarning); \
             i=json.loads(open(f,encoding='utf-8').read()); \
             print(len(citeproc.source.json.CiteProcJSON(i)))",
        ),
        #[cfg(feature = "parquet")]
        (
            "pyarrow.parquet",
            "hits.parquet",
            "t=pyarrow.parquet.read_table(f); s=t.schema; r=t.to_pylist(); \
             assert str(s.field('date').type)=='date32[day]', s; \
             assert str(s.field('authors').type).startswith('list<element: string'), s; \
             assert any(len(x['authors'])>1 for x in r); \
             assert all((x['date'] is None)==(x['date_known'] is None) for x in r); \
             assert any(x['date_known']=='month' for x in r); print(t.num_rows)",
        ),
        (
            "xml.etree.ElementTree",
            "hits.atom",
            "import xml.etree.ElementTree as E; print(len(E.parse(f).findall('{http://www.w3.org/2005/Atom}entry')))",
        ),
        (
            "zipfile",
            "hits.xlsx",
            "import xml.etree.ElementTree as E; z=zipfile.ZipFile(f); assert z.testzip() is None; \
             [E.fromstring(z.read(n)) for n in z.namelist()]; \
             print(z.read('xl/worksheets/sheet1.xml').decode().count('<row ')-1)",
        ),
    ] {
        let has = Command::new("python3").args(["-c", &format!("import {module}")]).output();
        if !has.is_ok_and(|output| output.status.success()) {
            skipped(&format!("python3 has no {module}"));
            continue;
        }
        desk.done(&["export", "*", "-o", file]);
        let script = format!("import sys, {module}; f=sys.argv[1]; {script}");
        let read = Command::new("python3")
            .args(["-c", &script, file])
            .current_dir(desk.folder.path())
            .output()
            .unwrap();
        let told = String::from_utf8_lossy(&read.stderr);
        assert_eq!(
            String::from_utf8_lossy(&read.stdout).trim(),
            total.to_string(),
            "{module}: {told}"
        );
    }
}

#[test]
fn a_saved_search_shows_what_is_new() {
    let desk = Desk::new();
    assert_eq!(desk.run(&["run"]).status.code(), Some(1));
    desk.done(&["save", "tax", "council tax", "--since", "2020", "--sort", "-date"]);
    assert_eq!(desk.run(&["run", "tax", "--new"]).status.code(), Some(1));
    let known = desk.done(&["run", "tax", "--format", "jsonl"]).lines().count();
    assert!(known > 0);
    let text = "# Council tax again\n\nThe council put the tax up for the second time in a year, \
                and nobody in the room had a good word for it, least of all the council.\n";
    desk.write("more/2026-01-02-a.md", text);
    desk.write("more/2019-01-02-b.md", &text.replace("again", "before"));
    desk.done(&["index", "more"]);
    let new = desk.done(&["run", "tax", "--new", "--format", "csv", "--fields", "headline"]);
    assert_eq!(new, "headline\nCouncil tax again\n");
    assert_eq!(desk.run(&["run", "tax", "--new"]).status.code(), Some(1));
    // A rebuild of the index does not lose it.
    desk.done(&["index", "--rebuild"]);
    assert_eq!(desk.done(&["run", "tax", "--format", "jsonl"]).lines().count(), known + 1);
    assert!(
        desk.done(&["run"]).starts_with("tax\tcouncil tax --since=2020 --sort=-date\t2026-11-25")
    );
    desk.done(&["save", "tax", "--remove"]);
    assert_eq!(desk.run(&["run", "tax"]).status.code(), Some(2));
}

#[test]
fn settings_come_from_flags_the_environment_and_files() {
    let desk = Desk::new();
    let shown = |desk: &Desk, args: &[&str]| {
        let args = [&["search", "*", "--format", "jsonl"], args].concat();
        desk.done(&args).lines().count()
    };
    desk.write("own/fiche/config.toml", "[search]\nlimit = 3\nsort = \"date\"\n");
    assert_eq!(shown(&desk, &[]), 3);
    desk.write("fiche.toml", "[search]\nlimit = 4\n[all]\nindex = \".fiche\"\n");
    assert_eq!(shown(&desk, &[]), 4);
    assert_eq!(shown(&desk, &["-n", "5"]), 5);
    let told = desk.done(&["config"]);
    let has = |name: &str, value: &str, from: &str| {
        told.lines().any(|row| {
            let cells: Vec<&str> = row.split('\t').collect();
            cells[0] == name && cells[1] == value && cells[2].ends_with(from)
        })
    };
    assert!(has("search.limit", "4", "fiche.toml"), "{told}");
    assert!(has("search.sort", "date", "config.toml"), "{told}");
    assert!(has("search.page", "1", "default"), "{told}");
    let by_variable = Command::new(env!("CARGO_BIN_EXE_fiche"))
        .args(["search", "*", "--format", "jsonl"])
        .current_dir(desk.folder.path())
        .env("FICHE_SEARCH_LIMIT", "2")
        .output()
        .unwrap();
    assert_eq!(String::from_utf8(by_variable.stdout).unwrap().lines().count(), 2);
    desk.write("fiche.toml", "[search]\nlimt = 4\n");
    let wrong = desk.run(&["status"]);
    assert_eq!(wrong.status.code(), Some(2));
    assert!(
        String::from_utf8_lossy(&wrong.stderr).contains("there is no setting `limt` in [search]")
    );
}

#[test]
fn an_archive_names_its_fields_sections_and_sources() {
    let desk = Desk::new();
    desk.write(
        "fiche.toml",
        "[map]\nheadline = [\"kop\"]\n[sections]\n\"Metro Desk\" = \"Local\"\n[sources]\n\"gazette.example\" = \"The Gazette\"\n",
    );
    desk.write(
        "more/a.jsonl",
        "{\"id\":\"a\",\"kop\":\"A bridge\",\"title\":\"x\",\"section\":\"metro desk\",\"url\":\"https://www.gazette.example/a\",\"body\":\"The bridge was shut on Monday after a lorry had met it in the night, and the town went round.\"}\n",
    );
    desk.done(&["index", "more"]);
    let found = desk.done(&["export", "id:a", "--fields", "headline,section,source"]);
    assert_eq!(found, "headline,section,source\nA bridge,Local,The Gazette\n");
}
