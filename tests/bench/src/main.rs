//! Measures Stream clients: how fast they answer bot messages, and what it costs them.
//!
//! `measure` plays DingTalk to one client and prints its figures as a line of JSON; `idle` plays it to many that do
//! nothing; `pressure` asks too much of one. `plain` and `raw` are clients to compare with.

use std::io::Write;
use std::process::ExitCode;

mod answers;
mod endpoint;
mod frames;
mod idle;
mod load;
mod measure;
mod options;
mod plain;
mod pressure;
mod process;
mod raw;

/// Any error ends a program of this size, with its sentence.
type Result<T> = std::result::Result<T, Box<dyn std::error::Error + Send + Sync>>;

const USAGE: &str =
    "usage: dingstream-bench measure [--window N] [--warm-up SECONDS] [--seconds SECONDS | --messages N]
                              [--early N] -- COMMAND [ARGUMENT ...]
       dingstream-bench idle CLIENTS SECONDS -- COMMAND [ARGUMENT ...]
       dingstream-bench pressure [--messages N] [--a-second N] [--slow-read SECONDS] -- COMMAND [ARGUMENT ...]
       dingstream-bench plain URL
       dingstream-bench raw URL
In ARGUMENT, {url} stands for the address of the endpoint, {clients} for how many there are to be.";

fn main() -> ExitCode {
    let arguments: Vec<String> = std::env::args().skip(1).collect();
    let words: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let done = match words.as_slice() {
        ["measure", rest @ ..] => options::parse(rest).and_then(|options| say(&measure::measure(&options)?)),
        ["idle", clients, seconds, "--", command @ ..] if !command.is_empty() => options::idle(clients, seconds)
            .and_then(|(count, length)| say(&idle::measure(count, length, &options::owned(command))?)),
        ["pressure", rest @ ..] => options::pressure(rest).and_then(|options| say(&pressure::measure(&options)?)),
        ["plain", url] => plain::run(url),
        ["raw", url] => raw::run(url),
        _ => Err(USAGE.into()),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            let _ = writeln!(std::io::stderr(), "{error}");
            ExitCode::FAILURE
        }
    }
}

/// Prints one JSON line.
fn say(figures: &serde_json::Value) -> Result<()> {
    let mut out = std::io::stdout();
    writeln!(out, "{figures}")?;
    Ok(out.flush()?)
}
