//! Cards that stream: a session types a text into an AI card and ends it, whatever happens.

mod journal;
mod options;
mod response;
mod session;
mod sessions;

pub(crate) use journal::Journal;
pub use options::{CARD_OPTIONS, CardOptions};
pub use response::{CardResponse, DynamicData};
pub use session::CardSession;
pub(crate) use session::{Instead, Opening, recover};
pub(crate) use sessions::Sessions;
