//! Hello Club. Documented by public clients: the header `X-Api-Key`, `limit` and `offset`, and for events
//! the envelope `{events, meta: {total}}`. Our guess: that members come in `members` beside the same
//! `meta`, the names of their fields beyond the first and last name, the largest limit, the refusals.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, header_text, json as answer, slice};
use crate::members::{Gender, Member, MembershipStatus};
use crate::state::Shared;

const DEFAULT_LIMIT: usize = 100;
/// Larger limits are cut down to this.
const MAX_LIMIT: usize = 100;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route("/member", get(members))
}

async fn members(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    if header_text(&headers, "x-api-key") != Some(TWIN_CREDENTIALS.key) {
        return refused(401, "Unauthorized");
    }
    let asked = Asked::of(&uri);
    let (Some(limit), Some(offset)) = (
        asked.number("limit", DEFAULT_LIMIT),
        asked.number("offset", 0),
    ) else {
        return refused(400, "limit and offset are numbers");
    };
    let limit = limit.min(MAX_LIMIT);
    let all = &shared.twin_members;
    let found = slice(all, offset, limit);
    let body = json!({
        "members": found.iter().map(record).collect::<Vec<Value>>(),
        "meta": {
            "count": found.len(),
            "total": all.len(),
            "limit": limit,
            "offset": offset,
        },
    });
    answer(200, body)
}

fn refused(status: u16, message: &str) -> Response {
    answer(status, json!({ "statusCode": status, "message": message }))
}

fn record(member: &Member) -> Value {
    json!({
        "id": member.id,
        "firstName": member.first_name,
        "lastName": member.last_name,
        "dob": member.date_of_birth,
        "gender": if member.gender == Gender::Female { "female" } else { "male" },
        "email": member.email,
        "phone": member.mobile,
        "address": { "line1": member.address1, "city": member.town, "postcode": member.postcode },
        "isActive": member.status == MembershipStatus::Active,
    })
}
