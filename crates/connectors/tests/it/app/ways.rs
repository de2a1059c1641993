//! Every way to authenticate (A08) against the practice federation, with right and with wrong
//! credentials.

use connectors::failure::{FailureClass, Finding};
use connectors::view::{AuthKind, AuthSettings, CredentialsRequest, HeaderSetting};
use practice_federation::Practice;
use testkit::Bench;

use super::support::{at, edit, practice, request, secret, test};

fn keys(api_key: Option<&str>, secrets: &[(&str, &str)]) -> CredentialsRequest {
    CredentialsRequest::ApiKey {
        api_key: api_key.map(secret),
        secondary_api_key: None,
        secrets: secrets
            .iter()
            .map(|(name, value)| ((*name).to_owned(), secret(value)))
            .collect(),
        expires_on: None,
        webhook_secret: None,
    }
}

fn secret_header(name: &str) -> HeaderSetting {
    HeaderSetting {
        name: name.to_owned(),
        secret: true,
        value: None,
    }
}

/// Way, settings, right credentials, wrong credentials.
fn ways(
    practice: &Practice,
) -> Vec<(
    &'static str,
    AuthSettings,
    Option<CredentialsRequest>,
    Option<CredentialsRequest>,
)> {
    let known = practice.credentials();
    let right = Some(keys(Some(&known.api_key), &[]));
    let wrong = Some(keys(Some("wrong"), &[]));
    let prefixed = |prefix: &str| AuthSettings {
        header: Some("Authorization".to_owned()),
        prefix: Some(prefix.to_owned()),
        ..AuthSettings::default()
    };
    let basic = |password: &str| CredentialsRequest::Basic {
        username: known.username.clone(),
        password: secret(password),
        expires_on: None,
        webhook_secret: None,
    };
    let both = |second: &str| {
        keys(
            None,
            &[
                ("X-API-Key", known.api_key.as_str()),
                ("X-Subscription-Key", second),
            ],
        )
    };
    vec![
        ("key", AuthSettings::default(), right.clone(), wrong.clone()),
        ("bearer", prefixed("Bearer"), right.clone(), wrong.clone()),
        (
            "prefixed",
            prefixed("API-Key"),
            right.clone(),
            wrong.clone(),
        ),
        (
            "query",
            AuthSettings {
                query: Some("api_token".to_owned()),
                ..AuthSettings::default()
            },
            right,
            wrong,
        ),
        (
            "headers",
            AuthSettings {
                headers: vec![
                    secret_header("X-API-Key"),
                    secret_header("X-Subscription-Key"),
                ],
                ..AuthSettings::default()
            },
            Some(both(&known.subscription_key)),
            Some(both("wrong")),
        ),
        (
            "basic",
            AuthSettings {
                kind: AuthKind::Basic,
                ..AuthSettings::default()
            },
            Some(basic(&known.password)),
            Some(basic("wrong")),
        ),
        (
            "open",
            AuthSettings {
                kind: AuthKind::None,
                ..AuthSettings::default()
            },
            None,
            None,
        ),
    ]
}

#[tokio::test]
async fn a08_every_way_to_authenticate_works_and_is_refused_with_wrong_credentials() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    for (way, auth, right, wrong) in ways(&practice) {
        let mut settings = at(way, &practice, way);
        settings.auth = auth;
        let made = app
            .connector_add(request(settings.clone(), right))
            .await
            .unwrap();
        let report = test(&app, way).await;
        assert!(report.ok, "{way}: {report:?}");
        assert_eq!(report.steps.len(), 6, "{way}: six steps");
        assert!(
            report
                .steps
                .iter()
                .all(|step| step.ok == Some(true) && step.ms.is_some()),
            "{way}: each done and timed: {:?}",
            report.steps
        );
        bench.clock.advance_ms(1);
        if let Some(wrong) = wrong {
            let shown = app.connector_show(way).await.unwrap();
            app.connector_edit(connectors::view::ConnectorEditRequest {
                credentials: Some(wrong),
                ..edit(&shown, |_| {})
            })
            .await
            .unwrap();
            let report = test(&app, way).await;
            assert_eq!(
                (report.class, report.finding, report.status),
                (
                    Some(FailureClass::BadCredentials),
                    Some(Finding::Unauthorised),
                    Some(401)
                ),
                "{way}: a wrong one is refused"
            );
        } else {
            assert!(!made.credentials.set, "{way}: nothing is needed");
        }
    }
}
