//! Signing in with a person: in the browser with a way back through a deep link or a port of this
//! computer, or on another device. A sign-in that waits is a row of the file, so that a cold start and
//! another process can complete it as well.

mod browser;
mod complete;
mod device;
mod out;
mod waiting;

use std::collections::{HashMap, VecDeque};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::sync::watch;
use tokio_util::sync::CancellationToken;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::record::{find_live, settings_of};
use super::telling::told;
use super::tokens::{Subject, TokenTrouble};
use super::{App, lock};
use crate::api::address::may_send;
use crate::api::token_source::TokenRefusal;
use crate::auth::discovery::discover;
use crate::auth::endpoints::Metadata;
use crate::credentials::{Credentials, OAuth2Credentials};
use crate::error::{Error, FieldRule, Result};
use crate::failure::Finding;
use crate::settings::{ConnectorSettings, Grant};
use crate::view::{
    ConnectorView, DiscoveryRequest, DiscoveryView, PkceSupport, SignInRequest, SignInStepView,
};

/// Where the steps of a sign-in under way go.
pub type SignInSink<'a> = dyn FnMut(&SignInStepView) + Send + 'a;

/// What became of a link that came from the browser.
#[derive(Debug)]
pub enum Delivery {
    /// It completed a sign-in of this connector.
    Done(Box<ConnectorView>),
    /// The file is locked: the link waits for the unlocking, ten minutes at most.
    Waiting,
}

/// What is known about sign-ins in memory only.
pub(super) struct SignIns {
    /// The attempt of each connector that this process waits for; taking it away ends the waiting.
    running: Mutex<HashMap<Uuid, CancellationToken>>,
    /// Counts everything that became of an attempt in this process.
    news: watch::Sender<u64>,
    /// Links that came while the file was locked, with their moment by the monotonic clock.
    links: Mutex<VecDeque<(Zeroizing<String>, Duration)>>,
}

impl Default for SignIns {
    fn default() -> Self {
        Self {
            running: Mutex::default(),
            news: watch::Sender::new(0),
            links: Mutex::default(),
        }
    }
}

impl SignIns {
    /// Everybody who waits looks again.
    fn tell(&self) {
        self.news.send_modify(|count| *count += 1);
    }
}

impl App {
    /// Signs in and waits for the end: a person in the browser or on another device, or the client by
    /// itself, as the connector's grant says. `on_step` tells what is awaited.
    pub async fn sign_in(
        &self,
        request: SignInRequest,
        on_step: &mut SignInSink<'_>,
    ) -> Result<ConnectorView> {
        let subject = self.subject(&request.code).await?;
        let auth = &subject.settings.auth;
        if !auth.kind.uses_tokens() {
            return Err(Error::field(
                "auth.kind",
                FieldRule::NotForKind,
                "this connector proves itself without a sign-in",
            ));
        }
        if !auth.needs_person() && !request.device {
            return self.sign_in_alone(&subject).await;
        }
        let cancel = self.begin(subject.connector.id);
        let outcome = if request.device || auth.grant() == Grant::DeviceCode {
            self.sign_in_on_device(&subject, &cancel, on_step).await
        } else {
            let redirect = request.redirect.or(auth.redirect).unwrap_or_default();
            self.sign_in_in_browser(&subject, redirect, &cancel, on_step)
                .await
        };
        self.forget_running(subject.connector.id, &cancel);
        match outcome {
            Ok(()) => self.connector_show(&request.code).await,
            Err(TokenTrouble::Product(error)) => Err(error),
            Err(TokenTrouble::Federation(refusal)) => Err(told(&subject.settings, &refusal, 1)),
        }
    }

    /// The client gets a new token by itself.
    async fn sign_in_alone(&self, subject: &Subject) -> Result<ConnectorView> {
        let present = self.held(subject).await?.token_id();
        match self.token(subject, present).await {
            Ok(_) => self.connector_show(&subject.connector.code).await,
            Err(TokenTrouble::Product(error)) => Err(error),
            Err(TokenTrouble::Federation(refusal)) => {
                let (act, connector) = (self.act(), subject.connector.id);
                let attempt = act.id()?;
                subject
                    .opened
                    .store
                    .write(move |tx| {
                        super::standing::fail_attempt(
                            tx,
                            connector,
                            attempt.as_bytes(),
                            refusal.finding,
                            &act,
                        )?;
                        Ok(refusal)
                    })
                    .await
                    .and_then(|refusal| Err(told(&subject.settings, &refusal, 1)))
            }
        }
    }

    /// Ends an attempt under way; tokens of an earlier sign-in stay.
    pub async fn sign_in_cancel(&self, code: &str) -> Result<ConnectorView> {
        let subject = self.subject(code).await?;
        let connector = subject.connector.id;
        if let Some(running) = lock(&self.inner.sign_ins.running).remove(&connector) {
            running.cancel();
        }
        subject
            .opened
            .store
            .write(move |tx| {
                if tx.delete_pending_sign_in_of(connector)? {
                    super::standing::settle_state(tx, connector)?;
                }
                Ok(())
            })
            .await?;
        self.inner.sign_ins.tell();
        self.connector_show(code).await
    }

