//! HTTP: no redirects, a bound on time and size, and errors that name no secret.

use std::error::Error as _;
use std::net::{IpAddr, Ipv4Addr};
use std::time::{Duration, SystemTime};

use reqwest::Method;
use reqwest::multipart::Form;
use url::Url;

use super::flow::{self, Progress};
use super::{Proxies, Route, proxy, tls};
use crate::error::{Error, ErrorKind, Result};
use crate::secret::Secret;

/// Far above any JSON that DingTalk answers with.
const MAX_BODY: usize = 4 * 1024 * 1024;

/// How many connections to a host are kept for the next request: more than go out in a second.
const IDLE: usize = 32;

/// The way to HTTP, shared by all clients of a route.
pub(crate) struct Transport(reqwest::Client);

/// What is sent beside the URL.
pub(crate) struct Sending {
    method: Method,
    headers: Vec<(&'static str, Secret)>,
    pub(crate) body: Option<String>,
    /// In place of a body: a form that is sent as it comes, and how far it is.
    pub(crate) form: Option<(Form, Progress)>,
    patience: Duration,
}

impl Sending {
    pub(crate) fn new(method: Method, patience: Duration) -> Self {
        Self { method, headers: Vec::new(), body: None, form: None, patience }
    }

    pub(crate) fn header(&mut self, name: &'static str, value: &str) {
        self.headers.push((name, value.into()));
    }
}

/// Why there is no response.
pub(crate) struct Failure {
    pub(crate) error: Error,
    /// Whether nothing can have arrived.
    pub(crate) unsent: bool,
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self { error, unsent: true }
    }
}

/// A response, read whole. Its body may hold a ticket.
#[derive(Default)]
pub(crate) struct Response {
    pub(crate) status: u16,
    pub(crate) body: String,
    /// The other side's clock, where it tells.
    pub(crate) date: Option<SystemTime>,
}

impl Transport {
    pub(crate) fn new(route: &Route, tls: &rustls::ClientConfig) -> Result<Self> {
        let mut builder = reqwest::Client::builder()
            .tls_backend_preconfigured(tls.clone())
            // A body is sent to the host that was named, and to no other.
            .redirect(reqwest::redirect::Policy::none())
            // A thousand clients that have just opened would keep a thousand sockets.
            .pool_max_idle_per_host(IDLE)
            .no_proxy();
        for proxy in proxies(&route.proxies)? {
            builder = builder.proxy(proxy);
        }
        if route.ipv4_only {
            builder = builder.local_address(IpAddr::from(Ipv4Addr::UNSPECIFIED));
        }
        let client = builder.build().map_err(|error| {
            Error::new(ErrorKind::Tls, format!("the transport can't be made ({})", error.without_url()))
        })?;
        Ok(Self(client))
    }

    /// Posts a JSON text.
    pub(crate) async fn post(&self, url: &str, body: String, patience: Duration) -> Result<Response> {
        let url = Url::parse(url).map_err(|_| invalid())?;
        let sending = Sending { body: Some(body), ..Sending::new(Method::POST, patience) };
        self.send(&url, sending).await.map_err(|failure| failure.error)
    }

    /// Sends a request and reads its response, whole.
    pub(crate) async fn send(&self, url: &Url, sending: Sending) -> std::result::Result<Response, Failure> {
        // Without it, the endpoint answers XML.
        let mut request = self.0.request(sending.method, url.clone()).header("accept", "application/json");
        for (name, value) in &sending.headers {
            request = request.header(*name, value.expose());
        }
        if let Some(body) = sending.body {
            request = request.header("content-type", "application/json; charset=utf-8").body(body);
        }
        let mut response = match sending.form {
            None => request.timeout(sending.patience).send().await.map_err(failed)?,
            Some((form, progress)) => {
                let sent = progress.watched(sending.patience, request.multipart(form).send()).await;
                let late = || Failure { error: flow::late(url), unsent: false };
                sent.ok_or_else(late)?.map_err(failed)?
            }
        };
        let status = response.status().as_u16();
        let date = response.headers().get("date").and_then(|date| date.to_str().ok());
        let date = date.and_then(|date| httpdate::parse_http_date(date).ok());
        if status == 407 {
            return Err(proxy::refused("407").http(status).into());
        }
        let mut bytes = Vec::new();
        while let Some(chunk) = flow::next(&mut response, sending.patience).await? {
            if bytes.len() + chunk.len() > MAX_BODY {
                let error = Error::new(ErrorKind::TooLarge, "the response is larger than 4 MiB").http(status);
                return Err(Failure { error, unsent: false });
            }
            bytes.extend_from_slice(&chunk);
        }
        Ok(Response { status, body: String::from_utf8_lossy(&bytes).into_owned(), date })
    }
}

/// The proxies as reqwest takes them.
fn proxies(proxies: &Proxies) -> Result<Vec<reqwest::Proxy>> {
    type Make = fn(String) -> reqwest::Result<reqwest::Proxy>;
    let wanted: Vec<(Make, &str)> = match proxies {
        Proxies::Direct => Vec::new(),
        Proxies::One(url) => vec![(reqwest::Proxy::all, url.expose())],
        Proxies::Environment { http, https, all, .. } => vec![
            (reqwest::Proxy::http, http.expose()),
            (reqwest::Proxy::https, https.expose()),
            (reqwest::Proxy::all, all.expose()),
        ],
    };
    let except = match proxies {
        Proxies::Environment { except, .. } => reqwest::NoProxy::from_string(except),
        _ => None,
    };
    let named = wanted.into_iter().filter(|(_, url)| !url.is_empty());
    let made = named.map(|(make, url)| {
        // The name service of the proxy is asked, as for connections.
        let url = url.replacen("socks5://", "socks5h://", 1);
        let proxy = make(url).map_err(|_| {
            Error::new(ErrorKind::Config, "the environment names a proxy that is no URL")
                .hint("check HTTP_PROXY, HTTPS_PROXY and ALL_PROXY, or set the option proxy to direct")
        })?;
        Ok(proxy.no_proxy(except.clone()))
    });
    made.collect()
}

fn invalid() -> Error {
    Error::new(ErrorKind::Argument, "the request's URL is not valid")
}

pub(super) fn failed(error: reqwest::Error) -> Failure {
    Failure { unsent: error.is_connect() || error.is_builder(), error: told(error) }
}

fn told(error: reqwest::Error) -> Error {
    let host = error.url().and_then(|url| url.host_str().map(str::to_owned)).unwrap_or_default();
    // The URL may hold a session key or token.
    let error = error.without_url();
    let mut cause = error.source();
    let mut told = String::new();
    while let Some(inner) = cause {
        // What a body of our own ran into.
        if let Some(own) = inner.downcast_ref::<Error>() {
            return own.clone();
        }
        if let Some(failure) = tls::failure(inner, &host) {
            return failure;
        }
        told = inner.to_string();
        // What hyper-util says of a proxy; the underlying cause is not told there.
        if let Some(said) = told.strip_prefix("tunnel error: ").or_else(|| told.strip_prefix("SOCKS error: ")) {
            return proxy::refused(said);
        }
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
        return invalid();
    }
    Error::new(ErrorKind::Network, format!("the exchange with {host} broke off ({told})"))
}
