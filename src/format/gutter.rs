//! The numbers of the lines of a listing, which a page has in a column of its own, and flattened text
//! before its lines (`1 let ice = 3;`) or all of them above it, one on a line.

use std::ops::Range;

use crate::draft::Block;

/// So many numbers that count up from one, at lines of a program, are no chance.
const LEAST: usize = 2;
/// One in so many lines of a listing looks like a program.
const CODE: usize = 4;

/// Takes the numbers of the lines of listings out of a text.
pub(super) fn clear(blocks: &mut Vec<Block>) {
    let mut runs = Vec::new();
    let mut from = 0;
    while from < blocks.len() {
        let counts = blocks[from..].iter().zip(1..);
        let run = counts.take_while(|(block, number)| behind(&block.text, *number).is_some());
        let run = from..from + run.count();
        from = run.end.max(from + 1);
        if !run.is_empty() && is_listing(blocks, &run) {
            runs.push(run);
        }
    }
    // The number of one line may be anything; where longer listings have some, it is that.
    if !runs.iter().any(|run| run.len() >= LEAST) {
        return;
    }
    let numbers =
        runs.into_iter().flat_map(|run| run.clone().map(move |at| (at, at - run.start + 1)));
    let mut numbers = numbers.peekable();
    let mut at = 0..;
    blocks.retain_mut(|block| {
        let at = at.next().unwrap_or_default();
        let Some((_, number)) = numbers.next_if(|(next, _)| *next == at) else { return true };
        block.text = behind(&block.text, number).unwrap_or_default().to_owned();
        !block.text.is_empty()
    });
}

/// What stands behind a number at the start of a line.
fn behind(line: &str, number: usize) -> Option<&str> {
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let (own, rest) = line.split_at(digits);
    // Few lines begin with a digit.
    let counts = !own.starts_with('0') && own.parse() == Ok(number);
    (counts && (rest.is_empty() || rest.starts_with([' ', '\t']))).then(|| rest.trim_start())
}

/// Whether lines that are numbered, or those below a column of numbers, are those of a program.
fn is_listing(blocks: &[Block], run: &Range<usize>) -> bool {
    let numbered =
        || run.clone().zip(1..).filter_map(|(at, number)| behind(&blocks[at].text, number));
    let lines: Vec<&str> = if numbered().all(str::is_empty) {
        blocks[run.end..].iter().take(run.len()).map(|block| &block.text[..]).collect()
    } else {
        numbered().filter(|line| !line.is_empty()).collect()
    };
    // Remarks in a program are none without one.
    let code = lines.iter().filter(|line| is_code(line) || is_remark(line)).count();
    // A program that prints a table counts its rows, below its columns.
    let columns = blocks[run.start].gap == 0
        && run.start.checked_sub(1).is_some_and(|above| is_code(&blocks[above].text));
    !columns && code * CODE >= lines.len() && lines.iter().any(|line| is_code(line))
}

/// Whether a line has signs that stand in programs and hardly in a sentence.
fn is_code(line: &str) -> bool {
    let signs = line.bytes().filter(|byte| b"{};=<>_$\\#[]".contains(byte)).count();
    let calls = |two: &[u8]| matches!(two, [name, b'('] if name.is_ascii_alphanumeric());
    signs >= 2 || line.ends_with(['{', '}', ';']) || line.as_bytes().windows(2).any(calls)
}

/// Whether a line begins as remarks in a program do.
fn is_remark(line: &str) -> bool {
    ["//", "/*", "* ", "#", "--"].iter().any(|opens| line.starts_with(opens))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cleared(text: &str) -> Vec<String> {
        let block = |text: &str| Block { text: text.to_owned(), ..Block::default() };
        let mut blocks: Vec<Block> = text.lines().map(block).collect();
        clear(&mut blocks);
        blocks.into_iter().map(|block| block.text).collect()
    }

    #[test]
    fn listings_lose_the_numbers_of_their_lines() {
        let code = ["Count:", "let a = f(1);", "let b = a;", "print(b);", "Then:", "exit(1)"];
        let column = "Count:\n1\n2\n3\nlet a = f(1);\nlet b = a;\nprint(b);\nThen:\n1\nexit(1)";
        assert_eq!(cleared(column), code);
        let beside = "Count:\n1 let a = f(1);\n2 let b = a;\n3\n4 print(b);\nThen:\n1 exit(1)";
        assert_eq!(cleared(beside), code);
    }

    #[test]
    fn other_numbers_stay() {
        for text in [
            // The pages of a list.
            "Older\n1\n2\n3\nNext\nThe harbour froze.",
            // A table, contents, and one number.
            "1 Vienna 30\n2 Graz 28\n3 Linz 11",
            "1 Introduction\n2 Methods (of measuring)\n3 Results\nThe ice.",
            "1\nexit(1);",
            "1 $ a\n2 ships",
            "1 #ice\n2 #snow\n3 #frost",
            "3 let a = b;\n4 let b = (c);\n5 let c = d;",
            "01\n02\n03\nlet a = f(1);",
            // What a program prints.
            "  <chr> <dbl>\n1 ice[1] 30\n2 ice[2] 28",
        ] {
            assert_eq!(cleared(text), text.lines().collect::<Vec<_>>(), "{text}");
        }
    }
}
