//! Articles become segments of tantivy: threads that take articles apart, and the files that they
//! write.
//!
//! tantivy's own writer does not take part in this; it is handed the segments once they are whole.

use std::io;
use std::sync::Arc;
use std::thread::{Builder, JoinHandle};

use crossbeam_channel::{Receiver, Sender, bounded, unbounded};
use tantivy::directory::TerminatingWrite;
use tantivy::fastfield::FastFieldsWriter;
use tantivy::fieldnorm::{FieldNormsSerializer, FieldNormsWriter};
use tantivy::index::SegmentComponent;
use tantivy::postings::InvertedIndexSerializer;
use tantivy::schema::Field;
use tantivy::store::StoreWriter;
use tantivy::{DocId, Index, Segment, SegmentMeta, TantivyError, Term};

use super::fields::{self, Fields};
use super::postings::{Labels, Text};
use super::sketches::{Row, Rows};
use super::stored::{Packer, Packing};
use crate::article::Article;
use crate::ledger::FileNumber;
use crate::likeness::Sketcher;
use crate::words::{Region, Texts, Words};

/// Articles are handed over in bundles of so many, or of so many bytes of text, since to wake a thread costs as
/// much as to take a short article apart; so many bundles wait.
const BUNDLE: usize = 16;
const BUNDLE_BYTES: usize = 64 << 10;
const WAITING: usize = 2;
/// The most articles of a segment that is written at once.
const MOST: DocId = 1 << 20;

/// How segments are built.
#[derive(Clone)]
pub(super) struct Plan {
    pub index: Index,
    pub fields: Fields,
    /// How often a word of the headline counts.
    pub headline: u32,
    /// Threads that build, 1 and up.
    pub threads: usize,
    /// Bytes that each of them may hold.
    pub memory: usize,
    /// What articles are packed with, once there is such a thing.
    pub packing: Option<Arc<Packing>>,
}

/// Articles with the files that they come from.
type Bundle = Vec<(Box<Article>, FileNumber)>;

/// The threads that build segments.
pub(super) struct Builders {
    articles: Sender<Bundle>,
    /// What is not handed over yet, and the bytes of its texts.
    bundle: Bundle,
    bytes: usize,
    noted: Receiver<Rows>,
    built: Receiver<tantivy::Result<SegmentMeta>>,
    threads: Vec<JoinHandle<()>>,
}

impl Builders {
    /// Starts them.
    pub fn start(plan: &Plan) -> io::Result<Self> {
        let (articles, articles_out) = bounded(WAITING);
        let (noted_in, noted) = unbounded();
        let (built_in, built) = unbounded();
        let mut threads = Vec::new();
        for number in 0..plan.threads {
            let work = Work {
                plan: plan.clone(),
                articles: articles_out.clone(),
                waiting: Vec::new().into_iter(),
                noted: Some(noted_in.clone()),
                built: built_in.clone(),
            };
            let thread = Builder::new().name(format!("fiche-build-{number}"));
            threads.push(thread.spawn(move || work.run())?);
        }
        Ok(Self { articles, bundle: Vec::new(), bytes: 0, noted, built, threads })
    }

    /// Hands an article of a file to them; `false` where none of them goes on, for a reason that
    /// [`Builders::built`] tells.
    pub fn put(&mut self, article: Box<Article>, file: FileNumber) -> bool {
        self.bytes += article.body.len();
        self.bundle.push((article, file));
        if self.bundle.len() < BUNDLE && self.bytes < BUNDLE_BYTES {
            return true;
        }
        self.bytes = 0;
        self.articles.send(std::mem::take(&mut self.bundle)).is_ok()
    }

    /// A segment that was built meanwhile, or why one could not be.
    pub fn built(&self) -> Option<tantivy::Result<SegmentMeta>> {
        self.built.try_recv().ok()
    }

    /// What was noted meanwhile of articles, for the groups of those that are alike.
    pub fn noted(&self) -> impl Iterator<Item = Rows> {
        self.noted.try_iter()
    }

