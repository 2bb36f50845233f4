//! What the client sends back: WebSocket frames, of which only the code and the id of an answer matter.

use memchr::memmem::Finder;

use crate::Result;
use crate::frames::{CONTROL_MARK, DIGITS, MARK};

/// One thing that the client sent.
#[derive(Debug, PartialEq)]
pub(crate) enum Sent {
    /// The answer to the message with this number.
    Answer { number: u64, code: u16 },
    /// The answer to the control frame with this number, which also came back in its data.
    Control { number: u64 },
    /// Wants the same bytes back.
    Ping(Vec<u8>),
    /// Says goodbye.
    Close,
}

/// Collects bytes and finds frames in them.
pub(crate) struct Answers {
    bytes: Vec<u8>,
    read: usize,
    marks: Marks,
}

/// What an answer is read by.
struct Marks {
    delivery: Finder<'static>,
    control: Finder<'static>,
    code: Finder<'static>,
}

impl Answers {
    /// Begins with what was read behind the handshake.
    pub(crate) fn new(bytes: Vec<u8>) -> Self {
        let marks =
            Marks { delivery: Finder::new(MARK), control: Finder::new(CONTROL_MARK), code: Finder::new(b"\"code\":") };
        Self { bytes, read: 0, marks }
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) {
        self.bytes.drain(..self.read);
        self.read = 0;
        self.bytes.extend_from_slice(bytes);
    }

    /// The next whole frame.
    pub(crate) fn next(&mut self) -> Result<Option<Sent>> {
        while let Some((opcode, payload)) = take_frame(&mut self.bytes, &mut self.read)? {
            return Ok(Some(match opcode {
                1 | 2 => answer(payload, &self.marks)?,
                8 => Sent::Close,
                9 => Sent::Ping(payload.to_vec()),
                10 => continue,
                _ => return Err(format!("the client sent a frame that is no whole message (opcode {opcode})").into()),
            }));
        }
        Ok(None)
    }
}

/// The opcode and the unmasked payload of the frame at `read`, if it is all there.
fn take_frame<'a>(bytes: &'a mut [u8], read: &mut usize) -> Result<Option<(u8, &'a mut [u8])>> {
    let rest = &mut bytes[*read..];
    let [first, second, ..] = *rest else { return Ok(None) };
    if first & 0x80 == 0 || second & 0x80 == 0 {
        return Err("the client sent a frame in parts or without a mask".into());
    }
    let (length, head) = match second & 0x7f {
        126 if rest.len() >= 4 => (usize::from(u16::from_be_bytes([rest[2], rest[3]])), 4),
        126 => return Ok(None),
        127 => return Err("the client sent a frame of more than 64 KiB".into()),
        short => (usize::from(short), 2),
    };
    let Some(frame) = rest.get_mut(head..head + 4 + length) else {
        return Ok(None);
    };
    *read += head + 4 + length;
    let (mask, payload) = frame.split_at_mut(4);
    let mask = [mask[0], mask[1], mask[2], mask[3]];
    for (index, byte) in payload.iter_mut().enumerate() {
        *byte ^= mask[index & 3];
    }
    Ok(Some((first & 0x0f, payload)))
}

fn answer(payload: &[u8], marks: &Marks) -> Result<Sent> {
    let digits = |finder: &Finder, from: usize, most: usize| {
        let at = from + finder.find(&payload[from..])? + finder.needle().len();
        let rest = payload[at..].trim_ascii_start();
        let digits = rest.iter().take(most).take_while(|byte| byte.is_ascii_digit());
        let number = digits.map(|digit| u64::from(digit - b'0')).reduce(|number, digit| number * 10 + digit)?;
        Some((number, at))
    };
    let code = digits(&marks.code, 0, 3).map(|(code, _)| code as u16);
    if let (Some((number, _)), Some(code)) = (digits(&marks.delivery, 0, DIGITS), code) {
        return Ok(Sent::Answer { number, code });
    }
    let control = |from| digits(&marks.control, from, DIGITS);
    if let (Some((number, at)), Some(200)) = (control(0), code)
        && control(at).is_some_and(|(echoed, _)| echoed == number)
    {
        return Ok(Sent::Control { number });
    }
    Err(format!("the client sent an answer without code, messageId or data: {}", String::from_utf8_lossy(payload))
        .into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn masked(opcode: u8, payload: &[u8]) -> Vec<u8> {
        let mask = [1, 2, 3, 4];
        let mut frame = vec![0x80 | opcode];
        match u8::try_from(payload.len()) {
            Ok(length @ ..126) => frame.push(0x80 | length),
            _ => {
                frame.push(0x80 | 126);
                frame.extend_from_slice(&(payload.len() as u16).to_be_bytes());
            }
        }
        frame.extend_from_slice(&mask);
        frame.extend(payload.iter().enumerate().map(|(index, byte)| byte ^ mask[index & 3]));
        frame
    }

    const SPACED: &[u8] = br#"{"code": 200, "headers": {"messageId": "push-0000000042"}, "data": "{\"code\":500}"}"#;

    #[test]
    fn frames_are_found_however_they_are_cut() {
        let filled = format!(r#"{{"headers":{{"messageId":"push-0000000007"}},"code":500,"x":"{:200}"}}"#, "");
        let bytes =
            [masked(1, SPACED), masked(9, b"hi"), masked(10, b""), masked(1, filled.as_bytes()), masked(8, b"")]
                .concat();
        for size in [1, 3, 100, bytes.len()] {
            let (mut answers, mut found) = (Answers::new(Vec::new()), Vec::new());
            for piece in bytes.chunks(size) {
                answers.push(piece);
                while let Some(sent) = answers.next().expect("valid") {
                    found.push(sent);
                }
            }
            let wanted = [
                Sent::Answer { number: 42, code: 200 },
                Sent::Ping(b"hi".to_vec()),
                Sent::Answer { number: 7, code: 500 },
                Sent::Close,
            ];
            assert_eq!(found, wanted);
        }
    }

    #[test]
    fn a_control_frame_is_answered_by_its_id_and_its_data() {
        let answer =
            br#"{"code":200,"headers":{"messageId":"ping-0000000042"},"data":"{\"opaque\":\"ping-0000000042\"}"}"#;
        let sent = Answers::new(masked(1, answer)).next().expect("valid");
        assert_eq!(sent, Some(Sent::Control { number: 42 }));
        let without = br#"{"code":200,"headers":{"messageId":"ping-0000000042"},"data":"{}"}"#;
        assert!(Answers::new(masked(1, without)).next().is_err());
    }

    #[test]
    fn what_is_no_answer_is_an_error() {
        for payload in [&b"{}"[..], br#"{"code":200}"#, br#"{"messageId":"push-1"}"#] {
            assert!(Answers::new(masked(1, payload)).next().is_err());
        }
    }
}
