//! Arbitrary bytes, and documents bent a little, in every format: a result or a finding, the same in pieces
//! of any size, never a panic.

use connectors::api::records::Reading;
use connectors::settings::{NameValueSettings, PagingStyle, RecordFormat};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};

use super::support::{in_pieces, reading};
use crate::store::support::rounds;

/// Pieces of documents; put together at random they come far into each parser.
const TOKENS: [&str; 64] = [
    "[",
    "]",
    "{",
    "}",
    ":",
    ",",
    "\"",
    "\"a\"",
    "\"data\"",
    "null",
    "true",
    "1e5",
    "-0",
    "\\u0041",
    "\\ud83d\\ude00",
    "\\ud800",
    "{\"data\":[",
    "{\"a\":1}",
    "]}",
    "\"id\":\"1\"",
    "\"type\":\"t\"",
    "\"attributes\":{}",
    "\"relationships\":{\"r\":{\"data\":null}}",
    "\"included\":[",
    "<",
    ">",
    "</",
    "/>",
    "<r>",
    "</r>",
    "<m>",
    "</m>",
    "<m a='1'>",
    "<m a=\"&lt;\"/>",
    "&amp;",
    "&#65;",
    "&#0;",
    "&x;",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?xml version='1.0' encoding='latin1'?>",
    "<?p?>",
    "<!DOCTYPE r>",
    "a,b,c\n",
    "1,2,3\n",
    "\"\"",
    ";",
    "\t",
    "|",
    "\r\n",
    "\r",
    "\n",
    "sep=;\n",
    "\u{feff}",
    "\0",
    "é",
    "Seán",
    " ",
    "\"collection\":{\"items\":[",
    "{\"data\":[{\"name\":\"a\",\"value\":1}]}",
    "\"links\":{\"next\":\"x\"}",
    "\"meta\":{\"total\":3}",
];

fn settings(format: RecordFormat, list: &str, style: PagingStyle) -> Reading {
    let mut settings = reading(format, list);
    settings.paging.style = style;
    settings.paging.keys = [("k".to_owned(), "id".to_owned())].into();
    settings.records.name_values = vec![NameValueSettings {
        path: "data".to_owned(),
        name: "name".to_owned(),
        value: "value".to_owned(),
    }];
    settings
}

fn check(format: RecordFormat) {
    let bytes = vec(any::<u8>(), 0..200);
    let tokens =
        vec(proptest::sample::select(&TOKENS[..]), 0..40).prop_map(|t| t.concat().into_bytes());
    let mixed = (
        vec(proptest::sample::select(&TOKENS[..]), 0..30),
        vec(any::<u8>(), 0..4),
        0..400_usize,
    )
        .prop_map(|(tokens, noise, at)| {
            let mut text = tokens.concat().into_bytes();
            let at = at.min(text.len());
            text.splice(at..at, noise);
            text
        });
    let body = prop_oneof![bytes, tokens, mixed];
    let list = proptest::sample::select(&["", "data", "r.m", "r"][..]);
    let style = proptest::sample::select(&[PagingStyle::LinkBody, PagingStyle::Keyset][..]);
    let label = proptest::sample::select(
        &[
            None,
            Some("text/x; charset=utf-8"),
            Some("x; charset=latin1"),
            Some("x; charset=utf-16le"),
            Some("text/html"),
        ][..],
    );
    let mut runner = TestRunner::new(Config {
        cases: rounds(500, 200_000),
        failure_persistence: None,
        ..Config::default()
    });
    let result = runner.run(
        &(body, list, style, label, 1..50_usize),
        |(body, list, style, label, size)| {
            let settings = settings(format, list, style);
            let whole = in_pieces(&settings, label, &body, usize::MAX);
            let pieces = in_pieces(&settings, label, &body, size);
            prop_assert_eq!(whole, pieces, "the network's pieces decide nothing");
            Ok(())
        },
    );
    assert_eq!(
        result.map_err(|error| error.to_string()),
        Ok(()),
        "{format:?}"
    );
}

#[test]
fn fuzz_json() {
    check(RecordFormat::Json);
}

#[test]
fn fuzz_json_api() {
    check(RecordFormat::JsonApi);
}

#[test]
fn fuzz_collection_json() {
    check(RecordFormat::CollectionJson);
}

#[test]
fn fuzz_xml() {
    check(RecordFormat::Xml);
}

#[test]
fn fuzz_csv() {
    check(RecordFormat::Csv);
}
