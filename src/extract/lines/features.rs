//! What is seen of a line before it is judged: its letters, its words, and those around it.

use rustc_hash::{FxHashMap, FxHashSet};

use super::cues;
use crate::draft::Block;

/// How many signs a line is judged by.
pub(super) const WIDTH: usize = 88;

/// One line, looked at by itself.
#[derive(Debug, Clone, Default)]
pub(super) struct Look {
    pub chars: u32,
    pub words: u32,
    pub stops: u32,
    pub capitals: u32,
    pub digits: u32,
    pub wide: u32,
    pub commas: u32,
    pub ends: u32,
    pub bars: u32,
    pub code: u32,
    pub quotes: u32,
    pub cues: u16,
    pub cue_words: u32,
    pub hash: u64,
    pub bullet: bool,
    pub numbered: bool,
    pub lower_start: bool,
    pub shouts: bool,
    pub closed: bool,
    pub colon: bool,
    pub cut_off: bool,
    pub question: bool,
    pub address: bool,
    pub year: bool,
    /// The rarer words, for the likeness of a line to the run of text.
    pub rare: Vec<u64>,
}

impl Look {
    /// Looks at one line.
    pub fn at(text: &str) -> Self {
        let mut look = Self::default();
        let mut word = 0u64;
        let mut length = 0u32;
        let (mut digits, mut year, mut upper) = (0u32, 0u32, false);
        let (mut before, mut before_that) = (0u64, 0u64);
        let (mut uppers, mut lowers) = (0u32, 0u32);
        let mut last = ' ';
        for c in text.chars().chain([' ']) {
            look.chars += 1;
            // Flatteners glue the words of two boxes together: `readingShow less`.
            if length > 2 && last.is_lowercase() && c.is_uppercase() {
                look.word(word, length, upper, before, before_that);
                (before_that, before) = (before, word);
                (word, length, digits, year) = (0, 0, 0, 0);
            }
            if c.is_alphanumeric() {
                if length == 0 {
                    upper = c.is_uppercase();
                }
                if c.is_ascii_digit() {
                    look.digits += 1;
                    digits += 1;
                    year = year.wrapping_mul(10).wrapping_add(u32::from(c) - 48);
                } else if c.is_uppercase() {
                    uppers += 1;
                } else {
                    lowers += 1;
                    look.wide += u32::from(wide(c));
                }
                let small = if c.is_ascii() {
                    c.to_ascii_lowercase()
                } else {
                    c.to_lowercase().next().unwrap_or(c)
                };
                word = cues::step(word, small);
                length += 1;
            } else {
                if length > 0 {
                    look.word(word, length, upper, before, before_that);
                    look.year |= digits == 4 && length == 4 && (1700..2100).contains(&year);
                    (before_that, before) = (before, word);
                    (word, length, digits, year) = (0, 0, 0, 0);
                }
                match c {
                    ',' | '、' | '，' => look.commas += 1,
                    '|' | '•' | '·' | '›' | '»' | '/' | '→' => look.bars += 1,
                    '{' | '}' | ';' | '=' | '<' | '>' | '_' | '$' | '\\' | '#' => look.code += 1,
                    '"' | '“' | '”' | '„' | '«' => look.quotes += 1,
                    '@' => look.address = true,
                    '。' | '！' | '？' => look.ends += 1,
                    ' ' if matches!(last, '.' | '!' | '?' | '”' | '"') => look.ends += 1,
                    _ => {}
                }
            }
            last = c;
        }
        look.chars -= 1;
        look.words += look.wide / 2;
        look.address |= text.contains("://") || text.contains("www.");
        look.shouts = uppers > 3 && lowers * 8 < uppers;
        let first = text.chars().next().unwrap_or(' ');
        look.lower_start = first.is_lowercase() && !wide(first);
        look.bullet = matches!(first, '•' | '*' | '+' | '-' | '–' | '○' | '▪' | '■' | '◦' | '·');
        look.numbered = first.is_ascii_digit()
            && text.trim_start_matches(|c: char| c.is_ascii_digit()).starts_with(['.', ')']);
        let bare = text.trim_end_matches(['"', '”', '“', '’', '\'', '»', ')', ']', '」']);
        look.closed = bare.ends_with(['.', '!', '?', '。', '！', '？', '…']);
        look.cut_off = bare.ends_with("...") || bare.ends_with('…');
        look.colon = bare.ends_with([':', '：']);
        look.question = bare.ends_with(['?', '？']);
        look.hash = cues::hash(text);
        look
    }

