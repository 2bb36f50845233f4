//! Typed, tolerant views of what arrives. Every field is read from the raw JSON when it is asked for; nothing is lost.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value;

use crate::delivery::Delivery;
use crate::json::Json;
use crate::kind::Kind;

/// What a field reads as, for those who write the views of other languages.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FieldKind {
    /// A text.
    Text,
    /// A text without the spaces, tabs and line breaks around it.
    Trimmed,
    /// A whole number.
    Int,
    /// A boolean.
    Bool,
    /// Any JSON value.
    Json,
}

/// Where a field is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Part {
    /// In the payload.
    Data,
    /// In the headers of the frame.
    Headers,
}

/// One field of a view.
#[derive(Debug, Clone, Copy)]
pub struct ViewField {
    /// Its name in snake case.
    pub name: &'static str,
    /// What it reads as.
    pub kind: FieldKind,
    /// Where it is read.
    pub part: Part,
    /// JSON pointers; the first that finds something counts.
    pub pointers: &'static [&'static str],
    /// What it means.
    pub doc: &'static str,
}

/// One view: a class in every language.
#[derive(Debug, Clone, Copy)]
pub struct ViewSpec {
    /// The name of the class.
    pub name: &'static str,
    /// The kind of delivery that it is a view of.
    pub kind: Kind,
    /// What it is.
    pub doc: &'static str,
    /// Its fields.
    pub fields: &'static [ViewField],
}

/// How each [`FieldKind`] reads in Rust.
macro_rules! read {
    (Text, $json:expr, $pointers:expr) => {
        first($pointers, |pointer| $json.text(pointer))
    };
    (Trimmed, $json:expr, $pointers:expr) => {
        first($pointers, |pointer| $json.text(pointer)).map(trimmed)
    };
    (Int, $json:expr, $pointers:expr) => {
        first($pointers, |pointer| $json.int(pointer))
    };
    (Bool, $json:expr, $pointers:expr) => {
        first($pointers, |pointer| $json.bool(pointer))
    };
    (Json, $json:expr, $pointers:expr) => {
        first($pointers, |pointer| $json.value(pointer))
    };
}

