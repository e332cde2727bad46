//! Weak pseudo-relevance feedback: the words that the best articles share, beside those typed.
//!
//! RM3 (Abdul-Jaleel et al., TREC 2004) over the first twenty articles: each word weighs the root of
//! its share of each article, times the likelihood of that article, which falls with the power of
//! its score as in RM3 and not in proportion to it; the fifteen heaviest are added, with a fifth of
//! the weight in all.

use std::collections::BTreeMap;
use std::sync::Arc;

use super::collect::Ranked;
use super::compile::{Compiled, Scan, compile};
use super::explain;
use super::kept::Kept;
use crate::engine::{Duplicates, EngineError, Sort};
use crate::query::{Form, Pattern, Query, Scope, Word};
use crate::words::{Region, Texts, Words};

/// How many articles are taken for good.
const ARTICLES: usize = 20;
/// How many words they may add.
const WORDS: usize = 15;
/// The share of the weight that stays with the words typed.
const OWN: f32 = 0.8;
/// How fast an article's likelihood falls with its score: one of half the best score counts as
/// e^(-STEEP / 2) of the best.
const STEEP: f32 = 7.0;
/// A word in more than this share of the articles tells nothing, in percent.
const TOO_COMMON: u64 = 15;

/// The query with the words that its best articles share, or `None` where it asks for something
/// exact: quotes, distances, fields, filters.
pub(super) fn expand(
    query: &Query,
    scan: &Scan<'_>,
    kept: &Arc<Kept>,
) -> Result<Option<Query>, EngineError> {
    let Some(own) = loose_words(query) else { return Ok(None) };
    let Scan { fields, ranking, deadline, .. } = *scan;
    let searcher = &kept.searcher;
    let failed = |error: tantivy::TantivyError| explain(std::path::Path::new(""), error);
    let Compiled { query: first, postings, .. } = compile(query, scan)?;
    let collector = Ranked {
        sort: Sort::Relevance,
        keep: ARTICLES,
        facets: Vec::new(),
        duplicates: Duplicates::Show,
        kept: Arc::new(kept.without_groups()),
        counted: Arc::default(),
        deadline: Arc::clone(deadline),
    };
    let found = collector.find(&*first, postings).map_err(failed)?;
    let best = found.ranked.first().map_or(0.0, |(score, _)| *score);
    if best <= 0.0 {
        return Ok(None);
    }
    let stems = super::forms::Forms::of(searcher, fields.lang, &[]).map_err(failed)?;
    // By stem: its weight, and how often each of its forms stands there.
    let mut weights: BTreeMap<String, (f32, BTreeMap<String, u32>)> = BTreeMap::new();
    for (score, at) in &found.ranked {
        let article = kept.article(*at)?;
        let texts = Texts::of(&article);
        // By stem: how often it stands here, by its forms.
        let mut counts: BTreeMap<String, BTreeMap<String, u32>> = BTreeMap::new();
        let mut length = 0;
        for region in [Region::Headline, Region::Body] {
            let times = if region == Region::Headline { ranking.headline } else { 1 };
            let mut words = Words::new(texts.region(region));
            while words.advance().is_some() {
                let word = words.folded();
                let usable = word.chars().count() > 2
                    && word.chars().any(char::is_alphabetic)
                    && !ranking.is_stop_word(word);
                if usable {
                    let forms = counts.entry(stems.stem(word)).or_default();
                    *forms.entry(word.to_owned()).or_default() += times;
                    length += times;
                }
            }
        }
        let likelihood = (STEEP * (score / best - 1.0)).exp();
        for (stem, here) in counts {
            let share = here.values().sum::<u32>() as f32 / length as f32;
            let (weight, forms) = weights.entry(stem).or_default();
            *weight += likelihood * share.sqrt();
            for (form, count) in here {
                *forms.entry(form).or_default() += count;
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
        if added.len() == WORDS || deadline.passed() {
            break;
        }
        let part = loose(form);
        // Of one word there is one part, where the index has it.
        let Some(found) = compile(&part, scan)?.parts.pop() else { continue };
        if found.articles(searcher).map_err(failed)? * 100 <= all * TOO_COMMON {
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
