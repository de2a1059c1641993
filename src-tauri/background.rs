//! What happens beside the window: opening the file, what is due after an opening, and one loop
//! for what is due every day in an app that is never closed.

use std::time::Duration;

use connectors::App;
use connectors::audit::Actor;
use connectors::error::Code;
use tauri::{AppHandle, Manager, Runtime, WebviewWindow};

use crate::events::{Event, emit};
use crate::practice::PracticeHost;

/// Opens the file beside the window.
pub fn open<R: Runtime>(handle: &AppHandle<R>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let app = handle.state::<App>().inner().clone();
        let opened = app.open().await;
        emit(&handle, &Event::AppStateChanged);
        match opened {
            Ok(()) => after_opening(&handle),
            // The screen says why; nothing else is to be done here.
            Err(error) => tracing::info!(code = ?error.code(), "the file is not open"),
        }
    });
}

/// A page shows its window when it has painted. One that fails to must not leave a running program
/// without a window.
pub fn show_at_last<R: Runtime>(window: WebviewWindow<R>) {
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if !window.is_visible().unwrap_or(true)
            && let Err(error) = window.show()
        {
            tracing::warn!(%error, "the window could not be shown");
        }
    });
}

/// The one loop: once an hour, as long as the app runs.
pub fn keep_up<R: Runtime>(handle: &AppHandle<R>) {
    let app = handle.state::<App>().inner().clone();
    tauri::async_runtime::spawn(async move {
        loop {
            tokio::time::sleep(Duration::from_secs(3_600)).await;
            do_what_is_due(&app).await;
        }
    });
}

/// Links that waited for the opening, the practice federation if it is in use, and what is due.
pub fn after_opening<R: Runtime>(handle: &AppHandle<R>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        let app = handle.state::<App>().inner().clone();
        // The federation first: a link may be of a sign-in to it.
        match handle.state::<PracticeHost>().resume(&app).await {
            Ok(true) => {
                emit(&handle, &Event::PracticeChanged);
                // It may run at another port than before, and its connectors with it.
                emit(&handle, &Event::ConnectorsChanged);
            }
            Ok(false) => {}
            Err(error) => tracing::warn!(code = ?error.code(), "the practice federation stays off"),
        }
        deliver_waiting_links(&handle, &app).await;
        do_what_is_due(&app).await;
        // The status names the last backup, and there may be a new one.
        emit(&handle, &Event::AppStateChanged);
    });
}

/// Completes the sign-ins whose links came while the file was locked.
pub async fn deliver_waiting_links<R: Runtime>(handle: &AppHandle<R>, app: &App) {
    let delivered = app.deliver_waiting_links().await;
    for error in delivered
        .iter()
        .filter_map(|outcome| outcome.as_ref().err())
    {
        tracing::warn!(code = ?error.code(), "a link that waited completed no sign-in");
    }
    if !delivered.is_empty() {
        emit(handle, &Event::ConnectorsChanged);
    }
}

/// What can no longer be undone, today's backup and the age of the credential key. A locked file has nothing due.
async fn do_what_is_due(app: &App) {
    // Nobody asked for it, and the audit log says so.
    let app = app.acting_as(Actor::Itself);
    for outcome in [
        app.tidy_sign_ins().await,
        // What can no longer be undone goes with it, and is counted.
        app.retention_run(false).await.map(drop),
        app.keep_keys_fresh().await,
        app.daily_backup().await,
    ] {
        match outcome {
            Ok(()) => {}
            Err(error) if matches!(error.code(), Code::Locked | Code::NotInitialised) => {}
            Err(error) => tracing::warn!(code = ?error.code(), "a daily duty could not be done"),
        }
    }
}
