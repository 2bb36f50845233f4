//! The signed address of a custom robot (document 0082): made anew from the clean one for every request.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use ring::hmac;
use url::Url;

use crate::config::Secret;

/// The address to send to at this time, in milliseconds since 1970.
pub(super) fn signed(url: &Url, secret: &Secret, now_ms: u64) -> Url {
    let mut signed = url.clone();
    // Whoever pasted a signed address meant the robot, not that moment.
    let kept: Vec<_> = url.query_pairs().filter(|(name, _)| name != "timestamp" && name != "sign").collect();
    signed.query_pairs_mut().clear().extend_pairs(kept);
    if !secret.expose().is_empty() {
        signed
            .query_pairs_mut()
            .append_pair("timestamp", &now_ms.to_string())
            .append_pair("sign", &signature(secret, now_ms));
    }
    signed
}

fn signature(secret: &Secret, now_ms: u64) -> String {
    let key = hmac::Key::new(hmac::HMAC_SHA256, secret.expose().as_bytes());
    STANDARD.encode(hmac::sign(&key, format!("{now_ms}\n{}", secret.expose()).as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn url(text: &str) -> Url {
        Url::parse(text).expect("a URL")
    }

    #[test]
    fn the_known_vector_is_signed_as_known() {
        let secret = Secret::from("this is secret");
        assert_eq!(signature(&secret, 1_577_262_236_757), "hmPWwU+7lVdm3ZZz0r9tSfx0L4Q26jWOZr9+Gs6EZQM=");
        assert_eq!(
            signed(&url("https://h/robot/send?access_token=x"), &secret, 1_577_262_236_757).as_str(),
            "https://h/robot/send?access_token=x&timestamp=1577262236757&sign=hmPWwU%2B7lVdm3ZZz0r9tSfx0L4Q26jWOZr9%2BGs6EZQM%3D"
        );
    }

    #[test]
    fn an_address_is_never_signed_twice() {
        let secret = Secret::from("s");
        let once = signed(&url("https://h/robot/send?access_token=x"), &secret, 1);
        let twice = signed(&once, &secret, 2);
        assert_eq!(twice.query_pairs().filter(|(name, _)| name == "sign").count(), 1);
        assert!(twice.as_str().contains("timestamp=2"));
    }

    #[test]
    fn without_a_secret_nothing_is_signed() {
        let clean = "https://h/robot/send?access_token=x";
        assert_eq!(signed(&url(clean), &Secret::default(), 1).as_str(), clean);
    }
}