    /// Says that no article comes any more. What was noted of those that came is all there once
    /// [`Ending::noted`] returns, the segments once [`Ending::built`] does.
    pub fn end(self) -> Ending {
        let Self { articles, bundle, noted, built, threads, .. } = self;
        // Where no thread takes it, one failed, and [`Ending::built`] has the reason.
        drop(articles.send(bundle));
        drop(articles);
        Ending { noted, built, threads }
    }
}

/// Threads that finish their last segments.
pub(super) struct Ending {
    noted: Receiver<Rows>,
    built: Receiver<tantivy::Result<SegmentMeta>>,
    threads: Vec<JoinHandle<()>>,
}

impl Ending {
    /// What was noted of all articles that were not told of yet.
    pub fn noted(&self) -> impl Iterator<Item = Rows> {
        self.noted.iter()
    }

    /// The last segments.
    pub fn built(self) -> tantivy::Result<Vec<SegmentMeta>> {
        let segments: Vec<SegmentMeta> = self.built.iter().collect::<tantivy::Result<_>>()?;
        for thread in self.threads {
            let panicked = |_| TantivyError::ErrorInThread("a building thread panicked".to_owned());
            thread.join().map_err(panicked)?;
        }
        Ok(segments)
    }
}

/// The work of one thread.
struct Work {
    plan: Plan,
    articles: Receiver<Bundle>,
    /// The rest of a bundle.
    waiting: std::vec::IntoIter<(Box<Article>, FileNumber)>,
    /// Gone once there is nothing more to note.
    noted: Option<Sender<Rows>>,
    built: Sender<tantivy::Result<SegmentMeta>>,
}

impl Work {
    fn run(mut self) {
        while let Some((article, file)) = self.next() {
            let segment = self.segment(&article, file);
            let failed = segment.is_err();
            // Where nobody listens any more, the writer is gone, and with it this segment.
            if self.built.send(segment).is_err() || failed {
                return;
            }
        }
    }

    /// The next article; none where no more will come.
    fn next(&mut self) -> Option<(Box<Article>, FileNumber)> {
        loop {
            if let Some(next) = self.waiting.next() {
                return Some(next);
            }
            self.waiting = self.articles.recv().ok()?.into_iter();
        }
    }

    /// Builds a segment that begins with an article.
    fn segment(&mut self, article: &Article, file: FileNumber) -> tantivy::Result<SegmentMeta> {
        let mut noted = Rows::default();
        let mut growing = Growing::new(&self.plan)?;
        let packing = self.plan.packing.clone();
        let mut packer = Packer::new(packing.as_deref())?;
        noted.push(file, &growing.add(article, file, &mut packer)?);
        let mut more = true;
        while more && growing.memory() < self.plan.memory / 4 * 3 && growing.documents < MOST {
            match self.next() {
                Some((article, file)) => {
                    noted.push(file, &growing.add(&article, file, &mut packer)?);
                }
                None => more = false,
            }
        }
        // What was noted is told before the files are written; after the last article nothing
        // follows.
        let to = if more { self.noted.clone() } else { self.noted.take() };
        if let Some(to) = to {
            // Where nobody listens the writer is gone, and nothing of this counts.
            drop(to.send(noted));
        }
        growing.write(&self.plan)
    }
}

/// A segment that grows.
struct Growing {
    segment: Segment,
    fields: Fields,
    headline: u32,
    documents: DocId,
    text: Text,
    /// Words of all texts, each as often as it counts.
    total: u64,
    labels: Vec<(Field, Labels)>,
    /// The numbers of files, each with its documents.
    files: Vec<(FileNumber, DocId)>,
    norms: FieldNormsWriter,
    columns: FastFieldsWriter,
    store: StoreWriter,
    sketcher: Sketcher,
    room: Vec<u8>,
}

impl Growing {
    fn new(plan: &Plan) -> tantivy::Result<Self> {
        let segment = plan.index.new_segment();
        let schema = segment.schema();
        let settings = plan.index.settings();
        let store = StoreWriter::new(
            segment.open_write(SegmentComponent::Store)?,
            settings.docstore_compression,
            settings.docstore_blocksize,
            false,
        )?;
        let tokenizers = plan.index.fast_field_tokenizer().clone();
        Ok(Self {
            fields: plan.fields,
            headline: plan.headline,
            documents: 0,
            text: Text::default(),
            total: 0,
            labels: Vec::new(),
            files: Vec::new(),
            norms: FieldNormsWriter::for_schema(&schema),
            columns: FastFieldsWriter::from_schema_and_tokenizer_manager(&schema, tokenizers)?,
            store,
            sketcher: Sketcher::default(),
            room: Vec::new(),
            segment,
        })
    }

