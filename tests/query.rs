//! What people type who know other search programs: each is read as they mean it, or refused with
//! the place of the fault.
#![allow(clippy::unwrap_used, reason = "tests")]

use fiche::query::{self, Parsed, QueryError, Settings};
use fiche::schema::Schema;

fn read(text: &str) -> Result<Parsed, QueryError> {
    let settings = Settings { today: "2024-03-01".parse().unwrap(), any: false };
    query::parse(text, &Schema::bundled(), settings)
}

#[test]
fn what_other_programs_take_is_read_as_it_is_meant() {
    for (text, meant) in [
        ("diplo*", "diplo*"),
        ("d*macy", "d*macy"),
        ("wom?n", "wom?n"),
        ("tal~1", "tal~1"),
        ("tall~", "tall~1"),
        ("tax NEAR/5 vote", "(=tax NEAR/5 =vote)"),
        ("tax near5 vote", "(=tax NEAR/5 =vote)"),
        ("tax W/5 vote", "(=tax NEAR/5 =vote)"),
        ("tax AROUND(5) vote", "(=tax NEAR/5 =vote)"),
        ("tax PRE/3 vote", "(=tax PRE/3 =vote)"),
        ("tax ADJ/3 vote", "(=tax PRE/3 =vote)"),
        ("tax ONEAR/3 vote", "(=tax PRE/3 =vote)"),
        ("joh* NEAR/2 doe", "(joh* NEAR/2 =doe)"),
        ("\"tax vote\"~5", "(=tax NEAR/6 =vote)"),
        ("\"city coun*\"", "\"city coun*\""),
        ("tax or levy", "(tax AND or AND levy)"),
        ("!tax", "NOT tax"),
        ("-tax", "NOT tax"),
        ("NOT tax", "NOT tax"),
        ("tax –council", "(tax AND NOT council)"),
        ("tax || levy", "(tax OR levy)"),
        ("tax | levy", "(tax OR levy)"),
        ("tax && levy", "(tax AND levy)"),
        ("+council +tax", "(council AND tax)"),
        ("council tax OR levy", "(council AND (tax OR levy))"),
        ("(tax OR levy) budget", "((tax OR levy) AND budget)"),
        ("section:politics", "section:\"politics\""),
        ("Section:Politics", "section:\"politics\""),
        ("section:World News", "(section:\"world\" AND news)"),
        ("section:\"World News\"", "section:\"world news\""),
        ("section:World,Sport", "(section:\"world\" OR section:\"sport\")"),
        ("section:(World OR Sport)", "(section:\"world\" OR section:\"sport\")"),
        ("café", "cafe"),
        ("date:2023-03-14", "date:2023-03-14..2023-03-14"),
        ("date:2023-01..2023-06", "date:2023-01-01..2023-06-30"),
        ("date:2023-01/2023-06", "date:2023-01-01..2023-06-30"),
        ("date:>2023", "date:2024-01-01.."),
        ("date:[2023-01-01 TO 2023-06-30]", "date:2023-01-01..2023-06-30"),
        ("since:30d", "date:2024-01-31.."),
        ("before:2023", "date:..2022-12-31"),
        ("date:last-month", "date:2024-02-01..2024-02-29"),
        ("O'Brien", "\"o brien\""),
        ("http://example.com", "\"http example com\""),
        ("10:30", "\"10 30\""),
        ("AT&T", "\"at t\""),
        ("C++", "c"),
        ("state-of-the-art", "\"state of the art\""),
        ("“council tax”", "\"council tax\""),
        ("„council tax”", "\"council tax\""),
        ("\"council vote\"~1", "(=council NEAR/2 =vote)"),
        ("\"the big bad wo\"*", "\"the big bad wo*\""),
        ("body:/dipl.*/", "body:/dipl.*/"),
        ("/dipl.*/", "/dipl.*/"),
        ("/slip flow/", "(slip AND flow)"),
        ("/boat-tail/", "\"boat tail\""),
        ("headline:/^ma.or$/", "headline:/ma.or/"),
        ("title:(a OR b)", "(headline:a OR headline:b)"),
        ("intitle:mayor", "headline:mayor"),
        ("hlead:mayor", "lead:mayor"),
        ("by:\"ana ruiz\"", "author:\"ana ruiz\""),
        ("headline:*", "has:headline"),
        ("author:*", "has:author"),
        ("no:date", "NOT has:date"),
        ("atleast3 inflation", "atleast3 inflation"),
        ("atleast3(inflation)", "atleast3 inflation"),
        ("=word", "=word"),
        ("len:>800", "len:801.."),
        ("*", "*"),
    ] {
        match read(text) {
            Ok(parsed) => assert_eq!(parsed.query.to_string(), meant, "{text}"),
            Err(error) => panic!("{text}: {error}"),
        }
    }
}

