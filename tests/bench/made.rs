//! A made corpus: as many articles as wanted, the same for the same seed.
//!
//! Words follow a Zipf curve over a made vocabulary, sentences and articles have the lengths of
//! news, and each article has a headline, a section, a date and an author.
#![allow(dead_code, reason = "each benchmark uses some of it")]

use std::io::{self, Write};
use std::path::Path;

/// A small generator of random numbers (xorshift64*, Vigna 2016).
pub struct Random(u64);

impl Random {
    /// Starts from a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next number.
    pub fn next(&mut self) -> u64 {
        self.0 ^= self.0 >> 12;
        self.0 ^= self.0 << 25;
        self.0 ^= self.0 >> 27;
        self.0.wrapping_mul(0x2545_f491_4f6c_dd1d)
    }

    /// A number below `end`.
    pub fn below(&mut self, end: u64) -> u64 {
        self.next() % end.max(1)
    }

    /// A number from 0 to 1.
    pub fn share(&mut self) -> f64 {
        (self.next() >> 11) as f64 / (1_u64 << 53) as f64
    }
}

/// A made article.
pub struct Made {
    pub headline: String,
    pub section: &'static str,
    pub date: String,
    pub author: String,
    pub body: String,
}

const SYLLABLES: [&str; 24] = [
    "ba", "cor", "den", "el", "fi", "gar", "har", "in", "jo", "kal", "lo", "mer", "nor", "os",
    "pra", "qui", "ra", "sten", "tor", "ul", "ver", "wes", "yan", "zo",
];
const SECTIONS: [&str; 8] =
    ["World", "Politics", "Business", "Sport", "Culture", "Science", "Local", "Opinion"];
const COMMON: [&str; 24] = [
    "the", "of", "and", "to", "in", "a", "that", "was", "for", "on", "said", "with", "as", "his",
    "it", "by", "at", "from", "be", "have", "which", "this", "not", "were",
];

/// The word of that rank; the first ranks are real, so that the text is taken for English.
fn word(rank: u64) -> String {
    if let Some(word) = COMMON.get(rank as usize) {
        return (*word).to_owned();
    }
    let mut rest = rank - COMMON.len() as u64;
    let mut word = String::new();
    for _ in 0..4 {
        word.push_str(SYLLABLES[(rest % 24) as usize]);
        rest /= 24;
        if rest == 0 {
            break;
        }
    }
    word
}

/// A rank drawn by Zipf's law over `size` words.
fn rank(random: &mut Random, size: u64) -> u64 {
    ((size as f64).powf(random.share()) - 1.0) as u64
}

/// The article of that number.
pub fn article(number: u64, seed: u64) -> Made {
    let mut random = Random::new(seed ^ number.wrapping_mul(0xd134_2543_de82_ef95));
    let sentence = |random: &mut Random, length: u64| {
        let words: Vec<String> = (0..length).map(|_| word(rank(random, 200_000))).collect();
        let mut text = words.join(" ");
        if let Some(first) = text.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        text
    };
    let length = 6 + random.below(5);
    let headline = sentence(&mut random, length);
    let mut body = String::new();
    for number in 0..8 + random.below(30) {
        if number > 0 {
            body.push_str(if number % 3 == 0 { "\n\n" } else { " " });
        }
        let length = 8 + random.below(24);
        body.push_str(&sentence(&mut random, length));
        body.push('.');
    }
    let year = 2004 + random.below(20);
    let date = format!("{year}-{:02}-{:02}", 1 + random.below(12), 1 + random.below(28));
    let section = SECTIONS[random.below(8) as usize];
    let mut name = || {
        let mut name = word(24 + random.below(400));
        if let Some(first) = name.get_mut(..1) {
            first.make_ascii_uppercase();
        }
        name
    };
    let author = format!("{} {}", name(), name());
    Made { headline, section, date, author, body }
}

/// Writes a corpus as JSONL.
pub fn write(out: &mut dyn Write, articles: u64, seed: u64) -> io::Result<()> {
    for number in 0..articles {
        let record = record(number, &article(number, seed));
        writeln!(out, "{record}")?;
    }
    Ok(())
}

/// Writes a corpus as JSONL in which every tenth article is an earlier one, with another end.
pub fn write_copied(out: &mut dyn Write, articles: u64, seed: u64) -> io::Result<()> {
    for number in 0..articles {
        let mut made = article(number, seed);
        if number % 10 == 9 {
            let earlier = article(number / 2, seed).body;
            let kept = earlier.floor_char_boundary(earlier.len() * 3 / 4);
            made.body = format!("{} {}", &earlier[..kept], &made.body[..made.body.len() / 6]);
        }
        writeln!(out, "{}", record(number, &made))?;
    }
    Ok(())
}

