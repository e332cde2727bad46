//! Which passage of an article shows best why it matches, and what in it matches.
//!
//! The body is cut into sentences once; a window of whole sentences is judged by what it holds of
//! the query: first how many of its parts, then how often, then how near the beginning.

use std::ops::Range;

use rustc_hash::FxHashMap;

use crate::article::Article;
use crate::hit::Snippet;
use crate::query::{Pattern, Scope};
use crate::spans;
use crate::words::{LEAD_WORDS, Region, Words};

/// One part of a query, with the words that an engine took for it.
#[derive(Debug, Clone)]
pub struct Sought {
    /// Where it must stand.
    pub scope: Scope,
    /// What must stand there.
    pub pattern: Pattern,
    /// The words that each word of the pattern stands for, folded.
    pub slots: Vec<Vec<String>>,
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

/// Snippets of the body, at most `most` of about `width` characters, and the marks of the headline.
///
/// There is always a snippet where there is a body: one that does not match is its beginning.
pub fn show(
    article: &Article,
    sought: &[Sought],
    most: usize,
    width: usize,
) -> (Vec<Snippet>, Vec<Range<usize>>) {
    let headline = matches(&article.headline, Region::Headline, sought, 0);
    let before = if article.standfirst.is_empty() || article.body.starts_with(&article.standfirst) {
        0
    } else {
        count_words(&article.standfirst)
    };
    let body = matches(&article.body, Region::Body, sought, before);
    let mut snippets = best(&article.body, &body, sought.len(), most, width);
    if body.is_empty() && before > 0 {
        let standfirst = matches(&article.standfirst, Region::Body, sought, 0);
        if !standfirst.is_empty() {
            snippets = best(&article.standfirst, &standfirst, sought.len(), most, width);
            for snippet in &mut snippets {
                snippet.place = None;
            }
        }
    }
    (snippets, marks_of(&headline))
}

/// Every place in a text of a region where a part of the query stands: the words that make it, in
/// bytes, rising. Two parts that stand on the same words are one place.
pub fn places(text: &str, region: Region, sought: &[Sought]) -> Vec<Vec<Range<usize>>> {
    let mut found: Vec<Vec<Range<usize>>> =
        matches(text, region, sought, 0).into_iter().map(|found| found.marks).collect();
    found.retain(|marks| !marks.is_empty());
    found.sort_by_key(|marks| marks.iter().map(|mark| (mark.start, mark.end)).collect::<Vec<_>>());
    found.dedup();
    found
}

fn count_words(text: &str) -> u32 {
    let mut words = Words::new(text);
    let mut count = 0;
    while words.advance().is_some() {
        count += 1;
    }
    count
}

fn marks_of(matches: &[Match]) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> =
        matches.iter().flat_map(|found| found.marks.iter().cloned()).collect();
    marks.sort_by_key(|mark| (mark.start, mark.end));
    marks.dedup();
    marks
}

