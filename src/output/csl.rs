//! Hits as CSL-JSON, which Zotero, pandoc and citation processors read.

use std::io::{self, Write};

use serde_json::{Map, Value, json};

use super::citation::{self, Work, person};
use super::{HitWriter, Look};
use crate::article::Date;
use crate::hit::Hit;

struct Csl<'w> {
    out: &'w mut dyn Write,
    first: bool,
}

pub(super) fn open(out: &mut dyn Write, _look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    out.write_all(b"[")?;
    Ok(Box::new(Csl { out, first: true }))
}

fn dated(date: Date) -> Value {
    let (year, month, day) = date.parts();
    let mut parts = vec![json!(year)];
    parts.extend(month.map(Value::from));
    parts.extend(day.map(Value::from));
    json!({ "date-parts": [parts] })
}

fn name(text: &str) -> Value {
    let person = person(text);
    if person.given.is_empty() {
        return json!({ "literal": person.family });
    }
    let mut map = Map::new();
    map.insert("family".to_owned(), person.family.into());
    map.insert("given".to_owned(), person.given.into());
    if !person.suffix.is_empty() {
        map.insert("suffix".to_owned(), person.suffix.into());
    }
    map.into()
}

impl HitWriter for Csl<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let article = &hit.article;
        let mut item = Map::new();
        let mut text = |name: &str, value: &str| {
            if !value.is_empty() {
                item.insert(name.to_owned(), value.into());
            }
        };
        text("id", &article.id);
        let kind = match citation::work(article) {
            Work::Newspaper => "article-newspaper",
            Work::Magazine => "article-magazine",
            Work::Page => "webpage",
        };
        text("type", kind);
        text("title", &article.headline);
        text("container-title", &article.source);
        text("section", &article.section);
        text("URL", &article.url);
        text("language", &article.language);
        text("keyword", &article.topics.join(", "));
        text("abstract", &article.standfirst);
        text("archive", &article.origin.root);
        text("archive_location", &article.origin.to_string());
        let mut authors: Vec<Value> = article.authors.iter().map(|text| name(text)).collect();
        authors.extend(article.organisations.iter().map(|body| json!({ "literal": body })));
        if !authors.is_empty() {
            item.insert("author".to_owned(), authors.into());
        }
        if let Some(date) = article.published {
            item.insert("issued".to_owned(), dated(date));
        }
        if let Some(date) = article.captured {
            item.insert("accessed".to_owned(), dated(date));
        }
        self.out.write_all(if self.first { b"\n" } else { b",\n" })?;
        self.first = false;
        serde_json::to_writer(&mut *self.out, &item)?;
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        self.out.write_all(b"\n]\n")
    }
}
