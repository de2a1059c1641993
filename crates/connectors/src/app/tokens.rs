//! A token that can be used now: read, and renewed where it is due, exactly once however many callers
//! and processes there are. A rotated token is committed before anybody uses what came with it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use uuid::Uuid;

use super::credentials::Summary;
use super::keep_token::Grant;
use super::{App, Opened, lock};
use crate::api::client::{HttpClient, load_trust};
use crate::api::surroundings::Surroundings;
use crate::api::token_source::{TokenRefusal, UsableToken};
use crate::auth::freshness::{Age, Freshness, freshness};
use crate::auth::token_failure::TokenFailure;
use crate::auth::tokens::StoredTokens;
use crate::error::{Error, Result};
use crate::failure::Finding;
use crate::settings::{AuthKind, ConnectorSettings};
use crate::store::Writer;
use crate::store::connector::ConnectorRecord;
use crate::store::lease::Lease;
use crate::store::sign_in::SignInRecord;

/// What a token row is called among the sealed rows.
pub(super) const FIELD_TOKENS: &str = "tokens";
/// Between two looks at a lease that another process holds.
const GLANCE: Duration = Duration::from_millis(25);
/// Longest wait for another process: two requests at their longest, and a little.
const PATIENCE: Duration = Duration::from_secs(90);

/// What is known about tokens in memory only.
#[derive(Default)]
pub(super) struct TokenWork {
    /// One renewal a connector at a time within this process.
    gates: Mutex<HashMap<Uuid, Arc<tokio::sync::Mutex<()>>>>,
    /// When each token came, by the monotonic clock.
    pub(super) ages: Mutex<HashMap<Uuid, Duration>>,
    /// Held for reading while a token is under way; closing the file waits for it.
    pub(super) under_way: Arc<tokio::sync::RwLock<()>>,
}

/// Why there is no token.
#[derive(Debug)]
pub(super) enum TokenTrouble {
    /// The federation, or the way to it.
    Federation(TokenRefusal),
    /// Our own store.
    Product(Error),
}

impl From<Error> for TokenTrouble {
    fn from(error: Error) -> Self {
        Self::Product(error)
    }
}

impl From<Finding> for TokenTrouble {
    fn from(finding: Finding) -> Self {
        Self::Federation(finding.into())
    }
}

/// What is stored of a sign-in.
pub(super) struct Held {
    pub(super) sign_in: SignInRecord,
    /// The token row's identifier and what is in it.
    pub(super) tokens: Option<(Uuid, StoredTokens)>,
    /// They were given for other hosts than those of the settings.
    pub(super) withheld: bool,
}

impl Held {
    pub(super) fn token_id(&self) -> Option<Uuid> {
        self.tokens.as_ref().map(|(id, _)| *id)
    }

    fn can_renew(&self, settings: &ConnectorSettings) -> bool {
        !settings.auth.needs_person()
            || self
                .tokens
                .as_ref()
                .is_some_and(|(_, tokens)| tokens.refresh_token.is_some())
    }
}

/// One connector and the file it is in: what every step of a renewal needs.
#[derive(Clone)]
pub(super) struct Subject {
    pub(super) opened: Arc<Opened>,
    pub(super) connector: Arc<ConnectorRecord>,
    pub(super) settings: Arc<ConnectorSettings>,
}

impl App {
    /// A token for a request. `refused` is one that the federation has just answered with 401.
    ///
    /// A renewal that has begun is finished even where its caller has gone: its answer may be the only
    /// copy of a rotated token.
    pub(super) async fn token(
        &self,
        subject: &Subject,
        refused: Option<Uuid>,
    ) -> Result<UsableToken, TokenTrouble> {
        if let Some(token) = self.usable(subject, refused).await? {
            return Ok(token);
        }
        let (app, subject) = (self.clone(), subject.clone());
        tokio::spawn(async move { app.renew(&subject, refused).await })
            .await
            .map_err(|source| Error::internal("wait for a token", source))?
    }

