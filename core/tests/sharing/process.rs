//! One process of many: this test program once more, with the task that its environment gives it.

use std::io::{BufRead, BufReader, Read, Write, stdin, stdout};
use std::process::{Child, ChildStdout, Command, Stdio};

use dingstream::openapi::bot::Target;
use dingstream::webhook::Overflow;
use dingstream::{Call, Client, Config, ErrorKind, Message, Store, Webhook, WebhookConfig};
use dingstream_simulator::DEMO_APP;
use serde_json::{Value, json};

use crate::support::InTime;

const TASK: &str = "DINGSTREAM_TASK";

/// A process, seen from the one that started it.
pub(crate) struct Process {
    child: Child,
    output: BufReader<ChildStdout>,
}

impl Process {
    /// A process that is ready to begin.
    pub(crate) fn new(task: &Value) -> Self {
        let mut command = Command::new(std::env::current_exe().expect("this program"));
        command.args(["--exact", "process::a_process_with_a_task", "--ignored", "--nocapture"]);
        command.env(TASK, task.to_string()).stdin(Stdio::piped()).stdout(Stdio::piped());
        let mut child = command.spawn().expect("started");
        let output = BufReader::new(child.stdout.take().expect("piped"));
        let mut process = Self { child, output };
        assert_eq!(process.line(), json!("ready"));
        process
    }

    /// Lets it begin.
    pub(crate) fn go(&mut self) {
        self.child.stdin.take().expect("once").write_all(b"go\n").expect("heard");
    }

    /// What it tells in the end.
    pub(crate) fn told(mut self) -> Value {
        let told = self.line();
        assert!(self.child.wait().expect("ended").success());
        told
    }

    /// Ends it without a chance to clean up.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("killed");
        self.child.wait().expect("ended");
    }

    /// The next line of JSON; the rest is what the test program says.
    fn line(&mut self) -> Value {
        let lines = self.output.by_ref().lines().map(|line| line.expect("UTF-8"));
        lines.filter_map(|line| serde_json::from_str(&line).ok()).next().expect("the process went on")
    }
}

#[test]
#[ignore = "the other tests run it, as a process of its own"]
fn a_process_with_a_task() {
    let task: Value = serde_json::from_str(&std::env::var(TASK).expect("a task")).expect("JSON");
    let (dir, times) = (task["dir"].as_str().expect("a directory"), task["times"].as_u64().expect("a number"));
    let ask = asking(&task, dir);
    tell(&json!("ready"));
    stdin().read_line(&mut String::new()).expect("told to go");
    let calls: Vec<_> = (0..times).map(|_| ask()).collect();
    let failed: Vec<_> = calls.iter().filter_map(|call| call.in_time().err()).collect();
    let throttled = failed.iter().filter(|error| error.kind() == ErrorKind::Throttled).count();
    assert_eq!(failed.len(), throttled, "{failed:?}");
    tell(&json!({ "done": calls.len() - failed.len(), "throttled": throttled }));
}

/// What the task wants done again and again.
fn asking(task: &Value, dir: &str) -> Box<dyn Fn() -> Call> {
    if let Some(url) = task["robot"].as_str() {
        let mut config = WebhookConfig::new(url, "");
        (config.overflow, config.store, config.store_dir) = (Overflow::Drop, Store::File, dir.to_owned());
        let webhook = Webhook::new(config).expect("valid");
        return Box::new(move || webhook.send(Message::text("hi")));
    }
    let mut config = Config::new(DEMO_APP.0, DEMO_APP.1);
    config.endpoint = task["endpoint"].as_str().expect("an endpoint").to_owned();
    (config.store, config.store_dir) = (Store::File, dir.to_owned());
    config.proxy = task["proxy"].as_str().unwrap_or("direct").into();
    config.calls_a_second = task["callsASecond"].as_u64().map_or(20, |calls| calls as usize);
    let client = Client::new(config).expect("valid");
    Box::new(move || client.send(Target::Users(vec!["u1".to_owned()]), Message::text("hi")))
}

fn tell(told: &Value) {
    let mut stdout = stdout();
    writeln!(stdout, "\n{told}").and_then(|()| stdout.flush()).expect("somebody listens");
}
