//! A query of the language to a query of tantivy, with the words that it takes from the index.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::Arc;

use regex::Regex;
use tantivy::index::{InvertedIndexReader, SegmentId};
use tantivy::postings::TermInfo;
use tantivy::query::{
    AllQuery, BooleanQuery, ConstScoreQuery, EmptyQuery, FuzzyTermQuery, Occur,
    Query as TantivyQuery, TermQuery, TermSetQuery,
};
use tantivy::schema::{Field, IndexRecordOption};
use tantivy::{Searcher, Term};

use super::deadline::Deadline;
use super::fields::{Fields, label_term};
use super::forms::Forms;
use super::kept::Kept;
use super::range::Numbers;
use super::sets::{Found, WordSet, WordsQuery, look_for, note};
use super::windows::{CountedWords, Days};
use crate::engine::EngineError;
use crate::passage::Sought;
use crate::query::{Form, Pattern, Query, Scope, Word};
use crate::schema::Ranking;

/// The most words of an index that one word of a query may stand for.
pub(super) const MOST_WORDS: usize = 1000;

/// A set of more words than these is looked at no further to tell how rare it is.
const FEW_WORDS: usize = 50;

/// A query ready to run.
pub(super) struct Compiled {
    pub query: Box<dyn TantivyQuery>,
    /// What snippets must look for.
    pub sought: Vec<Sought>,
    /// What scores, part by part.
    pub parts: Vec<WordsQuery>,
    /// What a person should know.
    pub notes: Vec<String>,
    /// How much there is to read: so many postings, or what takes as long.
    pub postings: u64,
}

/// One look into an index: at what, and until when.
pub(super) struct Scan<'s> {
    pub kept: &'s Arc<Kept>,
    pub fields: Fields,
    pub ranking: &'s Ranking,
    pub deadline: &'s Arc<Deadline>,
}

/// Compiles a query against the words of an index.
pub(super) fn compile(query: &Query, scan: &Scan<'_>) -> Result<Compiled, EngineError> {
    let Scan { kept, fields, ranking, deadline } = *scan;
    let mut compiler = Compiler {
        kept,
        searcher: &kept.searcher,
        fields,
        ranking,
        deadline,
        languages: query.languages(),
        forms: None,
        known: BTreeMap::new(),
        sought: Vec::new(),
        parts: Vec::new(),
        notes: Vec::new(),
        postings: 0,
    };
    let compiled = compiler.node(query, true)?;
    let Compiler { sought, parts, notes, postings, .. } = compiler;
    Ok(Compiled { query: compiled, sought, parts, notes, postings })
}

struct Compiler<'s> {
    kept: &'s Arc<Kept>,
    searcher: &'s Searcher,
    fields: Fields,
    ranking: &'s Ranking,
    deadline: &'s Arc<Deadline>,
    /// The languages that the query asks for; those of the index where it asks for none.
    languages: Vec<String>,
    /// The stemmers, once they are needed.
    forms: Option<Forms>,
    /// The words that were looked up before, by how they are written.
    known: BTreeMap<String, Arc<WordSet>>,
    sought: Vec<Sought>,
    parts: Vec<WordsQuery>,
    notes: Vec<String>,
    postings: u64,
}

/// A filter: it matches and adds nothing to the score.
fn silent(query: Box<dyn TantivyQuery>) -> Box<dyn TantivyQuery> {
    Box::new(ConstScoreQuery::new(query, 0.0))
}

fn term_query(field: Field, text: &str) -> Box<dyn TantivyQuery> {
    let term = Term::from_field_text(field, text);
    silent(Box::new(TermQuery::new(term, IndexRecordOption::Basic)))
}

