//! The doors through which what others wrote comes in and goes out: whatever comes, each holds.
//!
//! The property tests (`tests/doors.rs`) and the fuzz targets (`tests/fuzz`) share them.

use std::io::{Cursor, Read};

use fiche::article::{Article, Origin};
use fiche::container::{self, Budget, Bytes, Entry, Kind};
use fiche::decode::decode;
use fiche::extract;
use fiche::format::{FORMATS, Input};
use fiche::hit::{Hit, pieces};
use fiche::output::{self, Look, visible};
use fiche::passage::{self, Sought};
use fiche::query::{self, Form, Query, Settings};
use fiche::schema::Schema;

fn settings() -> Settings {
    Settings { today: "2026-11-25".parse().expect("a date"), any: false }
}

/// A query is understood or refused, with a place that lies in it.
pub fn query(text: &str) {
    match query::parse(text, &Schema::bundled(), settings()) {
        Ok(parsed) => {
            // What is shown as the reading of it can be read again.
            drop(format!("{}", parsed.query));
        }
        Err(error) => {
            assert!(error.span.start <= error.span.end && error.span.end <= text.len());
            assert!(text.is_char_boundary(error.span.start));
            assert!(text.is_char_boundary(error.span.end));
            assert!(!error.message.is_empty());
        }
    }
}

/// A reader of a format gives drafts, and extraction makes articles of them.
pub fn reader(format: usize, text: &str) -> Vec<Article> {
    let mut articles = Vec::new();
    FORMATS[format % FORMATS.len()].read(Input::whole(text), &mut |found| {
        if let Ok(draft) = found {
            let origin = Origin { part: draft.part, ..Origin::default() };
            articles.push(extract::settle(&draft, origin).article);
        }
    });
    for article in &articles {
        assert!(!article.body.ends_with('\n'), "{:?}", article.body);
        assert!(article.authors.iter().all(|name| !name.trim().is_empty()));
    }
    articles
}

/// A date of a record is read or left out; what is read can be kept and shown.
pub fn date(text: &str) {
    let record = serde_json::json!({ "title": "A", "text": "B", "date": text }).to_string();
    let format = FORMATS.iter().position(|format| format.name() == "jsonl").expect("there is one");
    for article in reader(format, &record) {
        if let Some(date) = article.published {
            assert!(date.first_day() <= date.last_day(), "{text}: {date}");
            assert_eq!(date.to_string().parse().ok(), Some(date), "{text}");
        }
    }
}

/// A container gives members within its budget, or says what is wrong.
pub fn container(kind: Kind, bytes: &[u8]) {
    let budget = Budget::of(bytes.len() as u64);
    let (mut entries, mut unpacked) = (0_u64, 0_u64);
    let mut each = |entry: Entry<'_>| {
        entries += 1;
        match entry {
            Entry::Member { name, content } => {
                assert!(!name.is_empty() && !name.starts_with('/'), "{name:?}");
                let mut all = Vec::new();
                // What is damaged ends with an error; what came before counts.
                drop(content.take(1 << 24).read_to_end(&mut all));
                unpacked += all.len() as u64;
            }
            Entry::Record(record) => unpacked += record.body.len() as u64,
            // A letter may be longer than its bytes: an old encoding becomes UTF-8.
            Entry::Leaf(leaf) => unpacked += leaf.bytes.len() as u64 / 3,
            Entry::Problem { why, .. } => assert!(!why.is_empty()),
        }
        entries < 10_000
    };
    let mut cursor = Cursor::new(bytes);
    container::read(kind, Bytes::Any(&mut cursor), &budget, 1 << 20, &mut each);
    let most = 200 * bytes.len() as u64 + (16 << 20) + (64 << 10);
    assert!(unpacked <= most, "{unpacked} of {}", bytes.len());
}

/// Bytes become text; what is UTF-8 stays as it is.
pub fn decoding(bytes: &[u8]) {
    let decoded = decode(bytes);
    if let Ok(text) = std::str::from_utf8(bytes)
        && decoded.encoding == "UTF-8"
    {
        // One mark at the beginning is none of the text; another is.
        assert_eq!(decoded.text, text.strip_prefix('\u{feff}').unwrap_or(text));
        assert!(!decoded.lossy);
    }
}

/// The parts of a query that an article may match, as an engine that knows each word would give
/// them.
fn sought(query: &Query, all: &mut Vec<Sought>) {
    match query {
        Query::Words { scope, pattern } => {
            let words = pattern.words();
            let text = |form: &Form| match form {
                Form::Plain(text) | Form::Wild(text) | Form::Fuzzy(text, _) | Form::Regex(text) => {
                    text.clone()
                }
            };
            let slots = words.iter().map(|word| vec![text(&word.form)]).collect();
            all.push(Sought {
                scope: *scope,
                pattern: pattern.clone(),
                slots,
                rarity: 0.5,
                marked: true,
            });
        }
        Query::And(parts) | Query::Or(parts) => parts.iter().for_each(|part| sought(part, all)),
        Query::Not(part) => sought(part, all),
        _ => {}
    }
}

