//! Each use case that a person would ask about has exactly one entry, with what it must say.
#![allow(
    clippy::too_many_lines,
    clippy::large_futures,
    reason = "each test is a table of cases that build on one another"
)]

use std::future::Future;

use connectors::audit::{Actor, AuditWhat};
use connectors::members::MemberField;
use connectors::settings::ConflictStrategy;
use connectors::view::{
    AppSettings, AuditEntryView, ExportFormat, ImportRequest, MemberExportRequest, PlanKind,
    SchedulePolicy, ScheduleSetRequest, SlotKind, Status, Theme,
};
use connectors::{App, CancellationToken};
use testkit::Bench;

use super::audit::{log, verified};
use super::clubs::connect;
use super::schedules::{due, nightly, policy, to_next};
use super::sign_in::{add_sign_in, sign_in};
use super::support::{PASSPHRASE, add, edit, practice, secret, set_key};
use super::sync::{CODE, ORG, change_one, club, preview, synced, the_one};

/// Does one thing and answers its one entry.
pub(super) async fn one<T>(
    app: &App,
    what: AuditWhat,
    act: impl Future<Output = T>,
) -> (T, AuditEntryView) {
    let before = log(app).await.len();
    let done = act.await;
    let mut new = log(app).await.split_off(before);
    let whats: Vec<_> = new.iter().map(|entry| entry.what).collect();
    assert_eq!(whats, [Some(what)], "one entry, and this one");
    (done, new.remove(0))
}

/// Does something that is no act: looking, or the same again.
pub(super) async fn none<T>(app: &App, name: &str, act: impl Future<Output = T>) -> T {
    let before = log(app).await.len();
    let done = act.await;
    let new = log(app).await.split_off(before);
    assert!(new.is_empty(), "{name} is no act, and entered {new:?}");
    done
}

pub(super) fn count(entry: &AuditEntryView, of: &str) -> u64 {
    entry.counts.get(of).copied().unwrap_or(0)
}

#[tokio::test]
async fn connectors_and_their_credentials() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = bench.open_app().await.acting_as(Actor::Window);
    let (shown, entry) = one(&app, AuditWhat::ConnectorAdded, add(&app, "football")).await;
    assert_eq!(
        (entry.code.as_deref(), entry.who),
        (Some("football"), Some(Actor::Window)),
        "to which connector, and through what"
    );
    let changed = edit(&shown, |settings| settings.endpoints.verify = None);
    let (shown, entry) = one(
        &app,
        AuditWhat::ConnectorEdited,
        app.connector_edit(changed),
    )
    .await;
    assert_eq!(
        entry.fields,
        ["endpoints.verify"],
        "the names of the fields"
    );
    let same = edit(&shown.unwrap(), |_| {});
    none(&app, "saving the same", app.connector_edit(same))
        .await
        .unwrap();
    let pause = app.connector_set_status("football", Status::Inactive);
    one(&app, AuditWhat::ConnectorPaused, pause)
        .await
        .0
        .unwrap();
    let again = app.connector_set_status("football", Status::Inactive);
    none(&app, "pausing twice", again).await.unwrap();
    let resume = app.connector_set_status("football", Status::Active);
    one(&app, AuditWhat::ConnectorResumed, resume)
        .await
        .0
        .unwrap();
    one(
        &app,
        AuditWhat::CredentialsSet,
        set_key(&app, "football", "one"),
    )
    .await;
    one(
        &app,
        AuditWhat::CredentialsSet,
        set_key(&app, "football", "two"),
    )
    .await;
    let revert = app.credentials_revert("football");
    one(&app, AuditWhat::CredentialsReverted, revert)
        .await
        .0
        .unwrap();
    let clone = app.connector_clone("football", "camogie");
    one(&app, AuditWhat::ConnectorAdded, clone).await.0.unwrap();
    let file = none(
        &app,
        "writing settings out",
        app.connector_export(Some("camogie")),
    )
    .await
    .unwrap();
    none(&app, "taking the same in", app.connector_import(&file))
        .await
        .unwrap();
    let other = file.replace("camogie", "hurling");
    one(
        &app,
        AuditWhat::ConnectorAdded,
        app.connector_import(&other),
    )
    .await
    .0
    .unwrap();
    let changed = other.replace("name = \"Connector", "name = \"The connector");
    one(
        &app,
        AuditWhat::ConnectorEdited,
        app.connector_import(&changed),
    )
    .await
    .0
    .unwrap();
    for what in [
        AuditWhat::ConnectorRemoved,
        AuditWhat::ConnectorRestored,
        AuditWhat::ConnectorRemoved,
    ] {
        let act = async {
            match what {
                AuditWhat::ConnectorRestored => app.connector_restore("football").await,
                _ => app.connector_remove("football").await,
            }
        };
        one(&app, what, act).await.0.unwrap();
    }
    let purge = app.connector_purge("football");
    one(&app, AuditWhat::ConnectorPurged, purge)
        .await
        .0
        .unwrap();

    add_sign_in(&app, "rowing", &practice).await;
    let (_, entry) = one(
        &app,
        AuditWhat::SignedIn,
        sign_in(&app, "rowing", &practice),
    )
    .await;
    assert_eq!(entry.code.as_deref(), Some("rowing"), "where to");
    one(&app, AuditWhat::SignedOut, app.sign_out("rowing"))
        .await
        .0
        .unwrap();
    none(&app, "signing out twice", app.sign_out("rowing"))
        .await
        .unwrap();
    assert!(verified(&app).await.ok, "all of it is one chain");
}

