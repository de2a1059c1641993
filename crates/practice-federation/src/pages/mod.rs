//! Paged lists without authentication, one path for each way of paging: `/paging/STYLE`. They take
//! `count` (rows in all) or `rows=club`, `fault`, `envelope` and the parameters of their style; links keep them all.

mod keyset;
mod rows;
mod style;
mod window;

use std::sync::Arc;

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;

use crate::asked::Asked;
use crate::problem::Problem;
use crate::state::Shared;

pub use keyset::is_deleted_in_keyset;
pub use rows::paging_row_id;

use keyset::{Revisions, last_id};
use style::{Envelope, Style};
use window::{PagingFault, Start, window};

const DEFAULT_COUNT: usize = 45;
const MAX_COUNT: usize = 1_000_000;
const DEFAULT_SIZE: usize = 20;
/// Larger sizes are cut down to this.
const MAX_SIZE: usize = 1000;

/// What every style takes.
struct Wanted {
    asked: Asked,
    count: usize,
    fault: Option<PagingFault>,
    envelope: Option<Envelope>,
    /// The rows are the members of the twins' club, whole, and not made from their places.
    is_club: bool,
}

pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/paging/keyset", get(revisions))
        .route("/paging/path/{page}/{size}", get(by_path))
        .route("/paging/{style}", get(by_query))
}

async fn by_query(
    State(shared): State<Arc<Shared>>,
    Path(name): Path<String>,
    uri: Uri,
) -> Result<Response, Problem> {
    let style = Style::by_name(&name)
        .ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "There is no such style of paging."))?;
    let wanted = read(&shared, &uri)?;
    let size = number(&wanted.asked, style.size_parameter(), DEFAULT_SIZE)?;
    let size = match style {
        Style::None => wanted.count,
        _ => size.clamp(1, MAX_SIZE),
    };
    let start = style
        .start(&wanted.asked)
        .ok_or_else(|| bad("The place of the page cannot be read."))?;
    style::answer(style, &shared, &uri, &wanted, start, size)
}

async fn by_path(
    State(shared): State<Arc<Shared>>,
    Path((page, size)): Path<(String, String)>,
    uri: Uri,
) -> Result<Response, Problem> {
    let (Ok(page), Ok(size)) = (page.parse(), size.parse::<usize>()) else {
        return Err(bad("Page and size are whole numbers from 0."));
    };
    let size = size.clamp(1, MAX_SIZE);
    style::answer(
        Style::Path,
        &shared,
        &uri,
        &read(&shared, &uri)?,
        Start::Page(page),
        size,
    )
}

async fn revisions(State(shared): State<Arc<Shared>>, uri: Uri) -> Result<Response, Problem> {
    let wanted = read(&shared, &uri)?;
    let limit = number(&wanted.asked, "limit", DEFAULT_SIZE)?.clamp(1, MAX_SIZE);
    let updated = number(&wanted.asked, "last-updated", 0)?;
    let id = last_id(wanted.asked.get("last-id")).map_err(|()| bad("last-id is no id."))?;
    let all = Revisions::of(wanted.count);
    let position = all.after(updated as u64, id);
    let mut page = window(all.len(), Start::Offset(position), limit, wanted.fault);
    if wanted.fault == Some(PagingFault::Duplicates) {
        // The row of the cursor comes again; a longer step back would never arrive.
        let start = position.saturating_sub(1);
        page.rows = start..start.saturating_add(limit).min(all.len());
        if position >= all.len() {
            page.rows = 0..0;
        }
    }
    let mut body = String::from("[");
    for (nth, position) in page.rows.enumerate() {
        body.push_str(if nth == 0 { "{" } else { ",{" });
        all.write(&mut body, position);
        body.push('}');
    }
    body.push(']');
    Ok(as_json(Body::from(body)))
}

fn read(shared: &Shared, uri: &Uri) -> Result<Wanted, Problem> {
    let asked = Asked::of(uri);
    let is_club = match asked.get("rows") {
        None => false,
        Some("club") => true,
        Some(_) => return Err(bad("rows is club or not there.")),
    };
    let count = if is_club {
        shared.twin_members.len()
    } else {
        number(&asked, "count", DEFAULT_COUNT)?
    };
    if count > MAX_COUNT {
        return Err(bad("count is at most 1000000."));
    }
    let fault = match asked.get("fault") {
        None => None,
        Some(name) => {
            let mut all = PagingFault::ALL.into_iter();
            let found = all.find(|fault| fault.text() == name);
            Some(found.ok_or_else(|| bad("There is no such fault of paging."))?)
        }
    };
    let envelope = match asked.get("envelope") {
        None => None,
        Some(name) => {
            Some(Envelope::by_name(name).ok_or_else(|| bad("There is no such envelope."))?)
        }
    };
    Ok(Wanted {
        asked,
        count,
        fault,
        envelope,
        is_club,
    })
}

fn number(asked: &Asked, name: &str, absent: usize) -> Result<usize, Problem> {
    asked
        .number(name, absent)
        .ok_or_else(|| bad("A parameter is no whole number from 0."))
}

fn bad(detail: &str) -> Problem {
    Problem::new(StatusCode::BAD_REQUEST, detail)
}

fn as_json(body: Body) -> Response {
    ([(header::CONTENT_TYPE, "application/json")], body).into_response()
}
