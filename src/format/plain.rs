//! Plain-text scrapes: a page already flattened.
