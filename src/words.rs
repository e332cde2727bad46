//! What a word is, and where each word of an article stands: the one rule that the index, the
//! query, snippets and the brute-force engine of the tests share.
//!
//! A word is a run of letters, digits and marks; everything else parts words, so `O'Brien` is two
//! words and `state-of-the-art` four. A character of a script without blanks (Chinese, Japanese,
//! Korean) is a word of its own. Words are folded: no case, no accents.

mod signs;

use std::borrow::Cow;
use std::ops::Range;

use unicode_normalization::char::{decompose_compatible, is_combining_mark};

pub use signs::Firsts;

use crate::article::Article;
use signs::{SIGNS, Signs};

/// The longest word that is told apart, in bytes; of a longer one the first bytes count.
pub const LONGEST_WORD: usize = 200;

/// Walks over the words of a text without allocating one by one.
///
/// ```
/// let mut words = fiche::words::Words::new("L’été à Łódź");
/// let mut found = Vec::new();
/// while let Some(place) = words.advance() {
///     found.push((place, words.folded().to_owned()));
/// }
/// let found: Vec<&str> = found.iter().map(|(_, word)| word.as_str()).collect();
/// assert_eq!(found, ["l", "ete", "a", "lodz"]);
/// ```
#[derive(Debug)]
pub struct Words<'t> {
    text: &'t str,
    /// Where the word stands that was stopped at last, in bytes.
    word: Range<usize>,
    /// That word is folded as it stands in the text, as most are; it is not copied then.
    plain: bool,
    folded: String,
    /// What the bytes from here on are.
    from: usize,
    signs: Signs,
    firsts: Firsts,
}

impl<'t> Words<'t> {
    /// Starts before the first word of `text`.
    pub fn new(text: &'t str) -> Self {
        Self::among(text, Firsts::ALL)
    }

    /// Starts before the first word of `text`; words of ASCII that begin otherwise than `firsts` may
    /// be passed as not likely.
    pub fn among(text: &'t str, firsts: Firsts) -> Self {
        let signs = Signs::of(text.as_bytes(), &firsts);
        Self { text, word: 0..0, plain: true, folded: String::new(), from: 0, signs, firsts }
    }

    /// Goes to the next word and gives its place in the text, in bytes.
    pub fn advance(&mut self) -> Option<Range<usize>> {
        self.advance_to(|_, _| true).map(|(place, _)| place)
    }

    /// Goes to the next word that is `likely` by its first byte and its length, both folded, and
    /// gives its place in the text and how many words were passed before it.
    pub fn advance_to(
        &mut self,
        likely: impl Fn(u8, usize) -> bool,
    ) -> Option<(Range<usize>, u32)> {
        let mut passed = 0;
        loop {
            match self.pass(&mut passed, &likely) {
                Passed::Nothing => {}
                Passed::Some => continue,
                Passed::To(place) => return Some((place, passed)),
                Passed::All => return None,
            }
            let (start, run) = self.next_run()?;
            if let Some(run) = run {
                self.word = start..start + run;
                // What tells capitals from small letters is set in digits, too.
                if likely(self.text.as_bytes()[start] | 0x20, run) {
                    self.fold_run(start, run);
                    return Some((self.word.clone(), passed));
                }
            } else {
                self.word = start..self.fold(start);
                self.plain = false;
                if likely(self.folded.bytes().next().unwrap_or(0), self.folded.len()) {
                    return Some((self.word.clone(), passed));
                }
            }
            passed += 1;
        }
    }

