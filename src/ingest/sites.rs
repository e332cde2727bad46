//! What the folders of a corpus have in common, learned before their files are read.
//!
//! A folder is the first one below the root that a file lies in; of its pages a sample is looked
//! at, chosen by the hash of their paths, so that what is known of a folder depends on which files
//! it holds and on nothing else. Files whose folder became known otherwise are read again.

use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use crate::container;
use crate::draft::Draft;
use crate::extract;
use crate::format;
use crate::site::{FEWEST, SAMPLE, Site, hash};

use super::read::{Sampled, Seen};
use super::{Options, read};

/// What is known of folders, by the label of their root and their name.
#[derive(Debug, Clone, Default)]
pub struct Sites {
    known: HashMap<(String, String), Site>,
    /// Whether files beside each other are a folder, and not those below the root.
    beside: bool,
    nothing: Site,
    kept: Arc<Mutex<Shelf>>,
}

/// So many bytes of memory hold what was read of files that were learned from.
const ROOM: usize = 32 << 20;

/// What was read to learn from it, until it is read for good: no page is parsed twice.
#[derive(Debug, Default)]
struct Shelf {
    pages: HashMap<[u8; 32], Kept>,
    size: usize,
}

/// A file of one article as it was read.
#[derive(Debug)]
pub(super) struct Kept {
    pub format: &'static str,
    pub draft: Draft,
    size: usize,
}

impl Shelf {
    fn keep(&mut self, mut read: Sampled) {
        let size = read.drafts.iter().map(Draft::size).sum();
        if !read.seen.whole || read.drafts.len() != 1 || self.size + size > ROOM {
            return;
        }
        if let Some(draft) = read.drafts.pop() {
            let Seen { digest, format, .. } = read.seen;
            if let Some(before) = self.pages.insert(digest, Kept { format, draft, size }) {
                self.size -= before.size;
            }
            self.size += size;
        }
    }
}

/// The folder that a path below a root belongs to, apart for each kind of pages and of flattened text.
///
/// `None` for files of which nothing is learned: records and containers.
pub(super) fn folder(path: &str) -> Option<String> {
    let shape = container::shape(path);
    let kind = match shape.kind {
        // What it is shows when it is read.
        None => format::by_name(shape.name)
            .map_or(if format::is_asset(shape.name) { "" } else { "other" }, |known| known.name()),
        Some(kind) => kind.name(),
    };
    if !matches!(kind, "html" | "mhtml" | "text" | "markdown" | "other") {
        return None;
    }
    let folder = path.split_once('/').map_or("", |(first, _)| first);
    Some(format!("{folder}/{kind}"))
}

/// What the files of a folder have in common; what is read of them is kept.
///
/// What is wrong with a file is told when it is read for good.
fn site_of(files: &[(u64, &str, &Path)], options: &Options, kept: &Mutex<Shelf>) -> Site {
    let mut site = Site::default();
    let mut sampled = Vec::new();
    for (_, path, file) in files {
        let read = catch_unwind(AssertUnwindSafe(|| {
            let read = read::sample(file, path, options)?;
            read.drafts.iter().for_each(|draft| site.learn(draft));
            Some(read)
        }));
        if let Ok(Some(read)) = read {
            sampled.push(read);
        }
    }
    site.settle();
    for draft in sampled.iter().flat_map(|read| &read.drafts) {
        if let Some(day_first) = extract::day_first(draft) {
            site.order(day_first);
        }
        let told = catch_unwind(AssertUnwindSafe(|| extract::places(draft, &site)));
        site.place(told.unwrap_or_default());
    }
    site.settle_places();
    let mut shelf = kept.lock().unwrap_or_else(PoisonError::into_inner);
    sampled.into_iter().for_each(|read| shelf.keep(read));
    site
}

impl Sites {
    /// What is known of the folder that a file lies in.
    pub fn of(&self, root: &str, path: &str) -> &Site {
        if self.known.is_empty() {
            return &self.nothing;
        }
        let (root, path) = match path.rsplit_once('/') {
            Some(parts) if self.beside => parts,
            _ => (root, path),
        };
        folder(path)
            .and_then(|folder| self.known.get(&(root.to_owned(), folder)))
            .unwrap_or(&self.nothing)
    }

