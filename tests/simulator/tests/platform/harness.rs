//! A simulator, a way to order it about, and a bot that does only what it is told.

use std::time::Duration;

use dingstream_simulator::{DEMO_APP, Options, Simulator};
use futures_util::{SinkExt, StreamExt};
use serde_json::{Value, json};
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::{Error, Message};
use tokio_tungstenite::{MaybeTlsStream, WebSocketStream, connect_async};

pub(crate) const DEADLINE: Duration = Duration::from_secs(10);
pub(crate) const MESSAGES: &str = "/v1.0/im/bot/messages/get";

pub(crate) fn http() -> reqwest::Client {
    // Reqwest wants a TLS provider even for plain HTTP. Another test may have installed it.
    let _ = rustls::crypto::ring::default_provider().install_default();
    reqwest::Client::builder().no_proxy().timeout(DEADLINE).build().expect("a plain client can be built")
}

pub(crate) struct Sim {
    pub(crate) simulator: Simulator,
    pub(crate) http: reqwest::Client,
}

impl Sim {
    pub(crate) fn start() -> Self {
        let simulator = Simulator::start(Options::default()).expect("a free port");
        Self { simulator, http: http() }
    }

    pub(crate) fn url(&self, path: &str) -> String {
        format!("{}{path}", self.simulator.url())
    }

    pub(crate) async fn post(&self, path: &str, body: Value) -> (u16, Value) {
        let response = self.http.post(self.url(path)).json(&body).send().await.expect("the simulator answers");
        let status = response.status().as_u16();
        (status, response.json().await.unwrap_or(Value::Null))
    }

    pub(crate) async fn get(&self, path: &str) -> Value {
        let response = self.http.get(self.url(path)).send().await.expect("the simulator answers");
        response.json().await.expect("JSON")
    }

    /// An order to the control API that must succeed.
    pub(crate) async fn order(&self, what: &str, body: Value) -> Value {
        let (status, answer) = self.post(&format!("/_sim/{what}"), body).await;
        assert_eq!(status, 200, "{answer}");
        answer
    }

    /// The records that fit, once there is one; empty when there is none in time.
    pub(crate) async fn records(&self, query: &str) -> Vec<Value> {
        let answer = self.get(&format!("/_sim/records?wait=5000&{query}")).await;
        answer["records"].as_array().cloned().expect("a list of records")
    }

    pub(crate) async fn record(&self, query: &str) -> Value {
        self.records(query).await.into_iter().next().unwrap_or_else(|| panic!("no record in time for {query}"))
    }

    /// Those that fit now.
    pub(crate) async fn records_now(&self, query: &str) -> Vec<Value> {
        self.records(&format!("count=0&{query}")).await
    }

    pub(crate) async fn connections(&self) -> Vec<Value> {
        self.get("/_sim/state").await["connections"].as_array().cloned().expect("a list of connections")
    }

    pub(crate) fn opening(subscriptions: &[(&str, &str)]) -> Value {
        let subscriptions: Vec<_> =
            subscriptions.iter().map(|(kind, topic)| json!({"type": kind, "topic": topic})).collect();
        json!({"clientId": DEMO_APP.0, "clientSecret": DEMO_APP.1, "subscriptions": subscriptions, "ua": "test/1"})
    }

    /// The address to connect to, ticket and all.
    pub(crate) async fn address(&self, subscriptions: &[(&str, &str)]) -> String {
        let (status, opened) = self.post("/v1.0/gateway/connections/open", Self::opening(subscriptions)).await;
        assert_eq!(status, 200, "{opened}");
        let text = |field: &str| opened[field].as_str().expect("a string").to_owned();
        format!("{}?ticket={}", text("endpoint"), text("ticket"))
    }

    pub(crate) async fn bot(&self, subscriptions: &[(&str, &str)]) -> Bot {
        let address = self.address(subscriptions).await;
        let (socket, _) = connect_async(address).await.expect("the ticket is good");
        let id = self.connections().await.last().expect("its connection")["id"].as_str().expect("an id").to_owned();
        Bot { socket, id }
    }

    /// A bot that gets everything.
    pub(crate) async fn any_bot(&self) -> Bot {
        let all = [
            ("EVENT", "*"),
            ("CALLBACK", MESSAGES),
            ("CALLBACK", "/v1.0/card/instances/callback"),
            ("CALLBACK", "/v1.0/card/dynamicData/get"),
            ("CALLBACK", "/v1.0/graph/api/invoke"),
            ("CALLBACK", "/v1.0/x"),
        ];
        self.bot(&all).await
    }
}

