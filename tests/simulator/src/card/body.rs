//! What every card call's body has: variables, those of single users, and how they are taken.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::Value;

use crate::openapi::Call;
use crate::platform::Platform;
use crate::words::Refusal;

const MOST_USERS: usize = 20;
const LONGEST_ID: usize = 100;
const LONGEST_KEY_BYTES: usize = 100;

/// A cardParamMap: every value is a string, whatever the variable holds.
pub(super) type Params = BTreeMap<String, String>;

pub(super) fn invalid() -> Refusal {
    Refusal::api("param.invalid")
}

/// A text that must be there, and the code of its absence.
pub(super) fn required<'a>(call: &'a Call, field: &str, code: &str) -> Result<&'a str, Refusal> {
    if !call.body.is_object() {
        return Err(Refusal::api("param.empty"));
    }
    call.text(field).ok_or_else(|| Refusal::api(code))
}

pub(super) fn out_track_id(call: &Call) -> Result<&str, Refusal> {
    let id = required(call, "outTrackId", "param.outTrackIdEmpty")?;
    if id.chars().count() <= LONGEST_ID { Ok(id) } else { Err(invalid()) }
}

/// `{"cardParamMap":{…}}`, if there is such a thing.
pub(super) fn params(data: Option<&Value>) -> Result<Option<Params>, Refusal> {
    match data.and_then(|data| data.get("cardParamMap")) {
        None | Some(Value::Null) => Ok(None),
        Some(map) => Params::deserialize(map).map(Some).map_err(|_| invalid()),
    }
}

/// `privateData`: variables by user.
pub(super) fn private_data(platform: &Platform, call: &Call) -> Result<BTreeMap<String, Params>, Refusal> {
    let users = match call.body.get("privateData") {
        None | Some(Value::Null) => return Ok(BTreeMap::new()),
        Some(users) => users.as_object().ok_or_else(invalid)?,
    };
    if users.len() > MOST_USERS {
        return Err(invalid());
    }
    let known = platform.settings.get().known_users;
    let mut private = BTreeMap::new();
    for (user, data) in users {
        if user.is_empty() {
            return Err(Refusal::api("param.userIdEmpty"));
        }
        if known.as_ref().is_some_and(|known| !known.contains(user)) {
            return Err(Refusal::api("param.userIdNotExist"));
        }
        private.insert(user.clone(), params(Some(data))?.unwrap_or_default());
    }
    Ok(private)
}

/// Only a new card's variables are limited: an update takes more.
pub(super) fn check_size(platform: &Platform, params: &Params) -> Result<(), Refusal> {
    let most = platform.settings.get().card_value_bytes;
    let fits = |(key, value): (&String, &String)| key.len() <= LONGEST_KEY_BYTES && value.len() <= most;
    if params.iter().all(fits) { Ok(()) } else { Err(invalid()) }
}

/// `cardUpdateOptions`: without them, what is given takes the place of everything that was there.
#[derive(Debug, Clone, Copy, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Options {
    #[serde(rename = "updateCardDataByKey")]
    pub(super) shared_by_key: bool,
    #[serde(rename = "updatePrivateDataByKey")]
    pub(super) private_by_key: bool,
}

impl Options {
    pub(super) fn read(options: Option<&Value>) -> Result<Self, Refusal> {
        match options {
            None | Some(Value::Null) => Ok(Self::default()),
            Some(options) => Self::deserialize(options).map_err(|_| invalid()),
        }
    }
}
