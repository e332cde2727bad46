//! What lies in a packed file or an archive, piece by piece, archives in archives too.

use std::collections::HashMap;
use std::fs::{self, File};
use std::hash::BuildHasher;
use std::io::{self, BufReader, Cursor, Read};

use rustc_hash::FxBuildHasher;

use super::read::{LONGEST_LINE, Piece, asset, digest_of, pieces_of, unreadable, whole};
use crate::container::{self, Budget, Bytes, DEPTH, Entry, Kind, Leaf, Packing, Record, Shape};
use crate::corpus::{self, Source};
use crate::format::{self, Format};
use crate::ledger::{Problem, ProblemKind};

/// What parts the path of an archive from the names in it.
const BORDER: &str = "!/";

/// Something to read.
pub(super) enum Item {
    /// A whole member: its path, and its name without the ending of its packing.
    Whole { path: String, name: String, bytes: Vec<u8> },
    /// Lines of a file or a member.
    Lines { path: String, format: &'static dyn Format, bytes: Vec<u8>, first_line: u32 },
    /// A page of a web archive.
    Record { path: String, record: Box<Record> },
    /// An article of which its container tells things.
    Leaf { path: String, leaf: Box<Leaf> },
    /// Nothing to read.
    Problem(Problem),
}

impl Item {
    /// The bytes that it holds.
    pub fn size(&self) -> u64 {
        match self {
            Self::Whole { bytes, .. } | Self::Lines { bytes, .. } => bytes.len() as u64,
            Self::Record { record, .. } => record.body.len() as u64,
            Self::Leaf { leaf, .. } => leaf.bytes.len() as u64,
            Self::Problem(_) => 0,
        }
    }
}

/// The name of a member, from its path; `""` for a file that is no member.
pub(super) fn name(path: &str) -> &str {
    path.split_once(BORDER).map_or("", |(_, name)| name)
}

/// Reads a file of lines or of members, from disk and in order, and gives its digest.
///
/// `each` says whether to go on. A file that changed meanwhile is a problem.
pub(super) fn file(
    source: &Source,
    shape: Shape<'_>,
    largest: u64,
    each: &mut dyn FnMut(Item) -> bool,
) -> Result<[u8; 32], Problem> {
    let failed = |error: io::Error| unreadable(&error);
    let budget = Budget::of(source.size);
    let mut file = File::open(&source.file).map_err(failed)?;
    let mut inside = Inside { budget: &budget, largest, names: HashMap::default(), each };
    let path = &source.path[..];
    let digest = if let (None, Some(kind @ (Kind::Zip | Kind::Wacz | Kind::Epub))) =
        (shape.packing, shape.kind)
    {
        let mut file = BufReader::with_capacity(1 << 16, file);
        inside.container(path, kind, Bytes::Any(&mut file), 1);
        digest_of(&source.file).map_err(failed)?
    } else {
        let mut hasher = blake3::Hasher::new();
        let mut hashing = Hashing { inner: &mut file, hasher: &mut hasher };
        let buffered = BufReader::with_capacity(1 << 18, &mut hashing);
        let mut stream = match shape.packing {
            None => Box::new(buffered) as Box<dyn Read>,
            Some(packing) => container::unpacked(packing, buffered, &budget).map_err(failed)?,
        };
        let goes_on = match shape.kind {
            Some(kind) => inside.container(path, kind, Bytes::Stream(&mut *stream), 1),
            None => inside.lines(path, shape.name, &mut *stream),
        };
        drop(stream);
        if goes_on {
            // What stands behind the end of an archive, or behind damage, counts for the digest.
            io::copy(&mut hashing, &mut io::sink()).map_err(failed)?;
        }
        *hasher.finalize().as_bytes()
    };
    let after = fs::metadata(&source.file).map_err(failed)?;
    if (after.len(), corpus::changed(&after)) != (source.size, source.changed) {
        let why = "it changed while it was read; the next run reads it";
        return Err(whole(ProblemKind::Unreadable, why));
    }
    Ok(digest)
}

/// Reads the members of an archive in memory.
pub(super) fn bytes(
    bytes: &[u8],
    path: &str,
    kind: Kind,
    budget: &Budget,
    largest: u64,
    each: &mut dyn FnMut(Item) -> bool,
) {
    let mut inside = Inside { budget, largest, names: HashMap::default(), each };
    inside.container(path, kind, Bytes::Any(&mut Cursor::new(bytes)), 1);
}

/// Unpacks bytes; where they are damaged, as far as they go.
pub(super) fn unpack(
    packing: Packing,
    bytes: &[u8],
    budget: &Budget,
    largest: u64,
) -> (Vec<u8>, Option<Problem>) {
    match container::unpacked(packing, bytes, budget) {
        Ok(mut stream) => take(&mut *stream, largest),
        Err(error) => (Vec::new(), Some(unreadable(&error))),
    }
}

/// Reads a stream to its end; the bytes, and what is wrong with them.
fn take(stream: &mut dyn Read, largest: u64) -> (Vec<u8>, Option<Problem>) {
    let (bytes, more) = container::read_most(stream, largest);
    match more {
        Ok(false) => (bytes, None),
        Ok(true) => {
            let why = format!("more than {} MB unpacked (--max-file)", largest >> 20);
            (Vec::new(), Some(whole(ProblemKind::Unreadable, why)))
        }
        // A bound that was met says so; damage leaves what stands before it.
        Err(error) if error.kind() == io::ErrorKind::Other && error.get_ref().is_some() => {
            let why = error.to_string();
            let cut = why.starts_with("it is cut off");
            let bytes = if cut { bytes } else { Vec::new() };
            (bytes, Some(whole(ProblemKind::Unreadable, why)))
        }
        Err(error) => {
            let why = if bytes.is_empty() {
                format!("cannot be unpacked: {error}")
            } else {
                format!("damaged, and read as far as it goes: {error}")
            };
            (bytes, Some(whole(ProblemKind::Unreadable, why)))
        }
    }
}

/// Takes the digest of what is read through it.
struct Hashing<'h> {
    inner: &'h mut File,
    hasher: &'h mut blake3::Hasher,
}

