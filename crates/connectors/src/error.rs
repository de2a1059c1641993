//! The product's one error. A code exists only where a client acts on it; the window's texts and
//! `fedctl`'s exit codes are exhaustive over [`Code`].

use std::path::PathBuf;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::failure::{FailureClass, Finding};

/// Result of the product's methods.
pub type Result<T, E = Error> = std::result::Result<T, E>;

/// What a client does about an error.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Code {
    /// Mend the named fields.
    Invalid,
    /// It is there already: choose another federation code, or another club.
    Duplicate,
    /// Somebody else changed it first: load it again.
    ChangedMeanwhile,
    /// A guard, or an undo, holds it: look, then allow it or leave it.
    Held,
    /// The view that was chosen on this computer does not show it: choose another one.
    ViewForbids,
    /// Nothing of that name.
    NotFound,
    /// The connector is deleted: restore it first.
    Deleted,
    /// First run: create the key.
    NotInitialised,
    /// There is a key already: `init` changes nothing.
    AlreadyInitialised,
    /// Unlock; the reason says how.
    Locked,
    /// The passphrase is wrong.
    WrongPassphrase,
    /// The only way in cannot be removed.
    LastSlot,
    /// The file was written by a newer version: update the app.
    NewerSchema,
    /// The file is damaged: restore a backup.
    Damaged,
    /// The folder cannot be written or read: permissions.
    StorageDenied,
    /// The disk is full.
    StorageFull,
    /// The file is busy or on a file system that cannot hold it.
    StorageFailed,
    /// A file given by the user cannot be read or is not what it should be.
    BadFile,
    /// The federation: sign in.
    NeedsSignIn,
    /// The federation: replace the key or password.
    BadCredentials,
    /// The federation: mend the settings.
    BadConfiguration,
    /// The federation: not allowed.
    Forbidden,
    /// The federation: later.
    RateLimited,
    /// The federation: later.
    FederationDown,
    /// The federation: its answer cannot be used.
    BadAnswer,
    /// This computer has no network.
    Offline,
    /// The person stopped it.
    Cancelled,
    /// Our own mistake.
    Internal,
}

impl From<FailureClass> for Code {
    fn from(class: FailureClass) -> Self {
        match class {
            FailureClass::NeedsSignIn => Self::NeedsSignIn,
            FailureClass::BadCredentials => Self::BadCredentials,
            FailureClass::BadConfiguration => Self::BadConfiguration,
            FailureClass::NotFound => Self::NotFound,
            FailureClass::Forbidden => Self::Forbidden,
            FailureClass::RateLimited => Self::RateLimited,
            FailureClass::FederationDown => Self::FederationDown,
            FailureClass::BadAnswer => Self::BadAnswer,
            FailureClass::Offline => Self::Offline,
            FailureClass::Locked => Self::Locked,
            FailureClass::Cancelled => Self::Cancelled,
            FailureClass::Internal => Self::Internal,
        }
    }
}

/// Why the vault is locked. Each has its own sentence and way out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// The person pressed "Lock now".
    ByUser,
    /// The app is just opening the file.
    Opening,
    /// No keychain service answers on this computer.
    KeychainAbsent,
    /// The keychain is locked.
    KeychainLocked,
    /// The keychain is there and has no entry for this file. No new key is made.
    KeychainNoEntry,
    /// The keychain's entry is not this file's key.
    KeychainWrongKey,
    /// The system's prompt was closed without an answer.
    KeychainDismissed,
    /// The keychain did not answer in time.
    KeychainTimeout,
    /// The keychain stopped in mid-call or failed in another way.
    KeychainFailed,
    /// The file has no keychain slot; a passphrase opens it.
    PassphraseNeeded,
}

/// Which rule a field breaks. The window has a sentence for each.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FieldRule {
    /// Must not be empty.
    Required,
    /// Too long.
    TooLong,
    /// Too short (passphrase).
    TooShort,
    /// Not of the pattern (federation code, header name, cron, time zone).
    Pattern,
    /// Already used by another connector.
    Taken,
    /// Already used by a deleted connector; the code stays reserved until it is purged.
    TakenByDeleted,
    /// This club, or the federation's id of it, is connected to this connector already.
    AlreadyConnected,
    /// Not an address at all.
    InvalidUrl,
    /// Must start with `https://`.
    NotHttps,
    /// `http://` to this computer needs the explicit switch.
    HttpLoopbackSwitch,
    /// User name or password inside an address.
    UserInfo,
    /// A `#…` inside an address.
    Fragment,
    /// A control character (NUL, line break).
    ControlCharacter,
    /// Outside the range.
    OutOfRange,
    /// Does not belong to the chosen kind.
    NotForKind,
    /// Two settings exclude one another.
    Exclusive,
    /// Not a known word.
    Unknown,
    /// The file does not exist or cannot be read.
    Unreadable,
}

/// One broken rule of one field. `field` is the dotted key of the TOML file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldError {
    /// Dotted key, e.g. `endpoints.base`.
    pub field: String,
    /// The rule.
    pub rule: FieldRule,
    /// A sentence in English for the command line; never contains a secret.
    pub message: String,
}

/// Where a file could not be opened.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum StorageProblem {
    /// No permission, or a read-only folder.
    Denied,
    /// No space left.
    Full,
    /// Anything else (busy, network folder, input/output error).
    Failed,
}

