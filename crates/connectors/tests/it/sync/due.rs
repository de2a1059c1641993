use connectors::clock::UtcMillis;
use connectors::sync::due::{Due, LATE_MS, MOST_MISSED, MissedPolicy, due};
use connectors::sync::schedule::{DEFAULT_TIME_ZONE, Schedule};

fn at(text: &str) -> UtcMillis {
    UtcMillis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn night() -> Schedule {
    Schedule::read("0 2 * * *", DEFAULT_TIME_ZONE).unwrap()
}

#[test]
fn s12_a_run_in_its_time_happens_once_under_each_policy() {
    let handled = at("2026-11-24T02:00:00Z");
    let time = at("2026-11-25T02:00:00Z");
    for policy in MissedPolicy::ALL {
        let before = due(&night(), handled, UtcMillis(time.0 - 1), policy);
        assert_eq!(before, Due::NotYet(Some(time)), "{policy:?}: not before");
        for now in [time.0, time.0 + LATE_MS] {
            let now = UtcMillis(now);
            assert_eq!(
                due(&night(), handled, now, policy),
                Due::Run { at: time },
                "{policy:?}"
            );
            assert_eq!(
                due(&night(), time, now, policy),
                Due::NotYet(Some(at("2026-11-26T02:00:00Z"))),
                "{policy:?}: once handled, it is not due again"
            );
        }
    }
}

#[test]
fn s12_runs_missed_in_sleep_follow_the_policy_exactly_once() {
    let handled = at("2026-11-21T02:00:00Z");
    let last = at("2026-11-25T02:00:00Z");
    let now = at("2026-11-25T09:00:00Z");
    for (policy, expected) in [
        (
            MissedPolicy::OnceOnWake,
            Due::RunMissed {
                at: last,
                missed: 4,
            },
        ),
        (
            MissedPolicy::Skip,
            Due::Skip {
                at: last,
                missed: 4,
            },
        ),
        (
            MissedPolicy::Ask,
            Due::Ask {
                at: last,
                missed: 4,
            },
        ),
    ] {
        assert_eq!(due(&night(), handled, now, policy), expected, "{policy:?}");
        assert_eq!(
            due(&night(), last, now, policy),
            Due::NotYet(Some(at("2026-11-26T02:00:00Z"))),
            "{policy:?}: once for all"
        );
    }
    let on_time = due(
        &night(),
        handled,
        at("2026-11-25T02:01:00Z"),
        MissedPolicy::Ask,
    );
    assert_eq!(
        on_time,
        Due::Run { at: last },
        "the run that is due now makes up for those that were missed"
    );
}

#[test]
fn a_year_of_missed_minutes_is_looked_through_at_once() {
    let minutes = Schedule::read("* * * * *", DEFAULT_TIME_ZONE).unwrap();
    let now = at("2026-11-25T09:00:30Z");
    assert_eq!(
        due(
            &minutes,
            at("2025-11-25T09:00:00Z"),
            now,
            MissedPolicy::OnceOnWake
        ),
        Due::Run {
            at: at("2026-11-25T09:00:00Z")
        },
        "the last one is in its time"
    );
    let mornings = Schedule::read("* 1 * * *", DEFAULT_TIME_ZONE).unwrap();
    assert_eq!(
        due(
            &mornings,
            at("2025-11-25T09:00:00Z"),
            now,
            MissedPolicy::Skip
        ),
        Due::Skip {
            at: at("2026-11-25T01:59:00Z"),
            missed: MOST_MISSED
        },
        "and where it was not, the last one is found and counting stops"
    );
    let leap = Schedule::read("0 2 29 2 *", DEFAULT_TIME_ZONE).unwrap();
    assert_eq!(
        due(&leap, at("2020-03-01T00:00:00Z"), now, MissedPolicy::Ask),
        Due::Ask {
            at: at("2024-02-29T02:00:00Z"),
            missed: 1
        },
        "a rare one is found as well"
    );
}

#[test]
fn s12_the_doubled_hour_is_due_once() {
    let schedule = Schedule::read("30 1 * * *", DEFAULT_TIME_ZONE).unwrap();
    let mut handled = at("2026-10-24T12:00:00Z");
    let mut runs = Vec::new();
    for minute in 0..24 * 60 {
        let now = UtcMillis(at("2026-10-24T12:00:00Z").0 + minute * 60_000);
        if let Due::Run { at } = due(&schedule, handled, now, MissedPolicy::Ask) {
            runs.push(now);
            handled = at;
        }
    }
    assert_eq!(
        runs,
        [at("2026-10-25T00:30:00Z")],
        "a loop of every minute runs it once"
    );
}

#[test]
fn a_clock_that_steps_back_repeats_nothing() {
    let handled = at("2026-11-25T02:00:00Z");
    assert_eq!(
        due(
            &night(),
            handled,
            at("2026-11-25T01:59:58Z"),
            MissedPolicy::OnceOnWake
        ),
        Due::NotYet(Some(at("2026-11-26T02:00:00Z"))),
        "two seconds back do not make it due again"
    );
    let now = at("2025-11-25T12:00:00Z");
    assert_eq!(
        due(&night(), handled, now, MissedPolicy::OnceOnWake),
        Due::ClockWasWrong { at: now },
        "a year back must not stop the schedule for a year"
    );
}

#[test]
fn every_policy_has_its_own_word() {
    for policy in MissedPolicy::ALL {
        assert_eq!(
            MissedPolicy::of_word(policy.as_str()),
            Some(policy),
            "its word leads back to it"
        );
    }
    assert_eq!(
        MissedPolicy::default(),
        MissedPolicy::OnceOnWake,
        "a club that slept has fresh members in the morning"
    );
}
