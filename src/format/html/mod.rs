//! Saved HTML pages.
