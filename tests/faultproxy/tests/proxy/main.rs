//! The proxy between a client and a server that both do only what a test tells them.

mod bytes;
mod frames;
mod harness;
mod ledger;
mod program;
mod tls;
