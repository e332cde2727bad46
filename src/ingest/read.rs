//! One file, or some lines of it, to articles.

use std::cell::RefCell;
use std::fs::{self, File};
use std::io::{self, BufRead, Read};
use std::ops::Range;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, OnceLock, PoisonError};
use std::thread::{Builder, Scope};

use crossbeam_channel::{Receiver, Sender, bounded};

use super::Options;
use super::bounds;
use super::inside::{self, Item};
use super::plan::{Plan, Work};
use crate::article::{Article, Origin};
use crate::container::{self, Budget, Kind, Says, Shape};
use crate::corpus::{self, Source};
use crate::decode::{self, Decoded, decode, decode_as, mend};
use crate::draft::{Draft, Rung, Slot};
use crate::extract::{Settled, settle_of};
use crate::format::{self, Format, FormatError, Input};
use crate::ledger::{FileRecord, Problem, ProblemKind};
use crate::site::Site;

/// The longest line of a file of lines, in bytes; a longer one is passed over and told.
pub const LONGEST_LINE: usize = 16 << 20;

/// Files of lines above this size are read in pieces, which several threads work on.
const PIECE: usize = 1 << 20;

/// What a reading thread tells the writing one, with the number of the file.
pub(super) enum Message {
    Article(usize, Box<Article>),
    Problem(usize, Problem),
    /// The bytes are those that the ledger knows.
    Same(usize),
    /// The bytes are those of a file that is no longer where it was.
    Renamed(usize, String, FileRecord),
    /// The file is at its end: its digest, and its format.
    Done(usize, [u8; 32], &'static str),
}

enum Job {
    /// Files that are read whole.
    Files(Range<usize>),
    Item {
        file: Arc<PartFile>,
        item: Item,
        held: Held,
    },
}

/// A file that is read in pieces, or member by member.
struct PartFile {
    number: usize,
    format: &'static str,
    digest: OnceLock<[u8; 32]>,
    /// Pieces not yet worked on, and one more while the file is being read.
    left: AtomicUsize,
}

/// The listener is gone: the run was stopped.
struct Stopped;

type Sent = Result<(), Stopped>;

/// Starts the threads that read; what they find comes out of the channel.
pub(super) fn start<'scope>(
    scope: &'scope Scope<'scope, '_>,
    plan: &'scope Plan,
    options: &'scope Options,
    stop: &'scope AtomicBool,
) -> Receiver<Vec<Message>> {
    let readers = options.readers.get();
    let (jobs_in, jobs_out) = bounded::<Job>(readers * 2);
    let (messages_in, messages_out) = bounded::<Vec<Message>>(readers * 4);
    let feeder = Feeder {
        plan,
        options,
        stop,
        jobs: jobs_in,
        messages: messages_in.clone(),
        afloat: Arc::default(),
    };
    let large: Arc<Afloat> = Arc::default();
    spawn(scope, "fiche-feed", move || {
        // A listener that is gone has its reason; there is nobody left to tell.
        drop(feeder.run());
    });
    for number in 0..readers {
        let afloat = Arc::clone(&large);
        let messages = messages_in.clone();
        let said = RefCell::default();
        let reader = Reader { plan, options, messages, said, afloat };
        let jobs = jobs_out.clone();
        spawn(scope, &format!("fiche-read-{number}"), move || {
            for job in jobs {
                if reader.work(job).is_err() {
                    break;
                }
            }
        });
    }
    messages_out
}

fn spawn<'scope>(
    scope: &'scope Scope<'scope, '_>,
    name: &str,
    work: impl FnOnce() + Send + 'scope,
) {
    Builder::new()
        .name(name.to_owned())
        .spawn_scoped(scope, work)
        .expect("a system that runs a program gives it a few threads");
}

/// Hands out files and pieces of files in their order.
struct Feeder<'p> {
    plan: &'p Plan,
    options: &'p Options,
    stop: &'p AtomicBool,
    jobs: Sender<Job>,
    messages: Sender<Vec<Message>>,
    afloat: Arc<Afloat>,
}

