//! Tests of the twins, and a reader for each that was written from the real systems' documentation: it
//! shares nothing with the twins.

mod limits;
mod lists;
mod refusals;
mod traps;

use practice_federation::{Practice, PracticeOptions, TWIN_CREDENTIALS, Twin, start};
use reqwest::{RequestBuilder, Response};
use serde_json::{Value, json};

use crate::oauth::{assertion, encoded, worker};
use crate::support::shared_client;

pub(crate) const KEY: &str = TWIN_CREDENTIALS.key;
pub(crate) const CLUB: &str = TWIN_CREDENTIALS.organisation;

/// A practice federation that knows the key of the worker's assertions.
pub(crate) async fn twins() -> Practice {
    start(PracticeOptions {
        worker_public_key: Some(assertion::PUBLIC.to_vec()),
        ..PracticeOptions::default()
    })
    .await
    .expect("a free port is always to be had")
}

pub(crate) fn request(practice: &Practice, twin: Twin, target: &str) -> RequestBuilder {
    shared_client().get(format!("{}{target}", practice.twin_url(twin)))
}

/// A request with the credentials that are right for the twin.
pub(crate) async fn right(practice: &Practice, twin: Twin, target: &str) -> Response {
    let asked = |target: &str| request(practice, twin, target);
    let with_query = |name: &str| {
        let sign = if target.contains('?') { '&' } else { '?' };
        asked(&format!("{target}{sign}{name}={KEY}"))
    };
    let request = match twin {
        Twin::FoireannOpenData | Twin::Easyverein => asked(target).bearer_auth(KEY),
        Twin::Justgo
        | Twin::Twizzit
        | Twin::Nuliga
        | Twin::WildApricot
        | Twin::Teamsnap
        | Twin::Leagueapps => asked(target).bearer_auth(token(practice, twin).await),
        Twin::Hitobito => asked(target).header("X-TOKEN", KEY),
        Twin::Eventor => asked(target).header("ApiKey", KEY),
        Twin::Webling => asked(target).header("apikey", KEY),
        Twin::Spordle => asked(target).header("Authorization", format!("API-Key {KEY}")),
        Twin::Playhq => asked(target)
            .header("x-api-key", KEY)
            .header("x-phq-tenant", TWIN_CREDENTIALS.tenant),
        Twin::HelloClub => asked(target).header("X-Api-Key", KEY),
        Twin::Comet => with_query("API_KEY"),
        Twin::PlayCricket => with_query("api_token"),
        Twin::CsvMembers => asked(target),
    };
    request.send().await.expect("an answer")
}

/// A new token of a twin that gives them.
pub(crate) async fn token(practice: &Practice, twin: Twin) -> String {
    let to = |path: &str| shared_client().post(format!("{}{path}", practice.twin_url(twin)));
    let form = |request: RequestBuilder, pairs: &[(&str, &str)]| {
        request
            .header("content-type", "application/x-www-form-urlencoded")
            .body(encoded(pairs))
    };
    let (request, path) = match twin {
        Twin::Justgo => {
            let secret = json!({ "secret": TWIN_CREDENTIALS.secret });
            let request = to("/api/v2.2/Auth")
                .header("content-type", "application/json-patch+json")
                .body(secret.to_string());
            (request, "/data/accessToken")
        }
        Twin::Twizzit => {
            let pairs = [
                ("username", TWIN_CREDENTIALS.username),
                ("password", TWIN_CREDENTIALS.password),
            ];
            (form(to("/v2/api/authenticate"), &pairs), "/token")
        }
        Twin::Nuliga => {
            let pairs = [
                ("grant_type", "client_credentials"),
                ("client_id", TWIN_CREDENTIALS.client_id),
                ("client_secret", TWIN_CREDENTIALS.client_secret),
                ("scope", "nuPortalRS_federation"),
            ];
            (form(to("/rs/auth/token"), &pairs), "/access_token")
        }
        Twin::WildApricot => {
            let pairs = [("grant_type", "client_credentials"), ("scope", "auto")];
            let request = to("/auth/token").basic_auth("APIKEY", Some(KEY));
            (form(request, &pairs), "/access_token")
        }
        Twin::Leagueapps => {
            let audience = format!("{}/v2/auth/token", practice.twin_url(twin));
            let assertion = assertion::for_audience(&audience);
            let pairs = [
                ("grant_type", "urn:ietf:params:oauth:grant-type:jwt-bearer"),
                ("assertion", assertion.as_str()),
            ];
            (form(to("/v2/auth/token"), &pairs), "/access_token")
        }
        _ => {
            let answer: Value = worker(practice, "members.read").await.json().await.unwrap();
            return answer["access_token"].as_str().unwrap().to_owned();
        }
    };
    let answer: Value = request.send().await.unwrap().json().await.unwrap();
    let token = answer.pointer(path).and_then(Value::as_str);
    token
        .unwrap_or_else(|| panic!("{twin:?}: {answer}"))
        .to_owned()
}

pub(crate) async fn body(practice: &Practice, twin: Twin, target: &str) -> Value {
    let answer = right(practice, twin, target).await;
    assert_eq!(answer.status(), 200, "{twin:?} {target}: it opens");
    answer.json().await.expect("JSON")
}

fn rows(value: &Value) -> Vec<Value> {
    value.as_array().expect("a list").clone()
}

