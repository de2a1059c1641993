//! Credentials: in, never out.

use connectors::App;
use connectors::view::{ConnectorView, CredentialsSetRequest};
use tauri::{AppHandle, Runtime, State};

use super::connector::changed;
use crate::error::CommandResult;

/// New credentials.
#[tauri::command]
pub async fn credentials_set<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    request: CredentialsSetRequest,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.credentials_set(request).await)
}

/// Back to the earlier ones.
#[tauri::command]
pub async fn credentials_revert<R: Runtime>(
    handle: AppHandle<R>,
    app: State<'_, App>,
    code: String,
) -> CommandResult<ConnectorView> {
    changed(&handle, app.credentials_revert(&code).await)
}
