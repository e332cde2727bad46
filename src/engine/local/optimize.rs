//! Making one part of all the parts that many commits left.

use tantivy::IndexWriter;
use tantivy::merge_policy::NoMergePolicy;

use super::Local;
use crate::engine::EngineError;

impl Local {
    /// Merges all parts of the index into one and leaves out what was removed from them; `false`
    /// where that is so already.
    ///
    /// The index holds the same articles before and after, and at any moment between: a run that
    /// is killed leaves files that the next writer clears away.
    ///
    /// # Errors
    ///
    /// Where another process writes, and where nothing can be written.
    pub fn optimize(&self) -> Result<bool, EngineError> {
        let mut writer = self.opened(1)?.0;
        let merged = self.merged(&mut writer);
        if let Err(EngineError::DiskFull { .. }) = merged {
            // What was written of the merger takes the room that others need.
            drop(writer);
            drop(self.opened(1));
        }
        merged
    }

    fn merged(&self, writer: &mut IndexWriter) -> Result<bool, EngineError> {
        let failed = |error| self.failed(error);
        writer.set_merge_policy(Box::new(NoMergePolicy));
        let segments = self.index.searchable_segment_metas().map_err(failed)?;
        if segments.len() < 2 && segments.iter().all(|segment| !segment.has_deletes()) {
            return Ok(false);
        }
        let ids: Vec<_> = segments.iter().map(|segment| segment.id()).collect();
        writer.merge(&ids).wait().map_err(failed)?;
        self.reload()?;
        writer.garbage_collect_files().wait().map_err(failed)?;
        Ok(true)
    }
}
