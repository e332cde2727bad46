//! `fiche search`

use std::io::{BufWriter, Write, stdout};
use std::mem::ManuallyDrop;
use std::num::NonZeroUsize;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::Instant;

use clap::{Args, ValueEnum};

use super::failure::Failure;
use super::index::{ReadingArgs, absolute, update};
use super::settings::{Global, Screen, counted, grouped, query_settings};
use super::{FOUND, NOTHING, nothing};
use crate::engine::local::Local;
use crate::engine::{Answer, Duplicates, Engine, Facet, Request, Sort};
use crate::ingest;
use crate::output::visible::line;
use crate::output::{self, Column, Look};
use crate::query::{self, Note, Parsed, Query, Settings};
use crate::schema::Schema;

/// About how long a snippet is, in characters.
pub(super) const SNIPPET: usize = 250;

/// Find articles, the best first.
///
/// All words must stand in an article. `"two words"` asks for them in a row, `a OR b` for either,
/// `-word` leaves out, `field:word` asks one field. `fiche help query` shows the whole language,
/// `fiche fields` the fields. With --in FOLDER the index of that folder is made or brought up to
/// date first, and only that folder is searched.
///
/// Exit status: 0 something was found, 1 nothing was found, 2 failed.
#[derive(Debug, Args)]
pub(super) struct SearchArgs {
    /// What to look for.
    #[arg(required = true, value_name = "QUERY")]
    pub query: Vec<String>,

    #[command(flatten)]
    pub asked: AskArgs,

    /// Show so many hits.
    #[arg(short = 'n', long = "limit", value_name = "NUM", default_value = "10", value_parser = at_least_one)]
    pub limit: NonZeroUsize,

    /// Show this page of them.
    #[arg(long, value_name = "NUM", default_value = "1", value_parser = at_least_one)]
    pub page: NonZeroUsize,

    /// Show so many passages of each article.
    #[arg(long, value_name = "NUM", default_value_t = 1)]
    pub snippets: usize,

    /// Write the hits in this form: text, jsonl, json, csv, tsv, ris, md and what export writes.
    #[arg(long, value_name = "FORMAT", default_value = "text", value_parser = known_format)]
    pub format: String,

    /// The columns to write, in this order: id,date,headline,body.
    #[arg(long, value_name = "NAMES", value_delimiter = ',')]
    pub fields: Vec<String>,

    /// Bring this folder up to date first, and search it alone.
    #[arg(long = "in", value_name = "FOLDER")]
    pub folder: Option<PathBuf>,

    /// Whether articles that are nearly the same are shown as one, each, or they alone.
    #[arg(long, value_name = "WHICH", default_value = "group")]
    pub duplicates: Same,

    /// Show how the query was understood.
    #[arg(long)]
    pub explain: bool,
}

/// What to find and in which order: the same for search, export and facets.
#[derive(Debug, Clone, Args)]
pub(super) struct AskArgs {
    #[command(flatten)]
    pub filters: FilterArgs,

    /// The order of the hits.
    #[arg(long, value_name = "ORDER", default_value = "relevance", allow_hyphen_values = true)]
    pub sort: Order,

    /// Whether all words must match or any.
    #[arg(long = "match", value_name = "WHICH", default_value = "all")]
    pub matching: Matching,

    /// Rank by the words that the best articles share, too (for words without quotes or fields).
    #[arg(long)]
    pub expand: bool,
}

/// Filters beside the query.
#[derive(Debug, Clone, Args)]
pub(super) struct FilterArgs {
    /// Only in this section, in any case (more of them: any).
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    pub section: Vec<String>,

    /// Only published then or later.
    #[arg(long, value_name = "DATE", help_heading = "Filters")]
    pub since: Option<String>,

    /// Only published then or earlier.
    #[arg(long, value_name = "DATE", help_heading = "Filters")]
    pub until: Option<String>,

    /// Only with this name in the byline (more of them: any).
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    pub author: Vec<String>,

    /// Only from this outlet or host (more of them: any).
    #[arg(long, value_name = "NAME", help_heading = "Filters")]
    pub source: Vec<String>,

