//! Names that an archive gives to its sections and outlets in place of those that pages print.

use std::collections::HashMap;

use crate::article::Article;
use crate::words::fold_label;

/// Other names for sections and for sources.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Names {
    sections: HashMap<String, String>,
    sources: HashMap<String, String>,
}

impl Names {
    /// Names the section `from`, in any case, and all below it, `to`.
    pub fn section(&mut self, from: &str, to: &str) {
        self.sections.insert(fold_label(from), to.to_owned());
    }

    /// Names the source `from`, in any case, or every page of the host `from`, `to`.
    pub fn source(&mut self, from: &str, to: &str) {
        self.sources.insert(fold_label(from), to.to_owned());
    }

    /// Gives an article the names of the archive.
    pub fn apply(&self, article: &mut Article) {
        if !self.sections.is_empty()
            && let Some(section) = self.renamed(&article.section)
        {
            article.section = section;
        }
        if self.sources.is_empty() {
            return;
        }
        let by_name = self.sources.get(&fold_label(&article.source));
        if let Some(name) = by_name.or_else(|| self.sources.get(&host(&article.url)?)) {
            article.source.clone_from(name);
        }
    }

    /// The section by its new name: the longest of its beginnings that has one.
    fn renamed(&self, section: &str) -> Option<String> {
        let ends = section.match_indices('/').map(|(at, _)| at).chain([section.len()]);
        let ends: Vec<usize> = ends.collect();
        ends.into_iter().rev().find_map(|end| {
            let name = self.sections.get(&fold_label(&section[..end]))?;
            Some(format!("{name}{}", &section[end..]))
        })
    }
}

fn host(url: &str) -> Option<String> {
    let rest = url.split_once("://")?.1;
    let host = rest.split(['/', '?', '#', ':']).next()?;
    Some(fold_label(host.strip_prefix("www.").unwrap_or(host)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_and_sources_get_the_names_of_the_archive() {
        let mut names = Names::default();
        names.section("Metro Desk", "Local");
        names.source("gazette.example", "The Gazette");
        for (section, wanted) in
            [("metro desk", "Local"), ("Metro Desk/Schools", "Local/Schools"), ("Metro", "Metro")]
        {
            let url = "https://www.gazette.example/a".to_owned();
            let mut article =
                Article { section: section.into(), url, source: "x".into(), ..Article::default() };
            names.apply(&mut article);
            assert_eq!((&article.section[..], &article.source[..]), (wanted, "The Gazette"));
        }
    }
}
