//! What a person reads about a connector, decided from what is recorded. Pure: values in, words out.

use crate::clock::UtcMillis;
use crate::failure::FailureClass;
use crate::view::{HealthState, Status, TestReportView};

/// How a sign-in stands, as far as it decides what a person reads.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignInStanding {
    /// The connector needs none, or the client signs in by itself.
    NotUsed,
    /// Nobody has signed in, or somebody has signed out.
    SignedOut,
    /// The browser waits for a person.
    Waiting,
    /// A token is there.
    SignedIn,
    /// The token has ended and cannot be renewed.
    Ended,
}

/// The state of a connector that is not deleted. `last_test` is the newest test that still holds
/// for the present settings and credentials, `answered` whether the federation has answered with them: that proves as much
/// as a test where there was none.
pub fn state_of(
    status: Status,
    sign_in: SignInStanding,
    last_test: Option<&TestReportView>,
    answered: bool,
) -> HealthState {
    let untested = if answered {
        HealthState::Healthy
    } else {
        HealthState::NotTested
    };
    if status == Status::Inactive {
        return HealthState::Paused;
    }
    match sign_in {
        SignInStanding::Waiting => return HealthState::WaitingForBrowser,
        SignInStanding::Ended | SignInStanding::SignedOut => return HealthState::SignInAgain,
        SignInStanding::NotUsed | SignInStanding::SignedIn => {}
    }
    let Some(report) = last_test else {
        return untested;
    };
    match report.class {
        None => HealthState::Healthy,
        // It was made before somebody signed in.
        Some(FailureClass::NeedsSignIn) if sign_in == SignInStanding::SignedIn => untested,
        Some(class) => state_after(class),
    }
}

/// Whether what a test has met is over, because the federation has answered since: a federation that was down, a limit, a computer
/// without a network. What the test saw of the answers themselves is not: a check asks for something else.
pub fn is_over(
    test: &TestReportView,
    last_success_at: Option<UtcMillis>,
    failures_in_a_row: u32,
) -> bool {
    let passes = matches!(
        test.class,
        Some(FailureClass::FederationDown | FailureClass::RateLimited | FailureClass::Offline)
    );
    passes && failures_in_a_row == 0 && last_success_at.is_some_and(|at| at.0 > test.started_at)
}

/// The state that follows from a failure, of a test or of the requests that stopped a connector.
pub fn state_after(class: FailureClass) -> HealthState {
    match class {
        FailureClass::NeedsSignIn => HealthState::SignInAgain,
        FailureClass::BadCredentials
        | FailureClass::BadConfiguration
        | FailureClass::NotFound
        | FailureClass::Forbidden
        | FailureClass::Internal => HealthState::ActionNeeded,
        FailureClass::RateLimited => HealthState::RateLimited,
        FailureClass::FederationDown | FailureClass::BadAnswer => HealthState::WaitingForFederation,
        FailureClass::Offline => HealthState::Offline,
        // A test that was stopped or could not start says nothing about the federation.
        FailureClass::Cancelled | FailureClass::Locked => HealthState::NotTested,
    }
}

/// Place in a list that shows what needs a person first: 1 is first.
pub fn attention(state: HealthState) -> u8 {
    match state {
        HealthState::ActionNeeded | HealthState::SignInAgain => 1,
        HealthState::WaitingForBrowser | HealthState::Held => 2,
        HealthState::Expiring => 3,
        HealthState::RateLimited | HealthState::WaitingForFederation | HealthState::Offline => 4,
        HealthState::Syncing => 5,
        HealthState::Healthy => 6,
        HealthState::NotTested | HealthState::NeverSynced => 7,
        HealthState::Paused => 8,
    }
}

/// Days before its known end on which a key or a token is announced, once each.
pub const ANNOUNCED_DAYS: [i64; 2] = [3, 14];

/// The end of a key or a token as far as it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KnownEnd {
    /// When.
    pub at: UtcMillis,
    /// Since when it is there, where its life counts: a token that lives for an hour does not "end soon" from its beginning.
    pub since: Option<UtcMillis>,
}

/// Which of [`ANNOUNCED_DAYS`] has come, the last one where both have; none where its end is far, or unknown.
pub fn ends_within(end: KnownEnd, now: UtcMillis) -> Option<i64> {
    ANNOUNCED_DAYS.into_iter().find(|days| {
        let lives_longer = end
            .since
            .is_none_or(|since| since.plus_days(*days) < end.at);
        lives_longer && now >= end.at.plus_days(-*days)
    })
}

/// What is to be announced of an end, of which `announced` was already: each once, and an earlier one not after a later one.
pub fn announcement(end: KnownEnd, now: UtcMillis, announced: &[i64]) -> Option<i64> {
    ends_within(end, now).filter(|days| announced.iter().all(|done| done > days))
}

/// What clubs and a known end make of the state that a connector has by itself.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Beside {
    /// A plan, or an undo, of one of its clubs waits for a person.
    pub held: bool,
    /// Its key or its token ends soon.
    pub expiring: bool,
    /// It has clubs, and the list of none was ever brought up to date.
    pub unsynced: bool,
}

/// The state of a connector with what is beside it: what needs a person first is said first ([`attention`]), and its own word
/// where two are as urgent. A paused one is paused.
pub fn with_clubs(own: HealthState, beside: Beside) -> HealthState {
    if own == HealthState::Paused {
        return own;
    }
    let own = match own {
        HealthState::Healthy if beside.unsynced => HealthState::NeverSynced,
        other => other,
    };
    let held = beside.held.then_some(HealthState::Held);
    let expiring = beside.expiring.then_some(HealthState::Expiring);
    let others = [held, expiring].into_iter().flatten();
    others.fold(own, |said, other| {
        if attention(other) < attention(said) {
            other
        } else {
            said
        }
    })
}

/// What a person reads while one of its clubs syncs. Never kept: it is over before anybody could write it down.
pub fn while_syncing(kept: HealthState) -> HealthState {
    if attention(HealthState::Syncing) < attention(kept) && kept != HealthState::Paused {
        HealthState::Syncing
    } else {
        kept
    }
}
