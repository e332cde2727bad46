//! Tokens to a tree.

use std::ops::Range;

use super::dates;
use super::lex::{Token, TokenKind, fault, lex};
use super::{
    DEEPEST, Form, LONGEST_QUERY, MOST_CLAUSES, Note, Pattern, Query, QueryError, Scope, Word,
};
use crate::article::Date;
use crate::schema::{FieldSpec, Kind, Schema};
use crate::words::{fold_label, fold_words};

/// The widest distance that NEAR and PRE take, in words.
pub(super) const WIDEST: u32 = 100;

/// What a parse depends on beside the text.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// The day that `yesterday` and `30d` count from.
    pub today: Date,
    /// Whether words without an operator are all wanted, or any of them.
    pub any: bool,
}

/// A query understood.
#[derive(Debug, Clone, PartialEq)]
pub struct Parsed {
    /// The tree.
    pub query: Query,
    /// What is worth saying of how it was read.
    pub notes: Vec<Note>,
    /// The words that were left out because they say nothing, folded.
    pub left_out: Vec<String>,
}

/// Reads a query.
///
/// ```
/// use fiche::{article::Date, query, schema::Schema};
///
/// let settings = query::Settings { today: "2026-11-24".parse()?, any: false };
/// let parsed = query::parse("council tax OR levy", &Schema::bundled(), settings)?;
/// assert_eq!(parsed.query.to_string(), "(council AND (tax OR levy))");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
///
/// # Errors
///
/// Where the text is no query of the language; the error names the place.
pub fn parse(text: &str, schema: &Schema, settings: Settings) -> Result<Parsed, QueryError> {
    if text.len() > LONGEST_QUERY {
        let message =
            format!("this query is {} bytes long, and {LONGEST_QUERY} are the most", text.len());
        return Err(fault("too_long", message, 0..0));
    }
    let mut tokens = lex(text, &|name| schema.field(name).is_some())?;
    let mut notes = Vec::new();
    if settings.any && is_shouted(text) {
        for token in &mut tokens {
            let written = &text[token.span.clone()];
            let operator = matches!(
                token.kind,
                TokenKind::And | TokenKind::Or | TokenKind::Not | TokenKind::Near { .. }
            );
            if operator && written.chars().all(char::is_alphabetic) {
                token.kind = TokenKind::Text(written.to_owned());
                let message = format!("all is in capitals, so {written} was read as a word");
                notes.push(Note { message, only_if_nothing: false });
            }
        }
    }
    let mut parser = Parser {
        text,
        tokens,
        at: 0,
        schema,
        settings,
        notes,
        left_out: Vec::new(),
        depth: 0,
        clauses: 0,
    };
    let found = parser.sequence(Scope::Anywhere)?;
    if let Some(token) = parser.tokens.get(parser.at) {
        return Err(fault("stray_close", "this ) closes nothing", token.span.clone()));
    }
    let Some(query) = found else {
        let mut error = fault("empty", "there is no word to search for", 0..text.len());
        error.help.push("* finds every article".to_owned());
        return Err(error);
    };
    let Parser { notes, left_out, .. } = parser;
    Ok(Parsed { query, notes, left_out })
}

/// Reads the values of a filter given apart from the query (`--section`, `--since`): any of them.
///
/// # Errors
///
/// Where there is no such field, or a value is none of that field.
pub fn filter(
    field: &str,
    values: &[String],
    schema: &Schema,
    settings: Settings,
) -> Result<Query, QueryError> {
    let mut found = Vec::new();
    for value in values {
        let spec = schema
            .field(field)
            .ok_or_else(|| fault("unknown_field", format!("unknown field \"{field}\""), 0..0))?;
        if spec.kind == Kind::Text {
            let quoted = format!("{field}:\"{}\"", value.replace('"', " "));
            found.push(parse(&quoted, schema, settings)?.query);
            continue;
        }
        let mut parser = Parser {
            text: value,
            tokens: Vec::new(),
            at: 0,
            schema,
            settings,
            notes: Vec::new(),
            left_out: Vec::new(),
            depth: 0,
            clauses: 0,
        };
        found.push(parser.value(spec, value, 0..value.len(), true)?);
    }
    Ok(any_of(found))
}

struct Parser<'q> {
    text: &'q str,
    tokens: Vec<Token>,
    at: usize,
    schema: &'q Schema,
    settings: Settings,
    notes: Vec<Note>,
    left_out: Vec<String>,
    depth: usize,
    clauses: usize,
}

