//! `fiche doctor`: what an archive lacks, and what in it is odd.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufWriter, Write, stdout};
use std::path::PathBuf;

use clap::{Args, ValueEnum};
use serde_json::json;

use super::FOUND;
use super::failure::Failure;
use super::index::ReadingArgs;
use super::progress::kind_name;
use super::search::FilterArgs;
use super::settings::{Global, Screen, counted, grouped, today};
use crate::article::{Date, Origin, from_day_number};
use crate::draft::{Rung, Slot};
use crate::engine::local::Local;
use crate::engine::{Engine, Request, Sort};
use crate::extract::date::{Habit, read};
use crate::ingest;
use crate::ledger::{Ledger, ProblemKind};
use crate::output::visible::line;
use crate::query::Query;
use crate::words::fold_label;

/// How many examples are shown of a finding.
const EXAMPLES: usize = 3;
/// An outlet with fewer articles has no habits to judge by.
const FEWEST: usize = 10;
/// How many files are read again to find the column that holds the real dates.
const READ_AGAIN: usize = 40;
/// A text is short where it has less than one word in so many of what half the others have.
const CUT: u64 = 5;
/// Outlets whose articles are shorter than this print notices: there is no short among them.
const LONG: u64 = 150;
/// More different sections than this are not compared for slips of spelling.
const COMPARED: usize = 3000;

/// Look for what the archive lacks, and for what is odd in it.
///
/// Articles without a date, author, section or headline; dates in the future, or long before the
/// rest of an outlet; one date on nearly all of an outlet, which is rather that of a copy; sections
/// that differ in case or spelling alone; files that gave nothing; texts much shorter than others of
/// their outlet, as a paywall leaves them. Each with its number, examples, and the command that
/// lists them.
///
/// Exit status: 0 done, 2 failed.
#[derive(Debug, Args)]
pub(super) struct DoctorArgs {
    /// text, or jsonl: one object a finding.
    #[arg(long, value_name = "FORMAT", default_value = "text")]
    format: Form,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Form {
    /// For reading.
    Text,
    /// One JSON object a line.
    Jsonl,
}

/// Something odd.
struct Finding {
    /// A name for programs.
    check: &'static str,
    count: u64,
    /// One sentence.
    what: String,
    examples: Vec<String>,
    /// What may be done.
    advice: Vec<String>,
    /// The command that lists them.
    see: String,
}

/// What is looked at of the articles of one outlet.
#[derive(Default)]
struct Outlet {
    /// Its name as printed first; empty for articles of none.
    name: String,
    articles: u64,
    /// How many are of each day.
    days: BTreeMap<Date, u64>,
    /// The words of each.
    lengths: Vec<u64>,
    /// Some of its articles, with their dates.
    some: Vec<(Option<Date>, Origin)>,
}

/// What one pass over all articles gathers.
#[derive(Default)]
struct Gathered {
    articles: u64,
    outlets: BTreeMap<String, Outlet>,
    /// Each section as printed.
    sections: BTreeMap<String, u64>,
}

/// A search that can be typed.
#[derive(Clone)]
struct Ask {
    words: Vec<String>,
    filters: FilterArgs,
}

impl Ask {
    fn new(words: &str) -> Self {
        let none = Vec::new;
        let filters = FilterArgs {
            section: none(),
            since: None,
            until: None,
            author: none(),
            source: none(),
            lang: none(),
        };
        Self { words: vec![words.to_owned()], filters }
    }

    /// Only of this outlet.
    fn of(mut self, outlet: &Outlet) -> Self {
        match &outlet.name[..] {
            "" => self.words.insert(0, "no:source".to_owned()),
            name if quotable(name) => self.words.insert(0, format!("source:\"{name}\"")),
            name => self.filters.source.push(name.to_owned()),
        }
        self
    }

    /// Only in one of these sections.
    fn sections(names: &[&str]) -> Self {
        let mut ask = Self::new("");
        if names.iter().all(|name| quotable(name)) {
            let names: Vec<String> = names.iter().map(|name| format!("\"{name}\"")).collect();
            ask.words = match &names[..] {
                [one] => vec![format!("section:{one}")],
                many => vec![format!("section:({})", many.join(" OR "))],
            };
        } else {
            ask.words = vec!["*".to_owned()];
            ask.filters.section = names.iter().map(|name| (*name).to_owned()).collect();
        }
        ask
    }

