//! Any query must find the same articles in every engine: the index on disk is held against one
//! that looks at every article, by random queries of every kind.

#![allow(clippy::unwrap_used, reason = "tests")]

#[path = "support/brute.rs"]
mod brute;
#[path = "bench/made.rs"]
mod made;

use brute::Brute;
use fiche::article::{Article, Date, Origin};
use fiche::engine::local::{Local, WriterOptions};
use fiche::engine::{Engine, Facet, Request, Sort};
use fiche::hit::Hit;
use fiche::ledger::Ledger;
use fiche::query::{self, Settings};
use fiche::schema::Schema;
use fiche::words::{Words, fold_words};
use made::Random;

/// Words of the articles, the first ones the commonest: families of forms, near spellings,
/// accents, words of other languages and scripts.
const WORDS: &str = "the of council tax vote and harbour in to mayor was taxes a voted river levy \
    negotiating negotiations negotiated negotiator city cities flood floods flooding Flooded \
    council's O'Brien U.S. state-of-the-art taxed taxation voter voting levies diplomat \
    diplomacy diplomats dipping dip happy happily happier sky skies die dying dies died lie \
    lying tie tying woman women womb tall tale talk talks harbor harbors labour labor café cafe \
    résumé resume Łódź Straße naïve 2023 1912 10:30 3.5 AT&T C++ generate generation general \
    universal university universe ana ruiz recycle recycling recycled gate watergate floodgate \
    negociar negociación negociaciones ciudad ciudades niño niños año años corazón 東京 株式会社 \
    ice icy iced a/b x y z goes going gone go inflation inflations inflated budget budgets";

const SECTIONS: [&str; 6] = ["Politics", "Politics/Local", "World/Asia", "World News", "Sport", ""];
const SOURCES: [&str; 4] = ["Gazette", "The Daily Tide", "Courier", ""];
const PEOPLE: [&str; 6] = ["Ana Ruiz", "Tom Reed", "Zoë O'Brien", "Ana Reed", "Jo Tax", "Lee Łódź"];
const DATES: [&str; 12] = [
    "2023-03-14",
    "2023-03-15",
    "2023-03",
    "2023",
    "2022-12-31",
    "2023-01-01",
    "1912-04-15",
    "1648",
    "2024-02-29",
    "2023-06-30",
    "2300-01-01",
    "",
];

struct Maker {
    random: Random,
    words: Vec<&'static str>,
}

impl Maker {
    fn new(seed: u64) -> Self {
        Self { random: Random::new(seed), words: WORDS.split_whitespace().collect() }
    }

    fn below(&mut self, end: usize) -> usize {
        self.random.below(end as u64) as usize
    }

    fn one<T: Copy>(&mut self, of: &[T]) -> T {
        of[self.below(of.len())]
    }

