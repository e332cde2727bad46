//! A bare tantivy writer: the fields of an article, its text stored, and nothing else done.
#![allow(dead_code, reason = "each benchmark uses some of it")]

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use tantivy::schema::{
    IndexRecordOption, NumericOptions, STORED, STRING, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::store::{Compressor, ZstdCompressor};
use tantivy::tokenizer::{
    LowerCaser, RemoveLongFilter, SimpleTokenizer, TextAnalyzer, Token, TokenFilter, TokenStream,
    Tokenizer,
};
use tantivy::{Index, IndexSettings, TantivyDocument, doc};

/// tantivy's own stemming filter, whose crate feature fiche does without: the same stemmer, asked
/// for each word.
#[derive(Clone)]
struct Stems;

impl TokenFilter for Stems {
    type Tokenizer<T: Tokenizer> = Stemming<T>;

    fn transform<T: Tokenizer>(self, inner: T) -> Stemming<T> {
        Stemming { inner, stemmer: frostem::Stemmer::new(frostem::Algorithm::English) }
    }
}

#[derive(Clone)]
struct Stemming<T> {
    inner: T,
    stemmer: frostem::Stemmer,
}

impl<T: Tokenizer> Tokenizer for Stemming<T> {
    type TokenStream<'a> = StemStream<'a, T::TokenStream<'a>>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> Self::TokenStream<'a> {
        StemStream { tail: self.inner.token_stream(text), stemmer: &self.stemmer }
    }
}

struct StemStream<'a, T> {
    tail: T,
    stemmer: &'a frostem::Stemmer,
}

impl<T: TokenStream> TokenStream for StemStream<'_, T> {
    fn advance(&mut self) -> bool {
        if !self.tail.advance() {
            return false;
        }
        let token = self.tail.token_mut();
        let stem = self.stemmer.stem(&token.text).into_owned();
        token.text.clear();
        token.text.push_str(&stem);
        true
    }

    fn token(&self) -> &Token {
        self.tail.token()
    }

    fn token_mut(&mut self) -> &mut Token {
        self.tail.token_mut()
    }
}

/// tantivy's `en_stem`.
pub fn stemming() -> TextAnalyzer {
    TextAnalyzer::builder(SimpleTokenizer::default())
        .filter(RemoveLongFilter::limit(40))
        .filter(LowerCaser)
        .filter(Stems)
        .build()
}

/// Builds an index of a corpus in JSONL at `place`; `tokenizer` is `default`, `en_stem`, or `both`:
/// words as they are, and beside them in fields of their own their stems.
pub fn build(corpus: &Path, place: &Path, tokenizer: &str, threads: usize, memory: usize) {
    let both = tokenizer == "both";
    let tokenizer = if both { "default" } else { tokenizer };
    let mut schema = Schema::builder();
    let indexing = TextFieldIndexing::default()
        .set_tokenizer(tokenizer)
        .set_index_option(IndexRecordOption::WithFreqsAndPositions);
    let text = TextOptions::default().set_indexing_options(indexing);
    let stems = both.then(|| {
        let indexing = TextFieldIndexing::default()
            .set_tokenizer("en_stem")
            .set_index_option(IndexRecordOption::WithFreqsAndPositions);
        let text = TextOptions::default().set_indexing_options(indexing);
        [("headline", "headline_stems"), ("body", "body_stems")]
            .map(|(of, name)| (of, schema.add_text_field(name, text.clone())))
    });
    let headline = schema.add_text_field("headline", text.clone() | STORED);
    let body = schema.add_text_field("body", text | STORED);
    let fast = STRING | TextOptions::default().set_fast("raw") | STORED;
    let section = schema.add_text_field("section", fast.clone());
    let author = schema.add_text_field("author", fast.clone());
    let id = schema.add_text_field("id", fast);
    let day = schema.add_i64_field("day", NumericOptions::default().set_fast().set_stored());
    let settings = IndexSettings {
        docstore_compression: Compressor::Zstd(ZstdCompressor { compression_level: Some(3) }),
        ..IndexSettings::default()
    };
    std::fs::create_dir_all(place).unwrap();
    let index =
        Index::builder().schema(schema.build()).settings(settings).create_in_dir(place).unwrap();
    index.tokenizers().register("en_stem", stemming());
    let mut writer = index.writer_with_num_threads::<TantivyDocument>(threads, memory).unwrap();
    for line in BufReader::with_capacity(1 << 20, File::open(corpus).unwrap()).lines() {
        let record: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap();
        let text = |name: &str| record[name].as_str().unwrap_or("").to_owned();
        let mut document = doc!(
            headline => text("headline"),
            body => text("body"),
            section => text("section"),
            id => record["id"].to_string(),
        );
        for (of, field) in stems.into_iter().flatten() {
            document.add_text(field, text(of));
        }
        for name in record["authors"].as_array().into_iter().flatten() {
            document.add_text(author, name.as_str().unwrap_or(""));
        }
        if let Ok(date) = text("date").parse::<fiche::article::Date>() {
            document.add_i64(day, date.first_day());
        }
        writer.add_document(document).unwrap();
    }
    writer.commit().unwrap();
    writer.wait_merging_threads().unwrap();
}
