//! What to say where nothing was found: what each part of the query finds by itself, and words and
//! sections that are close to those typed.

use super::failure::Failure;
use super::settings::{Screen, counted, grouped};
use crate::engine::local::Local;
use crate::engine::{Engine, Facet, Request};
use crate::output::visible::line;
use crate::query::{Form, Pattern, Query, Scope, Word};
use crate::words::fold_label;

/// How many spellings are named.
const CLOSE: usize = 3;
/// How many parts are counted one by one.
const PARTS: usize = 12;

fn counting(query: Query, facets: Vec<Facet>) -> Request {
    Request { facets, ..Request::counting(query) }
}

/// Says what each part of a query finds by itself, and what may have been meant.
pub(super) fn teach(query: &Query, local: &Local, screen: &Screen) -> Result<(), Failure> {
    let parts = parts_of(query);
    for part in parts.iter().copied().take(PARTS) {
        let count = local.search(&counting(part.clone(), Vec::new()))?.total;
        let shown = line(&part.to_string());
        if count > 0 {
            if parts.len() > 1 {
                screen.say(&format!("  {shown} alone: {}", counted(count, "article", "articles")));
            }
            continue;
        }
        let close = close(part, local)?;
        let hint = match &close[..] {
            [] => String::new(),
            _ => format!(". Close to it: {}", close.join(", ")),
        };
        screen.say(&format!("  {shown} matches nothing{hint}"));
    }
    Ok(())
}

/// Words or sections of the index that are close to what a part asks for, with their counts.
fn close(part: &Query, local: &Local) -> Result<Vec<String>, Failure> {
    let mut found: Vec<(usize, u64, String)> = Vec::new();
    match part {
        Query::Words { scope, pattern } => {
            for word in pattern.words() {
                let Form::Plain(text) = &word.form else { continue };
                let length = text.chars().count();
                if length < 3 || local.search(&counting(plain(*scope, text), Vec::new()))?.total > 0
                {
                    continue;
                }
                let most = if length > 4 { 2 } else { 1 };
                let word = Word { form: Form::Fuzzy(text.clone(), most), exact: true };
                let fuzzy = Query::Words { scope: *scope, pattern: Pattern::Word(word) };
                let words = local.sought(&fuzzy)?.into_iter().flat_map(|sought| sought.slots);
                for other in words.flatten() {
                    let count = local.search(&counting(plain(*scope, &other), Vec::new()))?.total;
                    if count > 0 {
                        found.push((strsim::osa_distance(text, &other), count, other));
                    }
                }
            }
        }
        Query::Label { field, value, .. } => {
            let facet = match &field[..] {
                "section" => Facet::Section,
                "source" => Facet::Source,
                "lang" => Facet::Language,
                _ => return Ok(Vec::new()),
            };
            let answer = local.search(&counting(Query::All, vec![facet]))?;
            for (label, count) in answer.tallies.into_iter().flat_map(|tally| tally.counts) {
                let folded = fold_label(&label);
                let distance = strsim::osa_distance(value, &folded);
                let part_of = value.len() > 2 && folded.contains(&value[..]);
                if distance <= 2.min(value.chars().count() / 2) || part_of {
                    found.push((distance, count, label.to_string()));
                }
            }
        }
        _ => {}
    }
    found.sort_by(|a, b| a.0.cmp(&b.0).then(b.1.cmp(&a.1)).then_with(|| a.2.cmp(&b.2)));
    let close = found.into_iter().take(CLOSE);
    Ok(close.map(|(_, count, text)| format!("{} ({})", line(&text), grouped(count))).collect())
}

fn plain(scope: Scope, text: &str) -> Query {
    let word = Word { form: Form::Plain(text.to_owned()), exact: true };
    Query::Words { scope, pattern: Pattern::Word(word) }
}

/// What a query asks for together, filters beside it included.
fn parts_of(query: &Query) -> Vec<&Query> {
    match query {
        Query::And(parts) => parts.iter().flat_map(parts_of).collect(),
        one => vec![one],
    }
}

/// The query with any of its words where all were asked for, its filters kept; `None` where that is
/// the same.
pub(super) fn partly(query: &Query) -> Option<Query> {
    let is_words = |part: &&Query| matches!(part, Query::Words { .. } | Query::Or(_));
    let (words, filters): (Vec<&Query>, Vec<&Query>) =
        parts_of(query).into_iter().partition(is_words);
    if words.len() < 2 {
        return None;
    }
    let any = Query::Or(words.into_iter().cloned().collect());
    Some(Query::And(std::iter::once(any).chain(filters.into_iter().cloned()).collect()))
}