impl Feeder<'_> {
    fn run(self) -> Sent {
        let readers = self.options.readers.get();
        // Where there are few files, each thread is to have some of them.
        let most = (self.plan.work.len() / (readers * 8)).clamp(1, BUNDLE);
        let (mut files, mut bytes) = (0..0, 0);
        for (number, work) in self.plan.work.iter().enumerate() {
            if self.stop.load(Ordering::Relaxed) {
                return Ok(());
            }
            let shape = container::shape(&work.source.path);
            let lines = format::by_name(shape.name).is_some_and(|format| format.by_line())
                && (shape.packing.is_some() || work.source.size > PIECE as u64);
            let whole = !lines && shape.kind.is_none();
            if whole {
                files.end = number + 1;
                bytes += work.source.size;
            }
            if !whole || files.len() >= most || bytes >= BUNDLE_BYTES {
                self.hand_out(files)?;
                (files, bytes) = (number + 1..number + 1, 0);
            }
            if !whole {
                self.parts(number, work, shape)?;
            }
        }
        self.hand_out(files)
    }

    fn hand_out(&self, files: Range<usize>) -> Sent {
        if files.is_empty() {
            return Ok(());
        }
        self.jobs.send(Job::Files(files)).map_err(|_| Stopped)
    }

    fn tell(&self, message: Message) -> Sent {
        self.messages.send(vec![message]).map_err(|_| Stopped)
    }

    /// Reads a file of lines or of members, and hands out what is in it as it comes.
    fn parts(&self, number: usize, work: &Work, shape: Shape<'_>) -> Sent {
        if digest_first(self.plan, work)
            && let Ok(digest) = digest_of(&work.source.file)
            && let Some(message) = known_bytes(self.plan, number, work, digest)
            && !(self.options.again && matches!(message, Message::Same(_)))
        {
            return self.tell(message);
        }
        let format = match shape.kind {
            Some(kind) => kind.name(),
            None => format::by_name(shape.name).map_or("", |format| format.name()),
        };
        let file = Arc::new(PartFile {
            number,
            format,
            digest: OnceLock::new(),
            left: AtomicUsize::new(1),
        });
        let mut sent = Ok(());
        let read = catch_unwind(AssertUnwindSafe(|| {
            inside::file(&work.source, shape, self.options.largest, &mut |item| {
                sent = match item {
                    Item::Problem(problem) => self.tell(Message::Problem(number, problem)),
                    item => {
                        file.left.fetch_add(1, Ordering::AcqRel);
                        let held = self.afloat.hold(item.size());
                        let job = Job::Item { file: Arc::clone(&file), item, held };
                        self.jobs.send(job).map_err(|_| Stopped)
                    }
                };
                sent.is_ok() && !self.stop.load(Ordering::Relaxed)
            })
        }));
        sent?;
        if self.stop.load(Ordering::Relaxed) {
            return Ok(());
        }
        let digest = match read {
            Ok(Ok(digest)) => digest,
            Ok(Err(problem)) => {
                self.tell(Message::Problem(number, problem))?;
                [0; 32]
            }
            Err(_) => {
                let problem = whole(ProblemKind::Unreadable, FAULT);
                self.tell(Message::Problem(number, problem))?;
                digest_of(&work.source.file).unwrap_or_default()
            }
        };
        file.digest.get_or_init(|| digest);
        finish_piece(&file, &self.messages)
    }
}

/// Small files are handed out, and what is found in them is told, so many at a time, or so many bytes: to wake
/// a thread costs as much as to read one.
const BUNDLE: usize = 16;
const BUNDLE_BYTES: u64 = 128 << 10;

/// Why a file that made a reader panic was passed over.
const FAULT: &str = "reading it failed inside fiche; this is a fault of fiche";

/// The most bytes that wait to be read, before no more are unpacked.
const AFLOAT: u64 = 64 << 20;

/// Counts the bytes that wait to be read.
#[derive(Default)]
struct Afloat {
    bytes: Mutex<u64>,
    less: Condvar,
}

impl Afloat {
    /// Waits until there is room. What alone is larger than all the room has it to itself.
    fn hold(self: &Arc<Self>, size: u64) -> Held {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        while *bytes > 0 && *bytes + size > AFLOAT {
            bytes = self.less.wait(bytes).unwrap_or_else(PoisonError::into_inner);
        }
        *bytes += size;
        Held { afloat: Arc::clone(self), size }
    }
}

