//! Reads a byline: which people it names, and which organisations.

mod choose;
pub(super) mod han;
mod name;
mod note;
mod words;

use std::sync::LazyLock;

use regex::Regex;

use super::clean;
use super::date::{self, Habit};
use crate::site::Site;
pub(super) use choose::choose;
use name::Trimmed;
pub use name::recase;
pub(super) use note::{heads_note, introduces, introduces_a_writer, is_about_author};

/// The names of a byline.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Byline {
    /// People, in the order of the byline.
    pub people: Vec<String>,
    /// Agencies, newsrooms and the outlet itself.
    pub organisations: Vec<String>,
}

/// How a text came to be taken for a byline.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// A field for authors: what is no organisation is a person, a pen name too.
    Field,
    /// A field that calls this one a person.
    Person,
    /// A line on a page: only what looks like a person's name is one.
    Line,
}

/// Whether a line opens as a byline does: `By Jane Doe`, `Von X`, `Texte : …`.
pub fn opens(line: &str) -> bool {
    lead(line.trim()).is_some()
}

/// Reads a byline. `sites` are the names that the outlet goes by.
pub fn read(text: &str, said: Said, sites: &[String]) -> Byline {
    read_of(text, said, sites, None)
}

/// Reads a byline of a site some of whose writers are known.
pub fn read_of(text: &str, said: Said, sites: &[String], site: Option<&Site>) -> Byline {
    let mut byline = Byline::default();
    if text.len() > 2_000 {
        return byline;
    }
    let text = clean::line(text);
    // Icons stand before bylines.
    let text = text.trim_start_matches(|c: char| c as u32 >= 0x2190 && !c.is_alphanumeric());
    if said == Said::Line {
        let names = han::labelled(text);
        names.into_iter().for_each(|name| add(&mut byline.people, name.to_owned()));
        if !byline.people.is_empty() {
            return byline;
        }
    }
    if said == Said::Line && (text.starts_with("Copyright") || text.starts_with('©')) {
        return byline;
    }
    let rest = lead(text);
    // A handle stands beside a name: such a line is a byline.
    let led = rest.is_some() || text.contains(" (@");
    // `View all of Jane Doe's posts.`
    let text = rest
        .map_or(text, |rest| POSTS.iter().find_map(|end| rest.strip_suffix(end)).unwrap_or(rest));
    // `tomr on behalf of the Harbour Team`: the one who signs.
    let (text, led) = match on_behalf(text) {
        Some(signer) => (signer, true),
        None => (text, led),
    };
    if said == Said::Line && (text.len() > 300 || text.split_whitespace().count() > 40) {
        return byline;
    }
    let dated = said == Said::Line && !has_no_number(text) && text.split(' ').count() <= DATED;
    let text = without_marks(&without_asides(text));
    let text = if said == Said::Line && (!led || rest.is_none()) {
        beside_date(&text, sites)
    } else {
        without_dates(&text)
    };
    let mut reading = Reading { said, sites, led, opens: rest, dated, byline };
    for group in text.split([';', '；']) {
        let mut parts = split(group);
        if group.contains(',')
            && let Some(whole) = inverted(&parts)
        {
            parts = vec![whole];
        }
        let loud = parts.iter().all(|part| name::is_loud(part));
        let apart = |part: String| match name::and_agency(&part) {
            Some((name, agency)) => vec![name.to_owned(), agency.to_owned()],
            None => vec![part],
        };
        let parts = parts
            .into_iter()
            .flat_map(apart)
            .flat_map(|part| site.and_then(|site| site.apart(&part)).unwrap_or_else(|| vec![part]));
        if !reading.group(parts, loud) {
            return Byline::default();
        }
    }
    reading.byline
}

/// How a link to what someone wrote ends.
const POSTS: [&str; 4] = ["'s posts", "\u{2019}s posts", "'s posts.", "\u{2019}s posts."];

/// A byline that is being read.
struct Reading<'r> {
    said: Said,
    sites: &'r [String],
    /// Whether it is one beyond doubt: `By`, a handle, or another's signature.
    led: bool,
    /// What stands behind its first word.
    opens: Option<&'r str>,
    /// Whether a day may stand beside the names.
    dated: bool,
    byline: Byline,
}

