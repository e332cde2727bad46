//! Records with named values (JSON, CSV, front matter): which name means which part of an article.

use std::sync::LazyLock;

use serde_json::Value;

use crate::draft::{Draft, Rung, Slot};

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
    (Slot::Headline, &["headline", "title", "og_title", "hed", "head", "name"]),
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
            "date",
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
            "raw_text",
            "article",
            "article_body",
            "plaintext",
            "story",
            "html",
            "content_html",
        ],
    ),
    (Slot::Url, &["url", "link", "web_url", "canonical", "canonical_url"]),
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

    /// Reports what a record says. `place` names the record: `$` or `line 3`.
    pub fn report(&self, record: &Value, place: &str, draft: &mut Draft) {
        let names = Names::of(record);
        for (slot, keys) in &self.rows {
            for key in keys {
                let Some((shown, value)) = names.lookup(key) else { continue };
                let place = format!("{place}.{shown}");
                report_value(*slot, value, &place, draft);
            }
        }
        if self.others {
            self.report_others(record, "", place, 3, draft);
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

fn report_value(slot: Slot, value: &Value, place: &str, draft: &mut Draft) {
    match value {
        Value::Null | Value::Bool(_) => {}
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
            draft.note(slot, Rung::Record, place, text.clone());
        }
        Value::Array(items) => match slot {
            Slot::Body => {
                let parts: Vec<&str> = items.iter().filter_map(Value::as_str).collect();
                draft.note(slot, Rung::Record, place, parts.join("\n\n"));
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
            for name in ["name", "$oid", "text", "original", "title", "value", "url", "paragraphs"]
            {
                if let Some(inner) = object.get(name) {
                    report_value(slot, inner, &format!("{place}.{name}"), draft);
                    return;
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
