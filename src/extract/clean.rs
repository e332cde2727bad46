//! Makes text clean: blanks folded, invisible signs gone, entities that were escaped twice resolved.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use unicode_normalization::UnicodeNormalization;

use crate::words::is_alphanumeric;

/// One line: every run of white space is one blank, and none stands at either end.
pub fn line(text: &str) -> String {
    let text = entities(text);
    if is_line(&text) {
        return text.into_owned();
    }
    let mut line = String::with_capacity(text.len());
    for c in text.chars() {
        match kept(c) {
            Some(c) if !c.is_whitespace() => line.push(c),
            Some(_) if !line.is_empty() && !line.ends_with(' ') => line.push(' '),
            _ => {}
        }
    }
    line.truncate(line.trim_end().len());
    line
}

/// A line without the addresses of the web in it, also where they were glued to a word.
pub fn without_addresses(text: &str) -> Cow<'_, str> {
    if !text.contains("http") {
        return Cow::Borrowed(text);
    }
    let words = text.split_whitespace().map(|word| word.split("http").next().unwrap_or(word));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    Cow::Owned(words.join(" "))
}

/// Whether a text is one line as it stands: signs of ASCII with single blanks between them.
fn is_line(text: &str) -> bool {
    let blanks = |two: &[u8]| two == [b' '; 2];
    is_plain(text)
        && !text.starts_with(' ')
        && !text.ends_with(' ')
        && !text.as_bytes().windows(2).any(blanks)
}

/// Running text: paragraphs parted by one blank line, blanks folded in each line.
///
/// What is indented, as code is, stays indented.
pub fn paragraphs(text: &str) -> String {
    let mut clean = String::with_capacity(text.len());
    let mut empty = 0;
    for piece in lines(text) {
        // Rare ends of lines are looked for where something rare stands at all.
        if is_plain(piece) {
            add_line(piece, &mut clean, &mut empty, String::push_str);
        } else {
            for line in rare_lines(piece) {
                add_line(line, &mut clean, &mut empty, add_kept);
            }
        }
    }
    clean
}

/// The lines of a text that end in `\n`, `\r\n` or `\r`.
fn lines(text: &str) -> impl Iterator<Item = &str> {
    let mut rest = Some(text);
    std::iter::from_fn(move || {
        let text = rest?;
        let Some(end) = memchr::memchr2(b'\n', b'\r', text.as_bytes()) else {
            rest = None;
            return Some(text);
        };
        let mark = if text[end..].starts_with("\r\n") { 2 } else { 1 };
        rest = Some(&text[end + mark..]);
        Some(&text[..end])
    })
}

/// The lines of a text that end in a sign that hardly any text has: U+000B, U+000C, U+2028, U+2029.
fn rare_lines(text: &str) -> impl Iterator<Item = &str> {
    let ends = |at: &usize| {
        matches!(text.as_bytes()[*at..], [0x0b | 0x0c, ..] | [0xe2, 0x80, 0xa8 | 0xa9, ..])
    };
    let mut rest = Some(0);
    std::iter::from_fn(move || {
        let from = rest?;
        let bytes = &text.as_bytes()[from..];
        let end = memchr::memchr3_iter(0x0b, 0x0c, 0xe2, bytes).map(|at| from + at).find(ends);
        rest = end.map(|at| at + text[at..].chars().next().map_or(1, char::len_utf8));
        Some(&text[from..end.unwrap_or(text.len())])
    })
}

/// Whether all signs are of ASCII and kept as they are; many bytes are looked at in one step.
fn is_plain(text: &str) -> bool {
    let plain = |byte: &u8| byte.wrapping_sub(b' ') < 0x5f;
    let (steps, rest) = text.as_bytes().as_chunks::<32>();
    steps.iter().all(|step| step.iter().fold(true, |all, byte| all & plain(byte)))
        && rest.iter().all(plain)
}

/// How many bytes at the start are signs of ASCII that are kept as they are, eight in one step.
fn plain_run(bytes: &[u8]) -> usize {
    const EACH: u64 = 0x0101_0101_0101_0101;
    const HIGH: u64 = 0x80 * EACH;
    let (eights, rest) = bytes.as_chunks::<8>();
    for (number, eight) in eights.iter().enumerate() {
        let part = u64::from_le_bytes(*eight);
        let low = part & !HIGH;
        // Of each byte the highest bit: below a blank, above `~`, not of ASCII.
        let other = (!(low + 0x60 * EACH) | (low + EACH) | part) & HIGH;
        if other != 0 {
            return number * 8 + other.trailing_zeros() as usize / 8;
        }
    }
    eights.len() * 8 + rest.iter().take_while(|byte| matches!(byte, b' '..=b'~')).count()
}

/// Adds what is kept of a line, stretch by stretch.
fn add_kept(clean: &mut String, line: &str) {
    let (mut copied, mut at) = (0, 0);
    loop {
        at += plain_run(&line.as_bytes()[at..]);
        let Some(c) = line[at..].chars().next() else { break };
        let kept = kept(c);
        if kept != Some(c) {
            clean.push_str(&line[copied..at]);
            clean.extend(kept);
            copied = at + c.len_utf8();
        }
        at += c.len_utf8();
    }
    clean.push_str(&line[copied..]);
}

/// Adds a line, or counts it as empty. `add` adds what is kept of it.
fn add_line(line: &str, clean: &mut String, empty: &mut usize, add: impl Fn(&mut String, &str)) {
    let begun = clean.len();
    if begun > 0 {
        clean.push_str(if *empty > 0 { "\n\n" } else { "\n" });
    }
    let start = clean.len();
    add(clean, line);
    let length = clean[start..].trim_end().len();
    if clean[start..start + length].trim_start().is_empty() {
        clean.truncate(begun);
        *empty += 1;
    } else {
        clean.truncate(start + length);
        *empty = 0;
    }
}

