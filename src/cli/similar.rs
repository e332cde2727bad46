//! `fiche similar`

use std::collections::BTreeMap;
use std::io::{BufWriter, Write, stdout};
use std::num::NonZeroUsize;

use clap::Args;

use super::failure::Failure;
use super::search::{SNIPPET, at_least_one, columns, known_format, write_hits};
use super::settings::{Global, Screen};
use super::show::one_article;
use super::{FOUND, NOTHING};
use crate::engine::{Engine, Request};
use crate::output::Look;
use crate::query::{Form, Pattern, Query, Scope, Word};
use crate::schema::Schema;
use crate::words::{Texts, fold_words};

/// The most words of an article that are looked up, those that it has most often.
const TRIED: usize = 100;
/// How many of them are asked for, those that tell it best from the others.
const TAKEN: usize = 25;

/// Find articles with the words of another one.
///
/// The words that stand often in it and seldom elsewhere are looked for; what has most of them
/// comes first. The id is the one that a search shows (its first four digits or more), or the
/// article's own.
///
/// Exit status: 0 something was found, 1 nothing was found, 2 failed.
#[derive(Debug, Args)]
pub(super) struct SimilarArgs {
    /// The id of the article.
    #[arg(value_name = "ID")]
    id: String,

    /// Show so many articles.
    #[arg(short = 'n', long = "limit", value_name = "NUM", default_value = "10", value_parser = at_least_one)]
    limit: NonZeroUsize,

    /// Write the hits in this form: text, jsonl, json, csv, tsv and what export writes.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = known_format)]
    format: String,

    /// The columns to write, in this order: id,date,headline,body.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    fields: Vec<String>,
}

pub(super) fn run(args: &SimilarArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    let columns = columns(&args.fields)?;
    let Some(hit) = one_article(&local, &args.id, screen)? else { return Ok(NOTHING) };
    let ranking = Schema::bundled().ranking;
    let texts = Texts::of(&hit.article);
    let mut counts: BTreeMap<String, u32> = BTreeMap::new();
    for (text, times) in [(texts.headline, ranking.headline), (&texts.body, 1)] {
        for word in fold_words(text) {
            let usable = word.chars().count() > 1 && !ranking.is_stop_word(&word);
            if usable {
                *counts.entry(word).or_default() += times;
            }
        }
    }
    let mut often: Vec<(String, u32)> = counts.into_iter().collect();
    often.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    often.truncate(TRIED);
    let request = |query: Query, limit: usize, snippets: usize| Request {
        limit: Some(limit),
        snippets,
        width: SNIPPET,
        ..Request::of(query)
    };
    let all = local.search(&request(Query::All, 0, 0))?.total as f32;
    let mut weighed: Vec<(f32, (f32, Query))> = Vec::new();
    for (text, count) in often {
        let word = Word { form: Form::Plain(text), exact: false };
        let part = Query::Words { scope: Scope::Anywhere, pattern: Pattern::Word(word) };
        let holds = local.search(&request(part.clone(), 0, 0))?.total as f32;
        // A word of this article alone finds no other.
        if holds > 1.0 {
            let often = count as f32 / (count as f32 + ranking.k1);
            weighed.push((often * (1.0 + all / holds).ln(), (often, part)));
        }
    }
    weighed.sort_by(|a, b| b.0.total_cmp(&a.0));
    weighed.truncate(TAKEN);
    if weighed.is_empty() {
        screen.say("No other article shares a word with it.");
        return Ok(NOTHING);
    }
    // How rare a word is, the engine weighs by itself.
    let weighed = weighed.into_iter().map(|(_, part)| part).collect();
    let keys = hit.also.iter().map(|place| &place.key).chain([&hit.key]);
    let itself = Query::Or(
        keys.map(|key| Query::Label { field: "id".to_owned(), value: key.clone(), glob: false })
            .collect(),
    );
    let query = Query::And(vec![Query::Weighted(weighed), Query::Not(Box::new(itself))]);
    let answer = local.search(&request(query, args.limit.get(), 1))?;
    let total = answer.total;
    let look = Look {
        query: format!("similar to {}", hit.key),
        columns,
        colour: screen.colour,
        width: screen.width,
        ..Look::default()
    };
    let mut out = BufWriter::new(stdout().lock());
    write_hits(answer, &args.format, look, &mut out)?;
    out.flush()?;
    Ok(if total > 0 { FOUND } else { NOTHING })
}
