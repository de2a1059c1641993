//! Spordle Play. Read by public clients: `Authorization: API-Key KEY`, the `LoopBack` filter as JSON in
//! `filter` with `where`, `limit` and `skip`, a bare array, the name inside `participant`. Our guess:
//! that a list without a limit is whole, and the refusals, which are those of `LoopBack`.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use serde_json::{Value, json};

use super::club::number;
use super::credentials::TWIN_CREDENTIALS;
use super::expected::full_name;
use crate::asked::{Asked, after_scheme, json as answer, slice};
use crate::members::{Member, MembershipStatus};
use crate::state::Shared;

/// What stands in `filter`; other members are allowed and ignored.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Filter {
    limit: Option<usize>,
    skip: usize,
    #[serde(rename = "where")]
    conditions: Conditions,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Conditions {
    team_id: Option<Value>,
}

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/api/sp/members", get(members))
}

async fn members(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    if after_scheme(&headers, "API-Key") != Some(TWIN_CREDENTIALS.key) {
        return refused(401, "UnauthorizedError", "Invalid API key");
    }
    let filter: Filter = match Asked::of(&uri).get("filter").map(serde_json::from_str) {
        None => Filter::default(),
        Some(Ok(filter)) => filter,
        Some(Err(_)) => return refused(400, "BadRequestError", "Invalid filter"),
    };
    let of_the_team = filter.conditions.team_id.is_none_or(|team| {
        let number = TWIN_CREDENTIALS.organisation.parse::<u64>().ok();
        team == TWIN_CREDENTIALS.organisation || team.as_u64() == number
    });
    let all: &[Member] = if of_the_team {
        &shared.twin_members
    } else {
        &[]
    };
    let found = slice(all, filter.skip, filter.limit.unwrap_or(usize::MAX));
    answer(200, found.iter().map(record).collect())
}

fn refused(status: u16, name: &str, message: &str) -> Response {
    let error = json!({ "statusCode": status, "name": name, "message": message });
    answer(status, json!({ "error": error }))
}

fn record(member: &Member) -> Value {
    let id = number(member);
    json!({
        "id": id,
        "teamId": 4711,
        "participantId": id + 400_000,
        "number": id % 99 + 1,
        "positions": ["F"],
        "isCaptain": false,
        "isAffiliate": member.status == MembershipStatus::Lapsed,
        "participant": {
            "id": id + 400_000,
            "firstName": member.first_name,
            "lastName": member.last_name,
            "fullName": full_name(member),
        },
    })
}
