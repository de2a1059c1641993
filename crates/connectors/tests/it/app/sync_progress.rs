//! How far a preview is, as it is told while the list is read.

use std::sync::{Arc, Mutex};

use connectors::SyncProgress;
use connectors::error::Code;
use connectors::settings::ConflictStrategy;
use connectors::view::{AskedBy, ConnectorEditRequest, RunState};
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::support::{practice, raw};
use super::sync::{CODE, ORG, club};

#[tokio::test]
async fn s03_the_number_of_all_is_told_where_the_federation_tells_it() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    for says in [true, false] {
        let mut view = app.connector_show(CODE).await.unwrap();
        view.settings.paging.total = says.then(|| "page.totalElements".to_owned());
        app.connector_edit(ConnectorEditRequest {
            code: CODE.to_owned(),
            version: view.version,
            settings: view.settings,
            credentials: None,
            test_handle: None,
        })
        .await
        .unwrap();
        let seen: Arc<Mutex<Vec<SyncProgress>>> = Arc::default();
        let told = Arc::clone(&seen);
        let plan = app
            .sync_preview(
                CODE,
                ORG,
                AskedBy::Person,
                move |far| told.lock().unwrap().push(far),
                CancellationToken::new(),
            )
            .await
            .unwrap();
        let seen = seen.lock().unwrap();
        let last = seen.last().unwrap();
        assert_eq!(last.fetched, plan.fetched, "the last one is the end");
        assert!(
            seen.windows(2).all(|two| two[0].fetched <= two[1].fetched),
            "it only grows"
        );
        let expected = says.then_some(plan.fetched);
        assert!(
            seen.iter().all(|far| far.expected == expected),
            "of how many, from the first page on: {expected:?}"
        );
        bench.clock.advance_ms(60_000);
    }
}

#[tokio::test]
async fn s03_a_preview_that_is_stopped_leaves_nothing_half_written() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let cancel = CancellationToken::new();
    let stop = cancel.clone();
    let stopped = app
        .sync_preview(CODE, ORG, AskedBy::Person, move |_| stop.cancel(), cancel)
        .await
        .unwrap_err();
    assert_eq!(stopped.code(), Code::Cancelled, "it was stopped");
    let runs = app.sync_history(CODE, ORG, 5).await.unwrap();
    assert_eq!(runs.len(), 1, "the run is in the history");
    assert_eq!(runs[0].state, RunState::Cancelled, "as stopped");
    let count = |sql: &str| -> i64 { raw(&bench).query_row(sql, [], |row| row.get(0)).unwrap() };
    for table in ["plan_row", "member", "undo_row"] {
        assert_eq!(
            count(&format!("SELECT count(*) FROM {table}")),
            0,
            "{table} has nothing of it"
        );
    }
    assert!(app.db_check().await.unwrap().ok, "the file is whole");
}
