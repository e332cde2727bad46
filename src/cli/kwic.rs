//! `fiche kwic`

use std::collections::HashMap;
use std::io::{BufWriter, Write, stdout};
use std::ops::Range;
use std::time::{Duration, Instant};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::Failure;
use super::search::{FilterArgs, Matching};
use super::settings::{Global, Screen, counted, grouped};
use super::{FOUND, NOTHING};
use crate::engine::{Engine, EngineError, Request};
use crate::output::cell;
use crate::output::visible::{columns, line};
use crate::passage::{self, Sought};
use crate::schema::Schema;
use crate::spans::Late;
use crate::words::{Region, Texts, Words, fold_words};

/// How many words to each side are neighbours.
const NEIGHBOURS: usize = 5;

/// Show every match on a line of its own, with the words around it (a concordance).
///
/// Matches stand one under the other, in the headline and in the text. --collocates counts the
/// words within five of a match instead, and sorts them by log-likelihood (Dunning 1993): how much
/// oftener they stand there than in the rest of the articles found.
///
/// Exit status: 0 something was found, 1 nothing was found, 2 failed.
#[derive(Debug, Args)]
pub(super) struct KwicArgs {
    /// What to look for.
    #[arg(required = true, value_name = "QUERY")]
    query: Vec<String>,

    #[command(flatten)]
    filters: FilterArgs,

    /// Whether all words must match or any.
    #[arg(long = "match", value_name = "WHICH", default_value = "all")]
    matching: Matching,

    /// Show so many characters to each side [default: what fits the screen, else 40].
    #[arg(long, value_name = "NUM")]
    width: Option<usize>,

    /// The order of the lines: by the words left or right of the match, by date, or as the articles
    /// come.
    #[arg(long, value_name = "ORDER", default_value = "article")]
    sort: Order,

    /// Show so many lines; 0 for all.
    #[arg(short = 'n', long = "limit", value_name = "NUM", default_value_t = 100)]
    limit: usize,

    /// Count the words near the matches instead.
    #[arg(long)]
    collocates: bool,

    /// text, csv or jsonl.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Order {
    /// By the words before the match, the nearest first.
    Left1,
    /// By the words after the match.
    Right1,
    /// By the date of the article.
    Date,
    /// As the articles come.
    Article,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading.
    Text,
    /// A table.
    Csv,
    /// One JSON object a line.
    Jsonl,
}

/// One match with what stands around it.
struct Line {
    key: String,
    date: String,
    headline: String,
    region: &'static str,
    left: String,
    found: String,
    right: String,
}

pub(super) fn run(args: &KwicArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let asked = args.filters.read(&args.query, args.matching == Matching::Any)?;
    let local = global.open()?;
    let sought = local.sought(&asked.query)?;
    if sought.is_empty() {
        return Err(Failure::new("there is no word in this query to line up")
            .hint("fiche search shows the articles that it finds"));
    }
    let request = Request { sort: asked.sort, ..Request::of(asked.query.clone()) };
    let answer = local.search(&request)?;
    for note in &answer.notes {
        screen.say(&format!("note: {}", line(note)));
    }
    if args.collocates {
        let mut near = Near::default();
        let mut cut = 0;
        for hit in answer.hits {
            let late = late_after(global.time_limit.0);
            cut += u64::from(near.add(&Texts::of(&hit?.article), &sought, &late));
            in_time(global.time_limit.0, late)?;
        }
        tell_of_cut(cut, screen);
        return near.write(args);
    }
    let width = args
        .width
        .unwrap_or_else(|| screen.width.map_or(40, |wide| wide.saturating_sub(42) / 2))
        .clamp(1, 2_000);
    let mut lines = Vec::new();
    let sorted = args.sort != Order::Article;
    let most = if args.limit == 0 { usize::MAX } else { args.limit };
    let (mut total, mut cut) = (0_u64, 0);
    for hit in answer.hits {
        let hit = hit?;
        let late = late_after(global.time_limit.0);
        let texts = Texts::of(&hit.article);
        for (region, name) in REGIONS {
            let text = texts.region(region);
            let (places, is_cut) = passage::places(text, region, &sought, &late);
            cut += u64::from(is_cut);
            for marks in places {
                total += 1;
                if !sorted && lines.len() >= most {
                    continue;
                }
                let place = whole(&marks);
                lines.push(Line {
                    key: hit.key.clone(),
                    date: hit.article.published.map_or(String::new(), |date| date.to_string()),
                    headline: hit.article.headline.clone(),
                    region: name,
                    left: before(text, place.start, width),
                    found: flat(&text[place.clone()]),
                    right: after(text, place.end, width),
                });
            }
        }
        in_time(global.time_limit.0, late)?;
    }
    tell_of_cut(cut, screen);
    match args.sort {
        Order::Article => {}
        Order::Date => lines.sort_by(|a, b| {
            (a.date.is_empty(), &a.date, &a.key).cmp(&(b.date.is_empty(), &b.date, &b.key))
        }),
        Order::Left1 => lines.sort_by_cached_key(|line| {
            let mut words = fold_words(&line.left);
            words.reverse();
            words
        }),
        Order::Right1 => lines.sort_by_cached_key(|line| fold_words(&line.right)),
    }
    lines.truncate(most);
    write(args, &lines, total, screen, width)?;
    Ok(if total > 0 { FOUND } else { NOTHING })
}

