//! Records of scrapers: one object a line, a list of objects, or one object.

use std::cell::Cell;
use std::fmt;

use serde::de::{DeserializeSeed, Deserializer as _, Error as _, MapAccess, SeqAccess, Visitor};
use serde_json::error::Category;
use serde_json::{Deserializer, Map, Value};

use super::{Format, FormatError, Input};
use crate::draft::Draft;

/// The most values that one record may hold; a list of noughts takes sixteen times its own size.
const MOST_VALUES: usize = 1_000_000;

/// Reads one value, within bounds.
pub(super) fn value(text: &str) -> Result<Value, serde_json::Error> {
    let mut deserializer = Deserializer::from_str(text);
    let left = Cell::new(MOST_VALUES);
    let value = Bounded { left: &left }.deserialize(&mut deserializer)?;
    deserializer.end()?;
    Ok(value)
}

/// Builds a value of so many parts at most.
#[derive(Clone, Copy)]
struct Bounded<'b> {
    left: &'b Cell<usize>,
}

impl<'de> DeserializeSeed<'de> for Bounded<'_> {
    type Value = Value;

    fn deserialize<D: serde::Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        let left = self.left.get().checked_sub(1).ok_or_else(|| {
            D::Error::custom(format!("more than {MOST_VALUES} values in one record"))
        })?;
        self.left.set(left);
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Bounded<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a value")
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E>(self, truth: bool) -> Result<Value, E> {
        Ok(truth.into())
    }

    fn visit_i64<E>(self, number: i64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_u64<E>(self, number: u64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_f64<E>(self, number: f64) -> Result<Value, E> {
        Ok(number.into())
    }

    fn visit_str<E>(self, text: &str) -> Result<Value, E> {
        Ok(text.into())
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<Value, A::Error> {
        let mut values = Vec::new();
        while let Some(value) = list.next_element_seed(self)? {
            values.push(value);
        }
        Ok(Value::Array(values))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut object: A) -> Result<Value, A::Error> {
        let mut values = Map::new();
        while let Some(key) = object.next_key::<String>()? {
            values.insert(key, object.next_value_seed(self)?);
        }
        Ok(Value::Object(values))
    }
}

/// One object a line.
pub struct JsonLines;

/// One object, or a list of them, also inside of an object (`{"articles": […]}`).
pub struct Json;

impl Format for JsonLines {
    fn name(&self) -> &'static str {
        "jsonl"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["jsonl", "ndjson", "jsonlines", "jl"]
    }

    fn by_line(&self) -> bool {
        true
    }

    fn sniff(&self, head: &str) -> bool {
        let first = head.lines().next().unwrap_or("");
        first.starts_with('{') && serde_json::from_str::<Value>(first).is_ok()
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        for (line, number) in input.text.lines().zip(input.first_line..) {
            let line = line.trim();
            if line.is_empty() {
                continue;
            }
            let place = format!("line {number}");
            found(match value(line) {
                Ok(record) => draft_of(&record, &place, Some(number), input),
                Err(error) => Err(not_json(place, &error)),
            });
        }
    }
}

impl Format for Json {
    fn name(&self) -> &'static str {
        "json"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["json"]
    }

    fn sniff(&self, head: &str) -> bool {
        (head.starts_with('{') && head[1..].trim_start().starts_with('"'))
            || (head.starts_with('[') && head[1..].trim_start().starts_with('{'))
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        let text = input.text.trim();
        let mut number = 0;
        if text.starts_with('[') {
            let mut each = |record: Value| {
                number += 1;
                found(draft_of(&record, &format!("$[{}]", number - 1), Some(number), input));
            };
            let mut deserializer = Deserializer::from_str(text);
            let read = deserializer
                .deserialize_seq(Elements { each: &mut each })
                .and_then(|()| deserializer.end());
            if let Err(error) = read {
                let place = format!("line {}", error.line());
                found(Err(not_json(place, &error)));
            }
            return;
        }
        let mut values: Vec<Value> = Vec::new();
        let left = Cell::new(MOST_VALUES);
        let mut deserializer = Deserializer::from_str(text);
        while deserializer.end().is_err() {
            match (Bounded { left: &left }).deserialize(&mut deserializer) {
                Ok(value) => values.push(value),
                Err(error) => {
                    let place = format!("line {}", error.line());
                    found(Err(not_json(place, &error)));
                    break;
                }
            }
        }
        // One object after the other, in whatever lines they stand.
        let records: Vec<&Value> = match &values[..] {
            [one] => {
                list_in(one, input, DEEPEST).map_or_else(|| vec![one], |list| list.iter().collect())
            }
            many => many.iter().collect(),
        };
        let single = records.len() == 1;
        for (record, number) in records.into_iter().zip(1..) {
            let part = (!single).then_some(number);
            found(draft_of(record, "$", part, input));
        }
    }
}

