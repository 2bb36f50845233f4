//! What a client can be told: every option once, with its kind, default and documentation.

mod options;

use std::collections::BTreeMap;
use std::time::Duration;

use serde_json::Value;

use crate::error::{Result, config};
use crate::kind::Kind;
use crate::log::Level;
pub use crate::secret::Secret;
use crate::stream::topics;
pub use options::{OptionKind, OptionSpec};
use options::{OptionValue, wrong_type};

/// When a delivery is answered on the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// As soon as the inbox has accepted it.
    OnReceipt,
    /// When the application has settled it.
    OnCompletion,
}

macro_rules! options {
    ($($(#[doc = $doc:literal])+ $name:ident: $type:ty = $default:expr, $told:literal;)+) => {
        /// The configuration of one client: public fields, checked when the client is made.
        #[derive(Debug, Clone)]
        #[non_exhaustive]
        pub struct Config {
            $($(#[doc = $doc])+ pub $name: $type,)+
            /// What the connection asks for, in order. Handlers add theirs when the client starts.
            pub subscriptions: Vec<Subscription>,
        }

        impl Default for Config {
            fn default() -> Self {
                Self { $($name: $default,)+ subscriptions: Vec::new() }
            }
        }

        /// Every option, in the order in which documentation shows them.
        pub const OPTIONS: &[OptionSpec] = &[$(OptionSpec {
            name: stringify!($name),
            kind: <$type as OptionValue>::KIND,
            default: $told,
            doc: concat!($($doc, "\n"),+).trim_ascii(),
        },)+];

        impl Config {
            /// Sets one option by its name, as `from_json` does.
            ///
            /// # Errors
            /// `config` for a name that does not exist or a value of another type.
            pub fn set(&mut self, name: &str, value: &Value) -> Result<()> {
                match name {
                    $(stringify!($name) => self.$name = OptionValue::read(value).ok_or_else(|| {
                        wrong_type(stringify!($name), <$type as OptionValue>::KIND)
                    })?,)+
                    _ => return Err(config(format!("there is no option {name:?}"))),
                }
                Ok(())
            }
        }
    };
}

options! {
    /// The application's client id (AppKey), from the developer console.
    client_id: String = String::new(), "";
    /// The application's client secret (AppSecret). It is never logged or shown.
    client_secret: Secret = Secret::default(), "";
    /// DingTalk's API: `china` (api.dingtalk.com), `oversea` (api.dingtalk.io), or the URL of a host such as a
    /// simulator's. Where it is not set, the environment variable `DINGSTREAM_ENDPOINT` decides, then `china`.
    endpoint: String = String::new(), "china";
    /// What the client calls itself when it opens a connection; empty means `dingstream-sdk-<language>/<version>-union`.
    ua: String = String::new(), "";
    /// The IP address told to DingTalk for its diagnosis; empty means the address of the route to the endpoint.
    local_ip: String = String::new(), "";
    /// Further fields for DingTalk, sent as they are.
    extras: BTreeMap<String, String> = BTreeMap::new(), "";
    /// How long opening (the request for a ticket) may take.
    open_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// How long connecting (TCP, TLS and the WebSocket upgrade together) may take.
    connect_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// How long one request such as a reply may take.
    request_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// The longest pause between two tries to connect. Pauses grow from half a second and are drawn at random below
    /// their bound, so that many clients never come back at once.
    backoff_max_ms: Duration = Duration::from_secs(60), "60000";
    /// How many deliveries may wait or be out unsettled. Beyond it, events come again later and the rest is refused.
    inbox_count: usize = 10_000, "10000";
    /// How many bytes of deliveries may wait or be out unsettled.
    inbox_bytes: usize = 64 * 1024 * 1024, "67108864";
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

impl Config {
    /// A configuration with everything but the credential at its default.
    pub fn new(client_id: impl Into<String>, client_secret: impl Into<Secret>) -> Self {
        Self { client_id: client_id.into(), client_secret: client_secret.into(), ..Self::default() }
    }

    /// A configuration from one JSON object whose keys are the options' names.
    ///
    /// # Errors
    /// `config` for anything but an object, an unknown name, or a value of another type.
    pub fn from_json(text: &str) -> Result<Self> {
        let value: Value = serde_json::from_str(text)
            .map_err(|error| config(format!("the configuration is not JSON (line {})", error.line())))?;
        let object = value.as_object().ok_or_else(|| config("the configuration is not a JSON object"))?;
        let mut made = Self::default();
        for (name, value) in object {
            made.set(name, value)?;
        }
        Ok(made)
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

    /// Trims what people paste, fills in what is not set, and refuses what can't work.
    pub(crate) fn checked(mut self) -> Result<Self> {
        self.client_id = self.client_id.trim().to_owned();
        self.client_secret = self.client_secret.expose().trim().into();
        for (name, empty) in
            [("client_id", self.client_id.is_empty()), ("client_secret", self.client_secret.expose().is_empty())]
        {
            if empty {
                return Err(config(format!("{name} is empty"))
                    .hint("copy it from the developer console, under credentials of the application"));
            }
        }
        for (name, count) in
            [("inbox_count", self.inbox_count), ("inbox_bytes", self.inbox_bytes), ("dispatchers", self.dispatchers)]
        {
            if count == 0 {
                return Err(wrong_type(name, OptionKind::Count));
            }
        }
        if self.endpoint.is_empty() {
            self.endpoint = std::env::var("DINGSTREAM_ENDPOINT").unwrap_or_default();
        }
        self.endpoint = match self.endpoint.trim().trim_end_matches('/') {
            "" | "china" => "https://api.dingtalk.com".to_owned(),
            "oversea" => "https://api.dingtalk.io".to_owned(),
            url => checked_url(url)?,
        };
        if self.ua.is_empty() {
            self.ua = concat!("dingstream-sdk-rust/", env!("CARGO_PKG_VERSION"), "-union").to_owned();
        }
        Ok(self)
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

fn checked_url(text: &str) -> Result<String> {
    let hint = "give china, oversea, or a URL such as http://127.0.0.1:8080";
    let url = url::Url::parse(text).map_err(|error| config(format!("the endpoint is no URL ({error})")).hint(hint))?;
    if !matches!(url.scheme(), "http" | "https") || url.host_str().is_none() {
        return Err(config("the endpoint is no http or https URL with a host").hint(hint));
    }
    Ok(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ids_are_trimmed() {
        let config = Config::new(" id\n", " secret ").checked().expect("valid");
        assert_eq!((config.client_id.as_str(), config.client_secret.expose()), ("id", "secret"));
    }

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
    fn an_endpoint_that_is_no_url_is_refused() {
        let mut config = Config::new("id", "secret");
        config.endpoint = "ftp://x".to_owned();
        assert!(config.checked().is_err());
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