/// How one part of a chain is joined to the one before it.
#[derive(PartialEq, Clone, Copy)]
enum Joint {
    And,
    Or,
}

impl Parser<'_> {
    fn peek(&self) -> Option<&TokenKind> {
        self.tokens.get(self.at).map(|token| &token.kind)
    }

    fn span(&self, at: usize) -> Range<usize> {
        self.tokens.get(at).map_or(self.text.len()..self.text.len(), |token| token.span.clone())
    }

    fn note(&mut self, message: impl Into<String>) {
        self.notes.push(Note { message: message.into(), only_if_nothing: false });
    }

    /// Parts up to a closing bracket or the end; `None` where nothing to search for stands there.
    fn sequence(&mut self, scope: Scope) -> Result<Option<Query>, QueryError> {
        let mut chunks: Vec<Query> = Vec::new();
        loop {
            match self.peek() {
                None | Some(TokenKind::Close) => break,
                _ => {
                    if let Some(chunk) = self.chain(scope)? {
                        chunks.push(chunk);
                    }
                }
            }
        }
        if self.settings.any {
            chunks = chunks
                .into_iter()
                .flat_map(|chunk| match chunk {
                    Query::Or(parts) => parts,
                    other => vec![other],
                })
                .collect();
            self.drop_stop_words(&mut chunks);
            // What must not match is left out of whatever does.
            let (not, wanted): (Vec<Query>, Vec<Query>) =
                chunks.into_iter().partition(|chunk| matches!(chunk, Query::Not(_)));
            let mut parts = if wanted.is_empty() { Vec::new() } else { vec![any_of(wanted)] };
            parts.extend(not);
            return Ok((!parts.is_empty()).then(|| all_of(parts)));
        }
        Ok(match chunks.len() {
            0 => None,
            1 => chunks.pop(),
            _ => Some(all_of(chunks)),
        })
    }

    /// Where any word may match, those that say nothing are left out, unless there are no others.
    fn drop_stop_words(&mut self, chunks: &mut Vec<Query>) {
        let stop_word = |query: &Query| match query {
            Query::Words {
                scope: Scope::Anywhere,
                pattern: Pattern::Word(Word { form: Form::Plain(text), exact: false }),
            } if self.schema.ranking.is_stop_word(text) => Some(text.clone()),
            _ => None,
        };
        if chunks.iter().any(|chunk| stop_word(chunk).is_none()) {
            let mut left_out: Vec<String> = chunks.iter().filter_map(stop_word).collect();
            chunks.retain(|chunk| stop_word(chunk).is_none());
            left_out.retain(|word| !self.left_out.contains(word));
            left_out.sort();
            left_out.dedup();
            self.left_out.extend(left_out);
        }
    }

    /// Parts joined by AND and OR: `a OR b OR c`.
    fn chain(&mut self, scope: Scope) -> Result<Option<Query>, QueryError> {
        let mut parts: Vec<(Joint, Option<Query>)> = vec![(Joint::Or, self.near(scope)?)];
        loop {
            let joint = match self.peek() {
                Some(TokenKind::And) => Joint::And,
                Some(TokenKind::Or) => Joint::Or,
                _ => break,
            };
            let span = self.span(self.at);
            self.at += 1;
            if matches!(self.peek(), None | Some(TokenKind::Close | TokenKind::And | TokenKind::Or))
            {
                return Err(self.lone_operator(span));
            }
            parts.push((joint, self.near(scope)?));
        }
        let mixed = parts[1..].iter().any(|(joint, _)| *joint == Joint::And)
            && parts[1..].iter().any(|(joint, _)| *joint == Joint::Or);
        let mut groups: Vec<Vec<Query>> = Vec::new();
        for (joint, part) in parts {
            // A part of nothing but signs (`&`, `--`) asks for nothing.
            let Some(part) = part else { continue };
            match groups.last_mut() {
                Some(group) if joint == Joint::And => group.push(part),
                _ => groups.push(vec![part]),
            }
        }
        let mut groups: Vec<Query> = groups.into_iter().map(all_of).collect();
        let query = match groups.len() {
            0 => None,
            1 => groups.pop(),
            _ => Some(any_of(groups)),
        };
        if let (true, Some(query)) = (mixed, &query) {
            self.note(format!("AND binds tighter than OR: read as {query}"));
        }
        Ok(query)
    }

    fn lone_operator(&self, span: Range<usize>) -> QueryError {
        let name = &self.text[span.clone()];
        let mut error =
            fault("lone_operator", format!("{name} needs something on both sides"), span);
        error.help.push(format!("to search for the word itself, quote it: \"{name}\""));
        error
    }

    /// Parts joined by NEAR and PRE.
    fn near(&mut self, scope: Scope) -> Result<Option<Query>, QueryError> {
        let first_at = self.at;
        let first = self.part(scope)?;
        if !matches!(self.peek(), Some(TokenKind::Near { .. })) {
            return Ok(first);
        }
        let (mut left_scope, mut left) = self.side(first, first_at, scope)?;
        while let Some(&TokenKind::Near { within, ordered }) = self.peek() {
            let span = self.span(self.at);
            self.at += 1;
            if matches!(
                self.peek(),
                None | Some(
                    TokenKind::Close | TokenKind::And | TokenKind::Or | TokenKind::Near { .. }
                )
            ) {
                return Err(self.lone_operator(span));
            }
            let at = self.at;
            let right = self.part(scope)?;
            let (right_scope, right) = self.side(right, at, scope)?;
            if left_scope == Scope::Anywhere {
                left_scope = right_scope;
            } else if right_scope != Scope::Anywhere && right_scope != left_scope {
                return Err(fault(
                    "two_fields",
                    "both sides of a distance must be in the same field",
                    span,
                ));
            }
            left = Pattern::Near { sides: vec![left, right], gap: within - 1, ordered };
        }
        Ok(Some(Query::Words { scope: left_scope, pattern: left }))
    }

    /// One side of a distance: words, phrases, and choices among them.
    fn side(
        &self,
        query: Option<Query>,
        at: usize,
        scope: Scope,
    ) -> Result<(Scope, Pattern), QueryError> {
        let found = query.and_then(|query| side_of(query, scope));
        found.ok_or_else(|| {
            let mut error = fault(
                "near_side",
                "a distance is between words, phrases, or choices of them in brackets",
                self.span(at).start..self.span(self.at.saturating_sub(1).max(at)).end,
            );
            error.help.push("(tax OR levy) NEAR/5 vote".to_owned());
            error
        })
    }

    /// One part: a word, a phrase, a field, a bracket, or the negation of one.
    fn part(&mut self, scope: Scope) -> Result<Option<Query>, QueryError> {
        let Some(token) = self.tokens.get(self.at).cloned() else { return Ok(None) };
        self.at += 1;
        self.clauses += 1;
        if self.clauses > MOST_CLAUSES {
            return Err(fault(
                "too_many_clauses",
                format!("this query has more than {MOST_CLAUSES} parts"),
                token.span,
            ));
        }
        match token.kind {
            TokenKind::Open => self.bracket(scope, token.span),
            TokenKind::Close => Err(fault("stray_close", "this ) closes nothing", token.span)),
            TokenKind::And | TokenKind::Or | TokenKind::Near { .. } => {
                Err(self.lone_operator(token.span))
            }
            TokenKind::Not => {
                if matches!(self.peek(), None | Some(TokenKind::Close)) {
                    let mut error = fault(
                        "lone_operator",
                        "nothing stands after this to leave out",
                        token.span,
                    );
                    error.help.push("tax NOT council, tax -council".to_owned());
                    return Err(error);
                }
                self.nested(&token.span)?;
                let inner = self.part(scope)?;
                self.depth -= 1;
                Ok(inner.map(negated))
            }
            TokenKind::Plus => self.part(scope),
            TokenKind::AtLeast(times) => self.at_least(times, scope, token.span),
            TokenKind::Field(name) => self.field(&name, token.span),
            TokenKind::Quoted { text, slop, prefix } => {
                Ok(self.quoted(&text, slop, prefix, &token.span)?.map(|p| words(scope, p)))
            }
            TokenKind::Regex(text) => Ok(Some(words(scope, regex(text, &token.span)?))),
            TokenKind::Range(..) => {
                let mut error =
                    fault("lone_range", "a range belongs to a field", token.span.clone());
                error.help.push(format!("date:{}", &self.text[token.span]));
                Err(error)
            }
            TokenKind::Exact(text) => Ok(plain(&text, true).map(|p| words(scope, p))),
            TokenKind::Text(text) => self.text(&text, scope, token.span),
        }
    }

    fn nested(&mut self, span: &Range<usize>) -> Result<(), QueryError> {
        self.depth += 1;
        if self.depth > DEEPEST {
            let message = format!("brackets stand more than {DEEPEST} deep here");
            return Err(fault("too_deep", message, span.clone()));
        }
        Ok(())
    }

    fn bracket(&mut self, scope: Scope, open: Range<usize>) -> Result<Option<Query>, QueryError> {
        self.nested(&open)?;
        let inner = self.sequence(scope)?;
        self.depth -= 1;
        if self.peek() != Some(&TokenKind::Close) {
            let mut error = fault("open_bracket", "this ( is never closed", open.clone());
            let help = match self.text[open.end..].rsplit_once(' ') {
                Some((before, last)) if before.contains(" OR ") => {
                    format!("{}({before}) {last}", &self.text[..open.start])
                }
                _ => format!("{})", self.text),
            };
            error.help.push(help);
            return Err(error);
        }
        self.at += 1;
        Ok(inner)
    }

    fn at_least(
        &mut self,
        times: u32,
        scope: Scope,
        span: Range<usize>,
    ) -> Result<Option<Query>, QueryError> {
        let at = self.at;
        let inner = self.part(scope)?;
        match inner {
            Some(Query::Words { scope, pattern: Pattern::Word(word) }) => {
                Ok(Some(words(scope, Pattern::AtLeast { times, word })))
            }
            _ => {
                let end = self.span(at).end.max(span.end);
                let mut error = fault(
                    "atleast",
                    "atleast counts one word",
                    span.start..end.min(self.text.len()),
                );
                error.help.push(format!("atleast{times} inflation"));
                Err(error)
            }
        }
    }

    /// A run of characters without blanks.
    fn text(
        &mut self,
        text: &str,
        scope: Scope,
        span: Range<usize>,
    ) -> Result<Option<Query>, QueryError> {
        if text == "*" {
            return Ok(Some(Query::All));
        }
        if text.eq("or") || text.eq("and") || text.eq("not") {
            self.notes.push(Note {
                message: format!(
                    "\"{text}\" was read as a word; the operator is written {}",
                    text.to_uppercase()
                ),
                only_if_nothing: true,
            });
        }
        if let Some(rest) = text.strip_suffix('!') {
            let words = fold_words(rest);
            if words.len() == 1 && rest.len() > 3 {
                self.notes.push(Note {
                    message: format!("\"{text}\" was read as {rest}; for any ending write {rest}*"),
                    only_if_nothing: true,
                });
            }
        }
        let pattern = self.word(text, &span)?;
        if self.settings.any
            && let Some(Pattern::Near { .. }) = &pattern
            && !text.trim_matches('?').contains(['*', '?'])
        {
            // Where any word may match, so may any of a compound's.
            let parts = fold_words(text).into_iter().map(|text| {
                let word = Word { form: Form::Plain(text), exact: false };
                words(scope, Pattern::Word(word))
            });
            return Ok(Some(Query::Or(parts.collect())));
        }
        Ok(pattern.map(|pattern| words(scope, pattern)))
    }

    /// One word as typed: plain, with wildcards, or fuzzy.
    fn word(&mut self, text: &str, span: &Range<usize>) -> Result<Option<Pattern>, QueryError> {
        if let Some((word, rest)) = text.rsplit_once('~')
            && rest.bytes().all(|b| b.is_ascii_digit())
            && let [folded] = &fold_words(word)[..]
        {
            let longest = if folded.chars().count() >= 8 { 2 } else { 1 };
            let distance = match rest {
                "" => longest,
                "1" => 1,
                "2" => 2,
                _ => {
                    return Err(fault(
                        "fuzzy_distance",
                        "1 or 2 letters may differ",
                        span.end - rest.len()..span.end,
                    ));
                }
            };
            if folded.chars().count() < 3 {
                return Err(fault(
                    "fuzzy_short",
                    "a word for ~ has three letters or more",
                    span.clone(),
                ));
            }
            return Ok(Some(word_pattern(Form::Fuzzy(folded.clone(), distance))));
        }
        if let Some((word, rest)) = text.rsplit_once('^')
            && !word.is_empty()
            && rest.parse::<f32>().is_ok()
        {
            let mut error =
                fault("boost", "words have no weights here", span.end - rest.len() - 1..span.end);
            error.help.push(format!("leave it out: {word}"));
            return Err(error);
        }
        // A question mark at the end closes a question; inside a word it is a letter. Before a word
        // it is what is left of a quote, where any word of a pasted text may match.
        let trimmed = text.trim_end_matches('?');
        let trimmed = if self.settings.any { trimmed.trim_start_matches('?') } else { trimmed };
        if trimmed.contains(['*', '?']) {
            return self.wild(trimmed, span).map(Some);
        }
        Ok(plain(trimmed, false))
    }

    fn wild(&mut self, text: &str, span: &Range<usize>) -> Result<Pattern, QueryError> {
        // Signs part words, also beside a wildcard: `state-of-the-a*`.
        let mut parts: Vec<Pattern> = Vec::new();
        let is_part = |c: char| c.is_alphanumeric() || c == '*' || c == '?';
        for piece in text.split(|c: char| !is_part(c) && !c.is_ascii_punctuation()) {
            for piece in piece.split(|c: char| !is_part(c)).filter(|piece| !piece.is_empty()) {
                if !piece.contains(['*', '?']) {
                    parts.extend(fold_words(piece).into_iter().map(exact_word));
                    continue;
                }
                let mut shape = String::new();
                let mut run = String::new();
                for c in piece.chars() {
                    if c == '*' || c == '?' {
                        shape.push_str(&fold_words(&run).concat());
                        run.clear();
                        if !(c == '*' && shape.ends_with('*')) {
                            shape.push(c);
                        }
                    } else {
                        run.push(c);
                    }
                }
                shape.push_str(&fold_words(&run).concat());
                let letters = shape.chars().filter(|c| !matches!(c, '*' | '?')).count();
                if letters < 2 {
                    let mut error = fault(
                        "wild_short",
                        "a word with wildcards has two letters or more",
                        span.clone(),
                    );
                    error.help.push("* alone finds every article".to_owned());
                    return Err(error);
                }
                parts.push(word_pattern(Form::Wild(shape)));
            }
        }
        match parts.len() {
            0 => Err(fault("wild_short", "there is no letter beside the wildcard", span.clone())),
            1 => Ok(parts.remove(0)),
            _ => Ok(Pattern::Near { sides: parts, gap: 0, ordered: true }),
        }
    }

    fn quoted(
        &mut self,
        text: &str,
        slop: Option<u32>,
        prefix: bool,
        span: &Range<usize>,
    ) -> Result<Option<Pattern>, QueryError> {
        let mut parts: Vec<Pattern> = Vec::new();
        for piece in text.split_whitespace() {
            let trimmed = piece.trim_end_matches('?');
            if trimmed.contains(['*', '?']) && trimmed.chars().any(char::is_alphanumeric) {
                match self.wild(trimmed, span)? {
                    Pattern::Near { sides, .. } => parts.extend(sides),
                    other => parts.push(other),
                }
            } else {
                parts.extend(fold_words(piece).into_iter().map(exact_word));
            }
        }
        if prefix
            && let Some(Pattern::Word(word)) = parts.last_mut()
            && let Form::Plain(text) = &word.form
        {
            if text.chars().count() < 2 {
                return Err(fault(
                    "wild_short",
                    "a word with wildcards has two letters or more",
                    span.clone(),
                ));
            }
            word.form = Form::Wild(format!("{text}*"));
        }
        self.clauses += parts.len();
        if self.clauses > MOST_CLAUSES {
            return Err(fault(
                "too_many_clauses",
                format!("this query has more than {MOST_CLAUSES} parts"),
                span.clone(),
            ));
        }
        Ok(match parts.len() {
            0 => None,
            1 => parts.pop(),
            _ => Some(Pattern::Near {
                sides: parts,
                gap: slop.unwrap_or(0),
                ordered: slop.is_none(),
            }),
        })
    }

    /// What stands after `name:`.
    fn field(&mut self, name: &str, span: Range<usize>) -> Result<Option<Query>, QueryError> {
        let Some(field) = self.schema.field(name).cloned() else {
            return Err(self.unknown_field(name, span));
        };
        let value_at = self.at;
        let value = self.tokens.get(value_at).filter(|token| token.span.start == span.end).cloned();
        let Some(value) = value else {
            let shown = &self.text[span.clone()];
            let mut error =
                fault("no_value", format!("nothing stands after {shown}"), span.clone());
            error.help.push(format!("write the value right after the colon: {shown}word"));
            error.help.push(format!("to search for the text itself, quote it: \"{shown}\""));
            return Err(error);
        };
        match (field.kind, value.kind) {
            (Kind::Text, TokenKind::Text(text)) if text == "*" => {
                self.at += 1;
                Ok(Some(Query::Has(field.name)))
            }
            (Kind::Text, _) => {
                let scope = scope_of(&field.name);
                let found = self.part(scope)?;
                found.map(Some).ok_or_else(|| {
                    fault("no_value", format!("there is no word to look for in {name}"), value.span)
                })
            }
            (_, TokenKind::Open) => {
                self.at += 1;
                self.labels_in_brackets(&field, &span, value.span)
            }
            (_, TokenKind::Quoted { text, .. }) => {
                self.at += 1;
                self.value(&field, &text, value.span, true).map(Some)
            }
            (_, TokenKind::Range(from, to)) => {
                self.at += 1;
                let wild = |text: String| if text == "*" { String::new() } else { text };
                let text = format!("{}..{}", wild(from), wild(to));
                self.value(&field, &text, value.span, false).map(Some)
            }
            (_, TokenKind::Text(text)) => {
                self.at += 1;
                self.value(&field, &text, value.span, false).map(Some)
            }
            (_, TokenKind::Exact(_) | TokenKind::Regex(_)) => {
                self.at += 1;
                let text = self.text[value.span.clone()].to_owned();
                self.value(&field, &text, value.span, false).map(Some)
            }
            _ => Err(fault(
                "no_value",
                format!("this is no value for {name}"),
                span.start..value.span.end,
            )),
        }
    }

    /// `section:(World OR Sport)`: one of the values.
    fn labels_in_brackets(
        &mut self,
        field: &FieldSpec,
        span: &Range<usize>,
        open: Range<usize>,
    ) -> Result<Option<Query>, QueryError> {
        let mut values = Vec::new();
        loop {
            let Some(token) = self.tokens.get(self.at).cloned() else {
                return Err(fault("open_bracket", "this ( is never closed", open));
            };
            self.at += 1;
            match token.kind {
                TokenKind::Close => break,
                TokenKind::Or => {}
                TokenKind::Text(text) => {
                    values.push(self.value(field, &text, token.span, false)?);
                }
                TokenKind::Quoted { text, .. } => {
                    values.push(self.value(field, &text, token.span, true)?);
                }
                _ => {
                    let mut error = fault(
                        "label_list",
                        format!("only values and OR stand in the brackets of {}", field.name),
                        token.span,
                    );
                    error.help.push(format!("{0}:world OR {0}:sport", field.name));
                    return Err(error);
                }
            }
        }
        if values.is_empty() {
            return Err(fault(
                "no_value",
                "there is no value in the brackets",
                span.start..open.end,
            ));
        }
        Ok(Some(any_of(values)))
    }

    /// One value of a field that is not text.
    fn value(
        &mut self,
        field: &FieldSpec,
        text: &str,
        span: Range<usize>,
        quoted: bool,
    ) -> Result<Query, QueryError> {
        match field.kind {
            Kind::Text => unreachable!("words are read by `part`"),
            Kind::Date => self.date(&field.name, text, span),
            Kind::Number => length(text, span),
            Kind::Label if field.name == "has" || field.name == "no" => {
                let known = match self.schema.field(text) {
                    Some(known) if !matches!(known.name.as_str(), "has" | "no" | "lead") => known,
                    _ => {
                        let mut error = fault(
                            "unknown_field",
                            format!("there is no field \"{text}\" to have"),
                            span,
                        );
                        error.suggestions = self.close_names(text);
                        error.help.push("has:date, has:author, has:section, has:source".to_owned());
                        return Err(error);
                    }
                };
                let name = match known.name.as_str() {
                    "since" | "until" | "after" | "before" => "date".to_owned(),
                    name => name.to_owned(),
                };
                let has = Query::Has(name);
                Ok(if field.name == "no" { negated(has) } else { has })
            }
            Kind::Label | Kind::Path => {
                let text = text.trim();
                if text == "*" {
                    return Ok(Query::Has(field.name.clone()));
                }
                if quoted {
                    return Ok(label(field, text, false));
                }
                let values: Vec<Query> = text
                    .split(',')
                    .filter(|value| !value.is_empty())
                    .map(|value| label(field, value, true))
                    .collect();
                if values.is_empty() {
                    return Err(fault("no_value", "there is no value here", span));
                }
                Ok(any_of(values))
            }
        }
    }

    fn date(&mut self, name: &str, text: &str, span: Range<usize>) -> Result<Query, QueryError> {
        if text == "*" {
            return Ok(Query::Has("date".to_owned()));
        }
        let today = self.settings.today;
        let (first, last) = match name {
            "date" => dates::days(text, today, span)?,
            "since" | "after" => (Some(dates::bound(text, today, span)?.0), None),
            "until" => (None, Some(dates::bound(text, today, span)?.1)),
            _ => (None, Some(dates::bound(text, today, span)?.0 - 1)),
        };
        Ok(Query::Days { first, last })
    }

    fn close_names(&self, name: &str) -> Vec<String> {
        let lower = name.to_ascii_lowercase();
        let mut close: Vec<(usize, String)> = self
            .schema
            .fields
            .iter()
            .flat_map(|field| std::iter::once(&field.name).chain(&field.aliases))
            .map(|known| (strsim::osa_distance(known, &lower), known.clone()))
            .filter(|(distance, known)| *distance <= 2 && *distance < known.len())
            .collect();
        close.sort();
        close.into_iter().map(|(_, known)| known).take(3).collect()
    }

    fn unknown_field(&self, name: &str, span: Range<usize>) -> QueryError {
        let end = self.tokens.get(self.at).map_or(span.end, |token| {
            if token.span.start == span.end { token.span.end } else { span.end }
        });
        let mut error = fault(
            "unknown_field",
            format!("unknown field \"{name}\""),
            span.start..span.start + name.len(),
        );
        error.suggestions = self.close_names(name);
        let names: Vec<&str> = self.schema.fields.iter().map(|f| f.name.as_str()).collect();
        error.help.push(format!("fields: {}", names.join(", ")));
        error.help.push(format!(
            "to search for the text itself, quote it: \"{}\"",
            &self.text[span.start..end]
        ));
        error
    }
}