    /// The stored token if it can be used as it is; none where it must be renewed first.
    async fn usable(
        &self,
        subject: &Subject,
        refused: Option<Uuid>,
    ) -> Result<Option<UsableToken>, TokenTrouble> {
        let held = self.held(subject).await?;
        if held.withheld {
            return Err(Finding::CredentialsWithheld.into());
        }
        if let Some(ended) = held.sign_in.ended {
            return Err(ended.into());
        }
        let renews = held.can_renew(&subject.settings);
        let Some((id, tokens)) = held.tokens else {
            return if subject.settings.auth.needs_person() {
                Err(Finding::SignInNeeded.into())
            } else {
                Ok(None)
            };
        };
        if refused == Some(id) {
            return Ok(None);
        }
        let due = self.freshness(id, &held.sign_in) == Freshness::Due;
        if due && renews {
            return Ok(None);
        }
        // Without a way to renew it, only the federation can say that it has ended.
        Ok(Some(UsableToken {
            id,
            access_token: tokens.access_token,
        }))
    }

    fn freshness(&self, id: Uuid, sign_in: &SignInRecord) -> Freshness {
        let (Some(obtained), Some(ends)) = (sign_in.obtained_at, sign_in.expires_at) else {
            return Freshness::Fresh;
        };
        let came_at = lock(&self.inner.tokens.ages).get(&id).copied();
        let age = Age {
            wall_ms: self.now().0.saturating_sub(obtained.0),
            monotonic_ms: came_at.map(|came| {
                let age = self.inner.clock.uptime().saturating_sub(came);
                i64::try_from(age.as_millis()).unwrap_or(i64::MAX)
            }),
        };
        freshness(Some(ends.0.saturating_sub(obtained.0)), age)
    }

    /// Reads what is stored of a sign-in, the token unsealed.
    pub(super) async fn held(&self, subject: &Subject) -> Result<Held> {
        let id = subject.connector.id;
        let (sign_in, row) = subject
            .opened
            .store
            .read(move |tx| {
                let sign_in = tx.sign_in(id)?.unwrap_or_else(|| SignInRecord::none(id));
                let row = match sign_in.token_id {
                    Some(token) => tx.credential(token)?,
                    None => None,
                };
                Ok((sign_in, row))
            })
            .await?;
        let Some(row) = row else {
            return Ok(Held {
                sign_in,
                tokens: None,
                withheld: false,
            });
        };
        if !subject
            .settings
            .hosts()
            .is_subset(&Summary::of(&row)?.hosts)
        {
            return Ok(Held {
                sign_in,
                tokens: None,
                withheld: true,
            });
        }
        let plain = self.open_sealed(&subject.opened, &row)?;
        Ok(Held {
            sign_in,
            tokens: Some((row.id, StoredTokens::from_sealed_json(&plain)?)),
            withheld: false,
        })
    }

    /// Renews alone: first among the callers of this process, then among the processes.
    async fn renew(
        &self,
        subject: &Subject,
        refused: Option<Uuid>,
    ) -> Result<UsableToken, TokenTrouble> {
        let _under_way = Arc::clone(&self.inner.tokens.under_way).read_owned().await;
        let gate = self.gate(subject.connector.id);
        let _alone_here = gate.lock().await;
        let name = format!("token:{}", subject.connector.id);
        let mut waited = Duration::ZERO;
        let lease = loop {
            if let Some(token) = self.usable(subject, refused).await? {
                return Ok(token);
            }
            if let Some(lease) = self.take_lease(&subject.opened, &name).await? {
                break lease;
            }
            if waited >= PATIENCE {
                return Err(Error::Internal {
                    doing: "wait for the token that another process is renewing",
                    source: None,
                }
                .into());
            }
            tokio::time::sleep(GLANCE).await;
            waited += GLANCE;
        };
        // Another process may have renewed it between the look and the lease.
        let outcome = match self.usable(subject, refused).await {
            Ok(Some(token)) => Ok(token),
            Ok(None) => self.renew_alone(subject, &lease).await,
            Err(trouble) => Err(trouble),
        };
        let released = subject
            .opened
            .store
            .write(move |tx| tx.release_lease(&lease))
            .await;
        if let Err(error) = released {
            // It is free anyway once this process has ended.
            tracing::warn!(code = ?error.code(), "a lease could not be given back");
        }
        outcome
    }

