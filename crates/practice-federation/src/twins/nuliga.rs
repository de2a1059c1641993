//! nuLiga nuPortalRS. Read by public clients of its documentation: the token endpoint with a refresh
//! token, the scope that a refresh repeats, `maxResults` up to 250 or 300, the lists `federationAbbr`,
//! `playerAbbr`, `clubAbbr` and `seasonAbbr`. Our guess: `firstResult`, the largest size and the fields of a player.

use std::sync::Arc;

use axum::Router;
use axum::body::Bytes;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, Uri};
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use serde_json::{Value, json};

use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, after_scheme, json as answer, slice};
use crate::members::{Gender, Member, MembershipStatus, clubs as all_clubs};
use crate::oauth::{Issued, OAuthError, Parameters, no_store, twin};
use crate::state::Shared;

const SCOPE: &str = "nuPortalRS_federation";
const DEFAULT_SIZE: usize = 100;
/// Larger numbers are cut down to this.
const MAX_SIZE: usize = 300;
/// Seconds, as clients take it.
const LIFETIME: u64 = 300;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/rs/auth/token", post(token))
        .route("/rs/2014/federations", get(federations))
        .route("/rs/2014/federations/{federation}/players", get(players))
        .route("/rs/2014/federations/{federation}/clubs", get(clubs))
        .route("/rs/2014/federations/{federation}/seasons", get(seasons))
}

async fn token(State(shared): State<Arc<Shared>>, body: Bytes) -> Response {
    twin::count_token_request(&shared);
    match grant(&shared, &Parameters::parse(&body)) {
        Ok(issued) => {
            let body = json!({
                "access_token": issued.access_token,
                "refresh_token": issued.refresh_token,
                "token_type": "Bearer",
                "expires_in": issued.lifetime.min(LIFETIME),
                "scope": SCOPE,
            });
            (no_store(), answer(200, body)).into_response()
        }
        Err(error) => error.into_response(),
    }
}

fn grant(shared: &Arc<Shared>, form: &Parameters) -> Result<Issued, OAuthError> {
    let is_client = form.get("client_id") == Some(TWIN_CREDENTIALS.client_id)
        && form.get("client_secret") == Some(TWIN_CREDENTIALS.client_secret);
    if !is_client {
        return Err(OAuthError::invalid_client());
    }
    // A refresh that does not repeat the scope fails, too.
    if form.get("scope") != Some(SCOPE) {
        return Err(OAuthError::invalid_scope());
    }
    match form.get("grant_type") {
        Some("client_credentials") => Ok(twin::issue(shared, true)),
        Some("refresh_token") => twin::renew(shared, form.get("refresh_token").unwrap_or_default()),
        _ => Err(OAuthError::new(
            "unsupported_grant_type",
            "There is no such grant_type here.",
        )),
    }
}

async fn federations(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if let Err(refusal) = check(&shared, &headers, TWIN_CREDENTIALS.federation) {
        return *refusal;
    }
    let own = json!({ "nickname": TWIN_CREDENTIALS.federation, "name": "Practice federation" });
    answer(200, json!({ "federationAbbr": [own] }))
}

async fn players(
    State(shared): State<Arc<Shared>>,
    Path(federation): Path<String>,
    headers: HeaderMap,
    uri: Uri,
) -> Response {
    if let Err(refusal) = check(&shared, &headers, &federation) {
        return *refusal;
    }
    let asked = Asked::of(&uri);
    let (Some(size), Some(first)) = (
        asked.number("maxResults", DEFAULT_SIZE),
        asked.number("firstResult", 0),
    ) else {
        return refused(
            400,
            "invalid_request",
            "maxResults and firstResult are numbers",
        );
    };
    let members = slice(&shared.twin_members, first, size.min(MAX_SIZE));
    let players: Vec<Value> = members.iter().map(player).collect();
    answer(200, json!({ "playerAbbr": players }))
}

async fn clubs(
    State(shared): State<Arc<Shared>>,
    Path(federation): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = check(&shared, &headers, &federation) {
        return *refusal;
    }
    let clubs: Vec<Value> = all_clubs()
        .iter()
        .map(|club| json!({ "clubNr": club.id, "name": club.name, "region": club.county }))
        .collect();
    answer(200, json!({ "clubAbbr": clubs }))
}

async fn seasons(
    State(shared): State<Arc<Shared>>,
    Path(federation): Path<String>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = check(&shared, &headers, &federation) {
        return *refusal;
    }
    answer(
        200,
        json!({ "seasonAbbr": [{ "nickname": "2026", "name": "Saison 2026" }] }),
    )
}

fn check(shared: &Shared, headers: &HeaderMap, federation: &str) -> Result<(), Box<Response>> {
    let Some(token) = after_scheme(headers, "Bearer") else {
        return Err(Box::new(refused(
            401,
            "invalid_request",
            "No access token provided and no valid ip address",
        )));
    };
    if shared.ledger().scopes_of(token).is_none() {
        return Err(Box::new(refused(
            401,
            "invalid_token",
            "The access token is not valid",
        )));
    }
    if federation == TWIN_CREDENTIALS.federation {
        Ok(())
    } else {
        Err(Box::new(refused(404, "not_found", "Unknown federation")))
    }
}

fn refused(status: u16, error: &str, description: &str) -> Response {
    answer(
        status,
        json!({ "error": error, "error_description": description }),
    )
}

fn player(member: &Member) -> Value {
    let year = member
        .date_of_birth
        .get(..4)
        .and_then(|it| it.parse::<u32>().ok());
    json!({
        "personId": member.id,
        "licenceNr": format!("L{}", member.id),
        "firstname": member.first_name,
        "lastname": member.last_name,
        "gender": if member.gender == Gender::Female { "female" } else { "male" },
        "yearOfBirth": year,
        "clubNr": TWIN_CREDENTIALS.organisation,
        "isActive": member.status == MembershipStatus::Active,
    })
}