/// Every match of the query in a text of a region, of which `before` words were passed already.
fn matches(text: &str, region: Region, sought: &[Sought], before: u32) -> Vec<Match> {
    let inside = |scope: Scope| match scope {
        Scope::Anywhere => true,
        Scope::Headline => region == Region::Headline,
        Scope::Byline => region == Region::Byline,
        Scope::Body => region == Region::Body,
        Scope::Lead => region != Region::Byline,
    };
    // Which slots each word belongs to.
    let mut wanted: FxHashMap<&str, Vec<(usize, usize)>> = FxHashMap::default();
    for (part, sought) in sought.iter().enumerate().filter(|(_, sought)| inside(sought.scope)) {
        for (slot, words) in sought.slots.iter().enumerate() {
            for word in words {
                wanted.entry(word).or_default().push((part, slot));
            }
        }
    }
    if wanted.is_empty() {
        return Vec::new();
    }
    let mut slots: Vec<Vec<Vec<u32>>> =
        sought.iter().map(|sought| vec![Vec::new(); sought.slots.len()]).collect();
    let mut places: FxHashMap<u32, Range<usize>> = FxHashMap::default();
    let mut words = Words::new(text);
    let mut number = 0;
    while let Some(place) = words.advance() {
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
        for span in spans::spans(pattern, &slots[part]) {
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
    let mut found = Vec::new();
    let mut start = None;
    let mut chars = text.char_indices().peekable();
    while let Some((at, c)) = chars.next() {
        if start.is_none() {
            if c.is_whitespace() {
                continue;
            }
            start = Some(at);
        }
        let begun = start.unwrap_or(at);
        if c == '\n' {
            found.push(begun..begun + text[begun..at].trim_end().len());
            start = None;
        } else if matches!(c, '。' | '！' | '？') {
            found.push(begun..at + c.len_utf8());
            start = None;
        } else if matches!(c, '.' | '!' | '?' | '…') {
            let mut end = at + c.len_utf8();
            while let Some(&(next, close)) = chars.peek() {
                if !matches!(
                    close,
                    '.' | '!' | '?' | '…' | '"' | '\'' | '”' | '’' | '»' | ')' | ']'
                ) {
                    break;
                }
                end = next + close.len_utf8();
                chars.next();
            }
            let blank = chars.peek().is_none_or(|(_, next)| next.is_whitespace());
            if blank && !(c == '.' && is_abbreviation(&text[begun..at])) {
                found.push(begun..end);
                start = None;
            }
        }
    }
    if let Some(begun) = start {
        found.push(begun..begun + text[begun..].trim_end().len());
    }
    found.retain(|sentence| !sentence.is_empty());
    found
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

/// A window of the text that may become a snippet.
struct Window {
    place: Range<usize>,
    worth: (usize, usize, bool),
}

/// The best windows over the matches, in the order of the text.
fn best(text: &str, matches: &[Match], parts: usize, most: usize, width: usize) -> Vec<Snippet> {
    let sentences = sentences(text);
    if sentences.is_empty() || most == 0 {
        return Vec::new();
    }
    let mut covered = vec![false; parts];
    let mut chosen: Vec<Range<usize>> = Vec::new();
    if matches.is_empty() {
        chosen.push(from_sentence(text, &sentences, 0, width));
    }
    while chosen.len() < most && !matches.is_empty() {
        let window = windows(text, &sentences, matches, width)
            .filter(|place| chosen.iter().all(|c| place.end <= c.start || c.end <= place.start))
            .map(|place| {
                let worth = worth(&place, matches, &covered);
                Window { place, worth }
            })
            .filter(|window| window.worth.0 + window.worth.1 > 0)
            // The first of the best: the text before counts more than the text after.
            .reduce(|best, window| if window.worth > best.worth { window } else { best });
        let Some(window) = window else { break };
        for found in inside(&window.place, matches) {
            covered[found.part] = true;
        }
        chosen.push(window.place);
    }
    chosen.sort_by_key(|place| place.start);
    let last = sentences.last().map_or(0, |sentence| sentence.end);
    let first = sentences[0].start;
    chosen
        .into_iter()
        .map(|place| {
            let inside: Vec<Match> = inside(&place, matches).cloned().collect();
            let marks = marks_of(&inside)
                .into_iter()
                .map(|mark| mark.start - place.start..mark.end - place.start)
                .fold(Vec::new(), disjoint);
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

/// How many parts of the query a window shows that no other does yet, how many in all, and whether
/// it shows more than one match.
fn worth(place: &Range<usize>, matches: &[Match], covered: &[bool]) -> (usize, usize, bool) {
    let mut seen = vec![false; covered.len()];
    let mut count = 0;
    for found in inside(place, matches) {
        seen[found.part] = true;
        count += 1;
    }
    let fresh = seen.iter().zip(covered).filter(|(seen, covered)| **seen && !**covered).count();
    (fresh, seen.iter().filter(|seen| **seen).count(), count > 1)
}

/// Windows that are worth a look: from the sentence of each match, and from those before it.
fn windows<'t>(
    text: &'t str,
    sentences: &'t [Range<usize>],
    matches: &'t [Match],
    width: usize,
) -> impl Iterator<Item = Range<usize>> + 't {
    let mut last = None;
    matches.iter().flat_map(move |found| {
        let place = found.place();
        let at = sentences.partition_point(|sentence| sentence.end <= place.start);
        let at = at.min(sentences.len() - 1);
        let mut found = Vec::new();
        if last != Some(at) {
            last = Some(at);
            for first in at.saturating_sub(2)..=at {
                found.push(from_sentence(text, sentences, first, width));
            }
        }
        let whole = from_sentence(text, sentences, at, width);
        if place.end > whole.end {
            found.push(around(text, &sentences[at], &place, width));
        }
        found
    })
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
    if longer_than(&text[start..end], width) {
        return start..cut_at_word(text, start, end, width);
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
fn cut_at_word(text: &str, start: usize, end: usize, width: usize) -> usize {
    let limit = text[start..end].char_indices().nth(width).map_or(end, |(at, _)| start + at);
    let mut words = Words::new(&text[start..end]);
    let mut cut = None;
    while let Some(word) = words.advance() {
        if start + word.end > limit && cut.is_some() {
            break;
        }
        cut = Some(start + word.end);
    }
    cut.unwrap_or(end)
}

/// Words around a match deep inside a long sentence.
fn around(text: &str, sentence: &Range<usize>, place: &Range<usize>, width: usize) -> Range<usize> {
    let lead = width / 3;
    let back = text[sentence.start..place.start].char_indices().rev().nth(lead);
    let wanted = back.map_or(sentence.start, |(at, _)| sentence.start + at);
    let mut words = Words::new(&text[sentence.start..sentence.end]);
    let mut start = sentence.start;
    while let Some(word) = words.advance() {
        start = sentence.start + word.start;
        if start >= wanted || start >= place.start {
            break;
        }
    }
    let start = start.min(place.start);
    let end = cut_at_word(text, start, sentence.end.max(place.end), width);
    start..end.max(place.end)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{Form, Word};

    fn word(text: &str) -> Sought {
        let pattern = Pattern::Word(Word { form: Form::Plain(text.to_owned()), exact: true });
        Sought { scope: Scope::Anywhere, pattern, slots: vec![vec![text.to_owned()]] }
    }

    fn shown(body: &str, sought: &[Sought], width: usize) -> String {
        let article = Article { body: body.to_owned(), ..Article::default() };
        let (snippets, _) = show(&article, sought, 1, width);
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
