//! The app as a whole: status, first run, lock, doctor, the window's first paint.

use connectors::App;
use connectors::secret::SecretText;
use connectors::view::{DoctorLineView, InitialiseRequest, StatusView};
use tauri::{AppHandle, Runtime, State, WebviewWindow};

use crate::background::{self, Quit};
use crate::error::CommandResult;
use crate::events::{Event, emit};

/// Version, place and state.
#[tauri::command]
pub async fn app_status(app: State<'_, App>) -> CommandResult<StatusView> {
    Ok(app.status().await)
}

/// Creates the key and the file.
#[tauri::command]
pub async fn app_initialise<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: InitialiseRequest,
) -> CommandResult<StatusView> {
    app.initialise(request).await?;
    emit(&handle, &Event::AppStateChanged);
    Ok(app.status().await)
}

/// Opens the file with the keychain, or with a passphrase.
#[tauri::command]
pub async fn app_unlock<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    passphrase: Option<SecretText>,
) -> CommandResult<StatusView> {
    let outcome = app.unlock(passphrase).await;
    emit(&handle, &Event::AppStateChanged);
    outcome?;
    background::after_opening(&handle);
    Ok(app.status().await)
}

/// Closes the file and forgets the keys.
#[tauri::command]
pub async fn app_lock<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
) -> CommandResult<StatusView> {
    app.lock().await?;
    emit(&handle, &Event::AppStateChanged);
    Ok(app.status().await)
}

/// Looks over this computer.
#[tauri::command]
pub async fn app_doctor(app: State<'_, App>) -> CommandResult<Vec<DoctorLineView>> {
    Ok(app
        .doctor_seen(tauri::webview_version().ok().as_deref())
        .await)
}

/// The page has painted: show the window, which was made hidden so that nobody sees it white.
#[tauri::command]
pub async fn window_ready<R: Runtime>(window: WebviewWindow<R>) -> CommandResult<()> {
    background::painted(&window);
    Ok(())
}

/// Ends the app: the person was asked, and a sync that runs is stopped.
#[tauri::command]
pub async fn app_quit(quit: State<'_, Quit>) -> CommandResult<()> {
    quit.now();
    Ok(())
}
