//! Processes that share one store. Each is this test program again, with a task.

#[path = "../support/mod.rs"]
mod support;

mod process;

use std::cell::OnceCell;
use std::fs::{self, File, TryLockError};
use std::net::TcpListener;
use std::path::PathBuf;
use std::time::{Duration, Instant};

use dingstream::openapi::bot::Target;
use dingstream::{Client, Config, Message, Queue, Store};
use serde_json::{Value, json};
use tempfile::TempDir;

use process::Process;
use support::{InTime, World, told, wait_for};

const SEND: &str = "/v1.0/robot/oToMessages/batchSend";

/// As many processes with the same task, begun together, and what each tells.
fn together(count: usize, task: &Value) -> Vec<Value> {
    timed(count, task).0
}

/// The same, and how long it took them.
fn timed(count: usize, task: &Value) -> (Vec<Value>, Duration) {
    let mut processes: Vec<_> = (0..count).map(|_| Process::new(task)).collect();
    let begun = Instant::now();
    processes.iter_mut().for_each(Process::go);
    let told = processes.into_iter().map(Process::told).collect();
    (told, begun.elapsed())
}

fn sum(told: &[Value], what: &str) -> u64 {
    told.iter().filter_map(|told| told[what].as_u64()).sum()
}

fn sharing(world: &World, dir: &TempDir) -> Config {
    let mut config = world.bare_config();
    (config.store, config.store_dir) = (Store::File, dir.path().display().to_string());
    config
}

fn send(client: &Client) -> dingstream::call::Outcome {
    client.send(Target::Users(vec!["u1".to_owned()]), Message::text("hi")).in_time()
}

/// The files of a store whose name begins and ends so.
fn files(dir: &TempDir, kind: &str, end: &str) -> Vec<PathBuf> {
    let entries = fs::read_dir(dir.path()).expect("a store").map(|entry| entry.expect("an entry"));
    let named = entries.filter(|entry| {
        let name = entry.file_name().into_string().expect("UTF-8");
        name.starts_with(kind) && name.ends_with(end)
    });
    named.map(|entry| entry.path()).collect()
}

fn is_locked(path: &PathBuf) -> bool {
    matches!(File::open(path).expect("a lock file").try_lock(), Err(TryLockError::WouldBlock))
}

#[test]
fn twenty_messages_of_a_robot_arrive_however_many_processes_send() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    world.control("robots", json!({ "accessToken": "planted" }));
    let url = world.url("/robot/send?access_token=planted");
    let told = together(3, &json!({ "robot": url, "dir": dir.path(), "times": 20 }));
    assert_eq!((sum(&told, "done"), sum(&told, "throttled")), (20, 40), "{told:?}");
    assert_eq!(world.records("robot", 20).len(), 20, "nothing was refused by DingTalk");
}

#[test]
fn a_token_is_fetched_once_however_many_processes_ask() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    let told = together(3, &json!({ "endpoint": world.url(""), "dir": dir.path(), "times": 5 }));
    assert_eq!(sum(&told, "done"), 15, "{told:?}");
    assert_eq!(world.records("token", 1).len(), 1);
}

#[test]
fn calls_of_all_processes_keep_one_bound() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    // A simulator that is held up sees calls closer together than they were made, so it bounds none.
    world.control("settings", json!({ "qps": 0 }));
    let task = json!({ "endpoint": world.url(""), "dir": dir.path(), "times": 12, "callsASecond": 10 });
    let (told, took) = timed(3, &task);
    assert_eq!(sum(&told, "done"), 36);
    // Ten at once and ten a second from then on; without the others, each would be done after one.
    assert!(took > Duration::from_secs(3), "36 calls took {took:?}");
    let requests = world.records(&format!("request&path={SEND}"), 36);
    assert!(requests.iter().all(|request| request["status"] == 200), "{requests:?}");
}

#[test]
fn a_process_that_is_killed_while_it_fetches_the_token_holds_nobody_up() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    // A proxy that takes the request for the token, and says nothing to it.
    let mute = TcpListener::bind("127.0.0.1:0").expect("a port");
    mute.set_nonblocking(true).expect("a listener");
    let proxy = format!("http://{}", mute.local_addr().expect("bound"));
    let task = json!({ "endpoint": world.url(""), "dir": dir.path(), "times": 1, "proxy": proxy });
    let mut killed = Process::new(&task);
    killed.go();
    let request = OnceCell::new();
    wait_for("the request for a token", || mute.accept().is_ok_and(|(stream, _)| request.set(stream).is_ok()));
    assert!(files(&dir, "token-", ".lock").iter().any(is_locked));
    let client = Client::new(sharing(&world, &dir)).expect("valid");
    let waiting = client.send(Target::Users(vec!["u1".to_owned()]), Message::text("hi"));
    killed.kill();
    waiting.in_time().expect("sent with a token of its own");
}

#[test]
fn a_state_that_can_not_be_read_begins_anew_and_is_told() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    let queue = Queue::new();
    let client = Client::with_queue(sharing(&world, &dir), &queue, 0).expect("valid");
    send(&client).expect("sent");
    let states = files(&dir, "", ".json");
    assert!(states.len() >= 2, "{states:?}");
    for state in states {
        let half = fs::read(&state).expect("a state");
        fs::write(&state, &half[..half.len() / 2]).expect("written");
    }
    send(&client).expect("sent all the same");
    told(&queue, "can't be read and begins anew");
    assert_eq!(world.records("token", 2).len(), 2);
}

#[test]
fn what_one_process_fetched_the_next_one_finds() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    send(&Client::new(sharing(&world, &dir)).expect("valid")).expect("sent");
    let told = together(1, &json!({ "endpoint": world.url(""), "dir": dir.path(), "times": 1 }));
    assert_eq!((sum(&told, "done"), world.records("token", 1).len()), (1, 1));
}

#[test]
fn names_of_files_show_no_secret_and_no_customer() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    let config = sharing(&world, &dir);
    let hidden = [config.client_id.clone(), config.client_secret.expose().to_owned()];
    send(&Client::new(config).expect("valid")).expect("sent");
    for file in files(&dir, "", "") {
        let name = file.file_name().and_then(|name| name.to_str()).expect("UTF-8");
        assert!(hidden.iter().all(|hidden| !name.contains(hidden)), "{name}");
    }
}

#[test]
fn a_directory_of_somebody_else_is_refused_when_the_client_is_made() {
    use std::os::unix::fs::{MetadataExt, chown};
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    let mut config = sharing(&world, &dir);
    let stranger = fs::metadata(dir.path()).expect("a directory").uid() + 1;
    if chown(dir.path(), Some(stranger), None).is_err() {
        // Root alone can give a directory away, and nobody else owns this one.
        config.store_dir = "/".to_owned();
    }
    let error = Client::new(config).expect_err("refused");
    assert_eq!(error.kind(), dingstream::ErrorKind::Config);
    assert!(error.to_string().contains("belongs to another user: give a store_dir"), "{error}");
}

#[test]
fn who_shares_nothing_knows_nothing_of_the_others() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    send(&Client::new(sharing(&world, &dir)).expect("valid")).expect("sent");
    send(&Client::new(world.bare_config()).expect("valid")).expect("sent");
    assert_eq!(world.records("token", 2).len(), 2);
}
