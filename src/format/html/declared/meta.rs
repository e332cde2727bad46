//! Which `<meta>` speaks of which part of an article.

use crate::draft::Slot;

/// What describes a page; its text is a standfirst only where the page prints it.
pub(super) const DESCRIPTIONS: &[&str] = &[
    "description",
    "og:description",
    "twitter:description",
    "dc.description",
    "dcterms.abstract",
    "sailthru.description",
];

/// The slot of a `<meta>`, by its name in lower case.
pub(super) fn slot(name: &str) -> Option<Slot> {
    if let Some((_, slot)) = NAMES.iter().find(|(names, _)| names.contains(&name)) {
        return Some(*slot);
    }
    // The names that sites make up for themselves end alike.
    let last = name.rsplit([':', '.', '/']).next().unwrap_or(name);
    match last {
        "published_time" | "publish_date" | "publishdate" | "datepublished"
        | "publication_date" | "publicationdate" | "pubdate" | "published_at"
        | "date_published" | "publish-date" | "publishtime" => Some(Slot::Published),
        "modified_time" | "modified_date" | "datemodified" | "date_modified" => {
            Some(Slot::Modified)
        }
        "section" | "articlesection" => Some(Slot::Section),
        _ => None,
    }
}

const NAMES: &[(&[&str], Slot)] = &[
    (
        &[
            "og:title",
            "twitter:title",
            "dc.title",
            "dcterms.title",
            "dc:title",
            "parsely-title",
            "sailthru.title",
            "citation_title",
            "headline",
            "article:title",
            "hdl",
            "prism.title",
            "vr:title",
            "og:headline",
            "mrf:title",
        ],
        Slot::Headline,
    ),
    (
        &[
            "article:published_time",
            "og:article:published_time",
            "article:published",
            "og:published_time",
            "datepublished",
            "dc.date",
            "dc.date.issued",
            "dc.date.created",
            "dcterms.created",
            "dcterms.date",
            "dcterms.issued",
            "dcterms.available",
            "dc:date",
            "parsely-pub-date",
            "sailthru.date",
            "citation_publication_date",
            "citation_date",
            "citation_online_date",
            "pubdate",
            "publishdate",
            "publish-date",
            "publish_date",
            "publication_date",
            "date",
            "prism.publicationdate",
            "article_date_original",
            "originalpublicationdate",
            "ptime",
            "rnews:datepublished",
            "datecreated",
            "date.created",
            "article.created",
            "article.published",
            "article:create_time",
            "article:publicationdate",
            "published-date",
            "published_date",
            "bt:pubdate",
            "dc.created",
            "created",
            "pub_date",
            "gentime",
            "cxenseparse:recs:publishtime",
            "displaydate",
            "mediator_published_time",
            "article:post_date",
            "weibo: article:create_at",
            "publishedtime",
            "firstpublishedtime",
            "shareaholic:article_published_time",
        ],
        Slot::Published,
    ),
    (
        &[
            "article:modified_time",
            "og:updated_time",
            "og:modified_time",
            "article:modified",
            "dcterms.modified",
            "dc.date.modified",
            "dc.modified",
            "lastmod",
            "last-modified",
            "revised",
            "datemodified",
            "article.updated",
            "utime",
            "article:updated_time",
            "date.updated",
            "dateupdated",
            "shareaholic:article_modified_time",
        ],
        Slot::Modified,
    ),
    (
        &[
            "author",
            "article:author",
            "og:article:author",
            "dc.creator",
            "dcterms.creator",
            "dc:creator",
            "dc.creator.name",
            "parsely-author",
            "sailthru.author",
            "citation_author",
            "citation_authors",
            "byl",
            "byline",
            "article.author",
            "article:author_name",
            "cxenseparse:author",
            "authors",
            "og:author",
            "mediator_author",
            "news_author",
            "author_name",
            "dc.contributor",
            "rnews:author",
            "article:author:name",
            "vr:author",
            "mrf:authors",
            "article:authors",
            "shareaholic:article_author_name",
            "twitter:author",
        ],
        Slot::Author,
    ),
    (
        &[
            "article:section",
            "og:article:section",
            "parsely-section",
            "section",
            "sailthru.section",
            "category",
            "article:category",
            "og:section",
            "vr:category",
            "prism.section",
            "mrf:sections",
            "article.section",
            "rubrik",
            "rubrique",
            "seccion",
            "sezione",
            "cxenseparse:section",
            "cxenseparse:taxonomy",
            "lp.section",
            "news_section",
            "articlesection",
            "channel",
            "topic-section",
        ],
        Slot::Section,
    ),
    (
        &[
            "article:tag",
            "og:article:tag",
            "parsely-tags",
            "sailthru.tags",
            "keywords",
            "news_keywords",
            "dc.subject",
            "dcterms.subject",
            "citation_keywords",
            "article:tags",
            "mrf:tags",
        ],
        Slot::Topic,
    ),
    (
        &[
            "og:site_name",
            "application-name",
            "dc.publisher",
            "dcterms.publisher",
            "dc:publisher",
            "publisher",
            "citation_journal_title",
            "twitter:site",
            "al:ios:app_name",
            "al:android:app_name",
            "apple-mobile-web-app-title",
            "shareaholic:site_name",
        ],
        Slot::Source,
    ),
    (
        &[
            "og:locale",
            "content-language",
            "dc.language",
            "dcterms.language",
            "language",
            "citation_language",
            "dc:language",
        ],
        Slot::Language,
    ),
    (&["og:url", "parsely-link", "twitter:url", "citation_public_url"], Slot::Url),
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_many_vocabularies_are_known() {
        for (name, is) in [
            ("og:title", Some(Slot::Headline)),
            ("acme:publish_date", Some(Slot::Published)),
            ("acme.section", Some(Slot::Section)),
            ("viewport", None),
        ] {
            assert_eq!(slot(name), is, "{name}");
        }
    }
}
