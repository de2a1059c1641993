//! What all clients of one connector share: the parts they are made of, the retry budget, what was told last.

use std::collections::BTreeSet;
use std::sync::{Arc, Mutex};

use crate::api::authenticate::Authentication;
use crate::api::budget::RetryBudget;
use crate::api::client::TimeLimits;
use crate::api::ledger::Ledger;
use crate::api::limiter::Limiter;
use crate::api::proof::Proofs;
use crate::api::wire::Wire;
use crate::clock::Clock;
use crate::random::Random;
use crate::settings::ConnectorSettings;

/// What a client is made of.
pub struct ClientParts {
    /// The settings that it was made for.
    pub settings: Arc<ConnectorSettings>,
    /// The way out.
    pub wire: Arc<dyn Wire>,
    /// Who we are.
    pub proofs: Arc<dyn Proofs>,
    /// The books of the connector.
    pub ledger: Arc<dyn Ledger>,
    /// Turns in the minute; none: as many requests as one likes.
    pub limiter: Option<Arc<Limiter>>,
    /// The clock.
    pub clock: Arc<dyn Clock>,
    /// For jitter.
    pub random: Arc<dyn Random>,
}

/// What all clients of one connector share.
pub struct ClientCore {
    pub(super) parts: ClientParts,
    pub(super) hosts: BTreeSet<String>,
    pub(super) nobody: Arc<Authentication>,
    pub(super) limits: TimeLimits,
    pub(super) budget: Mutex<RetryBudget>,
    /// The limit that the federation told last.
    pub(super) told_limit: Mutex<Option<u32>>,
}

impl ClientCore {
    /// Makes it; nothing is sent.
    #[must_use]
    pub fn new(parts: ClientParts) -> Self {
        Self {
            hosts: parts.settings.hosts(),
            nobody: Arc::default(),
            limits: TimeLimits::new(&parts.settings.limits),
            budget: Mutex::default(),
            told_limit: Mutex::default(),
            parts,
        }
    }

    /// The same with other books; the retry budget and what was told about the limit start anew.
    pub(super) fn with_ledger(&self, ledger: Arc<dyn Ledger>) -> Self {
        let parts = &self.parts;
        Self::new(ClientParts {
            settings: Arc::clone(&parts.settings),
            wire: Arc::clone(&parts.wire),
            proofs: Arc::clone(&parts.proofs),
            ledger,
            limiter: parts.limiter.clone(),
            clock: Arc::clone(&parts.clock),
            random: Arc::clone(&parts.random),
        })
    }
}
