//! What can go wrong: one taxonomy, the same names and numbers in every language.

mod support;

use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

/// One row of the taxonomy, for those who write the classes of other languages.
#[derive(Debug, Clone, Copy)]
pub struct ErrorKindSpec {
    /// Lower-case name, as it stands in logs and JSON.
    pub name: &'static str,
    /// Stable number of the C ABI.
    pub number: u32,
    /// What it means.
    pub doc: &'static str,
}

macro_rules! kinds {
    ($($(#[doc = $doc:literal])+ $variant:ident = $number:literal $name:literal,)+) => {
        /// The kind of an [`Error`]. Numbers are stable; a retired one is never used again.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        #[repr(u32)]
        pub enum ErrorKind {
            $($(#[doc = $doc])+ $variant = $number,)+
        }

        impl ErrorKind {
            /// Lower-case name, the same in every language.
            pub const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)+ }
            }
        }

        /// Every kind, in the order of its number.
        pub const ERROR_KINDS: &[ErrorKindSpec] =
            &[$(ErrorKindSpec { name: $name, number: $number, doc: concat!($($doc, "\n"),+).trim_ascii() },)+];
    };
}

kinds! {
    /// A call got a value that it can't take.
    Argument = 1 "argument",
    /// The configuration can't work, or came too late to count.
    Config = 2 "config",
    /// DingTalk refused the client id and secret.
    Auth = 3 "auth",
    /// The network did not carry the request: name, connection or stream.
    Network = 4 "network",
    /// The other side's certificate or the TLS handshake was not acceptable.
    Tls = 5 "tls",
    /// No answer within the time allowed.
    Timeout = 6 "timeout",
    /// The other side said something that the protocol does not know.
    Protocol = 7 "protocol",
    /// Too many calls: wait, then try again.
    Throttled = 8 "throttled",
    /// A paid quota is used up; waiting a moment does not help.
    Quota = 9 "quota",
    /// The application has no permission for this.
    Forbidden = 10 "forbidden",
    /// What the call named does not exist.
    NotFound = 11 "not_found",
    /// DingTalk refused the request with a business code of its own.
    Rejected = 12 "rejected",
    /// Larger than the platform or a bound of this library allows.
    TooLarge = 13 "too_large",
    /// What the call relies on is no longer valid.
    Expired = 14 "expired",
    /// This delivery was settled before.
    Answered = 15 "answered",
    /// A bound is reached; there is no room at the moment.
    Busy = 16 "busy",
    /// The call was cancelled.
    Cancelled = 17 "cancelled",
    /// The client, queue or connection is stopped or closed.
    Closed = 18 "closed",
    /// The object was made before a fork and belongs to the parent process.
    Forked = 19 "forked",
    /// A callback waited for something that waits for the callback.
    Reentrant = 20 "reentrant",
    /// A bug in this library; nothing was lost on purpose, please report it.
    Panic = 21 "panic",
}

impl fmt::Display for ErrorKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

/// A failure: what happened, where, and what to do about it.
///
/// It never holds a secret, a token, a ticket, a webhook's session key or the text of a message.
#[derive(Clone, thiserror::Error)]
#[error("{}", self.sentence())]
pub struct Error(Box<Details>);

#[derive(Clone)]
struct Details {
    kind: ErrorKind,
    stage: Cow<'static, str>,
    message: Cow<'static, str>,
    hint: Cow<'static, str>,
    http_status: u16,
    platform_code: String,
    request_id: String,
    retryable: bool,
    required_scopes: Vec<String>,
    request: String,
    client_id: String,
    time: SystemTime,
}

/// The result of what can fail here.
pub type Result<T, E = Error> = std::result::Result<T, E>;

impl Error {
    /// An error of `kind`; `message` is lower case, cause first.
    pub fn new(kind: ErrorKind, message: impl Into<Cow<'static, str>>) -> Self {
        let retryable =
            matches!(kind, ErrorKind::Network | ErrorKind::Timeout | ErrorKind::Throttled | ErrorKind::Busy);
        Self(Box::new(Details {
            kind,
            stage: Cow::Borrowed(""),
            message: message.into(),
            hint: Cow::Borrowed(""),
            http_status: 0,
            platform_code: String::new(),
            request_id: String::new(),
            retryable,
            required_scopes: Vec::new(),
            request: String::new(),
            client_id: String::new(),
            time: SystemTime::now(),
        }))
    }

    /// Says where it happened: `open`, `connect`, `call:reply` …
    pub fn at(mut self, stage: impl Into<Cow<'static, str>>) -> Self {
        self.0.stage = stage.into();
        self
    }

    /// Says in one sentence what the person on call can do.
    pub fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.0.hint = hint.into();
        self
    }

    pub(crate) fn http(mut self, status: u16) -> Self {
        self.0.http_status = status;
        self
    }

    pub(crate) fn platform(mut self, code: impl Into<String>, request_id: impl Into<String>) -> Self {
        self.0.platform_code = code.into();
        self.0.request_id = request_id.into();
        self
    }

    pub(crate) fn retryable(mut self, retryable: bool) -> Self {
        self.0.retryable = retryable;
        self
    }

    pub(crate) fn needs(mut self, scopes: Vec<String>) -> Self {
        self.0.required_scopes = scopes;
        self
    }

    /// What kind of failure it is.
    pub fn kind(&self) -> ErrorKind {
        self.0.kind
    }

    /// What happened, without the hint.
    pub fn message(&self) -> &str {
        &self.0.message
    }

    /// What to do about it; empty where nothing is known.
    pub fn advice(&self) -> &str {
        &self.0.hint
    }

    /// Where it happened: `open`, `connect`, `call:<operation>` …; empty for a plain misuse.
    pub fn stage(&self) -> &str {
        &self.0.stage
    }

    /// The HTTP status, or 0 where none was received.
    pub fn http_status(&self) -> u16 {
        self.0.http_status
    }

    /// The platform's own code, such as `authFailed` or `310000`; empty where it gave none.
    pub fn platform_code(&self) -> &str {
        &self.0.platform_code
    }

    /// The platform's id of the request, which its support asks for; empty where it gave none.
    pub fn request_id(&self) -> &str {
        &self.0.request_id
    }

    /// The permissions that the application lacks, as the developer console names them; empty where DingTalk named none.
    pub fn required_scopes(&self) -> &[String] {
        &self.0.required_scopes
    }

    /// Whether the same call may succeed later without a change.
    pub fn is_retryable(&self) -> bool {
        self.0.retryable
    }

    fn sentence(&self) -> String {
        match self.0.hint.as_ref() {
            "" => self.0.message.to_string(),
            hint => format!("{}: {hint}", self.0.message),
        }
    }

    /// The error as JSON: `kind`, `message` and whatever else is known. The shape of `error` in a state's data.
    pub fn to_json(&self) -> serde_json::Value {
        let mut json = serde_json::json!({ "kind": self.kind().name(), "message": self.message() });
        let parts = [
            ("hint", self.advice()),
            ("stage", self.stage()),
            ("platform_code", self.platform_code()),
            ("request_id", self.request_id()),
        ];
        for (name, text) in parts.into_iter().filter(|(_, text)| !text.is_empty()) {
            json[name] = text.into();
        }
        if self.http_status() != 0 {
            json["http_status"] = self.http_status().into();
        }
        if !self.required_scopes().is_empty() {
            json["required_scopes"] = self.required_scopes().into();
        }
        json
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} error", self.kind())?;
        if !self.stage().is_empty() {
            write!(f, " at {}", self.stage())?;
        }
        write!(f, ": {self}")
    }
}

pub(crate) fn argument(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Argument, message)
}

pub(crate) fn config(message: impl Into<Cow<'static, str>>) -> Error {
    Error::new(ErrorKind::Config, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_is_a_sentence_with_its_hint() {
        let error = Error::new(ErrorKind::Auth, "the endpoint refused the credential (401 authFailed)")
            .hint("check clientId and clientSecret")
            .at("open");
        assert_eq!(
            error.to_string(),
            "the endpoint refused the credential (401 authFailed): check clientId and clientSecret"
        );
        assert_eq!(error.to_json()["stage"], "open");
    }

    #[test]
    fn numbers_are_promises() {
        for (index, spec) in ERROR_KINDS.iter().enumerate() {
            assert_eq!(spec.number as usize, index + 1, "{} moved", spec.name);
        }
    }
}
