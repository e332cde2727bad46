//! The fields of the tantivy index, and how an article becomes a document of it.

use std::ops::Range;
use std::sync::Arc;

use tantivy::TantivyDocument;
use tantivy::schema::{
    Field, IndexRecordOption, NumericOptions, STORED, Schema, TextFieldIndexing, TextOptions,
};
use tantivy::tokenizer::{Token, TokenStream, Tokenizer};

use super::afloat::Afloat;
use crate::article::{Article, Origin};
use crate::ledger::FileNumber;
use crate::words::{Region, Texts, Words, fold_label};

/// Parts the regions of the text in the one value that is handed to tantivy.
const PART: char = '\u{1f}';

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

/// The name of the tokenizer in the index's schema.
pub(super) const TOKENIZER: &str = "fiche";

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

    /// An article as tantivy keeps it, and the bytes of its text.
    pub fn document(
        &self,
        article: &Article,
        file: FileNumber,
    ) -> Result<(TantivyDocument, usize), postcard::Error> {
        let texts = Texts::of(article);
        let mut document = TantivyDocument::with_capacity(2 * texts.body.len() + 4096);
        let mut all =
            String::with_capacity(texts.headline.len() + texts.byline.len() + texts.body.len() + 2);
        for region in Region::ALL {
            if region != Region::Headline {
                all.push(PART);
            }
            let text = texts.region(region);
            if text.contains(PART) {
                all.push_str(&text.replace(PART, " "));
            } else {
                all.push_str(text);
            }
        }
        let size = all.len();
        document.add_text(self.text, all);

        let mut has = |name: &str, there: bool| {
            if there {
                document.add_text(self.has, name);
            }
        };
        has("headline", !article.headline.is_empty());
        has("body", !article.body.is_empty());
        has("author", !article.authors.is_empty());
        has("section", !article.section.is_empty());
        has("source", !article.source.is_empty() || host(&article.url).is_some());
        has("date", article.published.is_some());
        has("lang", !article.language.is_empty());
        has("kind", !article.kind.is_empty());
        has("topic", !article.topics.is_empty());
        has("url", !article.url.is_empty());
        has("root", !article.origin.root.is_empty());
        has("path", !article.origin.path.is_empty());
        has("id", !article.id.is_empty());
        let words = article.words();
        has("len", words > 0);

        for part in paths(&fold_label(&article.section)) {
            document.add_text(self.section, label_term(part));
        }
        if !article.source.is_empty() {
            document.add_text(self.source, label_term(&fold_label(&article.source)));
        }
        if let Some(host) = host(&article.url) {
            document.add_text(self.source, label_term(&fold_label(host)));
        }
        for (field, value) in [(self.lang, &article.language), (self.kind, &article.kind)] {
            if !value.is_empty() {
                document.add_text(field, label_term(&fold_label(value)));
            }
        }
        for topic in &article.topics {
            document.add_text(self.topic, label_term(&fold_label(topic)));
        }
        for part in paths(&fold_label(bare_url(&article.url))) {
            document.add_text(self.url, label_term(part));
        }
        for part in paths(&fold_label(&article.origin.path)) {
            document.add_text(self.path, label_term(part));
        }
        document.add_text(self.root, label_term(&fold_label(&article.origin.root)));
        document.add_text(self.id, label_term(&fold_label(&article.id)));
        let number = number(&article.origin);
        document.add_text(self.key, key_of(number));
        document.add_u64(self.number, number);
        document.add_u64(self.file, file);
        if let Some(date) = article.published {
            document.add_i64(self.day, date.first_day());
            document.add_i64(self.day_last, date.last_day());
        }
        document.add_u64(self.words, words);
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
        let room = Vec::with_capacity(article.body.len() + 1024);
        document.add_bytes(self.article, &postcard::to_extend(article, room)?);
        Ok((document, size))
    }
}

/// A label cut to what a column holds; the article itself keeps it whole.
fn shown(value: &str) -> &str {
    &value[..value.floor_char_boundary(LONGEST_LABEL)]
}

/// A folded label as a term.
pub(super) fn label_term(folded: &str) -> String {
    if folded.len() <= LONGEST_LABEL {
        folded.to_owned()
    } else {
        format!(
            "{}{}",
            &folded[..folded.floor_char_boundary(64)],
            blake3::hash(folded.as_bytes()).to_hex()
        )
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

/// Walks the words of the regions, each at its position, those of the headline counted as often as
/// the ranking says.
#[derive(Debug, Clone)]
pub(super) struct ArticleTokenizer {
    /// How often a word of the headline is given, all at one position.
    pub headline: u32,
    /// Is told of each text that is taken.
    pub afloat: Arc<Afloat>,
}

/// The words of one article.
pub(super) struct ArticleTokens<'a> {
    parts: [&'a str; 3],
    region: usize,
    words: Words<'a>,
    position: u32,
    copies: u32,
    headline: u32,
    token: Token,
}

impl Tokenizer for ArticleTokenizer {
    type TokenStream<'a> = ArticleTokens<'a>;

    fn token_stream<'a>(&'a mut self, text: &'a str) -> ArticleTokens<'a> {
        self.afloat.take(text.len());
        let mut parts = text.splitn(3, PART);
        let parts = [(); 3].map(|()| parts.next().unwrap_or(""));
        ArticleTokens {
            parts,
            region: 0,
            words: Words::new(parts[0]),
            position: 0,
            copies: 0,
            headline: self.headline.max(1),
            token: Token::default(),
        }
    }
}

/// The position of the `number`th word of a region.
pub(super) fn position(region: &Range<u32>, number: u32) -> u32 {
    region.start.saturating_add(number).min(region.end - 1)
}

impl TokenStream for ArticleTokens<'_> {
    fn advance(&mut self) -> bool {
        if self.copies > 0 {
            self.copies -= 1;
            return true;
        }
        loop {
            if let Some(place) = self.words.advance() {
                let region = Region::ALL[self.region];
                self.token.offset_from = place.start;
                self.token.offset_to = place.end;
                self.token.position = position(&region.positions(), self.position) as usize;
                self.position += 1;
                self.words.folded_into(&mut self.token.text);
                if region == Region::Headline {
                    self.copies = self.headline - 1;
                }
                return true;
            }
            if self.region == 2 {
                return false;
            }
            self.region += 1;
            self.position = 0;
            self.words = Words::new(self.parts[self.region]);
        }
    }

    fn token(&self) -> &Token {
        &self.token
    }

    fn token_mut(&mut self) -> &mut Token {
        &mut self.token
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_stand_at_the_positions_of_their_region() {
        let mut tokenizer = ArticleTokenizer { headline: 2, afloat: Arc::default() };
        let mut stream = tokenizer.token_stream("Old Sea\u{1f}Ada\u{1f}The sea");
        let mut found = Vec::new();
        while stream.advance() {
            found.push((stream.token().position, stream.token().text.clone()));
        }
        let expected = [
            (0, "old"),
            (0, "old"),
            (1, "sea"),
            (1, "sea"),
            (192, "ada"),
            (256, "the"),
            (257, "sea"),
        ];
        assert_eq!(found, expected.map(|(at, word)| (at, word.to_owned())));
    }

    #[test]
    fn a_path_has_its_parts() {
        assert_eq!(paths("world/asia/").collect::<Vec<_>>(), ["world", "world/asia"]);
        assert_eq!(paths("").count(), 0);
        assert_eq!(host("https://www.example.org/a"), Some("example.org"));
    }
}
