//! Transforms: what turns a federation's text into ours. Each is a pure function of its text and of settings that
//! were read before; none knows records, templates or the time of day.

pub mod address;
pub mod date;
pub mod email;
pub mod full_name;
pub mod lookup;
pub mod name_case;
pub mod phone;
pub mod postcode;
pub mod trim;
pub mod words;

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

/// What is to be done with a value, as a template says it. They run in the order in which they stand there.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Transform {
    /// Takes space and invisible characters away and composes accents.
    Trim,
    /// Gives a name in capitals, or without any, the case it is written in. Mixed case stays as it is.
    NameCase,
    /// A telephone number as E.164.
    Phone,
    /// A day as `YYYY-MM-DD`.
    Date,
    /// The day of a number of milliseconds since 1970-01-01 UTC.
    EpochMilliseconds,
    /// The day of a number of seconds since 1970-01-01 UTC.
    EpochSeconds,
    /// An e-mail address, looked at.
    Email,
    /// An Eircode or British postcode in capitals, with its space.
    Postcode,
    /// A word of the closed set of statuses.
    Status,
    /// A word of the closed set of genders.
    Gender,
    /// First and last name out of one text; the last transform of `full_name`.
    SplitName,
    /// Lines, town, county and postcode out of one text; the last transform of `address_line_1`.
    SplitAddress,
    /// What one of the template's tables says for it.
    Lookup(String),
}

impl Transform {
    /// The word used in files.
    #[must_use]
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Trim => "trim",
            Self::NameCase => "name_case",
            Self::Phone => "phone",
            Self::Date => "date",
            Self::EpochMilliseconds => "epoch_milliseconds",
            Self::EpochSeconds => "epoch_seconds",
            Self::Email => "email",
            Self::Postcode => "postcode",
            Self::Status => "status",
            Self::Gender => "gender",
            Self::SplitName => "split_name",
            Self::SplitAddress => "split_address",
            Self::Lookup(_) => "lookup",
        }
    }

    /// Whether it gives several fields, and so is the last one.
    #[must_use]
    pub fn splits(&self) -> bool {
        matches!(self, Self::SplitName | Self::SplitAddress)
    }
}

/// What a person should know about a value. It never holds the value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum WarningKind {
    /// No telephone number; kept as it came.
    UnreadablePhone,
    /// No e-mail address; kept as it came.
    BadEmail,
    /// Not a date of any known form; not kept.
    UnreadableDate,
    /// A day that does not exist, or a year outside 1900 to 2100; not kept.
    ImpossibleDate,
    /// Day and month can be either way round, and nobody has said which; not kept.
    AmbiguousDate,
    /// A year of two digits, which can be two centuries; not kept.
    TwoDigitYear,
    /// Not a word that is known for a status or a gender; kept as it came.
    UnknownWord,
    /// Not in the table; what happens then is the table's to say.
    NotInTable,
    /// The template's own check of it fails; kept.
    CheckFailed,
    /// Longer than any value of a member; not kept.
    TooLong,
    /// A list or an object where a plain value is expected; not kept.
    NotPlain,
}

impl WarningKind {
    /// Whether there was a value that could not be kept. A member's value must not be removed because of that: the
    /// federation did not say that it is gone.
    #[must_use]
    pub fn loses_value(self) -> bool {
        match self {
            Self::UnreadableDate
            | Self::ImpossibleDate
            | Self::AmbiguousDate
            | Self::TwoDigitYear
            | Self::TooLong
            | Self::NotPlain => true,
            Self::UnreadablePhone
            | Self::BadEmail
            | Self::UnknownWord
            | Self::NotInTable
            | Self::CheckFailed => false,
        }
    }
}

/// What came out of a transform.
#[derive(Clone, PartialEq, Eq)]
pub enum Reading<'t> {
    /// It was understood.
    Read(Cow<'t, str>),
    /// It was not understood and stays as it came.
    Verbatim(WarningKind),
    /// It cannot be kept.
    Refused(WarningKind),
}