/// How a connection ended.
#[derive(Debug, PartialEq)]
pub(crate) enum End {
    Close(u16),
    Cut,
}

pub(crate) struct Bot {
    pub(crate) socket: WebSocketStream<MaybeTlsStream<TcpStream>>,
    pub(crate) id: String,
}

impl Bot {
    pub(crate) async fn message(&mut self) -> Result<Message, Error> {
        let next = timeout(DEADLINE, self.socket.next()).await.expect("something in time");
        next.unwrap_or(Err(Error::ConnectionClosed))
    }

    pub(crate) async fn frame(&mut self) -> Value {
        match self.message().await.expect("a frame") {
            Message::Text(text) => serde_json::from_str(&text).expect("a frame is JSON"),
            other => panic!("a text frame, not {other:?}"),
        }
    }

    pub(crate) async fn send(&mut self, answer: Value) {
        self.socket.send(Message::text(answer.to_string())).await.expect("an open connection");
    }

    pub(crate) async fn answer(&mut self, frame: &Value, code: u16, data: Value) {
        let headers = json!({"messageId": frame["headers"]["messageId"], "contentType": "application/json"});
        self.send(json!({"code": code, "headers": headers, "message": "OK", "data": data.to_string()})).await;
    }

    pub(crate) async fn end(&mut self) -> End {
        loop {
            match self.message().await {
                Ok(Message::Close(frame)) => return End::Close(frame.map_or(0, |frame| frame.code.into())),
                Ok(_) => {}
                Err(_) => return End::Cut,
            }
        }
    }
}

/// The JSON inside a frame's `data`.
pub(crate) fn data(frame: &Value) -> Value {
    serde_json::from_str(frame["data"].as_str().expect("data is a string")).expect("data is JSON")
}

/// Calls of the OpenAPI, by an application with a token.
impl Sim {
    pub(crate) async fn token(&self) -> String {
        let asked = json!({"appKey": DEMO_APP.0, "appSecret": DEMO_APP.1});
        let (status, answer) = self.post("/v1.0/oauth2/accessToken", asked).await;
        assert_eq!(status, 200, "{answer}");
        answer["accessToken"].as_str().expect("a token").to_owned()
    }

    pub(crate) async fn call(&self, path: &str, body: &Value) -> (u16, Value) {
        self.call_as(&self.token().await, path, body).await
    }

    pub(crate) async fn call_as(&self, token: &str, path: &str, body: &Value) -> (u16, Value) {
        let request = self.http.post(self.url(path)).header("x-acs-dingtalk-access-token", token).json(body);
        let response = request.send().await.expect("the simulator answers");
        (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
    }

    /// A call that must be refused, and the code that says why.
    pub(crate) async fn refusal(&self, path: &str, body: &Value) -> (u16, String) {
        let (status, answer) = self.call(path, body).await;
        (status, answer["code"].as_str().unwrap_or_else(|| panic!("a refusal, not {answer}")).to_owned())
    }

    pub(crate) async fn read(&self, path: &str) -> (u16, Value) {
        let request = self.http.get(self.url(path)).header("x-acs-dingtalk-access-token", self.token().await);
        let response = request.send().await.expect("the simulator answers");
        (response.status().as_u16(), response.json().await.unwrap_or(Value::Null))
    }
}

pub(crate) const TO_USERS: &str = "/v1.0/robot/oToMessages/batchSend";
pub(crate) const TO_GROUP: &str = "/v1.0/robot/groupMessages/send";

pub(crate) fn to_users(users: &[&str]) -> Value {
    let text = json!({"content": "hi"}).to_string();
    json!({"robotCode": DEMO_APP.0, "userIds": users, "msgKey": "sampleText", "msgParam": text})
}

pub(crate) fn to_group(conversation: &str) -> Value {
    let text = json!({"content": "hi"}).to_string();
    json!({"robotCode": DEMO_APP.0, "openConversationId": conversation, "msgKey": "sampleText", "msgParam": text})
}

/// This, but with another field or two.
pub(crate) fn with(mut body: Value, other: Value) -> Value {
    let fields = other.as_object().expect("an object");
    body.as_object_mut().expect("an object").extend(fields.clone());
    body
}
