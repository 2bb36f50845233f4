//! Servers that misbehave.

use std::time::{Duration, Instant};

use dingstream::{Client, Item, State};

use crate::support::rogue::{Habit, Rogue};
use crate::support::{DEADLINE, InTime, NEVER, item, wait_for};

/// No timeout hides a stop that hangs: all are far longer than the test waits.
fn stop(client: &Client, patience: Duration) {
    client.stop(patience).in_time().expect("stopped");
}

fn connected(rogue: &Rogue) -> Client {
    let client = Client::new(rogue.config()).expect("valid");
    client.start().in_time().expect("connected");
    client
}

#[test]
fn a_stop_ends_an_open_that_is_never_answered() {
    let rogue = Rogue::new(Habit::SilentOpen);
    let client = Client::new(rogue.config()).expect("valid");
    drop(client.start());
    wait_for("the open", || rogue.opens() == 1);
    stop(&client, NEVER);
    assert_eq!(client.state(), State::Stopped);
}

#[test]
fn an_upgrade_that_is_never_answered_is_given_up_and_tried_again() {
    let rogue = Rogue::new(Habit::SilentUpgrade);
    let client = Client::new(rogue.config()).expect("valid");
    drop(client.start());
    wait_for("the second try", || rogue.opens() >= 2);
    assert!(rogue.wait_seen(DEADLINE), "the first socket was closed");
    stop(&client, NEVER);
}

#[test]
fn a_server_that_takes_no_answers_does_not_hold_a_stop_or_its_socket() {
    let rogue = Rogue::new(Habit::Deaf);
    let client = connected(&rogue);
    assert!(rogue.wait_seen(DEADLINE), "what it sends is read no further, instead of filling the memory with answers");
    stop(&client, Duration::from_millis(100));
    assert!(rogue.wait_seen(DEADLINE), "the socket is closed although its answers were never taken");
}

#[test]
fn what_can_not_be_read_is_skipped() {
    let rogue = Rogue::new(Habit::Garbled);
    let client = connected(&rogue);
    assert!(rogue.wait_seen(DEADLINE), "the ping behind it is answered");
    let told: Vec<_> = std::iter::repeat_with(|| item(client.queue(), Instant::now() + DEADLINE))
        .filter_map(|item| match item {
            Item::Log { record, .. } => Some(record.message),
            _ => None,
        })
        .take(2)
        .collect();
    assert!(told.iter().all(|told| told.starts_with("a frame was skipped") && !told.contains("planted")), "{told:?}");
    stop(&client, NEVER);
}
