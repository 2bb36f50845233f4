//! A chat with the bot, in the terminal: lines typed go to it, and what it received, answered and replied is shown.

use std::io::{self, IsTerminal, Write};
use std::time::Duration;

use serde_json::{Value, json};
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::time::Instant;

use crate::Simulator;
use crate::records::Query;

const HELP: &str = "\
TEXT          send the bot a message, 1:1
/group TEXT   send it a message in a group
/event TYPE   an event, such as user_add_org
/card         a click on a card's button
/help         this
/quit         the end";

/// How long a scripted conversation waits for a bot to come.
const PATIENCE_TO_CONNECT: Duration = Duration::from_secs(60);
/// Only so that a terminal's wait for records is not endless; it starts again at once.
const IDLE: Duration = Duration::from_secs(60);

const SINGLE: &str = "cidY2hhdCAxOjE=";
const GROUP: &str = "cidY2hhdCBncm91cA==";

pub(crate) async fn run(simulator: &Simulator, patience: Duration) -> io::Result<bool> {
    let mut chat = Chat { simulator, next: 0 };
    let mut lines = BufReader::new(tokio::io::stdin()).lines();
    let mut answered = true;
    if io::stdin().is_terminal() {
        show(&format!("waiting for a bot: DINGSTREAM_ENDPOINT={} points it here; /help helps", simulator.url()))?;
        loop {
            tokio::select! {
                line = lines.next_line() => match line?.as_deref().map(Line::read) {
                    None | Some(Line::Quit) => return Ok(true),
                    Some(line) => {
                        chat.say(line)?;
                    }
                },
                records = chat.news(IDLE) => show_all(&records)?,
            }
        }
    }
    if !chat.until(PATIENCE_TO_CONNECT, &mut vec![json!({"kind": "connect", "status": 101})]).await? {
        show("no bot connected in time")?;
        return Ok(false);
    }
    while let Some(line) = lines.next_line().await? {
        show(&format!("you       {line}"))?;
        let line = Line::read(&line);
        if matches!(line, Line::Quit) {
            break;
        }
        let mut expected = match chat.say(line)? {
            Said::Expects(expected) => expected,
            Said::Undelivered => {
                answered = false;
                continue;
            }
        };
        if !chat.until(patience, &mut expected).await? {
            show("the bot did not answer that in time")?;
            answered = false;
        }
    }
    Ok(answered)
}

#[derive(Debug)]
enum Line {
    Nothing,
    Help,
    Quit,
    Text(String),
    Group(String),
    Event(String),
    Card,
}

impl Line {
    fn read(line: &str) -> Self {
        let (command, rest) = line.trim().split_once(' ').unwrap_or((line.trim(), ""));
        match command {
            "" => Self::Nothing,
            "/help" => Self::Help,
            "/quit" => Self::Quit,
            "/group" => Self::Group(rest.trim().to_owned()),
            "/event" => Self::Event(rest.trim().to_owned()),
            "/card" => Self::Card,
            _ => Self::Text(line.trim().to_owned()),
        }
    }

    fn push(&self) -> Option<Value> {
        Some(match self {
            Self::Nothing | Self::Help | Self::Quit => return None,
            Self::Text(text) => json!({"kind": "message", "text": text, "conversationId": SINGLE}),
            Self::Group(text) => {
                json!({"kind": "message", "text": text, "conversationId": GROUP, "conversationType": "2"})
            }
            Self::Event(event_type) => json!({"kind": "event", "eventType": event_type}),
            Self::Card => json!({"kind": "card"}),
        })
    }
}

/// What must come back, as fields of records.
enum Said {
    Expects(Vec<Value>),
    Undelivered,
}

struct Chat<'a> {
    simulator: &'a Simulator,
    next: u64,
}

