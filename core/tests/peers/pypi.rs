//! The Python SDK that is installed today, 0.24.3. What else is listed of it is tested under p2 (answers
//! on another connection), p7 (no timeouts), n1 (a frame that is no JSON) and j12 (a ticket in the log). Not here: a
//! call of the logger with wrong arguments and a nested class method, which are traps of the language.

use std::time::Duration;

use dingstream::{Client, Config, State};
use serde_json::Value;

use crate::storm::{MOST, Trouble, tries_before_a_pause};
use crate::support::rogue::{Habit, Rogue};
use crate::support::server::Server;
use crate::support::{DEADLINE, InTime, World, all_told, message, next, wait_for};

/// After a normal close it comes back at once, without end: three thousand connections in three seconds.
#[test]
fn py243_a_normal_close_is_not_answered_with_a_storm() {
    assert!(tries_before_a_pause(Trouble::ClosesNormally) <= MOST);
}

/// Being cancelled is taken for a trouble like others, and it connects again: nothing stops it.
#[test]
fn py243_a_client_that_comes_back_again_and_again_can_be_stopped() {
    let rogue = Rogue::new(Habit::Closes);
    let mut config = rogue.config();
    (config.immediate_opens, config.backoff_max_ms) = (usize::MAX, Duration::ZERO);
    let client = Client::new(config).expect("valid");
    client.start().in_time().expect("connected");
    wait_for("some connections", || client.stats().lost >= 20);
    client.stop(Duration::ZERO).in_time().expect("stopped");
    assert_eq!((client.state(), client.stats().connections), (State::Stopped, 0));
}

/// Opening blocks the loop: while the endpoint says nothing, nothing else of the program goes on.
#[test]
fn py243_an_open_that_hangs_holds_up_no_other_client() {
    let (rogue, world) = (Rogue::new(Habit::SilentOpen), World::new());
    let hanging = Client::new(rogue.config()).expect("valid");
    let start = hanging.start();
    wait_for("the open", || rogue.opens() == 1);
    let client = world.connected(world.config());
    let pushed = world.push(message("hi"));
    next(client.queue()).ok(Value::Null).expect("settled");
    assert_eq!(world.answer(&pushed)["code"], 200);
    assert!(start.wait(Some(Duration::ZERO)).expect("waiting").is_none(), "the other one still hangs");
}

/// Every ping warns of an unknown topic.
#[test]
fn py243_a_ping_is_nothing_to_warn_of() {
    let world = World::new();
    let client = world.connected(world.config());
    for _ in 0..3 {
        world.ping();
    }
    client.stop(DEADLINE).in_time().expect("stopped");
    let warned: Vec<_> = all_told(client.queue()).into_iter().filter(|told| !told.starts_with('{')).collect();
    assert!(warned.is_empty(), "{warned:?}");
}

/// It can't be stopped at all: there is no call for it.
#[test]
fn py243_a_stop_closes_the_connection_and_nothing_comes_after_it() {
    let (heard, closed) = std::sync::mpsc::channel();
    let server = Server::of_sockets(move |mut socket, _| {
        let heard = heard.clone();
        async move {
            while let Some(Ok(packet)) = futures_util::StreamExt::next(&mut socket).await {
                if packet.is_close() {
                    let _ = heard.send(());
                }
            }
        }
    });
    let mut config: Config = server.config();
    config.backoff_max_ms = Duration::ZERO;
    let client = Client::new(config).expect("valid");
    client.start().in_time().expect("connected");
    client.stop(DEADLINE).in_time().expect("stopped");
    closed.recv_timeout(DEADLINE).expect("it says goodbye");
    assert_eq!((server.opens(), client.state()), (1, State::Stopped));
}
