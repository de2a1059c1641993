//! The only door to the time of day and to elapsed time. Everything else is given `now`.
//! Tests pass a fixed clock; nothing here sleeps.

use std::sync::OnceLock;
use std::time::{Duration, Instant};

/// A moment as milliseconds since 1970-01-01T00:00:00Z. Stored and sent as an integer.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UtcMillis(pub i64);

impl UtcMillis {
    /// This moment plus a number of whole days of 24 hours, saturating at the ends of the range.
    #[must_use]
    pub fn plus_days(self, days: i64) -> Self {
        Self(self.0.saturating_add(days.saturating_mul(86_400_000)))
    }

    /// The beginning of a day in UTC, written as `2026-11-23`; none where it is no day.
    #[must_use]
    pub fn of_day(day: &str) -> Option<Self> {
        let midnight = day.trim().parse::<jiff::civil::Date>().ok()?;
        let moment = midnight.to_zoned(jiff::tz::TimeZone::UTC).ok()?;
        Some(Self(moment.timestamp().as_millisecond()))
    }

    /// RFC 3339 in UTC with milliseconds, e.g. `2026-11-23T11:28:25.000Z`; empty for a moment
    /// outside the years -9999..=9999.
    pub fn to_rfc3339(self) -> String {
        jiff::Timestamp::from_millisecond(self.0)
            .map(|moment| format!("{moment:.3}"))
            .unwrap_or_default()
    }
}

/// Where the time comes from: the system, or a fixed value in tests.
pub trait Clock: Send + Sync {
    /// The time of day. A person, the network or a suspend may make it jump.
    fn now(&self) -> UtcMillis;

    /// Time since some moment before this process began to ask. It never goes back, and most systems
    /// do not count a suspend.
    fn uptime(&self) -> Duration;
}

/// The computer's own clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    #[allow(
        clippy::disallowed_methods,
        reason = "this module is the door to the clock"
    )]
    fn now(&self) -> UtcMillis {
        UtcMillis(jiff::Timestamp::now().as_millisecond())
    }

    #[allow(
        clippy::disallowed_methods,
        reason = "this module is the door to the clock"
    )]
    fn uptime(&self) -> Duration {
        static FIRST: OnceLock<Instant> = OnceLock::new();
        FIRST.get_or_init(Instant::now).elapsed()
    }
}

/// Measures how long something took, on the monotonic clock.
#[derive(Debug, Clone, Copy)]
pub struct Stopwatch(Instant);

impl Stopwatch {
    /// Starts measuring.
    #[must_use]
    #[allow(
        clippy::disallowed_methods,
        reason = "this module is the door to the clock"
    )]
    pub fn start() -> Self {
        Self(Instant::now())
    }

    /// Time since the start.
    #[must_use]
    pub fn elapsed(&self) -> Duration {
        self.0.elapsed()
    }

    /// Whole milliseconds since the start.
    #[must_use]
    pub fn elapsed_ms(&self) -> u64 {
        u64::try_from(self.0.elapsed().as_millis()).unwrap_or(u64::MAX)
    }
}
