//! Texts whose lines were cut at a width, by a mail program, a terminal or a typesetter: several
//! lines are one paragraph.
//!
//! Who fills lines begins a new one where the next word would not fit. So each line and the word
//! behind it say between which numbers the width must lie, and it is no chance where nearly all lines
//! that go on in the middle of a sentence agree on one. Print that was read by a machine has no such
//! width, but lines that are nearly all as long as each other.

use std::cmp::Reverse;

/// Longer lines were not cut at a width, ...
const WIDEST: usize = 132;
/// ... and what has only shorter ones is a list. Both in characters.
const NARROWEST: usize = 24;

/// A text is wrapped if at least so many lines agree on a width, ...
const LEAST: usize = 4;
/// ... so many of them where the next goes on in the middle of a sentence, ...
const GOING: usize = 2;
/// ... and so many of ten of all where it does.
const OF_TEN: usize = 7;

/// One line, as far as its width is concerned.
#[derive(Debug, Clone, Copy)]
pub(super) struct Line {
    /// Its characters, blanks before it among them.
    chars: usize,
    /// The blanks before it.
    indent: usize,
    /// The characters of its first word.
    first: usize,
    /// Whether it has so many words that its length tells something.
    several: bool,
    /// Whether it begins with a small letter: in the middle of a sentence.
    goes_on: bool,
    /// Whether it begins with a letter of a script that has no capitals, so that it may.
    may_go_on: bool,
    /// Whether it begins, and whether it ends, in a script that sets no blanks between words.
    unspaced: (bool, bool),
    /// Whether it begins as a point of a list or a quoted mail does.
    point: bool,
    /// Whether it has what no prose has: it is of a program, or of a table.
    listed: bool,
    /// How it ends, where its last word may go on behind it.
    hyphen: Option<Hyphen>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Hyphen {
    /// A hyphen of any kind: `half-`, `coun-`.
    Any,
    /// A sign that only parts words at the ends of lines.
    Soft,
}

impl Line {
    /// Looks at a line; `None` of one that is empty.
    pub fn of(line: &str) -> Option<Self> {
        let line = line.trim_end();
        let text = line.trim_start();
        let first = text.chars().next()?;
        let blanks = &line[..line.len() - text.len()];
        let indent = blanks.chars().map(|c| if c == '\t' { 8 } else { 1 }).sum();
        let word = text.split_whitespace().next().unwrap_or(text);
        let bare = word.trim_start_matches(['(', '"', '“', '„', '«', '‘', '\'', '[']);
        let begins = bare.chars().next().unwrap_or(first);
        let end = text.chars().next_back().unwrap_or(first);
        let before = text.chars().rev().nth(1).is_some_and(char::is_alphabetic);
        let hyphen = match end {
            '-' | '\u{2010}' if before => Some(Hyphen::Any),
            '\u{ad}' | '¬' if before => Some(Hyphen::Soft),
            _ => None,
        };
        Some(Self {
            chars: indent + text.chars().count(),
            indent,
            // A mark that may not begin a line comes to the next with the sign before it.
            first: if unspaced(begins) { 2 } else { word.chars().count() },
            several: unspaced(begins) || text.split_whitespace().nth(2).is_some(),
            goes_on: begins.is_lowercase(),
            may_go_on: begins.is_alphabetic() && !begins.is_uppercase(),
            unspaced: (unspaced(begins), unspaced(end)),
            point: matches!(first, '*' | '•' | '·' | '▪' | '○' | '>' | '|' | '#' | '+')
                || matches!(word, "-" | "–" | "—" | "o")
                || word.len() < 5 && word.ends_with(['.', ')']) && first.is_ascii_digit()
                || word.len() == 2 && word.ends_with(['.', ')']) && first.is_ascii_lowercase(),
            listed: text.contains(['{', '}', '=', '<', '>', '_', '$', '\\', '[', ']', '|'])
                || text.contains("   ")
                || text.ends_with([';', '(']),
            hyphen,
        })
    }

