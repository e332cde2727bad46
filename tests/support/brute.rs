//! A second engine: it looks at every article for every query, with nothing but rows of words.
//!
//! It is as plain as can be, so that it can be believed: every place of a pattern is tried, every
//! word of all articles is held against every word of the query. What the index finds must be what
//! it finds.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::sync::{Arc, Mutex};

use fiche::article::Article;
use fiche::engine::{Answer, Engine, EngineError, Facet, Groups, Request, Sort, Status, Tally};
use fiche::hit::Hit;
use fiche::ledger::Ledger;
use fiche::likeness::Sketch;
use fiche::passage::Sought;
use fiche::query::{Form, Pattern, Query, Scope, Word};
use fiche::words::{LEAD_WORDS, Region, Texts, Words, fold_label};
use frostem::{Algorithm, Stemmer};

/// The articles, and the words of each.
pub struct Brute {
    kept: Vec<Kept>,
    vocabulary: BTreeSet<String>,
    /// The words that were looked up before, by the languages that the query asked for.
    sets: Mutex<HashMap<(Vec<String>, Word), Set>>,
    /// The languages that the query at hand asks for.
    languages: Mutex<Vec<String>>,
}

struct Kept {
    article: Article,
    /// The words of headline, byline and body.
    rows: [Vec<String>; 3],
    labels: BTreeMap<&'static str, Vec<String>>,
}

/// The words that one word of a query stands for.
type Set = Arc<BTreeSet<String>>;

/// A place of a pattern: the numbers of its words, rising.
type Place = BTreeSet<usize>;

impl Brute {
    pub fn new(articles: Vec<Article>) -> Self {
        let kept: Vec<Kept> = articles.into_iter().map(Kept::of).collect();
        let vocabulary = kept.iter().flat_map(|kept| kept.rows.iter().flatten().cloned()).collect();
        Self { kept, vocabulary, sets: Mutex::default(), languages: Mutex::default() }
    }

    /// The words of all articles that a word of a query stands for.
    fn set(&self, word: &Word) -> Set {
        let mut sets = self.sets.lock().unwrap();
        let languages = self.languages.lock().unwrap().clone();
        let key = (languages, word.clone());
        if let Some(known) = sets.get(&key) {
            return Arc::clone(known);
        }
        let found = Arc::new(self.look_up(word, &key.0));
        sets.insert(key, Arc::clone(&found));
        found
    }

    fn look_up(&self, word: &Word, languages: &[String]) -> BTreeSet<String> {
        let among = |fits: &dyn Fn(&str) -> bool| {
            self.vocabulary.iter().filter(|word| fits(word)).cloned().collect()
        };
        match &word.form {
            Form::Plain(text) if word.exact => [text.clone()].into(),
            Form::Plain(text) => {
                let mut found: BTreeSet<String> = [text.clone()].into();
                let all = [("en", Algorithm::English), ("es", Algorithm::Spanish)];
                let asked =
                    |code: &str| languages.is_empty() || languages.iter().any(|l| l == code);
                for (_, algorithm) in all.into_iter().filter(|(code, _)| asked(code)) {
                    let stemmer = Stemmer::new(algorithm);
                    let stem = stemmer.stem(text).into_owned();
                    found.extend(among(&|other| {
                        text.chars().any(char::is_alphabetic) && stemmer.stem(other) == stem
                    }));
                }
                found
            }
            Form::Wild(shape) => {
                let shape: Vec<char> = shape.chars().collect();
                among(&|other| fits_shape(&shape, &other.chars().collect::<Vec<_>>()))
            }
            Form::Fuzzy(text, most) => {
                among(&|other| strsim::osa_distance(text, other) <= usize::from(*most))
            }
            Form::Regex(text) => {
                let regex = regex::Regex::new(&format!("^(?:{text})$")).unwrap();
                among(&|other| regex.is_match(other))
            }
        }
    }

    fn matches(&self, query: &Query, kept: &Kept) -> bool {
        let article = &kept.article;
        match query {
            Query::All => true,
            Query::Words { scope, pattern } => self.stands(*scope, pattern, kept),
            Query::Label { field, value, glob } => {
                let shape: Vec<char> = value.chars().collect();
                kept.labels.get(&field[..]).is_some_and(|labels| {
                    labels.iter().any(|label| {
                        label == value
                            || (*glob && fits_shape(&shape, &label.chars().collect::<Vec<_>>()))
                    })
                })
            }
            Query::Days { first, last } => article.published.is_some_and(|date| {
                first.is_none_or(|first| date.first_day() >= first)
                    && last.is_none_or(|last| date.last_day() <= last)
            }),
            Query::Length { min, max } => (*min..=*max).contains(&article.words()),
            Query::Has(field) => match &field[..] {
                "headline" => !article.headline.is_empty(),
                "body" => !article.body.is_empty(),
                "author" => !article.authors.is_empty(),
                "date" => article.published.is_some(),
                "len" => article.words() > 0,
                name => kept.labels.get(name).is_some_and(|labels| !labels.is_empty()),
            },
            Query::And(parts) => parts.iter().all(|part| self.matches(part, kept)),
            Query::Or(parts) => parts.iter().any(|part| self.matches(part, kept)),
            Query::Not(inner) => !self.matches(inner, kept),
            Query::Weighted(parts) => parts.iter().any(|(_, part)| self.matches(part, kept)),
        }
    }