    /// A word, the first of the list more often.
    fn word(&mut self) -> &'static str {
        let share = self.random.share() * self.random.share();
        self.words[(share * self.words.len() as f64) as usize]
    }

    fn text(&mut self, length: usize) -> String {
        let mut text = String::new();
        for _ in 0..length {
            let word = self.word();
            text.push_str(word);
            text.push_str(match self.below(12) {
                0 => ". ",
                1 => ", ",
                2 if text.len().is_multiple_of(5) => ".\n\n",
                _ => " ",
            });
        }
        text.trim_end().to_owned()
    }

    fn article(&mut self, number: usize) -> Article {
        let length = self.below(6);
        let headline = self.text(length);
        let length = self.one(&[0, 5, 20, 50, 75, 90]);
        let body = self.text(length);
        let standfirst = if self.below(4) == 0 { self.text(6) } else { String::new() };
        let mut authors: Vec<String> = Vec::new();
        for _ in 0..self.below(3) {
            let name = self.one(&PEOPLE).to_owned();
            if !authors.contains(&name) {
                authors.push(name);
            }
        }
        let url = match self.below(3) {
            0 => String::new(),
            1 => format!("https://www.example.org/2023/{number}"),
            _ => format!("https://tide.example/news/{number}"),
        };
        Article {
            id: format!("art-{number:03}"),
            origin: Origin {
                root: "made".to_owned(),
                path: format!("{}/{number}.html", self.one(&["a", "a/b", "c"])),
                part: None,
            },
            headline,
            standfirst,
            kind: self.one(&["Analysis", "Opinion", "", ""]).to_owned(),
            section: self.one(&SECTIONS).to_owned(),
            topics: if self.below(2) == 0 { vec!["Tax".to_owned()] } else { Vec::new() },
            published: self.one(&DATES).parse().ok(),
            authors,
            source: self.one(&SOURCES).to_owned(),
            language: self.one(&["en", "en", "es"]).to_owned(),
            url,
            body,
            ..Article::default()
        }
    }

    fn name(&mut self) -> String {
        self.word().chars().filter(|c| c.is_alphanumeric()).collect()
    }

    /// A part of a word with letters left out.
    fn wild(&mut self) -> String {
        let letters: Vec<char> = self.name().chars().collect();
        let at = self.below(letters.len() + 1);
        let (before, after) = letters.split_at(at);
        let (before, after): (String, String) = (before.iter().collect(), after.iter().collect());
        match self.below(4) {
            0 => format!("{before}*{after}"),
            1 => format!("{before}*"),
            2 => format!("*{after}"),
            _ => format!("{before}?{}", after.chars().skip(1).collect::<String>()),
        }
    }

    fn phrase(&mut self) -> String {
        let length = 1 + self.below(3);
        let mut words: Vec<String> = (0..length).map(|_| self.word().to_owned()).collect();
        if self.below(5) == 0 {
            words.push(self.wild());
        }
        let end = match self.below(6) {
            0 => format!("~{}", self.below(6)),
            1 => "*".to_owned(),
            _ => String::new(),
        };
        format!("\"{}\"{end}", words.join(" "))
    }

    fn regex(&mut self) -> String {
        let name = self.name();
        let start: String = name.chars().take(2 + self.below(3)).collect();
        let end = self.one(&[".*", "[aeiou]?.*", "(s|ing)?", ".", "\\w+", ""]);
        format!("/{start}{end}/")
    }

    /// What may stand on one side of a distance.
    fn side(&mut self, depth: usize) -> String {
        match self.below(if depth > 0 { 9 } else { 7 }) {
            0..=3 => self.word().to_owned(),
            4 => self.phrase(),
            5 => self.wild(),
            6 => format!("{}~1", self.name()),
            7 => format!("({} OR {})", self.side(0), self.side(depth - 1)),
            _ => format!("({})", self.near(depth - 1)),
        }
    }

    fn near(&mut self, depth: usize) -> String {
        let mut text = self.side(depth);
        for _ in 0..1 + self.below(2) {
            let distance = 1 + self.below(8);
            let by = self.one(&["NEAR", "PRE", "W", "ADJ"]);
            text = format!("{text} {by}/{distance} {}", self.side(depth));
        }
        text
    }

    fn filter(&mut self) -> String {
        match self.below(14) {
            0 => format!("section:\"{}\"", self.one(&SECTIONS[..5])),
            1 => self.one(&["section:politics", "section:World,Sport", "section:pol*"]).to_owned(),
            2 => format!("author:\"{}\"", self.one(&PEOPLE)),
            3 => self.one(&["by:ana", "by:(ana OR tom)", "author:re*", "-by:reed"]).to_owned(),
            4 => self.one(&["source:gazette", "site:example.org", "source:*ti*"]).to_owned(),
            5 => self.one(&["lang:en", "lang:es", "kind:opinion", "topic:tax"]).to_owned(),
            6 => self.one(&["url:example.org/2023", "path:a", "path:a/b", "id:art-01*"]).to_owned(),
            7 => format!("date:{}", self.one(&DATES[..11])),
            8 => format!("date:{}..{}", self.one(&DATES[4..8]), self.one(&["2023-03", "2300"])),
            9 => format!(
                "{}:{}",
                self.one(&["since", "until", "before", "after"]),
                self.one(&DATES[..11])
            ),
            10 => {
                let name = self.one(&[
                    "headline", "body", "author", "section", "source", "date", "lang", "kind",
                    "topic", "url", "len",
                ]);
                format!("{}:{name}", self.one(&["has", "no"]))
            }
            11 => format!("len:{}{}", self.one(&[">", "<", ">=", "<=", ""]), self.below(90)),
            12 => format!("len:{}..{}", self.below(40), 40 + self.below(50)),
            _ => "date:[2023-01 TO 2023-12]".to_owned(),
        }
    }

    fn leaf(&mut self, depth: usize) -> String {
        match self.below(20) {
            0..=4 => self.word().to_owned(),
            5 => format!("={}", self.word()),
            6..=7 => self.phrase(),
            8..=9 => self.near(depth.min(2)),
            10 => self.wild(),
            11 => format!("{}~{}", self.name(), self.one(&["", "1", "2"])),
            12 => self.regex(),
            13..=14 => {
                let field = self.one(&["headline", "lead", "body", "author", "title"]);
                let value = match self.below(5) {
                    0 => self.phrase(),
                    1 => self.wild(),
                    2 => format!("({})", self.near(1)),
                    3 => format!("({})", self.query(depth.saturating_sub(1))),
                    _ => self.word().to_owned(),
                };
                format!("{field}:{value}")
            }
            15 => format!("atleast{} {}", 1 + self.below(5), self.word()),
            16..=18 => self.filter(),
            _ => "*".to_owned(),
        }
    }

    fn query(&mut self, depth: usize) -> String {
        let part = |this: &mut Self| {
            if depth == 0 || this.below(3) > 0 {
                this.leaf(depth)
            } else {
                format!("({})", this.query(depth - 1))
            }
        };
        let mut text = part(self);
        for _ in 0..self.below(3) {
            let joint = self.one(&[" ", " ", " AND ", " OR ", " -", " NOT ", " | "]);
            text = format!("{text}{joint}{}", part(self));
        }
        if self.below(12) == 0 { format!("NOT ({text})") } else { text }
    }
}

