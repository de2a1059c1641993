//! What attempts add up to: what of an attempt counts, the share of what was answered, and how long answers took. Pure; what is
//! added up is kept by `store/rollup.rs`.
//!
//! Uptime is the mean over the hours in which at least one attempt counted of (answered / counted) of that hour, so that an hour
//! of a large sync weighs no more than one of a single check. Hours and days are those of UTC. The last 24 hours are the present
//! hour and the 23 before it, 7 and 30 days the present hour and the 167 or 719 before it; 365 days are the present day and the
//! 364 before it, as far as it has come.

use std::collections::BTreeMap;

use crate::api::circuit;
use crate::clock::UtcMillis;
use crate::failure::{FailureClass, Finding};

const HOUR_MS: i64 = 3_600_000;
const DAY_HOURS: i64 = 24;
/// All of an hour, in parts of a million.
pub const WHOLE: u64 = 1_000_000;

/// What an attempt says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Bearing {
    /// It was answered.
    Answered,
    /// It was not, and that says something about the connector.
    Failed,
    /// It was not, and that says nothing about the connector: a club's own 403 or 404, a path that somebody typed.
    Aside,
    /// It was this computer's own: offline, locked, stopped by a person. It is no failure of anybody.
    Uncounted,
}

/// What an attempt that was recorded says.
#[must_use]
pub fn bearing(finding: Option<Finding>, aside: bool) -> Bearing {
    match finding.and_then(Finding::class) {
        None => Bearing::Answered,
        Some(class) if !circuit::counts(class, false) => Bearing::Uncounted,
        Some(_) if aside => Bearing::Aside,
        Some(_) => Bearing::Failed,
    }
}

/// The hour of a moment, counted from 1970.
#[must_use]
pub fn hour_of(at: UtcMillis) -> i64 {
    at.0.div_euclid(HOUR_MS)
}

/// The day of an hour, counted from 1970.
#[must_use]
pub fn day_of(hour: i64) -> i64 {
    hour.div_euclid(DAY_HOURS)
}

/// Start of an hour.
#[must_use]
pub fn hour_start(hour: i64) -> UtcMillis {
    UtcMillis(hour.saturating_mul(HOUR_MS))
}

/// Start of a day.
#[must_use]
pub fn day_start(day: i64) -> UtcMillis {
    hour_start(day.saturating_mul(DAY_HOURS))
}

/// From which hour on a window of so many hours reaches back, and how: the hours at its far end, then whole days, then the hours
/// of today.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Window {
    /// First hour.
    pub first_hour: i64,
    /// First day that is in it as a whole; what is in it of the day before is read by the hour.
    pub first_day: i64,
}

/// The window of the present hour and those before it, `hours` altogether.
#[must_use]
pub fn window(now: UtcMillis, hours: i64) -> Window {
    let first_hour = hour_of(now) - hours + 1;
    Window {
        first_hour,
        first_day: (first_hour + DAY_HOURS - 1).div_euclid(DAY_HOURS),
    }
}

impl Window {
    /// The last hour before [`Window::first_day`].
    #[must_use]
    pub fn last_edge_hour(self) -> i64 {
        first_hour_of(self.first_day) - 1
    }
}

/// The first hour of a day.
#[must_use]
pub fn first_hour_of(day: i64) -> i64 {
    day.saturating_mul(DAY_HOURS)
}

/// What attempts of an hour or a day came to.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Tally {
    /// Answered.
    pub answered: u64,
    /// Failed, and that says something about the connector.
    pub failed: u64,
    /// Failed, and that says nothing about it.
    pub aside: u64,
    /// This computer's own.
    pub uncounted: u64,
    /// How long what was answered took.
    pub ms: Histogram,
}

impl Tally {
    /// Adds one attempt that took so many milliseconds.
    pub fn add(&mut self, bearing: Bearing, ms: u64) {
        match bearing {
            Bearing::Answered => {
                self.answered += 1;
                self.ms.add(ms);
            }
            Bearing::Failed => self.failed += 1,
            Bearing::Aside => self.aside += 1,
            Bearing::Uncounted => self.uncounted += 1,
        }
    }

    /// Adds another.
    pub fn merge(&mut self, other: &Self) {
        self.answered += other.answered;
        self.failed += other.failed;
        self.aside += other.aside;
        self.uncounted += other.uncounted;
        self.ms.merge(&other.ms);
    }

    /// Answered of what counted, in parts of a million, rounded; none where nothing counted.
    #[must_use]
    pub fn share(&self) -> Option<u64> {
        part(self.answered, self.answered.saturating_add(self.failed))
    }

    /// What was asked of somebody: all but this computer's own.
    #[must_use]
    pub fn asked(&self) -> u64 {
        self.answered + self.failed + self.aside
    }

    /// What failed of it, whoever it concerns.
    #[must_use]
    pub fn not_answered(&self) -> u64 {
        self.failed + self.aside
    }

    /// [`Tally::not_answered`] of [`Tally::asked`] in percent; none where nothing was asked.
    #[must_use]
    pub fn error_rate(&self) -> Option<f64> {
        part(self.not_answered(), self.asked()).map(percent)
    }
}

/// Shares of hours, added up.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Shares {
    /// Their sum, in parts of a million.
    pub sum: u64,
    /// How many.
    pub hours: u64,
}

