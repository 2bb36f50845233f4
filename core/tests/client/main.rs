//! The client as its users see it, against a simulator.

mod connections;
mod deliveries;
mod hostile;
mod lifecycle;
mod rogue;
mod secrets;
mod support;
mod threads;