    /// Passes the words that lie whole in the bytes that are looked at, where these are ASCII: to the
    /// first that is likely, or all of them.
    #[inline]
    fn pass(&mut self, passed: &mut u32, likely: impl Fn(u8, usize) -> bool) -> Passed {
        let at = self.word.end;
        if at >= self.from + SIGNS {
            self.look(at);
        }
        if self.signs.long != 0 {
            return Passed::Nothing;
        }
        let letters = self.signs.letters;
        let offset = at - self.from;
        // A word that touches the end may go on behind it.
        let end = SIGNS - letters.leading_ones() as usize;
        if end <= offset {
            return Passed::Nothing;
        }
        let whole = u64::MAX >> (SIGNS - end);
        let starts = letters & !(letters << 1) & whole & (u64::MAX << offset);
        let mut hits = starts & self.signs.firsts;
        while hits != 0 {
            let hit = hits.trailing_zeros() as usize;
            let run = (letters >> hit).trailing_ones() as usize;
            let start = self.from + hit;
            // What tells capitals from small letters is set in digits, too.
            if likely(self.text.as_bytes()[start] | 0x20, run) {
                *passed += (starts & !(u64::MAX << hit)).count_ones();
                self.word = start..start + run;
                self.fold_run(start, run);
                return Passed::To(self.word.clone());
            }
            hits &= hits - 1;
        }
        *passed += starts.count_ones();
        let next = (self.from + end).min(self.text.len());
        self.word = next..next;
        if next == self.text.len() { Passed::All } else { Passed::Some }
    }

    /// Where the next word begins, and how many bytes it has where all of them are ASCII.
    #[inline]
    fn next_run(&mut self) -> Option<(usize, Option<usize>)> {
        let mut at = self.word.end;
        // The gap before the word.
        let start = loop {
            if at >= self.from + SIGNS {
                self.look(at);
            }
            let signs = (self.signs.letters | self.signs.long) >> (at - self.from);
            if signs == 0 {
                at = self.from + SIGNS;
                if at >= self.text.len() {
                    self.word = self.text.len()..self.text.len();
                    return None;
                }
                continue;
            }
            at += signs.trailing_zeros() as usize;
            if self.signs.letters >> (at - self.from) & 1 != 0 {
                break at;
            }
            let c = char_at(self.text, at);
            if is_alphanumeric(c) {
                break at;
            }
            at += c.len_utf8();
        };
        let mut offset = start - self.from;
        let mut run = (!(self.signs.letters >> offset)).trailing_zeros() as usize;
        if offset + run >= SIGNS {
            self.look(start);
            offset = 0;
            run = (!self.signs.letters).trailing_zeros() as usize;
        }
        let is_ascii = run < SIGNS && self.signs.long >> (offset + run) & 1 == 0;
        Some((start, is_ascii.then_some(run)))
    }

    /// Folds a word of ASCII that was looked at.
    fn fold_run(&mut self, start: usize, run: usize) {
        let capitals = self.signs.capitals >> (start - self.from) & ((1 << run) - 1);
        self.plain = capitals == 0;
        if !self.plain {
            self.folded.clear();
            self.folded.push_str(&self.text[start..start + run]);
            self.folded.make_ascii_lowercase();
        }
    }

    /// Looks at the bytes from a place on.
    fn look(&mut self, at: usize) {
        self.from = at;
        let bytes = self.text.as_bytes().get(at..).unwrap_or_default();
        self.signs = Signs::of(bytes, &self.firsts);
    }

    /// Folds the word that begins at `start`, sign by sign, and gives its end.
    fn fold(&mut self, start: usize) -> usize {
        let bytes = self.text.as_bytes();
        let mut at = start;
        self.folded.clear();
        while let Some(&byte) = bytes.get(at) {
            match KINDS[usize::from(byte)] {
                Kind::Gap => break,
                Kind::Letter => {
                    let mut others = bytes[at..].iter();
                    let others = others.position(|byte| KINDS[usize::from(*byte)] != Kind::Letter);
                    let end = others.map_or(bytes.len(), |run| at + run);
                    let before = self.folded.len();
                    self.folded.push_str(&self.text[at..end]);
                    self.folded[before..].make_ascii_lowercase();
                    at = end;
                    continue;
                }
                Kind::Long => {}
            }
            let c = char_at(self.text, at);
            if stands_alone(c) {
                if at == start {
                    self.folded.push(c);
                    at += c.len_utf8();
                }
                break;
            }
            if !(is_alphanumeric(c) || is_combining_mark(c) || is_invisible_joint(c)) {
                break;
            }
            fold_into(c, &mut self.folded);
            at += c.len_utf8();
        }
        if self.folded.len() > LONGEST_WORD {
            let end = self.folded.floor_char_boundary(LONGEST_WORD);
            self.folded.truncate(end);
        }
        at
    }

