//! How a request proves who it is: settings and credentials, or an access token, become headers and
//! query parameters. Pure. Nothing is sent and no token is renewed here.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use reqwest::header::{AUTHORIZATION, HeaderName, HeaderValue};
use zeroize::Zeroizing;

use crate::credentials::{ApiKeyCredentials, BasicCredentials, Credentials};
use crate::failure::Finding;
use crate::secret::SecretText;
use crate::settings::{AuthKind, AuthSettings};

/// The header of a key where the settings name none.
pub const DEFAULT_KEY_HEADER: &str = "X-API-Key";

/// What is added to a request. Values are marked sensitive and print as `Sensitive` or
/// `[redacted]`.
#[derive(Debug, Clone, Default)]
pub struct Authentication {
    /// Headers.
    pub headers: Vec<(HeaderName, HeaderValue)>,
    /// Query parameters.
    pub query: Vec<(String, SecretText)>,
}

/// Which of two keys is meant.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyChoice {
    /// The first.
    Primary,
    /// The one that takes over.
    Secondary,
}

/// Headers and parameters with the first key.
///
/// # Errors
/// [`Finding::CredentialsMissing`] where nothing fitting is stored, [`Finding::SignInNeeded`]
/// for the kinds that use tokens ([`bearer`] serves them), [`Finding::SettingUnusable`] where a header cannot be written.
pub fn authentication(
    auth: &AuthSettings,
    credentials: Option<&Credentials>,
) -> Result<Authentication, Finding> {
    authentication_with(auth, credentials, KeyChoice::Primary)
}

/// As [`authentication`], with the chosen key.
pub fn authentication_with(
    auth: &AuthSettings,
    credentials: Option<&Credentials>,
    choice: KeyChoice,
) -> Result<Authentication, Finding> {
    match (auth.kind, credentials) {
        (AuthKind::None, _) => Ok(Authentication::default()),
        (AuthKind::ApiKey, Some(Credentials::ApiKey(keys))) => with_key(auth, keys, choice),
        (AuthKind::Basic, Some(Credentials::Basic(login))) => with_login(login),
        (AuthKind::OAuth2 | AuthKind::TwoStep, _) => Err(Finding::SignInNeeded),
        (AuthKind::ApiKey, None) if all_plain(auth) => {
            with_key(auth, &ApiKeyCredentials::default(), choice)
        }
        _ => Err(Finding::CredentialsMissing),
    }
}

/// Whether there is a second key to try.
pub fn has_secondary(credentials: Option<&Credentials>) -> bool {
    matches!(credentials, Some(Credentials::ApiKey(keys)) if keys.secondary_api_key.is_some())
}

fn with_key(
    auth: &AuthSettings,
    keys: &ApiKeyCredentials,
    choice: KeyChoice,
) -> Result<Authentication, Finding> {
    let key = match choice {
        KeyChoice::Primary => keys.api_key.as_ref(),
        KeyChoice::Secondary => keys.secondary_api_key.as_ref(),
    };
    let key = key.filter(|key| !key.is_empty());
    if let Some(name) = &auth.query {
        let key = key.ok_or(Finding::CredentialsMissing)?;
        return Ok(Authentication {
            headers: Vec::new(),
            query: vec![(name.clone(), key.clone())],
        });
    }
    if !auth.headers.is_empty() {
        return with_headers(auth, keys, key);
    }
    let name = auth.header.as_deref().unwrap_or(DEFAULT_KEY_HEADER);
    let key = key.ok_or(Finding::CredentialsMissing)?;
    // EXPOSE: the value of the header that proves who we are.
    let text = prefixed(auth.prefix.as_deref().unwrap_or_default(), key.expose());
    Ok(Authentication {
        headers: vec![header(name, &text)?],
        query: Vec::new(),
    })
}

fn with_headers(
    auth: &AuthSettings,
    keys: &ApiKeyCredentials,
    key: Option<&SecretText>,
) -> Result<Authentication, Finding> {
    let only_secret = auth.headers.iter().filter(|h| h.secret).count() == 1;
    let mut headers = Vec::with_capacity(auth.headers.len());
    for setting in &auth.headers {
        let value = if setting.secret {
            let own = keys
                .secrets
                .iter()
                .find(|(name, _)| name.eq_ignore_ascii_case(&setting.name))
                .map(|(_, secret)| secret);
            let secret = own
                .or(key.filter(|_| only_secret))
                .filter(|secret| !secret.is_empty())
                .ok_or(Finding::CredentialsMissing)?;
            // EXPOSE: the value of a header that proves who we are.
            header(&setting.name, secret.expose())?
        } else {
            let value = setting.value.as_deref().ok_or(Finding::SettingUnusable)?;
            header(&setting.name, value)?
        };
        headers.push(value);
    }
    Ok(Authentication {
        headers,
        query: Vec::new(),
    })
}

/// RFC 7617 with UTF-8 (§2.1), which is what servers of today read.
fn with_login(login: &BasicCredentials) -> Result<Authentication, Finding> {
    // EXPOSE: the user name and password in the one header that RFC 7617 gives them.
    let pair = Zeroizing::new(format!("{}:{}", login.username, login.password.expose()));
    let text = Zeroizing::new(format!("Basic {}", STANDARD.encode(pair.as_bytes())));
    Ok(Authentication {
        headers: vec![header(AUTHORIZATION.as_str(), &text)?],
        query: Vec::new(),
    })
}

/// The header of RFC 6750 §2.1 with an access token.
pub fn bearer(token: &SecretText) -> Result<Authentication, Finding> {
    // EXPOSE: the bearer token in the one header that RFC 6750 gives it.
    let text = Zeroizing::new(format!("Bearer {}", token.expose()));
    Ok(Authentication {
        headers: vec![header(AUTHORIZATION.as_str(), &text)?],
        query: Vec::new(),
    })
}

/// Several headers of which none is secret need no credentials.
fn all_plain(auth: &AuthSettings) -> bool {
    !auth.headers.is_empty() && auth.headers.iter().all(|header| !header.secret)
}

/// One space between prefix and key, none after `=` (`Token token=…`).
fn prefixed(prefix: &str, key: &str) -> Zeroizing<String> {
    let prefix = prefix.trim();
    Zeroizing::new(if prefix.is_empty() || prefix.ends_with('=') {
        format!("{prefix}{key}")
    } else {
        format!("{prefix} {key}")
    })
}

fn header(name: &str, value: &str) -> Result<(HeaderName, HeaderValue), Finding> {
    let name = HeaderName::from_bytes(name.as_bytes()).map_err(|_| Finding::SettingUnusable)?;
    let mut value =
        HeaderValue::from_bytes(value.as_bytes()).map_err(|_| Finding::SettingUnusable)?;
    value.set_sensitive(true);
    Ok((name, value))
}
