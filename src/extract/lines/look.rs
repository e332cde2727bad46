//! One line, looked at by itself: its letters and its words.

use std::hash::Hasher;
use std::ops::Range;
use std::sync::LazyLock;

use rustc_hash::FxHasher;

use super::cues;
use super::lexicon::Weights;
use crate::words::is_alphanumeric;

/// Lines of more words are looked at by their words alone, not by their shape.
const SHORT: u32 = 16;

/// So many words of a line are weighed one by one.
const WEIGHED: u32 = 60;

/// Stands for the beginning of a line among its words, and for its end.
pub(super) const EDGES: (u64, u64) = (0x5e, 0x24);

/// One blank, as [`cues::step`] has it.
const BLANK: u64 = 0x20_u64.wrapping_mul(0x517c_c1b7_2722_0a95);

/// One line, looked at by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    pub chars: u32,
    pub words: u32,
    pub stops: u32,
    pub capitals: u32,
    pub digits: u32,
    pub wide: u32,
    pub commas: u32,
    pub ends: u32,
    pub bars: u32,
    pub code: u32,
    pub quotes: u32,
    pub cues: u16,
    pub cue_words: u32,
    pub hash: u64,
    /// What the line says, whatever its capitals and what stands between its letters: see [`cues::said`].
    /// Its bullet does not count, a number in place of one does.
    pub name: u64,
    /// The same of what stands before its second blank; not known where the line opens with a sign.
    pub start: Option<u64>,
    /// Whether its first word is a number of one or two digits.
    pub counted: bool,
    pub bullet: bool,
    pub numbered: bool,
    pub lower_start: bool,
    pub shouts: bool,
    pub closed: bool,
    pub colon: bool,
    pub cut_off: bool,
    pub question: bool,
    pub address: bool,
    pub year: bool,
    /// Whether a capital follows the end of another word without a blank.
    pub seam: bool,
    /// Whether words may be glued together, or to numbers: `NagyUpdated`, `20247:55`.
    pub glued: bool,
    /// Whether the line reads like running text.
    running: bool,
    /// Letters of scripts whose function words are not known.
    pub foreign: u32,
    /// What a line looks like with its words and numbers left out: `A 0, 0: a`; 0 for long lines.
    pub shape: u64,
    /// The last word of a short line, 0 of a long one.
    pub last: u64,
    /// The rarer words, for the likeness of a line to the run of text: where they stand in the list
    /// of the page.
    pub rare: Range<u32>,
    /// The words with capitals, likewise.
    pub capital: Range<u32>,
}

/// What a character is to words, and what it is in small.
#[derive(Debug, Clone, Copy)]
enum Letter {
    Capital(char),
    /// A small letter, one of no case, or a digit that is not of ASCII.
    Small(char),
    Mark,
}

/// What a letter or digit that is not of ASCII is in small; nothing for other signs.
pub(super) fn small(c: char) -> Option<char> {
    match Letter::read(c) {
        Letter::Capital(small) | Letter::Small(small) => Some(small),
        Letter::Mark => None,
    }
}

impl Letter {
    /// What a character that is not of ASCII is.
    fn read(c: char) -> Self {
        LETTERS.get(c as usize - 0x80).copied().unwrap_or_else(|| Self::of(c))
    }

    fn of(c: char) -> Self {
        if !is_alphanumeric(c) {
            return Self::Mark;
        }
        // Arabic to Burmese, Chinese, Japanese and Korean have no capitals.
        if matches!(c, '\u{600}'..='\u{109f}' | '\u{3041}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}') {
            return Self::Small(c);
        }
        let small = c.to_lowercase().next().unwrap_or(c);
        if c.is_uppercase() { Self::Capital(small) } else { Self::Small(small) }
    }
}

/// The letters of Latin, Greek and Cyrillic script behind those of ASCII.
static LETTERS: LazyLock<Vec<Letter>> =
    LazyLock::new(|| ('\u{80}'..'\u{600}').map(Letter::of).collect());

/// The words of a page, by their hashes; each line knows its own.
#[derive(Debug, Default)]
pub(super) struct Words {
    /// The rarer ones.
    pub rare: Vec<u64>,
    /// All but the shortest that begin with a small letter, ...
    pub small: Vec<u64>,
    /// ... and those that begin with a capital.
    pub capital: Vec<u64>,
}

/// Of fewer letters words are the shortest.
pub(super) const SHORTEST: usize = 3;

