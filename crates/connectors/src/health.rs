//! What a person reads about a connector, decided from what is recorded. Pure: values in, words out.

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
/// for the present settings and credentials.
pub fn state_of(
    status: Status,
    sign_in: SignInStanding,
    last_test: Option<&TestReportView>,
) -> HealthState {
    if status == Status::Inactive {
        return HealthState::Paused;
    }
    match sign_in {
        SignInStanding::Waiting => return HealthState::WaitingForBrowser,
        SignInStanding::Ended | SignInStanding::SignedOut => return HealthState::SignInAgain,
        SignInStanding::NotUsed | SignInStanding::SignedIn => {}
    }
    let Some(report) = last_test else {
        return HealthState::NotTested;
    };
    match report.class {
        None => HealthState::Healthy,
        // It was made before somebody signed in.
        Some(FailureClass::NeedsSignIn) if sign_in == SignInStanding::SignedIn => {
            HealthState::NotTested
        }
        Some(class) => state_after(class),
    }
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
