//! JSON-LD: the article that a page describes, by a walk over whatever is there.

use std::borrow::Cow;
use std::sync::LazyLock;

use regex::Regex;
use rustc_hash::FxHashMap;
use serde_json::{Map, Value};

use super::Title;
use crate::draft::{Draft, Rung, Slot};

type Object = Map<String, Value>;

/// Bytes of the scripts of a page, its objects, and their depth: more is no description of an article.
const MOST_BYTES: usize = 4_000_000;
const MOST_OBJECTS: usize = 4_000;
const DEEPEST: usize = 12;

/// Reports the article that the scripts of a page describe.
///
/// `titles` are what the page calls itself elsewhere, `url` is its address: where several articles
/// are described, they tell which one is meant.
pub(super) fn report(scripts: &[String], titles: &[Title], url: &str, draft: &mut Draft) {
    let mut left = MOST_BYTES;
    let mut values: Vec<Value> = Vec::new();
    for script in scripts {
        match left.checked_sub(script.len()) {
            Some(rest) => left = rest,
            None => {
                let most = MOST_BYTES / 1_000_000;
                draft.cut(format!("JSON-LD of more than {most} MB; the rest of it is not read"));
                continue;
            }
        }
        values.extend(parse(script));
    }
    let mut found = Found::default();
    for value in &values {
        found.walk(value, 0);
    }
    for crumbs in &found.crumbs {
        for (at, crumb) in crumbs.iter().enumerate().take(8) {
            let last = at + 1 == crumbs.len();
            if !(last && titles.iter().any(|title| title.is(&Title::of(crumb)))) {
                draft.note(
                    Slot::Section,
                    Rung::JsonLd,
                    format!("json-ld breadcrumb {}", at + 1),
                    *crumb,
                );
            }
        }
    }
    let rank = |object: &Object| {
        let tier = tier(object);
        let here = tier > 0
            && ["url", "@id", "mainEntityOfPage"].iter().any(|key| {
                let address = object.get(*key).and_then(address).unwrap_or_default();
                !url.is_empty() && bare(address) == bare(url)
            });
        let titled = tier > 0
            && text_of(object, &["headline", "name"]).is_some_and(|title| {
                let title = Title::of(title);
                titles.iter().any(|other| other.is(&title))
            });
        (tier, titled || here)
    };
    // The first of equals describes the page; others of the same title add what it leaves out.
    let mut main: Option<((u8, bool), &Object)> = None;
    for object in &found.objects {
        let rank = rank(object);
        if main.is_none_or(|(best, _)| rank > best) {
            main = Some((rank, object));
        }
    }
    let Some((_, main)) = main.filter(|((tier, _), _)| *tier > 0) else { return };
    let title = Title::of(text_of(main, &["headline", "name"]).unwrap_or_default());
    let mut told = Told { news: is_news(main) && rank(main).1, ..Told::default() };
    told.object(main, &found.by_id, draft);
    for other in &found.objects {
        let named = || text_of(other, &["headline", "name"]);
        let kin = tier(other) == 1 && is_page(other)
            || tier(other) > 0 && named().is_some_and(|name| Title::of(name).is(&title));
        if kin && !std::ptr::eq(*other, main) {
            told.object(other, &found.by_id, draft);
        }
    }
}

/// An address without what may differ between two ways of writing it.
fn bare(url: &str) -> &str {
    let url = url.split(['?', '#']).next().unwrap_or_default();
    url.split_once("://")
        .map_or(url, |(_, rest)| rest)
        .trim_end_matches('/')
        .trim_start_matches("www.")
}

/// The values of a script, as far as they can be read.
fn parse(script: &str) -> Vec<Value> {
    let text = script.trim().trim_start_matches('\u{feff}');
    if text.is_empty() {
        return Vec::new();
    }
    if let Ok(value) = serde_json::from_str(text) {
        return vec![value];
    }
    let mended = mend(text);
    // Some pages write one value after the other.
    let mut values = Vec::new();
    for value in serde_json::Deserializer::from_str(&mended).into_iter().take(100) {
        match value {
            Ok(value) => values.push(value),
            Err(_) => break,
        }
    }
    if values.is_empty() {
        values.extend(salvage(text));
    }
    values
}

