//! Files that hold files: packed streams, archives, web archives. Read where they are, in order.
//!
//! Nothing is ever written to disk, so that a name such as `../../x` is a name and nothing more; and
//! nothing is unpacked without a bound ([`Budget`]).

mod epub;
mod mail;
mod office;
#[cfg(feature = "pdf")]
mod pdf;
mod tar;
mod warc;
mod zip;

use std::cell::Cell;
use std::io::{self, Read, Seek};

use bzip2::read::MultiBzDecoder;
use flate2::read::MultiGzDecoder;
use lzma_rust2::XzReader;

pub use warc::Record;

/// How a stream of bytes is packed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Packing {
    /// gzip, also several streams one after the other.
    Gzip,
    /// Zstandard.
    Zstd,
    /// bzip2.
    Bzip2,
    /// xz.
    Xz,
}

/// What holds the members.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// A zip archive.
    Zip,
    /// A tar archive.
    Tar,
    /// Records of web pages: WARC, WET.
    Warc,
    /// A zip archive of WARC files with their indexes.
    Wacz,
    /// One letter.
    Mail,
    /// Letters, one after the other.
    Mbox,
    /// One page with its pictures, as browsers save it: MHTML.
    Mhtml,
    /// A book or a magazine.
    Epub,
    /// A document of a word processor: DOCX, ODT.
    Office,
    /// Pages with a text layer.
    #[cfg(feature = "pdf")]
    Pdf,
}

impl Kind {
    /// Its name, as summaries print it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Zip => "zip",
            Self::Tar => "tar",
            Self::Warc => "warc",
            Self::Wacz => "wacz",
            Self::Mail => "mail",
            Self::Mbox => "mbox",
            Self::Mhtml => "mhtml",
            Self::Epub => "epub",
            Self::Office => "document",
            #[cfg(feature = "pdf")]
            Self::Pdf => "pdf",
        }
    }
}

/// What the name of a file says of its packing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape<'n> {
    /// The name of what comes out when it is unpacked, without folders.
    pub name: &'n str,
    /// How it is packed as a whole.
    pub packing: Option<Packing>,
    /// What it holds then, where that is members.
    pub kind: Option<Kind>,
}

/// The shape of a file of that name.
///
/// ```
/// use fiche::container::{Kind, Packing, shape};
///
/// let found = shape("dumps/2023.tar.gz");
/// assert_eq!((found.name, found.packing, found.kind), ("2023.tar", Some(Packing::Gzip), Some(Kind::Tar)));
/// assert_eq!(shape("a.html.zst").name, "a.html");
/// ```
pub fn shape(path: &str) -> Shape<'_> {
    let name = path.rsplit('/').next().unwrap_or(path);
    let (stem, ending) = split(name);
    let (packing, tar) = match &ending[..] {
        "gz" => (Packing::Gzip, false),
        "tgz" => (Packing::Gzip, true),
        "zst" => (Packing::Zstd, false),
        "tzst" => (Packing::Zstd, true),
        "bz2" => (Packing::Bzip2, false),
        "tbz" | "tbz2" => (Packing::Bzip2, true),
        "xz" => (Packing::Xz, false),
        "txz" => (Packing::Xz, true),
        _ => return Shape { name, packing: None, kind: kind(&ending) },
    };
    let kind = if tar { Some(Kind::Tar) } else { kind(&split(stem).1) };
    Shape { name: stem, packing: Some(packing), kind }
}

fn split(name: &str) -> (&str, String) {
    name.rsplit_once('.')
        .map_or((name, String::new()), |(stem, ending)| (stem, ending.to_ascii_lowercase()))
}

fn kind(ending: &str) -> Option<Kind> {
    Some(match ending {
        "zip" => Kind::Zip,
        "tar" => Kind::Tar,
        "warc" | "wet" => Kind::Warc,
        "wacz" => Kind::Wacz,
        "eml" => Kind::Mail,
        "mbox" | "mbx" => Kind::Mbox,
        "mhtml" | "mht" => Kind::Mhtml,
        "epub" => Kind::Epub,
        "docx" | "docm" | "odt" => Kind::Office,
        #[cfg(feature = "pdf")]
        "pdf" => Kind::Pdf,
        _ => return None,
    })
}