#[tokio::test]
async fn clubs_and_syncs() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    let connected = connect(&app, CODE, "tallow", "Tallow", "club-1002");
    let (_, entry) = one(&app, AuditWhat::ClubConnected, connected).await;
    assert_eq!(
        (entry.org.as_deref(), entry.club_name.as_deref()),
        (Some("tallow"), Some("Tallow")),
        "which club, by its name of now"
    );
    let gone = app.org_disconnect(CODE, "tallow");
    one(&app, AuditWhat::ClubDisconnected, gone)
        .await
        .0
        .unwrap();
    let list =
        "org,name,federation_org\nlismore,Lismore,club-1003\ncappoquin,Cappoquin,club-1004\n";
    let (_, entry) = one(&app, AuditWhat::ClubsImported, app.org_import(CODE, list)).await;
    assert_eq!(count(&entry, "connected"), 2, "how many");
    none(&app, "the same list again", app.org_import(CODE, list))
        .await
        .unwrap();

    let plan = none(&app, "a preview", preview(&app)).await;
    let apply = app.sync_apply(&plan.run_id, &[]);
    let (_, entry) = one(&app, AuditWhat::SyncApplied, apply).await;
    assert_eq!(
        (
            entry.code.as_deref(),
            entry.run_id.as_deref(),
            count(&entry, "creates")
        ),
        (Some(CODE), Some(plan.run_id.as_str()), plan.counts.creates),
        "one for all members, with how many"
    );
    let id = change_one(&practice, |one| {
        one.town = "Dungarvan";
        one.mobile = Some("+353860000002".to_owned());
    });
    let member = the_one(&app, &id).await;
    let phone = (MemberField::Phone, Some("+353860000001".to_owned()));
    let edited = app.member_edit(
        &member.member_id,
        member.version,
        std::slice::from_ref(&phone),
    );
    let (_, entry) = one(&app, AuditWhat::MemberEdited, edited).await;
    assert_eq!(
        (entry.fields, entry.about_member, entry.org.as_deref()),
        (vec!["phone".to_owned()], true, Some(ORG)),
        "the field's name and the club; the member as a mark"
    );
    bench.clock.advance_ms(60_000);
    let plan = preview(&app).await;
    let row = app
        .sync_plan(&plan.run_id, PlanKind::Conflict, None, 5)
        .await
        .unwrap()
        .rows
        .remove(0);
    let resolve = app.sync_resolve(&plan.run_id, row.number, MemberField::Phone, "club");
    let (_, entry) = one(&app, AuditWhat::SyncResolved, resolve).await;
    assert_eq!(
        (entry.fields, entry.words, entry.about_member),
        (vec!["phone".to_owned()], vec!["club".to_owned()], true),
        "the field and the side"
    );
    app.sync_apply(&plan.run_id, &[]).await.unwrap();
    let undo = app.sync_undo(&plan.run_id, None);
    let (_, entry) = one(&app, AuditWhat::SyncUndone, undo).await;
    assert!(count(&entry, "undone") > 0, "how many were put back");
    let again = app.sync_apply_again(CODE, ORG);
    one(&app, AuditWhat::SyncAppliedAgain, again)
        .await
        .0
        .unwrap();
    let let_in = app.sync_apply_again(CODE, ORG);
    one(&app, AuditWhat::SyncLetInAgain, let_in)
        .await
        .0
        .unwrap();
    bench.clock.advance_ms(60_000);
    let plan = synced(&app).await;
    app.sync_undo(&plan.run_id, None).await.unwrap();
    let keep = app.sync_keep_mine(CODE, ORG);
    one(&app, AuditWhat::SyncKeptMine, keep).await.0.unwrap();

    let member = the_one(&app, &id).await;
    let take = app.member_take_federation(&member.member_id, member.version, &[MemberField::Town]);
    one(&app, AuditWhat::MemberTookFederation, take)
        .await
        .0
        .unwrap();
    assert!(verified(&app).await.ok, "all of it is one chain");
}

