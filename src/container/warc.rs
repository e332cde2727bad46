//! Web archives: WARC and WET records, one after the other.

use std::io::{self, BufRead, BufReader, Read};

use super::{Budget, Entry, Packing, packing_by_look, too_many, unpacked};

/// The longest line of a header, in bytes.
const LONGEST_LINE: u64 = 64 << 10;
/// The most lines of a header.
const MOST_LINES: usize = 1024;

/// A page of a web archive.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Record {
    /// Its number in the file, from 1; every kind of record counts.
    pub number: u32,
    /// The address that was asked for.
    pub url: String,
    /// When it was captured (never when it was published).
    pub captured: String,
    /// Whether it is text already (WET), not the answer of a server.
    pub plain: bool,
    /// The type that the server gave: `text/html`.
    pub mime: String,
    /// The encoding that the server gave.
    pub charset: Option<String>,
    /// The page itself, unpacked.
    pub body: Vec<u8>,
}

pub(super) fn read(
    bytes: impl Read,
    budget: &Budget,
    largest: u64,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    let mut bytes = BufReader::with_capacity(1 << 16, bytes);
    let mut number = 0_u32;
    loop {
        let Some(lost) = to_next(&mut bytes)? else {
            return if number > 0 {
                Ok(())
            } else {
                Err(io::Error::other("there is no record in it"))
            };
        };
        number = number.saturating_add(1);
        let place = format!("#{number}");
        if lost
            && !each(Entry::Problem {
                place: place.clone(),
                why: "bytes before it belong to no record".into(),
            })
        {
            return Ok(());
        }
        if budget.one_more() {
            return Err(too_many());
        }
        let (head, cut) = header(&mut bytes)?;
        if cut {
            let why = "its header is longer than 1,024 lines, or a line of it than 64 KB; the rest \
                       of it is left out";
            if !each(Entry::Problem { place: place.clone(), why: why.to_owned() }) {
                return Ok(());
            }
        }
        let value = |name: &str| {
            head.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| &value[..])
        };
        let Some(length) = value("content-length").and_then(|text| text.parse::<u64>().ok()) else {
            let why = "its length cannot be read".to_owned();
            if !each(Entry::Problem { place, why }) {
                return Ok(());
            }
            continue;
        };
        let kind = value("warc-type").unwrap_or("");
        let plain = kind == "conversion";
        let page = plain || kind == "resource" || kind == "response";
        if !page || length > largest {
            if page {
                let why = format!("a record of {} MB (--max-file)", length >> 20);
                if !each(Entry::Problem { place, why }) {
                    return Ok(());
                }
            }
            if io::copy(&mut bytes.by_ref().take(length), &mut io::sink())? < length {
                return Err(io::Error::other("it ends in the middle of a record"));
            }
            continue;
        }
        let (body, read) = super::read_most(bytes.by_ref().take(length), length);
        read?;
        let cut = (body.len() as u64) < length;
        let mut record = Record {
            number,
            url: value("warc-target-uri").unwrap_or("").trim_matches(['<', '>']).to_owned(),
            captured: value("warc-date").unwrap_or("").to_owned(),
            plain,
            mime: value("content-type").unwrap_or("").to_owned(),
            charset: None,
            body,
        };
        let served = kind == "response" && record.mime.starts_with("application/http");
        let kept = if served {
            answer(&mut record, budget, largest)
        } else {
            (record.mime, record.charset) = media(&record.mime);
            Ok(kind != "response" && record.url.starts_with("http"))
        };
        let goes_on = match kept {
            Ok(true) if is_page(&record.mime) => each(Entry::Record(Box::new(record))),
            Ok(_) => true,
            Err(error) => each(Entry::Problem { place, why: error.to_string() }),
        };
        if !goes_on {
            return Ok(());
        }
        if cut {
            return Err(io::Error::other("it ends in the middle of a record"));
        }
    }
}

fn is_page(mime: &str) -> bool {
    matches!(mime, "text/html" | "application/xhtml+xml" | "text/plain" | "")
}

/// Goes behind the first line of the next record; whether something else stood before it.
fn to_next(bytes: &mut impl BufRead) -> io::Result<Option<bool>> {
    let mut lost = false;
    let mut line = Vec::new();
    loop {
        line.clear();
        if bytes.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)? == 0 {
            return Ok(None);
        }
        if line.starts_with(b"WARC/") {
            return Ok(Some(lost));
        }
        lost |= !line.trim_ascii().is_empty();
    }
}