    /// Whether this may be the line behind another, by how both are set.
    fn follows(&self, other: &Self) -> bool {
        !self.point && self.indent <= other.indent
    }
}

/// How the lines of a text were cut.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Wrap {
    /// As many characters as a line may have, or as most full ones have.
    width: usize,
    /// Whether each line has as many words as fit.
    filled: bool,
    /// Whether words are parted at the ends of lines.
    parts_words: bool,
    /// Whether its paragraphs are parted by blank lines.
    apart: bool,
    /// Whether many of its lines may be of a program or a table.
    listed: bool,
}

impl Wrap {
    /// How the lines of a text were cut; `None` where each is a paragraph of its own.
    pub fn of<'t>(lines: impl Iterator<Item = &'t str> + Clone) -> Option<Self> {
        // This tells it soonest of most texts.
        let sized = lines.clone().map(str::len).fold((0, 0), |(all, long), size| {
            (all + size, if size > 2 * WIDEST { long + size } else { long })
        });
        if sized.1 * 20 > sized.0 {
            return None;
        }
        let (mut short, mut long) = (0, 0);
        // For each width, how many more agree on it than on the one before, those where the next
        // goes on and all.
        let mut turns = [(0_isize, 0_isize); 2 * WIDEST];
        let mut lengths = [0_usize; WIDEST + 1];
        let (mut joints, mut listed, mut going, mut small, mut hyphens) = (0, 0, 0, 0, 0);
        // Lines behind a blank one, and lines further in than the one above.
        let (mut apart, mut indented) = (0, 0);
        let mut last: Option<Line> = None;
        for text in lines {
            let line = Line::of(text);
            match (&line, &last) {
                (Some(_), None) => apart += 1,
                (Some(line), Some(above)) if line.indent > above.indent => indented += 1,
                _ => {}
            }
            if let Some(line) = line {
                if line.chars > WIDEST { long += line.chars } else { short += line.chars }
            }
            if let (Some(one), Some(next)) = (last, line)
                && one.chars <= WIDEST
                && next.follows(&one)
            {
                joints += 1;
                listed += usize::from(one.listed);
                going += usize::from(next.may_go_on);
                if one.several {
                    let until = (one.chars + next.first).min(one.chars * 5 / 3) + 1;
                    turns[one.chars].1 += 1;
                    turns[until].1 -= 1;
                    if next.may_go_on {
                        turns[one.chars].0 += 1;
                        turns[until].0 -= 1;
                    }
                }
                if next.goes_on {
                    small += 1;
                    hyphens += usize::from(one.hyphen.is_some());
                    lengths[one.chars] += 1;
                }
            }
            last = line;
        }
        // Where some lines are long, the short ones are headings and lists.
        if long * 20 > short || going < GOING {
            return None;
        }
        let apart = apart > 2 && apart > 4 * indented;
        let parts_words = hyphens * 20 >= small && hyphens >= 3;
        let agree = turns.iter().scan((0, 0), |sum, turn| {
            *sum = (sum.0 + turn.0, sum.1 + turn.1);
            Some((sum.0 as usize, sum.1 as usize))
        });
        // Of several widths that as many agree on the least.
        let best = agree.zip(0..).max_by_key(|(agree, width)| (*agree, Reverse(*width)));
        let ((going_agree, agree), width) = best.unwrap_or_default();
        if width >= NARROWEST
            && agree >= LEAST
            && going_agree >= GOING
            && going_agree * 10 >= going * OF_TEN
            && (going_agree >= LEAST || agree * 2 >= joints)
        {
            let listed = listed * 8 > joints;
            let filled = going_agree * 10 >= going * 9;
            return Some(Self { width, filled, parts_words, apart, listed });
        }
        // Lines of print: many go on, and those are nearly as long as each other. Where there are no
        // small letters, lists of headlines are that, too.
        let length = |part: usize| {
            let mut sum = 0;
            lengths.iter().position(|count| {
                sum += count;
                sum * 10 >= small * part
            })
        };
        let (full, middle) = (length(9)?, length(5)?);
        let print = small >= 2 * LEAST
            && small * 10 >= joints * 4
            && full >= NARROWEST
            && middle * 4 >= full * 3;
        let listed = listed * 8 > joints;
        print.then_some(Self { width: full, filled: false, parts_words, apart, listed })
    }

    /// The same of a text that was typed into a page, where listings and tables stand, too: only where
    /// each line has as many words as fit, and few have the signs of programs.
    pub fn typed(text: &str) -> Option<Self> {
        Self::of(text.lines()).filter(|wrap| wrap.filled && !wrap.listed)
    }

    /// The paragraphs of a text, in their order.
    pub fn paragraphs(&self, text: &str) -> Vec<String> {
        let mut all: Vec<String> = Vec::new();
        let mut last: Option<Line> = None;
        for text in text.lines() {
            let line = Line::of(text);
            match (&line, &last, all.last_mut()) {
                (Some(line), Some(above), Some(whole)) if self.joins(above, line) => {
                    self.join(whole, above, line, text.trim());
                }
                (Some(_), ..) => all.push(text.trim().to_owned()),
                _ => {}
            }
            last = line;
        }
        all
    }

    /// Whether a line is of the same paragraph as the one above it, without a blank line between.
    pub fn joins(&self, above: &Line, line: &Line) -> bool {
        let goes_on = line.goes_on && above.chars * 2 >= self.width;
        let fits = above.chars + 1 + line.first <= self.width || above.chars * 2 < self.width;
        // Print is not filled to the last sign.
        let fifths = if self.apart { 3 } else { 4 };
        let nearly = !self.filled && above.chars * 5 >= self.width * fifths;
        let full = !fits || nearly;
        line.follows(above) && (goes_on || full)
    }

    /// Puts a line behind the one above it.
    pub fn join(&self, text: &mut String, above: &Line, line: &Line, more: &str) {
        match above.hyphen.filter(|_| line.goes_on) {
            Some(Hyphen::Any) if !self.parts_words => {}
            Some(_) => drop(text.pop()),
            None if above.unspaced.1 && line.unspaced.0 => {}
            None => text.push(' '),
        }
        text.push_str(more);
    }
}

