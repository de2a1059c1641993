use super::{OFFICE_SECRET, assert_error, opens, post, refresh, signed_in, text};
use crate::support::practice;

#[tokio::test]
async fn tokens_are_revoked_and_refresh_tokens_with_their_family() {
    let practice = practice().await;
    let tokens = signed_in(&practice).await;
    let (access, refresh_token) = (
        text(&tokens, "access_token"),
        text(&tokens, "refresh_token"),
    );
    let revoke = async |token: &str| {
        let pairs = [("client_id", "practice-app"), ("token", token)];
        post(&practice, "/oauth/revoke", &pairs).await
    };
    assert_eq!(revoke(access).await.status(), 200, "an access token");
    assert_eq!(
        opens(&practice, access, "/v1/me").await,
        401,
        "dies at once"
    );
    let answer = refresh(&practice, refresh_token).await;
    assert_eq!(answer.status(), 200, "and alone");
    let new: serde_json::Value = answer.json().await.unwrap();
    let answer = revoke(text(&new, "refresh_token")).await;
    assert_eq!(answer.status(), 200, "a refresh token");
    assert_eq!(
        opens(&practice, text(&new, "access_token"), "/v1/me").await,
        401,
        "takes its access tokens along"
    );
    let answer = refresh(&practice, text(&new, "refresh_token")).await;
    assert_error(answer, 400, "invalid_grant", "and is gone itself").await;
    assert_eq!(
        revoke("made-up").await.status(),
        200,
        "an unknown token is as good as revoked"
    );
    assert_eq!(practice.revocations(), 3, "each request was counted");
}

#[tokio::test]
async fn only_its_own_client_revokes_a_token() {
    let practice = practice().await;
    let tokens = signed_in(&practice).await;
    for name in ["access_token", "refresh_token"] {
        let pairs = [
            ("client_id", "practice-office"),
            ("client_secret", OFFICE_SECRET),
            ("token", text(&tokens, name)),
        ];
        let answer = post(&practice, "/oauth/revoke", &pairs).await;
        assert_eq!(answer.status(), 200, "{name}: nobody learns whose it is");
        assert_eq!(
            opens(&practice, text(&tokens, "access_token"), "/v1/me").await,
            200,
            "{name}: but it lives on"
        );
    }
    let nobody = post(&practice, "/oauth/revoke", &[("token", "made-up")]).await;
    assert_error(nobody, 401, "invalid_client", "nobody asks").await;
    let nothing = post(&practice, "/oauth/revoke", &[("client_id", "practice-app")]).await;
    assert_error(nothing, 400, "invalid_request", "no token").await;
    assert_eq!(practice.revocations(), 2, "errors are not counted");
}

#[tokio::test]
async fn revocation_fails_on_demand() {
    let practice = practice().await;
    practice.set_fault("revoke=503,count=1".parse().unwrap());
    let tokens = signed_in(&practice).await;
    let token = text(&tokens, "access_token");
    let pairs = [("client_id", "practice-app"), ("token", token)];
    assert_eq!(
        post(&practice, "/oauth/revoke", &pairs).await.status(),
        503,
        "the fault hits revocation and nothing before it"
    );
    assert_eq!(
        opens(&practice, token, "/v1/me").await,
        200,
        "and revokes nothing"
    );
    assert_eq!(
        post(&practice, "/oauth/revoke", &pairs).await.status(),
        200,
        "once, as was asked"
    );
}
