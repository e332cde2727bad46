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

impl HitWriter for Trec<'_> {
    fn hit(&mut self, hit: &Hit) -> io::Result<()> {
        let id = hit.article.id.split_whitespace().collect::<Vec<_>>().join("_");
        // Where the order is not by relevance the place in it stands for the score, which must
        // fall.
        let score = if hit.score > 0.0 { f64::from(hit.score) } else { 1.0 / hit.rank as f64 };
        writeln!(self.out, "1 Q0 {id} {} {score:.6} fiche", hit.rank)
    }

    fn finish(&mut self) -> io::Result<()> {
        Ok(())
    }
}
