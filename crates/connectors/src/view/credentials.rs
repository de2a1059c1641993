//! Credentials: plain on their way in, never on a way out.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::settings::AuthKind;

/// Whether and since when credentials are stored; never what they are.
#[allow(
    clippy::struct_excessive_bools,
    reason = "each is a fact of its own that is shown"
)]
#[derive(Debug, Clone, Default, Serialize, TS)]
pub struct CredentialsStateView {
    /// Some are stored.
    pub set: bool,
    /// Their kind.
    pub kind: Option<AuthKind>,
    /// Stored at, UTC milliseconds.
    #[ts(type = "number | null")]
    pub stored_at: Option<i64>,
    /// Day they end, `YYYY-MM-DD`, as the person said.
    pub expires_on: Option<String>,
    /// A test with them has succeeded.
    pub tested: bool,
    /// Earlier ones are kept until the new ones have tested well.
    pub previous_kept: bool,
    /// A second key is stored.
    pub secondary_set: bool,
    /// Names of the secret headers that have a value.
    pub secret_headers: Vec<String>,
    /// A webhook secret is stored.
    pub webhook_secret_set: bool,
}

/// Plain credentials on their way in. They are sealed at once and never given back.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(tag = "type", rename_all = "snake_case", deny_unknown_fields)]
pub enum CredentialsRequest {
    /// Key, second key, secret headers.
    ApiKey {
        /// The key; may be absent where all secrets are headers.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        api_key: Option<crate::secret::SecretText>,
        /// A second key that takes over when the first is refused.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        secondary_api_key: Option<crate::secret::SecretText>,
        /// Values of the secret headers by header name.
        #[serde(default)]
        #[ts(as = "BTreeMap<String, String>")]
        secrets: BTreeMap<String, crate::secret::SecretText>,
        /// Day they end, `YYYY-MM-DD`.
        #[serde(default)]
        #[ts(optional)]
        expires_on: Option<String>,
        /// Webhook secret, sealed by itself.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        webhook_secret: Option<crate::secret::SecretText>,
    },
    /// User name and password.
    Basic {
        /// User name; no colon (RFC 7617 §2).
        username: String,
        /// Password.
        #[ts(as = "String")]
        password: crate::secret::SecretText,
        /// Day they end, `YYYY-MM-DD`.
        #[serde(default)]
        #[ts(optional)]
        expires_on: Option<String>,
        /// Webhook secret, sealed by itself.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        webhook_secret: Option<crate::secret::SecretText>,
    },
    /// Client id and secret; the tokens come from a sign-in.
    #[serde(rename = "oauth2")]
    #[ts(rename = "oauth2")]
    OAuth2 {
        /// Client id.
        client_id: String,
        /// Client secret, where the federation gave one.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        client_secret: Option<crate::secret::SecretText>,
        /// `jwt_bearer`: the RSA key as PEM (PKCS#8 or PKCS#1), or a PKCS#12 file in base64.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        private_key: Option<crate::secret::SecretText>,
        /// The password of a PKCS#12 file.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        private_key_password: Option<crate::secret::SecretText>,
        /// Day they end, `YYYY-MM-DD`.
        #[serde(default)]
        #[ts(optional)]
        expires_on: Option<String>,
        /// Webhook secret, sealed by itself.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        webhook_secret: Option<crate::secret::SecretText>,
    },
    /// A secret, or a user name and password, that are sent for a token.
    TwoStep {
        /// The secret.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        secret: Option<crate::secret::SecretText>,
        /// User name, instead of a secret.
        #[serde(default)]
        #[ts(optional)]
        username: Option<String>,
        /// Password.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        password: Option<crate::secret::SecretText>,
        /// Day they end, `YYYY-MM-DD`.
        #[serde(default)]
        #[ts(optional)]
        expires_on: Option<String>,
        /// Webhook secret, sealed by itself.
        #[serde(default)]
        #[ts(optional, as = "Option<String>")]
        webhook_secret: Option<crate::secret::SecretText>,
    },
}

/// New credentials for a connector that exists.
#[derive(Debug, Clone, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct CredentialsSetRequest {
    /// Which connector.
    pub code: String,
    /// The credentials.
    pub credentials: CredentialsRequest,
    /// Test first and store only if the test succeeds.
    #[serde(default)]
    pub test_first: bool,
}
