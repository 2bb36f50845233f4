//! The library's side of a queue: what fills it, and what may hold it.

use std::collections::VecDeque;
use std::sync::{Arc, Weak};

use super::lanes::Lanes;
use super::{Item, Queue, Shared, Wake};
use crate::delivery::Delivery;

/// A queue for what waits in queues itself: a delivery that held its own queue would keep both for ever.
pub(crate) struct WeakQueue(Weak<Shared>);

impl WeakQueue {
    pub(crate) fn upgrade(&self) -> Option<Queue> {
        self.0.upgrade().map(Queue)
    }
}

impl Queue {
    pub(crate) fn push(&self, item: Item) {
        // What had to go for it is dropped without the lock, for settling comes back here.
        drop(self.fill(1, |lanes| lanes.push(item)));
    }

    /// Hands deliveries over, with one wake for each thread that waits and finds one.
    pub(crate) fn deliver_all(&self, deliveries: &mut Vec<Delivery>) {
        self.fill(deliveries.len(), |lanes| lanes.items.extend(deliveries.drain(..).map(Item::Delivery)));
    }

    /// Hands a delivery over before everything else.
    pub(crate) fn deliver_first(&self, delivery: Delivery) {
        self.fill(1, |lanes| lanes.items.push_front(Item::Delivery(delivery)));
    }

    fn fill<T>(&self, count: usize, fill: impl FnOnce(&mut Lanes) -> T) -> T {
        let (filled, wake, asleep) = {
            let mut lanes = self.lock();
            let asleep = count.min(lanes.waiting - lanes.woken);
            lanes.woken += asleep;
            (fill(&mut lanes), lanes.raise(), asleep)
        };
        self.tell(wake, false);
        (0..asleep).for_each(|_| self.0.filled.notify_one());
        filled
    }

    /// How many items wait.
    pub(crate) fn len(&self) -> usize {
        self.lock().items.len()
    }

    /// Takes back what waits for the application on behalf of one client.
    pub(crate) fn take_back(&self, owns: impl Fn(&Delivery) -> bool) -> Vec<Delivery> {
        let mut lanes = self.lock();
        let (mut kept, mut back) = (VecDeque::with_capacity(lanes.items.len()), Vec::new());
        for item in lanes.items.drain(..) {
            match item {
                Item::Delivery(delivery) if owns(&delivery) => back.push(delivery),
                item => kept.push_back(item),
            }
        }
        lanes.items = kept;
        back
    }

    pub(crate) fn downgrade(&self) -> WeakQueue {
        WeakQueue(Arc::downgrade(&self.0))
    }

    pub(super) fn tell(&self, wake: Option<Wake>, all: bool) {
        if let Some(wake) = wake {
            wake();
        }
        if all {
            self.0.filled.notify_all();
            self.0.notify.notify_waiters();
        }
        self.0.notify.notify_one();
    }
}
