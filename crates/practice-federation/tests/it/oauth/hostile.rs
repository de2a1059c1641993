//! Every answer of the token endpoint that a client must survive.

use std::io;
use std::time::{Duration, Instant};

use practice_federation::{Practice, PracticeOptions, TokenFault, start};
use reqwest::{Client, Response};
use serde_json::{Value, json};

use super::{assert_error, code, encoded, exchange, opens, refresh, signed_in, text};
use crate::support::{client, practice};

const MUCH: usize = 10 * 1024 * 1024;

fn set(practice: &Practice, fault: TokenFault) {
    let text = format!("token={},count=1", fault.text());
    practice.set_fault(text.parse().expect("the text form is read"));
}

async fn spoilt(practice: &Practice, fault: TokenFault) -> Response {
    let code = code(practice, &[]);
    set(practice, fault);
    let answer = exchange(practice, &code, &[]).await;
    assert_eq!(practice.faults()[0].hits, 1, "{fault:?}: it was used");
    answer
}

#[tokio::test]
async fn members_of_the_answer_are_spoilt() {
    let practice = practice().await;
    let cases = [
        (TokenFault::NoAccessToken, "access_token", None),
        (TokenFault::NoTokenType, "token_type", None),
        (TokenFault::Mac, "token_type", Some(json!("mac"))),
        (
            TokenFault::ExpiresString,
            "expires_in",
            Some(json!("after lunch")),
        ),
        (TokenFault::ExpiresZero, "expires_in", Some(json!(0))),
        (
            TokenFault::ExpiresNegative,
            "expires_in",
            Some(json!(-3600)),
        ),
        (TokenFault::ExpiresHuge, "expires_in", Some(json!(1e30))),
        (TokenFault::NoRefresh, "refresh_token", None),
        (TokenFault::EmptyRefresh, "refresh_token", Some(json!(""))),
        (
            TokenFault::NarrowScope,
            "scope",
            Some(json!("clubs.read offline_access")),
        ),
    ];
    let right = signed_in(&practice).await;
    for (fault, name, value) in cases {
        let answer = spoilt(&practice, fault).await;
        assert_eq!(answer.status(), 200, "{fault:?}: as if all were well");
        let body: Value = answer.json().await.unwrap();
        assert_eq!(body.get(name), value.as_ref(), "{fault:?}: {name}");
        let others = |body: &Value| -> Vec<String> {
            let body = body.as_object().unwrap();
            body.keys().filter(|it| *it != name).cloned().collect()
        };
        assert_eq!(others(&body), others(&right), "{fault:?}: the rest stays");
        let again = signed_in(&practice).await;
        assert_ne!(again.get(name), value.as_ref(), "{fault:?}: only once");
    }
}

#[tokio::test]
async fn a_narrow_scope_is_narrow() {
    let practice = practice().await;
    let body: Value = spoilt(&practice, TokenFault::NarrowScope)
        .await
        .json()
        .await
        .unwrap();
    let token = text(&body, "access_token");
    assert_eq!(opens(&practice, token, "/v1/clubs").await, 200, "clubs");
    assert_eq!(
        opens(&practice, token, "/v1/members").await,
        403,
        "the answer did not lie"
    );
}

#[tokio::test]
async fn a_refresh_token_that_is_not_replaced_stays_good() {
    let practice = practice().await;
    for fault in [TokenFault::NoRefresh, TokenFault::EmptyRefresh] {
        let tokens = signed_in(&practice).await;
        let token = text(&tokens, "refresh_token");
        set(&practice, fault);
        let answer = refresh(&practice, token).await;
        assert_eq!(answer.status(), 200, "{fault:?}: a new access token");
        let answer = refresh(&practice, token).await;
        assert_eq!(answer.status(), 200, "{fault:?}: the old one works on");
    }
    assert_eq!(practice.refresh_reuses(), 0, "and nobody is suspected");
}