/// Where matches are lined up.
const REGIONS: [(Region, &str); 3] =
    [(Region::Headline, "headline"), (Region::Byline, "byline"), (Region::Body, "body")];

fn whole(marks: &[Range<usize>]) -> Range<usize> {
    marks.first().map_or(0, |mark| mark.start)..marks.last().map_or(0, |mark| mark.end)
}

/// A text on one line with single blanks.
fn flat(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// About `width` characters before a place, from a whole word on.
fn before(text: &str, at: usize, width: usize) -> String {
    let start = text[..at].char_indices().rev().nth(2 * width).map_or(0, |(start, _)| start);
    let joined = flat(&text[start..at]);
    let glued = !text[..at].is_empty() && !text[..at].ends_with(char::is_whitespace);
    let joined = if glued || joined.is_empty() { joined } else { joined + " " };
    match joined.char_indices().rev().nth(width) {
        None => joined,
        Some((cut, _)) => match joined[cut..].find(' ') {
            Some(blank) => joined[cut + blank + 1..].to_owned(),
            None => joined[cut..].chars().skip(1).collect(),
        },
    }
}

/// About `width` characters after a place, to the end of a word.
fn after(text: &str, at: usize, width: usize) -> String {
    let end = text[at..].char_indices().nth(2 * width).map_or(text.len(), |(end, _)| at + end);
    let joined = flat(&text[at..end]);
    let glued = !text[at..].starts_with(char::is_whitespace);
    let joined = if glued || joined.is_empty() { joined } else { format!(" {joined}") };
    match joined.char_indices().nth(width) {
        None => joined,
        Some((cut, _)) => match joined[..cut].rfind(' ') {
            Some(blank) if blank > 0 => joined[..blank].to_owned(),
            _ => joined[..cut].to_owned(),
        },
    }
}

fn write(
    args: &KwicArgs,
    lines: &[Line],
    total: u64,
    screen: &Screen,
    width: usize,
) -> Result<(), Failure> {
    let mut out = BufWriter::new(stdout().lock());
    match args.format {
        Form::Text => {
            for row in lines {
                let left = line(&row.left);
                let blanks = " ".repeat(width.saturating_sub(columns(&left)));
                let found = line(&row.found);
                let found =
                    if screen.colour { format!("\u{1b}[1;33m{found}\u{1b}[0m") } else { found };
                let key = &row.key[..row.key.len().min(8)];
                writeln!(
                    out,
                    "{key:<8}  {:<10}  {blanks}{left}{found}{}",
                    row.date,
                    line(&row.right)
                )?;
            }
            let shown = lines.len() as u64;
            let more =
                if shown < total { format!(" ({} shown)", grouped(shown)) } else { String::new() };
            writeln!(out, "{}{more}", counted(total, "match", "matches"))?;
        }
        Form::Csv => {
            let mut csv = csv::Writer::from_writer(&mut out);
            let head = ["key", "date", "headline", "in", "left", "match", "right"];
            csv.write_record(head).map_err(std::io::Error::from)?;
            for row in lines {
                let cells = [
                    &row.key[..],
                    &row.date,
                    &row.headline,
                    row.region,
                    &row.left,
                    &row.found,
                    &row.right,
                ]
                .map(|text| cell(text.to_owned(), false));
                csv.write_record(cells).map_err(std::io::Error::from)?;
            }
            csv.flush()?;
        }
        Form::Jsonl => {
            for row in lines {
                let object = json!({
                    "key": row.key, "date": row.date, "headline": row.headline, "in": row.region,
                    "left": row.left, "match": row.found, "right": row.right,
                });
                writeln!(out, "{object}")?;
            }
        }
    }
    out.flush()?;
    Ok(())
}

/// Words near matches, and everywhere in the articles found.
#[derive(Default)]
struct Near {
    near: HashMap<String, u64>,
    all: HashMap<String, u64>,
    words_near: u64,
    words: u64,
}

/// Tells whether the work on an article that begins now takes too long.
fn late_after(limit: Option<Duration>) -> impl Fn() -> bool {
    let begun = Instant::now();
    move || limit.is_some_and(|limit| begun.elapsed() >= limit)
}

/// What was found in an article in time is all there is.
fn in_time(limit: Option<Duration>, late: impl Fn() -> bool) -> Result<(), Failure> {
    match limit {
        Some(limit) if late() => Err(EngineError::OutOfTime { limit }.into()),
        _ => Ok(()),
    }
}

/// Says of how many articles not all places were looked at.
fn tell_of_cut(articles: u64, screen: &Screen) {
    if articles > 0 {
        let (articles, most) =
            (counted(articles, "article", "articles"), grouped(passage::MOST_PLACES as u64));
        screen.say(&format!("note: of {articles} only the first {most} places were looked at"));
    }
}

impl Near {
    /// Adds the neighbours of the places of a text; whether not all places were looked at.
    fn add(&mut self, texts: &Texts, sought: &[Sought], late: Late<'_>) -> bool {
        let mut cut = false;
        for (region, _) in REGIONS {
            let text = texts.region(region);
            let mut places = Vec::new();
            let mut row = Vec::new();
            let mut words = Words::new(text);
            while let Some(place) = words.advance() {
                places.push(place);
                row.push(words.folded().to_owned());
            }
            // What stands near two matches is counted once; a match is no neighbour of its own.
            let mut near = vec![false; row.len()];
            let mut own = vec![false; row.len()];
            let (found, is_cut) = passage::places(text, region, sought, late);
            cut |= is_cut;
            for marks in found {
                let whole = whole(&marks);
                let first = places.partition_point(|place| place.end <= whole.start);
                let last = places.partition_point(|place| place.start < whole.end);
                let to = (last + NEIGHBOURS).min(row.len());
                near[first.saturating_sub(NEIGHBOURS)..to].fill(true);
                own[first..last].fill(true);
            }
            for ((word, near), own) in row.into_iter().zip(near).zip(own) {
                if own {
                    continue;
                }
                self.words += 1;
                if near {
                    self.words_near += 1;
                    *self.near.entry(word.clone()).or_default() += 1;
                }
                *self.all.entry(word).or_default() += 1;
            }
        }
        cut
    }

    fn write(&self, args: &KwicArgs) -> Result<u8, Failure> {
        let ranking = Schema::bundled().ranking;
        let mut rows: Vec<(f64, &str, u64, u64)> = self
            .near
            .iter()
            .filter(|(word, _)| !ranking.is_stop_word(word))
            .map(|(word, near)| {
                let all = self.all.get(word).copied().unwrap_or(*near);
                let strength = log_likelihood(*near, all - near, self.words_near, self.words);
                (strength, &word[..], *near, all)
            })
            .collect();
        rows.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(b.1)));
        if args.limit > 0 {
            rows.truncate(args.limit);
        }
        let mut out = BufWriter::new(stdout().lock());
        match args.format {
            Form::Text => {
                let window = format!("within {NEIGHBOURS}");
                writeln!(out, "{:<24} {window:>9} {:>9}  log-likelihood", "word", "in all")?;
                for (strength, word, near, all) in &rows {
                    let word = line(word);
                    let blanks = " ".repeat(24_usize.saturating_sub(columns(&word)));
                    let (near, all) = (grouped(*near), grouped(*all));
                    writeln!(out, "{word}{blanks} {near:>9} {all:>9}  {strength:>14.2}")?;
                }
            }
            Form::Csv => {
                let mut csv = csv::Writer::from_writer(&mut out);
                let head = ["word", "near", "all", "log_likelihood"];
                csv.write_record(head).map_err(std::io::Error::from)?;
                for (strength, word, near, all) in &rows {
                    let cells = [
                        (*word).to_owned(),
                        near.to_string(),
                        all.to_string(),
                        format!("{strength:.4}"),
                    ];
                    csv.write_record(cells).map_err(std::io::Error::from)?;
                }
                csv.flush()?;
            }
            Form::Jsonl => {
                for (strength, word, near, all) in &rows {
                    let row = json!({
                        "word": word, "near": near, "all": all, "log_likelihood": strength,
                    });
                    writeln!(out, "{row}")?;
                }
            }
        }
        out.flush()?;
        Ok(if self.words_near > 0 { FOUND } else { NOTHING })
    }
}