    /// Puts the word that `advance` stopped at, folded, in place of what `room` holds.
    pub fn folded_into(&self, room: &mut String) {
        room.clear();
        room.push_str(self.folded());
    }

    /// The word that `advance` stopped at, folded.
    pub fn folded(&self) -> &str {
        if self.plain { &self.text[self.word.clone()] } else { &self.folded }
    }
}

/// What was passed of a text.
enum Passed {
    /// Nothing: the next word is to be looked at by itself.
    Nothing,
    /// Some words, none of which is likely.
    Some,
    /// All words before the one that stands there.
    To(Range<usize>),
    /// All words that were left.
    All,
}

/// What a byte is to words.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A letter or digit of ASCII.
    Letter,
    /// Any other sign of ASCII.
    Gap,
    /// A part of a longer character.
    Long,
}

static KINDS: [Kind; 256] = {
    let mut kinds = [Kind::Long; 256];
    let mut byte = 0;
    while byte < 128 {
        kinds[byte] = match byte as u8 {
            b'a'..=b'z' | b'0'..=b'9' | b'A'..=b'Z' => Kind::Letter,
            _ => Kind::Gap,
        };
        byte += 1;
    }
    kinds
};

fn char_at(text: &str, at: usize) -> char {
    text[at..].chars().next().unwrap_or('\u{fffd}')
}

/// Whether a character is a word by itself: Han, kana and Hangul.
pub fn stands_alone(c: char) -> bool {
    matches!(c,
        '\u{3005}' | '\u{3007}' | '\u{3040}'..='\u{30ff}' | '\u{31f0}'..='\u{31ff}'
        | '\u{3400}'..='\u{4dbf}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}'
        | '\u{f900}'..='\u{faff}' | '\u{ff66}'..='\u{ff9f}' | '\u{20000}'..='\u{323af}')
        && is_alphanumeric(c)
}

/// Soft hyphen and joiners: inside a word, and not part of it.
fn is_invisible_joint(c: char) -> bool {
    matches!(c, '\u{ad}' | '\u{200c}' | '\u{200d}' | '\u{2060}' | '\u{feff}')
}

/// As [`char::is_alphanumeric`], without a search of its table for what most texts are written in.
pub fn is_alphanumeric(c: char) -> bool {
    match c {
        '\0'..='\x7f' => c.is_ascii_alphanumeric(),
        'À'..='Ö' | 'Ø'..='ö' | 'ø'..='ˁ' | 'Α'..='Ρ' | 'Σ'..='ϵ' | 'Ѐ'..='ҁ' | 'Ҋ'..='ԯ' => {
            true
        }
        'א'..='ת' | 'ؠ'..='ي' | '٠'..='٩' | 'ٱ'..='ۓ' | 'अ'..='ह' | 'ก'..='ะ' => {
            true
        }
        'ぁ'..='ゖ' | 'ァ'..='ヺ' | '一'..='鿿' | '가'..='힣' => true,
        '\u{80}'..='\u{a9}' | '\u{2000}'..='\u{206f}' | '\u{20a0}'..='\u{20ff}' => false,
        '\u{2190}'..='\u{245f}' | '\u{2500}'..='\u{2775}' | '\u{3000}'..='\u{3004}' => false,
        '\u{3008}'..='\u{3020}' | '\u{ff01}'..='\u{ff0f}' | '\u{ff1a}'..='\u{ff20}' => false,
        _ => c.is_alphanumeric(),
    }
}