/// Writes a corpus as files below `place`, a thousand a folder: web pages only, or text files,
/// pages, Markdown and JSON in turn.
pub fn write_folder(place: &Path, articles: u64, seed: u64, pages_only: bool) -> io::Result<()> {
    for number in 0..articles {
        let folder = place.join(format!("{:04}", number / 1000));
        if number % 1000 == 0 {
            std::fs::create_dir_all(&folder)?;
        }
        let made = article(number, seed);
        let (ending, text) = match number % 4 {
            _ if pages_only => ("html", page(number, &made, seed)),
            0 => ("txt", plain(&made)),
            1 => ("html", page(number, &made, seed)),
            2 => ("md", markdown(&made)),
            _ => ("json", record(number, &made).to_string()),
        };
        std::fs::write(folder.join(format!("{number}.{ending}")), text)?;
    }
    Ok(())
}

/// Writes made articles as text files, a thousand in a folder.
pub fn write_plain(place: &Path, articles: u64, seed: u64) -> io::Result<()> {
    for number in 0..articles {
        let folder = place.join(format!("{:04}", number / 1000));
        std::fs::create_dir_all(&folder)?;
        std::fs::write(folder.join(format!("{number}.txt")), plain(&article(number, seed)))?;
    }
    Ok(())
}

/// An article as a text file.
pub fn plain(made: &Made) -> String {
    format!("{}\n\nBy {}\n{}\n\n{}\n", made.headline, made.author, made.date, made.body)
}

fn markdown(made: &Made) -> String {
    format!(
        "---\ntitle: {}\nauthor: {}\ndate: {}\nsection: {}\n---\n\n{}\n",
        made.headline, made.author, made.date, made.section, made.body
    )
}

/// An article as a web page, with what pages of news have around it.
fn page(number: u64, made: &Made, seed: u64) -> String {
    let mut random = Random::new(seed ^ number);
    let mut teasers = String::new();
    for _ in 0..12 {
        let other = random.below(1_000_000);
        let headline =
            (0..7).map(|_| word(rank(&mut random, 20_000))).collect::<Vec<_>>().join(" ");
        teasers.push_str(&format!(
            "<li class=\"teaser\"><a href=\"/{other}.html\"><img src=\"/i/{other}.jpg\" alt=\"\">\
             <h3>{headline}</h3></a><span>{} comments</span></li>\n",
            random.below(90)
        ));
    }
    let links: String = SECTIONS
        .iter()
        .map(|name| format!("<li><a href=\"/{}\">{name}</a></li>", name.to_lowercase()))
        .collect();
    let paragraphs: String =
        made.body.split("\n\n").map(|text| format!("<p>{text}</p>\n")).collect();
    let Made { headline, section, date, author, .. } = made;
    format!(
        "<!doctype html>\n<html lang=\"en\"><head><meta charset=\"utf-8\">\n\
         <title>{headline} - The Made Courier</title>\n\
         <meta property=\"og:title\" content=\"{headline}\">\n\
         <meta property=\"article:section\" content=\"{section}\">\n\
         <script type=\"application/ld+json\">{{\"@type\":\"NewsArticle\",\"headline\":\"{headline}\",\
         \"datePublished\":\"{date}\",\"author\":{{\"@type\":\"Person\",\"name\":\"{author}\"}}}}</script>\n\
         <style>body {{ margin: 0 }} .teaser {{ float: left }}</style></head>\n\
         <body><header><nav><ul>{links}</ul></nav><form role=\"search\"><input name=\"q\"></form></header>\n\
         <main><article><p class=\"kicker\">{section}</p><h1>{headline}</h1>\n\
         <p class=\"byline\">By <a rel=\"author\" href=\"/people\">{author}</a></p>\
         <time datetime=\"{date}\">{date}</time>\n\
         <ul class=\"share\"><li><a href=\"#\">Share</a></li><li><a href=\"#\">Mail</a></li></ul>\n\
         {paragraphs}</article>\n<aside><h2>Most read</h2><ol>{teasers}</ol></aside></main>\n\
         <footer><p>Sign up for our newsletter and support the paper that you read.</p>\
         <ul>{links}</ul><p>All rights reserved</p></footer></body></html>\n"
    )
}

fn record(number: u64, made: &Made) -> serde_json::Value {
    serde_json::json!({
        "id": number.to_string(),
        "headline": made.headline,
        "section": made.section,
        "date": made.date,
        "authors": [made.author],
        "body": made.body,
    })
}
