//! Articles out of text that was flattened: which lines are the body, and which its head.
//!
//! Every line is judged by what is seen of it and of those around it, by trees that were fitted
//! on pages of many sites; the best row of judgements, where going in or out of the body has its
//! price, gives the lines kept. The head is what stands before them.

mod cues;
mod ends;
mod entry;
mod features;
mod field_trees;
mod fields;
mod frame;
mod head;
mod judge;
mod lexicon;
mod look;
mod net;
mod net_table;
mod series;
mod tail;
mod tally;
mod trees;
mod wide;

use super::asides::{is_aside, is_caption};
use crate::draft::{Block, Container, Page, Remark, Rung, Slot};
use crate::site::{Places, Site};
pub(super) use ends::comments;
pub(super) use features::{LEAST, WEIGHT, WIDTH};
use features::{Look, Sight};
pub(super) use fields::unglued;
pub(super) use tail::broken_off;
use tail::{is_credit, teaser_blocks};

/// What was found in a flattened page.
#[derive(Debug, Clone, Default)]
pub struct Cut {
    /// The kept lines: paragraphs parted by one blank line.
    pub body: String,
    /// The blocks that were kept, as indices into [`Page::blocks`].
    pub kept: Vec<usize>,
    /// What lines of the page say of the other fields, with their places.
    pub remarks: Vec<Remark>,
    /// Captions and credits of pictures.
    pub captions: Vec<String>,
    /// The first lines of teasers of other articles.
    pub teasers: Vec<String>,
    /// Why this is no article, where it is none.
    pub rejected: Option<&'static str>,
}

/// The signs by which lines are judged, for those who judge the blocks of a page.
///
/// For a fit, `weights` is given in place of what the words weigh, and `told` hears the words: a 0
/// ends each line.
pub(super) fn signs(
    blocks: &[Block],
    weights: &[[f32; 5]],
    told: &mut impl FnMut(u64),
) -> Vec<[f32; WIDTH]> {
    let mut sight = Sight::telling(blocks, told);
    if !weights.is_empty() {
        sight.lexical = weights.to_vec();
    }
    sight.rows(blocks)
}

/// What an archive knows of a page.
#[derive(Debug)]
pub struct Known<'s> {
    /// For every block whether its line is the site's, where the page is of a known site.
    pub lines: Option<Vec<bool>>,
    /// For every block the share of the site's pages that have its line where it stands here.
    pub fixed: Option<Vec<f32>>,
    /// For every block whether no other capture of the article has its line, where there are others.
    pub alone: Option<Vec<bool>>,
    /// What else is known of the site.
    pub site: &'s Site,
}

/// Cuts the article out of a flattened page.
pub fn cut(page: &Page) -> Cut {
    let nothing = Site::default();
    cut_known(page, &Known { lines: None, fixed: None, alone: None, site: &nothing })
}

/// Cuts the article out of a page of a site that is known.
///
/// Where the lines of the site are known, they are dropped and what is left between them is trusted,
/// lists and code too; and what stands where the site has its bylines and its days is trusted to be
/// one.
pub fn cut_known(page: &Page, known: &Known<'_>) -> Cut {
    let blocks = &page.blocks;
    if blocks.is_empty() {
        return Cut { rejected: Some("no text"), ..Cut::default() };
    }
    let sight = Sight::of(blocks);
    let judged = judge(blocks, &sight);
    cut_judged(blocks, &sight, judged, known)
}

/// How surely each line is the body's.
fn judge(blocks: &[Block], sight: &Sight) -> Vec<f32> {
    let around = sight.around(blocks);
    let mut reading = net::Reading::new(blocks.len());
    let mut judged = trees::BODY.judge(blocks.len(), SURE, |from, signs| {
        around.fill(from, signs);
        reading.take(signs, judge::ABREAST.min(blocks.len() - from));
    });
    for (judgement, other) in judged.iter_mut().zip(reading.judged()) {
        *judgement += NET * (other - *judgement);
    }
    judged
}

