//! Start, stop, restart, drop: in any order, from any thread.

use std::cell::RefCell;
use std::sync::mpsc::{Sender, channel};
use std::sync::{Arc, Barrier};
use std::time::Duration;

use dingstream::config::Answer;
use dingstream::{Client, Item, Kind, Message, Queue, State};
use serde_json::{Value, json};

use crate::support::{DEADLINE, InTime, NEVER, Running, World, item, message, next, states_until};

const PATIENCE: Duration = Duration::from_secs(5);

/// Tells when it is dropped.
struct Told(Sender<()>);

impl Drop for Told {
    fn drop(&mut self) {
        let _ = self.0.send(());
    }
}

fn start(client: &Client) {
    client.start().in_time().expect("connected");
}

fn stop(client: &Client) {
    client.stop(PATIENCE).in_time().expect("stopped");
}

#[test]
fn a_queue_is_freed_with_what_waits_in_it() {
    let world = World::new();
    let client = world.connected(world.config());
    let (freed, heard) = channel();
    let token = Told(freed);
    client.queue().on_wake(Some(Arc::new(move || {
        let _held = &token;
    })));
    world.push(message("nobody takes it"));
    drop(client);
    heard.recv_timeout(DEADLINE).expect("the states and messages in a queue do not keep it");
}

#[test]
fn the_earliest_deadline_counts_also_when_it_comes_later() {
    let world = World::new();
    let mut config = world.config();
    config.answer_message = Answer::OnCompletion;
    let client = world.connected(config);
    world.push(message("held"));
    let held = next(client.queue());
    let patient = client.stop(NEVER);
    assert_eq!(states_until(client.queue(), "stopping").last().map(String::as_str), Some("stopping"));
    drop(client.stop(Duration::ZERO));
    patient.in_time().expect("stopped");
    held.ok(Value::Null).expect("settled");
}

#[test]
fn a_drop_shortens_every_stop_before_it() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("held"));
    let held = next(client.queue());
    let patient = client.stop(NEVER);
    drop(client.start());
    drop(client);
    patient.in_time().expect("stopped");
    drop(held);
}

#[test]
fn a_reply_that_was_cancelled_at_once_is_not_waited_for() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let delivery = next(client.queue());
    for _ in 0..50 {
        delivery.reply(Message::text("x")).cancel();
    }
    delivery.ok(Value::Null).expect("settled");
    client.stop(NEVER).in_time().expect("stopped");
}

#[test]
fn every_one_who_asked_hears_of_the_end_of_a_call() {
    let world = World::new();
    let client = world.connected(world.config());
    world.push(message("hi"));
    let call = next(client.queue()).reply(Message::text("x"));
    let (heard, ends) = channel();
    for _ in 0..3 {
        let heard = heard.clone();
        call.clone().on_done(move |outcome| {
            let _ = heard.send(outcome.is_ok());
        });
    }
    for _ in 0..3 {
        assert_eq!(ends.recv_timeout(DEADLINE), Ok(true));
    }
}

#[test]
fn a_refused_client_asks_again_when_it_is_started_again() {
    let world = World::new();
    let mut config = world.config();
    config.client_secret = "planted-wrong-secret".into();
    let client = Client::new(config).expect("valid");
    for opens in 1..4 {
        client.start().in_time().expect_err("refused");
        assert_eq!(world.records("open", opens).len(), opens, "the refusal is a new one");
    }
}

#[test]
fn threads_that_call_functions_end_with_their_run_and_new_ones_serve_the_next() {
    thread_local! {
        static GUARD: RefCell<Option<Told>> = const { RefCell::new(None) };
    }
    let world = World::new();
    let mut config = world.config();
    config.dispatchers = 2;
    let client = Client::new(config).expect("valid");
    let (ended, ends) = channel();
    let (heard, deliveries) = channel();
    client
        .on_delivery(move |delivery| {
            GUARD.with_borrow_mut(|guard| {
                let _ = guard.get_or_insert_with(|| Told(ended.clone()));
            });
            let _ = heard.send(delivery.topic().to_owned());
            let _ = delivery.ok(Value::Null);
        })
        .expect("before the start");
    for _ in 0..10 {
        start(&client);
        let pushed = world.push(message("hi"));
        let topic = std::iter::repeat_with(|| deliveries.recv_timeout(DEADLINE).expect("the message is handled"))
            .find(|topic| topic.contains("messages"));
        assert!(topic.is_some() && world.answer(&pushed)["code"] == 200);
        drop(client.stop(PATIENCE));
    }
    stop(&client);
    for _ in 0..10 {
        ends.recv_timeout(DEADLINE).expect("a thread ends with its run");
    }
}

