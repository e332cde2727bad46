//! A query's text to its tokens, each with its place.

use std::ops::Range;

use super::QueryError;

/// One token of a query.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Token {
    pub kind: TokenKind,
    pub span: Range<usize>,
}

/// What a token is.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum TokenKind {
    Open,
    Close,
    And,
    Or,
    Not,
    Plus,
    /// `NEAR/5`: within so many words.
    Near {
        within: u32,
        ordered: bool,
    },
    /// `atleast3`
    AtLeast(u32),
    /// `name:` with the value right after it.
    Field(String),
    /// A quoted text, with what stands after the quote: `~5` or `*`.
    Quoted {
        text: String,
        slop: Option<u32>,
        prefix: bool,
    },
    Regex(String),
    /// `[a TO b]`
    Range(String, String),
    /// `=word`
    Exact(String),
    /// Any other run of characters.
    Text(String),
}

pub(super) fn fault(
    code: &'static str,
    message: impl Into<String>,
    span: Range<usize>,
) -> QueryError {
    QueryError { code, message: message.into(), span, help: Vec::new(), suggestions: Vec::new() }
}

/// Parts a query into tokens.
pub(super) fn lex(text: &str, is_field: &dyn Fn(&str) -> bool) -> Result<Vec<Token>, QueryError> {
    Lexer { text, at: 0, tokens: Vec::new(), is_field }.run()
}

struct Lexer<'q> {
    text: &'q str,
    at: usize,
    tokens: Vec<Token>,
    is_field: &'q dyn Fn(&str) -> bool,
}

fn is_quote(c: char) -> bool {
    matches!(c, '"' | '“' | '”' | '„' | '‟' | '«' | '»')
}

fn is_dash(c: char) -> bool {
    matches!(c, '-' | '–' | '—' | '−' | '‑')
}

impl Lexer<'_> {
    fn peek(&self) -> Option<char> {
        self.text[self.at..].chars().next()
    }

    fn after(&self, c: char) -> Option<char> {
        self.text[self.at + c.len_utf8()..].chars().next()
    }

    fn push(&mut self, kind: TokenKind, start: usize) {
        self.tokens.push(Token { kind, span: start..self.at });
    }

    fn run(mut self) -> Result<Vec<Token>, QueryError> {
        while let Some(c) = self.peek() {
            let start = self.at;
            let begins_word = |next: Option<char>| {
                next.is_some_and(|n| !n.is_whitespace() && n != ')' && !is_dash(n))
            };
            if c.is_whitespace() {
                self.at += c.len_utf8();
            } else if c == '(' {
                self.at += 1;
                self.push(TokenKind::Open, start);
            } else if c == ')' {
                self.at += 1;
                self.push(TokenKind::Close, start);
            } else if is_quote(c) {
                self.quoted()?;
            } else if (is_dash(c) || c == '!') && begins_word(self.after(c)) {
                self.at += c.len_utf8();
                self.push(TokenKind::Not, start);
            } else if c == '+' && begins_word(self.after(c)) {
                self.at += 1;
                self.push(TokenKind::Plus, start);
            } else if c == '[' {
                self.range()?;
            } else if c == '/' && self.regex() {
            } else {
                self.run_of_text()?;
            }
        }
        Ok(self.tokens)
    }

    fn quoted(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        let open = self.peek().map_or(1, char::len_utf8);
        let inner = self.at + open;
        let Some(length) = self.text[inner..].find(is_quote) else {
            let mut error = fault("open_quote", "this quote is never closed", start..start + open);
            error.help.push(format!("{}\"", self.text));
            return Err(error);
        };
        let text = self.text[inner..inner + length].to_owned();
        self.at =
            inner + length + self.text[inner + length..].chars().next().map_or(1, char::len_utf8);
        let mut slop = None;
        let mut prefix = false;
        let rest = &self.text[self.at..];
        if let Some(after) = rest.strip_prefix('~') {
            let digits = after.bytes().take_while(u8::is_ascii_digit).count();
            if digits == 0 {
                return Err(fault(
                    "no_number",
                    "a number belongs after ~: \"tax vote\"~5",
                    self.at..self.at + 1,
                ));
            }
            slop = after[..digits].parse().ok();
            if slop.is_none_or(|n| n > super::parse::WIDEST) {
                return Err(too_wide(self.at..self.at + 1 + digits));
            }
            self.at += 1 + digits;
        } else if rest.starts_with('*') {
            prefix = true;
            self.at += 1;
        }
        self.push(TokenKind::Quoted { text, slop, prefix }, start);
        Ok(())
    }

    fn range(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        let Some(length) = self.text[start..].find([']', '}']) else {
            return Err(fault("open_range", "this [ is never closed", start..start + 1));
        };
        self.at = start + length + 1;
        let inner = &self.text[start + 1..start + length];
        let Some((from, to)) = inner.split_once(" TO ") else {
            let mut error =
                fault("no_range", "a range is written [2023-01 TO 2023-06]", start..self.at);
            error.help.push("date:2023-01..2023-06".to_owned());
            return Err(error);
        };
        self.push(TokenKind::Range(from.trim().to_owned(), to.trim().to_owned()), start);
        Ok(())
    }

    /// `/…/` with an end that no word goes on from, and a sign in it that makes it more than text
    /// between two strokes (`/slip flow/`): it is held against one word, so a blank never matches.
    fn regex(&mut self) -> bool {
        let start = self.at;
        let inner = &self.text[start + 1..];
        let mut escaped = false;
        for (offset, c) in inner.char_indices() {
            if c == '/' && !escaped {
                let next = inner[offset + 1..].chars().next();
                let text = &inner[..offset];
                let of_signs =
                    text.contains(['.', '*', '+', '?', '[', '(', '|', '{', '^', '$', '\\']);
                let of_blanks = text.contains(char::is_whitespace);
                let goes_on = next.is_some_and(|n| !n.is_whitespace() && n != ')');
                if !of_signs || of_blanks || goes_on {
                    return false;
                }
                let text = inner[..offset].replace("\\/", "/");
                self.at = start + offset + 2;
                self.push(TokenKind::Regex(text), start);
                return true;
            }
            escaped = c == '\\' && !escaped;
        }
        false
    }

    fn run_of_text(&mut self) -> Result<(), QueryError> {
        let start = self.at;
        // A field's name, if one stands here.
        let name_end = self.text[start..]
            .find(|c: char| !(c.is_ascii_alphabetic() || c == '_'))
            .map_or(self.text.len(), |n| start + n);
        if name_end > start && self.text[name_end..].starts_with(':') {
            let name = &self.text[start..name_end];
            let value = self.text[name_end + 1..].chars().next();
            let known = (self.is_field)(name);
            let like_one = value.is_some_and(|c| {
                !c.is_whitespace() && c != '/' && c != ':' && c != ')' && !c.is_ascii_digit()
            });
            if known || like_one {
                self.at = name_end + 1;
                self.push(TokenKind::Field(name.to_owned()), start);
                return Ok(());
            }
        }
        let after_field = matches!(
            self.tokens.last(),
            Some(Token { kind: TokenKind::Field(_), span }) if span.end == start
        );
        while let Some(c) = self.peek() {
            if c.is_whitespace() || c == ')' || (is_quote(c) && self.at > start) {
                break;
            }
            // `AROUND(5)` and `atleast3(word)` keep their bracket.
            if c == '(' && !self.text[start..self.at].eq_ignore_ascii_case("around") {
                break;
            }
            self.at += c.len_utf8();
            if c == '(' {
                let rest = &self.text[self.at..];
                let end = rest.find(')').map_or(rest.len(), |n| n + 1);
                self.at += end;
                break;
            }
        }
        let run = &self.text[start..self.at];
        let kind = if after_field { None } else { operator(run, start..self.at)? };
        let kind = kind.unwrap_or_else(|| match run.strip_prefix('=') {
            Some(word) if !word.is_empty() => TokenKind::Exact(word.to_owned()),
            _ => TokenKind::Text(run.to_owned()),
        });
        self.push(kind, start);
        Ok(())
    }
}

