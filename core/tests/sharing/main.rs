//! What the processes of one machine share with `store = file`. Each child is this program again, told by its environment
//! what to do.

#[path = "../support/mod.rs"]
mod support;

use std::env;
use std::fs;
use std::io::Write;
use std::path::PathBuf;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::channel;

use dingstream::webhook::Overflow;
use dingstream::{Client, Config, ErrorKind, Host, Message, Target, Webhook, WebhookConfig};
use serde_json::{Value, json};

use support::server::Server;
use support::{InTime, World};

const ROLE: &str = "DINGSTREAM_TEST_ROLE";
const ENDPOINT: &str = "DINGSTREAM_TEST_ENDPOINT";
const STORE: &str = "DINGSTREAM_TEST_STORE";

/// A directory of one test, of this user alone.
fn store(name: &str) -> PathBuf {
    let dir = env::temp_dir().join(format!("dingstream-sharing-{}-{name}", std::process::id()));
    let _ = fs::remove_dir_all(&dir);
    dir
}

fn child(role: &str, endpoint: &str, store: &PathBuf) -> Child {
    let program = env::current_exe().expect("this program");
    let mut command = Command::new(program);
    command.args(["--exact", "the_child", "--nocapture"]);
    command.env(ROLE, role).env(ENDPOINT, endpoint).env(STORE, store);
    command.stdin(Stdio::null()).stdout(Stdio::piped()).spawn().expect("a child")
}

/// What a child told, as one JSON value.
fn told(child: Child) -> Value {
    let output = child.wait_with_output().expect("its end");
    assert!(output.status.success());
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let line = text.lines().find_map(|line| line.split_once("told:")).expect("a line").1;
    serde_json::from_str(line).expect("JSON")
}

fn config(endpoint: &str, dir: impl Into<PathBuf>) -> Config {
    let mut config = Config::new("ding-demo", "demo-secret");
    config.endpoint = endpoint.to_owned();
    config.set("store", &json!("file")).expect("a store");
    config.store_dir = dir.into().to_string_lossy().into_owned();
    config
}

fn robot(endpoint: &str, dir: &str) -> WebhookConfig {
    let mut config = WebhookConfig::new(format!("{endpoint}/robot/send?access_token=planted-shared"), "");
    config.overflow = Overflow::Drop;
    config.set("store", &json!("file")).expect("a store");
    config.store_dir = dir.to_owned();
    config
}

#[test]
fn the_child() {
    let Ok(role) = env::var(ROLE) else { return };
    let variable = |name| env::var(name).expect("given");
    let (endpoint, dir) = (variable(ENDPOINT), variable(STORE));
    let done = match role.as_str() {
        "alerts" => {
            let webhook = Webhook::new(robot(&endpoint, &dir)).expect("valid");
            let calls: Vec<_> = (0..20).map(|_| webhook.send(Message::text("disk full"))).collect();
            let kinds = calls.iter().map(|call| call.in_time().err().map(|error| error.kind()));
            let throttled = kinds.filter(|kind| *kind == Some(ErrorKind::Throttled)).count();
            json!({ "throttled": throttled })
        }
        "users" => {
            let client = Client::new(config(&endpoint, dir)).expect("valid");
            for _ in 0..10 {
                client.send(Target::Users(vec!["u1".to_owned()]), Message::text("x")).in_time().expect("sent");
            }
            json!({ "sent": 10 })
        }
        _ => {
            let client = Client::new(config(&endpoint, dir)).expect("valid");
            json!({ "done": client.request("GET", Host::Api, "/v1.0/x", &[], None, None).in_time().is_ok() })
        }
    };
    // Above the harness's own lines.
    writeln!(std::io::stdout(), "\ntold:{done}").expect("written");
}

#[test]
fn a_robot_takes_twenty_messages_a_minute_of_all_processes_together() {
    let (world, dir) = (World::new(), store("robot"));
    world.control("robots", json!({ "accessToken": "planted-shared" }));
    let children: Vec<_> = (0..3).map(|_| child("alerts", &world.url(""), &dir)).collect();
    let throttled: i64 = children.into_iter().map(|child| told(child)["throttled"].as_i64().expect("a number")).sum();
    assert_eq!(throttled, 40);
    let shown = world.records("robot", 20);
    assert!(shown.len() == 20 && shown.iter().all(|message| message["errcode"] == 0));
    let webhook = Webhook::new(robot(&world.url(""), &dir.to_string_lossy())).expect("valid");
    let error = webhook.send(Message::text("x")).in_time().expect_err("the others used it up");
    assert_eq!(error.kind(), ErrorKind::Throttled);
}

