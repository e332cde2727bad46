//! What a block and its boxes tell of themselves: the signs that the scorer weighs.

use std::hash::{BuildHasher, Hash};
use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::{FxBuildHasher, FxHashMap, FxHashSet};

use super::Clues;
use crate::draft::{Block, Page};
use crate::extract::lines;

/// The signs of one block: those of its boxes and place, and those of its text as a line.
pub(super) const SIGNS: usize = OWN + lines::WIDTH;

/// How many of them come from here.
const OWN: usize = 99;

/// The columns of a row that rules look at too; `tests/fit/body.py` knows them by the same numbers.
pub(super) mod column {
    pub(in super::super) const SAYS: usize = 12;
    pub(in super::super) const DESCRIBED: usize = 14;
    pub(in super::super) const LEAD: usize = 18;
    pub(in super::super) const CAPTION: usize = 19;
    pub(in super::super) const RELATED: usize = 22;
    pub(in super::super) const COMMENTS: usize = 25;
    pub(in super::super) const TEASER: usize = 29;
    pub(in super::super) const FIGURE: usize = 38;
    pub(in super::super) const HIDDEN: usize = 45;
    pub(in super::super) const AFTER_HEADLINE: usize = 64;
}

/// The kinds of box that sites name in classes and ids, as bits.
pub(super) mod kind {
    pub(in super::super) const BODY: u16 = 1;
    pub(in super::super) const ARTICLE: u16 = 1 << 1;
    pub(in super::super) const LEAD: u16 = 1 << 2;
    pub(in super::super) const CAPTION: u16 = 1 << 3;
    pub(in super::super) const BYLINE: u16 = 1 << 4;
    pub(in super::super) const META: u16 = 1 << 5;
    pub(in super::super) const RELATED: u16 = 1 << 6;
    pub(in super::super) const SHARE: u16 = 1 << 7;
    pub(in super::super) const APPEAL: u16 = 1 << 8;
    pub(in super::super) const COMMENTS: u16 = 1 << 9;
    pub(in super::super) const FRAME: u16 = 1 << 10;
    pub(in super::super) const WIDGET: u16 = 1 << 11;
    pub(in super::super) const TAGS: u16 = 1 << 12;
    pub(in super::super) const TEASER: u16 = 1 << 13;
    pub(in super::super) const QUOTE: u16 = 1 << 14;
    pub(in super::super) const CODE: u16 = 1 << 15;
}

