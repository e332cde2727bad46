//! Bytes to text: by mark, by their own word, by guess, and never without a word of doubt.

use std::borrow::Cow;

use chardetng::{EncodingDetector, Iso2022JpDetection, Utf8Detection};
use encoding_rs::{Encoding, UTF_8, UTF_16BE, UTF_16LE, WINDOWS_1252};

/// A text and how it was read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Decoded<'b> {
    /// The text, without a byte order mark.
    pub text: Cow<'b, str>,
    /// The name of the encoding it was read as, by the WHATWG list.
    pub encoding: &'static str,
    /// Whether some bytes meant nothing and stand as U+FFFD now.
    pub lossy: bool,
}

/// How far into a page its declared encoding is looked for, in bytes.
const PRESCAN: usize = 4096;

/// Reads bytes as text. Never fails.
///
/// The order: a byte order mark; UTF-8 where all bytes fit it; what the page declares
/// (`<meta charset>`); UTF-8 where nearly all fit; a guess by chardetng.
///
/// ```
/// let read = fiche::decode::decode(b"Caf\xe9 owners met on Friday, the mayor said");
/// assert_eq!((read.text.as_ref(), read.encoding), ("Café owners met on Friday, the mayor said", "windows-1252"));
/// ```
pub fn decode(bytes: &[u8]) -> Decoded<'_> {
    decode_as(bytes, None)
}

/// Reads bytes as text where a server named the encoding, which counts before what the page says.
pub fn decode_as<'b>(bytes: &'b [u8], label: Option<&str>) -> Decoded<'b> {
    if let Some((encoding, mark)) = Encoding::for_bom(bytes) {
        return read_as(encoding, &bytes[mark..]);
    }
    if let Some(encoding) = wide(bytes) {
        return read_as(encoding, bytes);
    }
    let served = label.and_then(|label| Encoding::for_label(label.as_bytes()));
    let declared = served.or_else(|| declared(bytes));
    let escapes = declared.is_some_and(|encoding| encoding.name() == "ISO-2022-JP");
    if !escapes && let Ok(text) = std::str::from_utf8(bytes) {
        return Decoded { text: Cow::Borrowed(text), encoding: UTF_8.name(), lossy: false };
    }
    if let Some(encoding) = declared.filter(|encoding| *encoding != UTF_8) {
        let read = read_as(encoding, bytes);
        if !read.lossy {
            return read;
        }
    }
    if mostly_utf8(bytes) {
        return read_as(UTF_8, bytes);
    }
    let mut detector = EncodingDetector::new(Iso2022JpDetection::Deny);
    detector.feed(bytes, true);
    let guess = detector.guess(None, Utf8Detection::Allow);
    let guess = if guess == UTF_8 { WINDOWS_1252 } else { guess };
    read_as(guess, bytes)
}

fn read_as<'b>(encoding: &'static Encoding, bytes: &'b [u8]) -> Decoded<'b> {
    let (text, lossy) = encoding.decode_without_bom_handling(bytes);
    Decoded { text, encoding: encoding.name(), lossy }
}

/// UTF-16 without a mark: Latin text then has a nought in every second byte.
fn wide(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(2048) & !1];
    if head.len() < 16 || memchr::memchr(0, head).is_none() {
        return None;
    }
    let noughts = |from: usize| head.iter().skip(from).step_by(2).filter(|b| **b == 0).count();
    let (even, odd, half) = (noughts(0), noughts(1), head.len() / 2);
    if odd * 10 > half * 8 && even * 10 < half {
        Some(UTF_16LE)
    } else if even * 10 > half * 8 && odd * 10 < half {
        Some(UTF_16BE)
    } else {
        None
    }
}

