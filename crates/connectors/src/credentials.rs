//! Plain credentials in memory: typed, wiped when dropped, never printed. Sealing them is the
//! vault's work and keeping them the store's; here is only what they are, which values can be
//! used at all, and the bytes that are sealed. No sentence here ever contains a value.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::clock::UtcMillis;
use crate::error::{Error, FieldError, FieldRule, Result};
use crate::secret::SecretText;
use crate::settings::{AuthKind, AuthSettings};
use crate::view::CredentialsRequest;

/// Longest secret or user name in bytes. Servers refuse larger headers anyway (8–16 KiB).
pub const MAX_SECRET_BYTES: usize = 16 * 1024;

/// Credentials of one connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A key, a second key, secret headers.
    ApiKey(ApiKeyCredentials),
    /// User name and password (RFC 7617).
    Basic(BasicCredentials),
    /// Client and tokens (RFC 6749).
    OAuth2(OAuth2Credentials),
}

/// Keys.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct ApiKeyCredentials {
    /// The key; absent where all secrets are headers.
    pub api_key: Option<SecretText>,
    /// Takes over when the first is refused with 401.
    pub secondary_api_key: Option<SecretText>,
    /// Values of the secret headers by header name.
    pub secrets: BTreeMap<String, SecretText>,
}

/// User name and password.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct BasicCredentials {
    /// User name; no colon (RFC 7617 §2).
    pub username: String,
    /// Password.
    pub password: SecretText,
}

/// Client and tokens.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth2Credentials {
    /// Client id.
    pub client_id: String,
    /// Client secret, where the federation gave one.
    #[serde(default)]
    pub client_secret: Option<SecretText>,
    /// Absent until a person has signed in.
    #[serde(default)]
    pub access_token: Option<SecretText>,
    /// Absent where the federation gives none.
    #[serde(default)]
    pub refresh_token: Option<SecretText>,
    /// When the access token ends, where the federation said so.
    #[serde(default, deserialize_with = "read_moment")]
    pub expires_at: Option<UtcMillis>,
}

/// What came in a request: the credentials and what travels beside them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct IncomingCredentials {
    /// The credentials.
    pub credentials: Credentials,
    /// Day they end, `YYYY-MM-DD`, as typed; checked by [`IncomingCredentials::check`].
    pub expires_on: Option<String>,
    /// Sealed by itself.
    pub webhook_secret: Option<SecretText>,
}

impl Credentials {
    /// Which kind of authentication they serve.
    pub fn kind(&self) -> AuthKind {
        match self {
            Self::ApiKey(_) => AuthKind::ApiKey,
            Self::Basic(_) => AuthKind::Basic,
            Self::OAuth2(_) => AuthKind::OAuth2,
        }
    }

    /// The bytes that are sealed. The buffer is reserved for the worst case beforehand, so that
    /// growing it leaves no copy behind that nobody wipes.
    pub fn to_sealed_json(&self) -> Result<Zeroizing<Vec<u8>>> {
        let mut bytes = Zeroizing::new(Vec::with_capacity(self.json_bound()));
        // EXPOSE (all in `as_sealed`): these bytes go to the cipher and nowhere else.
        serde_json::to_writer(&mut *bytes, &self.as_sealed()).map_err(|_| Error::Internal {
            doing: "write credentials for sealing",
            source: None,
        })?;
        Ok(bytes)
    }

    /// The opposite of [`Credentials::to_sealed_json`]. The parser's own error is not kept: it
    /// quotes what it read.
    pub fn from_sealed_json(bytes: &[u8]) -> Result<Self> {
        let stored: StoredCredentials =
            serde_json::from_slice(bytes).map_err(|_| Error::Internal {
                doing: "read unsealed credentials",
                source: None,
            })?;
        Ok(match stored {
            StoredCredentials::ApiKey(keys) => Self::ApiKey(keys),
            StoredCredentials::Basic(login) => Self::Basic(login),
            StoredCredentials::OAuth2(tokens) => Self::OAuth2(tokens),
        })
    }

    /// Takes a request apart. Nothing is checked yet.
    pub fn from_request(request: CredentialsRequest) -> IncomingCredentials {
        let (credentials, expires_on, webhook_secret) = match request {
            CredentialsRequest::ApiKey {
                api_key,
                secondary_api_key,
                secrets,
                expires_on,
                webhook_secret,
            } => (
                Self::ApiKey(ApiKeyCredentials {
                    api_key,
                    secondary_api_key,
                    secrets,
                }),
                expires_on,
                webhook_secret,
            ),
            CredentialsRequest::Basic {
                username,
                password,
                expires_on,
                webhook_secret,
            } => (
                Self::Basic(BasicCredentials { username, password }),
                expires_on,
                webhook_secret,
            ),
            CredentialsRequest::OAuth2 {
                client_id,
                client_secret,
                expires_on,
                webhook_secret,
            } => (
                Self::OAuth2(OAuth2Credentials {
                    client_id,
                    client_secret,
                    access_token: None,
                    refresh_token: None,
                    expires_at: None,
                }),
                expires_on,
                webhook_secret,
            ),
        };
        IncomingCredentials {
            credentials,
            expires_on,
            webhook_secret,
        }
    }

