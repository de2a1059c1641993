//! The audit log through `App`: looking through it, checking it, and what becomes of it when a member is erased.

use connectors::audit::{Actor, AuditArea, AuditWhat};
use connectors::error::FieldRule;
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AuditEntryView, AuditListRequest, AuditProblemView, AuditVerifyView, ExportFormat,
    ImportRequest, MemberExportRequest, PlanKind,
};
use connectors::{App, CancellationToken};
use testkit::Bench;
use uuid::Uuid;

use super::support::{add, edit, practice, raw, rules, secret, set_key};
use super::sync::{CODE, ORG, change_one, club, members, preview, synced, the_one};
use crate::store::support::holds;

/// The whole log, the oldest first.
pub(super) async fn log(app: &App) -> Vec<AuditEntryView> {
    let mut all = Vec::new();
    let mut before = None;
    loop {
        let request = AuditListRequest {
            before,
            limit: Some(500),
            ..AuditListRequest::default()
        };
        let page = app.audit_list(request).await.unwrap();
        all.extend(page.rows);
        before = page.next;
        if before.is_none() {
            all.reverse();
            return all;
        }
    }
}

pub(super) async fn verified(app: &App) -> AuditVerifyView {
    app.audit_verify().await.unwrap()
}

#[tokio::test]
async fn the_log_is_looked_through_by_what_where_and_when_page_after_page() {
    let bench = Bench::new();
    let app = bench.open_app().await.acting_as(Actor::CommandLine);
    assert_eq!(
        log(&app).await[0].what,
        Some(AuditWhat::LogBegun),
        "a log begins with the file"
    );
    for n in 0..5 {
        bench.clock.advance_ms(1_000);
        add(&app, &format!("club_{n}")).await;
    }
    app.connector_remove("club_3").await.unwrap();

    let list = |request| async { app.audit_list(request).await.unwrap() };
    let page = list(AuditListRequest {
        limit: Some(3),
        ..AuditListRequest::default()
    })
    .await;
    let numbers: Vec<u64> = page.rows.iter().map(|row| row.number).collect();
    assert_eq!(numbers, [7, 6, 5], "the newest first");
    assert_eq!(page.next, Some(5), "and more follow");
    let rest = list(AuditListRequest {
        before: page.next,
        limit: Some(4),
        ..AuditListRequest::default()
    })
    .await;
    assert_eq!(
        (rest.rows.len(), rest.next),
        (4, None),
        "the rest, and nothing behind it"
    );
    let of_one = list(AuditListRequest {
        code: Some("club_3".to_owned()),
        ..AuditListRequest::default()
    })
    .await;
    let whats: Vec<_> = of_one.rows.iter().map(|row| row.what).collect();
    assert_eq!(
        whats,
        [
            Some(AuditWhat::ConnectorRemoved),
            Some(AuditWhat::ConnectorAdded)
        ],
        "of one connector"
    );
    assert!(
        of_one
            .rows
            .iter()
            .all(|row| row.who == Some(Actor::CommandLine)),
        "and through what"
    );
    for (request, expected) in [
        (
            AuditListRequest {
                area: Some(AuditArea::Connectors),
                ..AuditListRequest::default()
            },
            6,
        ),
        (
            AuditListRequest {
                what: Some(AuditWhat::ConnectorRemoved),
                ..AuditListRequest::default()
            },
            1,
        ),
        (
            AuditListRequest {
                from: Some(testkit::START + 2_000),
                until: Some(testkit::START + 4_000),
                ..AuditListRequest::default()
            },
            2,
        ),
        (
            AuditListRequest {
                area: Some(AuditArea::Members),
                what: Some(AuditWhat::ConnectorAdded),
                ..AuditListRequest::default()
            },
            0,
        ),
    ] {
        let found = list(request.clone()).await.rows.len();
        assert_eq!(found, expected, "{request:?}");
    }
    let too_many = AuditListRequest {
        limit: Some(501),
        ..AuditListRequest::default()
    };
    assert_eq!(
        rules(app.audit_list(too_many).await),
        [("limit".to_owned(), FieldRule::OutOfRange)],
        "no page is without an end"
    );
}

