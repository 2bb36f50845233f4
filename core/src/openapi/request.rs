//! One request, before it knows the host and the token.

use std::sync::Arc;

use reqwest::Method;
use serde_json::Value;
use url::Url;

use super::upload::Upload;
use crate::error::{Error, Result, argument};
use crate::numbered::numbered;

numbered! {
    /// Which of DingTalk's hosts. Numbers are stable.
    enum Host;
    /// Every host: name, number and meaning, for those who write the constants of other languages.
    const HOSTS;
    /// The new API; the token goes into a header.
    Api = 0 "api",
    /// The old API; the token goes into the query.
    Oapi = 1 "oapi",
}

/// Who goes first at the same API.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Lane {
    /// Somebody waits for it, as for a reply or the end of a card.
    Urgent,
    Ordinary,
    /// Another one follows, as when a card's text grows.
    Passing,
}

/// A request to the OpenAPI.
#[derive(Clone)]
pub(crate) struct Request {
    pub(crate) method: Method,
    pub(crate) host: Host,
    pub(crate) path: String,
    pub(crate) query: Vec<(String, String)>,
    pub(crate) body: Option<Value>,
    /// A file in place of a body.
    pub(crate) upload: Option<Arc<Upload>>,
    /// For whom, where the application is an ISV's.
    pub(crate) corp: Option<String>,
    /// Whether doing it twice does no harm.
    pub(crate) is_safe: bool,
    pub(crate) lane: Lane,
    /// Whether its first try has its permit already.
    pub(crate) is_permitted: bool,
}

impl Request {
    pub(crate) fn get(path: &str, query: &[(&str, &str)]) -> Self {
        let query = query.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        Self { query, is_safe: true, ..Self::of(Method::GET, path) }
    }

    pub(crate) fn post(path: &str, body: Value) -> Self {
        Self { body: Some(body), ..Self::of(Method::POST, path) }
    }

    /// Doing it twice does no harm.
    pub(crate) fn put(path: &str, body: Value) -> Self {
        Self { body: Some(body), is_safe: true, ..Self::of(Method::PUT, path) }
    }

    /// Uploading a file twice does no harm.
    pub(super) fn upload(upload: Upload) -> Self {
        let upload = Some(Arc::new(upload));
        Self { host: Host::Oapi, upload, is_safe: true, ..Self::of(Method::POST, "/media/upload") }
    }

    /// Whether it can be sent again at all.
    pub(super) fn repeats(&self) -> bool {
        self.upload.as_ref().is_none_or(|upload| upload.repeats())
    }

    /// The same with a permit that was waited for before.
    pub(crate) fn permitted(self) -> Self {
        Self { is_permitted: true, ..self }
    }

    /// The same where doing it twice does no harm.
    pub(crate) fn safe(self) -> Self {
        Self { is_safe: true, ..self }
    }

    /// The same in this lane.
    pub(crate) fn in_lane(self, lane: Lane) -> Self {
        Self { lane, ..self }
    }

    /// What somebody asks for by hand. A path that could lead to another host is refused, and no token leaves.
    pub(crate) fn by_hand(method: &str, path: &str) -> Result<Self> {
        let known = [Method::GET, Method::POST, Method::PUT, Method::DELETE, Method::PATCH];
        let method = known.into_iter().find(|known| known.as_str().eq_ignore_ascii_case(method));
        let method =
            method.ok_or_else(|| argument("there is no such method").hint("give GET, POST, PUT, DELETE or PATCH"))?;
        if !path.starts_with('/') || path.starts_with("//") || path.contains(['\\', '?', '#']) {
            return Err(argument("the path of a request begins with one slash and names no host")
                .hint("give /v1.0/…, the host by its name api or oapi, and the query apart"));
        }
        let is_safe = method == Method::GET;
        Ok(Self { is_safe, ..Self::of(method, path) })
    }

    /// What the governor counts by.
    pub(crate) fn api(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(crate) fn url(&self, base: &str) -> Result<Url> {
        let wrong = |error: url::ParseError| -> Error { argument(format!("the request has no valid URL ({error})")) };
        let mut url = Url::parse(base).map_err(wrong)?;
        url.set_path(&self.path);
        if !self.query.is_empty() {
            url.query_pairs_mut().extend_pairs(&self.query);
        }
        Ok(url)
    }

    fn of(method: Method, path: &str) -> Self {
        let (host, path, lane) = (Host::Api, path.to_owned(), Lane::Ordinary);
        let (query, is_safe, is_permitted) = (Vec::new(), false, false);
        Self { method, host, path, query, body: None, upload: None, corp: None, is_safe, lane, is_permitted }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_to_another_host() {
        for path in ["https://elsewhere/x", "//elsewhere", "elsewhere", "", "/a\\b", "/a?b=c", "/a#b"] {
            assert!(Request::by_hand("GET", path).is_err(), "{path}");
        }
        let request = Request::by_hand("get", "/@elsewhere/../..//x").expect("a path");
        assert_eq!(request.url("https://api.dingtalk.com").expect("valid").host_str(), Some("api.dingtalk.com"));
    }

    #[test]
    fn the_query_is_encoded() {
        let request = Request::get("/a", &[("processQueryKey", "a+b/c= d")]);
        assert_eq!(request.url("http://h:1").expect("valid").as_str(), "http://h:1/a?processQueryKey=a%2Bb%2Fc%3D+d");
    }
}
