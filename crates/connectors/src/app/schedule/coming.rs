//! When clubs run by themselves next, and when they should have run last, for many clubs at once. Each schedule is read once,
//! however many clubs follow it; only their delays differ.

use std::collections::HashMap;

use crate::clock::UtcMillis;
use crate::settings::SyncSettings;
use crate::store::home::{HomeClub, HomeConnector};
use crate::sync::schedule::{DEFAULT_TIME_ZONE, LONGEST_DELAY_MINUTES, Schedule, delay_minutes};
use crate::view::Status;

const MINUTE: i64 = 60_000;
const HOUR: i64 = 60 * MINUTE;
const DAY: i64 = 24 * HOUR;
/// A run that was due so long ago should have come: the longest delay of a club, and as long again for reading its list.
const GRACE: i64 = 2 * LONGEST_DELAY_MINUTES as i64 * MINUTE;
/// How far back the last time of a schedule is looked for: what comes round more seldom than once a year is not late.
const BACK: [i64; 5] = [HOUR, DAY, 7 * DAY, 31 * DAY, 366 * DAY];

/// What a club's schedule says about a moment.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(in crate::app) struct Coming {
    /// When it runs next, its delay included.
    pub(in crate::app) next: Option<UtcMillis>,
    /// When it should have run last, without its delay; none where it has not been due since it was set.
    pub(in crate::app) due: Option<UtcMillis>,
}

/// The times of schedules around a moment.
pub(in crate::app) struct Times {
    now: UtcMillis,
    known: HashMap<(String, String), Known>,
}

/// The times of one schedule, without delays.
#[derive(Default)]
struct Known {
    /// In order, from the longest delay ago on; the last is after now.
    times: Vec<UtcMillis>,
    due: Option<UtcMillis>,
}

impl Times {
    pub(in crate::app) fn around(now: UtcMillis) -> Self {
        Self {
            now,
            known: HashMap::new(),
        }
    }

    /// What the schedule of a club says; nothing where it does not run by itself.
    pub(in crate::app) fn of(&mut self, connector: &HomeConnector, club: &HomeClub) -> Coming {
        let own = &club.schedule;
        let enabled = connector
            .enabled
            .unwrap_or_else(|| SyncSettings::default().enabled);
        if connector.status == Status::Inactive || !enabled || own.enabled == Some(false) {
            return Coming::default();
        }
        let (expression, zone) = match &own.schedule {
            Some(expression) => (Some(expression), &own.time_zone),
            None => (connector.schedule.as_ref(), &connector.time_zone),
        };
        let Some(expression) = expression else {
            return Coming::default();
        };
        let zone = zone.as_deref().unwrap_or(DEFAULT_TIME_ZONE);
        let now = self.now;
        let known = self
            .known
            .entry((expression.clone(), zone.to_owned()))
            .or_insert_with(|| Known::read(expression, zone, now));
        let delay = i64::from(delay_minutes(club.id)) * MINUTE;
        let delayed = |at: &UtcMillis| UtcMillis(at.0.saturating_add(delay));
        // What was set, or connected, after a time of the schedule has not missed it.
        let since = match own.schedule {
            Some(_) => own.set_at,
            None => Some(connector.updated_at).max(own.set_at),
        };
        let since = since.unwrap_or(club.enabled_at).max(club.enabled_at);
        Coming {
            next: known.times.iter().map(delayed).find(|at| *at > now),
            due: known.due.filter(|due| *due > since),
        }
    }
}

impl Known {
    fn read(expression: &str, zone: &str, now: UtcMillis) -> Self {
        let Ok(schedule) = Schedule::read(expression, zone) else {
            return Self::default();
        };
        let before = |ms: i64| UtcMillis(now.0.saturating_sub(ms));
        let mut times = Vec::new();
        let mut from = before(i64::from(LONGEST_DELAY_MINUTES) * MINUTE);
        while let Some(at) = schedule.next_after(from) {
            times.push(at);
            from = at;
            if at > now {
                break;
            }
        }
        let mut due = None;
        for back in BACK {
            let mut from = before(GRACE + back);
            while let Some(at) = schedule.next_after(from).filter(|at| *at <= before(GRACE)) {
                due = Some(at);
                from = at;
            }
            if due.is_some() {
                break;
            }
        }
        Self { times, due }
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, reason = "a failing test panics")]

    use super::{Known, UtcMillis};

    fn at(text: &str) -> UtcMillis {
        UtcMillis(text.parse::<jiff::Timestamp>().unwrap().as_millisecond())
    }

    #[test]
    fn the_last_time_that_is_over_and_the_next_are_found_however_seldom_they_come() {
        let now = at("2026-11-23T12:10:00Z");
        for (expression, due, next) in [
            (
                "0 2 * * *",
                Some("2026-11-23T02:00:00Z"),
                "2026-11-24T02:00:00Z",
            ),
            // It may still be at it.
            (
                "0 12 * * *",
                Some("2026-11-22T12:00:00Z"),
                "2026-11-23T12:00:00Z",
            ),
            (
                "*/5 * * * *",
                Some("2026-11-23T11:40:00Z"),
                "2026-11-23T12:00:00Z",
            ),
            (
                "0 3 1 * *",
                Some("2026-11-01T03:00:00Z"),
                "2026-12-01T03:00:00Z",
            ),
            (
                "0 3 24 12 *",
                Some("2025-12-24T03:00:00Z"),
                "2026-12-24T03:00:00Z",
            ),
            ("0 3 29 2 *", None, "2028-02-29T03:00:00Z"),
        ] {
            let known = Known::read(expression, "Europe/Dublin", now);
            assert_eq!(known.due, due.map(at), "{expression}: when it was due");
            assert_eq!(
                known.times.first(),
                Some(&at(next)),
                "{expression}: what a club with the longest delay still waits for, or the next"
            );
            assert!(
                known.times.last() > Some(&now),
                "{expression}: a club without a delay finds its next time too"
            );
        }
        assert!(
            Known::read("nonsense", "Europe/Dublin", now)
                .times
                .is_empty(),
            "what cannot be read never comes"
        );
    }
}
