//! The threads that call functions of the application, so that the network thread never does.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::client::State;
use crate::delivery::{Delivery, Kind};
use crate::queue::{Item, Queue, Taken};

/// A function that takes deliveries.
pub(crate) type OnDelivery = dyn Fn(Delivery) + Send + Sync;

type Job = Box<dyn FnOnce() + Send>;

/// The thread for functions that wait for calls to finish.
pub(crate) struct Callbacks(Sender<Job>);

impl Callbacks {
    pub(crate) fn start() -> Self {
        let (sender, jobs) = channel::<Job>();
        spawn("dingstream-done", move || {
            for job in jobs {
                // A panic of one job must not take the others' thread away.
                let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
            }
        });
        Self(sender)
    }

    pub(crate) fn run(&self, job: Job) {
        // The receiver lives as long as the process.
        let _ = self.0.send(job);
    }
}

thread_local! {
    /// The client whose delivery this thread is handing over, by its number.
    static SERVING: Cell<u64> = const { Cell::new(0) };
}

/// Whether this thread is inside a callback of that client.
pub(crate) fn is_serving(client: u64) -> bool {
    SERVING.get() == client
}

/// Starts the threads that hand a client's deliveries to `function` until the client has stopped.
pub(crate) fn start(count: usize, client: u64, queue: &Queue, function: &Arc<OnDelivery>) {
    let generation = queue.generation();
    for _ in 0..count {
        let (queue, function) = (queue.clone(), Arc::clone(function));
        spawn("dingstream-dispatch", move || {
            SERVING.set(client);
            serve(&queue, generation, function.as_ref());
        });
    }
}

fn serve(queue: &Queue, generation: u64, function: &OnDelivery) {
    let mut items = Vec::new();
    loop {
        match queue.take_before(Some(generation), 1, None, &mut items) {
            Ok(Taken::Some) => {}
            Ok(Taken::Nothing) => continue,
            Ok(Taken::Closed) | Err(_) => return,
        }
        for item in items.drain(..) {
            let Item::Delivery(delivery) = item else { continue };
            let stopped = delivery.kind() == Kind::State && delivery.topic() == State::Stopped.name();
            let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| function(delivery)));
            if stopped {
                queue.retire();
                return;
            }
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    drop(started.expect("a thread can be started"));
}
