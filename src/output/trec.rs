//! Hits as a run file, which trec_eval reads: `QUERY Q0 ID RANK SCORE fiche`.

use std::io::{self, Write};

use super::{HitWriter, Look};
use crate::hit::Hit;

struct Trec<'w> {
    out: &'w mut dyn Write,
}

pub(super) fn open(out: &mut dyn Write, _look: Look) -> io::Result<Box<dyn HitWriter + '_>> {
    Ok(Box::new(Trec { out }))
}

/// Writes a line of a run file.
///
/// # Errors
///
/// What the place written to says.
pub fn line(out: &mut dyn Write, query: &str, hit: &Hit) -> io::Result<()> {
    let whole = |text: &str| text.split_whitespace().collect::<Vec<_>>().join("_");
    // Where the order is not by relevance the place in it stands for the score, which must fall.
    let score = if hit.score > 0.0 { f64::from(hit.score) } else { 1.0 / hit.rank as f64 };
    writeln!(out, "{} Q0 {} {} {score:.6} fiche", whole(query), whole(&hit.article.id), hit.rank)
}

impl HitWriter for Trec<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        line(self.out, "1", hit)
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
