//! COMET (Analyticom), whose reports are a table of whatever columns the tenant chose. Read by public
//! clients: the address with template, page from 0 and size as segments and a slash at its end, the key
//! as `API_KEY`, `{results, totalSize, page, pageSize, lastPage}`, dates as milliseconds. Our guess: the
//! refusals, and that sizes over 1,000 are cut.

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::Uri;
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::club::{epoch_milliseconds, number};
use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, json as answer, slice};
use crate::members::{Gender, Member, MembershipStatus};
use crate::state::Shared;

const MAX_SIZE: usize = 1000;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new().route(
        "/data-backend/api/public/areports/run/{template}/{page}/{size}/",
        get(report),
    )
}

async fn report(
    State(shared): State<Arc<Shared>>,
    Path((template, page, size)): Path<(String, String, String)>,
    uri: Uri,
) -> Response {
    if Asked::of(&uri).get("API_KEY") != Some(TWIN_CREDENTIALS.key) {
        return refused(401, "Invalid API key");
    }
    // A key is for one report.
    if template != TWIN_CREDENTIALS.organisation {
        return refused(403, "The API key is for another report");
    }
    let (Ok(page), Ok(size)) = (page.parse::<usize>(), size.parse::<usize>()) else {
        return refused(400, "Page and size are numbers");
    };
    if size == 0 {
        return refused(400, "The size is at least 1");
    }
    let size = size.min(MAX_SIZE);
    let all = &shared.twin_members;
    let rows = slice(all, page.saturating_mul(size), size);
    let body = json!({
        "results": rows.iter().map(row).collect::<Vec<Value>>(),
        "totalSize": all.len(),
        "page": page,
        "pageSize": size,
        "lastPage": all.len().div_ceil(size).saturating_sub(1),
    });
    answer(200, body)
}

fn refused(status: u16, message: &str) -> Response {
    answer(status, json!({ "status": status, "message": message }))
}

fn row(member: &Member) -> Value {
    let is_active = member.status == MembershipStatus::Active;
    json!({
        "personId": number(member),
        "firstName": member.first_name,
        "lastName": member.last_name,
        "dateOfBirth": epoch_milliseconds(&member.date_of_birth),
        "gender": if member.gender == Gender::Female { "FEMALE" } else { "MALE" },
        "nationality": "IRL",
        "orgName": "Practice Football Club",
        "registrationType": "Player",
        "registrationStatus": if is_active { "ACTIVE" } else { "EXPIRED" },
    })
}
