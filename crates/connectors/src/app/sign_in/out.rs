//! Signing out: the tokens are given back where the federation takes them (RFC 7009), and destroyed here
//! in any case. What could not be withdrawn is said, not hidden.

use std::time::Duration;

use url::Url;

use crate::api::address::resolve;
use crate::app::App;
use crate::app::opening::blocking;
use crate::app::standing::settle_state;
use crate::app::tokens::{Held, Subject};
use crate::audit::{AuditWhat, Entry};
use crate::auth::tokens::StoredTokens;
use crate::error::Result;
use crate::failure::Finding;
use crate::store::sign_in::SignInRecord;
use crate::view::{EventKind, RevocationView, SignOutView};

/// Longest wait for the federation; the tokens go from here whatever it says.
const PATIENCE: Duration = Duration::from_secs(10);

impl App {
    /// Gives the tokens back where the federation takes them (RFC 7009), and destroys them here in
    /// any case.
    pub async fn sign_out(&self, code: &str) -> Result<SignOutView> {
        let subject = self.subject(code).await?;
        let (revocation, finding) = match self.held(&subject).await? {
            Held {
                tokens: Some((_, tokens)),
                ..
            } => self.give_back(&subject, &tokens).await,
            // They may not be sent to the hosts of the settings any more.
            Held { withheld: true, .. } => {
                (RevocationView::Failed, Some(Finding::CredentialsWithheld))
            }
            Held { .. } => (RevocationView::NothingToRevoke, None),
        };
        let (act, connector) = (self.act(), subject.connector.id);
        let known_as = subject.connector.code.clone();
        subject
            .opened
            .store
            .write(move |tx| {
                tx.delete_pending_sign_in_of(connector)?;
                let had = tx.sign_in(connector)?;
                if let Some(token) = had.as_ref().and_then(|one| one.token_id) {
                    tx.delete_credential(token)?;
                    act.note(tx, connector, EventKind::SignedOut, None)?;
                    act.audit(tx, Entry::of(AuditWhat::SignedOut).connector(&known_as))?;
                }
                if had.is_some() {
                    tx.put_sign_in(&SignInRecord::none(connector))?;
                }
                settle_state(tx, connector)
            })
            .await?;
        // What was destroyed must leave the write-ahead log too.
        let store = subject.opened.store.clone();
        blocking(move || store.checkpoint()).await?;
        self.inner.sign_ins.tell();
        Ok(SignOutView {
            revocation,
            finding,
            connector: self.connector_show(code).await?,
        })
    }

    async fn give_back(
        &self,
        subject: &Subject,
        tokens: &StoredTokens,
    ) -> (RevocationView, Option<Finding>) {
        let asked = tokio::time::timeout(PATIENCE, async {
            match self.revocation_url(subject, tokens).await? {
                Some(url) => self.revoke_at(subject, tokens, &url).await.map(|()| true),
                None => Ok(false),
            }
        })
        .await;
        match asked {
            Ok(Ok(true)) => (RevocationView::Revoked, None),
            Ok(Ok(false)) => (RevocationView::NotOffered, None),
            Ok(Err(finding)) => (RevocationView::Failed, Some(finding)),
            Err(_) => (RevocationView::Failed, Some(Finding::AnswerTimeout)),
        }
    }

    /// Where tokens are given back: as written out, else as known since the sign-in, else as the issuer
    /// says. A client that signs in by itself knows nothing since its sign-in.
    async fn revocation_url(
        &self,
        subject: &Subject,
        tokens: &StoredTokens,
    ) -> Result<Option<Url>, Finding> {
        let settings = &*subject.settings;
        let written = settings.auth.revocation_endpoint.as_deref();
        if let Some(address) = written.or(tokens.revocation_endpoint.as_deref()) {
            return resolve(address, "", &settings.variables()).map(Some);
        }
        if settings.auth.issuer.is_none() || settings.auth.needs_person() {
            return Ok(None);
        }
        let http = self.token_client(settings).await?;
        let endpoints = self.endpoints_of(settings, &http, settings.auth.grant());
        Ok(endpoints.await?.revocation)
    }

    /// The refresh token first: most servers end the access token with it.
    async fn revoke_at(
        &self,
        subject: &Subject,
        tokens: &StoredTokens,
        url: &Url,
    ) -> Result<(), Finding> {
        let settings = &*subject.settings;
        let Ok(client) = self.client_of(subject).await else {
            return Err(Finding::CredentialsMissing);
        };
        let http = self.token_client(settings).await?;
        let endpoint = self.endpoint(settings, &client, &http, url);
        if let Some(refresh) = &tokens.refresh_token {
            endpoint
                .revoke(url, refresh, "refresh_token")
                .await
                .map_err(|failure| failure.finding)?;
        }
        endpoint
            .revoke(url, &tokens.access_token, "access_token")
            .await
            .map_err(|failure| failure.finding)
    }
}
