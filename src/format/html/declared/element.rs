//! One element of a page: its text, and what its markup says of it.

use super::line;
use crate::draft::{Draft, Rung, Slot, unmarked};
use crate::format::html::dom::{Dom, Id};

/// How many nodes of an element are looked at: names, dates and headlines have few.
const NODES: usize = 600;
/// How many bytes of text are taken from them.
const BYTES: usize = 2_000;

/// The text of an element, as far as a headline or a date could go.
pub(in super::super) fn short(dom: &Dom, id: Id) -> String {
    let mut text = String::new();
    for own in dom.below(id).take(NODES).filter_map(|inner| dom.own_text(inner)) {
        append(&mut text, own);
        if text.len() > BYTES {
            break;
        }
    }
    text
}

/// Whether a heading has nothing in it but a link to the first page of its site, or is marked as the name
/// of one.
pub(super) fn is_masthead(dom: &Dom, id: Id) -> bool {
    let named = |class: &str| {
        let names =
            ["site-title", "site-name", "blog-title", "sitename", "logo", "brand", "navbar-brand"];
        class.split_ascii_whitespace().any(|name| names.contains(&&name.to_ascii_lowercase()[..]))
    };
    let marked = |id: Id| ["class", "id"].iter().any(|key| dom.attr(id, key).is_some_and(named));
    if marked(id) {
        return true;
    }
    let mut links = dom.below(id).take(NODES).filter(|inner| dom.name(*inner) == "a");
    let (Some(link), None) = (links.next(), links.next()) else { return false };
    let home = dom.attr(link, "rel").is_some_and(|rel| rel.eq_ignore_ascii_case("home"))
        || dom.attr(link, "href").is_some_and(leads_home);
    (home || marked(link)) && line(&short(dom, link)) == line(&short(dom, id))
}

/// Whether an address is that of the first page of a site, as seen from a page of it.
fn leads_home(address: &str) -> bool {
    let address = address.trim();
    let path = match address.split_once("//") {
        Some((scheme, rest)) if scheme.is_empty() || scheme.ends_with(':') => {
            rest.split_once('/').map_or("", |(_, path)| path)
        }
        _ if address.is_empty() || address.starts_with(['#', '?']) => return false,
        _ => {
            let mut path = address;
            while let Some(rest) = path.strip_prefix("../").or_else(|| path.strip_prefix("./")) {
                path = rest;
            }
            path.strip_prefix('/').unwrap_or(path)
        }
    };
    matches!(path, "" | "." | ".." | "index.html" | "index.htm" | "index.php")
}

/// Adds a run of text; one that a style sheet sets apart from the last (`By` and `Ada Nagy`, each
/// in its own element) gets its blank.
pub(super) fn append(text: &mut String, own: &str) {
    let (last, first) = (text.chars().next_back(), own.chars().next());
    if let (Some(last), Some(first)) = (last, first)
        && last.is_lowercase()
        && (first.is_uppercase() || first.is_ascii_digit())
    {
        text.push(' ');
    }
    text.push_str(own);
}

/// Whether an element is a link with nothing but blanks between it and another link, which both lead somewhere:
/// each is a name of its own.
fn follows_link(dom: &Dom, id: Id) -> bool {
    let blank = |id: &Id| dom.own_text(*id).is_some_and(|text| text.trim().is_empty());
    let before =
        dom.previous(id).and_then(|one| if blank(&one) { dom.previous(one) } else { Some(one) });
    let link = |id: Id| dom.name(id) == "a" && dom.attr(id, "href").is_some();
    link(id) && before.is_some_and(|before| link(before) && !short(dom, before).trim().is_empty())
}