    /// A file as it was read to learn from it, by the digest of its bytes; it is given once.
    pub(super) fn take(&self, digest: &[u8; 32]) -> Option<Kept> {
        let mut shelf = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let kept = shelf.pages.remove(digest)?;
        shelf.size -= kept.size;
        Some(kept)
    }

    /// What was learned of a folder, as a number; 0 for nothing.
    pub(super) fn digest(&self, root: &str, folder: &str) -> u64 {
        self.known.get(&(root.to_owned(), folder.to_owned())).map_or(0, Site::digest)
    }

    /// Learns of the folders in `wanted` from files given by their path below `root`.
    pub(super) fn learn<'f>(
        &mut self,
        root: &str,
        files: impl Iterator<Item = (&'f str, &'f Path)>,
        wanted: &BTreeSet<String>,
        options: &Options,
    ) {
        let mut samples: BTreeMap<String, Vec<(u64, &'f str, &'f Path)>> = BTreeMap::new();
        for (path, file) in files {
            if let Some(folder) = folder(path).filter(|folder| wanted.contains(folder)) {
                let sample = samples.entry(folder).or_default();
                sample.push((hash(path), path, file));
                if sample.len() >= SAMPLE * 2 {
                    sample.sort_unstable();
                    sample.truncate(SAMPLE);
                }
            }
        }
        // Of few files nothing is learned but what captures of one text have in common.
        let enough = |folder: &str, files: usize| {
            files >= FEWEST as usize
                || files > 1 && ["/text", "/markdown"].iter().any(|kind| folder.ends_with(kind))
        };
        let samples: Vec<_> =
            samples.into_iter().filter(|(folder, files)| enough(folder, files.len())).collect();
        let next = AtomicUsize::new(0);
        let learned = Mutex::new(Vec::new());
        let kept = &self.kept;
        std::thread::scope(|scope| {
            for _ in 0..options.readers.get().min(samples.len()) {
                scope.spawn(|| {
                    while let Some((folder, files)) =
                        samples.get(next.fetch_add(1, Ordering::Relaxed))
                    {
                        let mut files = files.clone();
                        files.sort_unstable();
                        files.truncate(SAMPLE);
                        let site = site_of(&files, options, kept);
                        let mut learned = learned.lock().unwrap_or_else(PoisonError::into_inner);
                        learned.push((folder.clone(), site));
                    }
                });
            }
        });
        let learned = learned.into_inner().unwrap_or_else(PoisonError::into_inner);
        let known = learned.into_iter().filter(|(_, site)| site.knows());
        self.known.extend(known.map(|(folder, site)| ((root.to_owned(), folder), site)));
    }

    /// Learns from files that are no corpus: those beside each other are taken for one folder.
    pub fn beside(files: &[PathBuf], options: &Options) -> Self {
        let mut folders: BTreeMap<&Path, Vec<(String, &Path)>> = BTreeMap::new();
        for file in files {
            let (Some(parent), Some(name)) = (file.parent(), file.file_name()) else { continue };
            folders.entry(parent).or_default().push((name.to_string_lossy().into_owned(), file));
        }
        let mut sites = Self { beside: true, ..Self::default() };
        for (parent, files) in folders {
            let wanted = files.iter().filter_map(|(name, _)| folder(name)).collect();
            let named = files.iter().map(|(name, file)| (&name[..], *file));
            sites.learn(&parent.to_string_lossy(), named, &wanted, options);
        }
        sites
    }
}

#[cfg(test)]
mod tests {
    use super::folder;

    #[test]
    fn each_kind_of_page_is_a_folder_of_its_own() {
        for (path, expected) in [
            ("courier/2021/a.html.gz", Some("courier/html")),
            ("courier/2021/a.mhtml", Some("courier/mhtml")),
            ("courier/b.md", Some("courier/markdown")),
            ("c.txt", Some("/text")),
            ("courier/d.docx", None),
            ("courier/e.jsonl", None),
            ("courier/f.zip", None),
            ("courier/2021/g.php", Some("courier/other")),
            ("courier/2021/harbour", Some("courier/other")),
            ("courier/h.jpg", None),
        ] {
            assert_eq!(folder(path).as_deref(), expected, "{path}");
        }
    }
}
