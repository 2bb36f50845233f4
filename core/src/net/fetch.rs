//! Files: received piece by piece, over a connection of their own that holds little of them.

use std::time::Duration;

use ::http::HeaderValue;
use ::http::header::{ACCEPT, CONNECTION, HOST, PROXY_AUTHORIZATION};
use bytes::Bytes;
use http_body_util::{BodyExt, Empty};
use hyper::body::Incoming as Body;
use hyper::client::conn::http1;
use hyper::{Request, Response};
use hyper_util::rt::TokioIo;
use tokio::time::timeout;
use url::{Position, Url};

use super::flow::late;
use super::{Network, proxy};
use crate::error::{Error, ErrorKind, Result};

/// What the connection reads at once. Left to itself it takes seven times as much, and holds that three times.
const BUFFER: usize = 64 * 1024;

/// A body that is being received.
pub(crate) struct Incoming {
    response: Response<Body>,
    url: Url,
    patience: Duration,
}

impl Network {
    /// Asks for what stands at an address. No header says anything of a body: some storages sign that.
    pub(crate) async fn fetch(&self, url: &Url, patience: Duration) -> Result<Incoming> {
        let response = timeout(patience, self.ask(url)).await.map_err(|_| late(url))??;
        Ok(Incoming { response, url: url.clone(), patience })
    }

    async fn ask(&self, url: &Url) -> Result<Response<Body>> {
        let way = self.dialer.way(url).await?;
        let broken = |error| broken(url, &error);
        let mut connections = http1::Builder::new();
        connections.max_buf_size(BUFFER);
        let (mut sender, connection) = connections.handshake(TokioIo::new(way.stream)).await.map_err(broken)?;
        // It ends with the body, read or dropped, and tells what went wrong there.
        tokio::spawn(connection);
        let target =
            if way.is_proxy { &url[..Position::AfterQuery] } else { &url[Position::BeforePath..Position::AfterQuery] };
        let host = &url[Position::BeforeHost..Position::AfterPort];
        let mut request = Request::get(target).header(HOST, host).header(ACCEPT, "*/*").header(CONNECTION, "close");
        if let Some(auth) = way.auth {
            request = request.header(PROXY_AUTHORIZATION, auth);
        }
        let request = request.body(Empty::<Bytes>::new());
        let request = request.map_err(|_| Error::new(ErrorKind::Protocol, "the file's address is not valid"))?;
        let response = sender.send_request(request).await.map_err(broken)?;
        if response.status() == 407 {
            return Err(proxy::refused("407").http(407));
        }
        Ok(response)
    }
}

impl Incoming {
    pub(crate) fn status(&self) -> u16 {
        self.response.status().as_u16()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        // Storages write names as they are, beyond ASCII too.
        std::str::from_utf8(self.response.headers().get(name).map(HeaderValue::as_bytes)?).ok()
    }

    pub(crate) fn length(&self) -> Option<u64> {
        hyper::body::Body::size_hint(self.response.body()).exact()
    }

    /// The next piece, which has to come in time; `None` at the end.
    pub(crate) async fn next(&mut self) -> Result<Option<Bytes>> {
        loop {
            let frame = timeout(self.patience, self.response.frame()).await.map_err(|_| late(&self.url))?;
            match frame.transpose().map_err(|error| broken(&self.url, &error))?.map(|frame| frame.into_data()) {
                None => return Ok(None),
                Some(Ok(piece)) => return Ok(Some(piece)),
                // Trailers.
                Some(Err(_)) => {}
            }
        }
    }
}

fn broken(url: &Url, error: &hyper::Error) -> Error {
    let host = url.host_str().unwrap_or_default();
    Error::new(ErrorKind::Network, format!("the exchange with {host} broke off ({error})"))
}
