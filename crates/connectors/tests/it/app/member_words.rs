//! The index by which members are found, against making it anew, after everything that changes members through the App.

use connectors::App;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{AskedBy, ImportRequest, MemberSearchRequest};
use testkit::Bench;
use tokio_util::sync::CancellationToken;

use super::support::{practice, raw};
use super::sync::{CODE, ORG, change_one, club, members, preview, synced, the_one};

const WORDS: &str = "SELECT word, name_key, member_id FROM member_word ORDER BY 1, 2, 3";
const MEMBERS: &str = "SELECT search_key, name_key, id FROM member";

type Word = (String, String, Vec<u8>);

fn rows(bench: &Bench, sql: &str) -> Vec<Word> {
    let database = raw(bench);
    let mut statement = database.prepare(sql).unwrap();
    statement
        .query_map([], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

/// That the index is as if it were made anew; how many words it has.
fn is_as_made_anew(bench: &Bench, after: &str) -> usize {
    let mut anew: Vec<Word> = Vec::new();
    for (search, name, id) in rows(bench, MEMBERS) {
        for word in search.split_whitespace() {
            anew.push((word.to_owned(), name.clone(), id.clone()));
        }
    }
    anew.sort();
    anew.dedup();
    let words = rows(bench, WORDS);
    assert!(words == anew, "after {after}: words differ from members");
    let numbers: (i64, i64, i64) = raw(bench)
        .query_row(
            "SELECT (SELECT count(*) FROM member), (SELECT coalesce(sum(members), 0) FROM member_count),
                 (SELECT count(*) FROM member_word_due)",
            [],
            |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)),
        )
        .unwrap();
    assert_eq!(numbers.0, numbers.1, "after {after}: everybody is counted");
    assert_eq!(numbers.2, 0, "after {after}: nothing is left to write");
    words.len()
}

async fn found(app: &App, search: &str) -> usize {
    let request = MemberSearchRequest {
        search: search.to_owned(),
        limit: 50,
        ..MemberSearchRequest::default()
    };
    app.member_search(request).await.unwrap().rows.len()
}

async fn import(app: &App, file: &str) {
    let request = ImportRequest {
        org: ORG.to_owned(),
        code: Some(CODE.to_owned()),
        template: Some("foireann_members".to_owned()),
        date_order: None,
        is_part: true,
    };
    let cancel = CancellationToken::new();
    let plan = app
        .import_plan(&request, file.as_bytes().into(), |_| {}, cancel)
        .await
        .unwrap();
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
}

#[tokio::test]
async fn m08_members_are_found_by_their_words_after_every_way_of_changing_them() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    preview(&app).await;
    assert_eq!(
        is_as_made_anew(&bench, "a preview"),
        0,
        "which has no member"
    );
    synced(&app).await;
    let first = is_as_made_anew(&bench, "a first sync");
    assert!(first > 100, "members have words: {first}");

    let id = change_one(&practice, |one| "Zebulon".clone_into(&mut one.first_name));
    let leaver = practice
        .members()
        .iter()
        .find(|one| one.club_id == "club-1001" && one.last_name.is_some() && one.id != id);
    let leaver = leaver.unwrap().clone();
    practice.change_members(|all| all.retain(|one| one.id != leaver.id));
    bench.clock.advance_ms(60_000);
    let second = synced(&app).await;
    is_as_made_anew(&bench, "a change of name and a leaver");
    assert_eq!(found(&app, "zebul").await, 1, "found by the new name");

    let one = the_one(&app, &id).await;
    let name = (MemberField::LastName, Some("Quixote-Zed".to_owned()));
    app.member_edit(&one.member_id, one.version, &[name])
        .await
        .unwrap();
    is_as_made_anew(&bench, "an edit");
    assert_eq!(found(&app, "zed quix").await, 1, "by both parts of it");
    let one = the_one(&app, &id).await;
    app.member_take_federation(&one.member_id, one.version, &[MemberField::LastName])
        .await
        .unwrap();
    is_as_made_anew(&bench, "taking the federation's");
    assert_eq!(found(&app, "quix").await, 0, "the edit is gone");

    practice.change_members(|all| all.push(leaver));
    bench.clock.advance_ms(60_000);
    synced(&app).await;
    is_as_made_anew(&bench, "a return");

    bench.clock.advance_ms(60_000);
    import(
        &app,
        "identifier,Forename,Surname,DOB\nF-1,Xanthippe,Ó Sé,31/12/1990\n",
    )
    .await;
    is_as_made_anew(&bench, "a file");
    assert_eq!(found(&app, "xanth o se").await, 1, "from the file");
    let runs = app.sync_history(CODE, ORG, 50).await.unwrap();
    app.sync_undo(&runs[0].run_id, None).await.unwrap();
    is_as_made_anew(&bench, "undoing the file");
    assert_eq!(found(&app, "xanth").await, 0, "she never was");
    app.sync_keep_mine(CODE, ORG).await.unwrap();
    is_as_made_anew(&bench, "keeping what was undone");

    drop(app.sync_undo(&second.run_id, None).await);
    is_as_made_anew(&bench, "undoing an older run");
    drop(app.sync_apply_again(CODE, ORG).await);
    let cancel = CancellationToken::new();
    let plan = app.sync_preview(CODE, ORG, AskedBy::Person, |_| {}, cancel);
    let plan = plan.await.unwrap();
    drop(app.sync_apply(&plan.run_id, &[]).await);
    is_as_made_anew(&bench, "applying again");
    assert!(members(&app).await.len() > 5, "there are members still");
}
