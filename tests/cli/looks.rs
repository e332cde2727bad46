//! Concordance, timeline, likeness and what a search teaches: runs over the sample archive and over
//! small made ones.

use super::Desk;

/// A desk with dated articles about ice and ferries.
fn dated() -> Desk {
    let desk = Desk::new();
    for (name, date, body) in [
        ("a.md", "2020-02-10", "The old harbour froze. The ferry waited for the harbour master."),
        ("b.md", "2020-05-01", "A ferry sank near the new harbour wall."),
        ("c.md", "2023-05-02", "The harbour board met. Nobody spoke of ice."),
        ("d.md", "", "Ferry crews of the harbour went home."),
    ] {
        let date = if date.is_empty() { String::new() } else { format!("date: {date}\n") };
        desk.write(name, format!("---\ntitle: News {name}\n{date}---\n\n{body}\n"));
    }
    let ran = desk.update();
    assert_eq!(ran.code, Some(0), "{ran:?}");
    desk
}

fn rows(text: &str) -> Vec<Vec<String>> {
    let mut reader = csv::ReaderBuilder::new().has_headers(false).from_reader(text.as_bytes());
    let rows = reader.records().map(|row| row.unwrap().iter().map(str::to_owned).collect());
    rows.collect()
}

#[test]
fn every_match_has_its_own_line_and_they_stand_one_under_the_other() {
    let desk = dated();
    let ran = desk.run(&["kwic", "harbour", "--width", "20"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let lines: Vec<&str> = ran.out.lines().collect();
    assert_eq!(lines.last(), Some(&"5 matches"));
    let at: Vec<_> = lines[..5].iter().map(|line| line.find("harbour")).collect();
    assert!(at.iter().all(|place| place.is_some() && *place == at[0]), "{}", ran.out);
    let limited = desk.run(&["kwic", "harbour", "-n", "2"]).out;
    assert!(limited.ends_with("5 matches (2 shown)\n"), "{limited}");
}

#[test]
fn lines_are_sorted_by_their_neighbours_or_by_date() {
    let desk = dated();
    let column = |sort: &str, column: usize| {
        let ran = desk.run(&["kwic", "harbour", "--sort", sort, "--format", "csv"]);
        let words = |text: &str| fiche::words::fold_words(text);
        let rows = rows(&ran.out);
        let found = rows.iter().skip(1).map(|row| match sort {
            "left1" => words(&row[column]).pop().unwrap_or_default(),
            "right1" => words(&row[column]).first().cloned().unwrap_or_default(),
            _ => row[column].clone(),
        });
        found.collect::<Vec<_>>()
    };
    assert_eq!(column("left1", 4), ["new", "old", "the", "the", "the"]);
    assert_eq!(column("right1", 6), ["board", "froze", "master", "wall", "went"]);
    let dates = column("date", 1);
    assert_eq!(dates, ["2020-02-10", "2020-02-10", "2020-05-01", "2023-05-02", ""]);
}

#[test]
fn a_concordance_of_a_distance_shows_the_words_from_end_to_end() {
    let desk = dated();
    let out = desk.run(&["kwic", "ferry NEAR/5 harbour", "--format", "jsonl"]).out;
    let found: Vec<String> = out
        .lines()
        .map(|line| serde_json::from_str::<serde_json::Value>(line).unwrap())
        .map(|row| row["match"].as_str().unwrap().to_owned())
        .collect();
    assert!(found.contains(&"ferry waited for the harbour".to_owned()), "{found:?}");
    assert!(found.contains(&"Ferry crews of the harbour".to_owned()), "{found:?}");
}

#[test]
fn neighbours_are_counted_with_the_measure_named() {
    let desk = dated();
    let ran = desk.run(&["kwic", "harbour", "--collocates"]);
    assert!(ran.out.lines().next().unwrap().contains("log-likelihood"), "{}", ran.out);
    let ran = desk.run(&["kwic", "harbour", "--collocates", "--format", "csv"]);
    let rows = rows(&ran.out);
    assert_eq!(rows[0], ["word", "near", "all", "log_likelihood"]);
    let of = |word: &str| rows.iter().find(|row| row[0] == word).map(|row| &row[1..3]);
    assert_eq!(of("froze"), Some(&["1".to_owned(), "1".to_owned()][..]));
    assert!(of("the").is_none() && of("harbour").is_none(), "{rows:?}");
}

#[test]
fn an_empty_period_is_nought_and_the_undated_stand_apart() {
    let desk = dated();
    let out = desk.run(&["timeline", "harbour", "--format", "csv", "--relative"]).out;
    let found = rows(&out);
    let head = ["period", "from", "to", "articles", "all", "share"];
    assert_eq!(found[0], head);
    let counts: Vec<(&str, &str, &str)> =
        found[1..].iter().map(|row| (&row[0][..], &row[3][..], &row[5][..])).collect();
    assert_eq!(
        counts,
        [
            ("2020", "2", "1.000000"),
            ("2021", "0", "0.000000"),
            ("2022", "0", "0.000000"),
            ("2023", "1", "1.000000"),
            ("undated", "1", "1.000000"),
        ]
    );
    let out = desk.run(&["timeline", "ferry", "--format", "csv", "--relative"]).out;
    assert_eq!(rows(&out)[1][3..], ["2".to_owned(), "2".to_owned(), "1.000000".to_owned()]);
    let out = desk.run(&["timeline", "ferry OR ice", "--by", "month"]).out;
    assert!(out.starts_with("2020-02"), "{out}");
    assert!(out.contains("2020-03            0\n"), "{out}");
    assert!(out.contains("undated            1\n"), "no bar beside it: {out}");
    assert!(out.ends_with("4 articles\n"), "{out}");
}

#[test]
fn a_timeline_is_drawn_as_a_picture() {
    let desk = dated();
    let ran = desk.run(&["timeline", "harbour -\"<zz>\"", "--format", "svg"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    assert!(ran.out.starts_with("<svg ") && ran.out.ends_with("</svg>\n"), "{}", ran.out);
    assert!(ran.out.contains("role=\"img\"") && ran.out.contains("&lt;zz&gt;"), "{}", ran.out);
    for part in ["<title>2020: 2</title>", "<title>2021: 0</title>", "undated: 1"] {
        assert!(ran.out.contains(part), "{part} in {}", ran.out);
    }
    let open = ran.out.matches("<rect").count() + ran.out.matches("<text").count();
    let closed = ran.out.matches("</rect>").count()
        + ran.out.matches("</text>").count()
        + ran.out.matches("\"/>").count()
        - ran.out.matches("<path").count();
    assert_eq!(open, closed, "{}", ran.out);
}

#[test]
fn like_articles_are_those_with_the_same_words() {
    let desk = Desk::with_sample();
    let first = desk.run(&["search", "council tax", "-n", "1", "--format", "jsonl"]).out;
    let first: serde_json::Value = serde_json::from_str(first.trim()).unwrap();
    let key = first["key"].as_str().unwrap();
    let ran = desk.run(&["similar", key, "--format", "jsonl", "-n", "5"]);
    assert_eq!(ran.code, Some(0), "{ran:?}");
    let found: Vec<serde_json::Value> =
        ran.out.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    assert_eq!(found.len(), 5);
    assert!(found.iter().all(|hit| hit["key"] != first["key"]), "not itself: {}", ran.out);
    assert!(ran.out.to_lowercase().contains("tax"), "{}", ran.out);
    assert_eq!(desk.run(&["similar", "ffffffff"]).code, Some(1));
}

#[test]
fn a_score_is_the_sum_of_its_reasons() {
    let desk = Desk::with_sample();
    for query in ["council tax", "headline:council OR \"council tax\"", "negotiat* tax~1"] {
        let args = ["search", query, "--explain", "--format", "jsonl", "--fields", "score"];
        let ran = desk.run(&args);
        assert!(ran.err.starts_with("read as: "), "{}", ran.err);
        for line in ran.out.lines() {
            let hit: serde_json::Value = serde_json::from_str(line).unwrap();
            let reasons = hit["explain"].as_array().unwrap();
            let sum: f64 = reasons
                .iter()
                .map(|reason| reason.as_str().unwrap().split(' ').next().unwrap())
                .map(|number| number.parse::<f64>().unwrap())
                .sum();
            assert!((sum - hit["score"].as_f64().unwrap()).abs() < 2e-3, "{line}");
        }
    }
    let ran = desk.run(&["search", "tax", "--explain", "-n", "1"]);
    assert!(ran.err.contains("tax stands for tax, taxes"), "{}", ran.err);
    assert!(ran.out.contains("tax: idf "), "{}", ran.out);
}

#[test]
fn where_nothing_matches_all_the_best_partial_matches_are_shown() {
    let desk = dated();
    for query in [&["ice", "ferry"][..], &["ice", "ferry", "--until", "2024"]] {
        let ran = desk.run(&[&["search"][..], query].concat());
        assert_eq!(ran.code, Some(1), "{ran:?}");
        assert!(ran.out.starts_with("No articles match.\n"), "{}", ran.out);
        assert!(ran.err.contains("ice alone: 1 article"), "{}", ran.err);
        assert!(ran.err.contains("The best of those that have some"), "{}", ran.err);
        assert!(ran.out.contains("News c.md") && ran.out.contains("News b.md"), "{}", ran.out);
    }
}

#[test]
fn a_search_without_hits_teaches() {
    let desk = Desk::with_sample();
    for (query, told) in [
        ("counsil", "Close to it: council ("),
        ("section:Politcs tax", "Close to it: Politics ("),
        ("zzyx or levy", "\"or\" was read as a word; the operator is written OR"),
        ("recycl!", "for any ending write recycl*"),
    ] {
        let ran = desk.run(&["search", query]);
        assert_eq!(ran.code, Some(1), "{query}: {ran:?}");
        assert!(ran.err.contains(told), "{told} in {}", ran.err);
    }
}

#[test]
fn of_random_queries_all_ways_of_counting_agree() {
    let desk = Desk::with_sample();
    let words = [
        "council",
        "tax",
        "ferry",
        "school",
        "harbour",
        "strike",
        "vote",
        "the",
        "flood",
        "mayor",
        "bridge",
        "fish*",
        "\"council tax\"",
        "(tax NEAR/5 vote)",
        "headline:ferry",
        "no:date",
        "section:politics",
        "since:2022",
        "date:2023",
        "has:author",
        "len:>100",
        "lead:council",
    ];
    // A row of numbers that is the same in each run (Lehmer 1949).
    let mut seed = 20_261_125_u64;
    let mut next = |below: usize| {
        seed = seed * 48_271 % 2_147_483_647;
        seed as usize % below
    };
    let mut found = 0;
    for number in 0..200 {
        let mut query = words[next(words.len())].to_owned();
        for _ in 0..next(3) {
            let joint = [" ", " OR ", " -"][next(3)];
            query = format!("{query}{joint}{}", words[next(words.len())]);
        }
        let by = ["year", "month", "week", "day"][number % 4];
        if by == "day" {
            // The sample reaches from 1643 to 2300.
            query = format!("({query}) since:1900 until:2100");
        }
        let ran = desk.run(&["timeline", &query, "--by", by, "--format", "csv"]);
        assert_ne!(ran.code, Some(2), "{query}: {ran:?}");
        let timeline = ran.out;
        let sum: usize =
            rows(&timeline)[1..].iter().map(|row| row[3].parse::<usize>().unwrap()).sum();
        let total = desk.run(&["facets", &query, "--by", "year"]).out;
        let total = total.lines().last().unwrap().split(' ').next().unwrap().to_owned();
        let csv = desk.run(&["export", &query, "--format", "csv", "--fields", "key"]).out;
        let jsonl = desk.run(&["export", &query, "--format", "jsonl", "--fields", "key"]).out;
        let counts = (csv.lines().count() - 1, jsonl.lines().count());
        assert_eq!((sum, sum), counts, "{query} by {by}: {timeline}");
        assert_eq!(sum.to_string(), total, "{query}");
        found += usize::from(sum > 0);
    }
    assert!(found > 100, "only {found} of 200 find anything");
}
