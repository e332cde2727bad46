//! What the lines of a page are seen to be, as headline, date, author or section of its article.
//!
//! Each question has its candidates: the lines that may be the answer at all, with the signs that
//! `tests/fit/fit_fields.py` fitted small trees on. What stays below the least sureness is not said.

use std::borrow::Cow;

use super::cues;
use super::features::{Look, Sight};
use super::judge::{ABREAST, Forest, Lanes};
use super::look::{SHORTEST, is_bullet, small};
use super::tally::Tally;
use crate::draft::Block;
use crate::extract::clean::without_addresses;
use crate::extract::date::{Habit, Stamped, find_all, labelled};
use crate::extract::{kind, section};
use crate::site::EVERYWHERE;
use crate::words::is_alphanumeric;

/// How many signs a candidate is judged by.
pub(super) const SIGNS: usize = 88;

/// The signs of one candidate.
pub(super) type Row = [f32; SIGNS];

/// How far above the body a headline may stand, and how far below its supposed start.
const ABOVE: usize = 80;
const BELOW: usize = 3;

/// Lines of more words are not looked for elsewhere on the page.
const LONG: u32 = 30;

/// So many labels in a row are looked at on either side of one.
const ROW: usize = 8;

/// So many labels in a row lead to a page; more are a menu.
const ROW_OF_MENU: usize = 3;

/// One line that may be the answer, or a part of one.
#[derive(Debug, Clone)]
pub(super) struct Candidate<'p> {
    /// Its block.
    pub at: usize,
    /// The answer it would give.
    pub text: Cow<'p, str>,
    /// What is seen of it.
    pub row: Row,
}

/// The day of a line.
#[derive(Debug, Clone)]
pub(super) struct Day {
    pub said: Stamped,
    /// Whether it only says when a page was last changed, and at no hour (such pages are often kept
    /// fresh for years), or is one of several below the body, where teasers have theirs.
    pub doubtful: bool,
}

/// How surely each candidate is the answer, as log-odds.
pub(super) fn judge(forest: &Forest, candidates: &[Candidate<'_>]) -> Vec<f32> {
    let all = (usize::MAX, f32::MAX);
    forest.judge(candidates.len(), all, |from, signs: &mut [Lanes; SIGNS]| {
        for (lane, one) in candidates[from..].iter().take(ABREAST).enumerate() {
            signs.iter_mut().zip(one.row).for_each(|(lanes, sign)| lanes[lane] = sign);
        }
    })
}

/// Where a label stands in a trail of them that leads to the article: `Home > News > World`.
#[derive(Debug, Clone, Copy, Default)]
struct Trail {
    /// How many labels it stands behind the first page; 0 where that is not named.
    after: u8,
    /// How many labels it stands before the end of the trail; 0 outside of trails.
    before: u8,
    /// Whether the trail ends with the headline.
    titled: bool,
}

/// A line that may say who wrote the article.
struct Signed<'p> {
    at: usize,
    text: Cow<'p, str>,
    shape: Shape,
    /// How many lines begin as it does, and how many of them are notes.
    again: u32,
    notes: u32,
    /// The words of its names; see [`names_in`].
    names: Vec<Vec<u64>>,
}

/// How a word is written on a page.
#[derive(Debug, Clone, Copy, Default)]
struct Written {
    asked: bool,
    /// Whether it stands there in small letters.
    small: bool,
    /// How often it stands in running text with a capital.
    running: u32,
}

/// The lines of a page, looked at for the fields of its article.
pub(super) struct Fields<'p> {
    blocks: &'p [Block],
    sight: &'p Sight,
    /// The share of the site's pages that have a line where it stands here.
    site: Option<&'p [f32]>,
    /// The first paragraph of the body, and the last.
    pub body: (usize, usize),
    /// Words of running lines before each line.
    running: Vec<u32>,
    /// The hash of what each line says; 0 for long ones.
    names: Vec<u64>,
    /// How often a line stands on the page, whatever bullet or number it has.
    twins: Tally<u32>,
    /// Whether lines hold a day.
    dated: Vec<bool>,
    /// How many lines begin with two words, and how many of them are notes of some length.
    starts: Tally<(u32, u32)>,
    /// How far the next and the last short line with a day is, one with a byline, one for sharing.
    far: Vec<[u8; 6]>,
}

impl<'p> Fields<'p> {
    pub fn of(
        blocks: &'p [Block],
        sight: &'p Sight,
        site: Option<&'p [f32]>,
        body: (usize, usize),
    ) -> Self {
        let mut sum = 0;
        let running = sight.looks.iter().map(|look| {
            sum += if look.running() { look.words } else { 0 };
            sum
        });
        let mut names = Vec::with_capacity(blocks.len());
        let mut twins: Tally<u32> = Tally::of(blocks.len());
        let mut starts: Tally<(u32, u32)> = Tally::of(blocks.len());
        for (block, look) in blocks.iter().zip(&sight.looks) {
            let long = look.words > LONG;
            // A number in place of a bullet does not count.
            let (name, start) = match look.start {
                Some(start) if !look.counted => (look.name, start),
                _ => name_and_start(&block.text, long),
            };
            names.push(if long { 0 } else { name });
            if !long {
                *twins.entry(name) += 1;
            }
            if look.capitals > 1 {
                let (all, notes) = starts.entry(start);
                *all += 1;
                *notes += u32::from(look.words >= 8);
            }
        }
        let dated: Vec<bool> = sight.looks.iter().map(is_dated).collect();
        let running = running.collect();
        let far = far(&sight.looks, &dated);
        Self { blocks, sight, site, body, running, names, twins, dated, starts, far }
    }

