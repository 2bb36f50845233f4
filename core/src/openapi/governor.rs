//! How often an application may call: at most so many times in any second for each API, urgent calls first, and in each
//! lane in the order of asking.
//!
//! DingTalk refuses what is above (document 1433) and counts by the second, whatever process calls. The calls are
//! counted in the store, for all who share it; the lanes are this process's own.

use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::sleep;

use super::Lane;
use super::window::Windows;
use crate::error::Result;
use crate::store::{State, now_ms};

/// The bounds of one application.
pub(crate) struct Governor {
    a_second: usize,
    windows: State<Windows>,
    /// Where somebody waits.
    gates: Mutex<HashMap<String, Arc<Gate>>>,
}

/// Those who wait for their turn at one API.
#[derive(Default)]
struct Gate {
    line: Mutex<Line>,
    moved: Notify,
}

#[derive(Default)]
struct Line {
    waiting: BTreeSet<(Lane, u64)>,
    tickets: u64,
}

impl Governor {
    pub(crate) fn new(a_second: usize, windows: State<Windows>) -> Self {
        Self { a_second, windows, gates: Mutex::default() }
    }

    /// Waits for the turn of a call to this API.
    pub(crate) async fn permit(&self, api: &str, lane: Lane) -> Result<()> {
        let place = self.enter(api, lane);
        loop {
            // Registered before the look, so that no move is missed.
            let mut moved = std::pin::pin!(place.gate.moved.notified());
            moved.as_mut().enable();
            if !place.is_first() {
                moved.await;
                continue;
            }
            match self.windows.change(|windows| windows.take(api, self.a_second, now_ms())).await? {
                Ok(()) => return Ok(()),
                Err(at) => tokio::select! {
                    () = sleep(Duration::from_millis(at.saturating_sub(now_ms()))) => {}
                    () = moved => {}
                },
            }
        }
    }

    /// DingTalk said that there were too many calls to this API.
    pub(crate) async fn refused(&self, api: &str) -> Result<()> {
        self.windows.change(|windows| windows.refuse(api, self.a_second, now_ms())).await
    }

    fn enter<'a>(&'a self, api: &'a str, lane: Lane) -> Place<'a> {
        let mut gates = lock(&self.gates);
        let gate = Arc::clone(gates.entry(api.to_owned()).or_default());
        let ticket = {
            let mut line = lock(&gate.line);
            line.tickets += 1;
            let ticket = (lane, line.tickets);
            line.waiting.insert(ticket);
            ticket
        };
        Place { governor: self, api, gate, ticket }
    }
}

/// A place in the line, given up when the call is cancelled.
struct Place<'a> {
    governor: &'a Governor,
    api: &'a str,
    gate: Arc<Gate>,
    ticket: (Lane, u64),
}

impl Place<'_> {
    fn is_first(&self) -> bool {
        lock(&self.gate.line).waiting.first() == Some(&self.ticket)
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        let mut gates = lock(&self.governor.gates);
        let mut line = lock(&self.gate.line);
        line.waiting.remove(&self.ticket);
        if line.waiting.is_empty() {
            gates.remove(self.api);
        }
        self.gate.moved.notify_waiters();
    }
}

fn lock<T>(of: &Mutex<T>) -> MutexGuard<'_, T> {
    of.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}

#[cfg(test)]
mod tests {
    use futures_util::future::join_all;
    use tokio::time::Instant;

    use super::*;

    fn alone(a_second: usize) -> Governor {
        Governor::new(a_second, State::alone())
    }

    #[tokio::test(start_paused = true)]
    async fn there_are_never_more_than_the_bound_in_any_second() {
        let governor = alone(20);
        let begun = Instant::now();
        let mut at = Vec::new();
        for index in 0..100u64 {
            governor.permit("a", Lane::Ordinary).await.expect("kept");
            at.push(begun.elapsed());
            tokio::time::advance(Duration::from_millis(index % 7)).await;
        }
        let crowded = at.windows(21).find(|window| window[20] - window[0] < Duration::from_secs(1));
        assert_eq!(crowded, None);
        assert!(begun.elapsed() < Duration::from_secs(6), "and no slower than that needs");
    }

    #[tokio::test(start_paused = true)]
    async fn apis_do_not_wait_for_each_other() {
        let governor = alone(1);
        let begun = Instant::now();
        for api in ["a", "b", "c"] {
            governor.permit(api, Lane::Ordinary).await.expect("kept");
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn urgent_calls_go_first_and_each_lane_in_the_order_of_asking() {
        let governor = alone(1);
        governor.permit("a", Lane::Ordinary).await.expect("kept");
        let order = Mutex::new(Vec::new());
        let asked = [Lane::Ordinary, Lane::Ordinary, Lane::Urgent, Lane::Ordinary, Lane::Urgent];
        join_all((0..).zip(asked).map(async |(number, lane)| {
            governor.permit("a", lane).await.expect("kept");
            lock(&order).push(number);
        }))
        .await;
        assert_eq!(*lock(&order), [2, 4, 0, 1, 3]);
        assert!(lock(&governor.gates).is_empty(), "and nothing is left of the line");
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_holds_nobody_up() {
        let governor = alone(1);
        governor.permit("a", Lane::Ordinary).await.expect("kept");
        let given_up = tokio::time::timeout(Duration::from_millis(10), governor.permit("a", Lane::Urgent)).await;
        assert!(given_up.is_err());
        let begun = Instant::now();
        governor.permit("a", Lane::Ordinary).await.expect("kept");
        assert!(begun.elapsed() <= Duration::from_millis(1010));
    }
}
