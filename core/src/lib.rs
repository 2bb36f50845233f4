//! DingTalk Stream, once and for all: one engine that stays connected, hands over what arrives, answers it exactly
//! once, and replies.
//!
//! ```no_run
//! # async fn example() -> dingstream::Result<()> {
//! use dingstream::{Client, Config, Message};
//!
//! let client = Client::new(Config::new("client id", "client secret"))?;
//! client.on_message(|message| async move {
//!     let text = message.text().unwrap_or_default();
//!     message.reply(Message::markdown("echo", format!("**{text}**"))).await
//! })?;
//! client.run().await
//! # }
//! ```

#![forbid(unsafe_code)]

pub mod call;
pub mod card;
pub mod client;
pub mod config;
pub mod delivery;
pub mod error;
pub mod graph;
pub mod inbound;
pub mod json;
pub mod log;
pub mod message;
pub mod queue;
pub mod runtime;
pub mod stats;
pub mod stream;
pub mod webhook;

mod dispatch;
mod handlers;
mod kind;
mod net;
mod numbered;
pub mod openapi;
mod pipe;
pub mod reply;
mod secret;
mod store;
mod tally;
mod text;
mod unix;

pub use bytes::Bytes;
pub use call::Call;
pub use card::{CardOptions, CardResponse, CardSession, DynamicData};
pub use client::{Client, State};
pub use config::{Answer, Config, Ordering, Secret, Store};
pub use delivery::{Delivery, Kind};
pub use error::{Error, ErrorKind, Result};
pub use graph::GraphResponse;
pub use handlers::{Later, Settle};
pub use inbound::{BotMessage, CardAction, Event, GraphRequest, StateChange};
pub use json::Json;
pub use log::Level;
pub use message::{Message, markdown};
pub use openapi::Host;
pub use openapi::bot::{Remind, Target};
pub use openapi::card::{Card, CardButton, CardChange, Space};
pub use openapi::upload::MediaType;
pub use queue::{Item, Queue};
pub use reply::Via;
pub use stats::Stats;
pub use webhook::{Webhook, WebhookConfig};
