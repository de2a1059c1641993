//! What a person can do about a state: one button each. Pure.

use crate::failure::{FailureClass, Finding};
use crate::view::{HealthAction, HealthState};

/// What a person can do; none where the clock, the federation or nobody acts. `class` and `finding` are why it is in that state.
#[must_use]
pub fn remedy(
    state: HealthState,
    class: Option<FailureClass>,
    finding: Option<Finding>,
) -> Option<HealthAction> {
    Some(match state {
        HealthState::Healthy
        | HealthState::Syncing
        | HealthState::RateLimited
        | HealthState::WaitingForFederation
        | HealthState::Offline => return None,
        HealthState::SignInAgain | HealthState::WaitingForBrowser => HealthAction::SignIn,
        HealthState::Held => HealthAction::ReviewPlan,
        HealthState::Paused => HealthAction::Resume,
        HealthState::NotTested => HealthAction::Check,
        HealthState::NeverSynced => HealthAction::Retry,
        // Which of the two it is depends on what ends; whoever knows says so.
        HealthState::Expiring => HealthAction::ReplaceKey,
        HealthState::ActionNeeded => match class {
            Some(FailureClass::NeedsSignIn) => HealthAction::SignIn,
            // A key for another host is not sent there: the address is as likely to be wrong as the key.
            Some(FailureClass::BadCredentials) => HealthAction::ReplaceKey,
            Some(FailureClass::Forbidden) if finding == Some(Finding::ScopeTooNarrow) => {
                HealthAction::SignIn
            }
            Some(FailureClass::BadConfiguration | FailureClass::NotFound) => {
                HealthAction::OpenSettings
            }
            // The federation must allow it; whether it has, a check tells.
            _ => HealthAction::Check,
        },
    })
}
