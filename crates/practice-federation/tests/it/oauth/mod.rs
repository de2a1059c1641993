//! Tests of the authorization server, and the words they share.

pub(crate) mod assertion;
mod authorize;
mod client;
mod control;
mod device;
mod hostile;
mod members;
mod page;
mod redirect;
mod revoke;
mod token;
mod two_step;

use practice_federation::Practice;
use reqwest::{RequestBuilder, Response};
use serde_json::Value;
use url::form_urlencoded;

use crate::support::client;

/// The example of RFC 7636, appendix B.
pub(crate) const VERIFIER: &str = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk";
pub(crate) const CHALLENGE: &str = "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM";
pub(crate) const REDIRECT: &str = "com.playerarc.connectors:/oauth/back";
pub(crate) const OFFICE_SECRET: &str = "practice-office-secret-opens-invented-data";
pub(crate) const WORKER_SECRET: &str = "practice-worker-secret-opens-invented-data";

/// Parameters; later ones replace earlier ones of the same name, an empty value takes one away.
pub(crate) type Pairs<'a> = &'a [(&'a str, &'a str)];

pub(crate) fn encoded(pairs: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(pairs)
        .finish()
}

fn merged<'a>(base: Pairs<'a>, changes: Pairs<'a>) -> Vec<(&'a str, &'a str)> {
    let mut pairs = base.to_vec();
    for change in changes {
        pairs.retain(|(name, _)| *name != change.0);
        if !change.1.is_empty() {
            pairs.push(*change);
        }
    }
    pairs
}

/// The address a right client opens, with changes.
pub(crate) fn authorization_url(practice: &Practice, changes: Pairs<'_>) -> String {
    let right = [
        ("response_type", "code"),
        ("client_id", "practice-app"),
        ("redirect_uri", REDIRECT),
        ("scope", "members.read clubs.read offline_access"),
        ("state", "state & more"),
        ("code_challenge", CHALLENGE),
        ("code_challenge_method", "S256"),
    ];
    let query = encoded(&merged(&right, changes));
    format!("{}/oauth/authorize?{query}", practice.base_url())
}

/// The parameters behind a redirect address.
pub(crate) fn query_of(address: &str) -> Vec<(String, String)> {
    let (_, query) = address.split_once('?').expect("the outcome is a query");
    form_urlencoded::parse(query.as_bytes())
        .into_owned()
        .collect()
}

pub(crate) fn value_of(address: &str, name: &str) -> Option<String> {
    query_of(address)
        .into_iter()
        .find(|(found, _)| found == name)
        .map(|(_, value)| value)
}

/// A code for the right request, with changes.
pub(crate) fn code(practice: &Practice, changes: Pairs<'_>) -> String {
    let back = practice.approve(&authorization_url(practice, changes));
    value_of(&back, "code").expect("a right request ends in a code")
}

pub(crate) fn form(practice: &Practice, path: &str, pairs: Pairs<'_>) -> RequestBuilder {
    client()
        .post(format!("{}{path}", practice.base_url()))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(encoded(pairs))
}

pub(crate) async fn post(practice: &Practice, path: &str, pairs: Pairs<'_>) -> Response {
    form(practice, path, pairs).send().await.expect("an answer")
}

/// The exchange of a code as the app does it, with changes.
pub(crate) async fn exchange(practice: &Practice, code: &str, changes: Pairs<'_>) -> Response {
    let right = [
        ("grant_type", "authorization_code"),
        ("client_id", "practice-app"),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ];
    post(practice, "/oauth/token", &merged(&right, changes)).await
}

/// The tokens of a sign-in through the app.
pub(crate) async fn signed_in(practice: &Practice) -> Value {
    let code = code(practice, &[]);
    let answer = exchange(practice, &code, &[]).await;
    assert_eq!(answer.status(), 200, "a right exchange is answered");
    answer.json().await.expect("JSON")
}

pub(crate) async fn refresh(practice: &Practice, refresh_token: &str) -> Response {
    let pairs = [
        ("grant_type", "refresh_token"),
        ("client_id", "practice-app"),
        ("refresh_token", refresh_token),
    ];
    post(practice, "/oauth/token", &pairs).await
}

/// A token of the worker, with any scopes.
pub(crate) async fn worker(practice: &Practice, scope: &str) -> Response {
    let right = [
        ("grant_type", "client_credentials"),
        ("client_id", "practice-worker"),
        ("client_secret", WORKER_SECRET),
    ];
    let changes = [("scope", scope)];
    post(practice, "/oauth/token", &merged(&right, &changes)).await
}

/// The status of the members API for an access token.
pub(crate) async fn opens(practice: &Practice, access_token: &str, path: &str) -> u16 {
    let request = client().get(format!("{}/oauth2{path}", practice.base_url()));
    let answer = request.bearer_auth(access_token).send().await;
    answer.expect("an answer").status().as_u16()
}

pub(crate) fn text<'a>(body: &'a Value, name: &str) -> &'a str {
    body[name].as_str().unwrap_or_default()
}

/// Checks an error of the endpoints that programs call.
pub(crate) async fn assert_error(answer: Response, status: u16, code: &str, why: &str) {
    assert_eq!(answer.status(), status, "{why}: the status");
    assert_eq!(
        answer.headers()["cache-control"],
        "no-store",
        "{why}: nobody keeps it"
    );
    let body: Value = answer.json().await.expect("JSON");
    assert_eq!(body["error"], code, "{why}: the code");
    assert!(
        !text(&body, "error_description").is_empty(),
        "{why}: a sentence for the log"
    );
}
