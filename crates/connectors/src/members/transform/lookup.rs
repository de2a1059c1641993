//! Tables of a template: a federation's word on the left, the club's on the right.

use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap};

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use super::words::key;
use super::{Reading, WarningKind};

/// A table, as a template has it.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, TS)]
#[serde(deny_unknown_fields)]
pub struct Lookup {
    /// What a value becomes. Capitals, accents and what stands between words make no difference.
    pub table: BTreeMap<String, String>,
    /// What becomes of a value that is not in the table.
    #[serde(default)]
    pub otherwise: Otherwise,
}

/// What becomes of a value that a table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, TS)]
#[serde(rename_all = "snake_case")]
pub enum Otherwise {
    /// It stays as it came, with a warning.
    #[default]
    Warn,
    /// It stays as it came.
    Keep,
    /// It is left out.
    Empty,
}

/// A table that is ready to be asked.
pub struct Table {
    rows: HashMap<String, String>,
    otherwise: Otherwise,
}

impl Table {
    /// Prepares a table.
    #[must_use]
    pub fn new(lookup: &Lookup) -> Self {
        let rows = lookup
            .table
            .iter()
            .map(|(from, to)| (key(from), to.clone()))
            .collect();
        Self {
            rows,
            otherwise: lookup.otherwise,
        }
    }

    /// What the table says.
    #[must_use]
    pub fn read<'t>(&'t self, text: &'t str) -> Reading<'t> {
        match (self.rows.get(&key(text)), self.otherwise) {
            (Some(found), _) => Reading::Read(Cow::Borrowed(found)),
            (None, Otherwise::Warn) => Reading::Verbatim(WarningKind::NotInTable),
            (None, Otherwise::Keep) => Reading::Read(Cow::Borrowed(text)),
            (None, Otherwise::Empty) => Reading::Read(Cow::Borrowed("")),
        }
    }
}
