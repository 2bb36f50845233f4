//! A bug planted for the tests.

use crate::error::dingstream_error;
use crate::guard::{guard, read};

/// Panics behind the guard of a function that can fail.
#[unsafe(no_mangle)]
pub extern "C" fn dingstream_test_panic() -> *mut dingstream_error {
    guard(|| panic!("planted-secret"))
}

/// Panics behind the guard of a reader; 7 stands for what is not there.
#[unsafe(no_mangle)]
pub extern "C" fn dingstream_test_panic_in_reader() -> u32 {
    read(7, || panic!("planted-secret"))
}
