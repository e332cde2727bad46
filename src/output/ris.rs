//! Hits as RIS, which Zotero, EndNote and Mendeley read.

use std::io::{self, Write};

use super::citation::{self, Work, person, single};
use super::{HitWriter, Look};
use crate::article::Date;
use crate::hit::Hit;

struct Ris<'w> {
    out: &'w mut dyn Write,
}

pub(super) fn open(out: &mut dyn Write, _look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    Ok(Box::new(Ris { out }))
}

impl Ris<'_> {
    /// Writes a line: a tag and its value; none where the value is empty.
    fn tag(&mut self, tag: &str, value: &str) -> io::Result<()> {
        let value = single(value);
        if value.is_empty() { Ok(()) } else { write!(self.out, "{tag}  - {value}\r\n") }
    }
}

/// A date with its slashes: `2023/03/14/`, `2023/03//`, `2023///`.
fn slashed(date: Date) -> String {
    let (year, month, day) = date.parts();
    let part = |part: Option<i8>| part.map_or(String::new(), |number| format!("{number:02}"));
    format!("{year:04}/{}/{}/", part(month), part(day))
}

impl HitWriter for Ris<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let article = &hit.article;
        let kind = match citation::work(article) {
            Work::Newspaper => "NEWS",
            Work::Magazine => "MGZN",
            Work::Page => "ELEC",
        };
        // The asterisk parts things in some programs, so the format forbids it in these tags.
        let plain = |text: &str| text.replace('*', " ");
        self.tag("TY", kind)?;
        self.tag("ID", &article.id)?;
        self.tag("TI", &article.headline)?;
        for name in &article.authors {
            let person = person(&plain(name));
            let parts = [person.family, person.given, person.suffix];
            let parts: Vec<&str> =
                parts.iter().map(|part| &part[..]).filter(|part| !part.is_empty()).collect();
            self.tag("AU", &parts.join(", "))?;
        }
        for body in &article.organisations {
            // A comma would make a person of it.
            self.tag("AU", &plain(body).replace(',', " "))?;
        }
        self.tag("T2", &plain(&article.source))?;
        if let Some(date) = article.published {
            self.tag("DA", &slashed(date))?;
            self.tag("PY", &format!("{:04}", date.parts().0))?;
        }
        self.tag("SE", &article.section)?;
        self.tag("UR", &article.url)?;
        if let Some(date) = article.captured {
            self.tag("Y2", &slashed(date))?;
        }
        self.tag("LA", &article.language)?;
        for topic in &article.topics {
            self.tag("KW", &plain(topic))?;
        }
        self.tag("AB", &article.standfirst)?;
        self.tag("AN", &article.origin.to_string())?;
        self.tag("DB", &article.origin.root)?;
        self.out.write_all(b"ER  - \r\n\r\n")
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
