//! Errors to words, hints and exit codes: the one place.

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::process::ExitCode;

use super::saved::SavedError;
use super::settings::Screen;
use super::{FAILED, FOUND, INTERRUPTED};
use crate::engine::EngineError;
use crate::ingest::IngestError;
use crate::output::visible::line;
use crate::query::QueryError;

/// Why a command could not do its work.
#[derive(Debug)]
pub(super) enum Failure {
    /// A query that cannot be read, with its text.
    Query(Box<QueryError>, String),
    /// Anything else.
    Other { message: String, because: Option<String>, hints: Vec<String> },
    /// The output cannot be written.
    Output(io::Error),
    /// Whoever read the output has closed it.
    Closed,
    /// Ctrl-C.
    Interrupted,
}

impl Failure {
    pub fn new(message: impl Into<String>) -> Self {
        Failure::Other { message: message.into(), because: None, hints: Vec::new() }
    }

    pub fn because(mut self, error: &dyn Error) -> Self {
        if let Failure::Other { because, .. } = &mut self {
            *because = Some(error.to_string());
        }
        self
    }

    pub fn hint(mut self, hint: impl Into<String>) -> Self {
        if let Failure::Other { hints, .. } = &mut self {
            hints.push(hint.into());
        }
        self
    }

    /// Names the file that was being written.
    pub fn writing(self, file: &Path) -> Self {
        match self {
            Failure::Output(error) => {
                Failure::new(format!("{} cannot be written", file.display())).because(&error)
            }
            other => other,
        }
    }

    /// Tells it, and gives the exit code.
    pub fn tell(&self, screen: &Screen) -> ExitCode {
        let mut text = String::new();
        match self {
            Failure::Closed => return ExitCode::from(FOUND),
            Failure::Interrupted => {
                text.push_str("Stopped. Nothing was written.\n");
                // Where stderr is closed there is nobody to tell.
                drop(io::stderr().write_all(text.as_bytes()));
                return ExitCode::from(INTERRUPTED);
            }
            Failure::Output(error) => {
                text.push_str(&format!("error: the output cannot be written: {error}\n"));
            }
            Failure::Query(error, query) => {
                text.push_str(&format!("error: {}\n", line(&error.message)));
                text.push_str(&pointed(error, query));
            }
            Failure::Other { message, because, hints } => {
                text.push_str(&format!("error: {}\n", line(message)));
                if let Some(because) = because {
                    text.push_str(&format!("because: {}\n", line(because)));
                }
                if !hints.is_empty() {
                    text.push('\n');
                }
                for hint in hints {
                    text.push_str(&format!("hint: {}\n", line(hint)));
                }
            }
        }
        if screen.colour_err {
            text = text.replacen("error:", "\u{1b}[1;31merror:\u{1b}[0m", 1);
        }
        // Where stderr is closed there is nobody to tell.
        drop(io::stderr().write_all(text.as_bytes()));
        ExitCode::from(FAILED)
    }
}

/// The query with a mark under the fault, and what to write instead.
pub(super) fn pointed(error: &QueryError, query: &str) -> String {
    let mut text = String::new();
    if !query.is_empty() && query.len() <= 500 && error.span.end <= query.len() {
        let shown = line(query);
        let before = crate::output::visible::columns(&line(&query[..error.span.start]));
        let under = crate::output::visible::columns(&line(&query[error.span.clone()])).max(1);
        let close = match &error.suggestions[..] {
            [] => String::new(),
            [one] => format!(" did you mean \"{one}\"?"),
            many => format!(" did you mean one of {}?", many.join(", ")),
        };
        text.push_str(&format!(
            "  {shown}\n  {}{}{close}\n",
            " ".repeat(before),
            "^".repeat(under)
        ));
    }
    for help in &error.help {
        text.push_str(&format!("  {}\n", line(help)));
    }
    text
}

impl From<io::Error> for Failure {
    fn from(error: io::Error) -> Self {
        if error.kind() == io::ErrorKind::BrokenPipe {
            Failure::Closed
        } else {
            Failure::Output(error)
        }
    }
}

impl From<EngineError> for Failure {
    fn from(error: EngineError) -> Self {
        let failure = Failure::new(error.to_string());
        match &error {
            EngineError::NoIndex { .. } => failure.hint("make one: fiche index FOLDER"),
            EngineError::OtherVersion { .. } => {
                failure.hint("build it anew from the same folders: fiche index --rebuild")
            }
            EngineError::Busy { .. } => failure.hint("wait for it, or use --wait"),
            EngineError::ReadOnly { .. } => {
                failure.hint("put the index elsewhere: fiche index FOLDER --index DIR")
            }
            EngineError::DiskFull { .. } => {
                failure.hint("free some space and run it again: it goes on")
            }
            EngineError::OutOfTime { limit } => {
                let more = (limit.as_secs_f64() * 4.0).ceil();
                failure
                    .hint("ask for less: more letters before a *, fewer words, a field, a period")
                    .hint(format!(
                        "or give it more time: --time-limit {more} (0: as long as it takes)"
                    ))
            }
            EngineError::Unfinished { .. } => failure.hint("finish it: fiche index"),
            EngineError::GaveUp { .. } => {
                failure.hint("see whether the index is damaged: fiche check")
            }
            EngineError::Damaged { .. } => failure
                .hint("see what is damaged: fiche check")
                .hint("build it anew from the same folders: fiche index --rebuild"),
            EngineError::Failed(source) => failure.because(source.as_ref()),
        }
    }
}

impl From<SavedError> for Failure {
    fn from(error: SavedError) -> Self {
        let failure = Failure::new(error.to_string());
        match error.source() {
            Some(source) => failure.because(source),
            None => failure,
        }
    }
}

impl From<IngestError> for Failure {
    fn from(error: IngestError) -> Self {
        match error {
            IngestError::Engine(error) => error.into(),
            IngestError::Root { path, why } => {
                Failure::new(format!("{} cannot be read", path.display()))
                    .because(&io::Error::other(why))
            }
            error => Failure::new(error.to_string()),
        }
    }
}
