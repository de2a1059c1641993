//! Tokens in memory and the bytes of them that are sealed. They are kept apart from the client's own
//! credentials: a token changes by itself, and a client secret must survive that.

use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

use crate::error::{Error, Result};
use crate::secret::SecretText;

/// What the token endpoint gave, checked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GrantedTokens {
    /// The access token.
    pub access_token: SecretText,
    /// The refresh token, where there is one.
    pub refresh_token: Option<SecretText>,
    /// Seconds that the access token lives from when it was asked for.
    pub expires_in: Option<u64>,
    /// What was granted; none where it is just what was asked for.
    pub scopes: Option<Vec<String>>,
}

/// Tokens as they are kept.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct StoredTokens {
    /// The access token.
    pub access_token: SecretText,
    /// The refresh token, where there is one.
    #[serde(default)]
    pub refresh_token: Option<SecretText>,
    /// The endpoint that gave them; it renews them, whatever the issuer says later.
    #[serde(default)]
    pub token_endpoint: Option<String>,
    /// The endpoint that takes them back.
    #[serde(default)]
    pub revocation_endpoint: Option<String>,
}

/// Borrowed twin of [`StoredTokens`], so that nothing secret is copied to be written.
#[derive(Serialize)]
struct SealedTokens<'a> {
    access_token: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    refresh_token: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    token_endpoint: Option<&'a str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    revocation_endpoint: Option<&'a str>,
}

impl StoredTokens {
    /// The bytes that are sealed, in a buffer that does not grow.
    pub fn to_sealed_json(&self) -> Result<Zeroizing<Vec<u8>>> {
        let length = |text: Option<&SecretText>| text.map_or(0, |one| one.expose().len());
        let addresses = [&self.token_endpoint, &self.revocation_endpoint]
            .into_iter()
            .map(|one| one.as_ref().map_or(0, String::len))
            .sum::<usize>();
        let text = length(Some(&self.access_token)) + length(self.refresh_token.as_ref());
        let mut bytes = Zeroizing::new(Vec::with_capacity((text + addresses) * 6 + 256));
        // EXPOSE: these bytes go to the cipher and nowhere else.
        let sealed = SealedTokens {
            access_token: self.access_token.expose(),
            refresh_token: self.refresh_token.as_ref().map(SecretText::expose),
            token_endpoint: self.token_endpoint.as_deref(),
            revocation_endpoint: self.revocation_endpoint.as_deref(),
        };
        serde_json::to_writer(&mut *bytes, &sealed).map_err(|_| Error::Internal {
            doing: "write tokens for sealing",
            source: None,
        })?;
        Ok(bytes)
    }

    /// The opposite of [`StoredTokens::to_sealed_json`]. The parser's own error is not kept: it
    /// quotes what it read.
    pub fn from_sealed_json(bytes: &[u8]) -> Result<Self> {
        serde_json::from_slice(bytes).map_err(|_| Error::Internal {
            doing: "read unsealed tokens",
            source: None,
        })
    }
}
