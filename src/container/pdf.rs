//! PDF with a text layer: the text of its pages, one article a file.

use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering::Relaxed};
use std::sync::mpsc::{RecvTimeoutError, sync_channel};
use std::thread;
use std::time::Duration;

use lopdf::{Document, LoadOptions};

use super::{Entry, Leaf, Says, whole};

/// How long one file may take.
const LONGEST: Duration = Duration::from_secs(20);
/// The most bytes that one stream of it may unpack to.
const STREAM: usize = 64 << 20;
/// The most bytes of text that are taken.
const TEXT: usize = 16 << 20;
/// The most pages that are looked at.
const PAGES: usize = 20_000;
/// The stack of the thread that reads: lopdf 0.47 nests a hundred deep.
const STACK: usize = 16 << 20;

/// Reads a file in a thread of its own, where it may panic and beyond which nothing waits for it.
pub(super) fn read(
    bytes: impl Read,
    largest: u64,
    each: &mut dyn FnMut(Entry<'_>) -> bool,
) -> io::Result<()> {
    let whole = whole(bytes, largest)?;
    let late = Arc::new(AtomicBool::new(false));
    let (sender, receiver) = sync_channel(1);
    let stop = Arc::clone(&late);
    thread::Builder::new().name("fiche-read-pdf".to_owned()).stack_size(STACK).spawn(
        move || {
            // Whoever waited may have gone.
            drop(sender.send(leaf(&whole, &stop)));
        },
    )?;
    let found = receiver.recv_timeout(LONGEST);
    late.store(true, Relaxed);
    match found {
        Ok(Ok((leaf, cut))) => {
            let goes_on = each(Entry::Leaf(Box::new(leaf)));
            if goes_on && let Some(why) = cut {
                return Err(io::Error::other(why));
            }
            Ok(())
        }
        Ok(Err(error)) => Err(error),
        Err(RecvTimeoutError::Timeout) => {
            Err(io::Error::other(format!("it takes longer than {} s", LONGEST.as_secs())))
        }
        Err(RecvTimeoutError::Disconnected) => Err(io::Error::other("it made its reader give up")),
    }
}

/// What a file says, and why that is not all of it.
fn leaf(bytes: &[u8], stop: &AtomicBool) -> io::Result<(Leaf, Option<String>)> {
    let options = LoadOptions { max_decompressed_size: Some(STREAM), ..LoadOptions::default() };
    let document = Document::load_mem_with_options(bytes, options)
        .map_err(|_| io::Error::other("it is no PDF that can be read"))?;
    let mut text = String::new();
    let mut lost = 0;
    let mut cut = None;
    for (number, page) in document.get_pages().into_keys().enumerate() {
        if stop.load(Relaxed) {
            break;
        }
        if number >= PAGES || text.len() >= TEXT {
            cut = Some(format!("the text after page {number} is not read"));
            break;
        }
        match document.extract_text_with_limit(&[page], STREAM) {
            Ok(page) => {
                text.push_str(page.trim_end());
                text.push_str("\n\n");
            }
            Err(_) => lost += 1,
        }
    }
    if text.trim().is_empty() {
        return Err(io::Error::other("it has no text layer"));
    }
    if lost > 0 && cut.is_none() {
        cut = Some(format!("{lost} of its pages cannot be read"));
    }
    let mut leaf = Leaf { bytes: text.into_bytes(), ..Leaf::default() };
    for (what, key) in [(Says::Headline, "Title"), (Says::Author, "Author")] {
        leaf.say(what, key, &about(&document, key).unwrap_or_default());
    }
    Ok((leaf, cut))
}

/// What the file tells of itself.
fn about(document: &Document, key: &str) -> Option<String> {
    let info = document.dereference(document.trailer.get(b"Info").ok()?).ok()?.1;
    let value = document.dereference(info.as_dict().ok()?.get(key.as_bytes()).ok()?).ok()?.1;
    lopdf::decode_text_string(value).ok()
}