/// The kind of box that one word of a class or id names.
fn word_kind(word: &str) -> u16 {
    match word {
        "body" | "content" | "text" | "entry" | "paragraph" | "paragraphs" | "richtext"
        | "prose" | "copy" | "markdown" | "articlebody" | "article_body" | "storytext"
        | "bodytext" | "wysiwyg" | "rte" | "postbody" | "blogtext" | "maintext" | "contenido"
        | "cuerpo" | "inhalt" | "texte" => kind::BODY,
        "article" | "post" | "story" | "main" | "artikel" | "nota" | "noticia" | "single"
        | "blog" | "hentry" | "page" | "articulo" | "detail" | "news" => kind::ARTICLE,
        "standfirst" | "deck" | "dek" | "lead" | "lede" | "intro" | "subtitle" | "subheadline"
        | "subhead" | "summary" | "excerpt" | "strapline" | "description" | "abstract"
        | "bajada" | "sottotitolo" | "chapo" | "ingress" | "vorspann" | "leadtext" | "tagline"
        | "subheading" => kind::LEAD,
        "caption" | "figcaption" | "figure" | "image" | "photo" | "picture" | "img" | "media"
        | "gallery" | "slideshow" | "video" | "player" | "credit" | "slide" | "wp-caption"
        | "foto" | "lightbox" | "audio" | "legend" | "credits" | "bildunterschrift" | "pie" => {
            kind::CAPTION
        }
        "byline" | "author" | "authors" | "bio" | "contributor" | "writer" | "autor"
        | "profile" | "journalist" | "vcard" | "avatar" | "signature" | "reporter"
        | "columnist" => kind::BYLINE,
        "meta" | "date" | "time" | "timestamp" | "published" | "dateline" | "info" | "details"
        | "updated" | "breadcrumb" | "breadcrumbs" | "kicker" | "category" | "eyebrow"
        | "pubdate" | "datetime" | "header" | "headline" | "title" | "rubric" | "readtime" => {
            kind::META
        }
        "related" | "recommended" | "recommendations" | "recommendation" | "recirc"
        | "recirculation" | "popular" | "trending" | "latest" | "more" | "mostread"
        | "outbrain" | "taboola" | "next" | "previous" | "prev" | "also" | "similar"
        | "suggested" | "readmore" | "seealso" | "upnext" | "promoted" | "relacionadas"
        | "weitere" | "viewed" | "nextprev" | "articles" | "stories" | "posts" | "further"
        | "series" | "zergnet" => kind::RELATED,
        "share" | "sharing" | "social" | "sharedaddy" | "addthis" | "facebook" | "twitter"
        | "follow" | "whatsapp" | "tools" | "toolbar" | "actions" | "print" | "email"
        | "bookmark" | "likes" | "reactions" | "sociallinks" => kind::SHARE,
        "newsletter" | "subscribe" | "subscription" | "signup" | "paywall" | "promo"
        | "promotion" | "ad" | "ads" | "advert" | "advertisement" | "sponsor" | "sponsored"
        | "cta" | "banner" | "cookie" | "cookies" | "consent" | "donate" | "donation" | "modal"
        | "popup" | "overlay" | "register" | "registration" | "login" | "gdpr" | "offer"
        | "affiliate" | "dfp" | "anzeige" | "werbung" | "premium" | "piano" | "membership"
        | "message" | "notice" | "disclaimer" | "alert" | "appeal" | "optin" | "form" => {
            kind::APPEAL
        }
        "comment" | "comments" | "disqus" | "respond" | "reply" | "discussion" | "commentlist"
        | "kommentare" | "replies" | "comentarios" | "commenting" => kind::COMMENTS,
        "nav" | "navigation" | "navbar" | "menu" | "footer" | "sidebar" | "masthead" | "topbar"
        | "copyright" | "logo" | "site" | "aside" | "skip" | "search" | "rail" | "foot"
        | "bottom" | "secondary" | "complementary" | "contentinfo" | "submenu" | "dropdown"
        | "tabs" | "pagination" | "pager" | "hidden" | "sr" | "screen" | "visually"
        | "tertiary" => kind::FRAME,
        "widget" | "widgets" | "module" | "box" | "infobox" | "factbox" | "callout" | "embed"
        | "sidenote" | "toc" | "carousel" | "slider" | "poll" | "quiz" | "ticker"
        | "table-of-contents" | "accordion" | "calendar" | "weather" | "stock" | "chart"
        | "footnotes" | "references" | "footnote" | "tooltip" | "instagram" | "tweet"
        | "contents" => kind::WIDGET,
        "tag" | "tags" | "topics" | "topic" | "keywords" | "categories" | "etiquetas"
        | "labels" => kind::TAGS,
        "teaser" | "teasers" | "card" | "cards" | "tile" | "tiles" | "feed" | "list" | "item"
        | "items" | "grid" | "listing" | "thumbnail" | "thumb" | "archive" | "headlines"
        | "playlist" | "river" | "results" | "collection" | "blocklist" | "preview" => kind::TEASER,
        "quote" | "pullquote" | "blockquote" | "pull" | "zitat" | "citation" => kind::QUOTE,
        "highlight" | "code" | "pre" | "language" | "sourcecode" | "snippet" | "codehilite" => {
            kind::CODE
        }
        _ => 0,
    }
}

/// The kinds that the hints of a box name.
fn kinds(hints: &str) -> u16 {
    hints
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.len() > 1)
        .map(word_kind)
        .fold(0, |all, one| all | one)
}

/// What one text is like, whatever its place.
#[derive(Clone, Default)]
pub(super) struct Look {
    pub(super) words: f32,
    pub(super) linked: f32,
    strong: f32,
    stop: bool,
    commas: f32,
    capitals: f32,
    digits: f32,
    sentences: f32,
    length: f32,
    lower: bool,
    quote: bool,
}

