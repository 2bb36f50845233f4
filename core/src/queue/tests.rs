use std::sync::atomic::{AtomicUsize, Ordering};

use super::lanes::MAX_LOGS;
use super::*;
use crate::log::Level;

fn log(message: &str) -> Item {
    Item::Log { source: 7, record: Record { level: Level::Info, target: "test", message: message.to_owned() } }
}

fn take(queue: &Queue, max: usize) -> (Taken, usize) {
    let mut out = Vec::new();
    let taken = queue.take(max, Some(Duration::ZERO), &mut out).expect("not forked");
    (taken, out.len())
}

#[test]
fn a_wake_comes_once_until_a_take_came_back_short() {
    let (queue, woken) = (Queue::new(), Arc::new(AtomicUsize::new(0)));
    let count = Arc::clone(&woken);
    queue.on_wake(Some(Arc::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    })));
    queue.push(log("1"));
    queue.push(log("2"));
    assert_eq!(woken.load(Ordering::SeqCst), 1);
    assert_eq!(take(&queue, 2), (Taken::Some, 2));
    queue.push(log("3"));
    assert_eq!(woken.load(Ordering::SeqCst), 1, "a full take does not arm");
    assert_eq!(take(&queue, 2), (Taken::Some, 1));
    queue.push(log("4"));
    assert_eq!(woken.load(Ordering::SeqCst), 2);
    queue.on_wake(Some(Arc::new(|| {})));
}

#[test]
fn a_wake_that_comes_late_is_told_at_once() {
    let (queue, woken) = (Queue::new(), Arc::new(AtomicUsize::new(0)));
    queue.push(log("1"));
    let count = Arc::clone(&woken);
    queue.on_wake(Some(Arc::new(move || {
        count.fetch_add(1, Ordering::SeqCst);
    })));
    assert_eq!(woken.load(Ordering::SeqCst), 1);
}

#[test]
fn a_closed_queue_is_drained_first() {
    let queue = Queue::new();
    queue.push(log("1"));
    queue.close();
    assert_eq!(take(&queue, 8), (Taken::Some, 1));
    assert_eq!(take(&queue, 8), (Taken::Closed, 0));
}

#[test]
fn what_nobody_can_take_any_more_is_let_go() {
    let (queue, held) = (Queue::new(), Arc::new(()));
    let (weak, wake) = (queue.downgrade(), Arc::clone(&held));
    queue.on_wake(Some(Arc::new(move || drop(Arc::clone(&wake)))));
    queue.push(log("1"));
    drop(queue);
    assert!(weak.upgrade().is_none());
    assert_eq!(Arc::strong_count(&held), 1, "the wake is let go");
}

#[test]
fn nothing_asked_for_is_no_end() {
    let queue = Queue::new();
    queue.push(log("1"));
    queue.close();
    assert_eq!(take(&queue, 0), (Taken::Nothing, 0));
}

#[test]
fn logs_that_nobody_takes_are_bounded_and_told() {
    let queue = Queue::new();
    for index in 0..MAX_LOGS + 5 {
        queue.push(log(&index.to_string()));
    }
    assert_eq!(take(&queue, 10), (Taken::Some, 10));
    queue.push(log("after"));
    let mut out = Vec::new();
    queue.take(usize::MAX, Some(Duration::ZERO), &mut out).expect("not forked");
    let told =
        out.iter().any(|item| matches!(item, Item::Log { record, .. } if record.message.starts_with("5 log records")));
    assert!(told && out.len() == MAX_LOGS - 10 + 2);
}

#[test]
fn a_take_waits_for_a_push() {
    let queue = Queue::new();
    let pusher = queue.clone();
    let thread = std::thread::spawn(move || pusher.push(log("1")));
    let mut out = Vec::new();
    assert_eq!(queue.take(1, Some(Duration::from_secs(10)), &mut out).expect("not forked"), Taken::Some);
    thread.join().expect("pushed");
}

#[test]
fn deliveries_that_come_together_wake_as_many_threads_as_they_need() {
    let client = crate::Client::new(crate::Config::new("id", "secret")).expect("valid");
    let queue = Queue::new();
    let takers: Vec<_> = (0..3)
        .map(|_| {
            let queue = queue.clone();
            std::thread::spawn(move || {
                let mut out = Vec::new();
                queue.take(1, Some(Duration::from_secs(10)), &mut out).expect("not forked")
            })
        })
        .collect();
    while queue.lock().waiting < takers.len() {
        std::thread::sleep(Duration::from_millis(2));
    }
    let state = || crate::Delivery::state(client.shared(), "open", serde_json::json!({}));
    queue.deliver_all(&mut vec![state(), state(), state()]);
    for taker in takers {
        assert_eq!(taker.join().expect("taken"), Taken::Some);
    }
}
