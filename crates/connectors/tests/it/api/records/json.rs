//! JSON: where the list may stand, what stands around it, numbers, and lists of names and values.

use std::ops::ControlFlow;

use connectors::api::records::{Record, read_records};
use connectors::failure::Finding;
use connectors::settings::{NameValueSettings, PagingStyle, RecordFormat};
use serde_json::{Value, json};

use super::support::{Pieces, read, read_with, reading};

#[test]
fn a_list_is_found_wherever_it_stands() {
    for (list, body) in [
        ("", r#"[{"id":1}]"#),
        ("", "\u{feff}[{\"id\":1}]"),
        ("data", r#"{"data":[{"id":1}]}"#),
        (".data.", r#"{"data":[{"id":1}]}"#),
        (
            "a.b.c",
            r#"{"x":[1,{"b":[]}],"a":{"y":0,"b":{"c":[{"id":1}],"d":{}}}}"#,
        ),
        ("@odata.items", r#"{"@odata.items":[{"id":1}]}"#),
        ("a.b.c", r#"{"a.b":{"c":[{"id":1}]}}"#),
        (
            "pages.1.rows",
            r#"{"pages":[{"rows":3},{"rows":[{"id":1}]}]}"#,
        ),
    ] {
        let (records, _) = read(RecordFormat::Json, list, body).unwrap();
        assert_eq!(records, [json!({"id": 1})], "{list:?} in {body}");
    }
}

#[test]
fn facts_stand_before_the_list_after_it_and_in_every_form() {
    for (body, next, more, total, pages) in [
        (
            r#"{"links":{"next":"/p2"},"meta":{"more":true,"total":12,"pages":3},"data":[{}]}"#,
            Some("/p2"),
            Some(true),
            Some(12),
            Some(3),
        ),
        (
            r#"{"data":[{}],"meta":{"pages":"3","total":"12","more":"false"},"links":{"next":{"meta":{},"href":"/p2"}}}"#,
            Some("/p2"),
            Some(false),
            Some(12),
            Some(3),
        ),
        (
            r#"{"data":[{}],"meta":{"pages":null,"total":12.0,"more":1},"links":{"next":77}}"#,
            Some("77"),
            Some(true),
            Some(12),
            None,
        ),
        (
            r#"{"data":[{}],"meta":{"pages":[3],"total":-1,"more":"perhaps"},"links":{"next":""}}"#,
            None,
            None,
            None,
            None,
        ),
        (
            r#"{"data":[{}],"meta":7,"links":null}"#,
            None,
            None,
            None,
            None,
        ),
    ] {
        let (_, facts) = read(RecordFormat::Json, "data", body).unwrap();
        assert_eq!(facts.next.as_deref(), next, "next of {body}");
        assert_eq!(facts.more, more, "more of {body}");
        assert_eq!(facts.total, total, "total of {body}");
        assert_eq!(facts.total_pages, pages, "pages of {body}");
    }
}

#[test]
fn what_is_no_list_is_said() {
    for (list, body, finding) in [
        ("data", r#"{"items":[{}]}"#, Finding::NoListAtPath),
        ("data", r#"{"data":{"id":1}}"#, Finding::NoListAtPath),
        ("data", r#"{"data":null}"#, Finding::NoListAtPath),
        ("data", r#"[{"id":1}]"#, Finding::NoListAtPath),
        ("data.x", r#"{"data":[{"x":[]}]}"#, Finding::NoListAtPath),
        ("", r#"{"id":1}"#, Finding::NoListAtPath),
        ("", "7", Finding::NoListAtPath),
        ("data", r#"{"data":[{"id":1"#, Finding::NotJson),
        ("data", r#"{"data":[]} trailing"#, Finding::NotJson),
        ("data", r#"{"data":[{}],"data":[{}]}"#, Finding::NotJson),
        ("", "", Finding::NotJson),
        ("", "hello", Finding::NotJson),
        ("", "  \r\n<html>", Finding::HtmlInsteadOfJson),
    ] {
        assert_eq!(
            read(RecordFormat::Json, list, body),
            Err(finding),
            "{list:?} in {body}"
        );
    }
    let settings = reading(RecordFormat::Json, "");
    assert_eq!(
        read_with(&settings, Some("text/HTML; charset=utf-8"), b"[]"),
        Err(Finding::HtmlInsteadOfJson),
        "the content type convicts"
    );
}

#[test]
fn entries_that_are_no_records_are_counted() {
    let (records, facts) = read(RecordFormat::Json, "", r#"["Anna",{"id":1},7,null]"#).unwrap();
    assert_eq!(records.len(), 1, "one is an object");
    assert_eq!(facts.not_records, 3, "and three are not");
    assert!(facts.begins_with_other, "the first is not");
    let (_, facts) = read(RecordFormat::Json, "", r#"[{"id":1},"Anna"]"#).unwrap();
    assert!(!facts.begins_with_other, "the first is a record");
}

#[test]
fn numbers_and_texts_stay_what_they_are() {
    let body = r#"[{"a":18446744073709551615,"b":-9223372036854775808,"c":0.1,"d":"007","e":1e2,"f":9007199254740993}]"#;
    let (records, _) = read(RecordFormat::Json, "", body).unwrap();
    assert_eq!(
        records[0]["a"],
        json!(u64::MAX),
        "the largest number of 64 bits"
    );
    assert_eq!(records[0]["b"], json!(i64::MIN), "the smallest");
    assert_eq!(records[0]["c"], json!(0.1), "a decimal");
    assert_eq!(records[0]["d"], json!("007"), "a text keeps its noughts");
    assert_eq!(
        records[0]["f"].to_string(),
        "9007199254740993",
        "above 2^53 still exact"
    );
    let (records, _) = read(RecordFormat::Json, "", r#"[{"k":1,"k":2}]"#).unwrap();
    assert_eq!(
        records[0],
        json!({"k": 2}),
        "of a key twice the last counts"
    );
}

#[test]
fn the_last_record_fills_the_keys() {
    let mut settings = reading(RecordFormat::Json, "");
    settings.paging.style = PagingStyle::Keyset;
    settings.paging.keys = [
        ("last-id".to_owned(), "id".to_owned()),
        ("last-updated".to_owned(), "meta.updated".to_owned()),
    ]
    .into();
    let body = br#"[{"id":1,"meta":{"updated":5}},{"id":"b","meta":{"updated":1700000000123}}]"#;
    let (_, facts) = read_with(&settings, None, body).unwrap();
    let keys: Vec<_> = facts.last_keys.into_iter().collect();
    assert_eq!(
        keys,
        [
            ("last-id".to_owned(), "b".to_owned()),
            ("last-updated".to_owned(), "1700000000123".to_owned())
        ],
        "of the last one, as text"
    );
    let (_, facts) = read_with(
        &settings,
        None,
        br#"[{"id":1,"meta":{"updated":5}},{"id":2}]"#,
    )
    .unwrap();
    assert_eq!(
        facts.last_keys.len(),
        1,
        "a key that the last record lacks is lacking"
    );
}

#[test]
fn names_and_values_become_fields() {
    let mut settings = reading(RecordFormat::Json, "");
    settings.records.name_values = vec![NameValueSettings {
        path: "more.FieldValues".to_owned(),
        name: "FieldName".to_owned(),
        value: "Value".to_owned(),
    }];
    for (before, after) in [
        (
            json!({"more": {"FieldValues": [{"FieldName": "City", "Value": "Cork"}, {"FieldName": 7, "Value": {"Id": 1}}]}}),
            json!({"more": {"FieldValues": {"City": "Cork", "7": {"Id": 1}}}}),
        ),
        (
            json!({"more": {"FieldValues": [{"FieldName": "Tel", "Value": 1}, {"FieldName": "Tel", "Value": 2}, {"Value": 3}, {"FieldName": "No"}]}}),
            json!({"more": {"FieldValues": {"Tel": [1, 2], "No": null}}}),
        ),
        (
            json!({"more": {"FieldValues": {"FieldName": "City", "Value": "Cork"}}}),
            json!({"more": {"FieldValues": {"City": "Cork"}}}),
        ),
        (
            json!({"more": {"FieldValues": []}}),
            json!({"more": {"FieldValues": {}}}),
        ),
        (
            json!({"more": {"FieldValues": ["x"]}}),
            json!({"more": {"FieldValues": ["x"]}}),
        ),
        (json!({"more": 1}), json!({"more": 1})),
    ] {
        let body = Value::Array(vec![before.clone()]).to_string();
        let (records, _) = read_with(&settings, None, body.as_bytes()).unwrap();
        assert_eq!(records, [after], "{before}");
    }
}

#[test]
fn records_are_given_away_before_the_body_ends_and_reading_stops_when_told() {
    let settings = reading(RecordFormat::Json, "data");
    let mut seen = 0;
    let mut emit = |_: Record| {
        seen += 1;
        if seen == 2 {
            ControlFlow::Break(())
        } else {
            ControlFlow::Continue(())
        }
    };
    let body = br#"{"data":[{"a":1},{"a":2},{"a":3},"#;
    let end = read_records(&settings, None, &mut Pieces(body, 4), &mut emit);
    assert_eq!(end, Err(Finding::Cancelled), "told to stop");
    assert_eq!(seen, 2, "two were given away from half a document");
}

#[test]
fn a_record_prints_no_values_and_its_fingerprint_is_of_all_of_it() {
    let record = |value: Value| Record::new(value.as_object().unwrap().clone());
    let one = record(json!({"name": "Seán", "x": [1, {"a": 2, "b": 3}]}));
    assert_eq!(
        format!("{one:?}"),
        "Record(2 fields)",
        "nothing of a person"
    );
    let same = record(json!({"x": [1, {"b": 3, "a": 2}], "name": "Seán"}));
    assert_eq!(one.fingerprint(), same.fingerprint(), "in any order");
    for other in [
        json!({"name": "Seán", "x": [1, {"a": 2, "b": 4}]}),
        json!({"name": "Seán", "x": [{"a": 2, "b": 3}, 1]}),
        json!({"name": "Seán"}),
        json!({"x": "Seán", "name": [1, {"a": 2, "b": 3}]}),
    ] {
        assert_ne!(
            one.fingerprint(),
            record(other.clone()).fingerprint(),
            "{other}"
        );
    }
    assert!(
        record(json!({"a": "x".repeat(1000)})).weight() > 1000,
        "its weight counts its text"
    );
}
