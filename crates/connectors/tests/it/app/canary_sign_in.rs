//! The part of the canary scenario that signs in: every way there is, renewals, refusals and the way
//! out, with the secrets that are made on the way told to the search.

use std::fmt::Write as _;
use std::path::Path;

use connectors::App;
use connectors::settings::{
    AuthKind, AuthSettings, ClientAuthentication, Redirect, TwoStepSettings,
};
use connectors::view::{CredentialsRequest, TestDraftRequest};
use practice_federation::{Fault, FaultKind, Practice};
use url::form_urlencoded;

use super::canary::marker;
use super::canary_scenario::{MADE, Shown};
use super::sign_in::{by, client, settings, sign_in, start};
use super::support::{at, request, secret};

pub(super) async fn run(app: &App, shown: &mut Shown, practice: &Practice, root: &Path) {
    let mut states = Vec::new();
    for (code, how) in [
        ("office_basic", ClientAuthentication::Basic),
        ("office_body", ClientAuthentication::Body),
    ] {
        let mut settings = settings(code, practice);
        settings.auth.client_authentication = Some(how);
        let office = client(
            &practice.credentials().office_client_id,
            Some(&marker("client secret")),
        );
        let added = app.connector_add(request(settings, Some(office))).await;
        shown.outcome(added);
        shown.view(&sign_in(app, code, practice).await);
        shown.outcome(app.connector_test(code, None, &mut |_| {}).await);
        for _ in 0..2 {
            practice.expire_access_tokens();
            shown.outcome(app.request(code, "/v1/me", false).await);
        }
        // Another attempt that is declined, one that is left, and links that are refused.
        let mut waiting = start(app, by(code, Redirect::Loopback));
        let url = waiting.browser().await;
        states.push(parameter(&url, "state"));
        shown.refused(app.sign_in_complete(&practice.deny(&url)).await);
        shown.refused(waiting.end().await);
        let mut waiting = start(app, by(code, Redirect::DeepLink));
        let url = waiting.browser().await;
        states.push(parameter(&url, "state"));
        let link = practice.approve(&url);
        for wrong in [
            format!("{link}#fragment"),
            format!("{link}&code=again"),
            link.replace("/oauth/", "/elsewhere/"),
            link.replacen("state=", "state=x", 1),
        ] {
            shown.refused(app.sign_in_complete(&wrong).await);
        }
        shown.outcome(app.sign_in_cancel(code).await);
        shown.refused(waiting.end().await);
        // The token endpoint in trouble.
        for fault in [
            Fault::status(503),
            Fault::new(FaultKind::Html),
            Fault::new(FaultKind::Cut),
            Fault::new(FaultKind::TruncatedJson),
        ] {
            practice.expire_access_tokens();
            practice.set_fault(fault.on_path("/oauth/token"));
            shown.refused(app.request(code, "/v1/me", false).await);
            practice.clear_faults();
        }
    }
    two_step(app, shown, practice).await;
    shown.outcome(app.sign_out("office_body").await);
    practice.revoke_all_tokens();
    shown.refused(app.request("office_basic", "/v1/me", true).await);
    shown.outcome(app.connector_show("office_basic").await);
    tell(practice, &states, root);
}

async fn two_step(app: &App, shown: &mut Shown, practice: &Practice) {
    let mut settings = at("two_step", practice, "oauth2");
    settings.auth = AuthSettings {
        kind: AuthKind::TwoStep,
        two_step: Some(TwoStepSettings {
            url: format!("{}/oauth/two-step", practice.base_url()),
            token_path: "data.accessToken".to_owned(),
            ..TwoStepSettings::default()
        }),
        ..AuthSettings::default()
    };
    let credentials = CredentialsRequest::TwoStep {
        secret: Some(secret(&marker("two-step secret"))),
        username: None,
        password: None,
        expires_on: None,
        webhook_secret: None,
    };
    let draft = TestDraftRequest {
        settings: settings.clone(),
        credentials: Some(credentials.clone()),
        code: None,
        organisation: None,
    };
    shown.outcome(app.connector_test_draft(draft, &mut |_| {}).await);
    shown.outcome(
        app.connector_add(request(settings, Some(credentials)))
            .await,
    );
    shown.outcome(app.connector_test("two_step", None, &mut |_| {}).await);
}

fn parameter(url: &str, name: &str) -> String {
    let url = url::Url::parse(url).unwrap();
    let found = url.query_pairs().find(|(key, _)| key == name);
    found.map(|(_, value)| value.into_owned()).unwrap()
}

/// What crossed the wire and must be found nowhere: read from the federation's own record.
fn tell(practice: &Practice, states: &[String], root: &Path) {
    let mut made = String::new();
    for state in states {
        writeln!(made, "state {state}").unwrap();
    }
    for recorded in practice.recorded() {
        for (name, value) in &recorded.headers {
            let text = String::from_utf8_lossy(value);
            if name == "authorization"
                && let Some(token) = text.strip_prefix("Bearer ")
                && token.len() < 200
            {
                writeln!(made, "access_token {token}").unwrap();
            }
        }
        for (name, value) in form_urlencoded::parse(&recorded.body) {
            if ["code", "code_verifier", "refresh_token"].contains(&&*name) {
                writeln!(made, "{name} {value}").unwrap();
            }
        }
    }
    std::fs::write(root.join(MADE), made).unwrap();
}
