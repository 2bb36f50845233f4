//! How a webhook sends: every option once, with its kind, default and documentation.

use std::time::Duration;

use crate::config::{Secret, Store, choice, options};
use crate::log::Level;

/// What becomes of more than twenty messages in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Overflow {
    /// They wait for their turn.
    #[default]
    Wait,
    /// They are refused.
    Drop,
    /// Text, link and markdown wait and go out as one markdown message with counts; the rest waits for its turn.
    Digest,
    /// They go through the next one of several robots, and wait where all are busy.
    Rotate,
}

/// What becomes of a message that is too long.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum TooLong {
    /// It is refused.
    #[default]
    Refuse,
    /// Text and markdown are cut, with a sign that they were.
    Cut,
    /// Text and markdown go out in several messages.
    Split,
}

choice! { Overflow { "wait" => Wait, "drop" => Drop, "digest" => Digest, "rotate" => Rotate, } }
choice! { TooLong { "refuse" => Refuse, "cut" => Cut, "split" => Split, } }

options! {
    /// How a webhook sends: public fields, checked when the webhook is made.
    struct WebhookConfig derives Debug {}
    /// Every option of a webhook, in the order in which documentation shows them.
    const WEBHOOK_OPTIONS;
    /// The robot's address, copied from the group's settings; several, with spaces between, to rotate. It is never logged
    /// or shown.
    url: Secret = Secret::default(), "";
    /// The secret of the robot's signature (加签), which begins with `SEC`; empty where it has none.
    secret: Secret = Secret::default(), "";
    /// What becomes of more than twenty messages in a minute: they wait, are refused, go out as one markdown message with
    /// counts (text, link and markdown), or go through the next robot.
    overflow: Overflow = Overflow::Wait, "wait";
    /// What becomes of a text or markdown that is too long.
    too_long: TooLong = TooLong::Refuse, "refuse";
    /// Who shares the count of a robot's messages: the webhooks of this process, or with `file` those of all processes of this
    /// user on this machine. Where several processes send through one robot, as workers of php-fpm do, each would else take
    /// the whole twenty, and DingTalk would stop the robot for ten minutes.
    store: Store = Store::Memory, "memory";
    /// The directory that a store of kind `file` is kept in. It belongs to the user of the process alone, and is made where it
    /// is missing; empty means `dingstream-<uid>` below the system's temporary directory.
    store_dir: String = String::new(), "";
    /// A keyword that the robot insists on; a digest carries it.
    keyword: String = String::new(), "";
    /// How long one request may take.
    request_timeout_ms: Duration = Duration::from_secs(10), "10000";
    /// The proxy: `http://`, `https://` or `socks5://`, with user and password where it wants them. `direct` means none;
    /// empty means what the environment says.
    proxy: Secret = Secret::default(), "";
    /// A file with further certificate authorities (PEM).
    ca_file: String = String::new(), "";
    /// The least severe log record that reaches the queue, and so the language's logger.
    log_level: Level = Level::Warn, "warn";
}

impl WebhookConfig {
    /// A configuration with everything but the address and the secret at its default.
    pub fn new(url: impl Into<Secret>, secret: impl Into<Secret>) -> Self {
        Self { url: url.into(), secret: secret.into(), ..Self::default() }
    }
}