impl Chat<'_> {
    fn say(&self, line: Line) -> io::Result<Said> {
        let Some(push) = line.push() else {
            if matches!(line, Line::Help) {
                show(HELP)?;
            }
            return Ok(Said::Expects(Vec::new()));
        };
        let pushed = match self.simulator.push(push.clone()) {
            Ok(pushed) => pushed,
            Err(sentence) => {
                show(&sentence)?;
                return Ok(Said::Undelivered);
            }
        };
        if pushed["delivered"] != true {
            show("no connected bot takes that")?;
            return Ok(Said::Undelivered);
        }
        let mut expected = vec![match pushed.get("eventId") {
            // By the event, since an event that is redelivered may be answered under another message id.
            Some(event) => json!({"kind": "answer", "eventId": event, "code": 200}),
            None => json!({"kind": "answer", "messageId": pushed["messageId"], "code": 200}),
        }];
        if let Some(conversation) = push.get("conversationId") {
            expected.push(json!({"kind": "reply", "conversationId": conversation, "errcode": 0}));
        }
        Ok(Said::Expects(expected))
    }

    /// What happened since it was last asked, waiting for something to happen.
    async fn news(&mut self, wait: Duration) -> Vec<Value> {
        let query = Query { since: self.next, count: 1, wait, ..Query::default() };
        let mut found = self.simulator.platform.records.wait(&query).await;
        self.next = found["next"].as_u64().unwrap_or(self.next);
        found["records"].as_array_mut().map(std::mem::take).unwrap_or_default()
    }

    /// Shows what happens until everything expected did, or patience ends.
    async fn until(&mut self, patience: Duration, expected: &mut Vec<Value>) -> io::Result<bool> {
        let deadline = Instant::now() + patience;
        while !expected.is_empty() {
            let records = self.news(deadline.saturating_duration_since(Instant::now())).await;
            if records.is_empty() {
                return Ok(false);
            }
            show_all(&records)?;
            expected.retain(|wanted| !records.iter().any(|record| has(record, wanted)));
        }
        Ok(true)
    }
}

fn has(record: &Value, wanted: &Value) -> bool {
    wanted.as_object().is_some_and(|wanted| wanted.iter().all(|(field, value)| record.get(field) == Some(value)))
}

fn show_all(records: &[Value]) -> io::Result<()> {
    records.iter().filter_map(describe).try_for_each(|line| show(&line))
}

fn describe(record: &Value) -> Option<String> {
    let text = |field: &str| record.get(field).and_then(Value::as_str).unwrap_or_default();
    Some(match text("kind") {
        "connect" if record["status"] == 101 => format!("connected {}", text("clientId")),
        "connect" => format!("refused   {} {}", record["status"], text("reason")),
        "open" if record["status"] != 200 => format!("refused   opening with status {}", record["status"]),
        "close" => format!("closed    by {}", text("by")),
        "push" if text("type") == "CALLBACK" || text("type") == "EVENT" => {
            format!("received  {} {}", text("type").to_lowercase(), text("topic"))
        }
        "answer" => format!("answered  {} {}", record["code"], text("data")),
        "send" if record["status"] == 200 => format!("sent      {}: {}", text("msgKey"), record["msgParam"]),
        "send" => format!("sent      {} (refused, {})", text("msgKey"), text("code")),
        "reply" => format!("replied   {}", spoken(&record["body"], record["errcode"].as_i64())),
        _ => return None,
    })
}

fn spoken(body: &Value, errcode: Option<i64>) -> String {
    let msgtype = body["msgtype"].as_str().unwrap_or("nothing readable");
    let content = &body[msgtype];
    let text = content.get("content").or_else(|| content.get("text")).and_then(Value::as_str);
    let refused = match errcode {
        Some(0) => String::new(),
        _ => format!(" (refused, errcode {})", errcode.unwrap_or_default()),
    };
    format!("{msgtype}: {}{refused}", text.map_or_else(|| content.to_string(), str::to_owned))
}

fn show(line: &str) -> io::Result<()> {
    let mut out = io::stdout().lock();
    writeln!(out, "{line}")?;
    out.flush()
}
