//! The client of a saved connector: its log, what is left, who may ask while it is stopped or paused, and what
//! becomes of it when the file is locked.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::App;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::api::fetch::{Fetch, PageRequest};
use connectors::api::request::ApiClient;
use connectors::clock::{Clock, UtcMillis};
use connectors::failure::{FailureClass, Finding};
use connectors::view::{EventKind, HealthState, InitialiseRequest, Status, TryRequest};
use practice_federation::{Fault, Practice};
use testkit::{Bench, RuntimeClock};

use super::support::{add_practice, code, edit, kinds, practice, set_key, test};
use crate::api::federation::{Federation, Reply};

const CODE: &str = "ballyduff";

/// An app whose federation answers with the status that is set, in virtual time.
struct Outage {
    _bench: Bench,
    app: App,
    clock: Arc<RuntimeClock>,
    federation: Arc<Federation>,
    status: Arc<Mutex<u16>>,
}

impl Outage {
    async fn new() -> Self {
        let bench = Bench::new();
        let clock = Arc::new(RuntimeClock::at(testkit::START));
        let app = bench.app_with(Arc::clone(&clock) as _);
        app.initialise(InitialiseRequest::Keychain).await.unwrap();
        let mut settings = super::support::settings(CODE);
        settings.endpoints.member_detail = Some("/v1/members/{member_id}".to_owned());
        let new = super::support::request(settings, Some(testkit::api_key("k")));
        app.connector_add(new).await.unwrap();
        let status = Arc::new(Mutex::new(200));
        let says = Arc::clone(&status);
        let federation = Federation::new(&clock, move |_| Reply::status(*says.lock().unwrap()));
        tokio::time::pause();
        Self {
            _bench: bench,
            app,
            clock,
            federation,
            status,
        }
    }

    fn says(&self, status: u16) {
        *self.status.lock().unwrap() = status;
    }

    async fn client(&self, caller: Caller) -> ApiClient {
        let wire = Arc::clone(&self.federation) as _;
        self.app.api_client_over(CODE, caller, wire).await.unwrap()
    }

    async fn status(&self) -> (Status, HealthState) {
        let row = self.app.connector_show(CODE).await.unwrap().row;
        (row.status, row.state)
    }

    async fn newest_event(&self) -> (EventKind, Option<String>) {
        let event = self
            .app
            .connector_show(CODE)
            .await
            .unwrap()
            .events
            .remove(0);
        (event.kind, event.detail)
    }
}

async fn ask(client: &ApiClient) -> Result<(), (Finding, u32, Option<UtcMillis>)> {
    match client.request("verify", RequestOptions::default()).await {
        Ok(_) => Ok(()),
        Err(error) => Err((error.finding, error.attempts, error.retry_at)),
    }
}

#[tokio::test]
async fn bar_45_an_outage_stops_a_connector_and_a_probe_brings_it_back() {
    let outage = Outage::new().await;
    let schedule = outage.client(Caller::Schedule).await;
    let person = outage.client(Caller::Person).await;
    ask(&schedule).await.unwrap();
    outage.says(500);
    for failure in 1..=5 {
        assert_eq!(
            outage.status().await.0,
            Status::Active,
            "failure {failure} to come"
        );
        ask(&schedule).await.unwrap_err();
    }
    assert_eq!(
        outage.status().await,
        (Status::Error, HealthState::WaitingForFederation),
        "five failures in a row stop it"
    );
    assert_eq!(
        outage.newest_event().await,
        (EventKind::Stopped, Some("server_error".to_owned())),
        "the timeline says why"
    );
    let sent = outage.federation.came().len();
    let stopped_at = outage.clock.now();
    let (finding, attempts, until) = ask(&schedule).await.unwrap_err();
    assert_eq!(
        (finding, attempts),
        (Finding::ServerError, 0),
        "a schedule is refused"
    );
    let due = until.expect("and told when it is tried again");
    assert!(
        (stopped_at.0 + 29_000..=stopped_at.0 + 30_000).contains(&due.0),
        "in 30 s"
    );
    assert_eq!(outage.federation.came().len(), sent, "nothing was sent");
    assert!(ask(&person).await.unwrap_err().1 > 0, "a person may ask");

    // Another process sees the same, and two of them make one probe.
    let wire = Arc::clone(&outage.federation) as _;
    let other = outage
        .app
        .api_client_over(CODE, Caller::Schedule, wire)
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_secs(31)).await;
    let (one, two) = tokio::join!(ask(&schedule), ask(&other));
    let sent_by: Vec<u32> = [one, two]
        .into_iter()
        .map(|end| end.unwrap_err().1)
        .collect();
    assert!(
        sent_by.iter().filter(|sent| **sent > 0).count() == 1,
        "one probe, not two: {sent_by:?}"
    );
    let (_, _, until) = ask(&other).await.unwrap_err();
    let wait = until.unwrap().0 - outage.clock.now().0;
    assert!(
        (55_000..=60_000).contains(&wait),
        "the next one after twice the time: {wait}"
    );

    outage.says(200);
    tokio::time::sleep(Duration::from_secs(61)).await;
    ask(&schedule).await.expect("the probe finds it well");
    assert_eq!(
        outage.status().await.0,
        Status::Active,
        "it runs again by itself"
    );
    assert_eq!(
        outage.newest_event().await.0,
        EventKind::Recovered,
        "and the timeline says so"
    );
    ask(&other).await.expect("for everybody");
}