/// Room that is held until a piece was read, or dropped unread.
struct Held {
    afloat: Arc<Afloat>,
    size: u64,
}

impl Drop for Held {
    fn drop(&mut self) {
        let mut bytes = self.afloat.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *bytes -= self.size;
        self.afloat.less.notify_one();
    }
}

pub(super) enum Piece {
    Lines(Vec<u8>, u32),
    TooLong(u32),
}

/// Cuts a stream into pieces of whole lines; `each` says whether to go on.
pub(super) fn pieces_of(
    mut reader: impl BufRead,
    each: &mut dyn FnMut(Piece) -> bool,
) -> io::Result<()> {
    let mut line = 1_u32;
    let mut first = 1_u32;
    let mut piece: Vec<u8> = Vec::with_capacity(PIECE + PIECE / 2);
    loop {
        let start = piece.len();
        let limit = LONGEST_LINE as u64 + 1;
        let read = reader.by_ref().take(limit).read_until(b'\n', &mut piece)?;
        let ended = piece.last() == Some(&b'\n');
        if read as u64 == limit && !ended {
            piece.truncate(start);
            skip_line(&mut reader)?;
            if !each(Piece::TooLong(line)) {
                return Ok(());
            }
            // The line stays as an empty one, so that those after it keep their numbers.
            piece.push(b'\n');
        }
        line = line.saturating_add(1);
        let done = read == 0;
        if piece.len() >= PIECE || (done && !piece.is_empty()) {
            let bytes = std::mem::replace(&mut piece, Vec::with_capacity(PIECE + PIECE / 2));
            if !each(Piece::Lines(bytes, first)) {
                return Ok(());
            }
            first = line;
        }
        if done {
            return Ok(());
        }
    }
}

fn skip_line(reader: &mut impl BufRead) -> io::Result<()> {
    loop {
        let buffer = reader.fill_buf()?;
        if buffer.is_empty() {
            return Ok(());
        }
        let end = memchr::memchr(b'\n', buffer);
        let length = end.map_or(buffer.len(), |at| at + 1);
        reader.consume(length);
        if end.is_some() {
            return Ok(());
        }
    }
}

fn finish_piece(file: &PartFile, messages: &Sender<Vec<Message>>) -> Sent {
    if file.left.fetch_sub(1, Ordering::AcqRel) > 1 {
        return Ok(());
    }
    let digest = file.digest.get().copied().unwrap_or_default();
    let done = Message::Done(file.number, digest, file.format);
    messages.send(vec![done]).map_err(|_| Stopped)
}

/// Whether the bytes of a file may be known already.
fn digest_first(plan: &Plan, work: &Work) -> bool {
    work.known.as_ref().is_some_and(|known| known.size == work.source.size)
        || plan.gone_sizes.contains(&work.source.size)
}

fn known_bytes(plan: &Plan, number: usize, work: &Work, digest: [u8; 32]) -> Option<Message> {
    match &work.known {
        Some(known) if known.digest == digest => Some(Message::Same(number)),
        Some(_) => None,
        None => {
            // Read when something else was known of its folder, it is read again.
            let same = |(_, old): &&(String, FileRecord)| old.site == work.site;
            let (path, old) = plan.gone_by_digest.get(&digest).filter(same)?;
            Some(Message::Renamed(number, path.clone(), old.clone()))
        }
    }
}

pub(super) fn digest_of(path: &Path) -> io::Result<[u8; 32]> {
    let mut hasher = blake3::Hasher::new();
    io::copy(&mut File::open(path)?, &mut hasher)?;
    Ok(*hasher.finalize().as_bytes())
}

pub(super) fn unreadable(error: &io::Error) -> Problem {
    whole(ProblemKind::Unreadable, error.to_string())
}

pub(super) fn whole(kind: ProblemKind, why: impl Into<String>) -> Problem {
    Problem { place: String::new(), kind, why: why.into() }
}

