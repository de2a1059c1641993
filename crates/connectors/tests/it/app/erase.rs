//! Erasing a person through the App: what goes and what stays, and who is kept out afterwards (bar 37, the tables).

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use connectors::App;
use connectors::error::Code;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{ImportRequest, PlanKind, RunState, RunView, TryRequest};
use practice_federation::{Fault, FaultKind, Practice};
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::support::{code, practice, raw};
use super::sync::{CODE, ORG, club, members, preview, synced, the_one};

/// An invented child whose every value is found nowhere by chance.
pub(super) const ID: &str = "PF-7731-QX";
pub(super) const FIRST: &str = "Zaqarnáid";
pub(super) const LAST: &str = "Ó Quixwellán";
pub(super) const BORN: &str = "2014-02-27";
pub(super) const EMAIL: &str = "quixwell.family@example.org";

/// All of the child that could be left behind, as written and as it is folded for finding.
pub(super) const TRACES: [&str; 7] = [ID, FIRST, LAST, BORN, EMAIL, "zaqarnaid", "quixwellan"];

/// Makes one of the club's members the child.
pub(super) fn plant(practice: &Practice) {
    practice.change_members(|all| {
        let one = all
            .iter_mut()
            .find(|one| one.club_id == "club-1001" && one.last_name.is_some())
            .unwrap();
        ID.clone_into(&mut one.id);
        FIRST.clone_into(&mut one.first_name);
        one.last_name = Some(LAST.to_owned());
        one.irish_first_name = None;
        one.irish_last_name = None;
        BORN.clone_into(&mut one.date_of_birth);
        one.email = Some(EMAIL.to_owned());
    });
}

fn change(practice: &Practice, id: &str, town: &'static str) {
    practice.change_members(|all| {
        let one = all.iter_mut().find(|one| one.id == id).unwrap();
        one.town = town;
    });
}

