//! Hits as a list in Markdown, and articles as notes: one file each, with front matter.

use std::io::{self, Write};

use super::citation::{link, single};
use super::markup::{inline, opening};
use super::terminal::spoken;
use super::{HitWriter, Look};
use crate::article::Date;
use crate::hit::Hit;

struct List<'w> {
    out: &'w mut dyn Write,
}

pub(super) fn open(out: &mut dyn Write, _look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    Ok(Box::new(List { out }))
}

impl HitWriter for List<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let article = &hit.article;
        let headline = match &article.headline[..] {
            "" => inline(&article.origin.to_string()),
            text => inline(&single(text)),
        };
        match link(&article.url) {
            Some(url) => write!(self.out, "- [{headline}](<{url}>)")?,
            None => write!(self.out, "- {headline}")?,
        }
        let mut about: Vec<String> =
            [&article.source, &article.section].map(|text| inline(&single(text))).to_vec();
        about.extend(article.published.map(spoken));
        about.retain(|text| !text.is_empty());
        if !about.is_empty() {
            write!(self.out, " - {}.", about.join(", "))?;
        }
        self.out.write_all(b"\n")?;
        for snippet in &hit.snippets {
            let mut text = String::new();
            for (piece, is_match) in snippet.pieces() {
                let piece = inline(piece);
                text.push_str(&if is_match { format!("**{piece}**") } else { piece });
            }
            let before = if snippet.cut_before { "… " } else { "" };
            let after = if snippet.cut_after { " …" } else { "" };
            let text =
                if before.is_empty() && !text.starts_with("**") { opening_of(&text) } else { text };
            writeln!(self.out, "  > {before}{text}{after}")?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// A line that is Markdown already, where it might begin like a list or a headline.
fn opening_of(text: &str) -> String {
    let risky = text.starts_with(['#', '>', '+', '-', '=', '~']);
    if risky { format!("\\{text}") } else { text.to_owned() }
}

/// An article as a note, with the front matter that Obsidian's clipper writes.
pub(super) fn note(hit: &Hit, out: &mut dyn Write) -> io::Result<()> {
    let article = &hit.article;
    let date = |date: Option<Date>| date.map_or(String::new(), |date| date.to_string());
    out.write_all(b"---\n")?;
    // A string of JSON is one of YAML.
    let quoted = |text: &str| serde_json::to_string(&single(text)).map_err(io::Error::from);
    for (name, value) in [
        ("title", &article.headline),
        ("source", &article.url),
        ("publication", &article.source),
        ("section", &article.section),
        ("published", &date(article.published)),
        ("modified", &date(article.modified)),
        ("captured", &date(article.captured)),
        ("description", &article.standfirst),
        ("language", &article.language),
        ("id", &article.id),
    ] {
        if !value.is_empty() {
            writeln!(out, "{name}: {}", quoted(value)?)?;
        }
    }
    let names: Vec<&String> = article.authors.iter().chain(&article.organisations).collect();
    for (name, values) in [("author", names), ("tags", article.topics.iter().collect())] {
        if !values.is_empty() {
            writeln!(out, "{name}:")?;
        }
        for value in values {
            writeln!(out, "  - {}", quoted(value)?)?;
        }
    }
    out.write_all(b"---\n\n")?;
    if !article.headline.is_empty() {
        writeln!(out, "# {}\n", inline(&single(&article.headline)))?;
    }
    for (number, paragraph) in article.body.split("\n\n").enumerate() {
        if number > 0 {
            out.write_all(b"\n")?;
        }
        // Two blanks at its end keep a line apart from the next.
        let lines: Vec<String> = paragraph.lines().map(opening).collect();
        writeln!(out, "{}", lines.join("  \n"))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::article::Article;
    use crate::hit::Snippet;

    #[test]
    fn a_list_holds_no_markup_of_the_archive() {
        let article = Article {
            headline: "A [b] <i>".into(),
            url: "https://a.example/(x)>y".into(),
            source: "The_Gazette".into(),
            ..Article::default()
        };
        let snippet = Snippet {
            text: "- old sea".into(),
            marks: std::iter::once(2..5).collect(),
            ..Snippet::default()
        };
        let hit = Hit { article, snippets: vec![snippet], ..Hit::default() };
        let mut out = Vec::new();
        let mut writer = open(&mut out, Look::default()).unwrap();
        writer.hit(&hit).unwrap();
        drop(writer);
        assert_eq!(
            String::from_utf8(out).unwrap(),
            "- [A \\[b\\] &lt;i>](<https://a.example/(x)%3Ey>) - The\\_Gazette.\n  > \\- **old** sea\n"
        );
    }
}
