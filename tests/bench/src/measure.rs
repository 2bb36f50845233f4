//! One client, from its start to its end: warm up, measure, drain, ask it to end, compare the counts.

use std::num::NonZero;
use std::sync::atomic::Ordering;
use std::sync::mpsc::{Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

use serde_json::{Value, json};

use crate::Result;
use crate::endpoint::{self, Upgraded};
use crate::load::Load;
use crate::options::{Length, Options};
use crate::process::{Client, Usage};

/// How long a client may take to connect, and to end.
const PATIENCE: Duration = Duration::from_secs(30);
/// How long a process may need to be gone once its connection is.
const GONE: Duration = Duration::from_secs(2);

pub(crate) fn measure(options: &Options) -> Result<Value> {
    let (address, upgrades) = endpoint::listen()?;
    let begun = Instant::now();
    let mut client = Client::start(&options.command, &format!("http://{address}"))?;
    let mut load = Load::new(connected(&mut client, &upgrades)?, options.window, begun)?;
    match figures(options, &mut client, &mut load) {
        Ok(mut figures) => {
            client.terminate();
            load.close();
            figures["handled"] = json!(client.wait(PATIENCE)?);
            Ok(figures)
        }
        Err(error) => match client.ended(GONE)? {
            Some(status) => Err(format!("the client ended ({status}): {error}").into()),
            None => Err(error),
        },
    }
}

fn figures(options: &Options, client: &mut Client, load: &mut Load) -> Result<Value> {
    let everything = match options.length {
        Length::Messages(count) => count,
        Length::Time(_) => u64::MAX,
    };
    let begin = Instant::now();
    while begin.elapsed() < options.warm_up && load.turn(everything)? {}

    let first = load.first;
    load.latencies.clear();
    let (before, counted, start) = (client.usage()?, load.count, Instant::now());
    let mut early = None;
    let is_over = || matches!(options.length, Length::Time(length) if start.elapsed() >= length);
    while !is_over() && load.turn(everything)? {
        if early.is_none() && options.early.is_some_and(|count| load.count.all() >= count) {
            early = Some(client.usage()?);
        }
    }
    let (took, after) = (start.elapsed(), client.usage()?);
    let measured = load.count.ok - counted.ok;
    let latencies = Percentiles::of(&mut load.latencies);

    let sent = load.sent();
    while load.turn(sent)? {}
    let count = load.count;
    Ok(json!({
        "window": options.window,
        "seconds": took.as_secs_f64(),
        "rate": measured as f64 / took.as_secs_f64(),
        "p50_us": latencies.p50,
        "p99_us": latencies.p99,
        "cpu_us": cpu_us(before, after, measured),
        "wakes": after.sleeps.saturating_sub(before.sleeps) as f64 / measured.max(1) as f64,
        "endpoint": after.endpoint.saturating_sub(before.endpoint).as_secs_f64() / took.as_secs_f64(),
        "others": others(before, after, took),
        "first_ms": first.map(|time| time.as_secs_f64() * 1e3),
        "early_kib": early.map(|usage| usage.memory_kib),
        "memory_kib": after.memory_kib,
        "peak_kib": after.peak_kib,
        "answered": count.ok,
        "refused": count.other,
        "tokens": endpoint::TOKENS.load(Ordering::Relaxed),
        "calls": endpoint::CALLS.load(Ordering::Relaxed),
    }))
}

/// The connection of a client that was just started.
pub(crate) fn connected(client: &mut Client, upgrades: &Receiver<Upgraded>) -> Result<Upgraded> {
    let deadline = Instant::now() + PATIENCE;
    loop {
        match upgrades.recv_timeout(Duration::from_millis(100)) {
            Ok(upgraded) => return Ok(upgraded),
            Err(RecvTimeoutError::Disconnected) => return Err("the endpoint ended".into()),
            Err(RecvTimeoutError::Timeout) => {}
        }
        if let Some(status) = client.ended(Duration::ZERO)? {
            return Err(format!("the client ended before it connected ({status})").into());
        }
        if Instant::now() > deadline {
            return Err("the client did not connect".into());
        }
    }
}

/// Of what all threads together used, per message.
fn cpu_us(before: Usage, after: Usage, messages: u64) -> f64 {
    after.cpu.saturating_sub(before.cpu).as_secs_f64() * 1e6 / messages.max(1) as f64
}

/// Which share of the machine other processes used meanwhile.
fn others(before: Usage, after: Usage, took: Duration) -> f64 {
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    after.others.saturating_sub(before.others).as_secs_f64() / (took.as_secs_f64() * processors as f64)
}

/// In microseconds.
pub(crate) struct Percentiles {
    pub(crate) p50: f64,
    pub(crate) p99: f64,
    pub(crate) most: f64,
}

impl Percentiles {
    pub(crate) fn of(nanoseconds: &mut [u32]) -> Self {
        nanoseconds.sort_unstable();
        let at = |share: f64| {
            let index = (nanoseconds.len() as f64 * share) as usize;
            let index = index.min(nanoseconds.len().saturating_sub(1));
            f64::from(nanoseconds.get(index).copied().unwrap_or_default()) / 1e3
        };
        Self { p50: at(0.50), p99: at(0.99), most: at(1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percentiles_are_taken_from_the_sorted_times() {
        let mut times: Vec<u32> = (0..100).rev().map(|time| time * 1000).collect();
        let percentiles = Percentiles::of(&mut times);
        assert_eq!((percentiles.p50, percentiles.p99, percentiles.most), (50.0, 99.0, 99.0));
        assert_eq!(Percentiles::of(&mut []).p50, 0.0);
    }
}