impl Compiler<'_> {
    fn node(&mut self, query: &Query, wanted: bool) -> Result<Box<dyn TantivyQuery>, EngineError> {
        Ok(match query {
            Query::All => {
                self.postings += self.searcher.num_docs();
                silent(Box::new(AllQuery))
            }
            Query::Words { scope, pattern } => {
                match self.query_of(*scope, pattern, wanted, 1.0)? {
                    Some(query) => Box::new(query),
                    None => Box::new(EmptyQuery),
                }
            }
            Query::Weighted(parts) => self.weighted(parts, wanted)?,
            Query::Label { field, value, glob } => self.label(field, value, *glob)?,
            Query::Days { first, last } => self.days(*first, *last),
            Query::Length { min, max } => silent(Box::new(Numbers::new(
                Bound::Included(Term::from_field_u64(self.fields.words, *min)),
                Bound::Included(Term::from_field_u64(self.fields.words, *max)),
            ))),
            Query::Has(field) => term_query(self.fields.has, field),
            Query::And(parts) => self.all(parts, wanted)?,
            Query::Or(parts) => {
                // A word that is typed twice counts twice.
                let mut once: Vec<(f32, &Query)> = Vec::with_capacity(parts.len());
                for part in parts {
                    match once.iter_mut().find(|(_, known)| *known == part) {
                        Some((times, _)) => *times += 1.0,
                        None => once.push((1.0, part)),
                    }
                }
                self.any(&once, wanted)?
            }
            Query::Not(_) => self.all(std::slice::from_ref(query), wanted)?,
        })
    }

    fn any(
        &mut self,
        parts: &[(f32, &Query)],
        wanted: bool,
    ) -> Result<Box<dyn TantivyQuery>, EngineError> {
        let mut clauses = Vec::new();
        let mut words = Vec::new();
        for (weight, part) in parts {
            let clause = match part {
                Query::Words { scope, pattern } => {
                    match self.query_of(*scope, pattern, wanted, *weight)? {
                        Some(query) if query.is_counted() => {
                            words.push(query);
                            continue;
                        }
                        Some(query) => Box::new(query),
                        None => continue,
                    }
                }
                part => self.node(part, wanted)?,
            };
            clauses.push(clause);
        }
        if !words.is_empty() {
            clauses.push(Box::new(CountedWords::any_of(words)));
        }
        Ok(match clauses.len() {
            0 => Box::new(EmptyQuery),
            1 => clauses.remove(0),
            _ => Box::new(BooleanQuery::union(clauses)),
        })
    }

    /// Parts with weights of their own; what has none of the query's own words is not lit up.
    fn weighted(
        &mut self,
        parts: &[(f32, Query)],
        wanted: bool,
    ) -> Result<Box<dyn TantivyQuery>, EngineError> {
        let parts: Vec<(f32, &Query)> =
            parts.iter().map(|(weight, part)| (*weight, part)).collect();
        self.any(&parts, wanted)
    }

    fn all(&mut self, parts: &[Query], wanted: bool) -> Result<Box<dyn TantivyQuery>, EngineError> {
        let mut clauses: Vec<(Occur, Box<dyn TantivyQuery>)> = Vec::with_capacity(parts.len() + 1);
        let mut words = Vec::new();
        // Words of which it must have any: they take the filters where no others do.
        let mut any: Option<CountedWords> = None;
        let is_filter =
            |part: &&Query| matches!(part, Query::Days { .. }) || self::plain_label(part).is_some();
        let (filters, others): (Vec<&Query>, Vec<&Query>) = parts.iter().partition(is_filter);
        for part in others {
            clauses.push(match part {
                Query::Not(inner) => (Occur::MustNot, self.node(inner, !wanted)?),
                Query::Words { scope, pattern } => {
                    let query: Box<dyn TantivyQuery> =
                        match self.query_of(*scope, pattern, wanted, 1.0)? {
                            Some(query) if query.is_counted() => {
                                words.push(query);
                                continue;
                            }
                            Some(query) => Box::new(query),
                            None => Box::new(EmptyQuery),
                        };
                    (Occur::Must, query)
                }
                part => {
                    let query = self.node(part, wanted)?;
                    match query.downcast_ref::<CountedWords>() {
                        Some(counted) if any.is_none() => {
                            any = Some(counted.clone());
                            continue;
                        }
                        _ => (Occur::Must, query),
                    }
                }
            });
        }
        let mut counted: Vec<CountedWords> = any.into_iter().collect();
        if !words.is_empty() {
            counted.insert(0, CountedWords::each_of(words));
        }
        for filter in filters {
            let label = plain_label(filter)
                .and_then(|(name, value)| Some((self.fields.label(name)?, value)));
            match (filter, label, counted.first_mut()) {
                (Query::Days { first, last }, _, Some(counted)) => {
                    counted.days.extend(first.map(Days::From));
                    counted.days.extend(last.map(Days::To));
                }
                (_, Some((field, value)), Some(counted)) => {
                    counted.labels.push(Term::from_field_text(field, &label_term(value)));
                }
                _ => clauses.push((Occur::Must, self.node(filter, wanted)?)),
            }
        }
        if clauses.is_empty() && counted.len() == 1 {
            return Ok(Box::new(counted.remove(0)));
        }
        let counted = counted.into_iter().map(|words| (Occur::Must, Box::new(words) as Box<_>));
        clauses.extend(counted);
        // tantivy finds nothing where there are only things that must not match.
        if clauses.iter().all(|(occur, _)| *occur == Occur::MustNot) {
            clauses.push((Occur::Must, silent(Box::new(AllQuery))));
        }
        Ok(Box::new(BooleanQuery::new(clauses)))
    }

    /// What finds a pattern; `None` where the index has none of the words that it needs.
    fn query_of(
        &mut self,
        scope: Scope,
        pattern: &Pattern,
        wanted: bool,
        boost: f32,
    ) -> Result<Option<WordsQuery>, EngineError> {
        let slots = pattern
            .words()
            .into_iter()
            .map(|word| self.set(word))
            .collect::<Result<Vec<_>, EngineError>>()?;
        self.postings += slots.iter().map(|set| set.postings()).sum::<u64>();
        if wanted {
            let rarity = self.rarity(&slots);
            self.sought.push(Sought {
                rarity,
                marked: true,
                scope,
                pattern: pattern.clone(),
                slots: slots.iter().map(|set| set.words.clone()).collect(),
            });
        }
        let possible = |slot: &Arc<WordSet>| !slot.words.is_empty();
        let any = match pattern {
            Pattern::Near { sides, .. } => {
                let mut rest = &slots[..];
                sides.iter().all(|side| {
                    let (mine, others) = rest.split_at(side.size());
                    rest = others;
                    mine.iter().any(possible)
                })
            }
            _ => slots.iter().any(possible),
        };
        if !any {
            return Ok(None);
        }
        let query = WordsQuery {
            field: self.fields.text,
            k1: self.ranking.k1,
            b: self.ranking.b,
            scope,
            pattern: Arc::new(pattern.clone()),
            slots: Arc::new(slots),
            boost,
            deadline: Arc::clone(self.deadline),
            kept: Arc::clone(self.kept),
        };
        if wanted {
            self.parts.push(query.clone());
        }
        Ok(Some(query))
    }

    /// How rare the rarest of some sets of words is, from 0 to 1; large ones count as common.
    fn rarity(&self, slots: &[Arc<WordSet>]) -> f32 {
        let all = (1.0 + self.searcher.num_docs() as f32).ln();
        let rarity = |set: &Arc<WordSet>| 1.0 - (1.0 + set.postings() as f32).ln() / all;
        let small = slots.iter().filter(|set| set.words.len() <= FEW_WORDS);
        small.map(rarity).fold(0.0, f32::max).clamp(0.0, 1.0)
    }

    /// The words of the index that a word of the query stands for.
    fn set(&mut self, word: &Word) -> Result<Arc<WordSet>, EngineError> {
        let written = word.to_string();
        if let Some(known) = self.known.get(&written) {
            return Ok(Arc::clone(known));
        }
        // A set of which there is something to be said is looked up each time.
        let name = format!("{} {written}", self.languages.join(","));
        if let Some(kept) = self.kept.set(&name) {
            self.known.insert(written, Arc::clone(&kept));
            return Ok(kept);
        }
        let notes = self.notes.len();
        let (words, found) = match &word.form {
            Form::Plain(text) if word.exact => self.one(text)?,
            Form::Plain(text) => {
                let failed = |error: tantivy::TantivyError| EngineError::Failed(Box::new(error));
                if self.forms.is_none() {
                    self.forms = Some(
                        Forms::of(self.searcher, self.fields.lang, &self.languages)
                            .map_err(failed)?,
                    );
                }
                match &self.forms {
                    Some(forms) => forms
                        .words(text, self.fields.text, self.searcher, self.deadline)
                        .map_err(failed)?,
                    None => self.one(text)?,
                }
            }
            Form::Wild(shape) => {
                let pattern = glob_regex(shape);
                let prefix: String =
                    shape.chars().take_while(|c| !matches!(c, '*' | '?')).collect();
                self.matching(&written, &prefix, &|text| pattern.is_match(text))?
            }
            Form::Regex(text) => {
                let pattern = Regex::new(&format!("^(?:{text})$"))
                    .map_err(|error| EngineError::Failed(Box::new(error)))?;
                let prefix = literal_prefix(text);
                self.matching(&written, &prefix, &|text| pattern.is_match(text))?
            }
            Form::Fuzzy(text, distance) => self.close(&written, text, *distance)?,
        };
        let favoured = matches!(word.form, Form::Plain(_)) && words.len() > 1;
        let set = Arc::new(WordSet::of(words, favoured, found));
        if self.notes.len() == notes && !self.deadline.missed() {
            self.kept.keep_set(name, &set);
        }
        self.known.insert(written, Arc::clone(&set));
        Ok(set)
    }

    /// A word itself.
    fn one(&self, word: &str) -> Result<(Vec<String>, Found), EngineError> {
        let mut found = Found::default();
        look_for(word, self.fields.text, self.searcher, &mut found)
            .map_err(|error| EngineError::Failed(Box::new(error)))?;
        Ok((vec![word.to_owned()], found))
    }

    /// The words of the index that begin with `prefix` and fit, the commonest first where there
    /// are too many.
    fn matching(
        &mut self,
        written: &str,
        prefix: &str,
        fits: &dyn Fn(&str) -> bool,
    ) -> Result<(Vec<String>, Found), EngineError> {
        let mut found = Found::default();
        for (segment, inverted) in self.inverted()? {
            let mut range = inverted.terms().range().ge(prefix.as_bytes());
            let after = prefix_end(prefix);
            if let Some(after) = &after {
                range = range.lt(after);
            }
            let mut stream = range.into_stream().map_err(unread)?;
            while stream.advance() && !self.deadline.passed() {
                if let Ok(text) = std::str::from_utf8(stream.key())
                    && fits(text)
                {
                    note(&mut found, text, segment, stream.value());
                }
            }
        }
        Ok(self.commonest(written, found))
    }

    /// The words of the index with so many letters other than in `text`, the commonest first where
    /// there are too many.
    ///
    /// The dictionary is walked by an automaton, which leaves out all words that begin otherwise.
    fn close(
        &mut self,
        written: &str,
        text: &str,
        distance: u8,
    ) -> Result<(Vec<String>, Found), EngineError> {
        let failed = |error: tantivy::TantivyError| EngineError::Failed(Box::new(error));
        let mut found = Found::default();
        let term = Term::from_field_text(self.fields.text, text);
        let near = FuzzyTermQuery::new(term, distance, true);
        for (segment, inverted) in self.inverted()? {
            let automaton = near.automaton().map_err(failed)?;
            let mut stream = inverted.terms().search(automaton).into_stream().map_err(unread)?;
            while stream.advance() && !self.deadline.passed() {
                if let Ok(text) = std::str::from_utf8(stream.key()) {
                    note(&mut found, text, segment, stream.value());
                }
            }
        }
        Ok(self.commonest(written, found))
    }

    /// The words of each segment.
    fn inverted(&self) -> Result<Vec<(SegmentId, Arc<InvertedIndexReader>)>, EngineError> {
        let readers = self.searcher.segment_readers().iter();
        let inverted: tantivy::Result<_> = readers
            .map(|reader| Ok((reader.segment_id(), reader.inverted_index(self.fields.text)?)))
            .collect();
        inverted.map_err(|error| EngineError::Failed(Box::new(error)))
    }

    /// The words that were found, as many as one word may stand for.
    fn commonest(&mut self, written: &str, found: Found) -> (Vec<String>, Found) {
        let postings = |terms: &[(SegmentId, TermInfo)]| -> u64 {
            terms.iter().map(|(_, term)| u64::from(term.doc_freq)).sum()
        };
        let mut words: Vec<(String, u64)> =
            found.iter().map(|(word, terms)| (word.clone(), postings(terms))).collect();
        if words.len() > MOST_WORDS {
            self.notes.push(format!(
                "{written} stands for {} words; the {MOST_WORDS} commonest were taken",
                words.len()
            ));
            words.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(&b.0)));
            words.truncate(MOST_WORDS);
        }
        (words.into_iter().map(|(word, _)| word).collect(), found)
    }

    fn label(
        &mut self,
        name: &str,
        value: &str,
        glob: bool,
    ) -> Result<Box<dyn TantivyQuery>, EngineError> {
        let Some(field) = self.fields.label(name) else { return Ok(Box::new(EmptyQuery)) };
        if name == "id" && !glob && (4..=16).contains(&value.len()) && is_hex(value) {
            let own = term_query(field, value);
            let short = silent(Box::new(TermSetQuery::new(self.keys(value)?)));
            return Ok(Box::new(BooleanQuery::union(vec![own, short])));
        }
        if !glob {
            return Ok(term_query(field, &label_term(value)));
        }
        let pattern = glob_regex(value);
        let prefix: String = value.chars().take_while(|c| !matches!(c, '*' | '?')).collect();
        let terms = self.terms(field, &prefix, &|text| pattern.is_match(text))?;
        Ok(silent(Box::new(TermSetQuery::new(terms))))
    }

    /// The short ids that begin so.
    fn keys(&self, prefix: &str) -> Result<Vec<Term>, EngineError> {
        self.terms(self.fields.key, prefix, &|_| true)
    }

    fn terms(
        &self,
        field: Field,
        prefix: &str,
        fits: &dyn Fn(&str) -> bool,
    ) -> Result<Vec<Term>, EngineError> {
        let mut terms = Vec::new();
        for reader in self.searcher.segment_readers() {
            let inverted = reader
                .inverted_index(field)
                .map_err(|error| EngineError::Failed(Box::new(error)))?;
            let mut range = inverted.terms().range().ge(prefix.as_bytes());
            let after = prefix_end(prefix);
            if let Some(after) = &after {
                range = range.lt(after);
            }
            let mut stream =
                range.into_stream().map_err(|error| EngineError::Failed(Box::new(error)))?;
            while stream.advance() && !self.deadline.passed() {
                if let Ok(text) = std::str::from_utf8(stream.key())
                    && fits(text)
                {
                    terms.push(Term::from_field_text(field, text));
                }
            }
        }
        Ok(terms)
    }

    fn days(&self, first: Option<i64>, last: Option<i64>) -> Box<dyn TantivyQuery> {
        let mut clauses = Vec::new();
        if let Some(first) = first {
            clauses.push(Numbers::new(
                Bound::Included(Term::from_field_i64(self.fields.day, first)),
                Bound::Unbounded,
            ));
        }
        if let Some(last) = last {
            clauses.push(Numbers::new(
                Bound::Unbounded,
                Bound::Included(Term::from_field_i64(self.fields.day_last, last)),
            ));
        }
        let clauses: Vec<(Occur, Box<dyn TantivyQuery>)> =
            clauses.into_iter().map(|range| (Occur::Must, Box::new(range) as _)).collect();
        silent(Box::new(BooleanQuery::new(clauses)))
    }
}

