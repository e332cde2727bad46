//! Says that a test is skipped, and why, so that it is read.

use std::io::{Write, stderr};

/// What a passing test prints by a macro is shown to nobody; this is.
pub fn skipped(why: &str) {
    stderr().write_all(format!("\nskipped: {why}\n").as_bytes()).unwrap();
}
