//! What the remarks of a draft mean: one article, and the evidence for each of its fields.

mod archived;
mod asides;
pub mod body;
pub mod byline;
pub mod clean;
pub mod date;
pub mod headline;
pub mod kind;
mod language;
pub mod lines;
mod names;
mod place;
pub mod section;

use std::collections::HashSet;

use crate::article::{Article, Origin};
use crate::draft::{Block, Draft, Page, Remark, Rung, Slot};
use crate::site::{Label, Places, Site};
use clean::{fold, line, paragraphs};

pub use names::Names;

/// An article with the evidence for it.
#[derive(Debug, Clone, Default)]
pub struct Settled {
    /// The article.
    pub article: Article,
    /// Where each field came from, and what lost.
    pub evidence: Vec<Evidence>,
    /// Why this is no article, where it is none: `an index page`, `no text`.
    pub rejected: Option<&'static str>,
}

/// The origin of one value.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Evidence {
    /// The field.
    pub slot: Slot,
    /// The value taken (or, where `lost`, left).
    pub value: String,
    /// How it was said.
    pub rung: Rung,
    /// Where.
    pub place: String,
    /// Whether another value was taken instead.
    pub lost: bool,
}

/// Settles what a draft says. Never fails: what is not known stays empty.
pub fn settle(draft: &Draft, origin: Origin) -> Settled {
    settle_of(draft, origin, &Site::default())
}

/// Settles what a draft says of an article of a site that is known.
pub fn settle_of(draft: &Draft, origin: Origin, site: &Site) -> Settled {
    let own = archived::unarchived(draft);
    let draft = own.as_ref().unwrap_or(draft);
    // Of flattened text it is the cut that tells what its lines say.
    let cut = flattened(draft).map(|page| {
        let known = known(page, site);
        let alone = site.alone(page.blocks.iter().map(|block| &block.text[..]));
        lines::cut_known(page, &lines::Known { alone, ..known })
    });
    let lines_read = cut.as_ref().map(|cut| {
        let remarks = draft.remarks.iter().chain(&cut.remarks).cloned().collect();
        Draft { part: draft.part, remarks, ..Draft::default() }
    });
    let own = without_site(draft, site);
    let draft = own.as_ref().or(lines_read.as_ref()).unwrap_or(draft);
    let mut settled = Settled::default();
    settled.article.origin = origin;
    settled.place(draft);
    let mut sites = place::names(draft, &settled.article);
    sites.extend(site.names().map(str::to_owned));
    settled.head(draft, &sites);
    settled.dates(draft, site);
    sites.extend(site.organisations().map(str::to_owned));
    settled.authors(draft, &sites);
    settled.text(draft, cut, site);
    settled.lose(draft);
    let article = &settled.article;
    if article.body.is_empty() && article.headline.is_empty() {
        settled.rejected = Some("no text");
    }
    settled
}

/// A draft of a page with markup without what lines of its site seem to say of the article, such as
/// those of a list of the newest posts; `None` where nothing is left out.
fn without_site(draft: &Draft, site: &Site) -> Option<Draft> {
    let page = draft.page.as_ref().filter(|page| page.markup)?;
    let seen = |remark: &Remark| {
        let line = remark.rung == Rung::Visible && remark.place.starts_with("line ");
        // One writer may sign many pages in the same place.
        match remark.slot {
            Slot::Published => line,
            Slot::Author => line && !byline::opens(&remark.text),
            _ => false,
        }
    };
    if !draft.remarks.iter().any(seen) {
        return None;
    }
    let known = known(page, site);
    let fixed = known.fixed?;
    let lines = page.blocks.iter().zip(&fixed).filter(|(_, share)| **share > 0.0);
    let lines: HashSet<String> = lines.map(|(block, _)| line(&block.text)).collect();
    let kept = |remark: &&Remark| !seen(remark) || !lines.contains(&remark.text);
    let remarks: Vec<Remark> = draft.remarks.iter().filter(kept).cloned().collect();
    (remarks.len() < draft.remarks.len()).then(|| Draft { remarks, ..draft.clone() })
}

