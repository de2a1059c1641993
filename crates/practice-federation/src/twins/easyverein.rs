//! easyVerein, version 2.0. Documented: the bearer token with its rotation (the old one dies at once)
//! and its header `tokenRefreshNeeded`, `limit` of 5 unless asked, at most 100, `page`, the selection of
//! fields by `query`, `{count, next, previous, results}`. Seen in public answers: what another object is
//! stands there as its address until `query` asks for its fields. Our guess: the key of the new token.

use std::iter::Peekable;
use std::str::Chars;
use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, HeaderValue, Uri};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::club::number;
use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, after_scheme, json as answer, slice};
use crate::members::{Gender, Member, MembershipStatus};
use crate::state::Shared;

const DEFAULT_LIMIT: usize = 5;
/// Larger limits are cut down to this.
const MAX_LIMIT: usize = 100;

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/v2.0/member", get(members))
        .route("/api/v2.0/refresh-token", get(refresh_token))
}

async fn members(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    if !is_signed_in(&shared, &headers) {
        return unauthorised();
    }
    let asked = Asked::of(&uri);
    let page = asked.number("page", 1).filter(|page| *page > 0);
    let limit = asked.number("limit", DEFAULT_LIMIT).filter(|it| *it > 0);
    let selection = match asked.get("query") {
        None => Some(None),
        Some(text) => Selection::parse(text).map(Some),
    };
    let (Some(page), Some(limit), Some(selection)) = (page, limit, selection) else {
        return answer(400, json!({ "detail": "Invalid query, page or limit." }));
    };
    let limit = limit.min(MAX_LIMIT);
    let all = &shared.twin_members;
    let pages = all.len().div_ceil(limit).max(1);
    if page > pages {
        return answer(404, json!({ "detail": "Invalid page." }));
    }
    let base = format!("{}/twin/easyverein/api/v2.0", shared.origin());
    let to = |page: usize| {
        let kept = Asked::of(&uri).others("page");
        json!(format!("{base}/member?{kept}page={page}"))
    };
    let results: Vec<Value> = slice(all, (page - 1) * limit, limit)
        .iter()
        .map(|member| match &selection {
            None => record(member, &base),
            Some(selection) => selection.of(&record(member, &base), member),
        })
        .collect();
    let body = json!({
        "count": all.len(),
        "next": (page < pages).then(|| to(page + 1)),
        "previous": (page > 1).then(|| to(page - 1)),
        "results": results,
    });
    with_hint(answer(200, body))
}

/// Gives a new token; the one that asked is dead from now on.
async fn refresh_token(State(shared): State<Arc<Shared>>, headers: HeaderMap) -> Response {
    if !is_signed_in(&shared, &headers) {
        return unauthorised();
    }
    let token = shared.rotate_twin_key(TWIN_CREDENTIALS.key);
    with_hint(answer(200, json!({ "Bearer": token })))
}

fn is_signed_in(shared: &Shared, headers: &HeaderMap) -> bool {
    after_scheme(headers, "Bearer")
        .is_some_and(|token| token == shared.twin_key(TWIN_CREDENTIALS.key))
}

fn unauthorised() -> Response {
    answer(401, json!({ "detail": "Invalid token." }))
}

/// The word is Python's.
fn with_hint(mut response: Response) -> Response {
    let value = HeaderValue::from_static("False");
    response.headers_mut().insert("tokenrefreshneeded", value);
    response
}

fn record(member: &Member, base: &str) -> Value {
    let id = number(member);
    let lapsed = member.status == MembershipStatus::Lapsed;
    json!({
        "id": id,
        "org": format!("{base}/organization/{}", TWIN_CREDENTIALS.organisation),
        "membershipNumber": member.id,
        "emailOrUserName": member.email.as_deref().unwrap_or(&member.id),
        "memberGroups": [format!("{base}/member/{id}/groups/1")],
        "contactDetails": format!("{base}/contact-details/{}", id + 300_000),
        "joinDate": format!("{}T00:00:00+01:00", member.joined_on),
        "resignationDate": lapsed.then_some("2025-12-31T00:00:00+01:00"),
        "_isApplication": false,
    })
}

fn contact_details(member: &Member) -> Value {
    json!({
        "id": number(member) + 300_000,
        "firstName": member.first_name,
        "familyName": member.last_name.as_deref().unwrap_or_default(),
        "dateOfBirth": member.date_of_birth,
        "salutation": if member.gender == Gender::Female { "Frau" } else { "Herr" },
        "privateEmail": member.email,
        "mobilePhone": member.mobile,
        "street": member.address1,
        "zip": member.postcode,
        "city": member.town,
    })
}

/// What `query={id,contactDetails{firstName}}` asks for.
struct Selection(Vec<(String, Option<Selection>)>);

impl Selection {
    /// `None` if the braces are not in pairs.
    fn parse(text: &str) -> Option<Self> {
        let mut letters = text.chars().peekable();
        (letters.next()? == '{').then_some(())?;
        let selection = Self::inside(&mut letters)?;
        letters.next().is_none().then_some(selection)
    }

    /// From behind an opening brace to its closing one.
    fn inside(letters: &mut Peekable<Chars<'_>>) -> Option<Self> {
        let mut fields = Vec::new();
        loop {
            let mut name = String::new();
            while let Some(letter) = letters.next_if(|it| !"{},".contains(*it)) {
                name.push(letter);
            }
            let name = name.trim().to_owned();
            let ending = letters.next()?;
            if ending == '{' {
                fields.push((name, Some(Self::inside(letters)?)));
                letters.next_if_eq(&',');
            } else if !name.is_empty() {
                fields.push((name, None));
            }
            if ending == '}' {
                return Some(Self(fields));
            }
        }
    }

    /// The chosen fields; a related object is opened where its fields are chosen.
    fn of(&self, whole: &Value, member: &Member) -> Value {
        let mut chosen = Map::new();
        for (name, inner) in &self.0 {
            let value = match inner {
                Some(inner) if name == "contactDetails" => {
                    inner.of(&contact_details(member), member)
                }
                _ => whole[name.as_str()].clone(),
            };
            chosen.insert(name.clone(), value);
        }
        Value::Object(chosen)
    }
}
