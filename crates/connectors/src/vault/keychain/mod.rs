//! The keychain of the operating system, seen as three calls that may hang, fail or ask a person.
//! [`KeychainCaller`] puts a deadline around them. No error here carries the library's own text
//! or bytes: those can hold the secret.

mod caller;
#[cfg(any(target_os = "macos", windows))]
mod native;
#[cfg(all(unix, not(target_os = "macos")))]
mod secret_service;

use zeroize::Zeroizing;

use crate::error::LockReason;

pub use caller::{DEFAULT_DEADLINE, KeychainCaller};

/// The service name of all our entries.
pub const SERVICE: &str = "com.playerarc.connectors";

/// Where master keys are kept: the system's keychain, or one in memory in tests. Implementations
/// may block for as long as they like; call them through [`KeychainCaller`].
pub trait Keychain: Send + Sync + 'static {
    /// The secret of an account.
    fn read(&self, account: &str) -> Result<Zeroizing<String>, KeychainError>;
    /// Stores or replaces the secret of an account. The secret is ASCII of at most 512 bytes,
    /// because some keychains hold UTF-8 only and Windows 2,560 bytes.
    fn write(&self, account: &str, secret: &str) -> Result<(), KeychainError>;
    /// Removes the entry of an account.
    fn delete(&self, account: &str) -> Result<(), KeychainError>;
}

/// The state of a keychain that did not do what it was asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum KeychainError {
    /// No keychain service answers on this computer.
    #[error("no keychain service answers")]
    Absent,
    /// Locked, and nobody could be asked to unlock it.
    #[error("the keychain is locked")]
    Locked,
    /// Unlocked, and there is no entry.
    #[error("the keychain has no such entry")]
    NoEntry,
    /// A person closed its question.
    #[error("the keychain's question was closed")]
    Dismissed,
    /// No answer within the deadline.
    #[error("the keychain did not answer in time")]
    TimedOut,
    /// It stopped in mid-call or gave an answer that makes no sense; the words are ours.
    #[error("the keychain failed: {0}")]
    Failed(&'static str),
}

impl From<KeychainError> for LockReason {
    fn from(problem: KeychainError) -> Self {
        match problem {
            KeychainError::Absent => Self::KeychainAbsent,
            KeychainError::Locked => Self::KeychainLocked,
            KeychainError::NoEntry => Self::KeychainNoEntry,
            KeychainError::Dismissed => Self::KeychainDismissed,
            KeychainError::TimedOut => Self::KeychainTimeout,
            KeychainError::Failed(_) => Self::KeychainFailed,
        }
    }
}

/// The keychain of this computer: Secret Service on Linux, Keychain on macOS, Credential Manager
/// on Windows (kept on this computer, never roaming).
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemKeychain;

#[cfg(any(target_os = "macos", windows))]
use native as system;
#[cfg(all(unix, not(target_os = "macos")))]
use secret_service as system;

impl Keychain for SystemKeychain {
    fn read(&self, account: &str) -> Result<Zeroizing<String>, KeychainError> {
        system::read(account)
    }

    fn write(&self, account: &str, secret: &str) -> Result<(), KeychainError> {
        system::write(account, secret)
    }

    fn delete(&self, account: &str) -> Result<(), KeychainError> {
        system::delete(account)
    }
}

/// Stands where no keychain may be used: every call answers [`KeychainError::Absent`].
#[derive(Debug, Default, Clone, Copy)]
pub struct AbsentKeychain;

impl Keychain for AbsentKeychain {
    fn read(&self, _account: &str) -> Result<Zeroizing<String>, KeychainError> {
        Err(KeychainError::Absent)
    }

    fn write(&self, _account: &str, _secret: &str) -> Result<(), KeychainError> {
        Err(KeychainError::Absent)
    }

    fn delete(&self, _account: &str) -> Result<(), KeychainError> {
        Err(KeychainError::Absent)
    }
}