/// Where a page of flattened text of a known site seems to have its fields: see [`Site::place`].
pub fn places(draft: &Draft, site: &Site) -> Places {
    if let Some(page) = flattened(draft) {
        return lines::places(page, &known(page, site));
    }
    let labels = declared_labels(draft, site);
    // Only what pages do not declare is asked for by place.
    let missing = |slot: &Slot| best(draft, *slot).is_none();
    let asked = missing(&Slot::Author) || missing(&Slot::Published);
    let page = draft.page.as_ref().filter(|page| page.markup && asked);
    let fields = page.map_or_else(Vec::new, |page| {
        let places = lines::places(&lines::as_lines(page), &known(page, site));
        places.fields.into_iter().filter(|(slot, _)| missing(slot)).collect()
    });
    Places { labels, fields, ..Places::default() }
}

/// The lines of a page with markup; what stands in a list is no label, but a link of a menu.
fn labels_of(page: &Page) -> Vec<&str> {
    let listed = |block: &Block| block.tag == "li";
    page.blocks.iter().map(|block| if listed(block) { "" } else { &block.text[..] }).collect()
}

/// What a page with markup has beside its headline that may be the label of a section.
fn declared_labels(draft: &Draft, site: &Site) -> Option<Vec<Label>> {
    let page = draft.page.as_ref().filter(|page| page.markup)?;
    let (headline, _) = headline::choose(draft, &[])?;
    let headline = fold(&headline);
    let at = page
        .blocks
        .iter()
        .position(|block| matches!(block.tag, "h1" | "h2") && fold(&block.text) == headline)?;
    let labels = section::labels(&labels_of(page), known(page, site).fixed.as_deref(), at);
    Some(section::learned(labels))
}

/// What is known of the lines of a page.
fn known<'s>(page: &Page, site: &'s Site) -> lines::Known<'s> {
    let texts = || page.blocks.iter().map(|block| &block.text[..]);
    let lines = site.lines_of(texts());
    let fixed = lines.as_deref().map(|lines| site.fixed(texts(), lines));
    lines::Known { lines, fixed, alone: None, site }
}

/// Whether a draft has days before months, where its days in numbers tell it: `25/12/2023`.
pub fn day_first(draft: &Draft) -> Option<bool> {
    let said = [Slot::Published, Slot::Modified, Slot::Captured];
    let remarks = draft.remarks.iter().filter(|remark| said.contains(&remark.slot)).take(128);
    let lines = flattened(draft).into_iter().flat_map(|page| &page.blocks);
    let lines = lines.map(|block| &block.text[..]).filter(|text| text.len() <= date::SHORT);
    date::Habit::told(remarks.map(|remark| &remark.text[..]).chain(lines)).day_first
}

/// The page of a draft whose lines were flattened from markup, or never had any.
fn flattened(draft: &Draft) -> Option<&Page> {
    let record = draft.on(Slot::Body).any(|remark| remark.rung == Rung::Record);
    draft.page.as_ref().filter(|page| !page.markup && !record)
}

impl Settled {
    /// Notes where a value was taken from.
    fn take(&mut self, slot: Slot, value: impl Into<String>, remark: &Remark) {
        self.evidence.push(Evidence {
            slot,
            value: value.into(),
            rung: remark.rung,
            place: remark.place.clone(),
            lost: false,
        });
    }

    /// Id, address, outlet and language.
    fn place(&mut self, draft: &Draft) {
        if let Some(remark) = best(draft, Slot::Id) {
            self.article.id = line(&remark.text);
            self.take(Slot::Id, self.article.id.clone(), remark);
        } else {
            self.article.id = self.article.origin.to_string();
        }
        if let Some((url, remark)) = place::address(draft) {
            self.take(Slot::Url, &url, remark);
            self.article.url = url;
        }
        if let Some((name, remark)) = place::outlet(draft) {
            self.take(Slot::Source, &name, remark);
            self.article.source = name;
        } else {
            let host = place::host(&self.article.url);
            self.article.source = host.strip_prefix("www.").unwrap_or(host).to_owned();
        }
        let codes = sorted(draft, Slot::Language)
            .into_iter()
            .find_map(|remark| Some((place::language(&remark.text)?, remark)));
        if let Some((code, remark)) = codes {
            self.take(Slot::Language, &code, remark);
            self.article.language = code;
        }
    }

