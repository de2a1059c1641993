//! Where a member's values come from, after every way in which they change.

use connectors::App;
use connectors::error::{Code, FieldRule};
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{MemberValueView, PlanKind, TraceKind, ValueSource};
use testkit::Bench;

use super::support::{practice, rules};
use super::sync::{change_one, club, preview, synced, the_one};

async fn value(app: &App, id: &str, field: MemberField) -> MemberValueView {
    let member = the_one(app, id).await;
    let shown = app.member_show(&member.member_id).await.unwrap();
    let mut values = shown.values.into_iter();
    values.find(|value| value.field == field).unwrap()
}

async fn edit(app: &App, id: &str, field: MemberField, text: &str) {
    let member = the_one(app, id).await;
    app.member_edit(
        &member.member_id,
        member.version,
        &[(field, Some(text.to_owned()))],
    )
    .await
    .unwrap();
}

async fn kinds(app: &App, id: &str, field: MemberField) -> Vec<TraceKind> {
    let member = the_one(app, id).await;
    let trace = app.member_trace(&member.member_id, field).await.unwrap();
    assert!(
        trace
            .steps
            .is_sorted_by_key(|step| std::cmp::Reverse(step.at)),
        "the newest first"
    );
    let told = trace.steps.into_iter().map(|step| step.kind);
    told.filter(|kind| *kind != TraceKind::Rule).collect()
}

#[tokio::test]
async fn a_value_is_explained_from_its_coming_through_a_run_an_edit_a_conflict_and_an_undo() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let id = change_one(&practice, |one| one.town = "Ardmore");
    synced(&app).await;
    let field = MemberField::Town;
    let came = value(&app, &id, field).await;
    assert_eq!(came.source, ValueSource::Came, "it came with the member");
    assert_eq!(
        kinds(&app, &id, field).await,
        [TraceKind::Came],
        "and nothing else happened"
    );

    practice.change_members(|members| {
        members.iter_mut().find(|one| one.id == id).unwrap().town = "Dungarvan";
    });
    bench.clock.advance_ms(60_000);
    let second = preview(&app).await;
    app.sync_apply(&second.run_id, &[]).await.unwrap();
    let brought = value(&app, &id, field).await;
    assert_eq!(brought.source, ValueSource::Run, "a run brought it");
    assert!(brought.since > came.since, "later");
    let county = value(&app, &id, MemberField::County).await;
    assert_eq!(
        county.source,
        ValueSource::Came,
        "the other values are what they were"
    );

    bench.clock.advance_ms(60_000);
    edit(&app, &id, field, "Youghal").await;
    let edited = value(&app, &id, field).await;
    assert_eq!(
        (edited.source, edited.differs, edited.federation.as_deref()),
        (ValueSource::Club, true, Some("Dungarvan")),
        "the club edited it, and the federation's stands beside it"
    );
    assert_eq!(
        kinds(&app, &id, field).await,
        [TraceKind::Edited, TraceKind::Came],
        "only the last change is in the row until a run keeps what was before"
    );

    practice.change_members(|members| {
        members.iter_mut().find(|one| one.id == id).unwrap().town = "Lismore";
    });
    bench.clock.advance_ms(60_000);
    let third = preview(&app).await;
    let row = app
        .sync_plan(&third.run_id, PlanKind::Conflict, None, 5)
        .await
        .unwrap()
        .rows
        .remove(0);
    app.sync_resolve(&third.run_id, row.number, field, "club")
        .await
        .unwrap();
    app.sync_apply(&third.run_id, &[]).await.unwrap();
    let decided = value(&app, &id, field).await;
    assert_eq!(
        (
            decided.source,
            decided.value.as_deref(),
            decided.federation.as_deref()
        ),
        (ValueSource::Decision, Some("Youghal"), Some("Lismore")),
        "the club's value was kept"
    );
    assert_eq!(
        kinds(&app, &id, field).await,
        [TraceKind::KeptClub, TraceKind::Edited, TraceKind::Came],
        "and all of it is told"
    );

    let member = the_one(&app, &id).await;
    bench.clock.advance_ms(60_000);
    let taken = app
        .member_take_federation(&member.member_id, member.version, &[field])
        .await
        .unwrap();
    let town = taken.values.iter().find(|value| value.field == field);
    assert_eq!(
        town.map(|value| (value.value.as_deref(), value.differs)),
        Some((Some("Lismore"), false)),
        "the federation's value was taken"
    );
    let again = app
        .member_take_federation(&member.member_id, member.version, &[field])
        .await
        .unwrap_err();
    assert_eq!(
        again.code(),
        Code::ChangedMeanwhile,
        "of the version that was looked at"
    );
}

#[tokio::test]
async fn an_undo_puts_back_where_values_came_from() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let id = change_one(&practice, |one| one.town = "Dungarvan");
    edit(&app, &id, MemberField::County, "Kerry").await;
    let before = value(&app, &id, MemberField::Town).await;
    bench.clock.advance_ms(60_000);
    let second = preview(&app).await;
    app.sync_apply(&second.run_id, &[]).await.unwrap();
    assert_eq!(
        kinds(&app, &id, MemberField::Town).await,
        [TraceKind::Changed, TraceKind::Came],
        "a run changed it"
    );
    app.sync_undo(&second.run_id, None).await.unwrap();
    assert_eq!(
        value(&app, &id, MemberField::Town).await,
        before,
        "as it was"
    );
    assert_eq!(
        value(&app, &id, MemberField::County).await.source,
        ValueSource::Club,
        "and the club's edit is still the club's"
    );
}

#[tokio::test]
async fn an_edit_is_read_as_a_template_reads_it() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let id = change_one(&practice, |_| {});
    edit(&app, &id, MemberField::DateOfBirth, "4/5/2013").await;
    let born = value(&app, &id, MemberField::DateOfBirth).await;
    assert_eq!(born.value.as_deref(), Some("2013-05-04"), "a day is a day");
    let member = the_one(&app, &id).await;
    for (field, text, rule) in [
        (MemberField::DateOfBirth, "31/2/2013", FieldRule::Pattern),
        (MemberField::JoinedOn, "soon", FieldRule::Pattern),
        (MemberField::LastName, " ", FieldRule::Required),
        (MemberField::ExternalId, "1", FieldRule::NotForKind),
    ] {
        let refused = app
            .member_edit(
                &member.member_id,
                member.version,
                &[(field, Some(text.to_owned()))],
            )
            .await;
        assert_eq!(
            rules(refused),
            [(field.as_str().to_owned(), rule)],
            "{} is refused",
            field.as_str()
        );
    }
}
