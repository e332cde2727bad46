//! `fiche demo`

use std::path::PathBuf;

use clap::Args;
use include_dir::{Dir, include_dir};

use super::FOUND;
use super::export::whole_folder;
use super::failure::Failure;
use super::settings::{Screen, counted};

/// The sample archive, as it lies in `data/sample`.
static SAMPLE: Dir<'_> = include_dir!("$CARGO_MANIFEST_DIR/data/sample");

/// Write a small sample archive into a folder, to try things on.
///
/// Sixty files of a made-up town: web pages, notes, scrapes, records and tables, with duplicates,
/// odd encodings and broken ones among them. Its README.md tells what is odd about each.
///
/// Exit status: 0 done, 2 failed.
#[derive(Debug, Args)]
pub(super) struct DemoArgs {
    /// The folder to make.
    #[arg(value_name = "FOLDER", default_value = "fiche-demo")]
    folder: PathBuf,
}

pub(super) fn run(args: &DemoArgs, screen: &Screen) -> Result<u8, Failure> {
    let files = whole_folder(&args.folder, |beside| {
        SAMPLE.extract(beside)?;
        Ok(count(&SAMPLE))
    })?;
    let shown = args.folder.display();
    screen.say(&format!("Wrote {} to {shown}", counted(files, "file", "files")));
    screen.say(&format!("Next:  fiche index {shown}"));
    Ok(FOUND)
}

fn count(folder: &Dir<'_>) -> u64 {
    folder.files().count() as u64 + folder.dirs().map(count).sum::<u64>()
}
