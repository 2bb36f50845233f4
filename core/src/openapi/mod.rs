//! Calls towards DingTalk's OpenAPI: one transport for everything, typed refusals, one token and one governor an
//! application, whatever number of clients share it.

mod app;
mod bans;
pub mod bot;
mod governor;
mod refusal;
mod request;
mod token;
mod window;

pub(crate) use app::{App, Apps, Identity};
pub use request::{HOSTS, Host};
pub(crate) use request::{Lane, Request};
