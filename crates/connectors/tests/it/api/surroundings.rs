//! This computer's own name service and the door that uses it.

use connectors::api::connection_test::{TestPlan, run};
use connectors::api::surroundings::{Lookup, LookupError, SystemLookup};
use connectors::clock::UtcMillis;
use tokio_util::sync::CancellationToken;

use super::server::{Server, json, key, list, settings};

#[tokio::test]
async fn the_system_knows_localhost_and_refuses_what_is_no_name() {
    let found = SystemLookup.lookup("localhost").await.unwrap();
    assert!(
        !found.is_empty() && found.iter().all(std::net::IpAddr::is_loopback),
        "localhost is this computer: {found:?}"
    );
    let mut once = found.clone();
    once.dedup();
    assert_eq!(once, found, "each address once");
    // A label of 64 characters is too long for any name service (RFC 1035 §2.3.4).
    let refused: Result<_, LookupError> = SystemLookup.lookup(&"a".repeat(64)).await;
    assert!(refused.is_err(), "no such name can exist: {refused:?}");
}

#[tokio::test]
async fn a_test_runs_with_what_this_computer_has() {
    let server = Server::start(vec![json("{}"), list()]).await;
    let mut settings = settings(&format!("http://localhost:{}", server.port));
    settings.limits.timeout_seconds = 10;
    let credentials = key("k");
    let plan = TestPlan {
        books: None,
        settings: &settings,
        credentials: Some(&credentials),
        organisation: None,
        withheld: false,
        tokens: None,
        started_at: UtcMillis(0),
    };
    let report = run(plan, &CancellationToken::new(), |_| ()).await;
    assert!(report.ok, "{report:#?}");
    assert_eq!(report.host, "localhost", "the host as written");
    assert_eq!(server.requests().len(), 3, "no proxy stood between");
}
