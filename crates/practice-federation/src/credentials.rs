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
    /// The user name of HTTP Basic and of the sign-in pages.
    pub username: String,
    /// The password of HTTP Basic and of the sign-in pages.
    pub password: String,
    /// The public OAuth client, which has no secret: an app on somebody's computer.
    pub client_id: String,
    /// The confidential OAuth client that people sign in through.
    pub office_client_id: String,
    /// Its secret.
    pub office_client_secret: String,
    /// The confidential OAuth client that works without people.
    pub worker_client_id: String,
    /// Its secret.
    pub worker_client_secret: String,
    /// What `/oauth/two-step` exchanges for a token.
    pub two_step_secret: String,
}

impl Default for PracticeCredentials {
    fn default() -> Self {
        Self {
            api_key: "practice-key-one-opens-invented-data".to_owned(),
            second_api_key: "practice-key-two-opens-invented-data".to_owned(),
            subscription_key: "practice-subscription-opens-invented-data".to_owned(),
            username: "practice".to_owned(),
            password: "invented-members-only".to_owned(),
            client_id: "practice-app".to_owned(),
            office_client_id: "practice-office".to_owned(),
            office_client_secret: "practice-office-secret-opens-invented-data".to_owned(),
            worker_client_id: "practice-worker".to_owned(),
            worker_client_secret: "practice-worker-secret-opens-invented-data".to_owned(),
            two_step_secret: "practice-two-step-opens-invented-data".to_owned(),
        }
    }
}

impl PracticeCredentials {
    /// True for the user name and password of the one person who can sign in.
    pub(crate) fn are_of_the_person(&self, username: &str, password: &str) -> bool {
        username == self.username && password == self.password
    }
}

impl fmt::Debug for PracticeCredentials {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PracticeCredentials([redacted])")
    }
}