/// Folds one character that is not ASCII.
fn fold_into(c: char, folded: &mut String) {
    if is_invisible_joint(c) {
        return;
    }
    match c {
        // Letters that Unicode does not take apart.
        'ß' | 'ẞ' => folded.push_str("ss"),
        'æ' | 'Æ' => folded.push_str("ae"),
        'œ' | 'Œ' => folded.push_str("oe"),
        'ø' | 'Ø' => folded.push('o'),
        'đ' | 'Đ' | 'ð' | 'Ð' => folded.push('d'),
        'ł' | 'Ł' => folded.push('l'),
        'ħ' | 'Ħ' => folded.push('h'),
        'þ' | 'Þ' => folded.push_str("th"),
        'ı' => folded.push('i'),
        // Cyrillic: ё is е to readers, й is a letter of its own.
        'ё' | 'Ё' => folded.push('е'),
        '\u{306}' if folded.ends_with('и') => {
            folded.pop();
            folded.push('й');
        }
        '\u{400}'..='\u{52f}' => folded.extend(c.to_lowercase()),
        _ => {
            let before = folded.len();
            let mut whole = true;
            decompose_compatible(c, |part| {
                if part.is_ascii() {
                    folded.push(part.to_ascii_lowercase());
                } else if !is_accent(part) {
                    folded.extend(part.to_lowercase().filter(|lower| !is_accent(*lower)));
                }
                whole &= is_alphanumeric(part) || is_combining_mark(part);
            });
            // `½` would come apart into `1⁄2`, which is two words; it stays what it is.
            if !whole {
                folded.truncate(before);
                folded.extend(c.to_lowercase());
            }
        }
    }
}

/// Marks that are left out: accents, Hebrew points, Arabic vowels.
fn is_accent(c: char) -> bool {
    matches!(c,
        '\u{300}'..='\u{36f}' | '\u{591}'..='\u{5c7}' | '\u{64b}'..='\u{65f}' | '\u{670}'
        | '\u{1ab0}'..='\u{1aff}' | '\u{1dc0}'..='\u{1dff}' | '\u{20d0}'..='\u{20ff}'
        | '\u{fe20}'..='\u{fe2f}')
}

/// The folded words of a text.
///
/// ```
/// assert_eq!(fiche::words::fold_words("Zoë O’Brien, AT&T"), ["zoe", "o", "brien", "at", "t"]);
/// ```
pub fn fold_words(text: &str) -> Vec<String> {
    let mut words = Words::new(text);
    let mut found = Vec::new();
    while words.advance().is_some() {
        found.push(words.folded().to_owned());
    }
    found
}

/// A label folded for comparison: no case, no accents, single blanks.
///
/// ```
/// assert_eq!(fiche::words::fold_label(" World  News "), "world news");
/// ```
pub fn fold_label(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for word in text.split_whitespace() {
        if !folded.is_empty() {
            folded.push(' ');
        }
        for c in word.chars() {
            if c.is_ascii() {
                folded.push(c.to_ascii_lowercase());
            } else {
                fold_into(c, &mut folded);
            }
        }
    }
    folded
}

/// A part of an article in the row of word positions.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Region {
    /// The headline.
    Headline,
    /// Authors and organisations of the byline.
    Byline,
    /// The standfirst and the body.
    Body,
}

impl Region {
    /// All regions, in the order of their positions.
    pub const ALL: [Region; 3] = [Region::Headline, Region::Byline, Region::Body];

    /// The positions that belong to the region.
    ///
    /// Words of a headline past the 192nd and of a byline past the 64th share the last position
    /// of their region: they are found, but phrases do not reach into them.
    pub const fn positions(self) -> Range<u32> {
        match self {
            Region::Headline => 0..192,
            Region::Byline => 192..256,
            Region::Body => 256..u32::MAX,
        }
    }
}

