//! Rich Text Format, as press databases and word processors write it: its text, read as plain text is.
//!
//! Of the form (Microsoft, "Rich Text Format Specification", 1.9.1) only what stands between text and
//! markup is followed: groups, control words, destinations that hold no text, and the encodings of
//! signs that are not of ASCII.

use encoding_rs::{
    BIG5, EUC_KR, Encoding, GBK, MACINTOSH, SHIFT_JIS, WINDOWS_874, WINDOWS_1250, WINDOWS_1251,
    WINDOWS_1252, WINDOWS_1253, WINDOWS_1254, WINDOWS_1255, WINDOWS_1256, WINDOWS_1257,
    WINDOWS_1258,
};
use rustc_hash::FxHashMap;

use super::plain::Plain;
use super::{Format, FormatError, Input};
use crate::draft::Draft;

/// Rich text.
pub struct Rtf;

/// How a file begins.
const MAGIC: &str = "{\\rtf";

impl Format for Rtf {
    fn name(&self) -> &'static str {
        "rtf"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["rtf"]
    }

    fn sniff(&self, head: &str) -> bool {
        head.starts_with(MAGIC)
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        let text = input.text.trim_start();
        if !text.starts_with(MAGIC) {
            // Some programs give any text this ending.
            return Plain.read(input, found);
        }
        let (text, cut) = Reader::new(text).read();
        Plain.read(Input { text: &text, first_line: 1, ..input }, found);
        if let Some(why) = cut {
            found(Err(FormatError::Cut(why.to_owned())));
        }
    }
}

/// Groups lie in each other at most so deep.
const DEEPEST: usize = 1_000;

/// What holds until a group ends.
#[derive(Clone, Copy)]
struct Group {
    /// Whether it holds no text of the document.
    skipped: bool,
    /// Whether it is the table of fonts.
    fonts: bool,
    hidden: bool,
    /// So many signs stand for one of Unicode, for those who know none.
    fallback: usize,
    encoding: &'static Encoding,
}

struct Reader<'t> {
    rest: &'t str,
    group: Group,
    outer: Vec<Group>,
    /// The encoding of the whole, and of each font.
    encoding: &'static Encoding,
    fonts: FxHashMap<i32, &'static Encoding>,
    /// The font that the table speaks of.
    font: i32,
    text: String,
    /// Signs that are not decoded yet, since two may be one.
    bytes: Vec<u8>,
    /// So many signs are still to be passed over.
    passed: usize,
    /// The first half of a sign of Unicode.
    half: Option<u16>,
}

impl<'t> Reader<'t> {
    fn new(rest: &'t str) -> Self {
        let group = Group {
            skipped: false,
            fonts: false,
            hidden: false,
            fallback: 1,
            encoding: WINDOWS_1252,
        };
        Self {
            rest,
            group,
            outer: Vec::new(),
            encoding: WINDOWS_1252,
            fonts: FxHashMap::default(),
            font: 0,
            text: String::new(),
            bytes: Vec::new(),
            passed: 0,
            half: None,
        }
    }

    /// The text, and why that is not all.
    fn read(mut self) -> (String, Option<&'static str>) {
        let mut cut = None;
        while let Some(c) = self.rest.chars().next() {
            let plain = self.rest.find(['{', '}', '\\', '\r', '\n']).unwrap_or(self.rest.len());
            if plain > 0 {
                let (text, rest) = self.rest.split_at(plain);
                self.rest = rest;
                self.plain(text);
                continue;
            }
            self.rest = &self.rest[1..];
            match c {
                '{' if self.outer.len() == DEEPEST => {
                    cut = Some("its groups lie too deep in each other; the rest is not read");
                    break;
                }
                '{' => {
                    self.flush();
                    self.outer.push(self.group);
                }
                '}' => {
                    self.flush();
                    match self.outer.pop() {
                        Some(group) => self.group = group,
                        None => break,
                    }
                }
                '\\' => self.control(),
                _ => {}
            }
        }
        self.flush();
        if cut.is_none() && !self.outer.is_empty() {
            cut = Some("it ends in the middle of a group");
        }
        (self.text, cut)
    }

    /// Text without marks.
    fn plain(&mut self, text: &str) {
        let passed = text.chars().take(self.passed).map(char::len_utf8);
        let (signs, bytes) = passed.fold((0, 0), |(signs, bytes), own| (signs + 1, bytes + own));
        self.passed -= signs;
        self.push(&text[bytes..]);
    }