impl Reading<'_> {
    /// Reads the parts of a list of names, `loud` where all of them are in capitals; `false` where this is no
    /// byline after all.
    fn group(&mut self, parts: impl Iterator<Item = String>, loud: bool) -> bool {
        let mut kept = Kept::Names;
        for part in parts {
            let again = lead(&part);
            if again.is_some() {
                kept = Kept::Names;
            }
            let led = self.led || again.is_some();
            let part = again.unwrap_or(&part);
            let after = std::mem::replace(&mut kept, Kept::Names);
            let trimmed = name::trim(part);
            let with_role = matches!(trimmed, Trimmed::WithRole(_));
            match trimmed {
                Trimmed::Others => kept = Kept::Others,
                _ if after == Kept::Others => kept = after,
                Trimmed::Role => kept = Kept::Role,
                Trimmed::Nothing => {}
                // `By Ada Nagy, in Politics, World`
                Trimmed::Place => break,
                // `…, Certified Sleep Consultant`: what is left of a role is no second name.
                Trimmed::WithRole(_) if self.signed() && after != Kept::Names => {}
                Trimmed::Name(name) | Trimmed::WithRole(name) => {
                    let opens = self.opens == Some(part);
                    let part = Part { name, led, loud, with_role, opens, after };
                    match self.name(part) {
                        Some(next) => kept = next,
                        None => return false,
                    }
                }
            }
        }
        true
    }

    /// Whether somebody was named already.
    fn signed(&self) -> bool {
        !self.byline.people.is_empty()
    }

    /// Takes what may be a name, and says what it was; nothing where the line is no byline after all.
    fn name(&mut self, part: Part) -> Option<Kept> {
        let Part { name, led, loud, with_role, opens, after } = part;
        let single = name.split_whitespace().count() == 1;
        // `Ada Nagy, NDR HAMBURG`
        let broadcaster = !loud && self.signed() && name::is_loud(&name);
        let short = self.said != Said::Line || name.split(' ').count() <= 7;
        if short && name::is_organisation(&name, self.sites)
            || broadcaster && name::opens_with_letters(&name)
        {
            add(&mut self.byline.organisations, name);
            Some(Kept::Organisation)
        } else if after == Kept::Organisation && single || after == Kept::Role {
            // `Reuters, Berlin`; `Head of Product and Strategy`.
            Some(after)
        } else if name::is_person(&name, self.said)
            || led && single && !self.signed() && name::is_pen_name(&name)
            || with_role && name::is_eastern(&name)
            || led && han::is_name(&name)
        {
            add(&mut self.byline.people, recase(&name));
            Some(Kept::Names)
        } else if opens && name::is_numbered(&name) {
            // `By 3i Global`
            add(&mut self.byline.organisations, name);
            Some(Kept::Organisation)
        } else if self.dated && self.signed() {
            // `Ada Nagy, Harbour Today 4:09 p.m. July 18, 2013`
            Some(Kept::Organisation)
        } else if self.said == Said::Line && (!led || self.byline == Byline::default()) {
            // A sentence that opens like a byline, or a line of something else.
            None
        } else {
            Some(Kept::Names)
        }
    }
}

/// What may be a name in a byline.
struct Part {
    name: String,
    /// Whether it stands behind `by`.
    led: bool,
    /// Whether all of its list is in capitals.
    loud: bool,
    /// Whether a role stood beside it.
    with_role: bool,
    /// Whether it is all that stands behind the first word.
    opens: bool,
    /// What stood before it.
    after: Kept,
}

/// A line of more words is no byline with a day.
const DATED: usize = 14;

/// What the part before was, which tells what the next one may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kept {
    Names,
    Organisation,
    Role,
    /// The work of others: pictures, translation, review.
    Others,
}

pub(super) fn add(names: &mut Vec<String>, name: String) {
    let same = |other: &String| other.to_lowercase() == name.to_lowercase();
    if names.len() < 100 && !name.is_empty() && !names.iter().any(same) {
        names.push(name);
    }
}

/// What stands before the words for acting in another's name.
fn on_behalf(text: &str) -> Option<&str> {
    // Most bylines have too few words for it.
    text.bytes().filter(|byte| *byte == b' ').nth(2)?;
    [" on behalf of ", " im Namen ", " im Auftrag ", " au nom d", " en nombre de ", " a nome d"]
        .iter()
        .find_map(|words| Some(text.split_once(words)?.0))
}

