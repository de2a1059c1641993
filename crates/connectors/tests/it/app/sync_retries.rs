//! Which failures of a list a sync does not try again (S05). Those that it does are told by the client's own tests: ten thousand
//! faults in virtual time.

use connectors::error::Code;
use connectors::settings::ConflictStrategy;
use connectors::view::AskedBy;
use connectors::{App, CancellationToken};
use practice_federation::{Fault, Practice};
use testkit::Bench;

use super::support::practice;
use super::sync::{CODE, ORG, club};

const LIST: &str = "/key/v1/clubs";

fn asked(practice: &Practice) -> usize {
    let all = practice.requests();
    all.iter().filter(|one| one.path.starts_with(LIST)).count()
}

async fn outcome(app: &App) -> Result<(), Code> {
    app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
        .await
        .map(drop)
        .map_err(|error| error.code())
}

#[tokio::test]
async fn s05_what_a_person_must_mend_is_not_tried_again() {
    for (status, code) in [
        (401, Code::BadCredentials),
        (403, Code::Forbidden),
        (404, Code::NotFound),
    ] {
        let practice = practice().await;
        let bench = Bench::new();
        let app = club(&practice, &bench, ConflictStrategy::Merge).await;
        practice.set_fault(Fault::status(status).on_path(LIST));
        let before = asked(&practice);
        assert_eq!(outcome(&app).await, Err(code), "status {status}");
        assert_eq!(asked(&practice) - before, 1, "status {status}: asked once");
    }
}
