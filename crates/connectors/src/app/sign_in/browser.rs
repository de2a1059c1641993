//! A sign-in in the browser from its start to its end: the row that waits, the listener where the way
//! back is a port, and the waiting itself.

use std::sync::Arc;
use std::time::Duration;

use tokio::sync::mpsc;
use tokio::task::JoinSet;
use tokio_util::sync::CancellationToken;

use super::SignInSink;
use crate::app::opening::blocking;
use crate::app::record::settings_of;
use crate::app::standing::{fail_attempt, settle_state};
use crate::app::tokens::{Subject, TokenTrouble};
use crate::app::{App, Opened};
use crate::auth::callback::SCHEME;
use crate::auth::loopback::{Arrival, Loopback};
use crate::auth::transaction::{self, LIFETIME_MS, Started};
use crate::clock::UtcMillis;
use crate::error::{Code, Error, FieldRule, Result};
use crate::failure::Finding;
use crate::settings::{AuthKind, AuthSettings, Grant, Redirect};
use crate::store::pending_sign_in::PendingRecord;
use crate::store::sign_in::AttemptState;
use crate::vault::{Place, Sealed};
use crate::view::SignInStepView;

/// Between two looks at the file: another process may have completed the sign-in.
const GLANCE: Duration = Duration::from_secs(1);

/// Longest exchange beyond the end of an attempt: a request at its longest, five minutes.
const EXCHANGE_MS: i64 = 300_000;

/// Where an attempt stands, as the file says.
enum Standing {
    Waiting,
    Exchanging,
    Done,
    Failed(Finding),
    /// Another attempt has taken its place, or it was taken back.
    Gone,
}

/// One attempt.
struct Attempt {
    state_hash: [u8; 32],
    expires_at: UtcMillis,
}

impl App {
    pub(super) async fn sign_in_in_browser(
        &self,
        subject: &Subject,
        redirect: Redirect,
        cancel: &CancellationToken,
        on_step: &mut SignInSink<'_>,
    ) -> Result<(), TokenTrouble> {
        let prepared = tokio::select! {
            biased;
            () = cancel.cancelled() => Err(Finding::Cancelled.into()),
            prepared = self.prepare(subject, redirect) => prepared,
        };
        let (started, loopback) = match prepared {
            Ok(prepared) => prepared,
            Err(TokenTrouble::Federation(refusal)) => {
                self.note_failure(subject, refusal.finding).await?;
                return Err(TokenTrouble::Federation(refusal));
            }
            Err(product) => return Err(product),
        };
        let attempt = self.put(subject, redirect, &started).await?;
        on_step(&SignInStepView::Browser {
            authorization_url: started.authorization_url.to_string(),
            redirect_uri: started.transaction.redirect_uri.clone(),
            redirect,
            expires_at: attempt.expires_at.0,
        });
        drop(started);
        self.wait(subject, &attempt, loopback, cancel, on_step)
            .await
    }

    /// Everything before the browser opens. Nothing is stored yet.
    async fn prepare(
        &self,
        subject: &Subject,
        redirect: Redirect,
    ) -> Result<(Started, Option<Loopback>), TokenTrouble> {
        let settings = &*subject.settings;
        self.require_own_path(subject).await?;
        let client = self.client_of(subject).await?;
        let http = self.token_client(settings).await?;
        let endpoints = self
            .endpoints_of(settings, &http, Grant::AuthorizationCode)
            .await?;
        let path = settings.auth.redirect_path_for(&settings.code);
        let loopback = match redirect {
            Redirect::Loopback => Some(Loopback::bind(settings.auth.loopback_port, path.clone())?),
            Redirect::DeepLink => None,
        };
        let redirect_uri = loopback
            .as_ref()
            .map_or_else(|| format!("{SCHEME}:{path}"), Loopback::redirect_uri);
        let started = transaction::start(
            &settings.auth,
            &client.client_id,
            &endpoints,
            &redirect_uri,
            self.random(),
        )??;
        Ok((started, loopback))
    }

