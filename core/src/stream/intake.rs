//! From frames to the application: what comes together is let in together and handed over together, so that neither the
//! inbox's lock nor a wake is paid for by each delivery.

use std::sync::Arc;

use tokio::time::Instant;

use super::bin::Bin;
use super::connection::Connection;
use super::frame::Frame;
use super::inbox::{Admission, Arrival};
use super::origin::Origin;
use super::reception::count;
use crate::client::Shared;
use crate::config::Answer;
use crate::delivery::{Body, Delivery};
use crate::kind::Kind;
use crate::log::Level;
use crate::queue::Queue;

/// What came on a connection and is not handed over yet.
#[derive(Default)]
pub(crate) struct Intake {
    arrivals: Vec<Arrival>,
    /// Kept for their memory alone.
    admissions: Vec<Admission>,
    deliveries: Vec<Delivery>,
    done_with: Vec<Arc<Body>>,
    bin: Arc<Bin>,
}

impl Intake {
    /// Takes a frame in.
    pub(crate) fn take(
        &mut self,
        shared: &Arc<Shared>,
        connection: &Arc<Connection>,
        (kind, frame): (Kind, Frame<'_>),
        now: Instant,
    ) {
        count(shared, kind);
        let bytes = frame.data.len() + frame.headers.len();
        let answer_by = shared.config.answer_within(kind).map(|within| now + within);
        let origin = Origin::new(connection, now, answer_by);
        let body = Arc::new(Body::new(shared, &self.bin, kind, frame));
        let identity = shared.identifier.identify(kind, body.id(), || body.headers(), body.data());
        let on_receipt = shared.config.answer(kind) == Answer::OnReceipt;
        self.arrivals.push(Arrival { body, identity, bytes, origin, on_receipt });
    }

    /// Hands over what is let in, and answers the rest.
    pub(crate) fn hand_over(&mut self, shared: &Shared, queue: &Queue, now: Instant) {
        self.bin.empty(&mut self.done_with);
        self.done_with.clear();
        if self.arrivals.is_empty() {
            return;
        }
        shared.inbox.admit(&mut self.arrivals, now, &mut self.admissions);
        for admission in self.admissions.drain(..) {
            if admission.is_duplicate {
                shared.stats.duplicates.one();
            }
            if let Some(refusal) = admission.refused {
                shared.stats.refused.one();
                if refusal.first {
                    let hint = "raise inbox_count or inbox_bytes, or let handlers finish sooner";
                    shared.log(Level::Warn, "inbox", format_args!("{}, what arrives is refused: {hint}", refusal.why));
                }
            }
            if let Some((body, origin, settlement)) = admission.answer {
                origin.answer(shared, (body.kind(), body.id()), &settlement, now);
            }
            match admission.deliver {
                Some(delivery) if admission.bypasses => queue.deliver_first(delivery),
                deliver => self.deliveries.extend(deliver),
            }
        }
        if !self.deliveries.is_empty() {
            queue.deliver_all(&mut self.deliveries);
        }
    }
}

impl Drop for Intake {
    fn drop(&mut self) {
        self.bin.close();
    }
}