/// The encoding that a page or an XML file declares in its first bytes.
fn declared(bytes: &[u8]) -> Option<&'static Encoding> {
    let head = &bytes[..bytes.len().min(PRESCAN)];
    let lower = head.to_ascii_lowercase();
    for name in ["charset", "encoding"] {
        let mut from = 0;
        while let Some(at) = memchr::memmem::find(&lower[from..], name.as_bytes()) {
            let start = from + at + name.len();
            from = start;
            // Only inside a tag: `<meta charset=…>`, `<?xml encoding=…?>`.
            let opened = memchr::memrchr(b'<', &lower[..start]);
            let in_tag = opened.is_some_and(|open| {
                let tag = &lower[open..start];
                (tag.starts_with(b"<meta") || tag.starts_with(b"<?xml")) && !tag.contains(&b'>')
            });
            let rest = lower[start..].trim_ascii_start();
            if !in_tag || rest.first() != Some(&b'=') {
                continue;
            }
            let value = rest[1..].trim_ascii_start();
            let value = value.strip_prefix(b"\"").or(value.strip_prefix(b"'")).unwrap_or(value);
            let end = value
                .iter()
                .position(|b| !(b.is_ascii_alphanumeric() || b"-_:.".contains(b)))
                .unwrap_or(value.len());
            if let Some(encoding) = Encoding::for_label(&value[..end]) {
                // A page that can be read this far is not in UTF-16.
                return Some(if encoding == UTF_16LE || encoding == UTF_16BE {
                    UTF_8
                } else {
                    encoding
                });
            }
        }
    }
    None
}

/// Whether there are far more whole characters of UTF-8 than bytes that do not fit it.
fn mostly_utf8(bytes: &[u8]) -> bool {
    let (mut whole, mut broken) = (0_usize, 0_usize);
    for chunk in bytes.utf8_chunks() {
        whole += chunk.valid().chars().filter(|c| !c.is_ascii()).count();
        broken += usize::from(!chunk.invalid().is_empty());
    }
    whole > 2 * broken
}

/// Whether bytes are no text at all: noughts that no encoding of text explains, or mostly control
/// characters.
pub fn is_binary(bytes: &[u8]) -> bool {
    if Encoding::for_bom(bytes).is_some() || wide(bytes).is_some() {
        return false;
    }
    let head = &bytes[..bytes.len().min(8192)];
    let control = |b: u8| b < 0x20 && !matches!(b, b'\t' | b'\n' | b'\r' | 0x0c | 0x1b);
    // Stretches that a byte can count are counted for many bytes in one step.
    let count = |is: &dyn Fn(&[u8]) -> u8| head.chunks(128).map(|part| usize::from(is(part))).sum();
    let controls: usize = count(&|part| part.iter().map(|b| u8::from(control(*b))).sum());
    let noughts: usize = count(&|part| part.iter().map(|b| u8::from(*b == 0)).sum());
    noughts * 100 > head.len() || controls * 20 > head.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn encodings_are_told_apart() {
        let utf16: Vec<u8> =
            "Harbour frozen again".encode_utf16().flat_map(u16::to_le_bytes).collect();
        let marked = [&[0xff, 0xfe][..], &utf16].concat();
        for (bytes, text, encoding) in [
            (&b"plain"[..], "plain", "UTF-8"),
            ("\u{feff}été".as_bytes(), "été", "UTF-8"),
            (&marked, "Harbour frozen again", "UTF-16LE"),
            (&utf16, "Harbour frozen again", "UTF-16LE"),
            (
                b"<meta charset=\"windows-1252\">\x93Hi\x94",
                "<meta charset=\"windows-1252\">“Hi”",
                "windows-1252",
            ),
            // A page that lies: the bytes are UTF-8.
            ("<meta charset=iso-8859-1>Zoë".as_bytes(), "<meta charset=iso-8859-1>Zoë", "UTF-8"),
            (
                b"<meta charset=shift_jis>\x93\x8c\x8b\x9e",
                "<meta charset=shift_jis>東京",
                "Shift_JIS",
            ),
        ] {
            let read = decode(bytes);
            assert_eq!((read.text.as_ref(), read.encoding, read.lossy), (text, encoding, false));
        }
    }

    #[test]
    fn a_broken_byte_does_not_spoil_the_rest() {
        let bytes = [&b"Zo\xc3\xab, caf\xc3\xa9, na\xc3\xafve "[..], &[0xff], b" end"].concat();
        let read = decode(&bytes);
        assert_eq!((read.text.as_ref(), read.lossy), ("Zoë, café, naïve \u{fffd} end", true));
    }

    #[test]
    fn what_is_no_text_is_seen() {
        assert!(is_binary(&[0x89, b'P', b'N', b'G', 0, 0, 0, 13, 1, 2, 3, 0, 0]));
        assert!(!is_binary("Zoë met José.\n".as_bytes()));
        assert!(!is_binary(b""));
    }
}