/// What went wrong. `Display` is a sentence for people in lower case without a full stop.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// One or more fields break a rule.
    #[error("{}", describe_fields(.0))]
    Invalid(Vec<FieldError>),
    /// A state of the request that needs a person: a code with its sentence.
    #[error("{message}")]
    Refused {
        /// What the client does about it.
        code: Code,
        /// The sentence.
        message: String,
    },
    /// The vault is locked.
    #[error("{}", describe_lock(*.0))]
    Locked(LockReason),
    /// The file was written by a newer version.
    #[error(
        "the data file has format {found}, this version knows up to {known}; nothing was changed, please update"
    )]
    NewerSchema {
        /// Format in the file.
        found: u32,
        /// Newest format this version knows.
        known: u32,
    },
    /// The file is damaged; it was not changed.
    #[error("the data file {} is damaged or not ours; it was not changed", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
    },
    /// The operating system refused.
    #[error("cannot {doing} {}", path.display())]
    Storage {
        /// Which way out there is.
        problem: StorageProblem,
        /// What was being done, e.g. `write`.
        doing: &'static str,
        /// Where.
        path: PathBuf,
        /// The cause.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
    /// The federation, or the way to it, failed.
    #[error("{message}")]
    Federation {
        /// What was seen.
        finding: Finding,
        /// HTTP status where there was one.
        status: Option<u16>,
        /// Sentence with what to do.
        message: String,
        /// Requests sent.
        attempts: u32,
    },
    /// Our own mistake.
    #[error("unexpected: {doing}")]
    Internal {
        /// What was being done.
        doing: &'static str,
        /// The cause.
        #[source]
        source: Option<Box<dyn std::error::Error + Send + Sync>>,
    },
}

impl Error {
    /// A refusal with its sentence.
    pub fn refused(code: Code, message: impl Into<String>) -> Self {
        Self::Refused {
            code,
            message: message.into(),
        }
    }

    /// Our own mistake, with its cause.
    pub fn internal(
        doing: &'static str,
        source: impl Into<Box<dyn std::error::Error + Send + Sync>>,
    ) -> Self {
        Self::Internal {
            doing,
            source: Some(source.into()),
        }
    }

    /// One broken field.
    pub fn field(field: impl Into<String>, rule: FieldRule, message: impl Into<String>) -> Self {
        Self::Invalid(vec![FieldError {
            field: field.into(),
            rule,
            message: message.into(),
        }])
    }

    /// An input/output error, sorted into denied, full and failed.
    pub fn io(doing: &'static str, path: impl Into<PathBuf>, source: std::io::Error) -> Self {
        use std::io::ErrorKind as K;
        let problem = match source.kind() {
            K::PermissionDenied | K::ReadOnlyFilesystem => StorageProblem::Denied,
            K::StorageFull | K::QuotaExceeded => StorageProblem::Full,
            _ => StorageProblem::Failed,
        };
        Self::Storage {
            problem,
            doing,
            path: path.into(),
            source: Some(Box::new(source)),
        }
    }

    /// What a client does about it.
    pub fn code(&self) -> Code {
        match self {
            Self::Invalid(fields) => {
                let taken = |f: &FieldError| {
                    matches!(
                        f.rule,
                        FieldRule::Taken | FieldRule::TakenByDeleted | FieldRule::AlreadyConnected
                    )
                };
                if !fields.is_empty() && fields.iter().all(taken) {
                    Code::Duplicate
                } else {
                    Code::Invalid
                }
            }
            Self::Refused { code, .. } => *code,
            Self::Locked(_) => Code::Locked,
            Self::NewerSchema { .. } => Code::NewerSchema,
            Self::Damaged { .. } => Code::Damaged,
            Self::Storage { problem, .. } => match problem {
                StorageProblem::Denied => Code::StorageDenied,
                StorageProblem::Full => Code::StorageFull,
                StorageProblem::Failed => Code::StorageFailed,
            },
            Self::Federation { finding, .. } => finding.class().map_or(Code::Internal, Code::from),
            Self::Internal { .. } => Code::Internal,
        }
    }
}

fn describe_fields(fields: &[FieldError]) -> String {
    let lines: Vec<String> = fields
        .iter()
        .map(|f| format!("{}: {}", f.field, f.message))
        .collect();
    lines.join("; ")
}

/// The sentence of a lock reason, with the way out, for the command line.
pub fn describe_lock(reason: LockReason) -> &'static str {
    match reason {
        LockReason::ByUser => "the file is locked; unlock it first",
        LockReason::Opening => "the file is just being opened; try again in a moment",
        LockReason::KeychainAbsent => {
            "no keychain service answers on this computer, so the key cannot be read; \
             start the keychain or use the passphrase (--passphrase-file)"
        }
        LockReason::KeychainLocked => {
            "the keychain of this computer is locked; nothing was changed or deleted; \
             unlock it or use the passphrase (--passphrase-file)"
        }
        LockReason::KeychainNoEntry => {
            "the keychain has no key for this file; nothing was changed and no new key is made; \
             use the passphrase, the recovery kit, or the keychain that has the key"
        }
        LockReason::KeychainWrongKey => {
            "the key in the keychain is not this file's key; nothing was changed; \
             use the passphrase, the recovery kit, or the keychain that has the key"
        }
        LockReason::KeychainDismissed => {
            "the keychain's question was closed without an answer; try again and allow it, \
             or use the passphrase (--passphrase-file)"
        }
        LockReason::KeychainTimeout => {
            "the keychain did not answer in time; answer its question and try again, \
             or use the passphrase (--passphrase-file)"
        }
        LockReason::KeychainFailed => {
            "the keychain stopped while it was asked; try again, \
             or use the passphrase (--passphrase-file)"
        }
        LockReason::PassphraseNeeded => {
            "this file is opened with a passphrase; give it with --passphrase-file"
        }
    }
}
