//! Articles of the last commit, found again by the numbers of their origins.

use std::sync::{Arc, Mutex, PoisonError};

use tantivy::DocAddress;

use super::kept::Kept;
use super::{Local, damaged, placed};
use crate::article::Article;
use crate::engine::EngineError;
use crate::engine::guard::guarded;

/// The articles of the last commit; nothing is opened before one is asked for.
pub(super) struct Again<'l> {
    local: &'l Local,
    opened: Mutex<Option<Arc<Opened>>>,
}

struct Opened {
    kept: Arc<Kept>,
    /// The numbers of all origins, rising, and where their articles are.
    places: Vec<(u64, DocAddress)>,
}

impl<'l> Again<'l> {
    pub fn of(local: &'l Local) -> Self {
        Self { local, opened: Mutex::default() }
    }

    /// Reads the article of an origin.
    ///
    /// # Errors
    ///
    /// Where it is not there, or damaged.
    pub fn article(&self, number: u64) -> Result<Article, EngineError> {
        let place = self.local.place();
        let missing = || damaged(place, "an article is missing that has a sketch");
        guarded(place, || {
            let opened = self.opened()?;
            let at = opened.places.binary_search_by_key(&number, |(number, _)| *number);
            let at = opened.places[at.map_err(|_| missing())?].1;
            opened.kept.article(at).map_err(|error| placed(error, place))
        })
    }

    fn opened(&self) -> Result<Arc<Opened>, EngineError> {
        // What was opened is whole also where another thread ended while it held the lock.
        let mut opened = self.opened.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(opened) = &*opened {
            return Ok(Arc::clone(opened));
        }
        // A writer may have committed since the index was opened.
        self.local.reload()?;
        let new =
            Arc::new(Opened::of(self.local.kept()?).map_err(|error| self.local.failed(error))?);
        *opened = Some(Arc::clone(&new));
        Ok(new)
    }
}

impl Opened {
    fn of(kept: Arc<Kept>) -> tantivy::Result<Self> {
        let mut places = Vec::with_capacity(kept.searcher.num_docs() as usize);
        for (reader, segment) in kept.searcher.segment_readers().iter().zip(0..) {
            let numbers = kept.numbers(segment)?;
            let numbered =
                reader.doc_ids_alive().filter_map(|doc| Some((numbers.first(doc)?, doc)));
            places.extend(numbered.map(|(number, doc)| (number, DocAddress::new(segment, doc))));
        }
        places.sort_unstable();
        Ok(Self { kept, places })
    }
}
