//! The OpenAPI of both hosts: one door for every call, behind it the operations.

mod answers;
mod call;
mod ding;
mod file;
mod files;
mod limits;
mod media;
mod recall;
mod send;
mod sent;
mod status;
mod templates;

use std::sync::Arc;

use axum::Json;
use axum::extract::{Request, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

pub(crate) use self::answers::{Answers, PlantedAnswer};
pub(crate) use self::call::Call;
pub(crate) use self::file::PlantedFile;
pub(crate) use self::files::{Files, download};
pub(crate) use self::limits::{Limits, turn_away};
pub(crate) use self::media::{LARGEST_UPLOAD, Media};
pub(crate) use self::send::is_robot_of;
pub(crate) use self::sent::{Message, Sent, Way};

use crate::answering::{Answered, answer};
use crate::card;
use crate::faults::Endpoint;
use crate::mask::mask;
use crate::platform::Platform;
use crate::token::Caller;
use crate::words::Refusal;

pub(crate) type Outcome = Result<Value, Refusal>;

type Run = fn(&Platform, &Caller, &Call) -> Outcome;

#[derive(Debug)]
struct Operation {
    method: &'static str,
    path: &'static str,
    run: Run,
    own_record: Option<OwnRecord>,
}

/// What a call leaves beside its `request`: its kind, and what it says before the call is carried out.
#[derive(Debug)]
struct OwnRecord {
    kind: &'static str,
    describe: fn(&Call) -> Value,
}

const fn get(path: &'static str, run: Run) -> Operation {
    Operation { method: "GET", path, run, own_record: None }
}

const fn post(path: &'static str, run: Run) -> Operation {
    Operation { method: "POST", path, run, own_record: None }
}

const fn put(path: &'static str, run: Run) -> Operation {
    Operation { method: "PUT", path, run, own_record: None }
}

impl Operation {
    const fn told_as(self, kind: &'static str, describe: fn(&Call) -> Value) -> Self {
        Self { own_record: Some(OwnRecord { kind, describe }), ..self }
    }
}

const OPERATIONS: &[Operation] = &[
    post("/v1.0/robot/oToMessages/batchSend", send::to_users).told_as("send", send::describe),
    post("/v1.0/robot/groupMessages/send", send::to_group).told_as("send", send::describe),
    post("/v1.0/robot/privateChatMessages/send", send::to_private_chat).told_as("send", send::describe),
    post("/v1.0/robot/ding/send", ding::send).told_as("send", ding::describe),
    get("/v1.0/robot/oToMessages/readStatus", status::of_users),
    post("/v1.0/robot/groupMessages/query", status::of_group),
    post("/v1.0/robot/privateChatMessages/query", status::of_private_chat),
    // The small t is DingTalk's.
    post("/v1.0/robot/otoMessages/batchRecall", recall::from_users),
    post("/v1.0/robot/groupMessages/recall", recall::from_group),
    post("/v1.0/robot/privateChatMessages/batchRecall", recall::from_private_chat),
    post("/v1.0/robot/messageFiles/download", files::locate),
    post("/media/upload", media::upload).told_as("upload", media::describe),
    post("/v1.0/card/instances", card::create).told_as("card", card::describe),
    post("/v1.0/card/instances/createAndDeliver", card::create_and_deliver).told_as("card", card::describe),
    post("/v1.0/card/instances/deliver", card::deliver).told_as("card", card::describe),
    put("/v1.0/card/instances", card::update).told_as("card", card::describe),
    put("/v1.0/card/instances/spaces", card::add_spaces).told_as("card", card::describe),
    put("/v1.0/card/streaming", card::stream).told_as("card", card::describe),
    post("/v1.0/card/tops/close", card::close_top).told_as("card", card::describe),
    post("/v1.0/card/callbacks/register", card::register_callback).told_as("card", card::describe),
    // The second v1.0 is DingTalk's.
    post("/v1.0/im/v1.0/robot/interactiveCards/send", card::send_ordinary).told_as("card", card::describe),
    put("/v1.0/im/robots/interactiveCards", card::update_ordinary).told_as("card", card::describe),
    post("/v1.0/innerApi/robot/stream/away/template/update", card::update_away).told_as("card", card::describe),
];

/// Every request comes here that nothing else serves: DingTalk has hundreds of calls, and a test may plant any.
pub(crate) async fn serve(State(platform): State<Arc<Platform>>, request: Request) -> Response {
    let call = match Call::read(request).await {
        Ok(call) => call,
        Err(too_large) => return too_large,
    };
    let request_id = platform.dice.uuid().to_uppercase();
    let operation = OPERATIONS.iter().find(|known| known.method == call.method && known.path == call.path);
    let caller = call.token().and_then(|token| platform.tokens.caller(token, platform.clock.now()));
    let request = json!({
        "method": call.method,
        "path": call.path,
        "query": mask(call.query_as_json()),
        "body": mask(call.body.clone()),
        "requestId": request_id,
    });
    let mut records = vec![("request", request)];
    if let Some(OwnRecord { kind, describe }) = operation.and_then(|known| known.own_record.as_ref()) {
        records.push((kind, describe(&call)));
    }
    for (_, fields) in &mut records {
        fields["clientId"] = json!(caller.as_ref().map(|caller| &caller.client_id));
        fields["corpId"] = json!(caller.as_ref().and_then(|caller| caller.corp_id.as_ref()));
    }
    let own_fault = platform.faults.take(&Endpoint::Call(call.api()));
    let path_fault = || platform.faults.take(&Endpoint::Path(call.path.clone()));
    let fault = own_fault.or_else(path_fault).or_else(|| platform.faults.take(&Endpoint::OpenApi));
    answer(&platform, fault, &request_id, records, || match carry_out(&platform, operation, caller.as_ref(), &call) {
        Ok((status, body)) => Answered { told: told(&body), response: (status, Json(body)).into_response() },
        Err(refusal) => Answered { told: refusal.told(), response: refusal.into_response(&platform, &request_id) },
    })
    .await
}

fn carry_out(
    platform: &Platform,
    operation: Option<&Operation>,
    caller: Option<&Caller>,
    call: &Call,
) -> Result<(StatusCode, Value), Refusal> {
    let admit = || {
        let caller = caller.ok_or_else(|| call.host().refusal_of_token(call.token()))?;
        platform.limits.check(platform, caller, call).map(|()| caller)
    };
    if let Some(planted) = platform.answers.find(&call.method, &call.path) {
        return admit().map(|_| planted);
    }
    let operation = operation.ok_or_else(|| call.host().refusal_of_unknown_path())?;
    (operation.run)(platform, admit()?, call).map(|body| (StatusCode::OK, body))
}

/// What records say of an answer: what it lets one do next, and what failed in part or, when it was planted, wholly.
fn told(body: &Value) -> Value {
    const TOLD: [&str; 10] = [
        "processQueryKey",
        "invalidStaffIdList",
        "flowControlledStaffIdList",
        "openDingId",
        "failedList",
        "successResult",
        "failedResult",
        "media_id",
        "errcode",
        "code",
    ];
    let found = TOLD.iter().filter_map(|name| Some((*name, body.get(name)?)));
    let delivered = card::deliver_results(body).map(|results| ("deliverResults", results));
    Value::Object(found.chain(delivered).map(|(name, value)| (name.to_owned(), value.clone())).collect())
}
