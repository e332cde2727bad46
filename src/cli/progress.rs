//! Progress on stderr: a bar on a terminal, a line now and then elsewhere.

use std::time::{Duration, Instant};

use indicatif::{ProgressBar, ProgressStyle};

use super::settings::{Screen, counted, grouped, sized};
use crate::ingest::Observer;
use crate::ledger::{Problem, ProblemKind};
use crate::output::visible::line;

/// How often a plain line is written.
const PLAIN: Duration = Duration::from_secs(10);

/// Tells a person how far a run is.
pub(super) struct Progress {
    screen: Screen,
    bar: Option<ProgressBar>,
    files: u64,
    done: u64,
    last: Instant,
}

impl Progress {
    pub fn new(screen: Screen) -> Self {
        Self { screen, bar: None, files: 0, done: 0, last: Instant::now() }
    }

    pub fn clear(&self) {
        if let Some(bar) = &self.bar {
            bar.finish_and_clear();
        }
    }

    fn say(&self, text: &str) {
        match &self.bar {
            Some(bar) => bar.println(text),
            None => self.screen.say(text),
        }
    }
}

impl Observer for Progress {
    fn planned(&mut self, files: u64, bytes: u64) {
        self.files = files;
        self.last = Instant::now();
        if files == 0 {
            return;
        }
        self.screen.say(&format!(
            "  to read: {}, {}",
            counted(files, "file", "files"),
            sized(bytes)
        ));
        if self.screen.bars {
            let bar = ProgressBar::new(bytes);
            let style = "  {bar:30} {percent:>3}%  {elapsed} of about {duration}  {msg}";
            if let Ok(style) = ProgressStyle::with_template(style) {
                bar.set_style(style);
            }
            self.bar = Some(bar);
        }
    }

    fn read(&mut self, bytes: u64, articles: u64) {
        self.done += 1;
        if let Some(bar) = &self.bar {
            bar.inc(bytes);
            bar.set_message(counted(articles, "article", "articles"));
        } else if self.last.elapsed() >= PLAIN {
            self.last = Instant::now();
            self.screen.say(&format!(
                "  {} of {} files, {}",
                grouped(self.done),
                grouped(self.files),
                counted(articles, "article", "articles")
            ));
        }
    }

    fn skipped(&mut self, path: &str, problem: &Problem) {
        if self.screen.verbose {
            self.say(&format!("  {}: {}", line(&place_of(path, problem)), line(&problem.why)));
        }
    }

    fn committed(&mut self, articles: u64) {
        if self.screen.verbose {
            self.say(&format!("  committed {}", counted(articles, "article", "articles")));
        }
    }
}

/// A file and the place in it.
pub(super) fn place_of(path: &str, problem: &Problem) -> String {
    if problem.place.is_empty() { path.to_owned() } else { format!("{path}, {}", problem.place) }
}

/// What a kind of problem is called when it is counted.
pub(super) fn kind_name(kind: ProblemKind) -> &'static str {
    match kind {
        ProblemKind::Unreadable => "unreadable",
        ProblemKind::Unknown => "of a kind that is not read",
        ProblemKind::Empty => "no text",
        ProblemKind::NotArticle => "not articles",
        ProblemKind::Doubtful => "read with doubt",
    }
}
