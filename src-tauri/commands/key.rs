//! The key and the ways to it.

use connectors::App;
use connectors::secret::SecretText;
use connectors::view::{KeyStatusView, SlotKind};
use tauri::State;

use crate::error::CommandResult;

/// Where the key is.
#[tauri::command]
pub async fn key_status(app: State<'_, App>) -> CommandResult<KeyStatusView> {
    Ok(app.key_status().await?)
}

/// A passphrase as a way in.
#[tauri::command]
pub async fn key_add_passphrase(
    app: State<'_, App>,
    passphrase: SecretText,
) -> CommandResult<KeyStatusView> {
    Ok(app.key_add_passphrase(passphrase).await?)
}

/// The keychain as a way in.
#[tauri::command]
pub async fn key_add_keychain(app: State<'_, App>) -> CommandResult<KeyStatusView> {
    Ok(app.key_add_keychain().await?)
}

/// One way in less.
#[tauri::command]
pub async fn key_remove_slot(app: State<'_, App>, kind: SlotKind) -> CommandResult<KeyStatusView> {
    Ok(app.key_remove_slot(kind).await?)
}

/// A new key for credentials.
#[tauri::command]
pub async fn key_rotate(app: State<'_, App>) -> CommandResult<KeyStatusView> {
    Ok(app.key_rotate().await?)
}