/// The words of a line as they go by.
struct Reading<'r> {
    look: Look,
    page: &'r mut Words,
    word: u64,
    /// Letters and digits of the word so far.
    length: u32,
    digits: u32,
    year: u32,
    upper: bool,
    /// Capital letters of the line so far, and small ones.
    uppers: u32,
    lowers: u32,
    before: u64,
    before_that: u64,
    /// The sort of the last word (name, word, number), and what stands since it.
    sort: u8,
    since: u64,
    shape: u64,
    shapes: u32,
    weights: Weights,
    /// Bytes of characters beyond the first of each.
    longer: u32,
    /// Whether the last two words begin three that are known.
    opens: bool,
    words: &'static cues::Words,
    /// What the line says so far, and how many blanks stand in it.
    said: u64,
    blanks: u32,
}

impl Look {
    /// Looks at one line; its words go to the lists of the page.
    ///
    /// `told` is told every word, two words in a row, and which words begin and end the line.
    pub fn at(text: &str, page: &mut Words, told: &mut impl FnMut(u64)) -> (Self, Weights) {
        let (from, capital) = (page.rare.len(), page.capital.len() as u32);
        let mut reading = Reading {
            look: Self::default(),
            page,
            word: 0,
            length: 0,
            digits: 0,
            year: 0,
            upper: false,
            uppers: 0,
            lowers: 0,
            before: 0,
            before_that: 0,
            sort: 0,
            since: 0,
            shape: 0,
            shapes: 0,
            weights: Weights::default(),
            longer: 0,
            opens: false,
            words: cues::words(),
            said: 0,
            blanks: 0,
        };
        let last = reading.line(text, told);
        reading.blank(last, told);
        reading.close(told);
        let Reading { mut look, page, weights, uppers, lowers, longer, said, .. } = reading;
        look.name = said;
        look.chars = text.len() as u32 - longer;
        look.words += look.wide / 2;
        look.address |= look.bars > 1 && text.contains("://");
        look.shouts = uppers > 3 && lowers * 8 < uppers;
        let first = text.chars().next().unwrap_or(' ');
        let before = text.chars().take_while(|c| !is_alphanumeric(*c)).all(is_bullet);
        look.start = look.start.or(Some(said)).filter(|_| before);
        look.lower_start = first.is_lowercase() && !wide(first);
        look.bullet = is_bullet(first) && !first.is_whitespace();
        look.numbered = first.is_ascii_digit()
            && text.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
        look.end_of(text);
        let known = look.stops * 8 >= look.words || look.foreign * 2 > look.chars;
        look.running = look.words >= 8 && (look.closed || look.words >= 20) && known
            || look.wide >= 16 && (look.closed || look.wide >= 40);
        let mut hasher = FxHasher::default();
        hasher.write(text.as_bytes());
        look.hash = hasher.finish();
        look.capital = capital..page.capital.len() as u32;
        let rare = &mut page.rare;
        rare[from..].sort_unstable();
        let mut kept = from;
        for at in from..rare.len() {
            if at == from || rare[at] != rare[kept - 1] {
                rare[kept] = rare[at];
                kept += 1;
            }
        }
        rare.truncate(kept);
        look.rare = from as u32..kept as u32;
        (look, weights)
    }

    /// Looks at how a line ends.
    fn end_of(&mut self, text: &str) {
        // So end most lines.
        if text.ends_with(|c: char| c.is_ascii_alphanumeric()) {
            return;
        }
        let bare = text.trim_end_matches(['"', '”', '“', '’', '\'', '»', ')', ']', '」']);
        let last = bare.chars().next_back().unwrap_or(' ');
        self.closed = matches!(last, '.' | '!' | '?' | '。' | '！' | '？' | '…' | '।');
        self.cut_off = last == '…' || bare.ends_with("...");
        self.colon = matches!(last, ':' | '：');
        self.question = matches!(last, '?' | '？');
    }

    /// Whether the line reads like running text.
    pub fn running(&self) -> bool {
        self.running
    }

    /// What the line adds to a run of text: its words, or a debt.
    pub fn worth(&self) -> f32 {
        if self.running() {
            (self.words as f32).min(60.0)
        } else if self.closed && self.words >= 4 {
            2.0
        } else {
            -(6.0 + 2.0 * (self.cue_words.min(4)) as f32)
        }
    }
}

