//! The fields of the tantivy index, and how an article becomes a document of it.

use std::borrow::Cow;
use std::ops::Range;

use tantivy::TantivyDocument;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};

use crate::article::{Article, Origin};
use crate::words::fold_label;

/// The longest label that is kept as it is, in bytes; a longer one is kept as its digest.
///
/// tantivy 0.27 leaves out terms past 65,530 bytes without a word.
const LONGEST_LABEL: usize = 1000;

/// The fields by which fiche keeps an article in tantivy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fields {
    /// All words with their positions; see [`Region`].
    pub text: Field,
    pub section: Field,
    pub source: Field,
    pub lang: Field,
    pub kind: Field,
    pub topic: Field,
    pub url: Field,
    pub path: Field,
    pub root: Field,
    pub id: Field,
    /// The short id of the origin, in hexadecimal digits.
    pub key: Field,
    /// The same as a number, by which the groups of like articles name it.
    pub number: Field,
    /// The names of the fields that the article has.
    pub has: Field,
    /// The number of the file it came from.
    pub file: Field,
    /// The first and the last day of publication.
    pub day: Field,
    pub day_last: Field,
    pub words: Field,
    /// Labels as printed, for counts and for the order of ids.
    pub section_shown: Field,
    pub source_shown: Field,
    pub author_shown: Field,
    pub lang_shown: Field,
    pub id_shown: Field,
    /// The article itself, in postcard.
    pub article: Field,
}

/// The name of the column of numbers of origins.
pub(super) const NUMBER: &str = "number";

/// The name of the tokenizer in the index's schema; it is never asked for, since fiche takes texts
/// apart itself.
const TOKENIZER: &str = "fiche";

impl Fields {
    /// The fields and the tantivy schema that holds them.
    pub fn declare() -> (Self, Schema) {
        let mut schema = Schema::builder();
        let indexing = TextFieldIndexing::default()
            .set_tokenizer(TOKENIZER)
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text =
            schema.add_text_field("text", TextOptions::default().set_indexing_options(indexing));
        let mut label = |name: &str| {
            let indexing = TextFieldIndexing::default()
                .set_tokenizer("raw")
                .set_fieldnorms(false)
                .set_index_option(IndexRecordOption::Basic);
            schema.add_text_field(name, TextOptions::default().set_indexing_options(indexing))
        };
        let [section, source, lang, kind, topic, url, path, root, id, key, has] = [
            "section", "source", "lang", "kind", "topic", "url", "path", "root", "id", "key", "has",
        ]
        .map(&mut label);
        let file = schema.add_u64_field("file", NumericOptions::default().set_indexed());
        let fast = NumericOptions::default().set_fast();
        let day = schema.add_i64_field("day", fast.clone());
        let day_last = schema.add_i64_field("day_last", fast.clone());
        let words = schema.add_u64_field("words", fast.clone());
        let number = schema.add_u64_field(NUMBER, fast);
        let mut shown =
            |name: &str| schema.add_text_field(name, TextOptions::default().set_fast("raw"));
        let [section_shown, source_shown, author_shown, lang_shown, id_shown] =
            ["section_shown", "source_shown", "author_shown", "lang_shown", "id_shown"]
                .map(&mut shown);
        let article = schema.add_bytes_field("article", STORED);
        let fields = Self {
            text,
            section,
            source,
            lang,
            kind,
            topic,
            url,
            path,
            root,
            id,
            key,
            number,
            has,
            file,
            day,
            day_last,
            words,
            section_shown,
            source_shown,
            author_shown,
            lang_shown,
            id_shown,
            article,
        };
        (fields, schema.build())
    }

    /// The field of labels that the query language calls so.
    pub fn label(&self, name: &str) -> Option<Field> {
        Some(match name {
            "section" => self.section,
            "source" => self.source,
            "lang" => self.lang,
            "kind" => self.kind,
            "topic" => self.topic,
            "url" => self.url,
            "path" => self.path,
            "root" => self.root,
            "id" => self.id,
            _ => return None,
        })
    }

