//! The Stream connection: frames, one connection as a state machine, and what keeps it alive.

pub mod answer;
pub mod frame;

mod backoff;
mod bin;
mod connection;
mod dedupe;
mod fleet;
mod identity;
mod inbox;
mod intake;
mod lane;
mod lines;
mod liveness;
mod open;
mod origin;
mod outbox;
mod reader;
mod reception;
mod run;
mod session;
mod sleep;
mod socket;
mod supervisor;
#[cfg(test)]
mod told;
mod writer;

pub mod topics;

pub(crate) use answer::Settlement;
pub(crate) use bin::Bin;
pub(crate) use identity::Identifier;
pub(crate) use inbox::Inbox;
pub(crate) use reception::settle;
pub(crate) use run::Run;
pub(crate) use sleep::Sleeps;
pub(crate) use supervisor::supervise;