/// The lines of a header, up to the empty one, and whether something was left out.
fn header(bytes: &mut impl BufRead) -> io::Result<(Vec<(String, String)>, bool)> {
    let mut head: Vec<(String, String)> = Vec::new();
    let mut cut = false;
    let mut line = Vec::new();
    loop {
        line.clear();
        bytes.by_ref().take(LONGEST_LINE).read_until(b'\n', &mut line)?;
        let text = String::from_utf8_lossy(&line);
        if text.trim().is_empty() {
            return Ok((head, cut));
        }
        cut |= line.len() as u64 == LONGEST_LINE && line.last() != Some(&b'\n');
        if head.len() >= MOST_LINES {
            cut = true;
            continue;
        }
        if let (true, Some((_, value))) = (text.starts_with([' ', '\t']), head.last_mut()) {
            if value.len() < LONGEST_LINE as usize {
                value.push(' ');
                value.push_str(text.trim());
            }
        } else if let Some((key, value)) = text.split_once(':') {
            head.push((key.trim().to_owned(), value.trim().to_owned()));
        }
    }
}

/// Takes the head off a server's answer and unpacks the rest; whether it is a page that was found.
fn answer(record: &mut Record, budget: &Budget, largest: u64) -> io::Result<bool> {
    let mut rest = &record.body[..];
    let mut status = Vec::new();
    (&mut rest).take(LONGEST_LINE).read_until(b'\n', &mut status)?;
    let status = String::from_utf8_lossy(&status);
    let found = status.starts_with("HTTP/") && status.split_whitespace().nth(1) == Some("200");
    if !found {
        return Ok(false);
    }
    let (head, _) = header(&mut rest)?;
    let value = |name: &str| {
        head.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| &value[..])
    };
    (record.mime, record.charset) = media(value("content-type").unwrap_or(""));
    if !is_page(&record.mime) {
        return Ok(false);
    }
    let mut body = rest.to_vec();
    if value("transfer-encoding").is_some_and(|value| value.eq_ignore_ascii_case("chunked"))
        && let Some(joined) = joined(rest)
    {
        body = joined;
    }
    let coding = value("content-encoding").unwrap_or("").to_ascii_lowercase();
    // Programs that archive often unpack a page and keep the header.
    if !coding.is_empty() && packing_by_look(&body) == Some(Packing::Gzip) {
        let packed = std::mem::take(&mut body);
        body = within(unpacked(Packing::Gzip, &packed[..], budget)?, largest)?;
    } else if coding == "zstd" && packing_by_look(&body) == Some(Packing::Zstd) {
        let packed = std::mem::take(&mut body);
        body = within(unpacked(Packing::Zstd, &packed[..], budget)?, largest)?;
    } else if coding == "deflate" && body.first() == Some(&0x78) {
        let packed = std::mem::take(&mut body);
        let inner = flate2::read::ZlibDecoder::new(&packed[..]);
        body = within(Box::new(super::Metered { inner, budget }), largest)?;
    } else if coding == "br" && std::str::from_utf8(&body).is_err() {
        return Err(io::Error::other("packed by Brotli, which fiche does not read"));
    }
    record.body = body;
    Ok(true)
}

fn within(stream: Box<dyn Read + '_>, largest: u64) -> io::Result<Vec<u8>> {
    let (bytes, more) = super::read_most(stream, largest);
    if more? {
        return Err(io::Error::other(format!(
            "more than {} MB unpacked (--max-file)",
            largest >> 20
        )));
    }
    Ok(bytes)
}

/// A type and its encoding: `text/html; charset=utf-8`.
fn media(value: &str) -> (String, Option<String>) {
    let mut parts = value.split(';');
    let mime = parts.next().unwrap_or("").trim().to_ascii_lowercase();
    let charset = parts.find_map(|part| {
        let (key, value) = part.split_once('=')?;
        key.trim()
            .eq_ignore_ascii_case("charset")
            .then(|| value.trim().trim_matches(['"', '\'']).to_owned())
    });
    (mime, charset)
}

/// The chunks of an answer put together; `None` where it was not in chunks after all.
fn joined(mut rest: &[u8]) -> Option<Vec<u8>> {
    let mut whole = Vec::with_capacity(rest.len());
    loop {
        let end = rest.iter().take(64).position(|byte| *byte == b'\n')?;
        let size = std::str::from_utf8(&rest[..end]).ok()?.trim();
        let size = usize::from_str_radix(size.split(';').next()?.trim(), 16).ok()?;
        rest = &rest[end + 1..];
        if size == 0 {
            return Some(whole);
        }
        let Some(chunk) = rest.get(..size) else {
            whole.extend_from_slice(rest);
            return Some(whole);
        };
        whole.extend_from_slice(chunk);
        rest = rest.get(size..)?;
        rest = rest.strip_prefix(b"\r\n").or_else(|| rest.strip_prefix(b"\n")).unwrap_or(rest);
        if rest.is_empty() {
            return Some(whole);
        }
    }
}
