//! `fiche optimize`

use std::time::Instant;

use clap::Args;

use super::FOUND;
use super::failure::Failure;
use super::index::{abort, once_free};
use super::settings::{Global, Screen, counted, sized};
use crate::engine::Engine;

/// Merge the parts of the index into one: it becomes smaller, and quicker to search.
///
/// Each run of fiche index adds a part, and parts are merged now and then by themselves, so that
/// there are never many. This merges all of them and drops what was replaced or removed since. It
/// needs about as much room on the disk as the index takes. Searches go on meanwhile; it can be
/// stopped at any time, and the index then is as it was.
///
/// Exit status: 0 done, 2 failed, 130 stopped by Ctrl-C.
#[derive(Debug, Args)]
pub(super) struct OptimizeArgs {
    /// Wait until no other fiche writes the index.
    #[arg(long)]
    pub wait: bool,
}

pub(super) fn run(args: &OptimizeArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    // A merger counts once it is whole, so there is nothing to be ended in order.
    if let Err(error) = ctrlc::set_handler(abort) {
        screen.say(&format!("note: Ctrl-C will leave files behind for a while ({error})"));
    }
    let begun = Instant::now();
    let size = || -> Result<String, Failure> {
        let status = local.status()?;
        let parts = counted(status.segments as u64, "part", "parts");
        Ok(format!("{parts}, {}", sized(status.bytes)))
    };
    let before = size()?;
    if once_free(args.wait, screen, || local.optimize())? {
        let took = begun.elapsed().as_secs_f64();
        screen.say(&format!("Before: {before}. Now: {}.  {took:.1} s", size()?));
    } else {
        screen.say(&format!("There is nothing to merge: {before}."));
    }
    Ok(FOUND)
}
