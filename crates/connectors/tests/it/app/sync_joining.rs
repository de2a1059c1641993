//! A run that another process makes: waited for, and no longer waited for.

use std::time::Duration;

use connectors::CancellationToken;
use connectors::error::Code;
use connectors::settings::ConflictStrategy;
use connectors::view::{AskedBy, RunState};
use practice_federation::{Fault, FaultKind};
use testkit::Bench;

use super::support::practice;
use super::sync::{CODE, ORG, club};

#[tokio::test]
async fn who_waits_for_another_process_can_stop_waiting_and_the_run_goes_on() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let other = bench.app();
    other.unlock(None).await.unwrap();
    practice.set_fault(Fault::new(FaultKind::Delay(1_500)).on_path("/key/v1/clubs"));
    let ask = |app: &connectors::App| {
        let app = app.clone();
        tokio::spawn(async move {
            app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, CancellationToken::new())
                .await
        })
    };
    let making = ask(&app);
    while app
        .sync_history(CODE, ORG, 1)
        .await
        .unwrap()
        .first()
        .is_none_or(|run| run.state != RunState::Fetching)
    {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    let waiting = ask(&other);
    // Stopping before it waits would stop nothing: as often as it takes.
    while !waiting.is_finished() {
        other.sync_cancel(CODE, ORG).await.unwrap();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(
        waiting.await.unwrap().unwrap_err().code(),
        Code::Cancelled,
        "it does not wait any longer"
    );
    assert!(!making.is_finished(), "it did not wait for the end");
    let made = making.await.unwrap().unwrap();
    assert_eq!(made.state, RunState::Planned, "the other one is made");
    practice.clear_faults();
    let again = ask(&other).await.unwrap().unwrap();
    assert_eq!(again.state, RunState::Planned, "and nothing is left behind");
    assert_ne!(again.run_id, made.run_id, "a run of its own");
}