/// A child of whom every table knows something: synced, in conflict, decided, edited, looked up by address, planned again.
pub(super) async fn known_everywhere(practice: &Practice, bench: &Bench) -> (App, RunView) {
    plant(practice);
    let app = club(practice, bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let other = members(&app)
        .await
        .iter()
        .find_map(|one| {
            Some(one.values.get(MemberField::ExternalId)?.to_owned()).filter(|id| id != ID)
        })
        .unwrap();
    bench.clock.advance_ms(60_000);
    for id in [ID, &other] {
        let one = the_one(&app, id).await;
        app.member_edit(
            &one.member_id,
            one.version,
            &[(MemberField::Town, Some("PF-CHILD-OTHER-TOWN".to_owned()))],
        )
        .await
        .unwrap();
        change(practice, id, "Dungarvan");
    }
    let plan = preview(&app).await;
    assert_eq!(
        plan.counts.conflicts, 2,
        "the child and another are in conflict"
    );
    app.sync_resolve_similar(&plan.run_id, MemberField::Town, "federation")
        .await
        .unwrap();
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    bench.clock.advance_ms(60_000);
    let path = format!("/v1/members/{ID}");
    let asked = app
        .try_request(TryRequest {
            code: CODE.to_owned(),
            path,
            organisation: None,
            reveal: false,
        })
        .await;
    drop(asked);
    change(practice, ID, "Tallow");
    change(practice, &other, "Tallow");
    let waiting = preview(&app).await;
    assert_eq!(waiting.state, RunState::Planned, "a plan waits");
    (app, waiting)
}

/// Every row of every table as text.
fn tables(bench: &Bench) -> BTreeMap<String, BTreeSet<String>> {
    let connection = raw(bench);
    let names: Vec<String> = connection
        .prepare("SELECT name FROM sqlite_schema WHERE type = 'table'")
        .unwrap()
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap();
    let mut all = BTreeMap::new();
    for name in names {
        let mut statement = connection
            .prepare(&format!("SELECT * FROM {name}"))
            .unwrap();
        let columns = statement.column_count();
        let rows = statement
            .query_map([], |row| {
                let cells: Vec<String> = (0..columns)
                    .map(|at| match row.get_ref(at).unwrap() {
                        rusqlite::types::ValueRef::Text(text) => {
                            String::from_utf8_lossy(text).into_owned()
                        }
                        other => format!("{other:?}"),
                    })
                    .collect();
                Ok(cells.join("\u{1f}"))
            })
            .unwrap()
            .collect::<Result<_, _>>()
            .unwrap();
        all.insert(name, rows);
    }
    all
}

/// Where the rows of members stand.
fn places(bench: &Bench) -> BTreeSet<(i64, Vec<u8>)> {
    let connection = raw(bench);
    let mut statement = connection.prepare("SELECT rowid, id FROM member").unwrap();
    let rows = statement.query_map([], |row| Ok((row.get(0)?, row.get(1)?)));
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn is_of_child(row: &str, member_id: &str) -> bool {
    let id = uuid::Uuid::parse_str(member_id).unwrap();
    let blob = format!("{:?}", rusqlite::types::ValueRef::Blob(id.as_bytes()));
    row.contains(&blob) || TRACES.iter().any(|trace| row.contains(trace))
}

#[tokio::test]
async fn bar_37_one_person_goes_from_every_table_and_all_others_stay_byte_for_byte() {
    let practice = practice().await;
    let bench = Bench::new();
    let (app, waiting) = known_everywhere(&practice, &bench).await;
    let child = the_one(&app, ID).await;
    let look = app.member_erase_look(&child.member_id).await.unwrap();
    // What was asked a moment ago waits in memory; looking writes it down.
    app.request_log(CODE, None, 10).await.unwrap();
    let before = tables(&bench);
    let places_before = places(&bench);
    for table in [
        "member",
        "plan_row",
        "undo_row",
        "conflict_decision",
        "member_word",
        "attempt",
    ] {
        assert!(
            before[table]
                .iter()
                .any(|row| is_of_child(row, &child.member_id)),
            "{table} knows the child before: the search is seen to find it"
        );
    }
    let done = app.member_erase(&child.member_id, false).await.unwrap();
    assert_eq!(done.members, 1, "the member is gone: {done:?}");
    assert_eq!(
        (done.plan_rows, done.undo_rows, done.decisions),
        (look.plan_rows, look.undo_rows, look.decisions),
        "what was said before is what went"
    );
    assert!(
        done.plan_rows >= 3 && done.undo_rows >= 2,
        "of several runs"
    );
    assert!(done.requests >= 1, "the typed address is masked");
    assert_eq!(done.plans_dropped, 1, "the plan that waited had the child");
    assert!(
        done.file_is_clean,
        "and nothing is left in the file: {done:?}"
    );

    let after = tables(&bench);
    for (table, rows) in &after {
        let left: Vec<_> = rows
            .iter()
            .filter(|row| is_of_child(row, &child.member_id))
            .collect();
        assert!(
            left.is_empty(),
            "{table} knows nothing of the child: {left:?}"
        );
    }
    for table in [
        "member",
        "member_word",
        "undo_row",
        "conflict_decision",
        "connection",
        "connector",
        "kept_out",
    ] {
        let kept: BTreeSet<_> = before[table]
            .iter()
            .filter(|row| !is_of_child(row, &child.member_id))
            .collect();
        assert_eq!(
            kept,
            after[table].iter().collect(),
            "{table}: everybody else is byte for byte the same"
        );
    }
    let gone = places_before.difference(&places(&bench)).count();
    assert_eq!(
        (gone, places(&bench).difference(&places_before).count()),
        (1, 0),
        "writing the file anew moves no row: a plan under way of another club counts on their places"
    );
    let run = app.sync_run(&waiting.run_id).await.unwrap();
    assert_eq!(
        run.state,
        RunState::Superseded,
        "the plan can no longer be applied"
    );
    assert_eq!(run.counts, waiting.counts, "the counts of runs stay");
    assert_eq!(
        code(app.sync_apply(&waiting.run_id, &[]).await),
        Code::ChangedMeanwhile,
        "and is refused"
    );
    assert_eq!(
        code(app.member_erase(&child.member_id, false).await),
        Code::NotFound,
        "nobody is erased twice"
    );
}

#[tokio::test]
async fn a_twin_and_a_namesake_of_another_age_stay() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    practice.change_members(|all| {
        let child = all.iter().find(|one| one.id == ID).unwrap().clone();
        let mut twin = child.clone();
        "PF-7731-QY".clone_into(&mut twin.id);
        "Zaqarnuala".clone_into(&mut twin.first_name);
        let mut aunt = child;
        "PF-0031-QA".clone_into(&mut aunt.id);
        "1971-05-01".clone_into(&mut aunt.date_of_birth);
        all.extend([twin, aunt]);
    });
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let before = members(&app).await;
    let child = the_one(&app, ID).await;
    app.member_erase(&child.member_id, false).await.unwrap();
    let after = members(&app).await;
    assert_eq!(before.len() - 1, after.len(), "one is gone");
    assert!(
        after.iter().all(|one| before.contains(one)),
        "twin and namesake are as they were"
    );
    bench.clock.advance_ms(60_000);
    let again = preview(&app).await;
    assert_eq!(
        (again.counts.creates, again.counts.leavers, again.erased),
        (0, 0, 1),
        "and are no part of what is kept out"
    );
}

#[tokio::test]
async fn an_erased_person_is_kept_out_of_syncs_and_files_until_allowed_again() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let child = the_one(&app, ID).await;
    assert_eq!(
        app.suppressions(CODE, ORG).await.unwrap(),
        0,
        "nobody is kept out"
    );
    app.member_erase(&child.member_id, false).await.unwrap();
    assert_eq!(app.suppressions(CODE, ORG).await.unwrap(), 1, "one is");
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    assert_eq!(
        (
            plan.erased,
            plan.counts.creates,
            plan.counts.problems,
            plan.held.len()
        ),
        (1, 0, 1.min(plan.counts.problems), 0),
        "the sync counts one and proposes nobody"
    );
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let shown = app.sync_run(&plan.run_id).await.unwrap();
    assert_eq!(shown.erased, 1, "the run still says so");

    // Connecting the club anew is no way back.
    app.org_disconnect(CODE, ORG).await.unwrap();
    super::clubs::connect(&app, CODE, ORG, "Ballyduff", "club-1001").await;
    bench.clock.advance_ms(60_000);
    assert_eq!(
        preview(&app).await.erased,
        1,
        "a new connection keeps the child out too"
    );

    // A file without identifiers, and one with them.
    let with_id = format!("id,firstName,lastName,dateOfBirth\n{ID},{FIRST},{LAST},{BORN}\n");
    let without = format!(
        "id,firstName,lastName,dateOfBirth\n,{FIRST},{LAST},{BORN}\n,Nuala,Ní Bhroin,2013-01-02\n"
    );
    for (text, creates) in [(with_id, 0), (without, 1)] {
        bench.clock.advance_ms(60_000);
        let plan = app
            .import_plan(
                &file(),
                Arc::from(text.into_bytes()),
                |_| {},
                CancellationToken::new(),
            )
            .await
            .unwrap();
        assert_eq!(
            (plan.erased, plan.counts.creates),
            (1, creates),
            "the file brings nobody back"
        );
    }

    assert_eq!(
        code(app.member_allow_again(CODE, ORG, "nobody").await),
        Code::NotFound,
        "only who is kept out is let in"
    );
    app.member_allow_again(CODE, ORG, ID).await.unwrap();
    assert_eq!(
        app.suppressions(CODE, ORG).await.unwrap(),
        0,
        "all marks are gone"
    );
    bench.clock.advance_ms(60_000);
    let back = preview(&app).await;
    assert_eq!(back.erased, 0, "nobody is kept out");
    let rows = app
        .sync_plan(&back.run_id, PlanKind::Create, None, 100)
        .await
        .unwrap()
        .rows;
    assert!(
        rows.iter()
            .any(|row| row.member.get(MemberField::ExternalId) == Some(ID)),
        "the child is proposed again"
    );
}

