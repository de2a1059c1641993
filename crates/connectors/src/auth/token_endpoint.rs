//! Requests to a token endpoint, each sent once through the one `send`: 64 KiB at most, no redirect,
//! never repeated here. The requests are the `oauth2` library's; those it does not know (JWT bearer, one
//! poll of a device) are written beside them. An answer becomes tokens or a [`TokenFailure`], never both.

use oauth2::basic::{
    BasicErrorResponse, BasicRevocationErrorResponse, BasicTokenIntrospectionResponse,
};
use oauth2::http;
use oauth2::{
    AsyncHttpClient, AuthType, AuthorizationCode, Client, ClientId, ClientSecret,
    DeviceAuthorizationUrl, EndpointNotSet, EndpointSet, HttpRequest, HttpResponse,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope,
    StandardDeviceAuthorizationResponse, StandardRevocableToken, TokenUrl,
};
use reqwest::header::AUTHORIZATION;
use url::Url;
use url::form_urlencoded::Serializer;
use zeroize::Zeroizing;

use crate::api::client::HttpClient;
use crate::auth::token_answer::TokenAnswer;
use crate::auth::token_failure::{
    Asking, TokenFailure, failure, finish, read, refused, unusable, word_of,
};
use crate::auth::tokens::GrantedTokens;
use crate::auth::wire::Wire;
use crate::clock::UtcMillis;
use crate::credentials::OAuth2Credentials;
use crate::failure::Finding;
use crate::secret::SecretText;
use crate::settings::{AuthSettings, ClientAuthentication};

/// The library's client with our strict answer.
type OAuthClient = Client<
    BasicErrorResponse,
    TokenAnswer,
    BasicTokenIntrospectionResponse,
    StandardRevocableToken,
    BasicRevocationErrorResponse,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointNotSet,
    EndpointSet,
>;

/// A token endpoint with everything to reach it.
pub struct TokenEndpoint<'a> {
    /// A client that follows no redirects.
    pub client: &'a HttpClient,
    /// Where.
    pub url: &'a Url,
    /// How the client proves itself, and the audience.
    pub auth: &'a AuthSettings,
    /// Who it is.
    pub credentials: &'a OAuth2Credentials,
    /// The time of day, for a Retry-After.
    pub now: UtcMillis,
}