/// The text of an element, with a mark where a block ends: names in a list are apart.
pub(super) fn spaced(dom: &Dom, id: Id) -> String {
    let mut text = String::new();
    for inner in dom.below(id).take(NODES) {
        if let Some(own) = dom.own_text(inner) {
            if !dom.parent(inner).is_some_and(|parent| is_hidden(dom.name(parent))) {
                append(&mut text, own);
            }
        } else if !is_block(dom.name(inner)) {
            // A style sheet may part what nothing else does.
            if follows_link(dom, inner) && !text.trim_end().ends_with(['|', ',', ';', ':']) {
                text.push_str(" | ");
            } else if matches!(dom.name(inner), "a" | "span" | "address" | "time")
                && !text.ends_with(' ')
            {
                text.push(' ');
            }
        } else if !text.trim().is_empty() && !text.trim_end().ends_with(['|', ',', ';', ':']) {
            text.push_str(" | ");
        }
        if text.len() > BYTES {
            break;
        }
    }
    text
}

/// Reports an `itemprop` or `property` of an article.
pub(super) fn property(dom: &Dom, id: Id, near: bool, draft: &mut Draft) {
    let Some(names) = dom.attr(id, "itemprop").or_else(|| dom.attr(id, "property")) else { return };
    for name in names.split_ascii_whitespace().take(4) {
        let name = name.rsplit([':', '/']).next().unwrap_or(name);
        let slot = match name.to_ascii_lowercase().as_str() {
            "headline" => Slot::Headline,
            "datepublished" | "datecreated" => Slot::Published,
            "datemodified" => Slot::Modified,
            "author" | "creator" => Slot::Author,
            "articlesection" => Slot::Section,
            _ => continue,
        };
        if !of_article(dom, id) {
            continue;
        }
        let value = match slot {
            Slot::Author => named(dom, id),
            Slot::Published | Slot::Modified => dom
                .attr(id, "content")
                .or_else(|| dom.attr(id, "datetime"))
                .map_or_else(|| short(dom, id), str::to_owned),
            _ => dom.attr(id, "content").map_or_else(|| short(dom, id), str::to_owned),
        };
        let value = line(&value);
        let value = if slot == Slot::Headline { unmarked(&value) } else { &value };
        if value.len() <= 400 {
            let far = if near { "" } else { " far from the headline" };
            draft.note(slot, Rung::Microdata, format!("itemprop={name}{far}"), value);
        }
    }
}

/// Whether the thing that an `itemprop` belongs to is an article, as far as it says.
fn of_article(dom: &Dom, id: Id) -> bool {
    let mut up = dom.parent(id);
    for _ in 0..64 {
        let Some(at) = up else { return true };
        if let Some(kind) = dom.attr(at, "itemtype").or_else(|| dom.attr(at, "typeof")) {
            return ![
                "Comment",
                "Review",
                "Person",
                "VideoObject",
                "ImageObject",
                "Product",
                "ListItem",
                "WPSideBar",
            ]
            .iter()
            .any(|other| kind.ends_with(other));
        }
        up = dom.parent(at);
    }
    true
}

/// The name inside of an author's box.
fn named(dom: &Dom, id: Id) -> String {
    if let Some(content) = dom.attr(id, "content") {
        return content.to_owned();
    }
    let name = dom.below(id).find(|inner| {
        let name = dom.attr(*inner, "itemprop").or_else(|| dom.attr(*inner, "property"));
        name.is_some_and(|name| name == "name" || name == "schema:name")
    });
    match name {
        Some(name) => dom.attr(name, "content").map_or_else(|| short(dom, name), str::to_owned),
        None => spaced(dom, id),
    }
}

