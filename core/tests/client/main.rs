//! The client as its users see it, against a simulator.

mod deliveries;
mod lifecycle;
mod support;
