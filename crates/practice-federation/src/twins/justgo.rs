//! `JustGo`, version 2.2. Described second-hand: the two steps, pages from 1, at most 100 records, at
//! least one filter. Read by public clients: `PageNumber`, `PageSize`, the fields and the totals around
//! `data`. Our guess: the body of a refusal.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::club::{number, uuid};
use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, after_scheme, header_text, json as answer, slice};
use crate::members::{Gender, Member, MembershipStatus};
use crate::oauth::{no_store, twin};
use crate::state::Shared;

const DEFAULT_SIZE: usize = 10;
const MAX_SIZE: usize = 100;

/// The list is only given under one of these.
const FILTERS: [&str; 10] = [
    "Email",
    "memberNumber",
    "LoginId",
    "LastName",
    "OrganisationId",
    "CredentialId",
    "EventId",
    "Membership",
    "ModifiedAfter",
    "ModifiedBefore",
];

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v2.2/Auth", post(authenticate))
        .route("/api/v2.2/Members/FindByAttributes", get(find))
}

async fn authenticate(
    State(shared): State<Arc<Shared>>,
    headers: HeaderMap,
    body: Bytes,
) -> Response {
    twin::count_token_request(&shared);
    let kind = header_text(&headers, "content-type").unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default();
    if !["application/json-patch+json", "application/json"].contains(&kind) {
        return refused(415, "Unsupported Media Type");
    }
    let offered: Value = serde_json::from_slice(&body).unwrap_or_default();
    if offered["secret"] != TWIN_CREDENTIALS.secret {
        return refused(401, "The secret is not valid.");
    }
    let issued = twin::issue(&shared, false);
    let body = json!({
        "statusCode": 200,
        "data": {
            "accessToken": issued.access_token,
            "tokenType": "Bearer",
            "expiresIn": issued.lifetime,
        },
    });
    (no_store(), answer(200, body)).into_response()
}

async fn find(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    let token = after_scheme(&headers, "Bearer").unwrap_or_default();
    if shared.ledger().scopes_of(token).is_none() {
        return refused(401, "Unauthorized");
    }
    let asked = Asked::of(&uri);
    if !asked.has_one_of(&FILTERS) {
        return refused(400, "At least one search attribute is required.");
    }
    let page = asked.number("PageNumber", 1).filter(|page| *page > 0);
    let size = asked
        .number("PageSize", DEFAULT_SIZE)
        .filter(|size| (1..=MAX_SIZE).contains(size));
    let (Some(page), Some(size)) = (page, size) else {
        return refused(400, "PageNumber starts at 1, PageSize is 1 to 100.");
    };
    let found: Vec<&Member> = shared
        .twin_members
        .iter()
        .filter(|member| matches(&asked, member))
        .collect();
    let data: Vec<Value> = slice(&found, (page - 1).saturating_mul(size), size)
        .iter()
        .map(|member| record(member))
        .collect();
    let body = json!({
        "pageNumber": page,
        "pageSize": size,
        "totalPages": found.len().div_ceil(size),
        "totalRecords": found.len(),
        "data": data,
    });
    answer(200, body)
}

fn refused(status: u16, message: &str) -> Response {
    answer(
        status,
        json!({ "statusCode": status, "message": message, "data": null }),
    )
}

/// Those filters that a test can tell apart; everybody fits the others.
fn matches(asked: &Asked, member: &Member) -> bool {
    let is = |name, value: Option<&str>| asked.get(name).is_none_or(|wanted| value == Some(wanted));
    is("Email", member.email.as_deref())
        && is("memberNumber", Some(&member.id))
        && is("LastName", member.last_name.as_deref())
}

fn record(member: &Member) -> Value {
    let is_active = member.status == MembershipStatus::Active;
    json!({
        "id": uuid(member),
        "memberDocId": number(member),
        "memberId": member.id,
        "firstName": member.first_name,
        "lastName": member.last_name,
        "emailAddress": member.email,
        "dob": member.date_of_birth,
        "gender": if member.gender == Gender::Female { "Female" } else { "Male" },
        "address1": member.address1,
        "town": member.town,
        "county": member.county,
        "postCode": member.postcode,
        "country": "Ireland",
        "phoneNumber": member.mobile,
        "memberStatus": if is_active { "Registered" } else { "Expired" },
        "registerDate": format!("{}T00:00:00Z", member.joined_on),
        "lastModificationDate": "2026-11-01T09:30:00Z",
    })
}
