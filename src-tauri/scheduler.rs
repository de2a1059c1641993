//! The loop that lets clubs sync by themselves while the app runs: it sleeps until something is due, does it, and tells the
//! window. What is due is the product's to say.

use std::sync::Arc;
use std::time::Duration;

use connectors::clock::{Clock, SystemClock, UtcMillis};
use connectors::error::Code;
use connectors::{App, CancellationToken};
use tauri::{AppHandle, Listener, Manager, Runtime};
use tokio::sync::Notify;

use crate::events::{EVENT_NAME, Event, emit};

/// Between two looks at the clock. Timers stand still while a computer sleeps; the time of day does not.
const GLANCE: Duration = Duration::from_secs(60);
/// Between two looks into the file, in milliseconds: `fedctl` may have set another schedule.
const READ_AGAIN_MS: i64 = 15 * 60_000;
/// News come in bursts, and our own is among them.
const CALM: Duration = Duration::from_secs(2);

/// Runs as long as the app does.
pub fn run<R: Runtime>(handle: &AppHandle<R>) {
    let news = Arc::new(Notify::new());
    let heard = Arc::clone(&news);
    handle.listen_any(EVENT_NAME, move |_| heard.notify_one());
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let app = handle.state::<App>().inner().clone();
        loop {
            // Here news of every change arrive, so that the end of the log is never kept late.
            app.audit_anchor_now_and_then().await;
            let next = next(&app).await;
            if next.is_some_and(|at| at <= SystemClock.now()) && do_what_is_due(&handle, &app).await
            {
                continue;
            }
            wait(next, &news).await;
        }
    });
}

/// Until the moment comes, something has changed, or the file is to be read again.
async fn wait(next: Option<UtcMillis>, news: &Notify) {
    let began = SystemClock.now();
    loop {
        let woken = tokio::time::timeout(GLANCE, news.notified()).await.is_ok();
        if woken {
            tokio::time::sleep(CALM).await;
            return;
        }
        let now = SystemClock.now();
        let passed = now.0.saturating_sub(began.0);
        // A clock that was set back is a reason to look again as well.
        if next.is_some_and(|at| at <= now) || !(0..READ_AGAIN_MS).contains(&passed) {
            return;
        }
    }
}

/// When something is due; nothing is while the file is locked.
async fn next(app: &App) -> Option<UtcMillis> {
    match app.schedule_next().await {
        Ok(next) => next,
        Err(error) if matches!(error.code(), Code::Locked | Code::NotInitialised) => None,
        Err(error) => {
            tracing::warn!(code = ?error.code(), "the schedules could not be read");
            None
        }
    }
}

/// Whether it was done: otherwise it is not tried again at once.
async fn do_what_is_due<R: Runtime>(handle: &AppHandle<R>, app: &App) -> bool {
    let told = |_: &connectors::view::DueOutcomeView| emit(handle, &Event::SyncsChanged);
    match app.sync_run_due(told, CancellationToken::new()).await {
        Ok(done) => {
            if !done.is_empty() {
                emit(handle, &Event::ConnectorsChanged);
            }
            !done.is_empty()
        }
        Err(error) => {
            tracing::info!(code = ?error.code(), "what is due could not be done");
            false
        }
    }
}
