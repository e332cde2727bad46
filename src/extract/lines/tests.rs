use super::*;

fn page(text: &str) -> Page {
    let mut page = Page::default();
    let mut gap = 0;
    for (line, number) in text.lines().zip(1..) {
        if line.trim().is_empty() {
            gap += 1;
            continue;
        }
        let text = line.trim().to_owned();
        page.blocks.push(Block { text, line: number, gap, ..Block::default() });
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

/// Writes the signs of the lines of many files, for `tests/fit/fit_lines.py`.
#[test]
#[ignore = "run by hand: FIT_FILES lists the texts, FIT_SIGNS is written"]
fn signs_for_the_fit() {
    let list = std::fs::read_to_string(std::env::var("FIT_FILES").unwrap()).unwrap();
    let mut out = Vec::new();
    for file in list.split_whitespace() {
        let page = page(&std::fs::read_to_string(file).unwrap());
        out.extend((page.blocks.len() as u32).to_le_bytes());
        for (block, row) in page.blocks.iter().zip(signs(&page)) {
            out.extend(block.line.to_le_bytes());
            out.extend(row.iter().flat_map(|sign| sign.to_le_bytes()));
        }
    }
    std::fs::write(std::env::var("FIT_SIGNS").unwrap(), out).unwrap();
}
