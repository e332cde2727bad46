//! Which passage of an article shows best why it matches, and what in it matches.
//!
//! The body is cut into sentences once; a window of whole sentences is judged by what it holds of
//! the query: first how many of its parts, rare ones for more, then whether it holds more than one
//! match, then how near the beginning it stands. A window that cuts a sentence has its price, so
//! it is taken where it shows a part of the query more.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::hit::Snippet;
use crate::query::{Form, Pattern, Scope, Word};
use crate::spans::{self, Late};
use crate::words::{Firsts, LEAD_WORDS, Region, Words};

/// One part of a query, with the words that an engine took for it.
#[derive(Debug, Clone)]
pub struct Sought {
    /// Where it must stand.
    pub scope: Scope,
    /// What must stand there.
    pub pattern: Pattern,
    /// The words that each word of the pattern stands for, folded.
    pub slots: Vec<Vec<String>>,
    /// How rare it is: from 0, in every article, to 1, in one alone.
    pub rarity: f32,
    /// Whether it is marked where it stands. A word that was left out of the query is not: it only
    /// tells between passages.
    pub marked: bool,
}

impl Sought {
    /// A word that was left out of the query, folded, with the share of the articles without it.
    pub fn aside(word: &str, rarity: f32) -> Self {
        let form = Form::Plain(word.to_owned());
        Self {
            scope: Scope::Body,
            pattern: Pattern::Word(Word { form, exact: true }),
            slots: vec![vec![word.to_owned()]],
            rarity,
            marked: false,
        }
    }

    /// What a window is worth that shows it.
    fn worth(&self) -> i64 {
        if self.marked { PART + (RARE * self.rarity) as i64 } else { (ASIDE * self.rarity) as i64 }
    }
}

/// The place of one match in a text.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Match {
    /// The number of the part of the query.
    part: usize,
    /// The place of the marked words, in bytes, rising.
    marks: Vec<Range<usize>>,
}

impl Match {
    fn place(&self) -> Range<usize> {
        self.marks.first().map_or(0, |mark| mark.start)..self.marks.last().map_or(0, |m| m.end)
    }
}

/// How many places of a part of the query are looked at for a snippet: the first ones of a text that
/// is nothing but the words that were sought.
const LOOKED_AT: usize = 20_000;
/// How many places of a part of the query are listed of one text.
pub const MOST_PLACES: usize = 100_000;

/// Snippets of the body, at most `most` of about `width` characters, and the marks of the headline.
///
/// There is always a snippet where there is a body: one that does not match is its beginning. What
/// is given once it is `late` is of no use.
pub fn show(
    article: &Article,
    sought: &[Sought],
    most: usize,
    width: usize,
    late: Late<'_>,
) -> (Vec<Snippet>, Vec<Range<usize>>) {
    let headline = matches(&article.headline, Region::Headline, sought, 0, LOOKED_AT, late);
    let before = if article.standfirst.is_empty() || article.body.starts_with(&article.standfirst) {
        0
    } else {
        count_words(&article.standfirst)
    };
    let body = matches(&article.body, Region::Body, sought, before, LOOKED_AT, late);
    let mut snippets = best(&article.body, &body, sought, most, width);
    if !body.iter().any(|found| sought[found.part].marked) && before > 0 {
        let standfirst = matches(&article.standfirst, Region::Body, sought, 0, LOOKED_AT, late);
        if !standfirst.is_empty() {
            snippets = best(&article.standfirst, &standfirst, sought, most, width);
            for snippet in &mut snippets {
                snippet.place = None;
            }
        }
    }
    (snippets, marks_of(&headline))
}

/// The places in a text of a region where a part of the query stands: the words that make it, in
/// bytes, rising. Two parts that stand on the same words are one place.
///
/// Of each part the first [`MOST_PLACES`] are given; whether there may be more is said beside them.
/// What is given once it is `late` is of no use.
pub fn places(
    text: &str,
    region: Region,
    sought: &[Sought],
    late: Late<'_>,
) -> (Vec<Vec<Range<usize>>>, bool) {
    let matches = matches(text, region, sought, 0, MOST_PLACES, late);
    let cut = (0..sought.len())
        .any(|part| matches.iter().filter(|found| found.part == part).count() == MOST_PLACES);
    let mut found: Vec<Vec<Range<usize>>> = matches.into_iter().map(|found| found.marks).collect();
    found.retain(|marks| !marks.is_empty());
    found.sort_by_key(|marks| marks.iter().map(|mark| (mark.start, mark.end)).collect::<Vec<_>>());
    found.dedup();
    (found, cut)
}