    /// The lines that may be the headline.
    pub fn headlines(&self) -> Vec<Candidate<'p>> {
        let run = self.sight.run.start;
        let from = self.body.0.min(run).saturating_sub(ABOVE);
        let to = (self.body.0.max(run) + BELOW).min(self.blocks.len());
        let may = |at: &usize| {
            let look = &self.sight.looks[*at];
            !self.is_site(*at)
                && (look.words >= 2 || look.wide >= 6)
                && look.words <= 40
                && look.chars <= 260
                && !look.colon
                && !is_no_headline(look, &self.blocks[*at].text)
        };
        let mut lines: Vec<usize> = (from..to).filter(may).collect();
        let listed: Vec<usize> =
            lines.iter().copied().filter(|at| self.is_in_contents(*at, &lines)).collect();
        // One alone may be the end of a trail that leads to the article.
        lines.retain(|at| listed.len() < 2 || !listed.contains(at));
        let echoes = self.echoes(&lines);
        let one = |(at, (told, longest)): (usize, (u32, f32))| {
            let text = bare(&self.blocks[at].text);
            let mut row = Signs::default();
            self.common(&mut row, at);
            row.put(told.min(6) as f32);
            row.put(longest);
            row.put(self.sight.rare(at).len().min(12) as f32);
            row.put(self.sight.likeness(at) * self.sight.rare(at).len().min(12) as f32);
            row.flag(text.len() != self.blocks[at].text.len());
            row.flag(opens_byline(text));
            row.put(words_between(&self.running, at, self.body.0));
            row.put(words_between(&self.running, at, run));
            Candidate { at, text: text.into(), row: row.row }
        };
        lines.iter().copied().zip(echoes).map(one).collect()
    }

    /// Whether a line is an item of the contents of an article: a heading below says the same, and
    /// what may be the headline stands between them.
    fn is_in_contents(&self, at: usize, headlines: &[usize]) -> bool {
        let looks = &self.sight.looks;
        let item = |at: usize| looks[at].bullet || looks[at].numbered;
        let name = self.names[at];
        if !item(at) || name == 0 {
            return false;
        }
        let Some(heading) = self.names[at + 1..].iter().position(|other| *other == name) else {
            return false;
        };
        let heading = at + 1 + heading;
        !item(heading) && headlines.iter().any(|&one| at < one && one < heading && !item(one))
    }

    /// Whether the archive knows the line as one of the site's.
    fn is_site(&self, at: usize) -> bool {
        self.site.is_some_and(|site| site[at] > 0.0)
    }

    /// How many lines of no running text say most of the words of each of `lines` again, and the
    /// greatest share of them that one says.
    fn echoes(&self, lines: &[usize]) -> Vec<(u32, f32)> {
        // Of each word the last of its holders, and of each holder the one before; 0 where there is
        // none.
        let count = lines.iter().map(|at| self.sight.rare(*at).len()).sum();
        let mut last: Tally<u32> = Tally::of(count);
        let mut holders = vec![(0_usize, 0_u32)];
        let mut sizes = vec![0_u32; lines.len()];
        for (number, &at) in lines.iter().enumerate() {
            // Each of them once.
            let words = self.sight.rare(at);
            sizes[number] = words.len() as u32;
            for &word in words.iter().filter(|_| words.len() >= 2) {
                let last = last.entry(word);
                holders.push((number, *last));
                *last = (holders.len() - 1) as u32;
            }
        }
        let mut told = vec![(0_u32, 0.0_f32); lines.len()];
        let mut counts = vec![0_u32; lines.len()];
        let mut seen = Vec::new();
        for (at, look) in self.sight.looks.iter().enumerate() {
            if look.running() || look.words < 2 {
                continue;
            }
            for word in self.sight.rare(at) {
                let mut next = last.get(*word);
                while next != 0 {
                    let (number, before) = holders[next as usize];
                    if counts[number] == 0 {
                        seen.push(number);
                    }
                    counts[number] += 1;
                    next = before;
                }
            }
            for number in seen.drain(..) {
                let share = counts[number] as f32 / sizes[number].max(1) as f32;
                counts[number] = 0;
                if lines[number] != at {
                    told[number].0 += u32::from(share >= 0.7);
                    told[number].1 = told[number].1.max(share.min(1.0));
                }
            }
        }
        told
    }

    /// The lines that may hold the day of publication, and the days.
    pub fn dates(&self, title: usize, habit: Habit) -> (Vec<Candidate<'p>>, Vec<Day>) {
        let mut found: Vec<(usize, Cow<'p, str>, Day, std::ops::Range<usize>)> = Vec::new();
        for (at, look) in self.sight.looks.iter().enumerate() {
            if !self.dated[at] || self.is_site(at) || look.words > 45 || found.len() >= 120 {
                continue;
            }
            let text = self.blocks[at].text.as_str();
            let mut text = if look.glued { unglued(text) } else { text.into() };
            // `Last update:`, and the day on the line below.
            if let Some(label) = self.label_above(at) {
                text = Cow::Owned(format!("{label} {text}"));
            }
            let all = find_all(&text, habit, false);
            let Some(first) = all.first() else { continue };
            let dates = labelled(&text, &all);
            // A day in running text is that of what is told.
            let before = text[..first.range.start].to_lowercase();
            let issued = ISSUED.iter().any(|word| before.contains(word));
            let kept_fresh = dates.published.is_none() && !has_clock(&text[first.range.end..]);
            let long = before.chars().filter(|c| c.is_alphabetic()).count() > 60;
            let caption = look.cues & cues::CREDIT != 0 && look.words > 12;
            let event = EVENT.iter().any(|word| before.contains(word));
            // A byline may name many before its day.
            let byline = !look.closed && names_many(&text) && text.len() < first.range.end + 16;
            let told = (look.running() || long) && !byline || caption || event;
            if told && !(issued && before.len() < 60) || self.is_said_by(at, title) {
                continue;
            }
            let range = first.range.clone();
            found.push((at, text, Day { said: dates, doubtful: kept_fresh }, range));
        }
        let day = |day: &Day| {
            let said = day.said.published.or(day.said.modified);
            said.map_or(0, |date| date.first_day())
        };
        let days: Vec<i64> = found.iter().map(|(_, _, one, _)| day(one)).collect();
        let below = |at: usize| at > self.body.1;
        let mut others = found.iter().zip(&days).filter(|((at, ..), _)| below(*at));
        let several = others.next().is_some_and(|(_, day)| others.any(|(_, other)| other != day));
        let newest = days.iter().copied().max().unwrap_or_default();
        let after = found.iter().position(|(at, ..)| *at > title).unwrap_or(found.len());
        let one = |(number, (at, text, Day { said: dates, doubtful }, range)): (
            usize,
            (usize, Cow<'p, str>, Day, std::ops::Range<usize>),
        )| {
            let mut row = Signs::default();
            self.common(&mut row, at);
            row.put(signed(at, title));
            row.put(words_between(&self.running, title, at));
            row.flag(dates.published.is_some());
            row.flag(dates.modified.is_some());
            let before = text[..range.start].to_lowercase();
            let behind = &text[range.end..];
            let label = |words: &[&str]| words.iter().any(|word| before.contains(word));
            row.flag(label(ISSUED));
            row.flag(label(&[
                "updat", "aktualis", "modif", "actuali", "uppdat", "oppdat", "最新", "更新",
            ]));
            row.flag(label(&["stand"]));
            // `Event date: …`
            let colon =
                before.trim_end().ends_with([':', '：']) && before.contains(char::is_alphabetic);
            row.flag(colon && dates.modified.is_none() && !label(ISSUED));
            row.flag(has_clock(behind));
            // Before the day of a byline stand names, however many.
            let most = if names_many(&text) { 30 } else { 80 };
            row.put(before.chars().filter(|c| c.is_alphabetic()).count().min(most) as f32);
            row.put(behind.chars().filter(|c| c.is_alphabetic()).count().min(80) as f32);
            row.put(number as f32 - after as f32);
            row.put(days.iter().filter(|other| **other == days[number]).count().min(9) as f32);
            row.put(((newest - days[number]) as f32 + 1.0).ln());
            row.put(days.len().min(60) as f32);
            row.put(
                self.dated[at.saturating_sub(10)..(at + 11).min(self.dated.len())]
                    .iter()
                    .filter(|dated| **dated)
                    .count() as f32,
            );
            row.put(signed(title, self.body.0));
            let teased = below(at) && several && !label(ISSUED);
            (
                Candidate { at, text, row: row.row },
                Day { said: dates, doubtful: doubtful || teased },
            )
        };
        found.into_iter().enumerate().map(one).unzip()
    }

    /// Whether two lines say the same.
    fn is_said_by(&self, at: usize, other: usize) -> bool {
        match (self.names[at], self.names[other]) {
            (0, 0) => name_of(&self.blocks[at].text) == name_of(&self.blocks[other].text),
            (one, other) => one == other,
        }
    }

    /// The label that a line has to itself, above the line it is for.
    fn label_above(&self, at: usize) -> Option<&'p str> {
        let above = at.checked_sub(1)?;
        let look = &self.sight.looks[above];
        (look.colon && look.words <= 3 && !self.dated[above]).then(|| &self.blocks[above].text[..])
    }

    /// The lines that may name who wrote it.
    pub fn authors(&self, title: usize) -> Vec<Candidate<'p>> {
        let (first, last) = self.body;
        let head = title.saturating_sub(8)..(first.max(title) + 8).min(self.blocks.len());
        let below = head.end;
        let foot = (last.saturating_sub(2)).max(head.end)..(last + 40).min(self.blocks.len());
        let may = |at: &usize| {
            let look = &self.sight.looks[*at];
            let by = look.cues & cues::BYLINE != 0;
            *at != title
                && !look.colon
                // An author of many pages of a site is not the site's.
                && (!self.is_site(*at) || (title..first + 3).contains(at))
                && (by && look.words <= 40 || name_like(look) || self.names_beside_addresses(*at)
                    || is_eastern_signature(look, &self.blocks[*at].text))
                && !(look.running() && look.words > 20 && !by)
        };
        let lines: Vec<usize> = head.chain(foot).filter(may).take(90).collect();
        let asked = |at: usize| {
            let text = signature(&self.blocks[at].text, &self.sight.looks[at]);
            let shape = Shape::of(&text);
            let (again, notes) = match shape.first {
                2.. => self.starts.get(start_of(&text)),
                _ => (0, 0),
            };
            // Below the body stand names of all sorts: the writer's has a note, or stands twice.
            let eastern = is_eastern_signature(&self.sight.looks[at], &text);
            let alone = at >= below && notes == 0 && again < 2 && !opens_byline(&text) && !eastern;
            let names = names_in(&text);
            let may = !alone && !section::is_common(&text);
            may.then_some(Signed { at, text, shape, again, notes, names })
        };
        let asked: Vec<_> = lines.into_iter().filter_map(asked).collect();
        let names = asked.iter().flat_map(|one| one.names.iter().flatten());
        let elsewhere = self.elsewhere(names.copied());
        let one = |one: Signed<'p>| {
            let Signed { at, text, shape, again, notes, names } = one;
            let look = &self.sight.looks[at];
            let mut row = Signs::default();
            self.common(&mut row, at);
            row.put(signed(at, title));
            row.put(words_between(&self.running, title, at));
            row.put(signed(title, first));
            row.flag(opens_byline(&text));
            row.put(shape.names.min(12) as f32);
            row.put(shape.small.min(12) as f32);
            row.put(shape.first as f32);
            row.put(shape.longest.min(20) as f32);
            row.flag(shape.only_names(&text));
            row.put(text.chars().filter(|c| matches!(c, '|' | '·' | '•' | '/')).count() as f32);
            row.flag(text.contains('@'));
            // A note on the writer begins with the name, or the name stands again.
            row.put(again.min(9) as f32);
            row.flag(notes > 0);
            let near = |range: std::ops::Range<usize>| {
                range.filter(|&other| self.dated.get(other).is_some_and(|dated| *dated)).count()
            };
            row.put(near(at + 1..at + 4) as f32);
            row.put(near(at.saturating_sub(3)..at) as f32);
            row.flag(self.dated[at]);
            row.put(look.capitals as f32 / look.words.max(1) as f32);
            let (mut small, mut told) = (0.0_f32, 0);
            for words in names {
                let words = || words.iter().map(|word| elsewhere.get(*word));
                let count = words().filter(|word| word.small).count();
                small = small.max(count as f32 / words().count().max(1) as f32);
                told = told.max(words().map(|word| word.running).min().unwrap_or(0));
            }
            row.put(small);
            row.put(told.min(9) as f32);
            Candidate { at, text, row: row.row }
        };
        asked.into_iter().map(one).collect()
    }

    /// How some words are written on the page: a name has none that stand there in small letters,
    /// and who wrote a text is rarely told of in it.
    fn elsewhere(&self, words: impl Iterator<Item = u64>) -> Tally<Written> {
        let mut words: Vec<u64> = words.collect();
        words.sort_unstable();
        words.dedup();
        let mut elsewhere: Tally<Written> = Tally::of(words.len());
        words.iter().for_each(|word| elsewhere.entry(*word).asked = true);
        if words.is_empty() {
            return elsewhere;
        }
        for word in self.sight.small() {
            if elsewhere.get(*word).asked {
                elsewhere.entry(*word).small = true;
            }
        }
        let running = self.sight.looks.iter().enumerate().filter(|(_, look)| look.running());
        for word in running.flat_map(|(at, _)| self.sight.capital(at)) {
            if elsewhere.get(*word).asked {
                elsewhere.entry(*word).running += 1;
            }
        }
        elsewhere
    }

    /// Whether what is left of a line without its addresses may be names.
    fn names_beside_addresses(&self, at: usize) -> bool {
        let look = &self.sight.looks[at];
        if !look.address || look.words > 120 {
            return false;
        }
        let text = signature(&self.blocks[at].text, look);
        let words = text.split_whitespace().filter(|word| word.contains(char::is_alphabetic));
        let (mut all, mut capitals) = (0, 0);
        for word in words {
            all += 1;
            let word = word.trim_start_matches(|c: char| !c.is_alphabetic());
            capitals += usize::from(word.starts_with(char::is_uppercase));
        }
        all <= 24 && capitals >= 2 && capitals * 2 >= all
    }

    /// The labels that may be the section's: those beside the headline, and those of a trail that
    /// leads to it.
    pub fn sections(&self, title: usize) -> Vec<Candidate<'p>> {
        let first = self.body.0.max(title + 1);
        let lines = title.saturating_sub(16)..(title + 9).min(first + 2).min(self.blocks.len());
        let trails = self.trails(title);
        let far = trails.iter().map(|(at, _)| *at).filter(|at| *at < lines.start);
        let far: Vec<usize> = far.collect();
        let mut candidates = Vec::new();
        for at in far.into_iter().chain(lines).filter(|at| *at != title) {
            let trail = trails.iter().find(|(other, _)| *other == at);
            let trail = trail.map(|(_, trail)| *trail).unwrap_or_default();
            self.labels_of(at, title, trail, &mut candidates);
        }
        candidates
    }

    /// The labels of one line that may be the section's.
    fn labels_of(
        &self,
        at: usize,
        title: usize,
        trail: Trail,
        candidates: &mut Vec<Candidate<'p>>,
    ) {
        let look = &self.sight.looks[at];
        let line = self.blocks[at].text.as_str();
        if look.words == 0 || look.words > 12 || look.closed || look.address || line.len() > 120 {
            return;
        }
        let text = bare(line);
        let text = if look.glued { parted(text) } else { text.into() };
        let parts: Vec<&str> = labels(&text);
        let parts_home = text.split([' ', '|', '>', '/']).next().is_some_and(is_home);
        let near = at < title && at + 4 >= title || parts_home;
        let within = if near && parts.len() == 1 { self.known_within(&text) } else { Vec::new() };
        // The row of labels that it stands in.
        let label = |at: usize| {
            self.sight.looks.get(at).is_some_and(|other| {
                other.words <= 5
                    && other.bullet == look.bullet
                    && other.numbered == look.numbered
                    && !other.closed
                    && at != title
            })
        };
        let up = (1..=ROW).take_while(|back| at >= *back && label(at - back)).count();
        let down = (1..=ROW).take_while(|on| label(at + on)).count();
        let home = (at - up..at).any(|at| self.is_home(at)) || parts_home;
        // Labels with nothing between them may be words.
        let own = if parts_home || !within.is_empty() { look.words as usize } else { 1 };
        let row = up + down + own.max(parts.len());
        // The first line of all pages is the name of the site.
        let menu = row > ROW_OF_MENU && !trail.titled || at == 0 && parts.len() == 1;
        let menu = menu && self.is_everywhere(at);
        let mut common = Signs::default();
        self.common(&mut common, at);
        let one_of = |parts: Vec<_>, inner: bool| {
            let count = parts.len();
            parts.into_iter().enumerate().map(move |(number, part)| (number, count, part, inner))
        };
        for (number, count, part, inner) in one_of(parts, false).chain(one_of(within, true)) {
            let words = part.split_whitespace().count();
            if words == 0 || words > 5 || part.len() > 50 || is_home(part) {
                continue;
            }
            // Which of its sections a page is of is told beside its menu.
            if menu && (at == 0 || !self.stands_beside_menu(part)) {
                continue;
            }
            let usual = section::is_common(part);
            // What sort of article it is tells not what it is about.
            if !usual && (kind::of(part).is_some() || section::is_furniture(part)) {
                continue;
            }
            let mut row = common.clone();
            row.put(signed(at, title));
            row.put(count as f32);
            row.put((count - number) as f32);
            row.put(words as f32);
            row.put(part.chars().count() as f32);
            let others = self.twins.get(name_of(part));
            row.put(others.saturating_sub(u32::from(count == 1)).min(5) as f32);
            row.flag(usual);
            row.flag(look.numbered);
            row.put(up as f32);
            row.put(down as f32);
            row.flag(home);
            row.flag(Shape::of(part).only_names(part));
            row.flag(part.chars().any(|c| c.is_ascii_digit()));
            row.flag(look.wide > 0);
            row.put(signed(title, self.body.0));
            let again = self.blocks[title].text.contains(part);
            row.flag(again);
            row.put(f32::from(trail.after));
            row.put(f32::from(trail.before));
            row.flag(trail.titled);
            row.flag(inner);
            row.put(number.min(6) as f32);
            candidates.push(Candidate { at, text: part.to_owned().into(), row: row.row });
        }
    }

    /// Whether a line stands where it does on nearly all pages of the site.
    fn is_everywhere(&self, at: usize) -> bool {
        self.site.is_some_and(|site| site[at] >= EVERYWHERE)
    }

    /// Whether a label of a menu has a line of its own elsewhere.
    fn stands_beside_menu(&self, label: &str) -> bool {
        let name = name_of(label);
        let lines = self.names.iter().enumerate();
        lines.filter(|(_, other)| **other == name).any(|(at, _)| !self.is_everywhere(at))
    }

    /// Whether a line only says that it leads to the first page.
    fn is_home(&self, at: usize) -> bool {
        self.sight.looks[at].words <= 3 && is_home(bare(&self.blocks[at].text))
    }

    /// The labels that make up a line, or a part of it, and have lines of their own elsewhere:
    /// `News World Venezuela`.
    fn known_within<'t>(&self, text: &'t str) -> Vec<&'t str> {
        let words: Vec<&str> = text.split(' ').filter(|word| !word.is_empty()).collect();
        if !(2..=7).contains(&words.len()) {
            return Vec::new();
        }
        let place = |word: &str| word.as_ptr() as usize - text.as_ptr() as usize;
        let mut found = Vec::new();
        let mut from = 0;
        while from < words.len() {
            let longest = (from + 1..=(from + 4).min(words.len())).rev().find_map(|to| {
                let label = &text[place(words[from])..place(words[to - 1]) + words[to - 1].len()];
                let known = label.len() < text.len() && self.twins.get(name_of(label)) > 0;
                known.then_some((to, label))
            });
            match longest {
                Some((to, label)) => {
                    found.push(label);
                    from = to;
                }
                None => from += 1,
            }
        }
        found
    }

    /// The lines of trails that lead from the first page to the article, each a label: from `Home`
    /// on, or up to a line that says the headline again.
    fn trails(&self, title: usize) -> Vec<(usize, Trail)> {
        /// No trail is longer.
        const MOST: usize = 6;
        /// How far above the headline a trail on one line may stand.
        const AWAY: usize = 60;
        /// No page has more lines of trails; one that is nothing but them is soon done with.
        const LINES: usize = 64;
        let looks = &self.sight.looks;
        let label = |at: usize, beside: usize| {
            let (look, other) = (&looks[at], &looks[beside]);
            (1..=6).contains(&look.words)
                && !look.closed
                && !self.dated[at]
                && look.bullet == other.bullet
                && look.numbered == other.numbered
        };
        let mut found: Vec<(usize, Trail)> = Vec::new();
        let note = |found: &mut Vec<_>, lines: std::ops::Range<usize>, home: bool, titled| {
            for at in lines.clone() {
                let after = if home { (at - lines.start + 1) as u8 } else { 0 };
                let trail = Trail { after, before: (lines.end - at) as u8, titled };
                match found.iter_mut().find(|(other, _): &&mut (usize, Trail)| *other == at) {
                    Some((_, known)) if titled && !known.titled || home && known.after == 0 => {
                        *known = trail;
                    }
                    Some(_) => {}
                    None => found.push((at, trail)),
                }
            }
        };
        let rare = self.sight.rare(title);
        let tells = |at: usize| {
            let own = self.sight.rare(at);
            !looks[at].running()
                && at != title
                && looks[at].words >= 3
                && rare.len() >= 2
                && own.len() * 2 >= rare.len()
                && {
                    let same = rare.iter().filter(|word| own.contains(word)).count();
                    same * 5 >= rare.len() * 3
                }
        };
        for (at, look) in looks.iter().enumerate().take(title) {
            if found.len() >= LINES {
                break;
            }
            if at + AWAY >= title && leads_home(&self.blocks[at].text, look.words) {
                note(&mut found, at..at + 1, false, false);
            }
            if self.is_home(at) {
                let run = (at + 1..title).take_while(|next| label(*next, at) && !tells(*next));
                let end = at + 1 + run.take(MOST + 1).count();
                let titled = end < title && tells(end);
                if titled || end - at - 1 <= MOST / 2 {
                    note(&mut found, at + 1..end, true, titled);
                }
            } else if tells(at) {
                let run = (0..at).rev().take_while(|back| label(*back, at) && !self.is_home(*back));
                let length = run.take(MOST + 1).count();
                if length <= MOST {
                    let home = at.checked_sub(length + 1).is_some_and(|at| self.is_home(at));
                    note(&mut found, at - length..at, home, true);
                }
            }
        }
        found
    }

    /// What is seen of a line whatever the question.
    fn common(&self, row: &mut Signs, at: usize) {
        let total = self.blocks.len();
        let look = &self.sight.looks[at];
        let share = |part: u32, whole: u32| part as f32 / whole.max(1) as f32;
        row.put(at.min(400) as f32);
        row.put((total - at).min(400) as f32);
        row.put(signed(at, self.body.0));
        row.put(signed(at, self.sight.run.start));
        row.put(signed(at, self.body.1));
        row.put(look.words.min(60) as f32);
        row.put(look.chars.min(300) as f32);
        row.put(share(look.stops, look.words));
        row.put(share(look.capitals, look.words));
        row.put(share(look.digits, look.chars));
        row.put(look.commas.min(8) as f32);
        row.put(look.bars.min(8) as f32);
        row.put(look.quotes.min(6) as f32);
        row.put(share(look.cue_words, look.words));
        for sort in 1..10 {
            row.flag(look.cues & (1 << sort) != 0);
        }
        row.flag(look.bullet);
        row.flag(look.numbered);
        row.flag(look.lower_start);
        row.flag(look.shouts);
        row.put(f32::from(u8::from(look.closed)) + f32::from(u8::from(look.question)));
        row.flag(look.colon);
        let gap = |at: usize| self.blocks.get(at).map_or(3.0, |block| block.gap.min(3) as f32);
        row.put(gap(at));
        row.put(gap(at + 1));
        let twins = if look.words <= LONG { self.twins.get(self.names[at]).max(1) } else { 1 };
        row.put(twins.min(6) as f32);
        row.put(self.sight.likeness(at));
        row.put(self.sight.echo[at][0]);
        row.put(self.sight.echo[at][1]);
        row.put(self.site.map_or(0.5, |site| f32::from(u8::from(site[at] > 0.0))));
        // What its words weigh.
        self.sight.lexical[at][1..].iter().for_each(|sign| row.put(*sign));
        for step in [-2isize, -1, 1, 2, 3] {
            let other = at.checked_add_signed(step).filter(|other| *other < total);
            let look = other.map(|other| &self.sight.looks[other]);
            row.put(look.map_or(-1.0, |look| look.words.min(60) as f32));
            let kind = other.map_or(-1.0, |other| self.kind(other));
            row.put(kind);
        }
        let near = |range: std::ops::Range<usize>| {
            let lines = &self.sight.looks[range];
            let marked = lines.iter().filter(|look| look.bullet || look.numbered).count();
            marked as f32 / lines.len().max(1) as f32
        };
        row.put(near(at.saturating_sub(5)..at));
        row.put(near(at + 1..(at + 6).min(total).max(at + 1)));
        self.far[at].iter().for_each(|far| row.put(f32::from(*far)));
    }

    /// What sort of line stands beside another: running text highest.
    fn kind(&self, at: usize) -> f32 {
        let look = &self.sight.looks[at];
        if look.running() {
            5.0
        } else if self.dated[at] {
            4.0
        } else if look.cues & cues::BYLINE != 0 {
            3.0
        } else if look.cues & (cues::SHARE | cues::APPEAL) != 0 {
            1.0
        } else {
            2.0
        }
    }
}

