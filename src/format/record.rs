//! Records with named values (JSON, CSV, front matter): which name means which part of an article.

use std::sync::LazyLock;

use serde_json::Value;

use super::written;
use crate::draft::{Draft, Remark, Rung, Slot};

/// Which keys of a record mean what.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Aliases {
    /// For each part of an article the keys that hold it, the first that has a value wins.
    rows: Vec<(Slot, Vec<String>)>,
    /// Whether values are reported that no key names.
    others: bool,
}

/// The keys that scrapers and archives use. Dots go down into a record, `[0]` takes the first of a
/// list; case, blanks, `-` and `_` do not count.
const USUAL: &[(Slot, &[&str])] = &[
    (
        Slot::Headline,
        &["headline", "title", "og_title", "hed", "head", "name", "web_title", "post_title"],
    ),
    (
        Slot::Standfirst,
        &[
            "standfirst",
            "dek",
            "deck",
            "subtitle",
            "subheadline",
            "description",
            "summary",
            "excerpt",
            "abstract",
            "post_excerpt",
            "trail_text",
        ],
    ),
    (Slot::Kind, &["kicker", "kind", "article_type"]),
    (
        Slot::Section,
        &[
            "section",
            "section_name",
            "article_section",
            "category",
            "categories[0]",
            "news_desk",
            "desk",
            "topic",
            "channel",
            "rubric",
        ],
    ),
    (Slot::Topic, &["topics", "tags", "keywords", "labels", "meta_keywords"]),
    (
        Slot::Published,
        &[
            "date_publish",
            "published",
            "published_at",
            "publishing_date",
            "publish_date",
            "publication_date",
            "pub_date",
            "date_published",
            "published_date",
            "published_time",
            "web_publication_date",
            "date",
            "post_date",
            "created",
            "created_at",
        ],
    ),
    (
        Slot::Modified,
        &["date_modify", "modified", "updated", "updated_at", "date_modified", "modified_at"],
    ),
    (
        Slot::Captured,
        &[
            "date_download",
            "captured",
            "capture_date",
            "crawled_at",
            "scraped_at",
            "saved_at",
            "accessed",
            "fetched_at",
            "seen_date",
            "timestamp",
        ],
    ),
    (
        Slot::Author,
        &[
            "authors",
            "author",
            "byline.original",
            "byline",
            "creator",
            "dc:creator",
            "published_by",
            "writer",
            "by",
            "yoast_head_json.author",
            "_embedded.author",
        ],
    ),
    (Slot::Dateline, &["dateline"]),
    (
        Slot::Body,
        &[
            "body",
            "maintext",
            "text",
            "content",
            "content_text",
            "text_content",
            "body_text",
            "raw_text",
            "article",
            "article_body",
            "plaintext",
            "story",
            "post_content",
            "markdown",
            "html",
            "content_html",
            "cleaned_html",
            "raw_html",
            "lead_paragraph",
        ],
    ),
    (
        Slot::Url,
        &[
            "url",
            "link",
            "web_url",
            "canonical",
            "canonical_url",
            "source_url",
            "page_url",
            "permalink",
        ],
    ),
    (
        Slot::Source,
        &[
            "source_domain",
            "sitename",
            "site_name",
            "publication",
            "publisher",
            "outlet",
            "domain",
            "domain_name",
            "hostname",
            "newspaper_title",
            "newspaper",
            "source",
        ],
    ),
    (Slot::Language, &["language", "lang"]),
    (Slot::Id, &["id", "docno", "article_id", "uid", "guid"]),
];

static ALIASES: LazyLock<Aliases> = LazyLock::new(|| Aliases {
    rows: USUAL
        .iter()
        .map(|(slot, keys)| (*slot, keys.iter().map(|key| plain(key)).collect()))
        .collect(),
    others: false,
});

/// A key without what does not count in it: `_id` is `id`.
fn plain(key: &str) -> String {
    key.chars()
        .filter(|c| !matches!(c, '_' | '-' | ' ' | '\u{feff}'))
        .flat_map(char::to_lowercase)
        .collect()
}

