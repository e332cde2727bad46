//! `fiche completions` and `fiche man`

use std::io::{Write, stdout};
use std::path::PathBuf;

use clap::{Args, CommandFactory};
use clap_complete::Shell;

use super::failure::Failure;
use super::{Cli, FOUND, help};

/// Write a script that completes commands and flags in a shell.
///
/// For example: fiche completions bash > ~/.local/share/bash-completion/completions/fiche
#[derive(Debug, Args)]
pub(super) struct CompletionsArgs {
    /// The shell.
    #[arg(value_name = "SHELL")]
    shell: Shell,
}

/// Write the manual pages.
///
/// Without a folder, the page of fiche itself goes to the standard output.
#[derive(Debug, Args)]
pub(super) struct ManArgs {
    /// Write one page a command into this folder.
    #[arg(long, value_name = "DIR")]
    out: Option<PathBuf>,
}

pub(super) fn completions(args: &CompletionsArgs) -> Result<u8, Failure> {
    let mut text = Vec::new();
    clap_complete::generate(args.shell, &mut Cli::command(), "fiche", &mut text);
    stdout().write_all(&text)?;
    Ok(FOUND)
}

pub(super) fn man(args: &ManArgs) -> Result<u8, Failure> {
    let mut command = Cli::command();
    command.build();
    let page = |command: clap::Command| -> std::io::Result<Vec<u8>> {
        let mut text = Vec::new();
        clap_mangen::Man::new(command).render(&mut text)?;
        Ok(text)
    };
    let Some(folder) = &args.out else {
        stdout().write_all(&page(command)?)?;
        return Ok(FOUND);
    };
    std::fs::create_dir_all(folder)?;
    for sub in command.get_subcommands() {
        let name = format!("fiche-{}", sub.get_name());
        // clap keeps names for as long as the program runs.
        let named = sub.clone().name(&*Box::leak(name.clone().into_boxed_str()));
        std::fs::write(folder.join(format!("{name}.1")), page(named)?)?;
    }
    std::fs::write(folder.join("fiche.1"), page(command)?)?;
    std::fs::write(folder.join("fiche-query.7"), help::query_page())?;
    Ok(FOUND)
}