    /// Refuses a redirect path that a connector to another server has too: an answer that is meant for
    /// one could be handed to the other (RFC 9700 §4.4.2). Several connectors to one server may share it.
    async fn require_own_path(&self, subject: &Subject) -> Result<()> {
        let own = Arc::clone(&subject.settings);
        let path = own.auth.redirect_path_for(&own.code);
        let clash = subject
            .opened
            .store
            .read(move |tx| {
                let mut others = tx.connectors_with_redirect_path(&path)?;
                // Whose path it is by default.
                if let Some(code) = path.strip_prefix("/oauth/") {
                    others.extend(tx.connector_by_code(code)?);
                }
                for other in others.iter().filter(|one| one.deleted_at.is_none()) {
                    let settings = settings_of(other)?;
                    let shares = settings.code != own.code
                        && settings.auth.kind == AuthKind::OAuth2
                        && settings.auth.redirect_path_for(&settings.code) == path
                        && !same_server(&settings.auth, &own.auth);
                    if shares {
                        return Ok(Some(settings.code));
                    }
                }
                Ok(None)
            })
            .await?;
        match clash {
            None => Ok(()),
            Some(code) => Err(Error::field(
                "auth.redirect_path",
                FieldRule::Taken,
                format!(
                    "the connector {code} has the same redirect path and signs in elsewhere; \
                     give each a path of its own"
                ),
            )),
        }
    }

    /// Stores the attempt, sealed, in place of an earlier one of this connector.
    async fn put(
        &self,
        subject: &Subject,
        redirect: Redirect,
        started: &Started,
    ) -> Result<Attempt> {
        let now = self.now();
        let attempt = Attempt {
            state_hash: started.state_hash,
            expires_at: UtcMillis(now.0.saturating_add(LIFETIME_MS)),
        };
        let connector = subject.connector.id;
        let (sealed, term) = {
            let keys = subject.opened.keys();
            let field = field_of(&started.state_hash);
            let place = Place {
                database_id: keys.vault.database_id(),
                table: "pending_sign_in",
                column: "sealed",
                connector_id: connector,
                field: &field,
            };
            let plain = started.transaction.to_sealed_json()?;
            let sealed = keys
                .vault
                .seal(&place, &plain, self.random())
                .map_err(|source| Error::internal("seal a sign-in", source))?;
            (sealed.as_str().to_owned(), keys.vault.newest_term())
        };
        let record = PendingRecord {
            state_hash: started.state_hash,
            connector_id: connector,
            redirect,
            sealed,
            created_at: now,
            expires_at: attempt.expires_at,
        };
        subject
            .opened
            .store
            .write(move |tx| {
                tx.put_pending_sign_in(&record, term)?;
                // What became of an earlier attempt is no news any more.
                if let Some(mut sign_in) = tx.sign_in(connector)? {
                    sign_in.attempt = None;
                    tx.put_sign_in(&sign_in)?;
                }
                settle_state(tx, connector)
            })
            .await?;
        self.inner.sign_ins.tell();
        Ok(attempt)
    }

    async fn wait(
        &self,
        subject: &Subject,
        attempt: &Attempt,
        loopback: Option<Loopback>,
        cancel: &CancellationToken,
        on_step: &mut SignInSink<'_>,
    ) -> Result<(), TokenTrouble> {
        let (arrivals, mut arriving) = mpsc::channel(16);
        let stop = CancellationToken::new();
        let serving = async {
            if let Some(loopback) = loopback {
                loopback.serve(arrivals, stop.clone()).await;
            } else {
                // The other end stays, so that nobody takes an end for an arrival.
                let _kept = arrivals;
                stop.cancelled().await;
            }
        };
        let waiting = async {
            let outcome = self
                .until_it_ends(subject, attempt, &mut arriving, cancel, on_step)
                .await;
            // The page that the browser waits for is still to be sent.
            stop.cancel();
            outcome
        };
        let ((), outcome) = tokio::join!(serving, waiting);
        outcome
    }

    async fn until_it_ends(
        &self,
        subject: &Subject,
        attempt: &Attempt,
        arriving: &mut mpsc::Receiver<Arrival>,
        cancel: &CancellationToken,
        on_step: &mut SignInSink<'_>,
    ) -> Result<(), TokenTrouble> {
        let mut news = self.inner.sign_ins.news.subscribe();
        let mut completing = JoinSet::new();
        let mut exchanging = false;
        let outcome = loop {
            match self.stands(&subject.opened, subject, attempt).await? {
                Standing::Waiting if self.is_over(attempt, 0) => {
                    self.expire(subject, attempt).await?;
                    break Err(Finding::SignInExpired.into());
                }
                Standing::Exchanging if self.is_over(attempt, EXCHANGE_MS) => {
                    let finding = Finding::SignInInterrupted;
                    self.fail(subject, &attempt.state_hash, finding).await?;
                    break Err(finding.into());
                }
                Standing::Exchanging if !exchanging => {
                    exchanging = true;
                    on_step(&SignInStepView::Exchanging);
                }
                Standing::Waiting | Standing::Exchanging => {}
                Standing::Done => break Ok(()),
                Standing::Failed(finding) => break Err(finding.into()),
                Standing::Gone => break Err(Finding::Cancelled.into()),
            }
            tokio::select! {
                biased;
                // Whoever ended it has dealt with the row; a lock leaves it to a link that may come.
                () = cancel.cancelled() => break Err(Finding::Cancelled.into()),
                Some(arrival) = arriving.recv() => {
                    let app = self.clone();
                    completing.spawn(async move { app.answer_arrival(arrival).await });
                }
                _ = news.changed() => {}
                () = tokio::time::sleep(GLANCE) => {}
            }
        };
        // Whoever came through the port learns how it ended.
        while completing.join_next().await.is_some() {}
        outcome
    }

