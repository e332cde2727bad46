//! `fiche config`, and where settings come from: flags, the environment, files.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::io::{BufWriter, Write, stdout};
use std::path::{Path, PathBuf};

use clap::{Arg, Args, Command, CommandFactory};

use super::failure::Failure;
use super::settings::Screen;
use super::{Cli, FOUND};
use crate::extract::Names;
use crate::output::visible::line;

/// The file that is looked for here and in the folders above.
const FILE: &str = "fiche.toml";
/// The table of flags that all commands take.
const ALL: &str = "all";
/// The tables that are of the archive and not of a command.
const ARCHIVE: [&str; 3] = ["map", "sections", "sources"];

/// Show each setting and where it comes from.
///
/// Flags win over the environment, that over fiche.toml (here or in a folder above), and that over
/// config.toml in the folder fiche of $XDG_CONFIG_HOME (or ~/.config). A file has a table for each
/// command, and these for all:
///
///   [all]                          flags of every command
///   index = "archive/.fiche"
///
///   [search]                       flags of one command, by their long names
///   limit = 20
///
///   [map]                          keys of records, before the usual ones
///   headline = ["hed", "kop"]
///
///   [sections]                     what sections are called, for fiche index
///   "Metro Desk" = "Local"
///
///   [sources]                      what outlets or hosts are called
///   "gazette.example" = "The Gazette"
///
/// In the environment FICHE_INDEX and FICHE_COLOR stand for flags of every command, and
/// FICHE_SEARCH_LIMIT for one of a command. [map], [sections] and [sources] are used where a file
/// is read: once they change, the next fiche index reads all files again.
#[derive(Debug, Args)]
#[command(verbatim_doc_comment)]
pub(super) struct ConfigArgs {}

/// What the files of settings say.
#[derive(Debug, Clone, Default)]
pub(super) struct Config {
    /// The files that were read, the strongest first.
    files: Vec<PathBuf>,
    /// Table and name, with the values and the file that gave them.
    values: BTreeMap<(String, String), (Vec<String>, PathBuf)>,
}

impl Config {
    /// Reads the files that there are.
    pub fn find() -> Result<Self, Failure> {
        let mut config = Self::default();
        let here = env::current_dir().unwrap_or_default();
        let near = here.ancestors().map(|folder| folder.join(FILE)).find(|file| file.is_file());
        let home = env::var_os("XDG_CONFIG_HOME")
            .filter(|home| !home.is_empty())
            .map(PathBuf::from)
            .or_else(|| Some(PathBuf::from(env::var_os("HOME")?).join(".config")));
        let far = home.map(|home| home.join("fiche").join("config.toml"));
        for file in near.into_iter().chain(far.filter(|file| file.is_file())) {
            config.read(&file)?;
        }
        Ok(config)
    }

    fn read(&mut self, file: &Path) -> Result<(), Failure> {
        let fault = |what: String| {
            Failure::new(format!("{}: {what}", file.display()))
                .hint("fiche help config tells what may stand there")
        };
        let text = std::fs::read_to_string(file).map_err(|error| {
            Failure::new(format!("{} cannot be read", file.display())).because(&error)
        })?;
        let tables: toml::Table =
            text.parse().map_err(|error: toml::de::Error| fault(error.message().to_owned()))?;
        for (table, rows) in tables {
            let toml::Value::Table(rows) = rows else {
                return Err(fault(format!("`{table}` does not stand in a table")));
            };
            for (name, value) in rows {
                if !is_known(&table, &name) {
                    return Err(fault(format!("there is no setting `{name}` in [{table}]")));
                }
                let mut values = texts(&value)
                    .ok_or_else(|| fault(format!("`{name}` in [{table}] is no text or number")))?;
                if table == ALL && name == "index" {
                    // A place is meant from where the file lies.
                    let folder = file.parent().unwrap_or(Path::new(""));
                    for value in &mut values {
                        *value = folder.join(&value).to_string_lossy().into_owned();
                    }
                }
                let key = (table.clone(), name);
                self.values.entry(key).or_insert_with(|| (values, file.to_owned()));
            }
        }
        self.files.push(file.to_owned());
        Ok(())
    }

    /// Puts the settings under the flags of the commands that are named among `args`, and the
    /// environment between. The others are not asked for, and there are two dozen.
    pub fn under(&self, command: Command, args: &[OsString]) -> Command {
        let settled = |table: &str, arg: Arg| {
            let Some(name) = long(&arg) else { return arg };
            // What clap would tell of the environment is told by `fiche config`.
            let arg = arg.env(variable(table, &name)).hide_env(true);
            match self.values.get(&(table.to_owned(), name)) {
                Some((values, _)) => arg.default_values(values),
                None => arg,
            }
        };
        let names = command.get_subcommands().map(|sub| sub.get_name().to_owned());
        let names: Vec<String> =
            names.filter(|name| args.iter().any(|arg| arg == name.as_str())).collect();
        let mut command = command.mut_args(|arg| settled(ALL, arg));
        for name in names {
            command =
                command.mut_subcommand(name.clone(), |sub| sub.mut_args(|arg| settled(&name, arg)));
        }
        command
    }

