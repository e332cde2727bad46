//! A full disk and a read-only one: file systems of the tests' own, which need root.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use super::skip::skipped;
use super::{Desk, Ran, ran};

/// A file system in memory, unmounted at its end.
struct Small(PathBuf);

impl Small {
    /// `None` where this process may not mount, so that the test says nothing.
    fn mount(place: &Path, kilobytes: u64) -> Option<Self> {
        fs::create_dir_all(place).unwrap();
        let size = format!("size={kilobytes}k");
        let mounted = Command::new("mount")
            .args(["-t", "tmpfs", "-o", &size, "fiche-test"])
            .arg(place)
            .output();
        match mounted {
            Ok(output) if output.status.success() => Some(Self(place.to_owned())),
            Ok(output) => {
                skipped(String::from_utf8_lossy(&output.stderr).trim());
                None
            }
            Err(error) => {
                skipped(&format!("mount cannot be run: {error}"));
                None
            }
        }
    }

    fn resize(&self, kilobytes: u64) {
        let option = format!("remount,size={kilobytes}k");
        let done = Command::new("mount").args(["-o", &option]).arg(&self.0).status().unwrap();
        assert!(done.success(), "{kilobytes}k");
    }

    fn read_only(&self) {
        let done = Command::new("mount").args(["-o", "remount,ro"]).arg(&self.0).status().unwrap();
        assert!(done.success());
    }

    fn used(&self) -> u64 {
        let output =
            Command::new("df").args(["--output=used", "-k"]).arg(&self.0).output().unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        text.lines().nth(1).unwrap().trim().parse().unwrap()
    }
}

impl Drop for Small {
    fn drop(&mut self) {
        drop(Command::new("umount").arg("-l").arg(&self.0).status());
    }
}

/// Files of lines whose words repeat little, so that an index of them takes room.
fn corpus(desk: &Desk, round: u64) {
    let mut seed = 88_172_645_463_325_252_u64 ^ round;
    let mut word = || {
        seed ^= seed << 13;
        seed ^= seed >> 7;
        seed ^= seed << 17;
        format!("w{:x}", seed % 200_000)
    };
    for file in 0..12 {
        let mut text = String::new();
        for line in 0..60 {
            let body: Vec<String> = (0..120).map(|_| word()).collect();
            text.push_str(&format!(
                "{{\"id\":\"{file}-{line}\",\"title\":\"Round {round}\",\"text\":\"{}\"}}\n",
                body.join(" ")
            ));
        }
        desk.write(&format!("{file:02}.jsonl"), text);
    }
}

fn with_index(desk: &Desk, index: &Path, args: &[&str]) -> Ran {
    ran(&desk.command(args).env("FICHE_INDEX", index).output().unwrap())
}

#[test]
fn r03_a_full_disk_keeps_the_last_commit_and_the_next_run_finishes() {
    let desk = Desk::new();
    let place = desk.folder.path().join("small");
    let Some(small) = Small::mount(&place, 1 << 20) else { return };
    let index = place.join("index");
    let folder = desk.corpus();
    let folder = folder.to_str().unwrap();
    let rounds = |round: u64| {
        let query = format!("headline:\"round {round}\"");
        with_index(&desk, &index, &["search", &query, "-n", "1", "--format", "jsonl"]).code
    };
    corpus(&desk, 0);
    assert_eq!(with_index(&desk, &index, &["index", folder]).code, Some(0));
    let mut full = 0;
    let mut round = 0;
    for more in [4, 24, 64, 200, 500, 1000, 1500, 2000, 3000, 5000] {
        let before = round;
        round += 1;
        corpus(&desk, round);
        small.resize(small.used() + more);
        let ran = with_index(&desk, &index, &["index", folder]);
        if ran.code != Some(0) {
            full += 1;
            assert_eq!(ran.code, Some(2), "{more}k: {ran:?}");
            assert!(ran.err.contains("the disk is full"), "{more}k: {ran:?}");
            assert!(ran.err.contains(index.to_str().unwrap()), "{more}k: {ran:?}");
            assert!(ran.err.contains("holds what it held at commit"), "{more}k: {ran:?}");
            assert_eq!((rounds(before), rounds(round)), (Some(0), Some(1)), "{more}k");
            let ran = with_index(&desk, &index, &["check"]);
            assert_eq!(ran.code, Some(0), "{more}k: {ran:?}");
            small.resize(1 << 20);
            let ran = with_index(&desk, &index, &["index"]);
            assert_eq!(ran.code, Some(0), "{more}k: {ran:?}");
        }
        small.resize(1 << 20);
        assert_eq!((rounds(before), rounds(round)), (Some(1), Some(0)), "{more}k");
    }
    assert!(full >= 4, "the disk was full {full} times only");
}

