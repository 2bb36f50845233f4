//! What DingTalk's refusals mean: the same status says very different things.

use serde_json::Value;

use super::codes;
use crate::error::{Error, ErrorKind};
use crate::net::Response;

/// What to do about a refusal, beyond telling it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Remedy {
    /// Tell it.
    None,
    /// The token is no longer valid: get another one, once.
    NewToken,
    /// Too many calls in this second: wait, then again. Nothing was done.
    Wait,
    /// The other side is in trouble: again, where repeating does no harm.
    Repeat,
    /// This machine's address is banned for five minutes.
    Ban,
}

/// Codes that mean an invalid token, in the new API and in the old (platform documents 0013 and 0033).
const TOKEN: &[&str] = &[
    "InvalidAuthentication",
    "accesstoken.expired",
    "invalidAccessToken",
    "invalidToken",
    "40001",
    "40014",
    "41001",
    "42001",
];

/// Reads an answer: its JSON, or what went wrong.
pub(crate) fn read(response: &Response) -> Result<Value, (Error, Remedy)> {
    let body: Option<Value> = serde_json::from_str(&response.body).ok();
    let told = Told::of(response, body.as_ref());
    if (200..300).contains(&response.status) && told.code.is_empty() && !told.is_ban {
        return match &body {
            Some(answer) if answer.get("success") == Some(&Value::Bool(false)) => {
                Err(told.refused("DingTalk says that it did not work", Remedy::None))
            }
            Some(answer) => Ok(answer.clone()),
            None if response.body.is_empty() => Ok(Value::Null),
            None => Err(told.unreadable()),
        };
    }
    Err(told.classified(body.is_some()))
}

/// What an answer says of itself, whatever the casing of its keys.
struct Told<'a> {
    status: u16,
    code: String,
    message: &'a str,
    request_id: &'a str,
    scopes: Vec<String>,
    is_ban: bool,
}

impl<'a> Told<'a> {
    fn of(response: &'a Response, body: Option<&'a Value>) -> Self {
        let part = |names: &[&str]| {
            let object = body.and_then(Value::as_object)?;
            let named = |key: &str| names.iter().any(|name| key.eq_ignore_ascii_case(name));
            object.iter().find(|(key, _)| named(key)).map(|(_, value)| value)
        };
        let text = |names: &[&str]| part(names).and_then(Value::as_str).unwrap_or_default();
        let code = match part(&["errcode"]).or_else(|| part(&["code"])) {
            Some(Value::String(code)) => code.clone(),
            Some(Value::Number(code)) => code.to_string(),
            _ => String::new(),
        };
        let scopes = part(&["accessdenieddetail"]).and_then(|detail| detail.get("requiredScopes"));
        let scopes =
            scopes.and_then(Value::as_array).into_iter().flatten().filter_map(Value::as_str).map(str::to_owned);
        let is_ban = text(&["punish"]) == "deny" || (body.is_none() && response.body.contains("punish"));
        Self {
            status: response.status,
            code: if code == "0" { String::new() } else { code },
            message: text(&["message", "errmsg"]),
            request_id: text(&["requestid", "request_id"]),
            scopes: scopes.collect(),
            is_ban,
        }
    }

    fn classified(&self, is_json: bool) -> (Error, Remedy) {
        let code = self.code.as_str();
        if self.is_ban {
            return self.error(
                ErrorKind::Throttled,
                "DingTalk has banned this machine's address for five minutes",
                "there were more than 10,000 calls in 20 seconds from it",
                Remedy::Ban,
            );
        }
        if TOKEN.contains(&code) || (self.status == 401 && code.is_empty()) {
            return self.error(
                ErrorKind::Auth,
                "DingTalk does not accept the access token",
                "check clientId and clientSecret, and that the application is not disabled",
                Remedy::NewToken,
            );
        }
        if code.contains("QpsLimit")
            || code.contains("QpmLimit")
            || matches!(code, "90018" | "90002" | "send.too.fast" | "send.byToken.tooFast")
        {
            return self.error(ErrorKind::Throttled, "DingTalk limits how often this is called", "", Remedy::Wait);
        }
        if code.contains("ApiCountLimitForOrg") || code == "90020" {
            return self.error(
                ErrorKind::Quota,
                "the organisation's monthly number of calls is used up",
                "an administrator can buy more, or wait for the next month",
                Remedy::None,
            );
        }
        if code.contains("IpNotInWhiteList") {
            return self.error(
                ErrorKind::Forbidden,
                "DingTalk does not allow this machine's address",
                "add it to 服务器出口IP of the application in the developer console",
                Remedy::None,
            );
        }
        if let Some((kind, what, hint, remedy)) = codes::meaning(code) {
            return self.error(*kind, what, hint, *remedy);
        }
        if code.contains("AccessTokenPermissionDenied") || self.status == 403 {
            return self.forbidden();
        }
        if matches!(code, "invalidClientIdOrSecret" | "authFailed" | "invalidSuiteKey" | "40089") {
            return self.error(
                ErrorKind::Auth,
                "DingTalk refused the client id and secret",
                "check clientId and clientSecret, and that the application is not disabled",
                Remedy::None,
            );
        }
        if self.status == 429 || code.eq_ignore_ascii_case("systembusy") || code == "system.busy" || code == "-1" {
            return self.error(ErrorKind::Rejected, "DingTalk is busy", "", Remedy::Repeat);
        }
        match self.status {
            404 => self.error(ErrorKind::NotFound, "what the call names does not exist", "", Remedy::None),
            500.. if !is_json || code.is_empty() => {
                self.error(ErrorKind::Protocol, "DingTalk could not answer", "", Remedy::Repeat)
            }
            500.. => self.error(ErrorKind::Rejected, "DingTalk could not do it", "", Remedy::Repeat),
            _ if !is_json => self.unreadable(),
            _ => self.refused("DingTalk refused the call", Remedy::None),
        }
    }

