use serde_json::{Value, json};

use crate::support::{client, get, practice};

#[tokio::test]
async fn each_error_has_its_shape() {
    let practice = practice().await;
    // (name, status, content type, pointer, value)
    let cases = [
        (
            "problem",
            403,
            "application/problem+json",
            "/title",
            json!("Out of season"),
        ),
        (
            "problem?status=429",
            429,
            "application/problem+json",
            "/status",
            json!(403),
        ),
        (
            "json_api",
            422,
            "application/vnd.api+json",
            "/errors/0/code",
            json!("unprocessable_entity"),
        ),
        (
            "oauth",
            400,
            "application/json",
            "/error",
            json!("invalid_grant"),
        ),
        (
            "oauth/v1/members?status=401",
            401,
            "application/json",
            "/error",
            json!("invalid_grant"),
        ),
        ("nif_1018", 401, "application/json", "/code", json!(1018)),
        (
            "graphql_200",
            200,
            "application/json",
            "/errors/0/extensions/code",
            json!("UNAUTHORIZED"),
        ),
        (
            "too_many_none",
            429,
            "application/json",
            "/message",
            json!("Too many requests"),
        ),
        (
            "gzip_json",
            400,
            "application/json",
            "/error",
            json!("invalid_grant"),
        ),
    ];
    for (name, status, kind, pointer, value) in cases {
        let answer = get(&practice, &format!("/errors/{name}")).await;
        assert_eq!(answer.status(), status, "{name}: the status");
        assert_eq!(answer.headers()["content-type"], kind, "{name}: the kind");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body.pointer(pointer), Some(&value), "{name}: {body}");
    }
    assert_eq!(
        get(&practice, "/errors/other").await.status(),
        404,
        "there are no others"
    );
    let posted = client()
        .post(format!("{}/errors/oauth", practice.base_url()))
        .send()
        .await;
    assert_eq!(posted.unwrap().status(), 400, "every method gets it");
}

#[tokio::test]
async fn waits_are_said_in_three_ways() {
    let practice = practice().await;
    for (target, wait, why) in [
        ("too_many_seconds", Some("7"), "seconds"),
        ("too_many_seconds?seconds=0", Some("0"), "other seconds"),
        (
            "too_many_date",
            Some("Wed, 21 Oct 2037 07:28:00 GMT"),
            "a date",
        ),
        (
            "too_many_date?date=Sun%2C%2006%20Nov%201994%2008%3A49%3A37%20GMT",
            Some("Sun, 06 Nov 1994 08:49:37 GMT"),
            "another date",
        ),
        ("too_many_none", None, "not at all"),
    ] {
        let answer = get(&practice, &format!("/errors/{target}")).await;
        assert_eq!(answer.status(), 429, "{target}: too many");
        let found = answer
            .headers()
            .get("retry-after")
            .map(|it| it.to_str().unwrap());
        assert_eq!(found, wait, "{target}: {why}");
    }
}

#[tokio::test]
async fn bodies_that_are_no_json_are_wrong_in_their_own_ways() {
    let practice = practice().await;
    let page = get(&practice, "/errors/login_page").await;
    assert_eq!(page.status(), 200, "a sign-in page claims success");
    assert!(
        page.text().await.unwrap().contains("<form"),
        "and is for people"
    );
    let empty = get(&practice, "/errors/empty_204").await;
    assert_eq!(empty.status(), 204, "no content");
    assert!(empty.bytes().await.unwrap().is_empty(), "none at all");
    let truncated = get(&practice, "/errors/truncated_json").await;
    assert_eq!(truncated.status(), 500, "a server that broke down");
    let error = serde_json::from_slice::<Value>(&truncated.bytes().await.unwrap()).unwrap_err();
    assert!(error.is_eof(), "in the middle of its sentence");
    let xml = get(&practice, "/errors/latin1_xml").await;
    assert_eq!(
        xml.headers()["content-type"],
        "application/xml; charset=utf-8",
        "it says UTF-8"
    );
    let xml = xml.bytes().await.unwrap();
    assert!(
        xml.windows(4).any(|four| four == b"Requ"),
        "it has a sentence"
    );
    assert!(std::str::from_utf8(&xml).is_err(), "in ISO-8859-1");
    let marked = get(&practice, "/errors/bom_json")
        .await
        .bytes()
        .await
        .unwrap();
    let rest: Value = serde_json::from_slice(&marked[3..]).expect("JSON behind the mark");
    assert_eq!(
        (&marked[..3], &rest["error"]),
        (&b"\xEF\xBB\xBF"[..], &json!("invalid_grant")),
        "a mark and an error"
    );
}