/// Looks at a text; a Chinese or Japanese sign counts as half a word.
pub(super) fn look(block: &Block) -> Look {
    let text = block.text.as_str();
    let (mut words, mut wide, mut capitals, mut digits, mut letters, mut commas, mut ends) =
        (0u32, 0u32, 0u32, 0u32, 0u32, 0u32, 0u32);
    let mut inside = false;
    let mut before = ' ';
    for c in text.chars() {
        let part = if c.is_ascii() { c.is_ascii_alphanumeric() } else { c.is_alphanumeric() };
        if part {
            letters += 1;
            if matches!(c, '\u{3040}'..='\u{30ff}' | '\u{3400}'..='\u{9fff}' | '\u{ac00}'..='\u{d7a3}')
            {
                wide += 1;
                inside = false;
            } else {
                words += u32::from(!inside);
                inside = true;
                capitals += u32::from(c.is_uppercase());
                digits += u32::from(c.is_ascii_digit());
            }
        } else {
            match c {
                ',' | '，' | '、' | ';' => commas += 1,
                '。' | '！' | '？' => ends += 1,
                ' ' | '\n' if matches!(before, '.' | '!' | '?' | '”' | '"' | ':') => ends += 1,
                _ => {}
            }
            inside = inside && matches!(c, '\'' | '’' | '-');
        }
        before = c;
    }
    let last = text.trim_end_matches(['"', '”', '’', '\'', ')', ']', '»', ' ', '“']).chars().last();
    let bytes = text.len().max(1) as f32;
    let first = text.chars().next().unwrap_or(' ');
    Look {
        words: words as f32 + wide as f32 * 0.5,
        linked: (block.linked as f32 / bytes).min(1.0),
        strong: (block.strong as f32 / bytes).min(1.0),
        stop: last.is_some_and(|c| matches!(c, '.' | '!' | '?' | '。' | '！' | '？' | '…' | '।')),
        commas: commas as f32,
        capitals: capitals as f32 / letters.max(1) as f32,
        digits: digits as f32 / letters.max(1) as f32,
        sentences: ends as f32,
        length: letters as f32 / (words + wide).max(1) as f32,
        lower: first.is_lowercase(),
        quote: matches!(first, '"' | '“' | '„' | '«' | '—' | '–' | '‘'),
    }
}

/// What every box holds, added up from its blocks.
#[derive(Clone, Default)]
struct Held {
    blocks: f32,
    words: f32,
    linked: f32,
    /// Words of blocks that read like paragraphs.
    prose: f32,
    /// The sum of [`worth`].
    worth: f32,
    /// How much the words of its blocks speak for text, see [`spoken`].
    spoken: f32,
    kinds: u16,
    tags: u16,
    depth: u16,
}

/// Tags that tell the use of a box, as bits.
fn tag_bit(tag: &str) -> u16 {
    match tag {
        "article" => 1,
        "main" => 1 << 1,
        "aside" => 1 << 2,
        "nav" => 1 << 3,
        "footer" => 1 << 4,
        "header" => 1 << 5,
        "figure" | "figcaption" | "caption" => 1 << 6,
        "form" | "fieldset" | "dialog" => 1 << 7,
        "table" => 1 << 8,
        "ul" | "ol" | "dl" | "menu" => 1 << 9,
        "blockquote" => 1 << 10,
        "section" => 1 << 11,
        "pre" => 1 << 12,
        _ => 0,
    }
}

/// How much a block speaks for the box that holds it (positive) or against it.
fn worth(look: &Look) -> f32 {
    let own = look.words * (1.0 - look.linked);
    if look.words >= 12.0 && look.linked < 0.4 {
        own.min(120.0)
    } else if look.stop && look.linked < 0.4 {
        own * 0.5
    } else {
        -1.5 - look.words.min(20.0) * look.linked * 0.8
    }
}

/// How much the words of a block speak for text or against it, whatever its length.
fn spoken(lined: &[f32; lines::WIDTH]) -> f32 {
    lined[lines::WEIGHT].clamp(-3.0, 3.0)
}

