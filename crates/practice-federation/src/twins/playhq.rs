//! `PlayHQ`, public API: teams of a season, since it has no list of members anywhere. Documented: the
//! headers `x-api-key` and `x-phq-tenant`, `cursor`, `metadata.{hasMore, nextCursor}`, about 100 a page.
//! Our guess: the refusals.

use std::sync::Arc;

use axum::Router;
use axum::extract::Path;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, header_text, json as answer};
use crate::state::Shared;

/// How many teams there are.
pub(super) const TEAMS: usize = 250;

const PAGE: usize = 100;
const CURSOR: &str = "practice-cursor-";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v1/organisations/{organisation}/seasons", get(seasons))
        .route("/v1/seasons/{season}/teams", get(teams))
}

/// The id of a team.
pub(super) fn team_id(index: usize) -> String {
    format!("5eed7ea0-0000-4000-8000-{:012}", index + 1)
}

/// The name of a team.
pub(super) fn team_name(index: usize) -> String {
    format!("Kilsample Rovers U{}", index + 8)
}

async fn seasons(Path(organisation): Path<String>, headers: HeaderMap) -> Response {
    if let Err(refusal) = check(&headers) {
        return *refusal;
    }
    if organisation != TWIN_CREDENTIALS.organisation {
        return refused(404, "Organisation not found");
    }
    let season = json!({
        "id": TWIN_CREDENTIALS.season,
        "name": "Practice season 2026",
        "status": "ACTIVE",
    });
    answer(
        200,
        json!({ "data": [season], "metadata": { "hasMore": false, "nextCursor": null } }),
    )
}

async fn teams(Path(season): Path<String>, headers: HeaderMap, uri: Uri) -> Response {
    if let Err(refusal) = check(&headers) {
        return *refusal;
    }
    if season != TWIN_CREDENTIALS.season {
        return refused(404, "Season not found");
    }
    let start = match Asked::of(&uri).get("cursor") {
        None => Some(0),
        Some(cursor) => cursor.strip_prefix(CURSOR).and_then(|it| it.parse().ok()),
    };
    let Some(start) = start.filter(|start| *start < TEAMS) else {
        return refused(400, "Invalid cursor");
    };
    let end = (start + PAGE).min(TEAMS);
    let has_more = end < TEAMS;
    let data: Vec<Value> = (start..end).map(team).collect();
    let body = json!({
        "data": data,
        "metadata": {
            "hasMore": has_more,
            "nextCursor": has_more.then(|| format!("{CURSOR}{end}")),
        },
    });
    answer(200, body)
}

fn check(headers: &HeaderMap) -> Result<(), Box<Response>> {
    if header_text(headers, "x-api-key") != Some(TWIN_CREDENTIALS.key) {
        return Err(Box::new(refused(401, "Unauthorised")));
    }
    match header_text(headers, "x-phq-tenant") {
        Some(tenant) if tenant == TWIN_CREDENTIALS.tenant => Ok(()),
        _ => Err(Box::new(refused(400, "Unknown tenant"))),
    }
}

fn refused(status: u16, message: &str) -> Response {
    answer(status, json!({ "code": status, "message": message }))
}

fn team(index: usize) -> Value {
    json!({
        "id": team_id(index),
        "name": team_name(index),
        "club": { "id": "5eedc1ab-0000-4000-8000-000000000001", "name": "Kilsample Rovers" },
        "grade": { "id": format!("5eed94ad-0000-4000-8000-{:012}", index % 12 + 1), "name": format!("Grade {}", index % 12 + 1) },
        "season": { "id": TWIN_CREDENTIALS.season, "name": "Practice season 2026" },
    })
}