fn count_words(text: &str) -> u32 {
    let mut words = Words::new(text);
    let mut count = 0;
    while words.advance().is_some() {
        count += 1;
    }
    count
}

/// The marks of all matches, rising; those that overlap (a phrase and a word of it) are one.
fn marks_of(matches: &[Match]) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> =
        matches.iter().flat_map(|found| found.marks.iter().cloned()).collect();
    marks.sort_by_key(|mark| (mark.start, mark.end));
    marks.into_iter().fold(Vec::new(), disjoint)
}

/// Every match of the query in a text of a region, of which `before` words were passed already.
/// No more than `most` are given of each part, the first ones.
fn matches(
    text: &str,
    region: Region,
    sought: &[Sought],
    before: u32,
    most: usize,
    late: Late<'_>,
) -> Vec<Match> {
    let inside = |scope: Scope| match scope {
        Scope::Anywhere => true,
        Scope::Headline => region == Region::Headline,
        Scope::Byline => region == Region::Byline,
        Scope::Body => region == Region::Body,
        Scope::Lead => region != Region::Byline,
    };
    // Which slots each word belongs to, and the lengths of those that begin with a byte, as bits:
    // most words of a text are none of these by that alone.
    let mut wanted: FxHashMap<&str, Vec<(usize, usize)>> = FxHashMap::default();
    let mut lengths = [0_u32; 256];
    for (part, sought) in sought.iter().enumerate().filter(|(_, sought)| inside(sought.scope)) {
        for (slot, words) in sought.slots.iter().enumerate() {
            for word in words {
                wanted.entry(word).or_default().push((part, slot));
                lengths[usize::from(word.bytes().next().unwrap_or(0))] |= 1 << word.len().min(31);
            }
        }
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut slots: Vec<Vec<Vec<u32>>> =
        sought.iter().map(|sought| vec![Vec::new(); sought.slots.len()]).collect();
    let mut places: FxHashMap<u32, Range<usize>> = FxHashMap::default();
    let mut words = Words::among(text, Firsts::of(wanted.keys().copied()));
    let mut number = 0;
    let likely = |first: u8, bytes: usize| lengths[usize::from(first)] & (1 << bytes.min(31)) != 0;
    while let Some((place, passed)) = words.advance_to(likely) {
        number += passed;
        if let Some(owners) = wanted.get(words.folded()) {
            for &(part, slot) in owners {
                let lead = region == Region::Body && sought[part].scope == Scope::Lead;
                if !(lead && number + before >= LEAD_WORDS) {
                    slots[part][slot].push(number);
                }
            }
            places.insert(number, place);
        }
        number += 1;
    }
    let mut found: Vec<Match> = Vec::new();
    for (part, sought) in sought.iter().enumerate().filter(|(_, sought)| inside(sought.scope)) {
        // Whether there are enough of them was decided over the whole article.
        let pattern = match &sought.pattern {
            Pattern::AtLeast { word, .. } => &Pattern::Word(word.clone()),
            other => other,
        };
        for span in spans::pieces(pattern, &slots[part], late).flatten().take(most) {
            let marks = joined(text, &span.marks, &places);
            found.push(Match { part, marks });
        }
    }
    found.sort_by_key(|found| (found.place().start, found.place().end));
    found
}

/// The places of words, those that follow each other joined to one: a phrase is one mark.
fn joined(_text: &str, marks: &[u32], places: &FxHashMap<u32, Range<usize>>) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut last = None;
    for number in marks {
        let Some(place) = places.get(number) else { continue };
        match (found.last_mut(), last) {
            (Some(open), Some(before)) if before + 1 == *number => open.end = place.end,
            _ => found.push(place.clone()),
        }
        last = Some(*number);
    }
    found
}

/// The sentences of a text, in bytes, without the white space between them.
///
/// ```
/// let text = "Mr. Lee left. He was late!\n\nA new day";
/// let found: Vec<&str> = fiche::passage::sentences(text).iter().map(|s| &text[s.clone()]).collect();
/// assert_eq!(found, ["Mr. Lee left.", "He was late!", "A new day"]);
/// ```
pub fn sentences(text: &str) -> Vec<Range<usize>> {
    sentences_while(text, |_| true)
}

