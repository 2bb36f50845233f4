//! The WebSocket: the upgrade that a ticket buys, and the task that serves the connection until it ends.

use std::future::pending;
use std::sync::Arc;
use std::time::Duration;

use axum::body::Body;
use axum::extract::{Query, Request, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use futures_util::{SinkExt, StreamExt};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use hyper_util::server::conn::auto::upgrade::{Parts, downcast};
use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::time::{sleep, timeout};
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::connections::{Flow, Lines, Outgoing};
use crate::faults::Endpoint;
use crate::gateway::Opening;
use crate::openapi;
use crate::owed::take_answer;
use crate::platform::Platform;
use crate::push::push_ping;

const LARGEST_ANSWER: usize = 8 * 1024 * 1024;
const CLOSE_HANDSHAKE: Duration = Duration::from_secs(1);

/// Any address may be an endpoint (`endpointPath`), so every request that nothing else serves comes here; the OpenAPI
/// has those that want no WebSocket.
pub(crate) async fn connect(State(platform): State<Arc<Platform>>, mut request: Request) -> Response {
    let Some(key) = websocket_key(request.headers()) else {
        return openapi::serve(State(platform), request).await;
    };
    let id = platform.dice.uuid();
    if let Some(fault) = platform.faults.take(&Endpoint::Upgrade)
        && let Some(response) = fault.strike(&id).await
    {
        return refuse(&platform, response.status(), "on purpose", Some(response));
    }
    let opening = match admit(&platform, &request) {
        Ok(opening) => opening,
        Err((status, reason)) => return refuse(&platform, status, reason, None),
    };
    let client_id = opening.client_id.clone();
    let upgrade = hyper::upgrade::on(&mut request);
    // Registered before the client can know that it is connected: a push right after that finds it.
    let (lines, gap) = platform.connections.add(id.clone(), opening);
    let gap = gap.map(|gap| u64::try_from(gap.as_micros()).unwrap_or(u64::MAX));
    platform.record("connect", json!({"connection": id, "clientId": client_id, "status": 101, "gap": gap}));
    tokio::spawn(async move {
        let end = match upgrade.await {
            Ok(upgraded) => serve(&platform, &id, upgraded, lines).await,
            Err(error) => End::Lost(error.to_string()),
        };
        leave(&platform, &id, &end);
    });
    Response::builder()
        .status(StatusCode::SWITCHING_PROTOCOLS)
        .header(header::CONNECTION, "upgrade")
        .header(header::UPGRADE, "websocket")
        .header(header::SEC_WEBSOCKET_ACCEPT, derive_accept_key(key.as_bytes()))
        .body(Body::empty())
        .expect("a fixed status and valid headers make a response")
}

fn websocket_key(headers: &HeaderMap) -> Option<String> {
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let upgrade = text(header::UPGRADE)?.eq_ignore_ascii_case("websocket");
    let version = text(header::SEC_WEBSOCKET_VERSION)? == "13";
    let key = text(header::SEC_WEBSOCKET_KEY)?;
    (upgrade && version).then(|| key.to_owned())
}

fn admit(platform: &Platform, request: &Request) -> Result<Opening, (StatusCode, &'static str)> {
    let pairs = |uri: &axum::http::Uri| {
        Query::<Vec<(String, String)>>::try_from_uri(uri).map(|query| query.0).unwrap_or_default()
    };
    let mut query = pairs(request.uri());
    let ticket = query.iter().position(|(name, _)| name == "ticket").map(|at| query.remove(at).1);
    let ticket = ticket.ok_or((StatusCode::UNAUTHORIZED, "no ticket"))?;
    let opening = platform.tickets.take(&ticket, platform.clock.now());
    let opening = opening.map_err(|reason| (StatusCode::UNAUTHORIZED, reason))?;
    let endpoint: axum::http::Uri = opening.address.parse().unwrap_or_default();
    if request.uri().path() != endpoint.path() || query != pairs(&endpoint) {
        return Err((StatusCode::NOT_FOUND, "not the path and query of the endpoint"));
    }
    Ok(opening)
}

fn refuse(platform: &Platform, status: StatusCode, reason: &str, response: Option<Response>) -> Response {
    platform.record("connect", json!({"status": status.as_u16(), "reason": reason}));
    response.unwrap_or_else(|| (status, reason.to_owned()).into_response())
}

/// How a connection ended.
#[derive(Debug)]
enum End {
    Client(Option<CloseFrame>),
    Closed(u16),
    Cut,
    Lost(String),
}

impl End {
    fn describe(&self, connection: &str, client_id: &str) -> serde_json::Value {
        let (by, code, reason) = match self {
            Self::Client(frame) => (
                "client",
                frame.as_ref().map(|frame| u16::from(frame.code)),
                frame.as_ref().map(|frame| frame.reason.to_string()),
            ),
            Self::Closed(code) => ("simulator", Some(*code), None),
            Self::Cut => ("simulator", None, Some("cut".to_owned())),
            Self::Lost(reason) => ("lost", None, Some(reason.clone())),
        };
        json!({"connection": connection, "clientId": client_id, "by": by, "code": code, "reason": reason})
    }
}

async fn serve(platform: &Platform, id: &str, upgraded: Upgraded, mut lines: Lines) -> End {
    let Ok(Parts { io, read_buf, .. }) = downcast::<TokioIo<TcpStream>>(upgraded) else {
        return End::Lost("the upgraded connection is not a TCP stream".to_owned());
    };
    let socket = io.into_inner();
    let config = WebSocketConfig::default().max_message_size(Some(LARGEST_ANSWER));
    if let Err(error) = socket.set_nodelay(true) {
        return End::Lost(error.to_string());
    }
    let socket = WebSocketStream::from_partially_read(socket, read_buf.to_vec(), Role::Server, Some(config)).await;
    let (mut sink, mut stream) = socket.split();
    let end = {
        let writing = async {
            loop {
                match lines.outgoing.recv().await {
                    Some(Outgoing::Frame(frame)) => {
                        if let Err(error) = sink.send(frame).await {
                            return End::Lost(error.to_string());
                        }
                    }
                    Some(Outgoing::Close(code)) => return End::Closed(code),
                    None => return End::Closed(1001),
                }
            }
        };
        let reading = async {
            loop {
                match stream.next().await {
                    Some(Ok(Message::Text(text))) => take_answer(platform, id, &text),
                    Some(Ok(Message::Binary(bytes))) => take_answer(platform, id, &String::from_utf8_lossy(&bytes)),
                    Some(Ok(Message::Ping(_))) => note_ping(platform, id),
                    Some(Ok(Message::Close(frame))) => return End::Client(frame),
                    Some(Ok(_)) => {}
                    Some(Err(error)) => return End::Lost(error.to_string()),
                    None => return End::Lost("the stream ended".to_owned()),
                }
            }
        };
        let pumping = async {
            tokio::select! {
                end = writing => end,
                end = reading => end,
                () = pinging(platform, id) => pending().await,
            }
        };
        tokio::pin!(pumping);
        loop {
            let flow = *lines.flow.borrow_and_update();
            if flow == Flow::Cut {
                break End::Cut;
            }
            tokio::select! {
                // Orders before traffic: what is pushed after a stall must not slip through.
                biased;
                Ok(()) = lines.flow.changed() => {}
                end = &mut pumping, if flow == Flow::Running => break end,
                else => break End::Closed(1001),
            }
        }
    };
    let socket = sink.reunite(stream).expect("both halves come from one split");
    // Before its farewell: a client that knows of the end may be back, and what is pushed then must find it there. One
    // that is closed from here drains already.
    if !matches!(end, End::Closed(_)) {
        leave(platform, id, &end);
    }
    finish(socket, &end).await;
    end
}

/// Takes it off the list, if it is there still.
fn leave(platform: &Platform, id: &str, end: &End) {
    let _undisturbed = platform.undisturbed();
    if let Some(client_id) = platform.connections.remove(id) {
        platform.owed.forget(id);
        platform.record("close", end.describe(id, &client_id));
    }
}

/// The pong is tungstenite's work.
fn note_ping(platform: &Platform, id: &str) {
    let _undisturbed = platform.undisturbed();
    if let Some(client_id) = platform.connections.client_of(id) {
        platform.record("wsPing", json!({"connection": id, "clientId": client_id}));
    }
}

async fn pinging(platform: &Platform, id: &str) {
    let mut settings = platform.settings.watch();
    loop {
        let every = match settings.borrow_and_update().ping_ms {
            0 => Duration::MAX,
            ms => Duration::from_millis(ms),
        };
        tokio::select! {
            () = sleep(every) => push_ping(platform, id),
            _ = settings.changed() => {}
        }
    }
}

async fn finish(mut socket: WebSocketStream<TcpStream>, end: &End) {
    match end {
        End::Cut => {
            // A reset, not a farewell. When it can't be set, the plain shutdown that follows is a cut as well.
            let _ = socket.get_ref().set_zero_linger();
        }
        End::Closed(code) => {
            let frame = CloseFrame { code: (*code).into(), reason: "".into() };
            let farewell = async {
                socket.send(Message::Close(Some(frame))).await?;
                while let Some(message) = socket.next().await {
                    message?;
                }
                Ok::<(), Error>(())
            };
            // A client that doesn't answer the close is closed upon all the same.
            let _ = timeout(CLOSE_HANDSHAKE, farewell).await;
            let _ = socket.get_mut().shutdown().await;
        }
        End::Client(_) => {
            let _ = timeout(CLOSE_HANDSHAKE, socket.close(None)).await;
        }
        End::Lost(_) => {}
    }
}
