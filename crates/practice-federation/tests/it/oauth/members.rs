//! The members API behind `/oauth2`.

use serde_json::Value;

use super::{opens, signed_in, text, worker};
use crate::support::{client, get, practice};

#[tokio::test]
async fn only_a_living_access_token_opens_the_api() {
    let practice = practice().await;
    let tokens = signed_in(&practice).await;
    let access = text(&tokens, "access_token");
    let none = get(&practice, "/oauth2/v1/me").await;
    assert_eq!(none.status(), 401, "nothing opens nothing");
    assert_eq!(
        none.headers()["www-authenticate"],
        "Bearer realm=\"practice\"",
        "and learns no error code (RFC 6750, 3.1)"
    );
    practice.expire_access_tokens();
    let lived = access.to_owned();
    for (token, why) in [
        (lived.as_str(), "an expired token"),
        ("made-up", "an unknown token"),
        (text(&tokens, "refresh_token"), "a refresh token"),
        (practice.api_key(), "an API key"),
    ] {
        let request = client().get(format!("{}/oauth2/v1/me", practice.base_url()));
        let answer = request.bearer_auth(token).send().await.unwrap();
        assert_eq!(answer.status(), 401, "{why}");
        let challenge = answer.headers()["www-authenticate"].to_str().unwrap();
        assert!(
            challenge.starts_with("Bearer ") && challenge.contains("error=\"invalid_token\""),
            "{why}: {challenge}"
        );
    }
}

#[tokio::test]
async fn scopes_limit_what_a_token_opens() {
    let practice = practice().await;
    for (scope, members, clubs) in [
        ("members.read clubs.read", 200, 200),
        ("members.read", 200, 403),
        ("clubs.read", 403, 200),
    ] {
        let tokens: Value = worker(&practice, scope).await.json().await.unwrap();
        let token = text(&tokens, "access_token");
        for (path, status) in [
            ("/v1/me", 200),
            ("/v1/clubs", clubs),
            ("/v1/clubs/club-1001", clubs),
            ("/v1/members", members),
            ("/v1/members/PF-000001", members),
            ("/v1/clubs/club-1001/members", members),
            ("/v1/plain/members", members),
            ("/v1/plain/clubs/club-1001/members", members),
        ] {
            assert_eq!(
                opens(&practice, token, path).await,
                status,
                "{scope}: {path}"
            );
        }
        let me = client().get(format!("{}/oauth2/v1/me", practice.base_url()));
        let me: Value = me
            .bearer_auth(token)
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap();
        let rights: Vec<&str> = scope.split(' ').collect();
        assert_eq!(
            me["data"]["rights"],
            serde_json::json!(rights),
            "{scope}: and one can ask"
        );
    }
    let tokens: Value = worker(&practice, "clubs.read").await.json().await.unwrap();
    let request = client().get(format!("{}/oauth2/v1/members", practice.base_url()));
    let answer = request.bearer_auth(text(&tokens, "access_token"));
    let answer = answer.send().await.unwrap();
    assert_eq!(
        answer.headers()["www-authenticate"],
        "Bearer realm=\"practice\", error=\"insufficient_scope\", scope=\"members.read\"",
        "the answer names what is missing"
    );
}
