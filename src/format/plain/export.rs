//! Exports of press databases: many articles in one text, parted by marks that stand in no article.
//!
//! `Document 3 of 20` or `3 of 20 DOCUMENTS` opens one, `End of Document` or the number of a document
//! closes one. Their heads are labelled (`BYLINE:`, `LENGTH:`, `BODY:`), so that what they say is an
//! archive's own word.

mod factiva;
mod proquest;

use crate::draft::{Draft, Rung, Slot};

/// A line of a document: how many lines of the text stand before it, and its text.
type Line<'t> = (u32, &'t str);

/// The documents of an export, each with its lines; none where the text is no export.
pub(super) fn documents(text: &str) -> Vec<Vec<Line<'_>>> {
    // Most texts have no mark, and this tells it soonest.
    let stands = |mark: &str| memchr::memmem::find(text.as_bytes(), mark.as_bytes()).is_some();
    let small = stands("Document") && (stands("of Document") || stands("Document "));
    if !small && !(stands("DOCUMENT") && (stands("OF DOCUMENT") || stands("DOCUMENTS"))) {
        return Vec::new();
    }
    let lines = || (0..).zip(text.lines().map(str::trim));
    let opened = lines().filter_map(|(_, line)| opening(line)).collect::<Vec<_>>();
    let ends = lines().filter(|(_, line)| closes(line)).count();
    // Numbers that go up by one are no chance.
    let alone = opened == [1] && lines().any(|(_, line)| proquest::is_text(line));
    let counted = alone || opened.len() > 1 && opened.windows(2).all(|two| two[1] == two[0] + 1);
    if !counted && (ends == 0 || !opened.is_empty()) {
        return Vec::new();
    }
    let mut documents = vec![Vec::new()];
    for (number, line) in lines() {
        let parts = if counted { opening(line).is_some() } else { closes(line) };
        if parts {
            documents.push(Vec::new());
        } else if !closes(line)
            && !drawn(line)
            && let Some(document) = documents.last_mut()
        {
            document.push((number, line));
        }
    }
    // What stands before the first mark is the list of what was searched for.
    if counted {
        documents.remove(0);
    }
    documents.retain(|lines| lines.iter().any(|(_, line)| !line.is_empty()));
    let labelled = |lines: &Vec<Line<'_>>| {
        lines.iter().any(|(_, line)| label(line).is_some()) || factiva::is_document(lines)
    };
    // What stands behind the last may tell of the search.
    if !counted && documents.len() > 1 && !documents.last().is_some_and(labelled) {
        documents.pop();
    }
    if counted || documents.iter().all(labelled) { documents } else { Vec::new() }
}

/// The number of the document that a line opens.
fn opening(line: &str) -> Option<u32> {
    let folded = line.to_ascii_lowercase();
    let mut words = folded.split_whitespace();
    let number = match words.next()? {
        "document" => words.next()?.parse().ok()?,
        number => number.parse().ok()?,
    };
    let of = words.next()? == "of" && words.next()?.parse::<u32>().is_ok();
    let rest = words.next();
    let whole = match folded.starts_with("document") {
        true => rest.is_none(),
        false => rest == Some("documents") && words.next().is_none(),
    };
    (of && whole).then_some(number)
}

/// Whether a line parts documents and says nothing.
fn drawn(line: &str) -> bool {
    line.len() >= 10 && line.bytes().all(|byte| byte == b'_')
}

fn closes(line: &str) -> bool {
    line.eq_ignore_ascii_case("end of document") || factiva::closes(line)
}

/// What the label of a line says of it, and the text after the label.
fn label(line: &str) -> Option<(Label, &str)> {
    let (name, rest) = line.split_once(':').unwrap_or((line, ""));
    let is = |other: &str| name.trim().eq_ignore_ascii_case(other);
    let label = if is("headline") || is("title") {
        Label::Says(Slot::Headline)
    } else if is("byline") || is("author") {
        Label::Says(Slot::Author)
    } else if is("section") {
        Label::Says(Slot::Section)
    } else if is("dateline") {
        Label::Says(Slot::Dateline)
    } else if is("language") {
        Label::Says(Slot::Language)
    } else if is("body") && rest.trim().is_empty() {
        Label::Body
    } else if ["length", "highlight", "graphic", "copyright"].iter().any(|one| is(one)) {
        Label::Other
    } else if ["load-date", "classification", "publication-type", "subject"]
        .iter()
        .any(|one| is(one))
    {
        Label::After
    } else {
        return None;
    };
    (!rest.trim().is_empty() || matches!(label, Label::Body | Label::After))
        .then_some((label, rest.trim()))
}

