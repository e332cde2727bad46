//! What managers of references are told of an article, whichever of their formats it is.

use std::collections::HashSet;

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

use crate::article::Article;

/// The kind of work, as managers of references part them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Work {
    /// An article of a newspaper.
    Newspaper,
    /// An article of a magazine.
    Magazine,
    /// A page of the web.
    Page,
}

/// Words in the name of an outlet that make it a magazine.
const MAGAZINES: [&str; 4] = ["magazine", "monthly", "quarterly", "review"];

/// The kind of work: a page of the web where the outlet is known by its host alone.
pub(super) fn work(article: &Article) -> Work {
    let source = &article.source;
    if source.is_empty() && article.url.is_empty() {
        return Work::Newspaper;
    }
    if source.is_empty() || (source.contains('.') && !source.contains(' ')) {
        return Work::Page;
    }
    if words(source).any(|word| MAGAZINES.contains(&&word[..])) {
        Work::Magazine
    } else {
        Work::Newspaper
    }
}

/// The words of a name or a headline, in the letters and digits of ASCII.
fn words(text: &str) -> impl Iterator<Item = String> {
    text.split(|c: char| !c.is_alphanumeric()).map(ascii)
}

/// A person's name in its parts; `given` and `suffix` are empty where there is none.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Person {
    /// The family name, with the small words before it: `van der Berg`.
    pub family: String,
    /// The other names.
    pub given: String,
    /// `Jr.`, `III`.
    pub suffix: String,
}

/// Parts a name: the last word is the family name, with the small words before it.
pub(super) fn person(name: &str) -> Person {
    let (name, mut suffix) = match name.split_once(',') {
        Some((before, after)) if is_suffix(after.trim()) => (before, after.trim().to_owned()),
        Some((family, given)) => {
            let (family, given) = (single(family), single(&given.replace(',', " ")));
            return Person { family, given, suffix: String::new() };
        }
        None => (name, String::new()),
    };
    let mut words: Vec<&str> = name.split_whitespace().collect();
    if suffix.is_empty() && words.len() > 2 && words.last().is_some_and(|word| is_suffix(word)) {
        suffix = words.pop().unwrap_or_default().to_owned();
    }
    // A degree is no part of a name.
    while words.len() > 2 && matches!(words[0].trim_end_matches('.'), "Dr" | "Prof" | "Professor") {
        words.remove(0);
    }
    let mut at = words.len().saturating_sub(1);
    while at > 1 && words[at - 1].chars().all(|c| c.is_lowercase() || matches!(c, '\'' | '’')) {
        at -= 1;
    }
    Person { family: words[at..].join(" "), given: words[..at].join(" "), suffix }
}

fn is_suffix(word: &str) -> bool {
    matches!(word.trim_end_matches('.'), "Jr" | "Sr" | "II" | "III" | "IV")
}

/// The text on one line, without control characters, blanks single.
pub(super) fn single(text: &str) -> String {
    let plain: String = text
        .chars()
        .map(|c| if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}') { ' ' } else { c })
        .collect();
    plain.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The address, where a program may follow it: one of the web, without blanks.
pub(super) fn link(url: &str) -> Option<String> {
    let scheme = url.split_once("://")?.0;
    if !scheme.eq_ignore_ascii_case("http") && !scheme.eq_ignore_ascii_case("https") {
        return None;
    }
    let mut safe = String::with_capacity(url.len());
    for c in url.trim().chars() {
        match c {
            c if c.is_control() || c.is_whitespace() => escape(c, &mut safe),
            '"' | '<' | '>' | '\\' | '^' | '`' | '{' | '}' | '|' => escape(c, &mut safe),
            c => safe.push(c),
        }
    }
    Some(safe)
}

/// Writes a character in the way of addresses: `%20`.
pub(super) fn escape(c: char, into: &mut String) {
    for byte in c.encode_utf8(&mut [0; 4]).bytes() {
        into.push_str(&format!("%{byte:02X}"));
    }
}

/// Where the article lies: the name of the archive and the path in it.
pub(super) fn place(article: &Article) -> String {
    match &article.origin.root[..] {
        "" => article.origin.to_string(),
        root => format!("{root}/{}", article.origin),
    }
}

/// Gives each article a key of its own: `ruiz2023council`, then `ruiz2023councila`.
#[derive(Debug, Default)]
pub(super) struct Keys {
    given: HashSet<String>,
}

impl Keys {
    /// The key of the next article.
    pub fn next(&mut self, article: &Article) -> String {
        let who = match (article.authors.first(), article.organisations.first()) {
            (Some(name), _) => ascii(&person(name).family),
            (None, Some(body)) => ascii(body.split_whitespace().next().unwrap_or_default()),
            (None, None) => ascii(article.source.split_whitespace().last().unwrap_or_default()),
        };
        let who = if who.is_empty() { "anon".to_owned() } else { who };
        let year =
            article.published.map_or_else(|| "nd".to_owned(), |date| date.parts().0.to_string());
        let word = words(&article.headline)
            .find(|word| !matches!(&word[..], "" | "a" | "an" | "the"))
            .unwrap_or_default();
        let key = format!("{who}{year}{word}");
        let mut number = 0;
        let mut wanted = key.clone();
        while !self.given.insert(wanted.clone()) {
            wanted = format!("{key}{}", letters(number));
            number += 1;
        }
        wanted
    }
}

/// `a` to `z`, then `ba`, `bb` and so on.
fn letters(mut number: usize) -> String {
    let mut text = String::new();
    loop {
        text.insert(0, char::from(b'a' + (number % 26) as u8));
        number /= 26;
        if number == 0 {
            return text;
        }
    }
}

/// The letters and digits of ASCII that a text has without its accents, in lower case.
pub(super) fn ascii(text: &str) -> String {
    text.nfkd()
        .filter(|c| !is_combining_mark(*c) && c.is_ascii_alphanumeric())
        .map(|c| c.to_ascii_lowercase())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_parted() {
        for (name, family, given, suffix) in [
            ("Ana Ruiz", "Ruiz", "Ana", ""),
            ("Jan van der Berg", "van der Berg", "Jan", ""),
            ("Sammy Davis Jr.", "Davis", "Sammy", "Jr."),
            ("Sammy Davis, Jr.", "Davis", "Sammy", "Jr."),
            ("Ruiz, Ana", "Ruiz", "Ana", ""),
            ("Voltaire", "Voltaire", "", ""),
            ("Prof. Dr. Ana Ruiz", "Ruiz", "Ana", ""),
            ("de Gaulle", "Gaulle", "de", ""),
        ] {
            let found = person(name);
            assert_eq!(
                (&found.family[..], &found.given[..], &found.suffix[..]),
                (family, given, suffix)
            );
        }
    }

    #[test]
    fn only_addresses_of_the_web_are_links() {
        assert_eq!(link("javascript:alert(1)"), None);
        assert_eq!(link("file:///etc/passwd"), None);
        assert_eq!(
            link("HTTPS://a.example/x y\"z").as_deref(),
            Some("HTTPS://a.example/x%20y%22z")
        );
    }

    #[test]
    fn no_key_is_given_twice() {
        let mut keys = Keys::default();
        let article = Article {
            headline: "The Council votes".into(),
            authors: vec!["Ána Rúiz".into()],
            published: "2023-03".parse().ok(),
            ..Article::default()
        };
        let given: Vec<String> = (0..3).map(|_| keys.next(&article)).collect();
        assert_eq!(given, ["ruiz2023council", "ruiz2023councila", "ruiz2023councilb"]);
    }
}
