//! What attempts add up to, against a count over the attempts themselves: in any order, in any portions, by several processes,
//! with a clock that is set.

use std::collections::BTreeMap;

use connectors::clock::UtcMillis;
use connectors::failure::Finding;
use connectors::store::Store;
use connectors::store::attempt::{AttemptPlace, AttemptRecord};
use connectors::store::health_row::of_today;
use connectors::uptime::{Tally, bearing, day_of, hour_of};
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::support::{NOW, Place, connector, id};

const HOUR: i64 = 3_600_000;
const DAY: i64 = 24 * HOUR;

fn attempt(n: u128, at: i64, finding: Option<Finding>, aside: bool, ms: u64) -> AttemptRecord {
    AttemptRecord {
        id: id(1_000 + n),
        connector_id: id(1),
        at: UtcMillis(at),
        endpoint: "/v1/members".to_owned(),
        method: "GET".to_owned(),
        status: None,
        finding,
        ms,
        bytes: 0,
        number: 1,
        aside,
    }
}

/// All attempts of the first connector.
fn raw(store: &Store) -> Vec<AttemptRecord> {
    let mut all: Vec<AttemptRecord> = Vec::new();
    loop {
        let before = all.last().map(|row| AttemptPlace {
            at: row.at,
            id: row.id,
        });
        let page = store
            .read_blocking(|tx| tx.attempts(id(1), before, 500))
            .unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page);
    }
}

/// What the rows say of hours `from..=to`, in parts of a million: a mean of hours, counted from nothing but the rows.
fn counted(rows: &[AttemptRecord], from: i64, to: i64) -> Option<u64> {
    let mut hours: BTreeMap<i64, (u64, u64)> = BTreeMap::new();
    for row in rows {
        let hour = row.at.0.div_euclid(HOUR);
        let ours = matches!(row.finding, Some(Finding::Offline | Finding::Cancelled));
        if hour < from || hour > to || ours || (row.finding.is_some() && row.aside) {
            continue;
        }
        let (answered, all) = hours.entry(hour).or_default();
        *answered += u64::from(row.finding.is_none());
        *all += 1;
    }
    let number = hours.len() as u64;
    let sum: u64 = hours
        .into_values()
        .map(|(answered, all)| (answered * 1_000_000 * 2 + all) / (2 * all))
        .sum();
    (number > 0).then(|| (sum * 2 + number) / (2 * number))
}

fn told(store: &Store, now: UtcMillis) -> [Option<u64>; 4] {
    store
        .read_blocking(|tx| {
            let hour = hour_of(now);
            let hours = tx.hours(id(1), hour - 23, hour)?;
            let of_all = tx.recent_hours_of_all(now)?.remove(&id(1));
            assert_eq!(
                of_all.unwrap_or_default(),
                hours,
                "of all as of one, oldest first"
            );
            let row = tx.health_row(id(1), now)?.unwrap();
            let rows = tx.health_rows(now)?;
            assert_eq!(
                rows.iter().find(|one| one.id == id(1)),
                Some(&row),
                "of all as of one"
            );
            let today = of_today(&hours, now);
            let mut day = connectors::uptime::Shares::default();
            for one in &hours {
                day.add(one.tally.share());
            }
            Ok([
                day.mean(),
                row.week.and(today).mean(),
                row.month.and(today).mean(),
                row.year.and(today).mean(),
            ])
        })
        .unwrap()
}

fn expected(rows: &[AttemptRecord], now: UtcMillis) -> [Option<u64>; 4] {
    let hour = now.0.div_euclid(HOUR);
    let year = (now.0.div_euclid(DAY) - 364) * 24;
    [hour - 23, hour - 167, hour - 719, year].map(|from| counted(rows, from, hour))
}

/// When, what came of it, and how many are written together with it.
type Step = (i64, u8, bool, u64, usize);

fn findings(n: u8) -> Option<Finding> {
    [
        None,
        None,
        None,
        Some(Finding::ServerError),
        Some(Finding::NotFound),
        Some(Finding::Unauthorised),
        Some(Finding::Offline),
        Some(Finding::Cancelled),
    ][usize::from(n % 8)]
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    // Mostly onwards, sometimes far, sometimes back: a clock that was set, or an attempt that comes late.
    let onward = prop_oneof![
        6 => 0..HOUR,
        2 => 0..3 * DAY,
        1 => -2 * DAY..0,
        1 => 20 * DAY..30 * DAY,
    ];
    proptest::collection::vec(
        (onward, 0..8_u8, any::<bool>(), 0..90_000_u64, 1..9_usize),
        1..80,
    )
}

