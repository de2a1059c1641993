//! How a connected club stands on Home: whether its list is up to date, and what of it needs a person. Pure.

use crate::app::schedule::Coming;
use crate::clock::UtcMillis;
use crate::failure::{FailureClass, Finding};
use crate::store::home::{HomeClub, HomeConnector, HomeRun, WaitingPlan};
use crate::store::sync_run::{AskedBy, RunState};
use crate::view::{AttentionKind, HealthAction, HealthState, Status};

/// What of a club needs a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Needed {
    pub(super) kind: AttentionKind,
    pub(super) state: HealthState,
    pub(super) since: Option<UtcMillis>,
    pub(super) class: Option<FailureClass>,
    pub(super) finding: Option<Finding>,
    pub(super) action: HealthAction,
}

/// Whether the plan of a run left nothing to do.
fn is_unchanged(run: &HomeRun) -> bool {
    run.state == RunState::Planned && run.changes == 0
}

/// When the list of a club was last brought up to date: a plan was applied, or there was nothing to change.
pub(super) fn list_from(club: &HomeClub) -> Option<UtcMillis> {
    let unchanged = club.run.as_ref().filter(|run| is_unchanged(run));
    club.last_sync_at
        .max(unchanged.and_then(|run| run.ended_at))
}

/// Whether the newest run of a club was applied or had nothing to change, nothing has failed since, nothing waits for a
/// person, and the club did not miss the last time of its schedule.
pub(super) fn is_up_to_date(club: &HomeClub, plan: Option<&WaitingPlan>, coming: Coming) -> bool {
    let Some(run) = &club.run else {
        // Never synced.
        return false;
    };
    let current =
        is_unchanged(run) || matches!(run.state, RunState::Applied | RunState::PartlyUndone);
    let waits = club.schedule.held_by_undo.is_some()
        || club.schedule.asks_at.is_some()
        || plan.is_some_and(|plan| plan.state == RunState::Held || plan.changes > 0);
    let missed = coming.due.is_some_and(|due| run.started_at < due);
    current && !waits && !missed && club.consecutive_failures == 0
}

/// What of a club needs a person, the most urgent where there is more; nothing of one whose connector somebody paused.
pub(super) fn needed(
    connector: &HomeConnector,
    club: &HomeClub,
    plan: Option<&WaitingPlan>,
    coming: Coming,
) -> Option<Needed> {
    if connector.status == Status::Inactive {
        return None;
    }
    let waits = |kind, since| Needed {
        kind,
        state: HealthState::Held,
        since,
        class: None,
        finding: None,
        action: HealthAction::ReviewPlan,
    };
    if club.schedule.held_by_undo.is_some() {
        return Some(waits(AttentionKind::Undone, None));
    }
    if let Some(plan) = plan {
        let kind = if plan.state == RunState::Held {
            Some(AttentionKind::Guard)
        } else if plan.conflicts > 0 {
            Some(AttentionKind::Conflicts)
        } else if plan.changes > 0 && plan.asked_by == AskedBy::Schedule {
            Some(AttentionKind::Plan)
        } else {
            // A person has just made it, and knows.
            None
        };
        if let Some(kind) = kind {
            return Some(waits(kind, plan.ended_at));
        }
    }
    if let Some(failing) = failing(connector, club, coming) {
        return Some(failing);
    }
    club.schedule.asks_at.map(|at| Needed {
        action: HealthAction::Retry,
        ..waits(AttentionKind::MissedRuns, Some(at))
    })
}

/// A club that fails by itself, or whose last run failed and is tried by nobody again.
fn failing(connector: &HomeConnector, club: &HomeClub, coming: Coming) -> Option<Needed> {
    let failed = |since, class, finding| Needed {
        kind: AttentionKind::ClubFailing,
        state: HealthState::ActionNeeded,
        since,
        class,
        finding,
        action: HealthAction::Retry,
    };
    if club.consecutive_failures > 0 {
        let last = club.last_error;
        let since = club.failing_since.or(last.map(|last| last.at));
        return Some(failed(
            since,
            last.map(|last| last.class),
            last.and_then(|last| last.finding),
        ));
    }
    let run = club
        .run
        .as_ref()
        .filter(|run| run.state == RunState::Failed)?;
    // What stops the whole connector is said there, or will be; what is tried again needs nobody.
    let said_there = matches!(
        connector.state,
        HealthState::ActionNeeded
            | HealthState::SignInAgain
            | HealthState::WaitingForBrowser
            | HealthState::RateLimited
            | HealthState::WaitingForFederation
            | HealthState::Offline
    );
    let passes = matches!(
        run.class,
        Some(
            FailureClass::FederationDown
                | FailureClass::RateLimited
                | FailureClass::Offline
                | FailureClass::Locked
                | FailureClass::Cancelled
        )
    );
    let tried_again = club.schedule.retry_at.is_some() || passes && coming.next.is_some();
    (!said_there && !tried_again).then(|| failed(run.ended_at, run.class, run.finding))
}
