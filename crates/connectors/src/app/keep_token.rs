//! What was granted, into the file: sealed, and in one transaction with everything that follows from
//! it. And the end of a sign-in that cannot be renewed.

use std::collections::BTreeSet;
use std::time::Duration;

use uuid::Uuid;

use super::act::Act;
use super::credentials::{self, Summary};
use super::tokens::{FIELD_TOKENS, Subject};
use super::{App, lock, standing};
use crate::api::token_source::UsableToken;
use crate::audit::{AuditWhat, Entry};
use crate::auth::tokens::{GrantedTokens, StoredTokens};
use crate::clock::UtcMillis;
use crate::error::Result;
use crate::failure::Finding;
use crate::store::Writer;
use crate::store::lease::Lease;
use crate::store::sign_in::SignInRecord;
use crate::view::EventKind;

/// What was granted and what it replaces.
pub(super) struct Grant {
    pub(super) granted: GrantedTokens,
    /// The token row that this one replaces; none where it need not be any particular one.
    pub(super) replaces: Option<Uuid>,
    /// The tokens before: what the answer leaves out stays.
    pub(super) keeps: Option<StoredTokens>,
    /// Token and revocation endpoint of a new sign-in; none keeps those of before.
    pub(super) endpoints: Option<(Option<String>, Option<String>)>,
    /// When the request was sent: a life counts from then, never from the answer.
    pub(super) sent_at: UtcMillis,
    /// The same by the monotonic clock.
    pub(super) sent_up: Duration,
}

impl App {
    /// Stores what was granted in one transaction with everything that follows from it. None where
    /// `may` says no or the token that is replaced is no longer the stored one: somebody else was first.
    pub(super) async fn commit(
        &self,
        subject: &Subject,
        grant: Grant,
        may: impl FnOnce(&Writer<'_>) -> Result<bool> + Send + 'static,
    ) -> Result<Option<UsableToken>> {
        let act = self.act();
        let Grant {
            granted,
            replaces,
            keeps,
            endpoints,
            sent_at,
            sent_up,
        } = grant;
        let (token_endpoint, revocation_endpoint) = endpoints.unwrap_or_else(|| {
            keeps.as_ref().map_or((None, None), |tokens| {
                (
                    tokens.token_endpoint.clone(),
                    tokens.revocation_endpoint.clone(),
                )
            })
        });
        let stored = StoredTokens {
            access_token: granted.access_token,
            // A renewal that brings none keeps the one it was made with (RFC 6749 §6).
            refresh_token: granted
                .refresh_token
                .or(keeps.and_then(|tokens| tokens.refresh_token)),
            token_endpoint,
            revocation_endpoint,
        };
        let mut hosts: BTreeSet<String> = subject.settings.hosts();
        hosts.extend(stored.token_endpoint.as_deref().and_then(host_of));
        let kind = subject.settings.auth.kind;
        let row = {
            let keys = subject.opened.keys();
            let mut row = credentials::sealed_row(
                &keys.vault,
                subject.connector.id,
                FIELD_TOKENS,
                kind,
                &stored.to_sealed_json()?,
                &act,
            )?;
            row.summary = Summary::for_hosts(hosts).to_json()?;
            row
        };
        let needs_person = subject.settings.auth.needs_person();
        let renews = !needs_person || stored.refresh_token.is_some();
        let expires_at = granted.expires_in.map(|seconds| {
            let life = i64::try_from(seconds.saturating_mul(1_000)).unwrap_or(i64::MAX);
            UtcMillis(sent_at.0.saturating_add(life))
        });
        let (id, connector, code) = (row.id, subject.connector.id, subject.connector.code.clone());
        let scopes = granted.scopes;
        let committed = subject
            .opened
            .store
            .write(move |tx| {
                if !may(tx)? {
                    return Ok(false);
                }
                // Read after `may`, which may have written.
                let mut sign_in = tx
                    .sign_in(connector)?
                    .unwrap_or_else(|| SignInRecord::none(connector));
                if replaces.is_some() && sign_in.token_id != replaces {
                    return Ok(false);
                }
                tx.insert_credential(&row)?;
                let earlier = sign_in.token_id.replace(row.id);
                let first = sign_in.signed_in_at.is_none() || sign_in.ended.is_some();
                if first {
                    sign_in.signed_in_at = Some(act.now);
                    signed_in(tx, &act, connector, &code)?;
                }
                sign_in.obtained_at = Some(sent_at);
                sign_in.expires_at = expires_at;
                sign_in.renews = renews;
                sign_in.ended = None;
                if let Some(scopes) = scopes {
                    sign_in.scopes = scopes;
                }
                tx.put_sign_in(&sign_in)?;
                if let Some(earlier) = earlier {
                    tx.delete_credential(earlier)?;
                }
                if first {
                    standing::settle_state(tx, connector)?;
                }
                Ok(true)
            })
            .await?;
        if !committed {
            return Ok(None);
        }
        let mut ages = lock(&self.inner.tokens.ages);
        if let Some(replaced) = replaces {
            ages.remove(&replaced);
        }
        ages.insert(id, sent_up);
        Ok(Some(UsableToken {
            id,
            access_token: stored.access_token,
        }))
    }

    /// The token has ended for good: a person must sign in. The row stays, so that nothing is lost that
    /// a sign-out could still give back.
    pub(super) async fn end(
        &self,
        subject: &Subject,
        lease: &Lease,
        token: Option<Uuid>,
        finding: Finding,
    ) -> Result<()> {
        let act = self.act();
        let (lease, connector) = (lease.clone(), subject.connector.id);
        subject
            .opened
            .store
            .write(move |tx| {
                let mut sign_in = tx
                    .sign_in(connector)?
                    .unwrap_or_else(|| SignInRecord::none(connector));
                if !tx.holds_lease(&lease)? || sign_in.token_id != token {
                    return Ok(());
                }
                sign_in.ended = Some(finding);
                sign_in.renews = false;
                tx.put_sign_in(&sign_in)?;
                act.note(
                    tx,
                    connector,
                    EventKind::SignInEnded,
                    Some(standing::word_of(finding)),
                )?;
                standing::settle_state(tx, connector)
            })
            .await
    }
}

fn signed_in(tx: &Writer<'_>, act: &Act, connector: Uuid, code: &str) -> Result<()> {
    act.note(tx, connector, EventKind::SignedIn, None)?;
    act.audit(tx, Entry::of(AuditWhat::SignedIn).connector(code))
}

fn host_of(address: &str) -> Option<String> {
    url::Url::parse(address)
        .ok()?
        .host_str()
        .map(str::to_lowercase)
}
