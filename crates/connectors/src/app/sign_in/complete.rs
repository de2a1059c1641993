//! The answer of the browser: found by its `state`, judged, and exchanged once. From the moment it is
//! found the row is gone; a lost answer is never asked again (a code is good for one use).

use std::sync::Arc;

use uuid::Uuid;
use zeroize::Zeroizing;

use super::browser::{field_of, sealed};
use crate::app::ask_token::is_lost;
use crate::app::keep_token::Grant;
use crate::app::opening::blocking;
use crate::app::record::settings_of;
use crate::app::standing::{fail_attempt, settle_state};
use crate::app::telling::{refused, told};
use crate::app::tokens::{Subject, TokenTrouble, refusal};
use crate::app::{App, Opened};
use crate::auth::callback::{self, AuthorizationError, Callback, Outcome};
use crate::auth::transaction::{Transaction, state_hash};
use crate::clock::UtcMillis;
use crate::error::{Code, Error, Result};
use crate::failure::Finding;
use crate::secret::SecretText;
use crate::store::pending_sign_in::PendingRecord;
use crate::store::sign_in::{Attempt, AttemptState, SignInRecord};
use crate::vault::Place;
use crate::view::ConnectorView;

/// A clock that was set back by more than this since the start makes the age of an attempt unknown.
const TOLERATED_MS: i64 = 60_000;

/// A row that was taken out, with what was sealed in it.
struct Taken {
    subject: Subject,
    transaction: Transaction,
    /// The code, or why the answer was not accepted.
    verdict: Result<SecretText, Finding>,
}

impl App {
    /// Completes a sign-in with the address that the browser came back to: a deep link, or the
    /// loopback address as a person pasted it. Untrusted.
    ///
    /// # Errors
    /// [`Code::Invalid`] for what is no such address; the finding `sign_in_mismatch` where no sign-in
    /// waits for it; else what became of it. Nothing is stored where it fails.
    pub async fn sign_in_complete(&self, address: &str) -> Result<ConnectorView> {
        let opened = self.opened()?;
        let callback = callback::parse(address.trim()).map_err(|error| {
            Error::refused(Code::Invalid, format!("{error}; nothing was changed"))
        })?;
        let app = self.clone();
        // An exchange that has begun is finished even where its caller has gone.
        tokio::spawn(async move {
            let outcome = app.complete(&opened, callback).await;
            app.inner.sign_ins.tell();
            outcome
        })
        .await
        .map_err(|source| Error::internal("wait for a sign-in", source))?
    }

    async fn complete(&self, opened: &Arc<Opened>, callback: Callback) -> Result<ConnectorView> {
        let _under_way = Arc::clone(&self.inner.tokens.under_way).read_owned().await;
        let hash = state_hash(&callback.state);
        let Some(taken) = self.take(opened, hash, callback).await? else {
            return Err(refused(Finding::SignInMismatch));
        };
        self.inner.sign_ins.tell();
        let Taken {
            subject,
            transaction,
            verdict,
        } = taken;
        let code = match verdict {
            Ok(code) => code,
            Err(finding) => return Err(told(&subject.settings, &finding.into(), 1)),
        };
        let (sent_at, sent_up) = (self.now(), self.inner.clock.uptime());
        match self.exchange(&subject, &transaction, &code).await {
            Ok(granted) => {
                let grant = Grant {
                    granted,
                    replaces: None,
                    keeps: None,
                    endpoints: Some((
                        Some(transaction.token_endpoint),
                        transaction.revocation_endpoint,
                    )),
                    sent_at,
                    sent_up,
                };
                if let Err(error) = self.finish(&subject, &hash, grant).await {
                    // Where this cannot be stored either, the marker says it at the next opening.
                    let _noted = self.fail(&subject, &hash, Finding::SignInInterrupted).await;
                    return Err(error);
                }
                self.connector_show(&subject.connector.code).await
            }
            Err(TokenTrouble::Product(error)) => {
                self.fail(&subject, &hash, Finding::Internal).await?;
                Err(error)
            }
            Err(TokenTrouble::Federation(why)) => {
                self.fail(&subject, &hash, why.finding).await?;
                Err(told(&subject.settings, &why, 1))
            }
        }
    }

