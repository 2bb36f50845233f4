//! The defects of the other SDKs, as a census of them found (`facts/peers.md`, section 4): none is one of ours. A test
//! bears the number of its defect, and says in one line what the peer does.

#[path = "../support/mod.rs"]
mod support;

mod gaps;
mod go;
mod history;
mod java;
mod node;
mod pypi;
mod python;
mod rust;
mod storm;