#[tokio::test]
async fn answers_that_are_hard_to_read() {
    let practice = practice().await;
    let deep = spoilt(&practice, TokenFault::Deep)
        .await
        .text()
        .await
        .unwrap();
    let error = serde_json::from_str::<Value>(&deep).unwrap_err();
    assert!(
        error.to_string().contains("recursion limit"),
        "it is JSON, only too deep: {error}"
    );

    let twice = spoilt(&practice, TokenFault::DuplicateKeys).await;
    let twice = twice.text().await.unwrap();
    assert_eq!(
        twice.matches("\"access_token\":").count(),
        2,
        "the key is there twice: {twice:.40}"
    );
    assert!(
        serde_json::from_str::<Value>(&twice).is_ok(),
        "and readers differ on what that means"
    );

    let answer = spoilt(&practice, TokenFault::Form).await;
    assert_eq!(
        answer.headers()["content-type"],
        "application/x-www-form-urlencoded",
        "it says form"
    );
    let form = answer.text().await.unwrap();
    assert!(
        form.contains("access_token=practice-access-") && form.contains("expires_in=3600"),
        "and is one"
    );

    let answer = spoilt(&practice, TokenFault::Empty).await;
    assert_eq!(answer.status(), 200, "as if all were well");
    assert_eq!(answer.bytes().await.unwrap(), "", "with nothing in it");
}

