//! The client of a saved connector: its log, what is left, who may ask while it is stopped or paused, and what
//! becomes of it when the file is locked.

use connectors::App;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::api::fetch::{Fetch, PageRequest};
use connectors::api::request::ApiClient;
use connectors::clock::UtcMillis;
use connectors::failure::{FailureClass, Finding};
use connectors::view::{EventKind, HealthState, Status, TryRequest};
use practice_federation::{Fault, Practice};
use testkit::Bench;

use super::support::{add_practice, code, edit, kinds, practice, set_key, test};

const CODE: &str = "ballyduff";

pub(crate) async fn ask(client: &ApiClient) -> Result<(), (Finding, u32, Option<UtcMillis>)> {
    match client.request("verify", RequestOptions::default()).await {
        Ok(_) => Ok(()),
        Err(error) => Err((error.finding, error.attempts, error.retry_at)),
    }
}

#[tokio::test]
async fn a_good_test_starts_a_stopped_connector_again() {
    let federation = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &federation).await;
    set_key(&app, CODE, "wrong").await;
    for _ in 0..5 {
        let refused = app.request(CODE, "/v1/me", false).await;
        assert!(refused.is_err(), "a wrong key is refused");
    }
    let shown = app.connector_show(CODE).await.unwrap();
    assert_eq!(shown.row.status, Status::Error, "five times stop it");
    set_key(&app, CODE, federation.api_key()).await;
    assert!(test(&app, CODE).await.ok, "the new key works");
    let shown = app.connector_show(CODE).await.unwrap();
    assert_eq!(
        (shown.row.status, shown.row.state),
        (Status::Active, HealthState::Healthy),
        "it runs again"
    );
    assert!(kinds(&shown).contains(&EventKind::Recovered), "and says so");
}

async fn practising() -> (Practice, Bench, App) {
    let federation = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, CODE, &federation).await;
    (federation, bench, app)
}

#[tokio::test]
async fn the_log_is_newest_first_in_pages_and_survives_the_end() {
    let (federation, bench, app) = practising().await;
    let client = app.api_client(CODE, Caller::Person).await.unwrap();
    federation.set_fault(Fault::status(404));
    client
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    federation.clear_faults();
    for page in 0..9 {
        bench.clock.advance_ms(1_000);
        let query = vec![("page".to_owned(), page.to_string())];
        let options = RequestOptions {
            query,
            ..RequestOptions::default()
        };
        client.request("membership_list", options).await.unwrap();
    }
    let first = app.request_log(CODE, None, 4).await.unwrap();
    let second = app
        .request_log(CODE, first.next.as_deref(), 4)
        .await
        .unwrap();
    let third = app
        .request_log(CODE, second.next.as_deref(), 4)
        .await
        .unwrap();
    assert_eq!(
        [first.rows.len(), second.rows.len(), third.rows.len()],
        [4, 4, 2],
        "all ten, in pages"
    );
    assert_eq!(third.next, None, "then it ends");
    let all: Vec<_> = [first.rows, second.rows, third.rows].concat();
    assert!(all.is_sorted_by_key(|row| -row.at), "newest first");
    let (newest, oldest) = (&all[0], &all[9]);
    assert_eq!(
        (
            newest.endpoint.as_str(),
            newest.method.as_str(),
            newest.status,
            newest.finding
        ),
        ("/v1/members", "GET", Some(200), None),
        "the template, without the query"
    );
    assert!(
        newest.bytes > 100,
        "the bytes of the body: {}",
        newest.bytes
    );
    assert_eq!(
        (oldest.status, oldest.finding, oldest.class, oldest.number),
        (
            Some(404),
            Some(Finding::NotFound),
            Some(FailureClass::NotFound),
            1
        ),
        "what failed says how"
    );
    for (page, limit) in [(None, 0), (None, 501), (Some("1.2"), 4), (Some("x"), 4)] {
        let refused = app.request_log(CODE, page, limit).await;
        assert!(refused.is_err(), "{page:?}, {limit}");
    }

    // Locking writes what waits, and so does the end of the app.
    client
        .request("verify", RequestOptions::default())
        .await
        .unwrap();
    app.lock().await.unwrap();
    app.open().await.unwrap();
    let count = async |app: &App| app.request_log(CODE, None, 500).await.unwrap().rows.len();
    assert_eq!(count(&app).await, 11, "after locking");
    let client = app.api_client(CODE, Caller::Person).await.unwrap();
    client
        .request("verify", RequestOptions::default())
        .await
        .unwrap();
    drop((client, app));
    let app = bench.app();
    app.open().await.unwrap();
    assert_eq!(count(&app).await, 12, "after the end");

    bench.clock.advance_days(31);
    assert_eq!(
        app.request_log_prune().await.unwrap(),
        12,
        "30 days are kept"
    );
    assert_eq!(count(&app).await, 0, "and no more");
}

