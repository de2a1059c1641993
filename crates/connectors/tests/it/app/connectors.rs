//! Connectors as a person handles them (M1, M3; A01–A03): create, show, edit, pause, delete,
//! restore, purge, clone.

use connectors::error::{Code, FieldRule};
use connectors::view::{
    AuthKind, ConnectorFilter, ConnectorListRequest, ConnectorSettings, EventKind, HealthState,
    Status,
};
use testkit::{Bench, START};

use super::support::{
    add, add_practice, code, codes, edit, kinds, practice, raw, request, rules, set_key, settings,
    test,
};

const DAY: i64 = 86_400_000;

#[tokio::test]
async fn a01_a_connector_is_created_and_shown_as_typed() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let mut typed = settings("gaa_foireann");
    typed.name = "  Cumann Lúthchleas Gael ".to_owned();
    typed.endpoints.base = format!(" {} ", typed.endpoints.base);
    typed.endpoints.member_detail = Some("  ".to_owned());
    let made = app.connector_add(request(typed, None)).await.unwrap();
    assert_eq!(
        made.settings.name, "Cumann Lúthchleas Gael",
        "spaces around what is pasted mean nothing"
    );
    assert_eq!(
        made.settings.endpoints.member_detail, None,
        "an empty box of a form is no address"
    );
    assert_eq!(
        (made.row.status, made.row.state),
        (Status::Active, HealthState::NotTested),
        "a new connector works and nobody has tested it"
    );
    assert_eq!(
        (made.row.created_at, made.row.updated_at),
        (START, START),
        "the clock of the app dates it"
    );
    assert_eq!(kinds(&made), [EventKind::Created], "its history begins");
    assert!(!made.credentials.set, "no credentials were given");
    let shown = app.connector_show("gaa_foireann").await.unwrap();
    assert_eq!(shown.settings, made.settings, "what is stored is shown");
    assert_eq!(shown.row.id, made.row.id, "it is the same one");
}

#[tokio::test]
async fn a02_settings_that_break_a_rule_store_nothing() {
    type Change = fn(&mut ConnectorSettings);
    let cases: [(&str, Change, FieldRule); 8] = [
        ("name", |s| s.name = " ".to_owned(), FieldRule::Required),
        (
            "name",
            |s| s.name = "n".repeat(1_000_000),
            FieldRule::TooLong,
        ),
        (
            "name",
            |s| s.name = "a\0b".to_owned(),
            FieldRule::ControlCharacter,
        ),
        (
            "code",
            |s| s.code = "GAA Foireann!".to_owned(),
            FieldRule::Pattern,
        ),
        (
            "endpoints.base",
            |s| s.endpoints.base = "ftp://files.example".to_owned(),
            FieldRule::NotHttps,
        ),
        (
            "endpoints.base",
            |s| s.endpoints.base = "https://me:pw@api.example".to_owned(),
            FieldRule::UserInfo,
        ),
        (
            "endpoints.membership_list",
            |s| s.endpoints.membership_list = String::new(),
            FieldRule::Required,
        ),
        (
            "limits.timeout_seconds",
            |s| s.limits.timeout_seconds = 0,
            FieldRule::OutOfRange,
        ),
    ];
    let bench = Bench::new();
    let app = bench.open_app().await;
    let present = add(&app, "present").await;
    for (field, change, rule) in cases {
        let expected = vec![(field.to_owned(), rule)];
        let mut broken = settings("broken");
        change(&mut broken);
        let told = app.connector_check(broken.clone(), None).await.unwrap();
        assert_eq!(
            told.into_iter()
                .map(|f| (f.field, f.rule))
                .collect::<Vec<_>>(),
            expected,
            "the form tells it before saving"
        );
        assert_eq!(
            rules(app.connector_add(request(broken, None)).await),
            expected,
            "and saving refuses it"
        );
        if field != "code" {
            assert_eq!(
                rules(app.connector_edit(edit(&present, change)).await),
                expected,
                "an edit keeps to the same rules"
            );
        }
    }
    assert_eq!(
        codes(&app, ConnectorListRequest::default()).await,
        ["present"],
        "nothing that was refused is stored"
    );
    assert_eq!(
        app.connector_show("present").await.unwrap().version,
        present.version,
        "a refused edit changes nothing"
    );
}

