//! The files of received messages: a download code buys an address, and the address holds for a while.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::extract::{OriginalUri, Path, Query, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::Outcome;
use super::call::{Call, TOKEN_HEADER};
use super::file::{File, PlantedFile};
use super::send::is_robot_of;
use crate::answering::{Answered, answer};
use crate::faults::Endpoint;
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

const ADDRESS_LIFE_MS: u64 = 3_600_000;

#[derive(Debug, Clone)]
struct Address {
    code: String,
    file: Arc<File>,
    ends: u64,
    signature: String,
}

#[derive(Debug, Default)]
pub(crate) struct Files {
    /// By download code.
    planted: Mutex<HashMap<String, Arc<File>>>,
    /// By the name in the address.
    addresses: Mutex<HashMap<String, Address>>,
}

impl Files {
    pub(crate) fn plant(&self, plan: PlantedFile) -> Result<(), String> {
        if plan.download_code.is_empty() {
            return Err("say which downloadCode leads to the file".to_owned());
        }
        let code = plan.download_code.clone();
        lock(&self.planted).insert(code, Arc::new(File::plant(plan)?));
        Ok(())
    }

    pub(crate) fn clear(&self) {
        lock(&self.planted).clear();
        lock(&self.addresses).clear();
    }

    fn led_to(&self, code: &str) -> Arc<File> {
        let planted = lock(&self.planted).get(code).cloned();
        planted.unwrap_or_else(|| Arc::new(File::of_code(code)))
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// `POST /v1.0/robot/messageFiles/download`.
pub(super) fn locate(platform: &Platform, caller: &Caller, call: &Call) -> Outcome {
    call.must_be_json()?;
    let (robot, code) = (call.text("robotCode"), call.text("downloadCode"));
    let (Some(robot), Some(code)) = (robot, code) else {
        return Err(Refusal::api("invalidParameter.robotCode.empty"));
    };
    if !is_robot_of(platform, caller, robot) {
        return Err(Refusal::api("invalidParameter.robotCode.auth"));
    }
    let name = format!("{}.file", platform.dice.hex());
    let ends = platform.clock.now() + ADDRESS_LIFE_MS;
    let signature = platform.dice.opaque();
    let encoded = signature.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let base = platform.webhook_base();
    let url = format!("{base}/files/{name}?Expires={}&OSSAccessKeyId=simulator&Signature={encoded}", ends / 1_000);
    let address = Address { code: code.to_owned(), file: platform.files.led_to(code), ends, signature };
    lock(&platform.files.addresses).insert(name, address);
    Ok(json!({"downloadUrl": url}))
}

/// `GET /files/{name}`: the storage that the address points to, another of the platform's hosts.
pub(crate) async fn download(
    State(platform): State<Arc<Platform>>,
    Path(name): Path<String>,
    OriginalUri(uri): OriginalUri,
    Query(query): Query<Vec<(String, String)>>,
    headers: HeaderMap,
) -> Response {
    let address = lock(&platform.files.addresses).get(&name).cloned();
    let asked = |name: &str| query.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str());
    let known = json!({
        "downloadCode": address.as_ref().map(|address| &address.code),
        "size": address.as_ref().map(|address| address.file.size()),
        // It is none of the storage's business.
        "withToken": headers.contains_key(TOKEN_HEADER),
    });
    let fault = platform.faults.take(&Endpoint::Download);
    let request_id = platform.dice.uuid();
    answer(&platform, fault, &request_id, vec![("download", known)], || {
        let hop = asked("hop").and_then(|hop| hop.parse().ok()).unwrap_or(0);
        let response = match address {
            None => storage_error(StatusCode::NOT_FOUND, "NoSuchKey", "The specified key does not exist."),
            Some(address) if platform.clock.now() > address.ends => {
                storage_error(StatusCode::FORBIDDEN, "AccessDenied", "Request has expired.")
            }
            Some(address) if asked("Signature") != Some(&address.signature) => {
                let message = "The request signature we calculated does not match the signature you provided.";
                storage_error(StatusCode::FORBIDDEN, "SignatureDoesNotMatch", message)
            }
            Some(_) if hop < platform.settings.get().download_redirects => {
                let next = uri.to_string().split("&hop=").next().map(|here| format!("{here}&hop={}", hop + 1));
                (StatusCode::FOUND, [(header::LOCATION, next.unwrap_or_default())]).into_response()
            }
            Some(address) => address.file.response(),
        };
        Answered { response, told: json!({}) }
    })
    .await
}

fn storage_error(status: StatusCode, code: &str, message: &str) -> Response {
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error>\n  <Code>{code}</Code>\n  <Message>{message}</Message>\n</Error>\n"
    );
    (status, [(header::CONTENT_TYPE, "application/xml")], body).into_response()
}
