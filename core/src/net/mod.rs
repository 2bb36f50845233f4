//! The one way to HTTP: no redirects, a bound on time and size, and errors that name no secret.

pub(crate) mod tls;

use std::error::Error as _;
use std::time::Duration;

use crate::error::{Error, ErrorKind, Result};

/// Far above any JSON that DingTalk answers with.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// The transport of a process, shared by all its clients.
pub(crate) struct Transport(reqwest::Client);

/// A response, read whole. Its body may hold a ticket.
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: String,
}

impl Transport {
    pub(crate) fn new(tls: &rustls::ClientConfig) -> Result<Self> {
        let client = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            // A body is sent to the host that was named, and to no other.
            .redirect(reqwest::redirect::Policy::none())
            .no_proxy()
            .build()
            .map_err(|error| {
                Error::new(ErrorKind::Tls, format!("the transport can't be made ({})", error.without_url()))
            })?;
        Ok(Self(client))
    }

    /// Posts a JSON text.
    pub(crate) async fn post(&self, url: &str, body: String, patience: Duration) -> Result<Response> {
        let request = self
            .0
            .post(url)
            .header("content-type", "application/json; charset=utf-8")
            // Without it, the endpoint answers XML.
            .header("accept", "application/json")
            .timeout(patience)
            .body(body);
        let mut response = request.send().await.map_err(failed)?;
        let status = response.status().as_u16();
        let mut bytes = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(failed)? {
            if bytes.len() + chunk.len() > MAX_BODY {
                return Err(Error::new(ErrorKind::TooLarge, "the response is larger than 4 MiB").http(status));
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Response { status, body: String::from_utf8_lossy(&bytes).into_owned() })
    }
}

fn failed(error: reqwest::Error) -> Error {
    let host = error.url().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    // The URL may hold a session key or token.
    let error = error.without_url();
    let mut cause = error.source();
    let mut told = String::new();
    while let Some(inner) = cause {
        if let Some(failure) = tls::failure(inner, &host) {
            return failure;
        }
        told = inner.to_string();
        cause = inner.source();
    }
    if error.is_timeout() {
        return Error::new(ErrorKind::Timeout, format!("{host} did not answer in time"));
    }
    if error.is_connect() {
        return Error::new(ErrorKind::Network, format!("{host} can't be reached ({told})"))
            .hint("check the name service, the firewall and the proxy of this machine");
    }
    if error.is_builder() {
        return Error::new(ErrorKind::Argument, "the request's URL is not valid");
    }
    Error::new(ErrorKind::Network, format!("the exchange with {host} broke off ({told})"))
}
