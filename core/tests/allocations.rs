//! How often memory is asked for on a delivery's way from its frame to its answer. Alone in its process, since everything
//! counts.

use std::alloc::{GlobalAlloc, Layout, System};
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dingstream::{Answer, Client, Config, Item, Kind};
use serde_json::{Value, json};
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;

const PATIENCE: Duration = Duration::from_secs(20);
const WINDOW: usize = 64;
const WARM_UP: usize = 12_000;
const MEASURED: usize = 6_400;

struct Counting;

static ASKED: AtomicUsize = AtomicUsize::new(0);

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        ASKED.fetch_add(1, Ordering::Relaxed);
        // SAFETY: as for the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        // SAFETY: as for the caller.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

#[test]
fn a_delivery_takes_at_most_six_allocations() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    let mut config = Config::new("id", "secret");
    config.endpoint = format!("http://{address}");
    config.answer_message = Answer::OnCompletion;
    let client = Client::new(config).expect("valid");
    client.subscribe(Kind::Message, "").expect("subscribed");
    let serving = std::thread::spawn(move || serve(&listener));
    let started = client.start();
    let mut items = Vec::with_capacity(WINDOW);
    let mut handle = |mut left: usize| {
        while left > 0 {
            client.queue().take(WINDOW.min(left), Some(PATIENCE), &mut items).expect("not forked");
            assert!(!items.is_empty(), "nothing came");
            for item in items.drain(..) {
                if let Item::Delivery(delivery) = item
                    && delivery.kind() == Kind::Message
                {
                    assert!(delivery.data().text("/text/content").is_some());
                    delivery.ok(Value::Null).expect("settled");
                    left -= 1;
                }
            }
        }
    };
    handle(WARM_UP);
    let before = ASKED.load(Ordering::Relaxed);
    handle(MEASURED);
    let asked = (ASKED.load(Ordering::Relaxed) - before) as f64 / MEASURED as f64;
    assert!(asked <= 6.0, "{asked} for each delivery");
    assert!(started.wait(Some(PATIENCE)).expect("waiting").expect("in time").is_ok());
    client.stop(PATIENCE).wait(Some(PATIENCE)).expect("waiting").expect("in time").expect("stopped");
    serving.join().expect("served");
}

/// Opens one connection, and keeps a window of messages unanswered until all are pushed. Asks for no memory meanwhile.
fn serve(listener: &TcpListener) {
    let mut socket = loop {
        let (mut stream, _) = listener.accept().expect("a visit");
        if let Some(key) = asked(&mut stream) {
            let accept = derive_accept_key(key.as_bytes());
            let told = format!(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Accept: {accept}\r\n\r\n"
            );
            stream.write_all(told.as_bytes()).expect("taken");
            break stream;
        }
        let body = format!(r#"{{"endpoint":"ws://{}/connect","ticket":"t"}}"#, listener.local_addr().expect("bound"));
        let told = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}", body.len());
        stream.write_all(told.as_bytes()).expect("taken");
    };
    let frames: Vec<_> = (0..WARM_UP + MEASURED).map(frame).collect();
    let (mut answers, mut waiting, mut filled) = ([0; 64 * 1024], 0, 0);
    let mut answered = |socket: &mut TcpStream| {
        filled += socket.read(&mut answers[filled..]).expect("read");
        let mut at = 0;
        // Answers are short and masked.
        while let [_, length, ..] = answers[at..filled] {
            let whole = match length & 0x7f {
                126 => 8 + usize::from(u16::from_be_bytes([answers[at + 2], answers[at + 3]])),
                short => 6 + usize::from(short),
            };
            if at + whole > filled {
                break;
            }
            (at, waiting) = (at + whole, waiting + 1);
        }
        answers.copy_within(at..filled, 0);
        filled -= at;
        std::mem::take(&mut waiting)
    };
    let mut unanswered = 0;
    for frame in &frames {
        while unanswered >= WINDOW {
            unanswered -= answered(&mut socket);
        }
        socket.write_all(frame).expect("taken");
        unanswered += 1;
    }
    // Until the client hangs up.
    while socket.read(&mut [0; 1024]).is_ok_and(|count| count > 0) {}
}

/// What a request asks: the key of a WebSocket, or a ticket.
fn asked(stream: &mut TcpStream) -> Option<String> {
    let (mut request, mut piece) = (Vec::new(), [0; 4096]);
    loop {
        let count = stream.read(&mut piece).expect("read");
        request.extend_from_slice(&piece[..count]);
        let text = String::from_utf8_lossy(&request).to_lowercase();
        let Some((head, body)) = text.split_once("\r\n\r\n") else { continue };
        let field = |name: &str| head.lines().find_map(|line| Some(line.strip_prefix(name)?.trim().len()));
        if let Some(length) = field("sec-websocket-key:") {
            let at = head.find("sec-websocket-key:").expect("found") + "sec-websocket-key: ".len();
            return Some(String::from_utf8_lossy(&request[at..at + length]).into_owned());
        }
        let length = head.lines().find_map(|line| line.strip_prefix("content-length:")?.trim().parse().ok());
        if body.len() >= length.unwrap_or(0) {
            return None;
        }
    }
}

fn frame(number: usize) -> Vec<u8> {
    let data = json!({
        "conversationId": format!("cid{}", number % 100),
        "atUsers": [{ "dingtalkId": "$:LWCP_v1:$Of9eKbGKFDrLmnGTvVHwBCfpYd5hxZYv" }],
        "chatbotUserId": "$:LWCP_v1:$Of9eKbGKFDrLmnGTvVHwBCfpYd5hxZYv",
        "msgId": format!("msg{number}=="),
        "senderNick": "小钉",
        "senderId": "$:LWCP_v1:$iU1K6nkkEcNGRpzX",
        "text": { "content": " \"早上好\"\n" },
        "robotCode": "ding-demo",
        "msgtype": "text",
    });
    let text = json!({
        "specVersion": "1.0",
        "type": "CALLBACK",
        "headers": { "messageId": format!("push-{number}"), "topic": "/v1.0/im/bot/messages/get" },
        "data": data.to_string(),
    })
    .to_string();
    let length = u16::try_from(text.len()).expect("a short message").to_be_bytes();
    [&[0x81, 126, length[0], length[1]], text.as_bytes()].concat()
}