#[tokio::test]
async fn a_client_of_a_locked_file_sends_nothing() {
    let (federation, _bench, app) = practising().await;
    let client = app.api_client(CODE, Caller::Person).await.unwrap();
    ask(&client).await.unwrap();
    app.lock().await.unwrap();
    let before = federation.request_count();
    let error = client
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(
        (error.class, error.attempts),
        (FailureClass::Locked, 0),
        "it says so"
    );
    app.open().await.unwrap();
    let error = client
        .request("verify", RequestOptions::default())
        .await
        .unwrap_err();
    assert_eq!(error.finding, Finding::Internal, "its keys are forgotten");
    assert_eq!(federation.request_count(), before, "nothing left");
    ask(&app.api_client(CODE, Caller::Person).await.unwrap())
        .await
        .expect("a new one works");
}

#[tokio::test]
async fn an_edit_is_seen_by_the_next_client_and_withheld_credentials_stay() {
    let (federation, _bench, app) = practising().await;
    let stranger = practice().await;
    ask(&app.api_client(CODE, Caller::Person).await.unwrap())
        .await
        .unwrap();
    let shown = app.connector_show(CODE).await.unwrap();
    let moved = edit(&shown, |settings| {
        settings.endpoints.base = settings.endpoints.base.replace("127.0.0.1", "localhost");
    });
    app.connector_edit(moved).await.unwrap();
    let refused = app.api_client(CODE, Caller::Person).await.err().unwrap();
    assert_eq!(
        refused.code(),
        connectors::error::Code::BadCredentials,
        "they were given for another host"
    );
    set_key(&app, CODE, federation.api_key()).await;
    let client = app.api_client(CODE, Caller::Person).await.unwrap();
    ask(&client).await.expect("given again, they go there");
    let link = PageRequest {
        url: url::Url::parse(&format!("{}/key/v1/members", stranger.base_url())).unwrap(),
        accept: "application/json",
    };
    let error = client.fetch(link).await.err().unwrap();
    assert_eq!(
        error.finding,
        Finding::Unauthorised,
        "a link to another host is followed without credentials, and refused there"
    );
}

#[tokio::test]
async fn a_streamed_list_of_the_practice_federation_is_read() {
    let (federation, _bench, app) = practising().await;
    let client = app.api_client(CODE, Caller::Schedule).await.unwrap();
    let request = PageRequest {
        url: url::Url::parse(&format!("{}/key/v1/members?size=40", federation.base_url())).unwrap(),
        accept: "application/json",
    };
    let mut page = client.fetch(request).await.unwrap();
    let mut bytes = Vec::new();
    while let Some(piece) = page.body.next().await.unwrap() {
        bytes.extend_from_slice(&piece);
    }
    let value: serde_json::Value = serde_json::from_slice(&bytes).unwrap();
    assert_eq!(value["data"].as_array().unwrap().len(), 40, "all of them");
    let log = app.request_log(CODE, None, 5).await.unwrap();
    assert_eq!(
        (log.rows[0].endpoint.as_str(), log.rows[0].bytes),
        ("/v1/members", bytes.len() as u64),
        "recorded under the list's template with its bytes"
    );
}

#[tokio::test]
async fn a_person_tries_a_request() {
    let (_federation, _bench, app) = practising().await;
    let request = |path: &str, reveal| TryRequest {
        code: CODE.to_owned(),
        path: path.to_owned(),
        organisation: Some("7".to_owned()),
        reveal,
    };
    let hidden = app
        .try_request(request("/v1/members?size=2", false))
        .await
        .unwrap();
    assert_eq!((hidden.status, hidden.attempts), (200, 1), "it is answered");
    assert!(hidden.body.to_string().contains("text"), "kinds for values");
    let shown = app
        .try_request(request("/v1/members?size=2", true))
        .await
        .unwrap();
    assert_ne!(hidden.body, shown.body, "values on request");
    let refused = app
        .try_request(request("https://example.org/", false))
        .await;
    assert_eq!(
        code(refused),
        connectors::error::Code::Invalid,
        "below the address only"
    );
    let left = app.requests_left(CODE).await.unwrap();
    assert!(left.left < left.limit, "it is counted");
}

#[tokio::test]
async fn canary_no_secret_and_no_query_value_is_in_the_log() {
    const CANARY: &str = "canary-4bd1";
    let (federation, bench, app) = practising().await;
    set_key(&app, CODE, CANARY).await;
    let path = format!("/v1/members?search={CANARY}");
    app.request(CODE, &path, false).await.unwrap_err();
    app.requests_flush().await.unwrap();
    assert!(federation.request_count() > 0, "it was sent");
    let dump: String = {
        let raw = super::support::raw(&bench);
        let mut rows = raw
            .prepare("SELECT endpoint || method || coalesce(finding, '') FROM attempt")
            .unwrap();
        let rows = rows.query_map([], |row| row.get::<_, String>(0)).unwrap();
        rows.map(Result::unwrap).collect()
    };
    assert!(
        dump.contains("/v1/members"),
        "the search sees the attempt: {dump}"
    );
    assert!(
        !dump.contains(CANARY),
        "neither the key nor the query: {dump}"
    );
}