/// What follows the words that open a byline.
fn lead(text: &str) -> Option<&str> {
    static LEAD: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(words::LEAD).expect("the pattern is fixed"));
    let mut rest = text;
    let mut seen = false;
    for _ in 0..3 {
        let Some(found) = LEAD.find(rest) else { break };
        rest = &rest[found.end()..];
        seen = true;
    }
    seen.then_some(rest)
}

/// Cuts links, mail addresses, handles, and what stands in brackets.
fn without_asides(text: &str) -> String {
    static ASIDE: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x) https?://\S+ | www\.\S+ | \S+@\S+\.\S+ | @\w+
            | \b\d+\s(?i:kommentare?|comments?|commentaires?|comentarios|reacties|replies)\b
            | \( [^()]{0,80} \) | \[ [^\[\]]{0,80} \] | [“”«»\u{22}]",
        )
        .expect("the pattern is fixed")
    });
    // What no such aside is without.
    let sign = |c: char| {
        matches!(c, '/' | '@' | '(' | '[' | '“' | '”' | '«' | '»' | '"') || c.is_ascii_digit()
    };
    if !text.contains(sign) && !text.contains("www.") {
        return text.to_owned();
    }
    // `Ada (Zsófi) Nagy` keeps what stands inside of a name; a handle parts two names: `Ada Nagy (@ada) Tom Reed (@tom)`.
    ASIDE
        .replace_all(text, |found: &regex::Captures<'_>| {
            let aside = &found[0];
            let inner = aside.trim_matches(['(', ')', '[', ']']);
            if aside.contains('@') || aside.contains("://") || aside.starts_with("www.") {
                "; ".to_owned()
            } else if aside.starts_with(['(', '[']) && name::is_agency(inner) {
                format!("; {inner}; ")
            } else if is_nickname(text, found.get(0).map_or(0..0, |aside| aside.range())) {
                aside.to_owned()
            } else {
                " ".to_owned()
            }
        })
        .into_owned()
}

/// Whether what stands in brackets is one capital word inside of a name.
fn is_nickname(text: &str, range: std::ops::Range<usize>) -> bool {
    let inner = text[range.clone()].trim_matches(['(', ')']);
    let capital = |text: &str| text.starts_with(char::is_uppercase);
    text[range.clone()].starts_with('(')
        && range.start > 0
        && capital(inner)
        && inner.chars().all(char::is_alphabetic)
        && inner.chars().any(char::is_lowercase)
        && text[range.end..].strip_prefix(' ').is_some_and(capital)
}

/// Leaves out the marks that stand behind each of several names and lead to where they work: `Ada Nagy1,2;
/// Tom Reed 2`.
fn without_marks(text: &str) -> String {
    static MARK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(
            r"(?x) (\p{L}\.?) [\x20\u{a0}]? (?: \d{1,2}|[*†‡§¶\#¹²³⁴⁵⁶⁷⁸⁹]) (?: [,\s]* (?: \d{1,2}\b|[*†‡§¶\#¹²³⁴⁵⁶⁷⁸⁹]) )*
              [\x20\u{a0}]* ([,;&]|and\b|$)",
        )
        .expect("the pattern is fixed")
    });
    let two = has_no_number(text) || MARK.find_iter(text).nth(1).is_none();
    if two || !date::find_all(text, Habit { day_first: Some(true) }, false).is_empty() {
        return text.to_owned();
    }
    MARK.replace_all(text, "$1 $2").into_owned()
}

/// Whether a text has no number, and so neither day nor time of day; of other scripts nothing is said.
fn has_no_number(text: &str) -> bool {
    text.bytes().all(|byte| byte.is_ascii() && !byte.is_ascii_digit())
}

/// What stands before the first date of a line, or after it where that is nothing, or no more than an
/// organisation.
fn beside_date(text: &str, sites: &[String]) -> String {
    if has_no_number(text) {
        return text.to_owned();
    }
    let Some(found) =
        date::find_all(text, Habit { day_first: Some(true) }, false).into_iter().next()
    else {
        return without_dates(text);
    };
    let before = text[..found.range.start].trim();
    if before.chars().any(char::is_alphabetic) {
        let before = without_dates(before);
        let outlet = matches!(name::trim(&before), Trimmed::Name(name) if name::is_organisation(&name, sites));
        let after = || without_dates(&text[found.range.end..]);
        let signed = || matches!(name::trim(&after()), Trimmed::Name(name) if name::is_person(&name, Said::Line));
        if outlet && signed() {
            return after();
        }
        if !matches!(name::trim(&before), Trimmed::Others | Trimmed::Nothing) {
            return before;
        }
    }
    without_dates(&text[found.range.end..])
}

