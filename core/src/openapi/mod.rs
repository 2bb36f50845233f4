//! Calls towards DingTalk's OpenAPI: one transport for everything, typed refusals, one token and one governor an
//! application, whatever number of clients share it.

mod app;
mod bans;
pub mod bot;
pub mod card;
mod codes;
pub(crate) mod download;
mod file_name;
mod file_type;
mod governor;
mod part;
pub(crate) mod refusal;
mod request;
mod token;
pub mod upload;
mod window;
pub(crate) mod written;

pub(crate) use app::{App, Apps, Identity};
pub use request::{HOSTS, Host};
pub(crate) use request::{Lane, Request};