#[tokio::test]
async fn an_entry_that_was_changed_behind_the_product_is_named() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    for n in 0..5 {
        add(&app, &format!("club_{n}")).await;
    }
    let whole = verified(&app).await;
    assert_eq!(
        (whole.ok, whole.entries, whole.problem),
        (true, 6, None),
        "nobody has touched it"
    );
    for (sql, expected) in [
        (
            "UPDATE audit_entry SET who = 'schedule' WHERE seq = 3",
            AuditProblemView::Changed { entry: 3 },
        ),
        (
            "DELETE FROM audit_entry WHERE seq = 2",
            AuditProblemView::Gap { entry: 2, found: 3 },
        ),
        (
            "UPDATE audit_entry SET what = 'nothing_known' WHERE seq = 1",
            AuditProblemView::Changed { entry: 1 },
        ),
    ] {
        raw(&bench).execute_batch(sql).unwrap();
        let found = verified(&app).await;
        assert!(!found.ok, "{sql} is seen");
        assert_eq!(found.problem, Some(expected), "{sql} is placed");
    }
    let shown = log(&app).await;
    assert_eq!(
        shown[0].what, None,
        "a word that nobody has entered is shown as such, and the list stays readable"
    );
}

#[tokio::test]
async fn an_erased_member_is_nobodys_entry_and_the_chain_stays_whole() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let all = members(&app).await;
    for one in &all[..2] {
        let phone = (MemberField::Phone, Some("+353860000001".to_owned()));
        app.member_edit(&one.member_id, one.version, &[phone])
            .await
            .unwrap();
    }
    let about = |entries: &[AuditEntryView]| {
        let edits = entries.iter().filter(|one| one.about_member);
        edits.map(|one| one.erased).collect::<Vec<_>>()
    };
    assert_eq!(about(&log(&app).await), [false, false], "two edits of two");
    let ids: i64 = raw(&bench)
        .query_row(
            "SELECT count(DISTINCT member_hash) FROM audit_entry WHERE member_hash IS NOT NULL",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(ids, 2, "each has a mark of its own");

    let (_, vault) = super::support::vault(&bench);
    let store = connectors::store::Store::open(
        &bench.path().join("connectors.db"),
        &vault.file_key().sqlcipher_pragma_value(),
        vault.database_id(),
        connectors::clock::UtcMillis(testkit::START),
        |_, _, _| Ok(()),
    )
    .unwrap();
    let id = Uuid::parse_str(&all[0].member_id).unwrap();
    let forget = |id| {
        store
            .write_blocking(|tx| tx.audit_forget_member(id))
            .unwrap()
    };
    assert_eq!(forget(id), 1, "one entry was about the member");
    assert_eq!(forget(id), 0, "and now none is");
    assert_eq!(forget(Uuid::nil()), 0, "nobody");
    store.close().unwrap();

    assert_eq!(
        about(&log(&app).await),
        [true, false],
        "the log says that somebody was, and not who"
    );
    assert!(verified(&app).await.ok, "the chain is whole");
}

#[tokio::test]
async fn what_cannot_be_entered_is_not_done() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "football").await;
    raw(&bench)
        .execute_batch(
            "CREATE TRIGGER no_entry BEFORE INSERT ON audit_entry
             BEGIN SELECT RAISE(ABORT, 'no entry'); END",
        )
        .unwrap();
    assert!(
        app.connector_remove("football").await.is_err(),
        "a removal without an entry is refused"
    );
    assert_eq!(
        app.connector_show("football").await.unwrap().row.deleted_at,
        None,
        "and nothing was removed"
    );
    assert!(
        app.key_rotate().await.is_err(),
        "nor is a key changed, which no transaction holds"
    );
    assert_eq!(app.key_status().await.unwrap().term, 1, "it is the same");
    raw(&bench).execute_batch("DROP TRIGGER no_entry").unwrap();
    app.connector_remove("football").await.unwrap();
}