pub(super) fn is_prose(look: &Look) -> bool {
    look.words >= 14.0
        && look.linked < 0.35
        && (look.stop || look.commas > 1.0 || look.words > 40.0)
}

fn hash(value: impl Hash) -> u64 {
    FxBuildHasher.hash_one(&value)
}

/// What a page is like: the looks of its blocks, and where each stands.
pub(super) struct Survey {
    pub(super) looks: Vec<Look>,
    /// The block that is the headline, or the first.
    pub(super) headline: Option<usize>,
    /// One row of [`SIGNS`] a block.
    pub(super) signs: Vec<[f32; SIGNS]>,
}

const NOWHERE: u32 = u32::MAX;

/// Surveys a page. `weights` and `told` are for a fit; see [`lines::signs`].
pub(super) fn survey(
    page: &Page,
    clues: &Clues,
    weights: &[[f32; 5]],
    told: &mut impl FnMut(u64),
) -> Survey {
    let lined = lines::signs(&page.blocks, weights, told);
    let looks: Vec<Look> = page.blocks.iter().map(look).collect();
    let mut held = vec![Held::default(); page.boxes.len()];
    let mut tag_paths = vec![0u64; page.boxes.len()];
    let mut class_paths = vec![0u64; page.boxes.len()];
    for (n, container) in page.boxes.iter().enumerate() {
        let above = container.parent.map_or(0, |up| up as usize);
        let (depth, tags, classes) = match container.parent {
            Some(_) => (held[above].depth + 1, tag_paths[above], class_paths[above]),
            None => (0, 0, 0),
        };
        held[n].depth = depth.min(500);
        held[n].tags = tag_bit(container.tag);
        held[n].kinds = kinds(&container.hints);
        tag_paths[n] = hash((tags, container.tag));
        // Numbers in names (ids of posts) would part what belongs together.
        let mut named = 0u64;
        for word in
            container.hints.split(' ').filter(|word| !word.bytes().any(|b| b.is_ascii_digit()))
        {
            named = hash((named, word));
        }
        class_paths[n] = hash((classes, container.tag, named));
    }
    for ((block, look), lined) in page.blocks.iter().zip(&looks).zip(&lined) {
        if let Some(own) = block.container {
            let own = &mut held[own as usize];
            own.spoken += spoken(lined);
            own.blocks += 1.0;
            own.words += look.words;
            own.linked += look.words * look.linked;
            own.worth += worth(look);
            if is_prose(look) {
                own.prose += look.words;
            }
        }
    }
    for n in (0..held.len()).rev() {
        if let Some(up) = page.boxes[n].parent {
            let own = held[n].clone();
            let up = &mut held[up as usize];
            up.blocks += own.blocks;
            up.words += own.words;
            up.linked += own.linked;
            up.prose += own.prose;
            up.worth += own.worth;
            up.spoken += own.spoken;
        }
    }
    let twins = twins(page, &held, &class_paths);
    let prose: f32 = looks.iter().filter(|look| is_prose(look)).map(|look| look.words).sum();
    let all: f32 = looks.iter().map(|look| look.words).sum();
    let mut top = NOWHERE;
    let mut most = f32::MIN;
    for (n, own) in held.iter().enumerate() {
        // Of boxes that hold the same, the inner one comes later.
        if own.worth >= most {
            (top, most) = (n as u32, own.worth);
        }
    }

    // What is above each box: kinds and tags, but not those of boxes that hold nearly all.
    let mut kinds_above = vec![0u16; held.len()];
    let mut tags_above = vec![0u16; held.len()];
    let mut near_good = vec![20u16; held.len()];
    let mut in_top = vec![false; held.len()];
    let mut hidden = vec![false; held.len()];
    for n in 0..held.len() {
        let (mut kinds, mut tags, mut good, mut inside, mut unseen) = (0, 0, 20, false, false);
        if let Some(up) = page.boxes[n].parent {
            let up = up as usize;
            (kinds, tags, good) =
                (kinds_above[up], tags_above[up], near_good[up].saturating_add(1).min(20));
            (inside, unseen) = (in_top[up], hidden[up]);
        }
        if held[n].prose < 0.7 * prose || held[n].words < 0.3 * all {
            kinds |= held[n].kinds;
        } else {
            kinds |= held[n].kinds & (kind::BODY | kind::ARTICLE);
        }
        if held[n].kinds & kind::BODY != 0 {
            good = 0;
        }
        kinds_above[n] = kinds;
        tags_above[n] = tags | held[n].tags;
        near_good[n] = good;
        in_top[n] = inside || n as u32 == top;
        hidden[n] = unseen || page.boxes[n].hidden;
    }

    // Of the blocks on one path: words of prose, all words, what the words say, how many they are.
    let mut by_tags: FxHashMap<u64, [f32; 4]> = FxHashMap::default();
    let mut by_classes: FxHashMap<u64, [f32; 4]> = FxHashMap::default();
    let mut times: FxHashMap<&str, u32> = FxHashMap::default();
    let mut paths = Vec::with_capacity(looks.len());
    for ((block, look), lined) in page.blocks.iter().zip(&looks).zip(&lined) {
        let (tags, classes) = block
            .container
            .map_or((0, 0), |own| (tag_paths[own as usize], class_paths[own as usize]));
        for (table, key) in [(&mut by_tags, tags), (&mut by_classes, classes)] {
            let sum = table.entry(key).or_default();
            sum[0] += if is_prose(look) { look.words } else { 0.0 };
            sum[1] += look.words;
            sum[2] += spoken(lined);
            sum[3] += 1.0;
        }
        paths.push(classes);
        *times.entry(block.text.as_str()).or_default() += 1;
    }

    let headline = headline_block(page, clues);
    let known = Known::of(clues);
    let mut signs = Vec::with_capacity(looks.len());
    let first_prose = looks.iter().position(is_prose).unwrap_or(0);
    let last_prose = looks.iter().rposition(is_prose).unwrap_or(0);
    let mut before = 0.0;
    let mut commented = 0.0;
    let mut heading: Option<(usize, [f32; 4])> = None;
    let authors = names(&clues.authors);
    let mut seen: FxHashSet<&str> = FxHashSet::default();
    for (n, (block, look)) in page.blocks.iter().zip(&looks).enumerate() {
        let mut row = [0f32; SIGNS];
        let mut at = 0;
        let mut put = |value: f32| {
            row[at] = value;
            at += 1;
        };
        let yes = |value: bool| f32::from(u8::from(value));
        // The text.
        put(look.words);
        put(look.linked);
        put(look.strong);
        put(yes(look.stop));
        put(look.commas);
        put(look.capitals);
        put(look.digits);
        put(look.sentences);
        put(look.length);
        put(yes(look.lower));
        put(yes(look.quote));
        put(times[block.text.as_str()] as f32);
        put(says(&block.text, look));
        put(known.declared(&block.text));
        put(known.described(&block.text));
        // The tag.
        put(match block.tag {
            "p" => 0.0,
            "h1" => 1.0,
            "h2" => 2.0,
            "h3" => 3.0,
            "h4" | "h5" | "h6" => 4.0,
            "li" => 5.0,
            "td" | "th" | "caption" => 6.0,
            "pre" => 7.0,
            "blockquote" => 8.0,
            "figcaption" | "figure" => 9.0,
            "dd" | "dt" => 10.0,
            "section" | "article" | "main" => 11.0,
            _ => 12.0,
        });
        // The boxes.
        let own = block.container.unwrap_or(NOWHERE) as usize;
        let (up_kinds, up_tags, good) = match kinds_above.get(own) {
            Some(kinds) => (*kinds, tags_above[own], near_good[own]),
            None => (0, 0, 20),
        };
        for bit in 0..16 {
            put(yes(up_kinds & 1 << bit != 0));
        }
        for bit in 0..12 {
            put(yes(up_tags & 1 << bit != 0));
        }
        put(f32::from(good));
        put(yes(hidden.get(own).is_some_and(|hidden| *hidden)));
        put(yes(in_top.get(own).is_some_and(|inside| *inside)));
        put(held.get(own).map_or(0.0, |own| f32::from(own.depth)));
        // The nearest boxes that hold more than this block.
        let mut home = own;
        while home < held.len() && held[home].blocks < 2.0 {
            home = page.boxes[home].parent.map_or(usize::MAX, |up| up as usize);
        }
        let mut wide = home;
        while wide < held.len() && held[wide].blocks < held[home].blocks + 2.0 {
            wide = page.boxes[wide].parent.map_or(usize::MAX, |up| up as usize);
        }
        for at in [home, wide] {
            let none = Held::default();
            let held = held.get(at).unwrap_or(&none);
            put(held.blocks);
            put(held.words);
            put(held.linked / held.words.max(1.0));
            put(held.prose / prose.max(1.0));
        }
        put(held.get(home).map_or(0.0, |held| held.prose / held.words.max(1.0)));
        put(held.get(wide).map_or(0.0, |held| held.prose / held.words.max(1.0)));
        let (tag_path, class_path) = block
            .container
            .map_or((0, 0), |own| (tag_paths[own as usize], class_paths[own as usize]));
        for sum in [by_tags[&tag_path], by_classes[&class_path]] {
            put(sum[0] / prose.max(1.0));
            put(sum[0] / sum[1].max(1.0));
        }
        // The place on the page.
        put(n as f32 / looks.len() as f32);
        put(before / all.max(1.0));
        put(n as f32 - headline.map_or(-50.0, |at| at as f32));
        put(n as f32 - first_prose as f32);
        put(last_prose as f32 - n as f32);
        put(all);
        put(prose / all.max(1.0));
        // The neighbours.
        for step in [-2i64, -1, 1, 2] {
            let there =
                usize::try_from(n as i64 + step).ok().and_then(|at| looks.get(at).map(|l| (at, l)));
            let (words, linked, stop) = there
                .map_or((-1.0, 0.0, 0.0), |(_, look)| (look.words, look.linked, yes(look.stop)));
            put(words);
            put(linked);
            put(stop);
            if step.abs() == 1 {
                put(there.map_or(0.0, |(at, _)| yes(paths[at] == paths[n])));
            }
        }
        // What came before.
        let twin = twins.get(own).copied().unwrap_or_default();
        put(twin.count);
        put(twin.words);
        put(twin.number);
        put(commented);
        let (since, [says, level, mean, least]) =
            heading.map_or((99.0, [0.0; 4]), |(at, signs)| ((n - at) as f32, signs));
        put(since);
        put(says);
        put(level);
        put(match held.get(own) {
            Some(own_held) if in_top[own] => f32::from(own_held.depth - held[top as usize].depth),
            _ => -1.0,
        });
        put(yes(!seen.insert(&block.text)));
        put(held.get(top as usize).map_or(0.0, |top| top.words / all.max(1.0)));
        // What the words say around it, and of the authors.
        put(mean);
        put(least);
        for at in [home, wide] {
            put(held.get(at).map_or(0.0, |held| held.spoken / held.blocks.max(1.0)));
        }
        let sum = by_classes[&class_path];
        put(sum[2] / sum[3].max(1.0));
        put(if look.words <= 30.0 { named(&block.text, &authors) } else { 0.0 });
        debug_assert_eq!(at, OWN);
        row[OWN..].copy_from_slice(&lined[n]);
        before += look.words;
        if opens_comments(block, look) {
            commented += 1.0;
        }
        if matches!(block.tag, "h1" | "h2" | "h3" | "h4" | "h5" | "h6") {
            let [weight, least] = [lines::WEIGHT, lines::LEAST].map(|at| lined[n][at]);
            let level = f32::from(block.tag.as_bytes()[1] - b'0');
            heading = Some((n, [row[column::SAYS], level, weight, least]));
        }
        signs.push(row);
    }
    Survey { looks, headline, signs }
}

