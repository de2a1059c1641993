//! Whether and when a scheduled run that failed is tried again. Pure; keeping and waiting is done by the caller.

use crate::clock::UtcMillis;
use crate::error::Code;

/// Before each retry, in milliseconds: 2, 4 and 8 minutes.
pub const WAITS_MS: [i64; 3] = [2 * 60_000, 4 * 60_000, 8 * 60_000];
/// Until the network of this computer is looked at again, in milliseconds. Each look is a run in the history, so not often.
pub const OFFLINE_WAIT_MS: i64 = 15 * 60_000;

/// What comes after a failed run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RetryRun {
    /// Try again.
    At {
        /// When.
        at: UtcMillis,
        /// Retries that are used up with it.
        count: u32,
    },
    /// Every retry has failed: somebody must know.
    GivenUp,
    /// Waiting mends nothing: a person must act, or has stopped it.
    Never,
}

/// What comes after a failure of a run that was tried again `count` times before.
#[must_use]
pub fn next(failure: Code, count: u32, now: UtcMillis) -> RetryRun {
    let later = |ms: i64| UtcMillis(now.0.saturating_add(ms));
    match failure {
        // Nothing was asked, so it is no try.
        Code::Offline => RetryRun::At {
            at: later(OFFLINE_WAIT_MS),
            count,
        },
        Code::FederationDown
        | Code::RateLimited
        | Code::BadAnswer
        | Code::ChangedMeanwhile
        | Code::StorageFailed => {
            let wait = usize::try_from(count)
                .ok()
                .and_then(|index| WAITS_MS.get(index));
            wait.map_or(RetryRun::GivenUp, |&wait| RetryRun::At {
                at: later(wait),
                count: count + 1,
            })
        }
        _ => RetryRun::Never,
    }
}

/// Whether a retry is due. One further away than the longest wait means that the clock was set back: nobody waits for that.
#[must_use]
pub fn is_due(retry_at: UtcMillis, now: UtcMillis) -> bool {
    let longest = OFFLINE_WAIT_MS.max(WAITS_MS[WAITS_MS.len() - 1]);
    retry_at <= now || retry_at.0.saturating_sub(now.0) > longest
}
