//! Where an article ends by a line below it: one that heads what readers say of it (`17 comments`, `Post
//! your comment`), if what follows looks like that; in Chinese, one that names the editor, or heads other
//! articles.

use std::sync::LazyLock;

use regex::Regex;

use super::cues;
use super::features::{Look, Sight};
use super::fields::{bare, has_clock, is_dated};
use super::look::Words;
use crate::draft::Block;
use crate::extract::asides::is_ago;

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
const BESIDE: [&str; 43] = [
    "all",
    "reader",
    "readers",
    "reader's",
    "readers'",
    "add",
    "post",
    "leave",
    "view",
    "show",
    "write",
    "join",
    "your",
    "a",
    "the",
    "see",
    "read",
    "most",
    "recent",
    "latest",
    "top",
    "new",
    "and",
    "on",
    "this",
    "article",
    "story",
    "alle",
    "visitor",
    "visitors",
    "user",
    "users",
    "hinterlassen",
    "schreiben",
    "laisser",
    "un",
    "ajouter",
    "dejar",
    "lascia",
    "вы",
    "можете",
    "оставить",
    "добавить",
];

/// Comments are looked for in so many lines ...
const AHEAD: usize = 40;

/// ... rules for them in so many ...
const NEAR: usize = 12;

/// ... and so many of them must look like one.
const FEW: usize = 3;

/// So many words of the article stand above.
const ABOVE: u32 = 60;

/// So many words has one of several posts on a page.
const BETWEEN: usize = 20;

/// Where a page has more lines that may head comments, the rest of them are not asked: each goes through
/// the whole page.
const MOST: usize = 32;

/// The line below which nothing is the article's, nor is it itself.
pub(super) fn below(blocks: &[Block], sight: &Sight, kept: &[bool], first: usize) -> Option<usize> {
    let looks = &sight.looks;
    let (mut words, mut heads) = (0, 0);
    (first..blocks.len()).find(|&at| {
        let (text, look) = (&blocks[at].text[..], &looks[at]);
        words += if kept[at] { look.words } else { 0 };
        let mut comments = || {
            let named = look.words <= 6 && !look.closed && names_comments(text);
            heads += usize::from(named);
            named && heads <= MOST && follow(blocks, looks, at) && !comes_again(blocks, kept, at)
        };
        let eastern = || look.wide > 0 && (names_editor(text) || heads_others(text));
        words >= ABOVE && (comments() || eastern())
    })
}

/// Teasers with a line each on how long ago they were printed stand in so many lines ...
const TEASERS: usize = 16;

/// ... with no more words in one of them.
const SUMMARY: u32 = 40;

/// The line at which a list of other articles begins, which says of each how long ago it was printed, and
/// below which not much is.
pub(super) fn ago(blocks: &[Block], sight: &Sight, kept: &[bool], first: usize) -> Option<usize> {
    let looks = &sight.looks;
    let ago =
        |at: &usize| looks[*at].words <= 6 && looks[*at].digits > 0 && is_ago(&blocks[*at].text);
    // Words kept before each line, for there may be as many stamps as lines.
    let mut before = vec![0; looks.len() + 1];
    for (at, look) in looks.iter().enumerate() {
        before[at + 1] = before[at] + if kept[at] { look.words } else { 0 };
    }
    let words = |lines: std::ops::Range<usize>| before[lines.end] - before[lines.start];
    let at = (first + 1..blocks.len()).find(|at| {
        let mut stamps = (*at..blocks.len().min(at + TEASERS)).filter(ago);
        ago(at)
            && stamps.nth(FEW - 1).is_some_and(|last| {
                looks[*at..last].iter().all(|look| look.words <= SUMMARY)
                    && words(first..*at) >= ABOVE
                    && words(last..blocks.len()) * 2 <= words(first..*at)
            })
    })?;
    // What is printed stands above when it was.
    Some(if at > first + 1 && !looks[at - 1].running() { at - 1 } else { at })
}

/// The block of a page with markup that heads the comments, and below which nothing is the article's.
///
/// `count` tells the words of a block.
pub(in crate::extract) fn comments(
    blocks: &[Block],
    kept: &[bool],
    first: usize,
    count: impl Fn(usize) -> u32,
) -> Option<usize> {
    let (mut words, mut heads) = (0, 0);
    (first..blocks.len()).find(|&at| {
        words += if kept[at] { count(at) } else { 0 };
        let short = words >= ABOVE && count(at) <= 6;
        let named = short && names_comments(&blocks[at].text);
        heads += usize::from(named);
        named && heads <= MOST && !comes_again(blocks, kept, at) && {
            let below = &blocks[at..blocks.len().min(at + 1 + AHEAD)];
            let mut page = Words::default();
            let look = |block: &Block| Look::at(&block.text, &mut page, &mut |_| {}).0;
            let looks: Vec<Look> = below.iter().map(look).collect();
            follow(below, &looks, 0)
        }
    })
}

