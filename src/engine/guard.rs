//! Work on an index whose files may be other than they were written: where it panics, that is an
//! error like any other.
//!
//! tantivy 0.27 trusts what it wrote: it does not look at checksums when it opens a file, and
//! panics in the middle of a search where a number in it cannot be right.

use std::any::Any;
use std::cell::Cell;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::Path;

use super::EngineError;

thread_local! {
    static DEPTH: Cell<u32> = const { Cell::new(0) };
}

/// Whether a panic of this thread is caught and told as an error, so that its trace need not be
/// printed.
pub fn is_guarded() -> bool {
    DEPTH.get() > 0
}

/// Does work on the index at `place`.
pub(super) fn guarded<T>(
    place: &Path,
    work: impl FnOnce() -> Result<T, EngineError>,
) -> Result<T, EngineError> {
    DEPTH.set(DEPTH.get() + 1);
    let done = catch_unwind(AssertUnwindSafe(work));
    DEPTH.set(DEPTH.get() - 1);
    done.unwrap_or_else(|panic| {
        Err(EngineError::GaveUp { path: place.to_owned(), why: last_words(&*panic) })
    })
}

fn last_words(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<String>().map(String::as_str);
    let text = text.or_else(|| panic.downcast_ref::<&str>().copied());
    text.and_then(|text| text.lines().next()).unwrap_or("without a word").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_an_error() {
        let place = Path::new("here");
        let hook = std::panic::take_hook();
        std::panic::set_hook(Box::new(|_| {}));
        let done = guarded::<()>(place, || {
            assert!(is_guarded());
            panic!("{} >= {}", 28, 32)
        });
        std::panic::set_hook(hook);
        let error = done.unwrap_err().to_string();
        assert_eq!(error, "reading the index at here failed within: 28 >= 32");
        assert!(!is_guarded());
        assert_eq!(guarded(place, || Ok(1)).unwrap(), 1);
    }
}
