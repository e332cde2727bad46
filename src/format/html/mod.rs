//! Saved HTML pages.

use super::{Format, FormatError, Input};
use crate::draft::Draft;

/// A saved page.
pub struct Html;

impl Format for Html {
    fn name(&self) -> &'static str {
        "html"
    }

    fn extensions(&self) -> &'static [&'static str] {
        &["html", "htm", "xhtml", "shtml"]
    }

    fn read(&self, _input: Input<'_>, found: &mut dyn FnMut(Result<Draft, FormatError>)) {
        found(Ok(Draft::default()));
    }
}
