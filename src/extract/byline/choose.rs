//! Chooses the authors among the bylines that a draft holds.

use super::{Byline, Said, opens, read};
use crate::draft::{Draft, Remark, Rung, Slot};
use crate::extract::date::{Habit, find_all};

/// The byline taken, and the remarks that it was read from.
pub(in crate::extract) fn choose<'d>(
    draft: &'d Draft,
    sites: &[String],
) -> (Byline, Vec<&'d Remark>) {
    let mut groups: Vec<Group<'d>> = Vec::new();
    for remark in draft.on(Slot::Author).take(256) {
        if remark.rung == Rung::Visible && remark.place.starts_with("line") && !is_byline(remark) {
            continue;
        }
        let byline = read(&remark.text, said(remark), sites);
        if byline == Byline::default() {
            continue;
        }
        let source = source(remark);
        match groups.iter_mut().find(|group| group.rung == remark.rung && group.source == source) {
            Some(group) => group.add(byline, remark),
            None => {
                let mut group = Group {
                    rung: remark.rung,
                    source,
                    byline: Byline::default(),
                    remarks: Vec::new(),
                };
                group.add(byline, remark);
                groups.push(group);
            }
        }
    }
    // What stands far from the headline may be of other articles, and surely is where one place names
    // others than the next.
    let near = groups.iter().any(|group| !group.is_far());
    let one = |group: &Group<'_>| {
        let first = group.remarks.first().map(|remark| read(&remark.text, said(remark), sites));
        first.is_some_and(|first| first == group.byline)
    };
    groups.retain(|group| !group.is_far() || !near && one(group));
    groups.sort_by_key(|group| group.rung);
    let people = groups.iter().position(|group| !group.byline.people.is_empty());
    let taken = people.unwrap_or(0);
    if taken >= groups.len() {
        return (Byline::default(), Vec::new());
    }
    let taken = printed(&groups, taken).unwrap_or(taken);
    let more = printed_with_others(&groups, taken);
    let mut taken = groups.swap_remove(taken);
    if let Some((byline, remark)) = more {
        return (byline, vec![remark]);
    }
    // One vocabulary may name the first author where its sister names all.
    let all = groups.iter().position(|group| {
        let people = &group.byline.people;
        group.rung == taken.rung
            && taken.rung <= Rung::Meta
            && people.len() > taken.byline.people.len()
            && taken.byline.people.iter().all(|name| people.contains(name))
    });
    if let Some(all) = all {
        taken = groups.swap_remove(all);
    }
    (taken.byline, taken.remarks)
}

/// The line beside the headline that names whom the page declares, and others with them: a program may
/// declare no more than the first.
fn printed_with_others<'d>(groups: &[Group<'d>], taken: usize) -> Option<(Byline, &'d Remark)> {
    let declared = &groups[taken];
    let people = &declared.byline.people;
    if declared.rung > Rung::Microdata || people.is_empty() {
        return None;
    }
    // Behind a comma stands what one does, too.
    let joined = |text: &str| AND.iter().any(|and| text.contains(and));
    let lines = groups.iter().filter(|group| group.is_printed()).flat_map(|group| &group.remarks);
    lines.filter(|remark| opens(&remark.text) && joined(&remark.text)).find_map(|remark| {
        let byline = read(&remark.text, Said::Line, &[]);
        let more = (people.len() + 1..=MOST).contains(&byline.people.len());
        (more && people.iter().all(|name| byline.people.contains(name)))
            .then_some((byline, *remark))
    })
}

const AND: [&str; 9] = [" and ", " und ", " et ", " y ", " och ", " og ", " en ", " & ", " и "];

/// So many may sign in print where a page declares fewer.
const MOST: usize = 4;

/// The byline that readers see, where it names none of those that the page declares: a program
/// declares the account that uploaded the article, or its editor.
fn printed(groups: &[Group<'_>], taken: usize) -> Option<usize> {
    let declared = &groups[taken];
    if declared.rung > Rung::Microdata || declared.byline.people.is_empty() {
        return None;
    }
    let mut printed = groups.iter().enumerate().filter(|(_, group)| group.is_printed());
    let (at, _) = printed.next()?;
    let agrees = |group: &Group<'_>| group.is_printed() && group.names_any(declared);
    (!groups.iter().any(agrees)).then_some(at)
}

/// The bylines of one place.
struct Group<'d> {
    rung: Rung,
    source: &'d str,
    byline: Byline,
    remarks: Vec<&'d Remark>,
}

impl<'d> Group<'d> {
    fn is_far(&self) -> bool {
        self.source.contains("far from")
    }

    /// Whether readers see this as a byline that names people.
    fn is_printed(&self) -> bool {
        let short = |text: &str| text.split_whitespace().count() <= 12;
        !self.byline.people.is_empty()
            && !self.is_far()
            && (self.rung == Rung::Markup
                || self.rung == Rung::Visible
                    && self.remarks.iter().any(|remark| {
                        short(&remark.text) && (opens(&remark.text) || self.source == "byline")
                    }))
    }

