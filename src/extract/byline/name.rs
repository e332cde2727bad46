//! One name of a byline: trimmed, told apart, and cased as names are.

use super::Said;
use super::words::{
    AGENCIES, BEFORE_DAYS, COMMON, DEGREES, MODIFIERS, NOBODY, ORGANISATION, OTHERS, PARTICLES,
    ROLES, TITLES,
};
use crate::extract::clean::fold;

/// Signs that stand around names.
const EDGES: &str = ":-–—*\",;•·_…~=<>|：()[]#!?+“”";

/// Words that surely are of a role and of no name.
const STRONG: [&str; 14] = [
    "senior",
    "junior",
    "chief",
    "staff",
    "deputy",
    "managing",
    "associate",
    "assistant",
    "executive",
    "principal",
    "special",
    "contributing",
    "foreign",
    "political",
];

/// A part of a byline without what is no name.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Trimmed {
    Name(String),
    /// A name that a role stood beside.
    WithRole(String),
    /// Only what somebody does.
    Role,
    /// The label of someone else's work.
    Others,
    /// Where it was written, or under what it is filed.
    Place,
    Nothing,
}

/// Cuts titles, roles and degrees off a part of a byline.
pub(super) fn trim(part: &str) -> Trimmed {
    let edge = |c: char| c.is_whitespace() || EDGES.contains(c);
    let part = part.trim_matches(edge);
    let mut words: Vec<&str> = part.split_whitespace().collect();
    let lower = |word: &str| word.trim_end_matches([':', ',']).to_lowercase();
    let Some(first) = words.first() else { return Trimmed::Nothing };
    if OTHERS.contains(lower(first).as_str()) {
        return Trimmed::Others;
    }
    let mut with_role = false;
    let bare = |word: &str| word.trim_matches(['.', ',', ':']).to_lowercase();
    if ["head", "special", "senior", "vp", "svp", "evp", "certified", "licensed", "registered"]
        .contains(&bare(first).as_str())
    {
        return Trimmed::Role;
    }
    if let Some(at) = words.iter().position(|word| is_role(&bare(word))) {
        with_role = true;
        let mut end = at;
        // `Landespolitische Korrespondentin`
        let modifies = |word: &str| {
            let word = bare(word);
            MODIFIERS.contains(word.as_str())
                || ["ische", "ischer", "liche", "licher"].iter().any(|end| word.ends_with(end))
        };
        while end > 0 && modifies(words[end - 1]) {
            end -= 1;
        }
        // `Ada Nagy Senior Harbour Correspondent`
        let strong = |word: &&str| STRONG.contains(&&bare(word)[..]);
        if let Some(begin) = words[..end].iter().skip(2).position(strong) {
            end = begin + 2;
        }
        if end >= 2 || end == 1 && !words[0].is_ascii() {
            words.truncate(end);
        } else {
            // `Redakteur Ada Nagy`, `Reporter: Ada Nagy`.
            let rest: Vec<&str> =
                words[at + 1..].iter().copied().skip_while(|word| is_role(&bare(word))).collect();
            let named = rest.len() >= 2 && rest.iter().all(|word| is_name_word(word));
            if !named || end > 0 {
                return Trimmed::Role;
            }
            words = rest;
        }
    }
    if matches!(words[0], "in" | "from" | "at" | "for" | "with") {
        return Trimmed::Place;
    }
    // `Ada Nagy in Berlin`
    if let Some(at) = words.iter().skip(1).position(|word| {
        matches!(
            *word,
            "in" | "aus" | "from" | "für" | "for" | "at" | "à" | "bei" | "on" | "is" | "has"
        )
    }) {
        // `Centre for Ice`
        let whole = at == 0
            && matches!(words[1], "for" | "für")
            && ORGANISATION.contains(&lower(words[0])[..]);
        if !whole {
            words.truncate(at + 1);
        }
    }
    // `Ada Nagy Tuesday`, `Ada Nagy am`, with a day behind them.
    while words.len() > 2 && BEFORE_DAYS.contains(&bare(words[words.len() - 1])[..]) {
        words.pop();
    }
    while words.len() > 1
        && DEGREES.contains(words[words.len() - 1].to_lowercase().as_str())
        && !is_surname(words.as_slice())
    {
        words.pop();
    }
    // Who has a degree signs with it.
    let degree = |word: &str| matches!(bare(word).as_str(), "dr" | "prof" | "professor");
    while words.len() > 2 && TITLES.contains(bare(words[0]).as_str()) && !degree(words[0]) {
        words.remove(0);
    }
    if words.len() == 1 && DEGREES.contains(words[0].to_lowercase().as_str()) {
        return Trimmed::Nothing;
    }
    // `Ada Nagy Ada Nagy`
    let half = words.len() / 2;
    if half >= 2 && words.len().is_multiple_of(2) && words[..half] == words[half..] {
        words.truncate(half);
    }
    let name = words.join(" ");
    let name = name.trim_matches(edge);
    let name =
        if name.ends_with('.') && !keeps_stop(name) { name.trim_end_matches('.') } else { name };
    let folded = fold(name);
    // `Meeting Date`
    let label = folded.ends_with(" date") && words.len() == 2;
    if folded.is_empty() || label || NOBODY.contains(folded.as_str()) {
        Trimmed::Nothing
    } else if with_role {
        Trimmed::WithRole(name.to_owned())
    } else {
        Trimmed::Name(name.to_owned())
    }
}