/// The sentences of a text up to the first of which `more` says that none is wanted after it.
fn sentences_while(text: &str, more: impl Fn(&Range<usize>) -> bool) -> Vec<Range<usize>> {
    let mut found: Vec<Range<usize>> = Vec::new();
    let mut ends = Ends::of(text);
    let mut at = 0;
    loop {
        let begun = at + text[at..].len() - text[at..].trim_start().len();
        if begun == text.len() || found.last().is_some_and(|last| !more(last)) {
            break;
        }
        at = sentence_end(text, begun, &mut ends);
        found.push(begun..begun + text[begun..at].trim_end().len());
    }
    found.retain(|sentence| !sentence.is_empty());
    found
}

/// What characters begin with that may end a sentence: beside those of ASCII the first bytes of `。`,
/// of `！` and `？`, and of `…`, with which curly quotes begin too.
const ENDINGS: [[u8; 3]; 3] = [*b"\n.!", [b'?', 0xe3, 0xef], [0xe2; 3]];

/// Where a sentence may end in a text.
struct Ends<'t> {
    bytes: &'t [u8],
    /// Where the next of the bytes of each group is; at the end where there is none.
    next: [usize; ENDINGS.len()],
}

impl<'t> Ends<'t> {
    fn of(text: &'t str) -> Self {
        let mut ends = Self { bytes: text.as_bytes(), next: [0; ENDINGS.len()] };
        for group in 0..ENDINGS.len() {
            ends.look(group, 0);
        }
        ends
    }

    fn look(&mut self, group: usize, from: usize) {
        let [a, b, c] = ENDINGS[group];
        let found = memchr::memchr3(a, b, c, &self.bytes[from..]);
        self.next[group] = found.map_or(self.bytes.len(), |at| from + at);
    }

    /// The first such byte from a place on, which is never before one that was asked for.
    fn from(&mut self, place: usize) -> Option<usize> {
        for group in 0..ENDINGS.len() {
            if self.next[group] < place {
                self.look(group, place);
            }
        }
        self.next.iter().copied().min().filter(|at| *at < self.bytes.len())
    }
}

/// The end of the sentence that begins there, with the marks that close it.
fn sentence_end(text: &str, begun: usize, ends: &mut Ends<'_>) -> usize {
    let mut at = begun;
    while let Some(next) = ends.from(at) {
        at = next;
        let Some(c) = text[at..].chars().next() else { break };
        let after = at + c.len_utf8();
        match c {
            '\n' => return at,
            '。' | '！' | '？' => return after,
            '.' | '!' | '?' | '…' => {
                let closing = |c: char| {
                    matches!(c, '.' | '!' | '?' | '…' | '"' | '\'' | '”' | '’' | '»' | ')' | ']')
                };
                let rest = text[after..].trim_start_matches(closing);
                let blank = rest.chars().next().is_none_or(char::is_whitespace);
                if blank && !(c == '.' && is_abbreviation(&text[begun..at])) {
                    return text.len() - rest.len();
                }
                at = text.len() - rest.len();
            }
            _ => at = after,
        }
    }
    text.len()
}

/// Whether the full stop after this text ends an abbreviation and not a sentence.
fn is_abbreviation(before: &str) -> bool {
    let word = before.rsplit(|c: char| c.is_whitespace() || c == '(' || c == '“').next();
    let word = word.unwrap_or("");
    matches!(
        word,
        "Mr" | "Mrs"
            | "Ms"
            | "Dr"
            | "Prof"
            | "St"
            | "Rev"
            | "Hon"
            | "Gen"
            | "Col"
            | "Lt"
            | "Sgt"
            | "Capt"
            | "Sen"
            | "Rep"
            | "Gov"
            | "Pres"
            | "vs"
            | "No"
            | "Nr"
            | "Sr"
            | "Sra"
            | "Mme"
            | "Mlle"
            | "Hr"
            | "Fr"
            | "bzw"
            | "ca"
            | "Jan"
            | "Feb"
            | "Aug"
            | "Sept"
            | "Oct"
            | "Nov"
            | "Dec"
    ) || (word.chars().count() == 1 && word.chars().all(char::is_uppercase))
}

