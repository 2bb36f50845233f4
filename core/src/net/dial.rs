//! Plain connections: to a host, or through a proxy to it.

use std::net::Ipv4Addr;
use std::sync::Arc;

use ::http::{HeaderValue, Uri};
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::client::legacy::connect::proxy::{SocksV5, Tunnel};
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use hyper_util::rt::TokioIo;
use rustls::ClientConfig;
use rustls::pki_types::ServerName;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsConnector;
use tower_service::Service;
use url::Url;

use super::{Route, proxy, tls};
use crate::error::{Error, ErrorKind, Result};

/// A byte stream: plain, through a proxy, under TLS.
pub(crate) trait Bytes: AsyncRead + AsyncWrite + Send + Unpin {}
impl<T: AsyncRead + AsyncWrite + Send + Unpin> Bytes for T {}

/// A proxy that forwards what it is asked for by its whole address.
pub(crate) struct Forward {
    pub(super) auth: Option<HeaderValue>,
}

/// Makes connections along one route.
pub(crate) struct Dialer {
    proxies: Matcher,
    tcp: HttpConnector,
    tls: Arc<ClientConfig>,
}

impl Dialer {
    pub(crate) fn new(route: &Route, tls: Arc<ClientConfig>) -> Self {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        // Answers are small and each is awaited: waiting for more to send would only delay them.
        tcp.set_nodelay(true);
        if route.ipv4_only {
            // An address of the other family can't be reached from here, and is left out.
            tcp.set_local_address(Some(Ipv4Addr::UNSPECIFIED.into()));
        }
        Self { proxies: route.proxies.matcher(), tcp, tls }
    }

    /// Connects to the host and port of a URL, without TLS.
    pub(crate) async fn dial(&self, url: &Url) -> Result<Box<dyn Bytes>> {
        let scheme = if matches!(url.scheme(), "wss" | "https") { "https" } else { "http" };
        let destination: Uri = format!("{scheme}://{}/", host(url))
            .parse()
            .map_err(|_| Error::new(ErrorKind::Protocol, "the endpoint's address has no valid host name"))?;
        match self.proxies.intercept(&destination) {
            None => {
                let connected = self.tcp.clone().call(destination).await;
                let stream = connected.map_err(|error| unreachable(&host(url), &error))?;
                Ok(Box::new(stream.into_inner()))
            }
            Some(proxy) if proxy.uri().scheme_str().is_some_and(|scheme| scheme.starts_with("socks")) => {
                self.through_socks(&proxy, destination).await
            }
            Some(proxy) => self.through_http(&proxy, destination).await,
        }
    }

    /// Connects for HTTP: to the host of an `http` or `https` URL, under TLS where it says so, or to the proxy that forwards
    /// plain HTTP.
    pub(crate) async fn dial_http(&self, url: &Url) -> Result<(Box<dyn Bytes>, Option<Forward>)> {
        if url.scheme() == "https" {
            let stream = self.dial(url).await?;
            return Ok((self.secure(url, stream).await?, None));
        }
        let destination: Uri = format!("http://{}/", host(url))
            .parse()
            .map_err(|_| Error::new(ErrorKind::Protocol, "the file's address has no valid host name"))?;
        match self.proxies.intercept(&destination) {
            Some(proxy) if proxy.uri().scheme_str().is_some_and(|scheme| scheme.starts_with("http")) => {
                let connected = self.to_proxy().call(proxy.uri().clone()).await;
                let stream = connected.map_err(|error| not_through(&proxy, &*error))?;
                Ok((Box::new(TokioIo::new(stream)), Some(Forward { auth: proxy.basic_auth().cloned() })))
            }
            _ => Ok((self.dial(url).await?, None)),
        }
    }

    /// TLS with the host of the URL over a connection to it.
    pub(crate) async fn secure(&self, url: &Url, stream: Box<dyn Bytes>) -> Result<Box<dyn Bytes>> {
        let name = url.host_str().unwrap_or_default().trim_matches(['[', ']']);
        let name = ServerName::try_from(name.to_owned())
            .map_err(|_| Error::new(ErrorKind::Protocol, "the endpoint's address has no valid host name"))?;
        let connector = TlsConnector::from(Arc::clone(&self.tls));
        Ok(Box::new(connector.connect(name, stream).await.map_err(|error| tls::refused(&error, &host(url)))?))
    }

    /// Connects to a proxy, with TLS where its URL says so.
    fn to_proxy(&self) -> HttpsConnector<HttpConnector> {
        HttpsConnectorBuilder::new()
            .with_tls_config(self.tls.as_ref().clone())
            .https_or_http()
            .enable_http1()
            .wrap_connector(self.tcp.clone())
    }

    async fn through_http(&self, proxy: &Intercept, destination: Uri) -> Result<Box<dyn Bytes>> {
        let mut tunnel = Tunnel::new(proxy.uri().clone(), self.to_proxy());
        if let Some(auth) = proxy.basic_auth() {
            tunnel = tunnel.with_auth(auth.clone());
        }
        let connected = tunnel.call(destination).await;
        Ok(Box::new(TokioIo::new(connected.map_err(|error| not_through(proxy, &error))?)))
    }

    async fn through_socks(&self, proxy: &Intercept, destination: Uri) -> Result<Box<dyn Bytes>> {
        let mut socks = SocksV5::new(proxy.uri().clone(), self.tcp.clone());
        if let Some((user, password)) = proxy.raw_auth() {
            socks = socks.with_auth(user.to_owned(), password.to_owned());
        }
        let connected = socks.call(destination).await;
        Ok(Box::new(connected.map_err(|error| not_through(proxy, &error))?.into_inner()))
    }
}

/// What an error may name of an address: never its query, which holds the ticket.
pub(crate) fn host(url: &Url) -> String {
    format!("{}:{}", url.host_str().unwrap_or_default(), url.port_or_known_default().unwrap_or_default())
}

fn unreachable(host: &str, error: &(dyn std::error::Error + 'static)) -> Error {
    Error::new(ErrorKind::Network, format!("{host} can't be reached ({})", root(error)))
        .hint("check the name service, the firewall and the proxy of this machine")
}

fn not_through(proxy: &Intercept, error: &(dyn std::error::Error + 'static)) -> Error {
    let uri = proxy.uri();
    let name = format!("the proxy {}:{}", uri.host().unwrap_or_default(), uri.port_u16().unwrap_or_default());
    if let Some(failure) = tls_failure(error, &name) {
        return failure;
    }
    let said = error.to_string();
    if error.source().is_some() || said.contains("underlying connection") {
        return unreachable(&name, error);
    }
    proxy::refused(said.trim_start_matches("tunnel error: ").trim_start_matches("SOCKS error: "))
}

fn tls_failure(error: &(dyn std::error::Error + 'static), host: &str) -> Option<Error> {
    tls::failure(error, host).or_else(|| tls_failure(error.source()?, host))
}

/// The innermost cause, which says most.
fn root<'a>(error: &'a (dyn std::error::Error + 'static)) -> &'a (dyn std::error::Error + 'static) {
    error.source().map_or(error, root)
}