/// Whether a text of some length is all in capitals, so that capitals mark no operator.
fn is_shouted(text: &str) -> bool {
    text.split_whitespace().count() >= 4 && !text.chars().any(char::is_lowercase)
}

/// The words of a text that is no query of the language: any of them may match.
pub fn plain_words(text: &str, schema: &Schema) -> Parsed {
    let mut words: Vec<String> = fold_words(text);
    let stop = |word: &String| schema.ranking.is_stop_word(word);
    let mut left_out = Vec::new();
    if !words.iter().all(stop) {
        (left_out, words) = words.into_iter().partition(stop);
    }
    let mut notes = Vec::new();
    if words.len() > MOST_CLAUSES {
        let message = format!("of {} words the first {MOST_CLAUSES} count", words.len());
        notes.push(Note { message, only_if_nothing: false });
        words.truncate(MOST_CLAUSES);
    }
    let query = any_of(
        words
            .into_iter()
            .map(|text| {
                let word = Word { form: Form::Plain(text), exact: false };
                Query::Words { scope: Scope::Anywhere, pattern: Pattern::Word(word) }
            })
            .collect(),
    );
    Parsed { query, notes, left_out }
}

fn words(scope: Scope, pattern: Pattern) -> Query {
    Query::Words { scope, pattern }
}

