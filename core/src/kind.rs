//! What a delivery is about.

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $number:literal $name:literal,)+) => {
        /// What a delivery is. Numbers are stable.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[repr(u32)]
        pub enum Kind {
            $($(#[doc = $doc])+ $variant = $number,)+
        }

        impl Kind {
            /// Lower-case name, the same in every language.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }

            /// The kind with this number.
            pub const fn from_number(number: u32) -> Option<Self> {
                match number { $($number => Some(Self::$variant),)+ _ => None }
            }
        }

        /// Every kind: name, number and meaning, for those who write the constants of other languages.
        pub const KINDS: &[(&str, u32, &str)] = &[$(($name, $number, concat!($($doc, "\n"),+).trim_ascii()),)+];
    };
}

kinds! {
    /// A message that a person sent to the bot; the delegate topic too.
    Message = 1 "message",
    /// A click or input on a card, or a request for its dynamic data. The response updates the card.
    Card = 2 "card",
    /// A subscription event.
    Event = 3 "event",
    /// A request of an AI plugin.
    Graph = 4 "graph",
    /// Any other callback topic.
    Other = 5 "other",
    /// The connection changed; owes nothing.
    State = 6 "state",
}
