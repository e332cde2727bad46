//! How much text waits between the writer and the threads of tantivy that take it apart.
//!
//! tantivy 0.27 lets 10,000 documents wait, whatever their size. Memory that was never touched is
//! dear: each page of it is cleared by the system first.

use std::sync::{Condvar, Mutex, PoisonError};
use std::time::Duration;

/// The most that waits, in bytes of text; one text may always.
const MOST: usize = 4 << 20;
/// How long to wait for room. A thread that failed takes nothing any more, and it is for the
/// writer to say so.
const PATIENCE: Duration = Duration::from_secs(2);

/// The bytes of text that wait.
#[derive(Debug, Default)]
pub(super) struct Afloat {
    bytes: Mutex<usize>,
    less: Condvar,
}

impl Afloat {
    /// Waits until there is room for a text of so many bytes.
    pub fn add(&self, size: usize) {
        let bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        let full = |bytes: &mut usize| *bytes > 0 && *bytes + size > MOST;
        let waited = self.less.wait_timeout_while(bytes, PATIENCE, full);
        let (mut bytes, _) = waited.unwrap_or_else(PoisonError::into_inner);
        *bytes += size;
    }

    /// A text of so many bytes is being taken apart.
    pub fn take(&self, size: usize) {
        let mut bytes = self.bytes.lock().unwrap_or_else(PoisonError::into_inner);
        *bytes = bytes.saturating_sub(size);
        self.less.notify_one();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_finds_no_room_waits_until_some_is_taken() {
        let afloat = Afloat::default();
        afloat.add(MOST * 3);
        std::thread::scope(|scope| {
            let waiting = scope.spawn(|| afloat.add(1));
            std::thread::sleep(Duration::from_millis(20));
            assert!(!waiting.is_finished());
            afloat.take(MOST * 3);
        });
        assert_eq!(*afloat.bytes.lock().unwrap(), 1);
    }
}