/// The packing of bytes, by the signs that they begin with.
pub fn packing_by_look(bytes: &[u8]) -> Option<Packing> {
    if bytes.starts_with(&[0x1f, 0x8b, 8]) {
        Some(Packing::Gzip)
    } else if bytes.starts_with(&[0x28, 0xb5, 0x2f, 0xfd]) {
        Some(Packing::Zstd)
    } else if bytes.starts_with(b"BZh") && bytes.get(4..10) == Some(b"1AY&SY") {
        Some(Packing::Bzip2)
    } else if bytes.starts_with(&[0xfd, b'7', b'z', b'X', b'Z', 0]) {
        Some(Packing::Xz)
    } else {
        None
    }
}

/// What bytes without a telling name hold, by the signs that they begin with.
pub fn kind_by_look(bytes: &[u8]) -> Option<Kind> {
    #[cfg(feature = "pdf")]
    if bytes.starts_with(b"%PDF-") {
        return Some(Kind::Pdf);
    }
    if bytes.starts_with(b"PK\x03\x04") {
        Some(Kind::Zip)
    } else if bytes.get(257..262) == Some(b"ustar") {
        Some(Kind::Tar)
    } else if bytes.starts_with(b"WARC/1.") || bytes.starts_with(b"WARC/0.") {
        Some(Kind::Warc)
    } else if bytes.starts_with(b"From: <Saved by ") {
        Some(Kind::Mhtml)
    } else if is_mailbox(bytes) {
        Some(Kind::Mbox)
    } else {
        None
    }
}

/// Whether bytes begin as a mailbox does, `From ana@home.example Mon Mar 13 09:00:00 2023`, and go on
/// with the head of a letter.
fn is_mailbox(bytes: &[u8]) -> bool {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    if !bytes.starts_with(b"From ") {
        return false;
    }
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(4096)]);
    let mut lines = head.lines();
    let first = lines.next().unwrap_or("");
    let dated = first.split_whitespace().skip(2).take(1).any(|word| DAYS.contains(&word));
    let named = lines.next().and_then(|line| line.split_once(':')).is_some_and(|(name, _)| {
        !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-')
    });
    dated && named
}

/// What a member may unpack to, against the size of the outermost file.
const RATIO: u64 = 200;
/// What is allowed whatever the size of the file.
const FLOOR: u64 = 16 << 20;
/// The most that comes out of one file, unless the file itself is of that order.
const MOST: u64 = 64 << 30;
/// The most members of one file, those of inner archives counted too.
const MEMBERS: u64 = 4_000_000;
/// How deep archives may lie in one another.
pub const DEPTH: u8 = 4;

/// What may still come out of one file of the corpus, archives inside of archives included.
#[derive(Debug)]
pub struct Budget {
    bytes: Cell<u64>,
    members: Cell<u64>,
}

impl Budget {
    /// For a file of that size: 200 times as much (and 16 MB in any case), at most 64 GB or eight
    /// times the file; four million members.
    pub fn of(size: u64) -> Self {
        let bytes = size.saturating_mul(RATIO).saturating_add(FLOOR);
        let bytes = bytes.min(MOST.max(size.saturating_mul(8)));
        Self { bytes: Cell::new(bytes), members: Cell::new(MEMBERS) }
    }

    /// Counts a member; whether it is one too many.
    fn one_more(&self) -> bool {
        let left = self.members.get();
        self.members.set(left.saturating_sub(1));
        left == 0
    }

    fn spent(&self) -> bool {
        self.bytes.get() == 0
    }
}

/// Why reading stopped where a bound was met.
const TOO_MUCH: &str =
    "it unpacks to more than 200 times its size, or to more than 64 GB; the rest is not read";