/// Reports a `<time>` near the headline.
pub(super) fn time(dom: &Dom, id: Id, draft: &mut Draft) {
    let text = line(&short(dom, id));
    let stamp = dom.attr(id, "datetime").map(str::trim).filter(|stamp| stamp.len() >= 4);
    let mut around = String::new();
    let mut up = Some(id);
    for _ in 0..2 {
        let Some(at) = up else { break };
        for key in ["class", "itemprop", "id", "title"] {
            around.push_str(dom.attr(at, key).unwrap_or_default());
            around.push(' ');
        }
        if at != id {
            let text = short(dom, at);
            if text.len() <= 120 {
                let before =
                    text.split(short(dom, id).as_str()).next().unwrap_or_default().to_owned();
                around.push_str(&before);
            }
        }
        up = dom.parent(at);
    }
    let around = around.to_lowercase();
    let changed = [
        "updat",
        "modif",
        "aktualis",
        "actualiz",
        "mis à jour",
        "geändert",
        "aggiorn",
        "atualiz",
        "bijgewerkt",
        "opdater",
        "oppdater",
        "uppdater",
        "更新",
    ];
    let last = |words: &[&str]| words.iter().filter_map(|word| around.rfind(word)).max();
    let is_changed = last(&changed) > last(&["publi", "posted", "veröff", "created"]);
    let slot = if is_changed { Slot::Modified } else { Slot::Published };
    draft.note(slot, Rung::Markup, "time", stamp.unwrap_or(&text));
}

pub(super) fn is_block(name: &str) -> bool {
    matches!(
        name,
        "address"
            | "article"
            | "aside"
            | "blockquote"
            | "body"
            | "br"
            | "dd"
            | "details"
            | "dialog"
            | "div"
            | "dl"
            | "dt"
            | "fieldset"
            | "figcaption"
            | "figure"
            | "footer"
            | "form"
            | "h1"
            | "h2"
            | "h3"
            | "h4"
            | "h5"
            | "h6"
            | "header"
            | "hr"
            | "li"
            | "main"
            | "nav"
            | "ol"
            | "p"
            | "pre"
            | "section"
            | "summary"
            | "table"
            | "td"
            | "th"
            | "tr"
            | "ul"
    )
}

pub(super) fn is_hidden(name: &str) -> bool {
    matches!(
        name,
        "script"
            | "style"
            | "noscript"
            | "template"
            | "svg"
            | "head"
            | "iframe"
            | "select"
            | "textarea"
            | "button"
            | "math"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_beside_each_other_are_names_of_their_own() {
        let told = |html: &str| {
            let dom = Dom::parse(html);
            spaced(&dom, dom.elements().find(|id| dom.name(*id) == "p").unwrap())
        };
        let two = "<p>By <a href=/ada>Ada Nagy</a>\n<a href=/tom>Tom Reed</a></p>";
        assert_eq!(line(&told(two)), "By Ada Nagy | Tom Reed");
        let comma = "<p>By <a href=/ada>Ada Nagy</a>, <a href=/tom>Tom Reed</a></p>";
        assert_eq!(line(&told(comma)), "By Ada Nagy, Tom Reed");
        let mark = "<p><a name=top></a><a href=/ada>Ada Nagy</a></p>";
        assert_eq!(line(&told(mark)), "Ada Nagy");
    }

    #[test]
    fn a_heading_that_leads_home_is_the_name_of_the_site() {
        let is = |html: &str| {
            let dom = Dom::parse(html);
            let heading = dom.elements().find(|id| dom.name(*id) == "h1").unwrap();
            is_masthead(&dom, heading)
        };
        for html in [
            "<h1><a href=/>Gazette</a></h1>",
            "<h1><span><a href='https://gazette.example'>Gazette</a></span></h1>",
            "<h1><a href=../../index.html>Gazette</a></h1>",
            "<h1><a href=/en/ rel=home>Gazette</a></h1>",
            "<h1 class=site-title>Gazette</h1>",
            "<h1><a class='Navbar-Brand x' href=/en/>Gazette</a></h1>",
        ] {
            assert!(is(html), "{html}");
        }
        for html in [
            "<h1>Ice in the harbour</h1>",
            "<h1><a href=/ice>Ice in the harbour</a></h1>",
            "<h1><a href=#ice>Ice in the harbour</a></h1>",
            "<h1><a href=/>Gazette</a>: ice in the harbour</h1>",
            "<h1><a href='https://gazette.example/ice/'>Ice in the harbour</a></h1>",
            "<h1 class=post-title>Ice in the harbour</h1>",
        ] {
            assert!(!is(html), "{html}");
        }
    }
}
