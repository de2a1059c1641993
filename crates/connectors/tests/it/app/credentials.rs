//! Credentials as a person handles them (A07): stored, kept, replaced, reverted, never shown.

use std::collections::BTreeMap;

use connectors::error::{Code, FieldRule};
use connectors::failure::Finding;
use connectors::view::{
    AuthKind, CredentialsRequest, CredentialsSetRequest, EventKind, HeaderSetting, HealthState,
};
use testkit::{Bench, START, api_key};

use super::support::{
    add, add_practice, at, code, edit, kinds, practice, request, rules, secret, set_key, settings,
    test,
};

const WRONG: &str = "a key that opens nothing";

#[tokio::test]
async fn a07_an_edit_without_secrets_keeps_them() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let made = add_practice(&app, "ballyduff", &practice).await;
    let edited = app
        .connector_edit(edit(&made, |s| s.name = "Another name".to_owned()))
        .await
        .unwrap();
    assert_eq!(
        edited.credentials.stored_at,
        Some(START),
        "empty boxes keep what is stored"
    );
    assert!(test(&app, "ballyduff").await.ok, "and it still works");
}

#[tokio::test]
async fn a07_replaced_credentials_are_kept_until_the_new_ones_have_tested_well() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "ballyduff", &practice).await;
    test(&app, "ballyduff").await;

    let replaced = set_key(&app, "ballyduff", WRONG).await;
    assert!(
        replaced.credentials.previous_kept && !replaced.credentials.tested,
        "the earlier ones are the way back"
    );
    assert_eq!(
        (replaced.row.state, &replaced.last_test),
        (HealthState::NotTested, &None),
        "the old test says nothing about the new key"
    );
    let failed = test(&app, "ballyduff").await;
    assert_eq!(
        failed.finding,
        Some(Finding::Unauthorised),
        "the new key is wrong"
    );
    let shown = app.connector_show("ballyduff").await.unwrap();
    assert!(
        shown.credentials.previous_kept,
        "a failed test destroys nothing"
    );

    bench.clock.advance_ms(1);
    let reverted = app.credentials_revert("ballyduff").await.unwrap();
    assert!(
        !reverted.credentials.previous_kept && reverted.credentials.tested,
        "the earlier ones are back, which tested well once"
    );
    assert_eq!(
        kinds(&reverted)[0],
        EventKind::CredentialsReverted,
        "the history says so"
    );
    assert!(test(&app, "ballyduff").await.ok, "and they work");
    assert_eq!(
        code(app.credentials_revert("ballyduff").await),
        Code::NotFound,
        "there is nothing to go back to any more"
    );

    set_key(
        &app,
        "ballyduff",
        practice.credentials().second_api_key.as_str(),
    )
    .await;
    assert!(test(&app, "ballyduff").await.ok, "the second key works too");
    let done = app.connector_show("ballyduff").await.unwrap();
    assert!(
        !done.credentials.previous_kept,
        "proved new ones make the earlier ones useless"
    );
    assert_eq!(
        app.db_check().await.unwrap().credentials_checked,
        1,
        "and they are destroyed"
    );
}

#[tokio::test]
async fn a07_replaced_twice_untested_keeps_the_ones_that_tested_well() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "ballyduff", &practice).await;
    test(&app, "ballyduff").await;
    set_key(&app, "ballyduff", WRONG).await;
    set_key(&app, "ballyduff", "another wrong key").await;
    assert_eq!(
        app.db_check().await.unwrap().credentials_checked,
        2,
        "the present and the proved ones; the unproved between them are destroyed"
    );
    app.credentials_revert("ballyduff").await.unwrap();
    assert!(
        test(&app, "ballyduff").await.ok,
        "the way back leads to the ones that worked"
    );
}

#[tokio::test]
async fn a07_test_first_stores_nothing_where_the_test_fails() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let before = add_practice(&app, "ballyduff", &practice).await;
    let set = |key: &str| CredentialsSetRequest {
        code: "ballyduff".to_owned(),
        credentials: api_key(key),
        test_first: true,
    };
    assert_eq!(
        code(app.credentials_set(set(WRONG)).await),
        Code::BadCredentials,
        "the refusal comes back"
    );
    let after = app.connector_show("ballyduff").await.unwrap();
    assert_eq!(after.version, before.version, "nothing is stored");
    assert!(test(&app, "ballyduff").await.ok, "the old key is in place");
    let second = practice.credentials().second_api_key.clone();
    let stored = app.credentials_set(set(&second)).await.unwrap();
    assert_eq!(
        (stored.row.state, stored.credentials.tested),
        (HealthState::Healthy, true),
        "tested credentials start as tested"
    );
    assert!(
        !stored.credentials.previous_kept,
        "and need no earlier ones"
    );
}