    fn gate(&self, connector: Uuid) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(lock(&self.inner.tokens.gates).entry(connector).or_default())
    }

    /// Takes a lease; none where another living process holds it.
    pub(super) async fn take_lease(
        &self,
        opened: &Arc<Opened>,
        name: &str,
    ) -> Result<Option<Lease>> {
        let owner = self.owner()?;
        let (app, name, now) = (self.clone(), name.to_owned(), self.now());
        opened
            .store
            .write(move |tx| {
                // One of our own that was not given back is ours to take: the gate is held.
                tx.take_lease(&name, owner, now, |holder| {
                    holder != owner && app.is_alive(holder)
                })
            })
            .await
    }

    async fn renew_alone(
        &self,
        subject: &Subject,
        lease: &Lease,
    ) -> Result<UsableToken, TokenTrouble> {
        let held = self.held(subject).await?;
        let sent_at = self.now();
        let sent_up = self.inner.clock.uptime();
        match self.ask_for_token(subject, &held).await? {
            Ok(granted) => {
                let grant = Grant {
                    granted,
                    replaces: held.token_id(),
                    keeps: held.tokens.map(|(_, tokens)| tokens),
                    endpoints: None,
                    sent_at,
                    sent_up,
                };
                let lease = lease.clone();
                self.commit(subject, grant, move |tx| tx.holds_lease(&lease))
                    .await?
                    .ok_or_else(|| TokenTrouble::from(Finding::Internal))
            }
            Err(refusal) if is_the_end(refusal.finding) => {
                self.end(subject, lease, held.token_id(), refusal.finding)
                    .await?;
                Err(TokenTrouble::Federation(refusal))
            }
            Err(refusal) => Err(TokenTrouble::Federation(refusal)),
        }
    }

    /// An HTTP client that follows no redirects, for the settings of a connector.
    pub(super) async fn token_client(
        &self,
        settings: &ConnectorSettings,
    ) -> Result<HttpClient, Finding> {
        let trust = load_trust(settings).await?;
        HttpClient::assemble_for_tokens(settings, &Surroundings::of_this_computer(), &trust)
    }
}

/// Whether a refusal of the token endpoint ends a sign-in.
fn is_the_end(finding: Finding) -> bool {
    finding == Finding::SignInEnded
}

/// A failure of the token endpoint, with the host that was asked.
pub(super) fn refusal(failure: &TokenFailure, host: Option<&str>) -> TokenRefusal {
    TokenRefusal {
        finding: failure.finding,
        status: failure.status,
        retry_after: failure.retry_after,
        host: host.map(str::to_owned),
    }
}

/// New credentials of another client: the tokens of the one before are of no use any more.
pub(super) fn forget(tx: &Writer<'_>, connector: Uuid) -> Result<()> {
    let Some(sign_in) = tx.sign_in(connector)? else {
        return Ok(());
    };
    if let Some(token) = sign_in.token_id {
        tx.delete_credential(token)?;
    }
    tx.delete_pending_sign_in_of(connector)?;
    tx.delete_sign_in(connector)
}

/// Whether a kind of credentials keeps its tokens when it is replaced by an equal client.
pub(super) fn survives(kind: AuthKind, needs_person: bool, same_client: bool) -> bool {
    kind == AuthKind::OAuth2 && needs_person && same_client
}
