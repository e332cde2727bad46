//! The tour of README: the sample archive indexed, searched and exported.

use super::{Desk, sample};

#[test]
fn the_sample_archive_is_indexed_and_each_bad_file_is_told_of() {
    let desk = Desk::new();
    let ran = desk.run(&["index", sample().to_str().unwrap()]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert_eq!(ran.out, "", "talk belongs to stderr");
    for part in ["Indexed  ", "csv 20", "skipped  ", "3 unreadable", "Fields   headline", "Next:"] {
        assert!(ran.err.contains(part), "{part} in {}", ran.err);
    }
    let problems = desk.run(&["status", "--problems"]).out;
    for part in ["broken/picture.html\tunreadable\t", "northern-wire.jsonl, line 6\tunreadable\t"] {
        assert!(problems.contains(part), "{part} in {problems}");
    }
    assert_eq!(desk.run(&["index", "--strict"]).code, Some(0), "nothing new was unreadable");
}

#[test]
fn what_was_left_out_is_not_found() {
    let desk = Desk::with_sample();
    assert_eq!(desk.ids(&["path:drafts"]).len(), 0, "named in .ficheignore");
    assert!(!desk.ids(&["path:notes"]).is_empty());
}

#[test]
fn a_search_shows_snippets_counts_and_the_next_step() {
    let desk = Desk::with_sample();
    let ran = desk.run(&["search", "council", "tax", "-n", "2"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    for part in
        ["  1  ", "  2  ", "(showing 1-2)", "sorted by relevance", "year ", "More:  --page 2"]
    {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    assert!(!ran.out.contains('\u{1b}'), "no colours where it is piped");
    let ran = desk.run(&["search", "council", "tax", "-n", "1", "--color", "always"]);
    assert!(ran.out.contains("\u{1b}[1;33mtax\u{1b}["), "the match is marked: {}", ran.out);
}

#[test]
fn one_command_goes_from_nothing_to_hits() {
    let desk = Desk::new();
    let notes = sample().join("notes");
    let ran = desk.run(&["search", "--in", notes.to_str().unwrap(), "ferry"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.contains("Crews sign for two days in three"), "{}", ran.out);
    // The folder around it takes its files over, and --in still looks only there.
    let ran = desk.run(&["index", sample().to_str().unwrap()]);
    assert!(ran.err.contains("10 renamed"), "{}", ran.err);
    let inside = desk.run(&["search", "--in", notes.to_str().unwrap(), "ferry", "--format", "csv"]);
    assert!(inside.out.lines().skip(1).all(|row| row.contains("notes/")), "{}", inside.out);
    assert!(desk.ids(&["ferry"]).len() >= inside.out.lines().count());
}

#[test]
fn dates_of_other_centuries_and_parts_of_dates_are_kept() {
    let desk = Desk::with_sample();
    let dates = |query: &str| {
        let ran =
            desk.run(&["export", query, "--format", "csv", "--fields", "date", "--sort", "date"]);
        // One empty column is written as two quotes, or its row would be none.
        ran.out.lines().skip(1).map(|row| row.replace('"', "")).collect::<Vec<_>>()
    };
    let old = dates("until:1650");
    assert!(old.iter().any(|date| date == "1648-06"), "{old:?}");
    assert!(old.iter().any(|date| date.len() == 10 && date.starts_with("1643")), "{old:?}");
    assert_eq!(dates("since:2200"), ["2300-04-01"]);
    assert!(dates("date:1912").iter().any(|date| date == "1912"));
    let all = dates("*");
    let mut sorted: Vec<&String> = all.iter().filter(|date| !date.is_empty()).collect();
    let dated = sorted.len();
    sorted.sort();
    assert_eq!(sorted, all[..dated].iter().collect::<Vec<_>>(), "undated last");
}

#[test]
fn every_way_of_counting_agrees() {
    let desk = Desk::with_sample();
    for query in ["*", "tax", "ferry OR school", "no:date", "section:politics"] {
        let json =
            desk.run(&["search", query, "--format", "json", "-n", "1000", "--duplicates", "show"]);
        let value: serde_json::Value = serde_json::from_str(&json.out).unwrap();
        let rows = value["hits"].as_array().or(value.as_array()).unwrap().len();
        let jsonl = desk.run(&["export", query, "--format", "jsonl"]).out.lines().count();
        assert_eq!((rows, jsonl), (desk.ids(&[query]).len(), rows), "{query}");
        let facets = desk.run(&["facets", query, "--by", "year", "--format", "csv"]);
        let counted: usize = (facets.out.lines().skip(1))
            .map(|row| row.rsplit(',').next().unwrap().parse::<usize>().unwrap())
            .sum();
        assert_eq!(counted, rows, "years and the undated of {query}: {}", facets.out);
    }
}

#[test]
fn an_export_takes_its_form_from_the_name_of_the_file() {
    let desk = Desk::with_sample();
    for (name, begins) in [("a.csv", "rank,score,id,"), ("a.jsonl", "{\""), ("a.json", "{")] {
        let ran = desk.run(&["export", "ferry", "-o", name]);
        assert_eq!((ran.code, ran.out.as_str()), (Some(0), ""), "{ran:?}");
        let text = std::fs::read_to_string(desk.folder.path().join(name)).unwrap();
        assert!(text.starts_with(begins) || text.starts_with('['), "{name}: {text}");
    }
}

#[test]
fn an_article_is_shown_by_the_id_that_search_prints() {
    let desk = Desk::with_sample();
    let out = desk.run(&["search", "ferry", "-n", "1"]).out;
    let id = out.split("id ").nth(1).unwrap().split_whitespace().next().unwrap().to_owned();
    let ran = desk.run(&["show", &id]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.to_lowercase().contains("ferry"));
}

#[test]
fn a_closed_pipe_is_no_error() {
    let desk = Desk::with_sample();
    let mut child = desk
        .command(&["export", "*", "--format", "jsonl", "--fields", "body"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(0));
    assert!(output.stderr.is_empty(), "{}", String::from_utf8_lossy(&output.stderr));
}

#[test]
fn a_file_is_inspected_with_the_places_of_its_fields() {
    let desk = Desk::new();
    let page = sample().join("gazette/politics/2023/03/14/council-tax-vote.html");
    let ran = desk.run(&["inspect", page.to_str().unwrap()]);
    assert_eq!(ran.code, Some(0));
    for part in ["headline", "json-ld", "2023-03-14"] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    let ran = desk.run(&["inspect", "--format", "jsonl", page.to_str().unwrap()]);
    let value: serde_json::Value = serde_json::from_str(ran.out.trim()).unwrap();
    for key in ["id", "headline", "section", "date", "authors", "body"] {
        assert!(value.get(key).is_some(), "{key}");
    }
    assert_eq!(value["date"], "2023-03-14");
}
