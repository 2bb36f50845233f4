//! What a client and a webhook say to a local DingTalk, and what they make of its refusals.

#[path = "../support/mod.rs"]
mod support;

mod bodies;
mod calling;
mod misbehaving;
mod receiving;
mod replying;
mod robots;
mod sending;
