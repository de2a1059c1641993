//! The token endpoint: who asks, with which grant, and the answer.

use std::sync::Arc;

use axum::Json;
use axum::extract::rejection::RawFormRejection;
use axum::extract::{Extension, RawForm, State};
use axum::http::HeaderMap;
use axum::response::{IntoResponse, Response};
use serde_json::{Map, Value, json};

use super::assertion;
use super::client::{Client, GrantType};
use super::error::{OAuthError, no_store};
use super::ledger::{Issued, Terms};
use super::parameters::Parameters;
use super::scopes::Scopes;
use super::twin::own_audiences;
use crate::oauth_faults::TokenFault;
use crate::state::Shared;

pub(super) async fn token(
    State(shared): State<Arc<Shared>>,
    Extension(fault): Extension<Option<TokenFault>>,
    headers: HeaderMap,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    shared.ledger().counts.token_requests += 1;
    let terms = Terms {
        is_narrow: fault == Some(TokenFault::NarrowScope),
        keeps_refresh_token: matches!(
            fault,
            Some(TokenFault::NoRefresh | TokenFault::EmptyRefresh)
        ),
    };
    let issued = form_parameters(form).and_then(|form| grant(&shared, &headers, &form, terms));
    match issued {
        Ok(issued) => answer(&shared, issued),
        Err(error) => error.into_response(),
    }
}

/// The parameters of a form that obeys RFC 6749 (3.2).
pub(super) fn form_parameters(
    form: Result<RawForm, RawFormRejection>,
) -> Result<Parameters, OAuthError> {
    let Ok(RawForm(bytes)) = form else {
        return Err(OAuthError::invalid_request(
            "Send a form: application/x-www-form-urlencoded.",
        ));
    };
    let parameters = Parameters::parse(&bytes);
    if parameters.has_repeated() {
        return Err(OAuthError::invalid_request("A parameter is there twice."));
    }
    Ok(parameters)
}

fn grant(
    shared: &Arc<Shared>,
    headers: &HeaderMap,
    form: &Parameters,
    terms: Terms,
) -> Result<Issued, OAuthError> {
    let name = needed(form, "grant_type", "The grant_type is missing.")?;
    let grant = GrantType::ALL
        .into_iter()
        .find(|grant| grant.text() == name)
        .ok_or_else(|| {
            OAuthError::new(
                "unsupported_grant_type",
                "There is no such grant_type here.",
            )
        })?;
    let client = if grant == GrantType::JwtBearer {
        // The assertion is the proof; RFC 7523 (2.1) wants no other.
        Client::Worker
    } else {
        Client::authenticate(headers, form, &shared.credentials)?
    };
    if !client.may_use(grant) {
        return Err(OAuthError::new(
            "unauthorized_client",
            "This client may not use this grant_type.",
        ));
    }
    let wanted = match form.get("scope") {
        None => None,
        Some(text) => Some(Scopes::parse(text).ok_or_else(OAuthError::invalid_scope)?),
    };
    // Nobody has signed in who could stay signed in.
    let reading = wanted.unwrap_or(Scopes::READING).within(Scopes::READING);
    match grant {
        GrantType::AuthorizationCode => shared.ledger().exchange_code(
            needed(form, "code", "The code is missing.")?,
            client,
            needed(form, "redirect_uri", "The redirect_uri is missing.")?,
            needed(form, "code_verifier", "The code_verifier is missing.")?,
            terms,
        ),
        GrantType::RefreshToken => shared.ledger().refresh(
            needed(form, "refresh_token", "The refresh_token is missing.")?,
            client,
            wanted,
            terms,
        ),
        GrantType::ClientCredentials => Ok(shared.ledger().issue_first(client, reading, terms)),
        GrantType::DeviceCode => {
            let device_code = needed(form, "device_code", "The device_code is missing.")?;
            poll(shared, device_code, client, terms)
        }
        GrantType::JwtBearer => {
            let assertion = needed(form, "assertion", "The assertion is missing.")?;
            let audiences = own_audiences(shared);
            assertion::check(shared, assertion, &audiences.each_ref().map(String::as_str))?;
            Ok(shared.ledger().issue_first(client, reading, terms))
        }
    }
}

fn needed<'a>(
    form: &'a Parameters,
    name: &str,
    description: &'static str,
) -> Result<&'a str, OAuthError> {
    form.get(name)
        .ok_or_else(|| OAuthError::invalid_request(description))
}

fn poll(
    shared: &Arc<Shared>,
    device_code: &str,
    client: Client,
    terms: Terms,
) -> Result<Issued, OAuthError> {
    let poll = shared.ledger().poll_device(device_code, client, terms);
    if let Some((seconds, number)) = poll.rest {
        let device_code = device_code.to_owned();
        shared.later_about(seconds, move |ledger| {
            ledger.may_ask_again(&device_code, number);
        });
    }
    poll.answer
}

/// Lets an access token die in its time.
pub(super) fn limit_life(shared: &Arc<Shared>, issued: &Issued) {
    let token = issued.access_token.clone();
    shared.later_seconds(issued.lifetime, move |ledger| {
        ledger.expire_access_token(&token);
    });
}

fn answer(shared: &Arc<Shared>, issued: Issued) -> Response {
    limit_life(shared, &issued);
    let mut body = Map::from_iter([
        ("access_token".to_owned(), json!(issued.access_token)),
        ("token_type".to_owned(), json!("Bearer")),
        ("expires_in".to_owned(), json!(issued.lifetime)),
        ("scope".to_owned(), json!(issued.scopes.to_string())),
    ]);
    if let Some(token) = issued.refresh_token {
        body.insert("refresh_token".to_owned(), json!(token));
    }
    (no_store(), Json(Value::Object(body))).into_response()
}
