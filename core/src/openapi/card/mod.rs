//! Interactive cards: what they are created from, what changes on them, and the calls of their life.

mod button;
mod calls;
mod change;
mod description;
mod space;
pub(crate) mod standard;
pub(crate) mod templates;
#[cfg(test)]
mod tests;
pub(crate) mod values;

pub use button::CardButton;
pub(crate) use calls::{add_spaces, changing, close_top, create, deliver, register_callback, send, update};
pub use change::CardChange;
pub use description::Card;
pub use space::Space;
pub use templates::{AI_MARKDOWN, MARKDOWN, MARKDOWN_BUTTONS};
