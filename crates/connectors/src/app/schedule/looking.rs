//! What a connection's schedule asks for now, as a function from what is kept to what is to be kept and done. The caller
//! writes the one before it does the other, which is what makes each time happen once.

use super::{Connector, since};
use crate::api::circuit::Permit;
use crate::clock::UtcMillis;
use crate::error::Code;
use crate::store::club_connection::ClubConnectionRecord;
use crate::store::connection_schedule::ScheduleRecord;
use crate::sync::due::{Due, due};
use crate::sync::retry_run::{self, RetryRun};

/// What is to be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Ask {
    /// Nothing before then; none where nothing will come.
    Nothing(Option<UtcMillis>),
    /// A run.
    Run {
        /// Runs that were missed and are made up for by it.
        missed: u32,
        /// Retries before it.
        retries: u32,
    },
    /// It passes over missed runs.
    Skip(u32),
    /// It asks a person.
    Question(u32),
    /// It is due, and its connector is stopped.
    Stopped(Option<UtcMillis>),
}

/// What is to be kept, and done.
pub(super) fn look(
    connector: &Connector,
    connection: &ClubConnectionRecord,
    before: &ScheduleRecord,
    now: UtcMillis,
) -> (ScheduleRecord, Ask) {
    let mut kept = before.clone();
    let effective = connector.effective(before);
    let Some(schedule) = effective.of_connection(connection.id) else {
        // What is off misses nothing.
        clear(&mut kept);
        kept.due_schedule = None;
        kept.last_due_at = None;
        return (kept, Ask::Nothing(None));
    };
    let key = effective.key();
    if kept.due_schedule.as_deref() != Some(&key) {
        clear(&mut kept);
        kept.due_schedule = Some(key);
        kept.last_due_at = Some(since(connector, connection, before));
    }
    let handled = kept.last_due_at.unwrap_or(now);
    let asked = due(&schedule, handled, now, kept.missed);
    let retry = kept
        .retry_at
        .is_some_and(|retry_at| retry_run::is_due(retry_at, now));
    if let Permit::No { until, .. } = connector.permit {
        return match asked {
            Due::NotYet(next) if !retry => (kept, Ask::Nothing(next)),
            _ => (kept, Ask::Stopped(until)),
        };
    }
    match asked {
        Due::NotYet(next) => {
            if retry {
                let retries = kept.retry_count;
                return run(kept, 0, retries, now);
            }
            let next = [next, kept.retry_at].into_iter().flatten().min();
            (kept, Ask::Nothing(next))
        }
        Due::Run { at } => run(handled_to(kept, at), 0, 0, now),
        Due::RunMissed { at, missed } => run(handled_to(kept, at), missed, 0, now),
        Due::Skip { at, missed } => (handled_to(kept, at), Ask::Skip(missed)),
        Due::Ask { at, missed } => {
            // One question for all of them, however often the computer slept meanwhile.
            let missed = before.asks_missed.saturating_add(missed);
            let mut kept = handled_to(kept, at);
            kept.asks_at = Some(at);
            kept.asks_missed = missed;
            (kept, Ask::Question(missed))
        }
        Due::ClockWasWrong { at } => {
            kept.last_due_at = Some(at);
            (kept, Ask::Nothing(schedule.next_after(at)))
        }
    }
}

/// A process that dies in the middle of a run has kept that it is to be tried again, as after a failure.
fn run(
    mut kept: ScheduleRecord,
    missed: u32,
    retries: u32,
    now: UtcMillis,
) -> (ScheduleRecord, Ask) {
    match retry_run::next(Code::FederationDown, retries, now) {
        RetryRun::At { at, count } => {
            kept.retry_at = Some(at);
            kept.retry_count = count;
        }
        RetryRun::GivenUp | RetryRun::Never => kept.retry_at = None,
    }
    (kept, Ask::Run { missed, retries })
}

fn handled_to(mut kept: ScheduleRecord, at: UtcMillis) -> ScheduleRecord {
    clear(&mut kept);
    kept.last_due_at = Some(at);
    kept
}

/// Forgets what an earlier time has left open.
pub(super) fn clear(kept: &mut ScheduleRecord) {
    kept.retry_at = None;
    kept.retry_count = 0;
    kept.gave_up_at = None;
    kept.asks_at = None;
    kept.asks_missed = 0;
}
