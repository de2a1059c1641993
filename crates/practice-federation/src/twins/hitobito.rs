//! hitobito. Documented: the header `X-TOKEN`, JSON:API with `page[number]`, `page[size]` (20 in the
//! sample), `include`, `filter[group_id]`, telephone numbers in `included`, and a `links.last` whose
//! page number can be empty. Our guess: the largest size, which is that of the library it is built on.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::club::number;
use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, header_text, slice, typed};
use crate::members::{Gender, Member, MembershipStatus};
use crate::state::Shared;

const DEFAULT_SIZE: usize = 20;
const MAX_SIZE: usize = 1000;
const JSON_API: &str = "application/vnd.api+json";

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/api/people", get(people))
        .route("/api/roles", get(roles))
}

async fn people(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    let (asked, page, size) = match read(&headers, &uri) {
        Ok(read) => read,
        Err(refusal) => return *refusal,
    };
    let members = page_of(&shared, page, size);
    let wants_numbers = asked
        .get("include")
        .is_some_and(|include| include.split(',').any(|name| name == "phone_numbers"));
    let data: Vec<Value> = members.iter().map(|it| person(it, wants_numbers)).collect();
    let mut body = document(&shared, &uri, &data, page, size);
    if wants_numbers {
        body["included"] = members.iter().filter_map(phone_number).collect();
    }
    typed(200, JSON_API, body.to_string())
}

async fn roles(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    let (asked, page, size) = match read(&headers, &uri) {
        Ok(read) => read,
        Err(refusal) => return *refusal,
    };
    let group = asked.get("filter[group_id]");
    if group.is_some_and(|group| group != TWIN_CREDENTIALS.organisation) {
        return typed(200, JSON_API, json!({ "data": [] }).to_string());
    }
    let members = page_of(&shared, page, size);
    let data: Vec<Value> = members.iter().map(role).collect();
    let mut body = document(&shared, &uri, &data, page, size);
    let include = asked.get("include").unwrap_or_default();
    if include.split(',').any(|name| name == "person") {
        body["included"] = members.iter().map(|it| person(it, false)).collect();
    }
    typed(200, JSON_API, body.to_string())
}

/// The parameters, the page (from 1) and the size.
fn read(headers: &HeaderMap, uri: &Uri) -> Result<(Asked, usize, usize), Box<Response>> {
    if header_text(headers, "x-token") != Some(TWIN_CREDENTIALS.key) {
        return Err(Box::new(refused(401, "unauthorized", "Nicht angemeldet")));
    }
    let asked = Asked::of(uri);
    let page = asked.number("page[number]", 1).filter(|page| *page > 0);
    let size = asked
        .number("page[size]", DEFAULT_SIZE)
        .filter(|size| (1..=MAX_SIZE).contains(size));
    match (page, size) {
        (Some(page), Some(size)) => Ok((asked, page, size)),
        _ => Err(Box::new(refused(
            400,
            "bad_request",
            "Ungültige Seite oder Seitengrösse",
        ))),
    }
}

/// The sentence is in the language of the instance.
fn refused(status: u16, code: &str, detail: &str) -> Response {
    let body = json!({ "errors": [{
        "code": code,
        "status": status.to_string(),
        "title": "Anfrage fehlgeschlagen",
        "detail": detail,
        "meta": {},
    }] });
    typed(status, JSON_API, body.to_string())
}

fn page_of(shared: &Shared, page: usize, size: usize) -> &[Member] {
    slice(&shared.twin_members, (page - 1).saturating_mul(size), size)
}

fn document(shared: &Shared, uri: &Uri, data: &[Value], page: usize, size: usize) -> Value {
    let pages = shared.twin_members.len().div_ceil(size);
    let address = format!("{}/twin/hitobito{}", shared.origin(), uri.path());
    let kept: String = Asked::of(uri).others("page[");
    let to = |page: &str| {
        json!(format!(
            "{address}?{kept}page%5Bnumber%5D={page}&page%5Bsize%5D={size}"
        ))
    };
    let mut links = Map::from_iter([
        ("self".to_owned(), to(&page.to_string())),
        ("first".to_owned(), to("1")),
        // As instances really send it: nobody may rely on the number of the last page.
        ("last".to_owned(), to("")),
    ]);
    if page > 1 {
        links.insert("prev".to_owned(), to(&(page - 1).to_string()));
    }
    if page < pages {
        links.insert("next".to_owned(), to(&(page + 1).to_string()));
    }
    json!({ "data": data, "links": links, "meta": {} })
}

fn person(member: &Member, with_numbers: bool) -> Value {
    let mut person = json!({
        "id": member.id,
        "type": "people",
        "attributes": {
            "first_name": member.first_name,
            "last_name": member.last_name,
            "nickname": null,
            "email": member.email,
            "address": member.address1,
            "zip_code": member.postcode,
            "town": member.town,
            "country": "IE",
            "gender": if member.gender == Gender::Female { "w" } else { "m" },
            "birthday": member.date_of_birth,
            "primary_group_id": 4711,
        },
    });
    let numbers = if with_numbers {
        let one = member.mobile.as_ref().map(|_| number_id(member));
        json!({ "data": one.map_or_else(
            || json!([]),
            |id| json!([{ "type": "phone_numbers", "id": id }]),
        ) })
    } else {
        json!({ "meta": { "included": false } })
    };
    person["relationships"] = json!({ "phone_numbers": numbers });
    person
}

fn number_id(member: &Member) -> String {
    (number(member) + 100_000).to_string()
}

fn phone_number(member: &Member) -> Option<Value> {
    let mobile = member.mobile.as_ref()?;
    Some(json!({
        "id": number_id(member),
        "type": "phone_numbers",
        "attributes": {
            "label": "Mobil",
            "number": mobile,
            "public": true,
            "contactable_id": number(member),
            "contactable_type": "Person",
        },
    }))
}

fn role(member: &Member) -> Value {
    let ended = member.status == MembershipStatus::Lapsed;
    json!({
        "id": (number(member) + 200_000).to_string(),
        "type": "roles",
        "attributes": {
            "person_id": number(member),
            "group_id": 4711,
            "type": "Group::Section::Member",
            "label": null,
            "start_on": member.joined_on,
            "end_on": ended.then_some("2025-12-31"),
        },
        "relationships": {
            "person": { "data": { "type": "people", "id": member.id } },
            "group": { "meta": { "included": false } },
        },
    })
}
