//! Documents of word processors: the text of a DOCX or an ODT, paragraph by paragraph.
//!
//! Both are zip archives with one member that holds the text (ECMA-376, `word/document.xml`; OpenDocument,
//! `content.xml`). What was deleted, notes in the margin and codes of fields are not read.

use std::io;

use ::zip::ZipArchive;

use super::{Budget, Entry, Leaf, Metered, Seekable, whole};
use crate::decode::decode;

/// The members that hold the text.
const TEXTS: [&str; 2] = ["word/document.xml", "content.xml"];

pub(super) fn read(
    bytes: &mut dyn Seekable,
    budget: &Budget,
    largest: u64,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    let mut archive = ZipArchive::new(bytes)
        .map_err(|_| io::Error::other("it is no document that can be read"))?;
    let name = TEXTS.into_iter().find(|name| archive.index_for_name(name).is_some());
    let name = name.ok_or_else(|| io::Error::other("it has no text that can be read"))?;
    let mut file = archive.by_name(name).map_err(|error| io::Error::other(error.to_string()))?;
    let xml = whole(Metered { inner: &mut file, budget }, largest)?;
    let xml = decode(&xml);
    let bytes = text(&xml.text).into_bytes();
    match each(Entry::Leaf(Box::new(Leaf { bytes, ..Leaf::default() }))) && xml.lossy {
        true => Err(io::Error::other("some of its bytes are no letters and were replaced")),
        false => Ok(()),
    }
}

/// The text of a document, its paragraphs parted by empty lines.
fn text(xml: &str) -> String {
    let mut text = String::with_capacity(xml.len() / 4);
    // How many paragraphs, and how many elements without text, one stands in.
    let (mut paragraphs, mut skipped) = (0_u32, 0_u32);
    let mut open = false;
    for piece in xml.split('<') {
        let (tag, behind) = piece.split_once('>').unwrap_or((piece, ""));
        let ends = tag.starts_with('/');
        let whole = tag.ends_with('/');
        let name = tag.trim_start_matches('/').trim_end_matches('/');
        let name = name.split(char::is_whitespace).next().unwrap_or_default();
        match (name, ends) {
            _ if SKIPPED.contains(&name) && !whole => {
                skipped = if ends { skipped.saturating_sub(1) } else { skipped + 1 };
            }
            ("w:t", _) => open = !ends && !whole,
            ("w:p" | "text:p" | "text:h", false) if !whole => {
                paragraphs += 1;
                open = !name.starts_with('w');
            }
            ("w:p" | "text:p" | "text:h", _) => {
                paragraphs = paragraphs.saturating_sub(u32::from(ends));
                open = paragraphs > 0 && !name.starts_with('w');
                // One within another is a note or a box of text.
                if skipped == 0 {
                    text.push_str(if paragraphs == 0 { "\n\n" } else { "\n" });
                }
            }
            ("w:tab" | "text:tab" | "text:s", false) if skipped == 0 => text.push(' '),
            ("w:br" | "w:cr" | "text:line-break", false) if skipped == 0 => text.push('\n'),
            ("w:noBreakHyphen", _) => text.push('-'),
            _ => {}
        }
        if open && skipped == 0 {
            push(&mut text, behind);
        }
    }
    text
}

/// Elements whose text is none of the document's.
const SKIPPED: [&str; 6] = [
    "mc:Fallback",
    "office:annotation",
    "text:tracked-changes",
    "text:note-citation",
    "w:del",
    "w:moveFrom",
];

/// Adds what stands between two tags.
fn push(text: &mut String, piece: &str) {
    let mut rest = piece;
    while let Some(at) = rest.find('&') {
        text.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest[..rest.floor_char_boundary(12)].split_once(';').map(|(name, _)| name);
        let sign = entity.and_then(|entity| match &entity[1..] {
            "amp" => Some('&'),
            "lt" => Some('<'),
            "gt" => Some('>'),
            "quot" => Some('"'),
            "apos" => Some('\''),
            code => {
                let code = code.strip_prefix('#')?;
                let number = match code.strip_prefix('x') {
                    Some(hex) => u32::from_str_radix(hex, 16).ok()?,
                    None => code.parse().ok()?,
                };
                char::from_u32(number)
            }
        });
        match (sign, entity) {
            (Some(sign), Some(entity)) => {
                text.push(sign);
                rest = &rest[entity.len() + 1..];
            }
            _ => {
                text.push('&');
                rest = &rest[1..];
            }
        }
    }
    text.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paragraphs_are_read_as_they_are_seen() {
        let docx = "<?xml version=\"1.0\"?><w:body><w:p><w:pPr><w:pStyle w:val=\"Title\"/></w:pPr>\
            <w:r><w:t xml:space=\"preserve\">The </w:t></w:r><w:r><w:t>ice &amp; &#233;</w:t></w:r></w:p>\n\
            <w:p/><w:p><w:r><w:instrText>HYPERLINK</w:instrText><w:t>It</w:t><w:br/><w:t>came</w:t><w:tab/></w:r>\
            <w:del><w:r><w:delText>no</w:delText></w:r></w:del><w:r><w:t/></w:r></w:p></w:body>";
        assert_eq!(text(docx), "The ice & é\n\n\n\nIt\ncame \n\n");
    }

    #[test]
    fn notes_stand_within_their_paragraph() {
        let odt = "<office:text><text:tracked-changes><text:p>gone</text:p></text:tracked-changes>\
            <text:h text:outline-level=\"1\">Ice</text:h><text:p>It <text:span>came</text:span>\
            <text:note><text:note-citation>1</text:note-citation><text:note-body><text:p>In March.\
            </text:p></text:note-body></text:note>, and <text:s/>went.</text:p></office:text>";
        assert_eq!(text(odt), "Ice\n\nIt cameIn March.\n, and  went.\n\n");
    }
}
