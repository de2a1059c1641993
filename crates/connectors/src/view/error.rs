//! Errors over the wire.

use serde::Serialize;
use ts_rs::TS;

use crate::error::{Code, Error, FieldError, LockReason};
use crate::failure::Finding;

/// An error over the wire.
#[derive(Debug, Clone, Serialize, TS)]
pub struct ErrorView {
    /// What the client does about it.
    pub code: Code,
    /// English sentence, for logs and the command line.
    pub message: String,
    /// What the client needs to act.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[ts(optional)]
    pub detail: Option<ErrorDetailView>,
}

/// The part of an error that a client acts on.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ErrorDetailView {
    /// Broken fields.
    Fields {
        /// One entry a broken rule.
        fields: Vec<FieldError>,
    },
    /// Why it is locked.
    Lock {
        /// The reason.
        reason: LockReason,
    },
    /// Which file.
    File {
        /// Its path.
        path: String,
    },
    /// What was seen at the federation.
    Finding {
        /// The finding.
        finding: Finding,
        /// HTTP status where there was one.
        status: Option<u16>,
    },
}

impl From<&Error> for ErrorView {
    fn from(error: &Error) -> Self {
        let detail = match error {
            Error::Invalid(fields) => Some(ErrorDetailView::Fields {
                fields: fields.clone(),
            }),
            Error::Locked(reason) => Some(ErrorDetailView::Lock { reason: *reason }),
            Error::Damaged { path } | Error::Storage { path, .. } => Some(ErrorDetailView::File {
                path: path.display().to_string(),
            }),
            Error::Federation {
                finding, status, ..
            } => Some(ErrorDetailView::Finding {
                finding: *finding,
                status: *status,
            }),
            Error::Refused { .. } | Error::NewerSchema { .. } | Error::Internal { .. } => None,
        };
        Self {
            code: error.code(),
            message: error.to_string(),
            detail,
        }
    }
}