/// Signs of scripts that set no blanks between words, and their marks.
fn unspaced(c: char) -> bool {
    matches!(c, '\u{3000}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}' | '\u{ff00}'..='\u{ffef}')
}

#[cfg(test)]
mod tests {
    use super::*;

    fn joined(text: &str) -> Vec<String> {
        match Wrap::of(text.lines()) {
            Some(wrap) => wrap.paragraphs(text),
            None => text.lines().map(str::to_owned).collect(),
        }
    }

    /// Fills lines as a mail program does.
    fn filled(text: &str, width: usize, indent: &str) -> String {
        let mut lines = vec![indent.to_owned()];
        for word in text.split(' ') {
            let line = lines.last_mut().unwrap();
            let begun = !line.trim().is_empty();
            if begun && line.chars().count() + 1 + word.chars().count() > width {
                lines.push(word.to_owned());
            } else {
                line.push_str(if begun { " " } else { "" });
                line.push_str(word);
            }
        }
        lines.join("\n")
    }

    const PARAGRAPHS: [&str; 3] = [
        "The council voted on Tuesday to close the ferry to Holm for the winter, after a meeting \
         that lasted five hours and ended with the gallery being cleared by stewards.",
        "\"We have no other choice,\" said Ana Ruiz, who leads its committee for harbours. \"The \
         boat is forty years old, and so is its engine.\"",
        "Those who live on the island would be brought to the mainland by a smaller boat, which \
         carries twelve and takes no cars, until the end of March at the least.",
    ];