#[tokio::test]
async fn files_in_and_out() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    synced(&app).await;
    let file = "identifier,Forename,Surname,gender,DOB\n1,Nuala,Ryan,FEMALE,13/05/2013\n";
    let request = ImportRequest {
        org: ORG.to_owned(),
        code: Some(CODE.to_owned()),
        template: Some("foireann_members".to_owned()),
        date_order: None,
        is_part: true,
    };
    none(
        &app,
        "looking",
        app.import_look(&request, file.as_bytes().into()),
    )
    .await
    .unwrap();
    let plan = app.import_plan(
        &request,
        file.as_bytes().into(),
        |_| {},
        CancellationToken::new(),
    );
    let (plan, entry) = one(&app, AuditWhat::FileImported, plan).await;
    assert_eq!(count(&entry, "rows"), 1, "how many rows it had");
    let run = plan.unwrap().run_id;
    let apply = app.sync_apply(&run, &[]);
    let (_, entry) = one(&app, AuditWhat::SyncApplied, apply).await;
    assert_eq!(entry.words, ["import"], "out of a file");

    let request = MemberExportRequest {
        code: CODE.to_owned(),
        org: ORG.to_owned(),
        format: ExportFormat::Csv,
        fields: Some(vec![MemberField::LastName, MemberField::Phone]),
        with_left: false,
    };
    let looked = none(&app, "looking", app.member_export_look(&request))
        .await
        .unwrap();
    let (_, entry) = one(
        &app,
        AuditWhat::MembersExported,
        app.member_export(&request),
    )
    .await;
    assert_eq!(
        (entry.words.as_slice(), entry.fields.as_slice()),
        (
            ["csv".to_owned()].as_slice(),
            ["last_name".to_owned(), "phone".to_owned()].as_slice()
        ),
        "in which form, and which fields"
    );
    assert_eq!(
        count(&entry, "people"),
        looked.people,
        "and of how many people"
    );
}