#[tokio::test]
async fn answers_that_are_too_much() {
    let practice = practice().await;
    let huge = spoilt(&practice, TokenFault::Huge).await;
    let huge = huge.bytes().await.unwrap();
    assert!(huge.len() >= MUCH, "10 MiB come: {}", huge.len());
    assert!(
        serde_json::from_slice::<Value>(&huge).is_ok(),
        "of right JSON"
    );

    let bomb = spoilt(&practice, TokenFault::GzipBomb).await;
    let unpacked = bomb.bytes().await.unwrap();
    assert!(unpacked.len() >= MUCH, "it unpacks to {}", unpacked.len());

    let code = code(&practice, &[]);
    set(&practice, TokenFault::GzipBomb);
    let plain = Client::builder()
        .no_proxy()
        .no_gzip()
        .build()
        .unwrap()
        .post(format!("{}/oauth/token", practice.base_url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encoded(&[
            ("grant_type", "authorization_code"),
            ("client_id", "practice-app"),
            ("code", &code),
            ("redirect_uri", super::REDIRECT),
            ("code_verifier", super::VERIFIER),
        ]));
    let answer = plain.send().await.unwrap();
    assert_eq!(answer.headers()["content-encoding"], "gzip", "it says so");
    let packed = answer.bytes().await.unwrap();
    assert!(packed.len() < MUCH / 50, "from only {}", packed.len());
}

#[tokio::test]
async fn answers_that_drip() {
    let practice = practice().await;
    let mut answer = spoilt(&practice, TokenFault::Drip).await;
    let before = Instant::now();
    let mut received = 0;
    while received < 2 * 1024 {
        let chunk = answer.chunk().await.unwrap().expect("there is more");
        assert!(
            chunk.iter().all(|byte| *byte == b' '),
            "nothing to read yet"
        );
        received += chunk.len();
    }
    assert!(
        before.elapsed() >= Duration::from_millis(900),
        "a kilobyte takes a second"
    );
}

#[tokio::test]
async fn the_redirect_leads_to_another_host_and_does_nothing() {
    let practice = practice().await;
    let answer = spoilt(&practice, TokenFault::Redirect).await;
    assert_eq!(answer.status(), 307, "the form would be sent again");
    let port = practice.address().port();
    assert_eq!(
        answer.headers()["location"],
        format!("http://localhost:{port}/oauth/elsewhere"),
        "to a host with another name, where a test sees who comes"
    );
    assert_eq!(
        (practice.exchanges(), practice.token_requests()),
        (0, 0),
        "nothing was given"
    );
    let tokens = signed_in(&practice).await;
    set(&practice, TokenFault::Redirect);
    let url = format!("http://localhost:{port}/oauth/token");
    let answer = client().post(url).send().await.unwrap();
    assert_eq!(
        answer.headers()["location"],
        format!("http://127.0.0.1:{port}/oauth/elsewhere"),
        "and back, for who comes by that name"
    );
    let answer = refresh(&practice, text(&tokens, "refresh_token")).await;
    assert_eq!(answer.status(), 200, "once, as was asked");
}

#[tokio::test]
async fn a_lost_answer_has_done_its_work() {
    let practice = practice().await;
    let tokens = signed_in(&practice).await;
    let token = text(&tokens, "refresh_token");
    set(&practice, TokenFault::Lost);
    let pairs = [
        ("grant_type", "refresh_token"),
        ("client_id", "practice-app"),
        ("refresh_token", token),
    ];
    let lost = super::form(&practice, "/oauth/token", &pairs).send().await;
    let error = lost.expect_err("there is no answer");
    assert!(
        error.is_request() && !error.is_connect(),
        "it broke after connecting: {error:?}"
    );
    assert_eq!(practice.refreshes(), 1, "but the tokens have changed");
    let answer = refresh(&practice, token).await;
    assert_error(answer, 400, "invalid_grant", "trying again is a reuse").await;
    assert_eq!(practice.refresh_reuses(), 1, "and is noticed");
}

#[tokio::test]
async fn the_other_faults_hit_the_token_endpoint_too() {
    let practice = practice().await;
    let code = code(&practice, &[]);
    let ask = async |fault: &str| {
        practice.set_fault(format!("{fault},path=/oauth/token").parse().unwrap());
        let pairs = [
            ("grant_type", "client_credentials"),
            ("client_id", "practice-worker"),
            ("client_secret", super::WORKER_SECRET),
        ];
        super::form(&practice, "/oauth/token", &pairs).send().await
    };
    assert_eq!(ask("status=503").await.unwrap().status(), 503, "a status");
    let html = ask("html").await.unwrap();
    assert_eq!(
        html.headers()["content-type"],
        "text/html; charset=utf-8",
        "a page"
    );
    let half = ask("truncated").await.unwrap().bytes().await.unwrap();
    assert!(
        serde_json::from_slice::<Value>(&half).is_err() && !half.is_empty(),
        "half of the JSON"
    );
    assert!(
        ask("cut").await.unwrap().bytes().await.is_err(),
        "a broken body"
    );
    assert!(ask("reset").await.is_err(), "no answer at all");
    assert_eq!(
        exchange_elsewhere(&practice).await,
        200,
        "and the path spares the rest"
    );
    practice.clear_faults();
    assert_eq!(
        exchange(&practice, &code, &[]).await.status(),
        200,
        "then all is well"
    );
}

async fn exchange_elsewhere(practice: &Practice) -> u16 {
    let metadata = "/.well-known/oauth-authorization-server";
    crate::support::get(practice, metadata)
        .await
        .status()
        .as_u16()
}

#[tokio::test]
async fn errors_and_other_addresses_are_left_alone() {
    let practice = practice().await;
    practice.set_fault("token=empty".parse().unwrap());
    let answer = exchange(&practice, "made-up", &[]).await;
    assert_error(answer, 400, "invalid_grant", "an error stays one").await;
    let before = practice.faults()[0].hits;
    let secret = json!({ "secret": practice.credentials().two_step_secret });
    let url = format!("{}/oauth/two-step", practice.base_url());
    let answer = client().post(url).json(&secret).send().await.unwrap();
    let body: Value = answer.json().await.unwrap();
    assert!(body["data"].is_object(), "the two-step token is another's");
    assert_eq!(practice.faults()[0].hits, before, "and does not count");
}

#[tokio::test]
async fn stopping_ends_what_drips_and_what_waits() {
    let practice = start(PracticeOptions::default()).await.unwrap();
    let mut answer = spoilt(&practice, TokenFault::Drip).await;
    let before = Instant::now();
    practice.stop().await;
    assert!(
        before.elapsed() < Duration::from_secs(5),
        "nobody waits two minutes, nor an hour for a token to die"
    );
    let mut outcome = Ok::<(), io::Error>(());
    while let Some(chunk) = answer.chunk().await.transpose() {
        if let Err(error) = chunk {
            outcome = Err(io::Error::other(error));
            break;
        }
    }
    assert!(outcome.is_err(), "and the answer breaks off");
}
