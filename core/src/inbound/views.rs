//! Every view and its fields: a field added here appears in every language.

use std::borrow::Cow;
use std::ops::Deref;
use std::sync::Arc;

use serde_json::Value;

use super::{FieldKind, Part, ViewField, ViewSpec, first, listed, part, trimmed};
use crate::delivery::Delivery;
use crate::kind::Kind;

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
    (List, $json:expr, $pointers:expr) => {
        first($pointers, |pointer| $json.value(pointer).filter(|value| !value.is_null())).map(listed)
    };
}

macro_rules! returns {
    (Text) => { Option<Cow<'_, str>> };
    (Trimmed) => { Option<Cow<'_, str>> };
    (Int) => { Option<i64> };
    (Bool) => { Option<bool> };
    (Json) => { Option<Value> };
    (List) => { Option<Value> };
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
        /// What was said, without the space that DingTalk leaves where a mention stood: the text, the texts of rich text one
        /// behind the other, or what a card or a forwarded chat shows. Absent where there is none.
        text: Trimmed = Data ["/text/content", "/content/richText/*/text", "/richText/*/text", "/content/text", "/content/summary", "/content"],
        /// `text`, `richText`, `picture`, `audio`, `video`, `file`, `unknownMsgType`, `interactiveCard`, `chatRecord`,
        /// `markdown` and others.
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
        /// The sender's union id; not always there.
        sender_union_id: Text = Data ["/senderUnionId"],
        /// The sender's name as shown.
        sender_nick: Text = Data ["/senderNick"],
        /// The sender's organisation.
        sender_corp_id: Text = Data ["/senderCorpId"],
        /// What the sender wrote it on, such as `Mac`; not always there.
        sender_platform: Text = Data ["/senderPlatform"],
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
        /// What other types than text carry, whole.
        content: Json = Data ["/content"],
        /// The parts of rich text: a list of `{text}` and of `{type, downloadCode}`.
        rich_text: Json = Data ["/content/richText", "/richText"],
        /// What to download: the codes of a picture, an audio, a video or a file, and of every picture in rich text.
        download_codes: List = Data ["/content/richText/*/downloadCode", "/richText/*/downloadCode", "/content/downloadCode", "/content/pictureDownloadCode"],
        /// The name of a file.
        file_name: Text = Data ["/content/fileName"],
        /// A file's id in DingTalk's storage.
        file_id: Text = Data ["/content/fileId"],
        /// The storage space of a file.
        space_id: Text = Data ["/content/spaceId"],
        /// What DingTalk understood of an audio.
        recognition: Text = Data ["/content/recognition"],
        /// How long an audio or video is, as it was sent: the documents say milliseconds, and show seconds as well.
        duration: Int = Data ["/content/duration"],
        /// The format of a video, such as `mp4`.
        video_type: Text = Data ["/content/videoType"],
        /// What a card of a document or the like leads to.
        card_url: Text = Data ["/content/biz_custom_action_url"],
        /// A forwarded chat, as it was sent.
        chat_record: Json = Data ["/content/chatRecord"],
        /// Whether it answers another message.
        is_reply: Bool = Data ["/text/isReplyMsg"],
        /// The message that it answers, as it was sent.
        quoted: Json = Data ["/text/repliedMsg", "/quoteMessage"],
        /// The id of the message that it answers.
        quoted_msg_id: Text = Data ["/text/repliedMsg/msgId", "/quoteMessage/msgId", "/originalMsgId"],
        /// What the message that it answers says; DingTalk often leaves it out.
        quoted_text: Text = Data ["/text/repliedMsg/content/text", "/text/repliedMsg/content/richText/*/text", "/quoteMessage/text/content", "/quoteMessage/text"],
        /// The `processQueryKey` of the message that it answers, where a robot sent that.
        quoted_process_query_key: Text = Data ["/originalProcessQueryKey"],
        /// The user id of the person that the bot stands in for, on the delegate topic.
        hosting_user_id: Text = Data ["/hostingContext/userId"],
        /// The name of the person that the bot stands in for.
        hosting_nick: Text = Data ["/hostingContext/nick"],
        /// 20001 where the organisation's monthly quota is used up: such a message comes without its text.
        error_code: Int = Data ["/errorCode", "/errCode"],
        /// DingTalk's words for that.
        error_message: Text = Data ["/errorMessage", "/errMsg"],
    }
    /// A click or input on a card.
    CardAction: Card {
        /// The id that the card was created with.
        out_track_id: Text = Data ["/outTrackId"],
        /// Who clicked.
        user_id: Text = Data ["/userId"],
        /// What kind of id that is: 1 a user id, 2 a union id.
        user_id_type: Int = Data ["/userIdType"],
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
        /// The ids of the sources that a request for dynamic data asks for.
        dynamic_data_source_ids: List = Data ["/content/dynamicDataSourceQueryRequests/*/dynamicDataSourceId", "/value/dynamicDataSourceQueryRequests/*/dynamicDataSourceId"],
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
    /// A request of an AI assistant or plugin: HTTP in JSON. A `GraphResponse` answers it.
    GraphRequest: Graph {
        /// `GET`, `POST`, `PUT` or `DELETE`.
        method: Text = Data ["/requestLine/method"],
        /// The path, and the query behind it, percent-encoded.
        uri: Text = Data ["/requestLine/uri"],
        /// The headers of the request, an object.
        request_headers: Json = Data ["/headers"],
        /// The body: a text, most often JSON.
        body: Text = Data ["/body"],
        /// The plugin.
        plugin_id: Text = Data ["/headers/x-plugin-id"],
        /// The plugin's version.
        plugin_version: Text = Data ["/headers/x-plugin-version"],
        /// The ability of the plugin that is asked for.
        ability_key: Text = Data ["/headers/x-ability-key"],
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
