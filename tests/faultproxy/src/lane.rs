//! One direction of a connection: whether bytes go through, and how that ended.

use std::io;
use std::pin::pin;

use tokio::sync::watch;

#[derive(Debug, Clone, Copy, PartialEq)]
pub(crate) enum Flow {
    Running,
    Stalled,
    Closed,
    Reset,
}

/// The connection is to be reset, on both sides: one side did, or a fault says so.
#[derive(Debug)]
pub(crate) struct Reset;

impl From<io::Error> for Reset {
    fn from(_: io::Error) -> Self {
        Self
    }
}

#[derive(Debug)]
pub(crate) struct Lane(watch::Sender<Flow>);

impl Lane {
    pub(crate) fn new() -> Self {
        Self(watch::Sender::new(Flow::Running))
    }

    /// What has ended stays so.
    pub(crate) fn turn(&self, to: Flow) {
        self.0.send_if_modified(|flow| {
            let lives = matches!(flow, Flow::Running | Flow::Stalled);
            if lives {
                *flow = to;
            }
            lives
        });
    }

    pub(crate) fn heal(&self) {
        if *self.0.borrow() == Flow::Stalled {
            self.turn(Flow::Running);
        }
    }

    /// Works only while bytes may go through. None when the direction was closed before the work was done.
    pub(crate) async fn guard<T>(&self, work: impl Future<Output = io::Result<T>>) -> Result<Option<T>, Reset> {
        let mut flow = self.0.subscribe();
        let mut work = pin!(work);
        loop {
            let now = *flow.borrow_and_update();
            match now {
                Flow::Closed => return Ok(None),
                Flow::Reset => return Err(Reset),
                Flow::Running | Flow::Stalled => {}
            }
            tokio::select! {
                // Orders before traffic: not a byte passes after a fault has struck.
                biased;
                _ = flow.changed() => {}
                done = &mut work, if now == Flow::Running => return Ok(Some(done?)),
            }
        }
    }
}
