//! What a client shows at each request to prove who it is, and what takes over from it after a 401: the second
//! of two keys, or a renewed token. A seam: tokens live in the store, keys are at hand, a test makes its own.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use uuid::Uuid;

use crate::api::authenticate::Authentication;
use crate::api::ledger::Working;
use crate::api::token_source::TokenRefusal;
use crate::failure::Finding;

/// Which proof.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProofId {
    /// The first key, the password, or nothing at all.
    First,
    /// The key that takes over.
    Second,
    /// A token.
    Token(Uuid),
}

/// Headers and parameters that prove who we are.
#[derive(Debug, Clone)]
pub struct Proof {
    /// Which one, to say that it was refused.
    pub id: ProofId,
    /// What is added to a request.
    pub authentication: Arc<Authentication>,
}

/// Where proofs come from.
pub trait Proofs: Send + Sync {
    /// The proof for a request; not the one that was just refused with 401. An error where there is no other.
    fn proof(&self, refused: Option<ProofId>) -> Working<'_, Result<Proof, TokenRefusal>>;
}

/// Proofs that are at hand: one, or two keys of which the second takes over for good from the refused first.
#[derive(Debug)]
pub struct KeysAtHand {
    first: Proof,
    second: Option<Proof>,
    on_second: AtomicBool,
}

impl KeysAtHand {
    /// Of what was made from the credentials.
    #[must_use]
    pub fn new(first: Authentication, second: Option<Authentication>) -> Self {
        let proof = |id, authentication| Proof {
            id,
            authentication: Arc::new(authentication),
        };
        Self {
            first: proof(ProofId::First, first),
            second: second.map(|second| proof(ProofId::Second, second)),
            on_second: AtomicBool::new(false),
        }
    }

    fn choose(&self, refused: Option<ProofId>) -> Result<Proof, TokenRefusal> {
        let second = self.second.as_ref();
        match (refused, second) {
            (Some(ProofId::First), Some(second)) => {
                self.on_second.store(true, Ordering::Relaxed);
                Ok(second.clone())
            }
            // Both are refused: a later request starts with the first again.
            (Some(_), _) => {
                self.on_second.store(false, Ordering::Relaxed);
                Err(Finding::Unauthorised.into())
            }
            (None, Some(second)) if self.on_second.load(Ordering::Relaxed) => Ok(second.clone()),
            (None, _) => Ok(self.first.clone()),
        }
    }
}

impl Proofs for KeysAtHand {
    fn proof(&self, refused: Option<ProofId>) -> Working<'_, Result<Proof, TokenRefusal>> {
        let chosen = self.choose(refused);
        Box::pin(std::future::ready(chosen))
    }
}