#[test]
fn uptime_equals_a_count_over_the_attempts() {
    let config = Config {
        cases: 24,
        failure_persistence: None,
        ..Config::default()
    };
    let mut runner = TestRunner::new(config);
    runner
        .run(&steps(), |steps| {
            let place = Place::new();
            let one = place.create();
            one.write_blocking(|tx| {
                tx.insert_connector(&connector(1))?;
                tx.insert_connector(&connector(2))
            })
            .unwrap();
            // Another process.
            let two = place.open();
            let (mut at, mut waiting, mut latest) = (NOW.0, Vec::new(), NOW.0);
            let last = steps.len() - 1;
            for (number, (onward, finding, aside, ms, together)) in steps.into_iter().enumerate() {
                at += onward;
                latest = latest.max(at);
                let finding = findings(finding);
                let number = number as u128;
                waiting.push(attempt(number, at, finding, aside && finding.is_some(), ms));
                if waiting.len() >= together || number == last as u128 {
                    let store = if number.is_multiple_of(2) { &one } else { &two };
                    let mut written = std::mem::take(&mut waiting);
                    // Those of another connector in the same portion.
                    written.push(AttemptRecord {
                        id: id(100_000 + number),
                        connector_id: id(2),
                        ..attempt(number, at, Some(Finding::ServerError), false, 1)
                    });
                    store
                        .write_blocking(|tx| tx.insert_attempts(&written))
                        .unwrap();
                }
            }
            let rows = raw(&one);
            for now in [
                latest,
                at,
                latest + 5 * HOUR,
                latest + 6 * DAY,
                latest + 29 * DAY,
            ] {
                let now = UtcMillis(now);
                prop_assert_eq!(
                    told(&two, now),
                    expected(&rows, now),
                    "at {} with {} attempts",
                    now.0,
                    rows.len()
                );
            }
            // And every hour and day has what its attempts came to, times included.
            let mut hours: BTreeMap<i64, Tally> = BTreeMap::new();
            let mut days: BTreeMap<i64, Tally> = BTreeMap::new();
            for row in &rows {
                let bearing = bearing(row.finding, row.aside);
                let hour = hour_of(row.at);
                hours.entry(hour).or_default().add(bearing, row.ms);
                days.entry(day_of(hour)).or_default().add(bearing, row.ms);
            }
            let (of_hours, of_days) = one
                .read_blocking(|tx| {
                    Ok((
                        tx.hours(id(1), i64::MIN, i64::MAX)?,
                        tx.days(id(1), i64::MIN, i64::MAX)?,
                    ))
                })
                .unwrap();
            let of_hours: BTreeMap<i64, Tally> = of_hours
                .into_iter()
                .map(|one| (one.at, one.tally))
                .collect();
            let of_days: BTreeMap<i64, Tally> =
                of_days.into_iter().map(|one| (one.at, one.tally)).collect();
            prop_assert_eq!(of_hours, hours, "hours");
            prop_assert_eq!(of_days, days, "days");
            Ok(())
        })
        .unwrap();
}

#[test]
fn hours_and_days_outlive_their_attempts_and_go_in_their_time() {
    let place = Place::new();
    let store = place.create();
    let old = |days: i64| NOW.0 - days * DAY;
    let rows: Vec<AttemptRecord> = [1, 31, 34, 37, 380, 410]
        .into_iter()
        .enumerate()
        .map(|(n, days)| {
            let failed = (days == 31).then_some(Finding::ServerError);
            attempt(n as u128, old(days), failed, false, 5)
        })
        .collect();
    let kept = store
        .write_blocking(|tx| {
            tx.insert_connector(&connector(1))?;
            tx.insert_attempts(&rows)?;
            tx.forget_attempts(NOW)?;
            let before = tx.health_row(id(1), NOW)?;
            tx.forget_rollups(NOW)?;
            assert_eq!(
                tx.health_row(id(1), NOW)?,
                before,
                "what is forgotten is in no number any more"
            );
            Ok((
                tx.attempts(id(1), None, 9)?.len(),
                tx.hours(id(1), i64::MIN, i64::MAX)?.len(),
                tx.days(id(1), i64::MIN, i64::MAX)?.len(),
            ))
        })
        .unwrap();
    assert_eq!(kept, (0, 3, 5), "35 days of hours, 400 of days");
}

#[test]
fn attempts_of_a_connector_that_is_gone_are_rolled_up_nowhere() {
    let place = Place::new();
    let store = place.create();
    store
        .write_blocking(|tx| tx.insert_attempts(&[attempt(1, NOW.0, None, false, 5)]))
        .unwrap();
    assert!(
        store
            .read_blocking(|tx| tx.hours(id(1), i64::MIN, i64::MAX))
            .unwrap()
            .is_empty(),
        "nobody will ask for them"
    );
}
