//! Everything random, from one seed: identifiers in DingTalk's shapes, and which connection gets a push.

use std::sync::{Mutex, PoisonError};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use fastrand::Rng;

#[derive(Debug)]
struct Rngs {
    ids: Rng,
    routes: Rng,
    messages: u64,
}

impl Rngs {
    fn new(seed: u64) -> Self {
        // Two streams, so that a ping more or less doesn't change who gets the next push.
        Self { ids: Rng::with_seed(seed), routes: Rng::with_seed(seed.wrapping_add(1)), messages: 0 }
    }
}

#[derive(Debug)]
pub(crate) struct Dice(Mutex<Rngs>);

impl Dice {
    pub(crate) fn new(seed: u64) -> Self {
        Self(Mutex::new(Rngs::new(seed)))
    }

    pub(crate) fn reseed(&self, seed: u64) {
        self.with(|rngs| *rngs = Rngs::new(seed));
    }

    /// One of `0..n`; `n` is not zero.
    pub(crate) fn pick(&self, n: usize) -> usize {
        self.with(|rngs| rngs.routes.usize(..n))
    }

    pub(crate) fn uuid(&self) -> String {
        let n = self.with(|rngs| rngs.ids.u128(..));
        let hex = format!("{n:032x}");
        format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
    }

    pub(crate) fn hex(&self) -> String {
        self.uuid().replace('-', "")
    }

    pub(crate) fn frame_message_id(&self, now: u64) -> String {
        self.with(|rngs| {
            rngs.messages += 1;
            format!("{:08x}_{}_{now:x}_{:x}", rngs.ids.u32(..), rngs.ids.u16(..1000), rngs.messages)
        })
    }

    pub(crate) fn msg_id(&self) -> String {
        let bytes = self.with(|rngs| rngs.ids.u128(..)).to_be_bytes();
        format!("msg{}", STANDARD.encode(bytes))
    }

    /// Base64 that survives a query only when it is percent-encoded.
    pub(crate) fn opaque(&self) -> String {
        let random = self.with(|rngs| rngs.ids.u128(..)).to_be_bytes();
        STANDARD.encode([&[0xfb, 0xff, 0xfe], random.as_slice()].concat())
    }

    /// A ticket that survives only a client that percent-encodes it.
    pub(crate) fn hard_ticket(&self) -> String {
        format!("{}+/= &%#?{}", self.uuid(), self.uuid())
    }

    fn with<T>(&self, f: impl FnOnce(&mut Rngs) -> T) -> T {
        f(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