/// How much of a judgement is the network's; the rest is the trees'.
const NET: f32 = 0.5;

/// Cuts the article out of a page whose lines were judged.
fn cut_judged(blocks: &[Block], sight: &Sight, mut judged: Vec<f32>, known: &Known<'_>) -> Cut {
    let teasers = deny_teasers(blocks, sight, &mut judged);
    let mut kept = keep(blocks, sight, judged, Some(known));
    if let Some(alone) = &known.alone {
        leave_alone(&mut kept, alone, |at| sight.looks[at].words as f32);
    }
    let mut cut = Cut::default();
    head::find(blocks, sight, known, &mut kept, &mut cut);
    tail::trim(blocks, sight, &mut kept, &mut cut);
    for (at, block) in blocks.iter().enumerate() {
        let look = &sight.looks[at];
        kept[at] = kept[at] && !is_aside(&block.text);
        if is_credit(&block.text, look) || kept[at] && is_caption(&block.text) {
            kept[at] = false;
            if !teasers.iter().any(|teaser| teaser.contains(&at)) {
                cut.captions.push(block.text.clone());
            }
        }
    }
    for range in teasers {
        if let Some(at) = tail::title(blocks, sight, range) {
            cut.teasers.push(blocks[at].text.clone());
        }
    }
    let furnished = !clean(sight);
    for (at, block) in blocks.iter().enumerate().filter(|(at, _)| kept[*at]) {
        if !cut.body.is_empty() {
            let joined = list_item(&sight.looks[at]) && at > 0 && kept[at - 1] && block.gap == 0;
            cut.body.push_str(if joined { "\n" } else { "\n\n" });
        }
        match listed(blocks, &sight.looks, at).filter(|_| furnished) {
            Some(item) => cut.body.extend(["• ", item]),
            None => cut.body.push_str(&block.text),
        }
        cut.kept.push(at);
    }
    if cut.kept.is_empty() {
        cut.rejected = Some("no running text");
    }
    cut
}

/// What the lines of a page with markup say of the fields of `wanted`, of which it declares nothing.
///
/// `kept` are its blocks in the body, `title` is the one that holds the headline.
pub fn undeclared(
    page: &Page,
    kept: &[bool],
    title: Option<usize>,
    wanted: &[Slot],
    known: &Known<'_>,
) -> Vec<Remark> {
    let blocks = as_lines(page).blocks;
    let menu = menus(page);
    let mut remarks = head::missing(&blocks, kept, (title, &menu), wanted, known);
    for remark in &mut remarks {
        // A page with markup has no lines that a reader could count.
        remark.place = remark.place.replacen("line ", "block ", 1);
    }
    remarks
}

/// A page with markup as the lines of a text, one for each block.
pub fn as_lines(page: &Page) -> Page {
    let line = |(number, block): (usize, &Block)| Block {
        text: match block.tag {
            "li" => format!("• {}", block.text.replace('\n', " ")),
            // A name, and below it what its bearer does.
            _ if block.text.len() <= SHORT => block.text.replace('\n', " | "),
            _ => block.text.replace('\n', " "),
        },
        line: number as u32 + 1,
        gap: u32::from(matches!(block.tag, "p" | "h1" | "h2" | "h3" | "h4" | "h5" | "h6")),
        ..Block::default()
    };
    Page { blocks: page.blocks.iter().enumerate().map(line).collect(), ..Page::default() }
}

/// The lines of a block of at most so many bytes say one thing each.
const SHORT: usize = 80;

