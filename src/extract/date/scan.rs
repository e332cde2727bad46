//! Finds dates in running text: words and numbers first, then the shapes they make.

use super::{Found, Habit, YEARS, months};
use crate::article::Date;

/// The most words of one text that are looked at: a date line is short, and a long text is no
/// place to look for its own date.
const MOST: usize = 4_000;

#[derive(Debug, Clone, Copy, PartialEq)]
enum What {
    /// A number of at most eight digits, and how many it has.
    Number(u32, u8),
    /// The name of a month.
    Month(i8),
    /// Another word.
    Word,
    /// Anything else but white space.
    Mark(char),
}

#[derive(Debug, Clone, Copy)]
struct Token<'t> {
    what: What,
    text: &'t str,
    start: usize,
    /// Whether white space stands before it.
    apart: bool,
}

impl Token<'_> {
    fn end(&self) -> usize {
        self.start + self.text.len()
    }

    fn is_word(&self, words: &[&str]) -> bool {
        self.what == What::Word && words.iter().any(|word| self.text.eq_ignore_ascii_case(word))
    }

    fn day(&self) -> Option<i8> {
        match self.what {
            What::Number(number @ 1..=31, 1 | 2) => Some(number as i8),
            _ => None,
        }
    }

    fn year(&self) -> Option<i16> {
        match self.what {
            What::Number(number, 4) => {
                i16::try_from(number).ok().filter(|year| YEARS.contains(year))
            }
            _ => None,
        }
    }
}

/// All dates of a text, in its order; with `partial`, months that stand without a day as well.
pub fn find_all(text: &str, habit: Habit, partial: bool) -> Vec<Found> {
    let tokens = tokens(text);
    let shapes = Shapes { tokens: &tokens, habit, partial };
    let mut found = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        match shapes.at(at) {
            Some((date, next)) => {
                let range = tokens[at].start..tokens[next - 1].end();
                found.push(Found { date, range });
                at = next;
            }
            None => at += 1,
        }
    }
    found
}

fn digit(c: char) -> Option<u32> {
    let base = match c {
        '0'..='9' => '0',
        '０'..='９' => '０',
        '٠'..='٩' => '٠',
        '۰'..='۹' => '۰',
        '०'..='९' => '०',
        _ => return None,
    };
    Some(c as u32 - base as u32)
}

/// Letters, and the signs that some scripts set on them.
fn is_letter(c: char) -> bool {
    c.is_alphabetic()
        || ('\u{900}'..='\u{97f}').contains(&c) && digit(c).is_none()
        || c == '\u{307}'
}

fn tokens(text: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    let mut apart = true;
    while let Some((start, c)) = chars.next() {
        if c.is_whitespace() || matches!(c, '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{feff}') {
            apart = true;
            continue;
        }
        if tokens.len() == MOST {
            break;
        }
        let mut end = start + c.len_utf8();
        let what = if let Some(first) = digit(c) {
            let (mut number, mut len) = (first, 1_u8);
            while let Some(&(at, c)) = chars.peek() {
                let Some(digit) = digit(c) else { break };
                number = number.saturating_mul(10).saturating_add(digit);
                len = len.saturating_add(1);
                end = at + c.len_utf8();
                chars.next();
            }
            What::Number(number, len)
        } else if is_letter(c) {
            while let Some(&(at, c)) = chars.peek() {
                if !is_letter(c) {
                    break;
                }
                end = at + c.len_utf8();
                chars.next();
                // Chinese and Japanese part nothing by blanks: one sign, one word.
                if matches!(c, '年' | '月' | '日' | '년' | '월' | '일') {
                    break;
                }
            }
            let word = &text[start..end];
            match (word.len() <= 32).then(|| months::number(&word.to_lowercase())).flatten() {
                Some(month) => What::Month(month),
                None => What::Word,
            }
        } else {
            What::Mark(c)
        };
        tokens.push(Token { what, text: &text[start..end], start, apart });
        apart = false;
    }
    tokens
}

const ORDINALS: &[&str] =
    &["st", "nd", "rd", "th", "er", "º", "ª", "e", "o", "ère", "ého", "го", "a"];
const OF: &[&str] = &["of", "de", "del", "di", "d", "do", "of", "den", "von", "ta"];
const ROMAN: [&str; 12] =
    ["I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII"];

struct Shapes<'t> {
    tokens: &'t [Token<'t>],
    habit: Habit,
    partial: bool,
}

impl<'t> Shapes<'t> {
    /// The date that begins at a token, and the token after it.
    fn at(&self, at: usize) -> Option<(Date, usize)> {
        let first = self.tokens[at];
        if at > 0 && matches!(first.what, What::Number(..)) && self.is_tail(at) {
            return None;
        }
        match first.what {
            What::Number(number, 8) => {
                let (year, month, day) = (number / 10_000, number / 100 % 100, number % 100);
                let date = Date::day(year as i16, month as i8, day as i8)?;
                (1900..2100).contains(&year).then_some((date, at + 1))
            }
            What::Number(_, 4) => self.year_first(at),
            What::Number(_, 1 | 2) => self.day_first(at).or_else(|| self.numbers(at)),
            What::Month(month) => self.month_first(at, month),
            _ => None,
        }
    }

