//! `LeagueApps`. Read by public clients: the assertion that becomes a token, the export of registrations
//! as revisions in the order of `lastUpdated` and `id`, asked for by those of the last row until an
//! empty array comes, `deleted`. Our guess: `birthDate`, and that the row of the cursor does not come
//! again. The real pages have 1,000 rows, these 100, so that 250 members are several.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::club::{epoch_milliseconds, number};
use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, after_scheme, json as answer};
use crate::members::{Member, MembershipStatus};
use crate::oauth::{OAuthError, Parameters, no_store, twin};
use crate::state::Shared;

const ROWS: usize = 100;
/// Registrations that were made and deleted again.
const DELETED: u64 = 10;
/// Every fifth registration has an older revision, under another first name.
const REVISED: usize = 5;
/// The `aud` of the real server, which an assertion may name here too.
const REAL_AUDIENCE: &str = "https://auth.leagueapps.io/v2/auth/token";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/v2/auth/token", post(token))
        .route("/v2/sites/{site}/export/registrations-2", get(export))
}

async fn token(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    twin::count_token_request(&shared);
    let form = Parameters::parse(&body);
    if form.get("grant_type") != Some("urn:ietf:params:oauth:grant-type:jwt-bearer") {
        return OAuthError::new(
            "unsupported_grant_type",
            "There is no such grant_type here.",
        )
        .into_response();
    }
    let here = format!("{}/twin/leagueapps/v2/auth/token", shared.origin());
    let assertion = form.get("assertion").unwrap_or_default();
    if let Err(error) = twin::check_assertion(&shared, assertion, &[&here, REAL_AUDIENCE]) {
        return error.into_response();
    }
    let issued = twin::issue(&shared, false);
    let body = json!({
        "access_token": issued.access_token,
        "token_type": "bearer",
        "expires_in": issued.lifetime,
    });
    (no_store(), answer(200, body)).into_response()
}

async fn export(
    State(shared): State<Arc<Shared>>,
    Path(site): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    let token = after_scheme(&headers, "Bearer").unwrap_or_default();
    if shared.ledger().scopes_of(token).is_none() {
        return refused(401, "Unauthorized");
    }
    if site != TWIN_CREDENTIALS.organisation {
        return refused(404, "Site not found");
    }
    let asked = Asked::of(&uri);
    let (Some(updated), Some(id)) = (asked.number("last-updated", 0), asked.number("last-id", 0))
    else {
        return refused(400, "last-updated and last-id are numbers");
    };
    let cursor = (updated as u64, id as u64);
    let rows: Vec<Value> = revisions(&shared.twin_members)
        .into_iter()
        .filter(|revision| (revision.last_updated, revision.id) > cursor)
        .take(ROWS)
        .map(|revision| revision.row())
        .collect();
    answer(200, Value::Array(rows))
}

fn refused(status: u16, message: &str) -> Response {
    answer(status, json!({ "status": status, "error": message }))
}

/// One state of a registration.
struct Revision<'a> {
    id: u64,
    last_updated: u64,
    registration: u64,
    first_name: String,
    is_deleted: bool,
    member: &'a Member,
}

impl Revision<'_> {
    fn row(&self) -> Value {
        let is_active = self.member.status == MembershipStatus::Active;
        json!({
            "id": self.id,
            "registrationId": self.registration,
            "lastUpdated": self.last_updated,
            "deleted": self.is_deleted,
            "firstName": self.first_name,
            "lastName": self.member.last_name,
            "birthDate": epoch_milliseconds(&self.member.date_of_birth),
            "email": self.member.email,
            "phoneNumber": self.member.mobile,
            "registrationStatus": if is_active { "SPOT_RESERVED" } else { "EXPIRED" },
            "programId": 5_000_001,
            "role": "PLAYER",
        })
    }
}

/// All revisions in their order: the first state of every registration, those that will be deleted
/// among them, then the changed ones, then the deletions. Three at a time have the same `lastUpdated`.
fn revisions(members: &[Member]) -> Vec<Revision<'_>> {
    let Some(somebody) = members.first() else {
        return Vec::new();
    };
    let state = |registration: u64, first_name: String, is_deleted: bool, member| Revision {
        id: 0,
        last_updated: 0,
        registration,
        first_name,
        is_deleted,
        member,
    };
    let unwanted = |is_deleted: bool| {
        (0..DELETED).map(move |it| state(900_001 + it, "Nobody".to_owned(), is_deleted, somebody))
    };
    let first = members.iter().enumerate().map(|(index, member)| {
        let name = if index % REVISED == 0 {
            format!("{} (old)", member.first_name)
        } else {
            member.first_name.clone()
        };
        state(number(member), name, false, member)
    });
    let changed = members
        .iter()
        .step_by(REVISED)
        .map(|member| state(number(member), member.first_name.clone(), false, member));
    let mut all: Vec<Revision<'_>> = unwanted(false)
        .chain(first)
        .chain(changed)
        .chain(unwanted(true))
        .collect();
    for (revision, place) in all.iter_mut().zip(0_u64..) {
        revision.id = 1_000_001 + place;
        revision.last_updated = 1_790_000_000_000 + place / 3 * 1000;
    }
    all
}