    /// The rules of `[map]`, as `--map` takes them, the strongest last.
    pub fn map(&self) -> Vec<String> {
        let rows = self.values.iter().filter(|((table, _), _)| table == "map");
        rows.flat_map(|((_, field), (keys, _))| {
            keys.iter().rev().map(move |key| format!("{field}={key}"))
        })
        .collect()
    }

    /// What sections and sources are called.
    pub fn names(&self) -> Names {
        let mut names = Names::default();
        for ((table, from), (values, _)) in &self.values {
            match (&table[..], values.first()) {
                ("sections", Some(to)) => names.section(from, to),
                ("sources", Some(to)) => names.source(from, to),
                _ => {}
            }
        }
        names
    }

    /// The rules of the archive as a number, by which it is seen that they changed; 0 for none.
    pub fn rules(&self) -> u64 {
        let mut hasher = blake3::Hasher::new();
        let mut any = false;
        for ((table, name), (values, _)) in &self.values {
            if ARCHIVE.contains(&&table[..]) {
                any = true;
                for text in [table, name].into_iter().chain(values) {
                    hasher.update(&(text.len() as u64).to_le_bytes());
                    hasher.update(text.as_bytes());
                }
            }
        }
        let mut first = [0; 8];
        hasher.finalize_xof().fill(&mut first);
        if any { u64::from_le_bytes(first) } else { 0 }
    }

    /// Where a wrong value may have come from.
    pub fn blame(&self) -> Option<String> {
        let files: Vec<String> = self.files.iter().map(|file| file.display().to_string()).collect();
        (!files.is_empty()).then(|| {
            format!("note: settings come from {}, too; fiche config shows them\n", files.join(", "))
        })
    }
}

/// The long name of a flag that can be set.
fn long(arg: &Arg) -> Option<String> {
    let name = arg.get_long().filter(|name| !matches!(*name, "help" | "version"))?;
    Some(name.to_owned())
}

fn variable(table: &str, name: &str) -> String {
    let name = if table == ALL { format!("FICHE_{name}") } else { format!("FICHE_{table}_{name}") };
    name.to_ascii_uppercase().replace('-', "_")
}

fn is_known(table: &str, name: &str) -> bool {
    if ARCHIVE.contains(&table) {
        return true;
    }
    let command = Cli::command();
    let has = |command: &Command| {
        command.get_arguments().any(|arg| long(arg).is_some_and(|known| known == name))
    };
    if table == ALL { has(&command) } else { command.find_subcommand(table).is_some_and(has) }
}

fn texts(value: &toml::Value) -> Option<Vec<String>> {
    match value {
        toml::Value::String(text) => Some(vec![text.clone()]),
        toml::Value::Integer(number) => Some(vec![number.to_string()]),
        toml::Value::Float(number) => Some(vec![number.to_string()]),
        toml::Value::Boolean(flag) => Some(vec![flag.to_string()]),
        toml::Value::Datetime(date) => Some(vec![date.to_string()]),
        toml::Value::Array(items) => {
            let items: Option<Vec<Vec<String>>> = items.iter().map(texts).collect();
            Some(items?.concat())
        }
        toml::Value::Table(_) => None,
    }
}

pub(super) fn run(_args: &ConfigArgs, config: &Config, screen: &Screen) -> Result<u8, Failure> {
    if config.files.is_empty() {
        screen.say(&format!("No {FILE} here or above, and none of your own."));
    }
    let mut out = BufWriter::new(stdout().lock());
    let command = Cli::command();
    let mut row = |table: &str, name: &str, values: &[String], from: &str| {
        let name = format!("{table}.{name}");
        writeln!(out, "{}\t{}\t{}", line(&name), line(&values.join(", ")), line(from))
    };
    let every = std::iter::once((ALL, &command))
        .chain(command.get_subcommands().map(|sub| (sub.get_name(), sub)));
    for (table, command) in every {
        for arg in command.get_arguments() {
            let Some(name) = long(arg) else { continue };
            let variable = variable(table, &name);
            if let Ok(value) = env::var(&variable) {
                row(table, &name, &[value], &variable)?;
            } else if let Some((values, file)) =
                config.values.get(&(table.to_owned(), name.clone()))
            {
                row(table, &name, values, &file.display().to_string())?;
            } else {
                let usual = arg.get_default_values().iter();
                let usual: Vec<String> =
                    usual.map(|value| value.to_string_lossy().into_owned()).collect();
                if !usual.is_empty() && arg.get_action().takes_values() {
                    row(table, &name, &usual, "default")?;
                }
            }
        }
    }
    for ((table, name), (values, file)) in &config.values {
        if ARCHIVE.contains(&&table[..]) {
            row(table, name, values, &file.display().to_string())?;
        }
    }
    out.flush()?;
    Ok(FOUND)
}
