//! How long the core takes to hand something over: `cargo bench -p dingstream-bench`.

use std::time::Duration;

use criterion::{BatchSize, Criterion, Throughput};
use dingstream::{Call, Client, Config, Queue};

/// What a window of 64 brings at once, and one by one.
const BATCHES: [usize; 2] = [1, 64];

/// Calls that have ended: what can be put into a queue without a connection.
fn ended(client: &Client, count: usize) -> Vec<Call> {
    let calls: Vec<_> = (0..count).map(|_| client.stop(Duration::ZERO)).collect();
    for call in &calls {
        call.wait(None).expect("a client that was never started stops at once");
    }
    calls
}

fn hand_over(criterion: &mut Criterion) {
    let client = Client::new(Config::new("ding-demo", "demo-secret")).expect("valid");
    let queue = Queue::new();
    let mut group = criterion.benchmark_group("put into a queue and take from it");
    for count in BATCHES {
        let mut taken = Vec::with_capacity(count);
        group.throughput(Throughput::Elements(count as u64));
        group.bench_function(format!("{count} at once"), |bench| {
            let hand_over = |calls: Vec<Call>| {
                for (tag, call) in calls.into_iter().enumerate() {
                    call.to_queue(&queue, tag as u64);
                }
                taken.clear();
                queue.take(count, Some(Duration::ZERO), &mut taken).expect("open");
                assert_eq!(taken.len(), count);
            };
            bench.iter_batched(|| ended(&client, count), hand_over, BatchSize::SmallInput);
        });
    }
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    hand_over(&mut criterion);
    criterion.final_summary();
}
