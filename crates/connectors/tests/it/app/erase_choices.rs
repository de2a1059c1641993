//! Erasing a person of whom the federation has a second record, or one of another identifier: what a person decided about it, the
//! record itself in every plan, and the person when the next list has it again.

use connectors::App;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    MatchAs, MemberView, RunView, TemplateDraft, TemplateSamplesRequest, TemplateTryRequest,
};
use practice_federation::Practice;
use testkit::Bench;

use super::erase::{ID, TRACES, plant};
use super::support::{practice, raw};
use super::sync::{CODE, ORG, club, members, preview, synced, the_one};
use super::sync_choices::{OTHER, problem_of, say};

/// How many rows of a table there are.
fn count(bench: &Bench, sql: &str) -> i64 {
    let connection = raw(bench);
    connection.query_row(sql, [], |row| row.get(0)).unwrap()
}

/// The rows of plans that say anything of the child, its second identifier included.
fn traces(bench: &Bench) -> Vec<String> {
    let connection = raw(bench);
    let mut statement = connection
        .prepare("SELECT kind || ' ' || coalesce(remote, '') || coalesce(external_id, '') || search_key FROM plan_row")
        .unwrap();
    let rows = statement.query_map([], |row| row.get::<_, String>(0));
    rows.unwrap()
        .map(Result::unwrap)
        .filter(|row| row.contains(OTHER) || TRACES.iter().any(|trace| row.contains(trace)))
        .collect()
}

fn renumber(practice: &Practice, from: &str, to: &str) {
    practice.change_members(|all| {
        let one = all.iter_mut().find(|one| one.id == from).unwrap();
        to.clone_into(&mut one.id);
    });
}

fn doubled(practice: &Practice) {
    practice.change_members(|all| {
        let mut twice = all.iter().find(|one| one.id == ID).unwrap().clone();
        OTHER.clone_into(&mut twice.id);
        all.push(twice);
    });
}

async fn with_child(practice: &Practice, bench: &Bench) -> App {
    plant(practice);
    let app = club(practice, bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    bench.clock.advance_ms(60_000);
    app
}

fn is(member: &MemberView) -> MatchAs {
    MatchAs::Member {
        member_id: member.member_id.clone(),
    }
}

/// What the next list makes of the child's other record after the erasing.
async fn stays_out(app: &App, bench: &Bench) -> RunView {
    assert_eq!(traces(bench), Vec::<String>::new(), "no plan has the child");
    bench.clock.advance_ms(60_000);
    let next = preview(app).await;
    assert_eq!(next.counts.creates, 0, "the child is not new: {next:?}");
    assert!(next.erased >= 1, "it is kept out");
    assert_eq!(traces(bench), Vec::<String>::new(), "nor in the new plan");
    next
}

#[tokio::test]
async fn a_record_that_may_be_of_the_erased_person_goes_with_it_and_stays_out() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = with_child(&practice, &bench).await;
    renumber(&practice, ID, OTHER);
    let plan = preview(&app).await;
    problem_of(&app, &plan, OTHER).await;
    assert!(!traces(&bench).is_empty(), "the search is seen to find it");
    let child = the_one(&app, ID).await;
    let look = app.member_erase_look(&child.member_id).await.unwrap();
    let done = app.member_erase(&child.member_id, false).await.unwrap();
    assert_eq!(look.plan_rows, done.plan_rows, "what was said is what went");
    assert_eq!(done.plans_dropped, 1, "the plan that waited had the record");
    stays_out(&app, &bench).await;
}

#[tokio::test]
async fn a_second_record_of_the_erased_person_goes_with_it_and_stays_out() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = with_child(&practice, &bench).await;
    doubled(&practice);
    let plan = preview(&app).await;
    let child = the_one(&app, ID).await;
    let row = problem_of(&app, &plan, OTHER).await;
    let decided = say(&app, &plan, &row, is(&child)).await;
    app.sync_apply(&decided.run_id, &[]).await.unwrap();
    app.member_erase(&child.member_id, false).await.unwrap();
    assert_eq!(
        count(&bench, "SELECT count(*) FROM match_choice"),
        0,
        "what was said of the record is forgotten"
    );
    let next = stays_out(&app, &bench).await;
    assert_eq!(next.counts.leavers, 0, "nobody else leaves for it");
}

#[tokio::test]
async fn somebody_else_of_the_same_name_stays_when_one_is_erased() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = with_child(&practice, &bench).await;
    doubled(&practice);
    let unclear = preview(&app).await;
    problem_of(&app, &unclear, OTHER).await;
    // This plan stays as history, with the record as a problem in it.
    app.sync_apply(&unclear.run_id, &[]).await.unwrap();
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, OTHER).await;
    let decided = say(&app, &plan, &row, MatchAs::New).await;
    app.sync_apply(&decided.run_id, &[]).await.unwrap();
    let all = members(&app).await.len();
    let child = the_one(&app, ID).await;
    app.member_erase(&child.member_id, false).await.unwrap();
    assert_eq!(members(&app).await.len(), all - 1, "one went");
    the_one(&app, OTHER).await;
    bench.clock.advance_ms(60_000);
    let next = preview(&app).await;
    assert_eq!(
        (next.counts.leavers, next.counts.creates),
        (0, 0),
        "who is somebody else, as a person says, stays a member"
    );
}

#[tokio::test]
async fn what_was_said_of_a_record_is_forgotten_under_an_identifier_of_before_too() {
    const THIRD: &str = "practice-third-id";
    let practice = practice().await;
    let bench = Bench::new();
    let app = with_child(&practice, &bench).await;
    renumber(&practice, ID, OTHER);
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, OTHER).await;
    let decided = say(&app, &plan, &row, MatchAs::New).await;
    app.sync_apply(&decided.run_id, &[]).await.unwrap();
    let new = the_one(&app, OTHER).await;
    renumber(&practice, OTHER, THIRD);
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    let row = problem_of(&app, &plan, THIRD).await;
    let decided = say(&app, &plan, &row, is(&new)).await;
    app.sync_apply(&decided.run_id, &[]).await.unwrap();
    let renamed = the_one(&app, THIRD).await;
    assert_eq!(renamed.member_id, new.member_id, "the same member");
    app.member_erase(&new.member_id, false).await.unwrap();
    assert_eq!(
        count(&bench, "SELECT count(*) FROM match_choice"),
        0,
        "no digest of an identifier that the member once had stays"
    );
    app.sync_choices(CODE, ORG).await.unwrap();
}

#[tokio::test]
async fn records_that_a_template_is_tried_with_are_forgotten_with_an_erasing() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = with_child(&practice, &bench).await;
    let request = TemplateSamplesRequest::Connection {
        code: CODE.to_owned(),
        org: ORG.to_owned(),
    };
    let samples = app.template_samples(request, None).await.unwrap();
    let child = the_one(&app, ID).await;
    assert!(
        child.values.get(MemberField::FirstName).is_some(),
        "the child is there"
    );
    app.member_erase(&child.member_id, false).await.unwrap();
    let tried = app
        .template_try(TemplateTryRequest {
            draft: TemplateDraft::Form {
                form: app.template("practice").await.unwrap().form,
            },
            version: None,
            samples: Some(samples.id),
        })
        .await
        .unwrap();
    assert!(
        tried.samples_gone && tried.records.is_empty(),
        "nobody is shown who was erased"
    );
}
