//! `fiche captures` and `fiche changed`: what was altered between two captures of an article.

use std::collections::{HashMap, HashSet};
use std::io::{BufWriter, Write, stdout};

use clap::{Args, ValueEnum};
use serde_json::json;

use super::failure::Failure;
use super::settings::{Global, Screen, counted, today};
use super::show::one_article;
use super::{FOUND, NOTHING};
use crate::article::{Article, Date};
use crate::engine::local::Local;
use crate::engine::{Duplicates, Engine, Request, Sort};
use crate::hit::Hit;
use crate::output::visible::line;
use crate::output::{self, markup::xml};
use crate::query::{self, Query};

mod diff;

use diff::{Piece, Side};

/// Show the captures of one article, and what was altered from one to the next.
///
/// Captures are the articles of one address, or of one group of near-duplicates of one outlet, by
/// the day on which each copy was made; where that is not known, by its own dates.
///
/// Exit status: 0 there are two or more, 1 there is one alone or none, 2 failed.
#[derive(Debug, Args)]
pub(super) struct CapturesArgs {
    /// The id of one of them.
    #[arg(value_name = "ID")]
    id: String,

    /// How to write them.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

/// List the articles whose headline, date or text was altered between two captures.
///
/// Exit status: 0 there are some, 1 there are none, 2 failed.
#[derive(Debug, Args)]
pub(super) struct ChangedArgs {
    /// Only where the later capture is of that day or later, or of no known day.
    #[arg(long, value_name = "DATE")]
    since: Option<String>,

