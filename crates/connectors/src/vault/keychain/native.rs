//! The keychains of macOS and Windows, through the `keyring` crate. The Windows entry is kept on
//! this computer: its default would roam to others of the same domain.

use std::collections::HashMap;

use keyring_core::{Entry, Error as KeyringError};
use zeroize::Zeroizing;

use super::{KeychainError, SERVICE};

pub(super) fn read(account: &str) -> Result<Zeroizing<String>, KeychainError> {
    let password = entry(account)?.get_password().map_err(sort)?;
    Ok(Zeroizing::new(password))
}

pub(super) fn write(account: &str, secret: &str) -> Result<(), KeychainError> {
    entry(account)?.set_password(secret).map_err(sort)
}

pub(super) fn delete(account: &str) -> Result<(), KeychainError> {
    entry(account)?.delete_credential().map_err(sort)
}

fn entry(account: &str) -> Result<Entry, KeychainError> {
    // Asking for the status sets the platform's store up on first use.
    if keyring::Entry::store_status().is_err() {
        return Err(KeychainError::Absent);
    }
    let modifiers = if cfg!(windows) {
        HashMap::from([("persistence", "Local")])
    } else {
        HashMap::new()
    };
    Entry::new_with_modifiers(SERVICE, account, &modifiers).map_err(sort)
}

/// Only the kind of an error is kept: several carry the bytes of the secret. Taken by value, so
/// that those bytes are gone when this returns.
fn sort(problem: KeyringError) -> KeychainError {
    match problem {
        KeyringError::NoEntry => KeychainError::NoEntry,
        KeyringError::NoDefaultStore => KeychainError::Absent,
        KeyringError::NoStorageAccess(_) => KeychainError::Locked,
        KeyringError::Ambiguous(_) => KeychainError::Failed("it has several entries for this file"),
        KeyringError::BadEncoding(_) | KeyringError::BadDataFormat(..) => {
            KeychainError::Failed("its entry is not text")
        }
        _ => KeychainError::Failed("it refused"),
    }
}