#[tokio::test]
async fn a03_a_code_is_unique_reserved_while_deleted_and_freed_by_a_purge() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let first = add(&app, "ballyduff").await;
    set_key(&app, "ballyduff", "key of the first").await;

    let twice = app
        .connector_add(request(settings("ballyduff"), None))
        .await;
    assert_eq!(code(twice), Code::Duplicate, "a code names one connector");
    let told = app
        .connector_check(settings("ballyduff"), None)
        .await
        .unwrap();
    assert_eq!(told[0].rule, FieldRule::Taken, "the form says so at once");
    let own = app
        .connector_check(settings("ballyduff"), Some("ballyduff".to_owned()))
        .await
        .unwrap();
    assert!(own.is_empty(), "its own code is no duplicate: {own:?}");

    app.connector_remove("ballyduff").await.unwrap();
    assert_eq!(
        rules(
            app.connector_add(request(settings("ballyduff"), None))
                .await
        ),
        [("code".to_owned(), FieldRule::TakenByDeleted)],
        "a deleted connector keeps its code, because it can be restored"
    );
    assert_eq!(
        code(app.connector_clone("ballyduff", "copy").await),
        Code::Deleted,
        "a deleted one is not copied either"
    );
    app.connector_purge("ballyduff").await.unwrap();
    assert_eq!(
        code(app.connector_show("ballyduff").await),
        Code::NotFound,
        "a purged one is gone"
    );
    assert_eq!(
        code(app.connector_purge("ballyduff").await),
        Code::NotFound,
        "and cannot be purged twice"
    );
    let second = add(&app, "ballyduff").await;
    assert_ne!(second.row.id, first.row.id, "the code is free for another");
    assert_eq!(
        kinds(&second),
        [EventKind::Created],
        "which does not inherit the history"
    );
    assert_eq!(
        app.db_check().await.unwrap().credentials_checked,
        0,
        "the credentials of the first are destroyed"
    );
    let kept: u32 = raw(&bench)
        .query_row(
            "SELECT count(*) FROM connector_event e JOIN connector c ON c.id = e.connector_id
             WHERE c.former_code = 'ballyduff'",
            [],
            |row| row.get(0),
        )
        .unwrap();
    assert_eq!(
        kept, 4,
        "created, credentials stored, deleted, purged: the history stays"
    );
}

#[tokio::test]
async fn m1_an_edit_names_what_changed_and_keeps_the_code() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    let made = add(&app, "ballyduff").await;
    bench.clock.advance_ms(1_000);
    let changed = app
        .connector_edit(edit(&made, |s| {
            s.name = "Ballyduff Upper".to_owned();
            s.limits.timeout_seconds = 9;
        }))
        .await
        .unwrap();
    assert_eq!(changed.settings.name, "Ballyduff Upper", "it is stored");
    assert_eq!(changed.row.updated_at, START + 1_000, "and dated");
    assert_eq!(
        changed.events[0].detail.as_deref(),
        Some("limits.timeout_seconds, name"),
        "the history names the fields, never their values"
    );
    let renamed = app
        .connector_edit(edit(&changed, |s| s.code = "other".to_owned()))
        .await;
    assert_eq!(
        rules(renamed),
        [("code".to_owned(), FieldRule::NotForKind)],
        "the code is what others refer to"
    );
    assert_eq!(
        code(app.connector_show("nobody").await),
        Code::NotFound,
        "an unknown code is told as such"
    );
}

#[tokio::test]
async fn an_edit_of_what_somebody_else_changed_is_refused() {
    let bench = Bench::new();
    let (one, two) = (bench.open_app().await, bench.app());
    two.open().await.unwrap();
    let seen = add(&one, "ballyduff").await;
    two.connector_edit(edit(&seen, |s| s.name = "From two".to_owned()))
        .await
        .unwrap();
    let late = one
        .connector_edit(edit(&seen, |s| s.name = "From one".to_owned()))
        .await;
    assert_eq!(
        code(late),
        Code::ChangedMeanwhile,
        "nobody's change is overwritten"
    );
    let now = one.connector_show("ballyduff").await.unwrap();
    assert_eq!(now.settings.name, "From two", "the first change stays");
    one.connector_edit(edit(&now, |s| s.name = "From one".to_owned()))
        .await
        .expect("who has looked again may change it");
}

#[tokio::test]
async fn m1_pausing_and_resuming_are_told_once_and_error_cannot_be_chosen() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "ballyduff").await;
    for _ in 0..2 {
        bench.clock.advance_ms(1);
        let paused = app
            .connector_set_status("ballyduff", Status::Inactive)
            .await
            .unwrap();
        assert_eq!(
            (paused.row.status, paused.row.state, paused.row.deleted_at),
            (Status::Inactive, HealthState::Paused, None),
            "paused is not deleted"
        );
    }
    bench.clock.advance_ms(1);
    let resumed = app
        .connector_set_status("ballyduff", Status::Active)
        .await
        .unwrap();
    assert_eq!(
        resumed.row.state,
        HealthState::NotTested,
        "it is as it was before"
    );
    assert_eq!(
        kinds(&resumed),
        [EventKind::Resumed, EventKind::Paused, EventKind::Created],
        "pausing twice is one event"
    );
    assert_eq!(
        rules(app.connector_set_status("ballyduff", Status::Error).await),
        [("status".to_owned(), FieldRule::Unknown)],
        "error is a fact, not a wish"
    );
}