    fn push(&mut self, text: &str) {
        self.flush();
        if !self.group.skipped && !self.group.hidden {
            self.text.push_str(text);
        }
    }

    /// Decodes the signs that wait for it.
    fn flush(&mut self) {
        if self.bytes.is_empty() {
            return;
        }
        let (text, _) = self.group.encoding.decode_without_bom_handling(&self.bytes);
        if !self.group.skipped && !self.group.hidden {
            self.text.push_str(&text);
        }
        self.bytes.clear();
    }

    /// What stands behind a `\`.
    fn control(&mut self) {
        let Some(c) = self.rest.chars().next() else { return };
        if c.is_ascii_alphabetic() {
            return self.word();
        }
        self.rest = &self.rest[c.len_utf8()..];
        match c {
            '\'' => {
                let Some(code) = self.rest.get(..2) else { return };
                let Ok(byte) = u8::from_str_radix(code, 16) else { return };
                self.rest = &self.rest[2..];
                match self.passed {
                    0 => self.bytes.push(byte),
                    _ => self.passed -= 1,
                }
            }
            // A destination that older programs need not know.
            '*' => self.group.skipped = true,
            '~' => self.push(" "),
            '_' => self.push("-"),
            '\r' | '\n' => self.push("\n"),
            '{' | '}' | '\\' => self.push(c.encode_utf8(&mut [0; 4])),
            _ => {}
        }
    }

    /// A control word, its number, and the blank that ends it.
    fn word(&mut self) {
        let rest = self.rest;
        let end = rest.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(rest.len());
        let (name, rest) = rest.split_at(end);
        let sign = usize::from(rest.starts_with('-'));
        let digits = rest[sign..].find(|c: char| !c.is_ascii_digit()).unwrap_or(rest.len() - sign);
        let (number, rest) = rest.split_at(if digits == 0 { 0 } else { sign + digits });
        self.rest = rest.strip_prefix(' ').unwrap_or(rest);
        let number: Option<i32> = number.parse().ok();
        if name != "u" {
            self.flush();
        }
        match name {
            "par" | "line" | "sect" | "page" | "row" => self.push("\n"),
            "tab" | "cell" => self.push("\t"),
            "emdash" => self.push("—"),
            "endash" => self.push("–"),
            "bullet" => self.push("•"),
            "lquote" => self.push("‘"),
            "rquote" => self.push("’"),
            "ldblquote" => self.push("“"),
            "rdblquote" => self.push("”"),
            "emspace" | "enspace" | "qmspace" => self.push(" "),
            "u" => self.unicode(number.unwrap_or_default()),
            "uc" => self.group.fallback = number.and_then(|n| n.try_into().ok()).unwrap_or(1),
            "v" => self.group.hidden = number != Some(0),
            "plain" => self.group.hidden = false,
            "bin" => {
                let most = number.and_then(|n| n.try_into().ok()).unwrap_or(0);
                self.rest = &self.rest[self.rest.floor_char_boundary(most)..];
            }
            "mac" => self.encode(MACINTOSH),
            "ansicpg" => self.encode(code_page(number.unwrap_or_default())),
            "f" if self.group.fonts => self.font = number.unwrap_or_default(),
            "f" => {
                let font = self.fonts.get(&number.unwrap_or_default());
                self.group.encoding = font.copied().unwrap_or(self.encoding);
            }
            "fcharset" => {
                if let Some(encoding) = charset(number.unwrap_or_default()) {
                    self.fonts.insert(self.font, encoding);
                }
            }
            "fonttbl" => (self.group.fonts, self.group.skipped) = (true, true),
            name if DESTINATIONS.binary_search(&name).is_ok() => self.group.skipped = true,
            _ => {}
        }
    }

    /// The encoding of all that does not say another.
    fn encode(&mut self, encoding: &'static Encoding) {
        self.encoding = encoding;
        self.group.encoding = encoding;
    }

    /// A sign of Unicode, by the number of one half of it or the whole.
    fn unicode(&mut self, number: i32) {
        self.flush();
        self.passed = self.group.fallback;
        // Numbers above 32,767 are written as those below nought.
        let Ok(unit) = u16::try_from(number.rem_euclid(0x1_0000)) else { return };
        let units: Vec<u16> = self.half.take().into_iter().chain([unit]).collect();
        match char::decode_utf16(units.iter().copied()).next() {
            Some(Ok(c)) => self.push(c.encode_utf8(&mut [0; 4])),
            _ if units.len() == 1 => self.half = Some(unit),
            _ => {}
        }
    }
}