/// Takes what is read through it from a budget.
struct Metered<'b, R> {
    inner: R,
    budget: &'b Budget,
}

impl<R: Read> Read for Metered<'_, R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let left = self.budget.bytes.get();
        if left == 0 {
            return Err(io::Error::other(TOO_MUCH));
        }
        let read = self.inner.read(buffer)?;
        self.budget.bytes.set(left.saturating_sub(read as u64));
        Ok(read)
    }
}

/// What xz may need to unpack, in KiB; its highest level needs 65 MB.
const XZ_MEMORY: u32 = 256 << 10;

/// Unpacks a stream, as far as the budget goes.
///
/// # Errors
///
/// Where Zstandard cannot be set up; what is wrong in the bytes is told by reading.
pub fn unpacked<'r>(
    packing: Packing,
    packed: impl Read + 'r,
    budget: &'r Budget,
) -> io::Result<Box<dyn Read + 'r>> {
    Ok(match packing {
        Packing::Gzip => Box::new(Metered { inner: MultiGzDecoder::new(packed), budget }),
        Packing::Bzip2 => Box::new(Metered { inner: MultiBzDecoder::new(packed), budget }),
        Packing::Xz => {
            let inner = XzReader::new_mem_limit(packed, true, XZ_MEMORY);
            Box::new(Metered { inner, budget })
        }
        Packing::Zstd => {
            let inner = zstd::stream::read::Decoder::new(packed)?;
            Box::new(Metered { inner, budget })
        }
    })
}

/// What a container may tell of an article in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[expect(missing_docs, reason = "the names are those of the article's members")]
pub enum Says {
    Headline,
    Author,
    Published,
    Captured,
    Section,
    Source,
    Language,
    Url,
    Id,
}

/// An article of which the container tells things beside its text: a letter, a chapter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Leaf {
    /// Its number in the container, from 1; `None` where it is all that there is.
    pub number: Option<u32>,
    /// Whether what is told is told of this article alone, and not of all of them.
    pub firm: bool,
    /// What is told, each with where: `Subject`.
    pub says: Vec<(Says, &'static str, String)>,
    /// Whether its text is a page and not plain.
    pub html: bool,
    /// The text, as it stands.
    pub bytes: Vec<u8>,
}

impl Leaf {
    fn say(&mut self, what: Says, place: &'static str, text: &str) {
        if !text.trim().is_empty() {
            self.says.push((what, place, text.trim().to_owned()));
        }
    }
}

/// Something found in a container.
pub enum Entry<'e> {
    /// A file; its name as it stands, with `/` between its parts.
    Member {
        /// The name.
        name: String,
        /// What is in it; need not be read to its end.
        content: &'e mut dyn Read,
    },
    /// A page of a web archive.
    Record(Box<Record>),
    /// An article of which the container tells things beside its text.
    Leaf(Box<Leaf>),
    /// Something that cannot be read, with its place (`""` for the whole).
    Problem {
        /// Where.
        place: String,
        /// One sentence without a full stop.
        why: String,
    },
}

/// Bytes that can be read from any place.
pub trait Seekable: Read + Seek {}

impl<R: Read + Seek> Seekable for R {}

