//! What the fits of this folder need of the program: run by hand, not part of any suite.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeMap;
use std::io::{Read, Write};
use std::path::Path;

use fiche::article::Origin;
use fiche::decode::decode;
use fiche::extract::body::{Clues, describe};
use fiche::extract::settle;
use fiche::format::{Format, Input, html::Html};

/// The bytes of a page, unpacked where its name ends in `.gz`.
fn bytes(path: &Path) -> Vec<u8> {
    let bytes = std::fs::read(path).unwrap();
    if path.extension().is_none_or(|ending| ending != "gz") {
        return bytes;
    }
    let mut unpacked = Vec::new();
    flate2::read::GzDecoder::new(&bytes[..]).read_to_end(&mut unpacked).unwrap();
    unpacked
}

/// Writes SET.jsonl for `body.py`: the blocks of each page of SET/html, with their signs.
#[test]
#[ignore = "run by hand: FIT_PAGES lists the pages (SET/html/ID.html.gz), FIT_DUMPS is the folder written"]
fn blocks_for_the_fit() {
    let list = std::fs::read_to_string(std::env::var("FIT_PAGES").unwrap()).unwrap();
    let folder = std::env::var("FIT_DUMPS").unwrap();
    let mut files: BTreeMap<String, std::fs::File> = BTreeMap::new();
    for path in list.split_whitespace().map(Path::new) {
        let name = path.file_name().unwrap().to_string_lossy();
        let id = name.trim_end_matches(".gz").trim_end_matches(".html");
        let set = path.ancestors().nth(2).unwrap().file_name().unwrap().to_string_lossy();
        let text = decode(&bytes(path)).text.into_owned();
        Html.read(Input::whole(&text), &mut |draft| {
            let draft = draft.unwrap();
            let Some(page) = &draft.page else { return };
            let declared = Clues::of(&draft);
            let headline = settle(&draft, Origin::default()).article.headline;
            let clues = Clues { headline, ..declared };
            let blocks: Vec<_> = page
                .blocks
                .iter()
                .zip(describe(page, &clues))
                .map(
                    |(block, row)| serde_json::json!({"t": block.text, "tag": block.tag, "x": row}),
                )
                .collect();
            let file = files.entry(set.to_string()).or_insert_with(|| {
                std::fs::File::create(Path::new(&folder).join(format!("{set}.jsonl"))).unwrap()
            });
            writeln!(file, "{}", serde_json::json!({"id": id, "blocks": blocks})).unwrap();
        });
    }
}