#[tokio::test]
async fn what_is_set_is_shown_and_what_it_is_is_not() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut typed = settings("ballyduff");
    typed.auth.headers = vec![
        HeaderSetting {
            name: "X-Club".to_owned(),
            secret: false,
            value: Some("1274".to_owned()),
        },
        HeaderSetting {
            name: "X-Token".to_owned(),
            secret: true,
            value: None,
        },
        HeaderSetting {
            name: "X-Second".to_owned(),
            secret: true,
            value: None,
        },
    ];
    let values = [
        "first-hidden-value",
        "second-hidden-value",
        "hook-hidden-value",
    ];
    let credentials = CredentialsRequest::ApiKey {
        api_key: None,
        secondary_api_key: None,
        secrets: BTreeMap::from([
            ("X-Token".to_owned(), secret(values[0])),
            ("X-Second".to_owned(), secret(values[1])),
        ]),
        expires_on: Some("2027-03-31".to_owned()),
        webhook_secret: Some(secret(values[2])),
    };
    let made = app
        .connector_add(request(typed, Some(credentials)))
        .await
        .unwrap();
    let state = &made.credentials;
    assert_eq!(state.kind, Some(AuthKind::ApiKey), "the kind is shown");
    assert_eq!(
        state.secret_headers,
        ["X-Second", "X-Token"],
        "the names of secret headers are shown"
    );
    assert_eq!(
        state.expires_on.as_deref(),
        Some("2027-03-31"),
        "the day they end is shown"
    );
    assert!(state.webhook_secret_set, "that there is one is shown");
    let shown = serde_json::to_string(&made).unwrap();
    for value in values {
        assert!(!shown.contains(value), "no value leaves: {shown}");
    }
    assert_eq!(
        app.db_check().await.unwrap().credentials_checked,
        2,
        "credentials and webhook secret are sealed each by itself"
    );
    let events = kinds(&made);
    assert_eq!(
        events,
        [
            EventKind::CredentialsStored,
            EventKind::WebhookSecretStored,
            EventKind::Created
        ],
        "what happened in one act is told in its order, newest first"
    );
}

#[tokio::test]
async fn a_webhook_secret_is_replaced_by_itself() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "ballyduff").await;
    let with_webhook = |webhook: Option<&str>| CredentialsSetRequest {
        code: "ballyduff".to_owned(),
        credentials: CredentialsRequest::ApiKey {
            api_key: Some(secret("key")),
            secondary_api_key: Some(secret("second")),
            secrets: BTreeMap::new(),
            expires_on: Some(String::new()),
            webhook_secret: webhook.map(secret),
        },
        test_first: false,
    };
    let one = app
        .credentials_set(with_webhook(Some("hook")))
        .await
        .unwrap();
    assert!(
        one.credentials.webhook_secret_set && one.credentials.secondary_set,
        "both are set"
    );
    assert_eq!(
        one.credentials.expires_on, None,
        "an empty box says nothing about the day"
    );
    let two = app.credentials_set(with_webhook(None)).await.unwrap();
    assert!(
        two.credentials.webhook_secret_set,
        "leaving it out keeps it"
    );
    app.credentials_set(with_webhook(Some("hook two")))
        .await
        .unwrap();
    assert_eq!(
        app.db_check().await.unwrap().credentials_checked,
        3,
        "present, earlier, and one webhook secret: the replaced one is destroyed"
    );
}

#[tokio::test]
async fn credentials_that_cannot_be_sent_are_refused() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let before = add(&app, "ballyduff").await;
    let basic = CredentialsRequest::Basic {
        username: "me".to_owned(),
        password: secret("pw"),
        expires_on: None,
        webhook_secret: None,
    };
    let day = CredentialsRequest::ApiKey {
        api_key: Some(secret("key")),
        secondary_api_key: None,
        secrets: BTreeMap::new(),
        expires_on: Some("31.3.2027".to_owned()),
        webhook_secret: None,
    };
    let cases = [
        (basic, "credentials.type", FieldRule::NotForKind),
        (api_key(""), "credentials.api_key", FieldRule::Required),
        (
            api_key("two\nlines"),
            "credentials.api_key",
            FieldRule::ControlCharacter,
        ),
        (
            api_key(" spaced"),
            "credentials.api_key",
            FieldRule::Pattern,
        ),
        (
            api_key(&"k".repeat(20_000)),
            "credentials.api_key",
            FieldRule::TooLong,
        ),
        (day, "credentials.expires_on", FieldRule::Pattern),
    ];
    for (credentials, field, rule) in cases {
        let outcome = app
            .credentials_set(CredentialsSetRequest {
                code: "ballyduff".to_owned(),
                credentials: credentials.clone(),
                test_first: false,
            })
            .await;
        assert_eq!(
            rules(outcome),
            [(field.to_owned(), rule)],
            "no server would get what was meant"
        );
        let with_edit = app
            .connector_edit(connectors::view::ConnectorEditRequest {
                credentials: Some(credentials),
                ..edit(&before, |_| {})
            })
            .await;
        assert_eq!(
            rules(with_edit),
            [(field.to_owned(), rule)],
            "an edit keeps to the same rules"
        );
    }
    assert_eq!(
        app.connector_show("ballyduff").await.unwrap().version,
        before.version,
        "nothing is stored"
    );
}

#[tokio::test]
async fn settings_and_credentials_are_saved_together_or_not_at_all() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    let made = add_practice(&app, "ballyduff", &practice).await;
    let basic = connectors::view::ConnectorEditRequest {
        credentials: Some(CredentialsRequest::Basic {
            username: practice.username().to_owned(),
            password: secret(practice.password()),
            expires_on: None,
            webhook_secret: None,
        }),
        ..edit(&made, |s| {
            *s = at("ballyduff", &practice, "basic");
            s.auth.kind = AuthKind::Basic;
        })
    };
    app.connector_edit(basic).await.unwrap();
    let report = test(&app, "ballyduff").await;
    assert!(report.ok, "both were changed in one step: {report:?}");

    let late = connectors::view::ConnectorEditRequest {
        credentials: Some(api_key("key")),
        ..edit(&made, |s| s.name = "Late".to_owned())
    };
    assert_eq!(
        code(app.connector_edit(late).await),
        Code::ChangedMeanwhile,
        "somebody else was first"
    );
    assert!(
        test(&app, "ballyduff").await.ok,
        "neither settings nor credentials of the refused edit are there"
    );
}
