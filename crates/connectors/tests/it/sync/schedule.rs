use connectors::clock::UtcMillis;
use connectors::sync::schedule::{
    ClockChange, DEFAULT_SCHEDULE, DEFAULT_TIME_ZONE, LONGEST_DELAY_MINUTES, Schedule,
    ScheduleError, delay_minutes,
};
use uuid::Uuid;

fn at(text: &str) -> UtcMillis {
    UtcMillis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
}

fn dublin(expression: &str) -> Schedule {
    Schedule::read(expression, DEFAULT_TIME_ZONE).unwrap()
}

/// The next runs after a moment, in UTC.
fn check(expression: &str, from: &str, expected: &[&str]) {
    let runs = dublin(expression).next_runs(at(from), expected.len());
    let seen: Vec<String> = runs
        .iter()
        .map(|run| run.at.to_rfc3339().replace(":00.000Z", "Z"))
        .collect();
    assert_eq!(seen, expected, "{expression} after {from}");
    let mut moment = at(from);
    for run in runs {
        assert_eq!(
            dublin(expression).next_after(moment),
            Some(run.at),
            "one after another gives the same"
        );
        moment = run.at;
    }
}

#[test]
fn s12_five_runs_in_utc_and_local_time() {
    let schedule = dublin(DEFAULT_SCHEDULE);
    let runs = schedule.next_runs(at("2026-03-27T12:00:00Z"), 5);
    let seen: Vec<(String, String, i32, i32)> = runs
        .iter()
        .map(|run| {
            (
                run.at.to_rfc3339(),
                run.local.to_string(),
                run.offset_minutes,
                run.days_from_now,
            )
        })
        .collect();
    let line = |utc: &str, local: &str, offset, days| {
        (
            format!("{utc}:00:00.000Z"),
            format!("{local}:00:00"),
            offset,
            days,
        )
    };
    assert_eq!(
        seen,
        [
            line("2026-03-28T02", "2026-03-28T02", 0, 1),
            line("2026-03-29T01", "2026-03-29T02", 60, 2),
            line("2026-03-30T01", "2026-03-30T02", 60, 3),
            line("2026-03-31T01", "2026-03-31T02", 60, 4),
            line("2026-04-01T01", "2026-04-01T02", 60, 5),
        ],
        "two o'clock on the wall, summer time from the 29th"
    );
}

