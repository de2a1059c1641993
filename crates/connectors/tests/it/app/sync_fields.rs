//! Whose value counts in single fields: by the connector's settings, and before them by what was chosen for one club.

use connectors::App;
use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{ConnectorEditRequest, FieldTake, PlanKind};
use practice_federation::Practice;
use testkit::Bench;

use super::support::practice;
use super::sync::{CODE, ORG, change_one, club, preview, synced, the_one};

const CLUBS: &str = "+353860000001";
const THEIRS: &str = "+353860000002";

/// A member whose phone both sides have changed, and whose town only the federation has.
async fn both_changed(practice: &Practice, bench: &Bench, app: &App) -> String {
    synced(app).await;
    bench.clock.advance_ms(60_000);
    let id = change_one(practice, |one| {
        one.mobile = Some(THEIRS.to_owned());
        one.town = "Dungarvan";
    });
    let one = the_one(app, &id).await;
    let phone = (MemberField::Phone, Some(CLUBS.to_owned()));
    app.member_edit(&one.member_id, one.version, &[phone])
        .await
        .unwrap();
    id
}

/// The reason that the plan gives for the phone of the member.
async fn why_phone(app: &App, id: &str) -> String {
    let plan = preview(app).await;
    for kind in [PlanKind::Update, PlanKind::Conflict, PlanKind::Unchanged] {
        let page = app.sync_plan(&plan.run_id, kind, None, 500).await.unwrap();
        let row = page
            .rows
            .iter()
            .find(|row| row.member.get(MemberField::ExternalId) == Some(id));
        if let Some(phone) = row.and_then(|row| {
            row.fields
                .iter()
                .find(|one| one.field == MemberField::Phone)
        }) {
            return phone.reason.clone();
        }
    }
    String::new()
}

#[tokio::test]
async fn a_field_can_have_a_strategy_of_its_own_and_a_club_a_choice_before_it() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let id = both_changed(&practice, &bench, &app).await;
    assert_eq!(why_phone(&app, &id).await, "conflict", "the connector asks");

    let view = app.connector_show(CODE).await.unwrap();
    let mut settings = view.settings.clone();
    settings
        .sync
        .fields
        .insert(MemberField::Phone, ConflictStrategy::FederationWins);
    let request = ConnectorEditRequest {
        code: CODE.to_owned(),
        version: view.version,
        settings,
        credentials: None,
        test_handle: None,
    };
    app.connector_edit(request).await.unwrap();
    assert_eq!(
        why_phone(&app, &id).await,
        "federation_wins",
        "but not about phones"
    );

    app.sync_choose_field(CODE, ORG, MemberField::Phone, Some(FieldTake::Club))
        .await
        .unwrap();
    assert_eq!(
        why_phone(&app, &id).await,
        "club_wins",
        "in this club the club's stays"
    );
    let choices = app.sync_choices(CODE, ORG).await.unwrap();
    assert_eq!(choices.fields.len(), 1, "it is listed");
    let plan = preview(&app).await;
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let one = the_one(&app, &id).await;
    assert_eq!(
        one.values.get(MemberField::Phone),
        Some(CLUBS),
        "the club's"
    );
    assert_eq!(
        one.values.get(MemberField::Town),
        Some("Dungarvan"),
        "what only the federation changed is taken all the same"
    );

    app.sync_choose_field(CODE, ORG, MemberField::Phone, None)
        .await
        .unwrap();
    let choices = app.sync_choices(CODE, ORG).await.unwrap();
    assert!(choices.fields.is_empty(), "it is forgotten");
    let again = app
        .sync_choose_field(CODE, ORG, MemberField::Phone, None)
        .await;
    assert_eq!(again.unwrap_err().code(), Code::NotFound, "once");
    let full = app
        .sync_choose_field(CODE, ORG, MemberField::FullName, Some(FieldTake::Club))
        .await;
    assert_eq!(
        full.unwrap_err().code(),
        Code::Invalid,
        "no member keeps it"
    );
}
