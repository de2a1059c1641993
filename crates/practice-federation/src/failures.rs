//! Error answers in the shapes that real systems send, each at `/errors/NAME`. What is below the name is
//! ignored, and `status` replaces the status, so that any list can be pointed at one.

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::Path;
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;
use serde_json::{Value, json};

use crate::asked::{Asked, typed};
use crate::hostile::{latin1, packed};
use crate::problem::Problem;
use crate::state::Shared;

const JSON: &str = "application/json";
const BYTE_ORDER_MARK: &str = "\u{feff}";

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/errors/{name}", any(|Path(name): Path<String>, uri: Uri| async move {
            answer(&name, &uri)
        }))
        .route(
            "/errors/{name}/{*rest}",
            any(|Path((name, _)): Path<(String, String)>, uri: Uri| async move {
                answer(&name, &uri)
            }),
        )
}

fn answer(name: &str, uri: &Uri) -> Response {
    let asked = Asked::of(uri);
    let mut response = match name {
        "problem" => typed(403, "application/problem+json", problem().to_string()),
        "json_api" => typed(422, "application/vnd.api+json", json_api().to_string()),
        "oauth" => typed(400, JSON, oauth().to_string()),
        "nif_1018" => typed(401, JSON, nif().to_string()),
        "graphql_200" => typed(200, JSON, graphql().to_string()),
        "login_page" => typed(200, "text/html; charset=utf-8", include_str!("login.html")),
        "empty_204" => StatusCode::NO_CONTENT.into_response(),
        "too_many_seconds" => too_many(Some(asked.get("seconds").unwrap_or("7"))),
        "too_many_date" => {
            // Nothing here reads a calendar: a test that needs a near date gives it.
            too_many(Some(
                asked.get("date").unwrap_or("Wed, 21 Oct 2037 07:28:00 GMT"),
            ))
        }
        "too_many_none" => too_many(None),
        "truncated_json" => {
            let whole = problem().to_string();
            typed(500, JSON, whole[..whole.len() / 2].to_owned())
        }
        "latin1_xml" => typed(
            400,
            "application/xml; charset=utf-8",
            latin1(
                "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<erreur><message>Requête refusée : \
                 saison terminée</message></erreur>\n",
            ),
        ),
        "bom_json" => typed(400, JSON, format!("{BYTE_ORDER_MARK}{}", oauth())),
        "gzip_json" => gzip(),
        _ => {
            return Problem::new(StatusCode::NOT_FOUND, "There is no such error answer.")
                .into_response();
        }
    };
    if let Some(status) = asked.get("status").and_then(|it| it.parse().ok()) {
        *response.status_mut() = status;
    }
    response
}

/// RFC 9457, with a member of its own.
fn problem() -> Value {
    json!({
        "type": "https://practice.example/problems/out-of-season",
        "title": "Out of season",
        "status": 403,
        "detail": "The season of this unit has not begun.",
        "instance": "/units/4711/seasons/2026",
        "season": 2026,
    })
}

fn json_api() -> Value {
    json!({ "errors": [{
        "code": "unprocessable_entity",
        "status": "422",
        "title": "Validation Error",
        "detail": "Vorname darf nicht leer sein",
        "meta": { "attribute": "first_name" },
    }] })
}

fn oauth() -> Value {
    json!({
        "error": "invalid_grant",
        "error_description": "The refresh token is unknown or no longer valid.",
    })
}

/// The number is the Norwegian federation's for a club that the token is not for.
fn nif() -> Value {
    json!({ "code": 1018, "message": "Invalid club id" })
}

fn graphql() -> Value {
    json!({
        "data": null,
        "errors": [{
            "message": "You are not authorized to perform this action.",
            "path": ["organization"],
            "extensions": { "code": "UNAUTHORIZED" },
        }],
    })
}

fn too_many(retry_after: Option<&str>) -> Response {
    let body = json!({ "message": "Too many requests" });
    let mut response = typed(429, JSON, body.to_string());
    if let Some(value) = retry_after.and_then(|it| HeaderValue::from_str(it).ok()) {
        response.headers_mut().insert(header::RETRY_AFTER, value);
    }
    response
}

fn gzip() -> Response {
    let Ok(packed) = packed(oauth().to_string().as_bytes()) else {
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    let mut response = typed(400, JSON, Body::from(packed));
    response
        .headers_mut()
        .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
    response
}
