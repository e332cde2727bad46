//! Books and magazines: the chapters of an EPUB, in the order in which they are read.

use std::collections::HashMap;
use std::io::{self, Read};

use ::zip::ZipArchive;

use super::{Budget, Entry, Leaf, Metered, Says, Seekable, too_many};

/// The most bytes of the lists that say what a book holds.
const LONGEST_LIST: u64 = 4 << 20;

pub(super) fn read(
    bytes: &mut dyn Seekable,
    budget: &Budget,
    largest: u64,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    let mut archive = ZipArchive::new(bytes).map_err(|_| damaged("it is no zip archive"))?;
    let mut member = |name: &str, most: u64| -> io::Result<Vec<u8>> {
        let mut file = archive.by_name(name).map_err(|_| damaged(&format!("{name} is missing")))?;
        let mut bytes = Vec::new();
        let mut content = Metered { inner: &mut file, budget };
        content.by_ref().take(most + 1).read_to_end(&mut bytes)?;
        if bytes.len() as u64 > most {
            return Err(io::Error::other(format!("{name} is larger than {} MB", most >> 20)));
        }
        Ok(bytes)
    };
    let container = text(member("META-INF/container.xml", LONGEST_LIST)?);
    let list = elements(&container, "rootfile")
        .find_map(|tag| attr(tag, "full-path"))
        .ok_or_else(|| damaged("it does not say where its list is"))?;
    let package = text(member(&list, LONGEST_LIST)?);
    let folder = list.rsplit_once('/').map_or("", |(folder, _)| folder);
    let mut chapters: HashMap<String, String> = HashMap::new();
    for tag in elements(&package, "item") {
        let page = attr(tag, "media-type").is_some_and(|kind| kind.contains("html"));
        let contents = attr(tag, "properties").is_some_and(|what| what.contains("nav"));
        if let (Some(id), Some(href), true, false) =
            (attr(tag, "id"), attr(tag, "href"), page, contents)
        {
            chapters.insert(id, below(folder, &href));
        }
    }
    let order = elements(&package, "itemref").filter_map(|tag| attr(tag, "idref"));
    for (number, id) in (1_u32..).zip(order) {
        let Some(name) = chapters.get(&id) else { continue };
        if budget.one_more() {
            return Err(too_many());
        }
        let found = match member(name, largest) {
            Ok(bytes) => {
                let mut leaf = Leaf { number: Some(number), html: true, bytes, ..Leaf::default() };
                about(&package, &mut leaf);
                Entry::Leaf(Box::new(leaf))
            }
            Err(_) if budget.spent() => return Err(io::Error::other(super::TOO_MUCH)),
            Err(error) => Entry::Problem { place: format!("#{number}"), why: error.to_string() },
        };
        if !each(found) {
            return Ok(());
        }
    }
    Ok(())
}

/// What the list says of the whole book.
fn about(package: &str, leaf: &mut Leaf) {
    for (name, what) in [
        ("dc:title", Says::Source),
        ("dc:creator", Says::Author),
        ("dc:date", Says::Published),
        ("dc:language", Says::Language),
    ] {
        for tag in elements(package, name).take(20) {
            let at = tag.as_ptr() as usize - package.as_ptr() as usize + tag.len();
            let rest = package[at..].strip_prefix('>').unwrap_or("");
            let said = rest.split('<').next().unwrap_or("");
            // Programs that make magazines put their own name there.
            if said != "calibre" {
                leaf.say(what, name, &resolved(said));
            }
        }
    }
}

fn text(bytes: Vec<u8>) -> String {
    String::from_utf8_lossy(&bytes).into_owned()
}

fn damaged(why: &str) -> io::Error {
    io::Error::other(format!("not a book that can be read: {why}"))
}

/// The start tags of that name, without their signs.
fn elements<'t>(xml: &'t str, name: &'t str) -> impl Iterator<Item = &'t str> {
    xml.split('<').filter_map(move |tag| {
        let rest =
            tag.strip_prefix(name).or_else(|| tag.strip_prefix("opf:")?.strip_prefix(name))?;
        let inner = tag.split('>').next()?;
        rest.starts_with(|c: char| c.is_whitespace() || c == '>' || c == '/').then_some(inner)
    })
}

/// The value of an attribute.
fn attr(tag: &str, key: &str) -> Option<String> {
    let at = tag.match_indices(key).find(|(at, _)| tag[..*at].ends_with(char::is_whitespace))?.0;
    let value = tag[at + key.len()..].trim_start().strip_prefix('=')?.trim_start();
    let quote = value.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    value[1..].split(quote).next().map(resolved)
}

fn resolved(text: &str) -> String {
    text.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// A path beside the list, its escapes resolved; it only ever names a member.
fn below(folder: &str, href: &str) -> String {
    let href = href.split('#').next().unwrap_or("");
    let mut bytes = Vec::with_capacity(href.len());
    let mut rest = href.as_bytes();
    while let [first, tail @ ..] = rest {
        let code = (*first == b'%')
            .then(|| std::str::from_utf8(tail.get(..2)?).ok())
            .flatten()
            .and_then(|digits| u8::from_str_radix(digits, 16).ok());
        bytes.push(code.unwrap_or(*first));
        rest = if code.is_some() { &tail[2..] } else { tail };
    }
    let href = String::from_utf8_lossy(&bytes).into_owned();
    let mut parts: Vec<&str> = folder.split('/').filter(|part| !part.is_empty()).collect();
    for part in href.split('/') {
        match part {
            "" | "." => {}
            ".." => drop(parts.pop()),
            part => parts.push(part),
        }
    }
    parts.join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read() {
        let xml = "<opf:item id='a' media-type=\"x\" href=\"b&amp;c.html\"/><itemref idref='a'/>";
        let tags: Vec<&str> = elements(xml, "item").collect();
        assert_eq!(tags.len(), 1);
        assert_eq!(attr(tags[0], "href").as_deref(), Some("b&c.html"));
        assert_eq!(below("OEBPS/text", "../a%20b/./c.html#x"), "OEBPS/a b/c.html");
        assert_eq!(below("", "../../etc/passwd"), "etc/passwd");
    }
}
