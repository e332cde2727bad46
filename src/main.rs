//! The program: see [`fiche::cli`].

use std::process::ExitCode;

/// Articles are made in one thread and dropped in another, which the system's allocator is slow at.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> ExitCode {
    fiche::cli::main(std::env::args_os())
}
