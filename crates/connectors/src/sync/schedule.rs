//! When a connection syncs by itself: five cron fields in a time zone, later by a delay that is the connection's own.
//! Times of day that a clock change leaves out or repeats come round exactly once (acceptance case S12). Pure: `now`
//! is given.
//!
//! Where the hour is written out (`0 2 * * *`), a time that does not exist that day is made up for in the first moment
//! after the change, and a time that exists twice is taken at the first. Where the hour is open (`30 * * * *`), what
//! counts is the time that passes: each hour that exists has its run, the repeated one two.

use croner::Cron;
use croner::parser::{CronParser, Seconds, Year};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, civil};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use ts_rs::TS;
use uuid::Uuid;

use crate::clock::UtcMillis;

/// Every night at two.
pub const DEFAULT_SCHEDULE: &str = "0 2 * * *";
/// Where clubs are, unless somebody says otherwise.
pub const DEFAULT_TIME_ZONE: &str = "Europe/Dublin";
/// Longest delay of a connection, in minutes.
pub const LONGEST_DELAY_MINUTES: u8 = 15;

/// Why a schedule cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Not five fields.
    #[error("a schedule has five fields, e.g. 0 2 * * *")]
    FieldCount,
    /// A field that is not one.
    #[error("the schedule cannot be read, e.g. 0 2 * * *")]
    Pattern,
    /// It never comes round, as 31 February.
    #[error("the schedule never comes round")]
    Never,
    /// No such time zone.
    #[error("the time zone is not known, e.g. Europe/Dublin")]
    UnknownZone,
}

/// A schedule of one connection.
#[derive(Debug, Clone)]
pub struct Schedule {
    cron: Cron,
    /// The hour is open, so that time that passes counts and not the time of day.
    hour_is_open: bool,
    zone: TimeZone,
    delay_minutes: u8,
}

/// What a clock change did to a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ClockChange {
    /// Its time of day does not exist that day; it runs in the first moment after the change.
    Missing,
    /// Its time of day exists twice that day; it runs at the first.
    Doubled,
}

/// A run to come, as data for words: "tomorrow, Tuesday 24 November, 02:07".
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NextRun {
    /// When it starts, the delay included.
    pub at: UtcMillis,
    /// The same as the clocks of the zone show it.
    pub local: civil::DateTime,
    /// What these clocks are ahead of UTC, in minutes.
    pub offset_minutes: i32,
    /// Calendar days from today, in the zone: 0 is today, 1 tomorrow.
    pub days_from_now: i32,
    /// Whether its time of day is missing or doubled.
    pub clock_change: Option<ClockChange>,
}

impl Schedule {
    /// Reads a schedule.
    ///
    /// # Errors
    /// The rule it breaks.
    pub fn read(expression: &str, zone: &str) -> Result<Self, ScheduleError> {
        let fields: Vec<&str> = expression.split_whitespace().collect();
        let &[_, hour, ..] = fields.as_slice() else {
            return Err(ScheduleError::FieldCount);
        };
        if fields.len() != 5 {
            return Err(ScheduleError::FieldCount);
        }
        let parser = CronParser::builder()
            .seconds(Seconds::Disallowed)
            .year(Year::Disallowed)
            .build();
        let cron = parser
            .parse(expression)
            .map_err(|_| ScheduleError::Pattern)?;
        let any_day = civil::Date::constant(2026, 1, 1).at(0, 0, 0, 0);
        cron.find_next_occurrence(&any_day, true)
            .map_err(|_| ScheduleError::Never)?;
        let zone = TimeZone::get(zone).map_err(|_| ScheduleError::UnknownZone)?;
        Ok(Self {
            cron,
            hour_is_open: hour.starts_with('*'),
            zone,
            delay_minutes: 0,
        })
    }