impl Reading<'_> {
    /// Reads a line, and gives its last letter; a blank where there is none.
    fn line(&mut self, text: &str, told: &mut impl FnMut(u64)) -> char {
        let bytes = text.as_bytes();
        let mut last = ' ';
        let mut at = 0;
        while let Some(&byte) = bytes.get(at) {
            match byte {
                b'a'..=b'z' => {
                    at += self.small(&bytes[at..]);
                    last = char::from(bytes[at - 1]);
                    continue;
                }
                b' ' => self.blank(last, told),
                b'A'..=b'Z' => self.capital(byte.to_ascii_lowercase().into(), last, told),
                b'0'..=b'9' => self.digit(byte, last),
                b'.' => {
                    self.look.address |= bytes[..at].ends_with(b"www");
                    self.mark('.', told);
                }
                ..0x80 => self.mark(byte.into(), told),
                _ => {
                    let c = text[at..].chars().next().unwrap_or(' ');
                    self.letter(c, last, told);
                    self.longer += c.len_utf8() as u32 - 1;
                    last = c;
                    at += c.len_utf8();
                    continue;
                }
            }
            last = char::from(byte);
            at += 1;
        }
        last
    }

    /// Reads small letters in a row, which most of a text is, and gives their number.
    #[inline]
    fn small(&mut self, text: &[u8]) -> usize {
        let (mut word, mut said) = (self.word, self.said);
        let mut count = 0;
        while let Some(&c) = text.get(count).filter(|c| c.is_ascii_lowercase()) {
            word = cues::step(word, char::from(c));
            said = cues::said(said, char::from(c));
            count += 1;
        }
        self.said = said;
        self.upper &= self.length > 0;
        self.length += count as u32;
        self.lowers += count as u32;
        self.word = word;
        count
    }

    /// A capital letter, after `last`; `small` is what it is in small.
    #[inline]
    fn capital(&mut self, small: char, last: char, told: &mut impl FnMut(u64)) {
        self.look.seam |= ends_word(last);
        self.look.glued |= last.is_lowercase();
        // Flatteners glue the words of two boxes together: `readingShow less`.
        if self.length > 2 && last.is_lowercase() {
            self.end(told);
        }
        self.upper |= self.length == 0;
        self.length += 1;
        self.uppers += 1;
        self.word = cues::step(self.word, small);
        self.said = cues::said(self.said, small);
    }

    #[inline]
    fn digit(&mut self, digit: u8, last: char) {
        self.upper &= self.length > 0;
        self.length += 1;
        self.look.digits += 1;
        self.digits += 1;
        self.year = self.year.wrapping_mul(10).wrapping_add(u32::from(digit) - 48);
        self.said = cues::said(self.said, char::from(digit));
        // Numbers are all one number.
        if !last.is_ascii_digit() || self.length == 1 {
            self.word = cues::step(self.word, '0');
        }
    }

    /// A blank, after `last`.
    #[inline]
    fn blank(&mut self, last: char, told: &mut impl FnMut(u64)) {
        if self.length > 0 {
            self.end(told);
        }
        self.since = cues::step(self.since, ' ');
        self.part();
        self.look.ends += u32::from(matches!(last, '.' | '!' | '?' | '”' | '"'));
    }

    /// A blank of some kind parts words.
    #[inline]
    fn part(&mut self) {
        // What stands before the first letter is a bullet, or else this is not asked for.
        self.blanks += u32::from(self.said != 0);
        if self.blanks == 2 && self.look.start.is_none() {
            self.look.start = Some(self.said);
        }
    }

    /// Any letter or sign that is not of ASCII, after `last`.
    fn letter(&mut self, c: char, last: char, told: &mut impl FnMut(u64)) {
        if matches!(c, '\u{2000}'..='\u{206f}') {
            return self.mark(c, told);
        }
        match Letter::read(c) {
            Letter::Mark => {
                if c == '\u{a0}' {
                    self.part();
                }
                self.mark(c, told);
            }
            Letter::Capital(small) => self.capital(small, last, told),
            Letter::Small(small) => {
                self.upper &= self.length > 0;
                self.length += 1;
                self.lowers += 1;
                if c >= '\u{370}' {
                    self.look.wide += u32::from(wide(c));
                    self.look.foreign += u32::from(foreign(c));
                }
                self.word = cues::step(self.word, small);
                self.said = cues::said(self.said, small);
            }
        }
    }

    /// What is neither a letter nor a digit nor a blank.
    #[inline]
    fn mark(&mut self, c: char, told: &mut impl FnMut(u64)) {
        if self.length > 0 {
            self.end(told);
        }
        self.since = cues::step(self.since, c);
        let look = &mut self.look;
        match c {
            ',' | '、' | '，' => look.commas += 1,
            '|' | '•' | '·' | '›' | '»' | '/' | '→' => look.bars += 1,
            '{' | '}' | ';' | '=' | '<' | '>' | '_' | '$' | '\\' | '#' => look.code += 1,
            '"' | '“' | '”' | '„' | '«' => look.quotes += 1,
            '@' => look.address = true,
            '。' | '！' | '？' | '।' => look.ends += 1,
            _ => {}
        }
    }

    /// A word is at its end.
    fn end(&mut self, told: &mut impl FnMut(u64)) {
        let (word, before) = (self.word, self.before);
        let look = &mut self.look;
        look.words += 1;
        look.capitals += u32::from(self.upper);
        look.counted |= look.words == 1 && self.digits == self.length && self.length <= 2;
        look.glued |= self.digits > 0 && (self.digits != self.length || self.digits > 4);
        look.year |= self.digits == 4 && self.length == 4 && (1700..2100).contains(&self.year);
        let found = self.words.find(word);
        if found.cues & cues::STOP != 0 {
            look.stops += 1;
        }
        let mut furniture = found.cues & !cues::STOP;
        let weighed = look.words <= WEIGHED;
        if weighed {
            told(word);
            self.weights.add(found);
        }
        if before != 0 {
            let two = cues::pair(before, word);
            if weighed {
                let found = self.words.find(two);
                told(two);
                self.weights.add(found);
                furniture |= found.cues;
                if std::mem::replace(&mut self.opens, found.opens) {
                    let three = cues::pair(cues::pair(self.before_that, before), word);
                    furniture |= self.words.find(three).cues;
                }
            }
        } else {
            let first = cues::pair(EDGES.0, word);
            told(first);
            self.weights.add(self.words.find(first));
        }
        look.cues |= furniture;
        look.cue_words += u32::from(furniture & !cues::MONTH != 0);
        if self.length > 4 && found.cues == 0 {
            self.page.rare.push(word);
        }
        if self.length >= SHORTEST as u32 {
            let all = if self.upper { &mut self.page.capital } else { &mut self.page.small };
            all.push(word);
        }
        if look.words <= SHORT {
            let sort = match (self.digits == self.length, self.upper) {
                (true, _) => b'0',
                (_, true) => b'A',
                _ => b'a',
            };
            // Words of one sort in a row are one.
            let joined = self.since == 0 || self.since == BLANK;
            if !(joined && sort == self.sort && sort != b'0') {
                self.shape = cues::pair(cues::pair(self.shape, self.since), u64::from(sort));
                self.shapes += if self.since == 0 { 1 } else { 2 };
            }
            self.sort = sort;
            self.since = 0;
        }
        (self.before_that, self.before) = (before, word);
        (self.word, self.length, self.digits, self.year) = (0, 0, 0, 0);
    }

    /// The line is at its end.
    fn close(&mut self, told: &mut impl FnMut(u64)) {
        let look = &mut self.look;
        if look.words > 0 && look.words <= WEIGHED {
            let last = cues::pair(self.before, EDGES.1);
            told(last);
            self.weights.add(self.words.find(last));
        }
        if look.words <= SHORT {
            look.last = self.before;
            if self.shapes > 3 {
                look.shape = cues::pair(self.shape, self.since);
            }
        }
    }
}

/// Whether a sign may stand before what a line says, or is a blank.
pub(super) fn is_bullet(c: char) -> bool {
    matches!(c, '•' | '*' | '+' | '-' | '–' | '○' | '▪' | '■' | '◦' | '·') || c.is_whitespace()
}

/// Whether a word may end in a sign, so that a capital behind it begins another.
pub(super) fn ends_word(c: char) -> bool {
    c.is_lowercase() || c.is_ascii_digit() || matches!(c, ')' | '?' | '!' | '”')
}

/// Letters of scripts that set no blanks between words.
pub(super) fn wide(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// Letters of scripts whose function words are not in the table of cues.
fn foreign(c: char) -> bool {
    matches!(c, '\u{370}'..='\u{3ff}' | '\u{590}'..='\u{1fff}' | '\u{ac00}'..='\u{d7af}')
}