    /// The command as a shell takes it.
    fn command(&self) -> String {
        let mut command = format!("fiche search {}", quoted(&self.words.join(" ")));
        for (flag, names) in [("section", &self.filters.section), ("source", &self.filters.source)]
        {
            for name in names {
                command.push_str(&format!(" --{flag} {}", quoted(name)));
            }
        }
        command
    }

    /// How many articles it lists, and the first of them.
    fn count(&self, local: &Local) -> Result<(u64, Vec<String>), Failure> {
        let asked = self.filters.read(&self.words, false)?;
        let answer = local.search(&request(asked.query, Some(EXAMPLES)))?;
        let examples = answer
            .hits
            .map(|hit| Ok(hit?.article.origin.to_string()))
            .collect::<Result<_, Failure>>();
        Ok((answer.total, examples?))
    }

    /// What it lists, where it lists anything: the sentence is made of the number.
    fn finding(
        &self,
        check: &'static str,
        local: &Local,
        what: impl Fn(u64) -> String,
    ) -> Result<Option<Finding>, Failure> {
        let (count, examples) = self.count(local)?;
        let what = what(count);
        let see = self.command();
        Ok((count > 0).then_some(Finding { check, count, what, examples, advice: Vec::new(), see }))
    }
}

/// Whether a name can stand between quotes in a query.
fn quotable(name: &str) -> bool {
    !name.contains(['"', '“', '”', '„', '‟', '«', '»'])
}

/// A text as one word of a shell.
fn quoted(text: &str) -> String {
    let plain = |c: char| c.is_ascii_alphanumeric() || "_-:.,/=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        text.to_owned()
    } else {
        format!("'{}'", text.replace('\'', "'\\''"))
    }
}

fn request(query: Query, limit: Option<usize>) -> Request {
    Request { sort: Sort::Oldest, limit, ..Request::of(query) }
}

pub(super) fn run(args: &DoctorArgs, global: &Global, screen: &Screen) -> Result<u8, Failure> {
    let local = global.open()?;
    let ledger = local.ledger()?;
    let gathered = gather(&local)?;
    let mut findings = Vec::new();
    missing(&local, gathered.articles, &mut findings)?;
    future(&local, &mut findings)?;
    for outlet in gathered.outlets.values() {
        early(outlet, &local, &mut findings)?;
        one_date(outlet, &local, &ledger, global, &mut findings)?;
    }
    sections(&gathered.sections, &local, &mut findings)?;
    nothing_read(&ledger, &mut findings);
    for outlet in gathered.outlets.values() {
        short(outlet, &local, &mut findings)?;
    }
    let mut out = BufWriter::new(stdout().lock());
    for finding in &findings {
        match args.format {
            Form::Text => text(finding, screen, &mut out)?,
            Form::Jsonl => writeln!(out, "{}", object(finding))?,
        }
    }
    out.flush()?;
    let looked = counted(gathered.articles, "article", "articles");
    screen.say(&match findings.len() {
        0 => format!("Nothing odd in {looked}."),
        found => format!("{} in {looked}.", counted(found as u64, "finding", "findings")),
    });
    Ok(FOUND)
}

fn gather(local: &Local) -> Result<Gathered, Failure> {
    let mut gathered = Gathered::default();
    for hit in local.search(&request(Query::All, None))?.hits {
        let article = hit?.article;
        gathered.articles += 1;
        let outlet = gathered.outlets.entry(fold_label(&article.source)).or_default();
        outlet.articles += 1;
        outlet.lengths.push(article.words());
        if let Some(date) = article.published {
            *outlet.days.entry(date).or_default() += 1;
        }
        outlet.some.push((article.published, article.origin));
        // Enough to choose from, in the order of their dates.
        if outlet.some.len() > 4 * READ_AGAIN {
            let mut nth = 0;
            outlet.some.retain(|_| {
                nth += 1;
                nth % 2 == 0
            });
        }
        if outlet.name.is_empty() {
            outlet.name = article.source;
        }
        if !article.section.is_empty() {
            *gathered.sections.entry(article.section).or_default() += 1;
        }
    }
    for outlet in gathered.outlets.values_mut() {
        outlet.lengths.sort_unstable();
    }
    Ok(gathered)
}

