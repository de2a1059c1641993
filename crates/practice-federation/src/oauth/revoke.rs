//! Revocation (RFC 7009). An unknown token is as good as revoked, so the answer is the same.

use std::sync::Arc;

use axum::extract::rejection::RawFormRejection;
use axum::extract::{RawForm, State};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};

use super::client::Client;
use super::error::{OAuthError, no_store};
use super::token::form_parameters;
use crate::state::Shared;

pub(super) async fn revoke(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    form: Result<RawForm, RawFormRejection>,
) -> Response {
    let done = form_parameters(form).and_then(|form| {
        let client = Client::authenticate(&headers, &form, &shared.credentials)?;
        let token = form
            .get("token")
            .ok_or_else(|| OAuthError::invalid_request("The token is missing."))?;
        shared.ledger().revoke(token, client);
        Ok(())
    });
    match done {
        Ok(()) => (StatusCode::OK, no_store()).into_response(),
        Err(error) => error.into_response(),
    }
}
