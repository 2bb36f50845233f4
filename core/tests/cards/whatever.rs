//! Whatever is pushed and whatever breaks: what people see at the end is the whole text, or the fallback.

use std::thread;

use dingstream::{CardOptions, CardSession};
use serde_json::{Value, json};

use crate::seen::{cards, opened, shown, with};
use crate::support::{InTime, World, wait_for};

const FALLBACK: &str = "it went wrong";
/// How many sequences are tried, each with a simulator of its own; `SEED` plays another set.
const SEQUENCES: u64 = 32;

#[test]
fn the_end_shows_the_whole_text_or_the_fallback() {
    let first = std::env::var("SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(1) * SEQUENCES;
    let plays: Vec<_> = (first..first + SEQUENCES).map(|seed| thread::spawn(move || play(seed))).collect();
    for play in plays {
        play.join().expect("as it should be");
    }
}

/// One sequence, made from its number alone.
fn play(seed: u64) {
    let mut dice = fastrand::Rng::with_seed(seed);
    let world = World::new();
    let breaks = faults(&mut dice);
    for (what, how) in &breaks {
        world.breaks(what, how.clone());
    }
    if dice.u8(..4) == 0 {
        world.control("settings", json!({ "cardStreamRule": "strict" }));
    }
    let options = with(CardOptions::new("Thinking…"), |options| {
        FALLBACK.clone_into(&mut options.fallback);
        options.max_chars = dice.usize(100..1500);
        options.max_calls = dice.usize(3..20);
    });
    let (_client, session) = opened(&world, options);
    let text = typed(&mut dice, &world, &session);
    let ends_well = dice.u8(..4) > 0;
    let expected = match (ends_well, text.trim()) {
        (false, _) => FALLBACK,
        (true, "") => "Thinking…",
        (true, text) => text,
    };
    if ends_well {
        session.finish().in_time().unwrap_or_else(|error| panic!("{seed} {breaks:?}: {error}"));
    } else if dice.bool() {
        session.fail("").in_time().unwrap_or_else(|error| panic!("{seed} {breaks:?}: {error}"));
    } else {
        drop(session);
        wait_for("the end", || has_failed(&world));
    }
    let seen = seen(&world, ends_well);
    assert!(bare(&seen) == bare(expected), "{seed} {breaks:?}:\nseen {seen:?}\nnot  {expected:?}");
    let open: Vec<_> = left_open(&world);
    assert!(open.is_empty(), "{seed} {breaks:?}: {open:?}");
}

/// Pushes this and that, and tells what the text is then.
fn typed(dice: &mut fastrand::Rng, world: &World, session: &CardSession) -> String {
    const PARTS: &[&str] = &[
        "word ",
        "字字。",
        "\n\n",
        "**bold** ",
        "| a | b |\n",
        "| --- | --- |\n",
        "[link](https://e) ",
        "# head\n",
        "🙂",
    ];
    let mut text = String::new();
    for round in 0..dice.usize(1..4) {
        let part: String = (0..dice.usize(..200)).map(|_| PARTS[dice.usize(..PARTS.len())]).collect();
        if dice.u8(..5) == 0 {
            session.set(&part).expect("open");
            text = part;
        } else {
            session.push(&part).expect("open");
            text.push_str(&part);
        }
        if dice.u8(..8) == 0 {
            for card in left_open(world) {
                world.control("cards/forget", json!({ "outTrackId": card["outTrackId"] }));
            }
        }
        // So that some of it is shown before the rest is said, where there is a call left to show it.
        world.look(&format!("records?kind=request&count={}&wait=900", round + 1));
    }
    text
}

fn faults(dice: &mut fastrand::Rng) -> Vec<(&'static str, Value)> {
    const PLACES: &[&str] = &[
        "POST /v1.0/card/instances/createAndDeliver",
        "PUT /v1.0/card/streaming",
        "PUT /v1.0/card/streaming",
        "PUT /v1.0/card/instances",
    ];
    (0..dice.usize(..4))
        .map(|_| {
            let (place, times) = (PLACES[dice.usize(..PLACES.len())], dice.u32(1..3));
            let how = match dice.u8(..6) {
                0 => json!({ "status": 500, "times": times }),
                1 => json!({ "status": 500, "done": true, "times": times }),
                2 => json!({ "code": "Forbidden.AccessDenied.QpsLimitForAppkeyAndApi", "times": times }),
                3 => json!({ "body": "<html>bad gateway</html>", "status": 502, "times": times }),
                4 => json!({ "delayMs": 300, "times": times }),
                _ if place.starts_with("POST") => json!({ "code": "param.templateUnpublished", "times": times }),
                _ => json!({ "status": 503, "times": times }),
            };
            (place, how)
        })
        .collect()
}

fn has_failed(world: &World) -> bool {
    let records = world.look("records?kind=reply");
    let is_replied = records["records"].as_array().is_some_and(|records| !records.is_empty());
    is_replied || (there(world).iter().any(|card| card["state"] == "failed") && left_open(world).is_empty())
}

/// The cards that the server has not forgotten.
fn there(world: &World) -> Vec<Value> {
    cards(world).into_iter().filter(|card| card["forgotten"] != true).collect()
}

/// The cards that say that something follows.
fn left_open(world: &World) -> Vec<Value> {
    let is_open = |card: &Value| !matches!(card["state"].as_str(), Some("finished" | "failed"));
    there(world).into_iter().filter(is_open).collect()
}

/// What people see in the end: the cards one below the other, and what came as a message.
fn seen(world: &World, ends_well: bool) -> String {
    // One that failed although the end was good was withdrawn: what it held came as a message.
    let counts = |card: &&Value| !ends_well || card["state"] == "finished";
    let mut texts: Vec<String> = there(world).iter().filter(counts).map(|card| shown(card).0.to_owned()).collect();
    if !ends_well {
        // Cards that were full before stay as they are.
        texts.drain(..texts.len().saturating_sub(1));
    }
    let replies = world.look("records?kind=reply")["records"].as_array().cloned().unwrap_or_default();
    let replied: Vec<_> =
        replies.iter().filter_map(|reply| reply["body"]["markdown"]["text"].as_str().map(str::to_owned)).collect();
    if !ends_well && !replied.is_empty() {
        return replied.concat();
    }
    // A card that has nothing left to show shows that.
    texts.into_iter().filter(|text| text != "…").chain(replied).collect()
}

/// Without what separates: where a text is cut, the space is left out.
fn bare(text: &str) -> String {
    text.chars().filter(|sign| !sign.is_whitespace()).collect()
}
