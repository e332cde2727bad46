//! The command line: the roof, where flags are read, words are found and exit codes are given.

mod batch;
mod captures;
mod check;
mod config;
mod demo;
mod doctor;
mod duplicates;
mod export;
mod facets;
mod failure;
mod fields;
mod generate;
mod help;
mod index;
mod inspect;
mod kwic;
mod nothing;
mod optimize;
mod progress;
mod save;
mod saved;
mod search;
mod settings;
mod show;
mod similar;
mod status;
mod timeline;
#[cfg(feature = "watch")]
mod watch;

use std::ffi::OsString;
use std::io::{Write, stderr};
use std::process::ExitCode;

use clap::error::ErrorKind;
use clap::{ArgMatches, Args, CommandFactory, FromArgMatches, Parser, Subcommand};

use config::Config;
use failure::Failure;
use settings::{Global, Screen};

use crate::engine::guard::is_guarded;

/// Found, or done.
const FOUND: u8 = 0;
/// Nothing was found.
const NOTHING: u8 = 1;
/// Something went wrong.
const FAILED: u8 = 2;
/// Stopped by Ctrl-C.
const INTERRUPTED: u8 = 130;

/// search an archive of articles
#[derive(Debug, Parser)]
#[command(name = "fiche", version, override_help = help::MAIN, disable_help_subcommand = true)]
struct Cli {
    #[command(flatten)]
    global: Global,
    #[command(subcommand)]
    command: Command,
}

/// Declares the commands, of which each is called as its variant in small letters.
macro_rules! commands {
    ($($name:ident($args:ty)),+ $(,)?) => {
        #[derive(Debug, Subcommand)]
        enum Command {
            $($name($args)),+
        }

        /// Puts the flags of the command of this name below `top`, where there is one.
        fn with_command(top: clap::Command, name: &str) -> clap::Command {
            $(if name == stringify!($name).to_ascii_lowercase() {
                let own = clap::Command::new(name.to_owned());
                return top.subcommand(<$args as Args>::augment_args(own));
            })+
            top
        }
    };
}

commands!(
    Index(index::IndexArgs),
    Search(search::SearchArgs),
    Show(show::ShowArgs),
    Export(export::ExportArgs),
    Batch(batch::BatchArgs),
    Save(save::SaveArgs),
    Run(save::RunArgs),
    Inspect(inspect::InspectArgs),
    Facets(facets::FacetsArgs),
    Duplicates(duplicates::DuplicatesArgs),
    Captures(captures::CapturesArgs),
    Changed(captures::ChangedArgs),
    Kwic(kwic::KwicArgs),
    Timeline(timeline::TimelineArgs),
    Similar(similar::SimilarArgs),
    Status(status::StatusArgs),
    Check(check::CheckArgs),
    Doctor(doctor::DoctorArgs),
    Optimize(optimize::OptimizeArgs),
    Fields(fields::FieldsArgs),
    Config(config::ConfigArgs),
    Demo(demo::DemoArgs),
    Completions(generate::CompletionsArgs),
    Man(generate::ManArgs),
    Help(help::HelpArgs),
);

/// What is read with the flags of those commands alone that are named among the arguments, since
/// no other can be meant; `None` where that is not enough to tell. To set up all two dozen takes
/// .9 ms of a search's 12.
fn read_alone(config: &Config, args: &[OsString]) -> Option<ArgMatches> {
    let mut names: Vec<&str> = args.iter().skip(1).filter_map(|arg| arg.to_str()).collect();
    names.sort_unstable();
    names.dedup();
    let top = clap::Command::new("fiche").disable_help_subcommand(true).subcommand_required(true);
    let command = names.into_iter().fold(Global::augment_args(top), with_command);
    config.under(command, args).try_get_matches_from(args).ok()
}

