//! The states of connectors with their clubs, and the ends of keys, as pure tables.

use connectors::clock::UtcMillis;
use connectors::health::{
    Beside, KnownEnd, announcement, attention, ends_within, while_syncing, with_clubs,
};
use connectors::view::HealthState as S;

const ALL: [S; 13] = [
    S::ActionNeeded,
    S::SignInAgain,
    S::WaitingForBrowser,
    S::Held,
    S::Expiring,
    S::RateLimited,
    S::WaitingForFederation,
    S::Offline,
    S::Syncing,
    S::Healthy,
    S::NotTested,
    S::NeverSynced,
    S::Paused,
];

fn beside(held: bool, expiring: bool, unsynced: bool) -> Beside {
    Beside {
        held,
        expiring,
        unsynced,
    }
}

#[test]
fn what_needs_a_person_first_is_said_first() {
    let none = beside(false, false, false);
    let held = beside(true, false, false);
    let expiring = beside(false, true, false);
    let both = beside(true, true, false);
    let never = beside(false, false, true);
    let alone = beside(false, false, false);
    for (own, beside, expected) in [
        (S::Healthy, none, S::Healthy),
        (S::Healthy, alone, S::Healthy),
        (S::Healthy, never, S::NeverSynced),
        (S::Healthy, held, S::Held),
        (S::Healthy, expiring, S::Expiring),
        (S::Healthy, both, S::Held),
        (
            S::Healthy,
            Beside {
                held: true,
                ..never
            },
            S::Held,
        ),
        (
            S::Healthy,
            Beside {
                expiring: true,
                ..never
            },
            S::Expiring,
        ),
        (S::NotTested, never, S::NotTested),
        (S::NotTested, held, S::Held),
        (S::NotTested, expiring, S::Expiring),
        (S::ActionNeeded, both, S::ActionNeeded),
        (S::SignInAgain, both, S::SignInAgain),
        (S::WaitingForBrowser, both, S::WaitingForBrowser),
        (S::RateLimited, none, S::RateLimited),
        (S::RateLimited, held, S::Held),
        (S::RateLimited, expiring, S::Expiring),
        (S::WaitingForFederation, expiring, S::Expiring),
        (S::Offline, both, S::Held),
        (S::Offline, never, S::Offline),
        (S::Paused, both, S::Paused),
        (S::Paused, never, S::Paused),
    ] {
        assert_eq!(with_clubs(own, beside), expected, "{own:?} with {beside:?}");
    }
}

#[test]
fn whatever_is_beside_it_a_state_is_never_said_later_than_its_own() {
    for own in ALL {
        for bits in 0..8 {
            let flag = |n: u8| bits & (1 << n) != 0;
            let beside = beside(flag(0), flag(1), flag(2));
            let said = with_clubs(own, beside);
            let moved_down = own == S::Healthy && said == S::NeverSynced;
            assert!(
                attention(said) <= attention(own) || moved_down,
                "{own:?} with {beside:?} is said as {said:?}"
            );
        }
    }
}

#[test]
fn a_sync_is_seen_where_nothing_else_matters_more() {
    for kept in ALL {
        let shown = while_syncing(kept);
        let hidden = matches!(
            kept,
            S::Healthy | S::NotTested | S::NeverSynced | S::Syncing
        );
        let expected = if hidden { S::Syncing } else { kept };
        assert_eq!(shown, expected, "{kept:?} while a club of it syncs");
    }
}

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;
const END: i64 = 100 * DAY;

#[test]
fn an_end_is_near_from_fourteen_days_before_it_on_and_nearer_from_three() {
    let key = KnownEnd {
        at: UtcMillis(END),
        since: None,
    };
    let token = |life: i64| KnownEnd {
        at: UtcMillis(END),
        since: Some(UtcMillis(END - life)),
    };
    for (end, before, expected) in [
        (key, 15 * DAY, None),
        (key, 14 * DAY + 1, None),
        (key, 14 * DAY, Some(14)),
        (key, 3 * DAY + 1, Some(14)),
        (key, 3 * DAY, Some(3)),
        (key, 0, Some(3)),
        // It has ended: that is no better.
        (key, -DAY, Some(3)),
        (token(90 * DAY), 14 * DAY, Some(14)),
        (token(90 * DAY), 2 * DAY, Some(3)),
        // A week is not "soon" from its first day on.
        (token(7 * DAY), 6 * DAY, None),
        (token(7 * DAY), 3 * DAY, Some(3)),
        (token(HOUR), HOUR / 2, None),
        (token(HOUR), 0, None),
    ] {
        let now = UtcMillis(END - before);
        assert_eq!(
            ends_within(end, now),
            expected,
            "{end:?}, {before} ms before"
        );
    }
}

#[test]
fn each_announcement_is_made_once_and_the_earlier_one_not_after_the_later() {
    let key = KnownEnd {
        at: UtcMillis(END),
        since: None,
    };
    for (before, announced, expected) in [
        (20 * DAY, &[][..], None),
        (10 * DAY, &[], Some(14)),
        (10 * DAY, &[14], None),
        (2 * DAY, &[14], Some(3)),
        (2 * DAY, &[], Some(3)),
        (2 * DAY, &[14, 3], None),
        (2 * DAY, &[3], None),
        // The clock was set back.
        (10 * DAY, &[3], None),
    ] {
        let now = UtcMillis(END - before);
        assert_eq!(
            announcement(key, now, announced),
            expected,
            "{before} ms before, with {announced:?} announced"
        );
    }
}