/// Words for what somebody does, and what German makes of them: `Wirtschaftsredakteurin`.
fn is_role(word: &str) -> bool {
    ROLES.contains(word)
        || ["redakteur", "redakteurin", "korrespondent", "korrespondentin", "redaktør", "redaktör"]
            .iter()
            .any(|role| word.ends_with(role))
}

/// Whether a single word may be what somebody signs with.
pub(super) fn is_pen_name(name: &str) -> bool {
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    letters >= 3
        && name.len() <= 30
        && name.chars().all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '\'' | '’'))
        && !is_common(name)
        && !ORGANISATION.contains(name.to_lowercase().as_str())
}

/// Whether a text is as long as a name of Korean, Japanese or Chinese, whose letters it has. Only
/// what stands beside it tells whether it is one.
pub(super) fn is_eastern(name: &str) -> bool {
    (2..=5).contains(&name.chars().count()) && name.chars().all(|c| c as u32 >= 0x3040)
}

/// `Jack Ma`, `Anh Do`: a degree in small letters only is a surname.
fn is_surname(words: &[&str]) -> bool {
    let last = words[words.len() - 1];
    words.len() == 2 && last.len() <= 3 && last.chars().skip(1).all(char::is_lowercase)
}

fn keeps_stop(name: &str) -> bool {
    let last = name.rsplit([' ', ',']).next().unwrap_or_default();
    matches!(last, "Jr." | "Sr." | "jr." | "sr." | "Inc." | "Ltd." | "Co.")
        || last.chars().filter(|c| c.is_alphabetic()).count() == 1
        || last.matches('.').count() > 1
}

fn is_name_word(word: &str) -> bool {
    let mut chars = word.chars().filter(|c| c.is_alphabetic());
    chars.next().is_some_and(|first| first.is_uppercase() || !first.is_lowercase())
        // `deNagy`
        || word
            .find(char::is_uppercase)
            .is_some_and(|at| matches!(&word[..at], "de" | "di" | "da" | "van" | "von" | "le" | "la" | "du" | "d'" | "d’"))
}

/// Whether a text is the name of a news agency.
pub(super) fn is_agency(text: &str) -> bool {
    AGENCIES.contains(fold(text).as_str())
}

