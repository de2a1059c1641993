use practice_federation::{Practice, PracticeOptions, clubs, start};
use serde_json::{Value, json};

use crate::support::{get, json, practice};

async fn with_members(members: usize) -> Practice {
    start(PracticeOptions {
        members,
        ..Default::default()
    })
    .await
    .unwrap()
}

#[tokio::test]
async fn the_envelope_says_where_it_stands() {
    let practice = with_members(45).await;
    let to = |page: usize, size: usize| {
        let base = practice.base_url();
        json!({ "href": format!("{base}/open/v1/members?page={page}&size={size}") })
    };
    // (query, [page, size, records, pages, last page], [previous, next], why)
    let cases = [
        (
            "",
            [0, 20, 20, 3, 2],
            [None, Some(1)],
            "page 0 of 20 is what one gets unasked",
        ),
        (
            "?page=1",
            [1, 20, 20, 3, 2],
            [Some(0), Some(2)],
            "in the middle both links are there",
        ),
        (
            "?page=2",
            [2, 20, 5, 3, 2],
            [Some(1), None],
            "the last page is short, without next",
        ),
        (
            "?page=3",
            [3, 20, 0, 3, 2],
            [Some(2), None],
            "after the end: empty, back to the last",
        ),
        (
            "?page=90",
            [90, 20, 0, 3, 2],
            [Some(2), None],
            "far after it: back to the last",
        ),
        (
            "?size=15&page=2",
            [2, 15, 15, 3, 2],
            [Some(1), None],
            "a full last page has no next",
        ),
        (
            "?size=45",
            [0, 45, 45, 1, 0],
            [None, None],
            "all on one page",
        ),
        (
            "?size=200",
            [0, 200, 45, 1, 0],
            [None, None],
            "the largest size",
        ),
        (
            "?size=1&page=44",
            [44, 1, 1, 45, 44],
            [Some(43), None],
            "the smallest size",
        ),
        (
            "?size=200&page=4294967295",
            [4_294_967_295, 200, 0, 1, 0],
            [Some(0), None],
            "the largest page does not overflow",
        ),
    ];
    for (query, [page, size, records, pages, last], [previous, next], why) in cases {
        let body = json(&practice, &format!("/open/v1/members{query}")).await;
        assert_eq!(
            body["data"].as_array().unwrap().len(),
            records,
            "{query}: {why}"
        );
        assert_eq!(
            body["page"],
            json!({ "page": page, "size": size, "totalPages": pages, "totalElements": 45 }),
            "{query}: {why}"
        );
        let mut links = json!({ "self": to(page, size), "first": to(0, size) });
        links["last"] = to(last, size);
        if let Some(previous) = previous {
            links["prev"] = to(previous, size);
        }
        if let Some(next) = next {
            links["next"] = to(next, size);
        }
        assert_eq!(body["links"], links, "{query}: {why}");
    }
}

#[tokio::test]
async fn following_next_gives_every_member_once() {
    let practice = practice().await;
    let mut target = "/open/v1/members?size=50".to_owned();
    let mut ids = Vec::new();
    loop {
        let body = json(&practice, &target).await;
        ids.extend(
            body["data"]
                .as_array()
                .unwrap()
                .iter()
                .map(|member| member["id"].clone()),
        );
        match body["links"]["next"]["href"].as_str() {
            Some(next) => target = next.strip_prefix(&practice.base_url()).unwrap().to_owned(),
            None => break,
        }
    }
    let expected: Vec<Value> = practice
        .members()
        .iter()
        .map(|member| json!(member.id))
        .collect();
    assert_eq!(ids, expected, "the pages joined are the list, in its order");
}

#[tokio::test]
async fn bare_lists_hold_what_envelopes_hold() {
    let practice = practice().await;
    for (envelope, bare) in [
        ("/open/v1/members", "/open/v1/plain/members"),
        (
            "/open/v1/clubs/club-1002/members",
            "/open/v1/plain/clubs/club-1002/members",
        ),
    ] {
        for query in ["", "?page=1&size=7", "?page=999"] {
            let body = json(&practice, &format!("{envelope}{query}")).await;
            let twin = json(&practice, &format!("{bare}{query}")).await;
            assert_eq!(
                twin, body["data"],
                "{bare}{query} is the same list without its envelope"
            );
        }
    }
}

