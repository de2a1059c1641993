use std::time::Duration;

use practice_federation::{Practice, PracticeOptions, start};
use reqwest::Response;
use serde_json::Value;

use super::page::page_id;
use super::{OFFICE_SECRET, WORKER_SECRET, assert_error, opens, post, text};
use crate::support::{get, practice};

const APP: (&str, &str) = ("client_id", "practice-app");

async fn patient(device_code_lifetime: u64) -> Practice {
    start(PracticeOptions {
        device_interval: 0,
        device_code_lifetime,
        ..PracticeOptions::default()
    })
    .await
    .unwrap()
}

async fn begin(practice: &Practice) -> Value {
    let answer = post(practice, "/oauth/device", &[APP]).await;
    assert_eq!(answer.status(), 200, "a device may begin");
    assert_eq!(answer.headers()["cache-control"], "no-store", "unkept");
    answer.json().await.unwrap()
}

async fn poll(practice: &Practice, device: &Value) -> Response {
    let pairs = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        APP,
        ("device_code", text(device, "device_code")),
    ];
    post(practice, "/oauth/token", &pairs).await
}

#[tokio::test]
async fn a_device_waits_for_a_person() {
    let practice = patient(600).await;
    let device = begin(&practice).await;
    let user_code = text(&device, "user_code");
    let verify = format!("{}/oauth/device/verify", practice.base_url());
    assert_eq!(device["verification_uri"], verify, "where to type the code");
    assert_eq!(
        device["verification_uri_complete"],
        format!("{verify}?user_code={user_code}"),
        "and where not to"
    );
    assert_eq!(
        (&device["expires_in"], &device["interval"]),
        (&600.into(), &0.into()),
        "the times that were set"
    );
    let answer = poll(&practice, &device).await;
    assert_error(answer, 400, "authorization_pending", "nobody came yet").await;
    assert!(
        practice.approve_device(&user_code.to_lowercase().replace('-', " ")),
        "letter case and dashes are free"
    );
    assert!(
        !practice.approve_device(user_code),
        "a decision is made once"
    );
    let tokens: Value = poll(&practice, &device).await.json().await.unwrap();
    assert_eq!(
        opens(&practice, text(&tokens, "access_token"), "/v1/members").await,
        200,
        "the device is in"
    );
    assert!(tokens["refresh_token"].is_string(), "and stays in");
    let answer = poll(&practice, &device).await;
    assert_error(answer, 400, "invalid_grant", "the code is used up").await;
    assert_eq!(
        practice.oauth_counts().device_polls,
        3,
        "each question counts"
    );
}

#[tokio::test]
async fn a_device_hears_no_and_too_late() {
    let practice = patient(600).await;
    let device = begin(&practice).await;
    assert!(practice.deny_device(text(&device, "user_code")), "it waits");
    let answer = poll(&practice, &device).await;
    assert_error(answer, 400, "access_denied", "the person said no").await;
    assert!(!practice.approve_device("BCDF-GHJK"), "nobody waits there");

    let practice = patient(0).await;
    let device = begin(&practice).await;
    assert!(
        !practice.approve_device(text(&device, "user_code")),
        "nobody can decide any more"
    );
    let answer = poll(&practice, &device).await;
    assert_error(answer, 400, "expired_token", "the time is over").await;
}

#[tokio::test]
async fn only_its_own_client_asks_for_a_device() {
    let practice = patient(600).await;
    let device = begin(&practice).await;
    let pairs = [
        ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"),
        ("client_id", "practice-office"),
        ("client_secret", OFFICE_SECRET),
        ("device_code", text(&device, "device_code")),
    ];
    let answer = post(&practice, "/oauth/token", &pairs).await;
    assert_error(answer, 400, "invalid_grant", "another client").await;
    let pairs = [
        ("client_id", "practice-worker"),
        ("client_secret", WORKER_SECRET),
    ];
    let answer = post(&practice, "/oauth/device", &pairs).await;
    assert_error(answer, 400, "unauthorized_client", "it has no devices").await;
    let answer = post(&practice, "/oauth/device", &[APP, ("scope", "all")]).await;
    assert_error(answer, 400, "invalid_scope", "no such scope").await;
    let answer = post(&practice, "/oauth/device", &[]).await;
    assert_error(answer, 401, "invalid_client", "nobody").await;
}

