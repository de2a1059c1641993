use reqwest::Method;
use serde_json::{Value, json};

use super::{assert_error, code, exchange, form, opens, refresh, signed_in, text};
use crate::support::{client, get, json, practice};

#[tokio::test]
async fn another_process_reads_the_counts() {
    let practice = practice().await;
    let tokens = signed_in(&practice).await;
    refresh(&practice, text(&tokens, "refresh_token")).await;
    let report = json(&practice, "/practice/oauth").await;
    assert_eq!(
        report,
        json!({
            "token_requests": 2,
            "exchanges": 1,
            "refreshes": 1,
            "refresh_reuses": 0,
            "revocations": 0,
            "device_polls": 0,
            "access_token_lifetime": 3600,
            "access_tokens": 2,
            "refresh_tokens": 1,
        }),
        "all that has happened, and what lives"
    );
}

#[tokio::test]
async fn another_process_ends_tokens() {
    let practice = practice().await;
    let change = async |body: Value| {
        let url = format!("{}/practice/oauth", practice.base_url());
        client().post(url).json(&body).send().await.unwrap()
    };
    let tokens = signed_in(&practice).await;
    let answer = change(json!({ "expire_access_tokens": true })).await;
    assert_eq!(answer.status(), 200, "done");
    let report: Value = answer.json().await.unwrap();
    assert_eq!(
        (&report["access_tokens"], &report["refresh_tokens"]),
        (&0.into(), &1.into()),
        "and told"
    );
    assert_eq!(
        opens(&practice, text(&tokens, "access_token"), "/v1/me").await,
        401,
        "the access token has ended"
    );
    let again = refresh(&practice, text(&tokens, "refresh_token")).await;
    let again: Value = again.json().await.unwrap();
    let open_code = code(&practice, &[]);
    change(json!({ "revoke_all_tokens": true })).await;
    assert_eq!(
        opens(&practice, text(&again, "access_token"), "/v1/me").await,
        401,
        "everything has ended"
    );
    let answer = refresh(&practice, text(&again, "refresh_token")).await;
    assert_error(answer, 400, "invalid_grant", "refresh tokens too").await;
    let answer = exchange(&practice, &open_code, &[]).await;
    assert_error(answer, 400, "invalid_grant", "and codes").await;
    change(json!({ "access_token_lifetime": 5 })).await;
    assert_eq!(
        signed_in(&practice).await["expires_in"],
        5,
        "new tokens live as long as was set"
    );
    for body in [
        json!({ "expire": true }),
        json!({ "access_token_lifetime": -1 }),
        json!({ "expire_access_tokens": "yes" }),
    ] {
        assert_eq!(
            change(body.clone()).await.status(),
            422,
            "{body} is not understood"
        );
    }
}

#[tokio::test]
async fn revoking_everything_from_the_handle_does_the_same() {
    let practice = practice().await;
    let tokens = signed_in(&practice).await;
    practice.revoke_all_tokens();
    let answer = refresh(&practice, text(&tokens, "refresh_token")).await;
    assert_error(answer, 400, "invalid_grant", "all has ended").await;
    assert_eq!(practice.refresh_reuses(), 0, "and nobody is suspected");
}

#[tokio::test]
async fn the_page_shows_oauth_and_its_buttons_work() {
    let practice = practice().await;
    let base = practice.base_url();
    let tokens = signed_in(&practice).await;
    let page = get(&practice, "/practice").await.text().await.unwrap();
    let credentials = practice.credentials();
    let wanted = [
        format!("{base}/.well-known/oauth-authorization-server"),
        format!("{base}/oauth/authorize"),
        format!("{base}/oauth/token"),
        format!("{base}/oauth/device/verify"),
        format!("{base}/oauth/two-step"),
        format!("{base}/oauth2<"),
        "com.playerarc.connectors:/oauth/NAME".to_owned(),
        credentials.client_id.clone(),
        credentials.office_client_secret.clone(),
        credentials.worker_client_secret.clone(),
        credentials.two_step_secret.clone(),
        "Access tokens that live: 1.".to_owned(),
        "name=\"expire_access_tokens\"".to_owned(),
        "name=\"revoke_all_tokens\"".to_owned(),
        "name=\"access_token_lifetime\" value=\"5\"".to_owned(),
        "value=\"token=narrow-scope\"".to_owned(),
        "value=\"authorize=wrong-state\"".to_owned(),
        "value=\"revoke=503\"".to_owned(),
    ];
    for part in wanted {
        assert!(page.contains(&part), "the page should show {part}");
    }
    let press = async |name: &str, value: &str| {
        form(&practice, "/practice/oauth/form", &[(name, value)])
            .header("origin", &base)
            .send()
            .await
            .unwrap()
            .status()
            .as_u16()
    };
    assert_eq!(press("access_token_lifetime", "60").await, 303, "back");
    assert_eq!(
        json(&practice, "/practice/oauth").await["access_token_lifetime"],
        60,
        "the lifetime is set"
    );
    assert_eq!(press("expire_access_tokens", "true").await, 303, "back");
    assert_eq!(
        opens(&practice, text(&tokens, "access_token"), "/v1/me").await,
        401,
        "access tokens have ended"
    );
    assert_eq!(press("revoke_all_tokens", "true").await, 303, "back");
    let answer = refresh(&practice, text(&tokens, "refresh_token")).await;
    assert_eq!(answer.status(), 400, "everything has ended");
    assert_eq!(press("something", "else").await, 400, "it is told so");
}

#[tokio::test]
async fn a_foreign_page_cannot_end_tokens() {
    let practice = practice().await;
    let tokens = signed_in(&practice).await;
    for path in ["/practice/oauth", "/practice/oauth/form"] {
        let request = client().request(Method::POST, format!("{}{path}", practice.base_url()));
        let answer = request
            .header("origin", "https://evil.example")
            .json(&json!({ "revoke_all_tokens": true }))
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 403, "{path}: every change is guarded");
    }
    assert_eq!(
        opens(&practice, text(&tokens, "access_token"), "/v1/me").await,
        200,
        "and nothing changed"
    );
}
