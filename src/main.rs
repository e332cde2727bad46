//! The program: see [`fiche::cli`].

use std::process::ExitCode;

/// Articles are made in one thread and dropped in another, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    give_back_soon();
    fiche::cli::main(std::env::args_os())
}

/// Freed memory goes back to the system soon: a file that unpacks to hundreds of megabytes must not
/// weigh on the next one. To give it back at once costs a twentieth of a build.
#[allow(unsafe_code, reason = "mimalloc's options are set by a function of C")]
fn give_back_soon() {
    // The place of `mi_option_purge_delay` in mimalloc.h, which the bindings leave out.
    const PURGE_DELAY: libmimalloc_sys::mi_option_t = 15;
    // SAFETY: called before any other thread is there, with an option that the library declares.
    unsafe { libmimalloc_sys::mi_option_set(PURGE_DELAY, 10) }
}