/// Mends what people and templates break: comments, raw line breaks in strings, commas too many.
fn mend(text: &str) -> String {
    let text = text
        .trim_start_matches(|c: char| c != '{' && c != '[')
        .trim_end_matches(|c: char| c != '}' && c != ']');
    let text: Cow<'_, str> = if text.contains("&quot;") && !text.contains("\":") {
        text.replace("&quot;", "\"").into()
    } else {
        text.into()
    };
    let mut mended = String::with_capacity(text.len());
    let mut quoted = false;
    let mut escaped = false;
    // Where the last comma stands, if nothing but blanks came after it.
    let mut comma = None;
    for c in text.chars() {
        if quoted {
            match c {
                _ if escaped => {
                    escaped = false;
                    if matches!(c, '"' | '\\' | '/' | 'b' | 'f' | 'n' | 'r' | 't' | 'u') {
                        mended.push(c);
                    } else {
                        // `\'` and its like are no escapes of JSON.
                        mended.pop();
                        mended.push(c);
                    }
                    continue;
                }
                '\\' => escaped = true,
                '"' => quoted = false,
                '\n' | '\r' | '\t' => {
                    mended.push(' ');
                    continue;
                }
                c if c.is_control() => continue,
                _ => {}
            }
            mended.push(c);
            continue;
        }
        match c {
            '"' => (quoted, comma) = (true, None),
            ',' => {
                if comma.is_some() {
                    continue;
                }
                comma = Some(mended.len());
            }
            '}' | ']' => {
                if let Some(at) = comma.take() {
                    mended.truncate(at);
                }
            }
            c if c.is_whitespace() => {}
            ';' => continue,
            _ => comma = None,
        }
        mended.push(c);
    }
    mended
}

/// Reads single members out of a script that is no JSON at all.
fn salvage(text: &str) -> Option<Value> {
    static MEMBER: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#""(@type|headline|datePublished|dateModified|articleSection)"\s*:\s*("(?:[^"\\\n]|\\.){1,400}")"#)
            .expect("the pattern is fixed")
    });
    static AUTHOR: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r#""author"\s*:\s*[\[{][^}\]]{0,400}?"name"\s*:\s*("(?:[^"\\\n]|\\.){1,100}")"#)
            .expect("the pattern is fixed")
    });
    let mut object = Object::new();
    for member in MEMBER.captures_iter(text).take(40) {
        if let Ok(value) = serde_json::from_str::<Value>(&member[2]) {
            let article = value
                .as_str()
                .is_some_and(|name| name.ends_with("Article") || name == "BlogPosting");
            if &member[1] != "@type" || article {
                object.entry(member[1].to_owned()).or_insert(value);
            }
        }
    }
    if let Some(author) = AUTHOR.captures(text)
        && let Ok(value) = serde_json::from_str(&author[1])
    {
        object.insert("author".into(), value);
    }
    object.contains_key("@type").then_some(Value::Object(object))
}

#[derive(Default)]
struct Found<'v> {
    objects: Vec<&'v Object>,
    by_id: FxHashMap<&'v str, &'v Object>,
    crumbs: Vec<Vec<&'v str>>,
    seen: usize,
}

impl<'v> Found<'v> {
    fn walk(&mut self, value: &'v Value, depth: usize) {
        self.seen += 1;
        if depth > DEEPEST || self.seen > MOST_OBJECTS {
            return;
        }
        match value {
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, depth + 1)),
            Value::Object(object) => {
                if let Some(id) = object.get("@id").and_then(Value::as_str)
                    && object.len() > 1
                {
                    self.by_id.entry(id).or_insert(object);
                }
                if is_type(object, |name| name == "BreadcrumbList") {
                    self.crumbs.push(crumbs(object));
                    return;
                }
                if object.contains_key("@type") {
                    self.objects.push(object);
                }
                // Lists of other articles are not walked.
                for key in [
                    "@graph",
                    "mainEntity",
                    "mainEntityOfPage",
                    "breadcrumb",
                    "hasPart",
                    "author",
                    "publisher",
                    "isPartOf",
                ] {
                    if let Some(inner) = object.get(key) {
                        self.walk(inner, depth + 1);
                    }
                }
            }
            _ => {}
        }
    }
}

fn is_type(object: &Object, is: impl Fn(&str) -> bool) -> bool {
    let is = |name: &str| is(name.rsplit(['/', ':', '#']).next().unwrap_or(name));
    match object.get("@type") {
        Some(Value::String(name)) => is(name),
        Some(Value::Array(names)) => names.iter().filter_map(Value::as_str).any(is),
        _ => false,
    }
}

fn is_news(object: &Object) -> bool {
    is_type(object, |name| name.ends_with("NewsArticle"))
}

fn is_page(object: &Object) -> bool {
    is_type(object, |name| name.ends_with("Page"))
}

