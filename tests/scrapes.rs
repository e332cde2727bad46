//! The flattened pages of the sample archive come out as its README says.

use std::path::Path;

use fiche::article::{Article, Origin};
use fiche::decode::decode;
use fiche::extract::settle;
use fiche::format::{Format, Input, plain::Plain};

/// What is read from one file of `data/sample/scrapes`.
fn scrape(name: &str) -> Article {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample/scrapes").join(name);
    let bytes = std::fs::read(&path).expect("the sample is there");
    let mut articles = Vec::new();
    Plain.read(Input::whole(&decode(&bytes).text), &mut |draft| {
        articles.push(settle(&draft.expect("a text is read"), Origin::default()).article);
    });
    articles.pop().expect("a text holds one article")
}

/// File, headline, kind and section, authors, day, how the body begins and ends.
type Row =
    (&'static str, &'static str, &'static str, &'static str, &'static str, [&'static str; 2]);

#[test]
fn the_sample_scrapes_come_out_whole_and_clean() {
    let rows: &[Row] = &[
        (
            "0412-harbour-dues.txt",
            "Why the gravel comes in cheap",
            "Analysis/Harbour",
            "",
            "",
            ["A port lives on", "get used to the idea."],
        ),
        (
            "0977-harbour-dues-again.txt",
            "Why the gravel comes in cheap",
            "Analysis/Harbour",
            "",
            "",
            ["A port lives on", "get used to the idea."],
        ),
        (
            "council-tax-explained.txt",
            "The last lever in the signal box",
            "Explainer/Money",
            "Hollis Merriweather",
            "2023-03-21",
            ["Council tax is the only", "It makes it sad."],
        ),
        (
            "flood-insurance.txt",
            "Refused with a smile",
            "Report/Flood",
            "Zoë Hallam",
            "",
            ["Three winters after", ""],
        ),
        (
            "who-is-a-lighthouse-for.txt",
            "Nineteen prisms and no ping-pong",
            "Opinion/Heritage",
            "Perpetua Loring",
            "2023-11-05",
            ["I yield to nobody", "every dance on the coast.”"],
        ),
        (
            "ferry-strike-lessons.txt",
            "A lifeline with one strand",
            "Analysis/Harbour",
            "Emeka Adeyo",
            "2022-07-29",
            ["The strike that tied up", ""],
        ),
        (
            "quillby-coming-across.txt",
            "Coming across: what became of Quillby School",
            "Analysis/Education",
            "José Nuñez",
            "2023-10-12",
            ["When two schools are joined", ""],
        ),
        (
            "museum-keys.txt",
            "Bring a clipboard",
            "Report/Culture",
            "Priya Anand-Holt, Hollis Merriweather",
            "2022-11-18",
            ["If you want to steal", ""],
        ),
        (
            "smoke-from-655.txt",
            "Smoke from 655 chimneys",
            "Report/Skarra",
            "",
            "",
            ["There are 1,140 houses", "the only way off an island."],
        ),
        (
            "2024-06-11_the-mud-comes-back.txt",
            "The mud comes back",
            "Analysis/Harbour",
            "Hollis Merriweather",
            "",
            ["Every twenty-five years", ""],
        ),
        (
            "the-man-at-the-back.txt",
            "The man at the back",
            "Essay/Skarra",
            "Perpetua Loring",
            "2025-02-09",
            ["The last morning edition", "I look at the roses a good deal."],
        ),
        (
            "bm-line.txt",
            "The railway that people sat on",
            "Report/Transport",
            "Bob Tarrant",
            "2023-10-03",
            ["The B&M was never meant", ""],
        ),
        (
            "ice-that-heats.txt",
            "Ice that heats a hospital",
            "Report/Energy",
            "Zoë Hallam, Bob Tarrant",
            "2024-02-20",
            ["In the basement of", "introduced them."],
        ),
    ];
    // Of navigation, teasers, credits and appeals.
    let strange = [
        "Follow the Review",
        "Skip to content",
        "Shutter",
        "keep reading",
        "Dear readers",
        "LEDGER",
        "school song",
        "what the lobsters knew",
        "that nobody measured",
        "The Review goes out",
        "image credit",
        "(Photo by",
    ];
    for (name, headline, kicker, authors, day, [start, end]) in rows {
        let article = scrape(name);
        assert_eq!(article.headline, *headline, "{name}");
        assert_eq!(format!("{}/{}", article.kind, article.section), *kicker, "{name}");
        assert_eq!(article.authors.join(", "), *authors, "{name}");
        let published = article.published.map(|date| date.to_string()).unwrap_or_default();
        assert_eq!(published, *day, "{name}");
        assert!(!article.standfirst.is_empty(), "{name}");
        assert!(article.body.starts_with(start), "{name}: {}", article.body);
        assert!(article.body.ends_with(end), "{name}: {}", article.body);
        for line in strange {
            assert!(!article.body.contains(line), "{name}: {line}");
        }
    }
}

#[test]
fn teasers_are_kept_apart() {
    let article = scrape("0412-harbour-dues.txt");
    assert_eq!(
        article.teasers,
        [
            "What the lobsters knew",
            "Five things about the flood wall that nobody measured",
            "Who owns a school song?"
        ]
    );
}
