//! Cards against the simulator, read back as the people who look at them would see them.

#[path = "../support/mod.rs"]
mod support;

mod ending;
mod instances;
mod journal;
mod seen;
mod typing;
mod whatever;
