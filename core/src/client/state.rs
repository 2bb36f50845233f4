//! What a client can be doing.

use crate::numbered::numbered;

numbered! {
    /// What a client is doing. Numbers are stable.
    enum State;
    /// Every state: name, number and meaning, for those who write the constants of other languages.
    const STATES;
    /// Made, not started.
    Idle = 0 "idle",
    /// Asking for a connection.
    Connecting = 1 "connecting",
    /// Connected: what DingTalk pushes arrives.
    Open = 2 "open",
    /// Not connected; waiting before the next try.
    Waiting = 3 "waiting",
    /// Asked to stop; handlers may still finish.
    Stopping = 4 "stopping",
    /// Stopped. It can be started again.
    Stopped = 5 "stopped",
}
