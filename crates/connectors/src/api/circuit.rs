//! Whether a connector is left alone after failures (5 in a row, M8). Pure:
//! [`after`] turns an outcome into the next state, [`permit`] says who may ask meanwhile. Storing is done by
//! the caller, and nothing here counts time.

use crate::clock::UtcMillis;
use crate::failure::FailureClass;

/// Failures in a row that stop a connector (M8).
pub const FAILURES_THAT_STOP: u32 = 5;
/// Until the first probe, in milliseconds.
pub const FIRST_PROBE_MS: i64 = 30_000;
/// Longest time between two probes, in milliseconds: 15 minutes.
pub const LAST_PROBE_MS: i64 = 15 * 60_000;

/// What is known about a connector's requests.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Circuit {
    /// Failures in a row that concern the whole connector.
    pub failures: u32,
    /// Set while the connector is stopped.
    pub stopped: Option<Stopped>,
}

/// A connector that is left alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stopped {
    /// Why, by the newest failure that counts.
    pub class: FailureClass,
    /// Since when.
    pub since: UtcMillis,
    /// The next probe and how long it had to wait for it; none where a person must act.
    pub probe: Option<Probe>,
}

/// One request that finds out whether the federation is well again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Probe {
    /// Not before then.
    pub at: UtcMillis,
    /// Milliseconds between this one and the one before, 30 s to 15 min.
    pub every_ms: i64,
}

/// How a request ended, after all its attempts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Outcome {
    /// It was answered.
    Succeeded,
    /// It was not.
    Failed {
        /// Who must act.
        class: FailureClass,
        /// It asked about one club only, not about the connector.
        one_club: bool,
        /// It was the probe of a stopped connector.
        probe: bool,
    },
}

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Caller {
    /// A schedule, or anything else without a person.
    Schedule,
    /// A person who wants an answer now.
    Person,
    /// The test of a connection: the only one that a paused connector answers.
    Test,
}

/// Whether a request may be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Permit {
    /// It may.
    Yes,
    /// It may, as the one probe; take it with [`taken`] first.
    Probe,
    /// The connector is stopped.
    No {
        /// Why.
        class: FailureClass,
        /// The next probe; none where a person must act.
        until: Option<UtcMillis>,
    },
}

/// The state after an outcome.
#[must_use]
pub fn after(outcome: Outcome, state: &Circuit, now: UtcMillis) -> Circuit {
    let Outcome::Failed {
        class,
        one_club,
        probe,
    } = outcome
    else {
        return Circuit::default();
    };
    if !counts(class, one_club) {
        return *state;
    }
    let failures = state.failures.saturating_add(1);
    let stopped = match state.stopped {
        None if failures < FAILURES_THAT_STOP => None,
        None => Some(Stopped {
            class,
            since: now,
            probe: first_probe(class, now),
        }),
        Some(before) => Some(Stopped {
            class,
            since: before.since,
            probe: next_probe(before.probe, class, probe, now),
        }),
    };
    Circuit { failures, stopped }
}

/// Whether a request may be sent now.
#[must_use]
pub fn permit(state: &Circuit, caller: Caller, now: UtcMillis) -> Permit {
    match (state.stopped, caller) {
        (None, _) | (_, Caller::Person | Caller::Test) => Permit::Yes,
        (Some(stopped), Caller::Schedule) => match stopped.probe {
            Some(probe) if is_due(probe, now) => Permit::Probe,
            probe => Permit::No {
                class: stopped.class,
                until: probe.map(|probe| probe.at),
            },
        },
    }
}

/// The state once a probe is under way: nobody else makes one until it is due again, even if this one is lost.
#[must_use]
pub fn taken(state: &Circuit, now: UtcMillis) -> Circuit {
    let mut next = *state;
    if let Some(probe) = next.stopped.as_mut().and_then(|one| one.probe.as_mut()) {
        probe.at = later(now, probe.every_ms);
    }
    next
}

/// Whether a failure says something about the connector. This computer's own trouble does not, nor does
/// one club that the federation does not know or does not let us see.
#[must_use]
pub fn counts(class: FailureClass, one_club: bool) -> bool {
    match class {
        FailureClass::Offline | FailureClass::Locked | FailureClass::Cancelled => false,
        FailureClass::NotFound | FailureClass::Forbidden => !one_club,
        FailureClass::NeedsSignIn
        | FailureClass::BadCredentials
        | FailureClass::BadConfiguration
        | FailureClass::RateLimited
        | FailureClass::FederationDown
        | FailureClass::BadAnswer
        | FailureClass::Internal => true,
    }
}

/// A probe further away than it can be means that the clock was set back: nobody waits for that.
fn is_due(probe: Probe, now: UtcMillis) -> bool {
    now >= probe.at || later(now, probe.every_ms) < probe.at
}

/// Whether time alone may mend it. A wrong key that is tried again and again locks accounts.
fn mends_itself(class: FailureClass) -> bool {
    matches!(
        class,
        FailureClass::FederationDown | FailureClass::BadAnswer | FailureClass::RateLimited
    )
}

fn first_probe(class: FailureClass, now: UtcMillis) -> Option<Probe> {
    mends_itself(class).then(|| Probe {
        at: later(now, FIRST_PROBE_MS),
        every_ms: FIRST_PROBE_MS,
    })
}

/// A failed probe doubles the time to the next. A person's failed request leaves it where it was.
fn next_probe(
    before: Option<Probe>,
    class: FailureClass,
    was_probe: bool,
    now: UtcMillis,
) -> Option<Probe> {
    let Some(before) = before.filter(|_| mends_itself(class)) else {
        return first_probe(class, now);
    };
    if !was_probe {
        return Some(before);
    }
    let every_ms = before.every_ms.saturating_mul(2).min(LAST_PROBE_MS);
    Some(Probe {
        at: later(now, every_ms),
        every_ms,
    })
}

fn later(now: UtcMillis, ms: i64) -> UtcMillis {
    UtcMillis(now.0.saturating_add(ms))
}
