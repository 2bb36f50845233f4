//! From the application back to an answer: the inbox decides, and here it is done, without its lock.

use std::convert::Infallible;
use std::sync::Arc;

use tokio::time::{Instant, sleep_until};

use super::answer::Settlement;
use super::connection::Connection;
use super::origin::Origin;
use crate::client::Shared;
use crate::delivery::{Body, Delivery};
use crate::error::{Error, ErrorKind, Result};
use crate::kind::Kind;
use crate::log::Level;
use crate::queue::Queue;

/// Says to a connection that nobody asked for what it brought.
pub(crate) fn decline_unasked(
    shared: &Shared,
    connection: &Arc<Connection>,
    kind: Kind,
    message_id: &str,
    now: Instant,
) {
    count(shared, kind);
    shared.stats.unhandled.one();
    Origin::new(connection, now, None).answer(shared, (kind, message_id), &Settlement::Unhandled, now);
}

/// Does what a settled delivery leaves to be done.
///
/// # Errors
/// `expired` where a response came after the library had answered.
pub(crate) fn settle(shared: &Shared, body: &Body, place: usize, settlement: &Settlement) -> Result<()> {
    let stats = &shared.stats;
    match settlement {
        Settlement::Ok(_) => stats.ok.one(),
        Settlement::Later(_) => stats.later.one(),
        Settlement::Fail(_) => stats.failed.one(),
        Settlement::Declined => stats.declined.one(),
        Settlement::Unhandled => stats.unhandled.one(),
        Settlement::Refused => stats.refused.one(),
    }
    let now = Instant::now();
    let settled = shared.inbox.settle(place, settlement, now);
    for origin in settled.origin.into_iter().chain(settled.joined) {
        origin.answer(shared, (body.kind(), body.id()), settlement, now);
    }
    if let Some((mut next, queue)) = settled.next {
        queue.deliver_all(&mut next);
    }
    let lost = settled.overdue && matches!(settlement, Settlement::Ok(Some(_)));
    let late = lost.then(|| {
        let late = Error::new(ErrorKind::Expired, "this card action was answered before its handler ended")
            .hint("answer within 1.8 s, or update the card afterwards");
        shared.log(Level::Warn, "delivery", format_args!("a response came to nothing: {late}"));
        late
    });
    // Only now, for a stop that waits for it must find everything told.
    shared.inbox.held.done();
    late.map_or(Ok(()), Err)
}

/// Counts the time for what is held, for ever.
pub(crate) async fn keep_time(shared: &Shared) -> Infallible {
    loop {
        match expire(shared, Instant::now()) {
            Some(at) => sleep_until(at).await,
            None => shared.inbox.filled.notified().await,
        }
    }
}

/// Answers what the platform's patience is nearly over for, and declines what stays unsettled for too long. Says when to
/// look again.
pub(crate) fn expire(shared: &Shared, now: Instant) -> Option<Instant> {
    let expired = shared.inbox.expire(now);
    for (body, origin) in expired.overdue {
        let kind = body.kind();
        shared.stats.overdue.one();
        let told = format_args!("a delivery of kind {} was answered before its handler ended", kind.name());
        shared.log(Level::Info, "delivery", told);
        origin.answer(shared, (kind, body.id()), &in_its_place(kind), now);
    }
    for body in expired.declined {
        let kind = body.kind().name();
        let hint = "raise handler_deadline_ms, or settle sooner";
        let told = format_args!("a delivery of kind {kind} was not settled in time: declined ({hint})");
        shared.log(Level::Warn, "delivery", told);
        body.decline();
    }
    expired.look_again
}

/// The stop's deadline has come: what still waits is refused, so that it comes again where it can. Says how much that was.
pub(crate) fn refuse_waiting(shared: &Shared, queue: &Queue) -> usize {
    let client = shared.id;
    let mut waiting = shared.inbox.take_waiting();
    waiting.extend(queue.take_back(|delivery| delivery.client() == client && !delivery.is_settled()));
    waiting.iter().for_each(Delivery::refuse);
    waiting.len()
}

fn in_its_place(kind: Kind) -> Settlement {
    match kind {
        Kind::Event => Settlement::Later("it is still being handled".to_owned()),
        _ => Settlement::Ok(None),
    }
}

pub(super) fn count(shared: &Shared, kind: Kind) {
    let stats = &shared.stats;
    match kind {
        Kind::Message => stats.messages.one(),
        Kind::Card => stats.cards.one(),
        Kind::Event => stats.events.one(),
        Kind::Graph | Kind::Other | Kind::State => stats.others.one(),
    }
}
