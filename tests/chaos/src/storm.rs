//! Which fault comes next.

use dingstream_faultproxy::{At, Fault, On, Side, What};
use fastrand::Rng;

/// How a connection can end, and not end.
const ENDS: [What; 5] =
    [What::Cut, What::Reset, What::HalfClose(Side::Client), What::HalfClose(Side::Server), What::Stall];
const POINTS: [At; 3] = [At::Header, At::Payload, At::Answer];

/// One fault, and what it needs to come about.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Blow {
    /// It strikes open WebSockets.
    Sockets(Fault),
    /// It strikes who comes next, so somebody has to.
    Newcomers(Fault),
}

pub(crate) struct Storm {
    rng: Rng,
    blows: usize,
}

impl Storm {
    pub(crate) fn new(seed: u64) -> Self {
        Self { rng: Rng::with_seed(seed), blows: 0 }
    }

    /// Three in four strike inside a frame or before an answer.
    pub(crate) fn next(&mut self) -> Blow {
        self.blows += 1;
        if !self.blows.is_multiple_of(4) {
            return Blow::Sockets(self.pick(&ENDS).at(self.pick(&POINTS)));
        }
        match self.rng.u8(..10) {
            0 => Blow::Sockets(What::Corrupt.into()),
            1 => Blow::Sockets(What::Duplicate.into()),
            2 => Blow::Sockets(What::Mute.into()),
            3 => Blow::Sockets(What::Delay(self.rng.u64(1..=20)).into()),
            4 => Blow::Newcomers(What::Refuse.into()),
            5 | 6 => Blow::Newcomers(self.pick(&[What::Cut, What::Reset, What::Stall]).on(On::Next)),
            _ => Blow::Sockets(self.pick(&ENDS).into()),
        }
    }

    /// Mostly one of these WebSockets, sometimes all.
    pub(crate) fn aim(&mut self, sockets: &[u64]) -> On {
        match self.rng.choice(sockets) {
            Some(one) if self.rng.u8(..4) > 0 => On::Connection(*one),
            _ => On::Sockets,
        }
    }

    /// Whether the platform asks for other connections, as it does by itself from time to time.
    pub(crate) fn rotates(&mut self) -> bool {
        self.rng.u8(..8) == 0
    }

    /// Whether the client gets the time to notice what has not ended by itself.
    pub(crate) fn lingers(&mut self) -> bool {
        self.rng.bool()
    }

    fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[self.rng.usize(..from.len())]
    }
}