/// Snippets are of the text, and their marks lie in them.
pub fn snippets(text: &str, asked: &str, width: usize) {
    let Ok(parsed) = query::parse(asked, &Schema::bundled(), settings()) else { return };
    let mut parts = Vec::new();
    sought(&parsed.query, &mut parts);
    let article = Article {
        headline: text.lines().next().unwrap_or("").to_owned(),
        body: text.to_owned(),
        ..Article::default()
    };
    let (snippets, marks) = passage::show(&article, &parts, 3, width, &|| false);
    assert_eq!(
        pieces(&article.headline, &marks).map(|(piece, _)| piece).collect::<String>(),
        article.headline
    );
    for snippet in &snippets {
        if let Some(place) = &snippet.place {
            assert_eq!(&text[place.clone()], snippet.text);
        }
        assert_eq!(snippet.pieces().map(|(piece, _)| piece).collect::<String>(), snippet.text);
    }
    shown(&Hit { article, snippets, headline_marks: marks, ..Hit::default() });
}

/// No output lets a control character through to a terminal, and none fails.
pub fn shown(hit: &Hit) {
    for output in output::OUTPUTS {
        let mut bytes = Vec::new();
        let mut writer =
            (output.open)(&mut bytes, Look { width: Some(80), ..Look::default() }).expect("memory");
        writer.hit(hit).expect("memory takes all");
        writer.finish().expect("memory takes all");
        drop(writer);
        if output.name == "text" {
            let text = String::from_utf8(bytes).expect("text is UTF-8");
            let raw = |c: char| c.is_control() && c != '\n';
            assert!(!text.contains(raw), "{text:?}");
        }
    }
    assert!(!visible::line(&hit.article.headline).contains(char::is_control));
}

/// What is written as CSV is read back as it was, and a spreadsheet takes no cell for a formula.
pub fn csv_round_trip(values: &[&str]) {
    let article = Article {
        headline: values.first().copied().unwrap_or("").to_owned(),
        section: values.get(1).copied().unwrap_or("").to_owned(),
        source: values.get(2).copied().unwrap_or("").to_owned(),
        url: values.get(3).copied().unwrap_or("").to_owned(),
        ..Article::default()
    };
    let hit = Hit { rank: 1, article, ..Hit::default() };
    for excel_safe in [false, true] {
        let mut bytes = Vec::new();
        let output = output::by_name("csv").expect("there is one");
        let look = Look { excel_safe, ..Look::default() };
        let mut writer = (output.open)(&mut bytes, look).expect("memory");
        writer.hit(&hit).expect("memory takes all");
        writer.finish().expect("memory takes all");
        drop(writer);
        let mut reader = csv::Reader::from_reader(&bytes[..]);
        let names = reader.headers().expect("a header").clone();
        let row = reader.records().next().expect("a row").expect("a whole one");
        for (name, cell) in names.iter().zip(row.iter()) {
            let begins = cell.starts_with(['=', '+', '-', '@', '\t', '\r']);
            assert!(!excel_safe || !begins, "{name} {cell:?}");
            assert!(!begins || !cell.contains("calc("), "{name} {cell:?}");
            let value = match name {
                "headline" => &hit.article.headline,
                "section" => &hit.article.section,
                "source" => &hit.article.source,
                "url" => &hit.article.url,
                _ => continue,
            };
            let bare = |text: &'_ str| text.strip_prefix('\'').unwrap_or(text).to_owned();
            assert_eq!(bare(cell), bare(value), "{name}");
        }
        assert!(reader.records().next().is_none(), "one row");
    }
}

/// The kinds of container, those that seeds were found for first.
pub const KINDS: [Kind; 9] = [
    Kind::Zip,
    Kind::Tar,
    Kind::Warc,
    Kind::Wacz,
    Kind::Mail,
    Kind::Mbox,
    Kind::Epub,
    Kind::Mhtml,
    Kind::Office,
];

/// Brings bytes to the door of that name; whether there is one.
pub fn door(name: &str, bytes: &[u8]) -> bool {
    let text = String::from_utf8_lossy(bytes);
    let (first, rest) = bytes.split_first().unwrap_or((&0, &[]));
    match name {
        "query" => query(&text),
        "container" => container(KINDS[usize::from(*first) % KINDS.len()], rest),
        "decode" => decoding(bytes),
        "snippet" => {
            let (asked, text) = text.split_once('\n').unwrap_or(("tax", &text));
            snippets(text, asked, usize::from(*first));
        }
        "csv" => csv_round_trip(&text.split('\u{1f}').collect::<Vec<_>>()),
        _ => match FORMATS.iter().position(|format| format.name() == name) {
            Some(format) => drop(reader(format, &text)),
            None => return false,
        },
    }
    true
}
