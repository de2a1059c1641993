//! Why a token endpoint gave no token: its word and its status decide, and what was being asked for.
//! Pure. No text of an answer is kept.

use oauth2::basic::BasicErrorResponse;
use oauth2::{HttpResponse, RequestTokenError};

use crate::api::answer::finding_of_status;
use crate::api::send::SendFailure;
use crate::auth::token_answer::TokenAnswer;
use crate::auth::tokens::GrantedTokens;
use crate::auth::wire::{Seen, Wire};
use crate::failure::Finding;

/// Why no token came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TokenFailure {
    /// What was seen.
    pub finding: Finding,
    /// HTTP status, where there was one.
    pub status: Option<u16>,
    /// Seconds until it may be tried again.
    pub retry_after: Option<u64>,
    /// The word of RFC 6749 §5.2 or RFC 8628 §3.5, where one was given.
    pub word: Option<ErrorWord>,
    /// Whether the request may have been acted on: only what was never sent can safely be sent again.
    pub sent: bool,
}

/// The error words that decide anything.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ErrorWord {
    /// The code or the refresh token is not valid.
    InvalidGrant,
    /// The client is not known or has not proved itself.
    InvalidClient,
    /// The client may not use this grant.
    UnauthorizedClient,
    /// A scope is not known.
    InvalidScope,
    /// The person has not decided yet.
    AuthorizationPending,
    /// We ask too often.
    SlowDown,
    /// The person said no.
    AccessDenied,
    /// The device code has ended.
    ExpiredToken,
    /// Any other.
    Other,
}

/// What is being asked for: the same refusal means different things.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Asking {
    Code,
    Refresh,
    Client,
    Device,
}

pub(super) fn finish(
    outcome: Result<TokenAnswer, RequestTokenError<SendFailure, BasicErrorResponse>>,
    wire: &Wire<'_>,
    asking: Asking,
) -> Result<GrantedTokens, TokenFailure> {
    match outcome {
        Ok(answer) => answer.checked().map_err(|finding| TokenFailure {
            finding,
            status: wire.seen().status,
            retry_after: None,
            word: None,
            sent: true,
        }),
        Err(error) => Err(failure(&error, &wire.seen(), asking)),
    }
}

/// What an error of the library means. Only its kind is looked at: its texts quote the answer.
pub(super) fn failure(
    error: &RequestTokenError<SendFailure, BasicErrorResponse>,
    seen: &Seen,
    asking: Asking,
) -> TokenFailure {
    match error {
        RequestTokenError::Request(failure) => TokenFailure {
            finding: failure.finding,
            status: failure.status,
            retry_after: seen.retry_after,
            word: None,
            sent: was_sent(failure.finding),
        },
        RequestTokenError::ServerResponse(response) => {
            let word = word_of(response.error());
            refused(Some(word), seen, asking)
        }
        // An error without a word that can be read: the status decides.
        RequestTokenError::Parse(..) | RequestTokenError::Other(_) => match seen.status {
            Some(status) if (200..300).contains(&status) => TokenFailure {
                finding: Finding::TokenUnusable,
                status: Some(status),
                retry_after: None,
                word: None,
                sent: true,
            },
            _ => refused(None, seen, asking),
        },
    }
}

pub(super) fn word_of<T: oauth2::ErrorResponseType + 'static>(word: &T) -> ErrorWord {
    let text = serde_json::to_value(word).ok();
    match text.as_ref().and_then(|value| value.as_str()) {
        Some("invalid_grant") => ErrorWord::InvalidGrant,
        Some("invalid_client") => ErrorWord::InvalidClient,
        Some("unauthorized_client") => ErrorWord::UnauthorizedClient,
        Some("invalid_scope") => ErrorWord::InvalidScope,
        Some("authorization_pending") => ErrorWord::AuthorizationPending,
        Some("slow_down") => ErrorWord::SlowDown,
        Some("access_denied") => ErrorWord::AccessDenied,
        Some("expired_token") => ErrorWord::ExpiredToken,
        _ => ErrorWord::Other,
    }
}

/// A refusal by its word and status. A 400 whose word nobody knows means what a 400 of this grant
/// usually means: the code or the refresh token is not valid any more.
pub(super) fn refused(word: Option<ErrorWord>, seen: &Seen, asking: Asking) -> TokenFailure {
    use ErrorWord as W;
    let status = seen.status.unwrap_or(500);
    let by_status = finding_of_status(status).unwrap_or(Finding::TokenUnusable);
    let not_valid = match asking {
        Asking::Code => Finding::SignInRefused,
        Asking::Refresh => Finding::SignInEnded,
        Asking::Client => Finding::ClientRefused,
        Asking::Device => Finding::SignInDeclined,
    };
    let finding = match (status, word) {
        (429 | 500.., _) => by_status,
        (_, Some(W::InvalidGrant)) => not_valid,
        (_, Some(W::InvalidClient | W::UnauthorizedClient)) | (401, _) => Finding::ClientRefused,
        (_, Some(W::InvalidScope)) => Finding::ScopeRefused,
        (_, Some(W::AccessDenied)) => Finding::SignInDeclined,
        (_, Some(W::ExpiredToken)) => Finding::SignInExpired,
        (_, Some(W::AuthorizationPending | W::SlowDown)) => Finding::SignInNeeded,
        (400, Some(W::Other) | None) if asking != Asking::Client => not_valid,
        (400, _) => Finding::RequestRefused,
        _ => by_status,
    };
    TokenFailure {
        finding,
        status: seen.status,
        retry_after: seen.retry_after,
        word,
        sent: true,
    }
}

pub(super) fn unusable(finding: Finding) -> TokenFailure {
    TokenFailure {
        finding,
        status: None,
        retry_after: None,
        word: None,
        sent: false,
    }
}

/// Whether the server may have acted on a request that failed like this.
pub fn was_sent(finding: Finding) -> bool {
    !matches!(
        finding,
        Finding::DnsNotFound
            | Finding::DnsTimeout
            | Finding::Offline
            | Finding::ConnectionRefused
            | Finding::ConnectTimeout
            | Finding::Unreachable
            | Finding::TlsExpired
            | Finding::TlsWrongHost
            | Finding::TlsUntrusted
            | Finding::TlsFailed
            | Finding::SettingUnusable
    )
}

/// The same reading as the library's, for the requests that are not its own.
pub(super) fn read(
    response: &HttpResponse,
) -> Result<TokenAnswer, RequestTokenError<SendFailure, BasicErrorResponse>> {
    let other = || RequestTokenError::Other("not a token".to_owned());
    if response.status().is_success() {
        serde_json::from_slice(response.body()).map_err(|_| other())
    } else {
        let error: BasicErrorResponse =
            serde_json::from_slice(response.body()).map_err(|_| other())?;
        Err(RequestTokenError::ServerResponse(error))
    }
}
