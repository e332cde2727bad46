//! The files of a corpus, in one order on every machine.

use std::collections::HashMap;
use std::fs::Metadata;
use std::path::{Path, PathBuf};
use std::time::SystemTime;

use ignore::gitignore::{Gitignore, GitignoreBuilder};
use walkdir::WalkDir;

/// The file that says which files of a folder are left out, in the syntax of `.gitignore`.
pub const IGNORE_FILE: &str = ".ficheignore";

/// What the folder of an index holds beside each other: the declaration of its fields, and the
/// engine's own folder.
const INDEX_PARTS: [&str; 2] = ["article.toml", "tantivy"];

/// Whether a folder is an index of fiche, whatever it is called: no part of a corpus.
pub fn is_index(folder: &Path) -> bool {
    let [declaration, engine] = INDEX_PARTS;
    folder.join(declaration).is_file() && folder.join(engine).is_dir()
}

/// A file of the corpus.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Source {
    /// Where it is.
    pub file: PathBuf,
    /// Its path below the root, with `/` between the parts.
    pub path: String,
    /// Its size in bytes.
    pub size: u64,
    /// When it was last changed, in nanoseconds since 1970.
    pub changed: i64,
}

/// A place that could not be looked at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Blocked {
    /// Its path below the root; all that lies under it is unknown.
    pub path: String,
    /// What the system says.
    pub why: String,
}

/// What a walk found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Walked {
    /// The files, by path.
    pub sources: Vec<Source>,
    /// Places that could not be looked at.
    pub blocked: Vec<Blocked>,
    /// Names left out by `.ficheignore`.
    pub ignored: u64,
    /// Hidden files and folders, which are not read.
    pub hidden: u64,
    /// Folders with the pictures, programs and frames of a page that a browser saved beside them.
    pub parts: u64,
}

/// Lists the files under `root`, in the order of their paths.
///
/// The order is the same on every machine, so that two runs over one corpus build the same index.
/// Links are not followed (a loop in an archive would never end), only regular files are taken (a
/// pipe would never answer), names that begin with a full stop and indexes of fiche are left out. A
/// root that is a file is a corpus of one.
pub fn walk(root: &Path) -> Walked {
    let mut walked = Walked::default();
    let mut rules: HashMap<PathBuf, Option<Gitignore>> = HashMap::new();
    let mut entries = WalkDir::new(root).follow_links(false).sort_by_file_name().into_iter();
    while let Some(entry) = entries.next() {
        let entry = match entry {
            Ok(entry) => entry,
            Err(error) => {
                let path = error.path().map_or(String::new(), |path| below(root, path));
                let why = error.io_error().map_or_else(|| error.to_string(), ToString::to_string);
                walked.blocked.push(Blocked { path, why });
                continue;
            }
        };
        let is_folder = entry.file_type().is_dir();
        let skip_folder = |entries: &mut walkdir::IntoIter| {
            if is_folder {
                entries.skip_current_dir();
            }
        };
        if entry.depth() > 0 && entry.file_name().as_encoded_bytes().starts_with(b".") {
            skip_folder(&mut entries);
            if entry.file_name() != IGNORE_FILE && entry.file_name() != ".fiche" {
                walked.hidden += 1;
            }
            continue;
        }
        if entry.depth() > 0 && is_ignored(root, entry.path(), is_folder, &mut rules, &mut walked) {
            skip_folder(&mut entries);
            walked.ignored += 1;
            continue;
        }
        if is_folder && entry.depth() > 0 && is_part(entry.path()) {
            skip_folder(&mut entries);
            walked.parts += 1;
            continue;
        }
        if is_folder {
            if is_index(entry.path()) {
                skip_folder(&mut entries);
                if entry.depth() == 0 {
                    let why = "an index of fiche, which is not read".to_owned();
                    walked.blocked.push(Blocked { path: String::new(), why });
                }
            }
            continue;
        }
        let path = if entry.depth() == 0 {
            entry.file_name().to_string_lossy().into_owned()
        } else {
            below(root, entry.path())
        };
        if !entry.file_type().is_file() {
            let what = if entry.file_type().is_symlink() { "a link" } else { "not a regular file" };
            walked.blocked.push(Blocked { path, why: format!("{what}, which is not followed") });
            continue;
        }
        match entry.metadata() {
            Ok(metadata) => walked.sources.push(Source {
                file: entry.path().to_owned(),
                path,
                size: metadata.len(),
                changed: changed(&metadata),
            }),
            Err(error) => walked.blocked.push(Blocked { path, why: error.to_string() }),
        }
    }
    walked.sources.sort_by(|a, b| a.path.cmp(&b.path));
    walked
}

/// Whether a folder holds the parts of a page that was saved beside it: `Ice.html` and `Ice_files`.
///
/// Browsers name it so in English; some of Windows's in the language of the system.
fn is_part(folder: &Path) -> bool {
    const ENDINGS: [&str; 14] = [
        "_files",
        "_file",
        "-Dateien",
        "_fichiers",
        "_archivos",
        "_ficheiros",
        "_arquivos",
        "_bestanden",
        "-filer",
        "_filer",
        "_pliki",
        "_soubory",
        "_tiedostot",
        ".files",
    ];
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let Some(stem) = ENDINGS.iter().find_map(|ending| name.strip_suffix(ending)) else {
        return false;
    };
    let beside = |ending: &str| folder.with_file_name(format!("{stem}.{ending}")).is_file();
    !stem.is_empty() && ["html", "htm", "xhtml"].into_iter().any(beside)
}