/// A name and the agency behind it, with nothing between: `ADA NAGY Associated Press`.
pub(super) fn and_agency(part: &str) -> Option<(&str, &str)> {
    let agency = |text: &str| {
        // Short ones are surnames too.
        let letters = matches!(text, "AP" | "AFP" | "UPI" | "DPA");
        is_agency(text) && (text.len() > 5 || letters)
    };
    // `BBC News`
    let channel = |text: &str| {
        text.split_once(' ').is_some_and(|(letters, rest)| {
            (2..=4).contains(&letters.len())
                && letters.bytes().all(|byte| byte.is_ascii_uppercase())
                && matches!(rest, "News" | "Sport" | "Sports" | "Online" | "Radio" | "TV")
        })
    };
    let ends = part.match_indices(' ').map(|(at, _)| (&part[..at], &part[at + 1..]));
    let mut ends = ends.filter(|(name, _)| name.split(' ').nth(1).is_some());
    ends.find(|(name, end)| agency(end) || channel(end) && !is_loud(name))
}

/// Whether an `and` stands inside of what somebody does: `Ada Nagy Health and science reporter`.
pub(super) fn joins_a_role(before: &str, after: &str) -> bool {
    let modifies =
        |word: Option<&str>| word.is_some_and(|word| MODIFIERS.contains(&word.to_lowercase()[..]));
    let role = |word: &str| is_role(&word.trim_matches([',', '.']).to_lowercase());
    modifies(before.rsplit(' ').next())
        && modifies(after.split(' ').next())
        && after.split(' ').take(4).any(role)
}

/// Whether a `&` stands inside of one organisation's name: `Simon & Schuster Inc`.
pub(super) fn joins_an_organisation(before: &str, after: &str) -> bool {
    let single = |text: &str| text.split_whitespace().count() == 1;
    single(before) && after.split([',', ';', '|']).next().is_some_and(single)
        || before.ends_with(['A', 'Q', 'R']) && before.len() == 1
}

/// Whether a name is that of an organisation.
pub(super) fn is_organisation(name: &str, sites: &[String]) -> bool {
    let folded = fold(name);
    if AGENCIES.contains(folded.as_str()) {
        return true;
    }
    let joined: String = folded.chars().filter(|c| c.is_alphanumeric()).collect();
    let is_site = sites.iter().any(|site| {
        let site: String = fold(site).chars().filter(|c| c.is_alphanumeric()).collect();
        site == joined || site.strip_prefix("www").is_some_and(|site| site == joined)
            // `Daily Post` where the host is `dailypost.co.uk`.
            || joined.len() >= 5 && site.strip_prefix(joined.as_str()).is_some_and(|rest| {
                ["com", "org", "net", "de", "fr", "it", "es", "couk", "uk", "at", "ch", "nl", "se", "no", "dk", "in", "ca", "comau", "eu"].contains(&rest)
            })
    });
    // `NDR Info` where the site is `ndr.de`
    let of_site = name.split_once(' ').is_some_and(|(first, _)| {
        first.len() >= 3
            && first.chars().all(char::is_uppercase)
            && sites.iter().any(|site| site.eq_ignore_ascii_case(first))
    });
    // `Harbour Post Sports` where the host is `harbourpost.com`.
    let part_of_site = || {
        sites.iter().any(|site| {
            let host =
                site.rsplit_once('.').map_or("", |(host, _)| host).trim_start_matches("www.");
            host.len() >= 6 && !host.contains('.') && joined.starts_with(host)
        })
    };
    if is_site || of_site || name.contains(' ') && part_of_site() {
        return true;
    }
    let words: Vec<&str> = folded.split(' ').collect();
    let last = words.len() - 1;
    let known = words.iter().enumerate().any(|(at, word)| {
        ORGANISATION.contains(*word) && (last > 0 || *word != "ag")
            // `Alex Times`, `Ada Group` may be people; `The Times Group` and `X News` are not.
            || last > 0 && at == last && AGENCIES.contains(*word) && word.len() > 2
            || last > 0 && at == 0 && AGENCIES.contains(*word) && word.len() > 2
    });
    if known
        || !folded.is_ascii()
            && ["新聞", "日報", "通信", "編集部", "編輯部", "编辑部", "ニュース", "デジタル"]
                .iter()
                .any(|word| folded.contains(word))
    {
        return true;
    }
    // `dailypost.com`
    if last > 0
        && name.split_whitespace().count() == 1
        && name.contains('.')
        && name.rsplit('.').next().is_some_and(|end| {
            (2..=4).contains(&end.len()) && end.chars().all(|c| c.is_ascii_alphabetic())
        })
    {
        return name.matches('.').count() == 1 && name.len() > 7 || name.starts_with("www.");
    }
    let letters: Vec<char> = name.chars().filter(|c| c.is_alphabetic()).collect();
    // `DPA`, `TPN`
    name.split_whitespace().count() == 1
        && (2..=5).contains(&letters.len())
        && letters.iter().all(|c| c.is_uppercase())
        || matches!(words[0], "the" | "der" | "die" | "das" | "le" | "el" | "il")
            && words.len() == 2
            && letters.iter().all(|c| c.is_uppercase())
}