    /// How to write them.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading.
    Text,
    /// As JSON: one object, or one a line for many.
    Json,
    /// As a page of HTML.
    Html,
}

pub(super) fn run(args: &CapturesArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    let Some(hit) = one_article(&local, &args.id, screen)? else { return Ok(NOTHING) };
    let captures = captures_of(&local, hit, screen)?;
    let mut out = BufWriter::new(stdout().lock());
    match args.format {
        Form::Json => writeln!(out, "{}", object(&captures))?,
        Form::Html => {
            output::begin_page(&mut out, "Captures")?;
            html(&captures, &mut out)?;
            output::end_page(&mut out)?;
        }
        Form::Text => {
            for (number, capture) in captures.iter().enumerate() {
                describe(number + 1, capture, &mut out)?;
            }
            if captures.len() == 1 {
                writeln!(out, "There is one capture of it.")?;
            }
            for pair in captures.windows(2) {
                writeln!(out)?;
                tell(&pair[0].article, &pair[1].article, screen, &mut out)?;
            }
        }
    }
    out.flush()?;
    Ok(if captures.len() > 1 { FOUND } else { NOTHING })
}

pub(super) fn run_changed(args: &ChangedArgs, global: &Global) -> Result<u8, Failure> {
    let since = match &args.since {
        None => None,
        Some(text) => {
            let (first, _) = query::period(text, today()).ok_or_else(|| {
                Failure::new(format!("--since: \"{text}\" is no date"))
                    .hint("write 2023-03-14, 2023-03, 2023 or 30d")
            })?;
            Some(first)
        }
    };
    let local = global.open()?;
    let mut out = BufWriter::new(stdout().lock());
    let mut found = 0;
    if args.format == Form::Html {
        output::begin_page(&mut out, "Altered between captures")?;
    }
    for captures in rows(&local)? {
        let captures = captures?;
        let recent = |later: &Hit| match (later.article.captured, since) {
            (Some(day), Some(since)) => day.last_day() >= since,
            _ => true,
        };
        let altered = captures.windows(2).any(|pair| {
            recent(&pair[1]) && Change::between(&pair[0].article, &pair[1].article).any()
        });
        if !altered {
            continue;
        }
        found += 1;
        match args.format {
            Form::Json => writeln!(out, "{}", object(&captures))?,
            Form::Html => html(&captures, &mut out)?,
            Form::Text => {
                for (number, capture) in captures.iter().enumerate() {
                    describe(number + 1, capture, &mut out)?;
                }
                for pair in captures.windows(2) {
                    let change = Change::between(&pair[0].article, &pair[1].article);
                    writeln!(out, "     {}", change.summary())?;
                }
                writeln!(out, "     fiche captures {}\n", &captures[0].key[..8])?;
            }
        }
    }
    match (args.format, found) {
        (Form::Text, 0) => writeln!(out, "No article was altered between two captures.")?,
        (Form::Text, _) => writeln!(out, "{} altered", counted(found, "article", "articles"))?,
        (Form::Html, _) => output::end_page(&mut out)?,
        (Form::Json, _) => {}
    }
    out.flush()?;
    Ok(if found > 0 { FOUND } else { NOTHING })
}

/// The captures of every article that has several, by address and by group, each row in order.
fn rows(local: &Local) -> Result<impl Iterator<Item = Result<Vec<Hit>, Failure>>, Failure> {
    // Versions of one address need not be alike: all of it may have been written anew.
    let mut addresses: HashMap<String, Vec<String>> = HashMap::new();
    for hit in local.search(&everything(Query::All))?.hits {
        let hit = hit?;
        if !hit.article.url.is_empty() {
            addresses.entry(bare(&hit.article.url).to_owned()).or_default().push(hit.key);
        }
    }
    addresses.retain(|_, keys| keys.len() > 1);
    let groups = local.duplicates()?;
    let mut starts: Vec<Vec<String>> = addresses.values().cloned().collect();
    starts.sort();
    let grouped = groups.flat_map(|group| match group {
        Ok(group) => apart(group).into_iter().map(Ok).collect(),
        Err(error) => vec![Err(Failure::from(error))],
    });
    let alone = starts.into_iter().map(|keys| local.read(&keys[0]).map_err(Failure::from));
    let mut given: HashSet<String> = HashSet::new();
    Ok(grouped.chain(alone).filter_map(move |row| {
        let mut row = match row {
            Ok(row) => row,
            Err(failure) => return Some(Err(failure)),
        };
        if row.iter().any(|hit| given.contains(&hit.key)) {
            return None;
        }
        let mut mates = Vec::new();
        for hit in &row {
            mates.extend(addresses.get(bare(&hit.article.url)).into_iter().flatten());
        }
        for key in mates {
            if row.iter().all(|hit| hit.key != *key) {
                match local.read(key) {
                    Ok(found) => row.extend(found.into_iter().filter(|hit| hit.key == *key)),
                    Err(error) => return Some(Err(error.into())),
                }
            }
        }
        given.extend(row.iter().map(|hit| hit.key.clone()));
        row.sort_by(|a, b| order(a).cmp(&order(b)));
        (row.len() > 1).then_some(Ok(row))
    }))
}

/// The captures of the article of a hit, the first first.
fn captures_of(local: &Local, hit: Hit, screen: &Screen) -> Result<Vec<Hit>, Failure> {
    let mut found = Vec::new();
    if !hit.article.url.is_empty() {
        let value = bare(&hit.article.url);
        let settings = super::settings::query_settings(false);
        let schema = crate::schema::Schema::bundled();
        match query::filter("url", &[value.to_owned()], &schema, settings) {
            Ok(query) => {
                let hits = local.search(&everything(query))?.hits;
                found = hits.collect::<Result<_, _>>()?;
                found.retain(|other| bare(&other.article.url) == value);
            }
            // An address may hold what no query can.
            Err(error) => screen.say(&format!(
                "note: its address cannot be searched for ({}); captures are found by likeness alone",
                line(&error.message)
            )),
        }
    }
    let like = local.like(&hit.key)?;
    found.extend(like.into_iter().filter(|other| one_source(&other.article, &hit.article)));
    found.push(hit);
    found.sort_by(|a, b| order(a).cmp(&order(b)));
    found.dedup_by(|a, b| a.key == b.key);
    Ok(found)
}

/// Every place of the articles that match.
fn everything(query: Query) -> Request {
    Request { sort: Sort::Oldest, duplicates: Duplicates::Each, ..Request::of(query) }
}

/// The captures in a group of like articles: each row is of one outlet.
fn apart(group: Vec<Hit>) -> Vec<Vec<Hit>> {
    let mut rows: Vec<Vec<Hit>> = Vec::new();
    for hit in group {
        match rows.iter_mut().find(|row| one_source(&row[0].article, &hit.article)) {
            Some(row) => row.push(hit),
            None => rows.push(vec![hit]),
        }
    }
    for row in &mut rows {
        row.sort_by(|a, b| order(a).cmp(&order(b)));
    }
    rows.retain(|row| row.len() > 1);
    rows
}

/// Whether two like articles are of one outlet, as far as is known: wire copy is no capture.
fn one_source(one: &Article, other: &Article) -> bool {
    let same = |one: &str, other: &str| one.is_empty() || other.is_empty() || one == other;
    same(&one.source, &other.source)
}

/// An address without what differs from one capture to the next.
fn bare(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    let url = url.strip_prefix("www.").unwrap_or(url);
    url.split('#').next().unwrap_or(url).trim_end_matches('/')
}

/// Captures are ordered by the day of the copy, then by what the article says of itself.
fn order(hit: &Hit) -> (i64, i64, &crate::article::Origin) {
    let article = &hit.article;
    let day = |date: Option<Date>| date.map(|date| date.first_day());
    let said = day(article.modified).or(day(article.published)).unwrap_or(i64::MAX);
    (day(article.captured).unwrap_or(said), said, &article.origin)
}

fn describe(number: usize, hit: &Hit, out: &mut dyn Write) -> Result<(), Failure> {
    let article = &hit.article;
    let date = |date: Option<Date>| date.map_or("?".to_owned(), |date| date.to_string());
    writeln!(
        out,
        "{number:>3}  {}  captured {:<10}  published {:<10}  {:>5} words  {}",
        &hit.key[..8],
        date(article.captured),
        date(article.published),
        article.words(),
        line(&article.origin.to_string())
    )?;
    if !article.headline.is_empty() {
        writeln!(out, "     {}", line(&article.headline))?;
    }
    Ok(())
}

/// What is different in a later capture.
struct Change {
    headline: Option<(String, String)>,
    date: Option<(Option<Date>, Option<Date>)>,
    pieces: Vec<Piece>,
}

impl Change {
    fn between(old: &Article, new: &Article) -> Self {
        let other = |old: &str, new: &str| old.split_whitespace().ne(new.split_whitespace());
        Self {
            headline: other(&old.headline, &new.headline)
                .then(|| (old.headline.clone(), new.headline.clone())),
            date: (old.published != new.published).then_some((old.published, new.published)),
            pieces: diff::words(&old.body, &new.body),
        }
    }