#[test]
fn r03_a_first_run_on_a_full_disk_is_an_error_and_no_more() {
    let desk = Desk::new();
    let place = desk.folder.path().join("small");
    let Some(small) = Small::mount(&place, 1 << 20) else { return };
    let folder = desk.corpus();
    let folder = folder.to_str().unwrap();
    corpus(&desk, 0);
    for (number, size) in [4, 8, 12, 16, 24, 32, 64, 200, 500].into_iter().enumerate() {
        let index = place.join(format!("index-{number}"));
        small.resize(small.used().max(4) + size);
        let ran = with_index(&desk, &index, &["index", folder]);
        assert_eq!(ran.code, Some(2), "{size}k: {ran:?}");
        assert!(ran.err.contains("the disk is full"), "{size}k: {ran:?}");
        small.resize(1 << 20);
        let ran = with_index(&desk, &index, &["index", folder]);
        assert_eq!(ran.code, Some(0), "{size}k: {ran:?}");
        assert_eq!(with_index(&desk, &index, &["check"]).code, Some(0), "{size}k");
    }
}

#[test]
fn r03_an_export_on_a_full_disk_leaves_no_half_file() {
    let desk = Desk::new();
    let place = desk.folder.path().join("small");
    let Some(_small) = Small::mount(&place, 100) else { return };
    corpus(&desk, 0);
    desk.update();
    for name in ["hits.jsonl", "hits.csv", "hits.html", "hits.xlsx"] {
        let file = place.join(name);
        let ran = desk.run(&["export", "*", "-o", file.to_str().unwrap()]);
        assert_eq!(ran.code, Some(2), "{ran:?}");
        assert!(ran.err.contains(file.to_str().unwrap()), "the file is named: {ran:?}");
        let left: Vec<_> = fs::read_dir(&place).unwrap().collect();
        assert!(left.is_empty(), "{name}: {left:?}");
    }
    let folder = place.join("texts");
    let ran = desk.run(&["export", "*", "--format", "txt", "-o", folder.to_str().unwrap()]);
    assert_eq!(ran.code, Some(2), "{ran:?}");
    assert_eq!(fs::read_dir(&place).unwrap().count(), 0);
}

#[test]
fn r04_an_index_on_a_read_only_disk_is_searched_and_not_written() {
    let desk = Desk::new();
    let place = desk.folder.path().join("small");
    let Some(small) = Small::mount(&place, 1 << 20) else { return };
    let index = place.join("index");
    corpus(&desk, 0);
    let folder = desk.corpus();
    let folder = folder.to_str().unwrap();
    assert_eq!(with_index(&desk, &index, &["index", folder]).code, Some(0));
    small.read_only();
    for args in [
        &["search", "round"][..],
        &["export", "round", "--format", "csv"],
        &["facets", "round"],
        &["status"],
        &["check"],
    ] {
        let ran = with_index(&desk, &index, args);
        assert_eq!(ran.code, Some(0), "{args:?}: {ran:?}");
    }
    corpus(&desk, 1);
    for args in [&["index"][..], &["index", "--rebuild"]] {
        let ran = with_index(&desk, &index, args);
        assert_eq!(ran.code, Some(2), "{args:?}: {ran:?}");
        assert!(ran.err.contains("cannot be written"), "{args:?}: {ran:?}");
        assert!(ran.err.contains("hint: put the index elsewhere"), "{args:?}: {ran:?}");
    }
    assert_eq!(with_index(&desk, &index, &["search", "round"]).code, Some(0));
}
