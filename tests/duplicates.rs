//! Groups of like articles through the engine: the same in whatever order and in however many runs
//! the articles came.

#![allow(clippy::unwrap_used, reason = "tests")]

use std::path::Path;

use fiche::article::{Article, Origin};
use fiche::engine::local::{Local, WriterOptions};
use fiche::engine::{Duplicates, Engine, Request, Sort};
use fiche::query::Query;

/// Words of no meaning, the same for the same seed.
fn prose(seed: u64, words: usize) -> String {
    let mut state = seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1;
    let mut text = String::new();
    for _ in 0..words {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        text.push_str(&format!("w{} ", state % 5000));
    }
    text
}

fn article(id: usize, body: String) -> Article {
    let path = format!("{id:03}.txt");
    let origin = Origin { root: "r".into(), path: path.clone(), part: None };
    Article { id: path, origin, body, ..Article::default() }
}

/// Fifteen stories: each alone, with an edited version, or with an exact copy too.
fn stories() -> Vec<Article> {
    let mut articles = Vec::new();
    for seed in 0..15 {
        let body = prose(seed + 1, 300);
        let versions = [body.clone(), format!("{body} {}", prose(seed + 100, 60)), body];
        for version in versions.into_iter().take(1 + seed as usize % 3) {
            articles.push(article(articles.len(), version));
        }
    }
    articles
}

/// Puts articles of these numbers into an index, each a file, in one run a slice.
fn put(place: &Path, articles: &[Article], runs: &[Vec<usize>]) {
    for run in runs {
        let local = Local::open_or_create(place).unwrap();
        let mut writer = local.writer(WriterOptions { threads: 1, memory: 16 << 20 }).unwrap();
        for &at in run {
            writer.put(Box::new(articles[at].clone()), at as u64 + 1).unwrap();
        }
        let ledger = writer.ledger().clone();
        writer.commit(&ledger).unwrap();
        writer.finish().unwrap();
    }
}

fn groups(place: &Path) -> Vec<Vec<String>> {
    let local = Local::open(place).unwrap();
    let groups = local.duplicates().unwrap();
    groups.map(|group| group.unwrap().into_iter().map(|hit| hit.article.id).collect()).collect()
}

fn everything(duplicates: Duplicates, limit: Option<usize>) -> Request {
    Request { sort: Sort::Oldest, limit, duplicates, ..Request::of(Query::All) }
}

#[test]
fn groups_do_not_depend_on_the_order_or_on_the_runs() {
    let articles = stories();
    let folder = tempfile::tempdir().unwrap();
    let mut order: Vec<usize> = (0..articles.len()).collect();
    put(&folder.path().join("0"), &articles, std::slice::from_ref(&order));
    let expected = groups(&folder.path().join("0"));
    assert_eq!(expected.len(), 10);
    assert_eq!(expected.iter().map(Vec::len).sum::<usize>(), 25);
    for round in 1..4usize {
        order.sort_by_key(|at| (at * 7919 + round * 104_729) % 1009);
        let runs: Vec<Vec<usize>> = order.chunks(9 - 2 * round).map(<[usize]>::to_vec).collect();
        let place = folder.path().join(round.to_string());
        put(&place, &articles, &runs);
        assert_eq!(groups(&place), expected, "round {round}");
    }
}

/// Forgets files and puts others, in one run.
fn change(place: &Path, gone: &[u64], articles: &[(u64, Article)]) {
    let local = Local::open(place).unwrap();
    let mut writer = local.writer(WriterOptions { threads: 1, memory: 16 << 20 }).unwrap();
    gone.iter().for_each(|file| writer.forget(*file).unwrap());
    for (file, article) in articles {
        writer.put(Box::new(article.clone()), *file).unwrap();
    }
    let ledger = writer.ledger().clone();
    writer.commit(&ledger).unwrap();
    writer.finish().unwrap();
}

#[test]
fn small_changes_of_many_articles_give_what_one_run_gives() {
    // Of each story there are three versions among six hundred others.
    let version = |story: usize, version: usize| {
        let body = format!("{} {}", prose(story as u64, 150), prose(9000 + version as u64, 40));
        article(story * 10 + version, body)
    };
    let mut articles: Vec<Article> =
        (100..160).flat_map(|story| (0..2).map(move |at| version(story, at))).collect();
    articles.extend((200..700).map(|story| version(story, 0)));
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().join("changed");
    put(&place, &articles, &[(0..articles.len()).collect()]);
    let file = |at: usize| at as u64 + 1;
    // One that leaves a pair, a pair that leaves, one that joins a pair, a copy of one of a pair, two
    // that make a pair, one that comes again as it was, and one that comes again as another story.
    let copy = Article { body: articles[8].body.clone(), ..article(1, String::new()) };
    let steps = [
        (vec![file(0)], vec![]),
        (vec![file(2), file(3)], vec![]),
        (vec![], vec![(1001, version(102, 7))]),
        (vec![], vec![(1002, copy)]),
        (vec![], vec![(1003, version(800, 0)), (1004, version(800, 1))]),
        (vec![file(11)], vec![(1005, articles[11].clone())]),
        (vec![file(13)], vec![(1006, Article { body: prose(7, 190), ..articles[13].clone() })]),
        (vec![1004, 1001], vec![(1007, version(300, 1)), (1008, version(301, 1))]),
    ];
    let mut held: Vec<(u64, Article)> = (1..).zip(articles.iter().cloned()).collect();
    for (number, (gone, new)) in steps.into_iter().enumerate() {
        change(&place, &gone, &new);
        held.retain(|(file, _)| !gone.contains(file));
        held.extend(new);
        let whole = folder.path().join(number.to_string());
        let articles: Vec<Article> = held.iter().map(|(_, article)| article.clone()).collect();
        put(&whole, &articles, &[(0..articles.len()).rev().collect()]);
        assert_eq!(groups(&place), groups(&whole), "step {number}");
        // The ledger of these tests knows no files; all else fits together.
        let damage = Local::check(&place).unwrap().damage;
        assert!(damage.iter().all(|damage| damage.file.starts_with("ledger")), "{damage:?}");
    }
    // What is left is one file, or few.
    let parts = std::fs::read_dir(&place).unwrap().filter(|entry| {
        entry.as_ref().unwrap().file_name().to_str().unwrap().starts_with("sketches-")
    });
    assert!(parts.count() <= 4);
}