    fn word(&mut self, word: u64, length: u32, upper: bool, before: u64, before_that: u64) {
        self.words += 1;
        self.capitals += u32::from(upper);
        let found = cues::of(word);
        if found & cues::STOP != 0 {
            self.stops += 1;
        }
        let mut furniture = found & !cues::STOP;
        if before != 0 && self.chars < 400 {
            let two = cues::pair(before, word);
            furniture |= cues::of(two);
            if before_that != 0 {
                furniture |= cues::of(cues::pair(cues::pair(before_that, before), word));
            }
        }
        self.cues |= furniture;
        self.cue_words += u32::from(furniture & !cues::MONTH != 0);
        if length > 4 && found == 0 {
            self.rare.push(word);
        }
    }

    /// Whether the line reads like running text.
    pub fn running(&self) -> bool {
        self.words >= 8 && (self.closed || self.words >= 20) && self.stops * 8 >= self.words
            || self.wide >= 16 && (self.closed || self.wide >= 40)
    }

    /// What the line adds to a run of text: its words, or a debt.
    fn worth(&self) -> f32 {
        if self.running() {
            (self.words as f32).min(60.0)
        } else if self.closed && self.words >= 4 {
            2.0
        } else {
            -(6.0 + 2.0 * (self.cue_words.min(4)) as f32)
        }
    }
}

/// Letters of scripts that set no blanks between words.
pub(super) fn wide(c: char) -> bool {
    matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{f900}'..='\u{faff}')
}

/// The lines of a page, looked at together.
pub(super) struct Sight {
    pub looks: Vec<Look>,
    /// The run of text with the greatest sum.
    pub run: std::ops::Range<usize>,
    twins: Vec<f32>,
    /// Lines to the same line before, and to the same line after; 60 where there is none.
    pub echo: Vec<[f32; 2]>,
    alike: Vec<f32>,
    words: Vec<f32>,
    worth: Vec<f32>,
}

impl Sight {
    pub fn of(blocks: &[Block]) -> Self {
        let looks: Vec<Look> = blocks.iter().map(|block| Look::at(&block.text)).collect();
        let mut counts: FxHashMap<u64, u32> = FxHashMap::default();
        for look in &looks {
            *counts.entry(look.hash).or_default() += 1;
        }
        let twins = looks.iter().map(|look| counts[&look.hash].min(5) as f32).collect();
        let echo = echoes(&looks);
        let run = best_run(&looks);
        let mut within: FxHashMap<u64, u32> = FxHashMap::default();
        for look in &looks[run.clone()] {
            for &word in &look.rare {
                *within.entry(word).or_default() += 1;
            }
        }
        let alike = looks
            .iter()
            .enumerate()
            .map(|(at, look)| {
                let own = u32::from(run.contains(&at));
                let once: FxHashSet<u64> = look.rare.iter().copied().collect();
                let known =
                    once.iter().filter(|word| within.get(word).is_some_and(|&n| n > own)).count();
                if once.is_empty() { 0.3 } else { known as f32 / once.len() as f32 }
            })
            .collect();
        let sums = |value: &dyn Fn(&Look) -> f32| {
            let mut sum = 0.0;
            let mut sums = vec![0.0];
            for look in &looks {
                sum += value(look);
                sums.push(sum);
            }
            sums
        };
        let words = sums(&|look| if look.running() { look.words as f32 } else { 0.0 });
        let worth = sums(&Look::worth);
        Self { run, twins, echo, alike, words, worth, looks }
    }

    /// The share of a line's rarer words that the run of text holds too.
    pub fn likeness(&self, at: usize) -> f32 {
        self.alike[at]
    }

    /// The signs of every line.
    pub fn signs(&self, blocks: &[Block]) -> Vec<[f32; WIDTH]> {
        let total = self.looks.len();
        let mut back = vec![[0.0; 5]; total];
        let mut since = [60.0f32; 5];
        for (at, look) in self.looks.iter().enumerate() {
            back[at] = since;
            since = since.map(|n| (n + 1.0).min(60.0));
            mark(&mut since, look, self.echo[at][1]);
        }
        let mut rows = vec![[0.0; WIDTH]; total];
        let mut until = [60.0f32; 5];
        for at in (0..total).rev() {
            self.fill(&mut rows[at], blocks, at, &back[at], &until);
            until = until.map(|n| (n + 1.0).min(60.0));
            mark(&mut until, &self.looks[at], self.echo[at][1]);
        }
        rows
    }