impl Read for Hashing<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.hasher.update(&buffer[..read]);
        Ok(read)
    }
}

/// A container being read.
struct Inside<'i> {
    budget: &'i Budget,
    largest: u64,
    /// How often each path came already, by its hash.
    names: HashMap<u64, u32, FxBuildHasher>,
    each: &'i mut dyn FnMut(Item) -> bool,
}

impl Inside<'_> {
    fn tell(&mut self, path: &str, problem: Problem) -> bool {
        let place = match (name(path), &problem.place[..]) {
            ("", place) => place.to_owned(),
            (name, "") => name.to_owned(),
            (name, place) => format!("{name} {place}"),
        };
        (self.each)(Item::Problem(Problem { place, ..problem }))
    }

    fn container(&mut self, path: &str, kind: Kind, bytes: Bytes<'_>, depth: u8) -> bool {
        let mut goes_on = true;
        let (budget, largest) = (self.budget, self.largest);
        container::read(kind, bytes, budget, largest, &mut |entry| {
            goes_on = match entry {
                Entry::Member { name, content } => self.member(path, &name, content, depth),
                Entry::Record(record) => {
                    (self.each)(Item::Record { path: path.to_owned(), record })
                }
                Entry::Leaf(leaf) => (self.each)(Item::Leaf { path: path.to_owned(), leaf }),
                Entry::Problem { place, why } => {
                    self.tell(path, Problem { place, ..whole(ProblemKind::Unreadable, why) })
                }
            };
            goes_on
        });
        goes_on
    }

    fn member(&mut self, outer: &str, name: &str, content: &mut dyn Read, depth: u8) -> bool {
        let mut path = format!("{outer}{BORDER}{name}");
        let times = self.names.entry(FxBuildHasher.hash_one(&path)).or_insert(0);
        *times += 1;
        if *times > 1 {
            // A name may come twice in one archive; each member keeps an origin of its own.
            path.push_str(&format!(" ({times})"));
        }
        let shape = container::shape(name);
        if format::is_asset(shape.name) {
            return self.tell(&path, asset(shape.name));
        }
        let mut unpacked;
        let stream: &mut dyn Read = match shape.packing {
            None => content,
            Some(packing) => match container::unpacked(packing, content, self.budget) {
                Ok(stream) => {
                    unpacked = stream;
                    &mut *unpacked
                }
                Err(error) => return self.tell(&path, unreadable(&error)),
            },
        };
        if let Some(kind) = shape.kind {
            return self.inner(&path, kind, Bytes::Stream(stream), depth);
        }
        if format::by_name(shape.name).is_some_and(|format| format.by_line()) {
            return self.lines(&path, shape.name, stream);
        }
        let (mut bytes, mut problem) = take(stream, self.largest);
        if shape.packing.is_none()
            && let Some(packing) = container::packing_by_look(&bytes)
        {
            (bytes, problem) = unpack(packing, &bytes, self.budget, self.largest);
        }
        let failed = problem.is_some();
        if let Some(problem) = problem
            && !self.tell(&path, problem)
        {
            return false;
        }
        if failed && bytes.is_empty() {
            return true;
        }
        let known = format::by_name(shape.name).is_some();
        if let Some(kind) = container::kind_by_look(&bytes).filter(|_| !known) {
            return self.inner(&path, kind, Bytes::Any(&mut Cursor::new(bytes)), depth);
        }
        (self.each)(Item::Whole { path, name: shape.name.to_owned(), bytes })
    }

    fn inner(&mut self, path: &str, kind: Kind, bytes: Bytes<'_>, depth: u8) -> bool {
        if depth >= DEPTH {
            let why = format!("an archive in {depth} others; deeper ones are not read");
            return self.tell(path, whole(ProblemKind::Unreadable, why));
        }
        self.container(path, kind, bytes, depth + 1)
    }

    /// Hands out a file of lines in pieces.
    fn lines(&mut self, path: &str, name: &str, stream: &mut dyn Read) -> bool {
        let Some(format) = format::by_name(name) else { return true };
        let mut goes_on = true;
        let read = pieces_of(BufReader::with_capacity(1 << 18, stream), &mut |piece| {
            goes_on = match piece {
                Piece::Lines(bytes, first_line) => {
                    (self.each)(Item::Lines { path: path.to_owned(), format, bytes, first_line })
                }
                Piece::TooLong(line) => {
                    let why = format!("longer than {} MB", LONGEST_LINE >> 20);
                    let problem = whole(ProblemKind::Unreadable, why);
                    self.tell(path, Problem { place: format!("line {line}"), ..problem })
                }
            };
            goes_on
        });
        match read {
            Err(error) if goes_on => self.tell(path, unreadable(&error)),
            _ => goes_on,
        }
    }
}
