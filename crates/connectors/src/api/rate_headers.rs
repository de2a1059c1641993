//! What answers say about the federation's own limit. Three families are in use: `RateLimit` and
//! `RateLimit-Policy` (draft-ietf-httpapi-ratelimit-headers-10, Structured Fields), the earlier drafts'
//! `RateLimit-Limit/-Remaining/-Reset`, and `X-RateLimit-*`. Pure; `Retry-After` goes before all of them.

use reqwest::header::HeaderMap;

use crate::clock::UtcMillis;

/// Numbers above this are moments (seconds since 1970), below it waits in seconds: no limit is told for years.
const FIRST_MOMENT: u64 = 1_000_000_000;
/// From here on a moment is in milliseconds, as some systems write it.
const FIRST_MOMENT_MS: u64 = 100_000_000_000;
/// The window, in seconds, that a limit is about where none is named.
const USUAL_WINDOW: u64 = 60;

/// What was learnt.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Learnt {
    /// Requests allowed in a minute, from 1, rounded down.
    pub per_minute: Option<u32>,
    /// Requests left until the reset.
    pub remaining: Option<u64>,
    /// Milliseconds until the federation counts anew.
    pub reset_ms: Option<u64>,
}

impl Learnt {
    /// How long nothing may be sent, in milliseconds: until the reset where nothing is left.
    #[must_use]
    pub fn pause_ms(&self) -> Option<u64> {
        (self.remaining == Some(0))
            .then_some(self.reset_ms)
            .flatten()
            .filter(|ms| *ms > 0)
    }
}

/// Reads an answer's headers. `now` is the time of day, for resets that are told as a moment.
#[must_use]
pub fn learnt(headers: &HeaderMap, now: UtcMillis) -> Learnt {
    // Most answers say nothing, and each is asked.
    let speaks = headers.keys().any(|name| {
        let name = name.as_str();
        name.starts_with("ratelimit") || name.starts_with("x-ratelimit")
    });
    if !speaks {
        return Learnt::default();
    }
    let (quota, window) = policy(headers);
    let state = state(headers);
    let number = |names: [&str; 2]| names.into_iter().find_map(|name| first(headers, name));
    let limit = quota.or_else(|| number(["ratelimit-limit", "x-ratelimit-limit"]));
    let remaining = state
        .remaining
        .or_else(|| number(["ratelimit-remaining", "x-ratelimit-remaining"]));
    let reset_ms = state
        .reset
        .map(|seconds| seconds.saturating_mul(1_000))
        .or_else(|| {
            let told = number(["ratelimit-reset", "x-ratelimit-reset"])?;
            Some(until(told, now))
        });
    Learnt {
        per_minute: limit.and_then(|limit| per_minute(limit, window)),
        remaining,
        reset_ms,
    }
}

/// `limit` in `window` seconds as requests in a minute. A limit of 0 is no limit but a mistake.
fn per_minute(limit: u64, window: Option<u64>) -> Option<u32> {
    if limit == 0 {
        return None;
    }
    let window = window.unwrap_or(USUAL_WINDOW).max(1);
    let a_minute = u128::from(limit) * 60 / u128::from(window);
    Some(u32::try_from(a_minute).unwrap_or(u32::MAX).max(1))
}

fn until(told: u64, now: UtcMillis) -> u64 {
    let now = u64::try_from(now.0).unwrap_or(0);
    if told >= FIRST_MOMENT_MS {
        told.saturating_sub(now)
    } else if told >= FIRST_MOMENT {
        told.saturating_mul(1_000).saturating_sub(now)
    } else {
        told.saturating_mul(1_000)
    }
}

/// `RateLimit-Policy: "default";q=100;w=60`. Of several the strictest holds. The older form
/// `RateLimit-Limit: 100, 100;w=60` carries its window the same way.
fn policy(headers: &HeaderMap) -> (Option<u64>, Option<u64>) {
    let of_draft = items(headers, "ratelimit-policy")
        .filter_map(|item| Some((parameter(item, "q")?, parameter(item, "w"))));
    let of_older = items(headers, "ratelimit-limit")
        .chain(items(headers, "ratelimit-policy"))
        .filter_map(|item| {
            let limit = item.split(';').next()?.trim().parse().ok()?;
            Some((limit, Some(parameter(item, "w")?)))
        });
    of_draft
        .chain(of_older)
        .min_by_key(|(limit, window)| per_minute(*limit, *window).unwrap_or(u32::MAX))
        .map_or((None, None), |(limit, window)| (Some(limit), window))
}

#[derive(Default)]
struct State {
    remaining: Option<u64>,
    reset: Option<u64>,
}

/// `RateLimit: "default";r=50;t=30`, or as an earlier draft had it, `limit=100, remaining=50, reset=5`. Of several
/// policies the one with the least left holds.
fn state(headers: &HeaderMap) -> State {
    let tightest = items(headers, "ratelimit")
        .filter_map(|item| Some((parameter(item, "r")?, parameter(item, "t"))))
        .min_by_key(|(remaining, reset)| (*remaining, std::cmp::Reverse(reset.unwrap_or(0))));
    if let Some((remaining, reset)) = tightest {
        return State {
            remaining: Some(remaining),
            reset,
        };
    }
    let named = |wanted: &str| items(headers, "ratelimit").find_map(|item| value_of(item, wanted));
    State {
        remaining: named("remaining"),
        reset: named("reset"),
    }
}

/// The members of a list, however many lines it is spread over. Names of policies hold no commas in practice; one
/// that does makes members without parameters, which say nothing.
fn items<'a>(headers: &'a HeaderMap, name: &'a str) -> impl Iterator<Item = &'a str> {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|text| text.split(','))
}

fn parameter(item: &str, wanted: &str) -> Option<u64> {
    item.split(';')
        .skip(1)
        .find_map(|part| value_of(part, wanted))
}

fn value_of(part: &str, wanted: &str) -> Option<u64> {
    let (name, value) = part.split_once('=')?;
    name.trim()
        .eq_ignore_ascii_case(wanted)
        .then(|| value.trim().parse().ok())
        .flatten()
}

/// The number at the start of a header: `100` out of `100, 100;w=60`.
fn first(headers: &HeaderMap, name: &str) -> Option<u64> {
    let text = headers.get(name)?.to_str().ok()?;
    text.split([',', ';']).next()?.trim().parse().ok()
}
