//! What can go wrong between us and a federation, as a closed set that callers act on.
//! A class decides who must act; a finding decides which sentence is shown.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// Who must act and how. Each class has one action in the window and one exit code in `fedctl`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum FailureClass {
    /// No valid token: a person must sign in.
    NeedsSignIn,
    /// The federation refused the key or the password.
    BadCredentials,
    /// An address, a certificate or a setting is wrong.
    BadConfiguration,
    /// The address exists, the thing asked for does not (404, 410).
    NotFound,
    /// Signed in, but not allowed (403).
    Forbidden,
    /// Too many requests (429).
    RateLimited,
    /// The federation does not answer or answers 5xx.
    FederationDown,
    /// An answer that is not what was promised: HTML, broken JSON, no list.
    BadAnswer,
    /// This computer has no network. Never counted against a federation.
    Offline,
    /// The vault is locked.
    Locked,
    /// The person stopped it.
    Cancelled,
    /// Our own mistake.
    Internal,
}

/// What exactly was seen. One title, one sentence and one way out each (window and command line).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Finding {
    /// The name of the host is not known to the name service.
    DnsNotFound,
    /// The name service did not answer in time.
    DnsTimeout,
    /// This computer has no network at all.
    Offline,
    /// Nothing listens at the address.
    ConnectionRefused,
    /// No connection within the time limit.
    ConnectTimeout,
    /// The host or its network cannot be reached.
    Unreachable,
    /// The certificate has expired.
    TlsExpired,
    /// The certificate is for another host.
    TlsWrongHost,
    /// The certificate is signed by nobody this computer trusts.
    TlsUntrusted,
    /// The TLS handshake failed for another reason.
    TlsFailed,
    /// No credentials are stored for this connector.
    CredentialsMissing,
    /// The stored credentials were given for other hosts; they are not sent to a new one.
    CredentialsWithheld,
    /// A sign-in is needed first (OAuth 2.0).
    SignInNeeded,
    /// The person said no in the browser (`access_denied`).
    SignInDeclined,
    /// Nobody finished the sign-in in time.
    SignInExpired,
    /// An answer came that does not belong to this sign-in: wrong `state`, way back or issuer.
    SignInMismatch,
    /// The answer to the exchange was lost, or the app ended in the middle of it.
    SignInInterrupted,
    /// The federation refused the code (`invalid_grant`).
    SignInRefused,
    /// The token has ended and was not renewed (`invalid_grant`).
    SignInEnded,
    /// The authorization server answered the browser with another error.
    AuthorizationRefused,
    /// The authorization server has a problem of its own (`server_error`, `temporarily_unavailable`).
    AuthorizationFailed,
    /// The client id or secret was not accepted (`invalid_client`, `unauthorized_client`).
    ClientRefused,
    /// What was asked for is not known or not allowed (`invalid_scope`).
    ScopeRefused,
    /// The token does not allow this (403 `insufficient_scope`).
    ScopeTooNarrow,
    /// The token endpoint's answer holds no usable token.
    TokenUnusable,
    /// The issuer's description of itself is missing or does not fit its name.
    IssuerMismatch,
    /// The authorization server does not do S256, and nothing weaker is used.
    PkceUnsupported,
    /// The port for the way back is taken on this computer.
    RedirectPortTaken,
    /// The private key cannot be read, or is none for RS256.
    PrivateKeyUnusable,
    /// HTTP 401.
    Unauthorised,
    /// HTTP 403.
    Forbidden,
    /// HTTP 404 or 410.
    NotFound,
    /// HTTP 429.
    RateLimited,
    /// HTTP 5xx.
    ServerError,
    /// Another HTTP 4xx.
    RequestRefused,
    /// A redirect to another host; credentials are not sent there.
    RedirectedElsewhere,
    /// No complete answer within the time limit.
    AnswerTimeout,
    /// The connection was cut before the answer was complete.
    ConnectionCut,
    /// A web page came instead of data.
    HtmlInsteadOfJson,
    /// The body is not in the format that is set (JSON where none is), or not all of it came.
    NotJson,
    /// A readable answer without a list at the configured place.
    NoListAtPath,
    /// A list whose first entry is not a record.
    RecordNotObject,
    /// The answer is larger than the cap.
    AnswerTooLarge,
    /// The list is empty: a result, not a failure.
    EmptyList,
    /// The address of the list needs a club's id and none was given.
    OrganisationNeeded,
    /// The address, the proxy or the certificate file of the connector cannot be used.
    SettingUnusable,
    /// The person stopped it.
    Cancelled,
    /// Our own mistake.
    Internal,
}

impl Finding {
    /// Who must act on this finding; none where it is not a failure.
    pub fn class(self) -> Option<FailureClass> {
        use FailureClass as C;
        Some(match self {
            Self::EmptyList => return None,
            Self::Offline => C::Offline,
            Self::ConnectionRefused
            | Self::ConnectTimeout
            | Self::Unreachable
            | Self::DnsTimeout
            | Self::ServerError
            | Self::AuthorizationFailed
            | Self::AnswerTimeout
            | Self::ConnectionCut => C::FederationDown,
            Self::DnsNotFound
            | Self::TlsExpired
            | Self::TlsWrongHost
            | Self::TlsUntrusted
            | Self::TlsFailed
            | Self::RequestRefused
            | Self::RedirectedElsewhere
            | Self::OrganisationNeeded
            | Self::SettingUnusable
            | Self::AuthorizationRefused
            | Self::ScopeRefused
            | Self::IssuerMismatch
            | Self::PkceUnsupported
            | Self::RedirectPortTaken => C::BadConfiguration,
            Self::CredentialsMissing
            | Self::CredentialsWithheld
            | Self::Unauthorised
            | Self::ClientRefused
            | Self::PrivateKeyUnusable => C::BadCredentials,
            Self::SignInNeeded
            | Self::SignInDeclined
            | Self::SignInExpired
            | Self::SignInMismatch
            | Self::SignInInterrupted
            | Self::SignInRefused
            | Self::SignInEnded => C::NeedsSignIn,
            Self::Forbidden | Self::ScopeTooNarrow => C::Forbidden,
            Self::NotFound => C::NotFound,
            Self::RateLimited => C::RateLimited,
            Self::HtmlInsteadOfJson
            | Self::TokenUnusable
            | Self::NotJson
            | Self::NoListAtPath
            | Self::RecordNotObject
            | Self::AnswerTooLarge => C::BadAnswer,
            Self::Cancelled => C::Cancelled,
            Self::Internal => C::Internal,
        })
    }
}