/// Every record of a twin that answers in JSON, and on how many pages they came.
pub(crate) async fn read(practice: &Practice, twin: Twin) -> (Vec<Value>, usize) {
    let mut all: Vec<Value> = Vec::new();
    let mut pages = 0;
    let mut cursor = String::new();
    loop {
        let at = all.len();
        let target = match twin {
            Twin::FoireannOpenData => {
                format!("/open-data/v1/fixtures?page={pages}&size=100&sort=startDate,asc")
            }
            Twin::Justgo => format!(
                "/api/v2.2/Members/FindByAttributes?ModifiedAfter=2000-01-01&PageNumber={}&PageSize=100",
                pages + 1
            ),
            Twin::Hitobito => format!(
                "/api/people?include=phone_numbers&page%5Bnumber%5D={}&page%5Bsize%5D=100",
                pages + 1
            ),
            Twin::Twizzit => {
                format!("/v2/api/contacts?organization-ids[]={CLUB}&limit=100&offset={at}")
            }
            Twin::Nuliga => {
                format!("/rs/2014/federations/PF/players?maxResults=100&firstResult={at}")
            }
            Twin::Comet => {
                format!("/data-backend/api/public/areports/run/{CLUB}/{pages}/100/")
            }
            Twin::Easyverein => format!(
                "/api/v2.0/member?limit=100&page={}&query={{id,contactDetails{{firstName,familyName,dateOfBirth}},membershipNumber}}",
                pages + 1
            ),
            Twin::Webling => "/api/1/member?format=full".to_owned(),
            Twin::WildApricot => {
                format!("/v2.2/accounts/{CLUB}/contacts?$async=false&$top=100&$skip={at}")
            }
            Twin::Teamsnap => format!("/v3/members/search?team_id={CLUB}"),
            Twin::Leagueapps => {
                let last = all.last().cloned().unwrap_or_default();
                let number = |name: &str| last[name].as_u64().unwrap_or(0);
                let (updated, id) = (number("lastUpdated"), number("id"));
                format!(
                    "/v2/sites/{CLUB}/export/registrations-2?last-updated={updated}&last-id={id}"
                )
            }
            Twin::Spordle => {
                let filter = json!({ "where": { "teamId": 4711 }, "limit": 100, "skip": at });
                format!(
                    "/api/sp/members?{}",
                    encoded(&[("filter", &filter.to_string())])
                )
            }
            Twin::Playhq => format!("/v1/seasons/{}/teams{cursor}", TWIN_CREDENTIALS.season),
            Twin::PlayCricket => {
                format!("/api/v2/sites/{CLUB}/players?include_everyone=yes&include_historic=no")
            }
            Twin::HelloClub => format!("/member?limit=100&offset={at}"),
            Twin::Eventor | Twin::CsvMembers => panic!("{twin:?} does not answer in JSON"),
        };
        let body = body(practice, twin, &target).await;
        pages += 1;
        assert!(pages < 50, "{twin:?}: the list has an end");
        let (found, is_last) = match twin {
            Twin::Justgo => (rows(&body["data"]), body["totalPages"] == json!(pages)),
            Twin::FoireannOpenData | Twin::Hitobito => {
                (rows(&body["data"]), body["links"]["next"].is_null())
            }
            Twin::Nuliga => short(rows(&body["playerAbbr"])),
            Twin::Comet => short(rows(&body["results"])),
            Twin::Easyverein => (rows(&body["results"]), body["next"].is_null()),
            Twin::Twizzit | Twin::Spordle => short(rows(&body)),
            Twin::WildApricot => short(
                rows(&body["Contacts"])
                    .iter()
                    .map(fields_of_contact)
                    .collect(),
            ),
            Twin::Teamsnap => {
                let items = rows(&body["collection"]["items"]);
                (
                    items
                        .iter()
                        .map(|it| flat(&it["data"], "name", "value"))
                        .collect(),
                    true,
                )
            }
            Twin::Leagueapps => (rows(&body), rows(&body).is_empty()),
            Twin::Playhq => {
                let next = body["metadata"]["nextCursor"].as_str().unwrap_or_default();
                cursor = format!("?cursor={next}");
                (rows(&body["data"]), body["metadata"]["hasMore"] == false)
            }
            Twin::HelloClub => {
                let found = rows(&body["members"]);
                let is_last = body["meta"]["total"] == json!(at + found.len());
                (found, is_last)
            }
            Twin::PlayCricket => (rows(&body["players"]), true),
            _ => (rows(&body), true),
        };
        all.extend(found);
        if is_last {
            return (all, pages);
        }
    }
}

/// A page with fewer rows than were asked for is the last.
fn short(found: Vec<Value>) -> (Vec<Value>, bool) {
    let is_last = found.len() < 100;
    (found, is_last)
}

fn flat(list: &Value, name: &str, value: &str) -> Value {
    let pairs = rows(list)
        .into_iter()
        .map(|pair| (pair[name].as_str().unwrap().to_owned(), pair[value].clone()));
    Value::Object(pairs.collect())
}

fn fields_of_contact(contact: &Value) -> Value {
    let mut all = flat(&contact["FieldValues"], "FieldName", "Value");
    all["Id"] = contact["Id"].clone();
    all["Status"] = contact["Status"].clone();
    all
}
