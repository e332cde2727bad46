//! What the program writes about itself: the help of every command, the manual pages and the
//! completions.
//!
//! One snapshot a command, in `tests/snapshots/`. After a change of a command
//! `INSTA_UPDATE=always cargo test --test generated` writes them anew; read the difference as a
//! reviewer would.
#![allow(clippy::unwrap_used, reason = "tests")]

use std::collections::BTreeSet;
use std::process::Command;

/// What the program says, apart from all settings and terminals.
fn said(args: &[&str]) -> String {
    let folder = tempfile::tempdir().unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_fiche"))
        .args(args)
        .current_dir(folder.path())
        .env_clear()
        .env("XDG_CONFIG_HOME", folder.path())
        .output()
        .unwrap();
    assert!(output.status.success(), "{args:?}: {}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

/// The commands, as the completions know them.
fn commands() -> BTreeSet<String> {
    let script = said(&["completions", "fish"]);
    let rows = script.lines().filter(|row| row.contains("fish_fiche_needs_command\" -f -a \""));
    rows.filter_map(|row| row.split(" -a \"").nth(1)?.split('"').next().map(str::to_owned))
        .collect()
}

#[test]
fn the_help_of_every_command_is_as_it_was() {
    let commands = commands();
    assert!(commands.contains("search") && commands.contains("export"), "{commands:?}");
    insta::assert_snapshot!("help", said(&["--help"]));
    for command in &commands {
        insta::assert_snapshot!(format!("help-{command}"), said(&["help", command]));
    }
}

#[test]
fn the_first_screen_of_help_fits_and_names_every_command() {
    let help = said(&["--help"]);
    assert!(help.lines().count() <= 44, "{} lines", help.lines().count());
    for line in help.lines() {
        assert!(line.chars().count() <= 90, "{line}");
    }
    for command in commands() {
        assert!(help.contains(&*command), "`fiche --help` does not name {command}");
    }
}

#[test]
fn every_command_has_a_manual_page() {
    let folder = tempfile::tempdir().unwrap();
    let place = folder.path().to_str().unwrap();
    said(&["man", "--out", place]);
    for command in commands() {
        let page = folder.path().join(format!("fiche-{command}.1"));
        let page = std::fs::read_to_string(&page).unwrap();
        assert!(page.contains(".SH SYNOPSIS"), "{command}");
    }
    for page in ["fiche.1", "fiche-query.7"] {
        assert!(folder.path().join(page).is_file(), "{page}");
    }
}

#[test]
fn completions_of_every_shell_know_every_command() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let script = said(&["completions", shell]);
        for command in commands() {
            assert!(script.contains(&*command), "{shell} does not know {command}");
        }
    }
}