    /// Adds an article, and gives what is to be noted of it.
    fn add(
        &mut self,
        article: &Article,
        file: FileNumber,
        packer: &mut Packer<'_>,
    ) -> tantivy::Result<Row> {
        let words = self.words(article);
        self.total += u64::from(words);
        self.norms.record(self.documents, self.fields.text, words);
        let number = fields::number(&article.origin);
        let (labels, document) = (&mut self.labels, self.documents);
        self.fields.labels(article, &fields::key_of(number), &mut |field, label| {
            let known = labels.iter().position(|(of, _)| *of == field);
            let at = known.unwrap_or_else(|| {
                labels.push((field, Labels::default()));
                labels.len() - 1
            });
            labels[at].1.add(document, label);
        });
        self.files.push((file, self.documents));
        packer.pack(article, &mut self.room)?;
        let document = self.fields.document(article, number, &self.room);
        self.columns.add_document(&document)?;
        self.store.store(&document, &self.segment.schema())?;
        self.documents += 1;
        Ok(Row::of(article, number, self.sketcher.finish()))
    }

    /// Adds the words of an article, and says how many count.
    fn words(&mut self, article: &Article) -> u32 {
        let texts = Texts::of(article);
        // What stands before the body in its region is no part of what is compared.
        let apart = texts.body.len() - article.body.len();
        let mut total = 0;
        self.text.begin();
        for region in Region::ALL {
            let mut words = Words::new(texts.region(region));
            while let Some(place) = words.advance() {
                let number = self.text.add(words.folded());
                match region {
                    Region::Headline => self.sketcher.headline(number),
                    Region::Body if place.start >= apart => self.sketcher.body(number),
                    Region::Body | Region::Byline => {}
                }
            }
            let count = if region == Region::Headline { self.headline } else { 1 };
            total += self.text.end(region) * count;
        }
        total
    }

    /// About how many bytes of memory it holds.
    fn memory(&self) -> usize {
        self.text.memory()
            + self.labels.iter().map(|(_, labels)| labels.memory()).sum::<usize>()
            + self.files.capacity() * 16
            + self.norms.mem_usage()
            + self.columns.mem_usage()
            + self.store.mem_usage()
    }