/// How often a box stands beside others of its kind, as comments, posts and cards do.
#[derive(Clone, Copy, Default)]
struct Twins {
    count: f32,
    number: f32,
    words: f32,
}

/// Finds for every box the most repeated of it and the boxes around it.
fn twins(page: &Page, held: &[Held], class_paths: &[u64]) -> Vec<Twins> {
    let mut groups: FxHashMap<(Option<u32>, u64), f32> = FxHashMap::default();
    let big = |n: usize| held[n].blocks >= 2.0;
    let mut number = vec![0.0; held.len()];
    for n in (0..held.len()).filter(|n| big(*n)) {
        let count = groups.entry((page.boxes[n].parent, class_paths[n])).or_default();
        number[n] = *count;
        *count += 1.0;
    }
    let mut all = vec![Twins::default(); held.len()];
    for n in 0..held.len() {
        let above = page.boxes[n].parent.map_or(Twins::default(), |up| all[up as usize]);
        let count = if big(n) { groups[&(page.boxes[n].parent, class_paths[n])] } else { 0.0 };
        all[n] = if count > above.count {
            Twins { count, number: number[n], words: held[n].words }
        } else {
            above
        };
    }
    all
}

/// Whether a line opens the comments of readers.
fn opens_comments(block: &Block, look: &Look) -> bool {
    static LINE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?i)^\W*(?:(?:view |show |read |see )?(?:all )?[\d.,]* ?(?:user |reader )?(?:comments?|kommentare?|comentarios?|commentaires?|commenti|reacties|kommentarer|responses?|replies|thoughts on|комментари\w*)|leave a (?:reply|comment)|join the (?:discussion|conversation)|post a comment|add a comment|discussion|schreibe einen kommentar|deja un comentario|laisser un commentaire)(?-u:\b)",
        )
        .expect("the pattern is fixed")
    });
    look.words < 14.0 && look.commas < 2.0 && LINE.is_match(&block.text)
}