/// Puts a part in place of each date, and of each time of day.
fn without_dates(text: &str) -> String {
    if has_no_number(text) {
        return text.to_owned();
    }
    static CLOCK: LazyLock<Regex> = LazyLock::new(|| {
        Regex::new(r"(?i)\b\d{1,2}[:.h]\d{2}(?:\s*[ap]\.?m\.?)?(?:\s*(?:uhr|[A-Z]{3,4})\b)?")
            .expect("the pattern is fixed")
    });
    let mut kept = String::with_capacity(text.len());
    let mut end = 0;
    for found in date::find_all(text, Habit { day_first: Some(true) }, false) {
        kept.push_str(&text[end..found.range.start]);
        kept.push_str("; ");
        end = found.range.end;
    }
    kept.push_str(&text[end..]);
    CLOCK.replace_all(&kept, "; ").into_owned()
}

/// Splits at signs and at the words for "and".
fn split(text: &str) -> Vec<String> {
    static PARTS: LazyLock<Regex> =
        LazyLock::new(|| Regex::new(words::SEPARATOR).expect("the pattern is fixed"));
    let mut parts: Vec<String> = Vec::new();
    let mut end = 0;
    for found in PARTS.find_iter(text) {
        let sign = found.as_str().trim().to_lowercase();
        let after = text[found.end()..].trim_start();
        let before = text[end..found.start()].trim();
        let keeps = match sign.as_str() {
            // `José Ortega y Gasset`, `Antoni Gaudí i Cornet`: one person.
            "y" | "i" | "e" => {
                let next = PARTS.find(after).map_or(after, |next| &after[..next.start()]);
                before.split_whitespace().count() >= 2 && next.split_whitespace().count() == 1
            }
            // `Tom Reed, Jr.`
            "," => ["jr", "sr", "ii", "iii", "iv"].iter().any(|suffix| {
                after.get(..suffix.len()).is_some_and(|word| word.eq_ignore_ascii_case(suffix))
                    && !after[suffix.len()..].starts_with(|c: char| c.is_alphanumeric())
            }),
            "&" => name::joins_an_organisation(before, after),
            // `Ada Nagy Health and science reporter`
            "and" | "und" | "et" => name::joins_a_role(before, after),
            _ => false,
        };
        if !keeps {
            parts.push(before.to_owned());
            end = found.end();
        }
    }
    parts.push(text[end..].trim().to_owned());
    parts.retain(|part| !part.is_empty());
    parts
}

