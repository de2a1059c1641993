//! One button for each state, and none where nobody can do anything.

use connectors::failure::{FailureClass as C, Finding as F};
use connectors::remedy::remedy;
use connectors::view::{HealthAction as A, HealthState as S};

#[test]
fn every_state_has_the_one_thing_that_mends_it() {
    for (state, why, expected) in [
        (S::Healthy, None, None),
        (S::Syncing, None, None),
        (S::RateLimited, Some((C::RateLimited, F::RateLimited)), None),
        (
            S::WaitingForFederation,
            Some((C::FederationDown, F::ServerError)),
            None,
        ),
        (S::Offline, Some((C::Offline, F::Offline)), None),
        (
            S::SignInAgain,
            Some((C::NeedsSignIn, F::SignInEnded)),
            Some(A::SignIn),
        ),
        (S::WaitingForBrowser, None, Some(A::SignIn)),
        (S::Held, None, Some(A::ReviewPlan)),
        (S::Paused, None, Some(A::Resume)),
        (S::NotTested, None, Some(A::Check)),
        (S::NeverSynced, None, Some(A::Retry)),
        (S::Expiring, None, Some(A::ReplaceKey)),
        (
            S::ActionNeeded,
            Some((C::BadCredentials, F::Unauthorised)),
            Some(A::ReplaceKey),
        ),
        (
            S::ActionNeeded,
            Some((C::BadConfiguration, F::TlsWrongHost)),
            Some(A::OpenSettings),
        ),
        (
            S::ActionNeeded,
            Some((C::NotFound, F::NotFound)),
            Some(A::OpenSettings),
        ),
        (
            S::ActionNeeded,
            Some((C::Forbidden, F::Forbidden)),
            Some(A::Check),
        ),
        (
            S::ActionNeeded,
            Some((C::Forbidden, F::ScopeTooNarrow)),
            Some(A::SignIn),
        ),
        (
            S::ActionNeeded,
            Some((C::Internal, F::Internal)),
            Some(A::Check),
        ),
    ] {
        let (class, finding) = why.unzip();
        assert_eq!(
            remedy(state, class, finding),
            expected,
            "{state:?} because of {why:?}"
        );
    }
}
