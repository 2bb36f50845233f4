//! What a client can be doing.

macro_rules! states {
    ($($(#[doc = $doc:literal])+ $variant:ident = $number:literal $name:literal,)+) => {
        /// What a client is doing. Numbers are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        #[repr(u32)]
        pub enum State {
            $($(#[doc = $doc])+ $variant = $number,)+
        }

        impl State {
            /// Lower-case name, the same in every language.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The state with this number.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }
        }

        /// Every state: name, number and meaning, for those who write the constants of other languages.
        pub const STATES: &[(&str, u32, &str)] = &[$(($name, $number, concat!($($doc, "\n"),+).trim_ascii()),)+];
    };
}

states! {
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
