//! The simulator over HTTP and WebSocket, as a client and a test see it.

mod calling;
mod cards;
mod downloads;
mod harness;
mod lifetime;
mod limits;
mod opening;
mod program;
mod pushing;
mod records;
mod redelivery;
mod replies;
mod robots;
mod safety;
mod sending;
mod sent;
mod tokens;
mod uploads;
