//! Text with the marks of Markdown, as programs write it that make text of pages: links, headings and
//! emphasis become the words that they mark.

mod lines;
mod page;

use std::borrow::Cow;

use crate::draft::Block;

pub(super) use lines::lines;
pub(super) use page::{is_menu, is_page};

/// So many links are no chance.
const LINKS: usize = 3;

/// The words of a link, and its address, have at most so many characters, ...
const LONGEST: usize = 1_000;
/// ... and so many brackets within each other.
const DEEPEST: u32 = 8;

/// Takes the marks out of a text, where it has some.
pub(super) fn clear(blocks: &mut Vec<Block>) {
    let links: usize = blocks.iter().map(|block| links(&block.text)).sum();
    let headed = || blocks.iter().any(|block| heading(&block.text).is_some());
    if links < LINKS && !(headed() && blocks.iter().any(|block| bold(&block.text))) {
        return;
    }
    let mut gap = 0;
    blocks.retain_mut(|block| {
        if block.text.starts_with("# ") && !is_home(&block.text[2..]) {
            block.tag = "h1";
        }
        if let Cow::Owned(text) = cleared(&block.text) {
            block.text = text;
        }
        // What was a picture or a rule leaves a blank line.
        let left = block.text.chars().any(|c| !c.is_whitespace() && !"*-_#+=|".contains(c));
        if left {
            block.gap += std::mem::take(&mut gap);
        } else {
            gap += block.gap + 1;
        }
        left
    });
}

/// A text whose lines are those of paragraphs, without its marks.
pub(super) fn without(text: &str) -> Cow<'_, str> {
    let links = memchr::memmem::find_iter(text.as_bytes(), "](").take(LINKS).count();
    if links < LINKS && !text.contains("**") {
        return Cow::Borrowed(text);
    }
    let lines = || text.lines().map(|line| (line, line.trim()));
    let marked = lines().map(|(_, line)| self::links(line)).sum::<usize>() >= LINKS
        || lines().any(|(_, line)| heading(line).is_some()) && lines().any(|(_, line)| bold(line));
    if !marked {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(text.len());
    for (whole, line) in lines() {
        match cleared(line) {
            Cow::Borrowed(_) => out.push_str(whole),
            Cow::Owned(words) => out.push_str(&words),
        }
        out.push('\n');
    }
    Cow::Owned(out)
}

/// How many links a text has, at least where they do not stand within each other.
fn links(text: &str) -> usize {
    let opened = text.match_indices("](").filter_map(|(at, _)| {
        let from = text.floor_char_boundary(at.saturating_sub(LONGEST));
        text[from..at].rfind('[').map(|before| from + before)
    });
    opened.filter(|at| link(&text[*at..]).is_some()).count()
}

/// Whether some words stand between two stars on each side.
fn bold(text: &str) -> bool {
    let mut parts = text.split("**");
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let before = parts.next().unwrap_or_default();
    let Some(words) = parts.next().filter(|_| parts.next().is_some()) else { return false };
    !letter(before.chars().next_back()) && letter(words.chars().next())
}

/// What is behind the signs that make a line a heading.
fn heading(text: &str) -> Option<&str> {
    let rest = text.trim_start_matches('#');
    let signs = text.len() - rest.len();
    (1..=6).contains(&signs).then(|| rest.strip_prefix(' ')).flatten()
}

/// Whether a line begins a point of a list.
fn is_point(line: &str) -> bool {
    let digits = line.trim_start_matches(|c: char| c.is_ascii_digit());
    match digits.len() < line.len() {
        true => digits.starts_with(". ") || digits.starts_with(") "),
        false => ["* ", "- ", "+ "].iter().any(|sign| line.starts_with(sign)),
    }
}

/// Whether a heading is a link to the first page of a site, and so its name.
fn is_home(heading: &str) -> bool {
    let heading = heading.trim();
    let home = |address: &str| {
        let path = address
            .split_once("://")
            .map_or(address, |(_, place)| place.find('/').map_or("", |at| &place[at..]));
        path.is_empty() || path == "/"
    };
    let address = heading.rsplit_once("](").and_then(|(_, address)| address.strip_suffix(')'));
    heading.starts_with('[') && address.is_some_and(home)
}