fn exact_word(text: String) -> Pattern {
    Pattern::Word(Word { form: Form::Plain(text), exact: true })
}

fn word_pattern(form: Form) -> Pattern {
    Pattern::Word(Word { form, exact: true })
}

/// The words of a run of characters: one, or more in a row.
fn plain(text: &str, exact: bool) -> Option<Pattern> {
    let mut folded = fold_words(text);
    match folded.len() {
        0 => None,
        1 => Some(Pattern::Word(Word { form: Form::Plain(folded.remove(0)), exact })),
        _ => Some(Pattern::Near {
            sides: folded.into_iter().map(exact_word).collect(),
            gap: 0,
            ordered: true,
        }),
    }
}

fn regex(text: String, span: &Range<usize>) -> Result<Pattern, QueryError> {
    let body = text.strip_prefix('^').unwrap_or(&text);
    let body = body.strip_suffix('$').unwrap_or(body);
    let letters = body.chars().take_while(|c| c.is_alphanumeric()).count();
    let open = body.chars().nth(letters).is_some_and(|c| matches!(c, '*' | '?' | '{' | '|'));
    if letters.saturating_sub(usize::from(open)) < 2 && body.chars().count() > letters {
        let mut error = fault(
            "regex_open",
            "a regular expression begins with two letters or more, or every word would be tried",
            span.clone(),
        );
        error.help.push("/dipl.*y/".to_owned());
        return Err(error);
    }
    if let Err(error) = regex::Regex::new(body) {
        let reason = error.to_string();
        let last = reason.lines().last().unwrap_or("it cannot be read").trim();
        return Err(fault(
            "regex",
            format!(
                "this regular expression cannot be read: {}",
                last.trim_start_matches("error: ")
            ),
            span.clone(),
        ));
    }
    Ok(word_pattern(Form::Regex(body.to_lowercase())))
}

