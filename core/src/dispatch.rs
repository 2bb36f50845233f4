//! The threads that call functions of the application, so that the network thread never does.

use std::cell::Cell;
use std::sync::Arc;
use std::sync::mpsc::{Sender, channel};
use std::thread;

use crate::delivery::Delivery;
use crate::error::{Error, ErrorKind, Result};
use crate::queue::{Item, Queue, Taken};

/// A function that takes deliveries.
pub(crate) type OnDelivery = dyn Fn(Delivery) + Send + Sync;

type Job = Box<dyn FnOnce() + Send>;

/// The thread for functions that wait for calls to finish.
pub(crate) struct Callbacks(Sender<Job>);

impl Callbacks {
    pub(crate) fn start() -> Result<Self> {
        let (sender, jobs) = channel::<Job>();
        spawn("dingstream-done", move || {
            for job in jobs {
                // A panic of one job must not take the others' thread away.
                let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(job));
            }
        })?;
        Ok(Self(sender))
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

/// Starts the threads that hand one run's deliveries to `function`: what waits in the queue returned, until it is closed.
pub(crate) fn start(count: usize, client: u64, function: &Arc<OnDelivery>) -> Result<Queue> {
    let queue = Queue::new();
    for _ in 0..count {
        let (own, function) = (queue.clone(), Arc::clone(function));
        let started = spawn("dingstream-dispatch", move || {
            SERVING.set(client);
            serve(&own, function.as_ref());
        });
        if let Err(error) = started {
            queue.close();
            return Err(error);
        }
    }
    Ok(queue)
}

fn serve(queue: &Queue, function: &OnDelivery) {
    let mut items = Vec::new();
    while queue.take_here(1, None, &mut items) != Taken::Closed {
        for item in items.drain(..) {
            if let Item::Delivery(delivery) = item {
                let _ = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| function(delivery)));
            }
        }
    }
}

fn spawn(name: &str, work: impl FnOnce() + Send + 'static) -> Result<()> {
    let started = thread::Builder::new().name(name.to_owned()).spawn(work);
    started.map(drop).map_err(|error| {
        Error::new(ErrorKind::Busy, format!("a thread can't be started ({error})")).hint("check the limit of threads")
    })
}
