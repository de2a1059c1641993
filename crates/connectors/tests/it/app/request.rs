//! The practice connector, and single requests for a person who looks what an API answers.

use connectors::error::Code;
use connectors::view::{ConnectorListRequest, HealthState};
use practice_federation::{Fault, PracticeOptions};
use testkit::Bench;

use super::support::{add_practice, code, codes, practice, secret, set_key, test};

#[tokio::test]
async fn the_practice_connector_is_made_once_and_follows_the_federation() {
    let first = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    assert!(
        app.practice_connector().await.unwrap().is_none(),
        "there is none yet"
    );
    let made = app
        .practice_connect(&format!("{}/", first.base_url()), secret(first.api_key()))
        .await
        .unwrap();
    assert_eq!(made.row.code, "practice", "under its own code");
    assert!(test(&app, "practice").await.ok, "it works at once");
    let again = app
        .practice_connect(&first.base_url(), secret(first.api_key()))
        .await
        .unwrap();
    assert_eq!(
        again.row.state,
        HealthState::Healthy,
        "at the same address nothing is changed"
    );

    let mut options = PracticeOptions::default();
    options.credentials.api_key = "another-practice-key".to_owned();
    let second = practice_federation::start(options).await.unwrap();
    let moved = app
        .practice_connect(&second.base_url(), secret(second.api_key()))
        .await
        .unwrap();
    assert_eq!(moved.row.id, made.row.id, "it is the same connector");
    assert_eq!(
        moved.row.state,
        HealthState::NotTested,
        "at another address nobody tested it"
    );
    assert!(test(&app, "practice").await.ok, "with address and key");

    app.connector_remove("practice").await.unwrap();
    let new = app
        .practice_connect(&second.base_url(), secret(second.api_key()))
        .await
        .unwrap();
    assert_eq!(
        new.row.code, "practice_2",
        "a deleted one keeps its code, and practising goes on"
    );
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await,
        ["practice_2"],
        "one live practice connector"
    );
}

#[tokio::test]
async fn a_request_shows_the_shape_and_values_only_when_asked() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "ballyduff", &practice).await;
    let member = &practice.members()[0];
    let name = member.last_name.as_deref().expect("the first has a name");
    let shape = app
        .request("ballyduff", "/v1/members?size=3", false)
        .await
        .unwrap();
    let text = shape.body.to_string();
    assert_eq!(shape.status, 200, "it is answered");
    assert!(
        text.contains("firstName") && text.contains("and 2 more"),
        "names of fields and numbers are shown: {text}"
    );
    assert!(
        !text.contains(name) && !text.contains(&member.id),
        "members are not: {text}"
    );
    let revealed = app
        .request("ballyduff", "/v1/members?size=3", true)
        .await
        .unwrap();
    assert!(
        revealed.body.to_string().contains(name),
        "values on request"
    );
    let stranger = super::support::practice().await;
    for outside in [
        format!("{}/key/v1/me", stranger.base_url()),
        format!("//{}/key/v1/me", stranger.address()),
        format!("/\\{}/key/v1/me", stranger.address()),
        "v1/me".to_owned(),
        String::new(),
    ] {
        let outcome = app.request("ballyduff", &outside, false).await;
        assert!(outcome.is_err(), "{outside} is not below the address");
    }
    assert_eq!(
        stranger.request_count(),
        0,
        "no credentials go to another host"
    );
    practice.set_fault(Fault::status(503));
    assert_eq!(
        code(app.request("ballyduff", "/v1/me", false).await),
        Code::FederationDown,
        "a failure has its class"
    );
    practice.clear_faults();
    set_key(&app, "ballyduff", "wrong").await;
    assert_eq!(
        code(app.request("ballyduff", "/v1/me", false).await),
        Code::BadCredentials,
        "a wrong key has its class"
    );
}

#[tokio::test]
async fn a_second_key_takes_over_from_one_that_is_refused() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let keys = |second: &str| connectors::view::CredentialsRequest::ApiKey {
        api_key: Some(secret("withdrawn")),
        secondary_api_key: Some(secret(second)),
        secrets: std::collections::BTreeMap::new(),
        expires_on: None,
        webhook_secret: None,
    };
    let second = practice.credentials().second_api_key.clone();
    for (name, second, works) in [("good", second.as_str(), true), ("bad", "wrong too", false)] {
        let settings = super::support::at(name, &practice, "key");
        let added = super::support::request(settings, Some(keys(second)));
        app.connector_add(added).await.unwrap();
        let before = practice.request_count();
        let outcome = app.request(name, "/v1/me", false).await;
        assert_eq!(outcome.is_ok(), works, "{name}: {outcome:?}");
        assert_eq!(
            practice.request_count() - before,
            2,
            "{name}: each key once, no third try"
        );
    }
}
