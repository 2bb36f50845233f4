//! What a crash leaves open.

use std::time::Duration;

use dingstream::{CardOptions, Client, ErrorKind, Space};
use serde_json::json;
use tempfile::TempDir;

use crate::seen::{card, cards, shown, with};
use crate::support::{InTime, World, wait_for};

#[test]
fn what_a_crash_left_open_ends_at_the_next_start() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    let path = dir.path().join("cards");
    let config = || {
        let mut config = world.config();
        config.card_journal = path.to_str().expect("UTF-8").to_owned();
        config
    };
    let client = Client::new(config()).expect("valid");
    let options = with(CardOptions::new("…"), |options| {
        options.fallback = "gone".to_owned();
    });
    let session = client.card(Space::group("cid"), options).expect("opened");
    session.push("half").expect("open");
    wait_for("a part", || cards(&world).first().is_some_and(|card| shown(card).0 == "half"));
    // As the crash would leave it: the file with its line, and nobody who ends the card.
    let left = std::fs::read(&path).expect("a journal");
    session.finish().in_time().expect("finished");
    drop((session, client));
    let id = card(&world)["outTrackId"].as_str().expect("an id").to_owned();
    reopened(&world, &id);
    std::fs::write(dir.path().join("left"), left).expect("written");
    let mut config = config();
    config.card_journal = dir.path().join("left").to_str().expect("UTF-8").to_owned();
    let client = Client::new(config).expect("valid");
    client.start().in_time().expect("connected");
    wait_for("the end", || cards(&world).iter().any(|card| shown(card) == ("gone", "failed")));
    wait_for("the journal", || std::fs::read(dir.path().join("left")).is_ok_and(|text| text.ends_with(b"}\n")));
    client.stop(Duration::from_secs(10)).in_time().expect("stopped");
}

/// The card is open again, as if nobody had ended it.
fn reopened(world: &World, id: &str) {
    world.control("cards/forget", json!({ "outTrackId": id }));
    let client = Client::new(world.bare_config()).expect("valid");
    let card = dingstream::Card::new(dingstream::openapi::card::AI_MARKDOWN)
        .track_id(id)
        .value("msgContent", "half")
        .value("flowStatus", 2)
        .space(Space::group("cid"));
    client.card_send(card).in_time().expect("sent");
}

#[test]
fn a_journal_that_can_not_be_used_is_refused_at_the_start() {
    let (world, dir) = (World::new(), TempDir::new().expect("a directory"));
    let mut config = world.config();
    config.card_journal = dir.path().to_str().expect("UTF-8").to_owned();
    let client = Client::new(config).expect("valid");
    assert_eq!(client.start().in_time().expect_err("refused").kind(), ErrorKind::Config);
    assert_eq!(client.card(Space::group("c"), CardOptions::default()).expect_err("refused").kind(), ErrorKind::Config);
}
