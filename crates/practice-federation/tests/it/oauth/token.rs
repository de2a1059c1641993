use std::time::{Duration, Instant};

use practice_federation::{PracticeOptions, start};
use serde_json::Value;

use super::{
    OFFICE_SECRET, Pairs, REDIRECT, VERIFIER, assert_error, code, exchange, form, opens, post,
    refresh, signed_in, text, worker,
};
use crate::support::{client, practice};

#[tokio::test]
async fn a_code_becomes_tokens() {
    let practice = practice().await;
    let answer = exchange(&practice, &code(&practice, &[]), &[]).await;
    assert_eq!(answer.status(), 200, "a right exchange");
    assert_eq!(
        answer.headers()["cache-control"],
        "no-store",
        "nobody keeps a copy of tokens"
    );
    let body: Value = answer.json().await.unwrap();
    assert_eq!(body["token_type"], "Bearer", "the type");
    assert_eq!(body["expires_in"], 3600, "the usual lifetime");
    assert_eq!(
        opens(&practice, text(&body, "access_token"), "/v1/members").await,
        200,
        "the access token opens the members"
    );
    let again = refresh(&practice, text(&body, "refresh_token")).await;
    assert_eq!(again.status(), 200, "the refresh token gives new ones");
    let counts = practice.oauth_counts();
    assert_eq!(
        (counts.token_requests, counts.exchanges, counts.refreshes),
        (2, 1, 1),
        "all was counted"
    );
    assert_eq!(
        (
            practice.token_requests(),
            practice.exchanges(),
            practice.refreshes()
        ),
        (2, 1, 1),
        "each count has a name of its own too"
    );
}

#[tokio::test]
async fn what_does_not_match_the_code_is_refused_and_burns_it() {
    let practice = practice().await;
    let office: Pairs<'_> = &[
        ("client_id", "practice-office"),
        ("client_secret", OFFICE_SECRET),
    ];
    let cases: &[(Pairs<'_>, &str)] = &[
        (
            &[(
                "code_verifier",
                "wrong-wrong-wrong-wrong-wrong-wrong-wrong-wrong",
            )],
            "another verifier",
        ),
        (&[("code_verifier", "short")], "a verifier too short"),
        (
            &[("redirect_uri", "http://127.0.0.1:4711/back")],
            "another redirect address",
        ),
        (office, "another client"),
    ];
    for (changes, why) in cases {
        let code = code(&practice, &[]);
        let answer = exchange(&practice, &code, changes).await;
        assert_error(answer, 400, "invalid_grant", why).await;
        let right = exchange(&practice, &code, &[]).await;
        assert_error(right, 400, "invalid_grant", "the code is burnt").await;
    }
    let unknown = exchange(&practice, "made-up", &[]).await;
    assert_error(unknown, 400, "invalid_grant", "a code nobody gave").await;
    assert_eq!(practice.exchanges(), 0, "nothing was given for any of it");
}

#[tokio::test]
async fn a_code_that_comes_twice_ends_its_tokens() {
    let practice = practice().await;
    let code = code(&practice, &[]);
    let first: Value = exchange(&practice, &code, &[]).await.json().await.unwrap();
    let other = signed_in(&practice).await;
    let second = exchange(&practice, &code, &[]).await;
    assert_error(second, 400, "invalid_grant", "the second use").await;
    assert_eq!(
        opens(&practice, text(&first, "access_token"), "/v1/me").await,
        401,
        "what the first use gave has ended"
    );
    let answer = refresh(&practice, text(&first, "refresh_token")).await;
    assert_error(answer, 400, "invalid_grant", "with its refresh token").await;
    assert_eq!(
        opens(&practice, text(&other, "access_token"), "/v1/me").await,
        200,
        "another sign-in goes on"
    );
}

