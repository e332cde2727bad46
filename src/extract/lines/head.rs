//! What stands above the body: headline, standfirst, kicker, byline and date.

use super::features::{Look, Sight};
use super::field_trees::{AUTHOR, DATE, HEADLINE, SECTION};
use super::fields::{
    Candidate, Fields, bare, is_dated, is_eastern, judge, opens_byline, signature,
};
use super::{Cut, Known, cues, entry, remark, tail};
use crate::article::Date;
use crate::draft::{Block, Remark, Slot};
use crate::extract::byline::{self, Byline};
use crate::extract::date::{self, Habit};
use crate::extract::{kind, place, section};
use crate::site::{Places, Site, Spot, Standing, hash};

/// How far above the body the head may begin.
const REACH: usize = 40;

/// Within so many lines of what seemed to be the first paragraph, and is the standfirst, another one follows.
const HEAD: usize = 8;

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
    known: &Known<'_>,
    kept: &mut [bool],
    cut: &mut Cut,
) {
    let Some(body) = body(sight, kept) else { return };
    let fields = Fields::of(blocks, sight, known.fixed.as_deref(), body);
    let stands = Stands { blocks, known };
    let first = body.0;
    // A headline leaves a body below it.
    let title = headline(&fields, sight, first, stands)
        .filter(|(_, title)| kept[title.at + 1..].contains(&true));
    if let Some((sure, title)) = &title {
        let (at, sure) = (title.at, *sure);
        // What stands above a headline is the page's, unless the body seemed to begin there.
        let words = |lines: std::ops::Range<usize>| -> u32 {
            lines.filter(|at| kept[*at]).map(|at| sight.looks[at].words).sum()
        };
        if at <= first || sure > SURE && words(0..at) < words(at..kept.len()) {
            kept[..at].fill(false);
        }
        kept[at] = false;
        cut.remarks.push(remark(Slot::Headline, &blocks[at], without_kicker(&title.text, blocks)));
        if !stands.has_head_above(at) {
            standfirst(blocks, sight, at, kept, cut);
        }
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
    let filed = match labelled {
        true => None,
        false => title
            .and_then(|title| filed(blocks, title, known))
            .or_else(|| section::categorized(blocks)),
    };
    let title = title.unwrap_or(first);
    let labels = if labelled || filed.is_some() { Vec::new() } else { fields.sections(title) };
    let best = surest(&judge(&SECTION, &labels), SECTION.least);
    if let Some((at, label)) = filed {
        kept[at] = false;
        cut.remarks.push(remark(Slot::Section, &blocks[at], label));
    } else if let Some(best) = best {
        cut.remarks.push(remark(Slot::Section, &blocks[labels[best].at], &labels[best].text));
    }
    let habit = habit(blocks, sight, known.site);
    dates(blocks, &fields, title, habit, (Some(stands), 0.0), cut);
    let end = foot(blocks, sight, (first, habit), kept, cut);
    let last = kept[..end].iter().rposition(|kept| *kept).unwrap_or(fields.body.1);
    authors(blocks, &fields, (title, last), (Some(stands), 0.0), cut);
    entry(blocks, sight, first, kept, cut);
    summary(sight, title, stands, kept, cut);
    // Bylines and days may stand below a standfirst too.
    let end = blocks.len().min(first + HEAD);
    let first = (first..end)
        .find(|&at| kept[at] && sight.looks[at].running())
        .unwrap_or(first.max(end.saturating_sub(2)));
    let near = title.saturating_sub(5)..(first + 2).min(blocks.len());
    for at in near {
        let look = &sight.looks[at];
        let text = blocks[at].text.as_str();
        let short = look.words <= 16 && !look.running() && text.len() <= 160;
        let day = is_dated(look)
            && !(look.closed && look.words > 6)
            && !date::find_all(text, habit, false).is_empty();
        if short && (opens_byline(text) || day || is_reading_time(text)) {
            kept[at] = false;
        }
    }
    for remark in &cut.remarks {
        let field = match remark.slot {
            Slot::Author | Slot::Published => (remark.slot, Some(title)),
            _ => continue,
        };
        // Where the site has its days and its writers is no text.
        let out =
            |at: usize| remark.slot == Slot::Author && at < first || stands.is_usual(at, field);
        if let Some(at) = block_of(remark, blocks).filter(|at| out(*at)) {
            kept[at] = false;
        }
    }
}

/// Whether a line says no more than how long it takes to read: `4 min read`, `少于 1 分钟 阅读`.
fn is_reading_time(text: &str) -> bool {
    const MINUTES: [&str; 10] = [
        "min", "mins", "minute", "minutes", "minuten", "minutos", "minuti", "minuter", "分钟",
        "分鐘",
    ];
    let mut words = bare(text).split([' ', '.', ':']).filter(|word| !word.is_empty());
    let number = |word: &str| word.bytes().all(|byte| byte.is_ascii_digit());
    let found = words.by_ref().take(4).any(number)
        && words.next().is_some_and(|word| MINUTES.contains(&&word.to_lowercase()[..]));
    found && words.nth(2).is_none()
}

/// The line beside the headline that has the label of a section, where the site has them there.
fn filed<'b>(blocks: &'b [Block], title: usize, known: &Known<'_>) -> Option<(usize, &'b str)> {
    let mut labels = labels(blocks, title, known).into_iter();
    let (at, (_, label)) = labels.find(|(_, label)| known.site.is_section(*label))?;
    Some((at, label))
}