/// The best windows over the matches, in the order of the text.
fn best(
    text: &str,
    matches: &[Match],
    sought: &[Sought],
    most: usize,
    width: usize,
) -> Vec<Snippet> {
    let marked: Vec<Match> =
        matches.iter().filter(|found| sought[found.part].marked).cloned().collect();
    // No window goes further: it begins at a match or before one. Where nothing matches, the first
    // sentences are shown.
    let start = text.len() - text.trim_start().len();
    let reach = marked.iter().map(|found| found.place().end).max().unwrap_or(start);
    let shown =
        |last: &Range<usize>| last.end <= reach || !longer_than(&text[reach..last.end], width);
    let sentences = sentences_while(text, shown);
    if sentences.is_empty() || most == 0 {
        return Vec::new();
    }
    let mut wanted: Vec<i64> = sought.iter().map(Sought::worth).collect();
    let mut chosen: Vec<Range<usize>> = Vec::new();
    if marked.is_empty() {
        chosen.push(from_sentence(text, &sentences, 0, width));
    }
    let (mut words, ascii) = (None, text.is_ascii());
    while chosen.len() < most && !marked.is_empty() {
        let free = |place: &Range<usize>| {
            chosen.iter().all(|c| place.end <= c.start || c.end <= place.start)
        };
        let judged = |(price, place): (i64, Range<usize>)| {
            let (fresh, parts, more) = worth(&place, matches, &wanted);
            (fresh - price, parts, more, place)
        };
        type Judged = (i64, usize, bool, Range<usize>);
        // The first of the best: the text before counts more than the text after.
        let better = |best: Judged, other: Judged| {
            let worth = |judged: &Judged| (judged.0, judged.1, judged.2);
            if worth(&other) > worth(&best) { other } else { best }
        };
        let shows = |judged: &Judged| inside(&judged.3, &marked).next().is_some();
        let mut found = whole(text, &sentences, &marked, width)
            .filter(&free)
            .map(|place| judged((0, place)))
            .filter(shows)
            .reduce(better);
        // What a window could show that cuts a sentence, wherever it begins; one that is made
        // around a match may be longer by that.
        let longest = || matches.iter().map(|found| found.place().len()).max().unwrap_or(0);
        let bytes = || width.saturating_mul(if ascii { 1 } else { 4 }).saturating_add(longest());
        let most_shown = || most_shown(matches, &wanted, bytes());
        if found.as_ref().is_none_or(|found| found.0 <= most_shown() - CUT_END) {
            // Windows begin no more than two sentences before a match.
            let words = words.get_or_insert_with(|| {
                let first = starts(&sentences, &marked).next().unwrap_or(0);
                words_of(text, sentences[first].start..sentences[sentences.len() - 1].end)
            });
            found = cut(text, &sentences, words, &marked, width)
                .filter(|(_, place)| free(place))
                .map(judged)
                .filter(shows)
                .chain(found)
                .reduce(better);
        }
        let Some((_, parts, _, place)) = found else { break };
        let place = trimmed(place, &sentences, matches, parts, &wanted, width);
        for found in inside(&place, matches) {
            wanted[found.part] = 0;
        }
        chosen.push(place);
    }
    chosen.sort_by_key(|place| place.start);
    let last = text.trim_end().len();
    let first = sentences[0].start;
    chosen
        .into_iter()
        .map(|place| {
            let inside: Vec<Match> = inside(&place, &marked).cloned().collect();
            let marks = marks_of(&inside)
                .into_iter()
                .map(|mark| mark.start - place.start..mark.end - place.start)
                .collect();
            Snippet {
                text: text[place.clone()].to_owned(),
                marks,
                cut_before: place.start > first,
                cut_after: place.end < last,
                place: Some(place),
            }
        })
        .collect()
}

fn disjoint(mut marks: Vec<Range<usize>>, mark: Range<usize>) -> Vec<Range<usize>> {
    match marks.last_mut() {
        Some(last) if mark.start < last.end => last.end = last.end.max(mark.end),
        _ => marks.push(mark),
    }
    marks
}

/// The matches that lie whole in a window.
fn inside<'m>(place: &Range<usize>, matches: &'m [Match]) -> impl Iterator<Item = &'m Match> {
    let place = place.clone();
    let from = matches.partition_point(|found| found.place().start < place.start);
    matches[from..]
        .iter()
        .take_while(move |found| found.place().start < place.end)
        .filter(move |found| found.place().end <= place.end)
}

/// What a part of the query is worth that no other window shows yet.
const PART: i64 = 1000;
/// What a word is worth that was left out of the query and that hardly an article has.
const ASIDE: f32 = 700.0;
/// How much more it is worth the rarer it is.
const RARE: f32 = 100.0;
/// What it costs to end inside a sentence.
const CUT_END: i64 = 400;
/// What it costs to begin inside a sentence and to end with one.
const CUT_START: i64 = 700;
/// What it costs to begin and to end inside sentences: nearly a part of the query.
const CUT_BOTH: i64 = 900;

