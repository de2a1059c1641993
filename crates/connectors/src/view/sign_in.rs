//! Signing in: what is awaited, how it stands, how it ended. No token, code or verifier is ever in
//! one of these; the authorization URL carries the `state` to the browser and nowhere else.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::ConnectorView;
use crate::failure::Finding;
use crate::settings::{Grant, NetworkSettings, Redirect};

/// How a connector's sign-in stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum SignInState {
    /// Nobody has signed in yet, or somebody has signed out.
    SignedOut,
    /// A person is in the browser, or the answer is being exchanged.
    Waiting,
    /// A token is there; it renews itself where `renews` says so.
    SignedIn,
    /// The token has ended and cannot be renewed: a person must sign in again.
    Ended,
}

/// The sign-in of a connector that uses tokens.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignInView {
    /// How it stands.
    pub state: SignInState,
    /// How the token is had; none for a two-step sign-in.
    pub grant: Option<Grant>,
    /// Whether a person takes part.
    pub needs_person: bool,
    /// Signed in at, UTC milliseconds.
    #[ts(type = "number | null")]
    pub since: Option<i64>,
    /// End of the present access token, UTC milliseconds, where the federation said so.
    #[ts(type = "number | null")]
    pub expires_at: Option<i64>,
    /// A new token is had without a person.
    pub renews: bool,
    /// What was granted, where the federation said so.
    pub scopes: Vec<String>,
    /// What was asked for and not granted.
    pub missing_scopes: Vec<String>,
    /// Why it ended, or why the last attempt came to nothing; none where all is well.
    pub reason: Option<Finding>,
    /// Until when an attempt under way can be completed, UTC milliseconds.
    #[ts(type = "number | null")]
    pub waiting_until: Option<i64>,
    /// The way back of an attempt under way.
    pub waiting_redirect: Option<Redirect>,
    /// The redirect URI to register for the deep link; null for grants without a browser.
    pub redirect_uri_deep_link: Option<String>,
    /// The redirect URI to register for the loopback; `{port}` stands for any port.
    pub redirect_uri_loopback: Option<String>,
}

/// A sign-in to start.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct SignInRequest {
    /// Which connector.
    pub code: String,
    /// Another way back than the connector's own.
    #[serde(default)]
    #[ts(optional)]
    pub redirect: Option<Redirect>,
    /// Sign in on another device (RFC 8628), whatever the connector's grant.
    #[serde(default)]
    pub device: bool,
}

/// What a sign-in under way waits for. Told as it goes on.
#[derive(Debug, Clone, Serialize, TS)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum SignInStepView {
    /// A person must agree in the browser.
    Browser {
        /// Where the browser goes.
        authorization_url: String,
        /// Where it comes back to.
        redirect_uri: String,
        /// Which way back that is.
        redirect: Redirect,
        /// Until when, UTC milliseconds.
        #[ts(type = "number")]
        expires_at: i64,
    },
    /// A person must enter a code on another device.
    Device {
        /// The code to enter.
        user_code: String,
        /// Where.
        verification_uri: String,
        /// The same with the code in it.
        verification_uri_complete: Option<String>,
        /// Until when, UTC milliseconds.
        #[ts(type = "number")]
        expires_at: i64,
    },
    /// The answer is there and is exchanged for a token.
    Exchanging,
}

/// What became of the tokens at the federation when signing out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum RevocationView {
    /// The federation has withdrawn them (RFC 7009).
    Revoked,
    /// The federation offers no way to withdraw them; they end by themselves.
    NotOffered,
    /// It was asked and did not do it: they stay valid until they end by themselves.
    Failed,
    /// There was no token.
    NothingToRevoke,
}

/// A sign-out: the tokens of this computer are gone in any case.
#[derive(Debug, Clone, Serialize, TS)]
pub struct SignOutView {
    /// What became of them at the federation.
    pub revocation: RevocationView,
    /// Why the revocation failed.
    pub finding: Option<Finding>,
    /// The connector afterwards.
    pub connector: ConnectorView,
}

/// An issuer to ask.
#[derive(Debug, Clone, Default, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct DiscoveryRequest {
    /// The issuer's identifier, an `https` address.
    pub issuer: String,
    /// Explicit switch for `http://` to this computer.
    #[serde(default)]
    pub allow_http_loopback: bool,
    /// The way to the network.
    #[serde(default)]
    pub network: NetworkSettings,
}

/// What an issuer says of S256 (RFC 8414 §2).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum PkceSupport {
    /// It lists S256.
    S256,
    /// It lists methods, and S256 is not among them.
    Other,
    /// It says nothing.
    Unknown,
}

/// What an issuer says about itself (RFC 8414, `OpenID` Connect Discovery 1.0).
#[derive(Debug, Clone, Serialize, TS)]
pub struct DiscoveryView {
    /// The issuer, exactly as it names itself.
    pub issuer: String,
    /// Where a person signs in.
    pub authorization_endpoint: Option<String>,
    /// Where tokens come from.
    pub token_endpoint: Option<String>,
    /// Where tokens are given back.
    pub revocation_endpoint: Option<String>,
    /// Where a sign-in on another device starts.
    pub device_authorization_endpoint: Option<String>,
    /// Scopes that it names.
    pub scopes_supported: Vec<String>,
    /// Whether it says that it checks S256.
    pub pkce: PkceSupport,
    /// Hosts of the endpoints that are not the issuer's own: a person should look at them.
    pub other_hosts: Vec<String>,
}