/// When a file was last changed, in nanoseconds since 1970; 0 where the system does not say.
pub fn changed(metadata: &Metadata) -> i64 {
    let Ok(time) = metadata.modified() else { return 0 };
    let nanos = |duration: std::time::Duration| i64::try_from(duration.as_nanos()).unwrap_or(0);
    match time.duration_since(SystemTime::UNIX_EPOCH) {
        Ok(after) => nanos(after),
        Err(before) => -nanos(before.duration()),
    }
}

fn below(root: &Path, path: &Path) -> String {
    let path = path.strip_prefix(root).unwrap_or(path);
    let parts: Vec<_> = path.iter().map(|part| part.to_string_lossy()).collect();
    parts.join("/")
}

fn is_ignored(
    root: &Path,
    path: &Path,
    is_folder: bool,
    rules: &mut HashMap<PathBuf, Option<Gitignore>>,
    walked: &mut Walked,
) -> bool {
    // The rule of the nearest folder wins, as in git.
    for folder in path.ancestors().skip(1) {
        let rule = rules.entry(folder.to_owned()).or_insert_with(|| {
            let file = folder.join(IGNORE_FILE);
            if !file.is_file() {
                return None;
            }
            let mut builder = GitignoreBuilder::new(folder);
            if let Some(error) = builder.add(&file) {
                let (path, why) = (below(root, &file), error.to_string());
                walked.blocked.push(Blocked { path, why });
            }
            builder.build().ok()
        });
        if let Some(rule) = rule {
            let found = rule.matched(path, is_folder);
            if !found.is_none() {
                return found.is_ignore();
            }
        }
        if folder == root {
            break;
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_index_is_no_part_of_a_corpus() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        std::fs::create_dir_all(at("deep/ix/tantivy")).unwrap();
        std::fs::create_dir_all(at("tantivy")).unwrap();
        for name in
            ["deep/ix/article.toml", "deep/ix/tantivy/meta.json", "deep/a.txt", "article.toml.txt"]
        {
            std::fs::write(at(name), "x").unwrap();
        }
        let paths = |walked: Walked| -> Vec<String> {
            walked.sources.into_iter().map(|source| source.path).collect()
        };
        assert_eq!(paths(walk(root.path())), ["article.toml.txt", "deep/a.txt"]);
        let itself = walk(&at("deep/ix"));
        assert_eq!((itself.sources.len(), itself.blocked.len()), (0, 1));
    }

    #[test]
    fn parts_of_a_saved_page_are_left_out() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        for folder in ["Ice and snow_files", "Eis-Dateien", "loose_files", "_files"] {
            std::fs::create_dir(at(folder)).unwrap();
            std::fs::write(at(folder).join("frame.html"), "x").unwrap();
        }
        for page in ["Ice and snow.html", "Eis.htm", ".html"] {
            std::fs::write(at(page), "x").unwrap();
        }
        let walked = walk(root.path());
        let paths: Vec<&str> = walked.sources.iter().map(|source| &source.path[..]).collect();
        let kept = ["Eis.htm", "Ice and snow.html", "_files/frame.html", "loose_files/frame.html"];
        assert_eq!((paths, walked.parts), (kept.to_vec(), 2));
        // Whoever asks for them gets them.
        assert_eq!(walk(&at("Eis-Dateien")).sources.len(), 1);
    }

    #[test]
    fn what_is_ignored_hidden_or_linked_is_left_out() {
        let root = tempfile::tempdir().unwrap();
        let at = |name: &str| root.path().join(name);
        for folder in ["a", "drafts", ".git"] {
            std::fs::create_dir(at(folder)).unwrap();
        }
        for (name, text) in [
            (".ficheignore", "drafts/\n*.log\n!keep.log\n"),
            (".gitignore", "a/\n"),
            ("a/2.txt", "x"),
            ("a/10.txt", "x"),
            ("b.txt", "x"),
            ("old.log", "x"),
            ("keep.log", "x"),
            ("drafts/d.txt", "x"),
            (".git/config", "x"),
        ] {
            std::fs::write(at(name), text).unwrap();
        }
        #[cfg(unix)]
        std::os::unix::fs::symlink(at("a"), at("loop")).unwrap();
        let walked = walk(root.path());
        let paths: Vec<&str> = walked.sources.iter().map(|source| &source.path[..]).collect();
        assert_eq!(paths, ["a/10.txt", "a/2.txt", "b.txt", "keep.log"]);
        assert_eq!((walked.ignored, walked.hidden), (2, 2));
        assert_eq!(walked.blocked.len(), usize::from(cfg!(unix)));
        assert_eq!(walk(&at("b.txt")).sources[0].path, "b.txt");
        assert_eq!(walk(&at("nowhere")).blocked.len(), 1);
    }
}