/// For each line how far the next line with a short day is, and the last one; then those with a
/// byline, and those for sharing; 12 where there is none.
fn far(looks: &[Look], dated: &[bool]) -> Vec<[u8; 6]> {
    const FAR: u8 = 12;
    let sorts = |at: usize| {
        let look = &looks[at];
        let cue = |cue: u16, most: u32| look.cues & cue != 0 && look.words <= most;
        [dated[at] && look.words <= 16, cue(cues::BYLINE, 16), cue(cues::SHARE, 12)]
    };
    let mut all = vec![[FAR; 6]; looks.len()];
    let mut walk = |lines: &mut dyn Iterator<Item = usize>, column: usize| {
        let mut far = [FAR; 3];
        for at in lines {
            for (sort, is) in sorts(at).into_iter().enumerate() {
                all[at][2 * sort + column] = far[sort];
                far[sort] = if is { 1 } else { (far[sort] + 1).min(FAR) };
            }
        }
    };
    walk(&mut (0..looks.len()).rev(), 0);
    walk(&mut (0..looks.len()), 1);
    all
}

/// Whether a line that is no longer than a headline cannot be one: it has an address of mail, says
/// when and no more, is of a program, or is [`is_eastern_furniture`].
fn is_no_headline(look: &Look, text: &str) -> bool {
    let has_mail = || {
        text.split_whitespace().any(|word| {
            word.split_once('@').is_some_and(|(who, host)| !who.is_empty() && host.contains('.'))
        })
    };
    look.address && has_mail()
        || is_stamp(look, text)
        || opens_with_day(look, text)
        || has_day_and_clock(look, text)
        || is_dated(look) && ["Posted ", "Published "].iter().any(|opens| text.starts_with(opens))
        || text.ends_with(['{', '}', ';'])
        || is_eastern_furniture(text)
}

