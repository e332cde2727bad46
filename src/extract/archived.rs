//! Pages that were saved from a web archive: its addresses tell where a page stood, and when it was
//! captured.

use crate::draft::{Draft, Remark, Slot};

/// The address that an archive has kept a page of, and the day of the capture:
/// `https://web.archive.org/web/20110305101233/http://a.example/x` is `http://a.example/x` of 2011-03-05.
///
/// All archives that are made of the same programs write so, in whatever folders: a stamp of eight to
/// fourteen digits, perhaps with what was asked for (`id_`), and the whole address. archive.today
/// sets stops into the stamp.
fn original(url: &str) -> Option<(String, &str)> {
    let (_, path) = url.split_once("://")?;
    let at = ["/http://", "/https://"].iter().filter_map(|mark| path.find(mark)).min()?;
    let (before, whole) = (&path[..at], &path[at + 1..]);
    let (_, stamp) = before.rsplit_once('/')?;
    let stamp = stamp
        .strip_suffix('_')
        .map_or(stamp, |asked| asked.trim_end_matches(|c: char| c.is_ascii_lowercase()));
    let digits: String = stamp.chars().filter(char::is_ascii_digit).collect();
    let only = stamp.chars().all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'));
    if !only || !(8..=14).contains(&digits.len()) {
        return None;
    }
    let day = format!("{}-{}-{}", &digits[..4], &digits[4..6], &digits[6..8]);
    Some((day, whole))
}

/// A draft in which addresses of archives are those of the pages; `None` where there are none.
pub(super) fn unarchived(draft: &Draft) -> Option<Draft> {
    let found =
        |remark: &Remark| remark.slot == Slot::Url && original(remark.text.trim()).is_some();
    if !draft.remarks.iter().any(found) {
        return None;
    }
    let mut own = draft.clone();
    let mut captured = None;
    for remark in own.remarks.iter_mut().filter(|remark| remark.slot == Slot::Url) {
        if let Some((day, whole)) = original(remark.text.trim()) {
            captured = captured.or_else(|| Some((day, remark.rung, remark.place.clone())));
            remark.text = whole.to_owned();
        }
    }
    if let Some((day, rung, place)) = captured {
        own.note(Slot::Captured, rung, place, day);
    }
    Some(own)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::draft::Rung;

    #[test]
    fn addresses_of_archives_tell_page_and_day() {
        for (url, page, day) in [
            (
                "https://web.archive.org/web/20110305101233/http://a.example:80/x?y=1",
                "http://a.example:80/x?y=1",
                "2011-03-05",
            ),
            (
                "http://web.archive.org/web/20110305id_/https://a.example/",
                "https://a.example/",
                "2011-03-05",
            ),
            (
                "https://archive.ph/2019.03.05-101233/https://a.example/x",
                "https://a.example/x",
                "2019-03-05",
            ),
            (
                "https://archive.example/wayback/20110305101233/http://a.example/x",
                "http://a.example/x",
                "2011-03-05",
            ),
        ] {
            assert_eq!(original(url), Some((day.to_owned(), page)), "{url}");
        }
        for url in [
            "https://a.example/2011/03/05/x",
            "https://a.example/share/http://b.example/x",
            "https://a.example/12345/http://b.example/x",
            "a/http://b.example",
        ] {
            assert_eq!(original(url), None, "{url}");
        }
    }

    #[test]
    fn a_draft_is_of_the_page_that_was_archived() {
        let mut draft = Draft::default();
        draft.note(Slot::Url, Rung::Markup, "link[canonical]", "https://a.example/x");
        assert!(unarchived(&draft).is_none());
        let archived = "https://web.archive.org/web/20110305101233/http://a.example/x";
        draft.note(Slot::Url, Rung::Meta, "meta[og:url]", archived);
        let own = unarchived(&draft).unwrap();
        assert_eq!(own.remarks[1].text, "http://a.example/x");
        assert_eq!((own.remarks[2].slot, &own.remarks[2].text[..]), (Slot::Captured, "2011-03-05"));
    }
}
