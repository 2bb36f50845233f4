//! From the address and ticket to an open WebSocket.

use std::time::Duration;

use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::protocol::WebSocketConfig;
use tokio_tungstenite::tungstenite::{self, client::IntoClientRequest};
use tokio_tungstenite::{WebSocketStream, client_async_with_config};
use url::Url;

use super::open::Opened;
use crate::config::Config;
use crate::error::{Error, ErrorKind, Result};
use crate::net::dial::host;
use crate::net::{Bytes, Dialer, Network};

/// Larger than anything DingTalk sends; a bound against a server gone mad.
const MAX_FRAME: usize = 64 * 1024 * 1024;
/// Small, because an idle client should cost little; a burst is read in several turns.
const READ_BUFFER: usize = 32 * 1024;

/// An open WebSocket.
pub(crate) type Socket = WebSocketStream<Box<dyn Bytes>>;

const STAGE: &str = "connect";

/// Connects, each stage within its time. The ticket is used up, whatever the result.
pub(crate) async fn connect(opened: &Opened, network: &Network, config: &Config) -> Result<Socket> {
    let url = address(&opened.endpoint, opened.ticket.expose())?;
    let connected = async {
        let stream =
            in_time(config.connect_timeout_ms, network.dialer.dial(&url), &url, "could not be reached").await?;
        in_time(config.handshake_timeout_ms, shake_hands(&network.dialer, &url, stream), &url, "did not shake hands")
            .await
    };
    connected.await.map_err(|error| error.at(STAGE))
}

async fn in_time<T>(patience: Duration, stage: impl Future<Output = Result<T>>, url: &Url, told: &str) -> Result<T> {
    timeout(patience, stage).await.unwrap_or_else(|_| {
        Err(Error::new(ErrorKind::Timeout, format!("{} {told} within {} ms", host(url), patience.as_millis()))
            .hint("check the firewall for the host and port of the Stream connection, and the proxy"))
    })
}

async fn shake_hands(dialer: &Dialer, url: &Url, stream: Box<dyn Bytes>) -> Result<Socket> {
    let stream = if url.scheme() == "wss" { dialer.secure(url, stream).await? } else { stream };
    let request = url.as_str().into_client_request().map_err(|error| refused(&error, url))?;
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BUFFER)
        .max_message_size(Some(MAX_FRAME))
        .max_frame_size(Some(MAX_FRAME));
    let (socket, _) =
        client_async_with_config(request, stream, Some(config)).await.map_err(|error| refused(&error, url))?;
    Ok(socket)
}

/// The returned address with the ticket in its query; its own path and query are kept.
fn address(endpoint: &str, ticket: &str) -> Result<Url> {
    let wrong =
        || Error::new(ErrorKind::Protocol, "the endpoint returned an address that is no ws or wss URL").at(STAGE);
    let mut url = Url::parse(endpoint).map_err(|_| wrong())?;
    if !matches!(url.scheme(), "ws" | "wss") || url.host_str().is_none() {
        return Err(wrong());
    }
    let ticket = utf8_percent_encode(ticket, NON_ALPHANUMERIC);
    let query = match url.query() {
        None | Some("") => format!("ticket={ticket}"),
        Some(query) => format!("{query}&ticket={ticket}"),
    };
    url.set_query(Some(&query));
    Ok(url)
}

fn refused(error: &tungstenite::Error, url: &Url) -> Error {
    match error {
        tungstenite::Error::Http(response) => {
            let status = response.status().as_u16();
            Error::new(ErrorKind::Protocol, format!("{} refused the upgrade to WebSocket ({status})", host(url)))
                .http(status)
                .retryable(true)
                .hint("a ticket is valid for 90 seconds and one use; a proxy in between may not pass WebSockets")
        }
        tungstenite::Error::Io(error) => Error::new(
            ErrorKind::Network,
            format!("{} broke off the upgrade to WebSocket ({})", host(url), error.kind()),
        ),
        _ => Error::new(ErrorKind::Protocol, format!("{} does not speak WebSocket", host(url))).retryable(true),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(endpoint: &str, ticket: &str) -> String {
        address(endpoint, ticket).map(String::from).expect("valid")
    }

    #[test]
    fn path_and_query_are_kept_and_the_ticket_is_encoded() {
        assert_eq!(text("wss://h:443/connect", "a+b/c= d"), "wss://h/connect?ticket=a%2Bb%2Fc%3D%20d");
        assert_eq!(text("ws://127.0.0.1:8/c/v2?zone=a", "t&x"), "ws://127.0.0.1:8/c/v2?zone=a&ticket=t%26x");
        assert_eq!(text("ws://h", "t"), "ws://h/?ticket=t");
    }

    #[test]
    fn another_scheme_is_refused_without_naming_the_ticket() {
        for endpoint in ["http://h/connect", "not a url", ""] {
            let error = address(endpoint, "planted-ticket").expect_err("refused");
            assert!(!format!("{error:?}").contains("planted"));
        }
    }
}