impl Shares {
    /// Adds the share of an hour, where it has one.
    pub fn add(&mut self, share: Option<u64>) {
        if let Some(share) = share {
            self.sum = self.sum.saturating_add(share);
            self.hours += 1;
        }
    }

    /// With others.
    #[must_use]
    pub fn and(self, other: Self) -> Self {
        Self {
            sum: self.sum.saturating_add(other.sum),
            hours: self.hours + other.hours,
        }
    }

    /// Their mean in percent, exact to a ten-thousandth; none where nothing counted.
    #[must_use]
    pub fn uptime(self) -> Option<f64> {
        self.mean().map(percent)
    }

    /// Their mean in parts of a million, rounded.
    #[must_use]
    pub fn mean(self) -> Option<u64> {
        (self.hours > 0).then(|| rounded(u128::from(self.sum), u128::from(self.hours)))
    }
}

/// Parts of a million as percent.
#[must_use]
pub fn percent(parts: u64) -> f64 {
    // Never more than a million, which a float holds exactly.
    f64::from(u32::try_from(parts).unwrap_or(u32::MAX)) / 10_000.0
}

fn part(some: u64, all: u64) -> Option<u64> {
    (all > 0).then(|| rounded(u128::from(some) * u128::from(WHOLE), u128::from(all)))
}

fn rounded(some: u128, all: u128) -> u64 {
    u64::try_from((some + all / 2) / all).unwrap_or(u64::MAX)
}

/// Milliseconds below this have a step each.
const EXACT: u64 = 16;
/// Steps between one power of two and the next.
const STEPS: u64 = 16;
/// The longest that has a step: 2^22 milliseconds, 70 minutes. What took longer is in the last one.
const LONGEST: u64 = 1 << 22;

/// How long answers took, in steps: one a millisecond below 16 ms, then 16 equal ones from each power of two to the next. What is
/// told is the upper end of a step, at most 1/16 (6.25 %) more than what was measured and never less.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Histogram(BTreeMap<u16, u64>);

impl Histogram {
    /// Adds one of so many milliseconds.
    pub fn add(&mut self, ms: u64) {
        *self.0.entry(step_of(ms)).or_default() += 1;
    }

    /// Adds another.
    pub fn merge(&mut self, other: &Self) {
        for (step, count) in &other.0 {
            let known = self.0.entry(*step).or_default();
            *known = known.saturating_add(*count);
        }
    }

    /// So many of 100 took this long or less, in milliseconds (nearest rank, the upper end of its step); none of nothing.
    #[must_use]
    pub fn quantile(&self, of_100: u64) -> Option<u32> {
        let all: u128 = self.0.values().map(|count| u128::from(*count)).sum();
        let rank = (all * u128::from(of_100)).div_ceil(100).max(1);
        let mut seen = 0;
        self.0.iter().find_map(|(step, count)| {
            seen += u128::from(*count);
            (seen >= rank).then(|| upper_end(*step))
        })
    }

    /// As it is stored: for each step that is not empty the distance from the one before and the count, as LEB128.
    #[must_use]
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(self.0.len() * 2);
        let mut before = 0;
        for (step, count) in &self.0 {
            push_number(&mut bytes, u64::from(step - before));
            push_number(&mut bytes, *count);
            before = *step;
        }
        bytes
    }

    /// Out of what was stored; none where that is no histogram.
    #[must_use]
    pub fn from_bytes(mut bytes: &[u8]) -> Option<Self> {
        let mut steps = BTreeMap::new();
        let mut step = 0_u16;
        while !bytes.is_empty() {
            let distance = u16::try_from(take_number(&mut bytes)?).ok()?;
            step = step.checked_add(distance)?;
            steps.insert(step, take_number(&mut bytes)?);
        }
        Some(Self(steps))
    }
}

fn step_of(ms: u64) -> u16 {
    let ms = ms.min(LONGEST);
    if ms < EXACT {
        return u16::try_from(ms).unwrap_or(0);
    }
    let power = u64::from(ms.ilog2());
    let within = (ms - (1 << power)) * STEPS / (1 << power);
    u16::try_from(EXACT + (power - 4) * STEPS + within).unwrap_or(u16::MAX)
}

/// The longest that is in a step, in milliseconds.
fn upper_end(step: u16) -> u32 {
    let step = u64::from(step);
    let ms = match step.checked_sub(EXACT) {
        None => step,
        Some(above) => {
            let start = 1_u64 << (above / STEPS + 4).min(22);
            start + (above % STEPS + 1) * start / STEPS - 1
        }
    };
    u32::try_from(ms.min(LONGEST)).unwrap_or(u32::MAX)
}

fn push_number(bytes: &mut Vec<u8>, mut number: u64) {
    while number >= 0x80 {
        bytes.push(number.to_le_bytes()[0] | 0x80);
        number >>= 7;
    }
    bytes.push(number.to_le_bytes()[0]);
}

fn take_number(bytes: &mut &[u8]) -> Option<u64> {
    let mut number = 0_u64;
    for at in 0..10 {
        let (first, rest) = bytes.split_first()?;
        *bytes = rest;
        number |= u64::from(first & 0x7f).checked_shl(7 * at)?;
        if first & 0x80 == 0 {
            return Some(number);
        }
    }
    None
}

/// Whether a class is a failure that is entered in the error log: this computer's own troubles are none of a federation.
#[must_use]
pub fn is_logged(class: FailureClass) -> bool {
    circuit::counts(class, false)
}
