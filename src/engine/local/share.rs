//! Work on the pieces of an index, done by as many threads as there are cores where it is worth it.
//!
//! A thread that has not come to any piece when all of them are taken is not waited for: where the
//! other cores are busy with something else, that would take longer than the work.

use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

/// Fewer postings, or what takes as long, are not worth a second thread.
const WORTH: u64 = 5_000;

/// So many are worth that threads are started: what searches once and ends gains little by them.
const WORTH_STARTING: u64 = 400_000;
/// How many were read, threads or not.
static READ: AtomicU64 = AtomicU64::new(0);

/// How many threads there are for some work, which is about that of reading so many postings.
pub(super) fn threads(postings: u64) -> usize {
    let before = READ.fetch_add(postings, Ordering::Relaxed);
    if postings < WORTH || before.saturating_add(postings) < WORTH_STARTING {
        return 1;
    }
    // How many there are hangs on files of the system, which are read once for all searches.
    rayon::current_num_threads()
}

/// Does the work of each piece, by its number, and gives what came of them in their order.
///
/// `postings` is how much work all of it is.
///
/// # Errors
///
/// One of those that the pieces gave.
pub(super) fn shared<T: Send + 'static, E: Send + 'static>(
    pieces: usize,
    postings: u64,
    work: impl Fn(usize) -> Result<T, E> + Send + Sync + 'static,
) -> Result<Vec<T>, E> {
    let (done, _) = shared_with(pieces, postings, || Ok(()), move |(), piece| work(piece))?;
    Ok(done)
}

/// The same where each thread has something of its own, which is given beside what came of the
/// pieces.
pub(super) fn shared_with<T, S, E>(
    pieces: usize,
    postings: u64,
    own: impl Fn() -> Result<S, E> + Send + Sync + 'static,
    work: impl Fn(&mut S, usize) -> Result<T, E> + Send + Sync + 'static,
) -> Result<(Vec<T>, Vec<S>), E>
where
    T: Send + 'static,
    S: Send + 'static,
    E: Send + 'static,
{
    let next = AtomicUsize::new(0);
    // As many pieces as a thread comes to.
    let some = move || -> Result<Done<T, S>, E> {
        let mut some = Done { pieces: Vec::new(), own: None };
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return Ok(some);
            }
            let its = match &mut some.own {
                Some(its) => its,
                none => none.insert(own()?),
            };
            some.pieces.push((piece, work(its, piece)?));
        }
    };
    let threads = threads(postings).min(pieces).max(1);
    let shares = if threads == 1 { vec![some()] } else { by_all(threads, some) };
    let (mut done, mut owns) = (Vec::with_capacity(pieces), Vec::with_capacity(threads));
    for share in shares {
        let some = share?;
        done.extend(some.pieces);
        owns.extend(some.own);
    }
    done.sort_unstable_by_key(|(piece, _)| *piece);
    Ok((done.into_iter().map(|(_, made)| made).collect(), owns))
}

/// What one thread made of the pieces that it came to, by their numbers, and what it has of its own.
struct Done<T, S> {
    pieces: Vec<(usize, T)>,
    own: Option<S>,
}

/// What threads do together.
struct Shared<R> {
    progress: Mutex<Progress<R>>,
    /// Told when a thread ends its share.
    ended: Condvar,
}

struct Progress<R> {
    /// How many threads have begun and not ended their shares.
    running: usize,
    /// Nothing is left to begin with.
    over: bool,
    done: Vec<Result<R, Box<dyn Any + Send>>>,
}

impl<R> Shared<R> {
    fn progress(&self) -> MutexGuard<'_, Progress<R>> {
        // It is whole between any two steps, whatever became of a thread.
        self.progress.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets so many threads do shares, this one among them, and gives what came of those that had
/// begun when this one's ended: one that ends leaves nothing to the others.
fn by_all<R: Send + 'static>(
    threads: usize,
    share: impl Fn() -> R + Send + Sync + 'static,
) -> Vec<R> {
    let share = Arc::new(share);
    let shared = Arc::new(Shared {
        progress: Mutex::new(Progress { running: 0, over: false, done: Vec::new() }),
        ended: Condvar::new(),
    });
    for _ in 1..threads {
        let (share, shared) = (Arc::clone(&share), Arc::clone(&shared));
        rayon::spawn(move || {
            let mut progress = shared.progress();
            if progress.over {
                return;
            }
            progress.running += 1;
            drop(progress);
            let done = catch_unwind(AssertUnwindSafe(|| share()));
            // What it borrowed of an index is given back before anybody goes on.
            drop(share);
            let mut progress = shared.progress();
            progress.running -= 1;
            progress.done.push(done);
            drop(progress);
            shared.ended.notify_one();
        });
    }
    let own = catch_unwind(AssertUnwindSafe(|| share()));
    let mut progress = shared.progress();
    progress.over = true;
    while progress.running > 0 {
        progress = shared.ended.wait(progress).unwrap_or_else(PoisonError::into_inner);
    }
    let others = std::mem::take(&mut progress.done);
    drop(progress);
    let whole = |done: Result<R, _>| done.unwrap_or_else(|panic| resume_unwind(panic));
    std::iter::once(own).chain(others).map(whole).collect()
}

#[cfg(test)]
mod tests {
    use std::convert::Infallible;
    use std::time::Duration;

    use super::*;

    const MANY: u64 = WORTH_STARTING;

    #[test]
    fn pieces_come_in_their_order_whoever_took_them() {
        for threads in [1, 2, 5] {
            let next = AtomicUsize::new(0);
            let shares = by_all(threads, move || {
                let mut own = Vec::new();
                loop {
                    let piece = next.fetch_add(1, Ordering::Relaxed);
                    if piece >= 200 {
                        return own;
                    }
                    std::thread::sleep(Duration::from_micros(50));
                    own.push(piece);
                }
            });
            let mut all: Vec<usize> = shares.into_iter().flatten().collect();
            all.sort_unstable();
            assert!(all.into_iter().eq(0..200), "{threads} threads");
        }
        let doubled = |piece| Ok::<_, Infallible>(piece * 2);
        let Ok(all) = shared(100, MANY, doubled);
        assert!(all.into_iter().eq((0..200).step_by(2)));
    }

    #[test]
    fn who_has_not_begun_is_not_waited_for() {
        // All threads are busy until the work is done without them.
        let (done, wait) = crossbeam_channel::bounded::<()>(0);
        for _ in 0..rayon::current_num_threads() {
            let wait = wait.clone();
            rayon::spawn(move || assert!(wait.recv().is_err(), "it is only closed"));
        }
        let Ok(all) = shared(10, MANY, Ok::<_, Infallible>);
        assert_eq!(all.len(), 10);
        drop(done);
    }

    #[test]
    fn an_error_and_a_panic_come_to_who_asked() {
        let failing = |piece: usize| if piece == 7 { Err("seven") } else { Ok(piece) };
        assert_eq!(shared(20, MANY, failing), Err("seven"));
        let panicking = |piece: usize| -> Result<usize, Infallible> {
            assert_ne!(piece, 7, "no seven");
            std::thread::sleep(Duration::from_micros(200));
            Ok(piece)
        };
        for _ in 0..20 {
            assert!(catch_unwind(|| shared(20, MANY, panicking)).is_err());
        }
    }
}
