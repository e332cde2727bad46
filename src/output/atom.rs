//! Hits as an Atom feed (RFC 4287).

use std::collections::HashSet;
use std::hash::{BuildHasher, RandomState};
use std::io::{self, Write};

use super::citation::{escape, link, single};
use super::markup::xml;
use super::{HitWriter, Look};
use crate::article::Date;
use crate::hit::Hit;

struct Atom<'w> {
    out: &'w mut dyn Write,
    moment: String,
    /// The ids given so far, by their hash: two captures of a page have one address.
    given: HashSet<u64>,
    hasher: RandomState,
}

pub(super) fn open(out: &mut dyn Write, look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    // A feed changes when the index does, not each time that it is written.
    let moment = [look.indexed, look.moment]
        .into_iter()
        .find(|moment| !moment.is_empty())
        .unwrap_or_else(|| moment(None));
    let digest = blake3::hash(look.query.as_bytes()).to_hex();
    write!(
        out,
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<feed xmlns=\"http://www.w3.org/2005/Atom\">\n\
         <id>tag:fiche,2026:{}</id>\n<title>{}</title>\n<updated>{moment}</updated>\n\
         <author><name>fiche</name></author>\n<generator version=\"{}\">fiche</generator>\n",
        &digest[..16],
        xml(&single(&look.query)),
        env!("CARGO_PKG_VERSION"),
    )?;
    let (given, hasher) = (HashSet::new(), RandomState::new());
    Ok(Box::new(Atom { out, moment, given, hasher }))
}

/// The first moment of a date; a feed without any clock is of the first day of 1970.
fn moment(date: Option<Date>) -> String {
    let (year, month, day) = date.map_or((1970, None, None), Date::parts);
    format!("{year:04}-{:02}-{:02}T00:00:00Z", month.unwrap_or(1), day.unwrap_or(1))
}

impl Atom<'_> {
    fn id(&mut self, hit: &Hit) -> String {
        let mut own = String::from("urn:fiche:");
        for c in hit.article.id.chars() {
            match c {
                c if c.is_ascii_alphanumeric() || "-._~/".contains(c) => own.push(c),
                c => escape(c, &mut own),
            }
        }
        let keyed = format!("{own}:{}", hit.key);
        link(&hit.article.url)
            .into_iter()
            .chain([own])
            .find(|id| self.given.insert(self.hasher.hash_one(id)))
            .unwrap_or(keyed)
    }
}

impl HitWriter for Atom<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let article = &hit.article;
        let id = self.id(hit);
        let title = single(&article.headline);
        writeln!(self.out, "<entry>\n<id>{}</id>\n<title>{}</title>", xml(&id), xml(&title))?;
        // Only a whole day is a moment; `updated` has to be there.
        let whole = |date: &Option<Date>| date.filter(|date| date.parts().2.is_some());
        if let Some(day) = whole(&article.published) {
            writeln!(self.out, "<published>{}</published>", moment(Some(day)))?;
        }
        let changed = whole(&article.modified).or(article.published);
        let changed = changed.map_or_else(|| self.moment.clone(), |date| moment(Some(date)));
        writeln!(self.out, "<updated>{changed}</updated>")?;
        let names = article.authors.iter().chain(&article.organisations);
        let mut names: Vec<&String> = names.collect();
        if names.is_empty() && !article.source.is_empty() {
            names.push(&article.source);
        }
        for name in names {
            writeln!(self.out, "<author><name>{}</name></author>", xml(&single(name)))?;
        }
        if !article.section.is_empty() {
            writeln!(self.out, "<category term=\"{}\"/>", xml(&single(&article.section)))?;
        }
        if let Some(url) = link(&article.url) {
            writeln!(self.out, "<link rel=\"alternate\" href=\"{}\"/>", xml(&url))?;
        }
        let parts: Vec<String> = hit.snippets.iter().map(|snippet| single(&snippet.text)).collect();
        // An entry without a link must have content.
        let (tag, text) = if link(&article.url).is_some() {
            ("summary", parts.join(" … "))
        } else {
            ("content", parts.join(" … "))
        };
        writeln!(self.out, "<{tag}>{}</{tag}>\n</entry>", xml(&text))
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(b"</feed>\n")
    }
}
