//! Runs of the program in a folder of their own.
#![allow(dead_code, reason = "each test uses some of it")]

use std::fs;
use std::process::{Command, Output};

use serde_json::Value;
use tempfile::TempDir;

/// A folder with the sample archive and its index.
pub struct Desk {
    pub folder: TempDir,
}

impl Desk {
    pub fn empty() -> Self {
        Desk { folder: tempfile::tempdir().unwrap() }
    }

    pub fn new() -> Self {
        let desk = Desk::empty();
        desk.done(&["demo", "demo"]);
        desk.done(&["index", "demo"]);
        desk
    }

    pub fn run(&self, args: &[&str]) -> Output {
        Command::new(env!("CARGO_BIN_EXE_fiche"))
            .args(args)
            .current_dir(self.folder.path())
            .env_clear()
            .env("XDG_CONFIG_HOME", self.folder.path().join("own"))
            .env("FICHE_TODAY", "2026-11-25")
            .output()
            .unwrap()
    }

    /// Runs it, and gives what it wrote.
    pub fn done(&self, args: &[&str]) -> String {
        let output = self.run(args);
        let told = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{args:?}: {told}");
        String::from_utf8(output.stdout).unwrap()
    }

    pub fn export(&self, format: &str) -> String {
        self.done(&["export", "*", "--format", format])
    }

    pub fn articles(&self) -> Vec<Value> {
        let lines = self.export("jsonl");
        lines.lines().map(|line| serde_json::from_str(line).unwrap()).collect()
    }

    pub fn path(&self, name: &str) -> std::path::PathBuf {
        self.folder.path().join(name)
    }

    pub fn write(&self, name: &str, text: &str) {
        fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        fs::write(self.path(name), text).unwrap();
    }
}