    /// Headline, standfirst, kind, section and topics.
    fn head(&mut self, draft: &Draft, sites: &[String]) {
        if let Some((headline, remark)) = headline::choose(draft, sites) {
            self.take(Slot::Headline, &headline, remark);
            self.article.headline = headline;
        }
        // A description is a standfirst only where the page prints it.
        let printed = |remark: &&Remark| !matches!(remark.rung, Rung::JsonLd | Rung::Meta);
        if let Some(remark) = sorted(draft, Slot::Standfirst).into_iter().find(printed) {
            let text = line(&remark.text);
            if fold(&text) != fold(&self.article.headline) {
                self.take(Slot::Standfirst, &text, remark);
                self.article.standfirst = text;
            }
        }
        if let Some((kind, remark)) = kind::choose(draft) {
            self.take(Slot::Kind, &kind, remark);
            self.article.kind = kind;
        }
        let chosen = section::choose(draft, &self.article.url, sites, &self.article.headline);
        if let Some((name, remark)) = chosen {
            self.take(Slot::Section, &name, remark);
            self.article.section = name;
        }
        for remark in sorted(draft, Slot::Topic) {
            for topic in remark.text.split([',', ';', '\n']) {
                let topic = line(topic);
                let known = self.article.topics.iter().any(|other| fold(other) == fold(&topic));
                if topic.len() <= 80
                    && !fold(&topic).is_empty()
                    && !known
                    && self.article.topics.len() < 50
                {
                    self.take(Slot::Topic, &topic, remark);
                    self.article.topics.push(topic);
                }
            }
        }
    }

    fn dates(&mut self, draft: &Draft, site: &Site) {
        let language = best(draft, Slot::Language).map(|remark| remark.text.as_str());
        let host = place::host(&self.article.url);
        let told = site.day_first().map(|first| date::Habit { day_first: Some(first) });
        let habit = told.unwrap_or_else(|| date::Habit::of(language.unwrap_or_default(), host));
        let dates = date::choose(draft, habit);
        for (slot, dated) in [
            (Slot::Published, dates.published),
            (Slot::Modified, dates.modified),
            (Slot::Captured, dates.captured),
        ] {
            let Some((date, remark)) = dated else { continue };
            self.take(slot, date.to_string(), remark);
            match slot {
                Slot::Published => self.article.published = Some(date),
                Slot::Modified => self.article.modified = Some(date),
                _ => self.article.captured = Some(date),
            }
        }
    }

    fn authors(&mut self, draft: &Draft, sites: &[String]) {
        let (names, remarks) = byline::choose(draft, sites);
        for remark in remarks {
            self.take(Slot::Author, line(&remark.text), remark);
        }
        // What an agency or a newsroom signs alone is by that agency or newsroom.
        self.article.authors =
            if names.people.is_empty() { names.organisations.clone() } else { names.people };
        self.article.organisations = names.organisations;
    }