    /// Only in this language: en, es (more of them: any).
    #[arg(long, value_name = "CODE", help_heading = "Filters")]
    pub lang: Vec<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Order {
    /// The best first.
    Relevance,
    /// The oldest first.
    Date,
    /// The newest first.
    #[value(name = "-date")]
    Newest,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Matching {
    /// All words.
    All,
    /// Any of them.
    Any,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub(super) enum Same {
    /// The best of them, with how many more there are.
    Group,
    /// Each of them, one that stands at several places once.
    Show,
    /// Only articles of which there are more.
    Only,
    /// Each of them at each of its places: exact copies, too.
    Each,
}

impl Same {
    pub fn name(self) -> &'static str {
        match self {
            Same::Group => "group",
            Same::Show => "show",
            Same::Only => "only",
            Same::Each => "each",
        }
    }

    pub fn duplicates(self) -> Duplicates {
        match self {
            Same::Group => Duplicates::Group,
            Same::Show => Duplicates::Show,
            Same::Only => Duplicates::Only,
            Same::Each => Duplicates::Each,
        }
    }
}

pub(super) fn at_least_one(text: &str) -> Result<NonZeroUsize, String> {
    match text.parse::<usize>() {
        Ok(0) => Err("it must be 1 or more".to_owned()),
        Ok(number) => NonZeroUsize::new(number).ok_or_else(|| "it must be 1 or more".to_owned()),
        Err(_) => Err("it must be a number".to_owned()),
    }
}

pub(super) fn known_format(text: &str) -> Result<String, String> {
    output::by_name(text).map(|output| output.name.to_owned()).ok_or_else(|| {
        let names: Vec<&str> = output::OUTPUTS.iter().map(|output| output.name).collect();
        format!("the formats are {}", names.join(", "))
    })
}

pub(super) fn columns(names: &[String]) -> Result<Vec<Column>, Failure> {
    names
        .iter()
        .map(|name| {
            Column::by_name(name.trim()).ok_or_else(|| {
                let known: Vec<&str> = Column::ALL.iter().map(|(_, name)| *name).collect();
                Failure::new(format!("there is no column \"{name}\""))
                    .hint(format!("the columns are {}", known.join(", ")))
            })
        })
        .collect()
}

/// A query with its filters.
pub(super) struct Asked {
    /// As typed, words joined by blanks.
    pub text: String,
    pub query: Query,
    pub notes: Vec<Note>,
    /// Words that were left out of the query because they say nothing.
    pub left_out: Vec<String>,
    pub sort: Sort,
}

impl AskArgs {
    pub fn read(&self, words: &[String]) -> Result<Asked, Failure> {
        let any = self.matching == Matching::Any || self.expand;
        Ok(Asked { sort: self.order(), ..self.filters.read(words, any)? })
    }

    /// A text that is no query, as plain words of which any may match.
    pub fn read_plain(&self, text: &str) -> Result<Asked, Failure> {
        let parsed = query::plain_words(text, &Schema::bundled());
        let settings = query_settings(true);
        Ok(Asked { sort: self.order(), ..self.filters.narrow(parsed, text.to_owned(), settings)? })
    }

    fn order(&self) -> Sort {
        match self.sort {
            Order::Relevance => Sort::Relevance,
            Order::Date => Sort::Oldest,
            Order::Newest => Sort::Newest,
        }
    }
}

impl FilterArgs {
    /// The query with these filters, by relevance.
    pub fn read(&self, words: &[String], any: bool) -> Result<Asked, Failure> {
        let text = words.join(" ");
        let schema = Schema::bundled();
        let settings = query_settings(any);
        let parsed = query::parse(&text, &schema, settings)
            .map_err(|error| Failure::Query(Box::new(error), text.clone()))?;
        self.narrow(parsed, text, settings)
    }

    /// What was read of a text, with these filters.
    fn narrow(&self, parsed: Parsed, text: String, settings: Settings) -> Result<Asked, Failure> {
        let schema = Schema::bundled();
        let mut parts = vec![parsed.query];
        let since: Vec<String> = self.since.iter().cloned().collect();
        let until: Vec<String> = self.until.iter().cloned().collect();
        for (field, values) in [
            ("section", &self.section),
            ("since", &since),
            ("until", &until),
            ("author", &self.author),
            ("source", &self.source),
            ("lang", &self.lang),
        ] {
            if !values.is_empty() {
                let filter = query::filter(field, values, &schema, settings).map_err(|error| {
                    let mut failure = Failure::new(format!("--{field}: {}", error.message));
                    for help in error.help {
                        failure = failure.hint(help);
                    }
                    failure
                })?;
                parts.push(filter);
            }
        }
        let query = if parts.len() == 1 { parts.remove(0) } else { Query::And(parts) };
        Ok(Asked {
            text,
            query,
            notes: parsed.notes,
            left_out: parsed.left_out,
            sort: Sort::Relevance,
        })
    }
}

pub(super) fn run(args: &SearchArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let mut asked = args.asked.read(&args.query)?;
    let columns = columns(&args.fields)?;
    let local = match &args.folder {
        None => global.open()?,
        Some(folder) => refreshed(folder, global, screen, &mut asked)?,
    };
    // The program ends with it; to take leave of each of its files costs a good part of a search.
    let local = ManuallyDrop::new(local);
    if args.explain {
        screen.say(&format!("read as: {}", line(&asked.query.to_string())));
        if !asked.left_out.is_empty() {
            screen.say(&format!("left out: {}", asked.left_out.join(" ")));
        }
        for part in local.sought(&asked.query)? {
            for (word, words) in part.pattern.words().into_iter().zip(&part.slots) {
                screen.say(&format!("  {} stands for {}", line(&word.to_string()), listed(words)));
            }
        }
    }
    let begun = Instant::now();
    let text = args.format == "text";
    let needs = columns.is_empty() || columns.iter().any(|column| column.needs_snippets());
    let request = Request {
        sort: asked.sort,
        offset: (args.page.get() - 1).saturating_mul(args.limit.get()),
        limit: Some(args.limit.get()),
        snippets: if text || needs { args.snippets } else { 0 },
        width: SNIPPET,
        facets: if text { vec![Facet::Section, Facet::Year] } else { Vec::new() },
        duplicates: args.duplicates.duplicates(),
        expand: args.asked.expand,
        aside: asked.left_out.clone(),
        explain: args.explain || columns.contains(&Column::Explain),
        ..Request::of(asked.query.clone())
    };
    let first = request.offset as u64 + 1;
    let answer = local.search(&request)?;
    for note in &answer.notes {
        screen.say(&format!("note: {}", line(note)));
    }
    for note in &asked.notes {
        if !note.only_if_nothing || answer.total == 0 {
            screen.say(&format!("note: {}", line(&note.message)));
        }
    }
    let total = answer.total;
    let groups = answer.groups;
    // How many there are to page through.
    let listed = if request.duplicates == Duplicates::Group { groups } else { total };
    let tallies = answer.tallies.clone();
    let look = Look {
        query: asked.text.clone(),
        columns,
        colour: screen.colour,
        width: screen.width,
        ..Look::default()
    };
    let mut out = BufWriter::new(stdout().lock());
    let shown = write_hits(answer, &args.format, look.clone(), &mut out)?;
    if !text {
        out.flush()?;
        return Ok(if total > 0 { FOUND } else { NOTHING });
    }
    if total == 0 {
        writeln!(out, "No articles match.")?;
        out.flush()?;
        nothing::teach(&asked.query, &local, screen)?;
        if let Some(query) = nothing::partly(&asked.query) {
            let partial = local.search(&Request { query, ..request })?;
            if partial.total > 0 {
                screen.say("No article has all of it. The best of those that have some:");
                write_hits(partial, &args.format, look, &mut out)?;
            }
        }
    } else {
        let took = begun.elapsed().as_secs_f64();
        let which = match shown {
            0 => format!("no page {}", args.page),
            _ => format!("showing {}-{}", grouped(first), grouped(first + shown - 1)),
        };
        let order = match asked.sort {
            Sort::Relevance => "sorted by relevance",
            Sort::Oldest => "oldest first",
            Sort::Newest => "newest first",
        };
        let mut articles = counted(total, "article", "articles");
        if groups < total {
            articles = format!("{articles} in {}", counted(groups, "group", "groups"));
        }
        writeln!(out, "{articles} ({which}), {took:.2} s · {order}")?;
        for tally in &tallies {
            let wanted = if tally.facet == Facet::Year { 8 } else { 5 };
            if let Some(row) = tally_line(tally, wanted) {
                writeln!(out, "  {row}")?;
            }
        }
        if first + shown <= listed && shown > 0 {
            writeln!(out, "More:  --page {}", args.page.get() + 1)?;
        }
    }
    out.flush()?;
    Ok(if total > 0 { FOUND } else { NOTHING })
}

/// Some words, the first of them where they are many.
fn listed(words: &[String]) -> String {
    let shown: Vec<String> = words.iter().take(20).map(|word| line(word)).collect();
    match words.len() {
        0 => "no word of the index".to_owned(),
        all if all > shown.len() => {
            format!("{} and {} more words", shown.join(", "), grouped((all - shown.len()) as u64))
        }
        _ => shown.join(", "),
    }
}

/// The counts of a facet in one line: the most of them, and how many more there are.
fn tally_line(tally: &crate::engine::Tally, most: usize) -> Option<String> {
    if tally.counts.is_empty() {
        return None;
    }
    let mut counts: Vec<&(Arc<str>, u64)> = tally.counts.iter().collect();
    let more = counts.len().saturating_sub(most);
    if tally.facet == Facet::Year {
        // The latest years, rising.
        counts.drain(..more);
    } else {
        counts.truncate(most);
    }
    let mut row: Vec<String> = counts
        .into_iter()
        .map(|(label, count)| format!("{} {}", line(label), grouped(*count)))
        .collect();
    if more > 0 {
        row.push(format!("+{more}"));
    }
    if tally.none > 0 {
        row.push(format!("none {}", grouped(tally.none)));
    }
    Some(format!("{:<8} {}", tally.facet.name(), row.join("  ")))
}

/// Writes the hits of an answer, and counts them.
pub(super) fn write_hits(
    answer: Answer<'_>,
    format: &str,
    look: Look,
    out: &mut dyn Write,
) -> Result<u64, Failure> {
    let output = output::by_name(format).expect("clap has looked at the name");
    let mut writer = (output.open)(out, look)?;
    let mut shown = 0;
    for hit in answer.hits {
        writer.hit(&hit?)?;
        shown += 1;
    }
    writer.finish()?;
    Ok(shown)
}

/// The index with one folder of it brought up to date, and the query narrowed to it.
fn refreshed(
    folder: &std::path::Path,
    global: &Global,
    screen: &Screen,
    asked: &mut Asked,
) -> Result<Local, Failure> {
    let roots = absolute(&[folder.to_owned()])?;
    let local = Local::open_or_create(&global.place())?.limited_to(global.time_limit.0);
    let reading = ReadingArgs::usual();
    let summary =
        update(&local, &roots, &reading.options(&global.config)?, &reading, true, screen)?;
    let articles: u64 = summary.articles.values().sum();
    if !summary.nothing_changed() {
        screen.say(&format!(
            "{}: {} new, {} changed, {} gone; {} read",
            folder.display(),
            grouped(summary.new),
            grouped(summary.changed),
            grouped(summary.gone),
            counted(articles, "article", "articles")
        ));
    }
    let ledger = local.ledger()?;
    let (label, below) = ingest::within(&ledger, &roots[0])
        .unwrap_or_else(|| (ingest::label(&ledger, &roots[0]), PathBuf::new()));
    let narrowed = |field: &str, value: &str| Query::Label {
        field: field.to_owned(),
        value: crate::words::fold_label(value),
        glob: false,
    };
    let query = std::mem::replace(&mut asked.query, Query::All);
    let mut parts = vec![query, narrowed("root", &label)];
    if !below.as_os_str().is_empty() {
        parts.push(narrowed("path", &below.to_string_lossy()));
    }
    asked.query = Query::And(parts);
    Ok(local)
}
