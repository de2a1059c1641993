//! Records out of the body of an answer, while it arrives: JSON by a dotted path, JSON:API,
//! Collection+JSON, XML and CSV. Readers are synchronous and pure: bytes in, records and what the
//! body says about paging out. Memory is one record (1 MiB of text), except for JSON:API, whose
//! `included` stands at the end: there it is one page. Which page comes next is `paging`'s to decide.
//!
//! | Input | What happens |
//! |---|---|
//! | an entry over 1 MiB, 16 MiB of skipped JSON in one piece, a JSON:API page over 8 MiB | `AnswerTooLarge` |
//! | nesting over 128 levels, half a document, a lone surrogate, a NUL in XML or CSV | `NotJson` |
//! | a key twice in a JSON object | the last one counts |
//! | the list twice in one document | `NotJson`: its entries were given away already |
//! | a DOCTYPE, or an entity beyond the five of XML | `NotJson`, nothing is expanded |
//! | an integer outside 64 bits, or a decimal | the nearest double, as every reader of JSON does it |

mod budget;
mod charset;
mod collection;
mod csv;
pub(crate) mod csv_row;
mod facts;
mod json;
mod json_api;
mod name_values;
pub mod path;
mod record;
mod sink;
mod xml;
mod xml_node;

use std::io::{BufRead, BufReader, Read};
use std::ops::ControlFlow;

pub(crate) use facts::count;
pub use facts::{PageFacts, RowFault, RowProblem};
pub use record::Record;

use crate::failure::Finding;
use crate::settings::{ConnectorSettings, PagingSettings, RecordFormat, RecordSettings};
use budget::{Budget, Budgeted};
use sink::Sink;

/// Most bytes of one record's text.
pub const MAX_RECORD: u64 = 1024 * 1024;

/// How a body is read: the settings that matter for it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The format, and lists of names and values.
    pub records: RecordSettings,
    /// Where the list is and what else the body says.
    pub paging: PagingSettings,
}

impl Reading {
    /// As a connector has it.
    #[must_use]
    pub fn of(settings: &ConnectorSettings) -> Self {
        Self {
            records: settings.records.clone(),
            paging: settings.paging.clone(),
        }
    }

    /// What the request says it understands (`Accept`).
    #[must_use]
    pub fn accept(&self) -> &'static str {
        match self.records.format {
            RecordFormat::Json => "application/json",
            RecordFormat::JsonApi => "application/vnd.api+json",
            RecordFormat::CollectionJson => "application/vnd.collection+json, application/json",
            RecordFormat::Xml => "application/xml, text/xml",
            RecordFormat::Csv => "text/csv, text/plain;q=0.9, */*;q=0.1",
        }
    }
}

/// Reads a body to its end and gives each record to `emit`, which may stop it. `content_type` is
/// the header as it came, with its `charset`.
///
/// # Errors
/// [`Finding::HtmlInsteadOfJson`], [`Finding::NotJson`], [`Finding::NoListAtPath`],
/// [`Finding::AnswerTooLarge`]; [`Finding::ConnectionCut`] where the reader fails;
/// [`Finding::Cancelled`] where `emit` stopped it. Records before a fault have been given away.
pub fn read_records(
    reading: &Reading,
    content_type: Option<&str>,
    reader: &mut dyn Read,
    emit: &mut dyn FnMut(Record) -> ControlFlow<()>,
) -> Result<PageFacts, Finding> {
    let format = reading.records.format;
    let budget = Budget::new(MAX_RECORD);
    let decoded = charset::decode(reader, content_type, format, &budget)?;
    let mut input = BufReader::new(decoded);
    let start = input.fill_buf().map_err(|_| budget.finding())?;
    if is_web_page(format, content_type, start) {
        return Err(Finding::HtmlInsteadOfJson);
    }
    let mut sink = Sink::new(reading, emit);
    let mut input = Budgeted::new(input, &budget);
    match format {
        RecordFormat::Json => json::read(&mut input, &budget, &mut sink, "", None)?,
        RecordFormat::CollectionJson => {
            let item = collection::item;
            json::read(
                &mut input,
                &budget,
                &mut sink,
                "collection.items",
                Some(item),
            )?;
        }
        RecordFormat::JsonApi => json_api::read(&mut input, &budget, &mut sink)?,
        RecordFormat::Xml => xml::read(&mut input, &budget, &mut sink)?,
        RecordFormat::Csv => csv::read(&mut input, &budget, &mut sink)?,
    }
    Ok(sink.facts)
}

/// Whether a web page came, by the start of the body. No record format but XML starts with `<`; and a media type alone
/// convicts only JSON, because exports of CSV and XML are labelled `text/html` by many a system.
#[must_use]
pub fn is_web_page(format: RecordFormat, content_type: Option<&str>, start: &[u8]) -> bool {
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    let start = start.trim_ascii_start();
    match format {
        RecordFormat::Xml => {
            let word = |word: &[u8]| {
                start
                    .get(..word.len())
                    .is_some_and(|found| found.eq_ignore_ascii_case(word))
            };
            word(b"<!doctype html") || word(b"<html")
        }
        RecordFormat::Csv => start.first() == Some(&b'<'),
        RecordFormat::Json | RecordFormat::JsonApi | RecordFormat::CollectionJson => {
            let media = content_type
                .and_then(|value| value.split(';').next())
                .map(|media| media.trim().to_ascii_lowercase());
            let said = matches!(
                media.as_deref(),
                Some("text/html" | "application/xhtml+xml")
            );
            said || start.first() == Some(&b'<')
        }
    }
}
