//! Files of any size pass through a client, and never more than a little of them is held.

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::time::Duration;

use dingstream::{Call, Client, Config, MediaType};
use peak_alloc::PeakAlloc;
use serde_json::json;

/// Everything that this process holds: what the test and its server hold counts, too.
#[global_allocator]
static HELD: PeakAlloc = PeakAlloc;

const SIZE: usize = 20 * 1024 * 1024;
const MOST: usize = 1024 * 1024;
const DEADLINE: Duration = Duration::from_secs(60);

/// A DingTalk that keeps nothing of what it is given, and makes up what it gives.
fn serve() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("bound");
    std::thread::spawn(move || {
        for stream in listener.incoming().map_while(Result::ok) {
            std::thread::spawn(move || while answer(&stream, address).is_some() {});
        }
    });
    address
}

fn answer(mut stream: &TcpStream, address: SocketAddr) -> Option<()> {
    let mut reader = BufReader::with_capacity(16 * 1024, stream);
    let (mut asked, mut length) = (String::new(), 0);
    reader.read_line(&mut asked).ok()?;
    loop {
        let mut line = String::new();
        if reader.read_line(&mut line).ok()? <= 2 {
            break;
        }
        let line = line.to_ascii_lowercase();
        length = line.strip_prefix("content-length: ").and_then(|told| told.trim().parse().ok()).unwrap_or(length);
    }
    std::io::copy(&mut reader.take(length), &mut std::io::sink()).ok()?;
    let path = asked.split([' ', '?']).nth(1)?;
    if path == "/a.file" {
        write!(stream, "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {SIZE}\r\n\r\n").ok()?;
        let piece = [7; 16 * 1024];
        (0..SIZE / piece.len()).try_for_each(|_| stream.write_all(&piece)).ok()?;
        return None;
    }
    let told = json!({
        "accessToken": "t", "expireIn": 7200,
        "downloadUrl": format!("http://{address}/a.file"),
        "errcode": 0, "media_id": "@m",
    });
    let told = told.to_string();
    write!(stream, "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n\r\n{told}", told.len()).ok()
}

fn done(call: &Call) {
    call.wait(Some(DEADLINE)).expect("waiting").expect("in time").expect("done");
}

fn write(call: &Call) {
    let piece = [7; 50_000];
    let mut left = SIZE;
    while left > 0 {
        let written = call.write(&piece[..left.min(piece.len())], Some(DEADLINE)).expect("taken");
        assert!(written > 0, "there was no room in time");
        left -= written;
    }
}

fn read(call: &Call) {
    let (mut buffer, mut bytes) = ([0; 4096], 0);
    loop {
        let read = call.read(&mut buffer, Some(DEADLINE)).expect("brought");
        bytes += read.bytes;
        if read.ended {
            break;
        }
        assert!(read.bytes > 0, "nothing came in time");
    }
    assert_eq!(bytes, SIZE);
}

/// How much more was held at some moment of `work` than before it.
fn held(work: impl FnOnce()) -> usize {
    let before = HELD.current_usage();
    HELD.reset_peak_usage();
    work();
    HELD.peak_usage().saturating_sub(before)
}

#[test]
fn a_file_that_passes_through_is_never_held() {
    let mut config = Config::new("ding-demo", "secret");
    config.endpoint = format!("http://{}", serve());
    config.oapi_endpoint.clone_from(&config.endpoint);
    let client = Client::new(config).expect("valid");
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("a.mp4");
    // What is made once, such as the list of authorities, counts for nobody.
    done(&client.upload(MediaType::Image, "a.png", "x"));

    let ways: [(&str, &dyn Fn()); 5] = [
        ("download to a path", &|| done(&client.download_file("c1", None, &path))),
        ("download to a reader", &|| read(&client.download("c1", None))),
        ("upload from a path", &|| done(&client.upload_file(MediaType::Video, &path))),
        ("upload in pieces", &|| {
            let call = client.upload_pieces(MediaType::Video, "a.mp4", SIZE as u64);
            write(&call);
            done(&call);
        }),
        ("download that waits for its reader while something is uploaded", &|| {
            let waiting = client.download("c1", None);
            done(&client.upload_file(MediaType::Video, &path));
            read(&waiting);
        }),
    ];
    for (way, work) in ways {
        let held = held(work);
        assert!(held <= MOST, "{way}: {held} bytes were held");
    }
    let whole = vec![7; SIZE];
    let held = held(|| done(&client.upload(MediaType::Video, "a.mp4", whole)));
    assert!(held <= MOST, "upload from memory: {held} bytes were held beside the caller's");
}
