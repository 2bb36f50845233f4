//! How long the core takes to read what arrives: `cargo bench -p dingstream-bench`.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use dingstream::Json;
use dingstream::stream::frame::Frame;

#[path = "../src/frames.rs"]
#[allow(dead_code, reason = "the endpoint needs more of it")]
mod frames;

/// Of a WebSocket frame whose length takes 16 bits.
const HEAD: usize = 4;

/// The bot message of 1.1 KB that all clients are measured with, as a text frame holds it.
fn message() -> String {
    let mut bytes = Vec::new();
    frames::Frames::new().write(0, &mut bytes);
    String::from_utf8(bytes.split_off(HEAD)).expect("JSON is UTF-8")
}

/// DingTalk's `ping`.
fn control() -> String {
    let mut bytes = Vec::new();
    frames::write_control(0, &mut bytes);
    String::from_utf8(bytes.split_off(HEAD)).expect("JSON is UTF-8")
}

fn decode(criterion: &mut Criterion) {
    let mut group = criterion.benchmark_group("decode");
    for (name, text) in [("a bot message", message()), ("a control frame", control())] {
        group.throughput(Throughput::Bytes(text.len() as u64));
        group.bench_function(name, |bench| bench.iter(|| Frame::decode(black_box(&text))));
    }
    group.finish();
}

fn read(criterion: &mut Criterion) {
    let data = Frame::decode(&message()).expect("valid").data;
    criterion.bench_function("read the text of a bot message", |bench| {
        bench.iter(|| Json::new(black_box(data.as_str())).text("/text/content").map(|text| text.len()));
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    decode(&mut criterion);
    read(&mut criterion);
    criterion.final_summary();
}
