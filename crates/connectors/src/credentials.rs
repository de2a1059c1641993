//! Plain credentials in memory: typed, wiped when dropped, never printed. Sealing them is the
//! vault's work and keeping them the store's; here is only what they are and the bytes that are
//! sealed. Which values can be used at all is in `rules`.

mod rules;

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::secret::SecretText;
use crate::settings::AuthKind;
use crate::view::CredentialsRequest;

/// Longest secret or user name in bytes. Servers refuse larger headers anyway (8–16 KiB).
pub const MAX_SECRET_BYTES: usize = 16 * 1024;
/// Longest private key in bytes, as PEM or as a PKCS#12 file in base64.
pub const MAX_PRIVATE_KEY_BYTES: usize = 64 * 1024;

/// Credentials of one connector.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Credentials {
    /// A key, a second key, secret headers.
    ApiKey(ApiKeyCredentials),
    /// User name and password (RFC 7617).
    Basic(BasicCredentials),
    /// Client (RFC 6749); its tokens are kept apart from it.
    OAuth2(OAuth2Credentials),
    /// What is sent once for a token.
    TwoStep(TwoStepCredentials),
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

/// A client (RFC 6749 §2). Tokens are no part of it: they change by themselves, and replacing one
/// must never touch the other.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct OAuth2Credentials {
    /// Client id.
    pub client_id: String,
    /// Client secret, where the federation gave one.
    #[serde(default)]
    pub client_secret: Option<SecretText>,
    /// RSA key of a client that signs assertions (RFC 7523): PEM, or a PKCS#12 file in base64.
    #[serde(default)]
    pub private_key: Option<SecretText>,
    /// The password of a PKCS#12 file.
    #[serde(default)]
    pub private_key_password: Option<SecretText>,
}

/// What a two-step sign-in sends first: a secret, or a user name with its password.
#[derive(Debug, Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct TwoStepCredentials {
    /// The secret.
    pub secret: Option<SecretText>,
    /// User name, instead of a secret.
    pub username: Option<String>,
    /// Password.
    pub password: Option<SecretText>,
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
            Self::TwoStep(_) => AuthKind::TwoStep,
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
            StoredCredentials::OAuth2(client) => Self::OAuth2(client),
            StoredCredentials::TwoStep(first) => Self::TwoStep(first),
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
                private_key,
                private_key_password,
                expires_on,
                webhook_secret,
            } => (
                Self::OAuth2(OAuth2Credentials {
                    client_id,
                    client_secret,
                    private_key,
                    private_key_password,
                }),
                expires_on,
                webhook_secret,
            ),
            CredentialsRequest::TwoStep {
                secret,
                username,
                password,
                expires_on,
                webhook_secret,
            } => (
                Self::TwoStep(TwoStepCredentials {
                    secret,
                    username,
                    password,
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
            Self::OAuth2(client) => SealedCredentials::OAuth2 {
                client_id: &client.client_id,
                client_secret: client.client_secret.as_ref().map(SecretText::expose),
                private_key: client.private_key.as_ref().map(SecretText::expose),
                private_key_password: client.private_key_password.as_ref().map(SecretText::expose),
            },
            Self::TwoStep(first) => SealedCredentials::TwoStep {
                secret: first.secret.as_ref().map(SecretText::expose),
                username: first.username.as_deref(),
                password: first.password.as_ref().map(SecretText::expose),
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
            Self::OAuth2(client) => {
                client.client_id.len()
                    + length(&client.client_secret)
                    + length(&client.private_key)
                    + length(&client.private_key_password)
            }
            Self::TwoStep(first) => {
                length(&first.secret)
                    + first.username.as_ref().map_or(0, String::len)
                    + length(&first.password)
            }
        };
        text * 6 + 256
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
        private_key: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        private_key_password: Option<&'a str>,
    },
    TwoStep {
        #[serde(skip_serializing_if = "Option::is_none")]
        secret: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        username: Option<&'a str>,
        #[serde(skip_serializing_if = "Option::is_none")]
        password: Option<&'a str>,
    },
}

#[derive(Deserialize)]
#[serde(tag = "type", rename_all = "snake_case")]
enum StoredCredentials {
    ApiKey(ApiKeyCredentials),
    Basic(BasicCredentials),
    #[serde(rename = "oauth2")]
    OAuth2(OAuth2Credentials),
    TwoStep(TwoStepCredentials),
}