/// For each block whether it lies in a box that lists the sections of a site, or closes its pages, and does
/// not say where this page belongs.
fn menus(page: &Page) -> Vec<bool> {
    let own = |one: &Container| {
        let words = || one.hints.split(|c: char| !c.is_ascii_alphanumeric());
        let menu = matches!(one.tag, "nav" | "footer" | "menu")
            || words()
                .any(|word| matches!(word, "nav" | "navbar" | "navigation" | "menu" | "footer"));
        (menu, one.hints.contains("crumb"))
    };
    let mut boxes: Vec<(bool, bool)> = Vec::with_capacity(page.boxes.len());
    for one in &page.boxes {
        // Boxes stand behind the one that they lie in.
        let around = one.parent.and_then(|around| boxes.get(around as usize)).copied();
        let ((menu, crumbs), (within, below)) = (own(one), around.unwrap_or_default());
        boxes.push((menu || within, crumbs || below));
    }
    let container = |block: &Block| boxes.get(block.container? as usize).copied();
    page.blocks.iter().map(|block| container(block) == Some((true, false))).collect()
}

/// Where the lines of a page of a known site seem to tell of its fields: see [`Site::place`].
pub fn places(page: &Page, known: &Known<'_>) -> Places {
    let blocks = &page.blocks;
    if known.lines.is_none() {
        return Places::default();
    }
    let sight = Sight::of(blocks);
    let mut judged = judge(blocks, &sight);
    deny_teasers(blocks, &sight, &mut judged);
    let margins = margins(&judged, known, &sight.looks);
    let kept = keep(blocks, &sight, judged, Some(known));
    Places { margins, ..head::places(blocks, &sight, known, &kept) }
}

/// How many lines that are not the site's stand above the text of a page, up to the frame of its site, and
/// how many below; `None` where that is not known.
fn margins(judged: &[f32], known: &Known<'_>, looks: &[Look]) -> Option<[usize; 2]> {
    let (site, fixed) = (known.lines.as_deref()?, known.fixed.as_deref());
    let Stretch { all, text } = framed(judged, site, fixed?, looks)?;
    let count = |lines: std::ops::Range<usize>| lines.filter(|at| !site[*at]).count();
    Some([count(all.start..text.start), count(text.end..all.end)])
}

/// Finds teasers, whose lines are no body. Running text that is surely body makes none, unless it
/// ends as only teasers do.
fn deny_teasers(
    blocks: &[Block],
    sight: &Sight,
    judged: &mut [f32],
) -> Vec<std::ops::Range<usize>> {
    let mut teasers = teaser_blocks(blocks, sight);
    teasers.retain(|range| {
        // `keep reading` is a teaser's whatever stands above it; `read more` may be anything's.
        tail::is_open_end(&blocks[range.end - 1].text)
            || !range.clone().any(|at| sight.looks[at].running() && judged[at] > TEASER)
    });
    // One alone may be the article's own.
    if sight.looks.iter().filter(|look| look.seam).count() >= RUN_TOGETHER {
        let lines = blocks.iter().zip(&sight.looks).enumerate();
        let run_together: Vec<usize> = lines
            .filter(|(_, (block, look))| tail::is_run_together(&block.text, look))
            .map(|(at, _)| at)
            .collect();
        if run_together.len() >= RUN_TOGETHER {
            teasers.extend(run_together.into_iter().map(|at| at..at + 1));
        }
    }
    for range in &teasers {
        judged[range.clone()].fill(-6.0);
    }
    teasers
}

/// So sure is running text that is not that of a teaser.
const TEASER: f32 = 1.0;

/// So many lines whose headline ran into their summary are teasers.
const RUN_TOGETHER: usize = 3;

