//! All routes, and what stands around every request: the check of the host, the log, the faults.

use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::{StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{IntoResponse, Redirect, Response};
use axum::routing::get;

use crate::injection::inject;
use crate::log::RecordedRequest;
use crate::problem::Problem;
use crate::state::Shared;
use crate::{api, control, counted, failures, hostile, oauth, pages, twins};

/// Largest request body read, in bytes. Nothing here needs more.
const MAX_BODY: usize = 64 * 1024;

pub(crate) fn router(shared: Arc<Shared>) -> Router {
    Router::new()
        .route("/", get(|| async { Redirect::temporary("/practice") }))
        .merge(api::routes())
        .merge(oauth::routes())
        .merge(control::routes())
        .merge(twins::routes())
        .merge(pages::routes())
        .merge(failures::routes())
        .merge(hostile::routes())
        .merge(counted::routes())
        .fallback(|| async {
            Problem::new(StatusCode::NOT_FOUND, "There is nothing at this path.")
        })
        .method_not_allowed_fallback(|| async {
            Problem::new(
                StatusCode::METHOD_NOT_ALLOWED,
                "This path does not take this method.",
            )
        })
        // The last layer is the outermost: a foreign host is refused before anything is counted.
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), inject))
        .layer(middleware::from_fn_with_state(Arc::clone(&shared), note))
        .layer(middleware::from_fn_with_state(
            Arc::clone(&shared),
            refuse_foreign_host,
        ))
        .with_state(shared)
}

/// True for the page, the fault list and the redirect to the page: no faults, no log.
pub(crate) fn is_control(path: &str) -> bool {
    path == "/" || path == "/practice" || path.starts_with("/practice/")
}

/// Refuses requests for another host name: a web page that rebinds its own name to 127.0.0.1 would
/// otherwise be of the same origin as this server.
async fn refuse_foreign_host(
    State(shared): State<Arc<Shared>>,
    request: Request,
    next: Next,
) -> Response {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host_is_own = match (hosts.next(), hosts.next()) {
        (Some(host), None) => host
            .to_str()
            .is_ok_and(|host| shared.is_own_authority(host)),
        _ => false,
    };
    let target_is_own = request
        .uri()
        .authority()
        .is_none_or(|it| shared.is_own_authority(it.as_str()));
    if host_is_own && target_is_own {
        next.run(request).await
    } else {
        Problem::new(
            StatusCode::MISDIRECTED_REQUEST,
            format!("This server answers for {} only.", shared.address),
        )
        .into_response()
    }
}

/// Notes the request in the log and, if asked for, in the recorder.
async fn note(State(shared): State<Arc<Shared>>, request: Request, next: Next) -> Response {
    if is_control(request.uri().path()) {
        return next.run(request).await;
    }
    let (parts, body) = request.into_parts();
    shared.log().note(&parts);
    if shared.recorder().is_none() {
        return next.run(Request::from_parts(parts, body)).await;
    }
    let Ok(body) = to_bytes(body, MAX_BODY).await else {
        return Problem::new(StatusCode::PAYLOAD_TOO_LARGE, "The body is over 64 KiB.")
            .into_response();
    };
    if let Some(mut recorder) = shared.recorder() {
        recorder.push(RecordedRequest {
            method: parts.method.to_string(),
            target: parts.uri.to_string(),
            headers: parts
                .headers
                .iter()
                .map(|(name, value)| (name.as_str().to_owned(), value.as_bytes().to_vec()))
                .collect(),
            body: body.to_vec(),
        });
    }
    next.run(Request::from_parts(parts, Body::from(body))).await
}
