//! Home with many connectors and clubs.

use testkit::{Bench, START};

use super::home::home;

/// A thousand connectors with two clubs each, half of them synced, behind the product's back.
fn fill(bench: &Bench) {
    let raw = super::support::raw(bench);
    raw.execute_batch(
        "PRAGMA foreign_keys = OFF; BEGIN;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000)
         INSERT INTO connector (id, federation_code, name, name_key, search_key, status, state, attention, auth_kind,
             environment, created_at, updated_at)
         SELECT unhex(printf('%032x', i)), 'c' || i, 'Connector ' || i, 'connector ' || i, 'connector ' || i, 'active',
             CASE WHEN i % 100 = 0 THEN 'action_needed' ELSE 'healthy' END, CASE WHEN i % 100 = 0 THEN 1 ELSE 6 END,
             'api_key', 'live', 0, 0 FROM n;
         INSERT INTO connector_settings SELECT id,
             '{\"sync\":{\"enabled\":true,\"schedule\":\"0 2 * * *\"}}' FROM connector;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO organisation (id, own_id, name, name_key, search_key, created_at, updated_at)
         SELECT unhex(printf('%032x', 10000 + i)), 'o' || i, 'Club ' || i, 'club ' || i, 'club ' || i, 0, 0 FROM n;
         WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 2000)
         INSERT INTO connection (id, connector_id, organisation_id, federation_org_id, search_key, enabled_at, created_at)
         SELECT unhex(printf('%032x', 20000 + i)), unhex(printf('%032x', 1 + i % 1000)), unhex(printf('%032x', 10000 + i)),
             'f' || i, '', 0, 0 FROM n;",
    )
    .unwrap();
    // Three runs each; of every second club the newest was applied this morning.
    raw.execute(
        "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 6000)
         INSERT INTO sync_run (id, connection_id, source, asked_by, state, started_at, ended_at, fence, applied_at)
         SELECT unhex(printf('%032x', 40000 + i)), unhex(printf('%032x', 20001 + i % 2000)), 'sync', 'schedule',
             CASE WHEN i > 4000 AND i % 2 = 0 THEN 'applied' WHEN i > 4000 THEN 'failed' ELSE 'superseded' END,
             ?1 - 7000 + i, ?1, 1, ?1 FROM n",
        [START - 2 * 3_600_000],
    )
    .unwrap();
    raw.execute_batch("COMMIT").unwrap();
}

#[tokio::test]
async fn a_thousand_connectors_and_two_thousand_clubs_are_read_by_a_few_statements() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    fill(&bench);
    let first = home(&app).await;
    assert_eq!(
        (
            first.clubs_all,
            first.clubs_up_to_date,
            first.connectors_all
        ),
        (2_000, 1_000, 1_000),
        "all are counted"
    );
    assert_eq!(
        (first.attention.len(), first.connectors.len()),
        (50, 50),
        "some are shown"
    );
    assert_eq!(first.next_runs.len(), 5, "and the next few");
    assert!(first.needs_you >= 1_000, "every failure is one");
    let mut best = std::time::Duration::MAX;
    for _ in 0..5 {
        let begun = std::time::Instant::now();
        home(&app).await;
        best = best.min(begun.elapsed());
    }
    // Generous: the bar is 50 ms, and a machine under test does much else.
    assert!(
        best.as_millis() < 500,
        "a page that is read at once: {best:?}"
    );
}
