//! The proxy as a program.

mod control;

use std::io::{self, Write};
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::sync::Arc;

use clap::Parser;
use dingstream_faultproxy::{FaultProxy, Options, Tls};
use serde_json::json;
use tokio::io::AsyncReadExt;
use tokio::net::TcpListener;
use tokio::signal::unix::{SignalKind, signal};

/// A proxy that breaks the network between a client and the simulator. It prints one line of JSON when it is ready.
#[derive(Debug, Parser)]
#[command(version)]
struct Arguments {
    /// Where every connection is forwarded to
    #[arg(long, value_name = "HOST:PORT")]
    upstream: String,
    /// The port on 127.0.0.1; 0 lets the system choose
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// Speak TLS with clients, and show this certificate
    #[arg(long, value_enum)]
    tls: Option<Tls>,
    /// Where to write the certificate of the CA that clients have to trust
    #[arg(long, value_name = "FILE", requires = "tls")]
    ca: Option<PathBuf>,
    /// End when standard input ends, so that no test leaves it behind
    #[arg(long)]
    exit_with_stdin: bool,
}

fn main() {
    let code = run(Arguments::parse()).map_or_else(
        |error| {
            // Standard error being closed is no reason to fail in another way.
            let _ = writeln!(io::stderr(), "dingstream-faultproxy: {error}");
            1
        },
        |()| 0,
    );
    // Not a return from main: a thread that still reads standard input would keep the process.
    std::process::exit(code)
}

fn run(arguments: Arguments) -> io::Result<()> {
    let options = Options { upstream: arguments.upstream, port: arguments.port, tls: arguments.tls };
    let proxy = Arc::new(FaultProxy::start(options)?);
    if let (Some(file), Some(pem)) = (&arguments.ca, proxy.ca_pem()) {
        std::fs::write(file, pem)?;
    }
    tokio::runtime::Builder::new_current_thread().enable_all().build()?.block_on(async {
        // Before the ready line: whoever reads it may end the program at once.
        let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let control = format!("http://{}/", listener.local_addr()?);
        writeln!(io::stdout(), "{}", json!({"url": proxy.url(), "control": control}))?;
        tokio::select! {
            served = axum::serve(listener, control::router(proxy)) => served,
            _ = interrupt.recv() => Ok(()),
            _ = terminate.recv() => Ok(()),
            () = stdin_ends(), if arguments.exit_with_stdin => Ok(()),
        }
    })
}

async fn stdin_ends() {
    let mut input = tokio::io::stdin();
    let mut buffer = [0; 1024];
    while input.read(&mut buffer).await.is_ok_and(|read| read > 0) {}
}
