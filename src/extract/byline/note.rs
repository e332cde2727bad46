//! Tells a note on who wrote an article, which stands below it and is none of its text.

/// A note has no more words.
const MOST: usize = 120;

/// What follows a name in a note, in the languages of most archives.
const VERBS: &[&str] = &[
    "is",
    "was",
    "has",
    "works",
    "writes",
    "wrote",
    "covers",
    "reports",
    "leads",
    "studies",
    "studied",
    "holds",
    "joined",
    "serves",
    "served",
    "teaches",
    "lives",
    "runs",
    "heads",
    "edits",
    "focuses",
    "currently",
    "ist",
    "war",
    "hat",
    "arbeitet",
    "schreibt",
    "berichtet",
    "leitet",
    "studierte",
    "lebt",
    "est",
    "a",
    "écrit",
    "travaille",
    "couvre",
    "dirige",
    "es",
    "escribe",
    "trabaja",
    "cubre",
    "ha",
    "è",
    "scrive",
    "lavora",
    "é",
    "escreve",
    "trabalha",
    "är",
    "skriver",
    "arbetar",
    "er",
    "arbejder",
    "jobber",
    "schrijft",
    "werkt",
    "jest",
    "pisze",
    "pracuje",
];

/// Whether a paragraph says who one of the writers is: `Ada Nagy is the port correspondent.`
pub(in crate::extract) fn introduces<'n>(
    text: &str,
    mut writers: impl Iterator<Item = &'n str>,
) -> bool {
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    let text = text.strip_prefix("About ").unwrap_or(text);
    let named = |name: &str| {
        let (start, rest) = text.split_at_checked(name.len())?;
        let same = name.contains(' ') && start.to_lowercase() == name.to_lowercase();
        let verb = rest.strip_prefix([' ', '\u{a0}'])?.split([' ', '\u{a0}']).next()?;
        (same && VERBS.contains(&verb)).then_some(())
    };
    writers.any(|name| named(name).is_some()) && text.split_whitespace().nth(MOST).is_none()
}

/// The last name of whom a paragraph says that they write: `Ada Nagy is a freelance writer.`
pub(in crate::extract) fn introduces_a_writer(text: &str) -> Option<&str> {
    const IS: [&str; 16] = [
        "is", "has", "writes", "works", "covers", "ist", "arbeitet", "schreibt", "leitet", "est",
        "es", "è", "é", "är", "er", "jest",
    ];
    const WRITERS: [&str; 34] = [
        "reporter",
        "reporterin",
        "editor",
        "journalist",
        "journalistin",
        "writer",
        "writes",
        "correspondent",
        "columnist",
        "author",
        "contributor",
        "photographer",
        "blogger",
        "blogs",
        "freelance",
        "freelancer",
        "redakteur",
        "redakteurin",
        "autor",
        "autorin",
        "korrespondent",
        "korrespondentin",
        "journaliste",
        "auteur",
        "autrice",
        "periodista",
        "redactor",
        "redactora",
        "jornalista",
        "giornalista",
        "redacteur",
        "skribent",
        "dziennikarz",
        "dziennikarka",
    ];
    const NAME: usize = 3;
    let words: Vec<&str> = text.split_whitespace().take(MOST + 1).collect();
    let name = words.iter().take_while(|word| word.starts_with(char::is_uppercase)).count();
    let said = || words.get(name).is_some_and(|word| IS.contains(word));
    let role = |word: &&str| {
        let word = word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase();
        // `ZDF-Reporterin`
        WRITERS.contains(&word.rsplit('-').next().unwrap_or(&word))
    };
    let introduced = (1..=NAME).contains(&name)
        && words.len() <= MOST
        && said()
        && words.iter().skip(name).take(ROLE).any(role);
    introduced.then(|| words[name - 1])
}

/// So many words behind a name its bearer's work is told.
const ROLE: usize = 14;

const PERSON: &str = "zur person";

