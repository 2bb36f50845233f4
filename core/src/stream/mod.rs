//! The Stream connection: frames, one connection as a state machine, and what keeps it alive.

pub mod frame;

mod answer;
mod backoff;
mod connection;
mod inbox;
mod open;
mod session;
mod socket;
mod supervisor;
mod writer;

pub mod topics;

pub(crate) use answer::Settlement;
pub(crate) use backoff::Backoff;
pub(crate) use connection::Connection;
pub(crate) use inbox::{Inbox, Slot};
pub(crate) use supervisor::{Run, supervise};