/// Which lines are the body's.
fn keep(
    blocks: &[Block],
    sight: &Sight,
    mut judged: Vec<f32>,
    known: Option<&Known<'_>>,
) -> Vec<bool> {
    let of_site = known.and_then(|known| known.lines.as_deref()).unwrap_or_default();
    match (clean(sight), of_site.contains(&true)) {
        (true, false) => return vec![true; judged.len()],
        (true, true) => judged.iter_mut().for_each(|judgement| *judgement = judgement.max(CLEAN)),
        (false, _) => {}
    }
    if let Some(known) = known
        && let Some(site) = &known.lines
    {
        let margins = known.site.margins();
        trust(&mut judged, site, (known.fixed.as_deref(), margins), (blocks, &sight.looks));
    }
    let kept = decode(&judged, &sight.looks);
    // Better some of the page's furniture than an article lost.
    let run = |at| sight.run.contains(&at) && sight.looks[at].words > 3;
    match kept.contains(&true) {
        true => kept,
        false => (0..judged.len()).map(run).collect(),
    }
}

/// In a text that seems to have nothing but an article in it, but for some lines of its site, all others are
/// this sure.
const CLEAN: f32 = -1.0;

/// Leaves out what only this capture of the article has, outside the run of what others have too.
fn leave_alone(kept: &mut [bool], alone: &[bool], words: impl Fn(usize) -> f32) {
    let sum = |own: bool| -> f32 {
        (0..kept.len()).filter(|at| kept[*at] && alone[*at] == own).map(&words).sum()
    };
    // Pages of other articles may share long lines too.
    if sum(false) < SHARED * sum(true) {
        return;
    }
    let shared = |at: &usize| kept[*at] && !alone[*at];
    let (first, last) = ((0..kept.len()).find(shared), (0..kept.len()).rfind(shared));
    if let (Some(first), Some(last)) = (first, last) {
        kept[..first].fill(false);
        kept[last + 1..].fill(false);
    }
}

/// Captures of one article share so many times more of its text than one has alone.
const SHARED: f32 = 2.0;

/// Adds to the judgements what the archive knows: its own lines are no body, and of the stretches
/// between them the one with the most text is trusted, lists and code too, down to what asks to
/// reply or to read more.
///
/// So many lines as pages of the site have above their text and below it (`margins`) are not trusted beside
/// its frame.
fn trust(
    judged: &mut [f32],
    site: &[bool],
    (fixed, [above, under]): (Option<&[f32]>, [usize; 2]),
    (blocks, looks): (&[Block], &[Look]),
) {
    let words = |at: usize| looks[at].words as f32;
    let framed = fixed.and_then(|fixed| framed(judged, site, fixed, looks));
    // In a folder of many sites they have but a few words in common, which frame nothing.
    let (all, below, end) = match &framed {
        Some(Stretch { all, text }) => {
            let asks = |at: &usize| looks[*at].cues & (cues::REPLY | cues::MORE) != 0;
            // What heads comments or teasers on many pages ends the text wherever it stands.
            let short = |at: &usize| looks[*at].words <= 6 && !looks[*at].closed;
            let mut heads = (text.start + 1..all.end).filter(|at| site[*at] && short(at));
            let end = heads.find(asks).unwrap_or(all.end);
            let below = (text.end..end).find(asks).unwrap_or(end);
            let own = |at: &usize| !site[*at];
            let head = (all.start..text.start).filter(own).take(above).last();
            let tail = (text.end..all.end).rev().filter(own).take(under).last();
            let start = head.map_or(all.start, |last| last + 1);
            (start..all.end, below, end.min(tail.unwrap_or(all.end)))
        }
        None => {
            let all = stretch(judged, site, None, words).map_or(0..0, |one| one.all);
            (all.clone(), all.start, all.end)
        }
    };
    let listed = match (framed, fixed) {
        (Some(Stretch { text, .. }), Some(fixed)) => {
            in_listings(blocks, site, fixed, text.start..end)
        }
        _ => Vec::new(),
    };
    for (at, judgement) in judged.iter_mut().enumerate() {
        if site[at] && listed.binary_search(&at).is_err() {
            *judgement -= 5.0;
        } else if (all.start..end).contains(&at) {
            *judgement += if at < below { TRUSTED } else { BELOW };
        }
    }
}

