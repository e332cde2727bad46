//! Where what readers say of an article begins: below a line that heads it (`17 comments`, `Post your
//! comment`), if what follows looks like it.

use super::cues;
use super::features::{Look, Sight};
use super::fields::{bare, has_clock, is_dated};
use crate::draft::Block;

/// How the words begin that name comments, in small letters.
const WORDS: [&str; 16] = [
    "comment",
    "kommentar",
    "comentar",
    "coment",
    "reacti",
    "réaction",
    "commenti",
    "komentar",
    "комментар",
    "коментар",
    "yorum",
    "评论",
    "評論",
    "コメント",
    "댓글",
    "talkback",
];

/// The other words that such a line may have.
const BESIDE: [&str; 28] = [
    "all", "reader", "readers", "reader's", "readers'", "add", "post", "leave", "view", "show",
    "write", "join", "your", "a", "the", "see", "read", "most", "recent", "latest", "top", "new",
    "and", "on", "this", "article", "story", "alle",
];

/// Comments are looked for in so many lines ...
const AHEAD: usize = 40;

/// ... and so many of them must look like one.
const FEW: usize = 3;

/// So many words of the article stand above.
const ABOVE: u32 = 60;

/// The line that heads the comments; all below it is none of the article.
pub(super) fn head(blocks: &[Block], sight: &Sight, kept: &[bool], first: usize) -> Option<usize> {
    let looks = &sight.looks;
    let mut words = 0;
    (first..blocks.len()).find(|&at| {
        words += if kept[at] { looks[at].words } else { 0 };
        words >= ABOVE
            && looks[at].words <= 6
            && !looks[at].closed
            && names_comments(&blocks[at].text)
            && follow(blocks, looks, at)
    })
}

/// Whether a line says no more than that comments are here, or may be.
fn names_comments(text: &str) -> bool {
    let lower = bare(text).to_lowercase();
    let mut named = false;
    let all =
        lower.split(|c: char| c.is_whitespace() || matches!(c, '(' | ')' | ':' | '|' | '[' | ']'));
    let plain = all.filter(|word| !word.is_empty()).all(|word| {
        let names = WORDS.iter().any(|start| word.starts_with(start));
        named |= names;
        names || word.bytes().all(|byte| byte.is_ascii_digit()) || BESIDE.contains(&word)
    });
    named && plain
}

/// Whether what follows a line looks like comments: short lines that ask to reply, or have a day with a
/// clock.
fn follow(blocks: &[Block], looks: &[Look], at: usize) -> bool {
    let below = at + 1..blocks.len().min(at + 1 + AHEAD);
    let like = |at: &usize| {
        let (text, look) = (&blocks[*at].text[..], &looks[*at]);
        let asks = look.words <= 8 && look.cues & cues::REPLY != 0;
        asks || look.words <= 12 && is_dated(look) && has_clock(text)
    };
    below.filter(like).count() >= FEW
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_that_heads_comments_is_known() {
        for text in [
            "17 comments",
            "COMMENTS",
            "All Reader Comments (17)",
            "Post your comment",
            "Kommentare (3)",
            "Comentar",
            "评论",
        ] {
            assert!(names_comments(text), "{text}");
        }
        for text in ["The mayor comments", "Comments were few", "No comment from the mayor", "Ice"]
        {
            assert!(!names_comments(text), "{text}");
        }
    }
}
