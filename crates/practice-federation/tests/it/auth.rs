use practice_federation::{PracticeCredentials, PracticeOptions, start};
use serde_json::Value;

use crate::support::{client, practice};

/// How a case sends its credentials.
enum Send {
    Nothing,
    Headers(&'static [(&'static str, &'static str)]),
    Query(&'static str),
    Basic(&'static str, &'static str),
}
use Send::{Basic, Headers, Nothing, Query};

const ONE: &str = "practice-key-one-opens-invented-data";
const SUBSCRIPTION: &str = "practice-subscription-opens-invented-data";

#[tokio::test]
async fn each_style_takes_its_own_credentials_and_no_others() {
    let practice = practice().await;
    let bearer = &[(
        "authorization",
        "Bearer practice-key-one-opens-invented-data",
    )];
    let prefixed = &[(
        "authorization",
        "API-Key practice-key-one-opens-invented-data",
    )];
    let cases: &[(&str, Send, u16, &str)] = &[
        ("key", Headers(&[("x-api-key", ONE)]), 200, "the right key"),
        (
            "key",
            Headers(&[("X-API-KEY", "practice-key-two-opens-invented-data")]),
            200,
            "key two",
        ),
        (
            "key",
            Headers(&[("x-api-key", "wrong")]),
            401,
            "a wrong key",
        ),
        ("key", Headers(&[("x-api-key", "")]), 401, "an empty key"),
        ("key", Nothing, 401, "no key"),
        ("key", Headers(bearer), 401, "the key in another header"),
        ("key", Query(ONE), 401, "the key in the query"),
        ("bearer", Headers(bearer), 200, "the right key"),
        (
            "bearer",
            Headers(&[(
                "authorization",
                "bearer practice-key-two-opens-invented-data",
            )]),
            200,
            "key two; the scheme's letter case is free",
        ),
        (
            "bearer",
            Headers(&[("authorization", "Bearer wrong")]),
            401,
            "a wrong key",
        ),
        (
            "bearer",
            Headers(&[("authorization", ONE)]),
            401,
            "no scheme",
        ),
        ("bearer", Headers(prefixed), 401, "another scheme"),
        ("bearer", Nothing, 401, "nothing"),
        ("prefixed", Headers(prefixed), 200, "the right key"),
        ("prefixed", Headers(bearer), 401, "another scheme"),
        (
            "prefixed",
            Headers(&[("authorization", "API-Key wrong")]),
            401,
            "a wrong key",
        ),
        ("prefixed", Nothing, 401, "nothing"),
        ("query", Query(ONE), 200, "the right key"),
        ("query", Query("wrong"), 401, "a wrong key"),
        (
            "query",
            Headers(&[("x-api-key", ONE)]),
            401,
            "the key in a header",
        ),
        ("query", Nothing, 401, "nothing"),
        (
            "headers",
            Headers(&[("x-api-key", ONE), ("x-subscription-key", SUBSCRIPTION)]),
            200,
            "both headers right",
        ),
        (
            "headers",
            Headers(&[("x-api-key", ONE)]),
            401,
            "the second header missing",
        ),
        (
            "headers",
            Headers(&[("x-subscription-key", SUBSCRIPTION)]),
            401,
            "the first missing",
        ),
        (
            "headers",
            Headers(&[("x-api-key", ONE), ("x-subscription-key", "wrong")]),
            401,
            "the second header wrong",
        ),
        (
            "headers",
            Headers(&[("x-api-key", "wrong"), ("x-subscription-key", SUBSCRIPTION)]),
            401,
            "the first header wrong",
        ),
        (
            "basic",
            Basic("practice", "invented-members-only"),
            200,
            "the right pair",
        ),
        ("basic", Basic("practice", "wrong"), 401, "a wrong password"),
        (
            "basic",
            Basic("wrong", "invented-members-only"),
            401,
            "a wrong user name",
        ),
        (
            "basic",
            Headers(&[("authorization", "Basic ***")]),
            401,
            "not Base64",
        ),
        (
            "basic",
            Headers(&[("authorization", "Basic cHJhY3RpY2U=")]),
            401,
            "no colon in it",
        ),
        ("basic", Nothing, 401, "nothing"),
        ("open", Nothing, 200, "nothing is needed"),
        (
            "open",
            Headers(&[("x-api-key", "wrong")]),
            200,
            "nothing is looked at",
        ),
        (
            "other",
            Headers(&[("x-api-key", ONE)]),
            404,
            "there is no such style",
        ),
    ];
    for (style, send, expected, why) in cases {
        let mut request = client().get(format!("{}/{style}/v1/me", practice.base_url()));
        match send {
            Nothing => {}
            Headers(headers) => {
                for (name, value) in *headers {
                    request = request.header(*name, *value);
                }
            }
            Query(key) => request = request.query(&[("api_token", key)]),
            Basic(username, password) => request = request.basic_auth(username, Some(password)),
        }
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), *expected, "/{style}: {why}");
        let kind = answer.headers()["content-type"]
            .to_str()
            .unwrap()
            .to_owned();
        let challenged = answer.headers().contains_key("www-authenticate");
        let body: Value = answer.json().await.unwrap();
        if *expected == 200 {
            assert_eq!(kind, "application/json", "/{style}: answers are JSON");
            assert_eq!(
                body["data"]["authentication"], *style,
                "/{style}: says how it was told"
            );
        } else {
            assert_eq!(
                kind, "application/problem+json",
                "/{style}: errors follow RFC 9457"
            );
            assert_eq!(
                body["status"], *expected,
                "/{style}: the document repeats the status"
            );
            assert_eq!(
                challenged,
                *expected == 401,
                "/{style}: RFC 9110 wants a challenge on 401"
            );
        }
    }
}