    /// Body, dateline, captions and teasers.
    fn text(&mut self, draft: &Draft, lines: Option<lines::Cut>, site: &Site) {
        // What JSON-LD gives as the text of a page is often cut short.
        let said = |remark: &&Remark| remark.rung == Rung::Record || draft.page.is_none();
        let records: Vec<&Remark> = draft.on(Slot::Body).filter(said).collect();
        if let Some(first) = records.first() {
            let whole: Vec<&str> = records.iter().map(|remark| remark.text.as_str()).collect();
            self.article.body = paragraphs(&clean::entities(&whole.join("\n\n")));
            self.take(Slot::Body, "", first);
        } else if let Some(page) = draft.page.as_ref().filter(|page| page.markup) {
            let declared = |slot| best(draft, slot).map(|remark| remark.text.clone());
            let known = known(page, site);
            let mut clues = body::Clues {
                headline: self.article.headline.clone(),
                standfirst: declared(Slot::Standfirst).unwrap_or_default(),
                body: declared(Slot::Body).unwrap_or_default(),
                authors: self.article.authors.clone(),
                dated: self.article.published.is_some(),
                labels: vec![
                    self.article.section.clone(),
                    self.article.kind.clone(),
                    self.article.source.clone(),
                ],
                site: known.lines.clone(),
                fixed: known.fixed.clone(),
            };
            if clues.headline.is_empty()
                && let Some(remark) = printed_headline(page, &clues, &known)
            {
                self.take(Slot::Headline, &remark.text, &remark);
                self.article.headline = remark.text;
                clues.headline.clone_from(&self.article.headline);
            }
            let cut = body::cut(page, &clues);
            self.article.body = paragraphs(&cut.body);
            // What a script would have put there may be declared.
            let declared = best(draft, Slot::Body).filter(|_| cut.body.is_empty());
            if let Some(remark) = declared {
                self.article.body = paragraphs(&remark.text);
                self.take(Slot::Body, paragraphs(&remark.text), remark);
            }
            self.repeated_standfirst();
            if let Some(standfirst) = cut.standfirst.filter(|_| self.article.standfirst.is_empty())
            {
                self.article.standfirst = line(&standfirst);
            }
            if let Some(text) = cut.byline {
                let place = "above the text".to_owned();
                let remark = Remark { slot: Slot::Author, rung: Rung::Visible, place, text };
                self.article.authors = byline::read(&remark.text, byline::Said::Line, &[]).people;
                self.take(Slot::Author, line(&remark.text), &remark);
            }
            self.article.captions.extend(cut.captions.iter().map(|caption| line(caption)));
            self.article.teasers.extend(cut.teasers.iter().map(|teaser| line(teaser)));
            self.undeclared(page, &cut.keep, cut.headline, &known);
            self.rejected = cut.reason.filter(|_| declared.is_none());
        } else if let Some(cut) = lines {
            self.article.body = paragraphs(&cut.body);
            self.article.captions.extend(cut.captions.iter().map(|caption| line(caption)));
            self.article.teasers.extend(cut.teasers.iter().map(|teaser| line(teaser)));
            self.rejected = cut.rejected;
        }
        let list = |slot| draft.on(slot).map(|remark| line(&remark.text)).collect::<Vec<_>>();
        self.article.captions.extend(list(Slot::Caption));
        self.article.teasers.extend(list(Slot::Teaser));
        if let Some(remark) = best(draft, Slot::Dateline) {
            self.article.dateline = line(&remark.text);
            self.take(Slot::Dateline, self.article.dateline.clone(), remark);
        } else if let Some(dateline) = place::dateline(&self.article.body) {
            self.article.dateline = dateline.to_owned();
        }
        if self.article.language.is_empty() {
            self.article.language = place::spoken(&self.article.body).unwrap_or_default();
        }
    }

    /// Lets go of a standfirst with which the text begins: programs give the first paragraph of a page as
    /// its description.
    fn repeated_standfirst(&mut self) {
        let article = &mut self.article;
        let first = article.body.split("\n\n").next().unwrap_or_default();
        if !article.standfirst.is_empty() && fold(first) == fold(&article.standfirst) {
            article.standfirst.clear();
            let printed = self.evidence.iter_mut().filter(|one| one.slot == Slot::Standfirst);
            printed.for_each(|one| one.lost = true);
        }
    }

