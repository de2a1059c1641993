use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use practice_federation::{Practice, PracticeOptions, start};
use reqwest::Response;
use ring::rand::SystemRandom;
use ring::signature::{KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use serde_json::{Value, json};

use super::{assert_error, opens, post, text};
use crate::support::practice;

/// A key made for these tests; it opens nothing.
const KEY: &[u8] = include_bytes!("worker_key.pk8");
/// Its public half as `SubjectPublicKeyInfo`.
pub(crate) const PUBLIC: &[u8] = include_bytes!("worker_key_public.der");
const NOW: i64 = 1_800_000_000;

fn key() -> RsaKeyPair {
    RsaKeyPair::from_pkcs8(KEY).expect("the key is whole")
}

fn signed(header: &Value, claims: &Value) -> String {
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(header), part(claims));
    let key = key();
    let mut signature = vec![0; key.public().modulus_len()];
    key.sign(
        &RSA_PKCS1_SHA256,
        &SystemRandom::new(),
        text.as_bytes(),
        &mut signature,
    )
    .expect("the key signs");
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}

/// An assertion of the worker for another address than the token endpoint of this crate.
pub(crate) fn for_audience(audience: &str) -> String {
    let claims = json!({
        "iss": "practice-worker",
        "sub": "practice-worker",
        "aud": audience,
        "exp": NOW + 300,
    });
    signed(&json!({ "alg": "RS256" }), &claims)
}

async fn knowing(public_key: &[u8]) -> Practice {
    start(PracticeOptions {
        worker_public_key: Some(public_key.to_vec()),
        unix_now: Some(|| NOW),
        ..PracticeOptions::default()
    })
    .await
    .unwrap()
}

async fn send(practice: &Practice, assertion: &str) -> Response {
    let pairs = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
        ("assertion", assertion),
    ];
    post(practice, "/oauth/token", &pairs).await
}

fn claims(practice: &Practice) -> Value {
    json!({
        "iss": "practice-worker",
        "sub": "practice-worker",
        "aud": format!("{}/oauth/token", practice.base_url()),
        "exp": NOW + 300,
    })
}

#[tokio::test]
async fn a_signed_assertion_becomes_a_token() {
    let rs256 = json!({ "alg": "RS256", "typ": "JWT" });
    let bare = key().public_key().as_ref().to_vec();
    for (public_key, why) in [(bare.as_slice(), "PKCS#1"), (PUBLIC, "SPKI")] {
        let practice = knowing(public_key).await;
        let answer = send(&practice, &signed(&rs256, &claims(&practice))).await;
        assert_eq!(answer.status(), 200, "{why}: the key is read");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(
            opens(&practice, text(&body, "access_token"), "/v1/members").await,
            200,
            "{why}: the token opens the members"
        );
        assert_eq!(body.get("refresh_token"), None, "{why}: and no more");
    }
}

#[tokio::test]
async fn every_claim_counts() {
    let practice = knowing(PUBLIC).await;
    let base = practice.base_url();
    let cases = [
        ("iss", json!("practice-app"), 400, "another issuer"),
        ("sub", json!("somebody"), 400, "another subject"),
        ("aud", json!("https://other.example"), 400, "another server"),
        ("aud", json!(base), 200, "the issuer's name"),
        (
            "aud",
            json!(["https://other.example", base]),
            200,
            "one of many",
        ),
        ("aud", json!(["https://other.example"]), 400, "none of many"),
        ("aud", Value::Null, 400, "no audience"),
        ("exp", json!(NOW), 400, "over just now"),
        ("exp", json!(NOW + 301), 400, "longer than five minutes"),
        ("exp", json!(NOW + 1), 200, "short is fine"),
        ("exp", json!("soon"), 400, "no number"),
        ("exp", Value::Null, 400, "no end"),
        ("jti", json!("one"), 200, "the first of this id"),
        ("jti", json!("one"), 400, "the second of this id"),
        ("jti", json!("two"), 200, "another id"),
    ];
    for (name, value, status, why) in cases {
        let mut claims = claims(&practice);
        claims[name] = value;
        let answer = send(&practice, &signed(&json!({ "alg": "RS256" }), &claims)).await;
        if status == 200 {
            assert_eq!(answer.status(), 200, "{name}: {why}");
        } else {
            assert_error(answer, 400, "invalid_grant", why).await;
        }
    }
}

#[tokio::test]
async fn nobody_forges_an_assertion() {
    let known = knowing(PUBLIC).await;
    let right = signed(&json!({ "alg": "RS256" }), &claims(&known));
    let (text, signature) = right.rsplit_once('.').unwrap();
    let other = signed(&json!({ "alg": "RS256" }), &json!({ "iss": "other" }));
    let (_, others_signature) = other.rsplit_once('.').unwrap();
    for (assertion, why) in [
        (
            format!("{text}.{others_signature}"),
            "another text's signature",
        ),
        (format!("{text}."), "no signature"),
        (text.to_owned(), "no third part"),
        (signature.to_owned(), "no text"),
        (
            signed(&json!({ "alg": "none" }), &claims(&known)),
            "an algorithm that is none",
        ),
        (
            signed(&json!({ "alg": "HS256" }), &claims(&known)),
            "an algorithm with a shared secret",
        ),
    ] {
        let answer = send(&known, &assertion).await;
        assert_error(answer, 400, "invalid_grant", why).await;
    }
    let missing = send(&known, "").await;
    assert_error(missing, 400, "invalid_request", "no assertion").await;
    let without = practice().await;
    let answer = send(&without, &right).await;
    assert_error(answer, 400, "unauthorized_client", "no key is known").await;
}

#[tokio::test]
async fn without_a_clock_any_end_will_do() {
    let practice = start(PracticeOptions {
        worker_public_key: Some(PUBLIC.to_vec()),
        ..PracticeOptions::default()
    })
    .await
    .unwrap();
    let mut claims = claims(&practice);
    claims["exp"] = json!(1);
    let rs256 = json!({ "alg": "RS256" });
    assert_eq!(
        send(&practice, &signed(&rs256, &claims)).await.status(),
        200,
        "nothing here knows what time it is"
    );
    claims["exp"] = Value::Null;
    let answer = send(&practice, &signed(&rs256, &claims)).await;
    assert_error(answer, 400, "invalid_grant", "but there must be one").await;
}
