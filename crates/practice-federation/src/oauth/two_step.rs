//! A token for a secret or a password, without OAuth: one call that signs in, in the two shapes
//! that membership systems have. JSON gets `{data: {accessToken, tokenType, expiresIn}}`, a form
//! gets `{token}`.

use std::sync::Arc;

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;

use super::client::Client;
use super::error::no_store;
use super::ledger::Terms;
use super::parameters::Parameters;
use super::scopes::Scopes;
use super::token::limit_life;
use crate::credentials::PracticeCredentials;
use crate::problem::Problem;
use crate::state::Shared;

/// What the caller offers.
#[derive(Deserialize)]
struct Offer {
    secret: Option<String>,
    username: Option<String>,
    password: Option<String>,
}

impl Offer {
    fn is_right(&self, credentials: &PracticeCredentials) -> bool {
        match (&self.secret, &self.username, &self.password) {
            (Some(secret), None, None) => *secret == credentials.two_step_secret,
            (None, Some(username), Some(password)) => {
                credentials.are_of_the_person(username, password)
            }
            _ => false,
        }
    }
}

pub(super) async fn two_step(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    shared.ledger().counts.token_requests += 1;
    let kind = headers
        .get(header::CONTENT_TYPE)
        .and_then(|kind| kind.to_str().ok())
        .unwrap_or_default();
    let is_form = kind.starts_with("application/x-www-form-urlencoded");
    let offer = if is_form {
        Some(from_form(&body))
    } else if kind.starts_with("application/json") {
        serde_json::from_slice(&body).ok()
    } else {
        None
    };
    let offer = offer.ok_or_else(|| {
        Problem::new(
            StatusCode::BAD_REQUEST,
            "Send JSON or a form with secret, or with username and password.",
        )
    })?;
    if !offer.is_right(&shared.credentials) {
        return Err(Problem::unauthorized(
            "The secret or the password is wrong.",
            r#"Secret realm="practice""#,
        ));
    }
    let issued = shared
        .ledger()
        .issue_first(Client::Worker, Scopes::READING, Terms::default());
    limit_life(&shared, &issued);
    let answer = if is_form {
        json!({ "token": issued.access_token })
    } else {
        json!({ "data": {
            "accessToken": issued.access_token,
            "tokenType": "Bearer",
            "expiresIn": issued.lifetime,
        } })
    };
    Ok((no_store(), Json(answer)).into_response())
}

fn from_form(body: &[u8]) -> Offer {
    let form = Parameters::parse(body);
    let text = |name| form.get(name).map(str::to_owned);
    Offer {
        secret: text("secret"),
        username: text("username"),
        password: text("password"),
    }
}
