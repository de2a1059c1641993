//! What happens beside the window: opening the file, what is due after an opening, and one loop
//! for what is due every day in an app that is never closed.

use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use connectors::App;
use connectors::audit::Actor;
use connectors::error::Code;
use tauri::{AppHandle, Manager, Runtime, WebviewWindow};

use crate::autostart;
use crate::events::{Event, emit};
use crate::practice::PracticeHost;

/// The one window.
const MAIN: &str = "main";
/// For how long a second closing counts as the answer.
const ANSWER: Duration = Duration::from_secs(30);

/// Somebody wants the app to end. A state of its own, because a command of the window cannot end the runtime that it runs in.
#[derive(Default)]
pub struct Quit(tokio::sync::Notify);

impl Quit {
    /// Ends the app soon.
    pub fn now(&self) {
        self.0.notify_one();
    }
}

/// Ends the app when somebody wants it.
pub fn end_when_told<R: Runtime>(handle: &AppHandle<R>) {
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        handle.state::<Quit>().0.notified().await;
        handle.exit(0);
    });
}

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

/// Whether the window is to be seen, and whether somebody was asked before the end.
#[derive(Default)]
pub struct Window {
    /// The app was started by the session and not by a person, and nobody has asked for the window yet.
    unseen: AtomicBool,
    asked: AtomicBool,
}

/// A page shows its window when it has painted. One that fails to must not leave a running program
/// without a window.
pub fn show_at_last<R: Runtime>(window: WebviewWindow<R>) {
    let by_itself = std::env::args_os().any(|argument| argument == autostart::BACKGROUND);
    window
        .state::<Window>()
        .unseen
        .store(by_itself, Ordering::SeqCst);
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(Duration::from_secs(5)).await;
        if !window.is_visible().unwrap_or(true) {
            painted(&window);
        }
    });
}

/// Shows the window, unless the app was started to work without one.
pub fn painted<R: Runtime>(window: &WebviewWindow<R>) {
    if window.state::<Window>().unseen.load(Ordering::SeqCst) {
        tracing::info!("started without a window");
        return;
    }
    match window.show() {
        Ok(()) => tracing::info!("the window is shown"),
        Err(error) => tracing::warn!(%error, "the window could not be shown"),
    }
}

/// Brings the window back from wherever it is.
pub fn reveal<R: Runtime>(handle: &AppHandle<R>) {
    handle
        .state::<Window>()
        .unseen
        .store(false, Ordering::SeqCst);
    let Some(window) = handle.get_webview_window(MAIN) else {
        return;
    };
    if let Err(error) = window
        .show()
        .and_then(|()| window.unminimize())
        .and_then(|()| window.set_focus())
    {
        tracing::debug!(%error, "the window could not be brought to the front");
    }
}

/// What closing the window does: hide it where the app goes on, ask where a sync runs, else end.
pub fn watch_close<R: Runtime>(window: &WebviewWindow<R>) {
    let watched = window.clone();
    window.on_window_event(move |event| {
        let tauri::WindowEvent::CloseRequested { api, .. } = event else {
            return;
        };
        let app = watched.state::<App>();
        let asked = watched.state::<Window>().asked.load(Ordering::SeqCst);
        match on_close(app.settings().background, app.is_syncing(), asked) {
            OnClose::Hide => {
                api.prevent_close();
                if let Err(error) = watched.hide() {
                    tracing::warn!(%error, "the window could not be hidden");
                }
            }
            OnClose::Ask => {
                api.prevent_close();
                ask(watched.app_handle());
            }
            OnClose::End => {}
        }
    });
}

/// What becomes of a window that is being closed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum OnClose {
    Hide,
    Ask,
    End,
}

/// Who closes it a second time has been asked, or cannot be: a page that hangs must not hold the app.
fn on_close(background: bool, syncing: bool, asked: bool) -> OnClose {
    match (background, syncing, asked) {
        (true, ..) => OnClose::Hide,
        (false, true, false) => OnClose::Ask,
        (false, ..) => OnClose::End,
    }
}

/// Ends the app, or asks first where a sync runs.
pub fn quit<R: Runtime>(handle: &AppHandle<R>) {
    let syncing = handle.state::<App>().is_syncing();
    let asked = handle.state::<Window>().asked.load(Ordering::SeqCst);
    match on_close(false, syncing, asked) {
        OnClose::Ask => {
            reveal(handle);
            ask(handle);
        }
        OnClose::Hide | OnClose::End => handle.exit(0),
    }
}

fn ask<R: Runtime>(handle: &AppHandle<R>) {
    handle.state::<Window>().asked.store(true, Ordering::SeqCst);
    emit(handle, &Event::QuitAsked);
    let handle = handle.clone();
    tauri::async_runtime::spawn(async move {
        tokio::time::sleep(ANSWER).await;
        handle
            .state::<Window>()
            .asked
            .store(false, Ordering::SeqCst);
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

#[cfg(test)]
mod tests {
    use super::{OnClose, on_close};

    #[test]
    fn closing_hides_asks_or_ends() {
        for (background, syncing, asked, expected) in [
            (true, false, false, OnClose::Hide),
            (true, true, false, OnClose::Hide),
            (false, true, false, OnClose::Ask),
            (false, true, true, OnClose::End),
            (false, false, false, OnClose::End),
        ] {
            assert_eq!(
                on_close(background, syncing, asked),
                expected,
                "background {background}, syncing {syncing}, asked {asked}"
            );
        }
    }
}
