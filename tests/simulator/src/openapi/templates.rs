//! The messages that an application's robot can send: `msgKey`, and the fields that its `msgParam` must have.

use serde_json::Value;

use super::call::Call;
use crate::words::Refusal;

const LARGEST_PARAM: usize = 15_000;

const TITLE: (&str, &str) = ("title", "miss.param.actionCardTotitle");
const TEXT: (&str, &str) = ("text", "miss.param.actionCardTotext");
const NO_BUTTON_TITLE: &str = "miss.param.actionCardTobtnsTotitle";
const NO_BUTTON_URL: &str = "miss.param.actionCardTobtnsToactionUrl";

/// Fields, and the code that DingTalk gives for the absence of each.
const TEMPLATES: &[(&str, &[(&str, &str)])] = &[
    ("sampleText", &[("content", "miss.param.contentOfText")]),
    ("sampleMarkdown", &[("title", "miss.param.markdownTotitle"), ("text", "miss.param.markdownTotext")]),
    ("sampleImageMsg", &[("photoURL", "miss.param.photoTophotoUrl")]),
    (
        "sampleLink",
        &[
            ("text", "miss.param.textOfLink"),
            ("title", "miss.param.titleOfLink"),
            ("messageUrl", "miss.param.messageUrlOfLink"),
        ],
    ),
    (
        "sampleActionCard",
        &[
            TITLE,
            TEXT,
            ("singleTitle", "miss.param.actionCardTosingleTitle"),
            ("singleURL", "miss.param.actionCardTosingleUrl"),
        ],
    ),
    ("sampleActionCard2", BUTTONS.split_at(6).0),
    ("sampleActionCard3", BUTTONS.split_at(8).0),
    ("sampleActionCard4", BUTTONS.split_at(10).0),
    ("sampleActionCard5", BUTTONS.split_at(12).0),
    (
        "sampleActionCard6",
        &[
            TITLE,
            TEXT,
            ("buttonTitle1", NO_BUTTON_TITLE),
            ("buttonUrl1", NO_BUTTON_URL),
            ("buttonTitle2", NO_BUTTON_TITLE),
            ("buttonUrl2", NO_BUTTON_URL),
        ],
    ),
    ("sampleAudio", &[("mediaId", "miss.param.audio"), ("duration", "miss.param.audio")]),
    ("sampleFile", &[("mediaId", "miss.param.file"), ("fileName", "miss.param.file"), ("fileType", "miss.param.file")]),
    (
        "sampleVideo",
        &[
            ("duration", "miss.param.video"),
            ("videoMediaId", "miss.param.video"),
            ("videoType", "miss.param.video"),
            ("picMediaId", "miss.param.video"),
        ],
    ),
];

const BUTTONS: &[(&str, &str)] = &[
    TITLE,
    TEXT,
    ("actionTitle1", NO_BUTTON_TITLE),
    ("actionURL1", NO_BUTTON_URL),
    ("actionTitle2", NO_BUTTON_TITLE),
    ("actionURL2", NO_BUTTON_URL),
    ("actionTitle3", NO_BUTTON_TITLE),
    ("actionURL3", NO_BUTTON_URL),
    ("actionTitle4", NO_BUTTON_TITLE),
    ("actionURL4", NO_BUTTON_URL),
    ("actionTitle5", NO_BUTTON_TITLE),
    ("actionURL5", NO_BUTTON_URL),
];

/// `msgParam` as JSON; null when it is none.
pub(super) fn param(call: &Call) -> Value {
    call.text("msgParam").and_then(|text| serde_json::from_str(text).ok()).unwrap_or(Value::Null)
}

pub(super) fn check(call: &Call) -> Result<(), Refusal> {
    let key = call.text("msgKey").ok_or_else(|| Refusal::api("invalidParameter.msgKey.empty"))?;
    let known = TEMPLATES.iter().find(|(known, _)| *known == key);
    let (_, fields) = known.ok_or_else(|| Refusal::api("invalidParameter.msgKey.invalid"))?;
    let text = call.text("msgParam").ok_or_else(|| Refusal::api("invalidParameter.param.invalid"))?;
    let param = param(call);
    if !param.is_object() {
        return Err(Refusal::api("invalidParameter.msgParam.invalid"));
    }
    // Every value of a template is a string, numbers such as a duration too.
    let lacks = |field: &str| param.get(field).and_then(Value::as_str).is_none_or(str::is_empty);
    if let Some((_, code)) = fields.iter().find(|(field, _)| lacks(field)) {
        return Err(Refusal::api(code));
    }
    if text.len() > LARGEST_PARAM {
        return Err(Refusal::api("invalidParameter.msgParam.tooLong"));
    }
    Ok(())
}
