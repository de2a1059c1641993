//! Days. ISO, day-month-year and month-day-year, months in English words, timestamps. A day that does not exist, a year of two
//! digits and a number of a spreadsheet are refused; which of 03/04 is the month is asked once a file.

use std::borrow::Cow;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::{Reading, WarningKind};

/// Years that a member's dates can have.
const YEARS: std::ops::RangeInclusive<i16> = 1900..=2100;

/// In which order day and month are written.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum DateOrder {
    /// 31/12/2010, as in Europe.
    #[default]
    DayFirst,
    /// 12/31/2010, as in the United States.
    MonthFirst,
    /// Not known: what can be both is refused as ambiguous until somebody says it for the file.
    Ask,
}

/// The day as `YYYY-MM-DD`. Of a timestamp, the day that is written in it.
#[must_use]
pub fn date(text: &str, order: DateOrder) -> Reading<'static> {
    told(read(text, order))
}

/// The day, in UTC, of a number of milliseconds since 1970-01-01.
#[must_use]
pub fn epoch_milliseconds(text: &str) -> Reading<'static> {
    told(whole_number(text).and_then(|ms| day_of(ms.div_euclid(1000))))
}

/// The same of seconds.
#[must_use]
pub fn epoch_seconds(text: &str) -> Reading<'static> {
    told(whole_number(text).and_then(day_of))
}

fn told(read: Result<Date, WarningKind>) -> Reading<'static> {
    match read {
        Ok(date) => Reading::Read(Cow::Owned(date.to_string())),
        Err(kind) => Reading::Refused(kind),
    }
}

fn whole_number(text: &str) -> Result<i64, WarningKind> {
    text.trim().parse().map_err(|_| WarningKind::UnreadableDate)
}

fn day_of(seconds: i64) -> Result<Date, WarningKind> {
    let at = jiff::Timestamp::from_second(seconds).map_err(|_| WarningKind::ImpossibleDate)?;
    plausible(at.to_zoned(jiff::tz::TimeZone::UTC).date())
}

fn plausible(date: Date) -> Result<Date, WarningKind> {
    if YEARS.contains(&date.year()) {
        Ok(date)
    } else {
        Err(WarningKind::ImpossibleDate)
    }
}

fn read(text: &str, order: DateOrder) -> Result<Date, WarningKind> {
    let text = without_time(text.trim());
    if text.len() == 8 && text.bytes().all(|byte| byte.is_ascii_digit()) {
        return of_numbers(&text[..4], &text[4..6], &text[6..]);
    }
    match three_numbers(text) {
        Some((numbers, mark)) => in_order(numbers, mark, order),
        None => in_words(text),
    }
}

fn in_order([a, b, c]: [&str; 3], mark: char, order: DateOrder) -> Result<Date, WarningKind> {
    match (a.len(), b.len(), c.len()) {
        (4, 1 | 2, 1 | 2) => of_numbers(a, b, c),
        (1 | 2, 1 | 2, 4) => match written(a, b, mark, order)? {
            DateOrder::MonthFirst => of_numbers(c, a, b),
            DateOrder::DayFirst | DateOrder::Ask => of_numbers(c, b, a),
        },
        (1 | 2, 1 | 2, 2) => Err(WarningKind::TwoDigitYear),
        _ => Err(WarningKind::UnreadableDate),
    }
}

/// Which order two numbers are in; an error where nobody can say. Dots stand between day and month only where the day comes
/// first.
fn written(a: &str, b: &str, mark: char, order: DateOrder) -> Result<DateOrder, WarningKind> {
    if order != DateOrder::Ask {
        return Ok(order);
    }
    match (small(a) <= 12, small(b) <= 12) {
        _ if mark == '.' || a == b => Ok(DateOrder::DayFirst),
        (true, true) if small(a) != small(b) => Err(WarningKind::AmbiguousDate),
        (true, false) => Ok(DateOrder::MonthFirst),
        _ => Ok(DateOrder::DayFirst),
    }
}

/// A number of at most two digits.
fn small(digits: &str) -> u8 {
    digits.parse().unwrap_or(u8::MAX)
}

fn of_numbers(year: &str, month: &str, day: &str) -> Result<Date, WarningKind> {
    let number = |digits: &str| {
        digits
            .parse::<i16>()
            .map_err(|_| WarningKind::UnreadableDate)
    };
    let part = |digits: &str| {
        digits
            .parse::<i8>()
            .map_err(|_| WarningKind::UnreadableDate)
    };
    let (year, month, day) = (number(year)?, part(month)?, part(day)?);
    plausible(Date::new(year, month, day).map_err(|_| WarningKind::ImpossibleDate)?)
}

