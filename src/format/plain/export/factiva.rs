//! Documents of Factiva: each ends with its number, and its head has one line for each thing, with
//! codes of two letters before them or without.

use super::{Line, dated, small_print};
use crate::draft::{Draft, Rung, Slot};

/// The codes of the fields, and what they say.
const CODES: &[(&str, Option<Slot>)] = &[
    ("HD", Some(Slot::Headline)),
    ("BY", Some(Slot::Author)),
    ("PD", Some(Slot::Published)),
    ("SN", Some(Slot::Source)),
    ("SE", Some(Slot::Section)),
    ("LA", Some(Slot::Language)),
    ("LP", Some(Slot::Body)),
    ("TD", Some(Slot::Body)),
    ("ART", Some(Slot::Caption)),
    ("CR", None),
    ("WC", None),
    ("ET", None),
    ("SC", None),
    ("ED", None),
    ("PG", None),
    ("VOL", None),
    ("CY", None),
    ("CLM", None),
    ("CX", None),
    ("CT", None),
    ("RF", None),
    ("CO", None),
    ("IN", None),
    ("NS", None),
    ("RE", None),
    ("IPC", None),
    ("IPD", None),
    ("PUB", None),
    ("AN", None),
];

/// The head of a document is no longer.
const HEAD: usize = 24;

/// Whether a line ends a document: `Document GAZ0000020240305ek35000jl`.
pub(super) fn closes(line: &str) -> bool {
    line.strip_prefix("Document ").is_some_and(|number| {
        let digits = number.bytes().filter(u8::is_ascii_digit).count();
        (16..=40).contains(&number.len())
            && digits >= 8
            && number.bytes().all(|byte| byte.is_ascii_alphanumeric())
    })
}

/// Whether lines are those of a document: its head says how many words it has, or has codes.
pub(super) fn is_document(lines: &[Line<'_>]) -> bool {
    has_codes(lines) || words(lines).is_some()
}

fn has_codes(lines: &[Line<'_>]) -> bool {
    let has = |code: &str| lines.iter().any(|(_, line)| coded(line).is_some_and(|c| c.0 == code));
    has("HD") && (has("LP") || has("TD"))
}

/// A line that begins with a code: the code, what it says, and what stands behind it.
fn coded(line: &str) -> Option<(&'static str, Option<Slot>, &str)> {
    let end = line.find(|c: char| !c.is_ascii_uppercase()).unwrap_or(line.len());
    let (code, rest) = line.split_at(end);
    let parted = rest.is_empty() || rest.starts_with('\t') || rest.starts_with("  ");
    let (code, slot) = CODES.iter().find(|(known, _)| parted && *known == code)?;
    Some((code, *slot, rest.trim()))
}

/// The line that says how many words a document has.
fn words(lines: &[Line<'_>]) -> Option<usize> {
    let is = |line: &str| {
        let mut words = line.split(' ');
        let number = words.next().unwrap_or_default();
        !number.is_empty()
            && number.bytes().all(|byte| byte.is_ascii_digit() || byte == b',')
            && words.next().is_some_and(|word| {
                matches!(word, "words" | "Wörter" | "mots" | "palabras" | "parole" | "palavras")
            })
            && words.next().is_none()
    };
    let head = lines.iter().enumerate().filter(|(_, (_, line))| !line.is_empty()).take(HEAD);
    head.filter(|(_, (_, line))| is(line)).map(|(at, _)| at).next()
}

/// Reports what a document says.
pub(super) fn report(lines: &[Line<'_>], first_line: u32, draft: &mut Draft) {
    let place = |at: usize| format!("line {}", first_line.saturating_add(lines[at].0));
    if has_codes(lines) {
        let mut fields: Vec<(Option<Slot>, usize, Vec<&str>)> = Vec::new();
        for (at, (_, line)) in lines.iter().enumerate() {
            match (coded(line), fields.last_mut()) {
                (Some((_, slot, rest)), _) => fields.push((slot, at, vec![rest])),
                (None, Some((.., said))) => said.push(line),
                (None, None) => {}
            }
        }
        let body = fields.iter().filter(|(slot, ..)| *slot == Some(Slot::Body));
        let texts: Vec<String> = body.clone().map(|(.., said)| said.join("\n")).collect();
        let begin = body.map(|(_, at, _)| *at).next();
        for (slot, at, said) in &fields {
            if let Some(slot) = slot.filter(|slot| *slot != Slot::Body) {
                draft.note(slot, Rung::Record, place(*at), said.join(" ").trim());
            }
        }
        draft.note(Slot::Body, Rung::Record, place(begin.unwrap_or(0)), texts.join("\n\n"));
        return;
    }
    let Some(counted) = words(lines) else { return };
    let told = |range: std::ops::Range<usize>| {
        range.filter(|at| !lines[*at].1.is_empty()).collect::<Vec<usize>>()
    };
    // Above the number of words the headline and who wrote it, below it the day and the outlet.
    let above = told(0..counted);
    let (names, titles) = match &above[..] {
        [titles @ .., last] if !titles.is_empty() => (Some(*last), titles),
        titles => (None, titles),
    };
    for (slot, at) in titles
        .last()
        .map(|at| (Slot::Headline, *at))
        .into_iter()
        .chain(names.map(|at| (Slot::Author, at)))
    {
        draft.note(slot, Rung::Record, place(at), lines[at].1);
    }
    let below = told(counted + 1..lines.len());
    let day = below.iter().take(2).position(|at| dated(lines[*at].1));
    let clock = |at: usize| lines[at].1.contains(':') && lines[at].1.len() <= 8;
    let mut head = 0;
    if let Some(day) = day {
        draft.note(Slot::Published, Rung::Record, place(below[day]), lines[below[day]].1);
        head = day + 1;
        head += usize::from(below.get(head).is_some_and(|at| clock(*at)));
        if let Some(at) = below.get(head) {
            draft.note(Slot::Source, Rung::Record, place(*at), lines[*at].1);
            head += 1;
        }
    }
    // The head ends with whose the text is.
    let print = below.iter().take(HEAD).position(|at| small_print(lines[*at].1));
    let first = print.map_or(head, |print| print + 1);
    let Some(first) = below.get(first) else { return };
    let text: Vec<&str> = lines[*first..].iter().map(|(_, line)| *line).collect();
    draft.note(Slot::Body, Rung::Record, place(*first), text.join("\n"));
}
