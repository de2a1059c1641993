//! `fedctl`: the product on the command line. A command takes its arguments, calls one method of
//! the app and prints; no rule of the product is decided here.

mod arguments;
mod commands;
mod context;
mod credentials_input;
mod exit;
mod failure;
mod output;
mod report;
mod secret_input;
mod stopping;
mod table;
mod usage;
mod words;

use std::path::PathBuf;
use std::process::ExitCode;
use std::time::Duration;

use clap::Parser;
use connectors::log_file::LogFile;

use arguments::Arguments;
use context::Context;
use exit::Exit;
use failure::Failure;
use output::Output;

/// How long threads that still work are waited for at the end.
const ENDING: Duration = Duration::from_millis(500);

fn main() -> ExitCode {
    connectors::process::disable_core_dumps();
    let Exit(code) = match Arguments::try_parse() {
        Ok(arguments) => run(arguments),
        Err(error) => usage::answer(&error),
    };
    ExitCode::from(code)
}

fn run(arguments: Arguments) -> Exit {
    let global = arguments.global;
    let output = Output::new(global.json, global.quiet);
    start_log(
        global.json,
        global.data_dir.as_ref(),
        arguments.command.works_unseen(),
    );
    let passphrase_file = global.passphrase_file();
    let context = Context::new(output, global.data_dir, passphrase_file, global.support);
    let outcome = stopping::runtime().and_then(|runtime| {
        let ends_by_signal = arguments.command.ends_by_signal();
        let grace = if ends_by_signal {
            Duration::ZERO
        } else {
            stopping::GRACE
        };
        let work = async {
            let outcome = commands::run(arguments.command, &context).await;
            context.end().await;
            outcome
        };
        let work = stopping::unless_stopped(work, || context.cancel(), grace);
        let outcome = runtime.block_on(work);
        // A thread that ends while the process does would free what the cipher's library frees too. A person that never
        // answers must not hold the process.
        runtime.shutdown_timeout(ENDING);
        match outcome {
            Err(Failure::Stopped(_)) if ends_by_signal => Ok(Exit::DONE),
            outcome => outcome,
        }
    });
    outcome.unwrap_or_else(|failure| {
        output.failure(&failure);
        failure.exit()
    })
}

/// What the product has to say beside results goes to standard error: warnings for people, and
/// what `FEDERATION_CONNECTORS_LOG` asks for. What runs where nobody looks is kept in the log file too.
fn start_log(json: bool, data_dir: Option<&PathBuf>, unseen: bool) {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;
    use tracing_subscriber::{EnvFilter, Layer as _, fmt};

    let wanted = EnvFilter::try_from_env("FEDERATION_CONNECTORS_LOG");
    let filter = match wanted {
        Ok(filter) => filter,
        // Lines of text would be in the way of scripts that read errors as JSON.
        Err(_) if json => EnvFilter::new("off"),
        Err(_) => EnvFilter::new("off,connectors=warn"),
    };
    let said = fmt::layer()
        .with_writer(std::io::stderr)
        .without_time()
        .with_target(false)
        .with_filter(filter);
    let kept = unseen
        .then(|| connectors::data_dir(data_dir.cloned()).ok())
        .flatten()
        .map(|folder| {
            let file = LogFile::new(&folder);
            fmt::layer()
                .with_ansi(false)
                .with_writer(move || file.clone())
                .with_filter(EnvFilter::new(connectors::log_file::FILTER))
        });
    tracing_subscriber::registry().with(said).with(kept).init();
}
