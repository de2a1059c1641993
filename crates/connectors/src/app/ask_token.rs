//! Which request brings a token: a refresh where a person has signed in, else whatever lets the client
//! sign in by itself. Nothing is stored here.

use std::time::Duration;

use url::Url;

use super::App;
use super::opening::blocking;
use super::tokens::{Held, Subject, TokenTrouble, refusal};
use crate::api::address::resolve;
use crate::api::client::HttpClient;
use crate::api::token_source::TokenRefusal;
use crate::auth::assertion::make_assertion;
use crate::auth::discovery::discover;
use crate::auth::endpoints::{Endpoints, Metadata, endpoints, needs_discovery};
use crate::auth::token_endpoint::TokenEndpoint;
use crate::auth::token_failure::TokenFailure;
use crate::auth::tokens::GrantedTokens;
use crate::auth::two_step;
use crate::credentials::{Credentials, OAuth2Credentials, TwoStepCredentials};
use crate::error::Error;
use crate::failure::Finding;
use crate::settings::{ConnectorSettings, Grant};

/// Before the one repetition of a refresh whose answer was lost, in milliseconds; up to as much again
/// is added, so that two computers do not meet.
const PAUSE_MS: u64 = 1_000;

impl App {
    /// Asks for a token with what is stored. The outer error is ours, the inner one the federation's.
    pub(super) async fn ask_for_token(
        &self,
        subject: &Subject,
        held: &Held,
    ) -> Result<Result<GrantedTokens, TokenRefusal>, TokenTrouble> {
        let settings = &*subject.settings;
        let stored = self
            .stored_for(&subject.opened, &subject.connector, settings)
            .await?;
        if stored.withheld {
            return Ok(Err(Finding::CredentialsWithheld.into()));
        }
        match stored.credentials {
            Some(Credentials::OAuth2(client)) if settings.auth.needs_person() => {
                self.refresh(settings, &client, held).await
            }
            Some(credentials) => self.obtain(settings, &credentials, Some(held)).await,
            None => Ok(Err(Finding::CredentialsMissing.into())),
        }
    }

    /// The client signs in by itself.
    pub(super) async fn obtain(
        &self,
        settings: &ConnectorSettings,
        credentials: &Credentials,
        held: Option<&Held>,
    ) -> Result<Result<GrantedTokens, TokenRefusal>, TokenTrouble> {
        let http = match self.token_client(settings).await {
            Ok(http) => http,
            Err(finding) => return Ok(Err(finding.into())),
        };
        match credentials {
            Credentials::TwoStep(first) => Ok(self.two_step(settings, first, &http).await),
            Credentials::OAuth2(client) => {
                let url = match self.token_url(settings, held, &http).await {
                    Ok(url) => url,
                    Err(finding) => return Ok(Err(at_issuer(settings, finding))),
                };
                let endpoint = self.endpoint(settings, client, &http, &url);
                let outcome = match settings.auth.grant() {
                    Grant::JwtBearer => {
                        let assertion = match self.assertion(settings, client, &url).await? {
                            Ok(assertion) => assertion,
                            Err(finding) => return Ok(Err(finding.into())),
                        };
                        endpoint.jwt_bearer(&assertion).await
                    }
                    Grant::ClientCredentials => endpoint.client_credentials().await,
                    Grant::AuthorizationCode | Grant::DeviceCode => {
                        return Ok(Err(Finding::SignInNeeded.into()));
                    }
                };
                Ok(outcome.map_err(|failure| refusal(&failure, url.host_str())))
            }
            Credentials::ApiKey(_) | Credentials::Basic(_) => {
                Ok(Err(Finding::CredentialsMissing.into()))
            }
        }
    }

    async fn two_step(
        &self,
        settings: &ConnectorSettings,
        first: &TwoStepCredentials,
        http: &HttpClient,
    ) -> Result<GrantedTokens, TokenRefusal> {
        let Some(two_step) = &settings.auth.two_step else {
            return Err(Finding::SettingUnusable.into());
        };
        let values = settings.variables();
        let url = resolve(&settings.endpoints.base, &two_step.url, &values)
            .map_err(TokenRefusal::from)?;
        two_step::obtain(http, &url, two_step, first, self.now())
            .await
            .map_err(|failure| refusal(&failure, url.host_str()))
    }