/// What a window shows of the query that no other does yet, how many parts it shows in all, and
/// whether it shows more than one match.
fn worth(place: &Range<usize>, matches: &[Match], wanted: &[i64]) -> (i64, usize, bool) {
    let mut seen = vec![false; wanted.len()];
    let mut count = 0;
    for found in inside(place, matches) {
        seen[found.part] = true;
        count += 1;
    }
    let fresh = seen.iter().zip(wanted).filter(|(seen, _)| **seen).map(|(_, worth)| worth).sum();
    (fresh, seen.iter().filter(|seen| **seen).count(), count > 1)
}

/// The most that any window of so many bytes shows of the query.
fn most_shown(matches: &[Match], wanted: &[i64], bytes: usize) -> i64 {
    let all = wanted.iter().sum::<i64>();
    let mut most = 0;
    for found in matches {
        let start = found.place().start;
        most = worth(&(start..start.saturating_add(bytes)), matches, wanted).0.max(most);
        if most == all {
            break;
        }
    }
    most
}

/// Windows of whole sentences: from the sentence of each match, and from those before it.
fn whole<'t>(
    text: &'t str,
    sentences: &'t [Range<usize>],
    matches: &'t [Match],
    width: usize,
) -> impl Iterator<Item = Range<usize>> + 't {
    starts(sentences, matches).map(move |first| from_sentence(text, sentences, first, width))
}

/// The sentences that a window may begin with: those of the matches, and two before each.
fn starts<'t>(
    sentences: &'t [Range<usize>],
    matches: &'t [Match],
) -> impl Iterator<Item = usize> + 't {
    let mut next = 0;
    matches.iter().flat_map(move |found| {
        let at = sentence_at(sentences, found.place().start);
        let from = at.saturating_sub(2).max(next);
        next = next.max(at + 1);
        from..at + 1
    })
}

fn sentence_at(sentences: &[Range<usize>], at: usize) -> usize {
    sentences.partition_point(|sentence| sentence.end <= at).min(sentences.len() - 1)
}

/// Windows that cut a sentence, each with what that costs: they may show more of the query.
fn cut<'t>(
    text: &'t str,
    sentences: &'t [Range<usize>],
    words: &'t [Range<usize>],
    matches: &'t [Match],
    width: usize,
) -> impl Iterator<Item = (i64, Range<usize>)> + 't {
    let last = sentences.last().map_or(0, |sentence| sentence.end);
    let until = move |start: usize| cut_at_word(text, words, start, last, width);
    let filled = starts(sentences, matches).map(move |first| {
        let start = sentences[first].start;
        (CUT_END, start..until(start))
    });
    let inside = matches.iter().flat_map(move |found| {
        let place = found.place();
        let mut windows = vec![
            (CUT_BOTH, around(text, sentences, words, &place, width)),
            (CUT_BOTH, place.start..until(place.start).max(place.end)),
        ];
        // As many words before the end of a sentence as fit, where the match is among them.
        let at = sentence_at(sentences, place.start);
        for sentence in &sentences[at..] {
            if longer_than(&text[place.start..sentence.end], width) {
                break;
            }
            let back = text[..sentence.end].char_indices().rev().nth(width - 1);
            let wanted = back.map_or(0, |(at, _)| at).max(sentences[at].start);
            let first = words.partition_point(|word| word.start < wanted);
            if let Some(word) = words.get(first)
                && word.start <= place.start
                && place.end <= sentence.end
            {
                windows.push((CUT_START, word.start..sentence.end));
            }
        }
        windows
    });
    filled.chain(inside)
}

/// A window without the sentences at its end that show nothing more of the query, though no
/// shorter than a third of the width.
fn trimmed(
    place: Range<usize>,
    sentences: &[Range<usize>],
    matches: &[Match],
    parts: usize,
    wanted: &[i64],
    width: usize,
) -> Range<usize> {
    let first = sentences.partition_point(|sentence| sentence.end <= place.start);
    let ends = sentences[first..].iter().map(|sentence| sentence.end);
    ends.take_while(|end| *end < place.end)
        .map(|end| place.start..end)
        .find(|short| short.len() * 3 >= width && worth(short, matches, wanted).1 == parts)
        .unwrap_or(place)
}

/// The words of a part of a text.
fn words_of(text: &str, part: Range<usize>) -> Vec<Range<usize>> {
    let mut words = Words::new(&text[part.clone()]);
    let shifted = |word: Range<usize>| part.start + word.start..part.start + word.end;
    std::iter::from_fn(|| words.advance().map(shifted)).collect()
}

