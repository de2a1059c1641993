//! The practice credentials. Their defaults are published on purpose: they open invented data on
//! this computer only. They still never reach a log, because tests replace them by canaries.

use std::fmt;

/// What the practice federation accepts.
#[derive(Clone, PartialEq, Eq)]
pub struct PracticeCredentials {
    /// The API key.
    pub api_key: String,
    /// A second API key, accepted wherever the first is, for practising a change of keys.
    pub second_api_key: String,
    /// The value of `X-Subscription-Key` under `/headers`.
    pub subscription_key: String,
    /// The user name of HTTP Basic.
    pub username: String,
    /// The password of HTTP Basic.
    pub password: String,
}

impl Default for PracticeCredentials {
    fn default() -> Self {
        Self {
            api_key: "practice-key-one-opens-invented-data".to_owned(),
            second_api_key: "practice-key-two-opens-invented-data".to_owned(),
            subscription_key: "practice-subscription-opens-invented-data".to_owned(),
            username: "practice".to_owned(),
            password: "invented-members-only".to_owned(),
        }
    }
}

impl fmt::Debug for PracticeCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PracticeCredentials([redacted])")
    }
}
