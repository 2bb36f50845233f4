//! What the proxy knows of every frame.

use dingstream_faultproxy::{At, End, Passage, What};
use futures_util::SinkExt;
use serde_json::json;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{Data, OpCode};

use crate::harness::{World, next, push};

fn passage(id: Option<&str>, whole: bool, intact: bool) -> Passage {
    Passage { message_id: id.map(str::to_owned), whole, intact }
}

#[tokio::test]
async fn a_frame_is_whole_when_its_last_byte_was_forwarded() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    server.send(Message::text(push("m-1", 100))).await.expect("sent");
    next(&mut client).await.expect("a frame");
    world.proxy.strike(What::Cut.at(At::Payload)).expect("armed");
    server.send(Message::text(push("m-2", 100))).await.expect("sent");
    assert!(next(&mut client).await.is_err());
    let socket = world.ended().await;
    assert_eq!(socket.frames, [passage(Some("m-1"), true, true), passage(Some("m-2"), false, true)]);
    assert_eq!((socket.end, socket.struck), (End::Cut, vec![What::Cut.at(At::Payload)]));
}

#[tokio::test]
async fn what_is_corrupt_is_not_intact_and_what_is_double_is_told_twice() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    for (what, id) in [(What::Corrupt, "m-1"), (What::Duplicate, "m-2")] {
        world.proxy.strike(what).expect("armed");
        server.send(Message::text(push(id, 100))).await.expect("sent");
    }
    for _ in 0..3 {
        next(&mut client).await.expect("a frame");
    }
    let double = passage(Some("m-2"), true, true);
    assert_eq!(world.passed(3).await.frames, [passage(Some("m-1"), true, false), double.clone(), double]);
}

#[tokio::test]
async fn a_message_in_fragments_has_its_id_at_the_last_one() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    let text = push("m-1", 300);
    let (first, second) = text.split_at(150);
    let part =
        |text: &str, kind, last| Message::Frame(Frame::message(text.as_bytes().to_vec(), OpCode::Data(kind), last));
    server.send(part(first, Data::Text, false)).await.expect("sent");
    server.send(Message::Ping("in between".into())).await.expect("sent");
    server.send(part(second, Data::Continue, true)).await.expect("sent");
    assert_eq!(next(&mut client).await.expect("a ping"), Message::Ping("in between".into()));
    assert_eq!(next(&mut client).await.expect("a message"), Message::text(text));
    let other = passage(None, true, true);
    assert_eq!(world.passed(3).await.frames, [other.clone(), other, passage(Some("m-1"), true, true)]);
}

#[tokio::test]
async fn a_message_is_spoilt_by_any_of_its_fragments() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    world.proxy.strike(What::Corrupt).expect("armed");
    for (text, kind, last) in [("{\"a\":", Data::Text, false), ("1}", Data::Continue, true)] {
        let part = Frame::message(text.as_bytes().to_vec(), OpCode::Data(kind), last);
        server.send(Message::Frame(part)).await.expect("sent");
    }
    next(&mut client).await.expect("a message");
    assert_eq!(world.passed(2).await.frames, [passage(None, true, false), passage(None, true, false)]);
}

#[tokio::test]
async fn a_connection_that_both_sides_end_is_closed() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    assert_eq!(world.socket().end, End::Open);
    client.close(None).await.expect("open");
    assert!(next(&mut server).await.expect("a farewell").is_close());
    server.flush().await.expect("its answer");
    drop(server);
    while next(&mut client).await.is_ok() {}
    drop(client);
    assert_eq!(world.ended().await.end, End::Closed);
}

#[tokio::test]
async fn a_client_that_leaves_something_unread_has_reset() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    server.send(Message::text(push("m-1", 100))).await.expect("sent");
    // It has arrived when it can be peeked at, and is dropped unread.
    client.get_mut().peek(&mut [0]).await.expect("something to read");
    drop(client);
    assert_eq!(world.ended().await.end, End::Reset);
}

#[tokio::test]
async fn a_client_that_left_before_a_frame_came_has_reset_too() {
    let world = World::new().await;
    let (client, mut server) = world.sockets().await;
    world.proxy.strike(What::Stall).expect("struck");
    drop(client);
    server.send(Message::text(push("m-1", 100))).await.expect("sent");
    world.proxy.heal().expect("healed");
    while next(&mut server).await.is_ok() {}
    drop(server);
    assert_eq!(world.ended().await.end, End::Reset);
}

#[tokio::test]
async fn plain_connections_are_counted_but_not_told() {
    let world = World::new().await;
    let _plain = world.pair().await;
    let _sockets = world.sockets().await;
    assert_eq!((world.socket().connection, world.proxy.open_sockets()), (2, vec![2]));
    world.proxy.strike(What::Reset).expect("struck");
    assert_eq!((world.proxy.struck(), world.proxy.open_sockets()), (1, vec![]));
}

#[tokio::test]
async fn it_is_json() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    world.proxy.strike(What::Delay(1)).expect("struck");
    server.send(Message::text(push("m-1", 100))).await.expect("sent");
    next(&mut client).await.expect("a frame");
    let expected = json!([{
        "connection": 1,
        "end": "open",
        "struck": [{"what": {"delay": 1}, "on": "sockets", "at": "now"}],
        "answers": 0,
        "frames": [{"messageId": "m-1", "whole": true, "intact": true}],
    }]);
    assert_eq!(json!([world.passed(1).await]), expected);
}