    /// Asks the lines of a page for what it declares nothing of.
    fn undeclared(
        &mut self,
        page: &Page,
        kept: &[bool],
        title: Option<usize>,
        known: &lines::Known<'_>,
    ) {
        let article = &self.article;
        // An outlet declares itself where a person signs.
        let unsigned = article.authors.iter().all(|name| article.organisations.contains(name));
        let mut wanted: Vec<Slot> = [
            (Slot::Section, article.section.is_empty()),
            (Slot::Published, article.published.is_none()),
            (Slot::Author, unsigned),
        ]
        .into_iter()
        .filter_map(|(slot, missing)| missing.then_some(slot))
        .collect();
        if wanted.is_empty() {
            return;
        }
        let lines = labels_of(page);
        let fixed = known.fixed.as_deref();
        let labels = title.map(|title| section::labels(&lines, fixed, title)).unwrap_or_default();
        let filed = labels.into_iter().find(|(_, label)| known.site.is_section(*label));
        if let Some((at, (_, label))) = filed.filter(|_| wanted.contains(&Slot::Section)) {
            self.article.section = label.to_owned();
            let (place, text) = (format!("block {}", at + 1), label.to_owned());
            let remark = Remark { slot: Slot::Section, rung: Rung::Visible, place, text };
            self.take(Slot::Section, label, &remark);
            wanted.retain(|slot| *slot != Slot::Section);
        }
        for remark in lines::undeclared(page, kept, title, &wanted, known) {
            match remark.slot {
                Slot::Section => self.article.section = section::path(&remark.text),
                Slot::Published => self.article.published = remark.text.parse().ok(),
                Slot::Modified if self.article.modified.is_none() => {
                    self.article.modified = remark.text.parse().ok();
                }
                Slot::Author => {
                    let names = byline::read(&remark.text, byline::Said::Line, &[]);
                    let signed = if !names.people.is_empty() {
                        self.article.authors.clear();
                        self.evidence
                            .iter_mut()
                            .filter(|one| one.slot == Slot::Author)
                            .for_each(|one| one.lost = true);
                        names.people
                    } else if self.article.authors.is_empty() {
                        names.organisations
                    } else {
                        continue;
                    };
                    for name in signed {
                        byline::add(&mut self.article.authors, name);
                    }
                }
                _ => continue,
            }
            self.take(remark.slot, remark.text.clone(), &remark);
        }
    }

    /// Notes the remarks that were not taken.
    fn lose(&mut self, draft: &Draft) {
        // Of these all are kept.
        let kept = |slot| matches!(slot, Slot::Body | Slot::Caption | Slot::Teaser);
        for remark in draft.remarks.iter().filter(|remark| !kept(remark.slot)).take(512) {
            let taken = self.evidence.iter().any(|one| {
                one.slot == remark.slot
                    && one.rung == remark.rung
                    && one.place == remark.place
                    && !one.lost
            });
            if !taken {
                self.evidence.push(Evidence {
                    slot: remark.slot,
                    value: line(&remark.text),
                    rung: remark.rung,
                    place: remark.place.clone(),
                    lost: true,
                });
            }
        }
    }
}

/// The headline of a page that declares none: the surest of its lines, or the heading above its text.
fn printed_headline(page: &Page, clues: &body::Clues, known: &lines::Known<'_>) -> Option<Remark> {
    let cut = body::cut(page, clues);
    let lines = lines::undeclared(page, &cut.keep, None, &[Slot::Headline], known);
    lines.into_iter().next().or_else(|| {
        let at = headline::above_text(page)?;
        let (place, text) = (format!("block {}", at + 1), line(&page.blocks[at].text));
        Some(Remark { slot: Slot::Headline, rung: Rung::Markup, place, text })
    })
}

/// The remarks on a slot, the most trusted first.
fn sorted(draft: &Draft, slot: Slot) -> Vec<&Remark> {
    let mut remarks: Vec<&Remark> = draft.on(slot).take(256).collect();
    remarks.sort_by_key(|remark| remark.rung);
    remarks
}

