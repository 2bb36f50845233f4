//! A model that types into many cards at once, through card sessions: `write_cards CARDS TOKENS_A_SECOND TOKENS MAX_CALLS
//! MAX_CHARS`. `DINGSTREAM_ENDPOINT` says where DingTalk is. Prints what it did and what a push took as a line of JSON; what
//! people saw, the simulator tells. It is an example of this crate, and no program of it, so that the plain client is
//! built without the core.

use std::error::Error;
use std::io::Write;
use std::thread;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use dingstream::{Call, CardOptions, CardSession, Client, Config, Space};
use serde_json::{Value, json};

type Result<T> = std::result::Result<T, Box<dyn Error + Send + Sync>>;

/// How long the last card may take to end, once the model has.
const PATIENCE: Duration = Duration::from_secs(60);
/// The characters of the text begin with this one, each another than those around it.
const FIRST: u32 = 0x4E00;

fn main() -> Result<()> {
    let numbers: Vec<_> = std::env::args().skip(1).map(|word| word.parse()).collect::<std::result::Result<_, _>>()?;
    let &[cards, rate, tokens, max_calls, max_chars] = numbers.as_slice() else {
        return Err("usage: write_cards CARDS TOKENS_A_SECOND TOKENS MAX_CALLS MAX_CHARS".into());
    };
    let client = Client::new(Config::new("ding-demo", "demo-secret"))?;
    // Reserved and touched now, so that the memory which is watched is that of the cards.
    let mut pushes = vec![u32::MAX; cards * tokens];
    let begun = (now_ms(), Instant::now());
    let mut options = CardOptions::new("…");
    (options.max_calls, options.max_chars) = (max_calls, max_chars);
    let open = |card| client.card(Space::group(format!("cid-{card}")), options.clone());
    let sessions = (0..cards).map(open).collect::<dingstream::Result<Vec<_>>>()?;
    let late = produce(&sessions, begun.1, rate, tokens, &mut pushes)?;
    let ends: Vec<_> = sessions.iter().map(|session| (now_ms(), session.finish())).collect();
    let cards = ends.into_iter().map(|(ended, call)| told(ended, &call)).collect::<Result<Vec<_>>>()?;
    pushes.sort_unstable();
    let at = |share: usize| pushes.get((pushes.len() - 1) * share / 1000);
    let report = json!({
        "begun": begun.0,
        "lateMs": late.as_secs_f64() * 1e3,
        "pushNs": { "count": pushes.len(), "p50": at(500), "p99": at(990), "p999": at(999), "most": at(1000) },
        "cards": cards,
    });
    Ok(writeln!(std::io::stdout(), "{report}")?)
}

/// Every card gets its next token at the same moment; how late the latest came.
fn produce(
    sessions: &[CardSession],
    begun: Instant,
    rate: usize,
    tokens: usize,
    pushes: &mut [u32],
) -> Result<Duration> {
    let (mut late, mut pushes) = (Duration::ZERO, pushes.iter_mut());
    for number in 0..tokens {
        let due = begun + Duration::from_secs_f64(number as f64 / rate as f64);
        thread::sleep(due.saturating_duration_since(Instant::now()));
        late = late.max(due.elapsed());
        let token = char::from_u32(FIRST + (number % 20_000) as u32).unwrap_or('字').to_string();
        for (session, took) in sessions.iter().zip(&mut pushes) {
            let start = Instant::now();
            session.push(&token)?;
            *took = u32::try_from(start.elapsed().as_nanos()).unwrap_or(u32::MAX);
        }
    }
    Ok(late)
}

fn told(ended: u64, call: &Call) -> Result<Value> {
    let told = match call.wait(Some(PATIENCE))? {
        None => json!({ "error": "it did not end in time" }),
        Some(Err(error)) => json!({ "error": error.to_string() }),
        Some(Ok(told)) => json!({
            "via": told.value("/via"),
            "state": told.value("/state"),
            "tracks": told.value("/outTrackIds"),
            "calls": told.value("/calls"),
            "degraded": told.value("/degraded"),
        }),
    };
    Ok(json!({ "ended": ended, "told": told }))
}

fn now_ms() -> u64 {
    let now = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    u64::try_from(now.as_millis()).unwrap_or(u64::MAX)
}
