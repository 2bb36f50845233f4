//! The queue of one JavaScript thread: one wake, then a drain.

use std::sync::Arc;
use std::time::Duration;

use dingstream::{Item, Queue as CoreQueue};
use napi::bindgen_prelude::{Array, Function, Result};
use napi::threadsafe_function::{ThreadsafeFunction, ThreadsafeFunctionCallMode};
use napi::{Env, Error, Status, check_status, sys};
use napi_derive::napi;
use serde_json::json;

use crate::bundle::Bundling;
use crate::error::told;

/// Above the numbers of delivery kinds: a call that went well, with its result as JSON text.
#[napi]
pub const DONE: u32 = 100;
/// A call that failed, with its error as JSON text.
#[napi]
pub const FAILED: u32 = 101;
/// A log record, as JSON text.
#[napi]
pub const LOG: u32 = 102;

/// Weak: it does not hold the process unless it is told to.
type Wake = ThreadsafeFunction<(), (), (), Status, false, true>;

/// Where deliveries, finished calls and logs of all clients of one JavaScript thread wait.
#[napi]
pub struct Queue {
    pub(crate) core: CoreQueue,
    wake: Arc<Wake>,
}

#[napi]
impl Queue {
    /// `wake` is called on its JavaScript thread when something waits; then `drain` until it comes back short.
    #[napi(constructor, catch_unwind)]
    pub fn new(wake: Function<'_, (), ()>) -> Result<Self> {
        let wake: Arc<Wake> = Arc::new(wake.build_threadsafe_function().weak::<true>().build()?);
        let core = CoreQueue::new();
        let waking = Arc::clone(&wake);
        core.on_wake(Some(Arc::new(move || {
            // Refused only while the JavaScript thread ends, when nobody is left to wake.
            waking.call((), ThreadsafeFunctionCallMode::NonBlocking);
        })));
        Ok(Self { core, wake })
    }

    /// Up to `max` items, each as four entries: what it is, whose it is (a client's source or a call's tag), and its text;
    /// or, of a delivery, the bundle that it lies in and its place there.
    #[napi(catch_unwind)]
    pub fn drain<'env>(&self, env: &'env Env, max: u32) -> Result<Array<'env>> {
        let mut items = Vec::new();
        self.core
            .take(max as usize, Some(Duration::ZERO), &mut items)
            .map_err(|error| Error::from_reason(error.to_string()))?;
        let mut array = env.create_array(4 * items.len() as u32)?;
        let mut bundling = Bundling::default();
        for (index, item) in (0..).step_by(4).zip(items) {
            let mut set_text = |what: u32, whose: u64, text: String| -> Result<()> {
                array.set(index, what)?;
                array.set(index + 1, whose as f64)?;
                array.set(index + 2, text)
            };
            match item {
                Item::Delivery(delivery) => {
                    array.set(index, delivery.kind() as u32)?;
                    array.set(index + 1, delivery.source() as f64)?;
                    array.set(index + 3, bundling.add(delivery, index + 2))?;
                    if bundling.is_full() {
                        bundling.hand_over(env, &mut array)?;
                    }
                }
                Item::Done { tag, outcome: Ok(json) } => set_text(DONE, tag, json.as_str().to_owned())?,
                Item::Done { tag, outcome: Err(error) } => set_text(FAILED, tag, told(&error))?,
                Item::Log { source, record } => {
                    let (level, target) = (record.level.name(), record.target);
                    let record = json!({ "level": level, "target": target, "message": record.message });
                    set_text(LOG, source, record.to_string())?;
                }
            }
        }
        bundling.hand_over(env, &mut array)?;
        Ok(array)
    }

    /// Holds the process, or lets it go.
    #[napi(catch_unwind)]
    pub fn hold(&self, env: &Env, hold: bool) -> Result<()> {
        // SAFETY: this runs on the thread of `env`, which made the function; `self.wake` keeps it from being freed.
        check_status!(unsafe {
            if hold {
                sys::napi_ref_threadsafe_function(env.raw(), self.wake.raw())
            } else {
                sys::napi_unref_threadsafe_function(env.raw(), self.wake.raw())
            }
        })
    }
}

impl Drop for Queue {
    fn drop(&mut self) {
        self.core.on_wake(None);
    }
}
