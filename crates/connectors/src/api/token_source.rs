//! Where a request's token comes from: a seam between those who send and the store that keeps and renews it.

use std::future::Future;
use std::pin::Pin;

use uuid::Uuid;

use crate::failure::Finding;
use crate::secret::SecretText;

/// A token that can be used now.
#[derive(Debug, Clone)]
pub struct UsableToken {
    /// Which one, to say that it was refused.
    pub id: Uuid,
    /// The access token.
    pub access_token: SecretText,
}

/// Why there is no token.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenRefusal {
    /// What was seen.
    pub finding: Finding,
    /// HTTP status, where there was one.
    pub status: Option<u16>,
    /// Seconds until it may be tried again.
    pub retry_after: Option<u64>,
    /// The host that was asked, where one was.
    pub host: Option<String>,
}

impl From<Finding> for TokenRefusal {
    fn from(finding: Finding) -> Self {
        Self {
            finding,
            status: None,
            retry_after: None,
            host: None,
        }
    }
}

/// A token under way.
pub type Obtaining<'a> =
    Pin<Box<dyn Future<Output = Result<UsableToken, TokenRefusal>> + Send + 'a>>;

/// Where tokens come from: the store with its renewals, or a request of its own before saving.
pub trait TokenSource: Send + Sync {
    /// A token that can be used; not the one that was refused with 401.
    fn token(&self, refused: Option<Uuid>) -> Obtaining<'_>;
}
