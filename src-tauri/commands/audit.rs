//! Commands of the audit log.

use connectors::App;
use connectors::view::{AuditListRequest, AuditListView, AuditVerifyView};
use tauri::State;

use crate::error::CommandResult;

/// A page of the log.
#[tauri::command]
pub async fn audit_list(
    app: State<'_, App>,
    request: AuditListRequest,
) -> CommandResult<AuditListView> {
    Ok(app.audit_list(request).await?)
}

/// What a check of the whole log finds.
#[tauri::command]
pub async fn audit_verify(app: State<'_, App>) -> CommandResult<AuditVerifyView> {
    Ok(app.audit_verify().await?)
}
