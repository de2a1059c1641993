//! What an answer says, judged without a network: its status, whether it is data at all, and how
//! many records stand where the settings say. Counts leave here; names and values never do.

use std::ops::ControlFlow;

use serde_json::Value;

use crate::api::records::{Reading, Record, read_records};
use crate::failure::Finding;

/// What a status means for a request that only reads. `None`: it was answered.
pub fn finding_of_status(status: u16) -> Option<Finding> {
    match status {
        200..=299 => None,
        300..=399 => Some(Finding::RedirectedElsewhere),
        401 => Some(Finding::Unauthorised),
        403 => Some(Finding::Forbidden),
        404 | 410 => Some(Finding::NotFound),
        429 => Some(Finding::RateLimited),
        400..=499 => Some(Finding::RequestRefused),
        // 1xx never ends an exchange, and nothing above 599 is defined.
        _ => Some(Finding::ServerError),
    }
}

/// A list as far as a test looks at it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListFacts {
    /// Entries.
    pub entries: usize,
    /// The first one, where there is one.
    pub first: Option<FirstEntry>,
}

/// The first entry of a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum FirstEntry {
    /// An object with so many fields.
    Record {
        /// Number of fields.
        fields: usize,
    },
    /// A number, a text, a list: not a record.
    Other,
}

/// Reads a list out of a body, in whatever format its records are written. Nothing but counts is kept.
///
/// # Errors
/// As [`read_records`].
pub fn read_list(
    reading: &Reading,
    content_type: Option<&str>,
    mut body: &[u8],
) -> Result<ListFacts, Finding> {
    let mut fields = None;
    let mut emit = |record: Record| {
        fields.get_or_insert(record.fields().len());
        ControlFlow::Continue(())
    };
    let facts = read_records(reading, content_type, &mut body, &mut emit)?;
    let entries = facts.records + facts.not_records;
    Ok(ListFacts {
        entries: usize::try_from(entries).unwrap_or(usize::MAX),
        first: if facts.begins_with_other {
            Some(FirstEntry::Other)
        } else {
            fields.map(|fields| FirstEntry::Record { fields })
        },
    })
}

/// What stands at `path`, a list of names with dots between them; an empty path is the whole answer.
pub fn at_path<'a>(answer: &'a Value, path: &str) -> Option<&'a Value> {
    path.split('.')
        .filter(|name| !name.is_empty())
        .try_fold(answer, |place, name| place.get(name))
}
