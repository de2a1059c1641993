//! Why a list ended before its end.

use super::anomaly::PagingAnomaly;
use crate::api::api_error::FederationApiError;
use crate::failure::{FailureClass, Finding};

/// A list that could not be read to its end. Pages are counted from 1.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ListError {
    /// A page was not answered, or not to its end.
    #[error("page {page} of the list did not come")]
    Request {
        /// The page.
        page: u64,
        /// Why.
        #[source]
        source: FederationApiError,
    },
    /// A page was answered with something that cannot be used.
    #[error("page {page} of the list cannot be used")]
    Answer {
        /// The page.
        page: u64,
        /// What was seen.
        finding: Finding,
    },
    /// The pages do not follow each other as they should.
    #[error("after page {page} of the list: {anomaly}")]
    Anomaly {
        /// The last page that was in order.
        page: u64,
        /// What is wrong.
        anomaly: PagingAnomaly,
    },
    /// The person, or the end of the app, stopped it.
    #[error("the list was stopped")]
    Cancelled,
}

impl ListError {
    /// Who must act.
    #[must_use]
    pub fn class(&self) -> FailureClass {
        match self {
            Self::Request { source, .. } => source.class,
            Self::Answer { finding, .. } => finding.class().unwrap_or(FailureClass::Internal),
            Self::Anomaly { .. } => FailureClass::BadAnswer,
            Self::Cancelled => FailureClass::Cancelled,
        }
    }

    /// What was seen, where it is one of the closed set. An anomaly speaks for itself.
    #[must_use]
    pub fn finding(&self) -> Option<Finding> {
        match self {
            Self::Request { source, .. } => Some(source.finding),
            Self::Answer { finding, .. } => Some(*finding),
            Self::Anomaly { .. } => None,
            Self::Cancelled => Some(Finding::Cancelled),
        }
    }
}
