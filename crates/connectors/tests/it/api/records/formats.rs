//! JSON:API and Collection+JSON.

use connectors::failure::Finding;
use connectors::settings::RecordFormat::{CollectionJson, JsonApi};
use serde_json::json;

use super::support::{in_pieces, read, reading};

#[test]
fn a_resource_reads_with_what_it_points_to() {
    let body = json!({
        "data": [
            {
                "id": "1", "type": "people",
                "attributes": {"first_name": "Aoife", "id": "not this one"},
                "relationships": {
                    "phones": {"data": [{"id": "7", "type": "phones"}, {"id": "8", "type": "phones"}]},
                    "group": {"data": {"id": "3", "type": "groups"}},
                    "gone": {"data": null},
                    "elsewhere": {"links": {"related": "/x"}}
                }
            },
            {"id": "2", "type": "people"},
            "no resource"
        ],
        "included": [
            {"id": "7", "type": "phones", "attributes": {"number": "028 9012 3456"},
             "relationships": {"owner": {"data": {"id": "1", "type": "people"}}}},
            {"id": "3", "type": "teams", "attributes": {"name": "another type"}}
        ],
        "links": {"next": {"href": "/people?page[number]=2"}},
        "meta": {"total": 2}
    });
    let (records, facts) = read(JsonApi, "", &body.to_string()).unwrap();
    assert_eq!(
        records,
        [
            json!({
                "id": "1", "type": "people", "first_name": "Aoife",
                "phones": [
                    {"id": "7", "type": "phones", "number": "028 9012 3456"},
                    {"id": "8", "type": "phones"}
                ],
                "group": {"id": "3", "type": "groups"},
                "gone": null
            }),
            json!({"id": "2", "type": "people"})
        ],
        "merged; one level of what is included; what is not there keeps its identity"
    );
    assert_eq!(facts.not_records, 1, "a text is no resource");
    assert_eq!(
        facts.next.as_deref(),
        Some("/people?page[number]=2"),
        "a link object"
    );
    assert_eq!(facts.total, Some(2), "facts by their paths");
}

#[test]
fn json_api_without_a_list_is_said() {
    for (body, finding) in [
        (r#"{"errors":[{"status":"422"}]}"#, Finding::NoListAtPath),
        (r#"{"data":{"id":"1","type":"x"}}"#, Finding::NoListAtPath),
        ("[]", Finding::NoListAtPath),
        (r#"{"data":["#, Finding::NotJson),
    ] {
        assert_eq!(read(JsonApi, "", body), Err(finding), "{body}");
    }
}

#[test]
fn one_large_resource_pointed_to_again_and_again_is_refused() {
    let large = "x".repeat(100_000);
    let many = vec![json!({"id": "1", "type": "a"}); 200];
    let body = json!({
        "data": [{"id": "2", "type": "b", "relationships": {"r": {"data": many}}}],
        "included": [{"id": "1", "type": "a", "attributes": {"text": large}}]
    });
    let body = body.to_string();
    assert_eq!(
        in_pieces(&reading(JsonApi, ""), None, body.as_bytes(), 4096),
        Err(Finding::AnswerTooLarge),
        "120 KB on the wire would be 20 MB"
    );
}

#[test]
fn an_item_of_names_and_values_reads_as_an_object() {
    let body = json!({
        "collection": {
            "version": "1.0",
            "href": "https://api.example.org/members",
            "items": [
                {
                    "href": "https://api.example.org/members/1",
                    "data": [
                        {"name": "first_name", "value": "Niamh", "prompt": "Name"},
                        {"name": "email_addresses", "value": ["a@example.org"], "array": true},
                        {"name": "no_value"}
                    ],
                    "links": [
                        {"rel": "team", "href": "/t/1"}, {"rel": "phone", "href": "/p/1"},
                        {"rel": "phone", "href": "/p/2"}, {"rel": "empty"}, 7
                    ]
                },
                {"data": [{"name": "href", "value": "mine"}], "href": "theirs"},
                {"href": "no data"}
            ]
        },
        "meta": {"total": 3}
    });
    let (records, facts) = read(CollectionJson, "", &body.to_string()).unwrap();
    assert_eq!(
        records,
        [
            json!({
                "first_name": "Niamh", "email_addresses": ["a@example.org"], "no_value": null,
                "href": "https://api.example.org/members/1",
                "links": {"team": "/t/1", "phone": ["/p/1", "/p/2"]}
            }),
            json!({"href": "mine"})
        ],
        "by name; a name of the item's own wins"
    );
    assert_eq!(facts.not_records, 1, "an item without data is no record");
    assert_eq!(facts.total, Some(3), "facts too");
    assert_eq!(
        read(
            CollectionJson,
            "",
            r#"{"collection":{"error":{"title":"no"}}}"#
        ),
        Err(Finding::NoListAtPath),
        "an error document"
    );
}