impl TokenEndpoint<'_> {
    /// Exchanges a code (RFC 6749 §4.1.3, RFC 7636 §4.5). The code is used up by it.
    pub async fn exchange(
        &self,
        code: &SecretText,
        verifier: &SecretText,
        redirect_uri: &str,
    ) -> Result<GrantedTokens, TokenFailure> {
        let redirect = RedirectUrl::new(redirect_uri.to_owned())
            .map_err(|_| unusable(Finding::SettingUnusable))?;
        let client = self.oauth().set_redirect_uri(redirect);
        // EXPOSE (both): they go into the body of this one request.
        let request = client
            .exchange_code(AuthorizationCode::new(code.expose().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose().to_owned()));
        let wire = self.wire();
        let outcome = request.request_async(&wire).await;
        finish(outcome, &wire, Asking::Code)
    }

    /// Renews (RFC 6749 §6). The scope is left out: what was granted stays.
    pub async fn refresh(&self, token: &SecretText) -> Result<GrantedTokens, TokenFailure> {
        let client = self.oauth();
        // EXPOSE: it goes into the body of this one request.
        let token = RefreshToken::new(token.expose().to_owned());
        let request = client.exchange_refresh_token(&token);
        let wire = self.wire();
        let outcome = request.request_async(&wire).await;
        finish(outcome, &wire, Asking::Refresh)
    }

    /// The client signs in by itself (RFC 6749 §4.4).
    pub async fn client_credentials(&self) -> Result<GrantedTokens, TokenFailure> {
        let client = self.oauth();
        let mut request = client
            .exchange_client_credentials()
            .add_scopes(self.scopes());
        if let Some(audience) = &self.auth.audience {
            request = request.add_extra_param("audience", audience);
        }
        let wire = self.wire();
        let outcome = request.request_async(&wire).await;
        finish(outcome, &wire, Asking::Client)
    }

    /// The client shows an assertion (RFC 7523 §2.1).
    pub async fn jwt_bearer(&self, assertion: &str) -> Result<GrantedTokens, TokenFailure> {
        let scope = self.auth.scopes.join(" ");
        let mut pairs = vec![
            ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
            ("assertion", assertion),
        ];
        if !scope.is_empty() {
            pairs.push(("scope", &scope));
        }
        self.post(&pairs, Asking::Client).await
    }

    /// Starts a sign-in on another device (RFC 8628 §3.1).
    pub async fn start_device(
        &self,
        endpoint: &Url,
    ) -> Result<StandardDeviceAuthorizationResponse, TokenFailure> {
        let client = self
            .oauth()
            .set_device_authorization_url(DeviceAuthorizationUrl::from_url(endpoint.clone()));
        let mut request = client.exchange_device_code().add_scopes(self.scopes());
        if let Some(audience) = &self.auth.audience {
            request = request.add_extra_param("audience", audience);
        }
        // The request that starts a device's sign-in is its authorization request.
        for (name, value) in &self.auth.extra_parameters {
            request = request.add_extra_param(name, value);
        }
        let wire = self.wire();
        let outcome: Result<StandardDeviceAuthorizationResponse, _> =
            request.request_async(&wire).await;
        outcome.map_err(|error| failure(&error, &wire.seen(), Asking::Client))
    }

    /// Asks once whether the person has decided (RFC 8628 §3.4).
    pub async fn poll_device(
        &self,
        device_code: &SecretText,
    ) -> Result<GrantedTokens, TokenFailure> {
        // EXPOSE: it goes into the body of this one request.
        let pairs = [
            ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
            ("device_code", device_code.expose()),
        ];
        self.post(&pairs, Asking::Device).await
    }

    /// Gives a token back (RFC 7009 §2.1). 200 also for one that is not known there. Not the library's
    /// request, which refuses `http` even to this computer; `send` has that rule already.
    pub async fn revoke(
        &self,
        endpoint: &Url,
        token: &SecretText,
        hint: &'static str,
    ) -> Result<(), TokenFailure> {
        // EXPOSE: it goes into the body of this one request.
        let pairs = [("token", token.expose()), ("token_type_hint", hint)];
        let wire = self.wire().without_an_answer();
        match self.send_form(&wire, endpoint, &pairs).await? {
            response if response.status().is_success() => Ok(()),
            response => {
                let word = match read(&response) {
                    Err(RequestTokenError::ServerResponse(error)) => Some(word_of(error.error())),
                    _ => None,
                };
                Err(refused(word, &wire.seen(), Asking::Client))
            }
        }
    }

    fn oauth(&self) -> OAuthClient {
        let mut client = Client::new(ClientId::new(self.credentials.client_id.clone()))
            .set_token_uri(TokenUrl::from_url(self.url.clone()));
        let how = self.auth.client_authentication.unwrap_or_default();
        if how != ClientAuthentication::None
            && let Some(secret) = &self.credentials.client_secret
        {
            // EXPOSE: it goes into the header or the body of this one request.
            client = client.set_client_secret(ClientSecret::new(secret.expose().to_owned()));
        }
        client.set_auth_type(match how {
            ClientAuthentication::Basic => AuthType::BasicAuth,
            ClientAuthentication::None | ClientAuthentication::Body => AuthType::RequestBody,
        })
    }

    fn scopes(&self) -> impl Iterator<Item = Scope> + use<'_> {
        self.auth.scopes.iter().cloned().map(Scope::new)
    }

    fn wire(&self) -> Wire<'_> {
        Wire::new(self.client, self.now)
    }

    /// A request for a token that the library does not know.
    async fn post(
        &self,
        pairs: &[(&str, &str)],
        asking: Asking,
    ) -> Result<GrantedTokens, TokenFailure> {
        let wire = self.wire();
        let response = self.send_form(&wire, self.url, pairs).await?;
        finish(read(&response), &wire, asking)
    }

    /// Posts a form with the client's proof added.
    async fn send_form(
        &self,
        wire: &Wire<'_>,
        url: &Url,
        pairs: &[(&str, &str)],
    ) -> Result<HttpResponse, TokenFailure> {
        let request = self
            .form(url, pairs)
            .map_err(|_| unusable(Finding::SettingUnusable))?;
        wire.call(request).await.map_err(|error| {
            failure(
                &RequestTokenError::Request(error),
                &wire.seen(),
                Asking::Client,
            )
        })
    }

    fn form(&self, url: &Url, pairs: &[(&str, &str)]) -> Result<HttpRequest, http::Error> {
        let how = self.auth.client_authentication.unwrap_or_default();
        let mut form = Serializer::new(String::new());
        form.extend_pairs(pairs);
        let mut builder = http::Request::builder().method("POST").uri(url.as_str());
        match (how, &self.credentials.client_secret) {
            (ClientAuthentication::Basic, Some(secret)) => {
                // EXPOSE: the header of RFC 6749 §2.3.1.
                let proof = basic(&self.credentials.client_id, secret.expose());
                builder = builder.header(AUTHORIZATION, proof.as_str());
            }
            (ClientAuthentication::Body, Some(secret)) => {
                form.append_pair("client_id", &self.credentials.client_id);
                // EXPOSE: the body of RFC 6749 §2.3.1.
                form.append_pair("client_secret", secret.expose());
            }
            _ => {
                form.append_pair("client_id", &self.credentials.client_id);
            }
        }
        builder.body(form.finish().into_bytes())
    }
}

/// RFC 6749 §2.3.1: id and secret are form-encoded before they are joined.
fn basic(id: &str, secret: &str) -> Zeroizing<String> {
    use base64::Engine as _;
    use base64::engine::general_purpose::STANDARD;
    use url::form_urlencoded::byte_serialize;

    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let pair = Zeroizing::new(format!("{}:{}", encode(id), encode(secret)));
    Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())))
}
