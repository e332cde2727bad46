//! What a run has to do: the walk beside the ledger.

use std::collections::{BTreeSet, HashMap, HashSet};
use std::time::SystemTime;

use super::{Observer, Options, Summary, sites};
use crate::corpus::{Source, Walked};
use crate::ledger::{FileNumber, FileRecord, Ledger, Problem, ProblemKind, Root};

/// A file changed so shortly before it was read that a later change might carry the same time.
const YOUNG: i64 = 2_000_000_000;

/// One file to read.
#[derive(Debug, Clone)]
pub(super) struct Work {
    /// The label of its root.
    pub root: String,
    pub source: Source,
    /// The number that its articles get.
    pub number: FileNumber,
    /// What the ledger knew of it.
    pub known: Option<FileRecord>,
    /// When the plan was made, in nanoseconds since 1970.
    pub now: i64,
    /// What is known of its folder and of the archive, as a number.
    pub site: u64,
    /// Whether it is read even where its bytes are known.
    pub again: bool,
}

impl Work {
    pub fn young(&self) -> bool {
        self.source.changed > self.now - YOUNG
    }
}

#[derive(Debug, Default)]
pub(super) struct Plan {
    pub work: Vec<Work>,
    /// Numbers whose articles are dropped before anything is read.
    pub forget: Vec<FileNumber>,
    /// Files that are no longer where they were.
    pub gone: Vec<(String, String, FileRecord)>,
    /// The same by digest, with their paths, to know a file under another name.
    pub gone_by_digest: HashMap<[u8; 32], (String, FileRecord)>,
    /// The sizes of those, so that only files of such a size are asked for their digest first.
    pub gone_sizes: HashSet<u64>,
    /// Whether the ledger must be written in any case.
    pub dirty: bool,
}

impl Plan {
    pub fn make(
        walks: Vec<(String, Walked)>,
        ledger: &mut Ledger,
        options: &mut Options,
        summary: &mut Summary,
        observer: &mut dyn Observer,
    ) -> Self {
        let mut plan = Plan::default();
        let now = SystemTime::now()
            .duration_since(SystemTime::UNIX_EPOCH)
            .map_or(0, |time| i64::try_from(time.as_nanos()).unwrap_or(i64::MAX));
        for (label, walked) in walks {
            let mut next = ledger.next;
            let Some(root) = ledger.roots.get_mut(&label) else { continue };
            summary.ignored += walked.ignored;
            summary.hidden += walked.hidden;
            summary.parts += walked.parts;
            summary.blocked += walked.blocked.len() as u64;
            for blocked in &walked.blocked {
                let problem = Problem {
                    place: String::new(),
                    kind: ProblemKind::Unreadable,
                    why: blocked.why.clone(),
                };
                observer.skipped(&blocked.path, &problem);
            }
            let seen: HashSet<&str> = walked.sources.iter().map(|s| &s.path[..]).collect();
            for (path, record) in &root.files {
                let hidden = walked.blocked.iter().any(|blocked| {
                    path == &blocked.path || path.starts_with(&format!("{}/", blocked.path))
                });
                if !seen.contains(&path[..]) && !hidden {
                    plan.gone.push((label.clone(), path.clone(), record.clone()));
                    if record.finished && record.articles > 0 {
                        plan.gone_sizes.insert(record.size);
                        let known = (path.clone(), record.clone());
                        plan.gone_by_digest.insert(record.digest, known);
                    }
                }
            }
            learn(&label, root, &walked, options);
            for source in walked.sources {
                summary.files += 1;
                summary.bytes += source.size;
                let known = root.files.get(&source.path).cloned();
                let site = sites::folder(&source.path)
                    .and_then(|folder| root.known.get(&folder).copied())
                    .unwrap_or(0)
                    ^ options.rules;
                let again = options.again || known.as_ref().is_some_and(|r| r.site != site);
                if let Some(record) = &known
                    && !again
                    && record.finished
                    && !record.young
                    && (record.size, record.changed) == (source.size, source.changed)
                {
                    summary.unchanged += 1;
                    continue;
                }
                let mut known = known;
                if let Some(record) = known.as_ref().filter(|record| !record.finished) {
                    plan.forget.push(record.number);
                    root.files.remove(&source.path);
                    known = None;
                }
                next += 1;
                let root = label.clone();
                let work = Work { root, source, number: next, known, now, site, again };
                plan.work.push(work);
            }
            plan.dirty |= next != ledger.next && plan.work.is_empty();
            ledger.next = next;
        }
        plan
    }
}

/// Learns of the folders in which something changed, and keeps in `root` what is known of them.
///
/// A file that was read when something else was known of its folder counts as changed.
fn learn(label: &str, root: &mut Root, walked: &Walked, options: &mut Options) {
    let mut touched = BTreeSet::new();
    let mut seen = HashSet::new();
    for source in &walked.sources {
        seen.insert(&source.path[..]);
        let Some(folder) = sites::folder(&source.path) else { continue };
        let known = root.known.get(&folder).copied().unwrap_or(0);
        let same = root.files.get(&source.path).is_some_and(|record| {
            !record.young
                && (record.size, record.changed) == (source.size, source.changed)
                && record.site == known ^ options.rules
        });
        let learned = root.known.contains_key(&folder);
        if !same || options.again || learned != options.priors {
            touched.insert(folder);
        }
    }
    let gone = root.files.keys().filter(|path| !seen.contains(&path[..]));
    touched.extend(gone.filter_map(|path| sites::folder(path)));
    let mut sites = std::mem::take(&mut options.sites);
    if options.priors {
        let files = walked.sources.iter().map(|source| (&source.path[..], source.file.as_path()));
        sites.learn(label, files, &touched, options);
    }
    for folder in touched {
        if options.priors {
            let digest = sites.digest(label, &folder);
            root.known.insert(folder, digest);
        } else {
            root.known.remove(&folder);
        }
    }
    options.sites = sites;
}
