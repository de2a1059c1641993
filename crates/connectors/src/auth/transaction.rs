//! One sign-in in the browser: its secrets, where it goes and what it expects back. Made once, sealed
//! at once, used once.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::{
    AuthUrl, ClientId, CsrfToken, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, Scope,
};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use url::Url;
use zeroize::Zeroizing;

use crate::auth::endpoints::Endpoints;
use crate::error::{Error, Result};
use crate::failure::Finding;
use crate::random::{Random, RandomError};
use crate::secret::SecretText;
use crate::settings::AuthSettings;

/// How long a sign-in can be finished, in milliseconds: as long as a code may live (RFC 6749 §4.1.2).
pub const LIFETIME_MS: i64 = 600_000;

/// Random bytes of a `state` and of a verifier: 256 bits (RFC 7636 §7.1).
const RANDOM_BYTES: usize = 32;

/// What is kept, sealed, until the browser comes back.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Transaction {
    /// The verifier of RFC 7636, 43 characters.
    pub verifier: SecretText,
    /// The redirect URI, to be compared letter by letter.
    pub redirect_uri: String,
    /// The issuer, where it is known.
    pub issuer: Option<String>,
    /// The issuer said that it names itself in every answer (RFC 9207 §3).
    pub issuer_required: bool,
    /// Where the person was sent.
    pub authorization_endpoint: String,
    /// Where the code will be exchanged: decided now, not when the answer comes.
    pub token_endpoint: String,
    /// Where the tokens can be given back.
    pub revocation_endpoint: Option<String>,
    /// What was asked for.
    pub scopes: Vec<String>,
}

#[derive(Serialize)]
struct SealedTransaction<'a> {
    verifier: &'a str,
    redirect_uri: &'a str,
    issuer: Option<&'a str>,
    issuer_required: bool,
    authorization_endpoint: &'a str,
    token_endpoint: &'a str,
    revocation_endpoint: Option<&'a str>,
    scopes: &'a [String],
}

/// A sign-in that has just been made.
#[derive(Debug)]
pub struct Started {
    /// What is kept.
    pub transaction: Transaction,
    /// The hash of its `state`, by which it is found again.
    pub state_hash: [u8; 32],
    /// Where the browser goes. It carries the `state`.
    pub authorization_url: Zeroizing<String>,
}

/// The hash by which a sign-in is found. Comparing hashes tells nobody how much of a guess was right.
pub fn state_hash(state: &SecretText) -> [u8; 32] {
    // EXPOSE: only its hash is kept.
    Sha256::digest(state.expose().as_bytes()).into()
}

/// Makes a sign-in with fresh secrets. The challenge is always S256 (RFC 7636 §4.2).
///
/// # Errors
/// A [`Finding`] where an address cannot be used; none of the secrets is made without randomness.
pub fn start(
    auth: &AuthSettings,
    client_id: &str,
    endpoints: &Endpoints,
    redirect_uri: &str,
    random: &dyn Random,
) -> Result<Result<Started, Finding>> {
    let made = |source: RandomError| Error::internal("make the secrets of a sign-in", source);
    let state = random_text(random).map_err(made)?;
    let verifier = random_text(random).map_err(made)?;
    let Some(authorization) = &endpoints.authorization else {
        return Ok(Err(Finding::SettingUnusable));
    };
    let state_hash = state_hash(&state);
    let url = authorization_url(
        auth,
        client_id,
        authorization,
        redirect_uri,
        &state,
        &verifier,
    );
    Ok(url.map(|authorization_url| Started {
        transaction: Transaction {
            verifier,
            redirect_uri: redirect_uri.to_owned(),
            issuer: endpoints.issuer.clone(),
            issuer_required: endpoints.issuer_in_answers,
            authorization_endpoint: authorization.to_string(),
            token_endpoint: endpoints.token.to_string(),
            revocation_endpoint: endpoints.revocation.as_ref().map(Url::to_string),
            scopes: auth.scopes.clone(),
        },
        state_hash,
        authorization_url,
    }))
}

impl Transaction {
    /// The bytes that are sealed.
    pub fn to_sealed_json(&self) -> Result<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(32 * 1024));
        // EXPOSE: these bytes go to the cipher and nowhere else.
        let sealed = SealedTransaction {
            verifier: self.verifier.expose(),
            redirect_uri: &self.redirect_uri,
            issuer: self.issuer.as_deref(),
            issuer_required: self.issuer_required,
            authorization_endpoint: &self.authorization_endpoint,
            token_endpoint: &self.token_endpoint,
            revocation_endpoint: self.revocation_endpoint.as_deref(),
            scopes: &self.scopes,
        };
        serde_json::to_writer(&mut *bytes, &sealed).map_err(|_| Error::Internal {
            doing: "write a sign-in for sealing",
            source: None,
        })?;
        Ok(bytes)
    }

    /// The opposite of [`Transaction::to_sealed_json`].
    pub fn from_sealed_json(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(|_| Error::Internal {
            doing: "read an unsealed sign-in",
            source: None,
        })
    }

    /// Whether an answer may come from `issuer` (RFC 9207 §2.4: simple string comparison). An error
    /// may lack it: servers that name themselves in successes forget it there.
    pub fn accepts_issuer(&self, issuer: Option<&str>, is_success: bool) -> bool {
        match (issuer, &self.issuer) {
            (Some(said), Some(known)) => said == known,
            // Nobody told us who it should be: the redirect URI of its own keeps answers apart.
            (Some(_), None) => true,
            (None, _) => !(self.issuer_required && is_success),
        }
    }
}

fn authorization_url(
    auth: &AuthSettings,
    client_id: &str,
    endpoint: &Url,
    redirect_uri: &str,
    state: &SecretText,
    verifier: &SecretText,
) -> Result<Zeroizing<String>, Finding> {
    let redirect =
        RedirectUrl::new(redirect_uri.to_owned()).map_err(|_| Finding::SettingUnusable)?;
    // EXPOSE (both): the challenge is made of one, and the other goes to the browser.
    let challenge = PkceCodeChallenge::from_code_verifier_sha256(&PkceCodeVerifier::new(
        verifier.expose().to_owned(),
    ));
    let csrf = CsrfToken::new(state.expose().to_owned());
    let client = oauth2::basic::BasicClient::new(ClientId::new(client_id.to_owned()))
        .set_auth_uri(AuthUrl::from_url(endpoint.clone()))
        .set_redirect_uri(redirect);
    let mut request = client
        .authorize_url(|| csrf)
        .add_scopes(auth.scopes.iter().cloned().map(Scope::new))
        .set_pkce_challenge(challenge);
    if let Some(audience) = &auth.audience {
        request = request.add_extra_param("audience", audience);
    }
    for (name, value) in &auth.extra_parameters {
        request = request.add_extra_param(name, value);
    }
    let (url, _) = request.url();
    Ok(Zeroizing::new(url.into()))
}

/// 43 unreserved characters out of 256 random bits.
fn random_text(random: &dyn Random) -> Result<SecretText, RandomError> {
    let mut bytes = Zeroizing::new([0_u8; RANDOM_BYTES]);
    random.fill(&mut *bytes)?;
    Ok(SecretText::new(URL_SAFE_NO_PAD.encode(*bytes)))
}
