use futures_util::FutureExt;
use serde_json::json;

use super::*;
use crate::client::{Client, Shared};
use crate::config::Ordering;
use crate::kind::Kind;
use crate::queue::{Item, Taken};
use crate::stream::connection::Connection;
use crate::stream::frame::Frame;
use crate::stream::intake::Intake;
use crate::stream::outbox::{Batch, Part};
use crate::stream::reception::expire;

mod memory;

/// A client without a network: frames come in here, answers and deliveries come out.
struct World {
    client: Client,
    connection: Arc<Connection>,
    intake: Intake,
    pushes: u64,
}

impl World {
    fn new(change: impl FnOnce(&mut Config)) -> Self {
        let mut config = Config::new("id", "secret");
        config.answer_message = crate::config::Answer::OnCompletion;
        change(&mut config);
        let client = Client::new(config).expect("valid");
        client.shared().inbox.lead_to(client.queue().downgrade());
        Self { client, connection: Arc::default(), intake: Intake::default(), pushes: 0 }
    }

    fn shared(&self) -> &Arc<Shared> {
        self.client.shared()
    }

    /// A push under an id of its own.
    fn push(&mut self, kind: Kind, headers: serde_json::Value, data: serde_json::Value) {
        self.pushes += 1;
        let text = json!({ "type": "CALLBACK", "headers": headers, "data": data.to_string() }).to_string();
        let mut frame = Frame::decode(&text).expect("readable");
        frame.message_id = format!("push-{}", self.pushes).into();
        self.intake.take(self.client.shared(), &self.connection, (kind, frame), Instant::now());
        self.hand_over();
    }

    fn hand_over(&mut self) {
        self.intake.hand_over(self.client.shared(), self.client.queue(), Instant::now());
    }

    fn message(&mut self, conversation: &str, id: &str) {
        self.say(conversation, id, "hi");
    }

    fn say(&mut self, conversation: &str, id: &str, text: &str) {
        let data =
            json!({ "robotCode": "r", "conversationId": conversation, "msgId": id, "text": { "content": text } });
        self.push(Kind::Message, json!({}), data);
    }

    fn event(&mut self, id: &str) {
        self.push(Kind::Event, json!({ "eventId": id }), json!({}));
    }

    fn card(&mut self, card: &str) {
        self.push(Kind::Card, json!({}), json!({ "outTrackId": card }));
    }

    /// What was handed over since, by the id or card that it tells.
    fn handed_over(&self) -> Vec<Delivery> {
        let mut items = Vec::new();
        while self.client.queue().take(100, Some(Duration::ZERO), &mut items).expect("not forked") == Taken::Some {}
        let deliveries = items.into_iter().filter_map(|item| match item {
            Item::Delivery(delivery) => Some(delivery),
            _ => None,
        });
        deliveries.collect()
    }

    fn one(&self) -> Delivery {
        let mut handed_over = self.handed_over();
        assert_eq!(handed_over.len(), 1, "one delivery was expected");
        handed_over.remove(0)
    }

    /// The code and data of each answer since.
    fn answers(&mut self) -> Vec<(u64, String)> {
        // What waits before it comes along at once.
        self.connection.ping();
        let batch = self.connection.outbox.take(Batch::default()).now_or_never().expect("a ping");
        let (mut answers, mut begin) = (Vec::new(), 0);
        for part in batch.parts {
            let Part::Answer(end) = part else { continue };
            let answer: serde_json::Value = serde_json::from_slice(&batch.text[begin..end]).expect("JSON");
            let data = answer["data"].as_str().expect("a text").to_owned();
            answers.push((answer["code"].as_u64().expect("a number"), data));
            begin = end;
        }
        answers
    }

    fn expire(&self) -> Option<Instant> {
        expire(self.shared(), Instant::now())
    }
}

fn ids(deliveries: &[Delivery]) -> Vec<String> {
    deliveries.iter().map(|delivery| delivery.data().text("/msgId").unwrap_or_default().into_owned()).collect()
}

