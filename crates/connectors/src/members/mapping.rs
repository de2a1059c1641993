//! A record becomes a member. [`Template::compile`] prepares what a template says once; [`Mapper::map`] is then pure, and runs
//! for each of hundreds of thousands of records. Only fields that the template names come out.

mod engine;
mod prepare;

use std::fmt;

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::template::Template;
use super::transform::WarningKind;
use super::transform::date::{DateEvidence, DateOrder};
use super::{MemberField, MemberValues};
use crate::api::records::Record;
use crate::error::{Error, Result};
use prepare::Prepared;

/// A template that is ready for records.
pub struct Mapper {
    date_order: DateOrder,
    fields: Vec<Prepared>,
}

/// What became of a record.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mapped {
    /// The member's values, also where there is a problem: a person must see whose row it is.
    pub values: MemberValues,
    /// What a person should know, in the order of the fields.
    pub warnings: Vec<Warning>,
    /// Why this is no member. It concerns this record only.
    pub problem: Option<Problem>,
}

/// Something about one value. It holds no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct Warning {
    /// The field.
    pub field: MemberField,
    /// What.
    pub kind: WarningKind,
}

/// Why a record is no member. It holds no value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
pub struct Problem {
    /// The field.
    pub field: MemberField,
    /// What.
    pub kind: ProblemKind,
}

/// What is wrong with a record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum ProblemKind {
    /// A required field has no value.
    Missing,
    /// A required field has a value that cannot be kept; a warning says why.
    Unreadable,
}

/// How one value came to be, to be shown beside the template and to answer "why is this value so?". It is made for a
/// person's eyes; its `Debug` shows no value.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize, TS)]
pub struct FieldTrace {
    /// The field.
    pub field: MemberField,
    /// The path whose value counted, several with ` + ` between them; none where the value is a constant or none had one.
    pub source: Option<String>,
    /// The value as it came.
    pub raw: Option<String>,
    /// The value as it is kept.
    pub after: Option<String>,
    /// What a person should know.
    pub warning: Option<WarningKind>,
    /// A sensitive field that nobody has switched on: not read.
    pub is_off: bool,
}

impl fmt::Debug for FieldTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("FieldTrace")
            .field("field", &self.field)
            .field("source", &self.source)
            .field("warning", &self.warning)
            .finish_non_exhaustive()
    }
}

impl Template {
    /// Prepares it.
    ///
    /// # Errors
    /// [`Error::Invalid`] with every rule that it breaks.
    pub fn compile(&self) -> Result<Mapper> {
        let mistakes = self.check();
        if !mistakes.is_empty() {
            return Err(Error::Invalid(mistakes));
        }
        Ok(Mapper {
            date_order: self.date_order,
            fields: prepare::fields(self)?,
        })
    }
}

impl Mapper {
    /// The same with the order of day and month that a person has given for one file.
    #[must_use]
    pub fn with_date_order(self, date_order: DateOrder) -> Self {
        Self { date_order, ..self }
    }

    /// The member of a record.
    #[must_use]
    pub fn map(&self, record: &Record) -> Mapped {
        engine::run(&self.fields, self.date_order, record, None)
    }

    /// How each value of the member came to be, in the order of the fields; problems are [`Mapper::map`]'s to say.
    #[must_use]
    pub fn explain(&self, record: &Record) -> Vec<FieldTrace> {
        let mut traces = Vec::new();
        engine::run(&self.fields, self.date_order, record, Some(&mut traces));
        traces.sort_by_key(|trace| trace.field);
        traces
    }

    /// Counts what a record's dates say about their order. After a whole file, [`DateEvidence::must_ask`] says whether a
    /// person is to be asked; that matters where the template's order is [`DateOrder::Ask`].
    pub fn note_dates(&self, record: &Record, evidence: &mut DateEvidence) {
        engine::note_dates(&self.fields, record, evidence);
    }

    /// The order of day and month that is used.
    #[must_use]
    pub fn date_order(&self) -> DateOrder {
        self.date_order
    }
}
