//! The native half of the npm package `dingstream`: it translates between Node-API and the core, and decides nothing.
//!
//! Its functions are for `lib/` alone. What can fail returns the error as JSON text instead of throwing, so that `lib/`
//! makes the error class, with the caller's stack.

pub mod bundle;
pub mod call;
pub mod calls;
pub mod card;
pub mod card_session;
pub mod client;
pub mod delivery;
pub mod error;
pub mod markdown;
pub mod media;
pub mod named;
pub mod queue;
pub mod view;
pub mod webhook;

use napi_derive::{module_init, napi};

/// The version of the library, to be compared with the package's.
#[napi]
pub const VERSION: &str = env!("CARGO_PKG_VERSION");

/// What a panic says may quote a message, and the library prints nothing: it is told as an error instead.
#[module_init]
fn init() {
    std::panic::set_hook(Box::new(|_| {}));
}