fn ok() -> (u64, String) {
    (200, r#"{"response":null}"#.to_owned())
}

fn refused() -> (u64, String) {
    (500, r#"{"response":null}"#.to_owned())
}

fn success() -> (u64, String) {
    (200, r#"{"status":"SUCCESS","message":"success"}"#.to_owned())
}

#[tokio::test(start_paused = true)]
async fn events_are_refused_at_three_quarters_and_messages_at_the_bound() {
    let mut world = World::new(|config| (config.inbox_count, config.ordering) = (4, Ordering::None));
    (0..4).for_each(|id| world.event(&id.to_string()));
    assert_eq!(world.answers(), [(200, r#"{"status":"LATER","message":"the inbox is full"}"#.to_owned())]);
    let held = world.handed_over();
    world.message("c", "fits");
    world.message("c", "too much");
    assert_eq!(world.answers(), [refused()]);
    held[0].ok(json!(null)).expect("settled");
    world.message("c", "fits again");
    assert_eq!((world.answers(), world.client.stats().refused), (vec![success()], 2));
}

#[tokio::test(start_paused = true)]
async fn bytes_are_bounded_too_but_an_empty_inbox_takes_anything() {
    let mut world = World::new(|config| config.inbox_bytes = 10);
    world.message("c", "large");
    let large = world.one();
    world.message("d", "second");
    assert_eq!(world.answers(), [refused()]);
    large.ok(json!(null)).expect("settled");
    assert_eq!(world.client.stats().inbox_bytes, 0);
}

#[tokio::test(start_paused = true)]
async fn an_episode_of_refusals_is_told_once() {
    let mut world = World::new(|config| config.inbox_count = 1);
    let told = |world: &World| {
        let mut items = Vec::new();
        while world.client.queue().take(100, Some(Duration::ZERO), &mut items).expect("not forked") == Taken::Some {}
        let (logs, deliveries): (Vec<_>, Vec<_>) = items.into_iter().partition(|item| matches!(item, Item::Log { .. }));
        (logs.len(), deliveries)
    };
    world.message("a", "1");
    let (logs, first) = told(&world);
    assert_eq!(logs, 0);
    (0..5).for_each(|id| world.message("b", &format!("refused {id}")));
    assert_eq!(told(&world).0, 1);
    for item in first {
        let Item::Delivery(delivery) = item else { unreachable!("logs were parted") };
        delivery.ok(json!(null)).expect("settled");
    }
    world.message("a", "2");
    world.message("b", "refused");
    assert_eq!(told(&world).0, 1);
}

#[tokio::test(start_paused = true)]
async fn a_conversation_is_handled_in_order_while_another_overtakes() {
    let mut world = World::new(|_| {});
    for (conversation, id) in [("a", "1"), ("a", "2"), ("b", "3"), ("a", "4")] {
        world.message(conversation, id);
    }
    let now = world.handed_over();
    assert_eq!(ids(&now), ["1", "3"]);
    now[0].fail("why").expect("settled");
    let second = world.one();
    assert_eq!(second.data().text("/msgId").as_deref(), Some("2"));
    drop(second);
    assert_eq!(ids(&world.handed_over()), ["4"], "a dropped one makes room, too");
}

#[tokio::test(start_paused = true)]
async fn one_line_holds_at_most_an_eighth() {
    let mut world = World::new(|config| config.inbox_count = 16);
    (0..3).for_each(|id| world.message("a", &id.to_string()));
    assert_eq!(world.answers(), [refused()]);
    (0..7).for_each(|id| world.message(&format!("other {id}"), &format!("other {id}")));
    assert_eq!(world.answers(), []);
}

#[tokio::test(start_paused = true)]
async fn no_more_are_out_than_may_be() {
    let mut world = World::new(|config| config.max_in_flight = 2);
    (0..5).for_each(|id| world.message(&format!("c{id}"), &id.to_string()));
    let out = world.handed_over();
    assert_eq!(ids(&out), ["0", "1"]);
    let stats = world.client.stats();
    assert_eq!((stats.in_flight, stats.waiting), (2, 3));
    out[1].ok(json!(null)).expect("settled");
    assert_eq!(ids(&world.handed_over()), ["2"]);
}

#[tokio::test(start_paused = true)]
async fn a_command_jumps_the_line_and_the_bound() {
    let mut world = World::new(|config| {
        (config.max_in_flight, config.bypass) = (1, vec!["/stop".to_owned()]);
    });
    world.message("a", "1");
    world.message("a", "2");
    world.say("a", "now", "/stop");
    assert_eq!(ids(&world.handed_over()), ["now", "1"]);
}

#[tokio::test(start_paused = true)]
async fn the_same_thing_again_shares_one_answer() {
    let mut world = World::new(|_| {});
    (0..3).for_each(|_| world.message("a", "1"));
    let only = world.one();
    only.ok(json!(null)).expect("settled");
    assert_eq!(world.answers(), [ok(), ok(), ok()]);
    world.message("a", "1");
    assert_eq!((world.answers(), world.handed_over().len()), (vec![ok()], 0));
    assert_eq!(world.client.stats().duplicates, 3);
}

#[tokio::test(start_paused = true)]
async fn a_response_comes_again_byte_for_byte() {
    let mut world = World::new(|_| {});
    world.push(Kind::Card, json!({}), json!({}));
    world.one().ok(json!({ "b": 1.0, "a": "中" })).expect("settled");
    world.pushes -= 1;
    world.push(Kind::Card, json!({}), json!({}));
    let response = (200, r#"{"response":{"b":1.0,"a":"中"}}"#.to_owned());
    assert_eq!(world.answers(), [response.clone(), response]);
}

#[tokio::test(start_paused = true)]
async fn what_was_not_ok_runs_again() {
    let mut world = World::new(|_| {});
    type Settle = fn(Delivery);
    let ways: [Settle; 4] = [
        |delivery| delivery.later("busy").expect("settled"),
        |delivery| delivery.fail("why").expect("settled"),
        drop,
        |delivery| delivery.unhandled().expect("settled"),
    ];
    for settle in ways {
        world.event("e");
        settle(world.one());
    }
    world.event("e");
    world.one().ok(json!(null)).expect("settled");
    world.event("e");
    assert_eq!(world.handed_over().len(), 0);
}

#[tokio::test(start_paused = true)]
async fn what_nobody_listens_to_is_not_collected_without_end() {
    let mut world = World::new(|_| {});
    (0..100).for_each(|_| world.event("e"));
    assert_eq!(world.answers().len(), 35, "64 wait beside the first");
}

#[tokio::test(start_paused = true)]
async fn a_message_is_answered_on_receipt_and_still_runs_once() {
    let mut world = World::new(|config| config.answer_message = crate::config::Answer::OnReceipt);
    world.message("a", "1");
    world.message("a", "1");
    world.message("a", "2");
    assert_eq!(world.answers(), [ok(), ok(), ok()]);
    assert_eq!(ids(&world.handed_over()), ["1"]);
}

#[tokio::test(start_paused = true)]
async fn an_event_is_answered_before_the_platform_gives_up_and_goes_on() {
    let mut world = World::new(|_| {});
    world.event("e");
    let event = world.one();
    tokio::time::advance(Duration::from_millis(2500)).await;
    world.expire();
    assert_eq!(world.answers(), [(200, r#"{"status":"LATER","message":"it is still being handled"}"#.to_owned())]);
    world.event("e");
    assert_eq!(world.handed_over().len(), 0, "the redelivery joins");
    event.ok(json!(null)).expect("settling late is fine");
    world.event("e");
    assert_eq!(world.answers(), [success(), success()]);
    assert_eq!(world.client.stats().overdue, 1);
}

#[tokio::test(start_paused = true)]
async fn a_card_action_is_answered_empty_and_a_late_response_is_an_error() {
    let mut world = World::new(|_| {});
    world.card("a");
    world.card("b");
    let cards = world.handed_over();
    tokio::time::advance(Duration::from_millis(1800)).await;
    world.expire();
    let empty = (200, r#"{"response":{}}"#.to_owned());
    assert_eq!(world.answers(), [empty.clone(), empty]);
    let late = cards[0].ok(json!({ "a": 1 })).expect_err("too late");
    assert_eq!(late.kind(), crate::ErrorKind::Expired);
    cards[1].ok(json!(null)).expect("nothing was lost");
    assert_eq!(world.answers(), []);
}

#[tokio::test(start_paused = true)]
async fn a_handler_that_never_ends_is_given_up_and_frees_its_line() {
    let mut world = World::new(|_| {});
    world.message("a", "1");
    world.message("a", "2");
    let stuck = world.one();
    tokio::time::advance(Duration::from_secs(601)).await;
    world.expire();
    assert_eq!(world.answers(), [refused()]);
    let next = world.handed_over();
    assert_eq!(ids(&next), ["2"]);
    let late = stuck.ok(json!(null)).expect_err("too late");
    assert_eq!((late.kind(), world.client.stats().declined), (crate::ErrorKind::Expired, 1));
}

#[tokio::test(start_paused = true)]
async fn the_time_of_a_handler_begins_when_the_application_takes_what_it_handles() {
    let mut world = World::new(|_| {});
    world.message("a", "1");
    tokio::time::advance(Duration::from_secs(3600)).await;
    world.expire();
    assert_eq!(world.answers(), [], "a slow application is no stuck handler");
    let taken = world.one();
    tokio::time::advance(Duration::from_secs(599)).await;
    world.expire();
    taken.ok(json!(null)).expect("settled in time");
    assert_eq!(world.answers(), [ok()]);
}

#[tokio::test(start_paused = true)]
async fn the_time_is_only_counted_while_something_is_held() {
    let mut world = World::new(|_| {});
    assert_eq!(world.expire(), None);
    world.event("e");
    assert_eq!(world.expire(), Some(Instant::now() + Duration::from_millis(1800)));
    world.one().ok(json!(null)).expect("settled");
    assert_eq!(world.expire(), None);
}

#[tokio::test(start_paused = true)]
async fn what_waits_when_the_deadline_comes_is_refused() {
    let mut world = World::new(|config| config.max_in_flight = 1);
    for (conversation, id) in [("a", "1"), ("a", "2"), ("b", "3")] {
        world.message(conversation, id);
    }
    let running = world.one();
    let refused_count = crate::stream::reception::refuse_waiting(world.shared(), world.client.queue());
    assert_eq!((refused_count, world.answers()), (2, vec![refused(), refused()]));
    running.ok(json!(null)).expect("settled");
    assert_eq!((world.answers(), world.shared().inbox.held.count()), (vec![ok()], 0));
}

#[tokio::test(start_paused = true)]
async fn an_answer_whose_connection_is_gone_is_counted_and_remembered() {
    let mut world = World::new(|_| {});
    world.event("e");
    world.connection.close();
    world.one().ok(json!(null)).expect("settled");
    assert_eq!(world.client.stats().lost_answers, 1);
    world.connection = Arc::default();
    world.event("e");
    assert_eq!((world.answers(), world.handed_over().len()), (vec![success()], 0));
}
