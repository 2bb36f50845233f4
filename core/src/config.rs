//! What a client can be told: every option once, with its kind, default and documentation.

mod check;
mod kinds;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::{Map, Value};

use crate::error::{Result, config};
use crate::kind::Kind;
use crate::log::Level;
pub use crate::secret::Secret;
pub use crate::store::Store;
use crate::stream::topics;
pub use kinds::{OptionKind, OptionSpec};
pub(crate) use kinds::{OptionValue, choice, wrong_type};

/// What is handled one after the other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ordering {
    /// The messages of a conversation.
    Conversation,
    /// The messages of one sender in a conversation.
    Sender,
    /// Nothing: every message is handed over as it comes.
    None,
}

/// When a delivery is answered on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// As soon as the inbox has accepted it.
    OnReceipt,
    /// When the application has settled it.
    OnCompletion,
}

/// Writes a configuration: the type with its defaults, the table for those who write the options of other languages, and
/// the setting by name.
macro_rules! options {
    (
        $(#[doc = $config_doc:literal])+ struct $config:ident $(derives $derived:ident)? { $($(#[doc = $extra_doc:literal])+ $extra:ident: $extra_type:ty,)* }
        $(#[doc = $table_doc:literal])+ const $table:ident;
        $($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr, $told:literal;)+
    ) => {
        $(#[doc = $config_doc])+
        #[derive(Clone)]
        $(#[derive($derived)])?
        #[non_exhaustive]
        pub struct $config {
            $($(#[doc = $doc])+ pub $name: $type,)+
            $($(#[doc = $extra_doc])+ pub $extra: $extra_type,)*
        }

        impl Default for $config {
            fn default() -> Self {
                Self { $($name: $default,)+ $($extra: Default::default(),)* }
            }
        }

        $(#[doc = $table_doc])+
        pub const $table: &[$crate::config::OptionSpec] = &[$($crate::config::OptionSpec {
            name: stringify!($name),
            kind: <$type as $crate::config::OptionValue>::KIND,
            default: $told,
            doc: concat!($($doc, "\n"),+).trim_ascii(),
        },)+];

        impl $config {
            /// Sets one option by its name, as `from_json` does.
            ///
            /// # Errors
            /// `config` for a name that does not exist or a value of another type.
            pub fn set(&mut self, name: &str, value: &serde_json::Value) -> $crate::error::Result<()> {
                use $crate::config::{OptionValue, wrong_type};
                match name {
                    $(stringify!($name) => self.$name = OptionValue::read(value).ok_or_else(|| {
                        wrong_type(stringify!($name), <$type as OptionValue>::KIND)
                    })?,)+
                    _ => return Err($crate::error::config(format!("there is no option {name:?}"))),
                }
                Ok(())
            }

            /// A configuration from one JSON object whose keys are the options' names.
            ///
            /// # Errors
            /// `config` for anything but an object, an unknown name, or a value of another type.
            pub fn from_json(text: &str) -> $crate::error::Result<Self> {
                let mut made = Self::default();
                for (name, value) in &$crate::config::object(text)? {
                    made.set(name, value)?;
                }
                Ok(made)
            }
        }
    };
}
pub(crate) use options;

options! {
    /// The configuration of one client: public fields, checked when the client is made.
    struct Config derives Debug {
        /// What the connection asks for, in order. Handlers add theirs when the client starts.
        subscriptions: Vec<Subscription>,
    }
    /// Every option of a client, in the order in which documentation shows them.
    const OPTIONS;
    /// The application's client id (AppKey), from the developer console.
    client_id: String = String::new(), "";
    /// The application's client secret (AppSecret). It is never logged or shown.
    client_secret: Secret = Secret::default(), "";
    /// DingTalk's API: `china` (api.dingtalk.com), `oversea` (api.dingtalk.io), or the URL of a host such as a
    /// simulator's. Where it is not set, the environment variable `DINGSTREAM_ENDPOINT` decides, then `china`.
    endpoint: String = String::new(), "china";
    /// DingTalk's old API, which replies and media go to: the URL of a host. Where it is not set, it is
    /// oapi.dingtalk.com, or `endpoint` where that is a URL.
    oapi_endpoint: String = String::new(), "";
    /// The code of the robot that sends; empty means the client id, which is the same for applications of one organisation.
    robot_code: String = String::new(), "";
    /// How many calls to one API are made in any second; DingTalk refuses what is above 20, unless more was bought.
    calls_a_second: usize = 20, "20";
    /// How large a file may be that is downloaded, in bytes.
    download_bytes: usize = 100 * 1024 * 1024, "104857600";
    /// Who shares what is counted and remembered of the application (the calls of the last second, its access token, bans):
    /// the clients of this process, or with `file` those of all processes of this user on this machine. Where several
    /// processes call for one application, as workers of php-fpm do, each would else take the whole limit and a token
    /// of its own.
    store: Store = Store::Memory, "memory";
    /// The directory that a store of kind `file` is kept in. It belongs to the user of the process alone, for it holds tokens,
    /// and is made where it is missing; empty means `dingstream-<uid>` below the system's temporary directory.
    store_dir: String = String::new(), "";
    /// A file that notes the card sessions that are open, so that those that a crash leaves behind end with their fallback text
    /// at the next start. One client uses it at a time; empty means none.
    card_journal: String = String::new(), "";
    /// What the client calls itself when it opens a connection; empty means `dingstream-sdk-<language>/<version>-union`.
    ua: String = String::new(), "";
    /// The IP address told to DingTalk for its diagnosis; empty means the address of the route to the endpoint.
    local_ip: String = String::new(), "";
    /// Further fields for DingTalk, sent as they are.
    extras: BTreeMap<String, String> = BTreeMap::new(), "";
    /// How long opening (the request for a ticket) may take.
    open_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// How long reaching the server of a connection (name service, TCP, and the proxy's consent) may take.
    connect_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// How long the handshakes of a connection (TLS, then the WebSocket upgrade) may take.
    handshake_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// How long one request such as a reply may take.
    request_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// The proxy that connections go through: `http://`, `https://` or `socks5://`, with user and password where it wants
    /// them (`http://user:password@host:port`). `direct` means none; empty means what the environment says
    /// (`HTTPS_PROXY`, `HTTP_PROXY`, `ALL_PROXY`, `NO_PROXY`).
    proxy: Secret = Secret::default(), "";
    /// The proxy of replies and other calls, where it is not `proxy`.
    api_proxy: Secret = Secret::default(), "";
    /// A file with further certificate authorities (PEM), beside those of the system and those bundled with the library.
    ca_file: String = String::new(), "";
    /// Whether only IPv4 is used.
    ipv4_only: bool = false, "false";
    /// How many connections are kept open. DingTalk sends each push on one of them at random, so a second one covers the
    /// death of the first.
    connections: usize = 1, "1";
    /// After so long without a frame the server is asked for a sign of life.
    ping_after_ms: Duration = Duration::from_secs(60), "60000";
    /// How long the server may take for a sign of life before it is asked again.
    ping_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// How often the server is asked in vain before the connection counts as dead.
    ping_attempts: usize = 3, "3";
    /// How many lost connections a minute are replaced without a pause.
    immediate_opens: usize = 10, "10";
    /// The longest pause between two tries to connect. Pauses grow from half a second and are drawn at random below
    /// their bound, so that many clients never come back at once.
    backoff_max_ms: Duration = Duration::from_secs(60), "60000";
    /// How many deliveries may wait or be out unsettled. Beyond it, events come again later and the rest is refused.
    inbox_count: usize = 10_000, "10000";
    /// How many bytes of deliveries may wait or be out unsettled.
    inbox_bytes: usize = 64 * 1024 * 1024, "67108864";
    /// How many deliveries may be with the application unsettled; the others wait.
    max_in_flight: usize = 1000, "1000";
    /// What is handled one after the other: messages of one conversation, of one sender in a conversation, or nothing.
    /// Actions on one card always are; events never.
    ordering: Ordering = Ordering::Conversation, "conversation";
    /// Messages that begin with one of these texts (such as `/stop`) are not kept waiting by others.
    bypass: Vec<String> = Vec::new(), "";
    /// How long a delivery may stay unsettled once the application has taken it; then it is declined, and what waits behind
    /// it goes on.
    handler_deadline_ms: Duration = Duration::from_secs(600), "600000";
    /// How long after its receipt an event is answered at the latest: `LATER` then, and the handler goes on. DingTalk
    /// waits 3 s.
    answer_within_event_ms: Duration = Duration::from_millis(2500), "2500";
    /// How long after its receipt a card action is answered at the latest: an empty response then, and the handler goes
    /// on. DingTalk waits 2 s.
    answer_within_card_ms: Duration = Duration::from_millis(1800), "1800";
    /// How many deliveries that were settled ok are remembered, so that one that comes again is only answered.
    dedupe_count: usize = 10_000, "10000";
    /// How many bytes the memory of settled deliveries may take.
    dedupe_bytes: usize = 8 * 1024 * 1024, "8388608";
    /// How long a delivery that was settled ok is remembered.
    dedupe_ms: Duration = Duration::from_secs(600), "600000";
    /// When bot messages are answered. DingTalk ignores what the answer says, so waiting gains nothing.
    answer_message: Answer = Answer::OnReceipt, "on_receipt";
    /// When events are answered.
    answer_event: Answer = Answer::OnCompletion, "on_completion";
    /// When card actions are answered. On receipt means that the answer carries no card update.
    answer_card: Answer = Answer::OnCompletion, "on_completion";
    /// When AI plugin requests are answered.
    answer_graph: Answer = Answer::OnCompletion, "on_completion";
    /// When deliveries of other topics are answered.
    answer_other: Answer = Answer::OnCompletion, "on_completion";
    /// How many threads call the function given to `on_delivery`.
    dispatchers: usize = 1, "1";
    /// How long `run` lets handlers finish after SIGINT or SIGTERM.
    stop_deadline_ms: Duration = Duration::from_secs(10), "10000";
    /// The least severe log record that reaches the queue, and so the language's logger.
    log_level: Level = Level::Warn, "warn";
}

/// One subscription of a connection.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Subscription {
    /// The kind of delivery it brings.
    pub kind: Kind,
    /// The topic, as DingTalk spells it.
    pub topic: String,
}

pub(crate) fn object(text: &str) -> Result<Map<String, Value>> {
    match serde_json::from_str(text) {
        Ok(Value::Object(object)) => Ok(object),
        Ok(_) => Err(config("the configuration is not a JSON object")),
        Err(error) => Err(config(format!("the configuration is not JSON (line {})", error.line()))),
    }
}

impl Config {
    /// A configuration with everything but the credential at its default.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self { client_id: client_id.into(), client_secret: client_secret.into(), ..Self::default() }
    }

    /// Subscribes a kind; `topic` is needed for [`Kind::Other`] alone, and else empty for the kind's own topic.
    ///
    /// # Errors
    /// `config` where the topic is missing or the kind can't be subscribed.
    pub fn subscribe(&mut self, kind: Kind, topic: &str) -> Result<()> {
        let topic = match (kind, topic) {
            (Kind::State, _) => return Err(config("a state can't be subscribed: it always comes")),
            (Kind::Other, "") => return Err(config("a subscription of kind other needs a topic")),
            (Kind::Event, "" | "*") => "*",
            (Kind::Event, _) => {
                return Err(config("events are subscribed all at once, with the topic *")
                    .hint("tick single event types in the developer console and choose by type in a handler"));
            }
            (kind, "") => topics::of(kind),
            (_, topic) => topic,
        };
        let subscription = Subscription { kind, topic: topic.to_owned() };
        if !self.subscriptions.contains(&subscription) {
            self.subscriptions.push(subscription);
        }
        Ok(())
    }

    /// How long after its receipt a delivery of this kind is answered at the latest.
    pub(crate) fn answer_within(&self, kind: Kind) -> Option<Duration> {
        match kind {
            Kind::Event => Some(self.answer_within_event_ms),
            Kind::Card => Some(self.answer_within_card_ms),
            _ => None,
        }
    }

    pub(crate) fn answer(&self, kind: Kind) -> Answer {
        match kind {
            Kind::Message => self.answer_message,
            Kind::Card => self.answer_card,
            Kind::Event => self.answer_event,
            Kind::Graph => self.answer_graph,
            Kind::Other | Kind::State => self.answer_other,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_is_never_shown() {
        let config = Config::new("id", "planted-secret");
        assert!(!format!("{config:?}").contains("planted"));
    }

    #[test]
    fn a_wrong_type_is_named() {
        let error = Config::from_json(r#"{"inbox_count":"many"}"#).expect_err("refused");
        assert_eq!(error.to_string(), "inbox_count takes a whole number above zero");
        let error = Config::from_json(r#"{"log_level":7}"#).expect_err("refused");
        assert_eq!(error.to_string(), "log_level takes one of off, error, warn, info, debug, trace");
        let error = Config::from_json(r#"{"colour":1}"#).expect_err("refused");
        assert_eq!(error.to_string(), "there is no option \"colour\"");
    }

    #[test]
    fn events_are_subscribed_all_at_once() {
        let mut config = Config::default();
        config.subscribe(Kind::Event, "").expect("all");
        assert!(config.subscribe(Kind::Event, "user_add_org").is_err());
        assert!(config.subscribe(Kind::Other, "").is_err());
        config.subscribe(Kind::Message, "").expect("message");
        config.subscribe(Kind::Message, "").expect("again");
        assert_eq!(config.subscriptions.len(), 2);
    }
}