    /// Takes the row out and judges the answer in the same transaction: whoever comes second, with the
    /// same link or another, finds nothing.
    async fn take(
        &self,
        opened: &Arc<Opened>,
        hash: [u8; 32],
        callback: Callback,
    ) -> Result<Option<Taken>> {
        let (app, opened, act) = (self.clone(), Arc::clone(opened), self.act());
        let owner = self.owner()?;
        let store = opened.store.clone();
        store
            .write(move |tx| {
                let Some(pending) = tx.take_pending_sign_in(&hash)? else {
                    return Ok(None);
                };
                let Some(connector) = tx.connector_by_id(pending.connector_id)? else {
                    return Ok(None);
                };
                if connector.deleted_at.is_some() {
                    return Ok(None);
                }
                let settings = settings_of(&connector)?;
                let transaction = app.unseal(&opened, &pending)?;
                let verdict = judge(&pending, &transaction, callback, act.now);
                match &verdict {
                    Ok(_) => {
                        begin_exchange(tx, connector.id, &hash, owner)?;
                        settle_state(tx, connector.id)?;
                    }
                    Err(finding) => fail_attempt(tx, connector.id, &hash, *finding, &act)?,
                }
                Ok(Some(Taken {
                    subject: Subject {
                        opened,
                        connector: Arc::new(connector),
                        settings: Arc::new(settings),
                    },
                    transaction,
                    verdict,
                }))
            })
            .await
    }

    fn unseal(&self, opened: &Opened, pending: &PendingRecord) -> Result<Transaction> {
        let plain = self.open_place(opened, &sealed(pending), |vault, text| {
            let field = field_of(&pending.state_hash);
            let place = Place {
                database_id: vault.database_id(),
                table: "pending_sign_in",
                column: "sealed",
                connector_id: pending.connector_id,
                field: &field,
            };
            vault
                .open(&place, text)
                .map_err(|source| Error::internal("open a sealed sign-in", source))
        })?;
        Transaction::from_sealed_json(&Zeroizing::new(plain.to_vec()))
    }

    /// Posts the code once. A lost answer is a lost sign-in: asking again could cost the tokens that
    /// the first request brought about (RFC 9700 §4.2.4).
    async fn exchange(
        &self,
        subject: &Subject,
        transaction: &Transaction,
        code: &SecretText,
    ) -> Result<crate::auth::tokens::GrantedTokens, TokenTrouble> {
        let client = self.client_of(subject).await?;
        let http = self.token_client(&subject.settings).await?;
        let url = url::Url::parse(&transaction.token_endpoint)
            .map_err(|_| TokenTrouble::from(Finding::SettingUnusable))?;
        let endpoint = self.endpoint(&subject.settings, &client, &http, &url);
        let outcome = endpoint
            .exchange(code, &transaction.verifier, &transaction.redirect_uri)
            .await;
        outcome.map_err(|failure| {
            let mut why = refusal(&failure, url.host_str());
            if is_lost(&failure) {
                why.finding = Finding::SignInInterrupted;
            }
            TokenTrouble::Federation(why)
        })
    }

    /// Stores the tokens and ends the attempt in one transaction.
    pub(super) async fn finish(
        &self,
        subject: &Subject,
        attempt: &[u8],
        grant: Grant,
    ) -> Result<()> {
        let (attempt, connector) = (attempt.to_vec(), subject.connector.id);
        let committed = self
            .commit(subject, grant, move |tx| {
                let mut sign_in = tx
                    .sign_in(connector)?
                    .unwrap_or_else(|| SignInRecord::none(connector));
                let still = sign_in
                    .attempt
                    .as_ref()
                    .is_some_and(|one| one.id == attempt);
                if !still {
                    return Ok(false);
                }
                if let Some(one) = &mut sign_in.attempt {
                    one.state = AttemptState::Done;
                    one.owner = None;
                }
                // A person has signed in anew: the dates are those of today.
                sign_in.signed_in_at = None;
                sign_in.scopes = Vec::new();
                tx.put_sign_in(&sign_in)?;
                Ok(true)
            })
            .await?;
        self.inner.sign_ins.tell();
        if committed.is_some() {
            Ok(())
        } else {
            Err(told(&subject.settings, &Finding::Cancelled.into(), 1))
        }
    }