#[tokio::test]
async fn m3_a_deleted_connector_comes_back_as_it_was_within_30_days() {
    let practice = practice().await;
    for (status, state) in [
        (Status::Active, HealthState::Healthy),
        (Status::Inactive, HealthState::Paused),
    ] {
        let bench = Bench::new();
        let app = bench.open_app().await;
        add_practice(&app, "ballyduff", &practice).await;
        test(&app, "ballyduff").await;
        app.connector_set_status("ballyduff", status).await.unwrap();
        let before = app.connector_show("ballyduff").await.unwrap();
        assert_eq!(before.row.state, state, "as the case says");

        let deleted = app.connector_remove("ballyduff").await.unwrap();
        assert_eq!(
            (deleted.row.status, deleted.row.deleted_at),
            (Status::Inactive, Some(START)),
            "deleted means inactive at once"
        );
        assert_eq!(
            deleted.row.restorable_until,
            Some(START + 30 * DAY),
            "and says until when it can come back"
        );
        assert!(deleted.credentials.set, "its credentials stay sealed");
        for refused in [
            app.connector_set_status("ballyduff", Status::Active)
                .await
                .err(),
            app.connector_edit(edit(&deleted, |_| {})).await.err(),
            app.connector_remove("ballyduff").await.err(),
            app.connector_export(Some("ballyduff")).await.err(),
            app.credentials_revert("ballyduff").await.err(),
        ] {
            assert_eq!(
                refused.map(|error| error.code()),
                Some(Code::Deleted),
                "a deleted connector is restored first"
            );
        }
        assert!(
            codes(&app, ConnectorListRequest::default())
                .await
                .is_empty(),
            "it is in no ordinary list"
        );
        let of_deleted = ConnectorListRequest {
            filter: ConnectorFilter::Deleted,
            ..ConnectorListRequest::default()
        };
        assert_eq!(codes(&app, of_deleted).await, ["ballyduff"], "but findable");

        bench.clock.advance_days(30);
        let back = app.connector_restore("ballyduff").await.unwrap();
        assert_eq!(
            (back.row.status, back.row.state, back.row.deleted_at),
            (status, state, None),
            "it is as it was before"
        );
        assert_eq!(back.last_test, before.last_test, "its last test included");
        assert!(back.credentials.set, "and its credentials");
        let again = app.connector_restore("ballyduff").await.unwrap();
        assert_eq!(
            again.version, back.version,
            "restoring what is not deleted changes nothing"
        );
    }
}

#[tokio::test]
async fn m3_after_30_days_a_deleted_connector_is_not_restored() {
    let bench = Bench::new();
    let app = bench.open_app().await;
    add(&app, "ballyduff").await;
    assert_eq!(
        code(app.connector_purge("ballyduff").await),
        Code::Invalid,
        "what is in use is not purged"
    );
    app.connector_remove("ballyduff").await.unwrap();
    bench.clock.advance_ms(30 * DAY + 1);
    assert_eq!(
        code(app.connector_restore("ballyduff").await),
        Code::Deleted,
        "30 days are over"
    );
    app.connector_purge("ballyduff").await.unwrap();
    add(&app, "ballyduff").await;
}

#[tokio::test]
async fn a_clone_has_the_settings_and_no_credentials() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await;
    add_practice(&app, "ballyduff", &practice).await;
    test(&app, "ballyduff").await;
    let original = app.connector_show("ballyduff").await.unwrap();
    let copy = app.connector_clone("ballyduff", "copy").await.unwrap();
    let mut expected = original.settings.clone();
    expected.code = "copy".to_owned();
    assert_eq!(copy.settings, expected, "all settings but the code");
    assert!(
        !copy.credentials.set && copy.last_test.is_none(),
        "a copy may be for another club: neither credentials nor a test"
    );
    assert_eq!(copy.row.state, HealthState::NotTested, "nobody tested it");
    assert_eq!(
        rules(app.connector_clone("ballyduff", "Not A Code").await),
        [("code".to_owned(), FieldRule::Pattern)],
        "a copy keeps to the rules"
    );
    assert_eq!(
        code(app.connector_clone("ballyduff", "copy").await),
        Code::Duplicate,
        "and to uniqueness"
    );
    assert_eq!(
        code(app.connector_clone("nobody", "other").await),
        Code::NotFound,
        "there must be an original"
    );
    assert_eq!(original.row.auth_kind, AuthKind::ApiKey, "as it was added");
}
