//! A client's run from start to stop: its lanes, the time of what it holds, and a stop that waits for answers.

use std::convert::Infallible;
use std::time::Duration;

use futures_util::FutureExt;
use futures_util::future::{join_all, select_all};
use serde_json::json;
use tokio::sync::watch;
use tokio::time::{Instant, sleep, timeout};

use super::fleet::{Fleet, Sockets};
use super::lane::Lane;
use super::reception::{keep_time, refuse_waiting};
use super::run::{Run, deadline};
use super::writer::GOODBYE;
use crate::client::State;
use crate::error::{Error, ErrorKind};
use crate::log::Level;

/// After so long connected without a delivery, a person is told what to look at.
const SILENCE: Duration = Duration::from_secs(120);

/// How long before a stop's deadline card sessions end, at most; never more than half of what is left.
const CARDS_END: Duration = Duration::from_secs(3);

/// Runs until stopped or refused.
pub(crate) async fn supervise(run: Run, sleeps: watch::Receiver<u64>) {
    let fleet = Fleet::new(run.shared.config.immediate_opens, sleeps);
    run.shared.inbox.lead_to(run.queue.downgrade());
    let life = async {
        let refusal = run.stay_connected(&fleet).await;
        run.wind_down(&fleet).await;
        refusal
    };
    let refusal = tokio::select! {
        biased;
        refusal = life => refusal,
        never = keep_time(&run.shared) => match never {},
    };
    run.shared.finish(&run.queue, refusal.as_ref());
    let outcome =
        refusal.unwrap_or_else(|| Error::new(ErrorKind::Closed, "the client was stopped before it was connected"));
    run.started.send_if_modified(|started| match started {
        Some(_) => false,
        None => {
            *started = Some(Err(outcome.at("open")));
            true
        }
    });
}

impl Run {
    /// Returns when asked to stop, or with the refusal that ended the first start.
    async fn stay_connected(&self, fleet: &Fleet) -> Option<Error> {
        self.shared.enter(&self.queue, State::Connecting, json!({}));
        let further = (1..self.shared.config.connections).map(|_| Lane::new(self, fleet).follow().boxed());
        let lanes = std::iter::once(Lane::new(self, fleet).keep().boxed()).chain(further);
        tokio::select! {
            biased;
            (refusal, ..) = select_all(lanes) => refusal,
            never = self.watch_silence() => match never {},
        }
    }

    /// The questions that everybody asks whose bot is connected and hears nothing.
    async fn watch_silence(&self) -> Infallible {
        let _ = self.started.subscribe().wait_for(|started| matches!(started, Some(Ok(())))).await;
        sleep(SILENCE).await;
        if self.shared.has_received_nothing() {
            self.shared.log(
                Level::Warn,
                "stream",
                format_args!(
                    "connected for two minutes and nothing came: is Stream mode on in the developer console, and the \
                     application published? does another instance of it take the messages? a robot of an H5 \
                     application needs its message mode set to Stream, too"
                ),
            );
        }
        std::future::pending().await
    }

    /// Handlers go on while time is left; a socket closes as soon as no answer is owed on it.
    async fn wind_down(&self, fleet: &Fleet) {
        self.shared.enter(&self.queue, State::Stopping, json!({}));
        let mut sockets = fleet.take_sockets();
        let finished = async {
            let answered = sockets.connections.iter().map(|connection| async move {
                connection.owed.zero().await;
                connection.close();
            });
            join_all(answered).await;
            while sockets.tasks.join_next().await.is_some() {}
            // Only now can nothing come any more.
            self.shared.inbox.held.zero().await;
            self.shared.sessions.end_all();
            self.shared.calls.zero().await;
        };
        let (mut stop, mut early) = (self.stop.clone(), self.stop.clone());
        let in_time = tokio::select! {
            biased;
            () = finished => true,
            () = deadline(&mut stop, Duration::ZERO) => false,
            never = self.end_cards(&mut early) => match never {},
        };
        if !in_time {
            self.shared.sessions.end_all();
            self.cut_off(sockets).await;
        }
    }

    /// Whose handlers take too long have cards that still need a moment to end.
    async fn end_cards(&self, stop: &mut watch::Receiver<Option<Instant>>) -> Infallible {
        deadline(stop, CARDS_END).await;
        self.shared.sessions.end_all();
        std::future::pending().await
    }

    /// The deadline has come: what nobody took is refused, so that it comes again where it can.
    async fn cut_off(&self, mut sockets: Sockets) {
        let refused = refuse_waiting(&self.shared, &self.queue);
        let running = self.shared.inbox.held.count();
        if refused + running > 0 {
            let told = format_args!(
                "the stop's deadline came: {refused} deliveries refused, {running} handlers still running"
            );
            self.shared.log(Level::Warn, "stream", told);
        }
        for connection in &sockets.connections {
            connection.close();
        }
        let goodbye = async { while sockets.tasks.join_next().await.is_some() {} };
        if timeout(GOODBYE, goodbye).await.is_err() {
            sockets.tasks.shutdown().await;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;
    use crate::card::CardOptions;
    use crate::client::Client;
    use crate::config::Config;
    use crate::openapi::card::Space;
    use crate::stream::told::told;

    fn run(client: &Client) -> Run {
        let (started, _) = watch::channel(Some(Ok(())));
        let (_, stop) = watch::channel(None);
        let shared = Arc::clone(client.shared());
        Run { shared, queue: client.queue().clone(), subscriptions: Arc::new([]), stop, started }
    }

    #[tokio::test(start_paused = true)]
    async fn two_silent_minutes_are_told_once() {
        let client = Client::new(Config::new("id", "secret")).expect("valid");
        let run = run(&client);
        let silence = timeout(Duration::from_secs(119), run.watch_silence()).await;
        assert!(silence.is_err() && told(&client).is_empty());
        let silence = timeout(Duration::from_secs(3600), run.watch_silence()).await;
        assert!(silence.is_err());
        let told = told(&client);
        assert!(told.len() == 1 && told[0].starts_with("connected for two minutes and nothing came"), "{told:?}");
    }

    #[tokio::test(start_paused = true)]
    async fn cards_end_three_seconds_before_the_deadline_or_half_way_to_it() {
        // Nothing is said here, so a session stays as it is.
        let mute = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let mut config = Config::new("id", "secret");
        config.endpoint = format!("http://{}", mute.local_addr().expect("bound"));
        let client = Client::new(config).expect("valid");
        let run = run(&client);
        for (seconds, end) in [(4, 2), (60, 57)] {
            let session = client.card(Space::group("cid"), CardOptions::default()).expect("opened");
            let (_asked, mut stop) = watch::channel(Some(Instant::now() + Duration::from_secs(seconds)));
            let mut ending = std::pin::pin!(run.end_cards(&mut stop));
            for (ms, is_open) in [(end * 1000 - 10, true), (20, false)] {
                assert!(timeout(Duration::from_millis(ms), &mut ending).await.is_err());
                assert_eq!(session.push("x").is_ok(), is_open, "{seconds} s");
            }
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_heard_something_is_not_silent() {
        let client = Client::new(Config::new("id", "secret")).expect("valid");
        client.shared().stats.events.one();
        let silence = timeout(Duration::from_secs(3600), run(&client).watch_silence()).await;
        assert!(silence.is_err() && told(&client).is_empty());
    }
}