    /// Hands out the labels by which an article is found, each as a term; `key` is its short id.
    pub fn labels(&self, article: &Article, key: &str, each: &mut dyn FnMut(Field, &str)) {
        let mut has = |name: &str, there: bool| {
            if there {
                each(self.has, name);
            }
        };
        let host = host(&article.url);
        has("headline", !article.headline.is_empty());
        has("body", !article.body.is_empty());
        has("author", !article.authors.is_empty());
        has("section", !article.section.is_empty());
        has("source", !article.source.is_empty() || host.is_some());
        has("date", article.published.is_some());
        has("lang", !article.language.is_empty());
        has("kind", !article.kind.is_empty());
        has("topic", !article.topics.is_empty());
        has("url", !article.url.is_empty());
        has("root", !article.origin.root.is_empty());
        has("path", !article.origin.path.is_empty());
        has("id", !article.id.is_empty());
        has("len", article.words() > 0);

        for part in paths(&fold_label(&article.section)) {
            each(self.section, &label_term(part));
        }
        for source in [&article.source[..], host.unwrap_or("")] {
            if !source.is_empty() {
                each(self.source, &label_term(&fold_label(source)));
            }
        }
        for (field, value) in [(self.lang, &article.language), (self.kind, &article.kind)] {
            if !value.is_empty() {
                each(field, &label_term(&fold_label(value)));
            }
        }
        for topic in &article.topics {
            each(self.topic, &label_term(&fold_label(topic)));
        }
        for part in paths(&fold_label(bare_url(&article.url))) {
            each(self.url, &label_term(part));
        }
        for part in paths(&fold_label(&article.origin.path)) {
            each(self.path, &label_term(part));
        }
        each(self.root, &label_term(&fold_label(&article.origin.root)));
        each(self.id, &label_term(&fold_label(&article.id)));
        each(self.key, key);
    }

    /// The columns of an article, and what is stored of it; `number` is that of its origin.
    pub fn document(&self, article: &Article, number: u64, stored: &[u8]) -> TantivyDocument {
        let mut document = TantivyDocument::with_capacity(stored.len() + 1024);
        document.add_u64(self.number, number);
        if let Some(date) = article.published {
            document.add_i64(self.day, date.first_day());
            document.add_i64(self.day_last, date.last_day());
        }
        document.add_u64(self.words, article.words());
        for (field, value) in [
            (self.section_shown, &article.section),
            (self.source_shown, &article.source),
            (self.lang_shown, &article.language),
            (self.id_shown, &article.id),
        ] {
            if !value.is_empty() {
                document.add_text(field, shown(value));
            }
        }
        for author in &article.authors {
            document.add_text(self.author_shown, shown(author));
        }
        document.add_bytes(self.article, stored);
        document
    }
}

/// A label cut to what a column holds; the article itself keeps it whole.
fn shown(value: &str) -> &str {
    &value[..value.floor_char_boundary(LONGEST_LABEL)]
}

/// A folded label as a term.
pub(super) fn label_term(folded: &str) -> Cow<'_, str> {
    if folded.len() <= LONGEST_LABEL {
        Cow::Borrowed(folded)
    } else {
        Cow::Owned(format!(
            "{}{}",
            &folded[..folded.floor_char_boundary(64)],
            blake3::hash(folded.as_bytes()).to_hex()
        ))
    }
}

/// A path and each part of it that ends before a `/`.
fn paths(folded: &str) -> impl Iterator<Item = &str> {
    let whole = folded.trim_end_matches('/');
    whole
        .char_indices()
        .filter(|(at, c)| *c == '/' && *at > 0)
        .map(|(at, _)| &whole[..at])
        .chain((!whole.is_empty()).then_some(whole))
}

/// An address without its scheme and `www.`.
fn bare_url(url: &str) -> &str {
    let url = url.split_once("://").map_or(url, |(_, rest)| rest);
    url.strip_prefix("www.").unwrap_or(url)
}

/// The host of an address.
fn host(url: &str) -> Option<&str> {
    let (_, rest) = url.split_once("://")?;
    let host = rest.split(['/', '?', '#']).next()?;
    let host = host.strip_prefix("www.").unwrap_or(host);
    (!host.is_empty()).then_some(host)
}

/// The short id of an origin, in hexadecimal digits: the same in every index of that archive.
pub(super) fn key(origin: &Origin) -> String {
    key_of(number(origin))
}

/// The short id of an origin's number.
pub(super) fn key_of(number: u64) -> String {
    format!("{number:016x}")
}

/// The number of an origin: the first eight bytes of its digest.
pub(super) fn number(origin: &Origin) -> u64 {
    let mut hasher = blake3::Hasher::new();
    for part in [&origin.root, "\0", &origin.path, "\0"] {
        hasher.update(part.as_bytes());
    }
    hasher.update(&origin.part.unwrap_or(0).to_le_bytes());
    let mut first = [0; 8];
    hasher.finalize_xof().fill(&mut first);
    u64::from_be_bytes(first)
}

/// The position of the `number`th word of a region.
pub(super) fn position(region: &Range<u32>, number: u32) -> u32 {
    region.start.saturating_add(number).min(region.end - 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_has_its_parts() {
        assert_eq!(paths("world/asia/").collect::<Vec<_>>(), ["world", "world/asia"]);
        assert_eq!(paths("").count(), 0);
        assert_eq!(host("https://www.example.org/a"), Some("example.org"));
    }
}
