//! Outages: when a connector is stopped, who may ask meanwhile, and what brings it back.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use connectors::App;
use connectors::api::call::RequestOptions;
use connectors::api::circuit::Caller;
use connectors::api::request::ApiClient;
use connectors::clock::Clock;
use connectors::failure::{FailureClass, Finding};
use connectors::view::{EventKind, HealthState, InitialiseRequest, Status};
use testkit::{Bench, RuntimeClock};

use super::requests::ask;
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
