//! `fiche index --watch`

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use notify::{Event, EventKind, RecursiveMode, Watcher};

use super::INTERRUPTED;
use super::failure::Failure;
use super::index::{IndexArgs, report, stopping, update_until};
use super::settings::Screen;
use crate::engine::Engine;
use crate::engine::local::Local;
use crate::ingest::Options;

/// What changes is read once nothing has changed for so long.
const QUIET: Duration = Duration::from_secs(1);
/// What changes all the time is read this often.
const LONGEST: Duration = Duration::from_secs(30);
/// How often Ctrl-C is looked for.
const GLANCE: Duration = Duration::from_millis(100);

/// Brings the index up to date, again and again, until Ctrl-C.
pub(super) fn run(
    args: &IndexArgs,
    local: &Local,
    roots: &[PathBuf],
    mut options: Options,
    screen: &Screen,
) -> Result<u8, Failure> {
    let stop = stopping(screen);
    let (events_in, events) = channel();
    let mut watcher = notify::recommended_watcher(events_in).map_err(|error| failed(&error))?;
    let watched: Vec<PathBuf> = match roots {
        [] => local.ledger()?.roots.values().map(|root| PathBuf::from(&root.place)).collect(),
        roots => roots.to_owned(),
    };
    // Watching begins before the first run, so that no change falls between the two.
    for root in &watched {
        watcher.watch(root, RecursiveMode::Recursive).map_err(|error| failed(&error))?;
    }
    let place = std::path::absolute(local.place()).unwrap_or_else(|_| local.place().to_owned());
    let mut first = true;
    loop {
        let begun = Instant::now();
        let done = update_until(local, roots, &options, &args.reading, args.wait, &stop, screen);
        match done {
            Ok(summary) => {
                if first || !summary.nothing_changed() {
                    report(&summary, local, begun, screen)?;
                }
            }
            Err(failure) if first => return Err(failure),
            // A folder may be away for a while, a disk full; the next change is another try.
            Err(failure) => drop(failure.tell(screen)),
        }
        if first && !stop.load(Ordering::Relaxed) {
            screen.say("Watching for changes; Ctrl-C ends it.");
        }
        first = false;
        options.again = false;
        if !changed(&events, &place, &watched, &stop) {
            return Ok(INTERRUPTED);
        }
    }
}

/// Waits until something changed and is quiet again; `false` once Ctrl-C was seen.
fn changed(
    events: &Receiver<notify::Result<Event>>,
    index: &Path,
    roots: &[PathBuf],
    stop: &AtomicBool,
) -> bool {
    let mut since: Option<(Instant, Instant)> = None;
    while !stop.load(Ordering::Relaxed) {
        match events.recv_timeout(GLANCE) {
            Ok(event) if counts(&event, index, roots) => {
                let now = Instant::now();
                since = Some((since.map_or(now, |(first, _)| first), now));
            }
            Ok(_) | Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => return false,
        }
        if let Some((first, last)) = since
            && (last.elapsed() >= QUIET || first.elapsed() >= LONGEST)
        {
            return true;
        }
    }
    false
}

/// Whether an event is of a file that a run would look at.
fn counts(event: &notify::Result<Event>, index: &Path, roots: &[PathBuf]) -> bool {
    // Where events were lost everything may have changed.
    let Ok(event) = event else { return true };
    if event.need_rescan() {
        return true;
    }
    let looked_at = |path: &PathBuf| {
        let below = roots.iter().find_map(|root| path.strip_prefix(root).ok());
        let hidden = |part: std::path::Component<'_>| {
            let name = part.as_os_str();
            name.as_encoded_bytes().starts_with(b".") && name != crate::corpus::IGNORE_FILE
        };
        !path.starts_with(index) && !below.unwrap_or(path).components().any(hidden)
    };
    !matches!(event.kind, EventKind::Access(_)) && event.paths.iter().any(looked_at)
}

fn failed(error: &notify::Error) -> Failure {
    let failure = Failure::new("the folders cannot be watched").because(error);
    match error.kind {
        notify::ErrorKind::MaxFilesWatch => {
            failure.hint("raise fs.inotify.max_user_watches, or run fiche index now and then")
        }
        _ => failure,
    }
}
