//! Thousands of deliveries under hundreds of faults, and the claims that hold all the same.

mod books;
mod bot;
mod claims;
mod history;
mod memory;
mod run;
mod storm;
mod world;

use std::io::{self, Write};
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use dingstream_faultproxy::End;
use serde_json::{Value, json};

use crate::run::Outcome;

/// How long anything may take before the run gives up.
pub(crate) const DEADLINE: Duration = Duration::from_secs(20);

/// Pushes deliveries through a network that breaks all the time, and exits with 0 when nothing was lost.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// What all chance is drawn from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// How much is pushed: half events, half messages
    #[arg(long, default_value_t = 10_000)]
    deliveries: usize,
    /// How often something breaks
    #[arg(long, default_value_t = 200, value_parser = clap::value_parser!(u16).range(1..))]
    faults: u16,
}

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let failed = match run::run(&arguments).await {
        Ok(outcome) => tell(&arguments, &outcome),
        Err(why) => {
            let _ = writeln!(
                io::stdout(),
                "FAIL the run with seed {} came to its end: {why}\n0 passed, 1 failed",
                arguments.seed
            );
            1
        }
    };
    ExitCode::from(u8::from(failed > 0))
}

/// The summary, a line for each claim, and the sum; how many claims don't hold.
fn tell(arguments: &Arguments, outcome: &Outcome) -> usize {
    let claims = claims::judge(arguments, outcome);
    let mut told = format!("{}\n", summary(arguments, outcome));
    for (claim, holds) in &claims {
        told += &match holds {
            Ok(()) => format!("ok   {claim}\n"),
            Err(why) => format!("FAIL {claim}: {why}\n"),
        };
    }
    let failed = claims.iter().filter(|(_, holds)| holds.is_err()).count();
    // Nobody listens any more: the exit code still tells.
    let _ = writeln!(io::stdout(), "{told}{} passed, {failed} failed", claims.len() - failed);
    failed
}

fn summary(arguments: &Arguments, outcome: &Outcome) -> Value {
    let (faults, pointed) = outcome.faults();
    let stats = &outcome.stats;
    let unhandled = outcome.books.messages.keys().filter(|id| outcome.history.runs(id).is_empty()).count();
    json!({
        "seed": arguments.seed,
        "events": outcome.books.events.len(),
        "messages": outcome.books.messages.len(),
        "messagesThatNeverArrived": unhandled,
        "faults": faults,
        "faultsAtAPoint": pointed,
        "connections": outcome.ledger.len(),
        "closed": outcome.ends(End::Closed),
        "cut": outcome.ends(End::Cut),
        "halfClosed": outcome.ends(End::HalfClosed),
        "reset": outcome.ends(End::Reset),
        "eventsThatCame": stats.events,
        "duplicates": stats.duplicates,
        "refused": stats.refused,
        "skipped": stats.skipped,
        "overdue": stats.overdue,
        "lostAnswers": stats.lost_answers,
        "okAnswers": outcome.books.ok_answers,
        "warmKib": outcome.warm_kib,
        "endKib": outcome.end_kib,
        "seconds": outcome.took.as_secs_f64(),
    })
}
