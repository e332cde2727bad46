//! Work on the pieces of an index, done by as many threads as there are cores where it is worth it.

use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};

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
pub(super) fn shared<T: Send, E: Send>(
    pieces: usize,
    postings: u64,
    work: impl Fn(usize) -> Result<T, E> + Sync,
) -> Result<Vec<T>, E> {
    let (done, _) = shared_with(pieces, postings, || Ok(()), |(), piece| work(piece))?;
    Ok(done)
}

/// The same where each thread has something of its own, which is given beside what came of the
/// pieces.
pub(super) fn shared_with<T: Send, S: Send, E: Send>(
    pieces: usize,
    postings: u64,
    own: impl Fn() -> Result<S, E> + Sync,
    work: impl Fn(&mut S, usize) -> Result<T, E> + Sync,
) -> Result<(Vec<T>, Vec<S>), E> {
    let next = AtomicUsize::new(0);
    // As many pieces as this thread comes to.
    let some = || -> Result<(Vec<(usize, T)>, S), E> {
        let (mut done, mut own) = (Vec::new(), own()?);
        loop {
            let piece = next.fetch_add(1, Ordering::Relaxed);
            if piece >= pieces {
                return Ok((done, own));
            }
            done.push((piece, work(&mut own, piece)?));
        }
    };
    let threads = threads(postings).min(pieces).max(1);
    let mut shares: Vec<Option<Result<_, E>>> = (0..threads).map(|_| None).collect();
    match &mut shares[..] {
        [first] => *first = Some(some()),
        all => rayon::in_place_scope(|scope| {
            let mut all = all.iter_mut();
            let first = all.next();
            for other in all {
                scope.spawn(|_| *other = Some(some()));
            }
            if let Some(first) = first {
                *first = Some(some());
            }
        }),
    }
    let (mut done, mut owns) = (Vec::with_capacity(pieces), Vec::with_capacity(threads));
    for share in shares.into_iter().flatten() {
        let (some, own) = share?;
        done.extend(some);
        owns.push(own);
    }
    done.sort_unstable_by_key(|(piece, _)| *piece);
    Ok((done.into_iter().map(|(_, made)| made).collect(), owns))
}