/// `Doe, Jane` as one name, the right way round; `Berg, Jan van der` too.
fn inverted(parts: &[String]) -> Option<String> {
    let [last, first] = parts else { return None };
    let words = |text: &str| text.split_whitespace().count();
    let letters =
        |word: &str| word.chars().all(|c| c.is_alphabetic() || matches!(c, '.' | '-' | '\'' | '’'));
    let capital = |word: &&str| word.starts_with(char::is_uppercase) && letters(word);
    let others: Vec<&str> = first.split_whitespace().collect();
    let at = others.iter().position(|word| name::is_particle(word)).unwrap_or(others.len());
    let (given, small) = others.split_at(at);
    let short = words(last) == 1
        && (1..=2).contains(&given.len())
        && given.iter().all(capital)
        && small.iter().all(|word| name::is_particle(word));
    let given = given.join(" ");
    let named = |text: &str| {
        // `F.`
        text.len() == 2 && text.ends_with('.')
            || name::is_person(text, Said::Field)
                && !name::is_organisation(text, &[])
                && matches!(name::trim(text), Trimmed::Name(_))
    };
    let whole = [&[given.as_str()], small, &[last.as_str()]].concat();
    (short && named(last) && named(&given)).then(|| whole.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(text: &str, said: Said) -> String {
        let byline = read(text, said, &["Daily Post".into(), "dailypost.com".into()]);
        format!("{}|{}", byline.people.join("; "), byline.organisations.join("; "))
    }

    #[test]
    fn bylines_name_people_and_organisations() {
        for (text, names) in [
            ("By Jane DOE, Staff Writer", "Jane Doe|"),
            ("Von Ada Nagy und Tom Reed", "Ada Nagy; Tom Reed|"),
            ("Ada Nagy og Tom Reed", "Ada Nagy; Tom Reed|"),
            ("Ada Nagy, Tom Reed and Bo Li", "Ada Nagy; Tom Reed; Bo Li|"),
            ("Ada Nagy y Tom Reed", "Ada Nagy; Tom Reed|"),
            ("José Ortega y Gasset", "José Ortega y Gasset|"),
            ("By Ada Nagy | Reuters", "Ada Nagy|Reuters"),
            ("Ada Nagy (Reuters)", "Ada Nagy|Reuters"),
            ("Ada Nagy, Reuters in Berlin", "Ada Nagy|Reuters"),
            ("ADA NAGY and TOM O'BRIEN-MCCOY", "Ada Nagy; Tom O'Brien-McCoy|"),
            ("VIKTOR VON DER HEIDE", "Viktor von der Heide|"),
            ("viktor hedlund", "Viktor Hedlund|"),
            ("J.R.R. Tolkien", "J.R.R. Tolkien|"),
            ("Dr. Ada Nagy, PhD", "Dr. Ada Nagy|"),
            ("Prof. Dr. Ada Nagy", "Prof. Dr. Ada Nagy|"),
            ("Mrs. Ada Nagy", "Ada Nagy|"),
            ("Ada Nagy1,2;  Tom Reed 2; Bo Li1", "Ada Nagy; Tom Reed; Bo Li|"),
            ("Ada Nagy*, Tom Reed† and Bo Li*†", "Ada Nagy; Tom Reed; Bo Li|"),
            ("von Ada Nagy, NDR HAMBURG", "Ada Nagy|NDR HAMBURG"),
            ("Ada NAGY, Tom REED", "Ada Nagy; Tom Reed|"),
            ("By 3i Harbour", "|3i Harbour"),
            ("ADA NAGY ASSOCIATED PRESS", "Ada Nagy|ASSOCIATED PRESS"),
            ("Ada Nagy Bloomberg", "Ada Nagy|Bloomberg"),
            ("Ada Nagy AP", "Ada Nagy|AP"),
            ("Ada Nagy Senior Washington Correspondent", "Ada Nagy|"),
            ("Ada Nagy, Special for the Post", "Ada Nagy|"),
            ("by Ada Nagy Ada Nagy", "Ada Nagy|"),
            ("Ada Nagy, DAILY POST Sports", "Ada Nagy|DAILY POST Sports"),
            ("SHOW ALL ARTICLES OF | Ada Nagy", "Ada Nagy|"),
            ("View all posts by Ada Nagy", "Ada Nagy|"),
            ("PDF Download", "|"),
            ("View all of Ada Nagy and Tom Reed\u{2019}s posts.", "Ada Nagy; Tom Reed|"),
            ("Article Date: 19 Jul 2013 - 0:00 PDT", "|"),
            ("7/19/2013 2:52 AM ET", "|"),
            ("Copyright 2013 Ada Nagy. All rights reserved.", "|"),
            ("Rechtsanwalt Ada Nagy", "Ada Nagy|"),
            ("Tom Reed, Jr.", "Tom Reed, Jr.|"),
            ("Doe, Jane", "Jane Doe|"),
            ("Doe, Jane; Reed, Tom", "Jane Doe; Tom Reed|"),
            ("Berg, Jan van der", "Jan van der Berg|"),
            ("Doe, J.", "J. Doe|"),
            ("Written by Ada Nagy, ada@post.com @ada_nagy", "Ada Nagy|"),
            ("Ada Nagy (@ada) Tom Reed (@tom)", "Ada Nagy; Tom Reed|"),
            ("https://www.facebook.com/dailypost", "|"),
            ("Daily Post", "|Daily Post"),
            ("Daily Post Staff", "|Daily Post Staff"),
            ("By Ada Nagy, March 5, 2024 10:15 am", "Ada Nagy|"),
            ("Ein Kommentar von Ada Nagy", "Ada Nagy|"),
            ("dpa", "|dpa"),
            ("AFP, AP", "|AFP; AP"),
            ("Staff", "|"),
            ("admin", "|"),
            ("By", "|"),
            ("Ada Nagy Political Correspondent", "Ada Nagy|"),
            ("記者 松岡大地", "松岡大地|"),
            ("배윤경 기자", "배윤경|"),
            ("December 18, 2025 by Ada", "Ada|"),
            ("Андрей Колесников", "Андрей Колесников|"),
            ("Text: Ada Nagy, Fotos: Tom Reed", "Ada Nagy|"),
            ("Associated Press", "|Associated Press"),
            ("Ada (Zsófi) Nagy", "Ada (Zsófi) Nagy|"),
            ("By TPN, in News", "|TPN"),
            ("hessenschau.de, Frankfurt, Germany", "|hessenschau.de"),
            ("Ada Nagy, RN, Certified Sleep Consultant", "Ada Nagy|"),
            ("Ada Nagy, PhD and Tom Reed, MPH", "Ada Nagy; Tom Reed|"),
            ("Learn More", "|"),
            ("Jean-Luc de la Tour et Zoé Petit", "Jean-Luc de la Tour; Zoé Petit|"),
        ] {
            assert_eq!(shown(text, Said::Field), names, "{text}");
        }
    }

    #[test]
    fn a_line_of_text_is_no_byline() {
        for (text, names) in [
            ("By the end of the year, prices had doubled.", "|"),
            ("By Ada Nagy", "Ada Nagy|"),
            ("Share this story", "|"),
            ("Meeting Date: 19 Jul 2013", "|"),
            ("By Ada Nagy Health and science reporter, BBC News", "Ada Nagy|BBC News"),
            ("By Ada Nagy BBC News, Beirut", "Ada Nagy|BBC News"),
            ("Ada Nagy, HARBOUR TODAY Sports 4:09 p.m. EDT July 18, 2013", "Ada Nagy|"),
            ("Harbour News 9/21/2016 Ada Nagy", "Ada Nagy|"),
            ("By Ada deNagy", "Ada deNagy|"),
            ("By Ada Nagy@adanagy Updated Jul 24, 2018, 2:15pm EDT", "Ada Nagy|"),
            ("by Ada June Nagy July 10, 2015", "Ada June Nagy|"),
            ("By Ada Nagy Tuesday, Aug. 17, 2010", "Ada Nagy|"),
            ("von Ada Nagy am 14. Mai 2014, 15:40 Uhr", "Ada Nagy|"),
            ("von Ada Nagy Veröffentlicht am 1. Mai 2019", "Ada Nagy|"),
            ("19.6.2007 9:40 Uhr Ada Nagy 71 Kommentare", "Ada Nagy|"),
            ("👤by Harbour News Desk", "|Harbour News Desk"),
            ("By region", "|"),
            ("Ada Nagy of Harbour News Service contributed to this report.", "|"),
            (
                "By Ada Nagy, Senior Staff Technologist, Harbour Speech, Privacy Project",
                "Ada Nagy|Privacy Project",
            ),
            ("来源：港口网作者：张伟", "张伟|"),
            ("By jsteinhardt", "jsteinhardt|"),
            ("Published August 7, 2023 by Ada Nagy", "Ada Nagy|"),
            ("Ada Nagy 25 March 2025 Economy, Ice", "Ada Nagy|"),
            ("February 13, 2019 - Ada Nagy (@ada) Tom Reed", "Ada Nagy; Tom Reed|"),
            ("By A. J. Neal", "A. J. Neal|"),
            ("By Ada Van Der Velde", "Ada Van Der Velde|"),
            ("Par Ada Nagy avec AFP", "Ada Nagy|AFP"),
            ("March 2, 2024 · tomr on behalf of the Harbour Team", "tomr|"),
            ("March 2, 2024 · Ada Nagy im Namen der Redaktion", "Ada Nagy|"),
            ("By Ada Nagy | IceHQ", "Ada Nagy|"),
            ("Updated on July 9, 2025", "|"),
            ("Foto: REUTERS/Ada Nagy", "|"),
            ("Ada Nagy | Head of Product Marketing and Strategy", "Ada Nagy|"),
            ("公開日：2025/01/31 更新日：2025/01/31", "|"),
            ("Ada Nagy", "Ada Nagy|"),
        ] {
            assert_eq!(shown(text, Said::Line), names, "{text}");
        }
    }

    #[test]
    fn the_channels_of_a_broadcaster_are_organisations() {
        let sites = ["ndr.de".to_owned(), "ndr".to_owned()];
        let byline = read("von Ada Nagy, NDR NIEDERSACHSEN", Said::Line, &sites);
        assert_eq!(byline.people, ["Ada Nagy"]);
        assert_eq!(byline.organisations.len(), 1);
    }
}
