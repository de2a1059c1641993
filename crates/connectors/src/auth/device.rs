//! When to ask again for a sign-in on another device (RFC 8628 §3.5). Pure: an answer and an interval
//! in, the next step out.

use std::time::Duration;

use crate::auth::token_failure::{ErrorWord, TokenFailure};
use crate::failure::Finding;

/// Interval where the server names none, and what `slow_down` adds (RFC 8628 §3.2, §3.5).
pub const STEP: Duration = Duration::from_secs(5);
/// Longest interval; a server that asks for more would let the code end unnoticed.
const LONGEST: Duration = Duration::from_secs(60);

/// What follows an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Ask again after this time.
    AskAgain(Duration),
    /// It is over.
    Over(Finding),
}

/// The interval to start with: at least a second, so that a server that says 0 is not flooded.
pub fn first_interval(named: Duration) -> Duration {
    named.clamp(Duration::from_secs(1), LONGEST)
}

/// Decides after an answer without a token. A time-out doubles the interval (RFC 8628 §3.5), so does a
/// server in trouble; a denial may come as any other word.
pub fn after(failure: &TokenFailure, interval: Duration) -> Next {
    match (failure.word, failure.finding) {
        (Some(ErrorWord::AuthorizationPending), _) => Next::AskAgain(interval),
        (Some(ErrorWord::SlowDown), _) => Next::AskAgain((interval + STEP).min(LONGEST)),
        (
            _,
            Finding::AnswerTimeout
            | Finding::ConnectTimeout
            | Finding::ConnectionCut
            | Finding::ConnectionRefused
            | Finding::DnsTimeout
            | Finding::Unreachable
            | Finding::Offline
            | Finding::ServerError
            | Finding::RateLimited,
        ) => {
            let told = Duration::from_secs(failure.retry_after.unwrap_or(0));
            Next::AskAgain((interval * 2).max(told).min(LONGEST))
        }
        (_, finding) => Next::Over(finding),
    }
}
