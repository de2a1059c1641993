//! Whether a scheduled run is due, and what becomes of runs that were missed while the computer slept or was off
//! (acceptance case S12). Pure: the caller keeps up to when runs were handled.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::schedule::Schedule;
use crate::clock::UtcMillis;

/// What becomes of missed runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum MissedPolicy {
    /// One run for all that were missed.
    #[default]
    OnceOnWake,
    /// None; the next one comes in its time.
    Skip,
    /// A person is asked.
    Ask,
}

impl MissedPolicy {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::OnceOnWake, Self::Skip, Self::Ask];

    /// The word used in files, on the wire and in the store.
    #[must_use]
    pub fn as_str(self) -> &'static str {
        match self {
            Self::OnceOnWake => "once_on_wake",
            Self::Skip => "skip",
            Self::Ask => "ask",
        }
    }

    /// The policy of a word, as [`MissedPolicy::as_str`] gives it.
    #[must_use]
    pub fn of_word(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|policy| policy.as_str() == word)
    }
}

/// A run that starts so late is a missed one, in milliseconds: longer than a loop needs to come round.
pub const LATE_MS: i64 = 5 * 60_000;
/// The clock was wrong if what was handled lies further ahead, in milliseconds. A smaller step back must not repeat a run.
pub const CLOCK_WAS_WRONG_MS: i64 = 24 * 3_600_000;
/// Missed runs are counted up to here.
pub const MOST_MISSED: u32 = 100;

/// What is to be done now. Where a moment `at` is told, the caller keeps it as handled *before* it acts, which is what
/// makes each run happen once.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// Nothing until then; none where the schedule ends.
    NotYet(Option<UtcMillis>),
    /// Run now.
    Run {
        /// Handled up to here.
        at: UtcMillis,
    },
    /// Run now, once for all that were missed.
    RunMissed {
        /// Handled up to here.
        at: UtcMillis,
        /// How many; [`MOST_MISSED`] may be more.
        missed: u32,
    },
    /// Run nothing.
    Skip {
        /// Handled up to here.
        at: UtcMillis,
        /// How many; [`MOST_MISSED`] may be more.
        missed: u32,
    },
    /// Ask a person.
    Ask {
        /// Handled up to here.
        at: UtcMillis,
        /// How many; [`MOST_MISSED`] may be more.
        missed: u32,
    },
    /// What was handled lies more than a day ahead: the clock was wrong. Count from here, and run nothing.
    ClockWasWrong {
        /// Handled up to here.
        at: UtcMillis,
    },
}

/// What is due at `now`. `handled` is up to when runs were handled: the last `at`, or since when the schedule stands.
#[must_use]
pub fn due(schedule: &Schedule, handled: UtcMillis, now: UtcMillis, policy: MissedPolicy) -> Due {
    if handled.0.saturating_sub(now.0) > CLOCK_WAS_WRONG_MS {
        return Due::ClockWasWrong { at: now };
    }
    let first = match schedule.next_after(handled) {
        Some(first) if first <= now => first,
        next => return Due::NotYet(next),
    };
    let at = latest(schedule, first, now);
    if now.0.saturating_sub(at.0) <= LATE_MS {
        return Due::Run { at };
    }
    let missed = count(schedule, first, at);
    match policy {
        MissedPolicy::OnceOnWake => Due::RunMissed { at, missed },
        MissedPolicy::Skip => Due::Skip { at, missed },
        MissedPolicy::Ask => Due::Ask { at, missed },
    }
}

/// The last run up to `now`. It is looked for in spans that grow backwards from `now`, so that a year of a schedule of
/// every minute is not walked through.
fn latest(schedule: &Schedule, first: UtcMillis, now: UtcMillis) -> UtcMillis {
    let mut span: i64 = 3_600_000;
    let mut last = first;
    loop {
        let start = now.0.saturating_sub(span).max(first.0);
        let mut from = UtcMillis(start);
        while let Some(next) = schedule.next_after(from) {
            if next > now {
                break;
            }
            last = next;
            from = next;
        }
        if last > first || start == first.0 {
            return last;
        }
        span = span.saturating_mul(8);
    }
}

fn count(schedule: &Schedule, first: UtcMillis, at: UtcMillis) -> u32 {
    let mut missed = 1;
    let mut from = first;
    while missed < MOST_MISSED {
        match schedule.next_after(from) {
            Some(next) if next <= at => from = next,
            _ => break,
        }
        missed += 1;
    }
    missed
}