/// What must never stand in the log, each in the use case that takes it.
const MARKS: [&str; 6] = [
    "Mark-Of-A-First-Name",
    "Mark-Of-A-Town",
    "Mark-Of-A-File",
    "mark-of-a-key",
    "mark-of-a-passphrase",
    "mark-of-a-host.example.org",
];

#[tokio::test]
#[allow(clippy::too_many_lines, reason = "every use case that takes a value")]
async fn no_value_of_anybody_is_in_the_log() {
    let [first_name, town, of_file, key, passphrase, host] = MARKS;
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let id = change_one(&practice, |one| one.town = "Dungarvan");
    let one = the_one(&app, &id).await;
    let changes = [
        (MemberField::FirstName, Some(first_name.to_owned())),
        (MemberField::Town, Some("Tallow".to_owned())),
    ];
    app.member_edit(&one.member_id, one.version, &changes)
        .await
        .unwrap();
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    let row = app
        .sync_plan(&plan.run_id, PlanKind::Conflict, None, 5)
        .await
        .unwrap()
        .rows
        .remove(0);
    app.sync_resolve(&plan.run_id, row.number, MemberField::Town, town)
        .await
        .unwrap();
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let one = the_one(&app, &id).await;
    assert_eq!(
        one.values.get(MemberField::Town),
        Some(town),
        "the value was taken"
    );
    app.member_take_federation(&one.member_id, one.version, &[MemberField::Town])
        .await
        .unwrap();
    let file =
        format!("identifier,Forename,Surname,gender,DOB\n1,{of_file},Ryan,FEMALE,13/05/2013\n");
    let import = ImportRequest {
        org: ORG.to_owned(),
        code: Some(CODE.to_owned()),
        template: Some("foireann_members".to_owned()),
        date_order: None,
        is_part: true,
    };
    let none = CancellationToken::new();
    let plan = app
        .import_plan(&import, file.as_bytes().into(), |_| {}, none)
        .await
        .unwrap();
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let export = MemberExportRequest {
        code: CODE.to_owned(),
        org: ORG.to_owned(),
        format: ExportFormat::Json,
        fields: None,
        with_left: true,
    };
    let bytes = app.member_export(&export).await.unwrap();
    assert!(
        holds(&bytes, first_name.as_bytes()) && holds(&bytes, of_file.as_bytes()),
        "the marks are in the file that was taken out"
    );
    app.sync_undo(&plan.run_id, None).await.unwrap();
    app.sync_keep_mine(CODE, ORG).await.unwrap();
    set_key(&app, CODE, key).await;
    app.key_add_passphrase(secret(passphrase)).await.unwrap();
    let shown = app.connector_show(CODE).await.unwrap();
    let moved = edit(&shown, |settings| {
        settings.endpoints.base = format!("https://{host}");
    });
    app.connector_edit(moved).await.unwrap();

    let mut values: Vec<String> = MARKS.map(str::to_owned).to_vec();
    for member in members(&app).await {
        for field in MemberField::ALL {
            // Short words such as `active` stand everywhere.
            let value = member.values.get(field).unwrap_or_default();
            if value.len() > 7 && field != MemberField::Status {
                values.push(value.to_owned());
            }
        }
        values.push(member.member_id);
    }
    assert!(values.len() > 50, "there is something to look for");
    let text: String = raw(&bench)
        .query_row(
            "SELECT group_concat(seq || who || area || what || coalesce(connector, '') || fields
                 || words || counts || hex(coalesce(member_hash, '')), ' ') FROM audit_entry",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert!(
        text.contains("first_name") && text.contains(CODE),
        "names of fields are there: {text}"
    );
    for value in values {
        let id = value.replace('-', "").to_uppercase();
        assert!(
            !text.contains(&value) && !text.to_uppercase().contains(&id),
            "{value} is in the log"
        );
    }
    assert!(!text.contains(ORG), "nor a club's own words");
    assert!(verified(&app).await.ok, "and it is one chain");
}
