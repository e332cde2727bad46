//! Chooses the authors among the bylines that a draft holds.

use super::{Byline, Said, read};
use crate::draft::{Draft, Remark, Rung, Slot};

/// The byline taken, and the remarks that it was read from.
pub(in crate::extract) fn choose<'d>(
    draft: &'d Draft,
    sites: &[String],
) -> (Byline, Vec<&'d Remark>) {
    let mut groups: Vec<Group<'d>> = Vec::new();
    for remark in draft.on(Slot::Author).take(256) {
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
    // Several people far from the headline are those of other articles.
    groups.retain(|group| !group.is_far() || group.byline.people.len() == 1);
    groups.sort_by_key(Group::rank);
    let Some(first) = groups
        .iter()
        .position(|group| !group.byline.people.is_empty())
        .or((!groups.is_empty()).then_some(0))
    else {
        return (Byline::default(), Vec::new());
    };
    let mut taken = groups.remove(first);
    for group in &groups {
        for name in &group.byline.organisations {
            if taken.rung != Rung::Record
                && !has(&taken.byline.organisations, name)
                && group.rung <= Rung::Microdata
                && taken.byline.people.is_empty()
            {
                taken.byline.organisations.push(name.clone());
            }
        }
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
    /// How far a group is trusted: what stands far from the headline may be of another article.
    fn rank(&self) -> (bool, Rung) {
        (self.is_far(), self.rung)
    }

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

fn has(names: &[String], name: &str) -> bool {
    let folded = crate::extract::clean::fold(name);
    names.iter().any(|other| crate::extract::clean::fold(other) == folded)
}