    /// Renews with the refresh token. Where the answer was lost, the token may or may not have been
    /// replaced: it is asked once more, and what the server says then holds.
    async fn refresh(
        &self,
        settings: &ConnectorSettings,
        client: &OAuth2Credentials,
        held: &Held,
    ) -> Result<Result<GrantedTokens, TokenRefusal>, TokenTrouble> {
        let token = held
            .tokens
            .as_ref()
            .and_then(|(_, tokens)| tokens.refresh_token.as_ref());
        let Some(token) = token else {
            return Ok(Err(Finding::SignInEnded.into()));
        };
        let http = match self.token_client(settings).await {
            Ok(http) => http,
            Err(finding) => return Ok(Err(finding.into())),
        };
        let url = match self.token_url(settings, Some(held), &http).await {
            Ok(url) => url,
            Err(finding) => return Ok(Err(at_issuer(settings, finding))),
        };
        let endpoint = self.endpoint(settings, client, &http, &url);
        let mut outcome = endpoint.refresh(token).await;
        if outcome.as_ref().is_err_and(is_lost) {
            let pause = PAUSE_MS + self.jitter_ms(PAUSE_MS)?;
            tokio::time::sleep(Duration::from_millis(pause)).await;
            outcome = endpoint.refresh(token).await;
        }
        Ok(outcome.map_err(|failure| refusal(&failure, url.host_str())))
    }

    /// Up to `most` milliseconds by chance.
    fn jitter_ms(&self, most: u64) -> Result<u64, Error> {
        let mut bytes = [0_u8; 8];
        self.random()
            .fill(&mut bytes)
            .map_err(|source| Error::internal("choose a pause", source))?;
        Ok(u64::from_le_bytes(bytes) % (most + 1))
    }

    pub(super) fn endpoint<'a>(
        &self,
        settings: &'a ConnectorSettings,
        client: &'a OAuth2Credentials,
        http: &'a HttpClient,
        url: &'a Url,
    ) -> TokenEndpoint<'a> {
        TokenEndpoint {
            client: http,
            url,
            auth: &settings.auth,
            credentials: client,
            now: self.now(),
        }
    }

    /// The token endpoint: as written out, else the one that gave the tokens, else the issuer's.
    async fn token_url(
        &self,
        settings: &ConnectorSettings,
        held: Option<&Held>,
        http: &HttpClient,
    ) -> Result<Url, Finding> {
        let gave = held
            .and_then(|held| held.tokens.as_ref())
            .and_then(|(_, tokens)| tokens.token_endpoint.as_deref());
        match (&settings.auth.token_endpoint, gave) {
            (Some(written), _) => resolve(written, "", &settings.variables()),
            (None, Some(gave)) => resolve(gave, "", &[]),
            (None, None) => {
                let grant = Grant::ClientCredentials;
                Ok(self.endpoints_of(settings, http, grant).await?.token)
            }
        }
    }

    /// Where a sign-in with `grant` goes. The issuer is asked where one is set; it is only needed where
    /// an address is missing.
    pub(super) async fn endpoints_of(
        &self,
        settings: &ConnectorSettings,
        http: &HttpClient,
        grant: Grant,
    ) -> Result<Endpoints, Finding> {
        let asked = match &settings.auth.issuer {
            None => None,
            Some(issuer) => {
                let switch = settings.allow_http_loopback;
                let issuer = settings.filled(issuer);
                match discover(http, &issuer, switch, self.now()).await {
                    Ok(metadata) => Some(metadata),
                    Err(finding) if needs_discovery(&settings.auth, grant) => return Err(finding),
                    Err(_) => None::<Metadata>,
                }
            }
        };
        endpoints(settings, asked.as_ref(), grant)
    }

    /// An assertion for one request. A key file may have its password stretched a million times, so it
    /// is opened on a thread where that harms nobody.
    async fn assertion(
        &self,
        settings: &ConnectorSettings,
        client: &OAuth2Credentials,
        url: &Url,
    ) -> Result<Result<zeroize::Zeroizing<String>, Finding>, Error> {
        let Some(key) = client.private_key.clone() else {
            return Ok(Err(Finding::PrivateKeyUnusable));
        };
        let audience = settings.auth.audience.as_deref().unwrap_or(url.as_str());
        let (audience, client_id) = (audience.to_owned(), client.client_id.clone());
        let password = client.private_key_password.clone();
        let (now, id) = (self.now(), self.act().id()?);
        blocking(move || {
            Ok(make_assertion(
                &client_id,
                &audience,
                None,
                &key,
                password.as_ref(),
                now,
                id,
            ))
        })
        .await
    }
}

/// Whether an answer was lost on the way, its head or a part of its body: the server may have acted.
pub(super) fn is_lost(failure: &TokenFailure) -> bool {
    let cut = matches!(
        failure.finding,
        Finding::ConnectionCut | Finding::AnswerTimeout
    );
    failure.sent && (cut || failure.status.is_none())
}

fn at_issuer(settings: &ConnectorSettings, finding: Finding) -> TokenRefusal {
    let host = settings
        .auth
        .issuer
        .as_deref()
        .and_then(|issuer| Url::parse(issuer).ok())
        .and_then(|url| url.host_str().map(str::to_owned));
    TokenRefusal {
        host,
        ..TokenRefusal::from(finding)
    }
}