#[test]
fn a_token_is_fetched_once_and_calls_are_counted_together() {
    let (world, dir) = (World::new(), store("token"));
    let children: Vec<_> = (0..3).map(|_| child("users", &world.url(""), &dir)).collect();
    children.into_iter().for_each(|child| drop(told(child)));
    assert_eq!(world.records("send", 30).len(), 30);
    assert_eq!(world.records("token", 1).len(), 1);
    let refused = world.records("send", 30).into_iter().filter(|send| send["status"] != 200).count();
    assert_eq!(refused, 0, "never more than twenty in a second");
}

#[test]
fn a_process_that_is_killed_while_it_holds_the_lock_leaves_nothing_stuck() {
    let dir = store("killed");
    let (arrived, arrivals) = channel();
    let tokens = Arc::<AtomicUsize>::default();
    let server = Server::new(move |mut visit| {
        let (arrived, tokens) = (arrived.clone(), Arc::clone(&tokens));
        async move {
            while let Some(request) = visit.request().await {
                if !request.head.contains("/oauth2/accessToken") {
                    visit.respond(200, "{}").await;
                } else if tokens.fetch_add(1, Ordering::SeqCst) == 0 {
                    arrived.send(()).expect("heard");
                    return visit.silence().await;
                } else {
                    visit.respond(200, r#"{"accessToken":"planted-token","expireIn":7200}"#).await;
                }
            }
        }
    });
    let mut holder = child("request", &server.url(), &dir);
    arrivals.recv_timeout(support::DEADLINE).expect("the holder asks for a token");
    let waiting = child("request", &server.url(), &dir);
    holder.kill().expect("killed");
    holder.wait().expect("its end");
    assert_eq!(told(waiting)["done"], true);
}

#[test]
fn a_state_that_can_not_be_read_begins_anew() {
    let (world, dir) = (World::new(), store("garbage"));
    let call = || {
        let client = Client::new(config(&world.url(""), &dir)).expect("valid");
        client.send(Target::Group("cid1==".to_owned()), Message::text("x")).in_time().expect("sent");
    };
    call();
    let states = || fs::read_dir(&dir).expect("there").map(|file| file.expect("a file").path());
    let kept = states().filter(|path| path.extension().is_some_and(|ending| ending == "json"));
    kept.for_each(|path| fs::write(path, "{\"half").expect("written"));
    call();
    assert_eq!(world.records("token", 2).len(), 2);
    for path in states() {
        let text = fs::read_to_string(&path).expect("a text");
        assert!(!text.contains("demo-secret") && !path.to_string_lossy().contains("ding-demo"), "{path:?}");
    }
}

#[cfg(unix)]
#[test]
fn a_directory_that_others_can_write_is_refused() {
    use std::os::unix::fs::PermissionsExt;

    let dir = store("open");
    fs::create_dir_all(&dir).expect("made");
    fs::set_permissions(&dir, fs::Permissions::from_mode(0o777)).expect("opened");
    let refused = |dir: PathBuf| {
        let client = Client::new(config("http://127.0.0.1:1", dir));
        client.map(|client| client.request("GET", Host::Api, "/v1.0/x", &[], None, None).in_time().map(drop))
    };
    let kind = |dir| match refused(dir) {
        Err(error) | Ok(Err(error)) => error.kind(),
        Ok(Ok(())) => panic!("it was taken"),
    };
    assert_eq!(kind(dir), ErrorKind::Config);
    assert_eq!(kind(PathBuf::from("/proc/nowhere")), ErrorKind::Config);
}

#[test]
fn a_store_is_kept_for_this_user_alone() {
    let (world, dir) = (World::new(), store("private"));
    let client = Client::new(config(&world.url(""), &dir)).expect("valid");
    client.send(Target::Group("cid1==".to_owned()), Message::text("x")).in_time().expect("sent");
    assert!(fs::read_dir(&dir).expect("there").count() > 0);
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = |path: &PathBuf| fs::metadata(path).expect("there").permissions().mode() & 0o777;
        assert_eq!(mode(&dir), 0o700);
        for file in fs::read_dir(&dir).expect("there") {
            assert_eq!(mode(&file.expect("a file").path()), 0o600);
        }
    }
}