#[tokio::test]
async fn bar_45_a_wrong_key_waits_for_a_person_however_long_it_takes() {
    let outage = Outage::new().await;
    let schedule = outage.client(Caller::Schedule).await;
    outage.says(401);
    for _ in 0..5 {
        ask(&schedule).await.unwrap_err();
    }
    assert_eq!(
        outage.status().await,
        (Status::Error, HealthState::ActionNeeded),
        "whose turn it is"
    );
    tokio::time::sleep(Duration::from_secs(86_400)).await;
    let refused = ask(&schedule).await.unwrap_err();
    assert_eq!(
        refused,
        (Finding::Unauthorised, 0, None),
        "no probe with a wrong key"
    );
    outage
        .app
        .connector_set_status(CODE, Status::Active)
        .await
        .unwrap();
    assert_eq!(
        outage.status().await.0,
        Status::Active,
        "a person resumes it"
    );
    let again = outage.client(Caller::Schedule).await;
    assert!(
        ask(&again).await.unwrap_err().1 > 0,
        "and it is asked again"
    );
    assert_eq!(outage.status().await.0, Status::Active, "counting from one");
}

#[tokio::test]
async fn what_is_not_the_federations_fault_never_stops_it() {
    let outage = Outage::new().await;
    let client = outage.client(Caller::Schedule).await;
    for (status, class) in [
        (404, FailureClass::NotFound),
        (403, FailureClass::Forbidden),
        (400, FailureClass::BadConfiguration),
    ] {
        outage.says(status);
        for path in 0..8 {
            let path = format!("/v1/typed/{path}");
            let error = client
                .request(&path, RequestOptions::default())
                .await
                .unwrap_err();
            assert_eq!(error.class, class, "somebody's own path is refused");
        }
        assert_eq!(
            outage.status().await.0,
            Status::Active,
            "{status}: the connector is well"
        );
    }
    outage.says(404);
    for member in 0..8 {
        let options = RequestOptions {
            values: vec![("member_id".to_owned(), member.to_string())],
            ..RequestOptions::default()
        };
        let error = client.request("member_detail", options).await.unwrap_err();
        assert_eq!(
            error.finding,
            Finding::NotFound,
            "one of a club is not found"
        );
    }
    assert_eq!(
        outage.status().await.0,
        Status::Active,
        "the connector is well"
    );
    outage.says(500);
    for round in 0..3 {
        for _ in 0..4 {
            ask(&client).await.unwrap_err();
        }
        outage.says(200);
        ask(&client).await.unwrap();
        outage.says(500);
        assert_eq!(
            outage.status().await.0,
            Status::Active,
            "round {round}: never five in a row"
        );
    }
}

#[tokio::test]
async fn a_paused_connector_answers_nothing_but_a_test() {
    let outage = Outage::new().await;
    let before = outage.client(Caller::Schedule).await;
    outage
        .app
        .connector_set_status(CODE, Status::Inactive)
        .await
        .unwrap();
    for caller in [Caller::Schedule, Caller::Person] {
        let client = outage.client(caller).await;
        let error = client
            .request("verify", RequestOptions::default())
            .await
            .unwrap_err();
        assert_eq!(
            (error.class, error.attempts),
            (FailureClass::Cancelled, 0),
            "{caller:?}"
        );
    }
    ask(&outage.client(Caller::Test).await)
        .await
        .expect("a test is answered");
    // A client from before sees it with its next block of turns.
    let mut answered = 0;
    while ask(&before).await.is_ok() {
        answered += 1;
        assert!(answered < 32, "a pause is seen");
    }
    outage.says(500);
    let test = outage.client(Caller::Test).await;
    for _ in 0..6 {
        ask(&test).await.unwrap_err();
    }
    assert_eq!(
        outage.status().await,
        (Status::Inactive, HealthState::Paused),
        "it stays paused"
    );
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
