//! The records of a file that a person gave, read beside the plan that is made of them. The columns are found by their
//! names, whatever their order and capitals.

use std::collections::{BTreeMap, BTreeSet};
use std::ops::ControlFlow;
use std::sync::Arc;

use serde_json::Value;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use crate::api::records::{PageFacts, Reading, Record, read_records};
use crate::error::{Code, Error, Result};
use crate::failure::Finding;
use crate::members::{Template, cell};
use crate::settings::{PagingSettings, PagingStyle, RecordFormat, RecordSettings};

/// Records that travel together.
const TOGETHER: usize = 1_024;
/// Batches that may wait for their decision: memory is these, whatever the file is.
const WAITING: usize = 2;

/// A file that a person gave.
#[derive(Clone)]
pub(super) struct MemberFile {
    /// What it holds.
    pub(super) bytes: Arc<[u8]>,
    /// Its columns.
    pub(super) columns: Columns,
    /// It names every member of the club, so that who is not in it has left.
    pub(super) is_whole_list: bool,
}

/// The columns that a template reads, by their names in small letters without outer space.
#[derive(Debug, Clone, Default)]
pub(super) struct Columns(Arc<BTreeMap<String, String>>);

impl Columns {
    /// Those of a template.
    pub(super) fn of(template: &Template) -> Self {
        let names = template.fields.values().flat_map(|mapping| &mapping.from);
        Self(Arc::new(
            names.map(|name| (folded(name), name.clone())).collect(),
        ))
    }

    /// The record with the template's own names.
    pub(super) fn named(&self, record: Record) -> Record {
        let mut fields = record.into_fields();
        let wrong: Vec<(String, String)> = fields
            .keys()
            .filter_map(|name| {
                let own = self.0.get(&folded(name))?;
                (own != name).then(|| (name.clone(), own.clone()))
            })
            .collect();
        for (name, own) in wrong {
            // A column that has the very name is the one that is meant.
            if !fields.contains_key(&own)
                && let Some(value) = fields.remove(&name)
            {
                fields.insert(own, value);
            }
        }
        Record::new(fields)
    }

    /// Whether none of the template's columns is among these.
    pub(super) fn is_none_of(&self, present: &BTreeSet<String>) -> bool {
        !present
            .iter()
            .any(|name| self.0.contains_key(&folded(name)))
    }

    /// The template's columns that are not among these, in its own spelling.
    pub(super) fn missing(&self, present: &BTreeSet<String>) -> Vec<String> {
        let present: BTreeSet<String> = present.iter().map(|name| folded(name)).collect();
        let missing = self.0.iter().filter(|(key, _)| !present.contains(*key));
        missing.map(|(_, name)| name.clone()).collect()
    }
}

fn folded(name: &str) -> String {
    name.trim().to_lowercase()
}

/// Records under way.
pub(super) struct Records {
    batches: mpsc::Receiver<Vec<Record>>,
    reader: JoinHandle<Result<PageFacts, Finding>>,
}

impl Records {
    /// The next ones; none at the end or after a fault.
    pub(super) async fn next(&mut self) -> Option<Vec<Record>> {
        self.batches.recv().await
    }

    /// What the file says about itself, after its last record.
    pub(super) async fn end(self) -> Result<Result<PageFacts, Finding>> {
        self.reader
            .await
            .map_err(|source| Error::internal("read a file of members", source))
    }
}

/// Begins to read a file. Dropping what it gives ends it.
pub(super) fn records(file: MemberFile) -> Records {
    let (sender, batches) = mpsc::channel(WAITING);
    let reader = tokio::task::spawn_blocking(move || {
        let mut waiting = Vec::with_capacity(TOGETHER);
        let facts = read(&file.bytes, &mut |record| {
            waiting.push(plain(file.columns.named(record)));
            if waiting.len() < TOGETHER {
                return ControlFlow::Continue(());
            }
            match sender.blocking_send(std::mem::take(&mut waiting)) {
                Ok(()) => ControlFlow::Continue(()),
                Err(_) => ControlFlow::Break(()),
            }
        })?;
        if !waiting.is_empty() && sender.blocking_send(waiting).is_err() {
            return Err(Finding::Cancelled);
        }
        Ok(facts)
    });
    Records { batches, reader }
}

/// The record without the apostrophes that keep a spreadsheet from taking values as formulas.
pub(super) fn plain(record: Record) -> Record {
    let mut fields = record.into_fields();
    for value in fields.values_mut() {
        if let Value::String(text) = value {
            let inner = cell::value(text);
            if inner.len() < text.len() {
                *text = inner.to_owned();
            }
        }
    }
    Record::new(fields)
}

/// Reads a file to its end.
pub(super) fn read(
    bytes: &[u8],
    emit: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Result<PageFacts, Finding> {
    let reading = Reading {
        records: RecordSettings {
            format: RecordFormat::Csv,
            ..RecordSettings::default()
        },
        paging: PagingSettings {
            style: PagingStyle::None,
            ..PagingSettings::default()
        },
    };
    read_records(&reading, None, &mut &*bytes, emit)
}

/// Why a file is refused.
pub(super) fn unreadable(finding: Finding) -> Error {
    let why = match finding {
        Finding::HtmlInsteadOfJson => {
            "this is a web page and no CSV file; export the members again"
        }
        Finding::NoListAtPath => "the file is empty: it has not even a line with the column names",
        Finding::AnswerTooLarge => {
            "a row of this file is longer than 1 MiB, or it has more than 1,000 columns"
        }
        _ => {
            "this is no CSV file; a spreadsheet must first be saved as CSV, an archive be unpacked"
        }
    };
    Error::refused(Code::BadFile, why.to_owned())
}
