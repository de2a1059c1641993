//! Turns `SQLite`'s errors into the product's. Only the number and `SQLite`'s own fixed words are kept:
//! its messages may quote a statement, and a statement may hold the key.

use std::path::Path;

use rusqlite::ErrorCode;
use rusqlite::ffi;

use crate::error::{Error, Result, StorageProblem};

/// What `SQLite` said, without any text of ours in it.
#[derive(Debug, thiserror::Error)]
#[error("SQLite answered {code} ({words})")]
struct SqliteAnswer {
    code: i32,
    words: &'static str,
}

/// Adds what was being done, and where, to an error of `SQLite`.
pub(super) trait SqliteResult<T> {
    fn explain(self, doing: &'static str, path: &Path) -> Result<T>;
}

impl<T> SqliteResult<T> for rusqlite::Result<T> {
    fn explain(self, doing: &'static str, path: &Path) -> Result<T> {
        self.map_err(|error| explain(&error, doing, path))
    }
}

pub(super) fn explain(error: &rusqlite::Error, doing: &'static str, path: &Path) -> Error {
    let code = match error {
        rusqlite::Error::SqliteFailure(cause, _)
        | rusqlite::Error::SqlInputError { error: cause, .. } => *cause,
        // A column that does not hold what the format promises.
        rusqlite::Error::FromSqlConversionFailure(..)
        | rusqlite::Error::InvalidColumnType(..)
        | rusqlite::Error::IntegralValueOutOfRange(..) => {
            return Error::Damaged {
                path: path.to_path_buf(),
            };
        }
        _ => {
            return Error::Internal {
                doing,
                source: None,
            };
        }
    };
    let answer = SqliteAnswer {
        code: code.extended_code,
        words: ffi::code_to_str(code.extended_code),
    };
    let (problem, doing) = match code.code {
        ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt => {
            return Error::Damaged {
                path: path.to_path_buf(),
            };
        }
        // The shared memory beside the log could not grow.
        ErrorCode::SystemIoFailure if code.extended_code == ffi::SQLITE_IOERR_SHMSIZE => {
            (StorageProblem::Full, doing)
        }
        ErrorCode::DiskFull => (StorageProblem::Full, doing),
        ErrorCode::ReadOnly
        | ErrorCode::PermissionDenied
        | ErrorCode::AuthorizationForStatementDenied => (StorageProblem::Denied, doing),
        // SQLite says only "cannot open"; the file is there, so it is the permissions.
        ErrorCode::CannotOpen if path.exists() => (StorageProblem::Denied, doing),
        ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked => (
            StorageProblem::Failed,
            "wait any longer, another program keeps it busy:",
        ),
        ErrorCode::CannotOpen
        | ErrorCode::SystemIoFailure
        | ErrorCode::NoLargeFileSupport
        | ErrorCode::FileLockingProtocolFailed => (StorageProblem::Failed, doing),
        _ => return Error::internal(doing, answer),
    };
    Error::Storage {
        problem,
        doing,
        path: path.to_path_buf(),
        source: Some(Box::new(answer)),
    }
}

/// Whether a UNIQUE rule was broken.
pub(super) fn is_duplicate(error: &rusqlite::Error) -> bool {
    matches!(
        error,
        rusqlite::Error::SqliteFailure(cause, _)
            if cause.extended_code == ffi::SQLITE_CONSTRAINT_UNIQUE
    )
}