/// The block that holds the headline: the first that says it in a heading, else the first that
/// says it, else the first `<h1>`.
fn headline_block(page: &Page, clues: &Clues) -> Option<usize> {
    let wanted = squeeze(&clues.headline);
    let says = |block: &&Block| {
        let text = squeeze(&block.text);
        !text.is_empty()
            && (text == wanted
                || (text.len() > 20 && wanted.contains(text.as_str()))
                || (wanted.len() > 20 && text.len() < 2 * wanted.len() && text.contains(&wanted)))
    };
    let find = |test: &dyn Fn(&&Block) -> bool| page.blocks.iter().position(|block| test(&block));
    let heading = |block: &&Block| matches!(block.tag, "h1" | "h2");
    (!wanted.is_empty())
        .then(|| {
            // A heading of a chapter may hold the words of the headline.
            find(&|block| heading(block) && squeeze(&block.text) == wanted)
                .or_else(|| find(&|block| block.tag == "h1" && says(block)))
                .or_else(|| find(&|block| heading(block) && says(block)))
        })
        .flatten()
        .or_else(|| find(&|block| block.tag == "h1"))
        .or_else(|| if wanted.is_empty() { None } else { find(&says) })
}

/// Letters and digits alone, lower case: to compare what is set with other signs.
pub(super) fn squeeze(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// What the page says elsewhere of its text.
struct Known {
    body: FxHashSet<u64>,
    description: FxHashSet<u64>,
}

impl Known {
    fn of(clues: &Clues) -> Self {
        Self { body: triples(&clues.body), description: triples(&clues.standfirst) }
    }

    /// The share of the text that the declared body says too; -1 where none is declared.
    fn declared(&self, text: &str) -> f32 {
        if self.body.len() < 40 { -1.0 } else { share(text, &self.body) }
    }

    fn described(&self, text: &str) -> f32 {
        if self.description.is_empty() { -1.0 } else { share(text, &self.description) }
    }
}

/// The words of some names.
pub(super) fn names(names: &[String]) -> FxHashSet<String> {
    names.iter().flat_map(|name| words(name)).collect()
}

/// The share of the words of a text that are names of the authors.
pub(super) fn named(text: &str, authors: &FxHashSet<String>) -> f32 {
    if authors.is_empty() {
        return 0.0;
    }
    let (known, all) = words(text).fold((0u32, 0u32), |(known, all), word| {
        (known + u32::from(authors.contains(&word)), all + 1)
    });
    known as f32 / all.max(1) as f32
}

/// The words of two letters and more, lower case.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().nth(1).is_some())
        .map(str::to_lowercase)
}

