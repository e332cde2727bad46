//! Letters: `.eml` files, and mailboxes of many of them. And pages that browsers save in the form of
//! a letter: MHTML (RFC 2557).

use std::borrow::Cow;
use std::io::{self, BufRead, BufReader, Read};

use mail_parser::{Address, HeaderValue, Message, MessageParser, PartType};

use super::{Budget, Entry, Leaf, Says, too_many, whole};
use crate::decode::decode_as;

/// Reads the letters of a mailbox, or the one of a file.
pub(super) fn read(
    bytes: impl Read,
    many: bool,
    budget: &Budget,
    largest: u64,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    if !many {
        let (whole, more) = super::read_most(bytes, largest);
        if more? {
            return Err(too_large(largest));
        }
        let (whole, cut) = closed(&whole);
        return match each(entry(&whole, None)) && cut {
            true => Err(io::Error::other(CUT_OFF)),
            false => Ok(()),
        };
    }
    let mut bytes = BufReader::with_capacity(1 << 16, bytes);
    let (mut letter, mut line) = (Vec::new(), Vec::new());
    let (mut number, mut cut) = (0_u32, false);
    loop {
        line.clear();
        let read = bytes.by_ref().take(1 << 20).read_until(b'\n', &mut line)?;
        let begins = line.starts_with(b"From ") && is_apart(&letter);
        if (read == 0 || begins) && number > 0 {
            if budget.one_more() {
                return Err(too_many());
            }
            let found = if cut {
                Entry::Problem { place: format!("#{number}"), why: too_large(largest).to_string() }
            } else {
                entry(&letter, Some(number))
            };
            if !each(found) {
                return Ok(());
            }
        }
        match (read, begins) {
            (0, _) if number == 0 => return Err(io::Error::other("there is no letter in it")),
            (0, _) => return Ok(()),
            (_, true) => {
                number = number.saturating_add(1);
                letter.clear();
                cut = false;
            }
            _ if number == 0 => {}
            _ if (letter.len() + line.len()) as u64 > largest => cut = true,
            // A line of the text that begins as a letter does is quoted.
            _ => letter.extend_from_slice(line.strip_prefix(b">").filter(quoted).unwrap_or(&line)),
        }
    }
}

/// Reads a page with its pictures: what the page says of itself counts more than what the letter does.
pub(super) fn read_page(
    bytes: impl Read,
    largest: u64,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    let whole = whole(bytes, largest)?;
    let none = || io::Error::other("there is no page in it");
    let (whole, cut) = closed(&whole);
    let message = MessageParser::default().parse(&whole[..]).ok_or_else(none)?;
    // The first is the page, and those behind it are frames in it.
    let page = message.parts.iter().find_map(|part| match &part.body {
        PartType::Html(text) if !text.trim().is_empty() => Some((part, text)),
        _ => None,
    });
    let (part, text) = page.ok_or_else(none)?;
    let mut leaf = Leaf { html: true, bytes: text.as_bytes().to_vec(), ..Leaf::default() };
    let text = |value: Option<&HeaderValue<'_>>| {
        value.and_then(HeaderValue::as_text).unwrap_or_default().to_owned()
    };
    let place = text(
        part.headers
            .iter()
            .find_map(|header| (header.name() == "Content-Location").then_some(&header.value)),
    );
    for (what, place, said) in [
        (Says::Url, "Snapshot-Content-Location", text(message.header("Snapshot-Content-Location"))),
        (Says::Url, "Content-Location", if place.contains("://") { place } else { String::new() }),
        (Says::Headline, "Subject", message.subject().unwrap_or_default().to_owned()),
        (Says::Captured, "Date", message.date().map_or(String::new(), |date| date.to_rfc3339())),
    ] {
        leaf.say(what, place, &said);
    }
    match each(Entry::Leaf(Box::new(leaf))) && cut {
        true => Err(io::Error::other(CUT_OFF)),
        false => Ok(()),
    }
}

const CUT_OFF: &str = "it is cut off; read as far as it goes";

/// Letters have no more parts within each other.
const NESTED: usize = 16;

/// A letter whose parts are all closed, since one that is cut off would have no part at all; and whether
/// that one was not.
fn closed(letter: &[u8]) -> (Cow<'_, [u8]>, bool) {
    let ends = |boundary: &str| {
        let end = format!("--{boundary}--");
        memchr::memmem::find(letter, end.as_bytes()).is_some()
    };
    // `Content-Type: multipart/related; type="text/html"; boundary="a"`, perhaps on several lines.
    let declared = |at: &usize| {
        let before = letter[at.saturating_sub(200)..*at].to_ascii_lowercase();
        memchr::memmem::find(&before, b"multipart/").is_some()
    };
    let starts = memchr::memmem::find_iter(letter, b"boundary=").filter(declared).take(NESTED);
    let open: Vec<&str> = starts
        .filter_map(|at| {
            let value = letter.get(at + b"boundary=".len()..)?;
            let value = std::str::from_utf8(&value[..value.len().min(80)]).ok()?;
            let quoted = value.strip_prefix('"');
            let end: &[char] =
                if quoted.is_some() { &['"'] } else { &[';', ' ', '\r', '\n', '\t'] };
            quoted.unwrap_or(value).split(end).next()
        })
        .filter(|boundary| !boundary.is_empty() && !ends(boundary))
        .collect();
    if open.is_empty() {
        return (Cow::Borrowed(letter), false);
    }
    let mut whole = letter.to_vec();
    for boundary in open.iter().rev() {
        whole.extend_from_slice(format!("\r\n--{boundary}--\r\n").as_bytes());
    }
    (Cow::Owned(whole), true)
}

