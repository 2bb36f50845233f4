//! What the library is.

use std::ffi::c_char;

/// The number of this ABI. It is raised when a function, a field or a number is removed or changed.
#[repr(C)]
#[derive(Clone, Copy)]
pub enum dingstream_abi {
    /// The number that this header was written for.
    Version = 1,
}

/// The number of the library's ABI. Where it is not `DINGSTREAM_ABI_VERSION`, header and library do not belong together:
/// call nothing else. From any thread.
#[unsafe(no_mangle)]
pub extern "C" fn dingstream_abi_version() -> u32 {
    dingstream_abi::Version as u32
}

/// The version of the library, such as `0.1.0`. It is never NULL and lives for ever. From any thread.
#[unsafe(no_mangle)]
pub extern "C" fn dingstream_version() -> *const c_char {
    concat!(env!("CARGO_PKG_VERSION"), "\0").as_ptr().cast()
}