/// Turns files into articles.
struct Reader<'p> {
    plan: &'p Plan,
    options: &'p Options,
    messages: Sender<Vec<Message>>,
    /// What is not told yet, and the bytes of its texts.
    said: RefCell<(Vec<Message>, u64)>,
    afloat: Arc<Afloat>,
}

impl Reader<'_> {
    fn send(&self, message: Message) -> Sent {
        let mut said = self.said.borrow_mut();
        if let Message::Article(_, article) = &message {
            said.1 += article.body.len() as u64;
        }
        said.0.push(message);
        let full = said.0.len() >= 2 * BUNDLE || said.1 >= BUNDLE_BYTES;
        drop(said);
        if full { self.tell_all() } else { Ok(()) }
    }

    /// Tells what is not told yet.
    fn tell_all(&self) -> Sent {
        let (messages, _) = self.said.take();
        if messages.is_empty() {
            return Ok(());
        }
        self.messages.send(messages).map_err(|_| Stopped)
    }

    fn work(&self, job: Job) -> Sent {
        match job {
            Job::Files(numbers) => {
                for number in numbers {
                    self.file(number)?;
                }
                self.tell_all()
            }
            Job::Item { file, item, held } => {
                let work = &self.plan.work[file.number];
                let mut sent = Ok(());
                self.guarded(file.number, &mut || {
                    read_item(&item, &work.root, self.options, &mut |found| {
                        if sent.is_ok() {
                            sent = self.tell(file.number, found);
                        }
                    });
                })?;
                sent?;
                drop((item, held));
                // Before the end of the file is told, whoever tells it.
                self.tell_all()?;
                finish_piece(&file, &self.messages)
            }
        }
    }

    /// A file that makes a reader panic is skipped with that reason; the others are read.
    fn guarded(&self, number: usize, work: &mut dyn FnMut()) -> Sent {
        match catch_unwind(AssertUnwindSafe(work)) {
            Ok(()) => Ok(()),
            Err(_) => self.send(Message::Problem(number, whole(ProblemKind::Unreadable, FAULT))),
        }
    }

    fn tell(&self, number: usize, found: Found) -> Sent {
        match found {
            Found::Article(settled) => {
                if let Some(reason) = settled.rejected
                    && !self.options.keep_all
                {
                    let origin = &settled.article.origin;
                    let part = origin.part.map_or(String::new(), |part| format!("#{part}"));
                    let place = format!("{}{part}", inside::name(&origin.path));
                    let kind = if settled.article.body.is_empty() {
                        ProblemKind::Empty
                    } else {
                        ProblemKind::NotArticle
                    };
                    let problem = Problem { place, kind, why: reason.to_owned() };
                    return self.send(Message::Problem(number, problem));
                }
                let mut article = Box::new(settled.article);
                self.options.apply(&mut article);
                self.send(Message::Article(number, article))
            }
            Found::Problem(problem) => self.send(Message::Problem(number, problem)),
        }
    }

    fn file(&self, number: usize) -> Sent {
        let work = &self.plan.work[number];
        // Large files are read one after the other, however many threads there are.
        let _held = self.afloat.hold(work.source.size.min(self.options.largest));
        let bytes = match read_whole(&work.source.file, self.options.largest) {
            Ok(bytes) => bytes,
            Err(problem) => {
                self.send(Message::Problem(number, problem))?;
                return self.send(Message::Done(number, [0; 32], ""));
            }
        };
        let digest = *blake3::hash(&bytes).as_bytes();
        if let Some(message) = known_bytes(self.plan, number, work, digest)
            && !(work.again && matches!(message, Message::Same(_)))
        {
            return self.send(message);
        }
        let mut sent = Ok(());
        let mut name = "";
        self.guarded(number, &mut || {
            name = read_once(
                &bytes,
                &digest,
                Place::of(&work.root, &work.source.path, self.options),
                self.options,
                &mut |found| {
                    if sent.is_ok() {
                        sent = self.tell(number, found);
                    }
                },
            );
        })?;
        sent?;
        self.send(Message::Done(number, digest, name))
    }
}