/// Whether a line begins with a day and goes on behind a dash, a dot or a bar, as lines do that have
/// the writers too: `February 14, 2023 · Ada Nagy`. Of 22,000 headlines none does.
fn opens_with_day(look: &Look, text: &str) -> bool {
    // Nearly all dated lines have none of these.
    is_dated(look) && text.contains(['-', '–', '—', '·', '•', '|']) && {
        let text = bare(text);
        let days = find_all(text, Habit::default(), false);
        days.iter().find(|day| text[..day.range.start].trim().is_empty()).is_some_and(|day| {
            let rest = text[day.range.end..].trim_start();
            rest.len() < text[day.range.end..].len()
                && rest.starts_with(['-', '–', '—', '·', '•', '|'])
                && rest.chars().nth(1).is_some_and(char::is_whitespace)
        })
    }
}

/// Whether a line has a day with a time of day behind it: `Column by Ada Nagy - 14.02.2023 at 08:52`.
fn has_day_and_clock(look: &Look, text: &str) -> bool {
    is_dated(look) && look.digits >= 8 && {
        let days = find_all(text, Habit { day_first: Some(true) }, false);
        days.iter().any(|day| {
            let rest = &text[day.range.end..];
            let near = &rest[..rest.floor_char_boundary(12)];
            near.starts_with([' ', ',']) && has_clock(near)
        })
    }
}

