//! The client as its users see it, against a simulator.

#[path = "../support/mod.rs"]
mod support;

mod connections;
mod deliveries;
mod hostile;
mod lifecycle;
mod secrets;
mod threads;
