//! Hits for reading: on a screen with colours and its width, piped as plain text.

use std::io::{self, Write};

use super::visible::{columns, line, wrap};
use super::{HitWriter, Look};
use crate::article::Date;
use crate::hit::{Hit, pieces};

const MONTHS: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

struct Terminal<'w> {
    out: &'w mut dyn Write,
    colour: bool,
    width: Option<usize>,
}

pub(super) fn open(out: &mut dyn Write, look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    Ok(Box::new(Terminal { out, colour: look.colour, width: look.width }))
}

/// A date as a reader writes it: `14 Mar 2023`, `Mar 1912`, `1643`.
pub(super) fn spoken(date: Date) -> String {
    let (year, month, day) = date.parts();
    let month = month.map(|month| MONTHS[month as usize - 1]);
    match (month, day) {
        (Some(month), Some(day)) => format!("{day} {month} {year}"),
        (Some(month), None) => format!("{month} {year}"),
        _ => year.to_string(),
    }
}

impl Terminal<'_> {
    fn paint(&self, text: &str, code: &str) -> String {
        if self.colour { format!("\u{1b}[{code}m{text}\u{1b}[0m") } else { text.to_owned() }
    }

    /// Writes pieces under an indent, the marked ones bold, broken to the width.
    fn block(&mut self, found: &[(String, bool)], indent: &str, code: &str) -> io::Result<()> {
        let width =
            self.width.map_or(usize::MAX, |width| width.saturating_sub(indent.len()).max(20));
        for row in wrap(found, width) {
            write!(self.out, "{indent}")?;
            for (text, marked) in row {
                let text = if marked { self.paint(&text, code) } else { text };
                write!(self.out, "{text}")?;
            }
            writeln!(self.out)?;
        }
        Ok(())
    }
}

impl HitWriter for Terminal<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let article = &hit.article;
        let mut about: Vec<String> = Vec::new();
        for text in [&article.source, &article.section] {
            if !text.is_empty() {
                about.push(line(text));
            }
        }
        about.extend(article.published.map(spoken));
        let about = about.join(" · ");

        let headline: Vec<(String, bool)> = if article.headline.is_empty() {
            vec![(format!("({})", line(&article.origin.to_string())), false)]
        } else {
            pieces(&article.headline, &hit.headline_marks)
                .map(|(text, marked)| (line(text), marked))
                .collect()
        };
        let used: usize = headline.iter().map(|(text, _)| columns(text)).sum();
        write!(self.out, "{:>3}  ", hit.rank)?;
        for (text, marked) in &headline {
            let text = self.paint(text, if *marked { "1;33" } else { "1" });
            write!(self.out, "{text}")?;
        }
        // Beside the headline where there is room, else below it.
        let room = self.width.is_none_or(|width| 5 + used + 3 + columns(&about) <= width);
        if about.is_empty() {
            writeln!(self.out)?;
        } else if room {
            let blanks = self.width.map_or(3, |width| width - 5 - used - columns(&about));
            writeln!(self.out, "{}{}", " ".repeat(blanks), self.paint(&about, "2"))?;
        } else {
            writeln!(self.out)?;
            let shown = self.paint(&about, "2");
            writeln!(self.out, "     {shown}")?;
        }

        for snippet in &hit.snippets {
            let mut found: Vec<(String, bool)> = Vec::new();
            if snippet.cut_before {
                found.push(("… ".to_owned(), false));
            }
            found.extend(snippet.pieces().map(|(text, marked)| (line(text), marked)));
            if snippet.cut_after {
                found.push((" …".to_owned(), false));
            }
            self.block(&found, "     ", "1;33")?;
        }

        // An organisation that signs alone is an author already.
        let others = article.organisations.iter().filter(|name| !article.authors.contains(name));
        let names: Vec<String> =
            article.authors.iter().chain(others).take(6).map(|name| line(name)).collect();
        let names = names.join(", ");
        let id = format!("id {}", &hit.key[..hit.key.len().min(8)]);
        let mut last: Vec<String> = vec![names, id];
        if hit.near > 0 {
            let many = if hit.near == 1 { "near-duplicate" } else { "near-duplicates" };
            last.push(format!("+{} {many}", hit.near));
        }
        if hit.copies > 0 {
            let many = if hit.copies == 1 { "place" } else { "places" };
            last.push(format!("also at {} {many}", hit.copies));
        }
        last.retain(|part| !part.is_empty());
        let last = self.paint(&last.join("   "), "2");
        writeln!(self.out, "     {last}")?;
        for reason in &hit.reasons {
            let shown = self.paint(&line(&reason.to_string()), "2");
            writeln!(self.out, "       {shown}")?;
        }
        Ok(())
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
