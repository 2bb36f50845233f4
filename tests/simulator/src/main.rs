//! The simulator as a program.

use std::io::{self, Write};
use std::time::Duration;

use clap::Parser;
use dingstream_simulator::{DEMO_APP, Options, Simulator};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::signal::unix::{SignalKind, signal};

/// A local DingTalk for developing and testing Stream clients. It prints one line of JSON when it is ready.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// The port on 127.0.0.1; 0 lets the system choose
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// An application that it knows; may be given several times [default: ding-demo:demo-secret]
    #[arg(long, value_name = "ID:SECRET", value_parser = parse_app)]
    app: Vec<(String, String)>,
    /// Where everything random comes from
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Chat with the bot: every line of standard input is a message to it, /help says what else
    #[arg(long)]
    chat: bool,
    /// How long a chat that is read from a file or a pipe waits for each answer
    #[arg(long, value_name = "SECONDS", default_value_t = 10, requires = "chat")]
    patience: u64,
    /// End when standard input ends, so that no test leaves it behind
    #[arg(long, conflicts_with = "chat")]
    exit_with_stdin: bool,
}

fn parse_app(text: &str) -> Result<(String, String), String> {
    let (id, secret) = text.split_once(':').ok_or("an app is given as ID:SECRET")?;
    Ok((id.to_owned(), secret.to_owned()))
}

fn main() {
    let code = run(Arguments::parse()).unwrap_or_else(|error| {
        // Standard error being closed is no reason to fail in another way.
        let _ = writeln!(io::stderr(), "dingstream-simulator: {error}");
        1
    });
    // Not a return from main: a thread that still reads standard input would keep the process.
    std::process::exit(code)
}

fn run(arguments: Arguments) -> io::Result<i32> {
    let patience = Duration::from_secs(arguments.patience);
    let mut options = Options { port: arguments.port, seed: arguments.seed, ..Options::default() };
    if !arguments.app.is_empty() {
        options.apps = arguments.app;
    }
    let (client_id, client_secret) =
        options.apps.first().cloned().unwrap_or((DEMO_APP.0.to_owned(), DEMO_APP.1.to_owned()));
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        // Before the ready line: whoever reads it may end the program at once.
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let simulator = Simulator::start(options)?;
        let ready = json!({
            "url": simulator.url(),
            "control": simulator.control_url(),
            "clientId": client_id,
            "clientSecret": client_secret,
        });
        writeln!(io::stdout(), "{ready}")?;
        tokio::select! {
            _ = interrupt.recv() => Ok(0),
            _ = terminate.recv() => Ok(0),
            () = stdin_ends(), if arguments.exit_with_stdin => Ok(0),
            answered = simulator.chat(patience), if arguments.chat => Ok(i32::from(!answered?)),
        }
    })
}

async fn stdin_ends() {
    let mut input = tokio::io::stdin();
    let mut buffer = [0; 1024];
    while input.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}
