//! What is entered of erasing, keeping times, choices, rules for fields, templates and files of runs: each once, and nobody's value.

use connectors::audit::AuditWhat;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    ExportFormat, FieldTake, MatchAs, RetentionRequest, RunExportRequest, TemplatePlace,
};
use testkit::Bench;

use super::audit::{log, verified};
use super::audit_cases::{count, none, one};
use super::erase::{ID, TRACES, plant};
use super::retention::with_leaver;
use super::support::practice;
use super::sync::{CODE, ORG, club, preview, synced, the_one};
use super::sync_choices::{OTHER, problem_of, renumbered, say};
use super::template_versions::{changed, copied};

const DAY_MS: i64 = 86_400_000;

#[tokio::test]
async fn erasing_letting_in_again_and_keeping_times() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let child = the_one(&app, ID).await;
    let erase = app.member_erase(&child.member_id, false);
    let (erased, entry) = one(&app, AuditWhat::MemberErased, erase).await;
    erased.unwrap();
    assert_eq!(
        count(&entry, "members"),
        1,
        "how many rows were the child's"
    );
    assert_eq!(entry.code.as_deref(), Some(CODE), "of which connector");
    let stranger = app.member_allow_again(CODE, ORG, "nobody");
    none(&app, "letting in nobody", stranger).await.unwrap_err();
    let let_in = app.member_allow_again(CODE, ORG, ID);
    one(&app, AuditWhat::MemberLetIn, let_in).await.0.unwrap();
    let months = RetentionRequest {
        leavers_months: Some(12),
        request_days: None,
    };
    let (_, entry) = one(&app, AuditWhat::SettingsChanged, app.retention_set(months)).await;
    assert_eq!(entry.fields, ["retention.leavers_months"], "which setting");
    let printed = format!("{:?}", log(&app).await).to_lowercase();
    for trace in TRACES {
        assert!(
            !printed.contains(&trace.to_lowercase()),
            "{trace} is in the log"
        );
    }
    assert!(verified(&app).await.ok, "the chain is whole");
}

#[tokio::test]
async fn what_goes_by_the_clock_is_entered_where_something_went() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, _) = with_leaver(&practice, &bench).await;
    none(&app, "nothing is old", app.retention_run(false))
        .await
        .unwrap();
    let months = RetentionRequest {
        leavers_months: Some(12),
        request_days: None,
    };
    app.retention_set(months).await.unwrap();
    bench.clock.advance_ms(400 * DAY_MS);
    none(&app, "looking what would go", app.retention_run(true))
        .await
        .unwrap();
    let (taken, entry) = one(&app, AuditWhat::OldForgotten, app.retention_run(false)).await;
    assert_eq!(
        count(&entry, "leavers"),
        taken.unwrap().leavers,
        "as many as went"
    );
    assert_eq!(count(&entry, "leavers"), 1, "the child");
    assert!(verified(&app).await.ok, "the chain is whole");
}

#[tokio::test]
async fn choices_rules_and_files_of_runs() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    renumbered(&practice, &bench, &app).await;
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, OTHER).await;
    let choose = say(&app, &plan, &row, MatchAs::Leave);
    let (_, entry) = one(&app, AuditWhat::MatchDecided, choose).await;
    assert_eq!(entry.words, ["leave"], "how");
    let choice = app.sync_choices(CODE, ORG).await.unwrap().matches.remove(0);
    let forget = app.sync_forget_match(CODE, ORG, &choice.choice_id);
    let (_, entry) = one(&app, AuditWhat::MatchDecided, forget).await;
    assert_eq!(entry.words, ["forgotten"], "taken back");
    for (take, word) in [(Some(FieldTake::Club), "club"), (None, "forgotten")] {
        let rule = app.sync_choose_field(CODE, ORG, MemberField::Phone, take);
        let (_, entry) = one(&app, AuditWhat::FieldRuleSet, rule).await;
        assert_eq!(
            (entry.fields.concat(), entry.words.concat()),
            ("phone".to_owned(), word.to_owned()),
            "the field, and whose value"
        );
    }
    let request: RunExportRequest = serde_json::from_value(serde_json::json!({
        "run": plan.run_id, "format": ExportFormat::Csv,
    }))
    .unwrap();
    none(&app, "looking at a file", app.run_export_look(&request))
        .await
        .unwrap();
    let (file, entry) = one(&app, AuditWhat::MembersExported, app.run_export(&request)).await;
    file.unwrap();
    assert_eq!(
        entry.run_id.as_deref(),
        Some(plan.run_id.as_str()),
        "of which run"
    );
    assert!(verified(&app).await.ok, "the chain is whole");
}

#[tokio::test]
async fn templates() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let (first, entry) = one(&app, AuditWhat::TemplateSaved, copied(&app, "mine")).await;
    assert_eq!(entry.fields, ["template.mine"], "which one");
    assert_eq!(first.place, TemplatePlace::Saved, "it is one of ours now");
    one(&app, AuditWhat::TemplateSaved, changed(&app, &first)).await;
    let back = app.template_restore("mine", 1, 2);
    let (_, entry) = one(&app, AuditWhat::TemplateSaved, back).await;
    assert_eq!(entry.words, ["restored"], "an older one again");
    let delete = app.template_delete("mine");
    one(&app, AuditWhat::TemplateDeleted, delete)
        .await
        .0
        .unwrap();
    assert!(verified(&app).await.ok, "the chain is whole");
}