fn missing(local: &Local, all: u64, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    for (field, check) in [
        ("date", "no-date"),
        ("author", "no-author"),
        ("section", "no-section"),
        ("headline", "no-headline"),
    ] {
        let what = |count| {
            let have = if count == 1 { "has" } else { "have" };
            let share = 100.0 * count as f64 / all.max(1) as f64;
            format!("{} {have} no {field} ({share:.1} %)", counted(count, "article", "articles"))
        };
        findings.extend(Ask::new(&format!("no:{field}")).finding(check, local, what)?);
    }
    Ok(())
}

fn future(local: &Local, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    let Some(tomorrow) = from_day_number(today().last_day() + 1) else { return Ok(()) };
    let what = |count| format!("{} dated in the future", are(count, "article", "articles"));
    findings.extend(Ask::new(&format!("since:{tomorrow}")).finding("future", local, what)?);
    Ok(())
}

fn are(number: u64, one: &str, many: &str) -> String {
    format!("{} {}", counted(number, one, many), if number == 1 { "is" } else { "are" })
}

/// The name of an outlet in a sentence.
fn named(outlet: &Outlet) -> String {
    match &outlet.name[..] {
        "" => "what has no outlet".to_owned(),
        name => name.to_owned(),
    }
}

/// A few dates that lie further before all others of an outlet than these lie from each other.
fn early(outlet: &Outlet, local: &Local, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    let dated: u64 = outlet.days.values().sum();
    let days: Vec<(&Date, &u64)> = outlet.days.iter().collect();
    let (Some(last), true) = (days.last(), dated >= 2 * FEWEST as u64) else { return Ok(()) };
    let mut before = 0;
    let mut end = None;
    for pair in days.windows(2) {
        before += pair[0].1;
        if before > (dated / 50).max(1) {
            break;
        }
        let gap = pair[1].0.first_day() - pair[0].0.last_day();
        if gap > 730 && gap > last.0.first_day() - pair[1].0.first_day() {
            end = Some((pair[0].0.last_day(), *pair[1].0));
        }
    }
    let Some((end, first)) = end else { return Ok(()) };
    let Some(end) = from_day_number(end) else { return Ok(()) };
    let what = |count| {
        let outlet = named(outlet);
        format!(
            "{} dated long before the rest of {outlet}, which begins {first}",
            are(count, "article", "articles")
        )
    };
    findings.extend(Ask::new(&format!("until:{end}")).of(outlet).finding("early", local, what)?);
    Ok(())
}

/// One date on more than nine of ten articles of an outlet: that of a copy, not of publication.
fn one_date(
    outlet: &Outlet,
    local: &Local,
    ledger: &Ledger,
    global: &Global,
    findings: &mut Vec<Finding>,
) -> Result<(), Failure> {
    let most = outlet.days.iter().max_by_key(|(_, count)| **count);
    let Some((date, most)) = most.map(|(date, count)| (*date, *count)) else { return Ok(()) };
    if outlet.articles < FEWEST as u64 || most * 10 <= outlet.articles * 9 {
        return Ok(());
    }
    let what = |count| {
        let (count, all) = (grouped(count), grouped(outlet.articles));
        format!(
            "{count} of {all} articles of {} are of one date, {date}: that of a copy?",
            named(outlet)
        )
    };
    let asked = Ask::new(&format!("date:{date}")).of(outlet);
    if let Some(mut finding) = asked.finding("one-date", local, what)? {
        finding.advice = other_dates(outlet, date, ledger, global)?;
        findings.push(finding);
    }
    Ok(())
}

