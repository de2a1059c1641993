//! Errors of the OAuth endpoints that programs call (RFC 6749, 5.2): a code, a sentence, and for a
//! client that did not prove itself the challenge.

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// An error answer. The sentence is fixed, so that it cannot repeat what a client sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OAuthError {
    pub(crate) code: &'static str,
    pub(crate) description: &'static str,
}

impl OAuthError {
    pub(crate) fn new(code: &'static str, description: &'static str) -> Self {
        Self { code, description }
    }

    pub(crate) fn invalid_request(description: &'static str) -> Self {
        Self::new("invalid_request", description)
    }

    pub(crate) fn invalid_client() -> Self {
        Self::new(
            "invalid_client",
            "The client is unknown or its secret is wrong.",
        )
    }

    pub(crate) fn invalid_grant(description: &'static str) -> Self {
        Self::new("invalid_grant", description)
    }

    pub(crate) fn invalid_scope() -> Self {
        Self::new(
            "invalid_scope",
            "One of the scopes does not exist or was not granted.",
        )
    }
}

impl IntoResponse for OAuthError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.code, "error_description": self.description }));
        let mut headers = no_store();
        if self.code != "invalid_client" {
            return (StatusCode::BAD_REQUEST, headers, body).into_response();
        }
        headers.insert(
            header::WWW_AUTHENTICATE,
            HeaderValue::from_static(r#"Basic realm="practice", charset="UTF-8""#),
        );
        (StatusCode::UNAUTHORIZED, headers, body).into_response()
    }
}

/// Nobody keeps a copy of an answer that holds a token.
pub(crate) fn no_store() -> HeaderMap {
    HeaderMap::from_iter([
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::PRAGMA, HeaderValue::from_static("no-cache")),
    ])
}