/// Whether a line has no letters but those of its days: `Mai 06 2018`, `08.04.2015 12:46`.
pub(super) fn is_stamp(look: &Look, text: &str) -> bool {
    if look.digits < 3 || look.words > 8 {
        return false;
    }
    let letters = |text: &str| text.chars().filter(|c| c.is_alphabetic()).count();
    let all = letters(text);
    // `pm`, and what a number is written with.
    const FEW: usize = 2;
    all <= FEW
        || is_dated(look) && {
            let days = find_all(text, Habit::default(), false);
            all - days.iter().map(|day| letters(&text[day.range.clone()])).sum::<usize>() <= FEW
        }
}

/// Whether a line of Korean, Japanese or Chinese is for sharing or keeping the article, says whose a
/// picture is, when it was published, how long it takes to read, or where the reader is: their words
/// for that are not parted by blanks, so that no cue is seen in them.
fn is_eastern_furniture(text: &str) -> bool {
    const MINUTES: [(&str, &str); 4] =
        [("分钟", "阅读"), ("分鐘", "閱讀"), ("分で", "読"), ("분", "읽기")];
    const WORDS: [&str; 22] = [
        "공유하기",
        "인쇄하기",
        "스크랩",
        "글자크기",
        "사진 출처",
        "사진=",
        "사진 =",
        "シェアする",
        "ツイートする",
        "ブックマーク",
        "写真：",
        "写真提供",
        "撮影：",
        "分享到",
        "分享至",
        "图片来源",
        "圖片來源",
        "责任编辑",
        "二维码",
        "微信扫",
        "发布时间",
        "当前位置",
    ];
    let takes = |(minutes, read): &(&str, &str)| text.contains(minutes) && text.contains(read);
    is_eastern(text)
        && (WORDS.iter().any(|word| text.contains(word))
            || text.chars().count() <= 16 && MINUTES.iter().any(takes))
}