/// As many whole sentences as fit, from one on; of one that is too long, as much as fits.
fn from_sentence(
    text: &str,
    sentences: &[Range<usize>],
    first: usize,
    width: usize,
) -> Range<usize> {
    let start = sentences[first].start;
    let mut end = sentences[first].end;
    if let Some((limit, _)) = text[start..end].char_indices().nth(width) {
        let mut words = Words::new(&text[start..end]);
        let mut fit = words.advance().map_or(end - start, |word| word.end);
        while let Some(word) = words.advance().filter(|word| word.end <= limit) {
            fit = word.end;
        }
        return start..start + fit;
    }
    for sentence in &sentences[first + 1..] {
        if longer_than(&text[start..sentence.end], width) {
            break;
        }
        end = sentence.end;
    }
    start..end
}

fn longer_than(text: &str, width: usize) -> bool {
    text.len() > width && text.chars().nth(width).is_some()
}

/// The last end of a word at or before `width` characters from `start`, or the end of the first.
fn cut_at_word(
    text: &str,
    words: &[Range<usize>],
    start: usize,
    end: usize,
    width: usize,
) -> usize {
    if !longer_than(&text[start..end], width) {
        return end;
    }
    let limit = text[start..end].char_indices().nth(width).map_or(end, |(at, _)| start + at);
    let first = words.partition_point(|word| word.start < start);
    let fit = words[first..].partition_point(|word| word.end <= limit);
    words.get(first + fit.saturating_sub(1)).map_or(end, |word| word.end.min(end))
}

/// Words around a match inside a long sentence.
fn around(
    text: &str,
    sentences: &[Range<usize>],
    words: &[Range<usize>],
    place: &Range<usize>,
    width: usize,
) -> Range<usize> {
    let sentence = &sentences[sentence_at(sentences, place.start)];
    let back = text[..place.start].char_indices().rev().nth(width / 3);
    let wanted = back.map_or(0, |(at, _)| at).max(sentence.start.min(place.start));
    let first = words.partition_point(|word| word.start < wanted);
    let start = words.get(first).map_or(place.start, |word| word.start).min(place.start);
    let end = cut_at_word(text, words, start, sentence.end.max(place.end), width);
    start..end.max(place.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Form, Word};

    fn word(text: &str) -> Sought {
        let pattern = Pattern::Word(Word { form: Form::Plain(text.to_owned()), exact: true });
        Sought {
            scope: Scope::Anywhere,
            pattern,
            slots: vec![vec![text.to_owned()]],
            rarity: 0.5,
            marked: true,
        }
    }

    fn shown(body: &str, sought: &[Sought], width: usize) -> String {
        let article = Article { body: body.to_owned(), ..Article::default() };
        let (snippets, _) = show(&article, sought, 1, width, &|| false);
        let mut text = String::new();
        for (piece, marked) in snippets[0].pieces() {
            text.push_str(&if marked { format!("[{piece}]") } else { piece.to_owned() });
        }
        text
    }

    #[test]
    fn the_passage_with_most_of_the_query_is_shown() {
        let body = "The sea was calm. Nobody spoke of the tax. It rained for a whole week. \
                    Then the council met. The council raised the tax at once.";
        assert_eq!(
            shown(body, &[word("council"), word("tax")], 60),
            "Then the [council] met. The [council] raised the [tax] at once."
        );
        assert_eq!(shown(body, &[word("nothing")], 20), "The sea was calm.");
    }

    #[test]
    fn a_phrase_is_one_mark_and_only_where_it_stands() {
        let mut phrase = word("council");
        phrase.slots.push(vec!["tax".to_owned()]);
        let side = |text: &str| match word(text).pattern {
            Pattern::Word(word) => Pattern::Word(word),
            other => other,
        };
        phrase.pattern =
            Pattern::Near { sides: vec![side("council"), side("tax")], gap: 0, ordered: true };
        assert_eq!(
            shown("A tax for the council. The council tax rose.", &[phrase], 80),
            "A tax for the council. The [council tax] rose."
        );
    }

    #[test]
    fn a_long_sentence_is_cut_between_words() {
        let body = "word ".repeat(100) + "needle " + &"more ".repeat(100);
        let text = shown(&body, &[word("needle")], 40);
        assert!(text.contains("[needle]"), "{text}");
        assert!(text.starts_with("word") && text.ends_with("more"), "{text}");
    }
}