/// Destinations that hold no text of the document.
const DESTINATIONS: &[&str] = &[
    "annotation",
    "atnauthor",
    "atndate",
    "atnid",
    "bkmkend",
    "bkmkstart",
    "colortbl",
    "datastore",
    "deleted",
    "fldinst",
    "footer",
    "footerf",
    "footerl",
    "footerr",
    "generator",
    "header",
    "headerf",
    "headerl",
    "headerr",
    "info",
    "latentstyles",
    "listoverridetable",
    "listtable",
    "nonshppict",
    "objdata",
    "pict",
    "revtbl",
    "rsidtbl",
    "stylesheet",
    "themedata",
    "xmlnstbl",
];

/// The encoding of a code page of Windows.
fn code_page(number: i32) -> &'static Encoding {
    match number {
        874 => WINDOWS_874,
        932 => SHIFT_JIS,
        936 => GBK,
        949 => EUC_KR,
        950 => BIG5,
        1250 => WINDOWS_1250,
        1251 => WINDOWS_1251,
        1253 => WINDOWS_1253,
        1254 => WINDOWS_1254,
        1255 => WINDOWS_1255,
        1256 => WINDOWS_1256,
        1257 => WINDOWS_1257,
        1258 => WINDOWS_1258,
        10_000 => MACINTOSH,
        65_001 => encoding_rs::UTF_8,
        _ => WINDOWS_1252,
    }
}

/// The encoding of the fonts of a character set; `None` where that is the document's.
fn charset(number: i32) -> Option<&'static Encoding> {
    Some(match number {
        77 => MACINTOSH,
        128 => SHIFT_JIS,
        129 => EUC_KR,
        134 => GBK,
        136 => BIG5,
        161 => WINDOWS_1253,
        162 => WINDOWS_1254,
        163 => WINDOWS_1258,
        177 => WINDOWS_1255,
        178 => WINDOWS_1256,
        186 => WINDOWS_1257,
        204 => WINDOWS_1251,
        222 => WINDOWS_874,
        238 => WINDOWS_1250,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(rtf: &str) -> String {
        Reader::new(rtf).read().0
    }

    #[test]
    fn the_text_is_what_a_reader_sees() {
        for (rtf, seen) in [
            (
                r"{\rtf1\ansi{\fonttbl{\f0 Times;}}{\info{\title No}}\f0\fs24 Ice\par came.}",
                "Ice\ncame.",
            ),
            (r"{\rtf1 a\b bold\b0  c\tab d\~e \{f\}}", "abold c\td e {f}"),
            (r"{\rtf1\ansicpg1252 caf\'e9 \ldblquote x\rdblquote}", "café “x”"),
            (r"{\rtf1\uc1 \u1051?\u1105\'b8\u1076 ? \u-10179?\u-8704?}", "Лёд 😀"),
            (r"{\rtf1{\fonttbl{\f1\fcharset204 A;}}\f0\'e9{\f1 \'cb\'b8\'e4}\'e9}", "éЛёдé"),
            (r"{\rtf1{\fonttbl{\f1\fcharset128 A;}}{\f1\'83\'65\'83\'58}}", "テス"),
            (
                r"{\rtf1 a{\*\unknown b}{\pict 00ff}{\field{\*\fldinst HYPERLINK x}{\fldrslt c}}}",
                "ac",
            ),
            (r"{\rtf1 a{\v b}c\v d\v0 e\bin3 {}}f}", "acef"),
        ] {
            assert_eq!(text(rtf), seen, "{rtf}");
        }
        assert!(DESTINATIONS.is_sorted());
    }

    #[test]
    fn what_is_broken_ends_where_it_breaks() {
        assert_eq!(Reader::new("{\\rtf1 a{b").read().0, "ab");
        assert!(Reader::new("{\\rtf1 a{b").read().1.is_some());
        assert_eq!(text("{\\rtf1 a}}b"), "a");
        for end in ["\\", "\\'", "\\'e", "\\u", "\\u-", "\\bin99 x", "\\'é"] {
            text(&format!("{{\\rtf1 {end}"));
        }
        let deep = format!("{{\\rtf1 a{}", "{".repeat(DEEPEST + 1));
        assert!(Reader::new(&deep).read().1.is_some_and(|why| why.contains("deep")));
    }
}