    fn fill(
        &self,
        row: &mut [f32; WIDTH],
        blocks: &[Block],
        at: usize,
        since: &[f32; 5],
        until: &[f32; 5],
    ) {
        let total = self.looks.len();
        let look = &self.looks[at];
        let gap = |at: usize| blocks.get(at).map_or(3.0, |block| block.gap.min(3) as f32);
        let flag = |on: bool| f32::from(u8::from(on));
        let share = |part: u32, whole: u32| part as f32 / whole.max(1) as f32;
        let mut next = 0;
        let mut put = |value: f32| {
            row[next] = value;
            next += 1;
        };
        put((look.chars.min(600)) as f32);
        put(look.words.min(100) as f32);
        put(share(look.stops, look.words));
        put(share(look.capitals, look.words));
        put(share(look.digits, look.chars));
        put(share(look.wide, look.chars));
        put(look.commas.min(8) as f32);
        put(look.ends.min(8) as f32);
        put(look.bars.min(8) as f32);
        put(share(look.code, look.chars));
        put(look.quotes.min(6) as f32);
        put(look.cue_words.min(8) as f32);
        put(share(look.cue_words, look.words));
        for sort in 1..10 {
            put(flag(look.cues & (1 << sort) != 0));
        }
        put(flag(look.bullet));
        put(flag(look.numbered));
        put(flag(look.lower_start));
        put(flag(look.shouts));
        put(flag(look.closed) + flag(look.question));
        put(flag(look.colon));
        put(flag(look.cut_off));
        put(flag(look.address));
        put(flag(look.year));
        put(gap(at));
        put(gap(at + 1));
        put(self.twins[at]);
        put(self.alike[at]);
        put(self.echo[at][0]);
        put(self.echo[at][1]);
        // Where the line stands.
        put(at as f32 / total as f32);
        put(at.min(400) as f32);
        put((total - at).min(400) as f32);
        put(signed(at, self.run.start));
        put(signed(at, self.run.end));
        put(flag(self.run.contains(&at)));
        let all = self.words[total].max(1.0);
        put(self.words[at] / all);
        put((self.words[total] - self.words[at + 1]) / all);
        put(self.words[total].min(3000.0));
        let inside = self.words[self.run.end] - self.words[self.run.start];
        put(inside / all);
        for n in since.iter().chain(until) {
            put(*n);
        }
        // What stands around it.
        for step in [-2isize, -1, 1, 2] {
            let other = at.checked_add_signed(step).and_then(|at| self.looks.get(at));
            put(other.map_or(-1.0, |other| other.words.min(60) as f32));
            put(other.map_or(-1.0, |other| flag(other.running()) + flag(other.closed)));
            put(other.map_or(-1.0, |other| share(other.cue_words, other.words)));
            put(other.map_or(-1.0, |other| flag(other.bullet)));
        }
        for reach in [4, 12, 30] {
            let from = at.saturating_sub(reach);
            let to = (at + 1 + reach).min(total);
            put((self.worth[at] - self.worth[from]) / reach as f32);
            put((self.worth[to] - self.worth[at + 1]) / reach as f32);
        }
        let mean = |range: std::ops::Range<usize>| {
            let count = range.len().max(1) as f32;
            self.alike[range].iter().sum::<f32>() / count
        };
        put(mean(at.saturating_sub(4)..at));
        put(mean(at + 1..(at + 5).min(total).max(at + 1)));
    }
}

/// Starts the count anew for what the line is.
fn mark(counts: &mut [f32; 5], look: &Look, echo: f32) {
    if look.running() {
        counts[0] = 0.0;
    }
    if look.cues & (cues::MORE | cues::REPLY) != 0 && look.words < 14 {
        counts[1] = 0.0;
    }
    if look.cues & (cues::SHARE | cues::APPEAL | cues::LEGAL) != 0 && look.words < 25 {
        counts[2] = 0.0;
    }
    if look.cues & cues::BYLINE != 0 && look.words < 14 {
        counts[3] = 0.0;
    }
    if echo <= 6.0 && look.words >= 4 {
        counts[4] = 0.0;
    }
}

/// How far the same line stands before and after each line.
fn echoes(looks: &[Look]) -> Vec<[f32; 2]> {
    let mut echoes = vec![[60.0f32; 2]; looks.len()];
    let mut last: FxHashMap<u64, usize> = FxHashMap::default();
    for (at, look) in looks.iter().enumerate() {
        if let Some(before) = last.insert(look.hash, at) {
            let far = ((at - before) as f32).min(60.0);
            echoes[at][0] = far;
            echoes[before][1] = far;
        }
    }
    echoes
}

fn signed(at: usize, to: usize) -> f32 {
    (at as f32 - to as f32).clamp(-100.0, 100.0)
}

/// The stretch of lines whose worth has the greatest sum.
fn best_run(looks: &[Look]) -> std::ops::Range<usize> {
    let (mut sum, mut start, mut most) = (0.0, 0, 0.0);
    let mut run = 0..0;
    for (at, look) in looks.iter().enumerate() {
        if sum <= 0.0 {
            (sum, start) = (0.0, at);
        }
        sum += look.worth();
        if sum > most {
            (most, run) = (sum, start..at + 1);
        }
    }
    run
}
