//! What the robot API's own codes mean (documents 0712 to 0726), where the status says no more than that it was refused.

use super::refusal::Remedy;
use crate::error::ErrorKind;

/// A meaning: its kind, what happened, and what to do about it.
pub(super) type Meaning = (ErrorKind, &'static str, &'static str, Remedy);

/// The parts that codes are told by, in the order in which they are looked for; each also stands for what goes on with it.
const MEANINGS: &[(&str, Meaning)] = &[
    (
        "robotCode.downloadCode",
        (
            ErrorKind::Expired,
            "the download code is wrong or no longer valid",
            "download a file soon after its message came, with that message's robot_code",
            Remedy::None,
        ),
    ),
    (
        "robotCode",
        (
            ErrorKind::Rejected,
            "DingTalk does not take the robot's code from this application",
            "set the option robot_code to the code that the developer console shows; most often it is the client id",
            Remedy::None,
        ),
    ),
    (
        "processQueryKey",
        (
            ErrorKind::Expired,
            "DingTalk does not know the processQueryKey, not yet or no longer",
            "ask a moment after sending and within 24 hours",
            Remedy::None,
        ),
    ),
    (
        "param.stream.contentEmpty",
        (ErrorKind::Rejected, "a card can't stream an empty text", "stream some text", Remedy::None),
    ),
    ("param.stream.content", TOO_LARGE),
    ("200092", TOO_LARGE),
    ("param.stream.outTrackId", NO_CARD),
    ("param.cardNotExist", NO_CARD),
    ("cardInstance.notExist", NO_CARD),
    ("param.templateNotExist", NO_TEMPLATE),
    ("template.isNotExist", NO_TEMPLATE),
    (
        "param.templateUnpublished",
        (ErrorKind::Rejected, "the card's template is not published", "publish it on the card platform", Remedy::None),
    ),
    (
        "param.cardAlreadyExist",
        (
            ErrorKind::Rejected,
            "a card with this outTrackId was created before",
            "give every card an outTrackId of its own, or update that one",
            Remedy::None,
        ),
    ),
    (
        "param.callbackRouteKeyExist",
        (
            ErrorKind::Rejected,
            "this callback route was registered before",
            "force the update, or give another key",
            Remedy::None,
        ),
    ),
    ("param.conversationIdInvalid", NO_CONVERSATION),
    ("msgParam.tooLong", TOO_LARGE),
    ("45001", TOO_LARGE),
    ("45002", TOO_LARGE),
    ("openConversationId", NO_CONVERSATION),
    ("group.disbanded", NO_CONVERSATION),
    ("conversation.org", NO_CONVERSATION),
    ("staffId.notExisted", NO_USER),
    ("userId", NO_USER),
    ("session.expired", SESSION_GONE),
    ("session.notExisted", SESSION_GONE),
    ("bot.stopped", STOPPED),
    ("bot.forbidden", STOPPED),
    ("send.forbidden", STOPPED),
    (
        "unknown.send.result",
        (
            ErrorKind::Rejected,
            "DingTalk does not know itself whether it was sent",
            "ask people before sending it again: it may have arrived",
            Remedy::None,
        ),
    ),
    ("too.many.", (ErrorKind::Throttled, "the robot sent to too many", "send less, over a longer time", Remedy::None)),
    (
        "SuiteTicket",
        (
            ErrorKind::Auth,
            "DingTalk does not take the suite ticket",
            "hand over the newest one: DingTalk sends it every five hours",
            Remedy::None,
        ),
    ),
    (
        "contain.",
        (
            ErrorKind::Rejected,
            "DingTalk does not let the message's content pass",
            "change what it says or links to",
            Remedy::None,
        ),
    ),
];

const TOO_LARGE: Meaning = (ErrorKind::TooLarge, "DingTalk finds it too large", "shorten or split it", Remedy::None);
const NO_CARD: Meaning = (
    ErrorKind::NotFound,
    "DingTalk knows no card with this outTrackId",
    "use the id that the card was created with by this same application",
    Remedy::None,
);
const NO_TEMPLATE: Meaning = (
    ErrorKind::NotFound,
    "there is no such card template",
    "give the id that the card platform shows, from the same organisation",
    Remedy::None,
);
const NO_CONVERSATION: Meaning = (
    ErrorKind::NotFound,
    "there is no such conversation for this robot",
    "take the conversation id from a message, and add the robot to the group",
    Remedy::None,
);
const NO_USER: Meaning = (
    ErrorKind::NotFound,
    "DingTalk knows no such user",
    "give user ids (staff ids) of the application's own organisation",
    Remedy::None,
);
const SESSION_GONE: Meaning = (
    ErrorKind::Expired,
    "the session of the message is gone",
    "reply within the time that the message's sessionWebhookExpiredTime gives",
    Remedy::None,
);
const STOPPED: Meaning = (
    ErrorKind::Forbidden,
    "the robot may not send",
    "start and publish it in the developer console, and check the group's settings",
    Remedy::None,
);

/// The meaning of a code that has one.
pub(super) fn meaning(code: &str) -> Option<&'static Meaning> {
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let fits = |part: &str| if is_number(part) { code == part } else { code.contains(part) };
    MEANINGS.iter().find(|(part, _)| fits(part)).map(|(_, meaning)| meaning)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn documented_codes_have_their_kind() {
        for (code, kind) in [
            ("invalidParameter.robotCode.notExsit", ErrorKind::Rejected),
            ("invalidParameter.robotCode.downloadCode", ErrorKind::Expired),
            ("processQueryKey.expireTime", ErrorKind::Expired),
            ("robot.processQueryKey.expired", ErrorKind::Expired),
            ("invalidParameter.msgParam.tooLong", ErrorKind::TooLarge),
            ("invalid.openConversationId", ErrorKind::NotFound),
            ("openConversationId.notExisted", ErrorKind::NotFound),
            ("conversation.org.notMatch", ErrorKind::NotFound),
            ("staffId.notExisted", ErrorKind::NotFound),
            ("bot.stopped", ErrorKind::Forbidden),
            ("session.expired", ErrorKind::Expired),
            ("too.many.people", ErrorKind::Throttled),
            ("invalidSuiteTicket", ErrorKind::Auth),
            ("contain.unsafe.url", ErrorKind::Rejected),
            ("param.stream.content", ErrorKind::TooLarge),
            ("param.stream.contentEmpty", ErrorKind::Rejected),
            ("param.stream.outTrackId", ErrorKind::NotFound),
            ("param.cardNotExist", ErrorKind::NotFound),
            ("param.templateNotExist", ErrorKind::NotFound),
            ("param.templateUnpublished", ErrorKind::Rejected),
            ("param.cardAlreadyExist", ErrorKind::Rejected),
        ] {
            assert_eq!(meaning(code).map(|meaning| meaning.0), Some(kind), "{code}");
        }
        assert!(meaning("InvalidAuthentication").is_none());
    }
}