/// Where else the files of an outlet give dates, and dates that differ.
fn other_dates(
    outlet: &Outlet,
    date: Date,
    ledger: &Ledger,
    global: &Global,
) -> Result<Vec<String>, Failure> {
    let reading = ReadingArgs::usual();
    let mut options = reading.options(&global.config)?;
    options.aliases = options.aliases.and_others();
    // Of a file of many articles only those of this outlet.
    let mut files: BTreeMap<PathBuf, BTreeSet<Option<u32>>> = BTreeMap::new();
    for (_, origin) in outlet.some.iter().filter(|(published, _)| *published == Some(date)) {
        if let Some(file) = super::show::file_of(ledger, origin) {
            files.entry(file).or_default().insert(origin.part);
        }
    }
    let mut columns: BTreeMap<(bool, String), (u64, BTreeSet<Date>)> = BTreeMap::new();
    let mut drafts: u64 = 0;
    for (file, parts) in files.iter().take(READ_AGAIN) {
        let name = file.to_string_lossy();
        ingest::drafts(file, &name, &options, &mut |draft| {
            if !parts.contains(&draft.part) {
                return;
            }
            drafts += 1;
            let mut seen = BTreeSet::new();
            for remark in &draft.remarks {
                let dates = matches!(
                    remark.slot,
                    Slot::Published | Slot::Modified | Slot::Captured | Slot::Other
                );
                if !dates || remark.text.len() > 60 {
                    continue;
                }
                let Some(found) = read(&remark.text, Habit::of("", "")) else { continue };
                let record = remark.rung == Rung::Record;
                let place = match remark.place.split_once('.') {
                    Some((_, key)) if record => key.to_owned(),
                    _ => remark.place.clone(),
                };
                if seen.insert(place.clone()) {
                    let column = columns.entry((record, place)).or_default();
                    column.0 += 1;
                    column.1.insert(found);
                }
            }
        });
    }
    // A column of its own dates has many of them, and most articles have it.
    let mut columns: Vec<_> = columns
        .into_iter()
        .filter(|(_, (count, dates))| count * 2 > drafts && dates.len() as u64 * 4 > drafts.min(40))
        .filter(|(_, (_, dates))| dates.len() > 1)
        .collect();
    columns.sort_by_key(|(_, (_, dates))| std::cmp::Reverse(dates.len()));
    let mut advice = Vec::new();
    for ((record, place), (count, dates)) in columns.into_iter().take(EXAMPLES) {
        let (Some(first), Some(last)) = (dates.first(), dates.last()) else { continue };
        let dates = dates.len();
        advice.push(format!(
            "`{place}` has {dates} dates in {count} articles, from {first} to {last}"
        ));
        if record && advice.len() == 1 {
            advice.push(format!(
                "to take them, in fiche.toml under [map]:  date = {place:?}   then:  fiche index"
            ));
        }
    }
    if advice.is_empty() {
        advice
            .push("nothing else in the files that were looked at gives different dates".to_owned());
    }
    Ok(advice)
}

/// A section without what spelling is free in: case, accents, signs, `and` for `&`.
fn plain(section: &str) -> String {
    let folded = fold_label(section).replace('&', " and ");
    folded.chars().filter(|c| c.is_alphanumeric() || *c == '/').collect()
}

/// Whether two plain sections are one slip apart: a letter more, less, other, or two turned round.
fn a_slip_apart(one: &str, other: &str) -> bool {
    let letters = |text: &str| text.chars().filter(|c| !c.is_numeric()).collect::<String>();
    one.chars().count().min(other.chars().count()) >= 5
        && one.chars().next() == other.chars().next()
        && letters(one) != letters(other)
        && strsim::osa_distance(one, other) == 1
}

fn sections(
    sections: &BTreeMap<String, u64>,
    local: &Local,
    findings: &mut Vec<Finding>,
) -> Result<(), Failure> {
    let mut spelt: BTreeMap<String, Vec<(&str, u64)>> = BTreeMap::new();
    for (name, count) in sections {
        spelt.entry(plain(name)).or_default().push((name, *count));
    }
    let names: Vec<&String> = spelt.keys().collect();
    // A slip goes with the commoner of the two.
    let weight = |name: &String| spelt[name].iter().map(|(_, count)| count).sum::<u64>();
    let mut with: BTreeMap<&String, &String> = BTreeMap::new();
    if names.len() <= COMPARED {
        for (at, one) in names.iter().enumerate() {
            for other in &names[at + 1..] {
                if a_slip_apart(one, other) {
                    let (rare, common) =
                        if weight(one) < weight(other) { (one, other) } else { (other, one) };
                    with.entry(rare).or_insert(common);
                }
            }
        }
    }
    let mut groups: BTreeMap<&String, Vec<(&str, u64)>> = BTreeMap::new();
    for (name, forms) in &spelt {
        let mut head = name;
        while let Some(next) = with.get(head) {
            head = next;
        }
        groups.entry(head).or_default().extend(forms);
    }
    for mut forms in groups.into_values().filter(|forms| forms.len() > 1) {
        forms.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        // Case and accents make no difference to a query.
        let mut asked: Vec<&str> = Vec::new();
        let mut known = BTreeSet::new();
        for (name, _) in &forms {
            if known.insert(fold_label(name)) {
                asked.push(name);
            }
        }
        let (count, examples) = Ask::sections(&asked).count(local)?;
        let shown: Vec<String> =
            forms.iter().map(|(name, count)| format!("{name} {}", grouped(*count))).collect();
        let rename = match (forms.first(), forms.get(1)) {
            (Some((to, _)), Some((from, _))) => format!("{from:?} = {to:?}"),
            _ => continue,
        };
        findings.push(Finding {
            check: "section-spelling",
            count,
            what: format!("one section in {} spellings: {}", forms.len(), shown.join(" · ")),
            examples,
            advice: vec![format!(
                "to join them, in fiche.toml under [sections]:  {rename}   then:  fiche index"
            )],
            see: Ask::sections(&asked).command(),
        });
    }
    Ok(())
}

