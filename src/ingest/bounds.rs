//! How much of an article is kept: what is longer is cut, and told.

use crate::article::Article;

/// The longest text, in bytes.
const TEXT: usize = 16 << 20;
/// The longest address or id.
const ADDRESS: usize = 8 << 10;
/// The longest headline, section or name.
const LABEL: usize = 4 << 10;
/// The most authors, topics, captions.
const MOST: usize = 1000;

/// Cuts what is too long, and gives a sentence on each cut.
pub(super) fn keep(article: &mut Article) -> Vec<String> {
    let mut cuts = Vec::new();
    let mut bound = |text: &mut String, most: usize, what: &str| {
        if text.len() > most {
            text.truncate(text.floor_char_boundary(most));
            cuts.push(format!("{what} is longer than {} KB and was cut", most >> 10));
        }
    };
    bound(&mut article.body, TEXT, "the text");
    bound(&mut article.standfirst, LABEL * 4, "the standfirst");
    for (text, what) in [(&mut article.id, "the id"), (&mut article.url, "the address")] {
        bound(text, ADDRESS, what);
    }
    for (text, what) in [
        (&mut article.headline, "the headline"),
        (&mut article.kind, "the kind"),
        (&mut article.section, "the section"),
        (&mut article.dateline, "the dateline"),
        (&mut article.source, "the source"),
        (&mut article.language, "the language"),
    ] {
        bound(text, LABEL, what);
    }
    for (list, most, what) in [
        (&mut article.authors, LABEL, "an author"),
        (&mut article.organisations, LABEL, "an organisation"),
        (&mut article.topics, LABEL, "a topic"),
        (&mut article.captions, LABEL * 4, "a caption"),
        (&mut article.teasers, LABEL * 4, "a teaser"),
    ] {
        for text in list.iter_mut() {
            bound(text, most, what);
        }
    }
    for (list, what) in [
        (&mut article.authors, "authors"),
        (&mut article.organisations, "organisations"),
        (&mut article.topics, "topics"),
        (&mut article.captions, "captions"),
        (&mut article.teasers, "teasers"),
    ] {
        if list.len() > MOST {
            list.truncate(MOST);
            cuts.push(format!("it has more than {MOST} {what}; the rest is left out"));
        }
    }
    cuts.dedup();
    cuts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_too_long_is_cut_and_told() {
        let mut article = Article {
            headline: "é".repeat(4000),
            topics: vec!["ferries".to_owned(); 1001],
            body: "short".to_owned(),
            ..Article::default()
        };
        let cuts = keep(&mut article);
        assert_eq!((article.headline.len(), article.topics.len()), (4096, 1000));
        assert_eq!(
            cuts,
            [
                "the headline is longer than 4 KB and was cut",
                "it has more than 1000 topics; the rest is left out"
            ]
        );
        assert!(keep(&mut article).is_empty());
    }
}