fn quoted(line: &&[u8]) -> bool {
    line.trim_ascii_start().starts_with(b"From ") || line.starts_with(b">")
}

/// Whether what was read of a letter ends with an empty line, so that another may begin.
fn is_apart(letter: &[u8]) -> bool {
    letter.is_empty() || letter.ends_with(b"\n\n") || letter.ends_with(b"\n\r\n")
}

fn too_large(largest: u64) -> io::Error {
    io::Error::other(format!("a letter of more than {} MB (--max-file)", largest >> 20))
}

fn entry(bytes: &[u8], number: Option<u32>) -> Entry<'static> {
    let bytes = with_a_readable_head(bytes);
    match MessageParser::default().parse(&bytes[..]).and_then(|message| leaf(&message, number)) {
        Some(leaf) => Entry::Leaf(Box::new(leaf)),
        None => Entry::Problem {
            place: number.map_or(String::new(), |number| format!("#{number}")),
            why: "no letter that can be read".to_owned(),
        },
    }
}

/// The letter with its head in UTF-8: some write a Subject in the bytes of their own encoding, which
/// the head does not name but for its text.
fn with_a_readable_head(letter: &[u8]) -> Cow<'_, [u8]> {
    let end = [&b"\n\n"[..], b"\n\r\n"]
        .into_iter()
        .filter_map(|end| memchr::memmem::find(letter, end))
        .min()
        .unwrap_or(letter.len());
    let (head, rest) = letter.split_at(end);
    if std::str::from_utf8(head).is_ok() {
        return Cow::Borrowed(letter);
    }
    let lower = head.to_ascii_lowercase();
    let label = memchr::memmem::find(&lower, b"charset=").map(|at| {
        let value = &head[at + b"charset=".len()..];
        let value = value.strip_prefix(b"\"").unwrap_or(value);
        let of_a_name = |b: &u8| b.is_ascii_alphanumeric() || b"-_:.".contains(b);
        let end = value.iter().position(|b| !of_a_name(b)).unwrap_or(value.len());
        String::from_utf8_lossy(&value[..end]).into_owned()
    });
    let head = decode_as(head, label.as_deref()).text;
    Cow::Owned([head.as_bytes(), rest].concat())
}

/// What a letter says; `None` where it has no head.
fn leaf(message: &Message<'_>, number: Option<u32>) -> Option<Leaf> {
    let mut leaf = Leaf { number, firm: true, ..Leaf::default() };
    leaf.say(Says::Headline, "Subject", message.subject().unwrap_or_default());
    let mut host = "";
    for sender in message.from().into_iter().flat_map(Address::iter) {
        let address = sender.address().unwrap_or_default();
        if host.is_empty() {
            host = address.rsplit_once('@').map_or("", |(_, host)| host);
        }
        leaf.say(Says::Author, "From", sender.name().unwrap_or(address));
    }
    let sent = message.date().map_or(String::new(), |date| date.to_rfc3339());
    leaf.say(Says::Published, "Date", &sent);
    if leaf.says.is_empty() {
        return None;
    }
    leaf.say(Says::Source, "From", &host.to_ascii_lowercase());
    leaf.say(Says::Section, "List-Id", &list(message));
    leaf.say(Says::Id, "Message-ID", message.message_id().unwrap_or_default());
    // The page is what its reader saw; its plain twin often says only where the page is.
    let parts = message.html_body.iter().chain(&message.text_body);
    let bodies: Vec<&PartType<'_>> =
        parts.filter_map(|part| message.part(*part)).map(|part| &part.body).collect();
    let page = bodies.iter().find_map(|body| match body {
        PartType::Html(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    });
    let plain = bodies.iter().find_map(|body| match body {
        PartType::Text(text) if !text.trim().is_empty() => Some(text),
        _ => None,
    });
    leaf.html = page.is_some();
    leaf.bytes = page.or(plain).map(|text| text.as_bytes().to_vec()).unwrap_or_default();
    Some(leaf)
}

/// What a mailing list calls itself: `The Morning Ferry <morning.ferry.example>`.
fn list(message: &Message<'_>) -> String {
    let name = match message.header("List-Id") {
        Some(HeaderValue::Text(text)) => text.to_string(),
        Some(HeaderValue::Address(address)) => {
            let first = address.first();
            let name = first.and_then(|first| first.name().or(first.address()));
            name.unwrap_or_default().to_owned()
        }
        _ => message.header_raw("List-Id").map_or(String::new(), |raw| raw.trim().to_owned()),
    };
    let bare = name.split('<').next().unwrap_or("").trim().trim_matches('"').trim();
    match bare {
        "" => name.trim_matches(['<', '>', ' ']).split('.').next().unwrap_or("").to_owned(),
        bare => bare.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parts_of_a_letter_that_is_cut_off_are_closed() {
        let letter = "Content-Type: multipart/mixed;\n\tboundary=\"a b\"\n\n--a b\nContent-Type: \
                      multipart/alternative; boundary=c\n\n--c\n\nIce";
        let (whole, cut) = closed(letter.as_bytes());
        assert!(cut);
        assert!(whole.ends_with(b"Ice\r\n--c--\r\n\r\n--a b--\r\n"));
        assert!(!closed(&whole).1);
        assert!(!closed(b"Subject: Ice\n\nIn MIME one writes boundary=x.").1);
    }
}