    fn get(&self, at: usize) -> Option<&Token<'t>> {
        self.tokens.get(at)
    }

    /// Whether the number goes on one before it: `1.2.2024` of `10.1.2.2024`, `$5`, a time.
    fn is_tail(&self, at: usize) -> bool {
        let (token, before) = (self.tokens[at], self.tokens[at - 1]);
        if token.apart {
            return false;
        }
        match before.what {
            What::Mark(mark @ ('.' | '/' | ':' | '-' | ',')) => {
                let number = at > 1 && matches!(self.tokens[at - 2].what, What::Number(..));
                number && (!before.apart || mark == ':')
            }
            What::Mark(mark) => matches!(mark, '$' | '€' | '£' | '#' | '%' | '+'),
            _ => false,
        }
    }

    fn mark(&self, at: usize, marks: &[char]) -> Option<char> {
        match self.get(at)?.what {
            What::Mark(mark) if marks.contains(&mark) => Some(mark),
            _ => None,
        }
    }

    /// Steps over one optional mark.
    fn over(&self, at: usize, marks: &[char]) -> usize {
        at + usize::from(self.mark(at, marks).is_some())
    }

    fn over_words(&self, mut at: usize, words: &[&str]) -> usize {
        for _ in 0..2 {
            if self.get(at).is_some_and(|token| token.is_word(words)) {
                at = self.over(at + 1, &['\'', '’']);
            }
        }
        at
    }

    /// `2024-03-05`, `2024/3/5`, `2024. március 5.`, `2024年3月5日`, `2024-03`, `2024 Mar 5`.
    fn year_first(&self, at: usize) -> Option<(Date, usize)> {
        let year = self.tokens[at].year()?;
        let next = self.get(at + 1)?;
        if matches!(next.text, "年" | "년") {
            let month = self.get(at + 2)?.day()?;
            self.get(at + 3).filter(|token| matches!(token.text, "月" | "월"))?;
            return match self.get(at + 4).and_then(Token::day) {
                Some(day)
                    if self
                        .get(at + 5)
                        .is_some_and(|token| token.text.starts_with(['日', '일'])) =>
                {
                    Some((Date::day(year, month, day)?, at + 6))
                }
                _ if self.partial => Some((Date::month(year, month)?, at + 4)),
                _ => None,
            };
        }
        let mut name = self.over(at + 1, &['.', ',', '-', '/', '–']);
        if self.get(name).is_some_and(|token| token.is_word(&["m", "g", "г", "жылы"])) {
            name = self.over(name + 1, &['.']);
        }
        if let Some(What::Month(month)) = self.get(name).map(|token| token.what) {
            let number = self.over(name + 1, &['.', ',', '-', '/', '–']);
            let day = self.get(number).and_then(Token::day);
            // `2024 May 5 2025` would be the year of something else.
            if let Some(date) = day.and_then(|day| Date::day(year, month, day))
                && self.get(number + 1).is_none_or(|token| token.year().is_none())
            {
                return Some((date, number + 1));
            }
            return None;
        }
        let mark = self.mark(at + 1, &['-', '/', '.', '–', '‑', '－', '−'])?;
        let month = self.get(at + 2)?.day().filter(|month| *month <= 12)?;
        if self.mark(at + 3, &[mark]).is_some()
            && let Some(day) = self.get(at + 4).and_then(Token::day)
        {
            return Some((Date::day(year, month, day)?, at + 5));
        }
        let padded = self.get(at + 2).is_some_and(|token| token.text.len() == 2);
        let alone = at == 0 && self.get(at + 3).is_none();
        (self.partial && alone && padded && mark != '.')
            .then(|| Date::month(year, month).map(|date| (date, at + 3)))
            .flatten()
    }

    /// `5 March 2024`, `5. März 2024`, `1er mars 2024`, `5-Mar-2024`, `5.III.2024`, `5–6 May 2024`,
    /// `5 tháng 3 năm 2024`.
    fn day_first(&self, at: usize) -> Option<(Date, usize)> {
        let day = self.tokens[at].day()?;
        let mut next = at + 1;
        if self.get(next).is_some_and(|token| !token.apart && token.is_word(ORDINALS)) {
            next += 1;
        }
        if self.mark(next, &['-', '–', '/']).is_some()
            && self.get(next + 1).and_then(Token::day).is_some()
            && self.get(next + 2).is_some_and(|token| {
                matches!(token.what, What::Month(_)) || token.is_word(OF) || token.text == "."
            })
        {
            next += 2;
        }
        next = self.over(next, &['.', '-', '–', '/', ',', '°', '‑', ' ']);
        next = self.over_words(next, OF);
        if self.get(next)?.text.eq_ignore_ascii_case("tháng") {
            let month = self.get(next + 1)?.day()?;
            let mut end = self.over(next + 2, &[',', '/', '-']);
            end += usize::from(self.get(end)?.text.eq_ignore_ascii_case("năm"));
            return Some((Date::day(self.get(end)?.year()?, month, day)?, end + 1));
        }
        let month = match self.get(next)?.what {
            What::Month(month) => month,
            What::Word => {
                let text = self.get(next)?.text;
                (ROMAN.iter().position(|roman| *roman == text)? + 1) as i8
            }
            _ => return None,
        };
        next = self.over(next + 1, &['.', '-', '–', '/', ',', '‑']);
        next = self.over(next, &[',', '\'', '’']);
        next = self.over_words(next, OF);
        let token = self.get(next)?;
        let year = token.year().or_else(|| self.short_year(token, at, next))?;
        Some((Date::day(year, month, day)?, next + 1))
    }

    /// `March 5, 2024`, `Mar 5 10:00:00 2024`, `March 2024`.
    fn month_first(&self, at: usize, month: i8) -> Option<(Date, usize)> {
        let mut next = self.over(at + 1, &['.', ',', '-', '/']);
        next = self.over_words(next, &["the"]);
        if let Some(day) = self.get(next).and_then(Token::day) {
            let mut end = next + 1;
            if self.get(end).is_some_and(|token| !token.apart && token.is_word(ORDINALS)) {
                end += 1;
            }
            if self.mark(end, &['-', '–']).is_some()
                && self.get(end + 1).and_then(Token::day).is_some()
            {
                end += 2;
            }
            // `March 5, 10:00 2024`, `Mar 5 10:00:00 GMT 2024`, `March 5, Tuesday, 2024`.
            for skip in 0..9 {
                let token = self.get(end + skip)?;
                if let Some(year) = token.year() {
                    return Some((Date::day(year, month, day)?, end + skip + 1));
                }
                let part_of_time = match token.what {
                    What::Number(_, len) => len <= 2 && (skip > 0 || token.apart),
                    What::Mark(mark) => matches!(mark, ',' | ':' | '.' | '-' | '/' | '\'' | '’'),
                    What::Word => {
                        skip > 0 && token.text.len() <= 10 || token.is_word(&["at", "in", "of"])
                    }
                    What::Month(_) => false,
                };
                if !part_of_time
                    || skip > 2 && matches!(token.what, What::Word) && token.text.len() > 5
                {
                    return None;
                }
            }
            return None;
        }
        // `31 February 2024` is no day, and not its month either.
        let numbered = (at.saturating_sub(2)..at).any(|before| self.tokens[before].day().is_some());
        if !self.partial || numbered {
            return None;
        }
        next = self.over_words(next, OF);
        next = self.over(next, &[',', '\'', '’']);
        let year = self.get(next)?.year()?;
        Some((Date::month(year, month)?, next + 1))
    }

    /// `25/12/2023`, `12/25/2023`, `05.03.2024`, `05.03.24`.
    fn numbers(&self, at: usize) -> Option<(Date, usize)> {
        let first = self.tokens[at].day()?;
        let mark = self.mark(at + 1, &['/', '.', '-', '–', '‑'])?;
        let second = self.get(at + 2)?.day()?;
        self.mark(at + 3, &[mark])?;
        let token = self.get(at + 4)?;
        if self.get(at + 5).is_some_and(|token| {
            !token.apart
                && token.what == What::Mark(mark)
                && self
                    .get(at + 6)
                    .is_some_and(|token| !token.apart && matches!(token.what, What::Number(..)))
        }) {
            return None;
        }
        let whole = self.short_year(token, at, at + 4);
        let in_line = || self.short_year_of_line(at, mark);
        let year = token.year().or(whole).or_else(in_line)?;
        let day_first = match (first, second) {
            (13.., _) => true,
            (_, 13..) => false,
            _ if first == second => true,
            // Dots are of countries that write the day first; with a short year they are not only theirs.
            _ if mark == '.' && (token.year().is_some() || whole.is_some()) => true,
            _ => self.habit.day_first?,
        };
        let (day, month) = if day_first { (first, second) } else { (second, first) };
        Some((Date::day(year, month, day)?, at + 5))
    }

    /// The year in `12/20/16` and `20.12.16, 8:00`, within a short line.
    fn short_year_of_line(&self, at: usize, mark: char) -> Option<i16> {
        const SHORT: usize = 24;
        let What::Number(year @ 0..40, 2) = self.tokens[at + 4].what else { return None };
        let padded = |at: usize| self.tokens[at].text.len() == 2;
        let apart = at == 0 || self.tokens[at].apart;
        let ends =
            self.get(at + 5).is_none_or(|token| token.apart || token.what == What::Mark(','));
        let sure = mark == '/' || padded(at) && padded(at + 2);
        (apart && ends && sure && self.tokens.len() <= SHORT).then_some(2000 + year as i16)
    }

    /// The year in `05.03.24`, where that is all of the field.
    fn short_year(&self, token: &Token<'_>, at: usize, end: usize) -> Option<i16> {
        let What::Number(number, 2) = token.what else { return None };
        let whole = at == 0
            && self.get(end + 1).is_none_or(|token| token.apart || token.what == What::Mark(','));
        let year = number as i16;
        (self.partial && whole).then_some(if year < 70 { 2000 + year } else { 1900 + year })
    }
}
