//! The moment by which a search is to be done.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering::Relaxed};
use std::time::{Duration, Instant};

/// The clock is looked at each time that it was asked for so often.
const EVERY: u32 = 64;

/// A moment by which a search is to be done. Whatever a search that missed it found is not all, so
/// nothing of it may be shown.
#[derive(Debug, Default)]
pub(super) struct Deadline {
    until: Option<Instant>,
    asked: AtomicU32,
    missed: AtomicBool,
}

impl Deadline {
    /// So long from now on; `None` for never.
    pub fn after(limit: Option<Duration>) -> Arc<Self> {
        let until = limit.and_then(|limit| Instant::now().checked_add(limit));
        Arc::new(Self { until, ..Self::default() })
    }

    /// Whether the work is to end here. It may be asked at each document and each word.
    pub fn passed(&self) -> bool {
        let Some(until) = self.until else { return false };
        if self.missed() {
            return true;
        }
        // A count that two threads overwrite for each other only looks at the clock later.
        let asked = self.asked.load(Relaxed);
        self.asked.store(asked.wrapping_add(1), Relaxed);
        if asked.is_multiple_of(EVERY) && Instant::now() >= until {
            self.missed.store(true, Relaxed);
        }
        self.missed()
    }

    /// The same, with a look at the clock each time: for work that comes in blocks.
    pub fn passed_now(&self) -> bool {
        let Some(until) = self.until else { return false };
        if Instant::now() >= until {
            self.missed.store(true, Relaxed);
        }
        self.missed()
    }

    /// Whether work was ended by it.
    pub fn missed(&self) -> bool {
        self.missed.load(Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_deadline_is_missed_for_good() {
        let at_once = Deadline::after(Some(Duration::ZERO));
        assert!(!at_once.missed());
        assert!(at_once.passed() && at_once.missed());
        for never in [None, Some(Duration::MAX), Some(Duration::from_secs(1 << 30))] {
            let never = Deadline::after(never);
            assert!((0..1000).all(|_| !never.passed()) && !never.missed());
        }
        let soon = Deadline::after(Some(Duration::from_millis(5)));
        while !soon.passed() {}
        assert!(soon.missed());
    }
}
