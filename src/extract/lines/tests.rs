use super::*;

/// The lines of a page, as the format of plain text gives them.
fn page(text: &str) -> Page {
    let mut page = Page::default();
    let mut gap = 0;
    for (line, number) in text.lines().zip(1..) {
        let text = line.trim().to_owned();
        if text.is_empty() {
            gap += 1;
            continue;
        }
        let indent = (line.len() - line.trim_start_matches(' ').len()) as u32;
        page.blocks.push(Block { text, line: number, gap, indent, ..Block::default() });
        gap = 0;
    }
    page
}

fn said(cut: &Cut, slot: Slot) -> Vec<&str> {
    cut.remarks.iter().filter(|one| one.slot == slot).map(|one| one.text.as_str()).collect()
}

#[test]
fn a_clean_article_loses_nothing() {
    let cut = cut(&page(
        "Harbour frozen for a third week\n\nBy Ada Nagy\nMarch 5, 1912\n\nThe harbour has been \
         closed to all ships since the ice came in from the north.\n\nNo end is in sight.\n\nThe \
         ferries to the islands will not sail before the end of the month, the company said.",
    ));
    assert_eq!(said(&cut, Slot::Headline), ["Harbour frozen for a third week"]);
    assert_eq!(said(&cut, Slot::Author), ["By Ada Nagy"]);
    assert_eq!(said(&cut, Slot::Published), ["March 5, 1912"]);
    assert!(cut.body.starts_with("The harbour has been"), "{}", cut.body);
    assert!(cut.body.contains("\n\nNo end is in sight.\n\nThe ferries"), "{}", cut.body);
}

#[test]
fn an_empty_page_is_no_article() {
    assert_eq!(cut(&page("")).rejected, Some("no text"));
}

/// The texts that `FIT_FILES` lists.
fn texts() -> Vec<Page> {
    let list = std::fs::read_to_string(std::env::var("FIT_FILES").unwrap()).unwrap();
    list.split_whitespace().map(|file| page(&std::fs::read_to_string(file).unwrap())).collect()
}

/// Writes the words of the lines of many files, for `tests/fit/fit_lines.py`: for each file the
/// number of its lines, for each line its number in the file, how many words it has, and the hashes
/// of what was told of it.
#[test]
#[ignore = "run by tests/fit/fit_lines.py: FIT_FILES lists the texts, FIT_WORDS is written"]
fn words_for_the_fit() {
    let mut out = Vec::new();
    for page in texts() {
        let mut told = vec![Vec::new()];
        let sight = Sight::telling(&page.blocks, &mut |word| match word {
            0 => told.push(Vec::new()),
            word => told.last_mut().unwrap().push(word),
        });
        out.extend((page.blocks.len() as u32).to_le_bytes());
        for ((block, look), words) in page.blocks.iter().zip(&sight.looks).zip(&told) {
            out.extend([block.line, look.words, words.len() as u32].map(u32::to_le_bytes).concat());
            out.extend(words.iter().flat_map(|word| word.to_le_bytes()));
        }
    }
    std::fs::write(std::env::var("FIT_WORDS").unwrap(), out).unwrap();
}

/// Writes the signs of the lines of many files, for `tests/fit/fit_lines.py`, with words weighed as
/// `FIT_SCORES` says: five numbers for each line.
#[test]
#[ignore = "run by tests/fit/fit_lines.py: FIT_FILES lists the texts, FIT_SIGNS is written"]
fn signs_for_the_fit() {
    use std::io::Write;
    let pages = texts();
    let scores = std::fs::read(std::env::var("FIT_SCORES").unwrap()).unwrap();
    let mut scores = scores.chunks_exact(20).map(|line| {
        let mut five = line.chunks_exact(4).map(|one| f32::from_le_bytes(one.try_into().unwrap()));
        std::array::from_fn(|_| five.next().unwrap())
    });
    let file = std::fs::File::create(std::env::var("FIT_SIGNS").unwrap()).unwrap();
    let mut out = std::io::BufWriter::new(file);
    for page in pages {
        let mut sight = Sight::of(&page.blocks);
        sight.lexical = scores.by_ref().take(page.blocks.len()).collect();
        for row in sight.signs(&page.blocks) {
            let bytes: Vec<u8> = row.iter().flat_map(|sign| sign.to_le_bytes()).collect();
            out.write_all(&bytes).unwrap();
        }
    }
    out.flush().unwrap();
}