    #[test]
    fn filled_lines_are_one_paragraph_at_any_width() {
        let twice = [PARAGRAPHS, PARAGRAPHS].concat();
        for width in [32, 40, 64, 72, 80, 100] {
            let text: Vec<String> = twice.iter().map(|text| filled(text, width, "")).collect();
            let page = format!("Ferry to stop\n\nBy Per Lund\n\n{}\n", text.join("\n\n"));
            let mut wanted = vec!["Ferry to stop", "By Per Lund"];
            wanted.extend(&twice);
            assert_eq!(joined(&page), wanted, "{width}");
        }
    }

    #[test]
    fn paragraphs_may_be_indented_and_not_apart() {
        let text: Vec<String> = PARAGRAPHS.iter().map(|text| filled(text, 60, "   ")).collect();
        assert_eq!(joined(&text.join("\n")), PARAGRAPHS);
    }

    #[test]
    fn points_of_a_list_stay_apart() {
        let text = format!(
            "{}\n\n* the boat\n* the quay\n  - its lamps\n1. Monday\n2. Tuesday",
            filled(&PARAGRAPHS.join(" "), 60, ""),
        );
        let all = joined(&text);
        assert_eq!(all[0], PARAGRAPHS.join(" "));
        assert_eq!(
            all[1..],
            ["* the boat", "* the quay", "- its lamps", "1. Monday", "2. Tuesday"]
        );
    }

    #[test]
    fn lines_of_print_are_joined_and_parted_words_made_whole() {
        let text = "The council voted on Tues-\nday to close the ferry to\nHolm for the winter, af-\n\
                    ter a meeting that lasted\nfive hours and ended with\nthe gallery being clear-\n\
                    ed by stewards. Those who\nlive on the island would\nbe brought to the main-\n\
                    land by a smaller boat.\n";
        let whole = "The council voted on Tuesday to close the ferry to Holm for the winter, after a \
                     meeting that lasted five hours and ended with the gallery being cleared by \
                     stewards. Those who live on the island would be brought to the mainland by a \
                     smaller boat.";
        assert_eq!(joined(text), [whole]);
    }

    #[test]
    fn lines_without_blanks_are_joined_without_any() {
        let text = "渡船今年冬天停开\n\n　　市议会周二晚上投票决定，从十一月起停开到岛上去的\n渡船，直到明年\
                    三月底为止。会议开了五个小时，旁听席\n上的人两次被请出会场。委员会主席说，\
                    那艘船已经用了\n四十年，发动机也一样旧，没有别的办法了。\n　　岛上的居民说他们会\
                    自己想办法，用小船把孩子送到对\n岸去上学。";
        assert_eq!(
            joined(text),
            [
                "渡船今年冬天停开",
                "市议会周二晚上投票决定，从十一月起停开到岛上去的渡船，直到明年三月底为止。会议开了\
                 五个小时，旁听席上的人两次被请出会场。委员会主席说，那艘船已经用了四十年，发动机也一\
                 样旧，没有别的办法了。",
                "岛上的居民说他们会自己想办法，用小船把孩子送到对岸去上学。",
            ]
        );
    }

    #[test]
    fn a_compound_at_the_end_of_a_line_keeps_its_hyphen() {
        let text = filled(&PARAGRAPHS.join(" "), 60, "").replacen("other choice", "half-\nway", 1);
        assert!(joined(&text).concat().contains("half-way"));
    }

    #[test]
    fn what_is_not_wrapped_stays_as_it_is() {
        let menu = "Home\nNews\nthe week in pictures\nletters to the editor\nSport\nwhat is on this \
                    week\nabout us\nhow to reach the newsroom\nsubscribe\nterms of use\n";
        let poem = "The boat goes out,\nthe boat comes in,\nand nobody asks it\nwhere it has been \
                    all\nthis while.\n";
        let code = "fn main() {\n    let boat = open();\n    boat.leave_at(9).expect(\"ice\");\n    \
                    for day in week {\n        boat.sail(day);\n    }\n    println!(\"done\");\n}\n";
        let long = format!("{}\n{menu}", PARAGRAPHS.join(" "));
        for text in [menu, poem, code, &long] {
            assert_eq!(Wrap::of(text.lines()), None, "{text}");
        }
    }
}