/// What a labelled line is for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Label {
    Says(Slot),
    Body,
    /// Of the head, and of no field.
    Other,
    /// Below the text.
    After,
}

/// What one document says.
pub(super) fn draft(part: u32, lines: &[Line<'_>], first_line: u32) -> Draft {
    let mut draft = Draft { part: Some(part), ..Draft::default() };
    let place = |number: u32| format!("line {}", first_line.saturating_add(number));
    let body = lines.iter().position(|(_, line)| matches!(label(line), Some((Label::Body, _))));
    if let Some(text) = proquest::text(lines) {
        proquest::report(lines, text, first_line, &mut draft);
        return draft;
    }
    if body.is_none() && factiva::is_document(lines) {
        factiva::report(lines, first_line, &mut draft);
        return draft;
    }
    // Without a mark for it, the text begins below the last label of the head.
    let head = body.unwrap_or_else(|| {
        let labelled = |(at, (_, line)): (usize, &Line<'_>)| {
            matches!(label(line), Some((Label::Says(_) | Label::Other, _))).then_some(at)
        };
        lines.iter().enumerate().take(40).filter_map(labelled).next_back().unwrap_or(0)
    });
    let start = if body.is_some() || label(lines[head].1).is_some() { head + 1 } else { head };
    let mut open = Vec::new();
    for &(number, line) in &lines[..start] {
        match label(line) {
            Some((Label::Says(Slot::Section), text)) => {
                draft.note(Slot::Section, Rung::Record, place(number), section(text));
            }
            Some((Label::Says(slot), text)) => draft.note(slot, Rung::Record, place(number), text),
            Some(_) => {}
            None if line.is_empty() || small_print(line) => {}
            None if dated(line) => draft.note(Slot::Published, Rung::Record, place(number), line),
            None => open.push((number, line)),
        }
    }
    // Of the lines without a label, the first is the headline where none is labelled, and the next
    // the outlet.
    let mut open = open.into_iter();
    if draft.on(Slot::Headline).next().is_none()
        && let Some((number, line)) = open.next()
    {
        draft.note(Slot::Headline, Rung::Record, place(number), line);
    }
    if let Some((number, line)) = open.next() {
        draft.note(Slot::Source, Rung::Record, place(number), line);
    }
    let text: Vec<&str> = lines[start..]
        .iter()
        .map(|(_, line)| *line)
        .take_while(|line| !matches!(label(line), Some((Label::After, _))))
        .filter(|line| !small_print(line))
        .collect();
    draft.note(
        Slot::Body,
        Rung::Record,
        place(lines[start.min(lines.len() - 1)].0),
        text.join("\n"),
    );
    draft
}

/// The section of a label that says where on paper the text stood, too: `Section A; Column 0; Foreign
/// Desk; Pg. 1`.
fn section(text: &str) -> &str {
    let mut parts = text.split(';').map(str::trim);
    let first = parts.next().unwrap_or(text);
    parts.find(|part| part.ends_with(" Desk")).unwrap_or(first)
}

/// Whose the text is: no line of an article.
fn small_print(line: &str) -> bool {
    let start = line.get(..9).is_some_and(|start| start.eq_ignore_ascii_case("copyright"));
    line.eq_ignore_ascii_case("all rights reserved")
        || (start || line.starts_with('©') || line.starts_with("(c)")) && line.len() < 160
}

/// Whether a short line holds a day of a year: `March 5, 2001, Tuesday`.
fn dated(line: &str) -> bool {
    let mut years = line.split(|c: char| !c.is_ascii_digit()).filter(|digits| digits.len() == 4);
    let year = years.any(|year| year.starts_with("19") || year.starts_with("20"));
    year && line.len() < 60 && line.split_whitespace().count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;

    const OLD: &str = "2 of 2 results\n\n1 of 2 DOCUMENTS\n\nCopyright 2001 Gazette Ltd.\nAll Rights \
        Reserved\nThe Gazette\n\nMarch 5, 2001, Monday\n\nSECTION: News; Pg. 3\n\nLENGTH: 12 words\n\n\
        HEADLINE: Harbour frozen\n\nBYLINE: Ada Nagy\n\nBODY:\nThe ice came.\n\nIt stayed.\n\n\
        LOAD-DATE: March 6, 2001\n\n2 of 2 DOCUMENTS\n\nThe Gazette\n\nMarch 7, 2001\n\nHEADLINE: \
        Thaw\n\nBODY:\nIt went.\n";

    fn said(draft: &Draft, slot: Slot) -> Vec<&str> {
        draft.on(slot).map(|remark| remark.text.as_str()).collect()
    }

    #[test]
    fn documents_are_parted_where_they_are_counted() {
        let parts = documents(OLD);
        assert_eq!(parts.len(), 2);
        let first = draft(1, &parts[0], 1);
        assert_eq!(said(&first, Slot::Headline), ["Harbour frozen"]);
        assert_eq!(said(&first, Slot::Author), ["Ada Nagy"]);
        assert_eq!(said(&first, Slot::Source), ["The Gazette"]);
        assert_eq!(said(&first, Slot::Published), ["March 5, 2001, Monday"]);
        assert_eq!(said(&first, Slot::Body), ["The ice came.\n\nIt stayed.\n"]);
        assert_eq!(said(&draft(2, &parts[1], 1), Slot::Body), ["It went."]);
    }

    #[test]
    fn documents_are_parted_where_they_end() {
        let text = "Harbour frozen\nThe Gazette\nMarch 5, 2001\nCopyright 2001 Gazette All Rights \
                    Reserved\nLength: 3 words\nByline: Ada Nagy\nBody\nThe ice came.\nLoad-Date: March 6\n\
                    End of Document\n\nThaw\nThe Gazette\nMarch 7, 2001\nLength: 2 words\nBody\nIt \
                    went.\nEnd of Document\n";
        let parts = documents(text);
        assert_eq!(parts.len(), 2);
        let second = draft(2, &parts[1], 1);
        assert_eq!(said(&second, Slot::Headline), ["Thaw"]);
        assert_eq!(said(&second, Slot::Body), ["It went."]);
    }

    #[test]
    fn a_section_is_named_without_its_page() {
        assert_eq!(section("News; Pg. 3"), "News");
        assert_eq!(section("Section A; Column 0; Foreign Desk; Pg. 1"), "Foreign Desk");
    }

    #[test]
    fn the_text_may_stand_on_the_line_of_its_label() {
        let text = "____________\nReport Information from ProQuest\n____________\n\nDocument 1 of 1\n\n\
            Ice: a winter\n\nAuthor: Nagy, Ada; Reed, Tom\n\nFull text: The ice came.\n\nIt stayed: a\n\
            month.\n\nSubject: Ice\n\nTitle: Ice: a winter\n\nPublication date: Feb 10, 2021\n";
        let parts = documents(text);
        assert_eq!(parts.len(), 1);
        let draft = draft(1, &parts[0], 1);
        assert_eq!(said(&draft, Slot::Headline), ["Ice: a winter"]);
        assert_eq!(said(&draft, Slot::Author), ["Ada Nagy; Tom Reed"]);
        assert_eq!(said(&draft, Slot::Published), ["Feb 10, 2021"]);
        assert_eq!(said(&draft, Slot::Body), ["The ice came.\n\nIt stayed: a\nmonth.\n"]);
    }

    #[test]
    fn documents_may_end_with_their_numbers() {
        let plain = "Ice\nAda Nagy\n3 words\n10 February 2021\n06:12\nThe Courier\nEnglish\n\
            © 2021 Courier\n\nThe ice came.\n\nDocument COUR000020210210eh2a0001v\n\nSearch Summary\n";
        let parts = documents(plain);
        assert_eq!(parts.len(), 1);
        let one = draft(1, &parts[0], 1);
        assert_eq!(said(&one, Slot::Headline), ["Ice"]);
        assert_eq!(said(&one, Slot::Source), ["The Courier"]);
        assert_eq!(said(&one, Slot::Body), ["The ice came.\n"]);
        let coded = "HD\tIce in\nthe harbour\nBY\tAda Nagy\nPD\t10 February 2021\nLP\tIt came.\nTD\t\nIN THE \
            NIGHT it went.\nAN\tDocument COUR000020210210eh2a0001v\nDocument COUR000020210210eh2a0001v\n";
        let one = draft(1, &documents(coded)[0], 1);
        assert_eq!(said(&one, Slot::Headline), ["Ice in the harbour"]);
        assert_eq!(said(&one, Slot::Body), ["It came.\n\n\nIN THE NIGHT it went."]);
    }

    #[test]
    fn a_text_that_speaks_of_documents_is_whole() {
        for text in [
            "Document 3 of 20 was lost.\nEnd of document management",
            "Document 1 of 2\nonly one",
            "The report\n\nEnd of Document\n",
            "The report\n\nDocument COUR000020210210eh2a0001v\n",
        ] {
            assert_eq!(documents(text).len(), 0, "{text}");
        }
    }
}