#[test]
fn clients_on_one_queue_that_call_functions_get_their_own_deliveries() {
    let world = World::new();
    world.control("apps", json!({ "clientId": "ding-second", "clientSecret": "second-secret" }));
    let queue = Queue::new();
    let (heard, deliveries) = channel();
    let clients: Vec<_> = [("ding-demo", "demo-secret", 1), ("ding-second", "second-secret", 2)]
        .into_iter()
        .map(|(id, secret, source)| {
            let mut config = world.config();
            (config.client_id, config.client_secret) = (id.to_owned(), secret.into());
            config.log_level = dingstream::Level::Info;
            let client = Client::with_queue(config, &queue, source).expect("valid");
            let heard = heard.clone();
            let take = move |delivery: dingstream::Delivery| {
                if delivery.kind() == Kind::Message {
                    let _ = heard.send((source, delivery.source()));
                }
            };
            client.on_delivery(take).expect("before the start");
            start(&client);
            client
        })
        .collect();
    stop(&clients[0]);
    for _ in 0..20 {
        world.push(json!({ "kind": "message", "text": "hi", "clientId": "ding-second" }));
        assert_eq!(deliveries.recv_timeout(DEADLINE), Ok((2, 2)));
    }
    assert!(matches!(item(&queue, std::time::Instant::now() + DEADLINE), Item::Log { .. }), "logs wait in the queue");
}

#[test]
fn a_client_can_be_dropped_inside_its_own_callback() {
    let world = World::new();
    let client = Client::new(world.config()).expect("valid");
    let own = Arc::new(std::sync::Mutex::new(Some(client.clone())));
    let inner = Arc::clone(&own);
    let (heard, states) = channel();
    client
        .on_delivery(move |delivery| {
            if delivery.kind() == Kind::Message {
                drop(inner.lock().map(|mut client| client.take()));
            } else if delivery.kind() == Kind::State {
                let _ = heard.send(delivery.topic().to_owned());
            }
        })
        .expect("before the start");
    start(&client);
    drop(client);
    world.push(message("drop it"));
    let stopped =
        std::iter::repeat_with(|| states.recv_timeout(DEADLINE).expect("a state")).find(|state| state == "stopped");
    assert!(stopped.is_some());
}

#[test]
fn anything_goes_from_many_threads() {
    let world = World::new();
    let client = Client::new(world.config()).expect("valid");
    let gate = Arc::new(Barrier::new(6));
    let threads: Vec<_> = (0..6)
        .map(|index| {
            let (client, gate) = (client.clone(), Arc::clone(&gate));
            std::thread::spawn(move || {
                gate.wait();
                for turn in 0..30 {
                    match (index + turn) % 4 {
                        0 => drop(client.start()),
                        1 => drop(client.stop(Duration::ZERO)),
                        2 => drop(client.start().wait(Some(Duration::from_millis(5)))),
                        _ => drop(client.stop(PATIENCE).wait(Some(Duration::from_millis(5)))),
                    }
                }
            })
        })
        .collect();
    for thread in threads {
        thread.join().expect("no thread panics");
    }
    stop(&client);
    assert_eq!(client.state(), State::Stopped);
    start(&client);
    assert_eq!(client.state(), State::Open);
    stop(&client);
}

#[test]
fn a_handler_that_panics_before_its_first_await_is_a_failed_handler() {
    let world = World::new();
    let mut config = world.config();
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    client
        .on_message(|message| {
            assert_ne!(message.text().as_deref(), Some("panic"), "a bug of the application");
            async move { drop(message) }
        })
        .expect("before the start");
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
    let running = client.clone();
    let runner = std::thread::spawn(move || runtime.block_on(running.run()));
    world.records("connect", 1);
    let broken = world.push(message("panic"));
    assert_eq!(world.answer(&broken)["code"], 500);
    let fine = world.push(message("fine"));
    assert_eq!(world.answer(&fine)["code"], 200);
    stop(&client);
    runner.join().expect("run outlives its handlers").expect("stopped");
}

#[test]
fn states_are_heard_one_after_the_other() {
    let world = World::new();
    let client = Client::new(world.config()).expect("valid");
    let (told, heard) = channel();
    let watched = client.clone();
    client
        .on_state(move |change| {
            let (told, watched) = (told.clone(), watched.clone());
            async move {
                let state = change.state().unwrap_or_default().into_owned();
                // Longer than it takes to get there: a handler that did not wait would be told before this one.
                while state == "connecting" && watched.state() == State::Connecting {
                    tokio::time::sleep(Duration::from_millis(2)).await;
                }
                told.send(state).expect("the test listens");
            }
        })
        .expect("before the start");
    client.on_message(|_| async {}).expect("before the start");
    Running::new(client).stop();
    assert_eq!(heard.try_iter().collect::<Vec<_>>(), ["connecting", "open", "stopping", "stopped"]);
}