/// How much a thing is an article: 3 for one, 2 for its kin, 1 for a page.
fn tier(object: &Object) -> u8 {
    let is = |is: fn(&str) -> bool| is_type(object, is);
    if is(|name| {
        name.ends_with("Article")
            || matches!(name, "BlogPosting" | "LiveBlogPosting" | "Report" | "NewsItem")
    }) {
        3
    } else if is(|name| {
        matches!(
            name,
            "Recipe"
                | "Review"
                | "HowTo"
                | "CreativeWork"
                | "SocialMediaPosting"
                | "MedicalWebPage"
                | "DiscussionForumPosting"
                | "Blog"
                | "Book"
                | "CriticReview"
                | "Essay"
        )
    }) {
        2
    } else {
        u8::from(is(|name| {
            name.ends_with("Page")
                || matches!(
                    name,
                    "VideoObject"
                        | "AudioObject"
                        | "Podcast"
                        | "PodcastEpisode"
                        | "Event"
                        | "ImageGallery"
                )
        }))
    }
}

fn crumbs(list: &Object) -> Vec<&str> {
    let Some(Value::Array(items)) = list.get("itemListElement") else { return Vec::new() };
    let mut crumbs: Vec<(i64, &str)> = Vec::new();
    for (at, item) in items.iter().enumerate().take(20) {
        let Value::Object(item) = item else { continue };
        let inner = item.get("item").and_then(Value::as_object);
        let name = text_of(item, &["name"]).or_else(|| text_of(inner?, &["name", "headline"]));
        let position = match item.get("position") {
            Some(Value::Number(number)) => number.as_i64(),
            Some(Value::String(text)) => text.trim().parse().ok(),
            _ => None,
        };
        crumbs.extend(name.map(|name| (position.unwrap_or(at as i64 + 1), name)));
    }
    crumbs.sort_by_key(|(position, _)| *position);
    crumbs.into_iter().map(|(_, name)| name).collect()
}

fn text_of<'v>(object: &'v Object, keys: &[&str]) -> Option<&'v str> {
    keys.iter().find_map(|key| {
        match object.get(*key)? {
            Value::String(text) => Some(text.as_str()),
            Value::Array(items) => items.first()?.as_str(),
            Value::Object(inner) => inner.get("@value")?.as_str(),
            _ => None,
        }
        .filter(|text| !text.trim().is_empty())
    })
}

fn address(value: &Value) -> Option<&str> {
    match value {
        Value::String(text) => Some(text),
        Value::Object(object) => text_of(object, &["@id", "url"]),
        _ => None,
    }
}

/// What was reported of the article already: the first object to say a thing has the word.
#[derive(Default)]
struct Told {
    slots: Vec<Slot>,
    /// Whether a newsroom describes its own article, and not a program the page.
    news: bool,
}

impl Told {
    fn object(&mut self, object: &Object, by_id: &FxHashMap<&str, &Object>, draft: &mut Draft) {
        let article = tier(object) >= 2;
        let mut said: Vec<(Slot, String, String)> = Vec::new();
        {
            let mut note = |slot, place: &str, text: &str| {
                said.push((slot, format!("json-ld {place}"), text.to_owned()))
            };
            let headline = if article { text_of(object, &["headline", "name"]) } else { None };
            if let Some(text) = headline {
                let place = if self.news { "headline[NewsArticle]" } else { "headline" };
                note(Slot::Headline, place, text);
            }
            if let Some(text) = text_of(object, &["description"]).filter(|_| article) {
                note(Slot::Standfirst, "description", text);
            }
            if let Some(text) = text_of(object, &["articleBody"]).filter(|_| article) {
                note(Slot::Body, "articleBody", text);
            }
            for name in texts(object.get("articleSection")) {
                note(Slot::Section, "articleSection", name);
            }
            if let Some(keywords) = object.get("keywords").filter(|_| article) {
                for topic in texts(Some(keywords)) {
                    note(Slot::Topic, "keywords", topic);
                }
            }
            for key in ["datePublished", "dateCreated", "uploadDate"] {
                if let Some(text) = text_of(object, &[key]) {
                    note(Slot::Published, key, text);
                    break;
                }
            }
            if let Some(text) = text_of(object, &["dateModified"]) {
                note(Slot::Modified, "dateModified", text);
            }
            for key in ["publisher", "sourceOrganization"] {
                if let Some(name) = object.get(key).and_then(|value| name(value, by_id)) {
                    note(Slot::Source, key, name);
                }
            }
            let language = object.get("inLanguage");
            if let Some(text) = language.and_then(|value| {
                value.as_str().or_else(|| text_of(value.as_object()?, &["alternateName", "name"]))
            }) {
                note(Slot::Language, "inLanguage", text);
            }
            for key in ["mainEntityOfPage", "url"] {
                if let Some(text) =
                    object.get(key).and_then(address).filter(|text| text.starts_with("http"))
                {
                    note(Slot::Url, key, text);
                }
            }
            for (kind, suffix) in [
                ("Opinion", "OpinionNewsArticle"),
                ("Analysis", "AnalysisNewsArticle"),
                ("Review", "ReviewNewsArticle"),
            ] {
                if is_type(object, |name| name == suffix) {
                    note(Slot::Kind, "@type", kind);
                }
            }
        }
        if article || object.contains_key("datePublished") {
            for key in ["author", "creator"] {
                let mut people = Vec::new();
                authors(object.get(key), by_id, 0, &mut people);
                if !people.is_empty() {
                    said.extend(people.into_iter().map(|(kind, name)| {
                        (Slot::Author, format!("json-ld {key}[{kind}]"), name.to_owned())
                    }));
                    break;
                }
            }
        }
        let known = self.slots.clone();
        for (slot, place, text) in said {
            if !known.contains(&slot) {
                draft.note(slot, Rung::JsonLd, place, text);
                self.slots.push(slot);
            }
        }
    }
}