#[tokio::test]
async fn schedules() {
    let practice = practice().await;
    let bench = Bench::new();
    let app = club(&practice, &bench, ConflictStrategy::Merge).await;
    practice.change_members(|all| all.retain(|one| one.last_name.is_some()));
    let app = app.acting_as(Actor::CommandLine);
    let set = app.schedule_set(CODE, None, nightly());
    one(&app, AuditWhat::ConnectorEdited, set).await.0.unwrap();
    let own = app.schedule_set(CODE, Some(ORG), nightly());
    let (_, entry) = one(&app, AuditWhat::ScheduleSet, own).await;
    assert_eq!(entry.words, ["on"], "it runs by itself");
    let back = app.schedule_set(CODE, Some(ORG), ScheduleSetRequest::Inherit);
    one(&app, AuditWhat::ScheduleSet, back).await.0.unwrap();
    let safe = || policy(Some(SchedulePolicy::ApplySafe), None);
    let (_, entry) = one(
        &app,
        AuditWhat::SchedulePolicySet,
        app.schedule_policy(CODE, Some(ORG), safe()),
    )
    .await;
    assert_eq!(entry.fields, ["policy"], "what was changed");
    none(
        &app,
        "the same again",
        app.schedule_policy(CODE, None, safe()),
    )
    .await
    .unwrap();
    to_next(&app, &bench).await;
    let (_, entry) = one(&app, AuditWhat::SyncApplied, due(&app)).await;
    assert_eq!(
        entry.who,
        Some(Actor::Schedule),
        "nobody at the command line did that, a schedule did"
    );
}

#[tokio::test]
async fn the_file_its_keys_and_backups() {
    let bench = Bench::new();
    let app = bench.open_app().await.acting_as(Actor::Window);
    let passphrase = app.key_add_passphrase(secret(PASSPHRASE));
    one(&app, AuditWhat::KeyPassphraseSet, passphrase)
        .await
        .0
        .unwrap();
    one(&app, AuditWhat::KeyRotated, app.key_rotate())
        .await
        .0
        .unwrap();
    let remove = app.key_remove_slot(SlotKind::Passphrase);
    let (_, entry) = one(&app, AuditWhat::KeySlotRemoved, remove).await;
    assert_eq!(entry.words, ["passphrase"], "which way");
    let keychain = app.key_add_keychain();
    one(&app, AuditWhat::KeyKeychainAdded, keychain)
        .await
        .0
        .unwrap();
    let before = log(&app).await.len();
    assert!(
        app.key_add_passphrase(secret("short")).await.is_err(),
        "too short"
    );
    let whats: Vec<_> = log(&app)
        .await
        .split_off(before)
        .into_iter()
        .map(|entry| (entry.what, entry.words))
        .collect();
    assert_eq!(
        whats,
        [
            (Some(AuditWhat::KeyPassphraseSet), vec![]),
            (
                Some(AuditWhat::NotDone),
                vec!["key_passphrase_set".to_owned()]
            )
        ],
        "an attempt at the keys that failed is told as one"
    );
    let to = bench.path().join("own.fcbackup");
    let (_, entry) = one(&app, AuditWhat::BackupMade, app.db_backup(Some(to.clone()))).await;
    assert!(entry.words.is_empty(), "a file that somebody chose");
    bench.clock.advance_days(2);
    let (_, entry) = one(&app, AuditWhat::BackupMade, app.daily_backup()).await;
    assert_eq!(
        (entry.who, entry.words),
        (Some(Actor::Itself), vec!["daily".to_owned()]),
        "nobody asked for it"
    );
    none(&app, "a second one that day", app.daily_backup())
        .await
        .unwrap();
    let dark = AppSettings {
        theme: Theme::Dark,
        ..AppSettings::default()
    };
    let (_, entry) = one(
        &app,
        AuditWhat::SettingsChanged,
        app.settings_set(dark.clone()),
    )
    .await;
    assert_eq!(entry.fields, ["theme"], "which");
    none(&app, "the same again", app.settings_set(dark))
        .await
        .unwrap();

    let last = log(&app).await.len() as u64;
    app.db_restore(&to).await.unwrap();
    let restored = log(&app).await;
    let entry = restored.last().unwrap();
    assert_eq!(
        (entry.what, entry.who, count(entry, "entries_before")),
        (
            Some(AuditWhat::BackupRestored),
            Some(Actor::Window),
            last - 1
        ),
        "a restore is the last entry of the log that came back, and says how far the other was known to go"
    );
    let found = verified(&app).await;
    assert!(found.ok, "it is no broken log: {found:?}");
}