/// What may be the label of a section beside a headline.
fn labels<'b>(
    blocks: &'b [Block],
    title: usize,
    known: &Known<'_>,
) -> Vec<(usize, (i16, &'b str))> {
    let lines: Vec<&str> = blocks.iter().map(|block| &block.text[..]).collect();
    section::labels(&lines, known.fixed.as_deref(), title)
}

/// So much surer are lines of a page that has markup, which would have told most of it.
const HEDGE: f32 = 1.0;

/// What lines say of fields whose headline and body are known: of those of `wanted`, the surest. No
/// section is taken from what is marked as a menu.
pub(super) fn missing(
    blocks: &[Block],
    kept: &[bool],
    (title, menu): (Option<usize>, &[bool]),
    wanted: &[Slot],
    known: &Known<'_>,
) -> Vec<Remark> {
    let mut cut = Cut::default();
    let sight = Sight::of(blocks);
    let Some(body) = body(&sight, kept) else { return cut.remarks };
    let fields = Fields::of(blocks, &sight, known.fixed.as_deref(), body);
    if wanted.contains(&Slot::Headline) {
        let found = headline(&fields, &sight, body.0, Stands { blocks, known });
        if let Some((_, found)) = found.filter(|(sure, _)| *sure >= HEADLINE.least + HEDGE) {
            cut.remarks.push(remark(Slot::Headline, &blocks[found.at], &found.text));
        }
    }
    let title = title.unwrap_or(body.0);
    if wanted.contains(&Slot::Section) {
        let mut labels = fields.sections(title);
        labels.retain(|label| !menu[label.at]);
        if let Some(best) = surest(&judge(&SECTION, &labels), SECTION.least + HEDGE) {
            cut.remarks.push(remark(Slot::Section, &blocks[labels[best].at], &labels[best].text));
        }
    }
    if wanted.contains(&Slot::Published) {
        let stands = Some(Stands { blocks, known });
        dates(blocks, &fields, title, habit(blocks, &sight, known.site), (stands, HEDGE), &mut cut);
    }
    if wanted.contains(&Slot::Author) {
        let (stands, last) = (Some(Stands { blocks, known }), fields.body.1);
        authors(blocks, &fields, (title, last), (stands, HEDGE), &mut cut);
    }
    cut.remarks
}

/// So much surer is what stands where other pages of the site have it ...
const USUAL: f32 = 2.0;

/// ... and so much a headline, beside which nearly each page has others that look like one, and a byline
/// where nearly each page has one there.
const USUAL_EACH: f32 = 4.0;

/// So much less sure is a day of which it is not sure what it is of.
const DOUBT: f32 = 2.0;

/// The lines of a page, and where one of them stands.
#[derive(Clone, Copy)]
struct Stands<'p> {
    blocks: &'p [Block],
    known: &'p Known<'p>,
}

impl Stands<'_> {
    /// All that can be told of where a line stands; of the headline, nothing beside itself.
    fn spots(self, at: usize, title: Option<usize>) -> Vec<Spot> {
        let number = |lines: usize| i16::try_from(lines).unwrap_or(i16::MAX);
        let text = |at: usize| self.blocks[at].text.trim();
        let shared = |at: &usize| {
            self.known.lines.as_ref().is_some_and(|lines| lines.get(*at) == Some(&true))
        };
        let mut spots = vec![Spot::Top(number(at)), Spot::Bottom(number(self.blocks.len() - at))];
        spots.extend(at.checked_sub(1).filter(shared).map(|at| Spot::After(hash(text(at)))));
        spots.extend(Some(at + 1).filter(shared).map(|at| Spot::Before(hash(text(at)))));
        if let Some(title) = title {
            spots.push(Spot::Below(number(at) - number(title)));
            let word = bare(text(at)).split_once(' ').map(|(word, _)| Spot::Opens(hash(word)));
            spots.extend(word);
        }
        spots
    }

    /// Whether a line stands where pages of the site have a field.
    fn is_usual(self, at: usize, (slot, title): (Slot, Option<usize>)) -> bool {
        let usual = self.known.lines.as_ref().and_then(|_| self.known.site.place_of(slot));
        usual.is_some_and(|usual| self.spots(at, title).contains(&usual))
    }

    /// Whether the site has its days or its writers above its headlines, on this page too.
    fn has_head_above(self, title: usize) -> bool {
        let usual = |at: usize, slot: Slot| self.is_usual(at, (slot, Some(title)));
        let fields = [Slot::Published, Slot::Author];
        let known = fields.into_iter().filter(|slot| self.known.site.place_of(*slot).is_some());
        let known: Vec<Slot> = known.collect();
        (title.saturating_sub(REACH)..title).any(|at| known.iter().any(|slot| usual(at, *slot)))
    }

    /// Trusts the lines where the site has a field, and tells which they are.
    fn favour(
        self,
        judged: &mut [f32],
        lines: &[Candidate<'_>],
        (slot, title): (Slot, Option<usize>),
    ) -> Vec<bool> {
        let favoured: Vec<bool> =
            lines.iter().map(|one| self.is_usual(one.at, (slot, title))).collect();
        let surer = match slot {
            Slot::Headline => USUAL_EACH,
            Slot::Author if self.known.site.is_signed() => USUAL_EACH,
            _ => USUAL,
        };
        for (judgement, favoured) in judged.iter_mut().zip(&favoured) {
            *judgement += if *favoured { surer } else { 0.0 };
        }
        favoured
    }
}