fn texts(value: Option<&Value>) -> Vec<&str> {
    match value {
        Some(Value::String(text)) => vec![text],
        Some(Value::Array(items)) => {
            items.iter().take(60).flat_map(|item| texts(Some(item))).collect()
        }
        Some(Value::Object(object)) => text_of(object, &["name", "@value"]).into_iter().collect(),
        _ => Vec::new(),
    }
}

fn name<'v>(value: &'v Value, by_id: &FxHashMap<&str, &'v Object>) -> Option<&'v str> {
    match value {
        Value::String(text) => Some(text),
        Value::Array(items) => items.first().and_then(|item| name(item, by_id)),
        Value::Object(object) => text_of(object, &["name"]).or_else(|| {
            let id = object.get("@id")?.as_str()?;
            text_of(by_id.get(id)?, &["name"])
        }),
        _ => None,
    }
}

/// The names of authors, each with what it is called: `Person`, `Organization`, `text`.
fn authors<'v>(
    value: Option<&'v Value>,
    by_id: &FxHashMap<&str, &'v Object>,
    depth: usize,
    names: &mut Vec<(&'static str, &'v str)>,
) {
    match value {
        Some(Value::String(text)) => names.push(("text", text)),
        Some(Value::Array(items)) if depth < 4 => {
            for item in items.iter().take(60) {
                authors(Some(item), by_id, depth + 1, names);
            }
        }
        Some(value @ Value::Object(object)) => {
            let full =
                object.get("@id").and_then(Value::as_str).and_then(|id| by_id.get(id).copied());
            let typed = if object.contains_key("@type") { object } else { full.unwrap_or(object) };
            let kind = if is_type(typed, |name| name == "Person") {
                "Person"
            } else if is_type(typed, |name| name.contains("Organi")) {
                "Organization"
            } else {
                "thing"
            };
            match object.get("name") {
                Some(Value::Array(many)) => {
                    names.extend(many.iter().filter_map(Value::as_str).map(|name| (kind, name)))
                }
                Some(inner @ Value::Object(_)) if depth < 4 => {
                    authors(Some(inner), by_id, depth + 1, names)
                }
                _ => names.extend(name(value, by_id).map(|name| (kind, name))),
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(script: &str) -> Vec<(Slot, String)> {
        let mut draft = Draft::default();
        report(&[script.to_owned()], &[Title::of("Ice")], "https://a.org/ice", &mut draft);
        draft.remarks.into_iter().map(|remark| (remark.slot, remark.text)).collect()
    }

    #[test]
    fn the_article_of_a_graph_is_found() {
        let said = said(
            r##"{"@graph": [
                {"@type": "NewsArticle", "headline": "Other"},
                {"@type": ["NewsArticle"], "headline": "Ice", "datePublished": "2024-03-05",
                 "author": [{"@id": "#ada"}, {"@type": "Person", "name": "Tom Reed"}]},
                {"@type": "Person", "@id": "#ada", "name": "Ada Nagy"}]}"##,
        );
        assert!(said.contains(&(Slot::Headline, "Ice".into())), "{said:?}");
        assert!(said.contains(&(Slot::Author, "Ada Nagy".into())), "{said:?}");
        assert!(said.contains(&(Slot::Author, "Tom Reed".into())), "{said:?}");
    }

    #[test]
    fn broken_json_is_read_as_far_as_it_goes() {
        for script in [
            "{\"@type\":\"Article\",\"headline\":\"Ice\n\",\"datePublished\":\"2024-03-05\",}",
            "<!-- {\"@type\":\"Article\",,\"headline\":\"Ice\",\"datePublished\":\"2024-03-05\"}; -->",
            "{\"@type\":\"Article\",\"headline\":\"Ice\",\"datePublished\":\"2024-03-05\", oops",
            "{\"@type\":\"Article\",\"headline\":\"It\\'s\",\"datePublished\":\"2024-03-05\"}",
        ] {
            assert!(said(script).contains(&(Slot::Published, "2024-03-05".into())), "{script}");
        }
    }
}