/// Reads a file whole, once more where it changed meanwhile.
fn read_whole(path: &Path, largest: u64) -> Result<Vec<u8>, Problem> {
    read_still(path, largest, || {})
}

/// [`read_whole`], and in a test something that happens behind each reading.
pub(super) fn read_still(
    path: &Path,
    largest: u64,
    mut meanwhile: impl FnMut(),
) -> Result<Vec<u8>, Problem> {
    for _ in 0..2 {
        let before = fs::metadata(path).map_err(|error| unreadable(&error))?;
        if before.len() > largest {
            let why = format!(
                "{} MB large; files above {} MB are not read whole (--max-file)",
                before.len() >> 20,
                largest >> 20
            );
            return Err(whole(ProblemKind::Unreadable, why));
        }
        let mut bytes = Vec::with_capacity(usize::try_from(before.len()).unwrap_or(0) + 1);
        File::open(path)
            .and_then(|file| file.take(largest + 1).read_to_end(&mut bytes))
            .map_err(|error| unreadable(&error))?;
        meanwhile();
        let after = fs::metadata(path).map_err(|error| unreadable(&error))?;
        if (before.len(), corpus::changed(&before)) == (after.len(), corpus::changed(&after)) {
            return Ok(bytes);
        }
    }
    Err(whole(ProblemKind::Unreadable, "it changed while it was read; the next run reads it"))
}

/// What was found in a file.
#[derive(Debug)]
pub enum Found {
    /// An article, or something that was taken for one at first.
    Article(Box<Settled>),
    /// Something that cannot be read.
    Problem(Problem),
}

/// Where a file stands in its root, and what is known of its folder.
#[derive(Clone, Copy)]
struct Place<'p> {
    root: &'p str,
    path: &'p str,
    site: &'p Site,
}

impl<'p> Place<'p> {
    fn of(root: &'p str, path: &'p str, options: &'p Options) -> Self {
        Self { root, path, site: options.sites.of(root, path) }
    }
}

/// Reads the bytes of a file, but where they were read already to learn of their folder.
fn read_once(
    bytes: &[u8],
    digest: &[u8; 32],
    place: Place<'_>,
    options: &Options,
    each: &mut dyn FnMut(Found),
) -> &'static str {
    match options.sites.take(digest) {
        Some(kept) => {
            settled(kept.draft, place, &|draft| note_path(place.path, draft), each);
            kept.format
        }
        None => read_bytes(bytes, place, options, each),
    }
}

/// Reads the bytes of a file and gives the name of its format.
fn read_bytes(
    bytes: &[u8],
    place: Place<'_>,
    options: &Options,
    each: &mut dyn FnMut(Found),
) -> &'static str {
    let shape = container::shape(place.path);
    let budget = Budget::of(bytes.len() as u64);
    let packing = shape.packing.or_else(|| container::packing_by_look(bytes));
    let held;
    let mut content = bytes;
    if let Some(packing) = packing {
        let (unpacked, problem) = inside::unpack(packing, bytes, &budget, options.largest);
        if let Some(problem) = problem {
            each(Found::Problem(problem));
        }
        if unpacked.is_empty() && !bytes.is_empty() {
            return "";
        }
        held = unpacked;
        content = &held;
    }
    let known = format::is_asset(shape.name) || format::by_name(shape.name).is_some();
    if let Some(kind) = container::kind_by_look(content).filter(|_| !known) {
        inside::bytes(content, place.path, kind, &budget, options.largest, &mut |item| {
            read_item(&item, place.root, options, each);
            true
        });
        return kind.name();
    }
    read_content(content, shape.name, place, options, each)
}