fn best(draft: &Draft, slot: Slot) -> Option<&Remark> {
    draft.on(slot).min_by_key(|remark| remark.rung)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settled(remarks: &[(Slot, Rung, &str, &str)]) -> Article {
        let mut draft = Draft::default();
        for (slot, rung, place, text) in remarks {
            draft.note(*slot, *rung, *place, *text);
        }
        settle(&draft, Origin::default()).article
    }

    #[test]
    fn a_record_wins_over_a_page() {
        let article = settled(&[
            (Slot::Headline, Rung::JsonLd, "json-ld headline", "Ice"),
            (Slot::Headline, Rung::Record, "$.title", "Harbour &amp; ice"),
            (Slot::Published, Rung::JsonLd, "json-ld datePublished", "2024-03-05"),
            (Slot::Published, Rung::Record, "$.date", "March 1912"),
            (Slot::Author, Rung::JsonLd, "json-ld author[Person]", "Tom Reed"),
            (Slot::Author, Rung::Record, "$.authors", "By ADA NAGY, Staff Writer | Reuters"),
            (Slot::Section, Rung::Record, "$.section", "World > Asia"),
            (Slot::Body, Rung::Record, "$.text", "The old\u{a0}sea.\r\n\r\nIt froze."),
        ]);
        assert_eq!(article.headline, "Harbour & ice");
        assert_eq!(article.published.map(|date| date.to_string()).as_deref(), Some("1912-03"));
        assert_eq!(
            (article.authors, article.organisations),
            (vec!["Ada Nagy".into()], vec!["Reuters".into()])
        );
        assert_eq!(article.section, "World/Asia");
        assert_eq!(article.body, "The old sea.\n\nIt froze.");
    }

    /// A page with markup that has such blocks, each with its tag.
    fn marked(blocks: &[(&'static str, &str)]) -> Draft {
        let block =
            |&(tag, text): &(_, &str)| Block { tag, text: text.to_owned(), ..Block::default() };
        let blocks = blocks.iter().map(block).collect();
        let page = Page { markup: true, blocks, ..Page::default() };
        Draft { page: Some(page), ..Draft::default() }
    }

    #[test]
    fn a_list_of_the_newest_posts_tells_no_day() {
        let newest = "A new quay (Nov 17, 2023)";
        let page = |number: u32| {
            let headline = format!("Ice in harbour {number}");
            let text = format!(
                "The ferries to island {number} will not sail before the end of the month, said the port, \
                 which has asked the owners of the ships to wait."
            );
            let mut draft = marked(&[
                ("li", "Gazette"),
                ("li", "Contact"),
                ("h1", &headline),
                ("p", &text),
                ("h5", "Latest"),
                ("li", newest),
            ]);
            draft.note(Slot::Headline, Rung::Markup, "h1", headline);
            draft.note(Slot::Published, Rung::Visible, "line 5", newest);
            draft.note(Slot::Author, Rung::Visible, "line 5", newest);
            draft
        };
        let mut site = Site::default();
        (0..6).for_each(|number| site.learn(&page(number)));
        site.settle();
        let day = |site: &Site| settle_of(&page(3), Origin::default(), site).article.published;
        assert!(day(&Site::default()).is_some());
        assert_eq!(day(&site), None);
    }

    #[test]
    fn what_stands_beside_headlines_again_is_the_section() {
        let page = |number: usize| {
            let (headline, text) = (format!("Ice {number}"), format!("It came on day {number}."));
            let label = ["Harbour news", "Inland"][number % 2];
            let blocks = [("p", label), ("h1", &headline), ("p", &text)];
            let mut draft = marked(&blocks);
            draft.note(Slot::Headline, Rung::Markup, "h1", headline);
            draft
        };
        let mut site = Site::default();
        for number in 0..6 {
            site.learn(&page(number));
            site.place(places(&page(number), &site));
        }
        site.settle();
        site.settle_places();
        let section = |site: &Site| settle_of(&page(4), Origin::default(), site).article.section;
        assert_eq!(section(&site), "Harbour news");
        assert_eq!(section(&Site::default()), "");
    }

    #[test]
    fn who_stands_where_the_writers_of_a_site_stand_signs_a_page() {
        let writers = ["Ada Nagy", "Tom Reed", "Ines Duarte", "Olaf Berg"];
        let page = |number: usize| {
            let headline = format!("Ice in harbour {number}");
            let text = |what: &str| {
                format!(
                    "The ferries to island {number} will not sail before the end of the {what}, said the \
                     port, which has asked the owners of the ships to wait for {number} days."
                )
            };
            let note = format!("{} | Writes", writers[number % 4]);
            let mut draft = marked(&[
                ("li", "Gazette"),
                ("li", "Contact"),
                ("p", "Back to index"),
                ("p", &note),
                ("li", "Posts"),
                ("li", "About our ports"),
                ("li", "Metadata"),
                ("li", "Follow us on the water"),
                ("p", if number == 4 { "Grete Holm" } else { "" }),
                ("h1", &headline),
                ("p", &text("month")),
                ("p", &text("year")),
                ("p", "Imprint"),
            ]);
            draft.note(Slot::Headline, Rung::Markup, "h1", headline);
            draft
        };
        let mut site = Site::default();
        (0..8).for_each(|number| site.learn(&page(number)));
        site.settle();
        (0..8).for_each(|number| site.place(places(&page(number), &site)));
        site.settle_places();
        let authors = |site: &Site| settle_of(&page(4), Origin::default(), site).article.authors;
        assert_eq!(authors(&site), ["Ada Nagy"]);
        assert_eq!(authors(&Site::default()), ["Grete Holm"], "who stands beside the headline");
    }

    #[test]
    fn a_day_of_capture_is_no_day_of_publication() {
        let article = settled(&[
            (Slot::Captured, Rung::Visible, "comment", "Tue Mar 05 2024 10:00:00 GMT+0100"),
            (Slot::Published, Rung::Visible, "line 7", "November 17, 2025"),
        ]);
        assert_eq!(article.captured.map(|date| date.to_string()).as_deref(), Some("2024-03-05"));
        assert_eq!(article.published, None, "the future is not known");
    }

    #[test]
    fn when_a_record_was_made_is_less_than_when_it_was_published() {
        let mut draft = Draft::default();
        draft.note(Slot::Published, Rung::JsonLd, "json-ld dateCreated", "2017-02-24T01:18:13Z");
        let published = "2017-02-23T17:18:13-08:00";
        draft.note(Slot::Published, Rung::Meta, "meta[article:published_time]", published);
        let settled = settle(&draft, Origin::default());
        assert_eq!(settled.article.published.unwrap().to_string(), "2017-02-23");
    }

    #[test]
    fn days_and_months_are_told_apart_by_the_other_dates_of_the_page() {
        let dates = |modified: &'static str| {
            let article = settled(&[
                (Slot::Published, Rung::Meta, "meta[date]", "03/04/2023"),
                (Slot::Modified, Rung::Meta, "meta[lastmod]", modified),
            ]);
            article.published.map(|date| date.to_string()).unwrap_or_default()
        };
        assert_eq!(dates("25/04/2023"), "2023-04-03");
        assert_eq!(dates("04/25/2023"), "2023-03-04");
        assert_eq!(dates("05/04/2023"), "");
    }

    #[test]
    fn what_lost_is_told() {
        let mut draft = Draft::default();
        draft.note(Slot::Published, Rung::JsonLd, "json-ld datePublished", "2024-03-05");
        draft.note(Slot::Published, Rung::Markup, "time", "2024-03-09");
        let lost: Vec<_> =
            settle(&draft, Origin::default()).evidence.into_iter().filter(|one| one.lost).collect();
        assert_eq!(lost.len(), 1);
        assert_eq!((lost[0].place.as_str(), lost[0].value.as_str()), ("time", "2024-03-09"));
    }

    #[test]
    fn an_organisation_that_signs_alone_is_the_author() {
        let authors = |text: &'static str| {
            let article = settled(&[(Slot::Author, Rung::JsonLd, "json-ld author[text]", text)]);
            (article.authors.join("; "), article.organisations.join("; "))
        };
        assert_eq!(authors("dpa"), ("dpa".into(), "dpa".into()));
        assert_eq!(authors("Ada Nagy, dpa"), ("Ada Nagy".into(), "dpa".into()));
    }

    #[test]
    fn the_first_publication_is_told_in_words() {
        let article = settled(&[
            (Slot::Published, Rung::Visible, "date line", "30 Sep 2022, 11:07am"),
            (
                Slot::Published,
                Rung::Visible,
                "first publication",
                "originally published on 26 Sep 2019",
            ),
        ]);
        assert_eq!(article.published.map(|date| date.to_string()).as_deref(), Some("2019-09-26"));
    }
}
