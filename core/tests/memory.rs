//! What is held in memory: of a file in transfer pieces, whatever its size; of a message its encoding, once.

use std::alloc::{GlobalAlloc, Layout, System};
use std::cell::Cell;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

use dingstream::{Client, Config, MediaType, Message};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};

const FILE: usize = 20 * 1024 * 1024;
const BOUND: usize = 1024 * 1024;

struct Counting;

static HELD: AtomicUsize = AtomicUsize::new(0);
static PEAK: AtomicUsize = AtomicUsize::new(0);

thread_local! {
    /// How often this thread asked for memory.
    static ASKED: Cell<usize> = const { Cell::new(0) };
}

// SAFETY: everything is left to the system's allocator.
unsafe impl GlobalAlloc for Counting {
    unsafe fn alloc(&self, layout: Layout) -> *mut u8 {
        let _ = ASKED.try_with(|asked| asked.set(asked.get() + 1));
        let held = HELD.fetch_add(layout.size(), Ordering::Relaxed) + layout.size();
        PEAK.fetch_max(held, Ordering::Relaxed);
        // SAFETY: as for the caller.
        unsafe { System.alloc(layout) }
    }

    unsafe fn dealloc(&self, place: *mut u8, layout: Layout) {
        HELD.fetch_sub(layout.size(), Ordering::Relaxed);
        // SAFETY: as for the caller.
        unsafe { System.dealloc(place, layout) }
    }
}

#[global_allocator]
static ALLOCATOR: Counting = Counting;

/// How much more was held at a time while `work` was done.
fn peak_of(work: impl FnOnce()) -> usize {
    let before = HELD.load(Ordering::Relaxed);
    PEAK.store(before, Ordering::Relaxed);
    work();
    PEAK.load(Ordering::Relaxed) - before
}

/// Answers what a transfer asks for, and holds nothing of it.
async fn serve(mut stream: TcpStream, address: String) -> std::io::Result<()> {
    loop {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(stream.read_u8().await?);
        }
        let head = String::from_utf8_lossy(&head).to_lowercase();
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: ")?.parse::<usize>().ok());
        let (mut left, mut piece) = (length.unwrap_or(0), vec![0; 16 * 1024]);
        while left > 0 {
            left -= stream.read(&mut piece[..left.min(16 * 1024)]).await?;
        }
        if head.starts_with("get /file") {
            let told = format!("HTTP/1.1 200 OK\r\ncontent-length: {FILE}\r\n\r\n");
            stream.write_all(told.as_bytes()).await?;
            for _ in 0..FILE / piece.len() {
                stream.write_all(&piece).await?;
            }
            continue;
        }
        let body = format!(
            r#"{{"accessToken":"t","expireIn":7200,"downloadUrl":"http://{address}/file","errcode":0,"media_id":"@m"}}"#
        );
        stream.write_all(format!("HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{body}", body.len()).as_bytes()).await?;
    }
}

fn server() -> String {
    let (tell, told) = std::sync::mpsc::channel();
    std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().expect("a runtime");
        runtime.block_on(async {
            let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
            let address = listener.local_addr().expect("bound").to_string();
            tell.send(address.clone()).expect("heard");
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, address.clone()));
            }
        });
    });
    told.recv().expect("an address")
}

#[test]
fn a_file_of_twenty_mebibytes_takes_less_than_one() {
    let mut config = Config::new("id", "secret");
    config.endpoint = format!("http://{}", server());
    let client = Client::new(config).expect("valid");
    let wait = |call: dingstream::Call| call.wait(Some(Duration::from_secs(60))).expect("waiting").expect("in time");
    // What is made once for all transfers.
    wait(client.upload(MediaType::Image, "a.png", "x")).expect("uploaded");

    let file = vec![7; FILE];
    let path = std::env::temp_dir().join(format!("dingstream-memory-{}.pdf", std::process::id()));
    std::fs::write(&path, &file).expect("written");
    let bytes = dingstream::Bytes::from(file);
    let from_memory = peak_of(|| drop(wait(client.upload(MediaType::File, "a.pdf", bytes.clone())).expect("uploaded")));
    let from_path = peak_of(|| drop(wait(client.upload_file(MediaType::File, &path)).expect("uploaded")));
    let in_pieces = peak_of(|| {
        let call = client.upload_pieces(MediaType::File, "a.pdf", FILE as u64);
        let mut left = &bytes[..];
        while !left.is_empty() {
            left = &left[call.write(left, None).expect("taken")..];
        }
        drop(wait(call).expect("uploaded"));
    });
    let to_path = peak_of(|| drop(wait(client.download_file("c", None, &path)).expect("downloaded")));
    let mut buffer = vec![0; 64 * 1024];
    let read = peak_of(|| {
        let call = client.download("c", None);
        while !call.read(&mut buffer, None).expect("read").ended {}
    });
    let _ = std::fs::remove_file(path);
    for (way, peak) in
        [("memory", from_memory), ("path", from_path), ("pieces", in_pieces), ("to a path", to_path), ("read", read)]
    {
        assert!(peak < BOUND, "{way}: {peak} bytes");
    }
}

#[test]
fn a_message_is_encoded_in_at_most_three_allocations() {
    let asked_by = |work: &dyn Fn() -> dingstream::Result<String>| {
        let before = ASKED.get();
        work().expect("carried");
        ASKED.get() - before
    };
    let text = "**磁盘已满**\n\n> host: db-3, \"/var\" 97 %\n".repeat(8);
    let message = Message::markdown("alert", text);
    assert!(asked_by(&|| message.webhook_body()) <= 3);
    assert!(asked_by(&|| message.openapi_param()) <= 3);
    let mentioning = message.at_all();
    assert!(asked_by(&|| mentioning.webhook_body()) <= 3);
}