/// Reads what a reader found in a file: some of its lines, or one of its members.
fn read_item(item: &Item, root: &str, options: &Options, each: &mut dyn FnMut(Found)) {
    match item {
        Item::Whole { path, name, bytes } => {
            let member = inside::name(path);
            read_content(bytes, name, Place::of(root, path, options), options, &mut |found| {
                each(match found {
                    Found::Problem(mut problem) => {
                        problem.place = match &problem.place[..] {
                            "" => member.to_owned(),
                            place => format!("{member} {place}"),
                        };
                        Found::Problem(problem)
                    }
                    article => article,
                });
            });
        }
        Item::Lines { path, format, bytes, first_line } => {
            let text = decode(bytes);
            doubt(&text, &format!("line {first_line} and on"), each);
            let input = Input {
                text: &text.text,
                first_line: *first_line,
                aliases: &options.aliases,
                alone: false,
            };
            read_text(
                *format,
                input,
                Place::of(root, path, options),
                &|draft| note_path(path, draft),
                each,
            );
        }
        Item::Record { path, record } => {
            let place = format!("{}#{}", inside::name(path), record.number);
            let text = decode_as(&record.body, record.charset.as_deref());
            if text.text.trim().is_empty() {
                let why = "the page is empty".to_owned();
                return each(Found::Problem(Problem { place, kind: ProblemKind::Empty, why }));
            }
            doubt(&text, &place, each);
            let format: &dyn Format = match &record.mime[..] {
                _ if record.plain => &format::plain::Plain,
                "text/plain" => &format::plain::Plain,
                "text/markdown" => &format::markdown::Markdown,
                "" => format::by_look(&text.text),
                _ => &format::html::Html,
            };
            let input =
                Input { text: &text.text, first_line: 1, aliases: &options.aliases, alone: false };
            let note = |draft: &mut Draft| {
                draft.part = Some(record.number);
                // What the page itself calls its address counts more.
                draft.note(Slot::Url, Rung::Visible, "WARC-Target-URI", record.url.clone());
                draft.note(Slot::Captured, Rung::Record, "WARC-Date", record.captured.clone());
            };
            read_text(format, input, Place::of(root, path, options), &note, &mut |found| {
                each(match found {
                    Found::Problem(problem) => {
                        Found::Problem(Problem { place: place.clone(), ..problem })
                    }
                    article => article,
                });
            });
        }
        Item::Leaf { path, leaf } => {
            let number = leaf.number.map_or(String::new(), |number| format!("#{number}"));
            let shown = format!("{}{number}", inside::name(path));
            let text = decode(&leaf.bytes);
            if text.text.trim().is_empty() {
                let why = "there is no text in it".to_owned();
                let problem = Problem { place: shown, kind: ProblemKind::Empty, why };
                return each(Found::Problem(problem));
            }
            doubt(&text, &shown, each);
            let format: &dyn Format =
                if leaf.html { &format::html::Html } else { &format::plain::Plain };
            let input =
                Input { text: &text.text, first_line: 1, aliases: &options.aliases, alone: false };
            let note = |draft: &mut Draft| {
                // A file that is one text may be an export of many articles.
                draft.part = leaf.number.or(draft.part);
                let rung = if leaf.firm { Rung::Record } else { Rung::Path };
                for (what, place, text) in &leaf.says {
                    draft.note(slot(*what), rung, *place, text.clone());
                }
            };
            read_text(format, input, Place::of(root, path, options), &note, &mut |found| {
                each(match found {
                    Found::Problem(problem) => {
                        Found::Problem(Problem { place: shown.clone(), ..problem })
                    }
                    article => article,
                });
            });
        }
        Item::Problem(problem) => each(Found::Problem(problem.clone())),
    }
}

/// The part of an article that a container tells something of.
fn slot(what: Says) -> Slot {
    match what {
        Says::Headline => Slot::Headline,
        Says::Author => Slot::Author,
        Says::Published => Slot::Published,
        Says::Captured => Slot::Captured,
        Says::Section => Slot::Section,
        Says::Source => Slot::Source,
        Says::Language => Slot::Language,
        Says::Url => Slot::Url,
        Says::Id => Slot::Id,
    }
}

