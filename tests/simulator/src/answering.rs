//! How a request is answered: rightly, or as a fault says; and what is recorded of it either way.

use axum::response::Response;
use serde_json::Value;

use crate::faults::Fault;
use crate::platform::Platform;

/// The right answer, and what records say of it.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) response: Response,
    pub(crate) told: Value,
}

/// `records` are kinds, and what is known of the request before it is carried out.
pub(crate) async fn answer(
    platform: &Platform,
    fault: Option<Fault>,
    request_id: &str,
    records: Vec<(&'static str, Value)>,
    carry_out: impl FnOnce() -> Answered,
) -> Response {
    match fault {
        // Done and told at once: the client may be gone before the delay is over.
        Some(fault) if fault.done => {
            let Answered { response, told } = carry_out();
            record(platform, records, &response, told, true);
            fault.strike(request_id).await.unwrap_or(response)
        }
        Some(fault) => match fault.strike(request_id).await {
            Some(broken) => {
                record(platform, records, &broken, fault.told(), true);
                broken
            }
            None => plainly(platform, records, carry_out),
        },
        None => plainly(platform, records, carry_out),
    }
}

fn plainly(platform: &Platform, records: Vec<(&'static str, Value)>, carry_out: impl FnOnce() -> Answered) -> Response {
    let Answered { response, told } = carry_out();
    record(platform, records, &response, told, false);
    response
}

fn record(platform: &Platform, records: Vec<(&'static str, Value)>, response: &Response, told: Value, spoilt: bool) {
    for (kind, mut fields) in records {
        fields["status"] = response.status().as_u16().into();
        if spoilt {
            fields["spoilt"] = true.into();
        }
        if let (Value::Object(fields), Value::Object(told)) = (&mut fields, &told) {
            fields.extend(told.clone());
        }
        platform.record(kind, fields);
    }
}