#[test]
fn large_changes_with_little_memory_give_what_one_run_gives() {
    // More sketches than are held, and more changes than are looked at one by one; each story of a
    // thousand has a second version among those that come later.
    let version = |story: usize, version: usize| {
        let body = format!("{} {}", prose(story as u64, 100), prose(9000 + version as u64, 20));
        article(story * 10 + version, body)
    };
    let mut articles: Vec<Article> = (1000..7000).map(|story| version(story, 0)).collect();
    articles.extend((1000..2000).map(|story| version(story, 1)));
    articles.extend((8000..8010).flat_map(|story| (0..2).map(move |at| version(story, at))));
    let folder = tempfile::tempdir().unwrap();
    let runs = |place: &Path, runs: &[std::ops::Range<usize>]| {
        for run in runs {
            let local = Local::open_or_create(place).unwrap();
            let mut writer = local.writer(WriterOptions { threads: 1, memory: 0 }).unwrap();
            for at in run.clone() {
                writer.put(Box::new(articles[at].clone()), at as u64 + 1).unwrap();
            }
            let ledger = writer.ledger().clone();
            writer.commit(&ledger).unwrap();
            writer.finish().unwrap();
        }
        groups(place)
    };
    let expected = runs(&folder.path().join("one"), &[0..articles.len()]);
    assert_eq!(expected.len(), 1010);
    let halves = [0..6000, 6000..articles.len()];
    assert_eq!(runs(&folder.path().join("two"), &halves), expected);
}

#[test]
fn what_is_forgotten_leaves_its_group() {
    let articles = vec![article(0, prose(1, 300)), article(1, prose(1, 320))];
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), &articles, &[vec![0, 1]]);
    assert_eq!(groups(folder.path()), [["000.txt", "001.txt"]]);
    let local = Local::open(folder.path()).unwrap();
    let mut writer = local.writer(WriterOptions { threads: 1, memory: 16 << 20 }).unwrap();
    writer.forget(2).unwrap();
    let ledger = writer.ledger().clone();
    writer.commit(&ledger).unwrap();
    writer.finish().unwrap();
    assert!(groups(folder.path()).is_empty());
    assert_eq!(local.search(&everything(Duplicates::Group, None)).unwrap().hits.count(), 1);
}

#[test]
fn a_search_gives_the_first_of_a_group_and_counts_both() {
    let articles = stories();
    let folder = tempfile::tempdir().unwrap();
    // Many runs make many segments, over which groups must be joined.
    let runs: Vec<Vec<usize>> = (0..articles.len()).rev().map(|at| vec![at]).collect();
    put(folder.path(), &articles, &runs);
    let local = Local::open(folder.path()).unwrap();
    let shown = |duplicates, limit| {
        let answer = local.search(&everything(duplicates, limit)).unwrap();
        let totals = (answer.total, answer.groups);
        let hits: Vec<_> = answer.hits.map(Result::unwrap).collect();
        (totals, hits)
    };
    let (totals, hits) = shown(Duplicates::Group, None);
    assert_eq!((totals, hits.len()), ((25, 15), 15));
    let ids: Vec<&str> = hits.iter().map(|hit| hit.article.id.as_str()).collect();
    assert_eq!(ids[..4], ["000.txt", "001.txt", "003.txt", "006.txt"]);
    let others: Vec<(u32, u32)> = hits.iter().map(|hit| (hit.near, hit.copies)).collect();
    assert_eq!(others[..3], [(0, 0), (1, 0), (1, 1)]);
    // A page of the answer is the beginning of the whole.
    let (totals, page) = shown(Duplicates::Group, Some(4));
    assert_eq!((totals, page.len()), ((25, 15), 4));
    assert!(page.iter().zip(&hits).all(|(a, b)| a.article.id == b.article.id));
    // Exact copies count once, and show where else they stand.
    let (totals, hits) = shown(Duplicates::Show, None);
    assert_eq!((totals, hits.len()), ((25, 15), 25));
    let also = hits.iter().find(|hit| hit.article.id == "003.txt").map(|hit| &hit.also[..]);
    assert_eq!(also.map(|also| also[0].origin.path.as_str()), Some("005.txt"));
    let (totals, hits) = shown(Duplicates::Only, None);
    assert_eq!((totals, hits.len()), ((20, 10), 20));
    let (totals, hits) = shown(Duplicates::Each, None);
    assert_eq!((totals, hits.len()), ((30, 15), 30));
}
