//! Requests of a connector: its log, what is left of the minute, and one that a person tries.

use connectors::App;
use connectors::view::{RequestLogView, RequestView, RequestsLeftView, TryRequest};
use tauri::State;

use crate::error::CommandResult;

/// Rows of the log that the window asks for at a time.
const PAGE: u32 = 20;

/// Attempts of a connector, newest first.
#[tauri::command]
pub async fn request_log(
    app: State<'_, App>,
    code: String,
    before: Option<String>,
) -> CommandResult<RequestLogView> {
    Ok(app.request_log(&code, before.as_deref(), PAGE).await?)
}

/// How many requests may be made in this minute.
#[tauri::command]
pub async fn request_left(app: State<'_, App>, code: String) -> CommandResult<RequestsLeftView> {
    Ok(app.requests_left(&code).await?)
}

/// Sends one GET below the connector's address.
#[tauri::command]
pub async fn request_try(app: State<'_, App>, request: TryRequest) -> CommandResult<RequestView> {
    Ok(app.try_request(request).await?)
}