    /// The same with the delay of a connection, so that the clubs of a federation do not all ask at once.
    #[must_use]
    pub fn of_connection(self, connection: Uuid) -> Self {
        Self {
            delay_minutes: delay_minutes(connection),
            ..self
        }
    }

    /// The first run after a moment, the delay included; none where the calendar ends.
    #[must_use]
    pub fn next_after(&self, moment: UtcMillis) -> Option<UtcMillis> {
        let nominal = self.nominal_after(moment.0.saturating_sub(self.delay_ms()))?;
        Some(self.delayed(nominal.at))
    }

    /// The next runs after a moment, at most `count`.
    #[must_use]
    pub fn next_runs(&self, now: UtcMillis, count: usize) -> Vec<NextRun> {
        let today = Timestamp::from_millisecond(now.0).map(|now| self.zone.to_datetime(now).date());
        let Ok(today) = today else {
            return Vec::new();
        };
        let mut from = now.0.saturating_sub(self.delay_ms());
        let mut runs = Vec::new();
        while runs.len() < count {
            let Some(nominal) = self.nominal_after(from) else {
                break;
            };
            from = nominal.at.as_millisecond();
            let at = self.delayed(nominal.at);
            let Ok(moment) = Timestamp::from_millisecond(at.0) else {
                break;
            };
            let local = self.zone.to_datetime(moment);
            runs.push(NextRun {
                at,
                local,
                offset_minutes: self.zone.to_offset(moment).seconds() / 60,
                days_from_now: (local.date() - today).get_days(),
                clock_change: nominal.clock_change,
            });
        }
        runs
    }

    fn delay_ms(&self) -> i64 {
        i64::from(self.delay_minutes) * 60_000
    }

    fn delayed(&self, nominal: Timestamp) -> UtcMillis {
        UtcMillis(nominal.as_millisecond().saturating_add(self.delay_ms()))
    }

    /// The first time of the schedule itself after a moment.
    fn nominal_after(&self, moment: i64) -> Option<Nominal> {
        let after = Timestamp::from_millisecond(moment).ok()?;
        if self.hour_is_open {
            let zoned = after.to_zoned(self.zone.clone());
            let next = self.cron.find_next_occurrence(&zoned, false).ok()?;
            return Some(Nominal {
                at: next.timestamp(),
                clock_change: None,
            });
        }
        // The times of day in order. Those that a change left out, and those that it repeats, may lie before the moment.
        let mut wall = self.zone.to_datetime(after);
        loop {
            wall = self.cron.find_next_occurrence(&wall, false).ok()?;
            let nominal = self.moment_of(wall)?;
            if nominal.at > after {
                return Some(nominal);
            }
        }
    }

    fn moment_of(&self, wall: civil::DateTime) -> Option<Nominal> {
        let ambiguous = self.zone.to_ambiguous_timestamp(wall);
        match ambiguous.offset() {
            AmbiguousOffset::Unambiguous { .. } => Some(Nominal {
                at: ambiguous.unambiguous().ok()?,
                clock_change: None,
            }),
            AmbiguousOffset::Fold { .. } => Some(Nominal {
                at: ambiguous.earlier().ok()?,
                clock_change: Some(ClockChange::Doubled),
            }),
            AmbiguousOffset::Gap { .. } => {
                let before = ambiguous.earlier().ok()?;
                Some(Nominal {
                    at: self.zone.following(before).next()?.timestamp(),
                    clock_change: Some(ClockChange::Missing),
                })
            }
        }
    }
}

/// A time of the schedule without the delay.
struct Nominal {
    at: Timestamp,
    clock_change: Option<ClockChange>,
}

/// The delay of a connection: 0 to 15 whole minutes, always the same for the same connection.
#[must_use]
pub fn delay_minutes(connection: Uuid) -> u8 {
    let hash = Sha256::digest(connection.as_bytes());
    // 16 divides 256, so that each delay is as likely as the others.
    hash[0] % (LONGEST_DELAY_MINUTES + 1)
}
