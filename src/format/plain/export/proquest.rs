//! Documents of ProQuest: the text stands on the line of its own label, and what is known of it below.

use super::{Line, dated};
use crate::draft::{Draft, Rung, Slot};

/// Labels below the text, and what they say of it.
const BELOW: &[(&str, Option<Slot>)] = &[
    ("subject", None),
    ("business indexing term", None),
    ("location", None),
    ("people", None),
    ("company / organization", None),
    ("identifier / keyword", None),
    ("classification", None),
    ("credit", None),
    ("copyright", None),
    ("title", Some(Slot::Headline)),
    ("publication title", Some(Slot::Source)),
    ("publication date", Some(Slot::Published)),
    ("dateline", Some(Slot::Dateline)),
    ("section", Some(Slot::Section)),
    ("language of publication", Some(Slot::Language)),
    ("proquest document id", Some(Slot::Id)),
    ("document url", Some(Slot::Url)),
];

/// A line that begins with a label, in lower case, and what stands behind it.
fn labelled(line: &str) -> Option<(String, &str)> {
    let (label, rest) = line.split_once(':')?;
    (label.len() <= 40).then(|| (label.trim().to_lowercase(), rest.trim()))
}

/// What a line below the text says, and of what.
fn below(line: &str) -> Option<(Option<Slot>, &str)> {
    let (label, rest) = labelled(line)?;
    let (_, slot) = BELOW.iter().find(|(name, _)| *name == label)?;
    Some((*slot, rest))
}

/// Which line has the text.
pub(super) fn text(lines: &[Line<'_>]) -> Option<usize> {
    lines.iter().position(|(_, line)| is_text(line))
}

pub(super) fn is_text(line: &str) -> bool {
    labelled(line).is_some_and(|(label, _)| label == "full text")
}

/// Reports what a document says whose text stands on line `text`.
pub(super) fn report(lines: &[Line<'_>], text: usize, first_line: u32, draft: &mut Draft) {
    let place = |at: usize| format!("line {}", first_line.saturating_add(lines[at].0));
    let end = (text + 1..lines.len()).find(|at| below(lines[*at].1).is_some());
    let end = end.unwrap_or(lines.len());
    let mut first = None;
    for (at, (_, line)) in
        lines[..text].iter().enumerate().filter(|(_, (_, line))| !line.is_empty())
    {
        match labelled(line) {
            Some((label, names)) if label == "author" => {
                draft.note(Slot::Author, Rung::Record, place(at), in_order(names));
            }
            Some((label, said)) if label == "abstract" && said != "None available." => {
                draft.note(Slot::Standfirst, Rung::Record, place(at), said);
            }
            // Headlines have colons, too.
            _ => first = first.or(Some(at)),
        }
    }
    for (at, (_, line)) in lines.iter().enumerate().skip(end) {
        if let Some((Some(slot), said)) = below(line) {
            // An outlet is followed by its place.
            let said =
                if slot == Slot::Source { said.split(';').next().unwrap_or(said) } else { said };
            let day = slot != Slot::Published || dated(said);
            if day && draft.on(slot).next().is_none() {
                draft.note(slot, Rung::Record, place(at), said);
            }
        }
    }
    if draft.on(Slot::Headline).next().is_none()
        && let Some(at) = first
    {
        draft.note(Slot::Headline, Rung::Record, place(at), lines[at].1);
    }
    let opening = labelled(lines[text].1).map_or("", |(_, rest)| rest);
    let rest = lines[text + 1..end].iter().map(|(_, line)| *line);
    let body: Vec<&str> = std::iter::once(opening).chain(rest).collect();
    draft.note(Slot::Body, Rung::Record, place(text), body.join("\n"));
}

/// Names as they are signed: `Nagy, Ada; Reed, Tom` are `Ada Nagy; Tom Reed`.
fn in_order(names: &str) -> String {
    let names = names.split(';').map(str::trim).filter(|name| !name.is_empty());
    let turned = names.map(|name| match name.split_once(',') {
        Some((family, given)) if !given.contains(',') => format!("{} {family}", given.trim()),
        _ => name.to_owned(),
    });
    turned.collect::<Vec<_>>().join("; ")
}