/// How many words of the body belong to the lead, with the headline.
pub const LEAD_WORDS: u32 = 60;

/// The texts of an article that are searched, by region.
#[derive(Debug, Clone, Default)]
pub struct Texts<'a> {
    /// The headline.
    pub headline: &'a str,
    /// Authors and organisations, one a line.
    pub byline: String,
    /// Standfirst and body, parted by an empty line.
    pub body: Cow<'a, str>,
}

impl<'a> Texts<'a> {
    /// The texts of one article.
    pub fn of(article: &'a Article) -> Self {
        let mut byline = article.authors.join("\n");
        let others = article.organisations.iter().filter(|name| !article.authors.contains(name));
        for organisation in others {
            byline.push('\n');
            byline.push_str(organisation);
        }
        let body = if article.standfirst.is_empty() || article.body.starts_with(&article.standfirst)
        {
            Cow::Borrowed(&article.body[..])
        } else {
            Cow::Owned(format!("{}\n\n{}", article.standfirst, article.body))
        };
        Self { headline: &article.headline, byline, body }
    }

    /// The text of one region.
    pub fn region(&self, region: Region) -> &str {
        match region {
            Region::Headline => self.headline,
            Region::Byline => &self.byline,
            Region::Body => &self.body,
        }
    }
}

/// The longest word that [`packed`] takes, in bytes.
const LONGEST_PACKED: usize = 15;

/// A short word as a number that no other word has: its bytes, and their count above them; `None`
/// for a word of more than 15 bytes.
pub fn packed(word: &str) -> Option<u128> {
    let bytes = word.as_bytes();
    let length = bytes.len();
    let four = |part: &[u8; 4]| u64::from(u32::from_le_bytes(*part));
    // Two parts that may overlap hold all bytes.
    let held = match length {
        0 => 0,
        1..4 => {
            let [first, middle, last] = [bytes[0], bytes[length / 2], bytes[length - 1]];
            let held = u64::from(first)
                | u64::from(middle) << (length / 2 * 8)
                | u64::from(last) << ((length - 1) * 8);
            u128::from(held)
        }
        4..8 => {
            let (first, last) = (bytes.first_chunk()?, bytes.last_chunk()?);
            u128::from(four(first) | four(last) << ((length - 4) * 8))
        }
        8..=LONGEST_PACKED => {
            let (first, last) = (bytes.first_chunk()?, bytes.last_chunk()?);
            let last = u128::from(u64::from_le_bytes(*last)) << ((length - 8) * 8);
            u128::from(u64::from_le_bytes(*first)) | last
        }
        _ => return None,
    };
    Some(held | (length as u128) << 120)
}

/// The bytes of a word that was packed, and how many of them count.
pub fn unpacked(packed: u128) -> ([u8; 16], usize) {
    let bytes = packed.to_le_bytes();
    (bytes, usize::from(bytes[15]))
}

/// A folded word as a number, eight bytes at a time: the same on every machine and in every
/// version. Other words may have it too.
pub fn number_of(word: &str) -> u64 {
    if let Some(packed) = packed(word) {
        return number_of_packed(packed);
    }
    let (eights, rest) = word.as_bytes().as_chunks::<8>();
    let number = eights
        .iter()
        .fold(word.len() as u64, |number, eight| step(number, u64::from_le_bytes(*eight)));
    let last = rest.iter().rev().fold(0, |part, &byte| part << 8 | u64::from(byte));
    step(number, last).wrapping_mul(FACTOR)
}

/// The [`number_of`] a word that was [`packed`].
pub fn number_of_packed(packed: u128) -> u64 {
    let length = (packed >> 120) as u64;
    let (first, second) = (packed as u64, (packed >> 64) as u64 & (u64::MAX >> 8));
    let number = if length < 8 { step(length, first) } else { step(step(length, first), second) };
    number.wrapping_mul(FACTOR)
}

const FACTOR: u64 = 0x9fb2_1c65_1e98_df25;

