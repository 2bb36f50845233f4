//! A local DingTalk: opens Stream connections, pushes what DingTalk pushes, redelivers what DingTalk redelivers, takes
//! replies, and tells a test everything that happened. `README.md` beside this crate describes its control API.

mod answering;
mod apps;
mod card;
mod chat;
mod clock;
mod connections;
mod control;
mod date;
mod dice;
mod events;
mod faults;
mod frames;
mod gateway;
mod guard;
mod mask;
mod networks;
mod openapi;
mod owed;
mod pace;
mod patch;
mod payloads;
mod plant;
mod platform;
mod push;
mod push_request;
mod records;
mod redelivery;
mod robot;
mod routes;
mod settings;
mod stream;
mod token;
mod webhook;
mod webhook_body;
mod words;

use std::io;
use std::net::{Ipv4Addr, TcpListener};
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tokio::runtime::{Builder, Runtime};

use crate::platform::Platform;

/// The application that a simulator knows when it is told of none: client id and client secret.
pub const DEMO_APP: (&str, &str) = ("ding-demo", "demo-secret");

/// What a simulator starts with; [`Simulator::start`] takes it.
#[derive(Debug, Clone)]
pub struct Options {
    /// The port on 127.0.0.1; 0 lets the system choose.
    pub port: u16,
    /// The applications it knows, as client id and client secret.
    pub apps: Vec<(String, String)>,
    /// Where everything random comes from.
    pub seed: u64,
}

impl Default for Options {
    fn default() -> Self {
        let (id, secret) = DEMO_APP;
        Self { port: 0, apps: vec![(id.to_owned(), secret.to_owned())], seed: 1 }
    }
}

/// A running simulator. It ends when it is dropped.
#[derive(Debug)]
pub struct Simulator {
    platform: Arc<Platform>,
    // An own runtime: a test that pauses its clock, or blocks its thread, doesn't stop DingTalk.
    runtime: Option<Runtime>,
}

impl Simulator {
    /// Listens on 127.0.0.1 and serves from threads of its own; call it from anywhere.
    pub fn start(options: Options) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, options.port))?;
        listener.set_nonblocking(true)?;
        let port = listener.local_addr()?.port();
        let runtime = Builder::new_multi_thread().worker_threads(2).thread_name("simulator").enable_all().build()?;
        let platform = Arc::new(Platform::new(port, options.apps, options.seed));
        let serving = {
            let _inside = runtime.enter();
            axum::serve(tokio::net::TcpListener::from_std(listener)?, routes::router(Arc::clone(&platform)))
        };
        runtime.spawn(async move { serving.await });
        Ok(Self { platform, runtime: Some(runtime) })
    }

    /// `http://127.0.0.1:PORT`: what a client takes for both of DingTalk's hosts.
    pub fn url(&self) -> String {
        self.platform.url()
    }

    /// The address of the control API.
    pub fn control_url(&self) -> String {
        format!("{}/_sim/", self.url())
    }

    /// Pushes as `POST /_sim/push` does; the error is the sentence that it would answer.
    pub fn push(&self, request: Value) -> Result<Value, String> {
        let _inside = self.runtime.as_ref().map(Runtime::enter);
        push::push(&self.platform, request).map_err(|refused| refused.sentence)
    }

    /// A chat in the terminal, until standard input ends: true when the bot answered everything. Where standard input
    /// is no terminal, each line waits with this patience for what the bot makes of the one before.
    pub async fn chat(&self, patience: Duration) -> io::Result<bool> {
        chat::run(self, patience).await
    }
}

impl Drop for Simulator {
    fn drop(&mut self) {
        if let Some(runtime) = self.runtime.take() {
            // Not a plain drop: that panics inside an async test.
            runtime.shutdown_background();
        }
    }
}
