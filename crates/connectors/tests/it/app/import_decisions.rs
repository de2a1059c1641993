//! Deciding about a plan of a file that was read with another template than the connector's list is: what the file says nothing
//! about stays as it is. And applying the plans of many clubs, of which some have their members out of files.

use std::sync::Arc;

use connectors::members::MemberField;
use connectors::settings::{ConflictStrategy, ConnectorSettings};
use connectors::view::{BulkRequest, BulkState, ImportRequest, PlanKind};
use connectors::{CancellationToken, catalogue};
use testkit::Bench;

use super::clubs::connect;
use super::support::{practice, request};
use super::sync::{CODE, ORG, club, members, synced, the_one};

const BY_FILE: &str = "foireann_members";

fn file(template: Option<&str>, code: Option<&str>, is_part: bool) -> ImportRequest {
    ImportRequest {
        org: ORG.to_owned(),
        code: code.map(str::to_owned),
        template: template.map(str::to_owned),
        date_order: None,
        is_part,
    }
}

#[tokio::test]
async fn a_decision_about_a_file_takes_away_nothing_that_the_file_does_not_speak_of() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    let all = members(&app).await;
    let one = all
        .iter()
        .find(|one| {
            let has = |field| one.values.get(field).is_some();
            has(MemberField::JoinedOn) && has(MemberField::Email)
        })
        .unwrap();
    let of = |field| one.values.get(field).unwrap_or_default().to_owned();
    let id = of(MemberField::ExternalId);
    app.member_edit(
        &one.member_id,
        one.version,
        &[(MemberField::Town, Some("Naas".to_owned()))],
    )
    .await
    .unwrap();
    let text = format!(
        "identifier,Forename,Surname,DOB,Town\n{id},{},{},{},Tralee\n",
        of(MemberField::FirstName),
        of(MemberField::LastName),
        of(MemberField::DateOfBirth),
    );
    let bytes: Arc<[u8]> = text.as_bytes().into();
    let plan = app
        .import_plan(
            &file(Some(BY_FILE), Some(CODE), true),
            bytes,
            |_| {},
            CancellationToken::new(),
        )
        .await
        .unwrap();
    assert_eq!(plan.counts.conflicts, 1, "the town: {plan:?}");
    let silent = [MemberField::Email, MemberField::JoinedOn];
    let page = app
        .sync_plan(&plan.run_id, PlanKind::Conflict, None, 10)
        .await
        .unwrap();
    let member = page.rows[0].member_id.clone().unwrap();
    assert_eq!(member, one.member_id, "of the member");
    for field in silent {
        assert!(
            page.rows[0].fields.iter().all(|said| said.field != field),
            "{field:?}: the file has no such column, so that nothing is said of it"
        );
    }
    app.sync_resolve_similar(&plan.run_id, MemberField::Town, "federation")
        .await
        .unwrap();
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let after = the_one(&app, &id).await;
    assert_eq!(
        after.values.get(MemberField::Town),
        Some("Tralee"),
        "as decided"
    );
    assert_eq!(
        after.values.get(MemberField::JoinedOn),
        one.values.get(MemberField::JoinedOn),
        "no column of the file is about it"
    );
    assert_eq!(
        after.values.get(MemberField::Email),
        one.values.get(MemberField::Email),
        "nor about this, although its template knows one"
    );
}

#[tokio::test]
async fn plans_of_files_are_among_those_that_are_applied_together() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let settings = ConnectorSettings {
        preset: Some(BY_FILE.to_owned()),
        ..catalogue::show(BY_FILE).unwrap().settings
    };
    app.connector_add(request(settings, None)).await.unwrap();
    connect(&app, BY_FILE, ORG, "Ballyduff", "Ballyduff").await;
    let text = "identifier,Forename,Surname,DOB\nF-1,Aoife,Byrne,30/01/2012\n";
    let plan = app
        .import_plan(
            &file(None, None, false),
            text.as_bytes().into(),
            |_| {},
            CancellationToken::new(),
        )
        .await
        .unwrap();
    let all = BulkRequest {
        code: None,
        search: String::new(),
    };
    let plans = app.sync_safe_plans(all.clone()).await.unwrap();
    let safe: Vec<&str> = plans
        .safe
        .iter()
        .map(|row| row.run.run_id.as_str())
        .collect();
    assert_eq!(safe, [plan.run_id.as_str()], "a plan that waits is said");
    let outcomes = app
        .sync_apply_all(all, CancellationToken::new())
        .await
        .unwrap();
    assert_eq!(outcomes.len(), 1, "and is applied");
    assert_eq!(outcomes[0].state, BulkState::Done, "like every other");
}
