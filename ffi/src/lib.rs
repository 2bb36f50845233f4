//! The C ABI of dingstream. What it promises stands in `include/dingstream.h`, made from the comments here.
//!
//! Every exported function is a doorway: its signature, a guard, one call into the room behind it.

#![expect(non_camel_case_types, reason = "these are the names of the C ABI")]

pub mod call;
pub mod card;
pub mod card_calls;
pub mod card_session;
pub mod client;
pub mod client_calls;
pub mod config;
pub mod config_options;
pub mod delivery;
pub mod enums;
pub mod error;
pub mod graph;
pub mod json;
pub mod json_read;
pub mod json_write;
pub mod markdown;
pub mod media;
pub mod message;
pub mod message_types;
pub mod queue;
pub mod version;
pub mod view;
pub mod webhook;

mod bytes;
mod document;
mod foreign;
mod guard;
mod handle;
mod kept;

#[cfg(feature = "test-panic")]
pub mod planted;