/// Whether a line of Korean, Japanese or Chinese names a reporter and no more.
fn is_eastern_signature(look: &Look, text: &str) -> bool {
    look.chars <= 40
        && is_eastern(text)
        && ["기자", "특파원", "記者", "记者", "特派員"].iter().any(|role| text.contains(role))
}

/// Whether a text has letters of Korean, Japanese or Chinese, by what their bytes begin with.
pub(super) fn is_eastern(text: &str) -> bool {
    text.bytes().any(|byte| (0xe3..=0xed).contains(&byte))
}

/// Words that stand before the day of publication.
const ISSUED: &[&str] = &[
    "publi",
    "posted",
    "veröffentlicht",
    "erschienen",
    "erstellt",
    "offentlig",
    "written",
    "geschrieben",
    "created",
    "pubblicat",
    "geplaatst",
    "udgivet",
    "julkaistu",
    "опубликован",
    "发布",
    "公開",
    "投稿",
];

/// Words that stand before the day of something else.
const EVENT: &[&str] = &[
    "event",
    "meeting",
    "会议",
    "sendung",
    "programm",
    "termin",
    "deadline",
    "expires",
    "born",
    "geboren",
    "seit dem",
    "ab dem",
    "copyright",
    "©",
];

/// Puts sign after sign.
#[derive(Clone)]
struct Signs {
    row: Row,
    next: usize,
}

impl Default for Signs {
    fn default() -> Self {
        Self { row: [0.0; SIGNS], next: 0 }
    }
}

impl Signs {
    fn put(&mut self, sign: f32) {
        self.row[self.next] = sign;
        self.next += 1;
    }

    fn flag(&mut self, on: bool) {
        self.put(f32::from(u8::from(on)));
    }
}

/// The capital words of a line, as names have them.
#[derive(Debug, Default)]
struct Shape {
    /// Words that begin with a capital.
    names: usize,
    /// Words that do not.
    small: usize,
    /// Capital words in a row at the start.
    first: usize,
    /// Letters of the longest word.
    longest: usize,
}

impl Shape {
    fn of(text: &str) -> Self {
        let mut shape = Self::default();
        let mut row = true;
        for word in text.split_whitespace() {
            let letters = word.trim_matches(|c: char| !is_alphanumeric(c));
            let count = if letters.is_ascii() { letters.len() } else { letters.chars().count() };
            shape.longest = shape.longest.max(count);
            if letters.starts_with(|c: char| c.is_uppercase()) {
                shape.names += 1;
                shape.first += usize::from(row);
            } else if !letters.is_empty() {
                shape.small += 1;
                row = false;
            }
            row &= !word.ends_with([',', ';', '|', '·', ':']);
        }
        shape
    }

    /// Whether the text is two to four capital words and no more.
    fn only_names(&self, text: &str) -> bool {
        (2..=4).contains(&self.names)
            && self.small <= 1
            && text
                .chars()
                .all(|c| c.is_alphabetic() || matches!(c, ' ' | '.' | '-' | '\'' | '’' | '\u{a0}'))
    }
}

/// The words, but for the shortest, of each row of two and more words with capitals, by their
/// hashes.
fn names_in(text: &str) -> Vec<Vec<u64>> {
    let (mut names, mut row, mut count) = (Vec::new(), Vec::new(), 0);
    for word in text.split_whitespace().chain([""]) {
        let letters = word.trim_start_matches(|c: char| !is_alphanumeric(c));
        let is_name = letters.starts_with(|c: char| c.is_uppercase());
        if is_name {
            count += 1;
            for part in letters.split(|c: char| !is_alphanumeric(c)) {
                if part.chars().nth(SHORTEST - 1).is_some() {
                    row.push(cues::hash(&part.to_lowercase()));
                }
            }
        }
        if !is_name || word.ends_with([',', ';', '|', '·', ':']) {
            if count > 1 && !row.is_empty() {
                names.push(std::mem::take(&mut row));
            }
            row.clear();
            count = 0;
        }
    }
    names
}

/// The text of a line without its bullet, and without its number where it has one.
pub(super) fn bare(text: &str) -> &str {
    if text.starts_with(|c: char| c.is_ascii_alphabetic()) {
        return text.trim_end();
    }
    let text = text.trim_start_matches(is_bullet).trim_end();
    let rest = text.trim_start_matches(|c: char| c.is_ascii_digit());
    let digits = text.len() - rest.len();
    match rest.strip_prefix(['.', ')']) {
        Some(rest) if (1..=2).contains(&digits) && rest.starts_with(' ') => rest.trim_start(),
        _ => text,
    }
}

/// The hash of what a line says, whatever its bullet, its number and its capitals.
fn name_of(text: &str) -> u64 {
    name_and_start(text, false).0
}

/// The hash of the first two words of a line.
fn start_of(text: &str) -> u64 {
    name_and_start(text, true).1
}

/// For each byte the letter or digit of ASCII that it is in small, or 0.
static SMALL: [u8; 256] = {
    let mut small = [0; 256];
    let mut byte = 0_u8;
    while byte < 0x80 {
        if byte.is_ascii_alphanumeric() {
            small[byte as usize] = byte.to_ascii_lowercase();
        }
        byte += 1;
    }
    small
};

/// The hash of what a line says, and that of its first two words; with `short`, the former is that
/// of its first two words too.
fn name_and_start(text: &str, short: bool) -> (u64, u64) {
    let mut hash = 0;
    let mut start = None;
    let mut blanks = 0;
    let text = bare(text);
    let mut at = 0;
    while let Some(&byte) = text.as_bytes().get(at) {
        at += 1;
        let letter = SMALL[usize::from(byte)];
        if letter != 0 {
            hash = cues::said(hash, char::from(letter));
            continue;
        }
        let c = match byte {
            b' ' => '\u{a0}',
            ..0x80 => continue,
            _ => {
                let c = text[at - 1..].chars().next().unwrap_or('\u{a0}');
                at += c.len_utf8() - 1;
                c
            }
        };
        if c == '\u{a0}' {
            blanks += 1;
            if blanks == 2 {
                start = Some(hash);
                if short {
                    break;
                }
            }
        } else if let Some(small) = small(c) {
            hash = cues::said(hash, small);
        }
    }
    (hash, start.unwrap_or(hash))
}

/// The labels of a row of them: `Home > News > World`, `Nyheter / Sverige`, `Startseite Leben`.
fn labels(text: &str) -> Vec<&str> {
    let parts = text.split(['>', '›', '»', '/', '|', '→']);
    let parts: Vec<&str> = parts.map(str::trim).filter(|part| !part.is_empty()).collect();
    match (&parts[..], text.split_once(' ')) {
        ([_], Some((home, rest))) if is_home(home) => {
            let rest = rest.trim();
            let ends = [rest.split(' ').next(), rest.rsplit(' ').next()];
            let ends = ends.into_iter().flatten().filter(|end| end.len() < rest.len());
            std::iter::once(rest).chain(ends).collect()
        }
        _ => parts,
    }
}

/// A row of labels whose words were glued together: `HomePolitikAusland`.
fn parted(text: &str) -> Cow<'_, str> {
    let mut parted = String::new();
    let mut last = ' ';
    for c in text.chars() {
        if c.is_uppercase() && last.is_lowercase() {
            parted.push_str(" | ");
        }
        parted.push(c);
        last = c;
    }
    if parted.len() == text.len() { Cow::Borrowed(text) } else { Cow::Owned(parted) }
}

