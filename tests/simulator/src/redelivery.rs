//! Events come again until they are consumed; nothing else does.

use std::sync::{Arc, Mutex, PoisonError};

use serde_json::json;
use tokio::sync::oneshot;
use tokio::task::JoinSet;

use crate::frames::Content;
use crate::owed::Verdict;
use crate::platform::Platform;
use crate::push::{Delivery, Target, deliver};

#[derive(Debug, Default)]
pub(crate) struct Redeliveries(Mutex<JoinSet<()>>);

impl Redeliveries {
    pub(crate) fn clear(&self) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).abort_all();
    }

    /// How many events are neither consumed nor given up.
    pub(crate) fn pending(&self) -> usize {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.len()
    }

    fn add(&self, task: impl Future<Output = ()> + Send + 'static) {
        let mut tasks = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        while tasks.try_join_next().is_some() {}
        tasks.spawn(task);
    }
}

/// Delivers an event once now, and again on the platform's schedule while it isn't consumed.
pub(crate) fn deliver_event(platform: &Arc<Platform>, content: Content, target: &Target) -> Delivery {
    let (told, answer) = oneshot::channel();
    let sent_at = platform.clock.now();
    let first = deliver(platform, &content, target, Some(told), 1);
    let task = redeliver(Arc::clone(platform), content, first.clone(), answer, sent_at);
    platform.redeliveries.add(task);
    first
}

async fn redeliver(
    platform: Arc<Platform>,
    content: Content,
    mut delivery: Delivery,
    mut answer: oneshot::Receiver<Verdict>,
    mut sent_at: u64,
) {
    let settings = platform.settings.get();
    let mut waits = settings.redelivery_ms.iter();
    let mut attempt = 1;
    loop {
        let mut failed_at = sent_at;
        if delivery.delivered {
            let deadline = sent_at + settings.answer_timeout_ms;
            let verdict = tokio::select! {
                // An answer in time counts, even when the clock has jumped over the deadline since.
                biased;
                verdict = answer => verdict.ok(),
                () = platform.clock.sleep_until(deadline) => None,
            };
            match verdict {
                Some(Verdict { consumed: true, .. }) => return,
                Some(Verdict { at, .. }) => failed_at = at,
                None => failed_at = deadline,
            }
        }
        let Some(wait) = waits.next() else {
            platform.record(
                "givenUp",
                json!({"clientId": content.client_id, "eventId": content.event_id, "attempts": attempt}),
            );
            return;
        };
        // Counted from the failure, not from now: a clock that jumped over both moments misses neither.
        sent_at = failed_at + wait;
        platform.clock.sleep_until(sent_at).await;
        attempt += 1;
        let (told, next) = oneshot::channel();
        answer = next;
        delivery = deliver(&platform, &content, &Target::default(), Some(told), attempt);
    }
}
