//! What holds of every snippet, whatever is asked of whatever text: tried on random queries.
#![allow(clippy::unwrap_used, missing_docs, reason = "tests")]

use std::collections::BTreeSet;
use std::ops::Range;

use fiche::article::Article;
use fiche::passage::{Sought, show};
use fiche::query::{self, Form, Pattern, Settings};
use fiche::schema::Schema;
use fiche::words::Words;
use proptest::prelude::*;

/// One part of a query: what it says, and the words of it with the distance they may have.
#[derive(Debug, Clone)]
enum Part {
    Word(&'static str),
    Phrase(Vec<&'static str>),
    Near(&'static str, &'static str, usize, bool),
}

const WORDS: [&str; 8] = ["tax", "council", "vote", "harbour", "the", "ice", "été", "東"];

fn word() -> impl Strategy<Value = &'static str> {
    prop::sample::select(&WORDS[..])
}

fn part() -> impl Strategy<Value = Part> {
    prop_oneof![
        word().prop_map(Part::Word),
        prop::collection::vec(word(), 2..4).prop_map(Part::Phrase),
        (word(), word(), 1..6_usize, any::<bool>())
            .prop_map(|(a, b, within, ordered)| Part::Near(a, b, within, ordered)),
    ]
}

/// A text of the words asked for, others, and signs of every kind between them.
fn text() -> impl Strategy<Value = String> {
    let others =
        ["said", "Mr", "X", "antidisestablishmentarianism", "no-one", "3.5", "taxing", "Été"];
    let one = prop_oneof![3 => word(), 3 => prop::sample::select(others.to_vec())];
    let signs = [
        " ", " ", " ", " ", ", ", ". ", "! ", ".\n\n", "\n", "… ", " (", ") ", "? \"", "\" ", "。",
    ];
    let piece = (one, prop::sample::select(signs.to_vec()));
    prop::collection::vec(piece, 0..120)
        .prop_map(|pieces| pieces.into_iter().map(|(word, sign)| format!("{word}{sign}")).collect())
}

fn written(part: &Part) -> String {
    match part {
        Part::Word(word) => format!("={word}"),
        Part::Phrase(words) => format!("\"{}\"", words.join(" ")),
        Part::Near(a, b, within, true) => format!("={a} PRE/{within} ={b}"),
        Part::Near(a, b, within, false) => format!("={a} NEAR/{within} ={b}"),
    }
}

/// What an engine would look for, where every word stands for itself.
fn sought(parts: &[Part]) -> Vec<Sought> {
    let text: Vec<String> = parts.iter().map(|part| format!("({})", written(part))).collect();
    let settings = Settings { today: "2026-11-25".parse().unwrap(), any: false };
    let parsed = query::parse(&text.join(" OR "), &Schema::bundled(), settings).unwrap();
    let slots = |pattern: &Pattern| {
        let words = pattern.words().into_iter().map(|word| match &word.form {
            Form::Plain(text) => vec![text.clone()],
            other => panic!("{other} is no plain word"),
        });
        words.collect()
    };
    parsed
        .query
        .patterns()
        .into_iter()
        .map(|(scope, pattern)| Sought {
            scope,
            pattern: pattern.clone(),
            slots: slots(pattern),
            rarity: 0.5,
            marked: true,
        })
        .collect()
}

fn row(text: &str) -> Vec<(Range<usize>, String)> {
    let mut words = Words::new(text);
    let mut found = Vec::new();
    while let Some(place) = words.advance() {
        found.push((place, words.folded().to_owned()));
    }
    found
}

/// Every match of a part in a row of words, as the numbers of its words.
fn matches(part: &Part, row: &[(Range<usize>, String)]) -> Vec<BTreeSet<usize>> {
    let is = |at: usize, word: &str| row.get(at).is_some_and(|(_, found)| *found == fold(word));
    let mut found = Vec::new();
    for at in 0..row.len() {
        match part {
            Part::Word(word) if is(at, word) => found.push(BTreeSet::from([at])),
            Part::Word(_) => {}
            Part::Phrase(words) => {
                if words.iter().enumerate().all(|(ahead, word)| is(at + ahead, word)) {
                    found.push((at..at + words.len()).collect());
                }
            }
            Part::Near(a, b, within, ordered) => {
                let first = if *ordered { at + 1 } else { at.saturating_sub(*within) };
                let others = (first..=at + within).filter(|other| *other != at);
                found.extend(
                    others
                        .filter(|other| is(at, a) && is(*other, b))
                        .map(|other| BTreeSet::from([at, other])),
                );
            }
        }
    }
    found
}

fn fold(word: &str) -> String {
    fiche::words::fold_words(word).concat()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 1500, ..ProptestConfig::default() })]

    #[test]
    fn a_snippet_is_whole_words_of_the_body_and_marks_what_matches_and_no_more(
        body in text(),
        parts in prop::collection::vec(part(), 1..5),
        most in 1..4_usize,
        width in prop::sample::select(vec![1_usize, 15, 40, 90, 240]),
    ) {
        let article = Article { body: body.clone(), ..Article::default() };
        let (snippets, _) = show(&article, &sought(&parts), most, width, &|| false);
        let row = row(&body);
        let all: Vec<BTreeSet<usize>> = parts.iter().flat_map(|part| matches(part, &row)).collect();
        let true_words: BTreeSet<usize> = all.iter().flatten().copied().collect();
        prop_assert!(snippets.len() <= most);
        prop_assert_eq!(snippets.is_empty(), body.trim().is_empty());
        let of = |set: &BTreeSet<usize>| {
            row[*set.first().unwrap()].0.start..row[*set.last().unwrap()].0.end
        };
        let chars = |place: &Range<usize>| body[place.clone()].chars().count();
        let longest_match = all.iter().map(|set| chars(&of(set))).max().unwrap_or(0);
        let longest_word = row.iter().map(|(place, _)| chars(place)).max().unwrap_or(0);
        let mut last = 0;
        let mut shown_any = false;
        for snippet in &snippets {
            let place = snippet.place.clone().unwrap();
            prop_assert_eq!(&body[place.clone()], &snippet.text);
            prop_assert!(place.start >= last, "snippets overlap or stand out of order");
            last = place.end;
            for (word, _) in &row {
                let cut = |at: usize| word.start < at && at < word.end;
                prop_assert!(!cut(place.start) && !cut(place.end), "cut inside a word");
            }
            // Signs that close a sentence stand after its last word.
            let longest = width.max(width / 3 + longest_match).max(longest_word) + 16;
            prop_assert!(chars(&place) <= longest, "{} of {width}", chars(&place));
            let mut at = 0;
            let mut marked = BTreeSet::new();
            for mark in &snippet.marks {
                prop_assert!(at <= mark.start && mark.start < mark.end);
                prop_assert!(mark.end <= snippet.text.len());
                at = mark.end;
                let mark = place.start + mark.start..place.start + mark.end;
                for (number, (word, _)) in row.iter().enumerate() {
                    if word.start < mark.end && mark.start < word.end {
                        prop_assert!(mark.start <= word.start && word.end <= mark.end);
                        marked.insert(number);
                    }
                }
            }
            prop_assert!(marked.is_subset(&true_words), "marked what does not match");
            for set in &all {
                let found = of(set);
                if place.start <= found.start && found.end <= place.end {
                    shown_any = true;
                    prop_assert!(set.is_subset(&marked), "a match is not marked");
                }
            }
        }
        prop_assert!(all.is_empty() || shown_any, "no snippet shows a match");
    }

    /// `"council tax" tax` marked `tax` of a headline twice, and no output could show it.
    #[test]
    fn marks_of_a_headline_are_apart_and_are_the_words_that_match(
        headline in text(),
        parts in prop::collection::vec(part(), 1..5),
    ) {
        let article = Article { headline: headline.clone(), ..Article::default() };
        let (_, marks) = show(&article, &sought(&parts), 1, 240, &|| false);
        let row = row(&headline);
        let all = parts.iter().flat_map(|part| matches(part, &row)).flatten();
        let true_words: BTreeSet<usize> = all.collect();
        let mut at = 0;
        let mut marked = BTreeSet::new();
        for mark in &marks {
            prop_assert!(at <= mark.start && mark.start < mark.end);
            at = mark.end;
            let within = |word: &Range<usize>| mark.start <= word.start && word.end <= mark.end;
            let words = row.iter().enumerate().filter(|(_, (word, _))| within(word));
            marked.extend(words.map(|(number, _)| number));
        }
        prop_assert_eq!(marked, true_words);
    }
}
