//! The members API: who am I, clubs, members; each list in an envelope and, for members, bare.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::http::{StatusCode, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Extension, Json, Router};
use serde::Serialize;
use serde_json::{Value, json};

use crate::auth::Caller;
use crate::injection::ListShape;
use crate::members::{Member, clubs as all_clubs};
use crate::paging::PageRequest;
use crate::problem::Problem;
use crate::state::Shared;

/// The API's routes. The first segment is the way to authenticate, which [`Caller`] reads.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/{style}/v1/me", get(me))
        .route("/{style}/v1/clubs", get(clubs))
        .route("/{style}/v1/clubs/{club}", get(club))
        .route("/{style}/v1/members", get(members))
        .route("/{style}/v1/members/{member}", get(member))
        .route("/{style}/v1/clubs/{club}/members", get(club_members))
        .route("/{style}/v1/plain/members", get(plain_members))
        .route(
            "/{style}/v1/plain/clubs/{club}/members",
            get(plain_club_members),
        )
}

type Answer = Result<Response, Problem>;

async fn me(caller: Caller, uri: Uri, State(shared): State<Arc<Shared>>) -> Response {
    Json(json!({
        "data": {
            "name": "Practice account",
            "federation": "Practice federation",
            "authentication": caller.style.segment(),
            "credential": caller.credential,
            "rights": caller.scopes.names(),
            "clubs": all_clubs().len(),
            "members": shared.members_now().len(),
        },
        "links": { "self": { "href": address(&shared, &uri) } },
    }))
    .into_response()
}

async fn clubs(
    _: Caller,
    uri: Uri,
    State(shared): State<Arc<Shared>>,
    Extension(shape): Extension<ListShape>,
) -> Answer {
    envelope(&shared, &uri, shape, all_clubs())
}

async fn club(
    _: Caller,
    uri: Uri,
    Path((_, id)): Path<(String, String)>,
    State(shared): State<Arc<Shared>>,
) -> Answer {
    let found = all_clubs().iter().find(|club| club.id == id);
    let club =
        found.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "There is no such club."))?;
    Ok(Json(json!({
        "data": club,
        "links": { "self": { "href": address(&shared, &uri) } },
    }))
    .into_response())
}

async fn members(
    _: Caller,
    uri: Uri,
    State(shared): State<Arc<Shared>>,
    Extension(shape): Extension<ListShape>,
) -> Answer {
    envelope(&shared, &uri, shape, &shared.members_now())
}

async fn club_members(
    _: Caller,
    uri: Uri,
    Path((_, club)): Path<(String, String)>,
    State(shared): State<Arc<Shared>>,
    Extension(shape): Extension<ListShape>,
) -> Answer {
    let members = shared.members_now();
    envelope(&shared, &uri, shape, &of_club(&members, &club)?)
}

async fn plain_members(
    _: Caller,
    uri: Uri,
    State(shared): State<Arc<Shared>>,
    Extension(shape): Extension<ListShape>,
) -> Answer {
    plain(&uri, shape, &shared.members_now())
}

async fn plain_club_members(
    _: Caller,
    uri: Uri,
    Path((_, club)): Path<(String, String)>,
    State(shared): State<Arc<Shared>>,
    Extension(shape): Extension<ListShape>,
) -> Answer {
    let members = shared.members_now();
    plain(&uri, shape, &of_club(&members, &club)?)
}

async fn member(
    _: Caller,
    uri: Uri,
    Path((_, id)): Path<(String, String)>,
    State(shared): State<Arc<Shared>>,
) -> Answer {
    let members = shared.members_now();
    let found = members.iter().find(|member| member.id == id);
    let member =
        found.ok_or_else(|| Problem::new(StatusCode::NOT_FOUND, "There is no such member."))?;
    Ok(Json(json!({
        "data": member,
        "links": { "self": { "href": address(&shared, &uri) } },
    }))
    .into_response())
}

/// Of a large list a page is asked for hundreds of times, so that no member is copied.
fn of_club<'a>(members: &'a [Member], club: &str) -> Result<Vec<&'a Member>, Problem> {
    if all_clubs().iter().all(|known| known.id != club) {
        return Err(Problem::new(
            StatusCode::NOT_FOUND,
            "There is no such club.",
        ));
    }
    Ok(members
        .iter()
        .filter(|member| member.club_id == club)
        .collect())
}

fn envelope<T: Serialize>(shared: &Shared, uri: &Uri, shape: ListShape, list: &[T]) -> Answer {
    let asked = PageRequest::from_uri(uri)?;
    let list = if shape == ListShape::Empty { &[] } else { list };
    let (links, page) = asked.around(&address(shared, uri), list.len());
    let body = match shape {
        ListShape::NotAList => json!({ "links": links, "page": page }),
        ListShape::NotObjects => {
            json!({ "data": as_texts(asked.slice(list)), "links": links, "page": page })
        }
        ListShape::AsItIs | ListShape::Empty => {
            json!({ "data": asked.slice(list), "links": links, "page": page })
        }
    };
    Ok(Json(body).into_response())
}

fn plain<T: Serialize>(uri: &Uri, shape: ListShape, list: &[T]) -> Answer {
    let asked = PageRequest::from_uri(uri)?;
    let body = match shape {
        ListShape::AsItIs => json!(asked.slice(list)),
        ListShape::Empty => json!([]),
        ListShape::NotAList => json!({ "message": "There is no list here." }),
        ListShape::NotObjects => json!(as_texts(asked.slice(list))),
    };
    Ok(Json(body).into_response())
}

fn as_texts<T>(list: &[T]) -> Vec<Value> {
    list.iter()
        .map(|_| json!("a text where a record should be"))
        .collect()
}

/// The request's own address without its query, which may hold a key.
fn address(shared: &Shared, uri: &Uri) -> String {
    format!("{}{}", shared.origin(), uri.path())
}
