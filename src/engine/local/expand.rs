//! Weak pseudo-relevance feedback: the words that the best articles share, beside those typed.
//!
//! RM3 (Abdul-Jaleel et al., TREC 2004) over the first ten articles: each word weighs its share of
//! each article, times that article's share of the scores; the twenty heaviest are added, with 15 %
//! of the weight in all.

use std::collections::BTreeMap;
use std::sync::Arc;

use tantivy::Searcher;

use super::collect::Ranked;
use super::compile::{Compiled, compile};
use super::fields::Fields;
use super::{article_at, explain};
use crate::engine::{Duplicates, EngineError, Sort};
use crate::query::{Form, Pattern, Query, Scope, Word};
use crate::schema::Ranking;
use crate::words::{Region, Texts, Words};

/// How many articles are taken for good.
const ARTICLES: usize = 10;
/// How many words they may add.
const WORDS: usize = 20;
/// The share of the weight that stays with the words typed.
const OWN: f32 = 0.85;
/// A word in more than this share of the articles tells nothing, in percent.
const TOO_COMMON: u64 = 10;

/// The query with the words that its best articles share, or `None` where it asks for something
/// exact: quotes, distances, fields, filters.
pub(super) fn expand(
    query: &Query,
    searcher: &Searcher,
    fields: Fields,
    ranking: &Ranking,
) -> Result<Option<Query>, EngineError> {
    let Some(own) = loose_words(query) else { return Ok(None) };
    let failed = |error: tantivy::TantivyError| explain(std::path::Path::new(""), error);
    let Compiled { query: first, .. } = compile(query, searcher, fields, ranking)?;
    let collector = Ranked {
        sort: Sort::Relevance,
        keep: ARTICLES,
        facets: Vec::new(),
        duplicates: Duplicates::Show,
        members: Arc::default(),
    };
    let found = searcher.search(&*first, &collector).map_err(failed)?;
    let sum: f32 = found.ranked.iter().map(|(score, _)| score).sum();
    if sum <= 0.0 {
        return Ok(None);
    }
    let stems = super::forms::Forms::of(searcher, fields.lang).map_err(failed)?;
    // By stem: its weight, and how often each of its forms stands there.
    let mut weights: BTreeMap<String, (f32, BTreeMap<String, u32>)> = BTreeMap::new();
    for (score, at) in &found.ranked {
        let article = article_at(searcher, fields, *at)?;
        let texts = Texts::of(&article);
        let mut counts: BTreeMap<String, u32> = BTreeMap::new();
        let mut length = 0;
        for region in [Region::Headline, Region::Body] {
            let times = if region == Region::Headline { ranking.headline } else { 1 };
            let mut words = Words::new(texts.region(region));
            while words.advance().is_some() {
                *counts.entry(words.folded().to_owned()).or_default() += times;
                length += times;
            }
        }
        for (word, count) in counts {
            let usable = word.chars().count() > 2
                && word.chars().any(char::is_alphabetic)
                && !ranking.is_stop_word(&word);
            if usable {
                let (weight, forms) = weights.entry(stems.stem(&word)).or_default();
                *weight += score / sum * count as f32 / length.max(1) as f32;
                *forms.entry(word).or_default() += count;
            }
        }
    }
    let mut heavy: Vec<(f32, String)> = weights
        .into_values()
        .filter_map(|(weight, forms)| {
            let form = forms.into_iter().max_by_key(|(_, count)| *count)?.0;
            Some((weight, form))
        })
        .collect();
    heavy.sort_by(|a, b| b.0.total_cmp(&a.0).then_with(|| a.1.cmp(&b.1)));
    let all = searcher.num_docs();
    let mut added: Vec<(f32, Query)> = Vec::new();
    for (weight, form) in heavy {
        if added.len() == WORDS {
            break;
        }
        let part = loose(form);
        let count = compile(&part, searcher, fields, ranking)?.query.count(searcher);
        if count.map_err(failed)? as u64 * 100 <= all * TOO_COMMON {
            added.push((weight, part));
        }
    }
    let mass: f32 = added.iter().map(|(weight, _)| weight).sum();
    let typed = own.len() as f32;
    let mut parts: Vec<(f32, Query)> = Vec::new();
    let mut add = |weight: f32, part: Query| match parts.iter_mut().find(|(_, p)| *p == part) {
        Some((known, _)) => *known += weight,
        None => parts.push((weight, part)),
    };
    for part in own {
        add(OWN / typed, part);
    }
    for (weight, part) in added {
        add((1.0 - OWN) * weight / mass.max(f32::MIN_POSITIVE), part);
    }
    Ok(Some(Query::Weighted(parts)))
}

fn loose(text: String) -> Query {
    let word = Word { form: Form::Plain(text), exact: false };
    Query::Words { scope: Scope::Anywhere, pattern: Pattern::Word(word) }
}

/// The words of a query of nothing but words, any of which may match.
fn loose_words(query: &Query) -> Option<Vec<Query>> {
    match query {
        Query::Or(parts) => parts
            .iter()
            .map(|part| match part {
                // A word of several (`U.S`) is as good as a word.
                Query::Words { scope: Scope::Anywhere, .. } => Some(part.clone()),
                _ => None,
            })
            .collect(),
        Query::Words { scope: Scope::Anywhere, pattern: Pattern::Word(word) } if !word.exact => {
            Some(vec![query.clone()])
        }
        _ => None,
    }
}
