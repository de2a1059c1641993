//! How long personal data is kept (bar 39): the dry run counts what the real one takes, and nobody is kept out by it.

use connectors::App;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{RetentionRequest, RetentionRunView, RunState};
use practice_federation::Practice;
use testkit::Bench;

use super::erase::{ID, TRACES, plant};
use super::support::{practice, raw, rules, vault};
use super::sync::{CODE, ORG, club, members, preview, synced, the_one};

const DAY_MS: i64 = 86_400_000;

/// A club whose child has left, and a plan that waits.
pub(super) async fn with_leaver(practice: &Practice, bench: &Bench) -> (App, String) {
    plant(practice);
    let app = club(practice, bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    practice.change_members(|all| all.retain(|one| one.id != ID));
    bench.clock.advance_ms(60_000);
    let left = synced(&app).await;
    assert_eq!(left.counts.leavers, 1, "the child has left");
    practice.change_members(|all| {
        let one = all
            .iter_mut()
            .find(|one| one.club_id == "club-1001" && one.last_name.is_some());
        one.unwrap().town = "Dungarvan";
    });
    bench.clock.advance_ms(60_000);
    let waiting = preview(&app).await;
    assert_eq!(waiting.state, RunState::Planned, "a plan waits");
    (app, waiting.run_id)
}

fn is_empty(taken: &RetentionRunView) -> bool {
    taken.leavers + taken.plan_rows + taken.undo_rows + taken.plans + taken.requests + taken.later
        == 0
}

#[tokio::test]
async fn bar_39_what_is_older_goes_and_the_dry_run_counts_exactly_that() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, waiting) = with_leaver(&practice, &bench).await;
    let all = members(&app).await;
    assert!(
        is_empty(&app.retention_run(true).await.unwrap()),
        "nothing is old yet"
    );
    let kept = app.retention_show().await.unwrap();
    assert_eq!(
        kept.leavers_months, None,
        "leavers are kept for good unless somebody says so"
    );
    bench.clock.advance_ms(364 * DAY_MS);
    let request = RetentionRequest {
        leavers_months: Some(12),
        request_days: None,
    };
    assert_eq!(
        app.retention_set(request).await.unwrap().leavers_months,
        Some(12),
        "a year"
    );
    assert_eq!(
        app.retention_run(true).await.unwrap().leavers,
        0,
        "364 days are no year"
    );
    bench.clock.advance_ms(3 * DAY_MS);
    let would = app.retention_run(true).await.unwrap();
    assert!(
        would.leavers == 1
            && would.plan_rows > 0
            && would.undo_rows > 0
            && would.plans == 1
            && would.requests > 0,
        "of each kind something is old: {would:?}"
    );
    assert_eq!(members(&app).await, all, "a dry run takes nothing");
    assert_eq!(
        app.retention_run(true).await.unwrap(),
        would,
        "however often"
    );
    let did = app.retention_run(false).await.unwrap();
    assert_eq!(
        RetentionRunView {
            dry_run: true,
            ..did
        },
        would,
        "the real one takes exactly that"
    );
    assert!(
        is_empty(&app.retention_run(false).await.unwrap()),
        "and nothing twice"
    );

    let after = members(&app).await;
    assert_eq!(after.len(), all.len() - 1, "the leaver is gone");
    assert!(
        after.iter().all(|one| all.contains(one)),
        "all others are as they were"
    );
    let run = app.sync_run(&waiting).await.unwrap();
    assert_eq!(
        run.state,
        RunState::Superseded,
        "what waited for a year must be made again"
    );
    let key = vault(&bench)
        .1
        .file_key()
        .sqlcipher_pragma_value()
        .to_string();
    let clear = testkit::pages::on_disk(&bench.path().join("connectors.db"), &key);
    for trace in TRACES {
        assert!(
            !clear
                .windows(trace.len())
                .any(|window| window == trace.as_bytes()),
            "{trace} is in no page"
        );
    }

    assert_eq!(
        app.suppressions(CODE, ORG).await.unwrap(),
        0,
        "nobody is kept out by it"
    );
    plant(&practice);
    bench.clock.advance_ms(60_000);
    app.sync_apply(&preview(&app).await.run_id, &[])
        .await
        .unwrap();
    assert_eq!(
        the_one(&app, ID).await.values.get(MemberField::ExternalId),
        Some(ID),
        "whom the list has again comes again"
    );
}

#[tokio::test]
async fn leavers_are_kept_where_nobody_says_otherwise_and_only_known_times_can_be_chosen() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, _) = with_leaver(&practice, &bench).await;
    let all = members(&app).await;
    bench.clock.advance_ms(4_000 * DAY_MS);
    assert_eq!(
        app.retention_run(false).await.unwrap().leavers,
        0,
        "kept for good"
    );
    assert_eq!(members(&app).await, all, "all are there");
    for months in [0, 1, 13, 37, u32::MAX] {
        let request = RetentionRequest {
            leavers_months: Some(months),
            request_days: None,
        };
        assert_eq!(
            rules(app.retention_set(request).await).len(),
            1,
            "{months} months is no choice"
        );
    }
    assert_eq!(
        app.retention_show().await.unwrap().leavers_months,
        None,
        "nothing was changed"
    );
}

/// Whether the file is to be cleaned.
fn is_due(bench: &Bench) -> bool {
    let due: Option<String> = raw(bench)
        .query_row(
            "SELECT value FROM meta WHERE key = 'scrub_due'",
            [],
            |row| row.get(0),
        )
        .ok();
    due.as_deref() == Some("1")
}

#[tokio::test]
async fn what_can_no_longer_be_undone_is_cleaned_out_of_the_file_whoever_forgets_it() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, _) = with_leaver(&practice, &bench).await;
    app.forget_old_undo().await.unwrap();
    assert!(!is_due(&bench), "nothing is old, nothing is to be cleaned");
    bench.clock.advance_ms(31 * DAY_MS);
    let would = app.retention_run(true).await.unwrap();
    assert!(would.undo_rows > 0, "something is old: {would:?}");
    app.forget_old_undo().await.unwrap();
    assert!(is_due(&bench), "values of people stood in these rows");
    app.daily_backup().await.unwrap();
    assert!(!is_due(&bench), "and are gone before the next copy is made");
}