    /// Every broken rule, in the order of the form; empty where the values can be sent as the
    /// settings say.
    pub fn check(&self, auth: &AuthSettings) -> Vec<FieldError> {
        let mut broken = Vec::new();
        if self.kind() != auth.kind {
            broken.push(error(
                "credentials.type",
                FieldRule::NotForKind,
                "these credentials are of another kind than the connector's sign-in",
            ));
            return broken;
        }
        match self {
            Self::ApiKey(keys) => check_keys(keys, auth, &mut broken),
            Self::Basic(login) => check_login(login, &mut broken),
            Self::OAuth2(tokens) => {
                check_text("credentials.client_id", &tokens.client_id, &mut broken);
                // EXPOSE: looked at for its length and characters only.
                if let Some(secret) = &tokens.client_secret {
                    check_text("credentials.client_secret", secret.expose(), &mut broken);
                }
            }
        }
        broken
    }

    fn as_sealed(&self) -> SealedCredentials<'_> {
        match self {
            Self::ApiKey(keys) => SealedCredentials::ApiKey {
                api_key: keys.api_key.as_ref().map(SecretText::expose),
                secondary_api_key: keys.secondary_api_key.as_ref().map(SecretText::expose),
                secrets: keys
                    .secrets
                    .iter()
                    .map(|(name, secret)| (name.as_str(), secret.expose()))
                    .collect(),
            },
            Self::Basic(login) => SealedCredentials::Basic {
                username: &login.username,
                password: login.password.expose(),
            },
            Self::OAuth2(tokens) => SealedCredentials::OAuth2 {
                client_id: &tokens.client_id,
                client_secret: tokens.client_secret.as_ref().map(SecretText::expose),
                access_token: tokens.access_token.as_ref().map(SecretText::expose),
                refresh_token: tokens.refresh_token.as_ref().map(SecretText::expose),
                expires_at: tokens.expires_at.map(|moment| moment.0),
            },
        }
    }

    /// Bytes that the JSON cannot exceed: a character grows to at most six (`\u0000`).
    fn json_bound(&self) -> usize {
        let length = |secret: &Option<SecretText>| secret.as_ref().map_or(0, |s| s.expose().len());
        let text = match self {
            Self::ApiKey(keys) => {
                let headers: usize = keys
                    .secrets
                    .iter()
                    .map(|(name, secret)| name.len() + secret.expose().len() + 2)
                    .sum();
                length(&keys.api_key) + length(&keys.secondary_api_key) + headers
            }
            Self::Basic(login) => login.username.len() + login.password.expose().len(),
            Self::OAuth2(tokens) => {
                tokens.client_id.len()
                    + length(&tokens.client_secret)
                    + length(&tokens.access_token)
                    + length(&tokens.refresh_token)
            }
        };
        text * 6 + 256
    }
}

impl IncomingCredentials {
    /// As [`Credentials::check`], with the day of expiry and the webhook secret.
    pub fn check(&self, auth: &AuthSettings) -> Vec<FieldError> {
        let mut broken = self.credentials.check(auth);
        if let Some(day) = &self.expires_on
            && !is_day(day)
        {
            broken.push(error(
                "credentials.expires_on",
                FieldRule::Pattern,
                "must be a day written as YYYY-MM-DD, e.g. 2027-03-31",
            ));
        }
        if let Some(secret) = &self.webhook_secret {
            // EXPOSE: looked at for its length and characters only.
            check_text("credentials.webhook_secret", secret.expose(), &mut broken);
        }
        broken
    }
}

/// Borrowed twin of [`StoredCredentials`], so that nothing secret is copied to be written.
#[derive(Serialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum SealedCredentials<'a> {
    ApiKey {
        #[serde(skip_serializing_if = "Option::is_none")]
        api_key: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        secondary_api_key: Option<&'a str>,
        secrets: BTreeMap<&'a str, &'a str>,
    },
    Basic {
        username: &'a str,
        password: &'a str,
    },
    #[serde(rename = "oauth2")]
    OAuth2 {
        client_id: &'a str,
        #[serde(skip_serializing_if = "Option::is_none")]
        client_secret: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        access_token: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        refresh_token: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        expires_at: Option<i64>,
    },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum StoredCredentials {
    ApiKey(ApiKeyCredentials),
    Basic(BasicCredentials),
    #[serde(rename = "oauth2")]
    OAuth2(OAuth2Credentials),
}

