//! The program: see [`fiche::cli`].

use std::process::ExitCode;

fn main() -> ExitCode {
    fiche::cli::main(std::env::args_os())
}