/// The lines of the site that stand in a text, right above or below lines of its own, in their order: what many
/// programs begin with, or print.
fn in_listings(
    blocks: &[Block],
    site: &[bool],
    fixed: &[f32],
    text: std::ops::Range<usize>,
) -> Vec<usize> {
    let mut found = Vec::new();
    let mut from = text.start;
    while from < text.end {
        let end = (from + 1..text.end).find(|at| blocks[*at].gap > 0).unwrap_or(text.end);
        // A text without empty lines has no listings that could be told.
        if (from > text.start || end < text.end) && (from..end).any(|at| !site[at]) {
            found.extend((from..end).filter(|at| site[*at] && fixed[*at] < FIXED));
        }
        from = end;
    }
    found
}

/// The stretch with the most text where a site has a frame, down to a line of the site that leads to the posts
/// before or after this one: their summaries may be below it.
fn framed(judged: &[f32], site: &[bool], fixed: &[f32], looks: &[Look]) -> Option<Stretch> {
    let words = |at: usize| looks[at].words as f32;
    let mut found = stretch(judged, site, Some(fixed), words)?;
    let turns = |at: &usize| site[*at] && cues::turns(looks[*at].name);
    if let Some(turn) = (found.text.start + 1..found.all.end).find(turns) {
        found = Stretch::of(found.all.start..turn, judged, site, words);
    }
    Some(found)
}

/// What lies between two rows of lines of a site.
#[derive(Debug, Default)]
pub(super) struct Stretch {
    /// All of it.
    pub all: std::ops::Range<usize>,
    /// From the first line that is running text by its own looks to the last.
    pub text: std::ops::Range<usize>,
}

/// Of the stretches between two and more lines of the site in a row the one with the most text. The
/// others may be teasers, which change from page to page.
///
/// `site` tells which lines are the site's, `words` how many each has. With `fixed`, the share of the
/// site's pages that have each where it stands here, only lines of some share part stretches, and
/// there is none where no two in a row are those of most pages.
pub(super) fn stretch(
    judged: &[f32],
    site: &[bool],
    fixed: Option<&[f32]>,
    words: impl Fn(usize) -> f32,
) -> Option<Stretch> {
    let share = |at: usize| fixed.map_or(1.0, |fixed| fixed[at]);
    let parts = |at: usize| site[at] && share(at) >= FIXED;
    let frames = |at: usize| site[at] && share(at) >= FRAME;
    if fixed.is_some() && !(1..judged.len()).any(|at| frames(at - 1) && frames(at)) {
        return None;
    }
    let mut best = (0.0, 0..0);
    let (mut start, mut sum, mut held) = (0, 0.0, 0);
    for at in 0..judged.len() {
        held = if parts(at) { held + 1 } else { 0 };
        // A single line of the site may be an appeal inside the text.
        if held == 2 {
            (start, sum) = (at, 0.0);
        }
        if !site[at] {
            let gain = (judged[at] + 0.5).clamp(LEAST_GAIN, 3.0) * counts(words(at));
            sum += gain * words(at).min(60.0);
        }
        if sum > best.0 {
            best = (sum, start..at + 1);
        } else if best.1.end == at && best.1.start == start && held < 2 {
            best.1.end = at + 1;
        }
    }
    Some(Stretch::of(best.1, judged, site, words))
}

impl Stretch {
    /// Finds the text in some lines.
    fn of(
        all: std::ops::Range<usize>,
        judged: &[f32],
        site: &[bool],
        words: impl Fn(usize) -> f32,
    ) -> Self {
        let is_text =
            |at: &usize, least: f32| !site[*at] && judged[*at] > least && words(*at) >= 8.0;
        // Short notes and lists may hold nothing that surely is text.
        let sure = all.clone().any(|at| is_text(&at, 0.0));
        let least = if sure { 0.0 } else { UNSURE };
        let first = all.clone().find(|at| is_text(at, least)).unwrap_or(all.start);
        let end = all.clone().rfind(|at| is_text(at, least)).map_or(first, |last| last + 1);
        Self { all, text: first..end }
    }
}