/// The names that `--map` takes, with what they mean.
const MAPPED: &[(&str, Slot)] = &[
    ("headline", Slot::Headline),
    ("standfirst", Slot::Standfirst),
    ("kind", Slot::Kind),
    ("section", Slot::Section),
    ("topics", Slot::Topic),
    ("date", Slot::Published),
    ("modified", Slot::Modified),
    ("captured", Slot::Captured),
    ("authors", Slot::Author),
    ("dateline", Slot::Dateline),
    ("body", Slot::Body),
    ("url", Slot::Url),
    ("source", Slot::Source),
    ("language", Slot::Language),
    ("id", Slot::Id),
];

impl Aliases {
    /// Those that everyone uses.
    pub fn usual() -> &'static Self {
        &ALIASES
    }

    /// The usual ones with `field=key` put before them.
    ///
    /// # Errors
    ///
    /// Names the rule that is not of that form or whose field is not known.
    pub fn with(rules: &[String]) -> Result<Self, String> {
        let mut aliases = Self::usual().clone();
        for rule in rules {
            let known = rule.split_once('=').and_then(|(field, key)| {
                let (_, slot) = MAPPED.iter().find(|(name, _)| *name == field.trim())?;
                Some((*slot, plain(key.trim()))).filter(|(_, key)| !key.is_empty())
            });
            let Some((slot, key)) = known else {
                let names: Vec<&str> = MAPPED.iter().map(|(name, _)| *name).collect();
                return Err(format!(
                    "`{rule}` is not of the form FIELD=KEY, with FIELD one of {}",
                    names.join(", ")
                ));
            };
            for (row, keys) in &mut aliases.rows {
                // A key that is mapped by hand means nothing else.
                keys.retain(|known| *known != key);
                if *row == slot {
                    keys.insert(0, key.clone());
                }
            }
        }
        Ok(aliases)
    }

    /// The same, and every text or number that none of the keys names is reported as
    /// [`Slot::Other`].
    #[must_use]
    pub fn and_others(self) -> Self {
        Self { others: true, ..self }
    }

    /// Whether one of these names is known at all.
    pub fn know<'n>(&self, mut names: impl Iterator<Item = &'n str>) -> bool {
        let known = |slot: &Slot| matches!(slot, Slot::Headline | Slot::Body | Slot::Url);
        names.any(|name| {
            let name = plain(name);
            self.rows.iter().any(|(slot, keys)| known(slot) && keys.contains(&name))
        })
    }

    /// Whether a key stands for something.
    pub fn knows(&self, key: &str) -> bool {
        let key = plain(key);
        self.rows.iter().any(|(_, keys)| keys.contains(&key))
    }

    /// Whether a record has words of its own for headline or text.
    pub fn tell(&self, record: &Value) -> bool {
        let names = Names::of(record);
        let telling = |slot: &Slot| matches!(slot, Slot::Headline | Slot::Body);
        let keys = self.rows.iter().filter(|(slot, _)| telling(slot)).flat_map(|(_, keys)| keys);
        let mut values = keys.filter_map(|key| names.get(key));
        values.any(|(_, value)| words_in(value).is_some())
    }

    /// Reports what a record says. `place` names the record: `$` or `line 3`.
    pub fn report(&self, record: &Value, place: &str, draft: &mut Draft) {
        self.report_names(record, place, &|_| true, draft);
        // What a record says of itself may stand in an object of its own.
        for inner in INNER {
            if let Some(object) = record.get(inner).filter(|value| value.is_object()) {
                let said: Vec<Slot> = draft.remarks.iter().map(|remark| remark.slot).collect();
                let wanted = |slot: Slot| !said.contains(&slot);
                self.report_names(object, &format!("{place}.{inner}"), &wanted, draft);
            }
        }
        if draft.page.is_some() {
            title_of_page(draft);
        }
        if self.others {
            self.report_others(record, "", place, 3, draft);
        }
    }

    /// Reports what an object around a record says of what the record itself does not tell.
    pub fn report_around(&self, around: &Value, place: &str, draft: &mut Draft) {
        let said: Vec<Slot> = draft.remarks.iter().map(|remark| remark.slot).collect();
        let own =
            |slot: Slot| !said.contains(&slot) && !matches!(slot, Slot::Headline | Slot::Body);
        // What it holds is the record, and others like it.
        let values = around.as_object().into_iter().flatten();
        let values = values.filter(|(_, value)| !value.is_object() && !value.is_array());
        let values = values.map(|(name, value)| (name.clone(), value.clone())).collect();
        self.report_names(&Value::Object(values), place, &own, draft);
    }

    /// Reports what the keys of an object say of the parts of an article that are wanted.
    fn report_names(
        &self,
        record: &Value,
        place: &str,
        wanted: &dyn Fn(Slot) -> bool,
        draft: &mut Draft,
    ) {
        let names = Names::of(record);
        for (slot, keys) in self.rows.iter().filter(|(slot, _)| wanted(*slot)) {
            for key in keys {
                // The same text may come again in other forms.
                if *slot == Slot::Body && (draft.page.is_some() || draft.on(*slot).next().is_some())
                {
                    break;
                }
                let Some((shown, value)) = names.lookup(key) else { continue };
                let place = format!("{place}.{shown}");
                report_value(*slot, value, &place, draft);
            }
        }
    }

    /// Reports what no key names, so many objects deep.
    fn report_others(&self, value: &Value, key: &str, place: &str, deep: u32, draft: &mut Draft) {
        match value {
            Value::Object(object) if deep > 0 => {
                for (name, inner) in object {
                    let key = if key.is_empty() { name.clone() } else { format!("{key}.{name}") };
                    if !self.rows.iter().any(|(_, keys)| keys.contains(&plain(&key))) {
                        self.report_others(inner, &key, place, deep - 1, draft);
                    }
                }
            }
            Value::String(_) | Value::Number(_) => {
                report_value(Slot::Other, value, &format!("{place}.{key}"), draft);
            }
            _ => {}
        }
    }
}

