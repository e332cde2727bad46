//! What the short lines at the head of an article look like: those that sign it, and those that date
//! it.

/// Whether a text holds four digits that may be a year.
pub(super) fn has_year(text: &str) -> bool {
    text.split(|c: char| !c.is_ascii_digit())
        .any(|run| run.len() == 4 && run.starts_with(['1', '2']))
        || text.contains(['年', '년'])
}

/// Whether a line opens with a word that bylines open with.
pub(super) fn opens_byline(text: &str) -> bool {
    const LEADS: &[&str] = &[
        "by",
        "von",
        "par",
        "por",
        "di",
        "av",
        "af",
        "door",
        "written",
        "posted",
        "author",
        "authors",
        "autor",
        "autore",
        "text",
        "texte",
        "words",
        "story",
        "przez",
        "oleh",
        "автор",
        "текст",
        "publié",
        "escrito",
        "autorin",
        "contributor",
        "contributors",
        "auteur",
        "tekst",
        "skrevet",
        "published",
        "interview",
        "analysis",
        "reporting",
        "作者",
        "記者",
        "文",
    ];
    let first =
        text.split([' ', ':', '：', '/', '\u{a0}']).next().unwrap_or_default().to_lowercase();
    LEADS.contains(&first.as_str())
        || text.starts_with("作者")
        || text.starts_with("記者")
        || text.starts_with("文/")
}