pub(super) fn too_wide(span: Range<usize>) -> QueryError {
    fault("too_wide", format!("at most {} words may lie between", super::parse::WIDEST), span)
}

/// The operator that a run of characters is, if it is one.
fn operator(run: &str, span: Range<usize>) -> Result<Option<TokenKind>, QueryError> {
    let kind = match run {
        "AND" | "&&" | "&" => TokenKind::And,
        "OR" | "||" | "|" => TokenKind::Or,
        "NOT" => TokenKind::Not,
        "NEAR" => TokenKind::Near { within: 10, ordered: false },
        _ => {
            let split = run.find(|c: char| !c.is_ascii_alphabetic()).unwrap_or(run.len());
            let (name, rest) = run.split_at(split);
            let number = rest
                .strip_prefix('/')
                .or_else(|| rest.strip_prefix('(').and_then(|n| n.strip_suffix(')')))
                .unwrap_or(rest);
            if number.is_empty() || !number.bytes().all(|b| b.is_ascii_digit()) {
                return Ok(None);
            }
            let slash = rest.len() > number.len();
            let ordered = match name.to_ascii_uppercase().as_str() {
                "NEAR" | "AROUND" => false,
                "W" if slash => false,
                "PRE" | "ADJ" | "ONEAR" if slash => true,
                "ATLEAST" => {
                    return match number.parse() {
                        Ok(times @ 1..=1000) => Ok(Some(TokenKind::AtLeast(times))),
                        _ => Err(fault("no_number", "atleast takes a number from 1 to 1000", span)),
                    };
                }
                _ => return Ok(None),
            };
            match number.parse() {
                Ok(within @ 1..=super::parse::WIDEST) => TokenKind::Near { within, ordered },
                _ => return Err(too_wide(span)),
            }
        }
    };
    Ok(Some(kind))
}
