//! Applying a plan without its leavers, what is said where a plan no longer fits, and what an undo that waits does to it.

use connectors::App;
use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AuditListRequest, ExportFormat, LeaveOut, MemberView, MovedWhat, PlanKind, RunExportRequest,
    RunState, SyncApplyRequest,
};
use practice_federation::Practice;
use testkit::Bench;

use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, members, preview, synced, the_one};

const EVIL: &str = "=HYPERLINK(\"http://127.0.0.1\")";

/// A list that has lost all but one of the club, who has moved.
fn shrink(practice: &Practice) -> String {
    let moved = change_one(practice, |one| one.town = "Dungarvan");
    practice.change_members(|members| {
        members.retain(|one| one.club_id != "club-1001" || one.id == moved);
    });
    moved
}

fn without_leavers(run: &str, allow: &[&str]) -> SyncApplyRequest {
    SyncApplyRequest {
        run: run.to_owned(),
        allow: allow.iter().map(|word| (*word).to_owned()).collect(),
        leave_out: Some(LeaveOut::Leavers),
    }
}

async fn by_id(app: &App) -> Vec<MemberView> {
    let mut all = members(app).await;
    all.sort_by(|one, other| one.member_id.cmp(&other.member_id));
    all
}

#[tokio::test]
async fn s06_a_held_plan_is_applied_without_its_leavers_and_they_come_again() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    let moved = shrink(&practice);
    let before = by_id(&app).await;
    let plan = preview(&app).await;
    assert_eq!(plan.state, RunState::Held, "half a club is gone");
    let refused = app.sync_apply(&plan.run_id, &[]).await.unwrap_err();
    assert_eq!(refused.code(), Code::Held, "nobody has allowed the leavers");
    assert_eq!(by_id(&app).await, before, "nothing was applied");

    let request = without_leavers(&plan.run_id, &[]);
    let done = app.sync_apply_request(request).await.unwrap();
    assert_eq!(
        done.state,
        RunState::Applied,
        "without them nothing holds it"
    );
    assert_eq!(done.left_out, Some(plan.counts.leavers), "it says so");
    assert_eq!(done.counts.leavers, 0, "and counts nobody as a leaver");
    assert!(
        done.held.is_empty(),
        "nothing holds it any more: {:?}",
        done.held
    );
    let page = app.sync_run_summary(&done.run_id).await.unwrap();
    assert!(
        page.contains("Its leavers were left out"),
        "the printed page says so"
    );
    let log = app.audit_list(AuditListRequest::default()).await.unwrap();
    let entry = log
        .rows
        .iter()
        .find(|row| row.run_id.as_deref() == Some(&*done.run_id))
        .unwrap();
    assert_eq!(
        entry.counts.get("left_out").copied(),
        done.left_out,
        "the log says why a plan that was held could be applied"
    );
    let after = by_id(&app).await;
    for (was, is) in before.iter().zip(&after) {
        let is_moved = is.values.get(MemberField::ExternalId) == Some(&*moved);
        assert_eq!(is.left_at, None, "everybody stays");
        if is_moved {
            assert_eq!(
                is.values.get(MemberField::Town),
                Some("Dungarvan"),
                "the others' changes are made"
            );
        } else {
            assert_eq!(is, was, "who was left out is as before, whole");
        }
    }
    bench.clock.advance_ms(60_000);
    let next = preview(&app).await;
    assert_eq!(next.counts.leavers, plan.counts.leavers, "they come again");
    assert_eq!(next.counts.updates, 0, "the rest is done");

    app.sync_undo(&done.run_id, None).await.unwrap();
    assert_eq!(
        by_id(&app).await,
        before,
        "an undo gives everybody back, whole"
    );
}