/// Three numbers with the same mark between them.
fn three_numbers(text: &str) -> Option<([&str; 3], char)> {
    let mark = text.chars().find(|c| !c.is_ascii_digit())?;
    if !matches!(mark, '-' | '/' | '.') {
        return None;
    }
    let mut parts = text.split(mark).map(str::trim);
    let numbers = [parts.next()?, parts.next()?, parts.next()?];
    let digits = |part: &&str| !part.is_empty() && part.bytes().all(|byte| byte.is_ascii_digit());
    (parts.next().is_none() && numbers.iter().all(digits)).then_some((numbers, mark))
}

/// The text before a time of day; the whole text where there is none.
fn without_time(text: &str) -> &str {
    let Some(at) = text.find(['T', 't', ' ']) else {
        return text;
    };
    let (day, time) = (&text[..at], text[at + 1..].trim_start());
    let is_day = three_numbers(day).is_some()
        || day.len() == 8 && day.bytes().all(|byte| byte.is_ascii_digit());
    let is_time = time.contains(':')
        && time.starts_with(|c: char| c.is_ascii_digit())
        && time
            .chars()
            .all(|c| c.is_ascii_digit() || " :.,+-ZzAaPpMm".contains(c));
    if is_day && is_time { day } else { text }
}

/// `3 April 2010`, `3rd Apr 2010`, `03-Apr-2010`, `April 3, 2010`.
fn in_words(text: &str) -> Result<Date, WarningKind> {
    let mut parts = text
        .split([' ', ',', '-', '/', '.'])
        .filter(|part| !part.is_empty());
    let (Some(a), Some(b), Some(year), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(WarningKind::UnreadableDate);
    };
    let (month, day) = match (month(a), month(b)) {
        (None, Some(month)) => (month, a),
        (Some(month), None) => (month, b),
        _ => return Err(WarningKind::UnreadableDate),
    };
    let is_number = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    let day = day.trim_end_matches(|c: char| c.is_ascii_alphabetic());
    if year.len() == 2 && is_number(year) && is_number(day) {
        return Err(WarningKind::TwoDigitYear);
    }
    if year.len() != 4 || !is_number(year) || !is_number(day) {
        return Err(WarningKind::UnreadableDate);
    }
    of_numbers(year, month, day)
}

fn month(word: &str) -> Option<&'static str> {
    const MONTHS: [(&str, &str); 12] = [
        ("january", "1"),
        ("february", "2"),
        ("march", "3"),
        ("april", "4"),
        ("may", "5"),
        ("june", "6"),
        ("july", "7"),
        ("august", "8"),
        ("september", "9"),
        ("october", "10"),
        ("november", "11"),
        ("december", "12"),
    ];
    let word = word.to_ascii_lowercase();
    let found = |(name, _): &&(&str, &str)| {
        *name == word
            || (word.len() == 3 && name.starts_with(&word))
            || (word == "sept" && *name == "september")
    };
    MONTHS.iter().find(found).map(|(_, number)| *number)
}

/// What the dates of a whole file say about the order in which they are written, so that a person is asked once and
/// with what there is to know. Holds numbers of dates only.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct DateEvidence {
    /// Dates that can only have the day first.
    pub day_first: u64,
    /// Dates that can only have the month first.
    pub month_first: u64,
    /// Dates that can be both, and differ.
    pub ambiguous: u64,
}

impl DateEvidence {
    /// Counts one date.
    pub fn note(&mut self, text: &str) {
        let text = without_time(text.trim());
        let Some(([a, b, year], mark)) = three_numbers(text) else {
            return;
        };
        if mark == '.' || year.len() != 4 || a.len() > 2 || b.len() > 2 {
            return;
        }
        match (small(a), small(b)) {
            (13..=31, 1..=12) => self.day_first += 1,
            (1..=12, 13..=31) => self.month_first += 1,
            (1..=12, 1..=12) if small(a) != small(b) => self.ambiguous += 1,
            _ => {}
        }
    }

    /// Whether a person must say the order.
    #[must_use]
    pub fn must_ask(self) -> bool {
        self.ambiguous > 0
    }

    /// The order that the other dates of the file have, where they agree.
    #[must_use]
    pub fn suggestion(self) -> Option<DateOrder> {
        match (self.day_first, self.month_first) {
            (1.., 0) => Some(DateOrder::DayFirst),
            (0, 1..) => Some(DateOrder::MonthFirst),
            _ => None,
        }
    }
}