/// Records lie at most so many objects deep in what a service answers.
const DEEPEST: u32 = 3;

/// The list of objects that an object is there to hold.
fn list_in<'v>(value: &'v Value, input: Input<'_>, deep: u32) -> Option<&'v Vec<Value>> {
    const NAMES: [&str; 10] = [
        "articles",
        "items",
        "docs",
        "documents",
        "results",
        "hits",
        "data",
        "entries",
        "objects",
        "posts",
    ];
    let object = value.as_object()?;
    let mut lists = NAMES.iter().filter_map(|name| object.get(*name)?.as_array());
    let list = lists.find(|list| list.first().is_some_and(Value::is_object));
    if list.is_some() || deep == 0 || input.aliases.tell(value) {
        return list;
    }
    let inner = ["response", "hits", "data", "result", "feed", "db"].iter();
    let first = |value: &'v Value| value.as_array().map_or(Some(value), |list| list.first());
    inner.filter_map(|name| list_in(first(object.get(*name)?)?, input, deep - 1)).next()
}

/// The record within a record that a database or a service has put around it.
fn inner<'v>(record: &'v Value, input: Input<'_>) -> &'v Value {
    let mut record = record;
    for _ in 0..DEEPEST {
        let around = ["_source", "data", "article", "response", "content", "result", "post"];
        let told = |value: &&Value| {
            value.is_object() && (input.aliases.tell(value) || value.get("content").is_some())
        };
        let mut within = around.iter().filter_map(|name| record.get(*name).filter(told));
        match within.next() {
            Some(inner) if !input.aliases.tell(record) => record = inner,
            _ => break,
        }
    }
    record
}

fn not_json(place: String, error: &serde_json::Error) -> FormatError {
    let why = error.to_string();
    let why = why.split(" at line ").next().unwrap_or(&why);
    let why = match error.classify() {
        Category::Data => why.to_owned(),
        _ => format!("not JSON: {why}"),
    };
    FormatError::Record { place, why }
}

fn draft_of(
    record: &Value,
    place: &str,
    part: Option<u32>,
    input: Input<'_>,
) -> Result<Draft, FormatError> {
    if !record.is_object() {
        let why = "not an object with keys".to_owned();
        return Err(FormatError::Record { place: place.to_owned(), why });
    }
    let mut draft = Draft { part, ..Draft::default() };
    let whole = record;
    let record = inner(record, input);
    input.aliases.report(record, place, &mut draft);
    if !std::ptr::eq(whole, record) {
        input.aliases.report_around(whole, place, &mut draft);
    }
    if draft.remarks.is_empty() {
        let why = "no key that says what the article is; see --map".to_owned();
        return Err(FormatError::Record { place: place.to_owned(), why });
    }
    Ok(draft)
}

/// Hands on the elements of a list one by one, so that a large list is never held whole.
struct Elements<'e> {
    each: &'e mut dyn FnMut(Value),
}

impl<'de> Visitor<'de> for Elements<'_> {
    type Value = ();

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a list of objects")
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<(), A::Error> {
        while let Some(element) =
            list.next_element_seed(Bounded { left: &Cell::new(MOST_VALUES) })?
        {
            (self.each)(element);
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Slot;

    fn read(format: &dyn Format, text: &str) -> Vec<String> {
        let mut lines = Vec::new();
        format.read(Input::whole(text), &mut |found| {
            lines.push(match found {
                Ok(draft) => {
                    let headline = draft.on(Slot::Headline).next().map_or("", |r| &r.text);
                    format!("{:?} {headline}", draft.part)
                }
                Err(error) => error.to_string(),
            });
        });
        lines
    }

    #[test]
    fn a_broken_line_loses_no_other() {
        let found = read(&JsonLines, "{\"title\":\"A\"}\n{\"title\":\n\n[1]\n{\"title\":\"B\"}");
        assert_eq!(
            found,
            [
                "Some(1) A",
                "line 2: not JSON: EOF while parsing a value",
                "line 4: not an object with keys",
                "Some(5) B"
            ]
        );
    }

    #[test]
    fn lists_and_single_objects_are_read() {
        assert_eq!(read(&Json, r#"{"title":"A"}"#), ["None A"]);
        assert_eq!(read(&Json, r#"[{"title":"A"},{"title":"B"}]"#), ["Some(1) A", "Some(2) B"]);
        assert_eq!(read(&Json, r#"{"articles":[{"title":"A"}]}"#), ["None A"]);
        assert_eq!(read(&Json, "{\"title\":\"A\"}\n{\"title\":\"B\"}"), ["Some(1) A", "Some(2) B"]);
        assert_eq!(
            read(&Json, r#"[{"title":"A"},{"ti"#),
            ["Some(1) A", "line 1: not JSON: EOF while parsing a string"]
        );
    }
}