    pub(super) async fn fail(
        &self,
        subject: &Subject,
        attempt: &[u8],
        finding: Finding,
    ) -> Result<()> {
        let (attempt, connector, act) = (attempt.to_vec(), subject.connector.id, self.act());
        subject
            .opened
            .store
            .write(move |tx| fail_attempt(tx, connector, &attempt, finding, &act))
            .await
    }

    /// Ends the attempts whose time is over and those whose process has died. Due after an opening, and
    /// now and then in an app that is never closed.
    pub async fn tidy_sign_ins(&self) -> Result<()> {
        let (app, opened) = (self.clone(), self.opened()?);
        blocking(move || app.recover_sign_ins(&opened)).await
    }

    /// What a process left behind that died in the middle of an exchange, and attempts whose time is
    /// over. Nothing is asked again.
    pub(in crate::app) fn recover_sign_ins(&self, opened: &Opened) -> Result<()> {
        let act = self.act();
        let now = act.now;
        let nothing =
            opened.store.read_blocking(|tx| {
                Ok(tx.exchanging_sign_ins()?.is_empty()
                    && tx.pending_sign_ins_over(now, 1)?.is_empty())
            })?;
        if nothing {
            return Ok(());
        }
        opened.store.write_blocking(|tx| {
            for sign_in in tx.exchanging_sign_ins()? {
                let Some(attempt) = sign_in.attempt else {
                    continue;
                };
                if attempt.owner.is_none_or(|owner| !self.is_alive(owner)) {
                    let finding = Finding::SignInInterrupted;
                    fail_attempt(tx, sign_in.connector_id, &attempt.id, finding, &act)?;
                }
            }
            for pending in tx.pending_sign_ins_over(now, RECOVERED_AT_ONCE)? {
                if tx.take_pending_sign_in(&pending.state_hash)?.is_some() {
                    let (id, hash) = (pending.connector_id, pending.state_hash);
                    fail_attempt(tx, id, &hash, Finding::SignInExpired, &act)?;
                }
            }
            Ok(())
        })
    }
}

/// More than ever wait at once.
const RECOVERED_AT_ONCE: u32 = 1_000;

/// The marker that an exchange has begun; where it is found with its process gone, the answer is lost.
pub(super) fn begin_exchange(
    tx: &crate::store::Writer<'_>,
    connector: Uuid,
    attempt: &[u8],
    owner: Uuid,
) -> Result<()> {
    let mut sign_in = tx
        .sign_in(connector)?
        .unwrap_or_else(|| SignInRecord::none(connector));
    sign_in.attempt = Some(Attempt {
        id: attempt.to_vec(),
        state: AttemptState::Exchanging,
        finding: None,
        owner: Some(owner),
    });
    tx.put_sign_in(&sign_in)
}

/// Whether an answer may be used, in the order of what would be worst.
fn judge(
    pending: &PendingRecord,
    transaction: &Transaction,
    callback: Callback,
    now: UtcMillis,
) -> Result<SecretText, Finding> {
    if callback.redirect_uri != transaction.redirect_uri {
        return Err(Finding::SignInMismatch);
    }
    let in_time =
        now <= pending.expires_at && now.0 >= pending.created_at.0.saturating_sub(TOLERATED_MS);
    if !in_time {
        return Err(Finding::SignInExpired);
    }
    let is_success = matches!(callback.outcome, Outcome::Code(_));
    if !transaction.accepts_issuer(callback.issuer.as_deref(), is_success) {
        return Err(Finding::SignInMismatch);
    }
    match callback.outcome {
        Outcome::Code(code) => Ok(code),
        Outcome::Refused(error) => Err(match error {
            AuthorizationError::AccessDenied => Finding::SignInDeclined,
            AuthorizationError::UnauthorizedClient => Finding::ClientRefused,
            AuthorizationError::InvalidScope => Finding::ScopeRefused,
            AuthorizationError::ServerError | AuthorizationError::TemporarilyUnavailable => {
                Finding::AuthorizationFailed
            }
            AuthorizationError::Other => Finding::AuthorizationRefused,
        }),
    }
}