fn label(field: &FieldSpec, value: &str, globs: bool) -> Query {
    let mut value = value.trim();
    if field.name == "url" {
        value = value.strip_prefix("https://").or(value.strip_prefix("http://")).unwrap_or(value);
        value = value.strip_prefix("www.").unwrap_or(value);
    }
    if field.kind == Kind::Path {
        value = value.strip_suffix("/*").unwrap_or(value).trim_end_matches('/');
    }
    let folded = fold_label(value);
    let glob = globs && folded.contains(['*', '?']) && field.name != "url";
    Query::Label { field: field.name.clone(), value: folded, glob }
}

fn length(text: &str, span: Range<usize>) -> Result<Query, QueryError> {
    let number = |text: &str| text.replace([',', '_'], "").parse::<u64>().ok();
    let read = || -> Option<(u64, u64)> {
        if let Some(rest) = text.strip_prefix(">=") {
            return Some((number(rest)?, u64::MAX));
        }
        if let Some(rest) = text.strip_prefix("<=") {
            return Some((0, number(rest)?));
        }
        if let Some(rest) = text.strip_prefix('>') {
            return Some((number(rest)?.checked_add(1)?, u64::MAX));
        }
        if let Some(rest) = text.strip_prefix('<') {
            return Some((0, number(rest)?.checked_sub(1)?));
        }
        if let Some((from, to)) = text.split_once("..") {
            let min = if from.is_empty() { 0 } else { number(from)? };
            let max = if to.is_empty() { u64::MAX } else { number(to)? };
            return Some((min, max));
        }
        number(text).map(|n| (n, n))
    };
    let (min, max) = read().ok_or_else(|| {
        let mut error = fault("no_number", format!("\"{text}\" is not a number of words"), span);
        error.help.push("len:>800, len:<100, len:100..300".to_owned());
        error
    })?;
    Ok(Query::Length { min, max })
}

