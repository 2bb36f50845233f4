//! The simulator over HTTP and WebSocket, as a client and a test see it.

mod harness;
mod lifetime;
mod opening;
mod program;
mod pushing;
mod records;
mod redelivery;
mod replies;
mod safety;
mod tokens;
