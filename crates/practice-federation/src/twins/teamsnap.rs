//! `TeamSnap`, version 3. Documented: Collection+JSON, the search of members by team without pages, the
//! names of the fields. The token is one of this crate's authorization server, as a person who signed
//! in would have it. Our guess: the numbers of the refusals.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::club::number;
use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, after_scheme, typed};
use crate::members::{Gender, Member, MembershipStatus, MembershipType};
use crate::state::Shared;

const COLLECTION: &str = "application/vnd.collection+json";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v3/me", get(me))
        .route("/v3/members/search", get(search))
}

async fn me(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if let Err(refusal) = signed_in(&shared, &headers) {
        return *refusal;
    }
    let data = json!([
        { "name": "id", "value": 1, "type": "Integer" },
        { "name": "first_name", "value": "Practice", "type": "String" },
    ]);
    collection(&shared, "/me", &json!([{ "href": "/me", "data": data }]))
}

async fn search(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    if let Err(refusal) = signed_in(&shared, &headers) {
        return *refusal;
    }
    let asked = Asked::of(&uri);
    match asked.get("team_id") {
        None => refused(400, "Give team_id, user_id or id."),
        Some(team) if team != TWIN_CREDENTIALS.organisation => {
            collection(&shared, "/members/search", &json!([]))
        }
        Some(_) => {
            let items: Value = shared.twin_members.iter().map(item).collect();
            collection(&shared, "/members/search", &items)
        }
    }
}

fn signed_in(shared: &Shared, headers: &HeaderMap) -> Result<(), Box<Response>> {
    let token = after_scheme(headers, "Bearer").unwrap_or_default();
    match shared.ledger().scopes_of(token) {
        Some(_) => Ok(()),
        None => Err(Box::new(refused(
            401,
            "You are not authorized to access this resource.",
        ))),
    }
}

fn collection(shared: &Shared, path: &str, items: &Value) -> Response {
    let body = json!({ "collection": {
        "version": "3.867.0",
        "href": format!("{}/twin/teamsnap/v3{path}", shared.origin()),
        "rel": "members",
        "links": [{ "rel": "root", "href": format!("{}/twin/teamsnap/v3/", shared.origin()) }],
        "items": items,
    } });
    typed(200, COLLECTION, body.to_string())
}

fn refused(status: u16, message: &str) -> Response {
    let body = json!({ "collection": {
        "version": "3.867.0",
        "error": { "title": "Error", "code": status, "message": message },
    } });
    typed(status, COLLECTION, body.to_string())
}

fn item(member: &Member) -> Value {
    let text = |name: &str, value: Value| json!({ "name": name, "value": value, "type": "String" });
    let flag = |name: &str, value: bool| json!({ "name": name, "value": value, "type": "Boolean" });
    let is_female = member.gender == Gender::Female;
    let data = [
        json!({ "name": "id", "value": number(member), "type": "Integer" }),
        json!({ "name": "type", "value": "member" }),
        text("first_name", json!(member.first_name)),
        text("last_name", json!(member.last_name)),
        json!({ "name": "birthday", "value": member.date_of_birth, "type": "Date" }),
        text("gender", json!(if is_female { "Female" } else { "Male" })),
        json!({ "name": "email_addresses", "value": member.email.iter().collect::<Vec<_>>() }),
        json!({ "name": "phone_numbers", "value": member.mobile.iter().collect::<Vec<_>>() }),
        text("address_city", json!(member.town)),
        text("address_state", json!(member.county)),
        text("jersey_number", Value::Null),
        flag(
            "is_non_player",
            member.membership_type == MembershipType::Social,
        ),
        flag("is_manager", false),
        flag("is_activated", member.status == MembershipStatus::Active),
    ];
    json!({
        "href": format!("/members/{}", number(member)),
        "data": data,
        "links": [{ "rel": "team", "href": format!("/teams/{}", TWIN_CREDENTIALS.organisation) }],
        "rel": "member-search",
    })
}
