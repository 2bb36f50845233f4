//! Deliveries as JavaScript holds them: several in one external value, with functions on it and no class. What V8 does for each
//! value with a native half, when it makes it and when it collects it, takes longer than the rest of a message's way here.

use dingstream::Delivery;
use napi::Env;
use napi::bindgen_prelude::{Array, External, Result};

/// How many deliveries lie in one bundle, and how large they are: whoever keeps one keeps the memory of all.
const MANY: usize = 16;
const BYTES: usize = 32 * 1024;

/// Some deliveries that came one after the other.
pub struct Bundle(Vec<Delivery>);

impl Bundle {
    /// The delivery at that place.
    pub(crate) fn at(&self, place: u32) -> &Delivery {
        &self.0[place as usize]
    }
}

/// A bundle in the making, and the indexes of the array that it goes to.
#[derive(Default)]
pub(crate) struct Bundling {
    deliveries: Vec<Delivery>,
    bytes: usize,
    indexes: Vec<u32>,
}

impl Bundling {
    /// Puts a delivery in, whose bundle goes to `index`, and gives its place there.
    pub(crate) fn add(&mut self, delivery: Delivery, index: u32) -> u32 {
        self.bytes += delivery.data().as_str().len();
        self.deliveries.push(delivery);
        self.indexes.push(index);
        self.deliveries.len() as u32 - 1
    }

    pub(crate) fn is_full(&self) -> bool {
        self.deliveries.len() == MANY || self.bytes >= BYTES
    }

    /// Hands over what is in it, if anything, and begins the next one.
    pub(crate) fn hand_over(&mut self, env: &Env, array: &mut Array<'_>) -> Result<()> {
        if self.deliveries.is_empty() {
            return Ok(());
        }
        let Self { deliveries, indexes, .. } = std::mem::take(self);
        let bundle = External::new(Bundle(deliveries)).into_unknown(env)?;
        indexes.into_iter().try_for_each(|index| array.set(index, bundle))
    }
}