#[tokio::test]
async fn who_asks_too_often_is_slowed_down() {
    let practice = practice().await;
    let device = begin(&practice).await;
    assert_eq!(device["interval"], 5, "five seconds, as in RFC 8628");
    let answer = poll(&practice, &device).await;
    assert_error(answer, 400, "authorization_pending", "the first").await;
    let answer = poll(&practice, &device).await;
    assert_error(answer, 400, "slow_down", "the second, at once").await;

    let practice = start(PracticeOptions {
        device_interval: 1,
        ..PracticeOptions::default()
    })
    .await
    .unwrap();
    let device = begin(&practice).await;
    for why in ["the first", "a punctual second"] {
        let answer = poll(&practice, &device).await;
        assert_error(answer, 400, "authorization_pending", why).await;
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
    for why in [
        "punctual again, but another is behind it",
        "at once",
        "now 6 seconds",
    ] {
        let code = if why.starts_with("punctual") {
            "authorization_pending"
        } else {
            "slow_down"
        };
        let answer = poll(&practice, &device).await;
        assert_error(answer, 400, code, why).await;
        if why == "at once" {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    }
    practice.approve_device(text(&device, "user_code"));
    let answer = poll(&practice, &device).await;
    assert_error(answer, 400, "slow_down", "even with a yes").await;
}

#[tokio::test]
async fn a_person_decides_on_the_page() {
    let practice = patient(600).await;
    let html = get(&practice, "/oauth/device/verify")
        .await
        .text()
        .await
        .unwrap();
    assert!(
        html.contains("<label for=\"user_code\">") && html.contains("name=\"user_code\""),
        "the page asks for the code"
    );
    let unknown = get(&practice, "/oauth/device/verify?user_code=%3Cb%3E").await;
    let html = unknown.text().await.unwrap();
    assert!(html.contains("No device waits"), "an unknown one is said");
    assert!(!html.contains("<b>"), "and not repeated as markup");
    for (decision, sentence, outcome) in [
        ("allow", "is signed in", 200),
        ("deny", "is not signed in", 400),
    ] {
        let device = begin(&practice).await;
        let target = format!(
            "/oauth/device/verify?user_code={}",
            text(&device, "user_code")
        );
        let answer = get(&practice, &target).await;
        let policy = answer.headers()["content-security-policy"]
            .to_str()
            .unwrap();
        assert!(policy.contains("form-action 'self' ;"), "to here: {policy}");
        let html = answer.text().await.unwrap();
        for part in ["Practice app", "members.read", text(&device, "user_code")] {
            assert!(html.contains(part), "{decision}: the page shows {part}");
        }
        let send = async |page: &str, password: &str| {
            let pairs = [
                ("request", page),
                ("username", practice.username()),
                ("password", password),
                ("decision", decision),
            ];
            let answer = post(&practice, "/oauth/device/verify", &pairs).await;
            (answer.status().as_u16(), answer.text().await.unwrap())
        };
        let mut page = page_id(&html);
        if decision == "allow" {
            let (_, html) = send(&page, "wrong").await;
            assert!(html.contains("password is wrong"), "a wrong one is said");
            page = page_id(&html);
        }
        let (status, html) = send(&page, practice.password()).await;
        assert_eq!(status, 200, "{decision}: the page answers");
        assert!(html.contains(sentence), "{decision}: what became of it");
        assert_eq!(
            poll(&practice, &device).await.status(),
            outcome,
            "{decision}: and the device hears"
        );
        let (status, _) = send(&page, practice.password()).await;
        assert_eq!(status, 400, "{decision}: a page is good for once");
    }
}