/// What a reader would call the same words: lower case, compatibility forms, no punctuation.
pub fn fold(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            'a'..='z' | '0'..='9' => folded.push(c),
            'A'..='Z' => folded.push(c.to_ascii_lowercase()),
            c if c.is_ascii() => fold_one(c, &mut folded),
            c if is_composed(c) => c.to_lowercase().for_each(|c| fold_one(c, &mut folded)),
            _ => {
                folded.clear();
                text.nfkc().flat_map(char::to_lowercase).for_each(|c| fold_one(c, &mut folded));
                break;
            }
        }
    }
    if folded.ends_with(' ') {
        folded.truncate(folded.trim_end().len());
    }
    folded
}

/// Adds a small letter to what is folded, or a blank for a sign.
fn fold_one(c: char, folded: &mut String) {
    match c {
        '\'' | '’' | '‘' | '‛' | 'ʼ' | '`' | '´' => {}
        c if is_alphanumeric(c)
            || c == '_'
            || !c.is_ascii() && unicode_normalization::char::is_combining_mark(c) =>
        {
            folded.push(c);
        }
        _ if !folded.is_empty() && !folded.ends_with(' ') => folded.push(' '),
        _ => {}
    }
}

/// Whether a character is what NFKC makes of it, whatever others like it stand beside it.
fn is_composed(c: char) -> bool {
    matches!(c,
        '\0'..='\x7f' | '¡'..='§' | '©' | '«'..='®' | '°' | '±' | '¶' | '·' | '»' | '¿'..='ı'
        | 'Ĵ'..='ľ' | 'Ł'..='ň' | 'Ŋ'..='ž' | '\u{2010}' | '\u{2012}'..='\u{2016}'
        | '‘'..='•' | '←'..='⇿')
}

/// Gives up what no reader sees, and makes every blank of a line the plain one.
fn kept(c: char) -> Option<char> {
    match c {
        ' '..='~' | '\u{a1}'..='\u{ac}' | '\u{ae}'..='\u{1fff}' => Some(c),
        '\t' | '\n' | '\r' => Some(' '),
        '\u{ad}' | '\u{200b}' | '\u{2060}' | '\u{feff}' | '\u{fffc}' => None,
        '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' => None,
        '\u{a0}'
        | '\u{202f}'
        | '\u{2007}'
        | '\u{3000}'
        | '\u{2000}'..='\u{200a}'
        | '\u{2028}'
        | '\u{2029}' => Some(' '),
        c if c.is_control() => None,
        c => Some(c),
    }
}

/// Resolves the few entities that writers of JSON and of `<meta>` escape a second time.
pub fn entities(text: &str) -> Cow<'_, str> {
    static ENTITY: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new("&(?:#([0-9]{1,7})|#[xX]([0-9a-fA-F]{1,6})|([a-zA-Z]{2,6}));")
            .expect("the pattern is fixed")
    });
    if !text.contains('&') {
        return Cow::Borrowed(text);
    }
    ENTITY.replace_all(text, |found: &regex::Captures<'_>| {
        let code = match (found.get(1), found.get(2)) {
            (Some(decimal), _) => decimal.as_str().parse().ok(),
            (_, Some(hex)) => u32::from_str_radix(hex.as_str(), 16).ok(),
            _ => None,
        };
        let named = found.get(3).and_then(|name| {
            Some(match name.as_str() {
                "amp" => "&",
                "quot" => "\"",
                "apos" => "'",
                "lt" => "<",
                "gt" => ">",
                "nbsp" => " ",
                "ndash" => "–",
                "mdash" => "—",
                "hellip" => "…",
                "lsquo" => "‘",
                "rsquo" => "’",
                "ldquo" => "“",
                "rdquo" => "”",
                "bdquo" => "„",
                "laquo" => "«",
                "raquo" => "»",
                "auml" => "ä",
                "ouml" => "ö",
                "uuml" => "ü",
                "Auml" => "Ä",
                "Ouml" => "Ö",
                "Uuml" => "Ü",
                "szlig" => "ß",
                "eacute" => "é",
                "egrave" => "è",
                "agrave" => "à",
                "aacute" => "á",
                "iacute" => "í",
                "oacute" => "ó",
                "uacute" => "ú",
                "ntilde" => "ñ",
                "ccedil" => "ç",
                _ => return None,
            })
        });
        match (code.and_then(char::from_u32), named) {
            (Some(c), _) => c.to_string(),
            (_, Some(text)) => text.to_owned(),
            _ => found[0].to_owned(),
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_composed_stays_as_it_is() {
        for c in ('\0'..=char::MAX).filter(|c| is_composed(*c)) {
            assert!(std::iter::once(c).nfkc().eq([c]), "{c:?}");
            assert_eq!(unicode_normalization::char::canonical_combining_class(c), 0, "{c:?}");
        }
    }

    #[test]
    fn text_comes_out_clean() {
        assert_eq!(
            line(" A\u{a0}\u{a0}b\n\tc\u{200b}d &amp; e&#8217;f &nosuch; \u{7}"),
            "A b cd & e’f &nosuch;"
        );
        assert_eq!(paragraphs("\r\n a\u{a0}b \r\n\r\n\r\nc\n  d\u{0}\n"), " a b\n\nc\n  d");
        assert_eq!(fold("„Ça va?“ – It’s  OK"), "ça va its ok");
    }
}
