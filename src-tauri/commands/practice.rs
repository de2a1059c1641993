//! The practice federation, run inside the app.

use connectors::App;
use connectors::view::{ConnectorView, PracticeView, TestStepView};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};

use super::connector::{changed, step_sink};
use crate::error::CommandResult;
use crate::events::{Event, emit};
use crate::practice::PracticeHost;

/// Whether it runs.
#[tauri::command]
pub async fn practice_status(host: State<'_, PracticeHost>) -> CommandResult<PracticeView> {
    Ok(host.view().await)
}

/// Starts it; connectors to it that are there follow it.
#[tauri::command]
pub async fn practice_start<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    host: State<'_, PracticeHost>,
) -> CommandResult<PracticeView> {
    host.start(&app).await?;
    emit(&handle, &Event::PracticeChanged);
    emit(&handle, &Event::ConnectorsChanged);
    Ok(host.view().await)
}

/// Stops it.
#[tauri::command]
pub async fn practice_stop<R: Runtime>(
    handle: AppHandle<R>,
    host: State<'_, PracticeHost>,
) -> CommandResult<PracticeView> {
    host.stop().await;
    emit(&handle, &Event::PracticeChanged);
    Ok(host.view().await)
}

/// Starts it, makes its connector and tests it.
#[tauri::command]
pub async fn practice_connect<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    host: State<'_, PracticeHost>,
    on_step: Channel<TestStepView>,
) -> CommandResult<ConnectorView> {
    let connector = host.connect(&app).await?;
    emit(&handle, &Event::PracticeChanged);
    let mut sink = step_sink(&on_step);
    app.connector_test(&connector.row.code, None, &mut sink)
        .await?;
    changed(&handle, app.connector_show(&connector.row.code).await)
}
