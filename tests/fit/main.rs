//! What the fits of this folder need of the program: run by hand, not part of any suite.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::io::{BufWriter, Read, Write};
use std::path::Path;

use fiche::article::Origin;
use fiche::decode::decode;
use fiche::draft::{Draft, Page};
use fiche::extract::body::{Clues, cut_judged, describe};
use fiche::extract::{Settled, settle};
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

fn named(name: &str) -> String {
    std::env::var(name).unwrap_or_else(|_| panic!("{name} is not set"))
}

fn create(name: &str) -> BufWriter<std::fs::File> {
    BufWriter::new(std::fs::File::create(named(name)).unwrap())
}

/// Goes through the pages that `FIT_PAGES` lists (`SET/html/ID.html.gz`).
fn pages(mut each: impl FnMut(&str, &str, &Draft, &Page, Settled)) {
    let list = std::fs::read_to_string(named("FIT_PAGES")).unwrap();
    for path in list.split_whitespace().map(Path::new) {
        let name = path.file_name().unwrap().to_string_lossy();
        let id = name.trim_end_matches(".gz").trim_end_matches(".html");
        let set = path.ancestors().nth(2).unwrap().file_name().unwrap().to_string_lossy();
        let text = decode(&bytes(path)).text.into_owned();
        Html.read(Input::whole(&text), &mut |draft| {
            let draft = draft.unwrap();
            let settled = settle(&draft, Origin::default());
            if let Some(page) = draft.page.as_ref().filter(|page| !page.blocks.is_empty()) {
                each(&set, id, &draft, page, settled);
            }
        });
    }
}

fn clues(draft: &Draft, settled: &Settled) -> Clues {
    let article = settled.article.clone();
    let labels = vec![article.section, article.kind, article.source];
    Clues { headline: article.headline, authors: article.authors, labels, ..Clues::of(draft) }
}

/// The five numbers of each block that `body.py` writes.
fn weights() -> impl FnMut(usize) -> Vec<[f32; 5]> {
    let all = std::fs::read(named("FIT_WEIGHTS")).unwrap();
    let mut at = 0;
    move |blocks| {
        let own = &all[at..at + 20 * blocks];
        at += own.len();
        let number = |four: &[u8]| f32::from_le_bytes(four.try_into().unwrap());
        own.chunks_exact(20)
            .map(|five| std::array::from_fn(|n| number(&five[4 * n..4 * n + 4])))
            .collect()
    }
}

/// Writes the blocks of each page, a page a line, and the hashes of their words: for each block how
/// many there are, then they.
#[test]
#[ignore = "run by body.py: FIT_PAGES lists the pages, FIT_BLOCKS and FIT_WORDS are written"]
fn blocks_for_the_fit() {
    let (mut blocks, mut words) = (create("FIT_BLOCKS"), create("FIT_WORDS"));
    pages(|set, id, draft, page, settled| {
        let mut told = vec![Vec::new()];
        describe(page, &clues(draft, &settled), &[], &mut |word| match word {
            0 => told.push(Vec::new()),
            word => told.last_mut().unwrap().push(word),
        });
        for own in &told[..page.blocks.len()] {
            words.write_all(&(own.len() as u64).to_le_bytes()).unwrap();
            own.iter().for_each(|word| words.write_all(&word.to_le_bytes()).unwrap());
        }
        let texts: Vec<_> = page.blocks.iter().map(|block| (block.tag, &block.text)).collect();
        writeln!(blocks, "{}", serde_json::json!({"set": set, "id": id, "blocks": texts})).unwrap();
    });
}

/// A page as another site might have made it: half of the names of its boxes are not given.
fn unnamed(page: &Page, seed: usize) -> Page {
    let mut page = page.clone();
    for one in &mut page.boxes {
        let sum = one
            .hints
            .bytes()
            .fold(seed as u32, |sum, byte| (sum ^ u32::from(byte)).wrapping_mul(0x0100_0193));
        if sum >> 16 & 1 == 0 {
            one.hints.clear();
        }
    }
    page
}

/// A page of which little more than the article was kept: which of its blocks stay.
fn bare(page: &Page, headline: &str) -> Vec<bool> {
    let long = |at: &usize| page.blocks[*at].text.len() > 120;
    let count = page.blocks.len();
    let first = page.blocks.iter().position(|block| block.text == headline);
    let last = (0..count).rfind(long).unwrap_or(count);
    let first = first.or_else(|| (0..count).find(long)).unwrap_or(0);
    (0..count).map(|at| at < 2 || at + 2 > count || at + 3 >= first && at <= last + 4).collect()
}

/// Writes the signs of the blocks of each page, thrice: of the page as it is, of one whose boxes have
/// fewer names, and of one with little around its article; which blocks these are goes before.
#[test]
#[ignore = "run by body.py: FIT_PAGES lists the pages, FIT_WEIGHTS what words weigh, FIT_SIGNS is written"]
fn signs_for_the_fit() {
    let (mut out, mut weights) = (create("FIT_SIGNS"), weights());
    let mut seed = 0;
    pages(|_, _, draft, page, settled| {
        seed += 1;
        let clues = clues(draft, &settled);
        let weights = weights(page.blocks.len());
        let mut bared = page.clone();
        let keep = bare(page, &clues.headline);
        let mut keeps = keep.iter();
        bared.blocks.retain(|_| *keeps.next().unwrap());
        let all = vec![true; page.blocks.len()];
        let versions = [(page.clone(), &all), (unnamed(page, seed), &all), (bared, &keep)];
        for (page, keep) in &versions {
            let kept = |(weights, keep): (&[f32; 5], &bool)| keep.then_some(*weights);
            let weights: Vec<_> = weights.iter().zip(keep.iter()).filter_map(kept).collect();
            let rows = describe(page, &clues, &weights, &mut |_| {});
            let places = (0..keep.len()).filter(|at| keep[*at]);
            for (row, at) in rows.iter().zip(places) {
                let row = std::iter::once(at as f32).chain(row.iter().copied());
                row.for_each(|sign| out.write_all(&sign.to_le_bytes()).unwrap());
            }
        }
    });
}

/// Cuts each page by judgements of its blocks that `body.py` writes, and writes what `inspect` would.
#[test]
#[ignore = "run by body.py: FIT_PAGES lists the pages, FIT_JUDGED has a number a block, FIT_CUTS is written"]
fn cuts_for_the_fit() {
    let (judged, mut out) = (std::fs::read(named("FIT_JUDGED")).unwrap(), create("FIT_CUTS"));
    let number = |four: &[u8]| f32::from_le_bytes(four.try_into().unwrap());
    let mut judged = judged.chunks_exact(4).map(number);
    pages(|set, id, draft, page, settled| {
        let own: Vec<f32> = judged.by_ref().take(page.blocks.len()).collect();
        let cut = cut_judged(page, &clues(draft, &settled), &own);
        let standfirst = Some(settled.article.standfirst).filter(|text| !text.is_empty());
        let standfirst = standfirst.or(cut.standfirst);
        let row =
            serde_json::json!({"set": set, "id": id, "body": cut.body, "standfirst": standfirst});
        writeln!(out, "{row}").unwrap();
    });
}