/// Reads the unpacked bytes of a file or a member called `name`.
fn read_content(
    content: &[u8],
    name: &str,
    place: Place<'_>,
    options: &Options,
    each: &mut dyn FnMut(Found),
) -> &'static str {
    if content.trim_ascii().is_empty() {
        each(Found::Problem(whole(ProblemKind::Empty, "the file is empty")));
        return "";
    }
    if format::is_asset(name) {
        each(Found::Problem(asset(name)));
        return "";
    }
    if decode::is_binary(content) {
        each(Found::Problem(whole(ProblemKind::Unreadable, "not text: binary data")));
        return "";
    }
    let decoded = decode(content);
    doubt(&decoded, "", each);
    let format = format::of_file(name, &decoded.text);
    let input =
        Input { text: &decoded.text, first_line: 1, aliases: &options.aliases, alone: true };
    let mut any = false;
    read_text(format, input, place, &|draft| note_path(place.path, draft), &mut |found| {
        any = true;
        each(found);
    });
    if !any {
        each(Found::Problem(whole(ProblemKind::Empty, "there is no article in it")));
    }
    format.name()
}

/// Tells where bytes could not be read as letters.
fn doubt(decoded: &Decoded<'_>, place: &str, each: &mut dyn FnMut(Found)) {
    if decoded.lossy {
        let why = format!("some bytes are not {} and were replaced", decoded.encoding);
        let place = place.to_owned();
        each(Found::Problem(Problem { place, kind: ProblemKind::Doubtful, why }));
    }
    tell_mended(decoded.mended, place, each);
}

/// Tells how many letters had been read in a wrong encoding.
fn tell_mended(letters: usize, place: &str, each: &mut dyn FnMut(Found)) {
    if letters > 0 {
        let why = format!("{letters} letters had been read in a wrong encoding and were mended");
        let place = place.to_owned();
        each(Found::Problem(Problem { place, kind: ProblemKind::Doubtful, why }));
    }
}

/// What is told of a picture, a style, a program.
pub(super) fn asset(name: &str) -> Problem {
    let ending = name.rsplit('.').next().unwrap_or("");
    whole(ProblemKind::Unknown, format!("no article in a .{ending} file"))
}

fn read_text(
    format: &dyn Format,
    input: Input<'_>,
    place: Place<'_>,
    note: &dyn Fn(&mut Draft),
    each: &mut dyn FnMut(Found),
) {
    format.read(input, &mut |found| match found {
        Ok(draft) => settled(draft, place, note, each),
        Err(FormatError::Record { place, why }) => {
            each(Found::Problem(Problem { place, kind: ProblemKind::Unreadable, why }));
        }
        Err(error) => {
            let kind = match error {
                FormatError::Cut(_) => ProblemKind::Doubtful,
                FormatError::NoArticles(_) => ProblemKind::NotArticle,
                _ => ProblemKind::Unreadable,
            };
            each(Found::Problem(whole(kind, error.to_string())));
        }
    });
}

/// Settles what a draft says, and tells what of it was too much to keep.
fn settled(
    mut draft: Draft,
    place: Place<'_>,
    note: &dyn Fn(&mut Draft),
    each: &mut dyn FnMut(Found),
) {
    note(&mut draft);
    let part = draft.part.map_or(String::new(), |part| format!("#{part}"));
    tell_mended(mend(&mut draft.texts()), &part, each);
    let Place { root, path, .. } = place;
    let origin = Origin { root: root.to_owned(), path: path.to_owned(), part: draft.part };
    let shown = origin.to_string();
    let mut settled = settle_of(&draft, origin, place.site);
    if settled.article.id.is_empty() {
        settled.article.id = shown;
    }
    let mut cuts = std::mem::take(&mut draft.cuts);
    cuts.extend(bounds::keep(&mut settled.article));
    each(Found::Article(Box::new(settled)));
    for why in cuts {
        let place = part.clone();
        each(Found::Problem(Problem { place, kind: ProblemKind::Doubtful, why }));
    }
}

/// Reports what the name of a file says: a date that it begins with (`1998-03-03-harbour.txt`).
fn note_path(path: &str, draft: &mut Draft) {
    let name = path.rsplit('/').next().unwrap_or(path);
    let Some(date) = name.get(..10) else { return };
    let goes_on = name[10..].starts_with(|c: char| c.is_ascii_digit());
    if !goes_on && date.parse::<crate::article::Date>().is_ok() {
        draft.note(Slot::Published, Rung::Path, "file name", date);
    }
}

