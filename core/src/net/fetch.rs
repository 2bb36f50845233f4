//! Files: received piece by piece in small buffers, whatever their size.

use std::time::Duration;

use ::http::header::{ACCEPT, CONTENT_LENGTH, HOST, PROXY_AUTHORIZATION};
use ::http::{Request, Response};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming as Body;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::task::JoinHandle;
use tokio::time::timeout;
use url::Url;

use super::dial::{Dialer, Forward, host};
use super::flow::late;
use super::http::Failure;
use super::proxy;
use crate::error::{Error, ErrorKind, Result};

/// What one connection holds of a body. The usual client reads ahead as far as the network gives, up to several times what a
/// whole transfer may take here.
const BUFFER: usize = 64 * 1024;

/// A body that is being received.
pub(crate) struct Incoming {
    response: Response<Body>,
    host: String,
    url: Url,
    patience: Duration,
    _connection: Connection,
}

/// Ends with whoever receives.
struct Connection(JoinHandle<()>);

impl Drop for Connection {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Dialer {
    /// Asks for what stands at an address. No header says anything of a body: some storages sign that.
    pub(crate) async fn fetch(&self, url: &Url, patience: Duration) -> std::result::Result<Incoming, Failure> {
        let (stream, forward) = timeout(patience, self.dial_http(url)).await.map_err(|_| late(url))??;
        let shaken = http1::Builder::new().max_buf_size(BUFFER).handshake(TokioIo::new(stream));
        let (mut sender, connection) = shaken.await.map_err(|error| broken(url, &error))?;
        let task = tokio::spawn(async move { drop(connection.await) });
        let connection = Connection(task);
        let is_forwarded = forward.is_some();
        let request = request(url, forward)?;
        let response = timeout(patience, sender.send_request(request)).await.map_err(|_| late(url))?;
        let response = response.map_err(|error| broken(url, &error))?;
        if is_forwarded && response.status() == 407 {
            return Err(proxy::refused("407").http(407).into());
        }
        Ok(Incoming { response, host: host(url), url: url.clone(), patience, _connection: connection })
    }
}

fn request(url: &Url, forward: Option<Forward>) -> Result<Request<Empty<Bytes>>> {
    let named = match url.port() {
        Some(port) => format!("{}:{port}", url.host_str().unwrap_or_default()),
        None => url.host_str().unwrap_or_default().to_owned(),
    };
    let path = &url[url::Position::BeforePath..url::Position::AfterQuery];
    // A proxy wants to know whom to ask.
    let whole = &url[..url::Position::AfterQuery];
    let mut request =
        Request::get(if forward.is_some() { whole } else { path }).header(HOST, named).header(ACCEPT, "*/*");
    if let Some(auth) = forward.and_then(|forward| forward.auth) {
        request = request.header(PROXY_AUTHORIZATION, auth);
    }
    let wrong = |_| Error::new(ErrorKind::Protocol, "the file's address is not valid");
    request.body(Empty::new()).map_err(wrong)
}

impl Incoming {
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        // Storages write names as they are, beyond ASCII too.
        std::str::from_utf8(self.response.headers().get(name)?.as_bytes()).ok()
    }

    pub(crate) fn length(&self) -> Option<u64> {
        self.header(CONTENT_LENGTH.as_str())?.parse().ok()
    }

    /// The next piece; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let frame = timeout(self.patience, self.response.body_mut().frame()).await.map_err(|_| late(&self.url))?;
            match frame {
                None => return Ok(None),
                Some(Err(error)) => return Err(broken_off(&self.host, &error)),
                // Trailers say nothing that is of interest.
                Some(Ok(frame)) => {
                    if let Ok(piece) = frame.into_data() {
                        return Ok(Some(piece));
                    }
                }
            }
        }
    }
}

fn broken(url: &Url, error: &hyper::Error) -> Failure {
    Failure { error: broken_off(&host(url), error), unsent: false }
}

fn broken_off(host: &str, error: &hyper::Error) -> Error {
    Error::new(ErrorKind::Network, format!("the exchange with {host} broke off ({error})"))
}
