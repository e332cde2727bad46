//! What stands above the body: headline, standfirst, kicker, byline and date.

use super::features::{Look, Sight};
use super::fields::{
    AUTHOR, Candidate, DATE, Fields, Forest, HEADLINE, SECTION, bare, is_dated, opens_byline,
};
use super::{Cut, cues, remark};
use crate::draft::{Block, Slot};
use crate::extract::byline;
use crate::extract::date::Habit;
use crate::extract::{kind, place};

/// How far above the body the head may begin.
const REACH: usize = 40;

/// A headline so sure stands above the body, whatever seemed to be body above it.
const SURE: f32 = 1.0;

/// How much less sure a line above a standfirst may be.
const PRICE: f32 = 4.0;

/// So many lines are read for names, the surest first.
const MOST: usize = 4;

/// Finds the lines of the head, and takes them out of the kept ones.
pub(super) fn find(
    blocks: &[Block],
    sight: &Sight,
    site: Option<&[bool]>,
    kept: &mut [bool],
    cut: &mut Cut,
) {
    let Some(body) = body(sight, kept) else { return };
    let fields = Fields::of(blocks, sight, site, body);
    let first = body.0;
    // A headline leaves a body below it.
    let title = headline(blocks, sight, &fields, first)
        .filter(|(_, title)| kept[title.at + 1..].contains(&true));
    if let Some((sure, title)) = &title {
        let (at, sure) = (title.at, *sure);
        // What stands above a headline is the page's, unless the body seemed to begin there.
        if at <= first || sure > SURE {
            kept[..at].fill(false);
        }
        kept[at] = false;
        cut.remarks.push(remark(Slot::Headline, &blocks[at], without_kicker(&title.text, blocks)));
        standfirst(blocks, sight, at, kept, cut);
    }
    let title = title.map(|(_, title)| title.at);
    let from = title.map_or(first, |at| at + 1);
    // What was taken for the first paragraph may have been the standfirst.
    let first = (from..kept.len())
        .find(|&at| kept[at] && sight.looks[at].running())
        .unwrap_or(first.max(from))
        .min(from + REACH)
        .min(blocks.len());
    let labelled = title.is_some_and(|at| kickers(blocks, sight, at, first, kept, cut));
    let title = title.unwrap_or(first);
    if !labelled && let Some((_, label)) = best(&SECTION, fields.sections(title)) {
        cut.remarks.push(remark(Slot::Section, &blocks[label.at], &label.text));
    }
    dates(blocks, &fields, title, habit(blocks, sight), cut);
    authors(blocks, &fields, title, cut);
    let near = title.saturating_sub(5)..(first + 2).min(blocks.len());
    for at in near {
        let look = &sight.looks[at];
        let text = blocks[at].text.as_str();
        let short = look.words > 0 && look.words <= 16 && !look.running() && text.len() <= 160;
        let day = is_dated(look) && !(look.closed && look.words > 6);
        if short && (opens_byline(text) || day) {
            kept[at] = false;
        }
    }
    for remark in cut.remarks.iter().filter(|remark| remark.slot == Slot::Author) {
        let at =
            blocks.iter().position(|block| remark.place.ends_with(&format!(" {}", block.line)));
        if let Some(at) = at.filter(|at| *at < first) {
            kept[at] = false;
        }
    }
}

/// The headline, and how sure it is.
fn headline<'p>(
    blocks: &[Block],
    sight: &Sight,
    fields: &Fields<'p>,
    first: usize,
) -> Option<(f32, Candidate<'p>)> {
    let mut lines = fields.headlines();
    // A sentence in the body is no headline.
    lines.retain(|one| {
        let look = &sight.looks[one.at];
        one.at < first || !look.closed || look.question
    });
    let standing = |at: usize| {
        let above = lines.iter().find(|one| one.at + 1 == at)?;
        let look = &sight.looks[above.at];
        let alone = blocks[above.at].gap > 0 && blocks[at].gap > 0 && look.words <= 14;
        (alone && !look.closed && !look.bullet && !look.colon && look.bars == 0)
            .then(|| (HEADLINE.judge(&above.row), above.clone()))
    };
    let (sure, title) = best(&HEADLINE, lines.clone())?;
    // A sentence with its stop below a line that stands alone is a standfirst.
    let look = &sight.looks[title.at];
    let sentence = look.closed && !look.question && look.words >= 6;
    match sentence.then(|| standing(title.at)).flatten() {
        Some((other, above)) if other > sure - PRICE => Some((other, above)),
        _ => Some((sure, title)),
    }
}

