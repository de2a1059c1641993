//! Whether a failed request is made again, and when. Three things are kept apart: what failed (a
//! [`Finding`], made in `classify` and `answer`), the decision about it ([`after_failure`], pure) and the
//! sleeping between two attempts ([`with_retry`], `request`).

use std::time::Duration;

use reqwest::Method;

use crate::api::backoff::{BASE_MS, MAX_MS, delay, part};
use crate::api::retry_after::Told;
use crate::clock::UtcMillis;
use crate::failure::Finding;

/// Attempts in total, the first one included (M5).
pub const MAX_ATTEMPTS: u32 = 3;
/// The longest time, in milliseconds, that a caller is made to wait: 10 minutes. What is told to come back
/// later than that gives up with the time.
pub const LONGEST_WAIT_MS: u64 = 10 * 60 * 1_000;
/// Most that is added to a told time, in milliseconds, so that those who were told the same do not come
/// back together.
const MOST_SPREAD_MS: u64 = 30_000;

/// How one request may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RetryPolicy {
    /// Attempts in total, from 1.
    pub max_attempts: u32,
    /// Delay before jitter after the first attempt, in milliseconds.
    pub base_ms: u64,
    /// Longest delay before jitter, in milliseconds.
    pub max_ms: u64,
    /// Sending twice does what sending once does.
    pub repeatable: bool,
}

impl RetryPolicy {
    /// The policy of a request. Idempotent methods are repeatable (RFC 9110 §9.2.2), others only with a key by
    /// which the federation recognises a repetition.
    #[must_use]
    pub fn of(method: &Method, has_idempotency_key: bool) -> Self {
        Self {
            max_attempts: MAX_ATTEMPTS,
            base_ms: BASE_MS,
            max_ms: MAX_MS,
            repeatable: is_idempotent(method) || has_idempotency_key,
        }
    }
}

/// Whether a method does the same once and twice (RFC 9110 §9.2.2). `TRACE` is never sent.
#[must_use]
pub fn is_idempotent(method: &Method) -> bool {
    [
        Method::GET,
        Method::HEAD,
        Method::PUT,
        Method::DELETE,
        Method::OPTIONS,
    ]
    .contains(method)
}

/// What failed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure {
    /// What was seen.
    pub finding: Finding,
    /// When the federation wants to be asked again.
    pub told: Told,
}

/// What follows from a failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Next {
    /// Once more.
    Again {
        /// Milliseconds from now, at most [`LONGEST_WAIT_MS`] and a spread of 30 s.
        wait_ms: u64,
        /// The federation named the time, so that it holds for every request of the connector.
        told: bool,
    },
    /// Not again.
    GiveUp {
        /// When the federation wants to be asked again, where it said so.
        retry_at: Option<UtcMillis>,
    },
}

/// Decides about attempt `attempt` (0-based) that has failed at `now`. `chance` is uniform over all of `u32`.
#[must_use]
pub fn after_failure(
    policy: &RetryPolicy,
    attempt: u32,
    failure: &Failure,
    now: UtcMillis,
    chance: u32,
) -> Next {
    let retry_at = match failure.told {
        Told::Nothing => None,
        Told::After { ms } => Some(plus(now, ms)),
    };
    let last = attempt.saturating_add(1) >= policy.max_attempts;
    if last || !policy.repeatable || !may_pass(failure.finding) {
        return Next::GiveUp { retry_at };
    }
    match failure.told {
        Told::After { ms } if ms > LONGEST_WAIT_MS => Next::GiveUp { retry_at },
        Told::After { ms } => Next::Again {
            wait_ms: spread(ms, chance),
            told: true,
        },
        Told::Nothing => Next::Again {
            wait_ms: delay(attempt, policy.base_ms, policy.max_ms, chance),
            told: false,
        },
    }
}

/// A told time and up to half as much more, at least a second and at most 30 s by `chance`: never earlier
/// than told, and not all at once.
#[must_use]
pub fn spread(told_ms: u64, chance: u32) -> u64 {
    told_ms.saturating_add(part((told_ms / 2).clamp(1_000, MOST_SPREAD_MS), chance))
}

/// Whether the same request may succeed a little later: 408, 429, 5xx and what happens on the way.
/// A refusal of who we are or what we ask for is never repeated.
#[must_use]
pub fn may_pass(finding: Finding) -> bool {
    matches!(
        finding,
        Finding::RateLimited
            | Finding::ServerError
            | Finding::AnswerTimeout
            | Finding::ConnectionCut
            | Finding::ConnectionRefused
            | Finding::ConnectTimeout
            | Finding::Unreachable
            | Finding::DnsTimeout
    )
}

/// Runs `work` until it succeeds, at most `max_attempts` times, waiting as M6 says between two. The error of
/// the last attempt comes back as it was. `work` is given the attempt's number (0-based), `chance` draws.
pub async fn with_retry<T, E>(
    max_attempts: u32,
    mut chance: impl FnMut() -> u32,
    mut work: impl AsyncFnMut(u32) -> Result<T, E>,
) -> Result<T, E> {
    let mut attempt = 0;
    loop {
        match work(attempt).await {
            Ok(value) => return Ok(value),
            Err(error) if attempt.saturating_add(1) >= max_attempts => return Err(error),
            Err(_) => {
                let wait = delay(attempt, BASE_MS, MAX_MS, chance());
                tokio::time::sleep(Duration::from_millis(wait)).await;
                attempt += 1;
            }
        }
    }
}

fn plus(now: UtcMillis, ms: u64) -> UtcMillis {
    UtcMillis(now.0.saturating_add(i64::try_from(ms).unwrap_or(i64::MAX)))
}