fn settings(any: bool) -> Settings {
    Settings { today: "2024-03-01".parse().unwrap(), any }
}

/// An index in several segments, some of whose articles were dropped again.
fn indexed(articles: &[Article], place: &std::path::Path) -> Local {
    let local = Local::open_or_create(place).unwrap();
    let options = WriterOptions { threads: 1, memory: 20_000_000 };
    let mut writer = local.writer(options).unwrap();
    let mut maker = Maker::new(99);
    for (number, article) in articles.iter().enumerate() {
        writer.put(Box::new(article.clone()), number as u64).unwrap();
        if number % 10 == 0 {
            // Dropped below: its words stay in the dictionary.
            let other = maker.article(900 + number);
            writer.put(Box::new(other.clone()), 10_000 + number as u64).unwrap();
        }
        if number % 97 == 96 {
            writer.commit(&Ledger::default()).unwrap();
        }
    }
    for number in 0..articles.len() {
        writer.forget(10_000 + number as u64).unwrap();
    }
    writer.commit(&Ledger::default()).unwrap();
    writer.finish().unwrap();
    local.reload().unwrap();
    local
}

fn corpus(count: usize) -> Vec<Article> {
    let mut maker = Maker::new(7);
    (0..count).map(|number| maker.article(number)).collect()
}

fn request(query: query::Query, snippets: usize, width: usize, sort: Sort) -> Request {
    Request { sort, snippets, width, facets: Facet::ALL.to_vec(), ..Request::of(query) }
}