fn scope_of(field: &str) -> Scope {
    match field {
        "headline" => Scope::Headline,
        "lead" => Scope::Lead,
        "author" => Scope::Byline,
        _ => Scope::Body,
    }
}

fn all_of(mut parts: Vec<Query>) -> Query {
    if parts.len() == 1 { parts.remove(0) } else { Query::And(parts) }
}

fn any_of(mut parts: Vec<Query>) -> Query {
    if parts.len() == 1 { parts.remove(0) } else { Query::Or(parts) }
}

fn negated(query: Query) -> Query {
    match query {
        Query::Not(inner) => *inner,
        other => Query::Not(Box::new(other)),
    }
}

/// The pattern of a query that can stand on one side of a distance.
fn side_of(query: Query, scope: Scope) -> Option<(Scope, Pattern)> {
    match query {
        Query::Words { pattern: Pattern::AtLeast { .. }, .. } => None,
        Query::Words { scope, pattern: Pattern::Word(word) } => {
            Some((scope, Pattern::Word(Word { exact: true, ..word })))
        }
        Query::Words { scope, pattern } => Some((scope, pattern)),
        Query::Or(parts) => {
            let mut sides = Vec::new();
            let mut common = scope;
            for part in parts {
                let (part_scope, pattern) = side_of(part, scope)?;
                if !sides.is_empty() && part_scope != common {
                    return None;
                }
                common = part_scope;
                sides.push(pattern);
            }
            Some((common, Pattern::Either(sides)))
        }
        _ => None,
    }
}
