//! Faults at a chosen point of a WebSocket.

use dingstream_faultproxy::{At, End, On, Side, What};
use futures_util::SinkExt;
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::harness::{World, expect, expect_reset, next, push, rest};

/// With 7, 16 and 64 bits of length, and how long the header then is.
const LENGTHS: [(usize, usize); 5] = [(100, 2), (125, 2), (126, 4), (65_535, 4), (65_536, 10)];

#[tokio::test]
async fn a_cut_inside_a_frame_leaves_its_header_or_half_of_it() {
    for (length, header) in LENGTHS {
        for (at, arrived) in [(At::Header, header), (At::Payload, header + length / 2)] {
            let world = World::new().await;
            let (mut client, mut server) = world.sockets().await;
            world.proxy.strike(What::Cut.at(at)).expect("armed");
            server.send(Message::text(push("m-1", length))).await.expect("sent");
            let (read, end) = rest(client.get_mut()).await;
            assert_eq!((read.len(), end.is_ok()), (arrived, true), "{length} bytes");
        }
    }
}

#[tokio::test]
async fn a_reset_inside_a_frame_is_seen_as_a_reset() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    world.proxy.strike(What::Reset.at(At::Payload)).expect("armed");
    server.send(Message::text(push("m-1", 1000))).await.expect("sent");
    expect_reset(client.get_mut()).await;
}

#[tokio::test]
async fn a_stall_inside_a_frame_ends_with_the_rest_of_it() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    world.proxy.strike(What::Stall.at(At::Header)).expect("armed");
    server.send(Message::text("stalled")).await.expect("sent");
    expect(client.get_mut(), &[0x81, 7]).await;
    world.socket_when(|socket| !socket.struck.is_empty()).await;
    world.proxy.heal().expect("healed");
    expect(client.get_mut(), b"stalled").await;
}

#[tokio::test]
async fn a_control_frame_is_no_point() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    world.proxy.strike(What::Cut.at(At::Header)).expect("armed");
    server.send(Message::Ping("ping".into())).await.expect("sent");
    assert_eq!(next(&mut client).await.expect("a ping"), Message::Ping("ping".into()));
    server.send(Message::text("a message")).await.expect("sent");
    assert!(next(&mut client).await.is_err());
}

#[tokio::test]
async fn before_an_answer_means_that_the_server_never_gets_it() {
    for (what, end) in [(What::Cut, End::Cut), (What::Reset, End::Reset)] {
        let world = World::new().await;
        let (mut client, mut server) = world.sockets().await;
        client.send(Message::text("the first")).await.expect("sent");
        assert_eq!(next(&mut server).await.expect("forwarded"), Message::text("the first"));
        world.proxy.strike(what.at(At::Answer)).expect("armed");
        client.send(Message::Ping("no answer".into())).await.expect("sent");
        assert_eq!(next(&mut server).await.expect("forwarded"), Message::Ping("no answer".into()));
        client.send(Message::text("the second")).await.expect("sent");
        assert!(next(&mut server).await.is_err());
        let socket = world.ended().await;
        assert_eq!((socket.end, socket.answers), (end, 1));
    }
}

#[tokio::test]
async fn an_answer_that_was_stalled_arrives_when_healed() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    world.proxy.strike(What::Stall.at(At::Answer)).expect("armed");
    client.send(Message::text("late")).await.expect("sent");
    // It has come as far as the proxy.
    world.socket_when(|socket| !socket.struck.is_empty()).await;
    world.proxy.heal().expect("healed");
    assert_eq!(next(&mut server).await.expect("forwarded"), Message::text("late"));
}

#[tokio::test]
async fn a_half_close_before_an_answer_lets_the_answer_through_or_not() {
    for (side, arrives) in [(Side::Client, true), (Side::Server, false)] {
        let world = World::new().await;
        let (mut client, mut server) = world.sockets().await;
        world.proxy.strike(What::HalfClose(side).at(At::Answer)).expect("armed");
        client.send(Message::text("an answer")).await.expect("sent");
        assert_eq!(next(&mut server).await.is_ok(), arrives, "{side:?}");
        assert_eq!(world.ended().await.end, End::HalfClosed);
    }
}

#[tokio::test]
async fn a_corrupt_frame_can_be_read_but_is_no_json() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    world.proxy.strike(What::Corrupt).expect("armed");
    server.send(Message::text("{}")).await.expect("sent");
    server.send(Message::text("{}")).await.expect("sent");
    assert_eq!(next(&mut client).await.expect("a frame"), Message::text("[}"));
    assert_eq!(next(&mut client).await.expect("a frame"), Message::text("{}"));
}

#[tokio::test]
async fn a_duplicate_comes_twice() {
    let world = World::new().await;
    let (mut client, mut server) = world.sockets().await;
    world.proxy.strike(What::Duplicate).expect("armed");
    server.send(Message::text("twice")).await.expect("sent");
    server.send(Message::text("once")).await.expect("sent");
    for text in ["twice", "twice", "once"] {
        assert_eq!(next(&mut client).await.expect("a frame"), Message::text(text));
    }
}

#[tokio::test]
async fn a_point_on_the_next_connection_is_that_of_the_next_websocket() {
    let world = World::new().await;
    let (mut before, mut before_server) = world.sockets().await;
    world.proxy.strike(What::Cut.at(At::Header).on(On::Next)).expect("awaited");
    let _plain = world.pair().await;
    let (mut client, mut server) = world.sockets().await;
    server.send(Message::text("struck")).await.expect("sent");
    assert!(matches!(next(&mut client).await, Err(Error::Protocol(_) | Error::Io(_))));
    before_server.send(Message::text("spared")).await.expect("sent");
    assert_eq!(next(&mut before).await.expect("a frame"), Message::text("spared"));
}
