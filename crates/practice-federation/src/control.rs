//! Faults and the authorization server's controls, switched from another process: the page's forms, and the same as JSON. Only a request
//! that no foreign web page can have sent may change anything.

use std::sync::Arc;

use axum::extract::rejection::{FormRejection, JsonRejection};
use axum::extract::{Form, Path, Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};
use axum::middleware::{self, Next};
use axum::response::{Html, IntoResponse, Redirect, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use serde::Deserialize;
use serde_json::{Value, json};

use crate::faults::{Fault, FaultReport};
use crate::oauth;
use crate::page;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/practice", get(show))
        .route("/practice/faults", get(list).post(add).delete(clear))
        .route("/practice/faults/{id}", delete(remove))
        .route("/practice/on", post(form_on))
        .route("/practice/off", post(form_off))
        .merge(oauth::control_routes())
        .layer(middleware::from_fn(refuse_foreign_origin))
        .layer(middleware::from_fn(harden))
}

/// A fault as a form field or as JSON, in the text form of [`Fault`].
#[derive(Deserialize)]
struct Wanted {
    fault: String,
}

/// Which fault a form switches off; all of them if none is named.
#[derive(Deserialize)]
struct Unwanted {
    id: Option<u64>,
}

async fn show(State(shared): State<Arc<Shared>>) -> Html<String> {
    Html(page::render(&shared))
}

async fn list(State(shared): State<Arc<Shared>>) -> Json<Value> {
    Json(shared.faults().reports().iter().map(as_json).collect())
}

async fn add(
    State(shared): State<Arc<Shared>>,
    body: Result<Json<Wanted>, JsonRejection>,
) -> Result<Response, Problem> {
    let Json(wanted) = body.map_err(|error| {
        Problem::new(
            error.status(),
            r#"Send JSON such as {"fault": "status=503,count=2"}."#,
        )
    })?;
    let fault = parse(&wanted.fault)?;
    let mut faults = shared.faults();
    let id = faults.add(fault);
    let added = faults
        .reports()
        .iter()
        .find(|report| report.id == id)
        .map(as_json);
    Ok((StatusCode::CREATED, Json(added)).into_response())
}

async fn clear(State(shared): State<Arc<Shared>>) -> StatusCode {
    shared.faults().clear();
    StatusCode::NO_CONTENT
}

async fn remove(
    State(shared): State<Arc<Shared>>,
    Path(id): Path<String>,
) -> Result<StatusCode, Problem> {
    if id.parse().is_ok_and(|id| shared.faults().remove(id)) {
        Ok(StatusCode::NO_CONTENT)
    } else {
        Err(Problem::new(
            StatusCode::NOT_FOUND,
            "There is no such fault.",
        ))
    }
}

async fn form_on(
    State(shared): State<Arc<Shared>>,
    form: Result<Form<Wanted>, FormRejection>,
) -> Result<Redirect, Problem> {
    let Form(wanted) = form.map_err(|error| Problem::new(error.status(), "Choose a fault."))?;
    let fault = parse(&wanted.fault)?;
    shared.faults().add(fault);
    Ok(Redirect::to("/practice"))
}

async fn form_off(
    State(shared): State<Arc<Shared>>,
    form: Result<Form<Unwanted>, FormRejection>,
) -> Result<Redirect, Problem> {
    let Form(unwanted) = form.map_err(|error| Problem::new(error.status(), "Choose a fault."))?;
    match unwanted.id {
        // A fault that is gone already is what was asked for.
        Some(id) => drop(shared.faults().remove(id)),
        None => shared.faults().clear(),
    }
    Ok(Redirect::to("/practice"))
}

fn parse(text: &str) -> Result<Fault, Problem> {
    text.parse::<Fault>()
        .map_err(|error| Problem::new(StatusCode::BAD_REQUEST, error.to_string()))
}

fn as_json(report: &FaultReport) -> Value {
    json!({
        "id": report.id,
        "fault": report.fault.to_string(),
        "passed": report.passed,
        "hits": report.hits,
        "usedUp": report.is_used_up(),
    })
}

/// Lets changes through only if no foreign web page can have sent them. Browsers send `Origin` with
/// every such request, and `Sec-Fetch-Site` where they know it; programs send neither.
pub(crate) async fn refuse_foreign_origin(request: Request, next: Next) -> Response {
    if request.method().is_safe() || is_from_here(request.headers()) {
        return next.run(request).await;
    }
    Problem::new(
        StatusCode::FORBIDDEN,
        "Changes come from this server's own pages or from a program, not from another site.",
    )
    .into_response()
}

/// True if the origin is absent or the host's own. The host was found to be this server before.
fn is_from_here(headers: &HeaderMap) -> bool {
    let own = headers
        .get(header::HOST)
        .and_then(|host| host.to_str().ok());
    let origin_is_own = headers.get(header::ORIGIN).is_none_or(|origin| {
        origin
            .to_str()
            .ok()
            .and_then(|origin| origin.strip_prefix("http://"))
            == own
    });
    let site_is_own = headers
        .get(HeaderName::from_static("sec-fetch-site"))
        .is_none_or(|site| site == "same-origin" || site == "none");
    origin_is_own && site_is_own
}

/// Headers for the page: no script, nothing from elsewhere, no frame, no copy kept. The referrer
/// policy must not be `no-referrer`, under which browsers send forms with `Origin: null`.
async fn harden(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    headers.insert(
        header::CONTENT_SECURITY_POLICY,
        HeaderValue::from_static(
            "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; \
             frame-ancestors 'none'; base-uri 'none'",
        ),
    );
    headers.insert(
        header::REFERRER_POLICY,
        HeaderValue::from_static("same-origin"),
    );
    headers.insert(
        header::X_CONTENT_TYPE_OPTIONS,
        HeaderValue::from_static("nosniff"),
    );
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}
