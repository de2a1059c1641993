//! Starts the desktop app.
#![cfg_attr(not(debug_assertions), windows_subsystem = "windows")]

use std::process::ExitCode;

fn main() -> ExitCode {
    prepare_linux();
    connectors::process::disable_core_dumps();
    let filter = tracing_subscriber::EnvFilter::try_from_env("FEDERATION_CONNECTORS_LOG")
        // In a debug build the plugin would log an argument that is no link of ours, whole.
        .unwrap_or_else(|_| tracing_subscriber::EnvFilter::new("warn,tauri_plugin_deep_link=off"));
    start_log(filter);
    match federation_connectors_shell::run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("the app cannot start: {error}");
            ExitCode::FAILURE
        }
    }
}

/// To standard error what was asked for; into the log file what whoever helps may need.
fn start_log(filter: tracing_subscriber::EnvFilter) {
    use tracing_subscriber::layer::SubscriberExt as _;
    use tracing_subscriber::util::SubscriberInitExt as _;
    use tracing_subscriber::{EnvFilter, Layer as _, fmt};

    let said = fmt::layer()
        .with_writer(std::io::stderr)
        .with_filter(filter);
    let kept = connectors::data_dir(None).ok().map(|folder| {
        let file = connectors::log_file::LogFile::new(&folder);
        fmt::layer()
            .with_ansi(false)
            .with_writer(move || file.clone())
            .with_filter(EnvFilter::new(connectors::log_file::FILTER))
    });
    tracing_subscriber::registry().with(said).with(kept).init();
}

/// `WebKitGTK` shows an empty window with some graphics drivers unless this is set before it starts.
/// Setting a variable of one's own process is not safe once threads run, so the app starts itself
/// again with it, in the same process.
#[cfg(target_os = "linux")]
fn prepare_linux() {
    use std::os::unix::process::CommandExt;

    const SWITCH: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if std::env::var_os(SWITCH).is_some() {
        return;
    }
    if let Ok(own) = std::env::current_exe() {
        let mut again = std::process::Command::new(own);
        // Comes back only where it failed; the app then starts as it is.
        let _failed = again
            .args(std::env::args_os().skip(1))
            .env(SWITCH, "1")
            .exec();
    }
}

#[cfg(not(target_os = "linux"))]
fn prepare_linux() {}