/// Whether a line is a trail of several labels, the first of which is that of the first page.
fn leads_home(text: &str, words: u32) -> bool {
    if words > 12 {
        return false;
    }
    let text = bare(text);
    let end = text.find([' ', '|', '>', '/', '›', '»']).unwrap_or(text.len());
    let first = &text[..end];
    // `HomePolitikAusland`
    let seam = first.char_indices().zip(first.chars().skip(1));
    let seam = seam.filter(|((_, c), next)| c.is_lowercase() && next.is_uppercase());
    let seam = seam.map(|((at, c), _)| at + c.len_utf8()).next();
    (end < text.len() || seam.is_some()) && is_home(&first[..seam.unwrap_or(end)])
}

fn is_home(text: &str) -> bool {
    /// No such name is longer.
    const MOST: usize = 40;
    let mut room = [0; MOST];
    match room.get_mut(..text.len()) {
        None => false,
        Some(small) if text.is_ascii() => {
            small.copy_from_slice(text.as_bytes());
            small.make_ascii_lowercase();
            std::str::from_utf8(small).is_ok_and(section::is_home)
        }
        Some(_) => section::is_home(&text.to_lowercase()),
    }
}

fn words_between(running: &[u32], one: usize, other: usize) -> f32 {
    let sum = |at: usize| at.checked_sub(1).map_or(0, |at| running[at.min(running.len() - 1)]);
    let between = f64::from(sum(other)) - f64::from(sum(one));
    between.clamp(-600.0, 600.0) as f32
}

fn signed(at: usize, to: usize) -> f32 {
    (at as f32 - to as f32).clamp(-100.0, 100.0)
}

/// Whether a line may hold a day: a year with a month or with more digits, or `12.03.24`.
pub(super) fn is_dated(look: &Look) -> bool {
    look.digits >= 5 && (look.year || look.cues & cues::MONTH != 0 || look.words <= 20)
        || look.year && look.cues & cues::MONTH != 0
}

/// Whether a line may be a name with what stands around one: short, and most words with capitals.
fn name_like(look: &Look) -> bool {
    look.capitals >= 2
        && look.words <= 24
        && look.stops <= 1 + look.words / 4
        && (look.capitals * 2 >= look.words || look.digits >= 4 || look.address)
}

/// Whether a time of day stands in a text: `16:24`, `20.15 Uhr`, `9:45 am`, `14h52`.
pub(super) fn has_clock(text: &str) -> bool {
    let bytes = text.as_bytes();
    bytes.windows(4).any(|four| {
        four[0].is_ascii_digit()
            && matches!(four[1], b':' | b'.' | b'h')
            && four[2].is_ascii_digit()
            && four[3].is_ascii_digit()
    })
}

/// The text of a line whose words were glued together when it was flattened, parted again:
/// `Ada NagyUpdated`, `Nagy24.04.2024`, `20247:55`.
pub(in crate::extract) fn unglued(text: &str) -> Cow<'_, str> {
    let mut parted = String::new();
    let mut copied = 0;
    // Of the word and of the number that end here: where they began.
    let (mut word, mut number) = (0, 0);
    let mut last = ' ';
    for (at, c) in text.char_indices() {
        let letter = c.is_alphabetic();
        let split = if c.is_uppercase() && last.is_lowercase() {
            let run = text[word..at].chars().count();
            let named = text[..word].trim_end_matches(|c: char| !c.is_whitespace());
            let named = named.trim_end().rsplit(' ').next().unwrap_or_default();
            let named = named.starts_with(char::is_uppercase) && named != "By";
            let opens = matches!(&text[word..at], "By" | "by");
            if opens && word == text[..at].rfind(char::is_whitespace).map_or(0, |at| at + 1) {
                Some(" ")
            } else {
                (run >= 4 && named || run >= 3 && follows_a_name(&text[at..])).then_some(" | ")
            }
        } else if c.is_ascii_digit() && last.is_alphabetic() && last.is_lowercase() {
            let run = text[word..at].chars().count();
            (run >= 3).then_some(" ")
        } else if c.is_ascii_digit() && at - number == 4 && last.is_ascii_digit() {
            let digits = text[number..].bytes().take_while(u8::is_ascii_digit).count();
            let year = text[number..].starts_with("19") || text[number..].starts_with("20");
            (year && (digits == 5 || digits == 6)).then_some(" ")
        } else if letter && last.is_ascii_digit() {
            let tail = text[at..].chars().take_while(|c| c.is_alphabetic()).count();
            (tail >= 4 && c.is_uppercase() || tail >= 3 && at - number == 4).then_some(" | ")
        } else {
            None
        };
        if let Some(sign) = split {
            parted.push_str(&text[copied..at]);
            parted.push_str(sign);
            copied = at;
        }
        if letter && (!last.is_alphabetic() || c.is_uppercase()) {
            word = at;
        }
        if c.is_ascii_digit() && (!last.is_ascii_digit() || split.is_some()) {
            number = at;
        }
        last = c;
    }
    if copied == 0 {
        return Cow::Borrowed(text);
    }
    parted.push_str(&text[copied..]);
    Cow::Owned(parted)
}

/// The part of a line that may name its writers: no address, nothing before `written by`, nothing
/// behind the names.
pub(super) fn signature<'t>(line: &'t str, look: &Look) -> Cow<'t, str> {
    const LABELS: [&str; 16] = [
        "published",
        "updated",
        "posted",
        "last",
        "follow",
        "view",
        "aktualisiert",
        "min",
        "minute",
        "minutes",
        "comments",
        "no",
        "read",
        "reading",
        "for",
        "publié",
    ];
    let mut text = without_addresses(bare(line));
    if look.glued {
        text = Cow::Owned(unglued(&text).into_owned());
    }
    // `Kolumne von Ada Nagy`
    let by = look.cues & cues::BYLINE != 0 || look.glued;
    let of = by.then(|| text.find(" von ")).flatten().filter(|at| {
        const SORTS: [&str; 8] =
            ["kolumne", "kommentar", "analyse", "essay", "gastbeitrag", "artikel", "glosse", "ein"];
        SORTS.iter().any(|sort| text[..*at].eq_ignore_ascii_case(sort))
    });
    if let Some(at) = of {
        text = Cow::Owned(text[at + 1..].to_owned());
    }
    // `… | Written by Ada Nagy`
    let inner = |at: &usize| {
        let before = text[..*at].trim_end();
        let verb = before.rsplit([' ', '|', '—']).next().unwrap_or_default();
        let verbs = ["written", "posted", "words", "story", "post", "published"];
        let is = |word: &str| verbs.iter().any(|verb| word.eq_ignore_ascii_case(verb));
        // `Published March 5, 1912 by Ada Nagy`
        let day = before.ends_with(|c: char| c.is_ascii_digit())
            && before.split(' ').next().is_some_and(is);
        is(verb) && before.len() > verb.len() || day
    };
    let all = by.then(|| text.match_indices(" by "));
    let inner = all.into_iter().flatten().map(|(at, _)| at).filter(inner).last();
    // `Dienstag, 14. Februar 2023, von Ada Nagy`
    let behind_day = |at: &usize| {
        let before = text[..*at].trim_end_matches([' ', ',', '|', '-', '–']);
        before.ends_with(|c: char| c.is_ascii_digit()) && is_dated(look)
    };
    let all = by.then_some([" von ", " por ", " Por ", " par ", " Par ", " di "]);
    let found = all.into_iter().flatten().filter_map(|word| text.find(word));
    if let Some(at) = inner.or_else(|| found.filter(behind_day).min()) {
        text = Cow::Owned(text[at + 1..].to_owned());
    }
    // Italian has a word for `by` that stands in names too.
    if let Some(name) = text.strip_prefix("di ").filter(|name| name.starts_with(char::is_uppercase))
    {
        text = Cow::Owned(format!("by {name}"));
    }
    let mut at = 0;
    for (number, word) in text.split_inclusive([' ', '\u{a0}', '|']).enumerate() {
        let label = || {
            let bare = word.trim_matches(|c: char| !c.is_alphabetic());
            LABELS.iter().any(|label| bare.eq_ignore_ascii_case(label))
        };
        if number >= 2 && label() {
            let cut = text[..at].trim_end_matches(|c: char| {
                c.is_whitespace()
                    || c.is_ascii_digit()
                    || matches!(c, '|' | '·' | '•' | '-' | '—' | '.' | ',')
            });
            // `By Ada Nagy March 5, 2024 No Comments`: nothing is left of the day.
            let whole = cut.rsplit_once(' ').filter(|(_, last)| {
                cues::of(cues::hash(&last.to_lowercase())).cues & cues::MONTH != 0
            });
            return Cow::Owned(whole.map_or(cut, |(name, _)| name).to_owned());
        }
        at += word.len();
    }
    text
}

