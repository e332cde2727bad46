//! What stands below the body: teasers of other articles, appeals to readers, credits of pictures.

use std::ops::Range;

use super::features::{Look, Sight};
use super::fields::{bare, has_clock, is_dated, is_stamp};
use super::look::ends_word;
use super::{Cut, cues, ends, remark};
use crate::draft::{Block, Slot};
use crate::extract::asides::{heads_list, leaves_off};
use crate::extract::byline::{self, Said};

/// How many lines a teaser has at most.
const TEASER: usize = 14;

/// Teasers of other articles: what ends in the same `keep reading` as others do, and begins with a
/// headline that stands twice, with the credit of a picture, or where the last one ended.
pub(super) fn teaser_blocks(blocks: &[Block], sight: &Sight) -> Vec<Range<usize>> {
    let looks = &sight.looks;
    let closes = |at: usize| {
        let look = &looks[at];
        let again = sight.echo[at].iter().any(|&far| far < 40.0);
        look.words <= 5
            && look.cues & cues::MORE != 0
            && !look.closed
            && (again || is_open_end(&blocks[at].text))
    };
    let mut teasers: Vec<Range<usize>> = Vec::new();
    let mut open = 0;
    for at in (0..looks.len()).filter(|&at| closes(at)) {
        let from = open.max(at.saturating_sub(TEASER));
        let twice = (from..at).find(|&at| sight.echo[at][1] <= 5.0 && looks[at].words >= 3);
        let credit = || (from..at).rev().find(|&at| is_credit(&blocks[at].text, &looks[at]));
        let start = twice.or_else(credit).map(|start| before_title(looks, from, start));
        let next = (open > 0 && at - from <= 10).then_some(from);
        if let Some(start) = next.or(start) {
            teasers.push(start..at + 1);
        }
        open = at + 1;
    }
    teasers
}

/// Whether a line is what closes a teaser of its own accord: `keep reading`.
pub(super) fn is_open_end(text: &str) -> bool {
    let text = text.to_lowercase();
    text.starts_with("keep reading") || text.starts_with("continue reading")
}

/// Whether a line is a teaser of which the headline ran into the summary when the page was
/// flattened: `Harbour Bridge To Close For A WeekDrivers are asked to ...`.
pub(super) fn is_run_together(text: &str, look: &Look) -> bool {
    /// A headline and a sentence have no more words; a line may have a million.
    const MOST: usize = 120;
    if !look.seam {
        return false;
    }
    let words: Vec<&str> = text.split_whitespace().take(MOST + 1).collect();
    if words.len() > MOST {
        return false;
    }
    let long = |word: &&&str| word.chars().filter(|c| c.is_alphabetic()).count() > 3;
    let share = |words: &[&str], of: fn(char) -> bool| {
        let long: Vec<&&str> = words.iter().filter(long).collect();
        let such =
            long.iter().filter(|word| word.chars().find(|c| c.is_alphabetic()).is_some_and(of));
        (long.len() >= 2).then(|| such.count() as f32 / long.len() as f32)
    };
    let ends = |word: &&&str| word.ends_with(['.', '!', '?']);
    // A list of issues names what it is about: `[ICE-31] - Close JobStore when no one is asked`.
    if words.iter().take(3).any(|word| word.starts_with('[')) {
        return false;
    }
    (3..words.len().saturating_sub(4)).any(|at| {
        seam(words[at])
            && share(&words[..at], char::is_uppercase).is_some_and(|share| share >= 0.8)
            && share(&words[at + 1..], char::is_lowercase).is_some_and(|share| share >= 0.5)
            // A summary is a sentence or two; a paragraph below a heading has more.
            && words[at + 1..words.len() - 1].iter().filter(ends).count() <= 1
    })
}

/// Whether a capital follows the end of another word without a blank.
fn seam(word: &str) -> bool {
    // Most words have none behind their first letter.
    if !word.bytes().skip(1).any(|byte| byte.is_ascii_uppercase() || !byte.is_ascii()) {
        return false;
    }
    word.char_indices().zip(word.chars().skip(1)).any(|((at, last), next)| {
        let before = &word[..at + last.len_utf8()];
        let name = ["Mc", "Mac", "De", "Di", "La", "Le", "Van", "O’", "Fitz"];
        next.is_uppercase() && ends_word(last) && before.len() > 2 && !name.contains(&before)
    })
}

/// The short lines just above a teaser's headline are the teaser's: a credit, a kicker.
fn before_title(looks: &[Look], from: usize, title: usize) -> usize {
    let mut start = title;
    while start > from
        && title - start < 4
        && looks[start - 1].words <= 6
        && !looks[start - 1].closed
    {
        start -= 1;
    }
    start
}