/// Where the bytes of a container come from.
pub enum Bytes<'b> {
    /// From any place: a file, or bytes in memory.
    Any(&'b mut dyn Seekable),
    /// From the first to the last only.
    Stream(&'b mut dyn Read),
}

/// Reads the members of a container in their order; `each` says whether to go on.
///
/// What is damaged gives what can be read of it, and a [`Entry::Problem`]. A record of a web archive
/// larger than `largest` is passed over and told.
pub fn read(
    kind: Kind,
    bytes: Bytes<'_>,
    budget: &Budget,
    largest: u64,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) {
    let read = match (kind, bytes) {
        (Kind::Zip | Kind::Wacz | Kind::Epub | Kind::Office, Bytes::Any(bytes)) => {
            zipped(kind, bytes, budget, largest, each)
        }
        (Kind::Zip | Kind::Wacz | Kind::Epub | Kind::Office, Bytes::Stream(stream)) => {
            // The list of a zip's members stands at its end: packed once more, it must be held.
            let (held, more) = read_most(stream, largest);
            match more {
                Ok(true) => Err(io::Error::other(format!(
                    "more than {} MB unpacked (--max-file)",
                    largest >> 20
                ))),
                Ok(false) => zipped(kind, &mut io::Cursor::new(held), budget, largest, each),
                Err(error) => Err(error),
            }
        }
        (Kind::Tar, Bytes::Any(bytes)) => tar::read(bytes, budget, each),
        (Kind::Tar, Bytes::Stream(stream)) => tar::read(stream, budget, each),
        (kind @ (Kind::Mail | Kind::Mbox), Bytes::Any(bytes)) => {
            mail::read(bytes, kind == Kind::Mbox, budget, largest, each)
        }
        (kind @ (Kind::Mail | Kind::Mbox), Bytes::Stream(stream)) => {
            mail::read(stream, kind == Kind::Mbox, budget, largest, each)
        }
        (Kind::Mhtml, Bytes::Any(bytes)) => mail::read_page(bytes, largest, each),
        (Kind::Mhtml, Bytes::Stream(stream)) => mail::read_page(stream, largest, each),
        #[cfg(feature = "pdf")]
        (Kind::Pdf, Bytes::Any(bytes)) => pdf::read(bytes, largest, each),
        #[cfg(feature = "pdf")]
        (Kind::Pdf, Bytes::Stream(stream)) => pdf::read(stream, largest, each),
        (Kind::Warc, Bytes::Any(bytes)) => warc::read(bytes, budget, largest, each),
        (Kind::Warc, Bytes::Stream(stream)) => warc::read(stream, budget, largest, each),
    };
    if let Err(error) = read {
        let why = if budget.spent() { TOO_MUCH.to_owned() } else { error.to_string() };
        each(Entry::Problem { place: String::new(), why });
    }
}

fn zipped(
    kind: Kind,
    bytes: &mut dyn Seekable,
    budget: &Budget,
    largest: u64,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    match kind {
        Kind::Epub => epub::read(bytes, budget, largest, each),
        Kind::Office => office::read(bytes, budget, largest, each),
        _ => zip::read(bytes, kind == Kind::Wacz, budget, each),
    }
}

/// Whether a member's name is one that a walk over folders would leave out too.
fn is_hidden(name: &str) -> bool {
    name.split('/')
        .any(|part| part == "__MACOSX" || (part.starts_with('.') && part != "." && part != ".."))
}

/// A name as it is shown: parts joined by `/`, none of them empty or `.`.
fn tidy(name: &str) -> String {
    let parts: Vec<&str> =
        name.split(['/', '\\']).filter(|part| !part.is_empty() && *part != ".").collect();
    parts.join("/")
}

/// All bytes of a stream that has no more than `largest`.
fn whole(bytes: impl Read, largest: u64) -> io::Result<Vec<u8>> {
    let (whole, more) = read_most(bytes, largest);
    if more? {
        return Err(io::Error::other(format!("more than {} MB (--max-file)", largest >> 20)));
    }
    Ok(whole)
}

/// Reads at most so many bytes of a stream: what was read, and whether there is more, or what the stream
/// says against it. Where there is more, only the start is kept.
pub fn read_most(mut stream: impl Read, most: u64) -> (Vec<u8>, io::Result<bool>) {
    // A vector that grows holds its bytes twice. So what is long is put together once its length is known,
    // and each piece let go then.
    const PIECE: u64 = 16 << 20;
    let mut take = |most: u64| {
        let mut piece = Vec::new();
        let read = stream.by_ref().take(most).read_to_end(&mut piece);
        (piece, read)
    };
    let mut pieces: Vec<Vec<u8>> = Vec::new();
    let mut left = most;
    let more = loop {
        // What is too much is read apart.
        let room = left.clamp(1, PIECE);
        let (piece, read) = take(room);
        match read {
            Ok(0) => break Ok(false),
            Ok(_) if left == 0 => {
                pieces.truncate(1);
                break Ok(true);
            }
            read => {
                let ended = read.map(|read| (read as u64) < room);
                left -= piece.len() as u64;
                pieces.push(piece);
                match ended {
                    Ok(false) => {}
                    Ok(true) => break Ok(false),
                    Err(error) => break Err(error),
                }
            }
        }
    };
    let mut bytes = if pieces.is_empty() { Vec::new() } else { pieces.remove(0) };
    bytes.reserve_exact(pieces.iter().map(Vec::len).sum());
    for piece in pieces {
        bytes.extend_from_slice(&piece);
    }
    (bytes, more)
}

fn too_many() -> io::Error {
    io::Error::other(format!("it holds more than {MEMBERS} files; the rest is not read"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stream_is_read_whole_or_told_to_have_more() {
        let long: Vec<u8> = (0..40_u32 << 20).map(|at| (at >> 7) as u8).collect();
        let size = long.len() as u64;
        for (most, is_more) in [(size, false), (size + 1, false), (size - 1, true), (1, true)] {
            let (bytes, more) = read_most(&long[..], most);
            assert_eq!(more.unwrap(), is_more, "{most}");
            assert!(is_more || bytes == long, "{most}");
            assert!(bytes.len() as u64 <= most);
        }
        assert!(!read_most(&b""[..], 0).1.unwrap());
        assert!(read_most(&b"a"[..], 0).1.unwrap());
        struct Broken;
        impl Read for Broken {
            fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
                Err(io::Error::other("broken"))
            }
        }
        let (bytes, more) = read_most((&long[..]).chain(Broken), u64::MAX);
        assert!(more.is_err() && bytes == long);
    }

    #[test]
    fn names_tell_the_shape() {
        for (name, inner, packing, kind) in [
            ("a/b.html", "b.html", None, None),
            ("b.HTML.GZ", "b.HTML", Some(Packing::Gzip), None),
            ("b.tbz2", "b", Some(Packing::Bzip2), Some(Kind::Tar)),
            ("b.tar.xz", "b.tar", Some(Packing::Xz), Some(Kind::Tar)),
            ("c.warc.gz", "c.warc", Some(Packing::Gzip), Some(Kind::Warc)),
            ("c.warc.wet.gz", "c.warc.wet", Some(Packing::Gzip), Some(Kind::Warc)),
            ("c.tar.zst", "c.tar", Some(Packing::Zstd), Some(Kind::Tar)),
            ("gz", "gz", None, None),
        ] {
            assert_eq!(shape(name), Shape { name: inner, packing, kind }, "{name}");
        }
    }

    #[test]
    fn r12_a_budget_ends() {
        let budget = Budget::of(10);
        let mut noughts = Metered { inner: io::repeat(0), budget: &budget };
        let error = io::copy(&mut noughts, &mut io::sink()).unwrap_err();
        assert_eq!(error.to_string(), TOO_MUCH);
        assert!(budget.spent());
    }

    #[test]
    fn a_mailbox_is_known_without_its_ending() {
        let mailbox = b"From ana@home.example Mon Mar 13 09:00:00 2023\nSubject: Herons\n\nx";
        assert_eq!(kind_by_look(mailbox), Some(Kind::Mbox));
        assert_eq!(kind_by_look(b"From the harbour Mon and Tue\nNote: no letter"), None);
        assert_eq!(kind_by_look(b"From London, by wire\nDate: 1912\n\nNo letter."), None);
    }

    #[test]
    fn r13_names_are_only_names() {
        assert_eq!(tidy("./a//b/../../etc\\passwd"), "a/b/../../etc/passwd");
        assert!(is_hidden("a/.git/x") && !is_hidden("../a"));
    }
}