#[tokio::test]
async fn me_names_the_credential_and_never_repeats_it() {
    let practice = practice().await;
    for (key, name) in [
        (practice.api_key(), "API key"),
        (&practice.credentials().second_api_key, "second API key"),
    ] {
        let me = client().get(format!(
            "{}/query/v1/me?api_token={key}",
            practice.base_url()
        ));
        let text = me.send().await.unwrap().text().await.unwrap();
        let body: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(
            body["data"]["credential"], name,
            "a change of keys can be watched"
        );
        assert!(
            !text.contains(key),
            "an answer that repeats the key would leak it into records"
        );
    }
}

#[tokio::test]
async fn credentials_can_be_replaced_by_any_text() {
    let credentials = PracticeCredentials {
        api_key: "canary+/=&%41 é".to_owned(),
        username: "Róisín".to_owned(),
        password: "a:b: ç".to_owned(),
        ..PracticeCredentials::default()
    };
    let options = PracticeOptions {
        credentials: credentials.clone(),
        ..Default::default()
    };
    assert!(
        !format!("{options:?}").contains("canary"),
        "options may be printed, keys may not"
    );
    let practice = start(options).await.unwrap();
    let base = practice.base_url();
    let header = reqwest::header::HeaderValue::from_bytes(credentials.api_key.as_bytes()).unwrap();
    let requests = [
        client()
            .get(format!("{base}/key/v1/me"))
            .header("x-api-key", header),
        client()
            .get(format!("{base}/query/v1/me"))
            .query(&[("api_token", practice.api_key())]),
        client()
            .get(format!("{base}/basic/v1/me"))
            .basic_auth(practice.username(), Some(practice.password())),
    ];
    for request in requests {
        assert_eq!(
            request.send().await.unwrap().status(),
            200,
            "the replaced credentials work"
        );
    }
    let old = client()
        .get(format!("{base}/key/v1/me"))
        .header("x-api-key", ONE);
    assert_eq!(
        old.send().await.unwrap().status(),
        401,
        "the replaced key no longer works"
    );
}