/// The headline in the lines of a teaser: the one that stands twice, or the first that is neither
/// a credit nor running text.
pub(super) fn title(blocks: &[Block], sight: &Sight, teaser: Range<usize>) -> Option<usize> {
    let looks = &sight.looks;
    let may = |at: &usize| {
        looks[*at].words >= 3
            && looks[*at].cues & cues::MORE == 0
            && !is_credit(&blocks[*at].text, &looks[*at])
    };
    let twice = teaser.clone().find(|at| may(at) && sight.echo[*at][1] <= 5.0);
    let alone = |at: &usize| {
        blocks[*at].gap > 0 && blocks.get(at + 1).is_none_or(|next| next.gap > 0) && may(at)
    };
    twice
        .or_else(|| teaser.clone().find(alone))
        .or_else(|| teaser.clone().find(|at| may(at) && !looks[*at].running()))
}

/// Takes what follows the article out of the lines kept: all from the kicker that is printed
/// again, and an appeal to the readers or the labels that it is filed under at the end; these are its
/// topics.
pub(super) fn trim(blocks: &[Block], sight: &Sight, kept: &mut [bool], cut: &mut Cut) {
    let Some(first) = (0..kept.len()).find(|&at| kept[at] && sight.looks[at].running()) else {
        return;
    };
    // The kicker of the head, printed again below, opens the teasers.
    let again = (first..kept.len()).find(|&at| {
        let look = &sight.looks[at];
        let before = sight.echo[at][0] as usize;
        look.words <= 8
            && !look.closed
            && look.bars > 0
            && blocks[at].text.contains(" | ")
            && before < 60
            && at.checked_sub(before).is_some_and(|head| head < first)
    });
    if let Some(end) = again {
        kept[end..].fill(false);
    }
    if let Some(at) = end(blocks, sight, kept, first) {
        kept[at..].fill(false);
    }
    let words = |at: usize| sight.looks[at].words;
    if let Some(at) = broken_off(blocks, kept, first, words) {
        kept[at..].fill(false);
    }
    leave_lists(blocks, sight, kept, first);
    let bylines = cut.remarks.iter().filter(|remark| remark.slot == Slot::Author);
    let writers = bylines.flat_map(|remark| byline::read(&remark.text, Said::Line, &[]).people);
    let writers: Vec<String> = writers.collect();
    let heads = |at: &usize| {
        let look = &sight.looks[*at];
        look.words <= 8 && byline::heads_note(&blocks[*at].text, writers.iter().map(String::as_str))
    };
    let last = kept.iter().enumerate().rev().filter(|(_, kept)| **kept).map(|(at, _)| at);
    if let Some(at) = last.take(NOTE).take_while(|at| *at > first).find(heads) {
        kept[at..].fill(false);
    }
    let end = kept.iter().rposition(|kept| *kept).unwrap_or(0);
    let others = || blocks[..end].iter().zip(&*kept).filter(|(_, kept)| **kept);
    if end > first + 1
        && let Some(name) = byline::introduces_a_writer(&blocks[end].text)
        && !others().any(|(block, _)| block.text.contains(name))
    {
        kept[end] = false;
    }
    while let Some(last) = kept.iter().rposition(|kept| *kept) {
        let (text, look) = (&blocks[last].text, &sight.looks[last]);
        let filed = |at: usize| filed(&blocks[at].text, &sight.looks[at]).is_some();
        // `Tags: ferry`, then `Updated: March 5, 2019`.
        let below = || {
            let day = text.split_once([':', '：']).is_some_and(|(_, day)| is_stamp(look, day));
            day && kept[..last].iter().rposition(|kept| *kept).is_some_and(filed)
        };
        let note = || byline::introduces(text, writers.iter().map(String::as_str));
        if last <= first
            || !is_appeal(text, look)
                && !filed(last)
                && !below()
                && !note()
                && !is_turn(text, look)
                && !is_imprint(text, look)
        {
            break;
        }
        kept[last] = false;
    }
    let end = kept.iter().rposition(|kept| *kept).map_or(0, |last| last + 1);
    for (block, look) in blocks.iter().zip(&sight.looks).skip(end).take(BELOW) {
        if let Some(labels) = filed(&block.text, look) {
            cut.remarks.push(remark(Slot::Topic, block, labels));
        }
    }
}

/// Where an article is over because the rest of it is for subscribers, if little is kept below that (the text may
/// stand there all the same), or because a note on its writer begins, if no more is kept below than above.
pub(in crate::extract) fn broken_off(
    blocks: &[Block],
    kept: &[bool],
    first: usize,
    words: impl Fn(usize) -> u32,
) -> Option<usize> {
    let sum = |lines: Range<usize>| lines.filter(|at| kept[*at]).map(&words).sum::<u32>();
    let off = (first + 1..blocks.len()).find(|at| leaves_off(&blocks[*at].text));
    let off = off.filter(|at| sum(*at..blocks.len()) <= FREE.max(sum(first..*at) / 4));
    let note = (first + 1..blocks.len()).find(|at| byline::is_about_author(&blocks[*at].text));
    let note = note.filter(|at| sum(*at..blocks.len()) <= sum(first..*at));
    off.into_iter().chain(note).min()
}

