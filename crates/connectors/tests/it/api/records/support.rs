//! Reading a body in a test: as it comes, and in pieces of every size.

use std::io::{self, Read};
use std::ops::ControlFlow;

use connectors::api::records::{PageFacts, Reading, read_records};
use connectors::failure::Finding;
use connectors::settings::{PagingSettings, PagingStyle, RecordFormat, RecordSettings};
use serde_json::Value;

/// What came out of a body.
pub(crate) type Read1 = Result<(Vec<Value>, PageFacts), Finding>;

/// A reader that gives a few bytes at a time, as a network does.
pub(crate) struct Pieces<'a>(pub(crate) &'a [u8], pub(crate) usize);

impl Read for Pieces<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.0.len().min(self.1).min(buffer.len());
        buffer[..count].copy_from_slice(&self.0[..count]);
        self.0 = &self.0[count..];
        Ok(count)
    }
}

/// Settings with every fact in its place.
pub(crate) fn reading(format: RecordFormat, list: &str) -> Reading {
    Reading {
        records: RecordSettings {
            format,
            ..RecordSettings::default()
        },
        paging: PagingSettings {
            style: PagingStyle::LinkBody,
            records: Some(list.to_owned()),
            next: Some("links.next".to_owned()),
            more: Some("meta.more".to_owned()),
            total: Some("meta.total".to_owned()),
            total_pages: Some("meta.pages".to_owned()),
            ..PagingSettings::default()
        },
    }
}

pub(crate) fn read_with(reading: &Reading, content_type: Option<&str>, body: &[u8]) -> Read1 {
    let whole = in_pieces(reading, content_type, body, usize::MAX);
    for size in [1, 2, 3, 7, 1023] {
        let pieces = in_pieces(reading, content_type, body, size);
        assert_eq!(pieces, whole, "pieces of {size} bytes read the same");
    }
    whole
}

pub(crate) fn in_pieces(
    reading: &Reading,
    content_type: Option<&str>,
    body: &[u8],
    size: usize,
) -> Read1 {
    let mut records = Vec::new();
    let mut emit = |record: connectors::api::records::Record| {
        records.push(Value::Object(record.into_fields()));
        ControlFlow::Continue(())
    };
    let facts = read_records(reading, content_type, &mut Pieces(body, size), &mut emit)?;
    assert_eq!(
        facts.records,
        u64::try_from(records.len()).unwrap(),
        "the count is that of the records given away"
    );
    Ok((records, facts))
}

pub(crate) fn read(format: RecordFormat, list: &str, body: &str) -> Read1 {
    read_with(&reading(format, list), None, body.as_bytes())
}
