//! Hits as BibTeX and as BibLaTeX.

use std::io::{self, Write};

use super::citation::{Keys, Work, link, person, place, single, work};
use super::{HitWriter, Look};
use crate::hit::Hit;

const MONTHS: [&str; 12] =
    ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"];

/// The names of languages in babel, which BibLaTeX wants for `langid`.
const LANGUAGES: &[(&str, &str)] = &[
    ("ca", "catalan"),
    ("cs", "czech"),
    ("da", "danish"),
    ("de", "ngerman"),
    ("el", "greek"),
    ("en", "english"),
    ("es", "spanish"),
    ("fi", "finnish"),
    ("fr", "french"),
    ("hu", "hungarian"),
    ("it", "italian"),
    ("nl", "dutch"),
    ("no", "norwegian"),
    ("pl", "polish"),
    ("pt", "portuguese"),
    ("ro", "romanian"),
    ("ru", "russian"),
    ("sv", "swedish"),
    ("tr", "turkish"),
    ("uk", "ukrainian"),
];

struct Bib<'w> {
    out: &'w mut dyn Write,
    keys: Keys,
    latex: bool,
}

pub(super) fn open_bibtex(out: &mut dyn Write, _look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    Ok(Box::new(Bib { out, keys: Keys::default(), latex: false }))
}

pub(super) fn open_biblatex(
    out: &mut dyn Write,
    _look: Look,
) -> io::Result<Box<dyn HitWriter + '_>> {
    Ok(Box::new(Bib { out, keys: Keys::default(), latex: true }))
}

/// The text with what TeX would take for a command made plain.
fn escaped(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in single(text).chars() {
        match c {
            '&' | '%' | '$' | '#' | '_' | '{' | '}' => {
                plain.push('\\');
                plain.push(c);
            }
            '\\' => plain.push_str("{\\textbackslash}"),
            '~' => plain.push_str("{\\textasciitilde}"),
            '^' => plain.push_str("{\\textasciicircum}"),
            c => plain.push(c),
        }
    }
    plain
}

/// A name: `Ruiz, Ana`, `Davis, Jr., Sammy`; in braces where it is to be left whole.
fn name(text: &str) -> String {
    let person = person(&single(text));
    let part = |text: &str| {
        let loose = text.split_whitespace().any(|word| word.eq_ignore_ascii_case("and"));
        if loose || text.contains(',') { format!("{{{}}}", escaped(text)) } else { escaped(text) }
    };
    let (family, given) = (part(&person.family), part(&person.given));
    match (&given[..], &person.suffix[..]) {
        ("", _) => format!("{{{family}}}"),
        (_, "") => format!("{family}, {given}"),
        (_, suffix) => format!("{family}, {}, {given}", escaped(suffix)),
    }
}

impl Bib<'_> {
    /// Writes a field; none where the value is empty.
    fn field(&mut self, name: &str, value: &str) -> io::Result<()> {
        if value.is_empty() { Ok(()) } else { write!(self.out, ",\n  {name} = {{{value}}}") }
    }

    /// What both dialects write alike.
    fn common(&mut self, hit: &Hit) -> io::Result<()> {
        let article = &hit.article;
        if let Some(url) = link(&article.url) {
            // An address is taken as it stands; only what would end the field is not allowed.
            self.field("url", &url)?;
            let accessed = article.captured.map_or(String::new(), |date| date.to_string());
            self.field("urldate", &accessed)?;
        }
        let topics: Vec<String> =
            article.topics.iter().map(|topic| escaped(&topic.replace(',', " "))).collect();
        self.field("keywords", &topics.join(", "))?;
        self.field("abstract", &escaped(&article.standfirst))
    }
}

impl HitWriter for Bib<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let article = &hit.article;
        let work = work(article);
        let kind = match work {
            Work::Newspaper | Work::Magazine => "article",
            Work::Page if self.latex => "online",
            Work::Page => "misc",
        };
        let key = self.keys.next(article);
        write!(self.out, "@{kind}{{{key}")?;
        // Two braces keep the capitals of the headline.
        let title = escaped(&article.headline);
        if !title.is_empty() {
            self.field("title", &format!("{{{title}}}"))?;
        }
        let mut names: Vec<String> = article.authors.iter().map(|text| name(text)).collect();
        names.extend(article.organisations.iter().map(|body| format!("{{{}}}", escaped(body))));
        self.field("author", &names.join(" and "))?;
        let source = escaped(&article.source);
        let section = escaped(&article.section);
        let place = escaped(&place(article));
        if self.latex {
            let subtype = match work {
                Work::Newspaper => "newspaper",
                Work::Magazine => "magazine",
                Work::Page => "",
            };
            self.field("entrysubtype", subtype)?;
            self.field("journaltitle", &source)?;
            if work == Work::Page {
                // What styles show of an `@online`, which has no journal for them.
                self.field("organization", &source)?;
            }
            let date = article.published.map_or(String::new(), |date| date.to_string());
            self.field("date", &date)?;
            self.field("titleaddon", &section)?;
            let language = LANGUAGES.iter().find(|(code, _)| *code == article.language);
            self.field("langid", language.map_or("", |(_, name)| name))?;
            self.common(hit)?;
            self.field("note", &place)?;
        } else {
            self.field(if work == Work::Page { "howpublished" } else { "journal" }, &source)?;
            if let Some(date) = article.published {
                let (year, month, day) = date.parts();
                self.field("year", &year.to_string())?;
                if let Some(month) = month {
                    write!(self.out, ",\n  month = {}", MONTHS[month as usize - 1])?;
                }
                self.field("day", &day.map_or(String::new(), |day| day.to_string()))?;
            }
            self.field("language", &escaped(&article.language))?;
            self.common(hit)?;
            let mut notes = Vec::new();
            if !section.is_empty() {
                notes.push(format!("Section: {section}"));
            }
            notes.push(place);
            self.field("note", &notes.join("; "))?;
        }
        self.out.write_all(b"\n}\n\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