/// Runs the program with these arguments, the first its own name.
pub fn main(args: impl IntoIterator<Item = OsString>) -> ExitCode {
    // A file that makes a reader panic is a skip with a reason; its trace is of no use to anyone.
    let hook = std::panic::take_hook();
    std::panic::set_hook(Box::new(move |info| {
        let reads =
            std::thread::current().name().is_some_and(|name| name.starts_with("fiche-read"));
        if !reads && !is_guarded() {
            hook(info);
        }
    }));
    let config = match Config::find() {
        Ok(config) => config,
        Err(failure) => return failure.tell(&Screen::of(&Global::default())),
    };
    let args: Vec<OsString> = args.into_iter().collect();
    let all = || config.under(Cli::command(), &args).try_get_matches_from(&args);
    let matches = match read_alone(&config, &args).map_or_else(all, Ok) {
        Ok(matches) => matches,
        Err(error) => return usage(&error, &config),
    };
    let mut cli = match Cli::from_arg_matches(&matches) {
        Ok(cli) => cli,
        Err(error) => return usage(&error, &config),
    };
    if let Command::Save(args) = &mut cli.command
        && let Some((_, matches)) = matches.subcommand()
    {
        args.typed = save::typed(matches);
    }
    cli.global.config = config;
    let screen = Screen::of(&cli.global);
    match run(cli, &screen) {
        Ok(code) => ExitCode::from(code),
        Err(failure) => failure.tell(&screen),
    }
}

fn usage(error: &clap::Error, config: &Config) -> ExitCode {
    // The help is data, a wrong flag is an error; where neither can be written nobody reads.
    drop(error.print());
    if matches!(error.kind(), ErrorKind::InvalidValue | ErrorKind::ValueValidation)
        && let Some(blame) = config.blame()
    {
        drop(stderr().write_all(blame.as_bytes()));
    }
    ExitCode::from(if error.use_stderr() { FAILED } else { FOUND })
}

fn run(cli: Cli, screen: &Screen) -> Result<u8, Failure> {
    let global = &cli.global;
    match cli.command {
        Command::Index(args) => index::run(&args, global, screen),
        Command::Search(args) => search::run(&args, global, screen),
        Command::Show(args) => show::run(&args, global, screen),
        Command::Export(args) => export::run(&args, global, screen),
        Command::Batch(args) => batch::run(&args, global, screen),
        Command::Save(args) => save::save(&args, global, screen),
        Command::Run(args) => save::run(&args, global, screen),
        Command::Inspect(args) => inspect::run(&args, global, screen),
        Command::Facets(args) => facets::run(&args, global, screen),
        Command::Captures(args) => captures::run(&args, global, screen),
        Command::Changed(args) => captures::run_changed(&args, global),
        Command::Duplicates(args) => duplicates::run(&args, global, screen),
        Command::Kwic(args) => kwic::run(&args, global, screen),
        Command::Timeline(args) => timeline::run(&args, global, screen),
        Command::Similar(args) => similar::run(&args, global, screen),
        Command::Status(args) => status::run(&args, global, screen),
        Command::Check(args) => check::run(&args, global, screen),
        Command::Doctor(args) => doctor::run(&args, global, screen),
        Command::Optimize(args) => optimize::run(&args, global, screen),
        Command::Fields(args) => fields::run(&args),
        Command::Config(args) => config::run(&args, &global.config, screen),
        Command::Demo(args) => demo::run(&args, screen),
        Command::Completions(args) => generate::completions(&args),
        Command::Man(args) => generate::man(&args),
        Command::Help(args) => help::run(&args),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn alone(args: &[&str]) -> Option<Cli> {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let matches = read_alone(&Config::default(), &args)?;
        Some(Cli::from_arg_matches(&matches).unwrap())
    }

    #[test]
    fn each_command_is_found_by_its_name() {
        for command in Cli::command().get_subcommands() {
            let found = with_command(clap::Command::new("fiche"), command.get_name());
            let found = found.get_subcommands().next().unwrap();
            let flags = |command: &clap::Command| {
                command.get_arguments().map(|arg| arg.get_id().to_string()).collect::<Vec<_>>()
            };
            assert_eq!(flags(found), flags(command), "{}", command.get_name());
        }
    }

    #[test]
    fn a_command_is_read_without_the_others_unless_there_is_a_fault() {
        let cli = alone(&["fiche", "-i", "search", "show", "1a2b"]).unwrap();
        assert!(matches!(cli.command, Command::Show(_)), "{cli:?}");
        assert_eq!(cli.global.index.as_deref(), Some("search".as_ref()));
        assert!(alone(&["fiche", "search", "--quiet", "ferry", "index"]).unwrap().global.quiet);
        for fault in [
            &["fiche"][..],
            &["fiche", "serch", "index"],
            &["fiche", "search", "--no-such-flag"],
            &["fiche", "--version", "search"],
            &["fiche", "search", "--help"],
        ] {
            assert!(alone(fault).is_none(), "{fault:?}");
        }
    }
}