/// A headline is taken for one of the places of its site if it is this sure.
const PLACED: f32 = -1.0;

/// So much surer is a headline that has its byline or its day below it, beside others of its site.
const SIGNED: f32 = 0.7;

/// Where lines that may be the headline, the day and the writers stand, and how sure they are.
pub(super) fn places(blocks: &[Block], sight: &Sight, known: &Known<'_>, kept: &[bool]) -> Places {
    let Some(body) = body(sight, kept) else { return Places::default() };
    let fields = Fields::of(blocks, sight, known.fixed.as_deref(), body);
    let stands = Stands { blocks, known };
    let title = headline(&fields, sight, body.0, stands).map(|(_, title)| title.at);
    let labels = title.map(|title| section::learned(labels(blocks, title, known)));
    let title = title.unwrap_or(body.0);
    let told = |lines: &[Candidate<'_>], judged: Vec<f32>, least: f32, title: Option<usize>| {
        let standing = |(one, sure): (&Candidate<'_>, f32)| Standing {
            says: vec![one.text.to_string()],
            spots: stands.spots(one.at, title),
            sure: sure - least,
        };
        lines.iter().zip(judged).map(standing).collect::<Vec<_>>()
    };
    let headlines = fields.headlines();
    let mut judged = self::headlines(blocks, sight, &headlines, body.0);
    for (judgement, one) in judged.iter_mut().zip(&headlines) {
        if is_signed(blocks, sight, one.at) {
            *judgement += SIGNED;
        }
    }
    let days = fields.dates(title, habit(blocks, sight, known.site)).0;
    let authors = fields.authors(title);
    let (day, author) = (judge(&DATE, &days), judge(&AUTHOR, &authors));
    let signers = authors.iter().filter_map(|one| {
        let name = signer(sight, one)?;
        Some((name, stands.spots(one.at, Some(title))))
    });
    let signers = signers.collect();
    // What names nobody is no byline.
    let named = |mut one: Standing| {
        one.says = names(&one.says.concat(), None)?.1.people;
        Some(one)
    };
    let authors = told(&authors, author, AUTHOR.least, Some(title));
    let authors = authors.into_iter().filter_map(named).collect();
    let fields = vec![
        (Slot::Headline, told(&headlines, judged, PLACED, None)),
        (Slot::Published, told(&days, day, DATE.least, Some(title))),
        (Slot::Author, authors),
    ];
    Places { fields, signers, labels, margins: None }
}

/// Who signs beside a day or behind a `by` without being a person by its name: `5 March 2012 ·
/// Release automation`. It is an organisation if it signs more pages of the site.
fn signer(sight: &Sight, one: &Candidate<'_>) -> Option<String> {
    let look = &sight.looks[one.at];
    if !is_dated(look) && !opens_byline(&one.text) || names(&one.text, None).is_some() {
        return None;
    }
    let byline = byline::read(&one.text, byline::Said::Field, &[]);
    let name = byline.people.into_iter().next().filter(|_| byline.organisations.is_empty())?;
    (2..=5).contains(&name.split(' ').count()).then_some(name)
}

/// The headline, and how sure it is.
fn headline<'p>(
    fields: &Fields<'p>,
    sight: &Sight,
    first: usize,
    stands: Stands<'_>,
) -> Option<(f32, Candidate<'p>)> {
    let blocks = stands.blocks;
    let mut lines = fields.headlines();
    // A sentence in the body is no headline, unless it stands where the site has them.
    lines.retain(|one| {
        let look = &sight.looks[one.at];
        let usual = || stands.is_usual(one.at, (Slot::Headline, None));
        one.at < first || !look.closed || look.question || usual()
    });
    let mut judged = headlines(blocks, sight, &lines, first);
    stands.favour(&mut judged, &lines, (Slot::Headline, None));
    let best = surest(&judged, HEADLINE.least)?;
    let (sure, title) = (judged[best], lines[best].clone());
    let standing = |at: usize| {
        let number = lines.iter().position(|one| one.at + 1 == at)?;
        let above = lines[number].clone();
        let look = &sight.looks[above.at];
        let alone = blocks[above.at].gap > 0 && blocks[at].gap > 0 && look.words <= 14;
        (alone && !look.closed && !look.bullet && !look.colon && look.bars == 0)
            .then_some((judged[number], above))
    };
    // A sentence with its stop below a line that stands alone is a standfirst.
    let look = &sight.looks[title.at];
    let sentence = look.closed && !look.question && look.words >= 6;
    match sentence.then(|| standing(title.at)).flatten() {
        Some((other, above)) if other > sure - PRICE => Some((other, above)),
        _ => Some((sure, title)),
    }
}

