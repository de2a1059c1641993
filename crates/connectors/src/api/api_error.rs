//! Why a request brought nothing usable: the class that decides who must act, and nothing of the
//! answer itself.

use crate::clock::UtcMillis;
use crate::failure::{FailureClass, Finding};

/// A request that failed for good, after all its attempts.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{message}")]
pub struct FederationApiError {
    /// Who must act.
    pub class: FailureClass,
    /// What was seen at the last attempt.
    pub finding: Finding,
    /// HTTP status of the last attempt, where there was one.
    pub status: Option<u16>,
    /// One sentence for a log or a terminal; no part of the answer's body.
    pub message: String,
    /// How often it was sent, 0 where it never left.
    pub attempts: u32,
    /// The federation asks not to be called before then.
    pub retry_at: Option<UtcMillis>,
}