/// Whether the box of a block alone says that it is the standfirst.
pub(super) fn is_standfirst(page: &Page, block: usize) -> bool {
    let alone =
        |at: u32| page.blocks.iter().filter(|other| other.container == Some(at)).count() == 1;
    let word = |word: &str| {
        matches!(
            word,
            "standfirst"
                | "deck"
                | "dek"
                | "subtitle"
                | "subheadline"
                | "subheading"
                | "strapline"
                | "sottotitolo"
                | "bajada"
                | "chapo"
                | "ingress"
                | "vorspann"
                | "leadtext"
        )
    };
    let container = page.blocks[block].container;
    container.is_some_and(|at| {
        let hints = &page.boxes[at as usize].hints;
        alone(at) && hints.split(|c: char| !c.is_alphanumeric()).any(word)
    })
}

/// The runs of three words of a text, hashed.
fn triples(text: &str) -> FxHashSet<u64> {
    runs(text).collect()
}

fn runs(text: &str) -> impl Iterator<Item = u64> {
    let words: Vec<u64> = text
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty())
        .map(hash)
        .collect();
    let length = words.len().clamp(1, 3);
    (0..(words.len() + 1).saturating_sub(length)).map(move |at| hash(&words[at..at + length]))
}

fn share(text: &str, known: &FxHashSet<u64>) -> f32 {
    let (mut all, mut found) = (0u32, 0u32);
    for run in runs(text).take(60) {
        all += 1;
        found += u32::from(known.contains(&run));
    }
    found as f32 / all.max(1) as f32
}