fn step(number: u64, part: u64) -> u64 {
    (number ^ part).wrapping_mul(FACTOR).rotate_left(29)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn letters_and_digits_are_those_of_unicode() {
        for c in '\0'..=char::MAX {
            assert_eq!(is_alphanumeric(c), c.is_alphanumeric(), "{c:?}");
        }
    }

    #[test]
    fn words_are_folded_and_parted() {
        for (text, words) in [
            ("", &[][..]),
            ("Tax, levy; 2,5 %", &["tax", "levy", "2", "5"]),
            ("O'Brien’s café", &["o", "brien", "s", "cafe"]),
            ("e\u{301}te\u{301} Straße", &["ete", "strasse"]),
            ("Подъезд Ёлка Йод", &["подъезд", "елка", "йод"]),
            ("東京2020年", &["東", "京", "2020", "年"]),
            ("co\u{ad}operate", &["cooperate"]),
            ("ﬁnance İstanbul", &["finance", "istanbul"]),
        ] {
            assert_eq!(fold_words(text), words, "{text}");
        }
    }

    #[test]
    fn words_are_the_same_wherever_they_stand() {
        let text = "Zoë O’Brien, AT&T: été 2020 — ½ of Übersee Straße a\u{301}b x\u{ad}y 東京";
        let found = fold_words(text);
        let long = "q".repeat(70);
        for before in 0..130 {
            let moved = format!("{}{text} {long}", " ".repeat(before));
            let words = fold_words(&moved);
            assert_eq!(words[..found.len()], found);
            assert_eq!(words[found.len()..], [&long[..]]);
        }
    }

    #[test]
    fn words_that_are_looked_for_are_found_and_all_others_counted() {
        let text = "Tax of the town: été, tea 2020 and “time” to Table x\u{ad}y t 東t京 TAX";
        let long = "t".repeat(70);
        for before in 0..130 {
            let moved = format!("{}{text} {long} ab{text}", "a ".repeat(before));
            let all = fold_words(&moved);
            let wanted = |word: &str| word.starts_with('t') && word.len() != 4;
            let mut words = Words::among(&moved, Firsts::of(["tax"].into_iter()));
            let mut number = 0;
            let mut found = Vec::new();
            while let Some((place, passed)) =
                words.advance_to(|first, bytes| first == b't' && bytes != 4)
            {
                number += passed as usize;
                assert!(moved[place].starts_with(['t', 'T']));
                assert_eq!(words.folded(), all[number], "{moved}");
                found.push(number);
                number += 1;
            }
            let expected = (0..all.len()).filter(|at| wanted(&all[*at]));
            assert_eq!(found, expected.collect::<Vec<_>>(), "{moved}");
        }
    }

    #[test]
    fn a_packed_word_is_the_word() {
        let letters = "abcdefghijklmnopq";
        for length in 0..letters.len() {
            let word = &letters[..length];
            let Some(number) = packed(word) else {
                assert!(length > LONGEST_PACKED);
                continue;
            };
            let (bytes, held) = unpacked(number);
            assert_eq!(&bytes[..held], word.as_bytes());
            // As the bytes are taken where the word is too long to be packed.
            let (eights, rest) = word.as_bytes().as_chunks::<8>();
            let parts = eights.iter().map(|eight| u64::from_le_bytes(*eight));
            let last = rest.iter().rev().fold(0, |part, &byte| part << 8 | u64::from(byte));
            let long = parts.chain([last]).fold(length as u64, step).wrapping_mul(FACTOR);
            assert_eq!(number_of(word), long, "{word}");
        }
    }

    #[test]
    fn folding_again_changes_nothing() {
        for text in ["Zoë Đorđe ŁÓDŹ ß ﬃ ½ Ǆ ΆΣ İ", "Ёй и\u{306}"] {
            let once = fold_words(text).join(" ");
            assert_eq!(fold_words(&once).join(" "), once);
        }
    }
}
