//! Twizzit, version 2. Read by public clients: the form that gives `{token}`, `organization-ids[]` in
//! every call, `limit` (at most 250) and `offset`, bare arrays, hyphens in the names of fields. Our
//! guess: the shapes of addresses, mails and telephone numbers inside a contact, and the refusals. Its
//! rate limit is tight and published nowhere: a fault on its path plays it.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::club::number;
use super::credentials::TWIN_CREDENTIALS;
use super::expected::full_name;
use crate::asked::{Asked, after_scheme, header_text, json as answer, slice};
use crate::members::{Gender, Member, MembershipStatus};
use crate::oauth::{Parameters, no_store, twin};
use crate::state::Shared;

const DEFAULT_LIMIT: usize = 100;
/// Larger limits are cut down to this.
const MAX_LIMIT: usize = 250;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v2/api/authenticate", post(authenticate))
        .route("/v2/api/organizations", get(organizations))
        .route("/v2/api/contacts", get(contacts))
        .route("/v2/api/memberships", get(memberships))
        .route("/v2/api/membershipTypes", get(membership_types))
}

async fn authenticate(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    twin::count_token_request(&shared);
    let kind = header_text(&headers, "content-type").unwrap_or_default();
    if !kind.starts_with("application/x-www-form-urlencoded") {
        return refused(400, "Send a form.");
    }
    let form = Parameters::parse(&body);
    let is_right = form.get("username") == Some(TWIN_CREDENTIALS.username)
        && form.get("password") == Some(TWIN_CREDENTIALS.password);
    if !is_right {
        return refused(401, "Invalid credentials.");
    }
    let issued = twin::issue(&shared, false);
    let token = json!({ "token": issued.access_token });
    (no_store(), answer(200, token)).into_response()
}

async fn organizations(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if let Err(refusal) = signed_in(&shared, &headers) {
        return *refusal;
    }
    answer(200, json!([{ "id": 4711, "name": "Practice federation" }]))
}

async fn contacts(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    list(&shared, &headers, &uri, contact)
}

async fn memberships(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    list(&shared, &headers, &uri, membership)
}

async fn membership_types(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if let Err(refusal) = signed_in(&shared, &headers).and_then(|()| organisation(&uri)) {
        return *refusal;
    }
    answer(
        200,
        json!([{ "id": 1, "name": "Player" }, { "id": 2, "name": "Recreational" }]),
    )
}

fn list(shared: &Shared, headers: &HeaderMap, uri: &Uri, record: fn(&Member) -> Value) -> Response {
    if let Err(refusal) = signed_in(shared, headers).and_then(|()| organisation(uri)) {
        return *refusal;
    }
    let asked = Asked::of(uri);
    let (Some(limit), Some(offset)) = (
        asked.number("limit", DEFAULT_LIMIT),
        asked.number("offset", 0),
    ) else {
        return refused(400, "limit and offset are numbers.");
    };
    let members = slice(&shared.twin_members, offset, limit.min(MAX_LIMIT));
    answer(200, members.iter().map(record).collect())
}

fn signed_in(shared: &Shared, headers: &HeaderMap) -> Result<(), Box<Response>> {
    let token = after_scheme(headers, "Bearer").unwrap_or_default();
    match shared.ledger().scopes_of(token) {
        Some(_) => Ok(()),
        None => Err(Box::new(refused(401, "Invalid token."))),
    }
}

fn organisation(uri: &Uri) -> Result<(), Box<Response>> {
    match Asked::of(uri).get("organization-ids[]") {
        Some(id) if id == TWIN_CREDENTIALS.organisation => Ok(()),
        Some(_) => Err(Box::new(refused(403, "No access to this organization."))),
        None => Err(Box::new(refused(400, "organization-ids[] is required."))),
    }
}

fn refused(status: u16, message: &str) -> Response {
    answer(status, json!({ "code": status, "message": message }))
}

fn contact(member: &Member) -> Value {
    json!({
        "id": number(member),
        "name": full_name(member),
        "first-name": member.first_name,
        "last-name": member.last_name,
        "date-of-birth": member.date_of_birth,
        "gender": if member.gender == Gender::Female { "F" } else { "M" },
        "nationality": "IE",
        "language": "en",
        "address-1": {
            "street": member.address1,
            "postal-code": member.postcode,
            "city": member.town,
            "country": "IE",
        },
        "email-1": member.email.as_ref().map(|email| json!({ "target": "self", "email": email })),
        "mobile-1": member.mobile.as_ref().map(|it| json!({ "target": "self", "number": it })),
        "extra-field-values": [
            { "extra-field-id": 71, "name": "Member ID", "value": format!("BV-{}", member.id) },
        ],
    })
}

fn membership(member: &Member) -> Value {
    let lapsed = member.status == MembershipStatus::Lapsed;
    json!({
        "id": number(member) + 200_000,
        "contact-id": number(member),
        "membership-type-id": 1,
        "club-id": 4711,
        "start-date": member.joined_on,
        "end-date": if lapsed { "2025-08-31" } else { "2027-08-31" },
    })
}