fn read_moment<'de, D: serde::Deserializer<'de>>(
    deserializer: D,
) -> std::result::Result<Option<UtcMillis>, D::Error> {
    Ok(Option::<i64>::deserialize(deserializer)?.map(UtcMillis))
}

fn check_keys(keys: &ApiKeyCredentials, auth: &AuthSettings, broken: &mut Vec<FieldError>) {
    let secret_headers: Vec<&str> = auth
        .headers
        .iter()
        .filter(|header| header.secret)
        .map(|header| header.name.as_str())
        .collect();
    let given = |name: &str| {
        keys.secrets
            .keys()
            .any(|key| key.eq_ignore_ascii_case(name))
    };
    // One secret header may take its value from `api_key`; with several it would be a guess.
    let key_serves_header = secret_headers.len() == 1 && !given(secret_headers[0]);
    let key_needed = auth.headers.is_empty() || key_serves_header;
    match &keys.api_key {
        // EXPOSE (here and below): looked at for its length and characters only.
        Some(key) => check_text("credentials.api_key", key.expose(), broken),
        None if key_needed => broken.push(required("credentials.api_key")),
        None => {}
    }
    if let Some(key) = &keys.secondary_api_key {
        check_text("credentials.secondary_api_key", key.expose(), broken);
    }
    if !key_needed && (keys.api_key.is_some() || keys.secondary_api_key.is_some()) {
        broken.push(error(
            "credentials.api_key",
            FieldRule::NotForKind,
            "the settings send several headers and none of them takes this key",
        ));
    }
    for name in &secret_headers {
        if !given(name) && !key_serves_header {
            broken.push(required(&format!("credentials.secrets.{name}")));
        }
    }
    for (name, secret) in &keys.secrets {
        let field = format!("credentials.secrets.{name}");
        if secret_headers
            .iter()
            .any(|known| known.eq_ignore_ascii_case(name))
        {
            check_text(&field, secret.expose(), broken);
        } else {
            // The name came from outside and may itself be a pasted secret: it is not repeated.
            broken.push(error(
                "credentials.secrets",
                FieldRule::Unknown,
                "a value was given for a header that the settings do not send as a secret",
            ));
        }
    }
}

fn check_login(login: &BasicCredentials, broken: &mut Vec<FieldError>) {
    check_text("credentials.username", &login.username, broken);
    if login.username.contains(':') {
        broken.push(error(
            "credentials.username",
            FieldRule::Pattern,
            "must not contain a colon (RFC 7617)",
        ));
    }
    // EXPOSE: looked at for its length and characters only. Outer spaces are a person's choice in
    // a password and survive the encoding; an empty one is what some systems want with a token.
    let password = login.password.expose();
    if password.len() > MAX_SECRET_BYTES {
        broken.push(too_long("credentials.password"));
    } else if password.chars().any(char::is_control) {
        broken.push(control("credentials.password"));
    }
}

fn check_text(field: &str, text: &str, broken: &mut Vec<FieldError>) {
    if text.is_empty() {
        broken.push(required(field));
    } else if text.len() > MAX_SECRET_BYTES {
        broken.push(too_long(field));
    } else if text.chars().any(char::is_control) {
        broken.push(control(field));
    } else if text.trim() != text {
        // Servers drop outer spaces of a header (RFC 9110 §5.5), so the key would be another one.
        broken.push(error(
            field,
            FieldRule::Pattern,
            "starts or ends with a space; copy it again without the space",
        ));
    }
}

/// Whether this is a day of the calendar in exactly the form `YYYY-MM-DD`.
fn is_day(text: &str) -> bool {
    let form = text.len() == 10
        && text.bytes().enumerate().all(|(at, byte)| match at {
            4 | 7 => byte == b'-',
            _ => byte.is_ascii_digit(),
        });
    form && text.parse::<jiff::civil::Date>().is_ok()
}

fn error(field: &str, rule: FieldRule, message: &str) -> FieldError {
    FieldError {
        field: field.to_owned(),
        rule,
        message: message.to_owned(),
    }
}

fn required(field: &str) -> FieldError {
    error(field, FieldRule::Required, "must not be empty")
}

fn too_long(field: &str) -> FieldError {
    error(field, FieldRule::TooLong, "is longer than 16,384 bytes")
}

fn control(field: &str) -> FieldError {
    error(
        field,
        FieldRule::ControlCharacter,
        "contains a line break or another control character; copy it again without it",
    )
}
