//! What the body of a page says beside its records: how many there are, whether another page
//! follows and where, and which rows of a file could not be taken as they are.

use std::collections::BTreeMap;

use serde_json::Value;

use super::path;
use crate::settings::{PagingSettings, PagingStyle};

/// Longest cursor or link that is believed, in bytes.
pub(super) const MAX_NEXT: usize = 8 * 1024;

/// Row problems that are kept one by one; beyond, they are counted.
const MAX_PROBLEMS: usize = 100;

/// What a page says about itself.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct PageFacts {
    /// Records given away.
    pub records: u64,
    /// Entries of the list that are no records: numbers, texts, lists, nothing.
    pub not_records: u64,
    /// The very first entry is no record.
    pub begins_with_other: bool,
    /// The next cursor or link.
    pub next: Option<String>,
    /// Whether another page follows.
    pub more: Option<bool>,
    /// Records in all pages together.
    pub total: Option<u64>,
    /// Pages in all.
    pub total_pages: Option<u64>,
    /// `keyset`: the query parameters of the next page, out of the last record. A parameter whose
    /// field is missing there is missing here.
    pub last_keys: BTreeMap<String, String>,
    /// Rows of a CSV file that are not as they should be, the first 100.
    pub problems: Vec<RowProblem>,
    /// How many such rows there are.
    pub problem_rows: u64,
    /// Rows that were left out. Who is absent from such a list may stand in one of them.
    pub skipped_rows: u64,
}

/// A row of a CSV file that is not as it should be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct RowProblem {
    /// Line of the file where the row starts, from 1.
    pub line: u64,
    /// What is wrong.
    pub fault: RowFault,
}

/// What is wrong with a row.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RowFault {
    /// A quotation mark where none may stand. The row was taken, with the mark as a character.
    BrokenQuoting,
    /// More or fewer fields than the header has. The row was left out: its fields may have moved.
    WrongLength {
        /// Fields of the row.
        fields: usize,
        /// Fields of the header.
        expected: usize,
    },
}

impl PageFacts {
    pub(super) fn add_problem(&mut self, line: u64, fault: RowFault) {
        self.problem_rows += 1;
        if self.problems.len() < MAX_PROBLEMS {
            self.problems.push(RowProblem { line, fault });
        }
    }

    /// Takes a plain value that stands at a fact's place. False where it cannot be kept.
    pub(super) fn set(&mut self, fact: Fact, text: &str) -> bool {
        let text = text.trim();
        match fact {
            Fact::Next if text.len() > MAX_NEXT => return false,
            Fact::Next => {
                self.next = (!text.is_empty() && text != "false").then(|| text.to_owned());
            }
            Fact::More => {
                self.more = match text.to_ascii_lowercase().as_str() {
                    "true" | "1" | "yes" => Some(true),
                    "false" | "0" | "no" => Some(false),
                    _ => None,
                };
            }
            Fact::Total => self.total = count(text),
            Fact::TotalPages => self.total_pages = count(text),
        }
        true
    }

    /// Takes the facts out of a body that is in memory. False where one cannot be kept.
    pub(super) fn take_from(&mut self, body: &Value, wanted: &[(Fact, String)]) -> bool {
        wanted.iter().all(|(fact, place)| {
            let found = path::at(body, place).map(|found| match found {
                // A link may be an object with `href` and more (JSON:API §Links, HAL).
                Value::Object(link) => link.get("href").unwrap_or(found),
                plain => plain,
            });
            found
                .and_then(path::text_of)
                .is_none_or(|text| self.set(*fact, &text))
        })
    }
}

/// A fact that stands at a place of the body.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Fact {
    Next,
    More,
    Total,
    TotalPages,
}

impl Fact {
    /// The facts that the settings name, with their tidy places.
    pub(super) fn wanted(paging: &PagingSettings) -> Vec<(Self, String)> {
        let follows = matches!(paging.style, PagingStyle::Cursor | PagingStyle::LinkBody);
        [
            (Self::Next, paging.next.as_ref().filter(|_| follows)),
            (Self::More, paging.more.as_ref()),
            (Self::Total, paging.total.as_ref()),
            (Self::TotalPages, paging.total_pages.as_ref()),
        ]
        .into_iter()
        .filter_map(|(fact, place)| Some((fact, path::tidy(place?))))
        .filter(|(_, place)| !place.is_empty())
        .collect()
    }
}

/// A count as systems write it: `12`, `"12"`, `12.0`.
pub(crate) fn count(text: &str) -> Option<u64> {
    let whole = text.trim().trim_end_matches('0');
    let text = whole.strip_suffix('.').unwrap_or_else(|| text.trim());
    text.parse().ok()
}