/// Files of which no article came.
fn nothing_read(ledger: &Ledger, findings: &mut Vec<Finding>) {
    let mut kinds: BTreeMap<ProblemKind, u64> = BTreeMap::new();
    let mut examples = Vec::new();
    let mut count = 0;
    for (place, file) in super::status::without_article(ledger) {
        count += 1;
        let Some(problem) = file.problems.first() else { continue };
        *kinds.entry(problem.kind).or_default() += 1;
        if examples.len() < EXAMPLES {
            examples.push(format!("{place}: {}", problem.why));
        }
    }
    if count == 0 {
        return;
    }
    let kinds: Vec<String> = kinds
        .into_iter()
        .map(|(kind, count)| format!("{} {}", grouped(count), kind_name(kind)))
        .collect();
    findings.push(Finding {
        check: "nothing-read",
        count,
        what: format!("{} gave nothing: {}", counted(count, "file", "files"), kinds.join(" · ")),
        examples,
        advice: Vec::new(),
        see: "fiche status --nothing".to_owned(),
    });
}

/// Texts much shorter than the others of their outlet.
fn short(outlet: &Outlet, local: &Local, findings: &mut Vec<Finding>) -> Result<(), Failure> {
    let middle = outlet.lengths.get(outlet.lengths.len() / 2).copied().unwrap_or(0);
    if outlet.lengths.len() < FEWEST || middle < LONG {
        return Ok(());
    }
    let most = middle / CUT;
    let what = |count| {
        format!(
            "{} fewer than {most} words, where half of {} have {middle} or more: cut by a paywall?",
            if count == 1 {
                "1 article has".to_owned()
            } else {
                format!("{} articles have", grouped(count))
            },
            named(outlet)
        )
    };
    findings.extend(Ask::new(&format!("len:<{most}")).of(outlet).finding("short", local, what)?);
    Ok(())
}

fn text(finding: &Finding, screen: &Screen, out: &mut dyn Write) -> Result<(), Failure> {
    let (bold, dim, end) =
        if screen.colour { ("\u{1b}[1m", "\u{1b}[2m", "\u{1b}[0m") } else { ("", "", "") };
    writeln!(out, "{bold}{}{end}", line(&finding.what))?;
    for example in &finding.examples {
        writeln!(out, "    {dim}{}{end}", line(example))?;
    }
    for advice in &finding.advice {
        writeln!(out, "    {}", line(advice))?;
    }
    writeln!(out, "    see:  {}\n", line(&finding.see))?;
    Ok(())
}

fn object(finding: &Finding) -> serde_json::Value {
    json!({
        "check": finding.check,
        "count": finding.count,
        "what": finding.what,
        "examples": finding.examples,
        "advice": finding.advice,
        "see": finding.see,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sections_one_slip_apart_are_told_from_others() {
        for (one, other, wanted) in [
            ("politics", "politcs", true),
            ("sport", "sports", true),
            ("week1", "week2", false),
            ("news", "new", false),
            ("culture", "politics", false),
        ] {
            assert_eq!(a_slip_apart(one, other), wanted, "{one} {other}");
        }
        assert_eq!(plain("Arts & Culture"), plain("arts and culture"));
    }

    #[test]
    fn a_command_can_be_pasted() {
        let outlet = Outlet { name: "People's \"Gazette\"".to_owned(), ..Outlet::default() };
        let ask = Ask::new("len:<50").of(&outlet);
        assert_eq!(ask.command(), "fiche search 'len:<50' --source 'People'\\''s \"Gazette\"'");
    }
}
