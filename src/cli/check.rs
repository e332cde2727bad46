//! `fiche check`

use std::io::{BufWriter, Write, stdout};

use clap::Args;

use super::FOUND;
use super::failure::Failure;
use super::settings::{Global, Screen, counted, sized};
use crate::engine::local::Local;
use crate::output::visible::line;

/// Look whether the index is as it was written: every byte of it is read.
///
/// Each file that is damaged or missing is listed with what is wrong with it. An index is
/// repaired by building it anew from its folders: fiche index --rebuild.
///
/// Exit status: 0 it is sound, 2 it is damaged or cannot be looked at.
#[derive(Debug, Args)]
pub(super) struct CheckArgs {}

pub(super) fn run(_: &CheckArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let place = global.place();
    let checked = Local::check(&place)?;
    let mut out = BufWriter::new(stdout().lock());
    for damage in &checked.damage {
        writeln!(out, "{}\t{}", line(&damage.file), line(&damage.why))?;
    }
    out.flush()?;
    if !checked.damage.is_empty() {
        let files = counted(checked.damage.len() as u64, "file is", "files are");
        return Err(Failure::new(format!("{files} damaged in the index at {}", place.display()))
            .hint("build it anew from the same folders: fiche index --rebuild"));
    }
    let files = counted(checked.files, "file", "files");
    screen.say(&format!("The index is sound: {files}, {}.", sized(checked.bytes)));
    Ok(FOUND)
}
