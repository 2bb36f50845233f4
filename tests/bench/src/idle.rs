//! What clients cost that do nothing, any number of them in one process.

use std::sync::mpsc::Receiver;
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Result;
use crate::endpoint::{self, Upgraded};
use crate::process::Client;

const PATIENCE: Duration = Duration::from_secs(60);
/// After the last client is connected, so that what connecting needed is given back.
const SETTLING: Duration = Duration::from_secs(2);

/// Runs `command` with `count` clients, which stand for `{clients}` in it, and watches it once all are connected.
pub(crate) fn measure(count: usize, length: Duration, command: &[String]) -> Result<Value> {
    let (address, upgrades) = endpoint::listen()?;
    let words: Vec<_> = command.iter().map(|word| word.replace("{clients}", &count.to_string())).collect();
    let begun = Instant::now();
    let mut client = Client::start(&words, &format!("http://{address}"))?;
    // Held until the end: they are the connections.
    let sockets = connected(&mut client, &upgrades, count)?;
    let connected = begun.elapsed();
    thread::sleep(SETTLING);
    let (before, watched) = (client.usage()?, Instant::now());
    thread::sleep(length);
    let (usage, seconds) = (client.usage()?, watched.elapsed().as_secs_f64());
    client.terminate();
    drop(sockets);
    client.wait(PATIENCE)?;
    Ok(json!({
        "clients": count,
        "memory_kib": usage.memory_kib,
        "threads": usage.threads,
        "cpu_ms_a_second": usage.cpu.saturating_sub(before.cpu).as_secs_f64() * 1e3 / seconds,
        "wakes_a_second": usage.sleeps.saturating_sub(before.sleeps) as f64 / seconds,
        "connected_ms": connected.as_millis() as u64,
    }))
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
