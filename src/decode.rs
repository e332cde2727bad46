//! Bytes to text: by mark, by their own word, by guess, and never without a word of doubt.

use std::borrow::Cow;
use std::ops::Range;

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
    /// How many letters had been read in the wrong encoding before they were saved as they are, and stand
    /// right now: `’` for `â€™`.
    pub mended: usize,
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
    let mut decoded = decode_once(bytes, label);
    if !twice_in(&decoded.text).is_empty() {
        let mut text = decoded.text.into_owned();
        decoded.mended = mend(&mut [&mut text]);
        decoded.text = Cow::Owned(text);
    }
    decoded
}

fn decode_once<'b>(bytes: &'b [u8], label: Option<&str>) -> Decoded<'b> {
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
        return Decoded {
            text: Cow::Borrowed(text),
            encoding: UTF_8.name(),
            lossy: false,
            mended: 0,
        };
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
    Decoded { text, encoding: encoding.name(), lossy, mended: 0 }
}

/// A letter that was read twice: the bytes that it is in UTF-8 were taken for letters of their own.
struct Twice {
    /// Where these letters stand, in bytes.
    range: Range<usize>,
    /// What they are.
    letter: char,
    /// Whether a control character is one of them, which no text has.
    sure: bool,
}

/// So many letters of a text must be wrong before those are mended that may be meant.
const FEW: usize = 3;

/// Mends the letters of a document's texts that were read in the wrong encoding once and then saved, and
/// gives their number: some programs take UTF-8 for windows-1252 or ISO-8859-1.
///
/// Where a control character shows it, a letter is mended wherever it stands. `â€™` may be meant, in an
/// article on encodings: it is mended where nearly all letters beyond ASCII are like that.
pub fn mend(texts: &mut [&mut String]) -> usize {
    let mut found: Vec<Vec<Twice>> = texts.iter().map(|text| twice_in(text)).collect();
    let all: usize = found.iter().map(Vec::len).sum();
    if all == 0 {
        return 0;
    }
    let sure = found.iter().flatten().filter(|one| one.sure).count();
    // Two letters, of which one is a control character, may be a word's end and a wrong quotation mark.
    let long = |one: &Twice| one.sure && one.range.len() > 4;
    if is_most(texts, &found) {
        // All of them are wrong.
    } else if all < FEW || sure == 0 {
        found.iter_mut().for_each(|one| one.retain(long));
    } else if sure * 2 < all {
        found.iter_mut().for_each(|one| one.retain(|one| one.sure));
    }
    for (text, found) in texts.iter_mut().zip(&found).filter(|(_, found)| !found.is_empty()) {
        let mut mended = String::with_capacity(text.len());
        let mut from = 0;
        for one in found {
            mended.push_str(&text[from..one.range.start]);
            mended.push(one.letter);
            from = one.range.end;
        }
        mended.push_str(&text[from..]);
        **text = mended;
    }
    found.iter().map(Vec::len).sum()
}

/// All letters of a text that may have been read twice.
fn twice_in(text: &str) -> Vec<Twice> {
    let mut found: Vec<Twice> = Vec::new();
    // All bytes that begin a letter in UTF-8 are letters that begin with this byte.
    for at in memchr::memchr_iter(0xc3, text.as_bytes()) {
        let open = found.last().is_none_or(|last| last.range.end <= at);
        found.extend(Some(at).filter(|_| open).and_then(|at| twice(text, at)));
    }
    found
}

/// The letter that was read twice at a place.
fn twice(text: &str, at: usize) -> Option<Twice> {
    // Most letters have one of ASCII behind them, or another of their kind.
    if !matches!(text.as_bytes().get(at + 2), Some(0xc2 | 0xc5 | 0xc6 | 0xcb | 0xe2)) {
        return None;
    }
    let mut bytes = [0; 4];
    let (mut end, mut sure) = (at, false);
    let letters = text.get(at..)?.chars();
    let mut count = 0;
    let mut length = 1;
    for c in letters.take(4) {
        let mut one = [0; 4];
        let (byte, _, wrong) = WINDOWS_1252.encode(c.encode_utf8(&mut one));
        // ISO-8859-1 has control characters where windows-1252 has letters.
        let byte = match u8::try_from(u32::from(c)) {
            Ok(byte @ 0x80..) => byte,
            _ if !wrong && byte.len() == 1 => byte[0],
            _ => return None,
        };
        if count == 0 {
            length = match byte {
                // The scripts beyond are Syriac, Thaana and N'Ko: a word may end in `ß…`.
                0xc2..=0xdb => 2,
                0xe0..=0xef => 3,
                0xf0..=0xf4 => 4,
                _ => return None,
            };
        } else if !(0x80..0xc0).contains(&byte) {
            return None;
        }
        sure |= ('\u{80}'..'\u{a0}').contains(&c);
        bytes[count] = byte;
        count += 1;
        end += c.len_utf8();
        if count == length {
            break;
        }
    }
    let letter = std::str::from_utf8(&bytes[..count]).ok()?.chars().next()?;
    (count == length).then_some(Twice { range: at..end, letter, sure })
}

/// Whether nearly all letters of texts that are not of ASCII are among those that were read twice. Bullets
/// and blanks may come of a program that took a page to pieces later.
fn is_most(texts: &[&mut String], found: &[Vec<Twice>]) -> bool {
    let other = |c: &char| !c.is_ascii() && !matches!(c, '•' | '○' | '\u{a0}' | '©' | '®' | '™');
    let count = |text: &str| text.chars().filter(other).count();
    let number: usize = found.iter().map(Vec::len).sum();
    let among = texts.iter().zip(found);
    let among =
        among.flat_map(|(text, found)| found.iter().map(|one| count(&text[one.range.clone()])));
    let (among, all) = (among.sum::<usize>(), texts.iter().map(|text| count(text)).sum::<usize>());
    number >= FEW && (all - among) * 4 <= number
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
    fn letters_that_were_read_twice_are_mended() {
        let read = |text: &str| {
            let read = decode(text.as_bytes());
            (read.text.into_owned(), read.mended)
        };
        // By ISO-8859-1, whose control characters show it.
        let latin = |text: &str| text.bytes().map(char::from).collect::<String>();
        let right = "The ice can’t be crossed – says “the council”";
        assert_eq!(read(&latin(right)), (right.to_owned(), 4));
        assert_eq!(read(&format!("• {}", latin("can’t"))), ("• can’t".to_owned(), 1));
        let right = "Zoë and José can’t, née";
        assert_eq!(read(&latin(right)), (right.to_owned(), 4));
        // By windows-1252.
        let right = "It’s ice – it’s “the” ice";
        let (wrong, ..) = WINDOWS_1252.decode_without_bom_handling(right.as_bytes());
        assert_eq!(read(&wrong), (right.to_owned(), 5));
        // What may be meant stays.
        for text in [
            "Zoë met José – “née”",
            "So sieht es aus: â€™ statt ’, „falsch“, Grüße und süß",
            "Â is a letter",
            "DER FLUß…, DER SPAß“, DER FUß–",
            "Ã© and Ã¨",
        ] {
            assert_eq!(read(text), (text.to_owned(), 0), "{text}");
        }
    }

    #[test]
    fn what_is_no_text_is_seen() {
        assert!(is_binary(&[0x89, b'P', b'N', b'G', 0, 0, 0, 13, 1, 2, 3, 0, 0]));
        assert!(!is_binary("Zoë met José.\n".as_bytes()));
        assert!(!is_binary(b""));
    }
}