#[test]
fn both_engines_find_the_same_groups() {
    let folder = tempfile::tempdir().unwrap();
    let mut articles = corpus(120);
    for at in (0..120).step_by(4) {
        let mut copy = articles[at].clone();
        copy.id.push_str("-again");
        copy.origin.path.push_str("-again");
        copy.body.push_str(" The report was corrected later that day by the editor.");
        articles.push(copy);
    }
    let groups = |engine: &dyn Engine| -> Vec<Vec<String>> {
        let mut groups: Vec<Vec<String>> = engine
            .duplicates()
            .unwrap()
            .map(|group| {
                let ids = group.unwrap().into_iter().map(|hit| hit.article.id);
                let mut ids: Vec<String> = ids.collect();
                ids.sort();
                ids
            })
            .collect();
        groups.sort();
        groups
    };
    let found = groups(&indexed(&articles, folder.path()));
    assert!(found.len() > 10, "{found:?}");
    assert_eq!(found, groups(&Brute::new(articles)));
}

/// The words that an index has for a fuzzy one are those within its distance, two letters that
/// changed places counting as one.
#[test]
fn a_fuzzy_word_stands_for_all_words_within_its_distance() {
    let folder = tempfile::tempdir().unwrap();
    let mut maker = Maker::new(11);
    let mut word = |letters: &[char]| -> String {
        let length = 3 + maker.below(4);
        (0..length).map(|_| maker.one(letters)).collect()
    };
    let mut words: Vec<String> = (0..3000).map(|_| word(&['a', 'b', 'л', 'ж'])).collect();
    words.extend((0..3000).map(|_| word(&['a', 'b', 'c'])));
    let mut article = Article { body: words.join(" "), ..Article::default() };
    article.origin.path = "a.txt".to_owned();
    let local = indexed(&[article], &folder.path().join("index"));
    words = fold_words(&words.join(" "));
    words.sort();
    words.dedup();
    for (number, asked) in words.iter().enumerate().filter(|(number, _)| number % 9 == 0) {
        let distance = 1 + (number % 2) as u8;
        let form = query::Form::Fuzzy(asked.clone(), distance);
        let pattern = query::Pattern::Word(query::Word { form, exact: true });
        let sought =
            local.sought(&query::Query::Words { scope: query::Scope::Anywhere, pattern }).unwrap();
        let mut found = sought[0].slots[0].clone();
        found.retain(|word| words.binary_search(word).is_ok());
        found.sort();
        let close = |word: &&String| strsim::osa_distance(asked, word) <= usize::from(distance);
        assert_eq!(found, words.iter().filter(close).cloned().collect::<Vec<_>>(), "{asked}");
    }
}

#[test]
fn every_query_finds_the_same_in_both_engines() {
    let folder = tempfile::tempdir().unwrap();
    let articles = corpus(200);
    let local = indexed(&articles, folder.path());
    let brute = Brute::new(articles);
    let schema = Schema::bundled();
    let mut maker = Maker::new(20_261_125);
    let mut asked = 0;
    let mut found = 0;
    let mut wrong = Vec::new();
    while asked < 10_000 {
        let text = maker.query(2);
        let Ok(parsed) = query::parse(&text, &schema, settings(maker.below(4) == 0)) else {
            continue;
        };
        asked += 1;
        let sort = if asked % 2 == 0 { Sort::Oldest } else { Sort::Newest };
        let request = request(parsed.query, 0, 0, sort);
        let (one, other) = (local.search(&request).unwrap(), brute.search(&request).unwrap());
        let ids = |hits: &mut dyn Iterator<Item = Result<Hit, fiche::engine::EngineError>>| {
            hits.map(|hit| hit.unwrap().article.id).collect::<Vec<_>>()
        };
        let same = one.total == other.total && one.tallies == other.tallies;
        let (total, expected) = (one.total, other.total);
        let (mine, theirs) = (ids(&mut { one.hits }), ids(&mut { other.hits }));
        if !same || mine != theirs || mine.len() as u64 != total {
            let missing: Vec<_> = theirs.iter().filter(|id| !mine.contains(id)).take(3).collect();
            let extra: Vec<_> = mine.iter().filter(|id| !theirs.contains(id)).take(3).collect();
            wrong.push(format!(
                "{text}\n  read as {}\n  {total} and not {expected}: without {missing:?}, with {extra:?}",
                request.query
            ));
        }
        found += usize::from(total > 0);
    }
    assert!(found > 5_000, "only {found} of {asked} queries find anything");
    assert!(
        wrong.is_empty(),
        "{} of {asked}:\n{}",
        wrong.len(),
        wrong[..wrong.len().min(8)].join("\n")
    );
}

