//! Answers that want to hurt: a finding and flat memory, in each format.

use std::io::{self, Read};
use std::ops::ControlFlow;

use connectors::api::records::{MAX_RECORD, read_records};
use connectors::failure::Finding;
use connectors::settings::RecordFormat::{self, CollectionJson, Csv, Json, JsonApi, Xml};

use super::support::{in_pieces, reading};

/// A start, then the same bytes for ever. Counts what was asked of it.
struct Endless {
    start: Vec<u8>,
    again: &'static [u8],
    given: usize,
}

impl Read for Endless {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        for byte in &mut *buffer {
            *byte = match self.start.get(self.given) {
                Some(byte) => *byte,
                None => self.again[(self.given - self.start.len()) % self.again.len()],
            };
            self.given += 1;
        }
        Ok(buffer.len())
    }
}

#[test]
fn something_endless_is_left_early() {
    let megabyte = usize::try_from(MAX_RECORD).unwrap();
    for (case, format, start, again, most) in [
        ("a text in a record", Json, "[{\"a\":\"", &b"x"[..], 2),
        ("a key in a record", Json, "[{\"", b"x", 2),
        ("a record of numbers", Json, "[[", b"1,", 2),
        ("a key beside the list", Json, "{\"", b"x", 2),
        ("a cursor", Json, "{\"links\":{\"next\":\"", b"x", 2),
        ("a text beside the list", Json, "{\"a\":\"", b"x", 17),
        ("nested beside the list", Json, "{\"a\":", b"[", 17),
        ("blanks", Json, "", b" ", 2),
        ("a number", Json, "[", b"1", 2),
        ("a page", JsonApi, "{\"data\":[", b"{},", 9),
        (
            "an item",
            CollectionJson,
            "{\"collection\":{\"items\":[\"",
            b"x",
            2,
        ),
        ("a tag", Xml, "<", b"x", 2),
        ("a text", Xml, "<r>", b"x", 2),
        ("an attribute", Xml, "<r a='", b"x", 2),
        ("a record", Xml, "<r><m>", b"<a/>", 2),
        ("a comment", Xml, "<!--", b"x", 2),
        ("text in CDATA", Xml, "<r><![CDATA[", b"x", 2),
        ("a line", Csv, "", b"x", 2),
        ("a field", Csv, "a,b\n\"", b"x", 2),
    ] {
        let mut reader = Endless {
            start: start.as_bytes().to_vec(),
            again,
            given: 0,
        };
        let mut settings = reading(format, "");
        if start.starts_with('{') {
            settings.paging.records = Some("data".to_owned());
        }
        if format == CollectionJson {
            settings.paging.records = None;
        }
        let mut emit = |_| ControlFlow::Continue(());
        let end = read_records(&settings, None, &mut reader, &mut emit);
        assert_eq!(end, Err(Finding::AnswerTooLarge), "{case}");
        assert!(
            reader.given < most * megabyte,
            "{case}: {} bytes read",
            reader.given
        );
    }
}

#[test]
fn nesting_ends_at_128_levels() {
    for depth in [200, 10_000] {
        let brackets = "[".repeat(depth);
        let objects = "{\"a\":".repeat(depth);
        for (case, format, body) in [
            ("lists", Json, format!("[{brackets}")),
            ("objects", Json, format!("[{objects}")),
            ("at the path", Json, "{\"data\":".repeat(depth)),
            ("json:api", JsonApi, format!("{{\"data\":[{objects}")),
            (
                "items",
                CollectionJson,
                format!("{{\"collection\":{{\"items\":[{objects}"),
            ),
            ("elements", Xml, "<a>".repeat(depth)),
        ] {
            let found = in_pieces(&reading(format, ""), None, body.as_bytes(), 4096);
            let found = found.map(|_| ());
            assert!(
                matches!(found, Err(Finding::NotJson | Finding::NoListAtPath)),
                "{case} {depth} deep: {found:?}"
            );
        }
    }
    let skipped = format!(
        "{{\"x\":{}{},\"data\":[{{}}]}}",
        "[".repeat(10_000),
        "]".repeat(10_000)
    );
    let (records, _) = in_pieces(&reading(Json, "data"), None, skipped.as_bytes(), 4096).unwrap();
    assert_eq!(
        records.len(),
        1,
        "what is passed over may be as deep as it likes"
    );
}

#[test]
fn texts_that_are_none() {
    for (case, body) in [
        ("a lone surrogate", &br#"[{"a":"\ud800"}]"#[..]),
        ("the second half first", br#"[{"a":"\udc00\ud800"}]"#),
        ("no UTF-8", b"[{\"a\":\"Se\xe1n\"}]"),
        ("a raw NUL", b"[{\"a\":\"\0\"}]"),
        ("NULs", b"\0\0\0\0"),
        ("a number too large", b"[1e999]"),
        ("UTF-16 without saying so", b"[\0]\0"),
    ] {
        let found = in_pieces(&reading(Json, ""), None, body, 3);
        assert_eq!(found, Err(Finding::NotJson), "{case}");
    }
    let latin = in_pieces(
        &reading(Json, ""),
        Some("application/json; charset=ISO-8859-1"),
        b"[{\"a\":\"Se\xe1n\"}]",
        3,
    );
    assert_eq!(
        latin.unwrap().0[0]["a"],
        "Seán",
        "a set that the content type names"
    );
}

#[test]
fn a_reader_that_fails_is_a_connection_that_was_cut() {
    struct Cut<'a>(&'a [u8]);
    impl Read for Cut<'_> {
        fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
            if self.0.is_empty() {
                return Err(io::Error::from(io::ErrorKind::ConnectionReset));
            }
            let count = self.0.len().min(buffer.len());
            buffer[..count].copy_from_slice(&self.0[..count]);
            self.0 = &self.0[count..];
            Ok(count)
        }
    }
    let filler = " ".repeat(2000);
    for (format, start) in [
        (Json, "[{\"a\":1},"),
        (JsonApi, "{\"data\":["),
        (CollectionJson, "{\"collection\":"),
        (Xml, "<r><m/>"),
        (Csv, "a,b\n1,2\n"),
    ] {
        for body in [start.to_owned(), format!("{filler}{start}")] {
            let mut emit = |_| ControlFlow::Continue(());
            let end = read_records(
                &reading(format, ""),
                None,
                &mut Cut(body.as_bytes()),
                &mut emit,
            );
            assert_eq!(
                end,
                Err(Finding::ConnectionCut),
                "{format:?} after {} bytes",
                body.len()
            );
        }
    }
}

#[test]
fn the_accept_header_names_the_format() {
    for (format, accept) in [
        (RecordFormat::Json, "application/json"),
        (JsonApi, "application/vnd.api+json"),
        (Xml, "application/xml, text/xml"),
    ] {
        assert_eq!(reading(format, "").accept(), accept, "{format:?}");
    }
}
