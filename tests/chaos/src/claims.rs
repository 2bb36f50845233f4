//! What must hold after a run, whatever broke.

use crate::Arguments;
use crate::books::Passages;
use crate::history::Outcome as Settled;
use crate::run::Outcome;

/// By so much may memory grow after the warm-up. The books of a run of 10,000 deliveries, the ledger and what the client
/// remembers on purpose take 8 MiB of it.
const GROWTH_KIB: u64 = 12 * 1024;

/// A sentence, and why it doesn't hold.
pub(crate) type Claim = (&'static str, Result<(), String>);

pub(crate) fn judge(arguments: &Arguments, outcome: &Outcome) -> Vec<Claim> {
    vec![
        ("as many faults struck as were asked for, half of them at a point", faults(arguments, outcome)),
        ("every event ended with an accepted ok", events_ended(outcome)),
        ("all ok answers of an event are equal", no_more(outcome.books.ambiguous.iter())),
        ("no handler ran again once it had settled ok, or twice at a time", no_run_too_many(outcome)),
        ("every event that was settled later or fail ran again", no_run_too_few(outcome)),
        ("every message was handled, counted, or is known not to have arrived", messages(outcome)),
        ("what came is what was handled, what came twice and what was refused", balance(outcome)),
        ("only what the network had corrupted could not be read", skipped(outcome)),
        ("memory stayed flat", memory(outcome)),
    ]
}

fn faults(arguments: &Arguments, outcome: &Outcome) -> Result<(), String> {
    let (all, pointed) = outcome.faults();
    hold(all >= usize::from(arguments.faults) && pointed * 2 >= all, || format!("{all} struck, {pointed} at a point"))
}

fn events_ended(outcome: &Outcome) -> Result<(), String> {
    no_more(outcome.books.given_up.iter())?;
    no_more(outcome.books.events.iter().filter(|(_, answer)| answer.is_none()).map(|(id, _)| id))
}

fn no_run_too_many(outcome: &Outcome) -> Result<(), String> {
    let runs = outcome.history.all();
    let wrong = runs.iter().filter(|(_, runs)| {
        let first_ok = runs.iter().position(|run| run.outcome == Some(Settled::Ok));
        first_ok.is_some_and(|at| at + 1 < runs.len()) || runs.iter().any(|run| run.overlaps)
    });
    no_more(wrong.map(|(id, _)| id))
}

fn no_run_too_few(outcome: &Outcome) -> Result<(), String> {
    let ended_ok = |id: &&String| outcome.history.runs(id).last().is_some_and(|run| run.outcome == Some(Settled::Ok));
    no_more(outcome.books.events.keys().filter(|id| !ended_ok(id)))
}

fn messages(outcome: &Outcome) -> Result<(), String> {
    let passages = Passages::of(outcome.ledger.clone());
    let unhandled = outcome.books.messages.iter().filter(|(id, _)| outcome.history.runs(id).is_empty());
    let arrived = unhandled.filter(|(_, frames)| frames.iter().any(|frame| passages.arrived.contains(frame)));
    let missing: Vec<_> = arrived.map(|(id, _)| id).collect();
    let counted = outcome.stats.refused;
    hold(missing.len() as u64 <= counted, || format!("{counted} were refused, but these are missing: {missing:?}"))
}

fn balance(outcome: &Outcome) -> Result<(), String> {
    let stats = &outcome.stats;
    let came = stats.messages + stats.events;
    let runs = outcome.history.all().values().map(Vec::len).sum::<usize>() as u64;
    let (settled, told) = (stats.ok + stats.later + stats.failed, stats.to_json());
    hold(came == runs + stats.duplicates + stats.refused && runs == settled, || {
        format!("{came} came, handlers ran {runs} times, and the client counted {told}")
    })
}

fn skipped(outcome: &Outcome) -> Result<(), String> {
    let Passages { corrupted, maybe_corrupted, .. } = Passages::of(outcome.ledger.clone());
    let skipped = outcome.stats.skipped;
    hold((corrupted as u64..=maybe_corrupted as u64).contains(&skipped), || {
        format!("{skipped} were skipped, {corrupted} to {maybe_corrupted} corrupted")
    })
}

fn memory(outcome: &Outcome) -> Result<(), String> {
    let growth = outcome.end_kib.saturating_sub(outcome.warm_kib);
    hold(growth <= GROWTH_KIB, || format!("it grew by {growth} KiB, above {GROWTH_KIB}"))
}

fn hold(holds: bool, why: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(why()) }
}

/// The error shows some of those that should not be there.
fn no_more<'a>(wrong: impl Iterator<Item = &'a String>) -> Result<(), String> {
    let wrong: Vec<_> = wrong.collect();
    hold(wrong.is_empty(), || format!("{} of them: {:?}", wrong.len(), &wrong[..wrong.len().min(10)]))
}
