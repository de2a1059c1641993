//! Connectors.

use connectors::view::{
    ConnectorAddRequest, ConnectorEditRequest, ConnectorListRequest, ConnectorListView,
    ConnectorSettings, ConnectorView, FieldError, ImportView, Status, TestDraftRequest,
    TestDraftView, TestReportView, TestStepView,
};
use connectors::{App, catalogue};
use tauri::ipc::Channel;
use tauri::{AppHandle, Runtime, State};

use crate::downloads;
use crate::error::CommandResult;
use crate::events::{Event, emit};
use crate::practice::PracticeHost;

/// A part of the list.
#[tauri::command]
pub async fn connector_list(
    app: State<'_, App>,
    request: ConnectorListRequest,
) -> CommandResult<ConnectorListView> {
    Ok(app.connector_list(request).await?)
}

/// One connector without secrets.
#[tauri::command]
pub async fn connector_show(app: State<'_, App>, code: String) -> CommandResult<ConnectorView> {
    Ok(app.connector_show(&code).await?)
}

/// A new connector. One that signs in to the practice federation finds it running.
#[tauri::command]
pub async fn connector_add<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    practice: State<'_, PracticeHost>,
    request: ConnectorAddRequest,
) -> CommandResult<ConnectorView> {
    let added = app.connector_add(request).await?;
    if added.row.preset.as_deref() != Some(catalogue::PRACTICE_SIGN_IN) {
        return changed(&handle, Ok(added));
    }
    if let Err(error) = practice.start(&app).await {
        tracing::warn!(code = ?error.code(), "the practice federation stays off");
    }
    emit(&handle, &Event::PracticeChanged);
    changed(&handle, app.connector_show(&added.row.code).await)
}

/// Changed settings.
#[tauri::command]
pub async fn connector_edit<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: ConnectorEditRequest,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.connector_edit(request).await)
}

/// Broken rules of settings as they are typed.
#[tauri::command]
pub async fn connector_check(
    app: State<'_, App>,
    settings: ConnectorSettings,
    code: Option<String>,
) -> CommandResult<Vec<FieldError>> {
    Ok(app.connector_check(settings, code).await?)
}

/// Pause or resume.
#[tauri::command]
pub async fn connector_set_status<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    status: Status,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.connector_set_status(&code, status).await)
}

/// Delete, restorable for 30 days.
#[tauri::command]
pub async fn connector_remove<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.connector_remove(&code).await)
}

/// Undo a deletion.
#[tauri::command]
pub async fn connector_restore<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.connector_restore(&code).await)
}

/// Destroy a deleted connector's credentials for ever.
#[tauri::command]
pub async fn connector_purge<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
) -> CommandResult<()> {
    changed(&handle, app.connector_purge(&code).await)
}

/// A copy without credentials.
#[tauri::command]
pub async fn connector_clone<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    new_code: String,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.connector_clone(&code, &new_code).await)
}

/// One connector or all as TOML, without secrets.
#[tauri::command]
pub async fn connector_export(app: State<'_, App>, code: Option<String>) -> CommandResult<String> {
    Ok(app.connector_export(code.as_deref()).await?)
}

/// The same as a file in the Downloads folder; gives back its path.
#[tauri::command]
pub async fn connector_export_save<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: Option<String>,
) -> CommandResult<String> {
    let text = app.connector_export(code.as_deref()).await?;
    let stem = code.as_deref().unwrap_or("connectors");
    Ok(downloads::save(&handle, stem, "toml", text.as_bytes())?)
}

/// Connectors out of TOML.
#[tauri::command]
pub async fn connector_import<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    text: String,
) -> CommandResult<ImportView> {
    changed(&handle, app.connector_import(&text).await)
}

/// Test a saved connector; steps come through the channel as they are done.
#[tauri::command]
pub async fn connector_test<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
    organisation: Option<String>,
    on_step: Channel<TestStepView>,
) -> CommandResult<TestReportView> {
    let mut sink = step_sink(&on_step);
    let outcome = app
        .connector_test(&code, organisation.as_deref(), &mut sink)
        .await;
    changed(&handle, outcome)
}

/// Test settings that are not saved.
#[tauri::command]
pub async fn connector_test_draft(
    app: State<'_, App>,
    request: TestDraftRequest,
    on_step: Channel<TestStepView>,
) -> CommandResult<TestDraftView> {
    let mut sink = step_sink(&on_step);
    Ok(app.connector_test_draft(request, &mut sink).await?)
}

/// Stop the running test.
#[tauri::command]
pub async fn test_cancel(app: State<'_, App>) -> CommandResult<()> {
    app.cancel_test();
    Ok(())
}

/// A window that was closed in the middle of a test misses its steps, and nothing else.
pub(super) fn step_sink(channel: &Channel<TestStepView>) -> impl FnMut(&TestStepView) + Send {
    let channel = channel.clone();
    move |step| {
        if let Err(error) = channel.send(step.clone()) {
            tracing::debug!(%error, "a step could not be shown");
        }
    }
}

/// Tells the window what changed, where something did.
pub(super) fn changed<T, R: Runtime>(
    handle: &AppHandle<R>,
    outcome: connectors::error::Result<T>,
) -> CommandResult<T> {
    let value = outcome?;
    emit(handle, &Event::ConnectorsChanged);
    Ok(value)
}