/// Where nothing in a stretch is surely text, what is this sure is.
const UNSURE: f32 = -2.0;

/// What each word adds to a stretch, however little its line looks like text.
const LEAST_GAIN: f32 = 0.05;

/// So much surer is a line of the stretch that is trusted ...
pub(super) const TRUSTED: f32 = 4.0;
/// ... and one below what asks to reply or to read more, where comments and teasers stand.
const BELOW: f32 = 1.5;
/// What so many of the site's pages have where it stands here parts stretches; a line of code, which
/// comes again in other places, does not.
const FIXED: f32 = 0.2;
/// What so many have is the frame of a site's pages.
const FRAME: f32 = 0.5;

/// After every so many trees, lines whose judgement is this sure are not asked further.
const SURE: (usize, f32) = (75, 1.6);

fn list_item(look: &Look) -> bool {
    look.bullet || look.numbered
}

/// What an item of a numbered list says, where the line before it or the one after has the number beside its
/// own.
///
/// Such numbers are made by what flattens a page, of an `<ol>` whose text holds none, as bullets are.
fn listed<'b>(blocks: &'b [Block], looks: &[Look], at: usize) -> Option<&'b str> {
    let item = |at: usize| -> Option<(u32, &'b str)> {
        looks.get(at).filter(|look| look.numbered)?;
        let (number, text) = blocks[at].text.split_once(". ")?;
        Some((number.parse::<u16>().ok()?.into(), text.trim_start()))
    };
    let (number, text) = item(at)?;
    let beside = |at: usize| item(at).map(|(number, _)| number);
    let before = at.checked_sub(1).and_then(beside);
    (before.is_some_and(|before| before + 1 == number) || beside(at + 1) == Some(number + 1))
        .then_some(text)
}

/// The price of going into the body, or out of it.
const CHANGE: f32 = 0.3;

/// How much the judgement of a line counts: long lines more than short ones.
fn weight(look: &Look) -> f32 {
    counts(look.words as f32)
}

/// How much the judgement of a line of so many words counts.
pub(super) fn counts(words: f32) -> f32 {
    (0.35 + words / 25.0).min(1.0)
}

/// So much surer is running text between the first paragraph of the body and the last ...
const INSIDE: f32 = 1.0;

/// ... and so much any other line there, ...
const INSIDE_SHORT: f32 = 0.6;

/// ... if it is this sure by itself.
const INSIDE_LEAST: f32 = -1.5;

/// The best row of states, in or out of the body; long lines weigh more than short ones.
///
/// What stands within the body is more often text than the trees say, which judge a line by its looks
/// and by the few lines around it: on sites that they had not seen, of running text judged between -1 and 0
/// there, two words of three were the article's.
fn decode(judged: &[f32], looks: &[Look]) -> Vec<bool> {
    let running = judged.iter().zip(looks).filter(|(_, look)| look.running());
    let raise = raise(running.map(|(judgement, look)| (*judgement, look.words as f32)), SURE_TEXT);
    let plain = decode_as(judged, looks);
    if raise == 0.0 {
        return plain;
    }
    let judged: Vec<f32> = judged.iter().map(|judgement| judgement + raise).collect();
    grown(&plain, decode_as(&judged, looks))
}

/// [`decode`], on a page of which the trees are sure.
fn decode_as(judged: &[f32], looks: &[Look]) -> Vec<bool> {
    let row = |inside: std::ops::Range<usize>| {
        let gain = |(at, (judgement, look)): (usize, (&f32, &Look))| {
            let surer = match inside.contains(&at) && *judgement > INSIDE_LEAST {
                true if look.running() => INSIDE,
                true => INSIDE_SHORT,
                false => 0.0,
            };
            (judgement + surer) * weight(look)
        };
        best_row(judged.iter().zip(looks).enumerate().map(gain), CHANGE)
    };
    let kept = row(0..0);
    let paragraph = |at: &usize| kept[*at] && looks[*at].running();
    let (first, last) = ((0..kept.len()).find(paragraph), (0..kept.len()).rfind(paragraph));
    match (first, last) {
        (Some(first), Some(last)) if last > first + 1 => row(first + 1..last),
        _ => kept,
    }
}

