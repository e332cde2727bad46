//! What the terminal, the environment and the global flags say.

use std::env;
use std::io::{IsTerminal, stderr, stdout};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use clap::{Args, ValueEnum};
use terminal_size::{Width, terminal_size};

use super::config::Config;
use super::failure::Failure;
use crate::article::Date;
use crate::engine::local::Local;
use crate::query;

/// The folder of an index.
const INDEX: &str = ".fiche";

#[derive(Debug, Default, Args)]
pub(super) struct Global {
    /// Keep the index in this folder [default: .fiche here or in a folder above; FICHE_INDEX].
    #[arg(short, long, global = true, value_name = "DIR")]
    pub index: Option<PathBuf>,

    /// Tell more: every file that was skipped, with its reason.
    #[arg(short, long, global = true)]
    pub verbose: bool,

    /// Tell nothing but errors.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,

    /// When to use colours.
    #[arg(long, global = true, value_name = "WHEN", default_value = "auto")]
    pub color: When,

    /// Stop a search that takes longer than this many seconds; 0: never.
    #[arg(long, global = true, value_name = "SECS", default_value = "30", value_parser = seconds)]
    pub time_limit: Limit,

    /// What the files of settings say.
    #[arg(skip)]
    pub config: Config,
}

/// How long a search may take; `None` for as long as it takes.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Limit(pub Option<Duration>);

fn seconds(text: &str) -> Result<Limit, String> {
    let seconds: f64 = text.parse().map_err(|_| "it must be a number of seconds".to_owned())?;
    if seconds == 0.0 {
        return Ok(Limit(None));
    }
    match Duration::try_from_secs_f64(seconds) {
        Ok(limit) => Ok(Limit(Some(limit))),
        Err(_) => Err("it must be 0 or more seconds".to_owned()),
    }
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum When {
    /// On a terminal, unless NO_COLOR is set.
    #[default]
    Auto,
    /// Always.
    Always,
    /// Never.
    Never,
}

/// What can be shown where.
#[derive(Debug, Clone, Copy)]
pub(super) struct Screen {
    pub colour: bool,
    pub colour_err: bool,
    /// Columns of stdout, where it is a terminal.
    pub width: Option<usize>,
    /// Whether progress can be drawn on stderr.
    pub bars: bool,
    pub quiet: bool,
    pub verbose: bool,
}

impl Screen {
    pub fn of(global: &Global) -> Self {
        let set = |name: &str| env::var_os(name).is_some_and(|value| !value.is_empty());
        let dumb = env::var_os("TERM").is_some_and(|term| term == "dumb");
        let colour = |terminal: bool| match global.color {
            When::Always => true,
            When::Never => false,
            When::Auto => (terminal && !set("NO_COLOR") && !dumb) || set("CLICOLOR_FORCE"),
        };
        let width = stdout().is_terminal().then(|| {
            terminal_size().map_or(80, |(Width(width), _)| usize::from(width)).clamp(40, 160)
        });
        Self {
            colour: colour(stdout().is_terminal()),
            colour_err: colour(stderr().is_terminal()),
            width,
            bars: stderr().is_terminal() && !dumb && !global.quiet,
            quiet: global.quiet,
            verbose: global.verbose,
        }
    }

    /// Says something on stderr, unless it is to be quiet.
    pub fn say(&self, text: &str) {
        if !self.quiet {
            // Where stderr is closed there is nobody to tell.
            drop(std::io::Write::write_all(&mut stderr(), format!("{text}\n").as_bytes()));
        }
    }
}

impl Global {
    /// Where the index is: as told, or found upward from here, or to be made here.
    pub fn place(&self) -> PathBuf {
        if let Some(place) = &self.index {
            return place.clone();
        }
        let here = env::current_dir().unwrap_or_default();
        here.ancestors()
            .map(|folder| folder.join(INDEX))
            .find(|place| place.is_dir())
            .map(|place| shorter(&here, place))
            .unwrap_or_else(|| PathBuf::from(INDEX))
    }

    /// Opens the index.
    pub fn open(&self) -> Result<Local, Failure> {
        Ok(Local::open(&self.place())?.limited_to(self.time_limit.0))
    }
}

fn shorter(here: &Path, place: PathBuf) -> PathBuf {
    place.strip_prefix(here).map(Path::to_owned).unwrap_or(place)
}

/// The day it is, in local time; `FICHE_TODAY` stands in for the clock in tests.
pub(super) fn today() -> Date {
    if let Some(day) = env::var("FICHE_TODAY").ok().and_then(|text| text.parse().ok()) {
        return day;
    }
    let seconds =
        SystemTime::now().duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let day = i64::try_from(seconds / 86_400).unwrap_or(0);
    crate::article::from_day_number(day).expect("the clock is within the calendar")
}

/// The moment it is, in UTC: `2026-11-25T12:00:00Z`; a test that sets the day has its first.
pub(super) fn now() -> String {
    if env::var_os("FICHE_TODAY").is_some() {
        return format!("{}T00:00:00Z", today());
    }
    moment_of(SystemTime::now())
}

/// A moment in UTC.
pub(super) fn moment_of(time: SystemTime) -> String {
    let seconds = time.duration_since(SystemTime::UNIX_EPOCH).map_or(0, |time| time.as_secs());
    let (hour, minute) = (seconds / 3600 % 24, seconds / 60 % 60);
    let day = i64::try_from(seconds / 86_400).ok().and_then(crate::article::from_day_number);
    let day = day.map_or_else(String::new, |day| day.to_string());
    format!("{day}T{hour:02}:{minute:02}:{:02}Z", seconds % 60)
}

/// How a query is read.
pub(super) fn query_settings(any: bool) -> query::Settings {
    query::Settings { today: today(), any }
}

/// A number with its thousands parted: `12,401`.
pub(super) fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let mut shown = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            shown.push(',');
        }
        shown.push(digit);
    }
    shown
}

/// A size as a reader wants it: `1.9 GB`.
pub(super) fn sized(bytes: u64) -> String {
    let mut size = bytes as f64;
    for unit in ["bytes", "KB", "MB", "GB"] {
        if size < 1000.0 {
            return if unit == "bytes" {
                format!("{bytes} {unit}")
            } else {
                format!("{size:.1} {unit}")
            };
        }
        size /= 1000.0;
    }
    format!("{size:.1} TB")
}

/// One of something, or more.
pub(super) fn counted(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", grouped(number), if number == 1 { one } else { many })
}
