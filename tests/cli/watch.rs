//! `fiche index --watch` and `--keep-missing`.

use std::fs;
use std::process::Stdio;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Desk;

/// Looks until the hits are as expected, for a good while.
fn wait_for(desk: &Desk, expected: &[&str]) {
    let begun = Instant::now();
    loop {
        let exists = desk.index().join("article.toml").exists();
        let ids = if exists { desk.ids(&["herons"]) } else { Vec::new() };
        if ids == expected {
            return;
        }
        assert!(begun.elapsed() < Duration::from_secs(60), "{ids:?} and not {expected:?}");
        sleep(Duration::from_millis(200));
    }
}

#[cfg(feature = "watch")]
#[test]
fn what_changes_is_read_while_it_is_watched() {
    let desk = Desk::new();
    desk.article("a.md", "Herons", "The herons came back.");
    let corpus = desk.corpus();
    let mut child = desk
        .command(&["index", "--watch", corpus.to_str().unwrap()])
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    wait_for(&desk, &["a.md"]);
    desk.article("new/b.md", "Herons", "The herons left.");
    wait_for(&desk, &["a.md", "new/b.md"]);
    fs::rename(corpus.join("new/b.md"), corpus.join("c.md")).unwrap();
    wait_for(&desk, &["a.md", "c.md"]);
    fs::remove_file(corpus.join("a.md")).unwrap();
    wait_for(&desk, &["c.md"]);
    desk.article("c.md", "Geese", "The geese came back.");
    wait_for(&desk, &[]);
    let pid = child.id().to_string();
    std::process::Command::new("kill").args(["-INT", &pid]).status().unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(130));
    let mut told = String::new();
    std::io::Read::read_to_string(&mut child.stderr.unwrap(), &mut told).unwrap();
    assert!(told.contains("Watching for changes") && told.contains("1 renamed"), "{told}");
    assert_eq!(desk.run(&["check"]).code, Some(0));
}

#[test]
fn missing_files_keep_their_articles_where_that_is_asked() {
    let desk = Desk::new();
    for name in ["a.md", "b.md"] {
        desk.article(name, "Herons", &format!("The herons of {name} came back."));
    }
    desk.update();
    fs::remove_file(desk.corpus().join("a.md")).unwrap();
    let ran = desk.run(&["index", "--keep-missing"]);
    assert!(ran.err.contains("1 missing and kept"), "{ran:?}");
    assert_eq!(desk.ids(&["herons"]), ["a.md", "b.md"]);
    // It moved: that is not missing.
    fs::rename(desk.corpus().join("b.md"), desk.corpus().join("c.md")).unwrap();
    desk.run(&["index", "--keep-missing"]);
    assert_eq!(desk.ids(&["herons"]), ["a.md", "c.md"]);
    let ran = desk.run(&["index"]);
    assert!(ran.err.contains("1 gone"), "{ran:?}");
    assert_eq!(desk.ids(&["herons"]), ["c.md"]);
}