#[tokio::test]
async fn clubs_divide_the_members_among_them() {
    let practice = practice().await;
    let listed = json(&practice, "/open/v1/clubs").await;
    let ids: Vec<&str> = listed["data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|it| it["id"].as_str().unwrap())
        .collect();
    let known: Vec<&str> = clubs().iter().map(|club| club.id).collect();
    assert_eq!(ids, known, "the API lists the clubs the library knows");
    assert_eq!(
        listed["data"][1],
        json!({ "id": "club-1002", "name": "Kilsample Rovers", "county": "Cork" }),
        "a club is its id, name and county, nothing internal"
    );
    let alone = json(&practice, "/open/v1/clubs/club-1002").await;
    assert_eq!(
        alone["data"], listed["data"][1],
        "alone and in the list a club is the same"
    );
    let mut sum = 0;
    for id in ids {
        let body = json(&practice, &format!("/open/v1/clubs/{id}/members?size=200")).await;
        let members = body["data"].as_array().unwrap();
        assert!(
            members.iter().all(|member| member["clubId"] == id),
            "{id}: its own members only"
        );
        assert!(!members.is_empty(), "{id}: every club has someone to show");
        sum += body["page"]["totalElements"].as_u64().unwrap();
    }
    assert_eq!(sum, 412, "every member is in one club");
}

#[tokio::test]
async fn a_member_is_found_by_id() {
    let practice = practice().await;
    let body = json(&practice, "/open/v1/members/PF-000007").await;
    let list = json(&practice, "/open/v1/members?size=1&page=6").await;
    assert_eq!(
        body["data"], list["data"][0],
        "alone and in the list a member is the same"
    );
    let mut fields: Vec<&str> = body["data"]
        .as_object()
        .unwrap()
        .keys()
        .map(String::as_str)
        .collect();
    fields.sort_unstable();
    assert_eq!(
        fields,
        [
            "address1",
            "clubId",
            "county",
            "dateOfBirth",
            "email",
            "firstName",
            "gender",
            "id",
            "irishFirstName",
            "irishLastName",
            "joinedOn",
            "lastName",
            "membershipType",
            "mobile",
            "postcode",
            "status",
            "town",
        ],
        "these are the documented fields, present even where they are null"
    );
}

#[tokio::test]
async fn what_is_wrong_gets_a_problem_document() {
    let practice = practice().await;
    let cases = [
        (
            "/open/v1/members?page=-1",
            400,
            "there is no page before the first",
        ),
        ("/open/v1/members?page=one", 400, "a page is a number"),
        ("/open/v1/members?page=", 400, "an empty page is no page"),
        (
            "/open/v1/members?page=4294967296",
            400,
            "a page has a limit",
        ),
        ("/open/v1/members?size=0", 400, "pages of nothing never end"),
        ("/open/v1/members?size=201", 400, "200 is the most"),
        (
            "/open/v1/members?size=1.5",
            400,
            "half a member does not exist",
        ),
        ("/open/v1/clubs?size=0", 400, "clubs are paged too"),
        (
            "/open/v1/plain/members?page=x",
            400,
            "bare lists are as strict",
        ),
        ("/open/v1/clubs/club-9", 404, "an unknown club"),
        ("/open/v1/clubs/club-9/members", 404, "and its members"),
        (
            "/open/v1/plain/clubs/club-9/members",
            404,
            "an unknown club",
        ),
        ("/open/v1/members/PF-999999", 404, "an unknown member"),
        ("/open/v2/members", 404, "an unknown path"),
        (
            "/key/v1/members?page=x",
            401,
            "credentials come before the query",
        ),
    ];
    for (target, status, why) in cases {
        let answer = get(&practice, target).await;
        assert_eq!(answer.status(), status, "{target}: {why}");
        assert_eq!(
            answer.headers()["content-type"],
            "application/problem+json",
            "{target}"
        );
        let body: Value = answer.json().await.unwrap();
        assert_eq!(
            body["status"], status,
            "{target}: the document repeats the status"
        );
        assert!(
            body["detail"].as_str().unwrap().ends_with('.'),
            "{target}: a sentence"
        );
    }
}

#[tokio::test]
async fn links_never_repeat_the_key() {
    let practice = practice().await;
    let key = practice.api_key();
    let target = format!("/query/v1/members?api_token={key}&page=1");
    let text = get(&practice, &target).await.text().await.unwrap();
    assert!(
        text.contains("/query/v1/members?page=2&size=20"),
        "the next page is linked"
    );
    assert!(
        !text.contains(key),
        "a link with the key in it would end in logs"
    );
}

#[tokio::test]
async fn a_federation_without_members_is_empty_not_broken() {
    let practice = with_members(0).await;
    let body = json(&practice, "/open/v1/members").await;
    assert_eq!(body["data"], json!([]), "there is nobody to list");
    assert_eq!(body["page"]["totalPages"], 0, "nothing fills no page");
    assert_eq!(body["links"]["next"], Value::Null, "and nothing follows it");
}