/// So much surer is a headline that is marked as a heading of the first level.
const HEADED: f32 = 5.0;

/// How surely each line is the headline.
///
/// Teasers above the headline, and their summaries, look like one: they are less sure where a line
/// that has its byline or its day below it stands between them and the body.
fn headlines(blocks: &[Block], sight: &Sight, lines: &[Candidate<'_>], first: usize) -> Vec<f32> {
    let mut judged = judge(&HEADLINE, lines);
    for (judgement, one) in judged.iter_mut().zip(lines) {
        *judgement += if blocks[one.at].tag == "h1" { HEADED } else { 0.0 };
    }
    let signed = lines.iter().rposition(|one| one.at < first && is_signed(blocks, sight, one.at));
    let above = &lines[..signed.unwrap_or(0)];
    for (judgement, one) in judged.iter_mut().zip(above) {
        let own = &sight.looks[one.at..(one.at + 2).min(sight.looks.len())];
        if own.iter().any(|look| look.cut_off && look.words >= 8) {
            *judgement -= PRICE;
        }
    }
    judged
}

/// Whether byline or day stand on one of the two lines below a line.
fn is_signed(blocks: &[Block], sight: &Sight, at: usize) -> bool {
    (at + 1..blocks.len().min(at + 3)).take_while(|at| !sight.looks[*at].running()).any(|at| {
        let look = &sight.looks[at];
        look.words <= 16 && (is_dated(look) || opens_byline(&blocks[at].text))
    })
}

/// The first of the surest, if it is sure enough.
fn surest(judged: &[f32], least: f32) -> Option<usize> {
    let best =
        (0..judged.len()).rev().max_by(|one, other| judged[*one].total_cmp(&judged[*other]))?;
    (judged[best] >= least).then_some(best)
}

/// A headline without the kicker before it, where another line says the same without one.
fn without_kicker<'t>(title: &'t str, blocks: &[Block]) -> &'t str {
    let last = title.as_bytes().last();
    let shorter = |block: &Block| {
        // Most lines are too short, or end in another letter.
        if block.text.len() * 2 <= title.len() || block.text.trim_end().as_bytes().last() != last {
            return None;
        }
        let text = bare(&block.text);
        let end = title.strip_suffix(text).filter(|kicker| !kicker.is_empty())?;
        let words = text.split_whitespace().nth(2).is_some()
            || is_eastern(text) && text.chars().nth(5).is_some();
        (words && text.len() * 2 > title.len()).then(|| &title[end.len()..])
    };
    blocks.iter().find_map(shorter).unwrap_or(title)
}

/// So many lines apart stand the days of publication and of the last change.
const BESIDE: usize = 2;

