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
    // What stands far from the headline may be of other articles, and surely is where it names
    // several people.
    let near = groups.iter().any(|group| !group.is_far());
    groups.retain(|group| {
        !group.is_far()
            || !near && group.byline.people.len() + group.byline.organisations.len() == 1
    });
    groups.sort_by_key(|group| group.rung);
    let people = groups.iter().position(|group| !group.byline.people.is_empty());
    let taken = people.unwrap_or(0);
    if taken >= groups.len() {
        return (Byline::default(), Vec::new());
    }
    let mut taken = groups.swap_remove(taken);
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

/// Remarks of one source add up; those of two are two opinions.
fn source(remark: &Remark) -> &str {
    if matches!(remark.rung, Rung::Record | Rung::JsonLd) { "" } else { &remark.place }
}