/// Whether a place in a text is inside a word.
fn cuts_a_word(text: &str, at: usize) -> bool {
    let mut words = Words::new(text);
    while let Some(place) = words.advance() {
        if place.start < at && at < place.end {
            return true;
        }
    }
    false
}

#[test]
fn every_snippet_is_of_whole_words_with_its_marks_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let articles = corpus(120);
    let local = indexed(&articles, folder.path());
    let schema = Schema::bundled();
    let mut maker = Maker::new(4);
    let mut marked = 0;
    for _ in 0..800 {
        let text = maker.query(2);
        let Ok(parsed) = query::parse(&text, &schema, settings(false)) else { continue };
        let most = 1 + maker.below(3);
        let width = maker.one(&[1, 20, 60, 150, 220]);
        let request = request(parsed.query, most, width, Sort::Relevance);
        for hit in local.search(&request).unwrap().hits {
            let hit = hit.unwrap();
            let body = &hit.article.body;
            let told = || format!("{text} ({most} of {width}) in {}: {:?}", hit.article.id, hit);
            assert!(body.is_empty() || !hit.snippets.is_empty(), "{}", told());
            assert!(hit.snippets.len() <= most, "{}", told());
            let mut last = 0;
            for snippet in &hit.snippets {
                assert!(!snippet.text.trim().is_empty(), "{}", told());
                let mut at = 0;
                for mark in &snippet.marks {
                    assert!(mark.start >= at && mark.start < mark.end, "{}", told());
                    assert!(mark.end <= snippet.text.len(), "{}", told());
                    at = mark.end;
                    marked += 1;
                    for edge in [mark.start, mark.end] {
                        assert!(snippet.text.is_char_boundary(edge), "{}", told());
                        assert!(!cuts_a_word(&snippet.text, edge), "{}", told());
                    }
                }
                if let Some(place) = &snippet.place {
                    assert_eq!(body[place.clone()], snippet.text, "{}", told());
                    assert!(place.start >= last, "{}", told());
                    last = place.end;
                    assert!(!cuts_a_word(body, place.start), "{}", told());
                    assert!(!cuts_a_word(body, place.end), "{}", told());
                }
            }
            let mut at = 0;
            for mark in &hit.headline_marks {
                assert!(mark.start >= at && mark.end <= hit.article.headline.len(), "{}", told());
                at = mark.end;
            }
        }
    }
    assert!(marked > 1_000, "only {marked} marks");
}

#[test]
fn a_word_near_the_far_end_of_three_is_found() {
    // The shortest window of the three words ends before the second c, which lies next to d.
    let folder = tempfile::tempdir().unwrap();
    let body = "apple bread cheese x x cheese date".to_owned();
    let articles = vec![Article { id: "one".to_owned(), body, ..Article::default() }];
    let local = indexed(&articles, folder.path());
    let text = "\"apple bread cheese\"~5 NEAR/1 date";
    let parsed = query::parse(text, &Schema::bundled(), settings(false)).unwrap();
    let found = local.search(&request(parsed.query, 0, 0, Sort::Newest)).unwrap();
    assert_eq!(found.total, 1);
}

#[test]
fn the_made_dates_are_dates() {
    assert!(DATES[..11].iter().all(|text| text.parse::<Date>().is_ok()));
}