    async fn answer_arrival(&self, arrival: Arrival) {
        match self.sign_in_complete(&arrival.address).await {
            Ok(_) => arrival.done(),
            Err(Error::Federation {
                finding: Finding::SignInMismatch,
                ..
            }) => arrival.not_this(),
            Err(error) if error.code() == Code::Invalid => arrival.not_this(),
            Err(_) => arrival.failed(),
        }
    }

    fn is_over(&self, attempt: &Attempt, grace_ms: i64) -> bool {
        self.now().0 >= attempt.expires_at.0.saturating_add(grace_ms)
    }

    async fn stands(
        &self,
        opened: &Arc<Opened>,
        subject: &Subject,
        attempt: &Attempt,
    ) -> Result<Standing> {
        let (connector, hash) = (subject.connector.id, attempt.state_hash);
        let (pending, sign_in) = opened
            .store
            .read(move |tx| Ok((tx.pending_sign_in_of(connector)?, tx.sign_in(connector)?)))
            .await?;
        if pending.is_some_and(|one| one.state_hash == hash) {
            return Ok(Standing::Waiting);
        }
        let newest = sign_in
            .and_then(|one| one.attempt)
            .filter(|one| one.id == hash);
        Ok(match newest {
            None => Standing::Gone,
            Some(one) => match one.state {
                AttemptState::Done => Standing::Done,
                AttemptState::Failed => Standing::Failed(one.finding.unwrap_or(Finding::Internal)),
                AttemptState::Exchanging if one.owner.is_some_and(|id| !self.is_alive(id)) => {
                    let (app, opened) = (self.clone(), Arc::clone(opened));
                    blocking(move || app.recover_sign_ins(&opened)).await?;
                    Standing::Failed(Finding::SignInInterrupted)
                }
                AttemptState::Exchanging => Standing::Exchanging,
            },
        })
    }

    /// Nobody came in time.
    async fn expire(&self, subject: &Subject, attempt: &Attempt) -> Result<()> {
        let (act, connector, hash) = (self.act(), subject.connector.id, attempt.state_hash);
        subject
            .opened
            .store
            .write(move |tx| {
                if tx.take_pending_sign_in(&hash)?.is_some() {
                    fail_attempt(tx, connector, &hash, Finding::SignInExpired, &act)?;
                }
                Ok(())
            })
            .await
    }

    /// An attempt that could not even start.
    pub(super) async fn note_failure(&self, subject: &Subject, finding: Finding) -> Result<()> {
        if finding == Finding::Cancelled {
            return Ok(());
        }
        let (act, connector) = (self.act(), subject.connector.id);
        let attempt = act.id()?;
        subject
            .opened
            .store
            .write(move |tx| {
                // It was to take the place of an earlier one, which nobody waits for any more.
                tx.delete_pending_sign_in_of(connector)?;
                fail_attempt(tx, connector, attempt.as_bytes(), finding, &act)
            })
            .await
    }
}

fn same_server(one: &AuthSettings, other: &AuthSettings) -> bool {
    one.issuer == other.issuer
        && one.authorization_endpoint == other.authorization_endpoint
        && one.token_endpoint == other.token_endpoint
}

/// The place of a sealed attempt: its own hash, so that two cannot be swapped.
pub(super) fn field_of(state_hash: &[u8; 32]) -> String {
    use std::fmt::Write as _;

    let mut text = String::with_capacity(64);
    for byte in state_hash {
        // Writing into a text cannot fail.
        let _written = write!(text, "{byte:02x}");
    }
    text
}

/// A sealed attempt as the vault takes it.
pub(super) fn sealed(record: &PendingRecord) -> Sealed {
    Sealed::from_stored(record.sealed.clone())
}