    fn counts(&self) -> (usize, usize) {
        let count = |side| {
            let of = self.pieces.iter().filter(|piece| piece.side == side);
            of.map(|piece| piece.text.split_whitespace().count()).sum()
        };
        (count(Side::Old), count(Side::New))
    }

    fn any(&self) -> bool {
        self.headline.is_some() || self.date.is_some() || self.counts() != (0, 0)
    }

    fn summary(&self) -> String {
        let mut parts = Vec::new();
        if self.headline.is_some() {
            parts.push("headline altered".to_owned());
        }
        if self.date.is_some() {
            parts.push("date altered".to_owned());
        }
        match self.counts() {
            (0, 0) => parts.push("no word of the text altered".to_owned()),
            (out, new) => parts.push(format!("{out} words out, {new} words in")),
        }
        parts.join(", ")
    }
}

fn tell(old: &Article, new: &Article, screen: &Screen, out: &mut dyn Write) -> Result<(), Failure> {
    let change = Change::between(old, new);
    writeln!(out, "{}", change.summary())?;
    // Without colour the marks of `git diff --word-diff` tell the sides apart.
    let paint = |side: Side, text: &str| match (side, screen.colour) {
        (Side::Both, _) => text.to_owned(),
        (Side::Old, true) => format!("\u{1b}[31;9m{text}\u{1b}[0m"),
        (Side::New, true) => format!("\u{1b}[32m{text}\u{1b}[0m"),
        (Side::Old, false) => format!("[-{text}-]"),
        (Side::New, false) => format!("{{+{text}+}}"),
    };
    if let Some((was, is)) = &change.headline {
        writeln!(out, "  headline  {}", paint(Side::Old, &line(was)))?;
        writeln!(out, "            {}", paint(Side::New, &line(is)))?;
    }
    if let Some((was, is)) = change.date {
        let date = |date: Option<Date>| date.map_or("none".to_owned(), |date| date.to_string());
        let (was, is) = (paint(Side::Old, &date(was)), paint(Side::New, &date(is)));
        writeln!(out, "  date      {was} {is}")?;
    }
    let last = change.pieces.len().saturating_sub(1);
    if change.counts() != (0, 0) {
        let mut row = String::new();
        for (number, piece) in change.pieces.iter().enumerate() {
            let text = match piece.side {
                Side::Both => near(&piece.text, number > 0, number < last),
                _ => piece.text.split_whitespace().collect::<Vec<_>>().join(" "),
            };
            if !text.is_empty() {
                row.push_str(&paint(piece.side, &line(&text)));
                row.push(' ');
            }
        }
        let row = row.trim_end();
        writeln!(out, "  {row}")?;
    }
    Ok(())
}

/// Of what stayed, the words next to what was altered.
fn near(text: &str, after: bool, before: bool) -> String {
    const SHOWN: usize = 12;
    let words: Vec<&str> = text.split_whitespace().collect();
    let head = if after { SHOWN } else { 0 };
    let tail = if before { SHOWN } else { 0 };
    if words.len() <= head + tail {
        return words.join(" ");
    }
    let (head, tail) = (&words[..head], &words[words.len() - tail..]);
    format!("{} … {}", head.join(" "), tail.join(" ")).trim().to_owned()
}

/// The captures as a part of a page, with all words of their texts.
fn html(captures: &[Hit], out: &mut dyn Write) -> Result<(), Failure> {
    let date = |date: Option<Date>| date.map_or("?".to_owned(), |date| date.to_string());
    let headline = captures.first().map_or("", |hit| &hit.article.headline);
    writeln!(out, "<article>\n<h2>{}</h2>\n<ol class=\"about\">", xml(headline))?;
    for hit in captures {
        let article = &hit.article;
        writeln!(
            out,
            "<li>captured {}, published {}, {} words, <bdi>{}</bdi></li>",
            date(article.captured),
            date(article.published),
            article.words(),
            xml(&article.origin.to_string())
        )?;
    }
    writeln!(out, "</ol>")?;
    let old = |text: &str| format!("<del>{}</del>", xml(text));
    let new = |text: &str| format!("<ins>{}</ins>", xml(text));
    for (pair, number) in captures.windows(2).zip(1..) {
        let change = Change::between(&pair[0].article, &pair[1].article);
        writeln!(out, "<h3>{number} to {}: {}</h3>", number + 1, xml(&change.summary()))?;
        if let Some((was, is)) = &change.headline {
            writeln!(out, "<p>{} {}</p>", old(was), new(is))?;
        }
        if let Some((was, is)) = change.date {
            writeln!(out, "<p>{} {}</p>", old(&date(was)), new(&date(is)))?;
        }
        if change.counts() != (0, 0) {
            let pieces: Vec<String> = change
                .pieces
                .iter()
                .map(|piece| match piece.side {
                    Side::Both => xml(&piece.text),
                    Side::Old => old(&piece.text),
                    Side::New => new(&piece.text),
                })
                .collect();
            writeln!(out, "<p dir=\"auto\">{}</p>", pieces.join(" "))?;
        }
    }
    writeln!(out, "</article>")?;
    Ok(())
}

/// The captures for programs.
fn object(captures: &[Hit]) -> serde_json::Value {
    let date = |date: Option<Date>| date.map(|date| date.to_string());
    let rows: Vec<serde_json::Value> = captures
        .iter()
        .map(|hit| {
            let article = &hit.article;
            json!({
                "id": article.id,
                "key": hit.key,
                "captured": date(article.captured),
                "date": date(article.published),
                "modified": date(article.modified),
                "headline": article.headline,
                "source": article.source,
                "url": article.url,
                "path": article.origin.to_string(),
                "words": article.words(),
            })
        })
        .collect();
    let changes: Vec<serde_json::Value> = captures
        .windows(2)
        .map(|pair| {
            let change = Change::between(&pair[0].article, &pair[1].article);
            let (out, new) = change.counts();
            let pieces: Vec<serde_json::Value> = change
                .pieces
                .iter()
                .map(|piece| {
                    let side = match piece.side {
                        Side::Both => "same",
                        Side::Old => "out",
                        Side::New => "in",
                    };
                    json!([side, piece.text])
                })
                .collect();
            json!({
                "from": pair[0].key,
                "to": pair[1].key,
                "headline": change.headline.map(|(was, is)| [was, is]),
                "date": change.date.map(|(was, is)| [date(was), date(is)]),
                "words_out": out,
                "words_in": new,
                "text": pieces,
            })
        })
        .collect();
    json!({ "captures": rows, "changes": changes })
}
