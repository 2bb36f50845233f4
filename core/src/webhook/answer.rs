//! What a custom robot answers (document 0717). The cause behind 310000 stands in its text alone.

use serde_json::Value;

use crate::error::{Error, ErrorKind};
use crate::net::Response;

/// Whether DingTalk now takes nothing for ten minutes.
pub(super) struct Refused {
    pub(super) error: Error,
    pub(super) is_penalty: bool,
}

/// Reads an answer; `skew_ms` is how far this machine's clock is ahead of DingTalk's, where that is known.
pub(super) fn read(response: &Response, skew_ms: Option<i64>) -> std::result::Result<(), Refused> {
    let body: Option<Value> = serde_json::from_str(&response.body).ok();
    let told = |name: &str| body.as_ref().and_then(|body| body.get(name));
    let code = match told("errcode") {
        Some(Value::Number(code)) => code.to_string(),
        Some(Value::String(code)) => code.clone(),
        _ => return Err(plain(unreadable(response.status))),
    };
    let message = told("errmsg").and_then(Value::as_str).unwrap_or_default();
    if code == "0" {
        return Ok(());
    }
    let is_penalty = matches!(code.as_str(), "410100" | "130101");
    let error = refusal(&code, message, skew_ms).http(response.status).platform(code, "");
    Err(Refused { error, is_penalty })
}

fn plain(error: Error) -> Refused {
    Refused { error, is_penalty: false }
}

fn unreadable(status: u16) -> Error {
    let error = Error::new(ErrorKind::Protocol, format!("the robot's answer holds no errcode (HTTP {status})"));
    error.http(status).hint("the message may have arrived; it was not sent again")
}

fn refusal(code: &str, message: &str, skew_ms: Option<i64>) -> Error {
    let error = |kind, what: &str, hint: String| Error::new(kind, format!("{what} ({code} {message})")).hint(hint);
    match code {
        "310000" => security(message, skew_ms),
        "410100" | "130101" => error(
            ErrorKind::Throttled,
            "the robot sent too fast and takes nothing for ten minutes",
            "other programs may send through the same robot; let them share a store, or collect with overflow = digest"
                .to_owned(),
        ),
        "90030" => error(
            ErrorKind::Quota,
            "the organisation's monthly number of webhook messages is used up",
            "an administrator can buy more, or wait for the next month".to_owned(),
        ),
        "400101" | "400106" => error(
            ErrorKind::NotFound,
            "there is no robot with this address",
            "copy the webhook's address from the group's settings again".to_owned(),
        ),
        "400102" => error(ErrorKind::Forbidden, "the robot was stopped", "start it in the group's settings".to_owned()),
        "400013" => error(ErrorKind::NotFound, "the group was dissolved", String::new()),
        "460101" | "101002" => error(ErrorKind::TooLarge, "the message is too long", "shorten or split it".to_owned()),
        "-1" => error(ErrorKind::Rejected, "DingTalk is busy", "try again".to_owned()).retryable(true),
        _ => error(
            ErrorKind::Rejected,
            "DingTalk refused the message",
            "look the code up in the documentation of custom robots".to_owned(),
        ),
    }
}

fn security(message: &str, skew_ms: Option<i64>) -> Error {
    let (what, hint) = if message.starts_with("keywords not in content") {
        (
            "the message holds none of the robot's keywords",
            "put a keyword into the text, or set the option keyword".to_owned(),
        )
    } else if message.starts_with("invalid timestamp") {
        let skew = skew_ms.map_or(0, |skew| skew / 1000);
        (
            "the signature's time is too far from DingTalk's",
            format!("set this machine's clock, which is {skew} s ahead"),
        )
    } else if message.starts_with("sign not match") {
        ("the signature does not match", "check the secret, which begins with SEC".to_owned())
    } else if message.starts_with("ip ") {
        (
            "the robot does not allow this machine's address",
            "add it to the robot's list, or use keywords or signing".to_owned(),
        )
    } else {
        ("the robot's security settings refuse the message", "look at them in the group's settings".to_owned())
    };
    Error::new(ErrorKind::Forbidden, format!("{what} (310000 {message})")).hint(hint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refused(body: &str) -> (ErrorKind, bool, String) {
        let refused = read(&Response { status: 200, body: body.to_owned(), ..Response::default() }, Some(7_200_000))
            .expect_err("refused");
        (refused.error.kind(), refused.is_penalty, refused.error.to_string())
    }

    #[test]
    fn the_causes_of_310000_are_told_apart() {
        for (message, hint) in [
            ("keywords not in content", "put a keyword"),
            ("invalid timestamp", "7200 s ahead"),
            ("sign not match", "check the secret"),
            ("ip 1.2.3.4 not in whitelist", "add it to the robot's list"),
            ("something new", "group's settings"),
        ] {
            let (kind, is_penalty, told) = refused(&format!(r#"{{"errcode":310000,"errmsg":"{message}"}}"#));
            assert!(kind == ErrorKind::Forbidden && !is_penalty && told.contains(hint), "{told}");
        }
    }

    #[test]
    fn too_fast_is_a_penalty_under_both_codes() {
        for code in ["410100", "130101"] {
            assert!(refused(&format!(r#"{{"errcode":"{code}","errmsg":"x"}}"#)).1);
        }
    }

    #[test]
    fn a_number_or_a_text_says_that_it_is_fine() {
        for body in [r#"{"errcode":0}"#, r#"{"errcode":"0","errmsg":"ok"}"#] {
            assert!(read(&Response { status: 200, body: body.to_owned(), ..Response::default() }, None).is_ok());
        }
        assert_eq!(refused("<html>").0, ErrorKind::Protocol);
    }
}
