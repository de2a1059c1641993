//! Webling. Documented: the key as header or parameter `apikey`, `/member` with ids only, `format=full`
//! with whole objects whose `properties` carry the tenant's own (German) names. Our guess: the refusal.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Value, json};

use super::club::number;
use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, header_text, json as answer};
use crate::members::{Gender, Member, MembershipStatus};
use crate::state::Shared;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/1/member", get(members))
        .route("/api/1/membergroup", get(groups))
}

async fn members(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    let asked = Asked::of(&uri);
    if !is_key(&headers, &asked) {
        return refused();
    }
    let all = &shared.twin_members;
    if asked.get("format") == Some("full") {
        answer(200, all.iter().map(record).collect())
    } else {
        let ids: Vec<u64> = all.iter().map(number).collect();
        answer(200, json!({ "objects": ids }))
    }
}

async fn groups(headers: HeaderMap, uri: Uri) -> Response {
    if is_key(&headers, &Asked::of(&uri)) {
        answer(200, json!({ "objects": [100], "roots": [100] }))
    } else {
        refused()
    }
}

fn is_key(headers: &HeaderMap, asked: &Asked) -> bool {
    let offered = header_text(headers, "apikey").or_else(|| asked.get("apikey"));
    offered == Some(TWIN_CREDENTIALS.key)
}

fn refused() -> Response {
    answer(401, json!({ "error": "Ungültiger API-Key" }))
}

fn record(member: &Member) -> Value {
    let is_active = member.status == MembershipStatus::Active;
    json!({
        "type": "member",
        "id": number(member),
        "meta": { "created": format!("{} 12:00:00", member.joined_on) },
        "readonly": true,
        "properties": {
            "Mitglieder ID": number(member),
            "Vorname": member.first_name,
            "Name": member.last_name.as_deref().unwrap_or_default(),
            "Geburtstag": member.date_of_birth,
            "Geschlecht": if member.gender == Gender::Female { "weiblich" } else { "männlich" },
            "E-Mail": member.email,
            "Mobile": member.mobile,
            "Strasse": member.address1,
            "PLZ": member.postcode,
            "Ort": member.town,
            "Status": if is_active { "Aktiv" } else { "Ausgetreten" },
        },
        "children": {},
        "parents": [100],
        "links": {},
    })
}