#[tokio::test]
async fn s02_a_plan_that_no_longer_fits_says_who_moved_and_in_which_fields() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    let id = change_one(&practice, |one| one.town = "Dungarvan");
    let plan = preview(&app).await;
    let fits = app.sync_moved(&plan.run_id).await.unwrap();
    assert!(fits.members.is_empty(), "nobody has moved yet");
    let one = the_one(&app, &id).await;
    let phone = (MemberField::Phone, Some("+353860000001".to_owned()));
    app.member_edit(&one.member_id, one.version, &[phone])
        .await
        .unwrap();
    let refused = app.sync_apply(&plan.run_id, &[]).await.unwrap_err();
    assert_eq!(refused.code(), Code::ChangedMeanwhile, "it does not fit");
    assert!(
        !refused.to_string().contains(&id),
        "an error, which may be logged, names nobody"
    );
    let moved = app.sync_moved(&plan.run_id).await.unwrap();
    assert_eq!(moved.members.len(), 1, "one of them");
    let first = &moved.members[0];
    assert_eq!(first.external_id.as_deref(), Some(&*id), "that one");
    assert!(!first.name.is_empty(), "by name, for whoever looks");
    assert_eq!(
        first.what,
        MovedWhat::Changed {
            fields: vec![MemberField::Phone]
        },
        "in the field that was edited, not in the one that the plan changes"
    );
    assert!(
        !format!("{moved:?}").contains(&first.name),
        "a debug print names nobody"
    );
}

#[tokio::test]
async fn a_file_of_a_run_says_each_change_and_no_value_is_a_formula() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    let id = change_one(&practice, |one| EVIL.clone_into(&mut one.address1));
    let plan = preview(&app).await;
    let request = |format| RunExportRequest {
        run: plan.run_id.clone(),
        format,
        sensitive: false,
    };
    let look = app
        .run_export_look(&request(ExportFormat::Csv))
        .await
        .unwrap();
    assert!(!look.applied, "it is a plan");
    assert_eq!(look.counts.updates, 1, "with one change");
    assert!(
        look.fields.contains(&MemberField::AddressLine1),
        "of the address"
    );
    assert!(
        look.sensitive.is_empty(),
        "no health data unless it is asked for"
    );
    let csv = app.run_export(&request(ExportFormat::Csv)).await.unwrap();
    let text = String::from_utf8(csv.clone()).unwrap();
    let line = text
        .lines()
        .find(|line| line.starts_with(&format!("update,{id},")))
        .unwrap();
    assert!(
        line.contains("\"'=HYPERLINK("),
        "it is text to a spreadsheet: {line}"
    );
    assert!(line.ends_with(",federation_changed"), "it says why: {line}");
    let again = app.run_export(&request(ExportFormat::Csv)).await.unwrap();
    assert_eq!(again, csv, "the same plan gives the same bytes");
    let json = app.run_export(&request(ExportFormat::Json)).await.unwrap();
    let document: serde_json::Value = serde_json::from_slice(&json).unwrap();
    assert_eq!(
        document["contains"]["people"], look.people,
        "what it contains"
    );
    assert_eq!(
        document["contains"]["encrypted"], false,
        "and that it is open"
    );
    let rows = document["rows"].as_array().unwrap();
    assert_eq!(rows.len() as u64, look.people, "a row a person");

    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let look = app
        .run_export_look(&request(ExportFormat::Json))
        .await
        .unwrap();
    assert!(look.applied, "now it is what was done");
    let shown = app
        .sync_plan(&plan.run_id, PlanKind::Update, None, 10)
        .await
        .unwrap();
    assert_eq!(shown.rows.len(), 1, "the same rows as on the screen");
    bench.clock.advance_ms(31 * 24 * 3_600_000);
    app.forget_old_undo().await.unwrap();
    let gone = app.run_export(&request(ExportFormat::Csv)).await;
    assert_eq!(
        gone.unwrap_err().code(),
        Code::NotFound,
        "it is forgotten by then"
    );
}

#[tokio::test]
async fn a_preview_tells_that_an_undo_waits_for_an_answer() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let first = synced(&app).await;
    bench.clock.advance_ms(60_000);
    app.sync_undo(&first.run_id, None).await.unwrap();
    let plan = preview(&app).await;
    let row = app.sync_run_row(&plan.run_id).await.unwrap();
    assert!(row.held_by_undo, "before anybody tries to apply it");
    app.sync_apply_again(CODE, ORG).await.unwrap();
    let row = app.sync_run_row(&plan.run_id).await.unwrap();
    assert!(!row.held_by_undo, "it is answered");
}
