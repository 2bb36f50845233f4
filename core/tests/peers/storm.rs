//! No storm, whatever the server does: the first tries are a budget, and then there is a pause that grows (which
//! `core/src/stream/backoff.rs` proves with a clock of its own).

use std::time::Duration;

use dingstream::Client;
use futures_util::{SinkExt, StreamExt};
use serde_json::json;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use crate::support::server::{Server, Visit, disconnect, frame};
use crate::support::{InTime, state, wait_for};

/// What goes wrong with every connection.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Trouble {
    /// The address that opening returns refuses connections.
    RefusedPort,
    /// The address takes connections and hangs up.
    HangsUp,
    /// The upgrade is taken, and the connection lost at once.
    AcceptsThenDrops,
    /// The upgrade is taken, and closed as if all were well.
    ClosesNormally,
    /// One frame, then the end.
    OneFrame,
    /// Another connection is asked for right after each upgrade.
    Disconnects,
    /// A success, and from then on the credential is refused.
    Revoked,
    /// The endpoint answers that it is busy.
    Busy,
    /// The endpoint answers with a page.
    Page,
    /// The handshake never ends.
    NoHandshake,
    /// The ticket is never accepted.
    BadTicket,
}

/// How many connections may be opened without a pause.
const BUDGET: usize = 3;
/// The first try, as many as that, and one more where the pause that was drawn rounds to nothing.
pub(crate) const MOST: usize = BUDGET + 2;

async fn visited(trouble: Trouble, mut visit: Visit) {
    let port = visit.address.port();
    if visit.posts {
        let endpoint = match trouble {
            // Nobody listens on a port that needs special rights.
            Trouble::RefusedPort => "ws://127.0.0.1:1/connect".to_owned(),
            _ => format!("ws://127.0.0.1:{port}/connect"),
        };
        let granted = json!({ "endpoint": endpoint, "ticket": "planted" }).to_string();
        let mut count = 0;
        while visit.request().await.is_some() {
            count += 1;
            match trouble {
                Trouble::Busy => visit.respond(500, r#"{"code":"system.busy"}"#).await,
                Trouble::Page => visit.respond(200, "<html>").await,
                Trouble::Revoked if count > 1 => visit.respond(401, r#"{"code":"authFailed"}"#).await,
                _ => visit.respond(200, &granted).await,
            }
        }
        return;
    }
    match trouble {
        Trouble::HangsUp => return,
        Trouble::NoHandshake => return visit.silence().await,
        Trouble::BadTicket => {
            visit.request().await;
            return visit.respond(401, "").await;
        }
        _ => {}
    }
    let mut socket = visit.upgrade().await;
    let _ = match trouble {
        Trouble::ClosesNormally | Trouble::Revoked => {
            socket.close(Some(CloseFrame { code: 1000.into(), reason: "".into() })).await
        }
        Trouble::OneFrame => return drop(socket.send(frame("SYSTEM", "CONNECTED", "m", &json!({}))).await),
        Trouble::Disconnects => socket.send(disconnect()).await,
        _ => return socket.get_mut().set_zero_linger().expect("a reset"),
    };
    while let Some(Ok(_)) = socket.next().await {}
}

fn beset(trouble: Trouble) -> (Server, Client) {
    let server = Server::new(move |visit| visited(trouble, visit));
    let mut config = server.config();
    config.immediate_opens = BUDGET;
    config.backoff_max_ms = Duration::from_secs(3600);
    config.handshake_timeout_ms = Duration::from_millis(50);
    let client = Client::new(config).expect("valid");
    drop(client.start());
    (server, client)
}

/// How many tries there were when a client first rested.
pub(crate) fn tries_before_a_pause(trouble: Trouble) -> usize {
    let (server, client) = beset(trouble);
    let mut tries = 0;
    loop {
        tries += 1;
        let pause = state(client.queue(), "waiting").data().int("/retry_in_ms").expect("told");
        if pause > 0 {
            break;
        }
    }
    assert!(server.opens() >= tries, "each one asked for a ticket");
    client.stop(Duration::ZERO).in_time().expect("stopped");
    tries
}

#[test]
fn no_storm_whatever_the_server_does() {
    for trouble in [
        Trouble::RefusedPort,
        Trouble::HangsUp,
        Trouble::AcceptsThenDrops,
        Trouble::ClosesNormally,
        Trouble::OneFrame,
        Trouble::Revoked,
        Trouble::Busy,
        Trouble::Page,
        Trouble::NoHandshake,
        Trouble::BadTicket,
    ] {
        let tries = tries_before_a_pause(trouble);
        assert!(tries <= MOST, "{trouble:?}: {tries} tries");
    }
}

#[test]
fn no_storm_although_another_connection_is_asked_for_again_and_again() {
    let (server, client) = beset(Trouble::Disconnects);
    wait_for("three more than the budget", || server.opens() > BUDGET + 3);
    let opened = server.opened.lock().expect("no panic");
    let three_more = opened[BUDGET + 3] - opened[BUDGET];
    // Three pauses, drawn below 0.5, 1 and 2 s. A storm needs a few milliseconds for three more.
    assert!(three_more > Duration::from_millis(30), "{three_more:?}");
    drop(opened);
    client.stop(Duration::ZERO).in_time().expect("stopped");
}