/// Whether a name may be that of a person.
pub(super) fn is_person(name: &str, said: Said) -> bool {
    let words: Vec<&str> = name.split_whitespace().collect();
    let letters = name.chars().filter(|c| c.is_alphabetic()).count();
    if letters < 2
        || name.len() > 80
        || words.len() > 7
        || name.contains(['@', '/', '\\', '<', '>', '{', '}', '=', '?', '!', '%', '€', '$', '©'])
    {
        return false;
    }
    let digits = name.chars().filter(char::is_ascii_digit).count();
    match said {
        // `content: Harbour Team, design: Tom Reed`
        Said::Person | Said::Field if name.contains(": ") => false,
        Said::Person | Said::Field => {
            let free = words.len() > 1
                && words.iter().filter(|word| is_small(word)).count() * 2 > words.len();
            let lower = words.len() > 1 && name.chars().all(|c| !c.is_uppercase());
            digits <= if words.len() == 1 { 4 } else { 0 }
                && (!free || lower && words.len() <= 3)
                && !is_sentence(name, &words)
        }
        Said::Line => {
            let asian = letters == name.chars().filter(|c| !c.is_whitespace()).count()
                && name.chars().all(|c| c as u32 >= 0x3040 || c.is_whitespace());
            if asian {
                // Without blanks between names and words nothing tells one from the other.
                return false;
            }
            digits == 0
                && (2..=5).contains(&words.len())
                && !name.contains([':', '…', '“', '”', '"'])
                && is_name_word(words[0])
                && is_name_word(words[words.len() - 1])
                && words.iter().all(|word| {
                    is_name_word(word)
                        || PARTICLES.contains(*word)
                        || word.starts_with(['‘', '\'', '’', '"'])
                })
                // `Ada Van Der Velde`
                && !words.iter().enumerate().any(|(at, word)| {
                    let behind = at > 0 && PARTICLES.contains(words[at - 1].to_lowercase().as_str());
                    is_common(word) && !behind
                })
                && !words[..words.len() - 1].iter().any(|word| {
                    word.ends_with('.') && word.trim_end_matches('.').chars().count() > 3
                })
        }
    }
}

/// Whether a text has letters, and none but capitals.
pub(super) fn is_loud(text: &str) -> bool {
    !text.contains(char::is_lowercase) && text.contains(char::is_uppercase)
}

/// Whether a name opens with the letters that stand for one: `NDR Hamburg`.
pub(super) fn opens_with_letters(name: &str) -> bool {
    let first = name.split(' ').next().filter(|first| first.len() < name.len());
    first.is_some_and(|first| {
        (3..=4).contains(&first.len()) && first.bytes().all(|byte| byte.is_ascii_uppercase())
    })
}

