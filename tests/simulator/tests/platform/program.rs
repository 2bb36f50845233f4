//! The program around the library.

use std::process::Stdio;

use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::process::{Child, Command};
use tokio::time::timeout;
use tokio_tungstenite::connect_async;
use tokio_tungstenite::tungstenite::Message;

use crate::harness::{DEADLINE, Sim, data, http};

async fn program(arguments: &[&str]) -> (Child, Value, BufReader<tokio::process::ChildStdout>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_dingstream-simulator"))
        .args(arguments)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .expect("the program starts");
    let mut output = BufReader::new(child.stdout.take().expect("a pipe"));
    let mut line = String::new();
    timeout(DEADLINE, output.read_line(&mut line)).await.expect("a line in time").expect("a line");
    (child, serde_json::from_str(&line).expect("the ready line is JSON"), output)
}

async fn exit_code(child: &mut Child) -> Option<i32> {
    timeout(DEADLINE, child.wait()).await.expect("an end in time").expect("an exit status").code()
}

#[tokio::test]
async fn it_says_in_one_line_where_it_is_and_ends_with_standard_input() {
    let (mut child, ready, mut output) = program(&["--exit-with-stdin", "--app", "me:mine", "--seed", "3"]).await;
    assert_eq!((&ready["clientId"], &ready["clientSecret"]), (&json!("me"), &json!("mine")));
    let state = format!("{}state", ready["control"].as_str().expect("an address"));
    let state: Value = http().get(state).send().await.expect("an answer").json().await.expect("JSON");
    assert_eq!(state["url"], ready["url"]);
    assert_eq!(state["settings"]["seed"], 3);
    drop(child.stdin.take());
    assert_eq!(exit_code(&mut child).await, Some(0));
    let mut rest = String::new();
    output.read_to_string(&mut rest).await.expect("the rest of its output");
    assert_eq!(rest, "");
}

#[tokio::test]
async fn it_ends_on_sigterm() {
    let (mut child, _, _) = program(&[]).await;
    let id = child.id().expect("a running program").to_string();
    let sent = Command::new("kill").args(["-TERM", &id]).status().await.expect("kill runs");
    assert!(sent.success());
    assert_eq!(exit_code(&mut child).await, Some(0));
}

/// Answers everything, and replies to a message unless it says "silence".
async fn echo(url: String) {
    let http = http();
    let subscriptions = [("EVENT", "*"), ("CALLBACK", crate::harness::MESSAGES)];
    let opening = http.post(format!("{url}/v1.0/gateway/connections/open")).json(&Sim::opening(&subscriptions));
    let opened: Value = opening.send().await.expect("an answer").json().await.expect("JSON");
    let text = |field: &str| opened[field].as_str().expect("a string").to_owned();
    let address = format!("{}?ticket={}", text("endpoint"), text("ticket"));
    let (mut socket, _) = connect_async(address).await.expect("a good ticket");
    while let Some(Ok(Message::Text(frame))) = socket.next().await {
        let frame: Value = serde_json::from_str(&frame).expect("a frame is JSON");
        let message = data(&frame);
        if let Some(webhook) = message["sessionWebhook"].as_str()
            && message["text"]["content"] != "silence"
        {
            let reply = json!({"msgtype": "text", "text": message["text"]});
            http.post(webhook).json(&reply).send().await.expect("an answer");
        }
        let answer = json!({"code": 200, "headers": {"messageId": frame["headers"]["messageId"]}, "data": "{}"});
        socket.send(Message::text(answer.to_string())).await.expect("an open connection");
    }
}

/// Plays a script whose lines are answered within so many seconds, or count as not answered.
async fn chat(patience: &str, script: &str) -> (Option<i32>, String) {
    let (mut child, ready, mut output) = program(&["--chat", "--patience", patience]).await;
    let bot = tokio::spawn(echo(ready["url"].as_str().expect("an address").to_owned()));
    let mut input = child.stdin.take().expect("a pipe");
    input.write_all(script.as_bytes()).await.expect("its input is open");
    drop(input);
    let mut said = String::new();
    timeout(DEADLINE * 2, output.read_to_string(&mut said)).await.expect("an end in time").expect("its output");
    bot.abort();
    (exit_code(&mut child).await, said)
}

#[tokio::test]
async fn a_scripted_chat_ends_well_when_everything_was_answered() {
    let (code, said) = chat("60", "hello there\n/group 大家好\n/event user_add_org\n/help\n").await;
    assert_eq!(code, Some(0), "{said}");
    assert!(said.contains("replied   text: hello there") && said.contains("replied   text:  大家好"), "{said}");
    assert!(said.contains("received  event *") && said.contains("answered  200 {}"), "{said}");
}

#[tokio::test]
async fn a_scripted_chat_ends_badly_when_something_was_not_answered() {
    let (code, said) = chat("60", "hello\n/card\n").await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("no connected bot takes that"), "{said}");
    let (code, said) = chat("3", "silence\n").await;
    assert_eq!(code, Some(1), "{said}");
    assert!(said.contains("did not answer that in time"), "{said}");
}
