//! The conformance bot: one behaviour a run, written with the public API alone.

mod bot;
mod cards;
mod erring;
mod handled;
mod idle;
mod moving;
mod pulled;
mod read;
mod report;
mod requests;
mod said;
mod typing;
mod waiting;

use std::io;
use std::process::ExitCode;

use dingstream::Result;

#[tokio::main(flavor = "current_thread")]
async fn main() -> ExitCode {
    tracing_subscriber::fmt().with_writer(io::stderr).init();
    let behaviour = std::env::args().nth(1).unwrap_or_default();
    let Some(ended) = play(&behaviour).await else {
        report::complain(&format!("there is no behaviour {behaviour:?}"));
        return ExitCode::from(2);
    };
    // A start that fails is told apart from a run that fails.
    let failure = if behaviour == "start" { 3 } else { 1 };
    let code = match ended {
        Ok(()) => 0,
        Err(error) => {
            report::error(&error);
            failure
        }
    };
    report::handled();
    ExitCode::from(code)
}

/// `None` where nobody knows the behaviour.
async fn play(behaviour: &str) -> Option<Result<()>> {
    Some(match behaviour {
        "answer" => handled::answer().await,
        "echo" => handled::echo().await,
        "later" => handled::later().await,
        "fail" => handled::fail().await,
        "stats" => handled::stats().await,
        "slow" => handled::slow().await,
        "silent" => handled::silent().await,
        "gate" => handled::gate().await,
        "stop" => handled::stop().await,
        "two" => handled::two().await,
        "twice" => handled::twice().await,
        "reply" => handled::reply().await,
        "types" => handled::types().await,
        "card" => handled::card().await,
        "read" => read::read().await,
        "graph" => read::graph().await,
        "errors" => erring::errors().await,
        "media" => moving::media().await,
        "wait" => waiting::wait().await,
        "say" => said::say().await,
        "type" => typing::typed().await,
        "cards" => cards::cards().await,
        "start" => pulled::start().await,
        "restart" => pulled::restart().await,
        "iterate" => pulled::iterate().await,
        "idle" => idle::idle().await,
        "requests" => requests::requests().await,
        "decline" => pulled::decline().await,
        _ => return None,
    })
}
