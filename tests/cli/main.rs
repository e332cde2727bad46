//! Runs of the program as a person has them: exit status, stdout and stderr together.
#![allow(clippy::unwrap_used, clippy::print_stderr, missing_docs, reason = "tests")]

mod crash;
mod damage;
mod faults;
mod full;
mod looks;
mod runs;
#[path = "../support/skip.rs"]
mod skip;
mod tour;
mod watch;

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use tempfile::TempDir;

/// The sample archive of the project.
fn sample() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("data/sample")
}

/// A folder of one test: a corpus in `corpus`, an index in `index`.
struct Desk {
    folder: TempDir,
}

/// What a run of the program gave.
#[derive(Debug)]
struct Ran {
    code: Option<i32>,
    out: String,
    err: String,
}

impl Desk {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::create_dir(folder.path().join("corpus")).unwrap();
        Self { folder }
    }

    /// A desk with the sample archive indexed.
    fn with_sample() -> Self {
        let desk = Self::new();
        let ran = desk.run(&["index", "--quiet", sample().to_str().unwrap()]);
        assert_eq!(ran.code, Some(0), "{ran:?}");
        desk
    }

    fn corpus(&self) -> PathBuf {
        self.folder.path().join("corpus")
    }

    fn index(&self) -> PathBuf {
        self.folder.path().join("index")
    }

    /// Writes a file of the corpus, old enough that a later change is seen by its time.
    fn write(&self, name: &str, bytes: impl AsRef<[u8]>) {
        let path = self.corpus().join(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, bytes).unwrap();
        let old = std::time::SystemTime::now() - std::time::Duration::from_secs(3600);
        fs::File::options().write(true).open(&path).unwrap().set_modified(old).unwrap();
    }

    /// A short article as Markdown.
    fn article(&self, name: &str, headline: &str, body: &str) {
        self.write(name, format!("---\ntitle: {headline}\n---\n\n{body}\n"));
    }

    fn command(&self, args: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_fiche"));
        command
            .args(args)
            .current_dir(self.folder.path())
            .env("FICHE_INDEX", self.index())
            .env("FICHE_TODAY", "2026-11-25")
            .env_remove("NO_COLOR")
            .env_remove("CLICOLOR_FORCE");
        command
    }

    fn run(&self, args: &[&str]) -> Ran {
        ran(&self.command(args).output().unwrap())
    }

    /// Brings the index up to date with the corpus.
    fn update(&self) -> Ran {
        self.run(&["index", self.corpus().to_str().unwrap()])
    }

    /// The first column of the hits, sorted.
    fn ids(&self, query: &[&str]) -> Vec<String> {
        let args = [&["export", "--format", "csv", "--fields", "id"], query].concat();
        let ran = self.run(&args);
        assert_ne!(ran.code, Some(2), "{ran:?}");
        let mut ids: Vec<String> = ran.out.lines().skip(1).map(str::to_owned).collect();
        ids.sort();
        ids
    }
}

fn ran(output: &Output) -> Ran {
    Ran {
        code: output.status.code(),
        out: String::from_utf8_lossy(&output.stdout).into_owned(),
        err: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}

/// Whether this process may do what its permissions forbid, so that a test of them says nothing.
fn is_root() -> bool {
    let probe = tempfile::tempdir().unwrap();
    let path = probe.path().join("closed");
    fs::write(&path, "x").unwrap();
    let mut permissions = fs::metadata(&path).unwrap().permissions();
    std::os::unix::fs::PermissionsExt::set_mode(&mut permissions, 0o000);
    fs::set_permissions(&path, permissions).unwrap();
    fs::read(&path).is_ok()
}
