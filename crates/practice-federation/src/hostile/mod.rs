//! Answers that mean harm, each at `/hostile/NAME`; what is below the name is ignored. All have status
//! 200 and claim to be a list. None of them is large in memory here.

mod stream;
mod xml;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::any;

use crate::asked::{Asked, typed};
use crate::injection::cut;
use crate::problem::Problem;
use crate::state::Shared;

pub(crate) use crate::oauth::hostile::packed;
pub(crate) use xml::latin1;

const JSON: &str = "application/json";
const XML: &str = "application/xml; charset=utf-8";

/// A list as it should be.
const LIST: &str = "{\"data\":[{\"id\":\"P-0000001\",\"firstName\":\"Seán\"},{\"id\":\"P-0000002\",\
                    \"firstName\":\"Síle\"}],\"page\":{\"page\":0,\"size\":20,\"totalPages\":1,\
                    \"totalElements\":2}}";

/// Bytes of the endless answer, and of the unpacked bomb.
const ENDLESS: usize = 10_000_000_000;
const BOMB: usize = 4_294_967_296;
const DEPTH: usize = 10_000;
/// Deepest, so that nobody makes this server itself run out of memory.
const MAX_DEPTH: usize = 10_000_000;

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/hostile/{name}", any(named))
        .route("/hostile/{name}/{*rest}", any(named_with_rest))
}

async fn named(State(shared): State<Arc<Shared>>, Path(name): Path<String>, uri: Uri) -> Response {
    answer(&shared, &name, &uri).await
}

async fn named_with_rest(
    State(shared): State<Arc<Shared>>,
    Path((name, _)): Path<(String, String)>,
    uri: Uri,
) -> Response {
    answer(&shared, &name, &uri).await
}

async fn answer(shared: &Shared, name: &str, uri: &Uri) -> Response {
    let asked = Asked::of(uri);
    let number = |name: &str, absent: usize| asked.number(name, absent).unwrap_or(absent);
    match name {
        "truncated_json" => typed(200, JSON, &LIST.as_bytes()[..LIST.len() / 2]),
        "endless" => typed(200, JSON, stream::endless(number("bytes", ENDLESS))),
        "gzip_bomb" => {
            let mut response = typed(200, JSON, stream::gzip_bomb(number("bytes", BOMB)));
            response
                .headers_mut()
                .insert(header::CONTENT_ENCODING, HeaderValue::from_static("gzip"));
            response
        }
        "deep_json" => {
            let depth = number("depth", DEPTH).min(MAX_DEPTH);
            let nested = ["[".repeat(depth), "]".repeat(depth)].concat();
            typed(200, JSON, format!("{{\"data\":{nested}}}"))
        }
        "mislabelled_xml" => typed(200, XML, xml::mislabelled()),
        "billion_laughs" => typed(200, XML, xml::billion_laughs()),
        "bom" => typed(200, JSON, format!("\u{feff}{LIST}")),
        "login_page" => typed(
            200,
            "text/html; charset=utf-8",
            include_str!("../login.html"),
        ),
        "redirect_elsewhere" => redirect(shared, &asked),
        "slow" => typed(
            200,
            JSON,
            stream::slow(LIST, number("milliseconds", 1000) as u64),
        ),
        "cut" => cut(typed(200, JSON, LIST)).await,
        _ => {
            Problem::new(StatusCode::NOT_FOUND, "There is no such hostile answer.").into_response()
        }
    }
}

/// To the address in `to`; without one to this server under its other name, where the request is seen.
fn redirect(shared: &Shared, asked: &Asked) -> Response {
    let own = format!("http://localhost:{}/open/v1/members", shared.address.port());
    let to = asked.get("to").unwrap_or(&own);
    let status = asked.get("status").and_then(|it| it.parse().ok());
    match HeaderValue::try_from(to) {
        Ok(to) => (
            status.unwrap_or(StatusCode::FOUND),
            [(header::LOCATION, to)],
        )
            .into_response(),
        Err(_) => Problem::new(StatusCode::BAD_REQUEST, "to is no address.").into_response(),
    }
}