/// A paragraph without marks.
fn cleared(text: &str) -> Cow<'_, str> {
    let whole = heading(text).unwrap_or(text);
    if whole.len() == text.len() && !text.contains(['[', '*', '_', '\\', '`']) {
        return Cow::Borrowed(text);
    }
    let mut out = String::with_capacity(whole.len());
    let mut rest = whole;
    while let Some(at) = rest.find(['[', '!', '*', '_', '\\', '`']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let picture = rest.starts_with("![");
        if picture || rest.starts_with('[') {
            if let Some((words, behind)) = link(&rest[usize::from(picture)..]) {
                if !picture {
                    out.push_str(&cleared(words));
                }
                rest = behind;
                continue;
            }
        } else if rest.starts_with("**") || rest.starts_with("__") {
            rest = &rest[2..];
            continue;
        } else if rest.starts_with('\\')
            && rest[1..].starts_with(['.', '-', '_', '*', '#', '+', '!', '`', '>', '&', '~'])
        {
            out.push_str(&rest[1..2]);
            rest = &rest[2..];
            continue;
        } else if rest.starts_with(['_', '`']) && beside(&out, &rest[1..])
            || rest.starts_with('*') && !out.trim().is_empty() && beside(&out, &rest[1..])
        {
            rest = &rest[1..];
            continue;
        }
        let sign = rest.chars().next().map_or(1, char::len_utf8);
        out.push_str(&rest[..sign]);
        rest = &rest[sign..];
    }
    out.push_str(rest);
    Cow::Owned(out.trim().to_owned())
}

/// Whether a sign stands at the side of a word, not within one nor between blanks.
fn beside(before: &str, behind: &str) -> bool {
    let letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let blank = |c: Option<char>| c.is_none_or(char::is_whitespace);
    let (before, behind) = (before.chars().next_back(), behind.chars().next());
    !(letter(before) && letter(behind) || blank(before) && blank(behind))
}

/// Where a bracket is closed that was opened before a text.
fn close(text: &str, opening: char, closing: char) -> Option<usize> {
    let mut deep = 1;
    for (at, c) in text.char_indices().take(LONGEST) {
        if c == opening {
            deep += 1;
        } else if c == closing {
            deep -= 1;
        }
        match deep {
            0 => return Some(at),
            1..=DEEPEST => {}
            _ => return None,
        }
    }
    None
}

/// The words of a link that a text begins with, `[words](address)`, and what is behind it.
fn link(text: &str) -> Option<(&str, &str)> {
    let words = text.strip_prefix('[')?;
    let end = close(words, '[', ']')?;
    let address = words[end + 1..].strip_prefix('(')?;
    let close = close(address, '(', ')')?;
    let (address, behind) = (&address[..close], &address[close + 1..]);
    // An address has no blank but before a title.
    let whole = address.split(" \"").next().unwrap_or(address);
    let is = whole.starts_with(['/', '#', '.', '<', '{'])
        || whole.contains("://")
        || whole.starts_with("mailto:")
        || whole.contains('.') && !whole.contains(' ');
    is.then_some((&words[..end], behind))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn marks_become_the_words_that_they_mark() {
        for (text, words) in [
            ("# Ferry to stop", "Ferry to stop"),
            ("By [Per Lund](https://a.example/per_(lund) \"all of his\")", "By Per Lund"),
            (
                "The **committee** voted _on Tuesday_ , *again*",
                "The committee voted on Tuesday , again",
            ),
            ("[![a boat](b.jpg)](https://a.example) Holm", "Holm"),
            ("1\\. a snake_case and 2 * 3", "1. a snake_case and 2 * 3"),
            ("[1] Note, and (2)", "[1] Note, and (2)"),
            ("* a point", "* a point"),
            ("#hashtag [open", "#hashtag [open"),
            ("x[i](j) and [](), see \\(x\\)", "x[i](j) and [](), see \\(x\\)"),
        ] {
            assert_eq!(cleared(text), words);
        }
    }

    #[test]
    fn only_texts_with_marks_are_cleared() {
        let blocks = |texts: &[&str]| -> Vec<Block> {
            let block = |text: &&str| Block { text: (*text).to_owned(), ..Block::default() };
            texts.iter().map(block).collect()
        };
        let texts = |blocks: Vec<Block>| -> Vec<String> {
            blocks.into_iter().map(|block| block.text).collect()
        };
        let mut plain = blocks(&["# 1 of 2", "a_b and **", "x[i](j)"]);
        clear(&mut plain);
        assert_eq!(texts(plain), ["# 1 of 2", "a_b and **", "x[i](j)"]);
        let mut marked = blocks(&["## Ice", "* * *", "The **ice** came."]);
        clear(&mut marked);
        assert_eq!(marked[1].gap, 1);
        assert_eq!(texts(marked), ["Ice", "The ice came."]);
    }
}