    /// Whether a word of one's names stands among those of the other.
    fn names_any(&self, other: &Self) -> bool {
        let words = |byline: &Byline| -> Vec<String> {
            let names = byline.people.iter().chain(&byline.organisations);
            names
                .flat_map(|name| name.split([' ', '-', '.']))
                .map(str::to_lowercase)
                .filter(|word| word.chars().count() >= 2)
                .collect()
        };
        let others = words(&other.byline);
        words(&self.byline).iter().any(|word| others.contains(word))
    }

    fn add(&mut self, byline: Byline, remark: &'d Remark) {
        for name in byline.people {
            super::add(&mut self.byline.people, name);
        }
        for name in byline.organisations {
            super::add(&mut self.byline.organisations, name);
        }
        self.remarks.push(remark);
    }
}

/// Whether a line opens as a byline does, or holds a date as bylines do.
fn is_byline(remark: &Remark) -> bool {
    opens(&remark.text)
        || remark.text.len() <= 300
            && !find_all(&remark.text, Habit { day_first: Some(true) }, false).is_empty()
}

fn said(remark: &Remark) -> Said {
    match remark.rung {
        Rung::Visible | Rung::Title | Rung::Path => Said::Line,
        Rung::JsonLd if remark.place.contains("Person") => Said::Person,
        _ => Said::Field,
    }
}

/// Remarks of one source add up; those of two are two opinions. The lines of one byline are one.
fn source(remark: &Remark) -> &str {
    let place = remark.place.as_str();
    match remark.rung {
        Rung::Record | Rung::JsonLd => "",
        _ if place.starts_with("byline, ") => "byline",
        _ => place,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_byline_that_readers_see_wins_over_an_account() {
        let (meta, seen, rel) =
            ((Rung::Meta, "meta[author]"), (Rung::Visible, "byline"), (Rung::Markup, "rel=author"));
        let line = (Rung::Visible, "line 3");
        type Said<'t> = ((Rung, &'t str), &'t str);
        let far = (Rung::Markup, "rel=author far from the headline");
        let cases: [(&[Said<'_>], &str); 10] = [
            (&[(far, "Ada Nagy"), (far, "View all of Ada Nagy's posts.")], "Ada Nagy"),
            (&[(far, "Ada Nagy and Tom Reed")], "Ada Nagy; Tom Reed"),
            (&[(far, "Ada Nagy"), (far, "Tom Reed")], ""),
            (&[(meta, "KatieS"), (seen, "Ada Nagy")], "Ada Nagy"),
            (&[(meta, "Tom Reed"), (line, "By Ada Nagy, Columnist")], "Ada Nagy"),
            (&[(meta, "Tom Reed"), (rel, "Ada Nagy")], "Ada Nagy"),
            // One printed byline agrees: the other one is of someone else.
            (&[(meta, "Ada Nagy"), (seen, "by Ada Nagy"), (line, "By Tom Reed")], "Ada Nagy"),
            (&[(meta, "Ada Nagy"), (seen, "A. Nagy")], "Ada Nagy"),
            // A sentence is no byline, nor is what stands far from the headline.
            (
                &[
                    (meta, "Ada Nagy"),
                    (
                        line,
                        "Author Tom Reed, from the old harbour, said that he had begun to read of ice.",
                    ),
                ],
                "Ada Nagy",
            ),
            (
                &[
                    (meta, "Ada Nagy"),
                    ((Rung::Visible, "byline far from the headline"), "By Tom Reed"),
                ],
                "Ada Nagy",
            ),
        ];
        for (remarks, author) in cases {
            let mut draft = Draft::default();
            for ((rung, place), text) in remarks {
                draft.note(Slot::Author, *rung, *place, *text);
            }
            assert_eq!(choose(&draft, &[]).0.people.join("; "), author, "{remarks:?}");
        }
    }

    #[test]
    fn who_is_declared_may_be_the_first_of_those_in_print() {
        for (line, authors) in [
            ("By Ada Nagy and Tom Reed", &["Ada Nagy", "Tom Reed"][..]),
            ("By Ada Nagy, Harbour Desk", &["Ada Nagy"]),
            ("Ada Nagy and Tom Reed", &["Ada Nagy"]),
        ] {
            let mut draft = Draft::default();
            draft.note(Slot::Author, Rung::JsonLd, "json-ld author[Person]", "Ada Nagy");
            draft.note(Slot::Author, Rung::Visible, "byline", line);
            assert_eq!(choose(&draft, &[]).0.people, authors, "{line}");
        }
    }

    #[test]
    fn a_line_with_a_day_in_numbers_may_be_a_byline() {
        let mut draft = Draft::default();
        draft.note(Slot::Author, Rung::Visible, "line 2", "Ada Nagy - 12/03/2026");
        assert_eq!(choose(&draft, &[]).0.people, ["Ada Nagy"]);
    }
}
