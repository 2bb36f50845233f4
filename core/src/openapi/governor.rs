//! How often an application may call: at most so many times in any second for each API, in the order of asking.
//!
//! DingTalk refuses what is above (document 1433) and counts by the second, whatever process calls. Sans-IO but for the
//! waiting: the window is a value, and time comes in.

use std::collections::{BTreeSet, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, sleep_until};

const SECOND: Duration = Duration::from_secs(1);
/// After a refusal the bound falls by a quarter, and comes back by one in so long without another.
const RECOVERY: Duration = Duration::from_secs(5);

/// The calls of the last second to one API.
#[derive(Debug)]
pub(crate) struct Window {
    most: usize,
    bound: usize,
    calls: VecDeque<Instant>,
    refused: Option<Instant>,
}

impl Window {
    pub(crate) fn new(most: usize) -> Self {
        Self { most, bound: most, calls: VecDeque::new(), refused: None }
    }

    /// Takes a place now, or says when to ask again.
    pub(crate) fn take(&mut self, now: Instant) -> Result<(), Instant> {
        while self.calls.front().is_some_and(|at| now.duration_since(*at) >= SECOND) {
            self.calls.pop_front();
        }
        if let Some(refused) = self.refused {
            if now < refused + SECOND {
                return Err(refused + SECOND);
            }
            let recovered = (now - refused).as_secs() / RECOVERY.as_secs();
            let recovered = usize::try_from(recovered).unwrap_or(usize::MAX);
            if self.bound.saturating_add(recovered) >= self.most {
                (self.bound, self.refused) = (self.most, None);
            }
        }
        match self.calls.len().checked_sub(self.bound).and_then(|over| self.calls.get(over)) {
            Some(oldest) => Err(*oldest + SECOND),
            None => {
                self.calls.push_back(now);
                Ok(())
            }
        }
    }

    /// DingTalk says that this was too much.
    pub(crate) fn refuse(&mut self, now: Instant) {
        // Calls that were under way together are refused together.
        if self.refused.is_none_or(|before| now >= before + SECOND) {
            self.bound = (self.bound - self.bound / 4).max(1);
        }
        self.refused = Some(now);
    }
}

/// The bounds of one application.
pub(crate) struct Governor {
    a_second: usize,
    gates: Mutex<HashMap<String, Arc<Gate>>>,
}

struct Gate {
    state: Mutex<GateState>,
    moved: Notify,
}

struct GateState {
    window: Window,
    waiting: BTreeSet<u64>,
    tickets: u64,
}

impl Governor {
    pub(crate) fn new(a_second: usize) -> Self {
        Self { a_second, gates: Mutex::default() }
    }

    /// Waits for the turn of a call to this API.
    pub(crate) async fn permit(&self, api: &str) {
        let gate = self.gate(api);
        let mut place = gate.enter();
        loop {
            // Registered before the look, so that no move is missed.
            let mut moved = std::pin::pin!(gate.moved.notified());
            moved.as_mut().enable();
            match place.try_pass(Instant::now()) {
                Pass::Granted => return,
                Pass::At(at) => tokio::select! {
                    () = sleep_until(at) => {}
                    () = moved => {}
                },
                Pass::Behind => moved.await,
            }
        }
    }

    /// DingTalk said that there were too many calls to this API.
    pub(crate) fn refused(&self, api: &str) {
        self.gate(api).lock().window.refuse(Instant::now());
    }

    fn gate(&self, api: &str) -> Arc<Gate> {
        let mut gates = self.gates.lock().unwrap_or_else(|poisoned| poisoned.into_inner());
        let made = || {
            let state = GateState { window: Window::new(self.a_second), waiting: BTreeSet::new(), tickets: 0 };
            Arc::new(Gate { state: Mutex::new(state), moved: Notify::new() })
        };
        Arc::clone(gates.entry(api.to_owned()).or_insert_with(made))
    }
}

enum Pass {
    Granted,
    At(Instant),
    /// Somebody else goes first.
    Behind,
}

/// A place in the line, given up when the call is cancelled.
struct Place<'a> {
    gate: &'a Gate,
    ticket: u64,
}

impl Gate {
    fn enter(&self) -> Place<'_> {
        let mut state = self.lock();
        state.tickets += 1;
        let ticket = state.tickets;
        state.waiting.insert(ticket);
        Place { gate: self, ticket }
    }

    fn lock(&self) -> MutexGuard<'_, GateState> {
        self.state.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
    }
}

impl Place<'_> {
    fn try_pass(&mut self, now: Instant) -> Pass {
        let mut state = self.gate.lock();
        if state.waiting.first() != Some(&self.ticket) {
            return Pass::Behind;
        }
        match state.window.take(now) {
            Ok(()) => Pass::Granted,
            Err(at) => Pass::At(at),
        }
    }
}

impl Drop for Place<'_> {
    fn drop(&mut self) {
        self.gate.lock().waiting.remove(&self.ticket);
        self.gate.moved.notify_waiters();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn there_are_never_more_than_the_bound_in_any_second() {
        let governor = Governor::new(20);
        let begun = Instant::now();
        let mut at = Vec::new();
        for index in 0..100u64 {
            governor.permit("a").await;
            at.push(begun.elapsed());
            tokio::time::advance(Duration::from_millis(index % 7)).await;
        }
        let crowded = at.windows(21).find(|window| window[20] - window[0] < SECOND);
        assert_eq!(crowded, None);
        assert!(begun.elapsed() < Duration::from_secs(6), "and no slower than that needs");
    }

    #[tokio::test(start_paused = true)]
    async fn apis_do_not_wait_for_each_other() {
        let governor = Governor::new(1);
        let begun = Instant::now();
        for api in ["a", "b", "c"] {
            governor.permit(api).await;
        }
        assert_eq!(begun.elapsed(), Duration::ZERO);
    }

    #[tokio::test(start_paused = true)]
    async fn a_refusal_stops_for_a_second_and_lowers_the_bound_for_a_while() {
        let mut window = Window::new(20);
        window.refuse(Instant::now());
        assert_eq!(window.take(Instant::now()), Err(Instant::now() + SECOND));
        tokio::time::advance(SECOND).await;
        let passed = (0..20).filter(|_| window.take(Instant::now()).is_ok()).count();
        assert_eq!(passed, 15);
        tokio::time::advance(RECOVERY * 5).await;
        let passed = (0..30).filter(|_| window.take(Instant::now()).is_ok()).count();
        assert_eq!(passed, 20);
    }

    #[tokio::test(start_paused = true)]
    async fn who_gives_up_holds_nobody_up() {
        let governor = Governor::new(1);
        governor.permit("a").await;
        let given_up = tokio::time::timeout(Duration::from_millis(10), governor.permit("a")).await;
        assert!(given_up.is_err());
        let begun = Instant::now();
        governor.permit("a").await;
        assert!(begun.elapsed() <= SECOND);
    }
}
