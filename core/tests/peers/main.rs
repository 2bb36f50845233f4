//! The defects of the other SDKs, as our census of them numbers them: none is one of ours. A test bears the number of its
//! defect, and says in one line what the peer does.

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
