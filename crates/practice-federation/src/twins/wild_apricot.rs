//! Wild Apricot, version 2.2. Read by public clients: the token for `APIKEY` and the key as HTTP Basic
//! with the scope `auto`, the account's number in its `Permissions`, `$async=false` without which only a
//! promise of a result comes, `$top` and `$skip`, `Contacts` with `FieldValues`. Our guess: that `$top`
//! over 100 is cut, and the names of the fields beyond the usual ones.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde_json::{Value, json};

use super::club::number;
use super::credentials::TWIN_CREDENTIALS;
use super::expected::full_name;
use crate::asked::{Asked, after_scheme, json as answer, slice};
use crate::members::{Member, MembershipStatus};
use crate::oauth::{OAuthError, Parameters, no_store, twin};
use crate::state::Shared;

const MAX_TOP: usize = 100;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/auth/token", post(token))
        .route("/v2.2/accounts", get(accounts))
        .route("/v2.2/accounts/{account}/contacts", get(contacts))
}

async fn token(State(shared): State<Arc<Shared>>, headers: HeaderMap, body: Bytes) -> Response {
    twin::count_token_request(&shared);
    let right = STANDARD.encode(format!("APIKEY:{}", TWIN_CREDENTIALS.key));
    if after_scheme(&headers, "Basic") != Some(&right) {
        return OAuthError::invalid_client().into_response();
    }
    let form = Parameters::parse(&body);
    if form.get("grant_type") != Some("client_credentials") {
        return OAuthError::new(
            "unsupported_grant_type",
            "There is no such grant_type here.",
        )
        .into_response();
    }
    if form.get("scope") != Some("auto") {
        return OAuthError::invalid_scope().into_response();
    }
    let issued = twin::issue(&shared, false);
    let body = json!({
        "access_token": issued.access_token,
        "token_type": "Bearer",
        "expires_in": issued.lifetime,
        "refresh_token": "rt_not_used",
        "Permissions": [{
            "AccountId": 4711,
            "SecurityProfileId": 1,
            "AvailableScopes": ["contacts_view"],
        }],
    });
    (no_store(), answer(200, body)).into_response()
}

async fn accounts(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if !is_signed_in(&shared, &headers) {
        return unauthorised();
    }
    answer(
        200,
        json!([{ "Id": 4711, "Name": "Practice federation", "IsFreeAccount": false }]),
    )
}

async fn contacts(
    State(shared): State<Arc<Shared>>,
    Path(account): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if !is_signed_in(&shared, &headers) {
        return unauthorised();
    }
    if account != TWIN_CREDENTIALS.organisation {
        return refused(404, "NotFound", "The account was not found.");
    }
    let asked = Asked::of(&uri);
    if asked.get("$async") != Some("false") {
        let address = format!("{}/twin/wild_apricot{}", shared.origin(), uri.path());
        let body = json!({
            "ResultId": "5eed1e55-0000-4000-8000-00000000000a",
            "ResultUrl": format!("{address}?resultId=5eed1e55-0000-4000-8000-00000000000a"),
            "State": "Waiting",
        });
        return answer(200, body);
    }
    let (Some(top), Some(skip)) = (asked.number("$top", MAX_TOP), asked.number("$skip", 0)) else {
        return refused(400, "BadRequest", "$top and $skip are numbers.");
    };
    let contacts: Vec<Value> = slice(&shared.twin_members, skip, top.min(MAX_TOP))
        .iter()
        .map(contact)
        .collect();
    answer(200, json!({ "Contacts": contacts }))
}

fn is_signed_in(shared: &Shared, headers: &HeaderMap) -> bool {
    let token = after_scheme(headers, "Bearer").unwrap_or_default();
    shared.ledger().scopes_of(token).is_some()
}

fn unauthorised() -> Response {
    refused(
        401,
        "Unauthorized",
        "Authorization has been denied for this request.",
    )
}

fn refused(status: u16, code: &str, message: &str) -> Response {
    answer(status, json!({ "code": code, "message": message }))
}

fn contact(member: &Member) -> Value {
    let is_active = member.status == MembershipStatus::Active;
    let field = |name: &str, code: &str, value: Value| json!({ "FieldName": name, "SystemCode": code, "Value": value });
    json!({
        "Id": number(member),
        "DisplayName": full_name(member),
        "Email": member.email,
        "Status": if is_active { "Active" } else { "Lapsed" },
        "MembershipEnabled": true,
        "FieldValues": [
            field("First name", "FirstName", json!(member.first_name)),
            field("Last name", "LastName", json!(member.last_name)),
            field("Email", "Email", json!(member.email)),
            field("Phone", "Phone", json!(member.mobile)),
            field("Date of birth", "custom-100", json!(format!("{}T00:00:00", member.date_of_birth))),
            field("Member ID", "MemberId", json!(number(member))),
            field("Membership status", "Status", json!({ "Id": 1, "Value": if is_active { "Active" } else { "Lapsed" } })),
        ],
    })
}