/// Whether a line stands on the page more than twice, each time below some text, as it does below each of
/// several posts. Numbers may differ.
fn comes_again(blocks: &[Block], kept: &[bool], at: usize) -> bool {
    let name = letters(&blocks[at].text);
    let (mut between, mut again) = (0, 0_usize);
    for (block, kept) in blocks.iter().zip(kept) {
        if *kept {
            between += block.text.split_whitespace().take(BETWEEN).count();
        }
        if between >= BETWEEN && block.text.len() <= 80 && letters(&block.text) == name {
            between = 0;
            again += 1;
        }
    }
    again > 2
}

/// The letters of a text, in small.
fn letters(text: &str) -> String {
    text.chars().filter(|c| c.is_alphabetic()).flat_map(char::to_lowercase).collect()
}

/// Whether a line is nothing but the name of the editor, perhaps with the source: `责任编辑：何欢`.
fn names_editor(text: &str) -> bool {
    let short = text.chars().count() <= 40;
    short && ["责任编辑", "責任編輯", "责编"].iter().any(|label| text.contains(label))
}

/// Whether a line heads a list of other articles.
fn heads_others(text: &str) -> bool {
    const HEADS: [&str; 12] = [
        "相关阅读",
        "推荐阅读",
        "相关新闻",
        "相关推荐",
        "热门推荐",
        "猜你喜欢",
        "相关文章",
        "热点推荐",
        "精彩推荐",
        "更多新闻",
        "相關閱讀",
        "相關新聞",
    ];
    let text = bare(text).trim_end_matches([':', '：', '>', '»', ' ']);
    text.chars().count() <= 6 && HEADS.contains(&text)
}

/// Whether a line says no more than that comments are here, or may be.
fn names_comments(text: &str) -> bool {
    const LONGEST: usize = 80;
    // Most lines have no part of any such word.
    static PARTS: LazyLock<Regex> = LazyLock::new(|| {
        let parts = "(?i-u:omm|koment|coment|eacti|yorum|talkback)|[^\\x00-\\x7f]";
        Regex::new(parts).expect("the pattern is sound")
    });
    if text.len() > LONGEST || !PARTS.is_match(text) {
        return false;
    }
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

/// Whether a text names comments.
fn has_word(text: &str) -> bool {
    let lower = text.to_lowercase();
    let mut words = lower.split(|c: char| !c.is_alphabetic());
    words.any(|word| WORDS.iter().any(|start| word.starts_with(start)))
}

/// Whether what follows a line looks like comments: short lines that ask to reply, or have a day with a
/// clock.
fn follow(blocks: &[Block], looks: &[Look], at: usize) -> bool {
    let below = at + 1..blocks.len().min(at + 1 + AHEAD);
    let like = |line: &usize| {
        let (text, look) = (&blocks[*line].text[..], &looks[*line]);
        let asks = look.words <= 8 && look.cues & cues::REPLY != 0;
        // `AdaN 5pts`
        let votes = look.words <= 8 && look.glued && text.contains("pts");
        // What readers may not say.
        let rules = line - at <= NEAR && look.words >= 8 && has_word(text);
        asks || votes || rules || look.words <= 12 && is_dated(look) && has_clock(text)
    };
    below.filter(like).count() >= FEW
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_stands_below_each_post_heads_no_comments() {
        let post = "The ice came late this year. ".repeat(12);
        let lines =
            ["Leave a comment (3)", "Ada Nagy, March 5, 2024 9:30", "Reply", "Reply", "Reply"];
        let block = |text: &str| Block { text: text.to_owned(), ..Block::default() };
        let page = |posts: usize| -> Vec<Block> {
            let one = [&post[..]].into_iter().chain(lines);
            std::iter::repeat_n(one, posts).flatten().map(block).collect()
        };
        let kept = |page: &[Block]| -> Vec<bool> {
            page.iter().map(|block| block.text.len() > 80).collect()
        };
        for (posts, found) in [(1, Some(1)), (4, None)] {
            let page = page(posts);
            let count = |at: usize| page[at].text.split(' ').count() as u32;
            assert_eq!(comments(&page, &kept(&page), 0, count), found, "{posts}");
            let sight = Sight::of(&page);
            assert_eq!(below(&page, &sight, &kept(&page), 0), found, "{posts}");
        }
    }

    #[test]
    fn a_page_of_nothing_but_heads_is_read_in_linear_time() {
        let post = "The ice came late this year. ".repeat(12);
        let lines = std::iter::repeat_n("Reply 9:30 March 5, 2024\nLeave a comment\nReply", 30_000);
        let lines = [&post[..]].into_iter().chain(lines.flat_map(str::lines));
        let block = |text: &str| Block { text: text.to_owned(), ..Block::default() };
        let page: Vec<Block> = lines.map(block).collect();
        let kept = vec![true; page.len()];
        assert_eq!(comments(&page, &kept, 0, |at| if at == 0 { 72 } else { 3 }), None);
        assert_eq!(below(&page, &Sight::of(&page), &kept, 0), None);
    }

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
            "Visitor comments Add your comment",
        ] {
            assert!(names_comments(text), "{text}");
        }
        for text in ["The mayor comments", "Comments were few", "No comment from the mayor", "Ice"]
        {
            assert!(!names_comments(text), "{text}");
        }
        assert!(names_editor("本文来源：港口报 责任编辑：何欢_NN1") && !names_editor("何欢"));
        assert!(heads_others("推荐阅读：") && !heads_others("推荐阅读港口的书"));
    }
}
