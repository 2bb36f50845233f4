//! The bot messages that are pushed: built once, with only their ids written anew.

use serde_json::json;

/// In front of the number in a `messageId`. No other text in a frame begins like this.
pub(crate) const MARK: &[u8] = b"\"push-";
/// The same in control frames; it stands in their data too.
pub(crate) const CONTROL_MARK: &[u8] = b"\"ping-";
/// How many digits the number of a message has.
pub(crate) const DIGITS: usize = 10;

const CONVERSATIONS: usize = 100;
/// Stands for the number of the message in what is built once.
const HOLE: &str = "##########";
/// What DingTalk's frames of short group messages weigh.
const PAYLOAD: usize = 1100;

/// One frame for each conversation, WebSocket header included.
pub(crate) struct Frames(Vec<Frame>);

struct Frame {
    bytes: Vec<u8>,
    holes: Vec<usize>,
}

impl Frames {
    pub(crate) fn new() -> Self {
        Self((0..CONVERSATIONS).map(Frame::new).collect())
    }

    /// Appends the frame of message `number`.
    pub(crate) fn write(&self, number: u64, out: &mut Vec<u8>) {
        let frame = &self.0[number as usize % self.0.len()];
        let start = out.len();
        out.extend_from_slice(&frame.bytes);
        let digits = digits(number);
        for hole in &frame.holes {
            out[start + hole..][..DIGITS].copy_from_slice(&digits);
        }
    }
}

impl Frame {
    fn new(conversation: usize) -> Self {
        let bare = payload(conversation, 0).len();
        let payload = payload(conversation, PAYLOAD - bare);
        let mut bytes = Vec::new();
        write_text(&payload, &mut bytes);
        let holes = memchr::memmem::find_iter(&bytes, HOLE.as_bytes()).collect();
        Self { bytes, holes }
    }
}

/// Appends DingTalk's `ping` with this number, which its answer echoes.
pub(crate) fn write_control(number: u64, out: &mut Vec<u8>) {
    let id = format!("ping-{number:0DIGITS$}");
    let frame = json!({
        "specVersion": "1.0",
        "type": "SYSTEM",
        "headers": {"contentType": "application/json", "messageId": id, "time": "1690362102194", "topic": "ping"},
        "data": json!({"opaque": id}).to_string(),
    });
    write_text(&frame.to_string(), out);
}

/// A whole WebSocket frame around a text of a 16-bit length.
fn write_text(payload: &str, out: &mut Vec<u8>) {
    let length = u16::try_from(payload.len()).expect("frames here have a few KB");
    out.extend_from_slice(&[0x81, 126]);
    out.extend_from_slice(&length.to_be_bytes());
    out.extend_from_slice(payload.as_bytes());
}

fn payload(conversation: usize, padding: usize) -> String {
    let data = json!({
        "conversationId": format!("cid{conversation:03}Kx1hVSVyMeOZg4yeqd9Ew=="),
        "atUsers": [{"dingtalkId": "$:LWCP_v1:$Of9eKbGKFDrLmnGTvVHwBCfpYd5hxZYv"}],
        "chatbotCorpId": "ding9f50b15bccd16741",
        "chatbotUserId": "$:LWCP_v1:$Of9eKbGKFDrLmnGTvVHwBCfpYd5hxZYv",
        "msgId": format!("msg{HOLE}=="),
        "senderNick": "小钉",
        "isAdmin": false,
        "senderStaffId": format!("manager{conversation:03}"),
        "sessionWebhookExpiredTime": 4_102_444_800_000_u64,
        "createAt": 1_690_362_102_194_u64,
        "conversationType": "2",
        "senderId": format!("$:LWCP_v1:$iU1K6nkkEcNGRpzX{conversation:03}"),
        "conversationTitle": "测试群",
        "isInAtList": true,
        "sessionWebhook": "http://127.0.0.1:9/robot/sendBySession?session=0",
        "text": {"content": format!(" \"早上好\"\n第 {conversation} 组 {}", "x".repeat(padding))},
        "robotCode": "ding-demo",
        "msgtype": "text",
    });
    json!({
        "specVersion": "1.0",
        "type": "CALLBACK",
        "headers": {
            "appId": "6e3a0b0c-8a3d-4a52-a1ee-1b5a0d1d0a3f",
            "connectionId": "5a4e8c20-2b9e-11ee-9a3f-b2f5d3b2a9ce",
            "contentType": "application/json",
            "messageId": format!("push-{HOLE}"),
            "time": "1690362102194",
            "topic": "/v1.0/im/bot/messages/get",
        },
        "data": data.to_string(),
    })
    .to_string()
}

fn digits(mut number: u64) -> [u8; DIGITS] {
    let mut digits = [b'0'; DIGITS];
    for digit in digits.iter_mut().rev() {
        *digit += (number % 10) as u8;
        number /= 10;
    }
    digits
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

    fn parts(number: u64) -> (Value, Value) {
        let mut bytes = Vec::new();
        Frames::new().write(number, &mut bytes);
        assert_eq!(bytes.len(), 4 + PAYLOAD);
        let frame: Value = serde_json::from_slice(&bytes[4..]).expect("JSON");
        let data = serde_json::from_str(frame["data"].as_str().expect("a text")).expect("JSON");
        (frame, data)
    }

    #[test]
    fn every_message_has_ids_of_its_own() {
        let (frame, data) = parts(1_234_567_890);
        assert_eq!(frame["headers"]["messageId"], "push-1234567890");
        assert_eq!(data["msgId"], "msg1234567890==");
    }

    #[test]
    fn there_are_a_hundred_conversations() {
        let conversation = |number| parts(number).1["conversationId"].clone();
        assert_eq!(conversation(0), conversation(100));
        assert_ne!(conversation(0), conversation(99));
    }
}
