//! What a test does with the authorization server without a browser: be the person, end tokens,
//! read what happened.

use super::AUTHORIZE_PATH;
use super::authorize::{Asked, end, read};
use super::devices::Decision;
use super::ledger::OAuthCounts;
use crate::server::Practice;

impl Practice {
    /// Does what a person does who signs in and allows: gives the address the browser would be sent
    /// to. It is also the one with an error, if the request has a fault the client must hear of.
    /// Empty where the browser would stay on a page that says what is wrong.
    pub fn approve(&self, authorization_url: &str) -> String {
        self.decide(authorization_url, Decision::Allow)
    }

    /// Does what a person does who denies. See [`Practice::approve`].
    pub fn deny(&self, authorization_url: &str) -> String {
        self.decide(authorization_url, Decision::Deny)
    }

    fn decide(&self, authorization_url: &str, decision: Decision) -> String {
        let endpoint = format!("{}{AUTHORIZE_PATH}?", self.base_url());
        let Some(query) = authorization_url.strip_prefix(&endpoint) else {
            return String::new();
        };
        match read(&self.shared, query) {
            Asked::Refused(_) => String::new(),
            Asked::Back(address) => address,
            Asked::Consent(request) => end(&self.shared, request, decision),
        }
    }

    /// Does what a person does who allows a device; false if none waits under the code.
    pub fn approve_device(&self, user_code: &str) -> bool {
        let mut ledger = self.shared.ledger();
        ledger.decide_device(user_code, Decision::Allow)
    }

    /// Does what a person does who denies a device; false if none waits under the code.
    pub fn deny_device(&self, user_code: &str) -> bool {
        let mut ledger = self.shared.ledger();
        ledger.decide_device(user_code, Decision::Deny)
    }

    /// Ends all access tokens, as if their time were over. Refresh tokens stay good.
    pub fn expire_access_tokens(&self) {
        self.shared.ledger().expire_access_tokens();
    }

    /// Ends all tokens, refresh tokens too, all codes and all devices that wait.
    pub fn revoke_all_tokens(&self) {
        self.shared.ledger().revoke_all();
    }

    /// Sets the lifetime of access tokens given from now on.
    pub fn set_access_token_lifetime(&self, seconds: u64) {
        self.shared.ledger().access_token_lifetime = seconds;
    }

    /// What the authorization server has done since its start.
    pub fn oauth_counts(&self) -> OAuthCounts {
        self.shared.ledger().counts
    }

    /// See [`OAuthCounts::token_requests`].
    pub fn token_requests(&self) -> u64 {
        self.oauth_counts().token_requests
    }

    /// See [`OAuthCounts::exchanges`].
    pub fn exchanges(&self) -> u64 {
        self.oauth_counts().exchanges
    }

    /// See [`OAuthCounts::refreshes`].
    pub fn refreshes(&self) -> u64 {
        self.oauth_counts().refreshes
    }

    /// See [`OAuthCounts::refresh_reuses`].
    pub fn refresh_reuses(&self) -> u64 {
        self.oauth_counts().refresh_reuses
    }

    /// See [`OAuthCounts::revocations`].
    pub fn revocations(&self) -> u64 {
        self.oauth_counts().revocations
    }
}