/// The names in a record, each made plain once.
struct Names<'v>(Vec<(String, &'v str, &'v Value)>);

impl<'v> Names<'v> {
    fn of(record: &'v Value) -> Self {
        let object = record.as_object().into_iter().flatten();
        Self(object.map(|(name, value)| (plain(name), &name[..], value)).collect())
    }

    fn get(&self, key: &str) -> Option<(&'v str, &'v Value)> {
        self.0.iter().find(|(name, ..)| name == key).map(|(_, shown, value)| (*shown, *value))
    }

    /// The value of a key such as `byline.original` or `categories[0]`, with the key as it stands.
    fn lookup(&self, key: &str) -> Option<(String, &'v Value)> {
        if let Some((shown, value)) = self.get(key) {
            return Some((shown.to_owned(), value));
        }
        if let Some(list) = key.strip_suffix("[0]") {
            let (shown, value) = self.get(list)?;
            return Some((format!("{shown}[0]"), value.as_array()?.first()?));
        }
        // Few keys have a dot, and a look at each byte is cheaper than a search.
        let dot = key.bytes().position(|byte| byte == b'.')?;
        let (outer, inner) = (&key[..dot], &key[dot + 1..]);
        let (shown, value) = self.get(outer)?;
        let (rest, value) = Names::of(value).lookup(inner)?;
        Some((format!("{shown}.{rest}"), value))
    }
}

/// The objects within a record that say something of it.
const INNER: [&str; 4] = ["metadata", "meta", "fields", "attributes"];

/// The name that a value has where an object stands in its place.
const WITHIN: &[&str] = &[
    "name",
    "$oid",
    "$date",
    "$numberLong",
    "text",
    "rendered",
    "main",
    "original",
    "title",
    "label",
    "value",
    "url",
];

/// The same, of the text of an article.
const WITHIN_BODY: &[&str] = &[
    "text",
    "rendered",
    "processed",
    "value",
    "paragraphs",
    "fit_markdown",
    "raw_markdown",
    "html",
    "content",
];

/// The same, of a topic, which may say first of what kind it is.
const WITHIN_TOPIC: &[&str] = &["label", "value", "name", "title", "text", "rendered"];

/// Takes the headline of a record that holds a whole page for its title, which has the name of its site
/// as often as not.
pub(super) fn title_of_page(draft: &mut Draft) {
    let own = |said: &&mut Remark| said.slot == Slot::Headline && said.rung == Rung::Record;
    draft.remarks.iter_mut().filter(own).for_each(|said| said.rung = Rung::Title);
}

/// The words that a value is or holds.
fn words_in(value: &Value) -> Option<&str> {
    let value = match value {
        Value::Object(object) => ["rendered", "main", "text", "value", "raw_markdown"]
            .iter()
            .find_map(|name| object.get(*name))?,
        Value::Array(items) => items.first()?,
        value => value,
    };
    value.as_str().filter(|text| !text.trim().is_empty())
}

