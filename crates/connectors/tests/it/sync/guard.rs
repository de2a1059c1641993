use connectors::api::paging::anomaly::PagingAnomaly;
use connectors::sync::counts::Counts;
use connectors::sync::guard::{Fetched, GuardName, GuardSettings, guard, holds, still_held};

/// Records, members before, leavers, completeness, what was seen; the guards that stop it.
fn check(
    records: u64,
    members: u64,
    leavers: u64,
    complete: bool,
    anomalies: &[PagingAnomaly],
    expected: &[GuardName],
) {
    let fetched = Fetched {
        records,
        members,
        complete,
        anomalies,
    };
    let counts = Counts {
        leavers,
        ..Counts::default()
    };
    let names: Vec<_> = guard(&fetched, &counts, &GuardSettings::default())
        .iter()
        .map(|guard| guard.name())
        .collect();
    assert_eq!(
        names, expected,
        "{records} records, {members} members, {leavers} leave, complete: {complete}, {anomalies:?}"
    );
}

#[test]
fn s06_an_empty_list_and_too_many_leavers_stop_it() {
    use GuardName::{EmptyList, TooManyLeavers};
    check(0, 2, 2, true, &[], &[EmptyList]);
    check(0, 50, 50, true, &[], &[EmptyList, TooManyLeavers]);
    check(7, 10, 3, true, &[], &[]);
    check(6, 10, 4, true, &[], &[TooManyLeavers]);
    check(80, 100, 20, true, &[], &[]);
    check(79, 100, 21, true, &[], &[TooManyLeavers]);
    check(80, 104, 21, true, &[], &[TooManyLeavers]);
}

#[test]
fn s13_no_members_at_the_first_sync_is_a_result() {
    check(0, 0, 0, true, &[], &[]);
}

#[test]
fn s04_what_may_hide_records_stops_it_and_what_may_not_does_not() {
    use GuardName::{IncompleteList, PageAnomaly, TotalMismatch};
    let shrank = PagingAnomaly::TotalShrank {
        before: 9,
        after: 8,
    };
    let rows = PagingAnomaly::DuplicateRows { rows: 2 };
    let short = PagingAnomaly::TotalNotReached { total: 9, got: 7 };
    let pages = PagingAnomaly::PagesNotReached { total: 3, got: 2 };
    let grew = PagingAnomaly::TotalGrew {
        before: 8,
        after: 9,
    };
    let twice = PagingAnomaly::LastPageAgain;
    let left_out = PagingAnomaly::RowsLeftOut { rows: 1 };
    let only = std::slice::from_ref;
    check(8, 8, 0, false, only(&shrank), &[PageAnomaly]);
    check(8, 8, 0, false, &[rows], &[PageAnomaly]);
    check(7, 8, 0, false, only(&short), &[TotalMismatch]);
    check(7, 8, 0, false, &[pages], &[TotalMismatch]);
    check(
        7,
        8,
        0,
        false,
        &[shrank, short],
        &[PageAnomaly, TotalMismatch],
    );
    check(8, 8, 0, true, &[grew, twice], &[]);
    check(8, 8, 0, false, &[], &[IncompleteList]);
    // A row that cannot be read is a problem of that row: partial success, and nobody is taken as gone.
    check(7, 8, 0, false, &[left_out], &[]);
}

#[test]
fn the_limit_of_leavers_can_be_set() {
    let settings = GuardSettings {
        leavers: 0,
        leavers_percent: 5,
    };
    assert_eq!(settings.limit(100), 5, "five of a hundred");
    assert_eq!(settings.limit(19), 0, "less than one whole member is none");
    assert_eq!(
        GuardSettings::default().limit(u64::MAX),
        u64::MAX / 5,
        "and no number overflows"
    );
}

#[test]
fn s06_allowing_one_guard_allows_only_that_one() {
    let fetched = Fetched {
        records: 0,
        members: 50,
        complete: true,
        anomalies: &[],
    };
    let counts = Counts {
        leavers: 50,
        ..Counts::default()
    };
    let guards = guard(&fetched, &counts, &GuardSettings::default());
    for (allowed, other) in [
        (GuardName::EmptyList, GuardName::TooManyLeavers),
        (GuardName::TooManyLeavers, GuardName::EmptyList),
    ] {
        let held = still_held(guards.clone(), &[allowed].into());
        let names: Vec<_> = held.iter().map(|guard| guard.name()).collect();
        assert_eq!(names, [other], "{} alone was allowed", allowed.as_str());
    }
    let both = [GuardName::EmptyList, GuardName::TooManyLeavers].into();
    assert!(still_held(guards, &both).is_empty(), "each was allowed");
}

#[test]
fn every_guard_has_its_own_word() {
    for name in GuardName::ALL {
        assert_eq!(
            GuardName::of_word(name.as_str()),
            Some(name),
            "its word leads back to it"
        );
    }
}

#[test]
fn s06_without_its_leavers_a_plan_is_held_only_by_what_may_hide_records() {
    let nobody = std::collections::BTreeSet::new();
    for (word, with, without, why) in [
        ("empty_list", true, false, "it is about who would leave"),
        (
            "too_many_leavers",
            true,
            false,
            "it is about who would leave",
        ),
        ("page_anomaly", true, true, "a record may be missing"),
        ("total_mismatch", true, true, "a record may be missing"),
        ("incomplete_list", true, true, "a record may be missing"),
        ("one_of_tomorrow", true, true, "what is not known holds"),
    ] {
        assert_eq!(
            holds(word, &nobody, false),
            with,
            "{word}: nobody has allowed it"
        );
        assert_eq!(holds(word, &nobody, true), without, "{word}: {why}");
    }
    for name in GuardName::ALL {
        let allowed = [name].into();
        for without_leavers in [false, true] {
            assert!(
                !holds(name.as_str(), &allowed, without_leavers),
                "{}: a person has allowed it",
                name.as_str()
            );
        }
    }
}