/// Whether a word opens what follows a name: a month, or a word on when it was published.
fn follows_a_name(word: &str) -> bool {
    let end = word.find(|c: char| !c.is_alphabetic()).unwrap_or(word.len());
    let word = word[..end].to_lowercase();
    let found = cues::of(cues::hash(&word)).cues;
    found & (cues::MONTH | cues::BYLINE) != 0
}

/// Whether a line begins as bylines do, however many it names.
fn names_many(text: &str) -> bool {
    opens_byline(&text[..text.floor_char_boundary(60)])
}

/// Whether a line begins as bylines do.
pub(super) fn opens_byline(text: &str) -> bool {
    let start = bare(text).trim_start_matches(['|', ' ']);
    let end = start.find([' ', ':', '\u{a0}']).unwrap_or(start.len());
    let word = &start[..end];
    let rest = start[end..].trim_start_matches([' ', ':', '\u{a0}']);
    let opens = [
        "by",
        "von",
        "par",
        "por",
        "door",
        "av",
        "af",
        "di",
        "autor",
        "author",
        "authors",
        "text",
        "auteur",
        "autorin",
        "written",
        "words",
        "story",
        "kommentar",
        "kolumne",
    ];
    opens.iter().any(|open| word.eq_ignore_ascii_case(open))
        && rest.chars().next().is_some_and(|c| c.is_uppercase() || c == '@' || start.len() < 60)
        && start.split_whitespace().count() <= 16
}

#[cfg(test)]
mod tests {
    use super::super::look::Words;
    use super::*;

    #[test]
    fn a_name_is_told_by_how_its_words_are_written_elsewhere() {
        let lines = [
            "Harbour Updates",
            "Ada Nagy, Mira Stone",
            "The council voted on Tuesday to let the ferries run again, and gives updates from the \
             first of April, said its head Mira Stone after a winter without boats.",
        ];
        let block = |text: &&str| Block { text: (*text).to_owned(), ..Block::default() };
        let blocks: Vec<Block> = lines.iter().map(block).collect();
        let sight = Sight::of(&blocks);
        let fields = Fields::of(&blocks, &sight, None, (2, 2));
        let names: Vec<_> = lines[..2].iter().flat_map(|line| names_in(line)).collect();
        assert_eq!(names.iter().map(Vec::len).collect::<Vec<_>>(), [2, 2, 2]);
        let elsewhere = fields.elsewhere(names.iter().flatten().copied());
        let seen = |name: &Vec<u64>| {
            let word = elsewhere.get(name[1]);
            (word.small, word.running)
        };
        assert_eq!(names.iter().map(seen).collect::<Vec<_>>(), [(true, 0), (false, 0), (false, 1)]);
    }

    #[test]
    fn glued_words_are_parted() {
        for (text, parted) in [
            ("Ada NagyUpdated", "Ada Nagy | Updated"),
            ("Ada Nagy24.04.2024, 19:35 Uhr", "Ada Nagy 24.04.2024, 19:35 Uhr"),
            ("March 7, 20247:55 AM", "March 7, 2024 7:55 AM"),
            ("17.04.2024, 12:24Lesezeit: 5 Min.", "17.04.2024, 12:24 | Lesezeit: 5 Min."),
            ("ByAda Nagy", "By Ada Nagy"),
            ("By MixmasterAda", "By MixmasterAda"),
            ("Tom McDonald", "Tom McDonald"),
            ("20240305", "20240305"),
        ] {
            assert_eq!(unglued(text), parted, "{text}");
        }
    }

    #[test]
    fn a_signature_is_what_names_the_writers() {
        for (line, names) in [
            ("By Ada Nagy published 19 May 2026", "By Ada Nagy"),
            ("Funerals, News | Published: 5 hours ago | Written by Ada Nagy", "by Ada Nagy"),
            ("Ada Nagy (Post)https://post.example/ , Bo Li", "Ada Nagy (Post) , Bo Li"),
            ("Published March 5, 1912 by Ada Nagy", "by Ada Nagy"),
            ("Kolumne von Ada Nagy", "von Ada Nagy"),
            ("di Ada Nagy", "by Ada Nagy"),
            ("• Ada Nagy", "Ada Nagy"),
        ] {
            let look = Look::at(line, &mut Words::default(), &mut |_| {}).0;
            assert_eq!(signature(line, &look), names, "{line}");
        }
    }

    #[test]
    fn lines_for_sharing_are_no_headlines_in_scripts_without_blanks_either() {
        for (line, furniture) in [
            ("이메일에 공유하기 링크 복사하기", true),
            ("항구의 다리가 닫힌다 [사진 출처 = 시]", true),
            ("항구의 다리가 닫힌다", false),
            ("港の橋、月曜から通行止め", false),
            ("シェアする", true),
            ("Harbour bridge “closed”", false),
        ] {
            assert_eq!(is_eastern_furniture(line), furniture, "{line}");
        }
    }

    #[test]
    fn trails_lead_from_the_first_page() {
        for (line, words, leads) in [
            ("Home > News > World", 4, true),
            ("HomePolitikAusland", 1, true),
            ("Startseite Leben", 2, true),
            ("Home", 1, false),
            ("Homes are dear in the harbour", 6, false),
            ("News World", 2, false),
        ] {
            assert_eq!(leads_home(line, words), leads, "{line}");
        }
    }

    #[test]
    fn rows_of_labels_come_apart() {
        assert_eq!(labels("Home > News > World"), ["Home", "News", "World"]);
        assert_eq!(labels("Startseite Leben"), ["Leben"]);
        assert_eq!(labels(&parted("HomePolitikAusland")), ["Home", "Politik", "Ausland"]);
        assert_eq!(bare("3. Harbour"), "Harbour");
        assert_eq!(bare("2024 was cold"), "2024 was cold");
    }
}