    /// Asks an issuer about itself.
    pub async fn sign_in_discover(&self, request: DiscoveryRequest) -> Result<DiscoveryView> {
        let issuer = request.issuer.trim().to_owned();
        let wrong = || {
            Error::field(
                "auth.issuer",
                FieldRule::InvalidUrl,
                "this is not an address, e.g. https://id.example.org",
            )
        };
        let url = url::Url::parse(&issuer).map_err(|_| wrong())?;
        if url.host().is_none() || url.query().is_some() || url.fragment().is_some() {
            return Err(wrong());
        }
        may_send(&url, request.allow_http_loopback).map_err(|_| {
            Error::field(
                "auth.issuer",
                FieldRule::NotHttps,
                "use https://, so that nobody on the way can read it",
            )
        })?;
        let settings = ConnectorSettings {
            name: url.host_str().unwrap_or_default().to_owned(),
            allow_http_loopback: request.allow_http_loopback,
            network: request.network,
            ..ConnectorSettings::default()
        };
        let refused = |finding| {
            let host = url.host_str().map(str::to_owned);
            let refusal = TokenRefusal {
                host,
                ..TokenRefusal::from(finding)
            };
            told(&settings, &refusal, 1)
        };
        let http = self.token_client(&settings).await.map_err(refused)?;
        let switch = request.allow_http_loopback;
        let metadata = discover(&http, &issuer, switch, self.now())
            .await
            .map_err(refused)?;
        Ok(described(metadata, &url))
    }

    /// A live connector with its settings and the open file.
    pub(super) async fn subject(&self, code: &str) -> Result<Subject> {
        let opened = self.opened()?;
        let wanted = code.to_owned();
        let record = opened.store.read(move |tx| find_live(tx, &wanted)).await?;
        let settings = settings_of(&record)?;
        Ok(Subject {
            opened,
            connector: Arc::new(record),
            settings: Arc::new(settings),
        })
    }

    /// A new attempt of a connector ends the one before.
    fn begin(&self, connector: Uuid) -> CancellationToken {
        let cancel = CancellationToken::new();
        let before = lock(&self.inner.sign_ins.running).insert(connector, cancel.clone());
        if let Some(before) = before {
            before.cancel();
        }
        cancel
    }

    fn forget_running(&self, connector: Uuid, cancel: &CancellationToken) {
        // One that was cancelled has a successor, or was taken out already.
        if !cancel.is_cancelled() {
            lock(&self.inner.sign_ins.running).remove(&connector);
        }
    }

    /// Ends every waiting, for a lock or an exit. The rows stay: another process may complete them.
    pub(super) fn stop_waiting(&self) {
        for (_, running) in lock(&self.inner.sign_ins.running).drain() {
            running.cancel();
        }
    }

    /// The client of a connector that a person signs in to.
    async fn client_of(&self, subject: &Subject) -> Result<OAuth2Credentials, TokenTrouble> {
        let stored = self
            .stored_for(&subject.opened, &subject.connector, &subject.settings)
            .await?;
        match stored.credentials {
            _ if stored.withheld => Err(Finding::CredentialsWithheld.into()),
            Some(Credentials::OAuth2(client)) => Ok(client),
            _ => Err(Finding::CredentialsMissing.into()),
        }
    }
}

/// What a person is shown of an issuer.
fn described(metadata: Metadata, issuer: &url::Url) -> DiscoveryView {
    let endpoints = [
        &metadata.authorization_endpoint,
        &metadata.token_endpoint,
        &metadata.revocation_endpoint,
        &metadata.device_authorization_endpoint,
    ];
    let mut other_hosts: Vec<String> = endpoints
        .into_iter()
        .flatten()
        .filter_map(|address| url::Url::parse(address).ok())
        .filter(|url| url.origin() != issuer.origin())
        .filter_map(|url| url.host_str().map(str::to_owned))
        .collect();
    other_hosts.sort();
    other_hosts.dedup();
    let pkce = match &metadata.code_challenge_methods_supported {
        None => PkceSupport::Unknown,
        Some(_) if metadata.refuses_s256() => PkceSupport::Other,
        Some(_) => PkceSupport::S256,
    };
    DiscoveryView {
        issuer: metadata.issuer,
        authorization_endpoint: metadata.authorization_endpoint,
        token_endpoint: metadata.token_endpoint,
        revocation_endpoint: metadata.revocation_endpoint,
        device_authorization_endpoint: metadata.device_authorization_endpoint,
        scopes_supported: metadata.scopes_supported,
        pkce,
        other_hosts,
    }
}