/// Whether a text of two words to four begins with a number, and each of its words with a number or a
/// capital: `3i Harbour`.
pub(super) fn is_numbered(name: &str) -> bool {
    let number = |word: &str| word.starts_with(|c: char| c.is_ascii_digit());
    number(name)
        && (2..=4).contains(&name.split(' ').count())
        && name.split(' ').all(|word| number(word) || word.starts_with(char::is_uppercase))
        && !name.split(' ').any(is_common)
}

/// Whether a word is one of the small words inside of names.
pub(super) fn is_particle(word: &str) -> bool {
    PARTICLES.contains(word)
}

fn is_small(word: &str) -> bool {
    word.chars().next().is_some_and(char::is_lowercase) && !PARTICLES.contains(word)
}

fn is_sentence(name: &str, words: &[&str]) -> bool {
    words.len() > 3 && name.ends_with('.') && !keeps_stop(name)
        || words.iter().any(|word| {
            matches!(*word, "the" | "is" | "are" | "was" | "this" | "your" | "you" | "our")
        })
}

/// Words of headings and buttons that no name has.
fn is_common(word: &str) -> bool {
    let initial = word.len() == 2 && word.ends_with('.');
    !initial
        && COMMON.contains(word.trim_end_matches([',', '.']).to_lowercase().as_str())
        && !PARTICLES.contains(word)
}

/// A name in the case that names have: `JANE DOE` and `jane doe` are Jane Doe.
pub fn recase(name: &str) -> String {
    let loud = |word: &str| {
        let letters: Vec<char> = word.chars().filter(|c| c.is_alphabetic()).collect();
        letters.len() >= 2 && letters.iter().all(|c| c.is_uppercase())
    };
    let words: Vec<&str> = name.split(' ').collect();
    let all_loud = words.len() > 1
        && words
            .iter()
            .all(|word| loud(word) || word.chars().filter(|c| c.is_alphabetic()).count() < 2);
    let all_small = words.len() > 1
        && name.chars().all(|c| !c.is_uppercase())
        && name.chars().any(char::is_lowercase);
    let some_loud = all_loud || words.len() > 1 && words.iter().any(|word| loud(word));
    if !some_loud && !all_small {
        return name.to_owned();
    }
    let recased = words.iter().enumerate().map(|(at, word)| {
        let lower = word.to_lowercase();
        let letters = word.chars().filter(|c| c.is_alphabetic()).count();
        let vowel = lower
            .contains(['a', 'e', 'i', 'o', 'u', 'y', 'ä', 'ö', 'ü', 'é', 'á', 'í', 'ó', 'ø', 'å']);
        if all_small || loud(word) {
            let particle = at > 0
                && at + 1 < words.len()
                && PARTICLES.contains(lower.as_str())
                && (all_loud || all_small);
            if particle {
                return lower;
            }
            let initials = word.contains('.')
                || matches!(lower.trim_end_matches(','), "ii" | "iii" | "iv")
                || letters == 2 && (!vowel || !all_loud || lower.ends_with('j'));
            if loud(word) && (initials || !vowel && letters <= 3) {
                return (*word).to_owned();
            }
            return titled(&lower);
        }
        (*word).to_owned()
    });
    recased.collect::<Vec<_>>().join(" ")
}

/// A capital at the start, behind a hyphen or `O'`, and behind `Mc`.
fn titled(lower: &str) -> String {
    let mut cased = String::with_capacity(lower.len());
    let mut raise = true;
    let mut since = 0;
    for c in lower.chars() {
        if raise && c.is_alphabetic() {
            cased.extend(c.to_uppercase());
            raise = false;
        } else {
            cased.push(c);
        }
        since += 1;
        if c == '-' || matches!(c, '\'' | '’') && since <= 2 || c == '.' {
            (raise, since) = (true, 0);
        } else if since == 2 && cased.ends_with("Mc") {
            raise = true;
        }
    }
    cased
}
