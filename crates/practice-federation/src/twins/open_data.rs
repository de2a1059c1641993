//! Foireann Open Data (GAA, LGFA, Camogie): fixtures and competitions of the units a key was made for.
//! Documented: the bearer key and its second one, `page` from 0, `size`, `sort` with a literal comma.
//! Read by two public clients: the envelope `{data, links, page}`. Our guess: the largest size and the
//! body of a refusal.

use std::sync::Arc;

use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, Uri};
use axum::response::Response;
use axum::routing::get;
use serde_json::{Map, Value, json};

use super::credentials::TWIN_CREDENTIALS;
use crate::asked::{Asked, after_scheme, json as answer, slice};
use crate::state::Shared;

/// How many fixtures there are.
pub(super) const FIXTURES: usize = 250;

const COMPETITIONS: usize = 65;
const DEFAULT_SIZE: usize = 20;
/// Larger sizes are cut down to this; clients ask for 200 and get it.
const MAX_SIZE: usize = 200;

const TEAMS: [&str; 6] = [
    "Cumann Bhaile an Chleachtaidh",
    "Kilsample Rovers",
    "Dunexample Harps",
    "Rathmodel Emmets",
    "Inistriail Ladies",
    "Carrickdemo Camogie Club",
];

pub(super) fn routes() -> Router<Arc<Shared>> {
    Router::new()
        .route("/open-data/v1/fixtures", get(fixtures))
        .route("/open-data/v1/competitions", get(competitions))
}

/// The id of a fixture.
pub(super) fn fixture_id(index: usize) -> usize {
    800_001 + index
}

async fn fixtures(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    list(&shared, &headers, &uri, FIXTURES, fixture)
}

async fn competitions(State(shared): State<Arc<Shared>>, headers: HeaderMap, uri: Uri) -> Response {
    list(&shared, &headers, &uri, COMPETITIONS, competition)
}

fn list(
    shared: &Shared,
    headers: &HeaderMap,
    uri: &Uri,
    total: usize,
    record: fn(usize) -> Value,
) -> Response {
    let path = uri.path();
    let key = after_scheme(headers, "Bearer").unwrap_or_default();
    if key != TWIN_CREDENTIALS.key && key != TWIN_CREDENTIALS.second_key {
        return refused(401, "Unauthorized", path);
    }
    let query = uri.query().unwrap_or_default();
    // The documentation wants the comma of `sort` as it is.
    if query.contains("sort=") && query.to_ascii_lowercase().contains("%2c") {
        return refused(400, "Bad Request", path);
    }
    let asked = Asked::of(uri);
    let (Some(page), Some(size)) = (asked.number("page", 0), asked.number("size", DEFAULT_SIZE))
    else {
        return refused(400, "Bad Request", path);
    };
    let size = size.clamp(1, MAX_SIZE);
    let pages = total.div_ceil(size);
    let all: Vec<usize> = (0..total).collect();
    let records: Vec<Value> = slice(&all, page.saturating_mul(size), size)
        .iter()
        .map(|index| record(*index))
        .collect();
    let to = |page: usize| {
        let address = format!("{}/twin/foireann_open_data{path}", shared.origin());
        json!({ "href": format!("{address}?page={page}&size={size}") })
    };
    let mut links = Map::from_iter([
        ("self".to_owned(), to(page)),
        ("first".to_owned(), to(0)),
        ("last".to_owned(), to(pages - 1)),
    ]);
    if page > 0 {
        links.insert("prev".to_owned(), to(page - 1));
    }
    if page + 1 < pages {
        links.insert("next".to_owned(), to(page + 1));
    }
    let body = json!({
        "data": records,
        "links": links,
        "page": { "page": page, "size": size, "totalPages": pages, "totalElements": total },
    });
    answer(200, body)
}

fn refused(status: u16, error: &str, path: &str) -> Response {
    answer(
        status,
        json!({ "status": status, "error": error, "path": path }),
    )
}

fn fixture(index: usize) -> Value {
    let side = |place: usize, is_home: bool| {
        let place = place % TEAMS.len();
        let mut team = json!({
            "id": 9001 + place,
            "name": TEAMS[place],
            "isBye": false,
            "isConceded": false,
            "logo": null,
        });
        // A score omits what is zero, so that `goals` may be absent.
        if index.is_multiple_of(2) {
            team["points"] = json!(index % 17 + 1);
            if is_home && index.is_multiple_of(4) {
                team["goals"] = json!(index % 3 + 1);
            }
        }
        team
    };
    let month = index / 28 % 12 + 1;
    let day = index % 28 + 1;
    json!({
        "id": fixture_id(index),
        "homeTeam": side(index, true),
        "awayTeam": side(index + 1, false),
        "startDate": format!("2026-{month:02}-{day:02}T14:30:00"),
        "isResult": index.is_multiple_of(2),
        "round": format!("Round {}", index % 9 + 1),
        "refereeName": if index.is_multiple_of(5) { Value::Null } else { json!("Aodh Mac Cárthaigh") },
        "place": "Páirc na Samplaí",
        "owner": { "id": 4711, "name": "Practice County" },
        "division": { "id": index % 4 + 1, "name": format!("Division {}", index % 4 + 1) },
        "competition": competition(index % COMPETITIONS),
    })
}

fn competition(index: usize) -> Value {
    json!({
        "id": 600_001 + index,
        "name": format!("Practice League {}", index + 1),
        "season": "2026",
        "owner": { "id": 4711, "name": "Practice County" },
    })
}