/// On 29 March 2026 the hour from 01:00 to 02:00 does not exist in Dublin.
#[test]
fn s12_an_hour_that_is_missing_is_made_up_for_once() {
    let eve = "2026-03-28T12:00:00Z";
    check(
        "30 1 * * *",
        eve,
        &["2026-03-29T01:00Z", "2026-03-30T00:30Z"],
    );
    check(
        "30 1,3 * * *",
        eve,
        &["2026-03-29T01:00Z", "2026-03-29T02:30Z"],
    );
    check(
        "0,30 1 * * *",
        eve,
        &["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
    );
    check(
        "0 1,2 * * *",
        eve,
        &["2026-03-29T01:00Z", "2026-03-30T00:00Z"],
    );
    check(
        "30 1 29 3 *",
        eve,
        &["2026-03-29T01:00Z", "2027-03-29T00:30Z"],
    );
    let runs = dublin("30 1 * * *").next_runs(at(eve), 2);
    assert_eq!(
        runs.iter().map(|run| run.clock_change).collect::<Vec<_>>(),
        [Some(ClockChange::Missing), None],
        "and the list says so"
    );
    assert_eq!(
        runs[0].local.to_string(),
        "2026-03-29T02:00:00",
        "in the first moment after the change"
    );
}

/// On 25 October 2026 the hour from 01:00 to 02:00 exists twice in Dublin.
#[test]
fn s12_an_hour_that_is_doubled_counts_once() {
    let eve = "2026-10-24T12:00:00Z";
    check(
        "30 1 * * *",
        eve,
        &["2026-10-25T00:30Z", "2026-10-26T01:30Z"],
    );
    check(
        "30 1,3 * * *",
        eve,
        &["2026-10-25T00:30Z", "2026-10-25T03:30Z"],
    );
    check(
        "*/30 1 * * *",
        eve,
        &[
            "2026-10-25T00:00Z",
            "2026-10-25T00:30Z",
            "2026-10-26T01:00Z",
        ],
    );
    check("30 1 * * *", "2026-10-25T01:10:00Z", &["2026-10-26T01:30Z"]);
    let runs = dublin("30 1 * * *").next_runs(at(eve), 2);
    assert_eq!(
        runs.iter().map(|run| run.clock_change).collect::<Vec<_>>(),
        [Some(ClockChange::Doubled), None],
        "and the list says so"
    );
}

#[test]
fn s12_every_hour_is_every_hour_that_exists() {
    check(
        "30 * * * *",
        "2026-03-29T00:00:00Z",
        &["2026-03-29T00:30Z", "2026-03-29T01:30Z"],
    );
    check(
        "30 * * * *",
        "2026-10-25T00:00:00Z",
        &[
            "2026-10-25T00:30Z",
            "2026-10-25T01:30Z",
            "2026-10-25T02:30Z",
        ],
    );
}

#[test]
fn a_missing_day_is_made_up_for_too() {
    let samoa = Schedule::read("0 2 * * *", "Pacific/Apia").unwrap();
    let runs = samoa.next_runs(at("2011-12-29T13:00:00Z"), 2);
    let seen: Vec<String> = runs.iter().map(|run| run.at.to_rfc3339()).collect();
    assert_eq!(
        seen,
        ["2011-12-30T10:00:00.000Z", "2011-12-30T12:00:00.000Z"],
        "30 December 2011 did not exist there; its run comes with the first moment of the 31st"
    );
}

#[test]
fn the_delay_is_the_connections_own_and_in_the_shown_times() {
    let mut seen = std::collections::BTreeSet::new();
    for number in 0..500_u128 {
        let id = Uuid::from_u128(number);
        let delay = delay_minutes(id);
        assert!(delay <= LONGEST_DELAY_MINUTES, "never longer than promised");
        assert_eq!(delay, delay_minutes(id), "always the same");
        seen.insert(delay);
        let schedule = dublin(DEFAULT_SCHEDULE).of_connection(id);
        let nominal = at("2026-11-26T02:00:00Z");
        let run = UtcMillis(nominal.0 + i64::from(delay) * 60_000);
        assert_eq!(
            schedule.next_runs(at("2026-11-25T12:00:00Z"), 1)[0].at,
            run,
            "what is shown is when it runs"
        );
        assert_eq!(
            schedule.next_after(UtcMillis(run.0 - 1)),
            Some(run),
            "and not a moment earlier"
        );
        assert_eq!(
            schedule.next_after(run),
            Some(UtcMillis(run.0 + 86_400_000)),
            "nor twice"
        );
    }
    assert_eq!(seen.len(), 16, "all delays from 0 to 15 minutes are used");
}

#[test]
fn what_is_no_schedule_is_refused_with_its_rule() {
    for (expression, zone, error) in [
        ("", "Europe/Dublin", ScheduleError::FieldCount),
        ("0 2 * *", "Europe/Dublin", ScheduleError::FieldCount),
        ("0 0 2 * * *", "Europe/Dublin", ScheduleError::FieldCount),
        ("@daily", "Europe/Dublin", ScheduleError::FieldCount),
        ("0 25 * * *", "Europe/Dublin", ScheduleError::Pattern),
        ("a b c d e", "Europe/Dublin", ScheduleError::Pattern),
        ("0 2 31 2 *", "Europe/Dublin", ScheduleError::Never),
        ("0 2 * * *", "Europe/Nowhere", ScheduleError::UnknownZone),
        ("0 2 * * *", "", ScheduleError::UnknownZone),
    ] {
        assert_eq!(
            Schedule::read(expression, zone).err(),
            Some(error),
            "{expression:?} in {zone:?}"
        );
    }
    assert!(
        Schedule::read("0 2 29 2 MON-FRI", "Europe/Dublin").is_ok(),
        "names of days and a rare day are well"
    );
}