/// What a short line says: 1 an appeal, 2 a pointer to other articles, 3 a legal or picture line,
/// 4 a date or byline; 0 none of these.
fn says(text: &str, look: &Look) -> f32 {
    static LINES: LazyLock<Vec<Regex>> = LazyLock::new(|| {
        [
            r"(?i)(?-u:\b)(?:subscri|sign ?up|newsletter|follow (?:us|me)|click here|join (?:us|our|the conversation)|log ?in|register|download (?:our|the) app|donat|support (?:us|our)|share (?:this|on)|like us|leave a (?:comment|reply)|abonn|anmelden|jetzt testen|suscr|iscriviti|s'inscrire|advertisement|sponsored|whatsapp|telegram channel|google news|e-?mail)",
            r"(?i)^(?:read|see|lees|lire|leia|leggi|lesen|les|läs|lea|mehr|more|also|related|recommended|watch|listen|next|previous|in pictures|don't miss|editors?['’]s? picks?|you may|you might|topics?|tags?|filed under|trending|weiterlesen|zum thema|à lire|ver también|continue reading|mira también|te puede interesar|most (?:read|popular)|latest|further reading|up next)(?-u:\b)",
            r"(?i)(?:©|\(c\) ?\d{4}|copyright|all rights reserved|getty|(?-u:\b)(?:photo|image|picture|foto|credit|bild|quelle|source)(?-u:\b) ?(?:by|:|/|credit|courtesy)|shutterstock|(?-u:\b)afp(?-u:\b)|reuters/|(?-u:\b)ap photo|(?-u:\b)via(?-u:\b) ap|privacy policy|terms of|alle rechte)",
            r"(?i)(?:^(?:by|von|par|por|di|af|av|door|text:?|written by|posted|published|updated|last (?:updated|modified)|first published|veröffentlicht|aktualisiert|publié|publicado|pubblicato)(?-u:\b)|(?-u:\b)\d+ ?min(?:ute)?s?(?: read|uten)|(?-u:\b)(?:19|20)\d\d(?-u:\b).{0,12}(?-u:\b)\d{1,2}[:.]\d\d|(?-u:\b)ago$|(?-u:\b)is an? (?:\w+ ){0,4}(?:reporter|writer|editor|journalist|correspondent|author|columnist|contributor|professor|freelance))",
        ]
        .iter()
        .map(|pattern| Regex::new(pattern).expect("the pattern is fixed"))
        .collect()
    });
    if look.words > 45.0 {
        return 0.0;
    }
    LINES.iter().position(|line| line.is_match(text)).map_or(0.0, |at| at as f32 + 1.0)
}