/// Of the pieces of `wide`, with at most five left out in a row within each, those that hold something of `core`.
pub(super) fn grown(core: &[bool], mut wide: Vec<bool>) -> Vec<bool> {
    const GAP: usize = 5;
    let mut from = 0;
    while let Some(start) = (from..wide.len()).find(|at| wide[*at]) {
        let mut end = start + 1;
        while let Some(next) = (end..wide.len()).take(GAP + 1).find(|at| wide[*at]) {
            end = next + 1;
        }
        if !core[start..end].contains(&true) {
            wide[start..end].fill(false);
        }
        from = end;
    }
    wide
}

/// What is surely text of a page of lines is this sure.
const SURE_TEXT: f32 = 1.5;

/// By how much everything on a page counts as surer, of whose surest text the trees are unsure.
///
/// A page has a body: where trees that never saw its like judge all of it low, what they judge least low is
/// the text. `running` is its running text, the judgement and the words of each line; the surest 150 words
/// are as sure as `sure` where the trees know such pages. At most 1, and nothing where there are fewer words.
pub(super) fn raise(running: impl Iterator<Item = (f32, f32)>, sure: f32) -> f32 {
    const WORDS: f32 = 150.0;
    const MOST: f32 = 1.0;
    let mut lines: Vec<(f32, f32)> = running.collect();
    lines.sort_by(|one, other| other.0.total_cmp(&one.0));
    let mut words = 0.0;
    let enough = lines.iter().find(|(_, more)| {
        words += more;
        words >= WORDS
    });
    let least = enough.map_or(sure, |(judgement, _)| *judgement);
    (sure - least).clamp(0.0, MOST)
}

/// The row of states, in or out, that gains most where each change has its price.
pub(super) fn best_row(gains: impl Iterator<Item = f32>, price: f32) -> Vec<bool> {
    let (mut inside, mut outside) = (-price, 0.0f32);
    let mut back = Vec::new();
    for gain in gains {
        let stay = (inside >= outside - price, outside >= inside - price);
        back.push(stay);
        (inside, outside) = (inside.max(outside - price) + gain, outside.max(inside - price));
    }
    let mut state = inside > outside;
    let mut kept = vec![false; back.len()];
    for at in (0..back.len()).rev() {
        kept[at] = state;
        state = if state { back[at].0 } else { !back[at].1 };
    }
    kept
}

/// Whether a text has nothing but an article in it: a short head, then paragraphs, and none of a
/// page's furniture.
fn clean(sight: &Sight) -> bool {
    let looks = &sight.looks;
    let page = cues::APPEAL | cues::SHARE | cues::MORE | cues::LEGAL | cues::REPLY;
    let furniture = |look: &Look| look.words <= 12 && look.cues & page != 0 && !look.closed;
    // A headline may hold any word.
    if looks.iter().skip(1).any(furniture) {
        return false;
    }
    let first = looks.iter().position(Look::running).unwrap_or(looks.len());
    let text = &looks[first..];
    let sparse = text.iter().filter(|look| look.words <= 4 && !look.closed).count();
    let echoes = sight.echo.iter().filter(|echo| echo[1] < 60.0).count();
    first <= 8 && echoes <= looks.len() / 8 && sparse * 4 <= text.len()
}

/// A remark on a visible line.
fn remark(slot: Slot, block: &Block, text: &str) -> Remark {
    Remark {
        slot,
        rung: Rung::Visible,
        place: format!("line {}", block.line),
        text: text.trim().to_owned(),
    }
}

#[cfg(test)]
mod tests;