macro_rules! returns {
    (Text) => { Option<Cow<'_, str>> };
    (Trimmed) => { Option<Cow<'_, str>> };
    (Int) => { Option<i64> };
    (Bool) => { Option<bool> };
    (Json) => { Option<Value> };
}

macro_rules! views {
    ($($(#[doc = $doc:literal])+ $view:ident: $kind:ident {
        $($(#[doc = $field_doc:literal])+ $field:ident: $field_kind:ident = $part:ident [$($pointer:literal),+],)+
    })+) => {
        $(
            $(#[doc = $doc])+
            #[derive(Debug, Clone)]
            pub struct $view(Arc<Delivery>);

            impl $view {
                $($(#[doc = $field_doc])+ pub fn $field(&self) -> returns!($field_kind) {
                    read!($field_kind, part(&self.0, Part::$part), &[$($pointer),+])
                })+
            }

            impl From<Arc<Delivery>> for $view {
                fn from(delivery: Arc<Delivery>) -> Self {
                    Self(delivery)
                }
            }

            impl Deref for $view {
                type Target = Delivery;
                fn deref(&self) -> &Delivery {
                    &self.0
                }
            }
        )+

        /// Every view, for those who write the classes of other languages.
        pub const VIEWS: &[ViewSpec] = &[$(ViewSpec {
            name: stringify!($view),
            kind: Kind::$kind,
            doc: concat!($($doc, "\n"),+).trim_ascii(),
            fields: &[$(ViewField {
                name: stringify!($field),
                kind: FieldKind::$field_kind,
                part: Part::$part,
                pointers: &[$($pointer),+],
                doc: concat!($($field_doc, "\n"),+).trim_ascii(),
            },)+],
        },)+];
    };
}

views! {
    /// A message that a person sent to the bot.
    BotMessage: Message {
        /// What was said, without the space that DingTalk leaves where a mention stood. Absent for other types than text.
        text: Trimmed = Data ["/text/content"],
        /// `text`, `richText`, `picture`, `audio`, `video`, `file`, `unknownMsgType` and others.
        msgtype: Text = Data ["/msgtype"],
        /// DingTalk's id of the message.
        msg_id: Text = Data ["/msgId"],
        /// The conversation; case-sensitive, and usable as `openConversationId`.
        conversation_id: Text = Data ["/conversationId"],
        /// `1` between a person and the bot, `2` in a group.
        conversation_type: Text = Data ["/conversationType"],
        /// The group's name; absent outside groups.
        conversation_title: Text = Data ["/conversationTitle"],
        /// The sender's encrypted id.
        sender_id: Text = Data ["/senderId"],
        /// The sender's user id; absent before the bot is published and for people outside its organisation.
        sender_staff_id: Text = Data ["/senderStaffId"],
        /// The sender's name as shown.
        sender_nick: Text = Data ["/senderNick"],
        /// The sender's organisation.
        sender_corp_id: Text = Data ["/senderCorpId"],
        /// Whether the sender administers the organisation.
        is_admin: Bool = Data ["/isAdmin"],
        /// Whether the bot was mentioned.
        is_in_at_list: Bool = Data ["/isInAtList"],
        /// Who was mentioned: a list of `{dingtalkId, staffId, unionId}`.
        at_users: Json = Data ["/atUsers"],
        /// The bot's code.
        robot_code: Text = Data ["/robotCode"],
        /// The encrypted id of the bot's organisation.
        chatbot_corp_id: Text = Data ["/chatbotCorpId"],
        /// The encrypted id of the bot.
        chatbot_user_id: Text = Data ["/chatbotUserId"],
        /// When it was sent, in milliseconds since 1970.
        create_at: Int = Data ["/createAt", "/createA"],
        /// Until when it can be replied to by its session webhook, in milliseconds since 1970.
        session_webhook_expired_time: Int = Data ["/sessionWebhookExpiredTime"],
        /// What other types than text carry: download codes, rich text, a file's name.
        content: Json = Data ["/content"],
    }
    /// A click or input on a card.
    CardAction: Card {
        /// The id that the card was created with.
        out_track_id: Text = Data ["/outTrackId"],
        /// Who clicked.
        user_id: Text = Data ["/userId"],
        /// `actionCallback` or `dynamicDataCallback`.
        action_type: Text = Data ["/type"],
        /// The ids of the actions, a list of texts.
        action_ids: Json = Data ["/content/cardPrivateData/actionIds", "/value/cardPrivateData/actionIds"],
        /// The parameters of the action, an object.
        params: Json = Data ["/content/cardPrivateData/params", "/content/params", "/value/cardPrivateData/params", "/value/params"],
        /// `im` and others: where the card is.
        space_type: Text = Data ["/spaceType"],
        /// The id of that place, such as a conversation's.
        space_id: Text = Data ["/spaceId"],
        /// The organisation.
        corp_id: Text = Data ["/corpId"],
        /// What the card was given as its extension, an object.
        extension: Json = Data ["/extension"],
        /// What the action carried, whole.
        content: Json = Data ["/content", "/value"],
    }
    /// A subscription event.
    Event: Event {
        /// Its type, such as `user_add_org`.
        event_type: Text = Headers ["/eventType"],
        /// Its id, the same in every delivery of it.
        event_id: Text = Headers ["/eventId"],
        /// The organisation that it happened in.
        corp_id: Text = Headers ["/eventCorpId"],
        /// The application that it is for.
        app_id: Text = Headers ["/eventUnifiedAppId"],
        /// When it happened, in milliseconds since 1970.
        born_time: Int = Headers ["/eventBornTime"],
    }
    /// A change of the connection.
    StateChange: State {
        /// `connecting`, `open`, `waiting`, `stopping` or `stopped`.
        state: Text = Data ["/state"],
        /// What went wrong, where something did.
        error_message: Text = Data ["/error/message"],
        /// The kind of that error.
        error_kind: Text = Data ["/error/kind"],
        /// How many tries failed so far.
        attempt: Int = Data ["/attempt"],
        /// When the next try is due, in milliseconds.
        retry_in_ms: Int = Data ["/retry_in_ms"],
    }
}

fn part(delivery: &Delivery, part: Part) -> &Json {
    match part {
        Part::Data => delivery.data(),
        Part::Headers => delivery.headers(),
    }
}

fn first<T>(pointers: &[&str], read: impl Fn(&str) -> Option<T>) -> Option<T> {
    pointers.iter().find_map(|pointer| read(pointer))
}

/// ASCII alone, so that every language trims the same.
fn trimmed(text: Cow<'_, str>) -> Cow<'_, str> {
    const AROUND: [char; 4] = [' ', '\t', '\r', '\n'];
    match text {
        Cow::Borrowed(text) => Cow::Borrowed(text.trim_matches(AROUND)),
        Cow::Owned(text) => Cow::Owned(text.trim_matches(AROUND).to_owned()),
    }
}
