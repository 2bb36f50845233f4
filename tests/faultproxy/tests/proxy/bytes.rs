//! Faults of plain TCP.

use std::io::ErrorKind;
use std::time::{Duration, Instant};

use dingstream_faultproxy::{At, Fault, On, Side, What};
use tokio::io::AsyncReadExt;

use crate::harness::{World, expect, expect_reset, expect_silence, rest, send};

const FIRST: On = On::Connection(1);

#[tokio::test]
async fn bytes_pass_both_ways_and_so_does_the_end() {
    let world = World::new().await;
    let (mut client, mut server) = world.pair().await;
    send(&mut client, b"there").await;
    expect(&mut server, b"there").await;
    send(&mut server, b"and back").await;
    expect(&mut client, b"and back").await;
    drop(client);
    assert!(matches!(rest(&mut server).await, (read, Ok(_)) if read.is_empty()));
}

#[tokio::test]
async fn a_cut_is_a_fin_on_both_sides() {
    let world = World::new().await;
    let (mut client, mut server) = world.pair().await;
    send(&mut server, b"last words").await;
    expect(&mut client, b"last").await;
    world.proxy.strike(What::Cut.on(FIRST)).expect("struck");
    let (read, end) = rest(&mut client).await;
    assert_eq!((read, end.is_ok()), (b" words".to_vec(), true));
    assert!(rest(&mut server).await.1.is_ok());
}

#[tokio::test]
async fn a_reset_is_a_reset_on_both_sides() {
    let world = World::new().await;
    let (mut client, mut server) = world.pair().await;
    send(&mut client, b"there").await;
    expect(&mut server, b"there").await;
    world.proxy.strike(What::Reset.on(FIRST)).expect("struck");
    expect_reset(&mut client).await;
    expect_reset(&mut server).await;
}

#[tokio::test]
async fn the_reset_of_a_server_is_passed_on() {
    let world = World::new().await;
    let (mut client, mut server) = world.pair().await;
    send(&mut client, b"there").await;
    expect(&mut server, b"there").await;
    server.set_zero_linger().expect("a socket");
    drop(server);
    expect_reset(&mut client).await;
}

#[tokio::test]
async fn a_half_closed_connection_goes_on_in_the_other_direction() {
    for side in [Side::Client, Side::Server] {
        let world = World::new().await;
        let (client, server) = world.pair().await;
        world.proxy.strike(What::HalfClose(side).on(FIRST)).expect("struck");
        let (mut deaf, mut other) = if side == Side::Client { (client, server) } else { (server, client) };
        assert!(rest(&mut deaf).await.1.is_ok());
        send(&mut deaf, b"still there").await;
        expect(&mut other, b"still there").await;
    }
}

#[tokio::test]
async fn a_stalled_connection_is_silent_both_ways_until_healed() {
    let world = World::new().await;
    let (mut client, mut server) = world.pair().await;
    world.proxy.strike(What::Stall.on(FIRST)).expect("struck");
    send(&mut client, b"there").await;
    send(&mut server, b"back").await;
    // What passes on another connection afterwards shows that this one had its chance.
    let (mut other_client, mut other_server) = world.pair().await;
    send(&mut other_client, b"there").await;
    expect(&mut other_server, b"there").await;
    expect_silence(&client);
    expect_silence(&server);
    world.proxy.heal().expect("healed");
    expect(&mut server, b"there").await;
    expect(&mut client, b"back").await;
}

#[tokio::test]
async fn a_muted_connection_is_silent_towards_the_client_alone() {
    let world = World::new().await;
    let (mut client, mut server) = world.pair().await;
    world.proxy.strike(What::Mute.on(FIRST)).expect("struck");
    send(&mut server, b"back").await;
    send(&mut client, b"there").await;
    expect(&mut server, b"there").await;
    expect_silence(&client);
    world.proxy.heal().expect("healed");
    expect(&mut client, b"back").await;
}

#[tokio::test]
async fn a_stalled_connection_can_be_cut() {
    let world = World::new().await;
    let (mut client, _server) = world.pair().await;
    world.proxy.strike(What::Stall.on(FIRST)).expect("struck");
    world.proxy.strike(What::Cut.on(FIRST)).expect("struck");
    assert!(rest(&mut client).await.1.is_ok());
}

#[tokio::test]
async fn a_delay_holds_every_chunk() {
    let world = World::new().await;
    let (mut client, mut server) = world.pair().await;
    world.proxy.strike(What::Delay(50).on(FIRST)).expect("struck");
    let sent = Instant::now();
    send(&mut client, b"there").await;
    expect(&mut server, b"there").await;
    send(&mut server, b"back").await;
    expect(&mut client, b"back").await;
    assert!(sent.elapsed() >= Duration::from_millis(100));
}

#[tokio::test]
async fn a_refusing_port_keeps_its_connections_and_opens_when_healed() {
    let world = World::new().await;
    let (mut client, mut server) = world.pair().await;
    world.proxy.strike(What::Refuse).expect("struck");
    let refused = world.connect().await.expect_err("nobody listens");
    assert_eq!(refused.kind(), ErrorKind::ConnectionRefused);
    send(&mut client, b"there").await;
    expect(&mut server, b"there").await;
    world.proxy.heal().expect("healed");
    world.pair().await;
}

#[tokio::test]
async fn the_next_connection_is_struck_and_no_other() {
    let world = World::new().await;
    world.proxy.strike(What::Reset.on(On::Next)).expect("awaited");
    world.proxy.strike(What::Cut.on(On::Next)).expect("awaited");
    // So soon that connecting may see it already.
    let reset = async { world.connect().await?.read(&mut [0]).await };
    assert_eq!(reset.await.expect_err("a reset").kind(), ErrorKind::ConnectionReset);
    let mut cut = world.connect().await.expect("accepted");
    assert!(rest(&mut cut).await.1.is_ok());
    let _both_reached_the_server = (world.accept().await, world.accept().await);
    let (mut client, mut server) = world.pair().await;
    send(&mut client, b"there").await;
    expect(&mut server, b"there").await;
}

#[tokio::test]
async fn what_can_not_happen_is_refused_with_a_reason() {
    let world = World::new().await;
    assert!(world.proxy.strike(What::Cut.on(On::Connection(7))).expect_err("nobody").contains("no connection 7"));
    let pointed: Fault = What::Corrupt.at(At::Answer);
    assert!(world.proxy.strike(pointed).expect_err("no point").contains("takes no point"));
    assert_eq!(world.proxy.strike(What::Cut), Ok(Vec::new()), "there is no WebSocket to strike");
}
