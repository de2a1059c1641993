//! What a token endpoint may answer (RFC 6749 §5.1), read strictly: what cannot be used is refused as
//! a whole, never half-believed. Lenient where real servers differ: a number as text, letter case.

use std::time::Duration;

use oauth2::{AccessToken, RefreshToken, Scope, TokenResponse, TokenType};
use serde::de::IgnoredAny;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::auth::tokens::GrantedTokens;
use crate::failure::Finding;
use crate::secret::SecretText;

/// Longest token in bytes; headers are not larger anywhere.
pub const MAX_TOKEN_BYTES: usize = 16 * 1024;
/// Longest life in seconds that is believed: ten years.
pub const MAX_EXPIRES_IN: u64 = 315_360_000;
/// Deepest nesting of an answer. A flat object is what the RFC shows.
const MAX_DEPTH: usize = 16;

/// An answer as the library reads it; [`TokenAnswer::checked`] says whether it can be used.
#[derive(Debug, Deserialize)]
pub struct TokenAnswer {
    access_token: AccessToken,
    token_type: Bearer,
    #[serde(default, deserialize_with = "read_seconds")]
    expires_in: Option<u64>,
    #[serde(default)]
    refresh_token: Option<RefreshToken>,
    #[serde(default, deserialize_with = "read_scopes")]
    scope: Option<Vec<Scope>>,
}

/// The one token type that is known here (RFC 6750), in any letter case (RFC 6749 §5.1). A client must
/// not use a token of another type (§7.1).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bearer;

/// Whether `token` can stand in a header: 1 to `MAX_TOKEN_BYTES` visible ASCII characters.
pub fn is_usable(token: &str) -> bool {
    !token.is_empty()
        && token.len() <= MAX_TOKEN_BYTES
        && token.bytes().all(|byte| byte.is_ascii_graphic())
}

impl TokenAnswer {
    /// Takes the tokens out, unless one of them cannot be one.
    pub fn checked(self) -> Result<GrantedTokens, Finding> {
        let access_token = self.access_token.into_secret();
        let refresh_token = self.refresh_token.map(RefreshToken::into_secret);
        let good = is_usable(&access_token) && refresh_token.as_deref().is_none_or(is_usable);
        let tokens = GrantedTokens {
            access_token: SecretText::new(access_token),
            refresh_token: refresh_token.map(SecretText::new),
            expires_in: self.expires_in,
            scopes: self
                .scope
                .map(|all| all.iter().map(|one| one.as_str().to_owned()).collect()),
        };
        if good {
            Ok(tokens)
        } else {
            Err(Finding::TokenUnusable)
        }
    }
}

/// Whether a body is nested no deeper than an honest answer: looked at before it is parsed.
pub fn is_shallow(body: &[u8]) -> bool {
    let (mut depth, mut in_text, mut escaped) = (0_usize, false, false);
    for byte in body {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_text => escaped = true,
            b'"' => in_text = !in_text,
            b'{' | b'[' if !in_text => depth += 1,
            b'}' | b']' if !in_text => depth = depth.saturating_sub(1),
            _ => {}
        }
        if depth > MAX_DEPTH {
            return false;
        }
    }
    true
}

/// Whether a body is one JSON object and nothing else. The library reads the start of a body only, and
/// takes a list for an object.
pub fn is_object(body: &[u8]) -> bool {
    body.trim_ascii_start().starts_with(b"{") && serde_json::from_slice::<IgnoredAny>(body).is_ok()
}

/// Seconds as a number or as digits in a text; from 1 to ten years.
pub fn seconds_of(value: &serde_json::Value) -> Option<u64> {
    let seconds = match value {
        serde_json::Value::Number(number) => number.as_u64()?,
        serde_json::Value::String(text) => text.parse().ok()?,
        _ => return None,
    };
    (1..=MAX_EXPIRES_IN).contains(&seconds).then_some(seconds)
}

fn read_seconds<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<u64>, D::Error> {
    use serde::de::Error as _;

    match serde_json::Value::deserialize(deserializer)? {
        serde_json::Value::Null => Ok(None),
        value => seconds_of(&value)
            .map(Some)
            .ok_or_else(|| D::Error::custom("a life that cannot be")),
    }
}

/// Scopes stand in one text with spaces between (RFC 6749 §3.3).
fn read_scopes<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<Vec<Scope>>, D::Error> {
    let text = Option::<String>::deserialize(deserializer)?;
    Ok(text.map(|text| {
        text.split(' ')
            .filter(|word| !word.is_empty())
            .map(|word| Scope::new(word.to_owned()))
            .collect()
    }))
}

impl<'de> Deserialize<'de> for Bearer {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        use serde::de::Error as _;

        let word = String::deserialize(deserializer)?;
        if word.eq_ignore_ascii_case("bearer") {
            Ok(Self)
        } else {
            Err(D::Error::custom("a token type that is not known"))
        }
    }
}

impl Serialize for Bearer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str("bearer")
    }
}

impl TokenType for Bearer {}

/// The library asks that an answer can be written; nothing here ever writes one, and a token is never
/// part of what would be.
impl Serialize for TokenAnswer {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_unit()
    }
}

impl TokenResponse for TokenAnswer {
    type TokenType = Bearer;

    fn access_token(&self) -> &AccessToken {
        &self.access_token
    }

    fn token_type(&self) -> &Bearer {
        &self.token_type
    }

    fn expires_in(&self) -> Option<Duration> {
        self.expires_in.map(Duration::from_secs)
    }

    fn refresh_token(&self) -> Option<&RefreshToken> {
        self.refresh_token.as_ref()
    }

    fn scopes(&self) -> Option<&Vec<Scope>> {
        self.scope.as_ref()
    }
}