    fn stands(&self, scope: Scope, pattern: &Pattern, kept: &Kept) -> bool {
        let [headline, byline, body] = &kept.rows;
        let lead = &body[..body.len().min(LEAD_WORDS as usize)];
        let rows: Vec<&[String]> = match scope {
            Scope::Anywhere => vec![headline, byline, body],
            Scope::Headline => vec![headline],
            Scope::Byline => vec![byline],
            Scope::Body => vec![body],
            Scope::Lead => vec![headline, lead],
        };
        if let Pattern::AtLeast { times, word } = pattern {
            let set = self.set(word);
            let count = rows.iter().flat_map(|row| row.iter()).filter(|word| set.contains(*word));
            return count.count() >= *times as usize;
        }
        let sets: Vec<Set> = pattern.words().into_iter().map(|word| self.set(word)).collect();
        rows.into_iter().any(|row| !places(pattern, &mut &sets[..], row).is_empty())
    }
}

/// Every place of a pattern in a row of words.
fn places(pattern: &Pattern, sets: &mut &[Set], row: &[String]) -> BTreeSet<Place> {
    match pattern {
        Pattern::Word(_) | Pattern::AtLeast { .. } => {
            let (set, rest) = sets.split_first().unwrap();
            *sets = rest;
            (0..row.len())
                .filter(|at| set.contains(&row[*at]))
                .map(|at| Place::from([at]))
                .collect()
        }
        Pattern::Either(sides) => sides.iter().flat_map(|side| places(side, sets, row)).collect(),
        Pattern::Near { sides, gap, ordered } => {
            let found: Vec<BTreeSet<Place>> =
                sides.iter().map(|side| places(side, sets, row)).collect();
            let gap = *gap as usize;
            let mut joined = found[0].clone();
            if sides.len() == 2 || *ordered {
                for right in &found[1..] {
                    joined = pairs(&joined, right, gap, *ordered);
                }
                return joined;
            }
            // More than two in any order: one place of each, within as many words and the gap.
            for right in &found[1..] {
                joined = joined
                    .iter()
                    .flat_map(|a| right.iter().map(move |b| (a, b)))
                    .filter(|(a, b)| a.is_disjoint(b))
                    .map(|(a, b)| a | b)
                    .filter(|place| width(place) <= sides.len() + gap)
                    .collect();
            }
            joined
        }
    }
}

fn width(place: &Place) -> usize {
    place.last().unwrap() - place.first().unwrap() + 1
}

fn pairs(
    left: &BTreeSet<Place>,
    right: &BTreeSet<Place>,
    gap: usize,
    ordered: bool,
) -> BTreeSet<Place> {
    let mut found = BTreeSet::new();
    for a in left {
        for b in right {
            let (a_first, a_last) = (*a.first().unwrap(), *a.last().unwrap());
            let (b_first, b_last) = (*b.first().unwrap(), *b.last().unwrap());
            let near = if b_first > a_last {
                b_first - a_last - 1 <= gap
            } else if ordered {
                false
            } else if a_first > b_last {
                a_first - b_last - 1 <= gap
            } else {
                a.is_disjoint(b)
            };
            if near {
                found.insert(a | b);
            }
        }
    }
    found
}

/// Whether a text has a shape of letters, `*` and `?`.
fn fits_shape(shape: &[char], text: &[char]) -> bool {
    match shape.split_first() {
        None => text.is_empty(),
        Some(('*', rest)) => (0..=text.len()).any(|from| fits_shape(rest, &text[from..])),
        Some(('?', rest)) => !text.is_empty() && fits_shape(rest, &text[1..]),
        Some((c, rest)) => text.first() == Some(c) && fits_shape(rest, &text[1..]),
    }
}

/// The words of a text, folded.
pub fn row(text: &str) -> Vec<String> {
    let mut words = Words::new(text);
    let mut row = Vec::new();
    while words.advance().is_some() {
        row.push(words.folded().to_owned());
    }
    row
}

