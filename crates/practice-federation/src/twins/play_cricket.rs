//! Play-Cricket, version 2. Read by public clients: the key as `api_token`, the players of a site in
//! `players` with `member_id` and one name. Our guess: that without `include_everyone=yes` those who
//! only support the club are left out, and the refusals.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::club::number;
use super::credentials::TWIN_CREDENTIALS;
use super::expected::full_name;
use crate::asked::{Asked, json as answer};
use crate::members::MembershipType;
use crate::state::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/api/v2/sites/{site}/players", get(players))
}

async fn players(
    State(shared): State<Arc<Shared>>,
    Path(site): Path<String>,
    uri: Uri,
) -> Response {
    let asked = Asked::of(&uri);
    if asked.get("api_token") != Some(TWIN_CREDENTIALS.key) {
        return answer(401, json!({ "error": "Invalid api_token" }));
    }
    // Rights are given endpoint by endpoint, for one's own site.
    if site != TWIN_CREDENTIALS.organisation {
        return answer(403, json!({ "error": "Not authorised for this site" }));
    }
    let everyone = asked.get("include_everyone") == Some("yes");
    let players: Vec<Value> = shared
        .twin_members
        .iter()
        .filter(|it| everyone || it.membership_type != MembershipType::Social)
        .map(|it| json!({ "member_id": number(it), "name": full_name(it) }))
        .collect();
    answer(200, json!({ "players": players }))
}
