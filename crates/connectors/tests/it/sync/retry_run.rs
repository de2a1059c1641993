//! Whether and when a scheduled run that failed is tried again.

use connectors::clock::UtcMillis;
use connectors::error::Code;
use connectors::sync::counts::Counts;
use connectors::sync::retry_run::{RetryRun, is_due, next};
use connectors::sync::safe::is_safe;

const MINUTE: i64 = 60_000;
const NOW: UtcMillis = UtcMillis(1_000_000_000);

fn after(minutes: i64) -> UtcMillis {
    UtcMillis(NOW.0 + minutes * MINUTE)
}

#[test]
fn what_waiting_may_mend_is_tried_again_after_two_four_and_eight_minutes() {
    let again = |minutes, count| RetryRun::At {
        at: after(minutes),
        count,
    };
    for (failure, count, expected) in [
        (Code::FederationDown, 0, again(2, 1)),
        (Code::FederationDown, 1, again(4, 2)),
        (Code::FederationDown, 2, again(8, 3)),
        (Code::FederationDown, 3, RetryRun::GivenUp),
        (Code::FederationDown, u32::MAX, RetryRun::GivenUp),
        (Code::RateLimited, 0, again(2, 1)),
        (Code::BadAnswer, 1, again(4, 2)),
        (Code::ChangedMeanwhile, 0, again(2, 1)),
        (Code::StorageFailed, 0, again(2, 1)),
        // No network is waited for without counting.
        (Code::Offline, 0, again(15, 0)),
        (Code::Offline, 3, again(15, 3)),
        // A person must act, or has stopped it.
        (Code::NeedsSignIn, 0, RetryRun::Never),
        (Code::BadCredentials, 0, RetryRun::Never),
        (Code::BadConfiguration, 0, RetryRun::Never),
        (Code::Forbidden, 0, RetryRun::Never),
        (Code::NotFound, 0, RetryRun::Never),
        (Code::Invalid, 0, RetryRun::Never),
        (Code::Locked, 0, RetryRun::Never),
        (Code::Cancelled, 0, RetryRun::Never),
        (Code::Internal, 0, RetryRun::Never),
    ] {
        assert_eq!(
            next(failure, count, NOW),
            expected,
            "{failure:?} after {count} retries"
        );
    }
}

#[test]
fn a_retry_is_due_in_its_time_or_where_the_clock_was_set_back() {
    for (minutes, due) in [
        (-60, true),
        (0, true),
        (1, false),
        (15, false),
        (16, true),
        (60, true),
    ] {
        assert_eq!(
            is_due(after(minutes), NOW),
            due,
            "a retry {minutes} minutes from now"
        );
    }
}

#[test]
fn only_a_plan_at_which_nobody_has_to_look_is_safe() {
    let plain = Counts {
        creates: 3,
        updates: 2,
        unchanged: 7,
        ..Counts::default()
    };
    for (counts, held, safe) in [
        (plain, false, true),
        (Counts::default(), false, true),
        (plain, true, false),
        (
            Counts {
                conflicts: 1,
                ..plain
            },
            false,
            false,
        ),
        (
            Counts {
                leavers: 1,
                ..plain
            },
            false,
            false,
        ),
        (
            Counts {
                problems: 1,
                ..plain
            },
            false,
            false,
        ),
    ] {
        assert_eq!(is_safe(&counts, held), safe, "{counts:?}, held: {held}");
    }
}
