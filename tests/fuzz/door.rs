//! One door of the program: the name of the target says which.
#![no_main]

#[path = "../support/doors.rs"]
mod doors;

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| {
    assert!(doors::door(env!("CARGO_BIN_NAME"), bytes));
});