/// The candidate that is most surely the answer, if it is sure enough.
fn best<'p>(forest: &Forest, candidates: Vec<Candidate<'p>>) -> Option<(f32, Candidate<'p>)> {
    let judged = candidates.into_iter().map(|one| (forest.judge(&one.row), one));
    // The first of two that are as sure.
    judged
        .fold(None, |best: Option<(f32, Candidate<'p>)>, one| match best {
            Some(best) if best.0 >= one.0 => Some(best),
            _ => Some(one),
        })
        .filter(|(sure, _)| *sure >= forest.least)
}

/// A headline without the kicker before it, where another line says the same without one.
fn without_kicker<'t>(title: &'t str, blocks: &[Block]) -> &'t str {
    let shorter = |block: &Block| {
        let text = bare(&block.text);
        let long = text.len() * 2 > title.len() && text.split_whitespace().nth(2).is_some();
        let at = title.len().checked_sub(text.len()).filter(|at| long && *at > 0)?;
        title.is_char_boundary(at).then(|| &title[at..]).filter(|end| *end == text)
    };
    blocks.iter().find_map(shorter).unwrap_or(title)
}

/// The day of publication, and that of the last change.
fn dates(blocks: &[Block], fields: &Fields<'_>, title: usize, habit: Habit, cut: &mut Cut) {
    let lines = fields.dates(title, habit);
    let judged = lines.iter().map(|(one, dates)| (DATE.judge(&one.row), one.at, dates));
    let best = judged.fold((DATE.least, None), |best, (sure, at, dates)| match sure > best.0 {
        true => (sure, Some((at, dates))),
        false => best,
    });
    let Some((at, dates)) = best.1 else { return };
    let days =
        [(Slot::Published, dates.published.or(dates.modified)), (Slot::Modified, dates.modified)];
    for (slot, day) in days {
        if let Some(day) = day {
            cut.remarks.push(remark(slot, &blocks[at], &day.to_string()));
        }
    }
}

/// Who wrote it: the line that most surely names them.
fn authors(blocks: &[Block], fields: &Fields<'_>, title: usize, cut: &mut Cut) {
    // What is a label or a headline is no name.
    let taken = |at: usize| {
        let place = format!("line {}", blocks[at].line);
        cut.remarks.iter().any(|remark| {
            !matches!(remark.slot, Slot::Published | Slot::Modified) && remark.place == place
        })
    };
    let judged = fields.authors(title).into_iter().map(|one| (AUTHOR.judge(&one.row), one));
    let mut lines: Vec<_> = judged
        .filter(|(sure, one)| {
            *sure >= AUTHOR.least && !taken(one.at) && kind::of(&one.text).is_none()
        })
        .collect();
    lines.sort_by(|one, other| other.0.total_cmp(&one.0));
    // What was glued to the name may be no name.
    let names = |text: &'_ str| {
        [text, text.split(" | ").next().unwrap_or(text)]
            .into_iter()
            .find(|text| byline::read(text, byline::Said::Line, &[]) != byline::Byline::default())
            .map(str::to_owned)
    };
    let named = lines.iter().take(MOST).find_map(|(_, one)| Some((one.at, names(&one.text)?)));
    if let Some((at, names)) = named {
        let mut names = remark(Slot::Author, &blocks[at], &names);
        names.place = format!("byline, {}", names.place);
        cut.remarks.push(names);
    }
}