/// The day of publication, and that of the last change.
fn dates(
    blocks: &[Block],
    fields: &Fields<'_>,
    title: usize,
    habit: Habit,
    (stands, hedge): (Option<Stands<'_>>, f32),
    cut: &mut Cut,
) {
    let (lines, days) = fields.dates(title, habit);
    let mut judged = judge(&DATE, &lines);
    let usual = stands.map_or_else(Vec::new, |stands| {
        stands.favour(&mut judged, &lines, (Slot::Published, Some(title)))
    });
    for (at, (judgement, day)) in judged.iter_mut().zip(&days).enumerate() {
        // Where the site has the day of the last change and no other, it is the pages'.
        let changed = day.said.published.is_none() && usual.get(at) == Some(&true);
        let doubtful = day.doubtful && !changed;
        *judgement -= if doubtful { DOUBT } else { 0.0 };
    }
    let Some(best) = surest(&judged, DATE.least + hedge) else { return };
    // A line that says when it was changed, and beside it one that says when it was published.
    let at = lines[best].at;
    let beside = |other: &usize| {
        days[*other].said.published.is_some() && lines[*other].at.abs_diff(at) <= BESIDE
    };
    let published = (0..lines.len())
        .filter(|_| days[best].said.published.is_none())
        .filter(beside)
        .filter(|other| judged[*other] >= DATE.least - DOUBT)
        .max_by(|one, other| judged[*one].total_cmp(&judged[*other]));
    let best = published.unwrap_or(best);
    let (at, dates) = (&lines[best].at, &days[best].said);
    let days =
        [(Slot::Published, dates.published.or(dates.modified)), (Slot::Modified, dates.modified)];
    for (slot, day) in days {
        if let Some(day) = day {
            cut.remarks.push(remark(slot, &blocks[*at], &day.to_string()));
        }
    }
}

/// Who wrote it: the line that most surely names them.
fn authors(
    blocks: &[Block],
    fields: &Fields<'_>,
    (title, last): (usize, usize),
    (stands, hedge): (Option<Stands<'_>>, f32),
    cut: &mut Cut,
) {
    // What is a label or a headline is no name.
    let taken = |at: usize| {
        let place = format!("line {}", blocks[at].line);
        cut.remarks.iter().any(|remark| {
            !matches!(remark.slot, Slot::Published | Slot::Modified) && remark.place == place
        })
    };
    let lines = fields.authors(title);
    let mut judged = judge(&AUTHOR, &lines);
    // What stands where the site has its writers needs be no surer on a page with markup.
    if let Some(stands) = stands {
        let usual = stands.favour(&mut judged, &lines, (Slot::Author, Some(title)));
        for (judgement, usual) in judged.iter_mut().zip(usual) {
            *judgement += if usual { hedge } else { 0.0 };
        }
    }
    let mut lines: Vec<_> = judged
        .into_iter()
        .zip(lines)
        .filter(|(sure, one)| {
            *sure >= AUTHOR.least + hedge && !taken(one.at) && kind::of(&one.text).is_none()
        })
        .collect();
    lines.sort_by(|one, other| other.0.total_cmp(&one.0));
    let site = stands.map(|stands| stands.known.site);
    // First of all stands the name of the site, which may be that of its writer.
    let top = blocks.iter().position(|block| !is_skip_link(&block.text));
    let of_site = |one: &Candidate<'_>| Some(one.at) == top && !opens_byline(&one.text);
    let (first, lines): (Vec<_>, Vec<_>) = lines.into_iter().partition(|(_, one)| of_site(one));
    let named = signed_line(blocks, title, &lines, site);
    let declared = labelled(blocks, (fields.body.0, last), &LABELS)
        .filter(|_| hedge == 0.0 || named.is_none());
    // The trees find one line; several reporters have one each.
    let korean = korean(blocks, title, fields.body.0);
    let several = korean.clone().filter(|(_, names)| names.contains(", "));
    let named = declared.or_else(|| han(blocks, title)).or(several).or(named).or(korean);
    // Below these stand only those who comment.
    let below = labelled(blocks, (fields.body.0, last), &BY).filter(|(at, _)| *at > last);
    let below = below.or_else(|| below_day(blocks, last, &cut.remarks));
    let named = match (named, below) {
        (Some(named), Some(below)) if named.0 > below.0 => Some(below),
        (named, below) => named.or(below),
    };
    let named = named.or_else(|| signed_line(blocks, title, &first, site));
    let Some((at, named)) = named else { return };
    let mut named = vec![(at, named)];
    let known = site.filter(|site| site.has_writers());
    named.extend(known.into_iter().flat_map(|site| beside(blocks, &lines, at, site)));
    named.sort_by_key(|(at, _)| *at);
    for (at, names) in named {
        let mut names = remark(Slot::Author, &blocks[at], &names);
        names.place = format!("byline, {}", names.place);
        cut.remarks.push(names);
    }
}

/// Whether a line leads past the menu: `Skip to content`.
fn is_skip_link(text: &str) -> bool {
    ["Skip to ", "Jump to ", "Zum Inhalt", "Aller au contenu", "Saltar al ", "Ir al "]
        .iter()
        .any(|start| text.starts_with(start))
}

/// The day that stands alone in the first line below the text, or in one of the last of what seemed to be text;
/// below it may stand those of comments.
fn day_at_foot(
    blocks: &[Block],
    sight: &Sight,
    kept: &[bool],
    habit: Habit,
) -> Option<(usize, Date)> {
    let end = (0..kept.len()).rfind(|at| kept[*at] && sight.looks[*at].running())?;
    let last = kept.iter().rposition(|kept| *kept)?;
    let lines = end.max(last.saturating_sub(FOOT)) + 1..blocks.len().min(last + FOOT);
    let mut ended = false;
    for at in lines {
        if let Some(day) = day_alone(&blocks[at].text, habit) {
            return Some((at, day));
        }
        let says = is_published_label(&blocks[at].text);
        if ended || kept.get(at) != Some(&true) && !says {
            return None;
        }
        ended |= says;
    }
    None
}

/// Where a text has its day at its foot and not above it, takes it, and what else stands there out of the kept
/// lines; tells where what stands below the text begins, if that is known.
fn foot(
    blocks: &[Block],
    sight: &Sight,
    (first, habit): (usize, Habit),
    kept: &mut [bool],
    cut: &mut Cut,
) -> usize {
    let of_day = |remark: &Remark| matches!(remark.slot, Slot::Published | Slot::Modified);
    let days = |cut: &Cut| -> Vec<usize> {
        cut.remarks
            .iter()
            .filter(|one| of_day(one))
            .filter_map(|one| block_of(one, blocks))
            .collect()
    };
    if days(cut).iter().any(|at| *at <= first) {
        return kept.len();
    }
    let end = tail::end(blocks, sight, kept, first).unwrap_or(kept.len());
    if let Some((at, day)) = day_at_foot(blocks, sight, &kept[..end], habit)
        && days(cut).iter().all(|other| *other > at)
    {
        cut.remarks.retain(|remark| !of_day(remark));
        cut.remarks.push(remark(Slot::Published, &blocks[at], &day.to_string()));
    }
    let at = days(cut).into_iter().find(|at| *at < end && kept[*at]);
    let Some(at) = at.filter(|at| day_alone(&blocks[*at].text, habit).is_some()) else {
        return end;
    };
    // Who wrote it, and what it is filed under.
    let short = |at: &usize| {
        let look = &sight.looks[*at];
        !look.running() && !look.closed && look.words <= 12
    };
    let rest: Vec<usize> = (at..end).filter(|at| kept[*at]).collect();
    if rest.len() <= FOOT && rest.iter().all(short) {
        kept[at..].fill(false);
    }
    end
}

/// The day of a line that has nothing beside it but, perhaps, that something was published then.
fn day_alone(text: &str, habit: Habit) -> Option<Date> {
    let text = bare(text);
    if text.len() > 60 || !text.bytes().any(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let days = date::find_all(text, habit, false);
    let day = days.first().filter(|_| days.len() == 1)?;
    let (before, after) = (&text[..day.range.start], &text[day.range.end..]);
    let alone = before.trim().is_empty() || is_published_label(before);
    (alone && !after.contains(char::is_alphanumeric)).then_some(day.date)
}

/// Whether a text says nothing but that what follows is the day of publication.
fn is_published_label(text: &str) -> bool {
    const WORDS: [&str; 8] =
        ["posted", "posted on", "published", "published on", "on", "am", "le", "veröffentlicht am"];
    WORDS.contains(&&text.trim().trim_end_matches(':').to_lowercase()[..])
}

/// So many lines may stand at the foot of a text.
const FOOT: usize = 6;

/// The name alone in the line below that of the day, where the day stands below the text.
fn below_day(blocks: &[Block], last: usize, remarks: &[Remark]) -> Option<(usize, String)> {
    let day = remarks.iter().find(|remark| remark.slot == Slot::Published)?;
    let at = block_of(day, blocks).filter(|at| *at > last)? + 1;
    let text = bare(&blocks.get(at)?.text);
    let words = text.split(' ').count();
    let byline = byline::read(text, byline::Said::Line, &[]);
    let named = !byline.people.is_empty() && byline.organisations.is_empty();
    (named && words <= 4 * byline.people.len() && !section::is_common(text))
        .then(|| (at, byline.people.join(", ")))
}

/// What the surest of the lines for authors names, with its line; where an organisation signs, what a person
/// does beside it.
fn signed_line(
    blocks: &[Block],
    title: usize,
    lines: &[(f32, Candidate<'_>)],
    site: Option<&Site>,
) -> Option<(usize, String)> {
    let headline = blocks.get(title).map_or("", |block| &block.text[..]);
    let mut named = None;
    for (sure, one) in lines.iter().take(MOST) {
        let Some((text, byline)) = names(&one.text, site) else { continue };
        // Who is named in the headline is written of.
        let told = |name: &String| headline.contains(&name[..]);
        if !opens_byline(&one.text) && byline.people.iter().any(told) {
            continue;
        }
        let people = !byline.people.is_empty();
        let beside = people && *sure >= 0.0 && (title..=title + BEHIND).contains(&one.at);
        if named.is_some() && !beside {
            continue;
        }
        let known = site.is_some_and(Site::has_writers);
        if !known || byline == byline::read(text, byline::Said::Line, &[]) {
            named = Some((one.at, text.to_owned()));
        } else {
            // Names of the site were told apart.
            named = Some((one.at, [byline.people, byline.organisations].concat().join(", ")));
        }
        // Where an organisation signs, a person may do so too.
        if people {
            break;
        }
    }
    named
}

/// What the line below an entry of a blog says of fields of which nothing else is said.
fn entry(blocks: &[Block], sight: &Sight, first: usize, kept: &mut [bool], cut: &mut Cut) {
    let Some(entry) = entry::find(blocks, &sight.looks, first) else { return };
    kept[entry.at] = false;
    let writer = format!("By {}", entry.writer);
    // Several labels are no section.
    let label = if entry.label.contains(',') { "" } else { entry.label };
    for (slot, text) in
        [(Slot::Author, &writer[..]), (Slot::Published, entry.day), (Slot::Section, label)]
    {
        if !text.is_empty() && !cut.remarks.iter().any(|remark| remark.slot == slot) {
            cut.remarks.push(remark(slot, &blocks[entry.at], text));
        }
    }
}

/// What stands before who wrote an article ...
const LABELS: [&str; 17] = [
    "author",
    "authors",
    "post author",
    "written by",
    "posted by",
    "autor",
    "autorin",
    "autoren",
    "auteur",
    "auteurs",
    "autore",
    "автор",
    "Автор",
    "作者",
    "文",
    "撰文",
    "著者",
];
/// ... and in a line above a name.
const BY: [&str; 6] = ["by", "von", "par", "por", "door", "av"];

/// The line that says behind a label, or below one, who wrote the article (`Author: Ada Nagy`), where all that do
/// agree.
fn labelled(
    blocks: &[Block],
    (first, last): (usize, usize),
    labels: &[&str],
) -> Option<(usize, String)> {
    /// The longest of them, in bytes, and a blank or two.
    const LONGEST: usize = 14;
    let mut said: Option<(usize, String)> = None;
    for (at, block) in blocks.iter().enumerate().filter(|(_, block)| block.text.len() <= 160) {
        let text = bare(&block.text);
        let (label, mut name) = text.split_once([':', '：']).unwrap_or((text, ""));
        // The name may stand in the line below, but not that of those who are thanked at the end of a text.
        let apart = name.trim().is_empty() && !(first..=last).contains(&at);
        let below = blocks.get(at + 1).filter(|below| apart && below.gap < 2);
        name = below.map_or(name, |below| &below.text);
        let eastern = is_eastern(&block.text);
        if label.len() > LONGEST && !eastern {
            continue;
        }
        let chinese = if eastern { byline::han::labelled(&block.text) } else { Vec::new() };
        let people = if !chinese.is_empty() {
            signed(&chinese)
        } else if labels.iter().any(|known| known.eq_ignore_ascii_case(label.trim())) {
            byline::read(name, byline::Said::Line, &[]).people.join(", ")
        } else {
            continue;
        };
        match &said {
            _ if people.is_empty() => {}
            Some((_, other)) if *other != people => return None,
            Some(_) => {}
            None => said = Some((at + usize::from(below.is_some()), people)),
        }
    }
    said
}

/// Chinese names as a byline has them.
fn signed(names: &[&str]) -> String {
    format!("作者：{}", names.join("、"))
}

/// The line of nothing but Chinese names around a headline, that has its day in it or beside it; of Japanese
/// names, its day a few lines below.
fn han(blocks: &[Block], title: usize) -> Option<(usize, String)> {
    const AROUND: usize = 4;
    // In Japan labels of sections stand between names and days.
    const LABELS: usize = 5;
    let dated = |at: usize| {
        let text = blocks.get(at).map_or("", |block| &block.text[..]);
        text.len() <= 80 && !date::find_all(text, Habit { day_first: None }, false).is_empty()
    };
    let lines = title.saturating_sub(AROUND)..blocks.len().min(title + AROUND + 1);
    let named =
        |at: usize| byline::han::names(blocks.get(at).map_or("", |block| bare(&block.text)));
    lines.filter(|at| *at != title).find_map(|at| {
        let below =
            if named(at).iter().any(|name| byline::han::is_japanese(name)) { LABELS } else { 1 };
        let day = !named(at).is_empty() && (at.saturating_sub(1)..=at + below).any(dated);
        // Several may stand below each other.
        let all = (at..).map(named).take_while(|names| !names.is_empty()).flatten();
        day.then(|| (at, signed(&all.collect::<Vec<_>>())))
    })
}

/// The lines below each other, around a headline or above the body, that name a Korean reporter each,
/// perhaps with addresses between them.
fn korean(blocks: &[Block], title: usize, first: usize) -> Option<(usize, String)> {
    const AROUND: usize = 4;
    const BETWEEN: usize = 2;
    let signed = |at: &usize| {
        let text = &blocks[*at].text[..];
        let short = text.len() <= 80 && is_eastern(text) && text.contains("기자");
        short && !byline::read(text, byline::Said::Line, &[]).people.is_empty()
    };
    let near = title.saturating_sub(AROUND)..blocks.len().min(first.max(title) + AROUND + 1);
    let first = near.filter(|at| *at != title).find(signed)?;
    let mut last = first;
    let mut names = vec![&blocks[first].text[..]];
    while let Some(next) = (last + 1..blocks.len().min(last + 1 + BETWEEN)).find(signed) {
        names.push(&blocks[next].text[..]);
        last = next;
    }
    Some((first, names.join(", ")))
}

/// Between the lines of two who sign an article may stand so many: what each of them does.
const ROLE: usize = 1;

/// The other lines that name those who sign an article of a site with known writers, around the surest
/// of them: with no empty line between, where nobody knows whom they name.
fn beside(
    blocks: &[Block],
    lines: &[(f32, Candidate<'_>)],
    first: usize,
    site: &Site,
) -> Vec<(usize, String)> {
    let signs = |(_, one): &(f32, Candidate<'_>)| {
        let people = names(&one.text, Some(site))?.1.people;
        (!people.is_empty()).then_some((one.at, people))
    };
    let near = |from: usize, to: usize, people: &[String]| {
        let joined = || blocks[from + 1..=to].iter().all(|block| block.gap == 0);
        let known = || people.iter().all(|name| site.has_writer(name));
        to - from <= 1 + ROLE && (joined() || known())
    };
    let mut signed: Vec<(usize, Vec<String>)> = lines.iter().filter_map(signs).collect();
    signed.sort_by_key(|(at, _)| *at);
    let mut found = Vec::new();
    let mut last = first;
    for (at, people) in signed.iter().filter(|(at, _)| *at > first) {
        if near(last, *at, people) {
            last = *at;
            found.push((*at, people.join(", ")));
        }
    }
    last = first;
    for (at, people) in signed.iter().rev().filter(|(at, _)| *at < first) {
        if near(*at, last, people) {
            last = *at;
            found.push((*at, people.join(", ")));
        }
    }
    found
}

/// The part of a line that is a byline, and whom it names. What was glued to a name may be no name.
fn names<'t>(text: &'t str, site: Option<&Site>) -> Option<(&'t str, Byline)> {
    let signers = site.into_iter().flat_map(Site::organisations);
    let signers: Vec<String> = signers.map(str::to_owned).collect();
    [text, text.split(" | ").next().unwrap_or(text)]
        .into_iter()
        .map(|text| (text, byline::read_of(text, byline::Said::Line, &signers, site)))
        .find(|(_, byline)| *byline != Byline::default())
}

/// The first paragraph of the lines kept, and the last line of them.
pub(super) fn body(sight: &Sight, kept: &[bool]) -> Option<(usize, usize)> {
    Some((first_paragraph(sight, kept)?, kept.iter().rposition(|kept| *kept)?))
}

/// How the page writes its days, told by those that can be read in one way only.
pub(super) fn habit(blocks: &[Block], sight: &Sight, site: &Site) -> Habit {
    let dated = |most: u32| {
        let may = move |(_, look): &(&Block, &Look)| look.digits >= 5 && look.words <= most;
        blocks.iter().zip(&sight.looks).filter(may).map(|(block, _)| &block.text[..])
    };
    let told = Habit::told(dated(24));
    if told.day_first.is_some() {
        return told;
    }
    if site.day_first().is_some() {
        return Habit { day_first: site.day_first() };
    }
    let numbers = |text: &str| {
        let parts = text.split(|c: char| !c.is_ascii_digit());
        parts.filter(|part| !part.is_empty()).nth(2).is_some()
    };
    // Where no day is written in three numbers, their order does not matter.
    if !dated(45).any(numbers) {
        return Habit { day_first: None };
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
        if !plain || text.len() > 60 || look.address || furniture(look) || opens_byline(text) {
            continue;
        }
        let mut parts = text.split(" | ");
        if let (Some(kind), Some(section), None) = (parts.next(), parts.next(), parts.next())
            && !are_two_people(kind, section)
        {
            cut.remarks.push(remark(Slot::Kind, &blocks[at], kind));
            cut.remarks.push(remark(Slot::Section, &blocks[at], section));
            kept[at] = false;
            return true;
        }
    }
    false
}

/// Whether two parts of a line name one who wrote the article each: `Ada Nagy | Tom Reed`.
fn are_two_people(one: &str, other: &str) -> bool {
    let signs = |part: &str| {
        let byline = byline::read(part, byline::Said::Line, &[]);
        byline.people.len() == 1 && byline.organisations.is_empty() && kind::of(part).is_none()
    };
    signs(one) && signs(other)
}

/// A summary between the headline and the lines on who wrote it and when.
fn standfirst(blocks: &[Block], sight: &Sight, title: usize, kept: &mut [bool], cut: &mut Cut) {
    let at = title + 1;
    let Some(look) = sight.looks.get(at) else { return };
    if look.words < 7 || look.words > 60 || opens_byline(&blocks[at].text) || furniture(look) {
        return;
    }
    // `May 3, 2022 - Ada Nagy (@ada)`, `Reviewed by Tom Reed — Written by Ada Nagy — March 7, 2025`
    let text = &blocks[at].text;
    let named = || names(text, None).is_some() || names(&signature(text, look), None).is_some();
    if is_dated(look) && !look.closed && named() {
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

/// The block that a remark on a line is of.
fn block_of(remark: &Remark, blocks: &[Block]) -> Option<usize> {
    let line: u32 = remark.place.rsplit(' ').next()?.parse().ok()?;
    blocks.iter().position(|block| block.line == line)
}

/// So many lines below the headline its byline may stand behind a summary of several paragraphs.
const BEHIND: usize = 8;

/// The text below a byline is so many times longer than a summary above it.
const LONGER: u32 = 3;

/// Paragraphs between the headline and the lines on who wrote it and when, where these are sure: the
/// site has them there, or the one stands beside the other.
fn summary(sight: &Sight, title: usize, stands: Stands<'_>, kept: &mut [bool], cut: &mut Cut) {
    let blocks = stands.blocks;
    let of = |remark: &Remark| {
        let asked = matches!(remark.slot, Slot::Published | Slot::Author);
        asked.then(|| block_of(remark, blocks)).flatten().map(|at| (remark.slot, at))
    };
    let lines: Vec<(Slot, usize)> = cut.remarks.iter().filter_map(of).collect();
    let sure = |(slot, at): &(Slot, usize)| {
        let beside = |(other, one): &(Slot, usize)| other != slot && one.abs_diff(*at) <= 2;
        stands.is_usual(*at, (*slot, Some(title))) || lines.iter().any(beside)
    };
    // Below the first of them the head is over.
    let first = lines.iter().filter(|(_, at)| *at > title).min_by_key(|(_, at)| *at);
    let first = first.filter(|line| line.1 <= title + BEHIND && sure(line));
    let Some(&(_, end)) = first else { return };
    let between: Vec<usize> =
        (title + 1..end).filter(|at| kept[*at] && sight.looks[*at].running()).collect();
    let words = |lines: &mut dyn Iterator<Item = usize>| -> u32 {
        lines.map(|at| sight.looks[at].words).sum()
    };
    let below = words(&mut (end..kept.len()).filter(|at| kept[*at]));
    if between.is_empty() || words(&mut between.iter().copied()) * LONGER > below {
        return;
    }
    let text: Vec<&str> = between.iter().map(|at| blocks[*at].text.trim()).collect();
    cut.remarks.push(remark(Slot::Standfirst, &blocks[between[0]], &text.join(" ")));
    kept[title + 1..end].fill(false);
}

fn furniture(look: &Look) -> bool {
    let page = cues::APPEAL | cues::SHARE | cues::MORE | cues::LEGAL | cues::REPLY;
    look.cues & page != 0 && look.words <= 12
}
