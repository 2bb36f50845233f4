//! What a group may ask of its robot's messages: a signature, a keyword, an address. DingTalk tells them apart by
//! `errmsg` alone.

use std::net::Ipv4Addr;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ipnet::Ipv4Net;
use ring::hmac;
use serde_json::Value;

use crate::networks;
use crate::webhook_body::Refused;

const REFUSED: i64 = 310_000;
const SKEW_MS: u64 = 3_600_000;

#[derive(Debug)]
pub(super) struct Signature<'a> {
    pub(super) timestamp: Option<&'a str>,
    pub(super) sign: Option<&'a str>,
}

impl Signature<'_> {
    pub(super) fn check(&self, secret: &str, now: u64) -> Result<(), Refused> {
        let timestamp = self.timestamp.unwrap_or_default();
        if !timestamp.parse::<u64>().is_ok_and(|at| at.abs_diff(now) <= SKEW_MS) {
            return Err((REFUSED, "invalid timestamp".to_owned()));
        }
        let key = hmac::Key::new(hmac::HMAC_SHA256, secret.as_bytes());
        let sign = STANDARD.decode(self.sign.unwrap_or_default()).unwrap_or_default();
        hmac::verify(&key, format!("{timestamp}\n{secret}").as_bytes(), &sign)
            .map_err(|_| (REFUSED, "sign not match".to_owned()))
    }
}

pub(super) fn check_keywords(keywords: &[String], message: &Value) -> Result<(), Refused> {
    let msgtype = message.get("msgtype").and_then(Value::as_str).unwrap_or_default();
    let content = message.get(msgtype).unwrap_or(&Value::Null);
    if keywords.is_empty() || keywords.iter().any(|keyword| says(content, keyword)) {
        return Ok(());
    }
    Err((REFUSED, "keywords not in content".to_owned()))
}

fn says(content: &Value, keyword: &str) -> bool {
    match content {
        Value::String(text) => text.contains(keyword),
        Value::Array(list) => list.iter().any(|one| says(one, keyword)),
        Value::Object(fields) => fields.values().any(|one| says(one, keyword)),
        _ => false,
    }
}

pub(super) fn check_address(networks: &[Ipv4Net], address: Ipv4Addr) -> Result<(), Refused> {
    if networks.is_empty() || networks::hold(networks, address) {
        return Ok(());
    }
    Err((REFUSED, format!("ip {address} not in whitelist")))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_that_of_the_documents() {
        let signature =
            Signature { timestamp: Some("1577262236757"), sign: Some("hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=") };
        assert_eq!(signature.check("this is secret", 1_577_262_236_757 + SKEW_MS), Ok(()));
        let late = signature.check("this is secret", 1_577_262_236_758 + SKEW_MS);
        assert_eq!(late.map_err(|(_, errmsg)| errmsg), Err("invalid timestamp".to_owned()));
        let other = signature.check("this is a secret", 1_577_262_236_757);
        assert_eq!(other.map_err(|(_, errmsg)| errmsg), Err("sign not match".to_owned()));
    }
}
