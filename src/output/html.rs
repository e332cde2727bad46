//! Hits as one page of HTML that needs nothing else: a list, or whole articles for reading.

use std::io::{self, Write};
use std::ops::Range;

use super::citation::link;
use super::markup::xml;
use super::terminal::spoken;
use super::{HitWriter, Look};
use crate::hit::{Hit, Snippet, pieces};

const STYLE: &str = "\
:root{color-scheme:light dark}body{font:1.05rem/1.55 Georgia,serif;max-width:44rem;margin:2rem auto;\
padding:0 1rem;overflow-wrap:anywhere}h1{font-size:1.3rem}h2{font-size:1.15rem;margin:0}\
li{margin:0 0 1.6rem}p{margin:.35rem 0}.about{font-size:.85rem;opacity:.8}\
.text p{margin:.7rem 0}mark{font-weight:bold}ins,del{padding:0 .15em}ins{background:#9e93}del{background:#e993}dt{float:left;clear:left;width:9rem}dd{margin-left:9rem}\
@media print{body{max-width:none}li{break-inside:avoid-page}}";

struct Html<'w> {
    out: &'w mut dyn Write,
    full: bool,
}

/// Begins a page with a title that is shown as its heading, too.
///
/// # Errors
///
/// What the place written to says.
pub fn begin_page(out: &mut dyn Write, title: &str) -> io::Result<()> {
    let title = xml(title);
    // Saved where it is not looked at by anyone else, the page still runs and loads nothing.
    write!(
        out,
        "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n\
         <meta name=\"viewport\" content=\"width=device-width\">\n<meta name=\"referrer\" content=\"no-referrer\">\n\
         <title>{title}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{title}</h1>\n"
    )
}

/// Ends a page.
///
/// # Errors
///
/// What the place written to says.
pub fn end_page(out: &mut dyn Write) -> io::Result<()> {
    out.write_all(b"</main>\n</body>\n</html>\n")
}

pub(super) fn open(out: &mut dyn Write, look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    begin_page(out, &look.query)?;
    if !look.about.is_empty() {
        out.write_all(b"<dl class=\"about\">\n")?;
        for (name, value) in &look.about {
            writeln!(out, "<dt>{}</dt><dd>{}</dd>", xml(name), xml(value))?;
        }
        out.write_all(b"</dl>\n")?;
    }
    out.write_all(b"<ol>\n")?;
    Ok(Box::new(Html { out, full: look.full }))
}

fn marked(text: &str, marks: &[Range<usize>]) -> String {
    pieces(text, marks)
        .map(
            |(piece, is_match)| {
                if is_match { format!("<mark>{}</mark>", xml(piece)) } else { xml(piece) }
            },
        )
        .collect()
}

/// The places in the body that match, from the snippets that were made.
fn marks_of(snippets: &[Snippet]) -> Vec<Range<usize>> {
    let mut marks: Vec<Range<usize>> = snippets
        .iter()
        .filter_map(|snippet| snippet.place.clone().map(|place| (place.start, &snippet.marks)))
        .flat_map(|(at, marks)| marks.iter().map(move |mark| at + mark.start..at + mark.end))
        .collect();
    marks.sort_by_key(|mark| mark.start);
    marks.dedup();
    marks
}

/// The paragraphs of a text, each with the marks in it.
fn paragraphs<'t>(
    text: &'t str,
    marks: &'t [Range<usize>],
) -> impl Iterator<Item = (&'t str, Vec<Range<usize>>)> {
    let mut at = 0;
    text.split("\n\n").map(move |paragraph| {
        let here = at..at + paragraph.len();
        at = here.end + 2;
        let within = marks
            .iter()
            .filter(|mark| here.start <= mark.start && mark.end <= here.end)
            .map(|mark| mark.start - here.start..mark.end - here.start);
        (paragraph, within.collect())
    })
}

impl HitWriter for Html<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let article = &hit.article;
        let known = (2..=3).contains(&article.language.len())
            && article.language.bytes().all(|b| b.is_ascii_lowercase());
        let lang = if known { format!(" lang=\"{}\"", article.language) } else { String::new() };
        let headline = if article.headline.is_empty() {
            xml(&article.origin.to_string())
        } else {
            marked(&article.headline, &hit.headline_marks)
        };
        writeln!(self.out, "<li value=\"{}\"><article id=\"{}\"{lang}>", hit.rank, xml(&hit.key))?;
        match link(&article.url) {
            Some(url) => writeln!(
                self.out,
                "<h2 dir=\"auto\"><a rel=\"noopener noreferrer\" href=\"{}\">{headline}</a></h2>",
                xml(&url)
            )?,
            None => writeln!(self.out, "<h2 dir=\"auto\">{headline}</h2>")?,
        }
        let mut about: Vec<String> = [&article.source, &article.section]
            .into_iter()
            .filter(|text| !text.is_empty())
            .map(|text| format!("<bdi>{}</bdi>", xml(text)))
            .collect();
        about.extend(
            article
                .published
                .map(|date| format!("<time datetime=\"{date}\">{}</time>", spoken(date))),
        );
        let names = article.authors.iter().chain(&article.organisations);
        about.extend(names.map(|name| format!("<bdi>{}</bdi>", xml(name))));
        writeln!(self.out, "<p class=\"about\">{}</p>", about.join(" · "))?;
        if self.full {
            let apart =
                !article.standfirst.is_empty() && !article.body.starts_with(&article.standfirst);
            if apart {
                writeln!(self.out, "<p dir=\"auto\"><em>{}</em></p>", xml(&article.standfirst))?;
            }
            self.out.write_all(b"<div class=\"text\">\n")?;
            for (text, marks) in paragraphs(&article.body, &marks_of(&hit.snippets)) {
                writeln!(self.out, "<p dir=\"auto\">{}</p>", marked(text, &marks))?;
            }
            self.out.write_all(b"</div>\n")?;
        } else {
            for snippet in &hit.snippets {
                let before = if snippet.cut_before { "… " } else { "" };
                let after = if snippet.cut_after { " …" } else { "" };
                let text = marked(&snippet.text, &snippet.marks);
                writeln!(self.out, "<p dir=\"auto\">{before}{text}{after}</p>")?;
            }
        }
        let place = xml(&article.origin.to_string());
        writeln!(
            self.out,
            "<p class=\"about\">id {} · <bdi>{place}</bdi></p>\n</article></li>",
            xml(&hit.key)
        )
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(b"</ol>\n")?;
        end_page(self.out)
    }
}