fn file() -> ImportRequest {
    serde_json::from_value(serde_json::json!({
        "org": ORG, "code": CODE, "template": "practice", "is_part": true,
    }))
    .unwrap()
}

#[tokio::test]
async fn undoing_a_run_brings_nobody_back_and_still_works_for_the_others() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let before = members(&app).await;
    let other = before
        .iter()
        .find_map(|one| {
            Some(one.values.get(MemberField::ExternalId)?.to_owned()).filter(|id| id != ID)
        })
        .unwrap();
    for id in [ID, &other] {
        change(&practice, id, "Dungarvan");
    }
    bench.clock.advance_ms(60_000);
    let second = synced(&app).await;
    assert_eq!(second.counts.updates, 2, "two have changed");
    let child = the_one(&app, ID).await;
    app.member_erase(&child.member_id, false).await.unwrap();
    let undone = app.sync_undo(&second.run_id, None).await.unwrap();
    assert_eq!(undone.undone, 1, "the other one is put back");
    assert!(undone.edited_later.is_empty(), "and nobody is named");
    let kept: Vec<_> = before
        .into_iter()
        .filter(|one| one.member_id != child.member_id)
        .collect();
    assert_eq!(
        members(&app).await,
        kept,
        "all others are as they were, the child is gone"
    );
}

#[tokio::test]
async fn nobody_is_erased_while_a_run_of_the_club_is_made() {
    let practice = practice().await;
    let bench = Bench::new();
    plant(&practice);
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let child = the_one(&app, ID).await;
    bench.clock.advance_ms(60_000);
    practice.set_fault(Fault::new(FaultKind::Delay(1_500)).on_path("/key/v1/clubs"));
    let made = tokio::spawn({
        let app = app.clone();
        async move { preview(&app).await }
    });
    let mut refused = None;
    for _ in 0..200 {
        if app.sync_history(CODE, ORG, 1).await.unwrap()[0].state == RunState::Fetching {
            refused = Some(app.member_erase(&child.member_id, false).await);
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
    assert_eq!(
        code(refused.expect("the run was seen while it was made")),
        Code::ChangedMeanwhile,
        "its plan may hold the child already"
    );
    made.await.unwrap();
    assert_eq!(the_one(&app, ID).await, child, "nothing was changed");
}
