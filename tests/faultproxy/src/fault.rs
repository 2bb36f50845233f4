//! What breaks, on which connection, and at which point.

use serde::{Deserialize, Serialize};

use crate::frame::Frame;

/// A fault: `What::Reset.at(At::Payload).on(On::Next)`. In JSON `{"what":"reset","at":"payload","on":"next"}`.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Fault {
    /// What breaks.
    pub what: What,
    /// Which connections it strikes.
    #[serde(default)]
    pub on: On,
    /// At which point it strikes.
    #[serde(default)]
    pub at: At,
}

/// What breaks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum What {
    /// The connection ends on both sides, with a FIN.
    Cut,
    /// The connection ends on both sides, with a RST: what the receiver has not read yet is lost.
    Reset,
    /// A FIN towards one side; the other direction goes on.
    HalfClose(Side),
    /// Nothing is read or forwarded until healed.
    Stall,
    /// Nothing is forwarded to the client until healed; what it sends still arrives.
    Mute,
    /// Every chunk waits so many milliseconds, until healed.
    Delay(u64),
    /// The next data frame of the server arrives with its first byte changed: JSON no longer, UTF-8 still.
    Corrupt,
    /// The next unfragmented message of the server arrives twice.
    Duplicate,
    /// New connections are refused until healed; `on` and `at` mean nothing to it.
    Refuse,
}

/// One end of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Side {
    /// Whoever connected to the proxy.
    Client,
    /// Whom the proxy connected to.
    Server,
}

/// Which connections.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum On {
    /// Every open WebSocket.
    #[default]
    Sockets,
    /// This one, by its number.
    Connection(u64),
    /// The next connection that comes; with a point, and for a frame, the next WebSocket.
    Next,
}

/// When.
#[derive(Debug, Clone, Copy, Default, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum At {
    /// At once.
    #[default]
    Now,
    /// When the header of the server's next data frame was forwarded, and nothing of its payload.
    Header,
    /// When half of its payload was forwarded.
    Payload,
    /// When the client's next answer, a data frame, has come and was not forwarded.
    Answer,
}

impl What {
    /// Strikes at this point.
    pub fn at(self, at: At) -> Fault {
        Fault { at, ..self.into() }
    }

    /// Strikes these connections.
    pub fn on(self, on: On) -> Fault {
        Fault::from(self).on(on)
    }

    pub(crate) fn spoils_a_frame(self) -> bool {
        matches!(self, Self::Corrupt | Self::Duplicate)
    }
}

impl From<What> for Fault {
    fn from(what: What) -> Self {
        Self { what, on: On::default(), at: At::default() }
    }
}

impl Fault {
    /// Strikes these connections.
    pub fn on(self, on: On) -> Self {
        Self { on, ..self }
    }

    /// Whether it strikes a connection as it is, and not only one that carries frames.
    pub(crate) fn is_immediate(&self) -> bool {
        self.at == At::Now && !self.what.spoils_a_frame()
    }

    /// Whether it can strike while this frame of the server passes.
    pub(crate) fn fits(&self, frame: &Frame) -> bool {
        match (self.what, self.at) {
            (What::Duplicate, _) => frame.is_whole_message(),
            (What::Corrupt, _) => frame.is_data() && !frame.payload().is_empty(),
            // Half of a payload is something, and not all.
            (_, At::Header | At::Payload) => frame.is_data() && frame.payload().len() > 1,
            _ => false,
        }
    }

    pub(crate) fn check(&self) -> Result<(), String> {
        if self.what.spoils_a_frame() && self.at != At::Now {
            return Err("what spoils a frame strikes the next one, it takes no point".to_owned());
        }
        Ok(())
    }
}