#[test]
fn signs_of_a_pasted_text_are_no_operators_where_any_word_may_match() {
    let settings = Settings { today: "2024-03-01".parse().unwrap(), any: true };
    for (text, meant, left_out) in [
        ("on flows (the ?slip? effect)", "(flows OR slip OR effect)", &["the", "on"][..]),
        ("internal /slip flow/ studies .", "(internal OR slip OR flow OR studies)", &[]),
        ("wom?n of the council", "(wom?n OR council)", &["of", "the"]),
        ("to be or not to be", "(to OR be OR or OR not OR to OR be)", &[]),
    ] {
        let parsed = query::parse(text, &Schema::bundled(), settings).unwrap();
        assert_eq!(parsed.query.to_string(), meant);
        assert_eq!(parsed.left_out, left_out, "{text}");
    }
}

#[test]
fn a_language_that_is_asked_for_gives_the_forms_of_words() {
    for (text, languages) in [
        ("tax lang:es", &["es"][..]),
        ("tax (lang:es OR lang:en)", &["es", "en"]),
        ("tax OR lang:es", &[]),
        ("tax -lang:es", &[]),
    ] {
        assert_eq!(read(text).unwrap().query.languages(), languages, "{text}");
    }
}

#[test]
fn a_fault_is_pointed_at() {
    for (text, code, under) in [
        ("auhtor:ruiz tax", "unknown_field", "auhtor"),
        ("(tax OR levy budget", "open_bracket", "("),
        ("(tax", "open_bracket", "("),
        ("tax)", "stray_close", ")"),
        ("tax AND", "lone_operator", "AND"),
        ("tax OR", "lone_operator", "OR"),
        ("tax NEAR/5", "lone_operator", "NEAR/5"),
        ("tax NOT", "lone_operator", "NOT"),
        ("\"council tax", "open_quote", "\""),
        ("date:03/04/2023 tax", "which_date", "03/04/2023"),
        ("date:14.3.2023", "date_form", "14.3.2023"),
        ("date:2023-03-14T00:00:00Z", "no_date", "2023-03-14T00:00:00Z"),
        ("date:2023..2021", "backward_range", "2023..2021"),
        ("tax^2", "boost", "^2"),
        ("[a TO c}", "lone_range", "[a TO c}"),
        ("section: politics", "no_value", "section:"),
        ("a*", "wild_short", "a*"),
        ("/.*x/", "regex_open", "/.*x/"),
        ("/ab(/", "regex", "/ab(/"),
        ("to~1", "fuzzy_short", "to~1"),
        ("word~3", "fuzzy_distance", "3"),
        ("tax NEAR/500 vote", "too_wide", "NEAR/500"),
        ("len:many", "no_number", "many"),
    ] {
        match read(text) {
            Ok(parsed) => panic!("{text} was read as {}", parsed.query),
            Err(error) => {
                assert_eq!((error.code, &text[error.span.clone()]), (code, under), "{text}");
            }
        }
    }
    assert_eq!(read("auhtor:ruiz").unwrap_err().suggestions, ["author", "authors"]);
    let both = read("date:03/04/2023").unwrap_err().suggestions;
    assert_eq!(both, ["2023-04-03", "2023-03-04"]);
    assert_eq!(read("(tax OR levy budget").unwrap_err().help, ["(tax OR levy) budget"]);
}

#[test]
fn a_trap_is_told_where_nothing_was_found() {
    for text in ["tax or levy", "recycl!"] {
        let notes = read(text).unwrap().notes;
        assert!(notes.iter().any(|note| note.only_if_nothing), "{text}: {notes:?}");
    }
    let notes = read("a AND b OR c").unwrap().notes;
    assert!(notes[0].message.contains("((a AND b) OR c)"), "{notes:?}");
}

#[test]
fn what_is_too_much_is_refused_before_any_engine_sees_it() {
    for (text, code) in [
        ("(".repeat(100) + "tax", "too_deep"),
        ("-(".repeat(100) + "tax", "too_deep"),
        ("tax ".repeat(1100), "too_long"),
        ("a ".repeat(1100), "too_many_clauses"),
    ] {
        assert_eq!(read(&text).unwrap_err().code, code);
    }
}