/// The first paragraph of the lines kept, and the last line of them.
pub(super) fn body(sight: &Sight, kept: &[bool]) -> Option<(usize, usize)> {
    Some((first_paragraph(sight, kept)?, kept.iter().rposition(|kept| *kept)?))
}

/// How the page writes its days, told by those that can be read in one way only.
pub(super) fn habit(blocks: &[Block], sight: &Sight) -> Habit {
    let (mut day, mut month) = (0, 0);
    for (block, look) in blocks.iter().zip(&sight.looks) {
        if look.digits < 6 || look.words > 24 {
            continue;
        }
        let parts: Vec<&str> = block.text.split(|c: char| !c.is_ascii_digit()).collect();
        for three in parts.windows(3) {
            let [Ok(first), Ok(second), Ok(year)] =
                [three[0].parse::<u16>(), three[1].parse::<u16>(), three[2].parse::<u16>()]
            else {
                continue;
            };
            if three[2].len() == 4 && (1900..2100).contains(&year) {
                day += u32::from((13..32).contains(&first) && (1..13).contains(&second));
                month += u32::from((13..32).contains(&second) && (1..13).contains(&first));
            }
        }
    }
    if day != month {
        return Habit { day_first: Some(day > month) };
    }
    let text = blocks[sight.run.clone()].iter().take(12).map(|block| block.text.as_str());
    let text: Vec<&str> = text.collect();
    Habit::of(&place::spoken(&text.join(" ")).unwrap_or_default(), "")
}

/// The first line kept that is a paragraph.
fn first_paragraph(sight: &Sight, kept: &[bool]) -> Option<usize> {
    let looks = &sight.looks;
    let long = |at: &usize| kept[*at] && looks[*at].running();
    (0..kept.len()).find(long).or_else(|| {
        let start = (0..kept.len()).find(|&at| kept[at])?;
        Some((start + 1).min(kept.len() - 1))
    })
}

/// `Analysis | Global Crises`, beside the headline or between it and the body.
fn kickers(
    blocks: &[Block],
    sight: &Sight,
    title: usize,
    first: usize,
    kept: &mut [bool],
    cut: &mut Cut,
) -> bool {
    for at in (title + 1..first).chain((title.saturating_sub(3)..title).rev()) {
        let look = &sight.looks[at];
        let text = blocks[at].text.as_str();
        let plain = look.words >= 1 && look.words <= 6 && !look.closed && look.digits == 0;
        if !plain || text.len() > 60 || look.address || furniture(look) {
            continue;
        }
        let mut parts = text.split(" | ");
        if let (Some(kind), Some(section), None) = (parts.next(), parts.next(), parts.next()) {
            cut.remarks.push(remark(Slot::Kind, &blocks[at], kind));
            cut.remarks.push(remark(Slot::Section, &blocks[at], section));
            kept[at] = false;
            return true;
        }
    }
    false
}

/// A summary between the headline and the lines on who wrote it and when.
fn standfirst(blocks: &[Block], sight: &Sight, title: usize, kept: &mut [bool], cut: &mut Cut) {
    let at = title + 1;
    let Some(look) = sight.looks.get(at) else { return };
    if look.words < 7 || look.words > 60 || opens_byline(&blocks[at].text) || furniture(look) {
        return;
    }
    // Only where lines of the head stand below it: else it may be the first paragraph.
    let below = sight.looks.iter().enumerate().skip(at + 1).take(4);
    let mut between = 0;
    for (at, look) in below {
        if look.running() {
            break;
        }
        let head = is_dated(look)
            || opens_byline(&blocks[at].text)
            || look.bars > 0
            || look.cues & (cues::BYLINE | cues::SHARE) != 0
            || look.words <= 4 && !look.closed && !kept[at];
        between += usize::from(head);
    }
    if between > 0 {
        kept[at] = false;
        cut.remarks.push(remark(Slot::Standfirst, &blocks[at], &blocks[at].text));
    }
}

fn furniture(look: &Look) -> bool {
    let page = cues::APPEAL | cues::SHARE | cues::MORE | cues::LEGAL | cues::REPLY;
    look.cues & page != 0 && look.words <= 12
}