    /// Writes its files.
    fn write(mut self, plan: &Plan) -> tantivy::Result<SegmentMeta> {
        let norms = self.segment.open_write(SegmentComponent::FieldNorms)?;
        self.norms.fill_up_to_max_doc(self.documents);
        self.norms.serialize(FieldNormsSerializer::from_write(norms)?, None)?;

        let mut postings = InvertedIndexSerializer::open(&self.segment)?;
        // With the lengths of articles tantivy would note how much each block of a list can add to
        // a score, by a table that it makes for each word. No search of fiche's asks for that.
        let mut to = postings.new_field(self.fields.text, self.total, None)?;
        let room = plan.memory / 4 / size_of::<(u32, u32)>();
        self.text.write(self.headline, room, &mut to)?;
        to.close()?;
        for (field, labels) in &self.labels {
            let mut to = postings.new_field(*field, labels.total(), None)?;
            labels.write(&mut to)?;
            to.close()?;
        }
        self.files.sort_unstable();
        let mut to = postings.new_field(self.fields.file, self.files.len() as u64, None)?;
        for file in self.files.chunk_by(|a, b| a.0 == b.0) {
            let term = Term::from_field_u64(self.fields.file, file[0].0);
            to.new_term_without_freq(term.serialized_value_bytes())?;
            file.iter().for_each(|(_, document)| to.write_doc(*document, 1, &[]));
            to.close_term()?;
        }
        to.close()?;
        postings.close()?;

        let mut columns = self.segment.open_write(SegmentComponent::FastFields)?;
        self.columns.serialize(&mut columns, None)?;
        columns.terminate()?;
        self.store.close()?;
        Ok(self.segment.with_max_doc(self.documents).meta().clone())
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use tantivy::postings::Postings;
    use tantivy::schema::IndexRecordOption;
    use tantivy::{DocSet, IndexWriter, TERMINATED, TantivyDocument};

    use super::*;
    use crate::article::Origin;

    fn article(number: u32) -> Article {
        let words = |count: u32| -> String {
            let word = |at: u32| match (number * 7 + at) % 11 {
                0 => "The ".to_owned(),
                1 => format!("Verfassungsbeschwerde{} ", at % 23),
                _ => format!("w{} ", (number * number + at * at) % 97),
            };
            (0..count).map(word).collect()
        };
        let origin = Origin { path: format!("{}/{number}.txt", number % 3), ..Origin::default() };
        Article {
            id: origin.to_string(),
            origin,
            headline: words(number % 6),
            standfirst: if number.is_multiple_of(4) { words(3) } else { String::new() },
            authors: vec![format!("Ada w{}", number % 5)],
            body: words(number % 40),
            ..Article::default()
        }
    }

    /// Where each word of the articles stands, by document.
    fn places(articles: &[Article]) -> BTreeMap<String, Vec<(DocId, Vec<u32>)>> {
        let mut places: BTreeMap<String, Vec<(DocId, Vec<u32>)>> = BTreeMap::new();
        for (article, document) in articles.iter().zip(0..) {
            let texts = Texts::of(article);
            for region in Region::ALL {
                let copies = if region == Region::Headline { 2 } else { 1 };
                let words = crate::words::fold_words(texts.region(region));
                for (word, at) in words.into_iter().zip(region.positions()) {
                    let found = places.entry(word).or_default();
                    if found.last().is_none_or(|(last, _)| *last != document) {
                        found.push((document, Vec::new()));
                    }
                    let (_, positions) = found.last_mut().unwrap();
                    positions.extend(std::iter::repeat_n(at, copies));
                }
            }
        }
        places
    }

    #[test]
    fn a_segment_holds_each_word_where_it_stands() {
        let articles: Vec<Article> = (0..300).map(article).collect();
        let expected = places(&articles);
        // Written in one piece, in some, and word by word.
        for memory in [1 << 20, 1 << 12, 0] {
            let (fields, schema) = Fields::declare();
            let index = Index::create_in_ram(schema);
            let packing = None;
            let of = index.clone();
            let plan = Plan { index: of, fields, headline: 2, threads: 1, memory, packing };
            let mut packer = Packer::new(None).unwrap();
            let mut growing = Growing::new(&plan).unwrap();
            for article in &articles {
                let row = growing.add(article, 5, &mut packer).unwrap();
                let sketch = crate::likeness::Sketch::of(article);
                let number = fields::number(&article.origin);
                assert_eq!(row, Row::of(article, number, sketch));
            }
            let meta = growing.write(&plan).unwrap();
            let mut writer: IndexWriter<TantivyDocument> =
                index.writer_with_num_threads(1, 16_000_000).unwrap();
            writer.add_segment(meta).unwrap();
            writer.commit().unwrap();
            let searcher = index.reader().unwrap().searcher();
            let reader = searcher.segment_reader(0).inverted_index(fields.text).unwrap();
            let mut found = BTreeMap::new();
            let mut stream = reader.terms().stream().unwrap();
            while let Some((word, info)) = stream.next() {
                let option = IndexRecordOption::WithFreqsAndPositions;
                let mut postings = reader.read_postings_from_terminfo(info, option).unwrap();
                assert_eq!(postings.doc_freq(), info.doc_freq);
                let mut list = Vec::new();
                while postings.doc() != TERMINATED {
                    let mut positions = Vec::new();
                    postings.positions(&mut positions);
                    list.push((postings.doc(), positions));
                    postings.advance();
                }
                found.insert(String::from_utf8(word.to_vec()).unwrap(), list);
            }
            assert_eq!(found, expected);
            let words: usize = expected.values().flatten().map(|(_, places)| places.len()).sum();
            assert_eq!(reader.total_num_tokens(), words as u64);
        }
    }
}
