//! The other forms of a word: those words of the index that have the same stem.
//!
//! The index holds words as they stand. A word of a query becomes the set of words with its stem,
//! found in the dictionary by the first letters and checked with the stemmers of the languages
//! that the index holds.

use frostem::{Algorithm, Stemmer};
use rustc_hash::FxHashMap;
use tantivy::Searcher;
use tantivy::schema::Field;

use super::deadline::Deadline;
use super::sets::{Found, look_for, note};

/// A language counts from this share of the articles on, in percent.
const LEAST_SHARE: u64 = 2;

/// How many letters a form may be longer than the stem.
const LONGEST_ENDING: usize = 10;

/// English words that begin otherwise than their stem (`die`, `lie` ...): over two dictionaries of
/// English the only ones that the prefix of a stem does not lead to.
const STRAYS: [&str; 4] = ["dying", "lying", "tying", "vying"];

/// The stemmers of an index.
pub(super) struct Forms {
    stemmers: Vec<(Algorithm, Stemmer)>,
}

/// The Snowball algorithm of a language, by its ISO 639-1 code.
fn algorithm(code: &str) -> Option<Algorithm> {
    Some(match code {
        "en" => Algorithm::English,
        "es" => Algorithm::Spanish,
        "fr" => Algorithm::French,
        "de" => Algorithm::German,
        "it" => Algorithm::Italian,
        "pt" => Algorithm::Portuguese,
        "nl" => Algorithm::Dutch,
        "sv" => Algorithm::Swedish,
        "no" | "nb" | "nn" => Algorithm::Norwegian,
        "da" => Algorithm::Danish,
        "fi" => Algorithm::Finnish,
        "ru" => Algorithm::Russian,
        _ => return None,
    })
}

impl Forms {
    /// The stemmers of some languages, or else of those that the articles are in; English where
    /// none is known.
    pub fn of(searcher: &Searcher, lang: Field, asked: &[String]) -> tantivy::Result<Self> {
        let stemmer = |algorithm| (algorithm, Stemmer::new(algorithm));
        let asked: Vec<(Algorithm, Stemmer)> =
            asked.iter().filter_map(|code| algorithm(code)).map(stemmer).collect();
        if !asked.is_empty() {
            return Ok(Self { stemmers: asked });
        }
        let mut counts: std::collections::BTreeMap<String, u64> = std::collections::BTreeMap::new();
        for reader in searcher.segment_readers() {
            let inverted = reader.inverted_index(lang)?;
            let mut stream = inverted.terms().stream()?;
            while stream.advance() {
                if let Ok(code) = std::str::from_utf8(stream.key()) {
                    *counts.entry(code.to_owned()).or_default() +=
                        u64::from(stream.value().doc_freq);
                }
            }
        }
        let all: u64 = counts.values().sum();
        let mut stemmers: Vec<(Algorithm, Stemmer)> = counts
            .iter()
            .filter(|(_, count)| **count * 100 >= all * LEAST_SHARE)
            .filter_map(|(code, _)| algorithm(code))
            .map(stemmer)
            .collect();
        if stemmers.is_empty() {
            stemmers.push(stemmer(Algorithm::English));
        }
        Ok(Self { stemmers })
    }

    /// The stem of a word in the first language of the index.
    pub fn stem(&self, word: &str) -> String {
        self.stemmers
            .first()
            .map_or_else(|| word.to_owned(), |(_, stemmer)| stemmer.stem(word).into_owned())
    }

    /// The words of the index with the stem of `word`, the word itself first, and where they are.
    pub fn words(
        &self,
        word: &str,
        field: Field,
        searcher: &Searcher,
        deadline: &Deadline,
    ) -> tantivy::Result<(Vec<String>, Found)> {
        let readers = searcher.segment_readers();
        let mut found = Found::default();
        if word.chars().any(char::is_alphabetic) && !word.chars().any(crate::words::stands_alone) {
            for (algorithm, stemmer) in &self.stemmers {
                let english = *algorithm == Algorithm::English;
                let stem = stemmer.stem(word).into_owned();
                let strays = STRAYS.iter().filter(|stray| **stray != word);
                for stray in strays.filter(|stray| stemmer.stem(stray) == stem) {
                    look_for(stray, field, searcher, &mut found)?;
                }
                // Segments have most words in common.
                let mut seen: FxHashMap<Box<[u8]>, bool> = FxHashMap::default();
                let near = prefix_of(&stem, word, english);
                let far = (!stem.starts_with(near)).then(|| prefix_of(&stem, &stem, english));
                let prefixes = std::iter::once(near).chain(far);
                for (prefix, reader) in prefixes.flat_map(|p| readers.iter().map(move |r| (p, r))) {
                    let inverted = reader.inverted_index(field)?;
                    let mut range = inverted.terms().range().ge(prefix.as_bytes());
                    let after = super::compile::prefix_end(prefix);
                    if let Some(after) = &after {
                        range = range.lt(after);
                    }
                    let mut stream = range.into_stream()?;
                    while stream.advance() && !deadline.passed() {
                        let key = stream.key();
                        if key.len() > stem.len() + LONGEST_ENDING {
                            continue;
                        }
                        let is_form = match seen.get(key) {
                            Some(known) => *known,
                            None => {
                                let is_form = std::str::from_utf8(key)
                                    .is_ok_and(|form| form != word && stemmer.stem(form) == stem);
                                seen.insert(key.into(), is_form);
                                is_form
                            }
                        };
                        if is_form && let Ok(form) = std::str::from_utf8(key) {
                            note(&mut found, form, reader.segment_id(), stream.value());
                        }
                    }
                }
            }
        }
        let mut words = vec![word.to_owned()];
        words.extend(found.keys().cloned());
        look_for(word, field, searcher, &mut found)?;
        Ok((words, found))
    }
}

/// The letters that all forms are taken to begin with: the stem less its last letter, where an
/// ending may change that (`happi`, `happy`), and never less than two letters.
///
/// In English it changes only `e`, `i`, `y` and `bl` (`possibility`, `possibl`): seen over the 74,547 words of
/// an archive.
fn prefix_of<'w>(stem: &str, word: &'w str, english: bool) -> &'w str {
    let shared = stem.chars().zip(word.chars()).take_while(|(a, b)| a == b).count();
    let changes = !english || (stem.ends_with(['e', 'i', 'y']) || stem.ends_with("bl"));
    let length = shared.min(stem.chars().count().saturating_sub(usize::from(changes))).max(2);
    word.char_indices().nth(length).map_or(word, |(at, _)| &word[..at])
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn forms_begin_with_what_the_stem_keeps() {
        let stem = |word: &str| Stemmer::new(Algorithm::English).stem(word).into_owned();
        for (word, prefix) in [
            ("negotiating", "negoti"),
            ("happy", "happ"),
            ("tax", "tax"),
            ("go", "go"),
            ("skies", "sk"),
        ] {
            let prefix_of = prefix_of(&stem(word), word, true);
            assert!(prefix.starts_with(prefix_of), "{word}: {prefix_of}");
        }
    }
}
