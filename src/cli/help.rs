//! `fiche help`, and what `fiche --help` shows.

use std::io::{Write, stdout};

use clap::{Args, CommandFactory};

use super::failure::Failure;
use super::{Cli, FOUND};

/// What `fiche --help` shows; it fits 80 columns and 40 lines.
pub(super) const MAIN: &str = "\
fiche - search an archive of articles

Usage: fiche <command> [options]

Start here
  index FOLDER...     read articles and build or update the index
  search QUERY        find articles, best first
  show ID             read one article (--meta for its fields, --path for its file)

Look closer
  facets [QUERY]      counts by section, source, author, language and year
  duplicates          articles that are nearly the same
  captures ID         the captures of one article, and what was altered
  changed             articles that were altered between captures
  timeline [QUERY]    counts by year, month, week or day, with bars
  kwic QUERY          every match on a line of its own, with the words around it
  similar ID          articles with the same words
  inspect FILE...     what is read from files, and where each field came from

Take it with you
  export QUERY        all hits as csv, xlsx, jsonl, ris, bibtex, csl, atom, html, md, txt
  batch               a list of queries from a file: counts, or a run for trec_eval
  save NAME QUERY     remember a search;  fiche run NAME --new  shows what is new

Care
  status              what is in the index, and what could not be read
  doctor              what is missing, odd or doubtful in it
  check               whether the index is as it was written, byte by byte
  optimize            merge the parts that updates left: smaller, quicker to search
  fields              what a query can ask for
  help query          how to write a query, on one screen
  config              settings, and where each comes from
  demo FOLDER         write a sample archive to try things on
  completions, man    for your shell; manual pages

Options: -i, --index DIR   -v, --verbose   -q, --quiet   --color WHEN
         --time-limit SECS   -h, --help   -V, --version

Examples
  fiche index ~/clippings
  fiche search 'mayor section:politics since:2023-01'
  fiche search '\"council tax\" -scotland' --sort date
  fiche search --in ~/clippings harbour
  fiche export 'headline:flood date:1998..2004' -o floods.csv
";

/// The query language on one screen.
const QUERY: &str = "\
How to write a query

  council tax               both words, in any order      (also: council AND tax)
  \"council tax\"             the two in a row
  =tax                      that form; a bare word finds its other forms too
  tax OR levy               either; OR binds tighter than a blank
  tax -council              without council               (also: tax NOT council)
  (tax OR levy) budget      brackets
  headline:mayor            in the headline; lead: in it or the first 60 words
  author:\"ana ruiz\"         in the byline
  section:politics          any case, also Politics/Local; section:World,Sport
  source: lang: kind: topic: url: path: id:               values of other fields
  date:2023  date:2023-03  date:2023-03-14  date:2023-01..2023-06  date:..1912
  since:2023-01  until:2023-06  before:1950  since:30d  date:last-month
  tax NEAR/5 vote           within five words, any order
  tax PRE/3 vote            in that order, within three
  \"tax vote\"~5              up to five other words between
  diplo*  wom?n  *gate      any letters, one letter; also inside quotes
  harbor~1                  one letter different
  /dipl.*y/                 a regular expression on single words
  atleast3 inflation        three times or more
  has:author  no:date       the field is there, or is not
  len:>800  len:100..300    words in the article
  *                         every article

Words match without case and accents. Operators are in capitals. A month or a
year matches a range that holds the whole of it. fiche fields lists all fields.
";

/// Show help on a command, or on how to write a query.
#[derive(Debug, Args)]
pub(super) struct HelpArgs {
    /// A command, or `query`.
    #[arg(value_name = "TOPIC")]
    topic: Option<String>,
}

pub(super) fn run(args: &HelpArgs) -> Result<u8, Failure> {
    let mut command = Cli::command();
    command.build();
    let text = match args.topic.as_deref() {
        None => MAIN.to_owned(),
        Some("query") => QUERY.to_owned(),
        Some(topic) => match command.find_subcommand_mut(topic) {
            Some(sub) => sub.render_long_help().to_string(),
            None => {
                return Err(Failure::new(format!("there is no help on \"{topic}\""))
                    .hint("fiche --help lists the commands; fiche help query shows the language"));
            }
        },
    };
    stdout().write_all(text.as_bytes())?;
    Ok(FOUND)
}

/// The query language as a manual page.
pub(super) fn query_page() -> String {
    let mut page = String::from(
        ".TH fiche-query 7\n.SH NAME\nfiche-query \\- how to write a query for fiche\n.SH DESCRIPTION\n.nf\n",
    );
    for line in QUERY.lines() {
        let line = line.replace('\\', "\\e").replace('-', "\\-");
        if line.starts_with(['.', '\'']) {
            page.push_str("\\&");
        }
        page.push_str(&line);
        page.push('\n');
    }
    page.push_str(".fi\n");
    page
}
