//! A call as it came in, and which of DingTalk's two hosts it was meant for.

use axum::body::Bytes;
use axum::extract::multipart::MultipartError;
use axum::extract::{FromRequest, Multipart, Query, Request};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value};

use crate::words::Refusal;

pub(super) const TOKEN_HEADER: &str = "x-acs-dingtalk-access-token";

#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) method: String,
    pub(crate) path: String,
    pub(super) query: Vec<(String, String)>,
    /// Null when there is none, or none that is JSON.
    pub(crate) body: Value,
    pub(super) form: Vec<Part>,
    header_token: Option<String>,
}

/// One field of a multipart form.
#[derive(Debug)]
pub(super) struct Part {
    pub(super) name: String,
    pub(super) file_name: Option<String>,
    pub(super) content_type: Option<String>,
    pub(super) bytes: Bytes,
}

/// The simulator plays both under one address, so the path must say which.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) enum Host {
    Api,
    Oapi,
}

impl Call {
    /// The error is the answer to a body that is too large or not the form that it says it is.
    pub(super) async fn read(request: Request) -> Result<Self, Response> {
        let mut call = Self {
            method: request.method().to_string(),
            path: request.uri().path().to_owned(),
            query: Query::try_from_uri(request.uri()).map(|Query(pairs)| pairs).unwrap_or_default(),
            body: Value::Null,
            form: Vec::new(),
            header_token: header_text(request.headers(), TOKEN_HEADER),
        };
        let kind = header_text(request.headers(), header::CONTENT_TYPE.as_str()).unwrap_or_default();
        if kind.starts_with("multipart/form-data") {
            let form = Multipart::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
            call.form = parts(form).await.map_err(IntoResponse::into_response)?;
        } else {
            let bytes = Bytes::from_request(request, &()).await.map_err(IntoResponse::into_response)?;
            call.body = serde_json::from_slice(&bytes).unwrap_or(Value::Null);
        }
        Ok(call)
    }

    /// `POST /v1.0/card/instances`: what DingTalk counts calls of.
    pub(super) fn api(&self) -> String {
        format!("{} {}", self.method, self.path)
    }

    pub(super) fn host(&self) -> Host {
        let version = self.path.strip_prefix("/v").and_then(|rest| rest.chars().next());
        if version.is_some_and(|digit| digit.is_ascii_digit()) { Host::Api } else { Host::Oapi }
    }

    pub(super) fn token(&self) -> Option<&str> {
        match self.host() {
            Host::Api => self.header_token.as_deref(),
            Host::Oapi => self.asked("access_token"),
        }
    }

    /// A parameter of the query.
    pub(crate) fn asked(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
    }

    pub(super) fn query_as_json(&self) -> Value {
        let pairs = self.query.iter().map(|(name, value)| (name.clone(), value.clone().into()));
        if self.query.is_empty() { Value::Null } else { Value::Object(Map::from_iter(pairs)) }
    }

    pub(super) fn part(&self, name: &str) -> Option<&Part> {
        self.form.iter().find(|part| part.name == name)
    }

    /// A text of the body that is not empty.
    pub(crate) fn text(&self, field: &str) -> Option<&str> {
        self.body.get(field).and_then(Value::as_str).filter(|text| !text.is_empty())
    }

    pub(super) fn list(&self, field: &str) -> &[Value] {
        self.body.get(field).and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default()
    }

    pub(super) fn must_be_json(&self) -> Result<(), Refusal> {
        if self.body.is_object() { Ok(()) } else { Err(Refusal::api("invalidParameter.msgBody.invalid")) }
    }
}

impl Host {
    pub(super) fn refusal_of_unknown_path(self) -> Refusal {
        match self {
            Self::Api => Refusal::api("InvalidAction.NotFound"),
            Self::Oapi => Refusal::oapi(404, "请求的URI地址不存在"),
        }
    }

    pub(super) fn refusal_of_token(self, token: Option<&str>) -> Refusal {
        match (self, token) {
            (Self::Api, _) => Refusal::api("InvalidAuthentication"),
            (Self::Oapi, None) => Refusal::oapi(41_001, "缺少access_token参数"),
            (Self::Oapi, Some(_)) => Refusal::oapi(40_014, "不合法的access_token"),
        }
    }
}

fn header_text(headers: &HeaderMap, name: &str) -> Option<String> {
    headers.get(name).and_then(|value| value.to_str().ok()).map(str::to_owned)
}

async fn parts(mut form: Multipart) -> Result<Vec<Part>, MultipartError> {
    let mut parts = Vec::new();
    while let Some(field) = form.next_field().await? {
        parts.push(Part {
            name: field.name().unwrap_or_default().to_owned(),
            file_name: field.file_name().map(str::to_owned),
            content_type: field.content_type().map(str::to_owned),
            bytes: field.bytes().await?,
        });
    }
    Ok(parts)
}