impl Kept {
    fn of(article: Article) -> Self {
        let texts = Texts::of(&article);
        let rows = Region::ALL.map(|region| row(texts.region(region)));
        let mut labels: BTreeMap<&'static str, Vec<String>> = BTreeMap::new();
        let mut add = |name, value: &str, path: bool| {
            let folded = fold_label(value);
            let list = labels.entry(name).or_default();
            if folded.is_empty() {
                return;
            }
            if path {
                let parts: Vec<&str> = folded.split('/').collect();
                list.extend((1..parts.len()).map(|end| parts[..end].join("/")));
            }
            list.push(folded);
        };
        add("section", &article.section, true);
        add("source", &article.source, false);
        add("lang", &article.language, false);
        add("kind", &article.kind, false);
        for topic in &article.topics {
            add("topic", topic, false);
        }
        if let Some(rest) = article.url.strip_prefix("https://") {
            let rest = rest.strip_prefix("www.").unwrap_or(rest);
            add("url", rest, true);
            add("source", rest.split('/').next().unwrap(), false);
        }
        add("path", &article.origin.path, true);
        add("root", &article.origin.root, false);
        add("id", &article.id, false);
        Self { article, rows, labels }
    }
}

impl Engine for Brute {
    fn search(&self, request: &Request) -> Result<Answer<'_>, EngineError> {
        *self.languages.lock().unwrap() = request.query.languages();
        let mut found: Vec<&Article> = self
            .kept
            .iter()
            .filter(|kept| self.matches(&request.query, kept))
            .map(|kept| &kept.article)
            .collect();
        found.sort_by_key(|article| {
            let day = article.published.map(|date| date.first_day());
            let day = match (day, request.sort) {
                (None, _) => i64::MAX,
                (Some(day), Sort::Oldest) => day,
                (Some(day), _) => -day,
            };
            (day, article.id.clone())
        });
        let total = found.len() as u64;
        let tallies = request.facets.iter().map(|facet| tally(*facet, &found)).collect();
        let hits = found
            .into_iter()
            .enumerate()
            .map(|(at, article)| {
                Ok(Hit { rank: at + 1, article: article.clone(), ..Hit::default() })
            })
            .skip(request.offset)
            .take(request.limit.unwrap_or(usize::MAX));
        // It groups nothing in a search: every article stands for itself.
        let groups = total;
        Ok(Answer { total, groups, tallies, notes: Vec::new(), hits: Box::new(hits) })
    }

    fn sought(&self, _: &Query) -> Result<Vec<Sought>, EngineError> {
        Ok(Vec::new())
    }

    fn read(&self, id: &str) -> Result<Vec<Hit>, EngineError> {
        let found = self.kept.iter().filter(|kept| fold_label(&kept.article.id) == fold_label(id));
        Ok(found.map(|kept| Hit { article: kept.article.clone(), ..Hit::default() }).collect())
    }

    fn duplicates(&self) -> Result<Groups<'_>, EngineError> {
        // Every pair is compared, and parts are joined till nothing changes.
        let sketches: Vec<Sketch> =
            self.kept.iter().map(|kept| Sketch::of(&kept.article)).collect();
        let mut part: Vec<usize> = (0..sketches.len()).collect();
        for one in 0..sketches.len() {
            for other in 0..one {
                if sketches[one].is_like(&sketches[other]) {
                    let (from, to) = (part[one], part[other]);
                    part.iter_mut().filter(|part| **part == from).for_each(|part| *part = to);
                }
            }
        }
        let mut groups: BTreeMap<usize, Vec<Hit>> = BTreeMap::new();
        for (kept, part) in self.kept.iter().zip(part) {
            let hit = Hit { article: kept.article.clone(), ..Hit::default() };
            groups.entry(part).or_default().push(hit);
        }
        Ok(Box::new(groups.into_values().filter(|group| group.len() > 1).map(Ok)))
    }

    fn ledger(&self) -> Result<Ledger, EngineError> {
        Ok(Ledger::default())
    }

    fn status(&self) -> Result<Status, EngineError> {
        Ok(Status { articles: self.kept.len() as u64, ..Status::default() })
    }
}

/// Counts by the labels as printed; the made corpus writes each in one way only.
fn tally(facet: Facet, found: &[&Article]) -> Tally {
    let mut counts: BTreeMap<String, u64> = BTreeMap::new();
    let mut none = 0;
    for article in found {
        let values: Vec<String> = match facet {
            Facet::Section => vec![article.section.clone()],
            Facet::Source => vec![article.source.clone()],
            Facet::Author => article.authors.clone(),
            Facet::Language => vec![article.language.clone()],
            _ => article.published.iter().map(|date| format!("{:04}", date.parts().0)).collect(),
        };
        let values: BTreeSet<String> = values.into_iter().filter(|v| !v.is_empty()).collect();
        none += u64::from(values.is_empty());
        for value in values {
            *counts.entry(value).or_default() += 1;
        }
    }
    let mut counts: Vec<(std::sync::Arc<str>, u64)> =
        counts.into_iter().map(|(value, count)| (value.into(), count)).collect();
    if facet != Facet::Year {
        counts.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
    }
    Tally { facet, counts, none }
}
