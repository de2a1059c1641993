//! Signing a device in (RFC 8628): the endpoint it begins at, and the page a person decides on.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::RawFormRejection;
use axum::extract::{RawForm, RawQuery, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use serde_json::{Value, json};

use super::VERIFY_PATH;
use super::authorize::{pressed, stale_page};
use super::client::{Client, GrantType};
use super::codes::Page;
use super::devices::Decision;
use super::error::{OAuthError, no_store};
use super::parameters::Parameters;
use super::scopes::Scopes;
use super::sign_in::{SignIn, ask_for_code, say};
use super::token::form_parameters;
use crate::state::Shared;

pub(super) async fn begin(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    match form_parameters(form).and_then(|form| open(&shared, &headers, &form)) {
        Ok(body) => (no_store(), Json(body)).into_response(),
        Err(error) => error.into_response(),
    }
}

fn open(shared: &Arc<Shared>, headers: &HeaderMap, form: &Parameters) -> Result<Value, OAuthError> {
    let client = Client::authenticate(headers, form, &shared.credentials)?;
    if !client.may_use(GrantType::DeviceCode) {
        return Err(OAuthError::new(
            "unauthorized_client",
            "This client has no devices.",
        ));
    }
    let scopes = match form.get("scope") {
        None => Scopes::ALL,
        Some(text) => Scopes::parse(text).ok_or_else(OAuthError::invalid_scope)?,
    };
    let options = &shared.options;
    let (device_code, user_code) =
        shared
            .ledger()
            .open_device(client, scopes, options.device_interval);
    let expiring = device_code.clone();
    let lifetime = options.device_code_lifetime;
    shared.later_seconds(lifetime, move |ledger| ledger.expire_device(&expiring));
    let forgotten = device_code.clone();
    // Twice its life is long enough to hear that it is over.
    shared.later_seconds(lifetime.saturating_mul(2).max(600), move |ledger| {
        ledger.forget_device(&forgotten);
    });
    let verification = format!("{}{VERIFY_PATH}", shared.origin());
    Ok(json!({
        "device_code": device_code,
        "verification_uri_complete": format!("{verification}?user_code={user_code}"),
        "verification_uri": verification,
        "user_code": user_code,
        "expires_in": lifetime,
        "interval": options.device_interval,
    }))
}

pub(super) async fn ask(State(shared): State<Arc<Shared>>, RawQuery(query): RawQuery) -> Response {
    let parameters = Parameters::parse(query.unwrap_or_default().as_bytes());
    match parameters.get("user_code") {
        None => ask_for_code(false),
        Some(user_code) => show(&shared, user_code, false),
    }
}

pub(super) async fn decide(State(shared): State<Arc<Shared>>, RawForm(form): RawForm) -> Response {
    let Some((Page::Device(user_code), decision)) = pressed(&shared, &form) else {
        return stale_page();
    };
    let Some(decision) = decision else {
        return show(&shared, &user_code, true);
    };
    if !shared.ledger().decide_device(&user_code, decision) {
        return ask_for_code(true);
    }
    let sentence = match decision {
        Decision::Allow => "The device is signed in. You can close this page.",
        Decision::Deny => "The device is not signed in. You can close this page.",
    };
    say(StatusCode::OK, "Done", sentence)
}

fn show(shared: &Shared, user_code: &str, was_wrong: bool) -> Response {
    let mut ledger = shared.ledger();
    let Some((client, scopes)) = ledger.waiting_device(user_code) else {
        return ask_for_code(true);
    };
    let page = ledger.open_page(Page::Device(user_code.to_owned()));
    SignIn {
        client,
        scopes,
        page: &page,
        user_code: Some(user_code),
        target: "",
        was_wrong,
    }
    .show(&shared.credentials)
}