fn report_value(slot: Slot, value: &Value, place: &str, draft: &mut Draft) {
    match value {
        Value::Null | Value::Bool(_) => {}
        // The number of a writer, a section or a topic is not its name.
        Value::Number(_) if matches!(slot, Slot::Author | Slot::Section | Slot::Topic) => {}
        Value::Number(number) => {
            let text = match (slot, number.as_i64()) {
                (Slot::Published | Slot::Modified | Slot::Captured | Slot::Other, Some(number)) => {
                    epoch(number)
                }
                _ => number.to_string(),
            };
            draft.note(slot, Rung::Record, place, text);
        }
        Value::String(text) => {
            // `source` is an address as often as a name.
            let is_url = text.starts_with("http://") || text.starts_with("https://");
            let slot = if slot == Slot::Source && is_url { Slot::Url } else { slot };
            match slot {
                Slot::Body => written::body(text, place, draft),
                Slot::Published | Slot::Modified | Slot::Captured => {
                    // Seconds or milliseconds; with other lengths it is a day and a clock.
                    let count = matches!(text.len(), 10 | 13);
                    let number = text.parse().ok().filter(|_| count);
                    let text = number.map_or_else(|| text.clone(), epoch);
                    draft.note(slot, Rung::Record, place, text);
                }
                Slot::Other | Slot::Url | Slot::Id => {
                    draft.note(slot, Rung::Record, place, text.clone());
                }
                _ => draft.note(slot, Rung::Record, place, written::words(text)),
            }
        }
        Value::Array(items) => match slot {
            Slot::Body => {
                let parts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                written::body(&parts.join("\n\n"), place, draft);
            }
            Slot::Section => {
                let parts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                draft.note(slot, Rung::Record, place, parts.join("/"));
            }
            _ => {
                for (number, item) in items.iter().enumerate() {
                    report_value(slot, item, &format!("{place}[{number}]"), draft);
                }
            }
        },
        Value::Object(object) => {
            let names = match slot {
                Slot::Body => WITHIN_BODY,
                Slot::Topic => WITHIN_TOPIC,
                _ => WITHIN,
            };
            let empty = |value: &Value| value.as_str().is_some_and(|text| text.trim().is_empty());
            let inner = |name: &&str| object.get(*name).filter(|value| !empty(value));
            if let Some((name, inner)) = names.iter().find_map(|name| Some((name, inner(name)?))) {
                let place = format!("{place}.{name}");
                // One key may lead to what another does.
                if !draft.remarks.iter().any(|said| said.slot == slot && said.place == place) {
                    report_value(slot, inner, &place, draft);
                }
            }
        }
    }
}

/// A count of seconds or milliseconds since 1970 as a date; any other number as it stands.
fn epoch(number: i64) -> String {
    let seconds = match number {
        100_000_000..=9_999_999_999 => number,
        100_000_000_000..=9_999_999_999_999 => number / 1000,
        _ => return number.to_string(),
    };
    crate::article::from_day_number(seconds.div_euclid(86_400))
        .map_or_else(|| number.to_string(), |date| date.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn said(record: &str, aliases: &Aliases) -> String {
        let mut draft = Draft::default();
        aliases.report(&serde_json::from_str(record).unwrap(), "$", &mut draft);
        let lines: Vec<String> = draft
            .remarks
            .iter()
            .map(|remark| format!("{:?} {} {}", remark.slot, remark.place, remark.text))
            .collect();
        lines.join("\n")
    }

    #[test]
    fn keys_are_known_by_their_aliases() {
        let record = r#"{"Title":"A","date-publish":"2023-03-14","author":{"name":"Ana Ruiz"},
            "categories":["World","Asia"],"source":"https://example.org/1","_id":7,"maintext":"x"}"#;
        assert_eq!(
            said(record, Aliases::usual()),
            "Headline $.Title A\nSection $.categories[0] World\nPublished $.date-publish 2023-03-14\n\
             Author $.author.name Ana Ruiz\nBody $.maintext x\nUrl $.source https://example.org/1\nId $._id 7"
        );
    }

    #[test]
    fn a_map_overrides_what_a_key_means() {
        let aliases = Aliases::with(&["headline=text".to_owned()]).unwrap();
        assert_eq!(
            said(r#"{"text":"A","title":"B"}"#, &aliases),
            "Headline $.text A\nHeadline $.title B"
        );
        assert!(Aliases::with(&["nonsense=x".to_owned()]).is_err());
    }
}