/// The name and the value of a label that stands for itself.
fn plain_label(query: &Query) -> Option<(&str, &str)> {
    match query {
        Query::Label { field, value, glob: false } if field != "id" => Some((field, value)),
        _ => None,
    }
}

fn unread(error: std::io::Error) -> EngineError {
    EngineError::Failed(Box::new(error))
}

fn is_hex(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii_hexdigit())
}

/// The first text after all those that begin with `prefix`.
pub(super) fn prefix_end(prefix: &str) -> Option<Vec<u8>> {
    let mut end = prefix.as_bytes().to_vec();
    while let Some(last) = end.pop() {
        if last < u8::MAX {
            end.push(last + 1);
            return Some(end);
        }
    }
    None
}

fn glob_regex(shape: &str) -> Regex {
    let mut text = String::from("^(?s:");
    for c in shape.chars() {
        match c {
            '*' => text.push_str(".*"),
            '?' => text.push('.'),
            c => text.push_str(&regex::escape(c.encode_utf8(&mut [0; 4]))),
        }
    }
    text.push_str(")$");
    Regex::new(&text).expect("an escaped text with .* and . is a regular expression")
}

/// The letters that every match of a regular expression begins with.
fn literal_prefix(text: &str) -> String {
    if text.contains('|') {
        return String::new();
    }
    let letters: Vec<char> = text.chars().take_while(|c| c.is_alphanumeric()).collect();
    let open = text.chars().nth(letters.len()).is_some_and(|c| matches!(c, '*' | '?' | '{'));
    letters[..letters.len() - usize::from(open && !letters.is_empty())].iter().collect()
}
