//! How long the core takes to write what is sent: `cargo bench -p dingstream-bench`.

use std::hint::black_box;

use criterion::Criterion;
use dingstream::stream::answer::{self, Settlement};
use dingstream::{Kind, Message};

/// A markdown of some 500 bytes, with what JSON has to escape.
fn markdown() -> Message {
    Message::markdown("alert", "**磁盘已满**\n\n> host: db-3, \"/var\" 97 %\n".repeat(8))
}

fn encode(criterion: &mut Criterion) {
    let message = markdown();
    criterion
        .bench_function("encode markdown for a webhook", |bench| bench.iter(|| black_box(&message).webhook_body()));
    criterion.bench_function("encode markdown for OpenAPI", |bench| bench.iter(|| black_box(&message).openapi_param()));
    let mentioning = markdown().at_mobile("13800000000").at_user("manager7543");
    criterion
        .bench_function("encode markdown with mentions", |bench| bench.iter(|| black_box(&mentioning).webhook_body()));
}

/// The answer to a bot message that was handled, into memory that is there.
fn answer(criterion: &mut Criterion) {
    let mut out = Vec::with_capacity(1024);
    criterion.bench_function("write the answer to a message", |bench| {
        bench.iter(|| {
            out.clear();
            answer::write(&mut out, Kind::Message, black_box("push-0000000042"), &Settlement::Ok(None));
            out.len()
        });
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    encode(&mut criterion);
    answer(&mut criterion);
    criterion.final_summary();
}