/// So many words that are kept below the end of what is free are no article's.
const FREE: u32 = 200;

/// A list of other articles has so many lines at most.
const LIST: usize = 20;

/// Leaves out lists of other articles, told by their heads, wherever they stand: what follows down to the next
/// paragraph, but for a heading right above that.
pub(super) fn leave_lists(blocks: &[Block], sight: &Sight, kept: &mut [bool], first: usize) {
    let looks = &sight.looks;
    let paragraph = |at: usize| looks[at].running() && !looks[at].bullet;
    let mut at = first + 1;
    while at < kept.len() {
        let look = &looks[at];
        // What ends in a colon heads what the article itself lists.
        let may = kept[at] && look.words <= 7 && !look.bullet && !look.colon;
        if !may || !heads_list(&blocks[at].text) {
            at += 1;
            continue;
        }
        let below = (at + 1..kept.len()).filter(|line| kept[*line]).take(LIST);
        let list: Vec<usize> = below.take_while(|line| !paragraph(*line)).collect();
        let end = list.last().map_or(at + 1, |last| last + 1);
        let goes_on = (end..kept.len()).find(|line| kept[*line]).is_some_and(paragraph);
        let heading = list.last().copied().filter(|last| goes_on && !looks[*last].bullet);
        kept[at..end].fill(false);
        if let Some(heading) = heading {
            kept[heading] = true;
        }
        at = end;
    }
}

/// A headline stands so few lines above the first paragraph.
const HEAD: usize = 60;

/// Where an article is over by the marks of the commonest program for sites: what says where it was
/// filed, or heads the comments of readers (`3 thoughts on` the headline, `Ada Nagy says:` above a day
/// with its clock, `Ada Nagy on March 5, 2019 at 8:50 pm said:`).
fn over(blocks: &[Block], sight: &Sight, first: usize) -> Option<usize> {
    let looks = &sight.looks;
    (first + 1..blocks.len()).find(|&at| {
        let (text, look) = (bare(&blocks[at].text), &looks[at]);
        let counted = || {
            let mut words = text.split(' ');
            let number = words.next().is_some_and(|word| {
                word.bytes().all(|byte| byte.is_ascii_digit()) || word.eq_ignore_ascii_case("one")
            });
            let of = words.next().is_some_and(|word| {
                let word = word.to_lowercase();
                ["thought", "response", "comment", "repl"]
                    .iter()
                    .any(|start| word.starts_with(start))
            });
            let on = words.next().is_some_and(|word| matches!(word, "on" | "to"));
            number && of && on && {
                let title = words.collect::<Vec<_>>().join(" ");
                let head = &blocks[first.saturating_sub(HEAD)..first];
                let above = || head.iter().any(|block| bare(&block.text) == title);
                title.starts_with(['“', '"', '‘']) || !title.is_empty() && above()
            }
        };
        let says = || {
            let day = looks.get(at + 1).is_some_and(is_dated)
                && has_clock(&blocks[at + 1].text)
                && looks[at + 1].words <= 8;
            look.words <= 6 && text.ends_with(" says:") && day
        };
        let said = || {
            let said = [" said:", " says:"].iter().any(|end| text.ends_with(end));
            said && look.words <= 16 && is_dated(look) && has_clock(text)
        };
        let ended = || text.starts_with("This entry was posted in ");
        let number = || text.starts_with(|c: char| c.is_ascii_digit() || matches!(c, 'O' | 'o'));
        number() && counted() || ended() || look.colon && (says() || said())
    })
}

/// Whether a line leads to the pages before and after this one: `← Ice again`, `Previous: Ice again`.
fn is_turn(text: &str, look: &Look) -> bool {
    const WAYS: [&str; 8] = [
        "previous: ",
        "next: ",
        "prev: ",
        "older post",
        "newer post",
        "previous post",
        "next post",
        "上一篇",
    ];
    let text = text.trim();
    // A quotation has both.
    let arrow = (text.starts_with(['←', '«', '‹']) && !text.contains(['»', '›']))
        || (text.ends_with(['→', '»', '›']) && !text.contains(['«', '‹']));
    let lower = text[..text.floor_char_boundary(24)].to_lowercase();
    look.words <= 40 && !look.closed && (arrow || WAYS.iter().any(|way| lower.starts_with(way)))
}

