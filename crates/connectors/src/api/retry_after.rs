//! When the federation wants to be asked again: `Retry-After` in all its forms (RFC 9110 §10.2.3). Pure.
//! Dates are measured from the answer's own `Date`, because this computer's clock may be wrong.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use reqwest::header::{DATE, HeaderMap, RETRY_AFTER};

use crate::clock::UtcMillis;

/// Longest wait that is believed, in milliseconds: 30 days. A longer one is told as this long.
pub const LONGEST_BELIEVED_MS: u64 = 30 * 24 * 60 * 60 * 1_000;

/// What an answer says about the next request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Told {
    /// Nothing, or nothing usable, or "at once": our own delay holds.
    Nothing,
    /// Not before so many milliseconds from when the answer came.
    After {
        /// Milliseconds, 1 to [`LONGEST_BELIEVED_MS`].
        ms: u64,
    },
}

/// Reads an answer's headers. `now` stands in for a missing `Date`.
///
/// A number is whole seconds, digits only: a sign, a fraction or a unit is garbage and says nothing. A date
/// may be in any of the three forms of §5.6.7. Zero and the past say nothing. Where several `Retry-After` are
/// usable the longest wait holds, so that none of them is broken.
#[must_use]
pub fn told(headers: &HeaderMap, now: UtcMillis) -> Told {
    let from = headers
        .get(DATE)
        .and_then(|value| value.to_str().ok())
        .and_then(|text| httpdate::parse_http_date(text.trim()).ok())
        .or_else(|| moment(now));
    let longest = headers
        .get_all(RETRY_AFTER)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .filter_map(|text| wait_ms(text, from))
        .max()
        .unwrap_or(0);
    match longest.min(LONGEST_BELIEVED_MS) {
        0 => Told::Nothing,
        ms => Told::After { ms },
    }
}

/// Milliseconds of one value, none for garbage.
fn wait_ms(text: &str, from: Option<SystemTime>) -> Option<u64> {
    let text = text.trim();
    if !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit()) {
        // Too many digits for a number is a very long time.
        let seconds: u64 = text.parse().unwrap_or(u64::MAX);
        return Some(seconds.saturating_mul(1_000));
    }
    let until = httpdate::parse_http_date(text).ok()?;
    let wait = until.duration_since(from?).unwrap_or_default();
    Some(u64::try_from(wait.as_millis()).unwrap_or(u64::MAX))
}

fn moment(now: UtcMillis) -> Option<SystemTime> {
    UNIX_EPOCH.checked_add(Duration::from_millis(u64::try_from(now.0).ok()?))
}
