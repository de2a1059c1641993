//! Ctrl-C and the request to end: a running test is cancelled, an open transaction is left to the
//! file's own recovery, and the process ends within a second with the usual number.

use std::future::Future;
use std::time::Duration;

use connectors::error::Error;
use tokio::runtime::{Builder, Runtime};

use crate::exit::Exit;
use crate::failure::{Failure, Outcome};

/// How long the work may take to come to its own end after it was told to stop.
pub(crate) const GRACE: Duration = Duration::from_secs(1);

/// One thread is enough for one command, and starts faster.
pub(crate) fn runtime() -> Result<Runtime, Failure> {
    Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(|source| Error::internal("start", source).into())
}

/// Runs `work`; when the process is told to stop, calls `cancel` and gives the work `grace`.
pub(crate) async fn unless_stopped(
    work: impl Future<Output = Outcome>,
    cancel: impl Fn(),
    grace: Duration,
) -> Outcome {
    let mut work = std::pin::pin!(work);
    let stopped = tokio::select! {
        outcome = &mut work => return outcome,
        stopped = told_to_stop() => stopped,
    };
    cancel();
    let ended = tokio::select! {
        ended = tokio::time::timeout(grace, &mut work) => ended.ok(),
        _ = told_to_stop() => None,
    };
    match ended {
        // Work that came to its end has said so itself; the number is that of the signal.
        Some(Ok(_)) => Ok(stopped),
        _ => Err(Failure::Stopped(stopped)),
    }
}

/// Waits for Ctrl-C (130) or a polite kill (143).
#[cfg(unix)]
async fn told_to_stop() -> Exit {
    use tokio::signal::unix::{SignalKind, signal};

    let Ok(mut terminate) = signal(SignalKind::terminate()) else {
        return interrupted().await;
    };
    tokio::select! {
        exit = interrupted() => exit,
        _ = terminate.recv() => Exit(143),
    }
}

#[cfg(not(unix))]
async fn told_to_stop() -> Exit {
    interrupted().await
}

async fn interrupted() -> Exit {
    if tokio::signal::ctrl_c().await.is_err() {
        // Without the handler the system's own ends the process, which is as good.
        std::future::pending::<()>().await;
    }
    Exit::INTERRUPTED
}