/// Dunning's log-likelihood of a word that stands `near` times among `words_near` words and
/// `far` times among the others; below nought where it is rarer near than far.
fn log_likelihood(near: u64, far: u64, words_near: u64, words: u64) -> f64 {
    let (a, b) = (near as f64, far as f64);
    let (c, d) = (words_near as f64, (words - words_near) as f64);
    let expected = |size: f64| size * (a + b) / (c + d).max(1.0);
    let part = |seen: f64, size: f64| {
        if seen > 0.0 { seen * (seen / expected(size)).ln() } else { 0.0 }
    };
    let size = 2.0 * (part(a, c) + part(b, d));
    if a * d < b * c { -size } else { size }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_around_a_match_is_cut_at_words() {
        let text = "the old harbour froze\nfor a third week";
        assert_eq!(before(text, 8, 5), "old ");
        assert_eq!(before(text, 8, 40), "the old ");
        assert_eq!(after(text, 15, 11), " froze for");
        assert_eq!(after(text, 15, 80), " froze for a third week");
        assert_eq!(before("(tax)", 1, 9), "(");
    }

    #[test]
    fn a_word_that_stands_near_matches_alone_is_strong() {
        assert!(log_likelihood(10, 0, 100, 10_000) > log_likelihood(10, 90, 100, 10_000));
        assert!(log_likelihood(1, 999, 100, 10_000) < 0.0);
        assert_eq!(log_likelihood(1, 99, 100, 10_000), 0.0);
    }
}