#[tokio::test]
async fn requests_that_break_the_rules_are_told_so() {
    let practice = practice().await;
    let cases: &[(Pairs<'_>, &str, &str)] = &[
        (&[("grant_type", "")], "invalid_request", "no grant type"),
        (
            &[("grant_type", "password")],
            "unsupported_grant_type",
            "a grant of the past",
        ),
        (&[("code", "")], "invalid_request", "no code"),
        (&[("code_verifier", "")], "invalid_request", "no verifier"),
        (&[("redirect_uri", "")], "invalid_request", "no address"),
        (&[("scope", "everything")], "invalid_scope", "no such scope"),
        (
            &[("grant_type", "refresh_token")],
            "invalid_request",
            "no refresh token",
        ),
    ];
    let code = code(&practice, &[]);
    for (changes, error, why) in cases {
        let answer = exchange(&practice, &code, changes).await;
        assert_error(answer, 400, error, why).await;
    }
    let twice = client()
        .post(format!("{}/oauth/token", practice.base_url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(format!(
            "grant_type=authorization_code&client_id=practice-app&code={code}\
             &redirect_uri={REDIRECT}&code_verifier={VERIFIER}&code={code}"
        ));
    let answer = twice.send().await.unwrap();
    assert_error(answer, 400, "invalid_request", "a parameter twice").await;
    let json = client()
        .post(format!("{}/oauth/token", practice.base_url()))
        .json(&serde_json::json!({ "grant_type": "client_credentials" }));
    let answer = json.send().await.unwrap();
    assert_error(answer, 400, "invalid_request", "JSON is no form").await;
    assert_eq!(
        exchange(&practice, &code, &[]).await.status(),
        200,
        "none of it has touched the code"
    );
}

#[tokio::test]
async fn refresh_tokens_change_and_a_second_use_ends_the_family() {
    let practice = practice().await;
    let first = signed_in(&practice).await;
    let other = signed_in(&practice).await;
    let old = text(&first, "refresh_token");
    let second: Value = refresh(&practice, old).await.json().await.unwrap();
    let new = text(&second, "refresh_token");
    assert_ne!(new, old, "each use gives another");
    assert_eq!(
        opens(&practice, text(&first, "access_token"), "/v1/me").await,
        200,
        "the older access token lives on"
    );
    assert_eq!(practice.refresh_reuses(), 0, "nothing was used twice yet");
    let answer = refresh(&practice, old).await;
    assert_error(answer, 400, "invalid_grant", "the old one again").await;
    assert_eq!(practice.refresh_reuses(), 1, "was noticed");
    let answer = refresh(&practice, new).await;
    assert_error(answer, 400, "invalid_grant", "the new one has ended too").await;
    for body in [&first, &second] {
        assert_eq!(
            opens(&practice, text(body, "access_token"), "/v1/me").await,
            401,
            "and all access tokens with it"
        );
    }
    let answer = refresh(&practice, text(&other, "refresh_token")).await;
    assert_eq!(answer.status(), 200, "another sign-in goes on");
    assert_eq!(practice.refreshes(), 2, "only what was given is counted");
}

#[tokio::test]
async fn a_refresh_may_ask_for_less_and_not_for_more() {
    let practice = practice().await;
    let code = code(&practice, &[("scope", "clubs.read offline_access")]);
    let tokens: Value = exchange(&practice, &code, &[]).await.json().await.unwrap();
    let ask = async |token: &str, scope: &str| {
        let pairs = [
            ("grant_type", "refresh_token"),
            ("client_id", "practice-app"),
            ("refresh_token", token),
            ("scope", scope),
        ];
        post(&practice, "/oauth/token", &pairs).await
    };
    let token = text(&tokens, "refresh_token");
    let answer = ask(token, "members.read").await;
    assert_error(answer, 400, "invalid_scope", "more than was granted").await;
    let less: Value = ask(token, "offline_access").await.json().await.unwrap();
    assert_eq!(less["scope"], "offline_access", "less is given");
    assert_eq!(
        opens(&practice, text(&less, "access_token"), "/v1/clubs").await,
        403,
        "and is less"
    );
    let whole = refresh(&practice, text(&less, "refresh_token")).await;
    let whole: Value = whole.json().await.unwrap();
    assert_eq!(
        whole["scope"], "clubs.read offline_access",
        "the refresh token still opens all of it"
    );
    let stolen = form(
        &practice,
        "/oauth/token",
        &[
            ("grant_type", "refresh_token"),
            ("refresh_token", text(&whole, "refresh_token")),
        ],
    )
    .basic_auth("practice-office", Some(OFFICE_SECRET));
    let answer = stolen.send().await.unwrap();
    assert_error(answer, 400, "invalid_grant", "another client's token").await;
}

#[tokio::test]
async fn a_worker_gets_no_refresh_token() {
    let practice = practice().await;
    let body: Value = worker(&practice, "").await.json().await.unwrap();
    assert_eq!(
        body["scope"], "members.read clubs.read",
        "what there is to read"
    );
    assert_eq!(body.get("refresh_token"), None, "the secret is enough");
    let body: Value = worker(&practice, "clubs.read").await.json().await.unwrap();
    assert_eq!(body["scope"], "clubs.read", "or what was asked for");
    let answer = worker(&practice, "members.write").await;
    assert_error(answer, 400, "invalid_scope", "no such scope").await;
}

#[tokio::test]
async fn access_tokens_live_as_long_as_they_say() {
    let practice = start(PracticeOptions {
        access_token_lifetime: 1,
        ..PracticeOptions::default()
    })
    .await
    .unwrap();
    let tokens = signed_in(&practice).await;
    assert_eq!(tokens["expires_in"], 1, "the lifetime that was set");
    let token = text(&tokens, "access_token");
    assert_eq!(opens(&practice, token, "/v1/me").await, 200, "it lives");
    let before = Instant::now();
    while opens(&practice, token, "/v1/me").await == 200 {
        assert!(
            before.elapsed() < Duration::from_secs(10),
            "a second is over by now"
        );
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    practice.set_access_token_lifetime(0);
    let tokens = signed_in(&practice).await;
    assert_eq!(tokens["expires_in"], 0, "the lifetime is set anew");
    assert_eq!(
        opens(&practice, text(&tokens, "access_token"), "/v1/me").await,
        401,
        "and none is none"
    );
    practice.set_access_token_lifetime(3600);
    let tokens = signed_in(&practice).await;
    assert_eq!(
        opens(&practice, text(&tokens, "access_token"), "/v1/me").await,
        200,
        "an hour is not over"
    );
}