/// What heads a note on whoever wrote an article.
const AUTHOR: [&str; 13] = [
    "about the author",
    "about the authors",
    "about the writer",
    "about the reporter",
    "sobre o autor",
    "sobre a autora",
    "sobre el autor",
    "sobre la autora",
    "über den autor",
    "über die autorin",
    PERSON,
    "à propos de l'auteur",
    "à propos de l’auteur",
];

/// Whether a line is, or begins with, the heading of a note on the writer: `About the author: Ada Nagy is ...`.
pub(in crate::extract) fn is_about_author(text: &str) -> bool {
    const LONGEST: usize = 24;
    let text = text.trim_start_matches(|c: char| !c.is_alphabetic());
    // Most lines begin with other letters.
    text.starts_with(['A', 'a', 'S', 's', 'Ü', 'ü', 'Z', 'z', 'À', 'à']) && {
        let head = text[..text.floor_char_boundary(LONGEST)].to_lowercase();
        // `Zur Person` may stand beside an interview that goes on.
        AUTHOR.iter().filter(|opens| **opens != PERSON).any(|opens| {
            let rest = head.strip_prefix(opens);
            rest.is_some_and(|rest| rest.is_empty() || rest.starts_with([':', '.']))
        })
    }
}

/// Whether a line heads what is said of those who wrote an article: `About Ada Nagy`, `About the author`.
pub(in crate::extract) fn heads_note<'n>(
    text: &str,
    mut writers: impl Iterator<Item = &'n str>,
) -> bool {
    const OPENS: [&str; 8] =
        ["about ", "sobre ", "über ", "a propos de ", "à propos de ", "acerca de ", "om ", "over "];
    const LONGEST: usize = 60;
    let text = text.trim().trim_end_matches([':', '.']);
    text.len() <= LONGEST && {
        let lower = text.to_lowercase();
        let name = || OPENS.iter().find_map(|opens| lower.strip_prefix(opens));
        AUTHOR.contains(&&lower[..])
            || name().is_some_and(|name| writers.any(|writer| writer.to_lowercase() == name))
    }
}

#[cfg(test)]
mod tests {
    use super::{heads_note, introduces, introduces_a_writer, is_about_author};

    #[test]
    fn a_note_may_have_a_heading() {
        let heads = |text: &str| heads_note(text, ["Ada Nagy"].into_iter());
        assert!(heads("About Ada Nagy"));
        assert!(heads("Sobre Ada Nagy:"));
        assert!(heads("ABOUT THE AUTHOR"));
        assert!(!heads("About Ada Nagy and the ice"));
        assert!(!heads("About the harbour"));
    }

    #[test]
    fn a_note_begins_with_its_heading() {
        assert!(is_about_author("About the author: Ada Nagy writes on ice."));
        assert!(is_about_author("Über die Autorin"));
        assert!(!is_about_author("About the authors who wrote on ice"));
        assert!(!is_about_author("Zur Person"));
        assert!(!is_about_author("All about the author: a life"));
    }

    #[test]
    fn who_writes_is_told() {
        let who = introduces_a_writer;
        assert_eq!(who("Ada Nagy is a freelance writer in the old harbour."), Some("Nagy"));
        assert_eq!(who("Ada Nagy ist Hafen-Reporterin."), Some("Nagy"));
        assert_eq!(who("Ada Nagy is the master of the port."), None);
        assert_eq!(who("The Nagy letters, which a writer found, are lost."), None);
    }

    #[test]
    fn a_note_begins_with_a_writer() {
        let note = |text: &str| introduces(text, ["Ada Nagy", "Tom"].into_iter());
        assert!(note("Ada Nagy is the port correspondent of the Gull."));
        assert!(note("ADA NAGY writes on ice."));
        assert!(note("About Ada Nagy is all that she wrote."));
        assert!(!note("About Ada Nagy"));
        assert!(!note("Ada Nagy, who came late, said that the ice had gone."));
        assert!(!note("Tom is a cat."));
        assert!(!note("Adamant is the ice."));
    }
}
