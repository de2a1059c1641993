use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use practice_federation::{PracticeCredentials, PracticeOptions, start};
use url::form_urlencoded::byte_serialize;

use super::{OFFICE_SECRET, Pairs, WORKER_SECRET, assert_error, form, post};
use crate::support::practice;

const WORK: (&str, &str) = ("grant_type", "client_credentials");

fn basic(id: &str, secret: &str) -> String {
    format!("Basic {}", STANDARD.encode(format!("{id}:{secret}")))
}

#[tokio::test]
async fn each_client_proves_itself_in_its_way() {
    let practice = practice().await;
    let office = basic("practice-office", OFFICE_SECRET);
    let wrong = basic("practice-office", "wrong");
    let cases: &[(Pairs<'_>, &str, u16, &str, &str)] = &[
        (&[WORK], &office, 200, "", "office by the header"),
        (
            &[WORK, ("client_id", "practice-office")],
            &office,
            200,
            "",
            "the id may be said again",
        ),
        (
            &[
                WORK,
                ("client_id", "practice-office"),
                ("client_secret", OFFICE_SECRET),
            ],
            "",
            200,
            "",
            "office by the body",
        ),
        (
            &[
                WORK,
                ("client_id", "practice-worker"),
                ("client_secret", WORKER_SECRET),
            ],
            "",
            200,
            "",
            "worker by the body",
        ),
        (&[WORK], &wrong, 401, "invalid_client", "a wrong secret"),
        (&[WORK], "Basic ***", 401, "invalid_client", "no Base64"),
        (&[WORK], "Bearer x", 401, "invalid_client", "another scheme"),
        (&[WORK], "", 401, "invalid_client", "nobody"),
        (
            &[WORK, ("client_id", "practice-office")],
            "",
            401,
            "invalid_client",
            "a secret is missing",
        ),
        (
            &[WORK, ("client_id", "stranger")],
            "",
            401,
            "invalid_client",
            "an unknown client",
        ),
        (
            &[
                WORK,
                ("client_id", "practice-app"),
                ("client_secret", "made-up"),
            ],
            "",
            401,
            "invalid_client",
            "a public client has no secret",
        ),
        (
            &[WORK, ("client_secret", OFFICE_SECRET)],
            &office,
            400,
            "invalid_request",
            "two proofs",
        ),
        (
            &[WORK, ("client_id", "practice-worker")],
            &office,
            400,
            "invalid_request",
            "two clients",
        ),
        (
            &[WORK, ("client_id", "practice-app")],
            "",
            400,
            "unauthorized_client",
            "a public client has nobody to be",
        ),
    ];
    for (pairs, header, status, error, why) in cases {
        let mut request = form(&practice, "/oauth/token", pairs);
        if !header.is_empty() {
            request = request.header("authorization", *header);
        }
        let answer = request.send().await.unwrap();
        assert_eq!(
            answer.headers().contains_key("www-authenticate"),
            *status == 401,
            "{why}: RFC 9110 wants a challenge on 401"
        );
        if *status == 200 {
            assert_eq!(answer.status(), 200, "{why}");
        } else {
            assert_error(answer, *status, error, why).await;
        }
    }
}

#[tokio::test]
async fn ids_and_secrets_are_form_encoded_in_the_header() {
    let credentials = PracticeCredentials {
        office_client_id: "office: one".to_owned(),
        office_client_secret: "canary+/%41 & é".to_owned(),
        ..PracticeCredentials::default()
    };
    let options = PracticeOptions {
        credentials: credentials.clone(),
        ..PracticeOptions::default()
    };
    assert!(
        !format!("{options:?}").contains("canary"),
        "options may be printed, secrets may not"
    );
    let practice = start(options).await.unwrap();
    let encode = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    let id = encode(&credentials.office_client_id);
    for (secret, status, why) in [
        (
            encode(&credentials.office_client_secret),
            200,
            "encoded, as RFC 6749 (2.3.1) says",
        ),
        (
            credentials.office_client_secret.clone(),
            401,
            "as it is, as clients get it wrong",
        ),
    ] {
        let request = form(&practice, "/oauth/token", &[WORK]);
        let request = request.header("authorization", basic(&id, &secret));
        assert_eq!(request.send().await.unwrap().status(), status, "{why}");
    }
    let pairs = [
        WORK,
        ("client_id", "office: one"),
        ("client_secret", "canary+/%41 & é"),
    ];
    assert_eq!(
        post(&practice, "/oauth/token", &pairs).await.status(),
        200,
        "in the body the form's own encoding is enough"
    );
    assert!(
        !format!("{:?}", practice.requests()).contains("canary"),
        "the log keeps no secret"
    );
}