    fn forbidden(&self) -> (Error, Remedy) {
        let wanted = match self.scopes.as_slice() {
            [] => "the permission".to_owned(),
            scopes => scopes.join(", "),
        };
        let hint = format!("grant {wanted} in the developer console, then publish the application again");
        let (error, remedy) =
            self.error(ErrorKind::Forbidden, "the application has no permission for this", "", Remedy::None);
        (error.hint(hint).needs(self.scopes.clone()), remedy)
    }

    fn refused(&self, what: &str, remedy: Remedy) -> (Error, Remedy) {
        self.error(ErrorKind::Rejected, what, "look the code up in the documentation of the API", remedy)
    }

    fn unreadable(&self) -> (Error, Remedy) {
        self.error(
            ErrorKind::Protocol,
            "the answer is not JSON",
            "a proxy or another server may be answering in DingTalk's place",
            Remedy::None,
        )
    }

    fn error(&self, kind: ErrorKind, what: &str, hint: &'static str, remedy: Remedy) -> (Error, Remedy) {
        let named = [self.status.to_string(), self.code.clone(), self.message.to_owned()];
        let told = named.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ");
        let error = Error::new(kind, format!("{what} ({told})"))
            .http(self.status)
            .platform(self.code.as_str(), self.request_id)
            .retryable(matches!(remedy, Remedy::Wait | Remedy::Repeat | Remedy::Ban));
        (if hint.is_empty() { error } else { error.hint(hint) }, remedy)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(status: u16, body: &str) -> (ErrorKind, Remedy) {
        let (error, remedy) =
            read(&Response { status, body: body.to_owned(), ..Response::default() }).expect_err("refused");
        (error.kind(), remedy)
    }

    #[test]
    fn the_five_meanings_of_403_are_told_apart() {
        let body = |code: &str| format!(r#"{{"code":"Forbidden.AccessDenied.{code}","requestid":"r","message":"m"}}"#);
        assert_eq!(told(403, &body("QpsLimitForAppkeyAndApi")), (ErrorKind::Throttled, Remedy::Wait));
        assert_eq!(told(403, &body("ApiCountLimitForOrg")), (ErrorKind::Quota, Remedy::None));
        assert_eq!(told(403, &body("IpNotInWhiteList")), (ErrorKind::Forbidden, Remedy::None));
        assert_eq!(told(403, &body("AccessTokenPermissionDenied")), (ErrorKind::Forbidden, Remedy::None));
        assert_eq!(
            told(403, r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"x"}"#),
            (ErrorKind::Throttled, Remedy::Ban)
        );
    }

    #[test]
    fn a_missing_permission_names_what_to_grant() {
        let body = r#"{"code":"Forbidden.AccessDenied.AccessTokenPermissionDenied","requestid":"r-1","message":"m","accessdenieddetail":{"requiredScopes":["Contact.User.Read"]}}"#;
        let (error, _) =
            read(&Response { status: 403, body: body.to_owned(), ..Response::default() }).expect_err("refused");
        assert!(error.advice().contains("Contact.User.Read") && error.request_id() == "r-1");
        assert_eq!(error.required_scopes(), ["Contact.User.Read"]);
    }

    #[test]
    fn every_form_of_an_invalid_token_asks_for_a_new_one() {
        for (status, body) in [
            (400, r#"{"code":"InvalidAuthentication"}"#),
            (400, r#"{"Code":"invalidAccessToken","Message":"x"}"#),
            (401, "{}"),
            (200, r#"{"errcode":40014,"errmsg":"不合法的access_token"}"#),
            (200, r#"{"errcode":"42001"}"#),
        ] {
            assert_eq!(told(status, body), (ErrorKind::Auth, Remedy::NewToken), "{body}");
        }
    }

    #[test]
    fn failures_inside_a_200_are_failures() {
        assert_eq!(told(200, r#"{"errcode":33001,"errmsg":"x"}"#).0, ErrorKind::Rejected);
        assert_eq!(told(200, r#"{"success":false}"#).0, ErrorKind::Rejected);
        assert_eq!(told(200, "<html>").0, ErrorKind::Protocol);
        assert!(
            read(&Response { status: 200, body: r#"{"errcode":0,"a":1}"#.to_owned(), ..Response::default() }).is_ok()
        );
        let ban = r#"{"status":1111,"wait":5,"source":"x5","punish":"deny","uuid":"x"}"#;
        assert_eq!(told(200, ban), (ErrorKind::Throttled, Remedy::Ban));
        assert!(read(&Response { status: 200, body: String::new(), ..Response::default() }).is_ok());
    }

    #[test]
    fn trouble_on_the_other_side_may_be_repeated() {
        for (status, body) in
            [(500, "<html>"), (502, ""), (504, "{}"), (429, r#"{"code":"system.busy"}"#), (200, r#"{"errcode":-1}"#)]
        {
            assert_eq!(told(status, body).1, Remedy::Repeat, "{status} {body}");
        }
    }
}
