//! Tables with a header: CSV, TSV and their kin.

use serde_json::{Map, Value};

use super::{Format, FormatError, Input};
use crate::draft::Draft;

/// The most columns of a row; each costs memory in every row.
const MOST_COLUMNS: usize = 10_000;

/// A table with a header, parted by `,`, `;`, tab or `|`.
pub struct Table;

impl Format for Table {
    fn name(&self) -> &'static str {
        "csv"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["csv", "tsv", "tab"]
    }

    fn read(&self, input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        let header = input.text.lines().next().unwrap_or("");
        let separator = separator(header);
        let signs = |line: &str| memchr::memchr_iter(separator, line.as_bytes()).count();
        if input.text.lines().any(|line| signs(line) > MOST_COLUMNS) {
            let why = format!("a line of more than {MOST_COLUMNS} columns");
            return found(Err(FormatError::File(why)));
        }
        let mut reader = csv::ReaderBuilder::new()
            .delimiter(separator)
            .flexible(true)
            .from_reader(input.text.as_bytes());
        let names: Vec<String> = match reader.headers() {
            Ok(names) => names.iter().map(|name| name.trim().to_owned()).collect(),
            Err(error) => return found(Err(FormatError::File(error.to_string()))),
        };
        if !input.aliases.know(names.iter().map(String::as_str)) {
            let why = format!(
                "no column for headline, body or url among {}; see --map",
                names.join(", ")
            );
            return found(Err(FormatError::File(why)));
        }
        for (record, number) in reader.records().zip(1..) {
            let place = format!("row {number}");
            let record = match record {
                Ok(record) => record,
                Err(error) => {
                    found(Err(FormatError::Record { place, why: error.to_string() }));
                    continue;
                }
            };
            let row: Map<String, Value> = names
                .iter()
                .zip(record.iter())
                .map(|(name, value)| (name.clone(), Value::String(value.to_owned())))
                .collect();
            let mut draft = Draft { part: Some(number), ..Draft::default() };
            input.aliases.report(&Value::Object(row), &place, &mut draft);
            if draft.remarks.is_empty() {
                let why = "an empty row".to_owned();
                found(Err(FormatError::Record { place, why }));
            } else {
                found(Ok(draft));
            }
        }
    }
}

/// The sign that parts the header most often.
fn separator(header: &str) -> u8 {
    let times = |sign: &u8| header.bytes().filter(|b| b == sign).count();
    [b'|', b';', b'\t', b','].into_iter().max_by_key(times).unwrap_or(b',')
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Slot;

    #[test]
    fn rows_are_read_with_quotes_and_any_separator() {
        for text in ["title,text\n\"A, b\",\"x\ny\"\n", "title;text\n\"A, b\";\"x\ny\"\n"] {
            let mut drafts = Vec::new();
            Table.read(Input::whole(text), &mut |draft| drafts.push(draft.unwrap()));
            assert_eq!(drafts.len(), 1);
            assert_eq!(drafts[0].on(Slot::Headline).next().unwrap().text, "A, b");
            assert_eq!(drafts[0].on(Slot::Body).next().unwrap().text, "x\ny");
        }
    }

    #[test]
    fn a_table_without_a_known_column_says_so() {
        let mut errors = Vec::new();
        Table.read(Input::whole("a,b\n1,2\n"), &mut |draft| errors.push(draft.unwrap_err()));
        assert!(errors[0].to_string().starts_with("no column for headline"), "{errors:?}");
    }
}