/// Reads one file as an index run would, and gives the name of its format.
///
/// # Errors
///
/// Where the file cannot be read at all; what is wrong inside of it is told to `each`.
pub fn inspect(
    path: &Path,
    options: &Options,
    each: &mut dyn FnMut(Found),
) -> Result<&'static str, Problem> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if metadata.is_dir() {
        return Err(whole(ProblemKind::Unreadable, "it is a folder"));
    }
    let shown = path.to_string_lossy();
    let shape = container::shape(&shown);
    if let Some(kind) = shape.kind {
        let source = Source {
            file: path.to_owned(),
            path: shown.clone().into_owned(),
            size: metadata.len(),
            changed: corpus::changed(&metadata),
        };
        inside::file(&source, shape, options.largest, &mut |item| {
            read_item(&item, "", options, each);
            true
        })?;
        return Ok(kind.name());
    }
    let bytes = read_whole(path, options.largest)?;
    let digest = *blake3::hash(&bytes).as_bytes();
    Ok(read_once(&bytes, &digest, Place::of("", &shown, options), options, each))
}

/// Hands out what a file says, one article after the other, without settling what it means; a file
/// that cannot be read says nothing.
pub fn drafts(file: &Path, path: &str, options: &Options, each: &mut dyn FnMut(&Draft)) {
    looked_at(file, path, options, &mut |draft| each(&draft));
}

/// What a file says, not yet settled.
#[derive(Debug)]
pub(super) struct Sampled {
    pub seen: Seen,
    pub drafts: Vec<Draft>,
}

/// What is seen of a file beside its drafts.
#[derive(Debug)]
pub(super) struct Seen {
    pub digest: [u8; 32],
    pub format: &'static str,
    /// Whether the drafts are all that there is to tell of the file.
    pub whole: bool,
}

/// What a file says, held together; `None` where it cannot be read.
pub(super) fn sample(file: &Path, path: &str, options: &Options) -> Option<Sampled> {
    let mut drafts = Vec::new();
    let seen = looked_at(file, path, options, &mut |draft| drafts.push(draft))?;
    Some(Sampled { seen, drafts })
}

/// A page whose name tells nothing is learned from if it has no more bytes.
const UNKNOWN: u64 = 4 << 20;

fn looked_at(
    file: &Path,
    path: &str,
    options: &Options,
    each: &mut dyn FnMut(Draft),
) -> Option<Seen> {
    let shape = container::shape(path);
    // What nobody knows by its name may be a film.
    let known = shape.kind.is_some() || format::by_name(shape.name).is_some();
    let largest = if known { options.largest } else { options.largest.min(UNKNOWN) };
    let mut bytes = read_whole(file, largest).ok()?;
    let digest = *blake3::hash(&bytes).as_bytes();
    let packed = shape.packing.or_else(|| container::packing_by_look(&bytes)).is_some();
    if let Some(packing) = shape.packing {
        let budget = Budget::of(bytes.len() as u64);
        bytes = inside::unpack(packing, &bytes, &budget, options.largest).0;
    }
    if decode::is_binary(&bytes) {
        return None;
    }
    let page = shape.kind == Some(Kind::Mhtml);
    if page {
        let (packed, budget) = (bytes, Budget::of(u64::MAX));
        bytes = Vec::new();
        inside::bytes(&packed, path, Kind::Mhtml, &budget, options.largest, &mut |item| {
            if let Item::Leaf { leaf, .. } = item {
                bytes = leaf.bytes;
            }
            true
        });
    }
    let decoded = decode(&bytes);
    let format = match page {
        true => &format::html::Html,
        false => format::of_file(shape.name, &decoded.text),
    };
    let input =
        Input { text: &decoded.text, first_line: 1, aliases: &options.aliases, alone: true };
    let (mut faults, mut mended) = (false, decoded.mended);
    format.read(input, &mut |found| match found {
        Ok(mut draft) => {
            mended += mend(&mut draft.texts());
            each(draft);
        }
        Err(_) => faults = true,
    });
    let empty = bytes.trim_ascii().is_empty();
    let sound = !decoded.lossy && mended == 0;
    // What the letter around a page says is not in the draft.
    let whole = !packed && !page && sound && !faults && !empty;
    Some(Seen { digest, format: format.name(), whole })
}
