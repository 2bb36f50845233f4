//! What clients cost that do nothing: many in one process, against one.

use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Result;
use crate::endpoint::{self, Upgraded};
use crate::process::{Client, Usage};

const PATIENCE: Duration = Duration::from_secs(60);
/// After the last client is connected, so that what connecting needed is given back.
const SETTLING: Duration = Duration::from_secs(2);

/// Runs `command` with one client, then with `count`, which stand for `{clients}` in it, and compares.
pub(crate) fn measure(count: usize, length: Duration, command: &[String]) -> Result<Value> {
    let one = run(1, length, command)?;
    let many = run(count, length, command)?;
    let more = (count - 1).max(1) as f64;
    Ok(json!({
        "clients": count,
        "one_kib": one.usage.memory_kib,
        "many_kib": many.usage.memory_kib,
        "kib_each": (many.usage.memory_kib as f64 - one.usage.memory_kib as f64) / more,
        "threads_one": one.usage.threads,
        "threads_many": many.usage.threads,
        "cpu_ms_a_second": many.cpu.as_secs_f64() * 1e3 / length.as_secs_f64(),
        "connected_ms": many.connected.as_millis() as u64,
    }))
}

struct Run {
    usage: Usage,
    cpu: Duration,
    /// From the start of the process to the last connection.
    connected: Duration,
}

fn run(count: usize, length: Duration, command: &[String]) -> Result<Run> {
    let (address, upgrades) = endpoint::listen()?;
    let words: Vec<_> = command.iter().map(|word| word.replace("{clients}", &count.to_string())).collect();
    let begun = Instant::now();
    let mut client = Client::start(&words, &format!("http://{address}"))?;
    // Held until the end: they are the connections.
    let sockets = connected(&mut client, &upgrades, count)?;
    let connected = begun.elapsed();
    thread::sleep(SETTLING);
    let before = client.usage()?;
    thread::sleep(length);
    let usage = client.usage()?;
    client.terminate();
    drop(sockets);
    client.wait(PATIENCE)?;
    Ok(Run { usage, cpu: usage.cpu.saturating_sub(before.cpu), connected })
}

fn connected(client: &mut Client, upgrades: &Receiver<Upgraded>, count: usize) -> Result<Vec<Upgraded>> {
    let deadline = Instant::now() + PATIENCE;
    let mut sockets = Vec::with_capacity(count);
    while sockets.len() < count {
        sockets.extend(upgrades.recv_timeout(Duration::from_millis(100)));
        if let Some(status) = client.ended(Duration::ZERO)? {
            return Err(format!("the process ended before all were connected ({status})").into());
        }
        if Instant::now() > deadline {
            return Err(format!("only {} of {count} clients connected", sockets.len()).into());
        }
    }
    Ok(sockets)
}
