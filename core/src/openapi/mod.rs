//! Calls towards DingTalk's OpenAPI: one transport for everything, typed refusals, one token and one governor an
//! application, whatever number of clients share it.

mod app;
mod bans;
pub mod bot;
mod codes;
mod governor;
pub(crate) mod refusal;
mod request;
mod token;

pub(crate) use app::{App, Apps, Identity};
pub(crate) use bans::Bans;
pub(crate) use request::Request;
pub use request::{HOSTS, Host};