/// Whether a line says where the article stands or who wrote it: `Post link: https://gazette.example`.
fn is_imprint(text: &str, look: &Look) -> bool {
    const LABELS: [&str; 9] = [
        "post author",
        "post link",
        "permalink",
        "article link",
        "本文作者",
        "本文链接",
        "原文链接",
        "文章链接",
        "版权声明",
    ];
    let label = bare(text).split_once([':', '：']).map(|(label, _)| label.trim().to_lowercase());
    look.words <= 40 && label.is_some_and(|label| LABELS.contains(&&label[..]))
}

/// What is said of the writers below the text has so many lines, with its heading.
const NOTE: usize = 4;

/// The first line of what comments on a text, or stands below it.
pub(super) fn end(blocks: &[Block], sight: &Sight, kept: &[bool], first: usize) -> Option<usize> {
    let below = ends::below(blocks, sight, kept, first);
    let ago = ends::ago(blocks, sight, kept, first);
    over(blocks, sight, first).into_iter().chain(below).chain(ago).min()
}

/// So many lines below the text its labels are looked for.
const BELOW: usize = 8;

/// What an article is filed under, where a line says that: `Tags: ferry, harbour`.
fn filed<'t>(text: &'t str, look: &Look) -> Option<&'t str> {
    const UNDER: [&str; 21] = [
        "tags",
        "tag",
        "tagged",
        "topics",
        "related topics",
        "categories",
        "category",
        "filed under",
        "posted in",
        "keywords",
        "schlagworte",
        "schlagwörter",
        "themen",
        "mots-clés",
        "etiquetas",
        "temas",
        "标签",
        "分类",
        "类别",
        "タグ",
        "метки",
    ];
    if look.words > 40 {
        return None;
    }
    // `This entry was posted in News and tagged ferry, harbour. Bookmark the permalink.`
    let entry = bare(text).strip_prefix("This entry was posted in ");
    if let Some(entry) = entry.or_else(|| bare(text).strip_prefix("This entry was tagged ")) {
        let labels = entry.split(['.', '|']).next().unwrap_or(entry);
        return Some(labels.split(" tagged ").last().unwrap_or(labels));
    }
    if look.closed {
        return None;
    }
    let (label, labels) = bare(text).split_once([':', '：'])?;
    UNDER.contains(&&label.trim().to_lowercase()[..]).then_some(labels)
}

/// Whether a paragraph asks the readers for money, their address or their time.
fn is_appeal(text: &str, look: &Look) -> bool {
    if look.words > 140 {
        return false;
    }
    let text = text.to_lowercase();
    let start = &text[..text.floor_char_boundary(60)];
    let dear = ["dear ", "liebe ", "chers ", "chère", "queridos ", "cari "];
    let readers = ["reader", "leser", "lecteur", "lectrice", "lectores", "lettori", "friend"];
    if dear.iter().any(|word| start.starts_with(word))
        && readers.iter().any(|word| start.contains(word))
    {
        return true;
    }
    let asks = [
        "donat",
        "contribut",
        "subscri",
        "newsletter",
        "sign up",
        "support our",
        "support us",
        "your support",
        "member",
        "tax-deductible",
        "tax-exempt",
        "inbox",
        "independent journalism",
        "a gift",
        "your email",
        "spende",
        "abonn",
        "read more",
        "click here",
        "follow us",
        "weiterlesen",
        "suscr",
        "our readers",
        "mailing list",
    ];
    look.words >= 8 && asks.iter().filter(|word| text.contains(**word)).count() >= 3
}

/// Whether the line is the credit of a picture, or a caption that ends in one.
pub(super) fn is_credit(text: &str, look: &Look) -> bool {
    if look.cues & cues::CREDIT == 0 || look.words > 70 {
        return false;
    }
    let lower = text.to_lowercase();
    let start = &lower[..lower.floor_char_boundary(28)];
    let named = [
        "image credit",
        "photo credit",
        "photo:",
        "foto:",
        "image:",
        "bild:",
        "credit:",
        "photo by",
        "image by",
        "bildquelle",
        "picture:",
    ];
    if named.iter().any(|name| start.contains(name)) || start.starts_with('©') {
        return true;
    }
    let signs = ["photo", "getty", "image", "reuters", "afp", "foto", "ap/", "ap ", "shutterstock"];
    if look.words <= 6 && !look.closed && look.stops <= 1 {
        return lower.contains(['/', '©']) && signs.iter().any(|sign| lower.contains(sign));
    }
    let bracket = lower.rfind('(').filter(|_| lower.trim_end().ends_with(')'));
    bracket.is_some_and(|at| {
        let inner = &lower[at..];
        inner.len() < 120 && signs.iter().any(|sign| inner.contains(sign))
    })
}
